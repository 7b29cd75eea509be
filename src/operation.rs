//! Every operation as a value: one table, a row for each.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::decide::{self, Answer, Decided};
use crate::entity::{
    AccountPermissionSet, AddOnControls, DynoSize, IdentityProvider, Labels, Limits, Mfa, NewApp, NewSpace, NewTeam,
    NewUser, OAuthAccess, Owner, Plan, SignIn, SignInRequirement, Stage,
};
use crate::error::Error;
use crate::event::Event;
use crate::ids::{
    AccountId, AddOnId, AppId, GroupId, InvitationId, PipelineId, RoleId, SpaceId, TeamId, TransferId, UserId,
};
use crate::names::{
    AccountName, AppName, Description, Email, GroupName, PaymentMethod, PipelineName, ProcessType, RoleName,
    ServiceName, SpaceName, TeamName,
};
use crate::permission::PermissionSet;
use crate::policy::RoleRights;
use crate::role::TeamRole;
use crate::rule::Chapter;
use crate::settings::StoreOptions;
use crate::state::State;

/// The table, for the macro `$with`. The rows of a chapter stand under its name and that of the trait in
/// `testing::rules` that has a method for each of them. A row has the operation, its code, the method of [`TeamStore`] and
/// its arguments after the actor; the decision, as the method and `perform` both call it; the code of the event that it
/// records; and, for tests, how often it is drawn, and whether `by` the operator, who is in charge of it, or by `either`
/// the operator or people.
///
/// [`TeamStore`]: crate::TeamStore
macro_rules! operations {
    ($with:ident) => {
        $with! {
            Users UserRules {
                RegisterUser "register-user" register_user { user: NewUser }
                    => user::register(user.clone()), records "user-registered", drawn 5 by operator;
                SetEmail "set-email" set_email { user: UserId, email: Email }
                    => user::set_email(*user, email.clone()), records "email-changed", drawn 1 by operator;
                SetMfa "set-mfa" set_mfa { user: UserId, mfa: Mfa }
                    => user::set_mfa(*user, *mfa), records "mfa-changed", drawn 1;
                SetSignIn "set-sign-in" set_sign_in { user: UserId, sign_in: SignIn }
                    => user::set_sign_in(*user, *sign_in), records "sign-in-changed", drawn 1;
                SuspendUser "suspend-user" suspend_user { user: UserId }
                    => user::suspend(*user), records "user-suspended", drawn 1 by operator;
                ReinstateUser "reinstate-user" reinstate_user { user: UserId }
                    => user::reinstate(*user), records "user-reinstated", drawn 3 by operator;
                DeleteUser "delete-user" delete_user { user: UserId }
                    => user::delete(*user), records "user-deleted", drawn 1;
            }

            Teams TeamRules {
                ProvisionTeam "provision-team" provision_team { team: NewTeam }
                    => team::provision(*team), records "team-provisioned", drawn 3 by operator;
                RenameTeam "rename-team" rename_team { team: TeamId, name: TeamName }
                    => team::rename(*team, *name), records "team-renamed", drawn 1;
                SetTeamLabels "set-team-labels" set_team_labels { team: TeamId, labels: Labels }
                    => team::set_labels(*team, labels.clone()), records "team-labels-changed", drawn 1;
                SetTeamLimits "set-team-limits" set_team_limits { team: TeamId, limits: Limits }
                    => team::set_limits(*team, *limits), records "limits-changed", drawn 4 by operator;
                RequestTeamDeletion "request-team-deletion" request_team_deletion { team: TeamId }
                    => team::request_deletion(*team), records "team-deletion-requested", drawn 1;
                WithdrawTeamDeletion "withdraw-team-deletion" withdraw_team_deletion { team: TeamId }
                    => team::withdraw_deletion(*team), records "team-deletion-withdrawn", drawn 1;
                DeleteTeam "delete-team" delete_team { team: TeamId }
                    => team::delete(*team), records "team-deleted", drawn 1 by either;
                SetDefaultRole "set-default-role" set_default_role { team: TeamId, role: TeamRole }
                    => setting::default_role(*team, *role), records "default-role-changed", drawn 2;
            }

            Members MemberRules {
                AddMember "add-member" add_member { team: TeamId, user: UserId, role: TeamRole }
                    => member::add(*team, *user, *role), records "member-added", drawn 13;
                AddDefaultMember "add-default-member" add_default_member { team: TeamId, user: UserId }
                    => member::add_default(*team, *user), records "member-added", drawn 3;
                SetMemberRole "set-member-role" set_member_role { team: TeamId, user: UserId, role: TeamRole }
                    => member::set_role(*team, *user, *role), records "member-role-changed", drawn 4;
                RemoveMember "remove-member" remove_member { team: TeamId, user: UserId }
                    => member::remove(*team, *user), records "member-removed", drawn 3;
            }

            Invitations InvitationRules {
                InviteMember "invite-member" invite_member { team: TeamId, email: Email, role: TeamRole }
                    => invitation::invite(*team, email.clone(), *role), records "member-invited", drawn 3;
                InviteDefaultMember "invite-default-member" invite_default_member { team: TeamId, email: Email }
                    => invitation::invite_default(*team, email.clone()), records "member-invited", drawn 2;
                AcceptInvitation "accept-invitation" accept_invitation { invitation: InvitationId }
                    => invitation::accept(*invitation), records "invitation-accepted", drawn 6;
                DeclineInvitation "decline-invitation" decline_invitation { invitation: InvitationId }
                    => invitation::decline(*invitation), records "invitation-declined", drawn 1;
                RevokeInvitation "revoke-invitation" revoke_invitation { invitation: InvitationId }
                    => invitation::revoke(*invitation), records "invitation-revoked", drawn 1;
            }

            Groups GroupRules {
                CreateGroup "create-group" create_group { team: TeamId, name: GroupName }
                    => group::create(*team, *name), records "group-created", drawn 5;
                RenameGroup "rename-group" rename_group { group: GroupId, name: GroupName }
                    => group::rename(*group, *name), records "group-renamed", drawn 1;
                DeleteGroup "delete-group" delete_group { group: GroupId }
                    => group::delete(*group), records "group-deleted", drawn 1;
                AddGroupMember "add-group-member" add_group_member { group: GroupId, user: UserId }
                    => group::add_member(*group, *user), records "group-member-added", drawn 8;
                RemoveGroupMember "remove-group-member" remove_group_member { group: GroupId, user: UserId }
                    => group::remove_member(*group, *user), records "group-member-removed", drawn 2;
                GrantGroupPermissions "grant-group-permissions" grant_group_permissions { app: AppId, group: GroupId, permissions: PermissionSet }
                    => group::grant(*app, *group, *permissions), records "group-permissions-granted", drawn 9;
                SetGroupPermissions "set-group-permissions" set_group_permissions { app: AppId, group: GroupId, permissions: PermissionSet }
                    => group::set_permissions(*app, *group, *permissions), records "group-permissions-changed", drawn 3;
                RevokeGroupPermissions "revoke-group-permissions" revoke_group_permissions { app: AppId, group: GroupId }
                    => group::revoke(*app, *group), records "group-permissions-revoked", drawn 1;
            }

            CustomRoles CustomRoleRules {
                CreateRole "create-role" create_role { team: TeamId, name: RoleName, rights: RoleRights }
                    => role::create(*team, *name, *rights), records "role-created", drawn 2;
                RenameRole "rename-role" rename_role { role: RoleId, name: RoleName }
                    => role::rename(*role, *name), records "role-renamed", drawn 1;
                SetRoleRights "set-role-rights" set_role_rights { role: RoleId, rights: RoleRights }
                    => role::set_rights(*role, *rights), records "role-rights-changed", drawn 1;
                DeleteRole "delete-role" delete_role { role: RoleId }
                    => role::delete(*role), records "role-deleted", drawn 1;
            }

            Apps AppRules {
                CreateApp "create-app" create_app { app: NewApp } => app::create(*app), records "app-created", drawn 14;
                RenameApp "rename-app" rename_app { app: AppId, name: AppName }
                    => app::rename(*app, *name), records "app-renamed", drawn 2;
                SetAppLabels "set-app-labels" set_app_labels { app: AppId, labels: Labels }
                    => app::set_labels(*app, labels.clone()), records "app-labels-changed", drawn 2;
                DeleteApp "delete-app" delete_app { app: AppId, confirmation: String }
                    => app::delete(*app, confirmation), records "app-deleted", drawn 2;
                LockApp "lock-app" lock_app { app: AppId } => app::lock(*app), records "app-locked", drawn 3;
                UnlockApp "unlock-app" unlock_app { app: AppId } => app::unlock(*app), records "app-unlocked", drawn 1;
                ScaleApp "scale-app" scale_app { app: AppId, process: ProcessType, size: DynoSize, quantity: u16 }
                    => app::scale(*app, *process, *size, *quantity), records "app-scaled", drawn 7;
            }

            Permissions PermissionRules {
                JoinApp "join-app" join_app { app: AppId } => access::join(*app), records "app-joined", drawn 3;
                GrantPermissions "grant-permissions" grant_permissions { app: AppId, user: UserId, permissions: PermissionSet }
                    => access::grant(*app, *user, *permissions), records "permissions-granted", drawn 11;
                AddCollaborator "add-collaborator" add_collaborator { app: AppId, user: UserId }
                    => access::add_collaborator(*app, *user), records "collaborator-added", drawn 8;
                SetPermissions "set-permissions" set_permissions { app: AppId, user: UserId, permissions: PermissionSet }
                    => access::set_permissions(*app, *user, *permissions), records "permissions-changed", drawn 3;
                RemoveCollaborator "remove-collaborator" remove_collaborator { app: AppId, user: UserId }
                    => access::remove(*app, *user), records "collaborator-removed", drawn 3;
            }

            Ends EndRules {
                SetMemberEnd "set-member-end" set_member_end { team: TeamId, user: UserId, ends_at: Option<DateTime<Utc>> }
                    => end::set_member_end(*team, *user, *ends_at), records "end-changed", drawn 1;
                SetGrantEnd "set-grant-end" set_grant_end { app: AppId, user: UserId, ends_at: Option<DateTime<Utc>> }
                    => end::set_grant_end(*app, *user, *ends_at), records "end-changed", drawn 1;
                SetGroupGrantEnd "set-group-grant-end" set_group_grant_end { app: AppId, group: GroupId, ends_at: Option<DateTime<Utc>> }
                    => end::set_group_grant_end(*app, *group, *ends_at), records "end-changed", drawn 1;
                SetAppCreationEnd "set-app-creation-end" set_app_creation_end { space: SpaceId, user: UserId, ends_at: Option<DateTime<Utc>> }
                    => end::set_app_creation_end(*space, *user, *ends_at), records "end-changed", drawn 1;
                SweepEnds "sweep-ends" sweep_ends {}
                    => end::sweep(), records "ends-swept", drawn 3 by operator;
            }

            Transfers TransferRules {
                TransferApp "transfer-app" transfer_app { app: AppId, to: Owner }
                    => transfer::transfer(*app, *to), records "app-transferred", drawn 5;
                TransferApps "transfer-apps" transfer_apps { apps: Vec<AppId>, to: Owner }
                    => transfer::transfer_all(apps, *to), records "apps-transferred", drawn 2;
                TransferMovableApps "transfer-movable-apps" transfer_movable_apps { apps: Vec<AppId>, to: Owner }
                    => transfer::transfer_movable(apps, *to), records "apps-transferred", drawn 2;
                RequestAppTransfer "request-app-transfer" request_app_transfer { app: AppId, recipient: UserId }
                    => transfer::request(*app, *recipient), records "app-transfer-requested", drawn 9;
                AcceptAppTransfer "accept-app-transfer" accept_app_transfer { transfer: TransferId }
                    => transfer::accept(*transfer), records "app-transfer-accepted", drawn 3;
                DeclineAppTransfer "decline-app-transfer" decline_app_transfer { transfer: TransferId }
                    => transfer::decline(*transfer), records "app-transfer-declined", drawn 2;
                CancelAppTransfer "cancel-app-transfer" cancel_app_transfer { transfer: TransferId }
                    => transfer::cancel(*transfer), records "app-transfer-cancelled", drawn 2;
            }

            Pipelines PipelineRules {
                CreatePipeline "create-pipeline" create_pipeline { owner: Owner, name: PipelineName }
                    => pipeline::create(*owner, *name), records "pipeline-created", drawn 3;
                RenamePipeline "rename-pipeline" rename_pipeline { pipeline: PipelineId, name: PipelineName }
                    => pipeline::rename(*pipeline, *name), records "pipeline-renamed", drawn 1;
                SetPipelineLabels "set-pipeline-labels" set_pipeline_labels { pipeline: PipelineId, labels: Labels }
                    => pipeline::set_labels(*pipeline, labels.clone()), records "pipeline-labels-changed", drawn 1;
                DeletePipeline "delete-pipeline" delete_pipeline { pipeline: PipelineId }
                    => pipeline::delete(*pipeline), records "pipeline-deleted", drawn 1;
                CoupleApp "couple-app" couple_app { pipeline: PipelineId, app: AppId, stage: Stage }
                    => pipeline::couple(*pipeline, *app, *stage), records "app-coupled", drawn 22;
                SetStage "set-stage" set_stage { app: AppId, stage: Stage }
                    => pipeline::set_stage(*app, *stage), records "app-stage-changed", drawn 3;
                UncoupleApp "uncouple-app" uncouple_app { app: AppId }
                    => pipeline::uncouple(*app), records "app-uncoupled", drawn 1;
                TransferPipeline "transfer-pipeline" transfer_pipeline { pipeline: PipelineId, to: Owner }
                    => pipeline::transfer(*pipeline, *to), records "pipeline-transferred", drawn 2;
                ReleaseApp "release-app" release_app { app: AppId, description: Description }
                    => pipeline::release(*app, description.clone()), records "app-released", drawn 7;
                PromoteApp "promote-app" promote_app { app: AppId }
                    => pipeline::promote(*app), records "app-promoted", drawn 8;
                PromoteAppTo "promote-app-to" promote_app_to { app: AppId, targets: Vec<AppId> }
                    => pipeline::promote_to(*app, targets), records "app-promoted", drawn 4;
            }

            Spaces SpaceRules {
                CreateSpace "create-space" create_space { space: NewSpace }
                    => space::create(*space), records "space-created", drawn 6;
                RenameSpace "rename-space" rename_space { space: SpaceId, name: SpaceName }
                    => space::rename(*space, *name), records "space-renamed", drawn 1;
                SetSpaceLabels "set-space-labels" set_space_labels { space: SpaceId, labels: Labels }
                    => space::set_labels(*space, labels.clone()), records "space-labels-changed", drawn 1;
                DestroySpace "destroy-space" destroy_space { space: SpaceId, confirmation: String }
                    => space::destroy(*space, confirmation), records "space-destroyed", drawn 1;
                AllowAppCreation "allow-app-creation" allow_app_creation { space: SpaceId, user: UserId }
                    => space::allow_creation(*space, *user), records "app-creation-allowed", drawn 5;
                RevokeAppCreation "revoke-app-creation" revoke_app_creation { space: SpaceId, user: UserId }
                    => space::revoke_creation(*space, *user), records "app-creation-revoked", drawn 2;
                TransferSpace "transfer-space" transfer_space { space: SpaceId, team: TeamId }
                    => space::transfer(*space, *team), records "space-transferred", drawn 2;
            }

            Accounts AccountRules {
                OpenAccount "open-account" open_account { name: AccountName, manager: UserId }
                    => account::open(*name, *manager), records "account-opened", drawn 2 by operator;
                AddAccountMember "add-account-member" add_account_member { account: AccountId, user: UserId, permissions: AccountPermissionSet }
                    => account::add_member(*account, *user, *permissions), records "account-member-added", drawn 4;
                SetAccountPermissions "set-account-permissions" set_account_permissions { account: AccountId, user: UserId, permissions: AccountPermissionSet }
                    => account::set_permissions(*account, *user, *permissions), records "account-permissions-changed", drawn 2;
                RemoveAccountMember "remove-account-member" remove_account_member { account: AccountId, user: UserId }
                    => account::remove_member(*account, *user), records "account-member-removed", drawn 1;
                CreateTeamIn "create-team-in" create_team_in { account: AccountId, name: TeamName }
                    => account::create_team(*account, *name), records "team-provisioned", drawn 3;
                MoveTeamIn "move-team-in" move_team_in { team: TeamId, account: AccountId }
                    => account::move_in(*team, *account), records "team-moved-in", drawn 3;
                RequestTeamMoveOut "request-team-move-out" request_team_move_out { team: TeamId }
                    => account::request_move_out(*team), records "team-move-out-requested", drawn 1;
                WithdrawTeamMoveOut "withdraw-team-move-out" withdraw_team_move_out { team: TeamId }
                    => account::withdraw_move_out(*team), records "team-move-out-withdrawn", drawn 1;
                MoveTeamOut "move-team-out" move_team_out { team: TeamId }
                    => account::move_out(*team), records "team-moved-out", drawn 1 by operator;
            }

            Security SecurityRules {
                SetOAuthAccess "set-oauth-access" set_oauth_access { team: TeamId, access: OAuthAccess }
                    => setting::oauth_access(*team, *access), records "oauth-access-changed", drawn 2;
                SetSignInRequirement "set-sign-in-requirement" set_sign_in_requirement { team: TeamId, requirement: SignInRequirement }
                    => setting::sign_in_requirement(*team, *requirement), records "sign-in-requirement-changed", drawn 2;
                SetIdentityProvider "set-identity-provider" set_identity_provider { team: TeamId, provider: IdentityProvider }
                    => sign_on::set_identity_provider(*team, provider.clone()), records "identity-provider-changed", drawn 3;
                RemoveIdentityProvider "remove-identity-provider" remove_identity_provider { team: TeamId }
                    => sign_on::remove_identity_provider(*team), records "identity-provider-changed", drawn 1;
                EnableSso "enable-sso" enable_sso { team: TeamId }
                    => sign_on::enable(*team), records "sso-changed", drawn 3;
                DisableSso "disable-sso" disable_sso { team: TeamId }
                    => sign_on::disable(*team), records "sso-changed", drawn 1;
                AddSsoMember "add-sso-member" add_sso_member { team: TeamId, user: UserId }
                    => sign_on::sign_in(*team, *user), records "sso-member-added", drawn 6 by operator;
            }

            Resources ResourceRules {
                InstallAddOn "install-add-on" install_add_on { app: AppId, service: ServiceName, plan: Plan }
                    => resource::install(*app, *service, *plan), records "add-on-installed", drawn 6;
                ChangeAddOnPlan "change-add-on-plan" change_add_on_plan { add_on: AddOnId, plan: Plan }
                    => resource::change_plan(*add_on, *plan), records "add-on-plan-changed", drawn 2;
                RemoveAddOn "remove-add-on" remove_add_on { add_on: AddOnId }
                    => resource::remove(*add_on), records "add-on-removed", drawn 1;
                SetAddOnControls "set-add-on-controls" set_add_on_controls { team: TeamId, controls: AddOnControls }
                    => resource::set_controls(*team, *controls), records "add-on-controls-changed", drawn 4;
                AllowAddOn "allow-add-on" allow_add_on { team: TeamId, service: ServiceName }
                    => resource::allow(*team, *service), records "add-on-allowed", drawn 2;
                DisallowAddOn "disallow-add-on" disallow_add_on { team: TeamId, service: ServiceName }
                    => resource::disallow(*team, *service), records "add-on-disallowed", drawn 1;
            }

            Usage UsageRules {
                SetPaymentMethod "set-payment-method" set_payment_method { team: TeamId, method: Option<PaymentMethod> }
                    => billing::set_payment_method(*team, method.clone()), records "payment-method-changed", drawn 2;
                CloseMonths "close-months" close_months {}
                    => billing::close_months(), records "months-closed", drawn 1 by operator;
            }

            Everywhere StoreRules {
                ChangeSettings "change-settings" change_settings { options: StoreOptions }
                    => setting::options(options.clone()), records "settings-changed", drawn 1 by operator;
            }
        }
    };
}

