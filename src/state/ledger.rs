//! The ledger: who is billed for what, and when, as intervals that are closed and reopened whenever something changes, so
//! that every second of every resource has one payer.

use core::ops::Add;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::change::{Direction, Pair};
use super::there;
use crate::entity::{Dyno, DynoSize};
use crate::entity::{Month, Owner, Plan, Shield};
use crate::ids::{AddOnId, AppId, SpaceId};
use crate::names::{ProcessType, ServiceName};

/// What is metered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Meter {
    Dynos(AppId, ProcessType),
    AddOn(AppId, AddOnId),
    Space(SpaceId),
}

/// What runs on a meter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Load {
    Dynos(DynoSize, u16),
    AddOn(ServiceName, Plan),
    Space(Shield),
}

impl Load {
    /// What a full month of it uses: in millionths of a dyno unit, or of a cent.
    pub(crate) fn monthly(self) -> u64 {
        match self {
            Self::Dynos(size, quantity) => size.micro_units() * u64::from(quantity),
            Self::AddOn(_, plan) => u64::from(plan.price) * 1_000_000,
            Self::Space(shield) => u64::from(shield.price()) * 1_000_000,
        }
    }
}

impl From<Dyno> for Load {
    fn from(dyno: Dyno) -> Self {
        Self::Dynos(dyno.size, dyno.quantity)
    }
}

/// What is used in a month if everything runs on as it does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rate {
    /// Millionths.
    pub(crate) dyno_units: u128,
    /// Cents.
    pub(crate) credits: u128,
}

impl From<Load> for Rate {
    fn from(load: Load) -> Self {
        match load {
            Load::Dynos(..) => Self { dyno_units: load.monthly().into(), credits: 0 },
            Load::AddOn(..) | Load::Space(_) => Self { dyno_units: 0, credits: u128::from(load.monthly()) / 1_000_000 },
        }
    }
}

impl Add for Rate {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { dyno_units: self.dyno_units + other.dyno_units, credits: self.credits + other.credits }
    }
}

impl core::iter::Sum for Rate {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(Self::default(), Add::add)
    }
}

impl Rate {
    /// What it is more than the other.
    pub(crate) fn beyond(self, other: Self) -> Self {
        Self {
            dyno_units: self.dyno_units.saturating_sub(other.dyno_units),
            credits: self.credits.saturating_sub(other.credits),
        }
    }
}

/// The meters that run for a payer, and what they come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Running {
    meters: BTreeSet<Meter>,
    rate: Rate,
}

/// What runs on a meter before and after a change, and who pays.
pub(super) type Loads = Pair<Option<(Owner, Load)>>;

/// A time during which one load ran for one payer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Interval {
    pub(crate) payer: Owner,
    pub(crate) load: Load,
    #[serde(with = "crate::time")]
    pub(crate) from: DateTime<Utc>,
    /// `None` while it goes on.
    pub(crate) until: Option<DateTime<Utc>>,
}

#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Ledger {
    meters: BTreeMap<Meter, Vec<Interval>>,
    /// What runs for a payer.
    running: BTreeMap<Owner, Running>,
    /// The meters that ran for a payer and stopped, by the blocks of months in which they ran, with how many intervals did.
    stopped: BTreeMap<(Owner, Block), BTreeMap<Meter, u32>>,
}

impl Ledger {
    /// What ran on the meter, the oldest interval first, without gaps or overlaps within a load's life.
    pub(crate) fn intervals(&self, meter: Meter) -> &[Interval] {
        self.meters.get(&meter).map_or(&[], Vec::as_slice)
    }

    /// The meters that run for the payer.
    pub(crate) fn running(&self, payer: Owner) -> impl Iterator<Item = Meter> {
        self.running.get(&payer).into_iter().flat_map(|running| &running.meters).copied()
    }

    /// What all that runs for the payer comes to.
    pub(crate) fn rate(&self, payer: Owner) -> Rate {
        self.running.get(&payer).map(|running| running.rate).unwrap_or_default()
    }

    fn runs(&mut self, meter: Meter, Interval { payer, load, .. }: Interval) {
        let running = self.running.entry(payer).or_default();
        if running.meters.insert(meter) {
            running.rate = running.rate + load.into();
        }
    }

    fn halts(&mut self, meter: Meter, Interval { payer, load, .. }: Interval) {
        let Some(running) = there(self.running.get_mut(&payer)) else { return };
        if running.meters.remove(&meter) {
            running.rate = running.rate.beyond(load.into());
        }
        if running.meters.is_empty() {
            self.running.remove(&payer);
        }
    }

    /// Every meter that ran for the payer in one of the months from `first` to `last`, or that runs.
    pub(crate) fn active(&self, payer: Owner, first: Month, last: Month) -> BTreeSet<Meter> {
        let blocks = Block::around(first, last).map(|(first, last)| (payer, first)..=(payer, last));
        let stopped = blocks.flat_map(|blocks| self.stopped.range(blocks)).flat_map(|(_, meters)| meters.keys());
        stopped.copied().chain(self.running(payer)).collect()
    }

