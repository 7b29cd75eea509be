//! What the server does in a second, on loopback, with its clients in the same process: permission checks beside a handler that answers a
//! constant, pages of members, and writes that are kept in SQLite beside the journal alone; with connections that do nothing beside them.
//!
//! `cargo bench -p platform-server --bench load -- --help`

mod wire;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::post;
use clap::Parser;
use enterprise_teams::journal::Journal;
use enterprise_teams::replica::{Replica, ReplicaOptions};
use enterprise_teams::{Actor, AppId, NewApp, NewUser, Settings, TeamRole, UserId, system};
use enterprise_teams_sqlite::SqliteJournal;
use platform_server::{MemoryTokens, NewToken, Server, begin_with, demo, router};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use self::wire::{Failed, end, listening};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const MEMBERS: usize = 500;
/// How many clients write, and how many writes the journal alone keeps together.
const WRITERS: usize = 64;

#[derive(Parser)]
struct Options {
    /// How long each is asked.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// How many clients ask.
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// How many connections do nothing beside them.
    #[arg(long, default_value_t = 0)]
    idle: usize,
    /// What cargo tells every bench.
    #[arg(long = "bench", hide = true)]
    _bench: bool,
    /// How often all of it.
    #[arg(long, default_value_t = 1)]
    rounds: usize,
    /// Nothing is written.
    #[arg(long)]
    reads: bool,
}

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let options = Options::parse();
    let folder = tempfile::tempdir()?;
    let mut journal = SqliteJournal::open(folder.path().join("teams.db"))?;
    begin_with(&mut journal, &demo()?)?;
    let server = Server::open(Box::new(journal), Box::new(MemoryTokens::default()), "http://server", u32::MAX)?;
    let server = Arc::new(server);
    let (token, _) = filled(&server)?;
    let address = listening(router(Arc::clone(&server))).await?;
    let constant = listening(Router::new().route("/constant", post(|| async { "{\"decision\":true}" }))).await?;
    for _ in 0..options.idle {
        tokio::spawn(idle(address));
    }
    for _ in 0..options.rounds {
        let check = r#"{"subject":{"type":"user","id":"joe@acme.com"},"action":{"name":"push-code"},"resource":{"type":"app","id":"acme-website"}}"#;
        let ask = |line: &str, body: &str| request(&token, line, body);
        let (same, check) = (ask("POST /constant", check), ask("POST /access/v1/evaluation", check));
        let page = ask("GET /teams/acme-widgets/members", "");
        let plain = measured("a constant", constant, &options, options.connections, move |_, _| same.clone()).await?;
        let checks =
            measured("permission checks", address, &options, options.connections, move |_, _| check.clone()).await?;
        println!("  {:.2} of a constant", checks / plain);
        measured("200 members of 500", address, &options, options.connections, move |_, _| page.clone()).await?;
        if !options.reads {
            let alone = alone(&options)?;
            println!("the journal alone, {WRITERS} writes together: {alone:.0}/s");
            let token = token.clone();
            let renamed = move |client: usize, round: usize| {
                let [from, to] = names(round);
                let path = format!("PATCH /apps/app-{client}-{from}");
                request(&token, &path, &format!(r#"{{"name":"app-{client}-{to}"}}"#))
            };
            let written = measured("writes", address, &options, WRITERS, renamed).await?;
            println!("  {:.2} of the journal alone", written / alone);
        }
        let pages: usize = std::fs::read_to_string("/proc/self/statm")?.split(' ').nth(1).unwrap_or("0").parse()?;
        println!("resident: {} MB, clients included", pages * 4096 / 1_000_000);
    }
    Ok(())
}

/// The demo with its Enterprise Team full, and an app for each writer; ada's token.
fn filled(server: &Server) -> Result<(String, UserId), Failed> {
    let operator = Actor::operator(system::now());
    let ada = server.store().user_id(&"ada@acme.com".parse()?)?;
    let acme = server.store().team_by_name(operator, "acme-widgets".parse()?)?.id();
    server.transaction(|store| {
        let ada = Actor::user(ada, operator.at);
        for number in 3..MEMBERS {
            let user = store.register_user(operator, NewUser::new(format!("user-{number}@acme.com").parse()?))?;
            store.add_member(ada, acme, user, TeamRole::Member)?;
        }
        for number in 0..WRITERS {
            store.create_app(ada, NewApp::in_team(acme).named(format!("app-{number}-a").parse()?))?;
        }
        Ok(())
    })?;
    let new = NewToken { user: ada, client: None, description: String::new(), lasts: None };
    Ok((server.tokens().issue(new, operator.at)?.1, ada))
}

/// Connects, says nothing, and comes again when it is sent away.
async fn idle(address: SocketAddr) {
    while let Ok(mut stream) = TcpStream::connect(address).await {
        let _ = stream.read_u8().await;
    }
}

/// What a journal in a file of its own keeps in a second, where the same is done without a server.
fn alone(options: &Options) -> Result<f64, Failed> {
    let folder = tempfile::tempdir()?;
    let journal: Box<dyn Journal> = Box::new(SqliteJournal::open(folder.path().join("teams.db"))?);
    let store = Replica::open(journal, Settings::random, ReplicaOptions::default())?;
    let operator = Actor::operator(system::now());
    let (ada, apps) = store.transaction(|store| {
        let ada = Actor::user(store.register_user(operator, NewUser::new("ada@acme.com".parse()?))?, operator.at);
        let apps = (0..WRITERS)
            .map(|number| store.create_app(ada, NewApp::personal().named(format!("app-{number}-a").parse()?)));
        let apps = apps.collect::<Result<Vec<AppId>, enterprise_teams::Error>>()?;
        Ok::<_, enterprise_teams::Error>((ada, apps))
    })?;
    let (start, mut round) = (Instant::now(), 0);
    while start.elapsed() < Duration::from_secs(options.seconds) {
        round += 1;
        store.transaction(|store| {
            let [from, _] = names(round);
            (0..)
                .zip(&apps)
                .try_for_each(|(number, app)| store.rename_app(ada, *app, format!("app-{number}-{from}").parse()?))?;
            Ok::<_, enterprise_teams::Error>(())
        })?;
    }
    Ok(per_second(round * WRITERS, start))
}

/// What an app ends with before it is renamed for this time, and after.
const fn names(round: usize) -> [&'static str; 2] {
    if round.is_multiple_of(2) { ["a", "b"] } else { ["b", "a"] }
}

#[expect(clippy::cast_precision_loss, reason = "it is shown with three digits")]
fn per_second(times: usize, since: Instant) -> f64 {
    times as f64 / since.elapsed().as_secs_f64()
}

fn request(token: &str, line: &str, body: &str) -> Vec<u8> {
    let len = body.len();
    let said = format!("Content-Type: application/json\r\nContent-Length: {len}");
    format!("{line} HTTP/1.1\r\nHost: server\r\nAuthorization: Bearer {token}\r\n{said}\r\n\r\n{body}").into_bytes()
}

/// How many answers a second; each client asks one request after the other.
async fn measured(
    name: &str,
    address: SocketAddr,
    options: &Options,
    clients: usize,
    request: impl Fn(usize, usize) -> Vec<u8> + Clone + Send + 'static,
) -> Result<f64, Failed> {
    let start = Instant::now();
    let until = start + Duration::from_secs(options.seconds);
    let clients: Vec<_> = (0..clients)
        .map(|number| {
            let request = request.clone();
            tokio::spawn(client(address, move |round| request(number, round), until))
        })
        .collect();
    let mut times = Vec::new();
    for client in clients {
        times.extend(client.await??);
    }
    let rate = per_second(times.len(), start);
    times.sort_unstable();
    let at = |per_mille: usize| {
        times.get((times.len() * per_mille / 1000).min(times.len() - 1)).copied().unwrap_or_default()
    };
    println!("{name}: {rate:.0}/s, p50 {:?}, p99 {:?}, slowest {:?}", at(500), at(990), at(1000));
    Ok(rate)
}

/// Asks until then, at least twice and an even number of times, and tells how long each took.
async fn client(
    address: SocketAddr,
    request: impl Fn(usize) -> Vec<u8>,
    until: Instant,
) -> Result<Vec<Duration>, Failed> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (mut times, mut buffer) = (Vec::new(), Vec::new());
    while Instant::now() < until || times.len() % 2 == 1 {
        let request = request(times.len());
        let start = Instant::now();
        stream.write_all(&request).await?;
        buffer.clear();
        while end(&buffer).is_none_or(|end| buffer.len() < end) {
            if stream.read_buf(&mut buffer).await? == 0 {
                return Err("the server ended the connection".into());
            }
        }
        if !buffer.starts_with(b"HTTP/1.1 2") {
            return Err(String::from_utf8_lossy(&buffer).into());
        }
        times.push(start.elapsed());
    }
    Ok(times)
}
