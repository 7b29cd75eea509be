use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{AppId, TransferId, UserId};

/// A pending transfer of a personal app to another user, who must accept it (TRF-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppTransfer {
    pub(crate) id: TransferId,
    pub(crate) app: AppId,
    pub(crate) owner: UserId,
    pub(crate) recipient: UserId,
    pub(crate) requested_at: DateTime<Utc>,
}

impl AppTransfer {
    /// The id.
    #[must_use]
    pub const fn id(&self) -> TransferId {
        self.id
    }

    /// The app.
    #[must_use]
    pub const fn app(&self) -> AppId {
        self.app
    }

    /// The owner, who may cancel.
    #[must_use]
    pub const fn owner(&self) -> UserId {
        self.owner
    }

    /// The recipient, who accepts or declines.
    #[must_use]
    pub const fn recipient(&self) -> UserId {
        self.recipient
    }

    /// When it was requested.
    #[must_use]
    pub const fn requested_at(&self) -> DateTime<Utc> {
        self.requested_at
    }
}
