//! A store in a file: kill it at any moment, start it again, and everything that it has said is there.
//!
//! ```text
//! cargo run -p enterprise-teams-sqlite --example durable -- teams.db 1000
//! ```

use std::env;
use std::error::Error;

use enterprise_teams::replica::{Replica, ReplicaOptions, Request};
use enterprise_teams::{Actor, NewUser, Operation, Settings, system};
use enterprise_teams_sqlite::SqliteJournal;

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args_os().nth(1).unwrap_or_else(|| "teams.db".into());
    let most: u64 = env::args_os().nth(2).map_or(Ok(10), |most| most.to_string_lossy().parse())?;

    // The settings are for an empty file: their secret is kept in it.
    let replica = Replica::open(SqliteJournal::open(&path)?, Settings::random, ReplicaOptions::default())?;
    let begun = replica.read().seq();
    println!("{} has {begun} events", path.display());

    for number in begun..begun + most {
        let user = NewUser::new(format!("user-{number}@acme.com").parse()?);
        let operator = Actor::operator(system::now());
        // Asked for again under the same key, after whatever has happened, it is done once.
        let request = Request::new(operator, Operation::RegisterUser { user }).key(format!("user-{number}").parse()?);
        let event = replica.perform(request)?;
        println!("kept: {event}");
    }

    // So that the next start need not read everything.
    replica.keep_snapshot()?;
    Ok(())
}
