//! What a team used, and what the teams of an Enterprise Account used, by day and by month.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use enterprise_teams::{
    AccountId, Actor, AppId, Error, TeamId, TeamStore,
    entity::{Days, Month, Usage},
    names::{AccountName, NAME_LEN_MAX},
    query::{UsagePart, UsageReport},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::team_name;

/// What a team used on a day.
///
/// Dynos are in dyno units, everything else in credits, of which each is a hundred cents. The store does not tell first-party
/// add-ons, which the API calls `data`, from those of partners: all are `partner`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct TeamDailyUsage {
    pub addons: f64,
    pub apps: Vec<AppUsage>,
    pub data: f64,
    pub date: NaiveDate,
    pub dynos: f64,
    pub id: TeamId,
    pub name: String,
    pub partner: f64,
    pub space: f64,
}

/// What a team used in a month, in the units of [`TeamDailyUsage`]. `connect`, the rows that a data service synchronized, is
/// always 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct TeamMonthlyUsage {
    pub addons: f64,
    pub apps: Vec<AppUsage>,
    pub connect: f64,
    pub data: f64,
    pub dynos: f64,
    pub id: TeamId,
    pub month: Month,
    pub name: String,
    pub partner: f64,
    pub space: f64,
}

/// What the teams of an Enterprise Account used on a day, in the units of [`TeamDailyUsage`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct EnterpriseAccountDailyUsage {
    pub addons: f64,
    pub teams: Vec<TeamUsage>,
    pub data: f64,
    pub date: NaiveDate,
    pub dynos: f64,
    pub id: AccountId,
    pub name: AccountName,
    pub partner: f64,
    pub space: f64,
}

/// What the teams of an Enterprise Account used in a month, as [`TeamMonthlyUsage`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct EnterpriseAccountMonthlyUsage {
    pub addons: f64,
    pub teams: Vec<TeamUsage>,
    pub connect: f64,
    pub data: f64,
    pub dynos: f64,
    pub id: AccountId,
    pub month: Month,
    pub name: AccountName,
    pub partner: f64,
    pub space: f64,
}

/// What a team used while it was in an account. The name of a team of which the actor may not know any more is made from its id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct TeamUsage {
    pub addons: f64,
    pub apps: Vec<AppUsage>,
    /// By month alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connect: Option<f64>,
    pub data: f64,
    pub dynos: f64,
    pub id: TeamId,
    pub name: String,
    pub partner: f64,
    pub space: f64,
}

/// What an app used, in the units of [`TeamDailyUsage`]. The name of an app that the actor does not see, because it is gone,
/// is made from its id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct AppUsage {
    pub addons: f64,
    pub app_name: String,
    pub data: f64,
    pub dynos: f64,
    pub partner: f64,
}

/// What a team used on each day of the range up to today. Visible as [`TeamStore::usage`].
///
/// # Errors
/// As [`TeamStore::usage`].
pub fn team_daily_usage(
    store: &TeamStore,
    actor: Actor,
    team: TeamId,
    days: Days,
) -> Result<Vec<TeamDailyUsage>, Error> {
    let report = store.usage(actor, team, days)?;
    let name = team_name(store, actor, team)?.name;
    let last = days.last.min(store.now(actor).date_naive());
    let usage = |date: NaiveDate| {
        let (total, apps) = sums(store, actor, report.parts_of(date));
        TeamDailyUsage {
            addons: credits(total.add_ons),
            apps,
            data: 0.0,
            date,
            dynos: units(total.dyno_units),
            id: team,
            name: name.to_string(),
            partner: credits(total.add_ons),
            space: credits(total.spaces),
        }
    };
    Ok(days.first.iter_days().take_while(|day| *day <= last).map(usage).collect())
}

/// What a team used in each month from `first` to `last`, up to the present one. Visible as [`TeamStore::usage`].
///
/// # Errors
/// As [`TeamStore::usage`].
pub fn team_monthly_usage(
    store: &TeamStore,
    actor: Actor,
    team: TeamId,
    first: Month,
    last: Month,
) -> Result<Vec<TeamMonthlyUsage>, Error> {
    let report = store.usage(actor, team, Days { first: first.first_day(), last: Days::of(last).last })?;
    let name = team_name(store, actor, team)?.name;
    let last = last.min(Month::of(store.now(actor)));
    let usage = |month: Month| {
        let Days { first, last } = Days::of(month);
        let parts = first.iter_days().take_while(|day| *day <= last).flat_map(|day| report.parts_of(day));
        let (total, apps) = sums(store, actor, parts);
        TeamMonthlyUsage {
            addons: credits(total.add_ons),
            apps,
            connect: 0.0,
            data: 0.0,
            dynos: units(total.dyno_units),
            id: team,
            month,
            name: name.to_string(),
            partner: credits(total.add_ons),
            space: credits(total.spaces),
        }
    };
    let months = core::iter::successors(Some(first), |month| Some(month.next()));
    Ok(months.take_while(|month| *month <= last).map(usage).collect())
}

