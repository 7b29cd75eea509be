//! CAP: what each role may do on the team itself, held against the published tables cell by cell.

use core::fmt::Debug;

use enterprise_teams::demo::Demo;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    Actor, Capability, Error, NewApp, PageRequest, PermissionSet, Role, TeamId, TeamRole, TeamStore, UserId,
    names::{ParseProblem, ParseTarget},
    query::{AppFilter, AppSort, PeopleFilter},
};

use crate::matrix::{ENTERPRISE, STANDARD};
use crate::support::{app_name, email, id, malformed, noon, refused, register, sound, team_name};

fn rows(table: &str) -> Vec<(&str, Vec<bool>)> {
    let rows = crate::matrix::rows(table);
    rows.into_iter().map(|row| (row[0], row[1..row.len() - 1].iter().map(|cell| *cell == "yes").collect())).collect()
}

/// The row of a capability; `None` when the table does not list it.
fn row(table: &str, capability: Capability) -> Option<Vec<bool>> {
    rows(table).into_iter().find(|(code, _)| *code == capability.code()).map(|(_, cells)| cells)
}

type People<const N: usize> = [(Actor, Role); N];

/// The sample store with somebody in every role of both teams, and these people in the order of the tables.
fn everybody() -> (Demo, People<4>, People<3>) {
    let mut demo = Demo::new().unwrap();
    demo.store.add_collaborator(demo.sam, demo.wave, id(demo.jill)).unwrap();
    let collaborator = (demo.jill, Role::Collaborator);
    let enterprise = [(demo.ada, Role::Admin), (demo.joe, Role::Member), (demo.vera, Role::Viewer), collaborator];
    let standard = [(demo.sam, Role::Admin), (demo.max, Role::Member), collaborator];
    (demo, enterprise, standard)
}

#[track_caller]
fn denied(store: &mut TeamStore, actor: Actor, capability: Capability, team: TeamId, error: &Error, message: &str) {
    refused(store, |s| s.check(actor, capability, team), error, message);
    assert!(!store.can(actor, capability, team));
}

fn role_lacks(team: TeamId, role: Role, capability: Capability) -> (Error, String) {
    let message = format!("the role {role} does not include {capability} on team `{team}`");
    (Error::RoleLacksCapability { team, role, capability }, message)
}

fn of_nobody(actor: Actor, team: TeamId, capability: Capability) -> (Error, String) {
    let message = format!("nobody like {} can have {capability} on team `{team}`", actor.who);
    (Error::CapabilityOfNobody { actor: actor.who, team, capability }, message)
}

fn collaborator_lacks(team: TeamId, capability: Capability) -> (Error, String) {
    let message = format!("collaborators do not have {capability} on team `{team}`: they are not in the team");
    (Error::CollaboratorLacksCapability { team, capability }, message)
}

#[track_caller]
fn outside<T: Debug>(
    store: &mut TeamStore,
    actor: Actor,
    team: TeamId,
    capability: Capability,
    attempt: impl FnOnce(&mut TeamStore) -> Result<T, Error>,
) {
    let message = format!("{} is not in team `{team}` and does not have {capability}", actor.who);
    refused(store, attempt, &Error::OutsiderLacksCapability { actor: actor.who, team, capability }, &message);
}

#[test]
fn cap_01_the_tables_name_every_capability_and_nothing_else() {
    let known: Vec<&str> = Capability::ALL.iter().map(|capability| capability.code()).collect();
    for (table, published, cells) in [(ENTERPRISE, 21, 4), (STANDARD, 25, 3)] {
        assert_eq!(crate::matrix::rows(table).iter().filter(|row| row.last() == Some(&"published")).count(), published);
        assert!(rows(table).iter().all(|(code, row)| known.contains(code) && row.len() == cells));
    }
    for capability in Capability::ALL {
        assert!(row(ENTERPRISE, *capability).or(row(STANDARD, *capability)).is_some(), "{capability}");
    }
}

#[test]
fn cap_01_capabilities_are_read_from_their_codes() {
    let Demo { mut store, joe, acme, .. } = Demo::new().unwrap();
    for capability in Capability::ALL.iter().copied() {
        let code = capability.code();
        assert_eq!((code.parse(), capability.to_string().as_str()), (Ok(capability), code));
        assert_eq!(serde_json::to_value(capability).unwrap(), code);
        assert_eq!(serde_json::from_value::<Capability>(code.into()).unwrap(), capability);
    }
    let expected = "the capabilities of the published tables";
    let problem = ParseProblem::Word { at: 0, expected };
    let message = format!("malformed capability: unknown word at byte 0, expected one of {expected}");
    for text in ["", "ViewApps", "View-apps", "view_apps", "view-apps ", " view-apps", "push-code", "view-app"] {
        let check = |s: &mut TeamStore| s.check(joe, text.parse::<Capability>()?, acme);
        refused(&mut store, check, &malformed(ParseTarget::Capability, problem), &message);
        let unknown = serde_json::from_value::<Capability>(text.into()).unwrap_err().to_string();
        assert!(unknown.starts_with(&format!("unknown variant `{text}`, expected one of `view-team`, `view-apps`")));
    }
    store.check(joe, "view-apps".parse::<Capability>().unwrap(), acme).unwrap();
}

