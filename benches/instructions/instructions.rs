//! The instructions of the main operations, counted by Callgrind: figures that do not depend on what else the machine does.
//!
//! `benches/instructions/compare` runs it and holds the counts against those in `counts.md`. Each bench does its operation
//! [`TIMES`] times, on a store of 10 teams, 1,000 users, 1,000 apps and 5,000 grants. The hash tables are seeded anew in every
//! build, so that one operation alone takes some more or fewer instructions; the mean of many does not.

#![allow(missing_docs, clippy::indexing_slicing, clippy::cast_possible_truncation, dead_code, reason = "a bench")]

#[path = "../ground/ours.rs"]
mod ours;
#[path = "../ground/world.rs"]
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::hint::black_box;

use enterprise_teams::{
    Actor, AppAction, AppId, AppName, GroupId, NameGenerator, NewApp, PageRequest, Permission, TeamId, UserId,
    ids::Secret,
    query::{AppFilter, AppSort},
};
use gungraun::{Callgrind, LibraryBenchmarkConfig, library_benchmark, library_benchmark_group, main};
use ours::{NOW, Ours};
use world::{ACTIONS, AccessQuery, Numbers, SMALL, World};

/// How many operations each bench does.
const TIMES: usize = 1000;

/// Somebody who is not on the app yet, somebody who may put them on it, and the app.
struct Grant {
    admin: Actor,
    user: UserId,
    app: AppId,
    team: TeamId,
}

/// What is asked of the store: who, what, on which app.
type Asked = (Actor, AppAction, AppId);

/// An action on an app, and whether it is allowed.
type Answered = (AppAction, AppId, bool);

struct Scene {
    ours: Ours,
    allowed: Vec<Asked>,
    refused: Vec<Asked>,
    /// Members, each with what they ask about every app of their team, and the answers.
    loops: Vec<(Actor, Vec<Answered>)>,
    admins: Vec<(Actor, TeamId)>,
    collaborators: Vec<Actor>,
    grants: Vec<Grant>,
    new_names: Vec<AppName>,
    all: AppFilter,
    fifty: PageRequest,
    names: NameGenerator,
}

fn scene() -> Scene {
    let world = World::new(10, SMALL);
    let ours = Ours::new(&world, 1000).expect("the store is built");
    let questions = world.questions(4 * TIMES);
    let asked = |right: bool| {
        let of_them = questions.iter().filter(|question| world.allowed(**question) == right).take(TIMES);
        of_them
            .map(|AccessQuery { user, client, action, app }| {
                (ours.actor(*user, *client), ACTIONS[*action as usize].0, ours.apps[*app as usize])
            })
            .collect()
    };
    let mut numbers = Numbers(3);
    let teams: Vec<usize> = (0..TIMES).map(|_| numbers.below(ours.teams.len())).collect();
    let user = |user: usize| Actor::user(ours.users[user], NOW);
    let members = SMALL.admins..SMALL.admins + SMALL.members;
    let grants = (0..world.apps.len()).flat_map(|app| members.clone().map(move |member| (app, member)));
    let grants = grants.filter_map(|(app, member)| {
        let team = world.apps[app].team as usize;
        let people = world.people(team);
        let is_on = world.apps[app].grants.iter().any(|(user, _)| *user as usize == people.start + member);
        (!is_on && !world.teams[team].standard).then(|| Grant {
            admin: user(people.start),
            user: ours.users[people.start + member],
            app: ours.apps[app],
            team: ours.teams[team],
        })
    });
    let loops = (0..world.teams.len()).map(|team| {
        let user = (world.people(team).start + SMALL.admins) as u32;
        let apps = (0..world.apps.len()).filter(|app| world.apps[*app].team as usize == team);
        let asked = apps.map(|app| {
            let question = AccessQuery { user, client: false, action: (app % ACTIONS.len()) as u8, app: app as u32 };
            (ACTIONS[question.action as usize].0, ours.apps[app], world.allowed(question))
        });
        (ours.actor(user, false), asked.collect())
    });
    Scene {
        allowed: asked(true),
        refused: asked(false),
        loops: loops.collect(),
        admins: teams.iter().map(|team| (user(world.people(*team).start), ours.teams[*team])).collect(),
        collaborators: teams.iter().map(|team| user(world.people(*team).end - 1)).collect(),
        // Spread over all apps.
        grants: grants.step_by(41).take(TIMES).collect(),
        new_names: (0..TIMES).map(|number| format!("new-app-{number}").parse().expect("a name")).collect(),
        all: AppFilter::default(),
        fifty: PageRequest::first(50).expect("a page"),
        names: NameGenerator::new(Secret::from_seed(5)),
        ours,
    }
}

/// What was done, how often, and what it was done on: to be dropped when the count is over.
type Done = (usize, Scene);

fn all_did((done, _): Done) {
    assert_eq!(done, TIMES, "every operation did what its name says");
}

#[library_benchmark(setup = scene, teardown = all_did)]
#[bench::counted()]
fn check_allowed(scene: Scene) -> Done {
    let Scene { ours, allowed, .. } = &scene;
    let done = allowed.iter().filter(|(actor, action, app)| ours.store.can(*actor, *action, *app)).count();
    (done, scene)
}

#[library_benchmark(setup = scene, teardown = all_did)]
#[bench::counted()]
fn check_refused(scene: Scene) -> Done {
    let Scene { ours, refused, .. } = &scene;
    let done = refused.iter().filter(|(actor, action, app)| !ours.store.can(*actor, *action, *app)).count();
    (done, scene)
}

/// Everybody who would be granted something is.
fn granted() -> Scene {
    let mut scene = scene();
    for Grant { admin, user, app, .. } in &scene.grants {
        let permissions = Permission::Operate.into();
        scene.ours.store.grant_permissions(*admin, *app, *user, permissions).expect("accepted");
    }
    scene
}

