//! TEAM: the life of a team, but for its settings.

use enterprise_teams::chrono::TimeDelta;
use enterprise_teams::demo::Demo;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    Actor, AppId, Error, NewApp, NewSpace, NewTeam, Operation, PageRequest, Permission, Role, TeamId, TeamKind,
    TeamName, TeamRole, TeamStore, UserId,
    entity::{Limits, OAuthAccess},
    error::{Remaining, TRUNCATED_MAX, Truncated},
    names::{ParseProblem, ParseTarget},
    query::{PeopleFilter, TeamFilter},
};

use crate::support::{app_name, days, email, id, malformed, noon, read, refused, register, sound, team_name};

const NOWHERE: TeamId = TeamId::from_uuid(Uuid::from_u128(404));

fn provision(store: &mut TeamStore, name: &str, admin: Actor, limits: Limits) -> TeamId {
    let team = NewTeam::enterprise(team_name(name), id(admin)).limits(limits);
    store.provision_team(Actor::operator(noon()), team).unwrap()
}

fn create(store: &mut TeamStore, actor: Actor, team: TeamId, name: &str) -> Result<AppId, Error> {
    store.create_app(actor, NewApp::in_team(team).named(app_name(name)))
}

#[track_caller]
fn full<T: core::fmt::Debug>(
    store: &mut TeamStore,
    (team, limit, actual): (TeamId, u32, u64),
    attempt: impl FnOnce(&mut TeamStore) -> Result<T, Error>,
) {
    let message =
        format!("team `{team}` is limited to {limit} members, pending invitations counted; this would make {actual}");
    refused(store, attempt, &Error::MemberLimitReached { team, limit, actual }, &message);
}

#[test]
fn team_01_a_team_is_provisioned_by_the_operator_with_one_admin() {
    let Demo { mut store, operator, ada, joe, sam, .. } = Demo::new().unwrap();
    let limits = Limits { members: 7, apps: Some(3), ..Limits::ENTERPRISE };
    let new = NewTeam::enterprise(team_name("gears"), id(joe)).limits(limits);
    for actor in [ada, joe, sam] {
        let message = format!("only the platform operator can provision teams; {} cannot", actor.who);
        let error = Error::OnlyOperatorProvisionsTeams { actor: actor.who };
        refused(&mut store, |s| s.provision_team(actor, new), &error, &message);
        let taken = NewTeam::standard(team_name("acme-widgets"), id(joe));
        refused(&mut store, |s| s.provision_team(actor, taken), &error, &message);
    }
    let nobody = UserId::from_uuid(Uuid::from_u128(404));
    let of_nobody = NewTeam::standard(team_name("acme-widgets"), nobody);
    for actor in [operator, joe] {
        let error = Error::UserNotFound { user: nobody };
        refused(&mut store, |s| s.provision_team(actor, of_nobody), &error, &format!("user `{nobody}` does not exist"));
    }

    let later = operator.at(days(3));
    let gears = store.provision_team(later, new).unwrap();
    let team = store.team(joe, gears).unwrap();
    assert_eq!((team.name(), team.kind(), team.limits()), (team_name("gears"), TeamKind::Enterprise, limits));
    assert_eq!((team.provisioned_at(), team.deletion_requested_at()), (days(3), None));
    assert_eq!((team.default_role(), team.oauth_access()), (TeamRole::Member, OAuthAccess::Allowed));
    let people = store.access_list(joe, gears, &PeopleFilter::default(), &PageRequest::default()).unwrap();
    assert_eq!(
        people.items.iter().map(|entry| (entry.user.id(), entry.role)).collect::<Vec<_>>(),
        [(id(joe), Role::Admin)]
    );
    assert_eq!(store.events().last().map(|event| (event.at, event.actor)), Some((days(3), later.who)));
    sound(&store);
}

