//! `casbin`: lines of policy, roles within domains, one matcher.

use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi, RbacApi};

use super::{Change, Engine, GIVEN, Names, Outcome, apps_of_team, at_once, number, team_role};
use crate::ground::world::{ACTIONS, AccessQuery, Role, World};

/// A line holds for one team, one app or all, one action or all, for apps with or without a lock, and directly or also
/// through clients. The cheap comparisons come first, since every line is tried.
const MODEL: &str = r#"
[request_definition]
r = sub, dom, obj, act, lock, via
[policy_definition]
p = sub, dom, obj, act, lock, via
[role_definition]
g = _, _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.dom == p.dom && (p.obj == r.obj || p.obj == "*") && (p.act == r.act || p.act == "*") && (p.lock == "*" || p.lock == r.lock) && (p.via == "*" || p.via == r.via) && g(r.sub, p.sub, r.dom)
"#;

pub(crate) struct Casbin {
    enforcer: Enforcer,
    names: Names,
}

type Line = Vec<String>;

fn line(words: [&str; 6]) -> Line {
    words.map(str::to_owned).into()
}

/// Where a team keeps clients out, its lines hold for direct requests alone.
fn via(world: &World, team: u32) -> &'static str {
    if world.teams[team as usize].clients_denied { "direct" } else { "*" }
}

/// What a grant allows, a line for each action.
fn of_grant(world: &World, names: &Names, app: usize, user: u32, held: u8) -> Vec<Line> {
    let team = world.apps[app].team;
    let unpaid = world.teams[team as usize].standard && world.users[user as usize].role == Role::Collaborator;
    let (who, domain, app) = (&names.users[user as usize], &names.teams[team as usize], &names.apps[app]);
    let allowed = ACTIONS.iter().filter(|(_, needed, paid)| held & needed != 0 && !(*paid && unpaid));
    allowed.map(|(action, ..)| line([who, domain, app, action.code(), "*", via(world, team)])).collect()
}

impl Engine for Casbin {
    const NAME: &str = "casbin";
    const SLOW: Option<&str> = Some("a check takes more than a second");
    type Asked = [String; 6];
    type Seen<'a> = Vec<u32>;

    fn load(world: &World) -> Outcome<Self> {
        let names = Names::new(world);
        let (mut lines, mut roles) = (vec![], vec![]);
        for (number, team) in (0..).zip(&world.teams) {
            let (domain, via) = (&names.teams[number as usize], via(world, number));
            lines.push(line(["admin", domain, "*", "*", "*", via]));
            lines.push(line(["member", domain, "*", "view-app", "*", via]));
            if team.standard {
                for action in ["push-code", "scale-dynos", "add-paid-add-on"] {
                    lines.push(line(["member", domain, "*", action, "open", via]));
                }
            } else {
                lines.push(line(["viewer", domain, "*", "view-app", "*", via]));
            }
        }
        for (app, row) in world.apps.iter().enumerate() {
            lines.extend(row.grants.iter().flat_map(|(user, held)| of_grant(world, &names, app, *user, *held)));
        }
        for (user, name) in world.users.iter().zip(&names.users) {
            if let Some(role) = team_role(user.role) {
                roles.push(vec![name.clone(), role.to_owned(), names.teams[user.team as usize].clone()]);
            }
        }
        let enforcer = at_once(async {
            let mut enforcer = Enforcer::new(DefaultModel::from_str(MODEL).await?, MemoryAdapter::default()).await?;
            enforcer.enable_auto_save(false);
            enforcer.add_policies(lines).await?;
            enforcer.add_grouping_policies(roles).await?;
            Ok::<_, casbin::Error>(enforcer)
        })?;
        Ok(Self { enforcer, names })
    }

    fn questions(teams: usize) -> usize {
        if teams == 1 { 64 } else { 8 }
    }

    fn asked(&self, world: &World, AccessQuery { user, client, action, app }: AccessQuery) -> Outcome<Self::Asked> {
        let row = &world.apps[app as usize];
        Ok([
            self.names.users[user as usize].clone(),
            self.names.teams[row.team as usize].clone(),
            self.names.apps[app as usize].clone(),
            ACTIONS[action as usize].0.code().to_owned(),
            if row.locked { "locked" } else { "open" }.to_owned(),
            if client { "client" } else { "direct" }.to_owned(),
        ])
    }

    fn can(&mut self, [user, team, app, action, lock, via]: &Self::Asked) -> Outcome<bool> {
        Ok(self.enforcer.enforce((&**user, &**team, &**app, &**action, &**lock, &**via))?)
    }

    /// The lines that reach the user; to expand the `*` in them is left to the host.
    fn visible<'a>(&'a mut self, world: &World, user: u32) -> Outcome<Self::Seen<'a>> {
        let team = &self.names.teams[world.users[user as usize].team as usize];
        let mut seen = vec![];
        for line in self.enforcer.get_implicit_permissions_for_user(&self.names.users[user as usize], Some(team)) {
            match [line[2].as_str(), &line[3]] {
                ["*", "view-app" | "*"] => return Ok(apps_of_team(world, user).collect()),
                [app, "view-app"] => seen.push(number(app)?),
                _ => {}
            }
        }
        Ok(seen)
    }

    fn numbers(seen: Self::Seen<'_>) -> Outcome<Vec<u32>> {
        Ok(seen)
    }

    fn change(&mut self, world: &World, user: u32, app: u32, change: Change) -> Outcome<bool> {
        let lines = of_grant(world, &self.names, app as usize, user, GIVEN);
        let changed = match change {
            Change::Grant => at_once(self.enforcer.add_policies(lines))?,
            Change::Revoke => at_once(self.enforcer.remove_policies(lines))?,
        };
        if changed { Ok(true) } else { Err("no line was changed".into()) }
    }
}
