//! What came of it.

use core::fmt;
use std::collections::BTreeMap;

use crate::Asked;

/// How often who was asked what, and where the answers differ.
#[derive(Debug, Default)]
pub struct Tally {
    /// For each action and capability by code: how often the store said yes, and no.
    pub answers: BTreeMap<&'static str, (u64, u64)>,
    /// Where the answers differ.
    pub disagreements: Vec<Disagreement>,
}

/// A question with two answers.
#[derive(Debug)]
pub struct Disagreement {
    /// The seed of the store.
    pub seed: u64,
    /// The question.
    pub asked: Asked,
    /// The store's answer.
    pub here: String,
    /// The other's.
    pub there: String,
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "store {}, {}\n  store: {}\n  other: {}", self.seed, self.asked, self.here, self.there)
    }
}

impl Tally {
    pub(crate) fn count(&mut self, asked: Asked, yes: bool) {
        let (allowed, denied) = self.answers.entry(asked.code()).or_default();
        *(if yes { allowed } else { denied }) += 1;
    }

    /// How often the store said yes.
    #[must_use]
    pub fn allowed(&self) -> u64 {
        self.answers.values().map(|(allowed, _)| allowed).sum()
    }

    /// How often it said no.
    #[must_use]
    pub fn denied(&self) -> u64 {
        self.answers.values().map(|(_, denied)| denied).sum()
    }

    /// The actions and capabilities that were not both allowed and denied.
    #[must_use]
    pub fn one_sided(&self) -> Vec<&'static str> {
        self.answers.iter().filter(|(_, (yes, no))| *yes == 0 || *no == 0).map(|(code, _)| *code).collect()
    }
}
