//! TEAM: the life of a team.

use super::{group, sign_on};
use crate::access::{self, Caller};
use crate::actor::Actor;
use crate::entity::{
    AccountPermission, AddOnControls, Labels, Limits, NewTeam, OAuthAccess, SignInRequirement, Sso, Team,
};
use crate::error::Error;
use crate::event::{Event, TeamDeletion};
use crate::guard::{self, ensure};
use crate::ids::TeamId;
use crate::names::TeamName;
use crate::policy::Capability;
use crate::role::{TeamKind, TeamRole};
use crate::sort;
use crate::state::{At, State, TeamRow};

pub(crate) fn provision(state: &State, actor: Actor, new: NewTeam) -> Result<(Event, TeamId), Error> {
    let (id, NewTeam { name, kind, admin, limits, account }) = (state.fresh_id(), new);
    let caller = guard::actor(state, actor)?;
    let person = guard::user(state, admin)?;
    account.map_or(Ok(()), |account| guard::account(state, account).map(drop))?;
    ensure!(caller.is_operator(), Error::OnlyOperatorProvisionsTeams { actor: caller.who });
    ensure!(!state.is_reserved(name), Error::TeamNameReserved { name });
    ensure!(limits.members >= 1, Error::MemberLimitZero {});
    if let Some(account) = account {
        ensure!(kind == TeamKind::Enterprise, Error::StandardTeamInAccount { account });
    }
    guard::recipient(person)?;
    ensure!(state.teams.find_key(&name).is_none(), Error::TeamNameTaken { name });
    guard::room(state.teams.len())?;
    let team = Team {
        id,
        name,
        kind,
        limits,
        default_role: TeamRole::Member,
        oauth_access: OAuthAccess::Allowed,
        sign_in_requirement: SignInRequirement::Nothing,
        sso: Sso::NotConfigured,
        add_on_controls: AddOnControls::Off,
        deletion_requested_at: None,
        account,
        move_out_requested_at: None,
        provisioned_at: caller.now,
        changed_at: caller.now,
        labels: Labels::NONE,
    };
    Ok((Event::TeamProvisioned { team: Box::new(team), admin }, id))
}

pub(crate) fn rename(state: &State, actor: Actor, team: TeamId, to: TeamName) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::team(state, team)?;
    guard::entry(caller, row)?;
    ensure!(manages(state, caller, row)?, Error::OnlyAdminsRenameTeams { actor: caller.who, team });
    ensure!(!state.is_reserved(to), Error::TeamNameReserved { name: to });
    ensure!(row.team.name != to, Error::TeamNameUnchanged { team, name: to });
    ensure!(state.teams.find_key(&to).is_none(), Error::TeamNameTaken { name: to });
    Ok(Event::TeamRenamed { team, from: Box::new(row.team.name), to: Box::new(to) })
}

pub(crate) fn set_labels(state: &State, actor: Actor, team: TeamId, to: Labels) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::team(state, team)?;
    guard::entry(caller, row)?;
    ensure!(manages(state, caller, row)?, Error::OnlyAdminsLabelTeams { actor: caller.who, team });
    ensure!(row.team.labels != to, Error::TeamLabelsUnchanged { team });
    Ok(Event::TeamLabelsChanged { team, from: row.team.labels.clone(), to })
}

/// Whether the caller says what the team is called: an admin, or who creates teams in its Enterprise Account (TEAM-4, ENT-2).
fn manages(state: &State, caller: Caller<'_>, team: At<'_, TeamRow>) -> Result<bool, Error> {
    Ok(access::may(caller, team, Capability::ManageTeam) || creates_in_account(state, caller, team)?)
}

pub(crate) fn set_limits(state: &State, actor: Actor, team: TeamId, to: Limits) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::team(state, team)?;
    guard::entry(caller, row)?;
    ensure!(caller.is_operator(), Error::OnlyOperatorSetsLimits { actor: caller.who, team });
    ensure!(to.members >= 1, Error::MemberLimitZero {});
    ensure!(row.team.limits != to, Error::LimitsUnchanged { team });
    Ok(Event::LimitsChanged { team, from: Box::new(row.team.limits), to: Box::new(to) })
}

