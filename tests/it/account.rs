//! ENT and STD-6: Enterprise Accounts, and teams moving in and out.

use enterprise_teams::demo::Demo;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    AccountId, Actor, ActorKind, Error, NewApp, NewSpace, NewTeam, PageRequest, Permission, PermissionSet, Role,
    Snapshot, SpaceId, TeamId, TeamKind, TeamRole, TeamStore, UserId,
    entity::{AccountPermission, AccountPermissionSet, Days, DynoSize, Limits, Mfa, Month, OAuthAccess, SignInStatus},
    error::{Blockers, Remaining, TRUNCATED_MAX, Truncated},
    names::{AccountName, ParseProblem, ParseTarget},
    query::{AccountMemberFilter, AppFilter, Billing, Cursor, PeopleFilter, TeamFilter},
};

use crate::support::{
    app_name, days, each_refused, email, holds, id, malformed, noon, read, refused, register, sound, team_name,
    through_client,
};

const NOWHERE: AccountId = AccountId::from_uuid(Uuid::from_u128(404));
const NOBODY: UserId = UserId::from_uuid(Uuid::from_u128(404));
const NO_TEAM: TeamId = TeamId::from_uuid(Uuid::from_u128(404));

fn all() -> PageRequest {
    PageRequest::default()
}

fn set(text: &str) -> AccountPermissionSet {
    read(text)
}

fn open(store: &mut TeamStore, name: &str, manager: Actor) -> AccountId {
    store.open_account(Actor::operator(noon()), read(name), id(manager)).unwrap()
}

/// Ada holds everything, joe `create`, vera `manage`, jill `billing`, max `view`; sam is none.
fn staffed(store: &mut TeamStore, [ada, joe, vera, jill, max]: [Actor; 5]) -> AccountId {
    let account = open(store, "acme-holding", ada);
    for (person, permissions) in [(joe, "create"), (vera, "manage"), (jill, "billing"), (max, "view")] {
        store.add_account_member(ada, account, id(person), set(permissions)).unwrap();
    }
    account
}

fn members(store: &TeamStore, account: AccountId) -> Vec<String> {
    let page =
        store.account_members(Actor::operator(noon()), account, &AccountMemberFilter::default(), &all()).unwrap();
    page.items.iter().map(|member| format!("{}: {}", member.user.email(), member.permissions)).collect()
}

fn by_managers(account: AccountId) -> impl Fn(ActorKind) -> (Error, String) {
    move |actor| {
        let message =
            format!("only holders of `manage` can manage the members of account `{account}`; {actor} does not hold it");
        (Error::OnlyManagersManageAccounts { actor, account }, message)
    }
}

fn by_creators(account: AccountId) -> impl Fn(ActorKind) -> (Error, String) {
    move |actor| {
        let message =
            format!("only holders of `create` can create teams in account `{account}`; {actor} does not hold it");
        (Error::OnlyCreatorsCreateTeams { actor, account }, message)
    }
}

fn renamed_by_admins(team: TeamId) -> impl Fn(ActorKind) -> (Error, String) {
    move |actor| {
        let message = format!("only admins can rename team `{team}`; {actor} is not an admin");
        (Error::OnlyAdminsRenameTeams { actor, team }, message)
    }
}

fn deleted_by_admins(team: TeamId) -> impl Fn(ActorKind) -> (Error, String) {
    move |actor| {
        let message = format!("only admins can delete team `{team}`; {actor} is not an admin");
        (Error::OnlyAdminsDeleteTeams { actor, team }, message)
    }
}

fn for_members(account: AccountId) -> impl Fn(ActorKind) -> (Error, String) {
    move |actor| {
        let message = format!("only members can see account `{account}`; {actor} is not a member");
        (Error::AccountHidden { actor, account }, message)
    }
}

fn unknown(account: AccountId) -> impl Fn(ActorKind) -> (Error, String) {
    move |_| (Error::AccountNotFound { account }, format!("account `{account}` does not exist"))
}

fn denied(team: TeamId) -> impl Fn(ActorKind) -> (Error, String) {
    move |_| (Error::OAuthDenied { team }, format!("team `{team}` denies access to third-party clients"))
}

fn moved_in_by_admins(team: TeamId) -> impl Fn(ActorKind) -> (Error, String) {
    move |actor| {
        let message = format!("only admins can move team `{team}` into an account; {actor} is not an admin");
        (Error::OnlyAdminsMoveTeamsIn { actor, team }, message)
    }
}

fn closed(account: AccountId) -> impl Fn(ActorKind) -> (Error, String) {
    move |actor| {
        let message = format!(
            "only holders of `create` or `manage` can move teams into account `{account}`; {actor} holds neither"
        );
        (Error::MoveInNeedsAccountPermission { actor, account }, message)
    }
}

fn enterprise(team: TeamId) -> impl Fn(ActorKind) -> (Error, String) {
    move |_| (Error::TeamIsEnterprise { team }, format!("team `{team}` is already an Enterprise Team"))
}

fn asked_by_admins(team: TeamId) -> impl Fn(ActorKind) -> (Error, String) {
    move |actor| {
        let message =
            format!("only admins can request to move team `{team}` out of its account; {actor} is not an admin");
        (Error::OnlyAdminsRequestMoveOut { actor, team }, message)
    }
}

fn moved_out_by_operator(team: TeamId) -> impl Fn(ActorKind) -> (Error, String) {
    move |actor| {
        let message = format!(
            "only the platform operator can move team `{team}` out of its account, at an admin's request; {actor} cannot"
        );
        (Error::OnlyOperatorMovesTeamsOut { actor, team }, message)
    }
}

fn in_no_account(team: TeamId) -> impl Fn(ActorKind) -> (Error, String) {
    move |_| (Error::TeamInNoAccount { team }, format!("team `{team}` is not in an account"))
}

fn not_asked(team: TeamId) -> impl Fn(ActorKind) -> (Error, String) {
    move |_| {
        let message = format!("no admin of team `{team}` has requested to move it out of its account");
        (Error::MoveOutNotRequested { team }, message)
    }
}

fn standard_use(team: TeamId) -> impl Fn(ActorKind) -> (Error, String) {
    move |actor| {
        let message = format!("only admins can see the use of the Standard team `{team}`; {actor} is not an admin");
        (Error::OnlyAdminsSeeStandardUse { actor, team }, message)
    }
}

/// `sam`, who alone is admin of `inc`, holds everything in the account that `inc` is in.
fn inside() -> (Demo, AccountId) {
    let mut demo = Demo::new().unwrap();
    let account = open(&mut demo.store, "inc-holding", demo.sam);
    demo.store.move_team_in(demo.sam, demo.inc, account).unwrap();
    (demo, account)
}

#[test]
fn ent_01_an_account_is_opened_by_the_operator() {
    let Demo { mut store, operator, ada, joe, sam, .. } = Demo::new().unwrap();
    let others = [ada, sam, through_client(ada)];
    each_refused(
        &mut store,
        &others,
        |s, by| s.open_account(by, read("acme"), id(ada)),
        |actor| {
            let message = format!("only the platform operator can open accounts; {actor} cannot");
            (Error::OnlyOperatorOpensAccounts { actor }, message)
        },
    );
    for by in [operator, ada] {
        let error = &Error::UserNotFound { user: NOBODY };
        refused(
            &mut store,
            |s| s.open_account(by, read("acme"), NOBODY),
            error,
            &format!("user `{NOBODY}` does not exist"),
        );
    }
    let account = store.open_account(operator.at(days(3)), read("acme-widgets"), id(ada)).unwrap();
    let opened = store.account(ada, account).unwrap();
    let facts = (opened.id(), opened.name().to_string(), opened.opened_at());
    assert_eq!(facts, (account, "acme-widgets".to_owned(), days(3)));
    assert_eq!(members(&store, account), ["ada@acme.com: view, create, manage, billing"]);
    assert_eq!(
        store.account_teams(ada, account, &TeamFilter::default(), &all()).unwrap().items,
        Vec::<&enterprise_teams::Team>::new()
    );

    let name: AccountName = read("acme-widgets");
    let taken = &Error::AccountNameTaken { name };
    refused(&mut store, |s| s.open_account(operator, name, id(joe)), taken, "the account name `acme-widgets` is taken");
    let second = open(&mut store, "acme-widget", ada);
    assert_ne!(second, account);

    let problem = ParseProblem::Character { at: 0, found: 'A' };
    let error = Error::from("Acme".parse::<AccountName>().unwrap_err());
    assert_eq!(error, malformed(ParseTarget::AccountName, problem));
    assert_eq!(error.to_string(), format!("malformed account name: {problem}"));
    let problem = ParseProblem::Word { at: 5, expected: "`view`, `create`, `manage`, `billing`" };
    let error = Error::from("view,admin".parse::<AccountPermissionSet>().unwrap_err());
    assert_eq!(error, malformed(ParseTarget::AccountPermissions, problem));
    assert_eq!(error.to_string(), format!("malformed account permissions: {problem}"));
    for text in ["", "view,", "View", "view ,create", "viewcreate"] {
        assert!(text.parse::<AccountPermissionSet>().is_err(), "{text}");
    }
    for bits in 1..16_u8 {
        let held = |permission: &AccountPermission| bits & (1 << *permission as u8) != 0;
        let set: AccountPermissionSet = AccountPermission::ALL.iter().copied().filter(held).collect();
        assert_eq!(set.to_string().parse(), Ok(set), "a set reads what it writes");
    }
    sound(&store);
}

