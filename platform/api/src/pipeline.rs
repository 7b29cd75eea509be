//! Pipelines, the places of apps in them, transfers and promotions.

use chrono::{DateTime, Utc};
use enterprise_teams::{
    self as domain, Actor, AppId, Error, Page, PageRequest, PipelineId, Stage, TeamId, TeamStore,
    entity::Coupling,
    names::PipelineName,
    query::{AppFilter, AppSort, PastPromotion, PipelineFilter},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Fault, GENERATION, Identified, Named, Thing, find, made_id, release_id, rendered};

/// A pipeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct Pipeline {
    pub created_at: DateTime<Utc>,
    pub id: PipelineId,
    pub name: PipelineName,
    pub owner: Option<PipelineOwner>,
    pub updated_at: DateTime<Utc>,
    pub generation: Named,
}

/// The owner of a pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct PipelineOwner {
    pub id: Uuid,
    #[serde(rename = "type")]
    pub kind: OwnerKind,
}

/// What owns a pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OwnerKind {
    /// A team.
    Team,
    /// A user.
    User,
}

impl From<domain::Owner> for PipelineOwner {
    fn from(owner: domain::Owner) -> Self {
        match owner {
            domain::Owner::Team(team) => Self { id: team.uuid(), kind: OwnerKind::Team },
            domain::Owner::User(user) => Self { id: user.uuid(), kind: OwnerKind::User },
        }
    }
}

/// The place of an app in a pipeline. The id is the app's. Of the pipeline the schema has the id alone; the command-line client
/// wants its name too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct PipelineCoupling {
    pub app: Identified<AppId>,
    pub created_at: DateTime<Utc>,
    pub id: AppId,
    pub pipeline: Named<PipelineId, PipelineName>,
    pub stage: Stage,
    pub updated_at: DateTime<Utc>,
}

/// A pipeline that got another owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct PipelineTransfer {
    pub pipeline: Identified<PipelineId>,
    pub previous_owner: PipelineOwner,
    pub new_owner: PipelineOwner,
}

/// A release copied from one app to others. It has the id of its entry in the audit log ([`event_id`](crate::event_id)), and is there as long as
/// the store keeps that entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct PipelinePromotion {
    pub created_at: DateTime<Utc>,
    pub id: Uuid,
    pub pipeline: Identified<PipelineId>,
    pub source: PromotionSource,
    pub status: PromotionStatus,
    pub updated_at: Option<DateTime<Utc>>,
}

/// The app whose release was copied, and the release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct PromotionSource {
    pub app: Identified<AppId>,
    pub release: Identified<Uuid>,
}

/// How far a promotion is. In the store it is done at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PromotionStatus {
    /// Not done yet.
    Pending,
    /// Done.
    Completed,
}

/// How far a promotion is on one of its targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TargetStatus {
    /// Not done yet.
    Pending,
    /// The target runs the release.
    Succeeded,
    /// The target was refused.
    Failed,
}

/// An app to which a release was copied. Targets that were refused are not recorded. The id is made from those of the
/// promotion and the app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct PipelinePromotionTarget {
    pub app: Identified<AppId>,
    pub error_message: Option<String>,
    pub id: Uuid,
    pub pipeline_promotion: Identified<Uuid>,
    pub release: Option<Identified<Uuid>>,
    pub status: TargetStatus,
}

/// A pipeline. Visible as [`TeamStore::pipeline`].
///
/// # Errors
/// As [`TeamStore::pipeline`].
pub fn pipeline(store: &TeamStore, actor: Actor, pipeline: PipelineId) -> Result<Pipeline, Error> {
    store.pipeline(actor, pipeline).map(render)
}

/// Every pipeline that the actor sees, or those with this name, by name. With a name it costs what it passes over.
///
/// # Errors
/// As [`TeamStore::visible_pipelines`].
pub fn pipelines(
    store: &TeamStore,
    actor: Actor,
    name: Option<&str>,
    page: &PageRequest,
) -> Result<Page<Pipeline>, Error> {
    page.pick(
        |page| store.visible_pipelines(actor, &PipelineFilter::default(), page),
        |one| Ok(name.is_none_or(|name| one.name() == name).then(|| render(one))),
    )
}

/// The place of an app in a pipeline. Visible as [`TeamStore::coupling`].
///
/// # Errors
/// As [`TeamStore::coupling`]; [`Error::AppNotInPipeline`].
pub fn pipeline_coupling(store: &TeamStore, actor: Actor, app: AppId) -> Result<PipelineCoupling, Error> {
    coupling(store, actor, store.app(actor, app)?)?.ok_or(Error::AppNotInPipeline { app })
}

