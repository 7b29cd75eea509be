//! Requests from outside: each has an id, a line in the log, and is counted.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use enterprise_teams::{EventContext, Rule, UserId, rand, uuid};

use crate::serve::Peer;
use crate::server::Server;

/// The name that AuthZEN has for it.
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

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
    let id = uuid::Builder::from_random_bytes(rand::random()).into_uuid().to_string();
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0.ip());
    let context = EventContext::new();
    let context = id.parse().map_or(context.clone(), |id| context.request_id(id));
    request.extensions_mut().insert(peer.map_or(context.clone(), |address| context.address(address)));
    let method = known(request.method());
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned()).unwrap_or_default();
    let mut response = next.run(request).await;
    let (status, took) = (response.status(), since.elapsed());
    let refused = response.extensions().get::<Refused>().map(|refused| refused.0);
    let user = response.extensions().get::<By>().map(|by| by.0.to_string());
    server.metrics.answered(method, &route, status, took);
    if let Some(rule) = refused {
        server.metrics.refused(rule);
    }
    tracing::info!(
        request_id = id,
        method,
        route,
        status = status.as_u16(),
        microseconds = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        user,
        refused_by = refused.map(Rule::id),
        address = peer.map(|address| address.to_string()),
        "answered"
    );
    response.headers_mut().extend(HeaderValue::from_str(&id).ok().map(|id| (REQUEST_ID, id)));
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
