//! Every operation as a value, and what-if.

use serde::{Deserialize, Serialize};

use super::TeamStore;
use crate::actor::Actor;
use crate::decide;
use crate::entity::{
    AccountPermissionSet, AddOnControls, DynoSize, IdentityProvider, Limits, Mfa, NewApp, NewSpace, NewTeam, NewUser,
    OAuthAccess, Owner, Plan, SignIn, Stage,
};
use crate::error::Error;
use crate::event::{AuditEvent, Event};
use crate::ids::{AccountId, AddOnId, AppId, InvitationId, PipelineId, SpaceId, TeamId, TransferId, UserId};
use crate::names::{
    AccountName, AppName, Description, Email, PaymentMethod, PipelineName, ProcessType, ServiceName, SpaceName,
    TeamName,
};
use crate::permission::PermissionSet;
use crate::role::TeamRole;
use crate::settings::StoreOptions;

/// An operation as a value: to ask what it would do, to queue it, to send it.
///
/// Each variant is the method of the same name on [`TeamStore`], with the same arguments after the actor. As a serde value it is for
/// the formats of a [`Snapshot`](crate::Snapshot).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
#[expect(missing_docs, reason = "variants and fields are the methods of TeamStore and their arguments")]
#[non_exhaustive]
pub enum Operation {
    ChangeSettings {
        options: StoreOptions,
    },
    RegisterUser {
        user: NewUser,
    },
    SetEmail {
        user: UserId,
        email: Email,
    },
    SetMfa {
        user: UserId,
        mfa: Mfa,
    },
    SetSignIn {
        user: UserId,
        sign_in: SignIn,
    },
    DeleteUser {
        user: UserId,
    },
    ProvisionTeam {
        team: NewTeam,
    },
    RenameTeam {
        team: TeamId,
        name: TeamName,
    },
    SetTeamLimits {
        team: TeamId,
        limits: Limits,
    },
    RequestTeamDeletion {
        team: TeamId,
    },
    WithdrawTeamDeletion {
        team: TeamId,
    },
    DeleteTeam {
        team: TeamId,
    },
    SetDefaultRole {
        team: TeamId,
        role: TeamRole,
    },
    #[serde(rename = "set-oauth-access")]
    SetOAuthAccess {
        team: TeamId,
        access: OAuthAccess,
    },
    AddMember {
        team: TeamId,
        user: UserId,
        role: TeamRole,
    },
    AddDefaultMember {
        team: TeamId,
        user: UserId,
    },
    SetMemberRole {
        team: TeamId,
        user: UserId,
        role: TeamRole,
    },
    RemoveMember {
        team: TeamId,
        user: UserId,
    },
    InviteMember {
        team: TeamId,
        email: Email,
        role: TeamRole,
    },
    AcceptInvitation {
        invitation: InvitationId,
    },
    DeclineInvitation {
        invitation: InvitationId,
    },
    RevokeInvitation {
        invitation: InvitationId,
    },
    CreateApp {
        app: NewApp,
    },
    RenameApp {
        app: AppId,
        name: AppName,
    },
    DeleteApp {
        app: AppId,
        confirmation: String,
    },
    LockApp {
        app: AppId,
    },
    UnlockApp {
        app: AppId,
    },
    ScaleApp {
        app: AppId,
        process: ProcessType,
        size: DynoSize,
        quantity: u16,
    },
    JoinApp {
        app: AppId,
    },
    GrantPermissions {
        app: AppId,
        user: UserId,
        permissions: PermissionSet,
    },
    AddCollaborator {
        app: AppId,
        user: UserId,
    },
    SetPermissions {
        app: AppId,
        user: UserId,
        permissions: PermissionSet,
    },
    RemoveCollaborator {
        app: AppId,
        user: UserId,
    },
    TransferApp {
        app: AppId,
        to: Owner,
    },
    TransferApps {
        apps: Vec<AppId>,
        to: Owner,
    },
    TransferMovableApps {
        apps: Vec<AppId>,
        to: Owner,
    },
    RequestAppTransfer {
        app: AppId,
        recipient: UserId,
    },
    AcceptAppTransfer {
        transfer: TransferId,
    },
    DeclineAppTransfer {
        transfer: TransferId,
    },
    CancelAppTransfer {
        transfer: TransferId,
    },
    SetIdentityProvider {
        team: TeamId,
        provider: IdentityProvider,
    },
    RemoveIdentityProvider {
        team: TeamId,
    },
    EnableSso {
        team: TeamId,
    },
    DisableSso {
        team: TeamId,
    },
    AddSsoMember {
        team: TeamId,
        user: UserId,
    },
    InstallAddOn {
        app: AppId,
        service: ServiceName,
        plan: Plan,
    },
    ChangeAddOnPlan {
        add_on: AddOnId,
        plan: Plan,
    },
    RemoveAddOn {
        add_on: AddOnId,
    },
    SetAddOnControls {
        team: TeamId,
        controls: AddOnControls,
    },
    AllowAddOn {
        team: TeamId,
        service: ServiceName,
    },
    DisallowAddOn {
        team: TeamId,
        service: ServiceName,
    },
    SetPaymentMethod {
        team: TeamId,
        method: Option<PaymentMethod>,
    },
    CreatePipeline {
        owner: Owner,
        name: PipelineName,
    },
    RenamePipeline {
        pipeline: PipelineId,
        name: PipelineName,
    },
    DeletePipeline {
        pipeline: PipelineId,
    },
    CoupleApp {
        pipeline: PipelineId,
        app: AppId,
        stage: Stage,
    },
    SetStage {
        app: AppId,
        stage: Stage,
    },
    UncoupleApp {
        app: AppId,
    },
    TransferPipeline {
        pipeline: PipelineId,
        to: Owner,
    },
    ReleaseApp {
        app: AppId,
        description: Description,
    },
    PromoteApp {
        app: AppId,
    },
    PromoteAppTo {
        app: AppId,
        targets: Vec<AppId>,
    },
    CreateSpace {
        space: NewSpace,
    },
    RenameSpace {
        space: SpaceId,
        name: SpaceName,
    },
    DestroySpace {
        space: SpaceId,
        confirmation: String,
    },
    AllowAppCreation {
        space: SpaceId,
        user: UserId,
    },
    RevokeAppCreation {
        space: SpaceId,
        user: UserId,
    },
    TransferSpace {
        space: SpaceId,
        team: TeamId,
    },
    OpenAccount {
        name: AccountName,
        manager: UserId,
    },
    AddAccountMember {
        account: AccountId,
        user: UserId,
        permissions: AccountPermissionSet,
    },
    SetAccountPermissions {
        account: AccountId,
        user: UserId,
        permissions: AccountPermissionSet,
    },
    RemoveAccountMember {
        account: AccountId,
        user: UserId,
    },
    CreateTeamIn {
        account: AccountId,
        name: TeamName,
    },
    MoveTeamIn {
        team: TeamId,
        account: AccountId,
    },
    RequestTeamMoveOut {
        team: TeamId,
    },
    WithdrawTeamMoveOut {
        team: TeamId,
    },
    MoveTeamOut {
        team: TeamId,
    },
}

