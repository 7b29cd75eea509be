//! ACC: users.

use super::invitation;
use crate::access;
use crate::actor::Actor;
use crate::entity::{Mfa, NewUser, SignIn, User};
use crate::error::{Error, Truncated};
use crate::event::{EmailChange, Event, SignInChange, UserDeletion};
use crate::guard::{self, ensure};
use crate::ids::{AccountId, TeamId, UserId};
use crate::names::Email;
use crate::role::TeamRole;
use crate::sort;
use crate::state::{At, State, TeamRow, UserRow};

pub(crate) fn register(state: &State, actor: Actor, new: NewUser) -> Result<(Event, UserId), Error> {
    let caller = guard::actor(state, actor)?;
    let (id, email) = (new.id.unwrap_or_else(|| state.fresh_user_id()), new.email);
    ensure!(caller.is_operator(), Error::OnlyOperatorRegistersUsers { actor: caller.who });
    ensure!(state.users.find_key(&email).is_none(), Error::EmailTaken { email });
    ensure!(state.users.find(id).is_none(), Error::UserIdTaken { user: id });
    guard::room(state.users.len())?;
    let registered_at = caller.now;
    let user = User { id, email, mfa: Mfa::NotEnrolled, sign_in: SignIn::Password, suspended_at: None, registered_at };
    Ok((Event::UserRegistered { user: Box::new(user) }, id))
}

pub(crate) fn set_email(state: &State, actor: Actor, user: UserId, to: Email) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::user(state, user)?;
    ensure!(caller.is_operator(), Error::OnlyOperatorChangesEmails { actor: caller.who, user });
    ensure!(row.user.email != to, Error::EmailUnchanged { user, email: to });
    ensure!(state.users.find_key(&to).is_none(), Error::EmailTaken { email: to });
    let in_team = |team| state.teams.find(team).is_some_and(|team| row.role(team.ix).is_some());
    let invitations_ended = state.invitations_of(&to).filter(|invitation| in_team(invitation.team)).cloned().collect();
    let (from, teams) = (row.user.email.clone(), state.teams_of(row.row, None));
    Ok(Event::EmailChanged { changed: Box::new(EmailChange { user, from, to, invitations_ended, teams }) })
}

pub(crate) fn set_mfa(state: &State, actor: Actor, user: UserId, to: Mfa) -> Result<Event, Error> {
    let caller = guard::actor_on_sign_in(state, user, actor)?;
    let row = guard::user(state, user)?;
    ensure!(
        caller.is_self_directly(row) || caller.is_operator(),
        Error::OnlySelfOrOperatorChangesSignIn { actor: caller.who, user }
    );
    ensure!(row.user.mfa != to, Error::MfaUnchanged { user, mfa: to });
    Ok(Event::MfaChanged { user, from: row.user.mfa, to, teams: state.teams_of(row.row, None) })
}

pub(crate) fn set_sign_in(state: &State, actor: Actor, user: UserId, to: SignIn) -> Result<Event, Error> {
    let caller = guard::actor_on_sign_in(state, user, actor)?;
    let row = guard::user(state, user)?;
    ensure!(
        caller.is_self_directly(row) || caller.is_operator(),
        Error::OnlySelfOrOperatorChangesSignIn { actor: caller.who, user }
    );
    ensure!(row.user.sign_in != to, Error::SignInUnchanged { user, sign_in: to });
    ensure!(to == SignIn::Password || state.has_sso(row.row, None), Error::NoTeamToSignInThrough { user });
    let change = SignInChange { user, teams: state.teams_of(row.row, None) };
    Ok(Event::SignInChanged { users: [change].into(), from: row.user.sign_in, to })
}

/// Nobody is left without an admin or a manager who can act (TEAM-2, ENT-1).
pub(crate) fn suspend(state: &State, actor: Actor, user: UserId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::user(state, user)?;
    ensure!(caller.is_operator(), Error::OnlyOperatorSuspendsUsers { actor: caller.who, user });
    ensure!(!row.is_suspended(), Error::UserAlreadySuspended { user });
    let alone = last_admin_of(state, row, &memberships(state, row));
    ensure!(alone.total == 0, Error::CannotSuspendLastAdmin { user, teams: Box::new(alone) });
    let alone = last_manager_of(state, row);
    ensure!(alone.total == 0, Error::CannotSuspendLastManager { user, accounts: Box::new(alone) });
    Ok(Event::UserSuspended { user, suspended_at: caller.now, teams: state.teams_of(row.row, None) })
}

