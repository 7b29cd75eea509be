//! Whether the server is there, and whether it can be asked.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use enterprise_teams_platform_api::ErrorId;
use serde_json::json;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::answer;
use crate::server::Server;

/// How long the journal may take to say where it ends.
const JOURNAL_TIME: Duration = Duration::from_secs(2);

/// The process answers.
pub(super) async fn alive() -> Response {
    answer::json(StatusCode::OK, &json!({ "status": "ok" }))
}

/// The journal answers too: what is asked for now can be kept.
pub(super) async fn ready(State(server): State<Arc<Server>>) -> Response {
    let asked = spawn_blocking(move || {
        let answer = server.ready();
        // Not the last owner, as long as the router has one.
        drop(server);
        answer
    });
    match timeout(JOURNAL_TIME, asked).await {
        Ok(Ok(Ok(_))) => answer::json(StatusCode::OK, &json!({ "status": "ok" })),
        Ok(Ok(Err(error))) => {
            tracing::warn!(%error, "not ready");
            not_ready()
        }
        Ok(Err(_)) | Err(_) => not_ready(),
    }
}

fn not_ready() -> Response {
    answer::refusal(ErrorId::ServiceUnavailable, "The journal does not answer.")
}
