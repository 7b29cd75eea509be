//! An OpenID provider: it signs in whom the test says, and says of them what the test wants.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{Json, Redirect};
use axum::routing::{Router, get, post};
use enterprise_teams::chrono::{TimeDelta, Utc};
use openidconnect::core::{
    CoreEdDsaPrivateSigningKey, CoreIdToken, CoreIdTokenClaims, CoreIdTokenFields, CoreJsonWebKeySet,
    CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreResponseType, CoreSubjectIdentifierType, CoreTokenResponse,
    CoreTokenType,
};
use openidconnect::{
    AccessToken, Audience, AuthUrl, AuthenticationMethodReference, CsrfToken, EmptyAdditionalClaims,
    EmptyAdditionalProviderMetadata, EmptyExtraTokenFields, EndUserEmail, IssuerUrl, JsonWebKeyId, JsonWebKeySetUrl,
    Nonce, PkceCodeChallenge, PkceCodeVerifier, PrivateSigningKey, ResponseTypes, StandardClaims, SubjectIdentifier,
    TokenUrl,
};
use rcgen::{KeyPair, PKCS_ED25519};
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub(crate) const CLIENT: &str = "teams";

/// What it says of the person who comes.
#[derive(Clone)]
pub(crate) struct Says {
    pub(crate) email: &'static str,
    pub(crate) verified: Option<bool>,
    pub(crate) methods: Option<&'static [&'static str]>,
    pub(crate) audience: &'static str,
    pub(crate) issuer: Option<&'static str>,
    /// How long the token lasts.
    pub(crate) lasts: TimeDelta,
    pub(crate) nonce: Option<&'static str>,
    /// Whether it signs with the key that it shows.
    pub(crate) own_key: bool,
}

/// Of somebody with a verified e-mail, nothing of how they signed in.
pub(crate) fn of(email: &'static str) -> Says {
    Says {
        email,
        verified: Some(true),
        methods: None,
        audience: CLIENT,
        issuer: None,
        lasts: TimeDelta::minutes(5),
        nonce: None,
        own_key: true,
    }
}

pub(crate) struct Provider {
    pub(crate) issuer: IssuerUrl,
    key: CoreEdDsaPrivateSigningKey,
    other_key: CoreEdDsaPrivateSigningKey,
    says: Mutex<Says>,
    /// Nonce and challenge for each code that is not used yet.
    codes: Mutex<HashMap<String, (String, String)>>,
}

fn key() -> CoreEdDsaPrivateSigningKey {
    let pem = KeyPair::generate_for(&PKCS_ED25519).unwrap().serialize_pem();
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(JsonWebKeyId::new("one".into()))).unwrap()
}

impl Provider {
    pub(crate) async fn start() -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = IssuerUrl::new(format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let (key, other_key) = (key(), key());
        let (says, codes) = (Mutex::new(of("nobody@example.com")), Mutex::default());
        let provider = Arc::new(Self { issuer, key, other_key, says, codes });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(configuration))
            .route("/keys", get(keys))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .with_state(Arc::clone(&provider));
        tokio::spawn(async { axum::serve(listener, router).await });
        provider
    }

    pub(crate) fn say(&self, says: Says) {
        *self.says.lock().unwrap() = says;
    }

    fn at(&self, path: &str) -> String {
        format!("{}/{path}", self.issuer.as_str())
    }
}

async fn configuration(State(provider): State<Arc<Provider>>) -> Json<CoreProviderMetadata> {
    let metadata = CoreProviderMetadata::new(
        provider.issuer.clone(),
        AuthUrl::new(provider.at("authorize")).unwrap(),
        JsonWebKeySetUrl::new(provider.at("keys")).unwrap(),
        vec![ResponseTypes::new(vec![CoreResponseType::Code])],
        vec![CoreSubjectIdentifierType::Public],
        vec![CoreJwsSigningAlgorithm::EdDsa],
        EmptyAdditionalProviderMetadata {},
    );
    Json(metadata.set_token_endpoint(Some(TokenUrl::new(provider.at("token")).unwrap())))
}

async fn keys(State(provider): State<Arc<Provider>>) -> Json<CoreJsonWebKeySet> {
    Json(CoreJsonWebKeySet::new(vec![provider.key.as_verification_key()]))
}

type Bad = (StatusCode, Json<Value>);

fn bad(error: &str) -> Bad {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": error })))
}

async fn authorize(
    State(provider): State<Arc<Provider>>,
    Query(asked): Query<HashMap<String, String>>,
) -> Result<Redirect, Bad> {
    let asked = |name: &str| asked.get(name).cloned().ok_or_else(|| bad(name));
    let wanted = [
        ("response_type", "code"),
        ("client_id", CLIENT),
        ("scope", "openid email"),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in wanted {
        if asked(name)? != value {
            return Err(bad(name));
        }
    }
    let code = CsrfToken::new_random().into_secret();
    provider.codes.lock().unwrap().insert(code.clone(), (asked("nonce")?, asked("code_challenge")?));
    Ok(Redirect::to(&format!("{}?code={code}&state={}", asked("redirect_uri")?, asked("state")?)))
}

async fn token(
    State(provider): State<Arc<Provider>>,
    Form(sent): Form<HashMap<String, String>>,
) -> Result<Json<CoreTokenResponse>, Bad> {
    let sent = |name: &str| sent.get(name).cloned().ok_or_else(|| bad("invalid_request"));
    let found = provider.codes.lock().unwrap().remove(&sent("code")?);
    let (nonce, challenge) = found.ok_or_else(|| bad("invalid_grant"))?;
    let verifier = PkceCodeVerifier::new(sent("code_verifier")?);
    if *PkceCodeChallenge::from_code_verifier_sha256(&verifier).as_str() != *challenge {
        return Err(bad("invalid_grant"));
    }
    let says = provider.says.lock().unwrap().clone();
    let issuer = says.issuer.map_or_else(|| provider.issuer.clone(), |issuer| IssuerUrl::new(issuer.into()).unwrap());
    let person = StandardClaims::new(SubjectIdentifier::new("7".into()))
        .set_email(Some(EndUserEmail::new(says.email.into())))
        .set_email_verified(says.verified);
    let methods = |methods: &[&str]| {
        methods.iter().map(|method| AuthenticationMethodReference::new((*method).into())).collect::<Vec<_>>()
    };
    let now = Utc::now();
    let audience = vec![Audience::new(says.audience.into())];
    let claims = CoreIdTokenClaims::new(issuer, audience, now + says.lasts, now, person, EmptyAdditionalClaims {})
        .set_nonce(Some(Nonce::new(says.nonce.map_or(nonce, str::to_owned))))
        .set_auth_method_refs(says.methods.map(methods));
    let key = if says.own_key { &provider.key } else { &provider.other_key };
    let token = CoreIdToken::new(claims, key, CoreJwsSigningAlgorithm::EdDsa, None, None).unwrap();
    let fields = CoreIdTokenFields::new(Some(token), EmptyExtraTokenFields {});
    Ok(Json(CoreTokenResponse::new(AccessToken::new("none".into()), CoreTokenType::Bearer, fields)))
}
