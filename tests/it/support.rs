//! What the chapters share.

use core::fmt::Debug;
use core::str::FromStr;
use std::fs;
use std::path::Path;

use enterprise_teams::chrono::{DateTime, TimeDelta, Utc};
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    Actor, ActorKind, AppId, AppName, ClientId, Email, Error, NewUser, Operation as O, Permission, PermissionSet,
    TeamName, TeamStore, UserId,
};

/// Noon of the first day: the time of the sample store.
pub(crate) fn noon() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

/// This many days after noon.
pub(crate) fn days(days: i64) -> DateTime<Utc> {
    noon() + TimeDelta::days(days)
}

/// What the file of this path holds is this; with `BLESS` set, it is from now on.
#[track_caller]
pub(crate) fn golden(path: &str, found: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("BLESS").is_some() {
        return fs::write(file, found).expect("a place to write to");
    }
    let expected = fs::read_to_string(file).unwrap_or_default();
    assert!(found == expected, "{path} should be as follows; BLESS=1 writes it:\n{found}");
}

/// The user behind an actor.
pub(crate) fn id(actor: Actor) -> UserId {
    actor.who.user().expect("a user")
}

pub(crate) fn app_name(text: &str) -> AppName {
    text.parse().expect("an app name")
}

pub(crate) fn team_name(text: &str) -> TeamName {
    text.parse().expect("a team name")
}

/// What the text reads as: a name of any kind, a description, a set of permissions.
pub(crate) fn read<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().expect(text)
}

pub(crate) fn email(text: &str) -> Email {
    text.parse().expect("an e-mail")
}

/// Registers a user and gives the actor.
pub(crate) fn register(store: &mut TeamStore, text: &str) -> Actor {
    let user = store.register_user(Actor::operator(noon()), NewUser::new(email(text))).expect("a free e-mail");
    Actor::user(user, noon())
}

/// The attempt is refused with exactly this error and this message, and leaves the store as it was, events included.
#[track_caller]
pub(crate) fn refused<T: Debug>(
    store: &mut TeamStore,
    attempt: impl FnOnce(&mut TeamStore) -> Result<T, Error>,
    expected: &Error,
    message: &str,
) {
    let before = store.clone();
    let error = attempt(store).expect_err("accepted");
    assert_eq!(error, *expected);
    assert_eq!(error.to_string(), message);
    assert!(*store == before, "a refused operation changed the store");
}

/// The attempt is refused for each of these actors, with what `expected` says of the actor.
#[track_caller]
pub(crate) fn each_refused<T: Debug>(
    store: &mut TeamStore,
    actors: &[Actor],
    attempt: impl Fn(&mut TeamStore, Actor) -> Result<T, Error>,
    expected: impl Fn(ActorKind) -> (Error, String),
) {
    for actor in actors {
        let (error, message) = expected(actor.who);
        refused(store, |store| attempt(store, *actor), &error, &message);
    }
}

/// What whoever cannot see the app is told, whatever they attempt on it.
pub(crate) fn hidden(app: AppId) -> impl Fn(ActorKind) -> (Error, String) + Copy {
    move |actor| (Error::AppHidden { actor, app }, format!("{actor} cannot see app `{app}`"))
}

/// The same user through a third-party client.
pub(crate) fn through_client(actor: Actor) -> Actor {
    Actor::oauth(id(actor), ClientId::from_uuid(Uuid::from_u128(7)), actor.at)
}

/// What the actor holds on the app; nothing, when the actor cannot see it.
pub(crate) fn holds(store: &TeamStore, actor: Actor, app: AppId) -> PermissionSet {
    store.permissions(actor, app).map_or(PermissionSet::EMPTY, |held| held.permissions)
}

/// The store keeps every invariant, and an equal one comes of its events and of its snapshot.
#[track_caller]
pub(crate) fn sound(store: &TeamStore) {
    assert_eq!(store.check_invariants(), []);
    let replayed = TeamStore::replay(store.events().to_vec()).expect("a log without gaps");
    assert!(replayed == *store, "the events replay to another store");
    let restored = TeamStore::restore(store.snapshot()).expect("a snapshot of a sound store");
    assert!(restored == *store, "the snapshot is of another store");
}

/// All sixteen sets of permissions.
pub(crate) fn every_set() -> Vec<PermissionSet> {
    let bit = |set: u8, permission: &Permission| set >> *permission as u8 & 1 == 1;
    let of = |set| Permission::ALL.iter().copied().filter(|permission| bit(set, permission)).collect();
    (0..16).map(of).collect()
}

