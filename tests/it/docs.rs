//! The tables in `docs` are those of the code, and every refusing rule has a test that breaks it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Component, Path, PathBuf};
#[cfg(unix)]
use std::process::Command;

use enterprise_teams::{
    AppAction, Capability, Error, OperationKind, ParseError, Permission, Role, Rule, TeamKind,
    names::{ParseProblem, ParseTarget},
    policy::{Holder, HolderSet, RoleRights},
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
        Role::Custom => "own",
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

/// Whether a role of a team's own may have the capability, and what comes with it that does not by itself.
fn in_own_role(capability: Capability) -> String {
    if !capability.is_for_custom_roles() {
        return String::new();
    }
    let rights = RoleRights { capabilities: capability.into(), ..RoleRights::default() }.completed();
    let by_itself = RoleRights::default().completed().capabilities;
    let comes = |one: &Capability| *one != capability && !by_itself.contains(*one);
    let capabilities = rights.capabilities.iter().filter(comes).map(|one| one.to_string());
    let with: Vec<String> =
        capabilities.chain(rights.permissions.iter().map(|one| format!("{one} on every app"))).collect();
    if with.is_empty() { "x".to_owned() } else { format!("x, with {}", with.join(", ")) }
}

#[test]
fn the_matrix_is_that_of_the_code() {
    let mut text =
        String::from("| capability | Enterprise | Standard | own role | asked by |\n|---|---|---|---|---|\n");
    for capability in Capability::ALL {
        let [enterprise, standard] = [TeamKind::Enterprise, TeamKind::Standard].map(|kind| marks(*capability, kind));
        let (own, asked_by) = (in_own_role(*capability), asked_by(capability.asked_by()));
        writeln!(text, "| {capability} | {enterprise} | {standard} | {own} | {asked_by} |").unwrap();
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
            let anchor = rule.id().to_lowercase();
            writeln!(text, "| <a id=\"{anchor}\"></a>{rule} | {statement} | {} | {nature} |", sources.join(", "))
                .unwrap();
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
    assert_eq!(Rule::ALL.len(), 133);
    assert!(Rule::ALL.iter().all(|rule| rule.id().parse() == Ok(*rule) && !rule.sources().is_empty()));
    for text in ["", "X-0", "X-01", "x-1", "MEM", " MEM-5", "MEM-5 "] {
        let problem = ParseProblem::Missing { at: 0, missing: "the id of a rule" };
        assert_eq!(text.parse::<Rule>(), Err(ParseError { what: ParseTarget::Rule, problem }), "{text:?}");
    }
}

/// The files that people read, by their paths in the repository.
fn texts() -> BTreeMap<PathBuf, String> {
    let folders = [
        "",
        "docs",
        "platform/api",
        "platform/server",
        "journals/contract",
        "journals/sqlite",
        "journals/postgres",
        "benches/peers",
        "examples/import-org",
    ];
    let files = folders.iter().flat_map(|folder| fs::read_dir(root().join(folder)).expect("a folder"));
    let paths =
        files.map(|file| file.expect("a file").path()).filter(|path| path.extension().is_some_and(|e| e == "md"));
    paths
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a text");
            (path.strip_prefix(root()).expect("a path below").into(), text)
        })
        .collect()
}

/// The text without what is code.
fn prose(text: &str) -> String {
    let blocks: Vec<&str> = text.split("```").step_by(2).collect();
    blocks.join("\n").split('`').step_by(2).collect()
}

/// Where the links in the text lead, those that say it, by the name of a place at its end, or there.
struct Links {
    inline: Vec<String>,
    named: Vec<String>,
    places: BTreeMap<String, String>,
}

impl Links {
    fn of(text: &str) -> Self {
        let text = prose(text);
        let after = |start: &'static str, end: char| {
            text.split(start).skip(1).filter_map(move |rest| rest.split_once(end)).map(|(found, _)| found.to_owned())
        };
        let place = |line: &str| {
            let (name, place) = line.strip_prefix('[')?.split_once("]: ")?;
            Some((name.to_owned(), place.to_owned()))
        };
        Self {
            inline: after("](", ')').collect(),
            named: after("][", ']').collect(),
            places: text.lines().filter_map(place).collect(),
        }
    }
}

