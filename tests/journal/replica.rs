//! Replicas: what is answered is kept, once, in every process.

use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Barrier, Mutex};
use std::thread;

use enterprise_teams::chrono::{DateTime, TimeDelta, Utc};
use enterprise_teams::demo::{Demo, id};
use enterprise_teams::journal::{
    Entry, Fault, Journal, JournalError, KeptSnapshot, MemoryJournal, PAGE, Position, open, verify,
};
use enterprise_teams::replica::{Once, ReadError, Replica, ReplicaError, ReplicaOptions, Request};
use enterprise_teams::{
    Actor, AppAction, AppId, AppName, AuditEvent, Error, Event, EventContext, NewApp, NewSpace, NewUser, Operation,
    TeamId, TeamRole, TeamStore,
    entity::{Lock, Mfa},
    ids::ClientId,
    names::ContextText,
};

/// The sample in a journal.
pub(crate) fn demo() -> (Demo, MemoryJournal) {
    let demo = Demo::new().unwrap();
    let (mut journal, mut position) = (MemoryJournal::new(), Position::START);
    for event in demo.store.events() {
        let entry = Entry::new(position, event, None).unwrap();
        journal.append(position.seq, std::slice::from_ref(&entry)).unwrap();
        position = entry.position();
    }
    (demo, journal)
}

pub(crate) fn options() -> ReplicaOptions {
    let mut options = ReplicaOptions::default();
    options.patience = Duration::from_millis(100);
    options
}

pub(crate) fn opened<J: Journal>(journal: J) -> Replica<J> {
    Replica::open(journal, || panic!("it has begun"), options()).unwrap()
}

/// What the journal makes from nothing is what the replica shows.
#[track_caller]
pub(crate) fn as_kept<J: Journal>(replica: &Replica<J>, journal: &MemoryJournal) {
    let kept = open(&mut journal.clone(), || panic!("it has begun"), options().log_kept).unwrap();
    replica.catch_up().unwrap();
    assert!(kept.store == *replica.read());
    assert_eq!(verify(&mut journal.clone()).unwrap(), kept.position);
    assert_eq!(kept.violations, []);
}

pub(crate) fn key(text: &str) -> ContextText {
    text.parse().unwrap()
}

fn name(text: &str) -> AppName {
    text.parse().unwrap()
}

pub(crate) fn created(event: &AuditEvent) -> AppId {
    let Event::AppCreated { created } = &event.event else { panic!("{event:?}") };
    created.app.id()
}

#[test]
fn what_is_answered_is_kept_and_shown_and_what_is_refused_is_neither() {
    let (Demo { ada, vera, website, .. }, journal) = demo();
    let replica = opened(journal.clone());
    let before = replica.read().seq();
    let context = EventContext::new().reason("ticket 12".parse().unwrap());
    let lock = Operation::LockApp { app: website };
    let event = replica.perform(Request::new(ada, lock.clone()).context(context.clone())).unwrap();
    assert_eq!((event.seq, event.context.as_deref()), (before + 1, Some(&context)));
    assert_eq!(replica.read().app(ada, website).unwrap().lock(), Lock::Locked);
    let refused = replica.perform(Request::new(vera, lock)).unwrap_err();
    assert!(matches!(&refused, ReplicaError::Refused(Error::OnlyManagersLockApps { .. })), "{refused}");
    assert_eq!(replica.read().seq(), before + 1);
    as_kept(&replica, &journal);
}

