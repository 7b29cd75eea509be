//! The service of the README: a refusal as it is sent, a grant that is kept, and an answer that has changed.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request as HttpRequest, StatusCode};
use enterprise_teams::replica::{Replica, ReplicaOptions};
use enterprise_teams::{Settings, UserId};
use enterprise_teams_sqlite::SqliteJournal;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{Store, begin, service};

async fn ask(store: &Store, user: Option<UserId>, method: &str, path: &str, body: &str) -> (StatusCode, Value) {
    let mut request = HttpRequest::builder().method(method).uri(path).header("content-type", "application/json");
    if let Some(user) = user {
        request = request.header("x-user", user.to_string());
    }
    let request = request.body(Body::from(body.to_owned())).unwrap();
    let answer = service(Arc::clone(store)).oneshot(request).await.unwrap();
    let status = answer.status();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_sent_with_its_way_out_and_a_grant_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("teams.db");
    let open =
        || Replica::open(SqliteJournal::open(&path).unwrap(), Settings::random, ReplicaOptions::default()).unwrap();
    let store: Store = Arc::new(open());
    let (app, ada, joe) = store.transaction(begin).unwrap();
    let (may_push, grant) = (format!("/apps/{app}/may-push"), format!("/apps/{app}/permissions/{joe}"));

    assert_eq!(ask(&store, None, "GET", &may_push, "").await.0, StatusCode::UNAUTHORIZED);
    let (status, problem) = ask(&store, Some(joe), "GET", &may_push, "").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let shown = include_str!("../../../README.md").split("```json").nth(1).and_then(|rest| rest.split("```").next());
    let mut shown: Value = serde_json::from_str(shown.unwrap()).unwrap();
    shown["facts"] = problem["facts"].clone();
    assert_eq!(problem, shown, "the README shows what is sent");
    assert_eq!(problem["facts"]["app"], app.to_string());

    let (status, problem) = ask(&store, Some(joe), "PUT", &grant, r#"["deploy"]"#).await;
    assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("only-managers-change-access")), "{problem}");
    assert_eq!(ask(&store, Some(ada), "PUT", &grant, r#"["deploy"]"#).await, (StatusCode::OK, Value::Null));
    assert_eq!(ask(&store, Some(joe), "GET", &may_push, "").await, (StatusCode::OK, Value::Null));

    drop(store);
    let again: Store = Arc::new(open());
    assert_eq!(ask(&again, Some(joe), "GET", &may_push, "").await, (StatusCode::OK, Value::Null));
}
