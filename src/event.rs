//! What happened: one event for each accepted operation.
//!
//! An event tells the whole change, with what was there before and what is there after, so that a log of events replays
//! to an equal store and every event can be taken back.

use core::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::actor::{ActorKind, EventContext};
use crate::entity::{
    AccountPermissionSet, AddOn, AddOnControls, App, AppTransfer, Dyno, EnterpriseAccount, IdentityProvider,
    Invitation, Limits, Mfa, OAuthAccess, Owner, OwnershipPeriod, Pipeline, Plan, Release, SignIn, Space, Sso, Stage,
    Team, User,
};
use crate::ids::{AccountId, AddOnId, AppId, PipelineId, SpaceId, TeamId, UserId};
use crate::names::{AppName, Email, PaymentMethod, PipelineName, ProcessType, ServiceName, SpaceName, TeamName};
use crate::permission::PermissionSet;
use crate::readable::{InWords, NamedId, Names, readable};
use crate::role::{TeamKind, TeamRole};
use crate::settings::{StoreOpening, StoreOptions};
use crate::version::Version;

/// An entry of the audit log: an event, its number, its time and who caused it.
///
/// Its serde form begins with a `version`, which is 1; a newer one, or an unknown field, is an error of the deserializer. It is for the
/// formats of a [`Snapshot`](crate::Snapshot).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct AuditEvent {
    pub(crate) version: Version,
    /// The number: 1 for the first event of a store, without gaps.
    pub seq: u64,
    /// The time: never before that of the event before it.
    pub at: DateTime<Utc>,
    /// Who caused it.
    pub actor: ActorKind,
    /// What the host knows besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<Arc<EventContext>>,
    /// What happened.
    pub event: Event,
}

