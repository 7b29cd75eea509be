//! SPC-2 and SPC-3: spaces, and who creates apps in them.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::filter::SpaceFilter;
use super::merge;
use super::page::{Page, PageRequest, after};
use super::team::teams_of;
use crate::access::{self, Caller};
use crate::actor::Actor;
use crate::entity::{AccountPermission, Held, Space, Times, User};
use crate::error::Error;
use crate::guard;
use crate::ids::{SpaceId, TeamId, UserId};
use crate::names::{Email, SpaceName};
use crate::policy::Capability;
use crate::role::{Role, TeamRole};
use crate::state::{At, SpaceRow, Stamp, State, TeamRow, UserRow};
use crate::store::TeamStore;

/// Somebody who sees a space, and whether they may create apps in it (SPC-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SpaceAccess<'s> {
    /// Who.
    pub user: &'s User,
    /// Their role in the team of the space.
    pub role: TeamRole,
    /// Whether they may create apps in the space: by their role, or by its permission.
    pub creates_apps: bool,
    /// Since when they see the space, and when their role or its permission, if they have it, last changed.
    pub times: Times,
    /// Since when they have the permission of the space.
    pub permitted_since: Option<DateTime<Utc>>,
    /// When that permission ends, if it does (END-1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<DateTime<Utc>>,
    /// Whether they are an admin who has the permission of the space too: it sleeps until they are a member (PERM-6).
    pub sleeping: bool,
}

/// **Questions about spaces** (SPC-2).
impl TeamStore {
    /// A space.
    ///
    /// Visible to the admins, members and viewers of its team (SPC-2).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`SpaceNotFound`](Error::SpaceNotFound) (X-2),
    /// [`SpaceHidden`](Error::SpaceHidden) (SPC-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1).
    pub fn space(&self, actor: Actor, space: SpaceId) -> Result<&Space, Error> {
        let caller = self.caller(actor)?;
        let (row, team) = guard::space(self.at(actor.at), space)?;
        guard::reach_space(caller, row, team)?;
        Ok(&row.row.space)
    }

    /// The space of this name. Visible as [`space`](Self::space).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`SpaceNameNotFound`](Error::SpaceNameNotFound) (X-2), then as
    /// [`space`](Self::space).
    pub fn space_by_name(&self, actor: Actor, name: SpaceName) -> Result<&Space, Error> {
        self.caller(actor)?;
        let row = self.at(actor.at).spaces.find_key(&name).ok_or(Error::SpaceNameNotFound { name })?;
        self.space(actor, row.space.id)
    }

    /// The space of this name, for whoever sees it (SPC-2) or may transfer it as a manager of the Enterprise Account of its team
    /// (SPC-7).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`SpaceNameNotFound`](Error::SpaceNameNotFound) (X-2), then as
    /// [`space`](Self::space).
    pub fn space_id(&self, actor: Actor, name: SpaceName) -> Result<SpaceId, Error> {
        self.caller(actor)?;
        let space = self.at(actor.at).spaces.find_key(&name).ok_or(Error::SpaceNameNotFound { name })?.space.id;
        self.space_name(actor, space).map(|_| space)
    }

    /// The name of a space, for whoever may know that it is there: see [`space_id`](Self::space_id).
    ///
    /// # Errors
    /// As [`space`](Self::space).
    pub fn space_name(&self, actor: Actor, space: SpaceId) -> Result<SpaceName, Error> {
        let caller = self.caller(actor)?;
        let (row, team) = guard::space(self.at(actor.at), space)?;
        if manages_account_of(self.at(actor.at), caller, team) {
            guard::entry(caller, team)?;
        } else {
            guard::reach_space(caller, row, team)?;
        }
        Ok(row.space.name)
    }

