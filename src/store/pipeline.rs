//! PIPE: pipelines, couplings, promotion.

use super::TeamStore;
use crate::actor::Actor;
use crate::decide;
use crate::entity::{Labels, Owner, Stage};
use crate::error::Error;
#[cfg(doc)]
use crate::event::Event;
use crate::ids::{AppId, PipelineId};
use crate::names::{Description, PipelineName};

/// **Pipelines** (PIPE): stages, couplings, releases, promotion.
impl TeamStore {
    /// Creates a pipeline in a team or in the actor's personal account (PIPE-1, PIPE-2). Other pipelines may have the same name.
    ///
    /// In a team by its admins and members. Records [`PipelineCreated`](Event::PipelineCreated).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`UserNotFound`](Error::UserNotFound) (X-2),
    /// [`TeamNotFound`](Error::TeamNotFound) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyOwnerListsPersonalApps`](Error::OnlyOwnerListsPersonalApps) (PERM-10),
    /// [`OnlyMembersCreatePipelines`](Error::OnlyMembersCreatePipelines) (PIPE-2),
    /// [`StoreFull`](Error::StoreFull) (X-6).
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    ///
    /// let Demo { mut store, joe, vera, acme, .. } = Demo::new()?;
    /// let pipeline = store.create_pipeline(joe, acme, "acme-flow".parse()?)?;
    /// assert_eq!(store.pipeline(vera, pipeline)?.name(), "acme-flow");
    /// assert_eq!(
    ///     store.create_pipeline(vera, acme, "veras".parse()?).unwrap_err().code(),
    ///     "only-members-create-pipelines",
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn create_pipeline(
        &mut self,
        actor: Actor,
        owner: impl Into<Owner>,
        name: PipelineName,
    ) -> Result<PipelineId, Error> {
        self.record(actor, |state| decide::pipeline::create(state, actor, owner.into(), name))
    }

    /// Renames a pipeline (PIPE-2).
    ///
    /// By the admins and members of the team that owns it, or by the owning user. Records
    /// [`PipelineRenamed`](Event::PipelineRenamed).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`PipelineNotFound`](Error::PipelineNotFound) (X-2),
    /// [`PipelineHidden`](Error::PipelineHidden) (PIPE-8), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyOwnersManagePipelines`](Error::OnlyOwnersManagePipelines) (PIPE-2),
    /// [`PipelineNameUnchanged`](Error::PipelineNameUnchanged) (PIPE-1).
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    ///
    /// let Demo { mut store, joe, acme, .. } = Demo::new()?;
    /// let pipeline = store.create_pipeline(joe, acme, "acme-flow".parse()?)?;
    /// store.rename_pipeline(joe, pipeline, "acme-main".parse()?)?;
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn rename_pipeline(&mut self, actor: Actor, pipeline: PipelineId, name: PipelineName) -> Result<(), Error> {
        self.record(actor, |state| decide::pipeline::rename(state, actor, pipeline, name))
    }

    /// Gives a pipeline these labels, in place of those that it has (LAB-1).
    ///
    /// By the admins and members of the team that owns it, or by the owning user. Records
    /// [`PipelineLabelsChanged`](Event::PipelineLabelsChanged). The labels go along when the pipeline is transferred.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`PipelineNotFound`](Error::PipelineNotFound) (X-2),
    /// [`PipelineHidden`](Error::PipelineHidden) (PIPE-8), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyOwnersManagePipelines`](Error::OnlyOwnersManagePipelines) (PIPE-2),
    /// [`PipelineLabelsUnchanged`](Error::PipelineLabelsUnchanged) (LAB-1).
    ///
    /// ```
    /// use enterprise_teams::{demo::Demo, entity::Labels};
    ///
    /// let Demo { mut store, joe, acme, .. } = Demo::new()?;
    /// let pipeline = store.create_pipeline(joe, acme, "acme-flow".parse()?)?;
    /// let labels = Labels::new([("tier".parse()?, "gold".parse()?)])?;
    /// store.set_pipeline_labels(joe, pipeline, labels)?;
    /// assert_eq!(store.pipeline(joe, pipeline)?.labels().len(), 1);
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn set_pipeline_labels(&mut self, actor: Actor, pipeline: PipelineId, labels: Labels) -> Result<(), Error> {
        self.record(actor, |state| decide::pipeline::set_labels(state, actor, pipeline, labels))
    }

