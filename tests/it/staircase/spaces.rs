//! the staircases of spaces, of their transfer, and of apps inside.

use enterprise_teams::demo::Demo;
use enterprise_teams::{
    AppId, NewApp, NewSpace, Operation as O, Owner, PermissionSet, SpaceId, TeamId, TeamRole, TeamStore,
    entity::{DynoSize, Labels, Limits},
    names::ProcessType,
    settings::SPACE_APPS_MAX,
};

use super::accounts::{Corp, corp};
use super::{ALLOWED, APP, Climbed, SPACE, TEAM, USER, apps, closed, stairs, used_up};
use crate::support::{app_name, id, labels, read, through_client as via};

fn spaces(spaces: u32) -> Limits {
    Limits { spaces: Some(spaces), ..Limits::ENTERPRISE }
}

pub(super) fn managed() -> Vec<Climbed> {
    let Corp { demo: Demo { mut store, operator, ada, joe, vera, jill, sam, max, acme, inc, .. }, east, .. } = corp();
    let space = store.create_space(ada, NewSpace::new(acme, read("acme-space"))).unwrap();
    store.create_space(ada, NewSpace::new(east, read("taken-space"))).unwrap();
    let inside = store.create_app(ada, NewApp::in_space(space).named(app_name("inside"))).unwrap();
    store.set_team_limits(operator, acme, spaces(1)).unwrap();
    store.add_member(ada, acme, id(max), TeamRole::Member).unwrap();
    store.allow_app_creation(ada, space, id(joe)).unwrap();

    let create = |team, name| O::CreateSpace { space: NewSpace::new(team, read(name)) };
    let creating = stairs(store.clone(), create(TEAM, "acme-space"))
        .by(via(vera), "team-not-found")
        .with(create(acme, "acme-space"), "oauth-denied")
        .by(joe, "only-admins-create-spaces")
        .by(ada, "space-name-taken")
        .with(create(acme, "acme-eu"), "space-limit-reached")
        .after("add-on-credit-limit-reached", |store| {
            store.set_team_limits(operator, acme, used_up(None, Some(0), spaces(2)))
        })
        .end_after("space-created", |store| store.set_team_limits(operator, acme, spaces(2)));
    store.add_member(sam, inc, id(ada), TeamRole::Admin).unwrap();
    let creating_in_standard_team = stairs(store.clone(), create(TEAM, "acme-space"))
        .by(via(max), "team-not-found")
        .with(create(inc, "acme-space"), "oauth-denied")
        .by(max, "only-admins-create-spaces")
        .by(ada, "space-in-standard-team")
        .with(create(acme, "acme-space"), "space-name-taken")
        .with(create(acme, "acme-eu"), "space-limit-reached")
        .end_after("space-created", |store| store.set_team_limits(operator, acme, spaces(2)));

    let start = |operation: &dyn Fn(SpaceId) -> O| {
        stairs(store.clone(), operation(SPACE))
            .by(via(jill), "space-not-found")
            .with(operation(space), "space-hidden")
            .by(jill, "space-hidden")
            .by(via(vera), "oauth-denied")
            .by(vera, "only-admins-manage-spaces")
            .by(joe, "only-admins-manage-spaces")
    };
    let rename = |space, name| O::RenameSpace { space, name: read(name) };
    let renaming = start(&|space| rename(space, "acme-space"))
        .by(ada, "space-name-unchanged")
        .with(rename(space, "taken-space"), "space-name-taken")
        .end_with(rename(space, "acme-eu"), "space-renamed");
    let label = |space, labels| O::SetSpaceLabels { space, labels };
    let labelling = start(&|space| label(space, Labels::NONE))
        .by(ada, "space-labels-unchanged")
        .end_with(label(space, labels("env=production")), "space-labels-changed");
    let destroy = |space, text: &str| O::DestroySpace { space, confirmation: text.into() };
    let destroying = start(&|space| destroy(space, "ACME-space"))
        .by(ada, "space-confirmation-mismatch")
        .with(destroy(space, "acme-space"), "space-not-empty")
        .end_after("space-destroyed", |store| store.delete_app(ada, inside, "inside"));

    let start = |operation: &dyn Fn(SpaceId, _) -> O, user| {
        stairs(store.clone(), operation(SPACE, USER))
            .by(via(jill), "space-not-found")
            .with(operation(space, USER), "user-not-found")
            .with(operation(space, user), "space-hidden")
            .by(via(joe), "oauth-denied")
            .by(joe, "only-admins-manage-spaces")
    };
    let allow = |space, user| O::AllowAppCreation { space, user };
    let allowing = start(&allow, id(vera))
        .by(ada, "app-creation-for-members")
        .with(allow(space, id(ada)), "app-creation-for-members")
        .with(allow(space, id(joe)), "app-creation-already-allowed")
        .suspended(id(max), allow(space, id(max)))
        .end_reinstated(id(max), "app-creation-allowed");
    let revoke = |space, user| O::RevokeAppCreation { space, user };
    let revoking = start(&revoke, id(max))
        .by(ada, "app-creation-not-allowed")
        .end_with(revoke(space, id(joe)), "app-creation-revoked");
    vec![creating, creating_in_standard_team, renaming, labelling, destroying, allowing, revoking]
}