#[test]
fn team_02_the_last_admin_stays_admin() {
    let Demo { mut store, ada, joe, sam, max, acme, inc, .. } = Demo::new().unwrap();
    for (admin, member, team) in [(ada, joe, acme), (sam, max, inc)] {
        let message =
            format!("user `{}` is the last admin of team `{team}` and cannot be given another role", id(admin));
        let error = Error::CannotDemoteLastAdmin { team, user: id(admin) };
        refused(&mut store, |s| s.set_member_role(admin, team, id(admin), TeamRole::Member), &error, &message);
        let message = format!("user `{}` is the last admin of team `{team}` and cannot leave", id(admin));
        let error = Error::LastAdminCannotLeave { team, user: id(admin) };
        refused(&mut store, |s| s.remove_member(admin, team, id(admin)), &error, &message);
        assert_eq!(store.delete_user(admin, id(admin)).unwrap_err().code(), "cannot-delete-last-admin");

        store.set_member_role(admin, team, id(member), TeamRole::Admin).unwrap();
        store.set_member_role(member, team, id(admin), TeamRole::Member).unwrap();
        let message = format!("user `{}` is the last admin of team `{team}` and cannot leave", id(member));
        let error = Error::LastAdminCannotLeave { team, user: id(member) };
        refused(&mut store, |s| s.remove_member(member, team, id(member)), &error, &message);
        store.remove_member(member, team, id(admin)).unwrap();
        assert_eq!(store.role(member, team, id(member)), Ok(Some(Role::Admin)));
    }
    sound(&store);
}

#[test]
fn team_02_an_invited_admin_is_none_before_accepting() {
    let Demo { mut store, ada, jill, acme, .. } = Demo::new().unwrap();
    let invitation = store.invite_member(ada, acme, email("jill@creativeinc.com"), TeamRole::Admin).unwrap();
    assert_eq!(store.remove_member(ada, acme, id(ada)).unwrap_err().code(), "last-admin-cannot-leave");
    store.accept_invitation(jill, invitation).unwrap();
    store.remove_member(jill, acme, id(ada)).unwrap();
    assert_eq!(store.role(jill, acme, id(ada)), Ok(None));
    sound(&store);
}

#[test]
fn team_03_team_names_are_well_formed() {
    let character = |at, found| ParseProblem::Character { at, found };
    let thirty = "a23456789-123456789-123456789z";
    let too_long = "too long: 31 of at most 30 bytes, from byte 0 on";
    for (text, problem, message) in [
        ("", ParseProblem::TooShort { min: 2, len: 0 }, "too short: 0 of at least 2 bytes"),
        ("a", ParseProblem::TooShort { min: 2, len: 1 }, "too short: 1 of at least 2 bytes"),
        (&*format!("{thirty}1"), ParseProblem::TooLong { at: 0, max: 30, len: 31 }, too_long),
        ("Acme", character(0, 'A'), "unexpected `A` at byte 0"),
        ("aCme", character(1, 'C'), "unexpected `C` at byte 1"),
        ("1acme", character(0, '1'), "unexpected `1` at byte 0"),
        ("-acme", character(0, '-'), "unexpected `-` at byte 0"),
        ("acme-", character(4, '-'), "unexpected `-` at byte 4"),
        ("acme widgets", character(4, ' '), "unexpected ` ` at byte 4"),
        ("acme_widgets", character(4, '_'), "unexpected `_` at byte 4"),
        ("acmé", character(3, 'é'), "unexpected `é` (U+00E9) at byte 3"),
        ("acme\0", character(4, '\0'), "unexpected `\\0` at byte 4"),
    ] {
        let error = Error::from(text.parse::<TeamName>().unwrap_err());
        assert_eq!(error, malformed(ParseTarget::TeamName, problem), "{text:?}");
        assert_eq!(error.to_string(), format!("malformed team name: {message}"));
    }
    for text in ["ab", "a1", "a--b", "acme-widgets", thirty] {
        assert_eq!(team_name(text), text);
    }
    let json = r#"{"type":"rename-team","team":"00000000-0000-0000-0000-000000000000","name":"NAME"}"#;
    assert!(serde_json::from_str::<Operation>(&json.replace("NAME", "acme-")).is_err());
    assert!(serde_json::from_str::<Operation>(&json.replace("NAME", "acme")).is_ok());
}

