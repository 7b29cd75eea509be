//! Add-ons, and the services and plans that can be had.

use chrono::{DateTime, Utc};
use enterprise_teams::{
    self as domain, Actor, AppId, AppName, Error, Page, PageRequest, TeamId, TeamStore, UserId, entity,
    ids::AddOnId,
    names::ServiceName,
    query::{AppFilter, Resource, VisibleApp},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{EntityKind, Fault, GENERATION, Named, Thing, made_id};

/// What can be installed: service, plan, and cents a month. The first plan of a service is its default. The store takes whatever
/// plan and price its host gives; these are what this platform has.
const CATALOGUE: [(&str, &[(&str, u32)]); 4] = [
    ("heroku-postgresql", &[("essential-0", 500), ("essential-1", 900), ("standard-0", 5_000), ("premium-0", 20_000)]),
    ("heroku-redis", &[("mini", 300), ("premium-0", 1_500), ("premium-1", 3_000)]),
    ("papertrail", &[("choklad", 0), ("fixa", 700)]),
    ("scheduler", &[("standard", 0)]),
];

/// An add-on of an app. It is provisioned as soon as it is there; what its provider would tell is empty. Its name is made from
/// the service and the id, and the app is billed for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct AddOn {
    pub actions: [(); 0],
    pub addon_service: Named<Uuid, ServiceName>,
    pub billing_entity: BillingEntity,
    pub app: Named<AppId, AppName>,
    pub billed_price: Option<BilledPrice>,
    pub config_vars: Vec<String>,
    pub created_at: DateTime<Utc>,
    pub id: AddOnId,
    pub name: String,
    pub plan: Named,
    pub provider_id: String,
    pub provision_message: String,
    pub state: AddOnState,
    pub updated_at: DateTime<Utc>,
    pub web_url: Option<String>,
}

/// What is billed for an add-on: its app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct BillingEntity {
    pub id: AppId,
    pub name: AppName,
    #[serde(rename = "type")]
    pub kind: EntityKind,
}

/// The price of an add-on or a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct BilledPrice {
    pub cents: u32,
    pub contract: bool,
    pub unit: String,
}

/// How far an add-on is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AddOnState {
    /// Not there yet.
    Provisioning,
    /// There.
    Provisioned,
    /// Gone.
    Deprovisioned,
}

/// A service that can be installed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct AddOnService {
    pub cli_plugin_name: Option<String>,
    pub created_at: DateTime<Utc>,
    pub human_name: String,
    pub id: Uuid,
    pub name: String,
    pub state: String,
    pub supports_multiple_installations: bool,
    pub supports_sharing: bool,
    pub updated_at: DateTime<Utc>,
    pub supported_generations: Vec<Named>,
}

/// A plan of a service. It is named `SERVICE:PLAN`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, clippy::struct_excessive_bools, reason = "the schema's properties")]
pub struct Plan {
    pub addon_service: Named,
    pub created_at: DateTime<Utc>,
    pub compliance: Option<Vec<String>>,
    pub default: bool,
    pub description: String,
    pub human_name: String,
    pub id: Uuid,
    pub installable_inside_private_network: bool,
    pub installable_outside_private_network: bool,
    pub name: String,
    pub price: BilledPrice,
    pub space_default: bool,
    pub state: String,
    pub updated_at: DateTime<Utc>,
    pub visible: bool,
}

/// The services that can be installed.
#[must_use]
pub fn add_on_services() -> Vec<AddOnService> {
    let service = |(name, _): (&str, _)| AddOnService {
        cli_plugin_name: None,
        created_at: DateTime::UNIX_EPOCH,
        human_name: name.to_owned(),
        id: service_id(name),
        name: name.to_owned(),
        state: "ga".to_owned(),
        supports_multiple_installations: true,
        supports_sharing: false,
        updated_at: DateTime::UNIX_EPOCH,
        supported_generations: vec![Named::known("generation", GENERATION)],
    };
    CATALOGUE.into_iter().map(service).collect()
}

/// A service, by id or name.
///
/// # Errors
/// [`Fault::Missing`].
pub fn add_on_service(identity: &str) -> Result<AddOnService, Fault> {
    let found = add_on_services().into_iter().find(|one| one.name == identity || Ok(one.id) == identity.parse());
    found.ok_or(Fault::Missing(Thing::AddOnService))
}

/// The plans of a service, by the service's id or name.
///
/// # Errors
/// [`Fault::Missing`].
pub fn plans(service: &str) -> Result<Vec<Plan>, Fault> {
    let service = add_on_service(service)?.name;
    Ok(every_plan().filter(|plan| plan.addon_service.name == service).collect())
}

/// A plan, by id or by `SERVICE:PLAN`; a service alone means its default.
///
/// # Errors
/// [`Fault::Missing`].
pub fn plan(identity: &str) -> Result<Plan, Fault> {
    let is_it = |plan: &Plan| {
        plan.name == identity || Ok(plan.id) == identity.parse() || plan.default && plan.addon_service.name == identity
    };
    every_plan().find(is_it).ok_or(Fault::Missing(Thing::Plan))
}

/// A plan of a service, by id, by name, or by `SERVICE:PLAN`.
///
/// # Errors
/// [`Fault::Missing`].
pub fn plan_of(service: &str, identity: &str) -> Result<Plan, Fault> {
    let mut plans = plans(service)?.into_iter();
    let is_it = |plan: &Plan| {
        let short = plan.name.split_once(':').map(|(_, name)| name);
        plan.name == identity || Ok(plan.id) == identity.parse() || short == Some(identity)
    };
    plans.find(is_it).ok_or(Fault::Missing(Thing::Plan))
}

