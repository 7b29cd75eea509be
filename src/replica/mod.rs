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
//! let open = || {
//!     Replica::open(
//!         journal.clone(),
//!         || Settings::from_seed(1),
//!         ReplicaOptions::default(),
//!     )
//! };
//! let (here, there) = (open()?, open()?);
//!
//! let operator = Actor::operator(enterprise_teams::chrono::DateTime::UNIX_EPOCH);
//! let register =
//!     Operation::RegisterUser { user: NewUser::new("ada@acme.com".parse()?) };
//! let event =
//!     here.perform(Request::new(operator, register).key("sign-up-1".parse()?))?;
//! assert!(
//!     there
//!         .read_at_least(event.seq, core::time::Duration::ZERO)?
//!         .user_id(&"ada@acme.com".parse()?)
//!         .is_ok()
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod decide;
mod feed;
mod history;
mod later;
mod request;

use core::convert::Infallible;
use core::fmt;
use core::ops::ControlFlow;
use core::task::Waker;
use core::time::Duration;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};

use self::decide::Deciding;
pub use self::feed::{FeedEnd, Subscription};
pub use self::history::{History, Known};
pub use self::later::Performing;
use self::request::Job;
pub use self::request::{Once, Request};
use crate::error::Error;
use crate::event::AuditEvent;
use crate::invariant::Violation;
use crate::journal::{self, Entry, Journal, JournalError, KeptSnapshot, Opened, Position};
use crate::redact::{hide_secret, without_secret};
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

impl ReplicaError {
    /// As whoever runs a transaction has it.
    fn of_host<E: From<Error>>(self) -> ReplicaError<E> {
        match self {
            Self::Refused(error) => ReplicaError::Refused(error.into()),
            Self::TimeFromTheFuture { at, now } => ReplicaError::TimeFromTheFuture { at, now },
            Self::Journal(error) => ReplicaError::Journal(error),
        }
    }
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
    inner: Arc<Inner<J>>,
    violations: Vec<Violation>,
    skipped: Vec<JournalError>,
}

/// What the threads of a replica share with it.
struct Inner<J> {
    store: SharedStore,
    writer: Mutex<Writer<J>>,
    desk: Mutex<Desk>,
    /// Told when a group is through.
    through: Condvar,
    /// Told when there is something to do for the helper.
    called: Condvar,
    news: Arc<News>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    options: ReplicaOptions,
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
    /// Whether there is a thread that keeps what [`Performing`]s wait for.
    helped: bool,
    /// Whether the replica is gone, so that the helper has to go too.
    closed: bool,
}

/// What is shown, for those who wait for something new.
struct News {
    shown: Mutex<Shown>,
    new: Condvar,
}

struct Shown {
    seq: u64,
    heard: Instant,
    /// Whether the replica is gone.
    closed: bool,
}

/// What was decided and may have been kept.
struct Attempt<T> {
    answer: T,
    end: Position,
}