/// What the teams of an Enterprise Account used on each day of the range up to today. Visible as [`TeamStore::account_usage`].
///
/// # Errors
/// As [`TeamStore::account`], then as [`TeamStore::account_usage`].
pub fn enterprise_account_daily_usage(
    store: &TeamStore,
    actor: Actor,
    account: AccountId,
    days: Days,
) -> Result<Vec<EnterpriseAccountDailyUsage>, Error> {
    let name = store.account(actor, account)?.name();
    let reports = store.account_usage(actor, account, days)?;
    let last = days.last.min(store.now(actor).date_naive());
    let usage = |date: NaiveDate| {
        let (total, teams) = team_sums(store, actor, &reports, Days { first: date, last: date }, None);
        EnterpriseAccountDailyUsage {
            addons: credits(total.add_ons),
            teams,
            data: 0.0,
            date,
            dynos: units(total.dyno_units),
            id: account,
            name,
            partner: credits(total.add_ons),
            space: credits(total.spaces),
        }
    };
    Ok(days.first.iter_days().take_while(|day| *day <= last).map(usage).collect())
}

/// What the teams of an Enterprise Account used in each month from `first` to `last`, up to the present one. Visible as
/// [`TeamStore::account_usage`].
///
/// # Errors
/// As [`TeamStore::account`], then as [`TeamStore::account_usage`].
pub fn enterprise_account_monthly_usage(
    store: &TeamStore,
    actor: Actor,
    account: AccountId,
    first: Month,
    last: Month,
) -> Result<Vec<EnterpriseAccountMonthlyUsage>, Error> {
    let name = store.account(actor, account)?.name();
    let reports = store.account_usage(actor, account, Days { first: first.first_day(), last: Days::of(last).last })?;
    let last = last.min(Month::of(store.now(actor)));
    let usage = |month: Month| {
        let (total, teams) = team_sums(store, actor, &reports, Days::of(month), Some(0.0));
        EnterpriseAccountMonthlyUsage {
            addons: credits(total.add_ons),
            teams,
            connect: 0.0,
            data: 0.0,
            dynos: units(total.dyno_units),
            id: account,
            month,
            name,
            partner: credits(total.add_ons),
            space: credits(total.spaces),
        }
    };
    let months = core::iter::successors(Some(first), |month| Some(month.next()));
    Ok(months.take_while(|month| *month <= last).map(usage).collect())
}

/// The sum of what the teams used on these days, and that of each team that used something, by name.
fn team_sums(
    store: &TeamStore,
    actor: Actor,
    reports: &BTreeMap<TeamId, UsageReport>,
    days: Days,
    connect: Option<f64>,
) -> (Usage, Vec<TeamUsage>) {
    let mut whole = Usage::ZERO;
    let mut teams: Vec<TeamUsage> = Vec::new();
    for (team, report) in reports {
        let parts = days.first.iter_days().take_while(|day| *day <= days.last).flat_map(|day| report.parts_of(day));
        let (total, apps) = sums(store, actor, parts);
        if total == Usage::ZERO {
            continue;
        }
        whole += total;
        let name =
            store.team_name(actor, *team).map_or_else(|_| former_name("team", team.uuid()), |name| name.to_string());
        teams.push(TeamUsage {
            addons: credits(total.add_ons),
            apps,
            connect,
            data: 0.0,
            dynos: units(total.dyno_units),
            id: *team,
            name,
            partner: credits(total.add_ons),
            space: credits(total.spaces),
        });
    }
    teams.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    (whole, teams)
}

/// The sum of the parts, and that of each app, by name.
fn sums(store: &TeamStore, actor: Actor, parts: impl Iterator<Item = (UsagePart, Usage)>) -> (Usage, Vec<AppUsage>) {
    let (mut total, mut by_app) = (Usage::ZERO, BTreeMap::<AppId, Usage>::new());
    for (part, usage) in parts {
        total += usage;
        if let UsagePart::App(app) = part {
            *by_app.entry(app).or_default() += usage;
        }
    }
    let mut apps: Vec<AppUsage> = by_app
        .into_iter()
        .map(|(app, usage)| AppUsage {
            addons: credits(usage.add_ons),
            app_name: store
                .app(actor, app)
                .map_or_else(|_| former_name("app", app.uuid()), |app| app.name().to_string()),
            data: 0.0,
            dynos: units(usage.dyno_units),
            partner: credits(usage.add_ons),
        })
        .collect();
    apps.sort_unstable_by(|one, other| one.app_name.cmp(&other.app_name));
    (total, apps)
}

/// A name for what is gone: as long as a name may be, and as much of the id as fits.
fn former_name(kind: &str, id: Uuid) -> String {
    format!("{kind}-{}", id.simple()).chars().take(NAME_LEN_MAX).collect()
}

#[expect(clippy::cast_precision_loss, reason = "JSON has no other numbers; exact up to nine billion units")]
fn units(millionths: u64) -> f64 {
    millionths as f64 / 1e6
}

#[expect(clippy::cast_precision_loss, reason = "JSON has no other numbers; exact up to ninety million credits")]
fn credits(millionths_of_a_cent: u64) -> f64 {
    millionths_of_a_cent as f64 / 1e8
}
