//! Sessions: a token is exchanged once for one, which is a token itself, in a cookie that only the browser reads. So it is kept, listed
//! and revoked with the others. Forms carry a key that only this person's pages know.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{HOST, LOCATION, ORIGIN, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use enterprise_teams::chrono::{SubsecRound, TimeDelta};
use enterprise_teams::{Actor, ActorKind, Error, PageRequest, UserId, rand, system};
use headers::{Cookie, HeaderMapExt};
use maud::html;
use sha2::{Digest, Sha256};

use super::form::{Fields, KEY};
use super::html;
use super::visit::{Visitor, address};
use crate::observe::By;
use crate::request::{drain, read};
use crate::server::Server;
use crate::tokens::{NewToken, Token};

/// How long a session lasts.
const HOURS: i64 = 12;
/// What a session's token is for, in the list of one's tokens.
const DESCRIPTION: &str = "dashboard";
/// How many sessions one person has at a time; the oldest ends.
const SESSIONS_MAX: usize = 20;
const SIGN_IN: &str = "/dashboard/sign-in";
const SIGN_OUT: &str = "/dashboard/sign-out";
/// The largest form of somebody unknown.
const FORM_LEN_MAX: usize = 8 * 1024;
/// How many people a demo offers to be.
const PEOPLE: usize = 50;

/// What a form carries, so that no other site can send it.
#[derive(Clone)]
pub(super) struct Key(String);

impl Key {
    /// Known to whoever knows the secret of the cookie, for this user alone.
    fn of(secret: &str, user: UserId) -> Self {
        let digest = Sha256::new().chain_update("form\0").chain_update(secret).chain_update(user.uuid()).finalize();
        Self(BASE64_URL_SAFE_NO_PAD.encode(digest))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Both are digests: how long it takes tells nothing that helps.
    fn is(&self, given: Option<&str>) -> bool {
        given.is_some_and(|given| Sha256::digest(given) == Sha256::digest(&self.0))
    }
}

/// The names of the cookies: a prefix binds them to this host and to TLS, where there is TLS.
fn cookie_name(server: &Server, name: &str) -> String {
    if server.address().starts_with("https:") { format!("__Host-{name}") } else { name.to_owned() }
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.typed_get::<Cookie>()?.get(name).map(str::to_owned)
}

fn set_cookie(server: &Server, name: &str, value: &str, seconds: Option<i64>) -> Option<HeaderValue> {
    let secure = if server.address().starts_with("https:") { "; Secure" } else { "" };
    let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let name = cookie_name(server, name);
    HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}")).ok()
}

/// Why somebody sees no page.
enum Stranger {
    /// Nobody says who they are, or somebody who is gone.
    Unknown,
    /// They are suspended (SUS-1).
    Suspended,
}

/// Who asks: by the session, or as the server's sign-in says.
async fn visitor(server: &Arc<Server>, parts: &Parts) -> Result<(Visitor, Option<String>), Stranger> {
    let now = system::now();
    // Where the host signs people in, it does.
    let by_host = server.sign_in().sign_in_page().is_some();
    let session = cookie(&parts.headers, &cookie_name(server, "session")).filter(|_| !by_host);
    let by_session = session.as_deref().and_then(|token| server.tokens().find(token, now));
    let (who, secret, fresh) = if let (Some(who), Some(token)) = (by_session, session) {
        (who, token, None)
    } else {
        let who = server.sign_in().sign_in(server, parts).await.ok_or(Stranger::Unknown)?;
        // Whoever signs in otherwise has a cookie for the forms alone.
        if let Some(secret) = cookie(&parts.headers, &cookie_name(server, "forms")) {
            (who, secret, None)
        } else {
            let secret = BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
            (who, secret.clone(), Some(secret))
        }
    };
    let (user, actor) = (who.user().ok_or(Stranger::Unknown)?, Actor { who, at: now.trunc_subsecs(0) });
    server.store().user(actor, user).map_err(|refusal| match refusal {
        Error::ActorSuspended { .. } => Stranger::Suspended,
        _ => Stranger::Unknown,
    })?;
    Ok((Visitor { server: Arc::clone(server), actor, user, key: Key::of(&secret, user) }, fresh))
}

