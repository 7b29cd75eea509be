//! Real connections: idle ones, slow ones, broken ones, and the end.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use platform_server::{ANSWER_SECONDS, HEADER_SECONDS, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::support::world;

/// A server on a free port of this machine, and how to stop it.
async fn listening(
    world: &crate::support::World,
) -> (std::net::SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let router = world.router();
    let task = tokio::spawn(serve(listener, router, async move { drop(stopped.await) }));
    (address, stop, task)
}

async fn answer(address: std::net::SocketAddr, request: &[u8]) -> String {
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn idle_connections_are_ended_and_keep_nobody_out() {
    let world = world();
    let (address, stop, task) = listening(&world).await;
    let mut idle = Vec::new();
    for number in 0..400 {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        // Some say nothing, some begin and stop, some ask once and stay.
        match number % 3 {
            0 => stream.write_all(b"GET /account HTTP/1.1\r\nHost: x\r\nX-Slow: ").await.unwrap(),
            1 => stream.write_all(b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap(),
            _ => {}
        }
        idle.push(stream);
    }
    let request = format!(
        "GET /account HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\r\n",
        world.token("joe")
    );
    let reply = answer(address, request.as_bytes()).await;
    assert!(reply.starts_with("HTTP/1.1 200 OK\r\n") && reply.contains("joe@acme.com"), "{reply}");
    let deadline = Duration::from_secs(HEADER_SECONDS + 5);
    for stream in &mut idle {
        let mut rest = Vec::new();
        let ended = tokio::time::timeout(deadline, stream.read_to_end(&mut rest)).await;
        assert!(ended.is_ok(), "an idle connection is still there");
    }
    stop.send(()).unwrap();
    task.await.unwrap();
}

/// Who asks and does not listen is not waited for: the room is for others.
#[tokio::test]
async fn answers_that_nobody_reads() {
    let world = world();
    let (address, stop, task) = listening(&world).await;
    let requests = "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1000);
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let asked = async { while stream.write_all(requests.as_bytes()).await.is_ok() {} };
    let ended = tokio::time::timeout(Duration::from_secs(ANSWER_SECONDS + 10), asked).await;
    assert!(ended.is_ok(), "a connection whose client does not read is still there");
    stop.send(()).unwrap();
    task.await.unwrap();
}

#[tokio::test]
async fn what_is_no_http() {
    let world = world();
    let (address, stop, task) = listening(&world).await;
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "X: y\r\n".repeat(1000));
    let long = format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(1_000_000));
    for request in [
        &b"\r\n\r\n\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /apps HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /apps HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"POST /apps HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        many.as_bytes(),
        long.as_bytes(),
    ] {
        let reply = answer(address, request).await;
        let status = reply.split(' ').nth(1).unwrap_or_default();
        assert!(reply.is_empty() || status.starts_with('4'), "{reply:.200}");
    }
    stop.send(()).unwrap();
    task.await.unwrap();
}

/// A body larger than any is refused before it is read to its end.
#[tokio::test]
async fn a_huge_body() {
    let world = world();
    let (address, stop, task) = listening(&world).await;
    let head = format!(
        "POST /teams/apps HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Length: 1000000000000\r\n\r\n",
        world.token("joe")
    );
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut sent = 0;
    let chunk = vec![b' '; 65536];
    while sent < 100 * chunk.len() && stream.write_all(&chunk).await.is_ok() {
        sent += chunk.len();
    }
    let mut reply = [0; 32];
    let read = stream.read(&mut reply).await.unwrap_or_default();
    assert!(read == 0 || reply.starts_with(b"HTTP/1.1 413 "), "{}", String::from_utf8_lossy(&reply));
    assert!(world.get("joe", "/account").await.status == 200);
    drop(stream);
    stop.send(()).unwrap();
    task.await.unwrap();
}

/// Requests under way are answered when the server stops.
#[tokio::test]
async fn a_graceful_end() {
    let world = world();
    let (address, stop, task) = listening(&world).await;
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let body = r#"{"name":"late-app","team":"acme-widgets"}"#;
    let head = format!(
        "POST /teams/apps HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Length: {}\r\n\r\n",
        world.token("joe"),
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    stop.send(()).unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err(), "nobody new is let in");
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.unwrap();
    assert!(reply.starts_with("HTTP/1.1 201 Created\r\n"), "{reply}");
    task.await.unwrap();
}

/// The program itself: what it prints, SIGTERM and SIGKILL, and that what it answered is there again.
#[test]
fn the_program() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("new/data");
    let arguments = ["--data", data.to_str().unwrap(), "--team", "acme-widgets=ada@acme.com"];
    let (mut child, _, host, key) = started(&arguments);
    let created = |host: &str, key: &str, name: &str| {
        post(host, key, "/teams/apps", &format!(r#"{{"name":"{name}","team":"acme-widgets"}}"#))
    };
    assert!(created(&host, &key, "apple").starts_with("HTTP/1.1 201 Created"));
    terminate(&mut child);

    let (mut child, _, host, key) = started(&arguments);
    let reply = created(&host, &key, "apple");
    assert!(reply.starts_with("HTTP/1.1 422 Unprocessable Entity") && reply.contains("app-name-taken"), "{reply}");
    assert!(created(&host, &key, "pear").starts_with("HTTP/1.1 201 Created"));
    // A second server in the same folder is told who is there, and does no harm.
    let second =
        Command::new(env!("CARGO_BIN_EXE_platform-server")).args(["--port", "0"]).args(arguments).output().unwrap();
    let told = String::from_utf8(second.stderr).unwrap();
    assert!(second.status.code() == Some(1) && told.contains(&format!("process {}", child.id())), "{told}");
    assert!(created(&host, &key, "plum").starts_with("HTTP/1.1 201 Created"));
    child.kill().unwrap();
    child.wait().unwrap();

    let (mut child, _, host, key) = started(&arguments);
    for name in ["apple", "pear", "plum"] {
        assert!(created(&host, &key, name).contains("app-name-taken"), "{name}");
    }
    terminate(&mut child);

    std::fs::write(data.join("teams.db"), "this is not a journal").unwrap();
    let mut broken = Command::new(env!("CARGO_BIN_EXE_platform-server"));
    let broken = broken.args(["--port", "0"]).args(arguments).output().unwrap();
    assert!(broken.status.code() == Some(1) && !broken.stderr.is_empty());

    let (mut child, ..) = started(&["--demo", "--user", "zoe@example.com", "--team", "acme=zoe@example.com"]);
    terminate(&mut child);
    for wrong in [&["--port"][..], &["--port", "x"], &["--own"], &["--team", "acme"]] {
        let refused = Command::new(env!("CARGO_BIN_EXE_platform-server")).args(wrong).output().unwrap();
        assert_eq!(refused.status.code(), Some(2), "{wrong:?}");
    }
}

fn started(arguments: &[&str]) -> (Child, BufReader<std::process::ChildStdout>, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_platform-server"))
        .args(["--port", "0"])
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    let value = |name: &str| {
        let (_, rest) = line.split_once(&format!("{name}=")).unwrap_or_else(|| panic!("no {name} in {line}"));
        rest.split(' ').next().unwrap().to_owned()
    };
    let host = value("HEROKU_HOST").trim_start_matches("http://").to_owned();
    let key = value("HEROKU_API_KEY");
    (child, output, host, key)
}

fn post(host: &str, key: &str, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(host).unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAuthorization: Bearer {key}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    reply
}

fn terminate(child: &mut Child) {
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        assert!(start.elapsed() < Duration::from_secs(30), "the server does not stop");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(child.wait().unwrap().success());
}
