//! APP-10 and PERM-11: apps, and who may do what on them.

use core::ops::Bound;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::filter::has_all;
use super::group::{self, GroupAccess};
use super::lower_case;
use super::merge;
use super::page::{Page, PageRequest, after, before};
use crate::access::{self, Access, Caller, Verdict};
use crate::actor::Actor;
use crate::code::words;
use crate::entity::{App, Dyno, Held, Lock, Owner, OwnershipPeriod, Pipeline, Times, User};
use crate::error::Error;
use crate::explain::{self, AccessQuery, Asked, Explanation};
use crate::guard::{self, ensure};
use crate::ids::{AppId, SpaceId, UserId};
use crate::names::{AppName, Email, LabelSelector, PipelineName, Stack};
use crate::permission::PermissionSet;
use crate::policy::{AnyAppAction, AppAction, Capability, CustomRole};
use crate::role::Role;
use crate::sort;
use crate::state::{AppIx, AppRow, At, Holdings, OwnerIx, State, TeamRow, UserIx, UserRow};
use crate::store::TeamStore;

/// Which apps to list; all of them by default.
///
/// ```
/// use enterprise_teams::{entity::Lock, query::AppFilter};
///
/// let locked_webs = AppFilter::default().containing("web").lock(Lock::Locked);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AppFilter {
    #[serde(rename = "containing", deserialize_with = "lower_case", skip_serializing_if = "Option::is_none")]
    part: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stack: Option<Stack>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lock: Option<Lock>,
    #[serde(skip_serializing_if = "Option::is_none")]
    space: Option<SpaceId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<EntryKind>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    labels: Vec<LabelSelector>,
}

impl AppFilter {
    /// With this in the name, in upper or lower case.
    #[must_use]
    pub fn containing(mut self, part: &str) -> Self {
        self.part = Some(part.to_ascii_lowercase());
        self
    }

    /// On this stack.
    #[must_use]
    pub fn stack(mut self, stack: Stack) -> Self {
        self.stack = Some(stack);
        self
    }

    /// Locked, or not.
    #[must_use]
    pub fn lock(mut self, lock: Lock) -> Self {
        self.lock = Some(lock);
        self
    }

    /// In this space.
    #[must_use]
    pub fn space(mut self, space: SpaceId) -> Self {
        self.space = Some(space);
        self
    }

    /// Apps, or pipelines.
    #[must_use]
    pub fn kind(mut self, kind: EntryKind) -> Self {
        self.kind = Some(kind);
        self
    }

    /// With this label too (LAB-1).
    #[must_use]
    pub fn label(mut self, label: LabelSelector) -> Self {
        self.labels.push(label);
        self
    }

    /// Pipelines have neither stack nor lock and are in no space.
    fn admits_pipeline(&self, pipeline: &Pipeline) -> bool {
        self.kind != Some(EntryKind::App)
            && (self.stack, self.lock, self.space) == (None, None, None)
            && self.part.as_ref().is_none_or(|part| pipeline.name.as_str().contains(part))
            && has_all(&pipeline.labels, &self.labels)
    }

    pub(super) fn admits(&self, app: &App) -> bool {
        self.kind != Some(EntryKind::Pipeline)
            && self.part.as_ref().is_none_or(|part| app.name.as_str().contains(part))
            && self.stack.is_none_or(|stack| app.stack == stack)
            && self.lock.is_none_or(|lock| app.lock == lock)
            && self.space.is_none_or(|space| app.space == Some(space))
            && has_all(&app.labels, &self.labels)
    }
}

words! {
    /// What an entry of a list of apps and pipelines is.
    pub enum EntryKind {
        /// An app.
        App "app",
        /// A pipeline.
        Pipeline "pipeline",
    }
}

/// An entry of a list of apps and pipelines (APP-10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum AppOrPipeline<'s> {
    /// An app, with a stack.
    App(&'s App),
    /// A pipeline, without one.
    Pipeline(&'s Pipeline),
}

impl AppOrPipeline<'_> {
    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::App(app) => app.name.as_str(),
            Self::Pipeline(pipeline) => pipeline.name.as_str(),
        }
    }

    fn key(self) -> (PipelineName, u64) {
        match self {
            Self::App(app) => (app.name.into(), app.number),
            Self::Pipeline(pipeline) => (pipeline.name, pipeline.number),
        }
    }
}

