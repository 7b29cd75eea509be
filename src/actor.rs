//! Who acts, and when.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{ClientId, UserId};
use crate::names::ContextText;

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

/// What a host knows of a request besides who makes it and when: recorded with the event (X-3), and never judged.
///
/// The operator reads it in the audit log, and whoever acted in that of what they did; to others it is not shown (our decision).
///
/// ```
/// use enterprise_teams::demo::Demo;
/// use enterprise_teams::{Error, EventContext};
///
/// let Demo { mut store, ada, website, .. } = Demo::new()?;
/// let context =
///     EventContext::new().request_id("7c1d".parse()?).reason("ticket 12".parse()?);
/// store.in_context(context.clone(), |store| store.lock_app(ada, website))?;
/// assert_eq!(
///     store.events().last().and_then(|event| event.context.as_deref()),
///     Some(&context)
/// );
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct EventContext {
    /// The host's id of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<ContextText>,
    /// Where the request came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    /// Why it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<ContextText>,
    /// For whom the actor made it, where it was not for themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<ContextText>,
}

impl EventContext {
    /// One that says nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With the host's id of the request.
    #[must_use]
    pub fn request_id(mut self, id: ContextText) -> Self {
        self.request_id = Some(id);
        self
    }

    /// With where the request came from.
    #[must_use]
    pub fn address(mut self, address: IpAddr) -> Self {
        self.address = Some(address);
        self
    }

    /// With why it was made.
    #[must_use]
    pub fn reason(mut self, reason: ContextText) -> Self {
        self.reason = Some(reason);
        self
    }

    /// With the person for whom it was made.
    #[must_use]
    pub fn on_behalf_of(mut self, person: ContextText) -> Self {
        self.on_behalf_of = Some(person);
        self
    }
}

/// The time as it is recorded: in whole microseconds and without leap seconds, which every written form keeps.
pub(crate) fn recorded(at: DateTime<Utc>) -> DateTime<Utc> {
    let nanos = at.timestamp_subsec_nanos();
    let kept = nanos.min(999_999_999) / 1000 * 1000;
    if kept == nanos { at } else { DateTime::from_timestamp(at.timestamp(), kept).unwrap_or(at) }
}