    /// Deletes a pipeline and its couplings; the apps stay (PIPE-5).
    ///
    /// By the admins and members of the team that owns it, or by the owning user, who hold `deploy` on every app in it; the refusal
    /// names the first by id. Records [`PipelineDeleted`](Event::PipelineDeleted).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`PipelineNotFound`](Error::PipelineNotFound) (X-2),
    /// [`PipelineHidden`](Error::PipelineHidden) (PIPE-8), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyOwnersManagePipelines`](Error::OnlyOwnersManagePipelines) (PIPE-2),
    /// [`CouplingNeedsDeploy`](Error::CouplingNeedsDeploy) (PIPE-2).
    ///
    /// ```
    /// use enterprise_teams::{Stage, demo::Demo};
    ///
    /// let Demo { mut store, ada, acme, website, .. } = Demo::new()?;
    /// let pipeline = store.create_pipeline(ada, acme, "acme-flow".parse()?)?;
    /// store.couple_app(ada, pipeline, website, Stage::Production)?;
    /// store.delete_pipeline(ada, pipeline)?;
    /// assert_eq!(store.coupling(ada, website)?, None);
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn delete_pipeline(&mut self, actor: Actor, pipeline: PipelineId) -> Result<(), Error> {
        self.record(actor, |state| decide::pipeline::delete(state, actor, pipeline))
    }

