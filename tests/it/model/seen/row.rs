//! What the store shows, as rows of the model.

use enterprise_teams::{
    Access, AccountId, AppId, GroupId, PermissionSet, PipelineId, Role, RoleId, SpaceId, TeamId, TeamRole, UserId,
    entity::{AccountPermissionSet, AddOn, DynoSize, EnterpriseAccount, Lock, SignInStatus, Sso, Times},
    ids::{AddOnId, InvitationId, TransferId},
    names::{AccountName, GroupName, ProcessType, RoleName},
    policy,
    query::{
        AccessEntry, AccountMember, AppAccess, AppOrPipeline, GroupAccess, GroupApp, GroupEntry, GroupMember,
        Membership, RoleEntry, SpaceAccess, VisibleApp,
    },
};

use super::super::state;
use super::super::state::Time;

pub(crate) type User = (UserId, state::User);
pub(crate) type App = (AppId, state::App);
pub(crate) type Pipeline = (PipelineId, state::Pipeline);
pub(crate) type Group = (GroupId, state::Group);
pub(crate) type CustomRole = (RoleId, state::CustomRole);
pub(crate) type Space = (SpaceId, state::Space);
pub(crate) type Account = (AccountId, AccountName, Time);
pub(crate) type Invitation = (InvitationId, state::Invitation);
pub(crate) type Transfer = (TransferId, state::Transfer);
pub(crate) type Installed = (AddOnId, state::AddOn);
pub(crate) type Formation = Vec<(ProcessType, DynoSize, u16)>;

/// A team, how far single sign-on is set up, and when its deletion and its move out of its account were asked for.
pub(crate) type Team = (TeamId, state::Team, Sso, [Option<Time>; 2]);

/// An entry of an Access list: who, as what, with the name of a role of the team's own that is shown, how they sign in, the apps that a collaborator is on, on how many apps something of an
/// admin sleeps, the names of their groups, and the times, with the end.
pub(crate) type Person =
    (User, (Role, Option<RoleName>), SignInStatus, Vec<App>, usize, Vec<GroupName>, (Times, Option<Time>));

pub(crate) fn labels(labels: &enterprise_teams::entity::Labels) -> state::Labels {
    labels.iter().map(|(key, value)| (key.clone(), value.clone())).collect()
}

pub(crate) fn user(user: &enterprise_teams::User) -> User {
    let row = state::User {
        email: user.email().clone(),
        mfa: user.mfa(),
        sign_in: user.sign_in(),
        suspended_at: user.suspended_at(),
        registered_at: user.registered_at(),
    };
    (user.id(), row)
}

pub(crate) fn team(team: &enterprise_teams::Team) -> Team {
    let row = state::Team {
        name: team.name(),
        kind: team.kind(),
        limits: team.limits(),
        default_role: team.default_role(),
        oauth: team.oauth_access(),
        required: team.sign_in_requirement(),
        controls: team.add_on_controls(),
        account: team.account(),
        provisioned_at: team.provisioned_at(),
        changed_at: team.changed_at(),
        labels: labels(team.labels()),
    };
    (team.id(), row, team.sso(), [team.deletion_requested_at(), team.move_out_requested_at()])
}

pub(crate) fn app(app: &enterprise_teams::App) -> App {
    let row = state::App {
        name: app.name(),
        owner: app.owner(),
        owned_since: app.owned_since(),
        stack: app.stack(),
        locked: app.lock() == Lock::Locked,
        space: app.space(),
        number: app.number(),
        created_at: app.created_at(),
        changed_at: app.changed_at(),
        labels: labels(app.labels()),
    };
    (app.id(), row)
}

pub(crate) fn pipeline(pipeline: &enterprise_teams::Pipeline) -> Pipeline {
    let row = state::Pipeline {
        name: pipeline.name(),
        owner: pipeline.owner(),
        number: pipeline.number(),
        created_at: pipeline.created_at(),
        changed_at: pipeline.changed_at(),
        labels: labels(pipeline.labels()),
    };
    (pipeline.id(), row)
}

pub(crate) fn group(group: &enterprise_teams::Group) -> Group {
    (group.id(), state::Group { team: group.team(), name: group.name(), created_at: group.created_at() })
}

pub(crate) fn custom_role(role: &policy::CustomRole) -> CustomRole {
    let (team, name, rights) = (role.team(), role.name(), role.rights());
    (role.id(), state::CustomRole { team, name, rights, created_at: role.created_at() })
}

/// A role of a team's own, and how many have it.
pub(super) fn role_entry(one: RoleEntry<'_>) -> (CustomRole, usize) {
    (custom_role(one.role), one.members)
}

pub(crate) fn space(space: &enterprise_teams::Space) -> Space {
    let row = state::Space {
        name: space.name(),
        team: space.team(),
        team_since: space.team_since(),
        shield: space.shield(),
        created_at: space.created_at(),
        changed_at: space.changed_at(),
        labels: labels(space.labels()),
    };
    (space.id(), row)
}

pub(crate) fn account(account: &EnterpriseAccount) -> Account {
    (account.id(), account.name(), account.opened_at())
}

