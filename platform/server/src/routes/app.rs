//! Apps.

use axum::http::StatusCode;
use axum::response::Response;
use enterprise_teams::{AppId, AuditEvent, Event};
use enterprise_teams_platform_api::{self as api, Fault, body, find};

use super::make_so;
use crate::call::Call;
use crate::request::{At, Sent};

pub(super) async fn list(call: Call) -> Response {
    call.list(api::apps)
}

pub(super) async fn list_personal(call: Call, At(user): At<String>) -> Response {
    call.list(|store, actor, page| {
        Ok::<_, Fault>(api::personal_apps(store, actor, find::user(store, actor, &user)?, page)?)
    })
}

pub(super) async fn create(call: Call, Sent(body): Sent<body::AppCreate>) -> Response {
    call.write(StatusCode::CREATED, move |store, actor| {
        let app = created(&store.perform(actor, &body.operation()?)?)?;
        Ok(api::app(store, actor, app)?)
    })
    .await
}

pub(super) async fn info(call: Call, At(app): At<String>) -> Response {
    call.read(|store, actor| Ok::<_, Fault>(api::app(store, actor, find::app(store, actor, &app)?)?))
}

pub(super) async fn rename(call: Call, At(app): At<String>, Sent(body): Sent<body::AppUpdate>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let app = find::app(store, actor, &app)?;
        let operation = body.operation(store, actor, app)?;
        make_so(store, actor, operation)?;
        Ok(api::app(store, actor, app)?)
    })
    .await
}

/// The client has had the name typed again before it asks.
pub(super) async fn delete(call: Call, At(app): At<String>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let app = api::app(store, actor, find::app(store, actor, &app)?)?;
        store.delete_app(actor, app.id, app.name.as_str())?;
        Ok(app)
    })
    .await
}

pub(super) async fn acm(call: Call, At(app): At<String>) -> Response {
    call.read(|store, actor| {
        find::app(store, actor, &app)?;
        Err::<(), _>(Fault::Field { field: "acm", problem: "is not there" })
    })
}

pub(super) async fn filter(call: Call, Sent(body): Sent<body::FilterApps>) -> Response {
    call.read(|store, actor| Ok::<_, Fault>(api::apps_by_id(store, actor, body.apps()?)?))
}

pub(super) async fn list_of_team(call: Call, At(team): At<String>) -> Response {
    call.list(|store, actor, page| {
        Ok::<_, Fault>(api::team_apps(store, actor, find::team(store, actor, &team)?, page)?)
    })
}

pub(super) async fn list_of_member(call: Call, At((team, user)): At<(String, String)>) -> Response {
    call.list(|store, actor, page| {
        let (team, user) = (find::team(store, actor, &team)?, find::user(store, actor, &user)?);
        Ok::<_, Fault>(api::member_apps(store, actor, team, user, page)?)
    })
}

pub(super) async fn create_in_team(call: Call, Sent(body): Sent<body::TeamAppCreate>) -> Response {
    call.write(StatusCode::CREATED, move |store, actor| {
        let operation = body.operation(store, actor)?;
        let app = created(&store.perform(actor, &operation)?)?;
        Ok(api::team_app(store, actor, app)?)
    })
    .await
}

pub(super) async fn team_info(call: Call, At(app): At<String>) -> Response {
    call.read(|store, actor| Ok::<_, Fault>(api::team_app(store, actor, find::app(store, actor, &app)?)?))
}

/// Lock, unlock or transfer. Who gives an app away may see it no more: then the answer is what it was before.
pub(super) async fn update_in_team(call: Call, At(app): At<String>, Sent(body): Sent<body::TeamAppUpdate>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let app = find::app(store, actor, &app)?;
        let before = api::team_app(store, actor, app)?;
        let operation = body.operation(store, actor, app)?;
        make_so(store, actor, operation)?;
        Ok(api::team_app(store, actor, app).unwrap_or(before))
    })
    .await
}

fn created(entry: &AuditEvent) -> Result<AppId, Fault> {
    match &entry.event {
        Event::AppCreated { created } => Ok(created.app.id()),
        _ => Err(Fault::Missing(api::Thing::App)),
    }
}
