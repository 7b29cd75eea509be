//! Which version of the API a request asks for: said here alone.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::{Router, middleware};
use enterprise_teams_platform_api::{ErrorBody, ErrorId};
use tower::ServiceExt;
use tower_http::compression::CompressionLayer;

use crate::answer;
use crate::observe::observed;
use crate::request::drain;
use crate::serve::Peer;
use crate::server::Server;

/// What an `Accept` header asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// The version of 2014, by its number.
    Second,
    /// JSON and nothing else, of no version: what clients of 2014 send. It is theirs as far as they have the endpoint.
    Json,
    /// Today's, which whoever says nothing gets.
    Third,
    /// Some other.
    Unknown,
}

impl Asked {
    fn by(headers: &HeaderMap) -> Self {
        let accepted = headers.get_all(ACCEPT).iter().filter_map(|text| text.to_str().ok());
        let mut ranges = accepted.flat_map(|text| text.split(',')).map(str::trim).peekable();
        let mut json = ranges.peek().is_some();
        for range in ranges {
            let (kind, parameters) = range.split_once(';').unwrap_or((range, ""));
            let mut parameters = parameters.split(';').filter_map(|one| one.trim().split_once('='));
            if let Some((_, version)) = parameters.find(|(name, _)| name.eq_ignore_ascii_case("version")) {
                // Of `3.sdk` and the like the number counts.
                return match version.trim_matches('"').split('.').next() {
                    Some("2") => Self::Second,
                    Some("3") => Self::Third,
                    _ => Self::Unknown,
                };
            }
            json &= kind.trim().eq_ignore_ascii_case("application/json");
        }
        if json { Self::Json } else { Self::Third }
    }
}

/// The routes of each version.
struct Versions {
    second: Router,
    /// The second, and the third where it has none.
    either: Router,
    third: Router,
    none: Router,
}

/// Hands each request on to the version that it asks for.
pub(crate) fn router(server: Arc<Server>, second: Router, third: Router) -> Router {
    // Both in one layer: what each wraps is copied for every request.
    let observed = (middleware::from_fn_with_state(server, observed), CompressionLayer::new());
    let third = third.layer(observed.clone());
    let next = third.clone();
    let go_on = move |mut request: Request| {
        // What the route before has found in the path is not of this one.
        let peer = request.extensions().get::<Peer>().copied();
        request.extensions_mut().clear();
        if let Some(peer) = peer {
            request.extensions_mut().insert(peer);
        }
        next.oneshot(request)
    };
    let either =
        second.clone().route_layer(observed.clone()).fallback(go_on.clone()).method_not_allowed_fallback(go_on);
    let second = second.fallback(not_served).method_not_allowed_fallback(not_served).layer(observed.clone());
    let none = Router::new().fallback(not_served).layer(observed);
    Router::new().fallback(choose).with_state(Arc::new(Versions { second, either, third, none }))
}

async fn choose(State(versions): State<Arc<Versions>>, request: Request) -> Result<Response, Infallible> {
    let version = match Asked::by(request.headers()) {
        Asked::Second => &versions.second,
        Asked::Json => &versions.either,
        Asked::Third => &versions.third,
        Asked::Unknown => &versions.none,
    };
    version.clone().oneshot(request).await
}

async fn not_served(body: Body) -> Response {
    drain(body).await;
    let message = "This is not served in that version: accept `application/vnd.heroku+json; version=3`.";
    answer::json(StatusCode::NOT_ACCEPTABLE, &ErrorBody::new(ErrorId::BadRequest, message))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn what_is_asked_for() {
        for (accepted, version) in [
            (&[][..], Asked::Third),
            (&["*/*"], Asked::Third),
            (&["application/vnd.heroku+json; version=3"], Asked::Third),
            (&["application/vnd.heroku+json;version=3.sdk"], Asked::Third),
            (&["application/vnd.heroku+json; Version=\"3\""], Asked::Third),
            (&["application/vnd.heroku+json"], Asked::Third),
            (&["application/json, text/plain, */*"], Asked::Third),
            (&["text/html"], Asked::Third),
            (&["application/json; version=3"], Asked::Third),
            (&["application/json"], Asked::Json),
            (&["Application/JSON; q=0.5"], Asked::Json),
            (&["application/json", "application/json"], Asked::Json),
            (&["application/json", "*/*"], Asked::Third),
            (&["application/json; version=2"], Asked::Second),
            (&["application/vnd.heroku+json; version=2"], Asked::Second),
            (&["*/*, application/vnd.heroku+json; q=1; version=2"], Asked::Second),
            (&["application/vnd.heroku+json; version=1"], Asked::Unknown),
            (&["application/vnd.heroku+json; version=4"], Asked::Unknown),
            (&["application/vnd.heroku+json; version="], Asked::Unknown),
            (&["application/vnd.heroku+json; version=33"], Asked::Unknown),
        ] {
            let mut headers = HeaderMap::new();
            for text in accepted {
                headers.append(ACCEPT, HeaderValue::from_static(text));
            }
            assert_eq!(Asked::by(&headers), version, "{accepted:?}");
        }
    }
}
