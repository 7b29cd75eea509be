//! CAP-1 to CAP-3, PERM-9, PERM-10, STD-2, STD-4: the published tables as text, against `check`, cell by cell.

use core::fmt::Display;
use core::str::FromStr;

use serde::Serialize;
use serde::de::DeserializeOwned;

use enterprise_teams::demo::Demo;
use enterprise_teams::{
    AccessSource, Actor, AppAction, AppId, Capability, Error, NewApp, ParseError, PermissionSet, Role, Rule, TeamId,
    TeamKind, TeamRole, TeamStore,
    entity::{Limits, OAuthAccess},
    names::{ParseProblem, ParseTarget},
};

use crate::support::{app_name, every_set, id, malformed, register, through_client as via};

/// Capability, then admin, member, viewer, collaborator; published or ours.
pub(crate) const ENTERPRISE: &str = include_str!("../tables/team-capabilities-enterprise.tsv");

/// Capability, then admin, member, collaborator; published or ours.
pub(crate) const STANDARD: &str = include_str!("../tables/team-capabilities-standard.tsv");

/// Capability, whether a role of a team's own may have it, and what comes with it there.
pub(crate) const CUSTOM: &str = include_str!("../tables/custom-role-capabilities.tsv");

/// Section, action, any of these permissions, held by any of these.
pub(crate) const ACTIONS: &str = include_str!("../tables/app-actions.tsv");

/// The rows of a table, without its head.
pub(crate) fn rows(table: &str) -> Vec<Vec<&str>> {
    table.lines().skip(1).map(|line| line.split_whitespace().collect()).collect()
}

/// Everybody has on the team exactly what their column says, and nobody what the table does not list. Refusals name the
/// rule that stands behind the column.
#[track_caller]
fn columns(store: &TeamStore, team: TeamId, table: &str, people: &[(Actor, Option<Rule>)]) {
    let table = rows(table);
    for capability in Capability::ALL {
        let row = table.iter().find(|row| row[0] == capability.code());
        for (column, (actor, rule)) in people.iter().enumerate() {
            let expected = row.is_some_and(|row| row[column + 1] == "yes");
            let answer = store.check(*actor, *capability, team);
            assert_eq!(answer.is_ok(), expected, "{capability} in column {column}: {answer:?}");
            assert_eq!(store.can(*actor, *capability, team), expected);
            if let (Err(error), Some(rule)) = (answer, rule) {
                assert_eq!(error.rule(), *rule, "{capability} in column {column}: {error}");
            }
        }
    }
}

/// Nobody of these has anything on the team.
#[track_caller]
fn nothing(store: &TeamStore, team: TeamId, people: &[Actor], code: &str) {
    for (actor, capability) in people.iter().flat_map(|actor| Capability::ALL.iter().map(move |one| (*actor, *one))) {
        assert_eq!(store.check(actor, capability, team).unwrap_err().code(), code, "{capability}");
    }
}

#[test]
fn cap_01_enterprise_table() {
    let Demo { mut store, ada, joe, vera, jill, sam, max, acme, .. } = Demo::new().unwrap();
    let people = [(ada, Some(Rule::Cap1)), (joe, Some(Rule::Cap1)), (vera, Some(Rule::Cap1)), (jill, Some(Rule::Cap2))];
    columns(&store, acme, ENTERPRISE, &people);
    columns(&store, acme, ENTERPRISE, &people.map(|(actor, rule)| (via(actor), rule)));
    let stranger = register(&mut store, "zoe@example.com");
    nothing(&store, acme, &[sam, max, stranger, via(sam)], "outsider-lacks-capability");
}

#[test]
fn cap_01_standard_table() {
    let Demo { mut store, ada, joe, vera, jill, sam, max, inc, wave, .. } = Demo::new().unwrap();
    store.add_collaborator(sam, wave, id(jill)).unwrap();
    let people = [sam, max, jill].map(|actor| (actor, Some(Rule::Cap1)));
    columns(&store, inc, STANDARD, &people);
    columns(&store, inc, STANDARD, &people.map(|(actor, rule)| (via(actor), rule)));
    nothing(&store, inc, &[ada, joe, vera, via(ada)], "outsider-lacks-capability");
}

#[test]
fn cap_01_what_the_other_table_lists_is_for_nobody() {
    let Demo { mut store, ada, jill, sam, acme, inc, wave, operator, .. } = Demo::new().unwrap();
    store.add_collaborator(sam, wave, id(jill)).unwrap();
    for (own, other, team, admin) in [(ENTERPRISE, STANDARD, acme, ada), (STANDARD, ENTERPRISE, inc, sam)] {
        let own: Vec<&str> = rows(own).iter().map(|row| row[0]).collect();
        for row in rows(other).iter().filter(|row| !own.contains(&row[0])) {
            let capability = *Capability::ALL.iter().find(|one| one.code() == row[0]).unwrap();
            for actor in [admin, operator] {
                let nobody = Error::CapabilityOfNobody { actor: actor.who, team, capability };
                assert_eq!(store.check(actor, capability, team), Err(nobody));
            }
            assert!(!store.can(jill, capability, team));
        }
    }
}

