//! Tokens of one's own: the API calls them authorizations.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use enterprise_teams::chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use enterprise_teams::{Actor, ActorKind, UserId, system};
use enterprise_teams_platform_api::ErrorId;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::task::{JoinError, spawn_blocking};

use crate::answer;
use crate::call::Call;
use crate::request::{At, Sent};
use crate::tokens::{NewToken, Token, TokenError};

/// What an authorization is made with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Create {
    #[serde(default)]
    description: Option<String>,
    /// Seconds, as a number or as its text.
    #[serde(default)]
    expires_in: Option<Value>,
    /// `global` alone is there.
    #[serde(default)]
    scope: Option<Vec<String>>,
    /// A third-party client's is given out by whoever runs the server.
    #[serde(default)]
    client: Option<Value>,
}

/// What of an authorization can be changed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Update {
    #[serde(default)]
    description: Option<String>,
}

#[derive(Serialize)]
struct Shown<'t> {
    id: String,
    access_token: Option<Value>,
    client: Option<Value>,
    created_at: DateTime<Utc>,
    description: &'t str,
    grant: Option<Value>,
    refresh_token: Option<Value>,
    scope: [&'static str; 1],
    session: Option<Value>,
    updated_at: DateTime<Utc>,
    user: Value,
}

/// The token itself is shown once, when it is made.
fn shown<'t>(token: &'t Token, text: Option<&str>, call: &Call) -> Shown<'t> {
    let Token { id, user, client, description, created_at, expires_at } = token;
    let left = expires_at.map(|end| (end - call.actor.at).num_seconds().max(0));
    let store = call.server.store();
    let email = store.user(call.actor, *user).ok().map(|user| user.email().clone());
    Shown {
        id: id.to_string(),
        access_token: text.map(|text| json!({ "expires_in": left, "id": id, "token": text })),
        client: client.map(|client| json!({ "id": client, "name": client.to_string(), "redirect_uri": "" })),
        created_at: created_at.trunc_subsecs(0),
        description,
        grant: None,
        refresh_token: None,
        scope: ["global"],
        session: None,
        updated_at: created_at.trunc_subsecs(0),
        user: json!({ "id": user, "email": email, "full_name": null }),
    }
}

/// Whose tokens a call is about: a third-party client has no say in them.
const fn holder(actor: Actor) -> Option<UserId> {
    match actor.who {
        ActorKind::User(user) => Some(user),
        ActorKind::OAuth { .. } | ActorKind::Operator => None,
    }
}

fn not_a_users() -> Response {
    answer::refusal(ErrorId::Forbidden, "A third-party client manages no tokens.")
}

fn missing() -> Response {
    answer::refusal(ErrorId::NotFound, "Couldn't find that authorization.")
}

pub(super) async fn list(call: Call) -> Response {
    let Some(user) = holder(call.actor) else { return not_a_users() };
    let tokens = call.server.tokens().of(user);
    let shown: Vec<_> = tokens.iter().map(|token| shown(token, None, &call)).collect();
    answer::json(StatusCode::OK, &shown)
}

pub(super) async fn info(call: Call, At(id): At<String>) -> Response {
    let Some(user) = holder(call.actor) else { return not_a_users() };
    let tokens = call.server.tokens().of(user);
    match tokens.iter().find(|token| token.id.to_string() == id) {
        Some(token) => answer::json(StatusCode::OK, &shown(token, None, &call)),
        None => missing(),
    }
}

pub(super) async fn create(call: Call, Sent(body): Sent<Create>) -> Response {
    let Some(user) = holder(call.actor) else { return not_a_users() };
    let invalid = |message: &str| answer::refusal(ErrorId::InvalidParams, message);
    if body.client.is_some() {
        return invalid("`client` is for whoever runs the server");
    }
    if body.scope.is_some_and(|scope| scope != ["global"]) {
        return invalid("`scope` is `global` alone");
    }
    let seconds = |given: &Value| given.as_i64().or_else(|| given.as_str()?.parse().ok());
    let lasts = match body.expires_in {
        None | Some(Value::Null) => None,
        Some(given) => match seconds(&given).and_then(TimeDelta::try_seconds) {
            Some(lasts) => Some(lasts),
            None => return invalid(&TokenError::Duration.to_string()),
        },
    };
    let new = NewToken { user, client: None, description: body.description.unwrap_or_default(), lasts };
    let tokens = Arc::clone(call.server.tokens());
    let issued = spawn_blocking(move || tokens.issue(new, system::now())).await;
    answered(issued.map(|issued| issued.map(Some)), |(token, text)| {
        answer::json(StatusCode::CREATED, &shown(&token, Some(&text), &call))
    })
}

pub(super) async fn update(call: Call, At(id): At<String>, Sent(body): Sent<Update>) -> Response {
    let Some(user) = holder(call.actor) else { return not_a_users() };
    let Ok(id) = id.parse() else { return missing() };
    let tokens = Arc::clone(call.server.tokens());
    let described = spawn_blocking(move || match body.description {
        Some(description) => tokens.describe(user, id, &description),
        None => Ok(tokens.of(user).into_iter().find(|token| token.id == id)),
    });
    answered(described.await, |token| answer::json(StatusCode::OK, &shown(&token, None, &call)))
}

pub(super) async fn regenerate(call: Call, At(id): At<String>) -> Response {
    let Some(user) = holder(call.actor) else { return not_a_users() };
    let Ok(id) = id.parse() else { return missing() };
    let tokens = Arc::clone(call.server.tokens());
    let made = spawn_blocking(move || tokens.regenerate(user, id).map_err(TokenError::from));
    answered(made.await, |(token, text)| answer::json(StatusCode::OK, &shown(&token, Some(&text), &call)))
}

pub(super) async fn revoke(call: Call, At(id): At<String>) -> Response {
    let Some(user) = holder(call.actor) else { return not_a_users() };
    let Ok(id) = id.parse() else { return missing() };
    let tokens = Arc::clone(call.server.tokens());
    let revoked = spawn_blocking(move || tokens.revoke(user, id).map_err(TokenError::from));
    answered(revoked.await, |token| answer::json(StatusCode::OK, &shown(&token, None, &call)))
}

fn answered<T>(done: Result<Result<Option<T>, TokenError>, JoinError>, shown: impl FnOnce(T) -> Response) -> Response {
    match done {
        Ok(Ok(Some(done))) => shown(done),
        Ok(Ok(None)) => missing(),
        Ok(Err(error @ (TokenError::TooMany | TokenError::Duration | TokenError::Description))) => {
            answer::refusal(ErrorId::InvalidParams, &error.to_string())
        }
        Ok(Err(TokenError::Journal(error))) => {
            tracing::error!(%error, "tokens are not kept");
            unknown()
        }
        Err(_) => unknown(),
    }
}

fn unknown() -> Response {
    let message = "It is not known whether it was done: look before you ask again.";
    answer::refusal(ErrorId::ServiceUnavailable, message)
}
