//! ROLE: roles of a team's own.

use super::TeamStore;
use crate::actor::Actor;
use crate::decide;
use crate::error::Error;
#[cfg(doc)]
use crate::event::Event;
use crate::ids::{RoleId, TeamId};
use crate::names::RoleName;
use crate::policy::RoleRights;

/// **Roles of a team's own** (ROLE): what admin, member and viewer do not fit.
impl TeamStore {
    /// Defines a role of an Enterprise Team's own (ROLE-1), with what [comes along](RoleRights::completed). It is given as
    /// [`TeamRole::Custom`](crate::TeamRole::Custom).
    ///
    /// By admins. Records [`RoleCreated`](Event::RoleCreated).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsManageRoles`](Error::OnlyAdminsManageRoles) (ROLE-1),
    /// [`RolesInStandardTeam`](Error::RolesInStandardTeam) (ROLE-1),
    /// [`CapabilityForAdminsAlone`](Error::CapabilityForAdminsAlone) (ROLE-1),
    /// [`RoleNameTaken`](Error::RoleNameTaken) (ROLE-1), [`RoleLimitReached`](Error::RoleLimitReached) (ROLE-1),
    /// [`StoreFull`](Error::StoreFull) (X-6).
    ///
    /// ```
    /// use enterprise_teams::{Capability, PermissionSet, TeamRole, demo::{Demo, id}, policy::RoleRights};
    ///
    /// let Demo { mut store, ada, vera, acme, website, .. } = Demo::new()?;
    /// let rights = RoleRights {
    ///     capabilities: Capability::ViewInvoices | Capability::ViewUsage,
    ///     permissions: PermissionSet::EMPTY,
    /// };
    /// let billing = store.create_role(ada, acme, "billing".parse()?, rights)?;
    /// store.set_member_role(ada, acme, id(vera), TeamRole::Custom(billing))?;
    /// assert!(store.can(vera, Capability::ViewInvoices, acme));
    /// assert!(store.app(vera, website).is_err());
    /// let refusal = store.create_role(
    ///     ada,
    ///     acme,
    ///     "deputy".parse()?,
    ///     RoleRights { capabilities: Capability::ManageUsers.into(), ..rights },
    /// );
    /// assert_eq!(refusal.unwrap_err().code(), "capability-for-admins-alone");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn create_role(
        &mut self,
        actor: Actor,
        team: TeamId,
        name: RoleName,
        rights: RoleRights,
    ) -> Result<RoleId, Error> {
        self.record(actor, |state| decide::role::create(state, actor, team, name, rights))
    }

    /// Renames a role of a team's own (ROLE-1); the old name is free from then on.
    ///
    /// By admins. Records [`RoleRenamed`](Event::RoleRenamed).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`RoleNotFound`](Error::RoleNotFound) (X-2),
    /// [`RoleHidden`](Error::RoleHidden) (ROLE-1), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyAdminsManageRoles`](Error::OnlyAdminsManageRoles) (ROLE-1),
    /// [`RoleNameUnchanged`](Error::RoleNameUnchanged) (ROLE-1), [`RoleNameTaken`](Error::RoleNameTaken) (ROLE-1).
    ///
    /// ```
    /// use enterprise_teams::{demo::Demo, policy::RoleRights};
    ///
    /// let Demo { mut store, ada, acme, .. } = Demo::new()?;
    /// let role = store.create_role(ada, acme, "billing".parse()?, RoleRights::default())?;
    /// store.rename_role(ada, role, "finance".parse()?)?;
    /// assert_eq!(store.custom_role(ada, role)?.name(), "finance");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn rename_role(&mut self, actor: Actor, role: RoleId, name: RoleName) -> Result<(), Error> {
        self.record(actor, |state| decide::role::rename(state, actor, role, name))
    }

    /// Changes what a role of a team's own holds, for everybody who has it (ROLE-2): to exactly this, and what
    /// [comes along](RoleRights::completed).
    ///
    /// By admins. Records one [`RoleRightsChanged`](Event::RoleRightsChanged).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`RoleNotFound`](Error::RoleNotFound) (X-2),
    /// [`RoleHidden`](Error::RoleHidden) (ROLE-1), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyAdminsManageRoles`](Error::OnlyAdminsManageRoles) (ROLE-1),
    /// [`CapabilityForAdminsAlone`](Error::CapabilityForAdminsAlone) (ROLE-1),
    /// [`RoleRightsUnchanged`](Error::RoleRightsUnchanged) (ROLE-1).
    ///
    /// ```
    /// use enterprise_teams::{
    ///     AppAction, Permission, TeamRole, demo::{Demo, id}, policy::RoleRights,
    /// };
    ///
    /// let Demo { mut store, ada, vera, acme, website, .. } = Demo::new()?;
    /// let role = store.create_role(ada, acme, "releaser".parse()?, RoleRights::default())?;
    /// store.set_member_role(ada, acme, id(vera), TeamRole::Custom(role))?;
    /// let permissions = Permission::Deploy.into();
    /// store.set_role_rights(ada, role, RoleRights { permissions, ..RoleRights::default() })?;
    /// assert!(store.can(vera, AppAction::PushCode, website));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn set_role_rights(&mut self, actor: Actor, role: RoleId, rights: RoleRights) -> Result<(), Error> {
        self.record(actor, |state| decide::role::set_rights(state, actor, role, rights))
    }

    /// Deletes a role of a team's own that nobody has, no invitation gives and that is not the team's default (ROLE-2).
    ///
    /// By admins. Records [`RoleDeleted`](Event::RoleDeleted).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`RoleNotFound`](Error::RoleNotFound) (X-2),
    /// [`RoleHidden`](Error::RoleHidden) (ROLE-1), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyAdminsManageRoles`](Error::OnlyAdminsManageRoles) (ROLE-1), [`RoleInUse`](Error::RoleInUse) (ROLE-2).
    ///
    /// ```
    /// use enterprise_teams::{TeamRole, demo::{Demo, id}, policy::RoleRights};
    ///
    /// let Demo { mut store, ada, vera, acme, .. } = Demo::new()?;
    /// let role = store.create_role(ada, acme, "billing".parse()?, RoleRights::default())?;
    /// store.set_member_role(ada, acme, id(vera), TeamRole::Custom(role))?;
    /// assert_eq!(store.delete_role(ada, role).unwrap_err().code(), "role-in-use");
    /// store.set_member_role(ada, acme, id(vera), TeamRole::Viewer)?;
    /// store.delete_role(ada, role)?;
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn delete_role(&mut self, actor: Actor, role: RoleId) -> Result<(), Error> {
        self.record(actor, |state| decide::role::delete(state, actor, role))
    }
}
