//! What pages and explanations cost: how many rows are looked at, counted, so the same in every run.

use core::fmt::Display;

use crate::actor::Actor;
use crate::demo::Demo;
use crate::entity::{NewApp, NewTeam, NewUser, Stage};
use crate::error::Error;
use crate::ids::{AppId, PipelineId, TeamId, UserId};
use crate::permission::{Permission, PermissionSet};
use crate::policy::{AppAction, Capability};
use crate::query::{AppFilter, Page, PageRequest, PeopleFilter, TeamFilter};
use crate::role::{Role, TeamRole};
use crate::state::look_ups;
use crate::store::TeamStore;
use crate::tests::text;

const PAGE: usize = 10;

/// A team with much of everything, and two of its apps: one on which everybody is, one on which few are.
struct Crowd {
    store: TeamStore,
    operator: Actor,
    ada: Actor,
    vera: Actor,
    /// A collaborator who manages both apps.
    jill: Actor,
    team: TeamId,
    full: AppId,
    empty: AppId,
    flow: PipelineId,
}

fn crowd(people: usize) -> Result<Crowd, Error> {
    let Demo { mut store, operator, ada, vera, jill, acme: team, website: full, .. } = Demo::new()?;
    let [ada_id, jill_id] = [ada, jill].map(|actor| actor.who.user().expect("a user"));
    store.set_permissions(ada, full, jill_id, Permission::Manage.into())?;
    let empty = store.create_app(ada, NewApp::in_team(team).named(text("empty")))?;
    store.grant_permissions(ada, empty, jill_id, Permission::Manage.into())?;
    let flow = store.create_pipeline(ada, team, text("flow"))?;
    for number in 0..people {
        let user = store.register_user(operator, NewUser::new(text(&format!("c{number:03}@example.com"))))?;
        store.grant_permissions(ada, full, user, PermissionSet::VIEW)?;
        let name = format!("team-{number}");
        store.provision_team(operator, NewTeam::enterprise(text(&name), ada_id))?;
        store.open_account(operator, text(&format!("account-{number}")), ada_id)?;
        let app = store.create_app(ada, NewApp::in_team(team).named(text(&format!("app-{number}"))))?;
        store.couple_app(ada, flow, app, Stage::Development)?;
    }
    Ok(Crowd { store, operator, ada, vera, jill, team, full, empty, flow })
}

/// Every page looks at a few rows for each entry, and at as many more as it takes to find where it starts; answers how many entries
/// there are.
#[track_caller]
fn linear<T>(what: &str, list: impl Fn(&PageRequest) -> Result<Page<T>, Error>) -> usize {
    let (mut entries, mut request) = (0, PageRequest::first(PAGE).expect("a size"));
    loop {
        let (page, cost) = look_ups(|| list(&request).unwrap_or_else(|error| panic!("{what}: {error}")));
        assert!(cost <= 8 * page.items.len() + 50, "{what}: {cost} rows for {}", page.items.len());
        entries += page.items.len();
        match page.next {
            Some(next) => request = request.after(next),
            None => return entries,
        }
    }
}

#[test]
fn x_06_a_page_costs_what_it_holds() -> Result<(), Error> {
    let people = 300;
    let Crowd { store, operator, ada, vera, jill, team, full, empty, flow } = &crowd(people)?;
    let (everything, everybody, every_team) = (AppFilter::default(), PeopleFilter::default(), TeamFilter::default());
    assert!(linear("users", |page| store.users(*operator, page)) > people);
    assert!(linear("teams", |page| store.teams(*operator, &every_team, page)) > people);
    assert_eq!(linear("accounts", |page| store.accounts(*operator, page)), people);
    for actor in [*ada, *vera, *operator] {
        assert_eq!(linear("people on the full app", |page| store.app_access(actor, *full, page)), people + 4);
        assert_eq!(linear("people on the empty app", |page| store.app_access(actor, *empty, page)), 4);
        assert_eq!(linear("people", |page| store.access_list(actor, *team, &everybody, page)), people + 4);
        let viewers = everybody.clone().role(Role::Viewer);
        assert_eq!(linear("viewers", |page| store.access_list(actor, *team, &viewers, page)), 1);
        assert_eq!(linear("apps in a pipeline", |page| store.pipeline_apps(actor, *flow, &everything, page)), people);
    }
    assert_eq!(linear("people for a manager", |page| store.app_access(*jill, *full, page)), people + 3);
    assert_eq!(linear("few people for a manager", |page| store.app_access(*jill, *empty, page)), 2);
    Ok(())
}