#[test]
fn x_09_an_operation_with_a_key_is_done_once_for_as_long_as_keys_are_kept() {
    let (Demo { ada, sam, acme, website, wave, .. }, journal) = demo();
    let (here, there) = (opened(journal.clone()), opened(journal.clone()));
    let create = Operation::CreateApp { app: NewApp::in_team(acme) };
    let request = || Request::new(ada, create.clone()).key(key("k1"));
    let first = here.perform(request()).unwrap();
    // Again, in this process, in another, and in one that is opened later.
    for replica in [&here, &there, &opened(journal.clone())] {
        assert_eq!(replica.perform(request()).unwrap(), first);
        let other = Request::new(ada, Operation::LockApp { app: website }).key(key("k1"));
        let refused = replica.perform(other).unwrap_err();
        let ReplicaError::Refused(error) = &refused else { panic!("{refused}") };
        assert_eq!(error, &Error::KeyUsedOtherwise { seq: first.seq });
        assert_eq!(
            error.to_string(),
            format!("the key was used for another operation, which made event {}", first.seq)
        );
        assert_eq!(replica.read().seq(), first.seq);
    }
    // Keys are each actor's own: of another user, or of the same through a client.
    let lock = |app| Operation::LockApp { app };
    here.perform(Request::new(sam, lock(wave)).key(key("k1"))).unwrap();
    let client = ClientId::from_uuid(id(ada).uuid());
    here.perform(Request::new(Actor::oauth(id(ada), client, ada.at), lock(website)).key(key("k1"))).unwrap();
    // A refusal is not kept: the key is still free.
    let taken = Request::new(ada, lock(website)).key(key("k2"));
    assert!(matches!(here.perform(taken), Err(ReplicaError::Refused(Error::AppAlreadyLocked { .. }))));
    here.perform(Request::new(ada, Operation::UnlockApp { app: website }).key(key("k2"))).unwrap();
    // After a day a key is like a new one.
    journal.set_now(ada.at + TimeDelta::hours(24) - TimeDelta::seconds(1));
    assert_eq!(there.perform(request()).unwrap(), first);
    journal.set_now(ada.at + TimeDelta::hours(24));
    let second = there.perform(request()).unwrap();
    assert_ne!(created(&second), created(&first));
    assert_eq!(here.perform(request()).unwrap().seq, first.seq + 4, "the newer one");
    as_kept(&here, &journal);
}

#[test]
fn x_09_of_many_at_once_under_one_key_all_have_one_answer() {
    let (Demo { ada, acme, .. }, journal) = demo();
    let replicas = [opened(journal.clone()), opened(journal.clone())];
    let (answers, barrier) = (Mutex::new(Vec::new()), Barrier::new(8));
    thread::scope(|scope| {
        for thread in 0..8 {
            let (replica, answers, barrier) = (&replicas[thread % 2], &answers, &barrier);
            scope.spawn(move || {
                for round in 0..20 {
                    barrier.wait();
                    let create = Operation::CreateApp { app: NewApp::in_team(acme) };
                    let request = Request::new(ada, create).key(key(&format!("round-{round}")));
                    answers.lock().unwrap().push((round, replica.perform(request).unwrap()));
                }
            });
        }
    });
    let mut answers = answers.into_inner().unwrap();
    answers.sort_by_key(|(round, _)| *round);
    answers.dedup();
    assert_eq!(answers.len(), 20);
    as_kept(&replicas[0], &journal);
    as_kept(&replicas[1], &journal);
}

/// What a transaction with a key does: some apps of their own.
fn apps(replica: &Replica<impl Journal>, by: Actor, once: &str, acme: TeamId, count: usize) -> Outcome {
    let once = Once::new(by, &key(once), &(acme, count)).unwrap();
    replica.transaction_once(&once, |store| {
        (0..count).try_for_each(|_| store.create_app(by, NewApp::in_team(acme)).map(drop))
    })
}

type Outcome = Result<Vec<AuditEvent>, ReplicaError>;

#[test]
fn x_09_a_transaction_with_a_key_is_done_once_and_answers_with_all_its_events() {
    let (Demo { ada, joe, acme, website, .. }, journal) = demo();
    let mut short = options();
    short.log_kept = 3;
    let open = || Replica::open(journal.clone(), || panic!("it has begun"), short).unwrap();
    let (here, there) = (open(), open());
    let begun = here.read().seq();
    // Also more than are read at a time, and right after another one.
    let counts = [1, 3, PAGE, 2 * PAGE + 7];
    let made: Vec<_> =
        counts.iter().map(|count| apps(&here, ada, &format!("k{count}"), acme, *count).unwrap()).collect();
    assert!(made.iter().flatten().map(|event| event.seq).eq(begun + 1..=here.read().seq()));
    here.perform(Request::new(ada, Operation::LockApp { app: website })).unwrap();
    for replica in [&here, &there, &open()] {
        for (count, events) in counts.iter().zip(&made) {
            assert_eq!(apps(replica, ada, &format!("k{count}"), acme, *count).unwrap(), *events);
        }
        let refused = apps(replica, ada, "k3", acme, 4).unwrap_err();
        let seq = begun + 4;
        assert!(matches!(refused, ReplicaError::Refused(Error::KeyUsedOtherwise { seq: s }) if s == seq), "{refused}");
        let other = Request::new(ada, Operation::UnlockApp { app: website }).key(key("k3"));
        assert!(matches!(replica.perform(other), Err(ReplicaError::Refused(Error::KeyUsedOtherwise { .. }))));
        assert_eq!(replica.read().seq(), here.read().seq());
    }
    // Keys are each actor's own, and a refusal or nothing at all leaves one free.
    assert!(matches!(apps(&here, joe, "k1", acme, 1), Ok(events) if events != made[0]));
    let free = Once::new(ada, &key("free"), &"free").unwrap();
    let refused = here.transaction_once(&free, |store| store.lock_app(ada, website));
    assert!(matches!(refused, Err(ReplicaError::Refused(Error::AppAlreadyLocked { .. }))));
    assert_eq!(here.transaction_once(&free, |_| Ok::<_, Error>(())).unwrap(), []);
    assert_eq!(here.transaction_once(&free, |store| store.unlock_app(ada, website)).unwrap().len(), 1);
    // After a day a key is like a new one.
    journal.set_now(ada.at + TimeDelta::hours(24));
    let again = apps(&there, ada, "k3", acme, 3).unwrap();
    assert!(again.len() == 3 && again[0].seq > made[3][0].seq);
    assert_eq!(apps(&here, ada, "k3", acme, 3).unwrap(), again);
    as_kept(&opened(journal.clone()), &journal);
}

