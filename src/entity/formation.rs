use serde::{Deserialize, Serialize};

use super::Shield;
use crate::code::words;
use crate::names::{ProcessType, reads};

words! {
    /// The size of a dyno (RES-1). The smallest first.
    pub enum DynoSize {
        /// For personal apps only.
        Eco "eco",
        /// Basic.
        Basic "basic",
        /// Standard-1X.
        Standard1X "standard-1x",
        /// Standard-2X.
        Standard2X "standard-2x",
        /// Performance-M.
        PerformanceM "performance-m",
        /// Performance-L.
        PerformanceL "performance-l",
        /// Private-S, in spaces only, as the sizes that follow.
        PrivateS "private-s",
        /// Private-M.
        PrivateM "private-m",
        /// Private-L.
        PrivateL "private-l",
        /// Shield-S.
        ShieldS "shield-s",
        /// Shield-M.
        ShieldM "shield-m",
        /// Shield-L.
        ShieldL "shield-l",
    }
}

reads!(DynoSize as DynoSize, Self::WORDS);

impl DynoSize {
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

    /// Whether dynos of the size run in a space with or without a shield, or outside of spaces (RES-1).
    #[must_use]
    pub fn runs_in(self, space: Option<Shield>) -> bool {
        let own = match self {
            Self::PrivateS | Self::PrivateM | Self::PrivateL => Some(Shield::Off),
            Self::ShieldS | Self::ShieldM | Self::ShieldL => Some(Shield::On),
            Self::Eco | Self::Basic | Self::Standard1X | Self::Standard2X | Self::PerformanceM | Self::PerformanceL => {
                None
            }
        };
        own == space
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