/// What happened. Named in the past tense, with the words of the operations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
#[expect(missing_docs, reason = "a field is named after what it holds; `from` and `to` are before and after")]
#[non_exhaustive]
pub enum Event {
    /// The store was opened: the first event of every log.
    StoreOpened { opened: Box<StoreOpening> },
    /// The settings of the store changed.
    SettingsChanged { from: Box<StoreOptions>, to: Box<StoreOptions> },
    /// A user was registered.
    UserRegistered { user: Box<User> },
    /// A user has another e-mail; invitations of the new one into teams that the user is in ended.
    EmailChanged { changed: Box<EmailChange> },
    /// A user's MFA status changed.
    MfaChanged { user: UserId, from: Mfa, to: Mfa, teams: Box<[TeamId]> },
    /// A user signs in another way; or several do, where the log of a team tells what another team did to them.
    SignInChanged { users: Box<[SignInChange]>, from: SignIn, to: SignIn },
    /// A user was deleted, with memberships, grants, invitations and pending transfers.
    UserDeleted { deleted: Box<UserDeletion> },
    /// A team was provisioned with its first admin.
    TeamProvisioned { team: Box<Team>, admin: UserId },
    /// A team was renamed.
    TeamRenamed { team: TeamId, from: Box<TeamName>, to: Box<TeamName> },
    /// The limits of a team changed.
    LimitsChanged { team: TeamId, from: Box<Limits>, to: Box<Limits> },
    /// The default role of a team changed.
    DefaultRoleChanged { team: TeamId, from: TeamRole, to: TeamRole },
    /// Third-party OAuth access to a team changed.
    #[serde(rename = "oauth-access-changed")]
    OAuthAccessChanged { team: TeamId, from: OAuthAccess, to: OAuthAccess },
    /// An admin asked for the deletion of an Enterprise Team.
    TeamDeletionRequested { team: TeamId, requested_at: DateTime<Utc> },
    /// The request for deletion was withdrawn.
    TeamDeletionWithdrawn { team: TeamId, requested_at: DateTime<Utc> },
    /// A team was deleted, with its memberships and invitations.
    TeamDeleted { deleted: Box<TeamDeletion> },
    /// A user was added to a team; a pending invitation of theirs into it ended.
    MemberAdded { team: TeamId, user: UserId, role: TeamRole, invitation_ended: Option<Box<Invitation>> },
    /// A member has another role.
    MemberRoleChanged { changed: Box<RoleChange> },
    /// A user left a team or was removed, and lost what they held on its apps.
    MemberRemoved { removed: Box<MemberRemoval> },
    /// An e-mail was invited into a team, in place of an earlier invitation if there was one.
    MemberInvited { invitation: Box<Invitation>, replaced: Option<Box<Invitation>> },
    /// An invitation was accepted: the user is in the team in this role.
    InvitationAccepted { user: UserId, role: TeamRole, invitation: Box<Invitation> },
    /// An invitation was declined.
    InvitationDeclined { user: UserId, invitation: Box<Invitation> },
    /// An invitation was revoked.
    InvitationRevoked { invitation: Box<Invitation> },
    /// An app was created.
    AppCreated { created: Box<AppCreation> },
    /// An app was renamed.
    AppRenamed { app: AppId, owner: Owner, from: Box<AppName>, to: Box<AppName> },
    /// An app was locked.
    AppLocked { app: AppId, owner: Owner },
    /// An app was unlocked.
    AppUnlocked { app: AppId, owner: Owner },
    /// The dynos of a process type changed.
    AppScaled { app: AppId, owner: Owner, dynos: Box<DynoChange> },
    /// An app was deleted, with grants, formation and pending transfer.
    AppDeleted { deleted: Box<AppDeletion> },
    /// A member joined an app.
    AppJoined { app: AppId, owner: Owner, user: UserId, permissions: PermissionSet },
    /// A user was put on an app with chosen permissions.
    PermissionsGranted { app: AppId, owner: Owner, user: UserId, permissions: PermissionSet },
    /// A user was put on an app where no permissions are chosen.
    CollaboratorAdded { app: AppId, owner: Owner, user: UserId, permissions: PermissionSet },
    /// A user on an app has other permissions.
    PermissionsChanged { app: AppId, owner: Owner, user: UserId, from: PermissionSet, to: PermissionSet },
    /// A user is no longer on an app; a pending transfer to them ended.
    CollaboratorRemoved { removed: Box<CollaboratorRemoval> },
    /// An app has another owner.
    AppTransferred { moved: Box<Move> },
    /// Several apps have another owner.
    AppsTransferred { moved: Box<[Move]> },
    /// The transfer of a personal app to another user was requested.
    AppTransferRequested { transfer: Box<AppTransfer> },
    /// The recipient accepted: the app has another owner.
    AppTransferAccepted { moved: Box<Move> },
    /// The recipient declined.
    AppTransferDeclined { transfer: Box<AppTransfer> },
    /// The owner cancelled.
    AppTransferCancelled { transfer: Box<AppTransfer> },
    /// An app runs another release.
    AppReleased { app: AppId, owner: Owner, release: Box<Release>, replaced: Option<Box<Release>> },
    /// A pipeline was created.
    PipelineCreated { pipeline: Box<Pipeline> },
    /// A pipeline was renamed.
    PipelineRenamed { pipeline: PipelineId, owner: Owner, from: Box<PipelineName>, to: Box<PipelineName> },
    /// A pipeline was deleted, with its couplings; the apps stay.
    PipelineDeleted { deleted: Box<PipelineDeletion> },
    /// An app was coupled to a pipeline.
    AppCoupled { app: AppId, owner: Owner, pipeline: PipelineId, stage: Stage },
    /// An app is in another stage of its pipeline.
    AppStageChanged { app: AppId, owner: Owner, pipeline: PipelineId, from: Stage, to: Stage },
    /// An app left its pipeline.
    AppUncoupled { app: AppId, owner: Owner, pipeline: PipelineId, stage: Stage },
    /// A pipeline has another owner, with all its apps.
    PipelineTransferred { moved: Box<PipelineMove> },
    /// The release of an app was copied to others of its pipeline.
    AppPromoted { promotion: Box<Promotion> },
    /// A team's identity provider was set, replaced or removed.
    IdentityProviderChanged { team: TeamId, from: Option<Box<IdentityProvider>>, to: Option<Box<IdentityProvider>> },
    /// Single sign-on was switched for a team; who signed in through it alone signs in by password again.
    SsoChanged { team: TeamId, from: Sso, to: Sso, sign_ins_ended: Box<[SignInChange]> },
    /// A user signed in through a team's identity provider for the first time, and is in the team.
    SsoMemberAdded { added: Box<SsoEntry> },
    /// An add-on was installed.
    AddOnInstalled { add_on: Box<AddOn>, owner: Owner },
    /// An add-on has another plan.
    AddOnPlanChanged { app: AppId, owner: Owner, changed: Box<PlanChange> },
    /// An add-on was removed.
    AddOnRemoved { add_on: Box<AddOn>, owner: Owner },
    /// The control of a team's add-ons was switched.
    AddOnControlsChanged { team: TeamId, from: AddOnControls, to: AddOnControls },
    /// A service may be installed on a team's apps by everybody who may install add-ons.
    AddOnAllowed { team: TeamId, service: Box<ServiceName> },
    /// A service may no longer be installed so.
    AddOnDisallowed { team: TeamId, service: Box<ServiceName> },
    /// A Standard team pays in another way.
    PaymentMethodChanged { team: TeamId, from: Option<PaymentMethod>, to: Option<PaymentMethod> },
    /// The months before this one were closed: there are statements of them.
    MonthsClosed {},
    /// A space was created.
    SpaceCreated { space: Box<Space> },
    /// A space was renamed.
    SpaceRenamed { space: SpaceId, team: TeamId, from: Box<SpaceName>, to: Box<SpaceName> },
    /// A space was destroyed.
    SpaceDestroyed { space: Box<Space>, creators: Box<[UserId]> },
    /// A member may create apps in a space.
    AppCreationAllowed { space: SpaceId, team: TeamId, user: UserId },
    /// A member may no longer create apps in a space.
    AppCreationRevoked { space: SpaceId, team: TeamId, user: UserId },
    /// A space belongs to another team, with the apps inside.
    SpaceTransferred { moved: Box<SpaceMove> },
    /// An Enterprise Account was opened, with the member who manages it.
    AccountOpened { account: Box<EnterpriseAccount>, manager: UserId },
    /// A user was added to an account.
    AccountMemberAdded { account: AccountId, user: UserId, permissions: AccountPermissionSet },
    /// A member of an account holds other permissions.
    AccountPermissionsChanged { account: AccountId, user: UserId, from: AccountPermissionSet, to: AccountPermissionSet },
    /// A member left an account or was removed.
    AccountMemberRemoved { account: AccountId, user: UserId, permissions: AccountPermissionSet },
    /// A team moved into an account, and is an Enterprise Team: a Standard one, or one that was in no account.
    TeamMovedIn { moved: Box<TeamMove> },
    /// An admin asked to move an Enterprise Team out of its account.
    TeamMoveOutRequested { team: TeamId, requested_at: DateTime<Utc> },
    /// The request to move out was withdrawn.
    TeamMoveOutWithdrawn { team: TeamId, requested_at: DateTime<Utc> },
    /// An Enterprise Team moved out of its account, and is a Standard team.
    TeamMovedOut { moved: Box<TeamMove> },
}

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
    /// The invitations to admin that the user, an admin, had sent (INV-3).
    pub invitations: Box<[Invitation]>,
    /// The user, if they signed in through this team alone, and sign in by password again (ACC-3).
    pub sign_ins_ended: Box<[SignInChange]>,
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
    /// Who signed in through this team alone, and signs in by password again (ACC-3).
    pub sign_ins_ended: Box<[SignInChange]>,
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

