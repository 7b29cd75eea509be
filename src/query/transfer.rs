//! TRF-4: transfers of personal apps that wait for an answer.

use uuid::Uuid;

use super::page::{Page, PageRequest};
use crate::access::Caller;
use crate::actor::Actor;
use crate::entity::AppTransfer;
use crate::error::Error;
use crate::ids::{AppId, TransferId};
use crate::policy::AppAction;
use crate::store::TeamStore;

/// **Questions about transfers** (TRF-4).
impl TeamStore {
    /// The pending transfers of personal apps from or to the actor, by id (TRF-4).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    pub fn pending_transfers(&self, actor: Actor, page: &PageRequest) -> Result<Page<&AppTransfer>, Error> {
        let caller = self.caller(actor)?;
        let from: Option<Uuid> = page.key()?;
        let own = caller.user.into_iter().flat_map(|user| self.at(actor.at).transfers_of(user.user.id));
        Ok(page.fill(own.filter(|one| from.is_none_or(|from| one.id.uuid() > from)), |one| one.id.uuid()))
    }

    /// A pending transfer of a personal app (TRF-4).
    ///
    /// Visible to the owner of the app, to the recipient and to the operator. Everybody else is told that there is none.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TransferNotFound`](Error::TransferNotFound) (X-2).
    pub fn app_transfer(&self, actor: Actor, transfer: TransferId) -> Result<&AppTransfer, Error> {
        let caller = self.caller(actor)?;
        let found = self.at(actor.at).transfers.get(&transfer).filter(|found| is_party(caller, found));
        found.ok_or(Error::TransferNotFound { transfer })
    }

    /// The pending transfer of a personal app, if there is one and the actor sees it: see [`app_transfer`](Self::app_transfer).
    ///
    /// # Errors
    /// As [`check`](Self::check) for [`AppAction::ViewApp`].
    ///
    /// ```
    /// use enterprise_teams::{NewApp, demo::{Demo, id}};
    ///
    /// let Demo { mut store, joe, jill, .. } = Demo::new()?;
    /// let app = store.create_app(joe, NewApp::personal())?;
    /// store.add_collaborator(joe, app, id(jill))?;
    /// let transfer = store.request_app_transfer(joe, app, id(jill))?;
    /// assert_eq!(store.transfer_of(jill, app)?.map(|found| found.id()), Some(transfer));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn transfer_of(&self, actor: Actor, app: AppId) -> Result<Option<&AppTransfer>, Error> {
        let row = self.app_for(actor, app, AppAction::ViewApp)?;
        let caller = self.caller(actor)?;
        let found = row.row.transfer().and_then(|transfer| self.at(actor.at).transfers.get(&transfer));
        Ok(found.filter(|found| is_party(caller, found)))
    }
}

fn is_party(caller: Caller<'_>, transfer: &AppTransfer) -> bool {
    caller.who.user().is_none_or(|user| [transfer.owner, transfer.recipient].contains(&user))
}
