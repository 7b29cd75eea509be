//! Stores to try things in.

use enterprise_teams::chrono::TimeDelta;
use enterprise_teams::demo::{Demo, id};
use enterprise_teams::{
    AccountId, Actor, AppId, AppName, Email, NewApp, NewTeam, NewUser, PermissionSet, Role, TeamId, TeamKind, TeamRole,
    TeamStore,
    entity::{Labels, Plan},
    names::ServiceName,
    policy::RoleRights,
};

/// A team with two admins and somebody in every other role, and one app that the collaborator is on.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) store: TeamStore,
    pub(crate) operator: Actor,
    pub(crate) kind: TeamKind,
    pub(crate) team: TeamId,
    /// Another team of the same kind and account, in which whoever tries is an admin.
    pub(crate) other: TeamId,
    pub(crate) account: AccountId,
    /// Who prepares things: an admin who does not try anything.
    pub(crate) boss: Actor,
    pub(crate) app: AppId,
    /// A member and a collaborator who do not try anything.
    pub(crate) bystander: Actor,
    pub(crate) outsider: Actor,
}

pub(crate) fn text<T: core::str::FromStr>(text: &str) -> T
where
    T::Err: core::fmt::Debug,
{
    text.parse().unwrap()
}

pub(crate) fn plan(price: u32) -> Plan {
    Plan { name: text("some-plan"), price }
}

pub(crate) fn labels() -> Labels {
    Labels::new([(text("some-key"), text("some value"))]).unwrap()
}

pub(crate) fn service() -> ServiceName {
    text("some-service")
}

/// The roles in the columns of the published table of a kind of team.
pub(crate) fn published(kind: TeamKind) -> impl Iterator<Item = Role> {
    let all = Role::ALL.iter().copied().filter(|role| *role != Role::Custom);
    all.filter(move |role| kind == TeamKind::Enterprise || *role != Role::Viewer)
}

impl World {
    /// The world, and who tries in it: somebody with this role in the team.
    pub(crate) fn new(kind: TeamKind, role: Role) -> (Self, Actor) {
        let Demo { mut store, operator, .. } = Demo::new().unwrap();
        let operator = operator.at(operator.at + TimeDelta::days(1));
        let mut user = |name: &str| {
            let new = NewUser::new(format!("{name}@authority.io").parse::<Email>().unwrap());
            Actor::user(store.register_user(operator, new).unwrap(), operator.at)
        };
        let [boss, by, bystander, outsider] = ["boss", "by", "bystander", "outsider"].map(&mut user);
        let account = store.open_account(operator, text("some-account"), id(boss)).unwrap();
        let mut teams = ["first-team", "other-team"].map(|name| match kind {
            TeamKind::Enterprise => store.create_team_in(boss, account, text(name)).unwrap(),
            TeamKind::Standard => store.provision_team(operator, NewTeam::standard(text(name), id(boss))).unwrap(),
        });
        let [team, other] = &mut teams;
        let (team, other) = (*team, *other);
        store.add_member(boss, other, id(by), TeamRole::Admin).unwrap();
        store.add_member(boss, team, id(bystander), TeamRole::Member).unwrap();
        let app = store.create_app(boss, NewApp::in_team(team).named(text::<AppName>("some-app"))).unwrap();
        let mut world = Self { store, operator, kind, team, other, account, boss, app, bystander, outsider };
        world.put_on_app(outsider, PermissionSet::VIEW);
        match role {
            Role::Admin => world.add(by, TeamRole::Admin),
            Role::Member => world.add(by, TeamRole::Member),
            Role::Viewer => world.add(by, TeamRole::Viewer),
            Role::Custom => world.add_in_role(by, RoleRights::default()),
            Role::Collaborator => world.put_on_app(by, PermissionSet::VIEW),
        }
        (world, by)
    }

    /// As [`new`](Self::new) of an Enterprise Team, with somebody in a role of its own that holds this, who is on the app too.
    pub(crate) fn with_rights(rights: RoleRights) -> (Self, Actor) {
        let (mut world, by) = Self::new(TeamKind::Enterprise, Role::Collaborator);
        world.add_in_role(by, rights);
        (world, by)
    }

    fn add_in_role(&mut self, who: Actor, rights: RoleRights) {
        let role = self.store.create_role(self.boss, self.team, text("some-role"), rights).unwrap();
        self.add(who, TeamRole::Custom(role));
    }

    fn add(&mut self, who: Actor, role: TeamRole) {
        self.store.add_member(self.boss, self.team, id(who), role).unwrap();
    }

    pub(crate) fn put_on_app(&mut self, who: Actor, set: PermissionSet) {
        let Self { store, boss, app, .. } = self;
        match self.kind {
            TeamKind::Enterprise => store.grant_permissions(*boss, *app, id(who), set).unwrap(),
            TeamKind::Standard => store.add_collaborator(*boss, *app, id(who)).unwrap(),
        }
    }

    /// Whoever tries holds this on the app too, if permissions are chosen there and they do not hold everything as it is.
    pub(crate) fn grant(&mut self, by: Actor, set: PermissionSet) {
        let Self { store, boss, app, .. } = self;
        let held = store.permissions(by, *app).unwrap().permissions;
        let chosen = self.kind == TeamKind::Enterprise && held != PermissionSet::ALL;
        if chosen && store.grant_permissions(*boss, *app, id(by), set).is_err() {
            store.set_permissions(*boss, *app, id(by), set).unwrap();
        }
    }
}
