//! The way to the provider and back: authorization code with PKCE, then what the ID token says.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use enterprise_teams::entity::{Mfa, SignIn, Sso};
use enterprise_teams::replica::ReplicaError;
use enterprise_teams::{Actor, Email, Error, NewUser, Operation, TeamId, TeamStore, UserId, system};
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreIdTokenClaims as Claims, CoreProviderMetadata};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl,
    Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse, reqwest,
};
use platform_server::Server;
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::sessions::{Cookie, Kept, Sessions};

/// How long somebody may take at the provider, and how many may be there at a time.
const AWAY: Duration = Duration::from_mins(10);
const AWAY_MAX: usize = 10_000;
/// For how long the provider's endpoints and keys are taken to be what they were.
const PROVIDER_LASTS: Duration = Duration::from_mins(10);
/// How long the provider may take to answer.
const ANSWER_TIME: Duration = Duration::from_secs(10);
const NOT_KEPT: &str = "Nobody can sign in: nothing can be kept at this time.";

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// What a host decides.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) issuer: IssuerUrl,
    pub(crate) client: ClientId,
    pub(crate) secret: Option<ClientSecret>,
    /// How browsers reach the server: a scheme, a host, and a port if it is not the scheme's own.
    pub(crate) address: String,
    pub(crate) strangers: Strangers,
    /// The team whose single sign-on this provider is, once its admins have entered the issuer as the entity id and switched SSO on.
    /// A host says which: otherwise the admins of any team could name the provider, and have everybody who signs in added to theirs.
    pub(crate) team: Option<TeamId>,
    /// After how long people sign in again.
    pub(crate) session: Duration,
}

/// What becomes of people whom the provider knows and the store does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strangers {
    Refused,
    Registered,
}

/// The provider, who is on the way there, and who has come back.
#[derive(Debug)]
pub(crate) struct Oidc {
    options: Options,
    redirect: RedirectUrl,
    http: reqwest::Client,
    provider: Mutex<Option<(Instant, CoreProviderMetadata)>>,
    away: Kept<(Nonce, PkceCodeVerifier)>,
    away_cookie: Cookie,
    /// For [`Server::with_sign_in`].
    pub(crate) sessions: Sessions,
}

pub(crate) type Fault = Box<dyn std::error::Error + Send + Sync>;

/// The page of somebody who is not signed in.
fn page(status: StatusCode, text: impl Into<String>) -> Response {
    (status, [(CACHE_CONTROL, "no-store")], text.into()).into_response()
}

