//! Apps, and the transfers of personal ones that wait for an answer.

use chrono::{DateTime, Utc};
use enterprise_teams::{
    self as domain, Actor, AppId, AppName, Error, Page, PageRequest, SpaceId, TeamId, TeamName, TeamStore, UserId,
    entity::{Lock, Shield},
    ids::TransferId,
    names::{SpaceName, Stack},
    query::{AppFilter, AppSort},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{GENERATION, Named, Owner, Person, REGION, SPACE_REGION, made_id, rendered, team_name};

/// An app. That it is complete the schema does not say; the command-line client prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct App {
    pub acm: bool,
    pub archived_at: Option<DateTime<Utc>>,
    pub buildpack_provided_description: Option<String>,
    pub build_stack: Named<Uuid, Stack>,
    pub create_status: CreateStatus,
    pub created_at: DateTime<Utc>,
    pub generation: Named,
    pub git_url: String,
    pub id: AppId,
    pub internal_routing: Option<bool>,
    pub maintenance: bool,
    pub name: AppName,
    pub owner: Owner,
    pub organization: Option<Named<TeamId, TeamName>>,
    pub team: Option<Named<TeamId, TeamName>>,
    pub region: Named,
    pub released_at: Option<DateTime<Utc>>,
    pub repo_size: Option<u64>,
    pub slug_size: Option<u64>,
    pub space: Option<SpaceOfApp>,
    pub stack: Named<Uuid, Stack>,
    pub updated_at: DateTime<Utc>,
    pub web_url: Option<String>,
}

/// How far an app is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CreateStatus {
    /// It can be used.
    Complete,
}

/// The space that an app is in, for who sees the space.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct SpaceOfApp {
    pub id: SpaceId,
    pub name: SpaceName,
    pub shield: bool,
}

/// An app, with what concerns its team. `joined` says that the actor owns it, or was put on it or joined it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct TeamApp {
    pub archived_at: Option<DateTime<Utc>>,
    pub buildpack_provided_description: Option<String>,
    pub build_stack: Named<Uuid, Stack>,
    pub created_at: DateTime<Utc>,
    pub git_url: String,
    pub id: AppId,
    pub internal_routing: Option<bool>,
    pub joined: bool,
    pub locked: bool,
    pub maintenance: bool,
    pub name: AppName,
    pub team: Option<Named<TeamId, TeamName>>,
    pub owner: Option<Owner>,
    pub region: Named,
    pub released_at: Option<DateTime<Utc>>,
    pub repo_size: Option<u64>,
    pub slug_size: Option<u64>,
    pub space: Option<Named<SpaceId, SpaceName>>,
    pub stack: Named<Uuid, Stack>,
    pub updated_at: DateTime<Utc>,
    pub web_url: Option<String>,
}

/// The transfer of a personal app to another user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct AppTransfer {
    pub app: Named<AppId, AppName>,
    pub created_at: DateTime<Utc>,
    pub id: TransferId,
    pub owner: Person,
    pub recipient: Person,
    pub state: TransferState,
    pub updated_at: DateTime<Utc>,
}

/// How far a transfer is. The store keeps those that are pending; a host that has one accepted or declined says so itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TransferState {
    /// Waits for the recipient.
    Pending,
    /// The recipient owns the app.
    Accepted,
    /// The owner keeps the app.
    Declined,
}

/// An app. Visible as [`TeamStore::app`].
///
/// # Errors
/// As [`TeamStore::app`].
pub fn app(store: &TeamStore, actor: Actor, app: AppId) -> Result<App, Error> {
    render(store, actor, store.app(actor, app)?)
}

/// Every app that the actor can see, by name.
///
/// # Errors
/// As [`TeamStore::visible_apps`].
pub fn apps(store: &TeamStore, actor: Actor, page: &PageRequest) -> Result<Page<App>, Error> {
    let seen = store.visible_apps(actor, &AppFilter::default(), page)?;
    rendered(seen, |seen| render(store, actor, seen.app))
}

/// The personal apps that a user owns or is on, by name, for that user.
///
/// # Errors
/// As [`TeamStore::user`], [`Error::OnlyOwnerListsPersonalApps`], then as [`TeamStore::visible_apps`].
pub fn personal_apps(store: &TeamStore, actor: Actor, user: UserId, page: &PageRequest) -> Result<Page<App>, Error> {
    store.user(actor, user)?;
    store.apps(actor, user, &AppFilter::default(), AppSort::Name, &PageRequest::first(1)?)?;
    page.pick(
        |page| store.visible_apps(actor, &AppFilter::default(), page),
        |seen| match seen.app.owner() {
            domain::Owner::User(_) => render(store, actor, seen.app).map(Some),
            domain::Owner::Team(_) => Ok(None),
        },
    )
}

/// An app, with what concerns its team. Visible as [`TeamStore::app`].
///
/// # Errors
/// As [`TeamStore::app`].
pub fn team_app(store: &TeamStore, actor: Actor, app: AppId) -> Result<TeamApp, Error> {
    render_for_team(store, actor, store.app(actor, app)?)
}

