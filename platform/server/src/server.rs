//! What the handlers share: the store, who may ask it, and how often.

use std::error::Error;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Instant;

use enterprise_teams::{Actor, Snapshot, TeamStore};

use crate::auth::Tokens;
use crate::limit::Limiter;

/// The store, the tokens, and the requests that each user may make.
#[derive(Debug)]
pub struct Server {
    store: RwLock<TeamStore>,
    pub(crate) tokens: Tokens,
    limiter: Limiter,
    /// The server's own address.
    pub(crate) address: String,
}

impl Server {
    /// A server for `address`, whose users make `per_hour` requests an hour.
    #[must_use]
    pub fn new(store: TeamStore, tokens: Tokens, address: &str, per_hour: u32) -> Self {
        Self { store: RwLock::new(store), tokens, limiter: Limiter::new(per_hour), address: address.to_owned() }
    }

    /// The store, to read. An operation changes the store at its very end and whole, so one that panics leaves it sound.
    pub fn store(&self) -> RwLockReadGuard<'_, TeamStore> {
        self.store.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes one of the requests that the user may make now, unless it is `free`: how many are left, or `None` if none was.
    pub(crate) fn requests_left(&self, actor: Actor, free: bool) -> Option<u32> {
        let (user, now) = (actor.who.user()?, Instant::now());
        if free { Some(self.limiter.left(user, now)) } else { self.limiter.take(user, now) }
    }

    /// The store, to write.
    pub fn store_mut(&self) -> RwLockWriteGuard<'_, TeamStore> {
        self.store.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The store of a snapshot; `None` when there is no such file.
///
/// # Errors
/// The file cannot be read, or what it holds is no store.
pub fn load(file: &Path) -> Result<Option<TeamStore>, Box<dyn Error>> {
    let text = match fs::read(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        text => text?,
    };
    let snapshot: Snapshot = serde_json::from_slice(&text)?;
    Ok(Some(TeamStore::restore(snapshot)?))
}

/// Writes a snapshot of the store for its owner's eyes, whole or not at all.
///
/// # Errors
/// The file cannot be written.
pub fn save(store: &TeamStore, file: &Path) -> Result<(), Box<dyn Error>> {
    let mut name = file.file_name().ok_or("the snapshot has no file name")?.to_owned();
    name.push(".new");
    let new = file.with_file_name(name);
    let mut out = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
    out.write_all(&serde_json::to_vec(&store.snapshot())?)?;
    out.sync_all()?;
    fs::rename(&new, file)?;
    Ok(())
}
