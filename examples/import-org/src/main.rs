//! Reads an organisation from a folder, loads it into a store, asks everything of everybody, and reports.

use std::env;
use std::error::Error;
use std::fmt::Write;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use enterprise_teams::{Settings, TeamRole, entity::Limits, system};
use import_org::{Answers, Loaded, Reading, ask, load, read};

const HELP: &str = "\
Reads organisations from FOLDER into a store of Enterprise Teams, and asks everything of everybody.

cargo run --release -p import-org -- FOLDER [OPTIONS]

FOLDER has, anywhere below, peribolos's org.yaml and teams.yaml, or the folders people, teams and repos of a team
repository, with TOML files.

  --members-max N  how many people a team has room for [500]
  --admins TEAM    whose people own the organisations of a team repository [infra-admins]
  --names          list everything that has another name here
  --help           this text";

struct Options {
    folder: PathBuf,
    members_max: u32,
    admins: String,
    names: bool,
}

fn main() -> ExitCode {
    let done = match options(env::args().skip(1)) {
        Ok(None) => Ok(say(HELP, true)),
        Ok(Some(options)) => run(&options),
        Err(problem) => {
            eprintln!("import-org: {problem}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    done.unwrap_or_else(|error| {
        eprintln!("import-org: {error}");
        ExitCode::FAILURE
    })
}

/// Prints a text, if anybody listens.
fn say(text: &str, good: bool) -> ExitCode {
    let _ = io::Write::write_all(&mut io::stdout(), format!("{}\n", text.trim_end()).as_bytes());
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What the arguments say; `None` asks for help.
fn options(mut arguments: impl Iterator<Item = String>) -> Result<Option<Options>, String> {
    let (mut members_max, mut admins, mut names) = (Limits::ENTERPRISE.members, "infra-admins".to_owned(), false);
    let mut folder = None;
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--help" | "-h" => return Ok(None),
            "--names" => names = true,
            "--admins" => admins = value()?,
            "--members-max" => {
                let text = value()?;
                members_max = text.parse().map_err(|_| format!("--members-max {text}: that is no such number"))?;
            }
            option if option.starts_with('-') => return Err(format!("unknown argument {option}")),
            _ if folder.is_some() => return Err(format!("one folder is enough, and there is {argument} besides")),
            path => folder = Some(path.into()),
        }
    }
    let folder = folder.ok_or("which folder?")?;
    Ok(Some(Options { folder, members_max, admins, names }))
}

fn run(options: &Options) -> Result<ExitCode, Box<dyn Error>> {
    let start = Instant::now();
    let reading = read(&options.folder, &options.admins)?;
    let read_in = start.elapsed();
    let start = Instant::now();
    let loaded = load(&reading, Settings::random(), system::now(), options.members_max);
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
    let grants: usize = loaded.apps.iter().map(|app| app.grants.len()).sum();
    let repositories: usize = reading.organisations.iter().map(|organisation| organisation.repositories.len()).sum();
    let Reading { organisations, people, teams, .. } = reading;
    let (orgs, people) = (organisations.len(), people.len());
    writeln!(text, "there: organisations {orgs}, people {people}, teams {teams}, repositories {repositories}")?;
    let (admins, members) = (roles(TeamRole::Admin), roles(TeamRole::Member));
    let (teams, people, apps) = (loaded.teams.len(), loaded.people.len(), loaded.apps.len());
    writeln!(
        text,
        "here:  teams {teams}, admins {admins}, members {members}, people {people}, apps {apps}, grants {grants}"
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
