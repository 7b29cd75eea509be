//! Questions about permission, and their answers with the reason (PERM-11).

use core::fmt;

use chrono::{DateTime, Utc};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use crate::access::{self, Access, AccessSource, Caller, Verdict};
use crate::actor::{Actor, ActorKind};
use crate::entity::{App, Group, Held, Team, User};
use crate::error::{Error, Grantor, Remedy};
use crate::guard;
use crate::ids::{AppId, TeamId};
use crate::names::ActionName;
use crate::permission::{AnyOf, Permission, PermissionSet};
use crate::policy::CustomRole;
use crate::policy::{AnyAppAction, AppAction, Capability};
use crate::readable::{Ids, InWords, NamedId, Names, Readable};
use crate::role::{Role, TeamKind, TeamRole};
use crate::rule::Rule;
use crate::sort;
use crate::state::{AppRow, At, OwnerIx, SeatRole, State, TeamRow, UserIx, UserRow};

/// Among how many people a text looks for somebody to ask.
const LOOKED_AT_MAX: usize = 64;

/// An action on an app, and what allows it.
#[derive(Clone, Copy)]
pub(crate) enum Asked {
    Published(AppAction),
    Host(ActionName, PermissionSet),
}

impl Asked {
    /// The action, if there is such a one.
    pub(crate) fn of(state: &State, action: AnyAppAction) -> Result<Self, Error> {
        Ok(match action {
            AnyAppAction::Published(action) => Self::Published(action),
            AnyAppAction::Host(action) => {
                let any_of = state.settings.options.host_actions.any_of(action);
                Self::Host(action, any_of.ok_or(Error::HostActionNotFound { action })?)
            }
        })
    }

    pub(crate) fn verdict(self, held: Access) -> Verdict {
        match self {
            Self::Published(action) => access::verdict(held, action),
            Self::Host(_, any_of) if held.permissions.intersects(any_of) => Verdict::Yes,
            Self::Host(..) => Verdict::Lacking,
        }
    }

    fn refusal(self, verdict: Verdict, held: Access, caller: Caller<'_>, app: AppId) -> Option<Error> {
        match (self, verdict) {
            (Self::Host(action, any_of), Verdict::Lacking | Verdict::WrongHolder) => {
                let (actor, held) = (Box::new(caller.who), held.permissions);
                Some(Error::HostActionNeedsPermission { actor, app, action: Box::new(action), any_of, held })
            }
            (Self::Host(..), Verdict::Yes) => None,
            (Self::Host(..), Verdict::ClientKeptOut(team)) => Some(Error::OAuthDenied { team }),
            (Self::Host(..), Verdict::LacksSignIn(team)) => Some(Error::TeamRequiresMfaOrSso { team }),
            (Self::Published(action), verdict) => access::refusal(verdict, held, caller, app, action),
        }
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Published(action) => write!(f, "{action}"),
            Self::Host(action, _) => write!(f, "{action}"),
        }
    }
}

/// What somebody may or may not do: an action on an app, or a capability on a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccessQuery {
    /// An action on an app.
    App(AppAction, AppId),
    /// An action of the host's own on an app.
    Host(ActionName, AppId),
    /// A capability on a team.
    Team(Capability, TeamId),
}

impl From<(AppAction, AppId)> for AccessQuery {
    fn from((action, app): (AppAction, AppId)) -> Self {
        Self::App(action, app)
    }
}

impl From<(ActionName, AppId)> for AccessQuery {
    fn from((action, app): (ActionName, AppId)) -> Self {
        Self::Host(action, app)
    }
}

impl From<(AnyAppAction, AppId)> for AccessQuery {
    fn from((action, app): (AnyAppAction, AppId)) -> Self {
        match action {
            AnyAppAction::Published(action) => Self::App(action, app),
            AnyAppAction::Host(action) => Self::Host(action, app),
        }
    }
}

impl From<(Capability, TeamId)> for AccessQuery {
    fn from((capability, team): (Capability, TeamId)) -> Self {
        Self::Team(capability, team)
    }
}

