//! The Usage tab: current use against the limits, history by day and month, what used it, and statements.

use std::collections::BTreeMap;

use enterprise_teams::chrono::{self, Datelike, NaiveDate};
use enterprise_teams::entity::{Days, Month, Payer, Usage};
use enterprise_teams::query::{Billing, Statement, StatementPart, UsagePart, UsageReport};
use enterprise_teams::report::Table;
use enterprise_teams::{AccountId, Error, Owner, PageRequest, TeamId};
use enterprise_teams_platform_api::{Fault, find};
use maud::{Markup, html};

use super::amount::{cents, credits, units};
use super::picture::{Bar, Say, chart, meter};
use super::visit::{PAGE, View, address};
use super::{layout, place};

/// How far back the charts go.
const DAYS: u64 = 30;
const MONTHS: usize = 12;
/// How many months can be chosen: as many as one range may have.
const CHOICES: usize = 36;
/// How many statements are listed at a time.
const STATEMENTS: usize = 12;

pub(super) fn of_team(view: &View<'_>) -> Result<Markup, Fault> {
    let team = find::team(view.store, view.actor, view.param("team"))?;
    let content = html! {
        (limits(view, team))
        (past_use(view, Owner::Team(team)))
        (team_statements(view, team)?)
    };
    layout::team(view, team, "Usage", &content)
}

pub(super) fn personal(view: &View<'_>) -> Result<Markup, Fault> {
    let user = view.user();
    let content = html! {
        (past_use(view, Owner::User(user)))
        (statements(view, user.into())?)
    };
    let head = html! { h1 { "Your usage" } p.about { "What your personal apps use, and what they cost" } };
    Ok(layout::page(view, "Your usage", &head, &layout::own_tabs(view, "Usage"), &content))
}

pub(super) fn of_account(view: &View<'_>) -> Result<Markup, Fault> {
    let account = find::account(view.store, view.actor, view.param("account"))?;
    let content = html! {
        (account_use(view, account))
        (statements(view, account.into())?)
    };
    layout::account(view, account, "Usage", &content)
}

pub(super) fn team_table(view: &View<'_>) -> Result<Table, Fault> {
    let team = find::team(view.store, view.actor, view.param("team"))?;
    Ok(view.store.usage_table(view.actor, team, month(view))?)
}

pub(super) fn personal_table(view: &View<'_>) -> Result<Table, Fault> {
    Ok(view.store.usage_table(view.actor, view.user(), month(view))?)
}

/// The month that the address asks for, or the present one.
fn month(view: &View<'_>) -> Month {
    view.asked_for("month").unwrap_or_else(|| Month::of(view.store.now(view.actor)))
}

fn limits(view: &View<'_>, team: TeamId) -> Markup {
    let used = view.store.current_use(view.actor, team);
    html! {
        section {
            h2 { "Current use" }
            @match used {
                Err(refusal) => (view.denied(&refusal)),
                Ok(used) => {
                    div.card.meters {
                        @for (label, one, say) in [
                            ("Apps", used.apps, number as Say),
                            ("Members, with pending invitations", used.members, number),
                            ("Spaces", used.spaces, number),
                            ("Dyno units a month", used.dyno_units, units),
                            ("Add-on credits a month", used.add_on_credits, cents),
                        ] { (meter(label, one.used, one.limit, say)) }
                        p.note { "Dyno units and credits: what a month comes to if everything runs on as it does now." }
                    }
                }
            }
        }
    }
}

fn number(number: u64) -> String {
    number.to_string()
}

/// What the amounts are measured in.
fn measures() -> &'static str {
    "A dyno unit is one standard-1x dyno for a month; a credit is 100 cents. The price of a month is spread over 720 hours."
}

fn past_use(view: &View<'_>, owner: Owner) -> Markup {
    let (range, month) = (range(view), month(view));
    let usage = |days: Days| view.store.usage(view.actor, owner, days);
    match usage(range).and_then(|history| Ok((history, usage(Days::of(month))?))) {
        Err(refusal) => html! { section { h2 { "History" } (view.denied(&refusal)) } },
        Ok((report, of_month)) => html! {
            (history(view, &report.days().collect()))
            section {
                h2 { "By app" }
                (month_form(view, month))
                div id="list" {
                    (parts(view, &format!("Use in {}", named(month)), &of_month))
                    (export(view, view.visit.path(), month))
                }
            }
        },
    }
}

fn account_use(view: &View<'_>, account: AccountId) -> Markup {
    let (range, month) = (range(view), month(view));
    let usage = |days: Days| view.store.account_usage(view.actor, account, days);
    match usage(range).and_then(|history| Ok((history, usage(Days::of(month))?))) {
        Err(refusal) => html! { section { h2 { "History" } (view.denied(&refusal)) } },
        Ok((reports, of_month)) => {
            let mut days = BTreeMap::<NaiveDate, Usage>::new();
            for (day, usage) in reports.values().flat_map(UsageReport::days) {
                *days.entry(day).or_default() += usage;
            }
            html! {
                (history(view, &days))
                section {
                    h2 { "By team" }
                    (month_form(view, month))
                    div id="list" { (teams(view, month, &of_month)) }
                }
            }
        }
    }
}

