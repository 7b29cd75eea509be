//! What a store in an `SQLite` file keeps: the contract, and what is the engine's own.

#![cfg(test)]

#[cfg(feature = "archive")]
mod archive;
mod erase;
mod power;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use enterprise_teams::chrono::TimeDelta;
use enterprise_teams::journal::{Entry, Journal, JournalError, PAGE, open, verify};
use enterprise_teams::replica::{Replica, ReplicaError, ReplicaOptions, Request};
use enterprise_teams::{Settings, system};
use enterprise_teams_journal_contract::{Chance, Writers, check, kill, operator, register};
use enterprise_teams_sqlite::SqliteJournal;
use tempfile::TempDir;

/// The variable by which the test that is killed finds the file: where it is set, the test is the writer.
const FILE: &str = "ENTERPRISE_TEAMS_SQLITE_FILE";
const SEED: &str = "ENTERPRISE_TEAMS_SQLITE_SEED";

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("teams.db");
    (folder, path)
}

fn replica(path: &Path) -> Replica<SqliteJournal> {
    Replica::open(SqliteJournal::open(path).unwrap(), || Settings::from_seed(1), ReplicaOptions::default()).unwrap()
}

/// How often something is done by chance: as often as the variable says.
fn times(variable: &str, otherwise: u32) -> u32 {
    std::env::var(variable).ok().and_then(|times| times.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn it_keeps_the_contract() {
    check(Writers::One, || {
        let (folder, path) = folder();
        move || {
            assert!(folder.path().exists());
            SqliteJournal::open(&path).unwrap()
        }
    });
}

#[test]
fn a_second_writer_is_refused_by_name_and_may_read_and_follow() {
    let (_folder, path) = folder();
    assert!(matches!(SqliteJournal::open_to_read(&path), Err(JournalError::Unavailable(_))), "there is no file");
    let writer = replica(&path);
    let refused = SqliteJournal::open(&path).unwrap_err();
    let name = format!("process {}", std::process::id());
    assert!(matches!(&refused, JournalError::Occupied { writer } if *writer == name), "{refused}");
    assert_eq!(refused.to_string(), format!("{name} writes the journal"));

    let reader = SqliteJournal::open_to_read(&path).unwrap();
    let reader = Replica::open(reader, || panic!("it has begun"), ReplicaOptions::default()).unwrap();
    let event = writer.perform(Request::new(operator(), register("ada"))).unwrap();
    let read = reader.read_at_least(event.seq, core::time::Duration::from_secs(10)).unwrap();
    assert!(*read == *writer.read());
    let refused = reader.perform(Request::new(operator(), register("joe"))).unwrap_err();
    assert!(matches!(refused, ReplicaError::Journal(JournalError::ReadOnly)), "{refused}");
    let mut own = SqliteJournal::open_to_read(&path).unwrap();
    assert!(matches!(own.truncate(), Err(JournalError::ReadOnly)));

    drop(writer);
    let writer = replica(&path);
    writer.perform(Request::new(operator(), register("joe"))).unwrap();
    assert_eq!(reader.catch_up().unwrap(), event.seq + 1);
}

#[test]
fn a_time_ahead_of_the_machine_is_refused() {
    let (_folder, path) = folder();
    let replica = replica(&path);
    let late = operator().at(system::now() + TimeDelta::minutes(2));
    let refused = replica.perform(Request::new(late, register("ada"))).unwrap_err();
    assert!(matches!(refused, ReplicaError::TimeFromTheFuture { .. }), "{refused}");
    replica.perform(Request::new(operator().at(system::now()), register("ada"))).unwrap();
}

#[test]
fn a_backup_of_a_journal_that_is_written_is_whole_and_opens() {
    let (folder, path) = folder();
    let replica = replica(&path);
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut number = 0;
            while !stop.load(Ordering::Relaxed) {
                replica.perform(Request::new(operator(), register(&format!("user-{number}")))).unwrap();
                number += 1;
            }
        });
        for round in 0..5 {
            let copy = folder.path().join(format!("copy-{round}.db"));
            let seen = replica.read().seq();
            let end = SqliteJournal::backup(&path, &copy).unwrap();
            assert!(end.seq >= seen);
            let restored = open(&mut SqliteJournal::open(&copy).unwrap(), || panic!("it has begun"), PAGE).unwrap();
            assert_eq!(restored.position, end);
            assert!(matches!(SqliteJournal::backup(&path, &copy), Err(JournalError::Unavailable(_))), "it is there");
        }
        stop.store(true, Ordering::Relaxed);
    });
}