#[test]
fn ent_01_view_is_in_every_set() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, max, .. } = Demo::new().unwrap();
    let account = staffed(&mut store, [ada, joe, vera, jill, max]);
    assert_eq!(
        members(&store, account),
        [
            "ada@acme.com: view, create, manage, billing",
            "jill@creativeinc.com: view, billing",
            "joe@acme.com: view, create",
            "max@acme-inc.com: view",
            "vera@acme.com: view, manage",
        ]
    );
    store.add_account_member(vera, account, id(sam), AccountPermissionSet::default()).unwrap();
    assert_eq!(members(&store, account)[4], "sam@acme-inc.com: view");
    for person in [ada, sam, vera] {
        let user = id(person);
        let error = &Error::AlreadyInAccount { account, user };
        let message = format!("user `{user}` is already in account `{account}`");
        refused(&mut store, |s| s.add_account_member(ada, account, user, set("create,billing")), error, &message);
    }
    for (person, same) in [(sam, "view"), (sam, "view"), (joe, "create"), (joe, "view,create"), (vera, "manage")] {
        let user = id(person);
        let permissions = set(same) | AccountPermission::View;
        let error = &Error::AccountPermissionsUnchanged { account, user, permissions };
        let message = format!("user `{user}` already holds exactly {permissions} in account `{account}`");
        refused(&mut store, |s| s.add_account_member(ada, account, user, set(same)), error, &message);
        refused(&mut store, |s| s.set_account_permissions(ada, account, user, set(same)), error, &message);
    }
    let none = AccountPermissionSet::default();
    assert_eq!(
        store.set_account_permissions(ada, account, id(sam), none).unwrap_err().code(),
        "account-permissions-unchanged"
    );
    store.set_account_permissions(ada, account, id(joe), none).unwrap();
    assert_eq!(members(&store, account)[2], "joe@acme.com: view");

    store.remove_account_member(ada, account, id(sam)).unwrap();
    let user = id(sam);
    let error = &Error::NotInAccount { account, user };
    let message = format!("user `{user}` is not in account `{account}`");
    refused(&mut store, |s| s.remove_account_member(ada, account, user), error, &message);
    refused(&mut store, |s| s.remove_account_member(sam, account, user), error, &message);
    refused(&mut store, |s| s.set_account_permissions(ada, account, user, set("view")), error, &message);

    store.delete_user(operator, id(jill)).unwrap();
    assert!(members(&store, account).iter().all(|member| !member.starts_with("jill")));
    let error = &Error::UserNotFound { user: id(jill) };
    let message = format!("user `{}` does not exist", id(jill));
    refused(&mut store, |s| s.add_account_member(ada, account, id(jill), set("view")), error, &message);
    refused(&mut store, |s| s.set_account_permissions(ada, account, id(jill), set("view")), error, &message);
    refused(&mut store, |s| s.remove_account_member(ada, account, id(jill)), error, &message);
    sound(&store);
}

#[test]
fn ent_01_at_least_one_member_holds_manage() {
    let Demo { mut store, operator, ada, joe, vera, sam, .. } = Demo::new().unwrap();
    let account = open(&mut store, "acme", joe);
    store.add_account_member(joe, account, id(vera), set("create,billing")).unwrap();
    let user = id(joe);
    let removed = &Error::CannotRemoveLastManager { account, user };
    let message = format!("user `{user}` is the last manager of account `{account}` and cannot be removed");
    refused(&mut store, |s| s.remove_account_member(joe, account, user), removed, &message);
    for less in ["view", "create,billing"] {
        let demoted = &Error::CannotDemoteLastManager { account, user };
        let message = format!("user `{user}` is the last manager of account `{account}` and cannot lose `manage`");
        refused(&mut store, |s| s.set_account_permissions(joe, account, user, set(less)), demoted, &message);
    }
    store.set_account_permissions(joe, account, user, set("manage")).unwrap();

    let mut accounts = vec![account, open(&mut store, "acme-two", joe)];
    let third = open(&mut store, "acme-three", ada);
    store.add_account_member(ada, third, user, set("manage")).unwrap();
    accounts.sort_unstable();
    for by in [joe, operator] {
        let listed = Truncated { shown: accounts.clone(), total: 2 };
        let error = &Error::CannotDeleteLastManager { user, accounts: Box::new(listed) };
        let message = format!(
            "user `{user}` cannot be deleted as the last manager of these accounts: `{}`, `{}`",
            accounts[0], accounts[1]
        );
        refused(&mut store, |s| s.delete_user(by, user), error, &message);
    }
    for account in accounts {
        store.add_account_member(joe, account, id(sam), set("manage")).unwrap();
    }
    store.set_account_permissions(sam, account, user, set("view")).unwrap();
    let removed = &Error::CannotRemoveLastManager { account, user: id(sam) };
    let message = format!("user `{}` is the last manager of account `{account}` and cannot be removed", id(sam));
    refused(&mut store, |s| s.remove_account_member(sam, account, id(sam)), removed, &message);
    store.delete_user(joe, user).unwrap();
    assert_eq!(members(&store, account), ["sam@acme-inc.com: view, manage", "vera@acme.com: view, create, billing"]);
    sound(&store);
}

#[test]
fn perm_05_nobody_adds_to_what_they_hold_in_an_account() {
    let Demo { mut store, ada, joe, vera, jill, max, .. } = Demo::new().unwrap();
    let account = staffed(&mut store, [ada, joe, vera, jill, max]);
    let own = |actor| {
        let message = format!("{actor} cannot add to their own permissions in account `{account}`");
        (Error::OwnAccountSetCannotGrow { actor, account }, message)
    };
    store.set_account_permissions(ada, account, id(joe), set("manage")).unwrap();
    for more in ["create", "create,manage", "billing,manage", "create,manage,billing"] {
        each_refused(&mut store, &[joe], |s, by| s.set_account_permissions(by, account, id(by), set(more)), own);
    }
    store.set_account_permissions(joe, account, id(vera), set("create,manage,billing")).unwrap();
    store.set_account_permissions(vera, account, id(joe), set("create,manage")).unwrap();
    store.set_account_permissions(joe, account, id(joe), set("create")).unwrap();
    sound(&store);
}

