//! GRP-1 and GRP-3: who sees which groups, who is in them and what they hold.

use enterprise_teams::{
    AppId, Capability, Error, GroupId, Permission, PermissionSet, TeamId, TeamRole, UserId, entity::Held,
    names::GroupName,
};

use super::super::state::Time;
use super::super::times::Fact;
use super::super::verdict::refuse_unless;
use super::list::{Key, List};
use super::people::by_email;
use super::{ActorView, NOBODY, Sight, apps, row};

fn by_name(group: &row::Group) -> Key {
    Key::Group(group.1.name.to_string())
}

impl Sight<'_> {
    fn groups_and_none(&self) -> Vec<GroupId> {
        self.model.groups.keys().copied().chain([GroupId::from_uuid(NOBODY)]).collect()
    }

    fn group_rows(&self, of: impl Fn(&row::Group) -> bool) -> Vec<row::Group> {
        let mut groups: Vec<_> =
            self.model.groups.iter().map(|(id, group)| (*id, group.clone())).filter(|group| of(group)).collect();
        groups.sort_by_key(|(_, group)| group.name.to_string());
        groups
    }

    /// The groups of a team that somebody is in, by name.
    pub(super) fn groups_of(&self, user: UserId, team: TeamId) -> Vec<row::Group> {
        self.group_rows(|(id, group)| group.team == team && self.model.group_members.contains(&(*id, user)))
    }

    /// What the groups that somebody is in hold on the app, by name.
    pub(super) fn groups_on(&self, user: UserId, app: AppId) -> Vec<row::OfGroup> {
        self.granted(app, |group| self.model.group_members.contains(&(group, user)))
    }

    /// As [`groups_on`](Self::groups_on), where who acts sees groups, or manages the app, or asks about themself.
    pub(super) fn groups_shown(&self, user: UserId, app: AppId) -> Vec<row::OfGroup> {
        let team = self.model.team_of(app);
        let looks = team.is_some_and(|team| self.looks(team, Capability::ViewGroups));
        let manages = self.held(app).permissions.contains(Permission::Manage);
        let shown = looks || manages || self.who.user() == Some(user);
        if shown { self.groups_on(user, app) } else { Vec::new() }
    }

    fn granted(&self, app: AppId, of: impl Fn(GroupId) -> bool) -> Vec<row::OfGroup> {
        let held = |group: GroupId| self.model.group_grants.get(&(app, group)).copied();
        let groups = self.group_rows(|(id, _)| of(*id)).into_iter();
        groups
            .filter_map(|group| {
                let (id, set) = (group.0, held(group.0)?);
                let end = self.model.end(Held::GroupGrant { app, group: id });
                Some((group, set, self.model.times[&Fact::GroupGrant(app, id)], end))
            })
            .collect()
    }

    fn group(&self, group: GroupId) -> Result<row::Group, Error> {
        self.actor_exists()?;
        self.model.group_exists(group)?;
        refuse_unless(self.model.sees_group(self.who, group), Error::GroupHidden { actor: self.who, group })?;
        let row = self.model.groups[&group].clone();
        self.admitted(row.team)?;
        Ok((group, row))
    }

    fn groups(&self, team: TeamId) -> Result<List<(row::Group, usize, usize)>, Error> {
        self.team_open(team)?;
        refuse_unless(self.looks(team, Capability::ViewGroups), Error::OnlyTeamSeesGroups { actor: self.who, team })?;
        let (members, grants) = (&self.model.group_members, &self.model.group_grants);
        let entry = |group: row::Group| {
            let people = members.iter().filter(|(of, _)| *of == group.0).count();
            let on = grants.keys().filter(|(_, of)| *of == group.0).count();
            (by_name(&group), (group, people, on))
        };
        Ok(List::by("group", self.group_rows(|(_, group)| group.team == team).into_iter().map(entry)))
    }

    fn group_by_name(&self, team: TeamId, name: GroupName) -> Result<row::Group, Error> {
        self.groups(team)?;
        let found = self.group_rows(|(_, group)| group.team == team && group.name == name);
        found.into_iter().next().ok_or(Error::GroupNameNotFound { team, name })
    }

    fn group_members(&self, group: GroupId) -> Result<List<(row::User, TeamRole, Time)>, Error> {
        let (_, row) = self.group(group)?;
        let people = self.model.group_members.iter().filter(|(of, _)| *of == group);
        let entry = |(_, user): &(GroupId, UserId)| {
            let (role, since) = (self.model.members[&(row.team, *user)], self.model.since(Fact::InGroup(group, *user)));
            let user = self.user_row(*user);
            (by_email(&user), (user, role, since))
        };
        Ok(List::by("email", people.map(entry)))
    }

    fn group_apps(&self, group: GroupId) -> Result<List<row::OnApp>, Error> {
        self.group(group)?;
        let grants = self.model.group_grants.iter().filter(|((_, of), _)| *of == group);
        let entry = |((app, _), set): (&(AppId, GroupId), &PermissionSet)| {
            let row = (*app, self.model.apps[app].clone());
            let end = self.model.end(Held::GroupGrant { app: *app, group });
            (apps::by_name(&row), (row, *set, self.model.times[&Fact::GroupGrant(*app, group)], end))
        };
        Ok(List::by("app", grants.map(entry)))
    }

    fn app_groups(&self, app: AppId) -> Result<Vec<row::OfGroup>, Error> {
        self.app_open(app)?;
        let Some(team) = self.model.team_of(app) else { return Ok(Vec::new()) };
        let manages = self.held(app).permissions.contains(Permission::Manage);
        if !manages {
            self.check_team(Capability::ViewGroups, team)?;
        }
        Ok(self.granted(app, |_| true))
    }

    fn member_groups(&self, team: TeamId, user: UserId) -> Result<Vec<row::Group>, Error> {
        self.role(team, user)?;
        let seen = self.who.user() == Some(user) || self.looks(team, Capability::ViewGroups);
        refuse_unless(seen, Error::OnlyTeamSeesGroups { actor: self.who, team })?;
        Ok(self.groups_of(user, team))
    }
}

pub(super) fn ask(asker: &mut ActorView<'_>) {
    let ActorView { store, actor, sight, .. } = *asker;
    let names: Vec<GroupName> = ["group-1", "tide", "no-group"].map(|name| name.parse().expect("a name")).into();
    for team in sight.teams_and_none() {
        asker.list(("groups", team), |page| store.groups(actor, team, page), row::group_entry, || sight.groups(team));
        for name in &names {
            let found = || store.group_by_name(actor, team, *name).map(row::group);
            asker.same(("group_by_name", team, name), found, || sight.group_by_name(team, *name));
        }
        for user in sight.users_and_none() {
            let found = || {
                let groups = store.member_groups(actor, team, user)?;
                Ok(groups.into_iter().map(row::group).collect::<Vec<_>>())
            };
            asker.same(("member_groups", team, user), found, || sight.member_groups(team, user));
        }
    }
    for group in sight.groups_and_none() {
        asker.same(("group", group), || store.group(actor, group).map(row::group), || sight.group(group));
        let found = |page: &_| store.group_members(actor, group, page);
        asker.list(("group_members", group), found, row::group_member, || sight.group_members(group));
        let found = |page: &_| store.group_apps(actor, group, page);
        asker.list(("group_apps", group), found, row::group_app, || sight.group_apps(group));
    }
    for app in sight.apps_and_none() {
        let found = || {
            let groups = store.app_groups(actor, app)?;
            Ok(groups.into_iter().map(row::group_access).collect::<Vec<_>>())
        };
        asker.same(("app_groups", app), found, || sight.app_groups(app));
    }
}
