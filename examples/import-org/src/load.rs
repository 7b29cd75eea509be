use std::collections::BTreeMap;
use std::str::FromStr;

use enterprise_teams::chrono::{DateTime, Utc};
use enterprise_teams::{
    Actor, AppId, AppName, Error, NewApp, NewTeam, NewUser, PermissionSet, Rule, Settings, TeamId, TeamName, TeamRole,
    TeamStore, UserId, entity::Limits, names::NAME_LEN_MAX,
};

use crate::organisation::{Access, Organisation, Reading};

/// The domain of e-mails that the files do not say.
const DOMAIN: &str = "people.invalid";

/// A store with what was read, and what became of it.
#[derive(Debug)]
pub struct Loaded {
    /// The store.
    pub store: TeamStore,
    /// The platform operator, at the time of loading.
    pub operator: Actor,
    /// Everybody who was registered, by login.
    pub people: BTreeMap<String, UserId>,
    /// The teams that were provisioned, by the name of the organisation.
    pub teams: BTreeMap<String, TeamId>,
    /// The roles that were given.
    pub roles: BTreeMap<(TeamId, UserId), TeamRole>,
    /// The apps that were created.
    pub apps: Vec<App>,
    /// How often somebody's role gave already what the files give.
    pub by_role: usize,
    /// Organisations and repositories under another name, as `org` or `org/repository`, with that name.
    pub renamed: Vec<(String, String)>,
    /// Organisations that have no team, and why.
    pub skipped: Vec<String>,
    /// What was refused, by the code of the error.
    pub refusals: BTreeMap<&'static str, Refusal>,
}

/// An app that was created.
#[derive(Debug)]
pub struct App {
    /// The app.
    pub id: AppId,
    /// The team that owns it.
    pub team: TeamId,
    /// What was granted on it.
    pub grants: BTreeMap<UserId, PermissionSet>,
}

/// What the same rule refused in the same way.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The rule.
    pub rule: Rule,
    /// How often.
    pub count: usize,
    /// The first time, in words.
    pub example: String,
}

/// Carries out what was read in an empty store: everybody is registered, each organisation is a team with room for
/// `members_max`, and what its first admin by name can do the admin does.
///
/// Nothing stops it: what is refused is counted.
#[must_use]
pub fn load(reading: &Reading, settings: Settings, now: DateTime<Utc>, members_max: u32) -> Loaded {
    let mut loaded = Loaded {
        store: TeamStore::new(settings),
        operator: Actor::operator(now),
        people: BTreeMap::new(),
        teams: BTreeMap::new(),
        roles: BTreeMap::new(),
        apps: Vec::new(),
        by_role: 0,
        renamed: Vec::new(),
        skipped: Vec::new(),
        refusals: BTreeMap::new(),
    };
    for (login, email) in &reading.people {
        loaded.register(login, email.as_deref());
    }
    for organisation in &reading.organisations {
        if let Some((admin, team)) = loaded.provision(organisation, members_max) {
            let admin = Actor::user(admin, now);
            loaded.seat(admin, team, organisation);
            for (repository, access) in &organisation.repositories {
                loaded.create(admin, team, (&organisation.name, repository), access);
            }
        }
    }
    loaded
}

impl Loaded {
    /// With the e-mail that the files say, or one made of the login where they say none or it is refused.
    fn register(&mut self, login: &str, email: Option<&str>) {
        let made = format!("{login}@{DOMAIN}");
        for email in email.into_iter().chain([made.as_str()]) {
            let new = email.parse().map(NewUser::new).map_err(Error::from);
            let user = new.and_then(|new| self.store.register_user(self.operator, new));
            if let Some(user) = self.accepted(user, || format!("user {login}")) {
                self.people.insert(login.to_owned(), user);
                return;
            }
        }
    }

