//! CAP-1: teams, and those that somebody is in.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::filter::TeamFilter;
use super::page::{Page, PageRequest};
use crate::access::{self, Caller};
use crate::actor::Actor;
use crate::entity::{Held, Limits, Team, Times, User};
use crate::error::Error;
use crate::guard::{self, ensure};
use crate::ids::TeamId;
use crate::names::TeamName;
use crate::policy::Capability;
use crate::role::{Role, TeamRole};
use crate::sort;
use crate::state::{At, State, TeamRow, UserRow};
use crate::store::TeamStore;

/// A team that somebody is in, and as what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Membership<'s> {
    /// The team.
    pub team: &'s Team,
    /// The role.
    pub role: TeamRole,
    /// Since when they are in it, and when the role last changed.
    pub times: Times,
    /// When it ends, if it does (END-1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<DateTime<Utc>>,
}

/// What is sent when a team is provisioned (TEAM-1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProvisioningNotice<'s> {
    /// The admins, to whom it goes, by e-mail.
    pub admins: Vec<&'s User>,
    /// The name of the team.
    pub name: TeamName,
    /// Its limits.
    pub limits: Limits,
    /// The link to its dashboard.
    pub dashboard_url: String,
}

/// **Questions about teams** (TEAM, CAP).
impl TeamStore {
    /// Every team, by name, for the platform operator. A page costs what it holds; with a filter, what it passes over too.
    ///
    /// # Errors
    /// As [`users`](Self::users).
    pub fn teams(&self, actor: Actor, filter: &TeamFilter, page: &PageRequest) -> Result<Page<&Team>, Error> {
        guard::operator(self.caller(actor)?)?;
        let from: Option<TeamName> = page.key()?;
        let teams = self.at(actor.at).teams.listed(from.as_ref()).map(|row| &row.row.team);
        Ok(page.fill(teams.filter(|team| filter.admits(team)), |team| team.name))
    }

