//! PIPE: pipelines, couplings, promotion.

use std::collections::BTreeSet;

use super::Partly;
use super::transfer::{self, Receiver};
use crate::access::{self, Caller};
use crate::actor::Actor;
use crate::entity::{Labels, Owner, Pipeline, Release, Stage};
use crate::error::{Error, Truncated};
use crate::event::{Event, PipelineDeletion, PipelineMove, Promoted, Promotion};
use crate::guard::{self, ensure};
use crate::ids::{AppId, PipelineId};
use crate::names::{Description, PipelineName};
use crate::policy::{AppAction, Capability};
use crate::settings::BULK_APPS_MAX;
use crate::sort;
use crate::state::{AppRow, At, OwnerIx, PipelineRow, Rate, State};

pub(crate) fn create(
    state: &State,
    actor: Actor,
    owner: Owner,
    name: PipelineName,
) -> Result<(Event, PipelineId), Error> {
    let caller = guard::actor(state, actor)?;
    let row = transfer::receiver(state, owner)?;
    match row {
        Receiver::Team(team) => {
            let refused = Error::OnlyMembersCreatePipelines { actor: caller.who, team: team.team.id };
            guard::capability(caller, team, Capability::ManagePipelines, refused)?;
        }
        Receiver::User(user) => {
            let refused = Error::OnlyOwnerListsPersonalApps { actor: caller.who, user: user.user.id };
            ensure!(caller.is(user), refused);
        }
    }
    guard::room(state.pipelines.len())?;
    let (id, number) = (state.fresh_id(), state.seq + 1);
    let pipeline =
        Pipeline { id, name, owner, number, created_at: caller.now, changed_at: caller.now, labels: Labels::NONE };
    Ok((Event::PipelineCreated { pipeline: Box::new(pipeline) }, id))
}

pub(crate) fn rename(state: &State, actor: Actor, pipeline: PipelineId, to: PipelineName) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::pipeline(state, pipeline)?;
    manage(state, caller, row)?;
    ensure!(row.pipeline.name != to, Error::PipelineNameUnchanged { pipeline, name: to });
    let (owner, from) = (row.pipeline.owner, row.pipeline.name);
    Ok(Event::PipelineRenamed { pipeline, owner, from: Box::new(from), to: Box::new(to) })
}

pub(crate) fn set_labels(state: &State, actor: Actor, pipeline: PipelineId, to: Labels) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::pipeline(state, pipeline)?;
    manage(state, caller, row)?;
    ensure!(row.pipeline.labels != to, Error::PipelineLabelsUnchanged { pipeline });
    let (owner, from) = (row.pipeline.owner, row.pipeline.labels.clone());
    Ok(Event::PipelineLabelsChanged { pipeline, owner, from, to })
}

pub(crate) fn delete(state: &State, actor: Actor, pipeline: PipelineId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::pipeline(state, pipeline)?;
    manage(state, caller, row)?;
    let mut coupled: Vec<_> = apps(state, row).collect();
    sort::by_key(&mut coupled, |app| app.app.id);
    coupled.iter().try_for_each(|app| deploys(state, caller, *app))?;
    let couplings: Vec<_> = coupled.iter().filter_map(|app| Some((app.app.id, app.coupling()?.1))).collect();
    let deleted = PipelineDeletion { pipeline: row.pipeline.clone(), couplings: couplings.into() };
    Ok(Event::PipelineDeleted { deleted: Box::new(deleted) })
}

pub(crate) fn couple(
    state: &State,
    actor: Actor,
    pipeline: PipelineId,
    app: AppId,
    stage: Stage,
) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::pipeline(state, pipeline)?;
    let coupled = guard::app(state, app)?;
    guard::see(state, caller, coupled)?;
    guard::reach_pipeline(state, caller, row)?;
    guard::app_entry(state, caller, coupled)?;
    manage(state, caller, row)?;
    deploys(state, caller, coupled)?;
    ensure!(coupled.owner == row.owner, Error::OwnersDiffer { app, pipeline });
    if let Some(found) = state.coupling(coupled.row) {
        ensure!(found != (pipeline, stage), Error::StageUnchanged { app, stage });
        return Err(Error::AppInPipeline { app, pipeline: found.0 });
    }
    Ok(Event::AppCoupled { app, owner: coupled.app.owner, pipeline, stage })
}

