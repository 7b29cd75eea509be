//! The questions of the benches, put to other engines too, and names from other generators.
//!
//! `peers [--all] [checks] [names]`

#![allow(clippy::indexing_slicing, clippy::cast_precision_loss, reason = "a bench")]

mod checks;
mod compare;
mod engines;
#[path = "../../ground/mod.rs"]
mod ground;
mod names;

use engines::Outcome;
use ground::world::LARGE;

fn main() -> Outcome<()> {
    let (mut all, mut parts) = (false, vec![]);
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--all" => all = true,
            "checks" | "names" => parts.push(argument),
            _ => return Err(format!("`{argument}` is none of `--all`, `checks`, `names`").into()),
        }
    }
    let part = |name: &str| parts.is_empty() || parts.iter().any(|part| part == name);
    if part("checks") {
        for teams in [1, 100] {
            checks::print(teams, LARGE, all)?;
        }
    }
    if part("names") {
        names::print();
    }
    Ok(())
}