/// An answer with its reason: made by [`TeamStore::explain`](crate::TeamStore::explain), in words by `Display`.
///
/// It names people, apps and teams only as far as whoever asks may know them; otherwise it gives ids.
#[derive(Clone)]
pub struct Explanation<'s> {
    state: &'s State,
    caller: Caller<'s>,
    /// Who asks: the actor, or somebody who asks about the actor.
    reader: Caller<'s>,
    about: About<'s>,
    refusal: Option<Error>,
}

#[derive(Clone, Copy)]
enum About<'s> {
    App { action: Asked, app: At<'s, AppRow>, held: Access },
    Team { capability: Capability, team: At<'s, TeamRow> },
}

/// Whether the answer is yes.
pub(crate) fn may(state: &State, actor: Actor, question: AccessQuery) -> bool {
    let AccessQuery::App(action, app) = question else {
        return ask(state, actor, question).is_ok_and(|answer| answer.is_allowed());
    };
    let (app, user) = (state.apps.find(app), actor.who.user().map(|user| state.users.find(user)));
    let (Some(app), None | Some(Some(_))) = (app, user) else { return false };
    let user = user.flatten();
    let required = state.settings.options.sign_in_requirement;
    user.is_none_or(|user| !user.is_suspended() && required.is_met_by(&user.user))
        && access::answer(state, user, actor.who.is_client(), app.row, action).1 == Verdict::Yes
}

/// The answer to whoever asks.
pub(crate) fn ask(state: &State, actor: Actor, question: AccessQuery) -> Result<Explanation<'_>, Error> {
    ActorView::of(state, actor)?.ask(question)
}

/// The answer about somebody who is suspended: no, whatever they hold (SUS-1).
pub(crate) fn ask_about_suspended<'s>(
    state: &'s State,
    user: At<'s, UserRow>,
    at: DateTime<Utc>,
    question: AccessQuery,
) -> Result<Explanation<'s>, Error> {
    let actor = Actor::user(user.user.id, at);
    let caller = Caller { who: actor.who, now: state.now(actor), user: Some(user) };
    let answer = ActorView { state, caller }.ask(question)?;
    Ok(Explanation { refusal: Some(Error::ActorSuspended { actor: user.user.id }), ..answer })
}

/// An actor who was looked up once, for many questions in a row: made by [`TeamStore::for_actor`](crate::TeamStore::for_actor).
#[derive(Clone, Copy)]
pub struct ActorView<'s> {
    state: &'s State,
    caller: Caller<'s>,
}

impl<'s> ActorView<'s> {
    #[inline]
    pub(crate) fn of(state: &'s State, actor: Actor) -> Result<Self, Error> {
        Ok(Self { state, caller: guard::actor(state, actor)? })
    }

    /// As [`TeamStore::can`](crate::TeamStore::can).
    #[must_use]
    pub fn can<A, On>(&self, action: A, on: On) -> bool
    where
        (A, On): Into<AccessQuery>,
    {
        self.may((action, on).into())
    }

    /// As [`TeamStore::explain`](crate::TeamStore::explain).
    ///
    /// # Errors
    /// [`TeamNotFound`](Error::TeamNotFound), [`AppNotFound`](Error::AppNotFound),
    /// [`HostActionNotFound`](Error::HostActionNotFound) (PERM-9).
    pub fn explain<A, On>(&self, action: A, on: On) -> Result<Explanation<'s>, Error>
    where
        (A, On): Into<AccessQuery>,
    {
        self.ask((action, on).into())
    }

