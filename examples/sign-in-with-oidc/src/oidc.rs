//! The way to the provider and back: authorization code with PKCE, then what the ID token says.

use std::time::{Duration, Instant};

use enterprise_teams::TeamId;
use openidconnect::core::{CoreClient, CoreIdTokenClaims as Claims, CoreProviderMetadata};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, Nonce,
    PkceCodeVerifier, RedirectUrl, TokenResponse, reqwest,
};
use tokio::sync::Mutex;

use crate::kept::Kept;
use crate::pages::Fault;
use crate::sessions::{Cookie, Sessions};

/// How long somebody may take at the provider, and how many may be there at a time.
pub(crate) const AWAY: Duration = Duration::from_mins(10);
const AWAY_MAX: usize = 10_000;
/// For how long the provider's endpoints and keys are taken to be what they were.
const PROVIDER_LASTS: Duration = Duration::from_mins(10);
/// How long the provider may take to answer.
const ANSWER_TIME: Duration = Duration::from_secs(10);

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
    pub(crate) options: Options,
    redirect: RedirectUrl,
    http: reqwest::Client,
    provider: Mutex<Option<(Instant, CoreProviderMetadata)>>,
    /// What the provider's answer is held against, and where it leads.
    pub(crate) away: Kept<(Nonce, PkceCodeVerifier, String)>,
    pub(crate) away_cookie: Cookie,
    /// For [`Server::with_sign_in`].
    pub(crate) sessions: Sessions,
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

    pub(crate) async fn client(&self) -> Result<Client, Fault> {
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
    pub(crate) async fn claims(
        &self,
        code: String,
        nonce: &Nonce,
        verifier: PkceCodeVerifier,
    ) -> Result<Claims, Fault> {
        let client = self.client().await?;
        let request = client.exchange_code(AuthorizationCode::new(code))?.set_pkce_verifier(verifier);
        let answer = request.request_async(&self.http).await?;
        let token = answer.id_token().ok_or("there is no ID token")?;
        Ok(token.clone().into_claims(&client.id_token_verifier(), nonce)?)
    }
}
