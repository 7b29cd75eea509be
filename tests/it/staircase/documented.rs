//! what the documentation of an operation lists is what its staircases show, in their order.

use super::shown;
use crate::documented::{Row, documented};

/// Listed, and shown by no staircase: these take four billion rows.
const UNREACHED: [&str; 9] = [
    "create-app",
    "create-group",
    "create-pipeline",
    "create-role",
    "create-space",
    "create-team-in",
    "open-account",
    "provision-team",
    "register-user",
];

/// Whether the codes stand in the list in this order.
fn in_order(codes: &[&str], list: &[Row]) -> bool {
    let mut list = list.iter();
    codes.iter().all(|code| list.any(|row| row.code == *code))
}

#[test]
fn x_02_the_documentation_lists_what_the_staircases_show() {
    let (documented, shown) = (documented(), shown());
    assert!(documented.keys().eq(shown.keys()));
    let mut unreached = Vec::new();
    for (operation, staircases) in &shown {
        let list = &documented[*operation];
        // What is not found stands first, in the order of the arguments, which is that of the staircases; the rest is in
        // the order of the catalogue.
        let arguments = list.iter().take_while(|row| row.code.ends_with("-not-found")).count();
        let rest = &list[arguments..];
        let rungs: Vec<usize> = rest.iter().map(|row| row.rung).collect();
        assert!(rungs.is_sorted_by(|one, other| one < other), "the order of the errors of `{operation}`");
        assert!(rest.iter().all(|row| !row.code.ends_with("-not-found")), "the arguments of `{operation}`");
        assert!(list[0].code == "actor-not-found", "`{operation}`");
        for codes in staircases {
            assert!(in_order(codes, list), "`{operation}` shows {codes:?}");
        }
        let missing = list.iter().filter(|row| !staircases.iter().flatten().any(|code| *code == row.code));
        unreached.extend(missing.map(|row| (*operation, row.code)));
    }
    assert_eq!(unreached, UNREACHED.map(|operation| (operation, "store-full")));
}
