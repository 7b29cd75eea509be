use core::fmt;
use core::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ids::AccountId;
use crate::names::{AccountName, ParseError, Problem, What};
use crate::role::words;

/// An Enterprise Account: groups Enterprise Teams, and bills for them (ENT-1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnterpriseAccount {
    pub(crate) id: AccountId,
    pub(crate) name: AccountName,
    pub(crate) opened_at: DateTime<Utc>,
}

impl EnterpriseAccount {
    /// The id.
    #[must_use]
    pub const fn id(&self) -> AccountId {
        self.id
    }

    /// The name; no two accounts have the same.
    #[must_use]
    pub const fn name(&self) -> AccountName {
        self.name
    }

    /// When it was opened.
    #[must_use]
    pub const fn opened_at(&self) -> DateTime<Utc> {
        self.opened_at
    }
}

/// A permission in an Enterprise Account (ENT-1, ENT-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountPermission {
    /// See the account, its teams and their people; in every set.
    View,
    /// Create, rename and delete its teams.
    Create,
    /// Manage its members, and transfer spaces between its teams.
    Manage,
    /// See the usage of all its teams.
    Billing,
}

impl AccountPermission {
    /// Every permission, in the documents' order.
    pub const ALL: &'static [Self] = &[Self::View, Self::Create, Self::Manage, Self::Billing];

    const fn bit(self) -> u8 {
        1 << self as u8
    }

    const fn code(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Create => "create",
            Self::Manage => "manage",
            Self::Billing => "billing",
        }
    }
}

impl fmt::Display for AccountPermission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

/// A set of permissions in an Enterprise Account.
///
/// ```
/// use enterprise_teams::{AccountPermission, AccountPermissionSet};
///
/// let set: AccountPermissionSet = "view,create".parse()?;
/// assert!(set.contains(AccountPermission::Create));
/// assert_eq!(set.to_string(), "view, create");
/// # Ok::<(), enterprise_teams::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct AccountPermissionSet(u8);

impl AccountPermissionSet {
    /// `view` alone, which is in every set that is held.
    pub const VIEW: Self = Self::of(&[AccountPermission::View]);
    /// All four.
    pub const ALL: Self = Self::of(AccountPermission::ALL);

    /// The set of `permissions`.
    #[must_use]
    pub const fn of(mut permissions: &[AccountPermission]) -> Self {
        let mut bits = 0;
        while let [first, rest @ ..] = permissions {
            bits |= first.bit();
            permissions = rest;
        }
        Self(bits)
    }

    /// Whether `permission` is in the set.
    #[must_use]
    pub const fn contains(self, permission: AccountPermission) -> bool {
        self.0 & permission.bit() != 0
    }

    /// The permissions that are in either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The permissions, in the documents' order.
    pub fn iter(self) -> impl Iterator<Item = AccountPermission> {
        AccountPermission::ALL.iter().copied().filter(move |permission| self.contains(*permission))
    }
}

impl FromIterator<AccountPermission> for AccountPermissionSet {
    fn from_iter<I: IntoIterator<Item = AccountPermission>>(permissions: I) -> Self {
        permissions.into_iter().fold(Self::default(), |set, permission| Self(set.0 | permission.bit()))
    }
}

/// Reads names joined by commas.
impl FromStr for AccountPermissionSet {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut set = Self::default();
        let mut at = 0;
        for word in text.split(',') {
            let expected = "`view`, `create`, `manage`, `billing`";
            let unknown = ParseError { what: What::AccountPermissions, problem: Problem::Word { at, expected } };
            let permission = AccountPermission::ALL.iter().find(|permission| permission.code() == word);
            set.0 |= permission.ok_or(unknown)?.bit();
            at += word.len() + 1;
        }
        Ok(set)
    }
}

impl fmt::Display for AccountPermissionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        words(f, self.iter(), ", ")
    }
}

impl fmt::Debug for AccountPermissionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// A list of names.
impl Serialize for AccountPermissionSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for AccountPermissionSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<AccountPermission>::deserialize(deserializer)?.into_iter().collect())
    }
}