pub(crate) fn request_deletion(state: &State, actor: Actor, team: TeamId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::team(state, team)?;
    guard::capability(
        caller,
        row,
        Capability::DeleteTeam,
        Error::OnlyAdminsRequestDeletion { actor: caller.who, team },
    )?;
    ensure!(row.team.kind == TeamKind::Enterprise, Error::DeletionNeedsNoRequest { team, kind: row.team.kind });
    ensure!(row.team.deletion_requested_at.is_none(), Error::DeletionAlreadyRequested { team });
    Ok(Event::TeamDeletionRequested { team, requested_at: caller.now })
}

pub(crate) fn withdraw_deletion(state: &State, actor: Actor, team: TeamId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::team(state, team)?;
    guard::capability(
        caller,
        row,
        Capability::DeleteTeam,
        Error::OnlyAdminsRequestDeletion { actor: caller.who, team },
    )?;
    let requested_at = row.team.deletion_requested_at.ok_or(Error::DeletionNotRequested { team })?;
    Ok(Event::TeamDeletionWithdrawn { team, requested_at })
}

pub(crate) fn delete(state: &State, actor: Actor, team: TeamId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::team(state, team)?;
    guard::entry(caller, row)?;
    let enterprise = row.team.kind == TeamKind::Enterprise;
    let by_operator = enterprise && caller.is_operator();
    let by_creator = creates_in_account(state, caller, row)?;
    let authorized = by_operator || by_creator || access::may(caller, row, Capability::DeleteTeam);
    ensure!(authorized, Error::OnlyAdminsDeleteTeams { actor: caller.who, team });
    let direct = by_creator || !enterprise;
    ensure!(by_operator || direct, Error::OnlyOperatorDeletesEnterpriseTeams { actor: caller.who, team });
    ensure!(direct || row.team.deletion_requested_at.is_some(), Error::DeletionNotRequested { team });
    let left = guard::belongings(state, &row.row.apps, Some(row));
    ensure!(left.is_empty(), Error::TeamNotEmpty { team, left: Box::new(left) });
    let people = row.people.by_email().filter_map(|user| state.users.get(user));
    let invitations = row.invitations.values().filter_map(|invitation| state.invitations.get(invitation));
    let groups = row.row.groups.values().filter_map(|one| state.groups.at(*one));
    let roles = row.row.roles.values().filter_map(|one| state.roles.get(*one));
    let mut roles: Vec<_> = roles.map(|one| one.role.clone()).collect();
    sort::by_key(&mut roles, |role| role.id);
    Ok(Event::TeamDeleted {
        deleted: Box::new(TeamDeletion {
            team: row.team.clone(),
            members: people.filter_map(|person| Some((person.user.id, row.row.role_of(person, row.ix)?))).collect(),
            invitations: invitations.cloned().collect(),
            identity_provider: row.identity_provider.as_deref().cloned(),
            allowed_add_ons: row.allowed_add_ons.iter().copied().collect(),
            payment_method: row.payment_method.clone(),
            groups: groups.map(|one| group::ended(state, one)).collect(),
            roles: roles.into(),
            sign_ins_ended: sign_on::sign_ins_ended(state, row, sign_on::people(state, row)),
        }),
    })
}

/// Whether the caller holds `create` in the Enterprise Account that the team is in (ENT-2), and is let in there (SEC-1).
fn creates_in_account(state: &State, caller: Caller<'_>, team: At<'_, TeamRow>) -> Result<bool, Error> {
    let Some((user, account)) = caller.user.zip(team.row.account.and_then(|account| state.accounts.at(account))) else {
        return Ok(false);
    };
    let creates = state.account_permissions(user.user.id, account.account.id).contains(AccountPermission::Create);
    if creates {
        guard::account_oauth(state, caller, account)?;
    }
    Ok(creates)
}
