//! The audit trail of an Enterprise Account.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::{Builder, Uuid, Variant, Version};

use super::{Named, Owner, Person, app};
use crate::actor::Actor;
use crate::entity::start_of;
use crate::error::Error;
use crate::event::{AuditEvent, Event, Subject};
use crate::ids::{AccountId, AppId, TeamId, UserId};
use crate::names::{AccountName, AppName, TeamName};
use crate::query::{AuditFilter, AuditScope, Page, PageRequest, Seq, every};
use crate::store::TeamStore;

/// An entry of the audit trail. What it does not concern, or what is not there any more, is an empty object; so is `request`,
/// since the store is not told where a request comes from. `data` is the event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct AuditTrailEvent {
    pub created_at: DateTime<Utc>,
    pub id: Uuid,
    #[serde(rename = "type")]
    pub kind: String,
    pub action: String,
    pub actor: Known<Person>,
    pub app: Known<Named<AppId, AppName>>,
    pub owner: Known<Owner>,
    pub enterprise_account: Known<Named<AccountId, AccountName>>,
    pub team: Known<Named<TeamId, TeamName>>,
    pub request: Request,
    pub data: Event,
}

/// Something, or an empty object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Known<T> {
    /// It.
    Some(T),
    /// Nothing.
    None {},
}

impl<T> From<Option<T>> for Known<T> {
    fn from(option: Option<T>) -> Self {
        option.map_or(Self::None {}, Self::Some)
    }
}

/// Where a request came from: not known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {}

/// Which entries of the audit trail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditTrailFilter {
    /// The day; today by default.
    pub day: Option<NaiveDate>,
    /// The newest first, or the oldest.
    pub newest_first: bool,
    /// Caused by this user.
    pub by: Option<UserId>,
    /// Of this type.
    pub kind: Option<String>,
    /// With this action.
    pub action: Option<String>,
}

/// The events of a day that concern the teams of an Enterprise Account, for its members; of those teams only whose audit log
/// the actor sees as one of their admins. Costs what the day holds.
///
/// # Errors
/// As [`TeamStore::account_teams`]; [`Error::CursorOfAnotherList`].
pub fn audit_trail(
    store: &TeamStore,
    actor: Actor,
    account: AccountId,
    filter: &AuditTrailFilter,
    page: &PageRequest,
) -> Result<Page<AuditTrailEvent>, Error> {
    let from = page.key::<Seq>()?.map(u64::from);
    let row = store.account(actor, account)?;
    let account = Named { id: account, name: row.name() };
    let day = filter.day.unwrap_or_else(|| store.state.now(actor).date_naive());
    let next = day.checked_add_days(Days::new(1)).map(start_of);
    let mut found = BTreeMap::new();
    for team in every(|page| store.account_teams(actor, account.id, page))? {
        let mut audit = AuditFilter::new(AuditScope::Team(team.id())).since(start_of(day));
        audit = next.map_or(audit, |next| audit.until(next));
        audit = filter.by.map_or(audit, |by| audit.by(by));
        match every(|page| store.audit_log(actor, &audit, page)) {
            Ok(entries) => found.extend(entries.into_iter().map(|entry| (entry.seq, (entry, team)))),
            Err(Error::OnlyAdminsReadTeamAudit { .. }) => {}
            Err(refusal) => return Err(refusal),
        }
    }
    let fits = |wanted: &Option<String>, is: &str| wanted.as_ref().is_none_or(|wanted| wanted == is);
    let mut entries: Vec<_> = found.into_values().collect();
    if filter.newest_first {
        entries.reverse();
    }
    let entries = entries.into_iter().filter(|(entry, _)| {
        let (kind, action) = words(&entry.event);
        let beyond = from.is_none_or(|from| if filter.newest_first { entry.seq < from } else { entry.seq > from });
        beyond && fits(&filter.kind, kind) && fits(&filter.action, action)
    });
    let page = page.fill(entries, |(entry, _)| Seq::from(entry.seq));
    super::rendered(page, |(entry, team)| {
        Ok(render(store, actor, &entry, &account, Named { id: team.id(), name: team.name() }))
    })
}

/// The id of an event: its number, as an id.
#[must_use]
pub fn event_id(seq: u64) -> Uuid {
    Builder::from_u128(seq.into()).with_variant(Variant::RFC4122).with_version(Version::Custom).into_uuid()
}

fn render(
    store: &TeamStore,
    actor: Actor,
    entry: &AuditEvent,
    account: &Named<AccountId, AccountName>,
    team: Named<TeamId, TeamName>,
) -> AuditTrailEvent {
    let (kind, action) = words(&entry.event);
    let subjects = entry.subjects();
    let mut apps = subjects.iter().filter_map(|subject| match subject {
        Subject::App(app) => Some(*app),
        _ => None,
    });
    let single = apps.next().filter(|_| apps.next().is_none()).and_then(|app| store.app(actor, app).ok());
    let by = entry.actor.user().and_then(|user| store.user(actor, user).ok());
    AuditTrailEvent {
        created_at: entry.at,
        id: event_id(entry.seq),
        kind: kind.to_owned(),
        action: action.to_owned(),
        actor: by.map(Person::of).into(),
        app: single.map(|app| Named { id: app.id(), name: app.name() }).into(),
        owner: single.and_then(|row| app::owner(store, actor, row).ok()).into(),
        enterprise_account: Some(account.clone()).into(),
        team: Some(team).into(),
        request: Request {},
        data: entry.event.clone(),
    }
}