/// From the start of the first month of the charts until today.
fn range(view: &View<'_>) -> Days {
    let today = view.store.now(view.actor).date_naive();
    let first = months_back(Month::containing(today)).take(MONTHS).last().map_or(today, Month::first_day);
    Days { first: first.min(before(today, DAYS - 1)), last: today }
}

/// So many days before.
fn before(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(chrono::Days::new(days)).unwrap_or(NaiveDate::MIN)
}

fn months_back(from: Month) -> impl Iterator<Item = Month> {
    std::iter::successors(Some(from), |month| Some(month.previous()))
}

/// November 2026.
fn named(month: Month) -> String {
    month.first_day().format("%B %Y").to_string()
}

/// What the charts show: what it is called, how much of a use it is, and how it is written.
type Measure = (&'static str, fn(&Usage) -> u64, Say);
const MEASURES: [Measure; 3] = [
    ("Dyno units", |usage| usage.dyno_units, units),
    ("Add-on credits", |usage| usage.add_ons, credits),
    ("Space credits", |usage| usage.spaces, credits),
];

/// A stretch of time on a chart: what it is called in short and in full.
type Stretch = (String, String);

fn history(view: &View<'_>, days: &BTreeMap<NaiveDate, Usage>) -> Markup {
    let today = view.store.now(view.actor).date_naive();
    let by_day: Vec<(Stretch, Usage)> = (0..DAYS)
        .rev()
        .map(|back| {
            let day = before(today, back);
            let names = (day.format("%-d %b").to_string(), day.format("%-d %B %Y").to_string());
            (names, days.get(&day).copied().unwrap_or_default())
        })
        .collect();
    let mut months = BTreeMap::<Month, Usage>::new();
    for (day, usage) in days {
        *months.entry(Month::containing(*day)).or_default() += *usage;
    }
    let mut by_month: Vec<(Stretch, Usage)> = months_back(Month::containing(today))
        .take(MONTHS)
        .map(|month| {
            let first = month.first_day();
            let short = if first.month() == 1 { first.format("%Y") } else { first.format("%b") };
            ((short.to_string(), named(month)), months.get(&month).copied().unwrap_or_default())
        })
        .collect();
    by_month.reverse();
    html! {
        section {
            h2 { "Last 30 days" }
            (charts("a day", "Day", &by_day))
        }
        section {
            h2 { "Last 12 months" }
            (charts("a month", "Month", &by_month))
            p.note { (measures()) " Days and months are those of UTC; the last ones are up to now." }
        }
    }
}

fn charts(every: &str, head: &str, uses: &[(Stretch, Usage)]) -> Markup {
    if uses.iter().all(|(_, usage)| *usage == Usage::ZERO) {
        return layout::empty("Nothing was used in this time.", "What runs from now on shows here.");
    }
    html! {
        div.card {
            div.charts {
                @for (name, of, say) in MEASURES {
                    @let bars: Vec<Bar> = uses.iter().map(|((short, full), usage)| {
                        Bar { short: short.clone(), full: full.clone(), amount: of(usage) }
                    }).collect();
                    (chart(&format!("{name} {every}"), &bars, say))
                }
            }
            details.table {
                summary { "As a table" }
                div.wide tabindex="0" role="region" aria-label={ "Use " (every) } {
                    table {
                        (table_head(head))
                        tbody {
                            @for ((_, full), usage) in uses.iter().rev() { tr { th scope="row" { (full) } (amounts(*usage)) } }
                        }
                    }
                }
            }
        }
    }
}

fn table_head(first: &str) -> Markup {
    html! {
        thead { tr { th scope="col" { (first) } @for (name, ..) in MEASURES { th.number scope="col" { (name) } } } }
    }
}

fn amounts(usage: Usage) -> Markup {
    html! { @for (_, of, say) in MEASURES { td.number { (say(of(&usage))) } } }
}

/// A form to choose a month.
fn month_form(view: &View<'_>, chosen: Month) -> Markup {
    let now = Month::of(view.store.now(view.actor));
    let listed: Vec<Month> = months_back(now).take(CHOICES).collect();
    let other = Some(chosen).filter(|month| !listed.contains(month));
    html! {
        form.bar method="get" action=(view.visit.path()) data-live {
            @for kept in ["on", "team"] {
                @if let Some(value) = view.asked(kept) { input type="hidden" name=(kept) value=(value); }
            }
            label { span.away { "Month" }
                select name="month" {
                    @for month in other.into_iter().chain(listed) {
                        option value=(month) selected[month == chosen] { (named(month)) }
                    }
                }
            }
            button type="submit" { "Show" }
        }
    }
}

fn export(view: &View<'_>, path: &str, month: Month) -> Markup {
    let on = view.asked("on").unwrap_or_default();
    let file = address(&format!("{path}.csv"), [("month", &*month.to_string()), ("on", on)]);
    html! { p.export { a href=(file) { "Export " (named(month)) " as CSV" } } }
}

/// What each app and space used, by name, and the sum of all.
fn parts(view: &View<'_>, caption: &str, report: &UsageReport) -> Markup {
    let total = report.total();
    if total == Usage::ZERO {
        return layout::empty("Nothing was used in this month.", "Choose another month.");
    }
    let mut parts: Vec<_> = report.parts().into_iter().map(|(part, usage)| (name(view, part), part, usage)).collect();
    parts.sort_unstable_by(|one, other| (&one.0, one.1).cmp(&(&other.0, other.1)));
    let (shown, pager) = slice(view, "part", &parts);
    html! {
        div.wide tabindex="0" role="region" aria-label=(caption) {
            table {
                caption.away { (caption) }
                (table_head("Used by"))
                tbody { @for (_, part, usage) in shown { tr { th scope="row" { (linked(view, *part)) } (amounts(*usage)) } } }
                tfoot { tr { th scope="row" { "Total" } (amounts(total)) } }
            }
        }
        (pager)
    }
}

fn teams(view: &View<'_>, month: Month, reports: &BTreeMap<TeamId, UsageReport>) -> Markup {
    if reports.is_empty() {
        return layout::empty("No team used anything in this month.", "Choose another month.");
    }
    let caption = format!("Use of the teams in {}", named(month));
    let mut teams: Vec<_> = reports.iter().map(|(team, report)| (view.words(team), *team, report.total())).collect();
    teams.sort_unstable_by(|one, other| (&one.0, one.1).cmp(&(&other.0, other.1)));
    let total = teams.iter().map(|(.., usage)| *usage).sum();
    let (shown, pager) = slice(view, "teams", &teams);
    let chosen = view.asked_for::<TeamId>("team").and_then(|team| Some((team, reports.get(&team)?)));
    html! {
        div.wide tabindex="0" role="region" aria-label=(caption) {
            table {
                caption.away { (caption) }
                (table_head("Team"))
                tbody {
                    @for (name, team, usage) in shown {
                        tr {
                            th scope="row" {
                                a href=(view.here(&[("team", &team.to_string()), ("part", "")])) { (name) }
                            }
                            (amounts(*usage))
                        }
                    }
                }
                tfoot { tr { th scope="row" { "Total" } (amounts(total)) } }
            }
        }
        (pager)
        @if let Some((team, report)) = chosen {
            h3 { (view.words(&team)) ", by app" }
            (parts(view, &format!("Use of {} in {}", view.words(&team), named(month)), report))
            @if let Ok(name) = view.store.team_name(view.actor, team) {
                (export(view, &format!("{}/usage", place::team(name)), month))
            }
        }
    }
}

/// The part of a list that the address asks for by this name, and the way to the next.
fn slice<'l, T>(view: &View<'_>, name: &str, all: &'l [T]) -> (&'l [T], Markup) {
    let from = view.asked_for(name).unwrap_or(0_usize).min(all.len());
    let until = from.saturating_add(PAGE).min(all.len());
    let pager = view.pager_of(name, (until < all.len()).then_some(until));
    (all.get(from..until).unwrap_or_default(), pager)
}

