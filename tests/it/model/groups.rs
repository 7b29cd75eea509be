//! GRP: groups, and what is granted to them.

use enterprise_teams::testing::rules::GroupRules;
use enterprise_teams::{
    AppId, Error, GroupId, Permission, PermissionSet, TeamId, TeamKind, TeamRole, UserId, names::GroupName,
};

use super::state::{Group, Model};
use super::verdict::{By, Verdict, refuse_if, refuse_unless};

impl Model {
    /// Admins, members and viewers see the groups of their team, and so does the operator.
    fn group_open(&self, by: By, group: GroupId) -> Verdict {
        refuse_unless(self.sees_group(by.who, group), Error::GroupHidden { actor: by.who, group })?;
        self.admitted(by, self.groups[&group].team)
    }

    fn manages_group(&self, by: By, group: GroupId) -> Verdict {
        self.group_open(by, group)?;
        let team = self.groups[&group].team;
        refuse_unless(self.is_admin(by.who, team), Error::OnlyAdminsManageGroups { actor: by.who, team })
    }

    fn group_name_is_free(&self, team: TeamId, name: GroupName) -> Verdict {
        let taken = self.groups.values().any(|group| group.team == team && group.name == name);
        refuse_if(taken, Error::GroupNameTaken { team, name })
    }

    pub(super) fn is_in_group(&self, by: By, group: GroupId) -> bool {
        by.who.user().is_some_and(|user| self.group_members.contains(&(group, user)))
    }

    /// The app is open to who acts, who manages the permissions on it.
    pub(super) fn grants_to_groups(&self, by: By, app: AppId, group: GroupId) -> Verdict {
        self.app_exists(app)?;
        self.group_exists(group)?;
        self.app_open(by, app)?;
        self.shared(by, app)
    }

    pub(super) fn group_is_of_app(&self, app: AppId, group: GroupId) -> Verdict {
        self.permissions_chosen(app)?;
        let own = self.team_of(app) == Some(self.groups[&group].team);
        refuse_unless(own, Error::GroupOfAnotherTeam { app, group })
    }

    /// GRP-1, GRP-2: nobody is in it any more, and it holds nothing.
    pub(super) fn end_groups(&mut self, of: impl Fn(GroupId, &Group) -> bool) {
        let ended: Vec<GroupId> = self.groups.iter().filter(|(id, group)| of(**id, group)).map(|(id, _)| *id).collect();
        self.groups.retain(|group, _| !ended.contains(group));
        self.group_members.retain(|(group, _)| !ended.contains(group));
        self.group_grants.retain(|(_, group), _| !ended.contains(group));
    }

    /// GRP-1: whoever leaves the team leaves its groups.
    pub(super) fn leave_groups(&mut self, team: TeamId, user: UserId) {
        let groups = &self.groups;
        self.group_members.retain(|(group, one)| !(*one == user && groups[group].team == team));
    }

    /// GRP-3: what the groups of a user hold on an app. It says nothing of an admin (GRP-4).
    pub(crate) fn through_groups(&self, user: UserId, app: AppId) -> PermissionSet {
        let admin = self.team_of(app).is_some_and(|team| self.members.get(&(team, user)) == Some(&TeamRole::Admin));
        let granted = self
            .group_grants
            .iter()
            .filter(|((on, group), _)| *on == app && !admin && self.group_members.contains(&(*group, user)));
        granted.fold(PermissionSet::EMPTY, |all, (_, set)| all.union(*set))
    }
}

impl GroupRules<By> for Model {
    fn create_group(&mut self, by: By, team: TeamId, name: GroupName) -> Verdict {
        self.team_open(by, team)?;
        refuse_unless(self.is_admin(by.who, team), Error::OnlyAdminsManageGroups { actor: by.who, team })?;
        let standard = self.teams[&team].kind == TeamKind::Standard;
        refuse_if(standard, Error::GroupsInStandardTeam { team })?;
        self.group_name_is_free(team, name)?;
        let limit = self.options.team_groups_max;
        let actual = self.groups.values().filter(|group| group.team == team).count() as u64 + 1;
        refuse_if(actual > u64::from(limit), Error::GroupLimitReached { team, limit, actual })?;
        let id = self.fresh(by).into();
        self.groups.insert(id, Group { team, name, created_at: by.now });
        Ok(())
    }

