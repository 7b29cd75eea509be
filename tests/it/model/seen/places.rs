//! PIPE-7, PIPE-8, SPC-2, SPC-3, ENT-3: pipelines, spaces and Enterprise Accounts.

use enterprise_teams::{
    AccountId, AppAction, AppId, Capability, Error, Owner, Permission, PipelineId, SpaceId, TeamId, TeamRole,
    entity::{AccountPermission, AccountPermissionSet, Coupling, Held, Release, SignInStatus, Times},
    names::{AccountName, SpaceName},
    query::{AccountMemberFilter, SpaceFilter, TeamFilter},
};

use super::super::times::Fact;
use super::super::verdict::refuse_unless;
use super::labelled::Labelled;
use super::list::{Key, List};
use super::people::by_email;
use super::row;
use super::{ActorView, NOBODY, Sight, apps, people};

/// Which members of an account.
#[derive(Clone, Copy, Debug)]
struct Members {
    holding: Option<AccountPermission>,
    part: Option<&'static str>,
    status: Option<SignInStatus>,
}

impl Members {
    const ALL: Self = Self { holding: None, part: None, status: None };

    /// Some of every kind, some of several.
    fn some() -> Vec<Self> {
        let of = AccountPermission::ALL.iter().map(|one| Self { holding: Some(*one), ..Self::ALL });
        let parts = ["1", "ACME"].map(|part| Self { part: Some(part), ..Self::ALL });
        let statuses = [SignInStatus::Sso, SignInStatus::MfaOn, SignInStatus::MfaOff];
        let statuses = statuses.map(|status| Self { status: Some(status), ..Self::ALL });
        let holding = Some(AccountPermission::Manage);
        let several = Self { holding, part: Some("@"), status: Some(SignInStatus::MfaOff) };
        of.chain(parts).chain(statuses).chain([Self::ALL, several]).collect()
    }

    fn filter(self) -> AccountMemberFilter {
        let mut filter = AccountMemberFilter::default();
        filter = self.holding.map_or(filter.clone(), |one| filter.holding(one));
        filter = self.part.map_or(filter.clone(), |part| filter.containing(part));
        self.status.map_or(filter.clone(), |status| filter.status(status))
    }

    fn fits(self, ((_, user), held): &(row::User, AccountPermissionSet)) -> bool {
        self.holding.is_none_or(|one| held.iter().any(|held| held == one))
            && self.part.is_none_or(|part| user.email.as_str().contains(&part.to_lowercase()))
            && self.status.is_none_or(|status| people::status(user.mfa, user.sign_in) == status)
    }
}

type Coupled = (row::App, Coupling);

