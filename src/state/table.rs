//! A compact table: rows in one vector, found by id and by a second unique key through indexes that hold numbers only.

use core::borrow::Borrow;
use core::fmt;
use core::hash::{BuildHasher, Hash};
use core::marker::PhantomData;
use core::ops::Deref;

use hashbrown::DefaultHashBuilder;

use super::index::Index;
use super::order::Order;
use super::there;

/// A row: it has an id and one more unique key.
pub(crate) trait Row {
    type Id: Copy + Eq + Hash;
    type Key: Ord + Hash;

    /// Whether the rows are listed in the order of their keys.
    const LISTED: bool = false;

    fn id(&self) -> Self::Id;
    fn key(&self) -> &Self::Key;
}

/// Where a row stands in its table. Private to the state: it means nothing outside, and is given anew after a removal.
pub(crate) struct Ix<R>(u32, PhantomData<fn() -> R>);

impl<R> Ix<R> {
    pub(super) const fn new(number: u32) -> Self {
        Self(number, PhantomData)
    }

    pub(super) const fn number(self) -> u32 {
        self.0
    }

    /// Its number among the places of the table, vacant ones included.
    pub(crate) const fn slot(self) -> usize {
        self.0 as usize
    }
}

impl<R> Clone for Ix<R> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<R> Copy for Ix<R> {}
impl<R> PartialEq for Ix<R> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<R> Eq for Ix<R> {}
impl<R> PartialOrd for Ix<R> {
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<R> Ord for Ix<R> {
    fn cmp(&self, other: &Self) -> core::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<R> fmt::Debug for Ix<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// A row that was found, and where.
pub(crate) struct At<'s, R> {
    pub(crate) ix: Ix<R>,
    pub(crate) row: &'s R,
}

impl<R> Clone for At<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<R> Copy for At<'_, R> {}
impl<R> Deref for At<'_, R> {
    type Target = R;

    fn deref(&self) -> &R {
        self.row
    }
}

/// The most rows that a table holds: a grant keeps a place in 28 bits.
pub(crate) const ROWS_MAX: usize = if cfg!(test) { 1 << 10 } else { 1 << 28 };

#[derive(Clone)]
pub(crate) struct Table<R: Row> {
    rows: Vec<Option<R>>,
    free: Vec<Ix<R>>,
    by_id: Index,
    by_key: Index,
    /// The places by key, if they are listed.
    order: Order<R>,
    hasher: DefaultHashBuilder,
}

impl<R: Row> Default for Table<R> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            free: Vec::new(),
            by_id: Index::default(),
            by_key: Index::default(),
            order: Order::default(),
            hasher: DefaultHashBuilder::default(),
        }
    }
}

impl<R: Row> Table<R> {
    /// An empty one, with room for so many rows.
    pub(crate) fn with_room(rows: usize) -> Self {
        let [by_id, by_key] = [Index::with_room(rows), Index::with_room(rows)];
        Self { rows: Vec::with_capacity(rows), by_id, by_key, ..Self::default() }
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len() - self.free.len()
    }

    #[inline]
    pub(crate) fn get(&self, ix: Ix<R>) -> Option<&R> {
        #[cfg(test)]
        counted::count();
        self.rows.get(ix.slot())?.as_ref()
    }

    /// The row, which is there, for changes that touch neither the id nor the key; those go through [`rekey`](Self::rekey).
    #[inline]
    pub(crate) fn get_mut(&mut self, ix: Ix<R>) -> Option<&mut R> {
        there(self.rows.get_mut(ix.slot()).and_then(Option::as_mut))
    }

