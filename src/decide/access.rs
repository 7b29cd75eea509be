//! PERM-3 to PERM-8, APP-9, STD-3, STD-4: who is on an app, and with which permissions.

use crate::access::{self, Caller};
use crate::actor::Actor;
use crate::entity::Lock;
use crate::error::Error;
use crate::event::{CollaboratorRemoval, Event};
use crate::guard::{self, ensure};
use crate::ids::{AppId, UserId};
use crate::permission::{Permission, PermissionSet};
use crate::policy::{AppAction, Capability};
use crate::role::TeamKind;
use crate::state::{AppRow, At, OwnerIx, SeatRole, State, UserRow};

/// On an app of an Enterprise Team, where permissions are chosen.
pub(crate) fn grant(
    state: &State,
    actor: Actor,
    app: AppId,
    user: UserId,
    permissions: PermissionSet,
) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::app(state, app)?;
    let person = guard::user(state, user)?;
    manage_permissions(state, caller, row)?;
    let grows = caller.is(person) && !given(person, row).contains(Permission::Manage);
    ensure!(!grows, Error::OwnGrantCannotGrow { actor: caller.who, app });
    permissions_are_chosen(state, row)?;
    ensure!(!is_team_admin(person, row), Error::AdminHoldsAll { app, user });
    let permissions = permissions.union(PermissionSet::VIEW);
    is_not_on(row, person, permissions)?;
    guard::recipient(person)?;
    Ok(Event::PermissionsGranted { app, owner: row.app.owner, user, permissions })
}

/// On a personal app or an app of a Standard team, where no permissions are chosen.
pub(crate) fn add_collaborator(state: &State, actor: Actor, app: AppId, user: UserId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::app(state, app)?;
    let person = guard::user(state, user)?;
    let team = state.team_of(row.row);
    add_people(state, caller, row)?;
    let manages = access::held_by(state, caller.user, row.row).allows(AppAction::ManageCollaborators);
    ensure!(manages || !caller.is(person), Error::OwnGrantCannotGrow { actor: caller.who, app });
    let permissions = guard::fixed_permissions(team).ok_or(Error::PermissionsMissing { app })?;
    ensure!(!is_team_admin(person, row), Error::AdminHoldsAll { app, user });
    ensure!(row.owner != OwnerIx::User(person.ix), Error::OwnerHoldsAll { app, user });
    is_not_on(row, person, permissions)?;
    guard::recipient(person)?;
    Ok(Event::CollaboratorAdded { app, owner: row.app.owner, user, permissions })
}

pub(crate) fn set_permissions(
    state: &State,
    actor: Actor,
    app: AppId,
    user: UserId,
    to: PermissionSet,
) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::app(state, app)?;
    let person = guard::user(state, user)?;
    manage_permissions(state, caller, row)?;
    let to = to.union(PermissionSet::VIEW);
    let grows = caller.is(person) && !given(person, row).contains_all(to);
    ensure!(!grows, Error::OwnGrantCannotGrow { actor: caller.who, app });
    permissions_are_chosen(state, row)?;
    ensure!(!is_team_admin(person, row), Error::AdminPermissionsFixed { app, user });
    let from = row.grant(person.ix).ok_or(Error::NotOnApp { app, user })?;
    ensure!(from != to, Error::PermissionsUnchanged { app, user, permissions: to });
    if !from.contains_all(to) {
        guard::recipient(person)?;
    }
    Ok(Event::PermissionsChanged { app, owner: row.app.owner, user, from, to })
}

/// By a holder of `manage`; or by the person themself (PERM-8), whatever sign-in the team requires (SEC-5). Of an admin, what sleeps
/// (PERM-6).
pub(crate) fn remove(state: &State, actor: Actor, app: AppId, user: UserId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::app(state, app)?;
    let person = guard::user(state, user)?;
    guard::see(state, caller, row)?;
    if caller.is(person) {
        state.team_of(row.row).map_or(Ok(()), |team| guard::client(caller, team))?;
    } else {
        guard::app_entry(state, caller, row)?;
        manage_access(state, caller, row, AppAction::ManageCollaborators)?;
    }
    let sleeping = access::sleeping(person, row.row).is_some();
    ensure!(sleeping || !is_team_admin(person, row), Error::AdminPermissionsFixed { app, user });
    ensure!(row.owner != OwnerIx::User(person.ix), Error::OwnerHoldsAll { app, user });
    let permissions = row.grant(person.ix).ok_or(Error::NotOnApp { app, user })?;
    Ok(Event::CollaboratorRemoved { removed: Box::new(removal(state, row, user, permissions)) })
}

/// What ends with somebody's permissions on an app.
pub(super) fn removal(
    state: &State,
    row: At<'_, AppRow>,
    user: UserId,
    permissions: PermissionSet,
) -> CollaboratorRemoval {
    let transfer = row.transfer().and_then(|transfer| state.transfers.get(&transfer));
    let transfer_ended = transfer.filter(|transfer| transfer.recipient == user).copied();
    CollaboratorRemoval { app: row.app.id, owner: row.app.owner, user, permissions, transfer_ended }
}

