//! People by e-mail, in a few lists: those of a team by what they are to it, those on a large app by whether they manage it.

use std::collections::BTreeMap;

use super::UserIx;
use crate::names::Email;
use crate::sort;

/// So many lists of people, each by e-mail.
#[derive(Clone)]
pub(crate) struct People<const LISTS: usize>([BTreeMap<Email, UserIx>; LISTS]);

impl<const LISTS: usize> Default for People<LISTS> {
    fn default() -> Self {
        Self([const { BTreeMap::new() }; LISTS])
    }
}

impl<const LISTS: usize> People<LISTS> {
    const NOBODY: &BTreeMap<Email, UserIx> = &BTreeMap::new();

    pub(crate) fn len(&self) -> usize {
        self.0.iter().map(BTreeMap::len).sum()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn list(&self, list: usize) -> &BTreeMap<Email, UserIx> {
        self.0.get(list).unwrap_or(Self::NOBODY)
    }

    /// Everybody, list by list.
    pub(crate) fn all(&self) -> impl Iterator<Item = (usize, &Email, UserIx)> {
        self.0
            .iter()
            .enumerate()
            .flat_map(|(list, people)| people.iter().map(move |(email, user)| (list, email, *user)))
    }

    /// Everybody, by e-mail.
    pub(crate) fn by_email(&self) -> impl Iterator<Item = UserIx> {
        sort::set(self.all().map(|(_, email, user)| (email, user))).into_iter().map(|(_, user)| user)
    }

    pub(crate) fn insert(&mut self, list: usize, email: Email, user: UserIx) {
        if let Some(list) = self.0.get_mut(list) {
            list.insert(email, user);
        }
    }

    pub(crate) fn remove(&mut self, list: usize, email: &Email) {
        if let Some(list) = self.0.get_mut(list) {
            list.remove(email);
        }
    }

    /// Somebody's e-mail changes.
    pub(super) fn rename(&mut self, from: &Email, to: &Email) {
        for list in &mut self.0 {
            if let Some(user) = list.remove(from) {
                list.insert(to.clone(), user);
            }
        }
    }

    #[cfg(test)]
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}