impl Sight<'_> {
    pub(super) fn spaces_and_none(&self) -> Vec<SpaceId> {
        self.model.spaces.keys().copied().chain([SpaceId::from_uuid(NOBODY)]).collect()
    }

    pub(super) fn pipelines_and_none(&self) -> Vec<PipelineId> {
        self.model.pipelines.keys().copied().chain([PipelineId::from_uuid(NOBODY)]).collect()
    }

    pub(super) fn accounts_and_none(&self) -> Vec<AccountId> {
        self.model.accounts.keys().copied().chain([AccountId::from_uuid(NOBODY)]).collect()
    }

    pub(super) fn pipeline(&self, pipeline: PipelineId) -> Result<row::Pipeline, Error> {
        self.actor_exists()?;
        self.model.pipeline_exists(pipeline)?;
        refuse_unless(
            self.model.sees_pipeline(self.who, pipeline),
            Error::PipelineHidden { actor: self.who, pipeline },
        )?;
        let row = self.model.pipelines[&pipeline].clone();
        self.admitted_to(row.owner)?;
        Ok((pipeline, row))
    }

    fn pipeline_apps(&self, pipeline: PipelineId, which: apps::Which) -> Result<List<Coupled>, Error> {
        self.pipeline(pipeline)?;
        let inside = self.model.couplings.iter().filter(|(_, (of, _))| *of == pipeline);
        let seen = inside.filter(|(app, _)| self.held(**app).permissions.contains(Permission::View));
        let rows = seen.map(|(app, _)| ((*app, self.model.apps[app].clone()), self.coupling_row(*app)));
        let rows = rows.filter(|(app, _)| which.fits(app)).filter_map(|(app, coupling)| Some((app, coupling?)));
        Ok(List::by("app", rows.map(|one| (apps::by_name(&one.0), one))))
    }

    fn coupling(&self, app: AppId) -> Result<Option<Coupling>, Error> {
        self.check_app(AppAction::ViewApp, app)?;
        Ok(self.coupling_row(app))
    }

    fn coupling_row(&self, app: AppId) -> Option<Coupling> {
        let (pipeline, stage) = *self.model.couplings.get(&app)?;
        Some(Coupling { pipeline, app, stage, times: self.model.times[&Fact::Coupled(app, pipeline)] })
    }

    fn release(&self, app: AppId) -> Result<Option<Release>, Error> {
        self.check_app(AppAction::ViewReleases, app)?;
        let release = self.model.releases.get(&app);
        Ok(release.map(|(number, description)| Release { number: *number, description: description.as_str().into() }))
    }

    pub(super) fn space(&self, space: SpaceId) -> Result<row::Space, Error> {
        self.actor_exists()?;
        self.model.space_exists(space)?;
        refuse_unless(self.model.sees_space(self.who, space), Error::SpaceHidden { actor: self.who, space })?;
        let row = self.model.spaces[&space].clone();
        self.admitted(row.team)?;
        Ok((space, row))
    }

    fn space_by_name(&self, name: SpaceName) -> Result<row::Space, Error> {
        self.actor_exists()?;
        let space = self.model.spaces.iter().find(|(_, space)| space.name == name);
        self.space(*space.ok_or(Error::SpaceNameNotFound { name })?.0)
    }

    /// SPC-2; and SPC-7, whoever holds `manage` in the Enterprise Account of its team.
    pub(super) fn space_name(&self, space: SpaceId) -> Result<SpaceName, Error> {
        self.actor_exists()?;
        self.model.space_exists(space)?;
        let row = &self.model.spaces[&space];
        let manages = |account| self.model.holds_in_account(self.who, AccountPermission::Manage, account);
        let known = self.model.sees_space(self.who, space) || self.model.teams[&row.team].account.is_some_and(manages);
        refuse_unless(known, Error::SpaceHidden { actor: self.who, space })?;
        self.admitted(row.team)?;
        Ok(row.name)
    }

    fn space_id(&self, name: SpaceName) -> Result<SpaceId, Error> {
        self.actor_exists()?;
        let space = self.model.spaces.iter().find(|(_, space)| space.name == name);
        let space = *space.ok_or(Error::SpaceNameNotFound { name })?.0;
        self.space_name(space).map(|_| space)
    }

    fn spaces(&self, team: TeamId, which: Labelled) -> Result<List<row::Space>, Error> {
        self.team_open(team)?;
        refuse_unless(self.looks(team, Capability::ViewSpaces), Error::OnlyTeamListsSpaces { actor: self.who, team })?;
        let spaces = self.model.spaces.iter().filter(|(_, space)| space.team == team && which.fits(&space.labels));
        Ok(List::by("space", spaces.map(|(id, space)| (Key::Space(space.name.to_string()), (*id, space.clone())))))
    }

    fn app_creators(&self, space: SpaceId) -> Result<List<row::User>, Error> {
        self.space(space)?;
        let creators = self.model.app_creators.iter().filter(|(of, _)| *of == space);
        Ok(List::by("id", creators.map(|(_, user)| (Key::Id(user.to_string()), self.user_row(*user)))))
    }

    /// SPC-2, SPC-3: everybody in the team who sees its spaces.
    fn space_access(&self, space: SpaceId) -> Result<List<row::Seer>, Error> {
        self.space(space)?;
        let row = &self.model.spaces[&space];
        let sees = |user| self.model.person_may(user, row.team, Capability::ViewSpaces);
        let people = self.model.members.iter().filter(|((team, user), _)| *team == row.team && sees(*user)).map(
            |((team, user), role)| {
                let since = self.model.times.get(&Fact::Creator(space, *user)).map(|times| times.since);
                let (is_admin, times) = (*role == TeamRole::Admin, self.model.in_team(*team, *user));
                let everywhere = self.model.person_may(*user, *team, Capability::CreateAppsInSpaces);
                let times = Times {
                    since: times.since.max(row.team_since),
                    changed_at: times.changed_at.max(row.team_since).max(since.unwrap_or(times.changed_at)),
                };
                // PERM-6, ROLE-2
                let creates = self.model.person_may(*user, *team, Capability::CreateApps);
                let (awake, asleep) = (since.is_some() && creates, since.is_some() && (is_admin || !creates));
                let end = self.model.end(Held::AppCreation { space, user: *user });
                (self.user_row(*user), *role, everywhere || awake, asleep, times, [since, end])
            },
        );
        Ok(List::by("email", people.map(|one| (by_email(&one.0), one))))
    }

    pub(super) fn account(&self, account: AccountId) -> Result<row::Account, Error> {
        self.actor_exists()?;
        self.model.account_exists(account)?;
        let is_member = |user| self.model.account_members.contains_key(&(account, user));
        let seen = self.who.user().is_none_or(is_member);
        refuse_unless(seen, Error::AccountHidden { actor: self.who, account })?;
        let (name, opened_at) = self.model.accounts[&account];
        Ok((account, name, opened_at))
    }

    fn account_by_name(&self, name: AccountName) -> Result<row::Account, Error> {
        self.actor_exists()?;
        let account = self.model.accounts.iter().find(|(_, (one, _))| *one == name);
        self.account(*account.ok_or(Error::AccountNameNotFound { name })?.0)
    }

    fn account_members(
        &self,
        account: AccountId,
        which: Members,
    ) -> Result<List<(row::User, AccountPermissionSet)>, Error> {
        self.account(account)?;
        let members = self.model.account_members.iter().filter(|((of, _), _)| *of == account);
        let rows = members.map(|((_, user), held)| (self.user_row(*user), *held));
        Ok(List::by("email", rows.filter(|one| which.fits(one)).map(|one| (by_email(&one.0), one))))
    }

    /// The teams of the account that let the client in.
    fn open_teams(&self, account: AccountId) -> Vec<row::Team> {
        let inside = self
            .model
            .teams
            .iter()
            .filter(|(team, row)| row.account == Some(account) && !self.model.kept_out(self.who, **team));
        inside.map(|(team, _)| self.team_row(*team)).collect()
    }

    fn account_teams(&self, account: AccountId, part: &str, which: Labelled) -> Result<List<row::Team>, Error> {
        self.account(account)?;
        let part = part.to_lowercase();
        let teams = self.open_teams(account).into_iter().filter(|team| team.1.name.as_str().contains(&part));
        let teams = teams.filter(|team| which.fits(&team.1.labels));
        Ok(List::by("team", teams.map(|team| (Key::Team(team.1.name.to_string()), team))))
    }

    fn account_apps(&self, account: AccountId, which: apps::Which) -> Result<List<row::App>, Error> {
        self.account(account)?;
        let teams = self.open_teams(account);
        let of_one = |app: &row::App| teams.iter().any(|team| app.1.owner == Owner::Team(team.0));
        let apps = self.app_rows(|app| of_one(app) && which.fits(app)).into_iter();
        Ok(List::by("app", apps.map(|app| (apps::by_name(&app), app))))
    }

    fn account_people(&self, account: AccountId, which: people::Which) -> Result<List<row::AccountPerson>, Error> {
        self.account(account)?;
        let people = self.open_teams(account).into_iter().flat_map(|team| {
            let people = self.people(team.0).into_iter().filter(|person| which.fits(person));
            let id = team.0;
            let people = people.filter(move |((user, _), ..)| {
                which.custom.is_none_or(|role| self.custom_role_of(*user, id) == Some(role))
            });
            people.map(move |(user, role, ..)| (team.clone(), user, role))
        });
        let key = |team: &row::Team, user: &row::User| Key::Person(team.1.name.to_string(), user.1.email.to_string());
        Ok(List::by("person", people.map(|one| (key(&one.0, &one.1), one))))
    }
}

