//! SEC-2 and SEC-3: identity providers and single sign-on.

use super::TeamStore;
use crate::actor::Actor;
use crate::decide;
use crate::entity::IdentityProvider;
use crate::error::Error;
#[cfg(doc)]
use crate::event::Event;
use crate::ids::{TeamId, UserId};

/// **Single sign-on** (SEC-2, SEC-3): identity providers, and who signs in through them.
impl TeamStore {
    /// Sets or replaces the identity provider of a team (SEC-2). Single sign-on stays as it is.
    ///
    /// By admins. Records [`IdentityProviderChanged`](Event::IdentityProviderChanged).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyAdminsSetIdentityProvider`](Error::OnlyAdminsSetIdentityProvider) (SEC-2),
    /// [`IdentityProviderUnchanged`](Error::IdentityProviderUnchanged) (SEC-2).
    ///
    /// ```
    /// use enterprise_teams::{
    ///     demo::Demo,
    ///     entity::{IdentityProvider, Sso},
    /// };
    ///
    /// let Demo { mut store, ada, acme, .. } = Demo::new()?;
    /// let pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
    /// store.set_identity_provider(
    ///     ada,
    ///     acme,
    ///     IdentityProvider::new("acme", "https://id.acme.com/saml", pem)?,
    /// )?;
    /// assert_eq!(store.team(ada, acme)?.sso(), Sso::Disabled);
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn set_identity_provider(
        &mut self,
        actor: Actor,
        team: TeamId,
        provider: IdentityProvider,
    ) -> Result<(), Error> {
        self.record(actor, |state| decide::sign_on::set_identity_provider(state, actor, team, provider))
    }

    /// Removes the identity provider of a team, through which nobody signs in (SEC-2).
    ///
    /// By admins. Records [`IdentityProviderChanged`](Event::IdentityProviderChanged).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyAdminsSetIdentityProvider`](Error::OnlyAdminsSetIdentityProvider) (SEC-2),
    /// [`NoIdentityProvider`](Error::NoIdentityProvider) (SEC-2),
    /// [`IdentityProviderInUse`](Error::IdentityProviderInUse) (SEC-2).
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    ///
    /// let Demo { mut store, ada, acme, .. } = Demo::new()?;
    /// assert_eq!(
    ///     store.remove_identity_provider(ada, acme).unwrap_err().code(),
    ///     "no-identity-provider"
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn remove_identity_provider(&mut self, actor: Actor, team: TeamId) -> Result<(), Error> {
        self.record(actor, |state| decide::sign_on::remove_identity_provider(state, actor, team))
    }

    /// Lets people sign in to a team through its identity provider (SEC-2).
    ///
    /// By admins. Records [`SsoChanged`](Event::SsoChanged).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsSwitchSso`](Error::OnlyAdminsSwitchSso) (SEC-2),
    /// [`NoIdentityProvider`](Error::NoIdentityProvider) (SEC-2), [`SsoUnchanged`](Error::SsoUnchanged) (SEC-2).
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    ///
    /// let Demo { mut store, ada, acme, .. } = Demo::new()?;
    /// assert_eq!(store.enable_sso(ada, acme).unwrap_err().code(), "no-identity-provider");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn enable_sso(&mut self, actor: Actor, team: TeamId) -> Result<(), Error> {
        self.record(actor, |state| decide::sign_on::enable(state, actor, team))
    }

    /// Lets nobody sign in to a team through its identity provider any more (SEC-2). Who is in the team stays; who signed in
    /// through this team alone signs in by password again (ACC-3). While MFA or SSO is required, no admin takes their own way in
    /// (SEC-5).
    ///
    /// By admins. Records [`SsoChanged`](Event::SsoChanged).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsSwitchSso`](Error::OnlyAdminsSwitchSso) (SEC-2),
    /// [`NoIdentityProvider`](Error::NoIdentityProvider) (SEC-2), [`SsoUnchanged`](Error::SsoUnchanged) (SEC-2),
    /// [`AdminNeedsMfaOrSso`](Error::AdminNeedsMfaOrSso) (SEC-5).
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    ///
    /// let Demo { mut store, joe, acme, .. } = Demo::new()?;
    /// assert_eq!(store.disable_sso(joe, acme).unwrap_err().code(), "only-admins-switch-sso");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn disable_sso(&mut self, actor: Actor, team: TeamId) -> Result<(), Error> {
        self.record(actor, |state| decide::sign_on::disable(state, actor, team))
    }

    /// Adds a user who has signed in to a team through its identity provider for the first time, with the default role (SEC-3,
    /// TEAM-7); the user signs in through it from then on.
    ///
    /// By the platform operator, who has verified the sign-in. Records [`SsoMemberAdded`](Event::SsoMemberAdded).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`UserNotFound`](Error::UserNotFound) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyOperatorReportsSignIns`](Error::OnlyOperatorReportsSignIns) (SEC-3),
    /// [`AlreadyInTeam`](Error::AlreadyInTeam) (MEM-2), [`SsoNotEnabled`](Error::SsoNotEnabled) (SEC-3),
    /// [`UserIsSuspended`](Error::UserIsSuspended) (SUS-1), [`MemberLimitReached`](Error::MemberLimitReached) (TEAM-5).
    ///
    /// ```
    /// use enterprise_teams::{
    ///     demo::{Demo, id},
    ///     entity::{IdentityProvider, SignInStatus},
    /// };
    ///
    /// let Demo { mut store, operator, ada, max, acme, .. } = Demo::new()?;
    /// let pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
    /// store.set_identity_provider(
    ///     ada,
    ///     acme,
    ///     IdentityProvider::new("acme", "https://id.acme.com/saml", pem)?,
    /// )?;
    /// assert_eq!(
    ///     store.add_sso_member(operator, acme, id(max)).unwrap_err().code(),
    ///     "sso-not-enabled"
    /// );
    /// store.enable_sso(ada, acme)?;
    /// store.add_sso_member(operator, acme, id(max))?;
    /// assert_eq!(store.user(ada, id(max))?.sign_in_status(), SignInStatus::Sso);
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn add_sso_member(&mut self, actor: Actor, team: TeamId, user: UserId) -> Result<(), Error> {
        self.record(actor, |state| decide::sign_on::sign_in(state, actor, team, user))
    }
}
