//! Writes the page for an access review, and prints what it shows as tables: `cargo run --example access_review > review.html`.

use enterprise_teams::chrono::{DateTime, Utc};
use enterprise_teams::demo::{Demo, id};
use enterprise_teams::{Error, NewApp, entity::Mfa};

fn main() -> Result<(), Error> {
    print!("{}", run()?);
    Ok(())
}

/// The page.
pub(crate) fn run() -> Result<String, Error> {
    let Demo { mut store, ada, joe, acme, website, .. } = Demo::new()?;
    let day: DateTime<Utc> = DateTime::UNIX_EPOCH;
    store.create_app(ada, NewApp::in_team(acme).named("apple".parse()?))?;
    store.lock_app(ada, website)?;
    store.set_mfa(joe, id(joe), Mfa::Enrolled)?;
    Ok(store.access_review(ada.at(day), acme)?.html())
}
