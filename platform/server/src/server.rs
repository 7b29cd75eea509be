//! What the handlers share: the store, who may ask it, and how often.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use axum::response::Response;
use enterprise_teams::chrono::{DateTime, SubsecRound, Utc};
use enterprise_teams::journal::{Entry, HistoryError, Journal, JournalError, Position};
use enterprise_teams::replica::{History, Replica, ReplicaError, ReplicaOptions, Request};
use enterprise_teams::{Actor, AuditEvent, Error, Operation, ReadGuard, Settings, TeamStore, system};
use enterprise_teams_platform_api::{ErrorBody, Fault};
use tokio::sync::Mutex as AsyncMutex;

use crate::answer;
use crate::aside::Aside;
use crate::bodies::Bodies;
use crate::desk::{Desk, Kept, Refusal};
use crate::limit::Limiter;
use crate::metrics::Metrics;
use crate::observe::Refused;
use crate::sign_in::{ByToken, SignIn};
use crate::tokens::{KeepTokens, Tokens};

/// How long what other servers have issued and revoked may go unseen, and how often an end is looked for.
const FOLLOW: Duration = Duration::from_secs(1);

/// The store, the tokens, and the requests that each user may make.
///
/// When it is dropped the journal is closed, which waits: not on a thread of an executor.
#[derive(Debug)]
pub struct Server {
    // In this order they go: who follows and who writes before the store.
    follower: Option<Follower>,
    desk: Desk,
    store: Arc<Kept>,
    tokens: Arc<Tokens>,
    sign_in: Box<dyn SignIn>,
    limiter: Limiter,
    pub(crate) bodies: Bodies,
    /// When it was last looked whether the journal answers, and whether it did.
    pub(crate) looked: Arc<AsyncMutex<Option<(Instant, bool)>>>,
    pub(crate) metrics: Metrics,
    /// The server's own address.
    address: String,
    /// Whose turn it is to look at the past, which takes a copy of the store.
    pub(crate) aside: Aside,
    /// Whether anybody may be anybody.
    demo: bool,
}

/// The thread that follows what other servers keep.
#[derive(Debug)]
struct Follower {
    stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        self.thread.take().map(JoinHandle::join);
    }
}

impl Server {
    /// A server for `address`, on this journal and with these tokens, whose users make `per_hour` requests an hour.
    ///
    /// # Errors
    /// What the journal answers, or the first thing that is wrong with what it keeps.
    pub fn open(
        journal: Box<dyn Journal>,
        tokens: Box<dyn KeepTokens>,
        address: &str,
        per_hour: u32,
    ) -> Result<Self, JournalError> {
        let store = Arc::new(Replica::open(journal, Settings::random, ReplicaOptions::default())?);
        let desk = Desk::open(Arc::clone(&store)).map_err(JournalError::unavailable)?;
        let (tokens, operator) = (Tokens::open(tokens)?, Actor::operator(system::now()));
        // Users are kept before their tokens: so whose token has been read is known now.
        store.catch_up()?;
        tokens.retain(|user| store.read().user(operator, user).is_ok())?;
        Ok(Self {
            follower: None,
            desk,
            store,
            tokens: Arc::new(tokens),
            sign_in: Box::new(ByToken),
            limiter: Limiter::new(per_hour),
            bodies: Bodies::default(),
            looked: Arc::default(),
            metrics: Metrics::default(),
            address: address.to_owned(),
            aside: Aside::default(),
            demo: false,
        })
    }

    /// With a sign-in of the host's own instead of tokens.
    #[must_use]
    pub fn with_sign_in(mut self, sign_in: impl SignIn + 'static) -> Self {
        self.sign_in = Box::new(sign_in);
        self
    }

    /// As a demo: on the dashboard whoever comes chooses whom of the users to be.
    #[must_use]
    pub const fn as_demo(mut self) -> Self {
        self.demo = true;
        self
    }

    pub(crate) const fn is_demo(&self) -> bool {
        self.demo
    }

    /// Follows what other servers keep in the same database, as it comes. `waiter` is another handle of the journal.
    ///
    /// # Errors
    /// There is no thread for it.
    pub fn follow(&mut self, mut waiter: Box<dyn Journal>) -> std::io::Result<()> {
        let stopped = Arc::new(AtomicBool::new(false));
        let (end, store, tokens) = (Arc::clone(&stopped), Arc::clone(&self.store), Arc::clone(&self.tokens));
        let act = move || {
            let mut looked = Instant::now();
            let mut go_on = || {
                if looked.elapsed() >= FOLLOW {
                    looked = Instant::now();
                    if let Err(error) = tokens.refresh() {
                        tracing::warn!(%error, "tokens cannot be looked for");
                    }
                }
                !end.load(Ordering::Relaxed)
            };
            while let Err(error) = store.keep_up(&mut waiter, FOLLOW, &mut go_on) {
                tracing::warn!(%error, "the journal cannot be followed");
                std::thread::sleep(FOLLOW);
            }
        };
        let thread = std::thread::Builder::new().name("follower".into()).spawn(act)?;
        self.follower = Some(Follower { stopped, thread: Some(thread) });
        Ok(())
    }