#[test]
fn cap_01_rows_and_order() {
    let published = |row: &&Vec<&str>| row.last() == Some(&"published");
    let codes = |table| rows(table).iter().filter(published).map(|row| row[0].to_owned()).collect::<Vec<_>>();
    let (enterprise, standard) = (codes(ENTERPRISE), codes(STANDARD));
    assert_eq!((enterprise.len(), standard.len()), (21, 25));
    // One list for two tables: in the order of the Standard table, then what only the other one lists, then what is ours.
    let only = enterprise.iter().filter(|code| !standard.contains(code)).cloned();
    let expected: Vec<String> = standard.iter().cloned().chain(only).collect();
    let all: Vec<String> = Capability::ALL.iter().map(|one| one.code().to_owned()).collect();
    assert_eq!(all[..expected.len()], expected);
    for (table, kind) in [(ENTERPRISE, TeamKind::Enterprise), (STANDARD, TeamKind::Standard)] {
        for capability in Capability::ALL {
            let row = rows(table).into_iter().find(|row| row[0] == capability.code());
            assert_eq!(capability.roles(kind).is_some(), row.is_some(), "{capability}");
            assert_eq!(capability.is_published(kind), row.as_ref().is_some_and(|row| published(&row)), "{capability}");
        }
    }
    let problem = ParseProblem::Word { at: 0, expected: "the capabilities of the published tables" };
    let unknown = malformed(ParseTarget::Capability, problem);
    codes_are_read::<Capability>(all.iter().map(String::as_str), "push-code", &unknown);
    assert_eq!((unknown.code(), unknown.rule()), ("capability-invalid", Rule::Cap1));
    assert_eq!(unknown.to_string(), format!("malformed capability: {problem}"));
}

/// Each code is read, as text and from data, as what it is the code of; nothing else is.
#[track_caller]
fn codes_are_read<'c, T>(codes: impl Iterator<Item = &'c str>, other: &str, unknown: &Error)
where
    T: FromStr<Err = ParseError> + Display + Serialize + DeserializeOwned,
{
    let no_codes =
        |code: &str| [String::new(), other.into(), code.to_uppercase(), format!("{code} "), code.replace('-', "_")];
    for code in codes {
        let read: T = code.parse().unwrap();
        assert_eq!((read.to_string().as_str(), serde_json::to_value(&read).unwrap()), (code, code.into()));
        assert_eq!(serde_json::from_value::<T>(code.into()).unwrap().to_string(), code);
        for text in no_codes(code) {
            assert_eq!(text.parse::<T>().err().map(Error::from).as_ref(), Some(unknown), "`{text}`");
            assert!(serde_json::from_value::<T>(text.into()).is_err());
        }
    }
}

#[test]
fn cap_02_and_cap_03_end_with_the_access() {
    let Demo { mut store, ada, joe, jill, acme, website, .. } = Demo::new().unwrap();
    store.remove_collaborator(ada, website, id(jill)).unwrap();
    store.remove_member(ada, acme, id(joe)).unwrap();
    nothing(&store, acme, &[jill, joe], "outsider-lacks-capability");
}

#[test]
fn cap_01_the_operator_only_looks() {
    let Demo { store, operator, acme, inc, .. } = Demo::new().unwrap();
    for (table, team) in [(ENTERPRISE, acme), (STANDARD, inc)] {
        let table = rows(table);
        for capability in Capability::ALL {
            let listed = table.iter().any(|row| row[0] == capability.code());
            let looks = capability.code().starts_with("view-");
            assert_eq!(store.can(operator, *capability, team), listed && looks, "{capability}");
        }
    }
}

#[test]
fn sec_01_no_cell_for_a_client_that_is_shut_out() {
    let Demo { mut store, ada, joe, vera, jill, sam, max, acme, website, .. } = Demo::new().unwrap();
    store.set_oauth_access(ada, acme, OAuthAccess::Denied).unwrap();
    nothing(&store, acme, &[ada, joe, vera, jill].map(via), "oauth-denied");
    for actor in [ada, joe, vera, jill].map(via) {
        for action in AppAction::ALL {
            assert_eq!(store.check(actor, *action, website), Err(Error::OAuthDenied { team: acme }));
        }
    }
    columns(&store, acme, ENTERPRISE, &[ada, joe, vera, jill].map(|actor| (actor, None)));
    // Who does not see the app hears the same through a client as directly: nothing is held.
    cells(&store, &[sam, max, via(sam), via(max)], website, PermissionSet::EMPTY, "none");
    nothing(&store, acme, &[sam, max], "outsider-lacks-capability");
    nothing(&store, acme, &[via(sam), via(max)], "oauth-denied");
}

