//! What an app runs, what is installed on it, and what that comes to.

use enterprise_teams::entity::{AddOn, Dyno, DynoSize, Plan};
use enterprise_teams::{App, Error, ErrorKind, Operation};
use enterprise_teams_platform_api::{self as api, Fault};
use maud::{Markup, html};

use super::super::amount::{self, cents};
use super::super::apps::opened;
use super::super::control::{Choice, Field, Look};
use super::super::layout;
use super::super::visit::View;

pub(in super::super) fn page(view: &View<'_>) -> Result<Markup, Fault> {
    let app = super::named(view)?;
    let formation = match view.store.formation(view.actor, app.id()) {
        Ok(dynos) => formation(view, app, dynos)?,
        Err(refusal) => view.denied(&refusal),
    };
    let add_ons = match view.store.add_ons(view.actor, app.id()) {
        Ok(add_ons) => installed(view, &add_ons),
        Err(refusal) => view.denied(&refusal),
    };
    let content = html! {
        section { h2 { "Formation" } (formation) }
        section { h2 { "Add-ons" } (add_ons) }
        @if view.past.is_none() { section { h2 { "Install an add-on" } (services(view, app)?) } }
    };
    layout::app(view, app.id(), "Resources", &content)
}

/// Dyno units that these dynos come to in a month.
pub(super) fn units(dyno: &Dyno) -> String {
    amount::units(dyno.size.micro_units().saturating_mul(dyno.quantity.into()))
}

fn formation(view: &View<'_>, app: &App, dynos: &[Dyno]) -> Result<Markup, Fault> {
    let new = Dyno { process: "worker".parse()?, size: DynoSize::Standard1X, quantity: 1 };
    let fields = [
        Field::text("process", "Process type").hint("Such as web or worker."),
        Field::select("size", "Size", sizes(view, app, new)),
        Field::number("quantity", "Dynos").value(1),
    ];
    let add = view.form("Add process type", Look::Main, &scale(app, first_fit(view, app, new)), &fields);
    Ok(html! {
        div.bar { (opened("Add process type", &add)) }
        @if dynos.is_empty() {
            (layout::empty("No dynos run.", "Add a process type, such as web."))
        } @else {
            div.wide tabindex="0" role="region" aria-label="Formation" {
                table.forms {
                    thead { tr {
                        th scope="col" { "Process" } th scope="col" { "Size" } th.number scope="col" { "Dynos" }
                        th.number scope="col" { "Units a month" } th scope="col" { span.away { "Change" } }
                    } }
                    tbody { @for dyno in dynos {
                        tr {
                            th scope="row" { (dyno.process) }
                            td { (dyno.size) }
                            td.number { (dyno.quantity) }
                            td.number { (units(dyno)) }
                            td { div.actions { (rescale(view, app, *dyno)) } }
                        }
                    } }
                }
            }
        }
    })
}

fn scale(app: &App, Dyno { process, size, quantity }: Dyno) -> Operation {
    Operation::ScaleApp { app: app.id(), process, size, quantity }
}

/// Why these dynos cannot run there at all, whoever asks.
fn unfit(view: &View<'_>, app: &App, dyno: Dyno) -> Option<Error> {
    view.store.what_if(view.actor, &scale(app, dyno)).err().filter(|refusal| refusal.kind() == ErrorKind::Invalid)
}

fn first_fit(view: &View<'_>, app: &App, dyno: Dyno) -> Dyno {
    let sized = |size: &DynoSize| Dyno { size: *size, ..dyno };
    DynoSize::ALL.iter().map(sized).find(|dyno| unfit(view, app, *dyno).is_none()).unwrap_or(dyno)
}

/// Every size, and why it cannot run there.
fn sizes(view: &View<'_>, app: &App, dyno: Dyno) -> Vec<Choice> {
    let choice = |size: &DynoSize| {
        let why = unfit(view, app, Dyno { size: *size, ..dyno }).map(|refusal| view.reason_of(&refusal).message);
        Choice::new(size, size.code()).chosen(*size == dyno.size).refused(why)
    };
    DynoSize::ALL.iter().map(choice).collect()
}

/// The forms of a process type that runs: another size or quantity, of the sizes that can run there.
pub(in super::super) fn rescale(view: &View<'_>, app: &App, dyno: Dyno) -> Markup {
    let fits = DynoSize::ALL.iter().filter(|size| unfit(view, app, Dyno { size: **size, ..dyno }).is_none());
    let fits = fits.map(|size| Choice::new(size, size.code()).chosen(*size == dyno.size)).collect();
    let fields = [Field::select("size", "Size", fits), Field::number("quantity", "Dynos").value(dyno.quantity)];
    let stop = Operation::ScaleApp { app: app.id(), process: dyno.process, size: dyno.size, quantity: 0 };
    let asks = Look::Danger("Stop every dyno of this process type, and take it out of the formation?");
    html! {
        div.inline { (view.form(&format!("Scale {}", dyno.process), Look::Plain, &scale(app, dyno), &fields)) }
        (view.button(&format!("Remove {}", dyno.process), asks, &stop))
    }
}

