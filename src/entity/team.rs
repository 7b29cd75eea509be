use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{AddOnControls, Labels, Sso};
use crate::code::words;
use crate::ids::{AccountId, TeamId, UserId};
use crate::names::TeamName;
use crate::role::{TeamKind, TeamRole};

/// A team: owns apps and gives roles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Team {
    pub(crate) id: TeamId,
    pub(crate) name: TeamName,
    pub(crate) kind: TeamKind,
    pub(crate) limits: Limits,
    pub(crate) default_role: TeamRole,
    pub(crate) oauth_access: OAuthAccess,
    pub(crate) sign_in_requirement: SignInRequirement,
    pub(crate) sso: Sso,
    pub(crate) add_on_controls: AddOnControls,
    pub(crate) deletion_requested_at: Option<DateTime<Utc>>,
    pub(crate) account: Option<AccountId>,
    pub(crate) move_out_requested_at: Option<DateTime<Utc>>,
    pub(crate) provisioned_at: DateTime<Utc>,
    pub(crate) changed_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub(crate) labels: Labels,
}

impl Team {
    /// The id.
    #[must_use]
    pub const fn id(&self) -> TeamId {
        self.id
    }

    /// The name; no two teams have the same (TEAM-3).
    #[must_use]
    pub const fn name(&self) -> TeamName {
        self.name
    }

    /// The kind: which document rules it.
    #[must_use]
    pub const fn kind(&self) -> TeamKind {
        self.kind
    }

    /// What it may hold (TEAM-5, TEAM-6).
    #[must_use]
    pub const fn limits(&self) -> Limits {
        self.limits
    }

    /// The role that a new user gets when none is named (TEAM-7).
    #[must_use]
    pub const fn default_role(&self) -> TeamRole {
        self.default_role
    }

    /// Whether third-party OAuth clients reach what the team owns (SEC-1).
    #[must_use]
    pub const fn oauth_access(&self) -> OAuthAccess {
        self.oauth_access
    }

    /// What everybody in the team or on one of its apps needs to reach what it owns (SEC-5).
    #[must_use]
    pub const fn sign_in_requirement(&self) -> SignInRequirement {
        self.sign_in_requirement
    }

    /// How far single sign-on is set up (SEC-2).
    #[must_use]
    pub const fn sso(&self) -> Sso {
        self.sso
    }

    /// Whether only allow-listed add-ons can be installed (RES-3).
    #[must_use]
    pub const fn add_on_controls(&self) -> AddOnControls {
        self.add_on_controls
    }

    /// When an admin asked for the team's deletion, if one did and nobody withdrew it (TEAM-8).
    #[must_use]
    pub const fn deletion_requested_at(&self) -> Option<DateTime<Utc>> {
        self.deletion_requested_at
    }

    /// The Enterprise Account that it is in, if it is in one (ENT-2).
    #[must_use]
    pub const fn account(&self) -> Option<AccountId> {
        self.account
    }

    /// When an admin asked to move the team out of its account, if one did and nobody withdrew it (ENT-5).
    #[must_use]
    pub const fn move_out_requested_at(&self) -> Option<DateTime<Utc>> {
        self.move_out_requested_at
    }

    /// When it was provisioned.
    #[must_use]
    pub const fn provisioned_at(&self) -> DateTime<Utc> {
        self.provisioned_at
    }

    /// When it last changed in what it says here of itself: its name, kind, limits, account or labels, a setting, a request that came
    /// or went. Its people, its identity provider, the add-ons that it allows and how it pays are not its own: whoever sees the team
    /// need not see them.
    #[must_use]
    pub const fn changed_at(&self) -> DateTime<Utc> {
        self.changed_at
    }

    /// Its labels (LAB-1).
    #[must_use]
    pub const fn labels(&self) -> &Labels {
        &self.labels
    }
}

