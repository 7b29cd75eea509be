//! People sign in at a provider of the test's own, by a browser that keeps cookies.

mod provider;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::header::{AUTHORIZATION, COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, Request, StatusCode};
use enterprise_teams::chrono::TimeDelta;
use enterprise_teams::entity::{IdentityProvider, Limits, Mfa, SignIn, SignInRequirement};
use enterprise_teams::journal::MemoryJournal;
use enterprise_teams::{Actor, Capability, Error, Role, TeamId, TeamStore, User, UserId, system};
use http_body_util::BodyExt;
use openidconnect::reqwest::redirect::Policy;
use openidconnect::{ClientId, ClientSecret, reqwest};
use platform_server::{MemoryTokens, NewToken, Server, begin_with, demo};
use provider::{CLIENT, Provider, Says, of};
use serde_json::Value;
use tower::ServiceExt;

use crate::kept::Kept;
use crate::oidc::{Oidc, Options, Strangers};
use crate::routes::router;

const OWN: &str = "http://teams.test";

struct World {
    provider: Arc<Provider>,
    server: Arc<Server>,
    router: Router,
    acme: TeamId,
}

struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

/// A browser, which sends the cookies that it was given.
struct Browser<'w> {
    world: &'w World,
    cookies: BTreeMap<String, String>,
}

async fn world() -> World {
    world_with(|_| {}).await
}

/// A server of the demo, with these changes to what its host decides.
async fn world_with(change: impl FnOnce(&mut Options)) -> World {
    let provider = Provider::start().await;
    let store = demo().unwrap();
    let acme = store.team_by_name(operator(), "acme-widgets".parse().unwrap()).unwrap().id();
    let mut options = Options {
        issuer: provider.issuer.clone(),
        client: ClientId::new(CLIENT.into()),
        secret: Some(ClientSecret::new("secret".into())),
        address: OWN.into(),
        strangers: Strangers::Refused,
        team: Some(acme),
        session: Duration::from_hours(1),
    };
    change(&mut options);
    let mut journal = Box::new(MemoryJournal::new());
    journal.set_now(system::now() + TimeDelta::days(1));
    begin_with(&mut *journal, &store).unwrap();
    let server = Server::open(journal, Box::new(MemoryTokens::default()), &options.address, 1_000_000).unwrap();
    let oidc = Arc::new(Oidc::new(options).unwrap());
    let server = Arc::new(server.with_sign_in(oidc.sessions.clone()));
    World { provider, router: router(Arc::clone(&server), oidc), server, acme }
}

fn operator() -> Actor {
    Actor::operator(system::now())
}

impl World {
    fn browser(&self) -> Browser<'_> {
        Browser { world: self, cookies: BTreeMap::new() }
    }

    fn act<T>(&self, act: impl FnMut(&mut TeamStore) -> Result<T, Error>) -> T {
        self.server.transaction(act).unwrap()
    }

    fn id(&self, email: &str) -> UserId {
        self.server.store().user_id(&email.parse().unwrap()).unwrap()
    }

    fn ada(&self) -> Actor {
        Actor::user(self.id("ada@acme.com"), system::now())
    }

    /// The user, as the store has them.
    fn user(&self, email: &str) -> User {
        self.server.store().user(operator(), self.id(email)).unwrap().clone()
    }

    /// The header with a token of the user.
    fn token(&self, email: &str) -> String {
        let new = NewToken { user: self.id(email), client: None, description: String::new(), lasts: None };
        format!("Bearer {}", self.server.tokens().issue(new, system::now()).unwrap().1)
    }

    fn events(&self) -> u64 {
        self.server.store().seq()
    }

    /// The team's single sign-on, by a provider of this name.
    fn sso_by(&self, entity_id: &str) {
        let (ada, acme) = (self.ada(), self.acme);
        let pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
        let provider = IdentityProvider::new(entity_id, "https://id.acme.com", pem).unwrap();
        self.act(|store| store.set_identity_provider(ada, acme, provider.clone()));
    }

    /// Signs somebody in of whom the provider says this.
    async fn signed_in(&self, says: Says) -> Browser<'_> {
        let mut browser = self.browser();
        let reply = browser.sign_in(says).await;
        assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, "/dashboard"), "{}", reply.text);
        browser
    }
}

impl Reply {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[track_caller]
    fn refused(&self, status: u16, text: &str) {
        assert!(self.status == status && self.text.contains(text), "{} {}", self.status, self.text);
        assert!(!self.header("set-cookie").contains("session"), "{:?}", self.headers);
    }
}

