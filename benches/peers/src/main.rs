//! The questions of the benches, put to other engines too, and names from other generators.

#![allow(clippy::indexing_slicing, clippy::cast_precision_loss, reason = "a bench")]

mod checks;
mod compare;
mod engines;
#[path = "../../ground/mod.rs"]
mod ground;
mod names;

use clap::{Parser, ValueEnum};
use engines::Outcome;
use ground::world::LARGE;

/// Puts the questions of the benches to other engines too, and draws names from other generators.
#[derive(Parser)]
#[command(name = "peers")]
struct Options {
    /// Also what takes minutes
    #[arg(long)]
    all: bool,
    /// What of it; all, where nothing is named
    parts: Vec<Part>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Checks,
    Names,
}

fn main() -> Outcome<()> {
    let Options { all, parts } = Options::parse();
    let wanted = |part| parts.is_empty() || parts.contains(&part);
    if wanted(Part::Checks) {
        for teams in [1, 100] {
            checks::print(teams, LARGE, all)?;
        }
    }
    if wanted(Part::Names) {
        names::print();
    }
    Ok(())
}
