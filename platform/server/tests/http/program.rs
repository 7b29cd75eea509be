//! The program itself, as whoever runs it starts, asks and ends it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use enterprise_teams::chrono::{TimeDelta, Utc};
use serde_json::Value;
use tempfile::TempDir;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// A server that runs; it is killed when this is dropped.
struct Running {
    child: Child,
    output: BufReader<ChildStdout>,
    /// The address and port that it serves.
    host: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// SIGTERM, and how it ended.
    fn terminate(mut self) {
        assert!(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap().success());
        let start = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            assert!(start.elapsed() < Duration::from_secs(30), "the server does not stop");
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(self.child.wait().unwrap().success());
    }

    fn ask(&self, key: &str, method: &str, path: &str, body: &str) -> String {
        exchange(TcpStream::connect(&self.host).unwrap(), key, method, path, body)
    }

    fn create(&self, key: &str, name: &str) -> String {
        self.ask(key, "POST", "/teams/apps", &format!(r#"{{"name":"{name}","team":"acme-widgets"}}"#))
    }
}

fn exchange(mut stream: impl Read + Write, key: &str, method: &str, path: &str, body: &str) -> String {
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {key}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    reply
}

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_platform-server"));
    command.args(arguments).env("RUST_LOG", "warn");
    command
}

fn started(arguments: &[&str]) -> Running {
    let mut child = program(&["--port", "0"]).args(arguments).stdout(Stdio::piped()).spawn().unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    Running { child, output, host: String::new() }
}

/// Started on this folder, and listening.
fn listening(arguments: &[&str]) -> Running {
    let mut running = started(arguments);
    let line = running.line();
    let (_, host) = line.split_once("://").unwrap_or_else(|| panic!("{line}"));
    running.host = host.to_owned();
    running
}

fn on(folder: &Path) -> [&str; 2] {
    ["--data", folder.to_str().unwrap()]
}

/// A command on this folder.
fn command(folder: &Path, arguments: &[&str]) -> Output {
    program(&on(folder)).args(arguments).output().unwrap()
}

/// The lines that a command prints, which succeeds.
#[track_caller]
fn does(folder: &Path, arguments: &[&str]) -> Vec<String> {
    let output = command(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// The token that a command prints.
#[track_caller]
fn token(folder: &Path, arguments: &[&str]) -> String {
    let lines = does(folder, arguments);
    let [line] = &*lines else { panic!("{lines:?}") };
    let (_, rest) = line.split_once("HEROKU_API_KEY=").unwrap();
    rest.split(' ').next().unwrap().to_owned()
}

fn status(reply: &str) -> u16 {
    reply.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default()
}

/// A folder with ada, who is the admin of acme-widgets, and her token.
fn prepared() -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let key = token(folder.path(), &["user", "add", "ada@acme.com"]);
    does(folder.path(), &["team", "add", "acme-widgets", "--admin", "ada@acme.com"]);
    (folder, key)
}

#[test]
fn what_it_answered_is_there_again_however_it_ends() {
    let (folder, key) = prepared();
    let server = listening(&on(folder.path()));
    assert_eq!(status(&server.create(&key, "apple")), 201);
    server.terminate();

    let server = listening(&on(folder.path()));
    let reply = server.create(&key, "apple");
    assert!(status(&reply) == 422 && reply.contains("app-name-taken"), "{reply}");
    assert_eq!(status(&server.create(&key, "pear")), 201);
    // A second server in the same folder is told who is there, and does no harm.
    let second = program(&["--port", "0"]).args(on(folder.path())).output().unwrap();
    let told = String::from_utf8(second.stderr).unwrap();
    assert!(second.status.code() == Some(1) && told.contains(&format!("process {}", server.child.id())), "{told}");
    assert_eq!(status(&server.create(&key, "plum")), 201);
    drop(server);

    let server = listening(&on(folder.path()));
    for name in ["apple", "pear", "plum"] {
        assert!(server.create(&key, name).contains("app-name-taken"), "{name}");
    }
    server.terminate();

    std::fs::write(folder.path().join("teams.db"), "this is not a journal").unwrap();
    let broken = program(&["--port", "0"]).args(on(folder.path())).output().unwrap();
    assert!(broken.status.code() == Some(1) && !broken.stderr.is_empty());
}

/// Whoever is still sending when the time is over is not answered, and nothing is kept of it.
#[test]
fn what_comes_after_the_end_is_not_acknowledged() {
    let (folder, key) = prepared();
    let server = listening(&on(folder.path()));
    let mut late = TcpStream::connect(&server.host).unwrap();
    let body = r#"{"name":"late-app","team":"acme-widgets"}"#;
    let head = format!(
        "POST /teams/apps HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    late.write_all(head.as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    server.terminate();
    let _ = late.write_all(body.as_bytes());
    let mut reply = String::new();
    let _ = late.read_to_string(&mut reply);
    assert_ne!(status(&reply), 201, "{reply}");
    let server = listening(&on(folder.path()));
    assert_eq!(status(&server.create(&key, "late-app")), 201);
}

#[test]
fn users_and_tokens_are_added_while_it_runs_and_while_it_does_not() {
    let (folder, ada) = prepared();
    let folder = folder.path();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let server = listening(&on(folder));
    assert_eq!(mode(&folder.join("admin.sock")), 0o600);
    let bob = token(folder, &["user", "add", "bob@acme.com"]);
    let reply = server.ask(&bob, "GET", "/account", "");
    assert!(status(&reply) == 200 && reply.contains("bob@acme.com"), "{reply}");
    let emails = |lines: Vec<String>| -> Vec<String> {
        lines.iter().map(|line| line.split(' ').nth(1).unwrap().to_owned()).collect()
    };
    assert_eq!(emails(does(folder, &["user", "list"])), ["ada@acme.com", "bob@acme.com"]);

    let laptop = token(folder, &["token", "add", "bob@acme.com", "--name", "my laptop", "--days", "30"]);
    assert_eq!(status(&server.ask(&laptop, "GET", "/account", "")), 200);
    let lines = does(folder, &["token", "list", "bob@acme.com"]);
    let find = |name: &str| lines.iter().find(|line| line.ends_with(name)).unwrap();
    let (first, second) = (find("first"), find("my laptop"));
    assert!(lines.len() == 2 && first.ends_with("never ends first") && second.contains(" ends "), "{lines:?}");
    assert!(lines.iter().all(|line| !line.contains(&laptop)), "a token is seen once");
    let id = second.split(' ').next().unwrap();
    let others = command(folder, &["token", "revoke", "ada@acme.com", id]);
    assert!(others.status.code() == Some(1) && String::from_utf8(others.stderr).unwrap().contains("has no token"));
    does(folder, &["token", "revoke", "bob@acme.com", id]);
    assert_eq!(status(&server.ask(&laptop, "GET", "/account", "")), 401);

    does(folder, &["user", "suspend", "bob@acme.com"]);
    assert!(does(folder, &["user", "list"])[1].ends_with(" bob@acme.com suspended"));
    assert_eq!(status(&server.ask(&bob, "GET", "/account", "")), 401);
    let again = command(folder, &["user", "suspend", "bob@acme.com"]);
    assert!(again.status.code() == Some(1) && String::from_utf8(again.stderr).unwrap().contains("already suspended"));
    does(folder, &["user", "reinstate", "bob@acme.com"]);
    assert_eq!(status(&server.ask(&bob, "GET", "/account", "")), 200);

    for (wrong, told) in [
        (&["user", "suspend", "none@acme.com"][..], "none@acme.com"),
        (&["user", "suspend", "ada@acme.com"], "last admin"),
        (&["user", "reinstate", "ada@acme.com"], "not suspended"),
        (&["--demo", "user", "list"], "--demo"),
        (&["user", "add", "bob@acme.com"][..], "bob@acme.com"),
        (&["user", "add", "nothing"], "e-mail"),
        (&["token", "add", "none@acme.com"], "none@acme.com"),
        (&["team", "add", "acme-widgets", "--admin", "ada@acme.com"], "acme-widgets"),
    ] {
        let output = command(folder, wrong);
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(1) && text.contains(told), "{wrong:?}: {text}");
    }
    server.terminate();

    // Without the server, and with it again.
    let cleo = token(folder, &["user", "add", "cleo@acme.com"]);
    let server = listening(&on(folder));
    for (key, answer) in [(&ada, 200), (&bob, 200), (&cleo, 200), (&laptop, 401)] {
        assert_eq!(status(&server.ask(key, "GET", "/account", "")), answer);
    }
    let told = does(folder, &["--url", "https://teams.example.com", "token", "add", "cleo@acme.com"]);
    assert!(told[0].contains(&format!("HEROKU_HOST=http://{} ", server.host)), "the server knows better: {told:?}");
    assert_eq!(does(folder, &["token", "revoke", "cleo@acme.com"]), ["2 revoked"]);
    assert_eq!(status(&server.ask(&cleo, "GET", "/account", "")), 401);
    server.terminate();
    let told = does(folder, &["--url", "https://teams.example.com", "token", "add", "cleo@acme.com"]);
    assert!(told[0].contains("HEROKU_HOST=https://teams.example.com "), "{told:?}");
}

/// A token of a third-party client acts as one (SEC-1).
#[test]
fn a_third_party_is_told_apart() {
    let (folder, _) = prepared();
    let client = "6b1f5d0e-8d24-4d4e-9a39-51d0f1a3a001";
    let key = token(folder.path(), &["token", "add", "ada@acme.com", "--client", client]);
    let server = listening(&on(folder.path()));
    assert_eq!(status(&server.ask(&key, "GET", "/teams/acme-widgets", "")), 200);
    let reply = server.ask(&key, "POST", "/oauth/authorizations", "{}");
    assert_eq!(status(&reply), 403, "{reply}");
}

#[test]
fn a_backup_is_a_folder_to_start_from() {
    let (folder, key) = prepared();
    let server = listening(&on(folder.path()));
    assert_eq!(status(&server.create(&key, "apple")), 201);
    let other = tempfile::tempdir().unwrap();
    let copy = other.path().join("teams.db");
    let lines = does(folder.path(), &["backup", copy.to_str().unwrap()]);
    assert!(lines[0].contains(" events, "), "{lines:?}");
    assert_eq!(std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    let nothing = tempfile::tempdir().unwrap();
    let never = nothing.path().join("never.db");
    assert!(!command(nothing.path(), &["backup", never.to_str().unwrap()]).status.success() && !never.exists());
    assert!(!command(folder.path(), &["backup", copy.to_str().unwrap()]).status.success(), "nothing is written over");
    assert_eq!(status(&server.create(&key, "pear")), 201);
    assert!(does(folder.path(), &["snapshot"])[0].contains(" events, "));
    drop(server);
    assert!(does(folder.path(), &["snapshot"])[0].contains(" events, "), "without a server too");
    let server = listening(&on(other.path()));
    assert!(server.create(&key, "apple").contains("app-name-taken"), "tokens and events are there");
    assert_eq!(status(&server.create(&key, "pear")), 201, "as it was then");
}

/// Whoever comes may be anybody of a demo: so nothing else is served as one.
#[test]
fn what_is_no_demo_is_not_served_as_one() {
    let folder = tempfile::tempdir().unwrap();
    does(folder.path(), &["user", "add", "joe@acme.com"]);
    let refused = command(folder.path(), &["--demo", "--port", "0"]);
    assert!(!refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("no demo"), "{refused:?}");
    let other = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let mut arguments = on(other.path()).to_vec();
        arguments.push("--demo");
        let mut server = started(&arguments);
        assert!(server.line().starts_with("export "), "begun, and gone on with");
        server.terminate();
    }
}

#[test]
fn the_demo_prints_what_clients_need_and_leaves_nothing() {
    let mut server = started(&["--demo"]);
    let mut exports = Vec::new();
    let last = loop {
        match server.line() {
            line if line.starts_with("export ") => exports.push(line),
            line => break line,
        }
    };
    assert!(exports.len() >= 6, "{exports:?}");
    server.host = last.strip_prefix("listening on http://").unwrap().to_owned();
    assert_eq!(server.line(), format!("open http://{}/dashboard", server.host));
    let (_, rest) = exports[0].split_once("HEROKU_API_KEY=").unwrap();
    let (key, email) = rest.split_once(" # ").unwrap();
    assert_eq!(email, "ada@acme.com");
    for name in ["HEROKU_HOST", "HEROKU_PARTICLEBOARD_URL", "HEROKU_GIT_HOST", "DISABLE_TELEMETRY"] {
        assert!(exports.iter().all(|line| line.contains(&format!(" {name}="))), "{name}");
    }
    assert_eq!(status(&server.create(key, "apple")), 201);
    server.terminate();
}

/// What of its folder others may see, and that it listens where it is told to.
#[test]
fn it_is_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("new/data");
    let server = listening(&on(&data));
    assert!(server.host.starts_with("127.0.0.1:"), "{}", server.host);
    assert_eq!(std::fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
    server.terminate();
    // In a folder that was there before, too.
    let open = folder.path().join("open");
    std::fs::create_dir(&open).unwrap();
    std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o755)).unwrap();
    let key = token(&open, &["user", "add", "ada@acme.com"]);
    let server = listening(&on(&open));
    assert_eq!(status(&server.ask(&key, "POST", "/oauth/authorizations", "{}")), 201);
    for file in ["teams.db", "teams.db-wal", "teams.db-shm", "teams.db.writer", "admin.sock"] {
        assert_eq!(std::fs::metadata(open.join(file)).unwrap().permissions().mode() & 0o777, 0o600, "{file}");
    }
    server.terminate();
    let server = listening(&[&on(&data)[..], &["--bind", "127.0.0.2"]].concat());
    assert!(server.host.starts_with("127.0.0.2:"), "{}", server.host);
    for wrong in [
        &["--port"][..],
        &["--port", "x"],
        &["--own"],
        &["--cert", "x.pem"],
        &["--postgres", "host=/nowhere", "--demo"],
        &["user"],
    ] {
        assert_eq!(program(wrong).output().unwrap().status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn prometheus_is_told_somewhere_else() {
    let (folder, key) = prepared();
    let mut server = listening(&[&on(folder.path())[..], &["--metrics", "127.0.0.1:0"]].concat());
    let line = server.line();
    let told =
        line.strip_prefix("metrics on http://").and_then(|rest| rest.strip_suffix("/metrics")).unwrap().to_owned();
    assert_eq!(status(&server.create(&key, "apple")), 201);
    assert_eq!(status(&server.create(&key, "apple")), 422);
    assert_eq!(status(&server.ask(&key, "BREW", "/teams/none", "")), 404);
    assert_eq!(status(&server.ask("", "GET", "/health", "")), 200);
    assert_eq!(status(&server.ask("", "GET", "/health/ready", "")), 200);
    assert_eq!(status(&server.ask(&key, "GET", "/metrics", "")), 404, "not to everybody");
    let page = exchange(TcpStream::connect(told).unwrap(), "", "GET", "/metrics", "");
    for line in [
        r#"teams_requests_total{method="POST",route="/teams/apps",status="201"} 1"#,
        r#"teams_requests_total{method="POST",route="/teams/apps",status="422"} 1"#,
        r#"teams_requests_total{method="other",route="/teams/{team}",status="404"} 1"#,
        r#"teams_refusals_total{rule="APP-3"} 1"#,
        "teams_events 4",
        "teams_answer_seconds_count 6",
    ] {
        assert!(page.lines().any(|found| found == line), "{line}: {page}");
    }
    assert!(page.contains("teams_journal_unheard_seconds "), "{page}");
}

/// Nobody does anything, and what has ended is swept.
#[test]
fn what_ends_is_swept() {
    let (folder, key) = prepared();
    does(folder.path(), &["user", "add", "joe@acme.com"]);
    let mut server = listening(&[&on(folder.path())[..], &["--metrics", "127.0.0.1:0"]].concat());
    let line = server.line();
    let metrics = line.strip_prefix("metrics on http://").and_then(|rest| rest.strip_suffix("/metrics")).unwrap();
    let member = r#"{"email":"joe@acme.com","role":"member"}"#;
    assert_eq!(status(&server.ask(&key, "PUT", "/teams/acme-widgets/members", member)), 200);
    let end = format!(r#"{{"ends_at":"{}"}}"#, (Utc::now() + TimeDelta::seconds(2)).to_rfc3339());
    let path = "/x/teams/acme-widgets/members/joe@acme.com/end";
    assert_eq!(status(&server.ask(&key, "PUT", path, &end)), 200);
    let start = Instant::now();
    // Six are of what was done, and the seventh of the sweep.
    while !exchange(TcpStream::connect(metrics).unwrap(), "", "GET", "/metrics", "").contains("teams_events 7\n") {
        assert!(start.elapsed() < Duration::from_mins(1), "it is not swept");
        std::thread::sleep(Duration::from_millis(50));
    }
    server.terminate();
}

/// The log has a line for each request, with the id that is answered and recorded.
#[test]
fn a_request_is_followed_by_its_id() {
    let (folder, key) = prepared();
    let mut child = program(&["--port", "0"]);
    let mut child = child
        .env("RUST_LOG", "info")
        .args(on(folder.path()))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (output, log) = (BufReader::new(child.stdout.take().unwrap()), child.stderr.take().unwrap());
    let mut server = Running { child, output, host: String::new() };
    server.host = server.line().strip_prefix("listening on http://").unwrap().to_owned();
    let reply = server.create(&key, "apple");
    let id = reply.lines().find_map(|line| line.strip_prefix("request-id: ")).unwrap().to_owned();
    server.terminate();
    let mut text = String::new();
    BufReader::new(log).read_to_string(&mut text).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let line = lines.iter().find(|line| line["request_id"] == *id).unwrap_or_else(|| panic!("{text}"));
    assert_eq!(
        (&line["method"], &line["route"], &line["status"]),
        (&"POST".into(), &"/teams/apps".into(), &201.into())
    );
    assert_eq!(line["address"], "127.0.0.1");
    assert!(!text.contains(&key), "no token is in the log");
    let mut journal = enterprise_teams_sqlite::SqliteJournal::open(folder.path().join("teams.db")).unwrap();
    let events = enterprise_teams::journal::events(&mut journal, 0, 1000).unwrap();
    let context = events.last().unwrap().context.as_deref().unwrap();
    assert_eq!(context.request_id.as_ref().unwrap().as_str(), id);
    assert_eq!(context.address, Some([127, 0, 0, 1].into()));
}

#[test]
fn over_tls_and_not_without() {
    let (folder, key) = prepared();
    let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (cert, secret) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    std::fs::write(&cert, own.cert.pem()).unwrap();
    std::fs::write(&secret, own.signing_key.serialize_pem()).unwrap();
    let [cert_path, key_path] = [&cert, &secret].map(|path| path.to_str().unwrap());
    let server = listening(&[&on(folder.path())[..], &["--cert", cert_path, "--key", key_path]].concat());
    let mut trusted = RootCertStore::empty();
    trusted.add(CertificateDer::from_pem_file(&cert).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config =
        config.with_safe_default_protocol_versions().unwrap().with_root_certificates(trusted).with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let client = ClientConnection::new(Arc::new(config), name).unwrap();
    let stream = StreamOwned::new(client, TcpStream::connect(&server.host).unwrap());
    let mut stream = stream;
    let head =
        format!("GET /account HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {key}\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut reply = Vec::new();
    // Where the end is not announced there is an error after it.
    let _ = stream.read_to_end(&mut reply);
    let reply = String::from_utf8(reply).unwrap();
    assert!(status(&reply) == 200 && reply.contains("ada@acme.com"), "{reply}");
    let mut plain = TcpStream::connect(&server.host).unwrap();
    plain.write_all(head.as_bytes()).unwrap();
    let mut reply = Vec::new();
    let _ = plain.read_to_end(&mut reply);
    assert!(!String::from_utf8_lossy(&reply).contains("HTTP/1.1 2"), "{reply:?}");
    // A key of another certificate.
    let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(&secret, other.signing_key.serialize_pem()).unwrap();
    server.terminate();
    let wrong =
        program(&["--port", "0", "--cert", cert_path, "--key", key_path]).args(on(folder.path())).output().unwrap();
    assert!(wrong.status.code() == Some(1) && !wrong.stderr.is_empty());
}

/// Where the disk has no room what cannot be kept is told, who reads is answered, and it goes on when there is room.
#[test]
fn a_full_disk() {
    let (folder, key) = prepared();
    let disk = tempfile::tempdir().unwrap();
    let small = r#"mount -t tmpfs -o size=3m none "$0" && cp "$1/teams.db" "$0" && shift && exec "$@""#;
    let inside = |then: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(["-rm", "sh", "-c", small]).args([disk.path(), folder.path()]).args(then);
        command
    };
    if !inside(&["true"]).status().is_ok_and(|ended| ended.success()) {
        println!("skipped: unshare is not there, or may not mount");
        return;
    }
    let mut child = inside(&[env!("CARGO_BIN_EXE_platform-server"), "--port", "0"]);
    let mut child = child.args(on(disk.path())).env("RUST_LOG", "off").stdout(Stdio::piped()).spawn().unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let mut server = Running { child, output, host: String::new() };
    server.host = server.line().strip_prefix("listening on http://").unwrap().to_owned();
    assert_eq!(status(&server.create(&key, "before")), 201);
    let ballast = format!("/proc/{}/root{}/ballast", server.child.id(), disk.path().display());
    assert!(std::fs::write(&ballast, vec![0; 4_000_000]).is_err(), "the disk is full");
    let refused: Vec<String> = (0..20).map(|number| format!("while-{number}")).collect();
    let told: Vec<u16> = refused.iter().map(|name| status(&server.create(&key, name))).collect();
    assert!(told.iter().all(|status| [201, 503].contains(status)) && told.contains(&503), "{told:?}");
    assert_eq!(status(&server.ask(&key, "GET", "/apps/before", "")), 200, "who asks is answered");
    std::fs::remove_file(ballast).unwrap();
    for (name, told) in refused.iter().zip(told) {
        let reply = server.create(&key, name);
        assert_eq!(status(&reply), if told == 201 { 422 } else { 201 }, "{name}: {reply}");
    }
}

/// Until it is so, at most ten seconds.
#[track_caller]
fn soon(what: &str, is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(10), "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Several servers on one database are one: what one has answered the others know, and outlives it.
#[test]
fn two_servers_on_postgres() {
    let Ok(address) = std::env::var("ENTERPRISE_TEAMS_POSTGRES") else {
        println!("skipped: ENTERPRISE_TEAMS_POSTGRES does not say where a server is");
        return;
    };
    let schema = format!("servers_{}", std::process::id());
    let mut client = postgres::Client::connect(&address, postgres::NoTls).unwrap();
    client.batch_execute(&format!("create schema {schema}")).unwrap();
    let address = format!("{address} options='-c search_path={schema}'");
    let place = ["--postgres", &address];
    let command = |arguments: &[&str]| {
        let output = program(&place).args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    // It has no TLS, so whoever wants it is told.
    let refused = program(&["--postgres-trust", "system", "user", "list"]).args(place).output().unwrap();
    assert!(refused.status.code() == Some(1) && !refused.stderr.is_empty(), "{refused:?}");
    let (here, there) = (listening(&place), listening(&place));
    let told = command(&["user", "add", "ada@acme.com"]);
    let key = told.split_once("HEROKU_API_KEY=").unwrap().1.split(' ').next().unwrap().to_owned();
    command(&["team", "add", "acme-widgets", "--admin", "ada@acme.com"]);
    for server in [&here, &there] {
        soon("the token is known", || status(&server.ask(&key, "GET", "/teams/acme-widgets", "")) == 200);
    }
    assert_eq!(status(&here.create(&key, "apple")), 201);
    assert!(there.create(&key, "apple").contains("app-name-taken"), "who writes knows what was written");
    soon("who reads learns of it", || status(&there.ask(&key, "GET", "/apps/apple", "")) == 200);
    // Both at once: each name goes to one of them.
    let names: Vec<String> = (0..40).map(|number| format!("app-{number}")).collect();
    let won = std::thread::scope(|scope| {
        let asked = [&here, &there].map(|server| {
            let (names, key) = (&names, &key);
            scope.spawn(move || names.iter().map(|name| status(&server.create(key, name)) == 201).collect::<Vec<_>>())
        });
        asked.map(|asked| asked.join().unwrap())
    });
    assert!(won[0].iter().zip(&won[1]).all(|(one, other)| one != other), "{won:?}");
    // END-3: what ends is swept by one of them, and is gone from both.
    command(&["user", "add", "joe@acme.com"]);
    let joe = r#"{"email":"joe@acme.com","role":"member"}"#;
    soon("joe is known", || matches!(status(&here.ask(&key, "PUT", "/teams/acme-widgets/members", joe)), 200 | 201));
    let end = Utc::now() + TimeDelta::seconds(2);
    let end = format!(r#"{{"ends_at":"{}"}}"#, end.to_rfc3339());
    let ended = here.ask(&key, "PUT", "/x/teams/acme-widgets/members/joe@acme.com/end", &end);
    assert_eq!(status(&ended), 200, "{ended}");
    let members = |server: &Running| server.ask(&key, "GET", "/teams/acme-widgets/members", "");
    soon("both know of joe", || members(&there).contains("joe@acme.com"));
    let mut kept = || {
        let swept = format!("select count(*) from {schema}.journal_entry where event like '%ends-swept%'");
        client.query_one(&swept, &[]).unwrap().get::<_, i64>(0)
    };
    assert_eq!(kept(), 0);
    let start = Instant::now();
    while kept() == 0 {
        assert!(start.elapsed() < Duration::from_secs(10), "somebody sweeps");
        std::thread::sleep(Duration::from_millis(50));
    }
    for server in [&here, &there] {
        assert!(!members(server).contains("joe@acme.com"));
    }
    // Both look every second.
    std::thread::sleep(Duration::from_millis(2500));
    assert_eq!(kept(), 1);
    drop(here);
    assert!(names.iter().all(|name| there.create(&key, name).contains("app-name-taken")));
    let id = command(&["token", "list", "ada@acme.com"]).split(' ').next().unwrap().to_owned();
    command(&["token", "revoke", "ada@acme.com", &id]);
    soon("the token is revoked", || status(&there.ask(&key, "GET", "/account", "")) == 401);
    there.terminate();
    client.batch_execute(&format!("drop schema {schema} cascade")).unwrap();
}
