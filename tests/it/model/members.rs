//! MEM, INV and SEC-3: members and invitations.

use super::state::{Invitation, Model};
use super::verdict::{By, Verdict, refuse_if, refuse_unless};
use enterprise_teams::chrono::TimeDelta;
use enterprise_teams::testing::rules::{InvitationRules, MemberRules};
use enterprise_teams::{Email, Error, TeamId, TeamRole, UserId, ids::InvitationId};

impl Model {
    fn add(&mut self, by: By, team: TeamId, user: UserId, role: Option<TeamRole>) -> Verdict {
        self.team_exists(team)?;
        self.user_exists(user)?;
        role.map_or(Ok(()), |role| self.given_role_exists(role))?;
        self.admitted(by, team)?;
        refuse_unless(self.is_admin(by.who, team), Error::OnlyAdminsManageMembers { actor: by.who, team })?;
        let role = role.unwrap_or(self.teams[&team].default_role);
        self.role_exists(team, role)?;
        //
        let same = self.members.get(&(team, user)) == Some(&role);
        refuse_if(same, Error::RoleUnchanged { team, user, role })?;
        self.not_in_team(team, user)?;
        self.receives(user)?;
        self.room_for(by, team, &self.users[&user].email)?;
        self.let_in(team, user, role);
        Ok(())
    }

    pub(super) fn not_in_team(&self, team: TeamId, user: UserId) -> Verdict {
        match self.members.get(&(team, user)) {
            Some(role) => Err(Error::AlreadyInTeam { team, user, role: *role }),
            None => Ok(()),
        }
    }

    /// TEAM-5: members and pending invitations. Whose pending invitation counts already adds nothing.
    pub(super) fn room_for(&self, by: By, team: TeamId, email: &Email) -> Verdict {
        let pending = |one: &Invitation| one.team == team && one.email == *email && by.now < one.expires_at;
        if self.invitations.values().any(pending) {
            return Ok(());
        }
        let limit = self.teams[&team].limits.members;
        let actual = self.members_counted(by, team, Some(email)) + 1;
        refuse_if(actual > u64::from(limit), Error::MemberLimitReached { team, limit, actual })
    }

    pub(super) fn members_counted(&self, by: By, team: TeamId, but: Option<&Email>) -> u64 {
        let members = self.members.keys().filter(|(of, _)| *of == team).count();
        let pending = self.invitations.values().filter(|one| one.team == team && by.now < one.expires_at);
        (members + pending.filter(|one| Some(&one.email) != but).count()) as u64
    }

    pub(super) fn let_in(&mut self, team: TeamId, user: UserId, role: TeamRole) {
        let email = &self.users[&user].email;
        self.invitations.retain(|_, one| !(one.team == team && one.email == *email));
        self.members.insert((team, user), role);
    }

    /// MEM-6
    pub(super) fn end_membership(&mut self, team: TeamId, user: UserId) {
        self.end_invitations_by(team, user);
        self.leave_groups(team, user);
        self.members.remove(&(team, user));
        let apps = &self.apps;
        self.grants.retain(|(app, on_it), _| !(*on_it == user && apps[app].owner.team() == Some(team)));
        self.end_app_creation(team, user);
    }

    fn end_app_creation(&mut self, team: TeamId, user: UserId) {
        let spaces = &self.spaces;
        self.app_creators.retain(|(space, creator)| !(*creator == user && spaces[space].team == team));
    }

    /// INV-3: the sender is no admin of the team from now on, if they were one.
    pub(super) fn end_invitations_by(&mut self, team: TeamId, sender: UserId) {
        let default = self.teams[&team].default_role;
        if self.members.get(&(team, sender)) != Some(&TeamRole::Admin) {
            return;
        }
        let makes_admin = |one: &Invitation| one.role.unwrap_or(default) == TeamRole::Admin;
        self.invitations.retain(|_, one| !(one.team == team && one.by.user() == Some(sender) && makes_admin(one)));
    }

    fn invite(&mut self, by: By, team: TeamId, email: Email, role: Option<TeamRole>) -> Verdict {
        self.team_exists(team)?;
        role.map_or(Ok(()), |role| self.given_role_exists(role))?;
        self.admitted(by, team)?;
        refuse_unless(self.is_admin(by.who, team), Error::OnlyAdminsInvite { actor: by.who, team })?;
        role.map_or(Ok(()), |role| self.role_exists(team, role))?;
        for (user, row) in &self.users {
            let invited = row.email == email && self.members.contains_key(&(team, *user));
            refuse_if(invited, Error::InviteeInTeam { team, user: *user })?;
            if row.email == email {
                self.receives(*user)?;
            }
        }
        self.room_for(by, team, &email)?;
        let replaced = self.invitations.iter().find(|(_, one)| one.team == team && one.email == email);
        let id = replaced.map(|(id, _)| *id);
        let id = id.unwrap_or_else(|| self.fresh(by).into());
        let expires_at = by.now + TimeDelta::days(self.options.invitation_days.into());
        let invitation = Invitation { team, email, role, by: by.who, at: by.now, expires_at };
        self.invitations.insert(id, invitation);
        Ok(())
    }

