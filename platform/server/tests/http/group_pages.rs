//! The dashboard's pages of groups: what their forms do, where one is afterwards, and who sees what (GRP-1 to GRP-4).

use std::time::Duration;

use enterprise_teams::names::GroupName;
use enterprise_teams::{Actor, system};
use serde_json::{Value, json};

use crate::sight::grouped;
use crate::support::{Reply, Visitor, World, world};

const ACCESS: &str = "/dashboard/teams/acme-widgets/access";
const GROUPS: &str = "/dashboard/teams/acme-widgets/access/groups";
/// And a little more.
const SECOND: Duration = Duration::from_millis(1_100);
const APP: &str = "/dashboard/apps/acme-website/access";

/// The page of this group of Acme's.
fn page_of(world: &World, name: &str) -> String {
    let store = world.server.store();
    let ada = Actor::user(world.user("ada@acme.com"), system::now());
    let team = store.team_id(ada, "acme-widgets".parse().unwrap()).unwrap();
    let name: GroupName = name.parse().unwrap();
    format!("{GROUPS}/{}", store.group_by_name(ada, team, name).unwrap().id())
}

/// The page that a form leads to, which says what was done.
async fn led(by: &Visitor<'_>, reply: Reply) -> (String, String) {
    let location = reply.header("location").unwrap_or_else(|| panic!("{reply:?}")).to_owned();
    let page = by.get(&location).await;
    assert_eq!(page.status, 200, "{page:?}");
    (location.split('?').next().unwrap().to_owned(), page.text)
}

async fn does(by: &Visitor<'_>, path: &str, operation: &str, fields: &[(&str, &str)]) -> (String, String) {
    led(by, by.submit(path, operation, fields).await).await
}

/// The control of this operation on a page.
fn control<'p>(page: &'p str, operation: &str) -> &'p str {
    let found = page.split("<div class=\"control ").find(|part| part.starts_with(operation));
    found.unwrap_or_else(|| panic!("{operation}: {page}"))
}

#[tokio::test]
async fn a_group_from_its_making_to_its_end() {
    let world = world();
    let ada = Visitor::of(&world, "ada").await;
    let empty = ada.get(GROUPS).await.text;
    assert!(empty.contains("There are no groups yet.") && empty.contains("aria-current=\"page\">Groups"), "{empty}");
    let (group, page) = does(&ada, GROUPS, "create-group", &[("name", "backend")]).await;
    assert!(group == page_of(&world, "backend") && page.contains("created group `backend`"), "{page}");
    assert!(page.contains("Nobody is in it.") && page.contains("It holds nothing on any app."), "{page}");

    let (at, page) = does(&ada, &group, "add-group-member", &[("user", "vera@acme.com")]).await;
    assert!(at == group && page.contains("added user `vera@acme.com` to group `backend`"), "{page}");
    let fields = [("app", "acme-website"), ("permissions", "deploy")];
    let (at, page) = does(&ada, &group, "grant-group-permissions", &fields).await;
    assert!(at == group && page.contains("granted view, deploy on app `acme-website` to group `backend`"), "{page}");
    let edit = |world: &World| {
        let store = world.server.store();
        let ada = Actor::user(world.user("ada@acme.com"), system::now());
        format!("{group}?edit={}", store.app_by_name(ada, "acme-website".parse().unwrap()).unwrap().id())
    };
    let shown = ada.get(&edit(&world)).await.text;
    let boxes = control(&shown, "set-group-permissions");
    assert!(boxes.contains("value=\"deploy\" checked") && !boxes.contains("value=\"operate\" checked"), "{boxes}");
    let (_, page) = does(&ada, &edit(&world), "set-group-permissions", &[("permissions", "operate")]).await;
    assert!(page.contains("from view, deploy to view, operate"), "{page}");

    let (at, page) = does(&ada, &group, "rename-group", &[("name", "services")]).await;
    assert!(at == group && page.contains("renamed group `backend` to `services`"), "{page}");
    let list = ada.get(GROUPS).await.text;
    assert!(list.contains(">services</a>") && list.matches("<td class=\"number\">1</td>").count() == 2, "{list}");

    let (_, page) = does(&ada, &edit(&world), "revoke-group-permissions", &[]).await;
    assert!(page.contains("revoked the permissions of group `services`"), "{page}");
    let (_, page) = does(&ada, &group, "remove-group-member", &[]).await;
    assert!(page.contains("removed user `vera@acme.com` from group `services`"), "{page}");
    let shown = ada.get(&group).await.text;
    assert!(control(&shown, "delete-group").contains("data-confirm=\"Delete this group?"), "{shown}");
    let (at, page) = does(&ada, &group, "delete-group", &[]).await;
    assert!(at == GROUPS && page.contains("deleted group `services`"), "{page}");
    assert_eq!(ada.get(&group).await.status, 404);
}

