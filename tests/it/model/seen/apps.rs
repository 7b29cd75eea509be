//! APP-10, PERM-11, TRF-5: apps, and who may do what on them.

use enterprise_teams::{
    Access, AppAction, AppId, AppName, Capability, Error, Owner, Permission, Role, SpaceId, UserId,
    entity::{Held, Lock, OwnershipPeriod},
    names::Stack,
    query::{AppFilter, AppSort, EntryKind},
};

use super::super::times::Fact;
use super::super::verdict::{Verdict, refuse_unless};
use super::labelled::Labelled;
use super::list::{Key, List};
use super::people::by_email;
use super::row;
use super::{ActorView, NOBODY, Sight};

/// Which apps, or apps and pipelines.
#[derive(Clone, Copy, Debug)]
pub(super) struct Which {
    part: Option<&'static str>,
    stack: Option<Stack>,
    locked: Option<bool>,
    space: Option<SpaceId>,
    kind: Option<EntryKind>,
    labelled: Labelled,
}

impl Which {
    pub(super) const ALL: Self =
        Self { part: None, stack: None, locked: None, space: None, kind: None, labelled: Labelled::ALL };

    /// Some of every kind, some of several.
    pub(super) fn some(sight: Sight<'_>) -> Vec<Self> {
        let stacks = ["heroku-24", "cedar"].map(|stack| Some(stack.parse().expect("a stack")));
        let spaces = sight.spaces_and_none().into_iter().map(|space| Self { space: Some(space), ..Self::ALL });
        let kinds = [EntryKind::App, EntryKind::Pipeline].map(|kind| Self { kind: Some(kind), ..Self::ALL });
        let parts = ["", "-", "A", "no such name"].map(|part| Self { part: Some(part), ..Self::ALL });
        let several = [
            Self { locked: Some(false), part: Some("1"), stack: stacks[0], ..Self::ALL },
            Self { locked: Some(false), kind: Some(EntryKind::Pipeline), ..Self::ALL },
            Self { part: Some("e"), kind: Some(EntryKind::Pipeline), ..Self::ALL },
            Self { labelled: Labelled::some()[2], locked: Some(false), ..Self::ALL },
        ];
        let stacks = stacks.map(|stack| Self { stack, ..Self::ALL });
        let locks = [true, false].map(|locked| Self { locked: Some(locked), ..Self::ALL });
        spaces.chain(Self::labelled()).chain(kinds).chain(parts).chain(stacks).chain(locks).chain(several).collect()
    }

    pub(super) fn labelled() -> [Self; 4] {
        Labelled::some().map(|labelled| Self { labelled, ..Self::ALL })
    }

    pub(super) fn filter(self) -> AppFilter {
        let mut filter = AppFilter::default();
        filter = self.part.map_or(filter.clone(), |part| filter.containing(part));
        filter = self.stack.map_or(filter.clone(), |stack| filter.stack(stack));
        let lock = |locked| if locked { Lock::Locked } else { Lock::Unlocked };
        filter = self.locked.map_or(filter.clone(), |locked| filter.lock(lock(locked)));
        filter = self.space.map_or(filter.clone(), |space| filter.space(space));
        filter = self.kind.map_or(filter.clone(), |kind| filter.kind(kind));
        self.labelled.add_to(filter, AppFilter::label)
    }

    fn is_part_of(self, name: &str) -> bool {
        self.part.is_none_or(|part| name.contains(&part.to_lowercase()))
    }

    pub(super) fn fits(self, (_, app): &row::App) -> bool {
        self.is_part_of(app.name.as_str())
            && self.stack.is_none_or(|stack| stack == app.stack)
            && self.locked.is_none_or(|locked| locked == app.locked)
            && self.space.is_none_or(|space| Some(space) == app.space)
            && self.kind != Some(EntryKind::Pipeline)
            && self.labelled.fits(&app.labels)
    }

    fn fits_pipeline(self, (_, pipeline): &row::Pipeline) -> bool {
        let of_apps = self.stack.is_some() || self.locked.is_some() || self.space.is_some();
        let fits = self.is_part_of(pipeline.name.as_str()) && self.labelled.fits(&pipeline.labels);
        fits && !of_apps && self.kind != Some(EntryKind::App)
    }
}

pub(super) fn by_name(app: &row::App) -> Key {
    Key::App(app.1.name.to_string())
}