    /// Adds an app to a pipeline in a stage (PIPE-3). Both have the same owner (PIPE-4).
    ///
    /// By who manages the pipeline (PIPE-2) and holds `deploy` on the app. Records [`AppCoupled`](Event::AppCoupled).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`PipelineNotFound`](Error::PipelineNotFound) (X-2),
    /// [`AppNotFound`](Error::AppNotFound) (X-2), [`AppHidden`](Error::AppHidden) (X-2),
    /// [`PipelineHidden`](Error::PipelineHidden) (PIPE-8), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyOwnersManagePipelines`](Error::OnlyOwnersManagePipelines) (PIPE-2),
    /// [`CouplingNeedsDeploy`](Error::CouplingNeedsDeploy) (PIPE-2), [`OwnersDiffer`](Error::OwnersDiffer) (PIPE-4),
    /// [`AppInPipeline`](Error::AppInPipeline) (PIPE-3), [`StageUnchanged`](Error::StageUnchanged) (PIPE-3).
    ///
    /// ```
    /// use enterprise_teams::{Rule, Stage, demo::Demo};
    ///
    /// let Demo { mut store, joe, acme, website, .. } = Demo::new()?;
    /// let pipeline = store.create_pipeline(joe, acme, "acme-flow".parse()?)?;
    /// store.couple_app(joe, pipeline, website, Stage::Staging)?;
    /// let again = store.couple_app(joe, pipeline, website, Stage::Production).unwrap_err();
    /// assert_eq!((again.code(), again.rule()), ("app-in-pipeline", Rule::Pipe3));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn couple_app(&mut self, actor: Actor, pipeline: PipelineId, app: AppId, stage: Stage) -> Result<(), Error> {
        self.record(actor, |state| decide::pipeline::couple(state, actor, pipeline, app, stage))
    }

    /// Moves an app to another stage of its pipeline (PIPE-3).
    ///
    /// By who manages the pipeline and holds `deploy` on the app (PIPE-2). Records [`AppStageChanged`](Event::AppStageChanged).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AppNotFound`](Error::AppNotFound) (X-2),
    /// [`AppHidden`](Error::AppHidden) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyOwnersManagePipelines`](Error::OnlyOwnersManagePipelines) (PIPE-2),
    /// [`CouplingNeedsDeploy`](Error::CouplingNeedsDeploy) (PIPE-2),
    /// [`AppNotInPipeline`](Error::AppNotInPipeline) (PIPE-3), [`StageUnchanged`](Error::StageUnchanged) (PIPE-3).
    ///
    /// ```
    /// use enterprise_teams::{Stage, demo::Demo};
    ///
    /// let Demo { mut store, joe, acme, website, .. } = Demo::new()?;
    /// let pipeline = store.create_pipeline(joe, acme, "acme-flow".parse()?)?;
    /// store.couple_app(joe, pipeline, website, Stage::Staging)?;
    /// store.set_stage(joe, website, Stage::Production)?;
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn set_stage(&mut self, actor: Actor, app: AppId, stage: Stage) -> Result<(), Error> {
        self.record(actor, |state| decide::pipeline::set_stage(state, actor, app, stage))
    }

    /// Takes an app out of its pipeline (PIPE-2).
    ///
    /// By who manages the pipeline and holds `deploy` on the app. Records [`AppUncoupled`](Event::AppUncoupled).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AppNotFound`](Error::AppNotFound) (X-2),
    /// [`AppHidden`](Error::AppHidden) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyOwnersManagePipelines`](Error::OnlyOwnersManagePipelines) (PIPE-2),
    /// [`CouplingNeedsDeploy`](Error::CouplingNeedsDeploy) (PIPE-2),
    /// [`AppNotInPipeline`](Error::AppNotInPipeline) (PIPE-3).
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    ///
    /// let Demo { mut store, joe, website, .. } = Demo::new()?;
    /// assert_eq!(store.uncouple_app(joe, website).unwrap_err().code(), "app-not-in-pipeline");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn uncouple_app(&mut self, actor: Actor, app: AppId) -> Result<(), Error> {
        self.record(actor, |state| decide::pipeline::uncouple(state, actor, app))
    }

    /// Transfers a pipeline with all its apps, all or nothing (PIPE-6), each as [`transfer_app`](Self::transfer_app) would; they
    /// stay in their stages.
    ///
    /// By who manages the pipeline, may transfer every one of its apps, and can create pipelines where it goes. Which user may receive
    /// it its apps say; without apps, one who is in the team (our decision). None of its apps may be in a space. Records
    /// [`PipelineTransferred`](Event::PipelineTransferred).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`PipelineNotFound`](Error::PipelineNotFound) (X-2),
    /// [`UserNotFound`](Error::UserNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`PipelineHidden`](Error::PipelineHidden) (PIPE-8), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyOwnersManagePipelines`](Error::OnlyOwnersManagePipelines) (PIPE-2),
    /// [`PipelineReceiverClosed`](Error::PipelineReceiverClosed) (PIPE-6),
    /// [`PipelineAlreadyOwned`](Error::PipelineAlreadyOwned) (PIPE-6),
    /// [`PipelineNotMovable`](Error::PipelineNotMovable) (PIPE-6), [`UserIsSuspended`](Error::UserIsSuspended) (SUS-1).
    ///
    /// ```
    /// use enterprise_teams::{NewApp, Owner, Stage, demo::{Demo, id}};
    ///
    /// let Demo { mut store, joe, acme, .. } = Demo::new()?;
    /// let app = store.create_app(joe, NewApp::personal())?;
    /// let pipeline = store.create_pipeline(joe, id(joe), "joes-flow".parse()?)?;
    /// store.couple_app(joe, pipeline, app, Stage::Development)?;
    /// store.transfer_pipeline(joe, pipeline, acme)?;
    /// assert_eq!(store.app(joe, app)?.owner(), Owner::Team(acme));
    /// assert!(store.coupling(joe, app)?.is_some());
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn transfer_pipeline(&mut self, actor: Actor, pipeline: PipelineId, to: impl Into<Owner>) -> Result<(), Error> {
        self.record(actor, |state| decide::pipeline::transfer(state, actor, pipeline, to.into()))
    }

    /// Records that an app runs a new release (PIPE-7), one number up.
    ///
    /// By holders of `deploy`. Records [`AppReleased`](Event::AppReleased).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AppNotFound`](Error::AppNotFound) (X-2),
    /// [`AppHidden`](Error::AppHidden) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`ActionNeedsPermission`](Error::ActionNeedsPermission) (PERM-9).
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    ///
    /// let Demo { mut store, joe, website, .. } = Demo::new()?;
    /// store.release_app(joe, website, "Deploy 8f3c2a1".parse()?)?;
    /// assert_eq!(store.release(joe, website)?.map(|release| release.number), Some(1));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn release_app(&mut self, actor: Actor, app: AppId, description: Description) -> Result<(), Error> {
        self.record(actor, |state| decide::pipeline::release(state, actor, app, description))
    }

    /// Copies the release of an app to the apps of the next stage of its pipeline (PIPE-7): development to staging, staging to
    /// production. Each has a release more, one number up, described as `Promote NAME vN` after the app and its release. Answers which
    /// of them could not take it, and why; if none can, nothing happens.
    ///
    /// By holders of `deploy` on the app; each target needs `deploy` too. Apps that the actor does not see are no targets. Records
    /// [`AppPromoted`](Event::AppPromoted).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AppNotFound`](Error::AppNotFound) (X-2),
    /// [`AppHidden`](Error::AppHidden) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`PromotionNeedsDeploy`](Error::PromotionNeedsDeploy) (PIPE-7), [`AppNotInPipeline`](Error::AppNotInPipeline)
    /// (PIPE-3), [`StageNotPromotable`](Error::StageNotPromotable) (PIPE-7),
    /// [`NoRelease`](Error::NoRelease) (PIPE-7), [`NoTargets`](Error::NoTargets) (PIPE-7),
    /// [`PromotionRefused`](Error::PromotionRefused) (PIPE-7).
    ///
    /// ```
    /// use enterprise_teams::{NewApp, Stage, demo::Demo};
    ///
    /// let Demo { mut store, ada, acme, website, .. } = Demo::new()?;
    /// let staging = store
    ///     .create_app(ada, NewApp::in_team(acme).named("acme-website-staging".parse()?))?;
    /// let pipeline = store.create_pipeline(ada, acme, "acme-flow".parse()?)?;
    /// store.couple_app(ada, pipeline, staging, Stage::Staging)?;
    /// store.couple_app(ada, pipeline, website, Stage::Production)?;
    /// store.release_app(ada, staging, "Deploy 8f3c2a1".parse()?)?;
    /// assert_eq!(store.promote_app(ada, staging)?, []);
    /// assert_eq!(
    ///     &*store.release(ada, website)?.unwrap().description,
    ///     "Promote acme-website-staging v1"
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn promote_app(&mut self, actor: Actor, app: AppId) -> Result<Vec<(AppId, Error)>, Error> {
        self.record(actor, |state| decide::pipeline::promote(state, actor, app))
    }

    /// As [`promote_app`](Self::promote_app), to chosen apps of the pipeline, whatever their stages (PIPE-7); not from production. An app
    /// that is named twice takes it once, and is answered the second time with [`AppNamedTwice`](Error::AppNamedTwice).
    ///
    /// By holders of `deploy` on the app; each target needs `deploy` too. It takes up to [`BULK_APPS_MAX`](crate::settings::BULK_APPS_MAX)
    /// targets. Records [`AppPromoted`](Event::AppPromoted).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AppNotFound`](Error::AppNotFound) (X-2),
    /// [`AppHidden`](Error::AppHidden) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`PromotionNeedsDeploy`](Error::PromotionNeedsDeploy) (PIPE-7), [`PromotionToSelf`](Error::PromotionToSelf)
    /// (PIPE-7), [`TooManyTargets`](Error::TooManyTargets) (PIPE-7), [`AppNotInPipeline`](Error::AppNotInPipeline) (PIPE-3),
    /// [`StageNotPromotable`](Error::StageNotPromotable) (PIPE-7), [`NoRelease`](Error::NoRelease)
    /// (PIPE-7), [`NoTargets`](Error::NoTargets) (PIPE-7), [`PromotionRefused`](Error::PromotionRefused) (PIPE-7).
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    ///
    /// let Demo { mut store, ada, website, .. } = Demo::new()?;
    /// let refusal = store.promote_app_to(ada, website, &[website]).unwrap_err();
    /// assert_eq!(refusal.code(), "promotion-to-self");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn promote_app_to(
        &mut self,
        actor: Actor,
        app: AppId,
        targets: &[AppId],
    ) -> Result<Vec<(AppId, Error)>, Error> {
        self.record(actor, |state| decide::pipeline::promote_to(state, actor, app, targets))
    }
}
