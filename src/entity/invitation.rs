use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::actor::ActorKind;
use crate::ids::{InvitationId, TeamId};
use crate::names::Email;
use crate::role::TeamRole;

/// A pending invitation of an e-mail into a team (INV-1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invitation {
    pub(crate) id: InvitationId,
    pub(crate) team: TeamId,
    pub(crate) email: Email,
    pub(crate) role: Option<TeamRole>,
    pub(crate) invited_by: ActorKind,
    pub(crate) invited_at: DateTime<Utc>,
    pub(crate) expires_at: DateTime<Utc>,
}

impl Invitation {
    /// The id.
    #[must_use]
    pub const fn id(&self) -> InvitationId {
        self.id
    }

    /// The team.
    #[must_use]
    pub const fn team(&self) -> TeamId {
        self.team
    }

    /// Whom it is for; a user with this e-mail need not exist yet (INV-4).
    #[must_use]
    pub const fn email(&self) -> &Email {
        &self.email
    }

    /// The role that acceptance gives; `None` is the team's default role, as it is then (INV-6).
    #[must_use]
    pub const fn role(&self) -> Option<TeamRole> {
        self.role
    }

    /// The role that acceptance gives while this is the default role.
    pub(crate) fn role_by(&self, default_role: TeamRole) -> TeamRole {
        self.role.unwrap_or(default_role)
    }

    /// Who sent it last. It belongs to the team and stays when they leave, but that it makes an admin ends with them (INV-3).
    #[must_use]
    pub const fn invited_by(&self) -> ActorKind {
        self.invited_by
    }

    /// When it was sent last.
    #[must_use]
    pub const fn invited_at(&self) -> DateTime<Utc> {
        self.invited_at
    }

    /// The first instant at which it can no longer be accepted (INV-3).
    #[must_use]
    pub const fn expires_at(&self) -> DateTime<Utc> {
        self.expires_at
    }

    /// Whether it can be accepted at `now`.
    #[must_use]
    pub fn is_pending_at(&self, now: DateTime<Utc>) -> bool {
        now < self.expires_at
    }
}