#[test]
fn a_file_of_another_program_or_of_a_newer_release_is_left_alone() {
    let (_folder, path) = folder();
    fs::write(&path, "not a database, and longer than a header of one hundred bytes ".repeat(10)).unwrap();
    let before = fs::read(&path).unwrap();
    assert!(SqliteJournal::open(&path).is_err());
    assert_eq!(fs::read(&path).unwrap(), before);
    fs::remove_file(&path).unwrap();

    drop(replica(&path));
    let change = |sql: &str| rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    change("pragma user_version = 2");
    let newer = SqliteJournal::open(&path).unwrap_err();
    assert!(matches!(newer, JournalError::Unreadable { .. }), "{newer}");
    change("pragma user_version = 1; pragma application_id = 7");
    assert!(matches!(SqliteJournal::open(&path), Err(JournalError::Unavailable(_))));
}

/// Every event that the journal of this file makes a store of.
fn events(path: &Path) -> Result<Vec<Entry>, JournalError> {
    let mut journal = SqliteJournal::open(path)?;
    verify(&mut journal)?;
    open(&mut journal, || panic!("it has begun"), PAGE)?;
    journal.read(0, usize::MAX)
}

fn flip(chance: &mut Chance, bytes: &mut [u8]) {
    let bit = chance.number() % (bytes.len() as u64 * 8);
    bytes[usize::try_from(bit / 8).unwrap()] ^= 1 << (bit % 8);
}

/// Flips one bit of the file again and again: it is found, or nothing that is kept is another.
fn flipped(path: &Path, of: &Path, whole: &[Entry], flips: u32) -> (u32, u32) {
    let good: Vec<(PathBuf, Vec<u8>)> = [path.to_owned(), wal(path)]
        .into_iter()
        .filter_map(|path| fs::read(&path).ok().map(|bytes| (path, bytes)))
        .collect();
    let mut chance = Chance(5);
    let (mut found, mut harmless) = (0, 0);
    for _ in 0..flips {
        for (path, bytes) in &good {
            let mut bytes = bytes.clone();
            if path == of {
                flip(&mut chance, &mut bytes);
            }
            fs::write(path, bytes).unwrap();
        }
        _ = fs::remove_file(path.with_extension("db-shm"));
        match events(path) {
            Err(_) => found += 1,
            Ok(entries) => {
                assert!(entries == whole, "{} of {} entries, silently", entries.len(), whole.len());
                harmless += 1;
            }
        }
    }
    (found, harmless)
}

fn wal(path: &Path) -> PathBuf {
    path.with_extension("db-wal")
}

#[test]
fn a_flipped_bit_never_makes_another_store_silently() {
    let (_folder, path) = folder();
    let replica = replica(&path);
    for number in 0..300 {
        replica.perform(Request::new(operator(), register(&format!("user-{number}")))).unwrap();
        if number == 150 {
            replica.keep_snapshot().unwrap();
        }
    }
    drop(replica);
    assert!(!wal(&path).exists(), "closed");
    let whole = events(&path).unwrap();
    let (found, harmless) = flipped(&path, &path, &whole, times("FLIPS", 100));
    println!("flipped bits in the file: {found} found, {harmless} where nothing is kept");
    assert!(found > harmless);
}