words! {
    /// The order of a list of apps.
    #[derive(Default)]
    pub enum AppSort {
        /// By name.
        #[default]
        Name "name",
        /// By name, backwards.
        NameDescending "name-descending",
        /// The oldest first.
        Oldest "oldest",
        /// The newest first.
        Newest "newest",
    }
}

/// An app that somebody can see, and what they hold on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct VisibleApp<'s> {
    /// The app.
    pub app: &'s App,
    /// What the actor holds on it.
    pub held: Access,
}

/// Somebody who holds something on an app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AppAccess<'s> {
    /// Who.
    pub user: &'s User,
    /// What they are to the team that owns the app; `None` on a personal app.
    pub role: Option<Role>,
    /// Which of the team's own roles theirs is (ROLE-1); `None` for others, and for whoever does not see those.
    pub custom: Option<&'s CustomRole>,
    /// What they hold, and through what.
    pub held: Access,
    /// Since when they are on the app itself, having joined it or been put on it, and when what they hold there last changed.
    pub granted: Option<Times>,
    /// When what they hold on the app itself ends, if it does (END-1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<DateTime<Utc>>,
    /// What an admin was given on the app itself: it sleeps, and counts again when they are no longer admin (PERM-6).
    pub sleeping: Option<PermissionSet>,
    /// The groups that they are in and that hold permissions on the app, by name (GRP-3). Those of an admin sleep (GRP-4).
    pub groups: Vec<GroupAccess<'s>>,
}

impl AppAccess<'_> {
    /// Through what they hold it in words, their role by its name where it is one of the team's own.
    ///
    /// ```
    /// use enterprise_teams::{PermissionSet, TeamRole, demo::{self, Demo}, policy::RoleRights};
    ///
    /// let Demo { mut store, ada, vera, acme, website, .. } = Demo::new()?;
    /// let rights = RoleRights { permissions: PermissionSet::WORK, ..RoleRights::default() };
    /// let role = store.create_role(ada, acme, "on-call".parse()?, rights)?;
    /// store.set_member_role(ada, acme, demo::id(vera), TeamRole::Custom(role))?;
    /// let access = store.app_access_of(ada, website, demo::id(vera))?;
    /// assert_eq!(access.through_name(), "holder of role `on-call` of the team");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    #[must_use]
    pub fn through_name(&self) -> String {
        self.held.through.named(self.role, self.custom).to_string()
    }
}

/// **Questions about apps** (APP-10, PERM-11): who sees which, and who may do what on them.
impl TeamStore {
    /// An app.
    ///
    /// Visible to whoever holds `view` on it.
    ///
    /// # Errors
    /// As [`check`](Self::check) for [`AppAction::ViewApp`].
    pub fn app(&self, actor: Actor, app: AppId) -> Result<&App, Error> {
        self.app_for(actor, app, AppAction::ViewApp).map(|row| &row.row.app)
    }

    /// The app of this name.
    ///
    /// Visible to whoever holds `view` on it.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`AppNameNotFound`](Error::AppNameNotFound) (X-2), then as
    /// [`check`](Self::check) for [`AppAction::ViewApp`].
    pub fn app_by_name(&self, actor: Actor, name: AppName) -> Result<&App, Error> {
        self.caller(actor)?;
        let row = self.at(actor.at).apps.find_key(&name).ok_or(Error::AppNameNotFound { name })?;
        self.app(actor, row.app.id)
    }

    /// The dynos of an app, in the order of their process types (RES-1).
    ///
    /// # Errors
    /// As [`check`](Self::check) for [`AppAction::ViewDynos`].
    pub fn formation(&self, actor: Actor, app: AppId) -> Result<&[Dyno], Error> {
        self.app_for(actor, app, AppAction::ViewDynos).map(|row| row.row.formation())
    }

    /// Who was and is billed for an app, the first owner first (TRF-5): without gaps, from its creation on.
    ///
    /// Visible to holders of `manage`.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`AppNotFound`](Error::AppNotFound) (X-2),
    /// [`AppHidden`](Error::AppHidden) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyManagersReadAppAudit`](Error::OnlyManagersReadAppAudit) (X-3).
    pub fn ownership_history(&self, actor: Actor, app: AppId) -> Result<Vec<OwnershipPeriod>, Error> {
        let (_, row) = self.app_for_managers(actor, app)?;
        let App { owner, owned_since: from, .. } = row.app;
        let past = self.at(actor.at).history.get(&app).into_iter().flatten().copied();
        Ok(past.chain([OwnershipPeriod { owner, from, until: None }]).collect())
    }