/// By each of the two authorities: an admin of both teams, and a manager of the account who is in neither.
pub(super) fn transferred() -> Vec<Climbed> {
    let Corp { demo: Demo { mut store, operator, ada, joe, jill, acme, .. }, zoe, account, east, west } = corp();
    let space = store.create_space(ada, NewSpace::new(east, read("sea"))).unwrap();
    let app = store.create_app(ada, NewApp::in_space(space)).unwrap();
    store.scale_app(ada, app, read("web"), DynoSize::PrivateS, 1).unwrap();
    store.set_member_role(ada, east, id(joe), TeamRole::Admin).unwrap();
    store.set_team_limits(operator, west, Limits { apps: Some(0), ..spaces(0) }).unwrap();
    let to = |space, team| O::TransferSpace { space, team };
    let start = |store: &TeamStore, team: TeamId| {
        stairs(store.clone(), to(SPACE, TEAM))
            .by(via(jill), "space-not-found")
            .with(to(space, TEAM), "team-not-found")
            .with(to(space, team), "space-hidden")
            .by(jill, "space-hidden")
    };
    let apps_first = |store: &mut TeamStore| store.set_team_limits(operator, west, spaces(0));
    let then_spaces = |store: &mut TeamStore| store.set_team_limits(operator, west, spaces(1));
    let by_admin_of_both = start(&store, acme)
        .by(via(joe), "oauth-denied")
        .after("oauth-denied", |store| store.set_oauth_access(ada, east, ALLOWED))
        .by(joe, "only-admins-of-both-transfer-spaces")
        .by(ada, "space-leaves-account")
        .with(to(space, east), "space-already-owned")
        .with(to(space, west), "app-limit-reached")
        .after("space-limit-reached", apps_first)
        .after("dyno-unit-limit-reached", |store| {
            store.set_team_limits(operator, west, used_up(Some(0), Some(0), spaces(1)))
        })
        .after("add-on-credit-limit-reached", |store| {
            store.set_team_limits(operator, west, used_up(None, Some(0), spaces(1)))
        })
        .end_after("space-transferred", then_spaces);
    let by_manager = start(&store, acme)
        .by(via(zoe), "oauth-denied")
        .after("oauth-denied", |store| store.set_oauth_access(ada, east, ALLOWED))
        .after("oauth-denied-in-account", |store| store.set_oauth_access(ada, acme, ALLOWED))
        .by(zoe, "space-leaves-account")
        .with(to(space, east), "space-already-owned")
        .with(to(space, west), "app-limit-reached")
        .after("space-limit-reached", apps_first)
        .end_after("space-transferred", then_spaces);
    // In the account without `manage` one is nobody to its spaces.
    store.add_account_member(zoe, account, id(jill), read("create,billing")).unwrap();
    store.set_team_limits(operator, west, spaces(1)).unwrap();
    let by_manager_at_last = start(&store, west)
        .end_after("space-transferred", |store| store.set_account_permissions(zoe, account, id(jill), read("manage")));
    vec![by_admin_of_both, by_manager, by_manager_at_last]
}

