//! What benches measure on: a synthetic organisation, the store that holds it, and the plain structures that answer the same
//! questions.

#![allow(dead_code, clippy::indexing_slicing, clippy::cast_possible_truncation, reason = "each bench uses its part")]

pub(crate) mod clock;
pub(crate) mod ours;
pub(crate) mod plain;
pub(crate) mod world;
