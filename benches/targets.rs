//! The targets of speed, each with its figure beside what it is held against, measured in turns in one run.
//!
//! `cargo bench --bench targets` prints a table; `-- checks`, `-- lists`, `-- writes`, `-- snapshots`, `-- names` or
//! `-- readers` a part of it. Times are CPU time of the thread; ratios are medians over the rounds.

#![allow(missing_docs, clippy::indexing_slicing, clippy::cast_precision_loss, reason = "a bench")]

mod ground;

use std::error::Error;
use std::hint::black_box;
use std::sync::RwLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    Actor, AppAction, AppId, AppName, Email, NameGenerator, NewApp, NewUser, PageRequest, Permission, Snapshot,
    TeamStore,
    ids::Secret,
    query::{AppFilter, AppSort},
};
use ground::clock::{per_operation, take_turns, timed};
use ground::ours::{NOW, Ours, permissions};
use ground::plain::{Dense, Maps};
use ground::world::{ACTIONS, AccessQuery, LARGE, Numbers, SMALL, Shape, World};

type Outcome = Result<(), Box<dyn Error>>;

fn row(what: &str, figure: &str, target: &str, held: bool) {
    println!("| {what} | {figure} | {target} | {} |", if held { "held" } else { "missed" });
}

fn ids(ours: &Ours) -> [Vec<Uuid>; 3] {
    [
        ours.teams.iter().map(|id| id.uuid()).collect(),
        ours.users.iter().map(|id| id.uuid()).collect(),
        ours.apps.iter().map(|id| id.uuid()).collect(),
    ]
}

fn label(teams: usize) -> String {
    if teams == 1 { "1 team".to_owned() } else { format!("{teams} teams") }
}

/// What is asked of the store: who, what, on which app.
type Asked = (Actor, AppAction, AppId);

fn asked(ours: &Ours, question: AccessQuery) -> Asked {
    let AccessQuery { user, client, action, app } = question;
    (ours.actor(user, client), ACTIONS[action as usize].0, ours.apps[app as usize])
}

fn checks(teams: usize, shape: Shape) -> Outcome {
    let world = World::new(teams, shape);
    let ours = Ours::new(&world, 1000)?;
    let store = &ours.store;
    let [team_ids, users, apps] = ids(&ours);
    let (maps, dense) = (Maps::new(&world, &team_ids, &users, &apps), Dense::new(&world));
    let questions = world.questions(65_536);
    for question in &questions {
        let AccessQuery { user, client, action, app } = *question;
        let right = world.allowed(*question);
        let (actor, what, on) = asked(&ours, *question);
        let answers = [
            store.can(actor, what, on),
            store.explain(actor, what, on)?.is_allowed(),
            store.for_actor(actor)?.can(what, on),
            maps.can(users[user as usize], client, action, apps[app as usize]),
            dense.can(*question),
        ];
        assert_eq!(answers, [right; 5], "all answer alike");
    }
    let for_maps: Vec<_> =
        questions.iter().map(|q| (users[q.user as usize], q.client, q.action, apps[q.app as usize])).collect();
    let for_ours: Vec<Asked> = questions.iter().map(|question| asked(&ours, *question)).collect();
    // One user at a time, sixty-four apps of any team.
    let loops: Vec<AccessQuery> = questions
        .chunks(64)
        .flat_map(|part| part.iter().map(|q| AccessQuery { user: part[0].user, client: part[0].client, ..*q }))
        .collect();
    let for_loops: Vec<Asked> = loops.iter().map(|question| asked(&ours, *question)).collect();
    let figures = take_turns(
        15,
        &mut [
            &mut || {
                for (user, client, action, app) in &for_maps {
                    black_box(maps.can(*user, *client, *action, *app));
                }
                for_maps.len()
            },
            &mut || {
                for (actor, action, app) in &for_ours {
                    black_box(store.can(*actor, *action, *app));
                }
                for_ours.len()
            },
            &mut || {
                for (actor, action, app) in &for_ours {
                    let _ = black_box(store.explain(*actor, *action, *app));
                }
                for_ours.len()
            },
            &mut || {
                for question in &loops {
                    black_box(dense.can(*question));
                }
                loops.len()
            },
            &mut || {
                for part in for_loops.chunks(64) {
                    if let Ok(asker) = store.for_actor(part[0].0) {
                        for (_, action, app) in part {
                            black_box(asker.can(*action, *app));
                        }
                    }
                }
                for_loops.len()
            },
        ],
    );
    let at = label(teams);
    let text = |one: usize, to: usize, names: &str| {
        format!("{:.0} ns, {:.2} × {names} ({:.0} ns)", figures.ns(one), figures.ratio(one, to), figures.ns(to))
    };
    row(&format!("a check, {at}"), &text(1, 0, "plain maps"), "1.5 ×", figures.ratio(1, 0) <= 1.5);
    row(&format!("an explanation, {at}"), &text(2, 1, "a check"), "3 ×", figures.ratio(2, 1) <= 3.0);
    row(&format!("a check in a loop, {at}"), &text(4, 3, "dense rows"), "1 ×", figures.ratio(4, 3) <= 1.0);
    Ok(())
}