#[test]
fn team_03_team_names_are_unique_and_freed_by_rename_and_deletion() {
    let Demo { mut store, operator, ada, joe, sam, acme, inc, wave, .. } = Demo::new().unwrap();
    let taken =
        |name: &str| (Error::TeamNameTaken { name: team_name(name) }, format!("the team name `{name}` is taken"));
    for name in ["acme-widgets", "acme-inc"] {
        let (error, message) = taken(name);
        for new in [NewTeam::enterprise(team_name(name), id(joe)), NewTeam::standard(team_name(name), id(joe))] {
            refused(&mut store, |s| s.provision_team(operator, new), &error, &message);
        }
    }
    let (error, message) = taken("acme-inc");
    refused(&mut store, |s| s.rename_team(ada, acme, team_name("acme-inc")), &error, &message);
    let name = team_name("acme-widgets");
    let error = Error::TeamNameUnchanged { team: acme, name };
    let message = format!("team `{acme}` is already named `{name}`");
    refused(&mut store, |s| s.rename_team(ada, acme, name), &error, &message);

    store.rename_team(ada, acme, team_name("gadgets")).unwrap();
    assert_eq!(store.team_by_name(ada, team_name("gadgets")).unwrap().id(), acme);
    let error = Error::TeamNameNotFound { name: team_name("acme-widgets") };
    assert_eq!(store.team_by_name(ada, team_name("acme-widgets")), Err(error));
    store.rename_team(sam, inc, team_name("acme-widgets")).unwrap();
    let (error, message) = taken("acme-widgets");
    refused(&mut store, |s| s.rename_team(ada, acme, team_name("acme-widgets")), &error, &message);

    store.delete_app(sam, wave, "frozen-wave-4030").unwrap();
    store.delete_team(sam, inc).unwrap();
    let heir = store.provision_team(operator, NewTeam::standard(team_name("acme-widgets"), id(joe))).unwrap();
    assert_ne!(heir, inc);
    assert_eq!(store.team_by_name(joe, team_name("acme-widgets")).unwrap().id(), heir);
    sound(&store);
}

#[test]
fn team_04_only_admins_rename() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, max, acme, inc, .. } = Demo::new().unwrap();
    let outsiders = [joe, vera, jill, sam, operator].map(|actor| (actor, acme));
    for (actor, team) in outsiders.into_iter().chain([ada, joe, max, operator].map(|actor| (actor, inc))) {
        let message = format!("only admins can rename team `{team}`; {} is not an admin", actor.who);
        let error = Error::OnlyAdminsRenameTeams { actor: actor.who, team };
        for name in ["gadgets", "acme-inc"] {
            refused(&mut store, |s| s.rename_team(actor, team, team_name(name)), &error, &message);
        }
    }
    let error = Error::TeamNotFound { team: NOWHERE };
    refused(
        &mut store,
        |s| s.rename_team(ada, NOWHERE, team_name("a1")),
        &error,
        &format!("team `{NOWHERE}` does not exist"),
    );
    store.rename_team(ada, acme, team_name("gadgets")).unwrap();
    store.set_member_role(ada, acme, id(joe), TeamRole::Admin).unwrap();
    store.rename_team(joe, acme, team_name("joes")).unwrap();
    assert_eq!(store.team(vera, acme).unwrap().name(), team_name("joes"));
    sound(&store);
}

