//! Since when things are so, and when they last changed: what there was before an operation, held against what there is after it.

use std::collections::BTreeMap;

use enterprise_teams::{AppId, GroupId, PipelineId, SpaceId, TeamId, UserId, entity::Times};

use super::state::{Model, Time};

/// What has times of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fact {
    /// A role in a team.
    Member(TeamId, UserId),
    Grant(AppId, UserId),
    GroupGrant(AppId, GroupId),
    InGroup(GroupId, UserId),
    Coupled(AppId, PipelineId),
    /// The permission to create apps in a space.
    Creator(SpaceId, UserId),
    /// A space belongs to a team.
    Holds(TeamId, SpaceId),
    /// What an app is and runs.
    App(AppId),
    /// How a team is set up, but for what not everybody sees who sees the team.
    Team(TeamId),
    /// What a space is called, whose it is, and how it is labelled.
    Space(SpaceId),
    Pipeline(PipelineId),
}

impl Model {
    /// What is so, and how it is.
    pub(crate) fn facts(&self) -> BTreeMap<Fact, String> {
        let members = self.members.iter().map(|((team, user), role)| (Fact::Member(*team, *user), role.to_string()));
        let grants = self.grants.iter().map(|((app, user), set)| (Fact::Grant(*app, *user), set.to_string()));
        let group_grants =
            self.group_grants.iter().map(|((app, group), set)| (Fact::GroupGrant(*app, *group), set.to_string()));
        let in_groups = self.group_members.iter().map(|(group, user)| (Fact::InGroup(*group, *user), String::new()));
        let grants = grants.chain(group_grants).chain(in_groups);
        let coupled = self.couplings.iter().map(|(app, (of, stage))| (Fact::Coupled(*app, *of), stage.to_string()));
        let creators = self.app_creators.iter().map(|(space, user)| (Fact::Creator(*space, *user), String::new()));
        let held = self.spaces.iter().map(|(id, space)| (Fact::Holds(space.team, *id), String::new()));
        let apps = self.apps.iter().map(|(id, app)| {
            let dynos: Vec<_> = self.dynos.iter().filter(|((of, _), _)| of == id).collect();
            let (release, coupling) = (self.releases.get(id), self.couplings.get(id));
            let all = (app.name, app.owner, app.locked, &app.labels, dynos, release, coupling);
            (Fact::App(*id), format!("{all:?}"))
        });
        let teams = self.teams.iter().map(|(id, team)| {
            let requests = (self.deletions_asked.get(id), self.moves_out_asked.get(id));
            let sso = (self.providers.contains_key(id), self.sso.contains(id));
            let all = (team.name, team.kind, team.limits, team.account, &team.labels, requests, sso);
            (Fact::Team(*id), format!("{all:?} {:?}", (team.default_role, team.oauth, team.required, team.controls)))
        });
        let spaces = self
            .spaces
            .iter()
            .map(|(id, space)| (Fact::Space(*id), format!("{:?}", (space.name, space.team, &space.labels))));
        let pipelines = self.pipelines.iter();
        let pipelines =
            pipelines.map(|(id, one)| (Fact::Pipeline(*id), format!("{:?}", (one.name, one.owner, &one.labels))));
        let things = apps.chain(teams).chain(spaces).chain(pipelines);
        members.chain(grants).chain(coupled).chain(creators).chain(held).chain(things).collect()
    }

    /// Notes what came and what changed since these were the facts.
    pub(crate) fn note(&mut self, before: &BTreeMap<Fact, String>, now: Time) {
        let known = core::mem::take(&mut self.times);
        for (fact, is) in self.facts() {
            let held = before.get(&fact).map(|was| (*was == is, known[&fact]));
            let times = match held {
                None => Times { since: now, changed_at: now },
                Some((true, times)) => times,
                Some((false, times)) => Times { changed_at: now, ..times },
            };
            self.times.insert(fact, times);
            match fact {
                Fact::App(app) => self.apps.get_mut(&app).expect("an app").changed_at = times.changed_at,
                Fact::Team(team) => self.teams.get_mut(&team).expect("a team").changed_at = times.changed_at,
                Fact::Space(space) => self.spaces.get_mut(&space).expect("a space").changed_at = times.changed_at,
                Fact::Pipeline(one) => self.pipelines.get_mut(&one).expect("a pipeline").changed_at = times.changed_at,
                Fact::Holds(_, space) => self.spaces.get_mut(&space).expect("a space").team_since = times.since,
                _ => {}
            }
        }
    }

    pub(crate) fn since(&self, fact: Fact) -> Time {
        self.times[&fact].since
    }

    /// MEM-8: of a collaborator, from what they hold on the team's apps.
    pub(crate) fn in_team(&self, team: TeamId, user: UserId) -> Times {
        if let Some(times) = self.times.get(&Fact::Member(team, user)) {
            return *times;
        }
        let on = self.grants.keys().filter(|(app, one)| *one == user && self.team_of(*app) == Some(team));
        let on: Vec<(Time, Times)> =
            on.map(|(app, _)| (self.apps[app].owned_since, self.times[&Fact::Grant(*app, user)])).collect();
        Times {
            since: on.iter().map(|(owned, times)| *owned.max(&times.since)).min().expect("on an app"),
            changed_at: on.iter().map(|(owned, times)| *owned.max(&times.changed_at)).max().expect("on an app"),
        }
    }
}
