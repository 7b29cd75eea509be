use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use enterprise_teams::chrono::{DateTime, Utc};
use enterprise_teams::{
    Actor, AppId, AppName, Error, NewApp, NewTeam, NewUser, PermissionSet, Rule, Settings, TeamId, TeamName, TeamRole,
    TeamStore, UserId,
    entity::Limits,
    ids::GroupId,
    names::{GroupName, NAME_LEN_MAX},
};

use crate::organisation::{Access, Organisation, Reading, Team};

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
    /// The groups that were made, each with whom it has.
    pub groups: BTreeMap<GroupId, BTreeSet<UserId>>,
    /// The apps that were created.
    pub apps: Vec<App>,
    /// How many grants there would be if each were to a person.
    pub alone: usize,
    /// How often somebody's role gave already what the files give.
    pub by_role: usize,
    /// Organisations, repositories and teams under another name, as `org`, `org/repository` or `org/team/name`, with that name.
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
    /// What was granted on it to people.
    pub grants: BTreeMap<UserId, PermissionSet>,
    /// What was granted on it to groups.
    pub groups: BTreeMap<GroupId, PermissionSet>,
}

impl App {
    /// What somebody holds on it through groups, which have these people.
    pub(crate) fn through_groups(&self, groups: &BTreeMap<GroupId, BTreeSet<UserId>>, user: UserId) -> PermissionSet {
        let own =
            self.groups.iter().filter(|(group, _)| groups.get(group).is_some_and(|people| people.contains(&user)));
        own.fold(PermissionSet::EMPTY, |held, (_, granted)| held.union(*granted))
    }
}

/// A team that becomes a group.
struct Gathered<'o> {
    from: &'o Team,
    people: Vec<(&'o String, UserId)>,
    /// Whether it gives somebody something that their role does not.
    is_needed: bool,
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
        groups: BTreeMap::new(),
        apps: Vec::new(),
        alone: 0,
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
            let groups = loaded.gather(admin, team, organisation);
            let mut created = Vec::new();
            for (repository, access) in &organisation.repositories {
                if let Some(app) = loaded.create(admin, team, (&organisation.name, repository), &groups) {
                    created.push((app, repository, access));
                }
            }
            loaded.put_in(admin, organisation, groups);
            for (app, repository, access) in created {
                loaded.grant(admin, app, &format!("{}/{repository}", organisation.name), access);
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

    /// Makes a group of each team that has somebody with a role, those first that give something that the role does not.
    fn gather<'o>(
        &mut self,
        admin: Actor,
        team: TeamId,
        organisation: &'o Organisation,
    ) -> Vec<(GroupId, Gathered<'o>)> {
        let mut gathered: Vec<_> = organisation.teams.iter().map(|from| self.with_roles(team, from)).collect();
        gathered.retain(|gathered| !gathered.people.is_empty());
        gathered.sort_by_key(|gathered| !gathered.is_needed);
        let made = gathered.into_iter().filter_map(|gathered| {
            let name = &gathered.from.name;
            let there = format!("{}/team/{name}", organisation.name);
            let free = |name: &GroupName| self.store.group_by_name(admin, team, *name).is_err();
            let here = fitting("team", name, free)?;
            let made = self.store.create_group(admin, team, here);
            let id = self.accepted(made, || format!("group {there}"))?;
            if here != name.as_str() {
                self.renamed.push((there, here.to_string()));
            }
            Some((id, gathered))
        });
        made.collect()
    }

    /// The people of a team who have a role.
    fn with_roles<'o>(&self, team: TeamId, from: &'o Team) -> Gathered<'o> {
        let people = from.people.iter().filter_map(|login| Some((login, *self.people.get(login)?)));
        let role = |user| self.roles.get(&(team, user)).copied();
        let people: Vec<_> = people.filter_map(|(login, user)| Some((login, user, role(user)?))).collect();
        // What an admin is granted sleeps.
        let is_for_members = people.iter().any(|(.., role)| *role != TeamRole::Admin);
        let gives = from.repositories.values().any(|access| !is_by_role(TeamRole::Member, *access));
        let people = people.into_iter().map(|(login, user, _)| (login, user)).collect();
        Gathered { from, people, is_needed: is_for_members && gives }
    }

    /// Creates the app of a repository, and grants the groups what their teams give. Nobody is in a group yet: who is could not
    /// grant it anything (GRP-2).
    fn create(
        &mut self,
        admin: Actor,
        team: TeamId,
        (organisation, name): (&str, &str),
        groups: &[(GroupId, Gathered<'_>)],
    ) -> Option<App> {
        let repository = format!("{organisation}/{name}");
        let free = |name: &AppName| self.store.app_by_name(self.operator, *name).is_err();
        let here = fitting("repo", name, free)?;
        let id = self.store.create_app(admin, NewApp::in_team(team).named(here));
        let id = self.accepted(id, || format!("app {repository}"))?;
        if here != name {
            self.renamed.push((repository.clone(), here.to_string()));
        }
        let mut app = App { id, team, grants: BTreeMap::new(), groups: BTreeMap::new() };
        for (group, Gathered { from, .. }) in groups.iter().filter(|(_, gathered)| gathered.is_needed) {
            let access = from.repositories.get(name).copied().unwrap_or_default();
            if is_by_role(TeamRole::Member, access) {
                continue;
            }
            let granted = self.store.grant_group_permissions(admin, id, *group, access.permissions());
            if self.accepted(granted, || format!("team {} on {repository}", from.name)).is_some() {
                app.groups.insert(*group, access.permissions());
            }
        }
        Some(app)
    }

    /// Puts people into the groups of their teams.
    fn put_in(&mut self, admin: Actor, organisation: &Organisation, groups: Vec<(GroupId, Gathered<'_>)>) {
        for (id, Gathered { from, people, .. }) in groups {
            let mut members = BTreeSet::new();
            for (login, user) in people {
                let added = self.store.add_group_member(admin, id, user);
                if self.accepted(added, || format!("{login} in team {} of {}", from.name, organisation.name)).is_some()
                {
                    members.insert(user);
                }
            }
            self.groups.insert(id, members);
        }
    }

    /// Grants everybody what neither their role nor their groups give.
    fn grant(&mut self, admin: Actor, mut app: App, repository: &str, access: &BTreeMap<String, Access>) {
        for (login, access) in access {
            let Some(user) = self.people.get(login).copied() else { continue };
            let permissions = access.permissions();
            if permissions.is_empty() {
                continue;
            }
            if self.roles.get(&(app.team, user)).is_some_and(|role| is_by_role(*role, *access)) {
                self.by_role += 1;
                continue;
            }
            self.alone += 1;
            if app.through_groups(&self.groups, user).contains_all(permissions) {
                continue;
            }
            let granted = self.store.grant_permissions(admin, app.id, user, permissions);
            if self.accepted(granted, || format!("{login} on {repository}")).is_some() {
                app.grants.insert(user, permissions);
            }
        }
        self.apps.push(app);
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

/// Whether somebody with the role has this already.
fn is_by_role(role: TeamRole, access: Access) -> bool {
    let held = match role {
        TeamRole::Admin => PermissionSet::ALL,
        TeamRole::Member | TeamRole::Viewer => PermissionSet::VIEW,
        TeamRole::Custom(_) => PermissionSet::EMPTY,
    };
    held.contains_all(access.permissions())
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
