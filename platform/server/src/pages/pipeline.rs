//! The page of a pipeline: its stages with their apps.

use enterprise_teams::entity::Coupling;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{App, AppId, Error, ErrorKind, Operation, PageRequest, Pipeline, Stage, query::AppFilter};
use enterprise_teams_platform_api::{Fault, find};
use maud::{Markup, html};

use super::app::{to_named, to_own};
use super::apps::opened;
use super::control::{Choice, Field, Look};
use super::visit::{DONE, LEFT_OUT, View};
use super::{label, layout, place};

/// How many apps a promotion to chosen ones offers.
const TARGETS: usize = 100;
const ASKS: &str = "Transfer this pipeline with all its apps? Their billing goes with them.";

/// An app of the pipeline, and its place there.
type Placed<'s> = (&'s App, Coupling);

pub(super) fn page(view: &View<'_>) -> Result<Markup, Fault> {
    let (store, actor) = (view.store, view.actor);
    let pipeline = store.pipeline(actor, find::pipeline(store, actor, view.param("pipeline"))?)?;
    let apps = store.pipeline_apps(actor, pipeline.id(), &AppFilter::default(), &view.page()?)?;
    let columns = Stage::ALL.iter().map(|stage| column(view, *stage, &apps.items)).collect::<Result<Vec<_>, _>>()?;
    let content = html! {
        (promoted(view, pipeline)?)
        div.bar { (couple(view, pipeline)) }
        @if apps.items.is_empty() { p.note { "There are no apps in this pipeline: add one, by its name and to a stage." } }
        div.stages { @for column in columns { (column) } }
        (view.pager(apps.next.as_ref()))
        @if view.past.is_none() { (settings(view, pipeline)?) }
    };
    let head = html! {
        h1 { (pipeline.name()) }
        p.about { "Pipeline of " (layout::owner(view, pipeline.owner())) }
        (label::shown(pipeline.labels()))
    };
    Ok(layout::page(view, &format!("{}: Pipeline", pipeline.name()), &head, &html! {}, &content))
}

fn title(stage: Stage) -> &'static str {
    match stage {
        Stage::Review => "Review",
        Stage::Test => "Test",
        Stage::Development => "Development",
        Stage::Staging => "Staging",
        Stage::Production => "Production",
    }
}

fn stages(chosen: Stage) -> Vec<Choice> {
    Stage::ALL.iter().map(|stage| Choice::new(stage, title(*stage)).chosen(*stage == chosen)).collect()
}

/// A stage with its apps; that of tests only where there are some.
fn column(view: &View<'_>, stage: Stage, apps: &[Placed<'_>]) -> Result<Markup, Fault> {
    let cards = apps.iter().filter(|(_, place)| place.stage == stage).map(|placed| card(view, placed));
    let cards = cards.collect::<Result<Vec<_>, _>>()?;
    Ok(html! {
        @if stage != Stage::Test || !cards.is_empty() {
            section.stage {
                h2 { (title(stage)) }
                @for card in &cards { (card) }
                @if cards.is_empty() { p.about { "No apps" } }
            }
        }
    })
}

fn card(view: &View<'_>, placed: &Placed<'_>) -> Result<Markup, Fault> {
    let (app, place) = *placed;
    let name = app.name();
    let is_open = view.past.is_none() && view.asked("app").is_some_and(|asked| name == asked);
    let other = if is_open { "" } else { name.as_str() };
    let promote = Operation::PromoteApp { app: app.id() };
    Ok(html! {
        div.card {
            h3 { a href=(view.link(&place::app(name))) { (name) } }
            p.about { (runs(view, app.id())) }
            @if let Some(next) = place.stage.next() {
                (view.button(&format!("Promote to {next}"), Look::Plain, &promote))
            }
            @if view.past.is_none() {
                p { a href=(view.here(&[("app", other)])) aria-expanded=(is_open) {
                    @if is_open { "Close" } @else { "Change" } span.away { " " (name) }
                } }
            }
            @if is_open { (change(view, placed)?) }
        }
    })
}

/// What an app runs.
fn runs(view: &View<'_>, app: AppId) -> Markup {
    match view.store.release(view.actor, app) {
        Ok(Some(release)) => html! { "v" (release.number) ": " (release.description) },
        Ok(None) => html! { "No release yet" },
        Err(refusal) => view.why(&refusal),
    }
}

/// What else can be done with an app of the pipeline.
fn change(view: &View<'_>, (app, place): &Placed<'_>) -> Result<Markup, Fault> {
    let app = app.id();
    let fields = [Field::select("stage", "Stage", stages(place.stage))];
    let take_out = Look::Danger("Take the app out of the pipeline? The app stays.");
    Ok(html! {
        @if place.stage != Stage::Production { (promote_to(view, app, place)?) }
        (view.form("Move", Look::Plain, &Operation::SetStage { app, stage: place.stage }, &fields))
        (view.button("Remove from pipeline", take_out, &Operation::UncoupleApp { app }))
    })
}