macro_rules! codes {
    ($($variant:ident $code:literal)+) => {
        impl Event {
            /// The code of every kind of event.
            pub const CODES: &'static [&'static str] = &[$($code),+];

            /// The kind of event in words, kebab-case and stable; serde's `type`.
            #[must_use]
            pub const fn code(&self) -> &'static str {
                match self {$(Self::$variant { .. } => $code),+}
            }
        }
    };
}

codes! {
    StoreOpened "store-opened"
    SettingsChanged "settings-changed"
    UserRegistered "user-registered"
    EmailChanged "email-changed"
    MfaChanged "mfa-changed"
    SignInChanged "sign-in-changed"
    UserDeleted "user-deleted"
    TeamProvisioned "team-provisioned"
    TeamRenamed "team-renamed"
    LimitsChanged "limits-changed"
    DefaultRoleChanged "default-role-changed"
    OAuthAccessChanged "oauth-access-changed"
    TeamDeletionRequested "team-deletion-requested"
    TeamDeletionWithdrawn "team-deletion-withdrawn"
    TeamDeleted "team-deleted"
    MemberAdded "member-added"
    MemberRoleChanged "member-role-changed"
    MemberRemoved "member-removed"
    MemberInvited "member-invited"
    InvitationAccepted "invitation-accepted"
    InvitationDeclined "invitation-declined"
    InvitationRevoked "invitation-revoked"
    AppCreated "app-created"
    AppRenamed "app-renamed"
    AppLocked "app-locked"
    AppUnlocked "app-unlocked"
    AppScaled "app-scaled"
    AppDeleted "app-deleted"
    AppJoined "app-joined"
    PermissionsGranted "permissions-granted"
    CollaboratorAdded "collaborator-added"
    PermissionsChanged "permissions-changed"
    CollaboratorRemoved "collaborator-removed"
    AppTransferred "app-transferred"
    AppsTransferred "apps-transferred"
    AppTransferRequested "app-transfer-requested"
    AppTransferAccepted "app-transfer-accepted"
    AppTransferDeclined "app-transfer-declined"
    AppTransferCancelled "app-transfer-cancelled"
    AppReleased "app-released"
    PipelineCreated "pipeline-created"
    PipelineRenamed "pipeline-renamed"
    PipelineDeleted "pipeline-deleted"
    AppCoupled "app-coupled"
    AppStageChanged "app-stage-changed"
    AppUncoupled "app-uncoupled"
    PipelineTransferred "pipeline-transferred"
    AppPromoted "app-promoted"
    IdentityProviderChanged "identity-provider-changed"
    SsoChanged "sso-changed"
    SsoMemberAdded "sso-member-added"
    AddOnInstalled "add-on-installed"
    AddOnPlanChanged "add-on-plan-changed"
    AddOnRemoved "add-on-removed"
    AddOnControlsChanged "add-on-controls-changed"
    AddOnAllowed "add-on-allowed"
    AddOnDisallowed "add-on-disallowed"
    PaymentMethodChanged "payment-method-changed"
    MonthsClosed "months-closed"
    SpaceCreated "space-created"
    SpaceRenamed "space-renamed"
    SpaceDestroyed "space-destroyed"
    AppCreationAllowed "app-creation-allowed"
    AppCreationRevoked "app-creation-revoked"
    SpaceTransferred "space-transferred"
    AccountOpened "account-opened"
    AccountMemberAdded "account-member-added"
    AccountPermissionsChanged "account-permissions-changed"
    AccountMemberRemoved "account-member-removed"
    TeamMovedIn "team-moved-in"
    TeamMoveOutRequested "team-move-out-requested"
    TeamMoveOutWithdrawn "team-move-out-withdrawn"
    TeamMovedOut "team-moved-out"
}

/// What an event concerns, and by whom it was caused: how the audit log is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Subject {
    By(Option<UserId>),
    User(UserId),
    Team(TeamId),
    App(AppId),
    Account(AccountId),
}

impl From<Owner> for Subject {
    fn from(owner: Owner) -> Self {
        match owner {
            Owner::User(user) => Self::User(user),
            Owner::Team(team) => Self::Team(team),
        }
    }
}

