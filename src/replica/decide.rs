//! Deciding on a store before anything is kept.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::ReplicaError;
use super::request::{Job, Request};
use crate::error::Error;
use crate::event::AuditEvent;
use crate::journal::{self, Entry, Journal, JournalError, KeyUse, PAGE, Position};
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
        if let Some((_, done)) = job.key.as_ref().map_or(Ok(None), |key| self.done_before(key))? {
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
            self.remember(event.seq, key);
        }
        Ok(event)
    }

    /// What a transaction with a key comes to: answered with the events that it made before, refused, or done.
    pub(super) fn once<E: From<Error>>(
        &mut self,
        key: &KeyUse,
        act: &mut impl FnMut(&mut TeamStore) -> Result<(), E>,
    ) -> Result<Vec<AuditEvent>, ReplicaError<E>> {
        if let Some((used, last)) = self.done_before(key).map_err(ReplicaError::of_host)? {
            return Ok(self.made_under(&used, last.seq)?);
        }
        let since = self.store.seq();
        self.transaction(act)?;
        let events = self.store.events_since(since).to_vec();
        for event in &events {
            self.remember(event.seq, key);
        }
        Ok(events)
    }

    fn remember(&mut self, seq: u64, key: &KeyUse) {
        let kept = TimeDelta::hours(self.store.settings().options.key_hours.into());
        let until = self.now.checked_add_signed(kept).unwrap_or(DateTime::<Utc>::MAX_UTC).timestamp_micros();
        self.keys.insert(seq, KeyUse { until, ..key.clone() });
    }

    /// The last event that was made under this key, and the key as it was kept, if it is still remembered.
    fn done_before(&mut self, key: &KeyUse) -> Result<Option<(KeyUse, AuditEvent)>, ReplicaError> {
        if let Some((seq, used)) = self.keys.iter().find(|(_, used)| used.key == key.key) {
            let event = self.store.events_since(seq - 1).first().cloned();
            return if used.operation == key.operation {
                Ok(event.map(|event| (used.clone(), event)))
            } else {
                Err(used_otherwise(*seq))
            };
        }
        let Some(entry) = self.journal.keyed(&key.key)? else { return Ok(None) };
        match &entry.key {
            Some(used) if used.until <= self.now.timestamp_micros() => Ok(None),
            Some(used) if used.operation != key.operation => Err(used_otherwise(entry.seq)),
            Some(used) => Ok(Some((used.clone(), entry.audit_event()?))),
            // The journal found it by this key, which it does not have.
            None => Err(JournalError::Corrupt { seq: entry.seq }.into()),
        }
    }

    /// Every event of the transaction whose last one has this number: those before it have its key too.
    fn made_under(&mut self, key: &KeyUse, last: u64) -> Result<Vec<AuditEvent>, JournalError> {
        let mut first = last;
        let mut kept_from = 0;
        while first > kept_from + 1 {
            let after = first.saturating_sub(1 + PAGE as u64).max(kept_from);
            let most = usize::try_from(first - 1 - after).unwrap_or(PAGE);
            let before = match self.journal.read(after, most) {
                Err(JournalError::Truncated { first }) if first > after + 1 => {
                    kept_from = first - 1;
                    continue;
                }
                entries => entries?,
            };
            let under = before.iter().rev().take_while(|entry| entry.key.as_ref() == Some(key)).count();
            first -= under as u64;
            if under < before.len() || before.is_empty() {
                let count = usize::try_from(last - first + 1).unwrap_or(usize::MAX);
                return journal::events(self.journal, first - 1, count);
            }
        }
        // Its beginning was given up.
        Err(JournalError::Truncated { first })
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
