//! The dashboard's pages of ends: where they are shown, given, moved and taken off, and what ends in a team (END-1 to END-3).

use std::time::Duration;

use axum::http::StatusCode;
use enterprise_teams::chrono::{NaiveDate, SubsecRound, TimeDelta};
use enterprise_teams::{Actor, Operation, system};
use serde_json::{Value, json};

use crate::sight::grouped;
use crate::support::{Reply, Visitor, World, world};

const ACCESS: &str = "/dashboard/teams/acme-widgets/access";
const ENDS: &str = "/dashboard/teams/acme-widgets/access/ends";
const GROUPS: &str = "/dashboard/teams/acme-widgets/access/groups";
const APP: &str = "/dashboard/apps/acme-website/access";
const SPACE: &str = "/dashboard/spaces/labs-space";
/// And a little more.
const SECOND: Duration = Duration::from_millis(1_100);

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

/// The row of a table that begins with this.
fn row<'p>(page: &'p str, who: &str) -> &'p str {
    let row = page.split("<tr>").find(|row| row.contains(&format!("<th scope=\"row\">{who}")));
    row.unwrap_or_else(|| panic!("{who}: {page}")).split("</tr>").next().unwrap()
}

fn person(world: &World, email: &str) -> String {
    format!("{ACCESS}/{}", world.user(email))
}

fn day_in(days: i64) -> NaiveDate {
    (system::now() + TimeDelta::days(days)).date_naive()
}

/// How a day is told, and that it is far.
fn told(day: NaiveDate) -> String {
    format!("until <time datetime=\"{day}\"")
}

fn words(day: NaiveDate) -> String {
    format!(">{}</time>", day.format("%-d %b %Y"))
}

/// Sends the form that takes the end off.
async fn takes_off(by: &Visitor<'_>, path: &str) -> (String, String) {
    let page = by.get(path).await.text;
    let form = page.split("<form").find(|part| part.contains("value=\"Take the end off\"")).unwrap();
    let fields = ["key", "operation", "control"].map(|name| {
        let from = form.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
        (name, from.split('"').next().unwrap().replace("&quot;", "\""))
    });
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, &**value)).collect();
    led(by, by.post(path, &fields).await).await
}

#[tokio::test]
async fn the_end_of_a_membership_is_given_moved_and_taken_off() {
    let world = world();
    let (ada, joe) = (Visitor::of(&world, "ada").await, Visitor::of(&world, "joe").await);
    let path = person(&world, "joe@acme.com");
    let before = ada.get(&path).await.text;
    let form = control(&before, "set-member-end");
    assert!(
        form.contains("type=\"date\"") && form.contains("in UTC") && !before.contains("Take the end off"),
        "{form}"
    );

    let (soon, far) = (day_in(10), day_in(40));
    let (at, page) = does(&ada, &path, "set-member-end", &[("ends_at", &far.to_string())]).await;
    let midnight = far.succ_opt().unwrap();
    assert!(at == path && page.contains("set the end of the membership of user `joe@acme.com`"), "{page}");
    assert!(page.contains(&format!("to {midnight}T00:00:00Z")), "{page}");
    assert!(control(&page, "set-member-end").contains(&format!("value=\"{far}\"")), "the last day: {page}");
    let list = ada.get(ACCESS).await.text;
    let of_joe = row(&list, "joe@acme.com");
    assert!(of_joe.contains(&told(far)) && of_joe.contains(&words(far)) && !of_joe.contains("ends soon"), "{of_joe}");
    assert_eq!(list.matches("until <time").count(), 1, "{list}");
    let end = world.get("ada", "/x/teams/acme-widgets/ends?days=60").await.json()[0]["ends_at"].clone();
    assert_eq!(end, json!(format!("{midnight}T00:00:00Z")));

    does(&ada, &path, "set-member-end", &[("ends_at", &soon.to_string())]).await;
    let list = ada.get(ACCESS).await.text;
    assert!(row(&list, "joe@acme.com").contains("<span class=\"badge warn\">ends soon</span>"), "{list}");
    // One's own teams say it too.
    for page in ["/dashboard", "/dashboard/account"] {
        let own = joe.get(page).await.text;
        assert!(own.contains(&told(soon)) && own.contains("ends soon"), "{page}: {own}");
    }

    // No day is no end, and so is the button.
    let (_, page) = does(&ada, &path, "set-member-end", &[("ends_at", "")]).await;
    assert!(page.contains("took the end off the membership of user `joe@acme.com`"), "{page}");
    does(&ada, &path, "set-member-end", &[("ends_at", &far.to_string())]).await;
    let (at, page) = takes_off(&ada, &path).await;
    assert!(
        at == path && page.contains("took the end off the membership") && !page.contains("Take the end off"),
        "{page}"
    );
}

