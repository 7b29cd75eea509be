//! Power that fails at any moment, and a disk that is full: by `strace`, which tells what the writer has written and synced, and by
//! `unshare`, which gives it a small disk of its own. Skipped where a machine does not have them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use enterprise_teams::journal::{JournalError, verify};
use enterprise_teams::replica::{ReplicaError, Request};
use enterprise_teams_journal_contract::{Chance, kill, operator, register};
use enterprise_teams_sqlite::SqliteJournal;

use crate::{FILE, SEED, folder, replica, times};

/// What the writer did, in order.
enum Did {
    Wrote {
        file: PathBuf,
        at: usize,
        bytes: Vec<u8>,
    },
    Synced(PathBuf),
    Cut {
        file: PathBuf,
        to: usize,
    },
    Removed(PathBuf),
    /// Said that an event is kept: its number, and the id of its request.
    Answered(u64, String),
}

/// Bytes as `strace -xx` writes them.
fn bytes(text: &str) -> Vec<u8> {
    let digits = text.split("\\x").skip(1);
    digits.map(|digits| u8::from_str_radix(digits, 16).unwrap()).collect()
}

fn path(text: &str) -> PathBuf {
    String::from_utf8(bytes(text)).unwrap().into()
}

/// A line such as `17 pwrite64(5<\x2f>, "\x61\x62", 2, 4096) = 2`.
fn did(line: &str) -> Option<Did> {
    let (call, answer) = line.split_once(' ')?.1.trim_start().rsplit_once(" = ")?;
    let (name, arguments) = call.split_once('(')?;
    let file = || Some(path(arguments.split_once('<')?.1.split_once('>')?.0));
    let number = |text: &str| text.trim().trim_end_matches(')').parse().ok();
    let answer: usize = answer.split(' ').next()?.parse().ok()?;
    Some(match name {
        "pwrite64" => {
            let (_, rest) = arguments.split_once('"')?;
            let (text, rest) = rest.split_once('"')?;
            assert!(!rest.starts_with("..."));
            let mut written = bytes(text);
            written.truncate(answer);
            Did::Wrote { file: file()?, at: number(rest.rsplit_once(',')?.1)?, bytes: written }
        }
        "write" if arguments.starts_with("1<") => {
            let said = String::from_utf8(bytes(arguments.split('"').nth(1)?)).ok()?;
            let (seq, id) = said.trim_end().split_once(' ')?;
            Did::Answered(seq.parse().ok()?, id.to_owned())
        }
        "fsync" | "fdatasync" => Did::Synced(file()?),
        "ftruncate" => Did::Cut { file: file()?, to: number(arguments.rsplit_once(',')?.1)? },
        "unlink" => Did::Removed(path(arguments.split('"').nth(1)?)),
        _ => return None,
    })
}

/// A disk: what is on it whatever happens, and what it was told since.
#[derive(Default)]
struct Disk {
    safe: BTreeMap<PathBuf, Vec<u8>>,
    told: BTreeMap<PathBuf, Vec<u8>>,
}

impl Disk {
    fn does(&mut self, did: &Did, syncs: bool) {
        match did {
            Did::Wrote { file, at, bytes } => {
                let told = self.told.entry(file.clone()).or_default();
                told.resize(told.len().max(at + bytes.len()), 0);
                told[*at..at + bytes.len()].copy_from_slice(bytes);
            }
            Did::Cut { file, to } => self.told.entry(file.clone()).or_default().resize(*to, 0),
            Did::Synced(file) if syncs => {
                if let Some(told) = self.told.get(file) {
                    self.safe.insert(file.clone(), told.clone());
                }
            }
            Did::Removed(file) => {
                self.safe.remove(file);
                self.told.remove(file);
            }
            Did::Synced(_) | Did::Answered(..) => {}
        }
    }

    /// What the next start finds: of what was not synced, each sector is there or is not.
    fn after_a_cut(&self, folder: &Path, chance: &mut Chance) {
        const SECTOR: usize = 512;
        fs::remove_dir_all(folder).unwrap_or_default();
        fs::create_dir(folder).unwrap();
        let none = Vec::new();
        let written = chance.number() % 3;
        for (file, told) in &self.told {
            let mut found = self.safe.get(file).unwrap_or(&none).clone();
            for (at, sector) in told.chunks(SECTOR).enumerate().map(|(index, sector)| (index * SECTOR, sector)) {
                // None of it, some of it, or all of it.
                if written == 0 || written == 1 && chance.number().is_multiple_of(2) {
                    continue;
                }
                found.resize(found.len().max(at + sector.len()), 0);
                found[at..at + sector.len()].copy_from_slice(sector);
            }
            if !found.is_empty() {
                fs::write(folder.join(file.file_name().unwrap()), found).unwrap();
            }
        }
    }
}

/// The calls of a trace, each when it ended: `strace` writes one that takes its time in two parts.
fn calls(trace: &str) -> Vec<Did> {
    let (mut begun, mut calls) = (BTreeMap::new(), Vec::new());
    for line in trace.lines() {
        let (thread, _) = line.split_once(' ').unwrap();
        if let Some(call) = line.strip_suffix(" <unfinished ...>") {
            begun.insert(thread, call);
        } else if let Some((_, rest)) = line.split_once(" resumed>") {
            calls.extend(did(&format!("{}{rest}", begun.remove(thread).unwrap())));
        } else {
            calls.extend(did(line));
        }
    }
    calls
}

