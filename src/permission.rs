//! Permissions on an app: four of them, held as a set per user and app.

use core::fmt;
use core::ops::BitOr;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::names::{ParseError, Problem, What};
use crate::role::words;

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

    const fn bit(self) -> u8 {
        1 << self as u8
    }
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
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct PermissionSet(u8);

impl PermissionSet {
    /// No permission.
    pub const EMPTY: Self = Self(0);
    /// `view` alone: what a member or viewer of an Enterprise Team holds on each of its apps (PERM-2).
    pub const VIEW: Self = Self::of(&[Permission::View]);
    /// `view`, `deploy` and `operate`: what people hold where no permissions are chosen (PERM-10, STD-2, STD-4).
    pub const WORK: Self = Self::of(&[Permission::View, Permission::Deploy, Permission::Operate]);
    /// All four.
    pub const ALL: Self = Self::of(Permission::ALL);

    /// The set of `permissions`.
    #[must_use]
    pub const fn of(mut permissions: &[Permission]) -> Self {
        let mut bits = 0;
        while let [first, rest @ ..] = permissions {
            bits |= first.bit();
            permissions = rest;
        }
        Self(bits)
    }

    /// Whether `permission` is in the set.
    #[must_use]
    pub const fn contains(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    /// Whether the sets have a permission in common.
    #[must_use]
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether no permission is in the set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The permissions that are in either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The permissions, in the documents' order.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.contains(*permission))
    }
}

impl From<Permission> for PermissionSet {
    fn from(permission: Permission) -> Self {
        Self(permission.bit())
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        permissions.into_iter().fold(Self::EMPTY, |set, permission| set.union(permission.into()))
    }
}

impl BitOr for Permission {
    type Output = PermissionSet;

    fn bitor(self, other: Self) -> PermissionSet {
        PermissionSet::from(self).union(other.into())
    }
}

impl BitOr<Permission> for PermissionSet {
    type Output = Self;

    fn bitor(self, other: Permission) -> Self {
        self.union(other.into())
    }
}

impl BitOr for PermissionSet {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.union(other)
    }
}

/// Reads names joined by commas, with or without spaces after them.
impl FromStr for PermissionSet {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut set = Self::EMPTY;
        let mut at = 0;
        for part in text.split(',') {
            let word = part.trim_start_matches(' ');
            at += part.len() - word.len();
            let permission = Permission::ALL.iter().find(|permission| permission.to_string() == word);
            let expected = "`view`, `deploy`, `operate`, `manage`";
            let unknown = ParseError { what: What::Permissions, problem: Problem::Word { at, expected } };
            set = set | *permission.ok_or(unknown)?;
            at += word.len() + 1;
        }
        Ok(set)
    }
}

impl fmt::Display for PermissionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        words(f, self.iter(), ", ")
    }
}

impl fmt::Debug for PermissionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// The permissions of a set as alternatives: `deploy or operate`.
pub(crate) struct AnyOf(pub(crate) PermissionSet);

impl fmt::Display for AnyOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        words(f, self.0.iter(), " or ")
    }
}

/// A list of names.
impl Serialize for PermissionSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for PermissionSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Permission>::deserialize(deserializer)?.into_iter().collect())
    }
}
