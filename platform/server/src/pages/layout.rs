//! What is around the content of a page: the menu of teams, the tabs, what was done, and when it was.

use enterprise_teams::chrono::{DateTime, SecondsFormat, Utc};
use enterprise_teams::entity::Lock;
use enterprise_teams::query::{AuditFilter, AuditScope, Cursor};
use enterprise_teams::{AccountId, AppId, ErrorKind, Owner, PageRequest, Role, TeamId, query::TeamFilter};
use enterprise_teams_platform_api::Fault;
use maud::{Markup, html};

use super::form::SEVERAL_MAX;
use super::visit::{DONE, DONE_FROM, View};
use super::{label, place, roles};

/// How many teams the menu lists.
const MENU: usize = 30;

/// A tab of a page: what it is called, and what its address ends with.
pub(super) type Tab = (&'static str, &'static str);

/// The tabs of a team, in the order of the documents.
pub(super) const TEAM_TABS: [Tab; 7] = [
    ("Apps", "/apps"),
    ("Spaces", "/spaces"),
    ("Access", "/access"),
    ("Resources", "/resources"),
    ("Usage", "/usage"),
    ("Settings", "/settings"),
    ("Activity", "/activity"),
];

/// A page of a team.
pub(super) fn team(view: &View<'_>, team: TeamId, tab: &str, content: &Markup) -> Result<Markup, Fault> {
    let team = view.team(team)?;
    let base = place::team(team.name());
    let what = team.kind().title();
    let role = view.store.role(view.actor, team.id(), view.user())?;
    let role = role.map(|role| roles::of(view, team.id(), view.user(), role));
    let head = html! {
        h1 { (team.name()) }
        p.about { (what) @if let Some(role) = role { ", " (role) } }
        (label::shown(team.labels()))
    };
    Ok(page(view, &format!("{}: {tab}", team.name()), &head, &tabs(view, &base, &TEAM_TABS, tab), content))
}

/// What stands on a page of a team; for whoever has a role in it and may not see that, the reason.
pub(super) fn or_why(view: &View<'_>, team: TeamId, content: Result<Markup, Fault>) -> Result<Markup, Fault> {
    match content {
        Err(Fault::Refused(no)) if no.kind() == ErrorKind::Forbidden && has_role(view, team) => Ok(view.denied(&no)),
        content => content,
    }
}

fn has_role(view: &View<'_>, team: TeamId) -> bool {
    match view.store.role(view.actor, team, view.user()) {
        Ok(Some(Role::Admin | Role::Member | Role::Viewer | Role::Custom)) => true,
        Ok(Some(Role::Collaborator) | None) | Err(_) => false,
    }
}

/// The tabs of an app.
pub(super) const APP_TABS: [Tab; 5] = [
    ("Overview", ""),
    ("Access", "/access"),
    ("Resources", "/resources"),
    ("Settings", "/settings"),
    ("Activity", "/activity"),
];

/// The tabs of an Enterprise Account.
pub(super) const ACCOUNT_TABS: [Tab; 5] =
    [("Teams", "/teams"), ("Access", "/access"), ("People", "/people"), ("Usage", "/usage"), ("Activity", "/activity")];

/// A page of an app.
pub(super) fn app(view: &View<'_>, app: AppId, tab: &str, content: &Markup) -> Result<Markup, Fault> {
    let app = view.store.app(view.actor, app)?;
    let base = place::app(app.name());
    let head = html! {
        h1 { (app.name()) }
        p.about {
            "App of " (owner(view, app.owner()))
            @if app.lock() == Lock::Locked { " " span.badge { "locked" } }
        }
        (label::shown(app.labels()))
    };
    Ok(page(view, &format!("{}: {tab}", app.name()), &head, &tabs(view, &base, &APP_TABS, tab), content))
}

/// A page of an Enterprise Account.
pub(super) fn account(view: &View<'_>, account: AccountId, tab: &str, content: &Markup) -> Result<Markup, Fault> {
    let account = view.store.account(view.actor, account)?;
    let base = place::account(account.name());
    let head = html! {
        h1 { (account.name()) }
        p.about { "Enterprise Account" }
    };
    Ok(page(view, &format!("{}: {tab}", account.name()), &head, &tabs(view, &base, &ACCOUNT_TABS, tab), content))
}

/// The tabs of a person's own pages.
pub(super) fn own_tabs(view: &View<'_>, open: &str) -> Markup {
    tabs(
        view,
        "/dashboard",
        &[("Account", "/account"), ("Usage", "/personal/usage"), ("Activity", "/account/activity")],
        open,
    )
}

/// A page with a head and tabs.
pub(super) fn page(view: &View<'_>, title: &str, head: &Markup, tabs: &Markup, content: &Markup) -> Markup {
    let body = html! {
        a.skip href="#main" { "To the content" }
        (top(view))
        main {
            div.head { (head) }
            (tabs)
            div.body id="main" tabindex="-1" {
                (past(view))
                (notice(view))
                (content)
            }
        }
    };
    super::html::document(title, &body)
}

/// The tabs of something, one of which is open.
pub(super) fn tabs(view: &View<'_>, base: &str, tabs: &[Tab], open: &str) -> Markup {
    html! {
        nav.tabs aria-label="Tabs" {
            @for (name, tail) in tabs {
                a href=(view.link(&format!("{base}{tail}"))) aria-current=[(*name == open).then_some("page")] { (name) }
            }
        }
    }
}

