//! Deciding on a store before anything is kept.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::ReplicaError;
use super::request::{Job, Request};
use crate::error::Error;
use crate::event::AuditEvent;
use crate::journal::{Entry, Journal, JournalError, KeyUse, Position};
use crate::store::TeamStore;

/// A store that nobody sees yet, and what has been decided on it.
pub(super) struct Deciding<'w, J> {
    store: &'w mut TeamStore,
    journal: &'w mut J,
    /// What time it is where the journal is, and what is too late.
    now: DateTime<Utc>,
    latest: DateTime<Utc>,
    /// The number of the last event before.
    since: u64,
    keys: BTreeMap<u64, KeyUse>,
}

impl<'w, J: Journal> Deciding<'w, J> {
    pub(super) fn new(store: &'w mut TeamStore, journal: &'w mut J, now: DateTime<Utc>, ahead: TimeDelta) -> Self {
        let (since, latest) = (store.seq(), now.checked_add_signed(ahead).unwrap_or(DateTime::<Utc>::MAX_UTC));
        Self { store, journal, now, latest, since, keys: BTreeMap::new() }
    }

    /// What a request comes to: answered from the event that it made before, refused, or done.
    pub(super) fn carry_out(&mut self, job: &Job) -> Result<AuditEvent, ReplicaError> {
        let Request { actor, operation, context, unless_changed, .. } = &job.request;
        if let Some(done) = job.key.as_ref().map_or(Ok(None), |key| self.done_before(key))? {
            return self.store.as_told(*actor, done).map_err(ReplicaError::Refused);
        }
        let event = self.transaction(&mut |store| {
            let act = |store: &mut TeamStore| match *unless_changed {
                None => store.perform(*actor, operation),
                Some((thing, since)) => store.perform_unless_changed(*actor, operation, thing, since),
            };
            match context {
                None => act(store),
                Some(context) => store.in_context(context.clone(), act),
            }
        })?;
        if let Some(key) = &job.key {
            let kept = TimeDelta::hours(self.store.settings().options.key_hours.into());
            let until = self.now.checked_add_signed(kept).unwrap_or(DateTime::<Utc>::MAX_UTC).timestamp_micros();
            self.keys.insert(event.seq, KeyUse { until, ..key.clone() });
        }
        Ok(event)
    }

    /// The event that was made under this key, if it is still remembered.
    fn done_before(&mut self, key: &KeyUse) -> Result<Option<AuditEvent>, ReplicaError> {
        if let Some((seq, used)) = self.keys.iter().find(|(_, used)| used.key == key.key) {
            let event = self.store.events_since(seq - 1).first().cloned();
            return if used.operation == key.operation { Ok(event) } else { Err(used_otherwise(*seq)) };
        }
        let Some(entry) = self.journal.keyed(&key.key)? else { return Ok(None) };
        match &entry.key {
            Some(used) if used.until <= self.now.timestamp_micros() => Ok(None),
            Some(used) if used.operation != key.operation => Err(used_otherwise(entry.seq)),
            Some(_) | None => Ok(Some(entry.audit_event()?)),
        }
    }

    /// All of `act` or nothing, and nothing from the future.
    pub(super) fn transaction<T, E>(
        &mut self,
        act: &mut impl FnMut(&mut TeamStore) -> Result<T, E>,
    ) -> Result<T, ReplicaError<E>> {
        let (since, before, latest, now) = (self.store.seq(), self.store.last_at(), self.latest, self.now);
        self.store.transaction(|store| {
            let done = act(store).map_err(ReplicaError::Refused)?;
            match store.events_since(since).last().map(|event| event.at) {
                // Where an earlier event is from the future, those after it can only count from there.
                Some(at) if at > latest && at > before => Err(ReplicaError::TimeFromTheFuture { at, now }),
                Some(_) | None => Ok(done),
            }
        })
    }

    /// What has been decided, as entries.
    pub(super) fn entries(self, mut position: Position) -> Result<Vec<Entry>, JournalError> {
        let Self { store, since, mut keys, .. } = self;
        let entry = |event: &AuditEvent| {
            let entry = Entry::new(position, event, keys.remove(&event.seq))?;
            position = entry.position();
            Ok(entry)
        };
        store.events_since(since).iter().map(entry).collect()
    }
}

const fn used_otherwise(seq: u64) -> ReplicaError {
    ReplicaError::Refused(Error::KeyUsedOtherwise { seq })
}
