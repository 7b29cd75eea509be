//! ROLE-1: roles of a team's own.

use serde::Serialize;

use super::page::{Page, PageRequest, after};
use crate::actor::Actor;
use crate::error::Error;
use crate::guard;
use crate::ids::{RoleId, TeamId};
use crate::names::RoleName;
use crate::policy::{Capability, CustomRole};
use crate::state::{At, TeamRow};
use crate::store::TeamStore;

/// An entry of the list of a team's own roles (ROLE-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RoleEntry<'s> {
    /// The role.
    pub role: &'s CustomRole,
    /// How many people have it.
    pub members: usize,
}

/// **Questions about roles of a team's own** (ROLE-1): which there are, and what they hold.
impl TeamStore {
    /// A role of a team's own.
    ///
    /// Visible to the admins, members and viewers of the team, and to whoever has it (ROLE-1).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`RoleNotFound`](Error::RoleNotFound) (X-2),
    /// [`RoleHidden`](Error::RoleHidden) (ROLE-1), [`OAuthDenied`](Error::OAuthDenied) (SEC-1).
    pub fn custom_role(&self, actor: Actor, role: RoleId) -> Result<&CustomRole, Error> {
        let caller = self.caller(actor)?;
        let (row, team) = guard::role(self.at(actor.at), role)?;
        guard::reach_role(caller, row, team)?;
        Ok(&row.row.role)
    }

    /// The role of a team's own that has this name.
    ///
    /// Visible as [`roles`](Self::roles).
    ///
    /// # Errors
    /// As [`roles`](Self::roles), then [`RoleNameNotFound`](Error::RoleNameNotFound) (X-2).
    pub fn role_by_name(&self, actor: Actor, team: TeamId, name: RoleName) -> Result<&CustomRole, Error> {
        let row = self.team_with_roles(actor, team)?;
        let role = row.row.roles.get(&name).and_then(|role| self.at(actor.at).roles.get(*role));
        role.map(|row| &row.role).ok_or(Error::RoleNameNotFound { team, name })
    }

    /// The roles of a team's own, by name (ROLE-1).
    ///
    /// Visible to its admins, members and viewers.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyTeamSeesRoles`](Error::OnlyTeamSeesRoles) (ROLE-1),
    /// [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    ///
    /// ```
    /// use enterprise_teams::{Capability, PageRequest, demo::Demo, policy::RoleRights};
    ///
    /// let Demo { mut store, ada, joe, jill, acme, .. } = Demo::new()?;
    /// let capabilities = Capability::ViewInvoices.into();
    /// let rights = RoleRights { capabilities, ..RoleRights::default() };
    /// store.create_role(ada, acme, "billing".parse()?, rights)?;
    /// let page = store.roles(joe, acme, &PageRequest::default())?;
    /// assert_eq!((page.items[0].role.name().as_str(), page.items[0].members), ("billing", 0));
    /// let refusal = store.roles(jill, acme, &PageRequest::default()).unwrap_err();
    /// assert_eq!(refusal.code(), "only-team-sees-roles");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn roles(&self, actor: Actor, team: TeamId, page: &PageRequest) -> Result<Page<RoleEntry<'_>>, Error> {
        let row = self.team_with_roles(actor, team)?;
        let roles = row.row.roles.range(after::<RoleName>(page.key()?));
        let roles = roles.filter_map(|(_, role)| self.at(actor.at).roles.at(*role));
        let entries =
            roles.map(|role| RoleEntry { role: &role.row.role, members: self.at(actor.at).holders_of(role).count() });
        Ok(page.fill(entries, |entry| entry.role.name))
    }

    fn team_with_roles(&self, actor: Actor, team: TeamId) -> Result<At<'_, TeamRow>, Error> {
        let caller = self.caller(actor)?;
        let row = guard::team(self.at(actor.at), team)?;
        let refused = Error::OnlyTeamSeesRoles { actor: caller.who, team };
        guard::capability(caller, row, Capability::ViewRoles, refused)?;
        Ok(row)
    }
}
