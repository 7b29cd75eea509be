//! SPC: Private Spaces.

use std::collections::BTreeMap;

use enterprise_teams::testing::rules::SpaceRules;
use enterprise_teams::{
    AppId, Capability, Error, NewSpace, Owner, SpaceId, TeamId, TeamKind, TeamRole, UserId,
    entity::{AccountPermission, Labels},
    names::SpaceName,
};

use super::seen::row;
use super::state::{Load, Meter, Model, Space};
use super::verdict::{By, Verdict, listed, part, refuse_if, refuse_unless};

impl Model {
    fn space_name_is_free(&self, name: SpaceName) -> Verdict {
        refuse_if(self.spaces.values().any(|space| space.name == name), Error::SpaceNameTaken { name })
    }

    fn room_for_space(&self, team: TeamId) -> Verdict {
        let actual = self.spaces.values().filter(|space| space.team == team).count() as u64 + 1;
        match self.teams[&team].limits.spaces {
            Some(limit) => refuse_if(actual > u64::from(limit), Error::SpaceLimitReached { team, limit, actual }),
            None => Ok(()),
        }
    }

    fn space_open(&self, by: By, space: SpaceId) -> Verdict {
        refuse_unless(self.sees_space(by.who, space), Error::SpaceHidden { actor: by.who, space })?;
        self.admitted(by, self.spaces[&space].team)
    }

    pub(super) fn manages_space(&self, by: By, space: SpaceId) -> Verdict {
        self.space_open(by, space)?;
        let may = self.may(by.who, self.spaces[&space].team, Capability::ManageSpaces);
        refuse_unless(may, Error::OnlyAdminsManageSpaces { actor: by.who, space })
    }

    pub(super) fn may_be_creator(&self, space: SpaceId, user: UserId) -> bool {
        let team = self.spaces[&space].team;
        match self.members.get(&(team, user)) {
            Some(TeamRole::Member) => true,
            // ROLE-2
            Some(TeamRole::Custom(_)) => {
                self.person_may(user, team, Capability::CreateApps)
                    && self.person_may(user, team, Capability::ViewSpaces)
            }
            _ => false,
        }
    }

    fn space(&mut self, space: SpaceId) -> &mut Space {
        self.spaces.get_mut(&space).expect("a space")
    }
}

impl SpaceRules<By> for Model {
    fn create_space(&mut self, by: By, space: NewSpace) -> Verdict {
        let new = serde_json::to_value(space).expect("a request");
        let (team, name): (TeamId, SpaceName) = (part(&new, "team"), part(&new, "name"));
        self.team_open(by, team)?;
        refuse_unless(
            self.may(by.who, team, Capability::ManageSpaces),
            Error::OnlyAdminsCreateSpaces { actor: by.who, team },
        )?;
        let standard = self.teams[&team].kind == TeamKind::Standard;
        refuse_if(standard, Error::SpaceInStandardTeam { team })?;
        self.space_name_is_free(name)?;
        self.room_for_space(team)?;
        self.room_for_use(Owner::Team(team), &[], None, &[Load::Space(part(&new, "shield"))])?;
        let id = SpaceId::from(self.fresh(by));
        let (shield, now) = (part(&new, "shield"), by.now);
        let space =
            Space { name, team, team_since: now, shield, created_at: now, changed_at: now, labels: BTreeMap::new() };
        self.start(by.now, Meter::Space(id), Owner::Team(team), Load::Space(space.shield));
        self.spaces.insert(id, space);
        Ok(())
    }

    fn rename_space(&mut self, by: By, space: SpaceId, name: SpaceName) -> Verdict {
        self.space_exists(space)?;
        self.manages_space(by, space)?;
        refuse_if(self.spaces[&space].name == name, Error::SpaceNameUnchanged { space, name })?;
        self.space_name_is_free(name)?;
        self.space(space).name = name;
        Ok(())
    }

    /// LAB-1: by whoever may rename it.
    fn set_space_labels(&mut self, by: By, space: SpaceId, labels: Labels) -> Verdict {
        self.space_exists(space)?;
        self.manages_space(by, space)?;
        let labels = row::labels(&labels);
        refuse_if(self.spaces[&space].labels == labels, Error::SpaceLabelsUnchanged { space })?;
        self.space(space).labels = labels;
        Ok(())
    }

