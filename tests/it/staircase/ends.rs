//! the staircases of ends.

use enterprise_teams::chrono::{DateTime, TimeDelta, Utc};
use enterprise_teams::demo::Demo;
use enterprise_teams::{
    AppId, GroupId, NewApp, NewSpace, NewTeam, Operation as O, Permission, SpaceId, TeamId, TeamRole, UserId,
};

use super::{APP, Climbed, GROUP, SPACE, TEAM, USER, closed, stairs, stairs_at};
use crate::support::{id, noon, read, register, team_name, through_client as via};

/// So many days from noon on.
#[expect(clippy::unnecessary_wraps, reason = "as the operations take it")]
fn day(days: i64) -> Option<DateTime<Utc>> {
    Some(noon() + TimeDelta::days(days))
}

pub(super) fn moved() -> Vec<Climbed> {
    let Demo { mut store, operator, ada, joe, vera, jill, max, acme, .. } = closed();
    let kim = register(&mut store, "kim@acme.com");
    store.add_member(ada, acme, id(kim), TeamRole::Admin).unwrap();
    for user in [id(kim), id(joe), id(vera)] {
        store.set_member_end(ada, acme, user, day(7)).unwrap();
    }
    let set = |team, user, ends_at| O::SetMemberEnd { team, user, ends_at };
    let start = |ends_at| {
        stairs(store.clone(), set(TEAM, USER, ends_at))
            .by(via(max), "team-not-found")
            .with(set(acme, USER, ends_at), "user-not-found")
            .with(set(acme, id(jill), ends_at), "oauth-denied")
            .by(max, "only-admins-manage-members")
            .by(joe, "only-admins-manage-members")
    };
    let member = start(day(0))
        .by(ada, "end-in-the-past")
        .with(set(acme, id(jill), day(7)), "not-in-team")
        .with(set(acme, id(joe), day(7)), "end-unchanged")
        .suspended(id(vera), set(acme, id(vera), day(8)))
        .with(set(acme, id(ada), day(8)), "last-admin-cannot-end")
        .end_with(set(acme, id(joe), day(8)), "end-changed");
    // Put off by nobody for themself, brought forward by anybody who may.
    let own = start(None)
        .row("own-membership-cannot-grow", |row| (row.actor, row.operation) = (kim, set(acme, id(kim), None)))
        .with(set(acme, id(kim), day(8)), "own-membership-cannot-grow")
        .with(set(acme, id(kim), day(-1)), "end-in-the-past")
        .end_with(set(acme, id(kim), day(6)), "end-changed");
    // Of whoever is suspended it is brought forward, and not put off.
    let suspended = start(day(8))
        .by(kim, "not-in-team")
        .suspended(id(joe), set(acme, id(joe), day(8)))
        .with(set(acme, id(joe), None), "user-is-suspended")
        .end_with(set(acme, id(joe), day(6)), "end-changed");

    let sweeping = stairs_at(noon() + TimeDelta::days(6), store.clone(), O::SweepEnds {})
        .by(ada.at(noon() + TimeDelta::days(7)), "only-operator-sweeps-ends")
        .by(operator.at(noon() + TimeDelta::days(7) - TimeDelta::microseconds(1)), "nothing-has-ended")
        .end_by(operator.at(noon() + TimeDelta::days(7)), "ends-swept");

    let space = store.create_space(ada, NewSpace::new(acme, read("acme-space"))).unwrap();
    let lee = register(&mut store, "lee@acme.com");
    store.add_member(ada, acme, id(lee), TeamRole::Member).unwrap();
    for user in [id(joe), id(lee)] {
        store.allow_app_creation(ada, space, user).unwrap();
        store.set_app_creation_end(ada, space, user, day(7)).unwrap();
    }
    let set = |space: SpaceId, user: UserId, ends_at| O::SetAppCreationEnd { space, user, ends_at };
    let creating = stairs(store.clone(), set(SPACE, USER, day(0)))
        .by(via(jill), "space-not-found")
        .with(set(space, USER, day(0)), "user-not-found")
        .with(set(space, id(vera), day(0)), "space-hidden")
        .by(via(vera), "oauth-denied")
        .by(vera, "only-admins-manage-spaces")
        .by(joe, "only-admins-manage-spaces")
        .by(ada, "end-in-the-past")
        .with(set(space, id(vera), day(8)), "app-creation-not-allowed")
        .with(set(space, id(joe), day(7)), "end-unchanged")
        .suspended(id(joe), set(space, id(joe), day(8)))
        .end_reinstated(id(joe), "end-changed");
    // That of an admin sleeps: it is brought forward, and not put off.
    let sleeping = stairs(store, set(SPACE, USER, day(8)))
        .by(via(jill), "space-not-found")
        .with(set(space, USER, day(8)), "user-not-found")
        .with(set(space, id(lee), day(8)), "space-hidden")
        .by(via(vera), "oauth-denied")
        .by(vera, "only-admins-manage-spaces")
        .row("app-creation-for-members", |row| {
            row.store.set_member_role(ada, acme, id(lee), TeamRole::Admin).unwrap();
            row.actor = ada;
        })
        .with(set(space, id(lee), day(7)), "end-unchanged")
        .end_with(set(space, id(lee), day(6)), "end-changed");
    vec![member, own, suspended, sweeping, creating, sleeping]
}

