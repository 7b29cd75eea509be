//! MEM-8, MEM-9 and SEC-4: the people of a team.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::app::AppFilter;
use super::lower_case;
use super::merge;
use super::page::{Page, PageRequest};
use crate::access::{self, Caller};
use crate::actor::Actor;
use crate::entity::{App, Group, Held, SignInStatus, Times, User};
use crate::error::Error;
use crate::guard::{self, ensure};
use crate::ids::{RoleId, TeamId, UserId};
use crate::names::{AppName, Email};
use crate::policy::{Capability, CustomRole};
use crate::role::{Role, RoleSet};
use crate::state::{AppRow, At, Stamp, State, TeamRow, UserRow};
use crate::store::TeamStore;

/// Which people of a team to list; all of them by default (MEM-9).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PeopleFilter {
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<Role>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_role: Option<RoleId>,
    #[serde(rename = "containing", deserialize_with = "lower_case", skip_serializing_if = "Option::is_none")]
    part: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<SignInStatus>,
}

impl PeopleFilter {
    /// With this role.
    #[must_use]
    pub fn role(mut self, role: Role) -> Self {
        self.role = Some(role);
        self
    }

    /// With this role of the team's own (ROLE-1); nobody for whoever does not see who has it.
    #[must_use]
    pub const fn custom_role(mut self, role: RoleId) -> Self {
        self.custom_role = Some(role);
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

    /// Which of these roles may be listed.
    pub(super) fn roles(&self, among: RoleSet) -> impl Iterator<Item = Role> {
        among.iter().filter(|role| self.role.is_none_or(|wanted| wanted == *role))
    }

    /// Whether this may be who has the wanted role of the team's own.
    pub(super) fn admits_custom(&self, role: Option<&CustomRole>) -> bool {
        self.custom_role.is_none_or(|wanted| role.is_some_and(|role| role.id() == wanted))
    }

    pub(super) fn admits(&self, user: &User, role: Role) -> bool {
        self.role.is_none_or(|wanted| wanted == role)
            && self.status.is_none_or(|wanted| wanted == user.sign_in_status())
            && self.part.as_ref().is_none_or(|part| user.email.as_str().contains(part))
    }
}

/// An entry of a team's Access list (MEM-8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccessEntry<'s> {
    /// Who.
    pub user: &'s User,
    /// What they are to the team.
    pub role: Role,
    /// Which of the team's own roles theirs is (ROLE-1); `None` for others, and for whoever does not see those.
    pub custom: Option<&'s CustomRole>,
    /// How their sign-in is secured.
    pub status: SignInStatus,
    /// Since when they have a role in the team, and when it last changed. For a collaborator: since when they are on the team's apps, and
    /// when what they hold there last changed; of an app that came to the team later, since when it is the team's.
    pub times: Times,
    /// When their membership ends, if it does (END-1). For a collaborator: when they are on no app of the team any more, if all that they
    /// hold there ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<DateTime<Utc>>,
    /// For a collaborator: the apps of the team that they are on, by name. Empty for others.
    pub apps: Vec<&'s App>,
    /// For an admin: on how many apps of the team permissions of theirs sleep (PERM-6), which
    /// [`member_apps`](TeamStore::member_apps) lists. 0 for others.
    pub sleeping: u32,
    /// The groups of the team that they are in, by name (GRP-1); none for whoever does not see those.
    pub groups: Vec<&'s Group>,
}

impl AccessEntry<'_> {
    /// What their role is called: by its name where it is one of the team's own.
    #[must_use]
    pub fn role_name(&self) -> String {
        self.custom.map_or_else(|| self.role.to_string(), |role| role.name().to_string())
    }
}

