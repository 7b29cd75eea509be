//! The number of version with which every written form begins.
//!
//! A form that changes gets the next number, and what is written under an earlier one goes on to be read: the struct that serde reads has
//! what is new as an `Option`, and what comes of it is made from the number (`serde(try_from)`), as the test below does. Only the
//! newest form exists outside of reading.

use core::fmt;

use serde::de::{self, Unexpected};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A number of version, of those that this release reads: from 1 up to `NEWEST`, which it writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Number<const NEWEST: u32>(u32);

impl<'de, const NEWEST: u32> Deserialize<'de> for Number<NEWEST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u32::deserialize(deserializer)? {
            0 => Err(de::Error::invalid_value(Unexpected::Unsigned(0), &"a version, of which the first is 1")),
            number if number <= NEWEST => Ok(Self(number)),
            newer => Err(de::Error::custom(Newer { newer, newest: NEWEST })),
        }
    }
}

/// What this release cannot read, and must not skip.
struct Newer {
    newer: u32,
    newest: u32,
}

impl fmt::Display for Newer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { newer, newest } = self;
        write!(f, "written by a newer release: version {newer}, and this release reads up to {newest}")
    }
}

/// The newest version, in which everything is that has been read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Version;

const NEWEST: u32 = 1;

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(NEWEST)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Number::<NEWEST>::deserialize(deserializer).map(|_| Self)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::Number;

    /// Something that had one side in version 1, and has two from version 2 on.
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(try_from = "Written")]
    struct Sides {
        left: u8,
        right: u8,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Written {
        version: Number<2>,
        left: u8,
        right: Option<u8>,
    }

    impl TryFrom<Written> for Sides {
        type Error = &'static str;

        fn try_from(Written { version, left, right }: Written) -> Result<Self, Self::Error> {
            match (version, right) {
                (Number(1), None) => Ok(Self { left, right: 0 }),
                (Number(1), Some(_)) => Err("unknown field `right` in version 1"),
                (Number(_), right) => Ok(Self { left, right: right.ok_or("missing field `right`")? }),
            }
        }
    }

    #[test]
    fn x_03_an_older_version_is_read_as_the_newest_and_a_newer_one_stops() {
        let read = |text: &str| serde_json::from_str::<Sides>(text).map_err(|error| error.to_string());
        assert_eq!(read(r#"{"version":1,"left":5}"#), Ok(Sides { left: 5, right: 0 }));
        assert_eq!(read(r#"{"left":5,"right":7,"version":2}"#), Ok(Sides { left: 5, right: 7 }));
        for (text, error) in [
            (r#"{"version":1,"left":5,"right":7}"#, "unknown field `right` in version 1"),
            (r#"{"version":2,"left":5}"#, "missing field `right`"),
            (r#"{"version":3,"left":5}"#, "written by a newer release: version 3, and this release reads up to 2"),
            (r#"{"version":0,"left":5}"#, "invalid value: integer `0`, expected a version, of which the first is 1"),
        ] {
            let found = read(text).unwrap_err();
            assert!(found.starts_with(error), "{text}: {found}");
        }
    }
}