#[test]
fn x_09_a_transaction_with_a_key_is_found_out_after_whatever_came_of_it() {
    for faults in [&[Fault::KeptUnknown][..], &[Fault::LostUnknown, Fault::LateUnknown], &[Fault::Unavailable]] {
        let (Demo { ada, acme, .. }, journal) = demo();
        let replica = opened(journal.clone());
        let before = replica.read().seq();
        for fault in faults {
            journal.inject(*fault);
        }
        let first = apps(&replica, ada, "k1", acme, 3);
        let again = apps(&replica, ada, "k1", acme, 3).unwrap();
        assert_eq!(first.is_err(), faults == [Fault::Unavailable]);
        assert!(first.is_err() || first.unwrap() == again);
        assert_eq!(replica.read().seq(), before + 3);
        as_kept(&replica, &journal);
    }
    // What was given up in part is not answered in part.
    let (Demo { ada, acme, .. }, journal) = demo();
    let replica = opened(journal.clone());
    let made = apps(&replica, ada, "k1", acme, 3).unwrap();
    replica.keep_snapshot().unwrap();
    apps(&replica, ada, "k2", acme, 3).unwrap();
    replica.keep_snapshot().unwrap();
    replica.with_journal(Journal::truncate).unwrap();
    let first = made[2].seq;
    let outcome = apps(&replica, ada, "k1", acme, 3).unwrap_err();
    assert!(matches!(outcome, ReplicaError::Journal(JournalError::Truncated { first: f }) if f == first), "{outcome}");
    assert_eq!(apps(&replica, ada, "k2", acme, 3).unwrap()[0].seq, first + 1);
}

#[test]
fn x_09_a_condition_holds_against_what_another_process_has_kept() {
    let (Demo { ada, website, .. }, journal) = demo();
    let (here, there) = (opened(journal.clone()), opened(journal));
    let seen = here.read().seq();
    there.perform(Request::new(ada, Operation::LockApp { app: website })).unwrap();
    let rename = Operation::RenameApp { app: website, name: name("site") };
    let refused = here.perform(Request::new(ada, rename.clone()).unless_changed(website, seen)).unwrap_err();
    assert!(matches!(refused, ReplicaError::Refused(Error::ChangedSince { .. })));
    here.perform(Request::new(ada, rename).unless_changed(website, seen + 1)).unwrap();
}

#[test]
fn an_unknown_outcome_is_found_out_and_done_once() {
    for faults in [
        &[Fault::KeptUnknown][..],
        &[Fault::LostUnknown],
        &[Fault::LateUnknown],
        &[Fault::LostUnknown, Fault::LateUnknown, Fault::LostUnknown],
        &[Fault::LateUnknown, Fault::Unavailable, Fault::KeptUnknown],
    ] {
        let (Demo { ada, acme, .. }, journal) = demo();
        let replica = opened(journal.clone());
        let before = replica.read().seq();
        for fault in faults {
            journal.inject(*fault);
        }
        let create = Operation::CreateApp { app: NewApp::in_team(acme) };
        let event = replica.perform(Request::new(ada, create)).unwrap();
        assert_eq!((event.seq, replica.read().seq()), (before + 1, before + 1), "{faults:?}");
        replica.read().app(ada, created(&event)).unwrap();
        as_kept(&replica, &journal);
    }
}

