//! ENT-1 and ENT-3: Enterprise Accounts, and what is in them.

use core::ops::Bound;

use serde::{Deserialize, Serialize};

use super::app::AppFilter;
use super::filter::TeamFilter;
use super::lower_case;
use super::member::PeopleFilter;
use super::merge;
use super::page::{Page, PageRequest, after};
use crate::access::{self, Caller};
use crate::actor::Actor;
use crate::entity::{AccountPermission, AccountPermissionSet, App, EnterpriseAccount, SignInStatus, Team, User};
use crate::error::Error;
use crate::guard::{self, ensure};
use crate::ids::{AccountId, TeamId, UserId};
use crate::names::{AccountName, AppName, Email, TeamName};
use crate::policy::CustomRole;
use crate::role::{Role, RoleSet};
use crate::state::{AccountRow, At, TeamRow};
use crate::store::TeamStore;

/// Which members of an Enterprise Account to list; all of them by default (ENT-3).
///
/// ```
/// use enterprise_teams::{entity::AccountPermission, query::AccountMemberFilter};
///
/// let managers_at_acme = AccountMemberFilter::default()
///     .holding(AccountPermission::Manage)
///     .containing("@acme.");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AccountMemberFilter {
    #[serde(skip_serializing_if = "Option::is_none")]
    holding: Option<AccountPermission>,
    #[serde(rename = "containing", deserialize_with = "lower_case", skip_serializing_if = "Option::is_none")]
    part: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<SignInStatus>,
}

impl AccountMemberFilter {
    /// With this permission in the account.
    #[must_use]
    pub fn holding(mut self, permission: AccountPermission) -> Self {
        self.holding = Some(permission);
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

    fn admits(&self, member: &AccountMember<'_>) -> bool {
        self.holding.is_none_or(|wanted| member.permissions.contains(wanted))
            && self.status.is_none_or(|wanted| wanted == member.user.sign_in_status())
            && self.part.as_ref().is_none_or(|part| member.user.email.as_str().contains(part))
    }
}

/// A member of an Enterprise Account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AccountMember<'s> {
    /// Who.
    pub user: &'s User,
    /// What they hold in it.
    pub permissions: AccountPermissionSet,
}

/// An Enterprise Account that somebody is in, and what they hold in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AccountMembership<'s> {
    /// The account.
    pub account: &'s EnterpriseAccount,
    /// What they hold.
    pub permissions: AccountPermissionSet,
}

/// Somebody in a team of an Enterprise Account (ENT-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AccountPerson<'s> {
    /// Who.
    pub user: &'s User,
    /// The team.
    pub team: &'s Team,
    /// What they are to it.
    pub role: Role,
    /// Which of the team's own roles theirs is (ROLE-1); `None` for others, and for whoever does not see those.
    pub custom: Option<&'s CustomRole>,
}

/// **Questions about Enterprise Accounts** (ENT-3).
impl TeamStore {
    /// Every Enterprise Account, by name, for the platform operator. A page costs what it holds.
    ///
    /// # Errors
    /// As [`users`](Self::users).
    pub fn accounts(&self, actor: Actor, page: &PageRequest) -> Result<Page<&EnterpriseAccount>, Error> {
        guard::operator(self.caller(actor)?)?;
        let from: Option<AccountName> = page.key()?;
        let accounts = self.at(actor.at).accounts.listed(from.as_ref()).map(|row| &row.row.account);
        Ok(page.fill(accounts, |account| account.name))
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
        let row = self.at(actor.at).accounts.find_key(&name).ok_or(Error::AccountNameNotFound { name })?;
        self.account(actor, row.account.id)
    }

