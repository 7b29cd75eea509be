//! The dashboard: who is let in, for how long, and what its forms refuse.

use std::collections::BTreeMap;
use std::future::ready;
use std::time::Duration;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Request};
use enterprise_teams::chrono::TimeDelta;
use enterprise_teams::entity::OAuthAccess;
use enterprise_teams::ids::ClientId;
use enterprise_teams::query::{AuditFilter, AuditScope, collect_pages};
use enterprise_teams::report::Table;
use enterprise_teams::{Actor, ActorKind, TeamStore, UserId, system, uuid::Uuid};
use enterprise_teams_platform_api::{ErrorId, Fault, find};
use platform_server::{NewToken, Server, SignIn, SignedIn};

use crate::support::{Reply, World, request_with, world, world_as, world_with};

const SIGN_IN: &str = "/dashboard/sign-in";
const APPS: &str = "/dashboard/teams/acme-widgets/apps";

/// What a browser keeps and sends: cookies, and where a form comes from.
struct Browser<'w> {
    world: &'w World,
    cookies: BTreeMap<String, String>,
    headers: Vec<(&'static str, String)>,
}

impl<'w> Browser<'w> {
    fn new(world: &'w World) -> Self {
        Self { world, cookies: BTreeMap::new(), headers: Vec::new() }
    }

    /// Signed in with a token of this user.
    async fn of(world: &'w World, who: &str) -> Self {
        Self::with_token(world, world.token(who)).await
    }

    async fn with_token(world: &'w World, token: &str) -> Self {
        let mut browser = Self::new(world);
        let reply = browser.post(SIGN_IN, &[("token", token)]).await;
        assert_eq!((reply.status, reply.header("location")), (303, Some("/dashboard")), "{reply:?}");
        browser
    }

    /// The same browser, whose next requests have this header too.
    fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(named, _)| *named != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    async fn send(&mut self, method: &str, path: &str, body: String) -> Reply {
        let mut request = Request::builder().method(method).uri(path).header("host", "server");
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if method == "POST" {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        let reply = self.world.send(request.body(Body::from(body)).unwrap()).await;
        for set in set_cookies(&reply.headers) {
            let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        reply
    }

    async fn get(&mut self, path: &str) -> Reply {
        self.send("GET", path, String::new()).await
    }

    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send("POST", path, body).await
    }

    /// The form of a page that creates an app, with this name.
    async fn create_app(&mut self, name: &str) -> Reply {
        let page = self.get(APPS).await;
        let (key, operation) = form(&page.text, "create-app");
        let control = ("control", "Create app");
        self.post(APPS, &[("key", &key), ("operation", &operation), control, ("app.name", name)]).await
    }

    async fn is_signed_in(&mut self) -> bool {
        let reply = self.get("/dashboard").await;
        assert!(reply.status == 200 || reply.header("location").is_some(), "{reply:?}");
        reply.status == 200
    }
}

fn set_cookies(headers: &HeaderMap) -> Vec<String> {
    headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap().to_owned()).collect()
}

/// What the form of an operation carries: the key, and the operation.
fn form(page: &str, operation: &str) -> (String, String) {
    let part = page.split("<form").find(|part| part.contains(&format!("&quot;type&quot;:&quot;{operation}&quot;")));
    let part = part.unwrap_or_else(|| panic!("no form for {operation}: {page}"));
    (hidden(part, "key"), hidden(part, "operation"))
}

fn hidden(part: &str, name: &str) -> String {
    let from = part.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
    from.split('"').next().unwrap().replace("&quot;", "\"").replace("&amp;", "&")
}

