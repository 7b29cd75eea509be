//! What each operation takes, one by one: `cargo bench --bench operations`, or `-- check` for a part, `-- --save-baseline NAME`
//! and `-- --baseline NAME` to compare.
//!
//! On a store of 100 teams, 55,000 users, 100,000 apps and 1,000,000 grants; what concerns a whole store, on one team of it. Each
//! bench asks or does a thousand different things in turn, few enough for the caches: `growth` and `targets` ask everywhere.
//! Times are CPU time of the thread.

#![allow(
    missing_docs,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "a bench"
)]

mod ground;

use std::collections::HashSet;
use std::error::Error;
use std::time::Duration;

use cpu_time::ThreadTime;
use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use criterion::{BatchSize, Criterion, SamplingMode};
use enterprise_teams::{
    Actor, AppAction, AppId, AppName, Email, NameGenerator, NewApp, NewUser, PageRequest, ParseError, Permission,
    Snapshot, TeamId, TeamStore, UserId,
    ids::Secret,
    query::{AppFilter, AppSort, PAGE_SIZE_MAX},
};
use ground::clock::timed;
use ground::ours::{NOW, Ours};
use ground::world::{ACTIONS, AccessQuery, LARGE, Numbers, World};

type Outcome = Result<(), Box<dyn Error>>;

/// CPU time of the thread.
struct CpuTime;

impl Measurement for CpuTime {
    type Intermediate = ThreadTime;
    type Value = Duration;

    fn start(&self) -> ThreadTime {
        ThreadTime::now()
    }

    fn end(&self, start: ThreadTime) -> Duration {
        start.elapsed()
    }