fn installed(view: &View<'_>, add_ons: &[&AddOn]) -> Markup {
    if add_ons.is_empty() {
        return layout::empty("No add-ons are installed.", "Choose one below.");
    }
    html! {
        div.wide tabindex="0" role="region" aria-label="Add-ons" {
            table.forms {
                thead { tr {
                    th scope="col" { "Service" } th scope="col" { "Plan" } th.number scope="col" { "Credits a month" }
                    th scope="col" { "Installed" } th scope="col" { span.away { "Change" } }
                } }
                tbody { @for add_on in add_ons { (row(view, add_on)) } }
            }
        }
    }
}

fn row(view: &View<'_>, add_on: &AddOn) -> Markup {
    let plan = add_on.plan();
    html! {
        tr {
            th scope="row" { (add_on.service()) }
            td { (plan.name) }
            td.number { (cents(plan.price.into())) }
            td { (layout::when(add_on.installed_at())) }
            td { div.actions { (change_add_on(view, add_on)) } }
        }
    }
}

/// The forms of an add-on: another plan, and its end.
pub(in super::super) fn change_add_on(view: &View<'_>, add_on: &AddOn) -> Markup {
    let change = |plan: Plan| Operation::ChangeAddOnPlan { add_on: add_on.id(), plan };
    let remove = Operation::RemoveAddOn { add_on: add_on.id() };
    let asks = Look::Danger("Remove this add-on? What is in it is gone.");
    // A plan that came otherwise than from the list of this platform may be of no service there.
    let form = plans(add_on.service().as_str()).ok().map(|offered| {
        let (fields, asked) = choices(view, &offered, add_on.plan(), change);
        view.form("Change plan", Look::Plain, &change(asked), &fields)
    });
    html! {
        @if let Some(form) = form { div.inline { (form) } }
        (view.button("Remove", asks, &remove))
    }
}

/// The plans of a service that this platform has.
fn plans(service: &str) -> Result<Vec<Plan>, Fault> {
    let plan = |plan: api::Plan| {
        let name = plan.name.split_once(':').map_or(&*plan.name, |(_, name)| name);
        Ok(Plan { name: name.parse()?, price: plan.price.cents })
    };
    api::plans(service)?.into_iter().map(plan).collect()
}

/// A selection of plans, and the one by which it is asked whether the person may: one that they can have, if there is one.
fn choices(view: &View<'_>, plans: &[Plan], present: Plan, take: impl Fn(Plan) -> Operation) -> ([Field; 1], Plan) {
    let refusal = |plan: &Plan| {
        let refusal = view.store.what_if(view.actor, &take(*plan)).err();
        refusal.filter(|refusal| refusal.kind() != ErrorKind::Unchanged)
    };
    let first = plans.iter().copied().find(|plan| refusal(plan).is_none());
    // Where none can be had, the whole says why.
    let choice = |plan: &Plan| {
        let why = refusal(plan).filter(|_| first.is_some()).map(|refusal| view.reason_of(&refusal).message);
        let label = format!("{}: {} credits a month", plan.name, cents(plan.price.into()));
        Choice::new(serde_json::to_string(plan).unwrap_or_default(), label).chosen(*plan == present).refused(why)
    };
    ([Field::select("plan", "Plan", plans.iter().map(choice).collect())], first.unwrap_or(present))
}

/// What can be installed, service by service.
fn services(view: &View<'_>, app: &App) -> Result<Markup, Fault> {
    let mut rows = Vec::new();
    for service in api::add_on_services() {
        let (name, offered) = (service.name.parse()?, plans(&service.name)?);
        let install = |plan: Plan| Operation::InstallAddOn { app: app.id(), service: name, plan };
        let Some(default) = offered.first() else { continue };
        let (fields, asked) = choices(view, &offered, *default, install);
        let form = view.form(&format!("Install {name}"), Look::Plain, &install(asked), &fields);
        rows.push(html! { tr { th scope="row" { (name) } td { div.actions { div.inline { (form) } } } } });
    }
    Ok(html! {
        div.wide tabindex="0" role="region" aria-label="Services" {
            table.forms {
                thead { tr { th scope="col" { "Service" } th.end scope="col" { "Plan" } } }
                tbody { @for row in &rows { (row) } }
            }
        }
    })
}
