use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Labels, Owner, Times};
use crate::code::words;
use crate::ids::{AppId, PipelineId};
use crate::names::{AppName, PipelineName, reads};

/// A pipeline: groups apps of one owner in stages (PIPE-1, PIPE-3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pipeline {
    pub(crate) id: PipelineId,
    pub(crate) name: PipelineName,
    pub(crate) owner: Owner,
    pub(crate) number: u64,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) changed_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub(crate) labels: Labels,
}

impl Pipeline {
    /// The id.
    #[must_use]
    pub const fn id(&self) -> PipelineId {
        self.id
    }

    /// The name; other pipelines may have the same.
    #[must_use]
    pub const fn name(&self) -> PipelineName {
        self.name
    }

    /// The one owner, who owns all its apps (PIPE-4).
    #[must_use]
    pub const fn owner(&self) -> Owner {
        self.owner
    }

    /// The number of the event that created it: a later pipeline has a higher one.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// When it was created.
    #[must_use]
    pub const fn created_at(&self) -> DateTime<Utc> {
        self.created_at
    }

    /// When its name, its owner or its labels last changed. Its apps are not its own: whoever sees the pipeline need not see each of
    /// them, and each has [times](Coupling::times) in it.
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
    /// A stage of a pipeline, in order.
    pub enum Stage {
        /// Review apps.
        Review "review",
        /// Test apps.
        Test "test",
        /// Development.
        Development "development",
        /// Staging.
        Staging "staging",
        /// Production.
        Production "production",
    }
}

reads!(Stage as Stage, Self::WORDS);

impl Stage {
    /// The stage to which an app of this one is promoted when no targets are chosen (PIPE-7).
    #[must_use]
    pub const fn next(self) -> Option<Self> {
        match self {
            Self::Development => Some(Self::Staging),
            Self::Staging => Some(Self::Production),
            Self::Review | Self::Test | Self::Production => None,
        }
    }
}

/// The place of an app in a pipeline: one pipeline, one stage (PIPE-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coupling {
    /// The pipeline.
    pub pipeline: PipelineId,
    /// The app.
    pub app: AppId,
    /// The stage.
    pub stage: Stage,
    /// Since when the app is in the pipeline, and when it last changed its stage.
    pub times: Times,
}

/// The release that an app runs: as small as promotion needs (PIPE-7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// The number: 1 for the first release of an app.
    pub number: u32,
    /// What it is, in a line.
    pub description: Box<str>,
}

impl Release {
    /// What takes the place of `replaced` when a release of the app with this name is promoted (PIPE-7).
    pub(crate) fn promoted(name: AppName, release: &Self, replaced: Option<&Self>) -> Self {
        Self::after(replaced, &format!("Promote {name} v{}", release.number))
    }

    /// The release that follows `replaced`.
    pub(crate) fn after(replaced: Option<&Self>, description: &str) -> Self {
        let number = replaced.map_or(0, |release| release.number).saturating_add(1);
        Self { number, description: description.into() }
    }
}
