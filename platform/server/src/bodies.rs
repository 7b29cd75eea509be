//! How much of what clients send is held at a time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use enterprise_teams::UserId;

/// The most bytes of bodies that are held at a time.
const ALL: usize = 64 * 1024 * 1024;
/// The most of them that one user has sent, so that nobody is kept out by another.
const OF_ONE: usize = 4 * 1024 * 1024;

/// The bytes of bodies that are held, by who has sent them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bodies(Arc<Mutex<HashMap<UserId, usize>>>);

/// Room for one body, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Room {
    bodies: Bodies,
    user: UserId,
    bytes: usize,
}

impl Bodies {
    /// Room for a body of this user, none yet.
    pub(crate) fn room(&self, user: UserId) -> Room {
        Room { bodies: self.clone(), user, bytes: 0 }
    }
}

impl Room {
    /// Takes so many bytes more, if they are there.
    pub(crate) fn take(&mut self, bytes: usize) -> bool {
        let mut held = self.bodies.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (all, own) = (held.values().sum::<usize>(), held.get(&self.user).copied().unwrap_or_default());
        let taken = all + bytes <= ALL && own + bytes <= OF_ONE;
        if taken {
            held.insert(self.user, own + bytes);
            self.bytes += bytes;
        }
        taken
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let mut held = self.bodies.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = held.get_mut(&self.user) {
            *own -= self.bytes;
            if *own == 0 {
                held.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use enterprise_teams::uuid::Uuid;

    use super::*;

    #[test]
    fn room_is_for_each_and_for_all_and_comes_back() {
        let bodies = Bodies::default();
        let user = |number| UserId::from_uuid(Uuid::from_u128(number));
        let (mut one, mut more) = (bodies.room(user(0)), bodies.room(user(0)));
        assert!(one.take(OF_ONE - 1) && more.take(1) && !more.take(1) && !one.take(1));
        let mut others: Vec<Room> = (1..=ALL / OF_ONE).map(|number| bodies.room(user(number as u128))).collect();
        let taken = others.iter_mut().filter_map(|room| room.take(OF_ONE).then_some(())).count();
        assert_eq!(taken, ALL / OF_ONE - 1);
        drop(one);
        assert!(more.take(OF_ONE - 1) && !more.take(1));
        drop((more, others));
        assert!(bodies.0.lock().unwrap().is_empty());
    }
}
