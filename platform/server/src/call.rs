//! A request by somebody known: reads the store or writes it, and answers.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{ACCEPT_RANGES, RANGE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use enterprise_teams::chrono::SubsecRound;
use enterprise_teams::{Actor, Error, Page, PageRequest, ReadGuard, TeamStore, UserId, system};
use enterprise_teams_platform_api::{ErrorBody, ErrorId, Fault};
use headers::{HeaderMapExt, IfNoneMatch};
use serde::Serialize;

use crate::answer::{self, NEXT_RANGE, RATE_LIMIT_REMAINING};
use crate::desk::Refusal;
use crate::observe::{By, Origin};
use crate::range::Range;
use crate::request::{Queries, drain, query_refused, read};
use crate::server::Server;

/// Who asks, and for which part of a list.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) server: Arc<Server>,
    pub(crate) actor: Actor,
    /// As which request its events are recorded.
    origin: Option<Origin>,
    /// How many requests the user has left.
    pub(crate) left: u32,
    /// Or what is wrong with it.
    range: Result<Range, &'static str>,
    /// What the client has already.
    known: Option<IfNoneMatch>,
}

/// Hands the call of a known user on to the handlers, as long as the user has requests left; whatever the answer is, it says how
/// many.
pub(crate) async fn with_call(
    State((server, queries)): State<(Arc<Server>, Queries)>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let (actor, user) = match caller(&server, &parts).await {
        Ok(caller) => caller,
        Err(message) => {
            drain(body).await;
            return answer::refusal(ErrorId::Unauthorized, message);
        }
    };
    let free = parts.uri.path() == "/account/rate-limits";
    let left = server.requests_left(actor, free);
    let mut response = if let Some(left) = left {
        // Only a question is conditional.
        let asks = [Method::GET, Method::HEAD].contains(&parts.method);
        let known = parts.headers.typed_get().filter(|_| asks);
        let range = header(&parts.headers, &RANGE).map_err(|Unclear| "The range is there twice, or no text.");
        let range = range.and_then(|text| text.map_or(Ok(Range::default()), Range::read));
        let origin = parts.extensions.get().copied();
        let mut room = server.bodies.room(user);
        let call = Call { server, actor, origin, left, range, known };
        parts.extensions.insert(call);
        match read(&mut room, body).await {
            Ok(_) if !queries.admit(&parts.uri) => query_refused(),
            Ok(body) => next.run(Request::from_parts(parts, body)).await,
            Err(response) => response,
        }
    } else {
        drain(body).await;
        answer::refusal(ErrorId::RateLimit, "Your account reached the API rate limit.")
    };
    response.headers_mut().insert(RATE_LIMIT_REMAINING, left.unwrap_or_default().into());
    response.extensions_mut().insert(By(user));
    response
}

/// The user who asks, if there is one of that name who is not suspended (SUS-1); or what they are told.
async fn caller(server: &Server, parts: &Parts) -> Result<(Actor, UserId), &'static str> {
    let unknown = "Invalid credentials provided.";
    let who = server.sign_in().sign_in(server, parts).await.ok_or(unknown)?;
    let (actor, user) = (Actor { who, at: system::now().trunc_subsecs(0) }, who.user().ok_or(unknown)?);
    match server.store().user(actor, user) {
        Ok(_) => Ok((actor, user)),
        Err(Error::ActorSuspended { .. }) => Err("Your account is suspended."),
        Err(_) => Err(unknown),
    }
}

/// A header that says nothing, since it is no text or is there more than once.
struct Unclear;

fn header<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<Option<&'h str>, Unclear> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (value, None) => value.map(HeaderValue::to_str).transpose().map_err(|_| Unclear),
        (_, Some(_)) => Err(Unclear),
    }
}

impl<S: Sync> FromRequestParts<S> for Call {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let missing = || answer::refusal(ErrorId::InternalServerError, "Nobody was asked who they are.");
        parts.extensions.remove().ok_or_else(missing)
    }
}

