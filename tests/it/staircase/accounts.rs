//! the staircases of Enterprise Accounts, of their teams, and of moving in and out.

use enterprise_teams::demo::Demo;
use enterprise_teams::{AccountId, Actor, NewApp, NewSpace, NewTeam, Operation as O, TeamId, TeamRole, entity::Labels};

use super::{ACCOUNT, ALLOWED, Climbed, DENIED, TEAM, USER, closed, stairs};
use crate::support::{app_name, days, email, id, labels, read, register, team_name, through_client as via};

/// The sample store with an account of two teams, which deny third-party clients: Zoe manages it and is in neither, Ada holds
/// `create` and is admin of both, Joe is a member of the first.
pub(super) struct Corp {
    pub(super) demo: Demo,
    pub(super) zoe: Actor,
    pub(super) account: AccountId,
    pub(super) east: TeamId,
    pub(super) west: TeamId,
}

pub(super) fn corp() -> Corp {
    let mut demo = closed();
    let Demo { store, operator, ada, joe, .. } = &mut demo;
    let zoe = register(store, "zoe@corp.com");
    let account = store.open_account(*operator, read("corp"), id(zoe)).unwrap();
    store.add_account_member(zoe, account, id(*ada), read("create")).unwrap();
    let [east, west] = ["corp-east", "corp-west"].map(|name| {
        let team = store.create_team_in(*ada, account, team_name(name)).unwrap();
        store.set_oauth_access(*ada, team, DENIED).unwrap();
        team
    });
    store.add_member(*ada, east, id(*joe), TeamRole::Member).unwrap();
    Corp { demo, zoe, account, east, west }
}

pub(super) fn managed() -> Vec<Climbed> {
    let Corp { demo: Demo { store, operator, ada, joe, vera, .. }, zoe, account, .. } = corp();
    let open = |name, manager| O::OpenAccount { name: read(name), manager };
    let opening = stairs(store.clone(), open("corp", USER))
        .by(zoe, "user-not-found")
        .with(open("corp", id(joe)), "only-operator-opens-accounts")
        .row("user-is-suspended", |row| {
            row.actor = operator;
            row.store.suspend_user(operator, id(joe)).unwrap();
        })
        .reinstated(id(joe), "account-name-taken")
        .end_with(open("acme", id(joe)), "account-opened");

    // By an outsider, and by a member of the account without `manage`.
    let start = |operation: &dyn Fn(AccountId, _) -> O, user| {
        stairs(store.clone(), operation(ACCOUNT, USER))
            .by(via(ada), "account-not-found")
            .with(operation(account, USER), "user-not-found")
            .with(operation(account, user), "oauth-denied-in-account")
            .by(joe, "only-managers-manage-accounts")
            .by(via(joe), "only-managers-manage-accounts")
            .by(ada, "only-managers-manage-accounts")
            .by(operator, "only-managers-manage-accounts")
    };
    let add = |account, user| O::AddAccountMember { account, user, permissions: read("billing") };
    let adding = start(&add, id(zoe)).by(zoe, "already-in-account").row("account-permissions-unchanged", |row| {
        row.operation = O::AddAccountMember { account, user: id(ada), permissions: read("create") };
    });
    let adding = adding.suspended(id(joe), add(account, id(joe))).end_reinstated(id(joe), "account-member-added");
    let set = |account, user, set| O::SetAccountPermissions { account, user, permissions: read(set) };
    let changing = start(&|account, user| set(account, user, "billing"), id(joe))
        .by(zoe, "not-in-account")
        .with(set(account, id(ada), "create"), "account-permissions-unchanged")
        .row("user-is-suspended", |row| {
            row.store.add_account_member(zoe, account, id(vera), read("view")).unwrap();
            row.store.suspend_user(operator, id(vera)).unwrap();
            row.operation = set(account, id(vera), "create,billing");
        })
        .with(set(account, id(zoe), "view,create,billing"), "cannot-demote-last-manager")
        .end_after("account-permissions-changed", |store| {
            store.set_account_permissions(zoe, account, id(ada), read("create,manage"))
        });
    let mut managed = store.clone();
    managed.add_account_member(zoe, account, id(joe), read("manage")).unwrap();
    let changing_own = stairs(managed, set(ACCOUNT, USER, "billing"))
        .by(ada, "account-not-found")
        .with(set(account, USER, "billing"), "user-not-found")
        .with(set(account, id(joe), "billing"), "only-managers-manage-accounts")
        .by(joe, "own-account-set-cannot-grow")
        .end_with(set(account, id(joe), "view"), "account-permissions-changed");
    let remove = |account, user| O::RemoveAccountMember { account, user };
    let removing = start(&remove, id(vera))
        .by(zoe, "not-in-account")
        .with(remove(account, id(zoe)), "cannot-remove-last-manager")
        .end_with(remove(account, id(ada)), "account-member-removed");
    let leaving = stairs(store.clone(), remove(ACCOUNT, USER))
        .by(joe, "account-not-found")
        .with(remove(account, USER), "user-not-found")
        .with(remove(account, id(ada)), "only-managers-manage-accounts")
        .with(remove(account, id(joe)), "not-in-account")
        .row("cannot-remove-last-manager", |row| (row.actor, row.operation) = (zoe, remove(account, id(zoe))))
        .end_after("account-member-removed", |store| store.add_account_member(zoe, account, id(joe), read("manage")));
    vec![opening, adding, changing, changing_own, removing, leaving]
}