pub(crate) fn reinstate(state: &State, actor: Actor, user: UserId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::user(state, user)?;
    ensure!(caller.is_operator(), Error::OnlyOperatorSuspendsUsers { actor: caller.who, user });
    let suspended_at = row.user.suspended_at.ok_or(Error::UserNotSuspended { user })?;
    Ok(Event::UserReinstated { user, suspended_at, teams: state.teams_of(row.row, None) })
}

pub(crate) fn delete(state: &State, actor: Actor, user: UserId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::user(state, user)?;
    ensure!(
        caller.is_self_directly(row) || caller.is_operator(),
        Error::OnlySelfOrOperatorDeletesUser { actor: caller.who, user }
    );
    let left = guard::belongings(state, row.row.apps(), None);
    ensure!(left.is_empty(), Error::UserStillOwns { user, left: Box::new(left) });
    let teams = memberships(state, row);
    let alone = last_admin_of(state, row, &teams);
    ensure!(alone.total == 0, Error::CannotDeleteLastAdmin { user, teams: Box::new(alone) });
    let alone = last_manager_of(state, row);
    ensure!(alone.total == 0, Error::CannotDeleteLastManager { user, accounts: Box::new(alone) });
    let mut grants: Vec<_> = row
        .grants()
        .iter()
        .filter_map(|app| state.apps.get(*app))
        .filter_map(|app| Some((app.app.id, app.app.owner, app.grant(row.ix)?)))
        .collect();
    sort::by_key(&mut grants, |(app, ..)| *app);
    let administered = teams.iter().filter(|(_, role)| *role == TeamRole::Admin);
    let sent = administered.flat_map(|(team, _)| invitation::to_admin_by(state, *team, user));
    let groups = row.groups().iter().filter_map(|group| state.groups.get(*group));
    let mut groups: Vec<_> = groups.map(|group| group.group.id).collect();
    sort::by(&mut groups, Ord::cmp);
    Ok(Event::UserDeleted {
        deleted: Box::new(UserDeletion {
            user: row.user.clone(),
            memberships: teams.iter().map(|(team, role)| (team.team.id, *role)).collect(),
            grants: grants.into(),
            invitations: state.invitations_of(&row.user.email).cloned().chain(sent).collect(),
            transfers: state.transfers_of(user).copied().collect(),
            accounts: state.accounts_of(user).collect(),
            spaces: state.spaces_open_to(user).collect(),
            groups: groups.into(),
        }),
    })
}

/// The teams that the user is in, by name, each with the role.
fn memberships<'s>(state: &'s State, user: At<'s, UserRow>) -> Vec<(At<'s, TeamRow>, TeamRole)> {
    let seats = user.row.seats().iter();
    let mut teams: Vec<_> = seats
        .filter_map(|seat| {
            let team = state.teams.at(seat.team)?;
            Some((team, team.row.team_role(seat.role?)?))
        })
        .collect();
    sort::by_key(&mut teams, |(team, _)| team.team.name);
    teams
}

/// Those of the teams that have no other admin who counts.
fn last_admin_of(state: &State, user: At<'_, UserRow>, teams: &[(At<'_, TeamRow>, TeamRole)]) -> Truncated<TeamId> {
    let alone = teams.iter().filter(|(team, _)| access::is_last_admin(state, user, *team));
    Truncated::of(alone.map(|(team, _)| team.team.id))
}

/// The accounts that have no other manager who counts.
fn last_manager_of(state: &State, user: At<'_, UserRow>) -> Truncated<AccountId> {
    let accounts = state.accounts_of(user.user.id).filter_map(|(account, _)| state.accounts.find(account));
    Truncated::of(accounts.filter(|account| access::is_last_manager(state, user, *account)).map(|row| row.account.id))
}