    /// The Enterprise Accounts that the actor is in, by id, and what the actor holds in each (ENT-1).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    pub fn account_memberships(&self, actor: Actor, page: &PageRequest) -> Result<Page<AccountMembership<'_>>, Error> {
        let caller = self.caller(actor)?;
        let from: Option<uuid::Uuid> = page.key()?;
        let own = caller.user.into_iter().flat_map(|user| self.at(actor.at).accounts_of(user.user.id));
        let own = own.filter(|(account, _)| from.is_none_or(|from| account.uuid() > from));
        let own = own.filter_map(|(account, permissions)| {
            let account = &self.at(actor.at).accounts.find(account)?.row.account;
            Some(AccountMembership { account, permissions })
        });
        Ok(page.fill(own, |membership| membership.account.id.uuid()))
    }

    /// The members of an Enterprise Account, by e-mail (ENT-3). Visible as [`account`](Self::account). A page costs what it
    /// holds; with a filter, what it passes over too.
    ///
    /// # Errors
    /// As [`account`](Self::account), and [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    pub fn account_members(
        &self,
        actor: Actor,
        account: AccountId,
        filter: &AccountMemberFilter,
        page: &PageRequest,
    ) -> Result<Page<AccountMember<'_>>, Error> {
        let (_, row) = self.account_for(actor, account)?;
        let users = row.row.members.range(after::<Email>(page.key()?));
        let users = users.filter_map(|(_, user)| self.at(actor.at).users.get(*user));
        let members = users.map(|user| AccountMember {
            user: &user.user,
            permissions: self.at(actor.at).account_permissions(user.user.id, account),
        });
        Ok(page.fill(members.filter(|member| filter.admits(member)), |member| member.user.email.clone()))
    }

    /// A member of an Enterprise Account. Visible as [`account`](Self::account).
    ///
    /// # Errors
    /// As [`account`](Self::account), then [`UserNotFound`](Error::UserNotFound) (X-2),
    /// [`NotInAccount`](Error::NotInAccount) (ENT-1).
    pub fn account_member(&self, actor: Actor, account: AccountId, user: UserId) -> Result<AccountMember<'_>, Error> {
        self.account_for(actor, account)?;
        let person = guard::user(self.at(actor.at), user)?;
        let permissions = self.at(actor.at).account_permissions(user, account);
        ensure!(permissions.contains(AccountPermission::View), Error::NotInAccount { account, user });
        Ok(AccountMember { user: &person.row.user, permissions })
    }

    /// A team that is in an Enterprise Account, for whoever is in the account (ENT-3). Everybody else is told that there is none.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1).
    pub fn account_team(&self, actor: Actor, team: TeamId) -> Result<&Team, Error> {
        let caller = self.caller(actor)?;
        let row = guard::team(self.at(actor.at), team)?;
        let account = row.team.account.ok_or(Error::TeamNotFound { team })?;
        self.account_for(actor, account).map_err(|_| Error::TeamNotFound { team })?;
        guard::entry(caller, row)?;
        Ok(&row.row.team)
    }

    /// The teams of an Enterprise Account, by name (ENT-3); those that shut out the actor's third-party client are left out
    /// (SEC-1). Visible as [`account`](Self::account). A page costs what it holds; with a filter, what it passes over too.
    ///
    /// # Errors
    /// As [`account`](Self::account), and [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    pub fn account_teams(
        &self,
        actor: Actor,
        account: AccountId,
        filter: &TeamFilter,
        page: &PageRequest,
    ) -> Result<Page<&Team>, Error> {
        let (caller, row) = self.account_for(actor, account)?;
        let from: Option<TeamName> = page.key()?;
        let teams = self.teams_in(caller, row, from).map(|team| &team.row.team);
        Ok(page.fill(teams.filter(|team| filter.admits(team)), |team| team.name))
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
        let apps = merge::by_name(lists, from).filter_map(|app| self.at(actor.at).apps.get(app)).map(|app| &app.app);
        Ok(page.fill(apps.filter(|app| filter.admits(app)), |app| app.name))
    }

    /// The people of all teams of an Enterprise Account, team by team in the order of names, by e-mail within a team (ENT-3).
    /// Visible as [`account`](Self::account). A page costs what it holds; with a filter, what it passes over too.
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
        let teams =
            teams.filter_map(|(_, team)| self.at(actor.at).teams.at(*team)).filter(|team| !caller.is_kept_out(*team));
        let people = teams.flat_map(|team| {
            let email = from.clone().filter(|(name, _)| *name == team.team.name).map(|(_, email)| email);
            let people = merge::people(team.row, filter.roles(RoleSet::of(Role::ALL)), email.as_ref());
            people.filter_map(move |user| {
                let person = self.at(actor.at).users.at(user)?;
                let role = access::standing(person, team.ix)?;
                let custom = access::custom_role(self.at(actor.at), caller, team, person);
                Some(AccountPerson { user: &person.row.user, team: &team.row.team, role, custom })
            })
        });
        let people =
            people.filter(|person| filter.admits(person.user, person.role) && filter.admits_custom(person.custom));
        Ok(page.fill(people, |person| (person.team.name, person.user.email.clone())))
    }

    fn account_for(&self, actor: Actor, account: AccountId) -> Result<(Caller<'_>, At<'_, AccountRow>), Error> {
        let caller = self.caller(actor)?;
        let row = guard::account(self.at(actor.at), account)?;
        let refused = Error::AccountHidden { actor: caller.who, account };
        if !caller.is_operator() {
            guard::account_permission(self.at(actor.at), caller, account, AccountPermission::View, refused)?;
        }
        Ok((caller, row))
    }

    fn teams_in<'s>(
        &'s self,
        caller: Caller<'s>,
        account: At<'s, AccountRow>,
        from: Option<TeamName>,
    ) -> impl Iterator<Item = At<'s, TeamRow>> {
        let teams =
            account.row.teams.range(after(from)).filter_map(move |(_, team)| self.at(caller.now).teams.at(*team));
        teams.filter(move |team| !caller.is_kept_out(*team))
    }
}