fn wait<'g, T>(told: &Condvar, guard: MutexGuard<'g, T>) -> MutexGuard<'g, T> {
    told.wait(guard).unwrap_or_else(PoisonError::into_inner)
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
        let shown = Shown { seq: position.seq, heard: Instant::now(), closed: false };
        let inner = Inner {
            store: SharedStore::new(store),
            writer: Mutex::new(Writer { journal, position }),
            desk: Mutex::default(),
            through: Condvar::new(),
            called: Condvar::new(),
            news: Arc::new(News { shown: Mutex::new(shown), new: Condvar::new() }),
            threads: Mutex::default(),
            options,
        };
        Ok(Self { inner: Arc::new(inner), violations, skipped })
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
        self.inner.store.read()
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
            let mut writer = lock(&self.inner.writer);
            self.inner.follow(&mut writer)?;
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
        lock(&self.inner.news.shown).heard
    }

    /// Follows what others have kept, and answers how far the store is.
    ///
    /// # Errors
    /// [`JournalError`]: what the journal answers, or the first thing that is wrong with what it keeps.
    pub fn catch_up(&self) -> Result<u64, JournalError> {
        let mut writer = lock(&self.inner.writer);
        self.inner.follow(&mut writer)?;
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
    /// event at least once, also across restarts. The events are as in [`TeamStore::events`], but for the secret of the store in the
    /// first, which no feed shows (X-7).
    ///
    /// # Errors
    /// [`Truncated`](JournalError::Truncated) where the next event is no longer kept; otherwise as [`catch_up`](Self::catch_up).
    pub fn feed(&self, after: u64, most: usize, at_most: Duration) -> Result<Vec<AuditEvent>, JournalError> {
        let News { shown, new } = &*self.inner.news;
        let waited = new.wait_timeout_while(lock(shown), at_most, |shown| shown.seq <= after);
        let seq = waited.unwrap_or_else(PoisonError::into_inner).0.seq;
        self.inner.kept(after, seq, most)
    }

    /// As [`feed`](Self::feed), with a callback: on a thread of its own it is given every event after number `after`, in order, until it
    /// breaks off, panics, is [stopped](Subscription::stop), or the replica is dropped, which waits for it. Nobody else waits for it,
    /// however slow it is. While the journal is unavailable it tries again.
    ///
    /// An event is [done](Subscription::done) when the callback says to continue: one at which it breaks off or panics comes again when
    /// somebody subscribes after the last that is done.
    ///
    /// # Errors
    /// [`Unavailable`](JournalError::Unavailable) where there is no thread to be had.
    ///
    /// ```
    /// use core::ops::ControlFlow;
    /// use enterprise_teams::Settings;
    /// use enterprise_teams::journal::MemoryJournal;
    /// use enterprise_teams::replica::{FeedEnd, Replica, ReplicaOptions};
    ///
    /// let replica = Replica::open(
    ///     MemoryJournal::new(),
    ///     || Settings::from_seed(1),
    ///     ReplicaOptions::default(),
    /// )?;
    /// let (mails, sent) = std::sync::mpsc::channel();
    /// let subscription =
    ///     replica.subscribe(0, move |event| match mails.send(event.to_string()) {
    ///         Ok(()) => ControlFlow::Continue(()),
    ///         Err(_) => ControlFlow::Break(()),
    ///     })?;
    /// assert_eq!(
    ///     sent.recv()?,
    ///     "#1 1970-01-01T00:00:00Z the platform operator: opened the store"
    /// );
    /// assert!(matches!(subscription.stop(), FeedEnd::Stopped));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn subscribe(
        &self,
        after: u64,
        callback: impl FnMut(&AuditEvent) -> ControlFlow<()> + Send + 'static,
    ) -> Result<Subscription, JournalError>
    where
        J: 'static,
    {
        self.inner.subscribe(after, callback)
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
        let mut desk = lock(&self.inner.desk);
        desk.waiting.push_back(Arc::clone(&job));
        loop {
            if let Some(answer) = job.answer() {
                return answer;
            }
            desk = if desk.led { wait(&self.inner.through, desk) } else { self.inner.lead(desk) };
        }
    }

    /// As [`perform`](Self::perform), as a future: it blocks no thread of an executor, whichever that is. A thread of the replica's own
    /// keeps what is asked for so, from the first time on that a future is polled until the replica is dropped.
    ///
    /// It does nothing until it is polled. Dropped before it has answered it is not done, or is done and nobody hears of it, as when a
    /// connection breaks: the same request under the same [key](Request::key) finds out.
    ///
    /// ```
    /// use enterprise_teams::journal::MemoryJournal;
    /// use enterprise_teams::replica::{Replica, ReplicaError, ReplicaOptions, Request};
    /// use enterprise_teams::{Actor, NewUser, Operation};
    ///
    /// async fn sign_up(
    ///     replica: &Replica<MemoryJournal>,
    ///     operator: Actor,
    ///     user: NewUser,
    /// ) -> Result<u64, ReplicaError> {
    ///     let request = Request::new(operator, Operation::RegisterUser { user });
    ///     Ok(replica.perform_async(request).await?.seq)
    /// }
    /// ```
    pub fn perform_async(&self, request: Request) -> Performing<'_, J>
    where
        J: 'static,
    {
        Performing::new(&self.inner, request)
    }

    /// Runs several operations that are kept together if `act` answers `Ok`, and not at all if it answers `Err`; then shows what they
    /// made. Where others have kept something meanwhile it is run again, on what they made: so it does nothing besides.
    ///
    /// # Errors
    /// [`Refused`](ReplicaError::Refused) with what `act` answers; otherwise as [`perform`](Self::perform).
    pub fn transaction<T, E>(&self, mut act: impl FnMut(&mut TeamStore) -> Result<T, E>) -> Result<T, ReplicaError<E>> {
        self.inner.keep(&mut lock(&self.inner.writer), |deciding| deciding.transaction(&mut act))
    }

    /// As [`transaction`](Self::transaction), under a key of the actor's, so that it is done once (X-9): asked for again under the same key
    /// it is not run, but answered with the events that it made, as [`TeamStore::events`] has them. For how long a key is
    /// remembered the [settings](crate::StoreOptions::key_hours) say. One that is refused or makes nothing leaves the key free.
    ///
    /// # Errors
    /// As [`transaction`](Self::transaction); [`Error::KeyUsedOtherwise`] where the key was used for something else;
    /// [`Truncated`](JournalError::Truncated) where some of its events are no longer kept.
    ///
    /// ```
    /// use enterprise_teams::journal::MemoryJournal;
    /// use enterprise_teams::replica::{Once, Replica, ReplicaOptions};
    /// use enterprise_teams::{Actor, Error, NewTeam, NewUser, Settings};
    ///
    /// let replica = Replica::open(
    ///     MemoryJournal::new(),
    ///     || Settings::from_seed(1),
    ///     ReplicaOptions::default(),
    /// )?;
    /// let operator = Actor::operator(enterprise_teams::chrono::DateTime::UNIX_EPOCH);
    /// let sign_up = Once::new(operator, &"sign-up-1".parse()?, &("ada@acme.com", "acme"))?;
    /// let act = || {
    ///     replica.transaction_once(&sign_up, |store| {
    ///         let ada =
    ///             store.register_user(operator, NewUser::new("ada@acme.com".parse()?))?;
    ///         store.provision_team(operator, NewTeam::enterprise("acme".parse()?, ada))?;
    ///         Ok::<_, Error>(())
    ///     })
    /// };
    /// let events = act()?;
    /// assert_eq!(events.len(), 2);
    /// assert_eq!(act()?, events);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn transaction_once<E: From<Error>>(
        &self,
        once: &Once,
        mut act: impl FnMut(&mut TeamStore) -> Result<(), E>,
    ) -> Result<Vec<AuditEvent>, ReplicaError<E>> {
        self.inner.keep(&mut lock(&self.inner.writer), |deciding| deciding.once(&once.0, &mut act))
    }

    /// Keeps a snapshot of the store in the journal, so that it is opened without the entries before it. Who writes meanwhile makes
    /// another copy of the store: where that matters, a process that only follows does it.
    ///
    /// # Errors
    /// What the journal answers.
    pub fn keep_snapshot(&self) -> Result<Position, JournalError> {
        let (store, position) = {
            let writer = lock(&self.inner.writer);
            (self.read(), writer.position)
        };
        let snapshot = store.snapshot();
        drop(store);
        let kept = KeptSnapshot::new(position, &snapshot)?;
        lock(&self.inner.writer).journal.keep_snapshot(&kept)?;
        Ok(position)
    }

    /// Something of the journal's own, such as [`Journal::truncate`]. Who writes waits meanwhile. What is appended here is followed at
    /// the next turn.
    pub fn with_journal<T>(&self, act: impl FnOnce(&mut J) -> T) -> T {
        act(&mut lock(&self.inner.writer).journal)
    }

    /// The journal, for whoever opens it next. Not for a callback of a [`Subscription`] to this replica: it would wait for itself.
    #[must_use]
    pub fn into_journal(self) -> J {
        let mut inner = Arc::clone(&self.inner);
        drop(self);
        loop {
            // Its threads have ended, or are about to.
            match Arc::try_unwrap(inner) {
                Ok(inner) => return inner.writer.into_inner().unwrap_or_else(PoisonError::into_inner).journal,
                Err(shared) => inner = shared,
            }
            std::thread::yield_now();
        }
    }
}