pub(crate) fn set_stage(state: &State, actor: Actor, app: AppId, to: Stage) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::app(state, app)?;
    let (pipeline, from) = coupling(state, caller, row)?;
    ensure!(from != to, Error::StageUnchanged { app, stage: to });
    Ok(Event::AppStageChanged { app, owner: row.app.owner, pipeline, from, to })
}

pub(crate) fn uncouple(state: &State, actor: Actor, app: AppId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::app(state, app)?;
    let (pipeline, stage) = coupling(state, caller, row)?;
    Ok(Event::AppUncoupled { app, owner: row.app.owner, pipeline, stage })
}

/// With all its apps, or not at all (PIPE-6).
pub(crate) fn transfer(state: &State, actor: Actor, pipeline: PipelineId, to: Owner) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::pipeline(state, pipeline)?;
    let receiver = transfer::receiver(state, to)?;
    guard::reach_pipeline(state, caller, row)?;
    if let Receiver::Team(team) = receiver {
        guard::entry(caller, team)?;
    }
    manage(state, caller, row)?;
    let (from, open) = (row.pipeline.owner, Error::PipelineReceiverClosed { actor: caller.who, to });
    match receiver {
        Receiver::Team(team) => ensure!(access::may(caller, team, Capability::ManagePipelines), open),
        Receiver::User(user) => {
            let in_team = matches!(row.owner, OwnerIx::Team(team) if user.role(team).is_some());
            ensure!(in_team || from == to || !row.apps.is_empty(), open);
        }
    }
    ensure!(from != to, Error::PipelineAlreadyOwned { pipeline, owner: to });
    let mut members: Vec<_> = apps(state, row).collect();
    sort::by_key(&mut members, |app| app.app.name);
    let (mut moved, mut refused, mut rate) = (Vec::new(), Vec::new(), Rate::default());
    for app in members {
        match transfer::plan(state, caller, app, receiver, moved.len() + 1, &mut rate) {
            Ok(one) => moved.push(crate::event::Move { uncoupled: None, ..one }),
            Err(error) => refused.push((app.app.id, error)),
        }
    }
    ensure!(refused.is_empty(), Error::PipelineNotMovable { pipeline, apps: Box::new(Truncated::of(refused)) });
    // With apps, each of them has been refused for that.
    if let Receiver::User(user) = receiver {
        guard::recipient(user)?;
    }
    Ok(Event::PipelineTransferred { moved: Box::new(PipelineMove { pipeline, from, to, apps: moved.into() }) })
}

/// The release that the app runs from now on, one number up.
#[expect(clippy::needless_pass_by_value, reason = "operations take the values that the store keeps")]
pub(crate) fn release(state: &State, actor: Actor, app: AppId, description: Description) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::app(state, app)?;
    guard::reach(state, caller, row)?;
    guard::action(state, caller, row, AppAction::PushCode)?;
    let release = Release::after(row.release(), description.as_str());
    let replaced = row.release().cloned().map(Box::new);
    Ok(Event::AppReleased { app, owner: row.app.owner, release: Box::new(release), replaced })
}

/// To the apps of the next stage (PIPE-7).
pub(crate) fn promote(state: &State, actor: Actor, app: AppId) -> Result<Partly, Error> {
    copy(state, actor, app, None)
}

pub(crate) fn promote_to(state: &State, actor: Actor, app: AppId, targets: &[AppId]) -> Result<Partly, Error> {
    copy(state, actor, app, Some(targets))
}

