//! A store for many threads that is kept in a journal, and may be one of many processes that share it. With the feature `replica`.
//!
//! A [`Replica`] is a [`SharedStore`] on a [`Journal`]: what an operation decides is appended before anybody sees it and before it is
//! answered, and what other processes have appended is followed first.
//!
//! ```
//! use enterprise_teams::journal::MemoryJournal;
//! use enterprise_teams::replica::{Replica, ReplicaOptions, Request};
//! use enterprise_teams::{Actor, NewUser, Operation, Settings};
//!
//! let journal = MemoryJournal::new();
//! let open = || Replica::open(journal.clone(), || Settings::from_seed(1), ReplicaOptions::default());
//! let (here, there) = (open()?, open()?);
//!
//! let operator = Actor::operator(enterprise_teams::chrono::DateTime::UNIX_EPOCH);
//! let register = Operation::RegisterUser { user: NewUser::new("ada@acme.com".parse()?) };
//! let event = here.perform(Request::new(operator, register).key("sign-up-1".parse()?))?;
//! assert!(there.read_at_least(event.seq, core::time::Duration::ZERO)?.user_id(&"ada@acme.com".parse()?).is_ok());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod decide;
mod request;

use core::convert::Infallible;
use core::fmt;
use core::time::Duration;
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};

use self::decide::Deciding;
use self::request::Job;
pub use self::request::Request;
use crate::error::Error;
use crate::event::AuditEvent;
use crate::invariant::Violation;
use crate::journal::{self, Entry, Journal, JournalError, KeptSnapshot, Opened, Position};
use crate::settings::Settings;
use crate::shared::{ReadGuard, SharedStore};
use crate::store::TeamStore;

/// How many operations are kept together at most.
const GROUP_MAX: usize = 1000;
/// How long the journal is waited for at a time while others may want it.
const WAIT: Duration = Duration::from_millis(10);

/// What a process decides for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReplicaOptions {
    /// How many events stay in the store's log, and up to as many more: how far the audit log, `as_of` and X-9's condition reach back.
    pub log_kept: usize,
    /// How far the time of an operation may be ahead of the journal's.
    pub ahead: TimeDelta,
    /// How long an operation whose outcome is unknown tries to find it out.
    pub patience: Duration,
}

/// 100,000 events, a minute ahead, ten seconds of patience.
impl Default for ReplicaOptions {
    fn default() -> Self {
        Self { log_kept: 100_000, ahead: TimeDelta::minutes(1), patience: Duration::from_secs(10) }
    }
}

/// Why a replica did not do what it was asked to.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReplicaError<E = Error> {
    /// It was refused, by a rule or by whoever decided: nothing was kept.
    #[error("{0}")]
    Refused(E),
    /// The actor's time is too far ahead of the journal's: nothing was kept. An event from the future would put every later one there.
    #[error("the time {at} is too far ahead of {now}, which it is where the journal is")]
    TimeFromTheFuture {
        /// The time with which it would have been recorded.
        at: DateTime<Utc>,
        /// What time it is.
        now: DateTime<Utc>,
    },
    /// The journal did not keep it. Only after [`Unknown`](JournalError::Unknown) it may have been kept all the same: then the same
    /// request under the same key finds out.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl ReplicaError<Infallible> {
    fn of_group(self) -> ReplicaError {
        match self {
            Self::Refused(never) => match never {},
            Self::TimeFromTheFuture { at, now } => ReplicaError::TimeFromTheFuture { at, now },
            Self::Journal(error) => ReplicaError::Journal(error),
        }
    }
}

/// Why [`Replica::read_at_least`] has no answer.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The journal is not there yet.
    #[error("event {wanted} has not come, the last one is {seq}")]
    Behind {
        /// The number that was wanted.
        wanted: u64,
        /// How far the store is.
        seq: u64,
    },
    /// The journal cannot be followed.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// A [`SharedStore`] that is kept in a journal, for any number of threads.
///
/// Readers wait for nobody, and see what is kept: that which this process has followed so far. Writers take turns; whoever waits for
/// its turn at the same time is decided and kept together, in one append.
///
/// With a journal that several processes write, each operation follows what the others have kept before it is decided, and a
/// reader sees it as soon as somebody here has written, [caught up](Self::catch_up) or [kept up](Self::keep_up).
pub struct Replica<J> {
    store: SharedStore,
    writer: Mutex<Writer<J>>,
    desk: Mutex<Desk>,
    /// Told when a group is through.
    through: Condvar,
    shown: Mutex<Shown>,
    /// Told when something new is shown.
    new: Condvar,
    options: ReplicaOptions,
    violations: Vec<Violation>,
    skipped: Vec<JournalError>,
}