/// What a holder of `create`, who is not in the team, does.
pub(super) fn teams() -> Vec<Climbed> {
    let Corp { demo: Demo { mut store, operator, ada, joe, vera, .. }, zoe, account, east, .. } = corp();
    let create = |account, name| O::CreateTeamIn { account, name: team_name(name) };
    store.add_account_member(zoe, account, id(vera), read("manage,billing")).unwrap();
    let creating = stairs(store.clone(), create(ACCOUNT, "corp-east"))
        .by(via(vera), "account-not-found")
        .with(create(account, "api"), "oauth-denied-in-account")
        .by(joe, "only-creators-create-teams")
        .by(vera, "only-creators-create-teams")
        .by(operator, "only-creators-create-teams")
        .by(zoe, "team-name-reserved")
        .with(create(account, "corp-east"), "team-name-taken")
        .end_with(create(account, "corp-north"), "team-provisioned");

    let rename = |team, name| O::RenameTeam { team, name: team_name(name) };
    let renaming = stairs(store.clone(), rename(TEAM, "api"))
        .by(via(vera), "team-not-found")
        .with(rename(east, "api"), "oauth-denied")
        .by(vera, "only-admins-rename-teams")
        .by(joe, "only-admins-rename-teams")
        .by(zoe, "team-name-reserved")
        .with(rename(east, "corp-east"), "team-name-unchanged")
        .with(rename(east, "acme-widgets"), "team-name-taken")
        .end_with(rename(east, "corp-north"), "team-renamed");

    let label = |team, labels| O::SetTeamLabels { team, labels };
    let labelling = stairs(store.clone(), label(TEAM, Labels::NONE))
        .by(via(vera), "team-not-found")
        .with(label(east, Labels::NONE), "oauth-denied")
        .by(vera, "only-admins-label-teams")
        .by(joe, "only-admins-label-teams")
        .by(zoe, "team-labels-unchanged")
        .end_with(label(east, labels("env=production")), "team-labels-changed");

    // East lets clients in, and west does not.
    let mut open = store.clone();
    open.set_oauth_access(ada, east, ALLOWED).unwrap();
    let renaming_open = stairs(open.clone(), rename(TEAM, "corp-east"))
        .by(via(zoe), "team-not-found")
        .with(rename(east, "corp-west"), "oauth-denied-in-account")
        .by(joe, "only-admins-rename-teams")
        .by(zoe, "team-name-taken")
        .end_with(rename(east, "corp-north"), "team-renamed");
    let labelling_open = stairs(open.clone(), label(TEAM, Labels::NONE))
        .by(via(zoe), "team-not-found")
        .with(label(east, Labels::NONE), "oauth-denied-in-account")
        .by(joe, "only-admins-label-teams")
        .by(zoe, "team-labels-unchanged")
        .end_with(label(east, labels("env=production")), "team-labels-changed");
    let deleting_open = stairs(open, O::DeleteTeam { team: TEAM })
        .by(via(zoe), "team-not-found")
        .with(O::DeleteTeam { team: east }, "oauth-denied-in-account")
        .by(joe, "only-admins-delete-teams")
        .end_by(zoe, "team-deleted");
    let app = store.create_app(ada, NewApp::in_team(east).named(app_name("apple"))).unwrap();
    let flow = store.create_pipeline(ada, east, read("flow")).unwrap();
    let space = store.create_space(ada, NewSpace::new(east, read("sea"))).unwrap();
    store.set_account_permissions(zoe, account, id(ada), read("view")).unwrap();
    let deleting = stairs(store, O::DeleteTeam { team: TEAM })
        .by(via(joe), "team-not-found")
        .with(O::DeleteTeam { team: east }, "oauth-denied")
        .by(joe, "only-admins-delete-teams")
        .by(vera, "only-admins-delete-teams")
        .by(ada, "only-operator-deletes-enterprise-teams")
        .by(operator, "deletion-not-requested")
        .by(zoe, "team-not-empty")
        .after("team-not-empty", |store| store.delete_app(ada, app, "apple"))
        .after("team-not-empty", |store| store.destroy_space(ada, space, "sea"))
        .end_after("team-deleted", |store| store.delete_pipeline(ada, flow));
    vec![creating, renaming, renaming_open, labelling, labelling_open, deleting, deleting_open]
}

