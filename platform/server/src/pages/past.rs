//! Who may look at the past, and when it is their turn.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use enterprise_teams::query::{AuditFilter, AuditScope};
use enterprise_teams::{Owner, PageRequest, TeamStore, UserId};
use enterprise_teams_platform_api::{Fault, Thing};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::place::Subject;
use super::visit::Visit;

/// Whether this person may see what the page is of as it was: whoever may read its audit log today may. Of what is a person's own, the
/// past is too.
pub(super) fn is_open(store: &TeamStore, visit: &Visit) -> Result<(), Fault> {
    let actor = visit.visitor.actor;
    let Some((kind, text)) = visit.subject() else { return Ok(()) };
    let scope = match Subject::find(store, actor, kind, text) {
        Some(Subject::Team(team) | Subject::Space(_, team) | Subject::Pipeline(_, Owner::Team(team))) => {
            AuditScope::Team(team)
        }
        Some(Subject::App(app, _)) => AuditScope::App(app),
        Some(Subject::Account(account)) => AuditScope::Account(account),
        Some(Subject::Pipeline(_, Owner::User(_))) => return Ok(()),
        None => return Err(Fault::Missing(missing(kind))),
    };
    Ok(store.audit_log(actor, &AuditFilter::new(scope), &PageRequest::first(1)?).map(drop)?)
}

/// What a part of a route is the name of.
fn missing(kind: &str) -> Thing {
    match kind {
        "app" => Thing::App,
        "space" => Thing::Space,
        "pipeline" => Thing::Pipeline,
        "account" => Thing::Account,
        _ => Thing::Team,
    }
}

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
pub(super) struct Listed {
    user: UserId,
    people: Arc<Mutex<HashSet<UserId>>>,
}

impl Aside {
    /// Waits for the person's turn, which lasts until both are dropped; `None` if the person waits already.
    pub(super) async fn turn(&self, user: UserId) -> Option<(Listed, OwnedSemaphorePermit)> {
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
