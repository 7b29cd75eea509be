//! What events carry whose parts are many: boxed, so that an event stays small.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::entity::{
    AccountPermissionSet, AddOn, App, AppTransfer, Dyno, Group, Held, IdentityProvider, Invitation, Limits, Owner,
    OwnershipPeriod, Pipeline, Plan, Release, SignIn, Stage, Team, User,
};
use crate::ids::{AccountId, AddOnId, AppId, GroupId, PipelineId, SpaceId, TeamId, UserId};
use crate::names::{Email, PaymentMethod, ProcessType, ServiceName};
use crate::permission::PermissionSet;
use crate::policy::CustomRole;
use crate::role::{TeamKind, TeamRole};
use crate::sort;

/// The change of a user's e-mail, and what went with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct EmailChange {
    /// The user.
    pub user: UserId,
    /// Before.
    pub from: Email,
    /// After.
    pub to: Email,
    /// The invitations of the new e-mail into teams that the user is in.
    pub invitations_ended: Box<[Invitation]>,
    /// The teams that the user is in (ACC-4).
    pub teams: Box<[TeamId]>,
}

/// Whose way of signing in changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SignInChange {
    /// The user.
    pub user: UserId,
    /// The teams that the user is in, but for the one that the event is of; their audit logs tell of the change (ACC-4).
    pub teams: Box<[TeamId]>,
}

/// Who is no longer on an app, and what ended with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct CollaboratorRemoval {
    /// The app.
    pub app: AppId,
    /// Whose it is.
    pub owner: Owner,
    /// Who was on it.
    pub user: UserId,
    /// What they held.
    pub permissions: PermissionSet,
    /// The pending transfer of the app to them.
    pub transfer_ended: Option<AppTransfer>,
}

/// A new app, and what went with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct AppCreation {
    /// The app.
    pub app: App,
    /// Who was put on it as its creator, and what they hold (PERM-6).
    pub creator: Option<(UserId, PermissionSet)>,
    /// How far the name generator went, when the name was drawn (APP-4).
    pub drawn: Option<NameDraw>,
}

/// The change of a member's role, and what went with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RoleChange {
    /// The team.
    pub team: TeamId,
    /// The user.
    pub user: UserId,
    /// Before.
    pub from: TeamRole,
    /// After.
    pub to: TeamRole,
    /// The team's spaces in which the user, a viewer now, may no longer create apps by permission (PERM-6).
    pub spaces_ended: Box<[SpaceId]>,
    /// The invitations to admin that the user, no admin any more, had sent (INV-3).
    pub invitations_ended: Box<[Invitation]>,
}

/// Who came into a team by a first sign-in through its identity provider (SEC-3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SsoEntry {
    /// The team.
    pub team: TeamId,
    /// The user.
    pub user: UserId,
    /// The role.
    pub role: TeamRole,
    /// How they signed in before.
    pub sign_in_before: SignIn,
    /// The other teams that they are in, if they signed in by password before (ACC-4).
    pub teams: Box<[TeamId]>,
    /// The invitation that is settled by it.
    pub invitation_ended: Option<Invitation>,
}

/// What the end of a membership ended (MEM-6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct MemberRemoval {
    /// The team.
    pub team: TeamId,
    /// The user.
    pub user: UserId,
    /// The role.
    pub role: TeamRole,
    /// The permissions on the team's apps.
    pub grants: Box<[(AppId, PermissionSet)]>,
    /// The team's spaces in which the user could create apps.
    pub spaces: Box<[SpaceId]>,
    /// The team's groups that the user was in (GRP-1).
    pub groups: Box<[GroupId]>,
    /// The invitations to admin that the user, an admin, had sent (INV-3).
    pub invitations: Box<[Invitation]>,
    /// The user, if they signed in through this team alone, and sign in by password again (ACC-3).
    pub sign_ins_ended: Box<[SignInChange]>,
}

/// When something ends that had another end, or none (END-1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct EndChange {
    /// What.
    pub held: Held,
    /// Whose the team, the app or the space is that it is held in.
    pub owner: Owner,
    /// Before.
    pub from: Option<DateTime<Utc>>,
    /// After.
    pub to: Option<DateTime<Utc>>,
}

/// What had ended, and left the store (END-3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Sweep {
    /// What, and when it ended.
    pub ended: Box<[Ended]>,
    /// Who signed in through single sign-on of teams in which they have no role any more alone, and signs in by password again (ACC-3);
    /// none stands in the memberships.
    pub sign_ins_ended: Box<[SignInChange]>,
}