fn lists(teams: usize, shape: Shape) -> Outcome {
    let world = World::new(teams, shape);
    let ours = Ours::new(&world, 1000)?;
    let store = &ours.store;
    let at = label(teams);
    let (all, fifty, thousand) = (AppFilter::default(), PageRequest::first(50)?, PageRequest::first(1000)?);
    let mut numbers = Numbers(3);
    let of_teams: Vec<usize> = (0..2000).map(|_| numbers.below(teams)).collect();
    let admin = |team: usize| Actor::user(ours.users[world.people(team).start], NOW);
    let collaborator = |team: usize| Actor::user(ours.users[world.people(team).end - 1], NOW);
    let seen = |actor| store.visible_apps(actor, &all, &thousand).map_or(0, |page| page.items.len());
    let held = seen(collaborator(0));
    let figures = take_turns(
        9,
        &mut [
            &mut || {
                for team in &of_teams {
                    let _ = black_box(store.apps(admin(*team), ours.teams[*team], &all, AppSort::Name, &fifty));
                }
                of_teams.len()
            },
            &mut || {
                let mut walked = 0;
                for team in of_teams.iter().take(200) {
                    let mut page = thousand.clone();
                    while let Ok(found) = store.apps(admin(*team), ours.teams[*team], &all, AppSort::Name, &page) {
                        walked += black_box(found.items).len();
                        let Some(next) = found.next else { break };
                        page = page.after(next);
                    }
                }
                walked
            },
            &mut || of_teams.iter().map(|team| seen(collaborator(*team))).sum(),
            &mut || {
                let mut people = 0;
                for index in 0..500 {
                    let app = numbers.below(world.apps.len());
                    let team = world.apps[app].team as usize;
                    let page = store.who_can(admin(team), ACTIONS[index % ACTIONS.len()].0, ours.apps[app], &thousand);
                    people += page.map_or(0, |page| page.items.len());
                }
                people
            },
        ],
    );
    row(
        &format!("the first 50 of a team's {} apps, {at}", shape.apps),
        &format!("{:.0} ns", figures.ns(0)),
        "1 µs",
        figures.ns(0) <= 1000.0,
    );
    row(
        &format!("a walk over a team's apps, {at}"),
        &format!("{:.1} ns an app", figures.ns(1)),
        "10 ns",
        figures.ns(1) <= 10.0,
    );
    println!("| what a collaborator sees ({held} apps), {at} | {:.0} ns an app | – | – |", figures.ns(2));
    println!("| who can do it on an app, {at} | {:.0} ns a person | – | – |", figures.ns(3));
    Ok(())
}

