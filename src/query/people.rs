//! MEM-8, MEM-9, CAP: teams and the people in them.

use super::page::{Page, PageRequest, beyond};
use crate::access::{self, Caller};
use crate::actor::Actor;
use crate::entity::{App, SignInStatus, Team, User};
use crate::error::Error;
use crate::guard::{self, ensure};
use crate::ids::{TeamId, UserId};
use crate::names::{AppName, Email, TeamName};
use crate::policy::Capability;
use crate::role::{Role, TeamRole};
use crate::state::{AppRow, At, OwnerIx, State, TeamIx, TeamRow, UserIx, UserRow};
use crate::store::TeamStore;

/// Which people of a team to list; all of them by default (MEM-9).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeopleFilter {
    role: Option<Role>,
    part: Option<String>,
    status: Option<SignInStatus>,
}

impl PeopleFilter {
    /// With this role.
    #[must_use]
    pub fn role(mut self, role: Role) -> Self {
        self.role = Some(role);
        self
    }

    /// With this in the e-mail, in upper or lower case.
    #[must_use]
    pub fn containing(mut self, part: &str) -> Self {
        self.part = Some(part.to_ascii_lowercase());
        self
    }

    /// Whose sign-in is secured so (SEC-4).
    #[must_use]
    pub fn status(mut self, status: SignInStatus) -> Self {
        self.status = Some(status);
        self
    }

    pub(super) fn admits(&self, user: &User, role: Role) -> bool {
        self.role.is_none_or(|wanted| wanted == role)
            && self.status.is_none_or(|wanted| wanted == user.sign_in_status())
            && self.part.as_ref().is_none_or(|part| user.email.as_str().contains(part))
    }
}

/// An entry of a team's Access list (MEM-8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessEntry<'s> {
    /// Who.
    pub user: &'s User,
    /// What they are to the team.
    pub role: Role,
    /// How their sign-in is secured.
    pub status: SignInStatus,
    /// For a collaborator: the apps of the team that they are on, by name. Empty for others.
    pub apps: Vec<&'s App>,
}

/// A team that somebody is in, and as what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership<'s> {
    /// The team.
    pub team: &'s Team,
    /// The role.
    pub role: TeamRole,
}

impl TeamStore {
    /// A user.
    ///
    /// Visible to the user; to the admins, members and viewers of the teams that the user is in or is a collaborator of; to
    /// whoever is on a personal app with the user; and to the platform operator.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`UserNotFound`](Error::UserNotFound),
    /// [`UserHidden`](Error::UserHidden) (X-2).
    pub fn user(&self, actor: Actor, user: UserId) -> Result<&User, Error> {
        let caller = self.caller(actor)?;
        let row = guard::user(&self.state, user)?;
        ensure!(knows(&self.state, caller, row), Error::UserHidden { actor: caller.who, user });
        Ok(&row.row.user)
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
        guard::team(&self.state, team).map(|row| &row.row.team)
    }

