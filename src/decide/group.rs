//! GRP: groups of people, and what is granted to them.

use crate::access::{self, Caller};
use crate::actor::Actor;
use crate::entity::Group;
use crate::error::Error;
use crate::event::{Event, GroupDeletion};
use crate::guard::{self, ensure};
use crate::ids::{AppId, GroupId, TeamId, UserId};
use crate::names::GroupName;
use crate::permission::PermissionSet;
use crate::policy::Capability;
use crate::role::TeamKind;
use crate::sort;
use crate::state::{AppRow, At, GroupRow, State, TeamRow};

pub(crate) fn create(state: &State, actor: Actor, team: TeamId, name: GroupName) -> Result<(Event, GroupId), Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::team(state, team)?;
    guard::capability(
        caller,
        row,
        Capability::ManageGroups,
        Error::OnlyAdminsManageGroups { actor: caller.who, team },
    )?;
    ensure!(row.team.kind == TeamKind::Enterprise, Error::GroupsInStandardTeam { team });
    ensure!(!row.row.groups.contains_key(&name), Error::GroupNameTaken { team, name });
    let (limit, actual) = (state.settings.options.team_groups_max, row.row.groups.len() as u64 + 1);
    ensure!(actual <= limit.into(), Error::GroupLimitReached { team, limit, actual });
    guard::room(state.groups.len())?;
    let id = state.fresh_id();
    let group = Group { id, name, team, created_at: caller.now };
    Ok((Event::GroupCreated { group: Box::new(group) }, id))
}

pub(crate) fn rename(state: &State, actor: Actor, group: GroupId, to: GroupName) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let (row, team) = guard::group(state, group)?;
    manage(caller, row, team)?;
    ensure!(row.row.group.name != to, Error::GroupNameUnchanged { group, name: to });
    let (team, taken) = (team.team.id, team.row.groups.contains_key(&to));
    ensure!(!taken, Error::GroupNameTaken { team, name: to });
    Ok(Event::GroupRenamed { group, team, from: Box::new(row.row.group.name), to: Box::new(to) })
}

pub(crate) fn delete(state: &State, actor: Actor, group: GroupId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let (row, team) = guard::group(state, group)?;
    manage(caller, row, team)?;
    Ok(Event::GroupDeleted { deleted: Box::new(ended(state, row)) })
}

pub(crate) fn add_member(state: &State, actor: Actor, group: GroupId, user: UserId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let (row, team) = guard::group(state, group)?;
    let person = guard::user(state, user)?;
    manage(caller, row, team)?;
    let id = team.team.id;
    let seat = person.seat(team.ix).filter(|seat| seat.role.is_some()).ok_or(Error::NotInTeam { team: id, user })?;
    ensure!(!row.row.members.contains_key(&user), Error::AlreadyInGroup { group, user });
    guard::recipient(person)?;
    let (limit, actual) = (state.settings.options.member_groups_max, u64::from(seat.groups) + 1);
    let refused = Error::MemberGroupLimitReached { team: id, user, limit: limit.into(), actual };
    ensure!(actual <= limit.into(), refused);
    Ok(Event::GroupMemberAdded { group, team: id, user })
}

pub(crate) fn remove_member(state: &State, actor: Actor, group: GroupId, user: UserId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let (row, team) = guard::group(state, group)?;
    guard::user(state, user)?;
    manage(caller, row, team)?;
    ensure!(row.row.members.contains_key(&user), Error::NotInGroup { group, user });
    Ok(Event::GroupMemberRemoved { group, team: team.team.id, user })
}

pub(crate) fn grant(
    state: &State,
    actor: Actor,
    app: AppId,
    group: GroupId,
    permissions: PermissionSet,
) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let (row, granted) = (guard::app(state, app)?, guard::group(state, group)?.0);
    super::access::manage_permissions(state, caller, row)?;
    let own = is_in(caller, granted);
    ensure!(!own, Error::OwnGroupGrantCannotGrow { actor: Box::new(caller.who), app, group });
    is_of_app(state, row, granted)?;
    let permissions = permissions.union(PermissionSet::VIEW);
    if let Some(held) = row.group_grant(granted.ix) {
        ensure!(held.permissions != permissions, Error::GroupPermissionsUnchanged { app, group, permissions });
        return Err(Error::GroupAlreadyOnApp { app, group });
    }
    Ok(Event::GroupPermissionsGranted { app, owner: row.app.owner, group, permissions })
}