#[cfg(feature = "proptest")]
pub(crate) use operations;

macro_rules! define {
    ($($chapter:ident $rules:ident {$(
        $operation:ident $code:literal $method:ident { $($field:ident: $type:ty),* }
        => $module:ident::$decision:ident($($argument:expr),*), records $event:literal, drawn $weight:literal $(by $who:ident)?;
    )+})+) => {
        /// An operation as a value: to ask what it would do, to queue it, to send it.
        ///
        /// Each variant is the method of the same name on [`TeamStore`](crate::TeamStore), with the same arguments after the
        /// actor. As data, its `type` is its [`code`](Self::code).
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "type", deny_unknown_fields)]
        #[expect(missing_docs, reason = "the fields are the arguments of the method")]
        #[non_exhaustive]
        pub enum Operation {$($(
            #[doc = concat!("[`TeamStore::", stringify!($method), "`](crate::TeamStore::", stringify!($method), ")")]
            #[serde(rename = $code)]
            $operation { $($field: $type),* },
        )+)+}

        impl Operation {
            /// Which operation it is, without its arguments.
            #[must_use]
            pub const fn kind(&self) -> OperationKind {
                match self {$($(Self::$operation { .. } => OperationKind::$operation,)+)+}
            }

            /// What it would do in this state, or the refusal.
            pub(crate) fn decide(&self, state: &State, actor: Actor) -> Result<Preview, Error> {
                match self {$($(
                    Self::$operation { $($field),* } => Preview::of(decide::$module::$decision(state, actor, $($argument),*)),
                )+)+}
            }
        }

        /// An [`Operation`] without its arguments.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum OperationKind {$($(
            #[doc = concat!("[`TeamStore::", stringify!($method), "`](crate::TeamStore::", stringify!($method), ")")]
            $operation,
        )+)+}

        impl OperationKind {
            /// Every kind of operation, by chapter.
            pub const ALL: &'static [Self] = &[$($(Self::$operation),+),+];

            /// The name of the method with hyphens, stable; serde's `type` of the [`Operation`].
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {$($(Self::$operation => $code,)+)+}
            }

            /// The chapter of the rulebook that it belongs to.
            #[must_use]
            pub const fn chapter(self) -> Chapter {
                match self {$($(Self::$operation)|+ => Chapter::$chapter,)+}
            }

            /// The [code](Event::code) of the event that it records.
            #[must_use]
            pub const fn records(self) -> &'static str {
                match self {$($(Self::$operation => $event,)+)+}
            }
        }
    };
}

operations!(define);

impl Operation {
    /// The code of its [kind](Self::kind).
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.kind().code()
    }
}

/// What an operation would do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Preview {
    /// What it would record.
    pub event: Event,
    /// The apps that it would leave out, and why: of [`transfer_movable_apps`], [`promote_app`] and [`promote_app_to`], which
    /// do what they can.
    ///
    /// [`transfer_movable_apps`]: crate::TeamStore::transfer_movable_apps
    /// [`promote_app`]: crate::TeamStore::promote_app
    /// [`promote_app_to`]: crate::TeamStore::promote_app_to
    pub left_out: Vec<(AppId, Error)>,
}

impl Preview {
    fn of(decided: Result<impl Decided, Error>) -> Result<Self, Error> {
        let (event, answer) = decided?.split();
        Ok(Self { event, left_out: answer.left_out() })
    }
}
