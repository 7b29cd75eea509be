//! Names for things that nobody wants to name: `cargo run --example name_generator`.

use std::collections::HashSet;
use std::error::Error;
use std::fmt::Write;

use enterprise_teams::{NameGenerator, ids::Secret, name_gen::WordLists};

fn main() -> Result<(), Box<dyn Error>> {
    print!("{}", run()?);
    Ok(())
}

/// Draws names, and gives what there is to say of them.
pub(crate) fn run() -> Result<String, Box<dyn Error>> {
    let mut out = String::new();
    writeln!(out, "The first names of seed 42:")?;
    let mut names = NameGenerator::new(Secret::from_seed(42));
    for name in names.by_ref().take(4) {
        writeln!(out, "  {name}")?;
    }

    writeln!(out, "\nAny other costs the same, and every name knows its place:")?;
    let far = names.nth_name(400_000_000).ok_or("past the end")?;
    writeln!(out, "  number 400000000 is {far}")?;
    for text in ["gentle-garden-8862", "my-shop"] {
        match names.index_of(&text.parse()?) {
            Some(index) => writeln!(out, "  {text} is number {index}")?,
            None => writeln!(out, "  {text} never comes")?,
        }
    }

    writeln!(out, "\nSecret and position are all that is needed to go on tomorrow:")?;
    let mut names = NameGenerator::new(names.secret()).starting_at(names.position());
    let next = names.next().ok_or("all names have come")?;
    writeln!(out, "  {next}")?;

    writeln!(out, "\nNames that somebody has taken by hand are stepped over:")?;
    let taken: HashSet<_> = names.clone().take(2).collect();
    let free = names.find(|name| !taken.contains(name)).ok_or("all names are taken")?;
    writeln!(out, "  {free} is number {}", names.position() - 1)?;

    writeln!(out, "\nOwn words make a space of their own, and it ends:")?;
    let words = WordLists::new(["teal", "amber"], ["kite", "drum", "sail"])?;
    let mut names = NameGenerator::with_words(words, Secret::from_seed(7));
    writeln!(out, "  {} names come", names.by_ref().count())?;
    writeln!(out, "  then comes {:?}", names.next())?;

    writeln!(out, "\nOwn words that would not make valid names are refused:")?;
    let refusals = [
        WordLists::new(["teal", "Amber"], ["kite"]),
        WordLists::new(["teal"], ["kite", "drum", "kite"]),
        WordLists::new(["teal"], ["unforgettable"]),
        WordLists::new(["teal"], [""; 0]),
    ];
    for refusal in refusals.into_iter().filter_map(Result::err) {
        writeln!(out, "  {refusal}")?;
    }
    Ok(out)
}
