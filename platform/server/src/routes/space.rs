//! Private Spaces.

use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use enterprise_teams::{Event, PageRequest};
use enterprise_teams_platform_api::{self as api, Fault, body, find};
use serde_json::{Value, json};

use super::make_so;
use crate::call::Call;
use crate::request::{At, Sent};

pub(super) async fn list(call: Call) -> Response {
    call.list(api::spaces)
}

pub(super) async fn list_of_team(call: Call, At(team): At<String>) -> Response {
    call.list(|store, actor, page| {
        Ok::<_, Fault>(api::team_spaces(store, actor, find::team(store, actor, &team)?, page)?)
    })
}

pub(super) async fn create(call: Call, Sent(body): Sent<body::SpaceCreate>) -> Response {
    call.write(StatusCode::CREATED, move |store, actor| {
        let operation = body.operation(store, actor)?;
        match &store.perform(actor, &operation)?.event {
            Event::SpaceCreated { space } => {
                let space = space.id();
                Ok(api::space(store, actor, space)?)
            }
            _ => Err(Fault::Missing(api::Thing::Space)),
        }
    })
    .await
}

/// With `Accept-Expansion: region` the region is told in full.
pub(super) async fn info(call: Call, headers: HeaderMap, At(space): At<String>) -> Response {
    let expansion = headers.get("accept-expansion").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let expanded = expansion.split(',').any(|property| property.trim() == "region");
    call.read(|store, actor| {
        let space = api::space(store, actor, find::space(store, actor, &space)?)?;
        let mut shown = json!(space);
        if let Some(Value::Object(region)) = shown.get_mut("region").filter(|_| expanded) {
            region.extend([
                ("country".to_owned(), json!("United States")),
                ("created_at".to_owned(), json!(space.created_at)),
                ("description".to_owned(), json!("Virginia, United States")),
                ("locale".to_owned(), json!("Virginia")),
                ("private_capable".to_owned(), json!(true)),
                ("provider".to_owned(), json!({ "name": "none", "region": "none" })),
                ("updated_at".to_owned(), json!(space.updated_at)),
            ]);
        }
        Ok::<_, Fault>(shown)
    })
}

pub(super) async fn nat(call: Call, At(space): At<String>) -> Response {
    call.read(|store, actor| Ok::<_, Fault>(api::space_nat(store, actor, find::space(store, actor, &space)?)?))
}

pub(super) async fn rename(call: Call, At(space): At<String>, Sent(body): Sent<body::SpaceUpdate>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let space = find::space(store, actor, &space)?;
        make_so(store, actor, body.operation(space)?)?;
        Ok(api::space(store, actor, space)?)
    })
    .await
}

/// The client has had the name typed again before it asks.
pub(super) async fn destroy(call: Call, At(space): At<String>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let space = api::space(store, actor, find::space(store, actor, &space)?)?;
        store.destroy_space(actor, space.id, space.name.as_str())?;
        Ok(space)
    })
    .await
}

/// Who manages the Enterprise Account and is in neither team does not see the space (SPC-2): the answer is empty then.
pub(super) async fn transfer(
    call: Call,
    At(space): At<String>,
    Sent(body): Sent<body::SpaceTransferCreate>,
) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let space = find::space(store, actor, &space)?;
        let operation = body.operation(store, actor, space)?;
        store.perform(actor, &operation)?;
        Ok(api::space(store, actor, space).ok())
    })
    .await
}

pub(super) async fn members(call: Call, At(space): At<String>) -> Response {
    call.list(|store, actor, page: &PageRequest| {
        Ok::<_, Fault>(api::space_app_accesses(store, actor, find::space(store, actor, &space)?, page)?)
    })
}

pub(super) async fn member(call: Call, At((space, user)): At<(String, String)>) -> Response {
    call.read(|store, actor| {
        let (space, user) = (find::space(store, actor, &space)?, find::user(store, actor, &user)?);
        Ok::<_, Fault>(api::space_app_access(store, actor, space, user)?)
    })
}

pub(super) async fn permit(
    call: Call,
    At((space, user)): At<(String, String)>,
    Sent(body): Sent<body::SpaceAppAccessUpdate>,
) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let (space, user) = (find::space(store, actor, &space)?, find::user(store, actor, &user)?);
        if let Err(refusal) = store.perform(actor, &body.operation(space, user)?) {
            body.settle(refusal, || api::space_app_access(store, actor, space, user))?;
        }
        Ok(api::space_app_access(store, actor, space, user)?)
    })
    .await
}
