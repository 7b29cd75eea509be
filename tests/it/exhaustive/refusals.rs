//! with what the operations are refused in small worlds, as it was when it was last read with care, and as it is
//! documented.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::small;
use crate::documented::documented;
use crate::staircase;

/// An operation and the code of a refusal on each line.
fn golden() -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/golden/refusals.txt");
    fs::read_to_string(file).expect("the table of refusals")
}

fn table<'t>(refusals: impl IntoIterator<Item = (&'t str, &'t str)>) -> BTreeSet<String> {
    refusals.into_iter().map(|(operation, code)| format!("{operation} {code}")).collect()
}

fn refused(all: bool) -> BTreeSet<String> {
    table(small::refusals(all).iter().map(|(operation, code)| (operation.code(), *code)))
}

#[test]
fn x_02_small_worlds_refuse_nothing_that_the_table_does_not_say() {
    let (found, golden) = (refused(false), golden());
    let golden: BTreeSet<String> = golden.lines().map(str::to_owned).collect();
    assert!(!found.is_empty());
    assert!(found.is_subset(&golden), "new: {:#?}", found.difference(&golden).collect::<Vec<_>>());
}

#[test]
#[ignore = "in optimised code: see `.ci/run`"]
fn x_02_small_worlds_refuse_what_the_table_says() {
    let found = refused(true);
    let golden: BTreeSet<String> = golden().lines().map(str::to_owned).collect();
    let new: Vec<_> = found.difference(&golden).collect();
    let gone: Vec<_> = golden.difference(&found).collect();
    assert!(found == golden, "new: {new:#?}\ngone: {gone:#?}");
}

/// What is in the table is documented; what is documented and not in the table takes more than a small world: a staircase shows
/// it, unless it takes four billion rows.
#[test]
fn x_02_the_documentation_lists_what_small_worlds_refuse() {
    let (golden, documented, shown) = (golden(), documented(), staircase::shown());
    let listed = documented.iter().flat_map(|(operation, rows)| rows.iter().map(|row| (operation.as_str(), row.code)));
    let listed = table(listed);
    // What the page of the store says once: where third-party clients are kept out, so are weak sign-ins (SEC-5); and whoever is
    // suspended is kept out everywhere (SUS-1).
    let said_once = [" team-requires-mfa-or-sso", " actor-suspended"];
    let reached = golden.lines().filter(|line| !said_once.iter().any(|code| line.ends_with(code)));
    let reached: BTreeSet<String> = reached.map(str::to_owned).collect();
    assert!(golden.lines().is_sorted_by(|one, other| one < other), "the table is sorted");
    assert!(reached.is_subset(&listed), "not documented: {:#?}", reached.difference(&listed).collect::<Vec<_>>());
    let shown = shown.iter().flat_map(|(operation, stairs)| stairs.iter().flatten().map(|code| (*operation, *code)));
    let shown = table(shown);
    let unseen: Vec<_> =
        listed.difference(&reached).filter(|line| !shown.contains(*line) && !line.ends_with(" store-full")).collect();
    assert!(unseen.is_empty(), "documented, and nowhere seen: {unseen:#?}");
}
