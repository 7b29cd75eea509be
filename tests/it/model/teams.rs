//! TEAM, SEC, RES-3 and USE-3: the life of a team, and what admins set for it.

use std::collections::BTreeMap;

use super::seen::row;
use super::state::{Model, Team};
use super::verdict::{By, Verdict, part, refuse_if, refuse_unless};
use enterprise_teams::testing::rules::{SecurityRules, TeamRules, UsageRules};
use enterprise_teams::{
    AccountId, ActorKind, Error, NewTeam, Owner, TeamId, TeamKind, TeamName, TeamRole, UserId,
    entity::{
        AccountPermission, AddOnControls, IdentityProvider, Labels, Limits, Month, OAuthAccess, SignIn,
        SignInRequirement, Sso,
    },
    error::Remaining,
    names::PaymentMethod,
};

impl Model {
    pub(super) fn found_team(
        &mut self,
        by: By,
        name: TeamName,
        kind: TeamKind,
        limits: Limits,
        account: Option<AccountId>,
        admin: UserId,
    ) -> TeamId {
        let id = self.fresh(by).into();
        let team = Team {
            name,
            kind,
            limits,
            default_role: TeamRole::Member,
            oauth: OAuthAccess::Allowed,
            required: SignInRequirement::Nothing,
            controls: AddOnControls::Off,
            account,
            provisioned_at: by.now,
            changed_at: by.now,
            labels: BTreeMap::new(),
        };
        self.teams.insert(id, team);
        self.members.insert((id, admin), TeamRole::Admin);
        id
    }

    pub(super) fn team_name_is_allowed(&self, name: TeamName) -> Verdict {
        refuse_if(self.options.reserved_names.contains(&name), Error::TeamNameReserved { name })
    }

    pub(super) fn team_name_is_free(&self, name: TeamName) -> Verdict {
        refuse_if(self.teams.values().any(|team| team.name == name), Error::TeamNameTaken { name })
    }

    /// Whether who acts holds `create` in the account of the team.
    fn creates_teams_like(&self, by: By, team: TeamId) -> Result<bool, Error> {
        let account = self.teams[&team].account;
        let account = account.filter(|account| self.holds_in_account(by.who, AccountPermission::Create, *account));
        account.map_or(Ok(false), |account| self.account_lets_client_in(by, account).map(|()| true))
    }

    /// MEM-4, ROLE-2
    pub(super) fn role_exists(&self, team: TeamId, role: TeamRole) -> Verdict {
        if let TeamRole::Custom(role) = role {
            return refuse_unless(self.roles[&role].team == team, Error::RoleOfAnotherTeam { team, role });
        }
        let standard = self.teams[&team].kind == TeamKind::Standard;
        refuse_if(standard && role == TeamRole::Viewer, Error::ViewerInStandardTeam { team })
    }

    pub(super) fn team(&mut self, team: TeamId) -> &mut Team {
        self.teams.get_mut(&team).expect("a team")
    }
}

impl TeamRules<By> for Model {
    fn provision_team(&mut self, by: By, team: NewTeam) -> Verdict {
        let new = serde_json::to_value(team).expect("a request");
        let (admin, limits): (UserId, Limits) = (part(&new, "admin"), part(&new, "limits"));
        let (kind, account): (TeamKind, Option<AccountId>) = (part(&new, "kind"), part(&new, "account"));
        self.user_exists(admin)?;
        account.map_or(Ok(()), |account| self.account_exists(account))?;
        refuse_unless(by.who == ActorKind::Operator, Error::OnlyOperatorProvisionsTeams { actor: by.who })?;
        self.team_name_is_allowed(part(&new, "name"))?;
        refuse_if(limits.members == 0, Error::MemberLimitZero {})?;
        // ENT-6
        let standard = account.filter(|_| kind == TeamKind::Standard);
        standard.map_or(Ok(()), |account| Err(Error::StandardTeamInAccount { account }))?;
        self.receives(admin)?;
        self.team_name_is_free(part(&new, "name"))?;
        let team = self.found_team(by, part(&new, "name"), kind, limits, account, admin);
        self.account_times.extend(account.map(|account| (account, team, by.now, None)));
        Ok(())
    }

    fn rename_team(&mut self, by: By, team: TeamId, name: TeamName) -> Verdict {
        self.team_open(by, team)?;
        let renames = self.is_admin(by.who, team) || self.creates_teams_like(by, team)?;
        refuse_unless(renames, Error::OnlyAdminsRenameTeams { actor: by.who, team })?;
        self.team_name_is_allowed(name)?;
        refuse_if(self.teams[&team].name == name, Error::TeamNameUnchanged { team, name })?;
        self.team_name_is_free(name)?;
        self.team(team).name = name;
        Ok(())
    }

