//! Answers that a browser shows.

use axum::body::{Body, to_bytes};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use enterprise_teams::report::Table;
use maud::{DOCTYPE, Markup, html};
use serde_json::Value;

/// Nothing but what this server serves, no script in a page, no page in another.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A whole page.
pub(super) fn page(status: StatusCode, document: Markup) -> Response {
    let mut response = Response::new(Body::from(document.into_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "private, no-store"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "same-origin"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// A file to be kept.
pub(super) fn file(kind: &'static str, name: &'static str, text: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(text));
    for (header, value) in [
        (CONTENT_TYPE, kind),
        (CONTENT_DISPOSITION, name),
        (CACHE_CONTROL, "private, no-store"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        response.headers_mut().insert(header, HeaderValue::from_static(value));
    }
    response
}

/// A table as a file, named after its title.
pub(super) fn csv(table: &Table) -> Response {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
    let name: String = table.title().chars().map(plain).collect();
    let mut response = file("text/csv; charset=utf-8", "attachment", table.csv().into_bytes());
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}.csv\"")) {
        response.headers_mut().insert(CONTENT_DISPOSITION, value);
    }
    response
}

/// The document around everything that a page shows.
pub(super) fn document(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="icon" type="image/svg+xml" href="/dashboard/assets/icon.svg";
                link rel="stylesheet" href="/dashboard/assets/style.css";
                script src="/dashboard/assets/script.js" defer {}
            }
            body { (body) }
        }
    }
}

/// A page for whoever is not known, or that cannot be shown.
pub(super) fn bare(title: &str, content: &Markup) -> Markup {
    let body = html! {
        header.top { a.brand href="/dashboard" { "Enterprise Teams" } }
        main { div.body { (content) } }
    };
    document(title, &body)
}

/// A page that says one thing.
pub(super) fn told(status: StatusCode, message: &str) -> Response {
    let content = html! {
        div.card.narrow {
            h1 { (status.canonical_reason().unwrap_or("Refused")) }
            p { (message) }
            p { a href="/dashboard" { "Back to your teams" } }
        }
    };
    page(status, bare("Enterprise Teams", &content))
}

/// The page of a form that came after its session.
pub(super) fn signed_out(sign_in: &str) -> Response {
    let content = html! {
        div.card.narrow {
            h1 { "You are signed out" }
            p { "Nothing was done." }
            p { a href=(sign_in) { "Sign in" } }
        }
    };
    page(StatusCode::UNAUTHORIZED, bare("Signed out", &content))
}

/// The page for whoever is suspended (SUS-1).
pub(super) fn suspended(sign_in: &str) -> Response {
    let content = html! {
        div.card.narrow {
            h1 { "Your account is suspended" }
            p { "Nothing can be seen or done with it until whoever runs this server reinstates it. What you have stays." }
            p { a href=(sign_in) { "Sign in as somebody else" } }
        }
    };
    page(StatusCode::UNAUTHORIZED, bare("Suspended", &content))
}

/// An answer of the API's own, as a page.
pub(super) async fn of(response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let is_json = parts.headers.get(CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    if !is_json {
        return Response::from_parts(parts, body);
    }
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let read: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    told(parts.status, read.get("message").and_then(Value::as_str).unwrap_or_default())
}
