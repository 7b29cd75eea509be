//! Who may what: the one definition behind checks, explanations, lists and operations.

use core::fmt;
use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::actor::ActorKind;
use crate::entity::{AccountPermission, Held, Lock, OAuthAccess, SignInRequirement};
use crate::error::Error;
use crate::ids::{AppId, TeamId};
use crate::permission::PermissionSet;
use crate::policy::{self, AppAction, Capability, CustomRole, Holder, HolderSet};
use crate::role::{Role, TeamKind, TeamRole};
use crate::state::{
    AccountRow, AppRow, At, GroupGrant, OwnerIx, PipelineRow, RoleRow, SeatRole, State, TeamIx, TeamLink, TeamRow,
    UserRow,
};

/// An actor who exists.
#[derive(Clone, Copy)]
pub(crate) struct Caller<'s> {
    pub(crate) who: ActorKind,
    /// When the act counts.
    pub(crate) now: DateTime<Utc>,
    /// The user; `None` for the operator.
    pub(crate) user: Option<At<'s, UserRow>>,
}

impl Caller<'_> {
    pub(crate) fn is_operator(self) -> bool {
        self.user.is_none()
    }

    pub(crate) fn is(self, user: At<'_, UserRow>) -> bool {
        self.user.is_some_and(|own| own.ix == user.ix)
    }

    /// Whether the caller is this user and acts without a third-party client, which has no say in its user's account.
    pub(crate) fn is_self_directly(self, user: At<'_, UserRow>) -> bool {
        self.is(user) && !self.is_through_client()
    }

    /// What the caller is to the team, to be shown; `None` for an outsider. What that allows, [`capable`] tells.
    pub(crate) fn standing(self, team: At<'_, TeamRow>) -> Option<Role> {
        standing(self.user?, team.ix)
    }

    pub(crate) fn is_through_client(self) -> bool {
        self.who.is_client()
    }

    /// Whether the caller's third-party client is kept out of what the team owns (SEC-1).
    pub(crate) fn is_shut_out_as_client(self, team: At<'_, TeamRow>) -> bool {
        self.is_through_client() && keeps_clients_out(team)
    }

    /// Whether the caller is in the team, or on one of its apps, without what it requires of them (SEC-5).
    pub(crate) fn lacks_sign_in(self, team: At<'_, TeamRow>) -> bool {
        let requirement = team.gate().sign_in_requirement;
        self.user.is_some_and(|user| !requirement.is_met_by(&user.user) && user.seat(team.ix).is_some())
    }

    /// Whether the caller is kept out of what the team owns (SEC-1, SEC-5).
    pub(crate) fn is_kept_out(self, team: At<'_, TeamRow>) -> bool {
        self.is_shut_out_as_client(team) || self.lacks_sign_in(team)
    }
}

/// What somebody needs to reach what the team owns, or what is personal: what the store requires of everybody, and what the team
/// requires of its people (SEC-5).
pub(crate) fn sign_in_requirement(state: &State, team: Option<At<'_, TeamRow>>) -> SignInRequirement {
    match (state.settings.options.sign_in_requirement, team) {
        (SignInRequirement::Nothing, Some(team)) => team.team.sign_in_requirement,
        (requirement, _) => requirement,
    }
}

/// What somebody is to the team; `None` for an outsider.
pub(crate) fn standing(person: At<'_, UserRow>, team: TeamIx) -> Option<Role> {
    Some(person.seat(team)?.standing())
}

/// Whether third-party clients are kept out of what the team owns (SEC-1).
fn keeps_clients_out(team: At<'_, TeamRow>) -> bool {
    team.gate().oauth_access == OAuthAccess::Denied
}

/// What somebody holds on an app, and through what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Access {
    /// The permissions.
    pub permissions: PermissionSet,
    /// Where they come from.
    pub through: AccessSource,
}

impl Access {
    const NOTHING: Self = Self { permissions: PermissionSet::EMPTY, through: AccessSource::Nothing };
    /// The operator, who is not a user, sees everything.
    const OPERATOR: Self = Self { permissions: PermissionSet::VIEW, through: AccessSource::Operator };

    /// As it is told: whoever holds nothing is not told whose the app is.
    pub(crate) const fn told(self) -> Self {
        if self.permissions.is_empty() { Self::NOTHING } else { self }
    }