/// Hands a request on to the pages for who is signed in, and asks others to sign in.
pub(super) async fn with_visitor(State(server): State<Arc<Server>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let known = visitor(&server, &parts).await;
    let own = server.sign_in().sign_in_page().unwrap_or(SIGN_IN);
    if let Err(Stranger::Suspended) = known {
        drain(body).await;
        return html::suspended(own);
    }
    let Ok((visitor, fresh)) = known else {
        drain(body).await;
        let is_form = parts.method == Method::POST;
        let back = if is_form { Some(parts.uri.path()) } else { parts.uri.path_and_query().map(PathAndQuery::as_str) };
        let sign_in = address(own, back.filter(|path| *path != SIGN_OUT).map(|path| ("next", path)));
        // A form is led to no sign-in, which may be another host's: browsers follow it to this one alone.
        return if is_form { html::signed_out(&sign_in) } else { see_other(&sign_in) };
    };
    let (actor, user) = (visitor.actor, visitor.user);
    if server.requests_left(actor, parts.uri.path() == SIGN_OUT).is_none() {
        drain(body).await;
        return html::told(StatusCode::TOO_MANY_REQUESTS, "Too many requests in an hour: try again later.");
    }
    let mut room = server.bodies.room(user);
    let body = match read(&mut room, body).await {
        Ok(body) => body,
        Err(refusal) => return html::of(refusal).await,
    };
    let body = if parts.method == Method::POST {
        let form = match form(&server, &parts, body).await {
            Ok(form) => form,
            Err(refusal) => return refusal,
        };
        if !visitor.key.is(form.get(KEY)) {
            let why = "The form is older than this session, or not of this site: nothing was done.";
            return html::told(StatusCode::FORBIDDEN, why);
        }
        parts.extensions.insert(form);
        Body::empty()
    } else {
        body
    };
    parts.extensions.insert(visitor);
    let mut response = next.run(Request::from_parts(parts, body)).await;
    response
        .headers_mut()
        .extend(fresh.and_then(|secret| set_cookie(&server, "forms", &secret, None)).map(|one| (SET_COOKIE, one)));
    response.extensions_mut().insert(By(user));
    response
}

/// What a form of this site says.
async fn form(server: &Server, parts: &Parts, body: Body) -> Result<Fields, Response> {
    if !is_of_this_site(server, &parts.headers) {
        return Err(html::told(StatusCode::FORBIDDEN, "This was not sent from here: nothing was done."));
    }
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    Ok(Fields(form_urlencoded::parse(&bytes).into_owned().collect()))
}

/// Whether a page of this host sent it: a browser says so.
fn is_of_this_site(server: &Server, headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(ORIGIN).map(HeaderValue::to_str) else {
        return headers.get("sec-fetch-site").is_none_or(|site| ["same-origin", "none"].iter().any(|one| site == one));
    };
    let Ok(origin) = origin else { return false };
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let of_host = origin.split_once("://").map(|(_, rest)| rest);
    // Over TLS nobody else speaks for this host in plain HTTP.
    let is_plain = origin.starts_with("http:") && server.address().starts_with("https:");
    origin == server.address() || !is_plain && of_host.is_some() && of_host == host
}

/// Where a sign-in leads: to a page of the dashboard and nowhere else, however a browser reads the path.
fn next_page(given: Option<&str>) -> &str {
    given.filter(|given| is_dashboard_page(given)).unwrap_or("/dashboard")
}

/// Whether this is the address of a page of the dashboard, and of no other host: for a sign-in of one's own, which leads there.
#[must_use]
pub fn is_dashboard_page(given: &str) -> bool {
    let path = given.split('?').next().unwrap_or_default();
    let stays = !path.contains('\\') && !path.to_ascii_lowercase().replace("%2e", ".").contains("..");
    let is_of_dashboard = path.strip_prefix("/dashboard").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    stays && is_of_dashboard && given.parse::<Uri>().is_ok_and(|uri| uri.authority().is_none())
}

pub(super) fn see_other(to: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    response.headers_mut().extend(HeaderValue::from_str(to).ok().map(|to| (LOCATION, to)));
    response
}

/// The page to sign in on.
pub(super) async fn sign_in_page(State(server): State<Arc<Server>>, uri: Uri) -> Response {
    if let Some(page) = server.sign_in().sign_in_page() {
        return see_other(page);
    }
    let query = Fields(form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect());
    asking(&server, next_page(query.get("next")), None)
}