#[test]
fn ent_02_managers_manage_the_members() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, max, .. } = Demo::new().unwrap();
    let account = staffed(&mut store, [ada, joe, vera, jill, max]);
    let other = open(&mut store, "other", sam);
    let others = [joe, jill, max, sam, operator, through_client(joe)];
    for person in [sam, vera, ada] {
        let user = id(person);
        let add = |s: &mut TeamStore, by| s.add_account_member(by, account, user, set("view"));
        each_refused(&mut store, &others, add, by_managers(account));
        let change = |s: &mut TeamStore, by| s.set_account_permissions(by, account, user, set("billing"));
        each_refused(&mut store, &others, change, by_managers(account));
    }
    let remove = |s: &mut TeamStore, by| s.remove_account_member(by, account, id(vera));
    each_refused(&mut store, &others, remove, by_managers(account));
    each_refused(&mut store, &[ada, vera], |s, by| s.remove_account_member(by, other, id(sam)), by_managers(other));
    for by in [ada, sam, operator] {
        each_refused(
            &mut store,
            &[by],
            |s, by| s.add_account_member(by, NOWHERE, id(sam), set("view")),
            unknown(NOWHERE),
        );
        let change = |s: &mut TeamStore, by| s.set_account_permissions(by, NOWHERE, id(sam), set("view"));
        each_refused(&mut store, &[by], change, unknown(NOWHERE));
        each_refused(&mut store, &[by], |s, by| s.remove_account_member(by, NOWHERE, NOBODY), unknown(NOWHERE));
    }
    store.add_account_member(vera, account, id(sam), set("billing")).unwrap();
    store.set_account_permissions(through_client(vera), account, id(sam), set("view")).unwrap();
    store.set_account_permissions(vera, account, id(ada), set("view")).unwrap();
    each_refused(&mut store, &[ada], |s, by| s.remove_account_member(by, account, id(vera)), by_managers(account));
    store.remove_account_member(sam, account, id(sam)).unwrap();
    store.remove_account_member(vera, account, id(max)).unwrap();
    assert_eq!(
        members(&store, account),
        [
            "ada@acme.com: view",
            "jill@creativeinc.com: view, billing",
            "joe@acme.com: view, create",
            "vera@acme.com: view, manage"
        ]
    );
    sound(&store);
}

#[test]
fn ent_02_creators_create_rename_and_delete_teams() {
    let Demo { mut store, operator, ada, joe, vera, jill, acme, sam, max, inc, .. } = Demo::new().unwrap();
    let account = staffed(&mut store, [ada, joe, vera, jill, max]);
    let other = open(&mut store, "other", sam);
    let none = [vera, jill, max, sam, operator, through_client(vera)];
    each_refused(&mut store, &none, |s, by| s.create_team_in(by, account, team_name("labs")), by_creators(account));
    each_refused(&mut store, &[ada, joe], |s, by| s.create_team_in(by, other, team_name("labs")), by_creators(other));
    each_refused(&mut store, &[ada, sam], |s, by| s.create_team_in(by, NOWHERE, team_name("labs")), unknown(NOWHERE));
    let name = team_name("acme-inc");
    let taken = &Error::TeamNameTaken { name };
    refused(&mut store, |s| s.create_team_in(joe, account, name), taken, "the team name `acme-inc` is taken");

    let labs = store.create_team_in(joe.at(days(2)), account, team_name("labs")).unwrap();
    let team = store.team(joe, labs).unwrap();
    assert_eq!((team.kind(), team.limits(), team.account()), (TeamKind::Enterprise, Limits::ENTERPRISE, Some(account)));
    assert_eq!((team.default_role(), team.provisioned_at()), (TeamRole::Member, days(2)));
    assert_eq!((team.move_out_requested_at(), team.deletion_requested_at()), (None, None));
    assert_eq!(store.role(joe, labs, id(joe)), Ok(Some(Role::Admin)));
    assert_eq!(store.role(operator, labs, id(ada)), Ok(None));
    refused(
        &mut store,
        |s| s.create_team_in(joe, account, team_name("labs")),
        &Error::TeamNameTaken { name: team_name("labs") },
        "the team name `labs` is taken",
    );

    each_refused(&mut store, &none, |s, by| s.rename_team(by, labs, team_name("lab")), renamed_by_admins(labs));
    each_refused(&mut store, &none[..4], |s, by| s.delete_team(by, labs), deleted_by_admins(labs));
    each_refused(&mut store, &[joe, sam], |s, by| s.rename_team(by, acme, team_name("lab")), renamed_by_admins(acme));
    each_refused(&mut store, &[ada, joe], |s, by| s.delete_team(by, inc), deleted_by_admins(inc));
    store.rename_team(ada, labs, team_name("lab")).unwrap();
    store.rename_team(through_client(ada), labs, team_name("labs-two")).unwrap();
    store.set_oauth_access(joe, labs, OAuthAccess::Denied).unwrap();
    each_refused(&mut store, &[through_client(ada)], |s, by| s.rename_team(by, labs, team_name("lab")), denied(labs));
    each_refused(&mut store, &[through_client(ada)], |s, by| s.delete_team(by, labs), denied(labs));

    // Joe stays admin of the team, and gets no more than one by the loss of `create`.
    store.set_account_permissions(ada, account, id(joe), set("view")).unwrap();
    each_refused(
        &mut store,
        &[joe],
        |s, by| s.delete_team(by, labs),
        |actor| {
            let message = format!(
                "only the platform operator can delete the Enterprise Team `{labs}`, at an admin's request; {actor} cannot"
            );
            (Error::OnlyOperatorDeletesEnterpriseTeams { actor, team: labs }, message)
        },
    );
    store.delete_team(ada, labs).unwrap();
    let gone = &Error::TeamNotFound { team: labs };
    refused(&mut store, |s| s.delete_team(ada, labs), gone, &format!("team `{labs}` does not exist"));
    assert_eq!(store.account_teams(ada, account, &TeamFilter::default(), &all()).unwrap().items.len(), 0);
    sound(&store);
}

#[test]
fn ent_02_a_team_is_deleted_empty() {
    let Demo { mut store, ada, joe, vera, jill, max, .. } = Demo::new().unwrap();
    let account = staffed(&mut store, [ada, joe, vera, jill, max]);
    let labs = store.create_team_in(joe, account, team_name("labs")).unwrap();
    let [two, one] = ["two", "one"].map(|name| store.create_space(joe, NewSpace::new(labs, read(name))).unwrap());
    let [beta, alpha] = ["beta", "alpha"].map(|name| store.create_pipeline(joe, labs, read(name)).unwrap());
    let app = store.create_app(joe, NewApp::in_space(one).named(app_name("inside"))).unwrap();
    let left = Remaining {
        apps: Truncated { shown: vec![app], total: 1 },
        spaces: Truncated { shown: vec![one, two], total: 2 },
        pipelines: Truncated { shown: vec![alpha, beta], total: 2 },
    };
    let message =
        format!("team `{labs}` still has apps: `{app}`; spaces: `{one}`, `{two}`; pipelines: `{alpha}`, `{beta}`");
    let error = &Error::TeamNotEmpty { team: labs, left: Box::new(left) };
    refused(&mut store, |s| s.delete_team(ada, labs), error, &message);
    store.delete_app(joe, app, "inside").unwrap();
    for (space, name) in [(one, "one"), (two, "two")] {
        store.destroy_space(joe, space, name).unwrap();
    }
    store.delete_pipeline(joe, beta).unwrap();
    let left = Remaining { pipelines: Truncated { shown: vec![alpha], total: 1 }, ..Remaining::default() };
    let error = &Error::TeamNotEmpty { team: labs, left: Box::new(left) };
    refused(&mut store, |s| s.delete_team(ada, labs), error, &format!("team `{labs}` still has pipelines: `{alpha}`"));
    store.delete_pipeline(joe, alpha).unwrap();
    store.delete_team(ada, labs).unwrap();
    sound(&store);
}

