//! Pipelines, the places of apps in them, transfers and promotions.

use axum::http::StatusCode;
use axum::response::Response;
use enterprise_teams::{AppId, Event, Operation};
use enterprise_teams_platform_api::{self as api, Fault, body, find};
use serde::Deserialize;

use super::make_so;
use crate::call::Call;
use crate::request::{Asked, At, Sent};

/// Which pipelines.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    #[serde(rename = "eq[name]")]
    name: Option<String>,
}

pub(super) async fn list(call: Call, Asked(filter): Asked<Filter>) -> Response {
    call.list(|store, actor, page| api::pipelines(store, actor, filter.name.as_deref(), page))
}

pub(super) async fn create(call: Call, Sent(body): Sent<body::PipelineCreate>) -> Response {
    call.write(StatusCode::CREATED, move |store, actor| {
        let operation = body.operation(store, actor)?;
        match &store.perform(actor, &operation)?.event {
            Event::PipelineCreated { pipeline } => {
                let pipeline = pipeline.id();
                Ok(api::pipeline(store, actor, pipeline)?)
            }
            _ => Err(Fault::Missing(api::Thing::Pipeline)),
        }
    })
    .await
}

pub(super) async fn info(call: Call, At(pipeline): At<String>) -> Response {
    call.read(|store, actor| Ok::<_, Fault>(api::pipeline(store, actor, find::pipeline(store, actor, &pipeline)?)?))
}

pub(super) async fn rename(call: Call, At(pipeline): At<String>, Sent(body): Sent<body::PipelineUpdate>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let pipeline = find::pipeline(store, actor, &pipeline)?;
        make_so(store, actor, body.operation(pipeline)?)?;
        Ok(api::pipeline(store, actor, pipeline)?)
    })
    .await
}

pub(super) async fn delete(call: Call, At(pipeline): At<String>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let pipeline = api::pipeline(store, actor, find::pipeline(store, actor, &pipeline)?)?;
        store.delete_pipeline(actor, pipeline.id)?;
        Ok(pipeline)
    })
    .await
}

pub(super) async fn couplings(call: Call, At(pipeline): At<String>) -> Response {
    call.list(|store, actor, page| {
        Ok::<_, Fault>(api::pipeline_couplings(store, actor, find::pipeline(store, actor, &pipeline)?, page)?)
    })
}

pub(super) async fn couplings_seen(call: Call) -> Response {
    call.list(api::pipeline_couplings_seen)
}

pub(super) async fn couplings_of_team(call: Call, At(team): At<String>) -> Response {
    call.list(|store, actor, page| {
        Ok::<_, Fault>(api::pipeline_couplings_of_team(store, actor, find::team(store, actor, &team)?, page)?)
    })
}

/// A place has the id of its app.
pub(super) async fn coupling(call: Call, At(app): At<String>) -> Response {
    call.read(|store, actor| Ok::<_, Fault>(api::pipeline_coupling(store, actor, find::app(store, actor, &app)?)?))
}

pub(super) async fn couple(call: Call, Sent(body): Sent<body::PipelineCouplingCreate>) -> Response {
    call.write(StatusCode::CREATED, move |store, actor| {
        let operation = body.operation(store, actor)?;
        match store.perform(actor, &operation)?.event {
            Event::AppCoupled { app, .. } => Ok(api::pipeline_coupling(store, actor, app)?),
            _ => Err(Fault::Missing(api::Thing::App)),
        }
    })
    .await
}

pub(super) async fn set_stage(
    call: Call,
    At(app): At<String>,
    Sent(body): Sent<body::PipelineCouplingUpdate>,
) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let app = find::app(store, actor, &app)?;
        make_so(store, actor, body.operation(app)?)?;
        Ok(api::pipeline_coupling(store, actor, app)?)
    })
    .await
}

pub(super) async fn uncouple(call: Call, At(app): At<String>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let app: AppId = find::app(store, actor, &app)?;
        let before = api::pipeline_coupling(store, actor, app)?;
        store.uncouple_app(actor, app)?;
        Ok(before)
    })
    .await
}

pub(super) async fn transfer(call: Call, Sent(body): Sent<body::PipelineTransferCreate>) -> Response {
    call.write(StatusCode::CREATED, move |store, actor| {
        let operation = body.operation(store, actor)?;
        match &store.perform(actor, &operation)?.event {
            Event::PipelineTransferred { moved } => Ok(api::pipeline_transfer(moved.pipeline, moved.from, moved.to)),
            _ => Err(Fault::Missing(api::Thing::Pipeline)),
        }
    })
    .await
}

pub(super) async fn promote(call: Call, Sent(body): Sent<body::PipelinePromotionCreate>) -> Response {
    call.write(StatusCode::CREATED, move |store, actor| {
        let operation: Operation = body.operation(store, actor)?;
        let id = api::event_id(store.perform(actor, &operation)?.seq);
        api::pipeline_promotion(store, actor, id)
    })
    .await
}

pub(super) async fn promotion(call: Call, At(id): At<String>) -> Response {
    call.read(|store, actor| {
        let id = id.parse().map_err(|_| Fault::Missing(api::Thing::Promotion))?;
        api::pipeline_promotion(store, actor, id)
    })
}

pub(super) async fn targets(call: Call, At(id): At<String>) -> Response {
    call.read(|store, actor| {
        let id = id.parse().map_err(|_| Fault::Missing(api::Thing::Promotion))?;
        api::pipeline_promotion_targets(store, actor, id)
    })
}
