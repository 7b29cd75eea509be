//! What a check costs through a replica, beside one through a `SharedStore`; and how long a large store takes to open.
//!
//! ```text
//! cargo bench -p enterprise-teams-sqlite --bench reads
//! cargo bench -p enterprise-teams-sqlite --bench reads -- build teams.db 1000000
//! cargo bench -p enterprise-teams-sqlite --bench reads -- open teams.db
//! ```

use std::env;
use std::error::Error;
use std::fs;
use std::time::Instant;

use enterprise_teams::journal::{MemoryJournal, open};
use enterprise_teams::replica::{Replica, ReplicaOptions};
use enterprise_teams::{
    Actor, AppAction, AppId, NewApp, NewTeam, NewUser, Permission, Settings, SharedStore, TeamRole, TeamStore, system,
};
use enterprise_teams_sqlite::SqliteJournal;

type Failure = Box<dyn Error>;

/// How many people each team has, and how many of them hold something on each app besides.
const PEOPLE: u64 = 20;
const GRANTS: usize = 5;

/// A team with its people and so many apps, and one of each of them to ask about.
fn team(store: &mut TeamStore, number: u64, apps: u64) -> Result<(Actor, AppId), Failure> {
    let operator = Actor::operator(system::now());
    let mut people = Vec::new();
    for person in 0..PEOPLE {
        let email = format!("person-{number}-{person}@acme.com").parse()?;
        people.push(store.register_user(operator, NewUser::new(email))?);
    }
    let (first, members) = people.split_first().ok_or("a team without people")?;
    let team = store.provision_team(operator, NewTeam::enterprise(format!("team-{number}").parse()?, *first))?;
    let admin = Actor::user(*first, operator.at);
    for person in members {
        store.add_member(admin, team, *person, TeamRole::Member)?;
    }
    let mut asked = None;
    for index in 0..apps {
        let app = store.create_app(admin, NewApp::in_team(team))?;
        for person in members.iter().cycle().skip(usize::try_from(index)?).take(GRANTS) {
            store.grant_permissions(admin, app, *person, Permission::Deploy.into())?;
            asked = Some((Actor::user(*person, operator.at), app));
        }
    }
    asked.ok_or_else(|| "a team without apps".into())
}

/// How often somebody asks.
const ASKED: u32 = 200_000;

fn main() -> Result<(), Failure> {
    let mut arguments = env::args().skip(1).filter(|argument| argument != "--bench");
    match arguments.next().as_deref() {
        Some("build") => {
            build(&arguments.next().ok_or("which file?")?, arguments.next().map_or(Ok(20_000), |n| n.parse())?)
        }
        Some("open") => opened(&arguments.next().ok_or("which file?")?),
        _ => checks(),
    }
}

/// The same questions to both, in turns, so that whatever else the machine does meets both.
fn checks() -> Result<(), Failure> {
    let journal = MemoryJournal::new();
    journal.set_now(system::now());
    let replica = Replica::open(journal, || Settings::from_seed(1), ReplicaOptions::default())?;
    let mut store = TeamStore::new(Settings::from_seed(1));
    let mut asked = Vec::new();
    for number in 0..200 {
        asked.push(team(&mut store, number, 20)?);
        let _: (Actor, AppId) =
            replica.transaction(|store| team(store, number, 20)).map_err(|error| error.to_string())?;
    }
    let shared = SharedStore::new(store);
    let most = usize::try_from(ASKED)?;
    let questions = || asked.iter().cycle().take(most);
    let through_shared =
        || questions().filter(|(actor, app)| shared.read().can(*actor, AppAction::PushCode, *app)).count();
    let through_replica =
        || questions().filter(|(actor, app)| replica.read().can(*actor, AppAction::PushCode, *app)).count();
    let time = |ask: &dyn Fn() -> usize| {
        let since = Instant::now();
        (ask(), since.elapsed())
    };
    let mut rounds: Vec<(f64, f64)> = Vec::new();
    for _ in 0..41 {
        let (yes, one) = time(&through_shared);
        let (same, two) = time(&through_replica);
        if (yes, same) != (most, most) {
            return Err(format!("{yes} and {same} of {ASKED} may").into());
        }
        rounds.push((one.as_secs_f64(), two.as_secs_f64()));
    }
    let median = |of: &dyn Fn(&(f64, f64)) -> f64| {
        let mut all: Vec<f64> = rounds.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied().unwrap_or_default()
    };
    let nanoseconds = 1e9 / f64::from(ASKED);
    let (one, two) = (median(&|round| round.0) * nanoseconds, median(&|round| round.1) * nanoseconds);
    let ratio = median(&|round| round.1 / round.0);
    println!("a check through SharedStore {one:.0} ns, through Replica {two:.0} ns, median of the ratios {ratio:.3}");
    Ok(())
}

/// A file with so many apps, as many people, five times as many grants, a snapshot, and 100,000 events after it.
fn build(path: &str, apps: u64) -> Result<(), Failure> {
    let replica = Replica::open(SqliteJournal::open(path)?, Settings::random, ReplicaOptions::default())?;
    let since = Instant::now();
    for group in 0..apps / (PEOPLE * 10) {
        let act = |store: &mut TeamStore| {
            (group * 10..group * 10 + 10).try_for_each(|number| team(store, number, PEOPLE).map(drop))
        };
        replica.transaction(act).map_err(|error| error.to_string())?;
    }
    println!("{} events kept in {:.1?}", replica.read().seq(), since.elapsed());
    let since = Instant::now();
    replica.keep_snapshot()?;
    println!("snapshot kept in {:.1?}", since.elapsed());
    for group in 0..100_u64 {
        let act = |store: &mut TeamStore| {
            (0..1000).try_for_each(|number| {
                let email = format!("later-{group}-{number}@acme.com").parse()?;
                store.register_user(Actor::operator(system::now()), NewUser::new(email)).map(drop)
            })
        };
        replica.transaction::<_, enterprise_teams::Error>(act)?;
    }
    Ok(())
}

/// What a process that has just started takes to open it.
fn opened(path: &str) -> Result<(), Failure> {
    let since = Instant::now();
    let opened = open(&mut SqliteJournal::open(path)?, Settings::random, 100_000)?;
    let took = since.elapsed();
    let memory = |what: &str| {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with(what)).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or(0) / 1024
    };
    println!("event {} after {took:.1?}; {} MB, at most {} MB", opened.position.seq, memory("VmRSS"), memory("VmHWM"));
    Ok(())
}
