//! what is fuzzed, over the seeds of its corpus.

#[cfg(feature = "proptest")]
#[path = "../../fuzz/operations.rs"]
mod operations;
#[path = "../../fuzz/targets.rs"]
mod targets;

use std::fs;
use std::path::{Path, PathBuf};

use enterprise_teams::Settings;
use enterprise_teams::TeamStore;

use crate::snapshot::rich;
use crate::support::golden;

/// The seeds of a target, by name.
fn seeds(target: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

macro_rules! targets {
    ($($test:ident: $target:ident $least:literal;)+) => {
        $(
            #[test]
            fn $test() {
                let seeds = seeds(stringify!($target));
                assert!(seeds.len() >= $least, "{} seeds", seeds.len());
                for seed in seeds {
                    targets::$target(&fs::read(seed).unwrap());
                }
            }
        )+

        const TARGETS: &[&str] = &[$(stringify!($target)),+];
    };
}

targets! {
    x_06_any_text_is_read_or_refused: texts 30;
    x_06_any_text_is_a_cursor_or_refused: cursors 16;
    x_06_any_words_make_names_or_are_refused: word_lists 9;
    x_06_any_text_is_a_snapshot_or_refused: snapshot 4;
    x_06_any_change_of_a_snapshot_is_sound_or_refused: snapshot_edits 24;
    x_06_any_text_is_a_log_or_refused: events 4;
    x_06_any_change_of_a_log_is_sound_or_refused: event_edits 24;
}

#[cfg(feature = "proptest")]
#[test]
fn x_06_any_bytes_are_operations() {
    let seeds = seeds("operations");
    assert!(seeds.len() >= 16, "{} seeds", seeds.len());
    for seed in seeds {
        operations::operations(&fs::read(seed).unwrap());
    }
}

#[test]
fn x_06_every_target_has_its_program_and_its_seeds() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let names = |folder: &str| {
        let files = fs::read_dir(fuzz.join(folder)).unwrap();
        let mut names: Vec<String> =
            files.map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned()).collect();
        names.sort();
        names
    };
    let mut targets = [TARGETS, &["operations"]].concat();
    targets.sort_unstable();
    assert_eq!(names("fuzz_targets"), targets);
    assert_eq!(names("corpus"), targets);
}

/// The seeds that are taken are as they are written today; `BLESS=1` writes them.
#[test]
fn x_06_good_snapshots_and_logs_are_taken() {
    for (name, store) in [("empty", TeamStore::new(Settings::from_seed(7))), ("rich", rich())] {
        let snapshot = serde_json::to_string(&store.snapshot()).unwrap();
        TeamStore::restore(serde_json::from_str(&snapshot).unwrap()).unwrap();
        golden(&format!("fuzz/corpus/snapshot/{name}"), &snapshot);
        golden(&format!("fuzz/corpus/events/{name}"), &serde_json::to_string(store.events()).unwrap());
    }
}