#[test]
fn ent_02_billing_sees_the_use_of_all_teams() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, max, inc, wave, .. } = Demo::new().unwrap();
    let account = staffed(&mut store, [ada, joe, vera, jill, max]);
    let labs = store.create_team_in(joe, account, team_name("labs")).unwrap();
    let app = store.create_app(joe, NewApp::in_team(labs)).unwrap();
    store.scale_app(joe, app, read("web"), DynoSize::Standard1X, 1).unwrap();
    store.scale_app(sam, wave, read("web"), DynoSize::Standard1X, 1).unwrap();
    store.add_account_member(ada, account, id(sam), set("create")).unwrap();
    let later = |actor: Actor| actor.at(days(6));
    let month = Days::of(Month::of(noon()));
    store.move_team_in(sam.at(days(3)), inc, account).unwrap();

    let none = [joe, vera, max, sam, through_client(joe)].map(later);
    each_refused(
        &mut store,
        &none,
        |s, by| s.account_usage(by, account, month),
        |actor| {
            let message =
                format!("only holders of `billing` can see the use of account `{account}`; {actor} does not hold it");
            (Error::OnlyBillingSeesAccountUse { actor, account }, message)
        },
    );
    let past = |team| {
        move |actor| {
            let message = format!(
                "only admins, and holders of a role with `view-usage`, can see the past use of team `{team}`; {actor} is neither"
            );
            (Error::OnlyAdminsSeePastUse { actor, team }, message)
        }
    };
    each_refused(&mut store, &[vera, max, sam].map(later), |s, by| s.usage(by, labs, month), past(labs));
    each_refused(&mut store, &[vera, max, joe].map(later), |s, by| s.usage(by, inc, month), past(inc));
    each_refused(&mut store, &[jill], |s, by| s.account_usage(by, NOWHERE, month), unknown(NOWHERE));
    for by in [jill, ada, operator, through_client(jill)].map(later) {
        let reports = store.account_usage(by, account, month).unwrap();
        let units: Vec<_> = reports.iter().map(|(team, report)| (*team, report.total().dyno_units)).collect();
        let mut expected = vec![(labs, 200_000), (inc, 100_000)];
        expected.sort_unstable();
        assert_eq!(units, expected);
        // What it used before is not the account's.
        let seen = if by.who == operator.who { 200_000 } else { 100_000 };
        assert_eq!(store.usage(by, inc, month).unwrap().total().dyno_units, seen);
    }
    // After the team is out, its further use is no longer the account's.
    store.request_team_move_out(sam.at(days(6)), inc).unwrap();
    store.move_team_out(later(operator), inc).unwrap();
    let reports = store.account_usage(jill.at(days(9)), account, month).unwrap();
    assert_eq!(reports[&inc].total().dyno_units, 100_000);
    assert_eq!(reports[&labs].total().dyno_units, 300_000);
    assert_eq!(store.usage(jill.at(days(9)), inc, month).unwrap_err().code(), "only-admins-see-past-use");
    // Taken back, a move into an account leaves who paid before, this account or another.
    let other = open(&mut store, "other", sam.at(days(9)));
    for into in [account, other] {
        let before = store.clone();
        let mut tx = store.begin();
        tx.move_team_in(sam.at(days(9)), inc, into).unwrap();
        tx.roll_back();
        assert!(store == before);
        sound(&store);
    }
    sound(&store);
}

#[test]
fn ent_03_an_account_is_seen_by_its_members() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, max, .. } = Demo::new().unwrap();
    let account = staffed(&mut store, [ada, joe, vera, jill, max]);
    let own = open(&mut store, "own", sam);
    let (apps, people) = (AppFilter::default(), PeopleFilter::default());
    let name: AccountName = read("acme-holding");
    for (by, account, answer) in [
        (sam, account, Box::new(for_members(account)) as Box<dyn Fn(ActorKind) -> (Error, String)>),
        (through_client(sam), account, Box::new(for_members(account))),
        (ada, own, Box::new(for_members(own))),
        (ada, NOWHERE, Box::new(unknown(NOWHERE))),
        (operator, NOWHERE, Box::new(unknown(NOWHERE))),
    ] {
        let (error, message) = answer(by.who);
        refused(&mut store, |s| s.account(by, account).cloned(), &error, &message);
        refused(
            &mut store,
            |s| s.account_members(by, account, &AccountMemberFilter::default(), &all()).map(drop),
            &error,
            &message,
        );
        refused(
            &mut store,
            |s| s.account_teams(by, account, &TeamFilter::default(), &all()).map(drop),
            &error,
            &message,
        );
        refused(&mut store, |s| s.account_apps(by, account, &apps, &all()).map(drop), &error, &message);
        refused(&mut store, |s| s.account_people(by, account, &people, &all()).map(drop), &error, &message);
    }
    each_refused(&mut store, &[sam], |s, by| s.account_by_name(by, name).cloned(), for_members(account));
    let nameless: AccountName = read("nowhere");
    for by in [ada, sam, operator] {
        let error = &Error::AccountNameNotFound { name: nameless };
        let message = "no account is named `nowhere`";
        refused(&mut store, |s| s.account_by_name(by, nameless).cloned(), error, message);
    }
    for by in [ada, joe, vera, jill, max, operator, through_client(max)] {
        assert_eq!(store.account_by_name(by, name).unwrap().id(), account);
        assert_eq!(store.account_members(by, account, &AccountMemberFilter::default(), &all()).unwrap().items.len(), 5);
    }
    store.remove_account_member(max, account, id(max)).unwrap();
    each_refused(&mut store, &[max], |s, by| s.account(by, account).cloned(), for_members(account));
    sound(&store);
}

/// Every page of one entry, one after the other.
fn one_by_one<T>(mut list: impl FnMut(&PageRequest) -> (Vec<T>, Option<Cursor>)) -> Vec<T> {
    let mut page = PageRequest::first(1).unwrap();
    let mut found = Vec::new();
    loop {
        let (items, next) = list(&page);
        found.extend(items);
        match next {
            Some(cursor) => page = PageRequest::first(1).unwrap().after(cursor.to_string().parse().unwrap()),
            None => return found,
        }
    }
}

