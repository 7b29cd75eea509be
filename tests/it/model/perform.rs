//! An operation of the model, by whom and when.

use enterprise_teams::testing::rules::Rules;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{Actor, Error, Operation};

use super::state::Model;
use super::verdict::{By, Verdict, refuse_if, refuse_unless};

impl Model {
    /// What the rulebook says of the operation. `given` is the id that the store gave to what is new, if it did.
    pub(crate) fn perform(&mut self, actor: Actor, operation: &Operation, given: Uuid) -> Verdict {
        self.left_out.clear();
        // time never runs backwards.
        let by = By { who: actor.who, now: actor.at.max(self.last_at), given };
        // END-3: what has ended leaves with what is accepted after it, and with that alone.
        if !self.has_ended(by.now) {
            return self.performed(by, operation);
        }
        // With the operations that say that time has passed, it leaves after them.
        if matches!(operation, Operation::SweepEnds {} | Operation::CloseMonths {}) {
            self.performed(by, operation)?;
            let facts = self.facts();
            self.sweep(by.now);
            self.note(&facts, by.now);
            return Ok(());
        }
        let (before, facts) = (self.clone(), self.facts());
        self.sweep(by.now);
        self.note(&facts, by.now);
        self.performed(by, operation).inspect_err(|_| *self = before)
    }

    fn performed(&mut self, by: By, operation: &Operation) -> Verdict {
        if let Some(user) = by.who.user() {
            refuse_unless(self.users.contains_key(&user), Error::ActorNotFound { actor: user })?;
            refuse_if(self.is_suspended(user), Error::ActorSuspended { actor: user })?;
            // SEC-5: everything save their own enrolment and sign-in.
            let own = matches!(operation, Operation::SetMfa { user: of, .. } | Operation::SetSignIn { user: of, .. } if *of == user);
            refuse_unless(own || self.may_enter(user, None), Error::ActorNeedsMfaOrSso { actor: user })?;
        }
        let before = self.facts();
        self.call(by, operation.clone())?;
        self.forget_ends();
        self.note(&before, by.now);
        (self.seq, self.last_at) = (self.seq + 1, by.now);
        Ok(())
    }
}
