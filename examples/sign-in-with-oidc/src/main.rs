//! The platform server for people who sign in with OpenID Connect, kept in a file:
//!
//! ```text
//! ISSUER=https://id.example.com CLIENT_ID=teams CLIENT_SECRET=… cargo run -p sign-in-with-oidc -- teams.db
//! ```

mod kept;
mod oidc;
mod pages;
mod report;
mod routes;
mod sessions;
#[cfg(test)]
mod tests;

use std::env;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use enterprise_teams::{Actor, system};
use enterprise_teams_sqlite::SqliteJournal;
use openidconnect::{ClientId, ClientSecret, IssuerUrl};
use platform_server::{Server, SqliteTokens, serve, sweep};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::oidc::{Oidc, Options, Strangers};
use crate::pages::Fault;

fn main() -> Result<(), Fault> {
    tracing_subscriber::fmt().init();
    let file = PathBuf::from(env::args().nth(1).unwrap_or_else(|| "teams.db".into()));
    let listen = given("LISTEN").unwrap_or_else(|_| "127.0.0.1:5000".into());
    let address = given("ADDRESS").unwrap_or_else(|_| format!("http://{listen}"));
    let (journal, tokens) = (SqliteJournal::open(&file)?, SqliteTokens::open(&file)?);
    let server = Server::open(Box::new(journal), Box::new(tokens), &address, 4500)?;
    let team = match given("TEAM") {
        Ok(name) => Some(server.store().team_by_name(Actor::operator(system::now()), name.parse()?)?.id()),
        Err(_) => None,
    };
    let oidc = Arc::new(Oidc::new(Options {
        issuer: IssuerUrl::new(given("ISSUER")?)?,
        client: ClientId::new(given("CLIENT_ID")?),
        secret: given("CLIENT_SECRET").ok().filter(|secret| !secret.is_empty()).map(ClientSecret::new),
        address,
        strangers: if given("REGISTER").is_ok_and(|given| given == "1") {
            Strangers::Registered
        } else {
            Strangers::Refused
        },
        team,
        session: Duration::from_hours(8),
    })?);
    let server = Arc::new(server.with_sign_in(oidc.sessions.clone()));
    let router = routes::router(Arc::clone(&server), oidc);
    let runtime = Runtime::new()?;
    let served = runtime.block_on(async {
        let listener = TcpListener::bind(&listen).await?;
        tokio::spawn(sweep(Arc::clone(&server)));
        let stop = async { drop(tokio::signal::ctrl_c().await) };
        serve(listener, None, router, stop).await;
        Ok(())
    });
    // With its last owner the journal is closed, which waits.
    drop(runtime);
    drop(server);
    served
}

fn given(name: &str) -> Result<String, Fault> {
    env::var(name).map_err(|error| format!("{name}: {error}").into())
}