/// Copies the release to the targets that can take it, and says why the others cannot.
fn copy(state: &State, actor: Actor, app: AppId, targets: Option<&[AppId]>) -> Result<Partly, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::app(state, app)?;
    guard::reach(state, caller, row)?;
    let deploys = access::held_by(state, caller.user, row.row).allows(AppAction::PromoteApp);
    ensure!(deploys, Error::PromotionNeedsDeploy { actor: caller.who, app });
    ensure!(targets.is_none_or(|targets| !targets.contains(&app)), Error::PromotionToSelf { app });
    let (count, max) = (targets.map_or(0, <[AppId]>::len), BULK_APPS_MAX);
    ensure!(count <= max, Error::TooManyTargets { count, max });
    let (place, stage) = row.coupling().ok_or(Error::AppNotInPipeline { app })?;
    let pipeline = state.pipelines.at(place).ok_or(Error::AppNotInPipeline { app })?;
    let next = stage.next();
    let promotable = stage != Stage::Production && (targets.is_some() || next.is_some());
    ensure!(promotable, Error::StageNotPromotable { app, stage });
    let release = row.release().ok_or(Error::NoRelease { app })?;
    let chosen = targets.map_or_else(|| seen_in(state, caller, pipeline, next), <[AppId]>::to_vec);
    ensure!(!chosen.is_empty(), Error::NoTargets { app });
    let (mut promoted, mut refused, mut done) = (Vec::<Promoted>::new(), Vec::new(), BTreeSet::new());
    for target in chosen {
        match receive(state, caller, pipeline, target, row, release) {
            Ok(_) if !done.insert(target) => refused.push((target, Error::AppNamedTwice { app: target })),
            Ok(one) => promoted.push(one),
            Err(error) => refused.push((target, error)),
        }
    }
    ensure!(!promoted.is_empty(), Error::PromotionRefused { apps: Box::new(Truncated::of(refused)) });
    let (pipeline, owner) = (pipeline.pipeline.id, pipeline.pipeline.owner);
    let promotion = Promotion { pipeline, owner, source: app, targets: promoted.into() };
    Ok((Event::AppPromoted { promotion: Box::new(promotion) }, refused))
}

/// The apps of a stage that the caller sees, by name.
fn seen_in(state: &State, caller: Caller<'_>, pipeline: At<'_, PipelineRow>, wanted: Option<Stage>) -> Vec<AppId> {
    let mut found: Vec<_> = apps(state, pipeline)
        .filter(|app| app.coupling().map(|(_, stage)| stage) == wanted)
        .filter(|app| guard::see(state, caller, *app).is_ok())
        .collect();
    sort::by_key(&mut found, |app| app.app.name);
    found.iter().map(|app| app.app.id).collect()
}

fn receive(
    state: &State,
    caller: Caller<'_>,
    pipeline: At<'_, PipelineRow>,
    target: AppId,
    source: At<'_, AppRow>,
    release: &Release,
) -> Result<Promoted, Error> {
    let row = guard::app(state, target)?;
    guard::reach(state, caller, row)?;
    let deploys = access::held_by(state, caller.user, row.row).allows(AppAction::PromoteApp);
    ensure!(deploys, Error::PromotionNeedsDeploy { actor: caller.who, app: target });
    let inside = row.coupling().is_some_and(|(place, _)| place == pipeline.ix);
    ensure!(inside, Error::TargetOutsidePipeline { app: target, pipeline: pipeline.pipeline.id });
    let to = Release::promoted(source.app.name, release, row.release());
    Ok(Promoted { app: target, from: row.release().cloned(), to })
}

/// The caller sees the pipeline and manages it (PIPE-2, PIPE-8).
fn manage(state: &State, caller: Caller<'_>, pipeline: At<'_, PipelineRow>) -> Result<(), Error> {
    guard::reach_pipeline(state, caller, pipeline)?;
    let managed = access::manages_pipelines(state, caller, pipeline.owner);
    ensure!(managed, Error::OnlyOwnersManagePipelines { actor: caller.who, pipeline: pipeline.pipeline.id });
    Ok(())
}

/// The place of the app, on which the caller holds `deploy`, in a pipeline that the caller manages.
fn coupling(state: &State, caller: Caller<'_>, app: At<'_, AppRow>) -> Result<(PipelineId, Stage), Error> {
    guard::reach(state, caller, app)?;
    let place = app.coupling().and_then(|(pipeline, stage)| Some((state.pipelines.at(pipeline)?, stage)));
    if let Some((pipeline, _)) = place {
        manage(state, caller, pipeline)?;
    }
    deploys(state, caller, app)?;
    let (pipeline, stage) = place.ok_or(Error::AppNotInPipeline { app: app.app.id })?;
    Ok((pipeline.pipeline.id, stage))
}

/// The caller holds `deploy` on the app (PIPE-2).
fn deploys(state: &State, caller: Caller<'_>, app: At<'_, AppRow>) -> Result<(), Error> {
    let deploys = access::held_by(state, caller.user, app.row).allows(AppAction::CoupleApp);
    ensure!(deploys, Error::CouplingNeedsDeploy { actor: caller.who, app: app.app.id });
    Ok(())
}

fn apps<'s>(state: &'s State, pipeline: At<'s, PipelineRow>) -> impl Iterator<Item = At<'s, AppRow>> {
    pipeline.row.apps.values().filter_map(|app| state.apps.at(*app))
}
