//! The dashboard's pages as they were, forms that are too large, and how many sessions somebody has.

use axum::body::Body;
use axum::http::Request;
use axum::http::request::Parts;
use enterprise_teams::demo::{self, Demo};
use enterprise_teams::entity::OAuthAccess;
use enterprise_teams::ids::ClientId;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{Actor, NewApp, Operation, Stage, TeamId, system};
use platform_server::{ByToken, NewToken, Server, SignIn, SignedIn};
use serde_json::{Value, json};

use crate::support::{Visitor, World, world, world_as, world_of};

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

/// A pipeline of one's own is one's own, also in the past; whoever is on one of its apps sees it as it is.
#[tokio::test]
async fn the_past_of_a_personal_pipeline_is_its_owners() {
    let Demo { mut store, joe, ada, .. } = Demo::new().unwrap();
    let app = store.create_app(joe, NewApp::personal().named("joes-own".parse().unwrap())).unwrap();
    store.add_collaborator(joe, app, demo::id(ada)).unwrap();
    let pipeline = store.create_pipeline(joe, demo::id(joe), "joes-flow".parse().unwrap()).unwrap();
    store.couple_app(joe, pipeline, app, Stage::Staging).unwrap();
    let world = world_of(&store);
    let page = format!("/dashboard/pipelines/{pipeline}");
    for (who, then) in [("joe", 200), ("ada", 404)] {
        let visitor = Visitor::of(&world, who).await;
        assert_eq!(visitor.get(&page).await.status, 200, "{who}");
        assert_eq!(visitor.get(&format!("{page}{THEN}")).await.status, then, "{who}");
    }
}

/// A team that shuts a third-party client out is not to be seen by it as it was before (SEC-1).
#[tokio::test]
async fn a_third_party_sees_nothing_of_the_past_of_its_user() {
    let world = world();
    let joe = world.user("joe@acme.com");
    let client = Some(ClientId::from_uuid(Uuid::from_u128(7)));
    let new = NewToken { user: joe, client, description: String::new(), lasts: None };
    let (_, token) = world.server.tokens().issue(new, system::now()).unwrap();
    let deny = Operation::SetOAuthAccess { team: team(&world, "acme-widgets"), access: OAuthAccess::Denied };
    let ada = Actor::user(world.user("ada@acme.com"), system::now());
    world.server.transaction(|store| store.perform(ada, &deny)).unwrap();
    let by_client = Visitor::with_token(&world, &token).await;
    let now = by_client.get("/dashboard").await;
    assert!(now.status == 200 && !now.text.contains("acme-widgets"), "{now:?}");
    for page in ["/dashboard", "/dashboard/account", "/dashboard/account/activity"] {
        let then = by_client.get(&format!("{page}{THEN}")).await;
        assert!(then.status == 404 && !then.text.contains("acme-widgets"), "{page}: {then:?}");
    }
}

fn team(world: &World, name: &str) -> TeamId {
    world.server.store().team_by_name(Actor::operator(system::now()), name.parse().unwrap()).unwrap().id()
}

/// What a form carries besides what is typed has room for the longest certificate.
#[tokio::test]
async fn the_longest_certificate_is_replaced_by_a_form() {
    let world = world();
    let ada = Visitor::of(&world, "ada").await;
    let settings = "/dashboard/teams/acme-widgets/settings";
    let lines = format!("{}\n", "A".repeat(64)).repeat(250);
    let pem = format!("-----BEGIN CERTIFICATE-----\n{lines}-----END CERTIFICATE-----");
    assert!(pem.len() > 16_000);
    for url in ["https://one.example.com", "https://two.example.com"] {
        let fields = [("provider.entity_id", "acme"), ("provider.sign_in_url", url), ("provider.certificate", &*pem)];
        let reply = ada.submit(settings, "set-identity-provider", &fields).await;
        assert_eq!(reply.status, 303, "{reply:?}");
        assert!(ada.get(settings).await.text.contains(url));
    }
}

/// A host that signs people in.
#[derive(Debug)]
struct Elsewhere;

impl SignIn for Elsewhere {
    fn sign_in<'r>(&'r self, server: &'r Server, request: &'r Parts) -> SignedIn<'r> {
        ByToken.sign_in(server, request)
    }

    fn sign_in_page(&self) -> Option<&str> {
        Some("https://id.example.com/")
    }
}

/// Browsers follow a form to no other host: so it is told, and not led.
#[tokio::test]
async fn a_form_is_not_led_to_another_host() {
    let world = world_as("http://server", |server| server.with_sign_in(Elsewhere));
    let apps = "/dashboard/teams/acme-widgets/apps";
    let ask = |method, token: Option<&str>| {
        let request = Request::builder().method(method).uri(apps).header("host", "server");
        let request = match token {
            Some(token) => request.header("authorization", format!("Bearer {token}")),
            None => request,
        };
        world.send(request.body(Body::empty()).unwrap())
    };
    let asked = ask("GET", None).await;
    let sign_in = "https://id.example.com/?next=%2Fdashboard%2Fteams%2Facme-widgets%2Fapps";
    assert_eq!((asked.status, asked.header("location")), (303, Some(sign_in)));
    let sent = ask("POST", None).await;
    assert!(sent.status == 401 && sent.header("location").is_none() && sent.text.contains(sign_in), "{sent:?}");
    let page = ask("GET", Some(world.token("joe"))).await;
    assert!(page.status == 200 && !page.text.contains("Sign out"), "{page:?}");
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
    let long = format!("{operation}{}", " ".repeat(70_000));
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
    let back = "href=\"/dashboard/sign-in?next=%2Fdashboard%2Fteams%2Facme-widgets%2Fapps\"";
    assert!(page.status == 401 && page.text.contains(back) && page.text.contains("Nothing was done"), "{page:?}");
}

#[tokio::test]
async fn plain_http_does_not_speak_for_a_host_with_tls() {
    let world = world_as("https://server", |server| server);
    let sign_in = |origin: &'static str| {
        let request = Request::builder().method("POST").uri("/dashboard/sign-in").header("host", "server");
        let request = request.header("origin", origin).header("content-type", "application/x-www-form-urlencoded");
        request.body(Body::from(format!("token={}", world.token("joe")))).unwrap()
    };
    assert_eq!(world.send(sign_in("http://server")).await.status, 403);
    assert_eq!(world.send(sign_in("https://server")).await.status, 303);
}
