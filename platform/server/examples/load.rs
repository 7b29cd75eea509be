//! How many requests a second, and how long the slow ones take, on loopback: a permission check (AuthZEN) and a page of
//! 200 members of a team of 500, each over keep-alive connections.
//!
//! `cargo run --release -p platform-server --example load [SECONDS] [CONNECTIONS]`

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use enterprise_teams::journal::MemoryJournal;
use enterprise_teams::{Actor, NewUser, TeamRole, TeamStore, system};
use platform_server::{MemoryTokens, NewToken, Server, begin_with, demo, router, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const MEMBERS: usize = 500;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<u32>());
    let seconds = arguments.next().transpose()?.unwrap_or(5);
    let connections = arguments.next().transpose()?.unwrap_or(16);
    let (store, ada) = filled()?;
    let mut journal = Box::new(MemoryJournal::new());
    journal.set_now(system::now() + enterprise_teams::chrono::TimeDelta::days(1));
    begin_with(&mut *journal, &store)?;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let server = Arc::new(Server::open(journal, Box::new(MemoryTokens::default()), "http://server", u32::MAX)?);
    let new = NewToken { user: ada, client: None, description: String::new(), lasts: None };
    let (_, token) = server.tokens().issue(new, system::now())?;
    tokio::spawn(serve(listener, None, router(server), std::future::pending()));

    let check = r#"{"subject":{"type":"user","id":"joe@acme.com"},"action":{"name":"push-code"},"resource":{"type":"app","id":"acme-website"}}"#;
    let head = |line: &str, len: usize| {
        format!("{line} HTTP/1.1\r\nHost: server\r\nAuthorization: Bearer {token}\r\nContent-Length: {len}\r\n\r\n")
    };
    for (name, request) in [
        ("permission check", head("POST /access/v1/evaluation", check.len()) + check),
        ("member listing", head("GET /teams/acme-widgets/members", 0)),
    ] {
        let until = Instant::now() + Duration::from_secs(seconds.into());
        let clients: Vec<_> =
            (0..connections).map(|_| tokio::spawn(client(address, request.clone().into_bytes(), until))).collect();
        let mut times = Vec::new();
        for client in clients {
            times.extend(client.await?.map_err(|error| error.to_string())?);
        }
        times.sort_unstable();
        let at = |per_mille: usize| times.get((times.len() * per_mille / 1000).min(times.len() - 1)).copied();
        println!(
            "{name}: {} requests/s, p50 {:?}, p99 {:?}, slowest {:?} ({connections} connections, {seconds} s)",
            times.len() as u64 / u64::from(seconds.max(1)),
            at(500).unwrap_or_default(),
            at(990).unwrap_or_default(),
            at(1000).unwrap_or_default(),
        );
    }
    Ok(())
}

/// The demo, with its Enterprise Team full.
fn filled() -> Result<(TeamStore, enterprise_teams::UserId), Box<dyn Error>> {
    let (mut store, operator) = (demo()?, Actor::operator(system::now()));
    let ada = store.user_id(&"ada@acme.com".parse()?)?;
    let acme = store.team_by_name(operator, "acme-widgets".parse()?)?.id();
    for number in 3..MEMBERS {
        let user = store.register_user(operator, NewUser::new(format!("user-{number}@acme.com").parse()?))?;
        store.add_member(Actor::user(ada, operator.at), acme, user, TeamRole::Member)?;
    }
    Ok((store, ada))
}

/// Asks one request after the other, and tells how long each took.
async fn client(
    address: std::net::SocketAddr,
    request: Vec<u8>,
    until: Instant,
) -> Result<Vec<Duration>, Box<dyn Error + Send + Sync>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (mut times, mut buffer) = (Vec::new(), Vec::new());
    while Instant::now() < until {
        let start = Instant::now();
        stream.write_all(&request).await?;
        buffer.clear();
        let end = loop {
            if stream.read_buf(&mut buffer).await? == 0 {
                return Err("the server ended the connection".into());
            }
            if let Some(end) = end(&buffer) {
                break end;
            }
        };
        while buffer.len() < end {
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

/// Where the answer ends, once its head is there.
fn end(buffer: &[u8]) -> Option<usize> {
    let head = buffer.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(buffer.get(..head)?).ok()?.to_ascii_lowercase();
    let (_, rest) = text.split_once("content-length: ")?;
    Some(head + rest.split("\r\n").next()?.parse::<usize>().ok()?)
}
