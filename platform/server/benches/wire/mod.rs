//! What both benches do with a connection.

use std::error::Error;
use std::net::SocketAddr;

use axum::Router;
use platform_server::serve;
use tokio::net::TcpListener;

pub(crate) type Failed = Box<dyn Error + Send + Sync>;

/// Serves this on loopback, in the same process.
pub(crate) async fn listening(router: Router) -> Result<SocketAddr, Failed> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(serve(listener, None, router, std::future::pending()));
    Ok(address)
}

/// Where the answer ends, once its head is there.
pub(crate) fn end(buffer: &[u8]) -> Option<usize> {
    let head = buffer.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(buffer.get(..head)?).ok()?.to_ascii_lowercase();
    let (_, rest) = text.split_once("content-length: ")?;
    Some(head + rest.split("\r\n").next()?.parse::<usize>().ok()?)
}
