//! The folder `tests/data/peribolos`: an organisation with teams in two files, and one under `orgs`.

use enterprise_teams::TeamRole;
use import_org::ask;

use super::{access, data, folder, loaded, reading};

#[test]
fn everybody_has_the_strongest_access_that_a_team_or_its_parent_gives() {
    let reading = reading(&data("peribolos"));
    let loaded = loaded(&reading, 500);
    let expected = [
        "github: ada, admin: view, deploy, operate, manage",
        "github: ben, admin: view, deploy, operate, manage",
        "github: cleo, member: view",
        "github: dan, member: view",
        "github: eve, member: view",
        "bell: ada, admin: view, deploy, operate, manage",
        "bell: ben, admin: view, deploy, operate, manage",
        "bell: cleo, member: view",
        "bell: dan, member: view",
        "bell: eve, member: view",
        "bell: zoe, collaborator: view",
        "repo-c: ada, admin: view, deploy, operate, manage",
        "repo-c: ben, admin: view, deploy, operate, manage",
        "repo-c: cleo, member: view",
        "repo-c: dan, member: view",
        "repo-c: eve, member: view",
        "repo-c: zoe, collaborator: view",
        "fog-horn: ada, admin: view, deploy, operate, manage",
        "fog-horn: ben, admin: view, deploy, operate, manage",
        "fog-horn: cleo, member: view, deploy, operate",
        "fog-horn: dan, member: view, deploy, operate",
        "fog-horn: eve, member: view, deploy, operate",
        "fog-horn: zoe, collaborator: view, deploy, operate",
        "lamp: ada, admin: view, deploy, operate, manage",
        "lamp: ben, admin: view, deploy, operate, manage",
        "lamp: cleo, member: view, deploy",
        "lamp: dan, member: view, deploy, operate",
        "lamp: eve, member: view, deploy, operate, manage",
        "lamp: yan, collaborator: view",
        "lamp: zoe, collaborator: view, deploy, operate, manage",
        "github-2: yan, member: view, deploy",
        "github-2: zoe, admin: view, deploy, operate, manage",
        "lamp-2: yan, member: view, deploy",
        "lamp-2: zoe, admin: view, deploy, operate, manage",
    ];
    assert_eq!(access(&loaded), expected);
}

#[test]
fn the_report_counts_what_was_read_and_what_came_of_it() {
    let reading = reading(&data("peribolos"));
    assert_eq!(reading.people.keys().collect::<Vec<_>>(), ["ada", "ben", "cleo", "dan", "eve", "yan", "zoe"]);
    assert_eq!(reading.teams, 5);
    assert!(reading.skipped.is_empty());
    let loaded = loaded(&reading, 500);
    assert_eq!(loaded.people.len(), 7);
    assert_eq!(loaded.teams.keys().collect::<Vec<_>>(), ["harbour", "isle of fog"]);
    let admins = loaded.roles.values().filter(|role| **role == TeamRole::Admin).count();
    assert_eq!((admins, loaded.roles.len()), (3, 7));
    assert_eq!(loaded.apps.iter().map(|app| app.grants.len()).collect::<Vec<_>>(), [0, 1, 1, 1, 2, 0, 0]);
    // Ada on the lamp, eve on the bell, dan on c.
    assert_eq!(loaded.by_role, 3);
    let renamed: Vec<String> = loaded.renamed.iter().map(|(there, here)| format!("{there} is {here}")).collect();
    assert_eq!(
        renamed,
        [
            "harbour/.github is github",
            "harbour/c is repo-c",
            "harbour/fog_horn is fog-horn",
            "isle of fog is isle-of-fog",
            "isle of fog/github is github-2",
            "isle of fog/lamp is lamp-2",
        ]
    );
    assert!(loaded.refusals.is_empty() && loaded.skipped.is_empty());
    assert!(loaded.store.check_invariants().is_empty());
}

#[test]
fn all_answers_and_lists_agree_with_what_was_loaded() {
    let answers = ask(&loaded(&reading(&data("peribolos")), 500)).unwrap();
    assert_eq!(answers.questions, 7 * 7 * 41);
    // 9 actions for view, 26 with deploy, 34 with operate, 41 with manage, of which a collaborator keeps 39 (APP-6, TRF-2): the
    // harbour's admins on five apps; its members and collaborators on github, bell, repo-c, fog-horn and lamp; the isle's two
    // people on two apps.
    let harbour = 2 * 5 * 41 + 3 * 9 + 4 * 9 + 4 * 9 + 4 * 34 + (26 + 34 + 41 + 9 + 39);
    assert_eq!(answers.yes, harbour + 2 * (26 + 41));
    assert_eq!(answers.disagreements, [""; 0]);
}

