//! The scopes: who and what there is, and which events are followed.

use enterprise_teams::{
    Actor, Email, Event as E, NewApp, NewSpace, NewTeam, NewUser, Owner, Permission, PermissionSet, Settings, Stage,
    TeamId, TeamKind, TeamRole, TeamStore,
    entity::{AccountPermissionSet, Limits, Lock, OAuthAccess},
};

use super::Scope;
use super::asked::{ACCOUNTS, APPS, EMAILS, GROUPS, LITTLE, PIPELINES, ROLES, SPACES, TEAMS, plan};
use crate::support::{id, noon, read, with_sso};

const PEOPLE: &[&str] = &[EMAILS[0], EMAILS[1], EMAILS[2]];
const BOTH_APPS: &[&str] = &[APPS[0], APPS[1]];
const BOTH_TEAMS: &[&str] = &[TEAMS[0], TEAMS[1]];

const DEPLOY: PermissionSet = PermissionSet::of(&[Permission::View, Permission::Deploy]);
const MANAGE: PermissionSet = PermissionSet::of(&[Permission::View, Permission::Manage]);

fn is_of_the_three(email: &Email) -> bool {
    PEOPLE.contains(&email.as_str())
}

/// A store, the operator, and three people.
struct World {
    store: TeamStore,
    operator: Actor,
    a: Actor,
    b: Actor,
    c: Actor,
}

/// Three people, who may have one app each.
fn people() -> World {
    let operator = Actor::operator(noon());
    let mut store = TeamStore::new(Settings::from_seed(1).personal_apps_max(1).space_apps_max(2));
    let [a, b, c] = [0, 1, 2].map(|person| {
        let user = store.register_user(operator, NewUser::new(read(EMAILS[person]))).unwrap();
        Actor::user(user, noon())
    });
    World { store, operator, a, b, c }
}

/// A team of each kind: the Enterprise Team has the admin A and room for three people, the Standard team has the admin B and
/// room for two people and one app.
fn two_kinds() -> (World, [TeamId; 2]) {
    let mut world = people();
    let World { store, operator, a, b, .. } = &mut world;
    let enterprise = NewTeam::enterprise(read(TEAMS[0]), id(*a)).limits(Limits { members: 3, ..Limits::ENTERPRISE });
    let limits = Limits { members: 2, apps: Some(1), ..Limits::STANDARD };
    let standard = NewTeam::standard(read(TEAMS[1]), id(*b)).limits(limits);
    let teams = [enterprise, standard].map(|team| store.provision_team(*operator, team).unwrap());
    (world, teams)
}

/// One team, with the admin A, and its app.
fn one_kind(kind: TeamKind) -> (World, TeamId) {
    let mut world = people();
    let World { store, operator, a, .. } = &mut world;
    let team = match kind {
        TeamKind::Enterprise => NewTeam::enterprise(read(TEAMS[0]), id(*a)),
        TeamKind::Standard => NewTeam::standard(read(TEAMS[0]), id(*a)),
    };
    let team = store.provision_team(*operator, team).unwrap();
    let app = store.create_app(*a, NewApp::in_team(team).named(read(APPS[0]))).unwrap();
    store.install_add_on(*a, app, read("kafka"), plan(1)).unwrap();
    (world, team)
}

/// An account of A's with two teams of which A is the admin; the second denies third-party clients.
fn account() -> (World, [TeamId; 2]) {
    let mut world = people();
    let World { store, operator, a, .. } = &mut world;
    let account = store.open_account(*operator, read(ACCOUNTS[0]), id(*a)).unwrap();
    let teams = [0, 1].map(|team| store.create_team_in(*a, account, read(TEAMS[team])).unwrap());
    store.set_oauth_access(*a, teams[1], OAuthAccess::Denied).unwrap();
    (world, teams)
}