    /// Whether this allows the action (PERM-9): one of the permissions of its row is held, and as somebody who may use it.
    #[inline]
    pub(crate) fn allows(self, action: AppAction) -> bool {
        verdict(self, action) == Verdict::Yes
    }
}

/// Where permissions on an app come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AccessSource {
    /// The app is the user's own (PERM-10).
    Ownership,
    /// A role in the team that owns the app (PERM-1, PERM-2, STD-2, ROLE-1); whatever role it is, it is no collaborator's.
    Role(Role),
    /// A role in the team, and permissions given on this app besides (PERM-3, APP-9).
    RoleAndGrant(Role),
    /// A role in the team, and permissions given on this app to groups that the user is in (GRP-3).
    RoleAndGroups(Role),
    /// A role in the team, permissions given on this app, and those given there to groups that the user is in (GRP-3).
    RoleGrantAndGroups(Role),
    /// Permissions on this app alone: a collaborator of an Enterprise Team (PERM-7).
    Grant,
    /// On this app alone: a collaborator of a Standard team (STD-4).
    StandardGrant,
    /// Permissions on this personal app: a collaborator of its owner (PERM-10).
    PersonalGrant,
    /// The operator sees everything (our decision).
    Operator,
    /// Nothing.
    Nothing,
}

impl AccessSource {
    /// Whether it is something on the app itself: its ownership, or permissions given there; not a role alone.
    #[must_use]
    pub const fn is_on_app(self) -> bool {
        match self {
            Self::Ownership
            | Self::RoleAndGrant(_)
            | Self::RoleGrantAndGroups(_)
            | Self::Grant
            | Self::StandardGrant
            | Self::PersonalGrant => true,
            Self::Role(_) | Self::RoleAndGroups(_) | Self::Operator | Self::Nothing => false,
        }
    }

    /// As whom the permissions are held; `None` for whoever is not on the app by anybody's choice.
    #[inline]
    const fn holder(self) -> Option<Holder> {
        match self {
            Self::Ownership => Some(Holder::Owner),
            Self::Role(role)
            | Self::RoleAndGrant(role)
            | Self::RoleAndGroups(role)
            | Self::RoleGrantAndGroups(role) => Some(Holder::of(role)),
            Self::Grant => Some(Holder::Collaborator),
            Self::StandardGrant => Some(Holder::StandardCollaborator),
            Self::PersonalGrant => Some(Holder::PersonalCollaborator),
            Self::Operator | Self::Nothing => None,
        }
    }
}

/// What somebody in this role is called.
const fn in_words(role: Role) -> &'static str {
    match role {
        Role::Custom => "holder of a custom role",
        Role::Admin | Role::Member | Role::Viewer | Role::Collaborator => role.code(),
    }
}

/// What somebody is called who is this to the team; one of the team's own roles by its name, where it is known.
pub(crate) fn role_named(role: Option<Role>, custom: Option<&CustomRole>) -> Cow<'static, str> {
    match custom {
        Some(custom) => format!("holder of role `{}`", custom.name).into(),
        None => role.map_or("", in_words).into(),
    }
}

impl fmt::Display for AccessSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let role = match self {
            Self::Role(role)
            | Self::RoleAndGrant(role)
            | Self::RoleAndGroups(role)
            | Self::RoleGrantAndGroups(role) => in_words(*role),
            Self::Ownership
            | Self::Grant
            | Self::StandardGrant
            | Self::PersonalGrant
            | Self::Operator
            | Self::Nothing => "",
        };
        self.written(f, role)
    }
}

impl AccessSource {
    /// In words, of whoever is this to the team.
    pub(crate) fn named(self, role: Option<Role>, custom: Option<&CustomRole>) -> impl fmt::Display {
        fmt::from_fn(move |f| self.written(f, &role_named(role, custom)))
    }

    fn written(self, f: &mut fmt::Formatter<'_>, role: &str) -> fmt::Result {
        match self {
            Self::Ownership => f.write_str("owner of the app"),
            Self::Role(_) => write!(f, "{role} of the team"),
            Self::RoleAndGrant(_) => write!(f, "{role} of the team, with permissions on the app"),
            Self::RoleAndGroups(_) => write!(f, "{role} of the team, with permissions of groups on the app"),
            Self::RoleGrantAndGroups(_) => {
                write!(f, "{role} of the team, with permissions on the app, and those of groups")
            }
            Self::Grant | Self::StandardGrant => f.write_str("collaborator on the app"),
            Self::PersonalGrant => f.write_str("collaborator on the personal app"),
            Self::Operator => f.write_str("the platform operator"),
            Self::Nothing => f.write_str("neither in the team nor on the app"),
        }
    }
}