    fn add(&self, one: &Duration, other: &Duration) -> Duration {
        *one + *other
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        WallTime.to_f64(value)
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}

/// How many different things are asked or done in turn.
const ROUND: usize = 1000;

type Benches = Criterion<CpuTime>;

/// Asks each of the questions in turn.
fn ask<Q, A>(benches: &mut Benches, name: &str, questions: &[Q], ask: impl Fn(&Q) -> A) {
    assert!(!questions.is_empty(), "{name}: something is asked");
    let mut questions = questions.iter().cycle();
    benches.bench_function(name, |bench| bench.iter(|| questions.next().map(&ask)));
}

/// Does each of the operations in turn. After each round they are taken back, which does not count.
fn act<T>(
    benches: &mut Benches,
    name: &str,
    store: &mut TeamStore,
    all: &[T],
    act: impl Fn(&mut TeamStore, &T) -> bool,
) {
    assert!(!all.is_empty(), "{name}: something is done");
    let mut times = |times: u64| {
        let (mut left, mut spent) = (times as usize, Duration::ZERO);
        while left > 0 {
            let round = &all[..left.min(all.len())];
            let mut trial = store.begin();
            let (done, time) = timed(|| round.iter().filter(|one| act(&mut trial, one)).count());
            trial.roll_back();
            assert_eq!(done, round.len(), "{name}: each did what it was to do");
            left -= done;
            spent += time;
        }
        spent
    };
    benches.bench_function(name, |bench| bench.iter_custom(&mut times));
}

/// What is asked of the store: who, what, on which app.
type Asked = (Actor, AppAction, AppId);

fn checks(benches: &mut Benches, world: &World, ours: &Ours) -> Outcome {
    let store = &ours.store;
    let asked = |question: &AccessQuery| -> Asked {
        let AccessQuery { user, client, action, app } = *question;
        (ours.actor(user, client), ACTIONS[action as usize].0, ours.apps[app as usize])
    };
    let questions = world.questions(65_536);
    let such = |is_such: &dyn Fn(&AccessQuery) -> bool| -> Vec<Asked> {
        questions.iter().filter(|question| is_such(question)).take(ROUND).map(asked).collect()
    };
    let inside = |question: &AccessQuery| {
        world.users[question.user as usize].team == world.apps[question.app as usize].team && !question.client
    };
    let yes = such(&|question| inside(question) && world.allowed(*question));
    let no = such(&|question| inside(question) && !world.allowed(*question));
    let outsiders = such(&|question| !inside(question) && !question.client);
    let clients = such(&|question| question.client);
    let can = |(actor, action, app): &Asked| store.can(*actor, *action, *app);
    assert!(yes.iter().all(can) && !no.iter().any(can) && !outsiders.iter().any(can));
    ask(benches, "check/yes", &yes, can);
    ask(benches, "check/no", &no, can);
    ask(benches, "check/of an outsider", &outsiders, can);
    ask(benches, "check/through a client", &clients, can);
    let explain = |(actor, action, app): &Asked| store.explain(*actor, *action, *app);
    ask(benches, "explain/yes", &yes, explain);
    ask(benches, "explain/no", &no, explain);

    // A member, about the apps of their team.
    let member = ours.actor(LARGE.admins as u32, false);
    let asker = store.for_actor(member)?;
    let own: Vec<_> = ours.apps[..LARGE.apps].iter().zip(ACTIONS.iter().cycle()).collect();
    ask(benches, "asker/made", &yes, |(actor, ..)| store.for_actor(*actor));
    ask(benches, "asker/a check in a loop", &own, |(app, (action, ..))| asker.can(*action, **app));
    Ok(())
}

fn lists(benches: &mut Benches, world: &World, ours: &Ours) -> Outcome {
    let store = &ours.store;
    let (all, fifty) = (AppFilter::default(), PageRequest::first(50)?);
    let mut numbers = Numbers(3);
    let actor = |user: usize| Actor::user(ours.users[user], NOW);
    let apps: Vec<usize> = (0..ROUND).map(|_| numbers.below(world.apps.len())).collect();
    let team = |app: &usize| world.apps[*app].team as usize;
    let admin = |app: &usize| actor(world.people(team(app)).start);
    let collaborators: Vec<Actor> = apps.iter().map(|app| actor(world.people(team(app)).end - 1)).collect();
    let page =
        |app: &usize, page: &PageRequest| store.apps(admin(app), ours.teams[team(app)], &all, AppSort::Name, page);
    let next = apps.iter().map(|app| {
        let next = page(app, &fifty)?.next.ok_or("there is a second page")?;
        Ok((*app, fifty.clone().after(next)))
    });
    let next: Vec<(usize, PageRequest)> = next.collect::<Result<_, Box<dyn Error>>>()?;
    ask(benches, "list/first 50 apps of a team", &apps, |app| page(app, &fifty));
    ask(benches, "list/next 50", &next, |(app, request)| page(app, request));
    let seen = |collaborator: &Actor| store.visible_apps(*collaborator, &all, &fifty);
    ask(benches, "list/apps visible to a collaborator", &collaborators, seen);
    ask(benches, "list/first 50 who can push to an app", &apps, |app| {
        store.who_can(admin(app), AppAction::PushCode, ours.apps[*app], &fifty)
    });
    Ok(())
}

/// A member and an app of an Enterprise Team, and an admin of it.
struct Place {
    number: usize,
    app: AppId,
    team: TeamId,
    admin: Actor,
    member: UserId,
}

/// Members on apps, or beside apps that they are not on.
fn places(world: &World, ours: &Ours, on: bool) -> Vec<Place> {
    let mut numbers = Numbers(11);
    let mut chosen = HashSet::new();
    let mut places = vec![];
    while places.len() < ROUND {
        let number = numbers.below(world.apps.len());
        let app = &world.apps[number];
        let (team, people) = (app.team as usize, world.people(app.team as usize));
        let user = people.start + LARGE.admins + numbers.below(LARGE.members);
        let is_on = app.grants.iter().any(|(other, _)| *other as usize == user);
        if is_on == on && !world.teams[team].standard && chosen.insert((number, user)) {
            let admin = Actor::user(ours.users[people.start], NOW);
            places.push(Place {
                number,
                app: ours.apps[number],
                team: ours.teams[team],
                admin,
                member: ours.users[user],
            });
        }
    }
    places
}

fn writes(benches: &mut Benches, world: &World, ours: &mut Ours) -> Outcome {
    let (beside, on) = (places(world, ours, false), places(world, ours, true));
    let emails: Vec<Email> =
        (0..ROUND).map(|number| format!("new-{number}@later.example.com").parse()).collect::<Result<_, _>>()?;
    let names = |name: &dyn Fn(usize, &Place) -> String| -> Result<Vec<(&Place, AppName)>, ParseError> {
        beside.iter().enumerate().map(|(index, place)| Ok((place, name(index, place).parse()?))).collect()
    };
    let free = names(&|index, _| format!("new-app-{index}"))?;
    let taken = names(&|_, place| format!("gentle-garden-{}", place.number))?;
    let apps = (0..world.apps.len()).step_by(13).map(|number| {
        let admin = world.people(world.apps[number].team as usize).start;
        (world.apps[number].locked, Actor::user(ours.users[admin], NOW), ours.apps[number])
    });
    let (locked, mut open): (Vec<_>, Vec<_>) = apps.partition(|(is_locked, ..)| *is_locked);
    open.truncate(ROUND);

    let store = &mut ours.store;
    act(benches, "write/register a user", store, &emails, |store, email| {
        store.register_user(Actor::operator(NOW), NewUser::new(email.clone())).is_ok()
    });
    act(benches, "write/create an app", store, &free, |store, (place, name)| {
        store.create_app(place.admin, NewApp::in_team(place.team).named(*name)).is_ok()
    });
    act(benches, "write/create an app with a drawn name", store, &beside, |store, place| {
        store.create_app(place.admin, NewApp::in_team(place.team)).is_ok()
    });
    act(benches, "write/grant permissions", store, &beside, |store, place| {
        store.grant_permissions(place.admin, place.app, place.member, Permission::Deploy.into()).is_ok()
    });
    act(benches, "write/set permissions", store, &on, |store, place| {
        store.set_permissions(place.admin, place.app, place.member, Permission::View.into()).is_ok()
    });
    act(benches, "write/remove a collaborator", store, &on, |store, place| {
        store.remove_collaborator(place.admin, place.app, place.member).is_ok()
    });
    act(benches, "write/lock an app", store, &open, |store, (_, admin, app)| store.lock_app(*admin, *app).is_ok());
    act(benches, "write/unlock an app", store, &locked, |store, (_, admin, app)| {
        store.unlock_app(*admin, *app).is_ok()
    });
    act(benches, "refused/a grant, by a member", store, &beside, |store, place| {
        let member = Actor::user(place.member, NOW);
        store.grant_permissions(member, place.app, place.member, Permission::Deploy.into()).is_err()
    });
    act(benches, "refused/an app with a name that is taken", store, &taken, |store, (place, name)| {
        store.create_app(place.admin, NewApp::in_team(place.team).named(*name)).is_err()
    });

    // One member on every app of the team.
    let Place { number, team, admin, member, .. } = beside[0];
    let first = number - number % LARGE.apps;
    for app in &ours.apps[first..first + LARGE.apps] {
        // Refused where they are on it already.
        let _ = store.grant_permissions(admin, *app, member, Permission::Deploy.into());
    }
    let is_on =
        store.member_apps(admin, team, member, &AppFilter::default(), &PageRequest::first(PAGE_SIZE_MAX)?)?.items.len();
    assert_eq!(is_on, LARGE.apps);
    act(benches, "write/remove a member who is on 1000 apps", store, &[()], |store, ()| {
        store.remove_member(admin, team, member).is_ok()
    });
    Ok(())
}

fn wholes(benches: &mut Benches) -> Outcome {
    let mut store = Ours::new(&World::new(1, LARGE), usize::MAX / 4)?.store;
    let events = store.drain_events(0);
    let snapshot = store.snapshot();
    let text = serde_json::to_string(&snapshot)?;
    let mut replayed = TeamStore::replay(events.clone())?;
    replayed.drain_events(0);
    assert!(replayed == store && TeamStore::restore(serde_json::from_str(&text)?)? == store);
    let mut benches = benches.benchmark_group("team");
    benches.sample_size(10).sampling_mode(SamplingMode::Flat);
    benches.bench_function("snapshot taken", |bench| bench.iter_with_large_drop(|| store.snapshot()));
    benches.bench_function("snapshot written", |bench| bench.iter_with_large_drop(|| serde_json::to_string(&snapshot)));
    benches.bench_function("snapshot read", |bench| {
        bench.iter_with_large_drop(|| serde_json::from_str::<Snapshot>(&text));
    });
    benches.bench_function("snapshot restored", |bench| {
        bench.iter_batched(|| snapshot.clone(), TeamStore::restore, BatchSize::PerIteration);
    });
    benches.bench_function(format!("replay of {} events", events.len()), |bench| {
        bench.iter_batched(|| events.clone(), TeamStore::replay, BatchSize::PerIteration);
    });
    Ok(())
}

fn names(benches: &mut Benches) {
    let names = NameGenerator::new(Secret::from_seed(5));
    let mut drawn = names.clone();
    let places: Vec<u64> = (0..ROUND as u64).map(|index| index * names.names() / ROUND as u64).collect();
    let found: Vec<AppName> = places.iter().filter_map(|place| names.nth_name(*place)).collect();
    let texts: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(found.len(), places.len());
    benches.bench_function("name/next", |bench| bench.iter(|| drawn.next()));
    ask(benches, "name/the nth", &places, |place| names.nth_name(*place));
    ask(benches, "name/its place", &found, |name| names.index_of(name));
    ask(benches, "name/parsed", &texts, |text| text.parse::<AppName>());
}

fn main() -> Outcome {
    let mut benches = Criterion::default()
        .with_measurement(CpuTime)
        .without_plots()
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(400))
        .sample_size(20)
        .nresamples(5000)
        .configure_from_args();
    let world = World::new(100, LARGE);
    let mut ours = Ours::new(&world, 0)?;
    checks(&mut benches, &world, &ours)?;
    lists(&mut benches, &world, &ours)?;
    writes(&mut benches, &world, &mut ours)?;
    wholes(&mut benches)?;
    names(&mut benches);
    benches.final_summary();
    Ok(())
}