impl Sweep {
    /// The memberships that ended, in order.
    pub(crate) fn left(&self) -> Vec<(UserId, TeamId)> {
        let left = self.ended.iter().filter_map(|one| match one.ended.held() {
            Held::Membership { team, user } => Some((user, team)),
            Held::Grant { .. } | Held::GroupGrant { .. } | Held::AppCreation { .. } => None,
        });
        sort::set(left)
    }
}

/// Something that ended, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Ended {
    /// When it ended.
    pub ended_at: DateTime<Utc>,
    /// What.
    pub ended: EndedThing,
}

/// What ended, and what ended with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
#[expect(missing_docs, reason = "a field is named after what it holds")]
#[non_exhaustive]
pub enum EndedThing {
    /// A role in a team.
    Membership(MemberRemoval),
    /// Somebody's permissions on an app.
    Grant(CollaboratorRemoval),
    /// The permissions of a group on an app.
    GroupGrant { app: AppId, owner: Owner, group: GroupId, permissions: PermissionSet },
    /// The permission to create apps in a space.
    AppCreation { space: SpaceId, team: TeamId, user: UserId },
}

impl EndedThing {
    /// What it was.
    #[must_use]
    pub const fn held(&self) -> Held {
        match self {
            Self::Membership(removed) => Held::Membership { team: removed.team, user: removed.user },
            Self::Grant(removed) => Held::Grant { app: removed.app, user: removed.user },
            Self::GroupGrant { app, group, .. } => Held::GroupGrant { app: *app, group: *group },
            Self::AppCreation { space, user, .. } => Held::AppCreation { space: *space, user: *user },
        }
    }

    /// Whose the team, the app or the space is that it was held in.
    #[must_use]
    pub const fn owner(&self) -> Owner {
        match self {
            Self::Membership(removed) => Owner::Team(removed.team),
            Self::Grant(CollaboratorRemoval { owner, .. }) | Self::GroupGrant { owner, .. } => *owner,
            Self::AppCreation { team, .. } => Owner::Team(*team),
        }
    }
}

/// What the deletion of a user ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct UserDeletion {
    /// The user.
    pub user: User,
    /// The roles, by team.
    pub memberships: Box<[(TeamId, TeamRole)]>,
    /// The permissions, by app, and whose app it is.
    pub grants: Box<[(AppId, Owner, PermissionSet)]>,
    /// The invitations of the user's e-mail, and those to admin that the user, an admin, had sent (INV-3).
    pub invitations: Box<[Invitation]>,
    /// The pending transfers to the user.
    pub transfers: Box<[AppTransfer]>,
    /// The permissions in Enterprise Accounts.
    pub accounts: Box<[(AccountId, AccountPermissionSet)]>,
    /// The spaces in which the user could create apps.
    pub spaces: Box<[SpaceId]>,
    /// The groups that the user was in.
    pub groups: Box<[GroupId]>,
}

/// What the deletion of a team ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TeamDeletion {
    /// The team.
    pub team: Team,
    /// The roles, by user.
    pub members: Box<[(UserId, TeamRole)]>,
    /// The invitations into it.
    pub invitations: Box<[Invitation]>,
    /// The identity provider.
    pub identity_provider: Option<IdentityProvider>,
    /// The services that everybody may install.
    pub allowed_add_ons: Box<[ServiceName]>,
    /// How it paid.
    pub payment_method: Option<PaymentMethod>,
    /// Its groups, which hold nothing any more.
    pub groups: Box<[GroupDeletion]>,
    /// Its roles of its own, in the order of their ids.
    pub roles: Box<[CustomRole]>,
    /// Who signed in through this team alone, and signs in by password again (ACC-3).
    pub sign_ins_ended: Box<[SignInChange]>,
}

/// Somebody who was added to a team, and what ended with that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct MemberEntry {
    /// The team.
    pub team: TeamId,
    /// Who.
    pub user: UserId,
    /// The role.
    pub role: TeamRole,
    /// The pending invitation of theirs into the team.
    pub invitation_ended: Option<Invitation>,
}

/// What the deletion of a group ended (GRP-2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct GroupDeletion {
    /// The group.
    pub group: Group,
    /// Who was in it.
    pub members: Box<[UserId]>,
    /// What it held on the apps of the team.
    pub grants: Box<[(AppId, PermissionSet)]>,
}

/// What the deletion of an app ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct AppDeletion {
    /// The app.
    pub app: App,
    /// The permissions, by user.
    pub grants: Box<[(UserId, PermissionSet)]>,
    /// The permissions, by group.
    pub group_grants: Box<[(GroupId, PermissionSet)]>,
    /// The formation.
    pub formation: Box<[Dyno]>,
    /// Its earlier owners.
    pub history: Box<[OwnershipPeriod]>,
    /// The pending transfer.
    pub transfer: Option<AppTransfer>,
    /// The place in a pipeline.
    pub coupling: Option<(PipelineId, Stage)>,
    /// The release.
    pub release: Option<Release>,
    /// The add-ons.
    pub add_ons: Box<[AddOn]>,
}

