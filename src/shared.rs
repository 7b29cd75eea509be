//! A store for many threads, whose readers do not wait for writers.

use core::convert::Infallible;
use core::fmt;
use core::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::{ArcSwap, Guard};

use crate::store::TeamStore;

/// How often a writer looks whether the last readers of the copy that it wants to write to have gone, before it makes a new one.
const PATIENCE: usize = 1000;

/// A [`TeamStore`] for many threads: readers take no lock and never wait, also while a writer works.
///
/// It keeps two copies. Readers see one, a writer changes the other and then shows it as a whole; what was written is done again on
/// the first copy at the next write, from the events. So it takes twice the memory, and a write costs somewhat more than on the store
/// alone. Writers wait for each other. A reader who holds on to what it reads holds nobody up: a writer that finds the copy still in
/// use makes a new one, at the cost of what the store holds.
///
/// ```
/// use enterprise_teams::{
///     AppAction, Permission, SharedStore,
///     demo::{Demo, id},
/// };
///
/// let Demo { store, ada, vera, website, .. } = Demo::new()?;
/// let shared = SharedStore::new(store);
/// std::thread::scope(|scope| {
///     scope.spawn(|| shared.read().can(ada, AppAction::PushCode, website));
///     scope.spawn(|| {
///         shared.write(|store| {
///             store.grant_permissions(ada, website, id(vera), Permission::Deploy.into())
///         })
///     });
/// });
/// assert!(shared.read().can(vera, AppAction::PushCode, website));
/// # Ok::<(), enterprise_teams::Error>(())
/// ```
pub struct SharedStore {
    shown: ArcSwap<TeamStore>,
    /// The other copy: as `shown`, or behind it by some events.
    other: Mutex<Arc<TeamStore>>,
}

/// The store as it was when [`SharedStore::read`] was called.
pub struct ReadGuard(Guard<Arc<TeamStore>>);

impl Deref for ReadGuard {
    type Target = TeamStore;

    fn deref(&self) -> &TeamStore {
        &self.0
    }
}

impl fmt::Debug for ReadGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ReadGuard").field(&**self).finish()
    }
}

impl SharedStore {
    /// Shares the store. Costs what it holds.
    #[must_use]
    pub fn new(store: TeamStore) -> Self {
        let other = Mutex::new(Arc::new(store.replica()));
        Self { shown: ArcSwap::from_pointee(store), other }
    }

    /// The store as it is now: several questions to one `ReadGuard` are about one state. Waits for nobody.
    #[must_use]
    pub fn read(&self) -> ReadGuard {
        ReadGuard(self.shown.load())
    }

    /// Runs operations on the store, and then shows to readers what they made, all at once, whatever `act` answers: as on the store
    /// itself, whoever wants all or nothing uses a [`transaction`](TeamStore::transaction) in it. When `act` panics nothing is shown.
    ///
    /// In `act`, [`read`](Self::read) shows the store as it was before; another `write` on the same store would wait for this one, and
    /// never return.
    pub fn write<T>(&self, act: impl FnOnce(&mut TeamStore) -> T) -> T {
        let Ok(done) = self.change(|store| Ok::<_, Infallible>(act(store)));
        done
    }

    /// As [`write`](Self::write), and shows what was made only if `act` answers `Ok`; otherwise it is as if nothing had been done.
    ///
    /// So a host keeps the events of `act` in its journal before anybody sees them.
    ///
    /// # Errors
    /// What `act` answers.
    ///
    /// ```
    /// use enterprise_teams::{Error, SharedStore, demo::Demo};
    ///
    /// let Demo { store, ada, website, .. } = Demo::new()?;
    /// let shared = SharedStore::new(store);
    /// let mut journal = Vec::new();
    /// let lock = |journal: &mut Vec<u64>, room| {
    ///     shared.try_write(|store| {
    ///         store.lock_app(ada, website).map_err(|_| "refused")?;
    ///         if journal.len() == room {
    ///             return Err("the disk is full");
    ///         }
    ///         journal.push(store.seq());
    ///         Ok(())
    ///     })
    /// };
    /// assert_eq!(lock(&mut journal, 0), Err("the disk is full"));
    /// assert_eq!(lock(&mut journal, 10), Ok(()));
    /// assert_eq!(lock(&mut journal, 10), Err("refused"));
    /// assert_eq!(journal.len(), 1);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn try_write<T, E>(&self, act: impl FnOnce(&mut TeamStore) -> Result<T, E>) -> Result<T, E> {
        self.change(|store| store.transaction(act))
    }

    /// Acts on the other copy, and shows it if `act` answers `Ok`.
    fn change<T, E>(&self, act: impl FnOnce(&mut TeamStore) -> Result<T, E>) -> Result<T, E> {
        let mut other = self.other.lock().unwrap_or_else(PoisonError::into_inner);
        for _ in 0..PATIENCE {
            if Arc::get_mut(&mut other).is_some() {
                break;
            }
            std::thread::yield_now();
        }
        let shown = self.shown.load();
        if !Arc::get_mut(&mut other).is_some_and(|store| store.catch_up(&shown)) {
            *other = Arc::new(shown.replica());
        }
        drop(shown);
        let done = act(Arc::make_mut(&mut other))?;
        *other = self.shown.swap(Arc::clone(&other));
        Ok(done)
    }

    /// The store for one owner again.
    #[must_use]
    pub fn into_inner(self) -> TeamStore {
        drop(self.other);
        Arc::unwrap_or_clone(self.shown.into_inner())
    }
}

impl fmt::Debug for SharedStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SharedStore").field(&*self.read()).finish()
    }
}
