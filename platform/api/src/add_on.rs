//! The add-ons of an app.

use chrono::{DateTime, Utc};
use enterprise_teams::{self as domain, Actor, AppId, AppName, Error, TeamStore, ids::AddOnId, names::ServiceName};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{EntityKind, Named, made_id};

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

/// The price of an add-on.
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

/// The add-ons of an app, by service. Visible as [`TeamStore::add_ons`].
///
/// # Errors
/// As [`TeamStore::add_ons`].
pub fn add_ons(store: &TeamStore, actor: Actor, app: AppId) -> Result<Vec<AddOn>, Error> {
    let row = store.app(actor, app)?;
    Ok(store.add_ons(actor, app)?.into_iter().map(|add_on| render(row, add_on)).collect())
}

fn render(app: &domain::App, add_on: &domain::entity::AddOn) -> AddOn {
    let (service, plan) = (add_on.service(), add_on.plan());
    let plan_name = format!("{service}:{}", plan.name);
    AddOn {
        actions: [],
        addon_service: Named { id: made_id("add-on service", service), name: service },
        billing_entity: BillingEntity { id: app.id(), name: app.name(), kind: EntityKind::App },
        app: Named { id: app.id(), name: app.name() },
        billed_price: Some(BilledPrice { cents: plan.price, contract: false, unit: "month".to_owned() }),
        config_vars: Vec::new(),
        created_at: add_on.installed_at(),
        id: add_on.id(),
        name: format!("{service}-{}", add_on.id().uuid().simple()),
        plan: Named { id: made_id("plan", &plan_name), name: plan_name },
        provider_id: add_on.id().to_string(),
        provision_message: String::new(),
        state: AddOnState::Provisioned,
        updated_at: add_on.installed_at(),
        web_url: None,
    }
}
