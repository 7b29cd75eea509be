//! What an app is, what it runs, and what the person who looks holds on it.

use enterprise_teams::entity::{AddOn, Dyno, Lock};
use enterprise_teams::{AccessSource, App, Error, Operation, PageRequest, Role};
use enterprise_teams_platform_api::{Fault, Release, releases};
use maud::{Markup, html};

use super::super::access::through_groups;
use super::super::amount::cents;
use super::super::apps::opened;
use super::super::control::{Field, Look};
use super::super::visit::View;
use super::super::{ends, layout, place, roles};
use super::resources::units;

/// How many releases stand on the page at a time.
const RELEASES: usize = 10;

pub(in super::super) fn page(view: &View<'_>) -> Result<Markup, Fault> {
    let app = super::named(view)?;
    let formation = match view.store.formation(view.actor, app.id()) {
        Ok(dynos) => formation(dynos),
        Err(refusal) => view.denied(&refusal),
    };
    let add_ons = match view.store.add_ons(view.actor, app.id()) {
        Ok(add_ons) => installed(&add_ons),
        Err(refusal) => view.denied(&refusal),
    };
    let content = html! {
        (pending(view, app))
        div.columns {
            section { h2 { "About" } div.card { (about(view, app)) } }
            section { h2 { "You" } div.card { (held(view, app)?) } }
        }
        div.columns {
            section { h2 { "Formation" } (formation) }
            section { h2 { "Add-ons" } (add_ons) }
        }
        section {
            h2 { "Releases" }
            (released(view, app)?)
        }
    };
    layout::app(view, app.id(), "Overview", &content)
}

/// That somebody is to take the app over, for the two of them.
fn pending(view: &View<'_>, app: &App) -> Markup {
    let found = view.store.transfer_of(view.actor, app.id()).ok().flatten();
    html! {
        @if found.is_some() {
            p.note { "A transfer of this app is pending: "
                a href=(view.link(&format!("{}/settings", place::app(app.name())))) { "see its Settings" } "." }
        }
    }
}

fn about(view: &View<'_>, app: &App) -> Markup {
    let (store, actor) = (view.store, view.actor);
    let (web, git) = (store.web_url(app), store.git_url(app));
    html! {
        dl.facts {
            dt { "Owner" } dd { (layout::owner(view, app.owner())) }
            dt { "Stack" } dd { (app.stack()) }
            dt { "Lock" } dd { (app.lock()) }
            @if let Some(space) = app.space() {
                dt { "Space" }
                dd {
                    @match store.space_name(actor, space) {
                        Ok(name) => a href=(view.link(&place::space(name))) { (name) },
                        Err(refusal) => (view.why(&refusal)),
                    }
                }
            }
            @if let Ok(Some(coupling)) = store.coupling(actor, app.id())
                && let Ok(pipeline) = store.pipeline(actor, coupling.pipeline) {
                dt { "Pipeline" }
                dd {
                    a href=(view.link(&place::pipeline(pipeline.id()))) { (pipeline.name()) }
                    ", in " (coupling.stage)
                }
            }
            dt { "Web" } dd { a href=(web) rel="noreferrer" { (web) } }
            dt { "Git" } dd { code { (git) } }
            dt { "Created" } dd { (layout::when(app.created_at())) }
            dt { "Owned since" } dd { (layout::when(app.owned_since())) }
        }
    }
}

