//! A server that answers Heroku's Platform API from a store of Enterprise Teams.
//!
//! Handlers are thin: they parse, call one function of the store or of `enterprise-teams-platform-api`, and render. Every rule is
//! the store's.

pub mod admin;
mod answer;
mod aside;
mod bodies;
mod call;
mod demo;
mod desk;
mod host;
mod limit;
mod metrics;
mod observe;
mod pages;
mod range;
mod request;
mod routes;
mod serve;
mod server;
mod sign_in;
mod sweep;
mod tls;
mod tokens;
mod version;

pub use demo::{demo, furnished_demo, registered};
pub use metrics::metrics;
pub use pages::is_dashboard_page;
pub use routes::router;
pub use serve::{ANSWER_SECONDS, CONNECTIONS_MAX, HEADER_SECONDS, serve};
pub use server::{Server, begin_with};
pub use sign_in::{ByToken, SignIn, SignedIn};
pub use sweep::sweep;
pub use tls::tls;
pub use tokens::{
    KeepTokens, MemoryTokens, NewToken, PostgresTokens, SqliteTokens, Token, TokenDigest, TokenError, Tokens,
};
