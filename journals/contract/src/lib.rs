//! What every [`Journal`] must do, as one suite: [`check`] for what it promises, [`kill`] for what it keeps when its process dies.
//!
//! ```
//! use enterprise_teams::chrono::DateTime;
//! use enterprise_teams::journal::MemoryJournal;
//! use enterprise_teams_journal_contract::{Writers, check};
//!
//! // A fresh journal for each test, and whatever opens it, as often as it is called.
//! check(Writers::Several, || {
//!     let journal = MemoryJournal::new();
//!     journal.set_now(DateTime::from_timestamp(2_000_000_000, 0).unwrap());
//!     move || journal.clone()
//! });
//! ```
//!
//! A test that fails panics, as tests do.

#![forbid(unsafe_code)]
#![allow(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "these are tests"
)]

pub mod kill;

use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Barrier, Mutex};
use std::thread;
use std::time::Instant;

use enterprise_teams::journal::{
    ChainDigest, Entry, Journal, JournalError, KeptSnapshot, KeyUse, PAGE, Position, open, verify,
};
use enterprise_teams::replica::{Replica, ReplicaError, ReplicaOptions, Request};
use enterprise_teams::testing::Step;
use enterprise_teams::{Actor, AuditEvent, Event, NewUser, Operation, Settings, TeamStore};

/// How many may write a journal at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writers {
    /// One: it is dropped before it is opened again.
    One,
    /// Any number.
    Several,
}

/// Runs every test. `fresh` makes an empty journal, and answers with what opens it.
pub fn check<J: Journal, O: FnMut() -> J + Send>(writers: Writers, mut fresh: impl FnMut() -> O) {
    an_empty_one_has_nothing(&mut fresh()());
    entries_come_back_as_they_were(fresh());
    another_number_is_a_conflict_and_keeps_nothing(&mut fresh()());
    pages_are_those_asked_for(&mut fresh()());
    a_turn_ends_with_an_append_or_without(&mut fresh()());
    the_newest_entry_of_a_key_is_found(fresh());
    the_newest_snapshot_below_a_number_is_found(fresh());
    what_is_given_up_stands_below_two_snapshots(fresh());
    a_wait_ends(&mut fresh()());
    its_time_goes_on(&mut fresh()());
    every_kind_of_operation_comes_back(fresh());
    if writers == Writers::Several {
        two_handles_are_one_journal(fresh());
        several_writers_lose_nothing(fresh());
        a_key_is_used_once_by_several(fresh());
        one_number_has_one_entry(fresh());
    }
}

/// Numbers that look like chance, and are the same for the same seed.
#[derive(Clone, Copy, Debug)]
pub struct Chance(pub u64);

impl Chance {
    /// The next number, by `SplitMix64`.
    pub const fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// What somebody does next.
    pub const fn step(&mut self) -> Step {
        let (one, two) = (self.number(), self.number());
        Step(((one as u128) << 64 | two as u128).to_le_bytes())
    }
}

/// An operator who acts at the beginning of all times, which no journal's clock is before.
#[must_use]
pub fn operator() -> Actor {
    Actor::operator(enterprise_teams::chrono::DateTime::UNIX_EPOCH)
}

/// The registration of this user.
#[must_use]
pub fn register(name: &str) -> Operation {
    let email = format!("{name}@acme.com").parse().expect("an e-mail");
    Operation::RegisterUser { user: NewUser::new(email) }
}

/// A store, for tests to append what it does.
struct Source {
    store: TeamStore,
    position: Position,
}

impl Source {
    fn new() -> Self {
        Self { store: TeamStore::new(Settings::from_seed(1)), position: Position::START }
    }

    /// The opening at first, then registrations.
    fn next(&mut self, key: Option<KeyUse>) -> Entry {
        if self.position.seq > 0 {
            self.store.perform(operator(), &register(&format!("user-{}", self.position.seq))).unwrap();
        }
        let entry = Entry::new(self.position, self.store.events().last().unwrap(), key).unwrap();
        self.position = entry.position();
        entry
    }

    fn take(&mut self, count: usize) -> Vec<Entry> {
        (0..count).map(|_| self.next(None)).collect()
    }
}

