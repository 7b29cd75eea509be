//! Everything that can be asked in a small world: every operation with every argument, by everybody.
//!
//! Arguments are whatever exists, and of each kind of thing one that does not; the names and e-mails of the world; and a few
//! values where the types have many (which ones, the code says).

use enterprise_teams::chrono::{DateTime, TimeDelta, Utc};
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    AccountId, Actor, AppId, AppName, Capability, Email, GroupId, NewApp, NewSpace, NewTeam, NewUser, Operation as O,
    Owner, Permission, PermissionSet, PipelineId, RoleId, SpaceId, Stage, TeamId, TeamName, TeamRole, UserId,
    entity::{
        AccountPermissionSet, AddOnControls, DynoSize, IdentityProvider, Labels, Limits, Mfa, OAuthAccess, Plan,
        SignIn, SignInRequirement,
    },
    ids::{AddOnId, InvitationId, TransferId},
    names::{GroupName, RoleName, ServiceName, SpaceName},
    policy::RoleRights,
};

use super::form::Canonical;
use crate::support::{noon, read, through_client};

/// The e-mails of the world: of three people, and one more.
pub(super) const EMAILS: [&str; 4] = ["a@x.io", "b@x.io", "c@x.io", "d@x.io"];
/// The names of teams, of groups, of roles, of apps, of spaces, of pipelines, of accounts: the last of each is one more than there are.
pub(super) const TEAMS: [&str; 3] = ["team-a", "team-b", "team-c"];
pub(super) const GROUPS: [&str; 3] = ["group-a", "group-b", "group-c"];
pub(super) const ROLES: [&str; 3] = ["role-a", "role-b", "role-c"];
pub(super) const APPS: [&str; 3] = ["app-a", "app-b", "app-c"];
pub(super) const SPACES: [&str; 2] = ["space-a", "space-b"];
pub(super) const PIPELINES: [&str; 2] = ["flow-a", "flow-b"];
pub(super) const ACCOUNTS: [&str; 2] = ["corp-a", "corp-b"];

/// Room for two people, and for nothing else; and for nobody.
pub(super) const LITTLE: Limits = Limits { members: 2, apps: Some(0), spaces: Some(0), ..Limits::STANDARD };
const NO_ROOM: Limits = Limits { members: 0, ..LITTLE };

/// What is asked in one state.
pub(super) struct Asked {
    actors: Vec<Actor>,
    operations: Vec<O>,
    /// When what ends ends.
    tomorrow: DateTime<Utc>,
}

impl Asked {
    /// Everything that can be asked of this world.
    pub(super) fn of(world: &Canonical<'_>, now: DateTime<Utc>) -> Self {
        let users: Vec<UserId> = world.things("User").into_iter().map(|(user, _)| user).collect();
        let direct = users.iter().map(|user| Actor::user(*user, noon()));
        let mut actors: Vec<Actor> = direct.clone().chain(direct.map(through_client)).collect();
        actors.extend([Actor::operator(noon()), Actor::user(Uuid::max().into(), noon())]);
        let tomorrow = now + TimeDelta::days(1);
        Self { actors, operations: operations(world, tomorrow), tomorrow }
    }

    /// Every operation by every actor.
    pub(super) fn each(&self) -> impl Iterator<Item = (Actor, &O)> {
        let at = |actor: Actor, operation: &O| match operation {
            O::SweepEnds {} => actor.at(self.tomorrow),
            _ => actor,
        };
        self.actors.iter().flat_map(move |actor| self.operations.iter().map(move |one| (at(*actor, one), one)))
    }
}

/// What there is, and after it one that there is not.
fn and_one_more<Id: From<Uuid>>(world: &Canonical<'_>, kind: &str) -> Vec<Id> {
    world.things(kind).into_iter().map(|(id, _)| id).chain([Uuid::max().into()]).collect()
}

pub(super) fn provider(name: &str) -> IdentityProvider {
    let pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
    IdentityProvider::new(name, "https://id.x.io/saml", pem).unwrap()
}

pub(super) fn plan(price: u32) -> Plan {
    Plan { name: read(if price == 0 { "free" } else { "paid" }), price }
}

/// The sets of permissions that are given.
const SETS: [PermissionSet; 4] = [
    PermissionSet::VIEW,
    PermissionSet::of(&[Permission::Deploy]),
    PermissionSet::of(&[Permission::Manage]),
    PermissionSet::ALL,
];