/// The same by the method of the operation's name.
pub(crate) fn call(store: &mut TeamStore, actor: Actor, operation: O) -> Result<(), Error> {
    match operation {
        O::RegisterUser { user } => store.register_user(actor, user).map(drop),
        O::SetEmail { user, email } => store.set_email(actor, user, email),
        O::SetMfa { user, mfa } => store.set_mfa(actor, user, mfa),
        O::SetSignIn { user, sign_in } => store.set_sign_in(actor, user, sign_in),
        O::DeleteUser { user } => store.delete_user(actor, user),
        O::ProvisionTeam { team } => store.provision_team(actor, team).map(drop),
        O::RenameTeam { team, name } => store.rename_team(actor, team, name),
        O::SetTeamLimits { team, limits } => store.set_team_limits(actor, team, limits),
        O::RequestTeamDeletion { team } => store.request_team_deletion(actor, team),
        O::ChangeSettings { options } => store.change_settings(actor, options),
        O::WithdrawTeamDeletion { team } => store.withdraw_team_deletion(actor, team),
        O::DeleteTeam { team } => store.delete_team(actor, team),
        O::SetDefaultRole { team, role } => store.set_default_role(actor, team, role),
        O::SetOAuthAccess { team, access } => store.set_oauth_access(actor, team, access),
        O::AddMember { team, user, role } => store.add_member(actor, team, user, role),
        O::AddDefaultMember { team, user } => store.add_default_member(actor, team, user),
        O::SetMemberRole { team, user, role } => store.set_member_role(actor, team, user, role),
        O::RemoveMember { team, user } => store.remove_member(actor, team, user),
        O::InviteMember { team, email, role } => store.invite_member(actor, team, email, role).map(drop),
        O::AcceptInvitation { invitation } => store.accept_invitation(actor, invitation),
        O::DeclineInvitation { invitation } => store.decline_invitation(actor, invitation),
        O::RevokeInvitation { invitation } => store.revoke_invitation(actor, invitation),
        O::CreateApp { app } => store.create_app(actor, app).map(drop),
        O::RenameApp { app, name } => store.rename_app(actor, app, name),
        O::DeleteApp { app, confirmation } => store.delete_app(actor, app, &confirmation),
        O::LockApp { app } => store.lock_app(actor, app),
        O::UnlockApp { app } => store.unlock_app(actor, app),
        O::ScaleApp { app, process, size, quantity } => store.scale_app(actor, app, process, size, quantity),
        O::JoinApp { app } => store.join_app(actor, app),
        O::GrantPermissions { app, user, permissions } => store.grant_permissions(actor, app, user, permissions),
        O::AddCollaborator { app, user } => store.add_collaborator(actor, app, user),
        O::SetPermissions { app, user, permissions } => store.set_permissions(actor, app, user, permissions),
        O::RemoveCollaborator { app, user } => store.remove_collaborator(actor, app, user),
        O::TransferApp { app, to } => store.transfer_app(actor, app, to),
        O::TransferApps { apps, to } => store.transfer_apps(actor, &apps, to),
        O::TransferMovableApps { apps, to } => store.transfer_movable_apps(actor, &apps, to).map(drop),
        O::RequestAppTransfer { app, recipient } => store.request_app_transfer(actor, app, recipient).map(drop),
        O::AcceptAppTransfer { transfer } => store.accept_app_transfer(actor, transfer),
        O::DeclineAppTransfer { transfer } => store.decline_app_transfer(actor, transfer),
        O::CancelAppTransfer { transfer } => store.cancel_app_transfer(actor, transfer),
        O::CreatePipeline { owner, name } => store.create_pipeline(actor, owner, name).map(drop),
        O::RenamePipeline { pipeline, name } => store.rename_pipeline(actor, pipeline, name),
        O::DeletePipeline { pipeline } => store.delete_pipeline(actor, pipeline),
        O::CoupleApp { pipeline, app, stage } => store.couple_app(actor, pipeline, app, stage),
        O::SetStage { app, stage } => store.set_stage(actor, app, stage),
        O::UncoupleApp { app } => store.uncouple_app(actor, app),
        O::TransferPipeline { pipeline, to } => store.transfer_pipeline(actor, pipeline, to),
        O::ReleaseApp { app, description } => store.release_app(actor, app, description),
        O::PromoteApp { app } => store.promote_app(actor, app).map(drop),
        O::PromoteAppTo { app, targets } => store.promote_app_to(actor, app, &targets).map(drop),
        O::CreateSpace { space } => store.create_space(actor, space).map(drop),
        O::RenameSpace { space, name } => store.rename_space(actor, space, name),
        O::DestroySpace { space, confirmation } => store.destroy_space(actor, space, &confirmation),
        O::AllowAppCreation { space, user } => store.allow_app_creation(actor, space, user),
        O::RevokeAppCreation { space, user } => store.revoke_app_creation(actor, space, user),
        O::TransferSpace { space, team } => store.transfer_space(actor, space, team),
        O::OpenAccount { name, manager } => store.open_account(actor, name, manager).map(drop),
        O::AddAccountMember { account, user, permissions } => {
            store.add_account_member(actor, account, user, permissions)
        }
        O::SetAccountPermissions { account, user, permissions } => {
            store.set_account_permissions(actor, account, user, permissions)
        }
        O::RemoveAccountMember { account, user } => store.remove_account_member(actor, account, user),
        O::CreateTeamIn { account, name } => store.create_team_in(actor, account, name).map(drop),
        O::MoveTeamIn { team, account } => store.move_team_in(actor, team, account),
        O::RequestTeamMoveOut { team } => store.request_team_move_out(actor, team),
        O::WithdrawTeamMoveOut { team } => store.withdraw_team_move_out(actor, team),
        O::MoveTeamOut { team } => store.move_team_out(actor, team),
        O::SetIdentityProvider { team, provider } => store.set_identity_provider(actor, team, provider),
        O::RemoveIdentityProvider { team } => store.remove_identity_provider(actor, team),
        O::EnableSso { team } => store.enable_sso(actor, team),
        O::DisableSso { team } => store.disable_sso(actor, team),
        O::AddSsoMember { team, user } => store.add_sso_member(actor, team, user),
        O::InstallAddOn { app, service, plan } => store.install_add_on(actor, app, service, plan).map(drop),
        O::ChangeAddOnPlan { add_on, plan } => store.change_add_on_plan(actor, add_on, plan),
        O::RemoveAddOn { add_on } => store.remove_add_on(actor, add_on),
        O::SetAddOnControls { team, controls } => store.set_add_on_controls(actor, team, controls),
        O::AllowAddOn { team, service } => store.allow_add_on(actor, team, service),
        O::DisallowAddOn { team, service } => store.disallow_add_on(actor, team, service),
        O::SetPaymentMethod { team, method } => store.set_payment_method(actor, team, method),
        other => panic!("no method for {other:?}"),
    }
}
