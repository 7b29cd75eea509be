//! The journal in memory keeps the contract, and journals that do not are found out.

#![cfg(test)]

use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind};

use enterprise_teams::chrono::{DateTime, Utc};
use enterprise_teams::journal::{Entry, Journal, JournalError, KeptSnapshot, MemoryJournal, Position};
use enterprise_teams_journal_contract::{Writers, check};

fn fresh() -> MemoryJournal {
    let journal = MemoryJournal::new();
    journal.set_now(DateTime::from_timestamp(2_000_000_000, 0).unwrap());
    journal
}

#[test]
fn the_journal_in_memory_keeps_the_contract() {
    check(Writers::Several, || {
        let journal = fresh();
        move || journal.clone()
    });
}

/// What is chosen at run time keeps it too.
#[test]
fn a_journal_in_a_box_keeps_the_contract() {
    check(Writers::Several, || {
        let journal = fresh();
        move || -> Box<dyn Journal> { Box::new(journal.clone()) }
    });
}

#[derive(Clone, Copy, PartialEq)]
enum Fault {
    TakesAnyNumber,
    ForgetsKeys,
    KeepsHalf,
    ForgetsWhenOpened,
    OldestSnapshot,
}

struct Faulty(MemoryJournal, Fault);

impl Journal for Faulty {
    fn now(&mut self) -> Result<DateTime<Utc>, JournalError> {
        self.0.now()
    }
    fn append(&mut self, after: u64, entries: &[Entry]) -> Result<(), JournalError> {
        match self.1 {
            Fault::TakesAnyNumber => {
                let end = self.0.end()?.seq;
                self.0.append(end, entries)
            }
            Fault::KeepsHalf if entries.len() > 1 => self.0.append(after, &entries[..entries.len() / 2]),
            _ => self.0.append(after, entries),
        }
    }
    fn read(&mut self, after: u64, most: usize) -> Result<Vec<Entry>, JournalError> {
        self.0.read(after, most)
    }
    fn end(&mut self) -> Result<Position, JournalError> {
        self.0.end()
    }
    fn keyed(&mut self, key: &str) -> Result<Option<Entry>, JournalError> {
        if self.1 == Fault::ForgetsKeys { Ok(None) } else { self.0.keyed(key) }
    }
    fn keep_snapshot(&mut self, snapshot: &KeptSnapshot) -> Result<(), JournalError> {
        self.0.keep_snapshot(snapshot)
    }
    fn snapshot_below(&mut self, seq: u64) -> Result<Option<KeptSnapshot>, JournalError> {
        let mut found = self.0.snapshot_below(seq)?;
        while let Some(older) = found.as_ref().filter(|_| self.1 == Fault::OldestSnapshot) {
            match self.0.snapshot_below(older.position.seq)? {
                Some(oldest) => found = Some(oldest),
                None => break,
            }
        }
        Ok(found)
    }
    fn truncate(&mut self) -> Result<(), JournalError> {
        self.0.truncate()
    }
    fn wait(&mut self, after: u64, at_most: Duration) -> Result<(), JournalError> {
        self.0.wait(after, at_most)
    }
}

#[test]
fn a_journal_that_breaks_the_contract_is_found_out() {
    for fault in
        [Fault::TakesAnyNumber, Fault::ForgetsKeys, Fault::KeepsHalf, Fault::ForgetsWhenOpened, Fault::OldestSnapshot]
    {
        let found = catch_unwind(AssertUnwindSafe(|| {
            check(Writers::One, || {
                let journal = fresh();
                move || Faulty(if fault == Fault::ForgetsWhenOpened { fresh() } else { journal.clone() }, fault)
            });
        }));
        assert!(found.is_err(), "number {}", fault as u8);
    }
}