impl AuditEvent {
    /// The apps that the event concerns; may name one twice.
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    ///
    /// let Demo { mut store, ada, website, .. } = Demo::new()?;
    /// store.lock_app(ada, website)?;
    /// assert_eq!(store.events().last().map(|event| event.apps().collect()), Some(vec![website]));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn apps(&self) -> impl Iterator<Item = AppId> + use<> {
        self.subjects().into_iter().filter_map(|subject| match subject {
            Subject::App(app) => Some(app),
            Subject::By(_) | Subject::User(_) | Subject::Team(_) | Subject::Account(_) => None,
        })
    }

    /// Everything that the event concerns; may name something twice.
    pub(crate) fn subjects(&self) -> Vec<Subject> {
        let mut subjects = vec![Subject::By(self.actor.user())];
        let moved = |m: &Move| {
            let mut subjects = vec![Subject::App(m.app), m.from.into(), m.to.into()];
            subjects.extend(m.grants.iter().map(|grant| Subject::User(grant.user)));
            subjects.extend(m.transfer_ended.map(|transfer| Subject::User(transfer.recipient)));
            subjects
        };
        let signing = |change: &SignInChange| {
            let teams = change.teams.iter().copied().map(Subject::Team);
            teams.chain([Subject::User(change.user)]).collect::<Vec<_>>()
        };
        match &self.event {
            Event::StoreOpened { .. } | Event::SettingsChanged { .. } | Event::MonthsClosed {} => {}
            Event::UserRegistered { user } => subjects.push(Subject::User(user.id)),
            Event::EmailChanged { changed } => {
                subjects.push(Subject::User(changed.user));
                subjects.extend(changed.invitations_ended.iter().map(|invitation| Subject::Team(invitation.team)));
                subjects.extend(changed.teams.iter().copied().map(Subject::Team));
            }
            Event::MfaChanged { user, teams, .. } => {
                subjects.push(Subject::User(*user));
                subjects.extend(teams.iter().copied().map(Subject::Team));
            }
            Event::SignInChanged { users, .. } => subjects.extend(users.iter().flat_map(signing)),
            Event::UserDeleted { deleted } => {
                subjects.push(Subject::User(deleted.user.id));
                subjects.extend(deleted.memberships.iter().map(|(team, _)| Subject::Team(*team)));
                for (app, owner, _) in &deleted.grants {
                    subjects.extend([Subject::App(*app), (*owner).into()]);
                }
                subjects.extend(deleted.accounts.iter().map(|(account, _)| Subject::Account(*account)));
            }
            Event::TeamProvisioned { team, admin } => {
                subjects.extend([Subject::Team(team.id), Subject::User(*admin)]);
                subjects.extend(team.account.map(Subject::Account));
            }
            Event::TeamRenamed { team, .. }
            | Event::LimitsChanged { team, .. }
            | Event::DefaultRoleChanged { team, .. }
            | Event::OAuthAccessChanged { team, .. }
            | Event::TeamDeletionRequested { team, .. }
            | Event::TeamDeletionWithdrawn { team, .. }
            | Event::IdentityProviderChanged { team, .. }
            | Event::AddOnControlsChanged { team, .. }
            | Event::AddOnAllowed { team, .. }
            | Event::AddOnDisallowed { team, .. }
            | Event::PaymentMethodChanged { team, .. } => subjects.push(Subject::Team(*team)),
            Event::SsoChanged { team, sign_ins_ended, .. } => {
                subjects.push(Subject::Team(*team));
                subjects.extend(sign_ins_ended.iter().flat_map(signing));
            }
            Event::SsoMemberAdded { added } => {
                subjects.extend([Subject::Team(added.team), Subject::User(added.user)]);
                subjects.extend(added.teams.iter().copied().map(Subject::Team));
            }
            Event::AddOnInstalled { add_on, owner } | Event::AddOnRemoved { add_on, owner } => {
                subjects.extend([Subject::App(add_on.app), (*owner).into()]);
            }
            Event::AddOnPlanChanged { app, owner, .. } => subjects.extend([Subject::App(*app), (*owner).into()]),
            Event::TeamDeleted { deleted } => {
                subjects.push(Subject::Team(deleted.team.id));
                subjects.extend(deleted.team.account.map(Subject::Account));
                subjects.extend(deleted.members.iter().map(|(user, _)| Subject::User(*user)));
                subjects.extend(deleted.sign_ins_ended.iter().flat_map(signing));
            }
            Event::MemberAdded { team, user, .. } => {
                subjects.extend([Subject::Team(*team), Subject::User(*user)]);
            }
            Event::MemberRoleChanged { changed } => {
                subjects.extend([Subject::Team(changed.team), Subject::User(changed.user)]);
            }
            Event::MemberRemoved { removed } => {
                subjects.extend([Subject::Team(removed.team), Subject::User(removed.user)]);
                subjects.extend(removed.grants.iter().map(|(app, _)| Subject::App(*app)));
                subjects.extend(removed.sign_ins_ended.iter().flat_map(signing));
            }
            Event::MemberInvited { invitation, .. } | Event::InvitationRevoked { invitation } => {
                subjects.push(Subject::Team(invitation.team));
            }
            Event::InvitationAccepted { user, invitation, .. } | Event::InvitationDeclined { user, invitation } => {
                subjects.extend([Subject::Team(invitation.team), Subject::User(*user)]);
            }
            Event::AppCreated { created } => {
                subjects.extend([Subject::App(created.app.id), created.app.owner.into()]);
            }
            Event::AppRenamed { app, owner, .. }
            | Event::AppLocked { app, owner }
            | Event::AppUnlocked { app, owner }
            | Event::AppScaled { app, owner, .. } => subjects.extend([Subject::App(*app), (*owner).into()]),
            Event::AppDeleted { deleted } => {
                subjects.extend([Subject::App(deleted.app.id), deleted.app.owner.into()]);
                subjects.extend(deleted.grants.iter().map(|(user, _)| Subject::User(*user)));
            }
            Event::AppJoined { app, owner, user, .. }
            | Event::PermissionsGranted { app, owner, user, .. }
            | Event::CollaboratorAdded { app, owner, user, .. }
            | Event::PermissionsChanged { app, owner, user, .. } => {
                subjects.extend([Subject::App(*app), (*owner).into(), Subject::User(*user)]);
            }
            Event::CollaboratorRemoved { removed } => {
                subjects.extend([Subject::App(removed.app), removed.owner.into(), Subject::User(removed.user)]);
            }
            Event::AppTransferred { moved: one } | Event::AppTransferAccepted { moved: one } => {
                subjects.extend(moved(one));
            }
            Event::AppsTransferred { moved: many } => subjects.extend(many.iter().flat_map(moved)),
            Event::AppTransferRequested { transfer }
            | Event::AppTransferDeclined { transfer }
            | Event::AppTransferCancelled { transfer } => subjects.extend([
                Subject::App(transfer.app),
                Subject::User(transfer.owner),
                Subject::User(transfer.recipient),
            ]),
            Event::AppReleased { app, owner, .. }
            | Event::AppCoupled { app, owner, .. }
            | Event::AppStageChanged { app, owner, .. }
            | Event::AppUncoupled { app, owner, .. } => subjects.extend([Subject::App(*app), (*owner).into()]),
            Event::PipelineCreated { pipeline } => subjects.push(pipeline.owner.into()),
            Event::PipelineRenamed { owner, .. } => subjects.push((*owner).into()),
            Event::PipelineDeleted { deleted } => {
                subjects.push(deleted.pipeline.owner.into());
                subjects.extend(deleted.couplings.iter().map(|(app, _)| Subject::App(*app)));
            }
            Event::PipelineTransferred { moved: pipeline } => {
                subjects.extend([Subject::from(pipeline.from), pipeline.to.into()]);
                subjects.extend(pipeline.apps.iter().flat_map(moved));
            }
            Event::AppPromoted { promotion } => {
                subjects.extend([Subject::App(promotion.source), promotion.owner.into()]);
                subjects.extend(promotion.targets.iter().map(|target| Subject::App(target.app)));
            }
            Event::SpaceCreated { space } => subjects.push(Subject::Team(space.team)),
            Event::SpaceRenamed { team, .. } => subjects.push(Subject::Team(*team)),
            Event::SpaceDestroyed { space, creators } => {
                subjects.push(Subject::Team(space.team));
                subjects.extend(creators.iter().map(|user| Subject::User(*user)));
            }
            Event::AppCreationAllowed { team, user, .. } | Event::AppCreationRevoked { team, user, .. } => {
                subjects.extend([Subject::Team(*team), Subject::User(*user)]);
            }
            Event::SpaceTransferred { moved: space } => {
                subjects.extend([Subject::Team(space.from), Subject::Team(space.to)]);
                subjects.extend(space.apps.iter().flat_map(moved));
                subjects.extend(space.creators_ended.iter().map(|user| Subject::User(*user)));
            }
            Event::AccountOpened { account, manager } => {
                subjects.extend([Subject::Account(account.id), Subject::User(*manager)]);
            }
            Event::AccountMemberAdded { account, user, .. }
            | Event::AccountPermissionsChanged { account, user, .. }
            | Event::AccountMemberRemoved { account, user, .. } => {
                subjects.extend([Subject::Account(*account), Subject::User(*user)]);
            }
            Event::TeamMoveOutRequested { team, .. } | Event::TeamMoveOutWithdrawn { team, .. } => {
                subjects.push(Subject::Team(*team));
            }
            Event::TeamMovedIn { moved: team } | Event::TeamMovedOut { moved: team } => {
                let accounts = [team.account.0, team.account.1].into_iter().flatten();
                subjects.push(Subject::Team(team.team));
                subjects.extend(accounts.map(Subject::Account));
                for (app, grant) in &team.grants {
                    subjects.extend([Subject::App(*app), Subject::User(grant.user)]);
                }
            }
        }
        subjects.sort_unstable();
        subjects.dedup();
        subjects
    }
}

