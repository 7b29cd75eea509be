//! APP: apps.

use super::TeamStore;
use crate::actor::Actor;
use crate::decide;
use crate::entity::{DynoSize, Labels, NewApp};
use crate::error::Error;
#[cfg(doc)]
use crate::event::Event;
use crate::ids::AppId;
use crate::names::{AppName, ProcessType};

/// **Apps** (APP, RES-1): created, renamed, labelled, locked, scaled, deleted.
impl TeamStore {
    /// Creates an app in a team (APP-2), in one of its spaces (SPC-3) or in the actor's personal account (APP-12). Without a name it
    /// gets a generated one that is free (APP-4, GEN-3).
    ///
    /// In a team by its admins and members, in a space by admins and by those members who hold its permission; a member who
    /// creates an app holds everything on it (PERM-6), in a Standard team what every member holds (STD-3). Where a space is named, the
    /// team is that of the space. Records [`AppCreated`](Event::AppCreated).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`SpaceNotFound`](Error::SpaceNotFound) (X-2), [`SpaceHidden`](Error::SpaceHidden) (SPC-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OperatorOwnsNoApps`](Error::OperatorOwnsNoApps) (APP-1),
    /// [`OnlyMembersCreateApps`](Error::OnlyMembersCreateApps) (APP-2),
    /// [`OnlyAdminsCreateLockedApps`](Error::OnlyAdminsCreateLockedApps) (STD-3),
    /// [`AppCreationNeedsSpacePermission`](Error::AppCreationNeedsSpacePermission) (SPC-3),
    /// [`AppNameReserved`](Error::AppNameReserved) (TEAM-3), [`AppNameTaken`](Error::AppNameTaken) (APP-3),
    /// [`NamesUsedUp`](Error::NamesUsedUp) (GEN-3), [`AppLimitReached`](Error::AppLimitReached) (TEAM-6),
    /// [`PersonalAppLimitReached`](Error::PersonalAppLimitReached) (APP-12), [`SpaceFull`](Error::SpaceFull) (SPC-5),
    /// [`StoreFull`](Error::StoreFull) (X-6).
    ///
    /// ```
    /// use enterprise_teams::{AppAction, NewApp, Rule, demo::Demo};
    ///
    /// let Demo { mut store, joe, vera, acme, .. } = Demo::new()?;
    /// let apple = store.create_app(joe, NewApp::in_team(acme).named("apple".parse()?))?;
    /// assert!(store.can(joe, AppAction::DeleteApp, apple));
    /// let unnamed = store.create_app(joe, NewApp::personal())?;
    /// assert_eq!(store.app(joe, unnamed)?.name().as_str().split('-').count(), 3);
    ///
    /// let refusal = store.create_app(vera, NewApp::in_team(acme)).unwrap_err();
    /// assert_eq!((refusal.code(), refusal.rule()), ("only-members-create-apps", Rule::App2));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn create_app(&mut self, actor: Actor, app: NewApp) -> Result<AppId, Error> {
        self.record(actor, |state| decide::app::create(state, actor, app))
    }

    /// Renames an app (APP-5); the old name is free from then on (APP-3).
    ///
    /// By holders of `manage`. Records [`AppRenamed`](Event::AppRenamed). Costs a look at everybody who is on the app.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AppNotFound`](Error::AppNotFound) (X-2),
    /// [`AppHidden`](Error::AppHidden) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyManagersRenameApps`](Error::OnlyManagersRenameApps) (APP-5),
    /// [`OnlyAdminsManageStandardApps`](Error::OnlyAdminsManageStandardApps) (STD-3), [`AppNameReserved`](Error::AppNameReserved)
    /// (TEAM-3), [`AppNameUnchanged`](Error::AppNameUnchanged) (APP-5), [`AppNameTaken`](Error::AppNameTaken) (APP-3).
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    ///
    /// let Demo { mut store, ada, joe, website, .. } = Demo::new()?;
    /// store.rename_app(ada, website, "acme-www".parse()?)?;
    /// assert_eq!(
    ///     store.rename_app(joe, website, "mine".parse()?).unwrap_err().code(),
    ///     "only-managers-rename-apps"
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn rename_app(&mut self, actor: Actor, app: AppId, name: AppName) -> Result<(), Error> {
        self.record(actor, |state| decide::app::rename(state, actor, app, name))
    }

    /// Gives an app these labels, in place of those that it has (LAB-1): [`Labels::with`] and [`Labels::without`] change one of them.
    ///
    /// By holders of `manage`. Records [`AppLabelsChanged`](Event::AppLabelsChanged). The labels go along when the app is transferred.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AppNotFound`](Error::AppNotFound) (X-2),
    /// [`AppHidden`](Error::AppHidden) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyManagersLabelApps`](Error::OnlyManagersLabelApps) (LAB-1),
    /// [`OnlyAdminsManageStandardApps`](Error::OnlyAdminsManageStandardApps) (STD-3),
    /// [`AppLabelsUnchanged`](Error::AppLabelsUnchanged) (LAB-1).
    ///
    /// ```
    /// use enterprise_teams::{PageRequest, demo::Demo, entity::Labels, query::AppFilter};
    ///
    /// let Demo { mut store, ada, joe, website, .. } = Demo::new()?;
    /// let labels = Labels::new([("env".parse()?, "production".parse()?)])?;
    /// store.set_app_labels(ada, website, labels)?;
    ///
    /// let in_production = AppFilter::default().label("env=production".parse()?);
    /// let page = store.visible_apps(joe, &in_production, &PageRequest::default())?;
    /// assert_eq!(page.items[0].app.id(), website);
    /// assert_eq!(
    ///     store.set_app_labels(joe, website, Labels::NONE).unwrap_err().code(),
    ///     "only-managers-label-apps"
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn set_app_labels(&mut self, actor: Actor, app: AppId, labels: Labels) -> Result<(), Error> {
        self.record(actor, |state| decide::app::set_labels(state, actor, app, labels))
    }

    /// Deletes an app (APP-6), with its grants, its formation, its place in a pipeline and its pending transfer, and ends its billing
    /// at that instant (APP-7). `confirmation` is the name, typed again.
    ///
    /// By holders of `manage`. Records [`AppDeleted`](Event::AppDeleted).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AppNotFound`](Error::AppNotFound) (X-2),
    /// [`AppHidden`](Error::AppHidden) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyManagersDeleteApps`](Error::OnlyManagersDeleteApps) (APP-6),
    /// [`OnlyAdminsManageStandardApps`](Error::OnlyAdminsManageStandardApps) (STD-3),
    /// [`ConfirmationMismatch`](Error::ConfirmationMismatch) (APP-6).
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    ///
    /// let Demo { mut store, ada, joe, website, .. } = Demo::new()?;
    /// assert_eq!(
    ///     store.delete_app(joe, website, "acme-website").unwrap_err().code(),
    ///     "only-managers-delete-apps"
    /// );
    /// assert_eq!(
    ///     store.delete_app(ada, website, "acme-wabsite").unwrap_err().code(),
    ///     "confirmation-mismatch"
    /// );
    /// store.delete_app(ada, website, "acme-website")?;
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn delete_app(&mut self, actor: Actor, app: AppId, confirmation: &str) -> Result<(), Error> {
        self.record(actor, |state| decide::app::delete(state, actor, app, confirmation))
    }

    /// Locks an app (APP-8): nobody joins it by themselves any more; whoever is on it stays (APP-9).
    ///
    /// By holders of `manage`. Records [`AppLocked`](Event::AppLocked).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AppNotFound`](Error::AppNotFound) (X-2),
    /// [`AppHidden`](Error::AppHidden) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyManagersLockApps`](Error::OnlyManagersLockApps) (APP-8),
    /// [`OnlyAdminsManageStandardApps`](Error::OnlyAdminsManageStandardApps) (STD-3),
    /// [`AppAlreadyLocked`](Error::AppAlreadyLocked) (APP-8).
    ///
    /// ```
    /// use enterprise_teams::{AppAction, demo::Demo};
    ///
    /// let Demo { mut store, ada, sam, max, website, wave, .. } = Demo::new()?;
    /// store.lock_app(ada, website)?;
    /// assert_eq!(store.lock_app(ada, website).unwrap_err().code(), "app-already-locked");
    ///
    /// // In a Standard team members work on unlocked apps (STD-2).
    /// assert!(store.can(max, AppAction::PushCode, wave));
    /// store.lock_app(sam, wave)?;
    /// assert!(!store.can(max, AppAction::PushCode, wave));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn lock_app(&mut self, actor: Actor, app: AppId) -> Result<(), Error> {
        self.record(actor, |state| decide::app::lock(state, actor, app))
    }

    /// Unlocks an app (APP-8).
    ///
    /// By holders of `manage`. Records [`AppUnlocked`](Event::AppUnlocked).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AppNotFound`](Error::AppNotFound) (X-2),
    /// [`AppHidden`](Error::AppHidden) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyManagersLockApps`](Error::OnlyManagersLockApps) (APP-8),
    /// [`OnlyAdminsManageStandardApps`](Error::OnlyAdminsManageStandardApps) (STD-3), [`AppNotLocked`](Error::AppNotLocked)
    /// (APP-8).
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    ///
    /// let Demo { mut store, ada, website, .. } = Demo::new()?;
    /// assert_eq!(store.unlock_app(ada, website).unwrap_err().code(), "app-not-locked");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn unlock_app(&mut self, actor: Actor, app: AppId) -> Result<(), Error> {
        self.record(actor, |state| decide::app::unlock(state, actor, app))
    }

    /// Runs `quantity` dynos of `size` for a process type (RES-1); 0 takes the process type out of the formation, whatever the
    /// size.
    ///
    /// By holders of `deploy` or `operate`. A formation has at most [`PROCESS_TYPES_MAX`](crate::settings::PROCESS_TYPES_MAX) process
    /// types. Records [`AppScaled`](Event::AppScaled).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AppNotFound`](Error::AppNotFound) (X-2),
    /// [`AppHidden`](Error::AppHidden) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`ActionNeedsPermission`](Error::ActionNeedsPermission) (PERM-9), [`EcoInTeam`](Error::EcoInTeam) (RES-1),
    /// [`DynoUnfitForSpace`](Error::DynoUnfitForSpace) (RES-1),
    /// [`PrivateDynoOutsideSpace`](Error::PrivateDynoOutsideSpace) (RES-1),
    /// [`FormationUnchanged`](Error::FormationUnchanged) (RES-1), [`DynoUnitLimitReached`](Error::DynoUnitLimitReached) (TEAM-6),
    /// [`FormationFull`](Error::FormationFull) (RES-1).
    ///
    /// ```
    /// use enterprise_teams::{demo::Demo, entity::DynoSize};
    ///
    /// let Demo { mut store, joe, website, .. } = Demo::new()?;
    /// store.scale_app(joe, website, "web".parse()?, DynoSize::Standard1X, 2)?;
    /// assert_eq!(store.formation(joe, website)?[0].quantity, 2);
    /// let eco = store.scale_app(joe, website, "web".parse()?, DynoSize::Eco, 1).unwrap_err();
    /// assert_eq!(eco.code(), "eco-in-team");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn scale_app(
        &mut self,
        actor: Actor,
        app: AppId,
        process: ProcessType,
        size: DynoSize,
        quantity: u16,
    ) -> Result<(), Error> {
        self.record(actor, |state| decide::app::scale(state, actor, app, process, size, quantity))
    }
}
