//! The version that a serialized form begins with.

use core::fmt;

use serde::de::{self, Unexpected};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The one version that there is: written as 1, and nothing else is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Version;

const NUMBER: u32 = 1;

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(NUMBER)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Known;
        impl de::Expected for Known {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "version {NUMBER}, the only one that this release reads")
            }
        }
        match u32::deserialize(deserializer)? {
            NUMBER => Ok(Self),
            other => Err(de::Error::invalid_value(Unexpected::Unsigned(other.into()), &Known)),
        }
    }
}
