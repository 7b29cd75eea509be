//! The whole store as one value, and back.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::actor::recorded;
use crate::digest::Digest;
use crate::entity::Ending;
use crate::event::AuditEvent;
use crate::invariant::{self, Violation};
use crate::state::{InvalidEntry, Log, SEQ_MAX, State, StateRecord};
use crate::store::TeamStore;
use crate::version::Version;

/// A whole store as one value, for serde: settings, state, and the events that the store keeps.
///
/// Equal stores give equal snapshots, in the same order and byte for byte in the same format. The first field is `version`, which is
/// 1; a newer version, an unknown field or a malformed value is an error of the deserializer. Whether what was read makes
/// sense, [`TeamStore::restore`] checks.
///
/// The form is for formats that describe themselves and name their fields: JSON, CBOR, `MessagePack` with names
/// (`rmp_serde::to_vec_named`). It does not work in those that leave names or kinds out, such as postcard, bincode and
/// `MessagePack` without names: they write it, and do not read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    version: Version,
    state: StateRecord,
    events: Vec<AuditEvent>,
    /// The times that the events replaced or ended, the last one last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    replaced: Vec<DateTime<Utc>>,
    /// The ends of what the events took away, each with the number of its event.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    ends_gone: Vec<(u64, Ending)>,
    /// Of the state and these, where older events were handed over, which would tell that it is what it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    digest: Option<Digest>,
}

/// Why a snapshot is no store.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RestoreError {
    /// An entry that cannot be where it is.
    #[error("{path}: {problem}")]
    InvalidEntry {
        /// The entry, as `state.teams[3].members[0]`.
        path: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The entries fit, and together break what holds in every store: the first such check.
    #[error("the state breaks an invariant: {0}")]
    Invariant(Violation),
}

/// **Snapshots** (X-3): the whole store as one value, and back.
impl TeamStore {
    /// The whole store as one value. Costs what the store holds.
    ///
    /// ```
    /// use enterprise_teams::{Snapshot, TeamStore, demo::Demo};
    ///
    /// let Demo { store, .. } = Demo::new()?;
    /// let text = serde_json::to_string(&store.snapshot())?;
    /// let snapshot: Snapshot = serde_json::from_str(&text)?;
    /// assert!(TeamStore::restore(snapshot)? == store);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let (state, events) = (self.state().to_record(), self.log.events());
        let unknown = events.partition_point(|event| event.seq < self.state().replaced_since());
        let events = events.get(unknown..).unwrap_or_default().to_vec();
        let (replaced, ends_gone) = (self.state().replaced(), self.state().ends_gone());
        let digest = digest(&state, (&replaced, &ends_gone), events.len(), self.state().seq);
        Snapshot { version: Version, state, events, replaced, ends_gone, digest }
    }

    /// The store of a snapshot. Costs what the snapshot holds.
    ///
    /// Trusts nothing: every reference must lead somewhere, every key must be free, every
    /// [invariant](Self::check_invariants) must hold, and the events must be those that led to the state: when the snapshot
    /// holds all of them, they must make exactly this state from nothing; when older ones were handed over, the state must be that
    /// whose digest the snapshot holds, and the kept ones are taken back on a copy, where each must find what it left behind.
    ///
    /// # Errors
    /// [`RestoreError`] with the first thing that is wrong, and where.
    pub fn restore(snapshot: Snapshot) -> Result<Self, RestoreError> {
        Self::restored(snapshot, |state| {
            let first = invariant::check(state).into_iter().next();
            first.map_or(Ok(()), |violation| Err(RestoreError::Invariant(violation)))
        })
    }

    /// As [`restore`](Self::restore), of what an earlier release may have kept: whoever opens it is told which invariants do not hold.
    #[cfg(feature = "journal")]
    pub(crate) fn restore_kept(snapshot: Snapshot) -> Result<Self, RestoreError> {
        Self::restored(snapshot, |_| Ok(()))
    }

    fn restored(
        snapshot: Snapshot,
        check_laws: impl Fn(&State) -> Result<(), RestoreError>,
    ) -> Result<Self, RestoreError> {
        let Snapshot { version: Version, state, events, replaced, ends_gone, digest: written } = snapshot;
        if written != digest(&state, (&replaced, &ends_gone), events.len(), state.seq()) {
            return Err(misfit("digest".into(), "it is not that of the state"));
        }
        let mut state = State::from_record(state).map_err(|InvalidEntry { path, problem }| {
            RestoreError::InvalidEntry { path: format!("state.{path}"), problem }
        })?;
        check_laws(&state)?;
        if state.seq > SEQ_MAX {
            return Err(misfit("state.seq".into(), "it is too high"));
        }
        let since = (state.seq + 1).saturating_sub(events.len() as u64);
        if !state.restore_replaced(&replaced, since) {
            return Err(misfit("replaced".into(), "a time is not in whole microseconds"));
        }
        if !state.restore_ends_gone(&ends_gone) {
            return Err(misfit("ends_gone".into(), "a time is not in whole microseconds"));
        }
        if let Some(earlier) = check_events(&state, &events)? {
            check_laws(&earlier)?;
        }
        let log = Log::restore(state.seq - events.len() as u64, events);
        Ok(Self::from_parts(state, log))
    }
}