impl Sight<'_> {
    pub(super) fn apps_and_none(&self) -> Vec<AppId> {
        self.model.apps.keys().copied().chain([AppId::from_uuid(NOBODY)]).collect()
    }

    fn owners_and_none(&self) -> Vec<Owner> {
        let teams = self.teams_and_none().into_iter().map(Owner::Team);
        teams.chain(self.users_and_none().into_iter().map(Owner::User)).collect()
    }

    pub(super) fn app_rows(&self, wanted: impl Fn(&row::App) -> bool) -> Vec<row::App> {
        self.model.apps.iter().map(|(id, app)| (*id, app.clone())).filter(|app| wanted(app)).collect()
    }

    /// The app exists, is seen and lets the client in.
    pub(super) fn app_open(&self, app: AppId) -> Verdict {
        self.actor_exists()?;
        self.model.app_exists(app)?;
        let sees = self.held(app).permissions.contains(Permission::View);
        refuse_unless(sees, Error::AppHidden { actor: self.who, app })?;
        self.admitted_to(self.model.apps[&app].owner)
    }

    /// What only the operator and holders of `manage` see of an app.
    pub(super) fn app_managed(&self, app: AppId) -> Verdict {
        self.app_open(app)?;
        let may = self.is_operator() || self.held(app).permissions.contains(Permission::Manage);
        refuse_unless(may, Error::OnlyManagersReadAppAudit { actor: self.who, app })
    }

    pub(super) fn app(&self, app: AppId) -> Result<row::App, Error> {
        self.check_app(AppAction::ViewApp, app)?;
        Ok((app, self.model.apps[&app].clone()))
    }

    fn app_by_name(&self, name: AppName) -> Result<row::App, Error> {
        self.actor_exists()?;
        let app = self.model.apps.iter().find(|(_, app)| app.name == name);
        self.app(*app.ok_or(Error::AppNameNotFound { name })?.0)
    }

    fn ownership_history(&self, app: AppId) -> Result<Vec<OwnershipPeriod>, Error> {
        self.app_managed(app)?;
        let former = self.model.history.iter().filter(|(of, ..)| *of == app);
        let former =
            former.map(|(_, owner, from, until)| OwnershipPeriod { owner: *owner, from: *from, until: Some(*until) });
        let now = &self.model.apps[&app];
        let mut all: Vec<OwnershipPeriod> =
            former.chain([OwnershipPeriod { owner: now.owner, from: now.owned_since, until: None }]).collect();
        all.sort_by_key(|period| period.from);
        Ok(all)
    }

    fn apps_listed(&self, owner: Owner) -> Verdict {
        self.actor_exists()?;
        let (model, actor) = (self.model, self.who);
        match owner {
            Owner::User(user) => {
                model.user_exists(user)?;
                let may = self.is_operator() || actor.user() == Some(user);
                refuse_unless(may, Error::OnlyOwnerListsPersonalApps { actor, user })
            }
            Owner::Team(team) => {
                self.team_open(team)?;
                refuse_unless(self.looks(team, Capability::ViewApps), Error::OnlyTeamListsApps { actor, team })
            }
        }
    }

    fn apps(&self, owner: Owner, which: Which, sort: AppSort) -> Result<List<row::App>, Error> {
        self.apps_listed(owner)?;
        let apps = self.app_rows(|app| app.1.owner == owner && which.fits(app)).into_iter();
        let names = apps.clone().map(|app| (by_name(&app), app));
        let numbers = apps.map(|app| (Key::Number(app.1.number), app));
        Ok(match sort {
            AppSort::Name => List::by("app", names),
            AppSort::NameDescending => List::by("app", names).backwards(),
            AppSort::Oldest => List::by("number", numbers),
            AppSort::Newest => List::by("number", numbers).backwards(),
        })
    }

    fn apps_and_pipelines(&self, owner: Owner, which: Which) -> Result<List<Result<row::App, row::Pipeline>>, Error> {
        self.apps_listed(owner)?;
        let apps = self.app_rows(|app| app.1.owner == owner && which.fits(app)).into_iter();
        let pipelines = self.model.pipelines.iter().map(|(id, pipeline)| (*id, pipeline.clone()));
        let pipelines = pipelines.filter(|one| one.1.owner == owner && which.fits_pipeline(one));
        let apps = apps.map(|app| (Key::Entry(app.1.name.to_string(), app.1.number), Ok(app)));
        let pipelines = pipelines.map(|one| (Key::Entry(one.1.name.to_string(), one.1.number), Err(one)));
        Ok(List::by("entry", apps.chain(pipelines)))
    }

    fn visible_apps(&self, which: Which) -> Result<List<(row::App, Access)>, Error> {
        self.actor_exists()?;
        refuse_unless(!self.is_operator(), Error::OperatorOwnsNoApps {})?;
        let apps = self.app_rows(|app| which.fits(app) && self.check_app(AppAction::ViewApp, app.0).is_ok());
        Ok(List::by("app", apps.into_iter().map(|app| (by_name(&app), (app.clone(), self.held(app.0))))))
    }

    pub(super) fn access_shown(&self, app: AppId) -> Verdict {
        self.app_open(app)?;
        let Some(team) = self.model.team_of(app) else { return Ok(()) };
        if self.held(app).permissions.contains(Permission::Manage) {
            return Ok(());
        }
        self.check_team(Capability::ViewUsers, team)
    }

    /// Everybody who may do this on the app; collaborators are shown who is on it, and nobody else of its team (CAP-2).
    fn who_can(&self, action: AppAction, app: AppId, listed: bool) -> Result<List<row::Listing>, Error> {
        self.access_shown(app)?;
        let team = self.model.team_of(app);
        let seen = |user: UserId| match team {
            Some(team) => self.looks(team, Capability::ViewUsers) || self.model.grants.contains_key(&(app, user)),
            None => true,
        };
        let able = self.model.users.keys().filter(|user| seen(**user)).filter_map(|user| {
            let held = self.held_by(*user, app);
            // SEC-5: whoever lacks the sign-in stays on the list, and may do nothing.
            (listed || self.model.may_enter(*user, team)).then_some(())?;
            Self::allowed(enterprise_teams::ActorKind::User(*user), held, action, app).ok()?;
            let role = team.and_then(|team| self.role_of(*user, team));
            // PERM-6
            let sleeping = self.model.grants.get(&(app, *user)).filter(|_| role == Some(Role::Admin)).copied();
            let granted = self.model.times.get(&Fact::Grant(app, *user)).copied();
            let granted = (granted, self.model.end(Held::Grant { app, user: *user }));
            let role = (role, team.and_then(|team| self.custom_of(*user, team)));
            Some((self.user_row(*user), role, held, sleeping, granted, self.groups_shown(*user, app)))
        });
        Ok(List::by("email", able.map(|one| (by_email(&one.0), one))))
    }
}