    /// The team of this name. Visible to whoever has [`Capability::ViewTeam`].
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNameNotFound`](Error::TeamNameNotFound) (X-2), then as
    /// [`check`](Self::check) for [`Capability::ViewTeam`].
    pub fn team_by_name(&self, actor: Actor, name: TeamName) -> Result<&Team, Error> {
        self.caller(actor)?;
        let row = self.state.teams.find_key(&name).ok_or(Error::TeamNameNotFound { name })?;
        self.check(actor, Capability::ViewTeam, row.team.id)?;
        Ok(&row.row.team)
    }

    /// The teams that the actor is in, by name, and as what. Teams that shut out the actor's third-party client are not
    /// listed (SEC-1).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    pub fn memberships(&self, actor: Actor, page: &PageRequest) -> Result<Page<Membership<'_>>, Error> {
        let caller = self.caller(actor)?;
        let from: Option<TeamName> = page.key()?;
        let seats = caller.user.map_or(&[][..], |user| user.row.seats());
        let mut teams: Vec<Membership<'_>> = seats
            .iter()
            .filter_map(|seat| Some((self.state.teams.at(seat.team)?, seat.role?)))
            .filter(|(team, _)| !caller.is_kept_out(*team))
            .map(|(team, role)| Membership { team: &team.row.team, role })
            .filter(|membership| from.is_none_or(|from| membership.team.name > from))
            .collect();
        teams.sort_unstable_by_key(|membership| membership.team.name);
        Ok(page.fill(teams.into_iter(), |membership| membership.team.name))
    }

    /// The role of a user in a team, or that they are a collaborator; `None` for an outsider.
    ///
    /// Visible as the [`access_list`](Self::access_list), and to the user.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNotFound`](Error::TeamNotFound),
    /// [`UserNotFound`](Error::UserNotFound) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyTeamSeesAccessList`](Error::OnlyTeamSeesAccessList) (MEM-8).
    pub fn role(&self, actor: Actor, team: TeamId, user: UserId) -> Result<Option<Role>, Error> {
        let caller = self.caller(actor)?;
        let row = guard::team(&self.state, team)?;
        let person = guard::user(&self.state, user)?;
        guard::oauth(caller, row)?;
        let standing = access::standing(person, row.ix);
        let needed =
            if standing == Some(Role::Collaborator) { Capability::ViewCollaborators } else { Capability::ViewUsers };
        let seen = caller.is(person) || access::may(caller, row, needed);
        ensure!(seen, Error::OnlyTeamSeesAccessList { actor: caller.who, team });
        Ok(standing)
    }

    /// The apps of a team that somebody is on, by name: a collaborator, or a member with permissions besides those of the role.
    ///
    /// Visible as [`role`](Self::role). A page costs what the person is on, in whichever team.
    ///
    /// # Errors
    /// As [`role`](Self::role), and [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    ///
    /// ```
    /// use enterprise_teams::{PageRequest, demo::{Demo, id}};
    ///
    /// let Demo { store, ada, joe, acme, .. } = Demo::new()?;
    /// let page = store.member_apps(ada, acme, id(joe), &PageRequest::default())?;
    /// assert_eq!(page.items[0].name(), "acme-website");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn member_apps(
        &self,
        actor: Actor,
        team: TeamId,
        user: UserId,
        page: &PageRequest,
    ) -> Result<Page<&App>, Error> {
        self.role(actor, team, user)?;
        let from: Option<AppName> = page.key()?;
        let row = guard::team(&self.state, team)?;
        let apps = apps_on(&self.state, guard::user(&self.state, user)?, row.ix);
        Ok(page.fill(apps.into_iter().filter(|app| from.is_none_or(|from| app.name > from)), |app| app.name))
    }

    /// The Access list of a team (MEM-8): every admin, member, viewer and collaborator, by e-mail, each with the state of
    /// their sign-in, collaborators with the apps that they are on.
    ///
    /// Visible to admins, members and viewers; not to collaborators. A page costs what it holds, and what its collaborators are
    /// on, in whichever team; with a filter, what it passes over too.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyTeamSeesAccessList`](Error::OnlyTeamSeesAccessList) (MEM-8),
    /// [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    ///
    /// ```
    /// use enterprise_teams::{PageRequest, PeopleFilter, Role, demo::Demo};
    ///
    /// let Demo { store, vera, jill, acme, .. } = Demo::new()?;
    /// let outsiders = PeopleFilter::default().role(Role::Collaborator);
    /// let page = store.access_list(vera, acme, &outsiders, &PageRequest::default())?;
    /// assert_eq!(page.items[0].user.email().as_str(), "jill@creativeinc.com");
    /// assert_eq!(page.items[0].apps[0].name(), "acme-website");
    ///
    /// let refused = store.access_list(jill, acme, &outsiders, &PageRequest::default());
    /// assert_eq!(refused.unwrap_err().code(), "only-team-sees-access-list");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn access_list(
        &self,
        actor: Actor,
        team: TeamId,
        filter: &PeopleFilter,
        page: &PageRequest,
    ) -> Result<Page<AccessEntry<'_>>, Error> {
        let caller = self.caller(actor)?;
        let row = guard::team(&self.state, team)?;
        let refused = Error::OnlyTeamSeesAccessList { actor: caller.who, team };
        guard::capability(caller, row, Capability::ViewUsers, refused)?;
        let outsiders = access::may(caller, row, Capability::ViewCollaborators);
        self.people_in(row, outsiders, filter, page)
    }

    fn people_in<'s>(
        &'s self,
        row: At<'s, TeamRow>,
        outsiders: bool,
        filter: &PeopleFilter,
        page: &PageRequest,
    ) -> Result<Page<AccessEntry<'s>>, Error> {
        let people = row.row.people.range(beyond::<Email>(page.key()?));
        let entries = people
            .filter_map(|(_, user)| self.state.users.at(*user))
            .filter_map(|person| Some((person, access::standing(person, row.ix)?)))
            .filter(|(_, role)| outsiders || *role != Role::Collaborator)
            .filter(|(person, role)| filter.admits(&person.user, *role))
            .map(|(person, role)| AccessEntry {
                user: &person.row.user,
                role,
                status: person.user.sign_in_status(),
                apps: if role == Role::Collaborator { apps_on(&self.state, person, row.ix) } else { Vec::new() },
            });
        Ok(page.fill(entries, |entry| entry.user.email.clone()))
    }

    /// Who in a team has no second factor, collaborators included, by e-mail (SEC-4): neither enrolled, nor signing in through an
    /// identity provider, whose second factor cannot be seen from here.
    ///
    /// Visible to admins and members.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyMembersSeeCompliance`](Error::OnlyMembersSeeCompliance) (SEC-4),
    /// [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    pub fn without_mfa(&self, actor: Actor, team: TeamId, page: &PageRequest) -> Result<Page<AccessEntry<'_>>, Error> {
        let caller = self.caller(actor)?;
        let row = guard::team(&self.state, team)?;
        let refused = Error::OnlyMembersSeeCompliance { actor: caller.who, team };
        guard::capability(caller, row, Capability::ViewCompliance, refused)?;
        self.people_in(row, true, &PeopleFilter::default().status(SignInStatus::MfaOff), page)
    }
}