    /// The notice that goes out when a team is provisioned, for the platform operator to send: name, limits, and a link to the
    /// dashboard (TEAM-1), as they are now.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OnlyOperatorProvisionsTeams`](Error::OnlyOperatorProvisionsTeams) (TEAM-1).
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    ///
    /// let Demo { store, operator, acme, .. } = Demo::new()?;
    /// let notice = store.provisioning_notice(operator, acme)?;
    /// assert_eq!(notice.dashboard_url, "https://dashboard.heroku.com/teams/acme-widgets");
    /// assert_eq!(
    ///     (notice.admins[0].email().as_str(), notice.limits.members),
    ///     ("ada@acme.com", 500)
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn provisioning_notice(&self, actor: Actor, team: TeamId) -> Result<ProvisioningNotice<'_>, Error> {
        let caller = self.caller(actor)?;
        let row = guard::team(self.at(actor.at), team)?;
        ensure!(caller.is_operator(), Error::OnlyOperatorProvisionsTeams { actor: caller.who });
        let admins = row.row.people_as(Role::Admin).values().filter_map(|user| self.at(actor.at).users.get(*user));
        let admins = admins.map(|user| &user.user);
        let domain = &self.at(actor.at).settings.options.dashboard_domain;
        let name = row.team.name;
        let dashboard_url = format!("https://{domain}/teams/{name}");
        Ok(ProvisioningNotice { admins: admins.collect(), name, limits: row.team.limits, dashboard_url })
    }

    /// A team.
    ///
    /// Visible to whoever has [`Capability::ViewPreferences`]: admins, members and viewers of an Enterprise Team; admins,
    /// members and collaborators of a Standard team.
    ///
    /// # Errors
    /// As [`check`](Self::check) for [`Capability::ViewPreferences`].
    pub fn team(&self, actor: Actor, team: TeamId) -> Result<&Team, Error> {
        self.check(actor, Capability::ViewPreferences, team)?;
        guard::team(self.at(actor.at), team).map(|row| &row.row.team)
    }

    /// The team of this name. Visible to whoever has [`Capability::ViewTeam`].
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNameNotFound`](Error::TeamNameNotFound) (X-2), then as
    /// [`check`](Self::check) for [`Capability::ViewTeam`].
    pub fn team_by_name(&self, actor: Actor, name: TeamName) -> Result<&Team, Error> {
        self.caller(actor)?;
        let row = self.at(actor.at).teams.find_key(&name).ok_or(Error::TeamNameNotFound { name })?;
        self.check(actor, Capability::ViewTeam, row.team.id)?;
        Ok(&row.row.team)
    }

    /// The team of this name, for whoever may know that it is there: everybody in it, collaborators included; whoever is invited
    /// into it; and the members of its Enterprise Account (ENT-3). Everybody else is told that there is none.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNameNotFound`](Error::TeamNameNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1).
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    ///
    /// let Demo { store, jill, max, acme, .. } = Demo::new()?;
    /// assert_eq!(store.team_id(jill, "acme-widgets".parse()?)?, acme);
    /// assert_eq!(store.team_name(jill, acme)?, "acme-widgets");
    /// assert_eq!(
    ///     store.team_id(max, "acme-widgets".parse()?).unwrap_err().code(),
    ///     "team-name-not-found"
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn team_id(&self, actor: Actor, name: TeamName) -> Result<TeamId, Error> {
        let caller = self.caller(actor)?;
        let row =
            self.at(actor.at).teams.find_key(&name).filter(|row| access::knows_team(self.at(actor.at), caller, *row));
        let row = row.ok_or(Error::TeamNameNotFound { name })?;
        guard::entry(caller, row)?;
        Ok(row.team.id)
    }

    /// The name of a team, for whoever may know that it is there: see [`team_id`](Self::team_id).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1).
    pub fn team_name(&self, actor: Actor, team: TeamId) -> Result<TeamName, Error> {
        let caller = self.caller(actor)?;
        let row = guard::team(self.at(actor.at), team)?;
        ensure!(access::knows_team(self.at(actor.at), caller, row), Error::TeamNotFound { team });
        guard::entry(caller, row)?;
        Ok(row.team.name)
    }

    /// The teams that the actor is in, by name, and as what, as far as the role shows the team ([`Capability::ViewTeam`]). Teams
    /// that shut out the actor's third-party client are not listed (SEC-1); those that require a sign-in that the actor lacks are,
    /// since they can be left (SEC-5). A page costs what it holds, and what it passes over.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    pub fn memberships(
        &self,
        actor: Actor,
        filter: &TeamFilter,
        page: &PageRequest,
    ) -> Result<Page<Membership<'_>>, Error> {
        let caller = self.caller(actor)?;
        let from: Option<TeamName> = page.key()?;
        let state = self.at(actor.at);
        let memberships = caller.user.into_iter().flat_map(|user| {
            let teams = teams_by_name(state, user.row, from).filter(|team| !caller.is_shut_out_as_client(*team));
            let seen = teams.filter(move |team| access::person_may(user, *team, Capability::ViewTeam));
            seen.filter(|team| filter.admits(&team.row.team)).filter_map(move |team| {
                let (role, times) = (team.row.role_of(user.row, team.ix)?, user.membership(team.ix)?.into());
                let held = Held::Membership { team: team.team.id, user: user.user.id };
                Some(Membership { team: &team.row.team, role, times, ends_at: state.ends_at(held) })
            })
        });
        Ok(page.fill(memberships, |membership| membership.team.name))
    }
}

/// The teams that the user has a role in, by name, from after `from` on. Costs what is read.
fn teams_by_name<'s>(
    state: &'s State,
    user: &'s UserRow,
    from: Option<TeamName>,
) -> impl Iterator<Item = At<'s, TeamRow>> {
    let passed = |team: &TeamRow| from.is_some_and(|from| team.name <= from);
    let (few, listed) = match user.teams_listed() {
        Some(listed) => {
            let start = listed.partition_point(|team| state.teams.get(*team).is_some_and(passed));
            (&[][..], listed.get(start..).unwrap_or_default())
        }
        None => (user.seats(), &[][..]),
    };
    let few = few.iter().filter(|seat| seat.role.is_some()).filter_map(|seat| state.teams.at(seat.team));
    let mut few: Vec<_> = few.filter(|team| !passed(team.row)).collect();
    sort::by_key(&mut few, |team| team.team.name);
    few.into_iter().chain(listed.iter().filter_map(|team| state.teams.at(*team)))
}

/// The teams on which the user has the capability and that let the caller in.
pub(super) fn teams_of<'s>(
    state: &'s State,
    caller: Caller<'s>,
    user: At<'s, UserRow>,
    capability: Capability,
) -> impl Iterator<Item = At<'s, TeamRow>> {
    let teams = user.row.seats().iter().filter_map(|seat| state.teams.at(seat.team));
    teams.filter(move |team| !caller.is_kept_out(*team) && access::person_may(user, *team, capability))
}
