//! The tables in `docs` are those of the code, and every refusing rule has a test that breaks it.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use enterprise_teams::{
    AppAction, Capability, Error, ParseError, Permission, Role, Rule, TeamKind,
    names::{ParseProblem, ParseTarget},
    policy::{Holder, HolderSet},
    rule::{Chapter, Nature},
};

use crate::support::{files, golden};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The block of the document between `<!-- NAME -->` and `<!-- end -->` is this text; with `BLESS` set, it is from now on.
#[track_caller]
fn assert_block(document: &str, name: &str, expected: &str) {
    let text = fs::read_to_string(root().join(document)).expect("the document");
    let (before, rest) = text.split_once(&format!("<!-- {name} -->\n")).expect("the start of the block");
    let (_, after) = rest.split_once("<!-- end -->").expect("the end of the block");
    golden(document, &format!("{before}<!-- {name} -->\n{expected}<!-- end -->{after}"));
}

fn marks(capability: Capability, kind: TeamKind) -> String {
    let Some(roles) = capability.roles(kind) else { return String::new() };
    let letter = |role| match role {
        Role::Admin => "a",
        Role::Member => "m",
        Role::Viewer => "v",
        Role::Collaborator => "c",
    };
    let ours = if capability.is_published(kind) { "" } else { " (ours)" };
    roles.iter().map(letter).collect::<Vec<_>>().join(" ") + ours
}

fn asked_by(names: &[&str]) -> String {
    if names.is_empty() {
        "your platform".to_owned()
    } else {
        names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    }
}

#[test]
fn the_matrix_is_that_of_the_code() {
    let mut text = String::from("| capability | Enterprise | Standard | asked by |\n|---|---|---|---|\n");
    for capability in Capability::ALL {
        let [enterprise, standard] = [TeamKind::Enterprise, TeamKind::Standard].map(|kind| marks(*capability, kind));
        writeln!(text, "| {capability} | {enterprise} | {standard} | {} |", asked_by(capability.asked_by())).unwrap();
    }
    text.push_str(
        "\n| app action | view | deploy | operate | manage | held by | asked by |\n|---|---|---|---|---|---|---|\n",
    );
    for action in AppAction::ALL {
        let cells = Permission::ALL.iter().map(|one| if action.any_of().contains(*one) { " x |" } else { " |" });
        let ours = if action.is_published() { "" } else { " (ours)" };
        let holders: Vec<&str> = action.holders().iter().map(Holder::code).collect();
        let holders = if action.holders() == HolderSet::ALL { "anybody".to_owned() } else { holders.join(", ") };
        let asked_by = asked_by(action.asked_by());
        writeln!(text, "| {action}{ours} |{} {holders} | {asked_by} |", cells.collect::<String>()).unwrap();
    }
    assert_block("docs/PERMISSIONS.md", "matrix", &text);
}

#[test]
fn the_rules_are_those_of_the_catalogue() {
    let mut text = String::new();
    for chapter in Chapter::ALL {
        let rules = || Rule::ALL.iter().filter(|rule| rule.chapter() == *chapter);
        writeln!(text, "**{}**\n\n| id | rule | source | nature |\n|---|---|---|---|", chapter.title()).unwrap();
        for rule in rules() {
            let sources: Vec<String> = rule.sources().iter().map(ToString::to_string).collect();
            let (statement, nature) = (rule.statement(), rule.nature());
            writeln!(text, "| {rule} | {statement} | {} | {nature} |", sources.join(", ")).unwrap();
        }
        text.push('\n');
    }
    assert_block("docs/RULES.md", "rules", &text);
}

/// Every line of the tests.
fn tests() -> String {
    let journals = files(&root().join("tests/journal"));
    files(&root().join("tests/it")).into_iter().chain(journals).map(|(_, text)| text).collect()
}

#[test]
fn every_rule_has_its_test() {
    let tests = tests();
    let missing: Vec<&Rule> = Rule::ALL
        .iter()
        .filter(|rule| {
            let (chapter, number) = rule.id().split_once('-').expect("an id");
            let start = format!("fn {}_{:0>2}_", chapter.to_lowercase(), number);
            !tests.contains(&start)
        })
        .collect();
    assert_eq!(missing, Vec::<&Rule>::new());
}

#[test]
fn every_refusing_rule_has_an_error_and_every_error_is_broken() {
    for rule in Rule::ALL {
        let refusing = rule.nature() == Nature::Refusal;
        let variants = Error::CATALOGUE.iter().filter(|(_, of, _)| of == rule).count();
        assert!(!refusing || variants > 0, "{rule} has no error");
        assert!(rule.nature() == Nature::Refusal || variants == 0, "{rule} refuses");
    }
    // Reached by nothing less than four billion rows.
    let unreachable = ["store-full"];
    let tests = tests();
    let untested: Vec<&str> = Error::CATALOGUE
        .iter()
        .map(|(code, ..)| *code)
        .filter(|code| !unreachable.contains(code))
        .filter(|code| {
            let capital = |word: &str| word.chars().take(1).flat_map(char::to_uppercase).collect::<String>();
            let words = code.split('-').map(|word| capital(word) + word.get(1..).unwrap_or_default());
            let variant = words.collect::<String>().replace("Oauth", "OAuth");
            if let Some(target) = ParseTarget::ALL.iter().find(|target| target.code() == *code) {
                return !tests.contains(&format!("ParseTarget::{target:?}, "));
            }
            !tests.contains(&format!("Error::{variant} ")) && !tests.contains(&format!("Error::{variant} {{"))
        })
        .collect();
    assert_eq!(untested, Vec::<&str>::new());
}

#[test]
fn ids_and_codes_of_rules_are_unique() {
    let mut ids: Vec<&str> = Rule::ALL.iter().flat_map(|rule| [rule.id(), rule.code()]).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 2 * Rule::ALL.len());
    assert_eq!(Rule::ALL.len(), 122);
    assert!(Rule::ALL.iter().all(|rule| rule.id().parse() == Ok(*rule) && !rule.sources().is_empty()));
    for text in ["", "X-0", "X-01", "x-1", "MEM", " MEM-5", "MEM-5 "] {
        let problem = ParseProblem::Missing { at: 0, missing: "the id of a rule" };
        assert_eq!(text.parse::<Rule>(), Err(ParseError { what: ParseTarget::Rule, problem }), "{text:?}");
    }
}
