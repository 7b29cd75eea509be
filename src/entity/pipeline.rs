use core::fmt;
use core::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Owner;
use crate::ids::{AppId, PipelineId};
use crate::names::{AppName, ParseError, ParseProblem, ParseTarget, PipelineName};

/// A pipeline: groups apps of one owner in stages (PIPE-1, PIPE-3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pipeline {
    pub(crate) id: PipelineId,
    pub(crate) name: PipelineName,
    pub(crate) owner: Owner,
    pub(crate) number: u64,
    pub(crate) created_at: DateTime<Utc>,
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
}

/// A stage of a pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Review apps.
    Review,
    /// Test apps.
    Test,
    /// Development.
    Development,
    /// Staging.
    Staging,
    /// Production.
    Production,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: &'static [Self] = &[Self::Review, Self::Test, Self::Development, Self::Staging, Self::Production];

    /// The stage to which an app of this one is promoted when no targets are chosen (PIPE-7).
    #[must_use]
    pub const fn next(self) -> Option<Self> {
        match self {
            Self::Development => Some(Self::Staging),
            Self::Staging => Some(Self::Production),
            Self::Review | Self::Test | Self::Production => None,
        }
    }

    /// The name, lower case and stable.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Test => "test",
            Self::Development => "development",
            Self::Staging => "staging",
            Self::Production => "production",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl FromStr for Stage {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let expected = "`review`, `test`, `development`, `staging`, `production`";
        let unknown = ParseError { what: ParseTarget::Stage, problem: ParseProblem::Word { at: 0, expected } };
        Self::ALL.iter().copied().find(|stage| stage.code() == text).ok_or(unknown)
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
