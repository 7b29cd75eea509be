//! What a refusal lists.

use core::fmt;

use serde::Serialize;

use super::Error;
use crate::ids::{AppId, GroupId, InvitationId, PipelineId, RoleId, SpaceId, UserId};
use crate::readable::{Ids, InWords, Names, readable};

/// How many entries a [`Truncated`] names at most.
pub const TRUNCATED_MAX: usize = 100;

/// A list in an error: the first [`TRUNCATED_MAX`] entries in a stable order, and how many there are in all. A refused bulk
/// transfer lists every app (TRF-9); its message names the first [`TRUNCATED_MAX`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Truncated<T> {
    /// The entries.
    pub shown: Vec<T>,
    /// How many there are, shown or not.
    pub total: usize,
}

impl<T> Truncated<T> {
    /// Keeps the first [`TRUNCATED_MAX`] of `items`, and their number.
    pub(crate) fn of(items: impl IntoIterator<Item = T>) -> Self {
        let mut items = items.into_iter();
        let shown: Vec<T> = items.by_ref().take(TRUNCATED_MAX).collect();
        let total = shown.len() + items.count();
        Self { shown, total }
    }

    /// Keeps all of `items`.
    pub(crate) fn all(items: Vec<T>) -> Self {
        Self { total: items.len(), shown: items }
    }
}

impl<T> Default for Truncated<T> {
    fn default() -> Self {
        Self { shown: Vec::new(), total: 0 }
    }
}

/// The entries in backticks.
impl<T: InWords> InWords for Truncated<T> {
    fn in_words(&self, f: &mut fmt::Formatter<'_>, names: &dyn Names) -> fmt::Result {
        for (index, entry) in self.shown.iter().enumerate() {
            write!(f, "{}`{}`", if index == 0 { "" } else { ", " }, names.of(entry))?;
        }
        match self.total.saturating_sub(self.shown.len()) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

/// The refusals, app by app.
impl InWords for Truncated<(AppId, Error)> {
    fn in_words(&self, f: &mut fmt::Formatter<'_>, names: &dyn Names) -> fmt::Result {
        for (index, (app, error)) in self.shown.iter().take(TRUNCATED_MAX).enumerate() {
            write!(f, "{}`{}`: {}", if index == 0 { "" } else { "; " }, names.of(app), names.of(error))?;
        }
        match self.total.saturating_sub(TRUNCATED_MAX) {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

impl<T> fmt::Display for Truncated<T>
where
    Self: InWords,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.in_words(f, &Ids)
    }
}

/// What somebody who is to be deleted still has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Remaining {
    /// The apps, by name.
    pub apps: Truncated<AppId>,
    /// The spaces, by name.
    pub spaces: Truncated<SpaceId>,
    /// The pipelines, by name.
    pub pipelines: Truncated<PipelineId>,
}

impl Remaining {
    pub(crate) fn is_empty(&self) -> bool {
        self.apps.total + self.spaces.total + self.pipelines.total == 0
    }
}

readable! { Remaining Blockers RoleUses }

impl InWords for Remaining {
    fn in_words(&self, f: &mut fmt::Formatter<'_>, names: &dyn Names) -> fmt::Result {
        let mut parts = Parts { f, names, first: true };
        parts.list("apps", &self.apps)?;
        parts.list("spaces", &self.spaces)?;
        parts.list("pipelines", &self.pipelines)
    }
}

/// Where a role of a team's own is in use (ROLE-2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RoleUses {
    /// Who has it, by e-mail.
    pub members: Truncated<UserId>,
    /// The invitations that give it, by e-mail.
    pub invitations: Truncated<InvitationId>,
    /// Whether it is the team's default role.
    pub is_default: bool,
}

impl RoleUses {
    pub(crate) fn is_empty(&self) -> bool {
        self.members.total + self.invitations.total == 0 && !self.is_default
    }
}

impl InWords for RoleUses {
    fn in_words(&self, f: &mut fmt::Formatter<'_>, names: &dyn Names) -> fmt::Result {
        let mut parts = Parts { f, names, first: true };
        parts.list("members", &self.members)?;
        parts.list("invitations", &self.invitations)?;
        if self.is_default { parts.write(format_args!("the default role")) } else { Ok(()) }
    }
}

/// What keeps an Enterprise Team from becoming a Standard team (ENT-5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Blockers {
    /// Its spaces, by name.
    pub spaces: Truncated<SpaceId>,
    /// Its groups, by name.
    pub groups: Truncated<GroupId>,
    /// Its roles of its own, by name.
    pub roles: Truncated<RoleId>,
    /// Its viewers, by e-mail.
    pub viewers: Truncated<UserId>,
    /// The pending invitations of viewers, by e-mail.
    pub invited_viewers: Truncated<InvitationId>,
    /// How many members it has, pending invitations counted, if those are too many: and how many a Standard team may have.
    pub members: Option<(u64, u32)>,
}

impl Blockers {
    pub(crate) fn is_empty(&self) -> bool {
        self.spaces.total + self.groups.total + self.roles.total + self.viewers.total + self.invited_viewers.total == 0
            && self.members.is_none()
    }
}

impl InWords for Blockers {
    fn in_words(&self, f: &mut fmt::Formatter<'_>, names: &dyn Names) -> fmt::Result {
        let mut parts = Parts { f, names, first: true };
        parts.list("spaces", &self.spaces)?;
        parts.list("groups", &self.groups)?;
        parts.list("roles", &self.roles)?;
        parts.list("viewers", &self.viewers)?;
        parts.list("invitations of viewers", &self.invited_viewers)?;
        match self.members {
            Some((actual, limit)) => parts.write(format_args!("{actual} members where {limit} may be")),
            None => Ok(()),
        }
    }
}

/// Writes the parts of a message that are there, with semicolons between.
struct Parts<'a, 'f> {
    f: &'a mut fmt::Formatter<'f>,
    names: &'a dyn Names,
    first: bool,
}

impl Parts<'_, '_> {
    fn list<T: InWords>(&mut self, what: &str, list: &Truncated<T>) -> fmt::Result {
        if list.total == 0 { Ok(()) } else { self.write(format_args!("{what}: {}", self.names.of(list))) }
    }

    fn write(&mut self, part: fmt::Arguments<'_>) -> fmt::Result {
        self.f.write_str(if self.first { "" } else { "; " })?;
        self.first = false;
        self.f.write_fmt(part)
    }
}
