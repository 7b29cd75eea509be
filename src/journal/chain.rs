//! What is kept: entries, each with the digest of everything up to it, and snapshots with theirs.

use core::fmt;

use chrono::{DateTime, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::JournalError;
use crate::actor::ActorKind;
use crate::event::AuditEvent;
use crate::names::ContextText;
use crate::snapshot::Snapshot;
use crate::store::TeamStore;

/// The SHA-256 of an entry and of the digest before it, and so of everything up to it.
///
/// It finds what was changed by a fault or by hand, and tells two copies of a journal apart at one number. Whoever keeps it elsewhere
/// too, with its number, has evidence of tampering.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChainDigest([u8; 32]);

impl ChainDigest {
    /// The digest before the first entry.
    pub const START: Self = Self([0; 32]);

    /// As it was kept.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// As it is kept.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 32] {
        self.0
    }

    /// Of parts, each after its length, so that no two lists of parts give the same bytes.
    fn of<const N: usize>(parts: [&[u8]; N]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }
}

/// In hexadecimal digits.
impl fmt::Display for ChainDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ChainDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChainDigest({self})")
    }
}

/// How far a journal is: the last entry, by number and digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The number; 0 before the first entry.
    pub seq: u64,
    /// The digest.
    pub digest: ChainDigest,
}

impl Position {
    /// Before the first entry.
    pub const START: Self = Self { seq: 0, digest: ChainDigest::START };
}

/// The key under which an operation or a transaction was done, which it is not to be again. Each event of a transaction has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyUse {
    /// Whose key it is, and the key: how the journal finds it again.
    pub key: String,
    /// A digest of the operation, or of what is told of the transaction, to tell it from another one.
    pub operation: ChainDigest,
    /// Until when the key is remembered, in microseconds since the Unix epoch, by the journal's clock.
    pub until: i64,
}

impl KeyUse {
    /// For this operation, or whatever tells a transaction from another one, under this key of the actor's: of a user directly, of one
    /// through a client, or of the operator. Remembered until this time.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`] for what cannot be written as JSON: nothing of this library.
    pub fn new(
        actor: ActorKind,
        key: &ContextText,
        operation: &impl Serialize,
        until: DateTime<Utc>,
    ) -> Result<Self, JournalError> {
        let operation = serde_json::to_vec(operation).map_err(JournalError::unavailable)?;
        let key = serde_json::to_string(&(actor, key)).map_err(JournalError::unavailable)?;
        Ok(Self { key, operation: ChainDigest::of([&operation]), until: until.timestamp_micros() })
    }
}

/// An event as it is kept. A journal keeps every field as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The number of the event.
    pub seq: u64,
    /// The [`AuditEvent`] as JSON.
    pub event: String,
    /// The key under which it was done.
    pub key: Option<KeyUse>,
    /// The digest of this and of all before it.
    pub digest: ChainDigest,
}

impl Entry {
    /// The event as the next entry.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`] for what cannot be written as JSON: no event of this library.
    pub fn new(after: Position, event: &AuditEvent, key: Option<KeyUse>) -> Result<Self, JournalError> {
        let text = serde_json::to_string(event).map_err(JournalError::unavailable)?;
        Ok(Self::of_text(Position { seq: event.seq.saturating_sub(1), ..after }, text, key))
    }

    /// The next entry, from the text of its event: for a journal that keeps digests for some entries only, since they follow from the rest.
    #[must_use]
    pub fn of_text(after: Position, event: String, key: Option<KeyUse>) -> Self {
        let entry = Self { seq: after.seq + 1, event, key, digest: ChainDigest::START };
        Self { digest: entry.link(after.digest), ..entry }
    }

    /// Where a journal is whose last entry this is.
    #[must_use]
    pub const fn position(&self) -> Position {
        Position { seq: self.seq, digest: self.digest }
    }

    /// The digest that this entry has after one with this digest.
    fn link(&self, before: ChainDigest) -> ChainDigest {
        let (seq, event) = (&self.seq.to_le_bytes(), self.event.as_bytes());
        match &self.key {
            None => ChainDigest::of([&before.0, seq, event]),
            Some(KeyUse { key, operation, until }) => {
                ChainDigest::of([&before.0, seq, event, key.as_bytes(), &operation.0, &until.to_le_bytes()])
            }
        }
    }

    /// Where the journal is with this entry, if it is the one after `before`, and is as it was kept.
    ///
    /// # Errors
    /// [`JournalError::Gap`] for another number, [`JournalError::Corrupt`] for another digest.
    pub fn check(&self, before: Position) -> Result<Position, JournalError> {
        let (seq, expected) = (self.seq, before.seq + 1);
        if seq != expected {
            return Err(JournalError::Gap { expected, found: seq });
        }
        if self.digest != self.link(before.digest) {
            return Err(JournalError::Corrupt { seq });
        }
        Ok(self.position())
    }

    /// The event.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`] for what this release cannot read, [`JournalError::Corrupt`] for the event of another number.
    pub fn audit_event(&self) -> Result<AuditEvent, JournalError> {
        let seq = self.seq;
        let event: AuditEvent = serde_json::from_str(&self.event)
            .map_err(|problem| JournalError::Unreadable { seq, problem: problem.to_string().into() })?;
        if event.seq == seq { Ok(event) } else { Err(JournalError::Corrupt { seq }) }
    }
}

/// A [`Snapshot`] as it is kept. A journal keeps every field as it is.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptSnapshot {
    /// How far the journal was.
    pub position: Position,
    /// The snapshot as `MessagePack` with names.
    pub bytes: Vec<u8>,
    /// The digest of the bytes and of the position's digest.
    pub digest: ChainDigest,
}

impl KeptSnapshot {
    /// The snapshot of a store that is as far as `position`.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`] for what cannot be written: nothing of this library.
    pub fn new(position: Position, snapshot: &Snapshot) -> Result<Self, JournalError> {
        let bytes = rmp_serde::to_vec_named(snapshot).map_err(JournalError::unavailable)?;
        let digest = Self::link(position, &bytes);
        Ok(Self { position, bytes, digest })
    }

    fn link(position: Position, bytes: &[u8]) -> ChainDigest {
        ChainDigest::of([&position.digest.0, &position.seq.to_le_bytes(), bytes])
    }

    /// The snapshot, as it was kept.
    pub(super) fn snapshot(&self) -> Result<Snapshot, JournalError> {
        let seq = self.position.seq;
        if self.digest != Self::link(self.position, &self.bytes) {
            return Err(JournalError::Corrupt { seq });
        }
        rmp_serde::from_slice(&self.bytes)
            .map_err(|problem| JournalError::Unreadable { seq, problem: problem.to_string().into() })
    }

    /// The store of the snapshot, with all checks of [`TeamStore::restore`] but that of the invariants, which
    /// [`open`](fn@super::open) reports: what an earlier release has kept is not refused.
    ///
    /// # Errors
    /// [`JournalError::Corrupt`] where it is not what was kept, [`JournalError::Unreadable`] where this release cannot read or restore it.
    pub fn restore(self) -> Result<TeamStore, JournalError> {
        let seq = self.position.seq;
        let snapshot = self.snapshot()?;
        // Gigabytes, of a large store, while the store is made.
        drop(self);
        let store = TeamStore::restore_kept(snapshot)
            .map_err(|problem| JournalError::Unreadable { seq, problem: problem.to_string().into() })?;
        if store.seq() == seq { Ok(store) } else { Err(JournalError::Corrupt { seq }) }
    }
}

impl fmt::Debug for KeptSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeptSnapshot")
            .field("position", &self.position)
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}