/// Kim is on many apps of one team, on one of another and on personal ones; Lea is in many teams and on an app of each of many
/// more.
#[test]
fn x_06_a_page_about_one_person_costs_what_it_holds() -> Result<(), Error> {
    let Demo { mut store, operator, ada, max, acme, .. } = Demo::new()?;
    let mut register = |email| store.register_user(operator, NewUser::new(text(email)));
    let [kim, lea] = [register("kim@example.com")?, register("lea@example.com")?];
    let other = store.provision_team(operator, NewTeam::enterprise(text("other"), lea))?;
    let [as_kim, as_lea] = [kim, lea].map(|user| Actor::user(user, ada.at));
    let app = store.create_app(as_lea, NewApp::in_team(other))?;
    store.grant_permissions(as_lea, app, kim, PermissionSet::VIEW)?;
    let many = 300;
    for number in 0..many {
        let app = store.create_app(ada, NewApp::in_team(acme).named(text(&format!("app-{number}"))))?;
        store.grant_permissions(ada, app, kim, PermissionSet::VIEW)?;
        if number % 4 == 0 {
            let app = store.create_app(max, NewApp::personal())?;
            store.add_collaborator(max, app, kim)?;
        }
        store.provision_team(operator, NewTeam::enterprise(text(&format!("with-lea-{number}")), lea))?;
        let admin = ada.who.user().expect("a user");
        let team = store.provision_team(operator, NewTeam::enterprise(text(&format!("around-{number}")), admin))?;
        let app = store.create_app(ada, NewApp::in_team(team))?;
        store.grant_permissions(ada, app, lea, PermissionSet::VIEW)?;
    }
    let (everything, everybody, every_team) = (AppFilter::default(), PeopleFilter::default(), TeamFilter::default());
    assert_eq!(linear("apps of many", |page| store.member_apps(ada, acme, kim, &everything, page)), many);
    assert_eq!(linear("an app besides many", |page| store.member_apps(as_lea, other, kim, &everything, page)), 1);
    assert_eq!(linear("an entry besides many", |page| store.access_list(as_lea, other, &everybody, page)), 2);
    assert_eq!(linear("visible to kim", |page| store.visible_apps(as_kim, &everything, page)), many + many / 4 + 1);
    assert_eq!(linear("teams of lea", |page| store.memberships(as_lea, &every_team, page)), many + 1);
    assert_eq!(linear("teams of ada", |page| store.memberships(ada, &every_team, page)), many + 1);
    Ok(())
}

#[test]
fn x_06_people_on_a_personal_app_page_by_page() -> Result<(), Error> {
    let Demo { mut store, operator, joe, jill, .. } = Demo::new()?;
    let app = store.create_app(joe, NewApp::personal())?;
    store.add_collaborator(joe, app, jill.who.user().expect("a user"))?;
    for number in 0..200 {
        let user = store.register_user(operator, NewUser::new(text(&format!("c{number:03}@example.com"))))?;
        store.add_collaborator(joe, app, user)?;
    }
    for actor in [joe, jill] {
        assert_eq!(linear("people on a personal app", |page| store.app_access(actor, app, page)), 202);
    }
    Ok(())
}

/// What an explanation says of the way out, and how many rows that looked at.
fn explained(answer: Result<impl Display, Error>, cost: usize) -> (String, usize) {
    let (text, more) = look_ups(|| answer.expect("an answer").to_string());
    (text.split_once("way out: ").map(|(_, way_out)| way_out.to_owned()).unwrap_or_default(), cost + more)
}

