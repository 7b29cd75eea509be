//! A server that answers Heroku's Platform API from a store of Enterprise Teams.
//!
//! Handlers are thin: they parse, call one function of the store or of `enterprise-teams-platform-api`, and render. Every rule is
//! the store's.

mod answer;
mod auth;
mod call;
mod demo;
mod desk;
mod limit;
mod range;
mod request;
mod routes;
mod serve;
mod server;

pub use auth::Tokens;
pub use demo::{demo, registered};
pub use routes::router;
pub use serve::{ANSWER_SECONDS, CONNECTIONS_MAX, HEADER_SECONDS, serve};
pub use server::{Server, begin_with};
