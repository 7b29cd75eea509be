//! INV-5 and TRF-4: what waits for an answer.

use uuid::Uuid;

use super::page::{Page, PageRequest, beyond};
use crate::actor::Actor;
use crate::entity::{AppTransfer, Invitation};
use crate::error::Error;
use crate::guard;
use crate::ids::TeamId;
use crate::names::Email;
use crate::policy::Capability;
use crate::store::TeamStore;

impl TeamStore {
    /// The pending invitations into a team, by e-mail (INV-5); expired ones are not pending.
    ///
    /// Visible to admins and members.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNotFound`](Error::TeamNotFound),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyMembersSeeInvitations`](Error::OnlyMembersSeeInvitations) (INV-5),
    /// [`CursorOfAnotherList`](Error::CursorOfAnotherList).
    pub fn pending_invitations(
        &self,
        actor: Actor,
        team: TeamId,
        page: &PageRequest,
    ) -> Result<Page<&Invitation>, Error> {
        let caller = self.caller(actor)?;
        let row = guard::team(&self.state, team)?;
        let refused = Error::OnlyMembersSeeInvitations { actor: caller.who, team };
        guard::capability(caller, row, Capability::ViewInvitations, refused)?;
        let invitations = row.row.invitations.range(beyond::<Email>(page.key()?));
        let invitations = invitations.filter_map(|(_, id)| self.state.invitations.get(id));
        Ok(page.fill(invitations.filter(|one| one.is_pending_at(caller.now)), |one| one.email.clone()))
    }

    /// The pending invitations of the actor's own e-mail, by id (INV-4). Those into teams that shut out the actor's
    /// third-party client are not listed (SEC-1).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`CursorOfAnotherList`](Error::CursorOfAnotherList).
    pub fn my_invitations(&self, actor: Actor, page: &PageRequest) -> Result<Page<&Invitation>, Error> {
        let caller = self.caller(actor)?;
        let from: Option<Uuid> = page.key()?;
        let own = caller.user.into_iter().flat_map(|user| self.state.invitations_of(&user.row.user.email));
        let pending = own
            .filter(|one| one.is_pending_at(caller.now))
            .filter(|one| self.state.teams.find(one.team).is_some_and(|team| !caller.is_kept_out(team)))
            .filter(|one| from.is_none_or(|from| one.id.uuid() > from));
        Ok(page.fill(pending, |one| one.id.uuid()))
    }

    /// The pending transfers of personal apps from or to the actor, by id (TRF-4).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`CursorOfAnotherList`](Error::CursorOfAnotherList).
    pub fn pending_transfers(&self, actor: Actor, page: &PageRequest) -> Result<Page<&AppTransfer>, Error> {
        let caller = self.caller(actor)?;
        let from: Option<Uuid> = page.key()?;
        let own = caller.user.into_iter().flat_map(|user| self.state.transfers_of(user.user.id));
        Ok(page.fill(own.filter(|one| from.is_none_or(|from| one.id.uuid() > from)), |one| one.id.uuid()))
    }
}
