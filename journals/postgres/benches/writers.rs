//! How fast a store in `PostgreSQL` is, beside bare inserts of the same numbers, events and digests; how four writers share it; and how far
//! behind a follower is. It works in a schema of its own, which it drops in the end.
//!
//! ```text
//! journals/postgres/tests/server cargo bench -p enterprise-teams-postgres --bench writers
//! ```

use std::error::Error;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};
use std::{env, process};

use enterprise_teams::journal::{Entry, Journal};
use enterprise_teams::replica::{Replica, ReplicaOptions, Request};
use enterprise_teams::{Actor, NewUser, Operation, Settings, TeamStore, system};
use enterprise_teams_postgres::PostgresJournal;
use postgres::{Client, NoTls};

type Failure = Box<dyn Error + Send + Sync>;
type Store = Replica<PostgresJournal>;

/// How long the writers write.
const SECONDS: u64 = 10;

fn user(name: &str) -> Result<NewUser, Failure> {
    Ok(NewUser::new(format!("{name}@acme.com").parse()?))
}

fn operator() -> Actor {
    Actor::operator(system::now())
}

/// Registers users in groups of this size.
fn kept(replica: &Store, groups: u64, size: u64) -> Result<f64, Failure> {
    let start = Instant::now();
    for _ in 0..groups {
        let act = |store: &mut TeamStore| {
            let since = store.seq();
            (since..since + size).try_for_each(|number| {
                store.register_user(operator(), user(&format!("user-{number}"))?)?;
                Ok::<(), Failure>(())
            })
        };
        replica.transaction(act).map_err(|error| error.to_string())?;
    }
    Ok(rate(groups * size, start.elapsed()))
}

/// The same numbers, events and digests in a table, one statement and one commit for each group.
fn bare(client: &mut Client, rows: &[Entry], size: usize) -> Result<f64, Failure> {
    client.batch_execute("drop table if exists bare; create table bare (seq bigint primary key, event text not null, digest bytea not null)")?;
    let insert = client.prepare("insert into bare select * from unnest($1::bigint[], $2::text[], $3::bytea[])")?;
    let start = Instant::now();
    for group in rows.chunks(size) {
        let seqs: Vec<i64> = group.iter().map(|entry| i64::try_from(entry.seq)).collect::<Result<_, _>>()?;
        let events: Vec<&str> = group.iter().map(|entry| entry.event.as_str()).collect();
        let digests: Vec<_> = group.iter().map(|entry| entry.digest.to_bytes()).collect();
        let digests: Vec<&[u8]> = digests.iter().map(<[u8; 32]>::as_slice).collect();
        client.execute(&insert, &[&seqs, &events, &digests])?;
    }
    Ok(rate(rows.len() as u64, start.elapsed()))
}

#[expect(clippy::cast_precision_loss, reason = "a few digits are enough")]
fn rate(events: u64, took: Duration) -> f64 {
    events as f64 / took.as_secs_f64()
}

fn share(mut all: Vec<Duration>, percent: usize) -> Duration {
    all.sort_unstable();
    all.get((all.len() * percent / 100).min(all.len().saturating_sub(1))).copied().unwrap_or_default()
}

fn main() -> Result<(), Failure> {
    let address = env::args()
        .skip(1)
        .find(|argument| argument != "--bench")
        .or_else(|| env::var("ENTERPRISE_TEAMS_POSTGRES").ok());
    let address = address.ok_or("the address of a server, please")?;
    let schema = format!("speed_{}", process::id());
    let mut client = Client::connect(&address, NoTls)?;
    client.batch_execute(&format!("create schema {schema}; set search_path = {schema}"))?;
    let measured = measure(&format!("{address} options='-c search_path={schema}'"), &mut client);
    client.batch_execute(&format!("drop schema {schema} cascade"))?;
    measured
}

