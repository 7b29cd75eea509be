//! Add-ons, and the services and plans that can be had.

use axum::http::StatusCode;
use axum::response::Response;
use enterprise_teams_platform_api::{self as api, AddOnState, Fault, body, find};

use super::make_so;
use crate::call::Call;
use crate::request::{At, Sent};

pub(super) async fn list(call: Call) -> Response {
    call.list(api::add_ons_seen)
}

pub(super) async fn list_of_user(call: Call, At(user): At<String>) -> Response {
    call.list(|store, actor, page| {
        Ok::<_, Fault>(api::user_add_ons(store, actor, find::user(store, actor, &user)?, page)?)
    })
}

pub(super) async fn list_of_team(call: Call, At(team): At<String>) -> Response {
    call.list(|store, actor, page| {
        Ok::<_, Fault>(api::team_add_ons(store, actor, find::team(store, actor, &team)?, page)?)
    })
}

pub(super) async fn list_of_app(call: Call, At(app): At<String>) -> Response {
    call.read(|store, actor| Ok::<_, Fault>(api::add_ons(store, actor, find::app(store, actor, &app)?)?))
}

pub(super) async fn info(call: Call, At(add_on): At<String>) -> Response {
    call.read(|store, actor| Ok::<_, Fault>(api::add_on(store, actor, find::add_on(store, actor, &add_on)?)?))
}

pub(super) async fn info_of_app(call: Call, At((app, add_on)): At<(String, String)>) -> Response {
    call.read(|store, actor| {
        let app = find::app(store, actor, &app)?;
        Ok::<_, Fault>(api::add_on(store, actor, find::add_on_of(store, actor, app, &add_on)?)?)
    })
}

pub(super) async fn create(call: Call, At(app): At<String>, Sent(body): Sent<body::AddOnCreate>) -> Response {
    call.write(StatusCode::CREATED, move |store, actor| {
        let app = find::app(store, actor, &app)?;
        match &store.perform(actor, &body.operation(app)?)?.event {
            enterprise_teams::Event::AddOnInstalled { add_on, .. } => {
                let add_on = add_on.id();
                Ok(api::add_on(store, actor, add_on)?)
            }
            _ => Err(Fault::Missing(api::Thing::AddOn)),
        }
    })
    .await
}

pub(super) async fn update(
    call: Call,
    At((app, add_on)): At<(String, String)>,
    Sent(body): Sent<body::AddOnUpdate>,
) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let app = find::app(store, actor, &app)?;
        let add_on = find::add_on_of(store, actor, app, &add_on)?;
        let operation = body.operation(store, actor, add_on)?;
        make_so(store, actor, operation)?;
        Ok(api::add_on(store, actor, add_on)?)
    })
    .await
}

pub(super) async fn remove(call: Call, At((app, add_on)): At<(String, String)>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let app = find::app(store, actor, &app)?;
        let add_on = api::add_on(store, actor, find::add_on_of(store, actor, app, &add_on)?)?;
        store.remove_add_on(actor, add_on.id)?;
        Ok(api::AddOn { state: AddOnState::Deprovisioned, ..add_on })
    })
    .await
}

pub(super) async fn resolve(call: Call, Sent(body): Sent<body::AddOnResolve>) -> Response {
    call.read(|store, actor| Ok::<_, Fault>([api::add_on(store, actor, body.add_on(store, actor)?)?]))
}

/// An add-on changes no config var: nothing is attached.
pub(super) async fn attachments(call: Call) -> Response {
    call.read(|_, _| Ok::<[(); 0], Fault>([]))
}

pub(super) async fn attachments_of_app(call: Call, At(app): At<String>) -> Response {
    call.read(|store, actor| {
        store.add_ons(actor, find::app(store, actor, &app)?)?;
        Ok::<[(); 0], Fault>([])
    })
}

pub(super) async fn attachments_of(call: Call, At(add_on): At<String>) -> Response {
    call.read(|store, actor| {
        find::add_on(store, actor, &add_on)?;
        Ok::<[(); 0], Fault>([])
    })
}

pub(super) async fn services(call: Call) -> Response {
    call.read(|_, _| Ok::<_, Fault>(api::add_on_services()))
}

pub(super) async fn service(call: Call, At(service): At<String>) -> Response {
    call.read(|_, _| api::add_on_service(&service))
}

pub(super) async fn plans(call: Call, At(service): At<String>) -> Response {
    call.read(|_, _| api::plans(&service))
}

pub(super) async fn plan(call: Call, At(plan): At<String>) -> Response {
    call.read(|_, _| api::plan(&plan))
}

pub(super) async fn plan_of_service(call: Call, At((service, plan)): At<(String, String)>) -> Response {
    call.read(|_, _| api::plan_of(&service, &plan))
}
