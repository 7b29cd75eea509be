//! Opening a store from a journal: what is kept comes back, and what was changed does not.

use core::time::Duration;

use enterprise_teams::chrono::{DateTime, TimeDelta, Utc};
use enterprise_teams::demo::{Demo, id};
use enterprise_teams::journal::{
    ChainDigest, Entry, Fault, HistoryError, Journal, JournalError, KeptSnapshot, MemoryJournal, Opened, PAGE,
    Position, as_of, follow, open, verify,
};
use enterprise_teams::{AuditEvent, EventContext, NewApp, NewUser, ReplayError, Settings, TeamRole, TeamStore};

const KEEP: usize = 1000;

/// A journal of these events.
fn journal_of(events: &[AuditEvent]) -> (MemoryJournal, Position) {
    let mut journal = MemoryJournal::new();
    let mut position = Position::START;
    for event in events {
        position = append(&mut journal, position, event);
    }
    (journal, position)
}

fn append(journal: &mut MemoryJournal, position: Position, event: &AuditEvent) -> Position {
    let entry = Entry::new(position, event, None).unwrap();
    journal.append(position.seq, std::slice::from_ref(&entry)).unwrap();
    entry.check(position).unwrap()
}

fn opened(journal: &mut MemoryJournal) -> Result<Opened, JournalError> {
    open(journal, || panic!("it has begun"), KEEP)
}

/// A store with a log of some length, and its journal.
fn kept() -> (TeamStore, MemoryJournal, Position) {
    let Demo { mut store, ada, joe, acme, website, .. } = Demo::new().unwrap();
    store.set_member_role(ada, acme, id(joe), TeamRole::Viewer).unwrap();
    store.lock_app(ada, website).unwrap();
    store.create_app(ada, NewApp::in_team(acme)).unwrap();
    let (journal, position) = journal_of(store.events());
    (store, journal, position)
}

#[test]
fn an_empty_journal_begins_with_the_settings_and_keeps_them() {
    let mut journal = MemoryJournal::new();
    let first = open(&mut journal, || Settings::from_seed(7).invitation_days(3), KEEP).unwrap();
    assert_eq!((first.position.seq, first.store.seq()), (1, 1));
    let again = open(&mut journal.clone(), || Settings::from_seed(8), KEEP).unwrap();
    assert!(again.store == first.store);
    assert_eq!(again.store.settings().options.invitation_days, 3);
}

#[test]
fn of_two_who_begin_a_journal_one_follows_the_other_whatever_is_known_of_it() {
    for fault in [Fault::KeptUnknown, Fault::LostUnknown] {
        let mut journal = MemoryJournal::new();
        journal.inject(fault);
        let begun = open(&mut journal, || Settings::from_seed(1), KEEP);
        assert_eq!(begun.is_ok(), fault == Fault::KeptUnknown);
        assert!(begun.is_ok() || matches!(begun, Err(JournalError::Unknown(_))));
        assert_eq!(open(&mut journal, || Settings::from_seed(1), KEEP).unwrap().position.seq, 1);
    }
    let mut journal = MemoryJournal::new();
    let mut other = journal.clone();
    let settings = || {
        open(&mut other, || Settings::from_seed(1), KEEP).unwrap();
        Settings::from_seed(2)
    };
    assert_eq!(open(&mut journal, settings, KEEP).unwrap().store.settings(), &Settings::from_seed(1));
}

/// A journal that another begins right after it was found empty.
struct Overtaken(MemoryJournal);

impl Journal for Overtaken {
    ask! { 0: now append end keyed keep_snapshot snapshot_below truncate wait }

    fn read(&mut self, after: u64, most: usize) -> Result<Vec<Entry>, JournalError> {
        let found = self.0.read(after, most);
        open(&mut self.0, || Settings::from_seed(1), KEEP)?;
        found
    }
}

#[test]
fn who_is_overtaken_before_it_begins_a_journal_follows_the_other() {
    let mut journal = Overtaken(MemoryJournal::new());
    let opened = open(&mut journal, || Settings::from_seed(2), KEEP).unwrap();
    assert_eq!((opened.position.seq, opened.store.settings()), (1, &Settings::from_seed(1)));
}

