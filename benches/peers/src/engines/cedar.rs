//! `cedar-policy`: entities with attributes, and policies that read them.

use std::collections::{HashMap, HashSet};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression as Value, Schema,
};

use super::{Change, Engine, GIVEN, Names, Outcome, PERMISSIONS, apps_of_team, team_role, views};
use crate::ground::world::{ACTIONS, AccessQuery, World};

const SCHEMA: &str = r#"
entity Group;
entity User in [Group];
entity Team = { admins: Group, members: Group, viewers: Group, standard: Bool, clients_denied: Bool };
entity App = {
  team: Team, locked: Bool,
  view: Set<User>, deploy: Set<User>, operate: Set<User>, manage: Set<User>,
};
action "view-app", "push-code", "scale-dynos", "rename-app", "add-paid-add-on"
  appliesTo { principal: [User], resource: [App], context: { client: Bool } };
"#;

const POLICIES: &str = r#"
permit(principal, action, resource) when { principal in resource.team.admins };
permit(principal, action == Action::"view-app", resource)
  when { principal in resource.team.members || principal in resource.team.viewers };
permit(principal, action in [Action::"push-code", Action::"scale-dynos", Action::"add-paid-add-on"], resource)
  when { resource.team.standard && !resource.locked && principal in resource.team.members };
permit(principal, action == Action::"view-app", resource) when { resource.view.contains(principal) };
permit(principal, action == Action::"push-code", resource) when { resource.deploy.contains(principal) };
permit(principal, action == Action::"scale-dynos", resource)
  when { resource.deploy.contains(principal) || resource.operate.contains(principal) };
permit(principal, action == Action::"rename-app", resource) when { resource.manage.contains(principal) };
permit(principal, action == Action::"add-paid-add-on", resource) when { resource.operate.contains(principal) };
forbid(principal, action, resource) when { context.client && resource.team.clients_denied };
forbid(principal, action == Action::"add-paid-add-on", resource)
  when { resource.team.standard && !(principal in resource.team.admins || principal in resource.team.members) };
"#;

const GROUPS: [(&str, &str); 3] = [("admins", "admin"), ("members", "member"), ("viewers", "viewer")];

pub(crate) struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
    ids: Ids,
    /// In person, and through a client.
    contexts: [Context; 2],
}

struct Ids {
    teams: Vec<EntityUid>,
    users: Vec<EntityUid>,
    apps: Vec<EntityUid>,
    actions: Vec<EntityUid>,
}

impl Ids {
    fn new(world: &World) -> Outcome<Self> {
        let Names { teams, users, apps } = Names::new(world);
        let of = |kind: &str, names: Vec<String>| -> Outcome<Vec<EntityUid>> {
            let kind: EntityTypeName = kind.parse()?;
            let id = |name| EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(name));
            Ok(names.into_iter().map(id).collect())
        };
        let actions = ACTIONS.iter().map(|(action, ..)| action.code().to_owned()).collect();
        let (teams, users) = (of("Team", teams)?, of("User", users)?);
        Ok(Self { teams, users, apps: of("App", apps)?, actions: of("Action", actions)? })
    }

    /// An app with its own grants and one more.
    fn app(&self, world: &World, app: usize, more: Option<(u32, u8)>) -> Outcome<Entity> {
        let row = &world.apps[app];
        let mut attributes = HashMap::from([
            ("team".to_owned(), Value::new_entity_uid(self.teams[row.team as usize].clone())),
            ("locked".to_owned(), Value::new_bool(row.locked)),
        ]);
        for (name, bit) in PERMISSIONS {
            let holders = row.grants.iter().chain(&more).filter(|(_, held)| held & bit != 0);
            let holders = holders.map(|(user, _)| Value::new_entity_uid(self.users[*user as usize].clone()));
            attributes.insert(name.to_owned(), Value::new_set(holders));
        }
        Ok(Entity::new(self.apps[app].clone(), attributes, HashSet::new())?)
    }
}

fn group(kind: &EntityTypeName, team: usize, role: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(format!("{role}-{team}")))
}

impl Engine for Cedar {
    const NAME: &str = "cedar-policy";
    type Asked = Request;
    type Seen<'a> = Vec<u32>;

    fn load(world: &World) -> Outcome<Self> {
        let (schema, _) = Schema::from_cedarschema_str(SCHEMA)?;
        let ids = Ids::new(world)?;
        let kind: EntityTypeName = "Group".parse()?;
        let mut entities = vec![];
        for (number, team) in world.teams.iter().enumerate() {
            let mut attributes = HashMap::from([
                ("standard".to_owned(), Value::new_bool(team.standard)),
                ("clients_denied".to_owned(), Value::new_bool(team.clients_denied)),
            ]);
            for (name, role) in GROUPS {
                let group = group(&kind, number, role);
                entities.push(Entity::new_no_attrs(group.clone(), HashSet::new()));
                attributes.insert(name.to_owned(), Value::new_entity_uid(group));
            }
            entities.push(Entity::new(ids.teams[number].clone(), attributes, HashSet::new())?);
        }
        for (user, id) in world.users.iter().zip(&ids.users) {
            let groups = team_role(user.role).map(|role| group(&kind, user.team as usize, role));
            entities.push(Entity::new_no_attrs(id.clone(), groups.into_iter().collect()));
        }
        for app in 0..world.apps.len() {
            entities.push(ids.app(world, app, None)?);
        }
        let context =
            |client| -> Outcome<Context> { Ok(Context::from_pairs([("client".to_owned(), Value::new_bool(client))])?) };
        Ok(Self {
            authorizer: Authorizer::new(),
            policies: POLICIES.parse()?,
            entities: Entities::from_entities(entities, Some(&schema))?,
            ids,
            contexts: [context(false)?, context(true)?],
        })
    }

    fn asked(&self, _: &World, AccessQuery { user, client, action, app }: AccessQuery) -> Outcome<Self::Asked> {
        let (user, app) = (self.ids.users[user as usize].clone(), self.ids.apps[app as usize].clone());
        let (action, context) = (self.ids.actions[action as usize].clone(), self.contexts[usize::from(client)].clone());
        Ok(Request::new(user, action, app, context, None)?)
    }

    fn can(&mut self, asked: &Self::Asked) -> Outcome<bool> {
        Ok(self.authorizer.is_authorized(asked, &self.policies, &self.entities).decision() == Decision::Allow)
    }

    fn visible<'a>(&'a mut self, world: &World, user: u32) -> Outcome<Self::Seen<'a>> {
        let mut seen = vec![];
        for app in apps_of_team(world, user) {
            let asked = self.asked(world, views(user, app))?;
            if self.can(&asked)? {
                seen.push(app);
            }
        }
        Ok(seen)
    }

    fn numbers(seen: Self::Seen<'_>) -> Outcome<Vec<u32>> {
        Ok(seen)
    }

    fn change(&mut self, world: &World, user: u32, app: u32, change: Change) -> Outcome<bool> {
        let more = (change == Change::Grant).then_some((user, GIVEN));
        let app = self.ids.app(world, app as usize, more)?;
        self.entities = std::mem::take(&mut self.entities).upsert_entities([app], None)?;
        Ok(true)
    }
}