/// The apps of the team that the person is on, by name.
fn apps_on<'s>(state: &'s State, person: At<'s, UserRow>, team: TeamIx) -> Vec<&'s App> {
    let apps = person.row.grants().iter().filter_map(|ix| state.apps.get(*ix));
    let mut apps: Vec<&App> = apps.filter(|app| app.owner == OwnerIx::Team(team)).map(|app| &app.app).collect();
    apps.sort_unstable_by_key(|app| app.name);
    apps
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

/// Whether the caller may see that the person exists. Costs what the two hold.
fn knows(state: &State, caller: Caller<'_>, person: At<'_, UserRow>) -> bool {
    let Some(own) = caller.user else { return true };
    let shares_team =
        |team: At<'_, TeamRow>| access::may(caller, team, Capability::ViewUsers) && !caller.is_kept_out(team);
    caller.is(person)
        || person.seats().iter().filter_map(|seat| state.teams.at(seat.team)).any(shares_team)
        || personal_apps_on(state, person).any(|(app, owner)| owner == own.ix || app.grant(own.ix).is_some())
        || personal_apps_on(state, own).any(|(_, owner)| owner == person.ix)
}

/// The personal apps of others that the user is on, with their owners.
fn personal_apps_on<'s>(state: &'s State, user: At<'s, UserRow>) -> impl Iterator<Item = (&'s AppRow, UserIx)> {
    user.row.grants().iter().filter_map(|ix| state.apps.get(*ix)).filter_map(|app| match app.owner {
        OwnerIx::User(owner) => Some((app, owner)),
        OwnerIx::Team(_) => None,
    })
}