#[test]
fn cap_01_an_enterprise_team_follows_its_table() {
    let (Demo { mut store, acme, .. }, people, _) = everybody();
    for capability in Capability::ALL.iter().copied() {
        let row = row(ENTERPRISE, capability);
        for (column, (actor, role)) in people.into_iter().enumerate() {
            let (error, message) = match (&row, role) {
                (Some(row), _) if row[column] => {
                    assert_eq!(store.check(actor, capability, acme), Ok(()), "{capability} for {role}");
                    continue;
                }
                (_, Role::Collaborator) => collaborator_lacks(acme, capability),
                (Some(_), _) => role_lacks(acme, role, capability),
                (None, _) => of_nobody(actor, acme, capability),
            };
            denied(&mut store, actor, capability, acme, &error, &message);
        }
    }
    sound(&store);
}

#[test]
fn cap_01_a_standard_team_follows_its_table() {
    let (Demo { mut store, inc, .. }, _, people) = everybody();
    for capability in Capability::ALL.iter().copied() {
        let row = row(STANDARD, capability);
        for (column, (actor, role)) in people.into_iter().enumerate() {
            let (error, message) = match &row {
                Some(row) if row[column] => {
                    assert_eq!(store.check(actor, capability, inc), Ok(()), "{capability} for {role}");
                    continue;
                }
                Some(_) => role_lacks(inc, role, capability),
                None => of_nobody(actor, inc, capability),
            };
            denied(&mut store, actor, capability, inc, &error, &message);
        }
    }
    sound(&store);
}

#[test]
fn cap_01_the_operator_sees_and_does_not_manage() {
    let Demo { store, operator, acme, inc, .. } = Demo::new().unwrap();
    for (team, table) in [(acme, ENTERPRISE), (inc, STANDARD)] {
        for capability in Capability::ALL.iter().copied() {
            let looks = capability.code().starts_with("view-") && row(table, capability).is_some();
            assert_eq!(store.can(operator, capability, team), looks, "{capability}");
        }
    }
    sound(&store);
}

#[test]
fn cap_01_the_operations_follow_the_tables() {
    type Attempt = fn(&mut TeamStore, Actor, TeamId) -> bool;
    let operations: [(&str, Attempt); 9] = [
        ("view-preferences", |s, actor, team| s.team(actor, team).is_ok()),
        ("view-users", |s, a, t| s.access_list(a, t, &PeopleFilter::default(), &PageRequest::default()).is_ok()),
        ("view-apps", |s, actor, team| {
            s.apps(actor, team, &AppFilter::default(), AppSort::Name, &PageRequest::default()).is_ok()
        }),
        ("create-apps", |s, a, t| s.create_app(a, NewApp::in_team(t).named(app_name("walnut"))).is_ok()),
        ("manage-team", |s, actor, team| s.rename_team(actor, team, team_name("gears")).is_ok()),
        ("manage-preferences", |s, actor, team| s.set_default_role(actor, team, TeamRole::Admin).is_ok()),
        ("manage-users", |s, actor, team| {
            let new = register(s, "new@acme.com");
            s.add_member(actor, team, id(new), TeamRole::Member).is_ok()
        }),
        ("view-invitations", |s, a, t| s.pending_invitations(a, t, &PageRequest::default()).is_ok()),
        ("manage-invitations", |s, a, t| s.invite_member(a, t, email("new@acme.com"), TeamRole::Member).is_ok()),
    ];
    let (Demo { store, ada, acme, sam, inc, .. }, enterprise, standard) = everybody();
    for (code, attempt) in operations {
        if let Some((_, row)) = rows(ENTERPRISE).into_iter().find(|(other, _)| *other == code) {
            for ((actor, _), expected) in enterprise.iter().copied().zip(row) {
                assert_eq!(attempt(&mut store.clone(), actor, acme), expected, "{code} by {}", actor.who);
            }
        }
        let (_, row) = rows(STANDARD).into_iter().find(|(other, _)| *other == code).unwrap();
        for ((actor, _), expected) in standard.iter().copied().zip(row) {
            assert_eq!(attempt(&mut store.clone(), actor, inc), expected, "{code} by {}", actor.who);
        }
        assert!(!attempt(&mut store.clone(), ada, inc) && !attempt(&mut store.clone(), sam, acme), "{code}");
    }
}

