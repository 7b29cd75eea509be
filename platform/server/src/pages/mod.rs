//! The dashboard: pages, each control of which is one operation of the store.

mod access;
mod activity;
mod amount;
mod app;
mod apps;
mod control;
mod ends;
mod enterprise;
mod form;
mod groups;
mod html;
mod label;
mod layout;
mod own;
mod past;
mod picker;
mod picture;
mod pipeline;
mod place;
mod resources;
mod roles;
mod session;
mod settings;
mod spaces;
mod usage;
mod visit;

use std::sync::Arc;

use axum::Extension;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any, get, post};
use axum::{Router, middleware};
use enterprise_teams::replica::History;
use enterprise_teams::report::Table;
use enterprise_teams::{Error, Operation, OperationKind, TeamStore};
use enterprise_teams_platform_api::{ErrorId, Fault};
use tower_http::compression::CompressionLayer;

use self::activity::Form;
pub use self::session::is_dashboard_page;

use self::form::{Fields, Refused, Tried, Why};
use self::place::Subject;
use self::session::{see_other, sign_in, sign_in_page, sign_out, with_visitor};
use self::visit::{DONE, DONE_FROM, LEFT_OUT, Render, View, Visit, address};
use crate::observe::{Origin, observed};
use crate::server::{Server, with_rule};

/// Every page of the dashboard.
pub(crate) fn router(server: &Arc<Server>) -> Router {
    let pages = Router::new()
        .route("/dashboard", page(picker::page))
        .route("/dashboard/personal/apps", page(apps::personal))
        .route("/dashboard/personal/usage", page(usage::personal))
        .route("/dashboard/personal/usage.csv", table(usage::personal_table))
        .route("/dashboard/apps/{app}", page(app::overview))
        .route("/dashboard/apps/{app}/access", page(app::access))
        .route("/dashboard/apps/{app}/resources", page(app::resources))
        .route("/dashboard/apps/{app}/settings", page(app::settings))
        .route("/dashboard/pipelines/{pipeline}", page(pipeline::page))
        .route("/dashboard/teams/{team}", page(apps::of_team))
        .route("/dashboard/teams/{team}/apps", page(apps::of_team))
        .route("/dashboard/teams/{team}/spaces", page(spaces::of_team))
        .route("/dashboard/teams/{team}/access", page(access::list))
        .route("/dashboard/teams/{team}/access/matrix", page(access::matrix))
        .route("/dashboard/teams/{team}/access/matrix.csv", table(access::matrix_table))
        .route("/dashboard/teams/{team}/access/ends", page(ends::list))
        .route("/dashboard/teams/{team}/access/groups", page(groups::list))
        .route("/dashboard/teams/{team}/access/groups/{group}", page(groups::group))
        .route("/dashboard/teams/{team}/access/roles", page(roles::list))
        .route("/dashboard/teams/{team}/access/roles/{role}", page(roles::role))
        .route("/dashboard/teams/{team}/access/{user}", page(access::person))
        .route("/dashboard/teams/{team}/resources", page(resources::page))
        .route("/dashboard/teams/{team}/resources.csv", table(resources::table))
        .route("/dashboard/teams/{team}/usage", page(usage::of_team))
        .route("/dashboard/teams/{team}/usage.csv", table(usage::team_table))
        .route("/dashboard/teams/{team}/settings", page(settings::page))
        .route("/dashboard/teams/{team}/settings/transfer", page(settings::transfer))
        .route("/dashboard/teams/{team}/activity", page(activity::of_team))
        .route("/dashboard/teams/{team}/activity.csv", file(Form::Csv))
        .route("/dashboard/teams/{team}/activity.jsonl", file(Form::JsonLines))
        .route("/dashboard/apps/{app}/activity", page(activity::of_app))
        .route("/dashboard/apps/{app}/activity.csv", file(Form::Csv))
        .route("/dashboard/apps/{app}/activity.jsonl", file(Form::JsonLines))
        .route("/dashboard/spaces/{space}", page(spaces::overview))
        .route("/dashboard/spaces/{space}/settings", page(spaces::settings))
        .route("/dashboard/accounts/{account}/teams", page(enterprise::teams))
        .route("/dashboard/accounts/{account}/teams/{team}", page(enterprise::team))
        .route("/dashboard/accounts/{account}/access", page(enterprise::access))
        .route("/dashboard/accounts/{account}/access/{user}", page(enterprise::member))
        .route("/dashboard/accounts/{account}/people", page(enterprise::people))
        .route("/dashboard/accounts/{account}/usage", page(usage::of_account))
        .route("/dashboard/accounts/{account}/activity", page(activity::of_account))
        .route("/dashboard/accounts/{account}/activity.csv", file(Form::Csv))
        .route("/dashboard/accounts/{account}/activity.jsonl", file(Form::JsonLines))
        .route("/dashboard/account", page(own::page))
        .route("/dashboard/account/activity", page(activity::own))
        .route("/dashboard/account/activity.csv", file(Form::Csv))
        .route("/dashboard/account/activity.jsonl", file(Form::JsonLines))
        .route("/dashboard/account/tokens", post(own::create_token))
        .route("/dashboard/account/tokens/{token}/revoke", post(own::revoke_token))
        .route("/dashboard/sign-out", post(sign_out))
        .route_layer(middleware::from_fn_with_state(Arc::clone(server), with_visitor))
        .route("/dashboard/sign-in", get(sign_in_page).post(sign_in))
        .route("/dashboard/assets/{file}", get(asset))
        .route("/dashboard/{*rest}", any(|| async { html::told(StatusCode::NOT_FOUND, "There is no such page.") }))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn_with_state(Arc::clone(server), observed));
    pages.with_state(Arc::clone(server))
}

