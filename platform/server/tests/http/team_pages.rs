//! The Access and Settings tabs, and the Enterprise Account: what their forms do, and where one is afterwards.

use axum::http::StatusCode;
use enterprise_teams::demo::{self, Demo};
use enterprise_teams::{Actor, NewApp, PermissionSet, system};
use serde_json::json;

use crate::support::{Visitor, world, world_of};

const ACCESS: &str = "/dashboard/teams/acme-widgets/access";
const TRANSFER: &str = "/dashboard/teams/acme-widgets/settings/transfer";

/// Sends the form of a page that has this operation, with these fields; what the page says that it leads to.
async fn leads(by: &Visitor<'_>, path: &str, operation: &str, fields: &[(&str, &str)], to: &str) -> String {
    let reply = by.submit(path, operation, fields).await;
    let location = reply.header("location").unwrap_or_else(|| panic!("{reply:?}"));
    assert_eq!(location.split('?').next(), Some(to));
    by.get(location).await.text
}

#[tokio::test]
async fn who_has_an_account_is_added_and_everybody_else_is_invited() {
    let world = world();
    let ada = Visitor::of(&world, "ada").await;
    let fields = [("user", "nobody@example.com"), ("role", "viewer")];
    let page = leads(&ada, ACCESS, "add-member", &fields, ACCESS).await;
    assert!(page.contains("added user `nobody@example.com`"), "{page}");
    let page = leads(&ada, ACCESS, "add-member", &[("user", "new@example.com"), ("role", "member")], ACCESS).await;
    assert!(page.contains("invited `new@example.com`"), "{page}");
    let refused = ada.submit(ACCESS, "add-member", &[("user", "joe@acme.com"), ("role", "viewer")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("is already") && refused.text.contains(">joe@acme.com</textarea>"), "{refused:?}");
}

#[tokio::test]
async fn where_somebody_is_no_more_the_list_is_shown() {
    let world = world();
    let ada = Visitor::of(&world, "ada").await;
    let person = |email| format!("{ACCESS}/{}", world.user(email));
    // Of whose apps one was on the second page: the list of people is asked from its beginning.
    let jill = format!("{}?after=app:acme", person("jill@creativeinc.com"));
    let page = leads(&ada, &jill, "remove-collaborator", &[], ACCESS).await;
    assert!(page.contains("removed user") && page.contains("joe@acme.com"), "{page}");
    let joe = person("joe@acme.com");
    leads(&ada, &joe, "set-member-role", &[("role", "viewer")], &joe).await;
    leads(&ada, &joe, "remove-member", &[], ACCESS).await;
    let teams = "/dashboard/accounts/acme-corp/teams";
    let actor = Actor::user(world.user("ada@acme.com"), system::now());
    let ops = world.server.store().team_id(actor, "acme-ops".parse().unwrap()).unwrap();
    leads(&ada, &format!("{teams}/{ops}"), "delete-team", &[], teams).await;
    // Who leaves sees the team no more.
    let vera = Visitor::of(&world, "vera").await;
    leads(&vera, &person("vera@acme.com"), "remove-member", &[], "/dashboard").await;
}

#[tokio::test]
async fn a_team_stands_under_its_own_account() {
    let mut store = platform_server::demo().unwrap();
    let operator = Actor::operator(system::now());
    let ada = store.user_id(&"ada@acme.com".parse().unwrap()).unwrap();
    store.open_account(operator, "other-corp".parse().unwrap(), ada).unwrap();
    let world = world_of(&store);
    let ada = Visitor::of(&world, "ada").await;
    for (account, status) in [("acme-corp", 200), ("other-corp", 404)] {
        let page = format!("/dashboard/accounts/{account}/teams/acme-labs");
        assert_eq!(ada.get(&page).await.status, status, "{account}");
    }
}

#[tokio::test]
async fn a_page_behind_the_last_leads_back() {
    let world = world();
    let ada = Visitor::of(&world, "ada").await;
    let lists = [
        (ACCESS, "after=email:zoe@acme.com"),
        (ACCESS, "invited=email:zoe@acme.com"),
        ("/dashboard/teams/acme-widgets/access/matrix", "after=email:zoe@acme.com"),
        ("/dashboard/teams/acme-widgets/access/matrix", "apps=app:zzz"),
        ("/dashboard/teams/acme-widgets/activity", "after=event:1"),
        ("/dashboard/teams/acme-labs/spaces", "after=space:zzz"),
        ("/dashboard/spaces/labs-space", "apps=app:zzz"),
        ("/dashboard/accounts/acme-corp/teams", "after=team:zzz"),
        ("/dashboard/accounts/acme-corp/access", "after=email:zoe@acme.com"),
        ("/dashboard/apps/acme-website/access", "after=email:zoe@acme.com"),
        ("/dashboard", "after=team:zzz"),
    ];
    for (path, asked) in lists {
        let page = ada.get(&format!("{path}?{asked}")).await.text;
        assert!(page.contains("There is no more."), "{path}: {page}");
        assert!(page.contains("First page") || page.contains("First apps"), "{path}: {page}");
    }
}

#[tokio::test]
async fn whoever_gets_into_no_team_is_not_led_there() {
    let Demo { mut store, ada, jill, acme, .. } = Demo::new().unwrap();
    let second = store.create_app(ada, NewApp::in_team(acme).named("second-app".parse().unwrap())).unwrap();
    store.grant_permissions(ada, second, demo::id(jill), PermissionSet::VIEW).unwrap();
    let world = world_of(&store);
    let jill = Visitor::of(&world, "jill").await;
    let app = jill.get("/dashboard/apps/acme-website").await.text;
    assert!(
        app.contains("App of acme-widgets") && !app.contains("href=\"/dashboard/teams/acme-widgets/apps\""),
        "{app}"
    );
    leads(&jill, "/dashboard/apps/acme-website", "remove-collaborator", &[], "/dashboard").await;
}

/// A collaborator sees the preferences of a Standard team, and is refused what the API refuses them.
#[tokio::test]
async fn a_collaborator_of_a_standard_team_is_refused_its_lists() {
    let world = world();
    let body = json!({ "user": "jill@creativeinc.com" });
    world.does("sam", "POST", "/apps/frozen-wave-4030/collaborators", body, StatusCode::CREATED).await;
    let jill = Visitor::of(&world, "jill").await;
    for (tab, api, status) in [("apps", "/apps", 403), ("resources", "/addons", 403), ("settings", "/preferences", 200)]
    {
        let page = jill.get(&format!("/dashboard/teams/acme-inc/{tab}")).await;
        let told = world.get("jill", &format!("/teams/acme-inc{api}")).await;
        assert_eq!((page.status, told.status), (status, status), "{tab}: {page:?}");
    }
}

#[tokio::test]
async fn nobody_is_added_to_a_full_team() {
    let world = world();
    let ada = Visitor::of(&world, "ada").await;
    let access = "/dashboard/teams/acme-ops/access";
    let add = |page: String| {
        page.split("<div class=\"control ").find(|part| part.starts_with("add-member")).unwrap().to_owned()
    };
    assert!(add(ada.get(access).await.text).contains("<fieldset>"));
    leads(&ada, access, "add-member", &[("user", "joe@acme.com"), ("role", "member")], access).await;
    let full = add(ada.get(access).await.text);
    assert!(full.contains("<fieldset disabled>") && full.contains("Why?"), "{full}");
}

#[tokio::test]
async fn the_log_of_a_team_is_of_its_own_apps_and_of_the_time_that_is_shown() {
    let world = world();
    let ada = Visitor::of(&world, "ada").await;
    let activity = "/dashboard/teams/acme-labs/activity";
    for app in ["acme-website", "no-such-app"] {
        let page = ada.get(&format!("{activity}?app={app}")).await;
        assert!(page.status == 200 && page.text.contains("name=\"app\""), "{page:?}");
        assert!(page.text.contains("find that app") && !page.text.contains("table class=\"log\""), "{page:?}");
        assert_eq!(ada.get(&format!("{activity}.csv?app={app}")).await.status, 404);
    }
    let now = system::now().to_rfc3339_opts(enterprise_teams::chrono::SecondsFormat::Secs, true);
    let page = ada.get(&format!("{activity}?on={now}")).await.text;
    assert!(page.contains(&format!("<input type=\"hidden\" name=\"on\" value=\"{now}\">")), "{page}");
    // What one did, or what was done to one.
    let joe = Visitor::of(&world, "joe").await;
    let (did, concerns) = (
        joe.get("/dashboard/account/activity").await.text,
        joe.get("/dashboard/account/activity?about=you").await.text,
    );
    assert!(
        did.contains("Nothing of that kind happened.") && concerns.contains("<table class=\"log\">"),
        "{did} {concerns}"
    );
}

#[tokio::test]
async fn apps_that_could_not_move_are_told_with_the_reason() {
    let Demo { mut store, ada, .. } = Demo::new().unwrap();
    for name in ["first-app", "second-app"] {
        store.create_app(ada, NewApp::personal().named(name.parse().unwrap())).unwrap();
    }
    let world = world_of(&store);
    let ada = Visitor::of(&world, "ada").await;
    let [key, operation, _] = ada.form(TRANSFER, "transfer-movable-apps").await;
    leads(&ada, TRANSFER, "transfer-movable-apps", &[("apps", "first-app")], TRANSFER).await;
    let late = [(key.0, &*key.1), (operation.0, &*operation.1), ("apps", "first-app"), ("apps", "second-app")];
    let reply = ada.post(TRANSFER, &late).await;
    let page = ada.get(reply.header("location").unwrap()).await.text;
    assert!(page.contains("1 app could not move:") && page.contains("already owns app `first-app`"), "{page}");
    assert!(ada.get(TRANSFER).await.text.contains("You see no app that is not this team's already."));
}

#[tokio::test]
async fn the_matrix_is_a_file_too_for_whoever_sees_the_list() {
    let world = world();
    let file = format!("{ACCESS}/matrix.csv");
    let reply = Visitor::of(&world, "vera").await.get(&file).await;
    assert_eq!(reply.header("content-type"), Some("text/csv; charset=utf-8"));
    assert!(reply.text.contains("\r\njill@creativeinc.com,collaborator,MFA off,view\r\n"), "{reply:?}");
    let refused = Visitor::of(&world, "jill").await.get(&file).await;
    assert_eq!((refused.status, refused.header("content-type")), (403, Some("text/html; charset=utf-8")));
}
