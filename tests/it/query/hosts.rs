//! what a host needs besides: everything there is, answers and filters as serde values, and operations that make it so.

use enterprise_teams::demo::Demo;
use enterprise_teams::{
    AccessQuery, Actor, AppAction, Capability, Error, ErrorKind, NewApp, NewTeam, NewUser, PageRequest, ParseError,
    Permission, PermissionSet, Role, Settings, TeamRole, TeamStore,
    entity::{AccountPermission, Lock, Month, OAuthAccess, SignInStatus},
    names::{ActionName, ParseProblem, ParseTarget},
    policy::{HOST_ACTIONS_MAX, HostActionError, HostActions},
    query::{AccountMemberFilter, AppFilter, AuditFilter, AuditScope, Cursor, PeopleFilter, TeamFilter},
};
use serde_json::json;

use super::walk;
use crate::support::{email, id, noon, read, refused, register, team_name, through_client as via};

#[test]
fn x_02_the_operator_lists_users_teams_and_accounts() {
    let Demo { mut store, operator, ada, .. } = Demo::new().unwrap();
    for number in (0..40).rev() {
        let user = store.register_user(operator, NewUser::new(email(&format!("user-{number:02}@x.io")))).unwrap();
        store.provision_team(operator, NewTeam::standard(team_name(&format!("team-{number:02}")), user)).unwrap();
        store.open_account(operator, read(&format!("account-{number:02}")), user).unwrap();
    }
    let all = |store: &TeamStore, size| {
        let users =
            walk(size, |page| store.users(operator, page)).iter().map(|user| user.email().to_string()).collect();
        let teams = walk(size, |page| store.teams(operator, &TeamFilter::default(), page))
            .iter()
            .map(|team| team.name().to_string())
            .collect();
        let accounts = walk(size, |page| store.accounts(operator, page));
        let accounts: Vec<String> = accounts.iter().map(|account| account.name().to_string()).collect();
        let lists: [Vec<String>; 3] = [users, teams, accounts];
        assert!(lists.iter().all(|list| list.is_sorted()));
        lists
    };
    let lists = all(&store, 1000);
    assert_eq!(lists.each_ref().map(Vec::len), [46, 42, 40]);
    for size in [1, 3, 7, 42] {
        assert_eq!(all(&store, size), lists);
    }
    // Equal stores, in which the same stands elsewhere, list the same.
    let text = serde_json::to_string(&store.snapshot()).unwrap();
    let restored = TeamStore::restore(serde_json::from_str(&text).unwrap()).unwrap();
    assert_eq!(all(&restored, 7), lists);

    let page = PageRequest::default();
    for actor in [ada, via(ada)] {
        let error = Error::OnlyOperatorListsEverything { actor: actor.who };
        let message =
            format!("only the platform operator can list all users, teams and accounts; {} cannot", actor.who);
        refused(&mut store, |s| s.users(actor, &page).map(drop), &error, &message);
        refused(&mut store, |s| s.teams(actor, &TeamFilter::default(), &page).map(drop), &error, &message);
        refused(&mut store, |s| s.accounts(actor, &page).map(drop), &error, &message);
    }
    let other = page.after(Cursor::after_event(1));
    assert_eq!(store.users(operator, &other).unwrap_err(), Error::CursorOfAnotherList {});
}

