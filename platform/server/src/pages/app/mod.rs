//! The pages of an app.

mod access;
mod groups;
mod overview;
mod resources;
mod settings;
mod transfer;

use enterprise_teams::App;
use enterprise_teams_platform_api::{Fault, find};

pub(super) use self::access::{boxes, page as access};
pub(super) use self::overview::page as overview;
pub(super) use self::resources::{change_add_on, page as resources, rescale};
pub(super) use self::settings::page as settings;
pub(super) use self::transfer::{to_named, to_own};

use super::visit::View;

/// The app that the address names.
pub(super) fn named<'v>(view: &View<'v>) -> Result<&'v App, Fault> {
    let app = find::app(view.store, view.actor, view.param("app"))?;
    Ok(view.store.app(view.actor, app)?)
}
