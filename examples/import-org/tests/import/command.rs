//! The command: what it prints, and its exit codes.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use super::{data, folder};

/// The exit code, and what is written to the standard output and to the standard error.
fn run(arguments: &[impl AsRef<OsStr>]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_import-org")).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn the_report_of_peribolos() {
    let (code, out, err) = run(&[path(&data("peribolos")), "--names"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let lines: Vec<&str> = out.lines().collect();
    assert!(lines[0].starts_with("read in ") && lines[0].contains(", loaded in "), "{out}");
    assert_eq!(
        lines[1..12],
        [
            "there: organisations 2, people 7, teams 5, repositories 7",
            "here:  teams 2, admins 3, members 4, people 7, groups 5, apps 7, grants 11",
            "grants: to groups 6, to people 5; to people alone there would be 13, which is 2 more",
            "held by role already: 3",
            "under another name: 6",
            "  harbour/.github is github",
            "  harbour/c is repo-c",
            "  harbour/fog_horn is fog-horn",
            "  isle of fog is isle-of-fog",
            "  isle of fog/github is github-2",
            "  isle of fog/lamp is lamp-2",
        ]
    );
    assert!(lines[12].starts_with("asked: 2009, yes 928, in "), "{out}");
    assert_eq!(lines[13..], ["disagreements: 0"]);
}

#[test]
fn the_report_of_a_team_repository_with_little_room() {
    let folder = data("team-repository");
    let (code, out, err) = run(&["--members-max", "3", path(&folder), "--admins", "infra-admins"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("here:  teams 2, admins 2, members 4, "), "{out}");
    let refused =
        "refused by TEAM-5 (member-limit-reached): 3, as member dan of fog: team `fog` is limited to 3 members,";
    assert!(out.contains(refused), "{out}");
    assert!(out.contains("refused by ACC-1 (email-taken): 1, as user ben: "), "{out}");
    let passed_over =
        format!("passed over: {}/teams/lost.toml: person `nobody` has no file in people\n", folder.display());
    assert!(out.contains(&passed_over), "{out}");
    assert!(out.contains("under another name: 1\nasked: 861, yes "), "{out}");
}

#[test]
fn what_goes_wrong_is_said_and_tells_by_the_exit_code() {
    let (code, out, err) = run(&["--help"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("--members-max <N>") && out.contains("[default: 500]"), "{out}");
    assert!(out.contains("--groups-max <N>") && out.contains("[default: 200]"), "{out}");

    let good = data("peribolos");
    let wrong = [
        (&[][..], "required arguments were not provided:\n  <FOLDER>\n"),
        (&["a", "b"], "unexpected argument 'b' found\n"),
        (&["--fast"], "unexpected argument '--fast' found\n"),
        (&[path(&good), "--members-max"], "a value is required for '--members-max <N>' but none was supplied\n"),
        (&[path(&good), "--members-max", "-1"], "unexpected argument '-1' found\n"),
        (&[path(&good), "--members-max=-1"], "invalid value '-1' for '--members-max <N>': "),
    ];
    for (arguments, problem) in wrong {
        let (code, out, err) = run(arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}");
        assert!(err.starts_with("error: ") && err.contains(problem) && err.contains("--help"), "{err}");
    }

    let malformed = folder("command-malformed", &[("a/org.yaml", "admins: 3\n")]);
    let (code, out, err) = run(&[path(&malformed)]);
    assert_eq!((code, out.as_str()), (1, ""));
    let at = malformed.join("a/org.yaml");
    assert_eq!(err, format!("import-org: {}: expected sequence start at line 1, column 9\n", at.display()));

    let nobodys = folder("command-no-admin", &[("a/org.yaml", "members: [ada]\n")]);
    let (code, out, _) = run(&[path(&nobodys)]);
    assert_eq!(code, 1);
    assert!(out.contains("passed over: a: no admin is registered"), "{out}");
}

#[cfg(unix)]
#[test]
fn a_folder_may_have_any_name() {
    use std::os::unix::ffi::OsStrExt;

    let (code, out, err) = run(&[OsStr::from_bytes(b"no-\xff-folder")]);
    assert_eq!((code, out.as_str()), (1, ""), "{err}");
    assert!(err.starts_with("import-org: no-\u{fffd}-folder"), "{err}");
}
