//! Processes that write a journal and are killed at random moments: nothing that they answered is lost.
//!
//! The test program starts itself again as the writer: [`write`](fn@write) in the child, [`run`] in the parent.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use enterprise_teams::journal::{Journal, open, verify};
use enterprise_teams::replica::{ReplicaError, Request};
use enterprise_teams::{EventContext, TeamStore};

use crate::{Chance, replica};

/// What a run of kills came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How many processes were killed.
    pub kills: u32,
    /// How many events they had answered with.
    pub acknowledged: u64,
    /// How many events the journal has.
    pub kept: u64,
}

/// Writes operations of every kind from several threads until it is killed, or has done `most` of them, and says of each on the standard
/// output when it is answered: its number, and the id of its request.
pub fn write<J: Journal>(journal: J, seed: u64, threads: u64, most: u64) {
    let replica = replica(journal);
    let (done, out) = (AtomicU64::new(0), Mutex::new(std::io::stdout()));
    thread::scope(|scope| {
        for thread in 0..threads {
            let (replica, done, out) = (&replica, &done, &out);
            scope.spawn(move || {
                let mut chance = Chance(seed.wrapping_mul(1000) + thread);
                while done.fetch_add(1, Ordering::Relaxed) < most {
                    let number = chance.number();
                    let (actor, operation) = chance.step().decode(&replica.read());
                    let id = format!("{seed}-{thread}-{number}");
                    let context = EventContext::new().request_id(id.parse().expect("a text"));
                    let request = Request::new(actor, operation).context(context).key(id.parse().expect("a text"));
                    match replica.perform(request) {
                        Ok(event) => {
                            let mut out = out.lock().expect("no thread panics");
                            writeln!(out, "{} {id}", event.seq).and_then(|()| out.flush()).expect("the parent reads");
                            if event.seq.is_multiple_of(400) {
                                replica.keep_snapshot().expect("kept");
                            }
                        }
                        Err(ReplicaError::Refused(_)) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
            });
        }
    });
}

/// Starts the writer, kills it after a random while, opens the journal, and looks that everything is there that was answered: so many
/// times. `command` makes the writer, which is this program calling [`write`](fn@write) with the seed.
pub fn run<J: Journal>(
    kills: u32,
    mut command: impl FnMut(u64) -> Command,
    mut open_again: impl FnMut() -> J,
) -> Outcome {
    let mut chance = Chance(17);
    let mut acknowledged = BTreeMap::<u64, String>::new();
    let mut kept = 0;
    for seed in 0..u64::from(kills) {
        let mut writer = command(seed).stdout(Stdio::piped()).spawn().expect("the writer starts");
        let lines = BufReader::new(writer.stdout.take().expect("piped")).lines();
        let reader = thread::spawn(move || {
            let said = lines.map_while(Result::ok).filter_map(|line| {
                let (seq, id) = line.split_once(' ')?;
                Some((seq.parse().ok()?, id.to_owned()))
            });
            said.collect::<Vec<(u64, String)>>()
        });
        thread::sleep(Duration::from_millis(80 + chance.number() % 400));
        writer.kill().expect("it is killed");
        let ended = writer.wait().expect("it has ended");
        assert!(!ended.success(), "it was still writing");
        for (seq, id) in reader.join().expect("the reader") {
            assert_eq!(acknowledged.insert(seq, id), None, "event {seq} twice");
        }
        kept = look(&mut open_again(), &acknowledged);
    }
    Outcome { kills, acknowledged: acknowledged.len() as u64, kept }
}

/// Everything that was answered is there, and the whole log, a follower and the newest snapshot with what came after it make equal stores.
pub fn look(journal: &mut impl Journal, acknowledged: &BTreeMap<u64, String>) -> u64 {
    let end = verify(journal).expect("sound");
    let entries = journal.read(0, usize::MAX).expect("readable");
    let events: Vec<_> = entries.iter().map(|entry| entry.audit_event().expect("readable")).collect();
    for (seq, id) in acknowledged {
        let event = usize::try_from(*seq).ok().and_then(|seq| events.get(seq.checked_sub(1)?));
        let context = event.and_then(|event| event.context.as_ref()?.request_id.as_ref());
        assert_eq!(context.map(AsRef::as_ref), Some(id.as_str()), "event {seq} was answered");
    }
    if events.is_empty() {
        return 0;
    }
    let opened = open(journal, || panic!("it has begun"), usize::MAX).expect("opens");
    let mut replayed = TeamStore::replay(events).expect("replays");
    assert_eq!((opened.position, opened.violations.len(), opened.skipped.len()), (end, 0, 0));
    let mut opened = opened.store;
    if replayed.events().len() != opened.events().len() {
        for store in [&mut opened, &mut replayed] {
            store.drain_events(0);
        }
    }
    assert!(opened == replayed);
    end.seq
}