#[test]
fn team_05_members_and_pending_invitations_fill_the_team_collaborators_do_not() {
    let Demo { mut store, ada, joe, vera, jill, max, .. } = Demo::new().unwrap();
    let team = provision(&mut store, "gears", ada, Limits { members: 3, ..Limits::ENTERPRISE });
    let app = create(&mut store, ada, team, "apple").unwrap();
    for actor in [vera, jill, max] {
        store.grant_permissions(ada, app, id(actor), Permission::View.into()).unwrap();
    }
    store.add_member(ada, team, id(joe), TeamRole::Member).unwrap();
    let invitation = store.invite_member(ada, team, email("new@acme.com"), TeamRole::Member).unwrap();

    full(&mut store, (team, 3, 4), |s| s.add_member(ada, team, id(vera), TeamRole::Viewer));
    full(&mut store, (team, 3, 4), |s| s.add_default_member(ada, team, id(vera)));
    full(&mut store, (team, 3, 4), |s| s.invite_member(ada, team, email("other@acme.com"), TeamRole::Admin));

    let again = store.invite_member(ada, team, email("NEW@acme.com"), TeamRole::Viewer).unwrap();
    assert_eq!(again, invitation);
    let new = register(&mut store, "new@acme.com");
    store.add_member(ada, team, id(new), TeamRole::Member).unwrap();
    full(&mut store, (team, 3, 4), |s| s.add_member(ada, team, id(vera), TeamRole::Viewer));
    store.remove_member(new, team, id(new)).unwrap();
    store.add_member(ada, team, id(vera), TeamRole::Viewer).unwrap();
    full(&mut store, (team, 3, 4), |s| s.invite_member(ada, team, email("new@acme.com"), TeamRole::Member));
    sound(&store);
}

#[test]
fn team_05_every_end_of_an_invitation_makes_room() {
    let Demo { mut store, ada, joe, jill, .. } = Demo::new().unwrap();
    let team = provision(&mut store, "gears", ada, Limits { members: 2, ..Limits::ENTERPRISE });
    let invite =
        |s: &mut TeamStore, actor| s.invite_member(actor, team, email("jill@creativeinc.com"), TeamRole::Viewer);
    let add = |s: &mut TeamStore, actor| s.add_member(actor, team, id(joe), TeamRole::Member);
    for revoked in [true, false] {
        let invitation = invite(&mut store, ada).unwrap();
        full(&mut store, (team, 2, 3), |s| add(s, ada));
        if revoked { store.revoke_invitation(ada, invitation) } else { store.decline_invitation(jill, invitation) }
            .unwrap();
        add(&mut store, ada).unwrap();
        full(&mut store, (team, 2, 3), |s| invite(s, ada));
        store.remove_member(ada, team, id(joe)).unwrap();
    }

    invite(&mut store, ada).unwrap();
    let end = days(30);
    full(&mut store, (team, 2, 3), |s| add(s, ada.at(end - TimeDelta::seconds(1))));
    add(&mut store, ada.at(end)).unwrap();
    full(&mut store, (team, 2, 3), |s| invite(s, ada.at(end)));
    sound(&store);
}

#[test]
fn team_05_the_usual_limits_are_500_and_25() {
    let Demo { mut store, ada, sam, acme, inc, .. } = Demo::new().unwrap();
    for (admin, team, present, limit) in [(ada, acme, 3, 500), (sam, inc, 2, 25)] {
        for number in present..limit {
            let invited = email(&format!("new{number}@acme.com"));
            store.invite_member(admin, team, invited, TeamRole::Member).unwrap();
        }
        let last = email("last@acme.com");
        full(&mut store, (team, limit, u64::from(limit) + 1), |s| s.invite_member(admin, team, last, TeamRole::Member));
    }
    sound(&store);
}