#[test]
fn an_outcome_that_stays_unknown_is_said_to_be_and_a_key_tells_it_later() {
    let (Demo { ada, acme, .. }, journal) = demo();
    let replica = opened(journal.clone());
    let before = replica.read().seq();
    let request = || Request::new(ada, Operation::CreateApp { app: NewApp::in_team(acme) }).key(key("k1"));
    (0..1000).for_each(|_| journal.inject(Fault::LostUnknown));
    let unknown = replica.perform(request()).unwrap_err();
    assert!(matches!(unknown, ReplicaError::Journal(JournalError::Unknown(_))), "{unknown}");
    assert_eq!(replica.read().seq(), before);
    let journal = journal_without_faults(&journal);
    let replica = opened(journal.clone());
    let event = replica.perform(request()).unwrap();
    assert_eq!(replica.perform(request()).unwrap(), event);
    assert_eq!(replica.read().seq(), before + 1);
}

fn journal_without_faults(journal: &MemoryJournal) -> MemoryJournal {
    let (mut from, mut to) = (journal.clone(), MemoryJournal::new());
    to.append(0, &from.read(0, usize::MAX).unwrap()).unwrap();
    to
}

#[test]
fn what_the_journal_does_not_keep_nobody_sees() {
    let (Demo { ada, website, .. }, journal) = demo();
    let replica = opened(journal.clone());
    let before = replica.read().seq();
    journal.inject(Fault::Unavailable);
    let lock = || Request::new(ada, Operation::LockApp { app: website });
    let error = replica.perform(lock()).unwrap_err();
    assert!(matches!(error, ReplicaError::Journal(JournalError::Unavailable(_))), "{error}");
    assert_eq!(replica.read().seq(), before);
    assert!(replica.feed(before, 10, Duration::ZERO).unwrap().is_empty());
    replica.perform(lock()).unwrap();
    as_kept(&replica, &journal);
}

/// A journal to which somebody else appends just before the first that is appended here.
struct Overtaken<F> {
    journal: MemoryJournal,
    other: Option<F>,
}

impl<F: FnOnce() + Send> Journal for Overtaken<F> {
    ask! { journal: now read end keyed keep_snapshot snapshot_below truncate wait }

    fn append(&mut self, after: u64, entries: &[Entry]) -> Result<(), JournalError> {
        if let Some(other) = self.other.take() {
            other();
        }
        self.journal.append(after, entries)
    }
}

#[test]
fn what_was_decided_on_a_conflict_is_decided_again_refusals_too() {
    let (Demo { ada, acme, .. }, journal) = demo();
    let there = opened(journal.clone());
    let apple = || Operation::CreateApp { app: NewApp::in_team(acme).named(name("apple")) };
    let unnamed = || Operation::CreateApp { app: NewApp::in_team(acme) };

    // Two in a transaction: the second is refused since the first has the name, until somebody else's event frees it.
    let other = || drop(there.perform(Request::new(ada, unnamed())).unwrap());
    let here = opened(Overtaken { journal: journal.clone(), other: Some(other) });
    let mut runs = 0;
    let (first, second) = here
        .transaction(|store| {
            runs += 1;
            let app = store.create_app(ada, NewApp::in_team(acme))?;
            let taken = store.app(ada, app)?.name();
            Ok::<_, Error>((app, store.create_app(ada, NewApp::in_team(acme).named(taken)).unwrap_err()))
        })
        .unwrap();
    assert_eq!((runs, second.code()), (2, "app-name-taken"));
    let theirs = there.read().events().last().map(created).unwrap();
    assert_ne!(first, theirs, "the id that was decided first went to somebody else");

    // And what was accepted at first is refused, for the name is somebody else's.
    let other = || drop(there.perform(Request::new(ada, apple())).unwrap());
    let here = opened(Overtaken { journal: journal.clone(), other: Some(other) });
    let refused = here.perform(Request::new(ada, apple())).unwrap_err();
    assert!(matches!(refused, ReplicaError::Refused(Error::AppNameTaken { .. })), "{refused}");
    as_kept(&here, &journal);
}

