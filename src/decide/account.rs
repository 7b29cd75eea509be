//! ENT: Enterprise Accounts, and teams moving in and out.

use super::transfer;
use crate::access::{self, Caller};
use crate::actor::Actor;
use crate::entity::{
    AccountPermission, AccountPermissionSet, AddOnControls, EnterpriseAccount, Labels, Limits, OAuthAccess,
    SignInRequirement, Sso, Team,
};
use crate::error::{Blockers, Error, Truncated};
use crate::event::{Event, GrantChange, TeamMove};
use crate::guard::{self, ensure};
use crate::ids::{AccountId, AppId, TeamId, UserId};
use crate::names::{AccountName, TeamName};
use crate::policy::Capability;
use crate::role::{Role, TeamKind, TeamRole};
use crate::sort;
use crate::state::{AccountRow, At, State, TeamRow};

pub(crate) fn open(
    state: &State,
    actor: Actor,
    name: AccountName,
    manager: UserId,
) -> Result<(Event, AccountId), Error> {
    let caller = guard::actor(state, actor)?;
    let person = guard::user(state, manager)?;
    ensure!(caller.is_operator(), Error::OnlyOperatorOpensAccounts { actor: caller.who });
    guard::recipient(person)?;
    ensure!(state.accounts.find_key(&name).is_none(), Error::AccountNameTaken { name });
    guard::room(state.accounts.len())?;
    let id = state.fresh_id();
    let account = EnterpriseAccount { id, name, opened_at: caller.now };
    Ok((Event::AccountOpened { account: Box::new(account), manager }, id))
}

pub(crate) fn add_member(
    state: &State,
    actor: Actor,
    account: AccountId,
    user: UserId,
    permissions: AccountPermissionSet,
) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::account(state, account)?;
    let person = guard::user(state, user)?;
    manage(state, caller, row)?;
    let permissions = permissions.union(AccountPermissionSet::VIEW);
    if let Some(held) = state.account_members.get(&(user, account)) {
        ensure!(*held != permissions, Error::AccountPermissionsUnchanged { account, user, permissions });
        return Err(Error::AlreadyInAccount { account, user });
    }
    guard::recipient(person)?;
    Ok(Event::AccountMemberAdded { account, user, permissions })
}

pub(crate) fn set_permissions(
    state: &State,
    actor: Actor,
    account: AccountId,
    user: UserId,
    to: AccountPermissionSet,
) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::account(state, account)?;
    let person = guard::user(state, user)?;
    manage(state, caller, row)?;
    let to = to.union(AccountPermissionSet::VIEW);
    let grows = caller.is(person) && !state.account_permissions(user, account).contains_all(to);
    ensure!(!grows, Error::OwnAccountSetCannotGrow { actor: caller.who, account });
    let from = *state.account_members.get(&(user, account)).ok_or(Error::NotInAccount { account, user })?;
    ensure!(from != to, Error::AccountPermissionsUnchanged { account, user, permissions: to });
    if !from.contains_all(to) {
        guard::recipient(person)?;
    }
    let manages = to.contains(AccountPermission::Manage);
    ensure!(manages || !access::is_last_manager(state, person, row), Error::CannotDemoteLastManager { account, user });
    Ok(Event::AccountPermissionsChanged { account, user, from, to })
}

/// By a holder of `manage`, or by the member themself.
pub(crate) fn remove_member(state: &State, actor: Actor, account: AccountId, user: UserId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::account(state, account)?;
    let person = guard::user(state, user)?;
    guard::account_oauth(state, caller, row)?;
    if !caller.is(person) {
        manage(state, caller, row)?;
    }
    let permissions = *state.account_members.get(&(user, account)).ok_or(Error::NotInAccount { account, user })?;
    ensure!(!access::is_last_manager(state, person, row), Error::CannotRemoveLastManager { account, user });
    Ok(Event::AccountMemberRemoved { account, user, permissions })
}

