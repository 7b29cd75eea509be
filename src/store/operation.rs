//! Operations as values: what-if, and done.

use super::TeamStore;
use crate::actor::Actor;
use crate::error::Error;
use crate::event::AuditEvent;
use crate::operation::{Operation, Preview};

/// **Operations as values**: what one would do, and doing it.
impl TeamStore {
    /// What the operation would do, without doing it, or the refusal.
    ///
    /// # Errors
    /// Those of the method of the same name.
    ///
    /// ```
    /// use enterprise_teams::{Operation, demo::{Demo, id}};
    ///
    /// let Demo { store, ada, acme, .. } = Demo::new()?;
    /// let leave = Operation::RemoveMember { team: acme, user: id(ada) };
    /// assert_eq!(store.what_if(ada, &leave).unwrap_err().code(), "last-admin-cannot-leave");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn what_if(&self, actor: Actor, operation: &Operation) -> Result<Preview, Error> {
        operation.decide(&self.state, actor)
    }

    /// Carries the operation out, and answers with the entry of the audit log. Which apps it leaves out, and why, [`what_if`](Self::what_if) says.
    ///
    /// # Errors
    /// Those of the method of the same name.
    pub fn perform(&mut self, actor: Actor, operation: &Operation) -> Result<&AuditEvent, Error> {
        let preview = self.what_if(actor, operation)?;
        Ok(self.commit(actor, preview.event))
    }
}
