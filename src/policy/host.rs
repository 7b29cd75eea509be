//! A host's own actions on apps.

use core::fmt;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{AppAction, Capability};
use crate::names::{ActionName, ParseError};
use crate::permission::{Permission, PermissionSet};

/// How many actions of its own a host names at most.
pub const HOST_ACTIONS_MAX: usize = 256;

/// An action on an app: of the published table, or of the host's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnyAppAction {
    /// Of the published table.
    Published(AppAction),
    /// Of the host's own: [`HostActions`].
    Host(ActionName),
}

impl From<AppAction> for AnyAppAction {
    fn from(action: AppAction) -> Self {
        Self::Published(action)
    }
}

impl From<ActionName> for AnyAppAction {
    fn from(action: ActionName) -> Self {
        Self::Host(action)
    }
}

impl fmt::Display for AnyAppAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Published(action) => write!(f, "{action}"),
            Self::Host(action) => write!(f, "{action}"),
        }
    }
}

/// A host's own actions on apps, and the permissions any one of which allows each (PERM-9): asked and exported like those of the
/// published table.
///
/// ```
/// use enterprise_teams::{
///     PageRequest, Permission, demo::Demo, names::ActionName, policy::HostActions,
/// };
///
/// let Demo { mut store, operator, ada, joe, website, .. } = Demo::new()?;
/// let mut options = store.settings().options.clone();
/// options.host_actions =
///     HostActions::new([("rotate-password".parse()?, Permission::Operate.into())])?;
/// store.change_settings(operator, options)?;
///
/// let rotate: ActionName = "rotate-password".parse()?;
/// assert!(!store.can(joe, rotate, website));
/// let named = store.settings().options.host_actions.named("rotate-password")?;
/// assert!(
///     store.who_can(ada, named, website, &PageRequest::first(10)?)?.items.len() > 0
/// );
/// assert_eq!(
///     store.check(joe, rotate, website).unwrap_err().code(),
///     "host-action-needs-permission"
/// );
/// # Ok::<(), enterprise_teams::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<(ActionName, PermissionSet)>", into = "Vec<(ActionName, PermissionSet)>")]
pub struct HostActions(BTreeMap<ActionName, PermissionSet>);

/// What is wrong with a host's own actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum HostActionError {
    /// An action is named twice.
    #[error("`{action}` is named twice")]
    Twice {
        /// Which.
        action: ActionName,
    },
    /// The name is that of a published action or capability, or of a relation or a group of the exports.
    #[error("`{action}` is a name of the published tables or of the exports")]
    Taken {
        /// Which.
        action: ActionName,
    },
    /// No permission allows the action.
    #[error("no permission allows `{action}`")]
    NoPermission {
        /// Which.
        action: ActionName,
    },
    /// They are more than [`HOST_ACTIONS_MAX`].
    #[error("they are more than {max}")]
    TooMany {
        /// How many may be.
        max: usize,
    },
}

impl HostActions {
    /// These actions, each with the permissions any one of which allows it.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn new(actions: impl IntoIterator<Item = (ActionName, PermissionSet)>) -> Result<Self, HostActionError> {
        let mut named = BTreeMap::new();
        for (action, any_of) in actions {
            ensure(!is_taken(action.as_str()), HostActionError::Taken { action })?;
            ensure(!any_of.is_empty(), HostActionError::NoPermission { action })?;
            ensure(named.insert(action, any_of).is_none(), HostActionError::Twice { action })?;
            ensure(named.len() <= HOST_ACTIONS_MAX, HostActionError::TooMany { max: HOST_ACTIONS_MAX })?;
        }
        Ok(Self(named))
    }

    /// The permissions any one of which allows the action; `None` for one that is not named.
    #[must_use]
    pub fn any_of(&self, action: ActionName) -> Option<PermissionSet> {
        self.0.get(&action).copied()
    }

    /// The action of this name: one of these, or of the published table.
    ///
    /// # Errors
    /// What [`AppAction`] says of a text that is none.
    pub fn named(&self, name: &str) -> Result<AnyAppAction, ParseError> {
        match name.parse().ok().filter(|own| self.0.contains_key(own)) {
            Some(own) => Ok(AnyAppAction::Host(own)),
            None => name.parse().map(AnyAppAction::Published),
        }
    }

    /// Every action on apps: those of the published table, in its order, then these, by name.
    pub fn with_published(&self) -> impl Iterator<Item = AnyAppAction> {
        AppAction::ALL
            .iter()
            .copied()
            .map(AnyAppAction::Published)
            .chain(self.0.keys().copied().map(AnyAppAction::Host))
    }

    /// The actions, by name.
    pub fn iter(&self) -> impl Iterator<Item = (ActionName, PermissionSet)> {
        self.0.iter().map(|(action, any_of)| (*action, *any_of))
    }
}

fn ensure(holds: bool, otherwise: HostActionError) -> Result<(), HostActionError> {
    if holds { Ok(()) } else { Err(otherwise) }
}

/// Whether the exports have the name for something else.
fn is_taken(name: &str) -> bool {
    let words = ["owner", "team", "unlocked", "locked", "operator", "added", "kept-out"];
    let groups = ["granted-", "for-", "enterprise-", "standard-"];
    words.contains(&name)
        || groups.iter().any(|group| name.starts_with(group))
        || Permission::ALL.iter().any(|one| one.code() == name)
        || AppAction::ALL.iter().any(|one| one.code() == name)
        || Capability::ALL.iter().any(|one| one.code() == name)
}

impl From<HostActions> for Vec<(ActionName, PermissionSet)> {
    fn from(actions: HostActions) -> Self {
        actions.0.into_iter().collect()
    }
}

/// One set has one written form: in order, each name once.
impl TryFrom<Vec<(ActionName, PermissionSet)>> for HostActions {
    type Error = String;

    fn try_from(actions: Vec<(ActionName, PermissionSet)>) -> Result<Self, String> {
        if !actions.is_sorted_by_key(|(name, _)| *name) {
            return Err("the host's actions are not in order".to_owned());
        }
        Self::new(actions).map_err(|error| error.to_string())
    }
}
