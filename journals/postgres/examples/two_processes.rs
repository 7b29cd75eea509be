//! Two processes, one store: this program starts itself a second time, both create the same team, and one is refused.
//!
//! ```text
//! cargo run -p enterprise-teams-postgres --example two_processes -- 'host=/var/run/postgresql user=teams dbname=teams'
//! ```

use std::error::Error;
use std::process::Command;
use std::{env, process};

use enterprise_teams::replica::{Replica, ReplicaOptions};
use enterprise_teams::{Actor, NewTeam, NewUser, Settings, system};
use enterprise_teams_postgres::PostgresJournal;

fn main() -> Result<(), Box<dyn Error>> {
    let address = env::args().nth(1).ok_or("the address of a server, please")?;
    let team = env::args().nth(2);
    let name = team.clone().unwrap_or_else(|| format!("team-{}", process::id()));
    let replica = Replica::open(PostgresJournal::open(&address)?, Settings::random, ReplicaOptions::default())?;

    let second =
        if team.is_none() { Some(Command::new(env::current_exe()?).args([&address, &name]).spawn()?) } else { None };
    let operator = Actor::operator(system::now());
    let admin = NewUser::new(format!("admin-{}@acme.com", process::id()).parse()?);
    let created = replica.transaction(|store| {
        let admin = store.register_user(operator, admin.clone())?;
        store.provision_team(operator, NewTeam::standard(name.parse()?, admin))
    });
    match created {
        Ok(_) => println!("process {}: created {name}", process::id()),
        Err(refusal) => println!("process {}: {refusal}", process::id()),
    }
    if let Some(mut second) = second {
        second.wait()?;
        println!("both have {} events", replica.catch_up()?);
    }
    Ok(())
}