    fn rename_group(&mut self, by: By, group: GroupId, name: GroupName) -> Verdict {
        self.group_exists(group)?;
        self.manages_group(by, group)?;
        refuse_if(self.groups[&group].name == name, Error::GroupNameUnchanged { group, name })?;
        self.group_name_is_free(self.groups[&group].team, name)?;
        self.groups.get_mut(&group).expect("a group").name = name;
        Ok(())
    }

    fn delete_group(&mut self, by: By, group: GroupId) -> Verdict {
        self.group_exists(group)?;
        self.manages_group(by, group)?;
        self.end_groups(|one, _| one == group);
        Ok(())
    }

    fn add_group_member(&mut self, by: By, group: GroupId, user: UserId) -> Verdict {
        self.group_exists(group)?;
        self.user_exists(user)?;
        self.manages_group(by, group)?;
        let team = self.groups[&group].team;
        refuse_unless(self.members.contains_key(&(team, user)), Error::NotInTeam { team, user })?;
        refuse_if(self.group_members.contains(&(group, user)), Error::AlreadyInGroup { group, user })?;
        self.receives(user)?;
        let limit = u32::from(self.options.member_groups_max);
        let held = self.group_members.iter().filter(|(one, member)| *member == user && self.groups[one].team == team);
        let actual = held.count() as u64 + 1;
        refuse_if(actual > u64::from(limit), Error::MemberGroupLimitReached { team, user, limit, actual })?;
        self.group_members.insert((group, user));
        Ok(())
    }

    fn remove_group_member(&mut self, by: By, group: GroupId, user: UserId) -> Verdict {
        self.group_exists(group)?;
        self.user_exists(user)?;
        self.manages_group(by, group)?;
        refuse_unless(self.group_members.contains(&(group, user)), Error::NotInGroup { group, user })?;
        self.group_members.remove(&(group, user));
        Ok(())
    }

    fn grant_group_permissions(&mut self, by: By, app: AppId, group: GroupId, given: PermissionSet) -> Verdict {
        self.grants_to_groups(by, app, group)?;
        // PERM-5
        refuse_if(self.is_in_group(by, group), Error::OwnGroupGrantCannotGrow { actor: Box::new(by.who), app, group })?;
        self.group_is_of_app(app, group)?;
        let permissions = given | Permission::View;
        let held = self.group_grants.get(&(app, group)).copied();
        refuse_if(held == Some(permissions), Error::GroupPermissionsUnchanged { app, group, permissions })?;
        refuse_if(held.is_some(), Error::GroupAlreadyOnApp { app, group })?;
        self.group_grants.insert((app, group), permissions);
        Ok(())
    }

    fn set_group_permissions(&mut self, by: By, app: AppId, group: GroupId, given: PermissionSet) -> Verdict {
        self.grants_to_groups(by, app, group)?;
        // PERM-5
        let permissions = given | Permission::View;
        let held = self.group_grants.get(&(app, group)).copied();
        let adds = permissions.iter().any(|one| !held.is_some_and(|held| held.contains(one)));
        let own = adds && self.is_in_group(by, group);
        refuse_if(own, Error::OwnGroupGrantCannotGrow { actor: Box::new(by.who), app, group })?;
        self.group_is_of_app(app, group)?;
        refuse_if(held.is_none(), Error::GroupNotOnApp { app, group })?;
        refuse_if(held == Some(permissions), Error::GroupPermissionsUnchanged { app, group, permissions })?;
        self.group_grants.insert((app, group), permissions);
        Ok(())
    }

    fn revoke_group_permissions(&mut self, by: By, app: AppId, group: GroupId) -> Verdict {
        self.grants_to_groups(by, app, group)?;
        self.group_is_of_app(app, group)?;
        refuse_unless(self.group_grants.contains_key(&(app, group)), Error::GroupNotOnApp { app, group })?;
        self.group_grants.remove(&(app, group));
        Ok(())
    }
}
