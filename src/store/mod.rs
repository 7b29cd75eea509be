//! The store: state, log, and the operations by chapter.

use core::fmt;
use std::mem;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::access::Access;
use crate::actor::{Actor, ActorKind, EventContext, recorded};
use crate::decide::{self, Decided};
use crate::entity::App;
use crate::error::Error;
use crate::event::{AuditEvent, Event};
use crate::explain::{self, AccessQuery, ActorView, Explanation};
use crate::guard;
use crate::ids::{AppId, UserId};
use crate::invariant::{self, Violation};
use crate::names::Email;
use crate::policy::AppAction;
use crate::settings::Settings;
use crate::state::{Log, SEQ_MAX, State};
use crate::version::Version;

use later::Later;

pub use transaction::Transaction;

/// Teams, people, apps and who may what, in memory.
///
/// Operations take the [`Actor`] first and answer with what was made or with a typed [`Error`]; a refused operation changes
/// nothing (X-1), an accepted one is one event (X-3), before which what had ended leaves the store with one of its own (END-3).
/// Questions take the actor too and answer what that actor may see.
///
/// Equal settings and equal operations give equal stores. The store is `Send` and `Sync`: behind a lock, readers share it.
///
/// What a method can answer instead, its section on errors lists, in the order of the checks. Three refusals stand in none, since
/// every method that takes an actor may give them: [`ActorSuspended`](Error::ActorSuspended), right after
/// [`ActorNotFound`](Error::ActorNotFound) (SUS-1); [`ActorNeedsMfaOrSso`](Error::ActorNeedsMfaOrSso), right after that, where the
/// settings require MFA or single sign-on of everybody; and
/// [`TeamRequiresMfaOrSso`](Error::TeamRequiresMfaOrSso), right after [`OAuthDenied`](Error::OAuthDenied), where the team does
/// (SEC-5).
///
/// Begin with [`new`](Self::new), [`can`](Self::can), [`check`](Self::check) and [`explain`](Self::explain); the rest comes in
/// chapters, as in the documents: first what changes the store, then what is asked of it.
///
/// ```
/// use enterprise_teams::chrono::{DateTime, Utc};
/// use enterprise_teams::{
///     Actor, AppAction, NewApp, NewTeam, NewUser, Permission, Settings, TeamRole,
///     TeamStore,
/// };
///
/// let now = DateTime::<Utc>::UNIX_EPOCH;
/// let operator = Actor::operator(now);
/// let mut store = TeamStore::new(Settings::from_seed(1));
/// let ada = store.register_user(operator, NewUser::new("ada@acme.com".parse()?))?;
/// let joe = store.register_user(operator, NewUser::new("joe@acme.com".parse()?))?;
/// let acme = store
///     .provision_team(operator, NewTeam::enterprise("acme-widgets".parse()?, ada))?;
///
/// let (ada, joe_id, joe) = (Actor::user(ada, now), joe, Actor::user(joe, now));
/// store.add_member(ada, acme, joe_id, TeamRole::Member)?;
/// let apple = store.create_app(ada, NewApp::in_team(acme).named("apple".parse()?))?;
/// assert!(!store.can(joe, AppAction::PushCode, apple));
///
/// store.grant_permissions(ada, apple, joe_id, Permission::Deploy.into())?;
/// assert!(store.can(joe, AppAction::PushCode, apple));
/// # Ok::<(), enterprise_teams::Error>(())
/// ```
pub struct TeamStore {
    state: State,
    pub(crate) log: Log,
    /// The state as it will be once what ends has ended, as far as somebody has asked.
    later: Later,
    /// The number of the last event before the outermost open transaction.
    open_since: Option<u64>,
    /// What is recorded with each event now.
    context: Option<Arc<EventContext>>,
    /// Which store this is: another one for each, but for twins.
    #[cfg(feature = "shared")]
    origin: Arc<()>,
}

/// What is taken back when an operation is refused, before which something was swept.
struct Unswept {
    seq: u64,
    at: DateTime<Utc>,
    later: Later,
}

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<TeamStore>();
};

