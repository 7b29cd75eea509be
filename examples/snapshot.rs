//! A store is written down and comes back; a store that was tampered with does not: `cargo run --example snapshot`.

use std::error::Error;
use std::fmt::Write;

use enterprise_teams::demo::Demo;
use enterprise_teams::{Snapshot, TeamStore};

fn main() -> Result<(), Box<dyn Error>> {
    print!("{}", run()?);
    Ok(())
}

/// What is said.
pub(crate) fn run() -> Result<String, Box<dyn Error>> {
    let Demo { mut store, ada, acme, .. } = Demo::new()?;
    let text = serde_json::to_string(&store.snapshot())?;
    let restored = TeamStore::restore(serde_json::from_str(&text)?)?;
    let mut out = String::new();
    writeln!(out, "restored: {restored:?}")?;
    writeln!(out, "equal: {}", restored == store)?;

    for (what, from, to) in [
        ("another version", "\"version\":1,\"state\"", "\"version\":2,\"state\""),
        ("one more field", "\"events\":[", "\"notes\":[],\"events\":["),
        ("nobody is admin", "\"admin\",{", "\"member\",{"),
        ("another name", "\"name\":\"acme-website\"", "\"name\":\"acme-webshop\""),
    ] {
        let tampered: Result<Snapshot, _> = serde_json::from_str(&text.replacen(from, to, 1));
        let refused = match tampered {
            Ok(snapshot) => TeamStore::restore(snapshot).map_or_else(|error| error.to_string(), |_| "none".into()),
            Err(error) => error.to_string(),
        };
        writeln!(out, "{what}: {refused}")?;
    }

    // The journal goes to the host, the snapshot stays small, and both together are the whole history.
    let journal = store.drain_events(0);
    let small = store.snapshot();
    store.rename_team(ada, acme, "acme-gadgets".parse()?)?;
    let events = journal.iter().chain(store.events()).cloned();
    let replayed = TeamStore::replay(events)?;
    let restored = TeamStore::restore(small)?;
    writeln!(
        out,
        "journal: {} events; replayed to {}, restored to {}",
        journal.len(),
        replayed.team(ada, acme)?.name(),
        restored.team(ada, acme)?.name()
    )?;
    Ok(out)
}
