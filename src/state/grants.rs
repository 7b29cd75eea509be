//! Who is on an app, and with what permissions, in four bytes each.

use smallvec::{Array, SmallVec};

use super::UserIx;
use crate::permission::PermissionSet;

/// A place of 28 bits and a set of four, so that the order of grants is that of the places.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Grant(u32);

impl Grant {
    const SET_BITS: u32 = 4;

    fn new(user: UserIx, permissions: PermissionSet) -> Self {
        Self(user.number() << Self::SET_BITS | u32::from(permissions.bits()))
    }

    const fn user(self) -> UserIx {
        UserIx::new(self.0 >> Self::SET_BITS)
    }

    const fn permissions(self) -> PermissionSet {
        PermissionSet::from_bits((self.0 & 0xf) as u8)
    }
}

/// The grants of an app, in the order of the users' places.
#[derive(Clone, Default)]
pub(crate) struct Grants(SmallVec<[Grant; 6]>);

/// Up to so many grants are looked through without a branch, which is quicker than halving them.
const FEW: usize = 32;

/// Room for one more, and for no more than a half of what is there.
pub(super) fn make_room<A: Array>(items: &mut SmallVec<A>) {
    if items.len() == items.capacity() {
        items.reserve_exact((items.len() / 2).max(1));
    }
}

impl Grants {
    /// Where the user's grant is, or would be.
    pub(super) fn place(&self, user: UserIx) -> usize {
        self.0.partition_point(|grant| grant.user() < user)
    }

    /// What the user holds: the grant that is least above the user's place without permissions, if it is the user's.
    #[inline]
    pub(crate) fn get(&self, user: UserIx) -> Option<PermissionSet> {
        let least = Grant::new(user, PermissionSet::EMPTY).0;
        let found = if self.0.len() <= FEW {
            self.0.iter().map(|grant| grant.0.wrapping_sub(least)).min()
        } else {
            self.0.get(self.place(user)).map(|grant| grant.0.wrapping_sub(least))
        };
        found.filter(|above| *above >> Grant::SET_BITS == 0).map(|above| Grant(above).permissions())
    }

    pub(crate) fn set(&mut self, user: UserIx, permissions: Option<PermissionSet>) {
        let at = self.place(user);
        let held = self.0.get_mut(at).filter(|grant| grant.user() == user);
        match (held, permissions) {
            (Some(grant), Some(permissions)) => *grant = Grant::new(user, permissions),
            (Some(_), None) => drop(self.0.remove(at)),
            (None, Some(permissions)) => {
                make_room(&mut self.0);
                self.0.insert(at, Grant::new(user, permissions));
            }
            (None, None) => {}
        }
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = (UserIx, PermissionSet)> {
        self.0.iter().map(|grant| (grant.user(), grant.permissions()))
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::{Grants, PermissionSet, UserIx};

    #[test]
    fn room_is_made_by_a_half() {
        let (mut grants, mut capacities) = (Grants::default(), BTreeSet::new());
        for number in 0..1000 {
            grants.set(UserIx::new(number), Some(PermissionSet::VIEW));
            let (len, capacity) = (grants.0.len(), grants.0.capacity());
            assert!(capacity == 6 || capacity <= len + len / 2, "{capacity} for {len}");
            capacities.insert(capacity);
        }
        assert!(capacities.len() < 16, "{capacities:?}");
    }

    proptest! {
        /// A map says the same, with few grants and with many, on the first place and on the last.
        #[test]
        fn grants_are_a_map(steps in prop::collection::vec((0..60u32, prop::option::of(0..16u8)), 0..150)) {
            let (mut grants, mut map) = (Grants::default(), BTreeMap::new());
            let user = |number: u32| UserIx::new(if number < 30 { number } else { (1 << 28) - 1 - number });
            prop_assert!(grants.is_empty());
            for (number, permissions) in steps {
                let (user, permissions) = (user(number), permissions.map(PermissionSet::from_bits));
                grants.set(user, permissions);
                match permissions {
                    Some(permissions) => drop(map.insert(user, permissions)),
                    None => drop(map.remove(&user)),
                }
                prop_assert!(grants.iter().eq(map.iter().map(|(user, permissions)| (*user, *permissions))));
                prop_assert!(grants.iter().len() == map.len() && grants.is_empty() == map.is_empty());
            }
            for number in 0..60 {
                prop_assert_eq!(grants.get(user(number)), map.get(&user(number)).copied());
            }
        }
    }
}