/// Every action is answered as the table says for who holds exactly `held`, as this holder.
#[track_caller]
fn cells(store: &TeamStore, actors: &[Actor], app: AppId, held: PermissionSet, holder: &str) {
    let cells = rows(ACTIONS).into_iter().zip(AppAction::ALL);
    for (actor, (row, action)) in actors.iter().flat_map(|actor| cells.clone().map(move |cell| (*actor, cell))) {
        let any_of: PermissionSet = row[2].parse().unwrap();
        let expected = held.intersects(any_of) && (row[3] == "any" || row[3].split(',').any(|one| one == holder));
        let answer = store.check(actor, *action, app);
        assert_eq!(answer.is_ok(), expected, "{action} with {held}: {answer:?}");
        assert_eq!(store.can(actor, *action, app), expected);
        let explanation = store.explain(actor, *action, app).unwrap();
        assert_eq!((explanation.is_allowed(), explanation.held().unwrap().permissions), (expected, held));
        if !held.intersects(any_of) {
            let needed = Error::ActionNeedsPermission { actor: actor.who, app, action: *action, held };
            assert_eq!(answer, Err(needed));
        } else if let Err(error) = answer {
            assert!(matches!(error.rule(), Rule::Perm9 | Rule::Perm10 | Rule::Std4), "{error}");
            assert_ne!(error.code(), "action-needs-permission");
        }
    }
}

#[test]
fn perm_09_rows_and_order() {
    let table: Vec<_> = rows(ACTIONS).into_iter().map(|row| (row[1], row[2].parse().unwrap())).collect();
    let own: Vec<_> = AppAction::ALL.iter().map(|action| (action.code(), action.any_of())).collect();
    assert_eq!(own, table);
    assert_eq!(rows(ACTIONS).iter().filter(|row| row[4] != "ours").count(), 38);
    let problem = ParseProblem::Word { at: 0, expected: "the actions of the published table" };
    let unknown = malformed(ParseTarget::AppAction, problem);
    codes_are_read::<AppAction>(rows(ACTIONS).iter().map(|row| row[1]), "view-team", &unknown);
    assert_eq!((unknown.code(), unknown.rule()), ("app-action-invalid", Rule::Perm9));
    assert_eq!(unknown.to_string(), format!("malformed app action: {problem}"));
    for (row, action) in rows(ACTIONS).iter().zip(AppAction::ALL) {
        assert_eq!(format!("{:?}", action.section()).to_lowercase(), row[0].replace('-', ""));
        assert_eq!(action.is_published(), row[4] != "ours");
        assert_eq!(row[3] != "any" && row[3].contains("collaborator"), row[1].contains("paid"));
    }
}

#[test]
fn perm_09_every_set_however_it_is_held() {
    let Demo { mut store, ada, acme, .. } = Demo::new().unwrap();
    let [member, viewer, collaborator] = ["mem@x.io", "view@x.io", "coll@x.io"].map(|text| register(&mut store, text));
    store.add_member(ada, acme, id(member), TeamRole::Member).unwrap();
    store.add_member(ada, acme, id(viewer), TeamRole::Viewer).unwrap();
    for set in every_set() {
        let app = store.create_app(ada, NewApp::in_team(acme)).unwrap();
        let held = set | PermissionSet::VIEW;
        cells(&store, &[member, viewer], app, PermissionSet::VIEW, "none");
        cells(&store, &[collaborator], app, PermissionSet::EMPTY, "none");
        for (actor, through, holder) in [
            (member, AccessSource::RoleAndGrant(Role::Member), "member"),
            (viewer, AccessSource::RoleAndGrant(Role::Viewer), "viewer"),
            (collaborator, AccessSource::Grant, "collaborator"),
        ] {
            store.grant_permissions(ada, app, id(actor), set).unwrap();
            let found = store.permissions(actor, app).unwrap();
            assert_eq!((found.permissions, found.through), (held, through));
            cells(&store, &[actor, via(actor)], app, held, holder);
        }
        store.lock_app(ada, app).unwrap();
        for (actor, holder) in [(member, "member"), (viewer, "viewer"), (collaborator, "collaborator")] {
            cells(&store, &[actor], app, held, holder);
        }
    }
}

