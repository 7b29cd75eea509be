//! Nothing is open by default: no match in `src` over roles, events, operations, refusals and their like has an arm for the rest,
//! so that a new one does not compile until each of these places has said what it is there.

use std::path::Path;

use crate::support::files;

/// What must be named one by one.
const NAMED: [&str; 22] = [
    "AccountPermission",
    "AccessSource",
    "ActorKind",
    "AppAction",
    "AuditScope",
    "Capability",
    "Change",
    "DynoSize",
    "Error",
    "ErrorKind",
    "Event",
    "Grantor",
    "Lock",
    "Operation",
    "Permission",
    "Role",
    "Rule",
    "Sso",
    "Stage",
    "Subject",
    "TeamKind",
    "TeamRole",
];

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Whether the arm takes all that is left: `_ =>`, `rest =>`.
fn takes_the_rest(line: &str) -> bool {
    let Some((pattern, _)) = line.trim_start().split_once(" =>") else { return false };
    !pattern.is_empty() && pattern.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// The arms that take the rest beside arms that name what must be named: the lines as rustfmt has laid them out, so that the
/// arms of one match are as far from the margin as each other, and further than all around them.
fn open_arms(text: &str) -> Vec<usize> {
    let lines: Vec<&str> = text.lines().collect();
    let arm_of = |number: usize, own: usize| {
        let line = lines[number];
        line.trim().is_empty() || indentation(line) >= own
    };
    let names = |line: &str, own: usize| {
        let arm = line.split(" =>").next().unwrap_or_default();
        let pattern = arm.split(" if ").next().unwrap_or_default();
        let mut words = pattern.split(|found: char| !found.is_ascii_alphanumeric() && found != '_');
        indentation(line) == own && words.any(|word| NAMED.contains(&word))
    };
    let open = |number: &usize| {
        let own = indentation(lines[*number]);
        let before = (0..*number).rev().take_while(|other| arm_of(*other, own));
        let after = (number + 1..lines.len()).take_while(|other| arm_of(*other, own));
        takes_the_rest(lines[*number]) && before.chain(after).any(|other| names(lines[other], own))
    };
    (0..lines.len()).filter(open).collect()
}

#[test]
fn an_arm_for_the_rest_is_found() {
    let open = "match role {\n    Role::Admin => {\n        1\n    }\n    Role::Member\n    | Role::Viewer => 2,\n    _ => 3,\n}";
    let found = |text: &str| open_arms(text).len();
    assert_eq!(open_arms(open), [6]);
    assert_eq!(found(&open.replace("_ =>", "other =>")), 1);
    assert_eq!(found(&open.replace("_ =>", "Role::Collaborator =>")), 0);
    assert_eq!(found(&open.replace("Role::", "Stage::")), 1);
    assert_eq!(found(&open.replace("Role::", "Position::")), 0);
    assert_eq!(found("match n {\n    1 => Role::Admin,\n    _ => Role::Member,\n}"), 0);
}

#[test]
fn no_match_has_an_arm_for_the_rest_of_what_must_be_named() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (path, text) in files(&root.join("src")) {
        let path = path.strip_prefix(root).expect("a file of the crate").display().to_string();
        let lines: Vec<usize> = open_arms(&text).into_iter().map(|line| line + 1).collect();
        assert!(lines.is_empty(), "{path}: lines {lines:?} take the rest of what must be named");
    }
}
