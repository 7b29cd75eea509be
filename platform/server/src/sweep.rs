//! What ends leaves the store when its time has come, also where nobody does anything.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use crate::server::Server;

/// How often it is looked whether something has ended: whatever this server or another has kept since.
const LOOK: Duration = Duration::from_secs(1);

/// Sweeps what has ended (END-3), for as long as it is awaited. Of several servers on one journal the first sweeps, and the others find
/// that nothing is left.
pub async fn sweep(server: Arc<Server>) {
    let mut look = interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        server.sweep_ends().await;
    }
}
