//! MEM-8, MEM-9, INV-5, TRF-4, SEC-4: users, teams and the people in them, and what waits for an answer.

use enterprise_teams::{
    Capability, Email, Error, Owner, Permission, Role, RoleId, TeamId, TeamName, UserId,
    entity::{Held, Mfa, SignIn, SignInStatus, Sso},
    query::{AuditFilter, AuditScope, PeopleFilter, TeamFilter},
};

use super::super::state::Invitation;
use super::super::verdict::{Verdict, refuse_unless};
use super::labelled::Labelled;
use super::list::{Key, List};
use super::row::{self, Person};
use super::{ActorView, NOBODY, Sight};

/// Which people of a team.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Which {
    role: Option<Role>,
    part: Option<&'static str>,
    status: Option<SignInStatus>,
    pub(super) custom: Option<RoleId>,
}

impl Which {
    const ALL: Self = Self { role: None, part: None, status: None, custom: None };

    /// Some of every kind, some of several.
    pub(super) fn some(sight: Sight<'_>) -> Vec<Self> {
        let role = |role| Self { role: Some(role), ..Self::ALL };
        let part = |part| Self { part: Some(part), ..Self::ALL };
        let status = |status| Self { status: Some(status), ..Self::ALL };
        let statuses = [SignInStatus::Sso, SignInStatus::MfaOn, SignInStatus::MfaOff];
        let (role_in, part_in, off) = (Some(Role::Member), Some("@"), Some(SignInStatus::MfaOff));
        let both = Self { role: role_in, part: part_in, status: off, custom: None };
        let custom = sight.model.roles.keys().copied().chain([RoleId::from_uuid(NOBODY)]);
        let custom = custom.map(|role| Self { custom: Some(role), ..Self::ALL });
        let roles = Role::ALL.iter().copied().map(role);
        let parts = ["", "1", "ACME", "nobody"].map(part);
        roles.chain(parts).chain(statuses.map(status)).chain([both]).chain(custom).collect()
    }

    pub(super) fn filter(self) -> PeopleFilter {
        let mut filter = PeopleFilter::default();
        filter = self.role.map_or(filter.clone(), |role| filter.role(role));
        filter = self.part.map_or(filter.clone(), |part| filter.containing(part));
        filter = self.status.map_or(filter.clone(), |status| filter.status(status));
        self.custom.map_or(filter.clone(), |role| filter.custom_role(role))
    }

    pub(super) fn fits(self, ((_, user), (role, _), status, ..): &Person) -> bool {
        self.role.is_none_or(|one| one == *role)
            && self.part.is_none_or(|part| user.email.as_str().contains(&part.to_lowercase()))
            && self.status.is_none_or(|one| one == *status)
    }
}

pub(super) fn status(mfa: Mfa, sign_in: SignIn) -> SignInStatus {
    match (sign_in, mfa) {
        (SignIn::Sso, _) => SignInStatus::Sso,
        (SignIn::Password, Mfa::Enrolled) => SignInStatus::MfaOn,
        (SignIn::Password, Mfa::NotEnrolled) => SignInStatus::MfaOff,
    }
}

pub(super) fn by_email(user: &row::User) -> Key {
    Key::Email(user.1.email.to_string())
}