fn options() -> ReplicaOptions {
    ReplicaOptions::default()
}

fn replica<J: Journal>(journal: J) -> Replica<J> {
    Replica::open(journal, || Settings::from_seed(7), options()).unwrap()
}

fn an_empty_one_has_nothing(journal: &mut impl Journal) {
    assert_eq!(journal.end().unwrap(), Position::START);
    assert_eq!(journal.read(0, PAGE).unwrap(), []);
    assert_eq!(journal.keyed("k").unwrap(), None);
    assert_eq!(journal.snapshot_below(u64::MAX).unwrap(), None);
    journal.truncate().unwrap();
    assert_eq!(verify(journal).unwrap(), Position::START);
}

fn entries_come_back_as_they_were<J: Journal>(mut open: impl FnMut() -> J) {
    let mut source = Source::new();
    let mut entries = source.take(1);
    for size in [1, 2, 10, 2 * PAGE + 1] {
        let group = source.take(size);
        entries.extend(group);
    }
    // Texts of any kind.
    let strange = "{\"text\":\"' \\\" \\\\ \\u0000 ; -- % _ \u{e9}\u{1f980}\u{feff}\"}".to_owned();
    let seq = entries.len() as u64 + 1;
    entries.push(Entry { seq, event: strange, key: None, digest: ChainDigest::from_bytes([255; 32]) });
    let mut journal = open();
    let mut rest = &entries[..];
    for size in [1, 1, 2, 10, 2 * PAGE + 1, 1] {
        let (group, later) = rest.split_at(size);
        journal.append(group[0].seq - 1, group).unwrap();
        assert_eq!(journal.end().unwrap(), group.last().unwrap().position());
        rest = later;
    }
    for round in 0..2 {
        assert_eq!(journal.read(0, usize::MAX).unwrap(), entries, "round {round}");
        assert_eq!(journal.end().unwrap(), entries.last().unwrap().position());
        drop(journal);
        journal = open();
    }
}

fn another_number_is_a_conflict_and_keeps_nothing(journal: &mut impl Journal) {
    let entries = Source::new().take(5);
    let conflict = |outcome: Result<(), JournalError>, expected: u64| {
        assert!(matches!(outcome, Err(JournalError::Conflict { last }) if last == expected), "{outcome:?}");
    };
    conflict(journal.append(1, &entries[1..3]), 0);
    journal.append(0, &entries[..2]).unwrap();
    conflict(journal.append(0, &entries[..1]), 2);
    conflict(journal.append(1, &entries[1..4]), 2);
    conflict(journal.append(3, &entries[3..]), 2);
    conflict(journal.append(1, &[]), 2);
    assert_eq!(journal.read(0, PAGE).unwrap(), entries[..2]);
    journal.append(2, &[]).unwrap();
    journal.append(2, &entries[2..]).unwrap();
    assert_eq!(journal.read(0, PAGE).unwrap(), entries);
}

fn pages_are_those_asked_for(journal: &mut impl Journal) {
    let entries = Source::new().take(7);
    journal.append(0, &entries).unwrap();
    for after in 0..9 {
        for most in [0, 1, 3, 7, 100, usize::MAX] {
            let expected: Vec<_> = entries.iter().skip(after).take(most).cloned().collect();
            assert_eq!(journal.read(after as u64, most).unwrap(), expected, "{most} after {after}");
        }
    }
}

fn a_turn_ends_with_an_append_or_without(journal: &mut impl Journal) {
    let entries = Source::new().take(4);
    for (index, entry) in entries.iter().enumerate() {
        journal.take_turn().unwrap();
        journal.pass_turn();
        journal.pass_turn();
        journal.take_turn().unwrap();
        journal.append(100, std::slice::from_ref(entry)).unwrap_err();
        if index % 2 == 0 {
            journal.take_turn().unwrap();
        }
        journal.append(index as u64, std::slice::from_ref(entry)).unwrap();
    }
    journal.take_turn().unwrap();
    assert_eq!(journal.read(0, PAGE).unwrap(), entries);
    journal.pass_turn();
}

