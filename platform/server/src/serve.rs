//! Connections: as many as there is room for, none for ever, and a graceful end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use crate::host;

/// How many connections are served at a time; further ones wait.
pub const CONNECTIONS_MAX: usize = 4096;
/// How long a connection may be without a request.
pub const HEADER_SECONDS: u64 = 5;
/// How long an answer may wait for a client that does not read.
pub const ANSWER_SECONDS: u64 = 10;
/// How long the requests under way get when the server stops.
const STOP_SECONDS: u64 = 10;

/// On a request: where it came from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// Serves until `stop`, then finishes the requests under way; over TLS where there is something to prove who this is.
pub async fn serve(listener: TcpListener, tls: Option<TlsAcceptor>, router: Router, stop: impl Future<Output = ()>) {
    let (room, ends) = (Arc::new(Semaphore::new(CONNECTIONS_MAX)), GracefulShutdown::new());
    let accept = async {
        loop {
            let Ok(place) = Arc::clone(&room).acquire_owned().await else { return };
            let Ok((stream, peer)) = listener.accept().await else {
                // No file descriptors, say: until some connection ends.
                sleep(Duration::from_millis(50)).await;
                continue;
            };
            let mut stream = TimeoutStream::new(stream);
            stream.set_write_timeout(Some(Duration::from_secs(ANSWER_SECONDS)));
            let (stream, router, watcher) = (Box::pin(stream), router.clone(), ends.watcher());
            let tls = tls.clone();
            tokio::spawn(async move {
                let hello = Duration::from_secs(HEADER_SECONDS);
                match tls {
                    None => connection(stream, peer, router, watcher).await,
                    Some(tls) => {
                        if let Ok(Ok(stream)) = timeout(hello, tls.accept(stream)).await {
                            connection(stream, peer, router, watcher).await;
                        }
                    }
                }
                drop(place);
            });
        }
    };
    tokio::select! {
        () = accept => {}
        () = stop => {}
    }
    drop(listener);
    let _ = timeout(Duration::from_secs(STOP_SECONDS), ends.shutdown()).await;
}

async fn connection(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: SocketAddr,
    router: Router,
    watcher: Watcher,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(Duration::from_secs(HEADER_SECONDS));
    let service = service_fn(move |mut request: Request<Incoming>| {
        let router = router.clone();
        request.extensions_mut().insert(Peer(peer));
        async move { if host::is_named(&request) { router.oneshot(request).await } else { Ok(host::refusal()) } }
    });
    let connection = http.serve_connection(TokioIo::new(stream), service);
    // What goes wrong on a connection concerns its client alone, who is told or gone.
    let _ = watcher.watch(connection).await;
}
