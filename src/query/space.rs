//! SPC-2 and SPC-3: spaces, and who creates apps in them.

use super::merge;
use super::page::{Page, PageRequest, after};
use super::team::teams_of;
use crate::actor::Actor;
use crate::entity::{Space, User};
use crate::error::Error;
use crate::guard::{self, ensure};
use crate::ids::{SpaceId, TeamId, UserId};
use crate::names::SpaceName;
use crate::store::TeamStore;

impl TeamStore {
    /// A space.
    ///
    /// Visible to the admins, members and viewers of its team (SPC-2).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`SpaceNotFound`](Error::SpaceNotFound),
    /// [`SpaceHidden`](Error::SpaceHidden) (SPC-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1).
    pub fn space(&self, actor: Actor, space: SpaceId) -> Result<&Space, Error> {
        let caller = self.caller(actor)?;
        let (row, team) = guard::space(&self.state, space)?;
        guard::reach_space(caller, row, team)?;
        Ok(&row.row.space)
    }

    /// The space of this name. Visible as [`space`](Self::space).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`SpaceNameNotFound`](Error::SpaceNameNotFound), then as
    /// [`space`](Self::space).
    pub fn space_by_name(&self, actor: Actor, name: SpaceName) -> Result<&Space, Error> {
        self.caller(actor)?;
        let row = self.state.spaces.find_key(&name).ok_or(Error::SpaceNameNotFound { name })?;
        self.space(actor, row.space.id)
    }

    /// The spaces of a team, by name (SPC-2).
    ///
    /// Visible to its admins, members and viewers.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNotFound`](Error::TeamNotFound),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyTeamListsSpaces`](Error::OnlyTeamListsSpaces) (SPC-2),
    /// [`CursorOfAnotherList`](Error::CursorOfAnotherList).
    pub fn spaces(&self, actor: Actor, team: TeamId, page: &PageRequest) -> Result<Page<&Space>, Error> {
        let caller = self.caller(actor)?;
        let row = guard::team(&self.state, team)?;
        guard::oauth(caller, row)?;
        let listed = caller.team_role(row).is_some() || caller.is_operator();
        ensure!(listed, Error::OnlyTeamListsSpaces { actor: caller.who, team });
        let spaces = row.row.spaces.range(after::<SpaceName>(page.key()?));
        let spaces = spaces.filter_map(|(_, space)| self.state.spaces.get(*space));
        Ok(page.fill(spaces.map(|space| &space.space), |space| space.name))
    }

    /// Every space that the actor sees, by name (SPC-2): those of the teams that the actor is in. The operator, who sees every
    /// space, lists them team by team.
    ///
    /// A page costs what it holds, and the teams that the actor is in.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`OperatorOwnsNoApps`](Error::OperatorOwnsNoApps) (APP-1),
    /// [`CursorOfAnotherList`](Error::CursorOfAnotherList).
    pub fn visible_spaces(&self, actor: Actor, page: &PageRequest) -> Result<Page<&Space>, Error> {
        let caller = self.caller(actor)?;
        let user = caller.user.ok_or(Error::OperatorOwnsNoApps {})?;
        let from: Option<SpaceName> = page.key()?;
        let lists = teams_of(&self.state, caller, user);
        let lists = lists.map(|team| team.row.spaces.range(after(from)).map(|(name, space)| (*name, *space)));
        let spaces = merge::sorted(lists.collect()).filter_map(|space| self.state.spaces.get(space));
        Ok(page.fill(spaces.map(|space| &space.space), |space| space.name))
    }

    /// The members who may create apps in a space by its permission, by id (SPC-3); admins always may.
    ///
    /// Visible as [`space`](Self::space).
    ///
    /// # Errors
    /// As [`space`](Self::space), and [`CursorOfAnotherList`](Error::CursorOfAnotherList).
    pub fn app_creators(&self, actor: Actor, space: SpaceId, page: &PageRequest) -> Result<Page<&User>, Error> {
        self.space(actor, space)?;
        let (row, _) = guard::space(&self.state, space)?;
        let from: Option<uuid::Uuid> = page.key()?;
        let users = row.row.creators.range(after(from.map(UserId::from)));
        let users = users.filter_map(|user| self.state.users.find(*user)).map(|user| &user.row.user);
        Ok(page.fill(users, |user| user.id.uuid()))
    }
}
