//! The model of what a store holds, read from its snapshot: for tests that ask without having told.

use serde::de::DeserializeOwned;
use serde_json::Value;

use enterprise_teams::{
    AccountId, Owner, TeamId, TeamStore, UserId,
    entity::{Ending, Times},
};

use super::seen::row;
use super::state::{Load, Meter, Model, Run, Time};
use super::times::Fact;

fn read<T: DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{error}: {value}"))
}

fn rows(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().expect("a list").iter()
}

/// The times of what does not change.
const fn once(since: Time) -> Times {
    Times { since, changed_at: since }
}

/// A map of one entry, and its key.
fn tagged(value: &Value) -> (&str, &Value) {
    let (tag, value) = value.as_object().and_then(|fields| fields.iter().next()).expect("a tagged value");
    (tag, value)
}

impl Model {
    pub(crate) fn of(store: &TeamStore) -> Self {
        let snapshot = serde_json::to_value(store.snapshot()).expect("a value");
        let state = &snapshot["state"];
        let mut model = Self::new(store.settings());
        (model.seq, model.last_at, model.drawn) = (read(&state["seq"]), read(&state["last_at"]), read(&state["drawn"]));
        model.users = rows(&state["users"]).map(|user| row::user(&read(user))).collect();
        model.read_accounts(state);
        model.read_teams(&state["teams"]);
        model.read_apps(&state["apps"]);
        for one in rows(&state["groups"]) {
            let (id, group) = row::group(&read(&one["group"]));
            model.groups.insert(id, group);
            for (user, since) in read::<Vec<(UserId, Time)>>(&one["members"]) {
                model.group_members.insert((id, user));
                model.know(Fact::InGroup(id, user), once(since));
            }
        }
        for one in rows(&state["spaces"]) {
            let (id, space) = row::space(&read(&one["space"]));
            model.know(Fact::Holds(space.team, id), once(space.team_since));
            model.know(Fact::Space(id), Times { since: space.created_at, changed_at: space.changed_at });
            model.spaces.insert(id, space);
            for (user, since) in read::<Vec<(UserId, Time)>>(&one["creators"]) {
                model.app_creators.insert((id, user));
                model.know(Fact::Creator(id, user), once(since));
            }
        }
        for one in rows(&state["pipelines"]) {
            let (id, pipeline) = row::pipeline(&read(one));
            model.know(Fact::Pipeline(id), Times { since: pipeline.created_at, changed_at: pipeline.changed_at });
            model.pipelines.insert(id, pipeline);
        }
        model.invitations = rows(&state["invitations"]).map(|one| row::invitation(&read(one))).collect();
        model.transfers = rows(&state["transfers"]).map(|one| row::transfer(&read(one))).collect();
        model.read_runs(&state["meters"]);
        let ends = state.get("ends").into_iter().flat_map(rows).map(read::<Ending>);
        model.ends = ends.map(|one| (one.held, one.ends_at)).collect();
        model
    }

    fn know(&mut self, fact: Fact, times: Times) {
        self.times.insert(fact, times);
    }

    fn read_accounts(&mut self, state: &Value) {
        for one in rows(&state["accounts"]) {
            let (id, name, opened_at) = row::account(&read(&one["account"]));
            self.accounts.insert(id, (name, opened_at));
            for (user, held) in read::<Vec<_>>(&one["members"]) {
                self.account_members.insert((id, user), held);
            }
        }
        for one in rows(&state["account_times"]) {
            let (team, times) = (read::<TeamId>(&one["team"]), read::<Vec<(AccountId, _)>>(&one["times"]));
            self.account_times.extend(times.into_iter().map(|(account, (from, until))| (account, team, from, until)));
        }
        for one in rows(&state["gone"]) {
            let (owner, times) = (read::<Owner>(&one["owner"]), read::<Vec<_>>(&one["times"]));
            self.gone.extend(times.into_iter().map(|(from, until)| (owner, from, until)));
        }
    }

    fn read_teams(&mut self, teams: &Value) {
        for one in rows(teams) {
            let (id, team, _, [deletion, move_out]) = row::team(&read(&one["team"]));
            self.know(Fact::Team(id), Times { since: team.provisioned_at, changed_at: team.changed_at });
            self.teams.insert(id, team);
            self.roles.extend(rows(&one["roles"]).map(|role| row::custom_role(&read(role))));
            for (user, role, times) in read::<Vec<_>>(&one["members"]) {
                self.members.insert((id, user), role);
                self.know(Fact::Member(id, user), times);
            }
            self.deletions_asked.extend(deletion.map(|at| (id, at)));
            self.moves_out_asked.extend(move_out.map(|at| (id, at)));
            self.providers.extend(read::<Option<_>>(&one["identity_provider"]).map(|provider| (id, provider)));
            self.sso.extend((one["team"]["sso"] == "enabled").then_some(id));
            self.allowed.extend(read::<Vec<_>>(&one["allowed_add_ons"]).into_iter().map(|service| (id, service)));
            self.payments.extend(read::<Option<_>>(&one["payment_method"]).map(|method| (id, method)));
        }
    }

    fn read_apps(&mut self, apps: &Value) {
        for one in rows(apps) {
            let (id, app) = row::app(&read(&one["app"]));
            self.know(Fact::App(id), Times { since: app.created_at, changed_at: app.changed_at });
            self.apps.insert(id, app);
            for (user, held, times) in read::<Vec<_>>(&one["grants"]) {
                self.grants.insert((id, user), held);
                self.know(Fact::Grant(id, user), times);
            }
            for (group, held, times) in read::<Vec<_>>(&one["group_grants"]) {
                self.group_grants.insert((id, group), held);
                self.know(Fact::GroupGrant(id, group), times);
            }
            for (process, size, quantity) in row::formation(&read::<Vec<_>>(&one["formation"])) {
                self.dynos.insert((id, process), (size, quantity));
            }
            self.add_ons.extend(rows(&one["add_ons"]).map(|add_on| row::add_on(&read(add_on))));
            if let Some((pipeline, stage, times)) = read::<Option<_>>(&one["coupling"]) {
                self.couplings.insert(id, (pipeline, stage));
                self.know(Fact::Coupled(id, pipeline), times);
            }
            let release = read::<Option<enterprise_teams::entity::Release>>(&one["release"]);
            self.releases.extend(release.map(|release| (id, (release.number, release.description.into()))));
            let history = read::<Vec<enterprise_teams::entity::OwnershipPeriod>>(&one["history"]).into_iter();
            self.history.extend(history.map(|one| (id, one.owner, one.from, one.until.expect("a former owner"))));
        }
    }

    fn read_runs(&mut self, meters: &Value) {
        for one in rows(meters) {
            let meter = match tagged(&one["meter"]) {
                ("dynos", at) => Meter::Dynos(read(&at[0]), read(&at[1])),
                ("add-on", at) => Meter::AddOn(read(&at[0]), read(&at[1])),
                (_, at) => Meter::Space(read(at)),
            };
            for interval in rows(&one["intervals"]) {
                let load = match tagged(&interval["load"]) {
                    ("dynos", load) => Load::Dynos(read(&load[0]), read(&load[1])),
                    ("add-on", load) => Load::AddOn(read(&load[0]), read(&load[1])),
                    (_, load) => Load::Space(read(load)),
                };
                let (payer, from, until) =
                    (read::<Owner>(&interval["payer"]), read(&interval["from"]), read(&interval["until"]));
                self.runs.push(Run { meter, payer, load, from, until });
            }
        }
    }
}
