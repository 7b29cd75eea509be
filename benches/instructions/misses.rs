//! How often a check waits for memory: what the caches of a simulated processor have not got, of a thousand checks that touch other rows
//! each time.
//!
//! `TEAMS=10000 cargo bench -p instructions --bench misses` (a quarter of an hour at 10,000 teams: the store is built under valgrind); `RAM
//! Hits` by a thousand is what one check misses.

#![allow(missing_docs, clippy::indexing_slicing, clippy::cast_possible_truncation, dead_code, reason = "a bench")]

#[path = "../ground/ours.rs"]
mod ours;
#[path = "../ground/world.rs"]
mod world;

use std::hint::black_box;

use enterprise_teams::{Actor, AppAction, AppId};
use gungraun::{Callgrind, LibraryBenchmarkConfig, library_benchmark, library_benchmark_group, main};
use ours::Ours;
use world::{ACTIONS, AccessQuery, SMALL, World};

const TIMES: usize = 1000;

/// The store, and what is asked, written last: it is in the caches.
type Scene = (Ours, Vec<(Actor, AppAction, AppId)>);

fn scene() -> Scene {
    let teams = std::env::var("TEAMS").ok().and_then(|text| text.parse().ok()).unwrap_or(1000);
    let world = World::new(teams, SMALL);
    let ours = Ours::new(&world, 0).expect("the store is built");
    let asked = world.questions(TIMES).into_iter().map(|AccessQuery { user, client, action, app }| {
        (ours.actor(user, client), ACTIONS[action as usize].0, ours.apps[app as usize])
    });
    let asked: Vec<_> = asked.collect();
    drop(world);
    (ours, asked.clone())
}

#[library_benchmark(setup = scene)]
#[bench::counted()]
fn check((ours, asked): Scene) -> Scene {
    for (actor, action, app) in &asked {
        black_box(ours.store.can(*actor, *action, *app));
    }
    (ours, asked)
}

library_benchmark_group!(name = misses, benchmarks = [check]);
main!(
    // Caches of a size that many machines have, whatever this one has.
    config = LibraryBenchmarkConfig::default().pass_through_env("TEAMS").tool(Callgrind::with_args([
        "--cache-sim=yes",
        "--D1=32768,8,64",
        "--LL=8388608,16,64"
    ])),
    library_benchmark_groups = misses
);
