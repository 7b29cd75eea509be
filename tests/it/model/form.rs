//! The model as a snapshot has its state, and where two of these differ.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Value, json};

use enterprise_teams::{
    AppId, Owner, Settings, TeamId,
    entity::{Ending, Lock, Sso},
};

use super::state::{Labels, Load, Meter, Model, Time};
use super::times::Fact;

impl Model {
    /// The `state` of a snapshot of a store like this.
    pub(crate) fn form(&self, settings: &Settings) -> Value {
        let mut ends: Vec<_> = self.ends.iter().map(|(held, end)| Ending { ends_at: *end, held: *held }).collect();
        ends.sort();
        let mut form = json!({
            "settings": settings,
            "seq": self.seq,
            "last_at": self.last_at,
            "drawn": self.drawn,
            "users": self.users.iter().map(|(id, user)| json!({
                "id": id,
                "email": user.email,
                "mfa": user.mfa,
                "sign_in": user.sign_in,
                "suspended_at": user.suspended_at,
                "registered_at": user.registered_at,
            })).collect::<Value>(),
            "accounts": self.accounts.iter().map(|(id, (name, opened_at))| json!({
                "account": { "id": id, "name": name, "opened_at": opened_at },
                "members": of(&self.account_members, id),
            })).collect::<Value>(),
            "teams": self.teams.keys().map(|team| self.team_form(*team)).collect::<Value>(),
            "groups": self.groups.iter().map(|(id, group)| json!({
                "group": { "id": id, "name": group.name, "team": group.team, "created_at": group.created_at },
                "members": self.group_members.iter().filter(|(of, _)| of == id).map(|(_, user)| {
                    json!([user, self.since(Fact::InGroup(*id, *user))])
                }).collect::<Value>(),
            })).collect::<Value>(),
            "spaces": self.spaces.iter().map(|(id, space)| json!({
                "space": labelled(&space.labels, json!({
                    "id": id,
                    "name": space.name,
                    "team": space.team,
                    "shield": space.shield,
                    "team_since": space.team_since,
                    "created_at": space.created_at,
                    "changed_at": space.changed_at,
                })),
                "creators": self.app_creators.iter().filter(|(of, _)| of == id).map(|(_, user)| {
                    json!([user, self.since(Fact::Creator(*id, *user))])
                }).collect::<Value>(),
            })).collect::<Value>(),
            "pipelines": self.pipelines.iter().map(|(id, pipeline)| labelled(&pipeline.labels, json!({
                "id": id,
                "name": pipeline.name,
                "owner": pipeline.owner,
                "number": pipeline.number,
                "created_at": pipeline.created_at,
                "changed_at": pipeline.changed_at,
            }))).collect::<Value>(),
            "apps": self.apps.keys().map(|app| self.app_form(*app)).collect::<Value>(),
            "invitations": self.invitations.iter().map(|(id, one)| json!({
                "id": id,
                "team": one.team,
                "email": one.email,
                "role": one.role,
                "invited_by": one.by,
                "invited_at": one.at,
                "expires_at": one.expires_at,
            })).collect::<Value>(),
            "transfers": self.transfers.iter().map(|(id, one)| json!({
                "id": id,
                "app": one.app,
                "owner": one.owner,
                "recipient": one.recipient,
                "requested_at": one.at,
            })).collect::<Value>(),
            "meters": self.meters_form(),
            "account_times": self.account_times_form(),
            "gone": self.gone_form(),
        });
        if !ends.is_empty() {
            form["ends"] = json!(ends);
        }
        form
    }

    fn team_form(&self, id: TeamId) -> Value {
        let team = &self.teams[&id];
        let sso = match (self.providers.contains_key(&id), self.sso.contains(&id)) {
            (false, _) => Sso::NotConfigured,
            (true, false) => Sso::Disabled,
            (true, true) => Sso::Enabled,
        };
        json!({
            "team": labelled(&team.labels, json!({
                "id": id,
                "name": team.name,
                "kind": team.kind,
                "limits": team.limits,
                "default_role": team.default_role,
                "oauth_access": team.oauth,
                "sign_in_requirement": team.required,
                "sso": sso,
                "add_on_controls": team.controls,
                "deletion_requested_at": self.deletions_asked.get(&id),
                "account": team.account,
                "move_out_requested_at": self.moves_out_asked.get(&id),
                "provisioned_at": team.provisioned_at,
                "changed_at": team.changed_at,
            })),
            "roles": self.roles.iter().filter(|(_, role)| role.team == id).map(|(role, one)| json!({
                "id": role,
                "name": one.name,
                "team": one.team,
                "rights": one.rights,
                "created_at": one.created_at,
            })).collect::<Value>(),
            "members": self.members.iter().filter(|((of, _), _)| *of == id).map(|((_, user), role)| {
                json!([user, role, self.times[&Fact::Member(id, *user)]])
            }).collect::<Value>(),
            "identity_provider": self.providers.get(&id),
            "allowed_add_ons": second(self.allowed.iter().filter(|(of, _)| *of == id)),
            "payment_method": self.payments.get(&id),
        })
    }