fn writes(teams: usize, shape: Shape) -> Outcome {
    let world = World::new(teams, shape);
    let mut ours = Ours::new(&world, 1000)?;
    let at = label(teams);
    let mut numbers = Numbers(11);
    let operator = Actor::operator(NOW);
    let mut grants = Vec::new();
    while grants.len() < 2000 {
        let app = numbers.below(world.apps.len());
        let people = world.people(world.apps[app].team as usize);
        let user = people.start + shape.admins + numbers.below(shape.members);
        let standard = world.teams[world.apps[app].team as usize].standard;
        let free = world.apps[app].grants.iter().all(|(other, _)| *other as usize != user)
            && !grants.iter().any(|(_, other, on)| (*other, *on) == (user, app));
        if free && !standard {
            grants.push((Actor::user(ours.users[people.start], NOW), user, app));
        }
    }
    let (users, apps) = (ours.users.clone(), ours.apps.clone());
    let mut registered = 0;
    let mut created = 0;
    let mut result = Vec::new();
    for _ in 0..9 {
        let store = &mut ours.store;
        let emails: Vec<Email> = (0..2000)
            .map(|index| format!("new-{}@later.example.com", registered + index).parse())
            .collect::<Result<_, _>>()?;
        registered += 2000;
        let names: Vec<AppName> =
            (0..2000).map(|index| format!("new-app-{}", created + index).parse()).collect::<Result<_, _>>()?;
        created += 2000;
        let mut round = Vec::new();
        let mut measured = |act: &mut dyn FnMut() -> usize| {
            let (operations, time) = timed(act);
            round.push(per_operation(time, operations));
        };
        measured(&mut || {
            emails.iter().filter(|email| store.register_user(operator, NewUser::new((*email).clone())).is_ok()).count()
        });
        measured(&mut || {
            let made = grants.iter().zip(&names).map(|((admin, _, app), name)| {
                let team = ours.teams[world.apps[*app].team as usize];
                store.create_app(*admin, NewApp::in_team(team).named(*name))
            });
            made.flatten().count()
        });
        measured(&mut || {
            grants
                .iter()
                .filter(|(admin, user, app)| {
                    store.grant_permissions(*admin, apps[*app], users[*user], Permission::Deploy.into()).is_ok()
                })
                .count()
        });
        measured(&mut || {
            grants
                .iter()
                .filter(|(admin, user, app)| {
                    store.set_permissions(*admin, apps[*app], users[*user], permissions(9)).is_ok()
                })
                .count()
        });
        measured(&mut || {
            grants
                .iter()
                .filter(|(_, user, app)| {
                    store
                        .grant_permissions(
                            Actor::user(users[*user], NOW),
                            apps[*app],
                            users[*user],
                            Permission::View.into(),
                        )
                        .is_err()
                })
                .count()
        });
        measured(&mut || {
            grants
                .iter()
                .filter(|(admin, user, app)| store.remove_collaborator(*admin, apps[*app], users[*user]).is_ok())
                .count()
        });
        result.push(round);
        store.drain_events(1000);
    }
    let median = |index: usize| {
        let mut values: Vec<f64> = result.iter().map(|round: &Vec<f64>| round[index]).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    for (index, what) in [
        "a user registered",
        "an app created",
        "permissions granted",
        "permissions changed",
        "a grant refused",
        "a grant taken away",
    ]
    .iter()
    .enumerate()
    {
        row(&format!("{what}, {at}"), &format!("{:.0} ns", median(index)), "1 µs", median(index) <= 1000.0);
    }
    Ok(())
}

/// The form of a snapshot, as plain structs.
mod form {
    use enterprise_teams::uuid::Uuid;
    use serde::{Deserialize, Serialize};
    use serde_json::value::RawValue;

    #[derive(Serialize, Deserialize)]
    pub(crate) struct Whole {
        pub(crate) version: u32,
        pub(crate) state: State,
        pub(crate) events: Vec<Box<RawValue>>,
    }

    #[derive(Serialize, Deserialize)]
    pub(crate) struct State {
        pub(crate) users: Vec<User>,
        pub(crate) teams: Vec<TeamRecord>,
        pub(crate) apps: Vec<AppRecord>,
    }

    #[derive(Serialize, Deserialize)]
    pub(crate) struct User {
        pub(crate) id: Uuid,
        pub(crate) email: String,
        pub(crate) mfa: String,
        pub(crate) sign_in: String,
        pub(crate) registered_at: String,
    }

    #[derive(Serialize, Deserialize)]
    pub(crate) struct TeamRecord {
        pub(crate) team: serde_json::Value,
        pub(crate) members: Vec<(Uuid, String, Times)>,
    }

    #[derive(Serialize, Deserialize)]
    pub(crate) struct Times {
        pub(crate) since: String,
        pub(crate) changed_at: String,
    }

    #[derive(Serialize, Deserialize)]
    pub(crate) struct AppRecord {
        pub(crate) app: App,
        pub(crate) grants: Vec<(Uuid, Vec<String>, Times)>,
    }

    #[derive(Serialize, Deserialize)]
    pub(crate) struct App {
        pub(crate) id: Uuid,
        pub(crate) name: String,
        pub(crate) owner: serde_json::Value,
        pub(crate) owned_since: String,
        pub(crate) stack: String,
        pub(crate) lock: String,
        pub(crate) space: Option<String>,
        pub(crate) number: u64,
        pub(crate) created_at: String,
    }
}

fn snapshots() -> Outcome {
    let world = World::new(100, LARGE);
    let ours = Ours::new(&world, 0)?;
    let mut store = ours.store;
    let events = store.drain_events(0).len();
    println!("({events} events were kept)");
    let text = serde_json::to_string(&store.snapshot())?;
    let mut times = vec![Vec::new(); 7];
    for _ in 0..5 {
        let (plain, parse) = timed(|| serde_json::from_str::<form::Whole>(&text));
        let plain = plain?;
        let (written, write) = timed(|| serde_json::to_string(&plain));
        black_box(written?.len());
        drop(plain);
        let (snapshot, read) = timed(|| serde_json::from_str::<Snapshot>(&text));
        let snapshot = snapshot?;
        let (restored, restore) = timed(|| TeamStore::restore(snapshot));
        let restored = restored?;
        let (violations, check) = timed(|| restored.check_invariants());
        assert!(violations.is_empty());
        let (snapshot, take) = timed(|| restored.snapshot());
        let (written, dump) = timed(|| serde_json::to_string(&snapshot));
        assert_eq!(written?, text);
        for (times, time) in times.iter_mut().zip([parse, write, read, restore, check, take, dump]) {
            times.push(time.as_secs_f64() * 1e3);
        }
    }
    let ms: Vec<f64> = times
        .into_iter()
        .map(|mut times| {
            times.sort_by(f64::total_cmp);
            times[2]
        })
        .collect();
    println!(
        "({:.1} MB; read {:.0} ms, restored {:.0} ms; taken {:.0} ms, written {:.0} ms)",
        text.len() as f64 / 1e6,
        ms[2],
        ms[3],
        ms[5],
        ms[6]
    );
    let (back, out) = ((ms[2] + ms[3]) / ms[0], (ms[5] + ms[6]) / ms[1]);
    row(
        "restore of 100 teams",
        &format!("{:.0} ms, {back:.2} × parsing into plain structs ({:.0} ms)", ms[2] + ms[3], ms[0]),
        "2 ×",
        back <= 2.0,
    );
    row(
        "snapshot of 100 teams",
        &format!("{:.0} ms, {out:.2} × writing plain structs ({:.0} ms)", ms[5] + ms[6], ms[1]),
        "1.5 ×",
        out <= 1.5,
    );
    row("every invariant of 100 teams", &format!("{:.0} ms", ms[4]), "50 ms", ms[4] <= 50.0);
    let world = World::new(20, LARGE);
    let ours = Ours::new(&world, usize::MAX / 4)?;
    let events = ours.store.events().to_vec();
    let how_many = events.len();
    let (replayed, time) = timed(|| TeamStore::replay(events));
    assert!(replayed? == ours.store);
    let rate = how_many as f64 / time.as_secs_f64() / 1e6;
    row("replay", &format!("{rate:.2} million events a second ({how_many} events)"), "2 million", rate >= 2.0);
    Ok(())
}

fn names() {
    let names = NameGenerator::new(Secret::from_seed(5));
    let mut at = names.clone();
    let figures = take_turns(
        15,
        &mut [
            &mut || {
                for _ in 0..100_000 {
                    black_box(at.next());
                }
                100_000
            },
            &mut || {
                for index in 0..100_000 {
                    black_box(names.nth_name(black_box(index * 5000)));
                }
                100_000
            },
        ],
    );
    row("a generated name", &format!("{:.0} ns", figures.ns(0)), "45 ns", figures.ns(0) <= 45.0);
    row("the n-th name", &format!("{:.0} ns", figures.ns(1)), "45 ns", figures.ns(1) <= 45.0);
}

/// Millions of checks a second by this many readers, while a writer writes all the time.
fn readers_at_once(
    asked: &[Asked],
    readers: usize,
    check: &(dyn Fn(Asked) -> bool + Sync),
    write: &(dyn Fn() + Sync),
) -> f64 {
    let (done, time) = (AtomicBool::new(false), Duration::from_millis(500));
    std::thread::scope(|scope| {
        let reader = || {
            let mut checks = 0_u64;
            for asked in asked.iter().cycle() {
                if checks.is_multiple_of(64) && done.load(Ordering::Relaxed) {
                    break;
                }
                black_box(check(*asked));
                checks += 1;
            }
            checks
        };
        let all: Vec<_> = (0..readers).map(|_| scope.spawn(reader)).collect();
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                write();
                std::thread::sleep(Duration::from_micros(200));
            }
        });
        std::thread::sleep(time);
        done.store(true, Ordering::Relaxed);
        all.into_iter().filter_map(|reader| reader.join().ok()).sum::<u64>() as f64 / time.as_secs_f64() / 1e6
    })
}

