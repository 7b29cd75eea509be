//! How an event changes the state: as a list of small changes, each of which tells what was there before and what is there
//! after, so that it can be made forwards and backwards.

use chrono::{DateTime, Utc};

use crate::entity::{
    AccountPermissionSet, AddOn, AddOnControls, App, AppTransfer, Dyno, EnterpriseAccount, IdentityProvider,
    Invitation, Limits, Lock, Mfa, OAuthAccess, Owner, OwnershipPeriod, Pipeline, Plan, Release, SignIn, Space, Sso,
    Stage, Team, User,
};
use crate::event::{AppCreation, DynoChange, Event, Move, TeamMove};
use crate::ids::{AccountId, AddOnId, AppId, PipelineId, SpaceId, TeamId, UserId};
use crate::names::{AppName, Email, PaymentMethod, PipelineName, ProcessType, ServiceName, SpaceName, TeamName};
use crate::permission::PermissionSet;
use crate::role::{TeamKind, TeamRole};
use crate::settings::StoreOptions;

/// Before and after.
pub(super) type Pair<T> = (T, T);

#[derive(Clone, Copy)]
pub(super) enum Change<'e> {
    /// There are always some: what opens a store fits none that is open.
    Options(Pair<Option<&'e StoreOptions>>),
    User(Pair<Option<&'e User>>),
    Email(UserId, Pair<&'e Email>),
    Mfa(UserId, Pair<Mfa>),
    SignIn(UserId, Pair<SignIn>),
    Team(Pair<Option<&'e Team>>),
    TeamName(TeamId, Pair<TeamName>),
    Limits(TeamId, Pair<Limits>),
    DefaultRole(TeamId, Pair<TeamRole>),
    OAuthAccess(TeamId, Pair<OAuthAccess>),
    DeletionRequest(TeamId, Pair<Option<DateTime<Utc>>>),
    Member(TeamId, UserId, Pair<Option<TeamRole>>),
    Invitation(Pair<Option<&'e Invitation>>),
    NameDraw(Pair<u64>),
    App(Pair<Option<&'e App>>),
    AppName(AppId, Pair<AppName>),
    Lock(AppId, Pair<Lock>),
    Owner(AppId, Pair<(Owner, DateTime<Utc>)>),
    Tenures(AppId, Pair<&'e [OwnershipPeriod]>),
    Grant(AppId, UserId, Pair<Option<PermissionSet>>),
    Dyno(AppId, ProcessType, Pair<Option<Dyno>>),
    Transfer(Pair<Option<&'e AppTransfer>>),
    Space(Pair<Option<&'e Space>>),
    SpaceName(SpaceId, Pair<SpaceName>),
    SpaceTeam(SpaceId, Pair<TeamId>),
    /// Whether the user may create apps in the space.
    AppCreator(SpaceId, UserId, Pair<Option<()>>),
    Pipeline(Pair<Option<&'e Pipeline>>),
    PipelineName(PipelineId, Pair<PipelineName>),
    PipelineOwner(PipelineId, Pair<Owner>),
    Coupling(AppId, Pair<Option<(PipelineId, Stage)>>),
    Release(AppId, Pair<Option<&'e Release>>),
    Account(Pair<Option<&'e EnterpriseAccount>>),
    AccountMember(AccountId, UserId, Pair<Option<AccountPermissionSet>>),
    TeamAccount(TeamId, Pair<Option<AccountId>>),
    TeamKind(TeamId, Pair<TeamKind>),
    MoveOutRequest(TeamId, Pair<Option<DateTime<Utc>>>),
    IdentityProvider(TeamId, Pair<Option<&'e IdentityProvider>>),
    Sso(TeamId, Pair<Sso>),
    AddOn(Pair<Option<&'e AddOn>>),
    Plan(AddOnId, Pair<Plan>),
    AddOnControls(TeamId, Pair<AddOnControls>),
    /// Whether everybody may install the service.
    AllowedAddOn(TeamId, ServiceName, Pair<Option<()>>),
    PaymentMethod(TeamId, Pair<Option<&'e PaymentMethod>>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Forwards,
    Backwards,
}

impl Direction {
    /// What is there now and what shall be there.
    pub(super) fn turn<T>(self, (before, after): Pair<T>) -> Pair<T> {
        match self {
            Self::Forwards => (before, after),
            Self::Backwards => (after, before),
        }
    }
}

/// What an event changes, in an order in which each change can be made, and taken back in reverse.
pub(super) fn changes<'e>(event: &'e Event, write: &mut dyn FnMut(Change<'e>)) {
    match event {
        Event::StoreOpened { opened } => write(Change::Options((None, Some(&opened.options)))),
        Event::SettingsChanged { from, to } => write(Change::Options((Some(from), Some(to)))),
        Event::UserRegistered { user } => write(Change::User((None, Some(user)))),
        Event::EmailChanged { changed } => {
            end_invitations(&changed.invitations_ended, write);
            write(Change::Email(changed.user, (&changed.from, &changed.to)));
        }
        Event::MfaChanged { user, from, to } => write(Change::Mfa(*user, (*from, *to))),
        Event::SignInChanged { user, from, to } => write(Change::SignIn(*user, (*from, *to))),
        Event::UserDeleted { deleted } => {
            let user = deleted.user.id;
            for transfer in &deleted.transfers {
                write(Change::Transfer((Some(transfer), None)));
            }
            end_invitations(&deleted.invitations, write);
            close_spaces(user, &deleted.spaces, write);
            for (account, permissions) in &deleted.accounts {
                write(Change::AccountMember(*account, user, (Some(*permissions), None)));
            }
            for (app, _, permissions) in &deleted.grants {
                write(Change::Grant(*app, user, (Some(*permissions), None)));
            }
            for (team, role) in &deleted.memberships {
                write(Change::Member(*team, user, (Some(*role), None)));
            }
            write(Change::User((Some(&deleted.user), None)));
        }
        Event::TeamProvisioned { team, admin } => {
            write(Change::Team((None, Some(team))));
            write(Change::Member(team.id, *admin, (None, Some(TeamRole::Admin))));
        }
        Event::TeamRenamed { team, from, to } => write(Change::TeamName(*team, (**from, **to))),
        Event::LimitsChanged { team, from, to } => write(Change::Limits(*team, (**from, **to))),
        Event::DefaultRoleChanged { team, from, to } => write(Change::DefaultRole(*team, (*from, *to))),
        Event::OAuthAccessChanged { team, from, to } => write(Change::OAuthAccess(*team, (*from, *to))),
        Event::TeamDeletionRequested { team, requested_at } => {
            write(Change::DeletionRequest(*team, (None, Some(*requested_at))));
        }
        Event::TeamDeletionWithdrawn { team, requested_at } => {
            write(Change::DeletionRequest(*team, (Some(*requested_at), None)));
        }
        Event::TeamDeleted { deleted } => {
            end_invitations(&deleted.invitations, write);
            let team = deleted.team.id;
            write(Change::IdentityProvider(team, (deleted.identity_provider.as_ref(), None)));
            for service in &deleted.allowed_add_ons {
                write(Change::AllowedAddOn(team, *service, (Some(()), None)));
            }
            write(Change::PaymentMethod(team, (deleted.payment_method.as_ref(), None)));
            for (user, role) in &deleted.members {
                write(Change::Member(deleted.team.id, *user, (Some(*role), None)));
            }
            write(Change::Team((Some(&deleted.team), None)));
        }
        Event::MemberAdded { team, user, role, invitation_ended } => {
            if let Some(invitation) = invitation_ended {
                write(Change::Invitation((Some(invitation), None)));
            }
            write(Change::Member(*team, *user, (None, Some(*role))));
        }
        Event::MemberRoleChanged { team, user, from, to, spaces_ended } => {
            close_spaces(*user, spaces_ended, write);
            write(Change::Member(*team, *user, (Some(*from), Some(*to))));
        }
        Event::MemberRemoved { removed } => {
            close_spaces(removed.user, &removed.spaces, write);
            for (app, permissions) in &removed.grants {
                write(Change::Grant(*app, removed.user, (Some(*permissions), None)));
            }
            write(Change::Member(removed.team, removed.user, (Some(removed.role), None)));
        }
        Event::MemberInvited { invitation, replaced } => {
            if let Some(replaced) = replaced {
                write(Change::Invitation((Some(replaced), None)));
            }
            write(Change::Invitation((None, Some(invitation))));
        }
        Event::InvitationAccepted { user, invitation } => {
            write(Change::Invitation((Some(invitation), None)));
            write(Change::Member(invitation.team, *user, (None, Some(invitation.role))));
        }
        Event::InvitationDeclined { invitation, .. } | Event::InvitationRevoked { invitation } => {
            write(Change::Invitation((Some(invitation), None)));
        }
        Event::AppCreated { created } => {
            let AppCreation { app, creator, drawn } = &**created;
            if let Some(drawn) = drawn {
                write(Change::NameDraw((drawn.from, drawn.to)));
            }
            write(Change::App((None, Some(app))));
            if let Some((user, permissions)) = creator {
                write(Change::Grant(app.id, *user, (None, Some(*permissions))));
            }
        }
        Event::AppRenamed { app, from, to, .. } => write(Change::AppName(*app, (**from, **to))),
        Event::AppLocked { app, .. } => write(Change::Lock(*app, (Lock::Unlocked, Lock::Locked))),
        Event::AppUnlocked { app, .. } => write(Change::Lock(*app, (Lock::Locked, Lock::Unlocked))),
        Event::AppScaled { app, dynos, .. } => change_dyno(*app, dynos, write),
        Event::AppDeleted { deleted } => {
            let app = deleted.app.id;
            if let Some(transfer) = &deleted.transfer {
                write(Change::Transfer((Some(transfer), None)));
            }
            for (user, permissions) in &deleted.grants {
                write(Change::Grant(app, *user, (Some(*permissions), None)));
            }
            for add_on in &deleted.add_ons {
                write(Change::AddOn((Some(add_on), None)));
            }
            for dyno in &deleted.formation {
                write(Change::Dyno(app, dyno.process, (Some(*dyno), None)));
            }
            if deleted.coupling.is_some() {
                write(Change::Coupling(app, (deleted.coupling, None)));
            }
            if let Some(release) = &deleted.release {
                write(Change::Release(app, (Some(release), None)));
            }
            write(Change::Tenures(app, (&deleted.tenures, &[])));
            write(Change::App((Some(&deleted.app), None)));
        }
        Event::AppJoined { app, user, permissions, .. }
        | Event::PermissionsGranted { app, user, permissions, .. }
        | Event::CollaboratorAdded { app, user, permissions, .. } => {
            write(Change::Grant(*app, *user, (None, Some(*permissions))));
        }
        Event::PermissionsChanged { app, user, from, to, .. } => {
            write(Change::Grant(*app, *user, (Some(*from), Some(*to))));
        }
        Event::CollaboratorRemoved { app, user, permissions, transfer_ended, .. } => {
            if let Some(transfer) = transfer_ended {
                write(Change::Transfer((Some(transfer), None)));
            }
            write(Change::Grant(*app, *user, (Some(*permissions), None)));
        }
        Event::AppTransferred { moved } | Event::AppTransferAccepted { moved } => move_app(moved, write),
        Event::AppsTransferred { moved } => moved.iter().for_each(|moved| move_app(moved, write)),
        Event::AppTransferRequested { transfer } => write(Change::Transfer((None, Some(transfer)))),
        Event::AppTransferDeclined { transfer } | Event::AppTransferCancelled { transfer } => {
            write(Change::Transfer((Some(transfer), None)));
        }
        Event::AppReleased { app, release, replaced, .. } => {
            write(Change::Release(*app, (replaced.as_deref(), Some(release))));
        }
        Event::PipelineCreated { pipeline } => write(Change::Pipeline((None, Some(pipeline)))),
        Event::PipelineRenamed { pipeline, from, to, .. } => write(Change::PipelineName(*pipeline, (**from, **to))),
        Event::PipelineDeleted { deleted } => {
            for (app, stage) in &deleted.couplings {
                write(Change::Coupling(*app, (Some((deleted.pipeline.id, *stage)), None)));
            }
            write(Change::Pipeline((Some(&deleted.pipeline), None)));
        }
        Event::AppCoupled { app, pipeline, stage, .. } => {
            write(Change::Coupling(*app, (None, Some((*pipeline, *stage)))));
        }
        Event::AppStageChanged { app, pipeline, from, to, .. } => {
            write(Change::Coupling(*app, (Some((*pipeline, *from)), Some((*pipeline, *to)))));
        }
        Event::AppUncoupled { app, pipeline, stage, .. } => {
            write(Change::Coupling(*app, (Some((*pipeline, *stage)), None)));
        }
        Event::PipelineTransferred { moved } => {
            write(Change::PipelineOwner(moved.pipeline, (moved.from, moved.to)));
            moved.apps.iter().for_each(|moved| move_app(moved, write));
        }
        Event::AppPromoted { promotion } => {
            for target in &promotion.targets {
                write(Change::Release(target.app, (target.from.as_ref(), Some(&target.to))));
            }
        }
        Event::IdentityProviderChanged { team, from, to } => {
            let sso = |idp: &Option<Box<IdentityProvider>>| match idp {
                Some(_) => Sso::Disabled,
                None => Sso::NotConfigured,
            };
            if from.is_none() || to.is_none() {
                write(Change::Sso(*team, (sso(from), sso(to))));
            }
            write(Change::IdentityProvider(*team, (from.as_deref(), to.as_deref())));
        }
        Event::SsoChanged { team, from, to } => write(Change::Sso(*team, (*from, *to))),
        Event::SsoMemberAdded { team, user, role, sign_in_before, invitation_ended } => {
            if let Some(invitation) = invitation_ended {
                write(Change::Invitation((Some(invitation), None)));
            }
            write(Change::SignIn(*user, (*sign_in_before, SignIn::Sso)));
            write(Change::Member(*team, *user, (None, Some(*role))));
        }
        Event::AddOnInstalled { add_on, .. } => write(Change::AddOn((None, Some(add_on)))),
        Event::AddOnPlanChanged { changed, .. } => write(Change::Plan(changed.add_on, (changed.from, changed.to))),
        Event::AddOnRemoved { add_on, .. } => write(Change::AddOn((Some(add_on), None))),
        Event::AddOnControlsChanged { team, from, to } => write(Change::AddOnControls(*team, (*from, *to))),
        Event::AddOnAllowed { team, service } => write(Change::AllowedAddOn(*team, **service, (None, Some(())))),
        Event::AddOnDisallowed { team, service } => write(Change::AllowedAddOn(*team, **service, (Some(()), None))),
        Event::PaymentMethodChanged { team, from, to } => {
            write(Change::PaymentMethod(*team, (from.as_ref(), to.as_ref())));
        }
        Event::SpaceCreated { space } => write(Change::Space((None, Some(space)))),
        Event::SpaceRenamed { space, from, to, .. } => write(Change::SpaceName(*space, (**from, **to))),
        Event::SpaceDestroyed { space, creators } => {
            for user in creators {
                write(Change::AppCreator(space.id, *user, (Some(()), None)));
            }
            write(Change::Space((Some(space), None)));
        }
        Event::AppCreationAllowed { space, user, .. } => write(Change::AppCreator(*space, *user, (None, Some(())))),
        Event::AppCreationRevoked { space, user, .. } => write(Change::AppCreator(*space, *user, (Some(()), None))),
        Event::SpaceTransferred { moved } => {
            for user in &moved.creators_ended {
                write(Change::AppCreator(moved.space, *user, (Some(()), None)));
            }
            write(Change::SpaceTeam(moved.space, (moved.from, moved.to)));
            for pipeline in &moved.pipelines {
                write(Change::PipelineOwner(*pipeline, (Owner::Team(moved.from), Owner::Team(moved.to))));
            }
            moved.apps.iter().for_each(|moved| move_app(moved, write));
        }
        Event::AccountOpened { account, manager } => {
            write(Change::Account((None, Some(account))));
            write(Change::AccountMember(account.id, *manager, (None, Some(AccountPermissionSet::ALL))));
        }
        Event::AccountMemberAdded { account, user, permissions } => {
            write(Change::AccountMember(*account, *user, (None, Some(*permissions))));
        }
        Event::AccountPermissionsChanged { account, user, from, to } => {
            write(Change::AccountMember(*account, *user, (Some(*from), Some(*to))));
        }
        Event::AccountMemberRemoved { account, user, permissions } => {
            write(Change::AccountMember(*account, *user, (Some(*permissions), None)));
        }
        Event::TeamMoveOutRequested { team, requested_at } => {
            write(Change::MoveOutRequest(*team, (None, Some(*requested_at))));
        }
        Event::TeamMoveOutWithdrawn { team, requested_at } => {
            write(Change::MoveOutRequest(*team, (Some(*requested_at), None)));
        }
        Event::TeamMovedIn { moved } | Event::TeamMovedOut { moved } => move_team(moved, write),
    }
}

fn end_invitations<'e>(invitations: &'e [Invitation], write: &mut dyn FnMut(Change<'e>)) {
    for invitation in invitations {
        write(Change::Invitation((Some(invitation), None)));
    }
}

fn close_spaces<'e>(user: UserId, spaces: &'e [SpaceId], write: &mut dyn FnMut(Change<'e>)) {
    for space in spaces {
        write(Change::AppCreator(*space, user, (Some(()), None)));
    }
}

fn move_team<'e>(moved: &'e TeamMove, write: &mut dyn FnMut(Change<'e>)) {
    let team = moved.team;
    write(Change::MoveOutRequest(team, (moved.requested_at, None)));
    write(Change::DeletionRequest(team, (moved.deletion_requested_at, None)));
    write(Change::TeamAccount(team, moved.account));
    write(Change::TeamKind(team, moved.kind));
    write(Change::PaymentMethod(team, (moved.payment_method.as_ref(), None)));
    write(Change::Limits(team, moved.limits));
    write(Change::DefaultRole(team, moved.default_role));
    for (app, grant) in &moved.grants {
        write(Change::Grant(*app, grant.user, (grant.from, grant.to)));
    }
}

fn move_app<'e>(moved: &'e Move, write: &mut dyn FnMut(Change<'e>)) {
    if let Some(transfer) = &moved.transfer_ended {
        write(Change::Transfer((Some(transfer), None)));
    }
    if moved.uncoupled.is_some() {
        write(Change::Coupling(moved.app, (moved.uncoupled, None)));
    }
    write(Change::Owner(moved.app, ((moved.from, moved.owned_since), (moved.to, moved.at))));
    for grant in &moved.grants {
        write(Change::Grant(moved.app, grant.user, (grant.from, grant.to)));
    }
    for dyno in &moved.dynos {
        change_dyno(moved.app, dyno, write);
    }
}

fn change_dyno<'e>(app: AppId, dynos: &'e DynoChange, write: &mut dyn FnMut(Change<'e>)) {
    write(Change::Dyno(app, dynos.process, (dynos.from, dynos.to)));
}
