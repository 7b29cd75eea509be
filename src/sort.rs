//! Sorting with one copy of the algorithm for every type: what sorts is a good part of what a build takes, and most lists are short.

use core::cmp::Ordering;

/// So many are put in order where they are, without memory of their own.
const FEW: usize = 16;

/// Sorts; equals keep their order.
pub(crate) fn by<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    if items.len() <= FEW {
        for new in 1..items.len() {
            let mut at = new;
            while at > 0 && matches!(items.get(at - 1..=at), Some([one, next]) if compare(one, next).is_gt()) {
                items.swap(at - 1, at);
                at -= 1;
            }
        }
        return;
    }
    let places = places(items.len(), &mut |one, other| match (items.get(one), items.get(other)) {
        (Some(one), Some(other)) => compare(one, other),
        (one, other) => one.is_some().cmp(&other.is_some()),
    });
    arrange(places, &mut |one, other| items.swap(one, other));
}

/// As [`by`], by what `key` gives of each.
pub(crate) fn by_key<T, K: Ord>(items: &mut [T], mut key: impl FnMut(&T) -> K) {
    by(items, |one, other| key(one).cmp(&key(other)));
}

/// In order, each once.
pub(crate) fn set<T: Ord>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.into_iter().collect();
    by(&mut items, Ord::cmp);
    items.dedup();
    items
}

/// Which item belongs at each place.
fn places(len: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..len).collect();
    places.sort_by(|one, other| compare(*one, *other));
    places
}

/// Puts every item where it belongs, circle by circle.
fn arrange(mut places: Vec<usize>, swap: &mut dyn FnMut(usize, usize)) {
    for start in 0..places.len() {
        let mut at = start;
        while let Some(place) = places.get_mut(at) {
            let from = core::mem::replace(place, at);
            if from == start || from == at {
                break;
            }
            swap(at, from);
            at = from;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{by, by_key, set};

    proptest! {
        /// As the standard library's stable sort, and its set.
        #[test]
        fn as_the_standard_library_sorts(items in prop::collection::vec((0..20u8, any::<u8>()), 0..60)) {
            let (mut ours, mut theirs) = (items.clone(), items.clone());
            by_key(&mut ours, |item| item.0);
            theirs.sort_by_key(|item| item.0);
            prop_assert_eq!(&ours, &theirs);
            by(&mut ours, |one, other| other.cmp(one));
            theirs.sort_by(|one, other| other.cmp(one));
            prop_assert_eq!(ours, theirs);
            let unique: std::collections::BTreeSet<_> = items.iter().copied().collect();
            prop_assert!(set(items).into_iter().eq(unique));
        }
    }
}
