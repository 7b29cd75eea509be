//! PIPE-8, SPC-2 and ENT-3: pipelines, spaces and Enterprise Accounts.

use core::ops::Bound;
use std::collections::BTreeMap;

use super::app::AppFilter;
use super::page::{Page, PageRequest, beyond};
use super::people::{PeopleFilter, teams_of};
use crate::access::{self, Caller};
use crate::actor::Actor;
use crate::entity::{
    AccountPermission, AccountPermissionSet, App, Coupling, EnterpriseAccount, Pipeline, Release, Space, Team, User,
};
use crate::error::Error;
use crate::guard;
use crate::ids::{AccountId, AppId, PipelineId, SpaceId, TeamId, UserId};
use crate::names::{AccountName, AppName, Email, PipelineName, SpaceName, TeamName};
use crate::policy::{AppAction, Capability};
use crate::role::Role;
use crate::state::{AccountRow, AppRow, At, OwnerIx, PipelineIx, TeamRow};
use crate::store::TeamStore;

/// A member of an Enterprise Account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountMember<'s> {
    /// Who.
    pub user: &'s User,
    /// What they hold in it.
    pub permissions: AccountPermissionSet,
}

/// An Enterprise Account that somebody is in, and what they hold in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountMembership<'s> {
    /// The account.
    pub account: &'s EnterpriseAccount,
    /// What they hold.
    pub permissions: AccountPermissionSet,
}

/// Somebody in a team of an Enterprise Account (ENT-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountPerson<'s> {
    /// Who.
    pub user: &'s User,
    /// The team.
    pub team: &'s Team,
    /// What they are to it.
    pub role: Role,
}

impl TeamStore {
    /// A pipeline.
    ///
    /// Visible to whoever sees its owner's apps, or any app in it (PIPE-8).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`PipelineNotFound`](Error::PipelineNotFound) (X-2),
    /// [`PipelineHidden`](Error::PipelineHidden) (PIPE-8), [`OAuthDenied`](Error::OAuthDenied) (SEC-1).
    pub fn pipeline(&self, actor: Actor, pipeline: PipelineId) -> Result<&Pipeline, Error> {
        let caller = self.caller(actor)?;
        let row = guard::pipeline(&self.state, pipeline)?;
        guard::reach_pipeline(&self.state, caller, row)?;
        Ok(&row.row.pipeline)
    }

