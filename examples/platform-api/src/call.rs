//! A request by somebody known: reads the store or writes it, and answers.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::FromRequestParts;
use axum::http::header::{ACCEPT_RANGES, AUTHORIZATION, IF_NONE_MATCH, RANGE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use enterprise_teams::chrono::SubsecRound;
use enterprise_teams::platform_api::{ErrorBody, ErrorId, Fault};
use enterprise_teams::{Actor, Page, PageRequest, TeamStore, system};
use serde::Serialize;

use crate::answer::{self, NEXT_RANGE, RATE_LIMIT_REMAINING};
use crate::auth;
use crate::range::Range;
use crate::server::Server;

/// Who asks, and for which part of a list.
pub(crate) struct Call {
    server: Arc<Server>,
    pub(crate) actor: Actor,
    /// How many requests the user has left.
    pub(crate) left: u32,
    range: Option<String>,
    known: Option<String>,
}

impl FromRequestParts<Arc<Server>> for Call {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, server: &Arc<Server>) -> Result<Self, Response> {
        let header = |name| parts.headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let user = header(AUTHORIZATION).and_then(auth::token).and_then(|token| server.tokens.user(&token));
        let user = user.ok_or_else(|| answer::refusal(ErrorId::Unauthorized, "Invalid credentials provided."))?;
        let (now, free) = (Instant::now(), parts.uri.path() == "/account/rate-limits");
        let left = if free { Some(server.limiter.left(user, now)) } else { server.limiter.take(user, now) };
        let left = left.ok_or_else(|| {
            let refusal = answer::refusal(ErrorId::RateLimit, "Your account reached the API rate limit.");
            with_limit(refusal, 0)
        })?;
        Ok(Self {
            server: Arc::clone(server),
            actor: Actor::user(user, system::now().trunc_subsecs(0)),
            left,
            range: header(RANGE).map(str::to_owned),
            known: header(IF_NONE_MATCH).map(str::to_owned),
        })
    }
}

impl Call {
    /// What the store answers.
    pub(crate) fn read<T: Serialize, E: Into<Fault>>(
        &self,
        ask: impl FnOnce(&TeamStore, Actor) -> Result<T, E>,
    ) -> Response {
        let store = self.server.store();
        let response = match ask(&store, self.actor) {
            Ok(found) => answer::unless_known(answer::json(StatusCode::OK, &found), self.known.as_deref()),
            Err(refusal) => self.refuse(&store, &refusal.into()),
        };
        with_limit(response, self.left)
    }

    /// The part of a list that the request names.
    pub(crate) fn list<T: Serialize, E: Into<Fault>>(
        &self,
        ask: impl FnOnce(&TeamStore, Actor, &PageRequest) -> Result<Page<T>, E>,
    ) -> Response {
        let range = self.range.as_deref().map_or(Some(Range::default()), Range::read);
        let Some((range, page)) = range.and_then(|range| Some((range.clone(), range.page()?))) else {
            let id = ErrorId::RequestedRangeNotSatisfiable;
            return with_limit(answer::refusal(id, "The range is none of this list."), self.left);
        };
        let store = self.server.store();
        let response = match ask(&store, self.actor, &page) {
            Ok(Page { items, next }) => {
                let status = if next.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
                let mut response = answer::json(status, &items);
                response.headers_mut().insert(ACCEPT_RANGES, HeaderValue::from_static("id, name"));
                let next = next.and_then(|next| HeaderValue::from_str(&range.next(&next)).ok());
                response.headers_mut().extend(next.map(|next| (NEXT_RANGE, next)));
                answer::unless_known(response, self.known.as_deref())
            }
            Err(refusal) => self.refuse(&store, &refusal.into()),
        };
        with_limit(response, self.left)
    }

    /// What was done; if there is nothing to show for it, nothing was.
    pub(crate) fn write<T: Serialize>(
        &self,
        status: StatusCode,
        act: impl FnOnce(&mut TeamStore, Actor) -> Result<T, Fault>,
    ) -> Response {
        let mut store = self.server.store_mut();
        let response = match store.transaction(|store| act(store, self.actor)) {
            Ok(done) => answer::json(status, &done),
            Err(refusal) => self.refuse(&store, &refusal),
        };
        with_limit(response, self.left)
    }

    /// What is told of a fault.
    pub(crate) fn told(&self, store: &TeamStore, fault: &Fault) -> ErrorBody {
        ErrorBody::of(store, self.actor, fault, &format!("{}/errors", self.server.address))
    }

    fn refuse(&self, store: &TeamStore, fault: &Fault) -> Response {
        answer::error(&self.told(store, fault))
    }
}

fn with_limit(mut response: Response, left: u32) -> Response {
    response.headers_mut().insert(RATE_LIMIT_REMAINING, left.into());
    response
}
