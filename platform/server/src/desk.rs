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

/// What is done in a turn, and its answer. Where another server was faster it is done again.
type Act = Box<dyn FnMut(&mut TeamStore) -> Response + Send>;

struct Job {
    act: Act,
    answer: oneshot::Sender<Response>,
    /// Where whoever waits for the answer runs.
    runtime: Handle,
}

/// Where to hand in what is to be kept. When it has been dropped the thread behind it is through with everything, and has ended.
#[derive(Debug)]
pub(crate) struct Desk {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Desk {
    pub(crate) fn open(store: Arc<Kept>) -> io::Result<Self> {
        let (jobs, waiting) = mpsc::channel(WAITING_MAX);
        let thread = std::thread::Builder::new().name("desk".into()).spawn(move || work(&store, waiting))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Has this done, whole or not at all, and waits until it is kept.
    pub(crate) async fn keep(&self, act: impl FnMut(&mut TeamStore) -> Response + Send + 'static) -> Response {
        let (answer, answered) = oneshot::channel();
        let job = Job { act: Box::new(act), answer, runtime: Handle::current() };
        let handed_in = match &self.jobs {
            Some(jobs) => jobs.send(job).await.is_ok(),
            None => false,
        };
        if !handed_in {
            return answer::refusal(ErrorId::ServiceUnavailable, "The server stops: nothing was done.");
        }
        answered.await.unwrap_or_else(|_| unknown())
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.jobs = None;
        // It catches what panics.
        self.thread.take().map(JoinHandle::join);
    }
}

fn work(store: &Kept, mut waiting: mpsc::Receiver<Job>) {
    let mut group = Vec::new();
    while waiting.blocking_recv_many(&mut group, GROUP_MAX) > 0 {
        // Who has gone meanwhile hears nothing, so nothing is done.
        group.retain(|job| !job.answer.is_closed());
        let kept = catch_unwind(AssertUnwindSafe(|| {
            store.transaction(|store| {
                Ok::<_, Infallible>(group.iter_mut().map(|job| carry_out(store, &mut job.act)).collect::<Vec<_>>())
            })
        }));
        let answers = match kept {
            Ok(Ok(answers)) => answers,
            Ok(Err(error)) => {
                tracing::error!(%error, requests = group.len(), "not kept");
                group.iter().map(|_| not_kept(&error)).collect()
            }
            Err(_) => group.iter().map(|_| unknown()).collect(),
        };
        let Some(runtime) = group.first().map(|job| job.runtime.clone()) else { continue };
        let told: Vec<_> = group.drain(..).map(|job| job.answer).zip(answers).collect();
        // There, since each who is woken from here would cost a call of the system.
        runtime.spawn(async {
            for (answer, response) in told {
                // Whoever has gone does not read it.
                let _ = answer.send(response);
            }
        });
    }
}

/// A handler that panics has done nothing, and costs the others of its group nothing.
fn carry_out(store: &mut TeamStore, act: &mut Act) -> Response {
    let seq = store.seq();
    let done = catch_unwind(AssertUnwindSafe(|| act(store)));
    done.unwrap_or_else(|_| {
        debug_assert_eq!(store.seq(), seq, "what was begun is rolled back");
        answer::refusal(ErrorId::InternalServerError, "")
    })
}

fn not_kept(error: &ReplicaError<Infallible>) -> Response {
    match error {
        ReplicaError::Journal(JournalError::Unknown(_)) => unknown(),
        _ => answer::refusal(ErrorId::ServiceUnavailable, "It cannot be kept now: nothing was done."),
    }
}

fn unknown() -> Response {
    answer::refusal(ErrorId::ServiceUnavailable, "It is not known whether it was done: look before you ask again.")
}
