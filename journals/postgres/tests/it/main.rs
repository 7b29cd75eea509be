//! What a store in `PostgreSQL` keeps: the contract, whatever happens to the processes that write it and to the server.
//!
//! They need a server: `journals/postgres/tests/server cargo test -p enterprise-teams-postgres` runs them with one of their own, and
//! `journals/postgres/tests/cluster cargo test -p enterprise-teams-postgres promoted` the last one with a primary and two standbys;
//! `journals/postgres/tests/disk cargo test -p enterprise-teams-postgres full_disk` has a server on a small disk.

#![cfg(test)]

#[cfg(feature = "tls")]
mod tls;

use core::time::Duration;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, RwLock};
use std::thread;
use std::time::Instant;

use enterprise_teams::Settings;
use enterprise_teams::journal::{Journal, JournalError, verify};
use enterprise_teams::replica::{Replica, ReplicaError, ReplicaOptions, Request};
use enterprise_teams_journal_contract::{Writers, check, kill, operator, register};
use enterprise_teams_postgres::PostgresJournal;
use postgres::{Client, NoTls};

/// The address of the server, and what stops and starts it.
const SERVER: &str = "ENTERPRISE_TEAMS_POSTGRES";
const CONTROL: &str = "ENTERPRISE_TEAMS_POSTGRES_CONTROL";
/// The address of a primary and its standbys, and what kills the one and promotes another.
const CLUSTER: &str = "ENTERPRISE_TEAMS_POSTGRES_CLUSTER";
const FAIL_OVER: &str = "ENTERPRISE_TEAMS_POSTGRES_FAIL_OVER";
/// The small disk that the server is on.
const DISK: &str = "ENTERPRISE_TEAMS_POSTGRES_DISK";
/// Where it is set, the test is a writer that is killed.
const ADDRESS: &str = "ENTERPRISE_TEAMS_POSTGRES_WRITER";
const SEED: &str = "ENTERPRISE_TEAMS_POSTGRES_SEED";

/// How long a writer asks when nobody disturbs it any more.
const PATIENCE: Duration = Duration::from_mins(1);

/// Whoever stops the server is alone.
static RUNNING: RwLock<()> = RwLock::new(());

fn server() -> Option<String> {
    let server = std::env::var(SERVER).ok();
    if server.is_none() {
        println!("skipped: {SERVER} does not say where a server is");
    }
    server
}

/// An address with a schema of its own, or none without a server. For whoever has [`RUNNING`].
fn fresh() -> Option<String> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let server = server()?;
    let schema = format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let mut client = Client::connect(&server, NoTls).unwrap();
    client.batch_execute(&format!("create schema {schema}")).unwrap();
    Some(format!("{server} options='-c search_path={schema}'"))
}

fn replica(address: &str) -> Replica<PostgresJournal> {
    let journal = PostgresJournal::open(address).unwrap();
    Replica::open(journal, || Settings::from_seed(1), ReplicaOptions::default()).unwrap()
}