/// The creator becomes its first admin (ENT-2).
pub(crate) fn create_team(
    state: &State,
    actor: Actor,
    account: AccountId,
    name: TeamName,
) -> Result<(Event, TeamId), Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::account(state, account)?;
    guard::account_oauth(state, caller, row)?;
    let refused = Error::OnlyCreatorsCreateTeams { actor: caller.who, account };
    guard::account_permission(state, caller, account, AccountPermission::Create, refused.clone())?;
    let admin = caller.user.ok_or(refused)?.user.id;
    ensure!(!state.is_reserved(name), Error::TeamNameReserved { name });
    ensure!(state.teams.find_key(&name).is_none(), Error::TeamNameTaken { name });
    guard::room(state.teams.len())?;
    let id = state.fresh_id();
    let team = Team {
        id,
        name,
        kind: TeamKind::Enterprise,
        limits: Limits::ENTERPRISE,
        default_role: TeamRole::Member,
        oauth_access: OAuthAccess::Allowed,
        sign_in_requirement: SignInRequirement::Nothing,
        sso: Sso::NotConfigured,
        add_on_controls: AddOnControls::Off,
        deletion_requested_at: None,
        account: Some(account),
        move_out_requested_at: None,
        provisioned_at: caller.now,
        changed_at: caller.now,
        labels: Labels::NONE,
    };
    Ok((Event::TeamProvisioned { team: Box::new(team), admin }, id))
}

/// By an admin: it becomes an Enterprise Team, and may have as many members as one (ENT-4). By the operator: an Enterprise Team that
/// is in no account (ENT-6).
pub(crate) fn move_in(state: &State, actor: Actor, team: TeamId, account: AccountId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::team(state, team)?;
    let into = guard::account(state, account)?;
    guard::entry(caller, row)?;
    guard::account_oauth(state, caller, into)?;
    let from = row.team.kind;
    let members = if caller.is_operator() && from == TeamKind::Enterprise {
        ensure!(row.team.account.is_none(), Error::TeamInAccount { team });
        row.team.limits.members
    } else {
        let admin = access::may(caller, row, Capability::MoveTeam);
        ensure!(admin, Error::OnlyAdminsMoveTeamsIn { actor: caller.who, team });
        let held = caller.user.map(|user| state.account_permissions(user.user.id, account)).unwrap_or_default();
        let open = held.contains(AccountPermission::Create) || held.contains(AccountPermission::Manage);
        ensure!(open, Error::MoveInNeedsAccountPermission { actor: caller.who, account });
        ensure!(from == TeamKind::Standard, Error::TeamIsEnterprise { team });
        row.team.limits.members.max(Limits::ENTERPRISE.members)
    };
    let moved = TeamMove {
        team,
        kind: (from, TeamKind::Enterprise),
        account: (row.team.account, Some(account)),
        limits: Some((row.team.limits, Limits { members, ..row.team.limits })),
        default_role: Some((row.team.default_role, row.team.default_role)),
        requested_at: row.team.move_out_requested_at,
        deletion_requested_at: row.team.deletion_requested_at,
        grants: Box::default(),
        payment_method: row.payment_method.clone(),
    };
    Ok(Event::TeamMovedIn { moved: Box::new(moved) })
}

pub(crate) fn request_move_out(state: &State, actor: Actor, team: TeamId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::team(state, team)?;
    guard::capability(caller, row, Capability::MoveTeam, Error::OnlyAdminsRequestMoveOut { actor: caller.who, team })?;
    ensure!(row.team.account.is_some(), Error::TeamInNoAccount { team });
    ensure!(row.team.move_out_requested_at.is_none(), Error::MoveOutAlreadyRequested { team });
    Ok(Event::TeamMoveOutRequested { team, requested_at: caller.now })
}

pub(crate) fn withdraw_move_out(state: &State, actor: Actor, team: TeamId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::team(state, team)?;
    guard::capability(caller, row, Capability::MoveTeam, Error::OnlyAdminsRequestMoveOut { actor: caller.who, team })?;
    let requested_at = row.team.move_out_requested_at.ok_or(Error::MoveOutNotRequested { team })?;
    Ok(Event::TeamMoveOutWithdrawn { team, requested_at })
}