impl Event {
    /// What is called otherwise after the event, or is gone, and its name before (X-8).
    pub(crate) fn name_before(&self) -> Option<(NamedId, String)> {
        Some(if let Self::EmailChanged { changed } = self {
            (changed.user.into(), changed.from.to_string())
        } else if let Self::UserDeleted { deleted } = self {
            (deleted.user.id.into(), deleted.user.email.to_string())
        } else if let Self::TeamRenamed { team, from, .. } = self {
            ((*team).into(), from.to_string())
        } else if let Self::TeamDeleted { deleted } = self {
            (deleted.team.id.into(), deleted.team.name.to_string())
        } else if let Self::AppRenamed { app, from, .. } = self {
            ((*app).into(), from.to_string())
        } else if let Self::AppDeleted { deleted } = self {
            (deleted.app.id.into(), deleted.app.name.to_string())
        } else if let Self::SpaceRenamed { space, from, .. } = self {
            ((*space).into(), from.to_string())
        } else if let Self::SpaceDestroyed { space, .. } = self {
            (space.id.into(), space.name.to_string())
        } else if let Self::PipelineRenamed { pipeline, from, .. } = self {
            ((*pipeline).into(), from.to_string())
        } else if let Self::PipelineDeleted { deleted } = self {
            (deleted.pipeline.id.into(), deleted.pipeline.name.to_string())
        } else {
            return None;
        })
    }

