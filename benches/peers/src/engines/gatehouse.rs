//! `gatehouse`: policies are closures; the data is the host's.

use gatehouse::{EvaluationSession, PermissionChecker, PolicyBuilder, PolicyDomain};

use super::{Engine, Outcome, apps_of_team, at_once};
use crate::ground::world::{ACTIONS, AccessQuery, Role, WORK, World};

struct Domain;

impl PolicyDomain for Domain {
    type Subject = User;
    /// A number in [`ACTIONS`].
    type Action = u8;
    type Resource = App;
    type Context = AccessSource;
}

struct User {
    number: u32,
    team: u32,
    role: Role,
}

pub(crate) struct App {
    number: u32,
    team: u32,
    standard: bool,
    clients_denied: bool,
    locked: bool,
    grants: Vec<(u32, u8)>,
}

struct AccessSource {
    client: bool,
}

impl User {
    fn role(&self, app: &App) -> Role {
        if self.team == app.team { self.role } else { Role::Collaborator }
    }
}

pub(crate) struct Gatehouse {
    checker: PermissionChecker<Domain>,
    users: Vec<User>,
    apps: Vec<App>,
}

fn checker() -> PermissionChecker<Domain> {
    let policy = PolicyBuilder::<Domain>::new;
    let needed = |action: u8| ACTIONS[action as usize].1;
    let paid = |action: u8| ACTIONS[action as usize].2;
    let mut checker = PermissionChecker::new();
    checker.add_policy(policy("admin").when(|user, _, app, _| user.role(app) == Role::Admin).build());
    checker.add_policy(
        policy("reader")
            .actions(|action| *action == 0)
            .when(|user, _, app, _| matches!(user.role(app), Role::Member | Role::Viewer))
            .build(),
    );
    checker.add_policy(
        policy("member of a Standard team")
            .actions(move |action| needed(*action) & WORK != 0)
            .resources(|app| app.standard && !app.locked)
            .when(|user, _, app, _| user.role(app) == Role::Member)
            .build(),
    );
    checker.add_policy(
        policy("grant")
            .when(move |user, action, app, _| {
                let at = app.grants.binary_search_by_key(&user.number, |(holder, _)| *holder);
                at.is_ok_and(|at| app.grants[at].1 & needed(*action) != 0)
            })
            .build(),
    );
    checker.add_veto(
        policy("third-party client").context(|through| through.client).resources(|app| app.clients_denied).build_veto(),
    );
    checker.add_veto(
        policy("paid add-ons are not for collaborators")
            .actions(move |action| paid(*action))
            .resources(|app| app.standard)
            .when(|user, _, app, _| user.role(app) == Role::Collaborator)
            .build_veto(),
    );
    checker
}

impl Engine for Gatehouse {
    const NAME: &str = "gatehouse";
    type Asked = AccessQuery;
    type Seen<'a> = Vec<&'a App>;

    fn load(world: &World) -> Outcome<Self> {
        let users = (0..).zip(&world.users).map(|(number, user)| User { number, team: user.team, role: user.role });
        let apps = (0..).zip(&world.apps).map(|(number, app)| {
            let team = &world.teams[app.team as usize];
            App {
                number,
                team: app.team,
                standard: team.standard,
                clients_denied: team.clients_denied,
                locked: app.locked,
                grants: app.grants.clone(),
            }
        });
        Ok(Self { checker: checker(), users: users.collect(), apps: apps.collect() })
    }

    fn asked(&self, _: &World, question: AccessQuery) -> Outcome<Self::Asked> {
        Ok(question)
    }

    fn can(&mut self, AccessQuery { user, client, action, app }: &Self::Asked) -> Outcome<bool> {
        let through = AccessSource { client: *client };
        let user = &self.users[*user as usize];
        let bound = self.checker.bind(EvaluationSession::shared_empty(), user, action, &through);
        Ok(at_once(bound.check(&self.apps[*app as usize])).is_granted())
    }

    fn visible<'a>(&'a mut self, world: &World, user: u32) -> Outcome<Self::Seen<'a>> {
        let (candidates, direct) = (apps_of_team(world, user), AccessSource { client: false });
        let candidates = &self.apps[candidates.start as usize..candidates.end as usize];
        let bound = self.checker.bind(EvaluationSession::shared_empty(), &self.users[user as usize], &0, &direct);
        at_once(bound.try_filter(candidates)).map_err(|error| error.to_string().into())
    }

    fn numbers(seen: Self::Seen<'_>) -> Outcome<Vec<u32>> {
        Ok(seen.into_iter().map(|app| app.number).collect())
    }
}
