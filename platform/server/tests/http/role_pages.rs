//! The dashboard's pages of roles of a team's own: what their forms do, where one is afterwards, and who sees what (ROLE-1, ROLE-2).

use std::time::Duration;

use axum::http::StatusCode;
use enterprise_teams::names::RoleName;
use enterprise_teams::{Actor, system};
use serde_json::{Value, json};

use crate::roles::{give, with_billing};
use crate::support::{Reply, Visitor, World, world};

const ACCESS: &str = "/dashboard/teams/acme-widgets/access";
const ROLES: &str = "/dashboard/teams/acme-widgets/access/roles";
const SETTINGS: &str = "/dashboard/teams/acme-widgets/settings";
const APP: &str = "/dashboard/apps/acme-website/access";
/// And a little more.
const SECOND: Duration = Duration::from_millis(1_100);

/// The id of this role of Acme's.
fn id_of(world: &World, name: &str) -> String {
    let store = world.server.store();
    let ada = Actor::user(world.user("ada@acme.com"), system::now());
    let team = store.team_id(ada, "acme-widgets".parse().unwrap()).unwrap();
    let name: RoleName = name.parse().unwrap();
    store.role_by_name(ada, team, name).unwrap().id().to_string()
}

fn page_of(world: &World, name: &str) -> String {
    format!("{ROLES}/{}", id_of(world, name))
}

fn person(world: &World, email: &str) -> String {
    format!("{ACCESS}/{}", world.user(email))
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

/// The row of a table that begins with this.
fn row<'p>(page: &'p str, who: &str) -> &'p str {
    let row = page.split("<tr>").find(|row| row.contains(&format!("<th scope=\"row\">{who}")));
    row.unwrap_or_else(|| panic!("{who}: {page}")).split("</tr>").next().unwrap()
}

#[tokio::test]
async fn a_role_from_its_making_to_its_end() {
    let world = world();
    let ada = Visitor::of(&world, "ada").await;
    let empty = ada.get(ROLES).await.text;
    assert!(empty.contains("no roles of its own yet") && empty.contains("aria-current=\"page\">Roles"), "{empty}");
    let boxes = control(&empty, "create-role");
    for offered in ["view-invoices", "manage-features", "view-roles", "deploy", "operate", "manage"] {
        assert!(boxes.contains(&format!("value=\"{offered}\"")), "{offered}: {boxes}");
    }
    for not in [
        "view-team",
        "view-preferences",
        "manage-spaces",
        "manage-users",
        "manage-roles",
        "delete-team",
        "manage-payments",
        "view",
    ] {
        assert!(!boxes.contains(&format!("value=\"{not}\"")), "{not}: {boxes}");
    }
    assert_eq!(boxes.matches("<fieldset class=\"checks\"").count(), boxes.matches("<legend>").count());

    let fields = [("name", "billing"), ("rights.capabilities", "view-invoices"), ("rights.capabilities", "view-usage")];
    let (role, page) = does(&ada, ROLES, "create-role", &fields).await;
    assert!(role == page_of(&world, "billing") && page.contains("created role `billing`"), "{page}");
    assert!(
        page.contains("Nobody has it.") && page.contains("view team, view preferences, view invoices, view usage"),
        "{page}"
    );
    let boxes = control(&page, "set-role-rights");
    assert!(
        boxes.contains("value=\"view-usage\" checked") && !boxes.contains("value=\"view-apps\" checked"),
        "{boxes}"
    );

    let fields = [("rights.capabilities", "view-invoices"), ("rights.permissions", "deploy")];
    let (at, page) = does(&ada, &role, "set-role-rights", &fields).await;
    assert!(at == role && page.contains("changed what role `billing` holds"), "{page}");
    let boxes = control(&page, "set-role-rights");
    for (value, is_checked) in [("deploy", true), ("view-apps", true), ("view-usage", false), ("operate", false)] {
        assert_eq!(boxes.contains(&format!("value=\"{value}\" checked")), is_checked, "{value}: {boxes}");
    }
    let (at, page) = does(&ada, &role, "rename-role", &[("name", "finance")]).await;
    assert!(at == role && page.contains("renamed role `billing` to `finance`"), "{page}");

    let vera = person(&world, "vera@acme.com");
    let (at, page) = does(&ada, &vera, "set-member-role", &[("role", &id_of(&world, "finance"))]).await;
    assert!(at == vera && page.contains("from viewer to `finance`"), "{page}");
    assert!(page.contains("<dt>Role</dt><dd><a") && page.contains(">finance</a>"), "{page}");
    let list = ada.get(ROLES).await.text;
    let counted = format!("<td class=\"number\"><a href=\"{ACCESS}?role={}\">1<span", id_of(&world, "finance"));
    assert!(list.contains(">finance</a>") && list.contains(&counted), "{list}");
    let page = ada.get(&role).await.text;
    assert!(page.contains(&format!("<a href=\"{vera}\">vera@acme.com</a>")), "{page}");
    let delete = control(&page, "delete-role");
    assert!(
        delete.contains("<fieldset disabled>") && delete.contains("is in use: members: `vera@acme.com`"),
        "{delete}"
    );

    let (_, page) = does(&ada, &vera, "set-member-role", &[("role", "viewer")]).await;
    assert!(page.contains("from `finance` to viewer"), "{page}");
    assert!(ada.get(ROLES).await.text.contains("<td class=\"number\">0</td>"));
    let (at, page) = does(&ada, &role, "delete-role", &[]).await;
    assert!(at == ROLES && page.contains("deleted role `finance`"), "{page}");
    assert_eq!(ada.get(&role).await.status, 404);
}

