//! What a request says in its path and in its body.

use std::fmt::Display;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use axum::middleware::Next;
use axum::response::Response;
use enterprise_teams_platform_api::{ErrorBody, ErrorId};
use http_body_util::BodyExt;
use hyper::body::Body as _;
use serde::de::{DeserializeOwned, IgnoredAny};

use tokio::time::timeout;

use crate::answer;
use crate::bodies::Room;

/// The largest body that is taken.
const BODY_LEN_MAX: usize = 256 * 1024;
/// How much of a larger one is read before its sender is told, who otherwise would not listen.
const REFUSED_LEN_MAX: usize = 16 * 1024 * 1024;
/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(10);

/// Reads a body before it is looked at: whatever the answer is, its sender hears it.
pub(crate) async fn read(room: &mut Room, body: Body) -> Result<Body, Response> {
    match timeout(BODY_TIME, collected(room, body)).await {
        Ok(read) => read,
        Err(_) => Err(with_status(StatusCode::REQUEST_TIMEOUT, "The body did not arrive in time.")),
    }
}

async fn collected(room: &mut Room, mut body: Body) -> Result<Body, Response> {
    let too_large = || with_status(StatusCode::PAYLOAD_TOO_LARGE, "The body is too large.");
    if body.size_hint().lower() > REFUSED_LEN_MAX as u64 {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| answer::refusal(ErrorId::BadRequest, "The body broke off."))?;
        let Ok(data) = frame.into_data() else { continue };
        if bytes.len() + data.len() > BODY_LEN_MAX {
            drain(body).await;
            return Err(too_large());
        }
        if !room.take(data.len()) {
            let message = "Too much is sent at this time: nothing was done.";
            return Err(answer::refusal(ErrorId::ServiceUnavailable, message));
        }
        bytes.extend_from_slice(&data);
    }
    Ok(Body::from(bytes))
}

/// Reads on what nobody wants, so that its sender listens to the answer, and keeps none of it.
pub(crate) async fn drain(mut body: Body) {
    if body.size_hint().lower() > REFUSED_LEN_MAX as u64 {
        return;
    }
    let read_on = async {
        let mut len = 0;
        while let Some(Ok(frame)) = body.frame().await {
            len += frame.data_ref().map_or(0, Bytes::len);
            if len > REFUSED_LEN_MAX {
                break;
            }
        }
    };
    // Who takes longer has had the time to listen.
    let _ = timeout(BODY_TIME, read_on).await;
}

/// What is answered where there is nothing.
pub(crate) async fn nothing_here(body: Body) -> Response {
    drain(body).await;
    answer::nothing_here()
}

/// The parameters of the path.
pub(crate) struct At<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for At<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(names)) => Ok(Self(names)),
            Err(_) => Err(answer::nothing_here()),
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

/// Whether endpoints take parameters in their query.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Queries {
    Taken,
    Refused,
}

impl Queries {
    /// Whether there is none where none is taken: nothing that is asked for is passed over.
    pub(crate) fn admit(self, uri: &Uri) -> bool {
        match self {
            Self::Taken => true,
            Self::Refused => uri.query().is_none_or(str::is_empty),
        }
    }
}

/// What is answered to a query where none is taken.
pub(crate) fn query_refused() -> Response {
    answer::refusal(ErrorId::InvalidParams, "This endpoint takes no parameters in its query.")
}

/// Hands a request on that has no query.
pub(crate) async fn without_query(request: Request, next: Next) -> Response {
    if Queries::Refused.admit(request.uri()) { next.run(request).await } else { query_refused() }
}

/// The body, which is there whole before any handler.
pub(crate) async fn bytes(request: Request) -> Bytes {
    to_bytes(request.into_body(), BODY_LEN_MAX).await.unwrap_or_default()
}

/// The body, JSON of this type; an empty one is `{}`.
pub(crate) struct Sent<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Sent<T> {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Self, Response> {
        let bytes = bytes(request).await;
        let none =
            |error: &dyn Display| answer::refusal(ErrorId::BadRequest, &format!("Unable to parse the JSON: {error}"));
        let text = str::from_utf8(&bytes).map_err(|error| none(&error))?;
        let text = if text.trim_ascii().is_empty() { "{}" } else { text };
        if !text.trim_ascii_start().starts_with('{') {
            // Whether it is JSON at all, before what it says.
            serde_json::from_str::<IgnoredAny>(text).map_err(|error| none(&error))?;
            return Err(answer::refusal(ErrorId::InvalidParams, "The body is no object."));
        }
        serde_json::from_str(text).map(Self).map_err(|wrong| match serde_json::from_str::<IgnoredAny>(text) {
            Ok(_) => answer::refusal(ErrorId::InvalidParams, &wrong.to_string()),
            Err(error) => none(&error),
        })
    }
}

/// A bad request with a status of its own.
fn with_status(status: StatusCode, message: &str) -> Response {
    answer::json(status, &ErrorBody::new(ErrorId::BadRequest, message))
}