/// **Made, and asked who may what** (PERM-9, PERM-11, CAP-1).
impl TeamStore {
    /// An empty store, whose first event is that it was opened with these settings.
    ///
    /// That event is the operator's, and at the Unix epoch: the core has no clock (X-4), and so no time from then on is before that of
    /// the event before it. What is done earlier counts as done then.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let (at, event) = (DateTime::UNIX_EPOCH, Event::StoreOpened { opened: Box::new((&settings).into()) });
        let opening = AuditEvent { version: Version, seq: 1, at, actor: ActorKind::Operator, context: None, event };
        Self::from_parts(State::new(settings, at), Log::restore(0, vec![opening]))
    }

    /// Whether the actor may do this: an [`AppAction`] on an app, or a [`Capability`](crate::Capability) on a team.
    ///
    /// The answer is that of the published tables. The store's own operations ask for more where a rule says so (a transfer also
    /// depends on who receives), or grant more (members of a Standard team add collaborators, STD-3): what one of them would say
    /// [`what_if`](Self::what_if) tells.
    ///
    /// No for whoever or whatever does not exist. A few look-ups whatever the size of the store; allocates nothing, unless what has
    /// ended was not swept yet ([`next_end`](Self::next_end)). Covers
    /// actions that the store does not carry out itself, so that a platform can ask about its own, also those that it names in the
    /// settings: [`HostActions`](crate::policy::HostActions).
    ///
    /// ```
    /// use enterprise_teams::{AppAction, Capability, demo::Demo};
    ///
    /// let Demo { store, ada, joe, acme, website, .. } = Demo::new()?;
    /// assert!(store.can(ada, AppAction::ScaleDynos, website));
    /// assert!(store.can(joe, Capability::CreateApps, acme));
    /// assert!(!store.can(joe, Capability::ManageUsers, acme));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    #[must_use]
    pub fn can<A, On>(&self, actor: Actor, action: A, on: On) -> bool
    where
        (A, On): Into<AccessQuery>,
    {
        explain::may(self.for_user(actor), actor, (action, on).into())
    }

    /// As [`can`](Self::can), with the refusal.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNotFound`](Error::TeamNotFound), [`AppNotFound`](Error::AppNotFound)
    /// (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1); on a team [`RoleLacksCapability`](Error::RoleLacksCapability),
    /// [`CapabilityOfNobody`](Error::CapabilityOfNobody) (CAP-1),
    /// [`CollaboratorLacksCapability`](Error::CollaboratorLacksCapability) (CAP-2),
    /// [`OutsiderLacksCapability`](Error::OutsiderLacksCapability) (CAP-3); on an app
    /// [`ActionNeedsPermission`](Error::ActionNeedsPermission) (PERM-9), [`OnlyOwnerPaysForAddOns`](Error::OnlyOwnerPaysForAddOns)
    /// (PERM-10), [`OnlyTeamPaysForAddOns`](Error::OnlyTeamPaysForAddOns) (STD-4); of a host's own action
    /// [`HostActionNotFound`](Error::HostActionNotFound), [`HostActionNeedsPermission`](Error::HostActionNeedsPermission) (PERM-9).
    pub fn check<A, On>(&self, actor: Actor, action: A, on: On) -> Result<(), Error>
    where
        (A, On): Into<AccessQuery>,
    {
        self.explain(actor, action, on)?.into_refusal().map_or(Ok(()), Err)
    }

    /// As [`can`](Self::can), with the reason (PERM-11): through which role, grant or ownership yes; what is missing, the way
    /// out and who could grant it when no.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNotFound`](Error::TeamNotFound), [`AppNotFound`](Error::AppNotFound)
    /// (X-2). A no is an answer, not an error.
    ///
    /// ```
    /// use enterprise_teams::{AppAction, demo::Demo};
    ///
    /// let Demo { store, joe, website, .. } = Demo::new()?;
    /// assert_eq!(
    ///     store.explain(joe, AppAction::DeleteApp, website)?.to_string(),
    ///     "`joe@acme.com` may not delete-app on app `acme-website`: holds view, deploy as member of the team, with \
    ///  permissions on the app; needs manage (PERM-9); way out: ask `ada@acme.com` for a grant of the permission",
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn explain<A, On>(&self, actor: Actor, action: A, on: On) -> Result<Explanation<'_>, Error>
    where
        (A, On): Into<AccessQuery>,
    {
        explain::ask(self.at(actor.at), actor, (action, on).into())
    }

    /// The actor, looked up once for many questions in a row: a check then costs the look-up of the app alone.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2).
    ///
    /// ```
    /// use enterprise_teams::{AppAction, demo::Demo};
    ///
    /// let Demo { store, joe, website, wave, .. } = Demo::new()?;
    /// let joe = store.for_actor(joe)?;
    /// let deployable: Vec<_> = [website, wave]
    ///     .into_iter()
    ///     .filter(|app| joe.can(AppAction::PushCode, *app))
    ///     .collect();
    /// assert_eq!(deployable, [website]);
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn for_actor(&self, actor: Actor) -> Result<ActorView<'_>, Error> {
        ActorView::of(self.at(actor.at), actor)
    }

    /// What the actor holds on the app, and through what.
    ///
    /// # Errors
    /// As [`check`](Self::check) for [`AppAction::ViewApp`].
    pub fn permissions(&self, actor: Actor, app: AppId) -> Result<Access, Error> {
        let explanation = self.explain(actor, AppAction::ViewApp, app)?;
        let held = explanation.held();
        explanation.into_refusal().map_or(Ok(()), Err)?;
        held.ok_or(Error::AppNotFound { app })
    }
}

