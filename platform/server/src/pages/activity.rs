//! The Activity tab: the audit log in sentences, with names as they were.

use axum::response::Response;
use enterprise_teams::chrono::{DateTime, Days, NaiveDate, SecondsFormat, Utc};
use enterprise_teams::query::{AuditEntry, AuditFilter, AuditScope, Page, collect_pages};
use enterprise_teams::rule::Chapter;
use enterprise_teams::{Actor, ActorKind, Error, OperationKind, Owner, PageRequest, TeamKind, TeamStore, UserId};
use enterprise_teams_platform_api::{Fault, Thing, find};
use maud::{Markup, html};

use super::control::Choice;
use super::visit::{DONE, DONE_FROM, View, Visit, address};
use super::{html as answer, layout};

/// What one's own page is asked by: what one did, or what concerns one.
const ABOUT: &str = "about";

pub(super) fn of_team(view: &View<'_>) -> Result<Markup, Fault> {
    let team = find::team(view.store, view.actor, view.param("team"))?;
    layout::team(view, team, "Activity", &list(view))
}

pub(super) fn of_app(view: &View<'_>) -> Result<Markup, Fault> {
    let app = find::app(view.store, view.actor, view.param("app"))?;
    layout::app(view, app, "Activity", &list(view))
}

pub(super) fn of_account(view: &View<'_>) -> Result<Markup, Fault> {
    let account = find::account(view.store, view.actor, view.param("account"))?;
    layout::account(view, account, "Activity", &list(view))
}

#[expect(clippy::unnecessary_wraps, reason = "as every page")]
pub(super) fn own(view: &View<'_>) -> Result<Markup, Fault> {
    let head = html! { h1 { "Your activity" } p.about { "What you did, and what was done to you" } };
    Ok(layout::page(view, "Your activity", &head, &layout::own_tabs(view, "Activity"), &list(view)))
}

/// Whose log the address asks for.
fn scope(view: &View<'_>) -> Result<AuditScope, Fault> {
    let (store, actor) = (view.store, view.actor);
    Ok(match view.visit.subject() {
        Some(("team", name)) => {
            let team = find::team(store, actor, name)?;
            match view.asked("app") {
                None => AuditScope::Team(team),
                Some(app) => {
                    let app = store.app(actor, find::app(store, actor, app)?)?;
                    if app.owner() != Owner::Team(team) {
                        return Err(Fault::Missing(Thing::App));
                    }
                    AuditScope::App(app.id())
                }
            }
        }
        Some(("app", name)) => AuditScope::App(find::app(store, actor, name)?),
        Some(("account", name)) => AuditScope::Account(find::account(store, actor, name)?),
        _ if view.asked(ABOUT).is_some() => AuditScope::User(view.user()),
        _ => AuditScope::By(view.user()),
    })
}

/// What the address asks for.
struct Asked {
    filter: AuditFilter,
    /// The codes of the events of a chapter, where one is asked for.
    kind: Option<Vec<&'static str>>,
}

impl Asked {
    /// A person who is not there has done nothing that anybody may see.
    fn of(store: &TeamStore, actor: Actor, visit: &Visit, scope: AuditScope) -> Result<Self, Fault> {
        let asked = |name: &str| visit.query.get(name).filter(|text| !text.is_empty());
        let mut filter = AuditFilter::new(scope);
        if let Some(person) = asked("by") {
            filter = filter.by(find::anybody(store, actor, person)?);
        }
        let day = |name| asked(name).and_then(|text| text.parse::<NaiveDate>().ok());
        if let Some(first) = day("since").and_then(begin) {
            filter = filter.since(first);
        }
        if let Some(end) = day("until").and_then(|day| day.checked_add_days(Days::new(1))).and_then(begin) {
            filter = filter.until(end);
        }
        let chapter = asked("kind").and_then(|title| Chapter::ALL.iter().find(|one| one.title() == title));
        Ok(Self { filter, kind: chapter.map(|chapter| codes(*chapter)) })
    }

    fn page<'s>(&self, store: &'s TeamStore, actor: Actor, page: &PageRequest) -> Result<Page<AuditEntry<'s>>, Error> {
        let list = |page: &PageRequest| store.audit_log(actor, &self.filter, page);
        match &self.kind {
            None => list(page),
            Some(codes) => {
                page.pick(list, |entry| Ok::<_, Error>(codes.contains(&entry.event.code()).then_some(entry)))
            }
        }
    }
}