#[test]
fn perm_09_every_change_of_a_set() {
    let Demo { mut store, ada, jill, joe, website, .. } = Demo::new().unwrap();
    let people = [(jill, "collaborator"), (joe, "member")];
    for ((actor, holder), set) in every_set().into_iter().flat_map(|set| people.map(|one| (one, set))) {
        match store.set_permissions(ada, website, id(actor), set) {
            Ok(()) => {}
            Err(error) => assert_eq!(error.code(), "permissions-unchanged"),
        }
        cells(&store, &[actor], website, set | PermissionSet::VIEW, holder);
    }
}

#[test]
fn perm_01_and_perm_10_admins_and_owners_do_everything() {
    let Demo { mut store, operator, ada, joe, jill, sam, max, website, wave, .. } = Demo::new().unwrap();
    cells(&store, &[ada], website, PermissionSet::ALL, "admin");
    cells(&store, &[sam], wave, PermissionSet::ALL, "admin");
    let own = store.create_app(joe, NewApp::personal()).unwrap();
    store.add_collaborator(joe, own, id(jill)).unwrap();
    for lock in [false, true] {
        if lock {
            store.lock_app(joe, own).unwrap();
        }
        cells(&store, &[joe], own, PermissionSet::ALL, "owner");
        cells(&store, &[jill], own, PermissionSet::WORK, "none");
        cells(&store, &[ada, sam, max], own, PermissionSet::EMPTY, "none");
    }
    assert_eq!(store.permissions(jill, own).unwrap().through, AccessSource::PersonalGrant);
    // The operator sees everything and does nothing (our decision).
    for app in [website, wave, own] {
        cells(&store, &[operator], app, PermissionSet::VIEW, "none");
    }
}

#[test]
fn std_02_matrix_of_a_standard_team() {
    let Demo { mut store, operator, ada, joe, jill, sam, max, inc, wave, .. } = Demo::new().unwrap();
    let (late, view, work) = (register(&mut store, "late@x.io"), PermissionSet::VIEW, PermissionSet::WORK);
    store.add_member(sam, inc, id(late), TeamRole::Member).unwrap();
    store.add_collaborator(max, wave, id(jill)).unwrap();
    // Unlocked: members work, joined or not.
    cells(&store, &[max, late], wave, work, "member");
    store.join_app(max, wave).unwrap();
    store.lock_app(sam, wave).unwrap();
    // Locked: who joined before works on, the others look.
    cells(&store, &[max], wave, work, "member");
    cells(&store, &[late], wave, view, "member");
    cells(&store, &[jill], wave, work, "none");
    cells(&store, &[ada, joe], wave, PermissionSet::EMPTY, "none");
    // Who is added to the locked app works on it.
    store.add_collaborator(sam, wave, id(late)).unwrap();
    cells(&store, &[late], wave, work, "member");
    store.remove_collaborator(late, wave, id(late)).unwrap();
    cells(&store, &[late], wave, view, "member");
    store.unlock_app(sam, wave).unwrap();
    cells(&store, &[max, late], wave, work, "member");
    // Who becomes an admin does everything; who leaves, nothing.
    store.set_member_role(sam, inc, id(late), TeamRole::Admin).unwrap();
    cells(&store, &[late], wave, PermissionSet::ALL, "admin");
    store.remove_member(sam, inc, id(max)).unwrap();
    cells(&store, &[max], wave, PermissionSet::EMPTY, "none");
    // A creator holds no more than any member (STD-3).
    store.set_team_limits(operator, inc, Limits { apps: Some(9), ..Limits::STANDARD }).unwrap();
    store.set_member_role(late, inc, id(sam), TeamRole::Member).unwrap();
    let own = store.create_app(sam, NewApp::in_team(inc).named(app_name("own-app"))).unwrap();
    cells(&store, &[sam], own, work, "member");
}

#[test]
fn std_04_no_paid_add_ons_for_collaborators() {
    let Demo { mut store, jill, joe, sam, wave, .. } = Demo::new().unwrap();
    store.add_collaborator(sam, wave, id(jill)).unwrap();
    let own = store.create_app(joe, NewApp::personal()).unwrap();
    store.add_collaborator(joe, own, id(jill)).unwrap();
    let paid = [AppAction::AddPaidAddOn, AppAction::RemovePaidAddOn, AppAction::ChangePaidAddOnPlan];
    for (action, actor) in paid.map(|action| (action, jill.who)) {
        assert_eq!(store.check(jill, action, wave), Err(Error::OnlyTeamPaysForAddOns { actor, app: wave, action }));
        assert_eq!(store.check(jill, action, own), Err(Error::OnlyOwnerPaysForAddOns { actor, app: own, action }));
    }
}