/// The file below the root, and the place in it, to which a link in this file leads.
fn target(file: &Path, link: &str) -> (PathBuf, Option<String>) {
    let (path, place) = link.split_once('#').map_or((link, None), |(path, place)| (path, Some(place.to_owned())));
    let mut found = if path.is_empty() { file.to_owned() } else { file.parent().expect("a folder").to_owned() };
    for part in Path::new(path).components() {
        match part {
            Component::ParentDir => assert!(found.pop(), "{link} leads out of the repository"),
            part => found.push(part),
        }
    }
    (found, place)
}

/// Whether the text has a heading, or an anchor, of that name.
fn has_place(text: &str, place: &str) -> bool {
    let slug = |heading: &str| {
        let kept = |letter: &char| letter.is_alphanumeric() || " -_".contains(*letter);
        heading.trim().to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-")
    };
    let headings = text.lines().filter(|line| line.starts_with('#')).map(|line| slug(line.trim_start_matches('#')));
    headings.into_iter().any(|heading| heading == place) || text.contains(&format!("id=\"{place}\""))
}

#[test]
fn every_link_leads_somewhere() {
    let texts = texts();
    let mut broken = Vec::new();
    for (file, text) in &texts {
        let Links { inline, named, places } = Links::of(text);
        for link in inline.iter().chain(places.values()).filter(|link| !link.starts_with("https://")) {
            let (path, place) = target(file, link);
            let found = root().join(&path).exists()
                && place.is_none_or(|place| texts.get(&path).is_some_and(|text| has_place(text, &place)));
            if !found {
                broken.push(format!("{}: {link}", file.display()));
            }
        }
        let unknown = named.iter().filter(|name| !places.contains_key(*name));
        let unused = places.keys().filter(|name| !named.contains(name));
        broken.extend(unknown.chain(unused).map(|name| format!("{}: [{name}]", file.display())));
    }
    assert_eq!(broken, [""; 0]);
    assert!(texts.len() > 12, "{:?}", texts.keys());
}

/// In rustdoc a document is a page of `guide`, and a link of it leads to the page where it leads to the document.
#[test]
fn links_between_documents_lead_to_their_pages_in_rustdoc() {
    let guide = fs::read_to_string(root().join("src/guide.rs")).expect("a text");
    let rows = guide.lines().filter_map(|line| line.trim().strip_suffix("\";")?.split_once(" \"../"));
    let pages: BTreeMap<&str, &Path> = rows.map(|(page, file)| (page, Path::new(file))).collect();
    assert_eq!(pages.len(), 15, "{pages:?}");
    let documented: Vec<PathBuf> = texts().into_keys().filter(|file| file.starts_with("docs")).collect();
    assert!(documented.iter().all(|file| pages.values().any(|page| page == file)), "{documented:?}");
    let known = guide.lines().filter_map(|line| line.trim().strip_prefix('"')).flat_map(|line| line.split("\\n"));
    let known: BTreeMap<&str, &str> =
        known.filter_map(|one| one.trim_start_matches('"').strip_prefix('[')?.split_once("]: ")).collect();
    for (&page, file) in &pages {
        let Links { inline, named, places } = Links::of(&fs::read_to_string(root().join(file)).expect("a text"));
        let lost: Vec<&String> =
            inline.iter().filter(|link| !["https://", "#"].iter().any(|s| link.starts_with(s))).collect();
        assert_eq!(lost, Vec::<&String>::new(), "{}: name the places at the end", file.display());
        // The links of this page are made with it.
        if page == "methods" {
            continue;
        }
        for name in named.iter().filter(|name| *name != "growth") {
            let there = known.get(name.as_str()).unwrap_or_else(|| panic!("{}: [{name}] is no page", file.display()));
            let (page, place) =
                there.split_once('#').map_or((*there, None), |(page, place)| (page, Some(place.to_owned())));
            assert_eq!(target(file, &places[name]), (pages[page].to_owned(), place), "{}: [{name}]", file.display());
        }
    }
}

/// The chart as a link that holds it, for rustdoc, which has no files beside its pages.
#[test]
fn the_link_that_holds_the_chart_is_the_chart() {
    let svg = fs::read(root().join("docs/growth.svg")).expect("the chart");
    let mut link = String::from("[growth]: data:image/svg+xml,");
    for byte in svg {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'/' | b':' | b'=' | b';' | b',' => {
                link.push(byte.into());
            }
            byte => write!(link, "%{byte:02X}").unwrap(),
        }
    }
    golden("docs/growth.link", &(link + "\n"));
}