    /// The apps of a pipeline that the actor sees, by name, each with its stage. Visible as [`pipeline`](Self::pipeline). A page
    /// costs what is in the pipeline.
    ///
    /// # Errors
    /// As [`pipeline`](Self::pipeline), and [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    pub fn pipeline_apps(
        &self,
        actor: Actor,
        pipeline: PipelineId,
        page: &PageRequest,
    ) -> Result<Page<(&App, Coupling)>, Error> {
        let caller = self.caller(actor)?;
        let row = guard::pipeline(&self.state, pipeline)?;
        guard::reach_pipeline(&self.state, caller, row)?;
        let from: Option<AppName> = page.key()?;
        let apps = row.row.apps.iter().filter_map(|app| self.state.apps.get(*app));
        let seen = apps.filter(|app| access::held_by(&self.state, caller.user, app).allows(AppAction::ViewApp));
        let mut apps: Vec<(&App, Coupling)> = seen
            .filter(|app| from.is_none_or(|from| app.app.name > from))
            .filter_map(|app| Some((&app.app, Coupling { pipeline, app: app.app.id, stage: app.coupling()?.1 })))
            .collect();
        apps.sort_unstable_by_key(|(app, _)| app.name);
        Ok(page.fill(apps.into_iter(), |(app, _)| app.name))
    }

    /// Every pipeline that the actor sees, by name (PIPE-8): those of the actor, of the teams that the actor is in, and of the
    /// apps that the actor is on. The operator, who sees every pipeline, lists them owner by owner.
    ///
    /// A page costs what it holds, the teams that the actor is in, and the apps that the actor is on.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`OperatorOwnsNoApps`](Error::OperatorOwnsNoApps) (APP-1),
    /// [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    ///
    /// ```
    /// use enterprise_teams::{PageRequest, Stage, demo::Demo};
    ///
    /// let Demo { mut store, joe, jill, acme, website, .. } = Demo::new()?;
    /// let pipeline = store.create_pipeline(joe, acme, "acme-flow".parse()?)?;
    /// assert_eq!(store.visible_pipelines(jill, &PageRequest::default())?.items.len(), 0);
    /// store.couple_app(joe, pipeline, website, Stage::Production)?;
    /// assert_eq!(store.visible_pipelines(jill, &PageRequest::default())?.items[0].name(), "acme-flow");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn visible_pipelines(&self, actor: Actor, page: &PageRequest) -> Result<Page<&Pipeline>, Error> {
        type Named<'i> = Box<dyn Iterator<Item = ((PipelineName, u64), PipelineIx)> + 'i>;
        let caller = self.caller(actor)?;
        let user = caller.user.ok_or(Error::OperatorOwnsNoApps {})?;
        let from: Option<(PipelineName, u64)> = page.key()?;
        let state = &self.state;
        let owned_by = |owner| match owner {
            OwnerIx::User(owner) => owner == user.ix,
            OwnerIx::Team(team) => {
                state.teams.at(team).is_some_and(|team| access::may(caller, team, Capability::ViewApps))
            }
        };
        let closed = |owner| match owner {
            OwnerIx::User(_) => false,
            OwnerIx::Team(team) => state.teams.at(team).is_some_and(|team| caller.is_kept_out(team)),
        };
        let lists = teams_of(state, caller, user, Capability::ViewApps).map(|team| &team.row.apps.pipelines);
        let lists = lists
            .chain([&user.row.apps().pipelines])
            .map(|list| -> Named<'_> { Box::new(list.range(beyond(from)).map(|(key, pipeline)| (*key, *pipeline))) });
        let apps = user.row.grants().iter().filter_map(|app| state.apps.get(*app));
        let apps = apps.filter(|app| access::held(state, user, app).allows(AppAction::ViewApp));
        let of_apps = apps.filter_map(AppRow::coupling).filter_map(|(ix, _)| Some((ix, state.pipelines.get(ix)?)));
        let of_apps = of_apps.filter(|(_, row)| !owned_by(row.owner) && !closed(row.owner));
        let of_apps: BTreeMap<_, _> = of_apps.map(|(ix, row)| ((row.pipeline.name, row.pipeline.number), ix)).collect();
        let of_apps = of_apps.into_iter().filter(|(key, _)| from.is_none_or(|from| *key > from));
        let every = super::merge::sorted(lists.chain([Box::new(of_apps) as Named<'_>]).collect());
        let every = every.filter_map(|ix| state.pipelines.get(ix)).map(|row| &row.pipeline);
        Ok(page.fill(every, |pipeline| (pipeline.name, pipeline.number)))
    }

    /// The place of an app in a pipeline, if it has one.
    ///
    /// # Errors
    /// As [`check`](Self::check) for [`AppAction::ViewApp`].
    pub fn coupling(&self, actor: Actor, app: AppId) -> Result<Option<Coupling>, Error> {
        let row = self.app_for(actor, app, AppAction::ViewApp)?;
        Ok(self.state.coupling(row.row).map(|(pipeline, stage)| Coupling { pipeline, app, stage }))
    }

    /// The release that an app runs, if it has one (PIPE-7).
    ///
    /// # Errors
    /// As [`check`](Self::check) for [`AppAction::ViewReleases`].
    pub fn release(&self, actor: Actor, app: AppId) -> Result<Option<&Release>, Error> {
        Ok(self.app_for(actor, app, AppAction::ViewReleases)?.row.release())
    }

    /// A space.
    ///
    /// Visible to the admins, members and viewers of its team (SPC-2).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`SpaceNotFound`](Error::SpaceNotFound) (X-2),
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
    /// [`ActorNotFound`](Error::ActorNotFound), [`SpaceNameNotFound`](Error::SpaceNameNotFound) (X-2), then as
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
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyTeamListsSpaces`](Error::OnlyTeamListsSpaces) (SPC-2),
    /// [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    pub fn spaces(&self, actor: Actor, team: TeamId, page: &PageRequest) -> Result<Page<&Space>, Error> {
        let caller = self.caller(actor)?;
        let row = guard::team(&self.state, team)?;
        let refused = Error::OnlyTeamListsSpaces { actor: caller.who, team };
        guard::capability(caller, row, Capability::ViewSpaces, refused)?;
        let spaces = row.row.spaces.range(beyond::<SpaceName>(page.key()?));
        let spaces = spaces.filter_map(|(_, space)| self.state.spaces.get(*space));
        Ok(page.fill(spaces.map(|space| &space.space), |space| space.name))
    }

    /// Every space that the actor sees, by name (SPC-2): those of the teams that the actor is in. The operator, who sees every
    /// space, lists them team by team.
    ///
    /// A page costs what it holds, and the teams that the actor is in.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`OperatorOwnsNoApps`](Error::OperatorOwnsNoApps) (APP-1),
    /// [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    pub fn visible_spaces(&self, actor: Actor, page: &PageRequest) -> Result<Page<&Space>, Error> {
        let caller = self.caller(actor)?;
        let user = caller.user.ok_or(Error::OperatorOwnsNoApps {})?;
        let from: Option<SpaceName> = page.key()?;
        let lists = teams_of(&self.state, caller, user, Capability::ViewSpaces);
        let lists = lists.map(|team| team.row.spaces.range(beyond(from)).map(|(name, space)| (*name, *space)));
        let spaces = super::merge::sorted(lists.collect()).filter_map(|space| self.state.spaces.get(space));
        Ok(page.fill(spaces.map(|space| &space.space), |space| space.name))
    }

    /// The members who may create apps in a space by its permission, by id (SPC-3); admins always may.
    ///
    /// Visible as [`space`](Self::space).
    ///
    /// # Errors
    /// As [`space`](Self::space), and [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    pub fn app_creators(&self, actor: Actor, space: SpaceId, page: &PageRequest) -> Result<Page<&User>, Error> {
        self.space(actor, space)?;
        let (row, _) = guard::space(&self.state, space)?;
        let from: Option<uuid::Uuid> = page.key()?;
        let users = row.row.creators.range(beyond(from.map(UserId::from)));
        let users = users.filter_map(|user| self.state.users.find(*user)).map(|user| &user.row.user);
        Ok(page.fill(users, |user| user.id.uuid()))
    }

    /// An Enterprise Account.
    ///
    /// Visible to its members (ENT-3).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`AccountNotFound`](Error::AccountNotFound) (X-2),
    /// [`AccountHidden`](Error::AccountHidden) (ENT-3).
    pub fn account(&self, actor: Actor, account: AccountId) -> Result<&EnterpriseAccount, Error> {
        self.account_for(actor, account).map(|(_, row)| &row.row.account)
    }

    /// The Enterprise Account of this name. Visible as [`account`](Self::account).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`AccountNameNotFound`](Error::AccountNameNotFound) (X-2), then as
    /// [`account`](Self::account).
    pub fn account_by_name(&self, actor: Actor, name: AccountName) -> Result<&EnterpriseAccount, Error> {
        self.caller(actor)?;
        let row = self.state.accounts.find_key(&name).ok_or(Error::AccountNameNotFound { name })?;
        self.account(actor, row.account.id)
    }

    /// The Enterprise Accounts that the actor is in, by id, and what the actor holds in each (ENT-1).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    pub fn account_memberships(&self, actor: Actor, page: &PageRequest) -> Result<Page<AccountMembership<'_>>, Error> {
        let caller = self.caller(actor)?;
        let from: Option<uuid::Uuid> = page.key()?;
        let own = caller.user.into_iter().flat_map(|user| self.state.accounts_of(user.user.id));
        let own = own.filter(|(account, _)| from.is_none_or(|from| account.uuid() > from));
        let own = own.filter_map(|(account, permissions)| {
            let account = &self.state.accounts.find(account)?.row.account;
            Some(AccountMembership { account, permissions })
        });
        Ok(page.fill(own, |membership| membership.account.id.uuid()))
    }

    /// The members of an Enterprise Account, by e-mail. Visible as [`account`](Self::account).
    ///
    /// # Errors
    /// As [`account`](Self::account), and [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    pub fn account_members(
        &self,
        actor: Actor,
        account: AccountId,
        page: &PageRequest,
    ) -> Result<Page<AccountMember<'_>>, Error> {
        let (_, row) = self.account_for(actor, account)?;
        let users = row.row.members.range(beyond::<Email>(page.key()?));
        let users = users.filter_map(|(_, user)| self.state.users.get(*user));
        let members = users.map(|user| AccountMember {
            user: &user.user,
            permissions: self.state.account_permissions(user.user.id, account),
        });
        Ok(page.fill(members, |member| member.user.email.clone()))
    }

    /// The teams of an Enterprise Account, by name (ENT-3); those that shut out the actor's third-party client are left out
    /// (SEC-1). Visible as [`account`](Self::account).
    ///
    /// # Errors
    /// As [`account`](Self::account), and [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    pub fn account_teams(&self, actor: Actor, account: AccountId, page: &PageRequest) -> Result<Page<&Team>, Error> {
        let (caller, row) = self.account_for(actor, account)?;
        let from: Option<TeamName> = page.key()?;
        Ok(page.fill(self.teams_in(caller, row, from).map(|team| &team.row.team), |team| team.name))
    }

    /// The apps of all teams of an Enterprise Account, by name (ENT-3). Visible as [`account`](Self::account).
    ///
    /// A page costs what it holds and the teams of the account; with a filter, what it passes over too.
    ///
    /// # Errors
    /// As [`account`](Self::account), and [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    pub fn account_apps(
        &self,
        actor: Actor,
        account: AccountId,
        filter: &AppFilter,
        page: &PageRequest,
    ) -> Result<Page<&App>, Error> {
        let (caller, row) = self.account_for(actor, account)?;
        let from: Option<AppName> = page.key()?;
        let lists = self.teams_in(caller, row, None).map(|team| &team.row.apps.by_name);
        let apps = super::merge::by_name(lists, from).filter_map(|app| self.state.apps.get(app)).map(|app| &app.app);
        Ok(page.fill(apps.filter(|app| filter.admits(app)), |app| app.name))
    }

    /// The people of all teams of an Enterprise Account, team by team in the order of names, by e-mail within a team (ENT-3).
    /// Visible as [`account`](Self::account).
    ///
    /// # Errors
    /// As [`account`](Self::account), and [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    pub fn account_people(
        &self,
        actor: Actor,
        account: AccountId,
        filter: &PeopleFilter,
        page: &PageRequest,
    ) -> Result<Page<AccountPerson<'_>>, Error> {
        let (caller, row) = self.account_for(actor, account)?;
        let from: Option<(TeamName, Email)> = page.key()?;
        let team_from = from.as_ref().map(|(team, _)| *team);
        let teams = row.row.teams.range((team_from.map_or(Bound::Unbounded, Bound::Included), Bound::Unbounded));
        let teams = teams.filter_map(|(_, team)| self.state.teams.at(*team)).filter(|team| !caller.is_kept_out(*team));
        let people = teams.flat_map(|team| {
            let after = from.clone().filter(|(name, _)| *name == team.team.name).map(|(_, email)| email);
            let people = team.row.people.range(beyond(after));
            people.filter_map(move |(_, user)| {
                let person = self.state.users.get(*user)?;
                let role = access::standing(self.state.users.at(*user)?, team.ix)?;
                Some(AccountPerson { user: &person.user, team: &team.row.team, role })
            })
        });
        let people = people.filter(|person| filter.admits(person.user, person.role));
        Ok(page.fill(people, |person| (person.team.name, person.user.email.clone())))
    }

    fn account_for(&self, actor: Actor, account: AccountId) -> Result<(Caller<'_>, At<'_, AccountRow>), Error> {
        let caller = self.caller(actor)?;
        let row = guard::account(&self.state, account)?;
        let refused = Error::AccountHidden { actor: caller.who, account };
        if !caller.is_operator() {
            guard::account_permission(&self.state, caller, account, AccountPermission::View, refused)?;
        }
        Ok((caller, row))
    }

    fn teams_in<'s>(
        &'s self,
        caller: Caller<'s>,
        account: At<'s, AccountRow>,
        from: Option<TeamName>,
    ) -> impl Iterator<Item = At<'s, TeamRow>> {
        let teams = account.row.teams.range(beyond(from)).filter_map(|(_, team)| self.state.teams.at(*team));
        teams.filter(move |team| !caller.is_kept_out(*team))
    }
}
