//! Organisations as the Rust project's `team` repository writes them, in TOML.
//!
//! `people/*.toml` are people, `teams/*.toml` teams with the people in them, `repos/ORG/*.toml` repositories with the teams and
//! people that have access; what lies deeper is archived, and passed over. Of a team are read `name`, `kind`, `people` with
//! `leads`, `members`, `included-teams` and the `include-…` flags for all members and for leads, and `github` with `orgs` and
//! `extra-teams`. Of a repository are read `org`, `name` and `access`. All else is passed over: alumni, bots, lists, branches.
//!
//! In an organisation are the people of the teams that `github.orgs` puts there. A subteam's people have no access by the team
//! that it is a subteam of. Who owns the organisations these files do not say: the people of the team `infra-admins`, or of
//! another that is named.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::organisation::{self, Access, Organisation, Reading, folded};
use crate::{ReadError, entries, text};

#[derive(Deserialize)]
struct Person {
    github: String,
    email: Option<Address>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected an e-mail in quotes, or `false`")]
enum Address {
    Given(String),
    /// `false`; `true` says nothing.
    Withheld(bool),
}

#[derive(Deserialize)]
struct Team {
    name: String,
    #[serde(default)]
    kind: GroupKind,
    people: People,
    #[serde(default)]
    github: Vec<GitHub>,
}

#[derive(Deserialize, Default, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum GroupKind {
    #[default]
    Team,
    WorkingGroup,
    ProjectGroup,
    #[serde(other)]
    Other,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
#[expect(clippy::struct_excessive_bools, reason = "they are the file's")]
struct People {
    leads: Vec<String>,
    members: Vec<Member>,
    included_teams: Vec<String>,
    include_all_team_members: bool,
    include_team_leads: bool,
    include_wg_leads: bool,
    include_project_group_leads: bool,
    include_all_alumni: bool,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a login, or a table with `github`")]
enum Member {
    Login(String),
    WithRoles { github: String },
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct GitHub {
    orgs: Vec<String>,
    #[serde(default)]
    extra_teams: Vec<String>,
}

#[derive(Deserialize)]
struct Repo {
    org: String,
    name: String,
    #[serde(default)]
    access: Accesses,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Accesses {
    teams: BTreeMap<String, Access>,
    individuals: BTreeMap<String, Access>,
}

/// The teams by name, each with its file.
type Teams = BTreeMap<String, (PathBuf, Team)>;

/// Reads a team repository; `admins` is the team whose people own the organisations.
///
/// Whoever has no file in `people`, and a team without one in `teams`, is passed over and listed in [`Reading::skipped`].
///
/// # Errors
/// What cannot be read, two files for the same person, team or repository, and no team `admins`.
pub fn read(folder: &Path, admins: &str) -> Result<Reading, ReadError> {
    let mut reading = Reading::default();
    for (path, Person { github, email }) in all::<Person>(&folder.join("people"))? {
        let email = match email {
            Some(Address::Given(email)) => Some(email),
            Some(Address::Withheld(true)) => return Err(ReadError::new(&path, "`email = true` says no e-mail")),
            Some(Address::Withheld(false)) | None => None,
        };
        let another = reading.people.insert(folded(&github), email);
        unique(&path, another.is_none(), || format!("`{github}` is in another file too"))?;
    }
    let mut teams = Teams::new();
    for (path, team) in all::<Team>(&folder.join("teams"))? {
        let name = team.name.clone();
        let another = teams.insert(name.clone(), (path.clone(), team));
        unique(&path, another.is_none(), || format!("team `{name}` is in another file too"))?;
    }
    reading.teams = teams.len();
    let mut roll = Roll { teams: &teams, known: &reading.people, skipped: BTreeSet::new() };
    if !teams.contains_key(admins) {
        let problem = format!("no team `{admins}`, whose people own the organisations; is it another one?");
        return Err(ReadError::new(&folder.join("teams"), &problem));
    }
    let owners = roll.people(admins);

    let mut organisations = BTreeMap::new();
    for (name, (_, team)) in &teams {
        for org in team.github.iter().flat_map(|github| &github.orgs) {
            let members: &mut BTreeSet<String> = organisations.entry(folded(org)).or_default();
            members.extend(roll.people_in(name, org));
        }
    }
    let mut repos = Vec::new();
    for org in entries(&folder.join("repos"))?.iter().filter(|path| path.is_dir()) {
        repos.extend(all::<Repo>(org)?);
    }
    for (_, repo) in &repos {
        organisations.entry(folded(&repo.org)).or_default();
    }
    let organisations = organisations.iter().map(|(name, members)| Organisation::new(name, &owners, members));
    reading.organisations = organisations.collect();

    let mut given: BTreeMap<(String, &String), organisation::Team> = BTreeMap::new();
    for (path, repo) in repos {
        let org = folded(&repo.org);
        let Some(organisation) = reading.organisations.iter_mut().find(|one| one.name == org) else { continue };
        let new = !organisation.repositories.contains_key(&folded(&repo.name));
        unique(&path, new, || format!("repository `{}` of `{org}` is in another file too", repo.name))?;
        organisation.repository(&repo.name);
        for (team, access) in &repo.access.teams {
            if !teams.contains_key(team) {
                roll.skip(&path, "team", team, "teams");
            }
            for login in roll.people_in(team, &org) {
                organisation.give(&repo.name, &login, *access);
            }
            if let Some((name, _)) = teams.get_key_value(team) {
                given.entry((org.clone(), name)).or_default().give(&repo.name, *access);
            }
        }
        for (login, access) in &repo.access.individuals {
            if let Some(login) = roll.known(&path, login) {
                organisation.give(&repo.name, &login, *access);
            }
        }
    }
    for (name, (_, team)) in &teams {
        for org in team.github.iter().flat_map(|github| &github.orgs) {
            given.entry((folded(org), name)).or_default();
        }
    }
    for ((org, name), team) in given {
        let people = roll.people_in(name, &org);
        if let Some(organisation) = reading.organisations.iter_mut().find(|one| one.name == org) {
            organisation.teams.push(organisation::Team { name: folded(name), people, ..team });
        }
    }
    reading.skipped = roll.skipped.into_iter().collect();
    Ok(reading)
}

/// Who is in which team.
struct Roll<'a> {
    teams: &'a Teams,
    known: &'a BTreeMap<String, Option<String>>,
    /// A set, since a team is asked for once for each repository.
    skipped: BTreeSet<String>,
}

impl Roll<'_> {
    /// Everybody in a team, through other teams or not.
    fn people(&mut self, team: &str) -> BTreeSet<String> {
        let mut people = BTreeSet::new();
        self.add(team, &mut people, &mut BTreeSet::new());
        people
    }

