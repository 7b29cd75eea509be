//! What a browser is known by between two requests: a secret in a cookie, of which only the hash is kept.

use std::collections::{HashMap, VecDeque};
use std::future::ready;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, ORIGIN};
use axum::http::request::Parts;
use enterprise_teams::{ActorKind, UserId};
use headers::HeaderMapExt;
use openidconnect::url::Url;
use platform_server::{ByToken, Server, SignIn, SignedIn};
use sha2::{Digest, Sha256};

/// How many are signed in at a time.
const SESSIONS_MAX: usize = 100_000;

/// What is kept for each secret, for a time; where it would be too many, the oldest goes.
#[derive(Debug)]
pub(crate) struct Kept<T> {
    lasts: Duration,
    max: usize,
    entries: Mutex<Entries<T>>,
}

#[derive(Debug)]
struct Entries<T> {
    by_hash: HashMap<[u8; 32], (Instant, T)>,
    /// The oldest first, with those that were taken meanwhile.
    order: VecDeque<(Instant, [u8; 32])>,
}

impl<T> Kept<T> {
    pub(crate) fn new(lasts: Duration, max: usize) -> Self {
        Self { lasts, max, entries: Mutex::new(Entries { by_hash: HashMap::new(), order: VecDeque::new() }) }
    }

    pub(crate) fn put(&self, secret: &str, value: T) {
        let (now, hash) = (Instant::now(), hash(secret));
        let Entries { by_hash, order } = &mut *self.entries();
        let ended = |(since, _): &(Instant, _)| since.elapsed() >= self.lasts;
        while order.len() >= self.max || order.front().is_some_and(ended) {
            let Some((_, oldest)) = order.pop_front() else { break };
            by_hash.remove(&oldest);
        }
        by_hash.insert(hash, (now, value));
        order.push_back((now, hash));
    }

    pub(crate) fn take(&self, secret: &str) -> Option<T> {
        let (since, value) = self.entries().by_hash.remove(&hash(secret))?;
        (since.elapsed() < self.lasts).then_some(value)
    }

    fn get(&self, secret: &str) -> Option<T>
    where
        T: Copy,
    {
        let (since, value) = *self.entries().by_hash.get(&hash(secret))?;
        (since.elapsed() < self.lasts).then_some(value)
    }

    fn entries(&self) -> MutexGuard<'_, Entries<T>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret).into()
}

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
}
