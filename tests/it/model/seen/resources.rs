//! RES-1 to RES-4, SEC-2: what runs, what may be installed, who people sign in through.

use enterprise_teams::{
    AppAction, AppId, Capability, Error, Owner, TeamId,
    entity::{AddOnControls, IdentityProvider},
    names::ServiceName,
};

use super::super::verdict::{Verdict, refuse_unless};
use super::list::{Key, List};
use super::row::{self, Formation, Installed};
use super::{ActorView, Sight, apps};

impl Sight<'_> {
    pub(super) fn dynos_of(&self, app: AppId) -> Formation {
        let dynos = self.model.dynos.iter().filter(|((of, _), _)| *of == app);
        let mut dynos: Formation = dynos.map(|((_, process), (size, quantity))| (*process, *size, *quantity)).collect();
        dynos.sort_by_key(|(process, ..)| process.to_string());
        dynos
    }

    pub(super) fn add_ons_of(&self, app: AppId) -> Vec<Installed> {
        let add_ons = self.model.add_ons.iter().filter(|(_, one)| one.app == app);
        let mut add_ons: Vec<Installed> = add_ons.map(|(id, one)| (*id, one.clone())).collect();
        add_ons.sort_by_key(|(id, one)| (one.service.to_string(), *id));
        add_ons
    }

    /// By name.
    pub(super) fn apps_of(&self, team: TeamId) -> Vec<row::App> {
        let mut apps = self.app_rows(|app| app.1.owner == Owner::Team(team));
        apps.sort_by_key(|(_, app)| app.name.to_string());
        apps
    }

    fn formation(&self, app: AppId) -> Result<Formation, Error> {
        self.check_app(AppAction::ViewDynos, app)?;
        Ok(self.dynos_of(app))
    }

    fn add_ons(&self, app: AppId) -> Result<Vec<Installed>, Error> {
        self.check_app(AppAction::ListAddOns, app)?;
        Ok(self.add_ons_of(app))
    }

    pub(super) fn resources_open(&self, team: TeamId) -> Verdict {
        self.team_open(team)?;
        refuse_unless(
            self.looks(team, Capability::ViewResources),
            Error::OnlyTeamSeesResources { actor: self.who, team },
        )
    }

    fn resources(&self, team: TeamId) -> Result<List<row::Resource>, Error> {
        self.resources_open(team)?;
        let rows =
            self.apps_of(team).into_iter().map(|app| (app.clone(), self.dynos_of(app.0), self.add_ons_of(app.0)));
        let some = rows.filter(|(_, dynos, add_ons)| !dynos.is_empty() || !add_ons.is_empty());
        let some = some.map(|one| (apps::by_name(&one.0), Ok(one)));
        let spaces = self.model.spaces.iter().filter(|(_, space)| space.team == team);
        let spaces =
            spaces.map(|(id, space)| (Key::Space(space.name.to_string()), Err(Box::new((*id, space.clone())))));
        Ok(List::of_kinds(vec!["app", "space"], some.chain(spaces)))
    }

    fn allowed_add_ons(&self, team: TeamId) -> Result<Vec<ServiceName>, Error> {
        self.check_team(Capability::ViewAddOnAllowlist, team)?;
        let allowed = self.model.allowed.iter().filter(|(of, _)| *of == team);
        let mut allowed: Vec<ServiceName> = allowed.map(|(_, service)| *service).collect();
        allowed.sort_by_key(ToString::to_string);
        Ok(allowed)
    }

    fn add_on_exceptions(&self, team: TeamId) -> Result<Vec<Installed>, Error> {
        self.check_team(Capability::ViewAddOnAllowlist, team)?;
        let controlled = self.model.teams[&team].controls == AddOnControls::On;
        let all = self.apps_of(team).into_iter().flat_map(|(app, _)| self.add_ons_of(app));
        Ok(all.filter(|(_, one)| controlled && !self.model.allowed.contains(&(team, one.service))).collect())
    }

    fn identity_provider(&self, team: TeamId) -> Result<Option<IdentityProvider>, Error> {
        self.check_team(Capability::ViewIdentityProviders, team)?;
        Ok(self.model.providers.get(&team).cloned())
    }
}

pub(super) fn ask(asker: &mut ActorView<'_>) {
    let ActorView { store, actor, sight, .. } = *asker;
    let rows = |add_ons: Vec<&_>| add_ons.into_iter().map(row::add_on).collect::<Vec<Installed>>();
    for app in sight.apps_and_none() {
        let found = || store.formation(actor, app).map(row::formation);
        asker.same(("formation", app), found, || sight.formation(app));
        asker.same(("add_ons", app), || store.add_ons(actor, app).map(rows), || sight.add_ons(app));
    }
    for team in sight.teams_and_none() {
        let found = |page: &_| store.resources(actor, team, page);
        asker.list(("resources", team), found, row::resources, || sight.resources(team));
        let found = || store.allowed_add_ons(actor, team).map(Iterator::collect);
        asker.same(("allowed_add_ons", team), found, || sight.allowed_add_ons(team));
        let found = || store.add_on_exceptions(actor, team).map(rows);
        asker.same(("add_on_exceptions", team), found, || sight.add_on_exceptions(team));
        let found = || store.identity_provider(actor, team).map(Option::<&IdentityProvider>::cloned);
        asker.same(("identity_provider", team), found, || sight.identity_provider(team));
    }
}