/// APP-11, with the usual domains.
fn with_urls(app: row::App) -> (row::App, String, String) {
    let name = app.1.name;
    (app, format!("https://{name}.herokuapp.com/"), format!("https://git.heroku.com/{name}.git"))
}

pub(super) fn ask(asker: &mut ActorView<'_>) {
    let ActorView { store, actor, sight, .. } = *asker;
    let no_app = "no-app".parse().expect("a name");
    for name in sight.model.apps.values().map(|app| app.name).chain([no_app]) {
        let found = || store.app_by_name(actor, name).map(row::app);
        asker.same(("app_by_name", name), found, || sight.app_by_name(name));
    }
    for app in sight.apps_and_none() {
        let found = || store.app(actor, app).map(|app| (row::app(app), store.web_url(app), store.git_url(app)));
        asker.same(("app", app), found, || sight.app(app).map(with_urls));
        asker.same(("ownership_history", app), || store.ownership_history(actor, app), || sight.ownership_history(app));
        let found = |page: &_| store.app_access(actor, app, page);
        asker.list(("app_access", app), found, row::access, || sight.who_can(AppAction::ViewApp, app, true));
        for action in AppAction::ALL.iter().copied() {
            let found = |page: &_| store.who_can(actor, action, app, page);
            asker.whole(("who_can", action, app), found, row::access, || sight.who_can(action, app, false));
        }
    }
    let some = Which::some(sight);
    for owner in sight.owners_and_none() {
        for sort in [AppSort::Name, AppSort::NameDescending, AppSort::Oldest, AppSort::Newest] {
            let filter = AppFilter::default();
            let found = |page: &_| store.apps(actor, owner, &filter, sort, page);
            asker.list(("apps", owner, sort), found, row::app, || sight.apps(owner, Which::ALL, sort));
        }
        for which in some.iter().copied().chain([Which::ALL]) {
            let sort = AppSort::Newest;
            let found = |page: &_| store.apps(actor, owner, &which.filter(), sort, page);
            asker.list(("apps", owner, which), found, row::app, || sight.apps(owner, which, sort));
            let found = |page: &_| store.apps_and_pipelines(actor, owner, &which.filter(), page);
            let expected = || sight.apps_and_pipelines(owner, which);
            asker.list(("apps_and_pipelines", owner, which), found, row::entry, expected);
        }
    }
    for which in some.into_iter().chain([Which::ALL]) {
        let found = |page: &_| store.visible_apps(actor, &which.filter(), page);
        asker.list(("visible_apps", which), found, row::visible, || sight.visible_apps(which));
    }
}