pub(crate) fn invitation(invitation: &enterprise_teams::entity::Invitation) -> Invitation {
    let row = state::Invitation {
        team: invitation.team(),
        email: invitation.email().clone(),
        role: invitation.role(),
        by: invitation.invited_by(),
        at: invitation.invited_at(),
        expires_at: invitation.expires_at(),
    };
    (invitation.id(), row)
}

pub(crate) fn transfer(transfer: &enterprise_teams::entity::AppTransfer) -> Transfer {
    let row = state::Transfer {
        app: transfer.app(),
        owner: transfer.owner(),
        recipient: transfer.recipient(),
        at: transfer.requested_at(),
    };
    (transfer.id(), row)
}

pub(crate) fn add_on(add_on: &AddOn) -> Installed {
    let row = state::AddOn {
        app: add_on.app(),
        service: add_on.service(),
        plan: add_on.plan(),
        installed_at: add_on.installed_at(),
    };
    (add_on.id(), row)
}

pub(crate) fn formation(dynos: &[enterprise_teams::entity::Dyno]) -> Formation {
    dynos.iter().map(|dyno| (dyno.process, dyno.size, dyno.quantity)).collect()
}

pub(super) fn person(entry: AccessEntry<'_>) -> Person {
    let apps = entry.apps.into_iter().map(app).collect();
    let groups = entry.groups.into_iter().map(enterprise_teams::Group::name).collect();
    let role = (entry.role, entry.custom.map(policy::CustomRole::name));
    (user(entry.user), role, entry.status, apps, entry.sleeping as usize, groups, (entry.times, entry.ends_at))
}

/// A team that somebody is in: as what, the times of that, and the end.
pub(super) type Own = (Team, TeamRole, Times, Option<Time>);

pub(super) fn membership(one: Membership<'_>) -> Own {
    (team(one.team), one.role, one.times, one.ends_at)
}

pub(super) fn visible(one: VisibleApp<'_>) -> (App, Access) {
    (app(one.app), one.held)
}

/// What a group holds on an app, and the times of that, with the end.
pub(super) type OfGroup = (Group, PermissionSet, Times, Option<Time>);

pub(super) fn group_access(one: GroupAccess<'_>) -> OfGroup {
    (group(one.group), one.permissions, one.times, one.ends_at)
}

/// A group, how many are in it, and on how many apps it holds something.
pub(super) fn group_entry(one: GroupEntry<'_>) -> (Group, usize, usize) {
    (group(one.group), one.members, one.apps)
}

pub(super) fn group_member(one: GroupMember<'_>) -> (User, TeamRole, Time) {
    (user(one.user), one.role, one.since)
}

/// An app, what a group holds on it, the times of that, and the end.
pub(super) type OnApp = (App, PermissionSet, Times, Option<Time>);

pub(super) fn group_app(one: GroupApp<'_>) -> OnApp {
    (app(one.app), one.permissions, one.times, one.ends_at)
}

/// Who holds something on an app: as what, and in which role of the team's own, what, what of it sleeps, the times of the grant with its end, and what their groups hold.
pub(super) type Listing = (
    User,
    (Option<Role>, Option<RoleName>),
    Access,
    Option<PermissionSet>,
    (Option<Times>, Option<Time>),
    Vec<OfGroup>,
);

pub(super) fn access(one: AppAccess<'_>) -> Listing {
    let groups = one.groups.into_iter().map(group_access).collect();
    let role = (one.role, one.custom.map(policy::CustomRole::name));
    (user(one.user), role, one.held, one.sleeping, (one.granted, one.ends_at), groups)
}

/// Who sees a space: as what, whether they create apps in it, whether that sleeps, since when, and until when.
pub(super) type Seer = (User, TeamRole, bool, bool, Times, [Option<Time>; 2]);

pub(super) fn space_access(one: SpaceAccess<'_>) -> Seer {
    (user(one.user), one.role, one.creates_apps, one.sleeping, one.times, [one.permitted_since, one.ends_at])
}

pub(super) fn entry(one: AppOrPipeline<'_>) -> Result<App, Pipeline> {
    match one {
        AppOrPipeline::App(one) => Ok(app(one)),
        AppOrPipeline::Pipeline(one) => Err(pipeline(one)),
    }
}

/// What is on an app, or a space.
pub(super) type Resource = Result<(App, Formation, Vec<Installed>), Box<Space>>;

pub(super) fn resources(one: enterprise_teams::query::Resource<'_>) -> Resource {
    match one {
        enterprise_teams::query::Resource::App(one) => {
            Ok((app(one.app), formation(one.dynos), one.add_ons.into_iter().map(add_on).collect()))
        }
        enterprise_teams::query::Resource::Space(one) => Err(Box::new(space(one))),
    }
}

pub(super) fn account_member(one: AccountMember<'_>) -> (User, AccountPermissionSet) {
    (user(one.user), one.permissions)
}

/// A team, somebody in it, as what, and which of the team's own roles that is.
pub(super) type AccountPerson = (Team, User, (Role, Option<RoleName>));

pub(super) fn account_person(one: enterprise_teams::query::AccountPerson<'_>) -> AccountPerson {
    (team(one.team), user(one.user), (one.role, one.custom.map(policy::CustomRole::name)))
}
