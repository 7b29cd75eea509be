//! ROLE: roles of a team's own.

use crate::access::{self, Caller};
use crate::actor::Actor;
use crate::error::{Error, RoleUses, Truncated};
use crate::event::Event;
use crate::guard::{self, ensure};
use crate::ids::{RoleId, TeamId};
use crate::names::RoleName;
use crate::policy::{Capability, CustomRole, RoleRights};
use crate::role::{TeamKind, TeamRole};
use crate::state::{At, RoleRow, State, TeamRow};

pub(crate) fn create(
    state: &State,
    actor: Actor,
    team: TeamId,
    name: RoleName,
    rights: RoleRights,
) -> Result<(Event, RoleId), Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::team(state, team)?;
    let refused = Error::OnlyAdminsManageRoles { actor: caller.who, team };
    guard::capability(caller, row, Capability::ManageRoles, refused)?;
    ensure!(row.team.kind == TeamKind::Enterprise, Error::RolesInStandardTeam { team });
    makes_no_power(team, rights)?;
    is_free(row, name)?;
    let (limit, actual) = (state.settings.options.team_roles_max.into(), row.row.roles.len() as u64 + 1);
    ensure!(actual <= u64::from(limit), Error::RoleLimitReached { team, limit, actual });
    guard::room(state.roles.len())?;
    let id = state.fresh_id();
    let role = CustomRole { id, name, team, rights: rights.completed(), created_at: caller.now };
    Ok((Event::RoleCreated { role: Box::new(role) }, id))
}

pub(crate) fn rename(state: &State, actor: Actor, role: RoleId, to: RoleName) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let (row, team) = guard::role(state, role)?;
    manage(caller, row, team)?;
    let from = row.row.role.name;
    ensure!(from != to, Error::RoleNameUnchanged { role, name: to });
    is_free(team, to)?;
    Ok(Event::RoleRenamed { role, team: team.team.id, from: Box::new(from), to: Box::new(to) })
}

/// For everybody who has the role, at once (ROLE-2).
pub(crate) fn set_rights(state: &State, actor: Actor, role: RoleId, to: RoleRights) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let (row, team) = guard::role(state, role)?;
    manage(caller, row, team)?;
    makes_no_power(team.team.id, to)?;
    let (from, to) = (row.row.role.rights, to.completed());
    ensure!(from != to, Error::RoleRightsUnchanged { role });
    Ok(Event::RoleRightsChanged { role, team: team.team.id, from: Box::new(from), to: Box::new(to) })
}

pub(crate) fn delete(state: &State, actor: Actor, role: RoleId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let (row, team) = guard::role(state, role)?;
    manage(caller, row, team)?;
    let uses = uses(state, row, team);
    ensure!(uses.is_empty(), Error::RoleInUse { role, uses: Box::new(uses) });
    Ok(Event::RoleDeleted { role: Box::new(row.row.role.clone()) })
}

fn uses(state: &State, role: At<'_, RoleRow>, team: At<'_, TeamRow>) -> RoleUses {
    let own = TeamRole::Custom(role.row.role.id);
    let invitations = team.row.invitations.values().filter_map(|id| state.invitations.get(id));
    RoleUses {
        members: Truncated::of(state.holders_of(role).map(|person| person.user.id)),
        invitations: Truncated::of(invitations.filter(|one| one.role == Some(own)).map(|one| one.id)),
        is_default: team.team.default_role == own,
    }
}

/// The caller sees the role and manages the roles of its team (ROLE-1).
fn manage(caller: Caller<'_>, role: At<'_, RoleRow>, team: At<'_, TeamRow>) -> Result<(), Error> {
    guard::reach_role(caller, role, team)?;
    let manages = access::may(caller, team, Capability::ManageRoles);
    ensure!(manages, Error::OnlyAdminsManageRoles { actor: caller.who, team: team.team.id });
    Ok(())
}

fn makes_no_power(team: TeamId, rights: RoleRights) -> Result<(), Error> {
    let refused = rights.for_admins_alone().next();
    refused.map_or(Ok(()), |capability| Err(Error::CapabilityForAdminsAlone { team, capability }))
}

/// No role of the team is called so, built-in ones included.
fn is_free(team: At<'_, TeamRow>, name: RoleName) -> Result<(), Error> {
    let taken = team.row.roles.contains_key(&name) || CustomRole::is_built_in(name);
    ensure!(!taken, Error::RoleNameTaken { team: team.team.id, name });
    Ok(())
}