    /// Every meter, with its intervals.
    pub(crate) fn meters(&self) -> impl Iterator<Item = (Meter, &[Interval])> {
        self.meters.iter().map(|(meter, intervals)| (*meter, intervals.as_slice()))
    }

    /// Whether the lists by payer hold exactly what the meters say.
    pub(crate) fn is_consistent(&self) -> bool {
        let mut running = BTreeMap::<Owner, Running>::new();
        let mut stopped = BTreeMap::<(Owner, Block), BTreeMap<Meter, u32>>::new();
        for (meter, interval) in self.meters().flat_map(|(meter, all)| all.iter().map(move |one| (meter, one))) {
            match interval.until {
                None => {
                    let running = running.entry(interval.payer).or_default();
                    running.meters.insert(meter);
                    running.rate = running.rate + interval.load.into();
                }
                Some(until) => {
                    for block in Block::of(interval.from, until) {
                        *stopped.entry((interval.payer, block)).or_default().entry(meter).or_default() += 1;
                    }
                }
            }
        }
        running == self.running && stopped == self.stopped
    }

    /// Puts back a meter with its intervals; `false` if it is there already, or the intervals cannot be.
    pub(crate) fn restore(&mut self, meter: Meter, intervals: Vec<Interval>) -> bool {
        let ordered = intervals.array_windows().all(|[one, next]| one.until.is_some_and(|until| until <= next.from));
        let forwards = intervals.iter().all(|one| one.until.is_none_or(|until| one.from <= until));
        if intervals.is_empty() || !ordered || !forwards || self.meters.contains_key(&meter) {
            return false;
        }
        for interval in intervals {
            self.start(meter, interval.payer, interval.load, interval.from);
            if let Some(until) = interval.until {
                self.stop(meter, until);
            }
        }
        true
    }

    /// Whether what runs on the meter can change so at this time; or did, and can be taken back.
    pub(super) fn accepts(
        &self,
        meter: Meter,
        direction: Direction,
        at: DateTime<Utc>,
        (before, after): Loads,
    ) -> bool {
        let load = |interval: &Interval| (interval.payer, interval.load);
        let (started, stopped) = match (direction, after, self.intervals(meter)) {
            (Direction::Forwards, _, all) => {
                return all.last().filter(|last| last.until.is_none()).map(load) == before;
            }
            (Direction::Backwards, Some(_), [earlier @ .., last]) => (Some(last), earlier.last()),
            (Direction::Backwards, _, all) => (None, all.last()),
        };
        started.filter(|last| (last.from, last.until) == (at, None)).map(load) == after
            && (before.is_none() || stopped.filter(|last| last.until == Some(at)).map(load) == before)
    }

    /// Stops what runs on the meter.
    pub(crate) fn stop(&mut self, meter: Meter, at: DateTime<Utc>) {
        let Some(last) = there(self.meters.get_mut(&meter).and_then(|intervals| intervals.last_mut())) else { return };
        last.until = Some(at);
        let stopped = *last;
        self.halts(meter, stopped);
        for block in Block::of(stopped.from, at) {
            *self.stopped.entry((stopped.payer, block)).or_default().entry(meter).or_default() += 1;
        }
    }

    /// Takes back the last [`stop`](Self::stop) of the meter.
    pub(crate) fn resume(&mut self, meter: Meter) {
        let Some(last) = there(self.meters.get_mut(&meter).and_then(|intervals| intervals.last_mut())) else { return };
        let Some(until) = there(last.until.take()) else { return };
        let resumed = *last;
        self.runs(meter, resumed);
        for block in Block::of(resumed.from, until) {
            let key = (resumed.payer, block);
            let Some(meters) = there(self.stopped.get_mut(&key)) else { continue };
            match meters.get_mut(&meter) {
                Some(count) if *count > 1 => *count -= 1,
                _ => drop(meters.remove(&meter)),
            }
            if meters.is_empty() {
                self.stopped.remove(&key);
            }
        }
    }

    /// Starts a load on the meter, which does not run.
    pub(crate) fn start(&mut self, meter: Meter, payer: Owner, load: Load, at: DateTime<Utc>) {
        let started = Interval { payer, load, from: at, until: None };
        self.meters.entry(meter).or_default().push(started);
        self.runs(meter, started);
    }

    /// Takes back the last [`start`](Self::start) of the meter.
    pub(crate) fn unstart(&mut self, meter: Meter) {
        let Some(intervals) = there(self.meters.get_mut(&meter)) else { return };
        let Some(started) = there(intervals.pop()) else { return };
        if intervals.is_empty() {
            self.meters.remove(&meter);
        }
        self.halts(meter, started);
    }
}

/// As many months as a power of two says, from a month on whose number is a multiple of it. A time of any length is a few
/// blocks, so that a clock that was far off costs no more than another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Block {
    power: u32,
    number: u32,
}

impl Block {
    /// How many sizes there are: so many times doubled, a month is longer than the calendar.
    const POWERS: u32 = 23;