impl Sight<'_> {
    pub(super) fn users_and_none(&self) -> Vec<UserId> {
        self.model.users.keys().copied().chain([UserId::from_uuid(NOBODY)]).collect()
    }

    pub(super) fn teams_and_none(&self) -> Vec<TeamId> {
        self.model.teams.keys().copied().chain([TeamId::from_uuid(NOBODY)]).collect()
    }

    pub(super) fn user_row(&self, user: UserId) -> row::User {
        (user, self.model.users[&user].clone())
    }

    pub(super) fn team_row(&self, team: TeamId) -> row::Team {
        let model = self.model;
        let sso = match (model.providers.contains_key(&team), model.sso.contains(&team)) {
            (false, _) => Sso::NotConfigured,
            (true, false) => Sso::Disabled,
            (true, true) => Sso::Enabled,
        };
        let asked = [&model.deletions_asked, &model.moves_out_asked].map(|asked| asked.get(&team).copied());
        (team, model.teams[&team].clone(), sso, asked)
    }

    /// The team exists and lets the client in.
    pub(super) fn team_open(&self, team: TeamId) -> Verdict {
        self.actor_exists()?;
        self.model.team_exists(team)?;
        self.admitted(team)
    }

    pub(super) fn user(&self, user: UserId) -> Result<row::User, Error> {
        self.actor_exists()?;
        self.model.user_exists(user)?;
        let seen = self.who.user().is_none_or(|actor| {
            let model = self.model;
            let in_a_team = model.teams.keys().any(|team| {
                self.looks(*team, Capability::ViewUsers)
                    && !model.kept_out(self.who, *team)
                    && self.role_of(user, *team).is_some()
            });
            let sees = |user, app| model.permissions_of(user, app).contains(Permission::View);
            let personal = model.apps.iter().filter(|(_, app)| matches!(app.owner, Owner::User(_)));
            let on_an_app = personal.into_iter().any(|(app, _)| sees(actor, *app) && sees(user, *app));
            actor == user || in_a_team || on_an_app
        });
        refuse_unless(seen, Error::UserHidden { actor: self.who, user })?;
        Ok(self.user_row(user))
    }

    fn user_id(&self, email: &Email) -> Result<UserId, Error> {
        let user = self.model.users.iter().find(|(_, user)| user.email == *email);
        user.map(|(id, _)| *id).ok_or(Error::EmailNotFound { email: email.clone() })
    }

    pub(super) fn team(&self, team: TeamId) -> Result<row::Team, Error> {
        self.check_team(Capability::ViewPreferences, team)?;
        Ok(self.team_row(team))
    }

    fn team_by_name(&self, name: TeamName) -> Result<row::Team, Error> {
        self.actor_exists()?;
        let team = self.model.teams.iter().find(|(_, team)| team.name == name);
        let team = *team.ok_or(Error::TeamNameNotFound { name })?.0;
        self.check_team(Capability::ViewTeam, team)?;
        Ok(self.team_row(team))
    }

    /// Whoever is in the team or on one of its apps, is invited into it, or is in its Enterprise Account (ENT-3).
    fn knows_team(&self, team: TeamId) -> bool {
        let (model, Some(user)) = (self.model, self.who.user()) else { return true };
        let email = &model.users[&user].email;
        let invited = |one: &Invitation| one.team == team && one.email == *email && self.now < one.expires_at;
        let account = model.teams[&team].account;
        self.role_of(user, team).is_some()
            || model.invitations.values().any(invited)
            || account.is_some_and(|account| model.account_members.contains_key(&(account, user)))
    }

    pub(super) fn team_name(&self, team: TeamId) -> Result<TeamName, Error> {
        self.actor_exists()?;
        self.model.team_exists(team)?;
        refuse_unless(self.knows_team(team), Error::TeamNotFound { team })?;
        self.admitted(team)?;
        Ok(self.model.teams[&team].name)
    }

    fn team_id(&self, name: TeamName) -> Result<TeamId, Error> {
        self.actor_exists()?;
        let team = self.model.teams.iter().find(|(_, team)| team.name == name);
        let team = team.map(|(team, _)| *team).filter(|team| self.knows_team(*team));
        let team = team.ok_or(Error::TeamNameNotFound { name })?;
        self.admitted(team)?;
        Ok(team)
    }

    fn memberships(&self, which: Labelled) -> Result<List<row::Own>, Error> {
        self.actor_exists()?;
        let own = self
            .model
            .members
            .iter()
            .filter(|((team, user), _)| self.who.user() == Some(*user) && !self.model.shut_out(self.who, *team));
        let row = |team: TeamId, user, role, times| {
            let end = self.model.end(Held::Membership { team, user });
            (Key::Team(self.model.teams[&team].name.to_string()), (self.team_row(team), role, times, end))
        };
        let own = own.filter(|((team, _), _)| which.fits(&self.model.teams[team].labels));
        Ok(List::by("team", own.map(|((team, user), role)| row(*team, *user, *role, self.model.in_team(*team, *user)))))
    }

    pub(super) fn access_list_open(&self, team: TeamId) -> Verdict {
        self.team_open(team)?;
        refuse_unless(self.looks(team, Capability::ViewUsers), Error::OnlyTeamSeesAccessList { actor: self.who, team })
    }

    pub(super) fn role(&self, team: TeamId, user: UserId) -> Result<Option<Role>, Error> {
        self.actor_exists()?;
        self.model.team_exists(team)?;
        self.model.user_exists(user)?;
        self.admitted(team)?;
        let role = self.role_of(user, team);
        let outside = role == Some(Role::Collaborator);
        let needed = if outside { Capability::ViewCollaborators } else { Capability::ViewUsers };
        let seen = self.who.user() == Some(user) || self.looks(team, needed);
        refuse_unless(seen, Error::OnlyTeamSeesAccessList { actor: self.who, team })?;
        Ok(role)
    }

    /// Everybody in the team, and on its apps.
    pub(super) fn people(&self, team: TeamId) -> Vec<Person> {
        let model = self.model;
        let person = |user: &UserId| {
            let role = self.role_of(*user, team)?;
            let row = self.user_row(*user);
            let status = status(row.1.mfa, row.1.sign_in);
            let mut on: Vec<row::App> = model
                .apps
                .iter()
                .filter(|(app, one)| one.owner == Owner::Team(team) && model.is_on(*user, **app))
                .map(|(app, one)| (*app, one.clone()))
                .collect();
            on.sort_by_key(|(_, app)| app.name.to_string());
            // MEM-8, PERM-6
            let sleeping = if role == Role::Admin { on.len() } else { 0 };
            on.retain(|_| role == Role::Collaborator);
            let shown = self.who.user() == Some(*user) || self.looks(team, Capability::ViewGroups);
            let groups = self.groups_of(*user, team).into_iter().filter(|_| shown);
            let groups = groups.map(|(_, group)| group.name).collect();
            let role = (role, self.custom_of(*user, team));
            let end = match role.0 {
                // MEM-8: until when they are on one of its apps.
                Role::Collaborator => {
                    let ends: Vec<_> =
                        on.iter().map(|(app, _)| model.end(Held::Grant { app: *app, user: *user })).collect();
                    ends.iter().max().copied().flatten().filter(|_| !ends.contains(&None))
                }
                _ => model.end(Held::Membership { team, user: *user }),
            };
            Some((row, role, status, on, sleeping, groups, (model.in_team(team, *user), end)))
        };
        model.users.keys().filter_map(person).collect()
    }

    fn access_list(&self, team: TeamId, which: Which) -> Result<List<Person>, Error> {
        self.access_list_open(team)?;
        let outside = self.looks(team, Capability::ViewCollaborators);
        let people = self.people(team).into_iter().filter(|person| outside || person.1.0 != Role::Collaborator);
        let has = |person: &Person| which.custom.is_none_or(|role| self.custom_role_of(person.0.0, team) == Some(role));
        let people = people.filter(|person| which.fits(person) && has(person));
        Ok(List::by("email", people.map(|person| (by_email(&person.0), person))))
    }

    fn without_mfa(&self, team: TeamId) -> Result<List<Person>, Error> {
        self.team_open(team)?;
        let may = self.looks(team, Capability::ViewCompliance);
        refuse_unless(may, Error::OnlyTeamSeesCompliance { actor: self.who, team })?;
        let people = self.people(team).into_iter().filter(|(_, _, status, ..)| *status == SignInStatus::MfaOff);
        Ok(List::by("email", people.map(|person| (by_email(&person.0), person))))
    }

    fn pending_invitations(&self, team: TeamId) -> Result<List<row::Invitation>, Error> {
        self.team_open(team)?;
        let may = self.looks(team, Capability::ViewInvitations);
        refuse_unless(may, Error::OnlyMembersSeeInvitations { actor: self.who, team })?;
        let pending = self.model.invitations.iter().filter(|(_, one)| one.team == team && self.now < one.expires_at);
        Ok(List::by("email", pending.map(|(id, one)| (Key::Email(one.email.to_string()), (*id, one.clone())))))
    }

    fn my_invitations(&self) -> Result<List<row::Invitation>, Error> {
        self.actor_exists()?;
        let email = self.who.user().map(|user| &self.model.users[&user].email);
        let own = self.model.invitations.iter().filter(|(_, one)| {
            email == Some(&one.email) && self.now < one.expires_at && !self.model.shut_out(self.who, one.team)
        });
        Ok(List::by("id", own.map(|(id, one)| (Key::Id(id.to_string()), (*id, one.clone())))))
    }

    fn pending_transfers(&self) -> Result<List<row::Transfer>, Error> {
        self.actor_exists()?;
        let own = self
            .model
            .transfers
            .iter()
            .filter(|(_, one)| [one.owner, one.recipient].into_iter().any(|user| self.who.user() == Some(user)));
        Ok(List::by("id", own.map(|(id, one)| (Key::Id(id.to_string()), (*id, one.clone())))))
    }

    /// Whether an audit log is shown.
    fn audit_log(&self, scope: AuditScope) -> Verdict {
        self.actor_exists()?;
        let actor = self.who;
        if self.is_operator() {
            return Ok(());
        }
        match scope {
            AuditScope::Team(team) => {
                self.team_open(team)?;
                refuse_unless(
                    self.looks(team, Capability::ViewAuditLog),
                    Error::OnlyAdminsReadTeamAudit { actor, team },
                )
            }
            AuditScope::App(app) => self.app_managed(app),
            AuditScope::Account(account) => {
                self.model.account_exists(account)?;
                let manages = actor.user().is_some_and(|user| self.model.managers(account).contains(&user));
                refuse_unless(manages, Error::OnlyManagersReadAccountAudit { actor, account })
            }
            AuditScope::By(user) | AuditScope::User(user) => {
                refuse_unless(actor.user() == Some(user), Error::OnlySelfReadsAudit { actor })
            }
            AuditScope::Everything => Err(Error::OnlySelfReadsAudit { actor }),
        }
    }
}