/// **The log** (X-3): read, handed over, followed, replayed; and the settings.
impl TeamStore {
    /// The settings, as they are now.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.state.settings
    }

    /// The number of the last event: how far the store is.
    #[must_use]
    pub const fn seq(&self) -> u64 {
        self.state.seq
    }

    /// Every event that the store keeps, the oldest first, for the host: to keep, to ship, to replay. People read
    /// [`audit_log`](Self::audit_log).
    #[must_use]
    pub fn events(&self) -> &[AuditEvent] {
        self.log.events()
    }

    /// Hands the older events over to the host and keeps the last `keep`, so that the log does not grow without bounds. Events
    /// of an open transaction stay.
    ///
    /// The [`audit_log`](Self::audit_log) answers from what is kept; the numbers go on. To [`replay`](Self::replay) the host
    /// puts what was handed over in front of [`events`](Self::events).
    ///
    /// ```
    /// use enterprise_teams::{TeamStore, demo::Demo};
    ///
    /// let Demo { mut store, .. } = Demo::new()?;
    /// let whole = store.clone();
    /// let mut journal = store.drain_events(2);
    /// assert_eq!(store.events().len(), 2);
    /// journal.extend_from_slice(store.events());
    /// assert!(TeamStore::replay(journal)? == whole);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn drain_events(&mut self, keep: usize) -> Vec<AuditEvent> {
        let open = self.open_since.map_or(0, |since| self.state.seq.saturating_sub(since));
        self.hand_over(keep.max(usize::try_from(open).unwrap_or(usize::MAX)))
    }

    /// With these events, which came before it, at the beginning of its log: to be read, since what they replaced is not known.
    #[cfg(feature = "replica")]
    pub(crate) fn with_events_before(self, mut events: Vec<AuditEvent>) -> Self {
        let before = self.log.first() - 1 - events.len() as u64;
        events.extend_from_slice(self.events());
        Self { log: Log::restore(before, events), ..self }
    }

    /// The store that this first event of a log opened, to [`follow`](Self::follow) the rest of it step by step.
    ///
    /// # Errors
    /// [`ReplayError`] for an event that is not the first of a log.
    pub fn opened(event: AuditEvent) -> Result<Self, ReplayError> {
        if event.seq != 1 {
            return Err(ReplayError::Gap { expected: 1, found: event.seq });
        }
        let state = State::opened(&event).ok_or(ReplayError::NotOpened)?;
        Ok(Self::from_parts(state, Log::restore(0, vec![event])))
    }

    /// Does what another store has done: the next event of its log (X-3). So a store of another process follows, or one that was restored
    /// from a snapshot comes up to the end of the log. Where the event does not fit the store is as before.
    ///
    /// Who was allowed to do it was decided when it was recorded, and the [invariants](Self::check_invariants) are not checked anew:
    /// whoever does not trust the log checks them in the end, as [`replay`](Self::replay) does. In an open transaction it is taken
    /// back with the rest.
    ///
    /// # Errors
    /// [`ReplayError`] for an event whose number is not the next, whose time is before that of the last event or not in whole
    /// microseconds, or that does not fit.
    ///
    /// ```
    /// use enterprise_teams::{NewApp, ReplayError, TeamStore, demo::Demo};
    ///
    /// let Demo { mut store, ada, acme, .. } = Demo::new()?;
    /// let snapshot = store.snapshot();
    /// store.create_app(ada, NewApp::in_team(acme))?;
    ///
    /// let mut other = TeamStore::restore(snapshot)?;
    /// let tail: Vec<_> =
    ///     store.events().iter().filter(|event| event.seq > other.seq()).cloned().collect();
    /// for event in &tail {
    ///     other.follow(event.clone())?;
    /// }
    /// assert!(other == store);
    /// let again = other.follow(tail[0].clone());
    /// assert_eq!(
    ///     again,
    ///     Err(ReplayError::Gap { expected: store.seq() + 1, found: store.seq() })
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn follow(&mut self, event: AuditEvent) -> Result<(), ReplayError> {
        let (seq, expected) = (event.seq, self.state.seq + 1);
        if seq != expected || expected > SEQ_MAX {
            return Err(ReplayError::Gap { expected, found: seq });
        }
        if event.at < self.state.last_at {
            return Err(ReplayError::TimeRunsBackwards { seq });
        }
        if event.at != recorded(event.at) {
            return Err(ReplayError::TimeTooFine { seq });
        }
        self.later = Later::default();
        if !self.state.try_apply(&event) {
            return Err(ReplayError::DoesNotFit { seq });
        }
        self.log.push(event);
        Ok(())
    }

    /// The store that these events make (X-3).
    ///
    /// The events are those of another store's [`events`](Self::events), from the first on, which tells the settings.
    /// Every event must find what it says it found, and in the end every [invariant](Self::check_invariants) must hold;
    /// who was allowed to do it was decided when it was recorded.
    ///
    /// # Errors
    /// [`ReplayError`] for a log that does not begin with the opening of a store; for the first event whose number is
    /// not the next, whose time is before that of the event before it or not in whole microseconds, or that does not
    /// fit; or for the first invariant that does not hold in the end.
    ///
    /// ```
    /// use enterprise_teams::{TeamStore, demo::Demo};
    ///
    /// let Demo { store, .. } = Demo::new()?;
    /// let copy = TeamStore::replay(store.events().to_vec())?;
    /// assert!(copy == store);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn replay(events: impl IntoIterator<Item = AuditEvent>) -> Result<Self, ReplayError> {
        let mut events = events.into_iter();
        let mut store = Self::opened(events.next().ok_or(ReplayError::NotOpened)?)?;
        for event in events {
            store.follow(event)?;
        }
        store.check_invariants().into_iter().next().map_or(Ok(store), |first| Err(ReplayError::Invariant(first)))
    }

    /// Everything that should hold in every state and does not: empty, unless there is a fault in this library or in a log
    /// that was replayed.
    ///
    /// Walks the whole store; for tests and for hosts that distrust what they replayed.
    #[must_use]
    pub fn check_invariants(&self) -> Vec<Violation> {
        invariant::check(&self.state)
    }
}