    /// Everybody whom a team brings into an organisation: its people, and those of teams added for that organisation.
    fn people_in(&mut self, team: &str, org: &str) -> BTreeSet<String> {
        let (mut people, mut seen) = (BTreeSet::new(), BTreeSet::new());
        self.add(team, &mut people, &mut seen);
        let Some((path, team)) = self.teams.get(team) else { return people };
        let here = |github: &&GitHub| github.orgs.iter().any(|one| folded(one) == folded(org));
        for extra in team.github.iter().filter(here).flat_map(|github| &github.extra_teams) {
            self.include(path, extra, &mut people, &mut seen);
        }
        people
    }

    /// Adds the people of a team, unless it was seen already: teams may include each other.
    fn add(&mut self, name: &str, people: &mut BTreeSet<String>, seen: &mut BTreeSet<String>) {
        let teams = self.teams;
        let Some((path, team)) = teams.get(name).filter(|_| seen.insert(name.to_owned())) else { return };
        let with = &team.people;
        let logins = with.members.iter().map(|(Member::Login(login) | Member::WithRoles { github: login })| login);
        for login in logins.chain(&with.leads) {
            people.extend(self.known(path, login));
        }
        for included in &with.included_teams {
            self.include(path, included, people, seen);
        }
        for (other, (path, team)) in teams.iter().filter(|(other, _)| *other != name) {
            if with.include_all_team_members && team.kind == GroupKind::Team && !team.people.include_all_alumni {
                self.add(other, people, seen);
            }
            let leads = match team.kind {
                GroupKind::Team => with.include_team_leads,
                GroupKind::WorkingGroup => with.include_wg_leads,
                GroupKind::ProjectGroup => with.include_project_group_leads,
                GroupKind::Other => false,
            };
            for lead in team.people.leads.iter().filter(|_| leads) {
                people.extend(self.known(path, lead));
            }
        }
    }

    fn include(&mut self, path: &Path, name: &str, people: &mut BTreeSet<String>, seen: &mut BTreeSet<String>) {
        if !self.teams.contains_key(name) {
            self.skip(path, "team", name, "teams");
        }
        self.add(name, people, seen);
    }

    /// The login, if there is a file for it.
    fn known(&mut self, path: &Path, login: &str) -> Option<String> {
        let found = self.known.contains_key(&folded(login));
        if !found {
            self.skip(path, "person", login, "people");
        }
        found.then(|| folded(login))
    }

    fn skip(&mut self, path: &Path, what: &str, name: &str, folder: &str) {
        self.skipped.insert(format!("{}: {what} `{name}` has no file in {folder}", path.display()));
    }
}

/// Every TOML file of a folder, parsed.
fn all<T: DeserializeOwned>(folder: &Path) -> Result<Vec<(PathBuf, T)>, ReadError> {
    let files = entries(folder)?.into_iter().filter(|path| path.extension().is_some_and(|end| end == "toml"));
    let parsed = |path: PathBuf| match toml::from_str(&text(&path)?) {
        Ok(value) => Ok((path, value)),
        Err(error) => Err(ReadError::new(&path, &error)),
    };
    files.map(parsed).collect()
}

fn unique(path: &Path, unique: bool, problem: impl Fn() -> String) -> Result<(), ReadError> {
    if unique { Ok(()) } else { Err(ReadError::new(path, &problem())) }
}
