//! X-3: the audit log, as people read it.

use core::cell::RefCell;
use core::fmt;
use core::ops::Deref;
use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, Serializer};

use super::page::{Page, PageRequest, Seq};
use super::words::Seen;
use crate::access::Caller;
use crate::actor::{Actor, ActorKind};
use crate::entity::{AccountPermission, OAuthAccess, SignInStatus};
use crate::error::Error;
use crate::event::{AuditEvent, Event, Subject};
use crate::guard::{self, ensure};
use crate::ids::{AccountId, AppId, TeamId, UserId};
use crate::policy::Capability;
use crate::readable::{Ids, InWords, NamedId, Names, Readable, Worded};
use crate::redact::{Reader, keep, without_secret};
use crate::sort;
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
    /// What concerns an Enterprise Account, its members and the coming and going of its teams: for holders of `manage` (ENT-7).
    Account(AccountId),
    /// What a user did: for the user; through a third-party client, without the teams that shut it out (SEC-1).
    By(UserId),
    /// What concerns a user: for the user; through a third-party client as [`By`](Self::By).
    User(UserId),
}

/// Which entries of the audit log; the platform operator sees every scope (our decision), also of what is deleted.
///
/// ```
/// use enterprise_teams::{TeamId, UserId, query::{AuditFilter, AuditScope}};
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

/// An entry of an audit log as its reader sees it, with the names of what they may see in it, as they were then (X-8): also of what
/// was renamed, removed or deleted since. It reads as its [`AuditEvent`], and as text it has those names in place of ids. As a serde
/// value it is the event with `names` by id besides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditEntry<'s> {
    #[serde(flatten)]
    entry: Cow<'s, AuditEvent>,
    /// By id.
    #[serde(serialize_with = "by_id")]
    names: Vec<(NamedId, String)>,
}

fn by_id<S: Serializer>(names: &[(NamedId, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(names.iter().map(|(id, name)| (id.to_string(), name)))
}

impl AuditEntry<'_> {
    /// What this was called then; `None` for what the entry does not name to its reader.
    #[must_use]
    pub fn name(&self, id: impl Into<NamedId>) -> Option<&str> {
        let at = self.names.binary_search_by_key(&id.into(), |(id, _)| *id).ok()?;
        self.names.get(at).map(|(_, name)| &**name)
    }

    /// Everything that it names, and how.
    #[must_use]
    pub fn names(&self) -> impl ExactSizeIterator<Item = (NamedId, &str)> {
        self.names.iter().map(|(id, name)| (*id, &**name))
    }

    /// What happened, to be put into words without number, time and actor, for a page that shows those beside it.
    ///
    /// ```
    /// use enterprise_teams::{PageRequest, demo::Demo, query::{AuditFilter, AuditScope}};
    ///
    /// let Demo { store, ada, acme, .. } = Demo::new()?;
    /// let page = store.audit_log(ada, &AuditFilter::new(AuditScope::Team(acme)), &PageRequest::first(1)?)?;
    /// let entry = &page.items[0];
    /// let text = "granted user `jill@creativeinc.com` on app `acme-website`: view";
    /// assert_eq!(store.readable(ada, &entry.what()), text);
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    #[must_use]
    pub const fn what(&self) -> Happening<'_> {
        Happening(self)
    }

    /// The entry alone.
    #[must_use]
    pub fn into_owned(self) -> AuditEvent {
        self.entry.into_owned()
    }
}

impl Deref for AuditEntry<'_> {
    type Target = AuditEvent;

    fn deref(&self) -> &AuditEvent {
        &self.entry
    }
}

/// The names of an entry, and those of a reader for the rest.
struct Then<'a>(&'a AuditEntry<'a>, &'a dyn Names);

impl Names for Then<'_> {
    fn write(&self, id: NamedId, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.name(id) {
            Some(name) => f.write_str(name),
            None => self.1.write(id, f),
        }
    }
}

impl Readable for AuditEntry<'_> {}

