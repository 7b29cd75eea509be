//! What the pages of the dashboard cost with a team of 500 members and 1,000 apps: the time to the first byte, and the size.
//!
//! `cargo bench -p platform-server --bench pages -- --help`

mod wire;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Parser;
use enterprise_teams::entity::{DynoSize, NewSpace, Plan};
use enterprise_teams::{Actor, NewApp, NewUser, Permission, TeamRole, system};
use enterprise_teams_sqlite::SqliteJournal;
use platform_server::{MemoryTokens, NewToken, Server, begin_with, demo, router};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use self::wire::{Failed, end, listening};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const MEMBERS: usize = 500;
const APPS: usize = 1_000;

#[derive(Parser)]
struct Options {
    /// How often each page is asked for.
    #[arg(long, default_value_t = 300)]
    times: usize,
    /// What cargo tells every bench.
    #[arg(long = "bench", hide = true)]
    _bench: bool,
}

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let options = Options::parse();
    let folder = tempfile::tempdir()?;
    let mut journal = SqliteJournal::open(folder.path().join("teams.db"))?;
    begin_with(&mut journal, &demo()?)?;
    let server = Server::open(Box::new(journal), Box::new(MemoryTokens::default()), "http://server", u32::MAX)?;
    let server = Arc::new(server);
    let (token, member) = filled(&server)?;
    let address = listening(router(server)).await?;
    let team = "/dashboard/teams/acme-widgets";
    let paths = [
        "/dashboard".to_owned(),
        format!("{team}/apps"),
        format!("{team}/apps?filter=app-5"),
        format!("{team}/spaces"),
        format!("{team}/access"),
        format!("{team}/access?filter=user-4"),
        format!("{team}/access/{member}"),
        format!("{team}/access/matrix"),
        format!("{team}/resources"),
        format!("{team}/usage"),
        format!("{team}/settings"),
        format!("{team}/settings/transfer"),
        format!("{team}/activity"),
        format!("{team}/activity?kind=Members+and+roles"),
        "/dashboard/apps/acme-website".to_owned(),
        "/dashboard/apps/acme-website/access".to_owned(),
        "/dashboard/apps/acme-website/resources".to_owned(),
        "/dashboard/apps/acme-website/settings".to_owned(),
        "/dashboard/accounts/acme-corp/teams".to_owned(),
        "/dashboard/accounts/acme-corp/people".to_owned(),
        "/dashboard/accounts/acme-corp/usage".to_owned(),
        "/dashboard/account".to_owned(),
    ];
    println!("{:<52} {:>9} {:>9} {:>9} {:>8}", "first byte of", "p50", "p99", "slowest", "bytes");
    for path in &paths {
        measured(path, address, &token, options.times).await?;
    }
    Ok(())
}

/// The demo with its Enterprise Team full: 500 members, 1,000 apps, each with a process, some with an add-on and with grants.
fn filled(server: &Server) -> Result<(String, String), Failed> {
    let operator = Actor::operator(system::now());
    let ada = server.store().user_id(&"ada@acme.com".parse()?)?;
    let acme = server.store().team_by_name(operator, "acme-widgets".parse()?)?.id();
    let member = server.transaction(|store| {
        let actor = Actor::user(ada, operator.at);
        let mut people = Vec::new();
        for number in 3..MEMBERS {
            let user = store.register_user(operator, NewUser::new(format!("user-{number}@acme.com").parse()?))?;
            store.add_member(actor, acme, user, TeamRole::Member)?;
            people.push(user);
        }
        store.create_space(actor, NewSpace::new(acme, "acme-space".parse()?))?;
        for number in 1..APPS {
            let app = store.create_app(actor, NewApp::in_team(acme).named(format!("app-{number}").parse()?))?;
            store.scale_app(actor, app, "web".parse()?, DynoSize::Standard1X, 2)?;
            if number.is_multiple_of(4) {
                let plan = Plan { name: "essential-0".parse()?, price: 500 };
                store.install_add_on(actor, app, "heroku-postgresql".parse()?, plan)?;
            }
            for user in people.iter().skip(number % people.len()).take(3) {
                store.grant_permissions(actor, app, *user, Permission::Deploy | Permission::Operate)?;
            }
        }
        Ok(people.first().map(ToString::to_string).unwrap_or_default())
    })?;
    let new = NewToken { user: ada, client: None, description: String::new(), lasts: None };
    Ok((server.tokens().issue(new, operator.at)?.1, member))
}

/// One client asks for the page, again and again.
async fn measured(path: &str, address: SocketAddr, token: &str, times: usize) -> Result<(), Failed> {
    let request = format!("GET {path} HTTP/1.1\r\nHost: server\r\nAuthorization: Bearer {token}\r\n\r\n");
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (mut firsts, mut buffer) = (Vec::new(), Vec::new());
    for _ in 0..times.max(1) {
        buffer.clear();
        let start = Instant::now();
        stream.write_all(request.as_bytes()).await?;
        stream.read_buf(&mut buffer).await?;
        firsts.push(start.elapsed());
        while end(&buffer).is_none_or(|end| buffer.len() < end) {
            if stream.read_buf(&mut buffer).await? == 0 {
                return Err("the server ended the connection".into());
            }
        }
        if !buffer.starts_with(b"HTTP/1.1 200") {
            return Err(format!("{path}: {}", String::from_utf8_lossy(&buffer)).into());
        }
    }
    firsts.sort_unstable();
    let at = |per_mille: usize| firsts.get((firsts.len() * per_mille / 1000).min(firsts.len() - 1)).copied();
    let shown = |time: Option<Duration>| format!("{:.2} ms", time.unwrap_or_default().as_secs_f64() * 1000.0);
    println!("{path:<52} {:>9} {:>9} {:>9} {:>8}", shown(at(500)), shown(at(990)), shown(at(1000)), buffer.len());
    Ok(())
}
