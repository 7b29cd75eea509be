//! Who may push to which app, and who gives whom what, over HTTP and kept in a file. An empty file gets a team, and how to ask is printed:
//!
//! ```text
//! cargo run -p service -- teams.db
//! ```

use std::env;
use std::error::Error as Failure;
use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::{StatusCode, header::CONTENT_TYPE, request::Parts};
use axum::response::{IntoResponse, Response};
use axum::routing::{Router, get, put};
use enterprise_teams::replica::{Replica, ReplicaError, ReplicaOptions, Request};
use enterprise_teams::{
    Actor, AppAction, AppId, Error, NewApp, NewTeam, NewUser, Operation, PermissionSet, Settings, TeamRole, TeamStore,
    UserId, system,
};
use enterprise_teams_sqlite::SqliteJournal;

type Store = Arc<Replica<SqliteJournal>>;

// In the README from here
async fn may_push(State(store): State<Store>, Caller(actor): Caller, Path(app): Path<AppId>) -> Result<(), Response> {
    let store = store.read();
    store.check(actor, AppAction::PushCode, app).map_err(|refusal| refused(&store, actor, &refusal))
}

async fn grant(
    State(store): State<Store>,
    Caller(actor): Caller,
    Path((app, user)): Path<(AppId, UserId)>,
    Json(permissions): Json<PermissionSet>,
) -> Result<(), Response> {
    let operation = Operation::GrantPermissions { app, user, permissions };
    match store.perform_async(Request::new(actor, operation)).await {
        Ok(_kept) => Ok(()),
        Err(ReplicaError::Refused(refusal)) => Err(refused(&store.read(), actor, &refusal)),
        Err(down) => Err((StatusCode::SERVICE_UNAVAILABLE, down.to_string()).into_response()),
    }
}

fn refused(store: &TeamStore, actor: Actor, refusal: &Error) -> Response {
    let problem = store.problem(actor, refusal);
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::FORBIDDEN);
    (status, [(CONTENT_TYPE, "application/problem+json")], Json(problem)).into_response()
}
// to here

/// Who asks. A header is believed, as behind a proxy that has signed somebody in and sets it.
struct Caller(Actor);

impl FromRequestParts<Store> for Caller {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &Store) -> Result<Self, StatusCode> {
        let user = parts.headers.get("x-user").and_then(|user| user.to_str().ok()?.parse().ok());
        user.map(|user| Self(Actor::user(user, system::now()))).ok_or(StatusCode::UNAUTHORIZED)
    }
}

fn service(store: Store) -> Router {
    Router::new()
        .route("/apps/{app}/may-push", get(may_push))
        .route("/apps/{app}/permissions/{user}", put(grant))
        .with_state(store)
}

/// A team with an app, its admin, and a member who is given nothing yet.
fn begin(store: &mut TeamStore) -> Result<(AppId, UserId, UserId), Error> {
    let operator = Actor::operator(system::now());
    let ada = store.register_user(operator, NewUser::new("ada@acme.com".parse()?))?;
    let joe = store.register_user(operator, NewUser::new("joe@acme.com".parse()?))?;
    let acme = store.provision_team(operator, NewTeam::enterprise("acme-widgets".parse()?, ada))?;
    let admin = Actor::user(ada, operator.at);
    store.add_member(admin, acme, joe, TeamRole::Member)?;
    let app = store.create_app(admin, NewApp::in_team(acme).named("gentle-garden".parse()?))?;
    Ok((app, ada, joe))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Failure>> {
    let path = env::args_os().nth(1).unwrap_or_else(|| "teams.db".into());
    let replica = Replica::open(SqliteJournal::open(&path)?, Settings::random, ReplicaOptions::default())?;
    if replica.read().seq() == 1 {
        let (app, ada, joe) = replica.transaction(begin).map_err(|error| error.to_string())?;
        println!("curl -i -H 'x-user: {joe}' 127.0.0.1:3000/apps/{app}/may-push");
        let json = "-H 'content-type: application/json' -d '[\"deploy\"]'";
        println!("curl -i -H 'x-user: {ada}' -X PUT 127.0.0.1:3000/apps/{app}/permissions/{joe} {json}");
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    Ok(axum::serve(listener, service(Arc::new(replica))).await?)
}

#[cfg(test)]
mod tests;