/// Several are given in one field, and all of it is done, or nothing.
#[tokio::test]
async fn several_at_once_are_all_done_or_none() {
    let world = world();
    let ada = Visitor::of(&world, "ada").await;
    let events = || world.server.store().seq();
    // People of the team, and of those who are not users yet, invitations.
    let people = "kim@acme.com\r\nlee@acme.com, vera@acme.com\r\n";
    let reply = ada.submit(ACCESS, "add-member", &[("user", people), ("role", "member")]).await;
    assert_eq!(reply.status, 422);
    let told = control(&reply.text, "add-member");
    assert!(told.contains("vera@acme.com: ") && told.contains("lee@acme.com, vera@acme.com"), "{told}");
    let before = events();
    let people = "kim@acme.com\r\nlee@acme.com; nina@acme.com kim@acme.com\r\n\r\n";
    let (_, page) = does(&ada, ACCESS, "add-member", &[("user", people), ("role", "member")]).await;
    assert!(page.contains("Done: invited <bdi>nina@acme.com</bdi>") || page.contains("nina@acme.com"), "{page}");
    assert!(page.contains(", and 2 more."), "{page}");
    assert_eq!(events(), before + 3, "each once");

    let (group, _) = does(&ada, GROUPS, "create-group", &[("name", "backend")]).await;
    let before = events();
    let reply = ada.submit(&group, "add-group-member", &[("user", "joe@acme.com nobody@acme.com ada@acme.com")]).await;
    assert_eq!(reply.status, 422);
    let told = control(&reply.text, "add-group-member").replace('\'', "&#39;");
    assert!(told.contains("nobody@acme.com: Couldn&#39;t find that user"), "{told}");
    let reply = ada.submit(&group, "add-group-member", &[("user", "joe@acme.com,jill@creativeinc.com")]).await;
    assert!(reply.text.contains("jill@creativeinc.com: "), "{reply:?}");
    assert_eq!(events(), before, "nobody was put in");
    let (at, page) = does(&ada, &group, "add-group-member", &[("user", "joe@acme.com,vera@acme.com")]).await;
    assert!(at == group && page.contains("added user `vera@acme.com` to group `backend`, and 1 more."), "{page}");
    let many: Vec<String> = (0..501).map(|number| format!("user-{number}@acme.com")).collect();
    let reply = ada.submit(&group, "add-group-member", &[("user", &many.join("\n"))]).await;
    assert!(reply.status == 422 && reply.text.contains("At most 500 at a time."), "{reply:?}");

    // And apps.
    for name in ["page-one", "page-two"] {
        does(&ada, "/dashboard/teams/acme-widgets/apps", "create-app", &[("app.name", name)]).await;
    }
    let fields = [("app", "page-one page-two"), ("permissions", "deploy")];
    let (_, page) = does(&ada, &group, "grant-group-permissions", &fields).await;
    assert!(page.contains("granted view, deploy on app `page-two` to group `backend`, and 1 more."), "{page}");
    // What an address says was done is what this person did.
    let page = ada.get(&format!("{group}?done={}&done-from=1", events())).await.text;
    let own = page.split(", and ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap().parse::<u64>().unwrap();
    assert!(own < events(), "{page}");
}

#[tokio::test]
async fn what_is_refused_is_told_at_the_field_or_the_form() {
    let world = grouped().await;
    let ada = Visitor::of(&world, "ada").await;
    let group = page_of(&world, "backend");
    for (path, operation, fields, value, says) in [
        (GROUPS, "create-group", ("name", "Not a name"), "Not a name", "malformed group name"),
        (GROUPS, "create-group", ("name", "backend"), "backend", "the group name `backend` is taken"),
        (&*group, "rename-group", ("name", "-"), "-", "malformed group name"),
        (&*group, "rename-group", ("name", "backend"), "backend", "is already named `backend`"),
        (&*group, "add-group-member", ("user", "no@body.com"), "no@body.com", "Couldn&#39;t find that user"),
        (&*group, "add-group-member", ("user", "jill@creativeinc.com"), "jill@creativeinc.com", "is not in team"),
        (&*group, "add-group-member", ("user", "joe@acme.com"), "joe@acme.com", "is already in group `backend`"),
        (&*group, "grant-group-permissions", ("app", "not-there"), "not-there", "Couldn&#39;t find that app"),
        (&*group, "grant-group-permissions", ("app", "acme-website"), "acme-website", "already holds"),
    ] {
        let reply = ada.submit(path, operation, &[fields]).await;
        assert_eq!(
            (reply.status, reply.text.matches("role=\"alert\"").count()),
            (422, 1),
            "{operation} {value}: {reply:?}"
        );
        let told = control(&reply.text, operation).replace('\'', "&#39;");
        // What was typed stands there again.
        let typed = [format!("value=\"{value}\""), format!(">{value}</textarea>")];
        assert!(told.contains(says), "{operation} {value}: {told}");
        assert!(typed.iter().any(|typed| told.contains(typed)), "{operation} {value}: {told}");
    }
}

/// Members and viewers see what there is; what they may not do is there, disabled, with the reason.
#[tokio::test]
async fn controls_that_somebody_may_not_use_say_why() {
    let world = grouped().await;
    let group = page_of(&world, "backend");
    for who in ["joe", "vera"] {
        let visitor = Visitor::of(&world, who).await;
        let list = visitor.get(GROUPS).await.text;
        let page = visitor.get(&group).await.text;
        assert!(page.contains("joe@acme.com") && page.contains(">acme-website</a>"), "{page}");
        for (page, operation) in [
            (&list, "create-group"),
            (&page, "rename-group"),
            (&page, "delete-group"),
            (&page, "add-group-member"),
            (&page, "remove-group-member"),
            (&page, "grant-group-permissions"),
        ] {
            let control = control(page, operation);
            assert!(
                control.contains("<fieldset disabled>") && control.contains("Why?"),
                "{who} {operation}: {control}"
            );
        }
        assert!(control(&page, "delete-group").contains("GRP-1"), "{page}");
        let on = visitor.get(APP).await.text;
        assert!(on.contains(">backend</a>") && !on.contains("disabled></option>"), "{on}");
    }
    // A manager who is in the group adds nothing to it, and may take away.
    let path = "/teams/apps/acme-website/collaborators/joe@acme.com";
    assert_eq!(world.ask("ada", "PATCH", path, json!({ "permissions": ["manage"] })).await.status, 200);
    let joe = Visitor::of(&world, "joe").await;
    let edit = format!("{APP}?edit-group={}", group.rsplit('/').next().unwrap());
    let refused = joe.submit(&edit, "set-group-permissions", &[("permissions", "manage")]).await;
    assert_eq!(refused.status, 422);
    assert!(control(&refused.text, "set-group-permissions").contains("cannot add to its permissions"), "{refused:?}");
    let (_, page) = does(&joe, &edit, "set-group-permissions", &[]).await;
    assert!(page.contains("from view, deploy to view"), "{page}");
}

#[tokio::test]
async fn the_access_page_of_an_app_has_its_groups_and_what_people_hold_through_them() {
    let world = grouped().await;
    let ada = Visitor::of(&world, "ada").await;
    for name in ["support", "writers"] {
        does(&ada, GROUPS, "create-group", &[("name", name)]).await;
    }
    let support = page_of(&world, "support").rsplit('/').next().unwrap().to_owned();
    let page = ada.get(APP).await.text;
    let offered = control(&page, "grant-group-permissions");
    assert!(offered.contains(">support</option>") && !offered.contains(">backend</option>"), "{offered}");
    let fields = [("group", &*support), ("permissions", "operate")];
    let (at, page) = does(&ada, APP, "grant-group-permissions", &fields).await;
    assert!(at == APP && page.contains("granted view, operate on app `acme-website` to group `support`"), "{page}");
    does(&ada, &page_of(&world, "support"), "add-group-member", &[("user", "joe@acme.com")]).await;
    does(&ada, &page_of(&world, "support"), "add-group-member", &[("user", "ada@acme.com")]).await;

    let page = ada.get(APP).await.text;
    let row = |who: &str| {
        let row = page.split("<tr>").find(|row| row.contains(&format!("<th scope=\"row\">{who}"))).unwrap();
        row.split("</tr>").next().unwrap().to_owned()
    };
    let joe = row("joe@acme.com");
    for says in ["through group <a", ">backend</a>: view, deploy", ">support</a>: view, operate", ">operate</span>"] {
        assert!(joe.contains(says), "{says}: {joe}");
    }
    assert!(row("ada@acme.com").contains(">support</a>: view, operate, asleep"), "{page}");
    assert!(!row("vera@acme.com").contains("through group"), "{page}");

    // What is changed of somebody is what they were given themselves.
    let own = ada.get(&format!("{APP}?edit={}", world.user("joe@acme.com"))).await.text;
    let boxes = control(&own, "set-permissions");
    assert!(boxes.contains("value=\"deploy\" checked") && !boxes.contains("value=\"operate\" checked"), "{boxes}");

    let edit = format!("{APP}?edit-group={support}");
    let (_, page) = does(&ada, &edit, "revoke-group-permissions", &[]).await;
    assert!(page.contains("revoked the permissions of group `support`"), "{page}");
    // What one holds oneself is told on the page of the app.
    let joe = Visitor::of(&world, "joe").await.get("/dashboard/apps/acme-website").await.text;
    assert!(joe.contains("through group <a") && joe.contains(">backend</a>: view, deploy"), "{joe}");
}

/// The lists of people name the groups of each, and the matrix has what is held in all.
#[tokio::test]
async fn where_people_are_their_groups_are() {
    let world = grouped().await;
    let ada = Visitor::of(&world, "ada").await;
    does(&ada, &page_of(&world, "backend"), "add-group-member", &[("user", "vera@acme.com")]).await;
    let list = ada.get(ACCESS).await.text;
    assert_eq!(list.matches("<div class=\"on\">in group <a").count(), 2, "{list}");
    let person = ada.get(&format!("{ACCESS}/{}", world.user("vera@acme.com"))).await.text;
    assert!(person.contains("<dt>Groups</dt><dd><a") && person.contains(">backend</a>"), "{person}");
    let matrix = ada.get(&format!("{ACCESS}/matrix")).await.text;
    let row = matrix.split("<tr>").find(|row| row.contains("vera@acme.com")).unwrap();
    assert!(row.contains("<td>view, deploy</td>"), "{row}");
    let csv = ada.get(&format!("{ACCESS}/matrix.csv")).await.text;
    assert!(csv.contains("vera@acme.com,viewer,MFA off,backend,view deploy"), "{csv}");
    let why = format!("{ACCESS}/{}?may=push-code&app=acme-website", world.user("vera@acme.com"));
    let why = ada.get(&why).await.text;
    assert!(why.contains("Allowed") && why.contains("`backend`"), "{why}");
}

/// Standard teams have no groups: no page of theirs speaks of them. Nor does one of a team that uses none but for where they are made.
#[tokio::test]
async fn nothing_of_groups_where_there_are_none() {
    let world = world();
    let (sam, ada) = (Visitor::of(&world, "sam").await, Visitor::of(&world, "ada").await);
    let person = world.user("max@acme-inc.com");
    let team = "/dashboard/teams/acme-inc";
    let of_team = ["apps", "access", "access/matrix", "resources", "usage", "settings", "activity"];
    let mut pages: Vec<String> = of_team.iter().map(|tab| format!("{team}/{tab}")).collect();
    pages.push(format!("{team}/access/{person}"));
    let of_app = ["", "/access", "/resources", "/settings", "/activity"];
    pages.extend(of_app.iter().map(|tab| format!("/dashboard/apps/frozen-wave-4030{tab}")));
    for path in &pages {
        let page = sam.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        let text = page.text.to_lowercase();
        assert!(!text.contains("group"), "{path}: {}", text.split("group").next().unwrap());
    }
    for path in [format!("{team}/access/groups"), format!("{team}/access/groups/backend")] {
        assert_eq!(sam.get(&path).await.status, 404, "{path}");
    }
    for path in [APP, "/dashboard/teams/acme-widgets/access/matrix", "/dashboard/apps/acme-website"] {
        let page = ada.get(path).await;
        assert!(page.status == 200 && !page.text.to_lowercase().contains("group"), "{path}: {}", page.text);
    }
}

/// Who is outside is told the same of a group as of none.
#[tokio::test]
async fn a_group_that_is_hidden_is_as_none() {
    let world = grouped().await;
    let group = page_of(&world, "backend");
    let none = format!("{GROUPS}/00000000-0000-0000-0000-000000000000");
    for (who, status) in [("nobody", 404), ("sam", 404), ("jill", 403)] {
        let visitor = Visitor::of(&world, who).await;
        let list = visitor.get(GROUPS).await;
        assert_eq!(list.status, status, "{who}: {list:?}");
        for page in [&group, &format!("{GROUPS}/backend")] {
            let (there, not) = (visitor.get(page).await, visitor.get(&none).await);
            assert_eq!((there.status, there.text.replace(page, "")), (status, not.text.replace(&none, "")), "{who}");
            assert!(!there.text.contains("backend") && !there.text.contains("joe@acme.com"), "{who}: {there:?}");
        }
    }
    // A collaborator sees nothing of groups on the page of the app, unless they manage it.
    let jill = Visitor::of(&world, "jill").await;
    assert!(!jill.get(APP).await.text.contains("backend"));
    let path = "/teams/apps/acme-website/collaborators/jill@creativeinc.com";
    assert_eq!(world.ask("ada", "PATCH", path, json!({ "permissions": ["manage"] })).await.status, 200);
    let page = jill.get(APP).await.text;
    assert!(page.contains("<th scope=\"row\">backend</th>") && !page.contains("/access/groups/"), "{page}");
}

/// What happened to groups stands in the log, as sentences, as a kind of its own, and as it was on a day.
#[tokio::test]
async fn the_log_and_the_past() {
    let world = grouped().await;
    let ada = Visitor::of(&world, "ada").await;
    let activity = "/dashboard/teams/acme-widgets/activity?kind=Groups";
    let page = ada.get(activity).await.text;
    for says in [
        "created group `backend` in team `acme-widgets`",
        "added user `joe@acme.com` to group `backend`",
        "granted view, deploy on app `acme-website` to group `backend`",
    ] {
        assert!(page.contains(says), "{says}: {page}");
    }
    assert_eq!(page.split("<tbody>").nth(1).unwrap().matches("<tr>").count(), 3, "{page}");
    let on_app = ada.get("/dashboard/apps/acme-website/activity?kind=Groups").await.text;
    assert_eq!(on_app.split("<tbody>").nth(1).unwrap().matches("<tr>").count(), 1, "{on_app}");
    let group = page_of(&world, "backend");
    // What happens has a time in whole seconds.
    tokio::time::sleep(SECOND).await;
    let (path, now) = (format!("{group}?on="), system::now().to_rfc3339().replace('+', "%2B"));
    let then = ada.get(&format!("{path}{now}")).await.text;
    assert!(then.contains("joe@acme.com") && then.contains(">acme-website</a>"), "{then}");
    assert!(
        !then.contains("name=\"operation\"") && !then.contains("Delete") && !then.contains("class=\"pen\""),
        "{then}"
    );
    for link in then.split("href=\"/dashboard/teams/").skip(1) {
        let (to, called) = link.split_once("\">").unwrap();
        assert!(to.contains("on=") || called.starts_with("As it is now"), "{link}");
    }
    assert_eq!(ada.get(&format!("{path}1970-01-01")).await.status, 404, "it was not there");
    let before = ada.get(&format!("{GROUPS}?on=1970-01-01")).await.text;
    assert!(before.contains("There are no groups yet.") && !before.contains("Create group"), "{before}");
    tokio::time::sleep(SECOND).await;
    assert_eq!(world.ask("ada", "DELETE", "/x/teams/acme-widgets/groups/backend", Value::Null).await.status, 200);
    assert_eq!(ada.get(&group).await.status, 404);
    let then = ada.get(&format!("{path}{now}")).await;
    assert!(then.status == 200 && then.text.contains("joe@acme.com"), "as it was before: {then:?}");
}