#[test]
fn an_answer_that_is_not_what_was_loaded_is_found() {
    let mut loaded = loaded(&reading(&data("peribolos")), 500);
    let (cleo, harbour) = (loaded.people["cleo"], loaded.teams["harbour"]);
    assert_eq!(loaded.roles.remove(&(harbour, cleo)), Some(TeamRole::Member));
    let found = ask(&loaded).unwrap().disagreements;
    // Three apps that she sees only as a member; her list; and who has access to these apps.
    let of = |what: &str| found.iter().filter(|one| one.starts_with(what)).count();
    assert_eq!((of("what cleo may do"), of("which apps cleo sees"), of("who has access")), (3, 1, 3));
    assert_eq!(found.len(), 7);

    loaded.roles.insert((harbour, cleo), TeamRole::Member);
    let zoe = loaded.people["zoe"];
    let bell = loaded.apps.iter_mut().find(|app| app.grants.contains_key(&zoe)).unwrap();
    let (held, bell) = (bell.grants.remove(&zoe).unwrap(), bell.id);
    assert_eq!(ask(&loaded).unwrap().disagreements.len(), 3);

    // Two apps on which her group holds something.
    let bell = loaded.apps.iter_mut().find(|app| app.id == bell).unwrap();
    bell.grants.insert(zoe, held);
    let keepers = loaded.groups.values_mut().find(|people| people.contains(&cleo)).unwrap();
    keepers.remove(&cleo);
    let found = ask(&loaded).unwrap().disagreements;
    let of = |what: &str| found.iter().filter(|one| one.starts_with(what)).count();
    assert_eq!((of("what cleo may do"), of("which apps cleo sees"), of("who has access"), found.len()), (2, 1, 2, 5));
}

#[test]
fn an_organisation_is_named_after_its_folder_and_teams_belong_to_the_nearest_one_above() {
    let teams =
        |member: &str, repo: &str| format!("teams: {{t-{member}: {{members: [{member}], repos: {{{repo}: write}}}}}}");
    let files = [
        ("outer/org.yaml", "admins: [ada]"),
        ("outer/a/b/teams.yaml", &teams("ben", "sail")),
        ("outer/inner/org.yaml", "admins: [cleo]"),
        ("outer/inner/teams.yaml", &teams("dan", "keel")),
        ("outer/.hidden/org.yaml", "admins: 3"),
        ("outer/notes.yaml", "admins: 3"),
    ];
    let reading = reading(&folder("nearest", &files));
    let names: Vec<&str> = reading.organisations.iter().map(|organisation| organisation.name.as_str()).collect();
    assert_eq!(names, ["outer", "inner"]);
    let expected = [
        "sail: ada, admin: view, deploy, operate, manage",
        "sail: ben, collaborator: view, deploy",
        "keel: cleo, admin: view, deploy, operate, manage",
        "keel: dan, collaborator: view, deploy",
    ];
    assert_eq!(access(&loaded(&reading, 500)), expected);
}

#[test]
fn logins_that_look_like_other_values_are_logins() {
    let files = [("numbers/org.yaml", "admins: [no]\nmembers: [123, 0x12, true, 1e3]\n")];
    let reading = reading(&folder("logins", &files));
    assert_eq!(reading.people.keys().collect::<Vec<_>>(), ["0x12", "123", "1e3", "no", "true"]);
}

#[test]
fn who_cannot_be_registered_is_refused_by_rule_and_an_organisation_without_admin_is_passed_over() {
    let files =
        [("a/org.yaml", "admins: ['crane[bot]']\nmembers: [ada]\n"), ("b/org.yaml", "members: [ben, 'crane[bot]']\n")];
    let loaded = loaded(&reading(&folder("no-admin", &files)), 500);
    assert_eq!(loaded.people.keys().collect::<Vec<_>>(), ["ada", "ben"]);
    let refusal = &loaded.refusals["email-invalid"];
    assert_eq!((refusal.rule.id(), refusal.count), ("ACC-1", 1));
    assert_eq!(refusal.example, "user crane[bot]: malformed e-mail: unexpected `[` at byte 5");
    assert_eq!(loaded.refusals.len(), 1);
    let passed_over =
        |name: &str| format!("{name}: no admin is registered, and a team is provisioned for one (TEAM-1)");
    assert_eq!(loaded.skipped, [passed_over("a"), passed_over("b")]);
    assert!(loaded.teams.is_empty());
}
