//! A journal in memory, for tests: with faults that the other ones have too seldom.

use core::time::Duration;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use super::{Entry, Journal, JournalError, KeptSnapshot, Position};

/// A journal in memory. It outlives nothing, and is for tests: of a host, and of what is built on journals. Clones are the same journal,
/// as two processes have it.
///
/// Its clock is set by hand, and it has [faults](Fault) on demand.
#[derive(Clone, Debug, Default)]
pub struct MemoryJournal {
    kept: Arc<(Mutex<Kept>, Condvar)>,
}

/// What goes wrong with the next [`append`](Journal::append) of a [`MemoryJournal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// It is refused, and nothing happens.
    Unavailable,
    /// It is kept, and the answer is lost.
    KeptUnknown,
    /// It is lost, and so is the answer.
    LostUnknown,
    /// The answer is lost, and it is kept just before the next append.
    LateUnknown,
}

#[derive(Debug, Default)]
struct Kept {
    entries: Vec<Entry>,
    /// How many entries were given up.
    gone: u64,
    end: Option<Position>,
    snapshots: BTreeMap<u64, KeptSnapshot>,
    now: DateTime<Utc>,
    faults: VecDeque<Fault>,
    late: Option<(u64, Vec<Entry>)>,
}

impl Kept {
    fn end(&self) -> Position {
        self.end.unwrap_or(Position::START)
    }

    fn append(&mut self, after: u64, entries: &[Entry]) -> Result<(), JournalError> {
        let last = self.end().seq;
        if after != last {
            return Err(JournalError::Conflict { last });
        }
        self.entries.extend_from_slice(entries);
        self.end = entries.last().map(|entry| Position { seq: entry.seq, digest: entry.digest }).or(self.end);
        Ok(())
    }
}

impl MemoryJournal {
    /// An empty one, whose clock stands at the Unix epoch.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the clock.
    pub fn set_now(&self, now: DateTime<Utc>) {
        self.lock().now = now;
    }

    /// Has this go wrong with the next append for which nothing goes wrong yet.
    pub fn inject(&self, fault: Fault) {
        self.lock().faults.push_back(fault);
    }

    /// Changes what is kept, as a fault of a disk would.
    pub fn spoil(&self, act: impl FnOnce(&mut Vec<Entry>, &mut BTreeMap<u64, KeptSnapshot>)) {
        let Kept { entries, snapshots, .. } = &mut *self.lock();
        act(entries, snapshots);
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Journal for MemoryJournal {
    fn now(&mut self) -> Result<DateTime<Utc>, JournalError> {
        Ok(self.lock().now)
    }

    fn append(&mut self, after: u64, entries: &[Entry]) -> Result<(), JournalError> {
        let mut kept = self.lock();
        if let Some((after, late)) = kept.late.take() {
            _ = kept.append(after, &late);
        }
        let lost = || Err(JournalError::unknown("the answer was lost"));
        let answer = match kept.faults.pop_front() {
            None => kept.append(after, entries),
            Some(Fault::Unavailable) => Err(JournalError::unavailable("it was told to be")),
            Some(Fault::KeptUnknown) => kept.append(after, entries).and_then(|()| lost()),
            Some(Fault::LostUnknown) => lost(),
            Some(Fault::LateUnknown) => {
                kept.late = Some((after, entries.to_vec()));
                lost()
            }
        };
        self.kept.1.notify_all();
        answer
    }

    fn read(&mut self, after: u64, most: usize) -> Result<Vec<Entry>, JournalError> {
        let kept = self.lock();
        let truncated = JournalError::Truncated { first: kept.gone + 1 };
        let skipped = after.checked_sub(kept.gone).ok_or(truncated)?;
        let skipped = usize::try_from(skipped).unwrap_or(usize::MAX);
        Ok(kept.entries.iter().skip(skipped).take(most).cloned().collect())
    }

    fn end(&mut self) -> Result<Position, JournalError> {
        Ok(self.lock().end())
    }

    fn keyed(&mut self, key: &str) -> Result<Option<Entry>, JournalError> {
        let is = |entry: &&Entry| entry.key.as_ref().is_some_and(|used| used.key == key);
        Ok(self.lock().entries.iter().rfind(is).cloned())
    }

    fn keep_snapshot(&mut self, snapshot: &KeptSnapshot) -> Result<(), JournalError> {
        let mut kept = self.lock();
        if snapshot.position.seq > kept.gone {
            kept.snapshots.insert(snapshot.position.seq, snapshot.clone());
        }
        Ok(())
    }

    fn snapshot_below(&mut self, seq: u64) -> Result<Option<KeptSnapshot>, JournalError> {
        Ok(self.lock().snapshots.range(..seq).next_back().map(|(_, snapshot)| snapshot.clone()))
    }

    fn truncate(&mut self) -> Result<(), JournalError> {
        let mut kept = self.lock();
        if let Some(first) = kept.snapshots.keys().rev().nth(1).copied() {
            kept.snapshots.retain(|seq, _| *seq >= first);
            kept.entries.retain(|entry| entry.seq >= first);
            kept.gone = first - 1;
        }
        Ok(())
    }

    fn wait(&mut self, after: u64, at_most: Duration) -> Result<(), JournalError> {
        let waiting = |kept: &mut Kept| kept.end().seq <= after;
        _ = self.kept.1.wait_timeout_while(self.lock(), at_most, waiting).unwrap_or_else(PoisonError::into_inner);
        Ok(())
    }
}
