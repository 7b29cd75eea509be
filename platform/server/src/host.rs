//! For whom a request is meant (RFC 9112, 3.2).

use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::http::{HeaderValue, Request, Version};
use axum::response::Response;
use enterprise_teams_platform_api::ErrorId;

use crate::answer;

/// Whether a request names one host, or is of HTTP/1.0 and names none.
pub(crate) fn is_named<B>(request: &Request<B>) -> bool {
    let mut hosts = request.headers().get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => request.version() < Version::HTTP_11,
        (Some(host), None) => is_host(host),
        (Some(_), Some(_)) => false,
    }
}

/// What is answered to any other.
pub(crate) fn refusal() -> Response {
    answer::refusal(ErrorId::BadRequest, "The request names no host.")
}

/// A name or an address, and perhaps a port. Nothing at all is a host too.
fn is_host(host: &HeaderValue) -> bool {
    let host = host.as_bytes();
    host.is_empty() || (Authority::try_from(host).is_ok() && !host.contains(&b'@'))
}