/// What the user holds on the app (PERM-1 to PERM-3, PERM-10, STD-2 to STD-4). A few look-ups; allocates nothing.
#[inline]
pub(crate) fn held(state: &State, user: At<'_, UserRow>, app: &AppRow) -> Access {
    held_in(|team| state.teams.get(team), user, app)
}

/// What the groups hold on the app that the user is in, each alone: it sleeps while the user is an admin (GRP-4).
pub(crate) fn granted_through_groups(user: At<'_, UserRow>, app: &AppRow) -> impl Iterator<Item = GroupGrant> {
    let within = app.owner.team().and_then(|team| user.row.seat(team)).is_some_and(|seat| seat.groups > 0);
    app.granted_to(if within { user.row.groups() } else { &[] })
}

/// What the user holds together with their groups.
#[cold]
fn with_groups(alone: Access, user: At<'_, UserRow>, app: &AppRow) -> Access {
    let granted = app.granted_to(user.row.groups()).map(|grant| grant.permissions).reduce(PermissionSet::union);
    let Some(granted) = granted else { return alone };
    let through = match alone.through {
        AccessSource::Role(role) => AccessSource::RoleAndGroups(role),
        AccessSource::RoleAndGrant(role) => AccessSource::RoleGrantAndGroups(role),
        through @ (AccessSource::Ownership
        | AccessSource::RoleAndGroups(_)
        | AccessSource::RoleGrantAndGroups(_)
        | AccessSource::Grant
        | AccessSource::StandardGrant
        | AccessSource::PersonalGrant
        | AccessSource::Operator
        | AccessSource::Nothing) => through,
    };
    Access { permissions: alone.permissions.union(granted), through }
}

/// As [`held`], where the team of the app may be at hand.
#[inline]
fn held_in<'s>(find: impl FnOnce(TeamIx) -> Option<&'s TeamRow>, user: At<'_, UserRow>, app: &AppRow) -> Access {
    let (held, groups) = held_without_groups(find, user, app);
    if groups { with_groups(held, user, app) } else { held }
}

/// What the user holds on the app by themself, and whether groups of theirs may add to it.
#[inline]
fn held_without_groups<'s>(
    find: impl FnOnce(TeamIx) -> Option<&'s TeamRow>,
    user: At<'_, UserRow>,
    app: &AppRow,
) -> (Access, bool) {
    let through = |through, permissions| Access { permissions, through };
    let team = match app.owner {
        OwnerIx::User(owner) if owner == user.ix => {
            return (through(AccessSource::Ownership, PermissionSet::ALL), false);
        }
        OwnerIx::User(_) => {
            let granted = app.grant(user.ix);
            return (granted.map_or(Access::NOTHING, |set| through(AccessSource::PersonalGrant, set)), false);
        }
        OwnerIx::Team(team) => team,
    };
    let (Some(seat), Some(team)) = (user.seat(team), find(team)) else { return (Access::NOTHING, false) };
    let kind = team.gate().kind;
    let by_role = seat.role.map(|held| (Role::from(held), on_every_app(team, held, app.app.lock)));
    // What an admin was given besides sleeps (PERM-6, GRP-4).
    if let Some((Role::Admin, set)) = by_role {
        return (through(AccessSource::Role(Role::Admin), set), false);
    }
    let grant = if seat.grants > 0 { app.grant(user.ix) } else { None };
    let held = match (by_role, grant, kind) {
        (Some((role, set)), None, _) => through(AccessSource::Role(role), set),
        (Some((role, set)), Some(granted), _) => through(AccessSource::RoleAndGrant(role), set.union(granted)),
        (None, Some(granted), TeamKind::Enterprise) => through(AccessSource::Grant, granted),
        (None, Some(granted), TeamKind::Standard) => through(AccessSource::StandardGrant, granted),
        (None, None, _) => Access::NOTHING,
    };
    (held, seat.groups > 0)
}

