//! GRP-1 and GRP-3: groups, who is in them, and what they hold.

use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::BTreeMap;

use super::page::{Page, PageRequest, after};
use crate::access;
use crate::actor::Actor;
use crate::entity::{App, Group, Held, Times, User};
use crate::error::Error;
use crate::guard::{self, ensure};
use crate::ids::{AppId, GroupId, TeamId, UserId};
use crate::names::{AppName, Email, GroupName};
use crate::permission::PermissionSet;
use crate::policy::{AppAction, Capability};
use crate::role::TeamRole;
use crate::sort;
use crate::state::{AppRow, At, GroupGrant, GroupRow, State, UserRow};
use crate::store::TeamStore;

/// An entry of the list of a team's groups (GRP-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct GroupEntry<'s> {
    /// The group.
    pub group: &'s Group,
    /// How many people are in it.
    pub members: usize,
    /// On how many apps it holds permissions.
    pub apps: usize,
}

/// Somebody in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct GroupMember<'s> {
    /// Who.
    pub user: &'s User,
    /// Their role in the team.
    pub role: TeamRole,
    /// Since when they are in the group.
    pub since: DateTime<Utc>,
}

/// An app on which a group holds permissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct GroupApp<'s> {
    /// The app.
    pub app: &'s App,
    /// What the group holds there.
    pub permissions: PermissionSet,
    /// Since when, and when that last changed.
    pub times: Times,
    /// When it ends, if it does (END-1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<DateTime<Utc>>,
}

/// A group that holds permissions on an app (GRP-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct GroupAccess<'s> {
    /// The group.
    pub group: &'s Group,
    /// What it holds there.
    pub permissions: PermissionSet,
    /// Since when, and when that last changed.
    pub times: Times,
    /// When it ends, if it does (END-1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<DateTime<Utc>>,
}

/// **Questions about groups** (GRP-1, GRP-3): who is in them, and what they hold.
impl TeamStore {
    /// A group.
    ///
    /// Visible to the admins, members and viewers of its team (GRP-1).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`GroupNotFound`](Error::GroupNotFound) (X-2),
    /// [`GroupHidden`](Error::GroupHidden) (GRP-1), [`OAuthDenied`](Error::OAuthDenied) (SEC-1).
    pub fn group(&self, actor: Actor, group: GroupId) -> Result<&Group, Error> {
        self.group_row(actor, group).map(|row| &row.row.group)
    }

    /// The group of this name in a team.
    ///
    /// Visible as [`groups`](Self::groups).
    ///
    /// # Errors
    /// As [`groups`](Self::groups), then [`GroupNameNotFound`](Error::GroupNameNotFound) (X-2).
    pub fn group_by_name(&self, actor: Actor, team: TeamId, name: GroupName) -> Result<&Group, Error> {
        let group = self.groups_of(actor, team)?.get(&name).and_then(|group| self.at(actor.at).groups.get(*group));
        group.map(|row| &row.group).ok_or(Error::GroupNameNotFound { team, name })
    }

