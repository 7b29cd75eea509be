//! The feed by callback: every kept event, in order, whatever the callback does.

use core::ops::ControlFlow;
use core::time::Duration;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

use enterprise_teams::chrono::{DateTime, Utc};
use enterprise_teams::demo::Demo;
use enterprise_teams::journal::{Entry, Fault, Journal, JournalError, KeptSnapshot, MemoryJournal, Position};
use enterprise_teams::replica::{FeedEnd, Replica, ReplicaError, Request, Subscription};
use enterprise_teams::{Actor, NewUser, Operation};

use crate::replica::{demo, opened, options};

const GO_ON: ControlFlow<()> = ControlFlow::Continue(());

fn register(operator: Actor, number: u64) -> Request {
    let user = NewUser::new(format!("user-{number}@acme.com").parse().unwrap());
    Request::new(operator, Operation::RegisterUser { user })
}

/// The numbers of the events after `after`, as they come.
fn numbers<J: Journal + 'static>(replica: &Replica<J>, after: u64) -> (Subscription, Receiver<u64>) {
    let (numbers, coming) = channel();
    let subscription = replica.subscribe(after, move |event| {
        numbers.send(event.seq).unwrap();
        GO_ON
    });
    (subscription.unwrap(), coming)
}

#[track_caller]
fn come(coming: &Receiver<u64>, expected: impl IntoIterator<Item = u64>) {
    for number in expected {
        assert_eq!(coming.recv_timeout(Duration::from_secs(10)).unwrap(), number);
    }
}

#[track_caller]
fn until(mut condition: impl FnMut() -> bool) {
    let since = Instant::now();
    while !condition() {
        assert!(since.elapsed() < Duration::from_secs(10));
        thread::yield_now();
    }
}

#[test]
fn every_event_comes_once_and_in_order_from_memory_and_from_the_journal() {
    let (Demo { store, operator, .. }, journal) = demo();
    let mut short = options();
    short.log_kept = 3;
    let replica = Replica::open(journal.clone(), || panic!("it has begun"), short).unwrap();
    let begun = replica.read().seq();
    let (shown, first) = channel();
    let opening = replica.subscribe(0, move |event| {
        shown.send(event.clone()).unwrap();
        ControlFlow::Break(())
    });
    let (first, kept) = (first.recv().unwrap(), &store.events()[0]);
    assert!(first.event != kept.event, "the secret is not shown (X-7)");
    assert_eq!((first.seq, first.to_string()), (kept.seq, kept.to_string()));
    assert!(matches!(opening.unwrap().stop(), FeedEnd::BrokenOff));
    let (whole, all) = numbers(&replica, 0);
    let (late, tail) = numbers(&replica, begun + 10);
    thread::scope(|scope| {
        for thread in 0..3 {
            let replica = &replica;
            scope.spawn(move || {
                (0..20).for_each(|number| drop(replica.perform(register(operator, thread * 100 + number)).unwrap()));
            });
        }
    });
    let end = replica.read().seq();
    assert_eq!(end, begun + 60);
    come(&all, 1..=end);
    come(&tail, begun + 11..=end);
    until(|| whole.done() == end && late.done() == end);
    // What another process keeps comes when this one follows.
    opened(journal).perform(register(operator, 1000)).unwrap();
    thread::sleep(Duration::from_millis(20));
    assert!(all.try_recv().is_err());
    replica.catch_up().unwrap();
    come(&all, [end + 1]);
    assert!(matches!(whole.stop(), FeedEnd::Stopped));
    replica.perform(register(operator, 2000)).unwrap();
    come(&tail, [end + 1, end + 2]);
    assert!(all.recv().is_err(), "it is not called again, and is gone");
}

#[test]
fn nothing_comes_before_it_is_kept() {
    let (Demo { operator, .. }, journal) = demo();
    let replica = opened(journal.clone());
    let begun = replica.read().seq();
    let kept = Arc::new(Mutex::new(journal.clone()));
    let (numbers, coming) = channel();
    let subscription = replica.subscribe(begun, move |event| {
        numbers.send((event.seq, kept.lock().unwrap().end().unwrap().seq)).unwrap();
        GO_ON
    });
    for number in 0..50 {
        match number % 5 {
            0 => journal.inject(Fault::Unavailable),
            1 => journal.inject(Fault::LateUnknown),
            _ => {}
        }
        let kept = replica.perform(register(operator, number));
        assert_eq!(kept.is_err(), number % 5 == 0);
    }
    drop(subscription);
    let come: Vec<_> = coming.iter().collect();
    assert!(come.iter().all(|(seq, end)| seq <= end));
    assert!(come.iter().map(|(seq, _)| *seq).zip(begun + 1..).all(|(seq, next)| seq == next));
}