fn the_newest_entry_of_a_key_is_found<J: Journal>(mut open: impl FnMut() -> J) {
    let key = |key: &str, byte: u8| {
        Some(KeyUse { key: key.to_owned(), operation: ChainDigest::from_bytes([byte; 32]), until: i64::from(byte) - 9 })
    };
    let mut source = Source::new();
    let keys = [None, key("one", 1), key("two \u{1f980}'\"", 2), key("one", 3), None, key("One", 255), key("", 0)];
    let entries: Vec<Entry> = keys.into_iter().map(|key| source.next(key)).collect();
    let mut journal = open();
    journal.append(0, &entries[..3]).unwrap();
    assert_eq!(journal.keyed("one").unwrap().as_ref(), Some(&entries[1]));
    journal.append(3, &entries[3..]).unwrap();
    drop(journal);
    journal = open();
    for (key, index) in [("one", 3), ("two \u{1f980}'\"", 2), ("One", 5), ("", 6)] {
        assert_eq!(journal.keyed(key).unwrap().as_ref(), Some(&entries[index]), "{key}");
    }
    assert_eq!(journal.keyed("three").unwrap(), None);
    assert_eq!(journal.read(0, PAGE).unwrap(), entries);
}

fn the_newest_snapshot_below_a_number_is_found<J: Journal>(mut open: impl FnMut() -> J) {
    let mut source = Source::new();
    let mut journal = open();
    journal.append(0, &source.take(9)).unwrap();
    let snapshot = |seq: u64, size: usize, byte: u8| KeptSnapshot {
        position: Position { seq, digest: ChainDigest::from_bytes([byte; 32]) },
        bytes: (0..=250).cycle().take(size).map(|at| at ^ byte).collect(),
        digest: ChainDigest::from_bytes([!byte; 32]),
    };
    let kept = [snapshot(2, 10, 0), snapshot(5, 20_000_001, 5), snapshot(9, 0, 9)];
    for one in [&kept[1], &kept[2], &snapshot(2, 7, 3), &kept[0]] {
        journal.keep_snapshot(one).unwrap();
    }
    drop(journal);
    journal = open();
    for (below, expected) in
        [(u64::MAX, Some(2)), (10, Some(2)), (9, Some(1)), (6, Some(1)), (5, Some(0)), (2, None), (0, None)]
    {
        let expected = expected.map(|index: usize| &kept[index]);
        assert_eq!(journal.snapshot_below(below).unwrap().as_ref(), expected, "below {below}");
    }
}

fn what_is_given_up_stands_below_two_snapshots<J: Journal>(mut open: impl FnMut() -> J) {
    let mut source = Source::new();
    let mut journal = open();
    let (mut ends, mut late) = (Vec::new(), None);
    for round in 0..4_u64 {
        let mut group = source.take(5);
        let operation = ChainDigest::from_bytes([1; 32]);
        group.push(source.next(Some(KeyUse { key: format!("k{round}"), operation, until: 0 })));
        journal.append(round * 6, &group).unwrap();
        let snapshot = KeptSnapshot::new(source.position, &source.store.snapshot()).unwrap();
        journal.keep_snapshot(&snapshot).unwrap();
        journal.truncate().unwrap();
        // One that comes late, when what it stands on has been given up, is not kept.
        let late = late.get_or_insert(snapshot);
        if round > 1 {
            journal.keep_snapshot(late).unwrap();
        }
        ends.push(source.position.seq);
        if round % 2 == 1 {
            drop(journal);
            journal = open();
        }
        let first = ends.iter().rev().nth(1).copied().unwrap_or(1);
        assert_eq!(journal.read(first - 1, PAGE).unwrap().len() as u64, source.position.seq + 1 - first);
        for after in 0..first - 1 {
            let answer = journal.read(after, 3);
            assert!(matches!(answer, Err(JournalError::Truncated { first: told }) if told == first), "{answer:?}");
        }
        assert_eq!(journal.keyed(&format!("k{round}")).unwrap().map(|entry| entry.seq), Some(source.position.seq));
        let oldest = journal.snapshot_below(first + 1).unwrap().map(|kept| kept.position.seq);
        assert_eq!(oldest, if round == 0 { None } else { Some(first) });
        assert_eq!(journal.snapshot_below(first).unwrap(), None);
        assert_eq!(verify(&mut journal).unwrap(), source.position);
        assert!(
            enterprise_teams::journal::open(&mut journal, || panic!("it has begun"), usize::MAX).unwrap().store
                == source.store
        );
    }
}

