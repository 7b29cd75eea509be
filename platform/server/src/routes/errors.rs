//! What the codes of errors mean: where the `url` of an error leads.

use axum::http::StatusCode;
use axum::response::Response;
use enterprise_teams::Error;
use serde_json::json;

use crate::answer;
use crate::request::At;

pub(super) async fn explain(At(code): At<String>) -> Response {
    match Error::CATALOGUE.iter().find(|row| row.0 == code) {
        Some((code, rule, kind)) => {
            let (id, statement) = (rule.id(), rule.statement());
            let body = json!({ "code": code, "rule": id, "statement": statement, "kind": kind });
            answer::json(StatusCode::OK, &body)
        }
        None => answer::nothing_here(),
    }
}
