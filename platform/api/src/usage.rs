//! What a team used, by day and by month.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use enterprise_teams::{
    Actor, AppId, Error, TeamId, TeamStore,
    entity::{Days, Month, Usage},
    names::NAME_LEN_MAX,
    query::UsagePart,
};
use serde::{Deserialize, Serialize};

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
            app_name: store.app(actor, app).map_or_else(|_| former_name(app), |app| app.name().to_string()),
            data: 0.0,
            dynos: units(usage.dyno_units),
            partner: credits(usage.add_ons),
        })
        .collect();
    apps.sort_unstable_by(|one, other| one.app_name.cmp(&other.app_name));
    (total, apps)
}

/// A name for an app that is gone: as long as a name may be, and as much of the id as fits.
fn former_name(app: AppId) -> String {
    format!("app-{}", app.uuid().simple()).chars().take(NAME_LEN_MAX).collect()
}

#[expect(clippy::cast_precision_loss, reason = "JSON has no other numbers; exact up to nine billion units")]
fn units(millionths: u64) -> f64 {
    millionths as f64 / 1e6
}

#[expect(clippy::cast_precision_loss, reason = "JSON has no other numbers; exact up to ninety million credits")]
fn credits(millionths_of_a_cent: u64) -> f64 {
    millionths_of_a_cent as f64 / 1e8
}