fn has(tool: &mut Command) -> bool {
    let ran = tool.stdout(Stdio::null()).stderr(Stdio::null()).status();
    ran.is_ok_and(|status| status.success())
}

fn this(test: &str) -> Vec<String> {
    [std::env::current_exe().unwrap().to_str().unwrap(), "--exact", test, "--nocapture"].map(str::to_owned).to_vec()
}

/// Where it is set, a test is started by one of those below.
const INSIDE: &str = "ENTERPRISE_TEAMS_SQLITE_INSIDE";

#[test]
fn alone() {
    if std::env::var(INSIDE).is_err() {
        return;
    }
    kill::write(SqliteJournal::open(std::env::var(FILE).unwrap()).unwrap(), 7, 1, 300);
}

/// How many cuts of the power lose something that was answered, or leave what is not to be opened.
fn lost(all: &[Did], syncs: bool, cuts: u32) -> u32 {
    let (folder, _) = folder();
    let image = folder.path().join("image");
    let (mut chance, mut lost) = (Chance(23), 0);
    for _ in 0..cuts {
        let cut = usize::try_from(chance.number() % all.len() as u64).unwrap();
        let (mut disk, mut answered) = (Disk::default(), BTreeMap::new());
        for did in &all[..cut] {
            disk.does(did, syncs);
            if let Did::Answered(seq, id) = did {
                answered.insert(*seq, id.clone());
            }
        }
        disk.after_a_cut(&image, &mut chance);
        let looked = std::panic::catch_unwind(|| {
            let mut journal = SqliteJournal::open(image.join("teams.db")).unwrap();
            kill::look(&mut journal, &answered)
        });
        lost += u32::from(looked.is_err());
    }
    lost
}

#[test]
fn whatever_was_answered_outlives_the_power_and_without_syncs_it_would_not() {
    if !has(Command::new("strace").args(["-o", "/dev/null", "true"])) {
        println!("skipped: strace is not there, or may not trace");
        return;
    }
    let (folder, path) = folder();
    let trace = folder.path().join("trace");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-y", "-xx", "-s", "100000", "-e", "trace=pwrite64,write,fsync,fdatasync,ftruncate,unlink"]);
    strace.arg("-o").arg(&trace).args(this("power::alone")).env(INSIDE, "").env(FILE, &path).stdout(Stdio::null());
    assert!(strace.status().unwrap().success());
    let all = calls(&fs::read_to_string(&trace).unwrap());
    let answers = all.iter().filter(|did| matches!(did, Did::Answered(..))).count();
    let cuts = times("CUTS", 30);
    let kept = lost(&all, true, cuts);
    // The control: the same writer, if it did not sync.
    let control = lost(&all, false, cuts);
    println!("{cuts} cuts among {answers} answers: {kept} lost something, without syncs {control}");
    assert_eq!(kept, 0);
    assert!(answers > 100 && control * 2 > cuts, "{control}");
}

#[test]
fn on_a_small_disk() {
    let Ok(folder) = std::env::var(INSIDE) else { return };
    let folder = Path::new(&folder);
    let path = folder.join("teams.db");
    let replica = replica(&path);
    let ballast = folder.join("ballast");
    fs::write(&ballast, vec![1; 500_000]).unwrap();
    let ask = |number: u64| replica.perform(Request::new(operator(), register(&format!("user-{number}"))));
    let (mut number, mut rounds) = (0, 0);
    while rounds < 3 {
        match ask(number) {
            Ok(_) => number += 1,
            Err(ReplicaError::Journal(JournalError::Unavailable(cause))) => {
                // Nothing of it is there, and what was kept is.
                assert_eq!(replica.read().seq(), number + 1);
                assert_eq!(verify(&mut SqliteJournal::open_to_read(&path).unwrap()).unwrap().seq, number + 1);
                println!("full with {number} events: {cause}");
                let room = fs::metadata(&ballast).unwrap().len().saturating_sub(150_000);
                fs::File::options().write(true).open(&ballast).unwrap().set_len(room).unwrap();
                rounds += 1;
            }
            Err(error) => panic!("{error}"),
        }
    }
    let before = number;
    while number < before + 10 {
        ask(number).unwrap();
        number += 1;
    }
    drop(replica);
    assert_eq!(verify(&mut SqliteJournal::open(&path).unwrap()).unwrap().seq, number + 1);
    fs::write(folder.join("done"), "").unwrap();
    println!("it went on three times");
}

#[test]
fn a_full_disk_is_told_leaves_nothing_half_and_is_gone_on_from() {
    let (folder, _) = folder();
    let mount = "mount -t tmpfs -o size=3m none \"$0\" && ";
    let inside = |then: &str| {
        let mut command = Command::new("unshare");
        command.args(["-rm", "sh", "-c", &format!("{mount}{then}")]).arg(folder.path());
        command
    };
    if !has(&mut inside("true")) {
        println!("skipped: unshare is not there, or may not mount");
        return;
    }
    let mut run = inside("\"$@\" && test -e \"$0/done\"");
    let ran = run.args(this("power::on_a_small_disk")).env(INSIDE, folder.path()).env_remove(SEED).status();
    assert!(ran.unwrap().success());
}
