//! The targets of speed, each with its figure beside what it is held against, measured in turns in one run.
//!
//! `cargo bench --bench targets` prints a table; `-- checks`, `-- lists`, `-- writes`, `-- snapshots`, `-- names` or `-- readers` a part
//! of it. `-- memory` is asked for by name, of a process that did nothing before. Times are CPU time of the thread; ratios are medians
//! over the rounds.

#![allow(missing_docs, clippy::indexing_slicing, clippy::cast_precision_loss, reason = "a bench")]

mod ground;

use std::error::Error;
use std::hint::black_box;
use std::sync::RwLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    Actor, App, AppAction, AppId, AppName, AuditEvent, Email, NameGenerator, NewApp, NewUser, PageRequest, Permission,
    Snapshot, TeamStore,
    ids::Secret,
    query::{AppFilter, AppSort},
};
use ground::clock::{median, per_operation, take_turns, timed};
use ground::ours::{NOW, Ours, permissions};
use ground::plain::{Changed, Dense, Maps};
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
            &mut || {
                let explained = for_ours.iter().flat_map(|(actor, action, app)| store.explain(*actor, *action, *app));
                black_box(explained.map(|answer| answer.to_string().len()).sum::<usize>());
                for_ours.len()
            },
        ],
    );
    let at = label(teams);
    let text = |one: usize, to: usize, names: &str| {
        format!("{:.0} ns, {:.2} × {names} ({:.0} ns)", figures.ns(one), figures.ratio(one, to), figures.ns(to))
    };
    row(&format!("a check, {at}"), &text(1, 0, "plain maps"), "1.2 ×", figures.ratio(1, 0) <= 1.2);
    row(&format!("a check in a loop, {at}"), &text(4, 3, "dense rows"), "1.2 ×", figures.ratio(4, 3) <= 1.2);
    row(&format!("an explanation, {at}"), &text(2, 1, "a check"), "2 ×", figures.ratio(2, 1) <= 2.0);
    row(&format!("an explanation as text, {at}"), &format!("{:.0} ns", figures.ns(5)), "1 µs", figures.ns(5) <= 1000.0);
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
    // What somebody writes who needs just lists: references to the apps of each team, sorted by name. Whoever lists reads the names.
    let mut sorted: Vec<Vec<&App>> = Vec::new();
    for team in 0..teams {
        let mut page = thousand.clone();
        let mut of_team = Vec::new();
        while let Ok(found) = store.apps(admin(team), ours.teams[team], &all, AppSort::Name, &page) {
            of_team.extend(found.items);
            let Some(next) = found.next else { break };
            page = page.after(next);
        }
        sorted.push(of_team);
    }
    let [team_ids, users, apps] = ids(&ours);
    let maps = Maps::new(&world, &team_ids, &users, &apps);
    let member = |team: usize| world.people(team).start + shape.admins;
    let names = |apps: &[&App]| apps.iter().map(|app| app.name().as_str().len()).sum::<usize>();
    let figures = take_turns(
        9,
        &mut [
            &mut || {
                for team in &of_teams {
                    let page = store.apps(admin(*team), ours.teams[*team], &all, AppSort::Name, &fifty);
                    black_box(page.map_or(0, |page| names(&page.items)));
                }
                of_teams.len()
            },
            &mut || {
                let mut walked = 0;
                for team in of_teams.iter().take(200) {
                    let mut page = thousand.clone();
                    while let Ok(found) = store.apps(admin(*team), ours.teams[*team], &all, AppSort::Name, &page) {
                        black_box(names(&found.items));
                        walked += found.items.len();
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
            &mut || {
                for team in &of_teams {
                    let page: Vec<&App> = sorted[*team].iter().take(50).copied().collect();
                    black_box(names(&page));
                }
                of_teams.len()
            },
            &mut || {
                let teams = of_teams.iter().take(200);
                teams
                    .map(|team| {
                        black_box(sorted[*team].clone()).iter().filter(|app| !app.name().as_str().is_empty()).count()
                    })
                    .sum()
            },
            &mut || {
                let actors = of_teams.iter().take(200).map(|team| Actor::user(ours.users[member(*team)], NOW));
                actors
                    .map(|actor| {
                        store.visible_apps(actor, &all, &thousand).map_or(0, |page| {
                            black_box(names(&page.items.iter().map(|one| one.app).collect::<Vec<_>>()))
                                .min(page.items.len())
                        })
                    })
                    .sum()
            },
            &mut || {
                let members = of_teams.iter().take(200);
                members
                    .map(|team| {
                        let user = users[member(*team)];
                        let seen = sorted[*team].iter().filter(|app| maps.can(user, false, 0, app.id().uuid()));
                        let seen: Vec<&App> = seen.copied().collect();
                        black_box(names(&seen)).min(seen.len())
                    })
                    .sum()
            },
        ],
    );
    let text = |one: usize, to: usize, each: &str| {
        format!(
            "{:.1} ns{each}, {:.2} × sorted references ({:.1} ns)",
            figures.ns(one),
            figures.ratio(one, to),
            figures.ns(to)
        )
    };
    row(
        &format!("the first 50 of a team's {} apps, {at}", shape.apps),
        &text(0, 4, ""),
        "1.5 ×",
        figures.ratio(0, 4) <= 1.5,
    );
    row(&format!("a walk over a team's apps, {at}"), &text(1, 5, " an app"), "1.5 ×", figures.ratio(1, 5) <= 1.5);
    let seen = format!(
        "{:.0} ns an app, {:.2} × sorted references and plain maps ({:.0} ns)",
        figures.ns(6),
        figures.ratio(6, 7),
        figures.ns(7)
    );
    row(&format!("what a member sees of a team's apps, {at}"), &seen, "1.3 ×", figures.ratio(6, 7) <= 1.3);
    println!("| what a collaborator sees ({held} apps), {at} | {:.0} ns an app | – | – |", figures.ns(2));
    println!("| who can do it on an app, {at} | {:.0} ns a person | – | – |", figures.ns(3));
    Ok(())
}

/// What each operation takes, in nanoseconds.
fn writes(teams: usize, shape: Shape) -> Result<Vec<(&'static str, f64)>, Box<dyn Error>> {
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
    let [team_ids, user_ids, app_ids] = ids(&ours);
    let mut maps = Changed::new(&world, &team_ids, &user_ids, &app_ids);
    let mut new_ids = (0..).map(|_| {
        let [high, low] = [(); 2].map(|()| numbers.below(1 << 32) as u64 | (numbers.below(1 << 32) as u64) << 32);
        Uuid::from_u64_pair(high, low)
    });
    let mut result = Vec::new();
    for _ in 0..9 {
        let store = &mut ours.store;
        let new_users: Vec<Uuid> = new_ids.by_ref().take(2000).collect();
        let new_apps: Vec<Uuid> = new_ids.by_ref().take(2000).collect();
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
        measured(&mut || {
            for (id, email) in new_users.iter().zip(&emails) {
                maps.register(*id, email.clone());
            }
            new_users.len()
        });
        measured(&mut || {
            for (((_, _, app), name), id) in grants.iter().zip(&names).zip(&new_apps) {
                maps.create(*id, team_ids[world.apps[*app].team as usize], *name);
            }
            grants.len()
        });
        for held in [Some(4), Some(9), None] {
            measured(&mut || {
                for (_, user, app) in &grants {
                    maps.held.set(user_ids[*user], app_ids[*app], held);
                }
                grants.len()
            });
        }
        result.push(round);
        store.drain_events(1000);
    }
    let median = |index: usize| {
        let mut values: Vec<f64> = result.iter().map(|round: &Vec<f64>| round[index]).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let mut figures = Vec::new();
    // In the order of the operations: what each is held against, if anything.
    for (index, (what, plain)) in [
        ("a user registered", Some(6)),
        ("an app created", Some(7)),
        ("permissions granted", Some(8)),
        ("permissions changed", Some(9)),
        ("a grant refused", None),
        ("a grant taken away", Some(10)),
    ]
    .into_iter()
    .enumerate()
    {
        let ns = median(index);
        figures.push((what, ns));
        let Some(plain) = plain.map(median) else {
            println!("| {what}, {at} | {ns:.0} ns | – | – |");
            continue;
        };
        let text = format!("{ns:.0} ns, {:.2} × plain maps changed ({plain:.0} ns)", ns / plain);
        row(&format!("{what}, {at}"), &text, "3 ×", ns / plain <= 3.0);
    }
    Ok(figures)
}

/// No operation takes at 10,000 teams more than twice what it takes at 100.
fn growth(at_100: &[(&str, f64)], at_10_000: &[(&str, f64)]) {
    for ((what, few), (_, many)) in at_100.iter().zip(at_10_000) {
        row(&format!("{what}, 10,000 teams"), &format!("{:.2} × at 100 teams", many / few), "2 ×", many / few <= 2.0);
    }
}

/// The form of a snapshot, as plain structs: what the store of the bench has, and no more.
mod form {
    use enterprise_teams::uuid::Uuid;
    use serde::{Deserialize, Serialize};

    #[derive(Deserialize)]
    pub(crate) struct Whole {
        pub(crate) state: State,
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
        pub(crate) team: Team,
        pub(crate) members: Vec<(Uuid, String, Times)>,
    }

    #[derive(Serialize, Deserialize)]
    pub(crate) struct Team {
        pub(crate) id: Uuid,
        pub(crate) name: String,
        pub(crate) kind: String,
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
    #[serde(rename_all = "kebab-case")]
    pub(crate) enum Owner {
        User(Uuid),
        Team(Uuid),
    }

    #[derive(Serialize, Deserialize)]
    pub(crate) struct App {
        pub(crate) id: Uuid,
        pub(crate) name: String,
        pub(crate) owner: Owner,
        pub(crate) owned_since: String,
        pub(crate) stack: String,
        pub(crate) lock: String,
        pub(crate) number: u64,
        pub(crate) created_at: String,
    }
}

fn snapshots() -> Outcome {
    let world = World::new(100, LARGE);
    let ours = Ours::new(&world, 0)?;
    let [teams, users, apps] = ids(&ours);
    let maps = Maps::new(&world, &teams, &users, &apps);
    let mut store = ours.store;
    let events = store.drain_events(0).len();
    println!("({events} events were kept)");
    let packed = rmp_serde::to_vec_named(&store.snapshot())?;
    let mut times = vec![Vec::new(); 8];
    for _ in 0..5 {
        let (plain, parse) = timed(|| rmp_serde::from_slice::<form::Whole>(&packed));
        let plain = plain?;
        let (written, write) = timed(|| rmp_serde::to_vec_named(&plain.state));
        let share = written?.len() as f64 / packed.len() as f64;
        drop(plain);
        let (snapshot, read) = timed(|| rmp_serde::from_slice::<Snapshot>(&packed));
        let snapshot = snapshot?;
        let (restored, restore) = timed(|| TeamStore::restore(snapshot));
        let restored = restored?;
        let (violations, check) = timed(|| restored.check_invariants());
        assert!(violations.is_empty());
        let (walked, walk) = timed(|| maps.walk());
        assert!(walked > 900_000, "{walked}");
        let (snapshot, take) = timed(|| restored.snapshot());
        let (written, dump) = timed(|| rmp_serde::to_vec_named(&snapshot));
        assert!(written? == packed && (0.9..=1.0).contains(&share), "{share}");
        for (times, time) in times.iter_mut().zip([parse, write, read, restore, check, take, dump, walk]) {
            times.push(time.as_secs_f64() * 1e3);
        }
    }
    let ms: Vec<f64> = times.into_iter().map(median).collect();
    println!(
        "({:.1} MB of MessagePack; read {:.0} ms, restored {:.0} ms; taken {:.0} ms, written {:.0} ms)",
        packed.len() as f64 / 1e6,
        ms[2],
        ms[3],
        ms[5],
        ms[6]
    );
    let (back, out, walk) = ((ms[2] + ms[3]) / ms[0], (ms[5] + ms[6]) / ms[1], ms[4] / ms[7]);
    let held = |what: &str, took: f64, times: f64, than: &str, plain: f64, most: f64| {
        row(what, &format!("{took:.0} ms, {times:.2} × {than} ({plain:.0} ms)"), &format!("{most} ×"), times <= most);
    };
    held("restore of 100 teams, everything checked", ms[2] + ms[3], back, "reading plain structs", ms[0], 1.5);
    held("snapshot of 100 teams", ms[5] + ms[6], out, "writing plain structs", ms[1], 1.2);
    held(
        "every invariant of 100 teams",
        ms[4],
        walk,
        "a walk over the grants in plain maps, with what they name",
        ms[7],
        1.5,
    );

    let world = World::new(20, LARGE);
    let ours = Ours::new(&world, usize::MAX / 4)?;
    let packed = rmp_serde::to_vec_named(ours.store.events())?;
    let mut times = vec![Vec::new(); 2];
    let mut how_many = 0;
    for _ in 0..5 {
        let (events, decode) = timed(|| rmp_serde::from_slice::<Vec<AuditEvent>>(&packed));
        let events = events?;
        how_many = events.len();
        let (replayed, replay) = timed(|| TeamStore::replay(events));
        assert!(replayed? == ours.store);
        times[0].push(decode.as_secs_f64());
        times[1].push(replay.as_secs_f64());
    }
    let rates: Vec<f64> = times.into_iter().map(|times| how_many as f64 / median(times) / 1e6).collect();
    let (decoded, replayed) = (rates[0], rates[1]);
    row(
        "replay",
        &format!(
            "{replayed:.2} million events a second, {:.2} × decoding them ({decoded:.2} million)",
            replayed / decoded
        ),
        "1 ×",
        replayed >= decoded,
    );
    Ok(())
}

/// What one million apps and users with five million grants take of the machine's memory, where the log is handed over.
fn memory() -> Outcome {
    let resident = || -> Result<usize, Box<dyn Error>> {
        let pages: usize = std::fs::read_to_string("/proc/self/statm")?.split(' ').nth(1).unwrap_or("0").parse()?;
        Ok(pages * 4096)
    };
    let world = World::new(10_000, SMALL);
    let before = resident()?;
    let mut ours = Ours::new(&world, 0)?;
    drop(ours.store.drain_events(0));
    let gigabytes = (resident()? - before) as f64 / 1e9;
    let what = format!(
        "{} apps, {} users, {} grants",
        ours.apps.len(),
        ours.users.len(),
        world.apps.iter().map(|app| app.grants.len()).sum::<usize>()
    );
    row(&what, &format!("{gigabytes:.2} GB, with the ids in the bench's own lists"), "0.9 GB", gigabytes <= 0.9);
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
    if part("writes") {
        let [_, at_100, at_10_000] = [writes(1, LARGE)?, writes(100, LARGE)?, writes(10_000, SMALL)?];
        growth(&at_100, &at_10_000);
    }
    if part("snapshots") {
        snapshots()?;
    }
    if wanted == ["memory"] {
        memory()?;
    }
    if part("names") {
        names();
    }
    if part("readers") {
        readers()?;
    }
    Ok(())
}
