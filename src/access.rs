//! Who may what: the one definition behind checks, explanations, lists and operations.

use core::fmt;

use chrono::{DateTime, Utc};

use crate::actor::ActorKind;
use crate::entity::{Lock, OAuthAccess};
use crate::error::Error;
use crate::ids::{AppId, TeamId};
use crate::permission::{Permission, PermissionSet};
use crate::policy::{AppAction, Capability};
use crate::role::{Role, TeamKind, TeamRole};
use crate::state::{AppRow, At, OwnerIx, PipelineRow, SpaceRow, State, TeamRow, UserRow};

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

    pub(crate) fn team_role(self, team: At<'_, TeamRow>) -> Option<TeamRole> {
        self.user?.role(team.ix)
    }

    pub(crate) fn is_admin(self, team: At<'_, TeamRow>) -> bool {
        self.team_role(team) == Some(TeamRole::Admin)
    }

    pub(crate) fn is_admin_or_member(self, team: At<'_, TeamRow>) -> bool {
        matches!(self.team_role(team), Some(TeamRole::Admin | TeamRole::Member))
    }

    /// What the caller is to the team; `None` for an outsider.
    pub(crate) fn role(self, team: At<'_, TeamRow>) -> Option<Role> {
        let seat = self.user?.seat(team.ix)?;
        Some(seat.role.map_or(Role::Collaborator, Role::from))
    }

    pub(crate) fn is_through_client(self) -> bool {
        self.who.is_client()
    }

    /// Whether the caller is kept out of what the team owns (SEC-1).
    pub(crate) fn is_kept_out(self, team: At<'_, TeamRow>) -> bool {
        self.is_through_client() && keeps_clients_out(team)
    }
}

/// Whether third-party clients are kept out of what the team owns (SEC-1).
fn keeps_clients_out(team: At<'_, TeamRow>) -> bool {
    team.team.oauth_access == OAuthAccess::Denied
}

/// What somebody holds on an app, and through what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// The permissions.
    pub permissions: PermissionSet,
    /// Where they come from.
    pub through: AccessSource,
}

impl Access {
    const NOTHING: Self = Self { permissions: PermissionSet::EMPTY, through: AccessSource::Nothing };
}

/// Where permissions on an app come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AccessSource {
    /// The app is the user's own (PERM-10).
    Ownership,
    /// A role in the team that owns the app (PERM-1, PERM-2, STD-2).
    Role(TeamRole),
    /// A role in the team, and permissions given on this app besides (PERM-3, APP-9).
    RoleAndGrant(TeamRole),
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
            Self::Ownership | Self::RoleAndGrant(_) | Self::Grant | Self::StandardGrant | Self::PersonalGrant => true,
            Self::Role(_) | Self::Operator | Self::Nothing => false,
        }
    }
}

impl fmt::Display for AccessSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ownership => f.write_str("owner of the app"),
            Self::Role(role) => write!(f, "{role} of the team"),
            Self::RoleAndGrant(role) => write!(f, "{role} of the team, with permissions on the app"),
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
    let through = |through, permissions| Access { permissions, through };
    let team = match app.owner {
        OwnerIx::User(owner) if owner == user.ix => return through(AccessSource::Ownership, PermissionSet::ALL),
        OwnerIx::User(_) => {
            return app.grant(user.ix).map_or(Access::NOTHING, |set| through(AccessSource::PersonalGrant, set));
        }
        OwnerIx::Team(team) => team,
    };
    let (Some(seat), Some(team)) = (user.seat(team), state.teams.get(team)) else { return Access::NOTHING };
    if seat.role == Some(TeamRole::Admin) {
        return through(AccessSource::Role(TeamRole::Admin), PermissionSet::ALL);
    }
    let grant = if seat.grants > 0 { app.grant(user.ix) } else { None };
    match (seat.role, grant, team.team.kind) {
        (Some(role), None, kind) => through(AccessSource::Role(role), by_role(kind, app)),
        (Some(role), Some(set), kind) => through(AccessSource::RoleAndGrant(role), by_role(kind, app).union(set)),
        (None, Some(set), TeamKind::Enterprise) => through(AccessSource::Grant, set),
        (None, Some(set), TeamKind::Standard) => through(AccessSource::StandardGrant, set),
        (None, None, _) => Access::NOTHING,
    }
}

/// What members, and viewers, hold on every app of their team (PERM-2, STD-2).
fn by_role(kind: TeamKind, app: &AppRow) -> PermissionSet {
    match kind {
        TeamKind::Standard if app.app.lock == Lock::Unlocked => PermissionSet::WORK,
        TeamKind::Standard | TeamKind::Enterprise => PermissionSet::VIEW,
    }
}

