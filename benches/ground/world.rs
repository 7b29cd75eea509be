//! A synthetic organisation as plain rows, the same for every contender; and questions with the answers that the rules give.

use enterprise_teams::AppAction;

pub(crate) const VIEW: u8 = 1;
pub(crate) const DEPLOY: u8 = 2;
pub(crate) const OPERATE: u8 = 4;
pub(crate) const MANAGE: u8 = 8;
/// What a member holds on the apps of a Standard team, and whoever is on one.
pub(crate) const WORK: u8 = VIEW | DEPLOY | OPERATE;

/// An action, the permissions any one of which allows it, and whether it touches paid add-ons.
pub(crate) const ACTIONS: [(AppAction, u8, bool); 5] = [
    (AppAction::ViewApp, VIEW, false),
    (AppAction::PushCode, DEPLOY, false),
    (AppAction::ScaleDynos, DEPLOY | OPERATE, false),
    (AppAction::RenameApp, MANAGE, false),
    (AppAction::AddPaidAddOn, OPERATE, true),
];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    Admin,
    Member,
    Viewer,
    Collaborator,
}

/// How many of everything in a team.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) admins: usize,
    pub(crate) members: usize,
    pub(crate) viewers: usize,
    pub(crate) collaborators: usize,
    pub(crate) apps: usize,
    /// To members on each app; one collaborator is on it besides.
    pub(crate) grants: usize,
}

/// 550 users, 1,000 apps, 10,000 grants in a team.
pub(crate) const LARGE: Shape =
    Shape { admins: 5, members: 445, viewers: 50, collaborators: 50, apps: 1000, grants: 9 };
/// 100 users, 100 apps, 500 grants in a team.
pub(crate) const SMALL: Shape = Shape { admins: 5, members: 75, viewers: 10, collaborators: 10, apps: 100, grants: 4 };

impl Shape {
    pub(crate) const fn people(self) -> usize {
        self.admins + self.members + self.viewers + self.collaborators
    }
}

pub(crate) struct Team {
    pub(crate) standard: bool,
    pub(crate) clients_denied: bool,
}

pub(crate) struct User {
    pub(crate) team: u32,
    pub(crate) role: Role,
}

pub(crate) struct App {
    pub(crate) team: u32,
    pub(crate) locked: bool,
    /// User and permissions, in the order of the users.
    pub(crate) grants: Vec<(u32, u8)>,
}

pub(crate) struct World {
    pub(crate) shape: Shape,
    pub(crate) teams: Vec<Team>,
    pub(crate) users: Vec<User>,
    pub(crate) apps: Vec<App>,
}

/// May the user, perhaps through a third-party client, do the action (a number in [`ACTIONS`]) on the app?
#[derive(Clone, Copy, Debug)]
pub(crate) struct AccessQuery {
    pub(crate) user: u32,
    pub(crate) client: bool,
    pub(crate) action: u8,
    pub(crate) app: u32,
}

/// A small generator of numbers that repeat (`xorshift64*`).
pub(crate) struct Numbers(pub u64);

impl Numbers {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32;
        ((high * end as u64) >> 32) as usize
    }
}

impl World {
    /// Every fourth team is a Standard one, every fifth keeps third-party clients out, every tenth app is locked.
    pub(crate) fn new(teams: usize, shape: Shape) -> Self {
        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
        let mut world = Self { shape, teams: vec![], users: vec![], apps: vec![] };
        for team in 0..teams {
            let standard = team % 4 == 3;
            world.teams.push(Team { standard, clients_denied: team % 5 == 2 });
            let first = world.users.len();
            for (role, how_many) in [
                (Role::Admin, shape.admins),
                (Role::Member, shape.members),
                (if standard { Role::Member } else { Role::Viewer }, shape.viewers),
                (Role::Collaborator, shape.collaborators),
            ] {
                world.users.extend((0..how_many).map(|_| User { team: team as u32, role }));
            }
            for _ in 0..shape.apps {
                let mut grants: Vec<(u32, u8)> = vec![];
                while grants.len() < shape.grants {
                    let user = (first + shape.admins + numbers.below(shape.members)) as u32;
                    let chosen = VIEW | (1 + numbers.below(7) as u8) << 1;
                    if grants.iter().all(|(other, _)| *other != user) {
                        grants.push((user, if standard { WORK } else { chosen }));
                    }
                }
                let outsider = first + shape.people() - shape.collaborators + numbers.below(shape.collaborators);
                let chosen = VIEW | (numbers.below(8) as u8) << 1;
                grants.push((outsider as u32, if standard { WORK } else { chosen }));
                grants.sort_unstable();
                world.apps.push(App { team: team as u32, locked: world.apps.len() % 10 == 7, grants });
            }
        }
        world
    }

    pub(crate) fn grants(&self) -> usize {
        self.apps.iter().map(|app| app.grants.len()).sum()
    }

    /// The users of a team, in the order of their roles.
    pub(crate) fn people(&self, team: usize) -> core::ops::Range<usize> {
        team * self.shape.people()..(team + 1) * self.shape.people()
    }

    /// What the rules say, by walking the rows.
    pub(crate) fn allowed(&self, question: AccessQuery) -> bool {
        let (user, app) = (&self.users[question.user as usize], &self.apps[question.app as usize]);
        let team = &self.teams[app.team as usize];
        let (_, needed, paid) = ACTIONS[question.action as usize];
        let grant = app.grants.iter().find(|(other, _)| *other == question.user).map(|(_, held)| *held);
        let role = if user.team == app.team { user.role } else { Role::Collaborator };
        let by_role = match role {
            Role::Admin => WORK | MANAGE,
            Role::Member if team.standard && !app.locked => WORK,
            Role::Member | Role::Viewer => VIEW,
            Role::Collaborator => 0,
        };
        let held = by_role | grant.unwrap_or(0);
        held & needed != 0
            && !(question.client && team.clients_denied)
            && !(paid && team.standard && role == Role::Collaborator)
    }

    /// Questions about apps everywhere: some two in five are answered with yes, one in ten comes through a client.
    pub(crate) fn questions(&self, how_many: usize) -> Vec<AccessQuery> {
        let mut numbers = Numbers(42);
        let Shape { admins, members, collaborators, .. } = self.shape;
        let one = |_| {
            let app = numbers.below(self.apps.len());
            let people = self.people(self.apps[app].team as usize);
            let grants = &self.apps[app].grants;
            let user = match numbers.below(100) {
                0..25 => people.start + numbers.below(people.len()),
                25..55 => grants[numbers.below(grants.len())].0 as usize,
                55..60 => people.start + numbers.below(admins),
                60..80 => people.start + admins + numbers.below(members),
                80..90 => people.end - collaborators + numbers.below(collaborators),
                _ => numbers.below(self.users.len()),
            };
            let client = numbers.below(10) == 0;
            let action = numbers.below(ACTIONS.len()) as u8;
            AccessQuery { user: user as u32, client, action, app: app as u32 }
        };
        (0..how_many).map(one).collect()
    }
}