impl Browser<'_> {
    async fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !self.cookies.is_empty() {
            let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
            request = request.header(COOKIE, cookies.collect::<Vec<_>>().join("; "));
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let (parts, body) = self.world.router.clone().oneshot(request).await.unwrap().into_parts();
        for set in parts.headers.get_all(SET_COOKIE) {
            let (name, value) = set.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.into(), value.into());
        }
        let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        Reply { status: parts.status, headers: parts.headers, text }
    }

    async fn get(&mut self, path: &str) -> Reply {
        self.send("GET", path, &[], "").await
    }

    /// Goes to the provider, which sends it back to this path.
    async fn leave(&mut self) -> String {
        self.leave_from("/sign-in").await
    }

    async fn leave_from(&mut self, path: &str) -> String {
        let reply = self.get(path).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text);
        let http = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
        let sent = http.get(reply.header("location")).send().await.unwrap();
        let back = sent.headers().get(LOCATION).expect("the provider takes what is asked").to_str().unwrap();
        back.strip_prefix(self.world.server.address()).unwrap().to_owned()
    }

    async fn sign_in(&mut self, says: Says) -> Reply {
        self.world.provider.say(says);
        let back = self.leave().await;
        self.get(&back).await
    }

    /// Whose requests the server takes this browser's to be.
    async fn is(&mut self) -> Option<String> {
        let reply = self.get("/account").await;
        let account: Value = serde_json::from_str(&reply.text).unwrap();
        assert_eq!(reply.status == StatusCode::UNAUTHORIZED, account["email"].is_null(), "{}", reply.text);
        account["email"].as_str().map(str::to_owned)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dashboard_asks_to_sign_in_and_out_here() {
    let world = world().await;
    world.provider.say(of("ada@acme.com"));
    let mut browser = world.browser();
    let wanted = "/dashboard/teams/acme-widgets/apps";
    let asked = browser.get(wanted).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    assert_eq!(asked.header("location"), "/sign-in?next=%2Fdashboard%2Fteams%2Facme-widgets%2Fapps");
    let back = browser.leave_from(asked.header("location")).await;
    assert_eq!(browser.get(&back).await.header("location"), wanted);
    let page = browser.get(wanted).await;
    assert!(page.text.contains("acme-website") && page.text.contains("action=\"/sign-out\""), "{}", page.text);

    let key =
        page.text.split("name=\"key\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    let operation = "%7B%22type%22%3A%22create-app%22%2C%22app%22%3A%7B%22team%22%3Anull%2C%22space%22%3Anull%2C\
                     %22name%22%3Anull%2C%22stack%22%3Anull%2C%22lock%22%3A%22unlocked%22%7D%7D";
    let form = [(ORIGIN.as_str(), OWN), ("content-type", "application/x-www-form-urlencoded")];
    let before = world.events();
    let other = browser.send("POST", "/dashboard/personal/apps", &form, &format!("key=x&operation={operation}")).await;
    assert_eq!((other.status, world.events()), (StatusCode::FORBIDDEN, before), "{}", other.text);
    let sent =
        browser.send("POST", "/dashboard/personal/apps", &form, &format!("key={key}&operation={operation}")).await;
    assert_eq!((sent.status, world.events()), (StatusCode::SEE_OTHER, before + 1), "{}", sent.text);

    for elsewhere in ["https://evil.example", "//evil.example", "/sign-out"] {
        let back = browser.leave_from(&format!("/sign-in?next={elsewhere}")).await;
        assert_eq!(browser.get(&back).await.header("location"), "/dashboard", "{elsewhere}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_sign_in_and_out() {
    let world = world().await;
    let mut browser = world.browser();
    assert_eq!(browser.is().await, None);
    let reply = browser.sign_in(of("JOE@acme.com")).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text);
    let (name, rest) = reply.header("set-cookie").split_once('=').unwrap();
    let (secret, attributes) = rest.split_once("; ").unwrap();
    assert_eq!((name, attributes), ("session", "Path=/; Max-Age=3600; HttpOnly; SameSite=Lax"));
    assert_eq!(secret.len(), 43, "256 bits");
    assert_eq!(browser.is().await.as_deref(), Some("joe@acme.com"));

    let by_token = world.token("ada@acme.com");
    let reply = browser.send("GET", "/account", &[(AUTHORIZATION.as_str(), &by_token)], "").await;
    assert!(reply.text.contains("ada@acme.com"), "a token counts before the session: {}", reply.text);
    let reply = browser.send("POST", "/apps", &[(AUTHORIZATION.as_str(), &by_token)], "{}").await;
    assert_eq!(reply.status, StatusCode::CREATED, "who has a token is no page: {}", reply.text);
    let reply = browser.send("GET", "/account", &[(AUTHORIZATION.as_str(), "Bearer none")], "").await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "a wrong token is no session");

    let kept = browser.cookies.clone();
    let reply = browser.send("POST", "/sign-out", &[(ORIGIN.as_str(), OWN)], "").await;
    assert_eq!((reply.status, reply.text.as_str()), (StatusCode::OK, "You are signed out."));
    assert!(reply.header("set-cookie").starts_with("session=; Path=/; Max-Age=0; "));
    browser.cookies = kept;
    assert_eq!(browser.is().await, None, "it is over, also for whoever has kept the cookie");
}

#[tokio::test(flavor = "multi_thread")]
async fn over_https_cookies_are_for_this_host_alone() {
    let world = world_with(|options| options.address = "https://teams.test".into()).await;
    let mut browser = world.browser();
    world.provider.say(of("joe@acme.com"));
    let begun = browser.get("/sign-in").await;
    assert!(begun.header("set-cookie").starts_with("__Host-sign-in="));
    let back = browser.leave().await;
    let reply = browser.get(&back).await;
    for cookie in [begun, reply] {
        let cookie = cookie.header("set-cookie").to_owned();
        assert!(cookie.starts_with("__Host-") && cookie.ends_with("; HttpOnly; SameSite=Lax; Secure"), "{cookie}");
        assert!(cookie.contains("; Path=/; ") && !cookie.contains("Domain"), "{cookie}");
    }
    assert_eq!(browser.is().await.as_deref(), Some("joe@acme.com"));
    let secret = browser.cookies.remove("__Host-session").unwrap();
    browser.cookies.insert("session".into(), secret);
    assert_eq!(browser.is().await, None, "a cookie that a page of http could have set");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_ends_once_where_it_was_begun() {
    const NOT_BEGUN: &str = "not begun here, or is over";
    let world = world().await;
    world.provider.say(of("joe@acme.com"));
    let mut browser = world.browser();
    let back = browser.leave().await;
    let (path, state) = back.split_once("&state=").unwrap();
    for wrong in [format!("{path}&state=x{state}"), path.into(), "/sign-in/callback".into()] {
        browser.get(&wrong).await.refused(400, NOT_BEGUN);
    }
    world.browser().get(&back).await.refused(400, NOT_BEGUN);
    let mut forged = world.browser();
    forged.cookies.insert("sign-in".into(), "forged".into());
    forged.get(&format!("{path}&state=forged")).await.refused(400, NOT_BEGUN);

    let cookies = browser.cookies.clone();
    assert_eq!(browser.get(&back).await.status, StatusCode::SEE_OTHER, "none of that has used it up");
    browser.cookies = cookies;
    browser.get(&back).await.refused(400, NOT_BEGUN);

    let mut browser = world.browser();
    let back = browser.leave().await;
    let (_, state) = back.split_once("&state=").unwrap();
    let denied = format!("/sign-in/callback?error=access_denied&state={state}");
    browser.get(&denied).await.refused(403, "The provider has not signed you in.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_for_the_browser_that_fetched_it() {
    let world = world().await;
    world.provider.say(of("joe@acme.com"));
    let (mut one, mut other) = (world.browser(), world.browser());
    let (stolen, back) = (one.leave().await, other.leave().await);
    let (code, state) = (stolen.split_once('&').unwrap().0, back.split_once('&').unwrap().1);
    other.get(&format!("{code}&{state}")).await.refused(403, "does not hold");
    assert_eq!(other.is().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_does_not_hold_signs_nobody_in() {
    let world = world().await;
    let joe = || of("joe@acme.com");
    let events = world.events();
    for (says, status, text) in [
        (Says { nonce: Some("another"), ..joe() }, 403, "does not hold"),
        (Says { audience: "another", ..joe() }, 403, "does not hold"),
        (Says { issuer: Some("https://id.example.com"), ..joe() }, 403, "does not hold"),
        (Says { lasts: TimeDelta::minutes(-1), ..joe() }, 403, "does not hold"),
        (Says { own_key: false, ..joe() }, 403, "does not hold"),
        (Says { verified: Some(false), ..joe() }, 403, "has not verified an e-mail"),
        (Says { verified: None, ..joe() }, 403, "has not verified an e-mail"),
        (of("no e-mail"), 403, "has not verified an e-mail"),
        (of("new@example.com"), 403, "new@example.com is no user here"),
    ] {
        let mut browser = world.browser();
        browser.sign_in(Says { methods: Some(&["mfa"]), ..says }).await.refused(status, text);
        assert_eq!(browser.is().await, None);
    }
    assert_eq!(world.events(), events, "nothing is reported of them");
    world.signed_in(joe()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_can_have_strangers_registered() {
    let world = world_with(|options| options.strangers = Strangers::Registered).await;
    let unverified = Says { verified: Some(false), ..of("new@example.com") };
    world.browser().sign_in(unverified).await.refused(403, "has not verified an e-mail");
    assert!(world.server.store().user_id(&"new@example.com".parse().unwrap()).is_err());
    let mut browser = world.signed_in(of("new@example.com")).await;
    assert_eq!(browser.is().await.as_deref(), Some("new@example.com"));
    let events = world.events();
    world.signed_in(of("new@example.com")).await;
    assert_eq!(world.events(), events);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_what_was_begun_and_is_not_over() {
    let world = world_with(|options| options.session = Duration::from_secs(1)).await;
    let mut browser = world.browser();
    for forged in ["", "forged", &"A".repeat(43)] {
        browser.cookies.insert("session".into(), forged.into());
        assert_eq!(browser.is().await, None);
    }
    browser.sign_in(of("joe@acme.com")).await;
    assert_eq!(browser.is().await.as_deref(), Some("joe@acme.com"));
    let first = browser.cookies.clone();
    let mut altered = first["session"].clone();
    altered.pop();
    for forged in [altered.clone(), format!("{altered}/"), format!("{}A", first["session"])] {
        let cookies = BTreeMap::from([("session".to_owned(), forged)]);
        assert_eq!(Browser { world: &world, cookies }.is().await, None);
    }
    browser.sign_in(of("vera@acme.com")).await;
    assert_eq!(browser.is().await.as_deref(), Some("vera@acme.com"));
    assert_eq!(Browser { world: &world, cookies: first }.is().await, None, "the next sign-in ends the session");
    browser.sign_in(of("jill@creativeinc.com")).await;
    let jill = world.id("jill@creativeinc.com");
    world.act(|store| store.delete_user(operator(), jill));
    assert_eq!(browser.is().await, None, "who is deleted is nobody");
    browser.sign_in(of("joe@acme.com")).await;
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!(browser.is().await, None, "it ends by itself");
}

#[test]
fn where_it_would_be_too_many_the_oldest_goes() {
    let kept = Kept::new(Duration::from_hours(1), 2);
    for (secret, value) in [("a", 1), ("b", 2), ("c", 3)] {
        kept.put(secret, value);
    }
    assert_eq!(["a", "b", "c"].map(|secret| kept.take(secret)), [None, Some(2), Some(3)]);
    let ended = Kept::new(Duration::ZERO, 2);
    ended.put("a", 1);
    assert_eq!(ended.take("a"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_site_changes_nothing_by_the_cookie() {
    let world = world().await;
    let mut browser = world.signed_in(of("joe@acme.com")).await;
    let origin = ORIGIN.as_str();
    let others: [&[(&str, &str)]; 7] = [
        &[],
        &[(origin, "https://evil.example")],
        &[(origin, "null")],
        &[(origin, "https://teams.test")],
        &[("sec-fetch-site", "cross-site"), (origin, OWN)],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
    ];
    let events = world.events();
    for headers in others {
        for (method, path) in [("POST", "/apps"), ("PATCH", "/apps/acme-website"), ("DELETE", "/account")] {
            let reply = browser.send(method, path, headers, "{}").await;
            assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{method} {path} {headers:?}: {}", reply.text);
        }
        browser.send("POST", "/sign-out", headers, "").await.refused(403, "Another site's page");
        let read = browser.send("GET", "/account", headers, "").await;
        assert_eq!(read.status, StatusCode::OK, "{headers:?}: a link from another site is followed");
    }
    assert_eq!(world.events(), events);
    for headers in [[(origin, OWN)], [("sec-fetch-site", "same-origin")]] {
        let reply = browser.send("POST", "/apps", &headers, "{}").await;
        assert_eq!(reply.status, StatusCode::CREATED, "{headers:?}: {}", reply.text);
    }
    assert_eq!(world.events(), events + 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_03_mfa_is_reported_when_it_changes() {
    const JOE: &str = "joe@acme.com";
    let world = world().await;
    let (ada, acme) = (world.ada(), world.acme);
    world.act(|store| store.set_mfa(ada, world.id("ada@acme.com"), Mfa::Enrolled));
    world.act(|store| store.set_sign_in_requirement(ada, acme, SignInRequirement::MfaOrSso));
    let silent = of(JOE);
    let by = |methods| Says { methods: Some(methods), ..of(JOE) };

    let mut browser = world.signed_in(silent.clone()).await;
    let refused = browser.get("/teams/acme-widgets/members").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);
    let told: Value = serde_json::from_str(&refused.text).unwrap();
    let joe = Actor::user(world.id(JOE), system::now());
    let error = world.server.store().check(joe, Capability::ViewUsers, acme).unwrap_err();
    assert_eq!(told["message"], world.server.store().problem(joe, &error).detail, "SEC-5");

    let events = world.events();
    for (says, mfa, reported) in [
        (by(&["pwd"]), Mfa::NotEnrolled, 0),
        (by(&["pwd", "otp", "mfa"]), Mfa::Enrolled, 1),
        (by(&["mfa"]), Mfa::Enrolled, 1),
        (silent, Mfa::Enrolled, 1),
    ] {
        world.signed_in(says).await;
        assert_eq!((world.user(JOE).mfa(), world.events() - events), (mfa, reported));
    }
    assert_eq!(browser.get("/teams/acme-widgets/members").await.status, StatusCode::OK, "SEC-5: by what is recorded");
    world.signed_in(by(&["pwd"])).await;
    assert_eq!(world.user(JOE).mfa(), Mfa::NotEnrolled);
    assert_eq!(browser.get("/teams/acme-widgets/members").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn sec_03_who_comes_by_a_teams_single_sign_on_joins_it() {
    let world = world().await;
    let (ada, acme) = (world.ada(), world.acme);
    let role = |email| world.server.store().role(operator(), acme, world.id(email)).unwrap();
    let signs_in = |email| world.user(email).sign_in();
    let (joe, max, jill) = ("joe@acme.com", "max@acme-inc.com", "jill@creativeinc.com");

    world.sso_by(world.provider.issuer.as_str());
    let events = world.events();
    world.signed_in(of(joe)).await;
    world.signed_in(of(max)).await;
    assert_eq!((role(max), world.events() - events), (None, 0), "it is not switched on");
    world.act(|store| store.enable_sso(ada, acme));
    let events = world.events();
    world.signed_in(of(joe)).await;
    assert_eq!((signs_in(joe), role(joe), world.events() - events), (SignIn::Sso, Some(Role::Member), 1));
    for (who, reported) in [(max, 2), (jill, 3), (jill, 3), (max, 3)] {
        world.signed_in(of(who)).await;
        let found = (signs_in(who), role(who), world.events() - events);
        assert_eq!(found, (SignIn::Sso, Some(Role::Member), reported), "{who}: ACC-3");
    }

    world.sso_by("another");
    world.signed_in(of(joe)).await;
    world.signed_in(of("vera@acme.com")).await;
    assert_eq!((signs_in(joe), signs_in(max)), (SignIn::Password, SignIn::Sso), "it is another's single sign-on now");
    assert_eq!(signs_in("vera@acme.com"), SignIn::Password);
}

#[tokio::test(flavor = "multi_thread")]
async fn sec_03_a_team_that_the_host_does_not_name_has_nobody_added() {
    let world = world_with(|options| options.team = None).await;
    let (ada, acme) = (world.ada(), world.acme);
    world.sso_by(world.provider.issuer.as_str());
    world.act(|store| store.enable_sso(ada, acme));
    world.signed_in(of("max@acme-inc.com")).await;
    assert_eq!(world.server.store().role(operator(), acme, world.id("max@acme-inc.com")).unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn team_05_a_full_team_is_told() {
    let world = world().await;
    let (ada, acme) = (world.ada(), world.acme);
    world.sso_by(world.provider.issuer.as_str());
    world.act(|store| store.enable_sso(ada, acme));
    world.act(|store| {
        let limits = Limits { members: 3, ..Limits::ENTERPRISE };
        store.set_team_limits(operator(), acme, limits)
    });
    world.browser().sign_in(of("max@acme-inc.com")).await.refused(403, "is limited to 3 members");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_provider_nobody_signs_in_and_tokens_go_on() {
    let nowhere = openidconnect::IssuerUrl::new("http://127.0.0.1:1".into()).unwrap();
    let world = world_with(|options| options.issuer = nowhere).await;
    let mut browser = world.browser();
    browser.get("/sign-in").await.refused(502, "the provider does not answer");
    let reply = browser.send("GET", "/account", &[(AUTHORIZATION.as_str(), &world.token("joe@acme.com"))], "").await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
}
