//! The Platform API, for Heroku's own command-line client and others.

use std::error::Error;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write, stdout};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener as StdTcpListener};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand};
use enterprise_teams::chrono::SubsecRound;
use enterprise_teams::journal::Journal;
use enterprise_teams::system;
use enterprise_teams_postgres::{PostgresJournal, Roots, connector};
use enterprise_teams_sqlite::SqliteJournal;
use platform_server::admin::{self, Command};
use platform_server::{
    KeepTokens, PostgresTokens, Server, SqliteTokens, begin_with, furnished_demo, metrics, router, serve, sweep, tls,
};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use tokio_rustls::TlsAcceptor;
use tracing_subscriber::EnvFilter;

/// Requests are many small allocations.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The file of the journal and the tokens, in the folder.
const FILE: &str = "teams.db";

/// Answers Heroku's Platform API from a store of Enterprise Teams.
///
/// Without a command it serves until SIGTERM or Ctrl-C; what it has answered is kept, whatever becomes of it. Commands are done by the server
/// that runs, or without one where none does. Lines of its log, on standard error, are chosen by `RUST_LOG` [info].
#[derive(Debug, Parser)]
#[command(version)]
struct Options {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    serving: Serving,
    #[command(subcommand)]
    command: Option<Task>,
}

/// Where everything is kept.
#[derive(Debug, Args)]
struct Place {
    /// Keep everything in this folder [default: `platform-server` in the user's folder for data].
    #[arg(long, value_name = "FOLDER", global = true, env = "PLATFORM_SERVER_DATA")]
    data: Option<PathBuf>,
    /// Keep everything in this `PostgreSQL` database instead: several servers may do so.
    #[arg(long, value_name = "URL", global = true, env = "PLATFORM_SERVER_POSTGRES", hide_env_values = true)]
    postgres: Option<String>,
    /// Speak TLS alone to that database: `system` for certificates that the system trusts, or a file with those to trust, in PEM.
    #[arg(long, value_name = "system|FILE", global = true)]
    postgres_trust: Option<PathBuf>,
    /// How clients reach it, such as `https://teams.example.com` [default: where it listens].
    #[arg(long, value_name = "URL", global = true, env = "PLATFORM_SERVER_URL")]
    url: Option<String>,
    /// Begin with the demo's people and teams, and print tokens for them; all goes when it stops, unless --data says where to keep it.
    #[arg(long, conflicts_with = "postgres")]
    demo: bool,
}

/// How it is served.
#[derive(Debug, Args)]
struct Serving {
    /// Where to listen: an address of this machine.
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    bind: IpAddr,
    /// Where to listen; 0 is any free port.
    #[arg(long, value_name = "PORT", default_value_t = 5000)]
    port: u16,
    /// The certificate, with those up to its authority, in PEM: then it speaks TLS alone.
    #[arg(long, value_name = "FILE", requires = "key")]
    cert: Option<PathBuf>,
    /// The private key of the certificate, in PEM.
    #[arg(long, value_name = "FILE", requires = "cert")]
    key: Option<PathBuf>,
    /// Tell Prometheus there, in plain HTTP at `/metrics`.
    #[arg(long, value_name = "ADDRESS:PORT")]
    metrics: Option<SocketAddr>,
    /// How many requests each user may make in an hour.
    #[arg(long, value_name = "REQUESTS", default_value_t = 4500)]
    rate_limit: u32,
}

#[derive(Debug, Subcommand)]
enum Task {
    #[command(flatten)]
    Admin(Command),
    /// Copies everything into a new file while it is used, reads the copy from beginning to end, and prints how far it goes.
    Backup {
        /// The file, which is not there yet.
        file: PathBuf,
    },
}

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().json().flatten_event(true).with_writer(io::stderr).with_env_filter(filter).init();
    let Options { place, serving, command } = Options::parse();
    let done = match command {
        None => run(&place, &serving),
        Some(Task::Admin(command)) => ask(&place, &command),
        Some(Task::Backup { file }) => back_up(&place, &file),
    };
    match done {
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

/// The folder in which everything is, for its owner alone.
fn folder(place: &Place) -> Result<PathBuf, Box<dyn Error>> {
    let folder = match &place.data {
        Some(folder) => folder.clone(),
        None => dirs::data_dir().ok_or("there is no folder for data: --data says where")?.join("platform-server"),
    };
    DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
    Ok(folder)
}

fn sqlite(folder: &Path) -> Result<(SqliteJournal, Box<dyn KeepTokens>), Box<dyn Error>> {
    let file = folder.join(FILE);
    // In a folder that others may enter it is for its owner all the same; what SQLite makes beside it is as the file is.
    OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&file)?;
    for name in [FILE, "teams.db-wal", "teams.db-shm"].map(|name| folder.join(name)).iter().filter(|name| name.exists())
    {
        fs::set_permissions(name, fs::Permissions::from_mode(0o600))?;
    }
    Ok((SqliteJournal::open(&file)?, Box::new(SqliteTokens::open(&file)?)))
}

/// The server on what is kept there, which a demo begins.
fn open(place: &Place, address: &str, per_hour: u32, folder: Option<&Path>) -> Result<Server, Box<dyn Error>> {
    match (&place.postgres, folder) {
        (Some(url), _) => match &place.postgres_trust {
            None => {
                let config: postgres::Config = url.parse()?;
                shared(move || config.connect(postgres::NoTls), address, per_hour)
            }
            Some(trust) if trust == Path::new("system") => shared(connector(url, &Roots::System)?, address, per_hour),
            Some(trust) => shared(connector(url, &Roots::Pem(read(trust)?))?, address, per_hour),
        },
        (None, folder) => {
            let folder = folder.ok_or("there is no folder")?;
            let (mut journal, tokens) = sqlite(folder)?;
            if place.demo {
                begin_demo(folder, &mut journal)?;
            }
            Ok(Server::open(Box::new(journal), tokens, address, per_hour)?)
        }
    }
}