/// **Addresses and times** for the host.
impl TeamStore {
    /// The user with this e-mail: for the host, which takes e-mails from people. That an e-mail is taken is no secret (X-2).
    ///
    /// # Errors
    /// [`EmailNotFound`](Error::EmailNotFound) (X-2).
    pub fn user_id(&self, email: &Email) -> Result<UserId, Error> {
        self.state.users.find_key(email).map(|user| user.user.id()).ok_or(Error::EmailNotFound { email: email.clone() })
    }

    /// When what the actor does now counts: at the actor's time, or at that of the last event where that is later.
    ///
    /// ```
    /// use enterprise_teams::chrono::TimeDelta;
    /// use enterprise_teams::demo::Demo;
    ///
    /// let Demo { store, ada, .. } = Demo::new()?;
    /// assert_eq!(store.now(ada.at(ada.at - TimeDelta::days(1))), ada.at);
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    #[must_use]
    pub fn now(&self, actor: Actor) -> DateTime<Utc> {
        self.state.now(actor)
    }

    /// `https://NAME.herokuapp.com/`, with the domain of the settings (APP-11).
    #[must_use]
    pub fn web_url(&self, app: &App) -> String {
        format!("https://{}.{}/", app.name(), self.state.settings.options.web_domain)
    }

    /// `https://git.heroku.com/NAME.git`, with the domain of the settings (APP-11).
    #[must_use]
    pub fn git_url(&self, app: &App) -> String {
        format!("https://{}/{}.git", self.state.settings.options.git_domain, app.name())
    }
}

