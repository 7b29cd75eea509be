//! A month of a team, exact to the second, and its statement: `cargo run --example monthly_bill`.

use std::fmt::Write;

use enterprise_teams::chrono::{DateTime, TimeDelta, Utc};
use enterprise_teams::demo::Demo;
use enterprise_teams::{
    Error, NewApp,
    entity::{DynoSize, Month, Plan, Usage},
    query::Statement,
};

fn main() -> Result<(), Error> {
    print!("{}", run()?);
    Ok(())
}

/// The bill.
pub(crate) fn run() -> Result<String, Error> {
    let Demo { mut store, operator, ada, acme, website, .. } = Demo::new()?;
    let start: DateTime<Utc> = DateTime::UNIX_EPOCH;
    let after = |hours| ada.at(start + TimeDelta::hours(hours));
    let worker = store.create_app(ada, NewApp::in_team(acme).named("acme-worker".parse()?))?;
    store.scale_app(after(0), website, "web".parse()?, DynoSize::Standard1X, 2)?;
    store.install_add_on(after(24), website, "postgres".parse()?, Plan { name: "basic".parse()?, price: 900 })?;
    store.scale_app(after(48), worker, "worker".parse()?, DynoSize::Standard2X, 1)?;
    store.scale_app(after(120), website, "web".parse()?, DynoSize::Standard2X, 2)?;
    store.delete_app(after(360), worker, "acme-worker")?;

    let month = Month::of(start);
    let mut out = store.usage_table(after(400), acme, month)?.markdown();
    let refused = store.statement(after(400), acme, month).map_or_else(|error| error, |_| unreachable!());
    writeln!(out, "\nbefore the month is over: {} ({})", store.readable(ada, &refused), refused.rule()).ok();

    store.close_months(operator.at(month.end()))?;
    let Statement { number, month, parts, total, .. } = store.statement(ada, acme, month)?;
    writeln!(out, "\nstatement {number} for {month}").ok();
    let lines: Usage = parts.iter().flat_map(|part| &part.lines).map(|line| line.used).sum();
    writeln!(out, "  dyno units   {:>12} millionths", total.dyno_units).ok();
    writeln!(out, "  credits      {:>12} millionths of a cent", total.credits()).ok();
    writeln!(out, "  the lines add up: {}", lines == total).ok();
    Ok(out)
}
