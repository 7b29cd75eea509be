//! RES: add-ons and their control.

use super::TeamStore;
use crate::actor::Actor;
use crate::decide;
use crate::entity::{AddOnControls, Plan};
use crate::error::Error;
#[cfg(doc)]
use crate::event::Event;
use crate::ids::{AddOnId, AppId, TeamId};
use crate::names::ServiceName;

/// **Add-ons** (RES-2, RES-3): installed, changed, removed, controlled.
impl TeamStore {
    /// Installs an add-on on an app (RES-2). With the team's controls on, only allow-listed services, save by its admins (RES-3).
    ///
    /// A free plan by holders of `deploy` or `operate`, a paid one by holders of `operate`. An app has at most
    /// [`ADD_ONS_MAX`](crate::settings::ADD_ONS_MAX) add-ons. Records [`AddOnInstalled`](Event::AddOnInstalled).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AppNotFound`](Error::AppNotFound) (X-2),
    /// [`AppHidden`](Error::AppHidden) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`ActionNeedsPermission`](Error::ActionNeedsPermission) (PERM-9),
    /// [`OnlyOwnerPaysForAddOns`](Error::OnlyOwnerPaysForAddOns) (PERM-10), [`OnlyTeamPaysForAddOns`](Error::OnlyTeamPaysForAddOns)
    /// (STD-4), [`AddOnNotAllowed`](Error::AddOnNotAllowed) (RES-3),
    /// [`AddOnCreditLimitReached`](Error::AddOnCreditLimitReached) (TEAM-6), [`AddOnsFull`](Error::AddOnsFull) (RES-2).
    ///
    /// ```
    /// use enterprise_teams::{demo::Demo, entity::Plan};
    ///
    /// let Demo { mut store, ada, joe, website, .. } = Demo::new()?;
    /// let free = Plan { name: "mini".parse()?, price: 0 };
    /// let paid = Plan { name: "standard-0".parse()?, price: 5_000 };
    /// store.install_add_on(joe, website, "postgresql".parse()?, free)?;
    /// let refusal = store.install_add_on(joe, website, "redis".parse()?, paid).unwrap_err();
    /// assert_eq!(refusal.code(), "action-needs-permission");
    /// store.install_add_on(ada, website, "redis".parse()?, paid)?;
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn install_add_on(
        &mut self,
        actor: Actor,
        app: AppId,
        service: ServiceName,
        plan: Plan,
    ) -> Result<AddOnId, Error> {
        self.record(actor, |state| decide::resource::install(state, actor, app, service, plan))
    }

    /// Changes the plan of an add-on (RES-2), and what it costs from this instant on.
    ///
    /// From a free plan to a free one by holders of `deploy` or `operate`, otherwise by holders of `operate`. Records
    /// [`AddOnPlanChanged`](Event::AddOnPlanChanged).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AddOnNotFound`](Error::AddOnNotFound) (X-2),
    /// [`AppHidden`](Error::AppHidden) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`ActionNeedsPermission`](Error::ActionNeedsPermission) (PERM-9),
    /// [`OnlyOwnerPaysForAddOns`](Error::OnlyOwnerPaysForAddOns) (PERM-10), [`OnlyTeamPaysForAddOns`](Error::OnlyTeamPaysForAddOns)
    /// (STD-4), [`PlanUnchanged`](Error::PlanUnchanged) (RES-2),
    /// [`AddOnCreditLimitReached`](Error::AddOnCreditLimitReached) (TEAM-6).
    ///
    /// ```
    /// use enterprise_teams::{demo::Demo, entity::Plan};
    ///
    /// let Demo { mut store, ada, website, .. } = Demo::new()?;
    /// let mini = Plan { name: "mini".parse()?, price: 0 };
    /// let add_on = store.install_add_on(ada, website, "postgresql".parse()?, mini)?;
    /// store.change_add_on_plan(
    ///     ada,
    ///     add_on,
    ///     Plan { name: "standard-0".parse()?, price: 5_000 },
    /// )?;
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn change_add_on_plan(&mut self, actor: Actor, add_on: AddOnId, plan: Plan) -> Result<(), Error> {
        self.record(actor, |state| decide::resource::change_plan(state, actor, add_on, plan))
    }