/// **Questions about members** (MEM-8, MEM-9): who is in a team or on its apps.
impl TeamStore {
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
        let row = guard::team(self.at(actor.at), team)?;
        let person = guard::user(self.at(actor.at), user)?;
        guard::entry(caller, row)?;
        let standing = access::standing(person, row.ix);
        let needed =
            if standing == Some(Role::Collaborator) { Capability::ViewCollaborators } else { Capability::ViewUsers };
        let seen = caller.is(person) || access::may(caller, row, needed);
        ensure!(seen, Error::OnlyTeamSeesAccessList { actor: caller.who, team });
        Ok(standing)
    }

    /// The apps of a team that somebody is on, by name: a collaborator, or somebody with permissions besides those of the role;
    /// those of an admin sleep (PERM-6).
    ///
    /// Visible as [`role`](Self::role). A page costs what it holds; with a filter, what it passes over too.
    ///
    /// # Errors
    /// As [`role`](Self::role), and [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    ///
    /// ```
    /// use enterprise_teams::{PageRequest, demo::{Demo, id}, query::AppFilter};
    ///
    /// let Demo { store, ada, joe, acme, .. } = Demo::new()?;
    /// let (all, first) = (AppFilter::default(), PageRequest::default());
    /// let page = store.member_apps(ada, acme, id(joe), &all, &first)?;
    /// assert_eq!(page.items[0].name(), "acme-website");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn member_apps(
        &self,
        actor: Actor,
        team: TeamId,
        user: UserId,
        filter: &AppFilter,
        page: &PageRequest,
    ) -> Result<Page<&App>, Error> {
        self.role(actor, team, user)?;
        let from: Option<AppName> = page.key()?;
        let row = guard::team(self.at(actor.at), team)?;
        let apps = self.at(actor.at).apps_on(guard::user(self.at(actor.at), user)?.row, Some(row.ix), from);
        Ok(page.fill(apps.map(|app| &app.row.app).filter(|app| filter.admits(app)), |app| app.name))
    }

    /// Somebody's entry in the [`access_list`](Self::access_list) of a team (MEM-8). Visible as [`role`](Self::role).
    ///
    /// # Errors
    /// As [`role`](Self::role), and [`NotInTeam`](Error::NotInTeam) (MEM-3).
    pub fn access_entry(&self, actor: Actor, team: TeamId, user: UserId) -> Result<AccessEntry<'_>, Error> {
        let role = self.role(actor, team, user)?.ok_or(Error::NotInTeam { team, user })?;
        let (row, person) = (guard::team(self.at(actor.at), team)?, guard::user(self.at(actor.at), user)?);
        let caller = self.caller(actor)?;
        Ok(entry(self.at(actor.at), caller, row, person, role))
    }

    /// The Access list of a team (MEM-8): every admin, member, viewer and collaborator, by e-mail, each with the state of
    /// their sign-in, collaborators with the apps that they are on.
    ///
    /// Visible to admins, members and viewers; not to collaborators. A page costs what it holds, the apps of its collaborators
    /// included; with a filter, what it passes over too.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyTeamSeesAccessList`](Error::OnlyTeamSeesAccessList) (MEM-8),
    /// [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    ///
    /// ```
    /// use enterprise_teams::{PageRequest, Role, demo::Demo, query::PeopleFilter};
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
        let row = guard::team(self.at(actor.at), team)?;
        let refused = Error::OnlyTeamSeesAccessList { actor: caller.who, team };
        guard::capability(caller, row, Capability::ViewUsers, refused)?;
        let outsiders = access::may(caller, row, Capability::ViewCollaborators);
        self.people_in(caller, row, outsiders, filter, page)
    }

    fn people_in<'s>(
        &'s self,
        caller: Caller<'_>,
        row: At<'s, TeamRow>,
        outsiders: bool,
        filter: &PeopleFilter,
        page: &PageRequest,
    ) -> Result<Page<AccessEntry<'s>>, Error> {
        let from: Option<Email> = page.key()?;
        let seen = RoleSet::of(Role::ALL).with(Role::Collaborator, outsiders);
        let people = merge::people(row.row, filter.roles(seen), from.as_ref());
        let entries = people
            .filter_map(|user| self.at(caller.now).users.at(user))
            .filter_map(|person| Some((person, access::standing(person, row.ix)?)))
            .filter(|(person, role)| filter.admits(&person.user, *role))
            .map(|(person, role)| entry(self.at(caller.now), caller, row, person, role))
            .filter(|entry| filter.admits_custom(entry.custom));
        Ok(page.fill(entries, |entry| entry.user.email.clone()))
    }

    /// Who in a team has no second factor, collaborators included, by e-mail (SEC-4): neither enrolled, nor signing in through an
    /// identity provider, whose second factor cannot be seen from here.
    ///
    /// Visible to admins, members and viewers, as the [`access_list`](Self::access_list).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyTeamSeesCompliance`](Error::OnlyTeamSeesCompliance) (SEC-4),
    /// [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    pub fn without_mfa(&self, actor: Actor, team: TeamId, page: &PageRequest) -> Result<Page<AccessEntry<'_>>, Error> {
        let caller = self.caller(actor)?;
        let row = guard::team(self.at(actor.at), team)?;
        let refused = Error::OnlyTeamSeesCompliance { actor: caller.who, team };
        guard::capability(caller, row, Capability::ViewCompliance, refused)?;
        self.people_in(caller, row, true, &PeopleFilter::default().status(SignInStatus::MfaOff), page)
    }
}

fn entry<'s>(
    state: &'s State,
    caller: Caller<'_>,
    row: At<'s, TeamRow>,
    person: At<'s, UserRow>,
    role: Role,
) -> AccessEntry<'s> {
    let team = row.ix;
    let groups = caller.is(person) || access::may(caller, row, Capability::ViewGroups);
    let custom = access::custom_role(state, caller, row, person);
    let groups = if groups { state.groups_of(person.row, team) } else { Vec::new() };
    let outside = (role == Role::Collaborator).then(|| state.apps_on(person.row, Some(team), None));
    let apps: Vec<_> = outside.into_iter().flatten().collect();
    let granted = apps.iter().filter_map(|app| Some(app.granted(person.ix)?.not_before(app.owned_since.into())));
    let stamp = granted.reduce(Stamp::both).or(person.membership(team));
    let user = person.user.id;
    let last = |app: &At<'_, AppRow>| state.ends_at(Held::Grant { app: app.app.id, user });
    let ends_at = match role {
        Role::Collaborator => apps.iter().map(last).reduce(|one, other| Some(one?.max(other?))).flatten(),
        Role::Admin | Role::Member | Role::Viewer | Role::Custom => {
            state.ends_at(Held::Membership { team: row.team.id, user })
        }
    };
    AccessEntry {
        user: &person.row.user,
        role,
        ends_at,
        custom,
        status: person.user.sign_in_status(),
        times: stamp.unwrap_or_default().into(),
        apps: apps.into_iter().map(|app| &app.row.app).collect(),
        sleeping: person.seat(team).filter(|_| role == Role::Admin).map_or(0, |seat| seat.grants),
        groups: groups.into_iter().map(|group| &group.row.group).collect(),
    }
}
