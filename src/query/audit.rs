//! X-3: the audit log, as people read it.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::page::{Page, PageRequest, Seq};
use super::redact::{Reader, without_secret};
use crate::access::Caller;
use crate::actor::Actor;
use crate::error::Error;
use crate::event::{AuditEvent, Subject};
use crate::guard::{self, ensure};
use crate::ids::{AppId, TeamId, UserId};
use crate::policy::Capability;
use crate::store::TeamStore;

/// Whose audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuditScope {
    /// Everything: for the platform operator.
    Everything,
    /// What concerns a team, its members and its apps: for its admins.
    Team(TeamId),
    /// What concerns an app: for holders of `manage`.
    App(AppId),
    /// What a user did: for the user; through a third-party client, without the teams that shut it out (SEC-1).
    By(UserId),
    /// What concerns a user: for the user; through a third-party client as [`By`](Self::By).
    User(UserId),
}

/// Which entries of the audit log; the platform operator sees every scope (our decision), also of what is deleted.
///
/// ```
/// use enterprise_teams::{AuditFilter, AuditScope, TeamId, UserId};
///
/// # fn of(acme: TeamId, ada: UserId) {
/// let adas = AuditFilter::new(AuditScope::Team(acme)).by(ada);
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditFilter {
    scope: AuditScope,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<UserId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<DateTime<Utc>>,
}

impl AuditFilter {
    /// Everything in this scope.
    #[must_use]
    pub const fn new(scope: AuditScope) -> Self {
        Self { scope, by: None, since: None, until: None }
    }

    /// Caused by this user.
    #[must_use]
    pub const fn by(mut self, user: UserId) -> Self {
        self.by = Some(user);
        self
    }

    /// At this time or later.
    #[must_use]
    pub const fn since(mut self, time: DateTime<Utc>) -> Self {
        self.since = Some(time);
        self
    }

    /// Before this time.
    #[must_use]
    pub const fn until(mut self, time: DateTime<Utc>) -> Self {
        self.until = Some(time);
        self
    }
}

/// **The audit log** (X-3), as people read it.
impl TeamStore {
    /// The audit log (X-3), the newest entry first.
    ///
    /// Who sees which part is our decision: see [`AuditScope`]. Of an entry that did something to several teams, apps or people it
    /// shows what lies in the scope, or what the actor sees anyway; the rest is left out of its lists, and the entry is a copy.
    /// What a user did they see whole, and the operator everything but the
    /// secret of the store (X-7). The log of an app goes with the app. What concerns a team that
    /// shuts out the actor's third-party client is left out (SEC-1). A page costs what it holds; with [`AuditFilter::by`] or
    /// through such a client, what it passes over too.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNotFound`](Error::TeamNotFound),
    /// [`AppNotFound`](Error::AppNotFound) (X-2), [`AppHidden`](Error::AppHidden) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyAdminsReadTeamAudit`](Error::OnlyAdminsReadTeamAudit), [`OnlyManagersReadAppAudit`](Error::OnlyManagersReadAppAudit),
    /// [`OnlySelfReadsAudit`](Error::OnlySelfReadsAudit) (X-3), [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    ///
    /// ```
    /// use enterprise_teams::{AuditFilter, AuditScope, PageRequest, demo::Demo};
    ///
    /// let Demo { mut store, ada, acme, website, .. } = Demo::new()?;
    /// store.lock_app(ada, website)?;
    /// let page = store.audit_log(ada, &AuditFilter::new(AuditScope::Team(acme)), &PageRequest::default())?;
    /// assert_eq!(store.readable(ada, &page.items[0].event), "locked app `acme-website`");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn audit_log(
        &self,
        actor: Actor,
        filter: &AuditFilter,
        page: &PageRequest,
    ) -> Result<Page<Cow<'_, AuditEvent>>, Error> {
        let caller = self.caller(actor)?;
        let who = caller.who;
        match filter.scope {
            _ if caller.is_operator() => {}
            AuditScope::Team(team) => {
                let row = guard::team(&self.state, team)?;
                let refused = Error::OnlyAdminsReadTeamAudit { actor: who, team };
                guard::capability(caller, row, Capability::ViewAuditLog, refused)?;
            }
            AuditScope::App(app) => drop(self.app_for_managers(actor, app)?),
            AuditScope::By(user) | AuditScope::User(user) => {
                ensure!(who.user() == Some(user), Error::OnlySelfReadsAudit { actor: who });
            }
            AuditScope::Everything => return Err(Error::OnlySelfReadsAudit { actor: who }),
        }
        let before = page.key::<Seq>()?.map_or(u64::MAX, |seq| seq.0);
        let numbers = self.log.between(filter.since, filter.until);
        let numbers = numbers.start..numbers.end.min(before);
        let caused = |event: &&AuditEvent| filter.by.is_none_or(|by| event.actor.user() == Some(by));
        let key = |event: &Cow<'_, AuditEvent>| Seq(event.seq);
        let subject = match filter.scope {
            AuditScope::Everything => {
                let events = numbers.rev().filter_map(|seq| self.log.event(seq));
                return Ok(page.fill(events.filter(caused).map(without_secret), key));
            }
            AuditScope::Team(team) => Subject::Team(team),
            AuditScope::App(app) => Subject::App(app),
            AuditScope::By(user) => Subject::By(Some(user)),
            AuditScope::User(user) => Subject::User(user),
        };
        let about = self.log.about(subject, numbers).rev();
        let shown = |event: &&AuditEvent| caused(event) && !self.is_kept_from(caller, event);
        let reader = Reader { state: &self.state, caller, scope: subject };
        let shown = about.filter(shown);
        Ok(page.fill(shown.map(|event| reader.part(event)), key))
    }

    /// Whether the event concerns a team that shuts out the caller's third-party client, or an app of one.
    fn is_kept_from(&self, caller: Caller<'_>, event: &AuditEvent) -> bool {
        let team = |subject: &Subject| match subject {
            Subject::Team(team) => self.state.teams.find(*team),
            Subject::App(app) => self.state.apps.find(*app).and_then(|app| self.state.team_of(app.row)),
            Subject::By(_) | Subject::User(_) | Subject::Account(_) => None,
        };
        caller.is_through_client() && event.subjects().iter().filter_map(team).any(|team| caller.is_kept_out(team))
    }
}
