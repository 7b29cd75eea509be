//! The folder `tests/data/team-repository`: two organisations, teams that include each other, and what is missing.

use import_org::{ask, read};

use super::{access, data, loaded, reading};

#[test]
fn everybody_has_the_strongest_access_that_a_team_gives_or_they_have_themselves() {
    let loaded = loaded(&reading(&data("team-repository")), 500);
    let expected = [
        "lamp: ada@fog.example, admin: view, deploy, operate, manage",
        "lamp: ben, member: view, deploy",
        "lamp: cleo, member: view, deploy",
        "lamp: dan, member: view, deploy, operate",
        "lamp: eve, collaborator: view",
        "rope: ada@fog.example, admin: view, deploy, operate, manage",
        "rope: ben, member: view",
        "rope: cleo, member: view",
        "rope: dan, member: view, deploy, operate, manage",
        "lamp-2: ada@fog.example, admin: view, deploy, operate, manage",
        "lamp-2: ben, member: view",
        "lamp-2: cleo, member: view",
        "lamp-2: dan, member: view",
        "lamp-2: eve, member: view",
    ];
    assert_eq!(access(&loaded), expected);
    assert!(loaded.store.check_invariants().is_empty());
}

#[test]
fn the_report_names_what_has_no_file_and_what_was_refused() {
    let folder = data("team-repository");
    let reading = reading(&folder);
    assert_eq!((reading.people.len(), reading.teams), (7, 6));
    let skipped: Vec<&str> =
        reading.skipped.iter().map(|line| line.strip_prefix(&format!("{}/", folder.display())).unwrap()).collect();
    assert_eq!(
        skipped,
        [
            "repos/fog/lamp.toml: person `ghost` has no file in people",
            "repos/fog/lamp.toml: team `gone` has no file in teams",
            "teams/lost.toml: person `nobody` has no file in people",
            "teams/lost.toml: team `nowhere` has no file in teams",
        ]
    );
    let loaded = loaded(&reading, 500);
    assert_eq!(loaded.teams.keys().collect::<Vec<_>>(), ["fog", "mist"]);
    assert_eq!(loaded.apps.iter().map(|app| app.grants.len()).collect::<Vec<_>>(), [2, 0, 0]);
    assert_eq!(loaded.by_role, 5);
    assert_eq!(loaded.renamed, [("mist/lamp".to_owned(), "lamp-2".to_owned())]);
    // Ben's e-mail is Ada's: he has one that is made up.
    let refusal = &loaded.refusals["email-taken"];
    assert_eq!((refusal.rule.id(), refusal.count, loaded.refusals.len()), ("ACC-1", 1, 1));
    assert!(refusal.example.starts_with("user ben: "), "{}", refusal.example);
    assert_eq!(loaded.people.len(), 7);
}

#[test]
fn all_answers_and_lists_agree_with_what_was_loaded() {
    let answers = ask(&loaded(&reading(&data("team-repository")), 500)).unwrap();
    assert_eq!(answers.questions, 7 * 3 * 41);
    let (lamp, rope, mist) = (41 + 26 + 26 + 34 + 9, 41 + 9 + 9 + 41, 41 + 4 * 9);
    assert_eq!(answers.yes, lamp + rope + mist);
    assert_eq!(answers.disagreements, [""; 0]);
}

#[test]
fn another_team_may_own_the_organisations() {
    let reading = read(&data("team-repository"), "wg-rope").unwrap();
    for organisation in &reading.organisations {
        assert_eq!(organisation.admins.iter().collect::<Vec<_>>(), ["dan"], "{}", organisation.name);
    }
    assert_eq!(reading.organisations[0].members.iter().collect::<Vec<_>>(), ["ada", "ben", "cleo"]);
}