#[test]
fn a_callback_that_is_slow_panics_or_breaks_off_harms_nobody_else() {
    let (Demo { operator, .. }, journal) = demo();
    let replica = opened(journal);
    let begun = replica.read().seq();
    let (go_on, gate) = channel::<ControlFlow<()>>();
    let slow = replica.subscribe(begun, move |_| gate.recv().unwrap()).unwrap();
    let (healthy, coming) = numbers(&replica, begun);
    (0..10).for_each(|number| drop(replica.perform(register(operator, number)).unwrap()));
    come(&coming, begun + 1..=begun + 10);
    assert_eq!((slow.done(), replica.read().seq()), (begun, begun + 10));
    go_on.send(GO_ON).unwrap();
    until(|| slow.done() == begun + 1);
    go_on.send(ControlFlow::Break(())).unwrap();
    until(|| slow.end().is_some());
    assert!(matches!(slow.end(), Some(FeedEnd::BrokenOff)));
    assert_eq!(slow.done(), begun + 1, "the one at which it broke off comes again");

    let panicking =
        replica.subscribe(slow.done(), move |event| if event.seq > begun + 4 { panic!("it") } else { GO_ON });
    let panicking = panicking.unwrap();
    until(|| panicking.end().is_some());
    assert_eq!(panicking.done(), begun + 4);
    assert!(matches!(panicking.stop(), FeedEnd::Panicked));
    let (_again, coming) = numbers(&replica, begun + 4);
    come(&coming, begun + 5..=begun + 10);
    replica.perform(register(operator, 100)).unwrap();
    come(&coming, [begun + 11]);
    drop(healthy);
}

#[test]
fn it_ends_with_the_replica_and_with_a_journal_that_is_not_to_be_trusted() {
    let (Demo { operator, .. }, journal) = demo();
    let mut short = options();
    short.log_kept = 3;
    let replica = Replica::open(journal.clone(), || panic!("it has begun"), short).unwrap();
    (0..20).for_each(|number| drop(replica.perform(register(operator, number)).unwrap()));
    journal.spoil(|entries, _| entries[5].event = entries[5].event.replacen("seq", "Seq", 1));
    let (subscription, coming) = numbers(&replica, 3);
    until(|| subscription.end().is_some());
    assert!(matches!(subscription.stop(), FeedEnd::Journal(JournalError::Corrupt { seq: 6 })));
    assert!(coming.try_recv().is_err());

    let end = replica.read().seq();
    let (last, coming) = numbers(&replica, end - 1);
    come(&coming, [end]);
    // A callback that owns the replica is the last to drop it.
    let replica = Arc::new(replica);
    let own = Arc::clone(&replica);
    let owning = replica.subscribe(end, move |_| {
        assert_eq!(own.read().seq(), end + 1);
        ControlFlow::Break(())
    });
    let owning = owning.unwrap();
    replica.perform(register(operator, 100)).unwrap();
    drop(replica);
    until(|| owning.end().is_some());
    assert!(matches!(owning.stop(), FeedEnd::BrokenOff));
    assert!(matches!(last.stop(), FeedEnd::Stopped));
}

/// A journal that cannot be read for a while.
struct Away(MemoryJournal, Arc<Mutex<bool>>);

impl Journal for Away {
    ask! { 0: now append end keyed keep_snapshot snapshot_below truncate wait }

    fn read(&mut self, after: u64, most: usize) -> Result<Vec<Entry>, JournalError> {
        if *self.1.lock().unwrap() { Err(JournalError::unavailable("away")) } else { self.0.read(after, most) }
    }
}

#[test]
fn while_the_journal_is_away_it_tries_again() {
    let (Demo { operator, .. }, journal) = demo();
    let away = Arc::new(Mutex::new(false));
    let mut short = options();
    short.log_kept = 3;
    let replica = Replica::open(Away(journal, Arc::clone(&away)), || panic!("it has begun"), short).unwrap();
    (0..20).for_each(|number| drop(replica.perform(register(operator, number)).unwrap()));
    *away.lock().unwrap() = true;
    let (subscription, coming) = numbers(&replica, 0);
    assert!(coming.recv_timeout(Duration::from_millis(250)).is_err());
    assert!(subscription.end().is_none());
    *away.lock().unwrap() = false;
    come(&coming, 1..=replica.read().seq());
    // Also when it is stopped meanwhile.
    *away.lock().unwrap() = true;
    let (subscription, _) = numbers(&replica, 0);
    assert!(matches!(subscription.stop(), FeedEnd::Stopped));
    assert!(!matches!(replica.perform(register(operator, 100)), Err(ReplicaError::Refused(_))));
}
