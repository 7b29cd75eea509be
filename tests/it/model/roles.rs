//! ROLE: roles of a team's own.

use enterprise_teams::testing::rules::CustomRoleRules;
use enterprise_teams::{
    Capability, Error, Permission, RoleId, TeamId, TeamKind, TeamRole, error::RoleUses, names::RoleName,
    policy::RoleRights,
};

use super::seen::table;
use super::state::{CustomRole, Model};
use super::verdict::{By, Verdict, listed, refuse_if, refuse_unless};

/// ROLE-1: whoever is in the team sees it; what changes something comes with what shows it; apps are listed by whoever views every one.
fn completed(rights: RoleRights) -> RoleRights {
    let RoleRights { mut capabilities, mut permissions } = rights;
    for capability in rights.capabilities.iter() {
        capabilities = capabilities | table::brings(capability);
    }
    capabilities = capabilities | Capability::ViewTeam | Capability::ViewPreferences;
    if capabilities.contains(Capability::ViewApps) || !permissions.is_empty() {
        capabilities = capabilities | Capability::ViewApps;
        permissions = permissions | Permission::View;
    }
    RoleRights { capabilities, permissions }
}

impl Model {
    fn manages_role(&self, by: By, role: RoleId) -> Verdict {
        self.custom_role_exists(role)?;
        refuse_unless(self.sees_role(by.who, role), Error::RoleHidden { actor: by.who, role })?;
        let team = self.roles[&role].team;
        self.admitted(by, team)?;
        refuse_unless(self.is_admin(by.who, team), Error::OnlyAdminsManageRoles { actor: by.who, team })
    }

    fn role_name_is_free(&self, team: TeamId, name: RoleName) -> Verdict {
        let taken = self.roles.values().any(|role| role.team == team && role.name == name);
        let word = ["admin", "member", "viewer", "custom", "collaborator"].iter().any(|word| name == *word);
        refuse_if(taken || word, Error::RoleNameTaken { team, name })
    }

    fn gives_no_power(team: TeamId, rights: RoleRights) -> Verdict {
        let power = rights.capabilities.iter().find(|one| !table::in_custom_roles(*one));
        power.map_or(Ok(()), |capability| Err(Error::CapabilityForAdminsAlone { team, capability }))
    }
}

impl CustomRoleRules<By> for Model {
    fn create_role(&mut self, by: By, team: TeamId, name: RoleName, rights: RoleRights) -> Verdict {
        self.team_open(by, team)?;
        refuse_unless(self.is_admin(by.who, team), Error::OnlyAdminsManageRoles { actor: by.who, team })?;
        let standard = self.teams[&team].kind == TeamKind::Standard;
        refuse_if(standard, Error::RolesInStandardTeam { team })?;
        Self::gives_no_power(team, rights)?;
        self.role_name_is_free(team, name)?;
        let limit = u32::from(self.options.team_roles_max);
        let actual = self.roles.values().filter(|role| role.team == team).count() as u64 + 1;
        refuse_if(actual > u64::from(limit), Error::RoleLimitReached { team, limit, actual })?;
        let id = self.fresh(by).into();
        self.roles.insert(id, CustomRole { team, name, rights: completed(rights), created_at: by.now });
        Ok(())
    }

    fn rename_role(&mut self, by: By, role: RoleId, name: RoleName) -> Verdict {
        self.manages_role(by, role)?;
        refuse_if(self.roles[&role].name == name, Error::RoleNameUnchanged { role, name })?;
        self.role_name_is_free(self.roles[&role].team, name)?;
        self.roles.get_mut(&role).expect("a role").name = name;
        Ok(())
    }

    fn set_role_rights(&mut self, by: By, role: RoleId, rights: RoleRights) -> Verdict {
        self.manages_role(by, role)?;
        Self::gives_no_power(self.roles[&role].team, rights)?;
        let rights = completed(rights);
        refuse_if(self.roles[&role].rights == rights, Error::RoleRightsUnchanged { role })?;
        self.roles.get_mut(&role).expect("a role").rights = rights;
        Ok(())
    }

    fn delete_role(&mut self, by: By, role: RoleId) -> Verdict {
        self.manages_role(by, role)?;
        let own = TeamRole::Custom(role);
        let members = self.members.iter().filter(|(_, held)| **held == own);
        let invitations = self.invitations.iter().filter(|(_, one)| one.role == Some(own));
        let uses = RoleUses {
            members: listed(members.map(|((_, user), _)| (&self.users[user].email, *user))),
            invitations: listed(invitations.map(|(id, one)| (&one.email, *id))),
            is_default: self.teams[&self.roles[&role].team].default_role == own,
        };
        refuse_if(uses != RoleUses::default(), Error::RoleInUse { role, uses: Box::new(uses) })?;
        self.roles.remove(&role);
        Ok(())
    }
}
