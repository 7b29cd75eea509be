//! What the handlers share: the store, who may ask it, and how often.

use std::sync::Arc;
use std::time::Instant;

use axum::response::Response;
use enterprise_teams::journal::{Entry, Journal, JournalError, Position};
use enterprise_teams::replica::{Replica, ReplicaError, ReplicaOptions};
use enterprise_teams::{Actor, Error, ReadGuard, Settings, TeamStore};
use enterprise_teams_platform_api::{ErrorBody, Fault};

use crate::auth::Tokens;
use crate::demo::users;
use crate::desk::{Desk, Kept};
use crate::limit::Limiter;

/// The store, the tokens, and the requests that each user may make.
#[derive(Debug)]
pub struct Server {
    store: Arc<Kept>,
    desk: Desk,
    pub(crate) tokens: Tokens,
    limiter: Limiter,
    /// The server's own address.
    pub(crate) address: String,
}

impl Server {
    /// A server for `address`, on this journal, whose users make `per_hour` requests an hour.
    ///
    /// # Errors
    /// What the journal answers, or the first thing that is wrong with what it keeps.
    pub fn open(journal: Box<dyn Journal>, tokens: Tokens, address: &str, per_hour: u32) -> Result<Self, JournalError> {
        let store = Arc::new(Replica::open(journal, Settings::random, ReplicaOptions::default())?);
        let desk = Desk::open(Arc::clone(&store)).map_err(JournalError::unavailable)?;
        Ok(Self { store, desk, tokens, limiter: Limiter::new(per_hour), address: address.to_owned() })
    }

    /// The store, to read: what is kept.
    #[must_use]
    pub fn store(&self) -> ReadGuard {
        self.store.read()
    }

    /// Does something to the store for whoever runs it, kept when this returns. It waits on the thread that calls it; where another
    /// server was faster it is done again.
    ///
    /// # Errors
    /// What `act` answers, or why it is not kept.
    pub fn transaction<T>(&self, act: impl FnMut(&mut TeamStore) -> Result<T, Error>) -> Result<T, ReplicaError> {
        self.store.transaction(act)
    }

    /// A token for each user, with their e-mail.
    pub fn hand_out_tokens(&mut self) -> Vec<(String, String)> {
        let store = self.store.read();
        users(&store).into_iter().map(|user| (user.email().to_string(), self.tokens.hand_out(user.id()))).collect()
    }

    /// Has this done to the store, and answers when it is kept. Where another server was faster it is done again.
    pub(crate) async fn keep(&self, act: impl FnMut(&mut TeamStore) -> Response + Send + 'static) -> Response {
        self.desk.keep(act).await
    }

    /// What the actor is told of a fault.
    pub(crate) fn told(&self, store: &TeamStore, actor: Actor, fault: &Fault) -> ErrorBody {
        ErrorBody::of(store, actor, fault, &format!("{}/errors", self.address))
    }

    /// Takes one of the requests that the user may make now, unless it is `free`: how many are left, or `None` if none was.
    pub(crate) fn requests_left(&self, actor: Actor, free: bool) -> Option<u32> {
        let (user, now) = (actor.who.user()?, Instant::now());
        if free { Some(self.limiter.left(user, now)) } else { self.limiter.take(user, now) }
    }
}

/// Has an empty journal begin with what has happened to this store, all of whose events it still has.
///
/// # Errors
/// What the journal answers; [`JournalError::Conflict`] where it is not empty.
pub fn begin_with(journal: &mut dyn Journal, store: &TeamStore) -> Result<(), JournalError> {
    let mut position = Position::START;
    let entries = store.events().iter().map(|event| {
        let entry = Entry::new(position, event, None)?;
        position = entry.position();
        Ok(entry)
    });
    let entries = entries.collect::<Result<Vec<_>, JournalError>>()?;
    journal.append(0, &entries)
}
