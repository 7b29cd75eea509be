//! the model against the store for as long as one likes.

use std::any::Any;
use std::env;
use std::panic::{self, AssertUnwindSafe};
use std::time::{Duration, Instant, SystemTime};

use enterprise_teams::testing::Step;

use super::run;
use crate::random::{self, numbers};

fn number(name: &str) -> Option<u64> {
    env::var(name).ok().map(|text| text.parse().expect(name))
}

/// The steps of a run: up to 200.
fn steps(seed: u64) -> Vec<Step> {
    let length = numbers(!seed).next().map_or(0, |[first, ..]| usize::from(first) % 201);
    random::steps(seed).take(length).collect()
}

/// How many verdicts agree in a run, or what goes wrong.
fn try_run(seed: u64, steps: &[Step], every: usize) -> Result<usize, String> {
    let text = |payload: Box<dyn Any + Send>| {
        let text = payload.downcast::<String>().map(|text| *text);
        text.unwrap_or_else(|other| other.downcast_ref::<&str>().unwrap_or(&"another panic").to_string())
    };
    panic::catch_unwind(AssertUnwindSafe(|| run(seed, steps, every).verdicts)).map_err(text)
}

/// The steps without those that the failure does not need, tried in halves, quarters and so on.
fn shrink(seed: u64, mut steps: Vec<Step>) -> Vec<Step> {
    let mut part = steps.len() / 2;
    while part > 0 {
        let mut from = 0;
        while from < steps.len() {
            let mut fewer = steps.clone();
            fewer.drain(from..(from + part).min(fewer.len()));
            if try_run(seed, &fewer, 1).is_err() {
                steps = fewer;
            } else {
                from += part;
            }
        }
        part /= 2;
    }
    steps
}

/// Runs with the seeds from `SOAK_SEED` on, by default from what the clock says, for `SOAK_SECONDS`, by default 10.
/// Verdicts are compared at every step, the one of who acts and those of everybody else; the states after every 16th
/// step and at the end of a run, with replay and snapshot. What fails is shrunk, and the seed that runs into it at once
/// is told.
#[test]
#[ignore = "runs for SOAK_SECONDS"]
fn x_02_the_model_agrees_for_long() {
    let clock = || SystemTime::UNIX_EPOCH.elapsed().map_or(0, |time| u64::try_from(time.as_nanos()).unwrap_or(0));
    let (seconds, first) = (number("SOAK_SECONDS").unwrap_or(10), number("SOAK_SEED").unwrap_or_else(clock));
    println!("SOAK_SEED={first}");
    let (start, mut operations, mut verdicts) = (Instant::now(), 0, 0);
    for seed in (0..).map(|run| first.wrapping_add(run)) {
        let steps = steps(seed);
        let Ok(agreed) = try_run(seed, &steps, 16) else {
            let loud = panic::take_hook();
            panic::set_hook(Box::new(|_| {}));
            let steps = shrink(seed, steps);
            let story = try_run(seed, &steps, 1).err().unwrap_or_default();
            panic::set_hook(loud);
            panic!("SOAK_SEED={seed} fails, {operations} operations after {first}; shrunk: {steps:?}\n{story}");
        };
        verdicts += agreed;
        operations += steps.len();
        if start.elapsed() > Duration::from_secs(seconds) {
            break;
        }
    }
    let passed = start.elapsed().as_secs_f64();
    println!("{operations} operations and {verdicts} verdicts compared in {passed:.0} seconds");
}
