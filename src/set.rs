//! Sets of the few values of an enumeration, in one byte.

use core::fmt;

/// The type of such sets. It reads names joined by commas, with or without spaces after them, and writes them so; as a serde value
/// it is a list of names.
macro_rules! set_of {
    ($item:ident: $(#[$doc:meta])* $set:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $set(u8);

        impl $set {
            /// The set of these permissions.
            #[must_use]
            pub const fn of(mut permissions: &[$item]) -> Self {
                let mut bits = 0;
                while let [first, rest @ ..] = permissions {
                    bits |= 1 << *first as u8;
                    permissions = rest;
                }
                Self(bits)
            }

            /// Whether `permission` is in the set.
            #[must_use]
            pub const fn contains(self, permission: $item) -> bool {
                self.0 & 1 << permission as u8 != 0
            }

            /// Whether the sets have a permission in common.
            #[must_use]
            pub const fn intersects(self, other: Self) -> bool {
                self.0 & other.0 != 0
            }

            /// Whether every permission of `other` is in the set.
            #[must_use]
            pub const fn contains_all(self, other: Self) -> bool {
                self.0 & other.0 == other.0
            }

            /// Whether no permission is in the set.
            #[must_use]
            pub const fn is_empty(self) -> bool {
                self.0 == 0
            }

            #[allow(dead_code, reason = "the state packs one of the sets")]
            pub(crate) const fn bits(self) -> u8 {
                self.0
            }

            /// The set of these bits, the first for the first permission.
            #[allow(dead_code, reason = "the state packs one of the sets")]
            pub(crate) const fn from_bits(bits: u8) -> Self {
                Self(bits)
            }

            /// The set with this permission, if it is `held`.
            #[allow(dead_code, reason = "the tables write one of the sets so")]
            pub(crate) const fn with(self, permission: $item, held: bool) -> Self {
                if held { Self(self.0 | 1 << permission as u8) } else { self }
            }

            /// The permissions that are in either set.
            #[must_use]
            pub const fn union(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }

            /// The permissions, in the documents' order.
            pub fn iter(self) -> impl Iterator<Item = $item> {
                $item::ALL.iter().copied().filter(move |permission| self.contains(*permission))
            }
        }

        impl From<$item> for $set {
            fn from(permission: $item) -> Self {
                Self::of(&[permission])
            }
        }

        impl FromIterator<$item> for $set {
            fn from_iter<I: IntoIterator<Item = $item>>(permissions: I) -> Self {
                permissions.into_iter().fold(Self::default(), |set, permission| set | permission)
            }
        }

        impl core::ops::BitOr for $item {
            type Output = $set;

            fn bitor(self, other: Self) -> $set {
                $set::of(&[self, other])
            }
        }

        impl core::ops::BitOr<$item> for $set {
            type Output = Self;

            fn bitor(self, other: $item) -> Self {
                self.union(other.into())
            }
        }

        impl core::ops::BitOr for $set {
            type Output = Self;

            fn bitor(self, other: Self) -> Self {
                self.union(other)
            }
        }

        /// Reads names joined by commas, with or without spaces after them.
        impl core::str::FromStr for $set {
            type Err = $crate::names::ParseError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                use $crate::names::{ParseError, ParseProblem};

                let mut set = Self::default();
                let mut at = 0;
                for part in text.split(',') {
                    let word = part.trim_start_matches(' ');
                    at += part.len() - word.len();
                    let problem = ParseProblem::Word { at, expected: $item::WORDS };
                    set = set | word.parse::<$item>().map_err(|error| ParseError { problem, ..error })?;
                    at += word.len() + 1;
                }
                Ok(set)
            }
        }

        impl core::fmt::Display for $set {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                $crate::set::joined(f, self.iter(), ", ")
            }
        }

        impl core::fmt::Debug for $set {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_set().entries(self.iter()).finish()
            }
        }

        /// A list of names.
        impl serde::Serialize for $set {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_seq(self.iter())
            }
        }

        impl<'de> serde::Deserialize<'de> for $set {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(Vec::<$item>::deserialize(deserializer)?.into_iter().collect())
            }
        }
    };
}

pub(crate) use set_of;

/// Writes `items` with `between` between them; `none` when there are none.
pub(crate) fn joined<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    items: impl Iterator<Item = T>,
    between: &str,
) -> fmt::Result {
    let mut first = true;
    for item in items {
        if !first {
            f.write_str(between)?;
        }
        write!(f, "{item}")?;
        first = false;
    }
    if first { f.write_str("none") } else { Ok(()) }
}
