//! Apps and who is on them in version 2, as clients of 2014 ask for them: flat, and with parameters as in `app[name]=apple`.
//!
//! Lists are whole, since those clients know no pages.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Form, FromRequest, Query, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use axum::routing::{delete, get};
use axum::{Router, middleware};
use enterprise_teams::{
    Actor, AppId, AppName, Email, Event, Operation, Owner, TeamStore,
    chrono::{DateTime, Utc},
    collect_pages,
    names::Stack,
};
use enterprise_teams_platform_api::{self as api, ErrorId, Fault, Role, Thing, body, find};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::make_so;
use crate::answer;
use crate::call::{Call, with_call};
use crate::request::{self, At, Queries};
use crate::server::Server;

pub(super) fn routes(server: &Arc<Server>) -> Router {
    Router::new()
        .route("/apps", get(apps).post(create))
        .route("/apps/{app}", get(info).put(update).delete(destroy))
        .route("/apps/{app}/collaborators", get(collaborators).post(add))
        .route("/apps/{app}/collaborators/{user}", delete(remove))
        .route_layer(middleware::from_fn_with_state((Arc::clone(server), Queries::Taken), with_call))
        .with_state(Arc::clone(server))
}

/// An app. It is complete as soon as it is there.
#[derive(Serialize)]
struct App {
    id: AppId,
    name: AppName,
    create_status: &'static str,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    released_at: Option<DateTime<Utc>>,
    owner_email: String,
    region: String,
    stack: Stack,
    repo_size: Option<u64>,
    slug_size: Option<u64>,
    web_url: Option<String>,
    git_url: String,
}

impl From<api::App> for App {
    fn from(app: api::App) -> Self {
        Self {
            id: app.id,
            name: app.name,
            create_status: "complete",
            created_at: app.created_at,
            updated_at: app.updated_at,
            released_at: app.released_at,
            owner_email: app.owner.email,
            region: app.region.name,
            stack: app.stack.name,
            repo_size: app.repo_size,
            slug_size: app.slug_size,
            web_url: app.web_url,
            git_url: app.git_url,
        }
    }
}

#[derive(Serialize)]
struct Collaborator {
    email: Email,
    role: Option<Role>,
}