/// They are in eight groups instead, which hold something on the app each, and all but one what is not asked for.
fn grouped() -> Scene {
    let mut scene = scene();
    let store = &mut scene.ours.store;
    let mut groups = BTreeMap::<TeamId, Vec<GroupId>>::new();
    let (mut people, mut apps) = (BTreeSet::new(), BTreeSet::new());
    for Grant { admin, user, app, team } in &scene.grants {
        let of_team = groups.entry(*team).or_insert_with(|| {
            let name = |number| format!("group-{number}").parse().expect("a name");
            (0..8).map(|number| store.create_group(*admin, *team, name(number)).expect("accepted")).collect()
        });
        for (number, group) in of_team.iter().enumerate() {
            if people.insert((*group, *user)) {
                store.add_group_member(*admin, *group, *user).expect("accepted");
            }
            if apps.insert((*group, *app)) {
                let permission = if number == 7 { Permission::Operate } else { Permission::Deploy };
                store.grant_group_permissions(*admin, *app, *group, permission.into()).expect("accepted");
            }
        }
    }
    scene
}

fn restarts(scene: &Scene) -> usize {
    let asked = scene.grants.iter().map(|grant| (Actor::user(grant.user, NOW), grant.app));
    asked.filter(|(actor, app)| scene.ours.store.can(*actor, AppAction::RestartApp, *app)).count()
}

#[library_benchmark(setup = granted, teardown = all_did)]
#[bench::counted()]
fn check_by_a_grant(scene: Scene) -> Done {
    (restarts(&scene), scene)
}

#[library_benchmark(setup = grouped, teardown = all_did)]
#[bench::counted()]
fn check_by_eight_groups(scene: Scene) -> Done {
    (restarts(&scene), scene)
}

#[library_benchmark(setup = scene, teardown = all_did)]
#[bench::counted()]
fn explain_refused(scene: Scene) -> Done {
    let Scene { ours, refused, .. } = &scene;
    let done = refused.iter().filter(|(actor, action, app)| {
        ours.store.explain(*actor, *action, *app).is_ok_and(|explanation| !black_box(explanation).is_allowed())
    });
    (done.count(), scene)
}

#[library_benchmark(setup = scene, teardown = all_did)]
#[bench::counted()]
fn asker_check(scene: Scene) -> Done {
    let Scene { ours, loops, .. } = &scene;
    let right = loops.iter().filter_map(|(actor, asked)| {
        let asker = ours.store.for_actor(*actor).ok()?;
        Some(asked.iter().filter(|(action, app, right)| asker.can(*action, *app) == *right).count())
    });
    (right.sum(), scene)
}

#[library_benchmark(setup = scene, teardown = all_did)]
#[bench::counted()]
fn first_page_of_50(scene: Scene) -> Done {
    let Scene { ours, admins, all, fifty, .. } = &scene;
    let done = admins.iter().filter(|(admin, team)| {
        let page = black_box(ours.store.apps(*admin, *team, all, AppSort::Name, fifty));
        page.is_ok_and(|page| page.items.len() == 50)
    });
    (done.count(), scene)
}

#[library_benchmark(setup = scene, teardown = all_did)]
#[bench::counted()]
fn visible_apps_page(scene: Scene) -> Done {
    let Scene { ours, collaborators, all, fifty, .. } = &scene;
    let done = collaborators.iter().filter(|collaborator| {
        let page = black_box(ours.store.visible_apps(**collaborator, all, fifty));
        page.is_ok_and(|page| !page.items.is_empty())
    });
    (done.count(), scene)
}

#[library_benchmark(setup = scene, teardown = all_did)]
#[bench::counted()]
fn grant(mut scene: Scene) -> Done {
    let Scene { ours: Ours { store, .. }, grants, .. } = &mut scene;
    let done = grants.iter().filter(|Grant { admin, user, app, .. }| {
        store.grant_permissions(*admin, *app, *user, Permission::Deploy.into()).is_ok()
    });
    (done.count(), scene)
}

#[library_benchmark(setup = scene, teardown = all_did)]
#[bench::counted()]
fn refused_grant(mut scene: Scene) -> Done {
    let Scene { ours: Ours { store, .. }, grants, .. } = &mut scene;
    let done = grants.iter().filter(|Grant { user, app, .. }| {
        store.grant_permissions(Actor::user(*user, NOW), *app, *user, Permission::Deploy.into()).is_err()
    });
    (done.count(), scene)
}

#[library_benchmark(setup = scene, teardown = all_did)]
#[bench::counted()]
fn create_app(mut scene: Scene) -> Done {
    let Scene { ours: Ours { store, .. }, grants, new_names, .. } = &mut scene;
    let done = grants.iter().zip(new_names).filter(|(Grant { admin, team, .. }, name)| {
        store.create_app(*admin, NewApp::in_team(*team).named(**name)).is_ok()
    });
    (done.count(), scene)
}

#[library_benchmark(setup = scene, teardown = all_did)]
#[bench::counted()]
fn next_name(mut scene: Scene) -> Done {
    let done = scene.names.by_ref().take(TIMES).map(black_box).count();
    (done, scene)
}

library_benchmark_group!(
    name = operations,
    benchmarks = [
        check_allowed,
        check_refused,
        check_by_a_grant,
        check_by_eight_groups,
        explain_refused,
        asker_check,
        first_page_of_50,
        visible_apps_page,
        grant,
        refused_grant,
        create_app,
        next_name
    ]
);
main!(
    config = LibraryBenchmarkConfig::default().tool(Callgrind::with_args(["--cache-sim=no"])),
    library_benchmark_groups = operations
);
