//! The Access and Settings tabs, and the Enterprise Account: what their forms do, and where one is afterwards.

use enterprise_teams::{Actor, NewApp, demo::Demo, system};

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
    assert!(page.contains("added user <b>nobody@example.com</b>"), "{page}");
    let page = leads(&ada, ACCESS, "add-member", &[("user", "new@example.com"), ("role", "member")], ACCESS).await;
    assert!(page.contains("invited <b>new@example.com</b>"), "{page}");
    let refused = ada.submit(ACCESS, "add-member", &[("user", "joe@acme.com"), ("role", "viewer")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("is already") && refused.text.contains("value=\"joe@acme.com\""), "{refused:?}");
}

#[tokio::test]
async fn where_somebody_is_no_more_the_list_is_shown() {
    let world = world();
    let ada = Visitor::of(&world, "ada").await;
    let person = |email| format!("{ACCESS}/{}", world.user(email));
    let jill = person("jill@creativeinc.com");
    let page = leads(&ada, &jill, "remove-collaborator", &[], ACCESS).await;
    assert!(page.contains("removed user"), "{page}");
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
async fn apps_that_could_not_move_are_told_with_the_reason() {
    let Demo { mut store, ada, .. } = Demo::new().unwrap();
    for name in ["first-app", "second-app"] {
        store.create_app(ada, NewApp::personal().named(name.parse().unwrap())).unwrap();
    }
    let world = world_of(&store);
    let ada = Visitor::of(&world, "ada").await;
    let [key, operation] = ada.form(TRANSFER, "transfer-movable-apps").await;
    leads(&ada, TRANSFER, "transfer-movable-apps", &[("apps", "first-app")], TRANSFER).await;
    let late = [(key.0, &*key.1), (operation.0, &*operation.1), ("apps", "first-app"), ("apps", "second-app")];
    let reply = ada.post(TRANSFER, &late).await;
    let page = ada.get(reply.header("location").unwrap()).await.text;
    assert!(page.contains("1 app could not move:") && page.contains("already owns app <b>first-app</b>"), "{page}");
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