    #[inline]
    pub(crate) fn at(&self, ix: Ix<R>) -> Option<At<'_, R>> {
        self.get(ix).map(|row| At { ix, row })
    }

    #[inline]
    pub(crate) fn find(&self, id: R::Id) -> Option<At<'_, R>> {
        let is_it = |place| self.get(Ix::new(place)).is_some_and(|row| row.id() == id);
        self.at(Ix::new(self.by_id.find(self.hash(&id), is_it)?))
    }

    pub(crate) fn find_key(&self, key: &R::Key) -> Option<At<'_, R>> {
        let is_it = |place| self.get(Ix::new(place)).is_some_and(|row| row.key() == key);
        self.at(Ix::new(self.by_key.find(self.hash(key), is_it)?))
    }

    /// Where the row is that a change names.
    pub(super) fn ix(&self, id: R::Id) -> Option<Ix<R>> {
        there(self.find(id)).map(|at| at.ix)
    }

    /// As [`get_mut`](Self::get_mut).
    pub(super) fn find_mut(&mut self, id: R::Id) -> Option<&mut R> {
        self.ix(id).and_then(|ix| self.get_mut(ix))
    }

    pub(super) fn change_at<T>(&mut self, ix: Ix<R>, change: impl FnOnce(&mut R) -> T) {
        self.get_mut(ix).map(change);
    }

    pub(super) fn change<T>(&mut self, id: R::Id, change: impl FnOnce(&mut R) -> T) {
        self.find_mut(id).map(change);
    }

    /// Whether no other row than that of `id` has the key.
    pub(super) fn is_free(&self, id: R::Id, key: impl Borrow<R::Key>) -> bool {
        self.find_key(key.borrow()).is_none_or(|found| found.id() == id)
    }

    /// All rows, in no order that a caller of the crate may see.
    pub(crate) fn iter(&self) -> impl Iterator<Item = At<'_, R>> {
        let places = (0..=u32::MAX).zip(&self.rows).filter_map(|(number, row)| row.as_ref().map(|_| Ix::new(number)));
        places.filter_map(|ix| self.at(ix))
    }

    /// The rows by key, from after `key` on: of those that are listed.
    pub(crate) fn listed(&self, key: Option<&R::Key>) -> impl Iterator<Item = At<'_, R>> + use<'_, R> {
        let passed = |ix| key.is_some_and(|key| self.get(ix).is_some_and(|row| row.key() <= key));
        self.order.from(self.order.find(passed)).filter_map(|ix| self.at(ix))
    }

    /// Lists the row at `ix`, or takes it off the list before its key changes.
    fn list(&mut self, ix: Ix<R>, is_in: bool) {
        let Self { rows, order, .. } = self;
        let at = |ix: Ix<R>| rows.get(ix.slot()).and_then(Option::as_ref);
        let Some(row) = at(ix).filter(|_| R::LISTED) else { return };
        let before = |one| at(one).is_some_and(|one| one.key() < row.key());
        if is_in { order.insert(ix, before) } else { order.remove(ix, before) }
    }

    /// Adds a row whose id and key are free.
    pub(crate) fn insert(&mut self, row: R) -> Ix<R> {
        let (id, key) = (self.hash(&row.id()), self.hash(row.key()));
        let ix = self.free.pop().unwrap_or_else(|| {
            make_room(&mut self.rows);
            self.rows.push(None);
            Ix::new(u32::try_from(self.rows.len() - 1).unwrap_or(u32::MAX))
        });
        if let Some(slot) = self.rows.get_mut(ix.slot()) {
            *slot = Some(row);
        }
        self.by_id.insert(id, ix.number());
        self.by_key.insert(key, ix.number());
        self.list(ix, true);
        ix
    }

    pub(crate) fn remove(&mut self, ix: Ix<R>) -> Option<R> {
        self.list(ix, false);
        let row = self.rows.get_mut(ix.slot())?.take()?;
        self.by_id.remove(self.hash(&row.id()), ix.number());
        self.by_key.remove(self.hash(row.key()), ix.number());
        self.free.push(ix);
        Some(row)
    }

    /// Changes a row so that its key becomes another, free one.
    pub(crate) fn rekey(&mut self, ix: Ix<R>, change: impl FnOnce(&mut R)) {
        self.list(ix, false);
        let Some(row) = there(self.rows.get_mut(ix.slot()).and_then(Option::as_mut)) else { return };
        let was = self.hasher.hash_one(row.key());
        change(row);
        let is = self.hasher.hash_one(row.key());
        self.by_key.remove(half(was), ix.number());
        self.by_key.insert(half(is), ix.number());
        self.list(ix, true);
    }

    fn hash(&self, value: &impl Hash) -> u32 {
        half(self.hasher.hash_one(value))
    }

    /// Whether both indexes hold exactly the rows.
    pub(crate) fn is_consistent(&self) -> bool {
        self.by_id.len() == self.len()
            && self.by_key.len() == self.len()
            && (!R::LISTED || self.listed(None).count() == self.len())
            && self.listed(None).is_sorted_by(|one, next| one.key() < next.key())
            && self.iter().all(|at| {
                self.find(at.id()).is_some_and(|found| found.ix == at.ix)
                    && self.find_key(at.key()).is_some_and(|found| found.ix == at.ix)
            })
    }
}

