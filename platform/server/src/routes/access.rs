//! Who is on an app.

use axum::http::StatusCode;
use axum::response::Response;
use enterprise_teams::{Actor, AuditEvent, Error, Event, Operation, TeamStore};
use enterprise_teams_platform_api::{self as api, Fault, body, find};

use super::make_so;
use crate::call::Call;
use crate::request::{At, Sent};

pub(super) async fn list(call: Call, At(app): At<String>) -> Response {
    call.list(|store, actor, page| {
        Ok::<_, Fault>(api::collaborators(store, actor, find::app(store, actor, &app)?, page)?)
    })
}

pub(super) async fn info(call: Call, At((app, user)): At<(String, String)>) -> Response {
    call.read(|store, actor| {
        let app = find::app(store, actor, &app)?;
        let user = find::collaborator(store, actor, app, &user)?;
        Ok::<_, Fault>(api::collaborator(store, actor, app, user)?)
    })
}

pub(super) async fn add(call: Call, At(app): At<String>, Sent(body): Sent<body::CollaboratorCreate>) -> Response {
    call.write(StatusCode::CREATED, move |store, actor| {
        let app = find::app(store, actor, &app)?;
        let operation = body.operation(store, actor, app)?;
        perform(store, actor, &operation)
    })
    .await
}

pub(super) async fn grant(
    call: Call,
    At(app): At<String>,
    Sent(body): Sent<body::TeamAppCollaboratorCreate>,
) -> Response {
    call.write(StatusCode::CREATED, move |store, actor| {
        let app = find::app(store, actor, &app)?;
        let operation = body.operation(store, actor, app)?;
        perform(store, actor, &operation)
    })
    .await
}

pub(super) async fn update(
    call: Call,
    At((app, user)): At<(String, String)>,
    Sent(body): Sent<body::TeamAppCollaboratorUpdate>,
) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let app = find::app(store, actor, &app)?;
        let user = find::collaborator(store, actor, app, &user)?;
        make_so(store, actor, body.operation(app, user)?)?;
        Ok(api::collaborator(store, actor, app, user)?)
    })
    .await
}

pub(super) async fn remove(call: Call, At((app, user)): At<(String, String)>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let app = find::app(store, actor, &app)?;
        let user = find::collaborator(store, actor, app, &user)?;
        let before = api::collaborator(store, actor, app, user);
        store.remove_collaborator(actor, app, user)?;
        Ok(before?)
    })
    .await
}

pub(super) async fn permissions(call: Call) -> Response {
    call.read(|_, _| Ok::<_, Fault>(api::team_app_permissions()))
}

pub(super) async fn entities(call: Call, At(team): At<String>) -> Response {
    call.list(|store, actor, page| {
        Ok::<_, Fault>(api::permission_entities(store, actor, find::team(store, actor, &team)?, page)?)
    })
}

/// Puts somebody on an app. Who is on it already is told so, with whatever permissions.
fn perform(store: &mut TeamStore, actor: Actor, operation: &Operation) -> Result<api::Collaborator, Fault> {
    match store.perform(actor, operation) {
        Ok(AuditEvent {
            event:
                Event::AppJoined { app, user, .. }
                | Event::PermissionsGranted { app, user, .. }
                | Event::CollaboratorAdded { app, user, .. },
            ..
        }) => Ok(api::collaborator(store, actor, app, user)?),
        Err(Error::PermissionsUnchanged { app, user, .. }) => Err(Error::AlreadyOnApp { app, user }.into()),
        Err(refusal) => Err(refusal.into()),
        Ok(_) => Err(Fault::Missing(api::Thing::App)),
    }
}
