use core::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::AccountId;
use crate::names::AccountName;
use crate::set::set_of;

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
}

impl fmt::Display for AccountPermission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::View => "view",
            Self::Create => "create",
            Self::Manage => "manage",
            Self::Billing => "billing",
        })
    }
}

set_of! {
    AccountPermission:
    /// A set of permissions in an Enterprise Account.
    ///
    /// ```
    /// use enterprise_teams::{AccountPermission, AccountPermissionSet};
    ///
    /// let set: AccountPermissionSet = "view,create".parse()?;
    /// assert_eq!(set, AccountPermission::View | AccountPermission::Create);
    /// assert_eq!(set.to_string(), "view, create");
    /// # Ok::<(), enterprise_teams::ParseError>(())
    /// ```
    AccountPermissionSet, AccountPermissions of "`view`, `create`, `manage`, `billing`"
}

impl AccountPermissionSet {
    /// `view` alone, which is in every set that is held.
    pub const VIEW: Self = Self::of(&[AccountPermission::View]);
    /// All four.
    pub const ALL: Self = Self::of(AccountPermission::ALL);
}