/// What a role holds on every app of its team: a built-in one by the published table, one of the team's own by its row (ROLE-1).
#[inline]
fn on_every_app(team: &TeamRow, held: SeatRole, lock: Lock) -> PermissionSet {
    match held {
        SeatRole::Custom(slot) => own_on_every_app(team, slot),
        SeatRole::Admin | SeatRole::Member | SeatRole::Viewer => {
            policy::on_every_app(team.gate().kind, held.into(), lock)
        }
    }
}

#[cold]
fn own_on_every_app(team: &TeamRow, slot: u8) -> PermissionSet {
    team.slot(slot).map_or(PermissionSet::EMPTY, |slot| slot.rights.permissions)
}

/// What an admin of the team was given on the app: it sleeps, and counts again when they are no longer admin (PERM-6).
pub(crate) fn sleeping(user: At<'_, UserRow>, app: &AppRow) -> Option<PermissionSet> {
    let OwnerIx::Team(team) = app.owner else { return None };
    if user.role(team) == Some(SeatRole::Admin) { app.grant(user.ix) } else { None }
}

/// Whether somebody in this role keeps a permission to create apps: that of an admin sleeps, and that of a role of the team's own that
/// creates none; a viewer has none (PERM-6, ROLE-2).
pub(crate) const fn may_be_app_creator(role: Role) -> bool {
    match role {
        Role::Admin | Role::Member | Role::Custom => true,
        Role::Viewer | Role::Collaborator => false,
    }
}

/// Whether the team would be without an admin on whom it can count, were it not for this person (TEAM-2). Costs the others that are
/// passed over.
pub(crate) fn is_last_admin(state: &State, person: At<'_, UserRow>, team: At<'_, TeamRow>) -> bool {
    let others = team.row.people_as(Role::Admin).values().filter(|user| **user != person.ix);
    let mut others = others.filter_map(|user| state.users.get(*user));
    let counts = person.role(team.ix) == Some(SeatRole::Admin) && counts_as_admin(state, person.row, team.team.id);
    counts && !others.any(|other| counts_as_admin(state, other, team.team.id))
}

/// Whether the team can count on this admin: not on one who is suspended (SUS-1), or whose membership ends (END-2).
pub(crate) fn counts_as_admin(state: &State, admin: &UserRow, team: TeamId) -> bool {
    !admin.is_suspended() && state.ends.get(Held::Membership { team, user: admin.user.id }).is_none()
}

/// Whether the account would be without a manager who is not suspended, were it not for this person (ENT-1, SUS-1).
pub(crate) fn is_last_manager(state: &State, person: At<'_, UserRow>, account: At<'_, AccountRow>) -> bool {
    let held = state.account_permissions(person.user.id, account.account.id);
    held.contains(AccountPermission::Manage) && !person.is_suspended() && account.managers == 1
}

/// What the user, or the operator, holds on the app.
#[inline]
pub(crate) fn held_by(state: &State, user: Option<At<'_, UserRow>>, app: &AppRow) -> Access {
    user.map_or(Access::OPERATOR, |user| held(state, user, app))
}

/// The answer to an action on an app.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Yes,
    /// The team's admins keep third-party clients out (SEC-1).
    ClientKeptOut(TeamId),
    /// The team requires MFA or SSO, and the user has neither (SEC-5).
    LacksSignIn(TeamId),
    /// None of the permissions named is held (PERM-9).
    Lacking,
    /// A permission named is held, but not as somebody who may use it so (PERM-9, PERM-10, STD-4).
    WrongHolder,
}

/// The answer to an action on an app, and what the caller holds there. Whoever holds nothing learns nothing of the team.
#[inline]
pub(crate) fn answer(
    state: &State,
    user: Option<At<'_, UserRow>>,
    client: bool,
    app: &AppRow,
    action: AppAction,
) -> (Access, Verdict) {
    answer_by(state, user, client, app, |held| verdict(held, action))
}

/// As [`answer`], with what is said of those who are let in.
#[expect(clippy::inline_always, reason = "a check takes 5 % fewer instructions: benches/instructions/compare")]
#[inline(always)]
pub(crate) fn answer_by(
    state: &State,
    user: Option<At<'_, UserRow>>,
    client: bool,
    app: &AppRow,
    verdict: impl FnOnce(Access) -> Verdict,
) -> (Access, Verdict) {
    let team = state.team_of(app);
    let held = user.map_or(Access::OPERATOR, |user| held_in(|_| team.map(|team| team.row), user, app));
    let verdict = match team {
        Some(team) if client && keeps_clients_out(team) && !held.permissions.is_empty() => {
            Verdict::ClientKeptOut(team.team.id)
        }
        Some(team)
            if user.is_some_and(|user| !team.gate().sign_in_requirement.is_met_by(&user.user))
                && !held.permissions.is_empty() =>
        {
            Verdict::LacksSignIn(team.team.id)
        }
        _ => verdict(held),
    };
    (held, verdict)
}

