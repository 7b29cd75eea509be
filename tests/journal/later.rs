//! Operations as futures: on executors made by hand, which know nothing of replicas.

use core::future::Future;
use core::pin::{Pin, pin};
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::task::Wake;
use std::thread;
use std::time::Instant;

use enterprise_teams::chrono::{DateTime, Utc};
use enterprise_teams::demo::Demo;
use enterprise_teams::journal::{Entry, Journal, JournalError, KeptSnapshot, MemoryJournal, Position};
use enterprise_teams::replica::{Performing, Replica, ReplicaError, Request};
use enterprise_teams::{Error, NewApp, Operation};

use crate::replica::{as_kept, created, demo, key, opened};

/// Wakes a thread that waits in [`block_on`].
struct Thread(thread::Thread);

impl Wake for Thread {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Thread(thread::current())));
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(answer) => return answer,
            Poll::Pending => thread::park_timeout(Duration::from_secs(10)),
        }
    }
}

/// Says which task is woken.
struct Task(usize, Mutex<Sender<usize>>);

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        _ = self.1.lock().unwrap().send(self.0);
    }
}

fn task(number: usize, woken: &Sender<usize>) -> Waker {
    Waker::from(Arc::new(Task(number, Mutex::new(woken.clone()))))
}

fn poll<F: Future + Unpin>(future: &mut F, waker: &Waker) -> Poll<F::Output> {
    Pin::new(future).poll(&mut Context::from_waker(waker))
}

/// What a [`Gate`] does with an append.
enum Pass {
    Keep,
    Panic,
}

/// A journal whose appends wait to be let through, and say that they are there.
struct Gate {
    journal: MemoryJournal,
    arrived: Sender<usize>,
    passes: Receiver<Pass>,
    /// Whether it is still there.
    _token: Arc<()>,
}

impl Journal for Gate {
    ask! { journal: now read end keyed keep_snapshot snapshot_below truncate wait }

    fn append(&mut self, after: u64, entries: &[Entry]) -> Result<(), JournalError> {
        _ = self.arrived.send(entries.len());
        match self.passes.recv() {
            Ok(Pass::Panic) => panic!("in the journal"),
            Ok(Pass::Keep) | Err(_) => self.journal.append(after, entries),
        }
    }
}

struct Gated {
    replica: Arc<Replica<Gate>>,
    demo: Demo,
    journal: MemoryJournal,
    arrived: Receiver<usize>,
    passes: Sender<Pass>,
    token: Arc<()>,
}

fn gated() -> Gated {
    let (demo, journal) = demo();
    let ((arriving, arrived), (passes, passing)) = (channel(), channel());
    let token = Arc::new(());
    let gate = Gate { journal: journal.clone(), arrived: arriving, passes: passing, _token: Arc::clone(&token) };
    Gated { replica: Arc::new(opened(gate)), demo, journal, arrived, passes, token }
}

impl Gated {
    fn create(&self) -> Request {
        Request::new(self.demo.ada, Operation::CreateApp { app: NewApp::in_team(self.demo.acme) })
    }

    /// How many events the next append has.
    fn arrived(&self) -> usize {
        self.arrived.recv_timeout(Duration::from_secs(10)).unwrap()
    }

    /// A future that stands at the gate.
    fn begun(&self, waker: &Waker) -> Performing<'_, Gate> {
        let mut first = self.replica.perform_async(self.create());
        assert!(poll(&mut first, waker).is_pending());
        assert_eq!(self.arrived(), 1);
        first
    }
}

const fn sendable<T: Send>(value: T) -> T {
    value
}

#[test]
fn a_future_answers_as_the_blocking_form_does() {
    let (Demo { ada, vera, acme, website, .. }, journal) = demo();
    let replica = opened(journal.clone());
    let before = replica.read().seq();
    let create = || Request::new(ada, Operation::CreateApp { app: NewApp::in_team(acme) }).key(key("k1"));
    let event = block_on(sendable(replica.perform_async(create()))).unwrap();
    assert_eq!((event.seq, replica.read().seq()), (before + 1, before + 1));
    replica.read().app(ada, created(&event)).unwrap();
    assert_eq!(block_on(replica.perform_async(create())).unwrap(), event);
    assert_eq!(replica.perform(create()).unwrap(), event);
    let refused = block_on(replica.perform_async(Request::new(vera, Operation::LockApp { app: website })));
    assert!(matches!(refused, Err(ReplicaError::Refused(Error::OnlyManagersLockApps { .. }))));
    as_kept(&replica, &journal);
}

#[test]
fn one_thread_has_many_at_once_which_are_kept_together_and_block_it_never() {
    let gated = gated();
    let (woken, wakes) = channel();
    let mut first = gated.begun(&task(0, &woken));
    let mut others: Vec<_> = (1..=100).map(|_| gated.replica.perform_async(gated.create())).collect();
    for (number, future) in (1..).zip(&mut others) {
        assert!(poll(future, &task(number, &woken)).is_pending());
    }
    // Asked again by another task before there is an answer: that one is woken.
    assert!(poll(&mut others[99], &task(1000, &woken)).is_pending());
    assert!(wakes.try_recv().is_err());
    gated.passes.send(Pass::Keep).unwrap();
    assert_eq!(gated.arrived(), 100, "one append for all who wait");
    assert_eq!(wakes.recv().unwrap(), 0);
    let Poll::Ready(Ok(event)) = poll(&mut first, &task(0, &woken)) else { panic!("it was woken for nothing") };
    gated.passes.send(Pass::Keep).unwrap();
    let mut told: Vec<usize> = (0..100).map(|_| wakes.recv_timeout(Duration::from_secs(10)).unwrap()).collect();
    told.sort_unstable();
    assert!(told.into_iter().eq((1..100).chain([1000])));
    let waker = task(0, &woken);
    for (number, future) in (1..).zip(&mut others) {
        assert!(matches!(poll(future, &waker), Poll::Ready(Ok(next)) if next.seq == event.seq + number));
        assert!(poll(future, &waker).is_pending(), "answered");
    }
    assert!(wakes.try_recv().is_err());
    as_kept(&gated.replica, &gated.journal);
}

