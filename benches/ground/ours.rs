//! The store that holds a [`World`], built through its operations.

use enterprise_teams::chrono::{DateTime, Utc};
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    Actor, AppId, Error, NewApp, NewTeam, NewUser, Permission, PermissionSet, Settings, TeamId, TeamRole, TeamStore,
    UserId,
    entity::{Limits, OAuthAccess},
    ids::ClientId,
};

use super::world::{DEPLOY, MANAGE, OPERATE, Role, VIEW, World};

pub(crate) const NOW: DateTime<Utc> = DateTime::<Utc>::UNIX_EPOCH;
pub(crate) const CLIENT: ClientId = ClientId::from_uuid(Uuid::from_u128(7));

pub(crate) struct Ours {
    pub(crate) store: TeamStore,
    pub(crate) teams: Vec<TeamId>,
    pub(crate) users: Vec<UserId>,
    pub(crate) apps: Vec<AppId>,
    /// The events, where they are kept apart from the store.
    pub(crate) events: usize,
}

pub(crate) fn permissions(mask: u8) -> PermissionSet {
    let one = |bit, permission: Permission| (mask & bit != 0).then_some(permission);
    [
        one(VIEW, Permission::View),
        one(DEPLOY, Permission::Deploy),
        one(OPERATE, Permission::Operate),
        one(MANAGE, Permission::Manage),
    ]
    .into_iter()
    .flatten()
    .collect()
}

impl Ours {
    /// `keep`: how many events stay in the store, at least.
    pub(crate) fn new(world: &World, keep: usize) -> Result<Self, Error> {
        let operator = Actor::operator(NOW);
        let mut ours = Self {
            store: TeamStore::new(Settings::from_seed(1)),
            teams: vec![],
            users: vec![],
            apps: vec![],
            events: 0,
        };
        for index in 0..world.users.len() {
            let user = NewUser::new(format!("user-{index}@acme.example.com").parse()?);
            ours.users.push(ours.store.register_user(operator, user)?);
        }
        let mut limits = Limits::of(enterprise_teams::TeamKind::Standard);
        limits.members = 500;
        let mut first_app = 0;
        for (index, team) in world.teams.iter().enumerate() {
            let people = world.people(index);
            let (name, admin) = (format!("team-{index}").parse()?, ours.users[people.start]);
            let new = if team.standard {
                NewTeam::standard(name, admin).limits(limits)
            } else {
                NewTeam::enterprise(name, admin)
            };
            let id = ours.store.provision_team(operator, new)?;
            let admin = Actor::user(admin, NOW);
            if team.clients_denied {
                ours.store.set_oauth_access(admin, id, OAuthAccess::Denied)?;
            }
            for user in people.skip(1) {
                let role = match world.users[user].role {
                    Role::Admin => TeamRole::Admin,
                    Role::Member => TeamRole::Member,
                    Role::Viewer => TeamRole::Viewer,
                    Role::Collaborator => continue,
                };
                ours.store.add_member(admin, id, ours.users[user], role)?;
            }
            for (number, app) in world.apps.iter().enumerate().skip(first_app).take(world.shape.apps) {
                let new = NewApp::in_team(id).named(format!("gentle-garden-{number}").parse()?);
                let made = ours.store.create_app(admin, new)?;
                for (user, mask) in &app.grants {
                    let user = ours.users[*user as usize];
                    if team.standard {
                        ours.store.add_collaborator(admin, made, user)?;
                    } else {
                        ours.store.grant_permissions(admin, made, user, permissions(*mask))?;
                    }
                }
                if app.locked {
                    ours.store.lock_app(admin, made)?;
                }
                ours.apps.push(made);
            }
            first_app += world.shape.apps;
            ours.teams.push(id);
            if ours.store.events().len() > 2 * keep {
                ours.events += ours.store.drain_events(keep).len();
            }
        }
        ours.events += ours.store.events().len();
        Ok(ours)
    }

    pub(crate) fn actor(&self, user: u32, client: bool) -> Actor {
        match (self.users[user as usize], client) {
            (user, true) => Actor::oauth(user, CLIENT, NOW),
            (user, false) => Actor::user(user, NOW),
        }
    }
}