#[tokio::test]
async fn what_is_refused_is_told_at_the_field_or_the_form() {
    let world = with_billing().await;
    let ada = Visitor::of(&world, "ada").await;
    let role = page_of(&world, "billing");
    for (path, operation, fields, says) in [
        (ROLES, "create-role", ("name", "Not a name"), "malformed role name"),
        (ROLES, "create-role", ("name", "billing"), "the role name `billing` is taken"),
        (ROLES, "create-role", ("name", "admin"), "the role name `admin` is taken"),
        (&*role, "rename-role", ("name", "-"), "malformed role name"),
        (&*role, "rename-role", ("name", "billing"), "is already named `billing`"),
        (&*role, "set-role-rights", ("rights.capabilities", "view-invoices"), "already holds exactly this"),
        // What no form offers.
        (&*role, "set-role-rights", ("rights.capabilities", "manage-users"), "can include manage-users"),
        (SETTINGS, "set-default-role", ("role", "none"), "role"),
        (SETTINGS, "set-default-role", ("role", "00000000-0000-0000-0000-000000000000"), "find that role"),
    ] {
        let reply = ada.submit(path, operation, &[fields]).await;
        let alerts = reply.text.matches("role=\"alert\"").count();
        assert_eq!((reply.status, alerts), (422, 1), "{operation} {fields:?}: {reply:?}");
        let told = control(&reply.text, operation);
        assert!(told.contains(says), "{operation} {fields:?}: {told}");
    }
    // What was typed and ticked stays.
    let fields = [("name", "billing"), ("rights.capabilities", "view-usage"), ("rights.permissions", "operate")];
    let reply = ada.submit(ROLES, "create-role", &fields).await;
    let told = control(&reply.text, "create-role");
    for kept in ["value=\"billing\"", "value=\"view-usage\" checked", "value=\"operate\" checked"] {
        assert!(told.contains(kept), "{kept}: {told}");
    }
}

