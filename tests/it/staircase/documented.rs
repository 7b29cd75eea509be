//! what the documentation of an operation lists is what its staircases show, in their order.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use enterprise_teams::{Error, Kind, Rule};

use super::{Climbed, all};

/// Listed, and shown by no staircase: these take four billion rows.
const UNREACHED: [&str; 7] = [
    "create-app",
    "create-pipeline",
    "create-space",
    "create-team-in",
    "open-account",
    "provision-team",
    "register-user",
];

/// A row of the catalogue, with the name of the variant.
struct Row {
    variant: String,
    rung: usize,
    code: &'static str,
    rule: Rule,
    kind: Kind,
}

fn catalogue() -> Vec<Row> {
    let variant = |code: &str| {
        let words = code.split('-').filter_map(|word| word.split_at_checked(1));
        words.map(|(first, rest)| first.to_uppercase() + rest).collect::<String>().replace("Oauth", "OAuth")
    };
    let rows = Error::CATALOGUE.iter().enumerate();
    rows.map(|(rung, (code, rule, kind))| Row { variant: variant(code), rung, code, rule: *rule, kind: *kind })
        .collect()
}

/// The operations of the store, spelled as in data, each with the paragraph that lists its errors.
fn paragraphs() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    for file in fs::read_dir(folder).expect("the sources") {
        let source = fs::read_to_string(file.expect("a file").path()).expect("a source");
        let (mut documentation, mut ended) = (Vec::new(), true);
        let mut lines = source.lines().map(str::trim);
        while let Some(line) = lines.next() {
            if let Some(text) = line.strip_prefix("///") {
                if ended {
                    documentation.clear();
                }
                documentation.push(text.trim());
                ended = false;
                continue;
            }
            ended = true;
            let Some((name, rest)) = line.strip_prefix("pub fn ").and_then(|line| line.split_once('(')) else {
                continue;
            };
            let mut signature = rest.to_owned();
            while !signature.contains('{') {
                signature += lines.next().expect("the rest of the signature");
            }
            // `perform` is all of them.
            if !signature.contains("&mut self") || !signature.contains("actor: Actor") || name == "perform" {
                continue;
            }
            let list = documentation.iter().skip_while(|line| **line != "# Errors").skip(1);
            let list: Vec<&str> = list.take_while(|line| !line.is_empty()).copied().collect();
            assert!(found.insert(name.replace('_', "-"), list.join(" ")).is_none(), "`{name}` twice");
        }
    }
    found
}

/// The codes that the paragraph links to; it holds nothing else than the links, each with its rule.
#[track_caller]
fn listed<'c>(operation: &str, paragraph: &str, catalogue: &'c [Row]) -> Vec<&'c Row> {
    let variants = paragraph.split("(Error::").skip(1).map(|link| link.split(')').next().unwrap());
    let row = |variant: &str| catalogue.iter().find(|row| row.variant == variant);
    let rows: Vec<&Row> = variants.map(|variant| row(variant).unwrap_or_else(|| panic!("`{variant}`"))).collect();
    let links = rows.iter().map(|Row { variant, rule, .. }| format!("[`{variant}`](Error::{variant}) ({rule})"));
    assert_eq!(paragraph, links.collect::<Vec<_>>().join(", ") + ".", "the errors of `{operation}`");
    rows
}

/// Whether the codes stand in the list in this order.
fn in_order(codes: &[&str], list: &[&Row]) -> bool {
    let mut list = list.iter();
    codes.iter().all(|code| list.any(|row| row.code == *code))
}

#[test]
fn x_02_the_documentation_lists_what_the_staircases_show() {
    let mut shown = BTreeMap::<String, Vec<Vec<&'static str>>>::new();
    for Climbed { operation, codes } in all() {
        shown.entry(operation).or_default().push(codes);
    }
    let (catalogue, paragraphs) = (catalogue(), paragraphs());
    assert_eq!(paragraphs.keys().collect::<Vec<_>>(), shown.keys().collect::<Vec<_>>());
    let mut unreached = Vec::new();
    for (operation, staircases) in &shown {
        let list = listed(operation, &paragraphs[operation], &catalogue);
        // What is not found stands first, in the order of the arguments, which is that of the staircases; the rest is in
        // the order of the catalogue.
        let arguments = list.iter().take_while(|row| row.kind == Kind::NotFound).count();
        let rest = &list[arguments..];
        let rungs: Vec<usize> = rest.iter().map(|row| row.rung).collect();
        assert!(rungs.is_sorted_by(|one, other| one < other), "the order of the errors of `{operation}`");
        assert!(rest.iter().all(|row| row.kind != Kind::NotFound), "the arguments of `{operation}`");
        assert!(list[0].code == "actor-not-found", "`{operation}`");
        for codes in staircases {
            assert!(in_order(codes, &list), "`{operation}` shows {codes:?}");
        }
        let missing = list.iter().filter(|row| !staircases.iter().flatten().any(|code| *code == row.code));
        unreached.extend(missing.map(|row| (operation.clone(), row.code)));
    }
    assert_eq!(unreached, UNREACHED.map(|operation| (operation.to_owned(), "store-full")));
}