words! {
    /// Whether third-party OAuth clients reach what a team owns (SEC-1).
    pub enum OAuthAccess {
        /// They do.
        Allowed "allowed",
        /// They do not; clients of the platform itself go on working.
        Denied "denied",
    }
}

words! {
    /// What somebody needs to reach what a team owns, or what there is altogether (SEC-5).
    #[derive(Default)]
    pub enum SignInRequirement {
        /// Nothing: a password will do.
        #[default]
        Nothing "nothing",
        /// MFA or single sign-on, by the user's [status](crate::User::sign_in_status).
        MfaOrSso "mfa-or-sso",
    }
}

words! {
    /// What becomes of what would exceed a limit on dyno units or add-on credits, as the provisioner chose (TEAM-6).
    #[derive(Default)]
    pub enum OnExcess {
        /// It is shown as exceeded: our choice where nobody chose.
        #[default]
        Shown "shown",
        /// It is refused.
        Refused "refused",
    }
}

/// What a team may hold, given at provisioning (TEAM-5, TEAM-6). `None` is without limit.
///
/// Limits on dyno units and credits are asked of the monthly rate: what runs and is installed, priced for a full month, and what the
/// call adds. A limit is asked only for what a call adds: a team that is over it may still scale down.
///
/// ```
/// use enterprise_teams::entity::Limits;
///
/// let package = Limits { apps: Some(50), ..Limits::ENTERPRISE };
/// assert_eq!(package.members, 500);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// People with a team role; pending invitations count, collaborators do not.
    pub members: u32,
    /// Apps.
    pub apps: Option<u32>,
    /// Spaces.
    pub spaces: Option<u32>,
    /// Dyno units a month.
    pub dyno_units: Option<u32>,
    /// Add-on credits a month, in cents.
    pub add_on_credits: Option<u64>,
    /// What becomes of what would exceed the last two.
    pub on_excess: OnExcess,
}

impl Limits {
    /// An Enterprise Team without a special package: 500 members.
    pub const ENTERPRISE: Self = Self {
        members: 500,
        apps: None,
        spaces: None,
        dyno_units: None,
        add_on_credits: None,
        on_excess: OnExcess::Shown,
    };
    /// A Standard team without a special package: 25 members.
    pub const STANDARD: Self = Self { members: 25, ..Self::ENTERPRISE };

    /// The limits of a team of this kind without a special package.
    #[must_use]
    pub const fn of(kind: TeamKind) -> Self {
        match kind {
            TeamKind::Enterprise => Self::ENTERPRISE,
            TeamKind::Standard => Self::STANDARD,
        }
    }
}

/// A team to be provisioned (TEAM-1).
///
/// ```
/// use enterprise_teams::{NewTeam, UserId, entity::Limits};
///
/// # fn of(ada: UserId) -> Result<NewTeam, enterprise_teams::ParseError> {
/// let acme = NewTeam::enterprise("acme-widgets".parse()?, ada)
///     .limits(Limits { apps: Some(50), ..Limits::ENTERPRISE });
/// # Ok(acme) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTeam {
    pub(crate) name: TeamName,
    pub(crate) kind: TeamKind,
    pub(crate) admin: UserId,
    pub(crate) limits: Limits,
    pub(crate) account: Option<AccountId>,
}

impl NewTeam {
    /// An Enterprise Team with its first admin, and the usual limits.
    #[must_use]
    pub const fn enterprise(name: TeamName, admin: UserId) -> Self {
        Self { name, kind: TeamKind::Enterprise, admin, limits: Limits::ENTERPRISE, account: None }
    }

    /// A Standard team with its first admin, and the usual limits.
    #[must_use]
    pub const fn standard(name: TeamName, admin: UserId) -> Self {
        Self { name, kind: TeamKind::Standard, admin, limits: Limits::STANDARD, account: None }
    }

    /// With these limits.
    #[must_use]
    pub const fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// In this Enterprise Account (ENT-6).
    #[must_use]
    pub const fn in_account(mut self, account: AccountId) -> Self {
        self.account = Some(account);
        self
    }
}
