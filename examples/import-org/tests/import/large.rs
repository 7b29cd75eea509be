//! An organisation that is larger than an Enterprise Team may be.

use std::path::PathBuf;

use enterprise_teams::{Actor, AppAction, TeamRole};
use import_org::ask;

use super::{folder, loaded, reading};

/// Two admins, 520 members; the last member by name is in a team that writes.
fn large(name: &str) -> PathBuf {
    let members: Vec<String> = (0..520).map(|number| format!("member-{number:03}")).collect();
    let org = format!(
        "admins: [zed, yan]\nmembers: [{}]\nteams: {{hands: {{members: [member-519], repos: {{deck: write}}}}}}\n",
        members.join(", ")
    );
    folder(name, &[("fleet/org.yaml", &org)])
}

#[test]
fn whoever_there_is_no_room_for_is_refused_by_name_and_counted() {
    let loaded = loaded(&reading(&large("large")), 500);
    assert_eq!(loaded.people.len(), 522);
    assert_eq!(loaded.roles.len(), 500);
    let refusal = &loaded.refusals["member-limit-reached"];
    assert_eq!((refusal.rule.id(), refusal.count, loaded.refusals.len()), ("TEAM-5", 22, 1));
    let first = "member member-498 of fleet: team `fleet` is limited to 500 members, pending invitations counted; this \
                 would make 501";
    assert_eq!(refusal.example, first);

    // By name: admins, then members. Who is left out and has access is a collaborator; who has none sees nothing.
    let (fleet, deck) = (loaded.teams["fleet"], loaded.apps[0].id);
    let role = |login: &str| loaded.roles.get(&(fleet, loaded.people[login])).copied();
    assert_eq!(role("zed"), Some(TeamRole::Admin));
    assert_eq!([role("member-497"), role("member-498"), role("member-519")], [Some(TeamRole::Member), None, None]);
    let may =
        |login: &str, action| loaded.store.can(Actor::user(loaded.people[login], loaded.operator.at), action, deck);
    assert!(may("member-519", AppAction::PushCode) && !may("member-519", AppAction::RestartApp));
    assert!(may("member-497", AppAction::ViewApp) && !may("member-498", AppAction::ViewApp));

    let answers = ask(&loaded).unwrap();
    assert_eq!(answers.questions, 522 * 41);
    assert_eq!(answers.yes, 2 * 41 + 498 * 9 + 26);
    assert_eq!(answers.disagreements, [""; 0]);
}

#[test]
fn the_operator_may_make_more_room() {
    let reading = reading(&large("larger"));
    let roomy = loaded(&reading, 522);
    assert!(roomy.refusals.is_empty());
    assert_eq!(roomy.roles.len(), 522);
    assert_eq!(loaded(&reading, 521).refusals["member-limit-reached"].count, 1);
}

#[test]
fn a_team_without_room_for_its_first_admin_is_refused() {
    let loaded = loaded(&reading(&large("none")), 0);
    assert_eq!(loaded.refusals["member-limit-zero"].count, 1);
    assert!(loaded.refusals["member-limit-zero"].example.starts_with("team fleet: "));
    assert!(loaded.teams.is_empty() && loaded.apps.is_empty());
    assert_eq!(ask(&loaded).unwrap().questions, 0);
}
