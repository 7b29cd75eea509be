use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Labels;
use crate::code::words;
use crate::ids::{SpaceId, TeamId};
use crate::names::SpaceName;

/// A Private Space: belongs to one Enterprise Team and holds apps of that team (SPC-1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Space {
    pub(crate) id: SpaceId,
    pub(crate) name: SpaceName,
    pub(crate) team: TeamId,
    pub(crate) shield: Shield,
    pub(crate) team_since: DateTime<Utc>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) changed_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub(crate) labels: Labels,
}

impl Space {
    /// The id.
    #[must_use]
    pub const fn id(&self) -> SpaceId {
        self.id
    }

    /// The name; no two spaces have the same.
    #[must_use]
    pub const fn name(&self) -> SpaceName {
        self.name
    }

    /// The team that it belongs to.
    #[must_use]
    pub const fn team(&self) -> TeamId {
        self.team
    }

    /// Since when it belongs to the team (SPC-7).
    #[must_use]
    pub const fn team_since(&self) -> DateTime<Utc> {
        self.team_since
    }

    /// Whether it is a Shield Space.
    #[must_use]
    pub const fn shield(&self) -> Shield {
        self.shield
    }

    /// When it was created.
    #[must_use]
    pub const fn created_at(&self) -> DateTime<Utc> {
        self.created_at
    }

    /// When its name, its team or its labels last changed. What is in it, and who may create apps there, are not its own.
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
    /// Whether a space is a Shield Space, which costs more (SPC-4).
    pub enum Shield {
        /// A Private Space.
        Off "off",
        /// A Shield Space.
        On "on",
    }
}

impl Shield {
    /// The price of a month in cents of add-on credits: 1,000 dollars, 3,000 with shield (SPC-4).
    #[must_use]
    pub const fn price(self) -> u32 {
        match self {
            Self::Off => 100_000,
            Self::On => 300_000,
        }
    }
}

/// A space to be created (SPC-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewSpace {
    pub(crate) team: TeamId,
    pub(crate) name: SpaceName,
    pub(crate) shield: Shield,
}

impl NewSpace {
    /// A Private Space of this team.
    #[must_use]
    pub const fn new(team: TeamId, name: SpaceName) -> Self {
        Self { team, name, shield: Shield::Off }
    }

    /// As a Shield Space.
    #[must_use]
    pub const fn shielded(mut self) -> Self {
        self.shield = Shield::On;
        self
    }
}