/// What the user holds on the app; the operator, who is none, sees everything.
#[inline]
pub(crate) fn held_by(state: &State, user: Option<At<'_, UserRow>>, app: &AppRow) -> Access {
    match user {
        Some(user) => held(state, user, app),
        None => Access { permissions: PermissionSet::VIEW, through: AccessSource::Operator },
    }
}

/// The answer to an action on an app.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Yes,
    /// The team's admins keep third-party clients out (SEC-1).
    KeptOut(TeamId),
    /// None of the permissions named is held (PERM-9).
    Lacking,
    /// Collaborators of a personal app do not touch paid add-ons (PERM-10).
    PaidByOwner,
    /// Collaborators of a Standard team do not touch paid add-ons (STD-4).
    PaidByTeam,
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
    let held = held_by(state, user, app);
    let verdict = match state.team_of(app) {
        Some(team) if client && keeps_clients_out(team) && !held.permissions.is_empty() => {
            Verdict::KeptOut(team.team.id)
        }
        _ => verdict(held, action),
    };
    (held, verdict)
}

/// The answer for whoever is let in and holds this: one of the permissions named allows the action, and who is on an app without
/// chosen permissions does not touch paid add-ons.
#[inline]
pub(crate) fn verdict(held: Access, action: AppAction) -> Verdict {
    match held.through {
        _ if !held.permissions.intersects(action.any_of()) => Verdict::Lacking,
        AccessSource::PersonalGrant if action.is_paid_add_on() => Verdict::PaidByOwner,
        AccessSource::StandardGrant if action.is_paid_add_on() => Verdict::PaidByTeam,
        _ => Verdict::Yes,
    }
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
        Verdict::KeptOut(team) => Some(Error::OAuthDenied { team }),
        Verdict::Lacking => Some(Error::ActionNeedsPermission { actor, app, action, held: held.permissions }),
        Verdict::PaidByOwner => Some(Error::OnlyOwnerPaysForAddOns { actor, app, action }),
        Verdict::PaidByTeam => Some(Error::OnlyTeamPaysForAddOns { actor, app, action }),
    }
}

/// Whether the caller has the capability on the team, and through which role (CAP-1 to CAP-3); `None` is the operator, who
/// has those that only look.
#[inline]
pub(crate) fn capable(
    caller: Caller<'_>,
    team: At<'_, TeamRow>,
    capability: Capability,
) -> Result<Option<Role>, Error> {
    let (actor, id) = (caller.who, team.team.id);
    let nobody = Error::CapabilityOfNobody { actor, team: id, capability };
    let roles = capability.roles(team.team.kind);
    if caller.is_operator() {
        return if roles.is_some() && capability.is_view() { Ok(None) } else { Err(nobody) };
    }
    let Some(role) = caller.role(team) else {
        return Err(Error::OutsiderLacksCapability { actor, team: id, capability });
    };
    match (roles, role) {
        (Some(roles), role) if roles.contains(role) => Ok(Some(role)),
        (_, Role::Collaborator) if team.team.kind == TeamKind::Enterprise => {
            Err(Error::CollaboratorLacksCapability { team: id, capability })
        }
        (None, _) => Err(nobody),
        (Some(_), role) => Err(Error::RoleLacksCapability { team: id, role, capability }),
    }
}

/// Whether the caller sees the pipeline: the apps of its owner, or any app in it (PIPE-8).
pub(crate) fn sees_pipeline(state: &State, caller: Caller<'_>, pipeline: &PipelineRow) -> bool {
    let owned = match (pipeline.owner, caller.user) {
        (_, None) => true,
        (OwnerIx::User(owner), Some(user)) => owner == user.ix,
        (OwnerIx::Team(team), Some(user)) => user.role(team).is_some(),
    };
    let seen = |app: &AppRow| held_by(state, caller.user, app).permissions.contains(Permission::View);
    owned || pipeline.apps.iter().filter_map(|app| state.apps.get(*app)).any(seen)
}

/// Whether the user may create apps in the space of this team (SPC-3).
pub(crate) fn creates_in(space: &SpaceRow, team: At<'_, TeamRow>, user: At<'_, UserRow>) -> bool {
    space.creators.contains(&user.user.id) || user.role(team.ix) == Some(TeamRole::Admin)
}

/// Whether the caller manages the owner's pipelines: the owning user, or the admins and members of the team (PIPE-2).
pub(crate) fn manages_pipelines(state: &State, caller: Caller<'_>, owner: OwnerIx) -> bool {
    match owner {
        OwnerIx::User(owner) => caller.user.is_some_and(|user| user.ix == owner),
        OwnerIx::Team(team) => state.teams.at(team).is_some_and(|team| caller.is_admin_or_member(team)),
    }
}
