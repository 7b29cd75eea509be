//! Reports for people.

use enterprise_teams::chrono::TimeDelta;
use enterprise_teams::demo::Demo;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    Actor, Error, NewApp, PageRequest, Permission, PermissionSet, TeamId, TeamRole,
    entity::{DynoSize, Mfa, Month, Plan},
    query::{AppFilter, AppSort, PeopleFilter},
};

use crate::support::{app_name, days, holds, id, register};

/// As hostile as an e-mail can be.
const HOSTILE: [&str; 5] = ["=1+1|`a`@x.io", "&amp'*_~{}@x.io", "+sum|=x@x.io", "-2!#$%^?/&lt@x.io", "'|'@x.io"];

fn hostile() -> Demo {
    let mut demo = Demo::new().unwrap();
    let Demo { store, ada, acme, website, wave, sam, .. } = &mut demo;
    for text in HOSTILE {
        let person = register(store, text);
        store.add_member(*ada, *acme, id(person), TeamRole::Viewer).unwrap();
        store.add_collaborator(*sam, *wave, id(person)).unwrap();
    }
    store.lock_app(*ada, *website).unwrap();
    store.create_app(*ada, NewApp::in_team(*acme).named(app_name("apple"))).unwrap();
    demo
}

/// The fields of each line, as another reader of CSV finds them.
fn read_csv(text: &str) -> Vec<Vec<String>> {
    let mut lines = vec![vec![String::new()]];
    let mut quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let line = lines.last_mut().unwrap();
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                line.last_mut().unwrap().push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => line.push(String::new()),
            '\r' if !quoted => {}
            '\n' if !quoted => lines.push(vec![String::new()]),
            _ => line.last_mut().unwrap().push(character),
        }
    }
    assert_eq!(lines.pop(), Some(vec![String::new()]), "the last line ends");
    lines
}

#[test]
fn perm_11_the_matrix_is_what_everybody_holds() {
    for (demo, inc) in [(hostile(), false), (hostile(), true)] {
        let Demo { store, ada, sam, acme, inc: other, .. } = demo;
        let (admin, team) = if inc { (sam, other) } else { (ada, acme) };
        let table = store.permission_matrix(admin, team).unwrap();
        let page = PageRequest::first(100).unwrap();
        let apps = store.apps(admin, team, &AppFilter::default(), AppSort::Name, &page).unwrap().items;
        let people = store.access_list(admin, team, &PeopleFilter::default(), &page).unwrap().items;
        assert!(people.len() > 6 && !apps.is_empty());
        assert_eq!(table.rows().len(), people.len());
        let names: Vec<String> = apps.iter().map(|app| app.name().to_string()).collect();
        assert_eq!(table.head()[..3], ["e-mail", "role", "sign-in"]);
        assert_eq!(table.head()[3..], names);
        for (row, person) in table.rows().iter().zip(&people) {
            assert_eq!(
                row[..3],
                [person.user.email().to_string(), person.role.to_string(), person.status.title().to_owned()]
            );
            for (cell, app) in row[3..].iter().zip(&apps) {
                let held = holds(&store, Actor::user(person.user.id(), admin.at), app.id());
                let found: PermissionSet = cell
                    .split_whitespace()
                    .map(|code| serde_json::from_value::<Permission>(code.into()).unwrap())
                    .collect();
                assert_eq!(found, held, "{row:?}");
            }
        }
    }
}

#[test]
fn mem_08_reports_are_for_whoever_sees_what_they_show() {
    let Demo { store, ada, vera, jill, max, acme, operator, .. } = hostile();
    for actor in [ada, vera, operator] {
        store.permission_matrix(actor, acme).unwrap();
        store.access_review(actor, acme).unwrap();
        store.resource_table(actor, acme).unwrap();
    }
    for actor in [jill, max] {
        let refused = Error::OnlyTeamSeesAccessList { actor: actor.who, team: acme };
        assert_eq!(store.permission_matrix(actor, acme).unwrap_err(), refused);
        assert_eq!(store.access_review(actor, acme).unwrap_err(), refused);
        let refused = Error::OnlyTeamSeesResources { actor: actor.who, team: acme };
        assert_eq!(store.resource_table(actor, acme).unwrap_err(), refused);
    }
    let month = Month::of(ada.at);
    store.usage_table(ada, acme, month).unwrap();
    let refused = Error::OnlyAdminsSeePastUse { actor: vera.who, team: acme };
    assert_eq!(store.usage_table(vera, acme, month).unwrap_err(), refused);
    let nowhere = TeamId::from_uuid(Uuid::nil());
    assert_eq!(store.access_review(ada, nowhere).unwrap_err(), Error::TeamNotFound { team: nowhere });
}