fn begin(day: NaiveDate) -> Option<DateTime<Utc>> {
    Some(day.and_hms_opt(0, 0, 0)?.and_utc())
}

/// The codes of what is recorded in a chapter.
fn codes(chapter: Chapter) -> Vec<&'static str> {
    let of = OperationKind::ALL.iter().filter(|kind| kind.chapter() == chapter);
    of.map(|kind| kind.records()).collect()
}

fn list(view: &View<'_>) -> Markup {
    let found = scope(view)
        .and_then(|scope| Asked::of(view.store, view.actor, view.visit, scope))
        .and_then(|asked| Ok(asked.page(view.store, view.actor, &view.page()?)?));
    html! {
        (filters(view))
        @if view.past.is_none() && found.is_ok() { (elsewhere(view)) }
        div id="list" {
            @match &found {
                Err(fault) => {
                    @let reason = view.reason(fault);
                    div.refusal role="alert" {
                        p { (reason.message) }
                        @if let Some(remedy) = reason.remedy { p.remedy { (remedy) } }
                    }
                }
                Ok(page) if page.items.is_empty() => {
                    (view.empty("Nothing of that kind happened.", "Ask for a longer time or for everybody."))
                }
                Ok(page) => {
                    table.log {
                        thead { tr { th scope="col" { "When" } th scope="col" { "Who" } th scope="col" { "What" } } }
                        tbody { @for entry in &page.items { (row(view, entry)) } }
                    }
                }
            }
            @if let Ok(page) = &found { (view.pager(page.next.as_ref())) }
            (since(view))
        }
    }
}

fn row(view: &View<'_>, entry: &AuditEntry<'_>) -> Markup {
    html! {
        tr {
            td { (layout::when(entry.at)) }
            td { (who(view, entry)) }
            td { (view.words(&entry.what())) }
        }
    }
}

/// By whom, as they were called then.
fn who(view: &View<'_>, entry: &AuditEntry<'_>) -> String {
    let named = |user: UserId| {
        let then = entry.name(user).map(str::to_owned);
        let now = || view.store.user(view.actor, user).ok().map(|user| user.email().to_string());
        then.or_else(now).unwrap_or_else(|| user.to_string())
    };
    match entry.actor {
        ActorKind::Operator => "the platform".to_owned(),
        ActorKind::User(user) => named(user),
        ActorKind::OAuth { user, client } => format!("{} through {client}", named(user)),
    }
}

fn filters(view: &View<'_>) -> Markup {
    let of = view.visit.subject().map(|(kind, _)| kind);
    let is_enterprise = is_enterprise(view);
    let kinds = Chapter::ALL.iter().filter(|chapter| !codes(**chapter).is_empty());
    let kinds = kinds.filter(|chapter| is_enterprise || !matches!(chapter, Chapter::Groups | Chapter::CustomRoles));
    let kinds: Vec<_> = kinds.map(|chapter| Choice::new(chapter.title(), chapter.title())).collect();
    let given = |name| view.asked(name).unwrap_or_default();
    html! {
        form.filter.log method="get" action=(view.visit.path()) role="search" {
            @if let Some(time) = view.asked("on") { input type="hidden" name="on" value=(time); }
            @if of.is_none() {
                @let (by, about) = (Choice::new("", "What you did"), Choice::new("you", "What concerns you"));
                label.field { span { "Of" } select name=(ABOUT) {
                    @for choice in [by, about] { (choice.option(given(ABOUT))) }
                } }
            }
            label.field { span { "By" } input type="email" name="by" value=(given("by")) placeholder="anybody" autocomplete="off"; }
            @if of == Some("team") {
                label.field {
                    span { "App" }
                    input type="text" name="app" value=(given("app")) placeholder="any app" autocomplete="off";
                }
            }
            label.field { span { "Kind" }
                select name="kind" {
                    option value="" { "Everything" }
                    @for kind in &kinds { (kind.option(given("kind"))) }
                }
            }
            label.field { span { "From" } input type="date" name="since" value=(given("since")); }
            label.field { span { "To" } input type="date" name="until" value=(given("until")); }
            button type="submit" { "Filter" }
        }
    }
}

