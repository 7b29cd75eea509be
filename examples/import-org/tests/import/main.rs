//! Both formats, from hand-made folders: who holds what afterwards, what was refused, and what cannot be read.

#![cfg(test)]

mod command;
mod groups;
mod large;
mod malformed;
mod names;
mod peribolos;
mod team_repository;

use std::fs;
use std::path::{Path, PathBuf};

use enterprise_teams::chrono::{DateTime, Utc};
use enterprise_teams::{PageRequest, Settings};
use import_org::{Loaded, Reading, load, read};

/// A folder of `tests/data`.
fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

/// A new folder with these files.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    for (file, text) in files {
        let file = folder.join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    folder
}

fn reading(folder: &Path) -> Reading {
    read(folder, "infra-admins").unwrap()
}

fn loaded(reading: &Reading, members_max: u32) -> Loaded {
    load(reading, Settings::from_seed(1), DateTime::<Utc>::UNIX_EPOCH, members_max)
}

/// Who holds what on each app, as the store says: app, e-mail without the domain that is made up, role, permissions.
fn access(Loaded { store, operator, apps, .. }: &Loaded) -> Vec<String> {
    let mut lines = Vec::new();
    for app in apps {
        let name = store.app(*operator, app.id).unwrap().name();
        for entry in store.app_access(*operator, app.id, &PageRequest::default()).unwrap().items {
            let who = entry.user.email().as_str().trim_end_matches("@people.invalid");
            lines.push(format!("{name}: {who}, {}: {}", entry.role.unwrap(), entry.held.permissions));
        }
    }
    lines
}
