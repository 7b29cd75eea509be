//! Enterprise Accounts.

use axum::http::StatusCode;
use axum::response::Response;
use enterprise_teams::Event;
use enterprise_teams_platform_api::{self as api, AuditTrailFilter, Fault, body, find};
use serde::Deserialize;

use super::make_so;
use crate::call::Call;
use crate::request::{Asked, At, Sent};

/// Which entries of the audit trail, and in which order.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    order: Option<Order>,
    actor: Option<String>,
    action: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    day: Option<String>,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Order {
    Asc,
    Desc,
}

pub(super) async fn list(call: Call) -> Response {
    call.list(api::enterprise_accounts)
}

pub(super) async fn info(call: Call, At(account): At<String>) -> Response {
    call.read(|store, actor| {
        Ok::<_, Fault>(api::enterprise_account(store, actor, find::account(store, actor, &account)?)?)
    })
}

pub(super) async fn update(
    call: Call,
    At(account): At<String>,
    Sent(body): Sent<body::EnterpriseAccountUpdate>,
) -> Response {
    call.read(|store, actor| {
        let account = find::account(store, actor, &account)?;
        body.check(store, actor, account)?;
        Ok::<_, Fault>(api::enterprise_account(store, actor, account)?)
    })
}

pub(super) async fn teams(call: Call, At(account): At<String>) -> Response {
    call.list(|store, actor, page| {
        Ok::<_, Fault>(api::teams_of_account(store, actor, find::account(store, actor, &account)?, page)?)
    })
}

pub(super) async fn create_team(
    call: Call,
    At(account): At<String>,
    Sent(body): Sent<body::TeamCreateInAccount>,
) -> Response {
    call.write(StatusCode::CREATED, move |store, actor| {
        let account = find::account(store, actor, &account)?;
        match &store.perform(actor, &body.operation(account)?)?.event {
            Event::TeamProvisioned { team, .. } => {
                let team = team.id();
                Ok(api::team(store, actor, team)?)
            }
            _ => Err(Fault::Missing(api::Thing::Team)),
        }
    })
    .await
}

pub(super) async fn members(call: Call, At(account): At<String>) -> Response {
    call.list(|store, actor, page| {
        Ok::<_, Fault>(api::enterprise_account_members(store, actor, find::account(store, actor, &account)?, page)?)
    })
}

pub(super) async fn add_member(
    call: Call,
    At(account): At<String>,
    Sent(body): Sent<body::EnterpriseAccountMemberCreate>,
) -> Response {
    call.write(StatusCode::CREATED, move |store, actor| {
        let account = find::account(store, actor, &account)?;
        let operation = body.operation(store, actor, account)?;
        store.perform(actor, &operation)?;
        let user = find::account_member(store, actor, account, body.user.as_deref().unwrap_or_default())?;
        Ok(api::enterprise_account_member(store, actor, account, user)?)
    })
    .await
}

pub(super) async fn set_member(
    call: Call,
    At((account, user)): At<(String, String)>,
    Sent(body): Sent<body::EnterpriseAccountMemberUpdate>,
) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let account = find::account(store, actor, &account)?;
        let user = find::account_member(store, actor, account, &user)?;
        make_so(store, actor, body.operation(account, user)?)?;
        Ok(api::enterprise_account_member(store, actor, account, user)?)
    })
    .await
}

pub(super) async fn remove_member(call: Call, At((account, user)): At<(String, String)>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let account = find::account(store, actor, &account)?;
        let user = find::account_member(store, actor, account, &user)?;
        let before = api::enterprise_account_member(store, actor, account, user);
        store.remove_account_member(actor, account, user)?;
        Ok(before?)
    })
    .await
}

pub(super) async fn events(call: Call, At(account): At<String>, Asked(wanted): Asked<Wanted>) -> Response {
    call.list(|store, actor, page| {
        let account = find::account(store, actor, &account)?;
        let day = wanted.day.as_deref().map(str::parse).transpose();
        let filter = AuditTrailFilter {
            day: day.map_err(|_| Fault::Field { field: "day", problem: "is no day" })?,
            newest_first: wanted.order != Some(Order::Asc),
            by: wanted.actor.as_deref().map(|user| find::anybody(store, actor, user)).transpose()?,
            kind: wanted.kind,
            action: wanted.action,
        };
        Ok::<_, Fault>(api::audit_trail(store, actor, account, &filter, page)?)
    })
}

pub(super) async fn daily_usage(
    call: Call,
    At(account): At<String>,
    Asked(range): Asked<body::UsageRange>,
) -> Response {
    call.read(|store, actor| {
        let days = range.days(actor.at.date_naive())?;
        let account = find::account(store, actor, &account)?;
        Ok::<_, Fault>(api::enterprise_account_daily_usage(store, actor, account, days)?)
    })
}

pub(super) async fn monthly_usage(
    call: Call,
    At(account): At<String>,
    Asked(range): Asked<body::UsageRange>,
) -> Response {
    call.read(|store, actor| {
        let (first, last) = range.months()?;
        let account = find::account(store, actor, &account)?;
        Ok::<_, Fault>(api::enterprise_account_monthly_usage(store, actor, account, first, last)?)
    })
}
