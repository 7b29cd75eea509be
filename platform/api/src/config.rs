//! Config vars and build packs, of which there are none: no code runs here that would want them.

use enterprise_teams::{Actor, AppAction, AppId, Error, TeamStore};
use serde::{Deserialize, Serialize};

/// The config vars of an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigVars {}

/// The config vars of an app, for who may read them.
///
/// # Errors
/// As [`TeamStore::check`] for [`AppAction::ViewConfig`].
pub fn config_vars(store: &TeamStore, actor: Actor, app: AppId) -> Result<ConfigVars, Error> {
    store.check(actor, AppAction::ViewConfig, app)?;
    Ok(ConfigVars {})
}

/// The build packs of an app. Visible as [`TeamStore::app`].
///
/// # Errors
/// As [`TeamStore::app`].
pub fn buildpack_installations(store: &TeamStore, actor: Actor, app: AppId) -> Result<[(); 0], Error> {
    store.app(actor, app)?;
    Ok([])
}