/// Members and viewers see what there is; what they may not do is there, disabled, with the reason.
#[tokio::test]
async fn controls_that_somebody_may_not_use_say_why() {
    let world = with_billing().await;
    let role = page_of(&world, "billing");
    let joe = Visitor::of(&world, "joe").await;
    let (list, page) = (joe.get(ROLES).await.text, joe.get(&role).await.text);
    assert!(page.contains("vera@acme.com") && page.contains("view team, view preferences, view invoices"), "{page}");
    for (page, operation) in
        [(&list, "create-role"), (&page, "rename-role"), (&page, "set-role-rights"), (&page, "delete-role")]
    {
        let control = control(page, operation);
        assert!(control.contains("<fieldset disabled>") && control.contains("ROLE-1"), "{operation}: {control}");
    }
    let refused = joe.submit(&role, "set-role-rights", &[("rights.permissions", "manage")]).await;
    assert!(refused.status == 422 || refused.status == 403, "{refused:?}");
    assert!(refused.text.contains("only admins can manage the roles"), "{refused:?}");
}

/// Wherever a role is chosen or shown, the team's own are there.
#[tokio::test]
async fn a_role_is_given_and_named_everywhere() {
    let world = with_billing().await;
    let ada = Visitor::of(&world, "ada").await;
    let billing = id_of(&world, "billing");
    let option = format!("<option value=\"{billing}\"");
    let joe = person(&world, "joe@acme.com");
    for (path, operation) in [(ACCESS, "add-member"), (&*joe, "set-member-role"), (SETTINGS, "set-default-role")] {
        let page = ada.get(path).await.text;
        let offered = control(&page, operation);
        assert!(offered.contains(&option) && offered.contains("<option value=\"viewer\""), "{offered}");
    }
    // Somebody new, somebody without an account, and the default.
    let (_, page) = does(&ada, ACCESS, "add-member", &[("user", "max@acme-inc.com"), ("role", &billing)]).await;
    assert!(page.contains("to team `acme-widgets` as `billing`"), "{page}");
    let (_, page) = does(&ada, ACCESS, "add-member", &[("user", "no@body.com"), ("role", &billing)]).await;
    assert!(row(&page, "no@body.com").contains("<td>billing</td>"), "{page}");
    let (_, page) = does(&ada, SETTINGS, "set-default-role", &[("role", &billing)]).await;
    assert!(page.contains("the default role of team `acme-widgets` to `billing`"), "{page}");
    assert!(control(&page, "set-default-role").contains(&format!("{option} selected>billing")), "{page}");
    // From one of the team's own back to a built-in one, by the same forms.
    let (_, page) = does(&ada, SETTINGS, "set-default-role", &[("role", "viewer")]).await;
    assert!(page.contains("to viewer"), "{page}");
    let max = person(&world, "max@acme-inc.com");
    let (_, page) = does(&ada, &max, "set-member-role", &[("role", "member")]).await;
    assert!(page.contains("from `billing` to member"), "{page}");

    let list = ada.get(ACCESS).await.text;
    assert!(row(&list, "vera@acme.com").contains(">billing</a>"), "{list}");
    assert!(list.contains("<option value=\"custom\">roles of its own</option>"), "{list}");
    let found = ada.get(&format!("{ACCESS}?role=custom")).await.text;
    let found = found.split("Pending invitations").next().unwrap();
    assert!(found.contains("vera@acme.com</th>") || row(found, "vera@acme.com").contains("billing"), "{found}");
    assert!(!found.contains("<th scope=\"row\">joe@acme.com"), "{found}");
    let matrix = ada.get(&format!("{ACCESS}/matrix")).await.text;
    assert!(matrix.contains("<td>billing</td>"), "{matrix}");
    let csv = ada.get(&format!("{ACCESS}/matrix.csv")).await.text;
    assert!(csv.contains("vera@acme.com,billing,"), "{csv}");

    // What she holds on every app, and why.
    let rights = json!({ "permissions": ["deploy"] });
    let path = "/x/teams/acme-widgets/roles/billing";
    assert_eq!(world.ask("ada", "PATCH", path, rights).await.status, 200);
    let on = ada.get(APP).await.text;
    assert!(row(&on, "vera@acme.com").contains("<td>role <a") && on.contains(">billing</a>"), "{on}");
    let vera = person(&world, "vera@acme.com");
    let why = ada.get(&format!("{vera}?may=push-code&app=acme-website")).await.text;
    assert!(why.contains("Allowed") && why.contains("holder of role `billing`"), "{why}");
    let why = ada.get(&format!("{vera}?can=create-apps")).await.text;
    assert!(why.contains("Refused") && why.contains("`billing`"), "{why}");
    let why = ada.get(&format!("{APP}?who=vera@acme.com&action=delete-app")).await.text;
    assert!(why.contains("May not") && why.contains("`billing`"), "{why}");
    let account = ada.get("/dashboard/accounts/acme-corp/people?role=custom").await;
    assert_eq!(account.status, 200, "{account:?}");
}