#[test]
fn many_threads_of_several_processes_lose_nothing_and_end_equal() {
    let (Demo { ada, acme, .. }, journal) = demo();
    let replicas = [opened(journal.clone()), opened(journal.clone()), opened(journal.clone())];
    let before = replicas[0].read().seq();
    let apps = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for thread in 0..6 {
            let (replica, apps) = (&replicas[thread % 3], &apps);
            scope.spawn(move || {
                for _ in 0..25 {
                    let create = Operation::CreateApp { app: NewApp::in_team(acme) };
                    let event = replica.perform(Request::new(ada, create)).unwrap();
                    let app = created(&event);
                    assert!(replica.read().app(ada, app).is_ok(), "seen by whoever made it");
                    apps.lock().unwrap().push((event.seq, app));
                }
            });
        }
    });
    let mut apps = apps.into_inner().unwrap();
    apps.sort();
    assert!(apps.iter().map(|(seq, _)| *seq).eq(before + 1..=before + 150));
    for replica in &replicas {
        replica.catch_up().unwrap();
        assert!(apps.iter().all(|(_, app)| replica.read().app(ada, *app).is_ok()));
        as_kept(replica, &journal);
    }
}

#[test]
fn a_transaction_is_kept_whole_or_not_at_all() {
    let (Demo { ada, joe, acme, website, .. }, journal) = demo();
    let replica = opened(journal.clone());
    let before = replica.read().seq();
    let refused = replica.transaction(|store| {
        store.lock_app(ada, website)?;
        store.rename_team(joe, acme, "widgets".parse()?)
    });
    assert!(matches!(refused, Err(ReplicaError::Refused(Error::OnlyAdminsRenameTeams { .. }))));
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        replica.transaction(|store| {
            store.lock_app(ada, website).unwrap();
            if store.seq() > before { panic!("midway") } else { Ok::<_, Error>(()) }
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(replica.read().seq(), before);
    replica.transaction(|store| store.lock_app(ada, website).and_then(|()| store.unlock_app(ada, website))).unwrap();
    assert_eq!(replica.read().seq(), before + 2);
    as_kept(&replica, &journal);
}

#[test]
fn a_time_from_the_future_is_refused_and_one_that_got_in_holds_nobody_up() {
    let (Demo { mut store, ada, joe, acme, website, .. }, journal) = demo();
    let replica = opened(journal.clone());
    let minute = TimeDelta::minutes(1);
    let lock = |at| Request::new(ada.at(at), Operation::LockApp { app: website });
    let refused = replica.perform(lock(ada.at + minute + TimeDelta::microseconds(1))).unwrap_err();
    assert!(matches!(refused, ReplicaError::TimeFromTheFuture { now, .. } if now == ada.at), "{refused}");
    let later = ada.at(ada.at + TimeDelta::days(1));
    let refused = replica.transaction(|store| store.lock_app(later, website));
    assert!(matches!(refused, Err(ReplicaError::TimeFromTheFuture { .. })));
    assert_eq!(replica.read().seq(), store.seq());
    replica.perform(lock(ada.at + minute)).unwrap();

    // One that was kept by other means.
    store.lock_app(ada.at(ada.at + minute), website).unwrap();
    let position = replica.with_journal(Journal::end).unwrap();
    store.set_mfa(joe.at(later.at), id(joe), Mfa::Enrolled).unwrap();
    let entry = Entry::new(position, store.events().last().unwrap(), None).unwrap();
    replica.with_journal(|journal| journal.append(position.seq, &[entry])).unwrap();
    let create = Operation::CreateApp { app: NewApp::in_team(acme) };
    assert_eq!(replica.perform(Request::new(ada, create)).unwrap().at, later.at);
    as_kept(&replica, &journal);
}

#[test]
fn the_feed_has_every_kept_event_in_order_from_memory_and_from_the_journal() {
    let (Demo { store, operator, .. }, journal) = demo();
    let mut short = options();
    short.log_kept = 3;
    let replica = Replica::open(journal.clone(), || panic!("it has begun"), short).unwrap();
    let register = |number: usize| {
        let user = NewUser::new(format!("user-{number}@acme.com").parse().unwrap());
        Request::new(operator, Operation::RegisterUser { user })
    };
    let whole = thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut events = Vec::<AuditEvent>::new();
            while events.len() < 60 {
                let after = events.last().map_or(0, |event| event.seq);
                events.extend(replica.feed(after, 7, Duration::from_secs(10)).unwrap());
            }
            events
        });
        (0..60).for_each(|number| drop(replica.perform(register(number)).unwrap()));
        reader.join().unwrap()
    });
    assert!(replica.read().events().len() <= 6);
    let end = replica.read().seq();
    let mut again = whole.clone();
    while again.last().is_none_or(|last| last.seq < end) {
        again.extend(replica.feed(again.last().map_or(0, |last| last.seq), 1000, Duration::ZERO).unwrap());
    }
    assert!(again.iter().map(|event| event.seq).eq(1..=end));
    // No feed shows the secret of the store: whoever has it can replay the events.
    let first = &store.events()[0];
    assert!(first.event != again[0].event && again[1] == store.events()[1]);
    assert!(
        !serde_json::to_string(&again[0])
            .unwrap()
            .contains(&serde_json::to_string(&store.settings().secret()).unwrap())
    );
    assert!(TeamStore::replay(again.clone()).is_err());
    again[0] = first.clone();
    assert!(TeamStore::replay(again).unwrap().seq() == end);
    assert!(replica.feed(end, 10, Duration::ZERO).unwrap().is_empty());
    assert_eq!(replica.feed(3, 1, Duration::ZERO).unwrap()[0].seq, 4);

    // What was changed in the journal is not handed out.
    journal.spoil(|entries, _| entries[3].event = entries[3].event.replacen("seq", "Seq", 1));
    assert!(matches!(replica.feed(3, 1, Duration::ZERO), Err(JournalError::Corrupt { seq: 4 })));
}