/// The name of an app or a space, or the id of one that is gone.
fn name(view: &View<'_>, part: UsagePart) -> String {
    match part {
        UsagePart::App(app) => view.words(&app),
        UsagePart::Space(space) => view.words(&space),
    }
}

fn linked(view: &View<'_>, part: UsagePart) -> Markup {
    let (store, actor) = (view.store, view.actor);
    let (kind, page) = match part {
        UsagePart::App(app) => ("App", store.app(actor, app).ok().map(|app| place::app(app.name()))),
        UsagePart::Space(space) => ("Space", store.space(actor, space).ok().map(|space| place::space(space.name()))),
    };
    html! {
        @if let Some(page) = page {
            a href=(view.link(&page)) { (name(view, part)) } " " small { (kind) }
        } @else {
            // It was deleted, went to another owner, or is not for this reader.
            (name(view, part)) " " small { (kind) ", no longer here" }
        }
    }
}

/// The statements of a team: what those of the account say of it that pays for it, and its own.
fn team_statements(view: &View<'_>, team: TeamId) -> Result<Markup, Fault> {
    let Ok(Billing::Credits(Some(account))) = view.store.billing(view.actor, team) else {
        return statements(view, team.into());
    };
    let own = view.store.statements(view.actor, team, &PageRequest::first(1)?)?;
    Ok(html! {
        (account_parts(view, account, team))
        @if !own.items.is_empty() { (statements(view, team.into())?) }
    })
}