#[test]
fn team_05_a_lower_limit_leaves_who_is_there_and_lets_nobody_in() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, acme, .. } = Demo::new().unwrap();
    let invitation = store.invite_member(ada, acme, email("jill@creativeinc.com"), TeamRole::Member).unwrap();
    let limits = |members| Limits { members, ..Limits::ENTERPRISE };
    store.set_team_limits(operator, acme, limits(3)).unwrap();
    full(&mut store, (acme, 3, 5), |s| s.add_member(ada, acme, id(sam), TeamRole::Member));
    // Who was invited counts already: inviting them again adds nothing, nor does it that they come.
    let again = store.invite_member(ada, acme, email("jill@creativeinc.com"), TeamRole::Viewer).unwrap();
    assert_eq!(again, invitation);
    store.clone().add_member(ada, acme, id(jill), TeamRole::Member).unwrap();
    store.accept_invitation(jill, invitation).unwrap();
    store.set_member_role(ada, acme, id(vera), TeamRole::Admin).unwrap();
    store.remove_member(vera, acme, id(joe)).unwrap();
    full(&mut store, (acme, 3, 4), |s| s.add_member(ada, acme, id(joe), TeamRole::Member));
    store.set_team_limits(operator, acme, limits(4)).unwrap();
    store.add_member(ada, acme, id(joe), TeamRole::Member).unwrap();
    sound(&store);
}

#[test]
fn team_06_a_space_without_apps_needs_no_room_for_apps() {
    let Demo { mut store, operator, ada, .. } = Demo::new().unwrap();
    let account = store.open_account(operator, read("corp"), id(ada)).unwrap();
    let [east, west] = ["east", "west"].map(|name| store.create_team_in(ada, account, team_name(name)).unwrap());
    create(&mut store, ada, west, "apple").unwrap();
    let space = store.create_space(ada, NewSpace::new(east, read("sea"))).unwrap();
    store.set_team_limits(operator, west, Limits { apps: Some(0), ..Limits::ENTERPRISE }).unwrap();
    store.transfer_space(ada, space, west).unwrap();
    sound(&store);
}

#[test]
fn team_05_a_team_has_room_for_its_first_admin() {
    let Demo { mut store, operator, ada, .. } = Demo::new().unwrap();
    let new =
        |members| NewTeam::enterprise(team_name("gears"), id(ada)).limits(Limits { members, ..Limits::ENTERPRISE });
    let team = store.clone().provision_team(operator, new(1)).unwrap();
    let message = "the limit on members is at least 1";
    refused(&mut store, |s| s.provision_team(operator, new(0)), &Error::MemberLimitZero {}, message);
    assert_eq!(store.provision_team(operator, new(1)), Ok(team));
    let none = Limits { members: 0, ..Limits::ENTERPRISE };
    refused(&mut store, |s| s.set_team_limits(operator, team, none), &Error::MemberLimitZero {}, message);
    full(&mut store, (team, 1, 2), |s| s.invite_member(ada, team, email("new@acme.com"), TeamRole::Admin));
    sound(&store);
}

