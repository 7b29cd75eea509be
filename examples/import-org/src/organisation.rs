use std::collections::{BTreeMap, BTreeSet};

use enterprise_teams::{Permission, PermissionSet};
use serde::Deserialize;

/// What was read, in whichever format.
#[derive(Debug, Default)]
pub struct Reading {
    /// The organisations.
    pub organisations: Vec<Organisation>,
    /// Everybody by login, with the e-mail if there is one.
    pub people: BTreeMap<String, Option<String>>,
    /// How many teams there were, with child teams.
    pub teams: usize,
    /// What was passed over, and why.
    pub skipped: Vec<String>,
}

/// An organisation: who is in it, and who has which access to its repositories. Logins and names of repositories are in lower
/// case.
#[derive(Debug, Default)]
pub struct Organisation {
    /// The name.
    pub name: String,
    /// Its owners.
    pub admins: BTreeSet<String>,
    /// Everybody else in it.
    pub members: BTreeSet<String>,
    /// For each repository who has access, and the strongest that they have.
    pub repositories: BTreeMap<String, BTreeMap<String, Access>>,
    /// Its teams. What they give stands in `repositories` already.
    pub teams: Vec<Team>,
}

/// A team of an organisation: whom it has, those of its child teams included, and what it gives them.
#[derive(Debug, Default)]
pub struct Team {
    /// The name, in lower case.
    pub name: String,
    /// Its people.
    pub people: BTreeSet<String>,
    /// The repositories to which it gives access.
    pub repositories: BTreeMap<String, Access>,
}

impl Team {
    /// Gives its people access to a repository, unless it gives a stronger one.
    pub(crate) fn give(&mut self, repository: &str, access: Access) {
        let held = self.repositories.entry(folded(repository)).or_default();
        *held = access.max(*held);
    }
}

impl Organisation {
    /// With these people; whoever is among the admins too is an admin.
    pub(crate) fn new<'a>(
        name: &str,
        admins: impl IntoIterator<Item = &'a String>,
        members: impl IntoIterator<Item = &'a String>,
    ) -> Self {
        let admins: BTreeSet<String> = admins.into_iter().map(|login| folded(login)).collect();
        let members = members.into_iter().map(|login| folded(login)).filter(|login| !admins.contains(login)).collect();
        Self { name: folded(name), admins, members, ..Self::default() }
    }

    /// The repository, if only by its name.
    pub(crate) fn repository(&mut self, name: &str) -> &mut BTreeMap<String, Access> {
        self.repositories.entry(folded(name)).or_default()
    }

    /// Gives somebody access to a repository, unless they have a stronger one.
    pub(crate) fn give(&mut self, repository: &str, login: &str, access: Access) {
        let held = self.repository(repository).entry(folded(login)).or_default();
        *held = access.max(*held);
    }

    /// Everybody who is in it or has access to something of it.
    pub(crate) fn people(&self) -> impl Iterator<Item = &String> {
        self.admins.iter().chain(&self.members).chain(self.repositories.values().flat_map(BTreeMap::keys))
    }
}

/// As GitHub compares logins and the names of organisations and repositories.
pub(crate) fn folded(name: &str) -> String {
    name.to_lowercase()
}

/// What GitHub lets somebody do with a repository, the weakest first: each contains the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Access {
    /// Nothing.
    #[default]
    None,
    /// Read the code.
    Read,
    /// Besides, sort issues and pull requests.
    Triage,
    /// Besides, push code.
    Write,
    /// Besides, run the repository: its settings, short of what is dangerous.
    Maintain,
    /// Everything, who may do what included.
    Admin,
}

impl Access {
    /// The permissions on the app that stand for it, each set containing the one before: read and triage `view`, since an app
    /// has no issues to sort; write `deploy` besides; maintain `operate` besides; admin all four.
    #[must_use]
    pub fn permissions(self) -> PermissionSet {
        match self {
            Self::None => PermissionSet::EMPTY,
            Self::Read | Self::Triage => PermissionSet::VIEW,
            Self::Write => Permission::View | Permission::Deploy,
            Self::Maintain => PermissionSet::WORK,
            Self::Admin => PermissionSet::ALL,
        }
    }
}