/// The apps of a team, by name.
///
/// # Errors
/// As [`TeamStore::apps`].
pub fn team_apps(store: &TeamStore, actor: Actor, team: TeamId, page: &PageRequest) -> Result<Page<TeamApp>, Error> {
    let apps = store.apps(actor, team, &AppFilter::default(), AppSort::Name, page)?;
    rendered(apps, |app| render_for_team(store, actor, app))
}

/// The apps of a team that somebody is on, by name.
///
/// # Errors
/// As [`TeamStore::member_apps`].
pub fn member_apps(
    store: &TeamStore,
    actor: Actor,
    team: TeamId,
    user: UserId,
    page: &PageRequest,
) -> Result<Page<TeamApp>, Error> {
    rendered(store.member_apps(actor, team, user, &AppFilter::default(), page)?, |app| {
        render_for_team(store, actor, app)
    })
}

/// Those of the apps that the actor sees, in the order of the ids.
///
/// # Errors
/// [`Error::ActorNotFound`].
pub fn apps_by_id(store: &TeamStore, actor: Actor, apps: &[AppId]) -> Result<Vec<TeamApp>, Error> {
    store.for_actor(actor)?;
    apps.iter().filter_map(|app| store.app(actor, *app).ok()).map(|app| render_for_team(store, actor, app)).collect()
}

/// A pending transfer, for the owner of the app, the recipient and the platform operator.
///
/// # Errors
/// As [`TeamStore::app_transfer`].
pub fn app_transfer(store: &TeamStore, actor: Actor, transfer: TransferId) -> Result<AppTransfer, Error> {
    render_transfer(store, actor, store.app_transfer(actor, transfer)?)
}

/// The pending transfers from or to the actor, by id.
///
/// # Errors
/// As [`TeamStore::pending_transfers`].
pub fn app_transfers(store: &TeamStore, actor: Actor, page: &PageRequest) -> Result<Page<AppTransfer>, Error> {
    rendered(store.pending_transfers(actor, page)?, |transfer| render_transfer(store, actor, transfer))
}

/// Both parties know each other, being on the app.
fn render_transfer(
    store: &TeamStore,
    actor: Actor,
    transfer: &domain::entity::AppTransfer,
) -> Result<AppTransfer, Error> {
    let app = store.app(actor, transfer.app())?;
    Ok(AppTransfer {
        app: Named { id: app.id(), name: app.name() },
        created_at: transfer.requested_at(),
        id: transfer.id(),
        owner: Person::of(store.user(actor, transfer.owner())?),
        recipient: Person::of(store.user(actor, transfer.recipient())?),
        state: TransferState::Pending,
        updated_at: transfer.requested_at(),
    })
}

/// Who owns an app, for who sees it.
pub(crate) fn owner(store: &TeamStore, actor: Actor, app: &domain::App) -> Result<Owner, Error> {
    Ok(match app.owner() {
        domain::Owner::User(user) => Owner::user(store.user(actor, user)?),
        domain::Owner::Team(team) => Owner::team(team, team_name(store, actor, team)?.name),
    })
}

/// The id of a stack.
pub(crate) fn stack_id(stack: Stack) -> Uuid {
    made_id("stack", stack)
}

fn render(store: &TeamStore, actor: Actor, app: &domain::App) -> Result<App, Error> {
    let stack = Named { id: stack_id(app.stack()), name: app.stack() };
    let team = app.owner().team().map(|team| team_name(store, actor, team)).transpose()?;
    let space = app.space().and_then(|space| store.space(actor, space).ok());
    let region = if app.space().is_some() { SPACE_REGION } else { REGION };
    Ok(App {
        acm: false,
        archived_at: None,
        buildpack_provided_description: None,
        build_stack: stack.clone(),
        create_status: CreateStatus::Complete,
        created_at: app.created_at(),
        generation: Named::known("generation", GENERATION),
        git_url: store.git_url(app),
        id: app.id(),
        internal_routing: app.space().map(|_| false),
        maintenance: false,
        name: app.name(),
        owner: owner(store, actor, app)?,
        organization: team.clone(),
        team,
        region: Named::known("region", region),
        released_at: None,
        repo_size: None,
        slug_size: None,
        space: space.map(|space| SpaceOfApp {
            id: space.id(),
            name: space.name(),
            shield: space.shield() == Shield::On,
        }),
        stack,
        updated_at: app.changed_at(),
        web_url: Some(store.web_url(app)),
    })
}

fn render_for_team(store: &TeamStore, actor: Actor, app: &domain::App) -> Result<TeamApp, Error> {
    let held = store.permissions(actor, app.id())?;
    let locked = app.lock() == Lock::Locked;
    let app = render(store, actor, app)?;
    Ok(TeamApp {
        archived_at: app.archived_at,
        buildpack_provided_description: app.buildpack_provided_description,
        build_stack: app.build_stack,
        created_at: app.created_at,
        git_url: app.git_url,
        id: app.id,
        internal_routing: app.internal_routing,
        joined: held.through.is_on_app(),
        locked,
        maintenance: app.maintenance,
        name: app.name,
        team: app.team,
        owner: Some(app.owner),
        region: app.region,
        released_at: app.released_at,
        repo_size: app.repo_size,
        slug_size: app.slug_size,
        space: app.space.map(|space| Named { id: space.id, name: space.name }),
        stack: app.stack,
        updated_at: app.updated_at,
        web_url: app.web_url,
    })
}
