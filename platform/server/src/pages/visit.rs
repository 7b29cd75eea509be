//! A visit of a page: by whom, of which page, and what has just been tried there.

use std::cell::Cell;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Query, RawPathParams};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use enterprise_teams::chrono::{DateTime, NaiveDate, Utc};
use enterprise_teams::query::Cursor;
use enterprise_teams::{Actor, Error, PageRequest, Readable, Team, TeamId, TeamStore, UserId};
use enterprise_teams_platform_api::{Fault, find};
use maud::Markup;

use super::form::{Fields, Tried};
use super::html as answer;
use super::session::Key;
use crate::observe::Origin;
use crate::server::Server;

/// How many entries a list shows at a time.
pub(super) const PAGE: usize = 50;

/// The parameters of an address that say which event was made just now, and from which on where there were several.
pub(super) const DONE: &str = "done";
pub(super) const DONE_FROM: &str = "done-from";
/// The query parameter that tells what was left out of what was just done.
pub(super) const LEFT_OUT: &str = "left-out";

/// Who looks at pages.
#[derive(Clone)]
pub(super) struct Visitor {
    pub(super) server: Arc<Server>,
    pub(super) actor: Actor,
    pub(super) user: UserId,
    /// What the forms of this person's pages carry.
    pub(super) key: Key,
}

/// A request for a page.
#[derive(Clone)]
pub(super) struct Visit {
    pub(super) visitor: Visitor,
    pub(super) origin: Option<Origin>,
    path: String,
    params: Vec<(String, String)>,
    pub(super) query: Fields,
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let missing = || answer::told(StatusCode::INTERNAL_SERVER_ERROR, "Nobody was asked who they are.");
        let visitor = parts.extensions.get::<Visitor>().cloned().ok_or_else(missing)?;
        let origin = parts.extensions.get().copied();
        let unclear = || answer::told(StatusCode::BAD_REQUEST, "The address cannot be read.");
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| unclear())?;
        let params = params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let Query(query) = Query::try_from_uri(&parts.uri).map_err(|_| unclear())?;
        Ok(Self { visitor, origin, path: parts.uri.path().to_owned(), params, query: Fields(query) })
    }
}

impl Visit {
    /// What stands in the address for this part of the route; empty if the route has none.
    pub(super) fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(named, _)| named == name).map(|(_, value)| &**value).unwrap_or_default()
    }

    /// The one thing that the page is of: its part of the route, and what stands there.
    pub(super) fn subject(&self) -> Option<(&str, &str)> {
        self.params.first().map(|(name, value)| (&**name, &**value))
    }

    /// As if it were of another page, which is shown.
    pub(super) fn on(self, path: &str) -> Self {
        Self { path: path.to_owned(), ..self }
    }

    /// What follows the thing in the path, such as `/settings`.
    pub(super) fn tail(&self) -> &str {
        let follows = self.path.match_indices('/').nth(3).map(|(at, _)| self.path.split_at(at).1);
        follows.unwrap_or_default()
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// From when on entries of the log are asked for.
    pub(super) fn since(&self) -> Option<DateTime<Utc>> {
        let day: NaiveDate = self.query.get("since").filter(|_| self.path.contains("/activity"))?.parse().ok()?;
        Some(day.and_hms_opt(0, 0, 0)?.and_utc())
    }

    /// Since when the page shows the past: the end of that day, or the very time, and now at the latest.
    pub(super) fn past(&self) -> Option<DateTime<Utc>> {
        let text = self.query.get("on")?;
        let time = DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc());
        let day = || text.parse::<NaiveDate>().ok()?.and_hms_micro_opt(23, 59, 59, 999_999).map(|end| end.and_utc());
        time.or_else(day).map(|at| at.min(self.visitor.actor.at))
    }
}

/// What a page is made from.
pub(super) struct View<'v> {
    pub(super) store: &'v TeamStore,
    pub(super) actor: Actor,
    pub(super) visit: &'v Visit,
    pub(super) tried: Option<&'v Tried>,
    /// Whether what was tried has been told where it was tried.
    pub(super) told: Cell<bool>,
    /// Whether it shows the store as it was, without controls.
    pub(super) past: Option<DateTime<Utc>>,
    labels: Cell<u32>,
}

/// Makes a page.
pub(super) type Render = fn(&View<'_>) -> Result<Markup, Fault>;

impl<'v> View<'v> {
    pub(super) fn new(store: &'v TeamStore, visit: &'v Visit, tried: Option<&'v Tried>) -> Self {
        let actor = visit.visitor.actor;
        Self { store, actor, visit, tried, told: Cell::new(false), past: None, labels: Cell::new(0) }
    }

    /// The store as it was at that time, which `store` is.
    pub(super) fn of_the_past(mut self, at: DateTime<Utc>) -> Self {
        self.actor.at = at;
        self.past = Some(at);
        self
    }

    /// A team, for whoever is in it.
    pub(super) fn team(&self, team: TeamId) -> Result<&'v Team, Error> {
        find::own_team(self.store, self.actor, team)
    }

    pub(super) fn user(&self) -> UserId {
        self.visit.visitor.user
    }

    /// What stands in the address for this part of the route.
    pub(super) fn param(&self, name: &str) -> &str {
        self.visit.param(name)
    }

    /// What the address asks for by this name, if it is not empty.
    pub(super) fn asked(&self, name: &str) -> Option<&str> {
        self.visit.query.get(name).filter(|text| !text.is_empty())
    }

    /// What the address asks for by this name, read; nothing where it cannot be.
    pub(super) fn asked_for<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.asked(name)?.parse().ok()
    }

    /// The part of the list that the address asks for.
    pub(super) fn page(&self) -> Result<PageRequest, Error> {
        self.part("after", PAGE)
    }

    /// The part of one of several lists that the address asks for by this name.
    pub(super) fn part(&self, name: &str, size: usize) -> Result<PageRequest, Error> {
        let first = PageRequest::first(size)?;
        Ok(self.asked_for::<Cursor>(name).map_or(first.clone(), |cursor| first.after(cursor)))
    }

    /// In words, with the names that this person may see.
    pub(super) fn words(&self, what: &impl Readable) -> String {
        self.store.readable(self.actor, what)
    }

    /// A name for an element that no other on the page has.
    pub(super) fn label(&self) -> String {
        self.labels.set(self.labels.get() + 1);
        format!("n{}", self.labels.get())
    }

    /// The address of this page with other values for these query parameters; an empty value drops its parameter.
    pub(super) fn here(&self, with: &[(&str, &str)]) -> String {
        let kept = self.visit.query.0.iter().filter(|(name, _)| ![DONE, DONE_FROM, LEFT_OUT].contains(&&**name));
        let kept = kept.filter(|(name, _)| with.iter().all(|(other, _)| other != name));
        let kept = kept.map(|(name, value)| (&**name, &**value));
        address(self.visit.path(), kept.chain(with.iter().copied()))
    }

    /// Another page, at the same time as this one.
    pub(super) fn link(&self, path: &str) -> String {
        address(path, self.asked("on").map(|time| ("on", time)))
    }
}

/// An address with a query, or with more of one.
pub(super) fn address<'q>(path: &str, query: impl IntoIterator<Item = (&'q str, &'q str)>) -> String {
    let mut text = form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(query.into_iter().filter(|(_, value)| !value.is_empty()));
    let text = text.finish();
    let mark = if path.contains('?') { '&' } else { '?' };
    if text.is_empty() { path.to_owned() } else { format!("{path}{mark}{text}") }
}