/// What roles of a team's own are to hold: something on every app, something on the team, and what none of them has.
fn rights() -> [RoleRights; 3] {
    let on_team = |capabilities| RoleRights { capabilities, ..RoleRights::default() };
    [
        RoleRights { permissions: Permission::Deploy.into(), ..RoleRights::default() },
        on_team(Capability::CreateApps | Capability::ViewSpaces),
        on_team(Capability::ManageUsers.into()),
    ]
}

fn operations(world: &Canonical<'_>, tomorrow: DateTime<Utc>) -> Vec<O> {
    let users: Vec<UserId> = and_one_more(world, "User");
    let teams: Vec<TeamId> = and_one_more(world, "Team");
    let groups: Vec<GroupId> = and_one_more(world, "Group");
    let custom: Vec<RoleId> = and_one_more(world, "CustomRole");
    let apps: Vec<AppId> = and_one_more(world, "App");
    let spaces: Vec<SpaceId> = and_one_more(world, "Space");
    let pipelines: Vec<PipelineId> = and_one_more(world, "Pipeline");
    let accounts: Vec<AccountId> = and_one_more(world, "EnterpriseAccount");
    let add_ons: Vec<AddOnId> = and_one_more(world, "AddOn");
    let invitations: Vec<InvitationId> = and_one_more(world, "Invitation");
    let transfers: Vec<TransferId> = and_one_more(world, "AppTransfer");
    let named = |kind| world.things::<Uuid>(kind).into_iter();
    let owners: Vec<Owner> =
        users.iter().copied().map(Owner::from).chain(teams.iter().copied().map(Owner::from)).collect();
    let emails: Vec<Email> = world.order(&EMAILS).into_iter().map(read).collect();
    let team_names: Vec<TeamName> = world.order(&TEAMS).into_iter().map(read).collect();
    let group_names: Vec<GroupName> = world.order(&GROUPS).into_iter().map(read).collect();
    let app_names: Vec<AppName> = world.order(&APPS).into_iter().map(read).collect();
    let space_names: Vec<SpaceName> = world.order(&SPACES).into_iter().map(read).collect();
    let role_names: Vec<RoleName> = world.order(&ROLES).into_iter().map(read).collect();
    let roles = || TeamRole::BUILT_IN.iter().copied().chain(custom.iter().copied().map(TeamRole::Custom));
    let stages = [Stage::Review, Stage::Development, Stage::Staging, Stage::Production];
    let services: [ServiceName; 2] = ["kafka", "redis"].map(read);
    let sets: [AccountPermissionSet; 4] = ["view", "create", "manage", "view,create,manage,billing"].map(read);
    // Lists of apps: none, each alone, all that there are, all and one more, one twice.
    let mut lists: Vec<Vec<AppId>> = apps.iter().map(|app| vec![*app]).collect();
    lists.extend([Vec::new(), apps[..apps.len() - 1].to_vec(), apps.clone(), vec![apps[0], apps[0]]]);

    let labels = [Labels::NONE, Labels::new([(read("env"), read("x"))]).unwrap()];

    let ends = [Some(tomorrow), None];

    let mut all = Vec::with_capacity(1600);
    all.push(O::SweepEnds {});
    for email in &emails {
        all.push(O::RegisterUser { user: NewUser::new(email.clone()) });
        all.push(O::RegisterUser { user: NewUser::new(email.clone()).with_id(users[0]) });
        all.extend(users.iter().map(|user| O::SetEmail { user: *user, email: email.clone() }));
    }
    for user in users.iter().copied() {
        all.extend([Mfa::Enrolled, Mfa::NotEnrolled].map(|mfa| O::SetMfa { user, mfa }));
        all.extend([SignIn::Password, SignIn::Sso].map(|sign_in| O::SetSignIn { user, sign_in }));
        all.extend([O::SuspendUser { user }, O::ReinstateUser { user }, O::DeleteUser { user }]);
        for name in team_names.iter().copied() {
            all.push(O::ProvisionTeam { team: NewTeam::enterprise(name, user) });
            all.push(O::ProvisionTeam { team: NewTeam::standard(name, user).limits(NO_ROOM) });
            all.extend(accounts.iter().flat_map(|account| {
                let teams = [NewTeam::enterprise(name, user), NewTeam::standard(name, user)];
                teams.map(|team| O::ProvisionTeam { team: team.in_account(*account) })
            }));
        }
        all.extend(ACCOUNTS.map(|name| O::OpenAccount { name: read(name), manager: user }));
        for account in accounts.iter().copied() {
            all.push(O::RemoveAccountMember { account, user });
            for permissions in sets {
                all.push(O::AddAccountMember { account, user, permissions });
                all.push(O::SetAccountPermissions { account, user, permissions });
            }
        }
        for team in teams.iter().copied() {
            all.push(O::AddDefaultMember { team, user });
            all.push(O::RemoveMember { team, user });
            all.extend(ends.map(|ends_at| O::SetMemberEnd { team, user, ends_at }));
            all.push(O::AddSsoMember { team, user });
            all.extend(roles().map(|role| O::AddMember { team, user, role }));
            all.extend(roles().map(|role| O::SetMemberRole { team, user, role }));
        }
        for app in apps.iter().copied() {
            all.push(O::AddCollaborator { app, user });
            all.push(O::RemoveCollaborator { app, user });
            all.extend(ends.map(|ends_at| O::SetGrantEnd { app, user, ends_at }));
            all.push(O::RequestAppTransfer { app, recipient: user });
            all.extend(SETS.map(|permissions| O::GrantPermissions { app, user, permissions }));
            all.extend(SETS.map(|permissions| O::SetPermissions { app, user, permissions }));
        }
        for group in groups.iter().copied() {
            all.push(O::AddGroupMember { group, user });
            all.push(O::RemoveGroupMember { group, user });
        }
        for space in spaces.iter().copied() {
            all.push(O::AllowAppCreation { space, user });
            all.push(O::RevokeAppCreation { space, user });
            all.extend(ends.map(|ends_at| O::SetAppCreationEnd { space, user, ends_at }));
        }
    }
    for account in accounts.iter().copied() {
        all.extend(team_names.iter().map(|name| O::CreateTeamIn { account, name: *name }));
        all.extend(teams.iter().map(|team| O::MoveTeamIn { team: *team, account }));
    }
    for team in teams.iter().copied() {
        all.push(O::RequestTeamDeletion { team });
        all.push(O::WithdrawTeamDeletion { team });
        all.push(O::DeleteTeam { team });
        all.push(O::RequestTeamMoveOut { team });
        all.push(O::WithdrawTeamMoveOut { team });
        all.push(O::MoveTeamOut { team });
        all.push(O::RemoveIdentityProvider { team });
        all.push(O::EnableSso { team });
        all.push(O::DisableSso { team });
        all.extend(team_names.iter().map(|name| O::RenameTeam { team, name: *name }));
        all.extend(labels.iter().map(|labels| O::SetTeamLabels { team, labels: labels.clone() }));
        all.extend([LITTLE, Limits::STANDARD, Limits::ENTERPRISE].map(|limits| O::SetTeamLimits { team, limits }));
        all.extend(roles().map(|role| O::SetDefaultRole { team, role }));
        all.extend(SignInRequirement::ALL.iter().map(|one| O::SetSignInRequirement { team, requirement: *one }));
        all.extend([OAuthAccess::Allowed, OAuthAccess::Denied].map(|access| O::SetOAuthAccess { team, access }));
        all.extend([AddOnControls::Off, AddOnControls::On].map(|controls| O::SetAddOnControls { team, controls }));
        all.extend(["idp-a", "idp-b"].map(|name| O::SetIdentityProvider { team, provider: provider(name) }));
        all.extend(services.map(|service| O::AllowAddOn { team, service }));
        all.extend(services.map(|service| O::DisallowAddOn { team, service }));
        all.extend([None, Some(read("Visa"))].map(|method| O::SetPaymentMethod { team, method }));
        for (email, role) in emails.iter().flat_map(|email| roles().map(move |role| (email, role))) {
            all.push(O::InviteMember { team, email: email.clone(), role });
        }
        all.extend(emails.iter().map(|email| O::InviteDefaultMember { team, email: email.clone() }));
        all.extend(group_names.iter().map(|name| O::CreateGroup { team, name: *name }));
        for name in role_names.iter().copied() {
            all.extend(rights().map(|rights| O::CreateRole { team, name, rights }));
        }
        for name in space_names.iter().copied() {
            all.push(O::CreateSpace { space: NewSpace::new(team, name) });
        }
    }
    for role in custom.iter().copied() {
        all.extend(role_names.iter().map(|name| O::RenameRole { role, name: *name }));
        all.extend(rights().map(|rights| O::SetRoleRights { role, rights }));
        all.push(O::DeleteRole { role });
    }
    for group in groups.iter().copied() {
        all.extend(group_names.iter().map(|name| O::RenameGroup { group, name: *name }));
        all.push(O::DeleteGroup { group });
        for app in apps.iter().copied() {
            all.push(O::RevokeGroupPermissions { app, group });
            all.extend(ends.map(|ends_at| O::SetGroupGrantEnd { app, group, ends_at }));
            all.extend(SETS.map(|permissions| O::GrantGroupPermissions { app, group, permissions }));
            all.extend(SETS.map(|permissions| O::SetGroupPermissions { app, group, permissions }));
        }
    }
    for invitation in invitations {
        all.push(O::AcceptInvitation { invitation });
        all.push(O::DeclineInvitation { invitation });
        all.push(O::RevokeInvitation { invitation });
    }
    let places = [NewApp::personal()].into_iter().chain(teams.iter().copied().map(NewApp::in_team));
    for place in places.chain(spaces.iter().copied().map(NewApp::in_space)) {
        for name in app_names.iter().copied() {
            all.push(O::CreateApp { app: place.named(name) });
            all.push(O::CreateApp { app: place.named(name).locked() });
        }
        all.push(O::CreateApp { app: place });
    }
    for app in apps.iter().copied() {
        all.extend(app_names.iter().map(|name| O::RenameApp { app, name: *name }));
        all.extend(labels.iter().map(|labels| O::SetAppLabels { app, labels: labels.clone() }));
        all.push(O::DeleteApp { app, confirmation: "app".to_owned() });
        all.push(O::LockApp { app });
        all.push(O::UnlockApp { app });
        all.push(O::JoinApp { app });
        for (size, quantity) in
            [(DynoSize::Eco, 1), (DynoSize::Basic, 1), (DynoSize::PrivateS, 1), (DynoSize::Basic, 0)]
        {
            all.push(O::ScaleApp { app, process: read("web"), size, quantity });
        }
        for (service, price) in services.iter().flat_map(|service| [(*service, 0), (*service, 1)]) {
            all.push(O::InstallAddOn { app, service, plan: plan(price) });
        }
        all.push(O::UncoupleApp { app });
        all.extend(stages.map(|stage| O::SetStage { app, stage }));
        all.push(O::ReleaseApp { app, description: read("Deploy") });
        all.push(O::PromoteApp { app });
        all.extend(lists.iter().map(|targets| O::PromoteAppTo { app, targets: targets.clone() }));
        for pipeline in pipelines.iter().copied() {
            all.extend(stages.map(|stage| O::CoupleApp { pipeline, app, stage }));
        }
    }
    all.extend(named("App").map(|(app, name)| O::DeleteApp { app: app.into(), confirmation: name.to_owned() }));
    for to in owners.iter().copied() {
        all.extend(apps.iter().map(|app| O::TransferApp { app: *app, to }));
        all.extend(lists.iter().map(|apps| O::TransferApps { apps: apps.clone(), to }));
        all.extend(lists.iter().map(|apps| O::TransferMovableApps { apps: apps.clone(), to }));
        all.extend(pipelines.iter().map(|pipeline| O::TransferPipeline { pipeline: *pipeline, to }));
        all.push(O::CreatePipeline { owner: to, name: read(PIPELINES[0]) });
    }
    for transfer in transfers {
        all.push(O::AcceptAppTransfer { transfer });
        all.push(O::DeclineAppTransfer { transfer });
        all.push(O::CancelAppTransfer { transfer });
    }
    for add_on in add_ons {
        all.push(O::RemoveAddOn { add_on });
        all.extend([0, 1].map(|price| O::ChangeAddOnPlan { add_on, plan: plan(price) }));
    }
    for pipeline in pipelines {
        all.extend(PIPELINES.map(|name| O::RenamePipeline { pipeline, name: read(name) }));
        all.extend(labels.iter().map(|labels| O::SetPipelineLabels { pipeline, labels: labels.clone() }));
        all.push(O::DeletePipeline { pipeline });
    }
    for space in spaces {
        all.extend(space_names.iter().map(|name| O::RenameSpace { space, name: *name }));
        all.extend(labels.iter().map(|labels| O::SetSpaceLabels { space, labels: labels.clone() }));
        all.push(O::DestroySpace { space, confirmation: "space".to_owned() });
        all.extend(teams.iter().map(|team| O::TransferSpace { space, team: *team }));
    }
    for (space, name) in named("Space") {
        all.push(O::DestroySpace { space: space.into(), confirmation: name.to_owned() });
    }
    all
}
