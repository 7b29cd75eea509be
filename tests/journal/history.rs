//! The past beyond what is in memory: as it was at a time, and the audit log.

use enterprise_teams::chrono::TimeDelta;
use enterprise_teams::demo::{Demo, id};
use enterprise_teams::journal::{HistoryError, Journal, JournalError, MemoryJournal, PAGE};
use enterprise_teams::replica::{Known, Replica, Request};
use enterprise_teams::{
    Actor, AuditEvent, Error, NewApp, NewUser, Operation, PageRequest, TeamStore,
    query::{AuditFilter, AuditScope},
};

use crate::replica::{demo, options};

/// A replica with a log of three to six events, and a store that has done the same and has them all: an event an hour.
struct Past {
    replica: Replica<MemoryJournal>,
    journal: MemoryJournal,
    whole: TeamStore,
    demo: Demo,
}

impl Past {
    fn new() -> Self {
        let (demo, journal) = demo();
        let mut short = options();
        short.log_kept = 3;
        let replica = Replica::open(journal.clone(), || panic!("it has begun"), short).unwrap();
        let whole = demo.store.clone();
        Self { replica, journal, whole, demo }
    }

    fn go_on(&mut self, count: usize) {
        let ada = self.demo.ada;
        for number in 0..count {
            let at = last(&self.whole).at + TimeDelta::hours(1);
            self.journal.set_now(at);
            let operation = match number % 4 {
                0 => Operation::LockApp { app: self.demo.website },
                1 => Operation::CreateApp { app: NewApp::in_team(self.demo.acme) },
                2 => Operation::UnlockApp { app: self.demo.website },
                _ => {
                    let name = format!("site-{}", self.whole.seq()).parse().unwrap();
                    Operation::RenameApp { app: self.demo.website, name }
                }
            };
            self.whole.perform(ada.at(at), &operation).unwrap();
            self.replica.perform(Request::new(ada.at(at), operation)).unwrap();
        }
    }

    fn snapshot_and_truncate(&self) {
        self.replica.keep_snapshot().unwrap();
        self.replica.with_journal(Journal::truncate).unwrap();
    }
}

fn last(store: &TeamStore) -> &AuditEvent {
    store.events().last().unwrap()
}

/// Equal but for the log.
#[track_caller]
fn same(one: &TeamStore, two: &TeamStore) {
    let (mut one, mut two) = (one.clone(), two.clone());
    for store in [&mut one, &mut two] {
        store.drain_events(0);
    }
    assert!(one == two);
}

#[test]
fn the_store_as_it_was_comes_from_memory_from_the_journal_and_from_snapshots() {
    let mut past = Past::new();
    past.go_on(12);
    past.replica.keep_snapshot().unwrap();
    past.go_on(12);
    past.replica.keep_snapshot().unwrap();
    past.go_on(12);
    let half = TimeDelta::minutes(30);
    for event in past.whole.events() {
        for at in [event.at, event.at + half] {
            let then = past.replica.as_of(at).unwrap();
            same(&then, &past.whole.as_of(at).unwrap());
            assert!(then.events().len() <= 6 && then.check_invariants().is_empty());
        }
    }
    let before = past.whole.events()[0].at - half;
    let unknown = past.replica.as_of(before).unwrap_err();
    assert!(matches!(unknown, HistoryError::NotKept { since } if since == before + half), "{unknown}");

    // A snapshot that is spoilt is passed over.
    let spoilt = past.whole.events().len() - 12;
    past.journal.spoil(|_, snapshots| snapshots.get_mut(&(spoilt as u64)).unwrap().bytes[20] ^= 1);
    let at = past.whole.events()[spoilt + 1].at;
    same(&past.replica.as_of(at).unwrap(), &past.whole.as_of(at).unwrap());
    // And what was changed in the journal is not told.
    past.journal.spoil(|entries, _| entries[5].event = entries[5].event.replacen("seq", "Seq", 1));
    let at = past.whole.events()[10].at;
    assert!(matches!(past.replica.as_of(at), Err(HistoryError::Journal(JournalError::Corrupt { seq: 6 }))));
}

#[test]
fn of_what_was_given_up_it_says_since_when_it_knows() {
    let mut past = Past::new();
    past.go_on(12);
    past.snapshot_and_truncate();
    let (seq, at) = (past.whole.seq(), last(&past.whole).at);
    let since = past.whole.events().len() - 1;
    past.go_on(12);
    past.snapshot_and_truncate();
    past.go_on(12);
    for event in past.whole.events() {
        let then = past.replica.as_of(event.at);
        if event.seq < seq {
            assert!(matches!(then, Err(HistoryError::NotKept { since }) if since == at), "event {}", event.seq);
        } else {
            same(&then.unwrap(), &past.whole.as_of(event.at).unwrap());
        }
    }
    let history = past.replica.history(past.demo.ada.at).unwrap();
    assert_eq!(history.since(), Known { seq, at });
    assert_eq!(history.events(), &past.whole.events()[since..]);
    same(&history, &past.whole);
}

