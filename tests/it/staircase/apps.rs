//! the staircases of apps, of who is on them, and of transfers.

use enterprise_teams::demo::Demo;
use enterprise_teams::{
    Actor, AppId, AppName, NewApp, NewTeam, Operation as O, Owner, Permission, PermissionSet, Settings, TeamRole,
    TeamStore, UserId,
    entity::{DynoSize, Labels, Plan},
    name_gen::WordLists,
    names::ProcessType,
};

use super::{ALLOWED, APP, Climbed, DENIED, TEAM, TRANSFER, USER, apps, closed, stairs, used_up};
use crate::support::{app_name, id, labels, noon, read, register, team_name, through_client as via};

pub(super) fn created() -> Vec<Climbed> {
    let Demo { mut store, operator, ada, vera, sam, max, acme, inc, .. } = closed();
    store.set_team_limits(operator, acme, apps(1)).unwrap();
    store.set_team_limits(operator, inc, apps(1)).unwrap();
    let taken = |app: NewApp| O::CreateApp { app: app.named(app_name("acme-website")) };
    let reserved = |app: NewApp| O::CreateApp { app: app.named(app_name("api")) };
    let in_team = stairs(store.clone(), reserved(NewApp::in_team(TEAM)))
        .by(via(vera), "team-not-found")
        .with(reserved(NewApp::in_team(acme)), "oauth-denied")
        .by(vera, "only-members-create-apps")
        .by(ada, "app-name-reserved")
        .with(taken(NewApp::in_team(acme)), "app-name-taken")
        .with(O::CreateApp { app: NewApp::in_team(acme).named(app_name("apple")) }, "app-limit-reached")
        .end_after("app-created", |store| store.set_team_limits(operator, acme, apps(2)));
    let locked = NewApp::in_team(inc).locked();
    let locked_in_standard_team = stairs(store, taken(NewApp::in_team(TEAM).locked()))
        .by(via(vera), "team-not-found")
        .with(taken(locked), "oauth-denied")
        .by(vera, "only-members-create-apps")
        .by(max, "only-admins-create-locked-apps")
        .by(sam, "app-name-taken")
        .with(O::CreateApp { app: locked.named(app_name("apple")) }, "app-limit-reached")
        .end_after("app-created", |store| store.set_team_limits(operator, inc, apps(2)));

    let mut store = TeamStore::new(Settings::from_seed(0).personal_apps_max(1));
    let joe = register(&mut store, "joe@acme.com");
    let first = store.create_app(joe, NewApp::personal().named(app_name("first"))).unwrap();
    let own = |name| O::CreateApp { app: NewApp::personal().named(app_name(name)) };
    let personal = stairs(store, own("first"))
        .by(Actor::operator(noon()), "operator-owns-no-apps")
        .by(joe, "app-name-taken")
        .with(own("second"), "personal-app-limit-reached")
        .end_after("app-created", |store| store.delete_app(joe, first, "first"));

    // The smallest space of names, all of them taken by apps of one account, which is full with them.
    let words = WordLists::new(["a"], ["b"]).unwrap();
    let most = u32::try_from(words.names()).unwrap();
    let mut store = TeamStore::new(Settings::from_seed(0).words(words).personal_apps_max(most));
    let joe = register(&mut store, "joe@acme.com");
    let last = (0..most).map(|_| store.create_app(joe, NewApp::personal()).unwrap()).last().unwrap();
    let name = store.app(joe, last).unwrap().name().to_string();
    let unnamed = stairs(store, O::CreateApp { app: NewApp::personal() })
        .by(joe, "names-used-up")
        .with(own("second"), "personal-app-limit-reached")
        .end_after("app-created", |store| store.delete_app(joe, last, &name));
    vec![in_team, locked_in_standard_team, personal, unnamed]
}