/// Whether there are groups and roles of a team's own where the log is of: Enterprise Teams alone have them.
fn is_enterprise(view: &View<'_>) -> bool {
    let (store, actor) = (view.store, view.actor);
    let owner = match view.visit.subject() {
        Some(("team", name)) => find::team(store, actor, name).map(Owner::Team),
        Some(("app", name)) => find::app(store, actor, name).and_then(|app| Ok(store.app(actor, app)?.owner())),
        _ => return true,
    };
    match owner {
        Ok(Owner::Team(team)) => !view.team(team).is_ok_and(|team| team.kind() == TeamKind::Standard),
        Ok(Owner::User(_)) => false,
        Err(_) => true,
    }
}

/// The same entries as files, and the way into the past: for whoever may read the log.
fn elsewhere(view: &View<'_>) -> Markup {
    let exports = ["csv", "jsonl"].map(|form| {
        let asked = view.visit.query.0.iter().filter(|(name, _)| !["after", DONE, DONE_FROM, "on"].contains(&&**name));
        address(&format!("{}.{form}", view.visit.path()), asked.map(|(name, value)| (&**name, &**value)))
    });
    html! {
        div.bar {
            span { "Export: " a href=(exports[0]) download { "CSV" } ", " a href=(exports[1]) download { "JSON lines" } }
            @if matches!(view.visit.subject(), Some(("team", _))) { (then(view)) }
        }
    }
}

/// A form that leads to the pages as they were on a day.
fn then(view: &View<'_>) -> Markup {
    let apps = format!("{}/apps", view.visit.path().trim_end_matches("/activity"));
    html! {
        form.filter.then method="get" action=(apps) {
            label { span { "As it was on " } input type="date" name="on" required; }
            button type="submit" { "Show" }
        }
    }
}

/// Since when the log reaches back, where it does not have everything.
fn since(view: &View<'_>) -> Markup {
    let first = view.store.events().first().filter(|event| event.seq > 1);
    html! {
        @if let Some(first) = first {
            p.note { "The log here begins on " (layout::when(first.at)) ". For earlier entries choose an earlier day under From." }
        }
    }
}

/// What goes into a file.
#[derive(Clone, Copy)]
pub(super) enum Form {
    Csv,
    JsonLines,
}

/// The same entries as a file.
pub(super) async fn export(visit: Visit, form: Form) -> Response {
    super::aside(visit, move |view| match (file(view, form), form) {
        (Ok(text), Form::Csv) => answer::file("text/csv; charset=utf-8", "attachment; filename=\"activity.csv\"", text),
        (Ok(text), Form::JsonLines) => {
            answer::file("application/jsonl; charset=utf-8", "attachment; filename=\"activity.jsonl\"", text)
        }
        (Err(fault), _) => super::refused(view, &fault),
    })
    .await
}

fn file(view: &View<'_>, form: Form) -> Result<Vec<u8>, Fault> {
    let View { store, actor, visit, .. } = *view;
    let asked = Asked::of(store, actor, visit, scope(view)?)?;
    let entries = collect_pages(|page| asked.page(store, actor, page))?;
    let mut text = Vec::new();
    match form {
        Form::JsonLines => {
            for entry in &entries {
                if let Ok(line) = serde_json::to_vec(entry) {
                    text.extend_from_slice(&line);
                    text.push(b'\n');
                }
            }
        }
        Form::Csv => {
            let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut text);
            let unwritten = |_| Fault::Field { field: "file", problem: "cannot be written" };
            writer.write_record(["number", "at", "by", "code", "what"]).map_err(unwritten)?;
            for entry in &entries {
                let (at, seq) = (entry.at.to_rfc3339_opts(SecondsFormat::AutoSi, true), entry.seq.to_string());
                let row = [seq, at, who(view, entry), entry.event.code().to_owned(), view.words(&entry.what())];
                writer.write_record(row.map(plain)).map_err(unwritten)?;
            }
        }
    }
    Ok(text)
}

/// A text that a spreadsheet would take for a formula gets an apostrophe in front.
fn plain(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}
