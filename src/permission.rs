//! Permissions on an app: four of them, held as a set per user and app.

use core::fmt;

use crate::code::words;
use crate::names::reads;
use crate::set::{joined, set_of};

words! {
    /// A permission on an app. Not a ladder: `manage` does not contain `deploy` or `operate` (PERM-9).
    pub enum Permission {
        /// See the app.
        View "view",
        /// Work on the code and what runs it.
        Deploy "deploy",
        /// Run the app.
        Operate "operate",
        /// Change the app itself and who may do what on it.
        Manage "manage",
    }
}

reads!(Permission as Permissions, Self::WORDS);

set_of! {
    Permission as "permissions" in u8:
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
    PermissionSet
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
        joined(f, self.0.iter(), " or ")
    }
}
