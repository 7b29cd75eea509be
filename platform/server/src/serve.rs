//! Connections: as many as there is room for, none for ever, and a graceful end.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;

/// How many connections are served at a time; further ones wait.
pub const CONNECTIONS_MAX: usize = 4096;
/// How long a connection may be without a request.
pub const HEADER_SECONDS: u64 = 5;
/// How long an answer may wait for a client that does not read.
pub const ANSWER_SECONDS: u64 = 10;
/// How long the requests under way get when the server stops.
const STOP_SECONDS: u64 = 10;

/// Serves until `stop`, then finishes the requests under way.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let (room, ends) = (Arc::new(Semaphore::new(CONNECTIONS_MAX)), GracefulShutdown::new());
    let service = TowerToHyperService::new(router);
    let accept = async {
        loop {
            let Ok(place) = Arc::clone(&room).acquire_owned().await else { return };
            let Ok((stream, _)) = listener.accept().await else {
                // No file descriptors, say: until some connection ends.
                sleep(Duration::from_millis(50)).await;
                continue;
            };
            let mut http = http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(Duration::from_secs(HEADER_SECONDS));
            let mut stream = TimeoutStream::new(stream);
            stream.set_write_timeout(Some(Duration::from_secs(ANSWER_SECONDS)));
            let connection = ends.watch(http.serve_connection(TokioIo::new(Box::pin(stream)), service.clone()));
            tokio::spawn(async move {
                // What goes wrong on a connection concerns its client alone, who is told or gone.
                let _ = connection.await;
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
