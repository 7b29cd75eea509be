//! What is asked of a replica.

use core::task::Waker;
use std::sync::Mutex;

use chrono::DateTime;
use serde::Serialize;

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

/// The key under which a transaction is done once: see [`Replica::transaction_once`](super::Replica::transaction_once).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once(pub(super) KeyUse);

impl Once {
    /// A key of the actor's, and what tells the transaction from another one, such as the request that it answers.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`] for what cannot be written as JSON.
    pub fn new(actor: Actor, key: &ContextText, what: &impl Serialize) -> Result<Self, JournalError> {
        KeyUse::new(actor.who, key, what, DateTime::UNIX_EPOCH).map(Self)
    }
}

/// A request that waits for its answer.
pub(super) struct Job {
    pub(super) request: Request,
    /// Until when it is remembered is known when it is kept.
    pub(super) key: Option<KeyUse>,
    answer: Mutex<Answer>,
}

#[derive(Default)]
struct Answer {
    /// Once there is one.
    given: Option<Result<AuditEvent, ReplicaError>>,
    /// Whom to wake then.
    waker: Option<Waker>,
}

impl Job {
    pub(super) fn new(request: Request) -> Result<Self, JournalError> {
        let used = |key| KeyUse::new(request.actor.who, key, &request.operation, DateTime::UNIX_EPOCH);
        let key = request.key.as_ref().map(used).transpose()?;
        Ok(Self { request, key, answer: Mutex::default() })
    }

    /// Takes the answer, once there is one.
    pub(super) fn answer(&self) -> Option<Result<AuditEvent, ReplicaError>> {
        lock(&self.answer).given.take()
    }

    /// Takes the answer, or has this woken when there is one.
    pub(super) fn answer_or_wake(&self, waker: Option<&Waker>) -> Option<Result<AuditEvent, ReplicaError>> {
        let mut answer = lock(&self.answer);
        let given = answer.given.take();
        let waker = waker.filter(|_| given.is_none()).cloned();
        let former = core::mem::replace(&mut answer.waker, waker);
        drop(answer);
        // What a waker does when it is dropped is anybody's: so not while the answer is locked.
        drop(former);
        given
    }

    /// Gives the answer; whoever is to be woken for it comes back.
    pub(super) fn is(&self, given: Result<AuditEvent, ReplicaError>) -> Option<Waker> {
        let mut answer = lock(&self.answer);
        answer.given = Some(given);
        answer.waker.take()
    }
}