    /// What an event of another team did to how people of this one sign in: all that the log of this team tells of it (ACC-4).
    pub(crate) fn seen_from(&self, team: TeamId) -> Option<Self> {
        let mut joined = Vec::new();
        let (of, changes, to) = if let Self::SsoChanged { team, sign_ins_ended, .. } = self {
            (*team, &**sign_ins_ended, SignIn::Password)
        } else if let Self::MemberRemoved { removed } = self {
            (removed.team, &*removed.sign_ins_ended, SignIn::Password)
        } else if let Self::TeamDeleted { deleted } = self {
            (deleted.team.id, &*deleted.sign_ins_ended, SignIn::Password)
        } else if let Self::SsoMemberAdded { added } = self {
            joined.push(SignInChange { user: added.user, teams: added.teams.clone() });
            (added.team, &*joined, SignIn::Sso)
        } else {
            return None;
        };
        let from = match to {
            SignIn::Sso => SignIn::Password,
            SignIn::Password => SignIn::Sso,
        };
        let own = changes.iter().filter(|change| change.teams.contains(&team));
        let users = own.map(|change| SignInChange { user: change.user, teams: [team].into() }).collect();
        (of != team).then_some(Self::SignInChanged { users, from, to })
    }
}

readable! { AuditEvent Event }

/// The number, the time, who, and what happened, in one line.
impl InWords for AuditEvent {
    fn in_words(&self, f: &mut fmt::Formatter<'_>, names: &dyn Names) -> fmt::Result {
        let (actor, event) = (names.of(&self.actor), names.of(&self.event));
        write!(f, "#{} {} {actor}: {event}", self.seq, self.at.format("%Y-%m-%dT%H:%M:%SZ"))
    }
}

/// `1 app`, `2 apps`.
struct Apps(usize);

impl fmt::Display for Apps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} app{}", self.0, if self.0 == 1 { "" } else { "s" })
    }
}