/// The change of an app's owner, and what goes with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Move {
    /// The app.
    pub app: AppId,
    /// The former owner, billed up to `at`.
    pub from: Owner,
    /// Since when the former owner had it.
    pub owned_since: DateTime<Utc>,
    /// The new owner, billed from `at` on.
    pub to: Owner,
    /// The instant.
    pub at: DateTime<Utc>,
    /// Whose permissions on it change.
    pub grants: Box<[GrantChange]>,
    /// The permissions of groups of the former team, which end (GRP-4).
    pub group_grants_ended: Box<[(GroupId, PermissionSet)]>,
    /// Which dynos change size.
    pub dynos: Box<[DynoChange]>,
    /// The pending transfer that ended.
    pub transfer_ended: Option<AppTransfer>,
    /// The place in a pipeline that it left (TRF-7).
    pub uncoupled: Option<(PipelineId, Stage)>,
}

/// What the deletion of a pipeline ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct PipelineDeletion {
    /// The pipeline.
    pub pipeline: Pipeline,
    /// The apps that were in it, and in which stage.
    pub couplings: Box<[(AppId, Stage)]>,
}

/// The change of a pipeline's owner, with all its apps (PIPE-6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct PipelineMove {
    /// The pipeline.
    pub pipeline: PipelineId,
    /// The former owner.
    pub from: Owner,
    /// The new owner.
    pub to: Owner,
    /// The apps, which stay in their stages.
    pub apps: Box<[Move]>,
}

/// A release copied from one app to others of its pipeline (PIPE-7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Promotion {
    /// The pipeline.
    pub pipeline: PipelineId,
    /// Who owns it and all its apps.
    pub owner: Owner,
    /// The app whose release was copied.
    pub source: AppId,
    /// The apps to which it was copied.
    pub targets: Box<[Promoted]>,
}

/// An app to which a release was copied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Promoted {
    /// The app.
    pub app: AppId,
    /// Its release before.
    pub from: Option<Release>,
    /// Its release after.
    pub to: Release,
}

/// The change of a space's team (SPC-8, SPC-9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SpaceMove {
    /// The space.
    pub space: SpaceId,
    /// The former team.
    pub from: TeamId,
    /// The new team.
    pub to: TeamId,
    /// The apps inside, each with the place in a pipeline that it left.
    pub apps: Box<[Move]>,
    /// The pipelines that were wholly inside, and moved too.
    pub pipelines: Box<[PipelineId]>,
    /// Who may no longer create apps in it, not being a member of the new team.
    pub creators_ended: Box<[UserId]>,
}

/// The change of a team's kind and account (ENT-4, ENT-5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TeamMove {
    /// The team.
    pub team: TeamId,
    /// Its kind, before and after.
    pub kind: (TeamKind, TeamKind),
    /// Its account, before and after.
    pub account: (Option<AccountId>, Option<AccountId>),
    /// Its limits, before and after; `None` where the entry is shown to whoever does not see them.
    pub limits: Option<(Limits, Limits)>,
    /// Its default role, before and after; `None` as above.
    pub default_role: Option<(TeamRole, TeamRole)>,
    /// When the move was requested, if it was; no longer, after.
    pub requested_at: Option<DateTime<Utc>>,
    /// When the deletion was requested, if it was; no longer, after.
    pub deletion_requested_at: Option<DateTime<Utc>>,
    /// Whose permissions on its apps change.
    pub grants: Box<[(AppId, GrantChange)]>,
    /// How it paid; no longer so, after.
    pub payment_method: Option<PaymentMethod>,
}

/// The change of what a user holds on an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct GrantChange {
    /// The user.
    pub user: UserId,
    /// Before; `None` when not on the app.
    pub from: Option<PermissionSet>,
    /// After; `None` when not on the app.
    pub to: Option<PermissionSet>,
}

/// The change of the dynos of a process type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct DynoChange {
    /// The process type.
    pub process: ProcessType,
    /// Before; `None` when it ran none.
    pub from: Option<Dyno>,
    /// After; `None` when it runs none.
    pub to: Option<Dyno>,
}

/// The change of an add-on's plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct PlanChange {
    /// The add-on.
    pub add_on: AddOnId,
    /// Its service.
    pub service: ServiceName,
    /// Before.
    pub from: Plan,
    /// After.
    pub to: Plan,
}

/// How far the drawing of a name moved the store's name generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct NameDraw {
    /// The position before.
    pub from: u64,
    /// The position after.
    pub to: u64,
}