impl TeamStore {
    /// What the operation would do, without doing it: the event that it would record, or the refusal.
    ///
    /// # Errors
    /// Those of the method of the same name.
    ///
    /// ```
    /// use enterprise_teams::{Operation, demo::{Demo, id}};
    ///
    /// let Demo { store, ada, acme, .. } = Demo::new()?;
    /// let leave = Operation::RemoveMember { team: acme, user: id(ada) };
    /// assert_eq!(store.what_if(ada, &leave).unwrap_err().code(), "last-admin-cannot-leave");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn what_if(&self, actor: Actor, operation: &Operation) -> Result<Event, Error> {
        use Operation as O;
        let state = &self.state;
        match operation {
            O::ChangeSettings { options } => decide::setting::options(state, actor, options),
            O::RegisterUser { user } => {
                let id = user.id.unwrap_or_else(|| state.fresh_user_id());
                decide::user::register(state, actor, id, user.email.clone())
            }
            O::SetEmail { user, email } => decide::user::set_email(state, actor, *user, email.clone()),
            O::SetMfa { user, mfa } => decide::user::set_mfa(state, actor, *user, *mfa),
            O::SetSignIn { user, sign_in } => decide::user::set_sign_in(state, actor, *user, *sign_in),
            O::DeleteUser { user } => decide::user::delete(state, actor, *user),
            O::ProvisionTeam { team } => decide::team::provision(state, actor, state.fresh_id(), team),
            O::RenameTeam { team, name } => decide::team::rename(state, actor, *team, *name),
            O::SetTeamLimits { team, limits } => decide::team::set_limits(state, actor, *team, *limits),
            O::RequestTeamDeletion { team } => decide::team::request_deletion(state, actor, *team),
            O::WithdrawTeamDeletion { team } => decide::team::withdraw_deletion(state, actor, *team),
            O::DeleteTeam { team } => decide::team::delete(state, actor, *team),
            O::SetDefaultRole { team, role } => decide::setting::default_role(state, actor, *team, *role),
            O::SetOAuthAccess { team, access } => decide::setting::oauth_access(state, actor, *team, *access),
            O::AddMember { team, user, role } => decide::member::add(state, actor, *team, *user, Some(*role)),
            O::AddDefaultMember { team, user } => decide::member::add(state, actor, *team, *user, None),
            O::SetMemberRole { team, user, role } => decide::member::set_role(state, actor, *team, *user, *role),
            O::RemoveMember { team, user } => decide::member::remove(state, actor, *team, *user),
            O::InviteMember { team, email, role } => {
                decide::invitation::invite(state, actor, state.invitation_id(*team, email), *team, email.clone(), *role)
            }
            O::AcceptInvitation { invitation } => decide::invitation::accept(state, actor, *invitation),
            O::DeclineInvitation { invitation } => decide::invitation::decline(state, actor, *invitation),
            O::RevokeInvitation { invitation } => decide::invitation::revoke(state, actor, *invitation),
            O::CreateApp { app } => decide::app::create(state, actor, state.fresh_id(), *app),
            O::RenameApp { app, name } => decide::app::rename(state, actor, *app, *name),
            O::DeleteApp { app, confirmation } => decide::app::delete(state, actor, *app, confirmation),
            O::LockApp { app } => decide::app::lock(state, actor, *app),
            O::UnlockApp { app } => decide::app::unlock(state, actor, *app),
            O::ScaleApp { app, process, size, quantity } => {
                decide::app::scale(state, actor, *app, *process, *size, *quantity)
            }
            O::JoinApp { app } => decide::access::join(state, actor, *app),
            O::GrantPermissions { app, user, permissions } => {
                decide::access::grant(state, actor, *app, *user, *permissions)
            }
            O::AddCollaborator { app, user } => decide::access::add_collaborator(state, actor, *app, *user),
            O::SetPermissions { app, user, permissions } => {
                decide::access::set_permissions(state, actor, *app, *user, *permissions)
            }
            O::RemoveCollaborator { app, user } => decide::access::remove(state, actor, *app, *user),
            O::TransferApp { app, to } => decide::transfer::transfer(state, actor, *app, *to),
            O::TransferApps { apps, to } => decide::transfer::transfer_all(state, actor, apps, *to),
            O::TransferMovableApps { apps, to } => {
                decide::transfer::transfer_movable(state, actor, apps, *to).map(|(event, _)| event)
            }
            O::RequestAppTransfer { app, recipient } => {
                decide::transfer::request(state, actor, state.fresh_id(), *app, *recipient)
            }
            O::AcceptAppTransfer { transfer } => decide::transfer::accept(state, actor, *transfer),
            O::DeclineAppTransfer { transfer } => decide::transfer::decline(state, actor, *transfer),
            O::CancelAppTransfer { transfer } => decide::transfer::cancel(state, actor, *transfer),
            O::SetIdentityProvider { team, provider } => {
                decide::sign_on::set_identity_provider(state, actor, *team, provider.clone())
            }
            O::RemoveIdentityProvider { team } => decide::sign_on::remove_identity_provider(state, actor, *team),
            O::EnableSso { team } => decide::sign_on::enable(state, actor, *team),
            O::DisableSso { team } => decide::sign_on::disable(state, actor, *team),
            O::AddSsoMember { team, user } => decide::sign_on::sign_in(state, actor, *team, *user),
            O::InstallAddOn { app, service, plan } => {
                decide::resource::install(state, actor, state.fresh_id(), *app, *service, *plan)
            }
            O::ChangeAddOnPlan { add_on, plan } => decide::resource::change_plan(state, actor, *add_on, *plan),
            O::RemoveAddOn { add_on } => decide::resource::remove(state, actor, *add_on),
            O::SetAddOnControls { team, controls } => decide::resource::set_controls(state, actor, *team, *controls),
            O::AllowAddOn { team, service } => decide::resource::allow(state, actor, *team, *service),
            O::DisallowAddOn { team, service } => decide::resource::disallow(state, actor, *team, *service),
            O::SetPaymentMethod { team, method } => {
                decide::billing::set_payment_method(state, actor, *team, method.clone())
            }
            O::CreatePipeline { owner, name } => {
                decide::pipeline::create(state, actor, state.fresh_id(), *owner, *name)
            }
            O::RenamePipeline { pipeline, name } => decide::pipeline::rename(state, actor, *pipeline, *name),
            O::DeletePipeline { pipeline } => decide::pipeline::delete(state, actor, *pipeline),
            O::CoupleApp { pipeline, app, stage } => decide::pipeline::couple(state, actor, *pipeline, *app, *stage),
            O::SetStage { app, stage } => decide::pipeline::set_stage(state, actor, *app, *stage),
            O::UncoupleApp { app } => decide::pipeline::uncouple(state, actor, *app),
            O::TransferPipeline { pipeline, to } => decide::pipeline::transfer(state, actor, *pipeline, *to),
            O::ReleaseApp { app, description } => decide::pipeline::release(state, actor, *app, description),
            O::PromoteApp { app } => decide::pipeline::promote(state, actor, *app, None).map(|(event, _)| event),
            O::PromoteAppTo { app, targets } => {
                decide::pipeline::promote(state, actor, *app, Some(targets)).map(|(event, _)| event)
            }
            O::CreateSpace { space } => decide::space::create(state, actor, state.fresh_id(), *space),
            O::RenameSpace { space, name } => decide::space::rename(state, actor, *space, *name),
            O::DestroySpace { space, confirmation } => decide::space::destroy(state, actor, *space, confirmation),
            O::AllowAppCreation { space, user } => decide::space::allow_creation(state, actor, *space, *user),
            O::RevokeAppCreation { space, user } => decide::space::revoke_creation(state, actor, *space, *user),
            O::TransferSpace { space, team } => decide::space::transfer(state, actor, *space, *team),
            O::OpenAccount { name, manager } => decide::account::open(state, actor, state.fresh_id(), *name, *manager),
            O::AddAccountMember { account, user, permissions } => {
                decide::account::add_member(state, actor, *account, *user, *permissions)
            }
            O::SetAccountPermissions { account, user, permissions } => {
                decide::account::set_permissions(state, actor, *account, *user, *permissions)
            }
            O::RemoveAccountMember { account, user } => decide::account::remove_member(state, actor, *account, *user),
            O::CreateTeamIn { account, name } => {
                decide::account::create_team(state, actor, state.fresh_id(), *account, *name)
            }
            O::MoveTeamIn { team, account } => decide::account::move_in(state, actor, *team, *account),
            O::RequestTeamMoveOut { team } => decide::account::request_move_out(state, actor, *team),
            O::WithdrawTeamMoveOut { team } => decide::account::withdraw_move_out(state, actor, *team),
            O::MoveTeamOut { team } => decide::account::move_out(state, actor, *team),
        }
    }

    /// Carries the operation out, and answers with the entry of the audit log.
    ///
    /// # Errors
    /// Those of the method of the same name.
    pub fn perform(&mut self, actor: Actor, operation: &Operation) -> Result<&AuditEvent, Error> {
        let event = self.what_if(actor, operation)?;
        Ok(self.commit(actor, event))
    }
}
