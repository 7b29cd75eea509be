//! the settings of the store. ACC: users.

use enterprise_teams::testing::rules::{StoreRules, UserRules};
use enterprise_teams::{
    AccountId, ActorKind, Email, Error, NewUser, Owner, StoreOptions, TeamId, TeamRole, UserId,
    entity::{AccountPermission, Held, Mfa, SignIn},
    error::{Remaining, Truncated},
};

use super::state::{Model, User};
use super::verdict::{By, Verdict, listed, part, refuse_if, refuse_unless};

impl Model {
    fn email_is_free(&self, email: &Email) -> Verdict {
        let taken = self.users.values().any(|user| user.email == *email);
        refuse_if(taken, Error::EmailTaken { email: email.clone() })
    }

    /// Whether the user is in a team to which people sign in through its provider (ACC-3).
    fn has_sso(&self, user: UserId) -> bool {
        self.sso.iter().any(|team| self.members.contains_key(&(*team, user)))
    }

    /// Who is in no such team any more signs in by password again (ACC-3).
    pub(super) fn end_sign_ins(&mut self) {
        let everybody: Vec<UserId> = self.users.keys().copied().collect();
        for user in everybody {
            if !self.has_sso(user) {
                self.users.get_mut(&user).expect("a user").sign_in = SignIn::Password;
            }
        }
    }

    fn by_the_user(by: By, user: UserId, error: Error) -> Verdict {
        refuse_unless(by.who == ActorKind::Operator || by.who == ActorKind::User(user), error)
    }

    pub(super) fn belongings(&self, owner: Owner) -> Remaining {
        let apps = self.apps.iter().filter(|(_, app)| app.owner == owner);
        let spaces = self.spaces.iter().filter(|(_, space)| Owner::Team(space.team) == owner);
        let pipelines = self.pipelines.iter().filter(|(_, pipeline)| pipeline.owner == owner);
        Remaining {
            apps: listed(apps.map(|(id, app)| (app.name, *id))),
            spaces: listed(spaces.map(|(id, space)| (space.name, *id))),
            pipelines: listed(pipelines.map(|(id, pipeline)| ((pipeline.name, pipeline.number), *id))),
        }
    }

    /// Those who count (TEAM-2): not the suspended ones, nor those whose membership ends (END-2).
    pub(super) fn admins(&self, team: TeamId) -> Vec<UserId> {
        let of_team = self.members.iter().filter(|((of, _), role)| *of == team && **role == TeamRole::Admin);
        let stays = |user: &UserId| self.end(Held::Membership { team, user: *user }).is_none();
        of_team.map(|((_, user), _)| *user).filter(|user| !self.is_suspended(*user) && stays(user)).collect()
    }

    /// Those who count (ENT-1).
    pub(super) fn managers(&self, account: AccountId) -> Vec<UserId> {
        let of_account = self.account_members.iter().filter(|((of, _), _)| *of == account);
        let managers = of_account.filter(|(_, held)| held.contains(AccountPermission::Manage));
        managers.map(|((_, user), _)| *user).filter(|user| !self.is_suspended(*user)).collect()
    }

    /// The teams of which nobody else is an admin who counts, and the accounts of which nobody else is a manager who does.
    fn last_of(&self, user: UserId) -> (Truncated<TeamId>, Truncated<AccountId>) {
        let teams = self.teams.iter().filter(|(team, _)| self.admins(**team) == [user]);
        let accounts = self.accounts.iter().filter(|(account, _)| self.managers(**account) == [user]);
        (listed(teams.map(|(id, team)| (team.name, *id))), listed(accounts.map(|(id, _)| (*id, *id))))
    }
}

impl StoreRules<By> for Model {
    fn change_settings(&mut self, by: By, options: StoreOptions) -> Verdict {
        refuse_unless(by.who == ActorKind::Operator, Error::OnlyOperatorChangesSettings { actor: by.who })?;
        refuse_if(self.options == options, Error::SettingsUnchanged {})?;
        self.options = options;
        Ok(())
    }
}

impl UserRules<By> for Model {
    fn register_user(&mut self, by: By, user: NewUser) -> Verdict {
        let new = serde_json::to_value(user).expect("a request");
        let (email, own): (Email, Option<UserId>) = (part(&new, "email"), part(&new, "id"));
        refuse_unless(by.who == ActorKind::Operator, Error::OnlyOperatorRegistersUsers { actor: by.who })?;
        self.email_is_free(&email)?;
        if let Some(user) = own {
            refuse_if(self.users.contains_key(&user), Error::UserIdTaken { user })?;
        }
        let id = own.unwrap_or_else(|| self.fresh(by).into());
        let (mfa, sign_in) = (Mfa::NotEnrolled, SignIn::Password);
        let user = User { email, mfa, sign_in, suspended_at: None, registered_at: by.now };
        assert_eq!(self.users.insert(id, user), None, "the id is another's");
        Ok(())
    }

