//! The system's clock and randomness, for hosts that want no others: the one place that reads them.

use chrono::{DateTime, Utc};

use crate::settings::Settings;

/// The system's time.
#[must_use]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}

/// Settings with a seed from the system's randomness.
#[must_use]
pub fn settings() -> Settings {
    Settings::new(rand::random())
}