/// Who has which role of the team's own: by a filter on the Access tab and in the matrix, by which one also comes from the role.
#[tokio::test]
async fn the_people_of_a_team_by_one_of_its_own_roles() {
    let world = with_billing().await;
    let body = json!({ "name": "releases", "permissions": ["deploy"] });
    world.does("ada", "POST", "/x/teams/acme-widgets/roles", body, StatusCode::CREATED).await;
    give(&world, "max@acme-inc.com", "releases").await;
    let ada = Visitor::of(&world, "ada").await;
    let (billing, releases) = (id_of(&world, "billing"), id_of(&world, "releases"));
    let everybody = ["ada@acme.com", "joe@acme.com", "max@acme-inc.com", "vera@acme.com"];
    for (by, filter, found) in [
        (&ada, format!("role={billing}"), &["vera@acme.com"][..]),
        (&ada, format!("role={releases}"), &["max@acme-inc.com"]),
        (&ada, "role=custom".to_owned(), &["max@acme-inc.com", "vera@acme.com"]),
        (&ada, format!("role={releases}&filter=max"), &["max@acme-inc.com"]),
        (&ada, format!("role={releases}&filter=vera"), &[]),
        (&ada, "role=00000000-0000-0000-0000-000000000000".to_owned(), &[]),
        (&ada, "role=billing".to_owned(), &everybody),
    ] {
        for list in ["", "/matrix"] {
            let page = by.get(&format!("{ACCESS}{list}?{filter}")).await.text;
            let list = page.split("id=\"list\"").nth(1).unwrap().split("Pending invitations").next().unwrap();
            for who in everybody {
                let is_there = list.contains(who);
                assert_eq!(is_there, found.contains(&who), "{filter}: {who}: {list}");
            }
            assert_eq!(list.contains("Nobody here is like that."), found.is_empty(), "{filter}: {list}");
        }
    }
    let page = ada.get(&format!("{ACCESS}?role={billing}")).await.text;
    assert!(page.contains(&format!("<option value=\"{billing}\" selected>role billing</option>")), "{page}");
    assert!(page.contains(&format!("<option value=\"{releases}\">role releases</option>")), "{page}");
    // Who sees the people sees the roles, and has each to filter by.
    let rights = json!({ "capabilities": ["view-users"] });
    assert_eq!(world.ask("ada", "PATCH", "/x/teams/acme-widgets/roles/billing", rights).await.status, 200);
    let vera = Visitor::of(&world, "vera").await;
    let own = vera.get(&format!("{ACCESS}?role={billing}")).await.text;
    assert!(own.contains("role billing</option>") && own.contains("role releases</option>"), "{own}");
    assert!(row(&own, "vera@acme.com").contains(">billing</a>"), "{own}");
    let other = vera.get(&format!("{ACCESS}?role={releases}")).await.text;
    assert!(other.contains("max@acme-inc.com") && row(&other, "max@acme-inc.com").contains(">releases</a>"), "{other}");
}

