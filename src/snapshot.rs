//! The whole store as one value, and back.

use serde::{Deserialize, Serialize};

use crate::event::AuditEvent;
use crate::invariant::{self, Violation};
use crate::state::{InvalidEntry, Log, SEQ_MAX, State, StateRecord};
use crate::store::TeamStore;
use crate::version::Version;

/// A whole store as one value, for serde: settings, state, and the events that the store keeps.
///
/// Equal stores give equal snapshots, in the same order and byte for byte in the same format. The first field is `version`;
/// another version than 1, an unknown field or a malformed value is an error of the deserializer. Whether what was read makes
/// sense, [`TeamStore::restore`] checks.
///
/// The form is for formats that describe themselves, such as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    version: Version,
    state: StateRecord,
    events: Vec<AuditEvent>,
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
        Snapshot { version: Version, state: self.state.to_record(), events: self.log.events().to_vec() }
    }

    /// The store of a snapshot. Costs what the snapshot holds.
    ///
    /// Trusts nothing: every reference must lead somewhere, every key must be free, every
    /// [invariant](Self::check_invariants) must hold, and the events must be those that led to the state: when the snapshot
    /// holds all of them, they must make exactly this state from an empty store; when older ones were handed over, the kept
    /// ones are taken back on a copy, and each must find what it left behind.
    ///
    /// # Errors
    /// [`RestoreError`] with the first thing that is wrong, and where.
    pub fn restore(snapshot: Snapshot) -> Result<Self, RestoreError> {
        let Snapshot { version: Version, state, events } = snapshot;
        let state = State::from_record(state).map_err(|InvalidEntry { path, problem }| RestoreError::InvalidEntry {
            path: format!("state.{path}"),
            problem,
        })?;
        if let Some(violation) = invariant::check(&state).into_iter().next() {
            return Err(RestoreError::Invariant(violation));
        }
        if state.seq > SEQ_MAX {
            return Err(misfit("state.seq".into(), "it is too high"));
        }
        check_events(&state, &events)?;
        let log = Log::restore(state.seq - events.len() as u64, events);
        Ok(Self::from_parts(state, log))
    }
}

fn misfit(path: String, problem: &'static str) -> RestoreError {
    RestoreError::InvalidEntry { path, problem }
}

/// Whether the events are the last ones that led to the state.
fn check_events(state: &State, events: &[AuditEvent]) -> Result<(), RestoreError> {
    let Some(first) = state.seq.checked_sub(events.len() as u64) else {
        return Err(misfit("events".into(), "there are more than the store counts"));
    };
    for (index, (event, seq)) in events.iter().zip(first + 1..).enumerate() {
        if event.seq != seq {
            return Err(misfit(format!("events[{index}].seq"), "it is not the next number"));
        }
    }
    if let Some(index) = events.array_windows().position(|[one, next]| next.at < one.at) {
        return Err(misfit(format!("events[{}].at", index + 1), "it is before that of the event before it"));
    }
    if events.last().is_some_and(|last| last.at != state.last_at) {
        return Err(misfit("state.last_at".into(), "it is not the time of the last event"));
    }
    if first == 0 {
        let mut made = State::new(state.settings.clone());
        if let Some(index) = events.iter().position(|event| !made.try_apply(event)) {
            return Err(misfit(format!("events[{index}]"), "it does not fit what the events before it made"));
        }
        return if made == *state { Ok(()) } else { Err(misfit("events".into(), "they make another state")) };
    }
    if events.is_empty() {
        return Ok(());
    }
    let mut earlier = state.clone();
    for (index, event) in events.iter().enumerate().rev() {
        let before = index.checked_sub(1).and_then(|before| events.get(before)).unwrap_or(event);
        if !earlier.try_revert(event, event.seq - 1, before.at) {
            return Err(misfit(format!("events[{index}]"), "it did not lead to the state"));
        }
    }
    match invariant::check(&earlier).into_iter().next() {
        Some(violation) => Err(RestoreError::Invariant(violation)),
        None => Ok(()),
    }
}