    fn may(&self, question: AccessQuery) -> bool {
        let AccessQuery::App(action, app) = question else {
            return self.ask(question).is_ok_and(|answer| answer.is_allowed());
        };
        let answer = |app: At<'_, AppRow>| {
            access::answer(self.state, self.caller.user, self.caller.is_through_client(), app.row, action).1
        };
        self.state.apps.find(app).is_some_and(|app| answer(app) == Verdict::Yes)
    }

    #[inline]
    fn about_app(&self, action: Asked, app: At<'s, AppRow>) -> Explanation<'s> {
        let Self { state, caller } = *self;
        let verdict = |held| action.verdict(held);
        let (held, verdict) = access::answer_by(state, caller.user, caller.is_through_client(), app.row, verdict);
        let refusal = action.refusal(verdict, held, caller, app.app.id);
        let held = held.told();
        Explanation { state, caller, reader: caller, about: About::App { action, app, held }, refusal }
    }

    #[inline]
    fn ask(&self, question: AccessQuery) -> Result<Explanation<'s>, Error> {
        let Self { state, caller } = *self;
        match question {
            AccessQuery::App(action, app) => {
                let (action, app) = (Asked::Published(action), guard::app(state, app)?);
                Ok(self.about_app(action, app))
            }
            AccessQuery::Host(action, app) => {
                let app = guard::app(state, app)?;
                Ok(self.about_app(Asked::of(state, action.into())?, app))
            }
            AccessQuery::Team(capability, team) => {
                let team = guard::team(state, team)?;
                let answer = guard::entry(caller, team).and_then(|()| access::capable(caller, team, capability));
                let about = About::Team { capability, team };
                Ok(Explanation { state, caller, reader: caller, about, refusal: answer.err() })
            }
        }
    }
}

impl fmt::Debug for ActorView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ActorView").field(&self.caller.who).finish()
    }
}

impl<'s> Explanation<'s> {
    /// As this reader may see it.
    pub(crate) fn read_by(self, reader: Caller<'s>) -> Self {
        Self { reader, ..self }
    }

