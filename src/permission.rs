//! Permissions on an app: four of them, held as a set per user and app.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::set::{set_of, words};

/// A permission on an app. Not a ladder: `manage` does not contain `deploy` or `operate` (PERM-9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Permission {
    /// See the app.
    View,
    /// Work on the code and what runs it.
    Deploy,
    /// Run the app.
    Operate,
    /// Change the app itself and who may do what on it.
    Manage,
}

impl Permission {
    /// Every permission, in the documents' order.
    pub const ALL: &'static [Self] = &[Self::View, Self::Deploy, Self::Operate, Self::Manage];
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::View => "view",
            Self::Deploy => "deploy",
            Self::Operate => "operate",
            Self::Manage => "manage",
        })
    }
}

set_of! {
    Permission:
    /// A set of permissions, one byte.
    ///
    /// ```
    /// use enterprise_teams::{Permission, PermissionSet};
    ///
    /// let set = Permission::Deploy | Permission::Operate;
    /// assert!(set.contains(Permission::Deploy));
    /// assert!(!set.contains(Permission::Manage));
    /// assert_eq!("deploy,operate".parse(), Ok(set));
    /// assert_eq!(set.to_string(), "deploy, operate");
    /// ```
    PermissionSet, Permissions of "`view`, `deploy`, `operate`, `manage`"
}

impl PermissionSet {
    /// No permission.
    pub const EMPTY: Self = Self::of(&[]);
    /// `view` alone: what a member or viewer of an Enterprise Team holds on each of its apps (PERM-2).
    pub const VIEW: Self = Self::of(&[Permission::View]);
    /// `view`, `deploy` and `operate`: what people hold where no permissions are chosen (PERM-10, STD-2, STD-4).
    pub const WORK: Self = Self::of(&[Permission::View, Permission::Deploy, Permission::Operate]);
    /// All four.
    pub const ALL: Self = Self::of(Permission::ALL);
}

/// The permissions of a set as alternatives: `deploy or operate`.
pub(crate) struct AnyOf(pub(crate) PermissionSet);

impl fmt::Display for AnyOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        words(f, self.0.iter(), " or ")
    }
}
