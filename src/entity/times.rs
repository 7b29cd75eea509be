use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Since when something is so, and when it was last changed: the times of the events that made and changed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Times {
    /// Since when.
    #[serde(with = "crate::time")]
    pub since: DateTime<Utc>,
    /// When it last changed; as `since`, if it never has.
    #[serde(with = "crate::time")]
    pub changed_at: DateTime<Utc>,
}
