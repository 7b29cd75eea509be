use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{AppId, GroupId, SpaceId, TeamId, UserId};

/// What may carry an end: from that instant on it does not count (END-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Held {
    /// A role in a team.
    Membership {
        /// The team.
        team: TeamId,
        /// Who has it.
        user: UserId,
    },
    /// Somebody's permissions on an app; for whoever has no role in its team, their place on it.
    Grant {
        /// The app.
        app: AppId,
        /// Who holds them.
        user: UserId,
    },
    /// The permissions of a group on an app.
    GroupGrant {
        /// The app.
        app: AppId,
        /// The group.
        group: GroupId,
    },
    /// The permission to create apps in a space.
    AppCreation {
        /// The space.
        space: SpaceId,
        /// Who has it.
        user: UserId,
    },
}

impl Held {
    /// The one person who holds it; none of what a group does.
    #[must_use]
    pub const fn user(&self) -> Option<UserId> {
        match self {
            Self::Membership { user, .. } | Self::Grant { user, .. } | Self::AppCreation { user, .. } => Some(*user),
            Self::GroupGrant { .. } => None,
        }
    }
}

/// What ends, and when (END-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ending {
    /// When: from this instant on it does not count.
    pub ends_at: DateTime<Utc>,
    /// What.
    pub held: Held,
}