fn times(variable: &str, otherwise: u32) -> u32 {
    std::env::var(variable).ok().and_then(|times| times.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn it_keeps_the_contract() {
    let Some(_) = server() else { return };
    let _running = RUNNING.read();
    check(Writers::Several, || {
        let address = fresh().unwrap();
        move || PostgresJournal::open(&address).unwrap()
    });
}

#[test]
fn several_who_open_an_empty_schema_at_once_make_one_journal() {
    let _running = RUNNING.read();
    let Some(address) = fresh() else { return };
    let secrets = thread::scope(|scope| {
        let open = |seed| {
            let journal = PostgresJournal::open(&address).unwrap();
            let replica = Replica::open(journal, || Settings::from_seed(seed), ReplicaOptions::default()).unwrap();
            replica.read().settings().secret()
        };
        let opened: Vec<_> = (0..6).map(|seed| scope.spawn(move || open(seed))).collect();
        opened.into_iter().map(|one| one.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(secrets.iter().all(|secret| *secret == secrets[0]));
}

#[test]
fn who_stops_in_its_turn_holds_others_up_only_until_it_is_gone() {
    let _running = RUNNING.read();
    let Some(address) = fresh() else { return };
    let replica = replica(&address);
    let mut stopped = PostgresJournal::open(&address).unwrap();
    stopped.take_turn().unwrap();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| replica.perform(Request::new(operator(), register("ada"))));
        thread::sleep(Duration::from_millis(100));
        assert_eq!(replica.read().seq(), 1);
        drop(stopped);
        assert_eq!(waiting.join().unwrap().unwrap().seq, 2);
    });
}

#[test]
fn tables_of_a_newer_release_are_left_alone() {
    let _running = RUNNING.read();
    let Some(address) = fresh() else { return };
    drop(replica(&address));
    Client::connect(&address, NoTls).unwrap().batch_execute("update journal_head set version = 2").unwrap();
    assert!(matches!(PostgresJournal::open(&address), Err(JournalError::Unreadable { .. })));
}

#[test]
fn saturating_writers_take_turns() {
    let _running = RUNNING.read();
    let Some(address) = fresh() else { return };
    let replicas = [(); 4].map(|()| replica(&address));
    let (stop, waits) = (AtomicBool::new(false), Mutex::new(Vec::new()));
    let counts = thread::scope(|scope| {
        let count = |process: usize| {
            let mut count = 0;
            while !stop.load(Ordering::Relaxed) {
                let start = Instant::now();
                let name = format!("process-{process}-{count}");
                replicas[process].perform(Request::new(operator(), register(&name))).unwrap();
                waits.lock().unwrap().push(start.elapsed());
                count += 1;
            }
            count
        };
        let counting: Vec<_> = (0..4).map(|process| scope.spawn(move || count(process))).collect();
        thread::sleep(Duration::from_secs(u64::from(times("SECONDS", 2))));
        stop.store(true, Ordering::Relaxed);
        counting.into_iter().map(|one| one.join().unwrap()).collect::<Vec<u32>>()
    });
    let mut waits = waits.into_inner().unwrap();
    waits.sort();
    let (median, most) = (waits[waits.len() / 2], waits[waits.len() * 99 / 100]);
    println!("events of four writers: {counts:?}; median {median:?}, p99 {most:?}, longest {:?}", waits.last());
    let (least, most) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
    assert!(least * 2 >= *most, "{counts:?}");
}

/// Started again by the tests below as a process of its own, and killed.
#[test]
fn writer() {
    let Ok(address) = std::env::var(ADDRESS) else { return };
    let seed = std::env::var(SEED).unwrap().parse().unwrap();
    kill::write(PostgresJournal::open(&address).unwrap(), seed, 3, 1_000_000);
}

#[test]
fn whatever_was_answered_outlives_a_process_that_is_killed() {
    let _running = RUNNING.read();
    let Some(address) = fresh() else { return };
    let command = |seed: u64| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "writer", "--nocapture"]).env(ADDRESS, &address).env(SEED, seed.to_string());
        command
    };
    let outcome = kill::run(times("KILLS", 10), command, || PostgresJournal::open(&address).unwrap());
    println!("{outcome:?}");
    assert!(outcome.acknowledged > outcome.kills.into() && outcome.kept >= outcome.acknowledged, "{outcome:?}");
}