fn readers() -> Outcome {
    let world = World::new(10, LARGE);
    let ours = Ours::new(&world, 1000)?;
    let questions: Vec<Asked> = world.questions(65_536).into_iter().map(|question| asked(&ours, question)).collect();
    let (admin, app) = (Actor::user(ours.users[0], NOW), ours.apps[0]);
    let turn = move |store: &mut TeamStore| {
        let _ = store.lock_app(admin, app).or_else(|_| store.unlock_app(admin, app));
    };
    let figure = |what: &str, check: &(dyn Fn(Asked) -> bool + Sync), write: &(dyn Fn() + Sync)| {
        let both = |_| (readers_at_once(&questions, 1, check, write), readers_at_once(&questions, 2, check, write));
        let mut rates: Vec<(f64, f64)> = (0..7).map(both).collect();
        rates.sort_by(|one, other| (one.1 / one.0).total_cmp(&(other.1 / other.0)));
        let (one, two) = rates[rates.len() / 2];
        let figure = format!("{two:.1} million checks a second, {:.2} × one reader ({one:.1})", two / one);
        row(&format!("two readers {what} while a writer works"), &figure, "1.8 ×", two / one >= 1.8);
    };
    let locked = RwLock::new(ours.store.clone());
    figure(
        "behind `RwLock`",
        &|(actor, action, app)| locked.read().is_ok_and(|store| store.can(actor, action, app)),
        &|| {
            if let Ok(mut store) = locked.write() {
                turn(&mut store);
            }
        },
    );
    #[cfg(feature = "shared")]
    {
        let shared = enterprise_teams::SharedStore::new(ours.store);
        figure("of `SharedStore`", &|(actor, action, app)| shared.read().can(actor, action, app), &|| {
            shared.write(turn);
        });
    }
    Ok(())
}

fn main() -> Outcome {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let part = |name: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name);
    println!("| what | figure | target | |\n|---|---|---|---|");
    let sizes = [(1, LARGE), (100, LARGE), (10_000, SMALL)];
    for (teams, shape) in sizes.into_iter().filter(|_| part("checks")) {
        checks(teams, shape)?;
    }
    for (teams, shape) in sizes.into_iter().filter(|_| part("lists")) {
        lists(teams, shape)?;
    }
    for (teams, shape) in sizes.into_iter().filter(|_| part("writes")) {
        writes(teams, shape)?;
    }
    if part("snapshots") {
        snapshots()?;
    }
    if part("names") {
        names();
    }
    if part("readers") {
        readers()?;
    }
    Ok(())
}
