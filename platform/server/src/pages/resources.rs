//! The Resources tab: every dyno, add-on and space of a team, by app, with what it comes to in a month.

use enterprise_teams::TeamId;
use enterprise_teams::entity::{Shield, Space};
use enterprise_teams::query::{AppResources, Resource};
use enterprise_teams::report::Table;
use enterprise_teams_platform_api::{Fault, find};
use maud::{Markup, html};

use super::amount::{cents, units};
use super::app::{change_add_on, rescale};
use super::visit::View;
use super::{layout, place};

/// How many apps and spaces are shown at a time: each has several rows.
const ENTRIES: usize = 25;
/// What the address asks for to change something: `APP/PROCESS`, or the id of an add-on.
const CHANGE: &str = "change";

pub(super) fn page(view: &View<'_>) -> Result<Markup, Fault> {
    let team = find::team(view.store, view.actor, view.param("team"))?;
    let content = layout::or_why(view, team, list(view, team))?;
    layout::team(view, team, "Resources", &content)
}

pub(super) fn table(view: &View<'_>) -> Result<Table, Fault> {
    let team = find::team(view.store, view.actor, view.param("team"))?;
    Ok(view.store.resource_table(view.actor, team)?)
}

fn list(view: &View<'_>, team: TeamId) -> Result<Markup, Fault> {
    let page = view.store.resources(view.actor, team, &view.part("after", ENTRIES)?)?;
    let in_all = view.store.current_use(view.actor, team).ok();
    let export = view.link(&format!("{}.csv", view.visit.path()));
    Ok(html! {
        div.bar {
            @if let Some(used) = in_all {
                p.sum {
                    "If everything runs on, a month comes to " strong { (units(used.dyno_units.used)) } " dyno units and "
                    strong { (cents(used.add_on_credits.used)) } " add-on credits."
                }
            }
            span.space {}
            @if !page.items.is_empty() { p.sum { a href=(export) { "Export as CSV" } } }
        }
        div id="list" {
            @if page.items.is_empty() {
                (view.empty("Nothing runs and nothing is installed.", "Scale an app, or install an add-on on it."))
            } @else {
                div.wide tabindex="0" role="region" aria-label="Resources" {
                    table.resources {
                        thead { tr {
                            th scope="col" { "Resource" } th scope="col" { "Size or plan" } th.number scope="col" { "Quantity" }
                            th.number scope="col" { "Dyno units a month" } th.number scope="col" { "Credits a month" }
                            th.end scope="col" { span.away { "Change" } }
                        } }
                        @for resource in &page.items {
                            @match resource {
                                Resource::App(found) => (of_app(view, found)),
                                Resource::Space(space) => (of_space(view, space)),
                            }
                        }
                    }
                }
            }
            (view.pager(page.next.as_ref()))
        }
    })
}

fn of_app(view: &View<'_>, found: &AppResources<'_>) -> Markup {
    let app = found.app;
    let space = app.space().and_then(|id| view.store.space(view.actor, id).ok());
    html! {
        tbody {
            tr.group {
                th colspan="6" scope="rowgroup" {
                    a href=(view.link(&place::app(app.name()))) { (app.name()) }
                    @if let Some(space) = space { small { " in space " (space.name()) } }
                }
            }
            @for dyno in found.dynos {
                @let key = format!("{}/{}", app.name(), dyno.process);
                tr {
                    th scope="row" { (dyno.process) " " small { "Dynos" } }
                    td { (dyno.size) }
                    td.number { (dyno.quantity) }
                    td.number { (units(dyno.size.micro_units().saturating_mul(dyno.quantity.into()))) }
                    td {}
                    td.end { (opener(view, &key, &format!("{} of {}", dyno.process, app.name()))) }
                }
                (opened(view, &key, || rescale(view, app, *dyno)))
            }
            @for add_on in &found.add_ons {
                @let key = add_on.id().to_string();
                tr {
                    th scope="row" { (add_on.service()) " " small { "Add-on" } }
                    td { (add_on.plan().name) }
                    td.number { "1" }
                    td {}
                    td.number { (cents(add_on.plan().price.into())) }
                    td.end { (opener(view, &key, &format!("{} of {}", add_on.service(), app.name()))) }
                }
                (opened(view, &key, || change_add_on(view, add_on)))
            }
        }
    }
}

fn of_space(view: &View<'_>, space: &Space) -> Markup {
    let page = place::space(space.name());
    html! {
        tbody {
            tr.group {
                th scope="row" { a href=(view.link(&page)) { (space.name()) } " " small { "Space" } }
                td { (kind(space.shield())) }
                td.number { "1" }
                td {}
                td.number { (cents(space.shield().price().into())) }
                td.end {
                    a href=(view.link(&format!("{page}/settings"))) aria-label={ "Settings of " (space.name()) } { "Settings" }
                }
            }
        }
    }
}

/// What a space is called.
pub(super) const fn kind(shield: Shield) -> &'static str {
    match shield {
        Shield::Off => "Private Space",
        Shield::On => "Shield Space",
    }
}

/// The way to what can be done with a row, and back.
fn opener(view: &View<'_>, key: &str, what: &str) -> Markup {
    let is_open = view.asked(CHANGE) == Some(key);
    html! {
        @if view.past.is_none() {
            @if is_open { a href=(view.here(&[(CHANGE, "")])) aria-label={ "Close " (what) } { "Close" } }
            @else { a href={ (view.here(&[(CHANGE, key)])) "#change" } aria-label={ "Change " (what) } { "Change" } }
        }
    }
}

fn opened(view: &View<'_>, key: &str, controls: impl Fn() -> Markup) -> Markup {
    let is_open = view.past.is_none() && view.asked(CHANGE) == Some(key);
    html! { @if is_open { tr.opened id="change" { td colspan="6" { div.actions { (controls()) } } } } }
}
