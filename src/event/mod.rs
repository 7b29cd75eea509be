//! What happened: one event for each accepted operation, and one for what had ended before it.
//!
//! An event tells the whole change, with what was there before and what is there after, so that a log of events replays
//! to an equal store and every event can be taken back.

mod payload;
mod words;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use smallvec::{SmallVec, smallvec};

use crate::actor::{ActorKind, EventContext};
use crate::entity::{
    AccountPermissionSet, AddOn, AddOnControls, AppTransfer, EnterpriseAccount, Group, Held, IdentityProvider,
    Invitation, Labels, Limits, Mfa, OAuthAccess, Owner, Pipeline, Release, SignIn, SignInRequirement, Space, Sso,
    Stage, Team, User,
};
use crate::ids::{AccountId, AppId, GroupId, PipelineId, RoleId, SpaceId, TeamId, UserId};
use crate::names::{AppName, GroupName, PaymentMethod, PipelineName, RoleName, ServiceName, SpaceName, TeamName};
use crate::permission::PermissionSet;
use crate::policy::{CustomRole, RoleRights};
use crate::readable::NamedId;
use crate::role::TeamRole;
use crate::settings::{StoreOpening, StoreOptions};
use crate::sort;
use crate::version::Version;

pub use payload::*;

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
    #[serde(with = "crate::time")]
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
    /// A user is suspended, and refused everything.
    UserSuspended { user: UserId, suspended_at: DateTime<Utc>, teams: Box<[TeamId]> },
    /// A user is no longer suspended.
    UserReinstated { user: UserId, suspended_at: DateTime<Utc>, teams: Box<[TeamId]> },
    /// A user was deleted, with memberships, grants, invitations and pending transfers.
    UserDeleted { deleted: Box<UserDeletion> },
    /// A team was provisioned with its first admin.
    TeamProvisioned { team: Box<Team>, admin: UserId },
    /// A team was renamed.
    TeamRenamed { team: TeamId, from: Box<TeamName>, to: Box<TeamName> },
    /// The labels of a team changed.
    TeamLabelsChanged { team: TeamId, from: Labels, to: Labels },
    /// The limits of a team changed.
    LimitsChanged { team: TeamId, from: Box<Limits>, to: Box<Limits> },
    /// The default role of a team changed.
    DefaultRoleChanged { team: TeamId, from: TeamRole, to: TeamRole },
    /// Third-party OAuth access to a team changed.
    #[serde(rename = "oauth-access-changed")]
    OAuthAccessChanged { team: TeamId, from: OAuthAccess, to: OAuthAccess },
    /// What sign-in a team requires changed.
    SignInRequirementChanged { team: TeamId, from: SignInRequirement, to: SignInRequirement },
    /// An admin asked for the deletion of an Enterprise Team.
    TeamDeletionRequested { team: TeamId, requested_at: DateTime<Utc> },
    /// The request for deletion was withdrawn.
    TeamDeletionWithdrawn { team: TeamId, requested_at: DateTime<Utc> },
    /// A team was deleted, with its memberships and invitations.
    TeamDeleted { deleted: Box<TeamDeletion> },
    /// A user was added to a team; a pending invitation of theirs into it ended.
    MemberAdded { added: Box<MemberEntry> },
    /// A member has another role.
    MemberRoleChanged { changed: Box<RoleChange> },
    /// A user left a team or was removed, and lost what they held on its apps.
    MemberRemoved { removed: Box<MemberRemoval> },
    /// Something ends at another time, or no more.
    EndChanged { changed: Box<EndChange> },
    /// What had ended left the store.
    EndsSwept { swept: Box<Sweep> },
    /// An e-mail was invited into a team, in place of an earlier invitation if there was one.
    MemberInvited { invitation: Box<Invitation>, replaced: Option<Box<Invitation>> },
    /// An invitation was accepted: the user is in the team in this role.
    InvitationAccepted { user: UserId, role: TeamRole, invitation: Box<Invitation> },
    /// An invitation was declined.
    InvitationDeclined { user: UserId, invitation: Box<Invitation> },
    /// An invitation was revoked.
    InvitationRevoked { invitation: Box<Invitation> },
    /// A group was made.
    GroupCreated { group: Box<Group> },
    /// A group was renamed.
    GroupRenamed { group: GroupId, team: TeamId, from: Box<GroupName>, to: Box<GroupName> },
    /// A group was deleted, with what it held.
    GroupDeleted { deleted: Box<GroupDeletion> },
    /// Somebody was put into a group.
    GroupMemberAdded { group: GroupId, team: TeamId, user: UserId },
    /// Somebody was put out of a group.
    GroupMemberRemoved { group: GroupId, team: TeamId, user: UserId },
    /// A group was granted permissions on an app.
    GroupPermissionsGranted { app: AppId, owner: Owner, group: GroupId, permissions: PermissionSet },
    /// A group holds other permissions on an app.
    GroupPermissionsChanged { app: AppId, owner: Owner, group: GroupId, from: PermissionSet, to: PermissionSet },
    /// A group holds permissions on an app no more.
    GroupPermissionsRevoked { app: AppId, owner: Owner, group: GroupId, permissions: PermissionSet },
    /// A role of a team's own was defined.
    RoleCreated { role: Box<CustomRole> },
    /// A role of a team's own was renamed.
    RoleRenamed { role: RoleId, team: TeamId, from: Box<RoleName>, to: Box<RoleName> },
    /// A role of a team's own holds something else, for everybody who has it.
    RoleRightsChanged { role: RoleId, team: TeamId, from: Box<RoleRights>, to: Box<RoleRights> },
    /// A role of a team's own was deleted.
    RoleDeleted { role: Box<CustomRole> },
    /// An app was created.
    AppCreated { created: Box<AppCreation> },
    /// An app was renamed.
    AppRenamed { app: AppId, owner: Owner, from: Box<AppName>, to: Box<AppName> },
    /// The labels of an app changed.
    AppLabelsChanged { app: AppId, owner: Owner, from: Labels, to: Labels },
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
    /// The labels of a pipeline changed.
    PipelineLabelsChanged { pipeline: PipelineId, owner: Owner, from: Labels, to: Labels },
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
    /// The labels of a space changed.
    SpaceLabelsChanged { space: SpaceId, team: TeamId, from: Labels, to: Labels },
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
    UserSuspended "user-suspended"
    UserReinstated "user-reinstated"
    UserDeleted "user-deleted"
    TeamProvisioned "team-provisioned"
    TeamRenamed "team-renamed"
    TeamLabelsChanged "team-labels-changed"
    LimitsChanged "limits-changed"
    DefaultRoleChanged "default-role-changed"
    OAuthAccessChanged "oauth-access-changed"
    SignInRequirementChanged "sign-in-requirement-changed"
    TeamDeletionRequested "team-deletion-requested"
    TeamDeletionWithdrawn "team-deletion-withdrawn"
    TeamDeleted "team-deleted"
    MemberAdded "member-added"
    MemberRoleChanged "member-role-changed"
    MemberRemoved "member-removed"
    EndChanged "end-changed"
    EndsSwept "ends-swept"
    MemberInvited "member-invited"
    InvitationAccepted "invitation-accepted"
    InvitationDeclined "invitation-declined"
    InvitationRevoked "invitation-revoked"
    GroupCreated "group-created"
    GroupRenamed "group-renamed"
    GroupDeleted "group-deleted"
    GroupMemberAdded "group-member-added"
    GroupMemberRemoved "group-member-removed"
    GroupPermissionsGranted "group-permissions-granted"
    GroupPermissionsChanged "group-permissions-changed"
    GroupPermissionsRevoked "group-permissions-revoked"
    RoleCreated "role-created"
    RoleRenamed "role-renamed"
    RoleRightsChanged "role-rights-changed"
    RoleDeleted "role-deleted"
    AppCreated "app-created"
    AppRenamed "app-renamed"
    AppLabelsChanged "app-labels-changed"
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
    PipelineLabelsChanged "pipeline-labels-changed"
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
    SpaceLabelsChanged "space-labels-changed"
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