fn a_wait_ends(journal: &mut impl Journal) {
    let start = Instant::now();
    journal.wait(0, Duration::from_millis(30)).unwrap();
    assert!(start.elapsed() < Duration::from_secs(5));
    journal.append(0, &Source::new().take(2)).unwrap();
    let start = Instant::now();
    journal.wait(1, Duration::from_mins(1)).unwrap();
    assert!(start.elapsed() < Duration::from_secs(30), "there is something already");
}

fn its_time_goes_on(journal: &mut impl Journal) {
    let times = [(); 3].map(|()| journal.now().unwrap());
    assert!(times.is_sorted());
}

fn every_kind_of_operation_comes_back<J: Journal>(mut open_again: impl FnMut() -> J) {
    let mut chance = Chance(11);
    let mut alone = TeamStore::new(Settings::from_seed(7));
    let mut kinds = BTreeSet::new();
    for round in 0..4 {
        let replica = replica(open_again());
        assert!(*replica.read() == alone, "round {round}");
        for number in 0..500 {
            let (actor, operation) = chance.step().decode(&alone);
            let request = Request::new(actor, operation.clone());
            let request =
                if number % 2 == 0 { request } else { request.key(format!("{round}-{number}").parse().unwrap()) };
            let ours = replica.perform(request.clone());
            match alone.perform(actor, &operation) {
                Ok(event) => {
                    kinds.insert(event.event.code());
                    assert_eq!(ours.unwrap(), event);
                    if number % 6 == 1 {
                        assert!(
                            replica.perform(request).is_ok_and(|again| again.seq == event.seq)
                                || !exists(&alone, actor)
                        );
                    }
                }
                Err(refusal) => assert!(matches!(ours, Err(ReplicaError::Refused(error)) if error == refusal)),
            }
        }
        assert!(*replica.read() == alone);
        if round % 2 == 1 {
            replica.keep_snapshot().unwrap();
        }
    }
    let mut journal = open_again();
    let (entries, end) = (journal.read(0, usize::MAX).unwrap(), journal.end().unwrap());
    assert_eq!(verify(&mut journal).unwrap(), end);
    let events = entries.iter().map(|entry| entry.audit_event().unwrap());
    assert!(TeamStore::replay(events).unwrap() == alone);
    assert!(open(&mut journal, || panic!("it has begun"), usize::MAX).unwrap().store == alone);
    assert!(kinds.len() * 10 > Event::CODES.len() * 8, "{} of {} kinds of events", kinds.len(), Event::CODES.len());
}

fn exists(store: &TeamStore, actor: Actor) -> bool {
    store.for_actor(actor).is_ok()
}

fn two_handles_are_one_journal<J: Journal>(mut open: impl FnMut() -> J) {
    let entries = Source::new().take(4);
    let (mut one, mut other) = (open(), open());
    one.append(0, &entries[..2]).unwrap();
    assert_eq!(other.read(0, PAGE).unwrap(), entries[..2]);
    assert!(matches!(other.append(0, &entries[..1]), Err(JournalError::Conflict { last: 2 })));
    other.append(2, &entries[2..]).unwrap();
    assert_eq!(one.end().unwrap(), entries[3].position());
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let start = Instant::now();
            one.wait(4, Duration::from_mins(1)).unwrap();
            start.elapsed()
        });
        thread::sleep(Duration::from_millis(50));
        let mut source = Source::new();
        source.take(4);
        other.append(4, &source.take(1)).unwrap();
        assert!(waiting.join().unwrap() < Duration::from_secs(30));
    });
}

