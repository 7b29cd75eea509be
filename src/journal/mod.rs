//! How the log is kept outside of memory, without I/O or clock: what a journal promises, what its entries look like, and how a store
//! is opened from one. With the feature `journal`.
//!
//! A store lives in memory. Whoever wants it to outlive its process keeps its events in a [`Journal`]: a file, a database, one
//! of their own. What is promised by which engine, and what an operator has to know, `docs/DURABILITY.md` says.
//!
//! - An [`Entry`] is an event with its number, as JSON, and the [digest](ChainDigest) of everything up to it: whoever changes,
//!   leaves out or cuts off an entry changes every digest after it.
//! - [`append`](Journal::append) takes the number after which the entries come. Of two who append after the same number one is told
//!   that there is a [conflict](JournalError::Conflict), follows what the other has kept, and decides anew. Nothing else is
//!   needed for several processes to write one log.
//! - [`open`](fn@open) makes the store again, from the newest snapshot and the entries after it, and trusts neither.
//!
//! ```
//! use enterprise_teams::journal::{MemoryJournal, open};
//! use enterprise_teams::{Settings, journal};
//!
//! let mut kept = MemoryJournal::new();
//! let opened = journal::open(&mut kept, || Settings::from_seed(1), 1000)?;
//! let again = journal::open(&mut kept, || Settings::from_seed(2), 1000)?;
//! assert!(
//!     again.store == opened.store,
//!     "the settings are those that the journal began with"
//! );
//! # Ok::<(), journal::JournalError>(())
//! ```

mod chain;
mod erase;
mod memory;
mod open;

pub use chain::{ChainDigest, Entry, KeptSnapshot, KeyUse, Position};
pub use erase::{EraseError, Erasure};
pub use memory::{Fault, MemoryJournal};
pub use open::{Opened, PAGE, as_of, events, follow, open, verify};
#[cfg(feature = "replica")]
pub(crate) use open::{bound, events_below};

use core::time::Duration;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::store::ReplayError;

/// Where entries are kept by number: 1 for the first, without gaps.
///
/// A journal does not look into what it keeps. That the digests fit each other, that every event fits and that none is missing,
/// whoever reads it checks: [`open`](fn@open) and [`follow`] do.
///
/// The crate `enterprise-teams-journal-contract` has the tests that every journal must pass, also one of yours.
pub trait Journal: Send {
    /// What time it is where the journal is: the one clock for everybody who appends to it.
    ///
    /// # Errors
    /// [`Unavailable`](JournalError::Unavailable).
    fn now(&mut self) -> Result<DateTime<Utc>, JournalError>;

    /// Waits until nobody else appends. From here to [`append`](Self::append) or [`pass_turn`](Self::pass_turn) whoever asks too
    /// waits: so writers take turns instead of running into conflicts. It is a courtesy: what guards the journal is the
    /// number.
    ///
    /// # Errors
    /// [`Unavailable`](JournalError::Unavailable), [`ReadOnly`](JournalError::ReadOnly).
    fn take_turn(&mut self) -> Result<(), JournalError> {
        Ok(())
    }

    /// Lets others append, where nothing came of the turn.
    fn pass_turn(&mut self) {}

    /// Keeps these entries after number `after`, all or none, and ends the turn whatever comes of it. When it answers `Ok` they outlive
    /// the process, the machine or what else the journal promises.
    ///
    /// # Errors
    /// [`Conflict`](JournalError::Conflict) where the journal ends with another number than `after`, and
    /// [`Unavailable`](JournalError::Unavailable) or [`ReadOnly`](JournalError::ReadOnly): nothing was kept.
    /// [`Unknown`](JournalError::Unknown): they may have been kept, or may yet be.
    fn append(&mut self, after: u64, entries: &[Entry]) -> Result<(), JournalError>;

    /// The entries after number `after`, in order, at most `most` of them.
    ///
    /// # Errors
    /// [`Truncated`](JournalError::Truncated) where the next entry is no longer kept; [`Unavailable`](JournalError::Unavailable).
    fn read(&mut self, after: u64, most: usize) -> Result<Vec<Entry>, JournalError>;

    /// The last entry by number and digest, as it is known beside the entries themselves, so that a lost end shows.
    ///
    /// # Errors
    /// [`Unavailable`](JournalError::Unavailable).
    fn end(&mut self) -> Result<Position, JournalError>;

    /// The newest entry that was kept under this [key](KeyUse::key).
    ///
    /// # Errors
    /// [`Unavailable`](JournalError::Unavailable).
    fn keyed(&mut self, key: &str) -> Result<Option<Entry>, JournalError>;

    /// Keeps a snapshot beside the others. One at the same number replaces the former; one that comes so late that the entry at which
    /// it was taken has been given up is not kept.
    ///
    /// # Errors
    /// [`Unavailable`](JournalError::Unavailable), [`ReadOnly`](JournalError::ReadOnly).
    fn keep_snapshot(&mut self, snapshot: &KeptSnapshot) -> Result<(), JournalError>;

    /// The newest snapshot of a number below this.
    ///
    /// # Errors
    /// [`Unavailable`](JournalError::Unavailable).
    fn snapshot_below(&mut self, seq: u64) -> Result<Option<KeptSnapshot>, JournalError>;

