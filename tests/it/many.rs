//! what is found among few is found among many, after any removals, renames and changes of permissions.

use std::collections::BTreeMap;

use enterprise_teams::demo::Demo;
use enterprise_teams::{
    Actor, AppAction, NewApp, NewTeam, NewUser, PageRequest, Permission, PermissionSet, Settings, TeamRole, TeamStore,
    UserId,
};

use crate::support::{app_name, email, id, noon, register, sound, team_name};

/// Numbers below `end` that repeat in every run.
fn scattered(step: u64, end: usize) -> usize {
    let spread = (step + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::try_from((spread ^ (spread >> 29)) % end as u64).expect("below the end")
}

#[test]
fn x_06_each_of_many_people_on_an_app_holds_what_they_were_given() {
    let Demo { mut store, ada, website, .. } = Demo::new().expect("a sample store");
    let people: Vec<Actor> = (0..100).map(|index| register(&mut store, &format!("guest-{index}@guests.com"))).collect();
    let sets = [
        PermissionSet::VIEW,
        Permission::View | Permission::Deploy,
        Permission::View | Permission::Operate,
        PermissionSet::ALL,
    ];
    let mut expected = BTreeMap::new();
    for step in 0..2000 {
        let index = scattered(step, people.len());
        let (person, set) = (people[index], sets[scattered(step / 3, sets.len())]);
        match expected.get(&index) {
            None => {
                store.grant_permissions(ada, website, id(person), set).expect("a guest is put on the app");
                expected.insert(index, set);
            }
            Some(held) if *held == set => {
                store.remove_collaborator(ada, website, id(person)).expect("a guest is taken off the app");
                expected.remove(&index);
            }
            Some(_) => {
                store.set_permissions(ada, website, id(person), set).expect("a guest gets other permissions");
                expected.insert(index, set);
            }
        }
        if step % 100 == 0 {
            for (index, person) in people.iter().enumerate() {
                let held = store.permissions(*person, website).map(|held| held.permissions).ok();
                assert_eq!(held, expected.get(&index).copied(), "guest {index} after step {step}");
                let deploys = held.is_some_and(|held| held.contains(Permission::Deploy));
                assert_eq!(store.can(*person, AppAction::PushCode, website), deploys);
            }
        }
    }
    assert!(expected.len() > 40, "a crowd is on the app");
    sound(&store);
}

#[test]
fn x_06_rows_are_found_by_id_and_by_name_after_many_removals_and_renames() {
    let operator = Actor::operator(noon());
    let mut store = TeamStore::new(Settings::from_seed(1));
    let mut users: BTreeMap<String, UserId> = BTreeMap::new();
    for step in 0..6000 {
        let name = format!("user-{}@many.com", scattered(step, 1500));
        match users.remove(&name) {
            None => {
                let user = store.register_user(operator, NewUser::new(email(&name))).expect("the e-mail is free");
                users.insert(name, user);
            }
            Some(user) if step % 3 == 0 => {
                let renamed = format!("{step}-{name}");
                store.set_email(operator, user, email(&renamed)).expect("the e-mail is free");
                users.insert(renamed, user);
            }
            Some(user) => store.delete_user(operator, user).expect("nothing holds the user"),
        }
    }
    assert!(users.len() > 500);
    for (name, user) in &users {
        assert_eq!(store.user_id(&email(name)), Ok(*user));
        assert_eq!(store.user(operator, *user).expect("the user is there").email().as_str(), name);
    }
    assert!(store.user_id(&email("nobody@many.com")).is_err());
    sound(&store);

    let admin = Actor::user(*users.values().next().expect("a user"), noon());
    let team = store.provision_team(operator, NewTeam::enterprise(team_name("many"), id(admin))).expect("a team");
    for number in 0..1200 {
        let app =
            store.create_app(admin, NewApp::in_team(team).named(app_name(&format!("app-{number}")))).expect("an app");
        if number % 3 == 0 {
            store.delete_app(admin, app, &format!("app-{number}")).expect("the app is deleted");
        }
    }
    for user in users.values().skip(1).take(100) {
        store.add_member(admin, team, *user, TeamRole::Member).expect("there is room");
    }
    let members = store.memberships(admin, &PageRequest::default()).expect("a page");
    assert_eq!(members.items.len(), 1);
    for number in 0..1200 {
        let found = store.app_by_name(admin, app_name(&format!("app-{number}"))).is_ok();
        assert_eq!(found, number % 3 != 0, "app-{number}");
    }
    sound(&store);
}