    fn destroy_space(&mut self, by: By, space: SpaceId, confirmation: String) -> Verdict {
        self.space_exists(space)?;
        self.manages_space(by, space)?;
        refuse_unless(self.spaces[&space].name == *confirmation.as_str(), Error::SpaceConfirmationMismatch { space })?;
        let inside = self.apps.iter().filter(|(_, app)| app.space == Some(space));
        let apps = listed(inside.map(|(id, app)| (app.name, *id)));
        refuse_if(apps.total > 0, Error::SpaceNotEmpty { space, apps: Box::new(apps) })?;
        self.spaces.remove(&space);
        self.app_creators.retain(|(of, _)| *of != space);
        self.stop(by.now, |meter| meter == Meter::Space(space));
        Ok(())
    }

    fn allow_app_creation(&mut self, by: By, space: SpaceId, user: UserId) -> Verdict {
        self.space_exists(space)?;
        self.user_exists(user)?;
        self.manages_space(by, space)?;
        refuse_unless(self.may_be_creator(space, user), Error::AppCreationForMembers { space, user })?;
        refuse_if(self.app_creators.contains(&(space, user)), Error::AppCreationAlreadyAllowed { space, user })?;
        self.receives(user)?;
        self.app_creators.insert((space, user));
        Ok(())
    }

    fn revoke_app_creation(&mut self, by: By, space: SpaceId, user: UserId) -> Verdict {
        self.space_exists(space)?;
        self.user_exists(user)?;
        self.manages_space(by, space)?;
        refuse_unless(self.app_creators.contains(&(space, user)), Error::AppCreationNotAllowed { space, user })?;
        self.app_creators.remove(&(space, user));
        Ok(())
    }

    fn transfer_space(&mut self, by: By, space: SpaceId, to: TeamId) -> Verdict {
        self.space_exists(space)?;
        self.team_exists(to)?;
        let (actor, from) = (by.who, self.spaces[&space].team);
        let [account, other] = [from, to].map(|team| self.teams[&team].account);
        let manages = account.is_some_and(|account| self.holds_in_account(actor, AccountPermission::Manage, account));
        refuse_unless(manages || self.sees_space(actor, space), Error::SpaceHidden { actor, space })?;
        self.admitted(by, from)?;
        self.admitted(by, to)?;
        let both = [from, to].iter().all(|team| self.may(actor, *team, Capability::ManageSpaces));
        if let Some(account) = account.filter(|_| !both) {
            self.account_lets_client_in(by, account)?;
        }
        refuse_unless(both || manages, Error::OnlyAdminsOfBothTransferSpaces { actor, space })?;
        let leaves = from != to && (account.is_none() || account != other);
        refuse_if(leaves, Error::SpaceLeavesAccount { space, team: to })?;
        refuse_if(from == to, Error::SpaceAlreadyOwned { space, team: to })?;
        let inside: Vec<AppId> =
            self.apps.iter().filter(|(_, app)| app.space == Some(space)).map(|(id, _)| *id).collect();
        self.room_for_apps(Owner::Team(to), inside.len() as u64)?;
        self.room_for_space(to)?;
        let mut added: Vec<Load> = inside.iter().flat_map(|app| self.loads_in_team(*app)).collect();
        added.push(Load::Space(self.spaces[&space].shield));
        self.room_for_use(Owner::Team(to), &[], None, &added)?;

        let moved = self.pipelines_inside(space, from);
        for app in inside {
            if self.couplings.get(&app).is_some_and(|(pipeline, _)| !moved.contains(pipeline)) {
                self.couplings.remove(&app);
            }
            self.change_owner(by.now, app, Owner::Team(to));
        }
        for pipeline in moved {
            self.pipelines.get_mut(&pipeline).expect("a pipeline").owner = Owner::Team(to);
        }
        self.space(space).team = to;
        self.stop(by.now, |meter| meter == Meter::Space(space));
        self.start(by.now, Meter::Space(space), Owner::Team(to), Load::Space(self.spaces[&space].shield));
        let members = &self.members;
        // SPC-9, PERM-6
        let stays = |user| members.get(&(to, user)).is_some_and(|role| *role != TeamRole::Viewer);
        self.app_creators.retain(|(of, user)| *of != space || stays(*user));
        Ok(())
    }
}