    /// Gives up the entries that stand below the older of the two newest snapshots, and the snapshots before that; nothing as long as
    /// there are not two. With an entry its key goes.
    ///
    /// # Errors
    /// [`Unavailable`](JournalError::Unavailable), [`ReadOnly`](JournalError::ReadOnly).
    fn truncate(&mut self) -> Result<(), JournalError>;

    /// Waits until there may be an entry after number `after`, at most so long.
    ///
    /// # Errors
    /// [`Unavailable`](JournalError::Unavailable).
    fn wait(&mut self, after: u64, at_most: Duration) -> Result<(), JournalError>;
}

/// Any journal, for whoever chooses the engine at run time: `Box<dyn Journal>`.
impl<J: Journal + ?Sized> Journal for Box<J> {
    fn now(&mut self) -> Result<DateTime<Utc>, JournalError> {
        (**self).now()
    }

    fn take_turn(&mut self) -> Result<(), JournalError> {
        (**self).take_turn()
    }

    fn pass_turn(&mut self) {
        (**self).pass_turn();
    }

    fn append(&mut self, after: u64, entries: &[Entry]) -> Result<(), JournalError> {
        (**self).append(after, entries)
    }

    fn read(&mut self, after: u64, most: usize) -> Result<Vec<Entry>, JournalError> {
        (**self).read(after, most)
    }

    fn end(&mut self) -> Result<Position, JournalError> {
        (**self).end()
    }

    fn keyed(&mut self, key: &str) -> Result<Option<Entry>, JournalError> {
        (**self).keyed(key)
    }

    fn keep_snapshot(&mut self, snapshot: &KeptSnapshot) -> Result<(), JournalError> {
        (**self).keep_snapshot(snapshot)
    }

    fn snapshot_below(&mut self, seq: u64) -> Result<Option<KeptSnapshot>, JournalError> {
        (**self).snapshot_below(seq)
    }

    fn truncate(&mut self) -> Result<(), JournalError> {
        (**self).truncate()
    }

    fn wait(&mut self, after: u64, at_most: Duration) -> Result<(), JournalError> {
        (**self).wait(after, at_most)
    }
}

/// What an engine says of what went wrong in it.
pub type Cause = Arc<dyn core::error::Error + Send + Sync>;

/// Why a journal did not do what it was asked to, or is not to be trusted.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// The journal does not end where the entries were to come: somebody else was faster. Nothing was kept.
    #[error("the journal ends with event {last}: somebody else was faster")]
    Conflict {
        /// The number with which it ends.
        last: u64,
    },
    /// The entries may have been kept, or may yet be: a connection broke while they were on their way.
    #[error("it is not known whether the events were kept: {0}")]
    Unknown(Cause),
    /// An entry or a snapshot is not what was kept: something in it or before it was changed.
    #[error("entry {seq} of the journal is not what was kept")]
    Corrupt {
        /// The number.
        seq: u64,
    },
    /// An entry is missing, or stands where another should.
    #[error("entry {found} stands where entry {expected} of the journal should")]
    Gap {
        /// The number that should come.
        expected: u64,
        /// The number that came.
        found: u64,
    },
    /// The journal has fewer entries than it has kept.
    #[error("the journal ends with entry {found}, and has kept {expected}")]
    Short {
        /// How many it has kept.
        expected: u64,
        /// The last one that is there.
        found: u64,
    },
    /// An entry or a snapshot is what was kept, and this release cannot read it: it was written by a newer one.
    #[error("entry {seq} of the journal cannot be read: {problem}")]
    Unreadable {
        /// The number.
        seq: u64,
        /// What the reader says.
        problem: Arc<str>,
    },
    /// An event does not fit the store that those before it made.
    #[error("the journal does not make a store: {0}")]
    Misfit(#[from] ReplayError),
    /// The entries before this one are no longer kept.
    #[error("the journal begins with entry {first}")]
    Truncated {
        /// The first number that is kept.
        first: u64,
    },
    /// Another process writes this journal, which has room for one.
    #[error("{writer} writes the journal")]
    Occupied {
        /// Which.
        writer: String,
    },
    /// It was opened to be read only.
    #[error("the journal was opened for reading")]
    ReadOnly,
    /// It cannot be reached or has no room, and nothing has happened.
    #[error("the journal cannot be used: {0}")]
    Unavailable(Cause),
}

/// Why [`as_of`] has no answer.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// It was before all that is kept.
    #[error("what was before {since} is not kept")]
    NotKept {
        /// Since when it is known how it was.
        since: DateTime<Utc>,
    },
    /// The journal cannot be read, or is not to be trusted.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl JournalError {
    /// [`Unavailable`](Self::Unavailable), since this went wrong.
    pub fn unavailable(cause: impl Into<Box<dyn core::error::Error + Send + Sync>>) -> Self {
        Self::Unavailable(cause.into().into())
    }

    /// [`Unknown`](Self::Unknown), since this went wrong.
    pub fn unknown(cause: impl Into<Box<dyn core::error::Error + Send + Sync>>) -> Self {
        Self::Unknown(cause.into().into())
    }
}
