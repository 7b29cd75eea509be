//! The rungs that decisions share: the actor exists, the things named exist, third-party clients are let in, the actor
//! manages the app, there is room.

use chrono::{DateTime, Utc};

use crate::access::{self, Caller};
use crate::actor::Actor;
use crate::entity::{AccountPermission, AddOn, AppTransfer, Invitation, OnExcess, Owner};
use crate::error::{Error, Remaining, Truncated};
use crate::ids::{
    AccountId, AddOnId, AppId, GroupId, InvitationId, PipelineId, RoleId, SpaceId, TeamId, TransferId, UserId,
};
use crate::permission::PermissionSet;
use crate::policy::{AppAction, Capability};
use crate::role::{TeamKind, TeamRole};
use crate::state::{
    AccountRow, AppRow, At, GroupRow, Holdings, OwnerIx, PipelineRow, ROWS_MAX, Rate, RoleRow, SpaceRow, State,
    TeamRow, UserRow,
};

/// A rung: the condition holds, or the answer is this error.
macro_rules! ensure {
    ($holds:expr, $otherwise:expr $(,)?) => {
        if !$holds {
            return Err($otherwise);
        }
    };
}
pub(crate) use ensure;

/// Who changes how this user signs in. Whoever has neither MFA nor SSO can still change that (SEC-5).
pub(crate) fn actor_on_sign_in(state: &State, of: UserId, by: Actor) -> Result<Caller<'_>, Error> {
    if by.who.user() == Some(of) { existing_actor(state, by) } else { actor(state, by) }
}

/// The actor exists, and is not suspended (SUS-1).
#[inline]
pub(crate) fn existing_actor(state: &State, actor: Actor) -> Result<Caller<'_>, Error> {
    let user = match actor.who.user() {
        Some(user) => Some(state.users.find(user).ok_or(Error::ActorNotFound { actor: user })?),
        None => None,
    };
    if let Some(user) = user {
        ensure!(!user.is_suspended(), Error::ActorSuspended { actor: user.user.id });
    }
    Ok(Caller { who: actor.who, now: state.now(actor), user })
}

/// The actor exists, is not suspended, and has what the store requires of everybody (SEC-5).
#[inline]
pub(crate) fn actor(state: &State, actor: Actor) -> Result<Caller<'_>, Error> {
    let caller = existing_actor(state, actor)?;
    if let Some(user) = caller.user {
        let met = state.settings.options.sign_in_requirement.is_met_by(&user.user);
        ensure!(met, Error::ActorNeedsMfaOrSso { actor: user.user.id });
    }
    Ok(caller)
}

pub(crate) fn user(state: &State, user: UserId) -> Result<At<'_, UserRow>, Error> {
    state.users.find(user).ok_or(Error::UserNotFound { user })
}

#[inline]
pub(crate) fn team(state: &State, team: TeamId) -> Result<At<'_, TeamRow>, Error> {
    state.teams.find(team).ok_or(Error::TeamNotFound { team })
}

#[inline]
pub(crate) fn app(state: &State, app: AppId) -> Result<At<'_, AppRow>, Error> {
    state.apps.find(app).ok_or(Error::AppNotFound { app })
}

pub(crate) fn group(state: &State, group: GroupId) -> Result<(At<'_, GroupRow>, At<'_, TeamRow>), Error> {
    let found = state.groups.find(group).ok_or(Error::GroupNotFound { group })?;
    Ok((found, state.teams.at(found.row.team).ok_or(Error::GroupNotFound { group })?))
}

pub(crate) fn role(state: &State, role: RoleId) -> Result<(At<'_, RoleRow>, At<'_, TeamRow>), Error> {
    let found = state.roles.find(role).ok_or(Error::RoleNotFound { role })?;
    Ok((found, state.teams.at(found.row.team).ok_or(Error::RoleNotFound { role })?))
}

/// The role that is to be given is there, whosever it is.
pub(crate) fn team_role(state: &State, role: TeamRole) -> Result<(), Error> {
    match role {
        TeamRole::Custom(id) => self::role(state, id).map(drop),
        TeamRole::Admin | TeamRole::Member | TeamRole::Viewer => Ok(()),
    }
}

/// The team has the role: its kind has the built-in one (MEM-4), or it is one of its own (ROLE-2).
pub(crate) fn role_in(state: &State, team: At<'_, TeamRow>, role: TeamRole) -> Result<(), Error> {
    let id = team.team.id;
    match role {
        TeamRole::Custom(role) => {
            let own = state.roles.find(role).is_some_and(|row| row.row.team == team.ix);
            ensure!(own, Error::RoleOfAnotherTeam { team: id, role });
        }
        TeamRole::Admin | TeamRole::Member | TeamRole::Viewer => {
            ensure!(role.exists_in(team.team.kind), Error::ViewerInStandardTeam { team: id });
        }
    }
    Ok(())
}

