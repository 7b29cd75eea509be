//! Roles: what somebody is in a team, and which roles each kind of team has.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::code::words;
use crate::ids::RoleId;
use crate::names::{ParseError, ParseProblem, ParseTarget};
use crate::set::joined;

words! {
    /// The kind of a team: which document rules it.
    pub enum TeamKind {
        /// An Enterprise Team: the document of 2024. Members see every app; more is granted app by app.
        Enterprise "enterprise",
        /// A Standard team, the Organization of 2014: members work on every unlocked app; only admins manage.
        Standard "standard",
    }
}

impl TeamKind {
    /// What such a team is called: `Enterprise Team`, `Standard team`.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Enterprise => "Enterprise Team",
            Self::Standard => "Standard team",
        }
    }
}

/// A role that a team gives: held per user and team. Three are built in; an Enterprise Team has more of its own (ROLE-1).
///
/// `collaborator` is none of them (MEM-3): it follows from holding permissions on single apps and cannot be given.
///
/// As a text, and as a serde value, a built-in role is its word. One of the team's own is known by its id: `{"custom": ID}`.
///
/// ```
/// use enterprise_teams::TeamRole;
///
/// assert_eq!("viewer".parse(), Ok(TeamRole::Viewer));
/// assert!("collaborator".parse::<TeamRole>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TeamRole {
    /// Controls membership, sees billing, may do anything to every app of the team.
    Admin,
    /// Sees every app, creates apps, is granted more app by app (Enterprise) or works on all of them (Standard).
    Member,
    /// Sees apps, users and resources; exists in Enterprise Teams only (MEM-4).
    Viewer,
    /// A role of the team's own, in Enterprise Teams only: what it holds, its admins have said
    /// ([`CustomRole`](crate::policy::CustomRole)).
    Custom(RoleId),
}

impl TeamRole {
    /// The roles that need no definition, the strongest first.
    pub const BUILT_IN: &'static [Self] = &[Self::Admin, Self::Member, Self::Viewer];

    /// The word of the role: `admin`, `member`, `viewer`; `custom` for one of the team's own.
    #[must_use]
    pub const fn code(self) -> &'static str {
        Role::of(self).code()
    }

    /// Whether teams of this kind have the role (MEM-4, STD-1, ROLE-1).
    #[must_use]
    pub const fn exists_in(self, kind: TeamKind) -> bool {
        Role::of(self).exists_in(kind)
    }
}

/// Reads the word of a built-in role.
impl FromStr for TeamRole {
    type Err = ParseError;

    fn from_str(word: &str) -> Result<Self, ParseError> {
        let problem = ParseProblem::Word { at: 0, expected: "`admin`, `member`, `viewer`" };
        let found = Self::BUILT_IN.iter().copied().find(|role| role.code() == word);
        found.ok_or(ParseError { what: ParseTarget::TeamRole, problem })
    }
}

/// The word of a built-in role, the id of one of the team's own.
impl fmt::Display for TeamRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Admin | Self::Member | Self::Viewer => f.pad(self.code()),
            Self::Custom(role) => write!(f, "`{role}`"),
        }
    }
}

words! {
    /// What somebody is to a team: a team role, or collaborator. The strongest first, of those that are built in.
    pub enum Role {
        /// As [`TeamRole::Admin`].
        Admin "admin",
        /// As [`TeamRole::Member`].
        Member "member",
        /// As [`TeamRole::Viewer`].
        Viewer "viewer",
        /// As [`TeamRole::Custom`], whichever of the team's own it is.
        Custom "custom",
        /// Not in the team, but on at least one of its apps. Derived, never stored.
        Collaborator "collaborator",
    }
}

impl Role {
    /// Those who are in the team.
    pub(crate) const IN_TEAM: &'static [Self] = &[Self::Admin, Self::Member, Self::Viewer, Self::Custom];

    const fn bit(self) -> u8 {
        1 << self as u8
    }

    const fn of(role: TeamRole) -> Self {
        match role {
            TeamRole::Admin => Self::Admin,
            TeamRole::Member => Self::Member,
            TeamRole::Viewer => Self::Viewer,
            TeamRole::Custom(_) => Self::Custom,
        }
    }

    /// Whether somebody in a team of this kind can be that (MEM-4, STD-1, ROLE-1).
    pub(crate) const fn exists_in(self, kind: TeamKind) -> bool {
        match (self, kind) {
            (Self::Admin | Self::Member | Self::Collaborator, TeamKind::Enterprise | TeamKind::Standard) => true,
            (Self::Viewer | Self::Custom, TeamKind::Enterprise) => true,
            (Self::Viewer | Self::Custom, TeamKind::Standard) => false,
        }
    }
}

impl From<TeamRole> for Role {
    fn from(role: TeamRole) -> Self {
        Self::of(role)
    }
}

/// A set of roles.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RoleSet(u8);

const _: () = assert!(Role::ALL.len() <= u8::BITS as usize);

impl RoleSet {
    /// The set without a role.
    pub const EMPTY: Self = Self(0);

    /// The set of `roles`.
    #[must_use]
    pub const fn of(mut roles: &[Role]) -> Self {
        let mut bits = 0;
        while let [first, rest @ ..] = roles {
            bits |= first.bit();
            roles = rest;
        }
        Self(bits)
    }

    /// The set with `role`, or without it.
    pub(crate) const fn with(self, role: Role, in_it: bool) -> Self {
        Self(if in_it { self.0 | role.bit() } else { self.0 & !role.bit() })
    }

    /// Whether `role` is in the set.
    #[must_use]
    #[inline]
    pub const fn contains(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }

    /// The roles, the strongest first.
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.iter().copied().filter(move |role| self.contains(*role))
    }
}

/// The roles in words: `admin or member`.
impl fmt::Display for RoleSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        joined(f, self.iter(), " or ")
    }
}

impl fmt::Debug for RoleSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
