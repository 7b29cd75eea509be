//! The Apps tab: the apps and pipelines of a team, or of a person.

use enterprise_teams::names::LabelSelector;
use enterprise_teams::query::{AppFilter, AppOrPipeline, EntryKind, SpaceFilter};
use enterprise_teams::{NewApp, Operation, Owner, Page, PageRequest, TeamId};
use enterprise_teams_platform_api::{Fault, find};
use maud::{Markup, html};

use super::control::{Choice, Field, Look};
use super::visit::View;
use super::{label, layout, place};

/// How many spaces the form for a new app offers.
const SPACES: usize = 200;

pub(super) fn of_team(view: &View<'_>) -> Result<Markup, Fault> {
    let team = find::team(view.store, view.actor, view.param("team"))?;
    let content = layout::or_why(view, team, list(view, Owner::Team(team)))?;
    layout::team(view, team, "Apps", &content)
}

pub(super) fn personal(view: &View<'_>) -> Result<Markup, Fault> {
    let content = list(view, Owner::User(view.user()))?;
    let head = html! { h1 { "Personal" } p.about { "Your own apps and pipelines" } };
    Ok(layout::page(view, "Personal: Apps", &head, &html! {}, &content))
}

fn list(view: &View<'_>, owner: Owner) -> Result<Markup, Fault> {
    let kind = match view.asked("kind") {
        Some("apps") => Some(EntryKind::App),
        Some("pipelines") => Some(EntryKind::Pipeline),
        _ => None,
    };
    let mut filter = AppFilter::default().containing(view.asked("filter").unwrap_or_default());
    if let Some(kind) = kind {
        filter = filter.kind(kind);
    }
    let wanted = view.asked("label").map(str::parse::<LabelSelector>).transpose();
    if let Ok(Some(label)) = &wanted {
        filter = filter.label(label.clone());
    }
    let mut page = view.store.apps_and_pipelines(view.actor, owner, &filter, &view.page()?)?;
    if wanted.is_err() {
        page = Page { items: Vec::new(), next: None };
    }
    let more = html! {
        label { span.away { "Label" }
            input type="search" name="label" placeholder="Label: key or key=value" autocomplete="off" spellcheck="false"
                value=(view.asked("label").unwrap_or_default()); }
    };
    let kinds =
        vec![Choice::new("", "Apps and pipelines"), Choice::new("apps", "Apps"), Choice::new("pipelines", "Pipelines")];
    let is_filtered = view.asked("filter").is_some() || kind.is_some();
    Ok(html! {
        div.bar {
            (view.filter_with("Filter by name", &[("kind", "Kind", kinds)], &more))
            (new_app(view, owner)?)
            (new_pipeline(view, owner)?)
        }
        div id="list" {
            @if page.items.is_empty() {
                @if let Err(error) = &wanted { (view.empty("That is no label.", &error.to_string())) }
                @else if view.asked("label").is_some() { (view.empty("Nothing has such a label.", "Try its key alone.")) }
                @else if is_filtered { (view.empty("Nothing has such a name.", "Try a shorter part of it.")) }
                @else { (view.empty("There are no apps yet.", "Create one, or transfer one to here on its own Settings tab.")) }
            } @else {
                table {
                    thead { tr { th scope="col" { "Name" } th scope="col" { "Space" } th.end scope="col" { "Stack" } } }
                    tbody { @for entry in &page.items { (row(view, entry)) } }
                }
            }
            (view.pager(page.next.as_ref()))
        }
    })
}

fn row(view: &View<'_>, entry: &AppOrPipeline<'_>) -> Markup {
    match entry {
        AppOrPipeline::App(app) => {
            let space = app.space().and_then(|id| view.store.space(view.actor, id).ok());
            html! {
                tr {
                    td { a href=(view.link(&place::app(app.name()))) { (app.name()) } (label::shown(app.labels())) }
                    td { @if let Some(space) = space { a href=(view.link(&place::space(space.name()))) { (space.name()) } } }
                    td.end { (app.stack()) }
                }
            }
        }
        AppOrPipeline::Pipeline(pipeline) => html! {
            tr {
                td { a.pipeline href=(view.link(&place::pipeline(pipeline.id()))) {
                    (pipeline_icon()) (pipeline.name())
                } (label::shown(pipeline.labels())) }
                td {}
                td.end { span.away { "A pipeline has no stack" } }
            }
        },
    }
}

/// Several apps.
fn pipeline_icon() -> Markup {
    html! {
        svg.icon viewBox="0 0 16 16" width="16" height="16" role="img" aria-label="Pipeline" {
            rect x="1" y="5" width="6" height="6" rx="1" {}
            rect x="9" y="1" width="6" height="6" rx="1" {}
            rect x="9" y="9" width="6" height="6" rx="1" {}
        }
    }
}

fn new_app(view: &View<'_>, owner: Owner) -> Result<Markup, Fault> {
    let app = match owner {
        Owner::Team(team) => NewApp::in_team(team),
        Owner::User(_) => NewApp::personal(),
    };
    let mut fields = Vec::new();
    if let Owner::Team(team) = owner
        && let Some(places) = places(view, team)?
    {
        fields.push(Field::select("app", "Where", places));
    }
    fields.push(
        Field::text("app.name", "Name")
            .hint("Lower-case letters, digits and hyphens. Without one it gets a generated name."),
    );
    let form = view.form("Create app", Look::Main, &Operation::CreateApp { app }, &fields);
    Ok(opened("New app", &form))
}

/// Where an app of the team can be created: in the team, and in each of its spaces; nothing where there are none.
fn places(view: &View<'_>, team: TeamId) -> Result<Option<Vec<Choice>>, Fault> {
    let Ok(spaces) = view.store.spaces(view.actor, team, &SpaceFilter::default(), &PageRequest::first(SPACES)?) else {
        return Ok(None);
    };
    if spaces.items.is_empty() {
        return Ok(None);
    }
    let choice = |app: NewApp, label: String| {
        let refusal = view.store.what_if(view.actor, &Operation::CreateApp { app }).err();
        let why = refusal.map(|refusal| view.reason_of(&refusal).message);
        Choice::new(serde_json::to_string(&app).unwrap_or_default(), label).refused(why)
    };
    let in_spaces =
        spaces.items.iter().map(|space| choice(NewApp::in_space(space.id()), format!("In {}", space.name())));
    Ok(Some([choice(NewApp::in_team(team), "Outside of spaces".into())].into_iter().chain(in_spaces).collect()))
}

fn new_pipeline(view: &View<'_>, owner: Owner) -> Result<Markup, Fault> {
    let name = "new-pipeline".parse()?;
    let fields = [Field::text("name", "Name")];
    let form = view.form("Create pipeline", Look::Main, &Operation::CreatePipeline { owner, name }, &fields);
    Ok(opened("New pipeline", &form))
}

/// A form behind its name, open where something on it was refused.
pub(super) fn opened(label: &str, form: &Markup) -> Markup {
    let is_open = form.0.contains("class=\"refusal\"");
    html! {
        @if !form.0.is_empty() {
            details.new open[is_open] { summary { (label) } (form) }
        }
    }
}