/// Whoever has a package has its licences: those of the repository, word for word.
#[test]
fn each_package_has_the_licences() {
    let read = |path: &str| fs::read_to_string(root().join(path)).expect(path);
    for package in ["platform/api", "journals/contract", "journals/sqlite", "journals/postgres"] {
        for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
            assert_eq!(read(&format!("{package}/{licence}")), read(licence), "{package}/{licence}");
        }
    }
}

/// The service of the README is that of the example, which is built and tested.
#[test]
fn the_service_of_the_readme_is_the_example() {
    let read = |path: &str| fs::read_to_string(root().join(path)).expect(path);
    let (readme, service) = (read("README.md"), read("examples/service/src/main.rs"));
    let (_, rest) = service.split_once("// In the README from here\n").expect("the beginning");
    let (shown, _) = rest.split_once("// to here\n").expect("the end");
    assert!(readme.contains(&format!("```rust,ignore\n{shown}```\n")), "the README shows another service");
    assert!(readme.len() <= 10_240, "{} bytes", readme.len());
    let picture = readme.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).expect("the picture");
    assert!(picture.lines().all(|line| line.chars().count() <= 78), "a line is too wide for a terminal");
}

/// The jobs of the workflow are the parts of the script, in its order, those that run by name alone too.
#[test]
fn the_jobs_of_the_workflow_are_the_parts_of_the_script() {
    let read = |path: &str| fs::read_to_string(root().join(path)).expect(path);
    let (script, workflow, contributing) = (read(".ci/run"), read(".github/workflows/ci.yml"), read("CONTRIBUTING.md"));
    let within = |text: &str, start: &str, end: &str| {
        let found = text.split_once(start).and_then(|(_, rest)| rest.split_once(end));
        found.unwrap_or_else(|| panic!("{start}")).0.to_owned()
    };
    let named = within(&script, "\nnamed=(", ")\n");
    let parts = format!("{} {named}", within(&script, "\nparts=(", ")\n"));
    let parts: Vec<&str> = parts.split(' ').collect();
    assert_eq!(within(&workflow, "\n        part: [", "]\n").split(", ").collect::<Vec<_>>(), parts);
    assert!(workflow.contains("- run: .ci/run ${{ matrix.part }}\n"), "a job runs its part");
    assert!(contributing.contains(&format!("# these parts of it: {}\n", parts.join(", "))), "CONTRIBUTING names them");
    for part in &parts {
        assert!(script.contains(&format!("\n{part}() {{\n")), "{part} does nothing");
        assert!(script.contains(&format!("\n#     {part} ")), "{part} is not in the table of the head");
    }
    for (text, said) in
        [(&script, format!("all parts but `{named}`")), (&contributing, format!("all of it but `{named}`"))]
    {
        assert!(text.contains(&said), "it is said what runs by name alone");
    }
}

/// Each of these would be one part, or none, to a script that looks for its parts in a text.
#[cfg(unix)]
#[test]
fn the_script_refuses_a_part_that_it_does_not_have() {
    // The end of the script, in which the parts do nothing: what a fault lets through must not test everything again.
    let script = fs::read_to_string(root().join(".ci/run")).expect("the script");
    let (_, end) = script.split_once("\nparts=(").expect("the parts");
    let (names, rest) = end.split_once(")\n").expect("the end of the parts");
    let names: Vec<&str> = names.split(' ').collect();
    let (_, rest) = rest.split_once("\nnamed=(").expect("the parts that run by name alone");
    let (named, _) = rest.split_once(")\n").expect("the end of those");
    let nothing = |part| format!("{part}() {{ echo did {part}; }}");
    let parts = names.iter().copied().chain(named.split(' ')).map(nothing).collect::<Vec<_>>().join("\n");
    let run = |arguments: &[&str]| {
        let text = format!("set -euo pipefail\n{parts}\nparts=({end}");
        let output = Command::new("bash").args(["-c", &text, "run"]).args(arguments).output().expect("bash");
        (output.status.code(), String::from_utf8(output.stdout).expect("text"))
    };
    let did = |names: &[&str]| (Some(0), format!("did {}\n\nall passed: {}\n", names.join("\ndid "), names.join(" ")));
    assert_eq!(run(&[]), did(&names));
    assert_eq!(run(&["core"]), did(&["core"]));
    assert_eq!(run(&[named]), did(&[named]));
    assert_eq!(run(&["packages", "core"]), did(&["packages", "core"]));
    for wrong in ["nothing", "", "core lints", "cor", " core", "step"] {
        assert_eq!(run(&[wrong]), (Some(2), String::new()), "{wrong:?}");
        assert_eq!(run(&["core", wrong]), (Some(2), String::new()), "core {wrong:?}");
    }
}