pub(crate) fn set_permissions(
    state: &State,
    actor: Actor,
    app: AppId,
    group: GroupId,
    to: PermissionSet,
) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let (row, granted) = (guard::app(state, app)?, guard::group(state, group)?.0);
    super::access::manage_permissions(state, caller, row)?;
    let to = to.union(PermissionSet::VIEW);
    let held = row.group_grant(granted.ix).map(|grant| grant.permissions);
    let grows = is_in(caller, granted) && !held.is_some_and(|held| held.contains_all(to));
    ensure!(!grows, Error::OwnGroupGrantCannotGrow { actor: Box::new(caller.who), app, group });
    is_of_app(state, row, granted)?;
    let from = held.ok_or(Error::GroupNotOnApp { app, group })?;
    ensure!(from != to, Error::GroupPermissionsUnchanged { app, group, permissions: to });
    Ok(Event::GroupPermissionsChanged { app, owner: row.app.owner, group, from, to })
}

pub(crate) fn revoke(state: &State, actor: Actor, app: AppId, group: GroupId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let (row, granted) = (guard::app(state, app)?, guard::group(state, group)?.0);
    super::access::manage_permissions(state, caller, row)?;
    is_of_app(state, row, granted)?;
    let permissions = row.group_grant(granted.ix).ok_or(Error::GroupNotOnApp { app, group })?.permissions;
    Ok(Event::GroupPermissionsRevoked { app, owner: row.app.owner, group, permissions })
}

/// What a group holds when it ends: its people, and what it was granted.
pub(super) fn ended(state: &State, group: At<'_, GroupRow>) -> GroupDeletion {
    let apps = group.row.apps.iter().filter_map(|app| state.apps.get(*app));
    let mut grants: Vec<_> =
        apps.filter_map(|app| Some((app.app.id, app.group_grant(group.ix)?.permissions))).collect();
    sort::by_key(&mut grants, |(app, _)| *app);
    let members = group.row.members.keys().copied().collect();
    GroupDeletion { group: group.row.group.clone(), members, grants: grants.into() }
}

/// What groups hold on the app, by group.
pub(super) fn grants_on(state: &State, app: &AppRow) -> Box<[(GroupId, PermissionSet)]> {
    let grants = app.group_grants().iter();
    let mut grants: Vec<_> =
        grants.filter_map(|grant| Some((state.groups.get(grant.group)?.group.id, grant.permissions))).collect();
    sort::by_key(&mut grants, |(group, _)| *group);
    grants.into()
}

/// The caller sees the group and manages the groups of its team (GRP-1).
fn manage(caller: Caller<'_>, group: At<'_, GroupRow>, team: At<'_, TeamRow>) -> Result<(), Error> {
    guard::reach_group(caller, group, team)?;
    let manages = access::may(caller, team, Capability::ManageGroups);
    ensure!(manages, Error::OnlyAdminsManageGroups { actor: caller.who, team: team.team.id });
    Ok(())
}

pub(super) fn is_in(caller: Caller<'_>, group: At<'_, GroupRow>) -> bool {
    caller.user.is_some_and(|user| group.row.members.contains_key(&user.user.id))
}

/// Permissions on the app are chosen, and the group is one of its team (GRP-2).
pub(super) fn is_of_app(state: &State, app: At<'_, AppRow>, group: At<'_, GroupRow>) -> Result<(), Error> {
    super::access::permissions_are_chosen(state, app)?;
    let own = app.owner.team() == Some(group.row.team);
    ensure!(own, Error::GroupOfAnotherTeam { app: app.app.id, group: group.row.group.id });
    Ok(())
}
