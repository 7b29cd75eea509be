//! An organisation as large open-source projects write it, in a store of Enterprise Teams.
//!
//! [`read()`] takes a folder in one of two formats: [`peribolos`]'s `org.yaml` and `teams.yaml`, or the TOML files of a
//! [`team_repository`]. [`load()`] makes teams, people, apps and permissions of it, and counts what the rules refuse.
//! [`ask()`] asks everything of everybody, and holds answers and lists against what was loaded.
//!
//! # What becomes what
//!
//! | there | here |
//! |---|---|
//! | organisation | Enterprise Team of 500 members, or as many as the operator says |
//! | its owners (`admins`) | admins; the first one by name is who the team is provisioned for |
//! | its people | members, by name, as many as there is room for |
//! | somebody outside it with access to a repository | collaborator |
//! | repository | app of the team |
//! | team | group of the team, with those of its people, and of its child teams', who are in the organisation |
//! | access of a team to a repository | permissions of the group on the app |
//! | access to a repository, the strongest of all ways | permissions on the app: see [`Access::permissions`] |
//!
//! What a role or a group gives already is not granted again: admins hold everything, members see every app. Somebody outside the
//! organisation has no groups: they are granted what their teams give.
//!
//! Names are compared without regard to case, as GitHub does, and are in lower case here. A person's e-mail is what the files
//! say, or `LOGIN@people.invalid`.
//!
//! The name of an organisation, repository or team that is none of a team, app or group, or is taken, is changed and listed in
//! [`Loaded::renamed`]: each run of other characters than letters and digits becomes one hyphen, none at the ends; `org-`,
//! `repo-` or `team-` comes in front if it would begin with no letter or have less than three characters; it is cut to 30; and while it is
//! taken, `-2`, `-3` and so on end it.

mod ask;
mod load;
mod organisation;
pub mod peribolos;
pub mod team_repository;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub use ask::{Answers, ask};
pub use load::{App, Loaded, Refusal, load};
pub use organisation::{Access, Organisation, Reading, Team};

/// What cannot be read: the file or folder, and what is wrong with it, with the place if it is in the text.
#[derive(Debug, thiserror::Error)]
#[error("{}: {problem}", path.display())]
pub struct ReadError {
    /// The file or folder.
    pub path: PathBuf,
    /// What is wrong.
    pub problem: String,
}

impl ReadError {
    fn new(path: &Path, problem: &(impl ToString + ?Sized)) -> Self {
        Self { path: path.to_owned(), problem: problem.to_string().trim_end().to_owned() }
    }
}

/// Reads a folder, in the format that is recognised from what is in it: a folder `people` is that of a team repository, an
/// `org.yaml` anywhere below is peribolos's. `admins` is the team whose people own the organisations of a team repository.
///
/// # Errors
/// What cannot be read, or does not fit together.
pub fn read(folder: &Path, admins: &str) -> Result<Reading, ReadError> {
    if folder.join("people").is_dir() {
        return team_repository::read(folder, admins);
    }
    match peribolos::files(folder)? {
        files if files.is_empty() => {
            let problem = "no organisation here: neither an org.yaml nor folders people, teams and repos of TOML files";
            Err(ReadError::new(folder, problem))
        }
        files => peribolos::read(&files),
    }
}

/// The entries of a folder, by name, without hidden ones.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, ReadError> {
    let paths = fs::read_dir(folder).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    let mut paths: Vec<PathBuf> = paths.map_err(|error: io::Error| ReadError::new(folder, &error))?;
    paths.retain(|path| path.file_name().is_some_and(|name| !name.as_encoded_bytes().starts_with(b".")));
    paths.sort_unstable();
    Ok(paths)
}

fn text(file: &Path) -> Result<String, ReadError> {
    fs::read_to_string(file).map_err(|error| ReadError::new(file, &error))
}