fn asking(server: &Server, next: &str, refused: Option<&str>) -> Response {
    let people = if server.is_demo() { people(server) } else { Vec::new() };
    let content = html! {
        div.card.narrow {
            h1 { "Sign in" }
            @if !people.is_empty() {
                p { "This is a demo: choose whom to be." }
                ul.people {
                    @for (user, email) in &people {
                        li {
                            form method="post" action=(SIGN_IN) {
                                input type="hidden" name="next" value=(next);
                                button type="submit" name="person" value=(user) { (email) }
                            }
                        }
                    }
                }
                h2 { "Or with a token" }
            }
            form method="post" action=(SIGN_IN) {
                input type="hidden" name="next" value=(next);
                input type="text" name="username" autocomplete="username" hidden;
                label.field {
                    span { "Token" }
                    input type="password" name="token" autocomplete="current-password" required;
                    small { "From whoever runs this server, or from your account page." }
                }
                @if let Some(refused) = refused { div.refusal role="alert" { p { (refused) } } }
                button.main type="submit" { "Sign in" }
            }
        }
    };
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    html::page(status, html::bare("Sign in", &content))
}

fn people(server: &Server) -> Vec<(UserId, String)> {
    let Ok(first) = PageRequest::first(PEOPLE) else { return Vec::new() };
    let store = server.store();
    let users = store.users(Actor::operator(system::now().trunc_subsecs(0)), &first);
    users.map(|page| page.items.iter().map(|user| (user.id(), user.email().to_string())).collect()).unwrap_or_default()
}

/// Begins a session for who has a token, or whom the demo offers.
pub(super) async fn sign_in(State(server): State<Arc<Server>>, request: Request) -> Response {
    if server.sign_in().sign_in_page().is_some() {
        return html::told(StatusCode::NOT_FOUND, "Nobody signs in here.");
    }
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, FORM_LEN_MAX).await else {
        return html::told(StatusCode::PAYLOAD_TOO_LARGE, "That is no form of this site.");
    };
    let form = match form(&server, &parts, Body::from(bytes)).await {
        Ok(form) => form,
        Err(refusal) => return refusal,
    };
    let now = system::now();
    let by_token = form.get("token").and_then(|token| server.tokens().find(token.trim(), now));
    let offered = || form.get("person").and_then(|user| user.parse().ok()).map(ActorKind::User);
    let who = by_token.or_else(|| offered().filter(|_| server.is_demo()));
    let next = next_page(form.get("next"));
    let Some((who, user)) = who.and_then(|who| Some((who, who.user()?))) else {
        return asking(&server, next, Some("That is no token, or one that has ended."));
    };
    match server.store().user(Actor { who, at: now.trunc_subsecs(0) }, user) {
        Ok(_) => {}
        Err(Error::ActorSuspended { .. }) => return asking(&server, next, Some("This account is suspended.")),
        Err(_) => return asking(&server, next, Some("There is no such user.")),
    }
    let client = if let ActorKind::OAuth { client, .. } = who { Some(client) } else { None };
    let lasts = TimeDelta::hours(HOURS);
    let new = NewToken { user, client, description: DESCRIPTION.into(), lasts: Some(lasts) };
    let tokens = Arc::clone(server.tokens());
    let before = cookie(&parts.headers, &cookie_name(&server, "session"));
    let begin = move || {
        if let Some(before) = before {
            tokens.revoke_by(&before)?;
        }
        let is_session = |token: &Token| token.description == DESCRIPTION && token.expires_at.is_some();
        let sessions: Vec<_> = tokens.of(user).into_iter().filter(is_session).collect();
        for oldest in sessions.iter().take((sessions.len() + 1).saturating_sub(SESSIONS_MAX)) {
            tokens.revoke(user, oldest.id)?;
        }
        tokens.issue(new, now)
    };
    match tokio::task::spawn_blocking(begin).await {
        Ok(Ok((_, text))) => {
            let mut response = see_other(next);
            let cookie = set_cookie(&server, "session", &text, Some(lasts.num_seconds()));
            response.headers_mut().extend(cookie.map(|cookie| (SET_COOKIE, cookie)));
            response
        }
        Ok(Err(error)) => asking(&server, next, Some(&error.to_string())),
        Err(_) => html::told(StatusCode::INTERNAL_SERVER_ERROR, "The session could not begin."),
    }
}

/// Ends the session: its token is none from here on.
pub(super) async fn sign_out(State(server): State<Arc<Server>>, request: Request) -> Response {
    let token = cookie(request.headers(), &cookie_name(&server, "session"));
    if let Some(token) = token {
        let tokens = Arc::clone(server.tokens());
        let ended = tokio::task::spawn_blocking(move || tokens.revoke_by(&token)).await;
        if !matches!(ended, Ok(Ok(()))) {
            return html::told(StatusCode::SERVICE_UNAVAILABLE, "The session could not be ended: try again.");
        }
    }
    let mut response = see_other(SIGN_IN);
    response.headers_mut().extend(set_cookie(&server, "session", "", Some(0)).map(|cookie| (SET_COOKIE, cookie)));
    response
}