/// The journal, and how far in it the store is.
struct Writer<J> {
    journal: J,
    position: Position,
}

/// Who waits to be kept.
#[derive(Default)]
struct Desk {
    waiting: VecDeque<Arc<Job>>,
    /// Whether somebody keeps a group for the others.
    led: bool,
}

struct Shown {
    seq: u64,
    heard: Instant,
}

/// What was decided and may have been kept.
struct Attempt<T> {
    answer: T,
    end: Position,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// **Opening, and reading.**
impl<J: Journal> Replica<J> {
    /// Opens the store of a journal as [`journal::open`] does, or begins one with these settings where it is empty.
    ///
    /// # Errors
    /// As [`journal::open`].
    pub fn open(
        mut journal: J,
        settings: impl FnOnce() -> Settings,
        options: ReplicaOptions,
    ) -> Result<Self, JournalError> {
        let Opened { store, position, violations, skipped } = journal::open(&mut journal, settings, options.log_kept)?;
        let shown = Shown { seq: position.seq, heard: Instant::now() };
        Ok(Self {
            store: SharedStore::new(store),
            writer: Mutex::new(Writer { journal, position }),
            desk: Mutex::default(),
            through: Condvar::new(),
            shown: Mutex::new(shown),
            new: Condvar::new(),
            options,
            violations,
            skipped,
        })
    }

    /// As [`Opened::violations`].
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// As [`Opened::skipped`].
    #[must_use]
    pub fn skipped(&self) -> &[JournalError] {
        &self.skipped
    }

    /// The store, as far as this process has followed it. Waits for nobody.
    #[must_use]
    pub fn read(&self) -> ReadGuard {
        self.store.read()
    }

    /// The store with event `seq` in it, such as the last one that another process has answered with: follows, and waits at most so long.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn read_at_least(&self, seq: u64, at_most: Duration) -> Result<ReadGuard, ReadError> {
        let since = Instant::now();
        loop {
            let read = self.read();
            if read.seq() >= seq {
                return Ok(read);
            }
            drop(read);
            let mut writer = lock(&self.writer);
            self.follow(&mut writer)?;
            let Writer { journal, position } = &mut *writer;
            if position.seq < seq {
                let left = at_most.saturating_sub(since.elapsed());
                if left.is_zero() {
                    return Err(ReadError::Behind { wanted: seq, seq: position.seq });
                }
                journal.wait(position.seq, left.min(WAIT))?;
            }
        }
    }

    /// When this process last knew that it had everything that was kept. Whoever must not answer from an older state
    /// [catches up](Self::catch_up) when that is too long ago, and refuses to answer when that fails.
    #[must_use]
    pub fn last_heard(&self) -> Instant {
        lock(&self.shown).heard
    }

    /// Follows what others have kept, and answers how far the store is.
    ///
    /// # Errors
    /// [`JournalError`]: what the journal answers, or the first thing that is wrong with what it keeps.
    pub fn catch_up(&self) -> Result<u64, JournalError> {
        let mut writer = lock(&self.writer);
        self.follow(&mut writer)?;
        Ok(writer.position.seq)
    }

    /// Follows what others keep as it comes, as long as `go_on` says so, which is asked at least every `at_most`. It is for a thread of its
    /// own, and waits on `waiter`, another handle of the same journal, so that nobody waits for it.
    ///
    /// # Errors
    /// As [`catch_up`](Self::catch_up). The replica is as it was: it can be called again.
    pub fn keep_up(
        &self,
        waiter: &mut impl Journal,
        at_most: Duration,
        mut go_on: impl FnMut() -> bool,
    ) -> Result<(), JournalError> {
        while go_on() {
            let seq = self.read().seq();
            waiter.wait(seq, at_most)?;
            self.catch_up()?;
        }
        Ok(())
    }

    /// The events after number `after` that are kept, in order, at most `most` of them: for what a host does with them besides, such
    /// as mails, bills or a search. Where there is none yet it waits, at most so long, and then answers with none.
    ///
    /// A host keeps the number of the last event that it is done with, where it keeps what it did, and asks on from there: so it gets every
    /// event at least once, also across restarts. The events are whole, as in [`TeamStore::events`].
    ///
    /// # Errors
    /// [`Truncated`](JournalError::Truncated) where the next event is no longer kept; otherwise as [`catch_up`](Self::catch_up).
    pub fn feed(&self, after: u64, most: usize, at_most: Duration) -> Result<Vec<AuditEvent>, JournalError> {
        let waiting = |shown: &mut Shown| shown.seq <= after;
        let waited = self.new.wait_timeout_while(lock(&self.shown), at_most, waiting);
        let seq = waited.unwrap_or_else(PoisonError::into_inner).0.seq;
        if seq <= after {
            return Ok(Vec::new());
        }
        let read = self.read();
        let first = read.events().first().map_or(u64::MAX, |event| event.seq);
        if let Some(skipped) = (after + 1).checked_sub(first) {
            let skipped = usize::try_from(skipped).unwrap_or(usize::MAX);
            return Ok(read.events().iter().skip(skipped).take(most).cloned().collect());
        }
        drop(read);
        let most = most.min(usize::try_from(seq - after).unwrap_or(usize::MAX));
        let journal = &mut lock(&self.writer).journal;
        journal::events(journal, after, most)
    }
}

