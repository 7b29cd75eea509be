//! INV: invitations.

use super::TeamStore;
use crate::actor::Actor;
use crate::decide;
use crate::error::Error;
#[cfg(doc)]
use crate::event::Event;
use crate::ids::{InvitationId, TeamId};
use crate::names::Email;
use crate::role::TeamRole;

/// **Invitations** (INV): sent, accepted, declined, revoked.
impl TeamStore {
    /// Invites an e-mail into a team (INV-1), which need not be a user's yet (INV-4). Inviting again replaces the role and the sender
    /// and starts the time anew; the id stays. An invitation to admin ends when its sender stops being one (INV-3).
    ///
    /// By admins. The invitation counts as a member until it is answered, revoked or expired (TEAM-5). Records
    /// [`MemberInvited`](Event::MemberInvited).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`RoleNotFound`](Error::RoleNotFound) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyAdminsInvite`](Error::OnlyAdminsInvite) (INV-1), [`ViewerInStandardTeam`](Error::ViewerInStandardTeam) (MEM-4),
    /// [`RoleOfAnotherTeam`](Error::RoleOfAnotherTeam) (ROLE-2), [`InviteeInTeam`](Error::InviteeInTeam) (INV-1),
    /// [`UserIsSuspended`](Error::UserIsSuspended) (SUS-1), [`MemberLimitReached`](Error::MemberLimitReached) (TEAM-5).
    ///
    /// ```
    /// use enterprise_teams::{Capability, TeamRole, demo::Demo};
    ///
    /// let Demo { mut store, ada, jill, acme, .. } = Demo::new()?;
    /// let invitation = store.invite_member(
    ///     ada,
    ///     acme,
    ///     "jill@creativeinc.com".parse()?,
    ///     TeamRole::Member,
    /// )?;
    /// store.accept_invitation(jill, invitation)?;
    /// assert!(store.can(jill, Capability::CreateApps, acme));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn invite_member(
        &mut self,
        actor: Actor,
        team: TeamId,
        email: Email,
        role: TeamRole,
    ) -> Result<InvitationId, Error> {
        self.record(actor, |state| decide::invitation::invite(state, actor, team, email, role))
    }

    /// As [`invite_member`](Self::invite_member), in the role that is the team's default at acceptance (INV-6, TEAM-7).
    ///
    /// By admins. While the default role is admin, it ends when its sender stops being one (INV-3). Records
    /// [`MemberInvited`](Event::MemberInvited).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsInvite`](Error::OnlyAdminsInvite)
    /// (INV-1), [`InviteeInTeam`](Error::InviteeInTeam) (INV-1), [`UserIsSuspended`](Error::UserIsSuspended) (SUS-1),
    /// [`MemberLimitReached`](Error::MemberLimitReached) (TEAM-5).
    ///
    /// ```
    /// use enterprise_teams::{
    ///     Role, TeamRole,
    ///     demo::{Demo, id},
    /// };
    ///
    /// let Demo { mut store, ada, jill, acme, .. } = Demo::new()?;
    /// let invitation =
    ///     store.invite_default_member(ada, acme, "jill@creativeinc.com".parse()?)?;
    /// store.set_default_role(ada, acme, TeamRole::Viewer)?;
    /// store.accept_invitation(jill, invitation)?;
    /// assert_eq!(store.role(ada, acme, id(jill))?, Some(Role::Viewer));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn invite_default_member(&mut self, actor: Actor, team: TeamId, email: Email) -> Result<InvitationId, Error> {
        self.record(actor, |state| decide::invitation::invite_default(state, actor, team, email))
    }

    /// Accepts an invitation: the user is in the team with the invited role from that moment, and the invitation is gone (INV-2).
    ///
    /// By the user with the invited e-mail (INV-4), before it expires (INV-3). It counted as a member before (TEAM-5). Records
    /// [`InvitationAccepted`](Event::InvitationAccepted).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`InvitationNotFound`](Error::InvitationNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`InvitationForSomeoneElse`](Error::InvitationForSomeoneElse) (INV-4),
    /// [`InvitationExpired`](Error::InvitationExpired) (INV-3), [`InviterIsNoAdmin`](Error::InviterIsNoAdmin) (INV-3).
    ///
    /// ```
    /// use enterprise_teams::{TeamRole, demo::Demo};
    ///
    /// let Demo { mut store, ada, joe, jill, acme, .. } = Demo::new()?;
    /// let invitation = store.invite_member(
    ///     ada,
    ///     acme,
    ///     "jill@creativeinc.com".parse()?,
    ///     TeamRole::Viewer,
    /// )?;
    /// assert_eq!(
    ///     store.accept_invitation(joe, invitation).unwrap_err().code(),
    ///     "invitation-for-someone-else"
    /// );
    /// store.accept_invitation(jill, invitation)?;
    /// assert_eq!(
    ///     store.accept_invitation(jill, invitation).unwrap_err().code(),
    ///     "invitation-not-found"
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn accept_invitation(&mut self, actor: Actor, invitation: InvitationId) -> Result<(), Error> {
        self.record(actor, |state| decide::invitation::accept(state, actor, invitation))
    }

    /// Declines an invitation, expired or not: it is gone (INV-2).
    ///
    /// By the user with the invited e-mail (INV-4). Records [`InvitationDeclined`](Event::InvitationDeclined).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`InvitationNotFound`](Error::InvitationNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`InvitationForSomeoneElse`](Error::InvitationForSomeoneElse) (INV-4).
    ///
    /// ```
    /// use enterprise_teams::{TeamRole, demo::Demo};
    ///
    /// let Demo { mut store, ada, jill, acme, .. } = Demo::new()?;
    /// let invitation = store.invite_member(
    ///     ada,
    ///     acme,
    ///     "jill@creativeinc.com".parse()?,
    ///     TeamRole::Viewer,
    /// )?;
    /// store.decline_invitation(jill, invitation)?;
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn decline_invitation(&mut self, actor: Actor, invitation: InvitationId) -> Result<(), Error> {
        self.record(actor, |state| decide::invitation::decline(state, actor, invitation))
    }

    /// Revokes an invitation, expired or not: it is gone (INV-3).
    ///
    /// By admins. Records [`InvitationRevoked`](Event::InvitationRevoked).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`InvitationNotFound`](Error::InvitationNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsRevokeInvitations`](Error::OnlyAdminsRevokeInvitations)
    /// (INV-3).
    ///
    /// ```
    /// use enterprise_teams::{TeamRole, demo::Demo};
    ///
    /// let Demo { mut store, ada, joe, acme, .. } = Demo::new()?;
    /// let invitation =
    ///     store.invite_member(ada, acme, "new@acme.com".parse()?, TeamRole::Member)?;
    /// assert_eq!(
    ///     store.revoke_invitation(joe, invitation).unwrap_err().code(),
    ///     "only-admins-revoke-invitations"
    /// );
    /// store.revoke_invitation(ada, invitation)?;
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn revoke_invitation(&mut self, actor: Actor, invitation: InvitationId) -> Result<(), Error> {
        self.record(actor, |state| decide::invitation::revoke(state, actor, invitation))
    }
}
