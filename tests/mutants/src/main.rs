//! Which fault in the code does no test notice?
//!
//! All faults of the named files are put into one copy of the package, each behind a question that one variable of the environment
//! answers. So there is one build, and each fault costs no more than the tests until one fails.

mod faults;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use faults::{Fault, Faults, Written};
use serde::Deserialize;

/// What cargo says of a build, a line each.
#[derive(Deserialize)]
struct Said {
    message: Option<Message>,
    profile: Option<Profile>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Message {
    level: String,
    spans: Vec<Place>,
    rendered: Option<String>,
}

#[derive(Deserialize)]
struct Place {
    file_name: PathBuf,
    byte_start: usize,
    byte_end: usize,
    is_primary: bool,
}

#[derive(Deserialize)]
struct Profile {
    test: bool,
}

fn said(output: &[u8]) -> impl Iterator<Item = serde_json::Result<Said>> {
    serde_json::Deserializer::from_slice(output).into_iter()
}

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Tests that take longer, in seconds, are left out.
const SLOW: f64 = 12.0;
/// Tests are run together as long as they take no more, in seconds.
const TOGETHER: f64 = 0.4;

/// As every test is run: what fails so without a fault is left out. Nobody looks at why something fails.
const ENVIRONMENT: [(&str, &str); 3] =
    [("RUST_BACKTRACE", "0"), ("PROPTEST_MAX_SHRINK_ITERS", "0"), ("PROPTEST_FAILURE_PERSISTENCE", "off")];

/// A fault that there is not.
const NONE: usize = usize::MAX;

const QUESTION: &str = "
pub(crate) fn fault_is(number: u32) -> bool {
    static CHOSEN: std::sync::LazyLock<u32> =
        std::sync::LazyLock::new(|| std::env::var(\"FAULT\").ok().and_then(|text| text.parse().ok()).unwrap_or(u32::MAX));
    *CHOSEN == number
}
";

struct Source {
    path: PathBuf,
    text: String,
    first: usize,
    faults: Vec<Fault>,
    /// The lines of the faults that are tried; all if there are none.
    lines: BTreeSet<usize>,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// `mutants SOURCE FOLDER FILE[:LINE]…`: FOLDER is a copy of the package in SOURCE, to be written to.
fn run() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let source = PathBuf::from(arguments.next().ok_or("mutants SOURCE FOLDER FILE[:LINE]…")?);
    let folder = PathBuf::from(arguments.next().ok_or("mutants SOURCE FOLDER FILE[:LINE]…")?);
    let mut files = BTreeMap::<String, BTreeSet<usize>>::new();
    for argument in arguments {
        let (path, line) = argument.split_once(':').map_or((&*argument, None), |(path, line)| (path, Some(line)));
        files.entry(path.to_owned()).or_default().extend(line.map(str::parse::<usize>).transpose()?);
    }
    let mut sources = Vec::new();
    let mut count = 0;
    for (path, lines) in files {
        let text = fs::read_to_string(source.join(&path))?;
        let faults = Faults::of(&text, count, &[])?.list;
        let first = count;
        count += faults.len();
        sources.push(Source { path: path.into(), text, first, faults, lines });
    }
    println!("{count} faults in {} files", sources.len());
    let text = fs::read_to_string(source.join("src/lib.rs"))?;
    write(&folder.join("src/lib.rs"), &(text + QUESTION))?;

    let skipped = fitted(&folder, &sources)?;
    println!("{} do not compile", skipped.len());
    let programs = built(&folder)?;
    let stages = stages(&folder, &programs)?;
    for batch in stages.iter().flatten() {
        if let Some(failed) = noticed(&folder, batch, NONE)? {
            return Err(format!("without a fault, {failed} fails").into());
        }
    }
    tried(&folder, &sources, &skipped, &stages)
}

/// Writes what is not there already: what is older than its build is built again.
fn write(path: &Path, text: &str) -> Outcome<()> {
    if fs::read_to_string(path).ok().as_deref() != Some(text) {
        fs::write(path, text)?;
    }
    Ok(())
}

fn cargo(folder: &Path) -> Command {
    let mut cargo = Command::new("cargo");
    cargo
        .current_dir(folder)
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_PROFILE_DEV_OPT_LEVEL", "1")
        .env("RUSTFLAGS", "--cap-lints=allow")
        .stderr(Stdio::inherit());
    cargo
}

/// Writes the faults into the sources, without those that the compiler refuses, which it answers.
fn fitted(folder: &Path, sources: &[Source]) -> Outcome<Vec<usize>> {
    let kept = folder.join("../skipped.txt");
    let before = fs::read_to_string(&kept).unwrap_or_default();
    let mut skipped = before.lines().map(str::parse).collect::<Result<Vec<usize>, _>>()?;
    loop {
        let mut owners = BTreeMap::new();
        for source in sources {
            let faults = Faults::of(&source.text, source.first, &skipped)?;
            let written = faults.written();
            write(&folder.join(&source.path), &written.text)?;
            owners.insert(source.path.clone(), written);
        }
        let checked = cargo(folder)
            .args(["check", "--quiet", "--all-features", "--lib", "--profile=test", "--message-format=json"])
            .output()?;
        if checked.status.success() {
            fs::write(kept, skipped.iter().map(usize::to_string).collect::<Vec<_>>().join("\n"))?;
            return Ok(skipped);
        }
        let mut refused = BTreeSet::new();
        let mut unknown = String::new();
        for said in said(&checked.stdout) {
            let Some(message) = said?.message.filter(|message| message.level == "error") else { continue };
            let mut places = message.spans;
            places.sort_by_key(|place| !place.is_primary);
            let found = places.iter().map(|place| blamed(&owners, place)).find(|found| !found.is_empty());
            match found {
                Some(found) => refused.extend(found),
                None => unknown += &message.rendered.unwrap_or_default(),
            }
        }
        if refused.is_empty() {
            return Err(unknown.into());
        }
        eprintln!("{} are refused by the compiler", refused.len());
        skipped.extend(refused);
        skipped.sort_unstable();
        skipped.dedup();
    }
}

/// The faults whose text stands where the compiler found something; or the nearest before it.
fn blamed(owners: &BTreeMap<PathBuf, Written>, place: &Place) -> BTreeSet<usize> {
    let Some(written) = owners.get(&place.file_name) else { return BTreeSet::new() };
    let own = written.owned.iter().filter(|(range, _)| range.start < place.byte_end && place.byte_start < range.end);
    let found: BTreeSet<usize> = own.map(|(_, fault)| *fault).collect();
    if !found.is_empty() {
        return found;
    }
    let near = written.owned.iter().filter(|(range, _)| range.end <= place.byte_start);
    near.max_by_key(|(range, _)| range.end).map(|(_, fault)| *fault).into_iter().collect()
}

fn built(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let built = cargo(folder)
        .args([
            "test",
            "--quiet",
            "--all-features",
            "--no-run",
            "--lib",
            "--test",
            "it",
            "--test",
            "journal",
            "--message-format=json",
        ])
        .output()?;
    if !built.status.success() {
        return Err("the tests cannot be built".into());
    }
    let mut programs = Vec::new();
    for said in said(&built.stdout) {
        let said = said?;
        if said.profile.is_some_and(|profile| profile.test) {
            programs.extend(said.executable);
        }
    }
    Ok(programs)
}

/// Tests of one program that are run together, and how long they take without a fault.
struct Batch {
    program: PathBuf,
    tests: Vec<String>,
    seconds: f64,
}

/// Quick tests first.
fn stages(folder: &Path, programs: &[PathBuf]) -> Outcome<Vec<Vec<Batch>>> {
    let mut timed: Vec<(f64, &PathBuf, String)> = Vec::new();
    let mut left_out = Vec::new();
    for program in programs {
        let run = Command::new(program)
            .current_dir(folder)
            .envs(ENVIRONMENT)
            .env("RUSTC_BOOTSTRAP", "1")
            .args(["-Zunstable-options", "--report-time", "--test-threads=1", "--skip=exhaustive::"])
            .output()?;
        for line in String::from_utf8_lossy(&run.stdout).lines() {
            let Some((name, rest)) = line.strip_prefix("test ").and_then(|line| line.split_once(" ... ")) else {
                continue;
            };
            let name = name.trim_end_matches(" - should panic").to_owned();
            let seconds = rest.split_once('<').and_then(|(_, rest)| rest.trim_end_matches("s>").parse::<f64>().ok());
            match seconds {
                Some(seconds) if rest.starts_with("ok") && seconds < SLOW => timed.push((seconds, program, name)),
                _ if rest.starts_with("ignored") => {}
                _ => left_out.push(name),
            }
        }
    }
    println!("{} tests, without {}: {}", timed.len(), left_out.len(), left_out.join(" "));
    timed.sort_by(|one, other| one.0.total_cmp(&other.0));
    // The quick ones together, so that none waits for a process of its own; of the others each by itself.
    let mut stages: Vec<Vec<Batch>> = Vec::new();
    let mut all = timed.into_iter().peekable();
    while all.peek().is_some() {
        let mut stage: BTreeMap<&PathBuf, Batch> = BTreeMap::new();
        let mut sum = 0.0;
        while let Some((seconds, program, name)) = all.next_if(|(seconds, ..)| sum == 0.0 || sum + seconds <= TOGETHER)
        {
            sum += seconds.max(f64::MIN_POSITIVE);
            let batch = stage.entry(program).or_insert_with(|| Batch {
                program: program.clone(),
                tests: Vec::new(),
                seconds: 0.0,
            });
            batch.tests.push(name);
            batch.seconds += seconds;
        }
        println!("{} tests, {sum:.1} s", stage.values().map(|batch| batch.tests.len()).sum::<usize>());
        stages.push(stage.into_values().collect());
    }
    Ok(stages)
}

/// How a batch ended.
fn noticed(folder: &Path, batch: &Batch, fault: usize) -> Outcome<Option<String>> {
    let mut child = Command::new("prlimit")
        .arg("--as=6000000000")
        .arg(&batch.program)
        .current_dir(folder)
        .env("FAULT", fault.to_string())
        .envs(ENVIRONMENT)
        .args(["--exact", "--test-threads=1", "--quiet"])
        .args(&batch.tests)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let limit = Duration::from_secs_f64(batch.seconds * 8.0 + 10.0);
    let started = Instant::now();
    let mut out = child.stdout.take().ok_or("no output")?;
    let reader = std::thread::spawn(move || {
        let mut text = Vec::new();
        let _ = std::io::Read::read_to_end(&mut out, &mut text);
        text
    });
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        if started.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            break None;
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    let text = reader.join().unwrap_or_default();
    Ok(match status {
        None => Some("by its time".to_owned()),
        Some(status) if status.success() => None,
        Some(_) => {
            let text = String::from_utf8_lossy(&text);
            let list = text.rsplit_once("failures:\n").map_or("", |(_, list)| list);
            let first = list.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("the process ended");
            Some(first.to_owned())
        }
    })
}

fn tried(folder: &Path, sources: &[Source], skipped: &[usize], stages: &[Vec<Batch>]) -> Outcome<()> {
    let record = folder.join("../faults.tsv");
    let before: BTreeSet<String> = fs::read_to_string(&record)
        .unwrap_or_default()
        .lines()
        .filter_map(|line| line.rsplit_once('\t').map(|(key, _)| key.to_owned()))
        .collect();
    let out = Mutex::new(fs::OpenOptions::new().create(true).append(true).open(&record)?);
    let all: Vec<(usize, String)> = sources
        .iter()
        .flat_map(|source| {
            let chosen = |line| source.lines.is_empty() || source.lines.contains(&line);
            let faults = source.faults.iter().enumerate().filter(move |(_, fault)| chosen(fault.line));
            faults.map(move |(at, fault)| {
                (
                    source.first + at,
                    format!("{}:{}:{}\t{}", source.path.display(), fault.line, fault.column, fault.what),
                )
            })
        })
        .filter(|(number, key)| skipped.binary_search(number).is_err() && !before.contains(key))
        .collect();
    let next = AtomicUsize::new(0);
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((number, key)) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let mut verdict = "MISSED".to_owned();
                    'stages: for stage in stages {
                        for batch in stage {
                            match noticed(folder, batch, *number) {
                                Ok(None) => {}
                                Ok(Some(by)) => {
                                    verdict = by;
                                    break 'stages;
                                }
                                Err(why) => {
                                    verdict = format!("not tried: {why}");
                                    break 'stages;
                                }
                            }
                        }
                    }
                    if let Ok(mut out) = out.lock() {
                        let _ = writeln!(out, "{key}\t{verdict}");
                    }
                    if verdict == "MISSED" {
                        println!("{key}\tMISSED");
                    }
                }
            });
        }
    });
    Ok(())
}