#[test]
fn x_06_names_and_emails_are_no_markup_and_no_formulas() {
    let Demo { store, ada, acme, .. } = hostile();
    let table = store.permission_matrix(ada, acme).unwrap();
    let cells = |rows: &[Vec<String>]| rows.iter().map(|row| row[0].clone()).collect::<Vec<_>>();

    let csv = read_csv(&table.csv());
    assert!(csv.iter().all(|line| line.len() == table.head().len()));
    for (read, cell) in cells(&csv[1..]).iter().zip(cells(table.rows())) {
        let marked = cell.starts_with(['=', '+', '-', '@']);
        assert_eq!(*read, if marked { format!("'{cell}") } else { cell });
    }
    assert!(csv.iter().flatten().all(|cell| !cell.starts_with(['=', '+', '-', '@'])));

    let markdown = table.markdown();
    let lines: Vec<&str> = markdown.lines().skip(2).collect();
    assert_eq!(lines.len(), table.rows().len() + 2);
    for line in &lines {
        let bars = line.match_indices('|').filter(|(at, _)| {
            line.bytes().take(*at).collect::<Vec<_>>().into_iter().rev().take_while(|byte| *byte == b'\\').count() % 2
                == 0
        });
        assert_eq!(bars.count(), table.head().len() + 1, "{line}");
    }

    let html = store.access_review(ada, acme).unwrap().html();
    assert!(html.contains("<bdi>&amp;amp&#39;*_~{}@x.io</bdi>"));
    assert!(!HOSTILE.iter().filter(|email| email.contains(['&', '\''])).any(|email| html.contains(*email)));
    for outside in ["<script", "http:", "https:", "src=", "href=", "url(", "@import", "onload", "javascript:"] {
        assert!(!html.contains(outside), "{outside}");
    }
    // Every tag is one of the page's own, and what is opened is closed.
    let mut open = Vec::new();
    for tag in html.split('<').skip(1).map(|rest| rest.split('>').next().unwrap()) {
        let name = tag.split(' ').next().unwrap();
        match name.strip_prefix('/') {
            Some(closed) => assert_eq!(open.pop(), Some(closed)),
            None if ["!doctype", "meta"].contains(&name) => {}
            None => open.push(name),
        }
    }
    assert_eq!(open, Vec::<&str>::new());
}

#[test]
fn sec_04_the_review_shows_what_to_look_at() {
    let Demo { mut store, ada, joe, acme, .. } = hostile();
    store.set_mfa(joe, id(joe), Mfa::Enrolled).unwrap();
    let html = store.access_review(ada.at(days(3)), acme).unwrap().html();
    assert!(html.contains("As of 1970-01-04 00:00:00 UTC"));
    let part = |from: &str| html.split_once(from).unwrap().1.split("<h").next().unwrap();
    assert!(part("<h3>Without a second factor</h3>").contains("jill@creativeinc.com"));
    assert!(!part("<h3>Without a second factor</h3>").contains("joe@acme.com"));
    assert_eq!(
        part("<h3>Outsiders, and the apps that they are on</h3>").trim(),
        "<ul>\n<li><bdi>jill@creativeinc.com</bdi> <span class=\"muted\">acme-website</span></li>\n</ul>"
    );
    assert!(part("<h3>Locked apps</h3>").contains("acme-website"));
    let website = part("<h3>acme-website <span class=\"mark\">locked</span></h3>");
    let line = |email: &str| website.lines().find(|line| line.contains(email)).unwrap_or_default();
    let sleeping = "<span class=\"muted\">a grant of view, deploy, operate, manage sleeps</span>";
    assert!(line("ada@acme.com").contains(&format!("<td>admin of the team {sleeping}</td>")));
    assert!(
        line("joe@acme.com")
            .contains("<td>view, deploy</td><td>member of the team, with permissions on the app</td><td>MFA on</td>")
    );
    assert!(line("jill@creativeinc.com").contains("<td>view</td><td>collaborator on the app</td>"));
}

