//! The rungs that decisions share: the actor exists, the things named exist, third-party clients are let in, the actor
//! manages the app, there is room.

use chrono::{DateTime, Utc};

use crate::access::{self, Caller};
use crate::actor::Actor;
use crate::entity::{AppTransfer, Invitation, Owner};
use crate::error::Error;
use crate::ids::{AppId, InvitationId, TeamId, TransferId, UserId};
use crate::permission::{Permission, PermissionSet};
use crate::policy::AppAction;
use crate::role::TeamKind;
use crate::state::{AppRow, At, Holdings, State, TeamRow, UserRow};

/// A rung: the condition holds, or the answer is this error.
macro_rules! ensure {
    ($holds:expr, $otherwise:expr $(,)?) => {
        if !$holds {
            return Err($otherwise);
        }
    };
}
pub(crate) use ensure;

pub(crate) fn actor(state: &State, actor: Actor) -> Result<Caller<'_>, Error> {
    let user = match actor.who.user() {
        Some(user) => Some(state.users.find(user).ok_or(Error::ActorNotFound { actor: user })?),
        None => None,
    };
    Ok(Caller { who: actor.who, now: state.now(actor), user })
}

pub(crate) fn user(state: &State, user: UserId) -> Result<At<'_, UserRow>, Error> {
    state.users.find(user).ok_or(Error::UserNotFound { user })
}

pub(crate) fn team(state: &State, team: TeamId) -> Result<At<'_, TeamRow>, Error> {
    state.teams.find(team).ok_or(Error::TeamNotFound { team })
}

pub(crate) fn app(state: &State, app: AppId) -> Result<At<'_, AppRow>, Error> {
    state.apps.find(app).ok_or(Error::AppNotFound { app })
}

pub(crate) fn invitation(state: &State, invitation: InvitationId) -> Result<(&Invitation, At<'_, TeamRow>), Error> {
    let found = state.invitations.get(&invitation).ok_or(Error::InvitationNotFound { invitation })?;
    Ok((found, team(state, found.team)?))
}

pub(crate) fn transfer(state: &State, transfer: TransferId) -> Result<(&AppTransfer, At<'_, AppRow>), Error> {
    let found = state.transfers.get(&transfer).ok_or(Error::TransferNotFound { transfer })?;
    Ok((found, app(state, found.app)?))
}

/// Third-party clients reach what the team owns only if its admins let them (SEC-1).
pub(crate) fn oauth(caller: Caller<'_>, team: At<'_, TeamRow>) -> Result<(), Error> {
    ensure!(!caller.is_kept_out(team), Error::OAuthDenied { team: team.team.id });
    Ok(())
}

/// The caller sees the app, and is let in. Who does not see an app is told nothing else of it, whoever owns it.
pub(crate) fn reach(state: &State, caller: Caller<'_>, app: At<'_, AppRow>) -> Result<(), Error> {
    let seen = access::held_by(state, caller, app.row).permissions.contains(Permission::View);
    ensure!(seen, Error::AppHidden { actor: caller.who, app: app.app.id });
    app_oauth(state, caller, app)
}

/// As [`oauth`], for the team that owns the app, if one does.
pub(crate) fn app_oauth(state: &State, caller: Caller<'_>, app: At<'_, AppRow>) -> Result<(), Error> {
    state.team_of(app.row).map_or(Ok(()), |team| oauth(caller, team))
}

/// The caller holds `manage` on the app. On a Standard team's app that is for admins alone, and the refusal says so (STD-3).
pub(crate) fn manage(state: &State, caller: Caller<'_>, app: At<'_, AppRow>, otherwise: Error) -> Result<(), Error> {
    if access::held_by(state, caller, app.row).permissions.contains(Permission::Manage) {
        return Ok(());
    }
    match state.team_of(app.row).map(|team| team.team.kind) {
        Some(TeamKind::Standard) => Err(Error::StandardAppManagedByAdmins { actor: caller.who, app: app.app.id }),
        _ => Err(otherwise),
    }
}

/// The caller holds a permission that allows the action (PERM-9).
pub(crate) fn action(state: &State, caller: Caller<'_>, app: At<'_, AppRow>, action: AppAction) -> Result<(), Error> {
    access::allows(access::held_by(state, caller, app.row), caller, app, action)
}

/// What people on an app hold where no permissions are chosen: on personal apps and in Standard teams (PERM-10, STD-4).
/// `None` in Enterprise Teams, where they are.
pub(crate) fn fixed_permissions(team: Option<At<'_, TeamRow>>) -> Option<PermissionSet> {
    match team.map(|team| team.team.kind) {
        Some(TeamKind::Enterprise) => None,
        Some(TeamKind::Standard) | None => Some(PermissionSet::WORK),
    }
}

/// The team has room for `more` members, pending invitations counted (TEAM-5).
pub(crate) fn member_room(team: At<'_, TeamRow>, now: DateTime<Utc>, more: usize) -> Result<(), Error> {
    let limit = team.team.limits.members;
    let actual = u64::from(team.members) + (team.pending_invitations(now) + more) as u64;
    ensure!(actual <= limit.into(), Error::MemberLimitReached { team: team.team.id, limit, actual });
    Ok(())
}

/// The owner has room for `more` apps (TEAM-6, APP-12).
pub(crate) fn app_room(state: &State, owner: Owner, more: usize) -> Result<(), Error> {
    let held = state.owner(owner).and_then(|owner| state.holdings(owner)).map_or(0, Holdings::len);
    let actual = (held + more) as u64;
    match owner {
        Owner::User(user) => {
            let limit = state.settings.personal_apps_max;
            ensure!(actual <= limit.into(), Error::PersonalAppLimitReached { user, limit, actual });
        }
        Owner::Team(team) => {
            let limit = state.teams.find(team).and_then(|team| team.team.limits.apps).unwrap_or(u32::MAX);
            ensure!(actual <= limit.into(), Error::AppLimitReached { team, limit, actual });
        }
    }
    Ok(())
}