fn misfit(path: String, problem: &'static str) -> RestoreError {
    RestoreError::InvalidEntry { path, problem }
}

/// The digest that the snapshot of this state holds, with this many events of `seq`.
fn digest(
    state: &StateRecord,
    (replaced, ends_gone): (&[DateTime<Utc>], &[(u64, Ending)]),
    events: usize,
    seq: u64,
) -> Option<Digest> {
    if events as u64 >= seq {
        None
    } else if ends_gone.is_empty() {
        Digest::of(&(state, replaced))
    } else {
        Digest::of(&(state, replaced, ends_gone))
    }
}

/// Whether the events are the last ones that led to the state; and what it was before them, where there were others.
fn check_events(state: &State, events: &[AuditEvent]) -> Result<Option<State>, RestoreError> {
    let Some(first) = state.seq.checked_sub(events.len() as u64) else {
        return Err(misfit("events".into(), "there are more than the store counts"));
    };
    for (index, (event, seq)) in events.iter().zip(first + 1..).enumerate() {
        if event.seq != seq {
            return Err(misfit(format!("events[{index}].seq"), "it is not the next number"));
        }
    }
    if let Some(index) = events.iter().position(|event| event.at != recorded(event.at)) {
        return Err(misfit(format!("events[{index}].at"), "it is not in whole microseconds"));
    }
    if let Some(index) = events.array_windows().position(|[one, next]| next.at < one.at) {
        return Err(misfit(format!("events[{}].at", index + 1), "it is before that of the event before it"));
    }
    if events.last().is_some_and(|last| last.at != state.last_at) {
        return Err(misfit("state.last_at".into(), "it is not the time of the last event"));
    }
    if first == 0 {
        let Some((mut made, later)) = events.split_first().and_then(|(one, later)| Some((State::opened(one)?, later)))
        else {
            return Err(misfit("events[0]".into(), "it does not open a store"));
        };
        if let Some(index) = later.iter().position(|event| !made.try_apply(event)) {
            return Err(misfit(format!("events[{}]", index + 1), "it does not fit what the events before it made"));
        }
        return if made != *state {
            Err(misfit("events".into(), "they make another state"))
        } else if made.replaced() != state.replaced() {
            Err(misfit("replaced".into(), "they are not those that the events replaced"))
        } else if made.ends_gone() != state.ends_gone() {
            Err(misfit("ends_gone".into(), "they are not those of what the events took away"))
        } else {
            Ok(None)
        };
    }
    let mut earlier = state.clone();
    for (index, event) in events.iter().enumerate().rev() {
        let before = index.checked_sub(1).and_then(|before| events.get(before));
        if !earlier.try_revert(event, event.seq - 1, before.map(|before| before.at)) {
            return Err(misfit(format!("events[{index}]"), "it did not lead to the state"));
        }
    }
    if !earlier.replaced().is_empty() {
        return Err(misfit("replaced".into(), "there are more than the events replaced"));
    }
    if !earlier.ends_gone().is_empty() {
        return Err(misfit("ends_gone".into(), "there are more than the events took away"));
    }
    Ok(Some(earlier))
}
