use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::names::{ParseError, ParseProblem, ParseTarget, ProcessType};

/// The size of a dyno (RES-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DynoSize {
    /// For personal apps only.
    Eco,
    /// Basic.
    Basic,
    /// Standard-1X.
    #[serde(rename = "standard-1x")]
    Standard1X,
    /// Standard-2X.
    #[serde(rename = "standard-2x")]
    Standard2X,
    /// Performance-M.
    PerformanceM,
    /// Performance-L.
    PerformanceL,
    /// Private-S, in spaces only, as the sizes that follow.
    PrivateS,
    /// Private-M.
    PrivateM,
    /// Private-L.
    PrivateL,
    /// Shield-S.
    ShieldS,
    /// Shield-M.
    ShieldM,
    /// Shield-L.
    ShieldL,
}

impl DynoSize {
    /// Every size, the smallest first.
    pub const ALL: &'static [Self] = &[
        Self::Eco,
        Self::Basic,
        Self::Standard1X,
        Self::Standard2X,
        Self::PerformanceM,
        Self::PerformanceL,
        Self::PrivateS,
        Self::PrivateM,
        Self::PrivateL,
        Self::ShieldS,
        Self::ShieldM,
        Self::ShieldL,
    ];

    /// The name, lower case and stable.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Eco => "eco",
            Self::Basic => "basic",
            Self::Standard1X => "standard-1x",
            Self::Standard2X => "standard-2x",
            Self::PerformanceM => "performance-m",
            Self::PerformanceL => "performance-l",
            Self::PrivateS => "private-s",
            Self::PrivateM => "private-m",
            Self::PrivateL => "private-l",
            Self::ShieldS => "shield-s",
            Self::ShieldM => "shield-m",
            Self::ShieldL => "shield-l",
        }
    }

    /// The dyno units of one dyno in a month, in millionths (USE-4).
    ///
    /// The units of eco, private-l and the shield sizes are our decision: the published list gives none. Eco is what an eco plan
    /// costs beside a standard-1x; private-l doubles private-m as performance-l doubles performance-m; a shield dyno counts as
    /// the private one of its size, since the price of the shield is the space's.
    #[must_use]
    pub const fn micro_units(self) -> u64 {
        match self {
            Self::Eco => 200_000,
            Self::Basic => 280_000,
            Self::Standard1X => 1_000_000,
            Self::Standard2X => 2_000_000,
            Self::PerformanceM => 8_000_000,
            Self::PerformanceL => 16_000_000,
            Self::PrivateS | Self::ShieldS => 5_000_000,
            Self::PrivateM | Self::ShieldM => 10_000_000,
            Self::PrivateL | Self::ShieldL => 20_000_000,
        }
    }

    /// Whether dynos of the size run in spaces, and only there.
    #[must_use]
    pub const fn is_private(self) -> bool {
        matches!(self, Self::PrivateS | Self::PrivateM | Self::PrivateL | Self::ShieldS | Self::ShieldM | Self::ShieldL)
    }
}

impl fmt::Display for DynoSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl FromStr for DynoSize {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let expected = "`eco`, `basic`, `standard-1x`, `standard-2x`, `performance-m`, `performance-l`, \
                        `private-s`, `private-m`, `private-l`, `shield-s`, `shield-m`, `shield-l`";
        let unknown = ParseError { what: ParseTarget::DynoSize, problem: ParseProblem::Word { at: 0, expected } };
        Self::ALL.iter().copied().find(|size| size.code() == text).ok_or(unknown)
    }
}

/// The dynos of one process type in an app's formation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dyno {
    /// The process type; an app has at most one entry for each.
    pub process: ProcessType,
    /// The size of each dyno.
    pub size: DynoSize,
    /// How many run.
    pub quantity: u16,
}