/// A chapter of the store's methods: what its heading says, the file, and the methods, each with its first sentence.
type MethodChapter = (String, PathBuf, Vec<(String, String)>);

/// The methods of `TeamStore`, as the sources document them, in the order of the rustdoc page.
fn chapters_of_methods() -> Vec<MethodChapter> {
    let mut chapters: Vec<MethodChapter> = Vec::new();
    let (mut doc, mut inside) = (Vec::new(), false);
    let mut sources = files(&root().join("src"));
    sources.sort_by_key(|(path, _)| {
        (!path.starts_with(root().join("src/store")), !path.ends_with("store/mod.rs"), path.clone())
    });
    for (path, text) in sources {
        for line in text.lines() {
            let code = line.trim_start();
            if let Some(said) = code.strip_prefix("///") {
                doc.push(said.trim_start().to_owned());
            } else if line == "impl TeamStore {" && doc.first().is_some_and(|first| first.starts_with("**")) {
                chapters.push((
                    without_links(&doc.join(" ")),
                    path.strip_prefix(root()).expect("below").to_owned(),
                    Vec::new(),
                ));
                inside = true;
            } else if line == "}" {
                inside = false;
            } else if let Some(name) = code.strip_prefix("pub fn ").or_else(|| code.strip_prefix("pub const fn "))
                && inside
            {
                let name = name.split(['(', '<']).next().expect("a name").to_owned();
                let methods = &mut chapters.last_mut().expect("a chapter").2;
                methods.push((name, first_sentence(&doc)));
            }
            if !code.starts_with("///") && !code.starts_with("#[") {
                doc.clear();
            }
        }
    }
    chapters
}

fn without_links(text: &str) -> String {
    let (mut plain, mut rest) = (String::new(), text);
    while let Some((before, link)) = rest.split_once("](") {
        plain.push_str(before);
        rest = link.split_once(')').map_or("", |(_, rest)| rest);
    }
    (plain + rest).replace(['[', ']'], "")
}

fn first_sentence(doc: &[String]) -> String {
    let lines: Vec<&str> = doc.iter().take_while(|line| !line.is_empty()).map(String::as_str).collect();
    let text = without_links(&lines.join(" "));
    text.split_inclusive(". ").next().unwrap_or_default().trim_end().to_owned()
}

#[test]
fn the_list_of_methods_is_that_of_the_sources() {
    let chapters = chapters_of_methods();
    let (mut text, mut places, mut pages) = (String::new(), String::new(), String::new());
    for (title, file, methods) in &chapters {
        writeln!(text, "{title}\n\n| method | |\n|---|---|").unwrap();
        for (name, sentence) in methods {
            writeln!(text, "| [`{name}`][{name}] | {} |", sentence.replace('|', "\\|")).unwrap();
            writeln!(places, "[{name}]: ../{}", file.display()).unwrap();
            writeln!(pages, "[{name}]: crate::TeamStore::{name}").unwrap();
        }
        text.push('\n');
    }
    assert!(chapters.iter().all(|(.., methods)| !methods.is_empty()), "a chapter without a method");
    let all: Vec<&String> = chapters.iter().flat_map(|(.., methods)| methods).map(|(name, _)| name).collect();
    let missing =
        OperationKind::ALL.iter().filter(|kind| !all.iter().any(|name| **name == kind.code().replace('-', "_")));
    assert_eq!(missing.collect::<Vec<_>>(), Vec::<&OperationKind>::new());
    assert_block("docs/METHODS.md", "methods", &(text + &places));
    golden("docs/methods.link", &pages);
}