type Attempt<'a> = &'a dyn Fn(AppId, UserId, Option<DateTime<Utc>>) -> O;

pub(super) fn granted() -> Vec<Climbed> {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, max, acme, inc, website, wave, .. } = closed();
    let labs: TeamId = store.provision_team(operator, NewTeam::enterprise(team_name("labs"), id(ada))).unwrap();
    let own = store.create_app(joe, NewApp::personal()).unwrap();
    store.add_collaborator(joe, own, id(jill)).unwrap();
    let kim = register(&mut store, "kim@acme.com");
    store.grant_permissions(ada, website, id(kim), Permission::Manage.into()).unwrap();
    for user in [id(joe), id(jill), id(kim)] {
        store.set_grant_end(ada, website, user, day(7)).unwrap();
    }
    let set: Attempt<'_> = &|app, user, ends_at| O::SetGrantEnd { app, user, ends_at };
    let start = |ends_at| {
        stairs(store.clone(), set(APP, USER, ends_at))
            .by(via(sam), "app-not-found")
            .with(set(website, USER, ends_at), "user-not-found")
            .with(set(website, id(vera), ends_at), "app-hidden")
            .by(sam, "app-hidden")
            .by(via(vera), "oauth-denied")
            .by(vera, "only-managers-change-access")
    };
    let enterprise = start(day(0))
        .by(ada, "end-in-the-past")
        .with(set(website, id(ada), day(8)), "admin-permissions-fixed")
        .with(set(website, id(vera), day(8)), "not-on-app")
        .with(set(website, id(joe), day(7)), "end-unchanged")
        .suspended(id(joe), set(website, id(joe), day(8)))
        .end_reinstated(id(joe), "end-changed");
    // Who manages it from outside does not stay longer by their own choice (PERM-5), and may stay less long.
    let growing = start(None)
        .row("own-grant-cannot-grow", |row| (row.actor, row.operation) = (kim, set(website, id(kim), None)))
        .with(set(website, id(kim), day(8)), "own-grant-cannot-grow")
        .end_with(set(website, id(kim), day(6)), "end-changed");
    let personal = stairs(store.clone(), set(APP, USER, day(0)))
        .by(via(sam), "app-not-found")
        .with(set(own, USER, day(0)), "user-not-found")
        .with(set(own, id(vera), day(0)), "app-hidden")
        .by(jill, "only-owner-shares-personal-app")
        .by(joe, "end-in-the-past")
        .with(set(own, id(vera), day(8)), "not-on-app")
        .end_with(set(own, id(jill), day(8)), "end-changed");

    // Members of a Standard team put off what admins brought forward (STD-3).
    let mut standard = store.clone();
    for user in [id(jill), id(vera)] {
        standard.add_collaborator(sam, wave, user).unwrap();
    }
    standard.set_grant_end(sam, wave, id(jill), day(7)).unwrap();
    let shorter = stairs(standard.clone(), set(APP, USER, day(6)))
        .by(via(joe), "app-not-found")
        .with(set(wave, USER, day(6)), "user-not-found")
        .with(set(wave, id(jill), day(6)), "app-hidden")
        .by(via(max), "oauth-denied")
        .by(max, "only-admins-manage-standard-apps")
        .with(set(wave, id(vera), day(9)), "only-admins-manage-standard-apps")
        .end_by(sam, "end-changed");
    let longer = stairs(standard, set(APP, USER, day(8)))
        .by(via(joe), "app-not-found")
        .with(set(wave, USER, day(8)), "user-not-found")
        .with(set(wave, id(jill), day(8)), "app-hidden")
        .by(via(jill), "oauth-denied")
        .by(jill, "only-admins-manage-standard-apps")
        .row("only-managers-share-locked-apps", |row| {
            row.store.lock_app(sam, wave).unwrap();
            row.actor = max;
        })
        .after("user-is-suspended", |store| {
            store.unlock_app(sam, wave)?;
            store.suspend_user(operator, id(jill))
        })
        .end_reinstated(id(jill), "end-changed");

    let [crew, hers] = ["crew", "hers"].map(|name| store.create_group(ada, acme, read(name)).unwrap());
    let theirs = store.create_group(ada, labs, read("crew")).unwrap();
    let page = store.create_app(ada, NewApp::in_team(acme)).unwrap();
    store.add_member(sam, inc, id(ada), TeamRole::Admin).unwrap();
    for group in [crew, hers] {
        store.grant_group_permissions(ada, website, group, Permission::Deploy.into()).unwrap();
        store.set_group_grant_end(ada, website, group, day(7)).unwrap();
    }
    store.add_group_member(ada, hers, id(ada)).unwrap();
    let set = |app: AppId, group: GroupId, ends_at| O::SetGroupGrantEnd { app, group, ends_at };
    let start = |ends_at| {
        stairs(store.clone(), set(APP, GROUP, ends_at))
            .by(via(sam), "app-not-found")
            .with(set(website, GROUP, ends_at), "group-not-found")
            .with(set(website, hers, ends_at), "app-hidden")
            .by(sam, "app-hidden")
            .by(via(vera), "oauth-denied")
            .by(vera, "only-managers-change-access")
    };
    let of_group = start(day(8))
        .by(ada, "own-group-grant-cannot-grow")
        .with(set(website, theirs, day(0)), "group-of-another-team")
        .with(set(page, crew, day(0)), "end-in-the-past")
        .with(set(page, crew, day(8)), "group-not-on-app")
        .with(set(website, crew, day(7)), "end-unchanged")
        .end_with(set(website, crew, day(8)), "end-changed");
    let brought_forward =
        start(day(8)).by(ada, "own-group-grant-cannot-grow").end_with(set(website, hers, day(6)), "end-changed");
    let on_personal = stairs(store.clone(), set(APP, GROUP, day(0)))
        .by(via(sam), "app-not-found")
        .with(set(own, GROUP, day(0)), "group-not-found")
        .with(set(own, theirs, day(0)), "app-hidden")
        .by(jill, "only-owner-shares-personal-app")
        .by(joe, "permissions-on-personal-app")
        .row("group-of-another-team", |row| (row.actor, row.operation) = (ada, set(website, theirs, day(0))))
        .with(set(website, crew, day(0)), "end-in-the-past")
        .end_with(set(website, crew, day(8)), "end-changed");
    let on_standard = stairs(store.clone(), set(APP, GROUP, day(0)))
        .by(via(joe), "app-not-found")
        .with(set(wave, GROUP, day(0)), "group-not-found")
        .with(set(wave, theirs, day(0)), "app-hidden")
        .by(via(max), "oauth-denied")
        .by(max, "only-admins-manage-standard-apps")
        .by(sam, "permissions-on-standard-app")
        .row("group-of-another-team", |row| (row.actor, row.operation) = (ada, set(website, theirs, day(0))))
        .with(set(website, crew, day(0)), "end-in-the-past")
        .end_with(set(website, crew, day(8)), "end-changed");
    vec![enterprise, growing, personal, shorter, longer, of_group, brought_forward, on_personal, on_standard]
}
