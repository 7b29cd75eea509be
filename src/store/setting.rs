//! X-3: what the operator sets for the store. TEAM-7 and SEC-1: what admins set for their team.

use super::TeamStore;
use crate::actor::Actor;
use crate::decide;
use crate::entity::{OAuthAccess, SignInRequirement};
use crate::error::Error;
#[cfg(doc)]
use crate::event::Event;
use crate::ids::TeamId;
use crate::role::TeamRole;
use crate::settings::StoreOptions;

/// **Settings of a team** (TEAM-7, SEC-1): the default role, third-party clients.
impl TeamStore {
    /// Changes the settings of the store, but for its secret and the words of its names, which stay.
    ///
    /// By the operator. Counts from then on: invitations that were sent keep their end, apps that are there stay where they
    /// are. Records [`SettingsChanged`](Event::SettingsChanged).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`OnlyOperatorChangesSettings`](Error::OnlyOperatorChangesSettings) (X-3),
    /// [`SettingsUnchanged`](Error::SettingsUnchanged) (X-3).
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    ///
    /// let Demo { mut store, operator, ada, .. } = Demo::new()?;
    /// let mut options = store.settings().options.clone();
    /// options.invitation_days = 14;
    /// assert_eq!(
    ///     store.change_settings(ada, options.clone()).unwrap_err().code(),
    ///     "only-operator-changes-settings"
    /// );
    /// store.change_settings(operator, options)?;
    /// assert_eq!(store.settings().options.invitation_days, 14);
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn change_settings(&mut self, actor: Actor, options: StoreOptions) -> Result<(), Error> {
        self.record(actor, |state| decide::setting::options(state, actor, options))
    }

    /// Changes the role that a new user gets when none is named (TEAM-7).
    ///
    /// By admins. Records [`DefaultRoleChanged`](Event::DefaultRoleChanged).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`RoleNotFound`](Error::RoleNotFound) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyAdminsSetDefaultRole`](Error::OnlyAdminsSetDefaultRole) (TEAM-7),
    /// [`ViewerInStandardTeam`](Error::ViewerInStandardTeam) (MEM-4), [`RoleOfAnotherTeam`](Error::RoleOfAnotherTeam) (ROLE-2),
    /// [`DefaultRoleUnchanged`](Error::DefaultRoleUnchanged) (TEAM-7).
    ///
    /// ```
    /// use enterprise_teams::{TeamRole, demo::Demo};
    ///
    /// let Demo { mut store, ada, acme, .. } = Demo::new()?;
    /// store.set_default_role(ada, acme, TeamRole::Viewer)?;
    /// assert_eq!(store.team(ada, acme)?.default_role(), TeamRole::Viewer);
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn set_default_role(&mut self, actor: Actor, team: TeamId, role: TeamRole) -> Result<(), Error> {
        self.record(actor, |state| decide::setting::default_role(state, actor, team, role))
    }

    /// Lets third-party OAuth clients reach what the team owns, or shuts them out (SEC-1).
    ///
    /// By admins. Records [`OAuthAccessChanged`](Event::OAuthAccessChanged).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsSetOAuthAccess`](Error::OnlyAdminsSetOAuthAccess)
    /// (SEC-1), [`OAuthAccessUnchanged`](Error::OAuthAccessUnchanged) (SEC-1).
    ///
    /// ```
    /// use enterprise_teams::{
    ///     Actor, AppAction,
    ///     demo::{Demo, id},
    ///     entity::OAuthAccess,
    ///     ids::ClientId,
    /// };
    ///
    /// let Demo { mut store, ada, acme, website, .. } = Demo::new()?;
    /// store.set_oauth_access(ada, acme, OAuthAccess::Denied)?;
    /// let client = ClientId::from_uuid(uuid::Uuid::from_u128(7));
    /// let through_client = Actor::oauth(id(ada), client, ada.at);
    /// assert!(store.can(ada, AppAction::ViewApp, website));
    /// assert!(!store.can(through_client, AppAction::ViewApp, website));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn set_oauth_access(&mut self, actor: Actor, team: TeamId, access: OAuthAccess) -> Result<(), Error> {
        self.record(actor, |state| decide::setting::oauth_access(state, actor, team, access))
    }

    /// Requires MFA or single sign-on of everybody in the team and on its apps, or no longer (SEC-5). Whoever has neither stays
    /// listed and reaches nothing of the team; they can still leave it and answer invitations. What counts is the status that is
    /// recorded of the user: see [`set_mfa`](Self::set_mfa) and [`set_sign_in`](Self::set_sign_in).
    ///
    /// By admins who have it. Records [`SignInRequirementChanged`](Event::SignInRequirementChanged).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyAdminsSetSignInRequirement`](Error::OnlyAdminsSetSignInRequirement) (SEC-5),
    /// [`SignInRequirementUnchanged`](Error::SignInRequirementUnchanged) (SEC-5),
    /// [`AdminNeedsMfaOrSso`](Error::AdminNeedsMfaOrSso) (SEC-5).
    ///
    /// ```
    /// use enterprise_teams::{
    ///     AppAction,
    ///     demo::{Demo, id},
    ///     entity::{Mfa, SignInRequirement},
    /// };
    ///
    /// let Demo { mut store, ada, joe, acme, website, .. } = Demo::new()?;
    /// let required = SignInRequirement::MfaOrSso;
    /// assert_eq!(
    ///     store.set_sign_in_requirement(ada, acme, required).unwrap_err().code(),
    ///     "admin-needs-mfa-or-sso"
    /// );
    /// store.set_mfa(ada, id(ada), Mfa::Enrolled)?;
    /// store.set_sign_in_requirement(ada, acme, required)?;
    /// assert!(!store.can(joe, AppAction::PushCode, website));
    /// store.set_mfa(joe, id(joe), Mfa::Enrolled)?;
    /// assert!(store.can(joe, AppAction::PushCode, website));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn set_sign_in_requirement(
        &mut self,
        actor: Actor,
        team: TeamId,
        requirement: SignInRequirement,
    ) -> Result<(), Error> {
        self.record(actor, |state| decide::setting::sign_in_requirement(state, actor, team, requirement))
    }
}