/// The page where something is wrong whose details are for the log.
fn failed<E: Into<Fault>>(status: StatusCode, text: &'static str) -> impl FnOnce(E) -> Response {
    move |error| {
        let error: Fault = error.into();
        tracing::warn!(error = &*error as &(dyn std::error::Error + 'static), "{text}");
        page(status, text)
    }
}

impl Oidc {
    pub(crate) fn new(options: Options) -> Result<Self, Fault> {
        let redirect = RedirectUrl::new(format!("{}/sign-in/callback", options.address))?;
        // The provider is asked at its own addresses, wherever it would send us.
        let http =
            reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(ANSWER_TIME).build()?;
        let away_cookie = Cookie::new("sign-in", redirect.url());
        let sessions = Sessions::new(redirect.url(), options.session);
        let (provider, away) = (Mutex::default(), Kept::new(AWAY, AWAY_MAX));
        Ok(Self { options, redirect, http, provider, away, away_cookie, sessions })
    }

    async fn client(&self) -> Result<Client, Fault> {
        let mut provider = self.provider.lock().await;
        let metadata = match &*provider {
            Some((since, metadata)) if since.elapsed() < PROVIDER_LASTS => metadata.clone(),
            _ => {
                let found = CoreProviderMetadata::discover_async(self.options.issuer.clone(), &self.http).await?;
                provider.insert((Instant::now(), found)).1.clone()
            }
        };
        let Options { client, secret, .. } = &self.options;
        let client = CoreClient::from_provider_metadata(metadata, client.clone(), secret.clone());
        Ok(client.set_redirect_uri(self.redirect.clone()))
    }

    /// What the provider vouches for.
    async fn claims(&self, code: String, nonce: &Nonce, verifier: PkceCodeVerifier) -> Result<Claims, Fault> {
        let client = self.client().await?;
        let request = client.exchange_code(AuthorizationCode::new(code))?.set_pkce_verifier(verifier);
        let answer = request.request_async(&self.http).await?;
        let token = answer.id_token().ok_or("there is no ID token")?;
        Ok(token.clone().into_claims(&client.id_token_verifier(), nonce)?)
    }

    /// The user of this e-mail.
    async fn user(&self, server: &Server, email: Email) -> Result<UserId, Response> {
        if self.options.strangers == Strangers::Registered {
            let registered = Operation::RegisterUser { user: NewUser::new(email.clone()) };
            match server.perform(Actor::operator(system::now()), registered).await {
                Ok(_) | Err(ReplicaError::Refused(Error::EmailTaken { .. })) => {}
                Err(error) => return Err(failed(StatusCode::SERVICE_UNAVAILABLE, NOT_KEPT)(error)),
            }
        }
        let unknown = format!("{email} is no user here: ask whoever runs this server.");
        server.store().user_id(&email).map_err(|_| page(StatusCode::FORBIDDEN, unknown))
    }

    /// Reports how the user has signed in, as the operator, who has seen it. Of what it knows already the store records nothing.
    async fn report(&self, server: &Server, user: UserId, claims: &Claims) -> Result<(), Response> {
        let news = self.news(&server.store(), user, claims);
        for operation in news {
            match server.perform(Actor::operator(system::now()), operation).await {
                Ok(_) => {}
                Err(ReplicaError::Refused(
                    Error::MfaUnchanged { .. } | Error::SignInUnchanged { .. } | Error::AlreadyInTeam { .. },
                )) => {}
                Err(ReplicaError::Refused(error)) => {
                    let problem = server.store().problem(Actor::user(user, system::now()), &error);
                    return Err(page(StatusCode::FORBIDDEN, problem.detail));
                }
                Err(error) => return Err(failed(StatusCode::SERVICE_UNAVAILABLE, NOT_KEPT)(error)),
            }
        }
        Ok(())
    }

    /// What is to be said of how the user has signed in: whether by MFA (ACC-3), if the provider tells, and whether by the single
    /// sign-on of a team, which they join if they are not in it (SEC-3).
    fn news(&self, store: &TeamStore, user: UserId, claims: &Claims) -> Vec<Operation> {
        let operator = Actor::operator(system::now());
        let mfa = claims.auth_method_refs().map(|methods| {
            let by_mfa = methods.iter().any(|method| method.as_str() == "mfa");
            Operation::SetMfa { user, mfa: if by_mfa { Mfa::Enrolled } else { Mfa::NotEnrolled } }
        });
        let is_ours = |team: &TeamId| {
            let provider = store.identity_provider(operator, *team).ok().flatten();
            provider.is_some_and(|provider| *provider.entity_id() == **claims.issuer())
                && store.team(operator, *team).is_ok_and(|team| team.sso() == Sso::Enabled)
        };
        let joined = self.options.team.filter(is_ours).map(|team| Operation::AddSsoMember { team, user });
        let sign_in = if joined.is_some() { SignIn::Sso } else { SignIn::Password };
        mfa.into_iter().chain(joined).chain([Operation::SetSignIn { user, sign_in }]).collect()
    }
}

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

async fn sign_in(State((_, oidc)): State<Host>) -> Result<Response, Response> {
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state, nonce) = oidc
        .client()
        .await
        .map_err(failed(StatusCode::BAD_GATEWAY, "Nobody can sign in: the provider does not answer."))?
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, secret, Nonce::new_random)
        .add_scope(Scope::new("email".into()))
        .set_pkce_challenge(challenge)
        .url();
    oidc.away.put(state.secret(), (nonce, verifier));
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
    let (nonce, verifier) = begun.ok_or_else(again)?;
    let code = code.ok_or_else(|| page(StatusCode::FORBIDDEN, "The provider has not signed you in."))?;
    let claims = oidc.claims(code, &nonce, verifier).await;
    let claims = claims.map_err(failed(StatusCode::FORBIDDEN, "What the provider says of you does not hold."))?;
    let email = claims.email().filter(|_| claims.email_verified() == Some(true)).and_then(|email| email.parse().ok());
    let unverified = || page(StatusCode::FORBIDDEN, "The provider has not verified an e-mail of yours.");
    let user = oidc.user(&server, email.ok_or_else(unverified)?).await?;
    oidc.report(&server, user, &claims).await?;
    oidc.sessions.end(&headers);
    let session = oidc.sessions.begin(user, secret().secret());
    Ok(([(CACHE_CONTROL, "no-store".to_owned()), (SET_COOKIE, session)], Redirect::to("/account")).into_response())
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
