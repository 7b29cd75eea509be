//! SPC: Private Spaces.

use super::TeamStore;
use crate::actor::Actor;
use crate::decide;
use crate::entity::{Labels, NewSpace};
use crate::error::Error;
#[cfg(doc)]
use crate::event::Event;
use crate::ids::{SpaceId, TeamId, UserId};
use crate::names::SpaceName;

/// **Private Spaces** (SPC): created, opened to members, transferred, destroyed.
impl TeamStore {
    /// Creates a Private Space in an Enterprise Team (SPC-1).
    ///
    /// By admins. Records [`SpaceCreated`](Event::SpaceCreated).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsCreateSpaces`](Error::OnlyAdminsCreateSpaces) (SPC-1),
    /// [`SpaceInStandardTeam`](Error::SpaceInStandardTeam) (SPC-1), [`SpaceNameTaken`](Error::SpaceNameTaken)
    /// (SPC-1), [`SpaceLimitReached`](Error::SpaceLimitReached) (TEAM-6),
    /// [`AddOnCreditLimitReached`](Error::AddOnCreditLimitReached) (TEAM-6), [`StoreFull`](Error::StoreFull) (X-6).
    ///
    /// ```
    /// use enterprise_teams::{NewSpace, Rule, demo::Demo};
    ///
    /// let Demo { mut store, ada, joe, acme, .. } = Demo::new()?;
    /// let space = store.create_space(ada, NewSpace::new(acme, "acme-space".parse()?))?;
    /// assert_eq!(store.space(joe, space)?.name(), "acme-space");
    /// let refusal =
    ///     store.create_space(joe, NewSpace::new(acme, "joes-space".parse()?)).unwrap_err();
    /// assert_eq!(
    ///     (refusal.code(), refusal.rule()),
    ///     ("only-admins-create-spaces", Rule::Spc1)
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn create_space(&mut self, actor: Actor, space: NewSpace) -> Result<SpaceId, Error> {
        self.record(actor, |state| decide::space::create(state, actor, space))
    }

    /// Renames a space (SPC-1); the old name is free from then on.
    ///
    /// By admins. Records [`SpaceRenamed`](Event::SpaceRenamed).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`SpaceNotFound`](Error::SpaceNotFound) (X-2),
    /// [`SpaceHidden`](Error::SpaceHidden) (SPC-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyAdminsManageSpaces`](Error::OnlyAdminsManageSpaces) (SPC-1), [`SpaceNameUnchanged`](Error::SpaceNameUnchanged)
    /// (SPC-1), [`SpaceNameTaken`](Error::SpaceNameTaken) (SPC-1).
    ///
    /// ```
    /// use enterprise_teams::{NewSpace, demo::Demo};
    ///
    /// let Demo { mut store, ada, acme, .. } = Demo::new()?;
    /// let space = store.create_space(ada, NewSpace::new(acme, "acme-space".parse()?))?;
    /// store.rename_space(ada, space, "acme-eu".parse()?)?;
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn rename_space(&mut self, actor: Actor, space: SpaceId, name: SpaceName) -> Result<(), Error> {
        self.record(actor, |state| decide::space::rename(state, actor, space, name))
    }

