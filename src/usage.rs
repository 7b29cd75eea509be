//! What was used: the intervals of the ledger as whole numbers, day by day.
//!
//! A price is that of a month, is spread over 720 hours and is the most that the month costs (USE-5): a meter that has cost as
//! much costs nothing more, unless something dearer runs on it. How much a meter has cost since the start of the month is
//! rounded down to a whole number at every moment, and a piece of time costs the difference between its end and its start: so
//! the pieces of a month add up to the month, however it is cut, and whoever pays for them.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::entity::{Month, Owner, Usage};
use crate::state::{Interval, Load};

/// The seconds of the month over which a price is spread: 720 hours.
const MONTH_SECONDS: u64 = 720 * 3600;

/// What one payer used of one meter within one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) payer: Owner,
    pub(crate) day: NaiveDate,
    pub(crate) from: DateTime<Utc>,
    pub(crate) usage: Usage,
}

/// The pieces of a month up to `now`, cut at midnight and at `cuts`.
pub(crate) fn pieces(intervals: &[Interval], month: Month, cuts: &[DateTime<Utc>], now: DateTime<Utc>) -> Vec<Piece> {
    let (start, end) = (month.start(), month.end().min(now));
    let first = intervals.partition_point(|interval| interval.until.is_some_and(|until| until <= start));
    let mut pieces = Vec::new();
    let mut meter = ReadGuard::default();
    for interval in intervals.iter().skip(first).take_while(|interval| interval.from < end) {
        let until = interval.until.unwrap_or(end).min(end);
        let mut from = interval.from.max(start);
        while from < until {
            let midnight = from.date_naive().succ_opt().map_or(until, crate::entity::start_of);
            let cut = cuts.iter().copied().find(|cut| *cut > from).unwrap_or(until);
            let to = until.min(midnight).min(cut);
            let usage = meter.run(interval.load, (to.timestamp() - from.timestamp()).unsigned_abs());
            pieces.push(Piece { payer: interval.payer, day: from.date_naive(), from, usage });
            from = to;
        }
    }
    pieces
}

/// What a meter has cost since the start of the month.
#[derive(Default)]
struct ReadGuard {
    /// Monthly amounts times seconds.
    sum: u128,
    /// The greatest monthly amount of what has run on it.
    dearest: u64,
}

impl ReadGuard {
    /// Runs for some seconds more, and tells what they cost.
    fn run(&mut self, load: Load, seconds: u64) -> Usage {
        let (before, monthly) = (self.amount(), load.monthly());
        if seconds > 0 {
            self.dearest = self.dearest.max(monthly);
        }
        let most = u128::from(self.dearest) * u128::from(MONTH_SECONDS);
        self.sum = most.min(self.sum + u128::from(monthly) * u128::from(seconds));
        let used = self.amount() - before;
        match load {
            Load::Dynos(..) => Usage { dyno_units: used, ..Usage::ZERO },
            Load::AddOn(..) => Usage { add_ons: used, ..Usage::ZERO },
            Load::Space(_) => Usage { spaces: used, ..Usage::ZERO },
        }
    }

    fn amount(&self) -> u64 {
        u64::try_from(self.sum / u128::from(MONTH_SECONDS)).unwrap_or(u64::MAX)
    }
}

/// How long a range of days may be: three years.
pub(crate) const RANGE_DAYS_MAX: i64 = 3 * 366;

/// The months that a time touches.
pub(crate) fn months(from: DateTime<Utc>, until: DateTime<Utc>) -> impl Iterator<Item = Month> {
    let last = Month::of(until - TimeDelta::seconds(1));
    core::iter::successors(Some(Month::of(from)), |month| Some(month.next())).take_while(move |month| *month <= last)
}