#[tokio::test]
async fn the_ends_of_what_people_and_groups_hold_on_an_app() {
    let world = grouped().await;
    let ada = Visitor::of(&world, "ada").await;
    let (soon, far) = (day_in(3), day_in(50));
    let edit = format!("{APP}?edit={}", world.user("jill@creativeinc.com"));
    let (at, page) = does(&ada, &edit, "set-grant-end", &[("ends_at", &soon.to_string())]).await;
    assert!(at == APP && page.contains("set the end of the permissions of user `jill@creativeinc.com`"), "{page}");
    let of_jill = row(&page, "jill@creativeinc.com");
    assert!(of_jill.contains(&told(soon)) && of_jill.contains("ends soon"), "{of_jill}");
    let list = ada.get(ACCESS).await.text;
    assert!(row(&list, "jill@creativeinc.com").contains(&told(soon)), "a collaborator is there as long: {list}");
    let on = ada.get(&person(&world, "jill@creativeinc.com")).await.text;
    assert!(on.contains(&told(soon)) && !on.contains("set-member-end"), "{on}");
    let own = Visitor::of(&world, "jill").await.get("/dashboard/apps/acme-website").await.text;
    assert!(own.contains("On it until") && own.contains("ends soon"), "{own}");
    let own = Visitor::of(&world, "jill").await.get("/dashboard/account").await.text;
    assert!(own.contains(&told(soon)), "{own}");

    let groups = world.get("ada", "/x/teams/acme-widgets/groups").await.json();
    let backend = groups[0]["id"].as_str().unwrap();
    let edit_group = format!("{APP}?edit-group={backend}");
    let (_, page) = does(&ada, &edit_group, "set-group-grant-end", &[("ends_at", &far.to_string())]).await;
    assert!(page.contains("set the end of the permissions of group `backend` on app `acme-website`"), "{page}");
    let of_joe = row(&page, "joe@acme.com");
    assert!(of_joe.contains("through group") && of_joe.contains(&told(far)), "{of_joe}");
    let group = format!("{GROUPS}/{backend}");
    let shown = ada.get(&group).await.text;
    assert!(shown.contains(&told(far)) && !shown.contains("ends soon"), "{shown}");
    let app = world.get("ada", "/apps/acme-website").await.json()["id"].as_str().unwrap().to_owned();
    let (at, page) = takes_off(&ada, &format!("{group}?edit={app}")).await;
    assert!(at == group && page.contains("took the end off the permissions of group `backend`"), "{page}");
    let (at, page) = takes_off(&ada, &edit).await;
    assert!(at == APP && page.contains("took the end off the permissions of user"), "{page}");
}

#[tokio::test]
async fn who_creates_apps_in_a_space_and_until_when() {
    let world = world();
    let ada = Visitor::of(&world, "ada").await;
    let joe = json!({ "email": "joe@acme.com", "role": "member" });
    world.does("ada", "PUT", "/teams/acme-labs/members", joe, StatusCode::OK).await;
    let edit = format!("{SPACE}?edit={}", world.user("joe@acme.com"));
    let page = ada.get(&edit).await.text;
    assert!(page.contains("Allow until then") && !row(&page, "ada@acme.com").contains("class=\"pen\""), "{page}");
    // The first form of the page is the row's own, which sends no day.
    let day = day_in(5);
    let form = ada.form(&edit, "allow-app-creation").await;
    let fields = form.iter().map(|(name, value)| (*name, &**value)).filter(|(name, _)| *name != "control");
    let day_text = day.to_string();
    let more = [("control", "Allow until then"), ("until", &*day_text)];
    let (at, page) = led(&ada, ada.post(&edit, &fields.chain(more).collect::<Vec<_>>()).await).await;
    assert!(
        at == SPACE && page.contains("to create apps in space `labs-space`") && page.contains("and 1 more"),
        "{page}"
    );
    let of_joe = row(&page, "joe@acme.com");
    assert!(of_joe.contains("Yes") && of_joe.contains(&told(day)) && of_joe.contains("ends soon"), "{of_joe}");
    let far = day_in(30);
    let (_, page) = does(&ada, &edit, "set-app-creation-end", &[("ends_at", &far.to_string())]).await;
    assert!(row(&page, "joe@acme.com").contains(&told(far)), "{page}");
    let (at, page) = takes_off(&ada, &edit).await;
    assert!(at == SPACE && !row(&page, "joe@acme.com").contains("until"), "{page}");
    // And once more, as before.
    does(&ada, SPACE, "revoke-app-creation", &[]).await;
    let (_, page) = does(&ada, SPACE, "allow-app-creation", &[]).await;
    assert!(row(&page, "joe@acme.com").contains("Yes") && !row(&page, "joe@acme.com").contains("until"), "{page}");
}