impl From<api::Collaborator> for Collaborator {
    fn from(found: api::Collaborator) -> Self {
        Self { email: found.user.email, role: found.role }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewApp {
    #[serde(rename = "app[name]")]
    name: Option<String>,
    #[serde(rename = "app[region]")]
    region: Option<String>,
    #[serde(rename = "app[stack]")]
    stack: Option<String>,
    #[serde(rename = "app[locked]")]
    locked: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AppUpdate {
    #[serde(rename = "app[name]")]
    name: Option<String>,
    #[serde(rename = "app[transfer_owner]")]
    owner: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewCollaborator {
    #[serde(rename = "collaborator[email]")]
    email: Option<String>,
}

/// The parameters, of the query and of a body that is a form or JSON. One without a value is not given.
struct Parameters<T>(T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Parameters<T> {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Self, Response> {
        let wrong = |message: &str| answer::refusal(ErrorId::InvalidParams, message);
        let query = Query::<Vec<(String, String)>>::try_from_uri(request.uri());
        let Query(mut given) = query.map_err(|rejection| wrong(&rejection.body_text()))?;
        let said = request.headers().get(CONTENT_TYPE).and_then(|said| said.to_str().ok()).unwrap_or_default();
        let is_json = said.split(';').next().is_some_and(|said| said.trim().eq_ignore_ascii_case("application/json"));
        let (parts, body) = request.into_parts();
        let bytes = request::bytes(Request::new(body)).await;
        let empty = bytes.trim_ascii().is_empty();
        if is_json && !empty {
            let sent = serde_json::from_slice(&bytes)
                .map_err(|error| answer::refusal(ErrorId::BadRequest, &format!("Unable to parse the JSON: {error}")))?;
            given.extend(flat(&sent).ok_or_else(|| wrong("The body is no JSON object of objects of plain values."))?);
        } else if !empty {
            let form = Form::<Vec<(String, String)>>::from_request(Request::from_parts(parts, Body::from(bytes)), &());
            let Form(sent) = form.await.map_err(|rejection| wrong(&rejection.body_text()))?;
            given.extend(sent);
        }
        let mut parameters = Map::new();
        for (name, value) in given {
            if parameters.contains_key(&name) {
                return Err(wrong(&format!("`{name}` is given twice")));
            }
            parameters.insert(name, if value.is_empty() { Value::Null } else { Value::String(value) });
        }
        serde_json::from_value(Value::Object(parameters)).map(Self).map_err(|error| wrong(&error.to_string()))
    }
}

/// The parameters that `{"app": {"name": "apple"}}` says.
fn flat(sent: &Value) -> Option<Vec<(String, String)>> {
    let mut parameters = Vec::new();
    for (of, values) in sent.as_object()? {
        for (name, value) in values.as_object()? {
            let value = match value {
                Value::Null => String::new(),
                Value::Bool(value) => value.to_string(),
                Value::Number(value) => value.to_string(),
                Value::String(value) => value.clone(),
                Value::Array(_) | Value::Object(_) => return None,
            };
            parameters.push((format!("{of}[{name}]"), value));
        }
    }
    Some(parameters)
}

async fn apps(call: Call, _: Parameters<Nothing>) -> Response {
    call.read(|store, actor| {
        let apps = collect_pages(|page| api::apps(store, actor, page))?;
        Ok::<_, Fault>(apps.into_iter().map(App::from).collect::<Vec<_>>())
    })
}

async fn create(call: Call, Parameters(new): Parameters<NewApp>) -> Response {
    call.write(StatusCode::ACCEPTED, move |store, actor| {
        let NewApp { name, region, stack, locked } = &new;
        if locked.as_deref().is_some_and(|locked| locked != "false") {
            return Err(Fault::Field { field: "app[locked]", problem: "is for the apps of an organization" });
        }
        let (name, region, stack) = (name.clone(), region.clone(), stack.clone());
        let operation = body::AppCreate { name, region, stack, ..body::AppCreate::default() }.operation()?;
        let Event::AppCreated { created } = &store.perform(actor, &operation)?.event else {
            return Err(Fault::Missing(Thing::App));
        };
        let app = created.app.id();
        shown(store, actor, app)
    })
    .await
}

async fn info(call: Call, At(app): At<String>, _: Parameters<Nothing>) -> Response {
    call.read(|store, actor| shown(store, actor, find::app(store, actor, &app)?))
}

/// Another name or another owner: a user is asked first whether they want a personal app. Who gives an app away may see it no more:
/// then the answer is what it was before.
async fn update(call: Call, At(app): At<String>, Parameters(wanted): Parameters<AppUpdate>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let app = find::app(store, actor, &app)?;
        let before = shown(store, actor, app)?;
        let operation = match (&wanted.name, &wanted.owner) {
            (None, None) => None,
            (Some(name), None) => Some(Operation::RenameApp { app, name: name.parse()? }),
            (None, Some(owner)) => {
                let to = find::owner(store, actor, app, owner)?;
                Some(match (store.app(actor, app)?.owner(), to) {
                    (Owner::User(_), Owner::User(recipient)) => Operation::RequestAppTransfer { app, recipient },
                    (Owner::User(_), Owner::Team(_)) | (Owner::Team(_), _) => Operation::TransferApp { app, to },
                })
            }
            (Some(_), Some(_)) => {
                return Err(Fault::Field { field: "app[name]", problem: "does not go with `app[transfer_owner]`" });
            }
        };
        make_so(store, actor, operation)?;
        Ok(shown(store, actor, app).unwrap_or(before))
    })
    .await
}

/// The client has had the name typed again before it asks.
async fn destroy(call: Call, At(app): At<String>, _: Parameters<Nothing>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let app = shown(store, actor, find::app(store, actor, &app)?)?;
        store.delete_app(actor, app.id, app.name.as_str())?;
        Ok(app)
    })
    .await
}

async fn collaborators(call: Call, At(app): At<String>, _: Parameters<Nothing>) -> Response {
    call.read(|store, actor| {
        let app = find::app(store, actor, &app)?;
        let people = collect_pages(|page| api::collaborators(store, actor, app, page))?;
        Ok::<_, Fault>(people.into_iter().map(Collaborator::from).collect::<Vec<_>>())
    })
}

async fn add(call: Call, At(app): At<String>, Parameters(new): Parameters<NewCollaborator>) -> Response {
    call.write(StatusCode::CREATED, move |store, actor| {
        let app = find::app(store, actor, &app)?;
        let body = body::CollaboratorCreate { user: new.email.clone(), ..body::CollaboratorCreate::default() };
        let operation = body.operation(store, actor, app)?;
        match store.perform(actor, &operation)?.event {
            Event::CollaboratorAdded { app, user, .. } => {
                Ok(Collaborator::from(api::collaborator(store, actor, app, user)?))
            }
            _ => Err(Fault::Missing(Thing::App)),
        }
    })
    .await
}

async fn remove(call: Call, At((app, user)): At<(String, String)>, _: Parameters<Nothing>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let app = find::app(store, actor, &app)?;
        store.remove_collaborator(actor, app, find::collaborator(store, actor, app, &user)?)?;
        Ok(json!({}))
    })
    .await
}

fn shown(store: &TeamStore, actor: Actor, app: AppId) -> Result<App, Fault> {
    Ok(App::from(api::app(store, actor, app)?))
}