#[test]
fn team_06_apps_over_the_limit_are_refused() {
    let Demo { mut store, operator, ada, joe, acme, website, .. } = Demo::new().unwrap();
    let team = provision(&mut store, "gears", joe, Limits { apps: Some(2), ..Limits::ENTERPRISE });
    let over = |actual| {
        let message = format!("team `{team}` is limited to 2 apps; this would make {actual}");
        (Error::AppLimitReached { team, limit: 2, actual }, message)
    };
    store.add_member(joe, team, id(ada), TeamRole::Member).unwrap();
    let apple = create(&mut store, joe, team, "apple").unwrap();
    store.transfer_app(ada, website, team).unwrap();
    let own = store.create_app(joe, NewApp::personal().named(app_name("own"))).unwrap();
    let (error, message) = over(3);
    refused(&mut store, |s| create(s, joe, team, "pear"), &error, &message);
    refused(&mut store, |s| s.transfer_app(joe, own, team), &error, &message);

    store.delete_app(joe, apple, "apple").unwrap();
    let pear = store.create_app(joe, NewApp::personal().named(app_name("pear"))).unwrap();
    let left = store.transfer_movable_apps(joe, &[own, pear], team).unwrap();
    assert_eq!(left, [(pear, error.clone())]);
    refused(&mut store, |s| s.transfer_app(joe, pear, team), &error, &message);

    store.set_team_limits(operator, team, Limits { apps: Some(3), ..Limits::ENTERPRISE }).unwrap();
    store.transfer_app(joe, pear, team).unwrap();
    store.set_team_limits(operator, team, Limits { apps: Some(2), ..Limits::ENTERPRISE }).unwrap();
    assert_eq!(store.app(joe, pear).unwrap().owner(), team.into());
    let (error, message) = over(4);
    refused(&mut store, |s| create(s, joe, team, "plum"), &error, &message);
    store.set_team_limits(operator, team, Limits::ENTERPRISE).unwrap();
    create(&mut store, joe, team, "plum").unwrap();

    store.set_team_limits(operator, acme, Limits { apps: Some(0), ..Limits::ENTERPRISE }).unwrap();
    let message = format!("team `{acme}` is limited to 0 apps; this would make 1");
    let error = Error::AppLimitReached { team: acme, limit: 0, actual: 1 };
    refused(&mut store, |s| create(s, ada, acme, "fig"), &error, &message);
    sound(&store);
}

#[test]
fn team_06_limits_are_set_by_the_operator() {
    let Demo { mut store, operator, ada, joe, sam, acme, .. } = Demo::new().unwrap();
    let package = Limits { spaces: Some(1), dyno_units: Some(50), add_on_credits: Some(9), ..Limits::ENTERPRISE };
    for actor in [ada, joe, sam] {
        let message = format!("only the platform operator can set the limits of team `{acme}`; {} cannot", actor.who);
        let error = Error::OnlyOperatorSetsLimits { actor: actor.who, team: acme };
        for limits in [package, Limits::ENTERPRISE] {
            refused(&mut store, |s| s.set_team_limits(actor, acme, limits), &error, &message);
        }
    }
    let message = format!("team `{acme}` already has these limits");
    let error = Error::LimitsUnchanged { team: acme };
    refused(&mut store, |s| s.set_team_limits(operator, acme, Limits::ENTERPRISE), &error, &message);
    let error = Error::TeamNotFound { team: NOWHERE };
    refused(
        &mut store,
        |s| s.set_team_limits(joe, NOWHERE, package),
        &error,
        &format!("team `{NOWHERE}` does not exist"),
    );

    store.set_team_limits(operator, acme, package).unwrap();
    assert_eq!(store.team(joe, acme).unwrap().limits(), package);
    sound(&store);
}

