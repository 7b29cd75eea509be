//! Real connections: idle ones, slow ones, broken ones, and the end.

use std::time::Duration;

use platform_server::{ANSWER_SECONDS, HEADER_SECONDS, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::support::world;

/// A server on a free port of this machine, and how to stop it.
pub(crate) async fn listening(
    world: &crate::support::World,
) -> (std::net::SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let router = world.router();
    let task = tokio::spawn(serve(listener, None, router, async move { drop(stopped.await) }));
    (address, stop, task)
}

pub(crate) async fn answer(address: std::net::SocketAddr, request: &[u8]) -> String {
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

/// Who is not known is told so whatever they send, and none of it is held.
#[tokio::test]
async fn bodies_of_those_who_are_not_known() {
    let world = world();
    let (address, stop, task) = listening(&world).await;
    let mut strangers = Vec::new();
    for _ in 0..300 {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let head =
            "POST /teams/apps HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer none\r\nContent-Length: 262144\r\n\r\n";
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&vec![b' '; 262_000]).await.unwrap();
        strangers.push(stream);
    }
    // Those who are known find room, though the others do not end.
    let body = r#"{"name":"apple","team":"acme-widgets"}"#;
    let request = format!(
        "POST /teams/apps HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {}\r\nContent-Length: {}\r\n\r\n{body}",
        world.token("joe"),
        body.len()
    );
    let reply = answer(address, request.as_bytes()).await;
    assert!(reply.starts_with("HTTP/1.1 201 Created\r\n"), "{reply}");
    for mut stream in strangers.into_iter().take(10) {
        stream.write_all(&[b' '; 144]).await.unwrap();
        let mut reply = [0; 32];
        let read = stream.read(&mut reply).await.unwrap();
        assert!(reply[..read].starts_with(b"HTTP/1.1 401 "), "{}", String::from_utf8_lossy(&reply));
    }
    stop.send(()).unwrap();
    task.await.unwrap();
}

/// Whoever sends much at once is told to wait, and keeps nobody else out.
#[tokio::test]
async fn bodies_of_one_who_sends_much() {
    let world = world();
    let (address, stop, task) = listening(&world).await;
    let head = |who: &str, len: usize| {
        let token = world.token(who);
        format!(
            "POST /teams/apps HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {token}\r\nContent-Length: {len}\r\n\r\n"
        )
    };
    let mut told = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        stream.write_all(head("vera", 262_144).as_bytes()).await.unwrap();
        let _ = stream.write_all(&vec![b' '; 262_143]).await;
        told.spawn(async move {
            let mut reply = [0; 13];
            let read = tokio::time::timeout(Duration::from_secs(3), stream.read_exact(&mut reply)).await;
            // Who is not told is still there, as long as this is.
            (read.is_ok_and(|read| read.is_ok()).then_some(reply), stream)
        });
    }
    let told: Vec<_> = told.join_all().await;
    let refused =
        told.iter().filter(|(reply, _)| reply.is_some_and(|reply| reply.starts_with(b"HTTP/1.1 503 "))).count();
    assert!((24..40).contains(&refused), "{refused} of 40");
    let body = r#"{"name":"apple","team":"acme-widgets"}"#;
    let ask = async |who: &str| answer(address, (head(who, body.len()) + body).as_bytes()).await;
    let reply = ask("joe").await;
    assert!(reply.starts_with("HTTP/1.1 201 Created\r\n"), "{reply}");
    drop(told);
    stop.send(()).unwrap();
    task.await.unwrap();
}