#[test]
fn x_06_requests_and_filters_are_read_and_answers_written() {
    let page: PageRequest = serde_json::from_value(json!({})).unwrap();
    assert_eq!(page, PageRequest::default());
    let page: PageRequest = serde_json::from_value(json!({"size": 7, "after": "app:acme-website"})).unwrap();
    assert_eq!(page, PageRequest::first(7).unwrap().after(Cursor::after_app(read("acme-website"))));
    assert_eq!(serde_json::from_value::<PageRequest>(serde_json::to_value(&page).unwrap()).unwrap(), page);
    let error = serde_json::from_value::<PageRequest>(json!({"size": 0})).unwrap_err();
    assert_eq!(error.to_string(), "a page holds 1 to 1000 entries, not 0");
    assert!(serde_json::from_value::<PageRequest>(json!({"length": 7})).is_err());

    let apps: AppFilter = serde_json::from_value(json!({"containing": "WEB", "lock": "locked"})).unwrap();
    assert_eq!(apps, AppFilter::default().containing("web").lock(Lock::Locked));
    let people: PeopleFilter = serde_json::from_value(json!({"role": "viewer", "containing": "Ada"})).unwrap();
    assert_eq!(people, PeopleFilter::default().role(Role::Viewer).containing("ada"));
    let members = json!({"holding": "manage", "containing": "Ada", "status": "mfa-on"});
    let members: AccountMemberFilter = serde_json::from_value(members).unwrap();
    let expected = AccountMemberFilter::default().holding(AccountPermission::Manage).containing("ada");
    assert_eq!(members, expected.status(SignInStatus::MfaOn));
    assert_eq!(serde_json::to_value(AccountMemberFilter::default()).unwrap(), json!({}));
    let teams: TeamFilter = serde_json::from_value(json!({"containing": "ACME"})).unwrap();
    assert_eq!(teams, TeamFilter::default().containing("acme"));
    assert_eq!(serde_json::to_value(&teams).unwrap(), json!({"containing": "acme"}));
    assert!(serde_json::from_value::<TeamFilter>(json!({"name": "x"})).is_err());
    let Demo { mut store, ada, joe, vera, acme, website, .. } = Demo::new().unwrap();
    let log = AuditFilter::new(AuditScope::App(website)).by(id(ada)).since(noon());
    assert_eq!(serde_json::from_value::<AuditFilter>(serde_json::to_value(log).unwrap()).unwrap(), log);
    for query in [AccessQuery::App(AppAction::PushCode, website), AccessQuery::Team(Capability::ViewTeam, acme)] {
        assert_eq!(serde_json::from_value::<AccessQuery>(serde_json::to_value(query).unwrap()).unwrap(), query);
    }
    assert!(serde_json::from_value::<AppFilter>(json!({"name": "x"})).is_err());

    let list = store.access_list(vera, acme, &PeopleFilter::default(), &PageRequest::first(1).unwrap()).unwrap();
    let written = serde_json::to_value(&list).unwrap();
    assert_eq!(written["items"][0]["user"]["email"], "ada@acme.com");
    assert_eq!((&written["items"][0]["role"], &written["next"]), (&json!("admin"), &json!("email:ada@acme.com")));
    let no = serde_json::to_value(store.explain(vera, AppAction::PushCode, website).unwrap()).unwrap();
    assert_eq!(
        (&no["allowed"], &no["rule"], &no["held"]["permissions"]),
        (&json!(false), &json!("PERM-9"), &json!(["view"]))
    );
    assert_eq!((&no["role"], &no["needed"]), (&json!("viewer"), &json!("a grant of the permission")));
    assert!(no["refusal"].is_object() && no["text"].as_str().is_some_and(|text| text.contains("vera@acme.com")));
    store.set_member_role(ada, acme, id(joe), TeamRole::Admin).unwrap();
    let asleep = serde_json::to_value(store.explain(joe, AppAction::PushCode, website).unwrap()).unwrap();
    assert_eq!((&asleep["allowed"], &asleep["sleeping"]), (&json!(true), &json!(["view", "deploy"])));
    let yes = serde_json::to_value(store.explain(ada, Capability::ManageUsers, acme).unwrap()).unwrap();
    assert_eq!((&yes["allowed"], &yes["refusal"]), (&json!(true), &json!(null)));
}

#[test]
fn x_10_make_it_so_is_one_event_or_no_change() {
    let Demo { mut store, operator, ada, joe, vera, sam, acme, website, .. } = Demo::new().unwrap();
    let account = store.open_account(operator, read("corp"), id(ada)).unwrap();
    let before = store.events().len();
    let deploy = Permission::Deploy.into();
    for (user, set) in [(joe, Permission::Operate.into()), (vera, deploy), (vera, Permission::Manage.into())] {
        store.put_permissions(ada, website, id(user), set).unwrap();
        assert_eq!(store.put_permissions(ada, website, id(user), set).unwrap_err().kind(), ErrorKind::Unchanged);
    }
    for (user, role) in [(sam, TeamRole::Viewer), (sam, TeamRole::Member), (joe, TeamRole::Admin)] {
        store.put_member(ada, acme, id(user), role).unwrap();
        assert_eq!(store.put_member(ada, acme, id(user), role).unwrap_err().kind(), ErrorKind::Unchanged);
    }
    for set in [AccountPermission::Create, AccountPermission::Billing] {
        store.put_account_member(ada, account, id(joe), set.into()).unwrap();
        let again = store.put_account_member(ada, account, id(joe), set.into());
        assert_eq!(again.unwrap_err().kind(), ErrorKind::Unchanged);
    }
    let codes: Vec<_> = store.events()[before..].iter().map(|event| event.event.code()).collect();
    assert_eq!(
        codes,
        [
            "permissions-changed",
            "permissions-granted",
            "permissions-changed",
            "member-added",
            "member-role-changed",
            "member-role-changed",
            "account-member-added",
            "account-permissions-changed",
        ]
    );
    // Refused as what it comes to.
    let error = store.put_member(sam, acme, id(vera), TeamRole::Admin).unwrap_err();
    assert_eq!(error.code(), "only-admins-manage-members");
    let own = store.create_app(vera, NewApp::personal()).unwrap();
    assert_eq!(store.put_permissions(vera, own, id(sam), deploy).unwrap_err().code(), "permissions-on-personal-app");
    assert_eq!(store.put_member(ada, acme, id(ada), TeamRole::Admin).unwrap_err().kind(), ErrorKind::Unchanged);
}

