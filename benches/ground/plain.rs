//! Plain structures that answer the questions of [`World`] by the same rules: what the hardware allows.

use std::collections::HashMap;

use enterprise_teams::uuid::Uuid;
use enterprise_teams::{AppName, Email};
use foldhash::fast::RandomState;

use super::world::{ACTIONS, AccessQuery, MANAGE, Role, VIEW, WORK, World};

type Map<K, V> = HashMap<K, V, RandomState>;

#[derive(Clone, Copy)]
struct Team {
    standard: bool,
    clients_denied: bool,
}

fn by_role(role: Role, standard: bool, locked: bool) -> u8 {
    match role {
        Role::Admin => WORK | MANAGE,
        Role::Member if standard && !locked => WORK,
        Role::Member | Role::Viewer => VIEW,
        Role::Collaborator => 0,
    }
}

fn admits(role: Option<Role>, grant: Option<u8>, team: Team, locked: bool, client: bool, action: u8) -> bool {
    let (_, needed, paid) = ACTIONS[action as usize];
    let held = role.map_or(0, |role| by_role(role, team.standard, locked)) | grant.unwrap_or(0);
    held & needed != 0 && !(client && team.clients_denied) && !(paid && team.standard && role.is_none())
}

/// Hash maps on ids of sixteen bytes, hashed by foldhash: what somebody writes who needs just the check.
pub(crate) struct Maps {
    teams: Map<Uuid, Team>,
    apps: Map<Uuid, (Uuid, bool)>,
    roles: Map<(Uuid, Uuid), Role>,
    grants: Map<(Uuid, Uuid), u8>,
}

impl Maps {
    pub(crate) fn new(world: &World, teams: &[Uuid], users: &[Uuid], apps: &[Uuid]) -> Self {
        let facts = |team: &super::world::Team| Team { standard: team.standard, clients_denied: team.clients_denied };
        let role = |(user, row): (&Uuid, &super::world::User)| {
            (row.role != Role::Collaborator).then_some(((*user, teams[row.team as usize]), row.role))
        };
        let rows = || apps.iter().zip(&world.apps);
        Self {
            teams: teams.iter().copied().zip(world.teams.iter().map(facts)).collect(),
            apps: rows().map(|(id, app)| (*id, (teams[app.team as usize], app.locked))).collect(),
            roles: users.iter().zip(&world.users).filter_map(role).collect(),
            grants: rows()
                .flat_map(|(id, app)| app.grants.iter().map(|(user, held)| ((users[*user as usize], *id), *held)))
                .collect(),
        }
    }

    pub(crate) fn can(&self, user: Uuid, client: bool, action: u8, app: Uuid) -> bool {
        let Some((id, locked)) = self.apps.get(&app) else { return false };
        let Some(team) = self.teams.get(id) else { return false };
        let role = self.roles.get(&(user, *id)).copied();
        let grant = match role {
            Some(Role::Admin) => None,
            _ => self.grants.get(&(user, app)).copied(),
        };
        admits(role, grant, *team, *locked, client, action)
    }

    /// Looks at every grant once, and up whom and what it names: how many count.
    pub(crate) fn walk(&self) -> usize {
        let counts = |((user, app), held): &(&(Uuid, Uuid), &u8)| {
            let Some((team, _)) = self.apps.get(app) else { return false };
            **held != 0 && self.teams.contains_key(team) && self.roles.get(&(*user, *team)) != Some(&Role::Admin)
        };
        self.grants.iter().filter(counts).count()
    }

    /// Gives a user permissions on an app, or takes them away.
    pub(crate) fn set(&mut self, user: Uuid, app: Uuid, held: Option<u8>) {
        match held {
            Some(held) => drop(self.grants.insert((user, app), held)),
            None => drop(self.grants.remove(&(user, app))),
        }
    }
}

/// Hash maps as they are changed without any rule: users by id and e-mail, apps by id and name, and what is held.
pub(crate) struct Changed {
    users: Map<Uuid, Email>,
    emails: Map<Email, Uuid>,
    names: Map<AppName, Uuid>,
    pub(crate) held: Maps,
}

impl Changed {
    pub(crate) fn new(world: &World, teams: &[Uuid], users: &[Uuid], apps: &[Uuid]) -> Self {
        let email = |number: usize| format!("user-{number}@acme.example.com").parse::<Email>();
        let name = |number: usize| format!("gentle-garden-{number}").parse::<AppName>();
        let rows = || users.iter().enumerate().filter_map(|(number, id)| Some((*id, email(number).ok()?)));
        Self {
            users: rows().collect(),
            emails: rows().map(|(id, email)| (email, id)).collect(),
            names: apps.iter().enumerate().filter_map(|(number, id)| Some((name(number).ok()?, *id))).collect(),
            held: Maps::new(world, teams, users, apps),
        }
    }

    pub(crate) fn register(&mut self, id: Uuid, email: Email) {
        self.emails.insert(email.clone(), id);
        self.users.insert(id, email);
    }

    pub(crate) fn create(&mut self, id: Uuid, team: Uuid, name: AppName) {
        self.names.insert(name, id);
        self.held.apps.insert(id, (team, false));
    }
}

struct App {
    team: u32,
    locked: bool,
    grants: Vec<(u32, u8)>,
}

/// Rows by number, and a sorted list of grants for each app: for whoever has numbers and not ids.
pub(crate) struct Dense {
    teams: Vec<Team>,
    users: Vec<(u32, Option<Role>)>,
    apps: Vec<App>,
}

impl Dense {
    pub(crate) fn new(world: &World) -> Self {
        let facts = |team: &super::world::Team| Team { standard: team.standard, clients_denied: team.clients_denied };
        Self {
            teams: world.teams.iter().map(facts).collect(),
            users: world
                .users
                .iter()
                .map(|user| (user.team, (user.role != Role::Collaborator).then_some(user.role)))
                .collect(),
            apps: world
                .apps
                .iter()
                .map(|app| App { team: app.team, locked: app.locked, grants: app.grants.clone() })
                .collect(),
        }
    }

    pub(crate) fn can(&self, question: AccessQuery) -> bool {
        let App { team, locked, grants } = &self.apps[question.app as usize];
        let (own, role) = self.users[question.user as usize];
        let role = role.filter(|_| own == *team);
        let at = grants.binary_search_by_key(&question.user, |(user, _)| *user).ok();
        let grant = at.map(|at| grants[at].1);
        admits(role, grant, self.teams[*team as usize], *locked, question.client, question.action)
    }
}
