//! Addresses of pages.

use enterprise_teams::{
    AccountId, Actor, AppId, GroupId, Owner, PipelineId, RoleId, SpaceId, TeamId, TeamStore,
    event::Event,
    names::{AccountName, AppName, SpaceName, TeamName},
};
use enterprise_teams_platform_api::find;

use super::visit::{Visit, address};

pub(super) const HOME: &str = "/dashboard";
pub(super) const PERSONAL: &str = "/dashboard/personal/apps";

pub(super) fn team(name: TeamName) -> String {
    format!("/dashboard/teams/{name}")
}

pub(super) fn app(name: AppName) -> String {
    format!("/dashboard/apps/{name}")
}

pub(super) fn group(of: TeamName, id: GroupId) -> String {
    format!("{}/access/groups/{id}", team(of))
}

pub(super) fn role(of: TeamName, id: RoleId) -> String {
    format!("{}/access/roles/{id}", team(of))
}

pub(super) fn space(name: SpaceName) -> String {
    format!("/dashboard/spaces/{name}")
}

pub(super) fn pipeline(id: PipelineId) -> String {
    format!("/dashboard/pipelines/{id}")
}

pub(super) fn account(name: AccountName) -> String {
    format!("/dashboard/accounts/{name}")
}

/// The apps of an owner.
pub(super) fn apps_of(store: &TeamStore, actor: Actor, owner: Owner) -> String {
    match owner {
        Owner::User(_) => PERSONAL.to_owned(),
        Owner::Team(id) => tab_of(store, actor, id, "/apps"),
    }
}

/// A tab of a team, for whoever gets in; others come home.
fn tab_of(store: &TeamStore, actor: Actor, id: TeamId, tab: &str) -> String {
    find::own_team(store, actor, id).map_or(HOME.to_owned(), |found| format!("{}{tab}", team(found.name())))
}

/// The thing that a page is of, and what it is in.
#[derive(Clone, Copy)]
pub(super) enum Subject {
    Team(TeamId),
    App(AppId, Owner),
    Space(SpaceId, TeamId),
    Pipeline(PipelineId, Owner),
    Account(AccountId),
}

impl Subject {
    /// By a part of a route, and what stands there.
    pub(super) fn find(store: &TeamStore, actor: Actor, kind: &str, text: &str) -> Option<Self> {
        match kind {
            "team" => find::team(store, actor, text).ok().map(Self::Team),
            "app" => {
                let app = store.app(actor, find::app(store, actor, text).ok()?).ok()?;
                Some(Self::App(app.id(), app.owner()))
            }
            "space" => {
                let space = store.space(actor, find::space(store, actor, text).ok()?).ok()?;
                Some(Self::Space(space.id(), space.team()))
            }
            "pipeline" => {
                let pipeline = store.pipeline(actor, find::pipeline(store, actor, text).ok()?).ok()?;
                Some(Self::Pipeline(pipeline.id(), pipeline.owner()))
            }
            "account" => find::account(store, actor, text).ok().map(Self::Account),
            _ => None,
        }
    }

    /// Its page, if this person still sees it.
    fn page(self, store: &TeamStore, actor: Actor) -> Option<String> {
        match self {
            Self::Team(id) => Some(team(find::own_team(store, actor, id).ok()?.name())),
            Self::App(id, _) => Some(app(store.app(actor, id).ok()?.name())),
            Self::Space(id, _) => Some(space(store.space(actor, id).ok()?.name())),
            Self::Pipeline(id, _) => Some(pipeline(store.pipeline(actor, id).ok()?.id())),
            Self::Account(id) => Some(account(store.account(actor, id).ok()?.name())),
        }
    }

    /// Where to go when it is gone.
    fn above(self, store: &TeamStore, actor: Actor) -> String {
        match self {
            Self::Team(_) | Self::Account(_) => HOME.to_owned(),
            Self::App(_, owner) | Self::Pipeline(_, owner) => apps_of(store, actor, owner),
            Self::Space(_, id) => tab_of(store, actor, id, "/spaces"),
        }
    }
}

/// Where somebody sees what was done on a page: there, under the present name of what the page is of; if that is gone, above it.
pub(super) fn after(store: &TeamStore, visit: &Visit, subject: Option<Subject>) -> String {
    let actor = visit.visitor.actor;
    match subject {
        None => address(visit.path(), asked(visit)),
        Some(subject) => match subject.page(store, actor) {
            Some(page) if is_there(store, visit, subject) => address(&format!("{page}{}", visit.tail()), asked(visit)),
            // What was asked for is of the page that is no more.
            Some(page) => format!("{page}{}", visit.tail().rsplit_once('/').map_or("", |(before, _)| before)),
            None => subject.above(store, actor),
        },
    }
}

/// Which part of a list was seen.
fn asked(visit: &Visit) -> impl Iterator<Item = (&str, &str)> {
    let kept = ["filter", "kind", "role", "sign-in", "ends", "days", "holding", "from", "month", "after"];
    visit.query.0.iter().filter(move |(name, _)| kept.contains(&&**name)).map(|(name, value)| (&**name, &**value))
}

/// Whether that is still there which the last step of the path names, if it names somebody or something.
fn is_there(store: &TeamStore, visit: &Visit, subject: Subject) -> bool {
    let actor = visit.visitor.actor;
    let user = || find::user(store, actor, visit.param("user"));
    match (subject, visit.param("user"), visit.param("team")) {
        (Subject::Team(team), "", _) => {
            let (group, role) = (visit.param("group"), visit.param("role"));
            (group.is_empty() || find::group(store, actor, team, group).is_ok())
                && (role.is_empty() || find::role(store, actor, team, role).is_ok())
        }
        (Subject::Account(_), "", "") => true,
        (Subject::Team(team), ..) => user().is_ok_and(|user| store.access_entry(actor, team, user).is_ok()),
        (Subject::Account(_), "", team) => find::team(store, actor, team).is_ok(),
        (Subject::Account(account), ..) => user().is_ok_and(|user| store.account_member(actor, account, user).is_ok()),
        (Subject::App(..) | Subject::Space(..) | Subject::Pipeline(..), ..) => true,
    }
}

/// The page of what an event has made.
pub(super) fn made(store: &TeamStore, actor: Actor, event: &Event) -> Option<String> {
    match event {
        Event::AppCreated { created } => Some(app(store.app(actor, created.app.id()).ok()?.name())),
        Event::PipelineCreated { pipeline: made } => Some(pipeline(made.id())),
        Event::SpaceCreated { space: made } => Some(space(made.name())),
        Event::GroupCreated { group: made } => Some(group(store.team_name(actor, made.team()).ok()?, made.id())),
        Event::RoleCreated { role: made } => Some(role(store.team_name(actor, made.team()).ok()?, made.id())),
        Event::TeamProvisioned { team: made, .. } => Some(format!("{}/apps", team(made.name()))),
        _ => None,
    }
}
