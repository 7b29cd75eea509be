//! Who acts, and when.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{ClientId, UserId};

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum ActorKind {
    /// A user, directly or through a client of the platform itself.
    User(UserId),
    /// A user through a third-party OAuth client, whom a team's admins can shut out (SEC-1).
    #[serde(rename = "oauth")]
    OAuth {
        /// The user.
        user: UserId,
        /// The client.
        client: ClientId,
    },
    /// The platform operator: provisioning and support tickets. Sees everything, and does only what the rules give to it.
    Operator,
}

impl ActorKind {
    /// The user who acts; `None` for the operator.
    #[must_use]
    pub const fn user(self) -> Option<UserId> {
        match self {
            Self::User(user) | Self::OAuth { user, .. } => Some(user),
            Self::Operator => None,
        }
    }

    /// Whether it is a user through a third-party client.
    pub(crate) const fn is_client(self) -> bool {
        matches!(self, Self::OAuth { .. })
    }
}

/// Who acts and when: the first argument of every operation and of every question.
///
/// The time comes from the caller (X-4), and counts in whole microseconds; a leap second counts as the end of the second before it. What
/// is recorded never runs backwards: it is the later of the actor's time and the time of the last event. So a host whose
/// clock was wrong once, and in the future, lives with that time until the clock has caught up.
///
/// Whoever makes an actor vouches for it: the store takes the word of its host. [`Actor::operator`] in particular is for the
/// host's own doing, never for what comes in from outside.
///
/// ```
/// use enterprise_teams::chrono::{DateTime, TimeDelta, Utc};
/// use enterprise_teams::uuid::Uuid;
/// use enterprise_teams::{Actor, UserId, ActorKind};
///
/// let noon = DateTime::<Utc>::UNIX_EPOCH;
/// let ada = Actor::user(UserId::from_uuid(Uuid::from_u128(7)), noon);
/// let later = ada.at(noon + TimeDelta::hours(1));
/// assert_eq!(ada.who, later.who);
/// assert_eq!(Actor::operator(noon).who, ActorKind::Operator);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// Who acts.
    pub who: ActorKind,
    /// When.
    pub at: DateTime<Utc>,
}

impl Actor {
    /// A user, directly or through a client of the platform itself.
    #[must_use]
    pub const fn user(user: UserId, at: DateTime<Utc>) -> Self {
        Self { who: ActorKind::User(user), at }
    }

    /// A user through a third-party OAuth client.
    #[must_use]
    pub const fn oauth(user: UserId, client: ClientId, at: DateTime<Utc>) -> Self {
        Self { who: ActorKind::OAuth { user, client }, at }
    }

    /// The platform operator.
    #[must_use]
    pub const fn operator(at: DateTime<Utc>) -> Self {
        Self { who: ActorKind::Operator, at }
    }

    /// The same at another time.
    #[must_use]
    pub const fn at(self, at: DateTime<Utc>) -> Self {
        Self { who: self.who, at }
    }
}

/// The time as it is recorded: in whole microseconds and without leap seconds, which every written form keeps.
pub(crate) fn recorded(at: DateTime<Utc>) -> DateTime<Utc> {
    let nanos = at.timestamp_subsec_nanos();
    let kept = nanos.min(999_999_999) / 1000 * 1000;
    if kept == nanos { at } else { DateTime::from_timestamp(at.timestamp(), kept).unwrap_or(at) }
}