/// What is given until a day is given with it, or not at all.
#[tokio::test]
async fn until_when_is_said_where_something_is_given() {
    let world = grouped().await;
    let ada = Visitor::of(&world, "ada").await;
    let events = || world.server.store().seq();
    let day = day_in(20).to_string();
    let until = ("until", &*day);

    // Somebody into the team; of two one who is no user yet takes the other along.
    let before = events();
    let people = "max@acme-inc.com\r\nkim@acme.com";
    let reply = ada.submit(ACCESS, "add-member", &[("user", people), ("role", "member"), until]).await;
    let says = control(&reply.text, "add-member");
    assert!(
        reply.status == 422 && says.contains("kim@acme.com: ") && says.contains("an invitation gives no end"),
        "{says}"
    );
    assert!(says.contains(&format!("value=\"{day}\"")) && says.contains("aria-invalid=\"true\""), "{says}");
    let past = [("user", "max@acme-inc.com"), ("role", "member"), ("until", "2001-01-01")];
    let reply = ada.submit(ACCESS, "add-member", &past).await;
    assert!(reply.status == 422 && control(&reply.text, "add-member").contains("is not after"), "{reply:?}");
    for day in ["soon", "2027-02-30"] {
        let fields = [("user", "max@acme-inc.com"), ("role", "member"), ("until", day)];
        let reply = ada.submit(ACCESS, "add-member", &fields).await;
        assert!(reply.status == 422 && reply.text.contains("Give a day, such as 2027-01-31."), "{reply:?}");
    }
    assert_eq!(events(), before, "nobody was added");
    let fields = [("user", "max@acme-inc.com sam@acme-inc.com"), ("role", "member"), until];
    let (at, page) = does(&ada, ACCESS, "add-member", &fields).await;
    assert!(at == ACCESS && page.contains(", and 3 more."), "{page}");
    for who in ["max@acme-inc.com", "sam@acme-inc.com"] {
        assert!(row(&page, who).contains(&told(day_in(20))), "{who}: {page}");
    }
    assert_eq!(events(), before + 4);
    let (_, page) =
        does(&ada, ACCESS, "add-member", &[("user", "kim@acme.com"), ("role", "member"), ("until", "")]).await;
    assert!(page.contains("invited"), "no day is no end: {page}");

    // Permissions of somebody on an app, and of a group.
    let before = events();
    let fields = [("user", "vera@acme.com"), ("permissions", "deploy"), until];
    let (_, page) = does(&ada, APP, "grant-permissions", &fields).await;
    assert!(events() == before + 2 && row(&page, "vera@acme.com").contains(&told(day_in(20))), "{page}");
    does(&ada, GROUPS, "create-group", &[("name", "support")]).await;
    let groups = world.get("ada", "/x/teams/acme-widgets/groups").await.json();
    let id = |name: &str| {
        let one = groups.as_array().unwrap().iter().find(|group| group["name"] == name).unwrap();
        one["id"].as_str().unwrap().to_owned()
    };
    let support = id("support");
    let fields = [("group", &*support), ("permissions", "operate"), until];
    let (_, page) = does(&ada, APP, "grant-group-permissions", &fields).await;
    assert!(page.contains("set the end of the permissions of group `support`"), "{page}");
    for name in ["page-one", "page-two"] {
        does(&ada, "/dashboard/teams/acme-widgets/apps", "create-app", &[("app.name", name)]).await;
    }
    let group = format!("{GROUPS}/{support}");
    let before = events();
    let fields = [("app", "page-one page-two"), ("permissions", "deploy"), until];
    let (at, page) = does(&ada, &group, "grant-group-permissions", &fields).await;
    assert!(at == group && page.contains(", and 3 more.") && events() == before + 4, "{page}");
    assert_eq!(page.matches(&told(day_in(20))).count(), 3, "{page}");

    // A collaborator into the team.
    let jill = person(&world, "jill@creativeinc.com");
    let (_, page) = does(&ada, &jill, "add-member", &[("role", "viewer"), until]).await;
    assert!(page.contains("set the end of the membership of user `jill@creativeinc.com`"), "{page}");

    // What gives nothing has no such field.
    let before = events();
    let reply = ada.submit(GROUPS, "create-group", &[("name", "more"), until]).await;
    assert!(reply.status == 422 && reply.text.contains("This has no end.") && events() == before, "{reply:?}");
}