pub(crate) fn space(state: &State, space: SpaceId) -> Result<(At<'_, SpaceRow>, At<'_, TeamRow>), Error> {
    let found = state.spaces.find(space).ok_or(Error::SpaceNotFound { space })?;
    Ok((found, state.teams.at(found.team).ok_or(Error::SpaceNotFound { space })?))
}

pub(crate) fn pipeline(state: &State, pipeline: PipelineId) -> Result<At<'_, PipelineRow>, Error> {
    state.pipelines.find(pipeline).ok_or(Error::PipelineNotFound { pipeline })
}

pub(crate) fn account(state: &State, account: AccountId) -> Result<At<'_, AccountRow>, Error> {
    state.accounts.find(account).ok_or(Error::AccountNotFound { account })
}

pub(crate) fn add_on(state: &State, add_on: AddOnId) -> Result<(&AddOn, At<'_, AppRow>), Error> {
    let found = state.add_ons.get(&add_on).ok_or(Error::AddOnNotFound { add_on })?;
    Ok((found, app(state, found.app)?))
}

pub(crate) fn invitation(state: &State, invitation: InvitationId) -> Result<(&Invitation, At<'_, TeamRow>), Error> {
    let found = state.invitations.get(&invitation).ok_or(Error::InvitationNotFound { invitation })?;
    Ok((found, team(state, found.team)?))
}

pub(crate) fn transfer(state: &State, transfer: TransferId) -> Result<(&AppTransfer, At<'_, AppRow>), Error> {
    let found = state.transfers.get(&transfer).ok_or(Error::TransferNotFound { transfer })?;
    Ok((found, app(state, found.app)?))
}

/// Whoever is suspended receives nothing that they do not have (SUS-1).
pub(crate) fn recipient(user: At<'_, UserRow>) -> Result<(), Error> {
    ensure!(!user.is_suspended(), Error::UserIsSuspended { user: user.user.id });
    Ok(())
}

/// Lists of everything there is are for the operator.
pub(crate) fn operator(caller: Caller<'_>) -> Result<(), Error> {
    ensure!(caller.is_operator(), Error::OnlyOperatorListsEverything { actor: caller.who });
    Ok(())
}

/// Third-party clients reach what the team owns only if its admins let them (SEC-1).
#[inline]
pub(crate) fn client(caller: Caller<'_>, team: At<'_, TeamRow>) -> Result<(), Error> {
    ensure!(!caller.is_shut_out_as_client(team), Error::OAuthDenied { team: team.team.id });
    Ok(())
}

/// The caller is let in to what the team owns: its client (SEC-1), and with the sign-in that is required (SEC-5).
#[inline]
pub(crate) fn entry(caller: Caller<'_>, team: At<'_, TeamRow>) -> Result<(), Error> {
    client(caller, team)?;
    ensure!(!caller.lacks_sign_in(team), Error::TeamRequiresMfaOrSso { team: team.team.id });
    Ok(())
}

/// The caller sees the app. Who does not is told nothing else of it, whoever owns it.
pub(crate) fn see(state: &State, caller: Caller<'_>, app: At<'_, AppRow>) -> Result<(), Error> {
    let seen = access::held_by(state, caller.user, app.row).allows(AppAction::ViewApp);
    ensure!(seen, Error::AppHidden { actor: caller.who, app: app.app.id });
    Ok(())
}

/// The caller sees the app, and is let in.
pub(crate) fn reach(state: &State, caller: Caller<'_>, app: At<'_, AppRow>) -> Result<(), Error> {
    see(state, caller, app)?;
    app_entry(state, caller, app)
}

/// The caller sees the group, and is let in (GRP-1).
pub(crate) fn reach_group(caller: Caller<'_>, group: At<'_, GroupRow>, team: At<'_, TeamRow>) -> Result<(), Error> {
    let seen = access::may(caller, team, Capability::ViewGroups);
    ensure!(seen, Error::GroupHidden { actor: caller.who, group: group.row.group.id });
    entry(caller, team)
}

/// The caller sees the role, and is let in (ROLE-1): those who see the team's roles, and whoever has it.
pub(crate) fn reach_role(caller: Caller<'_>, role: At<'_, RoleRow>, team: At<'_, TeamRow>) -> Result<(), Error> {
    let seen = access::sees_role(caller, role, team);
    ensure!(seen, Error::RoleHidden { actor: caller.who, role: role.row.role.id });
    entry(caller, team)
}