#[test]
fn res_04_the_resources_as_a_table() {
    let Demo { mut store, ada, acme, website, .. } = Demo::new().unwrap();
    store.scale_app(ada, website, "web".parse().unwrap(), DynoSize::Standard1X, 2).unwrap();
    store.scale_app(ada, website, "worker".parse().unwrap(), DynoSize::PerformanceL, 1).unwrap();
    let plan = Plan { name: "mini".parse().unwrap(), price: 505 };
    store.install_add_on(ada, website, "postgres".parse().unwrap(), plan).unwrap();
    store.create_app(ada, NewApp::in_team(acme).named(app_name("apple"))).unwrap();
    let units = DynoSize::PerformanceL.micro_units() / 1_000_000;
    assert_eq!(
        store.resource_table(ada, acme).unwrap().csv(),
        format!(
            "app,resource,name,size or plan,quantity,dyno units a month,credits a month\r\n\
             acme-website,dynos,web,standard-1x,2,2,\r\n\
             acme-website,dynos,worker,performance-l,1,{units},\r\n\
             acme-website,add-on,postgres,mini,1,,5.05\r\n"
        )
    );
}

#[test]
fn use_02_the_usage_of_a_month_as_a_table_adds_up() {
    let Demo { mut store, ada, joe, acme, website, .. } = Demo::new().unwrap();
    store.scale_app(ada, website, "web".parse().unwrap(), DynoSize::Standard1X, 2).unwrap();
    let plan = Plan { name: "mini".parse().unwrap(), price: 500 };
    let apple = store.create_app(ada, NewApp::in_team(acme).named(app_name("apple"))).unwrap();
    store.install_add_on(ada, apple, "postgres".parse().unwrap(), plan).unwrap();
    let personal = store.create_app(joe, NewApp::personal().named(app_name("own"))).unwrap();
    store.scale_app(joe, personal, "web".parse().unwrap(), DynoSize::Standard1X, 2).unwrap();
    let later = ada.at(ada.at + TimeDelta::hours(36));
    store.delete_app(later, apple, "apple").unwrap();
    let table = store.usage_table(later, acme, Month::of(ada.at)).unwrap();
    assert_eq!(table.title(), "Usage of team acme-widgets in 1970-01");
    let mut rows = table.rows().to_vec();
    let total = rows.pop().unwrap();
    assert_eq!(total, ["total", "0.1", "0.25", "0"]);
    // What is gone is known by its id.
    let mut expected = vec![
        ["acme-website", "0.1", "0", "0"].map(String::from),
        [&apple.to_string(), "0", "0.25", "0"].map(String::from),
    ];
    expected.sort();
    assert_eq!(rows, expected);
    let table = store.usage_table(joe.at(later.at), id(joe), Month::of(ada.at)).unwrap();
    assert_eq!(table.title(), "Usage of joe@acme.com in 1970-01");
    assert_eq!(table.rows(), [["own", "0.1", "0", "0"], ["total", "0.1", "0", "0"]].map(|row| row.map(String::from)));
    let before = store.usage_table(later.at(days(90)), acme, "1969-12".parse().unwrap()).unwrap();
    assert_eq!(before.rows(), [["total", "0", "0", "0"].map(String::from)]);
}

#[test]
fn mem_08_the_matrix_of_more_than_a_page() {
    let Demo { mut store, ada, acme, .. } = Demo::new().unwrap();
    for _ in 0..1000 {
        store.create_app(ada, NewApp::in_team(acme)).unwrap();
    }
    let table = store.permission_matrix(ada, acme).unwrap();
    assert_eq!(table.head().len(), 3 + 1001);
    assert!(table.rows().iter().all(|row| row.len() == 3 + 1001));
}