#[tokio::test]
async fn what_ends_in_a_team_is_listed_for_its_admins() {
    let world = grouped().await;
    let ada = Visitor::of(&world, "ada").await;
    let empty = ada.get(ENDS).await.text;
    assert!(empty.contains("Nothing ends within 30 days.") && empty.contains("aria-current=\"page\">Ends"), "{empty}");
    assert!(ada.get(ACCESS).await.text.contains(&format!("href=\"{ENDS}\"")));
    let ends = async |path: &str, days: i64| {
        let end = system::now().trunc_subsecs(0) + TimeDelta::days(days);
        let path = format!("/x/apps/acme-website/{path}/end");
        world.does("ada", "PUT", &path, json!({ "ends_at": end }), StatusCode::OK).await;
    };
    ends("collaborators/jill@creativeinc.com", 5).await;
    ends("groups/backend", 25).await;
    let vera = json!({ "ends_at": system::now() + TimeDelta::days(80) });
    world.does("ada", "PUT", "/x/teams/acme-widgets/members/vera@acme.com/end", vera, StatusCode::OK).await;
    let rows = |page: &str| page.split("<tbody>").nth(1).unwrap_or_default().matches("<th scope=\"row\">").count();
    for (days, expected) in [("7", 1), ("30", 2), ("90", 3), ("8", 2)] {
        let page = ada.get(&format!("{ENDS}?days={days}")).await.text;
        assert_eq!(rows(&page), expected, "{days}: {page}");
    }
    let page = ada.get(&format!("{ENDS}?days=90")).await.text;
    let person = person(&world, "jill@creativeinc.com");
    for part in [&*person, APP, "/access/groups/", " in the team", "group <a", "aria-current=\"page\">90 days"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert_eq!((page.matches("ends soon").count(), page.matches(" UTC</time>").count()), (1, 3), "{page}");

    // Each is changed where it stands, and one stays where one was.
    let pen = page.split("class=\"pen\" href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let opened = ada.get(&pen).await.text;
    assert!(control(&opened, "set-grant-end").contains("type=\"date\""), "{opened}");
    let far = day_in(60);
    let reply = ada.submit(&pen, "set-grant-end", &[("ends_at", &far.to_string())]).await;
    let location = reply.header("location").unwrap().to_owned();
    assert!(location.starts_with(&format!("{ENDS}?days=90&")), "{location}");
    let page = ada.get(&location).await.text;
    assert!(page.contains(&words(far)) && !page.contains("ends soon"), "{page}");
    let reply = ada.submit(&pen, "set-grant-end", &[("ends_at", "2001-01-01")]).await;
    assert!(reply.status == 422 && control(&reply.text, "set-grant-end").contains("is not after"), "{reply:?}");
    let (at, page) = takes_off(&ada, &pen).await;
    assert!(at == ENDS && rows(&page) == 2 && page.contains("took the end off"), "{page}");

    for (who, status) in [("joe", 403), ("vera", 403), ("jill", 404), ("nobody", 404), ("sam", 404)] {
        let visitor = Visitor::of(&world, who).await;
        let reply = visitor.get(ENDS).await;
        assert!([403, 404].contains(&reply.status) && !reply.text.contains("backend"), "{who} {status}: {reply:?}");
        if ["joe", "vera"].contains(&who) {
            assert_eq!(reply.status, status, "{reply:?}");
            assert!(!visitor.get(ACCESS).await.text.contains(ENDS), "{who}");
        }
    }
    // Of a team that is hidden it is told as of none.
    let nobody = Visitor::of(&world, "nobody").await;
    let none = ENDS.replace("acme-widgets", "not-there");
    let (there, not) = (nobody.get(ENDS).await, nobody.get(&none).await);
    assert_eq!((there.status, there.text), (not.status, not.text));
}

/// Part by part, and of people those alone who have an end.
#[tokio::test]
async fn people_with_an_end_are_filtered() {
    let world = grouped().await;
    let ada = Visitor::of(&world, "ada").await;
    let filtered = format!("{ACCESS}?ends=yes");
    let nobody = ada.get(&filtered).await.text;
    assert!(nobody.contains("Nobody here is like that.") && nobody.contains("value=\"yes\" selected"), "{nobody}");
    does(&ada, &person(&world, "vera@acme.com"), "set-member-end", &[("ends_at", &day_in(9).to_string())]).await;
    let page = ada.get(&filtered).await.text;
    let table = page.split("<tbody>").nth(1).unwrap().split("</tbody>").next().unwrap();
    assert!(table.matches("<tr>").count() == 1 && table.contains("vera@acme.com"), "{table}");
    // Past more people than a page has.
    let operator = Actor::operator(system::now());
    let owner = Actor::user(world.user("ada@acme.com"), system::now());
    let team = world.server.store().team_id(owner, "acme-widgets".parse().unwrap()).unwrap();
    let many = |store: &mut enterprise_teams::TeamStore| {
        for number in 0..120 {
            let new = enterprise_teams::NewUser::new(format!("user-{number:03}@acme.com").parse()?);
            let user = store.register_user(operator, new)?;
            let role = enterprise_teams::TeamRole::Member;
            store.perform(owner, &Operation::AddMember { team, user, role })?;
            if number % 2 == 0 {
                store.set_member_end(owner, team, user, Some(owner.at + TimeDelta::days(20)))?;
            }
        }
        Ok(())
    };
    world.server.transaction(many).unwrap();
    let page = ada.get(&filtered).await.text;
    assert_eq!(page.matches("until <time").count(), 50, "{page}");
    let next = page.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let rest = ada.get(&next).await.text;
    assert!(rest.matches("until <time").count() == 11 && !rest.contains("rel=\"next\""), "{rest}");
    let ends = ada.get(ENDS).await.text;
    let next = ends.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let rest = ada.get(&next).await.text;
    let rows = |page: &str| page.matches("class=\"pen\"").count();
    assert_eq!((rows(&ends), rows(&rest)), (50, 11), "{rest}");
}

/// Who may not move an end is told why, and who may take away what is theirs may do so sooner.
#[tokio::test]
async fn controls_that_somebody_may_not_use_say_why() {
    let world = grouped().await;
    let far = json!({ "ends_at": "2999-01-31T00:00:00Z" });
    for path in [
        "/x/teams/acme-widgets/members/joe@acme.com/end",
        "/x/apps/acme-website/collaborators/joe@acme.com/end",
        "/x/apps/acme-website/groups/backend/end",
    ] {
        world.does("ada", "PUT", path, far.clone(), StatusCode::OK).await;
    }
    let joe = Visitor::of(&world, "joe").await;
    let own = joe.get(&person(&world, "joe@acme.com")).await.text;
    let form = control(&own, "set-member-end");
    assert!(form.contains("<fieldset disabled>") && form.contains("Why?") && form.contains("MEM-1"), "{form}");
    let edit = format!("{APP}?edit={}", world.user("joe@acme.com"));
    let page = joe.get(&edit).await.text;
    assert!(control(&page, "set-grant-end").contains("<fieldset disabled>"), "{page}");
    // With manage, sooner and not later.
    let on = "/teams/apps/acme-website/collaborators/joe@acme.com";
    world.does("ada", "PATCH", on, json!({ "permissions": ["manage"] }), StatusCode::OK).await;
    let page = joe.get(&edit).await.text;
    assert!(!control(&page, "set-grant-end").contains("<fieldset disabled>"), "{page}");
    let off = page.split("<div class=\"control ").find(|part| part.contains("value=\"Take the end off\"")).unwrap();
    assert!(off.contains("<fieldset disabled>") && off.contains("PERM-5"), "{off}");
    let (_, page) = does(&joe, &edit, "set-grant-end", &[("ends_at", "2998-01-31")]).await;
    assert!(row(&page, "joe@acme.com").contains("31 Jan 2998"), "{page}");
    let reply = joe.submit(&edit, "set-grant-end", &[("ends_at", "2998-02-01")]).await;
    assert!(reply.status == 422 && control(&reply.text, "set-grant-end").contains("PERM-5"), "{reply:?}");
    // The last admin has none.
    let ada = Visitor::of(&world, "ada").await;
    let path = person(&world, "ada@acme.com");
    let reply = ada.submit(&path, "set-member-end", &[("ends_at", "2998-01-31")]).await;
    assert!(reply.status == 422 && control(&reply.text, "set-member-end").contains("END-2"), "{reply:?}");
}

/// In a Standard team members put off the ends of collaborators, and admins alone give them.
#[tokio::test]
async fn collaborators_of_a_standard_team() {
    let world = world();
    let (sam, max) = (Visitor::of(&world, "sam").await, Visitor::of(&world, "max").await);
    let app = "/dashboard/apps/frozen-wave-4030/access";
    let day = day_in(30).to_string();
    let fields = [("user", "joe@acme.com"), ("until", &*day)];
    let reply = max.submit(app, "add-collaborator", &fields).await;
    let says = control(&reply.text, "add-collaborator");
    assert!(reply.status == 422 && says.contains("STD-3") && says.contains(&format!("value=\"{day}\"")), "{says}");
    let (_, page) = does(&sam, app, "add-collaborator", &fields).await;
    assert!(row(&page, "joe@acme.com").contains(&told(day_in(30))), "{page}");
    let edit = format!("{app}?edit={}", world.user("joe@acme.com"));
    let page = max.get(&edit).await.text;
    assert!(!control(&page, "set-grant-end").contains("<fieldset disabled>"), "{page}");
    let (_, page) = does(&max, &edit, "set-grant-end", &[("ends_at", &day_in(40).to_string())]).await;
    assert!(row(&page, "joe@acme.com").contains(&told(day_in(40))), "{page}");
    let reply = max.submit(&edit, "set-grant-end", &[("ends_at", &day_in(35).to_string())]).await;
    assert!(reply.status == 422 && control(&reply.text, "set-grant-end").contains("STD-3"), "{reply:?}");
    let (_, page) = takes_off(&max, &edit).await;
    assert!(!row(&page, "joe@acme.com").contains("until"), "{page}");
    let ends = sam.get("/dashboard/teams/acme-inc/access/ends").await;
    assert!(ends.status == 200 && !ends.text.to_lowercase().contains("group"), "{ends:?}");
}

/// What happened to ends stands in the log, as a kind of its own, and as it was on a day.
#[tokio::test]
async fn the_log_and_the_past() {
    let world = world();
    let ada = Visitor::of(&world, "ada").await;
    let end = system::now().trunc_subsecs(0) + TimeDelta::seconds(3);
    let vera = "/x/teams/acme-widgets/members/vera@acme.com/end";
    world.does("ada", "PUT", vera, json!({ "ends_at": end }), StatusCode::OK).await;
    // What happens has a time in whole seconds.
    tokio::time::sleep(SECOND).await;
    let then = system::now().to_rfc3339().replace('+', "%2B");
    while system::now() <= end {
        tokio::time::sleep(SECOND).await;
    }
    let activity = "/dashboard/teams/acme-widgets/activity?kind=Ends";
    let rows = |page: &str| page.split("<tbody>").nth(1).unwrap().matches("<tr>").count();
    let page = ada.get(activity).await.text;
    assert!(page.contains("set the end of the membership of user `vera@acme.com` in team `acme-widgets` to"), "{page}");
    assert_eq!(rows(&page), 1, "{page}");
    assert!(!ada.get(ACCESS).await.text.contains("vera@acme.com"), "it has ended");
    let operator = Actor::operator(system::now());
    world.server.transaction(|store| store.sweep_ends(operator)).unwrap();
    let page = ada.get(activity).await.text;
    let words = "swept what had ended: the membership of user `vera@acme.com` in team `acme-widgets` at";
    assert!(page.contains(words) && page.contains("<td>the platform</td>") && rows(&page) == 2, "{page}");
    let own = Visitor::of(&world, "vera").await.get("/dashboard/account/activity?about=you&kind=Ends").await.text;
    assert!(own.contains("swept what had ended"), "{own}");
    let past = ada.get(&format!("{ENDS}?on={then}")).await.text;
    assert!(past.contains("vera@acme.com") && past.contains("ends soon"), "{past}");
    assert!(!past.contains("name=\"operation\"") && !past.contains("class=\"pen\""), "{past}");
    let past = ada.get(&format!("{ACCESS}?on={then}")).await.text;
    assert!(row(&past, "vera@acme.com").contains("until <time"), "{past}");
    assert_eq!(ada.get(&format!("{ENDS}?on=1970-01-01")).await.status, 200);
    let gone = world.ask("ada", "PUT", vera, Value::Null).await;
    assert_eq!(gone.status, 404, "{gone:?}");
}
