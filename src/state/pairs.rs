//! Pairs of ids, found by the first of the two.

use core::marker::PhantomData;
use std::collections::BTreeSet;

use uuid::Uuid;

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Pairs<A, B> {
    pairs: BTreeSet<(Uuid, Uuid)>,
    ids: PhantomData<(A, B)>,
}

impl<A, B> Default for Pairs<A, B> {
    fn default() -> Self {
        Self { pairs: BTreeSet::new(), ids: PhantomData }
    }
}

impl<A: Into<Uuid>, B: Into<Uuid> + From<Uuid>> Pairs<A, B> {
    pub(crate) fn len(&self) -> usize {
        self.pairs.len()
    }

    pub(crate) fn contains(&self, one: A, other: B) -> bool {
        self.pairs.contains(&(one.into(), other.into()))
    }

    pub(super) fn insert(&mut self, one: A, other: B) {
        self.pairs.insert((one.into(), other.into()));
    }

    pub(super) fn remove(&mut self, one: A, other: B) {
        self.pairs.remove(&(one.into(), other.into()));
    }

    /// What is paired with `one`, in the order of the ids.
    pub(crate) fn of(&self, one: A) -> impl Iterator<Item = B> {
        let one = one.into();
        self.pairs.range((one, Uuid::nil())..=(one, Uuid::max())).map(|(_, other)| B::from(*other))
    }

    /// The second of every pair.
    #[cfg(feature = "proptest")]
    pub(crate) fn others(&self) -> impl Iterator<Item = B> {
        self.pairs.iter().map(|(_, other)| B::from(*other))
    }
}
