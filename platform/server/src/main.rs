//! The Platform API on 127.0.0.1, for Heroku's own command-line client and others.

use std::env;
use std::error::Error;
use std::io::{Write, stdout};
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use enterprise_teams::{Actor, NewTeam, Settings, TeamKind, TeamStore, system};
use platform_server::{Server, Tokens, demo, load, registered, router, save, serve, users};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

const HELP: &str = "\
Answers Heroku's Platform API on 127.0.0.1 from a store of Enterprise Teams.

cargo run -p platform-server -- [OPTIONS]

  --port PORT                 where to listen; 0 is any free port [5000]
  --empty                     begin with an empty store instead of the demo
  --user E-MAIL               register this user; may be repeated
  --team NAME=E-MAIL          provision an Enterprise Team with this admin; may be repeated
  --standard-team NAME=E-MAIL provision a Standard team with this admin; may be repeated
  --snapshot FILE             begin with this snapshot if it is there, and write it now and when stopped
  --rate-limit REQUESTS       how many each user may make in an hour [4500]
  --help                      this text

Stop it with SIGTERM or Ctrl-C.";

/// How many tokens are printed.
const TOKENS_SHOWN: usize = 20;

struct Options {
    port: u16,
    empty: bool,
    users: Vec<String>,
    teams: Vec<(TeamKind, String, String)>,
    snapshot: Option<PathBuf>,
    per_hour: u32,
}

fn main() -> ExitCode {
    match options(env::args().skip(1)) {
        Ok(None) => {
            say(HELP);
            ExitCode::SUCCESS
        }
        Ok(Some(options)) => match run(&options) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("platform-server: {error}");
                ExitCode::FAILURE
            }
        },
        Err(problem) => {
            eprintln!("platform-server: {problem}\n\n{HELP}");
            ExitCode::from(2)
        }
    }
}

/// Prints a line, if anybody listens.
fn say(line: &str) {
    let _ = writeln!(stdout(), "{line}");
}

/// What the arguments say; `None` asks for help.
fn options(mut arguments: impl Iterator<Item = String>) -> Result<Option<Options>, String> {
    let mut options =
        Options { port: 5000, empty: false, users: Vec::new(), teams: Vec::new(), snapshot: None, per_hour: 4500 };
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--help" | "-h" => return Ok(None),
            "--empty" => options.empty = true,
            "--port" => options.port = number(&argument, &value()?)?,
            "--rate-limit" => options.per_hour = number(&argument, &value()?)?,
            "--user" => options.users.push(value()?),
            "--snapshot" => options.snapshot = Some(value()?.into()),
            "--team" => options.teams.push(team(TeamKind::Enterprise, &value()?)?),
            "--standard-team" => options.teams.push(team(TeamKind::Standard, &value()?)?),
            _ => return Err(format!("unknown argument {argument}")),
        }
    }
    Ok(Some(options))
}

fn number<N: std::str::FromStr>(argument: &str, text: &str) -> Result<N, String> {
    text.parse().map_err(|_| format!("{argument} {text}: that is no such number"))
}

fn team(kind: TeamKind, text: &str) -> Result<(TeamKind, String, String), String> {
    let (name, admin) = text.split_once('=').ok_or(format!("{text}: NAME=E-MAIL is needed"))?;
    Ok((kind, name.to_owned(), admin.to_owned()))
}

/// The store to begin with.
fn prepared(options: &Options) -> Result<TeamStore, Box<dyn Error>> {
    let loaded = options.snapshot.as_deref().map(load).transpose()?.flatten();
    let mut store = match loaded {
        Some(store) => store,
        None if options.empty => TeamStore::new(Settings::random()),
        None => demo()?,
    };
    for email in &options.users {
        registered(&mut store, email)?;
    }
    let operator = Actor::operator(system::now());
    for (kind, name, admin) in &options.teams {
        let (name, admin) = (name.parse()?, registered(&mut store, admin)?);
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
    Ok(store)
}

#[tokio::main]
async fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let store = prepared(options)?;
    if let Some(file) = &options.snapshot {
        // Whether it can be written shows before there is something to lose.
        save(&store, file)?;
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
    let address = format!("http://{}", listener.local_addr()?);
    let mut tokens = Tokens::default();
    let handed: Vec<(String, String)> =
        users(&store).into_iter().map(|user| (user.email().to_string(), tokens.hand_out(user.id()))).collect();
    let (mut terminated, mut interrupted) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
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
    let server = Arc::new(Server::new(store, tokens, &address, options.per_hour));
    let stop = async {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
    };
    serve(listener, router(Arc::clone(&server)), stop).await;
    if let Some(file) = &options.snapshot {
        save(&server.store(), file)?;
        say(&format!("# wrote {}", file.display()));
    }
    Ok(())
}
