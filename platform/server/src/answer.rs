//! Answers: JSON with an entity tag, and errors in the API's form.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use enterprise_teams_platform_api::{ErrorBody, ErrorId};
use headers::{ETag, HeaderMapExt, IfNoneMatch};
use serde::Serialize;

pub(crate) const NEXT_RANGE: HeaderName = HeaderName::from_static("next-range");
pub(crate) const RATE_LIMIT_REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");

/// The value as JSON.
pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Response {
    let (status, text) = text(status, value);
    with_text(status, text)
}

fn text(status: StatusCode, value: &impl Serialize) -> (StatusCode, Vec<u8>) {
    match serde_json::to_vec(value) {
        Ok(text) => (status, text),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, b"{\"id\":\"internal_server_error\",\"message\":\"\"}".to_vec()),
    }
}

fn with_text(status: StatusCode, text: impl Into<Body>) -> Response {
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response
}

/// The value as JSON with an entity tag; `304` instead where the client has it already.
pub(crate) fn tagged(status: StatusCode, value: &impl Serialize, known: Option<&IfNoneMatch>) -> Response {
    let (status, text) = text(status, value);
    let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(&text);
    let tag: Option<ETag> = format!("\"{hash:016x}{:x}\"", text.len()).parse().ok();
    let is_known = known.zip(tag.as_ref()).is_some_and(|(known, tag)| !known.precondition_passes(tag));
    let mut response = if is_known && status.is_success() {
        let mut response = with_text(StatusCode::NOT_MODIFIED, Body::empty());
        response.headers_mut().remove(CONTENT_TYPE);
        response
    } else {
        with_text(status, text)
    };
    if let Some(tag) = tag {
        response.headers_mut().typed_insert(tag);
    }
    response
}

/// Nothing but a status.
pub(crate) fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// An error, with the status of its id.
pub(crate) fn error(body: &ErrorBody) -> Response {
    let status = StatusCode::from_u16(body.id.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = json(status, body);
    if body.id == ErrorId::Unauthorized {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// An error that is the server's own, not the store's.
pub(crate) fn refusal(id: ErrorId, message: &str) -> Response {
    error(&ErrorBody::new(id, message))
}

/// What is answered where there is nothing.
pub(crate) fn nothing_here() -> Response {
    refusal(ErrorId::NotFound, "The requested API endpoint was not found.")
}