pub(crate) fn join(state: &State, actor: Actor, app: AppId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::app(state, app)?;
    guard::reach(state, caller, row)?;
    let team = state.team_of(row.row);
    let member = caller.user.filter(|_| team.is_some_and(|team| access::may(caller, team, Capability::JoinApps)));
    let person = member.ok_or(Error::OnlyMembersJoinApps { actor: caller.who, app })?;
    let user = person.user.id;
    ensure!(!is_team_admin(person, row), Error::AdminHoldsAll { app, user });
    let permissions = guard::fixed_permissions(team).unwrap_or(PermissionSet::VIEW);
    is_not_on(row, person, permissions)?;
    ensure!(row.app.lock == Lock::Unlocked, Error::AppIsLocked { app });
    Ok(Event::AppJoined { app, owner: row.app.owner, user, permissions })
}

/// The caller sees the app, is let in, and may put people on it.
pub(super) fn add_people(state: &State, caller: Caller<'_>, row: At<'_, AppRow>) -> Result<(), Error> {
    let app = row.app.id;
    guard::reach(state, caller, row)?;
    match state.team_of(row.row).filter(|team| team.team.kind == TeamKind::Standard) {
        Some(team) => {
            let member = access::may(caller, team, Capability::AddCollaborators);
            ensure!(member, Error::OnlyMembersAddCollaborators { actor: caller.who, app });
            let manages = access::held_by(state, caller.user, row.row).allows(AppAction::ManageCollaborators);
            let open = row.app.lock == Lock::Unlocked || manages;
            ensure!(open, Error::OnlyManagersShareLockedApps { actor: caller.who, app });
            Ok(())
        }
        None => manage_access(state, caller, row, AppAction::ManageCollaborators),
    }
}

/// The caller sees the app, is let in, and may take people off it.
pub(super) fn remove_people(state: &State, caller: Caller<'_>, row: At<'_, AppRow>) -> Result<(), Error> {
    guard::reach(state, caller, row)?;
    manage_access(state, caller, row, AppAction::ManageCollaborators)
}

/// The caller sees the app, is let in, and lets people stay on it longer, as whoever puts them there, or less long, as whoever takes them
/// off. Whoever may do neither is refused alike, and does not learn from it what end there is.
pub(super) fn move_end(state: &State, caller: Caller<'_>, row: At<'_, AppRow>, longer: bool) -> Result<(), Error> {
    let adds = |team| access::may(caller, team, Capability::AddCollaborators);
    if longer && state.team_of(row.row).is_some_and(adds) {
        return add_people(state, caller, row);
    }
    remove_people(state, caller, row)
}

/// The caller sees the app, is let in, and manages the permissions on it.
pub(super) fn manage_permissions(state: &State, caller: Caller<'_>, app: At<'_, AppRow>) -> Result<(), Error> {
    guard::reach(state, caller, app)?;
    manage_access(state, caller, app, AppAction::ManagePermissions)
}

/// What somebody holds on the app as its owner, as an admin, or because it was given to them there: not through groups or a role of the
/// team's own, which end by themselves (GRP-3, ROLE-1).
fn given(person: At<'_, UserRow>, app: At<'_, AppRow>) -> PermissionSet {
    if app.owner == OwnerIx::User(person.ix) || is_team_admin(person, app) {
        return PermissionSet::ALL;
    }
    app.grant(person.ix).unwrap_or_default().union(PermissionSet::VIEW)
}

/// Access is changed by holders of `manage` (PERM-4); on a personal app that is its owner alone (PERM-10).
fn manage_access(state: &State, caller: Caller<'_>, app: At<'_, AppRow>, action: AppAction) -> Result<(), Error> {
    let (actor, id) = (caller.who, app.app.id);
    let refused = match app.owner {
        OwnerIx::User(_) => Error::OnlyOwnerSharesPersonalApp { actor, app: id },
        OwnerIx::Team(_) => Error::OnlyManagersChangeAccess { actor, app: id },
    };
    guard::manage(state, caller, app, action, refused)
}

/// With the same permissions nothing would change.
fn is_not_on(app: At<'_, AppRow>, person: At<'_, UserRow>, permissions: PermissionSet) -> Result<(), Error> {
    let (app, user, held) = (app.app.id, person.user.id, app.grant(person.ix));
    ensure!(held != Some(permissions), Error::PermissionsUnchanged { app, user, permissions });
    ensure!(held.is_none(), Error::AlreadyOnApp { app, user });
    Ok(())
}

/// Permissions are chosen on apps of Enterprise Teams only (PERM-10, STD-4).
pub(super) fn permissions_are_chosen(state: &State, app: At<'_, AppRow>) -> Result<(), Error> {
    match state.team_of(app.row).map(|team| team.team.kind) {
        None => Err(Error::PermissionsOnPersonalApp { app: app.app.id }),
        Some(TeamKind::Standard) => Err(Error::PermissionsOnStandardApp { app: app.app.id }),
        Some(TeamKind::Enterprise) => Ok(()),
    }
}

pub(super) fn is_team_admin(person: At<'_, UserRow>, app: At<'_, AppRow>) -> bool {
    matches!(app.owner, OwnerIx::Team(team) if person.role(team) == Some(SeatRole::Admin))
}
