//! Labels (LAB-1), which the public schema does not have: under `/x/`, and so are the lists that are filtered by them.

use axum::http::StatusCode;
use axum::response::Response;
use enterprise_teams::chrono::{DateTime, Utc};
use enterprise_teams::entity::Labels;
use enterprise_teams::names::LabelSelector;
use enterprise_teams::query::{AppFilter, Membership, PipelineFilter, SpaceFilter, TeamFilter};
use enterprise_teams::{
    Actor, App, AppId, Error, Operation, PageRequest, Pipeline, PipelineId, Space, SpaceId, TeamId, TeamStore,
};
use enterprise_teams_platform_api::{Fault, find};
use serde::Serialize;

use super::{make_so, role};
use crate::call::Call;
use crate::request::{Asked, At, Sent};

/// A thing in a list, with its labels.
#[derive(Serialize)]
struct Labelled {
    id: String,
    name: String,
    labels: Labels,
}

/// A team that whoever asks is in, as what, and until when.
#[derive(Serialize)]
struct OwnTeam {
    #[serde(flatten)]
    team: Labelled,
    role: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_at: Option<DateTime<Utc>>,
}

impl OwnTeam {
    fn new(store: &TeamStore, actor: Actor, one: &Membership<'_>) -> Self {
        let Membership { team, role, ends_at, .. } = one;
        Self {
            team: Labelled::new(&team.id(), &team.name(), team.labels()),
            role: role::word(store, actor, *role),
            ends_at: *ends_at,
        }
    }
}

impl Labelled {
    fn new(id: &impl ToString, name: &impl ToString, labels: &Labels) -> Self {
        Self { id: id.to_string(), name: name.to_string(), labels: labels.clone() }
    }

    fn app(app: &App) -> Self {
        Self::new(&app.id(), &app.name(), app.labels())
    }

    fn space(space: &Space) -> Self {
        Self::new(&space.id(), &space.name(), space.labels())
    }

    fn pipeline(pipeline: &Pipeline) -> Self {
        Self::new(&pipeline.id(), &pipeline.name(), pipeline.labels())
    }
}

/// The query of a list: `label=key` or `label=key=value`, as often as there are labels that each must be there.
type Wanted = Asked<Vec<(String, String)>>;

/// The filter with every label of the query.
fn filter<F: Default>(wanted: &[(String, String)], add: impl Fn(F, LabelSelector) -> F) -> Result<F, Fault> {
    wanted.iter().try_fold(F::default(), |filter, (name, label)| match &**name {
        "label" => Ok(add(filter, label.parse().map_err(Error::from)?)),
        _ => Err(Fault::Field { field: "query", problem: "takes nothing but `label`" }),
    })
}

pub(super) async fn teams(call: Call, Asked(wanted): Wanted) -> Response {
    call.list(|store, actor, page: &PageRequest| {
        let found = store.memberships(actor, &filter(&wanted, TeamFilter::label)?, page)?;
        Ok::<_, Fault>(found.map(|one| OwnTeam::new(store, actor, &one)))
    })
}

pub(super) async fn apps(call: Call, Asked(wanted): Wanted) -> Response {
    call.list(|store, actor, page: &PageRequest| {
        let found = store.visible_apps(actor, &filter(&wanted, AppFilter::label)?, page)?;
        Ok::<_, Fault>(found.map(|one| Labelled::app(one.app)))
    })
}

pub(super) async fn spaces(call: Call, Asked(wanted): Wanted) -> Response {
    call.list(|store, actor, page: &PageRequest| {
        let found = store.visible_spaces(actor, &filter(&wanted, SpaceFilter::label)?, page)?;
        Ok::<_, Fault>(found.map(Labelled::space))
    })
}

pub(super) async fn pipelines(call: Call, Asked(wanted): Wanted) -> Response {
    call.list(|store, actor, page: &PageRequest| {
        let found = store.visible_pipelines(actor, &filter(&wanted, PipelineFilter::label)?, page)?;
        Ok::<_, Fault>(found.map(Labelled::pipeline))
    })
}

/// For whoever sees the team, and for the members of its Enterprise Account (ENT-3).
fn of_team(store: &TeamStore, actor: Actor, team: TeamId) -> Result<Labels, Fault> {
    let seen =
        find::own_team(store, actor, team).or_else(|refusal| store.account_team(actor, team).map_err(|_| refusal));
    Ok(seen?.labels().clone())
}

fn of_app(store: &TeamStore, actor: Actor, app: AppId) -> Result<Labels, Fault> {
    Ok(store.app(actor, app)?.labels().clone())
}

fn of_space(store: &TeamStore, actor: Actor, space: SpaceId) -> Result<Labels, Fault> {
    Ok(store.space(actor, space)?.labels().clone())
}

fn of_pipeline(store: &TeamStore, actor: Actor, pipeline: PipelineId) -> Result<Labels, Fault> {
    Ok(store.pipeline(actor, pipeline)?.labels().clone())
}

pub(super) async fn team(call: Call, At(team): At<String>) -> Response {
    call.read(|store, actor| of_team(store, actor, find::team(store, actor, &team)?))
}

pub(super) async fn app(call: Call, At(app): At<String>) -> Response {
    call.read(|store, actor| of_app(store, actor, find::app(store, actor, &app)?))
}

pub(super) async fn space(call: Call, At(space): At<String>) -> Response {
    call.read(|store, actor| of_space(store, actor, find::space(store, actor, &space)?))
}

pub(super) async fn pipeline(call: Call, At(pipeline): At<String>) -> Response {
    call.read(|store, actor| of_pipeline(store, actor, find::pipeline(store, actor, &pipeline)?))
}

pub(super) async fn set_team(call: Call, At(team): At<String>, Sent(labels): Sent<Labels>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let team = find::team(store, actor, &team)?;
        make_so(store, actor, Operation::SetTeamLabels { team, labels: labels.clone() })?;
        of_team(store, actor, team)
    })
    .await
}

pub(super) async fn set_app(call: Call, At(app): At<String>, Sent(labels): Sent<Labels>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let app = find::app(store, actor, &app)?;
        make_so(store, actor, Operation::SetAppLabels { app, labels: labels.clone() })?;
        of_app(store, actor, app)
    })
    .await
}

pub(super) async fn set_space(call: Call, At(space): At<String>, Sent(labels): Sent<Labels>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let space = find::space(store, actor, &space)?;
        make_so(store, actor, Operation::SetSpaceLabels { space, labels: labels.clone() })?;
        of_space(store, actor, space)
    })
    .await
}

pub(super) async fn set_pipeline(call: Call, At(pipeline): At<String>, Sent(labels): Sent<Labels>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let pipeline = find::pipeline(store, actor, &pipeline)?;
        make_so(store, actor, Operation::SetPipelineLabels { pipeline, labels: labels.clone() })?;
        of_pipeline(store, actor, pipeline)
    })
    .await
}
