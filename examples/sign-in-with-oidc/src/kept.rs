//! What is known by a secret, of which only the hash is kept.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

/// What is kept for each secret, for a time; where it would be too many, the oldest goes.
#[derive(Debug)]
pub(crate) struct Kept<T> {
    pub(crate) lasts: Duration,
    max: usize,
    entries: Mutex<Entries<T>>,
}

#[derive(Debug)]
struct Entries<T> {
    by_hash: HashMap<[u8; 32], (Instant, T)>,
    /// The oldest first, with those that were taken meanwhile.
    order: VecDeque<(Instant, [u8; 32])>,
}

impl<T> Kept<T> {
    pub(crate) fn new(lasts: Duration, max: usize) -> Self {
        Self { lasts, max, entries: Mutex::new(Entries { by_hash: HashMap::new(), order: VecDeque::new() }) }
    }

    pub(crate) fn put(&self, secret: &str, value: T) {
        let (now, hash) = (Instant::now(), hash(secret));
        let Entries { by_hash, order } = &mut *self.entries();
        let ended = |(since, _): &(Instant, _)| since.elapsed() >= self.lasts;
        while order.len() >= self.max || order.front().is_some_and(ended) {
            let Some((_, oldest)) = order.pop_front() else { break };
            by_hash.remove(&oldest);
        }
        by_hash.insert(hash, (now, value));
        order.push_back((now, hash));
    }

    pub(crate) fn take(&self, secret: &str) -> Option<T> {
        let (since, value) = self.entries().by_hash.remove(&hash(secret))?;
        (since.elapsed() < self.lasts).then_some(value)
    }

    pub(crate) fn get(&self, secret: &str) -> Option<T>
    where
        T: Copy,
    {
        let (since, value) = *self.entries().by_hash.get(&hash(secret))?;
        (since.elapsed() < self.lasts).then_some(value)
    }

    fn entries(&self) -> MutexGuard<'_, Entries<T>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret).into()
}