#[test]
fn perm_11_a_way_out_costs_the_same_among_many() -> Result<(), Error> {
    let mut costs = Vec::new();
    for people in [30, 400] {
        let Crowd { mut store, ada, vera, jill, team, full, .. } = crowd(people)?;
        let mut asked = |store: &TeamStore, actor: Actor, way_out: &str| {
            let (answer, cost) = look_ups(|| store.explain(actor, AppAction::PushCode, full));
            let (text, cost) = explained(answer, cost);
            assert_eq!(text, format!("ask {way_out} for a grant of the permission"));
            costs.push((people, cost));
        };
        asked(&store, vera, "`ada@acme.com` or `jill@creativeinc.com`");
        asked(&store, jill, "`ada@acme.com`");
        let (answer, cost) = look_ups(|| store.explain(vera, Capability::ManageUsers, team));
        let (text, cost) = explained(answer, cost);
        assert!(text.starts_with("ask `ada@acme.com` for "), "{text}");
        assert!(cost < 20, "{cost}");
        // Many who manage the app, and many admins.
        for number in 0..people {
            let user = store.user_id(&text_of(number)).expect("registered");
            store.set_permissions(ada, full, user, Permission::Manage.into())?;
        }
        asked(&store, vera, "`ada@acme.com` or `c000@example.com` or `c001@example.com` or others");
        asked(&store, jill, "`ada@acme.com` or `c000@example.com` or `c001@example.com` or others");
        for number in 0..people {
            let user = store.user_id(&text_of(number)).expect("registered");
            store.add_member(ada, team, user, TeamRole::Admin)?;
        }
        asked(&store, vera, "`ada@acme.com` or `c000@example.com` or `c001@example.com` or others");
        asked(&store, jill, "`ada@acme.com` or `c000@example.com` or `c001@example.com` or others");
    }
    assert!(costs.iter().all(|(_, cost)| *cost < 60), "{costs:?}");
    let [few, many] = [30, 400].map(|people| costs.iter().filter(move |(of, _)| *of == people).map(|(_, cost)| *cost));
    assert!(few.eq(many), "{costs:?}");
    Ok(())
}

fn text_of(number: usize) -> crate::names::Email {
    text(&format!("c{number:03}@example.com"))
}

/// People come on an app and go, get and lose `manage`, change their e-mail, and the app goes to another team and back: the lists
/// are those that a walk over everybody gives, also after an undo.
#[test]
fn perm_07_the_lists_of_a_large_app_follow() -> Result<(), Error> {
    let Demo { mut store, operator, ada, acme, website, .. } = Demo::new()?;
    let other = store.provision_team(operator, NewTeam::enterprise(text("other"), ada.who.user().expect("a user")))?;
    let users: Result<Vec<UserId>, Error> =
        (0..40).map(|number| store.register_user(operator, NewUser::new(text_of(number)))).collect();
    let (users, mut number) = (users?, 7_u64);
    for step in 0..1_500_usize {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let [which, what] = [number >> 33, number >> 45].map(|part| usize::try_from(part).unwrap_or(0));
        let user = users[which % users.len()];
        let mut attempt = store.begin();
        let done = match what % 8 {
            0 | 1 => attempt.remove_collaborator(ada, website, user),
            2 => attempt.set_email(operator, user, text(&format!("u{step}@example.com"))),
            3 => attempt.put_permissions(ada, website, user, Permission::Manage.into()),
            4 if step % 9 == 0 => attempt.transfer_app(ada, website, if step % 2 == 0 { other } else { acme }),
            _ => attempt.put_permissions(ada, website, user, PermissionSet::VIEW),
        };
        if done.is_ok() && what % 3 != 0 {
            attempt.commit();
        } else {
            drop(attempt);
        }
        assert_eq!(store.check_invariants(), []);
    }
    Ok(())
}
