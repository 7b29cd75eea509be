//! TRF-4: transfers of personal apps that wait for an answer.

use uuid::Uuid;

use super::page::{Page, PageRequest};
use crate::actor::Actor;
use crate::entity::AppTransfer;
use crate::error::Error;
use crate::store::TeamStore;

impl TeamStore {
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