#[test]
fn team_08_an_enterprise_team_is_deleted_by_the_operator_on_an_admins_request() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, acme, website, .. } = Demo::new().unwrap();
    for actor in [joe, vera, jill, sam, operator] {
        let message = format!("only admins can request the deletion of team `{acme}`; {} is not an admin", actor.who);
        let error = Error::OnlyAdminsRequestDeletion { actor: actor.who, team: acme };
        refused(&mut store, |s| s.request_team_deletion(actor, acme), &error, &message);
        refused(&mut store, |s| s.withdraw_team_deletion(actor, acme), &error, &message);
    }
    let refused_to_all_but_the_operator = |store: &mut TeamStore| {
        for actor in [joe, vera, jill, sam] {
            let message = format!("only admins can delete team `{acme}`; {} is not an admin", actor.who);
            let error = Error::OnlyAdminsDeleteTeams { actor: actor.who, team: acme };
            refused(store, |s| s.delete_team(actor, acme), &error, &message);
        }
        let who = ada.who;
        let message = format!(
            "only the platform operator can delete the Enterprise Team `{acme}`, at an admin's request; {who} cannot"
        );
        let error = Error::OnlyOperatorDeletesEnterpriseTeams { actor: who, team: acme };
        refused(store, |s| s.delete_team(ada, acme), &error, &message);
    };
    refused_to_all_but_the_operator(&mut store);
    let not_requested = Error::DeletionNotRequested { team: acme };
    let not_requested_message = format!("no admin of team `{acme}` has requested its deletion");
    refused(&mut store, |s| s.delete_team(operator, acme), &not_requested, &not_requested_message);
    refused(&mut store, |s| s.withdraw_team_deletion(ada, acme), &not_requested, &not_requested_message);

    store.request_team_deletion(ada.at(days(2)), acme).unwrap();
    assert_eq!(store.team(vera, acme).unwrap().deletion_requested_at(), Some(days(2)));
    let message = format!("the deletion of team `{acme}` is already requested");
    let error = Error::DeletionAlreadyRequested { team: acme };
    refused(&mut store, |s| s.request_team_deletion(ada, acme), &error, &message);
    refused_to_all_but_the_operator(&mut store);

    let apple = create(&mut store, joe, acme, "apple").unwrap();
    let zebra = create(&mut store, joe, acme, "zebra").unwrap();
    let apps = Truncated { shown: vec![website, apple, zebra], total: 3 };
    let message = format!("team `{acme}` still has apps: `{website}`, `{apple}`, `{zebra}`");
    let error = Error::TeamNotEmpty { team: acme, left: Box::new(Remaining { apps, ..Remaining::default() }) };
    refused(&mut store, |s| s.delete_team(operator, acme), &error, &message);
    store.delete_app(ada, website, "acme-website").unwrap();
    store.transfer_app(joe, apple, id(joe)).unwrap();
    store.delete_app(ada, zebra, "zebra").unwrap();

    store.withdraw_team_deletion(ada, acme).unwrap();
    refused(&mut store, |s| s.delete_team(operator, acme), &not_requested, &not_requested_message);
    store.request_team_deletion(ada, acme).unwrap();
    let invitation = store.invite_member(ada, acme, email("jill@creativeinc.com"), TeamRole::Member).unwrap();
    store.delete_team(operator, acme).unwrap();

    let gone = Error::TeamNotFound { team: acme };
    refused(&mut store, |s| s.delete_team(operator, acme), &gone, &format!("team `{acme}` does not exist"));
    let gone = Error::InvitationNotFound { invitation };
    refused(
        &mut store,
        |s| s.accept_invitation(jill, invitation),
        &gone,
        &format!("there is no pending invitation `{invitation}`"),
    );
    for actor in [ada, joe, vera] {
        assert!(store.memberships(actor, &TeamFilter::default(), &PageRequest::default()).unwrap().items.is_empty());
    }
    assert_eq!(store.app(joe, apple).unwrap().owner(), id(joe).into());
    store.delete_user(ada, id(ada)).unwrap();
    sound(&store);
}

#[test]
fn team_08_an_admin_deletes_a_standard_team_directly() {
    let Demo { mut store, operator, ada, jill, sam, max, inc, wave, .. } = Demo::new().unwrap();
    store.add_collaborator(sam, wave, id(jill)).unwrap();
    for actor in [operator, ada, max, jill] {
        let message = format!("only admins can delete team `{inc}`; {} is not an admin", actor.who);
        let error = Error::OnlyAdminsDeleteTeams { actor: actor.who, team: inc };
        refused(&mut store, |s| s.delete_team(actor, inc), &error, &message);
    }
    let message = format!("team `{inc}` is a Standard team, which an admin deletes without a request");
    let error = Error::DeletionNeedsNoRequest { team: inc, kind: TeamKind::Standard };
    refused(&mut store, |s| s.request_team_deletion(sam, inc), &error, &message);
    let message = format!("team `{inc}` still has apps: `{wave}`");
    let error = Error::TeamNotEmpty {
        team: inc,
        left: Box::new(Remaining { apps: Truncated { shown: vec![wave], total: 1 }, ..Remaining::default() }),
    };
    refused(&mut store, |s| s.delete_team(sam, inc), &error, &message);
    store.delete_app(sam, wave, "frozen-wave-4030").unwrap();
    store.delete_team(sam, inc).unwrap();
    assert!(store.memberships(max, &TeamFilter::default(), &PageRequest::default()).unwrap().items.is_empty());
    sound(&store);
}

