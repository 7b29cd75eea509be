use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::code::words;
use crate::ids::AccountId;
use crate::names::AccountName;
use crate::names::reads;
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

words! {
    /// A permission in an Enterprise Account (ENT-1, ENT-2).
    pub enum AccountPermission {
        /// See the account, its teams and their people; in every set.
        View "view",
        /// Create, rename and delete its teams.
        Create "create",
        /// Manage its members, and transfer spaces between its teams.
        Manage "manage",
        /// See the usage of all its teams.
        Billing "billing",
    }
}

reads!(AccountPermission as AccountPermissions, Self::WORDS);

set_of! {
    AccountPermission as "permissions" in u8:
    /// A set of permissions in an Enterprise Account.
    ///
    /// ```
    /// use enterprise_teams::entity::{AccountPermission, AccountPermissionSet};
    ///
    /// let set: AccountPermissionSet = "view,create".parse()?;
    /// assert_eq!(set, AccountPermission::View | AccountPermission::Create);
    /// assert_eq!(set.to_string(), "view, create");
    /// # Ok::<(), enterprise_teams::ParseError>(())
    /// ```
    AccountPermissionSet
}

impl AccountPermissionSet {
    /// `view` alone, which is in every set that is held.
    pub const VIEW: Self = Self::of(&[AccountPermission::View]);
    /// All four.
    pub const ALL: Self = Self::of(AccountPermission::ALL);
}