fn top(view: &View<'_>) -> Markup {
    let (store, actor) = (view.store, view.actor);
    // Where the host signs people in and says nothing of signing out, nobody signs out here.
    let host = view.visit.visitor.server.sign_in();
    let own = host.sign_in_page().is_none().then_some("/dashboard/sign-out");
    let sign_out = host.sign_out_page().or(own);
    let email = store.user(actor, view.user()).map(|user| user.email().to_string()).unwrap_or_default();
    html! {
        header.top {
            a.brand href=(view.link(place::HOME)) { "Enterprise Teams" }
            details.menu {
                summary { "Teams" }
                (menu(view))
            }
            span.space {}
            a href=(view.link("/dashboard/account")) { @if email.is_empty() { "Account" } @else { (email) } }
            @if let Some(sign_out) = sign_out {
                form method="post" action=(sign_out) {
                    input type="hidden" name="key" value=(view.visit.visitor.key.as_str());
                    button.quiet type="submit" { "Sign out" }
                }
            }
        }
    }
}

fn menu(view: &View<'_>) -> Markup {
    let (store, actor) = (view.store, view.actor);
    let first = || PageRequest::first(MENU);
    let teams = first().and_then(|page| store.memberships(actor, &TeamFilter::default(), &page));
    let accounts = first().and_then(|page| store.account_memberships(actor, &page));
    html! {
        ul {
            @for entry in teams.iter().flat_map(|page| &page.items) {
                li { a href=(view.link(&format!("{}/apps", place::team(entry.team.name())))) {
                    (entry.team.name()) small { (roles::called(view, entry.role)) }
                } }
            }
            li { a href=(view.link(place::PERSONAL)) { "Personal" } }
            @for entry in accounts.iter().flat_map(|page| &page.items) {
                li { a href=(view.link(&format!("{}/teams", place::account(entry.account.name())))) {
                    (entry.account.name()) small { "Enterprise Account" }
                } }
            }
            li { a href=(view.link(place::HOME)) { "All teams" } }
        }
    }
}

/// That the page shows the past, and the way back.
fn past(view: &View<'_>) -> Markup {
    html! {
        @if let Some(at) = view.past {
            div.past role="status" {
                p { "As it was on " (when(at)) ". Nothing can be changed here." }
                a href=(view.here(&[("on", "")])) { "As it is now" }
            }
        }
    }
}

/// What was done just now, or what was tried on a control that is no longer there.
fn notice(view: &View<'_>) -> Markup {
    html! {
        @if let Some(tried) = view.tried.filter(|_| !view.told.get()) { (view.refusal(tried)) }
        @if let Some(done) = done(view) { div.done role="status" { p { (done) } } }
    }
}

/// The event that the address says was made just now, if this person made it, and how many before it.
fn done(view: &View<'_>) -> Option<Markup> {
    let seq: u64 = view.asked_for(DONE)?;
    let page = PageRequest::first(1).ok()?.after(Cursor::after_event(seq.checked_add(1)?));
    let filter = AuditFilter::new(AuditScope::By(view.user()));
    let found = view.store.audit_log(view.actor, &filter, &page).ok()?;
    let entry = found.items.into_iter().next().filter(|entry| entry.seq == seq)?;
    let more = view.asked_for(DONE_FROM).and_then(|first: u64| {
        let page = PageRequest::first(SEVERAL_MAX).ok()?.after(Cursor::after_event(seq));
        let before = view.store.audit_log(view.actor, &filter, &page).ok()?;
        Some(before.items.iter().filter(|entry| entry.seq >= first).count())
    });
    Some(html! {
        "Done: " (view.words(&entry.what()))
        @if let Some(more) = more.filter(|more| *more > 0) { ", and " (more) " more" }
        "."
    })
}

/// The page of what cannot be shown.
pub(super) fn refused(view: &View<'_>, fault: &Fault) -> Markup {
    let reason = view.reason(fault);
    let content = html! {
        div.card.narrow {
            h1 { "Not available to you" }
            p { (reason.message) }
            @if let Some(remedy) = reason.remedy { p { (remedy) } }
            @if let Some((rule, code)) = reason.rule { p.rule { a href={ "/errors/" (code) } { (rule) } } }
            p { a href=(place::HOME) { "Back to your teams" } }
        }
    };
    page(view, "Enterprise Teams", &html! {}, &html! {}, &content)
}

/// A time: in the reader's zone where scripts run, with the exact time as title.
pub(super) fn when(at: DateTime<Utc>) -> Markup {
    let exact = at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    html! { time datetime=(exact) title=(exact) { (at.format("%-d %B %Y, %H:%M UTC")) } }
}

/// An owner: a team, as a link for whoever gets in, or a person.
pub(super) fn owner(view: &View<'_>, owner: Owner) -> Markup {
    let (store, actor) = (view.store, view.actor);
    match owner {
        Owner::Team(id) => match (view.team(id), store.team_name(actor, id)) {
            (Ok(team), _) => html! {
                a href=(view.link(&format!("{}/apps", place::team(team.name())))) { (team.name()) }
            },
            (Err(_), Ok(name)) => html! { (name) },
            (Err(_), Err(_)) => html! { (id) },
        },
        Owner::User(id) => store.user(actor, id).map_or_else(|_| html! { (id) }, |user| html! { (user.email()) }),
    }
}

/// What stands where a list has nothing: what it is, and what to do next.
pub(super) fn empty(what: &str, next: &str) -> Markup {
    html! { div.empty { p { (what) } p { (next) } } }
}

/// A pen.
pub(super) fn pen_icon() -> Markup {
    html! {
        svg.icon viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" {
            path d="M11.3 1.3a1 1 0 0 1 1.4 0l2 2a1 1 0 0 1 0 1.4L5.4 14 1 15l1-4.4z" {}
        }
    }
}