    /// The groups of a team, by name (GRP-1).
    ///
    /// Visible to its admins, members and viewers.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyTeamSeesGroups`](Error::OnlyTeamSeesGroups) (GRP-1),
    /// [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    ///
    /// ```
    /// use enterprise_teams::{PageRequest, demo::{Demo, id}};
    ///
    /// let Demo { mut store, ada, joe, jill, acme, .. } = Demo::new()?;
    /// let backend = store.create_group(ada, acme, "backend".parse()?)?;
    /// store.add_group_member(ada, backend, id(joe))?;
    /// let page = store.groups(joe, acme, &PageRequest::default())?;
    /// assert_eq!((page.items[0].group.name().as_str(), page.items[0].members), ("backend", 1));
    /// let refusal = store.groups(jill, acme, &PageRequest::default()).unwrap_err();
    /// assert_eq!(refusal.code(), "only-team-sees-groups");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn groups(&self, actor: Actor, team: TeamId, page: &PageRequest) -> Result<Page<GroupEntry<'_>>, Error> {
        let groups = self.groups_of(actor, team)?.range(after::<GroupName>(page.key()?));
        let groups = groups.filter_map(|(_, group)| self.at(actor.at).groups.get(*group));
        let entries =
            groups.map(|row| GroupEntry { group: &row.group, members: row.members.len(), apps: row.apps.len() });
        Ok(page.fill(entries, |entry| entry.group.name))
    }

    /// Who is in a group, by e-mail. Visible as [`group`](Self::group). Costs what the group holds.
    ///
    /// # Errors
    /// As [`group`](Self::group), and [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    pub fn group_members(
        &self,
        actor: Actor,
        group: GroupId,
        page: &PageRequest,
    ) -> Result<Page<GroupMember<'_>>, Error> {
        let row = self.group_row(actor, group)?;
        let team = guard::group(self.at(actor.at), group)?.1;
        let from: Option<Email> = page.key()?;
        let member = |(user, since): (&UserId, &_)| {
            let person = self.at(actor.at).users.find(*user)?;
            let user = &person.row.user;
            let role = team.row.role_of(person.row, team.ix)?;
            Some(GroupMember { user, role, since: DateTime::from(*since) })
        };
        let members = row.row.members.iter().filter_map(member);
        let mut members: Vec<_> =
            members.filter(|member| from.as_ref().is_none_or(|from| member.user.email > *from)).collect();
        sort::by_key(&mut members, |member| &member.user.email);
        Ok(page.fill(members.into_iter(), |member| member.user.email.clone()))
    }

    /// The apps on which a group holds permissions, by name. Visible as [`group`](Self::group). Costs what the group holds.
    ///
    /// # Errors
    /// As [`group`](Self::group), and [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    pub fn group_apps(&self, actor: Actor, group: GroupId, page: &PageRequest) -> Result<Page<GroupApp<'_>>, Error> {
        let row = self.group_row(actor, group)?;
        let from: Option<AppName> = page.key()?;
        let app = |ix: &_| {
            let app = self.at(actor.at).apps.get(*ix)?;
            let GroupGrant { permissions, stamp, .. } = app.group_grant(row.ix)?;
            let ends_at = self.at(actor.at).ends_at(Held::GroupGrant { app: app.app.id, group });
            Some(GroupApp { app: &app.app, permissions, times: stamp.into(), ends_at })
        };
        let apps = row.row.apps.iter().filter_map(app).filter(|one| from.is_none_or(|from| one.app.name > from));
        let mut apps: Vec<_> = apps.collect();
        sort::by_key(&mut apps, |one| one.app.name);
        Ok(page.fill(apps.into_iter(), |one| one.app.name))
    }

    /// The groups that hold permissions on an app, by name (GRP-2); none on a personal app.
    ///
    /// Visible to the admins, members and viewers of its team, and to who holds `manage` on it.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`AppNotFound`](Error::AppNotFound) (X-2),
    /// [`AppHidden`](Error::AppHidden) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`RoleLacksCapability`](Error::RoleLacksCapability) (CAP-1),
    /// [`CustomRoleLacksCapability`](Error::CustomRoleLacksCapability) (ROLE-1),
    /// [`CollaboratorLacksCapability`](Error::CollaboratorLacksCapability) (CAP-2).
    ///
    /// ```
    /// use enterprise_teams::{Permission, demo::Demo};
    ///
    /// let Demo { mut store, ada, joe, acme, website, .. } = Demo::new()?;
    /// let backend = store.create_group(ada, acme, "backend".parse()?)?;
    /// store.grant_group_permissions(ada, website, backend, Permission::Deploy.into())?;
    /// let groups = store.app_groups(joe, website)?;
    /// assert_eq!(groups[0].permissions.to_string(), "view, deploy");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn app_groups(&self, actor: Actor, app: AppId) -> Result<Vec<GroupAccess<'_>>, Error> {
        let caller = self.caller(actor)?;
        let row = guard::app(self.at(actor.at), app)?;
        guard::reach(self.at(actor.at), caller, row)?;
        let Some(team) = self.at(actor.at).team_of(row.row) else { return Ok(Vec::new()) };
        let manages = access::held_by(self.at(actor.at), caller.user, row.row).allows(AppAction::ManagePermissions);
        if !manages {
            access::capable(caller, team, Capability::ViewGroups)?;
        }
        Ok(named(self.at(actor.at), row.app.id, row.row.group_grants().iter().copied()))
    }

    /// The groups of a team that somebody is in, by name. Visible as [`role`](Self::role).
    ///
    /// # Errors
    /// As [`role`](Self::role), and [`OnlyTeamSeesGroups`](Error::OnlyTeamSeesGroups) (GRP-1).
    pub fn member_groups(&self, actor: Actor, team: TeamId, user: UserId) -> Result<Vec<&Group>, Error> {
        self.role(actor, team, user)?;
        let caller = self.caller(actor)?;
        let (row, person) = (guard::team(self.at(actor.at), team)?, guard::user(self.at(actor.at), user)?);
        let seen = caller.is(person) || access::may(caller, row, Capability::ViewGroups);
        ensure!(seen, Error::OnlyTeamSeesGroups { actor: caller.who, team });
        let groups = self.at(actor.at).groups_of(person.row, row.ix);
        Ok(groups.into_iter().map(|group| &group.row.group).collect())
    }

    fn group_row(&self, actor: Actor, group: GroupId) -> Result<At<'_, GroupRow>, Error> {
        let caller = self.caller(actor)?;
        let (row, team) = guard::group(self.at(actor.at), group)?;
        guard::reach_group(caller, row, team)?;
        Ok(row)
    }

    fn groups_of(&self, actor: Actor, team: TeamId) -> Result<&BTreeMap<GroupName, crate::state::GroupIx>, Error> {
        let caller = self.caller(actor)?;
        let row = guard::team(self.at(actor.at), team)?;
        let refused = Error::OnlyTeamSeesGroups { actor: caller.who, team };
        guard::capability(caller, row, Capability::ViewGroups, refused)?;
        Ok(&row.row.groups)
    }
}

/// What the groups hold on the app that the user is in, by name: it sleeps while the user is an admin (GRP-4).
pub(super) fn through_groups<'s>(state: &'s State, app: &AppRow, user: At<'_, UserRow>) -> Vec<GroupAccess<'s>> {
    named(state, app.app.id, access::granted_through_groups(user, app))
}

fn named(state: &State, app: AppId, grants: impl Iterator<Item = GroupGrant>) -> Vec<GroupAccess<'_>> {
    let access = |GroupGrant { group, permissions, stamp }| {
        let group = &state.groups.get(group)?.group;
        let ends_at = state.ends_at(Held::GroupGrant { app, group: group.id });
        Some(GroupAccess { group, permissions, times: stamp.into(), ends_at })
    };
    let mut groups: Vec<_> = grants.filter_map(access).collect();
    sort::by_key(&mut groups, |access| access.group.name);
    groups
}
