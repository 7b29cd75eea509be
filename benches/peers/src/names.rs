//! Generators of names: the time for one, and how many of a million come twice.

use std::collections::HashSet;
use std::hint::black_box;

use enterprise_teams::{NameGenerator, ids::Secret};
use haikunator::Haikunator;
use names::{Generator, Name};
use petname::{Generator as _, Petnames};
use rand::SeedableRng;
use rand::rngs::SmallRng;

use crate::ground::clock::take_turns;

const MANY: usize = 1_000_000;
const A_ROUND: usize = 20_000;
const ROUNDS: usize = 15;

/// How many names had come before, and how many came before the first of them.
fn repeats(names: impl Iterator<Item = String>) -> (usize, Option<usize>) {
    let (mut seen, mut repeats, mut first) = (HashSet::new(), 0, None);
    for (number, name) in names.enumerate() {
        if !seen.insert(name) {
            repeats += 1;
            first.get_or_insert(number);
        }
    }
    (repeats, first)
}

fn pass<T>(mut name: impl FnMut() -> T) -> impl FnMut() -> usize {
    move || {
        for _ in 0..A_ROUND {
            black_box(name());
        }
        A_ROUND
    }
}

/// Prints the table.
pub(crate) fn print() {
    let (mut ours, mut ours_as_text) =
        (NameGenerator::new(Secret::from_seed(5)), NameGenerator::new(Secret::from_seed(5)));
    let mut numbered = Generator::with_naming(Name::Numbered);
    let haikunator = Haikunator::default();
    let (petnames, mut random, mut buffer) = (Petnames::default(), SmallRng::seed_from_u64(5), String::new());
    let figures = take_turns(
        ROUNDS,
        &mut [
            &mut pass(|| ours.next()),
            &mut pass(|| ours_as_text.next().map(|name| name.to_string())),
            &mut pass(|| numbered.next()),
            &mut pass(|| haikunator.haikunate()),
            &mut pass(|| petname::petname(2, "-")),
            &mut pass(|| {
                buffer.clear();
                petnames.generate_into(&mut buffer, &mut random, 2, "-");
                black_box(buffer.len())
            }),
        ],
    );
    let of_ours = repeats(NameGenerator::new(Secret::from_seed(5)).take(MANY).map(|name| name.to_string()));
    let into_a_buffer = || {
        let mut name = String::new();
        petnames.generate_into(&mut name, &mut random, 2, "-");
        name
    };
    let repeats = [
        of_ours,
        of_ours,
        repeats(numbered.take(MANY)),
        repeats(std::iter::repeat_with(|| haikunator.haikunate()).take(MANY)),
        repeats(std::iter::from_fn(|| petname::petname(2, "-")).take(MANY)),
        repeats(std::iter::repeat_with(into_a_buffer).take(MANY)),
    ];
    println!("\n### Names\n");
    println!("| | a name | times this crate's | repeats among {MANY} | first repeat after |\n|---|---|---|---|---|");
    let rows = [
        "this crate, `next()`",
        "this crate, as a `String`",
        "`names`, numbered",
        "`haikunator`",
        "`petname`, two words",
        "`petname`, two words, into a buffer, `SmallRng`",
    ];
    for (index, (name, (repeats, first))) in rows.into_iter().zip(repeats).enumerate() {
        let (ns, times) = (figures.ns(index), figures.ratio(index, 0));
        let first = first.map_or("–".to_owned(), |first| first.to_string());
        println!("| {name} | {ns:.0} ns | {times:.1} × | {repeats} | {first} |");
    }
}

#[cfg(test)]
mod tests {
    use super::repeats;

    #[test]
    fn repeats_are_counted() {
        let names = |text: &'static str| text.split(' ').map(str::to_owned);
        assert_eq!(repeats(names("a b c")), (0, None));
        assert_eq!(repeats(names("a b b a c a")), (3, Some(2)));
    }
}
