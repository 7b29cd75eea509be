//! The Platform API, for Heroku's own command-line client and others.

use std::error::Error;
use std::fs::DirBuilder;
use std::io::{self, Write, stdout};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use enterprise_teams::journal::Journal;
use enterprise_teams::{Actor, NewTeam, TeamKind, TeamStore, system};
use enterprise_teams_sqlite::SqliteJournal;
use platform_server::{Server, Tokens, begin_with, demo, registered, router, serve};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};

/// How many tokens are printed.
const TOKENS_SHOWN: usize = 20;

/// Answers Heroku's Platform API from a store of Enterprise Teams. Stop it with SIGTERM or Ctrl-C: what it has answered is kept.
#[derive(Debug, Parser)]
struct Options {
    /// Keep everything in this folder [default: `platform-server` in the user's folder for data].
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// Begin with the demo's people and teams; they go when it stops, unless --data says where.
    #[arg(long)]
    demo: bool,
    /// Where to listen: an address of this machine.
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    bind: IpAddr,
    /// Where to listen; 0 is any free port.
    #[arg(long, value_name = "PORT", default_value_t = 5000)]
    port: u16,
    /// Register this user; may be repeated.
    #[arg(long, value_name = "E-MAIL")]
    user: Vec<String>,
    /// Provision an Enterprise Team with this admin; may be repeated.
    #[arg(long, value_name = "NAME=E-MAIL", value_parser = team)]
    team: Vec<(String, String)>,
    /// Provision a Standard team with this admin; may be repeated.
    #[arg(long, value_name = "NAME=E-MAIL", value_parser = team)]
    standard_team: Vec<(String, String)>,
    /// How many requests each user may make in an hour.
    #[arg(long, value_name = "REQUESTS", default_value_t = 4500)]
    rate_limit: u32,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("platform-server: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints a line, if anybody listens.
fn say(line: &str) {
    let _ = writeln!(stdout(), "{line}");
}

fn team(text: &str) -> Result<(String, String), String> {
    let (name, admin) = text.split_once('=').ok_or("NAME=E-MAIL is needed")?;
    Ok((name.to_owned(), admin.to_owned()))
}

/// The folder for everything; that of a demo goes with the second.
fn folder(options: &Options) -> Result<(PathBuf, Option<TempDir>), Box<dyn Error>> {
    let folder = match &options.data {
        None if options.demo => {
            let folder = TempDir::with_prefix("platform-server-")?;
            return Ok((folder.path().to_owned(), Some(folder)));
        }
        None => dirs::data_dir().ok_or("there is no folder for data: --data says where")?.join("platform-server"),
        Some(folder) => folder.clone(),
    };
    DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
    Ok((folder, None))
}

/// Those who are to be there.
fn prepare(store: &mut TeamStore, options: &Options) -> Result<(), enterprise_teams::Error> {
    for email in &options.user {
        registered(store, email)?;
    }
    let operator = Actor::operator(system::now());
    let named = |kind| move |(name, admin): &(String, String)| (kind, name.clone(), admin.clone());
    let enterprise = options.team.iter().map(named(TeamKind::Enterprise));
    for (kind, name, admin) in enterprise.chain(options.standard_team.iter().map(named(TeamKind::Standard))) {
        let (name, admin) = (name.parse()?, registered(store, &admin)?);
        if store.team_by_name(operator, name).is_err() {
            store.provision_team(
                operator,
                match kind {
                    TeamKind::Enterprise => NewTeam::enterprise(name, admin),
                    TeamKind::Standard => NewTeam::standard(name, admin),
                },
            )?;
        }
    }
    Ok(())
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let (folder, demo_folder) = folder(options)?;
    let mut journal = SqliteJournal::open(folder.join("teams.db"))?;
    if options.demo && journal.end()?.seq == 0 {
        begin_with(&mut journal, &demo()?)?;
    }
    // Whoever comes before the server is ready waits.
    let listener = std::net::TcpListener::bind(SocketAddr::new(options.bind, options.port))?;
    listener.set_nonblocking(true)?;
    let address = format!("http://{}", listener.local_addr()?);
    let mut server = Server::open(Box::new(journal), Tokens::default(), &address, options.rate_limit)?;
    server.transaction(|store| prepare(store, options))?;
    let handed = server.hand_out_tokens();
    let server = Arc::new(server);
    let runtime = Runtime::new()?;
    runtime.block_on(async {
        let listener = TcpListener::from_std(listener)?;
        let (mut terminated, mut interrupted) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        tell(&address, &handed);
        let stop = async {
            tokio::select! {
                _ = terminated.recv() => {}
                _ = interrupted.recv() => {}
            }
        };
        serve(listener, router(Arc::clone(&server)), stop).await;
        io::Result::Ok(())
    })?;
    // With its last owner the journal is closed.
    drop(runtime);
    drop(server);
    drop(demo_folder);
    Ok(())
}

/// Where it listens, and who may ask with which token.
fn tell(address: &str, handed: &[(String, String)]) {
    if handed.is_empty() {
        say(&format!("listening on {address}; nobody is registered, so nobody can ask (see --user)"));
    }
    for (email, token) in handed.iter().take(TOKENS_SHOWN) {
        say(&format!(
            "export HEROKU_HOST={address} HEROKU_PARTICLEBOARD_URL={address} HEROKU_API_KEY={token} # {email}"
        ));
    }
    if let Some(more @ 1..) = handed.len().checked_sub(TOKENS_SHOWN) {
        say(&format!("# and {more} users more"));
    }
}