/// A journal that is opened to read, and that another begins right after it was found empty for the second time.
struct Read(MemoryJournal);

impl Journal for Read {
    ask! { 0: now read end keyed keep_snapshot snapshot_below truncate wait }

    fn append(&mut self, _: u64, _: &[Entry]) -> Result<(), JournalError> {
        open(&mut self.0, || Settings::from_seed(1), KEEP)?;
        Err(JournalError::ReadOnly)
    }
}

#[test]
fn who_only_reads_and_is_overtaken_follows_the_other() {
    let opened = open(&mut Read(MemoryJournal::new()), || Settings::from_seed(2), KEEP).unwrap();
    assert_eq!((opened.position.seq, opened.store.settings()), (1, &Settings::from_seed(1)));
}

/// A journal of which another gives up the beginning, right before the second time that it is read.
struct GivenUp {
    journal: MemoryJournal,
    newest: Option<KeptSnapshot>,
    reads: u32,
}

impl Journal for GivenUp {
    ask! { journal: now append end keyed keep_snapshot snapshot_below truncate wait }

    fn read(&mut self, after: u64, most: usize) -> Result<Vec<Entry>, JournalError> {
        self.reads += 1;
        if let Some(newest) = self.newest.take_if(|_| self.reads == 2) {
            self.journal.keep_snapshot(&newest)?;
            self.journal.truncate()?;
        }
        self.journal.read(after, most)
    }
}

#[test]
fn who_reads_what_is_given_up_meanwhile_begins_again() {
    let (store, ..) = kept();
    let given_up = || {
        let (mut journal, mut position) = (MemoryJournal::new(), Position::START);
        let mut snapshots = Vec::new();
        for event in store.events() {
            position = append(&mut journal, position, event);
            let then = TeamStore::replay(store.events()[..=snapshots.len()].to_vec()).unwrap();
            snapshots.push(KeptSnapshot::new(position, &then.snapshot()).unwrap());
        }
        let newest = snapshots.pop();
        let before = snapshots.split_off(snapshots.len() - 2);
        for one in &before {
            journal.keep_snapshot(one).unwrap();
        }
        (GivenUp { journal, newest, reads: 0 }, position)
    };
    let (mut journal, end) = given_up();
    assert_eq!(verify(&mut journal).unwrap(), end);
    let (mut journal, _) = given_up();
    let answer = as_of(&mut journal, DateTime::<Utc>::UNIX_EPOCH - TimeDelta::days(1), KEEP);
    assert!(matches!(answer, Err(HistoryError::NotKept { .. })), "{answer:?}");
    assert!(journal.newest.is_none(), "it was given up");
}

#[test]
fn the_store_comes_back_from_the_log_and_from_every_snapshot_with_the_tail() {
    let (store, mut journal, end) = kept();
    let whole = opened(&mut journal).unwrap();
    assert!(whole.store == store && whole.position == end && whole.violations.is_empty() && whole.skipped.is_empty());
    let (mut made, mut position) = (TeamStore::opened(store.events()[0].clone()).unwrap(), Position::START);
    for (index, entry) in journal.read(0, PAGE).unwrap().iter().enumerate() {
        position = entry.check(position).unwrap();
        if index > 0 {
            made.follow(entry.audit_event().unwrap()).unwrap();
        }
        let mut journal = journal.clone();
        journal.keep_snapshot(&KeptSnapshot::new(position, &made.snapshot()).unwrap()).unwrap();
        let opened = opened(&mut journal).unwrap();
        assert!(opened.store == store && opened.position == end);
        assert_eq!(verify(&mut journal).unwrap(), end);
    }
}

#[test]
fn more_than_a_page_comes_back_with_a_bounded_log() {
    let noon = DateTime::<Utc>::UNIX_EPOCH;
    let mut store = TeamStore::new(Settings::from_seed(1));
    for number in 0..PAGE * 2 + 5 {
        let email = format!("user-{number}@acme.com").parse().unwrap();
        store.register_user(enterprise_teams::Actor::operator(noon), NewUser::new(email)).unwrap();
    }
    let (mut journal, end) = journal_of(store.events());
    let opened = open(&mut journal, || panic!("it has begun"), 10).unwrap();
    assert_eq!((opened.store.seq(), opened.position), (store.seq(), end));
    assert!((10..=20).contains(&opened.store.events().len()));
    store.drain_events(opened.store.events().len());
    assert!(opened.store == store);
}