/// A page to look at, and to do something on: what its forms send comes to the same address.
fn page(render: Render) -> MethodRouter<Arc<Server>> {
    let shown = move |visit: Visit| show(visit, move |view| rendered(view, render, StatusCode::OK));
    let tried = move |visit: Visit, Extension(fields): Extension<Fields>| submit(visit, fields, render);
    get(shown).post(tried)
}

/// A table as a file.
fn table(make: fn(&View<'_>) -> Result<Table, Fault>) -> MethodRouter<Arc<Server>> {
    let saved = move |view: &View<'_>| match make(view) {
        Ok(table) => html::csv(&table),
        Err(fault) => refused(view, &fault),
    };
    get(move |visit: Visit| aside(visit, saved))
}

/// Entries of the audit log as a file.
fn file(form: Form) -> MethodRouter<Arc<Server>> {
    get(move |visit: Visit| activity::export(visit, form))
}

async fn show(visit: Visit, answer: impl FnOnce(&View<'_>) -> Response + Send + 'static) -> Response {
    let server = Arc::clone(&visit.visitor.server);
    if visit.past().is_none() && !wants_history(&server, &visit) {
        let store = server.store();
        return answer(&View::new(&store, &visit, None));
    }
    aside(visit, answer).await
}

/// What takes long, such as a copy of the store: one at a time, and one for each person, beside the others.
async fn aside(visit: Visit, answer: impl FnOnce(&View<'_>) -> Response + Send + 'static) -> Response {
    let server = Arc::clone(&visit.visitor.server);
    let Some(turn) = server.aside.turn(visit.visitor.user).await else {
        let busy = "What you asked for before is still being read: one at a time.";
        return html::told(StatusCode::TOO_MANY_REQUESTS, busy);
    };
    let answered = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        match visit.past() {
            Some(at) => {
                let store = server.store();
                if let Err(fault) = past::is_open(&store, &visit) {
                    return refused(&View::new(&store, &visit, None), &fault);
                }
                drop(store);
                match server.as_of(at) {
                    Ok(store) => answer(&View::new(&store, &visit, None).of_the_past(at)),
                    Err(error) => html::told(StatusCode::NOT_FOUND, &error.to_string()),
                }
            }
            None => match history(&server, &visit) {
                Some(store) => answer(&View::new(&store, &visit, None)),
                None => answer(&View::new(&server.store(), &visit, None)),
            },
        }
    });
    answered.await.unwrap_or_else(|_| html::told(StatusCode::INTERNAL_SERVER_ERROR, "That could not be read."))
}

/// Whether the address asks for entries from before those in memory.
fn wants_history(server: &Server, visit: &Visit) -> bool {
    let first = server.store().events().first().filter(|event| event.seq > 1).map(|event| event.at);
    visit.since().zip(first).is_some_and(|(since, first)| since < first)
}

/// The store with a log that reaches back to where the address asks for entries from, where the one in memory does not.
fn history(server: &Server, visit: &Visit) -> Option<History> {
    let since = visit.since().filter(|_| wants_history(server, visit))?;
    match server.history(since) {
        Ok(history) => Some(history),
        Err(error) => {
            tracing::warn!(%error, "the log cannot be read");
            None
        }
    }
}

fn rendered(view: &View<'_>, render: Render, status: StatusCode) -> Response {
    match render(view) {
        Ok(markup) => html::page(status, markup),
        Err(fault) => refused(view, &fault),
    }
}

