//! Teams as groups: who is in them, what they hold, and that everybody may what they could without.

use std::fmt::Write;

use enterprise_teams::chrono::{DateTime, Utc};
use enterprise_teams::{PageRequest, Settings};
use import_org::{Loaded, ask, load};

use super::{access, data, folder, loaded, reading};

/// Each group with its people and with what it holds.
fn groups(Loaded { store, operator, teams, .. }: &Loaded) -> Vec<String> {
    let mut lines = Vec::new();
    let page = PageRequest::default();
    for team in teams.values() {
        for entry in store.groups(*operator, *team, &page).unwrap().items {
            let mut line = format!("{}:", entry.group.name());
            for member in store.group_members(*operator, entry.group.id(), &page).unwrap().items {
                write!(line, " {}", member.user.email().as_str().split('@').next().unwrap()).unwrap();
            }
            for app in store.group_apps(*operator, entry.group.id(), &page).unwrap().items {
                write!(line, "; {}: {}", app.app.name(), app.permissions).unwrap();
            }
            lines.push(line);
        }
    }
    lines
}

/// Zoe, who is outside the harbour, is in no group of it; what ada, an admin, would be granted sleeps.
#[test]
fn a_team_is_a_group_with_the_people_of_its_child_teams() {
    let loaded = loaded(&reading(&data("peribolos")), 500);
    let expected = [
        "guests: ada",
        "keepers: cleo dan eve; fog-horn: view, deploy, operate; lamp: view, deploy",
        "night-watch: eve; lamp: view, deploy, operate, manage",
        "rope: dan; lamp: view, deploy, operate",
        "everybody: yan; github-2: view, deploy; lamp-2: view, deploy",
    ];
    assert_eq!(groups(&loaded), expected);
    assert_eq!(loaded.apps.iter().map(|app| app.groups.len()).collect::<Vec<_>>(), [0, 0, 0, 1, 3, 1, 1]);
    assert_eq!((loaded.groups.len(), loaded.alone), (5, 13));
}

#[test]
fn a_team_of_a_team_repository_is_a_group_in_each_organisation_that_it_has_to_do_with() {
    let loaded = loaded(&reading(&data("team-repository")), 500);
    let expected = [
        "infra-admins: ada",
        "lamp: ben cleo dan; lamp: view, deploy",
        "wg-rope: dan; rope: view, deploy, operate, manage",
        "everybody: ada ben cleo dan eve",
    ];
    assert_eq!(groups(&loaded), expected);
    assert_eq!((loaded.groups.len(), loaded.alone), (4, 5));
}

/// However little room there is for groups, nobody may more or less.
#[test]
fn where_there_is_no_room_for_groups_people_are_granted_what_is_missing() {
    for name in ["peribolos", "team-repository"] {
        let reading = reading(&data(name));
        let whole = loaded(&reading, 500);
        let of = |loaded: &Loaded| loaded.apps.iter().map(|app| app.grants.len()).sum::<usize>();
        for (of_team, of_member) in [(0, 32), (1, 32), (2, 32), (3, 32), (200, 0), (200, 1)] {
            let settings = Settings::from_seed(1).team_groups_max(of_team).member_groups_max(of_member);
            let less = load(&reading, settings, DateTime::<Utc>::UNIX_EPOCH, 500);
            assert_eq!(access(&less), access(&whole), "{name} {of_team} {of_member}");
            assert_eq!(ask(&less).unwrap().disagreements, [""; 0]);
            assert_eq!(less.alone, whole.alone);
            assert!(of(&less) >= of(&whole) && less.refusals.len() <= whole.refusals.len() + 2);
        }
        let none = load(&reading, Settings::from_seed(1).team_groups_max(0), DateTime::<Utc>::UNIX_EPOCH, 500);
        assert_eq!((none.groups.len(), of(&none)), (0, none.alone));
        assert_eq!(none.refusals["group-limit-reached"].rule.id(), "GRP-1");
    }
}

/// The more people a team has, the fewer grants are needed.
#[test]
fn an_organisation_of_large_teams_needs_less_than_a_tenth_of_the_grants() {
    let mut org = "admins: [zed]\nmembers: [".to_owned();
    for number in 0..60 {
        write!(org, "m{number}, ").unwrap();
    }
    org += "]\nteams:\n";
    for team in 0..4 {
        let people: Vec<String> = (team * 15..team * 15 + 15).map(|number| format!("m{number}")).collect();
        let people = people.join(", ");
        writeln!(org, "  t-{team}: {{members: [{people}], repos: {{r-{team}: write, r-all: maintain}}}}").unwrap();
    }
    let loaded = loaded(&reading(&folder("groups-large", &[("fleet/org.yaml", &org)])), 500);
    let of_groups: usize = loaded.apps.iter().map(|app| app.groups.len()).sum();
    let of_people: usize = loaded.apps.iter().map(|app| app.grants.len()).sum();
    assert_eq!((loaded.alone, of_groups, of_people), (120, 8, 0));
    assert_eq!(ask(&loaded).unwrap().disagreements, [""; 0]);
}

/// Two teams of one name, and one whose name is none of a group.
#[test]
fn names_of_teams() {
    let org = "admins: [ada]\nmembers: [ben]\nteams:\n  Crew_1: {members: [ben], repos: {sail: write}}\n  a: {members: [ben]}\n  \
               crew-1: {members: [ben]}\n";
    let loaded = loaded(&reading(&folder("groups-names", &[("fleet/org.yaml", org)])), 500);
    let names: Vec<_> = groups(&loaded).into_iter().map(|line| line.split(':').next().unwrap().to_owned()).collect();
    assert_eq!(names, ["crew-1", "crew-1-2", "team-a"]);
    let renamed: Vec<(&str, &str)> = loaded.renamed.iter().map(|(there, here)| (&**there, &**here)).collect();
    let expected = [("fleet/team/crew_1", "crew-1"), ("fleet/team/a", "team-a"), ("fleet/team/crew-1", "crew-1-2")];
    assert_eq!(renamed, expected);
}