    /// How clients reach it.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The store, to read: what is kept, as far as this server knows.
    #[must_use]
    pub fn store(&self) -> ReadGuard {
        self.store.read()
    }

    /// The tokens.
    #[must_use]
    pub fn tokens(&self) -> &Arc<Tokens> {
        &self.tokens
    }

    pub(crate) fn sign_in(&self) -> &dyn SignIn {
        &*self.sign_in
    }

    /// Reads on in the journal, and answers with the number of the last event. It waits for the journal, on the thread that calls it.
    ///
    /// # Errors
    /// What the journal answers.
    pub fn ready(&self) -> Result<u64, JournalError> {
        self.store.catch_up()
    }

    /// Keeps a snapshot beside the events, so that the next start reads those after it alone.
    ///
    /// # Errors
    /// What the journal answers.
    pub fn keep_snapshot(&self) -> Result<Position, JournalError> {
        self.store.keep_snapshot()
    }

    /// When the journal was last heard of.
    pub(crate) fn last_heard(&self) -> Instant {
        self.store.last_heard()
    }

    /// Does something to the store for whoever runs it, kept when this returns. It waits on the thread that calls it; where another
    /// server was faster it is done again.
    ///
    /// # Errors
    /// What `act` answers, or why it is not kept.
    pub fn transaction<T>(&self, act: impl FnMut(&mut TeamStore) -> Result<T, Error>) -> Result<T, ReplicaError> {
        self.store.transaction(act)
    }

    /// Carries an operation out, for a sign-in that has something to report. It blocks no thread.
    ///
    /// # Errors
    /// As [`Replica::perform`].
    pub async fn perform(&self, actor: Actor, operation: Operation) -> Result<AuditEvent, ReplicaError> {
        self.store.perform_async(Request::new(actor, operation)).await
    }

    /// Has this done to the store, and answers with what came of it when that is kept; otherwise with what to tell the client. Where
    /// another server was faster it is done again.
    pub(crate) async fn keep<T: Send + 'static>(
        &self,
        act: impl FnMut(&mut TeamStore) -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        self.desk.keep(act).await
    }

    /// Lets what has ended leave the store, if anything has (END-3).
    pub(crate) async fn sweep_ends(&self) {
        let operator = Actor::operator(system::now().trunc_subsecs(0));
        if self.store().next_end().is_none_or(|end| end > operator.at) {
            return;
        }
        if let Ok(Err(refusal)) = self.keep(move |store| store.perform(operator, &Operation::SweepEnds {})).await {
            // Another server on the same journal, or whoever has done something since, was faster.
            tracing::debug!(%refusal, "nothing was swept");
        }
    }

    /// What the actor is told of a fault.
    pub(crate) fn told(&self, store: &TeamStore, actor: Actor, fault: &Fault) -> ErrorBody {
        ErrorBody::of(store, actor, fault, &format!("{}/errors", self.address))
    }

    /// The answer to a request that is not carried out.
    pub(crate) fn refusal(&self, store: &TeamStore, actor: Actor, fault: &Fault) -> Response {
        with_rule(answer::error(&self.told(store, actor, fault)), fault)
    }

    /// The store with a log from then on. It waits for the journal, on the thread that calls it.
    pub(crate) fn history(&self, since: DateTime<Utc>) -> Result<History, JournalError> {
        self.store.history(since)
    }

    /// The store as it was at that time. It waits for the journal, on the thread that calls it.
    pub(crate) fn as_of(&self, at: DateTime<Utc>) -> Result<TeamStore, HistoryError> {
        self.store.as_of(at)
    }

    /// Takes one of the requests that the user may make now, unless it is `free`: how many are left, or `None` if none was.
    pub(crate) fn requests_left(&self, actor: Actor, free: bool) -> Option<u32> {
        let (user, now) = (actor.who.user()?, Instant::now());
        if free { Some(self.limiter.left(user, now)) } else { self.limiter.take(user, now) }
    }
}

/// The answer, with the rule that refuses for the log and the metrics.
pub(crate) fn with_rule(mut response: Response, fault: &Fault) -> Response {
    if let Fault::Refused(error) = fault {
        response.extensions_mut().insert(Refused(error.rule()));
    }
    response
}

/// Has an empty journal begin with what has happened to this store, all of whose events it still has.
///
/// # Errors
/// What the journal answers; [`JournalError::Conflict`] where it is not empty.
pub fn begin_with(journal: &mut dyn Journal, store: &TeamStore) -> Result<(), JournalError> {
    let mut position = Position::START;
    let entries = store.events().iter().map(|event| {
        let entry = Entry::new(position, event, None)?;
        position = entry.position();
        Ok(entry)
    });
    let entries = entries.collect::<Result<Vec<_>, JournalError>>()?;
    journal.append(0, &entries)
}
