//! Who asks: from a request to an actor.

use std::fmt::Debug;
use std::future::ready;
use std::pin::Pin;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use enterprise_teams::{ActorKind, system};
use headers::authorization::{Basic, Bearer};
use headers::{Authorization, HeaderMapExt};

use crate::server::Server;

/// Who a request is by, some time later.
pub type SignedIn<'r> = Pin<Box<dyn Future<Output = Option<ActorKind>> + Send + 'r>>;

/// Finds out who asks.
///
/// The server has tokens and no passwords ([`ByToken`]). Whoever serves real people puts their own sign-in here: it looks at the
/// request, a session's cookie or a header that a proxy has set, and answers with the user, or with `None`, which is told as `401`.
/// What it learns of how somebody signed in, that they have enrolled in MFA, say, or came by single sign-on (ACC-3, SEC-3, SEC-5), it
/// reports by operations of the store ([`Server::perform`]). The package `sign-in-with-oidc` in `examples` does so with
/// OpenID Connect.
pub trait SignIn: Debug + Send + Sync {
    /// Who this request is by. What it names has to be a user of the store.
    fn sign_in<'r>(&'r self, server: &'r Server, request: &'r Parts) -> SignedIn<'r>;

    /// Where the dashboard sends whoever is not signed in, with `next` in the query for where they wanted to go. Without such a page they
    /// are asked for a token.
    fn sign_in_page(&self) -> Option<&str> {
        None
    }

    /// The path on this server to which the dashboard posts when somebody signs out. Without it, it ends its own session; where the host
    /// has a sign-in page and no such path, nobody signs out on the dashboard.
    fn sign_out_page(&self) -> Option<&str> {
        None
    }
}

/// By the server's own tokens: `Authorization: Bearer TOKEN`, or `Basic` with the token as the password.
#[derive(Clone, Copy, Debug, Default)]
pub struct ByToken;

impl SignIn for ByToken {
    fn sign_in<'r>(&'r self, server: &'r Server, request: &'r Parts) -> SignedIn<'r> {
        let found = token(&request.headers).and_then(|token| server.tokens().find(&token, system::now()));
        Box::pin(ready(found))
    }
}

/// The token of the one `Authorization` header.
fn token(headers: &HeaderMap) -> Option<String> {
    if headers.get_all(AUTHORIZATION).iter().count() != 1 {
        return None;
    }
    let bearer = headers.typed_get::<Authorization<Bearer>>().map(|sent| sent.token().trim().to_owned());
    bearer.or_else(|| headers.typed_get::<Authorization<Basic>>().map(|sent| sent.password().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(texts: &[&str]) -> Option<String> {
        token(&texts.iter().map(|text| (AUTHORIZATION, text.parse().unwrap())).collect())
    }

    #[test]
    fn both_schemes() {
        assert_eq!(of(&["Bearer abc"]).as_deref(), Some("abc"));
        assert_eq!(of(&["bearer abc"]).as_deref(), Some("abc"));
        assert_eq!(of(&["Basic OmFiYw=="]).as_deref(), Some("abc"));
        assert_eq!(of(&["basic am9lOmE6Yg=="]).as_deref(), Some("a:b"));
        for none in ["", "abc", "Bearer", "Token abc", "Basic ?", "Basic YWJj", "Basic /w=="] {
            assert_eq!(of(&[none]), None, "{none}");
        }
        assert_eq!(of(&["Bearer abc", "Bearer abc"]), None, "who says two things says nothing");
        assert_eq!(of(&[]), None);
    }
}
