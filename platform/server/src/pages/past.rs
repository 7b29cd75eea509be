//! Who may look at the past.

use enterprise_teams::query::{AuditFilter, AuditScope};
use enterprise_teams::{ActorKind, Owner, PageRequest, TeamStore};
use enterprise_teams_platform_api::{Fault, Thing};

use super::place::Subject;
use super::visit::Visit;

/// Whether this person may see what the page is of as it was: whoever may read its audit log today may. Of what is a person's own, the
/// past is too; but not a third-party client's, which teams may have shut out since (SEC-1).
pub(super) fn is_open(store: &TeamStore, visit: &Visit) -> Result<(), Fault> {
    let (actor, user) = (visit.visitor.actor, visit.visitor.user);
    let Some((kind, text)) = visit.subject() else {
        let is_client = matches!(actor.who, ActorKind::OAuth { .. });
        return if is_client { Err(Fault::Missing(Thing::User)) } else { Ok(()) };
    };
    let scope = match Subject::find(store, actor, kind, text) {
        Some(Subject::Team(team) | Subject::Space(_, team) | Subject::Pipeline(_, Owner::Team(team))) => {
            AuditScope::Team(team)
        }
        Some(Subject::App(app, _)) => AuditScope::App(app),
        Some(Subject::Account(account)) => AuditScope::Account(account),
        Some(Subject::Pipeline(_, Owner::User(owner))) if owner == user => return Ok(()),
        Some(Subject::Pipeline(_, Owner::User(_))) | None => return Err(Fault::Missing(missing(kind))),
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
