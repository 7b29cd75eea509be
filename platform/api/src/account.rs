//! Users, and Enterprise Accounts.

use chrono::{DateTime, Utc};
use enterprise_teams::{
    self as domain, AccountId, Actor, Email, Error, Page, PageRequest, TeamId, TeamName, TeamStore, UserId,
    entity::{AccountPermission, AccountPermissionSet, Mfa, SignIn},
    names::AccountName,
    query::{AccountMember, AccountMemberFilter},
};
use serde::{Deserialize, Serialize};

use crate::team::IdentityProvider;
use crate::{Named, Person, rendered};

/// A user. Everybody counts as verified; there is no default team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, clippy::struct_excessive_bools, reason = "the schema's properties")]
pub struct Account {
    pub allow_tracking: bool,
    pub beta: bool,
    pub created_at: DateTime<Utc>,
    pub email: Email,
    pub federated: bool,
    pub id: UserId,
    pub identity_provider: Option<IdentityProvider>,
    pub last_login: Option<DateTime<Utc>>,
    pub name: Option<String>,
    pub sms_number: Option<String>,
    pub suspended_at: Option<DateTime<Utc>>,
    pub delinquent_at: Option<DateTime<Utc>>,
    pub two_factor_authentication: bool,
    pub updated_at: DateTime<Utc>,
    pub verified: bool,
    pub country_of_residence: Option<String>,
    pub default_organization: Option<Named<TeamId, TeamName>>,
    pub default_team: Option<Named<TeamId, TeamName>>,
}

/// An Enterprise Account. `permissions` are the actor's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct EnterpriseAccount {
    pub id: AccountId,
    pub created_at: DateTime<Utc>,
    pub name: AccountName,
    pub updated_at: DateTime<Utc>,
    pub permissions: Vec<AccountPermission>,
    pub trial: bool,
    pub partner_benefits: bool,
    pub identity_provider: Option<IdentityProvider>,
}

/// Somebody in an Enterprise Account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct EnterpriseAccountMember {
    pub enterprise_account: Named<AccountId, AccountName>,
    pub id: UserId,
    pub permissions: Vec<EnterpriseAccountPermission>,
    pub user: Person,
    pub two_factor_authentication: bool,
    pub identity_provider: Option<IdentityProvider>,
}

/// A permission in an Enterprise Account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct EnterpriseAccountPermission {
    pub description: String,
    pub name: AccountPermission,
}

impl From<AccountPermission> for EnterpriseAccountPermission {
    fn from(name: AccountPermission) -> Self {
        let description = match name {
            AccountPermission::View => "See the account, its teams and their people.",
            AccountPermission::Create => "Create, rename and delete the account's teams.",
            AccountPermission::Manage => "Manage the account's members, and transfer spaces between its teams.",
            AccountPermission::Billing => "See the usage of all the account's teams.",
        };
        Self { description: description.to_owned(), name }
    }
}

/// A user. Visible as [`TeamStore::user`].
///
/// # Errors
/// As [`TeamStore::user`].
pub fn account(store: &TeamStore, actor: Actor, user: UserId) -> Result<Account, Error> {
    let user = store.user(actor, user)?;
    Ok(Account {
        allow_tracking: false,
        beta: false,
        created_at: user.registered_at(),
        email: user.email().clone(),
        federated: user.sign_in() == SignIn::Sso,
        id: user.id(),
        identity_provider: None,
        last_login: None,
        name: None,
        sms_number: None,
        suspended_at: user.suspended_at(),
        delinquent_at: None,
        two_factor_authentication: user.mfa() == Mfa::Enrolled,
        updated_at: user.registered_at(),
        verified: true,
        country_of_residence: None,
        default_organization: None,
        default_team: None,
    })
}

/// An Enterprise Account. Visible as [`TeamStore::account`].
///
/// # Errors
/// As [`TeamStore::account`].
pub fn enterprise_account(store: &TeamStore, actor: Actor, account: AccountId) -> Result<EnterpriseAccount, Error> {
    let row = store.account(actor, account)?;
    let own = actor.who.user().map(|user| store.account_member(actor, account, user)).transpose()?;
    Ok(render(row, own.map(|own| own.permissions).unwrap_or_default()))
}

/// The Enterprise Accounts that the actor is in, by id.
///
/// # Errors
/// As [`TeamStore::account_memberships`].
pub fn enterprise_accounts(
    store: &TeamStore,
    actor: Actor,
    page: &PageRequest,
) -> Result<Page<EnterpriseAccount>, Error> {
    rendered(store.account_memberships(actor, page)?, |membership| {
        Ok(render(membership.account, membership.permissions))
    })
}

/// The members of an Enterprise Account, by e-mail.
///
/// # Errors
/// As [`TeamStore::account_members`].
pub fn enterprise_account_members(
    store: &TeamStore,
    actor: Actor,
    account: AccountId,
    page: &PageRequest,
) -> Result<Page<EnterpriseAccountMember>, Error> {
    let row = store.account(actor, account)?;
    rendered(store.account_members(actor, account, &AccountMemberFilter::default(), page)?, |member| {
        Ok(render_member(row, member))
    })
}

/// A member of an Enterprise Account. Visible as [`TeamStore::account_members`].
///
/// # Errors
/// As [`TeamStore::account_member`].
pub fn enterprise_account_member(
    store: &TeamStore,
    actor: Actor,
    account: AccountId,
    user: UserId,
) -> Result<EnterpriseAccountMember, Error> {
    let row = store.account(actor, account)?;
    Ok(render_member(row, store.account_member(actor, account, user)?))
}

fn render(account: &domain::entity::EnterpriseAccount, held: AccountPermissionSet) -> EnterpriseAccount {
    EnterpriseAccount {
        id: account.id(),
        created_at: account.opened_at(),
        name: account.name(),
        updated_at: account.opened_at(),
        permissions: held.iter().collect(),
        trial: false,
        partner_benefits: false,
        identity_provider: None,
    }
}

fn render_member(account: &domain::entity::EnterpriseAccount, member: AccountMember<'_>) -> EnterpriseAccountMember {
    EnterpriseAccountMember {
        enterprise_account: Named { id: account.id(), name: account.name() },
        id: member.user.id(),
        permissions: member.permissions.iter().map(EnterpriseAccountPermission::from).collect(),
        user: Person::of(member.user),
        two_factor_authentication: member.user.mfa() == Mfa::Enrolled,
        identity_provider: None,
    }
}
