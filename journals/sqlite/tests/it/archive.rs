//! Old entries, packed.

use std::fs;
use std::path::Path;

use enterprise_teams::TeamStore;
use enterprise_teams::journal::{Entry, Journal, JournalError, open, verify};
use enterprise_teams::replica::{Replica, ReplicaOptions, Request};
use enterprise_teams_journal_contract::{Chance, operator, register};
use enterprise_teams_sqlite::SqliteJournal;

use crate::{events, flip, folder, replica, times};

/// A journal of about so many events with two snapshots, packed below the older one.
fn packed(path: &Path, events: u64) -> (Vec<Entry>, u64) {
    let replica = replica(path);
    let mut older = 0;
    for part in 0..3 {
        let act = |store: &mut TeamStore| {
            (0..events / 3)
                .try_for_each(|number| store.perform(operator(), &register(&format!("user-{part}-{number}"))).map(drop))
        };
        replica.transaction(act).unwrap();
        if part < 2 {
            replica.keep_snapshot().unwrap();
        }
        if part == 0 {
            older = replica.read().seq();
        }
    }
    let mut journal = replica.into_journal();
    let whole = journal.read(0, usize::MAX).unwrap();
    assert_eq!(journal.archive().unwrap(), older - 1);
    assert_eq!(journal.archive().unwrap(), 0, "they are packed");
    (whole, older)
}

#[test]
fn packed_entries_are_read_as_before_and_take_less_room() {
    let (folder, path) = folder();
    let (whole, older) = packed(&path, 13_000);
    let size = |path: &Path| fs::metadata(path).unwrap().len();
    let unpacked = folder.path().join("unpacked.db");
    {
        let mut journal = SqliteJournal::open(&unpacked).unwrap();
        journal.append(0, &whole).unwrap();
    }
    let mut journal = SqliteJournal::open(&path).unwrap();
    assert!(journal.read(0, usize::MAX).unwrap() == whole);
    for after in [0, 1, 3998, 3999, 4000, 4001, older - 3, older - 2, older - 1, older] {
        for most in [0, 1, 2, 4000, 4001, 9000] {
            let at = usize::try_from(after).unwrap();
            let expected: Vec<_> = whole.iter().skip(at).take(most).cloned().collect();
            assert!(journal.read(after, most).unwrap() == expected, "{most} after {after}");
        }
    }
    let end = whole.last().unwrap().position();
    assert_eq!(verify(&mut journal).unwrap(), end);
    let replayed = TeamStore::replay(whole.iter().map(|entry| entry.audit_event().unwrap())).unwrap();
    let opened = open(&mut journal, || panic!("it has begun"), usize::MAX).unwrap();
    assert_eq!((opened.position, opened.store.seq()), (end, replayed.seq()));

    let copy = folder.path().join("copy.db");
    assert_eq!(SqliteJournal::backup(&path, &copy).unwrap(), end);
    let (mut journal, mut reader) = (journal, SqliteJournal::open_to_read(&copy).unwrap());
    assert!(reader.read(0, usize::MAX).unwrap() == whole);
    assert!(matches!(reader.archive(), Err(JournalError::ReadOnly)));
    let blocks: (u64, u64) = rusqlite::Connection::open(&copy)
        .unwrap()
        .query_row("select sum(last - first + 1), sum(length(bytes)) from archive", [], |row| {
            Ok((row.get::<_, u32>(0)?.into(), row.get::<_, u32>(1)?.into()))
        })
        .unwrap();
    println!("{} entries packed in {} bytes; {} of {} bytes in all", blocks.0, blocks.1, size(&copy), size(&unpacked));
    assert_eq!(blocks.0, older - 1);
    assert!(blocks.1 * 5 < size(&unpacked) * blocks.0 / end.seq);

    // It goes on as before, and gives up what it has packed.
    let mut replica = Replica::open(journal, || panic!("it has begun"), ReplicaOptions::default()).unwrap();
    replica.perform(Request::new(operator(), register("later"))).unwrap();
    journal = replica.into_journal();
    journal.truncate().unwrap();
    assert!(matches!(journal.read(0, 1), Err(JournalError::Truncated { first }) if first == older));
    assert_eq!(verify(&mut journal).unwrap().seq, end.seq + 1);
    // And packs on from where it has given up.
    replica = Replica::open(journal, || panic!("it has begun"), ReplicaOptions::default()).unwrap();
    replica.keep_snapshot().unwrap();
    let archived = replica.with_journal(SqliteJournal::archive).unwrap();
    assert!(archived > 0);
    let mut journal = replica.into_journal();
    assert!(journal.read(older - 1, usize::MAX).unwrap()[..10] == whole[usize::try_from(older - 1).unwrap()..][..10]);
    assert!(matches!(journal.read(0, 1), Err(JournalError::Truncated { first }) if first == older));
    verify(&mut journal).unwrap();
}

#[test]
fn a_key_that_is_remembered_is_not_packed() {
    let (_folder, path) = folder();
    let replica = replica(&path);
    let keyed = || Request::new(operator(), register("ada")).key("k1".parse().unwrap());
    replica.perform(Request::new(operator(), register("joe"))).unwrap();
    let event = replica.perform(keyed()).unwrap();
    for name in ["vera", "mia"] {
        replica.perform(Request::new(operator(), register(name))).unwrap();
        replica.keep_snapshot().unwrap();
    }
    assert_eq!(replica.with_journal(SqliteJournal::archive).unwrap(), event.seq - 1);
    assert_eq!(replica.perform(keyed()).unwrap(), event);
}

#[test]
fn a_flipped_bit_in_what_is_packed_is_found() {
    let (_folder, path) = folder();
    let (whole, _) = packed(&path, 900);
    let connection = rusqlite::Connection::open(&path).unwrap();
    let good: Vec<u8> = connection.query_row("select bytes from archive", [], |row| row.get(0)).unwrap();
    let set = |column: &str, bytes: &[u8]| {
        connection.execute(&format!("update archive set {column} = ?1"), [bytes]).unwrap();
    };
    let mut chance = Chance(11);
    let (mut found, mut harmless) = (0, 0);
    for _ in 0..times("FLIPS", 100) * 5 {
        let mut bytes = good.clone();
        flip(&mut chance, &mut bytes);
        set("bytes", &bytes);
        match events(&path) {
            Err(_) => found += 1,
            // Bits of the frame's header that say nothing.
            Ok(entries) => {
                assert!(entries == whole, "another store, silently");
                harmless += 1;
            }
        }
    }
    println!("flipped bits in a block of {} bytes: {found} found, {harmless} where nothing is kept", good.len());
    assert!(found > 20 * harmless);
    set("bytes", &good);
    for column in ["before", "digest"] {
        let kept: Vec<u8> =
            connection.query_row(&format!("select {column} from archive"), [], |row| row.get(0)).unwrap();
        for at in 0..kept.len() {
            let mut spoilt = kept.clone();
            spoilt[at] ^= 1 << (at % 8);
            set(column, &spoilt);
            assert!(matches!(events(&path), Err(JournalError::Corrupt { .. })), "byte {at} of {column}");
        }
        set(column, &kept);
    }
    assert!(events(&path).unwrap() == whole);
    connection.execute("delete from archive", []).unwrap();
    assert!(matches!(events(&path), Err(JournalError::Corrupt { seq: 1 })), "a block is missing");
}
