//! What a browser is known by between two requests: a secret in a cookie.

use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, ORIGIN};
use axum::http::request::Parts;
use enterprise_teams::{ActorKind, UserId};
use headers::HeaderMapExt;
use openidconnect::url::Url;
use platform_server::{ByToken, Server, SignIn, SignedIn};

use crate::kept::Kept;

/// How many are signed in at a time.
const SESSIONS_MAX: usize = 100_000;

/// A cookie for this host alone, out of the reach of scripts, and of requests that other sites' pages make by themselves.
#[derive(Clone, Debug)]
pub(crate) struct Cookie {
    name: String,
    secure: &'static str,
}

impl Cookie {
    pub(crate) fn new(name: &str, url: &Url) -> Self {
        let (prefix, secure) = if url.scheme() == "https" { ("__Host-", "; Secure") } else { ("", "") };
        Self { name: format!("{prefix}{name}"), secure }
    }

    pub(crate) fn read(&self, headers: &HeaderMap) -> Option<String> {
        headers.typed_get::<headers::Cookie>()?.get(&self.name).map(str::to_owned)
    }

    /// The header that sets it; no time takes it away.
    pub(crate) fn set(&self, value: &str, lasts: Duration) -> String {
        let Self { name, secure } = self;
        format!("{name}={value}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{secure}", lasts.as_secs())
    }
}

/// Who is signed in, by the session's cookie.
#[derive(Clone, Debug)]
pub(crate) struct Sessions {
    origin: String,
    cookie: Cookie,
    users: Arc<Kept<UserId>>,
}

impl Sessions {
    pub(crate) fn new(url: &Url, lasts: Duration) -> Self {
        let origin = url.origin().ascii_serialization();
        Self { origin, cookie: Cookie::new("session", url), users: Arc::new(Kept::new(lasts, SESSIONS_MAX)) }
    }

    /// A session of the user: the header that tells the browser.
    pub(crate) fn begin(&self, user: UserId, secret: &str) -> String {
        self.users.put(secret, user);
        self.cookie.set(secret, self.users.lasts)
    }

    /// Ends the browser's session, if it has one: the header that tells it.
    pub(crate) fn end(&self, headers: &HeaderMap) -> String {
        let _ = self.cookie.read(headers).and_then(|secret| self.users.take(&secret));
        self.cookie.set("", Duration::ZERO)
    }

    /// Whether a page of this server sent the request: browsers say so of each that may change something.
    pub(crate) fn is_own(&self, headers: &HeaderMap) -> bool {
        match headers.get("sec-fetch-site") {
            Some(site) => site == "same-origin",
            None => headers.get(ORIGIN).is_some_and(|origin| *origin == *self.origin),
        }
    }
}

impl SignIn for Sessions {
    fn sign_in<'r>(&'r self, server: &'r Server, request: &'r Parts) -> SignedIn<'r> {
        if request.headers.contains_key(AUTHORIZATION) {
            return ByToken.sign_in(server, request);
        }
        let believed = request.method.is_safe() || self.is_own(&request.headers);
        let secret = believed.then(|| self.cookie.read(&request.headers)).flatten();
        Box::pin(ready(secret.and_then(|secret| self.users.get(&secret)).map(ActorKind::User)))
    }

    fn sign_in_page(&self) -> Option<&str> {
        Some("/sign-in")
    }

    fn sign_out_page(&self) -> Option<&str> {
        Some("/sign-out")
    }
}
