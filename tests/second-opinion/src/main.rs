//! Holds the decisions of random stores against Cedar's: `second-opinion [STORES] [SEED]`.

use std::error::Error;
use std::process::ExitCode;

use second_opinion::{ASKED_AT, Engine, Tally, World, compare};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default: u64| arguments.next().map_or(Ok(default), |text| text.parse());
    let (stores, first) = (number(60)?, number(1)?);
    let mut tally = Tally::default();
    for seed in first..first + stores {
        let world = World::random(seed);
        compare(&world, &Engine::new(&world.store.export_cedar(ASKED_AT))?, &mut tally);
    }
    for disagreement in &tally.disagreements {
        println!("{disagreement}");
    }
    let (allowed, denied, disagreements) = (tally.allowed(), tally.denied(), tally.disagreements.len());
    println!("{stores} stores, from seed {first} on: {} checks against Cedar", allowed + denied);
    println!("{allowed} allowed, {denied} denied, {disagreements} disagreements");
    match tally.one_sided() {
        none if none.is_empty() => println!("each of {} actions and capabilities both ways", tally.answers.len()),
        some => println!("always allowed, or always denied: {}", some.join(", ")),
    }
    let agreed = disagreements == 0 && allowed > 0 && denied > 0;
    Ok(if agreed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
