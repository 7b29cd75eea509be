//! The routes by which people sign in and out.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use openidconnect::core::CoreAuthenticationFlow;
use openidconnect::{CsrfToken, Nonce, PkceCodeChallenge, Scope};
use platform_server::{Server, is_dashboard_page};
use serde::Deserialize;

use crate::oidc::{AWAY, Oidc};
use crate::pages::{failed, page};

/// How long the address may be to which a sign-in leads.
const NEXT_LEN_MAX: usize = 512;

type Host = (Arc<Server>, Arc<Oidc>);

/// The server's own routes, and those by which people sign in and out.
pub(crate) fn router(server: Arc<Server>, oidc: Arc<Oidc>) -> Router {
    Router::new()
        .route("/sign-in", get(sign_in))
        .route("/sign-in/callback", get(callback))
        .route("/sign-out", post(sign_out))
        .with_state((Arc::clone(&server), oidc))
        .merge(platform_server::router(server))
}

/// Where somebody wanted to go.
#[derive(Deserialize)]
struct Wanted {
    next: Option<String>,
}

async fn sign_in(State((_, oidc)): State<Host>, Query(Wanted { next }): Query<Wanted>) -> Result<Response, Response> {
    // A page of the dashboard, and nothing of another host; as long as it is kept for whoever comes.
    let next = next
        .filter(|path| path.len() <= NEXT_LEN_MAX && is_dashboard_page(path))
        .unwrap_or_else(|| "/dashboard".into());
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state, nonce) = oidc
        .client()
        .await
        .map_err(failed(StatusCode::BAD_GATEWAY, "Nobody can sign in: the provider does not answer."))?
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, secret, Nonce::new_random)
        .add_scope(Scope::new("email".into()))
        .set_pkce_challenge(challenge)
        .url();
    oidc.away.put(state.secret(), (nonce, verifier, next));
    // The browser that comes back has to be the one that was sent: nobody is signed in by a link that somebody else began.
    let cookie = oidc.away_cookie.set(state.secret(), AWAY);
    Ok(([(CACHE_CONTROL, "no-store".to_owned()), (SET_COOKIE, cookie)], Redirect::to(url.as_str())).into_response())
}

/// With what the provider sends people back.
#[derive(Deserialize)]
struct Back {
    state: Option<String>,
    code: Option<String>,
}

async fn callback(
    State((server, oidc)): State<Host>,
    headers: HeaderMap,
    Query(Back { state, code }): Query<Back>,
) -> Result<Response, Response> {
    let state = oidc.away_cookie.read(&headers).filter(|sent| Some(sent) == state.as_ref());
    let begun = state.and_then(|state| oidc.away.take(&state));
    let again =
        || page(StatusCode::BAD_REQUEST, "This sign-in was not begun here, or is over: begin again at /sign-in.");
    let (nonce, verifier, next) = begun.ok_or_else(again)?;
    let code = code.ok_or_else(|| page(StatusCode::FORBIDDEN, "The provider has not signed you in."))?;
    let claims = oidc.claims(code, &nonce, verifier).await;
    let claims = claims.map_err(failed(StatusCode::FORBIDDEN, "What the provider says of you does not hold."))?;
    let email = claims.email().filter(|_| claims.email_verified() == Some(true)).and_then(|email| email.parse().ok());
    let unverified = || page(StatusCode::FORBIDDEN, "The provider has not verified an e-mail of yours.");
    let user = oidc.user(&server, email.ok_or_else(unverified)?).await?;
    oidc.report(&server, user, &claims).await?;
    oidc.sessions.end(&headers);
    let session = oidc.sessions.begin(user, secret().secret());
    Ok(([(CACHE_CONTROL, "no-store".to_owned()), (SET_COOKIE, session)], Redirect::to(&next)).into_response())
}

async fn sign_out(State((_, oidc)): State<Host>, headers: HeaderMap) -> Response {
    if !oidc.sessions.is_own(&headers) {
        return page(StatusCode::FORBIDDEN, "Another site's page asked to sign you out.");
    }
    ([(SET_COOKIE, oidc.sessions.end(&headers))], page(StatusCode::OK, "You are signed out.")).into_response()
}

/// 256 random bits, as a cookie and a URL can hold them.
fn secret() -> CsrfToken {
    CsrfToken::new_random_len(32)
}
