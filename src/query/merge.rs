//! Sorted lists read as one.

use core::cmp::Reverse;
use core::iter::Peekable;
use std::collections::{BTreeMap, BinaryHeap};

use super::page::after;
use crate::names::{AppName, Email};
use crate::role::Role;
use crate::state::{AppIx, TeamRow, UserIx};

/// The apps of all lists, by name, from after `from` on. Costs what is read, and the number of lists.
pub(super) fn by_name<'s>(
    lists: impl Iterator<Item = &'s BTreeMap<AppName, AppIx>>,
    from: Option<AppName>,
) -> impl Iterator<Item = AppIx> + 's {
    sorted(lists.map(|list| list.range(after(from)).map(|(name, app)| (*name, *app))).collect())
}

/// Everybody who is one of these to the team, by e-mail, from after `from` on. Costs what is read.
pub(super) fn people<'s, R: IntoIterator<Item = Role>>(
    team: &'s TeamRow,
    roles: R,
    from: Option<&Email>,
) -> impl Iterator<Item = UserIx> + use<'s, R> {
    let lists = roles.into_iter().map(|role| team.people_as(role).range(after(from.cloned())));
    sorted(lists.map(|list| list.map(|(email, user)| (email, *user))).collect())
}

/// The values of all lists in the order of their keys; each list is in that order.
pub(super) fn sorted<K: Ord + Copy, V>(lists: Vec<impl Iterator<Item = (K, V)>>) -> impl Iterator<Item = V> {
    let mut lists: Vec<Peekable<_>> = lists.into_iter().map(Iterator::peekable).collect();
    let heads = lists.iter_mut().enumerate().filter_map(|(index, list)| Some(Reverse((list.peek()?.0, index))));
    let mut heads: BinaryHeap<_> = heads.collect();
    core::iter::from_fn(move || {
        let Reverse((_, index)) = heads.pop()?;
        let list = lists.get_mut(index)?;
        let (_, value) = list.next()?;
        heads.extend(list.peek().map(|(key, _)| Reverse((*key, index))));
        Some(value)
    })
}