pub(super) fn managed_apps() -> Vec<Climbed> {
    let Demo { mut store, ada, joe, jill, sam, max, website, wave, .. } = closed();
    let own = store.create_app(joe, NewApp::personal()).unwrap();
    store.add_collaborator(joe, own, id(jill)).unwrap();
    let mut kinds = Vec::new();
    // An app of each kind of team, and a personal one: who manages it, who sees it and does not, what the latter hears,
    // and who does not see it.
    for (app, manager, seer, code, outsider) in [
        (website, ada, joe, None, max),
        (wave, sam, max, Some("only-admins-manage-standard-apps"), joe),
        (own, joe, jill, None, max),
    ] {
        let start = |store: &TeamStore, operation: &dyn Fn(AppId) -> O, code: &'static str| {
            let hidden = stairs(store.clone(), operation(APP))
                .by(via(outsider), "app-not-found")
                .with(operation(app), "app-hidden")
                .by(outsider, "app-hidden");
            // No team keeps clients out of a personal app.
            let shut_out = if app == own { code } else { "oauth-denied" };
            hidden.by(via(seer), shut_out).by(seer, code)
        };
        let taken: AppName = app_name(if app == website { "frozen-wave-4030" } else { "acme-website" });
        let present = store.app(manager, app).unwrap().name();
        let rename = |app, name| O::RenameApp { app, name };
        let renaming = start(&store, &|app| rename(app, app_name("api")), code.unwrap_or("only-managers-rename-apps"))
            .by(manager, "app-name-reserved")
            .with(rename(app, present), "app-name-unchanged")
            .with(rename(app, taken), "app-name-taken")
            .end_with(rename(app, app_name("apple")), "app-renamed");

        let label = |app, labels| O::SetAppLabels { app, labels };
        let labelling = start(&store, &|app| label(app, Labels::NONE), code.unwrap_or("only-managers-label-apps"))
            .by(manager, "app-labels-unchanged")
            .end_with(label(app, labels("env=production")), "app-labels-changed");

        let name = store.app(manager, app).unwrap().name().to_string();
        let delete = |app, confirmation: &str| O::DeleteApp { app, confirmation: confirmation.into() };
        let deleting =
            start(&store, &|app| delete(app, "FROZEN-wave-4030"), code.unwrap_or("only-managers-delete-apps"))
                .by(manager, "confirmation-mismatch")
                .end_with(delete(app, &name), "app-deleted");

        let unlocking = start(&store, &|app| O::UnlockApp { app }, code.unwrap_or("only-managers-lock-apps"))
            .by(manager, "app-not-locked")
            .end_after("app-unlocked", |store| store.lock_app(manager, app));

        let mut locked = store.clone();
        locked.lock_app(manager, app).unwrap();
        let locking = start(&locked, &|app| O::LockApp { app }, code.unwrap_or("only-managers-lock-apps"))
            .by(manager, "app-already-locked")
            .end_after("app-locked", |store| store.unlock_app(manager, app));
        kinds.extend([renaming, labelling, deleting, unlocking, locking]);
    }
    kinds
}

