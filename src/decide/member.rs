//! MEM: members and roles.

use super::{invitation, sign_on};
use crate::access;
use crate::actor::Actor;
use crate::entity::Invitation;
use crate::error::Error;
use crate::event::{Event, MemberEntry, MemberRemoval, RoleChange};
use crate::guard::{self, ensure};
use crate::ids::{GroupId, SpaceId, TeamId, UserId};
use crate::policy::Capability;
use crate::role::TeamRole;
use crate::sort;
use crate::state::{At, State, TeamRow, UserRow};

pub(crate) fn add(state: &State, actor: Actor, team: TeamId, user: UserId, role: TeamRole) -> Result<Event, Error> {
    enter(state, actor, team, user, Some(role))
}

/// In the team's default role (TEAM-7).
pub(crate) fn add_default(state: &State, actor: Actor, team: TeamId, user: UserId) -> Result<Event, Error> {
    enter(state, actor, team, user, None)
}

fn enter(state: &State, actor: Actor, team: TeamId, user: UserId, role: Option<TeamRole>) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let to = guard::team(state, team)?;
    let person = guard::user(state, user)?;
    role.map_or(Ok(()), |role| guard::team_role(state, role))?;
    guard::capability(caller, to, Capability::ManageUsers, Error::OnlyAdminsManageMembers { actor: caller.who, team })?;
    let role = role.unwrap_or(to.team.default_role);
    guard::role_in(state, to, role)?;
    if let Some(held) = to.row.role_of(person.row, to.ix) {
        ensure!(held != role, Error::RoleUnchanged { team, user, role });
        return Err(Error::AlreadyInTeam { team, user, role: held });
    }
    guard::recipient(person)?;
    let invitation_ended = guard::member_entry(state, caller, to, person)?;
    let invitation_ended = invitation_ended.map(|invitation| *invitation);
    Ok(Event::MemberAdded { added: Box::new(MemberEntry { team, user, role, invitation_ended }) })
}

pub(crate) fn set_role(state: &State, actor: Actor, team: TeamId, user: UserId, to: TeamRole) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::team(state, team)?;
    let person = guard::user(state, user)?;
    guard::team_role(state, to)?;
    guard::capability(
        caller,
        row,
        Capability::ManageUsers,
        Error::OnlyAdminsManageMembers { actor: caller.who, team },
    )?;
    guard::role_in(state, row, to)?;
    let from = row.row.role_of(person.row, row.ix).ok_or(Error::NotInTeam { team, user })?;
    ensure!(from != to, Error::RoleUnchanged { team, user, role: to });
    if !is_weaker(to, from) {
        guard::recipient(person)?;
    }
    ensure!(!access::is_last_admin(state, person, row), Error::CannotDemoteLastAdmin { team, user });
    let ended = if access::may_be_app_creator(to.into()) { Box::default() } else { spaces_of(state, row, user) };
    let invitations_ended = invitations_of(state, row, user, from);
    let changed = RoleChange { team, user, from, to, spaces_ended: ended, invitations_ended };
    Ok(Event::MemberRoleChanged { changed: Box::new(changed) })
}

/// By an admin, or by the user themself (MEM-5).
pub(crate) fn remove(state: &State, actor: Actor, team: TeamId, user: UserId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let from = guard::team(state, team)?;
    let person = guard::user(state, user)?;
    if caller.is(person) {
        guard::client(caller, from)?;
    } else {
        guard::entry(caller, from)?;
    }
    ensure!(
        caller.is(person) || access::may(caller, from, Capability::ManageUsers),
        Error::OnlyAdminsManageMembers { actor: caller.who, team }
    );
    let role = from.row.role_of(person.row, from.ix).ok_or(Error::NotInTeam { team, user })?;
    ensure!(!access::is_last_admin(state, person, from), Error::LastAdminCannotLeave { team, user });
    let sign_ins_ended = sign_on::sign_ins_ended(state, from, [person.row].into_iter());
    let removed = MemberRemoval { sign_ins_ended, ..removal(state, from, person, role) };
    Ok(Event::MemberRemoved { removed: Box::new(removed) })
}

/// What ends with a membership, but for how the user signs in.
pub(super) fn removal(state: &State, from: At<'_, TeamRow>, person: At<'_, UserRow>, role: TeamRole) -> MemberRemoval {
    let (team, user) = (from.team.id, person.user.id);
    let grants = state.apps_on(person.row, Some(from.ix), None);
    let mut grants: Vec<_> = grants.filter_map(|app| Some((app.app.id, app.grant(person.ix)?))).collect();
    sort::by_key(&mut grants, |(app, _)| *app);
    MemberRemoval {
        team,
        user,
        role,
        grants: grants.into(),
        spaces: spaces_of(state, from, user),
        groups: groups_of(state, from, person),
        invitations: invitations_of(state, from, user, role),
        sign_ins_ended: Box::default(),
    }
}

/// Whether whoever had the one role gets nothing new by the other (SUS-1). What a role of the team's own holds is no part of what a
/// built-in one does, but for an admin's.
const fn is_weaker(to: TeamRole, from: TeamRole) -> bool {
    match (from, to) {
        (TeamRole::Admin, TeamRole::Admin | TeamRole::Member | TeamRole::Viewer | TeamRole::Custom(_)) => true,
        (TeamRole::Member, TeamRole::Viewer) => true,
        (TeamRole::Member, TeamRole::Admin | TeamRole::Member | TeamRole::Custom(_)) => false,
        (TeamRole::Viewer | TeamRole::Custom(_), _) => false,
    }
}

/// The invitations that end when the user no longer has this role (INV-3).
fn invitations_of(state: &State, team: At<'_, TeamRow>, user: UserId, role: TeamRole) -> Box<[Invitation]> {
    match role {
        TeamRole::Admin => invitation::to_admin_by(state, team, user).into(),
        TeamRole::Member | TeamRole::Viewer | TeamRole::Custom(_) => Box::default(),
    }
}

/// The groups of the team that the user is in (GRP-1), in the order of their ids.
fn groups_of(state: &State, team: At<'_, TeamRow>, person: At<'_, UserRow>) -> Box<[GroupId]> {
    let groups = state.groups_of(person.row, team.ix);
    let mut groups: Vec<_> = groups.iter().map(|group| group.row.group.id).collect();
    sort::by(&mut groups, Ord::cmp);
    groups.into()
}

/// The spaces of the team in which the user may create apps by permission (SPC-3).
fn spaces_of(state: &State, team: At<'_, TeamRow>, user: UserId) -> Box<[SpaceId]> {
    let own = |space: &SpaceId| state.spaces.find(*space).is_some_and(|space| space.team == team.ix);
    state.spaces_open_to(user).filter(own).collect()
}