impl TeamStore {
    pub(crate) fn from_parts(state: State, log: Log) -> Self {
        Self {
            state,
            log,
            later: Later::default(),
            open_since: None,
            context: None,
            #[cfg(feature = "shared")]
            origin: Arc::default(),
        }
    }

    /// The state as it is recorded, for what depends on nobody's time.
    #[inline]
    pub(crate) const fn state(&self) -> &State {
        &self.state
    }

    /// The state, for a test to spoil.
    #[cfg(test)]
    pub(crate) const fn state_mut(&mut self) -> &mut State {
        &mut self.state
    }

    /// The state as it is for whoever acts or asks at this time: without what has ended by then (END-1).
    #[inline]
    pub(crate) fn at(&self, time: DateTime<Utc>) -> &State {
        if self.state.ends.is_empty() { &self.state } else { self.later.at(&self.state, time) }
    }

    /// As [`at`](Self::at), for a question whose answer depends on nothing of what has ended but what this user holds, and what groups
    /// hold.
    #[inline]
    fn for_user(&self, actor: Actor) -> &State {
        if self.state.ends.is_empty() { &self.state } else { self.later.for_user(&self.state, actor) }
    }

    /// Decides, and records what was decided, after what has ended by then has left; answers what is told beside the event.
    fn record<D: Decided>(
        &mut self,
        actor: Actor,
        decide: impl FnOnce(&State) -> Result<D, Error>,
    ) -> Result<D::Answer, Error> {
        self.after_sweep(actor, |store| {
            let (event, answer) = decide(&store.state)?.split();
            store.commit(actor, event);
            Ok(answer)
        })
    }

    /// What has ended by then leaves the store, if what comes after is accepted (END-3).
    #[inline]
    fn after_sweep<T>(&mut self, actor: Actor, act: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        let unswept = (!self.state.ends.is_empty()).then(|| self.sweep_first(actor));
        let done = act(self);
        if let Some(unswept) = unswept
            && done.is_err()
        {
            self.unsweep(unswept);
        }
        done
    }

    #[cold]
    fn sweep_first(&mut self, actor: Actor) -> Unswept {
        let (seq, at, later) = (self.state.seq, self.state.last_at, mem::take(&mut self.later));
        self.sweep(actor.at);
        Unswept { seq, at, later }
    }

    #[cold]
    fn unsweep(&mut self, Unswept { seq, at, later }: Unswept) {
        self.take_back_to(seq, at);
        self.later = later;
    }

    /// As [`after_sweep`](Self::after_sweep), with what is done first.
    fn before_sweep<T>(&mut self, actor: Actor, act: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        let done = act(self)?;
        self.sweep(actor.at);
        Ok(done)
    }

    /// What has ended by then leaves the store, whoever comes: that is the platform's doing.
    #[cold]
    fn sweep(&mut self, at: DateTime<Utc>) {
        let operator = Actor::operator(at);
        let context = self.context.take();
        if let Some(swept) = decide::end::ended(&self.state, self.state.now(operator)) {
            self.commit(operator, Event::EndsSwept { swept: Box::new(swept) });
        }
        self.context = context;
    }

