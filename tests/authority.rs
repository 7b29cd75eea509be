//! One table decides (CAP-1, PERM-9): every row of the authority tables is held against the operations and questions that ask
//! it, for every role, kind of team and kind of owner. What is expected comes from a copy of the tables under `tests/tables`.
//!
//! A yes is accepted, but for what a row's expectations name: a rung below authority. A no is refused as forbidden, or not shown.

#![cfg(test)]

#[path = "authority/app.rs"]
mod app;
#[path = "authority/team.rs"]
mod team;
#[path = "authority/world.rs"]
mod world;

use std::collections::BTreeSet;

use enterprise_teams::{Error, ErrorKind};

/// What an attempt came to: `Ok(false)` where a list just does not show it.
type Outcome = Result<bool, Error>;

/// The rows of a table, without its head.
fn rows(table: &'static str) -> Vec<Vec<&'static str>> {
    table.lines().skip(1).map(|line| line.split('\t').collect()).collect()
}

/// Whether the outcome is what the row says; `below` is the refusal that waits behind a yes.
fn fits(expected: bool, outcome: &Outcome, below: Option<&str>) -> bool {
    match (expected, outcome, below) {
        (true, Ok(shown), None) => *shown,
        (true, Err(error), Some(below)) => error.code() == below,
        (false, Ok(shown), _) => !*shown,
        (false, Err(error), below) => error.kind() == ErrorKind::Forbidden && Some(error.code()) != below,
        (true, Ok(_), Some(_)) | (true, Err(_), None) => false,
    }
}

fn said(outcome: &Outcome) -> String {
    match outcome {
        Ok(true) => "accepted".to_owned(),
        Ok(false) => "not shown".to_owned(),
        Err(error) => format!("refused ({})", error.code()),
    }
}

/// Every operation and question that a row names is tried, and nothing else is said to be asked.
fn bound(rows: impl Iterator<Item = (&'static str, &'static [&'static str])>, tried: &BTreeSet<(&str, &str)>) {
    let named: BTreeSet<_> = rows.flat_map(|(row, names)| names.iter().map(move |name| (row, *name))).collect();
    assert_eq!(named.difference(tried).collect::<Vec<_>>(), Vec::<&_>::new(), "named by a row, not tried");
    assert_eq!(tried.difference(&named).collect::<Vec<_>>(), Vec::<&_>::new(), "tried, not named by the row");
}

#[track_caller]
fn none(faults: &[String]) {
    assert!(faults.is_empty(), "{} cells are not as the tables say:\n{}", faults.len(), faults.join("\n"));
}