/// It is a page, and says that it is to be shown with nothing but what this server serves, nowhere else, and to nobody else.
#[track_caller]
fn is_page(reply: &Reply, status: u16) {
    assert_eq!(reply.status, status, "{reply:?}");
    for (name, value) in [
        ("content-type", "text/html; charset=utf-8"),
        ("cache-control", "private, no-store"),
        ("referrer-policy", "same-origin"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(reply.header(name), Some(value), "{name}: {reply:?}");
    }
    let policy = reply.header("content-security-policy").unwrap();
    for part in ["default-src 'none'", "script-src 'self'", "form-action 'self'", "frame-ancestors 'none'"] {
        assert!(policy.split("; ").any(|one| one == part), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    assert!(reply.text.starts_with("<!DOCTYPE html>") && reply.text.contains("<h1>"), "{reply:?}");
    for inline in ["<style", " style=", "<script>", "javascript:", " onclick="] {
        assert!(!reply.text.contains(inline), "{inline}: {}", reply.text);
    }
}

#[tokio::test]
async fn a_token_is_exchanged_for_a_cookie() {
    let world = world();
    let mut browser = Browser::new(&world);
    is_page(&browser.get(SIGN_IN).await, 200);
    let asked = browser.get(&format!("{APPS}?filter=a%26b")).await;
    let location = "/dashboard/sign-in?next=%2Fdashboard%2Fteams%2Facme-widgets%2Fapps%3Ffilter%3Da%2526b";
    assert_eq!((asked.status, asked.header("location")), (303, Some(location)), "{asked:?}");

    let (joe, token) = (world.user("joe@acme.com"), world.token("joe").to_owned());
    let before = world.server.tokens().of(joe).len();
    let reply = browser.post(SIGN_IN, &[("token", &format!(" {token} ")), ("next", APPS)]).await;
    assert_eq!((reply.status, reply.header("location")), (303, Some(APPS)));
    let [set] = &*set_cookies(&reply.headers) else { panic!("{reply:?}") };
    let mut parts = set.split("; ");
    let value = parts.next().unwrap().strip_prefix("session=").unwrap();
    assert_ne!(value, token, "the session has a token of its own");
    assert_eq!(parts.collect::<Vec<_>>(), ["Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=43200"]);
    is_page(&browser.get(APPS).await, 200);

    let tokens = world.server.tokens().of(joe);
    let session = tokens.iter().find(|token| token.description == "dashboard").unwrap();
    assert_eq!(tokens.len(), before + 1);
    assert_eq!(session.expires_at.unwrap() - session.created_at, TimeDelta::hours(12));
    for page in ["/dashboard", APPS] {
        let text = browser.get(page).await.text;
        assert!(!text.contains(value) && !text.contains(&token), "no page says what lets one in");
    }
}

#[tokio::test]
async fn no_token_no_session() {
    let world = world();
    let mut browser = Browser::new(&world);
    let bad: [&[(&str, &str)]; 5] =
        [&[], &[("token", "")], &[("token", "x")], &[("person", "x")], &[("token", "<script>alert(1)</script>")]];
    for fields in bad {
        let reply = browser.post(SIGN_IN, fields).await;
        is_page(&reply, 422);
        assert!(reply.text.contains("That is no token, or one that has ended."), "{reply:?}");
        assert!(browser.cookies.is_empty(), "{reply:?}");
    }
    let large = browser.post(SIGN_IN, &[("token", &"x".repeat(9_000))]).await;
    is_page(&large, 413);
}

#[tokio::test]
async fn over_tls_the_cookie_is_bound_to_it() {
    let world = world_as("https://teams.example.com", |server| server);
    let mut browser = Browser::new(&world);
    let reply = browser.post(SIGN_IN, &[("token", world.token("joe"))]).await;
    let [set] = &*set_cookies(&reply.headers) else { panic!("{reply:?}") };
    assert!(set.starts_with("__Host-session="), "{set}");
    for part in ["Path=/", "HttpOnly", "SameSite=Lax", "Secure"] {
        assert!(set.split("; ").any(|one| one == part), "{set}");
    }
    assert!(!set.contains("Domain"), "{set}");
    assert!(browser.is_signed_in().await);
    // A cookie that any host of the domain could have set is none.
    let value = browser.cookies.remove("__Host-session").unwrap();
    browser.cookies.insert("session".into(), value);
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn a_session_ends() {
    let world = world();
    let joe = world.user("joe@acme.com");

    // By signing out, which the key of the form allows.
    let mut browser = Browser::of(&world, "joe").await;
    let cookies = browser.cookies.clone();
    let page = browser.get("/dashboard").await;
    let out = page.text.split("<form").find(|part| part.contains("/dashboard/sign-out")).unwrap().to_owned();
    is_page(&browser.post("/dashboard/sign-out", &[("key", "wrong")]).await, 403);
    assert!(browser.is_signed_in().await, "nobody is signed out by a form of another site");
    let reply = browser.post("/dashboard/sign-out", &[("key", &hidden(&out, "key"))]).await;
    assert_eq!((reply.status, reply.header("location")), (303, Some(SIGN_IN)));
    assert!(browser.cookies.is_empty(), "{reply:?}");
    browser.cookies = cookies;
    assert!(!browser.is_signed_in().await, "who has kept the cookie has nothing");

    // By revocation.
    let mut browser = Browser::of(&world, "joe").await;
    assert!(browser.is_signed_in().await);
    for token in world.server.tokens().of(joe).iter().filter(|token| token.description == "dashboard") {
        world.server.tokens().revoke(joe, token.id).unwrap();
    }
    assert!(!browser.is_signed_in().await);

    // By its time.
    let new = NewToken { user: joe, client: None, description: "dashboard".into(), lasts: Some(TimeDelta::seconds(1)) };
    let (_, text) = world.server.tokens().issue(new, system::now()).unwrap();
    browser.cookies.insert("session".into(), text);
    assert!(browser.is_signed_in().await);
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    assert!(!browser.is_signed_in().await);

    // With its user.
    let mut browser = Browser::of(&world, "nobody").await;
    assert!(browser.is_signed_in().await);
    assert_eq!(world.ask("nobody", "DELETE", "/account", serde_json::Value::Null).await.status, 200);
    assert!(!browser.is_signed_in().await);
}

/// Whoever is suspended is told so on every page, and signs in to none (SUS-1); others see it.
#[tokio::test]
async fn a_session_of_somebody_who_is_suspended_shows_and_does_nothing() {
    let world = world();
    let operator = Actor::operator(system::now());
    let joe = world.server.store().user_id(&"joe@acme.com".parse().unwrap()).unwrap();
    let mut browser = Browser::of(&world, "joe").await;
    let (key, operation) = form(&browser.get(APPS).await.text, "create-app");
    world.server.transaction(|store| store.suspend_user(operator, joe)).unwrap();
    let seq = world.server.store().seq();
    for page in ["/dashboard", APPS, "/dashboard/account"] {
        let reply = browser.get(page).await;
        is_page(&reply, 401);
        assert!(reply.text.contains("Your account is suspended") && !reply.text.contains("acme-widgets"), "{reply:?}");
    }
    let fields = [("key", &*key), ("operation", &*operation), ("app.name", "apple")];
    is_page(&browser.post(APPS, &fields).await, 401);
    assert_eq!(world.server.store().seq(), seq);
    let reply = Browser::new(&world).post(SIGN_IN, &[("token", world.token("joe"))]).await;
    is_page(&reply, 422);
    assert!(reply.text.contains("This account is suspended."), "{reply:?}");

    let mark = "<span class=\"badge bad\">suspended</span>";
    let mut ada = Browser::of(&world, "ada").await;
    let list = ada.get("/dashboard/teams/acme-widgets/access").await;
    assert_eq!((list.status, list.text.matches(mark).count()), (200, 1), "{list:?}");
    let person = ada.get(&format!("/dashboard/teams/acme-widgets/access/{joe}")).await;
    assert!(person.status == 200 && person.text.contains(mark), "{person:?}");

    world.server.transaction(|store| store.reinstate_user(operator, joe)).unwrap();
    assert!(browser.is_signed_in().await);
    assert!(!ada.get("/dashboard/teams/acme-widgets/access").await.text.contains(mark));
}

#[tokio::test]
async fn a_form_of_another_site_does_nothing() {
    let world = world();
    let mut browser = Browser::of(&world, "joe").await;
    let page = browser.get(APPS).await;
    let (key, operation) = form(&page.text, "create-app");
    let others = Browser::of(&world, "ada").await.get(APPS).await;
    let (of_ada, _) = form(&others.text, "create-app");
    // A later session of the same person has a key of its own.
    let (of_later, _) = form(&Browser::of(&world, "joe").await.get(APPS).await.text, "create-app");
    let seq = world.server.store().seq();
    for wrong in [None, Some(""), Some("x"), Some(&*of_ada), Some(&*of_later), key.get(1..)] {
        let mut fields = vec![("operation", &*operation), ("app.name", "apple")];
        fields.extend(wrong.map(|key| ("key", key)));
        is_page(&browser.post(APPS, &fields).await, 403);
    }
    let fields = [("key", &*key), ("operation", &*operation), ("app.name", "apple")];
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "http://server.evil.example"),
        ("origin", "http://evil.example/server"),
        ("origin", "null"),
        ("origin", ""),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let mut other = Browser { world: &world, cookies: browser.cookies.clone(), headers: Vec::new() };
        other = other.header(name, value);
        is_page(&other.post(APPS, &fields).await, 403);
        // Nor does it sign anybody in.
        let mut new = Browser::new(&world).header(name, value);
        is_page(&new.post(SIGN_IN, &[("token", world.token("joe"))]).await, 403);
        assert!(new.cookies.is_empty());
    }
    // A link does nothing either, whatever it says.
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    is_page(&browser.get(&format!("{APPS}?{query}")).await, 200);
    assert_eq!(world.server.store().seq(), seq, "nothing was done");

    for (name, value) in [("origin", "http://server"), ("sec-fetch-site", "same-origin")] {
        let mut own = Browser { world: &world, cookies: browser.cookies.clone(), headers: Vec::new() };
        own = own.header(name, value);
        let made = own.create_app(&format!("by-{name}")).await;
        assert_eq!(made.status, 303, "{made:?}");
    }
    assert_eq!(world.server.store().seq(), seq + 2);
}

/// Whoever signs in through a third-party client is seen as that, also on pages (SEC-1).
#[tokio::test]
async fn a_third_partys_session_is_a_third_partys() {
    let world = world();
    let (joe, ada) = (world.user("joe@acme.com"), world.user("ada@acme.com"));
    let client = ClientId::from_uuid(Uuid::from_u128(7));
    let new = NewToken { user: joe, client: Some(client), description: String::new(), lasts: None };
    let (_, token) = world.server.tokens().issue(new, system::now()).unwrap();
    let mut browser = Browser::with_token(&world, &token).await;
    let held = world.server.tokens().of(joe);
    assert!(held.iter().any(|token| token.description == "dashboard" && token.client == Some(client)), "{held:?}");
    is_page(&browser.get(APPS).await, 200);

    let acme = world.server.store().team_id(Actor::user(ada, system::now()), "acme-widgets".parse().unwrap()).unwrap();
    let deny = |access| {
        world
            .server
            .transaction(|store| store.set_oauth_access(Actor::user(ada, system::now()), acme, access))
            .unwrap();
    };
    deny(OAuthAccess::Denied);
    let refused = browser.get(APPS).await;
    is_page(&refused, 403);
    assert!(refused.text.contains("third-party"), "{}", refused.text);
    let asked = request_with(&token, "GET", "/teams/acme-widgets/apps").body(Body::empty()).unwrap();
    assert_eq!(world.send(asked).await.status, 403, "as the API answers");
    is_page(&Browser::of(&world, "joe").await.get(APPS).await, 200);
    // And it makes nothing that it is not itself.
    let account = browser.get("/dashboard/account").await;
    is_page(&account, 200);
    assert!(account.text.contains("A third-party client manages no tokens."), "{}", account.text);
}

#[tokio::test]
async fn signing_in_leads_to_the_dashboard_alone() {
    let world = world();
    for (next, leads) in [
        ("/dashboard/personal/apps", "/dashboard/personal/apps"),
        (
            "/dashboard/teams/acme-widgets/apps?filter=a%26b&kind=apps",
            "/dashboard/teams/acme-widgets/apps?filter=a%26b&kind=apps",
        ),
        ("", "/dashboard"),
        ("/", "/dashboard"),
        ("/account", "/dashboard"),
        ("//evil.example", "/dashboard"),
        ("//evil.example/dashboard", "/dashboard"),
        ("https://evil.example/dashboard", "/dashboard"),
        ("http:/dashboard", "/dashboard"),
        ("/\\evil.example", "/dashboard"),
        ("\\\\evil.example", "/dashboard"),
        ("%2F%2Fevil.example", "/dashboard"),
        ("/%2Fevil.example", "/dashboard"),
        ("/dashboard\\..\\..\\evil", "/dashboard"),
        ("/dashboard/../account", "/dashboard"),
        ("/dashboard/%2E./account", "/dashboard"),
        ("/dashboards", "/dashboard"),
        ("/dashboard.evil.example", "/dashboard"),
        (" /dashboard", "/dashboard"),
        ("/dashboard\r\nset-cookie: session=x", "/dashboard"),
        ("javascript:alert(1)", "/dashboard"),
        ("data:text/html,x", "/dashboard"),
        ("dashboard", "/dashboard"),
    ] {
        let mut browser = Browser::new(&world);
        let reply = browser.post(SIGN_IN, &[("token", world.token("joe")), ("next", next)]).await;
        assert_eq!((reply.status, reply.header("location")), (303, Some(leads)), "{next}");
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
        let page = browser.get(&format!("{SIGN_IN}?{query}")).await;
        is_page(&page, 200);
        assert_eq!(hidden(&page.text, "next"), leads, "{next}");
    }
}

#[tokio::test]
async fn people_to_be_are_offered_in_a_demo_alone() {
    let world = world();
    let mut browser = Browser::new(&world);
    let page = browser.get(SIGN_IN).await;
    assert!(!page.text.contains('@'), "{}", page.text);
    let joe = world.user("joe@acme.com").to_string();
    is_page(&browser.post(SIGN_IN, &[("person", &joe)]).await, 422);
    assert!(!browser.is_signed_in().await);

    let demo = world_as("http://server", Server::as_demo);
    let mut browser = Browser::new(&demo);
    let page = browser.get(SIGN_IN).await;
    is_page(&page, 200);
    assert!(page.text.contains("joe@acme.com"), "{}", page.text);
    let joe = demo.user("joe@acme.com").to_string();
    let reply = browser.post(SIGN_IN, &[("person", &joe)]).await;
    assert_eq!(reply.status, 303);
    assert!(browser.get("/dashboard").await.text.contains("joe@acme.com"));
    let other = Browser::new(&demo).post(SIGN_IN, &[("person", &UserId::from_uuid(Uuid::nil()).to_string())]).await;
    is_page(&other, 422);
}

/// What a page of another site can have a browser send is a cookie; the API wants more.
#[tokio::test]
async fn cookies_do_not_sign_in_to_the_api() {
    let world = world();
    let mut browser = Browser::of(&world, "joe").await;
    for path in ["/account", "/teams", "/teams/acme-widgets/apps", "/oauth/authorizations"] {
        browser.get(path).await.refused(401, "unauthorized");
    }
    browser
        .send("POST", "/teams/apps", r#"{"team":"acme-widgets","name":"apple"}"#.into())
        .await
        .refused(401, "unauthorized");
}

#[tokio::test]
async fn pages_count_as_requests() {
    let world = world_with(3);
    let mut browser = Browser::of(&world, "joe").await;
    for _ in 0..3 {
        is_page(&browser.get("/dashboard").await, 200);
    }
    let reply = browser.get("/dashboard").await;
    is_page(&reply, 429);
    world.get("joe", "/account").await.refused(429, "rate_limit");
    assert!(Browser::of(&world, "ada").await.is_signed_in().await, "others have their own");
}

/// As a proxy says.
#[derive(Debug)]
struct ByHeader;

impl SignIn for ByHeader {
    fn sign_in<'r>(&'r self, _: &'r Server, request: &'r Parts) -> SignedIn<'r> {
        let said = request.headers.get("x-user").and_then(|user| user.to_str().ok()?.parse().ok());
        Box::pin(ready(said.map(ActorKind::User)))
    }

    fn sign_in_page(&self) -> Option<&str> {
        Some("/login")
    }

    fn sign_out_page(&self) -> Option<&str> {
        Some("/logout")
    }
}

#[tokio::test]
async fn a_hosts_own_sign_in_is_asked() {
    let world = world_as("http://server", |server| server.with_sign_in(ByHeader));
    let mut browser = Browser::new(&world);
    let reply = browser.get(APPS).await;
    let location = "/login?next=%2Fdashboard%2Fteams%2Facme-widgets%2Fapps";
    assert_eq!((reply.status, reply.header("location")), (303, Some(location)));

    let joe = world.user("joe@acme.com").to_string();
    let mut browser = browser.header("x-user", &joe);
    let page = browser.get(APPS).await;
    is_page(&page, 200);
    let [set] = &*set_cookies(&page.headers) else { panic!("a cookie for the forms alone: {page:?}") };
    assert!(set.starts_with("forms=") && set.contains("; HttpOnly") && set.contains("; SameSite=Lax"), "{set}");
    let made = browser.create_app("apple").await;
    assert_eq!((made.status, set_cookies(&made.headers).len()), (303, 0), "{made:?}");

    // The cookie of forms signs nobody in, and the key is of this person's.
    let (key, operation) = form(&browser.get(APPS).await.text, "create-app");
    let fields = [("key", &*key), ("operation", &*operation), ("app.name", "pear")];
    let mut stranger = Browser { world: &world, cookies: browser.cookies.clone(), headers: Vec::new() };
    assert_eq!(stranger.get(APPS).await.header("location"), Some(location));
    let ada = world.user("ada@acme.com").to_string();
    is_page(&stranger.header("x-user", &ada).post(APPS, &fields).await, 403);
    assert!(browser.get("/dashboard").await.text.contains("action=\"/logout\""), "it signs people out, too");
}

#[tokio::test]
async fn whatever_is_wrong_is_told_on_a_page() {
    let world = world();
    let mut stranger = Browser::new(&world);
    is_page(&stranger.get("/dashboard/nothing").await, 404);
    is_page(&stranger.get("/dashboard/assets/nothing").await, 404);

    let mut browser = Browser::of(&world, "joe").await;
    for path in [
        "/dashboard/nothing",
        "/dashboard/teams/nothing/apps",
        "/dashboard/teams/acme-labs/apps",
        "/dashboard/teams/%ff/apps",
        "/dashboard/teams/acme-widgets/nothing",
        "/dashboard/teams/%3Cscript%3E/apps",
    ] {
        let reply = browser.get(path).await;
        assert!([400, 404].contains(&reply.status), "{path}: {reply:?}");
        is_page(&reply, reply.status);
    }
    is_page(&browser.get(&format!("{APPS}?filter=%ff")).await, 200);
    is_page(&browser.get(&format!("{APPS}?after=nonsense&kind=nonsense&on=nonsense&done=nonsense")).await, 200);
    is_page(&browser.get(&format!("{APPS}?filter={}", "x".repeat(4_000))).await, 200);

    // A refusal stands where it was tried, with what was typed.
    let refused = browser.create_app("Not A Name").await;
    is_page(&refused, 422);
    assert!(
        refused.text.contains("value=\"Not A Name\"") && refused.text.contains("class=\"refusal\""),
        "{}",
        refused.text
    );
    let taken = browser.create_app("acme-website").await;
    is_page(&taken, 422);
    assert!(taken.text.contains("is taken"), "{}", taken.text);

    let (key, _) = form(&browser.get(APPS).await.text, "create-app");
    for operation in ["", "{", "null", "[]", "{\"type\":\"nothing\"}", "{\"type\":\"delete-user\"}"] {
        is_page(&browser.post(APPS, &[("key", &key), ("operation", operation), ("x.y", "z")]).await, 422);
    }
    let large = browser.post(APPS, &[("key", &key), ("operation", &"x".repeat(300_000))]).await;
    is_page(&large, 413);
}

#[tokio::test]
async fn what_one_does_not_see_is_as_what_is_not_there() {
    let world = world();
    let mut browser = Browser::of(&world, "nobody").await;
    for (hidden, missing) in [
        ("teams/acme-widgets/apps", "teams/not-there/apps"),
        ("teams/acme-widgets/settings/transfer", "teams/not-there/settings/transfer"),
        ("apps/acme-website", "apps/not-there"),
        ("apps/acme-website/access", "apps/not-there/access"),
        ("apps/acme-website/activity.csv", "apps/not-there/activity.csv"),
        ("spaces/labs-space", "spaces/not-there"),
        ("accounts/acme-corp/teams", "accounts/not-there/teams"),
    ] {
        let mut pages = Vec::new();
        for path in [hidden, missing] {
            let reply = browser.get(&format!("/dashboard/{path}")).await;
            is_page(&reply, 404);
            pages.push(reply.text.replace(path.split('/').nth(1).unwrap(), "NAME"));
        }
        assert_eq!(pages[0], pages[1], "{hidden}");
    }
}

/// A table that the store makes for somebody.
type Made = fn(&TeamStore, Actor) -> Result<Table, Fault>;
/// Of what the log is, for somebody.
type Scope = fn(&TeamStore, Actor) -> Result<AuditScope, Fault>;

/// A month that is over: what was used in it is not changed by when it is asked for.
const MONTH: &str = "2020-01";

#[track_caller]
fn is_file(reply: &Reply) {
    assert_eq!(reply.status, 200, "{reply:?}");
    for (name, value) in [("cache-control", "private, no-store"), ("x-content-type-options", "nosniff")] {
        assert_eq!(reply.header(name), Some(value), "{name}: {reply:?}");
    }
    assert!(reply.header("content-disposition").unwrap().starts_with("attachment; filename="), "{reply:?}");
}

/// The number of each entry of a file, and what happened.
fn told(csv: &str) -> Vec<(String, String)> {
    let records = csv::Reader::from_reader(csv.as_bytes()).into_records();
    records.map(|record| record.map(|record| (record[0].to_owned(), record[4].to_owned())).unwrap()).collect()
}

/// As somebody in it, and as others.
#[tokio::test]
async fn files_hold_what_the_store_answers_to_who_asks() {
    let tables: [(&str, Made); 6] = [
        ("teams/acme-widgets/resources.csv", |store, actor| {
            Ok(store.resource_table(actor, find::team(store, actor, "acme-widgets")?)?)
        }),
        ("teams/acme-labs/resources.csv", |store, actor| {
            Ok(store.resource_table(actor, find::team(store, actor, "acme-labs")?)?)
        }),
        ("teams/acme-widgets/access/matrix.csv", |store, actor| {
            Ok(store.permission_matrix(actor, find::team(store, actor, "acme-widgets")?)?)
        }),
        ("teams/acme-widgets/usage.csv?month=2020-01", |store, actor| {
            Ok(store.usage_table(actor, find::team(store, actor, "acme-widgets")?, MONTH.parse().unwrap())?)
        }),
        ("teams/acme-labs/usage.csv?month=2020-01", |store, actor| {
            Ok(store.usage_table(actor, find::team(store, actor, "acme-labs")?, MONTH.parse().unwrap())?)
        }),
        ("personal/usage.csv?month=2020-01", |store, actor| {
            Ok(store.usage_table(actor, actor.who.user().unwrap(), MONTH.parse().unwrap())?)
        }),
    ];
    let logs: [(&str, Scope); 4] = [
        ("teams/acme-widgets", |store, actor| Ok(AuditScope::Team(find::team(store, actor, "acme-widgets")?))),
        ("apps/acme-website", |store, actor| Ok(AuditScope::App(find::app(store, actor, "acme-website")?))),
        ("accounts/acme-corp", |store, actor| Ok(AuditScope::Account(find::account(store, actor, "acme-corp")?))),
        ("account", |_, actor| Ok(AuditScope::By(actor.who.user().unwrap()))),
    ];
    let world = world();
    let mut given = BTreeMap::new();
    for email in ["ada@acme.com", "vera@acme.com", "jill@creativeinc.com", "nobody@example.com"] {
        let who = email.split('@').next().unwrap();
        let (mut browser, mut files) = (Browser::of(&world, who).await, 0);
        let (store, actor) = (world.server.store(), Actor::user(world.user(email), system::now()));
        for (file, made) in tables {
            let reply = browser.get(&format!("/dashboard/{file}")).await;
            match made(&store, actor) {
                Err(fault) => is_page(&reply, ErrorId::from(&fault).status()),
                Ok(table) => {
                    is_file(&reply);
                    assert_eq!(reply.text, table.csv(), "{file} of {who}");
                    files += 1;
                }
            }
        }
        for (path, scope) in logs {
            let lines = browser.get(&format!("/dashboard/{path}/activity.jsonl")).await;
            let rows = browser.get(&format!("/dashboard/{path}/activity.csv")).await;
            let entries = scope(&store, actor).and_then(|scope| {
                let filter = AuditFilter::new(scope);
                Ok(collect_pages(|page| store.audit_log(actor, &filter, page))?)
            });
            match entries {
                Err(fault) => [lines, rows].iter().for_each(|reply| is_page(reply, ErrorId::from(&fault).status())),
                Ok(entries) => {
                    [&lines, &rows].into_iter().for_each(is_file);
                    let written = entries.iter().map(|entry| serde_json::to_string(entry).unwrap() + "\n");
                    assert_eq!(lines.text, written.collect::<String>(), "{path} of {who}");
                    let happened =
                        entries.iter().map(|entry| (entry.seq.to_string(), store.readable(actor, &entry.what())));
                    assert_eq!(told(&rows.text), happened.collect::<Vec<_>>(), "{path} of {who}");
                    files += 2;
                }
            }
        }
        given.insert(who, files);
    }
    assert_eq!(given, BTreeMap::from([("ada", 14), ("vera", 5), ("jill", 3), ("nobody", 3)]));
}