fn several_writers_lose_nothing<J: Journal>(mut open_again: impl FnMut() -> J) {
    const PROCESSES: usize = 3;
    let replicas: Vec<Replica<J>> = (0..PROCESSES).map(|_| replica(open_again())).collect();
    let answers = Mutex::new(Vec::<(u64, AuditEvent)>::new());
    thread::scope(|scope| {
        for thread in 0..PROCESSES * 2 {
            let (replica, answers) = (&replicas[thread % PROCESSES], &answers);
            scope.spawn(move || {
                let mut chance = Chance(thread as u64);
                for number in 0..60 {
                    let (actor, operation) = chance.step().decode(&replica.read());
                    match replica.perform(Request::new(actor, operation)) {
                        Ok(event) => answers.lock().unwrap().push((event.seq, event)),
                        Err(ReplicaError::Refused(_)) => {}
                        Err(error) => panic!("{number}: {error}"),
                    }
                }
            });
        }
    });
    let answers = answers.into_inner().unwrap();
    let by_number: BTreeMap<u64, AuditEvent> = answers.iter().cloned().collect();
    assert_eq!(by_number.len(), answers.len(), "no number twice");
    let kept = open(&mut open_again(), || panic!("it has begun"), usize::MAX).unwrap();
    let events = kept.store.events();
    let told = |event: &AuditEvent| by_number.contains_key(&event.seq);
    for (index, event) in events.iter().enumerate().skip(1) {
        if let Some(answer) = by_number.get(&event.seq) {
            let all_but_what = |event: &AuditEvent| (event.seq, event.at, event.actor, event.context.clone());
            assert_eq!(all_but_what(answer), all_but_what(event));
            assert_eq!(answer.event.code(), event.event.code(), "number {}", event.seq);
        } else {
            // Only a sweep (END-3) is nobody's answer: it stands beside the operation for which it was made, which was answered.
            let beside = [events.get(index - 1), events.get(index + 1)].into_iter().flatten();
            assert!(beside.filter(|one| told(one)).any(|one| one.at == event.at), "missing: {event:?}");
            assert!(matches!(event.event, Event::EndsSwept { .. }), "missing: {event:?}");
        }
    }
    assert_eq!(events.iter().filter(|event| told(event)).count(), answers.len(), "each answer is kept");
    for replica in &replicas {
        assert_eq!(replica.catch_up().unwrap(), kept.position.seq);
        assert!(*replica.read() == kept.store);
    }
}

fn a_key_is_used_once_by_several<J: Journal>(mut open_again: impl FnMut() -> J) {
    let replicas = [replica(open_again()), replica(open_again())];
    let (answers, barrier) = (Mutex::new(BTreeSet::new()), Barrier::new(4));
    thread::scope(|scope| {
        for thread in 0..4 {
            let (replica, answers, barrier) = (&replicas[thread % 2], &answers, &barrier);
            scope.spawn(move || {
                for round in 0..15 {
                    barrier.wait();
                    let name = format!("round-{round}");
                    let request = Request::new(operator(), register(&name)).key(name.parse().unwrap());
                    let event = replica.perform(request).unwrap();
                    answers.lock().unwrap().insert((round, event.seq));
                }
            });
        }
    });
    assert_eq!(answers.into_inner().unwrap().len(), 15, "one event for each key");
    assert_eq!(open_again().end().unwrap().seq, 16);
}

fn one_number_has_one_entry<J: Journal>(mut open: impl FnMut() -> J) {
    let mut handles: Vec<J> = (0..4).map(|_| open()).collect();
    let barrier = Barrier::new(handles.len());
    for round in 0..20 {
        let mut source = Source::new();
        let entry = source.take(round + 1).pop().unwrap();
        let kept = thread::scope(|scope| {
            let tries: Vec<_> = handles
                .iter_mut()
                .map(|handle| {
                    let (entry, barrier) = (&entry, &barrier);
                    scope.spawn(move || {
                        barrier.wait();
                        match handle.append(round as u64, std::slice::from_ref(entry)) {
                            Ok(()) => 1,
                            Err(JournalError::Conflict { .. }) => 0,
                            Err(error) => panic!("{error}"),
                        }
                    })
                })
                .collect();
            tries.into_iter().map(|one| one.join().unwrap()).sum::<u32>()
        });
        assert_eq!(kept, 1, "round {round}");
    }
}
