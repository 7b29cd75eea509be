//! What is asked of a replica.

use std::sync::Mutex;

use chrono::DateTime;

use super::{ReplicaError, lock};
use crate::actor::{Actor, EventContext};
use crate::event::AuditEvent;
use crate::journal::{JournalError, KeyUse};
use crate::names::ContextText;
use crate::operation::Operation;
use crate::readable::NamedId;

/// An operation, by whom, and what is to be known of it besides.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    pub(super) actor: Actor,
    pub(super) operation: Operation,
    pub(super) key: Option<ContextText>,
    pub(super) context: Option<EventContext>,
    pub(super) unless_changed: Option<(NamedId, u64)>,
}

impl Request {
    /// The operation, and nothing besides.
    #[must_use]
    pub const fn new(actor: Actor, operation: Operation) -> Self {
        Self { actor, operation, key: None, context: None, unless_changed: None }
    }

    /// Under this key of the actor's, so that it is done once: asked for again by the same actor under the same key it is answered
    /// from the event that it made. The journal remembers a key for as long as the [settings](crate::StoreOptions::key_hours) say.
    #[must_use]
    pub fn key(mut self, key: ContextText) -> Self {
        self.key = Some(key);
        self
    }

    /// Recorded with this context.
    #[must_use]
    pub fn context(mut self, context: EventContext) -> Self {
        self.context = Some(context);
        self
    }

    /// Only if nothing newer than event `since` concerns this thing, as
    /// [`TeamStore::perform_unless_changed`](crate::TeamStore::perform_unless_changed).
    #[must_use]
    pub fn unless_changed(mut self, thing: impl Into<NamedId>, since: u64) -> Self {
        self.unless_changed = Some((thing.into(), since));
        self
    }
}

/// A request that waits for its answer.
pub(super) struct Job {
    pub(super) request: Request,
    /// Until when it is remembered is known when it is kept.
    pub(super) key: Option<KeyUse>,
    answer: Mutex<Option<Result<AuditEvent, ReplicaError>>>,
}

impl Job {
    pub(super) fn new(request: Request) -> Result<Self, JournalError> {
        let used = |key| KeyUse::new(request.actor.who, key, &request.operation, DateTime::UNIX_EPOCH);
        let key = request.key.as_ref().map(used).transpose()?;
        Ok(Self { request, key, answer: Mutex::default() })
    }

    /// Takes the answer, once there is one.
    pub(super) fn answer(&self) -> Option<Result<AuditEvent, ReplicaError>> {
        lock(&self.answer).take()
    }

    pub(super) fn is(&self, answer: Result<AuditEvent, ReplicaError>) {
        *lock(&self.answer) = Some(answer);
    }
}