    /// The apps of a team, or a user's personal apps (APP-10).
    ///
    /// A team's for its admins, members and viewers; personal ones for their owner. A page costs what it holds; with a filter,
    /// what it passes over too.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`UserNotFound`](Error::UserNotFound),
    /// [`TeamNotFound`](Error::TeamNotFound) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyOwnerListsPersonalApps`](Error::OnlyOwnerListsPersonalApps) (PERM-10),
    /// [`OnlyTeamListsApps`](Error::OnlyTeamListsApps) (APP-10),
    /// [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    ///
    /// ```
    /// use enterprise_teams::{
    ///     PageRequest,
    ///     demo::Demo,
    ///     query::{AppFilter, AppSort},
    /// };
    ///
    /// let Demo { store, joe, jill, acme, .. } = Demo::new()?;
    /// let page = store.apps(
    ///     joe,
    ///     acme,
    ///     &AppFilter::default(),
    ///     AppSort::Name,
    ///     &PageRequest::first(50)?,
    /// )?;
    /// assert_eq!(page.items[0].name(), "acme-website");
    ///
    /// let refused = store.apps(
    ///     jill,
    ///     acme,
    ///     &AppFilter::default(),
    ///     AppSort::Name,
    ///     &PageRequest::first(50)?,
    /// );
    /// assert_eq!(refused.unwrap_err().code(), "only-team-lists-apps");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn apps(
        &self,
        actor: Actor,
        owner: impl Into<Owner>,
        filter: &AppFilter,
        sort: AppSort,
        page: &PageRequest,
    ) -> Result<Page<&App>, Error> {
        let held = self.holdings_for(actor, owner.into())?;
        let (state, all) = (self.at(actor.at), *filter == AppFilter::default());
        let app = |ix: &AppIx| state.apps.get(*ix).map(|row| &row.app).filter(|app| all || filter.admits(app));
        Ok(match sort {
            AppSort::Name => {
                let items = held.by_name.range(after::<AppName>(page.key()?));
                page.fill(items.filter_map(|(_, ix)| app(ix)), |app| app.name)
            }
            AppSort::NameDescending => {
                let items = held.by_name.range(before::<AppName>(page.key()?)).rev();
                page.fill(items.filter_map(|(_, ix)| app(ix)), |app| app.name)
            }
            AppSort::Oldest => {
                let items = held.by_number.range(after::<u64>(page.key()?));
                page.fill(items.filter_map(|(_, ix)| app(ix)), |app| app.number)
            }
            AppSort::Newest => {
                let items = held.by_number.range(before::<u64>(page.key()?)).rev();
                page.fill(items.filter_map(|(_, ix)| app(ix)), |app| app.number)
            }
        })
    }

    /// The apps and pipelines of a team, or a user's personal ones, by name (APP-10).
    ///
    /// A team's for its admins, members and viewers; personal ones for their owner. A page costs what it holds; with a filter,
    /// what it passes over too.
    ///
    /// # Errors
    /// As [`apps`](Self::apps).
    ///
    /// ```
    /// use enterprise_teams::{
    ///     PageRequest,
    ///     demo::Demo,
    ///     query::{AppFilter, EntryKind},
    /// };
    ///
    /// let Demo { mut store, joe, acme, .. } = Demo::new()?;
    /// store.create_pipeline(joe, acme, "acme-flow".parse()?)?;
    /// let list = |filter: &AppFilter| {
    ///     let page =
    ///         store.apps_and_pipelines(joe, acme, filter, &PageRequest::default())?;
    ///     Ok::<_, enterprise_teams::Error>(
    ///         page.items.iter().map(|entry| entry.name().to_owned()).collect::<Vec<_>>(),
    ///     )
    /// };
    /// assert_eq!(list(&AppFilter::default())?, ["acme-flow", "acme-website"]);
    /// assert_eq!(list(&AppFilter::default().kind(EntryKind::Pipeline))?, ["acme-flow"]);
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn apps_and_pipelines(
        &self,
        actor: Actor,
        owner: impl Into<Owner>,
        filter: &AppFilter,
        page: &PageRequest,
    ) -> Result<Page<AppOrPipeline<'_>>, Error> {
        type Entries<'i, 's> = Box<dyn Iterator<Item = ((PipelineName, u64), AppOrPipeline<'s>)> + 'i>;
        let held = self.holdings_for(actor, owner.into())?;
        let from: Option<(PipelineName, u64)> = page.key()?;
        let start = from.map_or(Bound::Unbounded, |(name, _)| Bound::Included(name.as_bound()));
        let apps =
            held.by_name.range((start, Bound::Unbounded)).filter_map(|(_, app)| self.at(actor.at).apps.get(*app));
        let apps = apps.map(|row| &row.app).filter(|app| filter.admits(app)).map(AppOrPipeline::App);
        let pipelines = held.pipelines.range(after(from)).filter_map(|(_, one)| self.at(actor.at).pipelines.get(*one));
        let pipelines = pipelines.map(|row| &row.pipeline).filter(|one| filter.admits_pipeline(one));
        let apps: Entries<'_, '_> = Box::new(apps.map(|entry| (entry.key(), entry)));
        let pipelines: Entries<'_, '_> =
            Box::new(pipelines.map(AppOrPipeline::Pipeline).map(|entry| (entry.key(), entry)));
        let entries = merge::sorted(vec![apps, pipelines]).filter(|entry| from.is_none_or(|from| entry.key() > from));
        Ok(page.fill(entries, |entry| entry.key()))
    }

    /// What the owner has, for whoever may list it.
    fn holdings_for(&self, actor: Actor, owner: Owner) -> Result<&Holdings, Error> {
        let caller = self.caller(actor)?;
        Ok(match owner {
            Owner::User(user) => {
                let row = guard::user(self.at(actor.at), user)?;
                let own = caller.is(row) || caller.is_operator();
                ensure!(own, Error::OnlyOwnerListsPersonalApps { actor: caller.who, user });
                row.row.apps()
            }
            Owner::Team(team) => {
                let row = guard::team(self.at(actor.at), team)?;
                let refused = Error::OnlyTeamListsApps { actor: caller.who, team };
                guard::capability(caller, row, Capability::ViewApps, refused)?;
                &row.row.apps
            }
        })
    }

    /// Every app that the actor can see, by name: personal ones, those of the teams that the actor is in, and those that the
    /// actor is on as a collaborator. The list holds exactly the apps for which [`can`](Self::can) allows a user
    /// [`AppAction::ViewApp`]; the operator, who sees every app, lists them owner by owner.
    ///
    /// A page costs what it holds, and the teams that the actor is in or on apps of; with a filter, what it passes over too.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`OperatorOwnsNoApps`](Error::OperatorOwnsNoApps) (APP-1),
    /// [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    ///
    /// ```
    /// use enterprise_teams::{PageRequest, demo::Demo, query::AppFilter};
    ///
    /// let Demo { store, jill, .. } = Demo::new()?;
    /// let page = store.visible_apps(jill, &AppFilter::default(), &PageRequest::first(50)?)?;
    /// assert_eq!(page.items.len(), 1);
    /// assert_eq!(page.items[0].held.permissions.to_string(), "view");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn visible_apps(
        &self,
        actor: Actor,
        filter: &AppFilter,
        page: &PageRequest,
    ) -> Result<Page<VisibleApp<'_>>, Error> {
        let caller = self.caller(actor)?;
        let user = caller.user.ok_or(Error::OperatorOwnsNoApps {})?;
        let from = page.key()?;
        let state = self.at(actor.at);
        let items = visible(state, caller, user, from)
            .filter_map(|ix| state.apps.get(ix))
            .filter(|row| filter.admits(&row.app))
            .map(|row| VisibleApp { app: &row.app, held: access::held(state, user, row) })
            .filter(|visible| visible.held.allows(AppAction::ViewApp));
        Ok(page.fill(items, |visible| visible.app.name))
    }

    /// Everybody who holds something on an app, by e-mail: through a role, a grant or ownership.
    ///
    /// Visible to the admins, members and viewers of its team; on a personal app to whoever is on it. A collaborator who holds
    /// `manage` sees those who are on the app itself, also admins for whom that sleeps, and not who else is in the team (CAP-2, PERM-6).
    /// A page costs what it holds.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`AppNotFound`](Error::AppNotFound) (X-2),
    /// [`AppHidden`](Error::AppHidden) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`RoleLacksCapability`](Error::RoleLacksCapability) (CAP-1),
    /// [`CustomRoleLacksCapability`](Error::CustomRoleLacksCapability) (ROLE-1),
    /// [`CollaboratorLacksCapability`](Error::CollaboratorLacksCapability) (CAP-2),
    /// [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    pub fn app_access(&self, actor: Actor, app: AppId, page: &PageRequest) -> Result<Page<AppAccess<'_>>, Error> {
        let everybody = self.people_on(actor, app, page)?;
        Ok(page.fill(everybody, |access| access.user.email.clone()))
    }

    /// What somebody holds on an app, and through what. Visible to that user, if they see the app, and as
    /// [`app_access`](Self::app_access).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`AppNotFound`](Error::AppNotFound), [`UserNotFound`](Error::UserNotFound)
    /// (X-2), [`AppHidden`](Error::AppHidden) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`RoleLacksCapability`](Error::RoleLacksCapability) (CAP-1),
    /// [`CustomRoleLacksCapability`](Error::CustomRoleLacksCapability) (ROLE-1),
    /// [`CollaboratorLacksCapability`](Error::CollaboratorLacksCapability) (CAP-2),
    /// [`NotOnApp`](Error::NotOnApp) (PERM-7).
    ///
    /// ```
    /// use enterprise_teams::demo::{Demo, id};
    ///
    /// let Demo { store, ada, joe, jill, website, .. } = Demo::new()?;
    /// assert_eq!(
    ///     store.app_access_of(ada, website, id(joe))?.held.permissions.to_string(),
    ///     "view, deploy"
    /// );
    /// let refused = store.app_access_of(jill, website, id(joe)).unwrap_err();
    /// assert_eq!(refused.code(), "collaborator-lacks-capability");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn app_access_of(&self, actor: Actor, app: AppId, user: UserId) -> Result<AppAccess<'_>, Error> {
        let caller = self.caller(actor)?;
        let row = guard::app(self.at(actor.at), app)?;
        let person = guard::user(self.at(actor.at), user)?;
        guard::reach(self.at(actor.at), caller, row)?;
        let everybody = caller.is(person) || people_shown(self.at(actor.at), caller, row)?.is_some();
        let found = access_of(self.at(actor.at), caller, row, person);
        let on_app = found.held.through.is_on_app() || found.sleeping.is_some();
        let shown = !found.held.permissions.is_empty() && (everybody || on_app);
        ensure!(shown, Error::NotOnApp { app, user });
        Ok(found)
    }

    /// Everybody who may do `action` on an app, by e-mail, and through what. Visible as [`app_access`](Self::app_access). A
    /// page costs what it holds and what it passes over.
    ///
    /// # Errors
    /// As [`app_access`](Self::app_access).
    ///
    /// ```
    /// use enterprise_teams::{AppAction, PageRequest, demo::Demo};
    ///
    /// let Demo { store, ada, website, .. } = Demo::new()?;
    /// let page =
    ///     store.who_can(ada, AppAction::PushCode, website, &PageRequest::default())?;
    /// let emails: Vec<&str> =
    ///     page.items.iter().map(|access| access.user.email().as_str()).collect();
    /// assert_eq!(emails, ["ada@acme.com", "joe@acme.com"]);
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn who_can(
        &self,
        actor: Actor,
        action: impl Into<AnyAppAction>,
        app: AppId,
        page: &PageRequest,
    ) -> Result<Page<AppAccess<'_>>, Error> {
        let everybody = self.people_on(actor, app, page)?;
        let action = Asked::of(self.at(actor.at), action.into())?;
        let team = self.at(actor.at).apps.find(app).and_then(|app| self.at(actor.at).team_of(app.row));
        let required = access::sign_in_requirement(self.at(actor.at), team);
        let let_in = |user: &User| user.suspended_at.is_none() && required.is_met_by(user);
        let able = everybody.filter(|access| action.verdict(access.held) == Verdict::Yes && let_in(access.user));
        Ok(page.fill(able, |access| access.user.email.clone()))
    }

    /// As [`explain`](Self::explain), about what somebody else may do (PERM-11).
    ///
    /// About oneself as [`explain`](Self::explain). About somebody who is suspended the answer is no, with
    /// [`ActorSuspended`](Error::ActorSuspended) as its reason (SUS-1). About others on an app visible as
    /// [`app_access`](Self::app_access), on a team as [`role`](Self::role); and only about whom the actor sees, there or as a
    /// [`user`](Self::user).
    ///
    /// # Errors
    /// As [`app_access`](Self::app_access) or [`role`](Self::role), then as [`user`](Self::user).
    ///
    /// ```
    /// use enterprise_teams::{
    ///     AppAction,
    ///     demo::{Demo, id},
    /// };
    ///
    /// let Demo { store, ada, joe, jill, website, .. } = Demo::new()?;
    /// assert!(store.explain_to(ada, id(joe), AppAction::PushCode, website)?.is_allowed());
    /// let refused =
    ///     store.explain_to(jill, id(joe), AppAction::PushCode, website).unwrap_err();
    /// assert_eq!(refused.code(), "collaborator-lacks-capability");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn explain_to<A, On>(&self, actor: Actor, subject: UserId, action: A, on: On) -> Result<Explanation<'_>, Error>
    where
        (A, On): Into<AccessQuery>,
    {
        let question = (action, on).into();
        if actor.who.user() == Some(subject) {
            return explain::ask(self.at(actor.at), actor, question);
        }
        match question {
            AccessQuery::App(_, app) | AccessQuery::Host(_, app) => {
                self.people_shown(actor, app)?;
            }
            AccessQuery::Team(_, team) => drop(self.role(actor, team, subject)?),
        }
        let person = guard::user(self.at(actor.at), subject)?;
        let on_it = |app| self.at(actor.at).apps.find(app).is_some_and(|app| app.grant(person.ix).is_some());
        if !matches!(question, AccessQuery::App(_, app) | AccessQuery::Host(_, app) if on_it(app)) {
            self.user(actor, subject)?;
        }
        let explained = if person.is_suspended() {
            explain::ask_about_suspended(self.at(actor.at), person, actor.at, question)?
        } else {
            explain::ask(self.at(actor.at), Actor::user(subject, actor.at), question)?
        };
        Ok(explained.read_by(self.caller(actor)?))
    }

    /// The app, and whose list of people on it the actor is shown, as the function of that name says.
    fn people_shown(&self, actor: Actor, app: AppId) -> Result<(At<'_, AppRow>, Option<At<'_, TeamRow>>), Error> {
        let caller = self.caller(actor)?;
        let row = guard::app(self.at(actor.at), app)?;
        guard::reach(self.at(actor.at), caller, row)?;
        Ok((row, people_shown(self.at(actor.at), caller, row)?))
    }

    fn people_on(
        &self,
        actor: Actor,
        app: AppId,
        page: &PageRequest,
    ) -> Result<impl Iterator<Item = AppAccess<'_>>, Error> {
        let (state, caller) = (self.at(actor.at), self.caller(actor)?);
        let (row, shown) = self.people_shown(actor, app)?;
        let from: Option<Email> = page.key()?;
        Ok(people_of(state, row, shown, from.as_ref())
            .filter_map(|user| state.users.at(user))
            .map(move |user| access_of(state, caller, row, user))
            .filter(|access| !access.held.permissions.is_empty()))
    }

    pub(super) fn app_for(&self, actor: Actor, app: AppId, action: AppAction) -> Result<At<'_, AppRow>, Error> {
        self.check(actor, action, app)?;
        guard::app(self.at(actor.at), app)
    }

    /// The app, for holders of `manage` and for the operator.
    pub(super) fn app_for_managers(&self, actor: Actor, app: AppId) -> Result<(Caller<'_>, At<'_, AppRow>), Error> {
        let caller = self.caller(actor)?;
        let row = guard::app(self.at(actor.at), app)?;
        guard::reach(self.at(actor.at), caller, row)?;
        let manages = access::held_by(self.at(actor.at), caller.user, row.row).allows(AppAction::ViewHistory);
        ensure!(manages || caller.is_operator(), Error::OnlyManagersReadAppAudit { actor: caller.who, app });
        Ok((caller, row))
    }
}