    /// The team and its first admin.
    fn provision(&mut self, organisation: &Organisation, members_max: u32) -> Option<(UserId, TeamId)> {
        let Organisation { name, admins, .. } = organisation;
        let Some(first) = admins.iter().find_map(|login| self.people.get(login)).copied() else {
            self.skipped.push(format!("{name}: no admin is registered, and a team is provisioned for one (TEAM-1)"));
            return None;
        };
        let here = fitting("org", name, |name: &TeamName| self.store.team_by_name(self.operator, *name).is_err())?;
        let limits = Limits { members: members_max, ..Limits::ENTERPRISE };
        let team = self.store.provision_team(self.operator, NewTeam::enterprise(here, first).limits(limits));
        let team = self.accepted(team, || format!("team {name}"))?;
        if here != name.as_str() {
            self.renamed.push((name.clone(), here.to_string()));
        }
        self.teams.insert(name.clone(), team);
        self.roles.insert((team, first), TeamRole::Admin);
        Some((first, team))
    }

    /// Gives everybody else their role.
    fn seat(&mut self, admin: Actor, team: TeamId, organisation: &Organisation) {
        let admins = organisation.admins.iter().map(|login| (login, TeamRole::Admin));
        let members = organisation.members.iter().map(|login| (login, TeamRole::Member));
        for (login, role) in admins.chain(members) {
            let user = self.people.get(login).copied().filter(|user| !self.roles.contains_key(&(team, *user)));
            let Some(user) = user else { continue };
            let added = self.store.add_member(admin, team, user, role);
            if self.accepted(added, || format!("{role} {login} of {}", organisation.name)).is_some() {
                self.roles.insert((team, user), role);
            }
        }
    }

    /// Creates the app of a repository and grants everybody what their role does not give.
    fn create(
        &mut self,
        admin: Actor,
        team: TeamId,
        (organisation, name): (&str, &str),
        access: &BTreeMap<String, Access>,
    ) {
        let repository = format!("{organisation}/{name}");
        let free = |name: &AppName| self.store.app_by_name(self.operator, *name).is_err();
        let Some(here) = fitting("repo", name, free) else { return };
        let id = self.store.create_app(admin, NewApp::in_team(team).named(here));
        let Some(id) = self.accepted(id, || format!("app {repository}")) else { return };
        if here != name {
            self.renamed.push((repository.clone(), here.to_string()));
        }
        let mut grants = BTreeMap::new();
        for (login, access) in access {
            let Some(user) = self.people.get(login).copied() else { continue };
            let permissions = access.permissions();
            let role = match self.roles.get(&(team, user)) {
                Some(TeamRole::Admin) => PermissionSet::ALL,
                Some(TeamRole::Member | TeamRole::Viewer) => PermissionSet::VIEW,
                None => PermissionSet::EMPTY,
            };
            if permissions.is_empty() {
                continue;
            }
            if role.union(permissions) == role {
                self.by_role += 1;
                continue;
            }
            let granted = self.store.grant_permissions(admin, id, user, permissions);
            if self.accepted(granted, || format!("{login} on {repository}")).is_some() {
                grants.insert(user, permissions);
            }
        }
        self.apps.push(App { id, team, grants });
    }

    /// What was done; a refusal is counted.
    fn accepted<T>(&mut self, done: Result<T, Error>, what: impl Fn() -> String) -> Option<T> {
        let error = match done {
            Ok(done) => return Some(done),
            Err(error) => error,
        };
        let example = || format!("{}: {}", what(), self.store.readable(self.operator, &error));
        let first = || Refusal { rule: error.rule(), count: 0, example: example() };
        self.refusals.entry(error.code()).or_insert_with(first).count += 1;
        None
    }
}

/// The name itself, if it is a name here and free; otherwise the first free one that is made of it (see the crate's front page).
fn fitting<N: FromStr>(kind: &str, name: &str, free: impl Fn(&N) -> bool) -> Option<N> {
    let good = |name: &str| name.parse().ok().filter(&free);
    let words: Vec<&str> = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut stem = words.join("-").to_ascii_lowercase();
    if stem.len() < 3 || !stem.starts_with(|c: char| c.is_ascii_lowercase()) {
        stem = format!("{kind}-{stem}");
    }
    let numbered = |number: u32| {
        let number = if number == 1 { String::new() } else { format!("-{number}") };
        let end = stem.len().min(NAME_LEN_MAX.saturating_sub(number.len()));
        let cut = stem.get(..end).unwrap_or_default().trim_end_matches('-');
        good(&format!("{cut}{number}"))
    };
    good(name).or_else(|| (1..=u32::MAX).find_map(numbered))
}