#[test]
fn who_follows_ends_where_the_journal_ends_and_a_second_time_nothing_comes() {
    let (store, mut journal, end) = kept();
    let (mut behind, mut position) = (TeamStore::opened(store.events()[0].clone()).unwrap(), Position::START);
    position = journal.read(0, 1).unwrap()[0].check(position).unwrap();
    assert_eq!(follow(&mut journal, &mut behind, &mut position, KEEP).unwrap(), store.seq() - 1);
    assert!(behind == store && position == end);
    assert_eq!(follow(&mut journal, &mut behind, &mut position, KEEP).unwrap(), 0);
}

#[test]
fn a_changed_byte_is_found_at_its_number() {
    let (_, mut journal, _) = kept();
    let entries = journal.read(0, PAGE).unwrap();
    for (index, entry) in entries.iter().enumerate() {
        for at in 0..entry.event.len() {
            let mut bytes = entry.event.clone().into_bytes();
            bytes[at] ^= 1;
            let Ok(event) = String::from_utf8(bytes) else { continue };
            let seq = index as u64 + 1;
            journal.spoil(|entries, _| entries[index].event = event);
            assert!(matches!(opened(&mut journal), Err(JournalError::Corrupt { seq: found }) if found == seq));
            assert!(matches!(verify(&mut journal), Err(JournalError::Corrupt { seq: found }) if found == seq));
        }
        journal.spoil(|entries, _| entries[index] = entry.clone());
    }
    assert!(opened(&mut journal).is_ok());
}

#[test]
fn a_cut_end_a_gap_a_changed_order_and_a_forged_event_are_told_apart() {
    let (store, mut journal, end) = kept();
    let whole = journal.read(0, PAGE).unwrap();
    let mut spoilt = |act: &dyn Fn(&mut Vec<Entry>)| {
        journal.spoil(|entries, _| {
            *entries = whole.clone();
            act(entries);
        });
        opened(&mut journal).unwrap_err()
    };
    let cut = spoilt(&|entries| drop(entries.pop()));
    assert!(matches!(cut, JournalError::Short { expected, found } if expected == end.seq && found == end.seq - 1));
    assert!(matches!(spoilt(&Vec::clear), JournalError::Short { found: 0, .. }));
    let gap = spoilt(&|entries| drop(entries.remove(4)));
    assert!(matches!(gap, JournalError::Gap { expected: 5, found: 6 }));
    assert!(matches!(spoilt(&|entries| entries.swap(4, 5)), JournalError::Gap { expected: 5, found: 6 }));
    // Forged with digests that fit: of an event that does not.
    let forged = spoilt(&|entries| {
        let mut event = store.events()[3].clone();
        event.seq = 6;
        let before = Position { seq: 5, digest: entries[4].digest };
        entries[5] = Entry::new(before, &event, None).unwrap();
    });
    assert!(matches!(forged, JournalError::Misfit(ReplayError::DoesNotFit { seq: 6 })), "{forged}");
    // And one whose end is another.
    let forked = spoilt(&|entries| {
        let last = entries.len() - 1;
        let mut event = store.events()[last].clone();
        event.context = Some(EventContext::new().reason("another".parse().unwrap()).into());
        let before = Position { seq: end.seq - 1, digest: entries[last - 1].digest };
        entries[last] = Entry::new(before, &event, None).unwrap();
    });
    assert!(matches!(forked, JournalError::Corrupt { seq } if seq == end.seq), "{forked}");
}

