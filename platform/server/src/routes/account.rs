//! Users.

use axum::http::StatusCode;
use axum::response::Response;
use enterprise_teams::{Actor, TeamStore};
use enterprise_teams_platform_api::{self as api, Fault, body, find};
use serde::Serialize;

use crate::call::Call;
use crate::request::{At, Sent};

#[derive(Serialize)]
struct RateLimit {
    remaining: u32,
}

pub(super) async fn own(call: Call) -> Response {
    call.read(|store, actor| api::account(store, actor, find::user(store, actor, "~")?).map_err(Fault::from))
}

pub(super) async fn info(call: Call, At(user): At<String>) -> Response {
    call.read(|store, actor| api::account(store, actor, find::user(store, actor, &user)?).map_err(Fault::from))
}

pub(super) async fn update_own(call: Call, Sent(body): Sent<body::AccountUpdate>) -> Response {
    call.read(|store, actor| changed(store, actor, "~", &body))
}

pub(super) async fn update(call: Call, At(user): At<String>, Sent(body): Sent<body::AccountUpdate>) -> Response {
    call.read(|store, actor| changed(store, actor, &user, &body))
}

fn changed(store: &TeamStore, actor: Actor, user: &str, body: &body::AccountUpdate) -> Result<api::Account, Fault> {
    let account = api::account(store, actor, find::user(store, actor, user)?)?;
    body.check()?;
    Ok(account)
}

pub(super) async fn delete_own(call: Call) -> Response {
    call.write(StatusCode::OK, move |store, actor| remove(store, actor, "~")).await
}

pub(super) async fn delete(call: Call, At(user): At<String>) -> Response {
    call.write(StatusCode::OK, move |store, actor| remove(store, actor, &user)).await
}

fn remove(store: &mut TeamStore, actor: Actor, user: &str) -> Result<api::Account, Fault> {
    let user = find::user(store, actor, user)?;
    let account = api::account(store, actor, user)?;
    store.delete_user(actor, user)?;
    Ok(account)
}

pub(super) async fn rate_limit(call: Call) -> Response {
    call.read(|_, _| Ok::<_, Fault>(RateLimit { remaining: call.left }))
}