/// Promotes to chosen apps of the pipeline, each with the reason where it cannot be.
fn promote_to(view: &View<'_>, app: AppId, place: &Coupling) -> Result<Markup, Fault> {
    let all =
        view.store.pipeline_apps(view.actor, place.pipeline, &AppFilter::default(), &PageRequest::first(TARGETS)?)?;
    let others: Vec<_> = all.items.iter().filter(|(other, _)| other.id() != app).collect();
    if others.is_empty() {
        return Ok(html! {});
    }
    let targets = others.iter().map(|(target, _)| target.id()).collect();
    let promote = Operation::PromoteAppTo { app, targets };
    let refusal = view.store.what_if(view.actor, &promote).err();
    // What is wrong with the targets stands beside each.
    let refusal = refusal.filter(|refusal| !matches!(refusal, Error::PromotionRefused { .. }));
    let choices = others.iter().map(|(target, place)| {
        let why = left_out(view, app, target.id()).filter(|_| refusal.is_none());
        let why = why.map(|why| view.reason_of(&why).message);
        Choice::new(target.name(), format!("{}, in {}", target.name(), place.stage)).refused(why)
    });
    let fields = [Field::checks("targets", "Promote to", choices.collect())];
    Ok(html! {
        (view.form_unless("Promote to these", Look::Plain, &promote, &fields, refusal.as_ref()))
        @if all.next.is_some() { p.note { "These are of the first " (TARGETS) " apps of the pipeline." } }
    })
}

/// Why an app cannot take the release of another.
fn left_out(view: &View<'_>, app: AppId, target: AppId) -> Option<Error> {
    match view.store.what_if(view.actor, &Operation::PromoteAppTo { app, targets: vec![target] }).err()? {
        Error::PromotionRefused { apps } => apps.shown.into_iter().next().map(|(_, why)| why),
        refusal => Some(refusal),
    }
}

/// What the promotion of just now did in this pipeline, target by target; and which apps it left out, and why.
fn promoted(view: &View<'_>, pipeline: &Pipeline) -> Result<Markup, Fault> {
    let Some(seq) = view.asked_for(DONE) else { return Ok(html! {}) };
    let done = view.store.promotion(view.actor, seq)?.filter(|done| done.pipeline == pipeline.id());
    let Some(done) = done else { return Ok(html! {}) };
    let left = view.visit.query.all(LEFT_OUT).take(TARGETS);
    let left = left.filter_map(|app| view.store.app(view.actor, find::app(view.store, view.actor, app).ok()?).ok());
    let left = left.filter_map(|app| Some((app.name(), left_out(view, done.source, app.id())?)));
    let name = |app| view.store.app(view.actor, app).map(|app| app.name().to_string()).unwrap_or_default();
    Ok(html! {
        section {
            h2 { "Promotion of " (name(done.source)) @if let Some(release) = done.release { " v" (release) } }
            div.wide tabindex="0" role="region" aria-label="Result for each target" {
                table {
                    thead { tr { th scope="col" { "App" } th scope="col" { "Before" } th scope="col" { "Now" }
                        th scope="col" { "Result" } } }
                    tbody {
                        @for target in &done.targets {
                            tr {
                                th scope="row" { (name(target.app)) }
                                td { @if let Some(from) = &target.from { "v" (from.number) } @else { "no release" } }
                                td { "v" (target.to.number) }
                                td { span.badge.good { "promoted" } }
                            }
                        }
                        @for (app, refusal) in left {
                            tr {
                                th scope="row" { (app) }
                                td colspan="2" { "as it was" }
                                td { span.badge.bad { "left out" } " " (view.reason_of(&refusal).message) }
                            }
                        }
                    }
                }
            }
        }
    })
}

/// Adds an app by its name. Whether the person may is asked of the pipeline; the app is yet to be named.
fn couple(view: &View<'_>, pipeline: &Pipeline) -> Markup {
    let rename = Operation::RenamePipeline { pipeline: pipeline.id(), name: pipeline.name() };
    let refusal = view.store.what_if(view.actor, &rename).err();
    let refusal = refusal.filter(|refusal| refusal.kind() != ErrorKind::Unchanged);
    let app = AppId::from_uuid(Uuid::nil());
    let couple = Operation::CoupleApp { pipeline: pipeline.id(), app, stage: Stage::Development };
    let fields = [Field::text("app", "Name of the app"), Field::select("stage", "Stage", stages(Stage::Development))];
    opened("Add app", &view.form_unless("Add to pipeline", Look::Main, &couple, &fields, refusal.as_ref()))
}

fn settings(view: &View<'_>, pipeline: &Pipeline) -> Result<Markup, Fault> {
    let (id, owner) = (pipeline.id(), pipeline.owner());
    let fields = [Field::text("name", "Name").value(pipeline.name())];
    let rename = Operation::RenamePipeline { pipeline: id, name: pipeline.name() };
    let labels = pipeline.labels();
    let relabel = Operation::SetPipelineLabels { pipeline: id, labels: labels.clone() };
    let transfer = |to| Operation::TransferPipeline { pipeline: id, to };
    let delete = Look::Danger("Delete this pipeline? The apps in it stay.");
    Ok(html! {
        section {
            h2 { "Name" }
            div.card { (view.form("Rename", Look::Plain, &rename, &fields)) }
        }
        section { h2 { "Labels" } div.card { (label::form(view, labels, &relabel)) } }
        section {
            h2 { "Transfer Ownership" }
            div.card {
                p { "The pipeline moves with all its apps, or not at all. Billing moves with them." }
                div.columns {
                    div { (to_own(view, owner, ASKS, transfer)?) }
                    div { (to_named(view, ASKS, &transfer(owner))) }
                }
            }
        }
        section {
            h2 { "Delete pipeline" }
            div.card {
                p { "The apps stay; they are in no pipeline from then on." }
                (view.button("Delete pipeline", delete, &Operation::DeletePipeline { pipeline: id }))
            }
        }
    })
}