/// The caller sees the space, and is let in (SPC-2).
pub(crate) fn reach_space(caller: Caller<'_>, space: At<'_, SpaceRow>, team: At<'_, TeamRow>) -> Result<(), Error> {
    let seen = access::may(caller, team, Capability::ViewSpaces);
    ensure!(seen, Error::SpaceHidden { actor: caller.who, space: space.space.id });
    entry(caller, team)
}

/// The caller sees the pipeline, and is let in (PIPE-8).
pub(crate) fn reach_pipeline(state: &State, caller: Caller<'_>, pipeline: At<'_, PipelineRow>) -> Result<(), Error> {
    let seen = access::sees_pipeline(state, caller, pipeline.row);
    ensure!(seen, Error::PipelineHidden { actor: caller.who, pipeline: pipeline.pipeline.id });
    match pipeline.owner {
        OwnerIx::Team(team) => state.teams.at(team).map_or(Ok(()), |team| entry(caller, team)),
        OwnerIx::User(_) => Ok(()),
    }
}

/// While a team of the account keeps third-party clients out, they manage neither its members nor its teams (SEC-1). Whoever is not
/// in the account is told nothing of its teams.
pub(crate) fn account_oauth(state: &State, caller: Caller<'_>, account: At<'_, AccountRow>) -> Result<(), Error> {
    let id = account.account.id;
    let inside = caller.user.is_some_and(|user| state.account_members.contains_key(&(user.user.id, id)));
    if caller.is_through_client() && inside {
        let mut teams = account.teams.values().filter_map(|team| state.teams.at(*team));
        ensure!(!teams.any(|team| caller.is_shut_out_as_client(team)), Error::OAuthDeniedInAccount { account: id });
    }
    Ok(())
}

/// The caller holds this permission in the account, or is refused so.
pub(crate) fn account_permission(
    state: &State,
    caller: Caller<'_>,
    account: AccountId,
    permission: AccountPermission,
    otherwise: Error,
) -> Result<(), Error> {
    let held = caller.user.map(|user| state.account_permissions(user.user.id, account)).unwrap_or_default();
    ensure!(held.contains(permission), otherwise);
    Ok(())
}

/// As [`entry`], for the team that owns the app, if one does.
#[inline]
pub(crate) fn app_entry(state: &State, caller: Caller<'_>, app: At<'_, AppRow>) -> Result<(), Error> {
    state.team_of(app.row).map_or(Ok(()), |team| entry(caller, team))
}

/// The caller has the capability on the team and is let in, or is refused so (CAP-1, SEC-1).
pub(crate) fn capability(
    caller: Caller<'_>,
    team: At<'_, TeamRow>,
    capability: Capability,
    otherwise: Error,
) -> Result<(), Error> {
    entry(caller, team)?;
    ensure!(access::may(caller, team, capability), otherwise);
    Ok(())
}

/// The caller may do the action on the app, which asks for `manage`, or is refused so. On a Standard team's app that is for admins
/// alone, and the refusal says so (STD-3).
pub(crate) fn manage(
    state: &State,
    caller: Caller<'_>,
    app: At<'_, AppRow>,
    action: AppAction,
    otherwise: Error,
) -> Result<(), Error> {
    if access::held_by(state, caller.user, app.row).allows(action) {
        return Ok(());
    }
    match state.team_of(app.row).map(|team| team.team.kind) {
        Some(TeamKind::Standard) => Err(Error::OnlyAdminsManageStandardApps { actor: caller.who, app: app.app.id }),
        Some(TeamKind::Enterprise) | None => Err(otherwise),
    }
}

/// The caller holds a permission that allows the action (PERM-9).
pub(crate) fn action(state: &State, caller: Caller<'_>, app: At<'_, AppRow>, action: AppAction) -> Result<(), Error> {
    let held = access::held_by(state, caller.user, app.row);
    access::refusal(access::verdict(held, action), held, caller, app.app.id, action).map_or(Ok(()), Err)
}

/// What people on an app hold where no permissions are chosen: on personal apps and in Standard teams (PERM-10, STD-4).
/// `None` in Enterprise Teams, where they are.
pub(crate) fn fixed_permissions(team: Option<At<'_, TeamRow>>) -> Option<PermissionSet> {
    match team.map(|team| team.team.kind) {
        Some(TeamKind::Enterprise) => None,
        Some(TeamKind::Standard) | None => Some(PermissionSet::WORK),
    }
}