fn scope(start: TeamStore, alike: &'static [&'static [&'static str]], follows: impl Fn(&E) -> bool + 'static) -> Scope {
    Scope { start, follows: Box::new(follows), alike }
}

/// A team of each kind: people are added, invited as members, get other roles and go. The Enterprise Team denies third-party
/// clients, and comes to have less room.
pub(super) fn membership() -> Scope {
    let (World { mut store, a, .. }, teams) = two_kinds();
    store.set_oauth_access(a, teams[0], OAuthAccess::Denied).unwrap();
    scope(store, &[PEOPLE], move |event| match event {
        E::MemberAdded { .. } | E::MemberRoleChanged { .. } | E::MemberRemoved { .. } => true,
        E::MemberInvited { invitation, .. } => {
            invitation.role() == Some(TeamRole::Member) && is_of_the_three(invitation.email())
        }
        E::InvitationAccepted { .. } | E::InvitationDeclined { .. } | E::InvitationRevoked { .. } => true,
        E::LimitsChanged { team, to, .. } => *team == teams[0] && **to == LITTLE,
        _ => false,
    })
}

/// One team with an app: people come, get other roles and go; they are put on the app, with `view` or `manage` if that is
/// chosen, join it and leave it; it is locked and unlocked.
pub(super) fn work(kind: TeamKind) -> Scope {
    let (World { store, .. }, _) = one_kind(kind);
    scope(store, &[PEOPLE], |event| match event {
        E::MemberAdded { .. } | E::MemberRoleChanged { .. } | E::MemberRemoved { .. } => true,
        E::PermissionsGranted { permissions: set, .. } | E::PermissionsChanged { to: set, .. } => {
            [PermissionSet::VIEW, MANAGE].contains(set)
        }
        E::CollaboratorAdded { .. } | E::CollaboratorRemoved { .. } | E::AppJoined { .. } => true,
        E::AppLocked { .. } | E::AppUnlocked { .. } => true,
        _ => false,
    })
}

/// A team of each kind, of which the first has an app and B and C as members, who may be in one group each: two groups come, are
/// renamed and go; people come into them and go, and get other roles; they are granted `manage` or `deploy` on the app, which goes to A
/// and back.
pub(super) fn groups() -> Scope {
    let (World { mut store, operator, a, b, c }, teams) = two_kinds();
    for user in [b, c] {
        store.add_member(a, teams[0], id(user), TeamRole::Member).unwrap();
    }
    store.create_app(a, NewApp::in_team(teams[0]).named(read(APPS[0]))).unwrap();
    let mut options = store.settings().options.clone();
    (options.team_groups_max, options.member_groups_max) = (2, 1);
    store.change_settings(operator, options).unwrap();
    scope(store, &[&GROUPS], move |event| match event {
        E::GroupCreated { .. } | E::GroupRenamed { .. } | E::GroupDeleted { .. } => true,
        E::GroupMemberAdded { .. } | E::GroupMemberRemoved { .. } => true,
        E::GroupPermissionsGranted { permissions: set, .. } | E::GroupPermissionsChanged { to: set, .. } => {
            [DEPLOY, MANAGE].contains(set)
        }
        E::GroupPermissionsRevoked { .. } => true,
        E::MemberRoleChanged { changed } => changed.user == id(b) && changed.team == teams[0],
        E::AppTransferred { moved } => moved.to != Owner::Team(teams[1]),
        _ => false,
    })
}

/// A team of each kind, of which the first has an app and B as a member; C comes and goes: two roles come, get another name or others of
/// two rights, and go; the two have them, and they are what whoever joins gets.
pub(super) fn roles() -> Scope {
    let (World { mut store, operator, a, b, .. }, teams) = two_kinds();
    store.add_member(a, teams[0], id(b), TeamRole::Member).unwrap();
    store.create_app(a, NewApp::in_team(teams[0]).named(read(APPS[0]))).unwrap();
    let mut options = store.settings().options.clone();
    options.team_roles_max = 2;
    store.change_settings(operator, options).unwrap();
    scope(store, &[&ROLES], move |event| match event {
        E::RoleCreated { .. } | E::RoleRenamed { .. } | E::RoleRightsChanged { .. } | E::RoleDeleted { .. } => true,
        E::MemberRoleChanged { changed } => changed.user == id(b) && changed.team == teams[0],
        E::DefaultRoleChanged { team, to, .. } => *team == teams[0] && *to != TeamRole::Admin,
        E::MemberInvited { invitation, .. } => {
            matches!(invitation.role(), Some(TeamRole::Custom(_))) && invitation.email().as_str() == EMAILS[2]
        }
        E::InvitationAccepted { .. } | E::InvitationRevoked { .. } => true,
        E::MemberRemoved { removed } => removed.user != id(b),
        _ => false,
    })
}

/// A team of each kind, B in both, C in the Standard team, and two apps: they are created, go from people and teams to others,
/// and people are put on those that are personal.
pub(super) fn transfers() -> Scope {
    let (World { mut store, a, b, c, .. }, teams) = two_kinds();
    store.add_member(a, teams[0], id(b), TeamRole::Member).unwrap();
    store.add_member(b, teams[1], id(c), TeamRole::Member).unwrap();
    scope(store, &[BOTH_APPS], |event| match event {
        E::AppCreated { created } => created.app.lock() == Lock::Unlocked,
        E::AppTransferred { .. } => true,
        E::AppTransferRequested { .. } | E::AppTransferAccepted { .. } => true,
        E::AppTransferDeclined { .. } | E::AppTransferCancelled { .. } => true,
        E::CollaboratorAdded { owner: Owner::User(_), .. } | E::CollaboratorRemoved { .. } => true,
        _ => false,
    })
}

/// One team with a member and an app: whatever its admin can set. A Standard team has no room left.
pub(super) fn settings(kind: TeamKind) -> Scope {
    let (World { mut store, operator, a, b, .. }, team) = one_kind(kind);
    store.add_member(a, team, id(b), TeamRole::Member).unwrap();
    if kind == TeamKind::Standard {
        store.set_team_limits(operator, team, LITTLE).unwrap();
    }
    scope(store, &[], |event| match event {
        E::DefaultRoleChanged { .. }
        | E::OAuthAccessChanged { .. }
        | E::SignInRequirementChanged { .. }
        | E::SsoChanged { .. } => true,
        E::AddOnControlsChanged { .. } | E::PaymentMethodChanged { .. } | E::TeamLabelsChanged { .. } => true,
        E::TeamDeletionRequested { .. } | E::TeamDeletionWithdrawn { .. } => true,
        E::IdentityProviderChanged { to, .. } => to.as_ref().is_none_or(|to| to.entity_id() == "idp-a"),
        E::AddOnAllowed { service, .. } | E::AddOnDisallowed { service, .. } => service.as_str() == "kafka",
        _ => false,
    })
}

/// A team with single sign-on, of which A, enrolled in MFA, is the admin and B a member with `deploy` on its app, as has C: MFA or
/// single sign-on is required or not, people get and lose both, and leave; single sign-on is switched.
pub(super) fn sign_ins() -> Scope {
    let (World { mut store, a, b, c, .. }, team) = one_kind(TeamKind::Enterprise);
    let app = store.app_by_name(a, read(APPS[0])).unwrap().id();
    store.add_member(a, team, id(b), TeamRole::Member).unwrap();
    for user in [b, c] {
        store.grant_permissions(a, app, id(user), DEPLOY).unwrap();
    }
    with_sso(&mut store, a, team);
    scope(store, &[], |event| {
        let signs_in = matches!(event, E::MfaChanged { .. } | E::SignInChanged { .. } | E::SsoChanged { .. });
        let leaves = matches!(event, E::MemberRemoved { .. } | E::CollaboratorRemoved { .. });
        signs_in || leaves || matches!(event, E::SignInRequirementChanged { .. })
    })
}

/// A team with the admins A and B, and the member C, who has `deploy` on its app; an account that A and B manage, and C sees: people
/// are suspended and reinstated, get lower roles and permissions, and go.
pub(super) fn suspensions() -> Scope {
    let (World { mut store, operator, a, b, c, .. }, team) = one_kind(TeamKind::Enterprise);
    let app = store.app_by_name(a, read(APPS[0])).unwrap().id();
    store.add_member(a, team, id(b), TeamRole::Admin).unwrap();
    store.add_member(a, team, id(c), TeamRole::Member).unwrap();
    store.grant_permissions(a, app, id(c), DEPLOY).unwrap();
    let account = store.open_account(operator, read(ACCOUNTS[0]), id(a)).unwrap();
    for (user, permissions) in [(b, "manage"), (c, "view")] {
        store.add_account_member(a, account, id(user), read(permissions)).unwrap();
    }
    scope(store, &[], |event| match event {
        E::UserSuspended { .. } | E::UserReinstated { .. } => true,
        E::MemberRoleChanged { changed } => changed.to > changed.from,
        E::MemberRemoved { .. } | E::AccountMemberRemoved { .. } | E::CollaboratorRemoved { .. } => true,
        _ => false,
    })
}

/// An Enterprise Team with an app, the admins A and B and the member C, who is on the app and creates apps in its space, and a group of B
/// that is on it too: memberships, grants and the permission to create apps come to end, or not any more; B gets another role; people
/// and groups go; and a day passes.
pub(super) fn ends() -> Scope {
    let (World { mut store, a, b, c, .. }, team) = one_kind(TeamKind::Enterprise);
    let app = store.app_by_name(a, read(APPS[0])).unwrap().id();
    store.add_member(a, team, id(b), TeamRole::Admin).unwrap();
    store.add_member(a, team, id(c), TeamRole::Member).unwrap();
    store.grant_permissions(a, app, id(c), DEPLOY).unwrap();
    let group = store.create_group(a, team, read(GROUPS[0])).unwrap();
    store.grant_group_permissions(a, app, group, DEPLOY).unwrap();
    store.add_group_member(a, group, id(b)).unwrap();
    let space = store.create_space(a, NewSpace::new(team, read(SPACES[0]))).unwrap();
    store.allow_app_creation(a, space, id(c)).unwrap();
    scope(store, &[], |event| match event {
        E::EndChanged { .. } | E::EndsSwept { .. } => true,
        E::MemberRoleChanged { changed } => changed.to > changed.from && changed.to != TeamRole::Viewer,
        E::MemberRemoved { .. } => true,
        _ => false,
    })
}

/// An account with two teams, which deny third-party clients, and of which the second has no room for spaces: people come into
/// the account with `view`, `create` or `manage`, get others of these and go; teams move out and in; a space comes and goes.
pub(super) fn accounts() -> Scope {
    let (World { mut store, operator, a, .. }, teams) = account();
    store.set_oauth_access(a, teams[0], OAuthAccess::Denied).unwrap();
    store.set_team_limits(operator, teams[1], Limits { spaces: Some(0), ..Limits::ENTERPRISE }).unwrap();
    scope(store, &[PEOPLE, BOTH_TEAMS], |event| match event {
        E::AccountMemberAdded { permissions: to, .. } | E::AccountPermissionsChanged { to, .. } => {
            *to != AccountPermissionSet::ALL
        }
        E::AccountMemberRemoved { .. } | E::TeamMovedIn { .. } | E::TeamMovedOut { .. } => true,
        E::TeamMoveOutRequested { .. } | E::TeamMoveOutWithdrawn { .. } => true,
        E::SpaceCreated { .. } | E::SpaceDestroyed { .. } => true,
        _ => false,
    })
}

/// Two teams of one account, of which B is a member, and of which the second has room for one app only; two apps, a space, and
/// a pipeline with apps in one stage: all come, go, and move between the teams.
pub(super) fn places() -> Scope {
    let (World { mut store, operator, a, b, .. }, teams) = account();
    for team in teams {
        store.add_member(a, team, id(b), TeamRole::Member).unwrap();
    }
    store.set_team_limits(operator, teams[1], Limits { apps: Some(1), ..Limits::ENTERPRISE }).unwrap();
    let in_team = |owner: Owner| owner.team().is_some();
    scope(store, &[BOTH_TEAMS, BOTH_APPS], move |event| match event {
        E::AppCreated { created } => created.app.lock() == Lock::Unlocked && in_team(created.app.owner()),
        E::AppDeleted { .. } => true,
        E::AppTransferred { moved } => in_team(moved.to),
        E::SpaceCreated { .. } | E::SpaceDestroyed { .. } | E::SpaceTransferred { .. } => true,
        E::AppCreationAllowed { .. } | E::AppCreationRevoked { .. } => true,
        E::PipelineCreated { pipeline } => in_team(pipeline.owner()),
        E::PipelineDeleted { .. } | E::AppUncoupled { .. } => true,
        E::PipelineTransferred { moved } => in_team(moved.to),
        E::AppCoupled { stage, .. } => *stage == Stage::Staging,
        _ => false,
    })
}

/// A team with a pipeline and two apps: these are coupled, go from stage to stage, are released and promoted; C gets and loses
/// `deploy` on them.
pub(super) fn pipelines() -> Scope {
    let (World { mut store, a, c, .. }, team) = one_kind(TeamKind::Enterprise);
    store.create_app(a, NewApp::in_team(team).named(read(APPS[1]))).unwrap();
    store.create_pipeline(a, team, read(PIPELINES[0])).unwrap();
    scope(store, &[BOTH_APPS], move |event| match event {
        E::AppCoupled { .. } | E::AppStageChanged { .. } | E::AppUncoupled { .. } => true,
        E::AppReleased { .. } | E::AppPromoted { .. } => true,
        E::PermissionsGranted { user, permissions: set, .. } => *user == id(c) && *set == DEPLOY,
        E::CollaboratorRemoved { .. } => true,
        _ => false,
    })
}

/// A team of each kind, of which the second denies third-party clients, with the member C, and an app of C's with A on it: it
/// goes to others, and gets and loses a dyno, an add-on and a label.
pub(super) fn resources() -> Scope {
    let (World { mut store, a, b, c, .. }, teams) = two_kinds();
    store.add_member(a, teams[0], id(c), TeamRole::Member).unwrap();
    store.add_member(b, teams[1], id(c), TeamRole::Member).unwrap();
    store.set_oauth_access(b, teams[1], OAuthAccess::Denied).unwrap();
    let app = store.create_app(c, NewApp::personal().named(read(APPS[0]))).unwrap();
    store.add_collaborator(c, app, id(a)).unwrap();
    scope(store, &[], |event| match event {
        E::AppTransferred { .. } | E::AppScaled { .. } | E::AppLabelsChanged { .. } => true,
        E::AddOnInstalled { add_on, .. } => add_on.service().as_str() == "kafka",
        E::AddOnPlanChanged { .. } | E::AddOnRemoved { .. } => true,
        _ => false,
    })
}

/// Four e-mails, three people, of whom B is in the Enterprise Team: they are registered, get other e-mails, and are deleted;
/// they create an app of their own, and put others on it; A and B get other roles.
pub(super) fn users() -> Scope {
    let (World { mut store, a, b, .. }, teams) = two_kinds();
    store.add_member(a, teams[0], id(b), TeamRole::Member).unwrap();
    scope(store, &[&EMAILS, BOTH_APPS], |event| match event {
        E::UserRegistered { .. } | E::UserDeleted { .. } | E::EmailChanged { .. } => true,
        E::MemberRoleChanged { .. } => true,
        E::AppCreated { created } => created.app.owner().team().is_none() && created.app.lock() == Lock::Unlocked,
        E::CollaboratorAdded { owner: Owner::User(_), .. } => true,
        _ => false,
    })
}

impl Scope {
    /// The same, where these events are followed too.
    fn and(self, more: impl Fn(&E) -> bool + 'static) -> Self {
        let Self { start, follows, alike } = self;
        scope(start, alike, move |event| follows(event) || more(event))
    }
}

/// As [`membership`]; people are invited in every role; the default roles change, and the Enterprise Team lets third-party
/// clients in.
pub(super) fn larger_membership() -> Scope {
    membership().and(|event| match event {
        E::MemberInvited { invitation, .. } => is_of_the_three(invitation.email()),
        E::DefaultRoleChanged { .. } => true,
        E::OAuthAccessChanged { from, .. } => *from == OAuthAccess::Denied,
        _ => false,
    })
}

/// As [`work`] in both kinds of team at once, each with an app; `manage` alone is chosen.
pub(super) fn larger_work() -> Scope {
    let (World { mut store, a, b, .. }, teams) = two_kinds();
    store.create_app(a, NewApp::in_team(teams[0]).named(read(APPS[0]))).unwrap();
    store.create_app(b, NewApp::in_team(teams[1]).named(read(APPS[1]))).unwrap();
    let work = work(TeamKind::Enterprise).follows;
    scope(store, &[PEOPLE], move |event| match event {
        E::PermissionsGranted { permissions: set, .. } | E::PermissionsChanged { to: set, .. } => *set == MANAGE,
        event => work(event),
    })
}

/// As [`transfers`]; apps are locked and unlocked, people get `manage` on those of the Enterprise Team, and B gets other roles
/// there.
pub(super) fn larger_transfers() -> Scope {
    let (World { b, .. }, teams) = two_kinds();
    transfers().and(move |event| match event {
        E::AppLocked { .. } | E::AppUnlocked { .. } => true,
        E::PermissionsGranted { permissions, .. } => *permissions == MANAGE,
        E::MemberRoleChanged { changed } => changed.team == teams[0] && changed.user == id(b),
        _ => false,
    })
}

/// As [`accounts`]; all sets of permissions are given, teams are deleted and created, and spaces go from team to team.
pub(super) fn larger_accounts() -> Scope {
    accounts().and(|event| {
        let given = matches!(event, E::AccountMemberAdded { .. } | E::AccountPermissionsChanged { .. });
        given || matches!(event, E::TeamProvisioned { .. } | E::TeamDeleted { .. } | E::SpaceTransferred { .. })
    })
}

/// As [`places`]; with apps and pipelines of people too, one more stage, and releases.
pub(super) fn larger_places() -> Scope {
    places().and(|event| match event {
        E::AppCreated { created } => created.app.lock() == Lock::Unlocked,
        E::AppTransferred { .. } | E::PipelineCreated { .. } | E::PipelineTransferred { .. } => true,
        E::AppCoupled { stage, .. } => *stage == Stage::Production,
        E::AppReleased { .. } | E::AppPromoted { .. } => true,
        _ => false,
    })
}

/// As [`pipelines`]; C gets and loses any permissions, the pipeline comes, goes and gets other owners, and the apps go to A
/// and back.
pub(super) fn larger_pipelines() -> Scope {
    let c = people().c;
    pipelines().and(move |event| match event {
        E::PermissionsGranted { user, .. } | E::PermissionsChanged { user, .. } => *user == id(c),
        E::PipelineCreated { .. } | E::PipelineDeleted { .. } | E::PipelineTransferred { .. } => true,
        E::AppTransferred { .. } => true,
        _ => false,
    })
}

/// As [`resources`]; with a second service, and the control of add-ons.
pub(super) fn larger_resources() -> Scope {
    resources().and(|event| match event {
        E::AddOnInstalled { .. } | E::AddOnControlsChanged { .. } => true,
        E::AddOnAllowed { service, .. } | E::AddOnDisallowed { service, .. } => service.as_str() == "kafka",
        _ => false,
    })
}

/// As [`users`]; and people come into both teams and go.
pub(super) fn larger_users() -> Scope {
    users().and(|event| matches!(event, E::MemberAdded { .. } | E::MemberRemoved { .. }))
}