/// Begins a demo where nothing is yet. Where something is it has to be one: whoever comes may be anybody there.
fn begin_demo(folder: &Path, journal: &mut SqliteJournal) -> Result<(), Box<dyn Error>> {
    let mark = folder.join("demo");
    if journal.end()?.seq == 0 {
        begin_with(journal, &furnished_demo(system::now().trunc_subsecs(0))?)?;
        fs::write(mark, "Begun by --demo: whoever comes may be anybody of it.\n")?;
    } else if !mark.exists() {
        return Err(
            format!("{} keeps something that is no demo: --demo wants a folder of its own", folder.display()).into()
        );
    }
    Ok(())
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    fs::read(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))
}

/// A server on a database that others may have too.
fn shared(
    connect: impl Fn() -> Result<postgres::Client, postgres::Error> + Clone + Send + 'static,
    address: &str,
    per_hour: u32,
) -> Result<Server, Box<dyn Error>> {
    let journal = || PostgresJournal::connect(connect.clone());
    let tokens = PostgresTokens::connect(connect.clone())?;
    let mut server = Server::open(Box::new(journal()?), Box::new(tokens), address, per_hour)?;
    server.follow(Box::new(journal()?))?;
    Ok(server)
}

fn run(place: &Place, serving: &Serving) -> Result<(), Box<dyn Error>> {
    let temporary =
        (place.demo && place.data.is_none()).then(|| TempDir::with_prefix("platform-server-")).transpose()?;
    let folder = match (&temporary, &place.postgres) {
        (Some(temporary), _) => Some(temporary.path().to_owned()),
        (None, Some(_)) => None,
        (None, None) => Some(folder(place)?),
    };
    let tls = match (&serving.cert, &serving.key) {
        (Some(cert), Some(key)) => Some(tls(&read(cert)?, &read(key)?)?),
        _ => None,
    };
    // Whoever comes before the server is ready waits.
    let bind = |at: SocketAddr| StdTcpListener::bind(at).map_err(|error| format!("it cannot listen on {at}: {error}"));
    let listener = bind(SocketAddr::new(serving.bind, serving.port))?;
    let told = serving.metrics.map(bind).transpose()?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let address =
        place.url.clone().map_or_else(|| Ok(format!("{scheme}://{}", listener.local_addr()?)), io::Result::Ok)?;
    let server = open(place, &address, serving.rate_limit, folder.as_deref())?;
    let server = Arc::new(if place.demo { server.as_demo() } else { server });
    let runtime = Runtime::new()?;
    let served = runtime.block_on(serve_all(&server, folder.as_deref(), listener, tls, told, place.demo));
    // With its last owner the journal is closed.
    drop(runtime);
    drop(server);
    drop(temporary);
    served
}

async fn serve_all(
    server: &Arc<Server>,
    folder: Option<&Path>,
    listener: StdTcpListener,
    tls: Option<TlsAcceptor>,
    told: Option<StdTcpListener>,
    demo: bool,
) -> Result<(), Box<dyn Error>> {
    let (mut terminated, mut interrupted) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let listen = |listener: StdTcpListener| {
        listener.set_nonblocking(true)?;
        TcpListener::from_std(listener)
    };
    let (listener, told) = (listen(listener)?, told.map(listen).transpose()?);
    if demo {
        let server = Arc::clone(server);
        let lines = tokio::task::spawn_blocking(move || admin::demo_tokens(&server).map_err(|error| error.to_string()));
        lines.await??.iter().for_each(|line| say(line));
    }
    if let Some(folder) = folder {
        tokio::spawn(admin::listen(admin::socket(folder)?, Arc::clone(server)));
    }
    tokio::spawn(sweep(Arc::clone(server)));
    say(&format!("listening on {}", server.address()));
    if let Some(told) = told {
        say(&format!("metrics on http://{}/metrics", told.local_addr()?));
        tokio::spawn(serve(told, None, metrics(Arc::clone(server)), std::future::pending()));
    }
    say(&format!("open {}/dashboard", server.address()));
    let stop = async {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
    };
    serve(listener, tls, router(Arc::clone(server)), stop).await;
    Ok(())
}

fn ask(place: &Place, command: &Command) -> Result<(), Box<dyn Error>> {
    if place.demo {
        return Err("--demo is for a server, and no command".into());
    }
    let folder = if place.postgres.is_some() { None } else { Some(folder(place)?) };
    let asked = folder.as_deref().map(|folder| command.ask(folder)).transpose()?.flatten();
    let alone = || {
        let address = place.url.as_deref().unwrap_or("http://127.0.0.1:5000");
        Ok::<_, Box<dyn Error>>(command.run(&open(place, address, 0, folder.as_deref())?))
    };
    asked.map_or_else(alone, Ok)??.iter().for_each(|line| say(line));
    Ok(())
}

fn back_up(place: &Place, file: &Path) -> Result<(), Box<dyn Error>> {
    if place.postgres.is_some() {
        return Err("a database is copied by its own means, such as pg_dump".into());
    }
    let end = SqliteJournal::backup(folder(place)?.join(FILE), file)?;
    say(&format!("{} events, {}", end.seq, end.digest));
    Ok(())
}
