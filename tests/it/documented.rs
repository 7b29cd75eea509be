//! What the documentation of the operations says of their errors.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use enterprise_teams::{Error, Rule};

/// A row of the catalogue, with the name of the variant.
#[derive(Clone)]
pub(crate) struct Row {
    variant: String,
    pub(crate) rung: usize,
    pub(crate) code: &'static str,
    rule: Rule,
}

/// The operations of the store, spelled as in data, each with the errors that it lists.
pub(crate) fn documented() -> BTreeMap<String, Vec<Row>> {
    let catalogue = catalogue();
    let listed = |(operation, paragraph): (String, String)| {
        let list = listed(&operation, &paragraph, &catalogue);
        (operation, list)
    };
    paragraphs().into_iter().map(listed).collect()
}

fn catalogue() -> Vec<Row> {
    let variant = |code: &str| {
        let words = code.split('-').filter_map(|word| word.split_at_checked(1));
        words.map(|(first, rest)| first.to_uppercase() + rest).collect::<String>().replace("Oauth", "OAuth")
    };
    let rows = Error::CATALOGUE.iter().enumerate();
    rows.map(|(rung, (code, rule, _))| Row { variant: variant(code), rung, code, rule: *rule }).collect()
}

/// The operations, each with the paragraph that lists its errors.
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
            // What begins with `perform` is all of them, and what begins with `put` one of two.
            let itself = !name.starts_with("perform") && !name.starts_with("put_");
            if !signature.contains("&mut self") || !signature.contains("actor: Actor") || !itself {
                continue;
            }
            let list = documentation.iter().skip_while(|line| **line != "# Errors").skip(1);
            let list: Vec<&str> = list.take_while(|line| !line.is_empty()).copied().collect();
            assert!(found.insert(name.replace('_', "-"), list.join(" ")).is_none(), "`{name}` twice");
        }
    }
    found
}

/// What the paragraph links to; it holds nothing else than the links, each with its rule.
#[track_caller]
fn listed(operation: &str, paragraph: &str, catalogue: &[Row]) -> Vec<Row> {
    let variants = paragraph.split("(Error::").skip(1).map(|link| link.split(')').next().unwrap());
    let row = |variant: &str| catalogue.iter().find(|row| row.variant == variant);
    let rows: Vec<Row> =
        variants.map(|variant| row(variant).unwrap_or_else(|| panic!("`{variant}`")).clone()).collect();
    let links = rows.iter().map(|Row { variant, rule, .. }| format!("[`{variant}`](Error::{variant}) ({rule})"));
    assert_eq!(paragraph, links.collect::<Vec<_>>().join(", ") + ".", "the errors of `{operation}`");
    rows
}
