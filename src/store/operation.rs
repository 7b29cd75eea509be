//! Operations as values: what-if, and done.

use super::TeamStore;
use crate::actor::Actor;
use crate::error::Error;
use crate::event::{AuditEvent, Event, Subject};
use crate::guard::{self, ensure};
use crate::operation::{Operation, Preview};
use crate::readable::NamedId;
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
        let state = if is_of_the_clock(operation) { &self.state } else { self.at(actor.at) };
        let preview = operation.decide(state, actor)?;
        let event = Reader::of_own(state, guard::existing_actor(state, actor)?).part_of(preview.event);
        Ok(Preview { event, ..preview })
    }

    /// Carries the operation out, and answers with the entry of the audit log, as [`what_if`](Self::what_if) told it. Which apps
    /// it leaves out, and why, is told there too.
    ///
    /// # Errors
    /// Those of the method of the same name.
    pub fn perform(&mut self, actor: Actor, operation: &Operation) -> Result<AuditEvent, Error> {
        self.performed(actor, operation, Ok(()))
    }

    /// As [`perform`](Self::perform), if nothing newer than event `since` concerns this thing (X-9): for whoever decided from what they
    /// saw then, when the store was at this [number](Self::seq). The host sees to it that the operation names the thing.
    ///
    /// What concerns a space or a pipeline is taken to be what concerns the team or the user that has it. What has ended since, swept or
    /// not, refuses nothing: nobody did it (END-3).
    ///
    /// # Errors
    /// Those of the method of the same name; then [`ChangedSince`](Error::ChangedSince), [`LogTooShort`](Error::LogTooShort) (X-9), so
    /// that nobody who may not do it learns what has happened.
    ///
    /// ```
    /// use enterprise_teams::{Operation, demo::Demo};
    ///
    /// let Demo { mut store, ada, website, .. } = Demo::new()?;
    /// let seen = store.seq();
    /// store.perform_unless_changed(
    ///     ada,
    ///     &Operation::LockApp { app: website },
    ///     website,
    ///     seen,
    /// )?;
    /// let rename = Operation::RenameApp { app: website, name: "site".parse()? };
    /// assert_eq!(
    ///     store.perform_unless_changed(ada, &rename, website, seen).unwrap_err().code(),
    ///     "changed-since"
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn perform_unless_changed(
        &mut self,
        actor: Actor,
        operation: &Operation,
        thing: impl Into<NamedId>,
        since: u64,
    ) -> Result<AuditEvent, Error> {
        let unchanged = self.unchanged(thing.into(), since);
        self.performed(actor, operation, unchanged)
    }

    fn performed(&mut self, actor: Actor, operation: &Operation, fits: Result<(), Error>) -> Result<AuditEvent, Error> {
        let act = |store: &mut Self| {
            let event = operation.decide(&store.state, actor)?.event;
            fits?;
            store.told(actor, event)
        };
        if is_of_the_clock(operation) { self.before_sweep(actor, act) } else { self.after_sweep(actor, act) }
    }

    /// Records what was decided, and answers with what the actor is told of it.
    fn told(&mut self, actor: Actor, event: Event) -> Result<AuditEvent, Error> {
        let told = Reader::of_own(&self.state, guard::existing_actor(&self.state, actor)?).part_of(event.clone());
        Ok(AuditEvent { event: told, ..self.commit(actor, event).clone() })
    }

    /// The entry as the actor is told it who caused it.
    #[cfg(feature = "replica")]
    pub(crate) fn as_told(&self, actor: Actor, entry: AuditEvent) -> Result<AuditEvent, Error> {
        let state = self.at(actor.at);
        let told = Reader::of_own(state, guard::existing_actor(state, actor)?).part_of(entry.event);
        Ok(AuditEvent { event: told, ..entry })
    }

    /// Whether nothing newer than event `since` concerns the thing; what has ended since is nobody's doing, swept or not.
    fn unchanged(&self, thing: NamedId, since: u64) -> Result<(), Error> {
        let subject = match thing {
            NamedId::User(user) => Subject::User(user),
            NamedId::Team(team) => Subject::Team(team),
            NamedId::App(app) => Subject::App(app),
            NamedId::Group(group) => Subject::Team(guard::group(&self.state, group)?.1.id),
            NamedId::Role(role) => Subject::Team(guard::role(&self.state, role)?.1.id),
            NamedId::Space(space) => Subject::Team(guard::space(&self.state, space)?.1.id),
            NamedId::Pipeline(pipeline) => guard::pipeline(&self.state, pipeline)?.pipeline.owner().into(),
            NamedId::Account(account) => Subject::Account(account),
        };
        let mut newer = self.log.about(subject, since.saturating_add(1)..u64::MAX);
        if let Some(newer) = newer.find(|entry| !matches!(entry.event, Event::EndsSwept { .. })) {
            return Err(Error::ChangedSince { since, seq: newer.seq });
        }
        let first = self.log.first();
        ensure!(first <= since.saturating_add(1), Error::LogTooShort { since, first });
        Ok(())
    }
}

/// Whether it is one of those that say that time has passed: an event before it would have said so already.
const fn is_of_the_clock(operation: &Operation) -> bool {
    matches!(operation, Operation::SweepEnds {} | Operation::CloseMonths {})
}
