//! Requests: what the schema lets a client send, and what else its command-line client sends.
//!
//! An unknown field is refused by the deserializer, and so is a value of the wrong type. Everything else is read as it comes and
//! judged when it is turned into an [`Operation`]: so every problem has the error of its rule. What the platform does not have,
//! other regions, say, or maintenance, is refused by name, never passed over in silence.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use enterprise_teams::{
    AccountId, Actor, AppAction, AppId, Email, Error, NewApp, NewSpace, NewTeam, Operation, Owner, PermissionSet,
    PipelineId, Role, Space, SpaceId, TeamId, TeamRole, TeamStore, UserId,
    entity::{AccountPermission, AddOnControls, Days, Dyno, DynoSize, Month, Plan, Shield},
    ids::{AddOnId, TransferId},
    names::{ProcessType, ServiceName},
    query::PAGE_SIZE_MAX,
    settings::PROCESS_TYPES_MAX,
};
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, forward_to_deserialize_any};
use uuid::Uuid;

use crate::space::CREATE_APPS;
use crate::{
    CIDR, DATA_CIDR, Fault, GENERATION, OwnerKind, REGION, SPACE_REGION, SpaceAppAccess, Thing, TransferState, find,
    plan, release, release_id, stack_id,
};

/// Reads a struct from an object alone: left to itself, it would also take a list of its fields' values.
struct ObjectOnly<D>(D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for ObjectOnly<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

macro_rules! bodies {
    ($($(#[$doc:meta])+ $name:ident { $($(#[$attribute:meta])* $field:ident: $type:ty),* $(,)? })+) => {$(
        $(#[$doc])+
        #[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
        #[serde(deny_unknown_fields, default, remote = "Self")]
        #[expect(missing_docs, reason = "the schema's properties")]
        pub struct $name {
            $($(#[$attribute])* pub $field: $type),*
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::deserialize(ObjectOnly(deserializer))
            }
        }
    )+};
}

bodies! {
    /// `POST /apps`. `feature_flags` are those of the command-line client, which sends them as a text.
    AppCreate {
        name: Option<String>,
        region: Option<String>,
        stack: Option<String>,
        feature_flags: Option<Flags>,
    }

    /// `PATCH /apps/APP`.
    AppUpdate {
        name: Option<String>,
        build_stack: Option<String>,
        maintenance: Option<bool>,
    }

    /// `POST /teams/apps`. Without a team and a space, or with `personal`, the app is the actor's own.
    TeamAppCreate {
        locked: Option<bool>,
        name: Option<String>,
        team: Option<String>,
        personal: Option<bool>,
        region: Option<String>,
        space: Option<String>,
        stack: Option<String>,
        internal_routing: Option<bool>,
    }

    /// `PATCH /teams/apps/APP`: a lock, or an owner.
    TeamAppUpdate {
        locked: Option<bool>,
        owner: Option<String>,
    }

    /// `POST /apps/APP/releases`: something new, or what the app ran before.
    ReleaseCreate {
        description: Option<String>,
        slug: Option<String>,
        oci_image: Option<String>,
        release: Option<String>,
    }

    /// `PATCH /apps/APP/formation`.
    FormationBatchUpdate {
        updates: Option<Vec<FormationUpdate>>,
    }

    /// `PATCH /apps/APP/formation/TYPE`, which says the type, and each of a [`FormationBatchUpdate`], where the body does. The
    /// command-line client sends `size`, and quantities as text.
    FormationUpdate {
        #[serde(rename = "type")]
        kind: Option<String>,
        quantity: Option<Quantity>,
        size: Option<String>,
        dyno_size: Option<NamedSize>,
    }

    /// A size of dynos.
    NamedSize {
        name: Option<String>,
        id: Option<Uuid>,
    }

    /// `POST /apps/APP/addons`.
    AddOnCreate {
        plan: Option<ChosenPlan>,
        name: Option<String>,
        attachment: Option<Attachment>,
        config: Option<BTreeMap<String, String>>,
        confirm: Option<String>,
    }

    /// The name under which an add-on is attached.
    Attachment {
        name: Option<String>,
    }

    /// `PATCH /apps/APP/addons/ADDON`.
    AddOnUpdate {
        plan: Option<ChosenPlan>,
        name: Option<String>,
    }

    /// `POST /actions/addons/resolve`.
    AddOnResolve {
        addon: Option<String>,
        app: Option<String>,
        addon_service: Option<String>,
    }

    /// `POST /apps/APP/collaborators`.
    CollaboratorCreate {
        user: Option<String>,
        silent: Option<bool>,
    }

    /// `POST /teams/apps/APP/collaborators`. Without permissions for the actor it is a request to join.
    TeamAppCollaboratorCreate {
        user: Option<String>,
        permissions: Option<Vec<String>>,
        silent: Option<bool>,
    }

    /// `PATCH /teams/apps/APP/collaborators/USER`.
    TeamAppCollaboratorUpdate {
        permissions: Option<Vec<String>>,
    }

    /// `POST /teams`.
    TeamCreate {
        name: Option<String>,
        address_1: Option<String>,
        address_2: Option<String>,
        card_number: Option<String>,
        city: Option<String>,
        country: Option<String>,
        cvv: Option<String>,
        expiration_month: Option<String>,
        expiration_year: Option<String>,
        first_name: Option<String>,
        last_name: Option<String>,
        other: Option<String>,
        postal_code: Option<String>,
        state: Option<String>,
        nonce: Option<String>,
        device_data: Option<String>,
    }

    /// `POST /enterprise-accounts/ACCOUNT/teams`.
    TeamCreateInAccount {
        name: Option<String>,
    }

    /// `PATCH /teams/TEAM`.
    TeamUpdate {
        name: Option<String>,
        default: Option<bool>,
    }

    /// `PUT`, `POST` and `PATCH /teams/TEAM/members`.
    TeamMemberPut {
        email: Option<String>,
        role: Option<String>,
        federated: Option<bool>,
    }

    /// `PUT /teams/TEAM/invitations`.
    TeamInvitationPut {
        email: Option<String>,
        role: Option<String>,
    }

    /// `PATCH /teams/TEAM/preferences`.
    TeamPreferencesUpdate {
        #[serde(rename = "addons-controls")]
        addons_controls: Option<bool>,
    }

    /// `POST /teams/TEAM/allowed-addon-services`.
    AllowedAddOnServiceCreate {
        addon_service: Option<String>,
    }

    /// `POST /account/app-transfers`.
    AppTransferCreate {
        app: Option<String>,
        recipient: Option<String>,
        silent: Option<bool>,
    }

    /// `PATCH /account/app-transfers/TRANSFER`.
    AppTransferUpdate {
        state: Option<TransferState>,
    }

    /// `POST /filters/apps`.
    FilterApps {
        #[serde(rename = "in")]
        within: AppIds,
    }

    /// The apps of a [`FilterApps`].
    AppIds {
        id: Vec<AppId>,
    }

    /// `POST /spaces`. `features` is the command-line client's.
    SpaceCreate {
        name: Option<String>,
        team: Option<String>,
        region: Option<String>,
        shield: Option<bool>,
        cidr: Option<String>,
        data_cidr: Option<String>,
        log_drain_url: Option<String>,
        generation: Option<String>,
        features: Option<Vec<String>>,
    }

    /// `PATCH /spaces/SPACE`.
    SpaceUpdate {
        name: Option<String>,
    }

    /// `POST /spaces/SPACE/transfer`.
    SpaceTransferCreate {
        new_owner: Option<String>,
    }

    /// `PATCH /spaces/SPACE/members/USER`.
    SpaceAppAccessUpdate {
        permissions: Option<Vec<NamedPermission>>,
    }

    /// A permission in a space.
    NamedPermission {
        name: String,
    }

    /// `POST /pipelines`. `generation` is the command-line client's.
    PipelineCreate {
        name: Option<String>,
        owner: Option<OwnerOfPipeline>,
        generation: Option<NamedGeneration>,
    }

    /// A generation of the platform.
    NamedGeneration {
        name: String,
    }

    /// `PATCH /pipelines/PIPELINE`; the command-line client sends it with `DELETE` too.
    PipelineUpdate {
        name: Option<String>,
    }

    /// `POST /pipeline-couplings`.
    PipelineCouplingCreate {
        app: Option<String>,
        pipeline: Option<String>,
        stage: Option<String>,
    }

    /// `PATCH /pipeline-couplings/COUPLING`.
    PipelineCouplingUpdate {
        stage: Option<String>,
    }

    /// `POST /pipeline-transfers`.
    PipelineTransferCreate {
        pipeline: Option<PipelineById>,
        new_owner: Option<OwnerOfPipeline>,
    }

    /// `POST /pipeline-promotions`.
    PipelinePromotionCreate {
        pipeline: Option<PipelineById>,
        source: Option<PromotedApp>,
        targets: Option<Vec<PromotedApp>>,
    }

    /// An app in a promotion. The release is the one that the app runs, whichever is named.
    PromotedApp {
        app: Option<AppById>,
        release: Option<ReleaseById>,
    }

    /// A pipeline.
    PipelineById {
        id: Option<PipelineId>,
    }

    /// An app.
    AppById {
        id: Option<AppId>,
    }

    /// A release.
    ReleaseById {
        id: Option<Uuid>,
    }

    /// The owner of a pipeline.
    OwnerOfPipeline {
        id: Option<Uuid>,
        #[serde(rename = "type")]
        kind: Option<OwnerKind>,
    }

    /// `PATCH /enterprise-accounts/ACCOUNT`.
    EnterpriseAccountUpdate {
        name: Option<String>,
    }

    /// `POST /enterprise-accounts/ACCOUNT/members`.
    EnterpriseAccountMemberCreate {
        user: Option<String>,
        permissions: Option<Vec<AccountPermission>>,
        federated: Option<bool>,
    }

    /// `PATCH /enterprise-accounts/ACCOUNT/members/USER`.
    EnterpriseAccountMemberUpdate {
        permissions: Option<Vec<AccountPermission>>,
    }

    /// `PATCH /account`.
    AccountUpdate {
        allow_tracking: Option<bool>,
        beta: Option<bool>,
        name: Option<String>,
    }

    /// The range of `GET /teams/TEAM/usage/daily` and `…/monthly`.
    UsageRange {
        start: Option<String>,
        end: Option<String>,
    }
}

/// `PATCH /apps/APP/config-vars`: what is to be set, and what is to be taken away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct ConfigVarsUpdate(BTreeMap<String, Option<String>>);

/// A plan, by id, as `SERVICE:PLAN`, or by its service.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, deny_unknown_fields, expecting = "expected a plan, or an object with its name")]
pub enum ChosenPlan {
    /// As the schema has it.
    Identity(String),
    /// As the command-line client sends it.
    Named {
        /// The plan.
        name: String,
    },
}

/// Features by their names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "expected a text, or a list of texts")]
pub enum Flags {
    /// In one text.
    Text(String),
    /// One by one.
    List(Vec<String>),
}

/// How many dynos: so many, or with a sign so many more or fewer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "expected a number, or a text like `+1`")]
pub enum Quantity {
    /// As many.
    Number(u16),
    /// The same as a text, or a change.
    Text(String),
}

impl AppCreate {
    /// A personal app of the actor.
    ///
    /// # Errors
    /// [`Fault::Field`]; a name or stack that is none.
    pub fn operation(&self) -> Result<Operation, Fault> {
        only("region", self.region.as_deref(), REGION, "can only be `us`")?;
        let flagged = match &self.feature_flags {
            Some(Flags::Text(flags)) => !flags.is_empty(),
            Some(Flags::List(flags)) => !flags.is_empty(),
            None => false,
        };
        refuse("feature_flags", flagged, "are not there")?;
        create(NewApp::personal(), self.name.as_deref(), self.stack.as_deref())
    }
}

impl AppUpdate {
    /// Another name for the app, if one is given.
    ///
    /// # Errors
    /// [`Fault::Field`]; a name that is none; those of [`TeamStore::app`].
    pub fn operation(&self, store: &TeamStore, actor: Actor, app: AppId) -> Result<Option<Operation>, Fault> {
        refuse("maintenance", self.maintenance == Some(true), "cannot be switched on")?;
        let stack = store.app(actor, app)?.stack();
        let is_own = |given: &String| stack == given.as_str() || stack_id(stack).to_string() == *given;
        refuse("build_stack", !self.build_stack.iter().all(is_own), "cannot be changed")?;
        let name = self.name.as_deref().map(str::parse).transpose()?;
        Ok(name.map(|name| Operation::RenameApp { app, name }))
    }
}

impl TeamAppCreate {
    /// An app in a team, in a space, or of the actor.
    ///
    /// # Errors
    /// [`Fault::Field`], [`Fault::Missing`]; a name or stack that is none.
    pub fn operation(&self, store: &TeamStore, actor: Actor) -> Result<Operation, Fault> {
        let team = self.team.as_deref().map(|team| find::team(store, actor, team)).transpose()?;
        let space = self.space.as_deref().map(|space| find::space(store, actor, space)).transpose()?;
        let placed = team.is_some() || space.is_some();
        refuse("personal", self.personal == Some(true) && placed, "goes with neither `team` nor `space`")?;
        refuse("internal_routing", self.internal_routing == Some(true), "cannot be switched on")?;
        let app = match (space, team) {
            (Some(space), team) => {
                let owner = store.space(actor, space)?.team();
                refuse("space", team.is_some_and(|team| team != owner), "belongs to another team")?;
                only("region", self.region.as_deref(), SPACE_REGION, "can only be `virginia`, where the space is")?;
                NewApp::in_space(space)
            }
            (None, team) => {
                only("region", self.region.as_deref(), REGION, "can only be `us`")?;
                team.map_or(NewApp::personal(), NewApp::in_team)
            }
        };
        let app = if self.locked == Some(true) { app.locked() } else { app };
        create(app, self.name.as_deref(), self.stack.as_deref())
    }
}

impl TeamAppUpdate {
    /// Lock, unlock, or another owner, if one of them is asked for.
    ///
    /// # Errors
    /// [`Fault::Field`], [`Fault::Missing`].
    pub fn operation(&self, store: &TeamStore, actor: Actor, app: AppId) -> Result<Option<Operation>, Fault> {
        Ok(match (self.locked, self.owner.as_deref()) {
            (None, None) => None,
            (Some(true), None) => Some(Operation::LockApp { app }),
            (Some(false), None) => Some(Operation::UnlockApp { app }),
            (None, Some(owner)) => Some(Operation::TransferApp { app, to: find::owner(store, actor, app, owner)? }),
            (Some(_), Some(_)) => return Err(Fault::Field { field: "locked", problem: "does not go with `owner`" }),
        })
    }
}

impl ReleaseCreate {
    /// Another release for the app.
    ///
    /// # Errors
    /// [`Fault::Field`], [`Fault::Missing`]; a description that is none; those of [`TeamStore::check`] for
    /// [`AppAction::RollBackRelease`].
    pub fn operation(&self, store: &TeamStore, actor: Actor, app: AppId) -> Result<Operation, Fault> {
        refuse("slug", self.slug.is_some(), "is not there: a release here has a description alone")?;
        refuse("oci_image", self.oci_image.is_some(), "is not there: a release here has a description alone")?;
        let description = match self.release.as_deref() {
            Some(earlier) => {
                refuse("description", self.description.is_some(), "does not go with `release`")?;
                store.check(actor, AppAction::RollBackRelease, app)?;
                format!("Rollback to v{}", release(store, actor, app, earlier)?.version)
            }
            None => self.description.clone().unwrap_or_else(|| "Deploy".to_owned()),
        };
        Ok(Operation::ReleaseApp { app, description: description.parse()? })
    }
}

impl FormationBatchUpdate {
    /// What is asked for, at most one for each process type that there can be.
    ///
    /// # Errors
    /// [`Fault::Field`].
    pub fn updates(&self) -> Result<&[FormationUpdate], Fault> {
        let updates = required("updates", self.updates.as_deref())?;
        refuse("updates", updates.len() > PROCESS_TYPES_MAX, "are for more than 100 process types")?;
        Ok(updates)
    }
}

impl FormationUpdate {
    /// The dynos of a process type as they are to be. What is not said stays; a type that is new has one dyno, of the smallest size
    /// for a team where the app is.
    ///
    /// # Errors
    /// [`Fault::Field`], [`Fault::Missing`]; a process type or a size that is none; those of [`TeamStore::formation`].
    pub fn dynos(&self, store: &TeamStore, actor: Actor, app: AppId, kind: Option<&str>) -> Result<Dyno, Fault> {
        refuse("type", kind.is_some() && self.kind.is_some(), "is said already")?;
        let process: ProcessType = required("type", kind.or(self.kind.as_deref()))?.parse()?;
        let present = store.formation(actor, app)?.iter().find(|dyno| dyno.process == process);
        let quantity = match (&self.quantity, present) {
            (Some(quantity), present) => quantity.after(present.map_or(0, |dyno| dyno.quantity))?,
            (None, Some(present)) => present.quantity,
            (None, None) => return Err(Fault::Missing(Thing::ProcessType)),
        };
        let named = self.dyno_size.as_ref();
        refuse("dyno_size", named.is_some_and(|size| size.id.is_some()), "is chosen by its name")?;
        refuse("dyno_size", named.is_some() && self.size.is_some(), "does not go with `size`")?;
        let size = named.and_then(|size| size.name.as_deref()).or(self.size.as_deref());
        let size = match (size, present) {
            (Some(size), _) => size.to_ascii_lowercase().parse()?,
            (None, Some(present)) => present.size,
            (None, None) => smallest(store, actor, app)?,
        };
        Ok(Dyno { process, size, quantity })
    }
}

/// The smallest size that the app may run, whoever owns it.
fn smallest(store: &TeamStore, actor: Actor, app: AppId) -> Result<DynoSize, Error> {
    let Some(space) = store.app(actor, app)?.space() else { return Ok(DynoSize::Basic) };
    let shielded = store.space(actor, space).map(Space::shield) == Ok(Shield::On);
    Ok(if shielded { DynoSize::ShieldS } else { DynoSize::PrivateS })
}

impl Quantity {
    fn after(&self, present: u16) -> Result<u16, Fault> {
        let text = match self {
            Self::Number(number) => return Ok(*number),
            Self::Text(text) => text.as_str(),
        };
        let change = |text: &str| text.parse::<u16>().ok();
        let quantity = match (text.strip_prefix('+'), text.strip_prefix('-')) {
            (Some(more), _) => change(more).and_then(|more| present.checked_add(more)),
            (_, Some(fewer)) => change(fewer).and_then(|fewer| present.checked_sub(fewer)),
            (None, None) => change(text),
        };
        quantity.ok_or(Fault::Field { field: "quantity", problem: "is no number of dynos" })
    }
}

impl AddOnCreate {
    /// An add-on for the app.
    ///
    /// # Errors
    /// [`Fault::Field`], [`Fault::Missing`].
    pub fn operation(&self, app: AppId) -> Result<Operation, Fault> {
        refuse("name", self.name.is_some(), "cannot be chosen")?;
        let attached = self.attachment.as_ref().is_some_and(|attachment| attachment.name.is_some());
        refuse("attachment", attached, "cannot be named: nothing is attached")?;
        refuse("config", self.config.as_ref().is_some_and(|config| !config.is_empty()), "is taken by no service here")?;
        let (service, plan) = chosen(self.plan.as_ref())?;
        Ok(Operation::InstallAddOn { app, service, plan })
    }
}

impl AddOnUpdate {
    /// Another plan of its service for an add-on.
    ///
    /// # Errors
    /// [`Fault::Field`], [`Fault::Missing`]; those of [`TeamStore::add_on`].
    pub fn operation(&self, store: &TeamStore, actor: Actor, add_on: AddOnId) -> Result<Option<Operation>, Fault> {
        refuse("name", self.name.is_some(), "cannot be changed")?;
        if self.plan.is_none() {
            return Ok(None);
        }
        let (service, plan) = chosen(self.plan.as_ref())?;
        refuse("plan", store.add_on(actor, add_on)?.service() != service, "is of another service")?;
        Ok(Some(Operation::ChangeAddOnPlan { add_on, plan }))
    }
}

impl AddOnResolve {
    /// The add-on that is meant: of the app, if one is named, otherwise of those that the actor may list.
    ///
    /// # Errors
    /// [`Fault::Field`], [`Fault::Missing`]; those of [`TeamStore::add_ons`].
    pub fn add_on(&self, store: &TeamStore, actor: Actor) -> Result<AddOnId, Fault> {
        let identity = required("addon", self.addon.as_deref())?;
        let found = match self.app.as_deref() {
            Some(app) => find::add_on_of(store, actor, find::app(store, actor, app)?, identity),
            None => find::add_on(store, actor, identity),
        }?;
        let service = store.add_on(actor, found)?.service();
        let fits = self.addon_service.as_deref().is_none_or(|wanted| service == wanted);
        fits.then_some(found).ok_or(Fault::Missing(Thing::AddOn))
    }
}

/// The service and the plan that are named.
fn chosen(named: Option<&ChosenPlan>) -> Result<(ServiceName, Plan), Fault> {
    let (ChosenPlan::Identity(identity) | ChosenPlan::Named { name: identity }) = required("plan", named)?;
    let found = plan(identity)?;
    let (service, name) = found.name.split_once(':').ok_or(Fault::Missing(Thing::Plan))?;
    Ok((service.parse()?, Plan { name: name.parse()?, price: found.price.cents }))
}

impl ConfigVarsUpdate {
    /// None can be set; that one is not there is so already.
    ///
    /// # Errors
    /// [`Fault::Field`]; those of [`TeamStore::check`] for [`AppAction::EditConfig`].
    pub fn check(&self, store: &TeamStore, actor: Actor, app: AppId) -> Result<(), Fault> {
        store.check(actor, AppAction::EditConfig, app)?;
        refuse("config_vars", self.0.values().any(Option::is_some), "cannot be set: none are kept here")
    }
}

impl CollaboratorCreate {
    /// Somebody on a personal app, or on one of a Standard team.
    ///
    /// # Errors
    /// [`Fault::Field`], [`Fault::Missing`].
    pub fn operation(&self, store: &TeamStore, actor: Actor, app: AppId) -> Result<Operation, Fault> {
        let user = find::anybody(store, actor, required("user", self.user.as_deref())?)?;
        Ok(Operation::AddCollaborator { app, user })
    }
}

impl TeamAppCollaboratorCreate {
    /// Somebody on the app, with these permissions where permissions are chosen; the actor, without any, joins it.
    ///
    /// # Errors
    /// [`Fault::Field`], [`Fault::Missing`]; permissions that are none.
    pub fn operation(&self, store: &TeamStore, actor: Actor, app: AppId) -> Result<Operation, Fault> {
        let user = find::anybody(store, actor, required("user", self.user.as_deref())?)?;
        Ok(match &self.permissions {
            Some(permissions) => Operation::GrantPermissions { app, user, permissions: set(permissions)? },
            None if actor.who.user() == Some(user) => Operation::JoinApp { app },
            None => Operation::AddCollaborator { app, user },
        })
    }
}

impl TeamAppCollaboratorUpdate {
    /// Other permissions for somebody on the app.
    ///
    /// # Errors
    /// [`Fault::Field`]; permissions that are none.
    pub fn operation(&self, app: AppId, user: UserId) -> Result<Operation, Fault> {
        let permissions = set(required("permissions", self.permissions.as_deref())?)?;
        Ok(Operation::SetPermissions { app, user, permissions })
    }
}

impl TeamCreate {
    /// A Standard team with the actor as its admin, which the store leaves to the platform operator (TEAM-1). What is said of
    /// payment is not kept.
    ///
    /// # Errors
    /// [`Fault::Field`]; a name that is none.
    pub fn operation(&self, actor: Actor) -> Result<Operation, Fault> {
        let name = required("name", self.name.as_deref())?.parse()?;
        let admin = actor.who.user().unwrap_or(UserId::from_uuid(Uuid::nil()));
        Ok(Operation::ProvisionTeam { team: NewTeam::standard(name, admin) })
    }
}

impl TeamCreateInAccount {
    /// An Enterprise Team in an account.
    ///
    /// # Errors
    /// [`Fault::Field`]; a name that is none.
    pub fn operation(&self, account: AccountId) -> Result<Operation, Fault> {
        Ok(Operation::CreateTeamIn { account, name: required("name", self.name.as_deref())?.parse()? })
    }
}

impl TeamUpdate {
    /// Another name for the team, if one is given.
    ///
    /// # Errors
    /// [`Fault::Field`]; a name that is none.
    pub fn operation(&self, team: TeamId) -> Result<Option<Operation>, Fault> {
        refuse("default", self.default == Some(true), "cannot be chosen: there is no default team")?;
        let name = self.name.as_deref().map(str::parse).transpose()?;
        Ok(name.map(|name| Operation::RenameTeam { team, name }))
    }
}

impl TeamMemberPut {
    /// `POST`: somebody new in the team; who is no user yet is invited.
    ///
    /// # Errors
    /// [`Fault::Field`]; an e-mail or a role that is none.
    pub fn add(&self, store: &TeamStore, actor: Actor, team: TeamId) -> Result<Operation, Fault> {
        let (email, role) = self.parts()?;
        Ok(match find::anybody(store, actor, email.as_str()) {
            Ok(user) => Operation::AddMember { team, user, role },
            Err(_) => Operation::InviteMember { team, email, role },
        })
    }

    /// `PATCH`: another role for somebody in the team.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub fn set(&self, store: &TeamStore, actor: Actor, team: TeamId) -> Result<Operation, Fault> {
        let (email, role) = self.parts()?;
        Ok(Operation::SetMemberRole { team, user: find::user(store, actor, email.as_str())?, role })
    }

    /// `PUT`: [`set`](Self::set) for who is in the team, [`add`](Self::add) for who is not.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub fn put(&self, store: &TeamStore, actor: Actor, team: TeamId) -> Result<Operation, Fault> {
        let (email, _) = self.parts()?;
        let user = find::user(store, actor, email.as_str()).ok();
        let held = user.and_then(|user| store.role(actor, team, user).ok().flatten());
        match held {
            Some(Role::Admin | Role::Member | Role::Viewer | Role::Custom) => self.set(store, actor, team),
            Some(Role::Collaborator) | None => self.add(store, actor, team),
        }
    }

    fn parts(&self) -> Result<(Email, TeamRole), Fault> {
        refuse("federated", self.federated == Some(true), "is for people who sign in through an identity provider")?;
        let email = required("email", self.email.as_deref())?.parse()?;
        let role = required("role", self.role.as_deref())?.parse()?;
        Ok((email, role))
    }
}

impl TeamInvitationPut {
    /// An invitation into the team; without a role, in the team's default role (INV-6).
    ///
    /// # Errors
    /// [`Fault::Field`]; an e-mail or a role that is none.
    pub fn operation(&self, team: TeamId) -> Result<Operation, Fault> {
        let email = required("email", self.email.as_deref())?.parse()?;
        Ok(match self.role.as_deref() {
            Some(role) => Operation::InviteMember { team, email, role: role.parse()? },
            None => Operation::InviteDefaultMember { team, email },
        })
    }
}

impl TeamPreferencesUpdate {
    /// Add-on controls on or off, if either is asked for.
    #[must_use]
    pub fn operation(&self, team: TeamId) -> Option<Operation> {
        let controls = if self.addons_controls? { AddOnControls::On } else { AddOnControls::Off };
        Some(Operation::SetAddOnControls { team, controls })
    }
}

impl AllowedAddOnServiceCreate {
    /// A service that everybody may install.
    ///
    /// # Errors
    /// [`Fault::Field`]; a service that is none.
    pub fn operation(&self, team: TeamId) -> Result<Operation, Fault> {
        let service = required("addon_service", self.addon_service.as_deref())?.parse()?;
        Ok(Operation::AllowAddOn { team, service })
    }
}

impl AppTransferCreate {
    /// A request to another user.
    ///
    /// # Errors
    /// [`Fault::Field`], [`Fault::Missing`].
    pub fn operation(&self, store: &TeamStore, actor: Actor) -> Result<Operation, Fault> {
        let app = find::app(store, actor, required("app", self.app.as_deref())?)?;
        let recipient = required("recipient", self.recipient.as_deref())?;
        let recipient = find::collaborator(store, actor, app, recipient)?;
        Ok(Operation::RequestAppTransfer { app, recipient })
    }
}

impl AppTransferUpdate {
    /// The recipient's answer; a transfer that waits is pending already.
    ///
    /// # Errors
    /// [`Fault::Field`].
    pub fn operation(&self, transfer: TransferId) -> Result<Option<Operation>, Fault> {
        Ok(match required("state", self.state)? {
            TransferState::Accepted => Some(Operation::AcceptAppTransfer { transfer }),
            TransferState::Declined => Some(Operation::DeclineAppTransfer { transfer }),
            TransferState::Pending => None,
        })
    }
}

impl FilterApps {
    /// The apps asked for, at most as many as a page holds.
    ///
    /// # Errors
    /// [`Fault::Field`].
    pub fn apps(&self) -> Result<&[AppId], Fault> {
        refuse("in", self.within.id.len() > PAGE_SIZE_MAX, "names more than 1000 apps")?;
        Ok(&self.within.id)
    }
}

impl SpaceCreate {
    /// A space in a team.
    ///
    /// # Errors
    /// [`Fault::Field`], [`Fault::Missing`]; a name that is none.
    pub fn operation(&self, store: &TeamStore, actor: Actor) -> Result<Operation, Fault> {
        let team = find::team(store, actor, required("team", self.team.as_deref())?)?;
        let name = required("name", self.name.as_deref())?.parse()?;
        only("region", self.region.as_deref(), SPACE_REGION, "can only be `virginia`")?;
        only("cidr", self.cidr.as_deref(), CIDR, "can only be `10.0.0.0/16`")?;
        only("data_cidr", self.data_cidr.as_deref(), DATA_CIDR, "can only be `10.1.0.0/16`")?;
        only("generation", self.generation.as_deref(), GENERATION, "can only be `cedar`")?;
        refuse("log_drain_url", self.log_drain_url.is_some(), "cannot be had")?;
        refuse("features", self.features.iter().flatten().next().is_some(), "are not there")?;
        let space = NewSpace::new(team, name);
        Ok(Operation::CreateSpace { space: if self.shield == Some(true) { space.shielded() } else { space } })
    }
}

impl SpaceUpdate {
    /// Another name for the space, if one is given.
    ///
    /// # Errors
    /// A name that is none.
    pub fn operation(&self, space: SpaceId) -> Result<Option<Operation>, Fault> {
        let name = self.name.as_deref().map(str::parse).transpose()?;
        Ok(name.map(|name| Operation::RenameSpace { space, name }))
    }
}

impl SpaceTransferCreate {
    /// Another team for the space.
    ///
    /// # Errors
    /// [`Fault::Field`], [`Fault::Missing`].
    pub fn operation(&self, store: &TeamStore, actor: Actor, space: SpaceId) -> Result<Operation, Fault> {
        let team = find::team(store, actor, required("new_owner", self.new_owner.as_deref())?)?;
        Ok(Operation::TransferSpace { space, team })
    }
}

impl SpaceAppAccessUpdate {
    /// The permission to create apps in the space, or none.
    ///
    /// # Errors
    /// [`Fault::Field`].
    pub fn operation(&self, space: SpaceId, user: UserId) -> Result<Operation, Fault> {
        let permissions = required("permissions", self.permissions.as_deref())?;
        let other = permissions.iter().any(|one| one.name != CREATE_APPS);
        refuse("permissions", other, "can only be `create_apps`, or none")?;
        Ok(match permissions {
            [] => Operation::RevokeAppCreation { space, user },
            [..] => Operation::AllowAppCreation { space, user },
        })
    }

    /// What is answered when the store refuses the [`operation`](Self::operation): what is so already, as it shows in `present`, is a
    /// success. Admins create apps in every space, whatever permission they hold.
    ///
    /// # Errors
    /// The refusal; [`Fault::Field`]; why `present` is not there.
    pub fn settle(&self, refusal: Error, present: impl FnOnce() -> Result<SpaceAppAccess, Error>) -> Result<(), Fault> {
        let about_it = matches!(
            refusal,
            Error::AppCreationForMembers { .. }
                | Error::AppCreationAlreadyAllowed { .. }
                | Error::AppCreationNotAllowed { .. }
        );
        if !about_it {
            return Err(refusal.into());
        }
        let wanted = self.permissions.as_ref().is_some_and(|permissions| !permissions.is_empty());
        match (!present()?.permissions.is_empty(), wanted) {
            (true, false) => Err(Fault::Field {
                field: "permissions",
                problem: "cannot be taken from an admin of the team, who creates apps in every space of it",
            }),
            (false, true) => Err(refusal.into()),
            (true, true) | (false, false) => Ok(()),
        }
    }
}

impl PipelineCreate {
    /// A pipeline of a team, or of the actor.
    ///
    /// # Errors
    /// [`Fault::Field`], [`Fault::Missing`]; a name that is none.
    pub fn operation(&self, store: &TeamStore, actor: Actor) -> Result<Operation, Fault> {
        let name = required("name", self.name.as_deref())?.parse()?;
        let generation = self.generation.as_ref().map(|generation| generation.name.as_str());
        only("generation", generation, GENERATION, "can only be `cedar`")?;
        let owner = match &self.owner {
            Some(owner) => receiver(store, actor, owner)?,
            None => find::user(store, actor, "~")?.into(),
        };
        Ok(Operation::CreatePipeline { owner, name })
    }
}

impl PipelineUpdate {
    /// Another name for the pipeline, if one is given.
    ///
    /// # Errors
    /// A name that is none.
    pub fn operation(&self, pipeline: PipelineId) -> Result<Option<Operation>, Fault> {
        let name = self.name.as_deref().map(str::parse).transpose()?;
        Ok(name.map(|name| Operation::RenamePipeline { pipeline, name }))
    }
}

impl PipelineCouplingCreate {
    /// An app in a pipeline.
    ///
    /// # Errors
    /// [`Fault::Field`], [`Fault::Missing`]; a stage that is none.
    pub fn operation(&self, store: &TeamStore, actor: Actor) -> Result<Operation, Fault> {
        let app = find::app(store, actor, required("app", self.app.as_deref())?)?;
        let pipeline = find::pipeline(store, actor, required("pipeline", self.pipeline.as_deref())?)?;
        Ok(Operation::CoupleApp { pipeline, app, stage: required("stage", self.stage.as_deref())?.parse()? })
    }
}

impl PipelineCouplingUpdate {
    /// Another stage for the app, if one is given.
    ///
    /// # Errors
    /// A stage that is none.
    pub fn operation(&self, app: AppId) -> Result<Option<Operation>, Fault> {
        let stage = self.stage.as_deref().map(str::parse).transpose()?;
        Ok(stage.map(|stage| Operation::SetStage { app, stage }))
    }
}

impl PipelineTransferCreate {
    /// Another owner for the pipeline.
    ///
    /// # Errors
    /// [`Fault::Field`], [`Fault::Missing`].
    pub fn operation(&self, store: &TeamStore, actor: Actor) -> Result<Operation, Fault> {
        let pipeline = required("pipeline.id", required("pipeline", self.pipeline.as_ref())?.id)?;
        let to = receiver(store, actor, required("new_owner", self.new_owner.as_ref())?)?;
        Ok(Operation::TransferPipeline { pipeline, to })
    }
}

impl PipelinePromotionCreate {
    /// The release of the source for each of the targets.
    ///
    /// # Errors
    /// [`Fault::Field`]; those of [`TeamStore::release`] and [`TeamStore::app`].
    pub fn operation(&self, store: &TeamStore, actor: Actor) -> Result<Operation, Fault> {
        let source = required("source", self.source.as_ref())?;
        let app = source.app("source.app")?;
        let place = store.coupling(actor, app)?.map(|place| place.pipeline);
        let named = required("pipeline.id", required("pipeline", self.pipeline.as_ref())?.id)?;
        refuse("pipeline", place.is_some_and(|place| place != named), "is not that of the source")?;
        if let Some(release) = &source.release {
            let runs = store.release(actor, app)?.map(|runs| release_id(app, runs.number));
            let runs = runs.is_some() && runs == release.id;
            refuse("source.release", !runs, "is not what the source runs")?;
        }
        let targets = required("targets", self.targets.as_deref())?.iter();
        // Of one that is hidden the refusal of the whole would say so.
        let targets = targets.map(|target| Ok(store.app(actor, target.app("targets.app")?)?.id()));
        Ok(Operation::PromoteAppTo { app, targets: targets.collect::<Result<_, Fault>>()? })
    }
}

impl PromotedApp {
    fn app(&self, field: &'static str) -> Result<AppId, Fault> {
        required(field, self.app.as_ref().and_then(|app| app.id))
    }
}

impl EnterpriseAccountUpdate {
    /// Nothing about an account can be changed but its members.
    ///
    /// # Errors
    /// [`Fault::Field`]; those of [`TeamStore::account`].
    pub fn check(&self, store: &TeamStore, actor: Actor, account: AccountId) -> Result<(), Fault> {
        let name = store.account(actor, account)?.name();
        refuse("name", self.name.as_ref().is_some_and(|given| name != given.as_str()), "cannot be changed")
    }
}

impl EnterpriseAccountMemberCreate {
    /// Somebody new in the account.
    ///
    /// # Errors
    /// [`Fault::Field`], [`Fault::Missing`].
    pub fn operation(&self, store: &TeamStore, actor: Actor, account: AccountId) -> Result<Operation, Fault> {
        refuse("federated", self.federated == Some(true), "is for people who sign in through an identity provider")?;
        let user = find::anybody(store, actor, required("user", self.user.as_deref())?)?;
        let permissions = required("permissions", self.permissions.as_ref())?.iter().copied().collect();
        Ok(Operation::AddAccountMember { account, user, permissions })
    }
}

impl EnterpriseAccountMemberUpdate {
    /// Other permissions in the account.
    ///
    /// # Errors
    /// [`Fault::Field`].
    pub fn operation(&self, account: AccountId, user: UserId) -> Result<Operation, Fault> {
        let permissions = required("permissions", self.permissions.as_ref())?.iter().copied().collect();
        Ok(Operation::SetAccountPermissions { account, user, permissions })
    }
}

impl AccountUpdate {
    /// Nothing that a user could change this way is kept.
    ///
    /// # Errors
    /// [`Fault::Field`].
    pub fn check(&self) -> Result<(), Fault> {
        refuse("name", self.name.is_some(), "is not kept")?;
        refuse("allow_tracking", self.allow_tracking == Some(true), "cannot be switched on")?;
        refuse("beta", self.beta == Some(true), "cannot be switched on")
    }
}

impl UsageRange {
    /// The days, up to `today` when no end is given.
    ///
    /// # Errors
    /// [`Fault::Field`].
    pub fn days(&self, today: NaiveDate) -> Result<Days, Fault> {
        let read = |field, text: &str| text.parse().map_err(|_| Fault::Field { field, problem: "is no day" });
        let first = read("start", required("start", self.start.as_deref())?)?;
        Ok(Days { first, last: self.end.as_deref().map_or(Ok(today), |end| read("end", end))? })
    }

    /// The months, one when no end is given.
    ///
    /// # Errors
    /// [`Fault::Field`].
    pub fn months(&self) -> Result<(Month, Month), Fault> {
        let read = |field, text: &str| text.parse().map_err(|_| Fault::Field { field, problem: "is no month" });
        let first = read("start", required("start", self.start.as_deref())?)?;
        Ok((first, self.end.as_deref().map_or(Ok(first), |end| read("end", end))?))
    }
}

fn required<T>(field: &'static str, value: Option<T>) -> Result<T, Fault> {
    value.ok_or(Fault::Field { field, problem: "is missing" })
}

fn refuse(field: &'static str, wrong: bool, problem: &'static str) -> Result<(), Fault> {
    if wrong { Err(Fault::Field { field, problem }) } else { Ok(()) }
}

/// What is given, if anything is, is the one value that there is.
fn only(field: &'static str, given: Option<&str>, known: &str, problem: &'static str) -> Result<(), Fault> {
    refuse(field, given.is_some_and(|given| given != known), problem)
}

fn create(app: NewApp, name: Option<&str>, stack: Option<&str>) -> Result<Operation, Fault> {
    let app = name.map(str::parse).transpose()?.map_or(app, |name| app.named(name));
    let app = stack.map(str::parse).transpose()?.map_or(app, |stack| app.stack(stack));
    Ok(Operation::CreateApp { app })
}

fn set(permissions: &[String]) -> Result<PermissionSet, Fault> {
    let sets = permissions.iter().map(|one| one.parse::<PermissionSet>());
    Ok(sets.collect::<Result<Vec<_>, _>>()?.into_iter().fold(PermissionSet::EMPTY, PermissionSet::union))
}

/// Who is to own a pipeline: a team that the actor may know of, or a user.
fn receiver(store: &TeamStore, actor: Actor, owner: &OwnerOfPipeline) -> Result<Owner, Fault> {
    let identity = required("owner.id", owner.id)?.to_string();
    match required("owner.type", owner.kind)? {
        OwnerKind::Team => find::team(store, actor, &identity).map(Owner::Team),
        OwnerKind::User => find::user(store, actor, &identity).map(Owner::User),
    }
}
