//! INV-4 and INV-5: invitations that wait for an answer.

use uuid::Uuid;

use super::page::{Page, PageRequest, after};
use crate::access::{self, Caller};
use crate::actor::Actor;
use crate::entity::Invitation;
use crate::error::Error;
use crate::guard::{self, ensure};
use crate::ids::{InvitationId, TeamId, UserId};
use crate::names::Email;
use crate::policy::Capability;
use crate::state::{At, TeamRow};
use crate::store::TeamStore;

/// **Questions about invitations** (INV-5).
impl TeamStore {
    /// The pending invitations into a team, by e-mail (INV-5); expired ones are not pending.
    ///
    /// Visible to admins and members.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyMembersSeeInvitations`](Error::OnlyMembersSeeInvitations) (INV-5),
    /// [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    pub fn pending_invitations(
        &self,
        actor: Actor,
        team: TeamId,
        page: &PageRequest,
    ) -> Result<Page<&Invitation>, Error> {
        let (caller, row) = self.invitations_for(actor, team)?;
        let invitations = row.row.invitations.range(after::<Email>(page.key()?));
        let invitations = invitations.filter_map(|(_, id)| self.at(actor.at).invitations.get(id));
        Ok(page.fill(invitations.filter(|one| one.is_pending_at(caller.now)), |one| one.email.clone()))
    }

    /// The invitation of an e-mail into a team, if there is one; [`Invitation::is_pending_at`] says whether it has expired. Visible
    /// as the [`pending_invitations`](Self::pending_invitations).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyMembersSeeInvitations`](Error::OnlyMembersSeeInvitations) (INV-5).
    pub fn invitation_to(&self, actor: Actor, team: TeamId, email: &Email) -> Result<Option<&Invitation>, Error> {
        let (_, row) = self.invitations_for(actor, team)?;
        Ok(row.row.invitations.get(email).and_then(|id| self.at(actor.at).invitations.get(id)))
    }

    /// An invitation; [`Invitation::is_pending_at`] says whether it has expired.
    ///
    /// Visible to the invited user, and as the [`pending_invitations`](Self::pending_invitations) of its team. Everybody else is
    /// told that there is none.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`InvitationNotFound`](Error::InvitationNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1).
    ///
    /// ```
    /// use enterprise_teams::{TeamRole, demo::Demo};
    ///
    /// let Demo { mut store, sam, max, jill, inc, .. } = Demo::new()?;
    /// let sent = store.invite_member(
    ///     sam,
    ///     inc,
    ///     "jill@creativeinc.com".parse()?,
    ///     TeamRole::Member,
    /// )?;
    /// assert_eq!(store.invitation(jill, sent)?.team(), inc);
    /// assert_eq!(
    ///     store.invitation_sender(jill, sent)?.map(|(_, email)| email.as_str()),
    ///     Some("sam@acme-inc.com")
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn invitation(&self, actor: Actor, invitation: InvitationId) -> Result<&Invitation, Error> {
        let caller = self.caller(actor)?;
        let (found, team) = guard::invitation(self.at(actor.at), invitation)?;
        let invited = caller.user.is_some_and(|user| user.row.user.email == found.email);
        let seen = invited || access::may(caller, team, Capability::ViewInvitations);
        ensure!(seen, Error::InvitationNotFound { invitation });
        if invited {
            guard::client(caller, team)?;
        } else {
            guard::entry(caller, team)?;
        }
        Ok(found)
    }

    /// The user who sent an invitation, and their e-mail, unless it was the operator or the user is gone. Visible as the
    /// [`invitation`](Self::invitation): whoever is invited learns by whom, and nothing else of them.
    ///
    /// # Errors
    /// As [`invitation`](Self::invitation).
    pub fn invitation_sender(&self, actor: Actor, invitation: InvitationId) -> Result<Option<(UserId, &Email)>, Error> {
        let sender = self.invitation(actor, invitation)?.invited_by.user();
        Ok(sender
            .and_then(|user| self.at(actor.at).users.find(user))
            .map(|user| (user.row.user.id, &user.row.user.email)))
    }

    /// The pending invitations of the actor's own e-mail, by id (INV-4). Those into teams that shut out the actor's
    /// third-party client are not listed (SEC-1).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    pub fn my_invitations(&self, actor: Actor, page: &PageRequest) -> Result<Page<&Invitation>, Error> {
        let caller = self.caller(actor)?;
        let from: Option<Uuid> = page.key()?;
        let own = caller.user.into_iter().flat_map(|user| self.at(actor.at).invitations_of(&user.row.user.email));
        let pending = own
            .filter(|one| one.is_pending_at(caller.now))
            .filter(|one| {
                self.at(actor.at).teams.find(one.team).is_some_and(|team| !caller.is_shut_out_as_client(team))
            })
            .filter(|one| from.is_none_or(|from| one.id.uuid() > from));
        Ok(page.fill(pending, |one| one.id.uuid()))
    }

    /// The team, for whoever sees its invitations (INV-5).
    fn invitations_for(&self, actor: Actor, team: TeamId) -> Result<(Caller<'_>, At<'_, TeamRow>), Error> {
        let caller = self.caller(actor)?;
        let row = guard::team(self.at(actor.at), team)?;
        let refused = Error::OnlyMembersSeeInvitations { actor: caller.who, team };
        guard::capability(caller, row, Capability::ViewInvitations, refused)?;
        Ok((caller, row))
    }
}
