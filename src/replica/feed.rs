//! The feed by callback.

use core::fmt;
use core::mem::replace;
use core::ops::ControlFlow;
use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use super::{Inner, News, lock, wait};
use crate::event::AuditEvent;
use crate::journal::{Journal, JournalError, PAGE};

/// How long an unavailable journal is left alone.
const PAUSE: Duration = Duration::from_millis(100);

/// How the feed of a [`Subscription`] came to its end.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum FeedEnd {
    /// It was stopped, or the replica was dropped.
    Stopped,
    /// The callback broke off.
    BrokenOff,
    /// The callback panicked.
    Panicked,
    /// The events cannot be read: the next one is [no longer kept](JournalError::Truncated), or is not what was kept.
    Journal(JournalError),
}

/// A feed by callback, from [`Replica::subscribe`](super::Replica::subscribe). Dropped, it is stopped after the event that the callback
/// has in hand, which nobody waits for.
pub struct Subscription {
    state: Arc<(Mutex<State>, Condvar)>,
    news: Arc<News>,
}

struct State {
    done: u64,
    stopped: bool,
    end: Option<FeedEnd>,
}

impl Subscription {
    /// The number of the last event that the callback is done with, or after which it began.
    #[must_use]
    pub fn done(&self) -> u64 {
        lock(&self.state.0).done
    }

    /// How it ended, if it has.
    #[must_use]
    pub fn end(&self) -> Option<FeedEnd> {
        lock(&self.state.0).end.clone()
    }

    /// Stops it, waits for the callback, which is not called again, and answers how it ended. The callback itself breaks off instead: it
    /// would wait for itself.
    #[expect(clippy::must_use_candidate, reason = "it may be stopped whatever it came to")]
    pub fn stop(self) -> FeedEnd {
        self.ask_to_stop();
        let (state, ended) = &*self.state;
        let mut state = lock(state);
        loop {
            match &state.end {
                Some(end) => return end.clone(),
                None => state = wait(ended, state),
            }
        }
    }

    fn ask_to_stop(&self) {
        // Within the lock that it waits on, so that it does not miss it.
        let shown = lock(&self.news.shown);
        lock(&self.state.0).stopped = true;
        self.news.new.notify_all();
        drop(shown);
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.ask_to_stop();
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let State { done, end, .. } = &*lock(&self.state.0);
        f.debug_struct("Subscription").field("done", done).field("end", end).finish_non_exhaustive()
    }
}

/// Tells the end, when the callback is gone.
struct Ending(Arc<(Mutex<State>, Condvar)>, FeedEnd);

impl Drop for Ending {
    fn drop(&mut self) {
        let (state, ended) = &*self.0;
        lock(state).end = Some(replace(&mut self.1, FeedEnd::Stopped));
        ended.notify_all();
    }
}

impl<J: Journal + 'static> Inner<J> {
    pub(super) fn subscribe(
        self: &Arc<Self>,
        after: u64,
        mut callback: impl FnMut(&AuditEvent) -> ControlFlow<()> + Send + 'static,
    ) -> Result<Subscription, JournalError> {
        let state = Arc::new((Mutex::new(State { done: after, stopped: false, end: None }), Condvar::new()));
        let subscription = Subscription { state: Arc::clone(&state), news: Arc::clone(&self.news) };
        self.spawn(move |inner| {
            let mut ending = Ending(state, FeedEnd::Panicked);
            ending.1 = inner.tell(&ending.0.0, &mut callback);
            // What it has may panic when it goes.
            _ = catch_unwind(AssertUnwindSafe(|| drop(callback)));
            drop(inner);
        })?;
        Ok(subscription)
    }

    /// Tells the callback what comes, until something ends it.
    fn tell(&self, state: &Mutex<State>, callback: &mut impl FnMut(&AuditEvent) -> ControlFlow<()>) -> FeedEnd {
        let News { shown, new } = &*self.news;
        let mut pause = Duration::ZERO;
        loop {
            let after = lock(state).done;
            let over = |closed: bool| closed || lock(state).stopped;
            let paused = new.wait_timeout_while(lock(shown), pause, |shown| !over(shown.closed));
            drop(paused);
            let waited = new.wait_while(lock(shown), |shown| shown.seq <= after && !over(shown.closed));
            let seq = {
                let shown = waited.unwrap_or_else(PoisonError::into_inner);
                if over(shown.closed) {
                    return FeedEnd::Stopped;
                }
                shown.seq
            };
            let events = match self.kept(after, seq, PAGE) {
                Ok(events) => events,
                Err(JournalError::Unavailable(_)) => {
                    pause = PAUSE;
                    continue;
                }
                Err(error) => return FeedEnd::Journal(error),
            };
            pause = Duration::ZERO;
            for event in events {
                if over(lock(shown).closed) {
                    return FeedEnd::Stopped;
                }
                match catch_unwind(AssertUnwindSafe(|| callback(&event))) {
                    Ok(ControlFlow::Continue(())) => lock(state).done = event.seq,
                    Ok(ControlFlow::Break(())) => return FeedEnd::BrokenOff,
                    Err(_) => return FeedEnd::Panicked,
                }
            }
        }
    }
}