/// How many rows were looked at: what an answer costs, in every run alike.
#[cfg(test)]
pub(crate) mod counted {
    use core::cell::Cell;

    thread_local!(static LOOKED_AT: Cell<usize> = const { Cell::new(0) });

    pub(super) fn count() {
        LOOKED_AT.set(LOOKED_AT.get() + 1);
    }

    pub(crate) fn look_ups<T>(act: impl FnOnce() -> T) -> (T, usize) {
        let before = LOOKED_AT.get();
        let answer = act();
        (answer, LOOKED_AT.get() - before)
    }
}

/// Room for one more, and for no more than a quarter of what is there: a vector left to itself doubles.
fn make_room<T>(items: &mut Vec<T>) {
    if items.len() == items.capacity() {
        items.reserve_exact(items.len() / 4 + 4);
    }
}

/// Half of a hash, which is a hash.
#[expect(clippy::cast_possible_truncation, reason = "the half that is wanted")]
const fn half(hash: u64) -> u32 {
    hash as u32
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Ix, ROWS_MAX, Row, Table};

    /// An id, and another.
    #[derive(Clone)]
    struct Pair(u64, u64);

    impl Row for Pair {
        type Id = u64;
        type Key = u64;

        const LISTED: bool = true;

        fn id(&self) -> u64 {
            self.0
        }
        fn key(&self) -> &u64 {
            &self.1
        }
    }

    fn hundred() -> Table<Pair> {
        let mut table = Table::default();
        for number in 0..100 {
            assert_eq!(table.insert(Pair(number, 1000 + number)), Ix::new(u32::try_from(number).expect("small")));
        }
        assert!(table.is_consistent() && table.len() == 100);
        assert_eq!(format!("{:?}", Ix::<Pair>::new(3)), "#3");
        table
    }

    #[test]
    fn room_is_made_by_a_quarter() {
        let (mut items, mut capacities) = (Vec::new(), BTreeSet::new());
        for number in 0..10_000 {
            super::make_room(&mut items);
            assert!(items.capacity() > number && items.capacity() <= number + number / 4 + 4);
            items.push(number);
            capacities.insert(items.capacity());
        }
        assert!(capacities.len() < 40, "{capacities:?}");
    }

    #[test]
    fn a_place_is_given_anew() {
        let mut table = hundred();
        let third = table.find(3).expect("there").ix;
        assert!(table.remove(third).is_some_and(|row| row.1 == 1003) && table.remove(third).is_none());
        assert!(table.get(third).is_none() && table.find(3).is_none() && table.find_key(&1003).is_none());
        assert!(table.is_consistent() && (table.len(), table.iter().count()) == (99, 99));
        assert_eq!(table.insert(Pair(7000, 8000)), third);
        assert!(table.is_consistent() && (table.len(), table.iter().count()) == (100, 100));
        assert!(table.find(7000).is_some_and(|row| row.1 == 8000 && row.ix == third && third.slot() < ROWS_MAX));
    }

    #[test]
    fn a_row_is_found_by_its_new_key() {
        let mut table = hundred();
        let third = table.find(3).expect("there").ix;
        table.rekey(third, |row| row.1 = 5);
        assert!(table.is_consistent() && table.find_key(&1003).is_none());
        assert!(table.listed(None).next().is_some_and(|row| row.0 == 3));
        assert!(table.listed(Some(&1001)).take(2).map(|row| row.0).eq([2, 4]));
        assert!(table.find_key(&5).is_some_and(|row| row.0 == 3));
    }

    #[test]
    fn an_index_that_misses_something_is_found() {
        let spoilers: [fn(&mut Table<Pair>); 7] = [
            |table| table.order = super::Order::default(),
            |table| table.get_mut(Ix::new(3)).expect("there").0 = 7000,
            |table| table.get_mut(Ix::new(3)).expect("there").1 = 8000,
            |table| table.by_id = super::Index::default(),
            |table| table.by_key = super::Index::default(),
            |table| table.by_id.insert(77, 3),
            |table| table.by_key.insert(77, 3),
        ];
        for (case, spoil) in spoilers.into_iter().enumerate() {
            let mut table = hundred();
            spoil(&mut table);
            assert!(!table.is_consistent(), "case {case}");
        }
    }
}