    fn set_email(&mut self, by: By, user: UserId, email: Email) -> Verdict {
        self.user_exists(user)?;
        refuse_unless(by.who == ActorKind::Operator, Error::OnlyOperatorChangesEmails { actor: by.who, user })?;
        refuse_if(self.users[&user].email == email, Error::EmailUnchanged { user, email: email.clone() })?;
        self.email_is_free(&email)?;
        self.users.get_mut(&user).expect("a user").email = email.clone();
        let members = &self.members;
        self.invitations.retain(|_, one| !(one.email == email && members.contains_key(&(one.team, user))));
        Ok(())
    }

    fn set_mfa(&mut self, by: By, user: UserId, mfa: Mfa) -> Verdict {
        self.user_exists(user)?;
        Self::by_the_user(by, user, Error::OnlySelfOrOperatorChangesSignIn { actor: by.who, user })?;
        refuse_if(self.users[&user].mfa == mfa, Error::MfaUnchanged { user, mfa })?;
        self.users.get_mut(&user).expect("a user").mfa = mfa;
        Ok(())
    }

    fn set_sign_in(&mut self, by: By, user: UserId, sign_in: SignIn) -> Verdict {
        self.user_exists(user)?;
        Self::by_the_user(by, user, Error::OnlySelfOrOperatorChangesSignIn { actor: by.who, user })?;
        refuse_if(self.users[&user].sign_in == sign_in, Error::SignInUnchanged { user, sign_in })?;
        refuse_if(sign_in == SignIn::Sso && !self.has_sso(user), Error::NoTeamToSignInThrough { user })?;
        self.users.get_mut(&user).expect("a user").sign_in = sign_in;
        Ok(())
    }

    fn suspend_user(&mut self, by: By, user: UserId) -> Verdict {
        self.user_exists(user)?;
        refuse_unless(by.who == ActorKind::Operator, Error::OnlyOperatorSuspendsUsers { actor: by.who, user })?;
        refuse_if(self.is_suspended(user), Error::UserAlreadySuspended { user })?;
        let (teams, accounts) = self.last_of(user);
        refuse_if(teams.total > 0, Error::CannotSuspendLastAdmin { user, teams: Box::new(teams) })?;
        refuse_if(accounts.total > 0, Error::CannotSuspendLastManager { user, accounts: Box::new(accounts) })?;
        self.users.get_mut(&user).expect("a user").suspended_at = Some(by.now);
        Ok(())
    }

    fn reinstate_user(&mut self, by: By, user: UserId) -> Verdict {
        self.user_exists(user)?;
        refuse_unless(by.who == ActorKind::Operator, Error::OnlyOperatorSuspendsUsers { actor: by.who, user })?;
        refuse_unless(self.is_suspended(user), Error::UserNotSuspended { user })?;
        self.users.get_mut(&user).expect("a user").suspended_at = None;
        Ok(())
    }

    fn delete_user(&mut self, by: By, user: UserId) -> Verdict {
        self.user_exists(user)?;
        Self::by_the_user(by, user, Error::OnlySelfOrOperatorDeletesUser { actor: by.who, user })?;
        let left = self.belongings(Owner::User(user));
        refuse_if(left != Remaining::default(), Error::UserStillOwns { user, left: Box::new(left) })?;

        let (teams, accounts) = self.last_of(user);
        refuse_if(teams.total > 0, Error::CannotDeleteLastAdmin { user, teams: Box::new(teams) })?;
        refuse_if(accounts.total > 0, Error::CannotDeleteLastManager { user, accounts: Box::new(accounts) })?;

        for team in self.teams.keys().copied().collect::<Vec<_>>() {
            self.end_invitations_by(team, user);
        }
        let gone = self.users.remove(&user).expect("a user");
        self.gone.push((Owner::User(user), gone.registered_at, by.now));
        self.members.retain(|(_, member), _| *member != user);
        self.group_members.retain(|(_, member)| *member != user);
        self.grants.retain(|(_, on_it), _| *on_it != user);
        self.invitations.retain(|_, one| one.email != gone.email);
        self.transfers.retain(|_, one| one.owner != user && one.recipient != user);
        self.account_members.retain(|(_, member), _| *member != user);
        self.app_creators.retain(|(_, creator)| *creator != user);
        Ok(())
    }
}
