//! PIPE-8: pipelines, the apps in them and their releases.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::app::AppFilter;
use super::filter::PipelineFilter;
use super::merge;
use super::page::{Page, PageRequest, after};
use super::team::teams_of;
use crate::access;
use crate::actor::Actor;
use crate::entity::{App, Coupling, Pipeline, Release};
use crate::error::Error;
use crate::event::{Event, Promoted, Promotion, Subject};
use crate::guard;
use crate::ids::{AppId, PipelineId};
use crate::names::{AppName, PipelineName};
use crate::policy::{AppAction, Capability};
use crate::sort;
use crate::state::{AppRow, OwnerIx, PipelineIx};
use crate::store::TeamStore;

/// What a promotion did, as somebody sees it (PIPE-7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PastPromotion<'s> {
    /// When.
    pub at: DateTime<Utc>,
    /// The pipeline.
    pub pipeline: PipelineId,
    /// The app whose release was copied.
    pub source: AppId,
    /// The number of that release, if the log still tells.
    pub release: Option<u32>,
    /// The apps to which it was copied.
    pub targets: Vec<&'s Promoted>,
}

/// **Questions about pipelines** (PIPE-8).
impl TeamStore {
    /// A pipeline.
    ///
    /// Visible to whoever sees its owner's apps, or any app in it (PIPE-8).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`PipelineNotFound`](Error::PipelineNotFound) (X-2),
    /// [`PipelineHidden`](Error::PipelineHidden) (PIPE-8), [`OAuthDenied`](Error::OAuthDenied) (SEC-1).
    pub fn pipeline(&self, actor: Actor, pipeline: PipelineId) -> Result<&Pipeline, Error> {
        let caller = self.caller(actor)?;
        let row = guard::pipeline(self.at(actor.at), pipeline)?;
        guard::reach_pipeline(self.at(actor.at), caller, row)?;
        Ok(&row.row.pipeline)
    }