/// The answer for whoever is let in and holds this.
#[inline]
pub(crate) fn verdict(held: Access, action: AppAction) -> Verdict {
    if !held.permissions.intersects(action.any_of()) {
        return Verdict::Lacking;
    }
    let holders = action.holders();
    if holders == HolderSet::ALL || is_among(held.through, holders) { Verdict::Yes } else { Verdict::WrongHolder }
}

/// Whether whoever holds something through this is one of these holders; the operator is none and passes for any.
fn is_among(through: AccessSource, holders: HolderSet) -> bool {
    through.holder().is_none_or(|holder| holders.contains(holder))
}

/// The refusal that a verdict is; none when it is yes.
pub(crate) fn refusal(
    verdict: Verdict,
    held: Access,
    caller: Caller<'_>,
    app: AppId,
    action: AppAction,
) -> Option<Error> {
    let actor = caller.who;
    match verdict {
        Verdict::Yes => None,
        Verdict::ClientKeptOut(team) => Some(Error::OAuthDenied { team }),
        Verdict::LacksSignIn(team) => Some(Error::TeamRequiresMfaOrSso { team }),
        Verdict::Lacking => Some(Error::ActionNeedsPermission { actor, app, action, held: held.permissions }),
        Verdict::WrongHolder => Some(match held.through {
            AccessSource::PersonalGrant => Error::OnlyOwnerPaysForAddOns { actor, app, action },
            AccessSource::StandardGrant => Error::OnlyTeamPaysForAddOns { actor, app, action },
            AccessSource::Ownership
            | AccessSource::Role(_)
            | AccessSource::RoleAndGrant(_)
            | AccessSource::RoleAndGroups(_)
            | AccessSource::RoleGrantAndGroups(_)
            | AccessSource::Grant
            | AccessSource::Operator
            | AccessSource::Nothing => Error::ActionNeedsMembership { actor, app, action },
        }),
    }
}

/// Whether the caller has the capability on the team, and through which role (CAP-1 to CAP-3, ROLE-1); `None` is the operator, who
/// has those that only look.
#[inline]
pub(crate) fn capable(
    caller: Caller<'_>,
    team: At<'_, TeamRow>,
    capability: Capability,
) -> Result<Option<Role>, Error> {
    let (actor, id) = (caller.who, team.team.id);
    let nobody = Error::CapabilityOfNobody { actor, team: id, capability };
    let Some(user) = caller.user else {
        let looks = capability.roles(team.team.kind).is_some() && capability.is_view();
        return if looks { Ok(None) } else { Err(nobody) };
    };
    let Some(seat) = user.seat(team.ix) else {
        return Err(Error::OutsiderLacksCapability { actor, team: id, capability });
    };
    match by_seat(team, seat, capability) {
        (true, role) => Ok(Some(role)),
        (false, Role::Collaborator) if team.team.kind == TeamKind::Enterprise => {
            Err(Error::CollaboratorLacksCapability { team: id, capability })
        }
        (false, _) if capability.roles(team.team.kind).is_none() => Err(nobody),
        (false, role) => Err(match seat.role.and_then(|held| team.team_role(held)) {
            Some(TeamRole::Custom(role)) => Error::CustomRoleLacksCapability { team: id, role, capability },
            Some(TeamRole::Admin | TeamRole::Member | TeamRole::Viewer) | None => {
                Error::RoleLacksCapability { team: id, role, capability }
            }
        }),
    }
}

/// Whether whoever has this seat has the capability, by the row of the published table for a built-in role or by that of the team's own
/// (ROLE-1), and what they are.
#[inline]
fn by_seat(team: At<'_, TeamRow>, seat: TeamLink, capability: Capability) -> (bool, Role) {
    let role = seat.standing();
    let has = match seat.role {
        Some(SeatRole::Custom(slot)) => {
            team.row.slot(slot).is_some_and(|slot| slot.rights.capabilities.contains(capability))
        }
        Some(SeatRole::Admin | SeatRole::Member | SeatRole::Viewer) | None => {
            capability.roles(team.team.kind).is_some_and(|roles| roles.contains(role))
        }
    };
    (has, role)
}

