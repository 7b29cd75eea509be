//! Identifiers: one `Copy` newtype over [`Uuid`] for each kind of thing.
//!
//! Two ids of different kinds never compare and are never taken for each other. The store makes ids from its seed and
//! the number of the event that creates the thing, so that equal inputs give equal ids; a host that has user ids of its
//! own registers users under them.

use core::fmt;
use core::hash::{Hash, Hasher};
use core::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::names::{ParseError, ParseProblem, ParseTarget};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl Hash for $name {
            fn hash<H: Hasher>(&self, hasher: &mut H) {
                hasher.write_u128(u128::from_ne_bytes(self.0.into_bytes()));
            }
        }

        impl $name {
            /// Takes `uuid` as an id of this kind.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The id as a plain [`Uuid`].
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        /// Reads the usual text forms of a [`Uuid`].
        impl FromStr for $name {
            type Err = ParseError;

            fn from_str(text: &str) -> Result<Self, ParseError> {
                let problem = ParseProblem::Missing { at: 0, missing: "a UUID" };
                text.parse().map(Self).map_err(|_: uuid::Error| ParseError { what: ParseTarget::Id, problem })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    )*};
}

ids! {
    /// A user: an account with an e-mail.
    UserId,
    /// A team.
    TeamId,
    /// An app.
    AppId,
    /// A Private Space.
    SpaceId,
    /// A pipeline.
    PipelineId,
    /// An Enterprise Account.
    AccountId,
    /// An add-on, as installed on an app.
    AddOnId,
    /// An invitation of an e-mail into a team.
    InvitationId,
    /// A pending transfer of a personal app to another user.
    TransferId,
    /// A third-party OAuth client through which a user acts. The host names its clients; the store keeps no list.
    ClientId,
}

/// An id of any kind from the store's seed and the number of the event that creates the thing.
///
/// No two numbers below 2⁶² give the same id under one seed: the 62 low bits are a bijection of the number, and the UUID
/// format leaves them alone.
pub(crate) fn derive(seed: u64, seq: u64) -> Uuid {
    const LOW: u64 = u64::MAX >> 2;
    let mut low = (seq ^ mix(seed)) & LOW;
    low = low.wrapping_mul(0xbf58_476d_1ce4_e5b9) & LOW;
    low ^= low >> 31;
    low = low.wrapping_mul(0x94d0_49bb_1331_11eb) & LOW;
    low ^= low >> 29;
    let bytes = (u128::from(mix(low ^ seed)) << 64) | u128::from(low);
    uuid::Builder::from_bytes(bytes.to_be_bytes())
        .with_variant(uuid::Variant::RFC4122)
        .with_version(uuid::Version::Custom)
        .into_uuid()
}

/// Spreads every bit of `value` over all 64 (the finaliser of `SplitMix64`).
pub(crate) const fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
