//! the staircases of groups, and of what is granted to them.

use enterprise_teams::demo::Demo;
use enterprise_teams::{
    AppId, GroupId, NewApp, NewTeam, Operation as O, Permission, PermissionSet, TeamRole, TeamStore, UserId,
};

use super::{APP, Climbed, GROUP, TEAM, USER, closed, stairs};
use crate::support::{id, read, register, team_name, through_client as via};

fn limits(store: &mut TeamStore, team_groups: u32, member_groups: u8) -> Result<(), enterprise_teams::Error> {
    let mut options = store.settings().options.clone();
    (options.team_groups_max, options.member_groups_max) = (team_groups, member_groups);
    store.change_settings(enterprise_teams::Actor::operator(crate::support::noon()), options)
}

pub(super) fn managed() -> Vec<Climbed> {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, max, acme, inc, .. } = closed();
    let kim = register(&mut store, "kim@acme.com");
    let [crew, taken] = ["crew", "taken"].map(|name| store.create_group(ada, acme, read(name)).unwrap());
    store.add_group_member(ada, crew, id(vera)).unwrap();
    store.add_group_member(ada, taken, id(joe)).unwrap();
    store.add_member(sam, inc, id(ada), TeamRole::Admin).unwrap();
    limits(&mut store, 2, 1).unwrap();
    store.add_member(ada, acme, id(kim), TeamRole::Viewer).unwrap();
    store.suspend_user(operator, id(kim)).unwrap();

    let create = |team, name| O::CreateGroup { team, name: read(name) };
    let creating = stairs(store.clone(), create(TEAM, "crew"))
        .by(via(vera), "team-not-found")
        .with(create(acme, "crew"), "oauth-denied")
        .by(joe, "only-admins-manage-groups")
        .by(ada, "group-name-taken")
        .with(create(acme, "other"), "group-limit-reached")
        .end_after("group-created", |store| limits(store, 3, 1));
    let creating_in_standard_team = stairs(store.clone(), create(TEAM, "crew"))
        .by(via(max), "team-not-found")
        .with(create(inc, "crew"), "oauth-denied")
        .by(max, "only-admins-manage-groups")
        .by(ada, "groups-in-standard-team")
        .with(create(acme, "crew"), "group-name-taken")
        .with(create(acme, "other"), "group-limit-reached")
        .end_after("group-created", |store| limits(store, 3, 1));

    let start = |operation: &dyn Fn(GroupId) -> O| {
        stairs(store.clone(), operation(GROUP))
            .by(via(jill), "group-not-found")
            .with(operation(crew), "group-hidden")
            .by(jill, "group-hidden")
            .by(via(vera), "oauth-denied")
            .by(vera, "only-admins-manage-groups")
            .by(joe, "only-admins-manage-groups")
    };
    let rename = |group, name| O::RenameGroup { group, name: read(name) };
    let renaming = start(&|group| rename(group, "crew"))
        .by(ada, "group-name-unchanged")
        .with(rename(crew, "taken"), "group-name-taken")
        .end_with(rename(crew, "backend"), "group-renamed");
    let deleting = start(&|group| O::DeleteGroup { group }).end_by(ada, "group-deleted");

    let start = |operation: &dyn Fn(GroupId, UserId) -> O, user| {
        stairs(store.clone(), operation(GROUP, USER))
            .by(via(jill), "group-not-found")
            .with(operation(crew, USER), "user-not-found")
            .with(operation(crew, user), "group-hidden")
            .by(via(joe), "oauth-denied")
            .by(joe, "only-admins-manage-groups")
    };
    let add = |group, user| O::AddGroupMember { group, user };
    let adding = start(&add, id(jill))
        .by(ada, "not-in-team")
        .with(add(crew, id(vera)), "already-in-group")
        .with(add(crew, id(kim)), "user-is-suspended")
        .with(add(crew, id(joe)), "member-group-limit-reached")
        .end_after("group-member-added", |store| limits(store, 2, 2));
    let remove = |group, user| O::RemoveGroupMember { group, user };
    let removing =
        start(&remove, id(joe)).by(ada, "not-in-group").end_with(remove(crew, id(vera)), "group-member-removed");
    vec![creating, creating_in_standard_team, renaming, deleting, adding, removing]
}

type Attempt<'a> = &'a dyn Fn(AppId, GroupId) -> O;

