//! The permission decisions of random stores, held against engines that nobody here wrote.
//!
//! A store is exported, the engine reads the export, and both are asked the same: everything that anybody could ask about
//! it. The policies were written from the published tables, which are copied under `tables/`.

mod cedar;
mod numbers;
mod question;
mod tally;
mod world;

pub use cedar::Engine;
pub use question::{Asked, questions};
pub use tally::{Disagreement, Tally};
pub use world::{ASKED_AT, World};

use enterprise_teams::TeamStore;

/// Somebody who decides as the store does, one hopes.
pub trait Opinion {
    /// Whether the actor may do it.
    fn allows(&self, asked: Asked) -> bool;

    /// The answer in words, for a disagreement.
    fn because(&self, asked: Asked) -> String;
}

/// Asks the store and the other one everything.
pub fn compare(world: &World, other: &impl Opinion, tally: &mut Tally) {
    for asked in questions(world) {
        let (here, there) = (asked.of(&world.store), other.allows(asked));
        tally.count(asked, here);
        if here != there {
            let (here, there) = (explained(&world.store, asked), other.because(asked));
            tally.disagreements.push(Disagreement { seed: world.seed, asked, here, there });
        }
    }
}

fn explained(store: &TeamStore, asked: Asked) -> String {
    asked.explain(store).map_or_else(|error| error.to_string(), |explanation| explanation.to_string())
}
