//! Reads an organisation from a folder, loads it into a store, asks everything of everybody, and reports.

use std::error::Error;
use std::fmt::Write;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use enterprise_teams::{Settings, TeamRole, entity::Limits, settings::TEAM_GROUPS_MAX, system};
use import_org::{Answers, Loaded, Reading, ask, load, read};

/// Reads organisations from FOLDER into a store of Enterprise Teams, and asks everything of everybody.
#[derive(Parser)]
#[command(name = "import-org")]
struct Options {
    /// Has, anywhere below, peribolos's org.yaml and teams.yaml, or the folders people, teams and repos of a team repository, with
    /// TOML files
    folder: PathBuf,
    /// How many people a team has room for
    #[arg(long, value_name = "N", default_value_t = Limits::ENTERPRISE.members)]
    members_max: u32,
    /// How many groups a team has room for
    #[arg(long, value_name = "N", default_value_t = TEAM_GROUPS_MAX)]
    groups_max: u32,
    /// Whose people own the organisations of a team repository
    #[arg(long, value_name = "TEAM", default_value = "infra-admins")]
    admins: String,
    /// Lists everything that has another name here
    #[arg(long)]
    names: bool,
}

fn main() -> ExitCode {
    run(&Options::parse()).unwrap_or_else(|error| {
        eprintln!("import-org: {error}");
        ExitCode::FAILURE
    })
}

/// Prints a text, if anybody listens.
fn say(text: &str, good: bool) -> ExitCode {
    let _ = io::Write::write_all(&mut io::stdout(), format!("{}\n", text.trim_end()).as_bytes());
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn run(options: &Options) -> Result<ExitCode, Box<dyn Error>> {
    let start = Instant::now();
    let reading = read(&options.folder, &options.admins)?;
    let read_in = start.elapsed();
    let start = Instant::now();
    let settings = Settings::random().team_groups_max(options.groups_max);
    let loaded = load(&reading, settings, system::now(), options.members_max);
    let loaded_in = start.elapsed();
    let answers = ask(&loaded)?;
    let mut text = String::new();
    writeln!(text, "read in {read_in:.1?}, loaded in {loaded_in:.1?}")?;
    report(&mut text, &reading, &loaded, options.names)?;
    asked(&mut text, &answers)?;
    Ok(say(&text, answers.disagreements.is_empty() && !loaded.teams.is_empty()))
}

fn report(text: &mut String, reading: &Reading, loaded: &Loaded, names: bool) -> std::fmt::Result {
    let roles = |wanted: TeamRole| loaded.roles.values().filter(|role| **role == wanted).count();
    let own: usize = loaded.apps.iter().map(|app| app.grants.len()).sum();
    let of_groups: usize = loaded.apps.iter().map(|app| app.groups.len()).sum();
    let repositories: usize = reading.organisations.iter().map(|organisation| organisation.repositories.len()).sum();
    let Reading { organisations, people, teams, .. } = reading;
    let (orgs, people) = (organisations.len(), people.len());
    writeln!(text, "there: organisations {orgs}, people {people}, teams {teams}, repositories {repositories}")?;
    let (admins, members) = (roles(TeamRole::Admin), roles(TeamRole::Member));
    let (teams, people, apps) = (loaded.teams.len(), loaded.people.len(), loaded.apps.len());
    let (groups, grants, alone) = (loaded.groups.len(), own.saturating_add(of_groups), loaded.alone);
    writeln!(
        text,
        "here:  teams {teams}, admins {admins}, members {members}, people {people}, groups {groups}, apps {apps}, grants {grants}"
    )?;
    writeln!(
        text,
        "grants: to groups {of_groups}, to people {own}; to people alone there would be {alone}, which is {} more",
        alone.saturating_sub(grants)
    )?;
    writeln!(text, "held by role already: {}", loaded.by_role)?;
    for (code, refusal) in &loaded.refusals {
        writeln!(text, "refused by {} ({code}): {}, as {}", refusal.rule, refusal.count, refusal.example)?;
    }
    for skipped in reading.skipped.iter().chain(&loaded.skipped) {
        writeln!(text, "passed over: {skipped}")?;
    }
    writeln!(text, "under another name: {}", loaded.renamed.len())?;
    for (there, here) in loaded.renamed.iter().take(if names { usize::MAX } else { 0 }) {
        writeln!(text, "  {there} is {here}")?;
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a rounded figure")]
fn asked(text: &mut String, answers: &Answers) -> std::fmt::Result {
    let Answers { questions, yes, took, disagreements } = answers;
    let rate = *questions as f64 / took.as_secs_f64().max(f64::MIN_POSITIVE);
    writeln!(text, "asked: {questions}, yes {yes}, in {took:.2?}, {rate:.0} a second")?;
    writeln!(text, "disagreements: {}", disagreements.len())?;
    for disagreement in disagreements.iter().take(10) {
        writeln!(text, "  {disagreement}")?;
    }
    Ok(())
}
