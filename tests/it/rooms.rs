//! Who stands on whom: a module of `src` uses only those above it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use crate::support::files;

/// The modules at the root, the lowest first, as the document lists them. Where the order is not that in which one would tell of
/// them: a text that does not parse breaks a rule, so that `rule` stands before `names`; `words` before `name_gen`, which is made
/// of them; `actor` before `entity`, since an invitation says who sent it; `version` before `event`, whose entries begin with one.
static ROOMS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ARCHITECTURE.md")).expect("a text");
    let (_, rest) = text.split_once("<!-- rooms -->\n```text\n").expect("the start of the list");
    let (list, _) = rest.split_once("```\n<!-- end -->").expect("its end");
    let rooms = list.lines().filter_map(|line| line.split_once("  ")).flat_map(|(rooms, _)| rooms.split(' '));
    rooms.map(String::from).collect()
});

/// Where the module stands, from below.
fn floor(room: &str) -> Option<usize> {
    ROOMS.iter().position(|one| one == room)
}

/// What a file of the crate uses of its other modules: the word after each `crate::` that is no comment or documentation, and after `super::` where
/// that is the root. Its unit tests may use what they like.
fn used(text: &str, at_root: bool) -> BTreeSet<&str> {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !["//", "#[doc"].iter().any(|start| line.trim_start().starts_with(start)));
    let paths = lines.flat_map(|line| {
        let of_root = line.split("crate::").skip(1);
        of_root.chain(line.split("super::").skip(1).filter(move |_| at_root))
    });
    paths.filter_map(|rest| rest.split(|found: char| !found.is_ascii_alphanumeric() && found != '_').next()).collect()
}

/// The uses of what stands higher, or nowhere.
fn uphill<'t>(room: &str, text: &'t str, at_root: bool) -> Vec<&'t str> {
    let used = used(text, at_root).into_iter().filter(|other| *other != room);
    used.filter(|other| floor(other).is_none_or(|other| floor(room).is_none_or(|own| other > own))).collect()
}

#[test]
fn a_use_of_a_higher_room_is_found() {
    assert_eq!(uphill("policy", "use crate::role::Role;\n// crate::store\n/// [`crate::query`]\n", true), [""; 0]);
    assert_eq!(uphill("policy", "use crate::access::Caller;\n", true), ["access"]);
    assert_eq!(uphill("policy", "fn of(store: &super::store::TeamStore) {}\n", true), ["store"]);
    assert_eq!(uphill("state", "use super::table::Table;\n", false), [""; 0]);
    assert_eq!(uphill("state", "use crate::Event;\n", false), ["Event"], "what is used is named after its module");
    assert_eq!(uphill("attic", "use crate::ids::TeamId;\n", true), ["ids"], "a module that stands nowhere");
    assert_eq!(uphill("code", "#[cfg(test)]\nmod tests {\n    use crate::store::TeamStore;\n", true), [""; 0]);
}

#[test]
fn a_module_uses_only_those_above_it_in_the_list() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut rooms, mut found) = (BTreeSet::new(), Vec::new());
    for (path, text) in files(&root) {
        let inside: PathBuf = path.strip_prefix(&root).expect("a file of the crate").into();
        let of_tests =
            inside.components().any(|part| ["tests", "tests.rs"].iter().any(|name| part.as_os_str() == *name));
        let first = inside.components().next().map(|part| part.as_os_str().to_string_lossy().into_owned());
        let room = first.unwrap_or_default().trim_end_matches(".rs").to_owned();
        if room == "lib" || of_tests || inside.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let higher = uphill(&room, &text, inside.components().count() == 1);
        found.extend(higher.into_iter().map(|other| format!("{} uses {other:?}", inside.display())));
        rooms.insert(room);
    }
    assert_eq!(found, Vec::<String>::new());
    let listed: BTreeSet<String> = ROOMS.iter().cloned().collect();
    assert!(rooms.is_subset(&listed), "without a place in the list: {:?}", rooms.difference(&listed));
}