impl Call {
    /// What the store answers.
    pub(crate) fn read<T: Serialize, E: Into<Fault>>(
        &self,
        ask: impl FnOnce(&TeamStore, Actor) -> Result<T, E>,
    ) -> Response {
        let store = self.server.store();
        match ask(&store, self.actor) {
            Ok(found) => answer::tagged(StatusCode::OK, &found, self.known.as_ref()),
            Err(refusal) => self.refuse(&store, &refusal.into()),
        }
    }

    /// The part of a list that the request names; the list has one order.
    pub(crate) fn list<T: Serialize, E: Into<Fault>>(
        &self,
        ask: impl FnOnce(&TeamStore, Actor, &PageRequest) -> Result<Page<T>, E>,
    ) -> Response {
        if self.range.as_ref().is_ok_and(|range| range.descending) {
            let message = "This list is not given in descending order.";
            return answer::refusal(ErrorId::RequestedRangeNotSatisfiable, message);
        }
        self.list_either_way(|store, actor, page, _| ask(store, actor, page))
    }

    /// The part of a list that the request names; the list is given in ascending and in descending order.
    pub(crate) fn list_either_way<T: Serialize, E: Into<Fault>>(
        &self,
        ask: impl FnOnce(&TeamStore, Actor, &PageRequest, bool) -> Result<Page<T>, E>,
    ) -> Response {
        let read = self.range.as_ref().map_err(|wrong| *wrong);
        let (range, page) = match read.and_then(|range| Ok((range, range.page()?))) {
            Ok(read) => read,
            Err(wrong) => return answer::refusal(ErrorId::RequestedRangeNotSatisfiable, wrong),
        };
        let store = self.server.store();
        match ask(&store, self.actor, &page, range.descending) {
            Ok(Page { items, next }) => {
                let status = if next.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
                let mut response = answer::tagged(status, &items, self.known.as_ref());
                response.headers_mut().insert(ACCEPT_RANGES, HeaderValue::from_static("id, name"));
                let next = next.and_then(|next| HeaderValue::from_str(&range.next(&next)).ok());
                response.headers_mut().extend(next.map(|next| (NEXT_RANGE, next)));
                response
            }
            Err(refusal) => self.refuse(&store, &refusal.into()),
        }
    }

    /// What was done, once it is kept; if there is nothing to show for it, nothing was. It is written as JSON when others have had
    /// their turn.
    pub(crate) async fn write<T: Serialize + Send + 'static>(
        &self,
        status: StatusCode,
        act: impl Fn(&mut TeamStore, Actor) -> Result<T, Fault> + Send + 'static,
    ) -> Response {
        self.keep(act).await.map_or_else(|refusal| *refusal, |made| answer::json(status, &made))
    }

    /// As [`write`](Self::write), where the answer is not always of one status, or empty.
    pub(crate) async fn act(
        &self,
        act: impl Fn(&mut TeamStore, Actor) -> Result<Response, Fault> + Send + 'static,
    ) -> Response {
        self.keep(act).await.unwrap_or_else(|refusal| *refusal)
    }

    async fn keep<T: Send + 'static>(
        &self,
        act: impl Fn(&mut TeamStore, Actor) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Refusal> {
        let Self { server, actor, .. } = self;
        let (actor, told) = (*actor, Arc::clone(server));
        let context = self.origin.map(Origin::context).unwrap_or_default();
        let act = move |store: &mut TeamStore| {
            let done = store.in_context(context.clone(), |store| store.transaction(|store| act(store, actor)));
            done.map_err(|fault| Box::new(told.refusal(store, actor, &fault)))
        };
        server.keep(act).await.flatten()
    }

    /// The store, to read: as it is now. It is not kept for long, since who writes would have to copy it.
    pub(crate) fn store(&self) -> ReadGuard {
        self.server.store()
    }

    /// What is told of a fault.
    pub(crate) fn told(&self, store: &TeamStore, fault: &Fault) -> ErrorBody {
        self.server.told(store, self.actor, fault)
    }

    pub(crate) fn refuse(&self, store: &TeamStore, fault: &Fault) -> Response {
        self.server.refusal(store, self.actor, fault)
    }
}
