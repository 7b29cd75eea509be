//! the staircases of a team's own roles, and of giving them.

use enterprise_teams::demo::Demo;
use enterprise_teams::policy::RoleRights;
use enterprise_teams::{Actor, Capability, Error, NewTeam, Operation as O, RoleId, TeamRole, TeamStore};

use super::{Climbed, ROLE, TEAM, USER, closed, members, stairs};
use crate::support::{email, id, noon, read, register, team_name, through_client as via};

fn limit(store: &mut TeamStore, roles: u8) -> Result<(), Error> {
    let mut options = store.settings().options.clone();
    options.team_roles_max = roles;
    store.change_settings(Actor::operator(noon()), options)
}

fn rights(capability: Capability) -> RoleRights {
    RoleRights { capabilities: capability.into(), ..RoleRights::default() }
}

const SEEN: Capability = Capability::ViewInvoices;
const POWER: Capability = Capability::ManageUsers;

pub(super) fn managed() -> Vec<Climbed> {
    let Demo { mut store, ada, joe, vera, jill, sam, max, acme, inc, .. } = closed();
    let [own, taken] = ["own", "taken"].map(|name| store.create_role(ada, acme, read(name), rights(SEEN)).unwrap());
    store.set_member_role(ada, acme, id(vera), TeamRole::Custom(own)).unwrap();
    store.add_member(sam, inc, id(ada), TeamRole::Admin).unwrap();
    limit(&mut store, 2).unwrap();

    let create = |team, name, capability| O::CreateRole { team, name: read(name), rights: rights(capability) };
    let creating = stairs(store.clone(), create(TEAM, "own", POWER))
        .by(via(vera), "team-not-found")
        .with(create(acme, "own", POWER), "oauth-denied")
        .by(joe, "only-admins-manage-roles")
        .by(ada, "capability-for-admins-alone")
        .with(create(acme, "own", SEEN), "role-name-taken")
        .with(create(acme, "other", SEEN), "role-limit-reached")
        .end_after("role-created", |store| limit(store, 3));
    let creating_in_standard_team = stairs(store.clone(), create(TEAM, "own", POWER))
        .by(via(max), "team-not-found")
        .with(create(inc, "own", POWER), "oauth-denied")
        .by(max, "only-admins-manage-roles")
        .by(ada, "roles-in-standard-team")
        .with(create(acme, "own", POWER), "capability-for-admins-alone")
        .with(create(acme, "own", SEEN), "role-name-taken")
        .with(create(acme, "other", SEEN), "role-limit-reached")
        .end_after("role-created", |store| limit(store, 3));

    let start = |operation: &dyn Fn(RoleId) -> O| {
        stairs(store.clone(), operation(ROLE))
            .by(via(jill), "role-not-found")
            .with(operation(own), "role-hidden")
            .by(jill, "role-hidden")
            .by(via(vera), "oauth-denied")
            .by(vera, "only-admins-manage-roles")
            .by(joe, "only-admins-manage-roles")
    };
    let rename = |role, name| O::RenameRole { role, name: read(name) };
    let renaming = start(&|role| rename(role, "own"))
        .by(ada, "role-name-unchanged")
        .with(rename(own, "taken"), "role-name-taken")
        .end_with(rename(own, "finance"), "role-renamed");
    let set = |role, capability| O::SetRoleRights { role, rights: rights(capability) };
    let changing = start(&|role| set(role, POWER))
        .by(ada, "capability-for-admins-alone")
        .with(set(own, SEEN), "role-rights-unchanged")
        .end_with(set(own, Capability::ViewUsage), "role-rights-changed");
    let deleting = start(&|role| O::DeleteRole { role })
        .by(ada, "role-in-use")
        .end_with(O::DeleteRole { role: taken }, "role-deleted");
    vec![creating, creating_in_standard_team, renaming, changing, deleting]
}

pub(super) fn given() -> Vec<Climbed> {
    let Demo { mut store, operator, ada, joe, vera, sam, acme, .. } = closed();
    let labs = store.provision_team(operator, NewTeam::enterprise(team_name("labs"), id(sam))).unwrap();
    let own = store.create_role(ada, acme, read("own"), rights(SEEN)).unwrap();
    let theirs = store.create_role(sam, labs, read("own"), rights(SEEN)).unwrap();
    let kim = register(&mut store, "kim@acme.com");
    store.set_member_role(ada, acme, id(vera), TeamRole::Custom(own)).unwrap();
    store.set_team_limits(operator, acme, members(3)).unwrap();
    let more = |store: &mut TeamStore| store.set_team_limits(operator, acme, members(4));

    let add = |team, user, role| O::AddMember { team, user, role: TeamRole::Custom(role) };
    let adding = stairs(store.clone(), add(TEAM, USER, ROLE))
        .by(via(joe), "team-not-found")
        .with(add(acme, USER, ROLE), "user-not-found")
        .with(add(acme, id(joe), ROLE), "role-not-found")
        .with(add(acme, id(joe), theirs), "oauth-denied")
        .by(joe, "only-admins-manage-members")
        .by(ada, "role-of-another-team")
        .with(add(acme, id(joe), own), "already-in-team")
        .with(add(acme, id(vera), own), "role-unchanged")
        .suspended(id(kim), add(acme, id(kim), own))
        .reinstated(id(kim), "member-limit-reached")
        .end_after("member-added", more);

    let set = |team, user, role| O::SetMemberRole { team, user, role: TeamRole::Custom(role) };
    let changing = stairs(store.clone(), set(TEAM, USER, ROLE))
        .by(via(joe), "team-not-found")
        .with(set(acme, USER, ROLE), "user-not-found")
        .with(set(acme, id(kim), ROLE), "role-not-found")
        .with(set(acme, id(kim), theirs), "oauth-denied")
        .by(joe, "only-admins-manage-members")
        .by(ada, "role-of-another-team")
        .with(set(acme, id(kim), own), "not-in-team")
        .with(set(acme, id(vera), own), "role-unchanged")
        .with(set(acme, id(ada), own), "cannot-demote-last-admin")
        .end_after("member-role-changed", |store| store.set_member_role(ada, acme, id(joe), TeamRole::Admin));

    let invite = |team, text, role| O::InviteMember { team, email: email(text), role: TeamRole::Custom(role) };
    let inviting = stairs(store.clone(), invite(TEAM, "joe@acme.com", ROLE))
        .by(via(joe), "team-not-found")
        .with(invite(acme, "joe@acme.com", ROLE), "role-not-found")
        .with(invite(acme, "joe@acme.com", theirs), "oauth-denied")
        .by(joe, "only-admins-invite")
        .by(ada, "role-of-another-team")
        .with(invite(acme, "joe@acme.com", own), "invitee-in-team")
        .with(invite(acme, "new@acme.com", own), "member-limit-reached")
        .end_after("member-invited", more);

    let default = |team, role| O::SetDefaultRole { team, role: TeamRole::Custom(role) };
    store.set_default_role(ada, acme, TeamRole::Custom(own)).unwrap();
    let defaulting = stairs(store, default(TEAM, ROLE))
        .by(via(joe), "team-not-found")
        .with(default(acme, ROLE), "role-not-found")
        .with(default(acme, theirs), "oauth-denied")
        .by(joe, "only-admins-set-default-role")
        .by(ada, "role-of-another-team")
        .with(default(acme, own), "default-role-unchanged")
        .end_after("default-role-changed", |store| store.set_default_role(ada, acme, TeamRole::Viewer));
    vec![adding, changing, inviting, defaulting]
}