pub(super) fn worked_on() -> Vec<Climbed> {
    let Demo { mut store, operator, ada, joe, vera, sam, max, acme, website, .. } = closed();
    let process = |number: u32| -> ProcessType { format!("p{number}").parse().unwrap() };
    for number in 0..100 {
        store.scale_app(ada, website, process(number), DynoSize::Basic, 1).unwrap();
    }
    let scale = |app, size, quantity| O::ScaleApp { app, process: process(100), size, quantity };
    store.set_team_limits(operator, acme, used_up(Some(1), None, apps(9))).unwrap();
    // What is taken out has no size: a quantity of 0 repairs that.
    let scaling = stairs(store.clone(), scale(APP, DynoSize::Eco, 1))
        .by(via(sam), "app-not-found")
        .with(scale(website, DynoSize::Eco, 1), "app-hidden")
        .by(via(vera), "oauth-denied")
        .by(vera, "action-needs-permission")
        .by(joe, "eco-in-team")
        .with(scale(website, DynoSize::ShieldL, 1), "private-dyno-outside-space")
        .with(scale(website, DynoSize::ShieldL, 0), "formation-unchanged")
        .with(scale(website, DynoSize::Eco, 0), "formation-unchanged")
        .with(scale(website, DynoSize::PerformanceL, 1), "dyno-unit-limit-reached")
        .after("formation-full", |store| store.set_team_limits(operator, acme, apps(9)))
        .end_after("app-scaled", |store| store.scale_app(joe, website, process(7), DynoSize::Basic, 0));

    store.add_member(ada, acme, id(max), TeamRole::Member).unwrap();
    store.lock_app(ada, website).unwrap();
    let joining = stairs(store, O::JoinApp { app: APP })
        .by(via(sam), "app-not-found")
        .with(O::JoinApp { app: website }, "app-hidden")
        .by(via(vera), "oauth-denied")
        .by(vera, "only-members-join-apps")
        .by(ada, "admin-holds-all")
        .by(joe, "already-on-app")
        .after("permissions-unchanged", |store| store.set_permissions(ada, website, id(joe), PermissionSet::VIEW))
        .by(max, "app-is-locked")
        .end_after("app-joined", |store| store.unlock_app(ada, website));
    vec![scaling, joining]
}

pub(super) fn granted() -> Vec<Climbed> {
    let Demo { mut store, ada, joe, vera, jill, sam, max, acme, website, wave, .. } = closed();
    let set = PermissionSet::from(Permission::Deploy);
    let grant = |app, user| O::GrantPermissions { app, user, permissions: set };
    let granting = stairs(store.clone(), grant(APP, USER))
        .by(via(max), "app-not-found")
        .with(grant(website, USER), "user-not-found")
        .with(grant(website, id(ada)), "app-hidden")
        .by(via(joe), "oauth-denied")
        .by(joe, "only-managers-change-access")
        .by(ada, "admin-holds-all")
        .with(grant(website, id(jill)), "already-on-app")
        .with(grant(website, id(joe)), "permissions-unchanged")
        .suspended(id(vera), grant(website, id(vera)))
        .end_reinstated(id(vera), "permissions-granted");

    // Who manages the app through a group alone.
    let mut through_group = store.clone();
    let crew = through_group.create_group(ada, acme, read("crew")).unwrap();
    through_group.grant_group_permissions(ada, website, crew, Permission::Manage.into()).unwrap();
    through_group.add_group_member(ada, crew, id(vera)).unwrap();
    let granting_own = stairs(through_group, grant(APP, USER))
        .by(via(max), "app-not-found")
        .with(grant(website, USER), "user-not-found")
        .with(grant(website, id(vera)), "app-hidden")
        .by(via(joe), "oauth-denied")
        .by(joe, "only-managers-change-access")
        .by(vera, "own-grant-cannot-grow")
        .end_by(ada, "permissions-granted");

    let change = |app, user| O::SetPermissions { app, user, permissions: set };
    let changing = stairs(store.clone(), change(APP, USER))
        .by(via(max), "app-not-found")
        .with(change(website, USER), "user-not-found")
        .with(change(website, id(ada)), "app-hidden")
        .by(via(joe), "oauth-denied")
        .by(joe, "only-managers-change-access")
        .by(ada, "admin-permissions-fixed")
        .with(change(website, id(vera)), "not-on-app")
        .with(change(website, id(joe)), "permissions-unchanged")
        .suspended(id(jill), change(website, id(jill)))
        .end_reinstated(id(jill), "permissions-changed");
    let mut managed = store.clone();
    managed.set_permissions(ada, website, id(joe), Permission::Manage.into()).unwrap();
    let changing_own = stairs(managed, change(APP, USER))
        .by(via(max), "app-not-found")
        .with(change(website, USER), "user-not-found")
        .with(change(website, id(vera)), "app-hidden")
        .by(via(vera), "oauth-denied")
        .by(vera, "only-managers-change-access")
        .row("own-grant-cannot-grow", |row| (row.actor, row.operation) = (joe, change(website, id(joe))))
        .end_with(
            O::SetPermissions { app: website, user: id(joe), permissions: PermissionSet::VIEW },
            "permissions-changed",
        );

    // Where no permissions are chosen, for people who may choose them on another app.
    let own = store.create_app(joe, NewApp::personal()).unwrap();
    store.add_collaborator(joe, own, id(jill)).unwrap();
    store.set_permissions(ada, website, id(joe), PermissionSet::ALL).unwrap();
    store.grant_permissions(ada, website, id(sam), PermissionSet::ALL).unwrap();
    let mut kinds = vec![granting, granting_own, changing, changing_own];
    let makes: [(&dyn Fn(AppId, UserId) -> O, _, _); 2] =
        [(&grant, id(vera), "permissions-granted"), (&change, id(jill), "permissions-changed")];
    for (make, user, event) in makes {
        let personal = stairs(store.clone(), make(APP, USER))
            .by(via(max), "app-not-found")
            .with(make(own, USER), "user-not-found")
            .with(make(own, id(joe)), "app-hidden")
            .by(via(jill), "only-owner-shares-personal-app")
            .by(joe, "permissions-on-personal-app")
            .end_with(make(website, user), event);
        let standard = stairs(store.clone(), make(APP, USER))
            .by(via(joe), "app-not-found")
            .with(make(wave, USER), "user-not-found")
            .with(make(wave, id(sam)), "app-hidden")
            .by(via(max), "oauth-denied")
            .by(max, "only-admins-manage-standard-apps")
            .by(sam, "permissions-on-standard-app")
            .end_with(make(website, user), event);
        kinds.extend([personal, standard]);
    }
    kinds
}