/// The app that it is held on, if it is one.
const fn app_of(held: Held) -> Option<AppId> {
    match held {
        Held::Grant { app, .. } | Held::GroupGrant { app, .. } => Some(app),
        Held::Membership { .. } | Held::AppCreation { .. } => None,
    }
}

impl EndedThing {
    /// What it concerns; may name something twice.
    pub(crate) fn subjects(&self) -> Vec<Subject> {
        let mut subjects = vec![self.owner().into()];
        subjects.extend(self.held().user().map(Subject::User));
        subjects.extend(app_of(self.held()).map(Subject::App));
        if let Self::Membership(removed) = self {
            subjects.extend(removed.grants.iter().map(|(app, _)| Subject::App(*app)));
        }
        subjects
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
    /// assert_eq!(
    ///     store.events().last().map(|event| event.apps().collect()),
    ///     Some(vec![website])
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn apps(&self) -> impl Iterator<Item = AppId> + use<> {
        self.subjects().into_iter().filter_map(|subject| match subject {
            Subject::App(app) => Some(app),
            Subject::By(_) | Subject::User(_) | Subject::Team(_) | Subject::Account(_) => None,
        })
    }

    /// Everything that the event concerns, in order, each once. Most concern few.
    pub(crate) fn subjects(&self) -> SmallVec<[Subject; 6]> {
        let mut subjects = smallvec![Subject::By(self.actor.user())];
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
            Event::MfaChanged { user, teams, .. }
            | Event::UserSuspended { user, teams, .. }
            | Event::UserReinstated { user, teams, .. } => {
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
            | Event::TeamLabelsChanged { team, .. }
            | Event::LimitsChanged { team, .. }
            | Event::DefaultRoleChanged { team, .. }
            | Event::OAuthAccessChanged { team, .. }
            | Event::SignInRequirementChanged { team, .. }
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
            Event::MemberAdded { added } => {
                subjects.extend([Subject::Team(added.team), Subject::User(added.user)]);
            }
            Event::MemberRoleChanged { changed } => {
                subjects.extend([Subject::Team(changed.team), Subject::User(changed.user)]);
            }
            Event::MemberRemoved { removed } => {
                subjects.extend([Subject::Team(removed.team), Subject::User(removed.user)]);
                subjects.extend(removed.grants.iter().map(|(app, _)| Subject::App(*app)));
                subjects.extend(removed.sign_ins_ended.iter().flat_map(signing));
            }
            Event::EndChanged { changed } => {
                subjects.push(changed.owner.into());
                subjects.extend(changed.held.user().map(Subject::User));
                subjects.extend(app_of(changed.held).map(Subject::App));
            }
            Event::EndsSwept { swept } => {
                subjects.extend(swept.ended.iter().flat_map(|one| one.ended.subjects()));
                subjects.extend(swept.sign_ins_ended.iter().flat_map(signing));
            }
            Event::MemberInvited { invitation, .. } | Event::InvitationRevoked { invitation } => {
                subjects.push(Subject::Team(invitation.team));
            }
            Event::InvitationAccepted { user, invitation, .. } | Event::InvitationDeclined { user, invitation } => {
                subjects.extend([Subject::Team(invitation.team), Subject::User(*user)]);
            }
            Event::GroupCreated { group } => subjects.push(Subject::Team(group.team)),
            Event::GroupRenamed { team, .. } => subjects.push(Subject::Team(*team)),
            Event::GroupDeleted { deleted } => {
                subjects.push(Subject::Team(deleted.group.team));
                subjects.extend(deleted.members.iter().map(|user| Subject::User(*user)));
                subjects.extend(deleted.grants.iter().map(|(app, _)| Subject::App(*app)));
            }
            Event::GroupMemberAdded { team, user, .. } | Event::GroupMemberRemoved { team, user, .. } => {
                subjects.extend([Subject::Team(*team), Subject::User(*user)]);
            }
            Event::GroupPermissionsGranted { app, owner, .. }
            | Event::GroupPermissionsChanged { app, owner, .. }
            | Event::GroupPermissionsRevoked { app, owner, .. } => {
                subjects.extend([Subject::App(*app), (*owner).into()]);
            }
            Event::RoleCreated { role } | Event::RoleDeleted { role } => subjects.push(Subject::Team(role.team)),
            Event::RoleRenamed { team, .. } | Event::RoleRightsChanged { team, .. } => {
                subjects.push(Subject::Team(*team));
            }
            Event::AppCreated { created } => {
                subjects.extend([Subject::App(created.app.id), created.app.owner.into()]);
            }
            Event::AppRenamed { app, owner, .. }
            | Event::AppLabelsChanged { app, owner, .. }
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
            Event::PipelineRenamed { owner, .. } | Event::PipelineLabelsChanged { owner, .. } => {
                subjects.push((*owner).into());
            }
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
            Event::SpaceRenamed { team, .. } | Event::SpaceLabelsChanged { team, .. } => {
                subjects.push(Subject::Team(*team));
            }
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
        sort::by(&mut subjects, Ord::cmp);
        subjects.dedup();
        subjects
    }
}

impl Event {
    /// Tells what is called otherwise after the event, or is gone, and its name before (X-8): with a team also its groups and roles.
    pub(crate) fn names_before(&self, tell: &mut dyn FnMut(NamedId, String)) {
        if let Some((id, name)) = self.name_before() {
            tell(id, name);
        }
        if let Self::TeamDeleted { deleted } = self {
            deleted.groups.iter().for_each(|ended| tell(ended.group.id.into(), ended.group.name.to_string()));
            deleted.roles.iter().for_each(|role| tell(role.id.into(), role.name.to_string()));
        }
    }

    fn name_before(&self) -> Option<(NamedId, String)> {
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
        } else if let Self::GroupRenamed { group, from, .. } = self {
            ((*group).into(), from.to_string())
        } else if let Self::GroupDeleted { deleted } = self {
            (deleted.group.id.into(), deleted.group.name.to_string())
        } else if let Self::RoleRenamed { role, from, .. } = self {
            ((*role).into(), from.to_string())
        } else if let Self::RoleDeleted { role } = self {
            (role.id.into(), role.name.to_string())
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
            (Some(*team), &**sign_ins_ended, SignIn::Password)
        } else if let Self::MemberRemoved { removed } = self {
            (Some(removed.team), &*removed.sign_ins_ended, SignIn::Password)
        } else if let Self::TeamDeleted { deleted } = self {
            (Some(deleted.team.id), &*deleted.sign_ins_ended, SignIn::Password)
        } else if let Self::EndsSwept { swept } = self {
            if swept.ended.iter().any(|one| one.ended.owner() == Owner::Team(team)) {
                return None;
            }
            (None, &*swept.sign_ins_ended, SignIn::Password)
        } else if let Self::SsoMemberAdded { added } = self {
            joined.push(SignInChange { user: added.user, teams: added.teams.clone() });
            (Some(added.team), &*joined, SignIn::Sso)
        } else {
            return None;
        };
        let from = match to {
            SignIn::Sso => SignIn::Password,
            SignIn::Password => SignIn::Sso,
        };
        let own = changes.iter().filter(|change| change.teams.contains(&team));
        let users = own.map(|change| SignInChange { user: change.user, teams: [team].into() }).collect();
        (of != Some(team)).then_some(Self::SignInChanged { users, from, to })
    }
}
