//! What cannot be read is an error that names the file and the place.

use std::fs;
use std::path::PathBuf;

use import_org::read;

use super::folder;

/// Files, the one at fault, and what is wrong with it.
type Case<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str);

fn check(name: &str, cases: &[Case<'_>]) {
    for (number, (files, at_fault, problem)) in cases.iter().enumerate() {
        let folder = folder(&format!("malformed-{name}-{number}"), files);
        let error = read(&folder, "infra-admins").expect_err(problem);
        // Without the slash that an empty name leaves at the end.
        let at_fault: PathBuf = folder.join(at_fault).components().collect();
        assert_eq!(error.path, at_fault, "{error}");
        assert!(error.problem.contains(problem), "{files:?}: {error}");
        assert!(error.to_string().starts_with(&format!("{}: ", at_fault.display())), "{error}");
    }
}

#[test]
fn yaml() {
    let deep = "{teams: {x: ".repeat(1000);
    let org = ("a/org.yaml", "admins: [ada]");
    check(
        "yaml",
        &[
            (&[("a/org.yaml", "admins: [ada\n")], "a/org.yaml", "unclosed bracket '[' at line 1, column 9"),
            (&[("a/org.yaml", "admins:\n- ada\n  - ben: 1\n")], "a/org.yaml", "at line 3, column 8"),
            (&[("a/org.yaml", "admins: ada\n")], "a/org.yaml", "expected sequence start at line 1, column 9"),
            (&[("a/org.yaml", "- ada\n")], "a/org.yaml", "expected mapping start at line 1, column 1"),
            (&[("a/org.yaml", "admins: [ada, {ben: 1}]\n")], "a/org.yaml", "line 1, column 15"),
            (
                &[("a/org.yaml", "teams: {t: {repos: {x: push}}}")],
                "a/org.yaml",
                "unknown variant `push`, expected one of",
            ),
            (&[("a/org.yaml", "teams:\n  t: {}\n  t: {}\n")], "a/org.yaml", "duplicate mapping key: t"),
            (&[("a/org.yaml", "admins: [ada]\n---\nadmins: [ben]\n")], "a/org.yaml", "multiple YAML documents"),
            (&[("a/org.yaml", &deep)], "a/org.yaml", "budget breached: Depth"),
            (&[org, ("a/b/teams.yaml", "team: {}")], "a/b/teams.yaml", "missing field `teams`"),
            (&[org, ("a/b/teams.yaml", "")], "a/b/teams.yaml", "unexpected end of input"),
            (&[org, ("b/teams.yaml", "teams: {}")], "b/teams.yaml", "no org.yaml in this folder or above"),
            (
                &[org, ("a/b/teams.yaml", "teams: {t: {}}"), ("a/c/teams.yaml", "teams: {t: {}}")],
                "a/c/teams.yaml",
                "team `t` is in another file too",
            ),
            (
                &[("a/org.yaml", "orgs: {x: {}, y: {}}"), ("a/b/teams.yaml", "teams: {t: {}}")],
                "a/b/teams.yaml",
                "several orgs",
            ),
            (&[("a/x/org.yaml", ""), ("b/X/org.yaml", "")], "b/X/org.yaml", "organisation `X` is there twice"),
            (&[("a/org.yaml", "orgs: {x: {}, X: {}}")], "a/org.yaml", "organisation `x` is there twice"),
            (&[("a/org.yaml/x", "")], "a/org.yaml", "directory"),
            (&[("a/other.yaml", "admins: [ada]")], "", "no organisation here"),
            (&[], "", "no organisation here"),
        ],
    );
}

#[test]
fn toml() {
    let ada = ("people/ada.toml", "github = 'ada'");
    let admins = ("teams/infra-admins.toml", "name = 'infra-admins'\n[people]\nmembers = ['ada']\n");
    let lamp = ("repos/fog/lamp.toml", "org = 'fog'\nname = 'lamp'\n");
    check(
        "toml",
        &[
            (&[("people/ada.toml", "github = \n")], "people/ada.toml", "line 1, column 1"),
            (&[("people/ada.toml", "name = 'Ada'\n")], "people/ada.toml", "missing field `github`"),
            (&[("people/ada.toml", "github = 3\n")], "people/ada.toml", "line 1, column 10"),
            (&[("people/ada.toml", "github = 'ada'\nemail = 3\n")], "people/ada.toml", "expected an e-mail in quotes"),
            (&[("people/ada.toml", "github = 'ada'\nemail = true\n")], "people/ada.toml", "says no e-mail"),
            (&[ada, ("people/ben.toml", "github = 'ADA'")], "people/ben.toml", "`ADA` is in another file too"),
            (&[ada], "teams", "No such file"),
            (&[ada, ("teams/x.toml", "name = 'x'\n")], "teams/x.toml", "missing field `people`"),
            (
                &[ada, ("teams/x.toml", "name = 'x'\npeople.members = [3]\n")],
                "teams/x.toml",
                "expected a login, or a table",
            ),
            (&[ada, ("teams/x.toml", "name = 'x'\npeople.leads = 'ada'\n")], "teams/x.toml", "line 2, column 16"),
            (&[ada, admins, ("teams/x.toml", admins.1)], "teams/x.toml", "team `infra-admins` is in another file too"),
            (&[ada, ("teams/x.toml", "name = 'x'\n[people]\n")], "teams", "no team `infra-admins`"),
            (&[ada, admins], "repos", "No such file"),
            (&[ada, admins, ("repos/fog/x.toml", "org = 'fog'\n")], "repos/fog/x.toml", "missing field `name`"),
            (
                &[ada, admins, ("repos/fog/x.toml", "org = 'fog'\nname = 'x'\naccess.teams.x = 'push'\n")],
                "repos/fog/x.toml",
                "unknown variant `push`",
            ),
            (
                &[ada, admins, lamp, ("repos/fog/x.toml", lamp.1)],
                "repos/fog/x.toml",
                "repository `lamp` of `fog` is in another",
            ),
        ],
    );
}

#[test]
fn what_is_no_text_or_not_there() {
    let no_text = folder("malformed-bytes", &[("a/org.yaml", "")]);
    fs::write(no_text.join("a/org.yaml"), b"admins: [\xff]").unwrap();
    let error = read(&no_text, "infra-admins").unwrap_err();
    assert_eq!(error.path, no_text.join("a/org.yaml"));
    assert!(error.problem.contains("UTF-8"), "{error}");

    let nowhere = no_text.join("nowhere");
    let error = read(&nowhere, "infra-admins").unwrap_err();
    assert_eq!(error.path, nowhere);
    assert!(error.problem.contains("No such file"), "{error}");
}

/// The two organisations of the test folders, cut off after each byte: read or refused, never a panic.
#[test]
fn cut_off_anywhere() {
    let cut_off = |name: &str, file: &str, text: &str, others: &[(&str, &str)]| {
        let folder = folder(name, others);
        fs::create_dir_all(folder.join(file).parent().unwrap()).unwrap();
        let mut refused = 0;
        for end in 0..=text.len() {
            fs::write(folder.join(file), &text.as_bytes()[..end]).unwrap();
            if let Err(error) = read(&folder, "infra-admins") {
                assert!(error.path.starts_with(&folder), "{error}");
                refused += 1;
            }
        }
        assert!(refused > 0 && refused < text.len(), "{refused} of {}", text.len());
    };
    let org = include_str!("../data/peribolos/harbour/org.yaml");
    cut_off("cut-off-yaml", "harbour/org.yaml", org, &[]);
    let admins = include_str!("../data/team-repository/teams/infra-admins.toml");
    let lamp = include_str!("../data/team-repository/repos/fog/lamp.toml");
    let others = [("people/ada.toml", "github = 'ada'"), ("teams/infra-admins.toml", admins)];
    cut_off("cut-off-toml", "repos/fog/lamp.toml", lamp, &others);
}
