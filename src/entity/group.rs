use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{GroupId, TeamId};
use crate::names::GroupName;

/// A group of people in an Enterprise Team, to whom permissions on its apps are granted together (GRP-1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub(crate) id: GroupId,
    pub(crate) name: GroupName,
    pub(crate) team: TeamId,
    pub(crate) created_at: DateTime<Utc>,
}

impl Group {
    /// The id.
    #[must_use]
    pub const fn id(&self) -> GroupId {
        self.id
    }

    /// The name; no two groups of a team have the same.
    #[must_use]
    pub const fn name(&self) -> GroupName {
        self.name
    }

    /// The team that it is in, for good.
    #[must_use]
    pub const fn team(&self) -> TeamId {
        self.team
    }

    /// When it was made.
    #[must_use]
    pub const fn created_at(&self) -> DateTime<Utc> {
        self.created_at
    }
}
