//! `simple-zanzibar`: relations between objects and users, and relations that follow from others.

use std::num::NonZeroU32;

use simple_zanzibar::ZanzibarEngine;
use simple_zanzibar::eval::EvaluationLimits;
use simple_zanzibar::model::{LookupResources, LookupResourcesRequest, Object, Relation, User};
use simple_zanzibar::relationship::RelationshipMutation;

use super::{Change, Engine, GIVEN, Names, Outcome, number, permissions, team_role};
use crate::ground::world::{ACTIONS, AccessQuery, Role, World};

/// `works` leads to the team where its members work on the app unasked: in a Standard team, without a lock. Whoever is on
/// an app of a Standard team from outside is its `guest`: all that a grant says there, and no paid add-ons.
const SCHEMA: &str = r#"
namespace team {
    relation admin {}
    relation member {}
    relation viewer {}
    relation closed {}
    relation reader { rewrite union(computed_userset(relation: "admin"), computed_userset(relation: "member"),
        computed_userset(relation: "viewer")) }
}
namespace app {
    relation team {}
    relation works {}
    relation view {}
    relation deploy {}
    relation operate {}
    relation manage {}
    relation guest {}
    relation view_app { rewrite union(computed_userset(relation: "view"), computed_userset(relation: "guest"),
        tuple_to_userset(tupleset: "team", computed_userset: "reader")) }
    relation push_code { rewrite union(computed_userset(relation: "deploy"), computed_userset(relation: "guest"),
        tuple_to_userset(tupleset: "team", computed_userset: "admin"),
        tuple_to_userset(tupleset: "works", computed_userset: "member")) }
    relation scale_dynos { rewrite union(computed_userset(relation: "deploy"), computed_userset(relation: "operate"),
        computed_userset(relation: "guest"), tuple_to_userset(tupleset: "team", computed_userset: "admin"),
        tuple_to_userset(tupleset: "works", computed_userset: "member")) }
    relation rename_app { rewrite union(computed_userset(relation: "manage"),
        tuple_to_userset(tupleset: "team", computed_userset: "admin")) }
    relation add_paid_add_on { rewrite union(computed_userset(relation: "operate"),
        tuple_to_userset(tupleset: "team", computed_userset: "admin"),
        tuple_to_userset(tupleset: "works", computed_userset: "member")) }
}
"#;

/// The most tuples that one write takes.
const BATCH: usize = 10_000;

pub(crate) struct Zanzibar {
    engine: ZanzibarEngine,
    names: Names,
    closed: (Relation, User),
}

/// The engine knows no facts of a request: the host asks first whether the team is closed to clients.
pub(crate) struct Asked {
    client_of: Option<Object>,
    app: Object,
    action: Relation,
    user: User,
}

fn of_grant(world: &World, names: &Names, app: usize, user: u32, held: u8) -> Vec<String> {
    let guest =
        world.teams[world.apps[app].team as usize].standard && world.users[user as usize].role == Role::Collaborator;
    let (app, user) = (&names.apps[app], &names.users[user as usize]);
    let tuple = |relation| format!("app:{app}#{relation}@user:{user}");
    if guest { vec![tuple("guest")] } else { permissions(held).map(tuple).collect() }
}

fn tuples(world: &World, names: &Names) -> Vec<String> {
    let mut tuples = vec![];
    for (team, name) in world.teams.iter().zip(&names.teams) {
        if team.clients_denied {
            tuples.push(format!("team:{name}#closed@user:clients"));
        }
    }
    for (user, name) in world.users.iter().zip(&names.users) {
        if let Some(role) = team_role(user.role) {
            tuples.push(format!("team:{}#{role}@user:{name}", names.teams[user.team as usize]));
        }
    }
    for (number, (app, name)) in world.apps.iter().zip(&names.apps).enumerate() {
        let team = &names.teams[app.team as usize];
        tuples.push(format!("app:{name}#team@team:{team}#reader"));
        if world.teams[app.team as usize].standard && !app.locked {
            tuples.push(format!("app:{name}#works@team:{team}#member"));
        }
        tuples.extend(app.grants.iter().flat_map(|(user, held)| of_grant(world, names, number, *user, *held)));
    }
    tuples
}

impl Engine for Zanzibar {
    const NAME: &str = "simple-zanzibar";
    const SLOW: Option<&str> = Some("it takes more than a minute to load");
    type Asked = Asked;
    type Seen<'a> = LookupResources;

    fn load(world: &World) -> Outcome<Self> {
        let most = NonZeroU32::MAX;
        let limits = EvaluationLimits { max_fanout_per_step: most, max_lookup_results: most, ..Default::default() };
        let engine = ZanzibarEngine::builder().evaluation_limits(limits).build();
        engine.add_dsl(SCHEMA)?;
        let names = Names::new(world);
        for batch in tuples(world, &names).chunks(BATCH) {
            let batch: Result<Vec<_>, _> = batch.iter().map(RelationshipMutation::touch).collect();
            engine.write_relationships(batch?)?;
        }
        Ok(Self { engine, names, closed: (Relation::new("closed"), User::user_id("clients")) })
    }

    fn asked(&self, world: &World, AccessQuery { user, client, action, app }: AccessQuery) -> Outcome<Self::Asked> {
        let team = &self.names.teams[world.apps[app as usize].team as usize];
        Ok(Asked {
            client_of: client.then(|| Object::new("team", team)),
            app: Object::new("app", &self.names.apps[app as usize]),
            action: Relation::new(ACTIONS[action as usize].0.code().replace('-', "_")),
            user: User::user_id(&self.names.users[user as usize]),
        })
    }

    fn can(&mut self, Asked { client_of, app, action, user }: &Self::Asked) -> Outcome<bool> {
        let (closed, clients) = &self.closed;
        if let Some(team) = client_of
            && self.engine.check_relation(team, closed, clients)?
        {
            return Ok(false);
        }
        Ok(self.engine.check_relation(app, action, user)?)
    }

    fn visible<'a>(&'a mut self, _: &World, user: u32) -> Outcome<Self::Seen<'a>> {
        let user = User::user_id(&self.names.users[user as usize]);
        Ok(self.engine.lookup_resources(LookupResourcesRequest::new(user, Relation::new("view_app"), "app"))?)
    }

    fn numbers(seen: Self::Seen<'_>) -> Outcome<Vec<u32>> {
        seen.resources.iter().map(|app| number(&app.id)).collect()
    }

    fn change(&mut self, world: &World, user: u32, app: u32, change: Change) -> Outcome<bool> {
        let tuples = of_grant(world, &self.names, app as usize, user, GIVEN);
        let one = |tuple: String| match change {
            Change::Grant => RelationshipMutation::touch(tuple),
            Change::Revoke => RelationshipMutation::delete(tuple),
        };
        let batch: Result<Vec<_>, _> = tuples.into_iter().map(one).collect();
        self.engine.write_relationships(batch?)?;
        Ok(true)
    }
}