fn measure(address: &str, client: &mut Client) -> Result<(), Failure> {
    let open = || Replica::open(PostgresJournal::open(address)?, Settings::random, ReplicaOptions::default());
    let store = open()?;
    println!("events a second | group | bare inserts | this | ratio");
    for (groups, size) in [(500, 1), (100, 100)] {
        // In turns, so that whatever else the machine does meets both.
        let mut ratios = Vec::new();
        for _ in 0..5 {
            let kept = kept(&store, groups, size)?;
            let entries = store.with_journal(|journal| {
                let end = journal.end()?.seq;
                journal.read(end - groups * size, usize::try_from(groups * size).unwrap_or(usize::MAX))
            })?;
            let floor = bare(client, &entries, usize::try_from(size)?)?;
            ratios.push((kept / floor, kept, floor));
        }
        ratios.sort_by(|one, other| one.0.total_cmp(&other.0));
        let (ratio, kept, floor) = ratios.get(ratios.len() / 2).copied().unwrap_or_default();
        println!("| {size} | {floor:.0} | {kept:.0} | {ratio:.2} (median of five)");
    }

    writers(&[open()?, open()?, open()?, open()?])?;
    store.catch_up()?;
    follower(&store, &open()?, PostgresJournal::open(address)?)
}

/// Four processes' worth of writers, each as fast as it can.
fn writers(replicas: &[Store; 4]) -> Result<(), Failure> {
    let stop = AtomicBool::new(false);
    let write = |(writer, replica): (usize, &Store)| -> Result<Vec<Duration>, Failure> {
        let mut took = Vec::new();
        while !stop.load(Ordering::Relaxed) {
            let user = user(&format!("writer-{writer}-{}", took.len()))?;
            let since = Instant::now();
            replica.perform(Request::new(operator(), Operation::RegisterUser { user }))?;
            took.push(since.elapsed());
        }
        Ok(took)
    };
    let all: Vec<Vec<Duration>> = thread::scope(|scope| {
        let writers: Vec<_> = replicas.iter().enumerate().map(|one| scope.spawn(move || write(one))).collect();
        thread::sleep(Duration::from_secs(SECONDS));
        stop.store(true, Ordering::Relaxed);
        writers
            .into_iter()
            .map(|writer| writer.join().map_err(|_| "a writer panicked")?)
            .collect::<Result<_, Failure>>()
    })?;
    let counts: Vec<usize> = all.iter().map(Vec::len).collect();
    let all = all.concat();
    let [median, most] = [50, 99].map(|percent| share(all.clone(), percent));
    println!(
        "four writers for {SECONDS} s: {counts:?} events; median {median:.1?}, p99 {most:.1?}, longest {:.1?}",
        share(all, 100)
    );
    Ok(())
}

/// How much later than its answer another process has an event.
fn follower(store: &Store, other: &Store, mut waiter: PostgresJournal) -> Result<(), Failure> {
    let stop = AtomicBool::new(false);
    let (shown, seen) = mpsc::channel();
    let feed = other.subscribe(other.read().seq(), move |event| match shown.send((event.seq, Instant::now())) {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
    })?;
    let (mut took, mut behind) = (Vec::new(), Vec::new());
    thread::scope(|scope| {
        let following =
            scope.spawn(|| other.keep_up(&mut waiter, Duration::from_millis(200), || !stop.load(Ordering::Relaxed)));
        let mut write = || {
            for number in 0..500 {
                let user = user(&format!("followed-{number}"))?;
                let since = Instant::now();
                let event = store.perform(Request::new(operator(), Operation::RegisterUser { user }))?;
                let answered = Instant::now();
                let (seq, at) = seen.recv_timeout(Duration::from_secs(10))?;
                if seq != event.seq {
                    return Err(format!("event {seq} instead of {}", event.seq).into());
                }
                took.push(answered - since);
                behind.push(at.saturating_duration_since(answered));
            }
            Ok::<(), Failure>(())
        };
        let written = write();
        stop.store(true, Ordering::Relaxed);
        following.join().map_err(|_| "the follower panicked")??;
        written
    })?;
    drop(feed);
    let [append, lag] = [took, behind].map(|all| (share(all.clone(), 50), share(all, 99)));
    println!(
        "an append takes {:.1?} (p99 {:.1?}); a follower has it {:.1?} later (p99 {:.1?})",
        append.0, append.1, lag.0, lag.1
    );
    Ok(())
}