pub(super) fn collaborators() -> Vec<Climbed> {
    let Demo { mut store, ada, joe, vera, jill, sam, max, acme, inc, website, wave, .. } = closed();
    let own = store.create_app(ada, NewApp::personal()).unwrap();
    store.add_collaborator(ada, own, id(jill)).unwrap();
    let add = |app, user| O::AddCollaborator { app, user };
    let adding = stairs(store.clone(), add(APP, USER))
        .by(via(max), "app-not-found")
        .with(add(website, USER), "user-not-found")
        .with(add(website, id(ada)), "app-hidden")
        .by(via(joe), "oauth-denied")
        .by(joe, "only-managers-change-access")
        .by(ada, "permissions-missing")
        .end_with(add(own, id(joe)), "collaborator-added");
    let adding_to_own = stairs(store.clone(), add(APP, USER))
        .by(via(joe), "app-not-found")
        .with(add(own, USER), "user-not-found")
        .with(add(own, id(ada)), "app-hidden")
        .by(via(jill), "only-owner-shares-personal-app")
        .by(ada, "owner-holds-all")
        .with(add(own, id(jill)), "permissions-unchanged")
        .suspended(id(joe), add(own, id(joe)))
        .end_reinstated(id(joe), "collaborator-added");
    let mut locked = store.clone();
    locked.join_app(max, wave).unwrap();
    locked.add_collaborator(sam, wave, id(jill)).unwrap();
    locked.lock_app(sam, wave).unwrap();
    let adding_to_standard = stairs(locked, add(APP, USER))
        .by(via(joe), "app-not-found")
        .with(add(wave, USER), "user-not-found")
        .with(add(wave, id(sam)), "app-hidden")
        .by(via(jill), "oauth-denied")
        .by(jill, "only-members-add-collaborators")
        .by(max, "only-managers-share-locked-apps")
        .by(sam, "admin-holds-all")
        .with(add(wave, id(max)), "permissions-unchanged")
        .end_with(add(wave, id(joe)), "collaborator-added");
    let adding_oneself = stairs(store.clone(), add(APP, USER))
        .by(via(joe), "app-not-found")
        .with(add(wave, USER), "user-not-found")
        .with(add(wave, id(max)), "app-hidden")
        .by(via(max), "oauth-denied")
        .by(max, "own-grant-cannot-grow")
        .end_with(add(wave, id(joe)), "collaborator-added");

    // Admins on whose own account nothing sleeps (PERM-6).
    store.add_member(ada, acme, id(sam), TeamRole::Admin).unwrap();
    store.add_member(sam, inc, id(ada), TeamRole::Admin).unwrap();
    let remove = |app, user| O::RemoveCollaborator { app, user };
    let removing = stairs(store.clone(), remove(APP, USER))
        .by(via(max), "app-not-found")
        .with(remove(website, USER), "user-not-found")
        .with(remove(website, id(sam)), "app-hidden")
        .by(via(joe), "oauth-denied")
        .by(joe, "only-managers-change-access")
        .by(ada, "admin-permissions-fixed")
        .with(remove(website, id(vera)), "not-on-app")
        .end_with(remove(website, id(joe)), "collaborator-removed");
    let removing_from_own = stairs(store.clone(), remove(APP, USER))
        .by(via(joe), "app-not-found")
        .with(remove(own, USER), "user-not-found")
        .with(remove(own, id(ada)), "app-hidden")
        .by(via(jill), "only-owner-shares-personal-app")
        .by(ada, "owner-holds-all")
        .with(remove(own, id(joe)), "not-on-app")
        .end_with(remove(own, id(jill)), "collaborator-removed");
    store.join_app(max, wave).unwrap();
    let removing_from_standard = stairs(store, remove(APP, USER))
        .by(via(joe), "app-not-found")
        .with(remove(wave, USER), "user-not-found")
        .with(remove(wave, id(ada)), "app-hidden")
        .by(via(max), "oauth-denied")
        .by(max, "only-admins-manage-standard-apps")
        .by(sam, "admin-permissions-fixed")
        .with(remove(wave, id(jill)), "not-on-app")
        .end_with(remove(wave, id(max)), "collaborator-removed");
    vec![adding, adding_to_own, adding_to_standard, adding_oneself, removing, removing_from_own, removing_from_standard]
}