impl InWords for AuditEntry<'_> {
    fn in_words(&self, f: &mut fmt::Formatter<'_>, names: &dyn Names) -> fmt::Result {
        self.entry.in_words(f, &Then(self, names))
    }
}

/// What an entry of an audit log tells of, from [`AuditEntry::what`].
#[derive(Clone, Copy, Debug)]
pub struct Happening<'e>(&'e AuditEntry<'e>);

impl Readable for Happening<'_> {}

impl InWords for Happening<'_> {
    fn in_words(&self, f: &mut fmt::Formatter<'_>, names: &dyn Names) -> fmt::Result {
        self.0.entry.event.in_words(f, &Then(self.0, names))
    }
}

impl fmt::Display for Happening<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.in_words(f, &Ids)
    }
}

impl fmt::Display for AuditEntry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.in_words(f, &Ids)
    }
}

/// Takes down what a text names.
#[derive(Default)]
struct Named(RefCell<Vec<NamedId>>);

impl Names for Named {
    fn write(&self, id: NamedId, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.borrow_mut().push(id);
        Ok(())
    }
}

/// **The audit log** (X-3), as people read it.
impl TeamStore {
    /// The audit log (X-3), the newest entry first.
    ///
    /// Entries name what the actor may see in them, as it was named then (X-8): [`AuditEntry`]. What that is, is our decision: what the
    /// actor sees now, and what the scope had then, by what the entry says: the people of a team, whoever was on an app.
    ///
    /// Who sees which part is our decision: see [`AuditScope`]. Of an entry that did something to several teams, apps
    /// or people it shows what lies in the scope, or what the actor sees anyway; the rest is left out of its lists, and
    /// the entry is a copy. Of what a user did they see what the right to do it shows, and the operator sees everything
    /// but the secret of the store (X-7). The log of an app goes with the app. What concerns a team that shuts out, or
    /// shut out to its end, the actor's third-party client is left out (SEC-1), and so is what concerns a team that requires
    /// a sign-in which the actor lacks (SEC-5). A page costs what it holds; with [`AuditFilter::by`], through such a client or
    /// without such a sign-in, what it passes over too.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNotFound`](Error::TeamNotFound),
    /// [`AppNotFound`](Error::AppNotFound), [`AccountNotFound`](Error::AccountNotFound) (X-2), [`AppHidden`](Error::AppHidden) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyManagersReadAccountAudit`](Error::OnlyManagersReadAccountAudit) (ENT-7),
    /// [`OnlyAdminsReadTeamAudit`](Error::OnlyAdminsReadTeamAudit), [`OnlyManagersReadAppAudit`](Error::OnlyManagersReadAppAudit),
    /// [`OnlySelfReadsAudit`](Error::OnlySelfReadsAudit) (X-3), [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    ///
    /// ```
    /// use enterprise_teams::{
    ///     PageRequest,
    ///     demo::Demo,
    ///     query::{AuditFilter, AuditScope},
    /// };
    ///
    /// let Demo { mut store, ada, acme, website, .. } = Demo::new()?;
    /// store.lock_app(ada, website)?;
    /// let page = store.audit_log(
    ///     ada,
    ///     &AuditFilter::new(AuditScope::Team(acme)),
    ///     &PageRequest::default(),
    /// )?;
    /// assert_eq!(store.readable(ada, &page.items[0].event), "locked app `acme-website`");
    /// store.rename_app(ada, website, "acme-web".parse()?)?;
    /// let page = store.audit_log(
    ///     ada,
    ///     &AuditFilter::new(AuditScope::Team(acme)),
    ///     &PageRequest::default(),
    /// )?;
    /// assert_eq!(
    ///     page.items[1].to_string(),
    ///     "#17 1970-01-01T00:00:00Z user `ada@acme.com`: locked app `acme-website`"
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn audit_log(
        &self,
        actor: Actor,
        filter: &AuditFilter,
        page: &PageRequest,
    ) -> Result<Page<AuditEntry<'_>>, Error> {
        let caller = self.caller(actor)?;
        let who = caller.who;
        match filter.scope {
            _ if caller.is_operator() => {}
            AuditScope::Team(team) => {
                let row = guard::team(self.at(actor.at), team)?;
                let refused = Error::OnlyAdminsReadTeamAudit { actor: who, team };
                guard::capability(caller, row, Capability::ViewAuditLog, refused)?;
            }
            AuditScope::App(app) => drop(self.app_for_managers(actor, app)?),
            AuditScope::Account(account) => {
                guard::account(self.at(actor.at), account)?;
                let refused = Error::OnlyManagersReadAccountAudit { actor: who, account };
                guard::account_permission(self.at(actor.at), caller, account, AccountPermission::Manage, refused)?;
            }
            AuditScope::By(user) | AuditScope::User(user) => {
                ensure!(who.user() == Some(user), Error::OnlySelfReadsAudit { actor: who });
            }
            AuditScope::Everything => return Err(Error::OnlySelfReadsAudit { actor: who }),
        }
        let before = page.key::<Seq>()?.map_or(u64::MAX, |seq| seq.0);
        let numbers = self.log.between(filter.since, filter.until);
        let numbers = numbers.start..numbers.end.min(before);
        let caused = |event: &&AuditEvent| filter.by.is_none_or(|by| event.actor.user() == Some(by));
        let key = |entry: &AuditEntry<'_>| Seq(entry.seq);
        let subject = match filter.scope {
            AuditScope::Everything => {
                let events = numbers.rev().filter_map(|seq| self.log.event(seq));
                let entries = events.filter(caused).map(without_secret);
                return Ok(page.fill(entries.map(|entry| self.entry(actor, None, entry)), key));
            }
            AuditScope::Team(team) => Subject::Team(team),
            AuditScope::App(app) => Subject::App(app),
            AuditScope::Account(account) => Subject::Account(account),
            AuditScope::By(user) => Subject::By(Some(user)),
            AuditScope::User(user) => Subject::User(user),
        };
        let about = self.log.about(subject, numbers).rev();
        let reader = Reader { state: self.at(actor.at), caller, scope: subject };
        let parts = about.map(|event| reader.part(event)).filter(|part| caused(&&**part));
        let parts = parts.filter_map(|part| self.open_part(caller, part));
        Ok(page.fill(parts.map(|part| self.entry(actor, Some(subject), part)), key))
    }

    /// The entry with its names, of those that its text or its subjects have.
    fn entry<'s>(&'s self, actor: Actor, scope: Option<Subject>, entry: Cow<'s, AuditEvent>) -> AuditEntry<'s> {
        let (named, subjects) = (Named::default(), entry.subjects());
        drop(Worded(&*entry, &named).to_string());
        let mut ids = named.0.into_inner();
        ids.extend(subjects.iter().filter_map(|subject| match *subject {
            Subject::By(user) => user.map(NamedId::User),
            Subject::User(user) => Some(NamedId::User(user)),
            Subject::Team(team) => Some(NamedId::Team(team)),
            Subject::App(app) => Some(NamedId::App(app)),
            Subject::Account(account) => Some(NamedId::Account(account)),
        }));
        let mut ids = sort::set(ids);
        let seen = Seen { store: self, actor };
        let whole = actor.who == ActorKind::Operator;
        ids.retain(|id| {
            whole || scope.is_some_and(|scope| Self::tells(scope, &entry, &subjects, *id)) || seen.sees(*id)
        });
        let name = |id| self.log.former_name(id, entry.seq).or_else(|| self.at(actor.at).name(id));
        let names = ids.into_iter().filter_map(|id| Some((id, name(id)?))).collect();
        AuditEntry { entry, names }
    }

    /// Whether whoever reads the log of this scope saw then what the entry speaks of, by what the entry says: of a team its people
    /// and what it has; of an app who is on it and where it stands; of a user where they were.
    fn tells(scope: Subject, entry: &AuditEvent, subjects: &[Subject], id: NamedId) -> bool {
        let has = |kind: fn(&Subject) -> bool| subjects.iter().any(kind);
        let of_teams = has(|subject| matches!(subject, Subject::Team(_)));
        let of_apps = has(|subject| matches!(subject, Subject::App(_)));
        let moves_space = matches!(entry.event, Event::SpaceTransferred { .. });
        match (scope, id) {
            (Subject::By(_), _) => true,
            (Subject::Team(_) | Subject::Account(_), NamedId::User(_)) => true,
            (Subject::App(_), NamedId::User(user)) => subjects.contains(&Subject::User(user)),
            (Subject::User(own), NamedId::User(user)) => {
                own == user || !of_teams && subjects.contains(&Subject::User(user))
            }
            (Subject::Team(own), NamedId::Team(team)) => own == team,
            (Subject::Account(_), NamedId::Team(_)) => true,
            (Subject::User(own), NamedId::Team(team)) => {
                let removed = matches!(entry.event, Event::MemberRemoved { .. });
                let left = matches!(&entry.event, Event::EndsSwept { swept } if swept.left().binary_search(&(own, team)).is_ok());
                (removed || left || !of_apps) && !moves_space
            }
            (Subject::Team(_) | Subject::User(_), NamedId::App(_)) => true,
            (Subject::App(own), NamedId::App(app)) => own == app,
            (Subject::Team(_) | Subject::App(_), NamedId::Group(_)) => true,
            (Subject::User(_), NamedId::Group(_)) => !of_apps,
            (Subject::Team(_) | Subject::User(_), NamedId::Role(_)) => true,
            (Subject::Team(_), NamedId::Space(_)) => true,
            (Subject::User(_), NamedId::Space(_)) => !moves_space,
            (Subject::Team(_) | Subject::App(_) | Subject::User(_), NamedId::Pipeline(_)) => true,
            (Subject::Account(own), NamedId::Account(account)) => own == account,
            (Subject::User(_), NamedId::Account(_)) => !of_teams,
            (
                Subject::Account(_),
                NamedId::App(_) | NamedId::Group(_) | NamedId::Role(_) | NamedId::Space(_) | NamedId::Pipeline(_),
            )
            | (Subject::App(_), NamedId::Team(_) | NamedId::Role(_) | NamedId::Space(_) | NamedId::Account(_))
            | (Subject::Team(_), NamedId::Account(_)) => false,
        }
    }

    /// What is left for the caller of an event that may concern a team that keeps them out, or kept their third-party client out to its
    /// end, or an app of one: of what was swept the rest, of any other event nothing.
    fn open_part<'s>(&self, caller: Caller<'_>, part: Cow<'s, AuditEvent>) -> Option<Cow<'s, AuditEvent>> {
        let shut = |team| {
            if let Some(team) = self.at(caller.now).teams.find(team) {
                return caller.is_kept_out(team);
            }
            let end = self.log.end_of(team).filter(|_| caller.is_through_client());
            end.is_some_and(|end| end.team.oauth_access == OAuthAccess::Denied)
        };
        let concerned = |subject: &Subject| match subject {
            Subject::Team(team) => shut(*team),
            Subject::App(app) => {
                let team = self.at(caller.now).apps.find(*app).and_then(|app| self.at(caller.now).team_of(app.row));
                team.is_some_and(|team| caller.is_kept_out(team))
            }
            Subject::By(_) | Subject::User(_) | Subject::Account(_) => false,
        };
        let lacks = caller.user.is_some_and(|user| user.user.sign_in_status() == SignInStatus::MfaOff);
        if !(lacks || caller.is_through_client()) || !part.subjects().iter().any(concerned) {
            return Some(part);
        }
        let mut part = part.into_owned();
        let Event::EndsSwept { swept } = &mut part.event else { return None };
        keep(&mut swept.ended, |one| !one.ended.subjects().iter().any(concerned));
        keep(&mut swept.sign_ins_ended, |change| !change.teams.iter().copied().any(shut));
        (!swept.ended.is_empty()).then_some(Cow::Owned(part))
    }
}