/// What the statements of the account, which pays for the team, say of the team.
fn account_parts(view: &View<'_>, account: AccountId, team: TeamId) -> Markup {
    let part = |month| view.store.statement_part(view.actor, account, team, month).ok().map(|part| (month, part));
    let parts: Vec<_> = months_back(month_before(view)).take(STATEMENTS).filter_map(part).collect();
    let opened = view.asked_for("account-statement").and_then(part);
    html! {
        section {
            h2 { "Statements of the Enterprise Account" }
            p { "Enterprise Account " strong { (view.words(&account)) } " pays for this team. This is the team's part:" }
            @if parts.is_empty() {
                (no_statement())
            } @else {
                div.wide tabindex="0" role="region" aria-label="Parts of the account's statements" {
                    table {
                        (table_head("Month"))
                        tbody {
                            @for (month, part) in &parts {
                                tr {
                                    th scope="row" {
                                        a href=(view.here(&[("account-statement", &month.to_string())])) { (named(*month)) }
                                    }
                                    (amounts(part.total))
                                }
                            }
                        }
                    }
                }
            }
            @if let Some((month, part)) = opened { (lines(view, &named(month), "account-line", &[part])) }
        }
    }
}

fn month_before(view: &View<'_>) -> Month {
    Month::of(view.store.now(view.actor)).previous()
}

fn no_statement() -> Markup {
    layout::empty("There is no statement yet.", "A month has one as soon as something is recorded after its end.")
}

/// The statements of a payer, and the lines of the one that the address asks for.
fn statements(view: &View<'_>, payer: Payer) -> Result<Markup, Fault> {
    let page = view.store.statements(view.actor, payer, &view.part("statements", STATEMENTS)?);
    let asked = view.asked_for("statement").map(|month| view.store.statement(view.actor, payer, month));
    Ok(html! {
        section {
            h2 { "Statements" }
            @match page {
                Err(refusal) => (view.denied(&refusal)),
                Ok(page) => {
                    @if page.items.is_empty() {
                        (no_statement())
                    } @else {
                        (listed(view, &page.items))
                    }
                    (view.pager_of("statements", page.next.as_ref()))
                }
            }
            @match asked {
                Some(Ok(statement)) => (lines(view, &named(statement.month), "line", &statement.parts)),
                Some(Err(refusal @ Error::NoStatement { .. })) => (view.denied(&refusal)),
                Some(Err(_)) | None => {}
            }
        }
    })
}

fn listed(view: &View<'_>, statements: &[Statement]) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label="Statements" {
            table {
                thead { tr {
                    th scope="col" { "Month" } th scope="col" { "Number" }
                    @for (name, ..) in MEASURES { th.number scope="col" { (name) } }
                } }
                tbody {
                    @for statement in statements {
                        @let month = statement.month.to_string();
                        tr {
                            th scope="row" {
                                a href=(view.here(&[("statement", &month), ("line", "")])) { (named(statement.month)) }
                            }
                            td { (statement.number) }
                            (amounts(statement.total))
                        }
                    }
                }
            }
        }
    }
}

/// What a statement says of each app and space, and for an account of which team's.
fn lines(view: &View<'_>, month: &str, asked: &str, parts: &[StatementPart]) -> Markup {
    let lines = parts.iter().flat_map(|part| part.lines.iter().map(|line| (part.owner, line)));
    let mut lines: Vec<_> =
        lines.map(|(owner, line)| (view.words(&owner), name(view, line.used_by), owner, line)).collect();
    lines.sort_unstable_by(|one, other| (&one.0, &one.1).cmp(&(&other.0, &other.1)));
    let total = parts.iter().map(|part| part.total).sum();
    let (shown, pager) = slice(view, asked, &lines);
    let caption = format!("Statement of {month}");
    let of_teams = parts.len() > 1;
    html! {
        div.statement {
            h3 { (caption) }
            div.wide tabindex="0" role="region" aria-label=(caption) {
                table {
                    thead { tr {
                        th scope="col" { "Used by" } @if of_teams { th scope="col" { "Of" } }
                        @for (name, ..) in MEASURES { th.number scope="col" { (name) } }
                    } }
                    tbody {
                        @for (_, _, owner, line) in shown {
                            tr {
                                th scope="row" { (linked(view, line.used_by)) }
                                @if of_teams { td { (layout::owner(view, *owner)) } }
                                (amounts(line.used))
                            }
                        }
                    }
                    tfoot { tr { th scope="row" { "Total" } @if of_teams { td {} } (amounts(total)) } }
                }
            }
            (pager)
        }
    }
}