/// By what the app is and who receives it: four staircases, and one more for each kind of team.
pub(super) fn transferred() -> Vec<Climbed> {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, max, acme, inc, website, wave, .. } = closed();
    let to = |app, to: Owner| O::TransferApp { app, to };
    store.set_team_limits(operator, acme, apps(1)).unwrap();
    store.set_team_limits(operator, inc, apps(1)).unwrap();
    let own = store.create_app(joe, NewApp::personal()).unwrap();
    store.add_collaborator(joe, own, id(jill)).unwrap();
    store.scale_app(joe, own, read("web"), DynoSize::Eco, 1).unwrap();
    store.install_add_on(joe, own, read("redis"), Plan { name: read("mini"), price: 1 }).unwrap();
    let into_acme = |store: &mut TeamStore| store.set_team_limits(operator, acme, apps(2));
    let personal_to_team = stairs(store.clone(), to(APP, TEAM.into()))
        .by(via(vera), "app-not-found")
        .with(to(own, TEAM.into()), "team-not-found")
        .with(to(own, inc.into()), "app-hidden")
        .by(via(jill), "oauth-denied")
        .by(jill, "only-owner-transfers-personal-app")
        .by(joe, "only-members-transfer-in")
        .with(to(own, acme.into()), "app-limit-reached")
        .after("dyno-unit-limit-reached", |store| {
            store.set_team_limits(operator, acme, used_up(Some(0), Some(0), apps(2)))
        })
        .after("add-on-credit-limit-reached", |store| {
            store.set_team_limits(operator, acme, used_up(Some(1), Some(0), apps(2)))
        })
        .end_after("app-transferred", into_acme);
    let personal_to_user = stairs(store.clone(), to(APP, USER.into()))
        .by(via(vera), "app-not-found")
        .with(to(own, USER.into()), "user-not-found")
        .with(to(own, id(vera).into()), "app-hidden")
        .by(via(jill), "only-owner-transfers-personal-app")
        .by(joe, "transfer-needs-request")
        .with(to(own, id(joe).into()), "already-owner")
        .with(to(own, acme.into()), "app-limit-reached")
        .end_after("app-transferred", into_acme);

    store.add_member(sam, inc, id(ada), TeamRole::Member).unwrap();
    let team_to_team = stairs(store.clone(), to(APP, TEAM.into()))
        .by(via(max), "app-not-found")
        .with(to(website, TEAM.into()), "team-not-found")
        .with(to(website, inc.into()), "app-hidden")
        .by(via(joe), "oauth-denied")
        .after("oauth-denied", |store| store.set_oauth_access(ada, acme, ALLOWED))
        .by(joe, "only-managers-transfer-apps")
        .after("receiving-team-closed", |store| store.set_permissions(ada, website, id(joe), PermissionSet::ALL))
        .with(to(website, acme.into()), "already-owner")
        .row("app-limit-reached", |row| (row.actor, row.operation) = (ada, to(website, inc.into())))
        .end_after("app-transferred", |store| store.set_team_limits(operator, inc, apps(2)));
    let standard_to_team = stairs(store.clone(), to(APP, TEAM.into()))
        .by(via(joe), "app-not-found")
        .with(to(wave, TEAM.into()), "team-not-found")
        .with(to(wave, acme.into()), "app-hidden")
        .by(via(max), "oauth-denied")
        .after("oauth-denied", |store| store.set_oauth_access(sam, inc, ALLOWED))
        .by(max, "only-admins-transfer-standard-apps")
        .by(sam, "receiving-team-closed")
        .with(to(wave, inc.into()), "already-owner")
        .row("app-limit-reached", |row| {
            row.store.add_member(ada, acme, id(sam), TeamRole::Member).unwrap();
            row.operation = to(wave, acme.into());
        })
        .end_after("app-transferred", into_acme);

    let mut store = TeamStore::new(Settings::from_seed(0).personal_apps_max(1));
    let [bob, eve, zoe] = ["bob@x.io", "eve@x.io", "zoe@x.io"].map(|text| register(&mut store, text));
    let first = store.create_app(eve, NewApp::personal().named(app_name("first"))).unwrap();
    let mut kinds = vec![personal_to_team, personal_to_user, team_to_team, standard_to_team];
    for (team, code) in [
        (NewTeam::enterprise(team_name("team"), id(bob)), "only-managers-give-apps"),
        (NewTeam::standard(team_name("team"), id(bob)), "only-admins-transfer-standard-apps"),
    ] {
        let mut store = store.clone();
        let team = store.provision_team(operator, team).unwrap();
        store.add_member(bob, team, id(eve), TeamRole::Member).unwrap();
        store.set_oauth_access(bob, team, DENIED).unwrap();
        let app = store.create_app(bob, NewApp::in_team(team)).unwrap();
        kinds.push(
            stairs(store, to(APP, USER.into()))
                .by(via(zoe), "app-not-found")
                .with(to(app, USER.into()), "user-not-found")
                .with(to(app, id(zoe).into()), "app-hidden")
                .by(via(eve), "oauth-denied")
                .by(eve, code)
                .by(bob, "new-owner-is-stranger")
                .suspended(id(eve), to(app, id(eve).into()))
                .reinstated(id(eve), "personal-app-limit-reached")
                .end_after("app-transferred", |store| store.delete_app(eve, first, "first")),
        );
    }
    kinds
}