#[test]
fn what_a_newer_release_has_written_is_told_as_such() {
    let (mut journal, position) = journal_of(&[]);
    let store = TeamStore::new(Settings::from_seed(1));
    let mut entry = Entry::new(position, &store.events()[0], None).unwrap();
    entry.event = entry.event.replacen(r#""version":1"#, r#""version":2"#, 1);
    assert!(matches!(entry.check(position), Err(JournalError::Corrupt { seq: 1 })), "changed by hand");
    let problem = entry.audit_event().unwrap_err();
    assert!(problem.to_string().contains("written by a newer release: version 2"), "{problem}");
    assert!(matches!(problem, JournalError::Unreadable { seq: 1, .. }));
    journal.append(0, &[entry]).unwrap();
    assert!(opened(&mut journal).is_err());
}

#[test]
fn a_spoilt_snapshot_is_passed_over_as_long_as_there_is_another_way() {
    let (store, mut journal, end) = kept();
    let whole = opened(&mut journal).unwrap();
    let mut early = TeamStore::opened(store.events()[0].clone()).unwrap();
    let mut position = journal.read(0, 1).unwrap()[0].check(Position::START).unwrap();
    let mut first = journal.clone();
    for entry in first.read(1, 5).unwrap() {
        early.follow(entry.audit_event().unwrap()).unwrap();
        position = entry.check(position).unwrap();
    }
    let snapshots = [(position, early.snapshot()), (end, whole.store.snapshot())];
    for (position, snapshot) in &snapshots {
        journal.keep_snapshot(&KeptSnapshot::new(*position, snapshot).unwrap()).unwrap();
    }
    let spoil = |journal: &MemoryJournal, seq: u64| {
        journal.spoil(|_, snapshots| snapshots.get_mut(&seq).unwrap().bytes[20] ^= 1);
    };
    spoil(&journal, end.seq);
    let passed = opened(&mut journal).unwrap();
    assert!(passed.store == store);
    assert!(matches!(passed.skipped[..], [JournalError::Corrupt { seq }] if seq == end.seq));
    assert!(matches!(verify(&mut journal), Err(JournalError::Corrupt { .. })));
    journal.truncate().unwrap();
    assert!(opened(&mut journal).unwrap().store.seq() == store.seq());
    spoil(&journal, position.seq);
    assert!(matches!(opened(&mut journal), Err(JournalError::Corrupt { .. })), "no way is left");
}

#[test]
fn a_snapshot_of_another_log_or_beyond_its_end_is_refused() {
    let (store, mut journal, end) = kept();
    let elsewhere = Position { digest: ChainDigest::from_bytes([7; 32]), ..end };
    journal.keep_snapshot(&KeptSnapshot::new(elsewhere, &store.snapshot()).unwrap()).unwrap();
    assert!(matches!(opened(&mut journal), Err(JournalError::Corrupt { seq }) if seq == end.seq));
    journal.keep_snapshot(&KeptSnapshot::new(end, &store.snapshot()).unwrap()).unwrap();
    journal.spoil(|entries, _| drop(entries.pop()));
    assert!(matches!(opened(&mut journal), Err(JournalError::Short { .. })));
}

#[test]
fn what_stands_below_the_older_of_two_snapshots_is_given_up_and_the_rest_still_opens() {
    let (store, mut journal, mut end) = kept();
    let mut live = store;
    journal.truncate().unwrap();
    assert_eq!(journal.read(0, PAGE).unwrap().len() as u64, end.seq, "there are no two snapshots");
    let mut older = None;
    for round in 0..3 {
        journal.keep_snapshot(&KeptSnapshot::new(end, &live.snapshot()).unwrap()).unwrap();
        journal.truncate().unwrap();
        let first = older.unwrap_or(1);
        assert_eq!(journal.read(first - 1, 1).unwrap()[0].seq, first);
        if first > 1 {
            assert!(matches!(journal.read(first - 2, 1), Err(JournalError::Truncated { first: f }) if f == first));
        }
        assert_eq!(verify(&mut journal).unwrap(), end);
        assert!(opened(&mut journal).unwrap().store == live);
        older = Some(end.seq);
        let email = format!("later-{round}@acme.com").parse().unwrap();
        let operator = enterprise_teams::Actor::operator(DateTime::<Utc>::UNIX_EPOCH);
        live.register_user(operator, NewUser::new(email)).unwrap();
        end = append(&mut journal, end, live.events().last().unwrap());
    }
}
