//! The past beyond what is in memory.

use core::ops::Deref;
use core::time::Duration;

use chrono::{DateTime, Utc};

use super::{Inner, Replica, lock};
use crate::journal::{self, Entry, HistoryError, Journal, JournalError, KeptSnapshot, Position};
use crate::store::TeamStore;

/// Since when a [`History`] knows what happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// The number of the first event that it has, 1 where it has them all.
    pub seq: u64,
    /// When that happened.
    pub at: DateTime<Utc>,
}

/// The store with a log that reaches further back, from [`Replica::history`]. It is a [`TeamStore`] to be asked: its
/// [`audit_log`](TeamStore::audit_log) has whatever it knows. Its [`as_of`](TeamStore::as_of) and
/// [`snapshot`](TeamStore::snapshot) reach no further back than those of the replica: for the store as it was before, ask
/// [`Replica::as_of`].
#[derive(Debug)]
pub struct History {
    store: TeamStore,
    since: Known,
}

impl History {
    /// Since when it knows what happened.
    #[must_use]
    pub const fn since(&self) -> Known {
        self.since
    }
}

impl Deref for History {
    type Target = TeamStore;

    fn deref(&self) -> &TeamStore {
        &self.store
    }
}

/// **The past**, also where it is no longer in memory.
impl<J: Journal> Replica<J> {
    /// The store as it was at `at`, as [`TeamStore::as_of`], from what is in memory or else from the journal: from its newest snapshot
    /// before that time, or its first entry.
    ///
    /// Costs a copy of the store and the events between, or reading the snapshot and the events between. Nobody waits for it longer than
    /// for a page of entries, or a snapshot, to be read.
    ///
    /// # Errors
    /// [`HistoryError`].
    pub fn as_of(&self, at: DateTime<Utc>) -> Result<TeamStore, HistoryError> {
        // Let go of before the journal is read, so that no writer makes another copy for it.
        let known = self.read().as_of(at);
        known.map_or_else(|| journal::as_of(&mut ByPages(&self.inner), at, self.inner.options.log_kept), Ok)
    }

    /// The store as this process sees it, with every event since that time in its log, or every one that is kept, and says since when
    /// it knows: for pages of the audit log that reach further back than the log in memory.
    ///
    /// Costs a copy of the store, and memory for every event since then.
    ///
    /// # Errors
    /// As [`catch_up`](Self::catch_up).
    ///
    /// ```
    /// use enterprise_teams::chrono::DateTime;
    /// use enterprise_teams::journal::MemoryJournal;
    /// use enterprise_teams::replica::{Replica, ReplicaOptions, Request};
    /// use enterprise_teams::{
    ///     Actor, NewUser, Operation, PageRequest, Settings,
    ///     query::{AuditFilter, AuditScope},
    /// };
    ///
    /// let mut options = ReplicaOptions::default();
    /// options.log_kept = 1;
    /// let replica =
    ///     Replica::open(MemoryJournal::new(), || Settings::from_seed(1), options)?;
    /// let operator = Actor::operator(DateTime::UNIX_EPOCH);
    /// for user in ["ada@acme.com", "joe@acme.com", "vera@acme.com"] {
    ///     replica.perform(Request::new(
    ///         operator,
    ///         Operation::RegisterUser { user: NewUser::new(user.parse()?) },
    ///     ))?;
    /// }
    /// let everything = AuditFilter::new(AuditScope::Everything);
    /// assert!(
    ///     replica
    ///         .read()
    ///         .audit_log(operator, &everything, &PageRequest::default())?
    ///         .items
    ///         .len()
    ///         < 4
    /// );
    /// let history = replica.history(DateTime::UNIX_EPOCH)?;
    /// assert_eq!(
    ///     history.audit_log(operator, &everything, &PageRequest::default())?.items.len(),
    ///     4
    /// );
    /// assert_eq!(history.since().seq, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn history(&self, since: DateTime<Utc>) -> Result<History, JournalError> {
        let store = self.read().clone();
        let first = store.events().first();
        let mut first = first.map_or((store.seq() + 1, store.last_at()), |event| (event.seq, event.at));
        let mut pages = Vec::new();
        while first.0 > 1 && first.1 >= since {
            let page = journal::events_below(&mut ByPages(&self.inner), first.0)?;
            let Some(oldest) = page.first() else { break };
            first = (oldest.seq, oldest.at);
            pages.push(page);
        }
        let events = pages.into_iter().rev().flatten().collect();
        Ok(History { store: store.with_events_before(events), since: Known { seq: first.0, at: first.1 } })
    }
}

/// The journal of a replica, for one question at a time: so that writers have it between.
struct ByPages<'r, J>(&'r Inner<J>);

impl<J: Journal> Journal for ByPages<'_, J> {
    fn now(&mut self) -> Result<DateTime<Utc>, JournalError> {
        lock(&self.0.writer).journal.now()
    }
    fn append(&mut self, _: u64, _: &[Entry]) -> Result<(), JournalError> {
        Err(JournalError::ReadOnly)
    }
    fn read(&mut self, after: u64, most: usize) -> Result<Vec<Entry>, JournalError> {
        lock(&self.0.writer).journal.read(after, most)
    }
    fn end(&mut self) -> Result<Position, JournalError> {
        lock(&self.0.writer).journal.end()
    }
    fn keyed(&mut self, key: &str) -> Result<Option<Entry>, JournalError> {
        lock(&self.0.writer).journal.keyed(key)
    }
    fn keep_snapshot(&mut self, _: &KeptSnapshot) -> Result<(), JournalError> {
        Err(JournalError::ReadOnly)
    }
    fn snapshot_below(&mut self, seq: u64) -> Result<Option<KeptSnapshot>, JournalError> {
        lock(&self.0.writer).journal.snapshot_below(seq)
    }
    fn truncate(&mut self) -> Result<(), JournalError> {
        Err(JournalError::ReadOnly)
    }
    fn wait(&mut self, after: u64, at_most: Duration) -> Result<(), JournalError> {
        lock(&self.0.writer).journal.wait(after, at_most)
    }
}