pub(super) fn transferred_in_bulk() -> Vec<Climbed> {
    let Demo { mut store, joe, acme, website, .. } = closed();
    let own = store.create_app(joe, NewApp::personal()).unwrap();
    let all = |apps: &[AppId], to| O::TransferApps { apps: apps.into(), to };
    let movable = |apps: &[AppId], to| O::TransferMovableApps { apps: apps.into(), to };
    let [all_refused, movable_refused] = [all as fn(&[AppId], Owner) -> O, movable].map(|make| {
        stairs(store.clone(), make(&[APP; 1001], USER.into()))
            .by(via(joe), "user-not-found")
            .with(make(&[APP; 1001], TEAM.into()), "team-not-found")
            .with(make(&[APP; 1001], acme.into()), "oauth-denied")
            .by(joe, "bulk-size-invalid")
            .with(make(&[], acme.into()), "bulk-size-invalid")
            .with(make(&[APP; 1000], acme.into()), "app-named-twice")
            .with(make(&[APP, website], acme.into()), "bulk-refused")
    });
    let one_refused = all_refused.with(all(&[own, website], acme.into()), "bulk-refused");
    vec![
        one_refused.end_with(all(&[own], acme.into()), "apps-transferred"),
        movable_refused.end_with(movable(&[APP, website, own], acme.into()), "apps-transferred"),
    ]
}

