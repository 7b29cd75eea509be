//! Who takes a step of a random run.

use serde_json::Value;

use enterprise_teams::chrono::TimeDelta;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    AccountPermission, AccountPermissionSet, Actor, AppId, ClientId, Operation as O, Owner, PageRequest, PeopleFilter,
    Role, Space, SpaceId, TeamId, TeamKind, TeamStore, UserId,
};

use super::known::Known;
use super::steps::Raw;

/// Somebody whom the rules are likely to let do it, as far as there is one.
fn in_charge(store: &TeamStore, known: &Known, operation: &O, which: u8) -> Option<Actor> {
    let now = known.now();
    let operator = Actor::operator(now);
    let user = |user: UserId| Some(Actor::user(user, now));
    let with_role = |team: TeamId, role: Role| {
        let page =
            store.access_list(operator, team, &PeopleFilter::default().role(role), &PageRequest::default()).ok()?;
        page.items.get(usize::from(which) % page.items.len().max(1)).map(|entry| entry.user.id())
    };
    let admin = |team: TeamId| with_role(team, Role::Admin).and_then(user);
    let member_or_admin = |team: TeamId| {
        let member = with_role(team, Role::Member).filter(|_| which.is_multiple_of(2)).and_then(user);
        member.or_else(|| admin(team))
    };
    let of_team = |app: AppId| store.app(operator, app).ok()?.owner().team();
    let owner = |app: AppId| match store.app(operator, app).ok()?.owner() {
        Owner::User(owner) => user(owner),
        Owner::Team(team) => admin(team),
    };
    let works = |owner: Owner| match owner {
        Owner::User(owner) => user(owner),
        Owner::Team(team) => member_or_admin(team),
    };
    let pipeline_owner = |pipeline| works(store.pipeline(operator, pipeline).ok()?.owner());
    let space_team = |space: SpaceId| store.space(operator, space).ok().map(Space::team);
    // The team, or the space, that is to be.
    let named = |new: serde_json::Result<Value>, what: &str| -> Option<Uuid> {
        serde_json::from_value(new.ok()?[what].take()).ok()
    };
    let account_member = |account, any_of: &[AccountPermission], fits: &dyn Fn(UserId) -> bool| {
        let members = store.account_members(operator, account, &PageRequest::default()).ok()?.items;
        let holds = |set: AccountPermissionSet| any_of.iter().any(|one| set.contains(*one));
        let able: Vec<UserId> = members
            .iter()
            .filter(|one| holds(one.permissions))
            .map(|one| one.user.id())
            .filter(|one| fits(*one))
            .collect();
        user(*able.get(usize::from(which) % able.len().max(1))?)
    };
    let manager = |account| account_member(account, &[AccountPermission::Manage], &|_| true);
    let creator = |account| account_member(account, &[AccountPermission::Create], &|_| true);
    let account_of = |team: TeamId| store.team(operator, team).ok()?.account();
    match operation {
        O::ChangeSettings { .. }
        | O::RegisterUser { .. }
        | O::ProvisionTeam { .. }
        | O::SetTeamLimits { .. }
        | O::SetEmail { .. }
        | O::OpenAccount { .. }
        | O::MoveTeamOut { .. }
        | O::AddSsoMember { .. } => Some(operator),
        O::SetMfa { user: own, .. } | O::SetSignIn { user: own, .. } | O::DeleteUser { user: own } => user(*own),
        O::DeleteTeam { team } | O::RenameTeam { team, .. }
            if which.is_multiple_of(2) && account_of(*team).is_some() =>
        {
            creator(account_of(*team)?)
        }
        O::DeleteTeam { team } => match store.team(operator, *team).ok()?.kind() {
            TeamKind::Enterprise => Some(operator),
            TeamKind::Standard => admin(*team),
        },
        O::RenameTeam { team, .. }
        | O::RequestTeamDeletion { team }
        | O::WithdrawTeamDeletion { team }
        | O::RequestTeamMoveOut { team }
        | O::WithdrawTeamMoveOut { team }
        | O::SetDefaultRole { team, .. }
        | O::SetOAuthAccess { team, .. }
        | O::AddMember { team, .. }
        | O::AddDefaultMember { team, .. }
        | O::SetMemberRole { team, .. }
        | O::RemoveMember { team, .. }
        | O::InviteMember { team, .. }
        | O::SetIdentityProvider { team, .. }
        | O::RemoveIdentityProvider { team }
        | O::EnableSso { team }
        | O::DisableSso { team }
        | O::SetAddOnControls { team, .. }
        | O::AllowAddOn { team, .. }
        | O::DisallowAddOn { team, .. }
        | O::SetPaymentMethod { team, .. } => admin(*team),
        O::AcceptInvitation { invitation } | O::DeclineInvitation { invitation } => {
            let (_, _, email) = known.invitations.live.iter().find(|(id, ..)| id == invitation)?;
            user(store.user_id(email).ok()?)
        }
        O::RevokeInvitation { invitation } => {
            admin(known.invitations.live.iter().find(|(id, ..)| id == invitation).map(|(_, team, _)| *team)?)
        }
        O::CreateApp { app } => {
            let space = named(serde_json::to_value(app), "space").map(SpaceId::from);
            let creators = space.and_then(|space| store.app_creators(operator, space, &PageRequest::default()).ok());
            let creator = creators.and_then(|page| page.items.first().map(|user| user.id())).filter(|_| which % 4 < 2);
            let team =
                || space.and_then(space_team).or_else(|| named(serde_json::to_value(app), "team").map(TeamId::from));
            creator.and_then(user).or_else(|| member_or_admin(team()?))
        }
        O::AddCollaborator { app, .. } => {
            let member =
                of_team(*app).and_then(|team| with_role(team, Role::Member)).filter(|_| which.is_multiple_of(2));
            member.and_then(user).or_else(|| owner(*app))
        }
        O::InstallAddOn { app, .. } => works(store.app(operator, *app).ok()?.owner()),
        O::ChangeAddOnPlan { add_on, .. } | O::RemoveAddOn { add_on } => {
            let holds = |app: &AppId| {
                store.add_ons(operator, *app).is_ok_and(|add_ons| add_ons.iter().any(|one| one.id() == *add_on))
            };
            owner(*known.apps.live.iter().find(|app| holds(app))?)
        }
        O::JoinApp { app } => with_role(of_team(*app)?, Role::Member).and_then(user),
        O::AcceptAppTransfer { transfer } | O::DeclineAppTransfer { transfer } => {
            known.transfers.live.iter().find(|(id, ..)| id == transfer).and_then(|(.., recipient)| user(*recipient))
        }
        O::CancelAppTransfer { transfer } => {
            known.transfers.live.iter().find(|(id, ..)| id == transfer).and_then(|(_, owner, _)| user(*owner))
        }
        O::CreatePipeline { owner, .. } => works(*owner),
        O::RenamePipeline { pipeline, .. }
        | O::DeletePipeline { pipeline }
        | O::CoupleApp { pipeline, .. }
        | O::TransferPipeline { pipeline, .. } => pipeline_owner(*pipeline),
        O::SetStage { app, .. }
        | O::UncoupleApp { app }
        | O::ReleaseApp { app, .. }
        | O::PromoteApp { app }
        | O::PromoteAppTo { app, .. } => works(store.app(operator, *app).ok()?.owner()),
        O::CreateSpace { space } => admin(named(serde_json::to_value(space), "team")?.into()),
        O::TransferSpace { space, .. } if which.is_multiple_of(2) => manager(account_of(space_team(*space)?)?),
        O::RenameSpace { space, .. }
        | O::DestroySpace { space, .. }
        | O::AllowAppCreation { space, .. }
        | O::RevokeAppCreation { space, .. }
        | O::TransferSpace { space, .. } => admin(space_team(*space)?),
        O::RemoveAccountMember { user: own, .. } if which.is_multiple_of(4) => user(*own),
        O::AddAccountMember { account, .. }
        | O::SetAccountPermissions { account, .. }
        | O::RemoveAccountMember { account, .. } => manager(*account),
        O::CreateTeamIn { account, .. } => creator(*account),
        O::MoveTeamIn { team, account } => {
            let is_admin = |user| store.role(operator, *team, user) == Ok(Some(Role::Admin));
            let both = account_member(*account, &[AccountPermission::Create, AccountPermission::Manage], &is_admin);
            both.or_else(|| admin(*team))
        }
        O::TransferApps { apps, .. } | O::TransferMovableApps { apps, .. } => owner(*apps.first()?),
        O::RenameApp { app, .. }
        | O::DeleteApp { app, .. }
        | O::LockApp { app }
        | O::UnlockApp { app }
        | O::ScaleApp { app, .. }
        | O::GrantPermissions { app, .. }
        | O::SetPermissions { app, .. }
        | O::RemoveCollaborator { app, .. }
        | O::TransferApp { app, .. }
        | O::RequestAppTransfer { app, .. } => owner(*app),
        _ => None,
    }
}

/// The actor of a step: mostly somebody in charge, sometimes anybody; now and then by a clock that is a day behind.
pub(super) fn actor(store: &TeamStore, known: &Known, operation: &O, [_, by, a, b, _]: Raw) -> Actor {
    let client = ClientId::from_uuid(Uuid::nil());
    let anybody = known.users.pick(a ^ b);
    let likely = in_charge(store, known, operation, by / 16).unwrap_or(Actor::user(anybody, known.now()));
    let actor = match by % 16 {
        0..=11 => likely,
        12 => likely.who.user().map_or(likely, |user| Actor::oauth(user, client, likely.at)),
        13 => Actor::user(anybody, likely.at),
        14 => Actor::oauth(anybody, client, likely.at),
        _ if a % 8 == 7 => Actor::user(UserId::from_uuid(Uuid::max()), likely.at),
        _ => Actor::operator(likely.at),
    };
    if by % 32 == 17 { actor.at(actor.at - TimeDelta::days(1)) } else { actor }
}