#[test]
fn cap_02_a_collaborator_has_no_capability_on_an_enterprise_team() {
    let Demo { mut store, ada, jill, acme, website, .. } = Demo::new().unwrap();
    store.set_permissions(ada, website, id(jill), PermissionSet::ALL).unwrap();
    let own = store.create_app(jill, NewApp::personal().named(app_name("walnut"))).unwrap();
    for capability in Capability::ALL.iter().copied() {
        let (error, message) = collaborator_lacks(acme, capability);
        denied(&mut store, jill, capability, acme, &error, &message);
    }
    let (error, message) = collaborator_lacks(acme, Capability::ViewPreferences);
    refused(&mut store, |s| s.team(jill, acme).cloned(), &error, &message);
    let (error, message) = collaborator_lacks(acme, Capability::ViewTeam);
    refused(&mut store, |s| s.team_by_name(jill, team_name("acme-widgets")).cloned(), &error, &message);
    let reason = store.explain(jill, Capability::ViewApps, acme).unwrap().to_string();
    let known = "`jill@creativeinc.com` may not view-apps on team `acme-widgets`: is collaborator (CAP-2)";
    assert_eq!(reason, format!("{known}; way out: ask an admin of team `acme-widgets` for a role in the team"));

    let list =
        |s: &mut TeamStore| s.apps(jill, acme, &AppFilter::default(), AppSort::Name, &PageRequest::default()).map(drop);
    let people =
        |s: &mut TeamStore| s.access_list(jill, acme, &PeopleFilter::default(), &PageRequest::default()).map(drop);
    let codes = [
        list(&mut store).unwrap_err().code(),
        people(&mut store).unwrap_err().code(),
        store.create_app(jill, NewApp::in_team(acme).named(app_name("pear"))).unwrap_err().code(),
        store.transfer_app(jill, own, acme).unwrap_err().code(),
        store.transfer_app(jill, website, id(jill)).unwrap_err().code(),
    ];
    assert_eq!(
        codes,
        [
            "only-team-lists-apps",
            "only-team-sees-access-list",
            "only-members-create-apps",
            "only-members-transfer-in",
            "only-managers-give-apps",
        ]
    );
    assert!(store.user(jill, id(ada)).is_err());

    store.add_member(ada, acme, id(jill), TeamRole::Member).unwrap();
    store.check(jill, Capability::CreateApps, acme).unwrap();
    store.transfer_app(jill, own, acme).unwrap();
    sound(&store);
}

#[test]
fn cap_03_an_outsider_has_no_capability() {
    let Demo { mut store, ada, jill, sam, max, acme, inc, website, .. } = Demo::new().unwrap();
    store.remove_collaborator(jill, website, id(jill)).unwrap();
    let stranger = register(&mut store, "stranger@acme.com");
    store.invite_member(ada, acme, email("stranger@acme.com"), TeamRole::Admin).unwrap();
    let strangers = [sam, max, jill, stranger].map(|actor| (actor, acme));
    for (actor, team) in strangers.into_iter().chain([ada, jill, stranger].map(|actor| (actor, inc))) {
        for capability in Capability::ALL.iter().copied() {
            outside(&mut store, actor, team, capability, |s| s.check(actor, capability, team));
            assert!(!store.can(actor, capability, team));
        }
        outside(&mut store, actor, team, Capability::ViewPreferences, |s| s.team(actor, team).cloned());
        let no = store.explain(actor, Capability::ViewApps, team).unwrap();
        // Who is invited knows what the team is called.
        let called = if (actor, team) == (stranger, acme) { "acme-widgets".to_owned() } else { team.to_string() };
        let text = format!("may not view-apps on team `{called}`: is not in it (CAP-3); way out: ask an admin of team");
        assert!(no.to_string().ends_with(&format!("{text} `{called}` for a role in the team")), "{no}");
        assert_eq!(no.grantors().count(), 0);
    }
    let ghost = Actor::user(UserId::from_uuid(Uuid::from_u128(404)), noon());
    let nowhere = TeamId::from_uuid(Uuid::from_u128(404));
    assert!(!store.can(ghost, Capability::ViewApps, acme) && !store.can(ada, Capability::ViewApps, nowhere));
    assert_eq!(store.check(ada, Capability::ViewApps, nowhere), Err(Error::TeamNotFound { team: nowhere }));
    store.add_member(sam, inc, id(stranger), TeamRole::Member).unwrap();
    store.check(stranger, Capability::ViewApps, inc).unwrap();
    sound(&store);
}
