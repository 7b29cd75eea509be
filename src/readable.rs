//! Texts for people. Ids in them are shown as names, as far as whoever reads may see what they name; nothing that is shown is
//! ever read for markup.

use core::fmt;
use std::borrow::Cow;

use chrono::{DateTime, SecondsFormat, Utc};

use crate::actor::ActorKind;
use crate::entity::{
    AccountPermissionSet, AddOnControls, DynoSize, Held, Mfa, Month, OAuthAccess, Owner, Payer, Shield, SignIn,
    SignInRequirement, Sso, Stage,
};
use crate::ids::{
    AccountId, AddOnId, AppId, ClientId, GroupId, InvitationId, PipelineId, RoleId, SpaceId, TeamId, TransferId, UserId,
};
use crate::name_gen::WordListError;
use crate::names::{
    AccountName, ActionName, AppName, Email, GroupName, PipelineName, PlanName, ProcessType, RoleName, ServiceName,
    SpaceName, TeamName,
};
use crate::permission::PermissionSet;
use crate::policy::{AppAction, Capability, HostActionError};
use crate::role::{Role, TeamKind, TeamRole};

/// The id of something that has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum NamedId {
    /// A user, named by the e-mail.
    User(UserId),
    /// A team.
    Team(TeamId),
    /// An app.
    App(AppId),
    /// A group.
    Group(GroupId),
    /// A role of a team's own.
    Role(RoleId),
    /// A space.
    Space(SpaceId),
    /// A pipeline.
    Pipeline(PipelineId),
    /// An Enterprise Account.
    Account(AccountId),
}

/// Whoever says how an id is shown.
pub trait Names {
    /// Writes the name, or the id where there is none to show.
    fn write(&self, id: NamedId, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

/// Shows every id as it is.
pub(crate) struct Ids;

impl Names for Ids {
    fn write(&self, id: NamedId, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match id {
            NamedId::User(user) => fmt::Display::fmt(&user, f),
            NamedId::Team(team) => fmt::Display::fmt(&team, f),
            NamedId::App(app) => fmt::Display::fmt(&app, f),
            NamedId::Group(group) => fmt::Display::fmt(&group, f),
            NamedId::Role(role) => fmt::Display::fmt(&role, f),
            NamedId::Space(space) => fmt::Display::fmt(&space, f),
            NamedId::Pipeline(pipeline) => fmt::Display::fmt(&pipeline, f),
            NamedId::Account(account) => fmt::Display::fmt(&account, f),
        }
    }
}

impl fmt::Display for NamedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ids.write(*self, f)
    }
}

/// What can be put into words.
pub trait InWords {
    /// Writes it, with these names for ids.
    fn in_words(&self, f: &mut fmt::Formatter<'_>, names: &dyn Names) -> fmt::Result;
}

/// What [`TeamStore::readable`](crate::TeamStore::readable) puts into words for a reader. This crate alone implements it.
pub trait Readable: InWords {}

/// A value with the names that it is shown with.
#[derive(Clone, Copy)]
pub(crate) struct Worded<'a>(pub(crate) &'a dyn InWords, pub(crate) &'a dyn Names);

impl fmt::Display for Worded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.in_words(f, self.1)
    }
}

impl dyn Names + '_ {
    /// The value in words.
    pub(crate) fn of<'a>(&'a self, value: &'a dyn InWords) -> Worded<'a> {
        Worded(value, self)
    }
}

impl<T: Readable + Clone> Readable for Cow<'_, T> {}

impl<T: InWords + Clone> InWords for Cow<'_, T> {
    fn in_words(&self, f: &mut fmt::Formatter<'_>, names: &dyn Names) -> fmt::Result {
        (**self).in_words(f, names)
    }
}

impl<T: InWords + ?Sized> InWords for Box<T> {
    fn in_words(&self, f: &mut fmt::Formatter<'_>, names: &dyn Names) -> fmt::Result {
        (**self).in_words(f, names)
    }
}

macro_rules! named {
    ($($id:ident $variant:ident)+) => {$(
        impl Readable for $id {}

        impl From<$id> for NamedId {
            fn from(id: $id) -> Self {
                Self::$variant(id)
            }
        }

        impl InWords for $id {
            fn in_words(&self, f: &mut fmt::Formatter<'_>, names: &dyn Names) -> fmt::Result {
                names.write(NamedId::$variant(*self), f)
            }
        }
    )+};
}

named! {
    UserId User
    TeamId Team
    AppId App
    GroupId Group
    RoleId Role
    SpaceId Space
    PipelineId Pipeline
    AccountId Account
}

