//! ROLE-1: who sees which roles of a team's own.

use enterprise_teams::{Capability, Error, RoleId, TeamId, TeamRole, names::RoleName};

use super::super::verdict::refuse_unless;
use super::list::{Key, List};
use super::reports::shown;
use super::{ActorView, NOBODY, Sight, row};

impl Sight<'_> {
    fn roles_and_none(&self) -> Vec<RoleId> {
        self.model.roles.keys().copied().chain([RoleId::from_uuid(NOBODY)]).collect()
    }

    fn custom_role(&self, role: RoleId) -> Result<row::CustomRole, Error> {
        self.actor_exists()?;
        self.model.custom_role_exists(role)?;
        refuse_unless(self.model.sees_role(self.who, role), Error::RoleHidden { actor: self.who, role })?;
        let row = self.model.roles[&role].clone();
        self.admitted(row.team)?;
        Ok((role, row))
    }

    fn roles(&self, team: TeamId) -> Result<List<(row::CustomRole, usize)>, Error> {
        self.team_open(team)?;
        let seen = self.looks(team, Capability::ViewRoles);
        refuse_unless(seen, Error::OnlyTeamSeesRoles { actor: self.who, team })?;
        let roles = self.model.roles.iter().filter(|(_, role)| role.team == team);
        let entry = |(id, role): (&RoleId, &super::super::state::CustomRole)| {
            let held = self.model.members.values().filter(|held| **held == TeamRole::Custom(*id)).count();
            (Key::Role(role.name.to_string()), ((*id, role.clone()), held))
        };
        Ok(List::by("role", roles.map(entry)))
    }

    fn role_by_name(&self, team: TeamId, name: RoleName) -> Result<row::CustomRole, Error> {
        self.roles(team)?;
        let found = self.model.roles.iter().find(|(_, role)| role.team == team && role.name == name);
        found.map(|(id, role)| (*id, role.clone())).ok_or(Error::RoleNameNotFound { team, name })
    }
}

pub(super) fn ask(asker: &mut ActorView<'_>) {
    let ActorView { store, actor, sight, .. } = *asker;
    for role in sight.roles_and_none() {
        let found = || store.custom_role(actor, role).map(row::custom_role);
        asker.same(("custom_role", role), found, || sight.custom_role(role));
        let model = || shown(role, sight.custom_role(role).map(|(_, role)| role.name));
        asker.same(("readable", role), || store.readable(actor, &role), model);
    }
    let names = ["role-1", "role-2", "no-role"].map(|name| name.parse::<RoleName>().expect("a name"));
    for team in sight.teams_and_none() {
        asker.list(("roles", team), |page| store.roles(actor, team, page), row::role_entry, || sight.roles(team));
        for name in names {
            let found = || store.role_by_name(actor, team, name).map(row::custom_role);
            asker.same(("role_by_name", team, name), found, || sight.role_by_name(team, name));
        }
    }
}