/// Whether the caller has the capability on the team.
#[inline]
pub(crate) fn may(caller: Caller<'_>, team: At<'_, TeamRow>, capability: Capability) -> bool {
    capable(caller, team, capability).is_ok()
}

/// Whether somebody in the team, or on one of its apps, has the capability.
pub(crate) fn person_may(person: At<'_, UserRow>, team: At<'_, TeamRow>, capability: Capability) -> bool {
    person.seat(team.ix).is_some_and(|seat| by_seat(team, seat, capability).0)
}

/// Whether the caller may know that the team is there, and how it is called: everybody in it, collaborators included; whoever is
/// invited into it; and the members of its Enterprise Account (ENT-3). Whoever is kept out is told neither.
pub(crate) fn knows_team(state: &State, caller: Caller<'_>, team: At<'_, TeamRow>) -> bool {
    let Some(user) = caller.user else { return true };
    let invited = team.invitations.get(&user.user.email).and_then(|id| state.invitations.get(id));
    let in_account = |account| state.account_permissions(user.user.id, account).contains(AccountPermission::View);
    may(caller, team, Capability::ViewTeam)
        || user.seat(team.ix).is_some_and(|seat| seat.grants > 0)
        || invited.is_some_and(|invitation| invitation.is_pending_at(caller.now))
        || team.team.account.is_some_and(in_account)
}

/// Whether the caller sees a role of a team's own: whoever sees all of them, and whoever has it (ROLE-1).
pub(crate) fn sees_role(caller: Caller<'_>, role: At<'_, RoleRow>, team: At<'_, TeamRow>) -> bool {
    let held = SeatRole::Custom(role.row.slot);
    may(caller, team, Capability::ViewRoles) || caller.user.is_some_and(|user| user.role(team.ix) == Some(held))
}

/// Which of the team's own roles somebody has, if the caller sees it (ROLE-1).
pub(crate) fn custom_role<'s>(
    state: &'s State,
    caller: Caller<'_>,
    team: At<'s, TeamRow>,
    person: At<'s, UserRow>,
) -> Option<&'s CustomRole> {
    let TeamRole::Custom(role) = team.row.role_of(person.row, team.ix)? else { return None };
    let role = state.roles.find(role).filter(|role| sees_role(caller, *role, team))?;
    Some(&role.row.role)
}

/// Whether the caller sees who is on the app: whoever sees the people of its team, or manages who is on it; of a personal one,
/// whoever is on it.
pub(crate) fn sees_people_on(state: &State, caller: Caller<'_>, app: At<'_, AppRow>) -> bool {
    let held = held_by(state, caller.user, app.row);
    match state.team_of(app.row) {
        Some(team) if caller.is_kept_out(team) => false,
        Some(team) => may(caller, team, Capability::ViewUsers) || held.allows(AppAction::ManageCollaborators),
        None => held.allows(AppAction::ViewApp),
    }
}

/// Whether the caller sees the pipeline: the pipelines of its owner, or any app in it (PIPE-8).
pub(crate) fn sees_pipeline(state: &State, caller: Caller<'_>, pipeline: &PipelineRow) -> bool {
    let owned = match pipeline.owner {
        OwnerIx::User(owner) => caller.user.is_none_or(|user| owner == user.ix),
        OwnerIx::Team(team) => state.teams.at(team).is_some_and(|team| may(caller, team, Capability::ViewApps)),
    };
    let seen = |app: &AppRow| held_by(state, caller.user, app).allows(AppAction::ViewApp);
    owned || pipeline.apps.values().filter_map(|app| state.apps.get(*app)).any(seen)
}

/// Whether the caller manages the owner's pipelines: the owning user, or whom the team lets (PIPE-2).
pub(crate) fn manages_pipelines(state: &State, caller: Caller<'_>, owner: OwnerIx) -> bool {
    match owner {
        OwnerIx::User(owner) => caller.user.is_some_and(|user| user.ix == owner),
        OwnerIx::Team(team) => state.teams.at(team).is_some_and(|team| may(caller, team, Capability::ManagePipelines)),
    }
}
