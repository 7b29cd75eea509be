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
