//! Organizations, as the command-line client of 2014 asks for them: an organization is a team.
//!
//! Lists are whole, since that client knows no pages. Roles are told as they are: also `viewer`, which 2014 did not have.

use std::sync::Arc;

use axum::Router;
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use axum::routing::{delete, get, post, put};
use enterprise_teams::{
    Actor, AppId, AppName, Email, Error, Event, Operation, Owner, TeamId, TeamName, TeamStore, UserId, collect_pages,
    entity::Lock, names::Stack,
};
use enterprise_teams_platform_api::{self as api, Fault, Role, TeamApp, Thing, body, find};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::make_so;
use crate::answer;
use crate::call::Call;
use crate::request::{At, Sent};
use crate::server::Server;

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/v1/user/info", get(info))
        .route("/v1/user/default-organization", post(choose_default).delete(forget_default))
        .route("/v1/organization/{team}/user", get(members).post(add_member))
        .route("/v1/organization/{team}/user/{user}", put(set_role).delete(remove_member))
        .route("/v1/organization/{team}/app", get(apps))
        .route("/v1/organization/{team}/create-app", post(create_app))
        .route("/v1/organization/{team}/app/{app}/collaborators", post(add_collaborator))
        .route("/v1/organization/{team}/app/{app}/collaborators/{user}", delete(remove_collaborator))
        .route("/v1/app/{app}", put(transfer))
        .route("/v1/app/{app}/join", post(join).delete(leave))
        .route("/v1/app/{app}/lock", post(lock).delete(unlock))
}

#[derive(Serialize)]
struct Organization {
    organization_name: TeamName,
    role: Option<Role>,
}

#[derive(Serialize)]
struct Person {
    email: Email,
    role: Option<Role>,
}

#[derive(Serialize)]
struct App {
    name: AppName,
    joined: bool,
    locked: bool,
}

impl From<TeamApp> for App {
    fn from(TeamApp { name, joined, locked, .. }: TeamApp) -> Self {
        Self { name, joined, locked }
    }
}

/// A new app. It is complete at once.
#[derive(Serialize)]
struct NewApp {
    name: AppName,
    stack: Stack,
    region: String,
    locked: bool,
    web_url: Option<String>,
    git_url: String,
    create_status: &'static str,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DefaultOrganization {
    default_organization: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewMember {
    email: String,
    role: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewRole {
    role: String,
}

/// What is not chosen the client sends as `null`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CreateApp {
    app_name: Option<String>,
    name: Option<String>,
    region: Option<String>,
    stack: Option<String>,
    locked: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewOwner {
    owner: String,
    #[serde(default)]
    locked: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewCollaborator {
    email: String,
}

async fn info(call: Call) -> Response {
    call.read(|store, actor| {
        let own = api::account(store, actor, find::user(store, actor, "~")?)?;
        let teams = collect_pages(|page| api::teams(store, actor, page))?.into_iter();
        let organizations: Vec<_> =
            teams.map(|team| Organization { organization_name: team.name, role: team.role }).collect();
        let user = json!({ "email": own.email, "default_organization": own.default_organization });
        Ok::<_, Fault>(json!({ "user": user, "organizations": organizations }))
    })
}

async fn choose_default(call: Call, Sent(body): Sent<DefaultOrganization>) -> Response {
    call.read(|store, actor| {
        find::team(store, actor, &body.default_organization)?;
        let problem = "cannot be chosen: name the organization in each command";
        Err::<(), _>(Fault::Field { field: "default_organization", problem })
    })
}

/// Nobody has one.
async fn forget_default(_: Call) -> Response {
    answer::empty(StatusCode::NO_CONTENT)
}

async fn members(call: Call, At(team): At<String>) -> Response {
    call.read(|store, actor| {
        let team = find::team(store, actor, &team)?;
        let people = collect_pages(|page| api::team_members(store, actor, team, page))?.into_iter();
        Ok::<_, Fault>(people.map(|one| Person { email: one.email, role: one.role }).collect::<Vec<_>>())
    })
}

/// Where the person is in the team already, the answer leads to them: the client then changes the role. Who is no user yet is invited.
async fn add_member(call: Call, At(name): At<String>, Sent(body): Sent<NewMember>) -> Response {
    call.act(move |store, actor| {
        let team = find::team(store, actor, &name)?;
        let role = body.role.parse()?;
        let Ok(user) = find::anybody(store, actor, &body.email) else {
            let email: Email = body.email.parse()?;
            store.perform(actor, &Operation::InviteMember { team, email: email.clone(), role })?;
            let role = Some(enterprise_teams::Role::from(role).into());
            return Ok(answer::json(StatusCode::CREATED, &Person { email, role }));
        };
        match store.perform(actor, &Operation::AddMember { team, user, role }) {
            Ok(_) => Ok(answer::json(StatusCode::CREATED, &person(store, actor, team, user)?)),
            Err(Error::AlreadyInTeam { .. } | Error::RoleUnchanged { .. }) => {
                let mut response = answer::empty(StatusCode::FOUND);
                let place = HeaderValue::from_str(&format!("/v1/organization/{name}/user/{user}"));
                response.headers_mut().extend(place.ok().map(|place| (LOCATION, place)));
                Ok(response)
            }
            Err(refusal) => Err(refusal.into()),
        }
    })
    .await
}

async fn set_role(call: Call, At((team, user)): At<(String, String)>, Sent(body): Sent<NewRole>) -> Response {
    call.act(move |store, actor| {
        let team = find::team(store, actor, &team)?;
        let (user, role) = (find::user(store, actor, &user)?, body.role.parse()?);
        match store.perform(actor, &Operation::SetMemberRole { team, user, role }) {
            Ok(_) => Ok(answer::json(StatusCode::OK, &person(store, actor, team, user)?)),
            Err(Error::RoleUnchanged { .. }) => Ok(answer::empty(StatusCode::NOT_MODIFIED)),
            Err(refusal) => Err(refusal.into()),
        }
    })
    .await
}

async fn remove_member(call: Call, At((team, user)): At<(String, String)>) -> Response {
    call.act(move |store, actor| {
        let team = find::team(store, actor, &team)?;
        store.remove_member(actor, team, find::user(store, actor, &user)?)?;
        Ok(answer::empty(StatusCode::NO_CONTENT))
    })
    .await
}

async fn apps(call: Call, At(team): At<String>) -> Response {
    call.read(|store, actor| {
        let team = find::team(store, actor, &team)?;
        let apps = collect_pages(|page| api::team_apps(store, actor, team, page))?;
        Ok::<_, Fault>(apps.into_iter().map(App::from).collect::<Vec<_>>())
    })
}

async fn create_app(call: Call, At(team): At<String>, Sent(body): Sent<CreateApp>) -> Response {
    call.write(StatusCode::CREATED, move |store, actor| {
        let CreateApp { app_name, name, region, stack, locked } = &body;
        if app_name.is_some() && name.is_some() {
            return Err(Fault::Field { field: "name", problem: "says the same as `app_name`: one is enough" });
        }
        let app = body::TeamAppCreate {
            team: Some(team.clone()),
            name: app_name.as_ref().or(name.as_ref()).cloned(),
            region: region.clone(),
            stack: stack.clone(),
            locked: *locked,
            ..body::TeamAppCreate::default()
        };
        let operation = app.operation(store, actor)?;
        let Event::AppCreated { created } = &store.perform(actor, &operation)?.event else {
            return Err(Fault::Missing(Thing::App));
        };
        let app = created.app.id();
        let TeamApp { name, stack, region, locked, web_url, git_url, .. } = api::team_app(store, actor, app)?;
        Ok(NewApp { name, stack: stack.name, region: region.name, locked, web_url, git_url, create_status: "complete" })
    })
    .await
}

/// The app to an organization or to a user, and locked where that is asked for. Who gives it away may see it no more: then the
/// answer is what it was before.
async fn transfer(call: Call, At(app): At<String>, Sent(body): Sent<NewOwner>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let app = find::app(store, actor, &app)?;
        let before = api::team_app(store, actor, app)?;
        // The client says "false" where nothing is chosen.
        let lock = match &body.locked {
            Value::Null | Value::Bool(false) => false,
            Value::Bool(true) => true,
            Value::String(text) if text == "false" => false,
            Value::String(text) if text == "true" => true,
            _ => return Err(Fault::Field { field: "locked", problem: "is neither `true` nor `false`" }),
        };
        let to = find::owner(store, actor, app, &body.owner)?;
        make_so(store, actor, Operation::TransferApp { app, to })?;
        if lock && store.app(actor, app)?.lock() == Lock::Unlocked {
            store.lock_app(actor, app)?;
        }
        Ok(App::from(api::team_app(store, actor, app).unwrap_or(before)))
    })
    .await
}

async fn join(call: Call, At(app): At<String>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let app = find::app(store, actor, &app)?;
        store.join_app(actor, app)?;
        Ok(App::from(api::team_app(store, actor, app)?))
    })
    .await
}