    /// LAB-1: by whoever may rename it.
    fn set_team_labels(&mut self, by: By, team: TeamId, labels: Labels) -> Verdict {
        self.team_open(by, team)?;
        let renames = self.is_admin(by.who, team) || self.creates_teams_like(by, team)?;
        refuse_unless(renames, Error::OnlyAdminsLabelTeams { actor: by.who, team })?;
        let labels = row::labels(&labels);
        refuse_if(self.teams[&team].labels == labels, Error::TeamLabelsUnchanged { team })?;
        self.team(team).labels = labels;
        Ok(())
    }

    fn set_team_limits(&mut self, by: By, team: TeamId, limits: Limits) -> Verdict {
        self.team_open(by, team)?;
        refuse_unless(by.who == ActorKind::Operator, Error::OnlyOperatorSetsLimits { actor: by.who, team })?;
        refuse_if(limits.members == 0, Error::MemberLimitZero {})?;
        refuse_if(self.teams[&team].limits == limits, Error::LimitsUnchanged { team })?;
        self.team(team).limits = limits;
        Ok(())
    }

    fn request_team_deletion(&mut self, by: By, team: TeamId) -> Verdict {
        self.team_open(by, team)?;
        refuse_unless(self.is_admin(by.who, team), Error::OnlyAdminsRequestDeletion { actor: by.who, team })?;
        let kind = self.teams[&team].kind;
        refuse_if(kind == TeamKind::Standard, Error::DeletionNeedsNoRequest { team, kind })?;
        refuse_if(self.deletions_asked.contains_key(&team), Error::DeletionAlreadyRequested { team })?;
        self.deletions_asked.insert(team, by.now);
        Ok(())
    }

    fn withdraw_team_deletion(&mut self, by: By, team: TeamId) -> Verdict {
        self.team_open(by, team)?;
        refuse_unless(self.is_admin(by.who, team), Error::OnlyAdminsRequestDeletion { actor: by.who, team })?;
        refuse_unless(self.deletions_asked.contains_key(&team), Error::DeletionNotRequested { team })?;
        self.deletions_asked.remove(&team);
        Ok(())
    }

    fn delete_team(&mut self, by: By, team: TeamId) -> Verdict {
        self.team_open(by, team)?;
        let actor = by.who;
        let (is_admin, is_operator) = (self.is_admin(actor, team), actor == ActorKind::Operator);
        match self.teams[&team].kind {
            TeamKind::Standard => refuse_unless(is_admin, Error::OnlyAdminsDeleteTeams { actor, team })?,
            TeamKind::Enterprise if self.creates_teams_like(by, team)? => {}
            TeamKind::Enterprise => {
                refuse_unless(is_admin || is_operator, Error::OnlyAdminsDeleteTeams { actor, team })?;
                refuse_unless(is_operator, Error::OnlyOperatorDeletesEnterpriseTeams { actor, team })?;
                refuse_unless(self.deletions_asked.contains_key(&team), Error::DeletionNotRequested { team })?;
            }
        }
        let left = self.belongings(Owner::Team(team));
        refuse_if(left != Remaining::default(), Error::TeamNotEmpty { team, left: Box::new(left) })?;

        self.leave_account(team, by.now);
        self.gone.push((Owner::Team(team), self.teams[&team].provisioned_at, by.now));
        self.teams.remove(&team);
        self.members.retain(|(of, _), _| *of != team);
        self.end_groups(|_, group| group.team == team);
        self.roles.retain(|_, role| role.team != team);
        self.invitations.retain(|_, one| one.team != team);
        self.deletions_asked.remove(&team);
        self.moves_out_asked.remove(&team);
        self.providers.remove(&team);
        self.sso.remove(&team);
        self.allowed.retain(|(of, _)| *of != team);
        self.payments.remove(&team);
        self.end_sign_ins();
        Ok(())
    }

    fn set_default_role(&mut self, by: By, team: TeamId, role: TeamRole) -> Verdict {
        self.team_exists(team)?;
        self.given_role_exists(role)?;
        self.admitted(by, team)?;
        refuse_unless(self.is_admin(by.who, team), Error::OnlyAdminsSetDefaultRole { actor: by.who, team })?;
        self.role_exists(team, role)?;
        refuse_if(self.teams[&team].default_role == role, Error::DefaultRoleUnchanged { team, role })?;
        self.team(team).default_role = role;
        Ok(())
    }
}

impl SecurityRules<By> for Model {
    fn set_oauth_access(&mut self, by: By, team: TeamId, access: OAuthAccess) -> Verdict {
        self.team_open(by, team)?;
        refuse_unless(self.is_admin(by.who, team), Error::OnlyAdminsSetOAuthAccess { actor: by.who, team })?;
        refuse_if(self.teams[&team].oauth == access, Error::OAuthAccessUnchanged { team, access })?;
        self.team(team).oauth = access;
        Ok(())
    }