    /// Whether the answer is yes.
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        self.refusal.is_none()
    }

    /// Why not; `None` when the answer is yes.
    #[must_use]
    pub const fn refusal(&self) -> Option<&Error> {
        self.refusal.as_ref()
    }

    /// Why not, to keep.
    #[must_use]
    pub fn into_refusal(self) -> Option<Error> {
        self.refusal
    }

    /// The rule that decides: the one that says no, or the one through which the answer is yes.
    #[must_use]
    pub fn rule(&self) -> Rule {
        if let Some(refusal) = &self.refusal {
            return refusal.rule();
        }
        let About::App { app, held, .. } = self.about else {
            return if self.role() == Some(Role::Custom) { Rule::Role1 } else { Rule::Cap1 };
        };
        let standard = self.state.team_of(app.row).is_some_and(|team| team.team.kind == TeamKind::Standard);
        match held.through {
            AccessSource::Ownership | AccessSource::PersonalGrant => Rule::Perm10,
            AccessSource::Role(Role::Admin) | AccessSource::RoleAndGrant(Role::Admin) => Rule::Perm1,
            AccessSource::Role(Role::Custom) => Rule::Role1,
            AccessSource::Role(Role::Member | Role::Viewer | Role::Collaborator)
            | AccessSource::RoleAndGrant(Role::Member | Role::Viewer | Role::Custom | Role::Collaborator)
                if standard =>
            {
                Rule::Std2
            }
            AccessSource::Role(Role::Member | Role::Viewer | Role::Collaborator) => Rule::Perm2,
            AccessSource::RoleAndGrant(Role::Member | Role::Viewer | Role::Custom | Role::Collaborator) => Rule::Perm3,
            AccessSource::RoleAndGroups(_) | AccessSource::RoleGrantAndGroups(_) => Rule::Grp3,
            AccessSource::Grant => Rule::Perm7,
            AccessSource::StandardGrant => Rule::Std4,
            AccessSource::Operator | AccessSource::Nothing => Rule::Perm9,
        }
    }

    /// What the actor holds on the app, and through what; `None` when a team was asked about, and for whoever is kept
    /// out (SEC-1, SEC-5, SUS-1).
    #[must_use]
    pub const fn held(&self) -> Option<Access> {
        match self.about {
            About::App { held, .. } if !self.is_kept_out() => Some(held),
            About::App { .. } | About::Team { .. } => None,
        }
    }

    /// What the actor, an admin of the team, was given on the app: it sleeps, and counts again when they are no longer admin
    /// (PERM-6). `None` where [`held`](Self::held) is.
    #[must_use]
    pub fn sleeping(&self) -> Option<PermissionSet> {
        let About::App { app, .. } = self.about else { return None };
        access::sleeping(self.caller.user?, app.row).filter(|_| !self.is_kept_out())
    }

    /// What the groups hold on the app that the actor is in, by name, with `view` in each (GRP-3): that of an admin sleeps (GRP-4). Empty
    /// where [`held`](Self::held) is `None`.
    #[must_use]
    pub fn groups(&self) -> Vec<(&'s Group, PermissionSet)> {
        let (About::App { app, .. }, Some(user), false) = (self.about, self.caller.user, self.is_kept_out()) else {
            return Vec::new();
        };
        let granted = access::granted_through_groups(user, app.row);
        let granted = granted.filter_map(|grant| Some((&self.state.groups.get(grant.group)?.group, grant.permissions)));
        let mut granted: Vec<_> = granted.collect();
        sort::by_key(&mut granted, |(group, _)| group.name);
        granted
    }

    /// When the first of what gives the actor what they hold there ends, if any of it does (END-1): the membership, what they were granted
    /// on the app, and what groups were that they are in; as far as whoever asks is shown it in lists.
    #[must_use]
    pub fn ends_at(&self) -> Option<DateTime<Utc>> {
        let user = self.caller.user.filter(|_| !self.is_kept_out() && !self.state.ends.is_empty())?;
        let (id, reader, state) = (user.user.id, self.reader, self.state);
        let team = self.role().and(self.team());
        let membership = team.filter(|team| reader.is(user) || access::may(reader, *team, Capability::ViewUsers));
        let membership = membership.and_then(|team| state.ends_at(Held::Membership { team: team.team.id, user: id }));
        let About::App { app, held, .. } = self.about else { return membership };
        if held.permissions.is_empty() || self.role() == Some(Role::Admin) {
            return membership;
        }
        let app_id = app.app.id;
        let manages = access::held_by(state, reader.user, app.row).allows(AppAction::ManagePermissions);
        let grouped =
            team.filter(|team| reader.is(user) || manages || access::may(reader, *team, Capability::ViewGroups));
        let groups = grouped.into_iter().flat_map(|_| access::granted_through_groups(user, app.row));
        let groups = groups.filter_map(|grant| {
            let group = state.groups.get(grant.group)?.group.id;
            state.ends_at(Held::GroupGrant { app: app_id, group })
        });
        let grant = state.ends_at(Held::Grant { app: app_id, user: id });
        membership.into_iter().chain(grant).chain(groups).min()
    }

    /// What the actor is to the team in question, or to the team of the app; `None` for outsiders, on personal apps, on apps
    /// that the actor cannot see, and for whoever is kept out (SEC-1, SEC-5, SUS-1).
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        let unseen = matches!(self.about, About::App { held, .. } if held.permissions.is_empty());
        self.caller.standing(self.team().filter(|_| !unseen && !self.is_kept_out())?)
    }

    /// The role of the team's own that the actor has there (ROLE-1); `None` for any other, and for whoever asks about somebody whose role
    /// they do not see.
    #[must_use]
    pub fn custom_role(&self) -> Option<&'s CustomRole> {
        let (team, state) = (self.team()?, self.state);
        self.role().filter(|role| *role == Role::Custom)?;
        let Some(TeamRole::Custom(role)) = team.row.role_of(self.caller.user?.row, team.ix) else { return None };
        let role = state.roles.find(role)?;
        let own = self.reader.user.is_some_and(|reader| self.caller.is(reader));
        (own || access::sees_role(self.reader, role, team)).then_some(&role.row.role)
    }

    /// The way out of a no. More precise than that of the refusal alone: where no permissions are chosen (PERM-10, STD-4), none
    /// is granted.
    #[must_use]
    pub fn remedy(&self) -> Option<Remedy> {
        let refusal = self.refusal.as_ref()?;
        let (app, any_of, held) = if let Error::ActionNeedsPermission { app, action, held, .. } = *refusal {
            (app, action.any_of(), held)
        } else if let Error::HostActionNeedsPermission { app, any_of, held, .. } = *refusal {
            (app, any_of, held)
        } else {
            return refusal.remedy();
        };
        let manager = Grantor::ManagerOf(app);
        let (needed, from) = match self.team().map(|team| (team.team.id, team.team.kind)) {
            _ if self.caller.is_operator() => ("act as a user", Grantor::Actor),
            _ if held.is_empty() => ("access to the app", manager),
            Some((_, TeamKind::Enterprise)) => return refusal.remedy(),
            Some((team, TeamKind::Standard)) if any_of == Permission::Manage.into() => {
                ("the role admin in the team", Grantor::AdminOf(team))
            }
            Some((_, TeamKind::Standard)) => ("access to the app", manager),
            None => ("to do it", Grantor::OwnerOf(app)),
        };
        Some(Remedy { needed, from })
    }

    /// The people who could turn a no into a yes, as far as whoever asks may see them: the admins of the team, by e-mail, those
    /// whose custom role lets them, and then the others who were given `manage` on the app, themselves or in a group; or the owner
    /// of the personal app. Whoever manages the app from outside its team is told whom else it was given to, and not who is in a
    /// group (CAP-2). Costs what is read.
    pub fn grantors(&self) -> impl Iterator<Item = &'s User> {
        self.grantors_among(usize::MAX)
    }

    /// Those of the first so many who come into question.
    fn grantors_among(&self, most: usize) -> impl Iterator<Item = &'s User> {
        let (state, about, caller) = (self.state, self.about, self.caller);
        let asked = self.remedy().is_some_and(|remedy| remedy.from != Grantor::Actor) && !self.is_kept_out();
        let required = access::sign_in_requirement(state, self.team());
        let can_grant = move |user: At<'_, UserRow>| {
            let may = match about {
                About::App { app, .. } => access::held(state, user, app.row).allows(AppAction::ManagePermissions),
                About::Team { team, .. } => access::person_may(user, team, Capability::ManageUsers),
            };
            may && !user.is_suspended() && required.is_met_by(&user.user)
        };
        let people = asked.then(|| self.people_seen()).into_iter().flatten().take(most);
        let people = people.filter_map(|user| state.users.at(user));
        people.filter(move |user| can_grant(*user) && !caller.is(*user)).map(|user| &user.row.user)
    }

    /// Those among whom the grantors are, as far as the reader sees them: the admins for who may view them; holders of `manage` for
    /// them and for who manages the app; the owner of a personal one for who shares it.
    fn people_seen(&self) -> impl Iterator<Item = UserIx> {
        let (state, reader) = (self.state, self.reader);
        let shares = |app: At<'_, AppRow>| {
            let needed = if self.team().is_some() { AppAction::ManageCollaborators } else { AppAction::ViewApp };
            access::held_by(state, reader.user, app.row).allows(needed)
        };
        let team = self.team().filter(|team| access::may(reader, *team, Capability::ViewUsers));
        let app = match self.about {
            About::App { app, .. } if team.is_some() || shares(app) => Some(app.row),
            About::App { .. } | About::Team { .. } => None,
        };
        let owner = app.and_then(|app| match app.owner {
            OwnerIx::User(owner) => Some(owner),
            OwnerIx::Team(_) => None,
        });
        let admins = team.into_iter().flat_map(|team| team.row.people_as(Role::Admin).values().copied());
        let customs = team.into_iter().flat_map(|team| team.row.people_as(Role::Custom).values().copied());
        let managers = app.into_iter().flat_map(move |app| state.managers_on(app));
        // Who is in a group is for the team alone (CAP-2).
        let grouped =
            app.filter(|_| team.is_some()).into_iter().flat_map(move |app| state.managers_through_groups(app));
        let is_among = move |user| {
            let role = |team: At<'_, TeamRow>| state.users.get(user)?.role(team.ix);
            matches!(team.and_then(role), Some(SeatRole::Admin | SeatRole::Custom(_)))
        };
        let others = managers.chain(grouped).filter(move |user| !is_among(*user));
        owner.into_iter().chain(admins).chain(customs).chain(others)
    }

    fn team(&self) -> Option<At<'s, TeamRow>> {
        match self.about {
            About::App { app, .. } => self.state.team_of(app.row),
            About::Team { team, .. } => Some(team),
        }
    }

    /// The name of the app, for a reader who sees it; otherwise its id.
    fn shown_app(&self, app: At<'s, AppRow>) -> &'s dyn fmt::Display {
        let App { name, id, .. } = &app.row.app;
        if guard::reach(self.state, self.reader, app).is_ok() { name } else { id }
    }

    /// The name of the team, for a reader who may know it; otherwise its id.
    fn shown_team(&self, team: At<'s, TeamRow>) -> &'s dyn fmt::Display {
        let Team { name, id, .. } = &team.row.team;
        let known = access::knows_team(self.state, self.reader, team) && !self.reader.is_kept_out(team);
        if known { name } else { id }
    }

    /// Whether the answer is no because the actor is not let in, whatever they hold.
    const fn is_kept_out(&self) -> bool {
        matches!(
            self.refusal,
            Some(Error::OAuthDenied { .. } | Error::TeamRequiresMfaOrSso { .. } | Error::ActorSuspended { .. })
        )
    }

    const fn who_is_kept_out(&self) -> &'static str {
        if matches!(self.refusal, Some(Error::TeamRequiresMfaOrSso { .. })) {
            "people with neither MFA nor single sign-on are kept out"
        } else if matches!(self.refusal, Some(Error::ActorSuspended { .. })) {
            "suspended users are kept out"
        } else {
            "third-party clients are kept out"
        }
    }
}

