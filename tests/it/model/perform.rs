//! Every operation of the model, one line each.

use enterprise_teams::uuid::Uuid;
use enterprise_teams::{Actor, Error, Operation as O};

use super::state::Model;
use super::verdict::{By, Verdict, refuse_unless};

impl Model {
    /// What the rulebook says of the operation. `given` is the id that the store gave to what is new, if it did.
    pub(crate) fn perform(&mut self, actor: Actor, operation: &O, given: Uuid) -> Verdict {
        self.left_out.clear();
        // time never runs backwards.
        let by = By { who: actor.who, now: actor.at.max(self.last_at), given };
        if let Some(user) = by.who.user() {
            refuse_unless(self.users.contains_key(&user), Error::ActorNotFound { actor: user })?;
        }
        match operation {
            O::ChangeSettings { options } => self.change_settings(by, options),
            O::RegisterUser { user } => self.register_user(by, user),
            O::SetEmail { user, email } => self.set_email(by, *user, email),
            O::SetMfa { user, mfa } => self.set_mfa(by, *user, *mfa),
            O::SetSignIn { user, sign_in } => self.set_sign_in(by, *user, *sign_in),
            O::DeleteUser { user } => self.delete_user(by, *user),
            O::ProvisionTeam { team } => self.provision_team(by, team),
            O::RenameTeam { team, name } => self.rename_team(by, *team, *name),
            O::SetTeamLimits { team, limits } => self.set_team_limits(by, *team, *limits),
            O::RequestTeamDeletion { team } => self.request_team_deletion(by, *team),
            O::WithdrawTeamDeletion { team } => self.withdraw_team_deletion(by, *team),
            O::DeleteTeam { team } => self.delete_team(by, *team),
            O::SetDefaultRole { team, role } => self.set_default_role(by, *team, *role),
            O::SetOAuthAccess { team, access } => self.set_oauth_access(by, *team, *access),
            O::AddMember { team, user, role } => self.add_member(by, *team, *user, Some(*role)),
            O::AddDefaultMember { team, user } => self.add_member(by, *team, *user, None),
            O::SetMemberRole { team, user, role } => self.set_member_role(by, *team, *user, *role),
            O::RemoveMember { team, user } => self.remove_member(by, *team, *user),
            O::InviteMember { team, email, role } => self.invite_member(by, *team, email, *role),
            O::AcceptInvitation { invitation } => self.accept_invitation(by, *invitation),
            O::DeclineInvitation { invitation } => self.decline_invitation(by, *invitation),
            O::RevokeInvitation { invitation } => self.revoke_invitation(by, *invitation),
            O::CreateApp { app } => self.create_app(by, *app),
            O::RenameApp { app, name } => self.rename_app(by, *app, *name),
            O::DeleteApp { app, confirmation } => self.delete_app(by, *app, confirmation),
            O::LockApp { app } => self.lock_app(by, *app),
            O::UnlockApp { app } => self.unlock_app(by, *app),
            O::ScaleApp { app, process, size, quantity } => self.scale_app(by, *app, *process, *size, *quantity),
            O::JoinApp { app } => self.join_app(by, *app),
            O::GrantPermissions { app, user, permissions } => self.grant_permissions(by, *app, *user, *permissions),
            O::AddCollaborator { app, user } => self.add_collaborator(by, *app, *user),
            O::SetPermissions { app, user, permissions } => self.set_permissions(by, *app, *user, *permissions),
            O::RemoveCollaborator { app, user } => self.remove_collaborator(by, *app, *user),
            O::TransferApp { app, to } => self.transfer_app(by, *app, *to),
            O::TransferApps { apps, to } => self.transfer_apps(by, apps, *to, true),
            O::TransferMovableApps { apps, to } => self.transfer_apps(by, apps, *to, false),
            O::RequestAppTransfer { app, recipient } => self.request_app_transfer(by, *app, *recipient),
            O::AcceptAppTransfer { transfer } => self.accept_app_transfer(by, *transfer),
            O::DeclineAppTransfer { transfer } => self.decline_app_transfer(by, *transfer),
            O::CancelAppTransfer { transfer } => self.cancel_app_transfer(by, *transfer),
            O::SetIdentityProvider { team, provider } => self.set_identity_provider(by, *team, provider),
            O::RemoveIdentityProvider { team } => self.remove_identity_provider(by, *team),
            O::EnableSso { team } => self.enable_sso(by, *team),
            O::DisableSso { team } => self.disable_sso(by, *team),
            O::AddSsoMember { team, user } => self.add_sso_member(by, *team, *user),
            O::InstallAddOn { app, service, plan } => self.install_add_on(by, *app, *service, *plan),
            O::ChangeAddOnPlan { add_on, plan } => self.change_add_on_plan(by, *add_on, *plan),
            O::RemoveAddOn { add_on } => self.remove_add_on(by, *add_on),
            O::SetAddOnControls { team, controls } => self.set_add_on_controls(by, *team, *controls),
            O::AllowAddOn { team, service } => self.allow_add_on(by, *team, *service),
            O::DisallowAddOn { team, service } => self.disallow_add_on(by, *team, *service),
            O::SetPaymentMethod { team, method } => self.set_payment_method(by, *team, method.as_ref()),
            O::CreatePipeline { owner, name } => self.create_pipeline(by, *owner, *name),
            O::RenamePipeline { pipeline, name } => self.rename_pipeline(by, *pipeline, *name),
            O::DeletePipeline { pipeline } => self.delete_pipeline(by, *pipeline),
            O::CoupleApp { pipeline, app, stage } => self.couple_app(by, *pipeline, *app, *stage),
            O::SetStage { app, stage } => self.set_stage(by, *app, *stage),
            O::UncoupleApp { app } => self.uncouple_app(by, *app),
            O::TransferPipeline { pipeline, to } => self.transfer_pipeline(by, *pipeline, *to),
            O::ReleaseApp { app, description } => self.release_app(by, *app, description),
            O::PromoteApp { app } => self.promote_app(by, *app, None),
            O::PromoteAppTo { app, targets } => self.promote_app(by, *app, Some(targets)),
            O::CreateSpace { space } => self.create_space(by, *space),
            O::RenameSpace { space, name } => self.rename_space(by, *space, *name),
            O::DestroySpace { space, confirmation } => self.destroy_space(by, *space, confirmation),
            O::AllowAppCreation { space, user } => self.allow_app_creation(by, *space, *user),
            O::RevokeAppCreation { space, user } => self.revoke_app_creation(by, *space, *user),
            O::TransferSpace { space, team } => self.transfer_space(by, *space, *team),
            O::OpenAccount { name, manager } => self.open_account(by, *name, *manager),
            O::AddAccountMember { account, user, permissions } => {
                self.add_account_member(by, *account, *user, *permissions)
            }
            O::SetAccountPermissions { account, user, permissions } => {
                self.set_account_permissions(by, *account, *user, *permissions)
            }
            O::RemoveAccountMember { account, user } => self.remove_account_member(by, *account, *user),
            O::CreateTeamIn { account, name } => self.create_team_in(by, *account, *name),
            O::MoveTeamIn { team, account } => self.move_team_in(by, *team, *account),
            O::RequestTeamMoveOut { team } => self.request_team_move_out(by, *team),
            O::WithdrawTeamMoveOut { team } => self.withdraw_team_move_out(by, *team),
            O::MoveTeamOut { team } => self.move_team_out(by, *team),
            other => panic!("no rule for {other:?}"),
        }?;
        (self.seq, self.last_at) = (self.seq + 1, by.now);
        Ok(())
    }
}