/// What an app's being inside a space adds to its creation, its transfer and its dynos.
pub(super) fn apps_inside() -> Vec<Climbed> {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, max, acme, inc, website, .. } = closed();
    let space = store.create_space(ada, NewSpace::new(acme, read("acme-space"))).unwrap();
    let inside: Vec<AppId> =
        (0..SPACE_APPS_MAX).map(|_| store.create_app(ada, NewApp::in_space(space)).unwrap()).collect();
    let last = store.app(ada, inside[1]).unwrap().name().to_string();
    store.set_team_limits(operator, acme, apps(SPACE_APPS_MAX + 1)).unwrap();
    let named = |space, name| O::CreateApp { app: NewApp::in_space(space).named(app_name(name)) };
    let creating = stairs(store.clone(), named(SPACE, "acme-website"))
        .by(via(jill), "space-not-found")
        .with(named(space, "acme-website"), "space-hidden")
        .by(jill, "space-hidden")
        .by(via(vera), "oauth-denied")
        .by(vera, "only-members-create-apps")
        .by(joe, "app-creation-needs-space-permission")
        .after("app-name-taken", |store| store.allow_app_creation(ada, space, id(joe)))
        .with(named(space, "apple"), "app-limit-reached")
        .after("space-full", |store| store.set_team_limits(operator, acme, apps(SPACE_APPS_MAX + 2)))
        .end_after("app-created", |store| store.delete_app(ada, inside[1], &last));

    store.add_member(sam, inc, id(ada), TeamRole::Member).unwrap();
    store.set_team_limits(operator, inc, apps(1)).unwrap();
    store.grant_permissions(ada, inside[0], id(joe), PermissionSet::VIEW).unwrap();
    let to = |app, to: Owner| O::TransferApp { app, to };
    let start = |owner: Owner, nobody: Owner, missing| {
        stairs(store.clone(), to(APP, nobody))
            .by(via(max), "app-not-found")
            .with(to(inside[0], nobody), missing)
            .with(to(inside[0], owner), "app-hidden")
            .by(via(joe), "oauth-denied")
    };
    let to_team = start(inc.into(), TEAM.into(), "team-not-found")
        .after("oauth-denied", |store| store.set_oauth_access(ada, acme, ALLOWED))
        .by(joe, "only-managers-transfer-apps")
        .after("receiving-team-closed", |store| store.set_permissions(ada, inside[0], id(joe), PermissionSet::ALL))
        .by(ada, "app-in-space")
        .with(to(inside[0], acme.into()), "app-in-space")
        .with(to(website, acme.into()), "already-owner")
        .with(to(website, inc.into()), "app-limit-reached")
        .end_after("app-transferred", |store| store.set_team_limits(operator, inc, apps(2)));
    let to_user = start(id(sam).into(), USER.into(), "user-not-found")
        .by(joe, "only-managers-give-apps")
        .by(ada, "app-in-space")
        .with(to(website, id(sam).into()), "new-owner-is-stranger")
        .end_with(to(website, id(jill).into()), "app-transferred");

    let process = |number: usize| -> ProcessType { read(&format!("p{number}")) };
    for number in 0..100 {
        store.scale_app(ada, inside[0], process(number), DynoSize::PrivateS, 1).unwrap();
    }
    let scale = |app, size, quantity| O::ScaleApp { app, process: process(100), size, quantity };
    let scaling = stairs(store, scale(APP, DynoSize::Eco, 1))
        .by(via(max), "app-not-found")
        .with(scale(inside[0], DynoSize::Eco, 1), "app-hidden")
        .by(via(vera), "oauth-denied")
        .by(vera, "action-needs-permission")
        .by(ada, "eco-in-team")
        .with(scale(inside[0], DynoSize::Basic, 1), "dyno-unfit-for-space")
        .with(scale(inside[0], DynoSize::Basic, 0), "formation-unchanged")
        .with(scale(inside[0], DynoSize::PrivateM, 1), "formation-full")
        .end_after("app-scaled", |store| store.scale_app(ada, inside[0], process(7), DynoSize::PrivateS, 0));
    vec![creating, to_team, to_user, scaling]
}