#[test]
fn a_flipped_bit_in_the_log_of_a_killed_process_is_found_but_in_its_last_transaction() {
    let (folder, path) = folder();
    let replica = replica(&path);
    for number in 0..100 {
        replica.perform(Request::new(operator(), register(&format!("user-{number}")))).unwrap();
    }
    // What a process that is killed now leaves.
    let (main, log) = (fs::read(&path).unwrap(), fs::read(wal(&path)).unwrap());
    drop(replica);
    let whole = events(&path).unwrap();
    assert_eq!(whole.len(), 101);
    let copy = folder.path().join("copy.db");
    let (mut chance, mut found, mut ends) = (Chance(3), 0, 0);
    for round in 0..=times("FLIPS", 100) {
        let mut log = log.clone();
        if round > 0 {
            flip(&mut chance, &mut log);
        }
        fs::write(&copy, &main).unwrap();
        fs::write(wal(&copy), log).unwrap();
        match events(&copy) {
            Err(_) => found += 1,
            Ok(entries) => {
                let lost = whole.len() - entries.len();
                assert!(lost <= usize::from(round > 0) && whole.starts_with(&entries), "{lost} entries, silently");
                ends += 1;
            }
        }
    }
    assert!(found > ends);
    println!("flipped bits in the log: {found} found, {ends} in the last transaction or where nothing is kept");
}

/// Started again by the test below as a process of its own, and killed.
#[test]
fn writer() {
    let Ok(path) = std::env::var(FILE) else { return };
    let seed = std::env::var(SEED).unwrap().parse().unwrap();
    kill::write(SqliteJournal::open(path).unwrap(), seed, 3, 1_000_000);
}

#[test]
fn whatever_was_answered_outlives_a_process_that_is_killed() {
    let (_folder, path) = folder();
    let command = |seed: u64| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "writer", "--nocapture"]).env(FILE, &path).env(SEED, seed.to_string());
        command
    };
    let outcome = kill::run(times("KILLS", 10), command, || SqliteJournal::open(&path).unwrap());
    println!("{outcome:?}");
    assert!(outcome.acknowledged > outcome.kills.into() && outcome.kept >= outcome.acknowledged, "{outcome:?}");
}

#[test]
fn events_are_json_that_any_tool_reads() {
    let (_folder, path) = folder();
    drop(replica(&path));
    let connection = rusqlite::Connection::open(&path).unwrap();
    let kind: String =
        connection.query_row("select json_extract(event, '$.event.type') from entry", [], |row| row.get(0)).unwrap();
    assert_eq!(kind, "store-opened");
    let check: String = connection.query_row("pragma integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
}

#[test]
fn who_reads_while_old_entries_are_packed_and_given_up_finds_no_fault() {
    let (_folder, path) = folder();
    let replica = replica(&path);
    let over = AtomicBool::new(false);
    let read = thread::scope(|scope| {
        let reading = scope.spawn(|| {
            let (mut reader, mut read) = (SqliteJournal::open_to_read(&path).unwrap(), 0);
            while !over.load(Ordering::Relaxed) {
                match verify(&mut reader) {
                    Ok(_) => read += 1,
                    // They are given up faster than they can be read here.
                    Err(JournalError::Truncated { .. }) => {}
                    Err(error) => panic!("{error}"),
                }
            }
            verify(&mut reader).unwrap();
            read
        });
        for round in 0..60 {
            for number in 0..3 {
                replica.perform(Request::new(operator(), register(&format!("user-{round}-{number}")))).unwrap();
            }
            replica.keep_snapshot().unwrap();
            replica.with_journal(|journal| {
                #[cfg(feature = "archive")]
                journal.archive().unwrap();
                journal.truncate().unwrap();
            });
        }
        over.store(true, Ordering::Relaxed);
        reading.join().unwrap()
    });
    assert!(read > 0);
}
