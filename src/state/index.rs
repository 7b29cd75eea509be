//! Places by hash.

/// Open addressing with linear probing. A slot holds half of the hash beside the place, so that a look-up takes one cache line of the
/// index and one of the row, where a table that keeps them apart takes three; and growing looks at no row.
#[derive(Clone, Default)]
pub(super) struct Index {
    /// A power of two of them, or none.
    slots: Vec<Slot>,
    len: usize,
}

#[derive(Clone, Copy)]
struct Slot {
    hash: u32,
    place: u32,
}

const VACANT: Slot = Slot { hash: 0, place: u32::MAX };

impl Slot {
    const fn is_vacant(self) -> bool {
        self.place == VACANT.place
    }
}

impl Index {
    /// An empty one, with room for so many places.
    pub(super) fn with_room(places: usize) -> Self {
        Self { slots: vec![VACANT; (places * 4 / 3 + 1).next_power_of_two().max(8)], len: 0 }
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    const fn mask(&self) -> usize {
        self.slots.len().wrapping_sub(1)
    }

    /// The slots from where `hash` belongs to the first vacant one. One is: three in four slots are taken at most.
    #[inline]
    fn probe(&self, hash: u32) -> impl Iterator<Item = (usize, Slot)> {
        let mask = self.mask();
        let slots = (0..self.slots.len()).map(move |step| (hash as usize).wrapping_add(step) & mask);
        slots.map_while(|at| self.slots.get(at).map(|slot| (at, *slot))).take_while(|(_, slot)| !slot.is_vacant())
    }

    /// The place with this hash that `is_it` knows.
    #[inline]
    pub(super) fn find(&self, hash: u32, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let mut at = hash as usize & self.mask();
        loop {
            let slot = *self.slots.get(at)?;
            if slot.hash == hash && is_it(slot.place) {
                return Some(slot.place);
            }
            if slot.is_vacant() {
                return None;
            }
            at = (at + 1) & self.mask();
        }
    }

    pub(super) fn insert(&mut self, hash: u32, place: u32) {
        if (self.len + 1) * 4 > self.slots.len() * 3 {
            let grown = vec![VACANT; (self.slots.len() * 2).max(8)];
            let slots = core::mem::replace(&mut self.slots, grown);
            slots.into_iter().filter(|slot| !slot.is_vacant()).for_each(|slot| self.put(slot));
        }
        self.put(Slot { hash, place });
        self.len += 1;
    }

    fn put(&mut self, slot: Slot) {
        let at = self.probe(slot.hash).last().map_or(slot.hash as usize, |(at, _)| at + 1) & self.mask();
        self.set(at, slot);
    }

    pub(super) fn remove(&mut self, hash: u32, place: u32) {
        let Some((mut hole, _)) = self.probe(hash).find(|(_, slot)| slot.place == place) else { return };
        let mask = self.mask();
        let mut at = hole;
        loop {
            at = (at + 1) & mask;
            let Some(slot) = self.slots.get(at).copied().filter(|slot| !slot.is_vacant()) else { break };
            // How far the slot is from where it belongs, and from the hole: it moves back if that brings it no further than home.
            let (from_home, from_hole) = (at.wrapping_sub(slot.hash as usize) & mask, at.wrapping_sub(hole) & mask);
            if from_home >= from_hole {
                self.set(hole, slot);
                hole = at;
            }
        }
        self.set(hole, VACANT);
        self.len -= 1;
    }

    fn set(&mut self, at: usize, slot: Slot) {
        if let Some(place) = self.slots.get_mut(at) {
            *place = slot;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Index;

    /// Hashes that share their slots, at the end of the slots too.
    fn hash() -> impl Strategy<Value = u32> {
        prop_oneof![0..4u32, 6..8u32, u32::MAX - 2..=u32::MAX, any::<u32>()]
    }

    proptest! {
        /// A list of all that was put in and not taken out says the same.
        #[test]
        fn it_finds_what_was_put_in(steps in prop::collection::vec((hash(), any::<bool>(), any::<prop::sample::Index>()), 0..200)) {
            let roomy = Index::with_room(steps.len());
            prop_assert!(steps.len() * 4 <= roomy.slots.len() * 3 && roomy.slots.len() <= 8.max(steps.len() * 3));
            let (mut index, mut list) = (Index::default(), Vec::<(u32, u32)>::new());
            for (place, (hash, goes, which)) in (0..).zip(steps) {
                if goes && !list.is_empty() {
                    let (hash, place) = list.swap_remove(which.index(list.len()));
                    index.remove(hash, place);
                    index.remove(hash, place);
                } else {
                    index.insert(hash, place);
                    list.push((hash, place));
                }
                prop_assert_eq!(index.len(), list.len());
                prop_assert_eq!(index.find(hash, |_| false), None);
                let (slots, len) = (index.slots.len(), list.len());
                prop_assert!(slots == 0 || slots.is_power_of_two(), "{slots} slots");
                prop_assert!(len * 4 <= slots * 3 && (slots <= 8 || (place as usize + 1) * 4 > slots / 2 * 3), "{len} in {slots}");
                for (hash, place) in &list {
                    prop_assert_eq!(index.find(*hash, |found| found == *place), Some(*place));
                }
            }
        }
    }
}