/// Every entry of the audit log, page by page, as text.
fn audit(store: &TeamStore, reader: Actor, filter: &AuditFilter) -> Result<Vec<String>, Error> {
    let (mut texts, mut page) = (Vec::new(), PageRequest::first(7)?);
    loop {
        let next = store.audit_log(reader, filter, &page)?;
        texts.extend(next.items.iter().map(ToString::to_string));
        match next.next {
            Some(cursor) => page = PageRequest::first(7)?.after(cursor),
            None => return Ok(texts),
        }
    }
}

#[test]
fn x_03_the_audit_log_reads_on_into_the_journal() {
    let mut past = Past::new();
    past.go_on(40);
    let Demo { operator, ada, joe, acme, website, .. } = past.demo;
    let begun = past.demo.ada.at;
    for (hours, first) in [(0, 1), (20, 20), (39, 39), (100, 40)] {
        let since = begun + TimeDelta::hours(hours);
        let history = past.replica.history(since).unwrap();
        assert!(history.since().seq <= past.demo.store.seq() + first && history.seq() == past.whole.seq());
        for (reader, scope) in [
            (operator, AuditScope::Everything),
            (ada, AuditScope::Team(acme)),
            (ada, AuditScope::App(website)),
            (ada, AuditScope::By(id(ada))),
            (joe, AuditScope::User(id(joe))),
            (joe, AuditScope::Team(acme)),
        ] {
            let filter = AuditFilter::new(scope).since(since);
            assert_eq!(audit(&history, reader, &filter), audit(&past.whole, reader, &filter), "{scope:?}");
        }
    }
    let everything = AuditFilter::new(AuditScope::Everything);
    assert!(audit(&past.replica.read(), operator, &everything).unwrap().len() <= 6);
    let history = past.replica.history(begun - TimeDelta::days(1)).unwrap();
    assert_eq!(history.since(), Known { seq: 1, at: past.whole.events()[0].at });
    assert!(*history == past.whole);
}

#[test]
fn a_history_of_many_pages_is_whole() {
    let past = Past::new();
    let operator = past.demo.operator;
    past.replica
        .transaction(|store| {
            (0..2 * PAGE + 10).try_for_each(|number| {
                let user = NewUser::new(format!("user-{number}@acme.com").parse()?);
                store.register_user(operator, user).map(drop)
            })
        })
        .unwrap();
    for operation in [Operation::LockApp { app: past.demo.website }, Operation::UnlockApp { app: past.demo.website }] {
        past.replica.perform(Request::new(past.demo.ada, operation)).unwrap();
    }
    assert!(past.replica.read().events().len() <= 6);
    let history = past.replica.history(operator.at).unwrap();
    assert!(history.events().iter().map(|event| event.seq).eq(1..=past.replica.read().seq()));
    past.journal.spoil(|entries, _| entries[70].event = entries[70].event.replacen("seq", "Seq", 1));
    assert!(matches!(past.replica.history(operator.at), Err(JournalError::Corrupt { seq: 71 })));
}

/// What the events of the journal replaced is not known: they are there to be read.
#[test]
fn a_history_takes_back_what_the_replica_does_and_no_more() {
    let mut past = Past::new();
    past.go_on(12);
    let (read, history) = (past.replica.read(), past.replica.history(past.demo.operator.at).unwrap());
    assert!(*history == past.whole && read.events().len() < 7);
    let mut taken_back = 0;
    for event in past.whole.events() {
        let [one, two, all] = [&*history, &*read, &past.whole].map(|store| store.as_of(event.at));
        // With the same events taken back it knows the time before them too, which the replica does not.
        let before = read.events()[0].seq - 1 == event.seq;
        assert_eq!(one.is_some(), two.is_some() || before, "{event}");
        if let Some((one, all)) = one.zip(all) {
            same(&one, &all);
            two.inspect(|two| same(&one, two));
            taken_back += 1;
        }
    }
    assert!((4..8).contains(&taken_back));
    same(&TeamStore::restore(history.snapshot()).unwrap(), &past.whole);
    for keep in [past.whole.events().len() - 1, 2] {
        let mut kept = (*history).clone();
        kept.drain_events(keep);
        same(
            &kept.as_of(last(&past.whole).at - TimeDelta::minutes(1)).unwrap(),
            &past.whole.as_of(last(&past.whole).at - TimeDelta::minutes(1)).unwrap(),
        );
    }
}