/// Stops others when it goes, also where whoever has it panics.
struct Stop<'s>(&'s AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Three processes' worth of writers go on while this disturbs them: each asks until it is answered, and each answer is kept once.
/// Answers how often they were told that it could not be kept.
#[track_caller]
fn goes_on_through(address: &str, disturb: impl FnOnce()) -> u32 {
    let (replicas, told) = ([(); 3].map(|()| replica(address)), AtomicU32::new(0));
    let stop = AtomicBool::new(false);
    let (mut answers, longest) = thread::scope(|scope| {
        let work = |process: usize| {
            let (mut answers, mut longest) = (Vec::new(), Duration::ZERO);
            while !stop.load(Ordering::Relaxed) {
                let name = format!("process-{process}-{}", answers.len());
                let since = Instant::now();
                // Under the key it is done once, however often it is asked for.
                let event = loop {
                    let request = Request::new(operator(), register(&name)).key(name.parse().unwrap());
                    match replicas[process].perform(request) {
                        Ok(event) => break event,
                        Err(ReplicaError::Journal(JournalError::Unavailable(_) | JournalError::Unknown(_))) => {
                            told.fetch_add(1, Ordering::Relaxed);
                            thread::sleep(Duration::from_millis(20));
                            let over = stop.load(Ordering::Relaxed) && since.elapsed() > PATIENCE;
                            assert!(!over, "no answer since {since:?}");
                        }
                        Err(error) => panic!("{error}"),
                    }
                };
                answers.push(event.seq);
                longest = longest.max(since.elapsed());
            }
            (answers, longest)
        };
        let working: Vec<_> = (0..3).map(|process| scope.spawn(move || work(process))).collect();
        let disturbing = Stop(&stop);
        thread::sleep(Duration::from_millis(500));
        disturb();
        thread::sleep(Duration::from_millis(500));
        drop(disturbing);
        let ended = working.into_iter().map(|one| one.join().unwrap());
        ended.reduce(|one, two| ([one.0, two.0].concat(), one.1.max(two.1))).unwrap()
    });
    answers.sort_unstable();
    let count = answers.len() as u64;
    println!("{count} events answered, the longest took {longest:?}");
    assert!(answers.into_iter().eq(2..=count + 1), "each number once, and no event that nobody asked for");
    for replica in &replicas {
        assert_eq!(replica.catch_up().unwrap(), count + 1);
        assert!(*replica.read() == *replicas[0].read());
    }
    let mut journal = PostgresJournal::open(address).unwrap();
    assert_eq!(verify(&mut journal).unwrap().seq, count + 1);
    told.into_inner()
}

#[track_caller]
fn run(command: &mut Command) {
    assert!(command.stdout(Stdio::null()).status().unwrap().success());
}

#[test]
fn a_server_that_stops_at_once_under_load_loses_nothing_and_does_nothing_twice() {
    let _alone = RUNNING.write();
    let (Some(address), Ok(control)) = (fresh(), std::env::var(CONTROL)) else { return };
    goes_on_through(&address, || {
        for _ in 0..times("STOPS", 3) {
            run(Command::new(&control).arg("stop"));
            run(Command::new(&control).arg("start"));
            thread::sleep(Duration::from_millis(700));
        }
    });
}

#[test]
fn a_full_disk_loses_nothing_and_they_go_on_when_there_is_room() {
    let Ok(disk) = std::env::var(DISK) else {
        println!("skipped: {DISK} does not say where a small disk is");
        return;
    };
    let _alone = RUNNING.write();
    let (Some(address), Ok(control)) = (fresh(), std::env::var(CONTROL)) else { return };
    let kept = || {
        let mut client = Client::connect(&address, NoTls).ok()?;
        client.query_one("select seq from journal_head", &[]).and_then(|row| row.try_get::<_, i64>(0)).ok()
    };
    let told = goes_on_through(&address, || {
        for _ in 0..times("FILLS", 2) {
            let filling = Path::new(&disk).join("filling");
            let full = io::copy(&mut io::repeat(0), &mut File::create(&filling).unwrap()).unwrap_err();
            assert_eq!(full.kind(), io::ErrorKind::StorageFull);
            let since = Instant::now();
            let mut last = Some(-1);
            while last != kept() {
                assert!(since.elapsed() < PATIENCE, "nobody can keep anything");
                last = kept();
                thread::sleep(Duration::from_secs(1));
            }
            fs::remove_file(filling).unwrap();
            let (since, mut first) = (Instant::now(), None);
            while kept().is_none_or(|now| now <= *first.get_or_insert(now)) {
                assert!(since.elapsed() < PATIENCE, "they go on");
                // The server may have given up; where it has not, it needs no start.
                _ = Command::new(&control).arg("start").stdout(Stdio::null()).stderr(Stdio::null()).status();
                thread::sleep(Duration::from_millis(200));
            }
        }
    });
    assert!(told > 0, "somebody was told");
}

#[test]
fn a_standby_that_is_promoted_has_all_that_was_answered() {
    let (Ok(address), Ok(fail_over)) = (std::env::var(CLUSTER), std::env::var(FAIL_OVER)) else {
        println!("skipped: {CLUSTER} does not say where a primary with its standbys is");
        return;
    };
    goes_on_through(&address, || {
        for _ in 0..times("PROMOTIONS", 2) {
            // One that does not come to an end has failed.
            run(Command::new("timeout").args(["--kill-after=5", "120"]).arg(&fail_over));
            thread::sleep(Duration::from_millis(700));
        }
    });
}
