//! what a store weighs, and what takes no memory at all; counted, so the same in every run.

#![cfg(test)]

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

use enterprise_teams::chrono::{DateTime, Utc};
use enterprise_teams::{
    Actor, AppAction, AppId, Capability, Error, NameGenerator, NewApp, NewTeam, NewUser, Permission, Settings, TeamId,
    TeamRole, TeamStore, UserId, ids::Secret,
};

#[global_allocator]
static HEAP: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const NOW: DateTime<Utc> = DateTime::<Utc>::UNIX_EPOCH;
const TEAMS: usize = 20;
const PEOPLE: usize = 400;
const APPS: usize = 500;
const GRANTS: usize = 10;

struct Organisation {
    store: TeamStore,
    teams: Vec<TeamId>,
    users: Vec<UserId>,
    apps: Vec<AppId>,
}

/// What `act` leaves on the heap, in bytes.
fn weight(act: impl FnOnce()) -> usize {
    let region = Region::new(HEAP);
    act();
    let change = region.change();
    change.bytes_allocated.saturating_sub(change.bytes_deallocated)
}

fn allocations(act: impl FnOnce()) -> usize {
    let region = Region::new(HEAP);
    act();
    region.change().allocations
}

/// Each step of building the store, with its weight for each thing made; the event log is handed over.
fn build() -> (Organisation, Vec<(&'static str, usize)>) {
    let operator = Actor::operator(NOW);
    let mut made = Organisation {
        store: TeamStore::new(Settings::from_seed(1)),
        teams: Vec::with_capacity(TEAMS),
        users: Vec::with_capacity(TEAMS * PEOPLE),
        apps: Vec::with_capacity(TEAMS * APPS),
    };
    let mut weights = Vec::new();
    let mut step =
        |what, things: usize, made: &mut Organisation, act: &dyn Fn(&mut Organisation) -> Result<(), Error>| {
            let weight = weight(|| {
                act(made).expect("accepted");
                drop(made.store.drain_events(0));
            });
            weights.push((what, weight / things));
        };
    step("user", TEAMS * PEOPLE, &mut made, &|made| {
        for index in 0..TEAMS * PEOPLE {
            let user = NewUser::new(format!("user-{index}@example.com").parse()?);
            made.users.push(made.store.register_user(operator, user)?);
        }
        Ok(())
    });
    step("membership", TEAMS * PEOPLE, &mut made, &|made| {
        for (index, people) in made.users.chunks(PEOPLE).enumerate() {
            let team = NewTeam::enterprise(format!("team-{index}").parse()?, people[0]);
            let team = made.store.provision_team(operator, team)?;
            made.teams.push(team);
            for user in &people[1..] {
                made.store.add_member(Actor::user(people[0], NOW), team, *user, TeamRole::Member)?;
            }
        }
        Ok(())
    });
    step("app", TEAMS * APPS, &mut made, &|made| {
        for (team, people) in made.teams.iter().zip(made.users.chunks(PEOPLE)) {
            for _ in 0..APPS {
                made.apps.push(made.store.create_app(Actor::user(people[0], NOW), NewApp::in_team(*team))?);
            }
        }
        Ok(())
    });
    step("grant", TEAMS * APPS * GRANTS, &mut made, &|made| {
        for (apps, people) in made.apps.chunks(APPS).zip(made.users.chunks(PEOPLE)) {
            for (index, app) in apps.iter().enumerate() {
                for grant in 0..GRANTS {
                    let user = people[1 + (index * 7 + grant * 13) % (PEOPLE - 1)];
                    made.store.grant_permissions(Actor::user(people[0], NOW), *app, user, Permission::Deploy.into())?;
                }
            }
        }
        Ok(())
    });
    (made, weights)
}

#[test]
fn x_06_weights_and_what_allocates_nothing() {
    let (Organisation { mut store, teams, users, apps }, weights) = build();
    println!("bytes for each: {weights:?}");
    for (what, weight) in weights {
        let most = match what {
            "user" => 276,
            "membership" => 60,
            "app" => 390,
            _ => 36,
        };
        assert!(weight <= most, "{weight} bytes a {what}, {most} at most");
    }

    let (admin, member, outsider) = (users[0], users[1], users[PEOPLE + 1]);
    let mut yes = 0;
    let asked = allocations(|| {
        for user in [admin, member, outsider] {
            for app in &apps[..50] {
                for action in AppAction::ALL {
                    let actor = Actor::user(user, NOW);
                    yes += usize::from(store.can(actor, *action, *app));
                    let explained = store.explain(actor, *action, *app);
                    assert!(explained.is_ok_and(|answer| answer.is_allowed() == store.can(actor, *action, *app)));
                }
            }
            for capability in Capability::ALL {
                yes += usize::from(store.can(Actor::user(user, NOW), *capability, teams[0]));
            }
        }
    });
    assert!(yes > 1000, "{yes}");
    assert_eq!(asked, 0, "a check and an explanation take no memory");
    let refused = allocations(|| {
        for app in &apps[..50] {
            assert!(store.lock_app(Actor::user(outsider, NOW), *app).is_err());
        }
    });
    assert_eq!(refused, 0, "a refusal takes no memory");
    let mut names = NameGenerator::new(Secret::from_seed(3));
    let drawn = allocations(|| assert!(names.by_ref().take(1000).all(|name| name.as_str().len() > 6)));
    assert_eq!(drawn, 0, "a name takes no memory");

    let events = 100_000;
    let log = weight(|| {
        let admin = Actor::user(admin, NOW);
        for index in 0..events / 2 {
            let app = apps[index % APPS];
            store.lock_app(admin, app).expect("unlocked");
            store.unlock_app(admin, app).expect("locked");
        }
    });
    println!("{} bytes an event in the log", log / events);
    assert!(log / events <= 190);
    drop(store.drain_events(1000));
    assert_eq!(store.events().len(), 1000);
}