    /// Gives a space these labels, in place of those that it has (LAB-1).
    ///
    /// By admins. Records [`SpaceLabelsChanged`](Event::SpaceLabelsChanged). The labels go along when the space is transferred.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`SpaceNotFound`](Error::SpaceNotFound) (X-2),
    /// [`SpaceHidden`](Error::SpaceHidden) (SPC-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyAdminsManageSpaces`](Error::OnlyAdminsManageSpaces) (SPC-1),
    /// [`SpaceLabelsUnchanged`](Error::SpaceLabelsUnchanged) (LAB-1).
    ///
    /// ```
    /// use enterprise_teams::{NewSpace, demo::Demo, entity::Labels};
    ///
    /// let Demo { mut store, ada, joe, acme, .. } = Demo::new()?;
    /// let space = store.create_space(ada, NewSpace::new(acme, "acme-space".parse()?))?;
    /// let labels = Labels::new([("region".parse()?, "frankfurt".parse()?)])?;
    /// store.set_space_labels(ada, space, labels)?;
    /// assert_eq!(store.space(joe, space)?.labels().to_string(), "region=frankfurt");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn set_space_labels(&mut self, actor: Actor, space: SpaceId, labels: Labels) -> Result<(), Error> {
        self.record(actor, |state| decide::space::set_labels(state, actor, space, labels))
    }

    /// Destroys a space without apps (SPC-5). `confirmation` is the name, typed again.
    ///
    /// By admins. Records [`SpaceDestroyed`](Event::SpaceDestroyed).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`SpaceNotFound`](Error::SpaceNotFound) (X-2),
    /// [`SpaceHidden`](Error::SpaceHidden) (SPC-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyAdminsManageSpaces`](Error::OnlyAdminsManageSpaces) (SPC-1),
    /// [`SpaceConfirmationMismatch`](Error::SpaceConfirmationMismatch) (SPC-5),
    /// [`SpaceNotEmpty`](Error::SpaceNotEmpty) (SPC-5).
    ///
    /// ```
    /// use enterprise_teams::{NewApp, NewSpace, demo::Demo};
    ///
    /// let Demo { mut store, ada, acme, .. } = Demo::new()?;
    /// let space = store.create_space(ada, NewSpace::new(acme, "acme-space".parse()?))?;
    /// let app = store.create_app(ada, NewApp::in_space(space).named("inside".parse()?))?;
    /// assert_eq!(
    ///     store.destroy_space(ada, space, "acme-space").unwrap_err().code(),
    ///     "space-not-empty"
    /// );
    /// store.delete_app(ada, app, "inside")?;
    /// store.destroy_space(ada, space, "acme-space")?;
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn destroy_space(&mut self, actor: Actor, space: SpaceId, confirmation: &str) -> Result<(), Error> {
        self.record(actor, |state| decide::space::destroy(state, actor, space, confirmation))
    }

    /// Lets a member of the team create apps in a space (SPC-3); admins always may.
    ///
    /// By admins. The permission ends when the user is a member no more. Records
    /// [`AppCreationAllowed`](Event::AppCreationAllowed).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`SpaceNotFound`](Error::SpaceNotFound) (X-2),
    /// [`UserNotFound`](Error::UserNotFound) (X-2), [`SpaceHidden`](Error::SpaceHidden) (SPC-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsManageSpaces`](Error::OnlyAdminsManageSpaces) (SPC-1),
    /// [`AppCreationForMembers`](Error::AppCreationForMembers) (SPC-3),
    /// [`AppCreationAlreadyAllowed`](Error::AppCreationAlreadyAllowed) (SPC-3), [`UserIsSuspended`](Error::UserIsSuspended) (SUS-1).
    ///
    /// ```
    /// use enterprise_teams::{NewApp, NewSpace, demo::{Demo, id}};
    ///
    /// let Demo { mut store, ada, joe, acme, .. } = Demo::new()?;
    /// let space = store.create_space(ada, NewSpace::new(acme, "acme-space".parse()?))?;
    /// assert_eq!(
    ///     store.create_app(joe, NewApp::in_space(space)).unwrap_err().code(),
    ///     "app-creation-needs-space-permission",
    /// );
    /// store.allow_app_creation(ada, space, id(joe))?;
    /// store.create_app(joe, NewApp::in_space(space))?;
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn allow_app_creation(&mut self, actor: Actor, space: SpaceId, user: UserId) -> Result<(), Error> {
        self.record(actor, |state| decide::space::allow_creation(state, actor, space, user))
    }

    /// Takes the permission to create apps in a space away (SPC-3).
    ///
    /// By admins. Records [`AppCreationRevoked`](Event::AppCreationRevoked).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`SpaceNotFound`](Error::SpaceNotFound) (X-2),
    /// [`UserNotFound`](Error::UserNotFound) (X-2), [`SpaceHidden`](Error::SpaceHidden) (SPC-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsManageSpaces`](Error::OnlyAdminsManageSpaces) (SPC-1),
    /// [`AppCreationNotAllowed`](Error::AppCreationNotAllowed) (SPC-3).
    ///
    /// ```
    /// use enterprise_teams::{NewSpace, demo::{Demo, id}};
    ///
    /// let Demo { mut store, ada, joe, acme, .. } = Demo::new()?;
    /// let space = store.create_space(ada, NewSpace::new(acme, "acme-space".parse()?))?;
    /// store.allow_app_creation(ada, space, id(joe))?;
    /// store.revoke_app_creation(ada, space, id(joe))?;
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn revoke_app_creation(&mut self, actor: Actor, space: SpaceId, user: UserId) -> Result<(), Error> {
        self.record(actor, |state| decide::space::revoke_creation(state, actor, space, user))
    }

    /// Transfers a space to another Enterprise Team in the same Enterprise Account (SPC-6), with exactly the apps inside (SPC-8).
    /// A pipeline that also holds apps outside stays with them, and the moved apps leave it; a pipeline wholly inside moves too.
    ///
    /// By an admin of both teams, or a holder of `manage` in the account (SPC-7). Permissions to create apps in it end for who is not
    /// a member of the new team; people on the apps stay on them (SPC-9). The limits of the new team on spaces and apps are kept.
    /// Records one [`SpaceTransferred`](Event::SpaceTransferred), which lists what moved.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`SpaceNotFound`](Error::SpaceNotFound) (X-2),
    /// [`TeamNotFound`](Error::TeamNotFound) (X-2), [`SpaceHidden`](Error::SpaceHidden) (SPC-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OAuthDeniedInAccount`](Error::OAuthDeniedInAccount) (SEC-1),
    /// [`OnlyAdminsOfBothTransferSpaces`](Error::OnlyAdminsOfBothTransferSpaces) (SPC-7),
    /// [`SpaceLeavesAccount`](Error::SpaceLeavesAccount) (SPC-6), [`SpaceAlreadyOwned`](Error::SpaceAlreadyOwned)
    /// (SPC-6), [`AppLimitReached`](Error::AppLimitReached) (TEAM-6), [`SpaceLimitReached`](Error::SpaceLimitReached)
    /// (TEAM-6), [`DynoUnitLimitReached`](Error::DynoUnitLimitReached) (TEAM-6),
    /// [`AddOnCreditLimitReached`](Error::AddOnCreditLimitReached) (TEAM-6).
    ///
    /// ```
    /// use enterprise_teams::{
    ///     NewSpace, NewTeam, Rule,
    ///     demo::{Demo, id},
    /// };
    ///
    /// let Demo { mut store, operator, ada, acme, .. } = Demo::new()?;
    /// let space = store.create_space(ada, NewSpace::new(acme, "acme-space".parse()?))?;
    /// let other = store
    ///     .provision_team(operator, NewTeam::enterprise("acme-labs".parse()?, id(ada)))?;
    /// let refusal = store.transfer_space(ada, space, other).unwrap_err();
    /// assert_eq!((refusal.code(), refusal.rule()), ("space-leaves-account", Rule::Spc6));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn transfer_space(&mut self, actor: Actor, space: SpaceId, team: TeamId) -> Result<(), Error> {
        self.record(actor, |state| decide::space::transfer(state, actor, space, team))
    }
}
