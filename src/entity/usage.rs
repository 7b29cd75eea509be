use core::fmt;
use core::ops::{Add, AddAssign};
use core::str::FromStr;

use chrono::{DateTime, Datelike, Months, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Owner;
use crate::ids::{AccountId, TeamId, UserId};
use crate::names::{ParseError, ParseProblem, ParseTarget};

/// A calendar month in UTC (USE-5), from January of year 1 to December of year 9999; as text `2024-11`.
///
/// ```
/// use enterprise_teams::entity::Month;
///
/// let month: Month = "2024-11".parse()?;
/// assert_eq!(month.first_day().to_string(), "2024-11-01");
/// assert_eq!(month.next().to_string(), "2024-12");
/// # Ok::<(), enterprise_teams::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(NaiveDate);

impl Month {
    /// The month in which the instant is.
    #[must_use]
    pub fn of(at: DateTime<Utc>) -> Self {
        Self::containing(at.date_naive())
    }

    /// The month in which the day is.
    #[must_use]
    pub fn containing(day: NaiveDate) -> Self {
        Self(day.with_day(1).unwrap_or(day))
    }

    /// The first day.
    #[must_use]
    pub const fn first_day(self) -> NaiveDate {
        self.0
    }

    /// The first instant.
    #[must_use]
    pub fn start(self) -> DateTime<Utc> {
        start_of(self.0)
    }

    /// The first instant of the next month.
    #[must_use]
    pub fn end(self) -> DateTime<Utc> {
        self.next().start()
    }

    /// The next month.
    #[must_use]
    pub fn next(self) -> Self {
        self.plus(1)
    }

    /// The month before.
    #[must_use]
    pub fn previous(self) -> Self {
        Self(self.0.checked_sub_months(Months::new(1)).unwrap_or(self.0))
    }

    /// The month that is so many months later.
    pub(crate) fn plus(self, months: u32) -> Self {
        Self(self.0.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX))
    }

    /// How many months this one is after `earlier`; 0 when it is not.
    pub(crate) fn since(self, earlier: Self) -> u32 {
        let months = |month: Self| i64::from(month.0.year()) * 12 + i64::from(month.0.month0());
        u32::try_from(months(self) - months(earlier)).unwrap_or_default()
    }
}

/// The first instant of the day.
pub(crate) fn start_of(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(chrono::NaiveTime::MIN).and_utc()
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

impl fmt::Debug for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Month({self})")
    }
}

impl FromStr for Month {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let number = |text: &str, len| {
            let digits = text.len() == len && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse::<u16>().ok().filter(|_| digits)
        };
        let parts = text.split_once('-').and_then(|(year, month)| Some((number(year, 4)?, number(month, 2)?)));
        let day = parts.and_then(|(year, month)| NaiveDate::from_ymd_opt(year.into(), month.into(), 1));
        let missing = "a year of four digits, a hyphen and two digits from 01 to 12";
        let problem = ParseProblem::Missing { at: 0, missing };
        day.filter(|day| day.year() > 0).map(Self).ok_or(ParseError { what: ParseTarget::Month, problem })
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Who pays (USE-6): a user for personal apps; a Standard team, and an Enterprise Team in no account, for itself; an Enterprise
/// Account for its teams.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Payer {
    /// A user.
    User(UserId),
    /// A team, for itself.
    Team(TeamId),
    /// An Enterprise Account.
    Account(AccountId),
}

impl From<Owner> for Payer {
    fn from(owner: Owner) -> Self {
        match owner {
            Owner::User(user) => Self::User(user),
            Owner::Team(team) => Self::Team(team),
        }
    }
}

macro_rules! payers {
    ($($variant:ident($id:ident))+) => {$(
        impl From<$id> for Payer {
            fn from(id: $id) -> Self {
                Self::$variant(id)
            }
        }
    )+};
}

payers! { User(UserId) Team(TeamId) Account(AccountId) }

/// A range of days in UTC, the last one included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Days {
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
}

impl Days {
    /// The days of a month.
    #[must_use]
    pub fn of(month: Month) -> Self {
        let last = month.next().first_day().checked_sub_signed(TimeDelta::days(1)).unwrap_or(NaiveDate::MAX);
        Self { first: month.first_day(), last }
    }

    /// How many; 0 or less when the last is before the first.
    #[must_use]
    pub fn count(self) -> i64 {
        (self.last - self.first).num_days() + 1
    }

    pub(crate) fn start(self) -> DateTime<Utc> {
        start_of(self.first)
    }

    pub(crate) fn end(self) -> DateTime<Utc> {
        start_of(self.last.succ_opt().unwrap_or(NaiveDate::MAX))
    }
}

/// Millionths, shown as the decimal number that they are, exactly.
pub(crate) struct Millionths(pub(crate) u64);

impl fmt::Display for Millionths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

/// What was used, in whole numbers, so that the parts of a bill add up to the bill.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Usage {
    /// Dyno units, in millionths (USE-4).
    pub dyno_units: u64,
    /// Add-ons, in millionths of a cent.
    pub add_ons: u64,
    /// Spaces, in millionths of a cent (SPC-4).
    pub spaces: u64,
}

impl Usage {
    /// Nothing.
    pub const ZERO: Self = Self { dyno_units: 0, add_ons: 0, spaces: 0 };

    /// What is drawn from add-on credits: add-ons and spaces, in millionths of a cent.
    #[must_use]
    pub const fn credits(self) -> u64 {
        self.add_ons.saturating_add(self.spaces)
    }
}

impl Add for Usage {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            dyno_units: self.dyno_units.saturating_add(other.dyno_units),
            add_ons: self.add_ons.saturating_add(other.add_ons),
            spaces: self.spaces.saturating_add(other.spaces),
        }
    }
}

impl AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl core::iter::Sum for Usage {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(Self::ZERO, Add::add)
    }
}