/// The team all whose people the caller is shown on the app; `None` where the caller is shown those who are on the app itself.
fn people_shown<'s>(
    state: &'s State,
    caller: Caller<'_>,
    app: At<'_, AppRow>,
) -> Result<Option<At<'s, TeamRow>>, Error> {
    let Some(team) = state.team_of(app.row) else { return Ok(None) };
    let manages = access::held_by(state, caller.user, app.row).allows(AppAction::ManageCollaborators);
    match access::capable(caller, team, Capability::ViewUsers) {
        Ok(_) => Ok(Some(team)),
        Err(_) if manages => Ok(None),
        Err(refusal) => Err(refusal),
    }
}

fn access_of<'s>(state: &'s State, caller: Caller<'_>, app: At<'_, AppRow>, user: At<'s, UserRow>) -> AppAccess<'s> {
    let team = state.team_of(app.row);
    let role = team.and_then(|team| access::standing(user, team.ix));
    let custom = team.and_then(|team| access::custom_role(state, caller, team, user));
    let (held, sleeping) = (access::held(state, user, app.row), access::sleeping(user, app.row));
    let granted = app.granted(user.ix).map(Times::from);
    let manages = || access::held_by(state, caller.user, app.row).allows(AppAction::ManagePermissions);
    let shown =
        caller.is(user) || team.is_some_and(|team| access::may(caller, team, Capability::ViewGroups)) || manages();
    let groups = if shown { group::through_groups(state, app.row, user) } else { Vec::new() };
    let ends_at = state.ends_at(Held::Grant { app: app.app.id, user: user.user.id });
    AppAccess { user: &user.row.user, role, custom, held, granted, ends_at, sleeping, groups }
}

