//! what is found among few is found among many, after any removals, renames and changes of permissions.

use std::collections::BTreeMap;

use enterprise_teams::demo::Demo;
use enterprise_teams::query::AppFilter;
use enterprise_teams::{
    Actor, App, AppAction, AppId, AppName, Error, NewApp, NewTeam, NewUser, Owner, Page, PageRequest, Permission,
    PermissionSet, Role, Settings, TeamId, TeamRole, TeamStore, UserId, query::TeamFilter,
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
    let members = store.memberships(admin, &TeamFilter::default(), &PageRequest::default()).expect("a page");
    assert_eq!(members.items.len(), 1);
    for number in 0..1200 {
        let found = store.app_by_name(admin, app_name(&format!("app-{number}"))).is_ok();
        assert_eq!(found, number % 3 != 0, "app-{number}");
    }
    sound(&store);
}

/// Kim, and what there may be for her to be in and on. Ada owns or administers all of it.
struct Around {
    store: TeamStore,
    ada: Actor,
    kim: Actor,
    teams: Vec<TeamId>,
    apps: Vec<AppId>,
}

impl Around {
    /// The teams that own apps.
    const OWNERS: usize = 5;

    fn new() -> Result<Self, Error> {
        let operator = Actor::operator(noon());
        let mut store = TeamStore::new(Settings::from_seed(1));
        let [ada, kim] = ["ada@many.com", "kim@many.com"].map(|email| register(&mut store, email));
        let (mut teams, mut apps) = (Vec::new(), Vec::new());
        for number in 0..48 {
            let new = NewTeam::enterprise(team_name(&format!("team-{number}")), id(ada));
            teams.push(store.provision_team(operator, new)?);
        }
        for number in 0..96 {
            let new = if number % 2 == 0 { NewApp::in_team(teams[number % Self::OWNERS]) } else { NewApp::personal() };
            apps.push(store.create_app(ada, new.named(app_name(&format!("app-{number}"))))?);
        }
        Ok(Self { store, ada, kim, teams, apps })
    }

    /// Does something to what Kim is in and on, and takes it back every fifth time. For a while she comes, and then she goes.
    fn step(&mut self, step: u64) -> Result<(), Error> {
        let Self { store, ada, kim, teams, apps } = self;
        let (ada, kim, comes) = (*ada, *kim, step % 800 < 500);
        let (app, team) = (apps[scattered(step, apps.len())], teams[scattered(step + 1, teams.len())]);
        let personal = store.app(ada, app)?.owner().team().is_none();
        let mut attempt = store.begin();
        match scattered(step + 2, 16) {
            0 | 1 => attempt.rename_app(ada, app, app_name(&format!("app-{}", scattered(step, 10_000))))?,
            2 => attempt.rename_team(ada, team, team_name(&format!("team-{}", scattered(step, 10_000))))?,
            3 => attempt.transfer_app(ada, app, teams[scattered(step, Self::OWNERS)])?,
            4..9 if comes => attempt.add_member(ada, team, id(kim), TeamRole::Member)?,
            4..9 => attempt.remove_member(ada, team, id(kim))?,
            _ if comes && personal => attempt.add_collaborator(ada, app, id(kim))?,
            _ if comes => attempt.grant_permissions(ada, app, id(kim), PermissionSet::VIEW)?,
            _ => attempt.remove_collaborator(ada, app, id(kim))?,
        }
        if !step.is_multiple_of(5) {
            attempt.commit();
        }
        Ok(())
    }

    /// Holds every list of hers against what a walk over everything says. Answers in how many teams she is, and on how many apps.
    fn compare(&self) -> Result<(usize, usize), Error> {
        let Self { store, ada, kim, teams, apps } = self;
        let (ada, kim, operator) = (*ada, *kim, Actor::operator(noon()));
        let mut within = BTreeMap::new();
        for team in teams {
            if store.role(operator, *team, id(kim))?.is_some_and(|role| role != Role::Collaborator) {
                within.insert(store.team_name(operator, *team)?, *team);
            }
        }
        let teams_listed = pages(|page| store.memberships(kim, &TeamFilter::default(), page))?;
        assert!(teams_listed.iter().map(|one| (one.team.name(), one.team.id())).eq(within.clone()));

        let all: Result<Vec<&App>, Error> = apps.iter().map(|app| store.app(operator, *app)).collect();
        let by_name: BTreeMap<AppName, &App> = all?.into_iter().map(|app| (app.name(), app)).collect();
        let seen = by_name.values().filter(|app| store.can(kim, AppAction::ViewApp, app.id())).map(|app| app.id());
        let visible = pages(|page| store.visible_apps(kim, &AppFilter::default(), page))?;
        assert!(visible.iter().map(|one| one.app.id()).eq(seen));

        let is_on = |app: &App| store.app_access_of(ada, app.id(), id(kim)).is_ok_and(|one| one.granted.is_some());
        let on: Vec<&App> = by_name.into_values().filter(|app| is_on(app)).collect();
        for team in &teams[..Self::OWNERS] {
            let of_team = on.iter().filter(|app| app.owner() == Owner::Team(*team)).map(|app| app.id());
            let listed = pages(|page| store.member_apps(ada, *team, id(kim), &AppFilter::default(), page))?;
            assert!(listed.iter().map(|app| app.id()).eq(of_team));
        }
        Ok((within.len(), on.len()))
    }
}

/// A list, in small pages.
fn pages<T>(list: impl Fn(&PageRequest) -> Result<Page<T>, Error>) -> Result<Vec<T>, Error> {
    let (mut items, mut request) = (Vec::new(), PageRequest::first(7)?);
    loop {
        let page = list(&request)?;
        items.extend(page.items);
        match page.next {
            Some(next) => request = request.after(next),
            None => return Ok(items),
        }
    }
}

#[test]
fn x_06_what_somebody_is_in_and_on_is_listed_after_any_renames_and_moves() -> Result<(), Error> {
    let mut around = Around::new()?;
    let (mut done, mut sizes) = (0, Vec::new());
    for step in 0..1600 {
        done += usize::from(around.step(step).is_ok());
        if step % 10 == 0 {
            assert_eq!(around.store.check_invariants(), []);
            sizes.push(around.compare()?);
        }
        if step % 200 == 0 {
            around.store = TeamStore::restore(around.store.snapshot()).expect("sound");
        }
    }
    let most = sizes.iter().fold((0, 0), |most, size| (most.0.max(size.0), most.1.max(size.1)));
    let last = sizes.last().copied().unwrap_or_default();
    assert!(done > 500 && most.0 > 34 && most.1 > 50 && last.0 < 25 && last.1 < 30, "{done}, {most:?}, {last:?}");
    Ok(())
}

#[test]
fn x_06_a_team_that_is_renamed_stays_off_the_lists_of_who_is_only_on_an_app_of_it() {
    let Demo { mut store, operator, ada, jill, acme, .. } = Demo::new().unwrap();
    for number in 0..40 {
        let team = NewTeam::enterprise(team_name(&format!("team-{number}")), id(jill));
        store.provision_team(operator, team).unwrap();
    }
    store.rename_team(ada, acme, team_name("widgets")).unwrap();
    sound(&store);
    let all = PageRequest::first(100).unwrap();
    let of_jill = store.memberships(jill, &TeamFilter::default(), &all).unwrap();
    assert_eq!(of_jill.items.len(), 40, "she is on an app of acme, and not in it");
}
