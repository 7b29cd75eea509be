//! What somebody is told who is not signed in.

use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};

pub(crate) const NOT_KEPT: &str = "Nobody can sign in: nothing can be kept at this time.";

pub(crate) type Fault = Box<dyn std::error::Error + Send + Sync>;

/// The page of somebody who is not signed in.
pub(crate) fn page(status: StatusCode, text: impl Into<String>) -> Response {
    (status, [(CACHE_CONTROL, "no-store")], text.into()).into_response()
}

/// The page where something is wrong whose details are for the log.
pub(crate) fn failed<E: Into<Fault>>(status: StatusCode, text: &'static str) -> impl FnOnce(E) -> Response {
    move |error| {
        let error: Fault = error.into();
        tracing::warn!(error = &*error as &(dyn std::error::Error + 'static), "{text}");
        page(status, text)
    }
}
