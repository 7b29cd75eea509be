//! The audit log: every event, and for each thing the numbers of the events that concern it.

use core::hash::Hash;
use core::ops::Range;

use chrono::{DateTime, Utc};
use hashbrown::HashMap;
use smallvec::SmallVec;

use crate::event::{AuditEvent, Event, Subject, TeamDeletion};
use crate::ids::TeamId;
use crate::readable::NamedId;
use crate::sort;

#[derive(Clone, Default)]
pub(crate) struct Log {
    /// The number of events handed over.
    handed_over: u64,
    events: Vec<AuditEvent>,
    about: HashMap<Subject, Numbers>,
    /// Which events ended the name of what: few, and so the names of old can be told from the events themselves.
    renamed: HashMap<NamedId, Numbers>,
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

fn take_last<K: Hash + Eq>(map: &mut HashMap<K, Numbers>, key: &K) {
    if let Some(numbers) = map.get_mut(key) {
        numbers.pop();
        if numbers.is_empty() {
            map.remove(key);
        }
    }
}

fn take_first<K: Hash + Eq>(map: &mut HashMap<K, Numbers>, key: &K, gone: impl Fn(u32) -> bool) {
    if let Some(numbers) = map.get_mut(key) {
        numbers.drain(..numbers.partition_point(|number| gone(*number)));
        if numbers.is_empty() {
            map.remove(key);
        }
    }
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
        event.event.names_before(&mut |id, _| self.renamed.entry(id).or_default().push(half(event.seq)));
        self.events.push_mut(event)
    }

    /// Takes the last event off the log.
    pub(crate) fn pop(&mut self) -> Option<AuditEvent> {
        let event = self.events.pop()?;
        for subject in event.subjects() {
            take_last(&mut self.about, &subject);
        }
        event.event.names_before(&mut |id, _| take_last(&mut self.renamed, &id));
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
        let subjects = sort::set(out.iter().flat_map(AuditEvent::subjects));
        let mut renamed = Vec::new();
        for event in &out {
            event.event.names_before(&mut |id, _| renamed.push(id));
        }
        let gone = |number: u32| after(first, number) < out.len();
        for subject in &subjects {
            take_first(&mut self.about, subject, gone);
        }
        for id in &sort::set(renamed) {
            take_first(&mut self.renamed, id, gone);
        }
        self.about.shrink_to_fit();
        self.renamed.shrink_to_fit();
        out
    }

    /// The name that this had when the event of this number came, if it lost it then or later.
    pub(crate) fn former_name(&self, id: NamedId, seq: u64) -> Option<String> {
        let (numbers, first) = (self.renamed.get(&id)?, self.first());
        let next = numbers.partition_point(|number| first + (after(first, *number) as u64) < seq);
        let event = self.events.get(after(first, *numbers.get(next)?))?;
        let mut found = None;
        event.event.names_before(&mut |of, name| found = found.take().or_else(|| (of == id).then_some(name)));
        found
    }

    /// The number of the first event that is kept.
    pub(crate) const fn first(&self) -> u64 {
        self.handed_over + 1
    }

    /// The event of this number.
    pub(crate) fn event(&self, seq: u64) -> Option<&AuditEvent> {
        self.events.get(usize::try_from(seq.checked_sub(self.first())?).ok()?)
    }

    /// The end of a team that was deleted.
    pub(crate) fn end_of(&self, team: TeamId) -> Option<&TeamDeletion> {
        let last = self.about(Subject::Team(team), 0..u64::MAX).next_back()?;
        let Event::TeamDeleted { deleted } = &last.event else { return None };
        Some(&**deleted).filter(|end| end.team.id == team)
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::{DateTime, TimeDelta, Utc};

    use super::{AuditEvent, Log, Subject};
    use crate::tests::Sound;

    /// Events an hour apart, two by two, with the numbers after `before`.
    fn events(before: u64) -> Vec<AuditEvent> {
        let mut events = Sound::new().expect("accepted").store.events().to_vec();
        for (at, event) in (0..).zip(&mut events) {
            event.seq += before;
            event.at = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::hours(at / 2);
        }
        events
    }

    /// The log answers as a look through all that it keeps would.
    fn answers_as(log: &Log, kept: &[AuditEvent], subjects: &BTreeSet<Subject>) {
        assert_eq!(log.events(), kept);
        let (first, last) = (kept.first().map_or(1, |first| first.seq), kept.last().map_or(100, |last| last.seq));
        for seq in (0..3).chain(first.saturating_sub(3)..last + 3) {
            assert_eq!(log.event(seq), kept.iter().find(|event| event.seq == seq));
        }
        let ends = [(None, None), (Some(3), None), (None, Some(9)), (Some(4), Some(11)), (Some(5), Some(5))];
        for (since, until) in ends {
            let [since, until] =
                [since, until].map(|hour| hour.map(|hour| DateTime::<Utc>::UNIX_EPOCH + TimeDelta::hours(hour)));
            let range = log.between(since, until);
            let within =
                |event: &&AuditEvent| since.is_none_or(|t| event.at >= t) && until.is_none_or(|t| event.at < t);
            for subject in subjects {
                let about = log.about(*subject, range.clone());
                let looked = kept.iter().filter(within).filter(|event| event.subjects().contains(subject));
                assert!(about.eq(looked), "{subject:?} from {since:?} to {until:?}");
            }
        }
        for (subject, numbers) in &log.about {
            assert!(
                !numbers.is_empty() && numbers.len() == kept.iter().filter(|e| e.subjects().contains(subject)).count()
            );
        }
    }

    #[test]
    fn whatever_is_handed_over_the_log_answers_from_what_it_keeps() {
        for before in [0, u64::from(u32::MAX) - 7] {
            handed_over_and_kept(before);
        }
    }

    fn handed_over_and_kept(before: u64) {
        let events = events(before);
        let subjects: BTreeSet<Subject> = events.iter().flat_map(AuditEvent::subjects).collect();
        assert!(events.len() > 25 && subjects.len() > 15);
        for first in 0..=events.len() {
            for second in (0..=first).step_by(5) {
                let mut log = Log::restore(before, events[..first].to_vec());
                answers_as(&log, &events[..first], &subjects);
                assert_eq!(log.hand_over(second), events[..first - second]);
                assert_eq!(log.hand_over(second), []);
                answers_as(&log, &events[first - second..first], &subjects);
                for event in &events[first..] {
                    log.push(event.clone());
                }
                answers_as(&log, &events[first - second..], &subjects);
                let restored = Log::restore(before + (first - second) as u64, events[first - second..].to_vec());
                answers_as(&restored, &events[first - second..], &subjects);
                for event in events[first - second..].iter().rev() {
                    assert_eq!(log.pop().as_ref(), Some(event));
                }
                assert!(log.pop().is_none() && log.about.is_empty() && log.renamed.is_empty());
            }
        }
    }
}