/// The team and the app as the explanation's own reader may name them; other names for the rest.
struct Shown<'a>(&'a Explanation<'a>, &'a dyn Names);

impl Names for Shown<'_> {
    fn write(&self, id: NamedId, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(explanation, names) = self;
        match (id, explanation.about, explanation.team()) {
            (NamedId::App(id), About::App { app, .. }, _) if id == app.app.id => explanation.shown_app(app).fmt(f),
            (NamedId::Team(id), _, Some(team)) if id == team.team.id => explanation.shown_team(team).fmt(f),
            _ => names.write(id, f),
        }
    }
}

/// One line: who, what, why, and the way out of a no.
impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.in_words(f, &Ids)
    }
}

impl Readable for Explanation<'_> {}

/// Whether the answer is yes, the rule, what is held, what sleeps, through which groups if any, in which role, and until when if it
/// ends, the refusal and the way out, with ids; and the
/// whole in words.
impl Serialize for Explanation<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let groups = self.groups();
        let role = self.custom_role().map(|role| role.id);
        let ends_at = self.ends_at();
        let fields = 8 + usize::from(!groups.is_empty()) + usize::from(role.is_some()) + usize::from(ends_at.is_some());
        let mut parts = serializer.serialize_struct("Explanation", fields)?;
        parts.serialize_field("allowed", &self.is_allowed())?;
        parts.serialize_field("rule", &self.rule())?;
        parts.serialize_field("held", &self.held())?;
        parts.serialize_field("sleeping", &self.sleeping())?;
        if !groups.is_empty() {
            parts.serialize_field("groups", &groups)?;
        }
        parts.serialize_field("role", &self.role())?;
        if let Some(role) = role {
            parts.serialize_field("custom_role", &role)?;
        }
        if let Some(ends_at) = ends_at {
            parts.serialize_field("ends_at", &ends_at)?;
        }
        parts.serialize_field("refusal", &self.refusal)?;
        parts.serialize_field("needed", &self.remedy().map(|remedy| remedy.needed))?;
        parts.serialize_field("text", &self.to_string())?;
        parts.end()
    }
}