pub(super) fn transfers_requested() -> Vec<Climbed> {
    let Demo { mut store, operator, ada, joe, jill, max, website, .. } = closed();
    let own = store.create_app(ada, NewApp::personal()).unwrap();
    let request = |app, recipient| O::RequestAppTransfer { app, recipient };
    store.add_collaborator(ada, own, id(jill)).unwrap();
    let pending = store.request_app_transfer(ada, own, id(jill)).unwrap();
    let requesting = stairs(store, request(APP, USER))
        .by(via(max), "app-not-found")
        .with(request(website, USER), "user-not-found")
        .with(request(website, id(joe)), "app-hidden")
        .by(via(joe), "oauth-denied")
        .by(joe, "only-owner-requests-transfer")
        .by(ada, "request-on-team-app")
        .with(request(own, id(ada)), "already-owner")
        .with(request(own, id(joe)), "recipient-not-on-app")
        .with(request(own, id(jill)), "transfer-already-pending")
        .after("user-is-suspended", |store| {
            store.cancel_app_transfer(ada, pending)?;
            store.suspend_user(operator, id(jill))
        })
        .end_reinstated(id(jill), "app-transfer-requested");

    let mut store = TeamStore::new(Settings::from_seed(0).personal_apps_max(1));
    let [bob, eve] = ["bob@x.io", "eve@x.io"].map(|text| register(&mut store, text));
    let own = store.create_app(bob, NewApp::personal()).unwrap();
    let hers = store.create_app(eve, NewApp::personal().named(app_name("hers"))).unwrap();
    store.add_collaborator(bob, own, id(eve)).unwrap();
    let transfer = store.request_app_transfer(bob, own, id(eve)).unwrap();
    let accepting = stairs(store.clone(), O::AcceptAppTransfer { transfer: TRANSFER })
        .by(bob, "transfer-not-found")
        .with(O::AcceptAppTransfer { transfer }, "only-recipient-answers-transfer")
        .by(eve, "personal-app-limit-reached")
        .end_after("app-transfer-accepted", |store| store.delete_app(eve, hers, "hers"));
    let declining = stairs(store.clone(), O::DeclineAppTransfer { transfer: TRANSFER })
        .by(bob, "transfer-not-found")
        .with(O::DeclineAppTransfer { transfer }, "only-recipient-answers-transfer")
        .end_by(eve, "app-transfer-declined");
    let cancelling = stairs(store, O::CancelAppTransfer { transfer: TRANSFER })
        .by(eve, "transfer-not-found")
        .with(O::CancelAppTransfer { transfer }, "only-owner-cancels-transfer")
        .end_by(bob, "app-transfer-cancelled");
    vec![requesting, accepting, declining, cancelling]
}