/// What an event is about, and what was done to it.
const fn words(event: &Event) -> (&'static str, &'static str) {
    match event {
        Event::StoreOpened { .. } => ("store", "create"),
        Event::SettingsChanged { .. } => ("store", "update"),
        Event::UserRegistered { .. } => ("account", "create"),
        Event::EmailChanged { .. } | Event::MfaChanged { .. } | Event::SignInChanged { .. } => ("account", "update"),
        Event::UserDeleted { .. } => ("account", "destroy"),
        Event::TeamProvisioned { .. } => ("team", "create"),
        Event::TeamRenamed { .. }
        | Event::LimitsChanged { .. }
        | Event::TeamDeletionRequested { .. }
        | Event::TeamDeletionWithdrawn { .. }
        | Event::TeamMoveOutRequested { .. }
        | Event::TeamMoveOutWithdrawn { .. }
        | Event::PaymentMethodChanged { .. } => ("team", "update"),
        Event::TeamMovedIn { .. } | Event::TeamMovedOut { .. } => ("team", "transfer"),
        Event::TeamDeleted { .. } => ("team", "destroy"),
        Event::DefaultRoleChanged { .. } | Event::OAuthAccessChanged { .. } | Event::AddOnControlsChanged { .. } => {
            ("team-preferences", "update")
        }
        Event::MemberAdded { .. } | Event::SsoMemberAdded { .. } => ("team-member", "create"),
        Event::MemberRoleChanged { .. } => ("team-member", "update"),
        Event::MemberRemoved { .. } => ("team-member", "destroy"),
        Event::MemberInvited { .. } => ("team-invitation", "create"),
        Event::InvitationAccepted { .. } => ("team-invitation", "accept"),
        Event::InvitationDeclined { .. } => ("team-invitation", "decline"),
        Event::InvitationRevoked { .. } => ("team-invitation", "destroy"),
        Event::AppCreated { .. } => ("app", "create"),
        Event::AppRenamed { .. } | Event::AppLocked { .. } | Event::AppUnlocked { .. } => ("app", "update"),
        Event::AppTransferred { .. } | Event::AppsTransferred { .. } => ("app", "transfer"),
        Event::AppDeleted { .. } => ("app", "destroy"),
        Event::AppScaled { .. } => ("formation", "update"),
        Event::AppReleased { .. } => ("release", "create"),
        Event::AppJoined { .. } | Event::PermissionsGranted { .. } | Event::CollaboratorAdded { .. } => {
            ("collaborator", "create")
        }
        Event::PermissionsChanged { .. } => ("collaborator", "update"),
        Event::CollaboratorRemoved { .. } => ("collaborator", "destroy"),
        Event::AppTransferRequested { .. } => ("app-transfer", "create"),
        Event::AppTransferAccepted { .. } => ("app-transfer", "accept"),
        Event::AppTransferDeclined { .. } => ("app-transfer", "decline"),
        Event::AppTransferCancelled { .. } => ("app-transfer", "destroy"),
        Event::PipelineCreated { .. } => ("pipeline", "create"),
        Event::PipelineRenamed { .. } => ("pipeline", "update"),
        Event::PipelineTransferred { .. } => ("pipeline", "transfer"),
        Event::PipelineDeleted { .. } => ("pipeline", "destroy"),
        Event::AppCoupled { .. } => ("pipeline-coupling", "create"),
        Event::AppStageChanged { .. } => ("pipeline-coupling", "update"),
        Event::AppUncoupled { .. } => ("pipeline-coupling", "destroy"),
        Event::AppPromoted { .. } => ("pipeline-promotion", "create"),
        Event::IdentityProviderChanged { .. } | Event::SsoChanged { .. } => ("identity-provider", "update"),
        Event::AddOnInstalled { .. } => ("add-on", "create"),
        Event::AddOnPlanChanged { .. } => ("add-on", "update"),
        Event::AddOnRemoved { .. } => ("add-on", "destroy"),
        Event::AddOnAllowed { .. } => ("allowed-add-on-service", "create"),
        Event::AddOnDisallowed { .. } => ("allowed-add-on-service", "destroy"),
        Event::SpaceCreated { .. } => ("space", "create"),
        Event::SpaceRenamed { .. } => ("space", "update"),
        Event::SpaceTransferred { .. } => ("space", "transfer"),
        Event::SpaceDestroyed { .. } => ("space", "destroy"),
        Event::AppCreationAllowed { .. } => ("space-app-access", "create"),
        Event::AppCreationRevoked { .. } => ("space-app-access", "destroy"),
        Event::AccountOpened { .. } => ("enterprise-account", "create"),
        Event::AccountMemberAdded { .. } => ("enterprise-account-member", "create"),
        Event::AccountPermissionsChanged { .. } => ("enterprise-account-member", "update"),
        Event::AccountMemberRemoved { .. } => ("enterprise-account-member", "destroy"),
    }
}
