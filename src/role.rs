//! Roles: what somebody is in a team, and which roles each kind of team has.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::names::{ParseError, ParseProblem, ParseTarget};
use crate::set::words;

/// The kind of a team: which document rules it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TeamKind {
    /// An Enterprise Team: the document of 2024. Members see every app; more is granted app by app.
    Enterprise,
    /// A Standard team, the Organization of 2014: members work on every unlocked app; only admins manage.
    Standard,
}

impl fmt::Display for TeamKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Enterprise => "Enterprise Team",
            Self::Standard => "Standard team",
        })
    }
}

/// A role that a team gives: held per user and team.
///
/// `collaborator` is none of them (MEM-3): it follows from holding permissions on single apps and cannot be given.
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
}

impl TeamRole {
    /// Every team role, the strongest first.
    pub const ALL: &'static [Self] = &[Self::Admin, Self::Member, Self::Viewer];

    /// Whether teams of this kind have the role (MEM-4, STD-1).
    #[must_use]
    pub const fn exists_in(self, kind: TeamKind) -> bool {
        matches!((self, kind), (Self::Admin | Self::Member, _) | (Self::Viewer, TeamKind::Enterprise))
    }
}

impl fmt::Display for TeamRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Role::from(*self), f)
    }
}

impl FromStr for TeamRole {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        match text {
            "admin" => Ok(Self::Admin),
            "member" => Ok(Self::Member),
            "viewer" => Ok(Self::Viewer),
            _ => Err(ParseError {
                what: ParseTarget::TeamRole,
                problem: ParseProblem::Word { at: 0, expected: "`admin`, `member`, `viewer`" },
            }),
        }
    }
}

/// What somebody is to a team: a team role, or collaborator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// As [`TeamRole::Admin`].
    Admin,
    /// As [`TeamRole::Member`].
    Member,
    /// As [`TeamRole::Viewer`].
    Viewer,
    /// Not in the team, but on at least one of its apps. Derived, never stored.
    Collaborator,
}

impl Role {
    /// Every role, the strongest first.
    pub const ALL: &'static [Self] = &[Self::Admin, Self::Member, Self::Viewer, Self::Collaborator];

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl From<TeamRole> for Role {
    fn from(role: TeamRole) -> Self {
        match role {
            TeamRole::Admin => Self::Admin,
            TeamRole::Member => Self::Member,
            TeamRole::Viewer => Self::Viewer,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Admin => "admin",
            Self::Member => "member",
            Self::Viewer => "viewer",
            Self::Collaborator => "collaborator",
        })
    }
}

/// A set of roles.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RoleSet(u8);

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

    /// The set with `role`, if it is `in_it`.
    pub(crate) const fn with(self, role: Role, in_it: bool) -> Self {
        if in_it { Self(self.0 | role.bit()) } else { self }
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
        words(f, self.iter(), " or ")
    }
}

impl fmt::Debug for RoleSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