/// What happened. What an event says is shown as it is, and a name stands where the event has an id.
impl InWords for Event {
    fn in_words(&self, f: &mut fmt::Formatter<'_>, names: &dyn Names) -> fmt::Result {
        match self {
            Self::StoreOpened { .. } => f.write_str("opened the store"),
            Self::SettingsChanged { .. } => f.write_str("changed the settings of the store"),
            Self::UserRegistered { user } => write!(f, "registered user `{}`", user.email),
            Self::EmailChanged { changed } => {
                let EmailChange { user, from, to, .. } = &**changed;
                write!(f, "changed the e-mail of user `{user}` from `{from}` to `{to}`", user = names.of(user))
            }
            Self::MfaChanged { user, to, .. } => match to {
                Mfa::Enrolled => write!(f, "enrolled user `{user}` in MFA", user = names.of(user)),
                Mfa::NotEnrolled => write!(f, "removed user `{user}` from MFA", user = names.of(user)),
            },
            Self::SignInChanged { users, to, .. } => {
                f.write_str("switched user")?;
                for (index, change) in users.iter().enumerate() {
                    write!(f, "{} `{}`", if index == 0 { "" } else { "," }, names.of(&change.user))?;
                }
                f.write_str(match to {
                    SignIn::Sso => " to single sign-on",
                    SignIn::Password => " to sign-in by password",
                })
            }
            Self::UserDeleted { deleted } => write!(f, "deleted user `{}`", deleted.user.email),
            Self::TeamProvisioned { team, admin } => {
                write!(f, "provisioned the {} `{}` with admin `{admin}`", team.kind, team.name, admin = names.of(admin))
            }
            Self::TeamRenamed { from, to, .. } => write!(f, "renamed team `{from}` to `{to}`"),
            Self::LimitsChanged { team, .. } => write!(f, "changed the limits of team `{team}`", team = names.of(team)),
            Self::DefaultRoleChanged { team, to, .. } => {
                write!(f, "changed the default role of team `{team}` to {to}", team = names.of(team))
            }
            Self::OAuthAccessChanged { team, to, .. } => match to {
                OAuthAccess::Allowed => {
                    write!(f, "allowed third-party clients to access team `{team}`", team = names.of(team))
                }
                OAuthAccess::Denied => {
                    write!(f, "denied third-party clients access to team `{team}`", team = names.of(team))
                }
            },
            Self::TeamDeletionRequested { team, .. } => {
                write!(f, "requested the deletion of team `{team}`", team = names.of(team))
            }
            Self::TeamDeletionWithdrawn { team, .. } => {
                write!(f, "withdrew the request to delete team `{team}`", team = names.of(team))
            }
            Self::TeamDeleted { deleted } => write!(f, "deleted team `{}`", deleted.team.name),
            Self::MemberAdded { team, user, role, .. } => {
                write!(
                    f,
                    "added user `{user}` to team `{team}` as {role}",
                    user = names.of(user),
                    team = names.of(team)
                )
            }
            Self::MemberRoleChanged { changed } => {
                let RoleChange { team, user, from, to, .. } = &**changed;
                write!(
                    f,
                    "changed the role of user `{user}` in team `{team}` from {from} to {to}",
                    user = names.of(user),
                    team = names.of(team)
                )
            }
            Self::MemberRemoved { removed } => {
                let MemberRemoval { team, user, .. } = &**removed;
                write!(f, "removed user `{user}` from team `{team}`", user = names.of(user), team = names.of(team))
            }
            Self::MemberInvited { invitation, .. } => {
                let Invitation { team, email, role, .. } = &**invitation;
                write!(f, "invited `{email}` to team `{team}`", team = names.of(team))?;
                role.map_or(Ok(()), |role| write!(f, " as {role}"))
            }
            Self::InvitationAccepted { role, invitation, .. } => {
                let team = &invitation.team;
                write!(f, "accepted the invitation to team `{team}` as {role}", team = names.of(team))
            }
            Self::InvitationDeclined { invitation, .. } => {
                let team = &invitation.team;
                write!(f, "declined the invitation to team `{team}`", team = names.of(team))
            }
            Self::InvitationRevoked { invitation } => {
                let Invitation { team, email, .. } = &**invitation;
                write!(f, "revoked the invitation of `{email}` to team `{team}`", team = names.of(team))
            }
            Self::AppCreated { created } => {
                let App { name, owner, .. } = &created.app;
                write!(f, "created app `{name}` for {owner}", owner = names.of(owner))
            }
            Self::AppRenamed { from, to, .. } => write!(f, "renamed app `{from}` to `{to}`"),
            Self::AppLocked { app, .. } => write!(f, "locked app `{app}`", app = names.of(app)),
            Self::AppUnlocked { app, .. } => write!(f, "unlocked app `{app}`", app = names.of(app)),
            Self::AppScaled { app, dynos, .. } => match dynos.to {
                Some(Dyno { process, size, quantity }) => {
                    write!(f, "scaled `{process}` of app `{app}` to {quantity} × {size}", app = names.of(app))
                }
                None => write!(f, "scaled `{}` of app `{app}` to zero", dynos.process, app = names.of(app)),
            },
            Self::AppDeleted { deleted } => write!(f, "deleted app `{}`", deleted.app.name),
            Self::AppJoined { app, user, .. } => {
                write!(f, "user `{user}` joined app `{app}`", user = names.of(user), app = names.of(app))
            }
            Self::PermissionsGranted { app, user, permissions, .. } => {
                write!(
                    f,
                    "granted user `{user}` on app `{app}`: {permissions}",
                    user = names.of(user),
                    app = names.of(app)
                )
            }
            Self::CollaboratorAdded { app, user, .. } => {
                write!(f, "added user `{user}` to app `{app}`", user = names.of(user), app = names.of(app))
            }
            Self::PermissionsChanged { app, user, from, to, .. } => {
                write!(
                    f,
                    "changed the permissions of user `{user}` on app `{app}` from {from} to {to}",
                    user = names.of(user),
                    app = names.of(app)
                )
            }
            Self::CollaboratorRemoved { removed } => {
                let CollaboratorRemoval { app, user, .. } = &**removed;
                write!(f, "removed user `{user}` from app `{app}`", user = names.of(user), app = names.of(app))
            }
            Self::AppTransferred { moved } => {
                let Move { app, from: owner, to, .. } = &**moved;
                write!(
                    f,
                    "transferred app `{app}` from {owner} to {to}",
                    app = names.of(app),
                    owner = names.of(owner),
                    to = names.of(to)
                )
            }
            Self::AppsTransferred { moved } => {
                write!(f, "transferred {}", Apps(moved.len()))?;
                moved.first().map_or(Ok(()), |Move { to, .. }| write!(f, " to {to}", to = names.of(to)))
            }
            Self::AppTransferRequested { transfer } => {
                let AppTransfer { app, recipient: user, .. } = &**transfer;
                write!(
                    f,
                    "requested the transfer of app `{app}` to user `{user}`",
                    app = names.of(app),
                    user = names.of(user)
                )
            }
            Self::AppTransferAccepted { moved } => {
                let app = &moved.app;
                write!(f, "accepted the transfer of app `{app}`", app = names.of(app))
            }
            Self::AppTransferDeclined { transfer } => {
                let app = &transfer.app;
                write!(f, "declined the transfer of app `{app}`", app = names.of(app))
            }
            Self::AppTransferCancelled { transfer } => {
                let app = &transfer.app;
                write!(f, "cancelled the transfer of app `{app}`", app = names.of(app))
            }
            Self::AppReleased { app, release, .. } => {
                write!(f, "released v{} of app `{app}`: {}", release.number, release.description, app = names.of(app))
            }
            Self::PipelineCreated { pipeline } => {
                let Pipeline { name, owner, .. } = &**pipeline;
                write!(f, "created pipeline `{name}` for {owner}", owner = names.of(owner))
            }
            Self::PipelineRenamed { from, to, .. } => write!(f, "renamed pipeline `{from}` to `{to}`"),
            Self::PipelineDeleted { deleted } => write!(f, "deleted pipeline `{}`", deleted.pipeline.name),
            Self::AppCoupled { app, pipeline, stage, .. } => {
                write!(
                    f,
                    "added app `{app}` to pipeline `{pipeline}` in stage {stage}",
                    app = names.of(app),
                    pipeline = names.of(pipeline)
                )
            }
            Self::AppStageChanged { app, from, to, .. } => {
                write!(f, "moved app `{app}` from stage {from} to {to}", app = names.of(app))
            }
            Self::AppUncoupled { app, pipeline, .. } => write!(
                f,
                "removed app `{app}` from pipeline `{pipeline}`",
                app = names.of(app),
                pipeline = names.of(pipeline)
            ),
            Self::PipelineTransferred { moved } => {
                let PipelineMove { pipeline, from: owner, to, .. } = &**moved;
                write!(
                    f,
                    "transferred pipeline `{pipeline}` from {owner} to {to}",
                    pipeline = names.of(pipeline),
                    owner = names.of(owner),
                    to = names.of(to)
                )
            }
            Self::AppPromoted { promotion } => {
                let Promotion { source: app, targets, .. } = &**promotion;
                write!(f, "promoted app `{app}` to {}", Apps(targets.len()), app = names.of(app))
            }
            Self::IdentityProviderChanged { team, to, .. } => match to {
                Some(_) => write!(f, "set the identity provider of team `{team}`", team = names.of(team)),
                None => write!(f, "removed the identity provider of team `{team}`", team = names.of(team)),
            },
            Self::SsoChanged { team, to, .. } => match to {
                Sso::Enabled => write!(f, "enabled single sign-on for team `{team}`", team = names.of(team)),
                Sso::Disabled | Sso::NotConfigured => {
                    write!(f, "disabled single sign-on for team `{team}`", team = names.of(team))
                }
            },
            Self::SsoMemberAdded { added } => {
                let SsoEntry { team, user, role, .. } = &**added;
                write!(
                    f,
                    "added user `{user}` to team `{team}` as {role} on their first single sign-on",
                    user = names.of(user),
                    team = names.of(team)
                )
            }
            Self::AddOnInstalled { add_on, .. } => {
                let AddOn { app, service, plan, .. } = &**add_on;
                write!(f, "installed add-on `{service}:{}` on app `{app}`", plan.name, app = names.of(app))
            }
            Self::AddOnPlanChanged { app, changed, .. } => {
                let PlanChange { service, from, to, .. } = &**changed;
                write!(
                    f,
                    "changed the plan of add-on `{service}` of app `{app}` from `{}` to `{}`",
                    from.name,
                    to.name,
                    app = names.of(app)
                )
            }
            Self::AddOnRemoved { add_on, .. } => {
                let AddOn { app, service, .. } = &**add_on;
                write!(f, "removed add-on `{service}` from app `{app}`", app = names.of(app))
            }
            Self::AddOnControlsChanged { team, to, .. } => match to {
                AddOnControls::On => write!(f, "switched on add-on controls for team `{team}`", team = names.of(team)),
                AddOnControls::Off => {
                    write!(f, "switched off add-on controls for team `{team}`", team = names.of(team))
                }
            },
            Self::AddOnAllowed { team, service } => {
                write!(f, "allowed the add-on service `{service}` in team `{team}`", team = names.of(team))
            }
            Self::AddOnDisallowed { team, service } => {
                write!(f, "disallowed the add-on service `{service}` in team `{team}`", team = names.of(team))
            }
            Self::PaymentMethodChanged { team, .. } => {
                write!(f, "changed the payment method of team `{team}`", team = names.of(team))
            }
            Self::MonthsClosed {} => f.write_str("closed the months that were over"),
            Self::SpaceCreated { space } => {
                let Space { name, team, .. } = &**space;
                write!(f, "created space `{name}` in team `{team}`", team = names.of(team))
            }
            Self::SpaceRenamed { from, to, .. } => write!(f, "renamed space `{from}` to `{to}`"),
            Self::SpaceDestroyed { space, .. } => write!(f, "destroyed space `{}`", space.name),
            Self::AppCreationAllowed { space, user, .. } => {
                write!(
                    f,
                    "allowed user `{user}` to create apps in space `{space}`",
                    user = names.of(user),
                    space = names.of(space)
                )
            }
            Self::AppCreationRevoked { space, user, .. } => {
                write!(
                    f,
                    "revoked the permission of user `{user}` to create apps in space `{space}`",
                    user = names.of(user),
                    space = names.of(space)
                )
            }
            Self::SpaceTransferred { moved } => {
                let SpaceMove { space, from: owner, to: team, .. } = &**moved;
                write!(
                    f,
                    "transferred space `{space}` from team `{owner}` to team `{team}`",
                    space = names.of(space),
                    owner = names.of(owner),
                    team = names.of(team)
                )
            }
            Self::AccountOpened { account, manager } => {
                write!(f, "opened account `{}` with manager `{manager}`", account.name, manager = names.of(manager))
            }
            Self::AccountMemberAdded { account, user, permissions } => {
                write!(
                    f,
                    "added user `{user}` to account `{account}` with permissions {permissions}",
                    user = names.of(user),
                    account = names.of(account)
                )
            }
            Self::AccountPermissionsChanged { account, user, from, to } => {
                write!(
                    f,
                    "changed the permissions of user `{user}` in account `{account}` from {from} to {to}",
                    user = names.of(user),
                    account = names.of(account)
                )
            }
            Self::AccountMemberRemoved { account, user, .. } => {
                write!(
                    f,
                    "removed user `{user}` from account `{account}`",
                    user = names.of(user),
                    account = names.of(account)
                )
            }
            Self::TeamMovedIn { moved } => {
                let TeamMove { team, account: (_, account), kind: (_, kind), .. } = &**moved;
                match account {
                    Some(account) => write!(
                        f,
                        "moved team `{team}` into account `{account}`",
                        team = names.of(team),
                        account = names.of(account)
                    ),
                    None => write!(f, "made team `{team}` an {kind}", team = names.of(team)),
                }
            }
            Self::TeamMoveOutRequested { team, .. } => {
                write!(f, "requested to move team `{team}` out of its account", team = names.of(team))
            }
            Self::TeamMoveOutWithdrawn { team, .. } => {
                write!(f, "withdrew the request to move team `{team}` out of its account", team = names.of(team))
            }
            Self::TeamMovedOut { moved } => {
                let team = &moved.team;
                write!(f, "moved team `{team}` out of its account", team = names.of(team))
            }
        }
    }
}
