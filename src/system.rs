//! The system's clock and randomness, for hosts that want no others: the one place that reads them.

use chrono::{DateTime, Utc};

use crate::ids::Secret;
use crate::settings::Settings;

/// The system's time.
#[must_use]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}

impl Secret {
    /// A secret from the system's randomness.
    #[must_use]
    pub fn random() -> Self {
        Self::from_rng(&mut rand::rng())
    }
}

impl Settings {
    /// The documents' settings, with a secret from the system's randomness: what a store in service begins with.
    #[must_use]
    pub fn random() -> Self {
        Self::new(Secret::random())
    }
}
