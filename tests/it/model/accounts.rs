//! ENT: Enterprise Accounts, and teams moving in and out.

use super::state::{Model, Time};
use super::verdict::{By, Verdict, listed, refuse_if, refuse_unless};
use enterprise_teams::testing::rules::AccountRules;
use enterprise_teams::{
    AccountId, ActorKind, Error, Owner, TeamId, TeamKind, TeamName, TeamRole, UserId,
    entity::{AccountPermission, AccountPermissionSet, Limits},
    error::Blockers,
    names::AccountName,
};

impl Model {
    fn manages_account(&self, by: By, account: AccountId) -> Verdict {
        self.account_lets_client_in(by, account)?;
        let may = self.holds_in_account(by.who, AccountPermission::Manage, account);
        refuse_unless(may, Error::OnlyManagersManageAccounts { actor: by.who, account })
    }

    /// The account is no longer billed for the team.
    pub(super) fn leave_account(&mut self, team: TeamId, now: Time) {
        for (_, of, _, until) in &mut self.account_times {
            if *of == team && until.is_none() {
                *until = Some(now);
            }
        }
    }

    /// ENT-5
    fn obstacles(&self, by: By, team: TeamId) -> Blockers {
        let spaces = self.spaces.iter().filter(|(_, space)| space.team == team);
        let roles = self.roles.iter().filter(|(_, role)| role.team == team);
        let viewer = TeamRole::Viewer;
        let viewers = self.members.iter().filter(|((of, _), role)| *of == team && **role == viewer);
        let invited = self.invitations.iter().filter(|(_, one)| one.team == team && one.role == Some(viewer));
        let (members, limit) = (self.members_counted(by, team, None), Limits::STANDARD.members);
        let groups = self.groups.iter().filter(|(_, group)| group.team == team);
        Blockers {
            groups: listed(groups.map(|(id, group)| (group.name, *id))),
            roles: listed(roles.map(|(id, role)| (role.name, *id))),
            spaces: listed(spaces.map(|(id, space)| (space.name, *id))),
            viewers: listed(viewers.map(|((_, user), _)| (&self.users[user].email, *user))),
            invited_viewers: listed(
                invited.filter(|(_, one)| by.now < one.expires_at).map(|(id, one)| (&one.email, *id)),
            ),
            members: Some((members, limit)).filter(|_| members > u64::from(limit)),
        }
    }
}

impl AccountRules<By> for Model {
    fn open_account(&mut self, by: By, name: AccountName, manager: UserId) -> Verdict {
        self.user_exists(manager)?;
        refuse_unless(by.who == ActorKind::Operator, Error::OnlyOperatorOpensAccounts { actor: by.who })?;
        self.receives(manager)?;
        let taken = self.accounts.values().any(|(other, _)| *other == name);
        refuse_if(taken, Error::AccountNameTaken { name })?;
        let id = self.fresh(by).into();
        self.accounts.insert(id, (name, by.now));
        self.account_members.insert((id, manager), AccountPermissionSet::ALL);
        Ok(())
    }

    fn add_account_member(&mut self, by: By, account: AccountId, user: UserId, given: AccountPermissionSet) -> Verdict {
        self.account_exists(account)?;
        self.user_exists(user)?;
        self.manages_account(by, account)?;
        let permissions = given.union(AccountPermissionSet::VIEW);
        let held = self.account_members.get(&(account, user)).copied();
        let same = held == Some(permissions);
        refuse_if(same, Error::AccountPermissionsUnchanged { account, user, permissions })?;
        refuse_if(held.is_some(), Error::AlreadyInAccount { account, user })?;
        self.receives(user)?;
        self.account_members.insert((account, user), permissions);
        Ok(())
    }

    fn set_account_permissions(
        &mut self,
        by: By,
        account: AccountId,
        user: UserId,
        given: AccountPermissionSet,
    ) -> Verdict {
        self.account_exists(account)?;
        self.user_exists(user)?;
        self.manages_account(by, account)?;
        let after = given.union(AccountPermissionSet::VIEW);
        // PERM-5
        let adds = after.iter().any(|one| !self.holds_in_account(by.who, one, account));
        let own = by.who.user() == Some(user);
        refuse_if(own && adds, Error::OwnAccountSetCannotGrow { actor: by.who, account })?;
        let before = self.account_members.get(&(account, user)).ok_or(Error::NotInAccount { account, user })?;
        refuse_if(*before == after, Error::AccountPermissionsUnchanged { account, user, permissions: after })?;
        // SUS-1
        let more = after.iter().any(|one| !before.contains(one));
        if more {
            self.receives(user)?;
        }
        let last = self.managers(account) == [user] && !after.contains(AccountPermission::Manage);
        refuse_if(last, Error::CannotDemoteLastManager { account, user })?;
        self.account_members.insert((account, user), after);
        Ok(())
    }

