//! what the operator sets for the store. TEAM-7, SEC-1 and SEC-5: what admins set for their team.

use crate::actor::Actor;
use crate::entity::{OAuthAccess, SignInRequirement};
use crate::error::Error;
use crate::event::Event;
use crate::guard::{self, ensure};
use crate::ids::TeamId;
use crate::policy::Capability;
use crate::role::TeamRole;
use crate::settings::StoreOptions;
use crate::state::State;

pub(crate) fn options(state: &State, actor: Actor, to: StoreOptions) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    ensure!(caller.is_operator(), Error::OnlyOperatorChangesSettings { actor: caller.who });
    let from = &state.settings.options;
    ensure!(*from != to, Error::SettingsUnchanged {});
    Ok(Event::SettingsChanged { from: Box::new(from.clone()), to: Box::new(to) })
}

pub(crate) fn default_role(state: &State, actor: Actor, team: TeamId, to: TeamRole) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::team(state, team)?;
    guard::team_role(state, to)?;
    guard::capability(
        caller,
        row,
        Capability::ManagePreferences,
        Error::OnlyAdminsSetDefaultRole { actor: caller.who, team },
    )?;
    guard::role_in(state, row, to)?;
    ensure!(row.team.default_role != to, Error::DefaultRoleUnchanged { team, role: to });
    Ok(Event::DefaultRoleChanged { team, from: row.team.default_role, to })
}

pub(crate) fn oauth_access(state: &State, actor: Actor, team: TeamId, to: OAuthAccess) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::team(state, team)?;
    guard::capability(
        caller,
        row,
        Capability::ManagePreferences,
        Error::OnlyAdminsSetOAuthAccess { actor: caller.who, team },
    )?;
    ensure!(row.team.oauth_access != to, Error::OAuthAccessUnchanged { team, access: to });
    Ok(Event::OAuthAccessChanged { team, from: row.team.oauth_access, to })
}

/// Nobody shuts themself out (SEC-5).
pub(crate) fn sign_in_requirement(
    state: &State,
    actor: Actor,
    team: TeamId,
    to: SignInRequirement,
) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::team(state, team)?;
    guard::capability(
        caller,
        row,
        Capability::ManagePreferences,
        Error::OnlyAdminsSetSignInRequirement { actor: caller.who, team },
    )?;
    let from = row.team.sign_in_requirement;
    ensure!(from != to, Error::SignInRequirementUnchanged { team, requirement: to });
    if let Some(user) = caller.user.filter(|user| !to.is_met_by(&user.user)) {
        return Err(Error::AdminNeedsMfaOrSso { team, user: user.user.id });
    }
    Ok(Event::SignInRequirementChanged { team, from, to })
}