/// The places of the apps of a pipeline, by the names of the apps.
///
/// # Errors
/// As [`TeamStore::pipeline_apps`].
pub fn pipeline_couplings(
    store: &TeamStore,
    actor: Actor,
    pipeline: PipelineId,
    page: &PageRequest,
) -> Result<Page<PipelineCoupling>, Error> {
    let row = store.pipeline(actor, pipeline)?;
    let apps = store.pipeline_apps(actor, pipeline, &AppFilter::default(), page)?;
    rendered(apps, |(_, place)| Ok(render_coupling(row, place)))
}

/// The places of every app that the actor sees, by the names of the apps. Costs what it passes over.
///
/// # Errors
/// As [`TeamStore::visible_apps`].
pub fn pipeline_couplings_seen(
    store: &TeamStore,
    actor: Actor,
    page: &PageRequest,
) -> Result<Page<PipelineCoupling>, Error> {
    page.pick(|page| store.visible_apps(actor, &AppFilter::default(), page), |seen| coupling(store, actor, seen.app))
}

/// The places of the apps of a team, by the names of the apps. Costs what it passes over.
///
/// # Errors
/// As [`TeamStore::apps`].
pub fn pipeline_couplings_of_team(
    store: &TeamStore,
    actor: Actor,
    team: TeamId,
    page: &PageRequest,
) -> Result<Page<PipelineCoupling>, Error> {
    page.pick(
        |page| store.apps(actor, team, &AppFilter::default(), AppSort::Name, page),
        |app| coupling(store, actor, app),
    )
}

/// The transfer of a pipeline from an owner to another.
#[must_use]
pub fn pipeline_transfer(pipeline: PipelineId, from: domain::Owner, to: domain::Owner) -> PipelineTransfer {
    PipelineTransfer { pipeline: Identified { id: pipeline }, previous_owner: from.into(), new_owner: to.into() }
}

/// A promotion, for who sees its pipeline and the app whose release was copied.
///
/// # Errors
/// [`Fault::Missing`]; those of [`TeamStore::pipeline`] and [`TeamStore::app`].
pub fn pipeline_promotion(store: &TeamStore, actor: Actor, id: Uuid) -> Result<PipelinePromotion, Fault> {
    let promotion = promotion(store, actor, id)?;
    let release = promotion.release.map(|number| release_id(promotion.source, number));
    Ok(PipelinePromotion {
        created_at: promotion.at,
        id,
        pipeline: Identified { id: promotion.pipeline },
        source: PromotionSource {
            app: Identified { id: promotion.source },
            release: Identified { id: release.unwrap_or_default() },
        },
        status: PromotionStatus::Completed,
        updated_at: Some(promotion.at),
    })
}

/// The apps to which a promotion copied the release, as far as the actor sees them. Visible as [`pipeline_promotion`].
///
/// # Errors
/// As [`pipeline_promotion`].
pub fn pipeline_promotion_targets(
    store: &TeamStore,
    actor: Actor,
    id: Uuid,
) -> Result<Vec<PipelinePromotionTarget>, Fault> {
    let targets = promotion(store, actor, id)?.targets.into_iter().map(|target| PipelinePromotionTarget {
        app: Identified { id: target.app },
        error_message: None,
        id: made_id("pipeline promotion target", format_args!("{id}:{}", target.app)),
        pipeline_promotion: Identified { id },
        release: Some(Identified { id: release_id(target.app, target.to.number) }),
        status: TargetStatus::Succeeded,
    });
    Ok(targets.collect())
}

fn promotion(store: &TeamStore, actor: Actor, id: Uuid) -> Result<PastPromotion<'_>, Fault> {
    let missing = Fault::Missing(Thing::Promotion);
    store.promotion(actor, find::event(id).ok_or(missing.clone())?)?.ok_or(missing)
}

fn coupling(store: &TeamStore, actor: Actor, app: &domain::App) -> Result<Option<PipelineCoupling>, Error> {
    let Some(place) = store.coupling(actor, app.id())? else { return Ok(None) };
    let pipeline = store.pipeline(actor, place.pipeline)?;
    Ok(Some(render_coupling(pipeline, place)))
}

fn render_coupling(pipeline: &domain::Pipeline, place: Coupling) -> PipelineCoupling {
    PipelineCoupling {
        app: Identified { id: place.app },
        created_at: place.times.since,
        id: place.app,
        pipeline: Named { id: place.pipeline, name: pipeline.name() },
        stage: place.stage,
        updated_at: place.times.changed_at,
    }
}

fn render(pipeline: &domain::Pipeline) -> Pipeline {
    Pipeline {
        created_at: pipeline.created_at(),
        id: pipeline.id(),
        name: pipeline.name(),
        owner: Some(pipeline.owner().into()),
        updated_at: pipeline.changed_at(),
        generation: Named::known("generation", GENERATION),
    }
}