#[test]
fn team_01_the_notice_of_a_new_team_is_a_value() {
    let Demo { mut store, operator, ada, acme, .. } = Demo::new().unwrap();
    let mut options = store.settings().options.clone();
    options.dashboard_domain = read("teams.example.com");
    store.change_settings(operator, options).unwrap();
    let zoe = register(&mut store, "zoe@acme.com");
    let team = store.provision_team(operator, NewTeam::standard(team_name("gears"), id(zoe))).unwrap();
    let notice = serde_json::to_value(store.provisioning_notice(operator, team).unwrap()).unwrap();
    assert_eq!(notice["admins"][0]["email"], "zoe@acme.com");
    assert_eq!((&notice["name"], &notice["limits"]["members"]), (&json!("gears"), &json!(25)));
    assert_eq!(notice["dashboard_url"], "https://teams.example.com/teams/gears");
    let refusal = store.provisioning_notice(ada, acme).unwrap_err();
    assert_eq!(refusal, Error::OnlyOperatorProvisionsTeams { actor: ada.who });
}

#[test]
fn use_05_months_go_back_as_they_go_on() {
    let mut month = Month::of(Actor::operator(noon()).at);
    for _ in 0..30 {
        assert_eq!(month.previous().next(), month);
        assert_eq!(month.previous().end(), month.start());
        month = month.previous();
    }
    assert_eq!(month.to_string(), "1967-07");
}

fn own(actions: &[(&str, PermissionSet)]) -> HostActions {
    HostActions::new(actions.iter().map(|(name, any_of)| (read(name), *any_of))).unwrap()
}

