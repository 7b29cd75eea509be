//! `regorus`: rules in Rego over a tree of data, compiled for its virtual machine.

use std::collections::BTreeMap;

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Rc, Value};

use super::{Change, Engine, GIVEN, Names, Outcome, number, permissions, team_role};
use crate::ground::world::{ACTIONS, AccessQuery, World};

const RULES: &str = r#"
package access
import rego.v1

app := data.apps[input.app]
team := data.teams[app.team]
role := team.roles[input.user]
needed := {
    "view-app": ["view"], "push-code": ["deploy"], "scale-dynos": ["deploy", "operate"],
    "rename-app": ["manage"], "add-paid-add-on": ["operate"],
}

default allow := false
allow if { able; not kept_out; not unpaid }

able if role == "admin"
able if { input.action == "view-app"; role in {"member", "viewer"} }
able if {
    team.standard
    not app.locked
    role == "member"
    input.action in {"push-code", "scale-dynos", "add-paid-add-on"}
}
able if {
    some permission in needed[input.action]
    permission in app.grants[input.user]
}

kept_out if { input.client; team.clients_denied }
unpaid if { input.action == "add-paid-add-on"; team.standard; not role }

visible contains name if {
    data.teams[input.team].roles[input.user]
    some name in data.teams[input.team].apps
}
visible contains name if {
    some name in data.teams[input.team].apps
    "view" in data.apps[name].grants[input.user]
}
"#;

pub(crate) struct Regorus {
    allow: RegoVM,
    visible: RegoVM,
    data: Value,
    names: Names,
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    BTreeMap::from(fields.map(|(name, value)| (Value::from(name), value))).into()
}

fn map<'a>(entries: impl Iterator<Item = (&'a String, Value)>) -> Value {
    entries.map(|(name, value)| (Value::from(name.as_str()), value)).collect::<BTreeMap<_, _>>().into()
}

fn list<'a>(texts: impl Iterator<Item = &'a str>) -> Value {
    texts.map(Value::from).collect::<Vec<_>>().into()
}

fn tree(world: &World, names: &Names) -> Value {
    let app = |(number, name): (usize, _)| {
        let row = &world.apps[number];
        let holders = row.grants.iter();
        let grants = map(holders.map(|(user, held)| (&names.users[*user as usize], list(permissions(*held)))));
        let team = Value::from(names.teams[row.team as usize].as_str());
        (name, object([("team", team), ("locked", row.locked.into()), ("grants", grants)]))
    };
    let team = |(number, name): (usize, _)| {
        let row = &world.teams[number];
        let people = world.people(number);
        let roles =
            map(people.filter_map(|user| Some((&names.users[user], Value::from(team_role(world.users[user].role)?)))));
        let apps = world.shape.apps;
        let apps = list(names.apps[number * apps..(number + 1) * apps].iter().map(String::as_str));
        let (standard, clients_denied) = (row.standard.into(), row.clients_denied.into());
        let fields = [("standard", standard), ("clients_denied", clients_denied), ("roles", roles), ("apps", apps)];
        (name, object(fields))
    };
    let apps = map(names.apps.iter().enumerate().map(app));
    object([("apps", apps), ("teams", map(names.teams.iter().enumerate().map(team)))])
}

fn machine(rule: &str, data: &Value) -> Outcome<RegoVM> {
    let mut engine = regorus::Engine::new();
    engine.add_policy("access.rego".to_owned(), RULES.to_owned())?;
    let policy = engine.compile_with_entrypoint(&Rc::from(rule))?;
    let program = Compiler::compile_from_policy(&policy, &[rule])?;
    let mut machine = RegoVM::new_with_policy(policy);
    machine.set_max_instructions(usize::MAX);
    machine.load_program(program);
    machine.set_data(data.clone())?;
    Ok(machine)
}

impl Engine for Regorus {
    const NAME: &str = "regorus";
    type Asked = Value;
    type Seen<'a> = Value;

    fn load(world: &World) -> Outcome<Self> {
        let names = Names::new(world);
        let data = tree(world, &names);
        let [allow, visible] = ["data.access.allow", "data.access.visible"].map(|rule| machine(rule, &data));
        Ok(Self { allow: allow?, visible: visible?, data, names })
    }

    fn asked(&self, _: &World, AccessQuery { user, client, action, app }: AccessQuery) -> Outcome<Self::Asked> {
        Ok(object([
            ("user", self.names.users[user as usize].as_str().into()),
            ("app", self.names.apps[app as usize].as_str().into()),
            ("action", ACTIONS[action as usize].0.code().into()),
            ("client", client.into()),
        ]))
    }

    fn can(&mut self, asked: &Self::Asked) -> Outcome<bool> {
        self.allow.set_input(asked.clone());
        Ok(*self.allow.execute()?.as_bool()?)
    }

    fn visible<'a>(&'a mut self, world: &World, user: u32) -> Outcome<Self::Seen<'a>> {
        let team = &self.names.teams[world.users[user as usize].team as usize];
        let user = &self.names.users[user as usize];
        self.visible.set_input(object([("user", user.as_str().into()), ("team", team.as_str().into())]));
        Ok(self.visible.execute()?)
    }

    fn numbers(seen: Self::Seen<'_>) -> Outcome<Vec<u32>> {
        seen.as_set()?.iter().map(|name| number(name.as_string()?)).collect()
    }

    fn change(&mut self, _: &World, user: u32, app: u32, change: Change) -> Outcome<bool> {
        // The machines let go of the data first, so that it is changed in place, and not on a copy.
        self.allow.set_data(Value::Null)?;
        self.visible.set_data(Value::Null)?;
        let mut at = &mut self.data;
        for name in ["apps", &self.names.apps[app as usize], "grants"] {
            at = at.as_object_mut()?.get_mut(&name.into()).ok_or("no such app")?;
        }
        let (user, grants) = (Value::from(self.names.users[user as usize].as_str()), at.as_object_mut()?);
        match change {
            Change::Grant => drop(grants.insert(user, list(permissions(GIVEN)))),
            Change::Revoke => drop(grants.remove(&user)),
        }
        self.allow.set_data(self.data.clone())?;
        self.visible.set_data(self.data.clone())?;
        Ok(true)
    }
}
