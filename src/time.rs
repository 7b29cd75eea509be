//! Times as serde has them: `2026-11-28T01:20:26.5Z`, in UTC and with no more digits than they need, as chrono writes and reads them, and
//! several times as fast. For fields of which a snapshot has many: `serde(with = "crate::time")`.

use core::fmt;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Timelike, Utc};
use serde::de::{self, Visitor};
use serde::{Deserializer, Serialize, Serializer};

/// The bytes up to the whole second.
const SECONDS: usize = 19;
/// And with six digits after it and the `Z`.
const MICROS: usize = SECONDS + 8;

const NANOS_A_MICRO: u32 = 1_000;
const MICROS_A_MILLI: u32 = 1_000;

pub(crate) fn serialize<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    let mut buffer = [0; MICROS];
    match text(*time, &mut buffer) {
        Some(text) => serializer.serialize_str(text),
        None => time.serialize(serializer),
    }
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    struct Text;

    impl Visitor<'_> for Text {
        type Value = DateTime<Utc>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an RFC 3339 formatted date and time string")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<DateTime<Utc>, E> {
            read(text.as_bytes()).map_or_else(|| text.parse().map_err(E::custom), Ok)
        }
    }

    deserializer.deserialize_str(Text)
}

/// The time in whole microseconds of a year with four digits, as chrono writes it: without a fraction, with three digits of it or with six.
fn text(time: DateTime<Utc>, buffer: &mut [u8; MICROS]) -> Option<&str> {
    let time = time.naive_utc();
    let year = u32::try_from(time.year()).ok().filter(|year| *year <= 9_999)?;
    let nanos = time.nanosecond();
    if nanos >= 1_000_000_000 || !nanos.is_multiple_of(NANOS_A_MICRO) {
        return None;
    }
    let micros = nanos / NANOS_A_MICRO;
    *buffer = *b"0000-00-00T00:00:00.000000Z";
    let [y1, y2, y3, y4, _, o1, o2, _, d1, d2, _, h1, h2, _, m1, m2, _, s1, s2, point, f1, f2, f3, f4, f5, f6, _] =
        buffer;
    put([y1, y2, y3, y4], year);
    put([o1, o2], time.month());
    put([d1, d2], time.day());
    put([h1, h2], time.hour());
    put([m1, m2], time.minute());
    put([s1, s2], time.second());
    let length = if micros == 0 {
        *point = b'Z';
        SECONDS + 1
    } else if micros.is_multiple_of(MICROS_A_MILLI) {
        put([f1, f2, f3], micros / MICROS_A_MILLI);
        *f4 = b'Z';
        SECONDS + 5
    } else {
        put([f1, f2, f3, f4, f5, f6], micros);
        MICROS
    };
    core::str::from_utf8(buffer.get(..length)?).ok()
}

/// The last digits of a number, as many as there is room for.
fn put<const DIGITS: usize>(digits: [&mut u8; DIGITS], mut number: u32) {
    for digit in digits.into_iter().rev() {
        *digit = b'0' + u8::try_from(number % 10).unwrap_or_default();
        number /= 10;
    }
}

/// What [`text`] writes; of everything else nothing is said.
fn read(text: &[u8]) -> Option<DateTime<Utc>> {
    let (whole, rest) = text.split_at_checked(SECONDS)?;
    let fraction = rest.strip_suffix(b"Z")?;
    let &[y1, y2, y3, y4, b'-', o1, o2, b'-', d1, d2, b'T', h1, h2, b':', m1, m2, b':', s1, s2] = whole else {
        return None;
    };
    let number = |digits: &[u8]| {
        digits
            .iter()
            .try_fold(0_u32, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0')))
    };
    let micros = match fraction {
        [] => 0,
        [b'.', digits @ ..] if digits.len() == 3 => number(digits)? * MICROS_A_MILLI,
        [b'.', digits @ ..] if digits.len() == 6 => number(digits)?,
        _ => return None,
    };
    let year = i32::try_from(number(&[y1, y2, y3, y4])?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, number(&[o1, o2])?, number(&[d1, d2])?)?;
    let time = NaiveTime::from_hms_micro_opt(number(&[h1, h2])?, number(&[m1, m2])?, number(&[s1, s2])?, micros)?;
    Some(date.and_time(time).and_utc())
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use proptest::prelude::*;
    use serde::{Deserialize, Serialize};

    use super::{MICROS, read, text};

    #[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(transparent)]
    struct Ours(#[serde(with = "crate::time")] DateTime<Utc>);

    /// As chrono has it, there and back.
    fn same(time: DateTime<Utc>) {
        let theirs = serde_json::to_string(&time).expect("a text");
        assert_eq!(serde_json::to_string(&Ours(time)).expect("a text"), theirs);
        assert_eq!(serde_json::from_str::<Ours>(&theirs).expect("a time"), Ours(time));
    }

    /// Seconds around the first and the last year with four digits.
    const FIRST: i64 = -62_167_219_200;
    const LAST: i64 = 253_402_300_799;

    #[test]
    fn x_04_years_and_fractions_that_only_chrono_writes() {
        for seconds in [FIRST - 1, FIRST, 0, LAST, LAST + 1] {
            for nanos in [0, 1, 1_000, 999_000, 1_000_000, 999_999_999, 1_500_000_000] {
                let Some(time) = DateTime::from_timestamp(seconds, nanos) else { continue };
                same(time);
                let quick = (FIRST..=LAST).contains(&seconds) && nanos < 1_000_000_000 && nanos % 1_000 == 0;
                assert_eq!(text(time, &mut [0; MICROS]).is_some(), quick, "{time}");
            }
        }
    }

    /// Whatever is no such text is read or refused as by chrono.
    #[test]
    fn x_03_every_other_text_is_as_chrono_says() {
        let texts = [
            "2026-11-28T01:20:26.5Z",
            "2026-11-28T01:20:60Z",
            "2026-11-28T24:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-11-28t01:20:26z",
            "2026-11-28 01:20:26Z",
            "2026-11-28T01:20:26+02:00",
            "2026-11-28T01:20:26",
            "2026-11-28T01:20:26.12345Z",
            "2026-11-28T01:20:26.1234567Z",
            "2026-11-28T01:2a:26Z",
            "+2026-11-28T01:20:26Z",
            "2026-11-28T01:20:2é",
            "2026-11-28T01:20:26.Z",
            "",
        ];
        for text in texts {
            let json = serde_json::to_string(text).expect("a text");
            let theirs = serde_json::from_str::<DateTime<Utc>>(&json).map(Ours).map_err(|error| error.to_string());
            assert_eq!(serde_json::from_str::<Ours>(&json).map_err(|error| error.to_string()), theirs, "{text}");
        }
        assert!(read(b"2026-11-28T01:20:26Z").is_some() && read(b"2026-11-28T01:20:26.5Z").is_none());
    }

    proptest! {
        #[test]
        fn x_03_times_are_written_and_read_as_by_chrono(seconds in FIRST - 9..=LAST + 9, micros in prop_oneof![
            Just(0_u32), (0..1_000_u32).prop_map(|millis| millis * 1_000), 0..1_000_000_u32,
        ]) {
            same(DateTime::from_timestamp(seconds, micros * 1_000).expect("a time"));
        }
    }
}
