//! Releases, what an app runs, and its config vars and build packs, of which there are none.

use axum::http::StatusCode;
use axum::response::Response;
use enterprise_teams::{Actor, AppId, Operation, TeamStore, entity::Dyno};
use enterprise_teams_platform_api::{self as api, Fault, body, find};

use super::make_so;
use crate::call::Call;
use crate::request::{At, Sent};

pub(super) async fn list(call: Call, At(app): At<String>) -> Response {
    call.list_either_way(|store, actor, page, descending| {
        Ok::<_, Fault>(api::releases(store, actor, find::app(store, actor, &app)?, descending, page)?)
    })
}

pub(super) async fn info(call: Call, At((app, release)): At<(String, String)>) -> Response {
    call.read(|store, actor| api::release(store, actor, find::app(store, actor, &app)?, &release))
}

pub(super) async fn create(call: Call, At(app): At<String>, Sent(body): Sent<body::ReleaseCreate>) -> Response {
    call.write(StatusCode::CREATED, move |store, actor| {
        let app = find::app(store, actor, &app)?;
        let operation = body.operation(store, actor, app)?;
        store.perform(actor, &operation)?;
        api::current_release(store, actor, app)
    })
    .await
}

pub(super) async fn formations(call: Call, At(app): At<String>) -> Response {
    call.read(|store, actor| Ok::<_, Fault>(api::formations(store, actor, find::app(store, actor, &app)?)?))
}

pub(super) async fn formation(call: Call, At((app, kind)): At<(String, String)>) -> Response {
    call.read(|store, actor| api::formation(store, actor, find::app(store, actor, &app)?, &kind))
}

pub(super) async fn scale_all(
    call: Call,
    At(app): At<String>,
    Sent(body): Sent<body::FormationBatchUpdate>,
) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let app = find::app(store, actor, &app)?;
        body.updates()?.iter().map(|update| scaled(store, actor, app, update, None)).collect::<Result<Vec<_>, _>>()
    })
    .await
}

pub(super) async fn scale(
    call: Call,
    At((app, kind)): At<(String, String)>,
    Sent(body): Sent<body::FormationUpdate>,
) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let app = find::app(store, actor, &app)?;
        let kind = match kind.parse::<enterprise_teams::uuid::Uuid>() {
            Ok(_) => api::formation(store, actor, app, &kind)?.kind.to_string(),
            Err(_) => kind.clone(),
        };
        scaled(store, actor, app, &body, Some(&kind))
    })
    .await
}

fn scaled(
    store: &mut TeamStore,
    actor: Actor,
    app: AppId,
    update: &body::FormationUpdate,
    kind: Option<&str>,
) -> Result<api::Formation, Fault> {
    let dynos = update.dynos(store, actor, app, kind)?;
    let Dyno { process, size, quantity } = dynos;
    make_so(store, actor, Operation::ScaleApp { app, process, size, quantity })?;
    Ok(api::scaled(store, actor, app, dynos)?)
}

pub(super) async fn dynos(call: Call, At(app): At<String>) -> Response {
    call.list(|store, actor, page| Ok::<_, Fault>(api::dynos(store, actor, find::app(store, actor, &app)?, page)?))
}

pub(super) async fn dyno(call: Call, At((app, dyno)): At<(String, String)>) -> Response {
    call.read(|store, actor| api::dyno(store, actor, find::app(store, actor, &app)?, &dyno))
}

pub(super) async fn config_vars(call: Call, At(app): At<String>) -> Response {
    call.read(|store, actor| Ok::<_, Fault>(api::config_vars(store, actor, find::app(store, actor, &app)?)?))
}

pub(super) async fn config_vars_of_release(call: Call, At((app, release)): At<(String, String)>) -> Response {
    call.read(|store, actor| {
        let app = find::app(store, actor, &app)?;
        api::release(store, actor, app, &release)?;
        Ok::<_, Fault>(api::config_vars(store, actor, app)?)
    })
}

pub(super) async fn configure(call: Call, At(app): At<String>, Sent(body): Sent<body::ConfigVarsUpdate>) -> Response {
    call.read(|store, actor| {
        let app = find::app(store, actor, &app)?;
        body.check(store, actor, app)?;
        Ok::<_, Fault>(api::config_vars(store, actor, app)?)
    })
}

pub(super) async fn buildpack_installations(call: Call, At(app): At<String>) -> Response {
    call.read(|store, actor| {
        Ok::<_, Fault>(api::buildpack_installations(store, actor, find::app(store, actor, &app)?)?)
    })
}
