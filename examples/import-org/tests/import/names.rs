//! Names that are none here, or taken.

use super::{folder, loaded, reading};

#[test]
fn what_is_no_name_here_becomes_one_by_the_rule() {
    let long = "a-repository-with-a-name-that-is-far-too-long";
    let repositories = format!(
        "repos: {{a: {{}}, 9-lives: {{}}, ---: {{}}, .github: {{}}, Upper_Case..js-: {{}}, überall: {{}}, {long}: {{}}, \
         {long}-2: {{}}, a-name-of-twenty-nine-letter-x: {{}}, a-name-of-twenty-nine-letter--x: {{}}, fine: {{}}}}"
    );
    let files = [("X/org.yaml", format!("admins: [ada]\n{repositories}\n"))];
    let loaded = loaded(&reading(&folder("names", &files.each_ref().map(|(file, text)| (*file, text.as_str())))), 500);
    let renamed: Vec<(&str, &str)> =
        loaded.renamed.iter().map(|(there, here)| (there.strip_prefix("x/").unwrap_or(there), here.as_str())).collect();
    let expected = [
        ("x", "org-x"),
        ("---", "repo"),
        (".github", "github"),
        ("9-lives", "repo-9-lives"),
        ("a", "repo-a"),
        // The thirtieth letter would be a hyphen; then the name is taken, as it is without the second hyphen.
        ("a-name-of-twenty-nine-letter--x", "a-name-of-twenty-nine-letter-x"),
        ("a-name-of-twenty-nine-letter-x", "a-name-of-twenty-nine-letter-2"),
        (long, "a-repository-with-a-name-that"),
        ("a-repository-with-a-name-that-is-far-too-long-2", "a-repository-with-a-name-tha-2"),
        ("upper_case..js-", "upper-case-js"),
        ("überall", "berall"),
    ];
    assert_eq!(renamed, expected);
    assert_eq!(loaded.apps.len(), 11);
    assert!(loaded.refusals.is_empty());
}