    /// Removes an add-on (RES-2), and ends its cost at this instant.
    ///
    /// A free one by holders of `deploy` or `operate`, a paid one by holders of `operate`. Records
    /// [`AddOnRemoved`](Event::AddOnRemoved).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AddOnNotFound`](Error::AddOnNotFound) (X-2),
    /// [`AppHidden`](Error::AppHidden) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`ActionNeedsPermission`](Error::ActionNeedsPermission) (PERM-9),
    /// [`OnlyOwnerPaysForAddOns`](Error::OnlyOwnerPaysForAddOns) (PERM-10), [`OnlyTeamPaysForAddOns`](Error::OnlyTeamPaysForAddOns)
    /// (STD-4).
    ///
    /// ```
    /// use enterprise_teams::{demo::Demo, entity::Plan};
    ///
    /// let Demo { mut store, ada, website, .. } = Demo::new()?;
    /// let mini = Plan { name: "mini".parse()?, price: 0 };
    /// let add_on = store.install_add_on(ada, website, "postgresql".parse()?, mini)?;
    /// store.remove_add_on(ada, add_on)?;
    /// assert!(store.add_ons(ada, website)?.is_empty());
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn remove_add_on(&mut self, actor: Actor, add_on: AddOnId) -> Result<(), Error> {
        self.record(actor, |state| decide::resource::remove(state, actor, add_on))
    }

    /// Switches the control of a team's add-ons (RES-3). What is installed stays, as an exception if it is not allowed.
    ///
    /// By admins. Records [`AddOnControlsChanged`](Event::AddOnControlsChanged).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsSetAddOnControls`](Error::OnlyAdminsSetAddOnControls)
    /// (RES-3), [`AddOnControlsUnchanged`](Error::AddOnControlsUnchanged) (RES-3).
    ///
    /// ```
    /// use enterprise_teams::{
    ///     Rule,
    ///     demo::Demo,
    ///     entity::{AddOnControls, Plan},
    /// };
    ///
    /// let Demo { mut store, ada, joe, acme, website, .. } = Demo::new()?;
    /// let mini = Plan { name: "mini".parse()?, price: 0 };
    /// store.set_add_on_controls(ada, acme, AddOnControls::On)?;
    /// let refusal =
    ///     store.install_add_on(joe, website, "postgresql".parse()?, mini).unwrap_err();
    /// assert_eq!((refusal.code(), refusal.rule()), ("add-on-not-allowed", Rule::Res3));
    /// store.allow_add_on(ada, acme, "postgresql".parse()?)?;
    /// store.install_add_on(joe, website, "postgresql".parse()?, mini)?;
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn set_add_on_controls(&mut self, actor: Actor, team: TeamId, controls: AddOnControls) -> Result<(), Error> {
        self.record(actor, |state| decide::resource::set_controls(state, actor, team, controls))
    }

    /// Puts a service on the list of what everybody who may install add-ons installs on a team's apps (RES-3). The list holds at most
    /// [`ALLOWED_ADD_ONS_MAX`](crate::settings::ALLOWED_ADD_ONS_MAX) services.
    ///
    /// By admins. Records [`AddOnAllowed`](Event::AddOnAllowed).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsChangeAllowlist`](Error::OnlyAdminsChangeAllowlist)
    /// (RES-3), [`ServiceAlreadyAllowed`](Error::ServiceAlreadyAllowed) (RES-3), [`AllowlistFull`](Error::AllowlistFull) (RES-3).
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    ///
    /// let Demo { mut store, ada, acme, .. } = Demo::new()?;
    /// store.allow_add_on(ada, acme, "postgresql".parse()?)?;
    /// assert_eq!(store.allowed_add_ons(ada, acme)?.count(), 1);
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn allow_add_on(&mut self, actor: Actor, team: TeamId, service: ServiceName) -> Result<(), Error> {
        self.record(actor, |state| decide::resource::allow(state, actor, team, service))
    }

    /// Takes a service off the list (RES-3). What is installed stays, as an exception.
    ///
    /// By admins. Records [`AddOnDisallowed`](Event::AddOnDisallowed).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsChangeAllowlist`](Error::OnlyAdminsChangeAllowlist)
    /// (RES-3), [`ServiceNotListed`](Error::ServiceNotListed) (RES-3).
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    ///
    /// let Demo { mut store, ada, acme, .. } = Demo::new()?;
    /// assert_eq!(
    ///     store.disallow_add_on(ada, acme, "redis".parse()?).unwrap_err().code(),
    ///     "service-not-listed"
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn disallow_add_on(&mut self, actor: Actor, team: TeamId, service: ServiceName) -> Result<(), Error> {
        self.record(actor, |state| decide::resource::disallow(state, actor, team, service))
    }
}
