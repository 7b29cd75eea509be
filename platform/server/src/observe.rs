//! Requests from outside: each has an id, a line in the log, and is counted.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use enterprise_teams::uuid::{Builder, Uuid};
use enterprise_teams::{EventContext, Rule, UserId, rand};

use crate::serve::Peer;
use crate::server::Server;

/// The name that AuthZEN has for it.
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

/// On a request: its id, and where it came from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    id: Uuid,
    address: Option<IpAddr>,
}

impl Origin {
    /// What is recorded with the events that it makes.
    pub(crate) fn context(self) -> EventContext {
        let context = EventContext::new();
        let context = match self.id.to_string().parse() {
            Ok(id) => context.request_id(id),
            Err(_) => context,
        };
        match self.address {
            Some(address) => context.address(address),
            None => context,
        }
    }
}

/// On an answer: which rule has refused the request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refused(pub(crate) Rule);

/// On an answer: by whom the request was.
#[derive(Clone, Copy, Debug)]
pub(crate) struct By(pub(crate) UserId);

/// Gives every request an id, which stands in its answer, in the log and in the context of its events, and gives the one back that it gave
/// itself.
pub(crate) async fn observed(State(server): State<Arc<Server>>, mut request: Request, next: Next) -> Response {
    let since = Instant::now();
    let given = request.headers().get(X_REQUEST_ID).cloned();
    let id = Builder::from_random_bytes(rand::random()).into_uuid();
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0.ip());
    request.extensions_mut().insert(Origin { id, address: peer });
    let method = known(request.method());
    let path = request.extensions().get::<MatchedPath>().cloned();
    let route = path.as_ref().map(MatchedPath::as_str).unwrap_or_default();
    let mut response = next.run(request).await;
    let (status, took) = (response.status(), since.elapsed());
    let mut buffer = Uuid::encode_buffer();
    let id: &str = id.hyphenated().encode_lower(&mut buffer);
    let refused = response.extensions().get::<Refused>().map(|refused| refused.0);
    let user = response.extensions().get::<By>().map(|by| by.0);
    server.metrics.answered(method, route, status, took);
    if let Some(rule) = refused {
        server.metrics.refused(rule);
    }
    tracing::info!(
        request_id = id,
        method,
        route,
        status = status.as_u16(),
        microseconds = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        user = user.map(tracing::field::display),
        refused_by = refused.map(Rule::id),
        address = peer.map(tracing::field::display),
        "answered"
    );
    response.headers_mut().extend(HeaderValue::from_str(id).ok().map(|id| (REQUEST_ID, id)));
    response.headers_mut().extend(given.map(|id| (X_REQUEST_ID, id)));
    response
}

/// Methods are the client's words, and labels are few.
const fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}