#[test]
fn a_reader_of_another_process_waits_for_a_number_or_hears_that_it_has_not_come() {
    let (Demo { ada, website, .. }, journal) = demo();
    let (here, there) = (opened(journal.clone()), opened(journal.clone()));
    let event = here.perform(Request::new(ada, Operation::LockApp { app: website })).unwrap();
    assert_eq!(there.read().app(ada, website).unwrap().lock(), Lock::Unlocked);
    let heard = there.last_heard();
    assert_eq!(there.read_at_least(event.seq, Duration::ZERO).unwrap().app(ada, website).unwrap().lock(), Lock::Locked);
    assert!(there.last_heard() > heard);
    let behind = there.read_at_least(event.seq + 1, Duration::from_millis(20)).unwrap_err();
    assert!(matches!(behind, ReadError::Behind { wanted, seq } if wanted == event.seq + 1 && seq == event.seq));
    thread::scope(|scope| {
        let waiting =
            scope.spawn(|| there.read_at_least(event.seq + 1, Duration::from_secs(10)).map(|read| read.seq()));
        here.perform(Request::new(ada, Operation::UnlockApp { app: website })).unwrap();
        assert_eq!(waiting.join().unwrap().unwrap(), event.seq + 1);
    });
}

#[test]
fn who_keeps_up_shows_what_others_keep() {
    let (Demo { ada, website, .. }, journal) = demo();
    let (here, there) = (opened(journal.clone()), opened(journal.clone()));
    let locked = || there.read().app(ada, website).unwrap().lock() == Lock::Locked;
    thread::scope(|scope| {
        let up = scope.spawn(|| there.keep_up(&mut journal.clone(), Duration::from_millis(20), || !locked()));
        here.perform(Request::new(ada, Operation::LockApp { app: website })).unwrap();
        up.join().unwrap().unwrap();
    });
    assert!(locked());
}

#[test]
fn a_journal_that_lost_what_was_followed_is_refused() {
    let (Demo { ada, website, .. }, journal) = demo();
    let replica = opened(journal.clone());
    let shorter = {
        let (mut from, mut to) = (journal.clone(), MemoryJournal::new());
        to.append(0, &from.read(0, 5).unwrap()).unwrap();
        to
    };
    replica.with_journal(|journal| *journal = shorter);
    let error = replica.perform(Request::new(ada, Operation::LockApp { app: website })).unwrap_err();
    assert!(matches!(error, ReplicaError::Journal(JournalError::Short { found: 5, .. })), "{error}");
}

#[test]
fn a_snapshot_is_kept_and_opened_with_what_comes_after() {
    let (Demo { ada, acme, website, .. }, journal) = demo();
    let replica = opened(journal.clone());
    for round in 0..3 {
        replica.perform(Request::new(ada, Operation::CreateApp { app: NewApp::in_team(acme) })).unwrap();
        assert_eq!(replica.keep_snapshot().unwrap().seq, replica.read().seq());
        replica.with_journal(Journal::truncate).unwrap();
        let operation = match round % 2 {
            0 => Operation::LockApp { app: website },
            _ => Operation::UnlockApp { app: website },
        };
        replica.perform(Request::new(ada, operation)).unwrap();
        assert!(*opened(journal.clone()).read() == *replica.read());
    }
    assert!(matches!(replica.into_journal().read(0, 1), Err(JournalError::Truncated { .. })));
}