fn every_plan() -> impl Iterator<Item = Plan> {
    CATALOGUE.into_iter().flat_map(|(service, plans)| {
        plans.iter().enumerate().map(move |(place, (name, cents))| {
            let name = format!("{service}:{name}");
            Plan {
                addon_service: Named { id: service_id(service), name: service.to_owned() },
                created_at: DateTime::UNIX_EPOCH,
                compliance: None,
                default: place == 0,
                description: name.clone(),
                human_name: name.clone(),
                id: plan_id(&name),
                installable_inside_private_network: true,
                installable_outside_private_network: true,
                price: price(*cents),
                space_default: place == 0,
                state: "ga".to_owned(),
                updated_at: DateTime::UNIX_EPOCH,
                visible: true,
                name,
            }
        })
    })
}

/// The add-ons of the apps that the actor sees, as far as the actor may list them, by the names of the apps. Those of an app stand
/// together: a page may hold a few more than it should, rather than part them.
///
/// # Errors
/// As [`TeamStore::visible_apps`].
pub fn add_ons_seen(store: &TeamStore, actor: Actor, page: &PageRequest) -> Result<Page<AddOn>, Error> {
    let apps = |page: &PageRequest| store.visible_apps(actor, &AppFilter::default(), page);
    by_app(page, apps, |VisibleApp { app, .. }| Ok(add_ons(store, actor, app.id()).unwrap_or_default()))
}

/// The same for the user whose they are.
///
/// # Errors
/// As [`TeamStore::user`], [`Error::OnlyOwnerListsPersonalApps`], then as [`add_ons_seen`].
pub fn user_add_ons(store: &TeamStore, actor: Actor, user: UserId, page: &PageRequest) -> Result<Page<AddOn>, Error> {
    store.user(actor, user)?;
    if actor.who.user() == Some(user) {
        add_ons_seen(store, actor, page)
    } else {
        Err(Error::OnlyOwnerListsPersonalApps { actor: actor.who, user })
    }
}

/// The add-ons of the apps of a team, by the names of the apps, in pages as those of [`add_ons_seen`]. Visible as
/// [`TeamStore::resources`].
///
/// # Errors
/// As [`TeamStore::resources`].
pub fn team_add_ons(store: &TeamStore, actor: Actor, team: TeamId, page: &PageRequest) -> Result<Page<AddOn>, Error> {
    let resources = |page: &PageRequest| store.resources(actor, team, page);
    by_app(page, resources, |resource| {
        Ok(match resource {
            Resource::App(found) => found.add_ons.iter().map(|add_on| render(found.app, add_on)).collect(),
            Resource::Space(_) => Vec::new(),
        })
    })
}

/// What each of a list has, the list taken one by one until the page is full.
fn by_app<T>(
    page: &PageRequest,
    list: impl Fn(&PageRequest) -> Result<Page<T>, Error>,
    add_ons: impl Fn(T) -> Result<Vec<AddOn>, Error>,
) -> Result<Page<AddOn>, Error> {
    let mut items = Vec::new();
    let mut from = page.cursor().cloned();
    loop {
        let one = PageRequest::first(1)?;
        let Page { items: found, next } = list(&from.map_or(one.clone(), |from| one.after(from)))?;
        for one in found {
            items.extend(add_ons(one)?);
        }
        if next.is_none() || items.len() >= page.size() {
            return Ok(Page { items, next });
        }
        from = next;
    }
}

/// An add-on. Visible as [`TeamStore::add_on`].
///
/// # Errors
/// As [`TeamStore::add_on`].
pub fn add_on(store: &TeamStore, actor: Actor, add_on: AddOnId) -> Result<AddOn, Error> {
    let found = store.add_on(actor, add_on)?;
    Ok(render(store.app(actor, found.app())?, found))
}

/// The add-ons of an app, by service. Visible as [`TeamStore::add_ons`].
///
/// # Errors
/// As [`TeamStore::add_ons`].
pub fn add_ons(store: &TeamStore, actor: Actor, app: AppId) -> Result<Vec<AddOn>, Error> {
    let row = store.app(actor, app)?;
    Ok(store.add_ons(actor, app)?.into_iter().map(|add_on| render(row, add_on)).collect())
}

/// The name of an add-on: from its service and id.
pub(crate) fn add_on_name(add_on: &entity::AddOn) -> String {
    format!("{}-{}", add_on.service(), add_on.id().uuid().simple())
}

fn service_id(name: &str) -> Uuid {
    made_id("add-on service", name)
}

fn plan_id(name: &str) -> Uuid {
    made_id("plan", name)
}

fn price(cents: u32) -> BilledPrice {
    BilledPrice { cents, contract: false, unit: "month".to_owned() }
}

fn render(app: &domain::App, add_on: &entity::AddOn) -> AddOn {
    let (service, plan) = (add_on.service(), add_on.plan());
    let plan_name = format!("{service}:{}", plan.name);
    AddOn {
        actions: [],
        addon_service: Named { id: service_id(service.as_str()), name: service },
        billing_entity: BillingEntity { id: app.id(), name: app.name(), kind: EntityKind::App },
        app: Named { id: app.id(), name: app.name() },
        billed_price: Some(price(plan.price)),
        config_vars: Vec::new(),
        created_at: add_on.installed_at(),
        id: add_on.id(),
        name: add_on_name(add_on),
        plan: Named { id: plan_id(&plan_name), name: plan_name },
        provider_id: add_on.id().to_string(),
        provision_message: String::new(),
        state: AddOnState::Provisioned,
        updated_at: add_on.installed_at(),
        web_url: None,
    }
}
