//! GRP: groups.

use super::TeamStore;
use crate::actor::Actor;
use crate::decide;
use crate::error::Error;
#[cfg(doc)]
use crate::event::Event;
use crate::ids::{AppId, GroupId, TeamId, UserId};
use crate::names::GroupName;
use crate::permission::PermissionSet;

/// **Groups** (GRP): people of a team to whom permissions are granted together.
impl TeamStore {
    /// Makes a group in an Enterprise Team (GRP-1).
    ///
    /// By admins. Records [`GroupCreated`](Event::GroupCreated).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsManageGroups`](Error::OnlyAdminsManageGroups) (GRP-1),
    /// [`GroupsInStandardTeam`](Error::GroupsInStandardTeam) (GRP-1), [`GroupNameTaken`](Error::GroupNameTaken) (GRP-1),
    /// [`GroupLimitReached`](Error::GroupLimitReached) (GRP-1), [`StoreFull`](Error::StoreFull) (X-6).
    ///
    /// ```
    /// use enterprise_teams::{AppAction, Permission, Rule, demo::{Demo, id}};
    ///
    /// let Demo { mut store, ada, vera, acme, website, .. } = Demo::new()?;
    /// let backend = store.create_group(ada, acme, "backend".parse()?)?;
    /// store.add_group_member(ada, backend, id(vera))?;
    /// store.grant_group_permissions(ada, website, backend, Permission::Operate.into())?;
    /// assert!(store.can(vera, AppAction::RestartApp, website));
    /// let refusal = store.create_group(vera, acme, "mine".parse()?).unwrap_err();
    /// assert_eq!((refusal.code(), refusal.rule()), ("only-admins-manage-groups", Rule::Grp1));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn create_group(&mut self, actor: Actor, team: TeamId, name: GroupName) -> Result<GroupId, Error> {
        self.record(actor, |state| decide::group::create(state, actor, team, name))
    }

    /// Renames a group (GRP-1); the old name is free from then on.
    ///
    /// By admins. Records [`GroupRenamed`](Event::GroupRenamed).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`GroupNotFound`](Error::GroupNotFound) (X-2),
    /// [`GroupHidden`](Error::GroupHidden) (GRP-1), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyAdminsManageGroups`](Error::OnlyAdminsManageGroups) (GRP-1),
    /// [`GroupNameUnchanged`](Error::GroupNameUnchanged) (GRP-1), [`GroupNameTaken`](Error::GroupNameTaken) (GRP-1).
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    ///
    /// let Demo { mut store, ada, acme, .. } = Demo::new()?;
    /// let group = store.create_group(ada, acme, "backend".parse()?)?;
    /// store.rename_group(ada, group, "services".parse()?)?;
    /// assert_eq!(store.group(ada, group)?.name(), "services");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn rename_group(&mut self, actor: Actor, group: GroupId, name: GroupName) -> Result<(), Error> {
        self.record(actor, |state| decide::group::rename(state, actor, group, name))
    }

    /// Deletes a group; what it was granted ends (GRP-2).
    ///
    /// By admins. Records one [`GroupDeleted`](Event::GroupDeleted), which lists who was in it and what it held.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`GroupNotFound`](Error::GroupNotFound) (X-2),
    /// [`GroupHidden`](Error::GroupHidden) (GRP-1), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyAdminsManageGroups`](Error::OnlyAdminsManageGroups) (GRP-1).
    ///
    /// ```
    /// use enterprise_teams::{Permission, demo::Demo};
    ///
    /// let Demo { mut store, ada, acme, website, .. } = Demo::new()?;
    /// let group = store.create_group(ada, acme, "backend".parse()?)?;
    /// store.grant_group_permissions(ada, website, group, Permission::Deploy.into())?;
    /// store.delete_group(ada, group)?;
    /// assert!(store.app_groups(ada, website)?.is_empty());
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn delete_group(&mut self, actor: Actor, group: GroupId) -> Result<(), Error> {
        self.record(actor, |state| decide::group::delete(state, actor, group))
    }

    /// Puts somebody with a role in the team into a group (GRP-1). What the group holds counts for them at once (GRP-3).
    ///
    /// By admins. Records [`GroupMemberAdded`](Event::GroupMemberAdded).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`GroupNotFound`](Error::GroupNotFound) (X-2),
    /// [`UserNotFound`](Error::UserNotFound) (X-2), [`GroupHidden`](Error::GroupHidden) (GRP-1),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsManageGroups`](Error::OnlyAdminsManageGroups) (GRP-1),
    /// [`NotInTeam`](Error::NotInTeam) (MEM-3), [`AlreadyInGroup`](Error::AlreadyInGroup) (GRP-1),
    /// [`UserIsSuspended`](Error::UserIsSuspended) (SUS-1),
    /// [`MemberGroupLimitReached`](Error::MemberGroupLimitReached) (GRP-1).
    ///
    /// ```
    /// use enterprise_teams::demo::{Demo, id};
    ///
    /// let Demo { mut store, ada, joe, jill, acme, .. } = Demo::new()?;
    /// let group = store.create_group(ada, acme, "backend".parse()?)?;
    /// store.add_group_member(ada, group, id(joe))?;
    /// let refusal = store.add_group_member(ada, group, id(jill)).unwrap_err();
    /// assert_eq!(refusal.code(), "not-in-team");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn add_group_member(&mut self, actor: Actor, group: GroupId, user: UserId) -> Result<(), Error> {
        self.record(actor, |state| decide::group::add_member(state, actor, group, user))
    }

    /// Puts somebody out of a group (GRP-1); what they held through it ends at once (GRP-3).
    ///
    /// By admins. Records [`GroupMemberRemoved`](Event::GroupMemberRemoved).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`GroupNotFound`](Error::GroupNotFound) (X-2),
    /// [`UserNotFound`](Error::UserNotFound) (X-2), [`GroupHidden`](Error::GroupHidden) (GRP-1),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsManageGroups`](Error::OnlyAdminsManageGroups) (GRP-1),
    /// [`NotInGroup`](Error::NotInGroup) (GRP-1).
    ///
    /// ```
    /// use enterprise_teams::demo::{Demo, id};
    ///
    /// let Demo { mut store, ada, joe, acme, .. } = Demo::new()?;
    /// let group = store.create_group(ada, acme, "backend".parse()?)?;
    /// store.add_group_member(ada, group, id(joe))?;
    /// store.remove_group_member(ada, group, id(joe))?;
    /// assert!(store.member_groups(ada, acme, id(joe))?.is_empty());
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn remove_group_member(&mut self, actor: Actor, group: GroupId, user: UserId) -> Result<(), Error> {
        self.record(actor, |state| decide::group::remove_member(state, actor, group, user))
    }

    /// Grants a group permissions on an app of its team, as [`grant_permissions`](Self::grant_permissions) grants them to a person
    /// (GRP-2); `view` is always among them.
    ///
    /// By holders of `manage` who are not in the group (PERM-5). Records
    /// [`GroupPermissionsGranted`](Event::GroupPermissionsGranted).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AppNotFound`](Error::AppNotFound) (X-2),
    /// [`GroupNotFound`](Error::GroupNotFound) (X-2), [`AppHidden`](Error::AppHidden) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyManagersChangeAccess`](Error::OnlyManagersChangeAccess) (PERM-4),
    /// [`OnlyOwnerSharesPersonalApp`](Error::OnlyOwnerSharesPersonalApp) (PERM-10),
    /// [`OnlyAdminsManageStandardApps`](Error::OnlyAdminsManageStandardApps) (STD-3),
    /// [`OwnGroupGrantCannotGrow`](Error::OwnGroupGrantCannotGrow) (GRP-2),
    /// [`PermissionsOnPersonalApp`](Error::PermissionsOnPersonalApp) (PERM-10),
    /// [`PermissionsOnStandardApp`](Error::PermissionsOnStandardApp) (STD-4),
    /// [`GroupOfAnotherTeam`](Error::GroupOfAnotherTeam) (GRP-2), [`GroupAlreadyOnApp`](Error::GroupAlreadyOnApp) (GRP-2),
    /// [`GroupPermissionsUnchanged`](Error::GroupPermissionsUnchanged) (GRP-2).
    ///
    /// ```
    /// use enterprise_teams::{AppAction, Permission, demo::{Demo, id}};
    ///
    /// let Demo { mut store, ada, vera, acme, website, .. } = Demo::new()?;
    /// let group = store.create_group(ada, acme, "support".parse()?)?;
    /// store.add_group_member(ada, group, id(vera))?;
    /// store.grant_group_permissions(ada, website, group, Permission::Operate.into())?;
    /// assert_eq!(
    ///     store.explain(vera, AppAction::RestartApp, website)?.to_string(),
    ///     "`vera@acme.com` may restart-app on app `acme-website`: holds view, operate as viewer of the team, \
    ///      with permissions of groups on the app: `support` (view, operate) (GRP-3)"
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn grant_group_permissions(
        &mut self,
        actor: Actor,
        app: AppId,
        group: GroupId,
        permissions: PermissionSet,
    ) -> Result<(), Error> {
        self.record(actor, |state| decide::group::grant(state, actor, app, group, permissions))
    }

    /// Changes what a group holds on an app (GRP-2), to exactly these permissions and `view`.
    ///
    /// By holders of `manage`; who is in the group may only take away (PERM-5). Records
    /// [`GroupPermissionsChanged`](Event::GroupPermissionsChanged).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AppNotFound`](Error::AppNotFound) (X-2),
    /// [`GroupNotFound`](Error::GroupNotFound) (X-2), [`AppHidden`](Error::AppHidden) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyManagersChangeAccess`](Error::OnlyManagersChangeAccess) (PERM-4),
    /// [`OnlyOwnerSharesPersonalApp`](Error::OnlyOwnerSharesPersonalApp) (PERM-10),
    /// [`OnlyAdminsManageStandardApps`](Error::OnlyAdminsManageStandardApps) (STD-3),
    /// [`OwnGroupGrantCannotGrow`](Error::OwnGroupGrantCannotGrow) (GRP-2),
    /// [`PermissionsOnPersonalApp`](Error::PermissionsOnPersonalApp) (PERM-10),
    /// [`PermissionsOnStandardApp`](Error::PermissionsOnStandardApp) (STD-4),
    /// [`GroupOfAnotherTeam`](Error::GroupOfAnotherTeam) (GRP-2), [`GroupNotOnApp`](Error::GroupNotOnApp) (GRP-2),
    /// [`GroupPermissionsUnchanged`](Error::GroupPermissionsUnchanged) (GRP-2).
    ///
    /// ```
    /// use enterprise_teams::{Permission, demo::Demo};
    ///
    /// let Demo { mut store, ada, acme, website, .. } = Demo::new()?;
    /// let group = store.create_group(ada, acme, "support".parse()?)?;
    /// store.grant_group_permissions(ada, website, group, Permission::Operate.into())?;
    /// store.set_group_permissions(ada, website, group, Permission::Deploy | Permission::Operate)?;
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn set_group_permissions(
        &mut self,
        actor: Actor,
        app: AppId,
        group: GroupId,
        permissions: PermissionSet,
    ) -> Result<(), Error> {
        self.record(actor, |state| decide::group::set_permissions(state, actor, app, group, permissions))
    }

    /// Takes away what a group holds on an app (GRP-2).
    ///
    /// By holders of `manage`. Records [`GroupPermissionsRevoked`](Event::GroupPermissionsRevoked).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AppNotFound`](Error::AppNotFound) (X-2),
    /// [`GroupNotFound`](Error::GroupNotFound) (X-2), [`AppHidden`](Error::AppHidden) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyManagersChangeAccess`](Error::OnlyManagersChangeAccess) (PERM-4),
    /// [`OnlyOwnerSharesPersonalApp`](Error::OnlyOwnerSharesPersonalApp) (PERM-10),
    /// [`OnlyAdminsManageStandardApps`](Error::OnlyAdminsManageStandardApps) (STD-3),
    /// [`PermissionsOnPersonalApp`](Error::PermissionsOnPersonalApp) (PERM-10),
    /// [`PermissionsOnStandardApp`](Error::PermissionsOnStandardApp) (STD-4),
    /// [`GroupOfAnotherTeam`](Error::GroupOfAnotherTeam) (GRP-2), [`GroupNotOnApp`](Error::GroupNotOnApp) (GRP-2).
    ///
    /// ```
    /// use enterprise_teams::{Permission, demo::Demo};
    ///
    /// let Demo { mut store, ada, acme, website, .. } = Demo::new()?;
    /// let group = store.create_group(ada, acme, "support".parse()?)?;
    /// store.grant_group_permissions(ada, website, group, Permission::Operate.into())?;
    /// store.revoke_group_permissions(ada, website, group)?;
    /// let refusal = store.revoke_group_permissions(ada, website, group).unwrap_err();
    /// assert_eq!(refusal.code(), "group-not-on-app");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn revoke_group_permissions(&mut self, actor: Actor, app: AppId, group: GroupId) -> Result<(), Error> {
        self.record(actor, |state| decide::group::revoke(state, actor, app, group))
    }
}