#[test]
fn ent_03_lists_over_all_teams_page_and_filter() {
    let Demo { mut store, operator, ada, joe, vera, jill, website, sam, max, inc, wave, .. } = Demo::new().unwrap();
    let account = staffed(&mut store, [ada, joe, vera, jill, max]);
    let labs = store.create_team_in(joe, account, team_name("labs")).unwrap();
    let yard = store.create_team_in(ada, account, team_name("a-yard")).unwrap();
    store.add_account_member(ada, account, id(sam), set("create")).unwrap();
    store.move_team_in(sam, inc, account).unwrap();
    for (by, team, name) in [(joe, labs, "zebra"), (joe, labs, "apple"), (ada, yard, "mango"), (sam, inc, "lemon")] {
        store.create_app(by, NewApp::in_team(team).named(app_name(name))).unwrap();
    }
    let zebra = store.app_by_name(joe, app_name("zebra")).unwrap().id();
    store.grant_permissions(joe, zebra, id(ada), PermissionSet::VIEW).unwrap();
    store.add_member(joe, labs, id(vera), TeamRole::Viewer).unwrap();
    store.set_mfa(ada, id(ada), Mfa::Enrolled).unwrap();
    let pairs = |store: &TeamStore, by, filter: &PeopleFilter| {
        one_by_one(|page| {
            let page = store.account_people(by, account, filter, page).unwrap();
            let line = |one: &enterprise_teams::query::AccountPerson<'_>| {
                format!("{} {} {}", one.team.name(), one.user.email(), one.role)
            };
            (page.items.iter().map(line).collect(), page.next)
        })
    };
    let apps = |store: &TeamStore, by, filter: &AppFilter| {
        one_by_one(|page| {
            let page = store.account_apps(by, account, filter, page).unwrap();
            (page.items.iter().map(|app| app.name().to_string()).collect(), page.next)
        })
    };
    let some_teams = |store: &TeamStore, by, filter: &TeamFilter| {
        one_by_one(|page| {
            let page = store.account_teams(by, account, filter, page).unwrap();
            (page.items.iter().map(|team| team.name().to_string()).collect(), page.next)
        })
    };
    let teams = |store: &TeamStore, by| some_teams(store, by, &TeamFilter::default());
    let members = |by, filter: &AccountMemberFilter| {
        one_by_one(|page| {
            let page = store.account_members(by, account, filter, page).unwrap();
            (page.items.iter().map(|member| member.user.email().to_string()).collect(), page.next)
        })
    };
    for by in [max, operator, jill] {
        assert_eq!(teams(&store, by), ["a-yard", "acme-inc", "labs"]);
        assert_eq!(apps(&store, by, &AppFilter::default()), ["apple", "frozen-wave-4030", "lemon", "mango", "zebra"]);
        assert_eq!(
            apps(&store, by, &AppFilter::default().containing("A")),
            ["apple", "frozen-wave-4030", "mango", "zebra"]
        );
        assert_eq!(
            pairs(&store, by, &PeopleFilter::default()),
            [
                "a-yard ada@acme.com admin",
                "acme-inc max@acme-inc.com member",
                "acme-inc sam@acme-inc.com admin",
                "labs ada@acme.com collaborator",
                "labs joe@acme.com admin",
                "labs vera@acme.com viewer",
            ]
        );
        assert_eq!(
            pairs(&store, by, &PeopleFilter::default().role(Role::Admin).containing("ADA")),
            ["a-yard ada@acme.com admin"]
        );
        assert_eq!(pairs(&store, by, &PeopleFilter::default().role(Role::Viewer)), ["labs vera@acme.com viewer"]);
        assert_eq!(some_teams(&store, by, &TeamFilter::default().containing("A-")), ["a-yard"]);
        assert_eq!(some_teams(&store, by, &TeamFilter::default().containing("A")), ["a-yard", "acme-inc", "labs"]);
        assert_eq!(some_teams(&store, by, &TeamFilter::default().containing("zoo")), [""; 0]);
        let everybody = AccountMemberFilter::default();
        let emails = members(by, &everybody);
        assert_eq!(emails.len(), 6);
        assert!(emails.is_sorted());
        let creators = everybody.clone().holding(AccountPermission::Create);
        assert_eq!(members(by, &creators), ["ada@acme.com", "joe@acme.com", "sam@acme-inc.com"]);
        assert_eq!(members(by, &creators.clone().containing("@ACME.")), ["ada@acme.com", "joe@acme.com"]);
        assert_eq!(members(by, &creators.status(SignInStatus::MfaOn)), ["ada@acme.com"]);
        assert_eq!(members(by, &everybody.clone().containing("inc")).len(), 3);
        assert_eq!(members(by, &everybody.clone().status(SignInStatus::MfaOff)).len(), 5);
        assert_eq!(members(by, &everybody.status(SignInStatus::Sso)), [""; 0]);
    }
    assert!(
        store
            .account_apps(ada, account, &AppFilter::default(), &all())
            .unwrap()
            .items
            .iter()
            .all(|app| app.id() != website)
    );

    // A team that shuts third-party clients out is left out for them.
    store.set_oauth_access(joe, labs, OAuthAccess::Denied).unwrap();
    let client = through_client(max);
    assert_eq!(teams(&store, client), ["a-yard", "acme-inc"]);
    assert_eq!(apps(&store, client, &AppFilter::default()), ["frozen-wave-4030", "lemon", "mango"]);
    assert_eq!(pairs(&store, client, &PeopleFilter::default()).len(), 3);
    assert_eq!(teams(&store, max).len(), 3);

    let other: Cursor = read("number:7");
    let page = PageRequest::default().after(other);
    let message = Error::CursorOfAnotherList {}.to_string();
    let (error, filter) = (&Error::CursorOfAnotherList {}, &PeopleFilter::default());
    refused(&mut store, |s| s.account_teams(max, account, &TeamFilter::default(), &page).map(drop), error, &message);
    refused(
        &mut store,
        |s| s.account_members(max, account, &AccountMemberFilter::default(), &page).map(drop),
        error,
        &message,
    );
    refused(&mut store, |s| s.account_apps(max, account, &AppFilter::default(), &page).map(drop), error, &message);
    refused(&mut store, |s| s.account_people(max, account, filter, &page).map(drop), error, &message);

    // A cursor goes on when what it names is gone.
    let first = store.account_apps(max, account, &AppFilter::default(), &PageRequest::first(2).unwrap()).unwrap();
    let next = PageRequest::default().after(first.next.unwrap());
    store.delete_app(sam, wave, "frozen-wave-4030").unwrap();
    let rest = store.account_apps(max, account, &AppFilter::default(), &next).unwrap();
    assert_eq!(rest.items.iter().map(|app| app.name().to_string()).collect::<Vec<_>>(), ["lemon", "mango", "zebra"]);
    sound(&store);
}

type Act = fn(&mut TeamStore, Actor, [TeamId; 3], AccountId, UserId, SpaceId) -> Result<(), Error>;

#[test]
fn sec_01_while_a_team_denies_clients_they_manage_nothing_in_its_account() {
    let Demo { mut store, ada, joe, vera, jill, max, sam, inc, .. } = Demo::new().unwrap();
    let account = staffed(&mut store, [ada, joe, vera, jill, max]);
    let [east, west] = ["east", "west"].map(|name| store.create_team_in(ada, account, team_name(name)).unwrap());
    store.add_account_member(ada, account, id(sam), set("create")).unwrap();
    let space = store.create_space(ada, NewSpace::new(east, read("sea"))).unwrap();
    let refusal = move |_| {
        let message = format!(
            "a team of account `{account}` denies access to third-party clients, and while it does they cannot manage the account"
        );
        (Error::OAuthDeniedInAccount { account }, message)
    };
    let acts: [(Actor, Act); 8] = [
        (vera, |s, by, _, account, user, _| s.add_account_member(by, account, user, set("billing"))),
        (vera, |s, by, _, account, _, _| s.set_account_permissions(by, account, id(by), set("view"))),
        (ada, |s, by, _, account, _, _| s.remove_account_member(by, account, id(by))),
        (joe, |s, by, _, account, _, _| s.create_team_in(by, account, team_name("north")).map(drop)),
        (joe, |s, by, [east, ..], _, _, _| s.rename_team(by, east, team_name("north"))),
        (joe, |s, by, [_, west, _], _, _, _| s.delete_team(by, west)),
        (sam, |s, by, [_, _, inc], account, _, _| s.move_team_in(by, inc, account)),
        (vera, |s, by, [_, west, _], _, _, space| s.transfer_space(by, space, west)),
    ];
    let outsider = register(&mut store, "zoe@x.io");
    let operator = Actor::operator(noon());
    // West alone denies them: east is reached, and not through the account.
    let closed = {
        let mut store = store.clone();
        let north = store.create_team_in(ada, account, team_name("closed")).unwrap();
        store.set_oauth_access(ada, north, OAuthAccess::Denied).unwrap();
        store
    };
    for (by, act) in acts {
        let act = |s: &mut TeamStore, by| act(s, by, [east, west, inc], account, id(outsider), space);
        each_refused(&mut closed.clone(), &[through_client(by)], act, refusal);
        // Not so directly, nor while all let them in.
        act(&mut closed.clone(), by)
            .or_else(|error| if error.code() == "cannot-remove-last-manager" { Ok(()) } else { Err(error) })
            .unwrap();
        act(&mut store.clone(), through_client(by)).unwrap();
    }
    // What the admin of a team does there by their role is their team's to let in.
    let mut renamed = closed.clone();
    renamed.rename_team(through_client(ada), east, team_name("renamed")).unwrap();
    // Whoever is not in the account is told nothing of its teams.
    let outside = |s: &mut TeamStore, by| s.add_account_member(by, account, id(outsider), set("view"));
    each_refused(&mut closed.clone(), &[through_client(outsider), operator], outside, by_managers(account));
    sound(&renamed);
}