    /// The apps of a pipeline that the actor sees, by name, each with its stage. Visible as [`pipeline`](Self::pipeline). A page
    /// costs what it holds, and what it passes over because of the filter or because the actor does not see it.
    ///
    /// # Errors
    /// As [`pipeline`](Self::pipeline), and [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    pub fn pipeline_apps(
        &self,
        actor: Actor,
        pipeline: PipelineId,
        filter: &AppFilter,
        page: &PageRequest,
    ) -> Result<Page<(&App, Coupling)>, Error> {
        let caller = self.caller(actor)?;
        let row = guard::pipeline(self.at(actor.at), pipeline)?;
        guard::reach_pipeline(self.at(actor.at), caller, row)?;
        let from: Option<AppName> = page.key()?;
        let apps = row.row.apps.range(after(from)).filter_map(|(_, app)| self.at(actor.at).apps.get(*app));
        let seen = apps.filter(|app| access::held_by(self.at(actor.at), caller.user, app).allows(AppAction::ViewApp));
        let coupled =
            seen.filter(|app| filter.admits(&app.app)).filter_map(|app| Some((&app.app, coupling(app, pipeline)?)));
        Ok(page.fill(coupled, |(app, _)| app.name))
    }

    /// Every pipeline that the actor sees, by name (PIPE-8): those of the actor, of the teams that the actor is in, and of the
    /// apps that the actor is on. The operator, who sees every pipeline, lists them owner by owner.
    ///
    /// A page costs what it holds, the teams that the actor is in, and the apps that the actor is on; with a filter, what it passes
    /// over too.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`OperatorOwnsNoApps`](Error::OperatorOwnsNoApps) (APP-1),
    /// [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    ///
    /// ```
    /// use enterprise_teams::{PageRequest, Stage, demo::Demo, query::PipelineFilter};
    ///
    /// let Demo { mut store, joe, jill, acme, website, .. } = Demo::new()?;
    /// let pipeline = store.create_pipeline(joe, acme, "acme-flow".parse()?)?;
    /// let (all, first) = (PipelineFilter::default(), PageRequest::default());
    /// assert_eq!(store.visible_pipelines(jill, &all, &first)?.items.len(), 0);
    /// store.couple_app(joe, pipeline, website, Stage::Production)?;
    /// assert_eq!(store.visible_pipelines(jill, &all, &first)?.items[0].name(), "acme-flow");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn visible_pipelines(
        &self,
        actor: Actor,
        filter: &PipelineFilter,
        page: &PageRequest,
    ) -> Result<Page<&Pipeline>, Error> {
        type Named<'i> = Box<dyn Iterator<Item = ((PipelineName, u64), PipelineIx)> + 'i>;
        let caller = self.caller(actor)?;
        let user = caller.user.ok_or(Error::OperatorOwnsNoApps {})?;
        let from: Option<(PipelineName, u64)> = page.key()?;
        let state = self.at(actor.at);
        let owned_by = |owner| match owner {
            OwnerIx::User(owner) => owner == user.ix,
            OwnerIx::Team(team) => {
                state.teams.at(team).is_some_and(|team| access::may(caller, team, Capability::ViewApps))
            }
        };
        let closed = |owner| match owner {
            OwnerIx::User(_) => false,
            OwnerIx::Team(team) => state.teams.at(team).is_some_and(|team| caller.is_kept_out(team)),
        };
        let lists = teams_of(state, caller, user, Capability::ViewApps).map(|team| &team.row.apps.pipelines);
        let lists = lists
            .chain([&user.row.apps().pipelines])
            .map(|list| -> Named<'_> { Box::new(list.range(after(from)).map(|(key, pipeline)| (*key, *pipeline))) });
        let groups = user.row.groups().iter().filter_map(|group| state.groups.get(*group));
        let apps = user.row.grants().iter().chain(groups.flat_map(|group| &group.apps));
        let apps = apps.filter_map(|app| state.apps.get(*app));
        let apps = apps.filter(|app| access::held(state, user, app).allows(AppAction::ViewApp));
        let of_apps = apps.filter_map(AppRow::coupling).filter_map(|(ix, _)| Some((ix, state.pipelines.get(ix)?)));
        let of_apps = of_apps.filter(|(_, row)| !owned_by(row.owner) && !closed(row.owner));
        let of_apps = sort::set(of_apps.map(|(ix, row)| ((row.pipeline.name, row.pipeline.number), ix)));
        let of_apps = of_apps.into_iter().filter(|(key, _)| from.is_none_or(|from| *key > from));
        let all = merge::sorted(lists.chain([Box::new(of_apps) as Named<'_>]).collect());
        let all = all.filter_map(|ix| state.pipelines.get(ix)).map(|row| &row.pipeline);
        Ok(page.fill(all.filter(|pipeline| filter.admits(pipeline)), |pipeline| (pipeline.name, pipeline.number)))
    }

    /// What a promotion did, by the number of its event (PIPE-7); `None` if that is none, if the log does not hold it any more, or
    /// if the actor does not see the pipeline and the app whose release was copied. Targets that the actor does not see are left
    /// out.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2).
    ///
    /// ```
    /// use enterprise_teams::{NewApp, Stage, demo::Demo};
    ///
    /// let Demo { mut store, ada, max, acme, website, .. } = Demo::new()?;
    /// let live = store.create_app(ada, NewApp::in_team(acme))?;
    /// let pipeline = store.create_pipeline(ada, acme, "acme-flow".parse()?)?;
    /// store.couple_app(ada, pipeline, website, Stage::Staging)?;
    /// store.couple_app(ada, pipeline, live, Stage::Production)?;
    /// store.release_app(ada, website, "first".parse()?)?;
    /// store.promote_app(ada, website)?;
    /// let number = store.events().last().map_or(0, |event| event.seq);
    /// let promotion = store.promotion(ada, number)?;
    /// assert_eq!(promotion.and_then(|one| one.release), Some(1));
    /// assert_eq!(store.promotion(max, number)?, None);
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn promotion(&self, actor: Actor, number: u64) -> Result<Option<PastPromotion<'_>>, Error> {
        self.caller(actor)?;
        let Some(entry) = self.log.event(number) else { return Ok(None) };
        let Event::AppPromoted { promotion } = &entry.event else { return Ok(None) };
        let Promotion { pipeline, source, .. } = **promotion;
        if self.pipeline(actor, pipeline).is_err() || self.app(actor, source).is_err() {
            return Ok(None);
        }
        let targets = promotion.targets.iter().filter(|target| self.app(actor, target.app).is_ok());
        let release = self.release_before(source, number);
        Ok(Some(PastPromotion { at: entry.at, pipeline, source, release, targets: targets.collect() }))
    }

    /// The number of the release that the app ran before an event, if the log still tells.
    fn release_before(&self, app: AppId, number: u64) -> Option<u32> {
        self.log.about(Subject::App(app), 0..number).rev().find_map(|entry| {
            if let Event::AppReleased { app: released, release, .. } = &entry.event {
                (*released == app).then_some(release.number)
            } else if let Event::AppPromoted { promotion } = &entry.event {
                promotion.targets.iter().find(|target| target.app == app).map(|target| target.to.number)
            } else {
                None
            }
        })
    }

    /// The place of an app in a pipeline, if it has one.
    ///
    /// # Errors
    /// As [`check`](Self::check) for [`AppAction::ViewApp`].
    pub fn coupling(&self, actor: Actor, app: AppId) -> Result<Option<Coupling>, Error> {
        let row = self.app_for(actor, app, AppAction::ViewApp)?;
        Ok(self.at(actor.at).coupling(row.row).and_then(|(pipeline, _)| coupling(row.row, pipeline)))
    }

    /// The release that an app runs, if it has one (PIPE-7).
    ///
    /// # Errors
    /// As [`check`](Self::check) for [`AppAction::ViewReleases`].
    pub fn release(&self, actor: Actor, app: AppId) -> Result<Option<&Release>, Error> {
        Ok(self.app_for(actor, app, AppAction::ViewReleases)?.row.release())
    }
}

fn coupling(app: &AppRow, pipeline: PipelineId) -> Option<Coupling> {
    Some(Coupling { pipeline, app: app.app.id, stage: app.coupling()?.1, times: app.coupled()?.into() })
}
