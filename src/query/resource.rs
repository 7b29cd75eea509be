//! RES-3, RES-4 and SEC-2: what runs, what may be installed, who people sign in through.

use serde::Serialize;

use super::page::{Key, Page, PageRequest, Position, after};
use crate::actor::Actor;
use crate::entity::{AddOn, AddOnControls, App, Dyno, IdentityProvider, Space};
use crate::error::Error;
use crate::guard;
use crate::ids::{AddOnId, AppId, TeamId};
use crate::names::{AppName, ServiceName, SpaceName};
use crate::policy::{AppAction, Capability};
use crate::sort;
use crate::store::TeamStore;

/// The resources of an app (RES-4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AppResources<'s> {
    /// The app.
    pub app: &'s App,
    /// Its dynos, by process type.
    pub dynos: &'s [Dyno],
    /// Its add-ons, by service.
    pub add_ons: Vec<&'s AddOn>,
}

/// An entry of the Resources list (RES-4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resource<'s> {
    /// What an app runs and has installed.
    App(AppResources<'s>),
    /// A space.
    Space(&'s Space),
}

/// The place of an entry in the Resources list: the apps come first.
enum ResourceKey {
    App(AppName),
    Space(SpaceName),
}

impl Key for ResourceKey {
    fn from_cursor(position: &Position) -> Option<Self> {
        match position {
            Position::App(name) => Some(Self::App(*name)),
            Position::Space(name) => Some(Self::Space(*name)),
            _ => None,
        }
    }

    fn into_cursor(self) -> Position {
        match self {
            Self::App(name) => Position::App(name),
            Self::Space(name) => Position::Space(name),
        }
    }
}

/// **Questions about resources** (RES-3, RES-4, SEC-2): what runs, what may be installed, who people sign in through.
impl TeamStore {
    /// The add-ons of an app, by service (RES-2).
    ///
    /// # Errors
    /// As [`check`](Self::check) for [`AppAction::ListAddOns`].
    pub fn add_ons(&self, actor: Actor, app: AppId) -> Result<Vec<&AddOn>, Error> {
        self.app_for(actor, app, AppAction::ListAddOns)?;
        Ok(self.add_ons_by_service(app))
    }

    /// An add-on.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`AddOnNotFound`](Error::AddOnNotFound) (X-2), then as [`check`](Self::check) for
    /// [`AppAction::ListAddOns`] on its app.
    pub fn add_on(&self, actor: Actor, add_on: AddOnId) -> Result<&AddOn, Error> {
        self.caller(actor)?;
        let (found, app) = guard::add_on(self.at(actor.at), add_on)?;
        self.check(actor, AppAction::ListAddOns, app.app.id)?;
        Ok(found)
    }

    /// Every dyno, add-on and space of a team (RES-4): app by app in the order of names, without those that have none, and then the
    /// spaces.
    ///
    /// Visible to admins, members and viewers. A page costs what it holds and what it passes over.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyTeamSeesResources`](Error::OnlyTeamSeesResources) (RES-4),
    /// [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    ///
    /// ```
    /// use enterprise_teams::{PageRequest, demo::Demo, entity::DynoSize, query::Resource};
    ///
    /// let Demo { mut store, joe, vera, acme, website, .. } = Demo::new()?;
    /// store.scale_app(joe, website, "web".parse()?, DynoSize::Standard1X, 2)?;
    /// let page = store.resources(vera, acme, &PageRequest::default())?;
    /// let Resource::App(found) = &page.items[0] else { unreachable!() };
    /// assert_eq!((found.app.name().as_str(), found.dynos[0].quantity), ("acme-website", 2));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn resources(&self, actor: Actor, team: TeamId, page: &PageRequest) -> Result<Page<Resource<'_>>, Error> {
        let caller = self.caller(actor)?;
        let row = guard::team(self.at(actor.at), team)?;
        let refused = Error::OnlyTeamSeesResources { actor: caller.who, team };
        guard::capability(caller, row, Capability::ViewResources, refused)?;
        let (apps_after, spaces_after) = match page.key()? {
            None => (Some(None), None),
            Some(ResourceKey::App(name)) => (Some(Some(name)), None),
            Some(ResourceKey::Space(name)) => (None, Some(name)),
        };
        let apps = apps_after.into_iter().flat_map(|name| row.row.apps.by_name.range(after::<AppName>(name)));
        let apps = apps.filter_map(|(_, app)| self.at(actor.at).apps.get(*app));
        let resources = apps.map(|app| AppResources {
            app: &app.app,
            dynos: app.formation(),
            add_ons: self.add_ons_by_service(app.app.id),
        });
        let used = resources.filter(|one| !one.dynos.is_empty() || !one.add_ons.is_empty()).map(Resource::App);
        let spaces = row.row.spaces.range(after::<SpaceName>(spaces_after));
        let spaces =
            spaces.filter_map(|(_, space)| Some(Resource::Space(&self.at(actor.at).spaces.get(*space)?.space)));
        Ok(page.fill(used.chain(spaces), |one| match one {
            Resource::App(one) => ResourceKey::App(one.app.name),
            Resource::Space(space) => ResourceKey::Space(space.name),
        }))
    }

    /// The services that everybody who may install add-ons installs on a team's apps, by name (RES-3).
    ///
    /// Visible to whoever has [`Capability::ViewAddOnAllowlist`].
    ///
    /// # Errors
    /// As [`check`](Self::check) for [`Capability::ViewAddOnAllowlist`].
    pub fn allowed_add_ons(&self, actor: Actor, team: TeamId) -> Result<impl Iterator<Item = ServiceName>, Error> {
        self.check(actor, Capability::ViewAddOnAllowlist, team)?;
        Ok(guard::team(self.at(actor.at), team)?.row.allowed_add_ons.iter().copied())
    }

    /// With controls on, the add-ons that are installed though they are not allowed, app by app in the order of names (RES-3).
    ///
    /// Visible as [`allowed_add_ons`](Self::allowed_add_ons). Costs what is installed on the team's apps.
    ///
    /// # Errors
    /// As [`check`](Self::check) for [`Capability::ViewAddOnAllowlist`].
    pub fn add_on_exceptions(&self, actor: Actor, team: TeamId) -> Result<Vec<&AddOn>, Error> {
        self.check(actor, Capability::ViewAddOnAllowlist, team)?;
        let row = guard::team(self.at(actor.at), team)?;
        if row.team.add_on_controls == AddOnControls::Off {
            return Ok(Vec::new());
        }
        let apps = row.row.apps.by_name.values().filter_map(|app| self.at(actor.at).apps.get(*app));
        let installed = apps.flat_map(|app| self.add_ons_by_service(app.app.id));
        Ok(installed.filter(|add_on| !row.allowed_add_ons.contains(&add_on.service)).collect())
    }

    /// The identity provider of a team, if it has one (SEC-2).
    ///
    /// Visible to whoever has [`Capability::ViewIdentityProviders`].
    ///
    /// # Errors
    /// As [`check`](Self::check) for [`Capability::ViewIdentityProviders`].
    pub fn identity_provider(&self, actor: Actor, team: TeamId) -> Result<Option<&IdentityProvider>, Error> {
        self.check(actor, Capability::ViewIdentityProviders, team)?;
        Ok(guard::team(self.at(actor.at), team)?.row.identity_provider.as_deref())
    }

    fn add_ons_by_service(&self, app: AppId) -> Vec<&AddOn> {
        let mut add_ons: Vec<&AddOn> = self.state().add_ons_of(app).collect();
        sort::by_key(&mut add_ons, |add_on| add_on.service);
        add_ons
    }
}