/// The page of what cannot be shown, with the reason.
fn refused(view: &View<'_>, fault: &Fault) -> Response {
    let status = StatusCode::from_u16(ErrorId::from(fault).status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let response = html::page(status, layout::refused(view, fault));
    with_rule(response, fault)
}

/// Carries the operation of a form out, and leads to where its result is seen; or shows the page again, with the reason and with what
/// was typed.
async fn submit(visit: Visit, fields: Fields, render: Render) -> Response {
    let server = Arc::clone(&visit.visitor.server);
    let context = visit.origin.map(Origin::context).unwrap_or_default();
    let (sent, of) = (fields.clone(), visit.clone());
    let act = move |store: &mut TeamStore| {
        let subject = of.subject().and_then(|(kind, text)| Subject::find(store, of.visitor.actor, kind, text));
        let done = carry_out(store, &of, &sent, &context)?;
        let to = done.made.unwrap_or_else(|| place::after(store, &of, subject));
        let left_out = done.left_out.iter().map(|app| (LEFT_OUT, &**app));
        let (first, last) = (done.first.to_string(), done.seq.to_string());
        let several = (first != last).then_some((DONE_FROM, &*first));
        Ok(address(&to, [(DONE, &*last)].into_iter().chain(several).chain(left_out)))
    };
    // The page is made when others have had their turn to write.
    match server.keep(act).await {
        Ok(Ok(to)) => see_other(&to),
        Ok(Err(refused)) => {
            let tried = Tried { fields, refused };
            let store = server.store();
            let view = View::new(&store, &visit, Some(&tried));
            let response = rendered(&view, render, StatusCode::UNPROCESSABLE_ENTITY);
            match &tried.refused.why {
                Why::Fault(fault) => with_rule(response, fault),
                Why::Unread(_) => response,
            }
        }
        Err(refusal) => html::of(*refusal).await,
    }
}

/// What a form did: the numbers of its first and of its last event, the page of what it made, and the apps that it left out.
struct Done {
    first: u64,
    seq: u64,
    made: Option<String>,
    left_out: Vec<String>,
}

fn carry_out(
    store: &mut TeamStore,
    visit: &Visit,
    fields: &Fields,
    context: &enterprise_teams::EventContext,
) -> Result<Done, Refused> {
    let actor = visit.visitor.actor;
    let steps = form::operations(store, actor, fields)?;
    if let [step] = &*steps {
        return carry_out_one(store, visit, &step.operation, context);
    }
    // All of them, or none: who sees one refused mends the form and sends it again.
    let done = store.in_context(context.clone(), |store| {
        store.transaction(|store| {
            let mut done = Vec::with_capacity(steps.len());
            for step in &steps {
                let no = |error: Error| step.refused(Why::Fault(error.into()));
                done.push(store.perform(actor, &step.operation).map_err(no)?.seq);
            }
            Ok(done)
        })
    })?;
    let (first, seq) = (done.first().copied().unwrap_or_default(), done.last().copied().unwrap_or_default());
    Ok(Done { first, seq, made: None, left_out: Vec::new() })
}

fn carry_out_one(
    store: &mut TeamStore,
    visit: &Visit,
    operation: &Operation,
    context: &enterprise_teams::EventContext,
) -> Result<Done, Refused> {
    let actor = visit.visitor.actor;
    // A person who could say so would meet what a team requires by a click (SEC-5).
    if matches!(operation, Operation::SetMfa { .. } | Operation::SetSignIn { .. }) && !visit.visitor.server.is_demo() {
        let why = "How somebody signs in is reported by the sign-in, and by no form.".to_owned();
        return Err(Refused { field: None, of: None, why: Why::Unread(why) });
    }
    let no = |error: Error| Refused { field: None, of: None, why: Why::Fault(error.into()) };
    let left_out = match operation.kind() {
        OperationKind::TransferMovableApps | OperationKind::PromoteApp | OperationKind::PromoteAppTo => {
            store.what_if(actor, operation).map_err(no)?.left_out
        }
        _ => Vec::new(),
    };
    let event = store.in_context(context.clone(), |store| store.perform(actor, operation)).map_err(no)?;
    let made = place::made(store, actor, &event.event);
    Ok(Done {
        first: event.seq,
        seq: event.seq,
        made,
        left_out: left_out.iter().map(|(app, _)| app.to_string()).collect(),
    })
}

/// What pages need besides themselves.
async fn asset(Path(file): Path<String>) -> Response {
    let (kind, text) = match &*file {
        "style.css" => ("text/css; charset=utf-8", include_str!("assets/style.css")),
        "script.js" => ("text/javascript; charset=utf-8", include_str!("assets/script.js")),
        "icon.svg" => ("image/svg+xml", include_str!("assets/icon.svg")),
        _ => return html::told(StatusCode::NOT_FOUND, "There is no such file."),
    };
    let headers = [(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=300")];
    (headers.map(|(name, value)| (name, HeaderValue::from_static(value))), text).into_response()
}
