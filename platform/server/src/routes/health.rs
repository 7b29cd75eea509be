//! Whether the server is there, and whether it can be asked.

use std::sync::Arc;
use std::time::{Duration, Instant};

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
/// How long what it said counts.
const FRESH: Duration = Duration::from_secs(1);

/// The process answers.
pub(super) async fn alive() -> Response {
    answer::json(StatusCode::OK, &json!({ "status": "ok" }))
}

/// The journal answers too. One looks at a time, and its answer is for whoever asks within a second: anybody may ask.
pub(super) async fn ready(State(server): State<Arc<Server>>) -> Response {
    let looked = async {
        let mut looked = Arc::clone(&server.looked).lock_owned().await;
        if let Some((at, ready)) = *looked
            && at.elapsed() < FRESH
        {
            return ready;
        }
        let asked = spawn_blocking(move || {
            let ready = server.ready().inspect_err(|error| tracing::warn!(%error, "not ready")).is_ok();
            *looked = Some((Instant::now(), ready));
            ready
        });
        asked.await.unwrap_or_default()
    };
    if timeout(JOURNAL_TIME, looked).await.unwrap_or_default() {
        return answer::json(StatusCode::OK, &json!({ "status": "ok" }));
    }
    answer::refusal(ErrorId::ServiceUnavailable, "The journal does not answer.")
}
