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
}

#[cfg(test)]
mod tests {
    use super::Pairs;
    use crate::ids::{SpaceId, UserId};
    use uuid::Uuid;

    #[test]
    fn pairs_are_found_by_the_first() {
        let users = [0, 7, u128::MAX].map(|number| UserId::from_uuid(Uuid::from_u128(number)));
        let spaces = [0, 5, u128::MAX].map(|number| SpaceId::from_uuid(Uuid::from_u128(number)));
        let mut pairs = Pairs::default();
        for (at, user) in users.into_iter().enumerate() {
            assert!(!pairs.contains(user, spaces[at]));
            pairs.insert(user, spaces[at]);
            pairs.insert(user, spaces[2]);
            pairs.insert(user, spaces[2]);
        }
        assert_eq!(pairs.len(), 5);
        assert!(pairs.of(users[0]).eq([spaces[0], spaces[2]]) && pairs.of(users[1]).eq([spaces[1], spaces[2]]));
        pairs.remove(users[1], spaces[0]);
        pairs.remove(users[1], spaces[2]);
        assert!(pairs.contains(users[1], spaces[1]) && !pairs.contains(users[1], spaces[2]));
        assert!(pairs.len() == 4 && pairs.of(users[1]).eq([spaces[1]]) && pairs.of(users[2]).eq([spaces[2]]));
    }
}