    fn remove_account_member(&mut self, by: By, account: AccountId, user: UserId) -> Verdict {
        self.account_exists(account)?;
        self.user_exists(user)?;
        self.account_lets_client_in(by, account)?;
        if by.who.user() != Some(user) {
            self.manages_account(by, account)?;
        }
        let inside = self.account_members.contains_key(&(account, user));
        refuse_unless(inside, Error::NotInAccount { account, user })?;
        refuse_if(self.managers(account) == [user], Error::CannotRemoveLastManager { account, user })?;
        self.account_members.remove(&(account, user));
        Ok(())
    }

    /// ENT-2
    fn create_team_in(&mut self, by: By, account: AccountId, name: TeamName) -> Verdict {
        self.account_exists(account)?;
        self.account_lets_client_in(by, account)?;
        let creates = self.holds_in_account(by.who, AccountPermission::Create, account);
        refuse_unless(creates, Error::OnlyCreatorsCreateTeams { actor: by.who, account })?;
        self.team_name_is_allowed(name)?;
        self.team_name_is_free(name)?;
        let admin = by.who.user().expect("a member of the account");
        let team = self.found_team(by, name, TeamKind::Enterprise, Limits::ENTERPRISE, Some(account), admin);
        self.account_times.push((account, team, by.now, None));
        Ok(())
    }

    fn move_team_in(&mut self, by: By, team: TeamId, account: AccountId) -> Verdict {
        self.team_exists(team)?;
        self.account_exists(account)?;
        self.admitted(by, team)?;
        self.account_lets_client_in(by, account)?;
        let actor = by.who;
        let enterprise = self.teams[&team].kind == TeamKind::Enterprise;
        if enterprise && actor == ActorKind::Operator {
            // ENT-6
            refuse_if(self.teams[&team].account.is_some(), Error::TeamInAccount { team })?;
            self.deletions_asked.remove(&team);
        } else {
            refuse_unless(self.is_admin(actor, team), Error::OnlyAdminsMoveTeamsIn { actor, team })?;
            let holds = |permission| self.holds_in_account(actor, permission, account);
            let open = holds(AccountPermission::Create) || holds(AccountPermission::Manage);
            refuse_unless(open, Error::MoveInNeedsAccountPermission { actor, account })?;
            refuse_if(enterprise, Error::TeamIsEnterprise { team })?;
            let limits = &mut self.team(team).limits;
            limits.members = limits.members.max(Limits::ENTERPRISE.members);
        }
        let row = self.team(team);
        (row.kind, row.account) = (TeamKind::Enterprise, Some(account));
        self.payments.remove(&team);
        self.account_times.push((account, team, by.now, None));
        Ok(())
    }

    fn request_team_move_out(&mut self, by: By, team: TeamId) -> Verdict {
        self.team_open(by, team)?;
        refuse_unless(self.is_admin(by.who, team), Error::OnlyAdminsRequestMoveOut { actor: by.who, team })?;
        refuse_if(self.teams[&team].account.is_none(), Error::TeamInNoAccount { team })?;
        refuse_if(self.moves_out_asked.contains_key(&team), Error::MoveOutAlreadyRequested { team })?;
        self.moves_out_asked.insert(team, by.now);
        Ok(())
    }

    fn withdraw_team_move_out(&mut self, by: By, team: TeamId) -> Verdict {
        self.team_open(by, team)?;
        refuse_unless(self.is_admin(by.who, team), Error::OnlyAdminsRequestMoveOut { actor: by.who, team })?;
        refuse_unless(self.moves_out_asked.contains_key(&team), Error::MoveOutNotRequested { team })?;
        self.moves_out_asked.remove(&team);
        Ok(())
    }

    fn move_team_out(&mut self, by: By, team: TeamId) -> Verdict {
        self.team_open(by, team)?;
        refuse_unless(by.who == ActorKind::Operator, Error::OnlyOperatorMovesTeamsOut { actor: by.who, team })?;
        refuse_if(self.teams[&team].account.is_none(), Error::TeamInNoAccount { team })?;
        refuse_unless(self.moves_out_asked.contains_key(&team), Error::MoveOutNotRequested { team })?;
        let obstacles = self.obstacles(by, team);
        refuse_if(obstacles != Blockers::default(), Error::MoveOutBlocked { team, obstacles: Box::new(obstacles) })?;

        let row = self.team(team);
        (row.kind, row.account) = (TeamKind::Standard, None);
        row.limits.members = Limits::STANDARD.members;
        if row.default_role == TeamRole::Viewer {
            row.default_role = TeamRole::Member;
        }
        self.moves_out_asked.remove(&team);
        self.deletions_asked.remove(&team);
        self.leave_account(team, by.now);
        let owned: Vec<_> =
            self.apps.iter().filter(|(_, app)| app.owner == Owner::Team(team)).map(|(id, _)| *id).collect();
        self.level_grants(|app| owned.contains(&app));
        Ok(())
    }
}
