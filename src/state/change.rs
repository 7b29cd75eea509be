//! How an event changes the state: as a list of small changes, each of which tells what was there before and what is there
//! after, so that it can be made forwards and backwards.

use chrono::{DateTime, Utc};

use super::field::Field;
use crate::entity::{
    AccountPermissionSet, AddOn, App, AppTransfer, Dyno, EnterpriseAccount, Group, Held, IdentityProvider, Invitation,
    Lock, Owner, OwnershipPeriod, Pipeline, Plan, SignIn, Space, Sso, Stage, Team, User,
};
use crate::event::{
    AppCreation, CollaboratorRemoval, DynoChange, Ended, EndedThing, Event, GroupDeletion, MemberRemoval, Move,
    RoleChange, SignInChange, SsoEntry, TeamMove,
};
use crate::ids::{AccountId, AddOnId, AppId, GroupId, PipelineId, SpaceId, TeamId, UserId};
use crate::names::{ProcessType, ServiceName};
use crate::permission::PermissionSet;
use crate::policy::CustomRole;
use crate::role::TeamRole;
use crate::settings::StoreOptions;

/// Before and after.
pub(super) type Pair<T> = (T, T);

#[derive(Clone, Copy, Debug)]
pub(super) enum Change<'e> {
    /// There are always some: what opens a store fits none that is open.
    Options(Pair<Option<&'e StoreOptions>>),
    Field(Field<'e>),
    /// The thing changes in something that it says of itself.
    Changed(Thing),
    User(Pair<Option<&'e User>>),
    Team(Pair<Option<&'e Team>>),
    Member(TeamId, UserId, Pair<Option<TeamRole>>),
    Invitation(Pair<Option<&'e Invitation>>),
    NameDraw(Pair<u64>),
    App(Pair<Option<&'e App>>),
    Owner(AppId, Pair<(Owner, DateTime<Utc>)>),
    History(AppId, Pair<&'e [OwnershipPeriod]>),
    Grant(AppId, UserId, Pair<Option<PermissionSet>>),
    Group(Pair<Option<&'e Group>>),
    Role(Pair<Option<&'e CustomRole>>),
    /// Whether the user is in the group.
    GroupMember(GroupId, UserId, Pair<Option<()>>),
    GroupGrant(AppId, GroupId, Pair<Option<PermissionSet>>),
    Dyno(AppId, ProcessType, Pair<Option<Dyno>>),
    Transfer(Pair<Option<&'e AppTransfer>>),
    Space(Pair<Option<&'e Space>>),
    SpaceTeam(SpaceId, Pair<TeamId>),
    /// Whether the user may create apps in the space.
    AppCreator(SpaceId, UserId, Pair<Option<()>>),
    Pipeline(Pair<Option<&'e Pipeline>>),
    PipelineOwner(PipelineId, Pair<Owner>),
    Coupling(AppId, Pair<Option<(PipelineId, Stage)>>),
    Account(Pair<Option<&'e EnterpriseAccount>>),
    AccountMember(AccountId, UserId, Pair<Option<AccountPermissionSet>>),
    TeamAccount(TeamId, Pair<Option<AccountId>>),
    AddOn(Pair<Option<&'e AddOn>>),
    Plan(AddOnId, Pair<Plan>),
    /// Whether everybody may install the service.
    AllowedAddOn(TeamId, ServiceName, Pair<Option<()>>),
    /// When it ends, if it does.
    End(Held, Pair<Option<DateTime<Utc>>>),
}

macro_rules! things {
    ($($name:ident $id:ident)+) => {
        /// What says of itself when it last changed.
        #[derive(Clone, Copy, Debug)]
        pub(super) enum Thing {$(
            $name($id),
        )+}

        $(impl From<$id> for Thing {
            fn from(id: $id) -> Self {
                Self::$name(id)
            }
        })+
    };
}

things! {
    Team TeamId
    App AppId
    Space SpaceId
    Pipeline PipelineId
}

impl<'e> From<Field<'e>> for Change<'e> {
    fn from(field: Field<'e>) -> Self {
        Self::Field(field)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Direction {
    Forwards,
    Backwards,
}

impl Direction {
    /// What is there now and what shall be there.
    pub(super) fn oriented<T>(self, (before, after): Pair<T>) -> Pair<T> {
        match self {
            Self::Forwards => (before, after),
            Self::Backwards => (after, before),
        }
    }
}

/// The accounts of a team that comes or goes.
pub(super) fn accounts(pair: Pair<Option<&Team>>) -> Pair<Option<AccountId>> {
    (pair.0.and_then(|team| team.account), pair.1.and_then(|team| team.account))
}

/// The user or the team that goes with the change, and since when it was there.
pub(super) fn goes(change: Change<'_>) -> Option<(Owner, DateTime<Utc>)> {
    if let Change::User((Some(user), None)) = change {
        Some((Owner::User(user.id), user.registered_at))
    } else if let Change::Team((Some(team), None)) = change {
        Some((Owner::Team(team.id), team.provisioned_at))
    } else {
        None
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
            write(Field::Email(changed.user, (&changed.from, &changed.to)).into());
        }
        Event::MfaChanged { user, from, to, .. } => write(Field::Mfa(*user, (*from, *to)).into()),
        Event::SignInChanged { users, from, to } => {
            for change in users {
                write(Field::SignIn(change.user, (*from, *to)).into());
            }
        }
        Event::UserSuspended { user, suspended_at, .. } => {
            write(Field::Suspension(*user, (None, Some(*suspended_at))).into());
        }
        Event::UserReinstated { user, suspended_at, .. } => {
            write(Field::Suspension(*user, (Some(*suspended_at), None)).into());
        }
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
            leave_groups(user, &deleted.groups, write);
            for (team, role) in &deleted.memberships {
                write(Change::Member(*team, user, (Some(*role), None)));
            }
            write(Change::User((Some(&deleted.user), None)));
        }
        Event::TeamProvisioned { team, admin } => {
            write(Change::Team((None, Some(team))));
            write(Change::Member(team.id, *admin, (None, Some(TeamRole::Admin))));
        }
        Event::TeamRenamed { team, from, to } => change_own(*team, Field::TeamName(*team, (**from, **to)), write),
        Event::TeamLabelsChanged { team, from, to } => change_own(*team, Field::TeamLabels(*team, (from, to)), write),
        Event::LimitsChanged { team, from, to } => change_own(*team, Field::Limits(*team, (**from, **to)), write),
        Event::DefaultRoleChanged { team, from, to } => {
            change_own(*team, Field::DefaultRole(*team, (*from, *to)), write);
        }
        Event::OAuthAccessChanged { team, from, to } => {
            change_own(*team, Field::OAuthAccess(*team, (*from, *to)), write);
        }
        Event::SignInRequirementChanged { team, from, to } => {
            change_own(*team, Field::SignInRequirement(*team, (*from, *to)), write);
        }
        Event::TeamDeletionRequested { team, requested_at } => {
            change_own(*team, Field::DeletionRequest(*team, (None, Some(*requested_at))), write);
        }
        Event::TeamDeletionWithdrawn { team, requested_at } => {
            change_own(*team, Field::DeletionRequest(*team, (Some(*requested_at), None)), write);
        }
        Event::TeamDeleted { deleted } => {
            end_invitations(&deleted.invitations, write);
            let team = deleted.team.id;
            write(Field::IdentityProvider(team, (deleted.identity_provider.as_ref(), None)).into());
            for service in &deleted.allowed_add_ons {
                write(Change::AllowedAddOn(team, *service, (Some(()), None)));
            }
            write(Field::PaymentMethod(team, (deleted.payment_method.as_ref(), None)).into());
            end_sign_ins(&deleted.sign_ins_ended, write);
            for group in &deleted.groups {
                end_group(group, write);
            }
            for (user, role) in &deleted.members {
                write(Change::Member(deleted.team.id, *user, (Some(*role), None)));
            }
            for role in &deleted.roles {
                write(Change::Role((Some(role), None)));
            }
            write(Change::Team((Some(&deleted.team), None)));
        }
        Event::MemberAdded { added } => {
            if let Some(invitation) = &added.invitation_ended {
                write(Change::Invitation((Some(invitation), None)));
            }
            write(Change::Member(added.team, added.user, (None, Some(added.role))));
        }
        Event::MemberRoleChanged { changed } => {
            let RoleChange { team, user, from, to, spaces_ended, invitations_ended } = &**changed;
            end_invitations(invitations_ended, write);
            close_spaces(*user, spaces_ended, write);
            write(Change::Member(*team, *user, (Some(*from), Some(*to))));
        }
        Event::MemberRemoved { removed } => remove_member(removed, write),
        Event::EndChanged { changed } => write(Change::End(changed.held, (changed.from, changed.to))),
        Event::EndsSwept { swept } => {
            end_sign_ins(&swept.sign_ins_ended, write);
            for Ended { ended, .. } in &swept.ended {
                match ended {
                    EndedThing::Membership(removed) => remove_member(removed, write),
                    EndedThing::Grant(removed) => remove_collaborator(removed, write),
                    EndedThing::GroupGrant { app, group, permissions, .. } => {
                        write(Change::GroupGrant(*app, *group, (Some(*permissions), None)));
                    }
                    EndedThing::AppCreation { space, user, .. } => {
                        write(Change::AppCreator(*space, *user, (Some(()), None)));
                    }
                }
            }
        }
        Event::MemberInvited { invitation, replaced } => {
            if let Some(replaced) = replaced {
                write(Change::Invitation((Some(replaced), None)));
            }
            write(Change::Invitation((None, Some(invitation))));
        }
        Event::InvitationAccepted { user, role, invitation } => {
            write(Change::Invitation((Some(invitation), None)));
            write(Change::Member(invitation.team, *user, (None, Some(*role))));
        }
        Event::InvitationDeclined { invitation, .. } | Event::InvitationRevoked { invitation } => {
            write(Change::Invitation((Some(invitation), None)));
        }
        Event::GroupCreated { group } => write(Change::Group((None, Some(group)))),
        Event::GroupRenamed { group, from, to, .. } => write(Field::GroupName(*group, (**from, **to)).into()),
        Event::GroupDeleted { deleted } => end_group(deleted, write),
        Event::GroupMemberAdded { group, user, .. } => write(Change::GroupMember(*group, *user, (None, Some(())))),
        Event::GroupMemberRemoved { group, user, .. } => write(Change::GroupMember(*group, *user, (Some(()), None))),
        Event::GroupPermissionsGranted { app, group, permissions, .. } => {
            write(Change::GroupGrant(*app, *group, (None, Some(*permissions))));
        }
        Event::GroupPermissionsChanged { app, group, from, to, .. } => {
            write(Change::GroupGrant(*app, *group, (Some(*from), Some(*to))));
        }
        Event::GroupPermissionsRevoked { app, group, permissions, .. } => {
            write(Change::GroupGrant(*app, *group, (Some(*permissions), None)));
        }
        Event::RoleCreated { role } => write(Change::Role((None, Some(role)))),
        Event::RoleRenamed { role, from, to, .. } => write(Field::RoleName(*role, (**from, **to)).into()),
        Event::RoleRightsChanged { role, from, to, .. } => write(Field::RoleRights(*role, (**from, **to)).into()),
        Event::RoleDeleted { role } => write(Change::Role((Some(role), None))),
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
        Event::AppRenamed { app, from, to, .. } => change_own(*app, Field::AppName(*app, (**from, **to)), write),
        Event::AppLabelsChanged { app, from, to, .. } => change_own(*app, Field::AppLabels(*app, (from, to)), write),
        Event::AppLocked { app, .. } => change_own(*app, Field::Lock(*app, (Lock::Unlocked, Lock::Locked)), write),
        Event::AppUnlocked { app, .. } => change_own(*app, Field::Lock(*app, (Lock::Locked, Lock::Unlocked)), write),
        Event::AppScaled { app, dynos, .. } => change_own(*app, dyno_change(*app, dynos), write),
        Event::AppDeleted { deleted } => {
            let app = deleted.app.id;
            if let Some(transfer) = &deleted.transfer {
                write(Change::Transfer((Some(transfer), None)));
            }
            for (user, permissions) in &deleted.grants {
                write(Change::Grant(app, *user, (Some(*permissions), None)));
            }
            end_group_grants(app, &deleted.group_grants, write);
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
                write(Field::Release(app, (Some(release), None)).into());
            }
            write(Change::History(app, (&deleted.history, &[])));
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
        Event::CollaboratorRemoved { removed } => remove_collaborator(removed, write),
        Event::AppTransferred { moved } | Event::AppTransferAccepted { moved } => move_app(moved, write),
        Event::AppsTransferred { moved } => moved.iter().for_each(|moved| move_app(moved, write)),
        Event::AppTransferRequested { transfer } => write(Change::Transfer((None, Some(transfer)))),
        Event::AppTransferDeclined { transfer } | Event::AppTransferCancelled { transfer } => {
            write(Change::Transfer((Some(transfer), None)));
        }
        Event::AppReleased { app, release, replaced, .. } => {
            change_own(*app, Field::Release(*app, (replaced.as_deref(), Some(release))), write);
        }
        Event::PipelineCreated { pipeline } => write(Change::Pipeline((None, Some(pipeline)))),
        Event::PipelineRenamed { pipeline, from, to, .. } => {
            change_own(*pipeline, Field::PipelineName(*pipeline, (**from, **to)), write);
        }
        Event::PipelineLabelsChanged { pipeline, from, to, .. } => {
            change_own(*pipeline, Field::PipelineLabels(*pipeline, (from, to)), write);
        }
        Event::PipelineDeleted { deleted } => {
            for (app, stage) in &deleted.couplings {
                change_own(*app, Change::Coupling(*app, (Some((deleted.pipeline.id, *stage)), None)), write);
            }
            write(Change::Pipeline((Some(&deleted.pipeline), None)));
        }
        Event::AppCoupled { app, pipeline, stage, .. } => {
            change_own(*app, Change::Coupling(*app, (None, Some((*pipeline, *stage)))), write);
        }
        Event::AppStageChanged { app, pipeline, from, to, .. } => {
            change_own(*app, Change::Coupling(*app, (Some((*pipeline, *from)), Some((*pipeline, *to)))), write);
        }
        Event::AppUncoupled { app, pipeline, stage, .. } => {
            change_own(*app, Change::Coupling(*app, (Some((*pipeline, *stage)), None)), write);
        }
        Event::PipelineTransferred { moved } => {
            let owner = Change::PipelineOwner(moved.pipeline, (moved.from, moved.to));
            change_own(moved.pipeline, owner, write);
            moved.apps.iter().for_each(|moved| move_app(moved, write));
        }
        Event::AppPromoted { promotion } => {
            for target in &promotion.targets {
                change_own(target.app, Field::Release(target.app, (target.from.as_ref(), Some(&target.to))), write);
            }
        }
        Event::IdentityProviderChanged { team, from, to } => {
            let sso = |idp: &Option<Box<IdentityProvider>>| match idp {
                Some(_) => Sso::Disabled,
                None => Sso::NotConfigured,
            };
            if from.is_none() || to.is_none() {
                change_own(*team, Field::Sso(*team, (sso(from), sso(to))), write);
            }
            write(Field::IdentityProvider(*team, (from.as_deref(), to.as_deref())).into());
        }
        Event::SsoChanged { team, from, to, sign_ins_ended } => {
            end_sign_ins(sign_ins_ended, write);
            change_own(*team, Field::Sso(*team, (*from, *to)), write);
        }
        Event::SsoMemberAdded { added } => {
            let SsoEntry { team, user, role, sign_in_before, teams: _, invitation_ended } = &**added;
            if let Some(invitation) = invitation_ended {
                write(Change::Invitation((Some(invitation), None)));
            }
            write(Field::SignIn(*user, (*sign_in_before, SignIn::Sso)).into());
            write(Change::Member(*team, *user, (None, Some(*role))));
        }
        Event::AddOnInstalled { add_on, .. } => write(Change::AddOn((None, Some(add_on)))),
        Event::AddOnPlanChanged { changed, .. } => write(Change::Plan(changed.add_on, (changed.from, changed.to))),
        Event::AddOnRemoved { add_on, .. } => write(Change::AddOn((Some(add_on), None))),
        Event::AddOnControlsChanged { team, from, to } => {
            change_own(*team, Field::AddOnControls(*team, (*from, *to)), write);
        }
        Event::AddOnAllowed { team, service } => write(Change::AllowedAddOn(*team, **service, (None, Some(())))),
        Event::AddOnDisallowed { team, service } => write(Change::AllowedAddOn(*team, **service, (Some(()), None))),
        Event::PaymentMethodChanged { team, from, to } => {
            write(Field::PaymentMethod(*team, (from.as_ref(), to.as_ref())).into());
        }
        // It is what comes after that a closed month depends on: nothing.
        Event::MonthsClosed {} => {}
        Event::SpaceCreated { space } => write(Change::Space((None, Some(space)))),
        Event::SpaceRenamed { space, from, to, .. } => {
            change_own(*space, Field::SpaceName(*space, (**from, **to)), write);
        }
        Event::SpaceLabelsChanged { space, from, to, .. } => {
            change_own(*space, Field::SpaceLabels(*space, (from, to)), write);
        }
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
            change_own(moved.space, Change::SpaceTeam(moved.space, (moved.from, moved.to)), write);
            for pipeline in &moved.pipelines {
                let owners = (Owner::Team(moved.from), Owner::Team(moved.to));
                change_own(*pipeline, Change::PipelineOwner(*pipeline, owners), write);
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
            change_own(*team, Field::MoveOutRequest(*team, (None, Some(*requested_at))), write);
        }
        Event::TeamMoveOutWithdrawn { team, requested_at } => {
            change_own(*team, Field::MoveOutRequest(*team, (Some(*requested_at), None)), write);
        }
        Event::TeamMovedIn { moved } | Event::TeamMovedOut { moved } => move_team(moved, write),
    }
}

fn end_invitations<'e>(invitations: &'e [Invitation], write: &mut dyn FnMut(Change<'e>)) {
    for invitation in invitations {
        write(Change::Invitation((Some(invitation), None)));
    }
}

fn end_sign_ins<'e>(ended: &'e [SignInChange], write: &mut dyn FnMut(Change<'e>)) {
    for change in ended {
        write(Field::SignIn(change.user, (SignIn::Sso, SignIn::Password)).into());
    }
}

fn remove_member<'e>(removed: &'e MemberRemoval, write: &mut dyn FnMut(Change<'e>)) {
    end_invitations(&removed.invitations, write);
    close_spaces(removed.user, &removed.spaces, write);
    end_sign_ins(&removed.sign_ins_ended, write);
    for (app, permissions) in &removed.grants {
        write(Change::Grant(*app, removed.user, (Some(*permissions), None)));
    }
    leave_groups(removed.user, &removed.groups, write);
    write(Change::Member(removed.team, removed.user, (Some(removed.role), None)));
}

fn remove_collaborator<'e>(removed: &'e CollaboratorRemoval, write: &mut dyn FnMut(Change<'e>)) {
    let CollaboratorRemoval { app, owner: _, user, permissions, transfer_ended } = removed;
    if let Some(transfer) = transfer_ended {
        write(Change::Transfer((Some(transfer), None)));
    }
    write(Change::Grant(*app, *user, (Some(*permissions), None)));
}

fn close_spaces<'e>(user: UserId, spaces: &'e [SpaceId], write: &mut dyn FnMut(Change<'e>)) {
    for space in spaces {
        write(Change::AppCreator(*space, user, (Some(()), None)));
    }
}

fn leave_groups<'e>(user: UserId, groups: &'e [GroupId], write: &mut dyn FnMut(Change<'e>)) {
    for group in groups {
        write(Change::GroupMember(*group, user, (Some(()), None)));
    }
}

fn end_group<'e>(deleted: &'e GroupDeletion, write: &mut dyn FnMut(Change<'e>)) {
    let group = deleted.group.id;
    for (app, permissions) in &deleted.grants {
        write(Change::GroupGrant(*app, group, (Some(*permissions), None)));
    }
    for user in &deleted.members {
        write(Change::GroupMember(group, *user, (Some(()), None)));
    }
    write(Change::Group((Some(&deleted.group), None)));
}

fn end_group_grants<'e>(app: AppId, ended: &'e [(GroupId, PermissionSet)], write: &mut dyn FnMut(Change<'e>)) {
    for (group, permissions) in ended {
        write(Change::GroupGrant(app, *group, (Some(*permissions), None)));
    }
}

fn move_team<'e>(moved: &'e TeamMove, write: &mut dyn FnMut(Change<'e>)) {
    let team = moved.team;
    write(Field::MoveOutRequest(team, (moved.requested_at, None)).into());
    write(Field::DeletionRequest(team, (moved.deletion_requested_at, None)).into());
    write(Change::TeamAccount(team, moved.account));
    write(Field::TeamKind(team, moved.kind).into());
    write(Field::PaymentMethod(team, (moved.payment_method.as_ref(), None)).into());
    if let Some(limits) = moved.limits {
        write(Field::Limits(team, limits).into());
    }
    if let Some(default_role) = moved.default_role {
        write(Field::DefaultRole(team, default_role).into());
    }
    write(Change::Changed(team.into()));
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
    end_group_grants(moved.app, &moved.group_grants_ended, write);
    change_own(moved.app, Change::Owner(moved.app, ((moved.from, moved.owned_since), (moved.to, moved.at))), write);
    for grant in &moved.grants {
        write(Change::Grant(moved.app, grant.user, (grant.from, grant.to)));
    }
    for dyno in &moved.dynos {
        write(dyno_change(moved.app, dyno));
    }
}

/// A change of what a thing says of itself.
fn change_own<'e>(thing: impl Into<Thing>, change: impl Into<Change<'e>>, write: &mut dyn FnMut(Change<'e>)) {
    write(change.into());
    write(Change::Changed(thing.into()));
}

const fn dyno_change(app: AppId, dynos: &DynoChange) -> Change<'_> {
    Change::Dyno(app, dynos.process, (dynos.from, dynos.to))
}
