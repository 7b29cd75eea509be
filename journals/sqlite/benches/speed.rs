//! How fast a store in a file is, beside a plain file to which the same rows are written with one sync for each group; and how long it
//! takes to open one.
//!
//! ```text
//! cargo bench -p enterprise-teams-sqlite --bench speed -- 1000000
//! ```

use std::env;
use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use enterprise_teams::journal::{Journal, open, verify};
use enterprise_teams::replica::{Replica, ReplicaOptions};
use enterprise_teams::{Actor, NewUser, Settings, TeamStore, system};
use enterprise_teams_sqlite::SqliteJournal;

type Failure = Box<dyn Error>;

fn register(store: &mut TeamStore, number: u64) -> Result<(), Failure> {
    let user = NewUser::new(format!("user-{number}@acme.com").parse()?);
    store.register_user(Actor::operator(system::now()), user)?;
    Ok(())
}

/// Events a second, in groups of this size.
fn replica(replica: &Replica<SqliteJournal>, groups: u64, size: u64) -> Result<f64, Failure> {
    let start = Instant::now();
    for _ in 0..groups {
        replica.transaction(|store| {
            let since = store.seq();
            (since..since + size).try_for_each(|number| register(store, number))
        })?;
    }
    Ok(rate(groups * size, start.elapsed()))
}

fn plain(path: &Path, rows: &[String], size: usize) -> Result<f64, Failure> {
    let mut file = File::create(path)?;
    let start = Instant::now();
    for group in rows.chunks(size) {
        file.write_all(group.concat().as_bytes())?;
        file.sync_data()?;
    }
    Ok(rate(rows.len() as u64, start.elapsed()))
}

#[expect(clippy::cast_precision_loss, reason = "a few digits are enough")]
fn rate(events: u64, took: Duration) -> f64 {
    events as f64 / took.as_secs_f64()
}

fn main() -> Result<(), Failure> {
    let most: u64 =
        env::args().skip(1).find(|argument| argument != "--bench").map_or(Ok(100_000), |most| most.parse())?;
    let folder = tempfile::tempdir_in(".")?;
    let path = folder.path().join("teams.db");
    let store = Replica::open(SqliteJournal::open(&path)?, Settings::random, ReplicaOptions::default())?;

    println!("events a second | group | plain file | this | ratio");
    for (groups, size) in [(2_000, 1), (300, 100), (50, 1000)] {
        let kept = replica(&store, groups, size)?;
        let count = usize::try_from(groups * size)?;
        let entries = store.with_journal(|journal| {
            let end = journal.end()?.seq;
            journal.read(end - groups * size, count)
        })?;
        let rows: Vec<String> = entries.into_iter().map(|entry| entry.event).collect();
        let floor = plain(&folder.path().join("plain"), &rows, usize::try_from(size)?)?;
        println!("| {size} | {floor:.0} | {kept:.0} | {:.2}", kept / floor);
    }

    while store.read().seq() < most {
        replica(&store, 10, 1000)?;
    }
    let end = store.read().seq();
    drop(store);
    let bytes = std::fs::metadata(&path)?.len();
    println!("{end} events, {bytes} bytes: {} for each", bytes / end);
    let start = Instant::now();
    let mut journal = SqliteJournal::open(&path)?;
    let opened = open(&mut journal, Settings::random, 1000)?;
    println!("opened from all events in {:.2?}", start.elapsed());
    drop((opened, journal));
    let start = Instant::now();
    verify(&mut SqliteJournal::open(&path)?)?;
    println!("verified in {:.2?}", start.elapsed());
    let store = Replica::open(SqliteJournal::open(&path)?, Settings::random, ReplicaOptions::default())?;
    let start = Instant::now();
    store.keep_snapshot()?;
    println!("snapshot kept in {:.2?}", start.elapsed());
    replica(&store, 100, 1000)?;
    drop(store);
    let start = Instant::now();
    let mut journal = SqliteJournal::open(&path)?;
    open(&mut journal, Settings::random, 1000)?;
    println!("opened from the snapshot and 100,000 events after it in {:.2?}", start.elapsed());
    Ok(())
}