#[test]
fn team_08_the_list_of_apps_left_is_bounded() {
    let Demo { mut store, sam, inc, wave, .. } = Demo::new().unwrap();
    let name = |number| format!("app-{number:03}");
    let mut apps: Vec<AppId> =
        (0..=TRUNCATED_MAX).rev().map(|number| create(&mut store, sam, inc, &name(number)).unwrap()).collect();
    apps.reverse();
    store.delete_app(sam, wave, "frozen-wave-4030").unwrap();
    let error = store.delete_team(sam, inc).unwrap_err();
    assert!(error.to_string().ends_with("` and 1 more"), "{error}");
    let listed = Truncated { shown: apps[..TRUNCATED_MAX].to_vec(), total: TRUNCATED_MAX + 1 };
    assert_eq!(
        error,
        Error::TeamNotEmpty { team: inc, left: Box::new(Remaining { apps: listed, ..Remaining::default() }) }
    );
    sound(&store);
}

#[test]
fn team_03_reserved_names_are_refused_for_teams_and_apps() {
    let Demo { mut store, operator, ada, joe, acme, website, .. } = Demo::new().unwrap();
    let team_reserved = |name: &str| {
        let message = format!("the name `{name}` is reserved, and no team can have it");
        (Error::TeamNameReserved { name: team_name(name) }, message)
    };
    let app_reserved = |name: &str| {
        let message = format!("the name `{name}` is reserved, and no app can have it");
        (Error::AppNameReserved { name: app_name(name) }, message)
    };
    let zoe = register(&mut store, "zoe@acme.com");
    let account = store.open_account(operator, "corp".parse().unwrap(), id(zoe)).unwrap();
    for name in enterprise_teams::settings::RESERVED_NAMES {
        let (error, message) = team_reserved(name);
        let new = NewTeam::standard(team_name(name), id(joe));
        refused(&mut store, |s| s.provision_team(operator, new), &error, &message);
        refused(&mut store, |s| s.create_team_in(zoe, account, team_name(name)), &error, &message);
        refused(&mut store, |s| s.rename_team(ada, acme, team_name(name)), &error, &message);
        let Ok(app) = name.parse() else { continue };
        let (error, message) = app_reserved(name);
        refused(&mut store, |s| s.create_app(ada, NewApp::in_team(acme).named(app)), &error, &message);
        refused(&mut store, |s| s.create_app(joe, NewApp::personal().named(app)), &error, &message);
        refused(&mut store, |s| s.rename_app(ada, website, app), &error, &message);
    }

    // A setting: other words; who has such a name keeps it, and generated names step over it.
    let next = store.clone().create_app(ada, NewApp::in_team(acme)).unwrap();
    let mut copy = store.clone();
    copy.create_app(ada, NewApp::in_team(acme)).unwrap();
    let drawn = copy.app(ada, next).unwrap().name();
    let mut options = store.settings().options.clone();
    options.reserved_names = ["acme-widgets", "acme-website", drawn.as_str()].map(team_name).into();
    store.change_settings(operator, options).unwrap();
    assert_eq!(store.team(ada, acme).unwrap().name(), "acme-widgets");
    let (error, message) = app_reserved("acme-website");
    refused(&mut store, |s| s.rename_app(ada, website, app_name("acme-website")), &error, &message);
    let app = store.create_app(ada, NewApp::in_team(acme)).unwrap();
    assert_ne!(store.app(ada, app).unwrap().name(), drawn);
    store.provision_team(operator, NewTeam::standard(team_name("api"), id(joe))).unwrap();
    sound(&store);
}