/// **Writing.**
impl<J: Journal> Replica<J> {
    /// Carries the operation out, keeps it, shows it, and answers with what [`TeamStore::perform`] answers: in this order. Others
    /// who wait at the same time are kept together with it.
    ///
    /// Where others have kept something meanwhile it is decided again. Where it is not known whether it was kept this finds out, as
    /// long as the options have patience. With a [key](Request::key) it is done once, however often it is asked for (X-9).
    ///
    /// # Errors
    /// [`ReplicaError`]. A refusal too is answered only after all that it was decided from is kept.
    pub fn perform(&self, request: Request) -> Result<AuditEvent, ReplicaError> {
        let job = Arc::new(Job::new(request)?);
        let mut desk = lock(&self.desk);
        desk.waiting.push_back(Arc::clone(&job));
        loop {
            if let Some(answer) = job.answer() {
                return answer;
            }
            if desk.led {
                desk = self.through.wait(desk).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let group: Vec<_> = {
                let size = desk.waiting.len().min(GROUP_MAX);
                desk.waiting.drain(..size).collect()
            };
            if group.is_empty() {
                // Whoever had it in a group has panicked.
                return Err(JournalError::unknown("the thread that kept it has ended").into());
            }
            desk.led = true;
            drop(desk);
            let lead = Lead(self);
            let answers = self.keep(&mut lock(&self.writer), |deciding| {
                Ok(group.iter().map(|job| deciding.carry_out(job)).collect::<Vec<_>>())
            });
            match answers {
                Ok(answers) => group.iter().zip(answers).for_each(|(job, answer)| job.is(answer)),
                Err(error) => {
                    let error = ReplicaError::<Infallible>::of_group(error);
                    for job in &group {
                        job.is(Err(error.clone()));
                    }
                }
            }
            drop(lead);
            desk = lock(&self.desk);
        }
    }

    /// Runs several operations that are kept together if `act` answers `Ok`, and not at all if it answers `Err`; then shows what they
    /// made. Where others have kept something meanwhile it is run again, on what they made: so it does nothing besides.
    ///
    /// # Errors
    /// [`Refused`](ReplicaError::Refused) with what `act` answers; otherwise as [`perform`](Self::perform).
    pub fn transaction<T, E>(&self, mut act: impl FnMut(&mut TeamStore) -> Result<T, E>) -> Result<T, ReplicaError<E>> {
        self.keep(&mut lock(&self.writer), |deciding| deciding.transaction(&mut act))
    }

    /// Keeps a snapshot of the store in the journal, so that it is opened without the entries before it. Who writes meanwhile makes
    /// another copy of the store: where that matters, a process that only follows does it.
    ///
    /// # Errors
    /// What the journal answers.
    pub fn keep_snapshot(&self) -> Result<Position, JournalError> {
        let (store, position) = {
            let writer = lock(&self.writer);
            (self.read(), writer.position)
        };
        let snapshot = store.snapshot();
        drop(store);
        let kept = KeptSnapshot::new(position, &snapshot)?;
        lock(&self.writer).journal.keep_snapshot(&kept)?;
        Ok(position)
    }

    /// Something of the journal's own, such as [`Journal::truncate`]. Who writes waits meanwhile. What is appended here is followed at
    /// the next turn.
    pub fn with_journal<T>(&self, act: impl FnOnce(&mut J) -> T) -> T {
        act(&mut lock(&self.writer).journal)
    }

    /// The journal, for whoever opens it next.
    #[must_use]
    pub fn into_journal(self) -> J {
        self.writer.into_inner().unwrap_or_else(PoisonError::into_inner).journal
    }

    /// Decides, appends and shows: again from the start where somebody else was faster.
    fn keep<T, E>(
        &self,
        writer: &mut Writer<J>,
        mut act: impl FnMut(&mut Deciding<'_, J>) -> Result<T, ReplicaError<E>>,
    ) -> Result<T, ReplicaError<E>> {
        let since = Instant::now();
        let mut unsettled = Vec::new();
        loop {
            let error = match self.attempt(writer, &mut unsettled, &mut act) {
                Err(ReplicaError::Journal(error)) => error,
                decided => return decided,
            };
            match &error {
                JournalError::Conflict { .. } => {}
                // Whatever is wrong now, what was tried before may have been kept.
                JournalError::Unknown(_) if since.elapsed() < self.options.patience => std::thread::sleep(WAIT),
                _ if unsettled.is_empty() => return Err(error.into()),
                _ if since.elapsed() < self.options.patience => std::thread::sleep(WAIT),
                JournalError::Unknown(_) => return Err(error.into()),
                _ => return Err(JournalError::unknown(error).into()),
            }
        }
    }

    fn attempt<T, E>(
        &self,
        writer: &mut Writer<J>,
        unsettled: &mut Vec<Attempt<T>>,
        act: &mut impl FnMut(&mut Deciding<'_, J>) -> Result<T, ReplicaError<E>>,
    ) -> Result<T, ReplicaError<E>> {
        writer.journal.take_turn()?;
        let outcome = self.in_turn(writer, unsettled, act);
        if !matches!(outcome, Ok((_, true))) {
            writer.journal.pass_turn();
        }
        outcome.map(|(answer, _)| answer)
    }

    /// The answer, and whether something was appended for it, which ends the turn.
    fn in_turn<T, E>(
        &self,
        writer: &mut Writer<J>,
        unsettled: &mut Vec<Attempt<T>>,
        act: &mut impl FnMut(&mut Deciding<'_, J>) -> Result<T, ReplicaError<E>>,
    ) -> Result<(T, bool), ReplicaError<E>> {
        self.follow(writer)?;
        if let Some(answer) = settled(writer, unsettled)? {
            return Ok((answer, false));
        }
        let Writer { journal, position } = writer;
        let before = *position;
        let now = journal.now()?;
        let mut made = None;
        let shown = self.store.try_write(|store| {
            let mut deciding = Deciding::new(store, journal, now, self.options.ahead);
            let answer = act(&mut deciding)?;
            let entries = deciding.entries(before)?;
            let end = entries.last().map_or(before, Entry::position);
            made = Some(Attempt { answer, end });
            if !entries.is_empty() {
                journal.append(before.seq, &entries)?;
                journal::bound(store, self.options.log_kept);
            }
            Ok(())
        });
        match (shown, made) {
            (Ok(()), Some(Attempt { answer, end })) => {
                *position = end;
                self.show(end.seq);
                Ok((answer, end != before))
            }
            (Err(error), made) => {
                if matches!(error, ReplicaError::Journal(JournalError::Unknown(_))) {
                    unsettled.extend(made);
                }
                Err(error)
            }
            // It is made wherever it is shown.
            (Ok(()), None) => Err(JournalError::unavailable("nothing was decided").into()),
        }
    }

    /// Follows to the end of the journal.
    fn follow(&self, writer: &mut Writer<J>) -> Result<(), JournalError> {
        let Writer { journal, position } = writer;
        if journal.end()? != *position {
            let mut reached = *position;
            self.store.try_write(|store| journal::follow(journal, store, &mut reached, self.options.log_kept))?;
            *position = reached;
        }
        self.show(position.seq);
        Ok(())
    }

    /// Whoever waits for something new is told.
    fn show(&self, seq: u64) {
        let mut shown = lock(&self.shown);
        shown.heard = Instant::now();
        if shown.seq != seq {
            shown.seq = seq;
            self.new.notify_all();
        }
    }
}

/// The answer of the attempt that was kept, though that was not known. Those whose number went to something else are lost.
fn settled<T>(writer: &mut Writer<impl Journal>, unsettled: &mut Vec<Attempt<T>>) -> Result<Option<T>, JournalError> {
    let mut index = 0;
    while let Some(attempt) = unsettled.get(index) {
        let end = attempt.end;
        if end.seq > writer.position.seq {
            index += 1;
            continue;
        }
        let kept = writer.journal.read(end.seq.saturating_sub(1), 1)?;
        let attempt = unsettled.swap_remove(index);
        if kept.first().map(Entry::position) == Some(end) {
            return Ok(Some(attempt.answer));
        }
    }
    Ok(None)
}

/// Keeps a group for the others; ends with it, also where it panics.
struct Lead<'r, J>(&'r Replica<J>);

impl<J> Drop for Lead<'_, J> {
    fn drop(&mut self) {
        lock(&self.0.desk).led = false;
        self.0.through.notify_all();
    }
}

impl<J> fmt::Debug for Replica<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Replica").field(&*self.store.read()).finish()
    }
}