/// What holds nothing that has a name.
macro_rules! plain {
    ($($type:ident)+) => {$(
        impl InWords for $type {
            fn in_words(&self, f: &mut fmt::Formatter<'_>, _: &dyn Names) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    )+};
}

plain! {
    u16 u32 u64 i64 usize
    AddOnId InvitationId TransferId ClientId
    Email TeamName ActionName AppName GroupName RoleName SpaceName PipelineName AccountName ServiceName PlanName ProcessType
    Role Capability AppAction PermissionSet AccountPermissionSet
    Stage DynoSize Month WordListError HostActionError
}

/// The word of a built-in role, the name of one of the team's own.
impl InWords for TeamRole {
    fn in_words(&self, f: &mut fmt::Formatter<'_>, names: &dyn Names) -> fmt::Result {
        match self {
            Self::Admin | Self::Member | Self::Viewer => f.write_str(self.code()),
            Self::Custom(role) => write!(f, "`{}`", names.of(role)),
        }
    }
}

macro_rules! settings {
    ($($type:ident { $($variant:ident $words:literal)+ })+) => {$(
        impl InWords for $type {
            fn in_words(&self, f: &mut fmt::Formatter<'_>, _: &dyn Names) -> fmt::Result {
                f.write_str(match self {$(Self::$variant => $words),+})
            }
        }
    )+};
}

settings! {
    TeamKind { Enterprise "Enterprise Team" Standard "Standard team" }
    Mfa { Enrolled "enrolled in MFA" NotEnrolled "not enrolled in MFA" }
    SignIn { Password "with a password" Sso "through single sign-on" }
    Sso { NotConfigured "not configured" Disabled "disabled" Enabled "enabled" }
    OAuthAccess { Allowed "allowed" Denied "denied" }
    SignInRequirement { Nothing "nothing" MfaOrSso "MFA or single sign-on" }
    AddOnControls { Off "off" On "on" }
    Shield { Off "off" On "on" }
}

/// What a host may have put into words; `Display` shows ids as they are.
macro_rules! readable {
    ($($type:ident)+) => {$(
        impl $crate::readable::Readable for $type {}

        impl core::fmt::Display for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                $crate::readable::InWords::in_words(self, f, &$crate::readable::Ids)
            }
        }
    )+};
}
pub(crate) use readable;

readable! { ActorKind Held Owner Payer }

impl InWords for ActorKind {
    fn in_words(&self, f: &mut fmt::Formatter<'_>, names: &dyn Names) -> fmt::Result {
        match self {
            Self::User(user) => write!(f, "user `{}`", names.of(user)),
            Self::OAuth { user, client } => write!(f, "user `{}` through client `{client}`", names.of(user)),
            Self::Operator => f.write_str("the platform operator"),
        }
    }
}

impl InWords for Owner {
    fn in_words(&self, f: &mut fmt::Formatter<'_>, names: &dyn Names) -> fmt::Result {
        match self {
            Self::User(user) => write!(f, "user `{}`", names.of(user)),
            Self::Team(team) => write!(f, "team `{}`", names.of(team)),
        }
    }
}

impl InWords for Held {
    fn in_words(&self, f: &mut fmt::Formatter<'_>, names: &dyn Names) -> fmt::Result {
        match self {
            Self::Membership { team, user } => {
                write!(f, "the membership of user `{}` in team `{}`", names.of(user), names.of(team))
            }
            Self::Grant { app, user } => {
                write!(f, "the permissions of user `{}` on app `{}`", names.of(user), names.of(app))
            }
            Self::GroupGrant { app, group } => {
                write!(f, "the permissions of group `{}` on app `{}`", names.of(group), names.of(app))
            }
            Self::AppCreation { space, user } => {
                let (user, space) = (names.of(user), names.of(space));
                write!(f, "the permission of user `{user}` to create apps in space `{space}`")
            }
        }
    }
}

/// As `2026-12-31T12:00:00Z`.
impl InWords for DateTime<Utc> {
    fn in_words(&self, f: &mut fmt::Formatter<'_>, _: &dyn Names) -> fmt::Result {
        f.write_str(&self.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl InWords for Payer {
    fn in_words(&self, f: &mut fmt::Formatter<'_>, names: &dyn Names) -> fmt::Result {
        match self {
            Self::User(user) => write!(f, "user `{}`", names.of(user)),
            Self::Team(team) => write!(f, "team `{}`", names.of(team)),
            Self::Account(account) => write!(f, "account `{}`", names.of(account)),
        }
    }
}
