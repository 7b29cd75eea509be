//! What handlers ask to be kept: many requests in one append, each answered when its events are kept.

use std::convert::Infallible;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;

use axum::response::Response;
use enterprise_teams::TeamStore;
use enterprise_teams::journal::{Journal, JournalError};
use enterprise_teams::replica::{Replica, ReplicaError};
use enterprise_teams_platform_api::ErrorId;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

use crate::answer;

/// How many requests are kept together at most.
const GROUP_MAX: usize = 256;
/// How many may wait for their turn; further ones wait to wait.
const WAITING_MAX: usize = 4096;

/// The store, on whatever keeps it.
pub(crate) type Kept = Replica<Box<dyn Journal>>;

/// What is done in a turn, and whoever waits for what comes of it.
trait Job: Send {
    /// Whether somebody still waits.
    fn is_awaited(&self) -> bool;
    /// Where another server was faster it is done again.
    fn carry_out(&mut self, store: &mut TeamStore);
    /// Ends the wait: with what came of it, if that is kept.
    fn tell(self: Box<Self>, outcome: Outcome);
}

/// What the client is told where nothing came of it.
pub(crate) type Refusal = Box<Response>;

/// What became of a group.
#[derive(Clone, Copy)]
enum Outcome {
    Kept,
    NotKept,
    Unknown,
}

struct Asked<A, T> {
    act: A,
    /// `None` where it panicked.
    made: Option<T>,
    answer: oneshot::Sender<Result<T, Refusal>>,
}

impl<A: FnMut(&mut TeamStore) -> T + Send, T: Send> Job for Asked<A, T> {
    fn is_awaited(&self) -> bool {
        !self.answer.is_closed()
    }

    /// A handler that panics has done nothing, and costs the others of its group nothing.
    fn carry_out(&mut self, store: &mut TeamStore) {
        let seq = store.seq();
        self.made = catch_unwind(AssertUnwindSafe(|| (self.act)(store))).ok();
        debug_assert!(self.made.is_some() || store.seq() == seq, "what was begun is rolled back");
    }

    fn tell(self: Box<Self>, outcome: Outcome) {
        let Self { act, made, answer } = *self;
        // It holds the server, which may go with whoever is told.
        drop(act);
        let told = match outcome {
            Outcome::Kept => made.ok_or_else(|| Box::new(answer::refusal(ErrorId::InternalServerError, ""))),
            Outcome::NotKept => Err(Box::new(not_kept())),
            Outcome::Unknown => Err(Box::new(unknown())),
        };
        // Whoever has gone does not read it.
        let _ = answer.send(told);
    }
}

/// A job, and where whoever waits for it runs.
struct Waiting {
    job: Box<dyn Job>,
    runtime: Handle,
}

/// Where to hand in what is to be kept. When it has been dropped the thread behind it is through with everything, and has ended.
#[derive(Debug)]
pub(crate) struct Desk {
    jobs: Option<mpsc::Sender<Waiting>>,
    thread: Option<JoinHandle<()>>,
}

impl Desk {
    pub(crate) fn open(store: Arc<Kept>) -> io::Result<Self> {
        let (jobs, waiting) = mpsc::channel(WAITING_MAX);
        let thread = std::thread::Builder::new().name("desk".into()).spawn(move || work(&store, waiting))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Has this done, and answers with what came of it when that is kept; otherwise with what to tell the client.
    pub(crate) async fn keep<T: Send + 'static>(
        &self,
        act: impl FnMut(&mut TeamStore) -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let (answer, answered) = oneshot::channel();
        let job = Waiting { job: Box::new(Asked { act, made: None, answer }), runtime: Handle::current() };
        let handed_in = match &self.jobs {
            Some(jobs) => jobs.send(job).await.is_ok(),
            None => false,
        };
        if !handed_in {
            return Err(Box::new(unavailable("The server stops: nothing was done.")));
        }
        answered.await.unwrap_or_else(|_| Err(Box::new(unknown())))
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.jobs = None;
        // It catches what panics.
        self.thread.take().map(JoinHandle::join);
    }
}

fn work(store: &Kept, mut waiting: mpsc::Receiver<Waiting>) {
    let mut group = Vec::new();
    while waiting.blocking_recv_many(&mut group, GROUP_MAX) > 0 {
        // Who has gone meanwhile hears nothing, so nothing is done.
        group.retain(|one| one.job.is_awaited());
        let Some(runtime) = group.first().map(|one| one.runtime.clone()) else { continue };
        let kept = catch_unwind(AssertUnwindSafe(|| {
            store.transaction(|store| {
                for one in &mut group {
                    one.job.carry_out(store);
                }
                Ok::<_, Infallible>(())
            })
        }));
        let outcome = match kept {
            Ok(Ok(())) => Outcome::Kept,
            Ok(Err(error)) => {
                tracing::error!(%error, requests = group.len(), "not kept");
                match error {
                    ReplicaError::Journal(JournalError::Unknown(_)) => Outcome::Unknown,
                    _ => Outcome::NotKept,
                }
            }
            Err(_) => Outcome::Unknown,
        };
        let told = core::mem::take(&mut group);
        // There, since each who is woken from here would cost a call of the system.
        runtime.spawn(async move {
            for one in told {
                one.job.tell(outcome);
            }
        });
    }
}

fn not_kept() -> Response {
    unavailable("It cannot be kept now: nothing was done.")
}

fn unknown() -> Response {
    unavailable("It is not known whether it was done: look before you ask again.")
}

fn unavailable(message: &str) -> Response {
    answer::refusal(ErrorId::ServiceUnavailable, message)
}