pub(super) fn moved() -> Vec<Climbed> {
    let Corp {
        demo: Demo { mut store, operator, ada, joe, vera, sam, max, acme, inc, .. }, zoe, account, east, ..
    } = corp();
    let plant = store.provision_team(operator, NewTeam::enterprise(team_name("plant"), id(sam))).unwrap();
    store.add_member(sam, plant, id(max), TeamRole::Member).unwrap();
    store.set_oauth_access(sam, plant, DENIED).unwrap();
    let gears = store.provision_team(operator, NewTeam::standard(team_name("gears"), id(sam))).unwrap();
    let enter = |team, account| O::MoveTeamIn { team, account };
    let [creator, manager] = ["create", "manage"].map(|inside| {
        let mut store = store.clone();
        store.add_account_member(zoe, account, id(max), read("create,manage")).unwrap();
        store.add_account_member(zoe, account, id(sam), read("billing")).unwrap();
        stairs(store, enter(TEAM, ACCOUNT))
            .by(via(max), "team-not-found")
            .with(enter(plant, ACCOUNT), "account-not-found")
            .with(enter(plant, account), "oauth-denied")
            .with(enter(gears, account), "oauth-denied-in-account")
            .row("only-admins-move-teams-in", |row| (row.actor, row.operation) = (max, enter(plant, account)))
            .by(sam, "move-in-needs-account-permission")
            .after("team-is-enterprise", |store| store.set_account_permissions(zoe, account, id(sam), read(inside)))
            .end_with(enter(inc, account), "team-moved-in")
    });

    let put_in = stairs(store.clone(), enter(TEAM, ACCOUNT))
        .by(operator, "team-not-found")
        .with(enter(east, ACCOUNT), "account-not-found")
        .with(enter(inc, account), "only-admins-move-teams-in")
        .with(enter(east, account), "team-in-account")
        .end_with(enter(plant, account), "team-moved-in");

    let ask = |team| O::RequestTeamMoveOut { team };
    let mut asked = store.clone();
    asked.request_team_move_out(ada, east).unwrap();
    let asking = stairs(asked.clone(), ask(TEAM))
        .by(via(joe), "team-not-found")
        .with(ask(acme), "oauth-denied")
        .by(joe, "only-admins-request-move-out")
        .by(operator, "only-admins-request-move-out")
        .by(ada, "team-in-no-account")
        .with(ask(east), "move-out-already-requested")
        .end_after("team-move-out-requested", |store| store.withdraw_team_move_out(ada, east));

    let withdraw = |team| O::WithdrawTeamMoveOut { team };
    let withdrawing = stairs(store.clone(), withdraw(TEAM))
        .by(via(joe), "team-not-found")
        .with(withdraw(east), "oauth-denied")
        .by(joe, "only-admins-request-move-out")
        .by(ada, "move-out-not-requested")
        .end_after("team-move-out-withdrawn", |store| store.request_team_move_out(ada, east));

    let leave = |team| O::MoveTeamOut { team };
    let space = store.create_space(ada, NewSpace::new(east, read("sea"))).unwrap();
    store.add_member(ada, east, id(vera), TeamRole::Viewer).unwrap();
    store.invite_member(ada, east, email("new@corp.com"), TeamRole::Viewer).unwrap();
    // With Ada, Joe, Vera and the invitation, which expires, these are two too many.
    for number in 0..23 {
        let user = register(&mut store, &format!("u{number}@corp.com"));
        store.add_member(ada, east, id(user), TeamRole::Member).unwrap();
    }
    let leaving = stairs(store, leave(TEAM))
        .by(via(ada), "team-not-found")
        .with(leave(acme), "oauth-denied")
        .by(ada, "only-operator-moves-teams-out")
        .by(zoe, "only-operator-moves-teams-out")
        .by(operator, "team-in-no-account")
        .with(leave(east), "move-out-not-requested")
        .after("move-out-blocked", |store| store.request_team_move_out(ada, east))
        .after("move-out-blocked", |store| store.destroy_space(ada, space, "sea"))
        .after("move-out-blocked", |store| store.set_member_role(ada, east, id(vera), TeamRole::Member))
        .by(operator.at(days(30)), "move-out-blocked")
        .end_after("team-moved-out", |store| store.remove_member(joe, east, id(joe)));
    vec![creator, manager, put_in, asking, withdrawing, leaving]
}