#[test]
fn ent_06_the_operator_puts_an_enterprise_team_into_an_account() {
    let Demo { mut store, operator, ada, joe, vera, jill, max, sam, acme, inc, .. } = Demo::new().unwrap();
    let account = staffed(&mut store, [ada, joe, vera, jill, max]);
    each_refused(
        &mut store,
        &[joe, vera, max, jill],
        |s, by| s.move_team_in(by, acme, account),
        moved_in_by_admins(acme),
    );
    each_refused(&mut store, &[ada], |s, by| s.move_team_in(by, acme, account), enterprise(acme));
    each_refused(&mut store, &[operator], |s, by| s.move_team_in(by, inc, account), moved_in_by_admins(inc));
    let limits = Limits { members: 7, apps: Some(3), ..Limits::ENTERPRISE };
    store.set_team_limits(operator, acme, limits).unwrap();
    store.request_team_deletion(ada, acme).unwrap();
    store.move_team_in(operator.at(days(2)), acme, account).unwrap();
    let team = store.team(ada, acme).unwrap();
    assert_eq!((team.account(), team.kind(), team.limits()), (Some(account), TeamKind::Enterprise, limits));
    assert_eq!(team.deletion_requested_at(), None);
    let other = open(&mut store, "other", sam);
    let message = format!("team `{acme}` is already in an account");
    for into in [account, other] {
        let error = Error::TeamInAccount { team: acme };
        refused(&mut store, |s| s.move_team_in(operator, acme, into), &error, &message);
    }
    // It comes and goes like the others.
    store.rename_team(joe, acme, team_name("acme-east")).unwrap();
    assert_eq!(store.account_teams(max, account, &TeamFilter::default(), &all()).unwrap().items.len(), 1);

    let new = |name, account| NewTeam::enterprise(team_name(name), id(sam)).in_account(account);
    each_refused(
        &mut store,
        &[ada, sam],
        |s, by| s.provision_team(by, new("labs", account)).map(drop),
        |actor| {
            let message = format!("only the platform operator can provision teams; {actor} cannot");
            (Error::OnlyOperatorProvisionsTeams { actor }, message)
        },
    );
    let labs = store.provision_team(operator, new("labs", account)).unwrap();
    assert_eq!(store.team(sam, labs).unwrap().account(), Some(account));
    let standard = NewTeam::standard(team_name("plain"), id(sam)).in_account(account);
    let message = format!("a Standard team cannot be provisioned in account `{account}`");
    let error = Error::StandardTeamInAccount { account };
    refused(&mut store, |s| s.provision_team(operator, standard), &error, &message);
    let nowhere = Error::AccountNotFound { account: NOWHERE };
    let message = format!("account `{NOWHERE}` does not exist");
    refused(&mut store, |s| s.provision_team(operator, new("nowhere", NOWHERE)), &nowhere, &message);
    sound(&store);
}

#[test]
fn ent_04_a_standard_team_moves_in_by_an_admin_with_create_or_manage() {
    let Demo { mut store, operator, ada, joe, vera, jill, acme, sam, max, inc, .. } = Demo::new().unwrap();
    let account = staffed(&mut store, [ada, joe, vera, jill, max]);
    let own = open(&mut store, "own", sam);
    let others = [ada, joe, max, jill, operator, through_client(ada)];
    each_refused(&mut store, &others, |s, by| s.move_team_in(by, inc, account), moved_in_by_admins(inc));
    each_refused(&mut store, &[sam, vera], |s, by| s.move_team_in(by, acme, own), moved_in_by_admins(acme));
    each_refused(&mut store, &[sam, through_client(sam)], |s, by| s.move_team_in(by, inc, account), closed(account));
    for less in ["view", "billing"] {
        let mut store = store.clone();
        store.add_account_member(ada, account, id(sam), set(less)).unwrap();
        each_refused(&mut store, &[sam], |s, by| s.move_team_in(by, inc, account), closed(account));
    }
    each_refused(&mut store, &[ada], |s, by| s.move_team_in(by, acme, account), enterprise(acme));
    each_refused(&mut store, &[sam, ada], |s, by| s.move_team_in(by, inc, NOWHERE), unknown(NOWHERE));
    let gone = &Error::TeamNotFound { team: NO_TEAM };
    refused(&mut store, |s| s.move_team_in(sam, NO_TEAM, own), gone, &format!("team `{NO_TEAM}` does not exist"));
    store.set_oauth_access(sam, inc, OAuthAccess::Denied).unwrap();
    each_refused(&mut store, &[through_client(sam)], |s, by| s.move_team_in(by, inc, own), denied(inc));
    for enough in ["create", "manage"] {
        let mut store = store.clone();
        store.add_account_member(ada, account, id(sam), set(enough)).unwrap();
        store.move_team_in(sam, inc, account).unwrap();
        assert_eq!(store.team(sam, inc).unwrap().account(), Some(account));
        for into in [account, own] {
            each_refused(&mut store, &[sam], |s, by| s.move_team_in(by, inc, into), enterprise(inc));
        }
        sound(&store);
    }
    sound(&store);
}

#[test]
fn ent_04_it_becomes_enterprise_and_the_account_pays() {
    let Demo { mut store, operator, joe, jill, sam, max, inc, wave, .. } = Demo::new().unwrap();
    store.set_payment_method(sam, inc, Some(read("visa 4242"))).unwrap();
    store.add_collaborator(sam, wave, id(jill)).unwrap();
    assert_eq!(store.billing(sam, inc).unwrap(), Billing::PaymentMethod(Some(&read("visa 4242"))));
    assert_eq!(holds(&store, max, wave), PermissionSet::WORK);
    let account = open(&mut store, "own", sam);
    store.move_team_in(sam, inc, account).unwrap();
    let team = store.team(sam, inc).unwrap();
    assert_eq!((team.kind(), team.account(), team.limits()), (TeamKind::Enterprise, Some(account), Limits::ENTERPRISE));
    assert_eq!(team.move_out_requested_at(), None);
    assert_eq!(store.billing(sam, inc).unwrap(), Billing::Credits(Some(account)));
    assert_eq!(store.billing(max, inc).unwrap_err().code(), "only-admins-see-billing");
    assert_eq!([max, jill].map(|by| holds(&store, by, wave)), [PermissionSet::VIEW, PermissionSet::WORK]);
    store.set_permissions(sam, wave, id(jill), Permission::Manage.into()).unwrap();
    store.add_member(sam, inc, id(joe), TeamRole::Viewer).unwrap();
    store.create_space(sam, NewSpace::new(inc, read("inc-private"))).unwrap();

    for (members, after) in [(30, 500), (600, 600), (1, 500)] {
        let limits = Limits { members, apps: Some(7), ..Limits::STANDARD };
        let new = NewTeam::standard(team_name("third"), id(sam)).limits(limits);
        let mut store = store.clone();
        let third = store.provision_team(operator, new).unwrap();
        store.move_team_in(sam, third, account).unwrap();
        assert_eq!(store.team(sam, third).unwrap().limits(), Limits { members: after, ..limits });
        sound(&store);
    }
    sound(&store);
}

