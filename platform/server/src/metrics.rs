//! What is counted, in the form that Prometheus reads.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use enterprise_teams::Rule;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::server::Server;

/// Upper ends of the buckets, in seconds.
const BUCKETS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 10.0];
/// The text format of `OpenMetrics`.
const FORMAT: HeaderValue = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Of {
    rule: &'static str,
}

/// What is counted.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    seconds: Histogram,
    refusals: Family<Of, Counter>,
    events: Gauge,
    heard: Gauge<f64, std::sync::atomic::AtomicU64>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("teams");
        let (requests, refusals) = (Family::default(), Family::default());
        let seconds = Histogram::new(BUCKETS);
        let (events, heard) = (Gauge::default(), Gauge::default());
        registry.register("requests", "Requests that were answered", Family::clone(&requests));
        registry.register_with_unit("answer", "How long answers took", Unit::Seconds, seconds.clone());
        registry.register("refusals", "Requests that a rule refused", Family::clone(&refusals));
        registry.register("events", "The number of the last event", events.clone());
        let unheard = "How long the journal has not been heard of";
        registry.register_with_unit("journal_unheard", unheard, Unit::Seconds, heard.clone());
        Self { registry, requests, seconds, refusals, events, heard }
    }
}

impl Metrics {
    /// A request was answered. `route` is the pattern of its path, so that there are few.
    pub(crate) fn answered(&self, method: &'static str, route: &str, status: StatusCode, took: Duration) {
        let labels = Answered { method, route: route.to_owned(), status: status.as_u16() };
        self.requests.get_or_create(&labels).inc();
        self.seconds.observe(took.as_secs_f64());
    }

    pub(crate) fn refused(&self, rule: Rule) {
        self.refusals.get_or_create(&Of { rule: rule.id() }).inc();
    }
}

/// The one page that Prometheus asks for. It tells how much is asked and refused, so it has a listener of its own.
pub fn metrics(server: Arc<Server>) -> Router {
    Router::new().route("/metrics", get(told)).with_state(server)
}

async fn told(State(server): State<Arc<Server>>) -> Response {
    let Metrics { registry, events, heard, .. } = &server.metrics;
    events.set(i64::try_from(server.store().seq()).unwrap_or(i64::MAX));
    heard.set(Instant::now().saturating_duration_since(server.last_heard()).as_secs_f64());
    let mut told = String::new();
    match text::encode(&mut told, registry) {
        Ok(()) => ([(CONTENT_TYPE, FORMAT)], told).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