/// Whoever has such a role finds their way with it, also where it shows little.
#[tokio::test]
async fn whoever_has_one_sees_what_it_shows() {
    let world = with_billing().await;
    let vera = Visitor::of(&world, "vera").await;
    let team = "/dashboard/teams/acme-widgets";
    let home = vera.get("/dashboard").await.text;
    assert!(home.contains("<span class=\"badge\">billing</span>") && home.contains("acme-widgets"), "{home}");
    assert!(vera.get("/dashboard/account").await.text.contains("<td>billing</td>"));
    for tab in ["apps", "spaces", "access", "resources", "usage", "settings", "activity"] {
        let page = vera.get(&format!("{team}/{tab}")).await;
        assert_eq!(page.status, 200, "{tab}: {page:?}");
        assert!(
            page.text.contains("Enterprise Team, <a") && page.text.contains(">billing</a>"),
            "{tab}: {}",
            page.text
        );
    }
    let apps = vera.get(&format!("{team}/apps")).await.text;
    assert!(apps.contains("card denied") && !apps.contains("acme-website"), "{apps}");
    let own = vera.get(&page_of(&world, "billing")).await.text;
    assert!(own.contains("view team, view preferences, view invoices") && !own.contains(">joe@acme.com<"), "{own}");
    assert_eq!(vera.get(ROLES).await.status, 403);
    assert!(!own.contains("Every role") && own.contains(&format!("href=\"{ACCESS}\">Everybody in the team")), "{own}");
    let herself = vera.get(&person(&world, "vera@acme.com")).await.text;
    assert!(herself.contains("<dt>Role</dt><dd><a"), "{herself}");
    // With more in the role there is more to see, at once.
    let rights = json!({ "capabilities": ["view-apps", "view-users", "view-groups"] });
    assert_eq!(world.ask("ada", "PATCH", "/x/teams/acme-widgets/roles/billing", rights).await.status, 200);
    let apps = vera.get(&format!("{team}/apps")).await.text;
    assert!(apps.contains("acme-website"), "{apps}");
    let access = vera.get(ACCESS).await.text;
    assert!(access.contains(">Groups</a>") && access.contains(">Roles</a>"), "{access}");
    let app = vera.get("/dashboard/apps/acme-website").await.text;
    assert!(app.contains("<dd>role <a") && app.contains(">billing</a>"), "{app}");
    // She leaves as from any other.
    let (_, page) = does(&vera, &person(&world, "vera@acme.com"), "remove-member", &[]).await;
    assert!(!page.contains("acme-widgets/apps"), "{page}");
}

/// Standard teams have none: no page of theirs speaks of them. Nor does one of a team that uses none but for where they are made.
#[tokio::test]
async fn nothing_of_roles_where_there_are_none() {
    let world = world();
    let (sam, ada) = (Visitor::of(&world, "sam").await, Visitor::of(&world, "ada").await);
    let team = "/dashboard/teams/acme-inc";
    let of_team = ["apps", "access", "access/matrix", "resources", "usage", "settings", "activity"];
    let mut pages: Vec<String> = of_team.iter().map(|tab| format!("{team}/{tab}")).collect();
    pages.push(format!("{team}/access/{}", world.user("max@acme-inc.com")));
    let of_app = ["", "/access", "/resources", "/settings", "/activity"];
    pages.extend(of_app.iter().map(|tab| format!("/dashboard/apps/frozen-wave-4030{tab}")));
    for path in &pages {
        let page = sam.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        for word in ["view roles", "manage roles", "access/roles", "own</option>", "custom"] {
            assert!(!page.text.contains(word), "{path}: {word}: {}", page.text);
        }
    }
    for path in [format!("{team}/access/roles"), format!("{team}/access/roles/billing")] {
        assert_eq!(sam.get(&path).await.status, 404, "{path}");
    }
    for path in [ACCESS, SETTINGS, APP, "/dashboard/accounts/acme-corp/people"] {
        let page = ada.get(path).await;
        assert!(page.status == 200 && !page.text.contains("custom"), "{path}: {}", page.text);
    }
}