/// It becomes a Standard team: people on its apps hold what is held there, or leave them (TRF-11), and it has at most as many members as a
/// Standard team may have (ENT-5).
pub(crate) fn move_out(state: &State, actor: Actor, team: TeamId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::team(state, team)?;
    guard::entry(caller, row)?;
    ensure!(caller.is_operator(), Error::OnlyOperatorMovesTeamsOut { actor: caller.who, team });
    ensure!(row.team.account.is_some(), Error::TeamInNoAccount { team });
    ensure!(row.team.move_out_requested_at.is_some(), Error::MoveOutNotRequested { team });
    let obstacles = obstacles(state, caller, row);
    ensure!(obstacles.is_empty(), Error::MoveOutBlocked { team, obstacles: Box::new(obstacles) });
    let role = row.team.default_role;
    let default_role = if role.exists_in(TeamKind::Standard) { role } else { TeamRole::Member };
    let moved = TeamMove {
        team,
        kind: (row.team.kind, TeamKind::Standard),
        account: (row.team.account, None),
        limits: Some((row.team.limits, Limits { members: Limits::STANDARD.members, ..row.team.limits })),
        default_role: Some((row.team.default_role, default_role)),
        requested_at: row.team.move_out_requested_at,
        deletion_requested_at: row.team.deletion_requested_at,
        grants: fixed_grants(state, row),
        payment_method: row.payment_method.clone(),
    };
    Ok(Event::TeamMovedOut { moved: Box::new(moved) })
}

fn obstacles(state: &State, caller: Caller<'_>, team: At<'_, TeamRow>) -> Blockers {
    // Those of a team's own are told as roles.
    let lacking = |role: Role| !role.exists_in(TeamKind::Standard) && role != Role::Custom;
    let viewers =
        Role::IN_TEAM.iter().filter(|role| lacking(**role)).flat_map(|role| team.row.people_as(*role).values());
    let viewers = viewers.filter_map(|user| state.users.get(*user));
    let invitations = team.row.invitations.values().filter_map(|id| state.invitations.get(id));
    let pending = invitations.filter(|one| one.is_pending_at(caller.now));
    let members = (team.members() + team.pending_invitations(caller.now)) as u64;
    let limit = Limits::STANDARD.members;
    Blockers {
        spaces: Truncated::of(team.row.spaces.values().filter_map(|space| Some(state.spaces.get(*space)?.space.id))),
        groups: Truncated::of(team.row.groups.values().filter_map(|group| Some(state.groups.get(*group)?.group.id))),
        roles: Truncated::of(team.row.roles.values().filter_map(|role| Some(state.roles.get(*role)?.role.id))),
        viewers: Truncated::of(viewers.map(|person| person.user.id)),
        invited_viewers: Truncated::of(
            pending.filter(|one| one.role.is_some_and(|role| lacking(role.into()))).map(|one| one.id),
        ),
        members: (members > limit.into()).then_some((members, limit)),
    }
}

/// The grants on the team's apps that are not what people hold on apps of Standard teams.
fn fixed_grants(state: &State, team: At<'_, TeamRow>) -> Box<[(AppId, GrantChange)]> {
    let mut grants = Vec::new();
    for app in team.row.apps.by_name.values().filter_map(|app| state.apps.at(*app)) {
        let changes = transfer::change_grants(state, app, |_, set| transfer::as_held_in(TeamKind::Standard, set));
        let changes = changes.into_iter().filter(|change| change.from != change.to);
        grants.extend(changes.map(|change| (app.app.id, change)));
    }
    sort::by_key(&mut grants, |(app, change)| (*app, change.user));
    grants.into()
}

fn manage(state: &State, caller: Caller<'_>, account: At<'_, AccountRow>) -> Result<(), Error> {
    guard::account_oauth(state, caller, account)?;
    let account = account.account.id;
    let refused = Error::OnlyManagersManageAccounts { actor: caller.who, account };
    guard::account_permission(state, caller, account, AccountPermission::Manage, refused)
}