    /// The blocks of the months that an interval touches; none for one without a second.
    fn of(from: DateTime<Utc>, until: DateTime<Utc>) -> impl Iterator<Item = Self> {
        let last = Month::of(until);
        let end = if from < until { number(last) + u32::from(last.start() < until) } else { 0 };
        let mut first = number(Month::of(from));
        core::iter::from_fn(move || {
            let power = end.checked_sub(first)?.checked_ilog2()?.min(first.trailing_zeros());
            let block = Self { power, number: first >> power };
            first += 1 << power;
            Some(block)
        })
    }

    /// The first and the last block of each size that hold one of the months from `first` to `last`.
    fn around(first: Month, last: Month) -> impl Iterator<Item = (Self, Self)> {
        let of = move |month, power| Self { power, number: number(month) >> power };
        (0..Self::POWERS).map(move |power| (of(first, power), of(last, power)))
    }
}

/// The number of a month, from the beginning of the calendar on.
fn number(month: Month) -> u32 {
    month.since(Month::of(DateTime::<Utc>::MIN_UTC))
}

#[cfg(test)]
mod tests {
    use super::{Block, DateTime, Interval, Ledger, Load, Meter, Month, Owner, Shield, SpaceId, Utc, number};
    use crate::ids::TeamId;

    const START: DateTime<Utc> = DateTime::<Utc>::UNIX_EPOCH;

    /// The first second of a month after 1970.
    fn month(number: u32) -> DateTime<Utc> {
        START.checked_add_months(chrono::Months::new(number)).expect("in the calendar")
    }

    /// A space of one team in the first weeks, and of another since.
    fn moved() -> (Ledger, Meter, [Owner; 2]) {
        let meter = Meter::Space(SpaceId::from_uuid(uuid::Uuid::nil()));
        let owners = [1, 2].map(|number| Owner::Team(TeamId::from_uuid(uuid::Uuid::from_u128(number))));
        let mut ledger = Ledger::default();
        ledger.start(meter, owners[0], Load::Space(Shield::On), START);
        ledger.stop(meter, month(2));
        ledger.start(meter, owners[1], Load::Space(Shield::On), month(2));
        assert!(ledger.is_consistent());
        (ledger, meter, owners)
    }

    #[test]
    fn lists_that_do_not_say_what_the_meters_say_are_found() {
        let spoilers: [fn(&mut Ledger, Meter, [Owner; 2]); 7] = [
            |ledger, _, _| ledger.running.clear(),
            |ledger, _, _| ledger.stopped.clear(),
            |ledger, _, _| ledger.meters.clear(),
            |ledger, meter, [was, _]| {
                ledger.running.entry(was).or_default().meters.insert(meter);
            },
            |ledger, _, [_, is]| ledger.running.entry(is).or_default().rate.credits += 1,
            |ledger, meter, [_, is]| {
                let block = Block::of(START, month(2)).next().expect("a month");
                ledger.stopped.insert((is, block), [(meter, 1)].into());
            },
            |ledger, meter, _| *ledger.stopped.values_mut().next().and_then(|m| m.get_mut(&meter)).expect("it") += 1,
        ];
        for (case, spoil) in spoilers.into_iter().enumerate() {
            let (mut ledger, meter, owners) = moved();
            spoil(&mut ledger, meter, owners);
            assert!(!ledger.is_consistent(), "case {case}");
        }
    }

    #[test]
    fn an_interval_is_in_the_blocks_of_the_months_that_it_touches() {
        let second = chrono::TimeDelta::seconds(1);
        let first = number(Month::of(START));
        let months = |from, until| -> Vec<(u32, u32)> {
            Block::of(from, until).map(|block| ((block.number << block.power) - first, 1 << block.power)).collect()
        };
        assert_eq!(first % 4, 0);
        assert_eq!(months(START, START), []);
        assert_eq!(months(START + second, START + second), []);
        assert_eq!(months(START, month(1)), [(0, 1)]);
        assert_eq!(months(START, month(1) + second), [(0, 2)]);
        assert_eq!(months(month(1), month(7)), [(1, 1), (2, 2), (4, 2), (6, 1)]);
        assert_eq!(months(month(3) - second, month(4) + second), [(2, 2), (4, 1)]);
        for length in 1..2000 {
            let blocks = months(month(5), month(5 + length));
            let ends = blocks.iter().map(|(start, length)| start + length);
            assert!(blocks.iter().map(|(start, _)| *start).eq([5].into_iter().chain(ends).take(blocks.len())));
            assert!(blocks.iter().map(|(_, length)| length).sum::<u32>() == length && blocks.len() < 24);
        }
    }

    #[test]
    fn intervals_that_cannot_be_are_not_restored() {
        let (ledger, meter, _) = moved();
        let [before, now]: [Interval; 2] = ledger.intervals(meter).try_into().expect("two");
        let backwards = Interval { until: Some(START), from: month(2), ..before };
        let refused = [vec![], vec![now, before], vec![now, now], vec![backwards], vec![before, before]];
        for (case, intervals) in refused.into_iter().enumerate() {
            assert!(!Ledger::default().restore(meter, intervals), "case {case}");
        }
        let mut restored = Ledger::default();
        assert!(restored.restore(meter, vec![before, now]) && restored == ledger);
        assert!(!restored.restore(meter, vec![before, now]) && restored == ledger, "twice");
    }
}
