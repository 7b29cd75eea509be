//! The audit trail of an Enterprise Account.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use enterprise_teams::{
    AccountId, Actor, AppId, AppName, Error, Event, Page, PageRequest, TeamId, TeamName, TeamStore, UserId,
    collect_pages,
    names::AccountName,
    query::{AuditEntry, AuditFilter, AuditScope, Cursor, TeamFilter},
};
use serde::{Deserialize, Serialize};
use uuid::{Builder, Uuid, Variant, Version};

use crate::{Named, Owner, Person, app};

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
    let event = |cursor: &Cursor| cursor.event().ok_or(Error::CursorOfAnotherList {});
    let from = page.cursor().map(event).transpose()?;
    let row = store.account(actor, account)?;
    let account = Named { id: account, name: row.name() };
    let day = filter.day.unwrap_or_else(|| store.now(actor).date_naive());
    let next = day.checked_add_days(Days::new(1)).map(midnight);
    let mut found = BTreeMap::new();
    for team in collect_pages(|page| store.account_teams(actor, account.id, &TeamFilter::default(), page))? {
        let mut audit = AuditFilter::new(AuditScope::Team(team.id())).since(midnight(day));
        audit = next.map_or(audit, |next| audit.until(next));
        audit = filter.by.map_or(audit, |by| audit.by(by));
        match collect_pages(|page| store.audit_log(actor, &audit, page)) {
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
    let mut entries = entries.into_iter().filter_map(|(entry, team)| {
        let (kind, action) = words(entry.event.code())?;
        let is_next = from.is_none_or(|from| if filter.newest_first { entry.seq < from } else { entry.seq > from });
        let wanted = is_next && fits(&filter.kind, kind) && fits(&filter.action, action);
        let team = Named { id: team.id(), name: team.name() };
        wanted.then(|| (entry.seq, render(store, actor, &entry, (kind, action), &account, team)))
    });
    let (numbers, items): (Vec<u64>, _) = entries.by_ref().take(page.size()).unzip();
    let next = entries.next().and(numbers.last()).map(|number| Cursor::after_event(*number));
    Ok(Page { items, next })
}

/// The id of an event: its number, as an id.
#[must_use]
pub fn event_id(seq: u64) -> Uuid {
    Builder::from_u128(seq.into()).with_variant(Variant::RFC4122).with_version(Version::Custom).into_uuid()
}

fn render(
    store: &TeamStore,
    actor: Actor,
    entry: &AuditEntry<'_>,
    (kind, action): (&str, &str),
    account: &Named<AccountId, AccountName>,
    team: Named<TeamId, TeamName>,
) -> AuditTrailEvent {
    let mut apps = entry.apps();
    let single = apps.next().filter(|_| apps.next().is_none());
    // As they were named then.
    let app = single.and_then(|app| Some(Named { id: app, name: entry.name(app)?.parse().ok()? }));
    let by = entry.actor.user().and_then(|id| Some(Person { email: entry.name(id)?.parse().ok()?, id }));
    let single = single.and_then(|app| store.app(actor, app).ok());
    AuditTrailEvent {
        created_at: entry.at,
        id: event_id(entry.seq),
        kind: kind.to_owned(),
        action: action.to_owned(),
        actor: by.into(),
        app: app.into(),
        owner: single.and_then(|row| app::owner(store, actor, row).ok()).into(),
        enterprise_account: Some(account.clone()).into(),
        team: Some(team).into(),
        request: Request {},
        data: entry.event.clone(),
    }
}

/// The first instant of the day.
const fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

/// What the event of this code is about, and what was done to it; `None` for an event that this crate does not know.
fn words(code: &str) -> Option<(&'static str, &'static str)> {
    Some(match code {
        "store-opened" => ("store", "create"),
        "settings-changed" | "months-closed" => ("store", "update"),
        "user-registered" => ("account", "create"),
        "email-changed" | "mfa-changed" | "sign-in-changed" | "user-suspended" | "user-reinstated" => {
            ("account", "update")
        }
        "user-deleted" => ("account", "destroy"),
        "team-provisioned" => ("team", "create"),
        "team-renamed"
        | "team-labels-changed"
        | "limits-changed"
        | "team-deletion-requested"
        | "team-deletion-withdrawn"
        | "team-move-out-requested"
        | "team-move-out-withdrawn"
        | "payment-method-changed" => ("team", "update"),
        "team-moved-in" | "team-moved-out" => ("team", "transfer"),
        "team-deleted" => ("team", "destroy"),
        "default-role-changed" | "oauth-access-changed" | "sign-in-requirement-changed" | "add-on-controls-changed" => {
            ("team-preferences", "update")
        }
        "member-added" | "sso-member-added" => ("team-member", "create"),
        "member-role-changed" => ("team-member", "update"),
        "member-removed" => ("team-member", "destroy"),
        "member-invited" => ("team-invitation", "create"),
        "invitation-accepted" => ("team-invitation", "accept"),
        "invitation-declined" => ("team-invitation", "decline"),
        "invitation-revoked" => ("team-invitation", "destroy"),
        "app-created" => ("app", "create"),
        "app-renamed" | "app-labels-changed" | "app-locked" | "app-unlocked" => ("app", "update"),
        "app-transferred" | "apps-transferred" => ("app", "transfer"),
        "app-deleted" => ("app", "destroy"),
        "app-scaled" => ("formation", "update"),
        "app-released" => ("release", "create"),
        "app-joined" | "permissions-granted" | "collaborator-added" => ("collaborator", "create"),
        "permissions-changed" => ("collaborator", "update"),
        "group-created" => ("group", "create"),
        "group-renamed" => ("group", "update"),
        "group-deleted" => ("group", "destroy"),
        "group-member-added" => ("group-member", "create"),
        "group-member-removed" => ("group-member", "destroy"),
        "group-permissions-granted" => ("app-group", "create"),
        "group-permissions-changed" => ("app-group", "update"),
        "group-permissions-revoked" => ("app-group", "destroy"),
        "end-changed" => ("access-end", "update"),
        "ends-swept" => ("access-end", "destroy"),
        "role-created" => ("team-role", "create"),
        "role-renamed" | "role-rights-changed" => ("team-role", "update"),
        "role-deleted" => ("team-role", "destroy"),
        "collaborator-removed" => ("collaborator", "destroy"),
        "app-transfer-requested" => ("app-transfer", "create"),
        "app-transfer-accepted" => ("app-transfer", "accept"),
        "app-transfer-declined" => ("app-transfer", "decline"),
        "app-transfer-cancelled" => ("app-transfer", "destroy"),
        "pipeline-created" => ("pipeline", "create"),
        "pipeline-renamed" | "pipeline-labels-changed" => ("pipeline", "update"),
        "pipeline-transferred" => ("pipeline", "transfer"),
        "pipeline-deleted" => ("pipeline", "destroy"),
        "app-coupled" => ("pipeline-coupling", "create"),
        "app-stage-changed" => ("pipeline-coupling", "update"),
        "app-uncoupled" => ("pipeline-coupling", "destroy"),
        "app-promoted" => ("pipeline-promotion", "create"),
        "identity-provider-changed" | "sso-changed" => ("identity-provider", "update"),
        "add-on-installed" => ("add-on", "create"),
        "add-on-plan-changed" => ("add-on", "update"),
        "add-on-removed" => ("add-on", "destroy"),
        "add-on-allowed" => ("allowed-add-on-service", "create"),
        "add-on-disallowed" => ("allowed-add-on-service", "destroy"),
        "space-created" => ("space", "create"),
        "space-renamed" | "space-labels-changed" => ("space", "update"),
        "space-transferred" => ("space", "transfer"),
        "space-destroyed" => ("space", "destroy"),
        "app-creation-allowed" => ("space-app-access", "create"),
        "app-creation-revoked" => ("space-app-access", "destroy"),
        "account-opened" => ("enterprise-account", "create"),
        "account-member-added" => ("enterprise-account-member", "create"),
        "account-permissions-changed" => ("enterprise-account-member", "update"),
        "account-member-removed" => ("enterprise-account-member", "destroy"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use enterprise_teams::Event;

    /// No event is left out of the trail for want of words.
    #[test]
    fn every_event_has_words() {
        let unnamed: Vec<_> = Event::CODES.iter().filter(|code| super::words(code).is_none()).collect();
        assert_eq!(unnamed, <[&&str; 0]>::default());
    }
}