impl<J: Journal> Inner<J> {
    /// The events after number `after` up to `seq`, which are kept, at most `most` of them.
    fn kept(&self, after: u64, seq: u64, most: usize) -> Result<Vec<AuditEvent>, JournalError> {
        if seq <= after {
            return Ok(Vec::new());
        }
        let read = self.store.read();
        let first = read.events().first().map_or(u64::MAX, |event| event.seq);
        if let Some(skipped) = (after + 1).checked_sub(first) {
            let skipped = usize::try_from(skipped).unwrap_or(usize::MAX);
            let kept = read.events().iter().skip(skipped).take(most);
            return Ok(kept.map(|event| without_secret(event).into_owned()).collect());
        }
        drop(read);
        let most = most.min(usize::try_from(seq - after).unwrap_or(usize::MAX));
        let mut events = journal::events(&mut lock(&self.writer).journal, after, most)?;
        events.iter_mut().for_each(hide_secret);
        Ok(events)
    }

    /// A thread with this replica, for which whoever drops the replica waits.
    fn spawn(self: &Arc<Self>, act: impl FnOnce(Arc<Self>) + Send + 'static) -> Result<(), JournalError>
    where
        J: 'static,
    {
        let inner = Arc::clone(self);
        let thread = std::thread::Builder::new().name("replica".into()).spawn(move || act(inner));
        let mut threads = lock(&self.threads);
        threads.retain(|thread| !thread.is_finished());
        threads.push(thread.map_err(JournalError::unavailable)?);
        Ok(())
    }

    /// Keeps a group of those who wait, unless there is nobody.
    fn lead<'d>(&'d self, mut desk: MutexGuard<'d, Desk>) -> MutexGuard<'d, Desk> {
        let size = desk.waiting.len().min(GROUP_MAX);
        let group: Vec<_> = desk.waiting.drain(..size).collect();
        if group.is_empty() {
            return desk;
        }
        desk.led = true;
        drop(desk);
        let mut lead = Lead { inner: self, group, wakers: Vec::new() };
        let answers = self.keep(&mut lock(&self.writer), |deciding| {
            Ok(lead.group.iter().map(|job| deciding.carry_out(job)).collect::<Vec<_>>())
        });
        lead.tell(match answers {
            Ok(answers) => answers,
            Err(error) => vec![Err(error.of_group()); lead.group.len()],
        });
        drop(lead);
        lock(&self.desk)
    }

    /// Keeps what futures wait for until the replica is gone.
    fn help(&self) {
        let mut desk = lock(&self.desk);
        while !desk.closed {
            desk = if desk.waiting.is_empty() {
                wait(&self.called, desk)
            } else if desk.led {
                wait(&self.through, desk)
            } else {
                // Where it panics whoever waits is told, and the next come.
                catch_unwind(AssertUnwindSafe(|| self.lead(desk))).unwrap_or_else(|_| lock(&self.desk))
            };
        }
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
        let mut shown = lock(&self.news.shown);
        shown.heard = Instant::now();
        if shown.seq != seq {
            shown.seq = seq;
            self.news.new.notify_all();
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

/// A group that is being kept. Ends with whoever keeps it, also where that panics.
struct Lead<'r, J> {
    inner: &'r Inner<J>,
    group: Vec<Arc<Job>>,
    wakers: Vec<Waker>,
}

impl<J> Lead<'_, J> {
    fn tell(&mut self, answers: Vec<Result<AuditEvent, ReplicaError>>) {
        let woken = self.group.drain(..).zip(answers).filter_map(|(job, answer)| job.is(answer));
        self.wakers.extend(woken);
    }
}

impl<J> Drop for Lead<'_, J> {
    fn drop(&mut self) {
        if !self.group.is_empty() {
            let ended = JournalError::unknown("the thread that kept it has ended");
            self.tell(vec![Err(ended.into()); self.group.len()]);
        }
        lock(&self.inner.desk).led = false;
        self.inner.through.notify_all();
        // What is woken may ask at once.
        self.wakers.drain(..).for_each(Waker::wake);
    }
}

/// The journal is closed when this returns: the threads of the replica have ended.
impl<J> Drop for Replica<J> {
    fn drop(&mut self) {
        let Inner { desk, called, news, threads, .. } = &*self.inner;
        lock(desk).closed = true;
        called.notify_all();
        lock(&news.shown).closed = true;
        news.new.notify_all();
        let threads = core::mem::take(&mut *lock(threads));
        // It may be one of them that drops it, where it wakes a task or ends a callback that was its last owner.
        let this = std::thread::current().id();
        threads.into_iter().filter(|thread| thread.thread().id() != this).for_each(|thread| drop(thread.join()));
    }
}

impl<J> fmt::Debug for Replica<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Replica").field(&*self.inner.store.read()).finish()
    }
}
