//! What a request says in its path and in its body.

use std::fmt::Display;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use enterprise_teams_platform_api::{ErrorBody, ErrorId};
use http_body_util::BodyExt;
use hyper::body::Body as _;
use serde::de::{DeserializeOwned, IgnoredAny};
use tokio::time::timeout;

use crate::answer;

/// The largest body that is taken.
const BODY_LEN_MAX: usize = 256 * 1024;
/// How much of a larger one is read before its sender is told, who otherwise would not listen.
const REFUSED_LEN_MAX: usize = 16 * 1024 * 1024;
/// How long a body may take to arrive.
const BODY_SECONDS: u64 = 10;

/// Reads the body before anything else: whatever the answer is, its sender hears it.
pub(crate) async fn with_body(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    match timeout(Duration::from_secs(BODY_SECONDS), read(body)).await {
        Ok(Ok(bytes)) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Ok(Err(response)) => response,
        Err(_) => with_status(StatusCode::REQUEST_TIMEOUT, "The body did not arrive in time."),
    }
}

async fn read(mut body: Body) -> Result<Vec<u8>, Response> {
    let too_large = || with_status(StatusCode::PAYLOAD_TOO_LARGE, "The body is too large.");
    if body.size_hint().lower() > REFUSED_LEN_MAX as u64 {
        return Err(too_large());
    }
    let (mut bytes, mut len) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| answer::refusal(ErrorId::BadRequest, "The body broke off."))?;
        let Ok(data) = frame.into_data() else { continue };
        len += data.len();
        if len <= BODY_LEN_MAX {
            bytes.extend_from_slice(&data);
        } else if len > REFUSED_LEN_MAX {
            break;
        }
    }
    if len > BODY_LEN_MAX { Err(too_large()) } else { Ok(bytes) }
}

/// The parameters of the path.
pub(crate) struct At<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for At<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(names)) => Ok(Self(names)),
            Err(_) => Err(answer::nothing_here().await),
        }
    }
}

/// The query.
pub(crate) struct Asked<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Asked<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        match Query::try_from_uri(&parts.uri) {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(rejection) => Err(answer::refusal(ErrorId::InvalidParams, &rejection.body_text())),
        }
    }
}

/// The body, JSON of this type; an empty one is `{}`.
pub(crate) struct Sent<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Sent<T> {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Self, Response> {
        let bytes = to_bytes(request.into_body(), BODY_LEN_MAX).await.unwrap_or_default();
        let none =
            |error: &dyn Display| answer::refusal(ErrorId::BadRequest, &format!("Unable to parse the JSON: {error}"));
        let text = str::from_utf8(&bytes).map_err(|error| none(&error))?;
        let text = if text.trim_ascii().is_empty() { "{}" } else { text };
        // Whether it is JSON at all, before what it says.
        serde_json::from_str::<IgnoredAny>(text).map_err(|error| none(&error))?;
        serde_json::from_str(text)
            .map(Self)
            .map_err(|error| answer::refusal(ErrorId::InvalidParams, &error.to_string()))
    }
}

/// A bad request with a status of its own.
fn with_status(status: StatusCode, message: &str) -> Response {
    answer::json(status, &ErrorBody::new(ErrorId::BadRequest, message))
}
