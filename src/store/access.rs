//! PERM, APP-9, STD: who is on an app, and with which permissions.

use super::TeamStore;
use crate::actor::Actor;
use crate::decide;
use crate::error::Error;
#[cfg(doc)]
use crate::event::Event;
use crate::ids::{AppId, UserId};
use crate::permission::PermissionSet;

/// **People on apps** (PERM, APP-9, STD): who is on an app, and with which permissions.
impl TeamStore {
    /// Joins an unlocked app of one's team (APP-9): with `view` in an Enterprise Team; in a Standard team with what every member
    /// holds, which stays when the app is locked later (STD-2).
    ///
    /// By members. Records [`AppJoined`](Event::AppJoined).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AppNotFound`](Error::AppNotFound) (X-2),
    /// [`AppHidden`](Error::AppHidden) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyMembersJoinApps`](Error::OnlyMembersJoinApps) (APP-9), [`AdminHoldsAll`](Error::AdminHoldsAll) (PERM-5),
    /// [`AlreadyOnApp`](Error::AlreadyOnApp) (PERM-7), [`PermissionsUnchanged`](Error::PermissionsUnchanged) (PERM-3),
    /// [`AppIsLocked`](Error::AppIsLocked) (APP-9).
    ///
    /// ```
    /// use enterprise_teams::{AppAction, demo::Demo};
    ///
    /// let Demo { mut store, sam, max, wave, .. } = Demo::new()?;
    /// store.join_app(max, wave)?;
    /// store.lock_app(sam, wave)?;
    /// assert!(store.can(max, AppAction::PushCode, wave));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn join_app(&mut self, actor: Actor, app: AppId) -> Result<(), Error> {
        self.record(actor, |state| decide::access::join(state, actor, app))
    }

    /// Puts a user on an app of an Enterprise Team with chosen permissions (PERM-3, PERM-7): a member or viewer of the team, who gets
    /// more than the role gives, or somebody from outside, who becomes a collaborator. `view` is in every grant.
    ///
    /// By holders of `manage` (PERM-4), to others (PERM-5). Records [`PermissionsGranted`](Event::PermissionsGranted).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AppNotFound`](Error::AppNotFound) (X-2),
    /// [`UserNotFound`](Error::UserNotFound) (X-2), [`AppHidden`](Error::AppHidden) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyManagersChangeAccess`](Error::OnlyManagersChangeAccess)
    /// (PERM-4), [`OnlyOwnerSharesPersonalApp`](Error::OnlyOwnerSharesPersonalApp) (PERM-10),
    /// [`OnlyAdminsManageStandardApps`](Error::OnlyAdminsManageStandardApps) (STD-3),
    /// [`OwnGrantCannotGrow`](Error::OwnGrantCannotGrow) (PERM-5),
    /// [`PermissionsOnPersonalApp`](Error::PermissionsOnPersonalApp) (PERM-10),
    /// [`PermissionsOnStandardApp`](Error::PermissionsOnStandardApp) (STD-4), [`AdminHoldsAll`](Error::AdminHoldsAll)
    /// (PERM-5), [`AlreadyOnApp`](Error::AlreadyOnApp) (PERM-7), [`PermissionsUnchanged`](Error::PermissionsUnchanged) (PERM-3),
    /// [`UserIsSuspended`](Error::UserIsSuspended) (SUS-1).
    ///
    /// ```
    /// use enterprise_teams::{AppAction, Permission, demo::{Demo, id}};
    ///
    /// let Demo { mut store, ada, vera, website, .. } = Demo::new()?;
    /// let id = id(vera);
    /// store.grant_permissions(ada, website, id, Permission::Deploy | Permission::Operate)?;
    /// assert!(store.can(vera, AppAction::PushCode, website));
    /// assert!(!store.can(vera, AppAction::RenameApp, website));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn grant_permissions(
        &mut self,
        actor: Actor,
        app: AppId,
        user: UserId,
        permissions: PermissionSet,
    ) -> Result<(), Error> {
        self.record(actor, |state| decide::access::grant(state, actor, app, user, permissions))
    }

    /// Sees to it that a user on an app of an Enterprise Team holds exactly these permissions: puts them on it, or changes what they
    /// hold. Either is one event; where they hold these already, it is refused as *unchanged* (X-10).
    ///
    /// # Errors
    /// As [`grant_permissions`](Self::grant_permissions), but for `AlreadyOnApp`; as [`set_permissions`](Self::set_permissions), but for
    /// `NotOnApp`.
    ///
    /// ```
    /// use enterprise_teams::{ErrorKind, Permission, demo::{Demo, id}};
    ///
    /// let Demo { mut store, ada, joe, vera, website, .. } = Demo::new()?;
    /// for user in [joe, vera].map(id) {
    ///     store.put_permissions(ada, website, user, Permission::Operate.into())?;
    ///     let again = store.put_permissions(ada, website, user, Permission::Operate.into());
    ///     assert_eq!(again.unwrap_err().kind(), ErrorKind::Unchanged);
    /// }
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn put_permissions(
        &mut self,
        actor: Actor,
        app: AppId,
        user: UserId,
        permissions: PermissionSet,
    ) -> Result<(), Error> {
        let added = self.grant_permissions(actor, app, user, permissions);
        if matches!(added, Err(Error::AlreadyOnApp { .. })) {
            self.set_permissions(actor, app, user, permissions)
        } else {
            added
        }
    }

    /// Puts a user on a personal app (PERM-10) or on an app of a Standard team (STD-4), where no permissions are chosen: they hold
    /// `view`, `deploy` and `operate`.
    ///
    /// On a personal app by its owner; on an app of a Standard team by admins and members (STD-3), while it is locked by admins
    /// alone: a lock is there to prevent additional access (APP-9; for members who are on the locked app this is our decision).
    /// Records [`CollaboratorAdded`](Event::CollaboratorAdded).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AppNotFound`](Error::AppNotFound) (X-2),
    /// [`UserNotFound`](Error::UserNotFound) (X-2), [`AppHidden`](Error::AppHidden) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyManagersChangeAccess`](Error::OnlyManagersChangeAccess)
    /// (PERM-4), [`OnlyOwnerSharesPersonalApp`](Error::OnlyOwnerSharesPersonalApp) (PERM-10),
    /// [`OnlyMembersAddCollaborators`](Error::OnlyMembersAddCollaborators) (STD-3),
    /// [`OnlyManagersShareLockedApps`](Error::OnlyManagersShareLockedApps) (APP-9),
    /// [`OwnGrantCannotGrow`](Error::OwnGrantCannotGrow) (PERM-5),
    /// [`PermissionsMissing`](Error::PermissionsMissing) (PERM-7), [`AdminHoldsAll`](Error::AdminHoldsAll) (PERM-5),
    /// [`OwnerHoldsAll`](Error::OwnerHoldsAll) (PERM-10),
    /// [`PermissionsUnchanged`](Error::PermissionsUnchanged) (PERM-3), [`UserIsSuspended`](Error::UserIsSuspended) (SUS-1).
    ///
    /// ```
    /// use enterprise_teams::{AppAction, demo::{Demo, id}};
    ///
    /// let Demo { mut store, max, jill, wave, .. } = Demo::new()?;
    /// store.add_collaborator(max, wave, id(jill))?;
    /// assert!(store.can(jill, AppAction::PushCode, wave));
    /// assert!(!store.can(jill, AppAction::AddPaidAddOn, wave));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn add_collaborator(&mut self, actor: Actor, app: AppId, user: UserId) -> Result<(), Error> {
        self.record(actor, |state| decide::access::add_collaborator(state, actor, app, user))
    }

    /// Gives a user on an app of an Enterprise Team other permissions (PERM-4, PERM-7). `view` is in every set.
    ///
    /// By holders of `manage`, who can give themselves less and never more (PERM-5). Records
    /// [`PermissionsChanged`](Event::PermissionsChanged).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AppNotFound`](Error::AppNotFound) (X-2),
    /// [`UserNotFound`](Error::UserNotFound) (X-2), [`AppHidden`](Error::AppHidden) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyManagersChangeAccess`](Error::OnlyManagersChangeAccess)
    /// (PERM-4), [`OnlyOwnerSharesPersonalApp`](Error::OnlyOwnerSharesPersonalApp) (PERM-10),
    /// [`OnlyAdminsManageStandardApps`](Error::OnlyAdminsManageStandardApps) (STD-3),
    /// [`OwnGrantCannotGrow`](Error::OwnGrantCannotGrow) (PERM-5),
    /// [`PermissionsOnPersonalApp`](Error::PermissionsOnPersonalApp) (PERM-10),
    /// [`PermissionsOnStandardApp`](Error::PermissionsOnStandardApp) (STD-4),
    /// [`AdminPermissionsFixed`](Error::AdminPermissionsFixed) (PERM-1), [`NotOnApp`](Error::NotOnApp) (PERM-7),
    /// [`PermissionsUnchanged`](Error::PermissionsUnchanged) (PERM-3), [`UserIsSuspended`](Error::UserIsSuspended) (SUS-1).
    ///
    /// ```
    /// use enterprise_teams::{
    ///     Permission,
    ///     demo::{Demo, id},
    /// };
    ///
    /// let Demo { mut store, ada, jill, website, .. } = Demo::new()?;
    /// let [ada_id, jill_id] = [ada, jill].map(id);
    /// store.set_permissions(ada, website, jill_id, Permission::Operate.into())?;
    /// let refusal =
    ///     store.set_permissions(ada, website, ada_id, Permission::View.into()).unwrap_err();
    /// assert_eq!(refusal.code(), "admin-permissions-fixed");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn set_permissions(
        &mut self,
        actor: Actor,
        app: AppId,
        user: UserId,
        permissions: PermissionSet,
    ) -> Result<(), Error> {
        self.record(actor, |state| decide::access::set_permissions(state, actor, app, user, permissions))
    }

    /// Takes a user off an app (PERM-4, PERM-7): a collaborator, or a member who keeps what the role gives. A pending transfer of the
    /// app to the user ends.
    ///
    /// By holders of `manage`, or by the user themself (PERM-8). Records
    /// [`CollaboratorRemoved`](Event::CollaboratorRemoved).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AppNotFound`](Error::AppNotFound) (X-2),
    /// [`UserNotFound`](Error::UserNotFound) (X-2), [`AppHidden`](Error::AppHidden) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyManagersChangeAccess`](Error::OnlyManagersChangeAccess)
    /// (PERM-4), [`OnlyOwnerSharesPersonalApp`](Error::OnlyOwnerSharesPersonalApp) (PERM-10),
    /// [`OnlyAdminsManageStandardApps`](Error::OnlyAdminsManageStandardApps) (STD-3),
    /// [`AdminPermissionsFixed`](Error::AdminPermissionsFixed) (PERM-1), [`OwnerHoldsAll`](Error::OwnerHoldsAll)
    /// (PERM-10), [`NotOnApp`](Error::NotOnApp) (PERM-7).
    ///
    /// ```
    /// use enterprise_teams::{AppAction, demo::{Demo, id}};
    ///
    /// let Demo { mut store, jill, website, .. } = Demo::new()?;
    /// store.remove_collaborator(jill, website, id(jill))?;
    /// assert!(!store.can(jill, AppAction::ViewApp, website));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    #[doc(alias = "leave_app")]
    #[doc(alias = "revoke_permissions")]
    pub fn remove_collaborator(&mut self, actor: Actor, app: AppId, user: UserId) -> Result<(), Error> {
        self.record(actor, |state| decide::access::remove(state, actor, app, user))
    }
}
