//! Roles: what somebody is in a team, and which roles each kind of team has.

use core::fmt;

use crate::code::words;
use crate::names::reads;
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

words! {
    /// A role that a team gives: held per user and team. The strongest first.
    ///
    /// `collaborator` is none of them (MEM-3): it follows from holding permissions on single apps and cannot be given.
    ///
    /// ```
    /// use enterprise_teams::TeamRole;
    ///
    /// assert_eq!("viewer".parse(), Ok(TeamRole::Viewer));
    /// assert!("collaborator".parse::<TeamRole>().is_err());
    /// ```
    pub enum TeamRole {
        /// Controls membership, sees billing, may do anything to every app of the team.
        Admin "admin",
        /// Sees every app, creates apps, is granted more app by app (Enterprise) or works on all of them (Standard).
        Member "member",
        /// Sees apps, users and resources; exists in Enterprise Teams only (MEM-4).
        Viewer "viewer",
    }
}

reads!(TeamRole as TeamRole, Self::WORDS);

impl TeamRole {
    /// Whether teams of this kind have the role (MEM-4, STD-1).
    #[must_use]
    pub const fn exists_in(self, kind: TeamKind) -> bool {
        match (self, kind) {
            (Self::Admin | Self::Member, TeamKind::Enterprise | TeamKind::Standard) => true,
            (Self::Viewer, TeamKind::Enterprise) => true,
            (Self::Viewer, TeamKind::Standard) => false,
        }
    }
}

words! {
    /// What somebody is to a team: a team role, or collaborator. The strongest first.
    pub enum Role {
        /// As [`TeamRole::Admin`].
        Admin "admin",
        /// As [`TeamRole::Member`].
        Member "member",
        /// As [`TeamRole::Viewer`].
        Viewer "viewer",
        /// Not in the team, but on at least one of its apps. Derived, never stored.
        Collaborator "collaborator",
    }
}

impl Role {
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