    fn app_form(&self, id: AppId) -> Value {
        let app = &self.apps[&id];
        let release = self.releases.get(&id);
        let history = self.history.iter().filter(|(of, ..)| *of == id);
        json!({
            "app": labelled(&app.labels, json!({
                "id": id,
                "name": app.name,
                "owner": app.owner,
                "owned_since": app.owned_since,
                "stack": app.stack,
                "lock": if app.locked { Lock::Locked } else { Lock::Unlocked },
                "space": app.space,
                "number": app.number,
                "created_at": app.created_at,
                "changed_at": app.changed_at,
            })),
            "grants": self.grants.iter().filter(|((of, _), _)| *of == id).map(|((_, user), set)| {
                json!([user, set, self.times[&Fact::Grant(id, *user)]])
            }).collect::<Value>(),
            "group_grants": self.group_grants.iter().filter(|((of, _), _)| *of == id).map(|((_, group), set)| {
                json!([group, set, self.times[&Fact::GroupGrant(id, *group)]])
            }).collect::<Value>(),
            "formation": self.dynos.iter().filter(|((of, _), _)| *of == id).map(|((_, process), (size, quantity))| {
                json!({ "process": process, "size": size, "quantity": quantity })
            }).collect::<Value>(),
            "add_ons": self.add_ons.iter().filter(|(_, one)| one.app == id).map(|(add_on, one)| json!({
                "id": add_on,
                "app": one.app,
                "service": one.service,
                "plan": one.plan,
                "installed_at": one.installed_at,
            })).collect::<Value>(),
            "coupling": self.couplings.get(&id).map(|(pipeline, stage)| {
                json!([pipeline, stage, self.times[&Fact::Coupled(id, *pipeline)]])
            }),
            "release": release.map(|(number, description)| json!({ "number": number, "description": description })),
            "history": history.map(|(_, owner, from, until)| {
                json!({ "owner": owner, "from": from, "until": until })
            }).collect::<Value>(),
        })
    }

    fn meters_form(&self) -> Value {
        let mut meters = BTreeMap::<Meter, Vec<Value>>::new();
        for run in self.runs.iter().filter(|run| run.until != Some(run.from)) {
            let load = match run.load {
                Load::Dynos(size, quantity) => json!({ "dynos": [size, quantity] }),
                Load::AddOn(service, plan) => json!({ "add-on": [service, plan] }),
                Load::Space(shield) => json!({ "space": shield }),
            };
            let interval = json!({ "payer": run.payer, "load": load, "from": run.from, "until": run.until });
            meters.entry(run.meter).or_default().push(interval);
        }
        let form = |meter| match meter {
            Meter::Dynos(app, process) => json!({ "dynos": [app, process] }),
            Meter::AddOn(app, add_on) => json!({ "add-on": [app, add_on] }),
            Meter::Space(space) => json!({ "space": space }),
        };
        meters.into_iter().map(|(meter, runs)| json!({ "meter": form(meter), "intervals": runs })).collect()
    }

    fn account_times_form(&self) -> Value {
        let mut times = BTreeMap::<TeamId, Vec<_>>::new();
        for (account, team, from, until) in &self.account_times {
            times.entry(*team).or_default().push((*account, (*from, *until)));
        }
        times.into_iter().map(|(team, times)| json!({ "team": team, "times": times })).collect()
    }

    fn gone_form(&self) -> Value {
        let mut times = BTreeMap::<Owner, Vec<(Time, Time)>>::new();
        for (owner, from, until) in &self.gone {
            times.entry(*owner).or_default().push((*from, *until));
        }
        times.into_iter().map(|(owner, times)| json!({ "owner": owner, "times": times })).collect()
    }
}

/// With the labels, if there are any.
fn labelled(labels: &Labels, mut thing: Value) -> Value {
    if !labels.is_empty() {
        thing["labels"] = json!(labels);
    }
    thing
}

/// What the first holds of each second, by the second.
fn of<A: Ord, B: Serialize, C: Serialize>(relation: &BTreeMap<(A, B), C>, first: &A) -> Value {
    relation.iter().filter(|((one, _), _)| one == first).map(|((_, other), held)| json!([other, held])).collect()
}

fn second<'a, A: 'a, B: Serialize + 'a>(pairs: impl Iterator<Item = &'a (A, B)>) -> Value {
    pairs.map(|(_, other)| json!(other)).collect()
}

/// Where the values differ, path by path.
pub(crate) fn differences(path: &str, store: &Value, model: &Value, found: &mut Vec<String>) {
    match (store, model) {
        _ if store == model => {}
        (Value::Object(one), Value::Object(other)) => {
            let keys: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            for key in keys {
                differences(&format!("{path}.{key}"), &store[key], &model[key], found);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (index, (store, model)) in one.iter().zip(other).enumerate() {
                differences(&format!("{path}[{index}]"), store, model, found);
            }
        }
        _ => found.push(format!("{path}: the store has {store}, the model {model}")),
    }
}