#[test]
fn ent_05_an_admin_asks_and_the_operator_moves_the_team_out() {
    let (Demo { mut store, operator, ada, joe, max, sam, acme, inc, wave, .. }, account) = inside();
    store.add_account_member(sam, account, id(joe), AccountPermissionSet::ALL).unwrap();
    let others = [joe, max, ada, operator, through_client(joe)];
    each_refused(&mut store, &others, |s, by| s.request_team_move_out(by, inc), asked_by_admins(inc));
    each_refused(&mut store, &others, |s, by| s.withdraw_team_move_out(by, inc), asked_by_admins(inc));
    each_refused(&mut store, &[ada], |s, by| s.request_team_move_out(by, acme), in_no_account(acme));
    each_refused(&mut store, &[ada], |s, by| s.withdraw_team_move_out(by, acme), not_asked(acme));
    each_refused(&mut store, &[operator], |s, by| s.move_team_out(by, acme), in_no_account(acme));
    each_refused(&mut store, &[operator], |s, by| s.move_team_out(by, inc), not_asked(inc));
    each_refused(&mut store, &[sam], |s, by| s.withdraw_team_move_out(by, inc), not_asked(inc));
    for by in [sam, operator] {
        let gone = &Error::TeamNotFound { team: NO_TEAM };
        let message = format!("team `{NO_TEAM}` does not exist");
        refused(&mut store, |s| s.request_team_move_out(by, NO_TEAM), gone, &message);
        refused(&mut store, |s| s.withdraw_team_move_out(by, NO_TEAM), gone, &message);
        refused(&mut store, |s| s.move_team_out(by, NO_TEAM), gone, &message);
    }
    store.set_oauth_access(sam, inc, OAuthAccess::Denied).unwrap();
    let client = [through_client(sam)];
    each_refused(&mut store, &client, |s, by| s.request_team_move_out(by, inc), denied(inc));
    each_refused(&mut store, &client, |s, by| s.withdraw_team_move_out(by, inc), denied(inc));
    each_refused(&mut store, &client, |s, by| s.move_team_out(by, inc), denied(inc));
    store.set_oauth_access(sam, inc, OAuthAccess::Allowed).unwrap();

    store.request_team_move_out(client[0].at(days(2)), inc).unwrap();
    assert_eq!(store.team(sam, inc).unwrap().move_out_requested_at(), Some(days(2)));
    assert_eq!(store.team(sam, inc).unwrap().account(), Some(account));
    each_refused(
        &mut store,
        &[sam],
        |s, by| s.request_team_move_out(by, inc),
        |_| {
            let message = format!("the move of team `{inc}` out of its account is already requested");
            (Error::MoveOutAlreadyRequested { team: inc }, message)
        },
    );
    each_refused(&mut store, &[sam, joe, max, ada], |s, by| s.move_team_out(by, inc), moved_out_by_operator(inc));
    store.withdraw_team_move_out(sam, inc).unwrap();
    assert_eq!(store.team(sam, inc).unwrap().move_out_requested_at(), None);
    each_refused(&mut store, &[operator], |s, by| s.move_team_out(by, inc), not_asked(inc));

    store.request_team_move_out(sam.at(days(3)), inc).unwrap();
    store.request_team_deletion(sam.at(days(3)), inc).unwrap();
    store.set_default_role(sam, inc, TeamRole::Viewer).unwrap();
    store.grant_permissions(sam, wave, id(ada), PermissionSet::ALL).unwrap();
    store.grant_permissions(sam, wave, id(joe), PermissionSet::VIEW).unwrap();
    store.set_team_limits(operator, inc, Limits { apps: Some(9), ..Limits::ENTERPRISE }).unwrap();
    store.move_team_out(operator, inc).unwrap();
    let team = store.team(sam, inc).unwrap();
    assert_eq!((team.kind(), team.account()), (TeamKind::Standard, None));
    assert_eq!(team.limits(), Limits { apps: Some(9), ..Limits::STANDARD });
    assert_eq!((team.move_out_requested_at(), team.deletion_requested_at()), (None, None));
    assert_eq!(team.default_role(), TeamRole::Member);
    // Whoever held less than everybody holds there is taken off the app (TRF-11).
    let work = PermissionSet::WORK;
    assert_eq!([max, ada, joe].map(|by| holds(&store, by, wave)), [work, work, PermissionSet::EMPTY]);
    assert_eq!(store.billing(sam, inc).unwrap(), Billing::PaymentMethod(None));
    assert_eq!(store.account_teams(sam, account, &TeamFilter::default(), &all()).unwrap().items.len(), 0);
    each_refused(&mut store, &[operator], |s, by| s.move_team_out(by, inc), in_no_account(inc));
    each_refused(&mut store, &[joe], |s, by| s.rename_team(by, inc, team_name("lab")), renamed_by_admins(inc));
    store.move_team_in(sam, inc, account).unwrap();
    assert_eq!(store.team(sam, inc).unwrap().account(), Some(account));
    sound(&store);
}

fn blocked(team: TeamId, obstacles: Blockers, listed: &str) -> (Error, String) {
    let message = format!("team `{team}` cannot become a Standard team: {listed}");
    (Error::MoveOutBlocked { team, obstacles: Box::new(obstacles) }, message)
}

#[test]
fn ent_05_everything_in_the_way_is_listed() {
    let (Demo { mut store, operator, ada, joe, vera, sam, inc, .. }, _) = inside();
    let [two, one] = ["two", "one"].map(|name| store.create_space(sam, NewSpace::new(inc, read(name))).unwrap());
    for person in [vera, ada] {
        store.add_member(sam, inc, id(person), TeamRole::Viewer).unwrap();
    }
    store.add_member(sam, inc, id(joe), TeamRole::Member).unwrap();
    let [z, a] = ["z@x.io", "a@x.io"].map(|text| store.invite_member(sam, inc, email(text), TeamRole::Viewer).unwrap());
    for n in 0..19 {
        store.invite_member(sam, inc, email(&format!("m{n}@x.io")), TeamRole::Member).unwrap();
    }
    store.request_team_move_out(sam, inc).unwrap();
    let obstacles = Blockers {
        groups: Truncated::default(),
        roles: Truncated::default(),
        spaces: Truncated { shown: vec![one, two], total: 2 },
        viewers: Truncated { shown: vec![id(ada), id(vera)], total: 2 },
        invited_viewers: Truncated { shown: vec![a, z], total: 2 },
        members: Some((26, 25)),
    };
    let listed = format!(
        "spaces: `{one}`, `{two}`; viewers: `{}`, `{}`; invitations of viewers: `{a}`, `{z}`; 26 members where 25 may be",
        id(ada),
        id(vera)
    );
    let (error, message) = blocked(inc, obstacles, &listed);
    refused(&mut store, |s| s.move_team_out(operator, inc), &error, &message);
    store.remove_member(sam, inc, id(ada)).unwrap();
    store.set_member_role(sam, inc, id(vera), TeamRole::Member).unwrap();
    store.revoke_invitation(sam, a).unwrap();
    store.destroy_space(sam, one, "one").unwrap();
    let obstacles = Blockers {
        spaces: Truncated { shown: vec![two], total: 1 },
        invited_viewers: Truncated { shown: vec![z], total: 1 },
        ..Blockers::default()
    };
    let (error, message) = blocked(inc, obstacles, &format!("spaces: `{two}`; invitations of viewers: `{z}`"));
    refused(&mut store, |s| s.move_team_out(operator, inc), &error, &message);
    store.destroy_space(sam, two, "two").unwrap();
    store.revoke_invitation(sam, z).unwrap();
    store.move_team_out(operator, inc).unwrap();
    sound(&store);
}

#[test]
fn ent_05_a_long_list_is_cut_and_its_total_told() {
    let (Demo { mut store, operator, sam, inc, .. }, _) = inside();
    let mut people = Vec::new();
    for n in 0..TRUNCATED_MAX + 3 {
        let person = register(&mut store, &format!("v{n:03}@x.io"));
        store.add_member(sam, inc, id(person), TeamRole::Viewer).unwrap();
        people.push(id(person));
    }
    store.request_team_move_out(sam, inc).unwrap();
    let viewers = Truncated { shown: people[..TRUNCATED_MAX].to_vec(), total: TRUNCATED_MAX + 3 };
    let names: Vec<String> = viewers.shown.iter().map(|user| format!("`{user}`")).collect();
    let listed = format!("viewers: {} and 3 more; 105 members where 25 may be", names.join(", "));
    let obstacles = Blockers { viewers, members: Some((105, 25)), ..Blockers::default() };
    let (error, message) = blocked(inc, obstacles, &listed);
    refused(&mut store, |s| s.move_team_out(operator, inc), &error, &message);
    sound(&store);
}

#[test]
fn ent_05_an_expired_invitation_is_not_in_the_way() {
    let (Demo { mut store, operator, sam, inc, .. }, _) = inside();
    let invitation = store.invite_member(sam, inc, email("new@x.io"), TeamRole::Viewer).unwrap();
    store.request_team_move_out(sam, inc).unwrap();
    let obstacles =
        Blockers { invited_viewers: Truncated { shown: vec![invitation], total: 1 }, ..Blockers::default() };
    let (error, message) = blocked(inc, obstacles, &format!("invitations of viewers: `{invitation}`"));
    refused(&mut store, |s| s.move_team_out(operator, inc), &error, &message);
    store.move_team_out(operator.at(days(400)), inc).unwrap();
    assert_eq!(store.team(sam, inc).unwrap().kind(), TeamKind::Standard);
    let new = register(&mut store, "new@x.io").at(days(400));
    assert!(store.accept_invitation(new, invitation).is_err());
    store.invite_member(sam.at(days(400)), inc, email("new@x.io"), TeamRole::Member).unwrap();
    let text = serde_json::to_string(&store.snapshot()).unwrap();
    let snapshot: Snapshot = serde_json::from_str(&text).unwrap();
    assert!(TeamStore::restore(snapshot).unwrap() == store);
    sound(&store);
}