/// END-3: what had ended is kept with the operation before which it left, and with none that is refused; also under a key.
#[test]
fn end_03_what_has_ended_is_kept_with_what_comes_after_it() {
    let (Demo { ada, joe, acme, website, .. }, journal) = demo();
    let (here, there) = (opened(journal.clone()), opened(journal.clone()));
    let soon = ada.at + TimeDelta::seconds(5);
    let end = Operation::SetMemberEnd { team: acme, user: id(joe), ends_at: Some(soon) };
    let before = here.perform(Request::new(ada, end)).unwrap().seq;
    there.catch_up().unwrap();
    for replica in [&here, &there] {
        assert_eq!(replica.read().next_end(), Some(soon));
        assert!(!replica.read().can(joe.at(soon), AppAction::PushCode, website));
    }
    let lock = Operation::LockApp { app: website };
    let refused = here.perform(Request::new(joe.at(soon), lock.clone())).unwrap_err();
    assert!(matches!(&refused, ReplicaError::Refused(Error::AppHidden { .. })), "{refused}");
    assert_eq!(here.read().seq(), before);
    let request = || Request::new(ada.at(soon), lock.clone()).key(key("k1"));
    let locked = here.perform(request()).unwrap();
    assert_eq!((locked.seq, locked.event.code()), (before + 2, "app-locked"));
    assert_eq!(there.perform(request()).unwrap(), locked);
    let sweep = Request::new(Actor::operator(soon), Operation::SweepEnds {});
    let refused = there.perform(sweep).unwrap_err();
    assert!(matches!(&refused, ReplicaError::Refused(Error::NothingHasEnded {})), "{refused}");
    for replica in [&here, &there] {
        as_kept(replica, &journal);
        let codes: Vec<_> = replica.read().events().iter().rev().take(2).map(|event| event.event.code()).collect();
        assert_eq!(codes, ["app-locked", "ends-swept"]);
    }
}

/// whoever asks again when their memberships have ended is told of it as one who is in neither team.
#[test]
fn end_03_what_was_done_before_the_end_is_told_again_as_to_who_one_is_now() {
    let (Demo { operator, ada, vera, joe, .. }, journal) = demo();
    let (here, there) = (opened(journal.clone()), opened(journal.clone()));
    let soon = ada.at + TimeDelta::seconds(5);
    let done = |actor, operation| here.perform(Request::new(actor, operation)).unwrap();
    done(operator, Operation::OpenAccount { name: "acme-corp".parse().unwrap(), manager: id(ada) });
    let account = here.read().account_by_name(operator, "acme-corp".parse().unwrap()).unwrap().id();
    let teams = ["labs", "tools"].map(|name| {
        done(ada, Operation::CreateTeamIn { account, name: name.parse().unwrap() });
        here.read().team_by_name(ada, name.parse().unwrap()).unwrap().id()
    });
    let [labs, tools] = teams;
    for team in teams {
        done(ada, Operation::AddMember { team, user: id(vera), role: TeamRole::Admin });
    }
    done(ada, Operation::AddMember { team: labs, user: id(joe), role: TeamRole::Member });
    let vault = NewSpace::new(labs, "vault".parse().unwrap());
    let Event::SpaceCreated { space } = done(ada, Operation::CreateSpace { space: vault }).event else {
        panic!("a space")
    };
    done(ada, Operation::AllowAppCreation { space: space.id(), user: id(joe) });
    for team in teams {
        done(ada, Operation::SetMemberEnd { team, user: id(vera), ends_at: Some(soon) });
    }
    let told = |replica: &Replica<_>, at| {
        let transfer = Operation::TransferSpace { space: space.id(), team: tools };
        match replica.perform(Request::new(vera.at(at), transfer).key(key("k1"))).unwrap().event {
            Event::SpaceTransferred { moved } => moved.creators_ended,
            other => panic!("{other:?}"),
        }
    };
    for replica in [&here, &there] {
        assert_eq!(*told(replica, ada.at), [id(joe)]);
        assert_eq!(*told(replica, soon), []);
    }
}
