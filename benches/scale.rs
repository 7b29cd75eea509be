//! A large store: what it weighs, and what a check, a page, a write and a refusal cost in it.
//!
//! `cargo bench --bench scale -- TEAMS` builds a store of so many teams (10,000 by default) with 100 users, 100 apps and 500
//! grants each, and prints resident memory and mean times. Figures of one run on one machine: compare them within a run.

#![expect(
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a bench: a panic or a rounding does no harm"
)]

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use enterprise_teams::chrono::{DateTime, Utc};
use enterprise_teams::{
    Actor, AppAction, AppFilter, AppId, AppSort, NewApp, NewTeam, NewUser, PageRequest, Permission, Settings, TeamId,
    TeamRole, TeamStore, UserId,
};

const USERS: usize = 100;
const APPS: usize = 100;
const GRANTS: usize = 5;

struct World {
    store: TeamStore,
    teams: Vec<TeamId>,
    users: Vec<UserId>,
    apps: Vec<AppId>,
}

fn build(teams: usize) -> Result<World, enterprise_teams::Error> {
    let now = DateTime::<Utc>::UNIX_EPOCH;
    let operator = Actor::operator(now);
    let mut world = World { store: TeamStore::new(Settings::new(1)), teams: vec![], users: vec![], apps: vec![] };
    for team in 0..teams {
        let mut register =
            |user| world.store.register_user(operator, NewUser::new(format!("user-{user}@team-{team}.com").parse()?));
        let users = (0..USERS).map(&mut register).collect::<Result<Vec<_>, enterprise_teams::Error>>()?;
        let admin = Actor::user(users[0], now);
        let id =
            world.store.provision_team(operator, NewTeam::enterprise(format!("team-{team}").parse()?, users[0]))?;
        for user in &users[1..USERS * 9 / 10] {
            world.store.add_member(admin, id, *user, TeamRole::Member)?;
        }
        for app in 0..APPS {
            let app = NewApp::in_team(id).named(format!("app-{team}-{app}").parse()?);
            let app = world.store.create_app(admin, app)?;
            for grant in 0..GRANTS {
                let user = users[1 + (world.apps.len() * 7 + grant * 13) % (USERS - 1)];
                world.store.grant_permissions(admin, app, user, Permission::Deploy.into())?;
            }
            world.apps.push(app);
        }
        world.teams.push(id);
        world.users.extend(users);
    }
    Ok(world)
}

fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

fn timed(what: &str, rounds: usize, mut act: impl FnMut(usize)) {
    let start = Instant::now();
    (0..rounds).for_each(&mut act);
    println!("{what:40} {:>10.1} ns", start.elapsed().as_nanos() as f64 / rounds as f64);
}

fn main() -> Result<(), Box<dyn Error>> {
    let teams = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(10_000);
    let before = resident();
    let start = Instant::now();
    let mut world = build(teams)?;
    let events = world.store.events().len();
    println!("{:?}, built in {:.1?} ({events} operations)", world.store, start.elapsed());
    if let (Some(before), Some(after)) = (before, resident()) {
        println!("{:40} {:>10.1} MB", "resident, with the ids kept by this bench", (after - before) as f64 / 1024.0);
    }
    drop(world.store.hand_over_events(1000));
    if let (Some(before), Some(after)) = (before, resident()) {
        println!("{:40} {:>10.1} MB", "the same with the older events handed over", (after - before) as f64 / 1024.0);
    }
    let now = DateTime::<Utc>::UNIX_EPOCH;
    let actors: Vec<Actor> = world.users.iter().map(|user| Actor::user(*user, now)).collect();
    let scattered = |index: usize, of: usize| index.wrapping_mul(0x9e37_79b9_7f4a_7c15) % of;
    let pick = |index: usize| {
        let app = scattered(index, world.apps.len());
        let user = app / APPS * USERS + scattered(index >> 3, USERS);
        (actors[user], world.apps[app])
    };
    timed("can push-code, actor of the app's team", 1_000_000, |index| {
        let (actor, app) = pick(index);
        black_box(world.store.can(actor, AppAction::PushCode, app));
    });
    timed("explain push-code", 1_000_000, |index| {
        let (actor, app) = pick(index);
        let _ = black_box(world.store.explain(actor, AppAction::PushCode, app));
    });
    let page = PageRequest::first(50)?;
    timed("first page of 50 of a team's apps", 100_000, |index| {
        let team = scattered(index, world.teams.len());
        let actor = actors[team * USERS];
        let _ = black_box(world.store.apps(actor, world.teams[team], &AppFilter::default(), AppSort::Name, &page));
    });
    let apps = world.apps.clone();
    timed("lock or unlock an app (accepted)", 200_000, |index| {
        let app = scattered(index / 2, apps.len());
        let admin = actors[app / APPS * USERS];
        let _ = match index % 2 {
            0 => black_box(world.store.lock_app(admin, apps[app])),
            _ => black_box(world.store.unlock_app(admin, apps[app])),
        };
    });
    timed("lock an app (refused)", 200_000, |index| {
        let app = scattered(index, apps.len());
        let member = actors[app / APPS * USERS + 1];
        let _ = black_box(world.store.lock_app(member, apps[app]));
    });
    Ok(())
}
