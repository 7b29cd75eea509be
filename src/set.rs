//! Sets of the values of an enumeration, a bit each.

use core::fmt;

/// The type of such sets. It reads names joined by commas, with or without spaces after them, and writes them so; as a serde value
/// it is a list of names.
macro_rules! set_of {
    ($item:ident as $noun:literal in $bits:ident: $(#[$doc:meta])* $set:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $set($bits);

        const _: () = assert!($item::ALL.len() <= $bits::BITS as usize);

        impl $set {
            #[doc = concat!("The set of these ", $noun, ".")]
            #[must_use]
            pub const fn of(mut items: &[$item]) -> Self {
                let mut bits: $bits = 0;
                while let [first, rest @ ..] = items {
                    bits |= 1 << *first as u8;
                    items = rest;
                }
                Self(bits)
            }

            /// Whether this one is in the set.
            #[must_use]
            pub const fn contains(self, item: $item) -> bool {
                self.0 & (1 << item as u8) != 0
            }

            #[doc = concat!("Whether the sets have ", $noun, " in common.")]
            #[must_use]
            pub const fn intersects(self, other: Self) -> bool {
                self.0 & other.0 != 0
            }

            /// Whether all of `other` is in the set.
            #[must_use]
            pub const fn contains_all(self, other: Self) -> bool {
                self.0 & other.0 == other.0
            }

            /// Whether nothing is in the set.
            #[must_use]
            pub const fn is_empty(self) -> bool {
                self.0 == 0
            }

            #[allow(dead_code, reason = "the state packs one of the sets")]
            pub(crate) const fn bits(self) -> $bits {
                self.0
            }

            /// The set of these bits, the first for the first of all.
            #[allow(dead_code, reason = "the state packs one of the sets")]
            pub(crate) const fn from_bits(bits: $bits) -> Self {
                Self(bits)
            }

            /// The set with this one, if it is `held`.
            #[allow(dead_code, reason = "the tables write one of the sets so")]
            pub(crate) const fn with(self, item: $item, held: bool) -> Self {
                if held { Self(self.0 | (1 << item as u8)) } else { self }
            }

            /// What is in either set.
            #[must_use]
            pub const fn union(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }

            #[doc = concat!("The ", $noun, ", in the documents' order.")]
            pub fn iter(self) -> impl Iterator<Item = $item> {
                $item::ALL.iter().copied().filter(move |item| self.contains(*item))
            }
        }

        impl From<$item> for $set {
            fn from(item: $item) -> Self {
                Self::of(&[item])
            }
        }

        impl FromIterator<$item> for $set {
            fn from_iter<I: IntoIterator<Item = $item>>(items: I) -> Self {
                items.into_iter().fold(Self::default(), |set, item| set | item)
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
                let mut set = Self::default();
                let mut at = 0;
                for part in text.split(',') {
                    let word = part.trim_start_matches(' ');
                    at += part.len() - word.len();
                    set = set | word.parse::<$item>().map_err(|error| error.at(at))?;
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
