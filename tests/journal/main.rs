//! A store that is kept: entries, opening, and replicas, on a journal in memory with faults.

#![cfg(test)]

mod feed;
mod history;
mod later;
mod open;
mod replica;