    /// SEC-5
    fn set_sign_in_requirement(&mut self, by: By, team: TeamId, requirement: SignInRequirement) -> Verdict {
        self.team_open(by, team)?;
        refuse_unless(self.is_admin(by.who, team), Error::OnlyAdminsSetSignInRequirement { actor: by.who, team })?;
        let same = self.teams[&team].required == requirement;
        refuse_if(same, Error::SignInRequirementUnchanged { team, requirement })?;
        let admin = by.who.user().expect("an admin");
        let shut_out = requirement == SignInRequirement::MfaOrSso && self.is_weak(admin);
        refuse_if(shut_out, Error::AdminNeedsMfaOrSso { team, user: admin })?;
        self.team(team).required = requirement;
        Ok(())
    }

    fn set_identity_provider(&mut self, by: By, team: TeamId, provider: IdentityProvider) -> Verdict {
        self.team_open(by, team)?;
        refuse_unless(self.is_admin(by.who, team), Error::OnlyAdminsSetIdentityProvider { actor: by.who, team })?;
        let same = self.providers.get(&team) == Some(&provider);
        refuse_if(same, Error::IdentityProviderUnchanged { team })?;
        self.providers.insert(team, provider);
        Ok(())
    }

    fn remove_identity_provider(&mut self, by: By, team: TeamId) -> Verdict {
        self.team_open(by, team)?;
        refuse_unless(self.is_admin(by.who, team), Error::OnlyAdminsSetIdentityProvider { actor: by.who, team })?;
        refuse_unless(self.providers.contains_key(&team), Error::NoIdentityProvider { team })?;
        refuse_if(self.sso.contains(&team), Error::IdentityProviderInUse { team })?;
        self.providers.remove(&team);
        Ok(())
    }

    fn enable_sso(&mut self, by: By, team: TeamId) -> Verdict {
        self.team_open(by, team)?;
        refuse_unless(self.is_admin(by.who, team), Error::OnlyAdminsSwitchSso { actor: by.who, team })?;
        refuse_unless(self.providers.contains_key(&team), Error::NoIdentityProvider { team })?;
        refuse_if(self.sso.contains(&team), Error::SsoUnchanged { team, sso: Sso::Enabled })?;
        self.sso.insert(team);
        Ok(())
    }

    fn disable_sso(&mut self, by: By, team: TeamId) -> Verdict {
        self.team_open(by, team)?;
        refuse_unless(self.is_admin(by.who, team), Error::OnlyAdminsSwitchSso { actor: by.who, team })?;
        refuse_unless(self.providers.contains_key(&team), Error::NoIdentityProvider { team })?;
        refuse_unless(self.sso.contains(&team), Error::SsoUnchanged { team, sso: Sso::Disabled })?;
        let before = (self.sso.clone(), self.users.clone());
        self.sso.remove(&team);
        self.end_sign_ins();
        // SEC-5
        let admin = by.who.user().expect("an admin");
        if !self.may_enter(admin, Some(team)) {
            (self.sso, self.users) = before;
            return Err(Error::AdminNeedsMfaOrSso { team, user: admin });
        }
        Ok(())
    }

    /// SEC-3
    fn add_sso_member(&mut self, by: By, team: TeamId, user: UserId) -> Verdict {
        self.team_exists(team)?;
        self.user_exists(user)?;
        self.admitted(by, team)?;
        refuse_unless(by.who == ActorKind::Operator, Error::OnlyOperatorReportsSignIns { actor: by.who, team })?;
        self.not_in_team(team, user)?;
        refuse_unless(self.sso.contains(&team), Error::SsoNotEnabled { team })?;
        self.receives(user)?;
        self.room_for(by, team, &self.users[&user].email)?;
        self.let_in(team, user, self.teams[&team].default_role);
        self.users.get_mut(&user).expect("a user").sign_in = SignIn::Sso;
        Ok(())
    }
}

impl UsageRules<By> for Model {
    fn set_payment_method(&mut self, by: By, team: TeamId, method: Option<PaymentMethod>) -> Verdict {
        self.team_open(by, team)?;
        refuse_unless(self.is_admin(by.who, team), Error::OnlyAdminsManageBilling { actor: by.who, team })?;
        let enterprise = self.teams[&team].kind == TeamKind::Enterprise;
        refuse_if(enterprise, Error::PaymentOfEnterpriseTeam { team })?;
        refuse_if(self.payments.get(&team) == method.as_ref(), Error::PaymentMethodUnchanged { team })?;
        self.payments.remove(&team);
        self.payments.extend(method.map(|method| (team, method)));
        Ok(())
    }

    fn close_months(&mut self, by: By) -> Verdict {
        refuse_unless(by.who == ActorKind::Operator, Error::OnlyOperatorClosesMonths { actor: by.who })?;
        refuse_if(
            self.is_closed(Month::of(by.now).first_day().pred_opt().expect("a day")),
            Error::MonthsAlreadyClosed {},
        )
    }
}