pub(super) fn ask(asker: &mut ActorView<'_>) {
    let ActorView { store, actor, sight, .. } = *asker;
    for user in sight.users_and_none() {
        asker.same(("user", user), || store.user(actor, user).map(row::user), || sight.user(user));
    }
    let no_email = "no@body.org".parse().expect("an e-mail");
    for email in sight.model.users.values().map(|user| &user.email).chain([&no_email]) {
        asker.same(("user_id", email), || store.user_id(email), || sight.user_id(email));
    }
    let no_team = "no-team".parse().expect("a name");
    for name in sight.model.teams.values().map(|team| team.name).chain([no_team]) {
        let found = || store.team_by_name(actor, name).map(row::team);
        asker.same(("team_by_name", name), found, || sight.team_by_name(name));
        asker.same(("team_id", name), || store.team_id(actor, name), || sight.team_id(name));
    }
    for which in Labelled::some() {
        let filter = which.add_to(TeamFilter::default(), TeamFilter::label);
        let found = |page: &_| store.memberships(actor, &filter, page);
        asker.list(("memberships", which), found, row::membership, || sight.memberships(which));
    }
    for team in sight.teams_and_none() {
        asker.same(("team", team), || store.team(actor, team).map(row::team), || sight.team(team));
        asker.same(("team_name", team), || store.team_name(actor, team), || sight.team_name(team));
        for user in sight.users_and_none() {
            asker.same(("role", team, user), || store.role(actor, team, user), || sight.role(team, user));
        }
        for which in Which::some(sight).into_iter().chain([Which::ALL]) {
            let found = |page: &_| store.access_list(actor, team, &which.filter(), page);
            asker.list(("access_list", team, which), found, row::person, || sight.access_list(team, which));
        }
        let found = |page: &_| store.without_mfa(actor, team, page);
        asker.list(("without_mfa", team), found, row::person, || sight.without_mfa(team));
        let found = |page: &_| store.pending_invitations(actor, team, page);
        asker.list(("pending_invitations", team), found, row::invitation, || sight.pending_invitations(team));
    }
    asker.list("my_invitations", |page| store.my_invitations(actor, page), row::invitation, || sight.my_invitations());
    asker.list(
        "pending_transfers",
        |page| store.pending_transfers(actor, page),
        row::transfer,
        || sight.pending_transfers(),
    );

    let teams = sight.teams_and_none().into_iter().map(AuditScope::Team);
    let apps = sight.apps_and_none().into_iter().map(AuditScope::App);
    let users = sight.users_and_none().into_iter().flat_map(|user| [AuditScope::By(user), AuditScope::User(user)]);
    let accounts = sight.accounts_and_none().into_iter().map(AuditScope::Account);
    for scope in teams.chain(apps).chain(accounts).chain(users).chain([AuditScope::Everything]) {
        let filter = AuditFilter::new(scope);
        let found = || store.audit_log(actor, &filter, &enterprise_teams::PageRequest::default()).map(drop);
        asker.same(("audit_log", scope), found, || sight.audit_log(scope));
    }
}