/// People, the team and the app are named as the explanation's own reader sees them.
impl InWords for Explanation<'_> {
    fn in_words(&self, f: &mut fmt::Formatter<'_>, names: &dyn Names) -> fmt::Result {
        match (self.caller.user, self.caller.who) {
            (Some(user), ActorKind::OAuth { client, .. }) => {
                write!(f, "`{}` through client `{client}`", user.user.email)?;
            }
            (Some(user), _) => write!(f, "`{}`", user.user.email)?,
            (None, who) => write!(f, "{who}")?,
        }
        f.write_str(if self.is_allowed() { " may " } else { " may not " })?;
        match self.about {
            About::App { action, app, .. } if self.is_kept_out() => {
                write!(f, "{action} on app `{}`: {}", self.shown_app(app), self.who_is_kept_out())?;
            }
            About::Team { capability, team } if self.is_kept_out() => {
                write!(f, "{capability} on team `{}`: {}", self.shown_team(team), self.who_is_kept_out())?;
            }
            About::App { action, app, held } if held.permissions.is_empty() => {
                write!(f, "{action} on app `{}`: {}", self.shown_app(app), held.through)?;
            }
            About::App { action, app, held } => {
                let app = self.shown_app(app);
                write!(f, "{action} on app `{app}`: holds {} as ", held.permissions)?;
                write!(f, "{}", held.through.named(self.role(), self.custom_role()))?;
                let groups = self.groups();
                let asleep = self.role() == Some(Role::Admin);
                if let Some(sleeping) = self.sleeping() {
                    write!(f, ", while a grant of {sleeping} sleeps")?;
                }
                for (index, (group, permissions)) in groups.iter().enumerate() {
                    f.write_str(match (index, asleep) {
                        (0, false) => ": ",
                        (0, true) => ", while this of groups sleeps: ",
                        _ => ", ",
                    })?;
                    write!(f, "`{}` ({permissions})", group.name)?;
                }
            }
            About::Team { capability, team } => {
                write!(f, "{capability} on team `{}`", self.shown_team(team))?;
                match self.caller.standing(team) {
                    Some(Role::Custom) => write!(f, ": is {}", access::role_named(self.role(), self.custom_role()))?,
                    Some(role) => write!(f, ": is {role}")?,
                    None if self.caller.is_operator() => f.write_str(": only looks")?,
                    None => f.write_str(": is not in it")?,
                }
            }
        }
        if let Some(ends_at) = self.ends_at() {
            write!(f, ", until {}", names.of(&ends_at))?;
        }
        if let Some(Error::ActionNeedsPermission { action, .. }) = self.refusal {
            write!(f, "; needs {}", AnyOf(action.any_of()))?;
        }
        if let Some(Error::HostActionNeedsPermission { any_of, .. }) = self.refusal {
            write!(f, "; needs {}", AnyOf(any_of))?;
        }
        write!(f, " ({})", self.rule())?;
        let Some(remedy) = self.remedy() else { return Ok(()) };
        f.write_str("; way out: ")?;
        let mut grantors = self.grantors_among(LOOKED_AT_MAX);
        let named: Vec<&User> = grantors.by_ref().take(3).collect();
        if named.is_empty() {
            return remedy.in_words(f, &Shown(self, names));
        }
        let owner = matches!(remedy.from, Grantor::OwnerOf(_));
        f.write_str(if owner { "ask the owner, " } else { "ask " })?;
        for (index, user) in named.iter().enumerate() {
            write!(f, "{}`{}`", if index == 0 { "" } else { " or " }, user.email)?;
        }
        f.write_str(match (grantors.next(), owner) {
            (Some(_), _) => " or others",
            (None, true) => ",",
            (None, false) => "",
        })?;
        write!(f, "{}", remedy.asked())
    }
}

impl fmt::Debug for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Explanation")
            .field("allowed", &self.is_allowed())
            .field("rule", &self.rule())
            .field("held", &self.held())
            .field("role", &self.role())
            .field("refusal", &self.refusal)
            .finish_non_exhaustive()
    }
}