#[test]
fn a_dropped_future_is_not_done_or_is_kept_and_leaves_nothing_behind() {
    let gated = gated();
    let before = gated.replica.read().seq();
    drop(gated.replica.perform_async(gated.create()));
    let (woken, wakes) = channel();
    let counted = Arc::new(Task(0, Mutex::new(woken)));
    let waker = || Waker::from(Arc::clone(&counted));

    let key = || gated.create().key(key("k1"));
    let mut under_way = gated.replica.perform_async(key());
    assert!(poll(&mut under_way, &waker()).is_pending());
    assert_eq!(gated.arrived(), 1);
    let (mut not_begun, mut kept) =
        (gated.replica.perform_async(gated.create()), gated.replica.perform_async(gated.create()));
    assert!(poll(&mut not_begun, &waker()).is_pending() && poll(&mut kept, &waker()).is_pending());
    assert_eq!(Arc::strong_count(&counted), 4);
    drop((under_way, not_begun));
    assert_eq!(Arc::strong_count(&counted), 2, "nobody wakes what is gone");
    gated.passes.send(Pass::Keep).unwrap();
    assert_eq!(gated.arrived(), 1);
    gated.passes.send(Pass::Keep).unwrap();
    wakes.recv_timeout(Duration::from_secs(10)).unwrap();
    assert!(matches!(poll(&mut kept, &waker()), Poll::Ready(Ok(event)) if event.seq == before + 2));
    assert_eq!(block_on(gated.replica.perform_async(key())).unwrap().seq, before + 1, "it was done after all");
    assert!(wakes.try_recv().is_err());
    drop(kept);
    assert_eq!(Arc::strong_count(&counted), 1);
    as_kept(&gated.replica, &gated.journal);

    // And with the replica its thread and the journal go.
    let Gated { replica, token, .. } = gated;
    drop(replica);
    assert_eq!(Arc::strong_count(&token), 1);
}

#[test]
fn threads_and_futures_are_kept_in_one_group_whoever_keeps_it() {
    let gated = gated();
    let (woken, wakes) = channel();
    let first = gated.begun(&task(0, &woken));
    let (replica, request) = (&gated.replica, gated.create());
    thread::scope(|scope| {
        let blocking = scope.spawn(|| replica.perform(request).unwrap().seq);
        let mut future = gated.replica.perform_async(gated.create());
        assert!(poll(&mut future, &task(1, &woken)).is_pending());
        // Whoever comes after the first append is kept in one with whoever is there by then.
        thread::sleep(Duration::from_millis(50));
        drop(first);
        gated.passes.send(Pass::Keep).unwrap();
        assert_eq!(gated.arrived(), 2);
        gated.passes.send(Pass::Keep).unwrap();
        assert_eq!(wakes.recv_timeout(Duration::from_secs(10)).unwrap(), 1);
        let Poll::Ready(Ok(event)) = poll(&mut future, &task(1, &woken)) else { panic!("it was woken for nothing") };
        assert_ne!(blocking.join().unwrap(), event.seq);
    });
    as_kept(&gated.replica, &gated.journal);
}

#[test]
fn a_journal_that_panics_tells_whoever_waits_and_the_next_are_kept() {
    let gated = gated();
    let before = gated.replica.read().seq();
    for _ in 0..2 {
        gated.passes.send(Pass::Panic).unwrap();
        let outcome = block_on(gated.replica.perform_async(gated.create()));
        assert!(matches!(outcome, Err(ReplicaError::Journal(JournalError::Unknown(_)))), "{outcome:?}");
        assert_eq!(gated.replica.read().seq(), before);
    }
    gated.passes.send(Pass::Keep).unwrap();
    assert_eq!(block_on(gated.replica.perform_async(gated.create())).unwrap().seq, before + 1);
    as_kept(&gated.replica, &gated.journal);
}

/// A task that owns the replica, and is owned by its waker alone.
struct Owner(Mutex<Option<Arc<Replica<Gate>>>>, Sender<()>);

impl Wake for Owner {
    fn wake(self: Arc<Self>) {}
}

impl Drop for Owner {
    fn drop(&mut self) {
        drop(self.0.lock().unwrap().take());
        _ = self.1.send(());
    }
}

#[test]
fn the_thread_of_the_replica_may_be_the_one_that_drops_it() {
    let Gated { replica, demo, arrived, passes, token, .. } = gated();
    let request = Request::new(demo.ada, Operation::CreateApp { app: NewApp::in_team(demo.acme) });
    let (dropped, drops) = channel();
    let owner = Arc::new(Owner(Mutex::new(Some(Arc::clone(&replica))), dropped));
    let again = Arc::downgrade(&replica);
    {
        let mut future = replica.perform_async(request);
        let waker = Waker::from(owner);
        assert!(poll(&mut future, &waker).is_pending());
        drop(waker);
        arrived.recv_timeout(Duration::from_secs(10)).unwrap();
        // Its executor never comes back to it.
        core::mem::forget(future);
    }
    drop(replica);
    assert!(again.upgrade().is_some(), "the waker has it");
    passes.send(Pass::Keep).unwrap();
    drops.recv_timeout(Duration::from_secs(10)).unwrap();
    let since = Instant::now();
    while Arc::strong_count(&token) > 1 {
        assert!(since.elapsed() < Duration::from_secs(10));
        thread::yield_now();
    }
}
