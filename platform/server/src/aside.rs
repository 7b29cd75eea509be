//! What takes long and is done beside everything else: whose turn it is.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use enterprise_teams::UserId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// One at a time, and one for each person.
#[derive(Debug)]
pub(crate) struct Aside {
    turn: Arc<Semaphore>,
    people: Arc<Mutex<HashSet<UserId>>>,
}

impl Default for Aside {
    fn default() -> Self {
        Self { turn: Arc::new(Semaphore::new(1)), people: Arc::default() }
    }
}

/// That somebody waits or has the turn, until it is dropped.
pub(crate) struct Listed {
    user: UserId,
    people: Arc<Mutex<HashSet<UserId>>>,
}

impl Aside {
    /// Waits for the person's turn, which lasts until both are dropped; `None` if the person waits already.
    pub(crate) async fn turn(&self, user: UserId) -> Option<(Listed, OwnedSemaphorePermit)> {
        if !self.people.lock().unwrap_or_else(PoisonError::into_inner).insert(user) {
            return None;
        }
        // Whoever gives up waiting is out of the list again.
        let listed = Listed { user, people: Arc::clone(&self.people) };
        let permit = Arc::clone(&self.turn).acquire_owned().await.ok()?;
        Some((listed, permit))
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        self.people.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.user);
    }
}