pub(super) fn granted() -> Vec<Climbed> {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, max, acme, website, wave, .. } = closed();
    let labs = store.provision_team(operator, NewTeam::enterprise(team_name("labs"), id(ada))).unwrap();
    let own = store.create_app(joe, NewApp::personal()).unwrap();
    store.add_collaborator(joe, own, id(jill)).unwrap();
    let page = store.create_app(ada, NewApp::in_team(acme)).unwrap();
    let [crew, hers] = ["crew", "hers"].map(|name| store.create_group(ada, acme, read(name)).unwrap());
    let theirs = store.create_group(ada, labs, read("crew")).unwrap();
    let held = Permission::View | Permission::Deploy;
    store.grant_group_permissions(ada, website, crew, held).unwrap();
    store.grant_group_permissions(ada, website, hers, held).unwrap();
    store.add_group_member(ada, hers, id(ada)).unwrap();

    let start = |operation: Attempt<'_>, group| {
        stairs(store.clone(), operation(APP, GROUP))
            .by(via(sam), "app-not-found")
            .with(operation(website, GROUP), "group-not-found")
            .with(operation(website, group), "app-hidden")
            .by(sam, "app-hidden")
            .by(via(vera), "oauth-denied")
            .by(vera, "only-managers-change-access")
            .by(jill, "only-managers-change-access")
    };
    let on_personal = |operation: Attempt<'_>| {
        stairs(store.clone(), operation(APP, GROUP))
            .by(via(sam), "app-not-found")
            .with(operation(own, GROUP), "group-not-found")
            .with(operation(own, theirs), "app-hidden")
            .by(jill, "only-owner-shares-personal-app")
            .by(joe, "permissions-on-personal-app")
    };
    let on_standard = |operation: Attempt<'_>| {
        stairs(store.clone(), operation(APP, GROUP))
            .by(via(joe), "app-not-found")
            .with(operation(wave, GROUP), "group-not-found")
            .with(operation(wave, theirs), "app-hidden")
            .by(via(max), "oauth-denied")
            .by(max, "only-admins-manage-standard-apps")
            .by(sam, "permissions-on-standard-app")
    };
    // At last somebody who may, on an app where it is done.
    let by_ada = |group, operation: Attempt<'_>, code, climbed: super::Stairs| {
        climbed
            .row("group-of-another-team", |row| (row.actor, row.operation) = (ada, operation(website, theirs)))
            .end_with(operation(group, crew), code)
    };

    let grant = |app, group, permissions| O::GrantGroupPermissions { app, group, permissions };
    let granting: Attempt<'_> = &|app, group| grant(app, group, held);
    let granted = start(granting, hers)
        .by(ada, "own-group-grant-cannot-grow")
        .with(granting(website, theirs), "group-of-another-team")
        .with(grant(website, crew, PermissionSet::ALL), "group-already-on-app")
        .with(granting(website, crew), "group-permissions-unchanged")
        .end_with(granting(page, crew), "group-permissions-granted");
    let set = |app, group, permissions| O::SetGroupPermissions { app, group, permissions };
    let setting: Attempt<'_> = &|app, group| set(app, group, PermissionSet::ALL);
    let changed = start(setting, hers)
        .by(ada, "own-group-grant-cannot-grow")
        .with(setting(website, theirs), "group-of-another-team")
        .with(setting(page, crew), "group-not-on-app")
        .with(set(website, crew, held), "group-permissions-unchanged")
        .end_with(setting(website, crew), "group-permissions-changed");
    // Less is allowed (PERM-5).
    let reduced = start(setting, hers)
        .by(ada, "own-group-grant-cannot-grow")
        .end_with(set(website, hers, PermissionSet::VIEW), "group-permissions-changed");
    let revoking: Attempt<'_> = &|app, group| O::RevokeGroupPermissions { app, group };
    let revoked = start(revoking, theirs)
        .by(ada, "group-of-another-team")
        .with(revoking(page, crew), "group-not-on-app")
        .end_with(revoking(website, crew), "group-permissions-revoked");
    let mut all = vec![granted, changed, reduced, revoked];
    for (operation, app, code) in [
        (granting, page, "group-permissions-granted"),
        (setting, website, "group-permissions-changed"),
        (revoking, website, "group-permissions-revoked"),
    ] {
        all.push(by_ada(app, operation, code, on_personal(operation)));
        all.push(by_ada(app, operation, code, on_standard(operation)));
    }
    all
}
