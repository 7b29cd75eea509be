//! The dashboard's pages as they were, forms that are too large, and how many sessions somebody has.

use serde_json::{Value, json};

use crate::support::{Visitor, World, world, world_as};

const ACCESS: &str = "/dashboard/teams/acme-widgets/access";
/// A day on which everything of the sample was there.
const THEN: &str = "?on=1970-01-01";

async fn role(world: &World, email: &str, role: &str) {
    let body = json!({ "email": email, "role": role });
    assert_eq!(world.ask("ada", "PATCH", "/teams/acme-widgets/members", body).await.status, 200);
}

/// The past is part of the audit log: it is for who may read that today, whatever they were then.
#[tokio::test]
async fn the_past_is_for_who_may_read_the_log_today() {
    let world = world();
    let (ada, joe, jill) =
        (Visitor::of(&world, "ada").await, Visitor::of(&world, "joe").await, Visitor::of(&world, "jill").await);
    let then = format!("{ACCESS}{THEN}");
    let page = ada.get(&then).await;
    assert!(page.status == 200 && page.text.contains("vera@acme.com"), "{page:?}");
    assert!(page.text.contains("As it was on") && !page.text.contains("name=\"operation\""), "{page:?}");

    assert_eq!((joe.get(ACCESS).await.status, joe.get(&then).await.status), (200, 403), "a member reads no log");
    role(&world, "joe@acme.com", "admin").await;
    assert_eq!(joe.get(&then).await.status, 200, "an admin of today, as the member that he was");
    role(&world, "joe@acme.com", "member").await;
    assert_eq!(joe.get(&then).await.status, 403, "no admin any more");
    let removed = world.ask("ada", "DELETE", "/teams/acme-widgets/members/joe@acme.com", Value::Null).await;
    assert_eq!(removed.status, 200, "{removed:?}");
    for page in ["/apps", "/spaces", "/access", "/resources", "/usage", "/settings", "/activity"] {
        let page = format!("/dashboard/teams/acme-widgets{page}");
        let (now, then) = (joe.get(&page).await, joe.get(&format!("{page}{THEN}")).await);
        assert_eq!((now.status, then.status), (404, 404), "{page}");
        assert!(!then.text.contains("vera@acme.com") && !then.text.contains("acme-website"), "{then:?}");
    }
    for page in ["", "/access", "/settings"] {
        let page = format!("/dashboard/apps/acme-website{page}{THEN}");
        assert_eq!((ada.get(&page).await.status, jill.get(&page).await.status), (200, 403), "{page}");
    }
    assert_eq!(joe.get(&format!("/dashboard{THEN}")).await.status, 200, "what was one's own is");
}

#[tokio::test]
async fn what_is_to_come_is_no_past() {
    let world = world();
    let page = Visitor::of(&world, "ada").await.get(&format!("{ACCESS}?on=2999-01-01")).await;
    assert!(
        page.status == 200 && page.text.contains("As it was on") && !page.text.contains("datetime=\"2999"),
        "{page:?}"
    );
}

#[tokio::test]
async fn a_form_with_more_than_an_operation_has_does_nothing() {
    let world = world();
    let ada = Visitor::of(&world, "ada").await;
    let apps = "/dashboard/teams/acme-widgets/apps";
    let seq = world.server.store().seq();
    let names: Vec<String> = (0..20_000).map(|number| format!("f{number}")).collect();
    let fields: Vec<(&str, &str)> = names.iter().map(|name| (&**name, "")).collect();
    let reply = ada.submit(apps, "create-app", &fields).await;
    assert!(reply.status == 422 && reply.text.contains("too many fields"), "{}", reply.status);
    let [(_, key), (_, operation), _] = ada.form(apps, "create-app").await;
    let long = format!("{operation}{}", " ".repeat(20_000));
    assert_eq!(ada.post(apps, &[("key", &key), ("operation", &long)]).await.status, 422);
    assert_eq!(world.server.store().seq(), seq);
    assert_eq!(ada.post(apps, &[("key", &key), ("operation", &operation)]).await.status, 303, "that alone was it");
}

#[tokio::test]
async fn sessions_make_room_for_sessions() {
    let world = world();
    let ada = world.user("ada@acme.com");
    let before = world.server.tokens().of(ada).len();
    let first = Visitor::of(&world, "ada").await;
    for _ in 0..20 {
        Visitor::of(&world, "ada").await;
    }
    assert_eq!(world.server.tokens().of(ada).len(), before + 20, "and other tokens stay");
    assert_eq!(first.get("/dashboard").await.status, 303, "the oldest has ended");
    let page = first.post("/dashboard/teams/acme-widgets/apps", &[]).await;
    let back = "/dashboard/sign-in?next=%2Fdashboard%2Fteams%2Facme-widgets%2Fapps";
    assert_eq!(page.header("location"), Some(back), "a form leads back to its page");
}

#[tokio::test]
async fn plain_http_does_not_speak_for_a_host_with_tls() {
    let world = world_as("https://server", |server| server);
    let sign_in = |origin: &'static str| {
        let request = axum::http::Request::builder().method("POST").uri("/dashboard/sign-in").header("host", "server");
        let request = request.header("origin", origin).header("content-type", "application/x-www-form-urlencoded");
        request.body(axum::body::Body::from(format!("token={}", world.token("joe")))).unwrap()
    };
    assert_eq!(world.send(sign_in("http://server")).await.status, 403);
    assert_eq!(world.send(sign_in("https://server")).await.status, 303);
}
