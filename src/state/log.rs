//! The audit log: every event, and for each thing the numbers of the events that concern it.

use core::ops::Range;
use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use hashbrown::HashMap;
use smallvec::SmallVec;

use crate::event::{AuditEvent, Subject};

#[derive(Clone, Default)]
pub(crate) struct Log {
    /// The number of events handed over.
    handed_over: u64,
    events: Vec<AuditEvent>,
    about: HashMap<Subject, Numbers>,
}

/// The lower halves of the numbers of events, the oldest first. Which numbers they are, the first event that is kept tells: of those
/// that are kept, no two have the same half.
type Numbers = SmallVec<[u32; 4]>;

#[expect(clippy::cast_possible_truncation, reason = "the half that is wanted")]
const fn half(number: u64) -> u32 {
    number as u32
}

/// How many numbers after `first` the number with this half comes.
const fn after(first: u64, number: u32) -> usize {
    number.wrapping_sub(half(first)) as usize
}

impl Log {
    pub(crate) fn events(&self) -> &[AuditEvent] {
        &self.events
    }

    /// A log of which this many events were handed over and these are kept.
    pub(crate) fn restore(handed_over: u64, events: Vec<AuditEvent>) -> Self {
        let mut log = Self { handed_over, ..Self::default() };
        for event in events {
            log.push(event);
        }
        log
    }

    pub(crate) fn push(&mut self, event: AuditEvent) -> &AuditEvent {
        for subject in event.subjects() {
            self.about.entry(subject).or_default().push(half(event.seq));
        }
        self.events.push_mut(event)
    }

    /// Takes the last event off the log.
    pub(crate) fn pop(&mut self) -> Option<AuditEvent> {
        let event = self.events.pop()?;
        for subject in event.subjects() {
            if let Some(numbers) = self.about.get_mut(&subject) {
                numbers.pop();
                if numbers.is_empty() {
                    self.about.remove(&subject);
                }
            }
        }
        Some(event)
    }

    /// Hands over all but the last `keep` events.
    pub(crate) fn hand_over(&mut self, keep: usize) -> Vec<AuditEvent> {
        if self.events.len() <= keep {
            return Vec::new();
        }
        let kept = self.events.split_off(self.events.len() - keep);
        let out = core::mem::replace(&mut self.events, kept);
        let first = self.first();
        self.handed_over += out.len() as u64;
        let subjects: BTreeSet<Subject> = out.iter().flat_map(AuditEvent::subjects).collect();
        for subject in subjects {
            let Some(numbers) = self.about.get_mut(&subject) else { continue };
            numbers.drain(..numbers.partition_point(|number| after(first, *number) < out.len()));
            if numbers.is_empty() {
                self.about.remove(&subject);
            }
        }
        self.about.shrink_to_fit();
        out
    }

    /// The number of the first event that is kept.
    const fn first(&self) -> u64 {
        self.handed_over + 1
    }

    /// The event of this number.
    pub(crate) fn event(&self, seq: u64) -> Option<&AuditEvent> {
        self.events.get(usize::try_from(seq.checked_sub(self.first())?).ok()?)
    }

    /// The numbers of the events from `since` on and before `until`.
    pub(crate) fn between(&self, since: Option<DateTime<Utc>>, until: Option<DateTime<Utc>>) -> Range<u64> {
        let first = self.first();
        let before = |time| first + self.events.partition_point(|event| event.at < time) as u64;
        since.map_or(first, before)..until.map_or(first + self.events.len() as u64, before)
    }

    /// The events within `range` that concern `subject`, the oldest first.
    pub(crate) fn about(&self, subject: Subject, range: Range<u64>) -> impl DoubleEndedIterator<Item = &AuditEvent> {
        let numbers = self.about.get(&subject).map_or(&[][..], |numbers| numbers.as_slice());
        let first = self.first();
        let [start, end] = [range.start, range.end]
            .map(|bound| numbers.partition_point(|number| first + (after(first, *number) as u64) < bound));
        let within = numbers.get(start..end).unwrap_or_default();
        within.iter().filter_map(move |number| self.events.get(after(first, *number)))
    }
}