    /// The one place where the store changes.
    fn commit(&mut self, actor: Actor, event: Event) -> &AuditEvent {
        let (seq, at) = (self.state.seq + 1, self.state.now(actor));
        let event = AuditEvent { version: Version, seq, at, actor: actor.who, context: self.context.clone(), event };
        self.later = Later::default();
        self.state.apply(&event);
        self.log.push(event)
    }

    fn hand_over(&mut self, keep: usize) -> Vec<AuditEvent> {
        let events = self.log.hand_over(keep);
        self.state.forget(&events);
        events
    }

    /// The events after this number, which the store keeps.
    #[cfg(feature = "replica")]
    pub(crate) fn events_since(&self, seq: u64) -> &[AuditEvent] {
        let events = self.log.events();
        events.get(events.partition_point(|event| event.seq <= seq)..).unwrap_or_default()
    }

    /// The time of the last event.
    #[cfg(feature = "journal")]
    pub(crate) const fn last_at(&self) -> DateTime<Utc> {
        self.state.last_at
    }

    /// A copy that can [`catch_up`](Self::catch_up) with this store.
    #[cfg(feature = "shared")]
    pub(crate) fn replica(&self) -> Self {
        Self { origin: self.origin.clone(), ..self.clone() }
    }

    /// Does what a twin has done since; `false` where that cannot be told from its log, and then the store is no twin any more.
    #[cfg(feature = "shared")]
    #[must_use]
    pub(crate) fn catch_up(&mut self, replica: &Self) -> bool {
        if !Arc::ptr_eq(&self.origin, &replica.origin) || self.state.seq > replica.state.seq {
            return false;
        }
        for seq in self.state.seq + 1..=replica.state.seq {
            let Some(event) = replica.log.event(seq) else { return false };
            self.later = Later::default();
            self.state.apply(event);
            self.log.push(event.clone());
        }
        let kept = replica.log.events().len();
        self.hand_over(kept);
        self.log.events().len() == kept
    }

    /// The actor, if it exists.
    pub(crate) fn caller(&self, actor: Actor) -> Result<crate::access::Caller<'_>, Error> {
        guard::actor(self.at(actor.at), actor)
    }
}

/// Costs what the store holds.
impl Clone for TeamStore {
    fn clone(&self) -> Self {
        Self::from_parts(self.state.clone(), self.log.clone())
    }
}

/// Whether both stores hold the same, the events that they keep included; how they hold it does not matter.
impl PartialEq for TeamStore {
    fn eq(&self, other: &Self) -> bool {
        self.log.events() == other.log.events() && self.state == other.state
    }
}

impl fmt::Debug for TeamStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TeamStore")
            .field("users", &self.state.users.len())
            .field("teams", &self.state.teams.len())
            .field("apps", &self.state.apps.len())
            .field("events", &self.state.seq)
            .finish_non_exhaustive()
    }
}

/// Why a log does not replay.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// The log does not begin with the opening of a store, or its secret was left out.
    #[error("the log does not begin with the opening of a store")]
    NotOpened,
    /// An event is missing, or comes twice.
    #[error("event {found} where event {expected} should be")]
    Gap {
        /// The number that should come.
        expected: u64,
        /// The number that came.
        found: u64,
    },
    /// An event is older than the one before it.
    #[error("event {seq} is older than the one before it")]
    TimeRunsBackwards {
        /// The number of the event.
        seq: u64,
    },
    /// The time of an event is not in whole microseconds, or is a leap second: no store records such a time.
    #[error("the time of event {seq} is not in whole microseconds")]
    TimeTooFine {
        /// The number of the event.
        seq: u64,
    },
    /// An event says that it changed something else than what is there.
    #[error("event {seq} does not fit what the events before it made")]
    DoesNotFit {
        /// The number of the event.
        seq: u64,
    },
    /// Every event fits, and together they break what holds in every store: the first such check.
    #[error("the events break an invariant: {0}")]
    Invariant(Violation),
}

// Down here, so that the page of `TeamStore` begins with what stands above.
mod access;
mod account;
mod app;
mod billing;
mod end;
mod group;
mod invitation;
mod later;
mod member;
mod operation;
mod pipeline;
mod resource;
mod role;
mod setting;
mod sign_on;
mod space;
mod team;
mod transaction;
mod transfer;
mod user;