async fn leave(call: Call, At(app): At<String>) -> Response {
    call.act(move |store, actor| {
        let app = find::app(store, actor, &app)?;
        store.remove_collaborator(actor, app, find::user(store, actor, "~")?)?;
        Ok(answer::empty(StatusCode::NO_CONTENT))
    })
    .await
}

async fn lock(call: Call, At(app): At<String>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let app = find::app(store, actor, &app)?;
        store.lock_app(actor, app)?;
        Ok(App::from(api::team_app(store, actor, app)?))
    })
    .await
}

async fn unlock(call: Call, At(app): At<String>) -> Response {
    call.act(move |store, actor| {
        store.unlock_app(actor, find::app(store, actor, &app)?)?;
        Ok(answer::empty(StatusCode::NO_CONTENT))
    })
    .await
}

async fn add_collaborator(
    call: Call,
    At((team, app)): At<(String, String)>,
    Sent(body): Sent<NewCollaborator>,
) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let app = app_of(store, actor, &team, &app)?;
        let body = body::TeamAppCollaboratorCreate { user: Some(body.email.clone()), ..Default::default() };
        let operation = body.operation(store, actor, app)?;
        store.perform(actor, &operation)?;
        Ok(json!({ "email": body.user }))
    })
    .await
}

async fn remove_collaborator(call: Call, At((team, app, user)): At<(String, String, String)>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let app = app_of(store, actor, &team, &app)?;
        store.remove_collaborator(actor, app, find::collaborator(store, actor, app, &user)?)?;
        Ok(json!({}))
    })
    .await
}

/// An app of this team.
fn app_of(store: &TeamStore, actor: Actor, team: &str, app: &str) -> Result<AppId, Fault> {
    let app = store.app(actor, find::app(store, actor, app)?)?;
    let team = Owner::Team(find::team(store, actor, team)?);
    if app.owner() == team { Ok(app.id()) } else { Err(Fault::Missing(Thing::App)) }
}

fn person(store: &TeamStore, actor: Actor, team: TeamId, user: UserId) -> Result<Person, Fault> {
    let member = api::team_member(store, actor, team, user)?;
    Ok(Person { email: member.email, role: member.role })
}