    /// The invitation exists, its team lets the client in, and it is for who acts: it, and who that is.
    fn own_invitation(&self, by: By, invitation: InvitationId) -> Result<(Invitation, UserId), Error> {
        self.invitation_exists(invitation)?;
        let one = self.invitations[&invitation].clone();
        self.client_let_in(by, one.team)?;
        let own = by.who.user().filter(|user| self.users[user].email == one.email);
        Ok((one, own.ok_or(Error::InvitationForSomeoneElse { actor: by.who, invitation })?))
    }
}

impl MemberRules<By> for Model {
    fn add_member(&mut self, by: By, team: TeamId, user: UserId, role: TeamRole) -> Verdict {
        self.add(by, team, user, Some(role))
    }

    fn add_default_member(&mut self, by: By, team: TeamId, user: UserId) -> Verdict {
        self.add(by, team, user, None)
    }

    fn set_member_role(&mut self, by: By, team: TeamId, user: UserId, role: TeamRole) -> Verdict {
        self.team_exists(team)?;
        self.user_exists(user)?;
        self.given_role_exists(role)?;
        self.admitted(by, team)?;
        refuse_unless(self.is_admin(by.who, team), Error::OnlyAdminsManageMembers { actor: by.who, team })?;
        self.role_exists(team, role)?;
        let Some(before) = self.members.get(&(team, user)) else { return Err(Error::NotInTeam { team, user }) };
        refuse_if(*before == role, Error::RoleUnchanged { team, user, role })?;
        // SUS-1: what a role of the team's own holds may be new to all but an admin.
        let less = *before == TeamRole::Admin || (*before, role) == (TeamRole::Member, TeamRole::Viewer);
        if !less {
            self.receives(user)?;
        }
        refuse_if(self.admins(team) == [user], Error::CannotDemoteLastAdmin { team, user })?;
        self.end_invitations_by(team, user);
        self.members.insert((team, user), role);
        // PERM-6
        if role == TeamRole::Viewer {
            self.end_app_creation(team, user);
        }
        Ok(())
    }

    fn remove_member(&mut self, by: By, team: TeamId, user: UserId) -> Verdict {
        self.team_exists(team)?;
        self.user_exists(user)?;
        // SEC-5: anybody can leave.
        if by.who.user() == Some(user) {
            self.client_let_in(by, team)?;
        } else {
            self.admitted(by, team)?;
        }
        let may = self.is_admin(by.who, team) || by.who.user() == Some(user);
        refuse_unless(may, Error::OnlyAdminsManageMembers { actor: by.who, team })?;
        refuse_unless(self.members.contains_key(&(team, user)), Error::NotInTeam { team, user })?;
        refuse_if(self.admins(team) == [user], Error::LastAdminCannotLeave { team, user })?;
        self.end_membership(team, user);
        self.end_sign_ins();
        Ok(())
    }
}

impl InvitationRules<By> for Model {
    fn invite_member(&mut self, by: By, team: TeamId, email: Email, role: TeamRole) -> Verdict {
        self.invite(by, team, email, Some(role))
    }

    fn invite_default_member(&mut self, by: By, team: TeamId, email: Email) -> Verdict {
        self.invite(by, team, email, None)
    }

    fn accept_invitation(&mut self, by: By, invitation: InvitationId) -> Verdict {
        let (one, user) = self.own_invitation(by, invitation)?;
        refuse_if(by.now >= one.expires_at, Error::InvitationExpired { invitation })?;
        // INV-3, INV-6, SUS-1
        let role = one.role.unwrap_or(self.teams[&one.team].default_role);
        let by_admin =
            self.is_admin(one.by, one.team) && !one.by.user().is_some_and(|sender| self.is_suspended(sender));
        refuse_if(role == TeamRole::Admin && !by_admin, Error::InviterIsNoAdmin { invitation })?;
        self.let_in(one.team, user, role);
        Ok(())
    }

    fn decline_invitation(&mut self, by: By, invitation: InvitationId) -> Verdict {
        self.own_invitation(by, invitation)?;
        self.invitations.remove(&invitation);
        Ok(())
    }

    fn revoke_invitation(&mut self, by: By, invitation: InvitationId) -> Verdict {
        self.invitation_exists(invitation)?;
        let team = self.invitations[&invitation].team;
        self.admitted(by, team)?;
        let may = self.is_admin(by.who, team);
        refuse_unless(may, Error::OnlyAdminsRevokeInvitations { actor: by.who, invitation })?;
        self.invitations.remove(&invitation);
        Ok(())
    }
}