    /// The spaces of a team, by name (SPC-2).
    ///
    /// Visible to its admins, members and viewers. A page costs what it holds; with a filter, what it passes over too.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyTeamListsSpaces`](Error::OnlyTeamListsSpaces) (SPC-2),
    /// [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    pub fn spaces(
        &self,
        actor: Actor,
        team: TeamId,
        filter: &SpaceFilter,
        page: &PageRequest,
    ) -> Result<Page<&Space>, Error> {
        let caller = self.caller(actor)?;
        let row = guard::team(self.at(actor.at), team)?;
        let refused = Error::OnlyTeamListsSpaces { actor: caller.who, team };
        guard::capability(caller, row, Capability::ViewSpaces, refused)?;
        let spaces = row.row.spaces.range(after::<SpaceName>(page.key()?));
        let spaces = spaces.filter_map(|(_, space)| self.at(actor.at).spaces.get(*space)).map(|row| &row.space);
        Ok(page.fill(spaces.filter(|space| filter.admits(space)), |space| space.name))
    }

    /// Every space that the actor sees, by name (SPC-2): those of the teams that the actor is in. The operator, who sees every
    /// space, lists them team by team.
    ///
    /// A page costs what it holds, and the teams that the actor is in; with a filter, what it passes over too.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`OperatorOwnsNoApps`](Error::OperatorOwnsNoApps) (APP-1),
    /// [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    pub fn visible_spaces(
        &self,
        actor: Actor,
        filter: &SpaceFilter,
        page: &PageRequest,
    ) -> Result<Page<&Space>, Error> {
        let caller = self.caller(actor)?;
        let user = caller.user.ok_or(Error::OperatorOwnsNoApps {})?;
        let from: Option<SpaceName> = page.key()?;
        let lists = teams_of(self.at(actor.at), caller, user, Capability::ViewSpaces);
        let lists = lists.map(|team| team.row.spaces.range(after(from)).map(|(name, space)| (*name, *space)));
        let spaces = merge::sorted(lists.collect()).filter_map(|space| self.at(actor.at).spaces.get(space));
        let spaces = spaces.map(|row| &row.space).filter(|space| filter.admits(space));
        Ok(page.fill(spaces, |space| space.name))
    }

    /// Who may create apps in a space by its permission, by id (SPC-3). Admins always may: theirs sleep (PERM-6).
    ///
    /// Visible as [`space`](Self::space).
    ///
    /// # Errors
    /// As [`space`](Self::space), and [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    pub fn app_creators(&self, actor: Actor, space: SpaceId, page: &PageRequest) -> Result<Page<&User>, Error> {
        self.space(actor, space)?;
        let (row, _) = guard::space(self.at(actor.at), space)?;
        let from: Option<uuid::Uuid> = page.key()?;
        let users = row.row.creators.range(after(from.map(UserId::from)));
        let users = users.filter_map(|(user, _)| self.at(actor.at).users.find(*user)).map(|user| &user.row.user);
        Ok(page.fill(users, |user| user.id.uuid()))
    }

    /// Everybody who sees a space, by e-mail, and whether they may create apps in it (SPC-3). Visible as [`space`](Self::space).
    ///
    /// # Errors
    /// As [`space`](Self::space), and [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    ///
    /// ```
    /// use enterprise_teams::{
    ///     NewSpace, PageRequest,
    ///     demo::{Demo, id},
    /// };
    ///
    /// let Demo { mut store, ada, joe, vera, acme, .. } = Demo::new()?;
    /// let space = store.create_space(ada, NewSpace::new(acme, "acme-space".parse()?))?;
    /// store.allow_app_creation(ada, space, id(joe))?;
    /// let page = store.space_access(vera, space, &PageRequest::default())?;
    /// assert_eq!(
    ///     page.items.iter().map(|one| one.creates_apps).collect::<Vec<_>>(),
    ///     [true, true, false]
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn space_access(
        &self,
        actor: Actor,
        space: SpaceId,
        page: &PageRequest,
    ) -> Result<Page<SpaceAccess<'_>>, Error> {
        self.space(actor, space)?;
        let (row, team) = guard::space(self.at(actor.at), space)?;
        let from: Option<Email> = page.key()?;
        let people = merge::people(team.row, Role::IN_TEAM.iter().copied(), from.as_ref());
        let people = people.filter_map(|user| self.at(actor.at).users.at(user));
        Ok(page.fill(people.filter_map(|person| access_to(self.at(actor.at), row, team, person)), |access| {
            access.user.email.clone()
        }))
    }

    /// What somebody may do in a space. Visible as [`space`](Self::space).
    ///
    /// # Errors
    /// As [`space`](Self::space), then [`UserNotFound`](Error::UserNotFound) (X-2), [`NotInTeam`](Error::NotInTeam) (MEM-3).
    pub fn space_access_of(&self, actor: Actor, space: SpaceId, user: UserId) -> Result<SpaceAccess<'_>, Error> {
        self.space(actor, space)?;
        let (row, team) = guard::space(self.at(actor.at), space)?;
        let person = guard::user(self.at(actor.at), user)?;
        access_to(self.at(actor.at), row, team, person).ok_or(Error::NotInTeam { team: team.team.id, user })
    }
}

/// What the person, if they see the spaces of the team, may do in this one.
fn access_to<'s>(
    state: &State,
    space: At<'_, SpaceRow>,
    team: At<'_, TeamRow>,
    person: At<'s, UserRow>,
) -> Option<SpaceAccess<'s>> {
    let role =
        team.row.role_of(person.row, team.ix).filter(|_| access::person_may(person, team, Capability::ViewSpaces))?;
    let permitted_since = space.creators.get(&person.user.id).copied();
    let stamp = person.membership(team.ix)?.not_before(space.team_since.into());
    let changed = permitted_since.map_or(stamp.changed, |since| since.max(stamp.changed));
    // The permission of an admin sleeps, who need none, and that of whoever creates no apps (PERM-6, ROLE-2).
    let sleeps = role == TeamRole::Admin || !access::person_may(person, team, Capability::CreateApps);
    let creates_apps =
        permitted_since.is_some() && !sleeps || access::person_may(person, team, Capability::CreateAppsInSpaces);
    Some(SpaceAccess {
        user: &person.row.user,
        role,
        creates_apps,
        times: Stamp { changed, ..stamp }.into(),
        permitted_since: permitted_since.map(DateTime::from),
        ends_at: state.ends_at(Held::AppCreation { space: space.space.id, user: person.user.id }),
        sleeping: permitted_since.is_some() && sleeps,
    })
}

/// Whether the caller may transfer the team's spaces as a manager of its account (SPC-7).
fn manages_account_of(state: &State, caller: Caller<'_>, team: At<'_, TeamRow>) -> bool {
    let held = team.team.account.zip(caller.user);
    let held = held.map(|(account, user)| state.account_permissions(user.user.id, account));
    held.is_some_and(|held| held.contains(AccountPermission::Manage))
}