/// Who is outside is told the same of a role as of none.
#[tokio::test]
async fn a_role_that_is_hidden_is_as_none() {
    let world = with_billing().await;
    let role = page_of(&world, "billing");
    let none = format!("{ROLES}/00000000-0000-0000-0000-000000000000");
    for (who, status) in [("nobody", 404), ("sam", 404), ("jill", 403)] {
        let visitor = Visitor::of(&world, who).await;
        let list = visitor.get(ROLES).await;
        assert_eq!(list.status, status, "{who}: {list:?}");
        for page in [&role, &format!("{ROLES}/billing")] {
            let (there, not) = (visitor.get(page).await, visitor.get(&none).await);
            assert_eq!((there.status, there.text.replace(page, "")), (status, not.text.replace(&none, "")), "{who}");
            assert!(!there.text.contains("billing") && !there.text.contains("vera@acme.com"), "{who}: {there:?}");
        }
    }
    // On the app, which jill and vera are on, jill does not learn which role it is.
    let jill = Visitor::of(&world, "jill").await;
    assert!(!jill.get(APP).await.text.contains("billing"));
    let path = "/teams/apps/acme-website/collaborators/jill@creativeinc.com";
    assert_eq!(world.ask("ada", "PATCH", path, json!({ "permissions": ["manage"] })).await.status, 200);
    let body = json!({ "user": "vera@acme.com", "permissions": ["deploy"] });
    assert_eq!(world.ask("ada", "POST", "/teams/apps/acme-website/collaborators", body).await.status, 201);
    let page = jill.get(APP).await.text;
    assert!(row(&page, "vera@acme.com").contains("a role of the team's own") && !page.contains("billing"), "{page}");
    // Somebody who is invited to it learns that it is one.
    let body = json!({ "email": "nobody@example.com", "role": "billing" });
    assert_eq!(world.ask("ada", "PUT", "/x/teams/acme-widgets/invitations", body).await.status, 200);
    let own = Visitor::of(&world, "nobody").await.get("/dashboard/account").await.text;
    assert!(own.contains(", as a role of the team's own") && !own.contains("billing"), "{own}");
}

/// What happened to roles stands in the log, as sentences, as a kind of its own, and as it was on a day.
#[tokio::test]
async fn the_log_and_the_past() {
    let world = with_billing().await;
    let ada = Visitor::of(&world, "ada").await;
    let path = "/x/teams/acme-widgets/roles/billing";
    let body = json!({ "name": "finance", "permissions": ["deploy"] });
    assert_eq!(world.ask("ada", "PATCH", path, body).await.status, 200);
    give(&world, "vera@acme.com", "viewer").await;
    let role = page_of(&world, "finance");
    give(&world, "vera@acme.com", "finance").await;
    // What happens has a time in whole seconds.
    tokio::time::sleep(SECOND).await;
    let now = system::now().to_rfc3339().replace('+', "%2B");
    tokio::time::sleep(SECOND).await;
    give(&world, "vera@acme.com", "viewer").await;
    assert_eq!(world.ask("ada", "DELETE", "/x/teams/acme-widgets/roles/finance", Value::Null).await.status, 200);

    let page = ada.get("/dashboard/teams/acme-widgets/activity?kind=Roles+of+a+team%27s+own").await.text;
    for says in [
        "created role `billing` in team `acme-widgets`",
        "renamed role `billing` to `finance`",
        "on every app from",
        "deleted role `finance`",
    ] {
        assert!(page.contains(says), "{says}: {page}");
    }
    assert_eq!(page.split("<tbody>").nth(1).unwrap().matches("<tr>").count(), 4, "{page}");
    let all = ada.get("/dashboard/teams/acme-widgets/activity").await.text;
    assert!(all.contains("from viewer to `billing`") && all.contains("from `finance` to viewer"), "{all}");

    assert_eq!(ada.get(&role).await.status, 404);
    let then = ada.get(&format!("{role}?on={now}")).await.text;
    assert!(then.contains("vera@acme.com") && then.contains("view team"), "{then}");
    assert!(!then.contains("name=\"operation\"") && !then.contains("Delete"), "{then}");
    for link in then.split("href=\"/dashboard/teams/").skip(1) {
        let (to, called) = link.split_once("\">").unwrap();
        assert!(to.contains("on=") || called.starts_with("As it is now"), "{link}");
    }
    let before = ada.get(&format!("{ROLES}?on=1970-01-01")).await.text;
    assert!(before.contains("no roles of its own yet") && !before.contains("Create role"), "{before}");
}