#[test]
fn perm_09_a_hosts_own_actions_are_asked_like_the_published_ones() {
    let operate = PermissionSet::from(Permission::Operate);
    let settings =
        Settings::from_seed(7).host_actions(own(&[("rotate-key", operate), ("see-map", PermissionSet::VIEW)]));
    assert_eq!(TeamStore::new(settings).settings().options.host_actions.iter().count(), 2);

    let Demo { mut store, operator, ada, joe, vera, jill, sam, website, inc, wave, .. } = Demo::new().unwrap();
    let [rotate, map, none]: [ActionName; 3] = ["rotate-key", "see-map", "no-such"].map(read);
    assert_eq!(store.check(ada, rotate, website), Err(Error::HostActionNotFound { action: rotate }));
    let mut options = store.settings().options.clone();
    options.host_actions = own(&[("rotate-key", operate), ("see-map", PermissionSet::VIEW)]);
    store.change_settings(operator, options.clone()).unwrap();
    for (actor, action, app, may) in [
        (ada, rotate, website, true),
        (joe, rotate, website, false),
        (joe, map, website, true),
        (vera, map, website, true),
        (jill, map, website, true),
        (sam, map, website, false),
        (operator, map, website, true),
        (operator, rotate, website, false),
        (sam, rotate, wave, true),
        (ada, none, website, false),
    ] {
        assert_eq!(store.can(actor, action, app), may, "{:?} {action}", actor.who);
        assert_eq!(store.check(actor, action, app).is_ok(), may);
        assert_eq!(store.for_actor(actor).unwrap().can(action, app), may);
        if action != none {
            assert_eq!(store.explain(actor, action, app).unwrap().is_allowed(), may);
        }
    }
    assert_eq!(
        store.explain(joe, rotate, website).unwrap().to_string(),
        "`joe@acme.com` may not rotate-key on app `acme-website`: holds view, deploy as member of the team, with permissions \
         on the app; needs operate (PERM-9); way out: ask `ada@acme.com` for a grant of the permission",
    );
    let refusal = store.check(joe, rotate, website).unwrap_err();
    let held = Permission::Deploy.into();
    let held = PermissionSet::union(PermissionSet::VIEW, held);
    let expected = Error::HostActionNeedsPermission {
        actor: Box::new(joe.who),
        app: website,
        action: Box::new(rotate),
        any_of: operate,
        held,
    };
    assert_eq!(refusal, expected);
    let able = |store: &TeamStore, action: ActionName| {
        let able = walk(1, |page| store.who_can(ada, action, website, page));
        able.iter().map(|one| one.user.email().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(able(&store, rotate), ["ada@acme.com"]);
    assert_eq!(able(&store, map).len(), 4);
    let unknown = store.who_can(ada, none, website, &PageRequest::default()).unwrap_err();
    assert_eq!(unknown, Error::HostActionNotFound { action: none });
    assert!(store.explain_to(ada, id(joe), map, website).unwrap().is_allowed());
    for query in [AccessQuery::Host(rotate, website), AccessQuery::App(AppAction::PushCode, website)] {
        assert_eq!(serde_json::from_value::<AccessQuery>(serde_json::to_value(query).unwrap()).unwrap(), query);
    }

    // Third-party clients are kept out as from everything.
    store.set_oauth_access(sam, inc, OAuthAccess::Denied).unwrap();
    assert_eq!(store.check(via(sam), rotate, wave), Err(Error::OAuthDenied { team: inc }));

    // The log and a snapshot keep them, and a change of settings takes them away.
    let replayed = TeamStore::replay(store.events().iter().cloned()).unwrap();
    assert!(replayed == store && replayed.can(ada, rotate, website));
    let written = serde_json::to_string(&store.snapshot()).unwrap();
    let restored = TeamStore::restore(serde_json::from_str(&written).unwrap()).unwrap();
    assert!(restored == store && restored.can(ada, rotate, website));
    options.host_actions = HostActions::default();
    store.change_settings(operator, options).unwrap();
    assert!(!store.can(ada, rotate, website));
}

#[test]
fn perm_09_a_host_cannot_have_every_action() {
    use HostActionError as E;
    let operate = PermissionSet::from(Permission::Operate);
    for name in ["push-code", "view-team", "owner", "kept-out", "manage", "granted-view", "for-owner", "standard-admin"]
    {
        let action: ActionName = read(name);
        assert_eq!(HostActions::new([(action, operate)]), Err(E::Taken { action }));
    }
    let action: ActionName = read("rotate-key");
    assert_eq!(HostActions::new([(action, operate), (action, operate)]), Err(E::Twice { action }));
    assert_eq!(HostActions::new([(action, PermissionSet::EMPTY)]), Err(E::NoPermission { action }));
    let many = |count| HostActions::new((0..count).map(|number| (read(&format!("own-{number}")), operate)));
    assert!(many(HOST_ACTIONS_MAX).is_ok());
    assert_eq!(many(HOST_ACTIONS_MAX + 1), Err(E::TooMany { max: HOST_ACTIONS_MAX }));
    let error = Error::from(E::Taken { action });
    assert_eq!(error, Error::HostActionsInvalid { problem: E::Taken { action } });
    assert_eq!(
        (error.code(), error.to_string().as_str()),
        (
            "host-actions-invalid",
            "unusable actions of the host: `rotate-key` is a name of the published tables or of the exports"
        )
    );
    let problem = ParseProblem::Character { at: 0, found: 'R' };
    let malformed = ParseError { what: ParseTarget::ActionName, problem };
    assert_eq!("Rotate".parse::<ActionName>(), Err(malformed));
    assert_eq!(Error::from(malformed).code(), "action-name-invalid");
    // As a serde value: in order, each once, and nothing that cannot be.
    let two = own(&[("b-action", operate), ("a-action", PermissionSet::VIEW)]);
    let written = serde_json::to_value(&two).unwrap();
    assert_eq!(written, json!([["a-action", ["view"]], ["b-action", ["operate"]]]));
    assert_eq!(serde_json::from_value::<HostActions>(written).unwrap(), two);
    for wrong in [
        json!([["b-action", ["operate"]], ["a-action", ["view"]]]),
        json!([["a-action", ["view"]], ["a-action", ["view"]]]),
        json!([["push-code", ["view"]]]),
        json!([["a-action", []]]),
    ] {
        assert!(serde_json::from_value::<HostActions>(wrong).is_err());
    }
}