/// The team has room for `more` members, pending invitations counted (TEAM-5). What adds nothing needs no room, also where a limit
/// was lowered below what is there.
pub(crate) fn member_room(team: At<'_, TeamRow>, now: DateTime<Utc>, more: usize) -> Result<(), Error> {
    let limit = team.team.limits.members;
    let actual = (team.members() + team.pending_invitations(now) + more) as u64;
    ensure!(more == 0 || actual <= limit.into(), Error::MemberLimitReached { team: team.team.id, limit, actual });
    Ok(())
}

/// The team has room for the person, whose pending invitation counts already; the invitation that ends with the entry.
pub(crate) fn member_entry(
    state: &State,
    caller: Caller<'_>,
    team: At<'_, TeamRow>,
    person: At<'_, UserRow>,
) -> Result<Option<Box<Invitation>>, Error> {
    let invitation = team.invitations.get(&person.user.email).and_then(|id| state.invitations.get(id));
    let counted = invitation.is_some_and(|invitation| invitation.is_pending_at(caller.now));
    member_room(team, caller.now, usize::from(!counted))?;
    Ok(invitation.cloned().map(Box::new))
}

/// The owner has room for `more` apps, if there are any (TEAM-6, APP-12).
pub(crate) fn app_room(state: &State, owner: Owner, more: usize) -> Result<(), Error> {
    if more == 0 {
        return Ok(());
    }
    let held = state.owner(owner).and_then(|owner| state.holdings(owner)).map_or(0, Holdings::len);
    let actual = (held + more) as u64;
    match owner {
        Owner::User(user) => {
            let limit = state.settings.options.personal_apps_max;
            ensure!(actual <= limit.into(), Error::PersonalAppLimitReached { user, limit, actual });
        }
        Owner::Team(team) => {
            let limit = state.teams.find(team).and_then(|team| team.team.limits.apps).unwrap_or(u32::MAX);
            ensure!(actual <= limit.into(), Error::AppLimitReached { team, limit, actual });
        }
    }
    Ok(())
}

/// The team has room for one more space (TEAM-6).
pub(crate) fn space_room(team: At<'_, TeamRow>) -> Result<(), Error> {
    let (limit, actual) = (team.team.limits.spaces.unwrap_or(u32::MAX), team.spaces.len() as u64 + 1);
    ensure!(actual <= limit.into(), Error::SpaceLimitReached { team: team.team.id, limit, actual });
    Ok(())
}

/// One more row fits into a table of so many.
pub(crate) fn room(rows: usize) -> Result<(), Error> {
    ensure!(rows < ROWS_MAX, Error::StoreFull { limit: ROWS_MAX as u64 });
    Ok(())
}

/// What is added to what is used in a month, and to what was just added `before`, fits the limits of the team, where they refuse
/// (TEAM-6).
pub(crate) fn usage_room(state: &State, owner: Owner, before: Rate, added: Rate) -> Result<(), Error> {
    let Some(row) = owner.team().and_then(|team| state.teams.find(team)) else { return Ok(()) };
    let (team, limits) = (row.team.id, row.team.limits);
    if limits.on_excess == OnExcess::Shown {
        return Ok(());
    }
    let rate = state.ledger.rate(owner) + before + added;
    let actual = |sum| u64::try_from(sum).unwrap_or(u64::MAX);
    if let Some(limit) = limits.dyno_units.filter(|_| added.dyno_units > 0) {
        let fits = rate.dyno_units <= u128::from(limit) * 1_000_000;
        ensure!(fits, Error::DynoUnitLimitReached { team, limit, actual: actual(rate.dyno_units) });
    }
    if let Some(limit) = limits.add_on_credits.filter(|_| added.credits > 0) {
        let fits = rate.credits <= limit.into();
        ensure!(fits, Error::AddOnCreditLimitReached { team, limit, actual: actual(rate.credits) });
    }
    Ok(())
}

/// What an owner still has, by name.
pub(crate) fn belongings(state: &State, held: &Holdings, team: Option<At<'_, TeamRow>>) -> Remaining {
    let spaces = team.into_iter().flat_map(|team| team.row.spaces.values());
    Remaining {
        apps: Truncated::of(held.by_name.values().filter_map(|app| Some(state.apps.get(*app)?.app.id))),
        spaces: Truncated::of(spaces.filter_map(|space| Some(state.spaces.get(*space)?.space.id))),
        pipelines: Truncated::of(
            held.pipelines.values().filter_map(|one| Some(state.pipelines.get(*one)?.pipeline.id)),
        ),
    }
}
