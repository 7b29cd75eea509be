//! All or nothing across calls, and the store as it was.

use core::ops::{Deref, DerefMut};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::TeamStore;
use super::later::Later;
use crate::actor::EventContext;

/// Several operations that are kept together or not at all: made by [`TeamStore::begin`].
///
/// It is the store for as long as it lives, with the same operations and questions. Unless it is
/// [committed](Self::commit), it takes everything back when it goes: also when a `?` or a panic ends it early. Taking back
/// costs what was done, whatever the size of the store.
///
/// One that is [forgotten](core::mem::forget) before anything was done in it is as if it had never been; one that is forgotten
/// later can no longer be taken back: what was done stays, and so do the events from then on, in the log.
#[derive(Debug)]
#[must_use = "a transaction that is dropped takes everything back"]
pub struct Transaction<'s> {
    store: &'s mut TeamStore,
    /// The number and the time of the last event before it.
    since: (u64, DateTime<Utc>),
    committed: bool,
    /// Whether it is inside another.
    nested: bool,
}

impl Transaction<'_> {
    /// Keeps what was done.
    pub fn commit(mut self) {
        self.committed = true;
    }

    /// Takes everything back, as dropping does.
    pub fn roll_back(self) {}
}

impl Deref for Transaction<'_> {
    type Target = TeamStore;

    fn deref(&self) -> &TeamStore {
        self.store
    }
}

impl DerefMut for Transaction<'_> {
    fn deref_mut(&mut self) -> &mut TeamStore {
        self.store.open_since.get_or_insert(self.since.0);
        self.store
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if !self.committed {
            self.store.take_back_to(self.since.0, self.since.1);
        }
        if !self.nested {
            self.store.open_since = None;
        }
    }
}

/// The store with a context, which ends with this, also where a panic ends it.
struct InContext<'s> {
    store: &'s mut TeamStore,
    outside: Option<Arc<EventContext>>,
}

impl Drop for InContext<'_> {
    fn drop(&mut self) {
        self.store.context = self.outside.take();
    }
}

/// **All or nothing**: several operations that are kept together or not at all, and the store as it was.
impl TeamStore {
    /// Starts a transaction. Transactions nest.
    ///
    /// ```
    /// use enterprise_teams::{NewApp, demo::Demo};
    ///
    /// let Demo { mut store, ada, acme, .. } = Demo::new()?;
    /// let mut tx = store.begin();
    /// let app = tx.create_app(ada, NewApp::in_team(acme))?;
    /// tx.lock_app(ada, app)?;
    /// drop(tx);
    /// assert!(store.app(ada, app).is_err());
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn begin(&mut self) -> Transaction<'_> {
        let (since, nested) = ((self.state.seq, self.state.last_at), self.open_since.is_some());
        Transaction { store: self, since, committed: false, nested }
    }

    /// Runs several operations that are kept together if `operations` answers `Ok`, and taken back if it answers `Err`.
    ///
    /// # Errors
    /// What `operations` answers.
    ///
    /// ```
    /// use enterprise_teams::{Error, NewApp, demo::Demo};
    ///
    /// let Demo { mut store, ada, joe, acme, .. } = Demo::new()?;
    /// let before = store.events().len();
    /// let refused = store.transaction(|store| {
    ///     let app = store.create_app(joe, NewApp::in_team(acme))?;
    ///     store.rename_team(joe, acme, "widgets".parse()?)?;
    ///     Ok::<_, Error>(app)
    /// });
    /// assert_eq!(refused.unwrap_err().code(), "only-admins-rename-teams");
    /// assert_eq!(store.events().len(), before);
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn transaction<T, E>(&mut self, operations: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        let mut transaction = self.begin();
        let done = operations(&mut transaction)?;
        transaction.commit();
        Ok(done)
    }

    /// Runs operations whose events are recorded with this context (X-3), in the place of the one outside. Whether they are kept is
    /// theirs: this is no [transaction](Self::transaction).
    ///
    /// See [`EventContext`] for an example.
    pub fn in_context<T>(&mut self, context: EventContext, operations: impl FnOnce(&mut Self) -> T) -> T {
        let outside = self.context.replace(Arc::new(context));
        let within = InContext { store: self, outside };
        operations(within.store)
    }

    /// The store as it was at `at`, after the last event that counts by then (X-3): a store of its own, to ask who could do what on
    /// that day. Whoever asks does so with that time, since what ends (END-1) does so at theirs. `None` for a time before the first
    /// event that the store keeps: before it was opened, or when older ones were [handed over](Self::drain_events).
    ///
    /// Costs a copy of the store, and taking back what came after.
    ///
    /// ```
    /// use enterprise_teams::chrono::TimeDelta;
    /// use enterprise_teams::{AppAction, demo::{Demo, id}};
    ///
    /// let Demo { mut store, ada, joe, acme, website, .. } = Demo::new()?;
    /// let today = ada.at + TimeDelta::days(1);
    /// store.remove_member(ada.at(today), acme, id(joe))?;
    /// assert!(!store.can(joe, AppAction::PushCode, website));
    ///
    /// let yesterday = store.as_of(ada.at).ok_or("handed over")?;
    /// assert!(yesterday.can(joe, AppAction::PushCode, website));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn as_of(&self, at: DateTime<Utc>) -> Option<Self> {
        let events = self.log.events();
        let kept = events.partition_point(|event| event.at <= at);
        let last = match events.get(..kept).and_then(<[_]>::last) {
            Some(event) => (event.seq, event.at),
            None if at >= self.state.last_at => (self.state.seq, self.state.last_at),
            None => return None,
        };
        if last.0 + 1 < self.state.replaced_since() {
            return None;
        }
        let mut store = self.clone();
        store.take_back_to(last.0, last.1);
        Some(store)
    }

    /// Takes back every event after number `seq`, which was recorded at `at`, the last first. The event itself may have been
    /// handed over.
    pub(super) fn take_back_to(&mut self, seq: u64, at: DateTime<Utc>) {
        while self.state.seq > seq {
            let Some(event) = self.log.pop() else { return };
            self.later = Later::default();
            let before = self.log.events().last().map_or((seq, at), |event| (event.seq, event.at));
            self.state.revert(&event, before.0, before.1);
        }
    }
}