/// What this person holds on the app and through what, and what they can do about it.
fn held(view: &View<'_>, app: &App) -> Result<Markup, Error> {
    let own = view.store.app_access_of(view.actor, app.id(), view.user())?;
    let is_by_role = matches!(
        own.held.through,
        AccessSource::Role(Role::Member | Role::Viewer | Role::Custom)
            | AccessSource::RoleAndGroups(Role::Member | Role::Viewer | Role::Custom)
    );
    let is_put_there = own.sleeping.is_some() || is_put_there(own.held.through);
    let leave = Operation::RemoveCollaborator { app: app.id(), user: view.user() };
    let (lock, locks) = match app.lock() {
        Lock::Unlocked => ("Lock app", Operation::LockApp { app: app.id() }),
        Lock::Locked => ("Unlock app", Operation::UnlockApp { app: app.id() }),
    };
    Ok(html! {
        dl.facts {
            dt { "You hold" }
            dd { @for one in own.held.permissions.iter() { span.badge { (one) } " " } }
            dt { "As" } dd { (roles::through(view, &own)) (through_groups(view, &own)) }
            @if let Some(times) = own.granted { dt { "On it since" } dd { (layout::when(times.since)) } }
            @if let Some(end) = own.ends_at { dt { "On it until" } dd { (ends::time(view, end)) } }
            @if let Some(sleeping) = own.sleeping {
                dt { "Sleeping" } dd { (sleeping) " – counts when you are no longer an admin" }
            }
        }
        div.actions {
            @if is_by_role {
                (view.button("Join app", Look::Plain, &Operation::JoinApp { app: app.id() }))
            }
            @if is_put_there {
                (view.button("Leave app", Look::Danger("Leave this app? You give up what you hold on it."), &leave))
            }
            (view.button(lock, Look::Plain, &locks))
        }
    })
}

/// Whether it is something that somebody was given on the app, and can give back.
pub(super) fn is_put_there(through: AccessSource) -> bool {
    through.is_on_app() && through != AccessSource::Ownership
}

fn formation(dynos: &[Dyno]) -> Markup {
    html! {
        @if dynos.is_empty() {
            (layout::empty("No dynos run.", "Add a process type on the Resources tab."))
        } @else {
            div.wide tabindex="0" role="region" aria-label="Formation" { table {
                thead { tr { th scope="col" { "Process" } th scope="col" { "Size" } th.number scope="col" { "Dynos" }
                    th.number scope="col" { "Units a month" } } }
                tbody { @for dyno in dynos {
                    tr { th scope="row" { (dyno.process) } td { (dyno.size) } td.number { (dyno.quantity) }
                        td.number { (units(dyno)) } }
                } }
            } }
        }
    }
}

fn installed(add_ons: &[&AddOn]) -> Markup {
    html! {
        @if add_ons.is_empty() {
            (layout::empty("No add-ons are installed.", "Install one on the Resources tab."))
        } @else {
            div.wide tabindex="0" role="region" aria-label="Add-ons" { table {
                thead { tr { th scope="col" { "Service" } th scope="col" { "Plan" } th.number scope="col" { "Credits a month" } } }
                tbody { @for add_on in add_ons {
                    tr { th scope="row" { (add_on.service()) } td { (add_on.plan().name) }
                        td.number { (cents(add_on.plan().price.into())) } }
                } }
            } }
        }
    }
}

/// The release that the app runs, and earlier ones.
fn released(view: &View<'_>, app: &App) -> Result<Markup, Fault> {
    let first = PageRequest::first(RELEASES)?;
    let page = view.asked_for("after").map_or(first.clone(), |cursor| first.after(cursor));
    let found = match releases(view.store, view.actor, app.id(), true, &page) {
        Ok(found) => found,
        Err(refusal) => return Ok(view.denied(&refusal)),
    };
    let release = Operation::ReleaseApp { app: app.id(), description: "Deploy".parse()? };
    let fields = [Field::text("description", "Description").hint("What is new in it.")];
    Ok(html! {
        div.bar { (opened("New release", &view.form("Record release", Look::Main, &release, &fields))) }
        @if found.items.is_empty() {
            (view.empty("Nothing has been released yet.", "Record a release, or promote one to this app in its pipeline."))
        } @else {
            div.wide tabindex="0" role="region" aria-label="Releases" {
                table {
                    thead { tr { th scope="col" { "Release" } th scope="col" { "What" } th scope="col" { "By" }
                        th.end scope="col" { "When" } } }
                    tbody { @for one in &found.items { (line(one)) } }
                }
            }
        }
        (view.pager(found.next.as_ref()))
    })
}

fn line(release: &Release) -> Markup {
    html! {
        tr {
            th scope="row" { "v" (release.version) @if release.current { " " span.badge.good { "runs" } } }
            td { (release.description) }
            td { (release.user.email) }
            td.end { (layout::when(release.created_at)) }
        }
    }
}
