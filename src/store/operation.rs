//! Operations as values: what-if, and done.

use super::TeamStore;
use crate::actor::Actor;
use crate::error::Error;
use crate::event::AuditEvent;
use crate::operation::{Operation, Preview};
use crate::redact::Reader;

/// **Operations as values**: what one would do, and doing it.
impl TeamStore {
    /// What the operation would do, without doing it, or the refusal. Of what it would record, the actor is told what the
    /// [`audit_log`](Self::audit_log) would then show them (X-2): whoever may delete a team of their account without being in it,
    /// for example, nothing of who is invited into it.
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
        let preview = operation.decide(&self.state, actor)?;
        let event = Reader::of_own(&self.state, self.caller(actor)?).part_of(preview.event);
        Ok(Preview { event, ..preview })
    }

    /// Carries the operation out, and answers with the entry of the audit log, as [`what_if`](Self::what_if) told it. Which apps
    /// it leaves out, and why, is told there too.
    ///
    /// # Errors
    /// Those of the method of the same name.
    pub fn perform(&mut self, actor: Actor, operation: &Operation) -> Result<AuditEvent, Error> {
        let event = operation.decide(&self.state, actor)?.event;
        let told = Reader::of_own(&self.state, self.caller(actor)?).part_of(event.clone());
        Ok(AuditEvent { event: told, ..self.commit(actor, event).clone() })
    }
}