pub(super) fn ask(asker: &mut ActorView<'_>) {
    let ActorView { store, actor, sight, .. } = *asker;
    for pipeline in sight.pipelines_and_none() {
        let found = || store.pipeline(actor, pipeline).map(row::pipeline);
        asker.same(("pipeline", pipeline), found, || sight.pipeline(pipeline));
        for which in apps::Which::labelled() {
            let found = |page: &_| store.pipeline_apps(actor, pipeline, &which.filter(), page);
            let coupled = |(app, coupling)| (row::app(app), coupling);
            asker.list(("pipeline_apps", pipeline, which), found, coupled, || sight.pipeline_apps(pipeline, which));
        }
    }
    for app in sight.apps_and_none() {
        asker.same(("coupling", app), || store.coupling(actor, app), || sight.coupling(app));
        asker.same(
            ("release", app),
            || store.release(actor, app).map(Option::<&Release>::cloned),
            || sight.release(app),
        );
    }
    for space in sight.spaces_and_none() {
        asker.same(("space", space), || store.space(actor, space).map(row::space), || sight.space(space));
        asker.same(("space_name", space), || store.space_name(actor, space), || sight.space_name(space));
        let found = |page: &_| store.app_creators(actor, space, page);
        asker.list(("app_creators", space), found, row::user, || sight.app_creators(space));
        let found = |page: &_| store.space_access(actor, space, page);
        asker.list(("space_access", space), found, row::space_access, || sight.space_access(space));
    }
    let no_space = "no-space".parse().expect("a name");
    for name in sight.model.spaces.values().map(|space| space.name).chain([no_space]) {
        let found = || store.space_by_name(actor, name).map(row::space);
        asker.same(("space_by_name", name), found, || sight.space_by_name(name));
        asker.same(("space_id", name), || store.space_id(actor, name), || sight.space_id(name));
    }
    for team in sight.teams_and_none() {
        for which in Labelled::some() {
            let filter = which.add_to(SpaceFilter::default(), SpaceFilter::label);
            let found = |page: &_| store.spaces(actor, team, &filter, page);
            asker.list(("spaces", team, which), found, row::space, || sight.spaces(team, which));
        }
    }
    let no_account = "no-account".parse().expect("a name");
    for name in sight.model.accounts.values().map(|(name, _)| *name).chain([no_account]) {
        let found = || store.account_by_name(actor, name).map(row::account);
        asker.same(("account_by_name", name), found, || sight.account_by_name(name));
    }
    for account in sight.accounts_and_none() {
        asker.same(("account", account), || store.account(actor, account).map(row::account), || sight.account(account));
        for which in Members::some() {
            let found = |page: &_| store.account_members(actor, account, &which.filter(), page);
            let expected = || sight.account_members(account, which);
            asker.list(("account_members", account, which), found, row::account_member, expected);
        }
        let parts = ["", "A", "-1", "acme"].map(|part| (part, Labelled::ALL));
        for (part, which) in parts.into_iter().chain(Labelled::some().map(|which| ("a", which))) {
            let filter = which.add_to(TeamFilter::default().containing(part), TeamFilter::label);
            let found = |page: &_| store.account_teams(actor, account, &filter, page);
            let expected = || sight.account_teams(account, part, which);
            asker.list(("account_teams", account, part, which), found, row::team, expected);
        }
        for which in apps::Which::some(sight).into_iter().chain([apps::Which::ALL]) {
            let found = |page: &_| store.account_apps(actor, account, &which.filter(), page);
            asker.list(("account_apps", account, which), found, row::app, || sight.account_apps(account, which));
        }
        for which in people::Which::some(sight) {
            let found = |page: &_| store.account_people(actor, account, &which.filter(), page);
            let expected = || sight.account_people(account, which);
            asker.list(("account_people", account, which), found, row::account_person, expected);
        }
    }
}
