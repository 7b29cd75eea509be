//! MEM: members and roles.

use super::TeamStore;
use crate::actor::Actor;
use crate::decide;
use crate::error::Error;
#[cfg(doc)]
use crate::event::Event;
use crate::ids::{TeamId, UserId};
use crate::role::TeamRole;

/// **Members and roles** (MEM): added, given another role, removed.
impl TeamStore {
    /// Adds a user to a team (MEM-1). A collaborator keeps what they hold on single apps (MEM-7); a pending invitation of the user
    /// into the team ends.
    ///
    /// By admins. Records [`MemberAdded`](Event::MemberAdded).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`UserNotFound`](Error::UserNotFound) (X-2), [`RoleNotFound`](Error::RoleNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsManageMembers`](Error::OnlyAdminsManageMembers) (MEM-1),
    /// [`ViewerInStandardTeam`](Error::ViewerInStandardTeam) (MEM-4), [`RoleOfAnotherTeam`](Error::RoleOfAnotherTeam) (ROLE-2),
    /// [`AlreadyInTeam`](Error::AlreadyInTeam) (MEM-2), [`RoleUnchanged`](Error::RoleUnchanged) (MEM-2),
    /// [`UserIsSuspended`](Error::UserIsSuspended) (SUS-1), [`MemberLimitReached`](Error::MemberLimitReached) (TEAM-5).
    ///
    /// ```
    /// use enterprise_teams::{Rule, TeamRole, demo::{Demo, id}};
    ///
    /// let Demo { mut store, ada, jill, acme, .. } = Demo::new()?;
    /// let id = id(jill);
    /// store.add_member(ada, acme, id, TeamRole::Member)?;
    /// let again = store.add_member(ada, acme, id, TeamRole::Admin).unwrap_err();
    /// assert_eq!((again.code(), again.rule()), ("already-in-team", Rule::Mem2));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn add_member(&mut self, actor: Actor, team: TeamId, user: UserId, role: TeamRole) -> Result<(), Error> {
        self.record(actor, |state| decide::member::add(state, actor, team, user, role))
    }

    /// Adds a user to a team with the team's default role (TEAM-7), otherwise as [`add_member`](Self::add_member).
    ///
    /// By admins. Records [`MemberAdded`](Event::MemberAdded).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`UserNotFound`](Error::UserNotFound) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyAdminsManageMembers`](Error::OnlyAdminsManageMembers) (MEM-1), [`AlreadyInTeam`](Error::AlreadyInTeam)
    /// (MEM-2), [`RoleUnchanged`](Error::RoleUnchanged) (MEM-2), [`UserIsSuspended`](Error::UserIsSuspended) (SUS-1),
    /// [`MemberLimitReached`](Error::MemberLimitReached) (TEAM-5).
    ///
    /// ```
    /// use enterprise_teams::{Capability, demo::{Demo, id}};
    ///
    /// let Demo { mut store, ada, jill, acme, .. } = Demo::new()?;
    /// store.add_default_member(ada, acme, id(jill))?;
    /// assert!(store.can(jill, Capability::CreateApps, acme));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn add_default_member(&mut self, actor: Actor, team: TeamId, user: UserId) -> Result<(), Error> {
        self.record(actor, |state| decide::member::add_default(state, actor, team, user))
    }

    /// Sees to it that a user is in a team with exactly this role: adds them, or changes their role. Either is one event; where they
    /// have it already, it is refused as *unchanged* (X-10).
    ///
    /// # Errors
    /// As [`add_member`](Self::add_member), but for `AlreadyInTeam`; as [`set_member_role`](Self::set_member_role), but for `NotInTeam`.
    pub fn put_member(&mut self, actor: Actor, team: TeamId, user: UserId, role: TeamRole) -> Result<(), Error> {
        let added = self.add_member(actor, team, user, role);
        if matches!(added, Err(Error::AlreadyInTeam { .. })) {
            self.set_member_role(actor, team, user, role)
        } else {
            added
        }
    }

    /// Gives a member of a team another role (MEM-1, MEM-2). Permissions given on single apps stay; while the user is an admin they
    /// say nothing.
    ///
    /// By admins. Records [`MemberRoleChanged`](Event::MemberRoleChanged).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`UserNotFound`](Error::UserNotFound) (X-2), [`RoleNotFound`](Error::RoleNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsManageMembers`](Error::OnlyAdminsManageMembers) (MEM-1),
    /// [`ViewerInStandardTeam`](Error::ViewerInStandardTeam) (MEM-4), [`RoleOfAnotherTeam`](Error::RoleOfAnotherTeam) (ROLE-2),
    /// [`NotInTeam`](Error::NotInTeam) (MEM-3), [`RoleUnchanged`](Error::RoleUnchanged) (MEM-2),
    /// [`UserIsSuspended`](Error::UserIsSuspended) (SUS-1), [`CannotDemoteLastAdmin`](Error::CannotDemoteLastAdmin) (TEAM-2).
    ///
    /// ```
    /// use enterprise_teams::{TeamRole, demo::{Demo, id}};
    ///
    /// let Demo { mut store, ada, joe, acme, .. } = Demo::new()?;
    /// let [ada_id, joe_id] = [ada, joe].map(id);
    /// let refusal = store.set_member_role(ada, acme, ada_id, TeamRole::Member).unwrap_err();
    /// assert_eq!(refusal.code(), "cannot-demote-last-admin");
    /// store.set_member_role(ada, acme, joe_id, TeamRole::Admin)?;
    /// store.set_member_role(ada, acme, ada_id, TeamRole::Member)?;
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn set_member_role(&mut self, actor: Actor, team: TeamId, user: UserId, role: TeamRole) -> Result<(), Error> {
        self.record(actor, |state| decide::member::set_role(state, actor, team, user, role))
    }

    /// Removes a user from a team (MEM-1), with everything they hold on its apps (MEM-6). Apps that they created stay.
    ///
    /// By admins, or by the user themself (MEM-5). Records [`MemberRemoved`](Event::MemberRemoved).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`UserNotFound`](Error::UserNotFound) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyAdminsManageMembers`](Error::OnlyAdminsManageMembers) (MEM-1), [`NotInTeam`](Error::NotInTeam) (MEM-3),
    /// [`LastAdminCannotLeave`](Error::LastAdminCannotLeave) (TEAM-2).
    ///
    /// ```
    /// use enterprise_teams::demo::{Demo, id};
    ///
    /// let Demo { mut store, ada, joe, acme, .. } = Demo::new()?;
    /// let [ada_id, joe_id] = [ada, joe].map(id);
    /// store.remove_member(joe, acme, joe_id)?;
    /// assert_eq!(
    ///     store.remove_member(ada, acme, ada_id).unwrap_err().code(),
    ///     "last-admin-cannot-leave"
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    #[doc(alias = "leave_team")]
    pub fn remove_member(&mut self, actor: Actor, team: TeamId, user: UserId) -> Result<(), Error> {
        self.record(actor, |state| decide::member::remove(state, actor, team, user))
    }
}
