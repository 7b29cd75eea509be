//! What is asked of a replica without waiting on a thread.

use core::fmt;
use core::future::Future;
use core::mem::take;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::sync::Arc;

use super::request::Job;
use super::{Inner, ReplicaError, Request, lock};
use crate::event::AuditEvent;
use crate::journal::{Journal, JournalError};

/// What [`Replica::perform_async`](super::Replica::perform_async) answers with. After its answer it stays pending.
#[must_use = "nothing is done until it is polled"]
pub struct Performing<'r, J> {
    inner: &'r Arc<Inner<J>>,
    stage: Stage,
}

#[derive(Default)]
enum Stage {
    Asked(Box<Request>),
    Waiting(Arc<Job>),
    #[default]
    Answered,
}

impl<'r, J> Performing<'r, J> {
    pub(super) fn new(inner: &'r Arc<Inner<J>>, request: Request) -> Self {
        Self { inner, stage: Stage::Asked(Box::new(request)) }
    }
}

impl<J: Journal + 'static> Future for Performing<'_, J> {
    type Output = Result<AuditEvent, ReplicaError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let job = match take(&mut self.stage) {
            Stage::Asked(request) => {
                let job = Arc::new(Job::new(*request)?);
                job.answer_or_wake(Some(context.waker()));
                self.inner.ask(Arc::clone(&job))?;
                self.stage = Stage::Waiting(job);
                return Poll::Pending;
            }
            Stage::Waiting(job) => job,
            Stage::Answered => return Poll::Pending,
        };
        let answer = job.answer_or_wake(Some(context.waker()));
        if answer.is_none() {
            self.stage = Stage::Waiting(job);
        }
        answer.map_or(Poll::Pending, Poll::Ready)
    }
}

impl<J: Journal + 'static> Inner<J> {
    /// Has the helper keep this.
    fn ask(self: &Arc<Self>, job: Arc<Job>) -> Result<(), JournalError> {
        let mut desk = lock(&self.desk);
        if !desk.helped {
            self.spawn(|inner| inner.help())?;
            desk.helped = true;
        }
        desk.waiting.push_back(job);
        drop(desk);
        self.called.notify_one();
        Ok(())
    }
}

/// What nobody has begun with is not done.
impl<J> Drop for Performing<'_, J> {
    fn drop(&mut self) {
        if let Stage::Waiting(job) = &self.stage {
            lock(&self.inner.desk).waiting.retain(|waiting| !Arc::ptr_eq(waiting, job));
            job.answer_or_wake(None);
        }
    }
}

impl<J> fmt::Debug for Performing<'_, J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stage = match &self.stage {
            Stage::Asked(_) => "asked",
            Stage::Waiting(_) => "waiting",
            Stage::Answered => "answered",
        };
        f.debug_tuple("Performing").field(&stage).finish()
    }
}
