//! Transfers of personal apps to other users.

use axum::http::StatusCode;
use axum::response::Response;
use enterprise_teams::Event;
use enterprise_teams_platform_api::{self as api, Fault, TransferState, body, find};

use super::make_so;
use crate::call::Call;
use crate::request::{At, Sent};

pub(super) async fn list(call: Call) -> Response {
    call.list(api::app_transfers)
}

pub(super) async fn create(call: Call, Sent(body): Sent<body::AppTransferCreate>) -> Response {
    call.write(StatusCode::CREATED, move |store, actor| {
        let operation = body.operation(store, actor)?;
        match &store.perform(actor, &operation)?.event {
            Event::AppTransferRequested { transfer } => {
                let transfer = transfer.id();
                Ok(api::app_transfer(store, actor, transfer)?)
            }
            _ => Err(Fault::Missing(api::Thing::Transfer)),
        }
    })
    .await
}

pub(super) async fn info(call: Call, At(id): At<String>) -> Response {
    call.read(|store, actor| Ok::<_, Fault>(api::app_transfer(store, actor, find::transfer(store, actor, &id)?)?))
}

pub(super) async fn update(call: Call, At(id): At<String>, Sent(body): Sent<body::AppTransferUpdate>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let transfer = api::app_transfer(store, actor, find::transfer(store, actor, &id)?)?;
        make_so(store, actor, body.operation(transfer.id)?)?;
        Ok(api::AppTransfer { state: body.state.unwrap_or(TransferState::Pending), ..transfer })
    })
    .await
}

pub(super) async fn cancel(call: Call, At(id): At<String>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let transfer = api::app_transfer(store, actor, find::transfer(store, actor, &id)?)?;
        store.cancel_app_transfer(actor, transfer.id)?;
        Ok(transfer)
    })
    .await
}
