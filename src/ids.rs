//! Identifiers: one `Copy` newtype over [`Uuid`] for each kind of thing.
//!
//! Two ids of different kinds never compare and are never taken for each other. The store makes ids from its [`Secret`] and
//! the number of the event that creates the thing: equal inputs give equal ids, and an id says nothing about any other. An
//! id is no capability all the same: it names a thing, and whoever knows it has no more rights for that. A host that has user
//! ids of its own registers users under them.

use core::fmt;
use core::hash::{Hash, Hasher};
use core::str::FromStr;

use rand::Rng;
use serde::{Deserialize, Serialize};
use siphasher::{sip, sip128};
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
    /// A group of people in a team.
    GroupId,
    /// A role of a team's own.
    RoleId,
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

/// From what ids and generated names come: whoever does not know it foresees none of either, however many of them they know.
///
/// It is part of the [`Settings`](crate::Settings) and never changes. Keep it as you keep a password: it stands in the settings,
/// in the snapshot and in the [`events`](crate::TeamStore::events) that a journal keeps, and nowhere else; what people read
/// is without it, and so is its `Debug` form.
///
/// Ids are `SipHash-2-4` with 128 bits of output, which is made for this: a pseudo-random function, keyed, of a short input. It
/// is no more than that: it does not sign anything, and what guards a journal is another function.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(#[serde(with = "uuid::serde::simple")] Uuid);

impl Secret {
    /// A secret from the host, which had it from a generator made for secrets, or from a derivation of its own key.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    /// A secret from `rng`, which should be one made for secrets.
    #[must_use]
    pub fn from_rng(rng: &mut (impl Rng + ?Sized)) -> Self {
        Self(Uuid::from_u64_pair(rng.next_u64(), rng.next_u64()))
    }

    /// For tests and examples: a number is soon guessed, and with it every id and every name.
    #[must_use]
    pub const fn from_seed(seed: u64) -> Self {
        Self(Uuid::from_u128(seed as u128))
    }

    /// The secret as bytes, to keep it.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.into_bytes()
    }

    /// The id of any kind that this number makes.
    pub(crate) fn id(self, number: u64) -> Uuid {
        let (key, more_key) = self.0.as_u64_pair();
        let hash = sip128::SipHasher24::new_with_keys(key, more_key).hash(&number.to_le_bytes());
        uuid::Builder::from_custom_bytes(hash.as_u128().to_be_bytes()).into_uuid()
    }

    /// A number that nobody foresees, for a round of the network that orders the names: see [`name_gen`](crate::name_gen). Its input
    /// is shorter than that of [`id`](Self::id), so that none of the two is ever the other's.
    #[inline]
    pub(crate) fn round(self, input: u32) -> u64 {
        let (key, more_key) = self.0.as_u64_pair();
        sip::SipHasher13::new_with_keys(key, more_key).hash(&input.to_le_bytes())
    }
}

/// Does not tell the secret.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
