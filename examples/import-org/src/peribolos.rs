//! Organisations as Kubernetes writes them for its tool peribolos, in YAML.
//!
//! An `org.yaml` is one organisation, named after the folder that it is in, or several under `orgs:` by name. A `teams.yaml`
//! in a folder below adds teams to that organisation. Read are `admins`, `members`, `teams` with `maintainers`, `members`,
//! `repos` and child `teams`, `repos` with `collaborators`, and `default_repository_permission`; all else is passed over.
//!
//! People of a child team have the parent's access besides their own team's. A maintainer of a team is one of its people. What
//! `default_repository_permission` gives, each member has on each repository; `none` has no counterpart, since members of an
//! Enterprise Team see every app.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use crate::organisation::{Access, Organisation, Reading, Team, folded};
use crate::{ReadError, entries, text};

/// The team whose people have what `default_repository_permission` gives.
const EVERYBODY: &str = "everybody";

/// An `org.yaml` and the files `teams.yaml` that belong to it.
#[derive(Debug)]
pub struct Files {
    org: PathBuf,
    teams: Vec<PathBuf>,
}

/// An organisation, or several by name.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Org {
    #[serde(deserialize_with = "or_empty")]
    orgs: BTreeMap<String, Org>,
    #[serde(deserialize_with = "or_empty")]
    admins: Vec<String>,
    #[serde(deserialize_with = "or_empty")]
    members: Vec<String>,
    #[serde(deserialize_with = "or_empty")]
    teams: BTreeMap<String, Declared>,
    #[serde(deserialize_with = "or_empty")]
    repos: BTreeMap<String, Repo>,
    #[serde(deserialize_with = "or_empty")]
    default_repository_permission: Access,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Declared {
    #[serde(deserialize_with = "or_empty")]
    maintainers: Vec<String>,
    #[serde(deserialize_with = "or_empty")]
    members: Vec<String>,
    #[serde(deserialize_with = "or_empty")]
    repos: BTreeMap<String, Access>,
    #[serde(deserialize_with = "or_empty")]
    teams: BTreeMap<String, Declared>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Repo {
    #[serde(deserialize_with = "or_empty")]
    collaborators: BTreeMap<String, Access>,
}

#[derive(Deserialize)]
struct Teams {
    #[serde(deserialize_with = "or_empty")]
    teams: BTreeMap<String, Declared>,
}

/// A key without a value is as good as none.
fn or_empty<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// The organisations in a folder and below it, each with its files. Hidden folders and links to folders are not entered.
///
/// # Errors
/// A folder that cannot be read; a `teams.yaml` that belongs to no `org.yaml`.
pub fn files(folder: &Path) -> Result<Vec<Files>, ReadError> {
    let mut found = Vec::new();
    let mut open: Vec<(PathBuf, Option<usize>)> = vec![(folder.to_owned(), None)];
    let mut ownerless = None;
    while let Some((folder, mut owner)) = open.pop() {
        let entries = entries(&folder)?;
        if let Some(org) = entries.iter().find(|path| path.ends_with("org.yaml")) {
            owner = Some(found.len());
            found.push(Files { org: org.clone(), teams: Vec::new() });
        }
        for path in entries.into_iter().rev() {
            if fs::symlink_metadata(&path).is_ok_and(|path| path.is_dir()) {
                open.push((path, owner));
            } else if path.ends_with("teams.yaml") {
                match owner.and_then(|owner| found.get_mut(owner)) {
                    Some(files) => files.teams.push(path),
                    None => ownerless = Some(path),
                }
            }
        }
    }
    match ownerless.filter(|_| !found.is_empty()) {
        Some(path) => Err(ReadError::new(&path, "no org.yaml in this folder or above, so these teams are nobody's")),
        None => Ok(found),
    }
}

/// Reads these organisations.
///
/// # Errors
/// What cannot be read, a team that is in two files, and an organisation that is there twice.
pub fn read(files: &[Files]) -> Result<Reading, ReadError> {
    let mut reading = Reading::default();
    for Files { org: path, teams } in files {
        let mut org: Org = parsed(path)?;
        let mut orgs = std::mem::take(&mut org.orgs);
        if orgs.is_empty() {
            orgs.insert(folder_name(path)?, org);
        }
        for path in teams {
            let added: Teams = parsed(path)?;
            let mut all = orgs.values_mut();
            let (Some(org), None) = (all.next(), all.next()) else {
                return Err(ReadError::new(path, "the org.yaml above has several orgs: whose teams are these?"));
            };
            for (name, team) in added.teams {
                if org.teams.contains_key(&name) {
                    return Err(ReadError::new(path, &format!("team `{name}` is in another file too")));
                }
                org.teams.insert(name, team);
            }
        }
        for (name, org) in &orgs {
            let organisation = organisation(name, org, &mut reading.teams);
            if reading.organisations.iter().any(|other| other.name == organisation.name) {
                return Err(ReadError::new(path, &format!("organisation `{name}` is there twice")));
            }
            reading.people.extend(organisation.people().map(|login| (login.clone(), None)));
            reading.organisations.push(organisation);
        }
    }
    Ok(reading)
}

fn organisation(name: &str, org: &Org, teams: &mut usize) -> Organisation {
    let mut organisation = Organisation::new(name, &org.admins, &org.members);
    for (name, repo) in &org.repos {
        organisation.repository(name);
        for (login, access) in &repo.collaborators {
            organisation.give(name, login, *access);
        }
    }
    for (name, team) in &org.teams {
        *teams += give(&mut organisation, name, team, &[]).0;
    }
    if org.default_repository_permission > Access::Read {
        let repositories: Vec<String> = organisation.repositories.keys().cloned().collect();
        let people = organisation.members.clone();
        for repository in &repositories {
            for member in &people {
                organisation.give(repository, member, org.default_repository_permission);
            }
        }
        let given = repositories.into_iter().map(|name| (name, org.default_repository_permission)).collect();
        organisation.teams.push(Team { name: EVERYBODY.to_owned(), people, repositories: given });
    }
    organisation
}

/// Gives a team's people its access and the parent's, and so on down; tells how many teams these are, and who is in them.
fn give(
    organisation: &mut Organisation,
    name: &str,
    team: &Declared,
    parent: &[(&str, Access)],
) -> (usize, BTreeSet<String>) {
    let own = team.repos.iter().map(|(name, access)| (name.as_str(), *access));
    let repos: Vec<(&str, Access)> = parent.iter().copied().chain(own).collect();
    for (name, access) in &repos {
        organisation.repository(name);
        for login in team.maintainers.iter().chain(&team.members) {
            organisation.give(name, login, *access);
        }
    }
    let people = team.maintainers.iter().chain(&team.members).map(|login| folded(login)).collect();
    let mut group = Team { name: folded(name), people, ..Team::default() };
    for (name, access) in &team.repos {
        group.give(name, *access);
    }
    let mut teams = 1;
    for (name, child) in &team.teams {
        let (more, people) = give(organisation, name, child, &repos);
        teams += more;
        group.people.extend(people);
    }
    let people = group.people.clone();
    organisation.teams.push(group);
    (teams, people)
}

fn parsed<T: DeserializeOwned>(path: &Path) -> Result<T, ReadError> {
    serde_saphyr::from_str(&text(path)?).map_err(|error| ReadError::new(path, &error.without_snippet()))
}

/// The name of the folder that a file is in.
fn folder_name(path: &Path) -> Result<String, ReadError> {
    let folder = fs::canonicalize(path).map_err(|error| ReadError::new(path, &error))?;
    let name = folder.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    name.map(str::to_owned).ok_or_else(|| ReadError::new(path, "the organisation has the folder's name, which is none"))
}