/// The user who owns the app, if one does, those who were put on it or joined it, and those with a role in `team`, by e-mail, from
/// after `from` on.
fn people_of<'s>(
    state: &'s State,
    app: At<'s, AppRow>,
    team: Option<At<'s, TeamRow>>,
    from: Option<&Email>,
) -> impl Iterator<Item = UserIx> + use<'s> {
    type Named<'s> = Box<dyn Iterator<Item = (&'s Email, UserIx)> + 's>;
    let owner = match app.owner {
        OwnerIx::User(owner) => Some(owner),
        OwnerIx::Team(_) => None,
    };
    let few = app.row.grants().map(|(user, _)| user).filter(|_| app.row.listed().is_none());
    let few = owner.into_iter().chain(few).filter_map(|user| Some((&state.users.get(user)?.user.email, user)));
    let few = sort::set(few.filter(|(email, _)| from.is_none_or(|from| *email > from)));
    let roles = Role::IN_TEAM.iter().copied();
    let of_team = team.into_iter().flat_map(|team| roles.clone().map(|role| team.row.people_as(role)));
    let on_it = app.row.listed().into_iter().flat_map(|people| [people.list(0), people.list(1)]);
    let lists = of_team
        .chain(on_it)
        .map(|list| -> Named<'s> { Box::new(list.range(after(from.cloned())).map(|(email, user)| (email, *user))) });
    let mut last = None;
    merge::sorted(lists.chain([Box::new(few.into_iter()) as Named<'s>]).collect())
        .filter(move |user| last.replace(*user) != Some(*user))
}

type Named<'s> = Box<dyn Iterator<Item = (AppName, AppIx)> + 's>;

/// The apps that the user can see, by name, from after `from` on: the lists of the owners concerned, merged.
fn visible<'s>(
    state: &'s State,
    caller: Caller<'s>,
    user: At<'s, UserRow>,
    from: Option<AppName>,
) -> impl Iterator<Item = AppIx> {
    let named = |list: &'s BTreeMap<AppName, AppIx>| -> Named<'s> {
        Box::new(list.range(after(from)).map(|(name, app)| (*name, *app)))
    };
    let on = |team| -> Named<'s> { Box::new(state.apps_on(user.row, team, from).map(|app| (app.app.name, app.ix))) };
    let seats = user.row.seats().iter().filter_map(|seat| Some((seat.role, state.teams.at(seat.team)?)));
    let of_teams = seats.filter(|(_, team)| !caller.is_kept_out(*team)).map(|(role, team)| match role {
        Some(_) => named(&team.row.apps.by_name),
        None => on(Some(team.ix)),
    });
    merge::sorted(of_teams.chain([named(&user.row.apps().by_name), on(None)]).collect())
}