#[test]
fn std_06_the_use_of_a_standard_team_is_for_its_admins() {
    let Demo { mut store, operator, ada, jill, sam, max, inc, wave, .. } = Demo::new().unwrap();
    store.add_collaborator(sam, wave, id(jill)).unwrap();
    store.scale_app(max, wave, read("web"), DynoSize::Standard1X, 1).unwrap();
    let month = Days::of(Month::of(noon()));
    let others = [max, jill, through_client(max)].map(|by| by.at(days(3)));
    each_refused(&mut store, &others, |s, by| s.current_use(by, inc), standard_use(inc));
    each_refused(&mut store, &others, |s, by| s.usage(by, inc, month), standard_use(inc));
    for by in [sam, through_client(sam), operator] {
        let used = store.current_use(by, inc).unwrap();
        assert_eq!((used.apps.used, used.members.used, used.members.limit), (1, 2, Some(25)));
        assert_eq!(store.usage(by.at(days(3)), inc, month).unwrap().total().dyno_units, 100_000);
    }
    store.set_oauth_access(sam, inc, OAuthAccess::Denied).unwrap();
    for by in [sam, max].map(through_client) {
        each_refused(&mut store, &[by], |s, by| s.current_use(by, inc), denied(inc));
        each_refused(&mut store, &[by], |s, by| s.usage(by, inc, month), denied(inc));
    }
    let gone = &Error::TeamNotFound { team: NO_TEAM };
    refused(&mut store, |s| s.current_use(sam, NO_TEAM), gone, &format!("team `{NO_TEAM}` does not exist"));
    refused(&mut store, |s| s.usage(max, NO_TEAM, month), gone, &format!("team `{NO_TEAM}` does not exist"));

    // As an Enterprise Team it refuses by the rules of those, and a holder of `billing` sees it.
    let account = open(&mut store, "own", sam);
    store.add_account_member(sam, account, id(ada), set("billing")).unwrap();
    assert_eq!(store.usage(ada, inc, month).unwrap_err().code(), "only-admins-see-past-use");
    store.move_team_in(sam, inc, account).unwrap();
    assert_eq!(store.usage(max, inc, month).unwrap_err().code(), "only-admins-see-past-use");
    assert_eq!(store.current_use(ada, inc).unwrap_err().code(), "only-admins-see-current-use");
    assert!(store.usage(ada, inc, month).is_ok());
    sound(&store);
}

#[test]
fn ent_02_managers_transfer_spaces_between_the_accounts_teams() {
    let Demo { mut store, operator, ada, joe, vera, jill, acme, sam, max, .. } = Demo::new().unwrap();
    let account = staffed(&mut store, [ada, joe, vera, jill, max]);
    let [labs, yard] = ["labs", "yard"].map(|name| store.create_team_in(ada, account, team_name(name)).unwrap());
    let space = store.create_space(ada, NewSpace::new(labs, read("private"))).unwrap();
    let app = store.create_app(ada, NewApp::in_space(space)).unwrap();
    for by in [joe, jill, max, sam] {
        let error = &Error::SpaceHidden { actor: by.who, space };
        let message = format!("{} cannot see space `{space}`", by.who);
        refused(&mut store, |s| s.transfer_space(by, space, yard), error, &message);
    }
    let error = &Error::OnlyAdminsOfBothTransferSpaces { actor: operator.who, space };
    let message = format!(
        "only admins of both teams, and managers of their account, can transfer space `{space}`; {} is neither",
        operator.who
    );
    refused(&mut store, |s| s.transfer_space(operator, space, yard), error, &message);
    let error = &Error::SpaceLeavesAccount { space, team: acme };
    let message = format!("space `{space}` and team `{acme}` are not in the same account");
    refused(&mut store, |s| s.transfer_space(vera, space, acme), error, &message);
    store.transfer_space(vera, space, yard).unwrap();
    assert_eq!(store.space(ada, space).unwrap().team(), yard);
    assert_eq!(store.app(ada, app).unwrap().owner(), yard.into());
    store.set_account_permissions(ada, account, id(vera), set("create,billing")).unwrap();
    let error = &Error::SpaceHidden { actor: vera.who, space };
    let message = format!("{} cannot see space `{space}`", vera.who);
    refused(&mut store, |s| s.transfer_space(vera, space, labs), error, &message);
    sound(&store);
}

#[test]
fn ent_02_the_use_of_a_deleted_team_stays_with_the_account() {
    let Demo { mut store, ada, joe, vera, jill, max, .. } = Demo::new().unwrap();
    let account = staffed(&mut store, [ada, joe, vera, jill, max]);
    let labs = store.create_team_in(joe, account, team_name("labs")).unwrap();
    let app = store.create_app(joe, NewApp::in_team(labs).named(app_name("apple"))).unwrap();
    store.scale_app(joe, app, read("web"), DynoSize::Standard1X, 1).unwrap();
    store.delete_app(joe.at(days(3)), app, "apple").unwrap();
    store.delete_team(joe.at(days(6)), labs).unwrap();
    let month = Days::of(Month::of(noon()));
    let reports = store.account_usage(jill.at(days(9)), account, month).unwrap();
    let units: Vec<_> = reports.iter().map(|(team, report)| (*team, report.total().dyno_units)).collect();
    assert_eq!(units, [(labs, 100_000)]);
    sound(&store);
}

#[test]
fn ent_05_moves_are_undone_with_their_transaction() {
    let Demo { mut store, operator, ada, joe, sam, inc, wave, .. } = Demo::new().unwrap();
    store.set_payment_method(sam, inc, Some(read("visa 4242"))).unwrap();
    let account = open(&mut store, "own", sam);
    let before = store.clone();
    let mut tx = store.begin();
    tx.move_team_in(sam, inc, account).unwrap();
    tx.set_default_role(sam, inc, TeamRole::Viewer).unwrap();
    tx.grant_permissions(sam, wave, id(ada), PermissionSet::ALL).unwrap();
    tx.request_team_move_out(sam, inc).unwrap();
    tx.withdraw_team_move_out(sam, inc).unwrap();
    tx.request_team_move_out(sam, inc).unwrap();
    tx.request_team_deletion(sam, inc).unwrap();
    tx.move_team_out(operator, inc).unwrap();
    let second = tx.open_account(operator, read("second"), id(joe)).unwrap();
    tx.add_account_member(joe, second, id(ada), set("manage")).unwrap();
    tx.set_account_permissions(ada, second, id(joe), set("view,create")).unwrap();
    let labs = tx.create_team_in(joe, second, team_name("labs")).unwrap();
    tx.delete_team(joe, labs).unwrap();
    tx.remove_account_member(joe, second, id(joe)).unwrap();
    drop(tx);
    assert!(store == before);
    assert_eq!(store.account_by_name(operator, read("second")).unwrap_err().code(), "account-name-not-found");
    sound(&store);
}

#[test]
fn ent_05_as_many_members_as_a_standard_team_may_have_may_move_out() {
    let (Demo { mut store, operator, sam, inc, .. }, account) = inside();
    for n in 0..23 {
        let person = register(&mut store, &format!("m{n}@x.io"));
        store.add_member(sam, inc, id(person), TeamRole::Member).unwrap();
    }
    let one = register(&mut store, "one@x.io");
    store.add_member(sam, inc, id(one), TeamRole::Admin).unwrap();
    store.request_team_move_out(one, inc).unwrap();
    let obstacles = Blockers { members: Some((26, 25)), ..Blockers::default() };
    let (error, message) = blocked(inc, obstacles, "26 members where 25 may be");
    refused(&mut store, |s| s.move_team_out(operator, inc), &error, &message);
    // A limit of its own, lower than that, changes nothing.
    store.set_team_limits(operator, inc, Limits { members: 10, ..Limits::ENTERPRISE }).unwrap();
    refused(&mut store, |s| s.move_team_out(operator, inc), &error, &message);
    store.remove_member(one, inc, id(one)).unwrap();
    store.move_team_out(operator, inc).unwrap();
    assert_eq!(store.team(sam, inc).unwrap().limits().members, 25);
    let refusal = store.add_member(sam, inc, id(one), TeamRole::Member).unwrap_err();
    assert_eq!(refusal, Error::MemberLimitReached { team: inc, limit: 25, actual: 26 });
    store.move_team_in(sam, inc, account).unwrap();
    store.add_member(sam, inc, id(one), TeamRole::Member).unwrap();
    sound(&store);
}
