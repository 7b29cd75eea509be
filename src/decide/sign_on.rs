//! SEC-2 and SEC-3: identity providers and single sign-on.

use crate::access;
use crate::actor::Actor;
use crate::entity::{IdentityProvider, Mfa, SignIn, SignInRequirement, Sso};
use crate::error::Error;
use crate::event::{Event, SignInChange, SsoEntry};
use crate::guard::{self, ensure};
use crate::ids::{TeamId, UserId};
use crate::policy::Capability;
use crate::state::{At, State, TeamRow, UserRow};

pub(crate) fn set_identity_provider(
    state: &State,
    actor: Actor,
    team: TeamId,
    to: IdentityProvider,
) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::team(state, team)?;
    guard::capability(
        caller,
        row,
        Capability::ManageIdentityProviders,
        Error::OnlyAdminsSetIdentityProvider { actor: caller.who, team },
    )?;
    ensure!(row.identity_provider.as_deref() != Some(&to), Error::IdentityProviderUnchanged { team });
    Ok(Event::IdentityProviderChanged { team, from: row.identity_provider.clone(), to: Some(Box::new(to)) })
}

pub(crate) fn remove_identity_provider(state: &State, actor: Actor, team: TeamId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::team(state, team)?;
    guard::capability(
        caller,
        row,
        Capability::ManageIdentityProviders,
        Error::OnlyAdminsSetIdentityProvider { actor: caller.who, team },
    )?;
    ensure!(row.team.sso != Sso::NotConfigured, Error::NoIdentityProvider { team });
    ensure!(row.team.sso != Sso::Enabled, Error::IdentityProviderInUse { team });
    Ok(Event::IdentityProviderChanged { team, from: row.identity_provider.clone(), to: None })
}

pub(crate) fn enable(state: &State, actor: Actor, team: TeamId) -> Result<Event, Error> {
    switch(state, actor, team, Sso::Enabled)
}

pub(crate) fn disable(state: &State, actor: Actor, team: TeamId) -> Result<Event, Error> {
    switch(state, actor, team, Sso::Disabled)
}

fn switch(state: &State, actor: Actor, team: TeamId, to: Sso) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::team(state, team)?;
    guard::capability(
        caller,
        row,
        Capability::ManageIdentityProviders,
        Error::OnlyAdminsSwitchSso { actor: caller.who, team },
    )?;
    ensure!(row.team.sso != Sso::NotConfigured, Error::NoIdentityProvider { team });
    ensure!(row.team.sso != to, Error::SsoUnchanged { team, sso: to });
    let sign_ins_ended =
        if to == Sso::Enabled { Box::default() } else { sign_ins_ended(state, row, people(state, row)) };
    if let Some(user) = caller.user.filter(|user| user.user.mfa == Mfa::NotEnrolled) {
        let required = access::sign_in_requirement(state, Some(row)) == SignInRequirement::MfaOrSso;
        let ended = sign_ins_ended.iter().any(|change| change.user == user.user.id);
        ensure!(!(required && ended), Error::AdminNeedsMfaOrSso { team, user: user.user.id });
    }
    Ok(Event::SsoChanged { team, from: row.team.sso, to, sign_ins_ended })
}

/// The first sign-in of somebody who is not in the team yet (SEC-3).
pub(crate) fn sign_in(state: &State, actor: Actor, team: TeamId, user: UserId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::team(state, team)?;
    let person = guard::user(state, user)?;
    guard::entry(caller, row)?;
    ensure!(caller.is_operator(), Error::OnlyOperatorReportsSignIns { actor: caller.who, team });
    if let Some(role) = row.row.role_of(person.row, row.ix) {
        return Err(Error::AlreadyInTeam { team, user, role });
    }
    ensure!(row.team.sso == Sso::Enabled, Error::SsoNotEnabled { team });
    guard::recipient(person)?;
    let invitation_ended = guard::member_entry(state, caller, row, person)?;
    let (role, sign_in_before) = (row.team.default_role, person.user.sign_in);
    let teams = match sign_in_before {
        SignIn::Password => state.teams_of(person.row, Some(team)),
        SignIn::Sso => Box::default(),
    };
    let invitation_ended = invitation_ended.map(|invitation| *invitation);
    let added = SsoEntry { team, user, role, sign_in_before, teams, invitation_ended };
    Ok(Event::SsoMemberAdded { added: Box::new(added) })
}

/// Everybody with a seat in the team.
pub(super) fn people<'s>(state: &'s State, team: At<'s, TeamRow>) -> impl Iterator<Item = &'s UserRow> {
    team.row.people.by_email().filter_map(|user| state.users.get(user))
}

/// Who of these people of the team signs in through it alone (ACC-3).
pub(super) fn sign_ins_ended<'s>(
    state: &State,
    team: At<'_, TeamRow>,
    people: impl Iterator<Item = &'s UserRow>,
) -> Box<[SignInChange]> {
    let alone = people.filter(|user| user.sign_in == SignIn::Sso && !state.has_sso(user, Some(team.ix)));
    alone.map(|user| SignInChange { user: user.user.id, teams: state.teams_of(user, Some(team.team.id)) }).collect()
}
