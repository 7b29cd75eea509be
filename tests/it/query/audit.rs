//! the audit log, by scope, by actor, by time, page by page.

use enterprise_teams::chrono::{DateTime, Utc};
use enterprise_teams::demo::Demo;
use enterprise_teams::policy::RoleRights;
use enterprise_teams::{
    Actor, AppId, Capability, Error, Event, EventContext, NewApp, NewSpace, NewTeam, NewUser, PageRequest, Permission,
    PermissionSet, Stage, TeamId, TeamRole, TeamStore,
    entity::{DynoSize, Limits, Mfa, OAuthAccess, SignIn},
    query::{AuditFilter, AuditScope},
};

use super::{first, walk};
use crate::support::{
    app_name, days, email, id, labels, noon, read, refused, team_name, through_client as via, with_sso,
};

fn log(scope: AuditScope) -> AuditFilter {
    AuditFilter::new(scope)
}

/// The numbers of the entries, in the order of the log.
#[track_caller]
fn numbers(store: &TeamStore, actor: Actor, filter: &AuditFilter, size: usize) -> Vec<u64> {
    walk(size, |page| store.audit_log(actor, filter, page)).iter().map(|entry| entry.seq).collect()
}

/// Which of these scopes have the newest event.
fn concerned(store: &TeamStore, scopes: &[(&str, AuditScope)]) -> String {
    let last = store.events().last().unwrap();
    let newest =
        |scope| store.audit_log(Actor::operator(noon()), &log(scope), &first(1)).unwrap().items.into_iter().next();
    let names = scopes.iter().filter(|(_, scope)| newest(*scope).is_some_and(|entry| entry.seq == last.seq));
    names.map(|(name, _)| *name).collect::<Vec<_>>().join(" ")
}

macro_rules! rows {
    (($store:ident, $scopes:ident) $($operation:expr => $code:literal $concerned:literal;)+) => {$({
        $operation.unwrap();
        let found = ($store.events().last().unwrap().event.code(), concerned(&$store, &$scopes));
        assert_eq!((found.0, found.1.as_str()), ($code, $concerned));
    })+};
}

/// One row per operation: the event, and whom and what it concerns.
#[test]
fn x_03_what_an_event_concerns() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, max, acme, inc, website, wave, .. } =
        Demo::new().unwrap();
    let labs = store.provision_team(operator, NewTeam::enterprise(team_name("labs"), id(ada))).unwrap();
    let [own, hers, page] = [(joe, None), (joe, None), (joe, Some(acme))]
        .map(|(actor, team)| store.create_app(actor, team.map_or(NewApp::personal(), NewApp::in_team)).unwrap());
    for app in [own, hers] {
        store.add_collaborator(joe, app, id(jill)).unwrap();
    }
    store.grant_permissions(ada, page, id(vera), PermissionSet::VIEW).unwrap();
    let people = [("ada", ada), ("joe", joe), ("vera", vera), ("jill", jill), ("sam", sam), ("max", max)];
    let scopes: Vec<(&str, AuditScope)> = people
        .map(|(name, user)| (name, AuditScope::User(id(user))))
        .into_iter()
        .chain([("acme", AuditScope::Team(acme)), ("inc", AuditScope::Team(inc)), ("labs", AuditScope::Team(labs))])
        .chain(
            [("website", website), ("wave", wave), ("own", own), ("hers", hers), ("page", page)]
                .map(|(name, app)| (name, AuditScope::App(app))),
        )
        .collect();
    let process = "web".parse().unwrap();
    with_sso(&mut store, ada, acme);
    rows! {
        (store, scopes)
        store.set_mfa(joe, id(joe), Mfa::Enrolled) => "mfa-changed" "joe acme";
        store.set_sign_in(joe, id(joe), SignIn::Sso) => "sign-in-changed" "joe acme";
        store.set_mfa(jill, id(jill), Mfa::Enrolled) => "mfa-changed" "jill";
        store.suspend_user(operator, id(joe)) => "user-suspended" "joe acme";
        store.reinstate_user(operator, id(joe)) => "user-reinstated" "joe acme";
        store.disable_sso(ada, acme) => "sso-changed" "joe acme";
        store.rename_team(ada, acme, team_name("widgets")) => "team-renamed" "acme";
        store.set_team_labels(ada, acme, labels("env")) => "team-labels-changed" "acme";
        store.set_team_limits(operator, acme, Limits::STANDARD) => "limits-changed" "acme";
        store.set_default_role(ada, acme, TeamRole::Viewer) => "default-role-changed" "acme";
        store.set_oauth_access(ada, acme, OAuthAccess::Denied) => "oauth-access-changed" "acme";
        store.request_team_deletion(ada, labs) => "team-deletion-requested" "labs";
        store.withdraw_team_deletion(ada, labs) => "team-deletion-withdrawn" "labs";
        store.invite_member(ada, labs, email("vera@acme.org"), TeamRole::Member) => "member-invited" "labs";
        store.add_member(ada, labs, id(vera), TeamRole::Member) => "member-added" "vera labs";
        store.set_email(operator, id(vera), email("vera@acme.org")) => "email-changed" "vera acme labs";
        store.set_member_role(ada, labs, id(vera), TeamRole::Admin) => "member-role-changed" "vera labs";
        store.remove_member(ada, labs, id(vera)) => "member-removed" "vera labs";
        store.set_member_role(ada, acme, id(vera), TeamRole::Member) => "member-role-changed" "vera acme";
        store.lock_app(ada, website) => "app-locked" "acme website";
        store.unlock_app(ada, website) => "app-unlocked" "acme website";
        store.rename_app(ada, website, app_name("web")) => "app-renamed" "acme website";
        store.set_app_labels(ada, website, labels("env")) => "app-labels-changed" "acme website";
        store.scale_app(ada, website, process, DynoSize::Basic, 1) => "app-scaled" "acme website";
        store.join_app(vera, website) => "app-joined" "vera acme website";
        store.set_permissions(ada, website, id(vera), PermissionSet::ALL)
            => "permissions-changed" "vera acme website";
        store.remove_collaborator(ada, website, id(vera)) => "collaborator-removed" "vera acme website";
        store.grant_permissions(ada, website, id(sam), Permission::Deploy.into())
            => "permissions-granted" "sam acme website";
        store.add_collaborator(max, wave, id(jill)) => "collaborator-added" "jill inc wave";
        store.request_app_transfer(joe, own, id(jill)) => "app-transfer-requested" "joe jill own";
        store.transfer_app(joe, own, acme) => "app-transferred" "joe jill acme own";
        store.request_app_transfer(joe, hers, id(jill)).and_then(|one| store.decline_app_transfer(jill, one))
            => "app-transfer-declined" "joe jill hers";
        store.request_app_transfer(joe, hers, id(jill)).and_then(|one| store.cancel_app_transfer(joe, one))
            => "app-transfer-cancelled" "joe jill hers";
        store.request_app_transfer(joe, hers, id(jill)).and_then(|one| store.accept_app_transfer(jill, one))
            => "app-transfer-accepted" "joe jill hers";
        store.transfer_apps(ada, &[page, website], labs) => "apps-transferred" "acme labs website page";
        store.transfer_app(ada, page, id(joe)) => "app-transferred" "joe vera labs page";
        store.delete_app(jill, hers, store.app(jill, hers).unwrap().name().as_str()) => "app-deleted" "joe jill hers";
        store.remove_member(ada, acme, id(vera)) => "member-removed" "vera acme";
        store.remove_member(ada, acme, id(joe)) => "member-removed" "joe acme own";
        store.invite_member(sam, inc, email("vera@acme.org"), TeamRole::Member)
            .and_then(|one| store.accept_invitation(vera, one))
            => "invitation-accepted" "vera inc";
        store.invite_member(sam, inc, email("jill@creativeinc.com"), TeamRole::Member)
            .and_then(|one| store.decline_invitation(jill, one))
            => "invitation-declined" "jill inc";
        store.invite_member(sam, inc, email("x@y.org"), TeamRole::Member)
            .and_then(|one| store.revoke_invitation(sam, one))
            => "invitation-revoked" "inc";
        store.delete_user(operator, id(max)) => "user-deleted" "max inc";
        store.delete_user(operator, id(jill)) => "user-deleted" "jill acme inc labs website wave own";
        store.register_user(operator, NewUser::new(email("max@acme-inc.com")).with_id(id(max)))
            => "user-registered" "max";
        store.delete_app(sam, wave, "frozen-wave-4030") => "app-deleted" "sam inc wave";
        store.delete_team(sam, inc) => "team-deleted" "vera sam inc";
        store.provision_team(operator, NewTeam::standard(team_name("inc-two"), id(sam))) => "team-provisioned" "sam";
    }
}

#[test]
fn x_03_what_an_event_of_pipelines_spaces_and_accounts_concerns() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, acme, inc, website, wave, .. } = Demo::new().unwrap();
    let labs = store.provision_team(operator, NewTeam::enterprise(team_name("labs"), id(ada))).unwrap();
    let page = store.create_app(ada, NewApp::in_team(acme)).unwrap();
    let own = store.create_app(joe, NewApp::personal()).unwrap();
    let account = store.open_account(operator, read("corp"), id(sam)).unwrap();
    store.add_account_member(sam, account, id(ada), read("create")).unwrap();
    let [east, west] = ["east", "west"].map(|name| store.create_team_in(ada, account, team_name(name)).unwrap());
    store.add_member(ada, east, id(joe), TeamRole::Member).unwrap();
    let sea = store.create_space(ada, NewSpace::new(east, read("sea"))).unwrap();
    let boat = store.create_app(ada, NewApp::in_space(sea)).unwrap();
    let flow = store.create_pipeline(joe, acme, read("flow")).unwrap();
    let fleet = store.create_pipeline(ada, east, read("fleet")).unwrap();
    let space = store.create_space(ada, NewSpace::new(acme, read("acme-space"))).unwrap();
    let oncall = store.create_role(ada, acme, read("on-call"), RoleRights::default()).unwrap();
    let rights = RoleRights { capabilities: Capability::ViewUsage.into(), permissions: PermissionSet::VIEW };
    let crew = store.create_group(ada, acme, read("crew")).unwrap();
    let people = [("ada", ada), ("joe", joe), ("vera", vera), ("jill", jill), ("sam", sam)];
    let teams = [("acme", acme), ("inc", inc), ("labs", labs), ("east", east), ("west", west)];
    let apps = [("website", website), ("page", page), ("own", own), ("wave", wave), ("boat", boat)];
    let scopes: Vec<(&str, AuditScope)> = people
        .map(|(name, user)| (name, AuditScope::User(id(user))))
        .into_iter()
        .chain(teams.map(|(name, team)| (name, AuditScope::Team(team))))
        .chain(apps.map(|(name, app)| (name, AuditScope::App(app))))
        .collect();
    rows! {
        (store, scopes)
        store.create_pipeline(joe, acme, read("other")) => "pipeline-created" "acme";
        store.create_pipeline(joe, id(joe), read("mine")).and_then(|mine| store.couple_app(joe, mine, own, Stage::Test))
            => "app-coupled" "joe own";
        store.rename_pipeline(joe, flow, read("main-flow")) => "pipeline-renamed" "acme";
        store.set_pipeline_labels(joe, flow, labels("env")) => "pipeline-labels-changed" "acme";
        store.couple_app(ada, flow, page, Stage::Production) => "app-coupled" "acme page";
        store.couple_app(joe, flow, website, Stage::Review) => "app-coupled" "acme website";
        store.set_stage(joe, website, Stage::Staging) => "app-stage-changed" "acme website";
        store.release_app(joe, website, read("Deploy 8f3c2a1")) => "app-released" "acme website";
        store.promote_app(ada, website) => "app-promoted" "acme website page";
        store.uncouple_app(ada, page) => "app-uncoupled" "acme page";
        store.transfer_pipeline(ada, flow, labs) => "pipeline-transferred" "acme labs website";
        store.delete_pipeline(ada, flow) => "pipeline-deleted" "labs website";
        store.create_role(ada, acme, read("other"), RoleRights::default()) => "role-created" "acme";
        store.rename_role(ada, oncall, read("pager")) => "role-renamed" "acme";
        store.set_role_rights(ada, oncall, rights) => "role-rights-changed" "acme";
        store.delete_role(ada, oncall) => "role-deleted" "acme";
        store.create_group(ada, acme, read("other")) => "group-created" "acme";
        store.rename_group(ada, crew, read("backend")) => "group-renamed" "acme";
        store.add_group_member(ada, crew, id(joe)) => "group-member-added" "joe acme";
        store.grant_group_permissions(ada, page, crew, PermissionSet::VIEW) => "group-permissions-granted" "acme page";
        store.set_group_permissions(ada, page, crew, PermissionSet::WORK) => "group-permissions-changed" "acme page";
        store.revoke_group_permissions(ada, page, crew) => "group-permissions-revoked" "acme page";
        store.remove_group_member(ada, crew, id(joe)) => "group-member-removed" "joe acme";
        store.add_group_member(ada, crew, id(joe))
            .and_then(|()| store.grant_group_permissions(ada, page, crew, PermissionSet::VIEW))
            .and_then(|()| store.delete_group(ada, crew))
            => "group-deleted" "joe acme page";
        store.create_space(ada, NewSpace::new(acme, read("sky"))) => "space-created" "acme";
        store.rename_space(ada, space, read("acme-eu")) => "space-renamed" "acme";
        store.set_space_labels(ada, space, labels("env")) => "space-labels-changed" "acme";
        store.allow_app_creation(ada, space, id(joe)) => "app-creation-allowed" "joe acme";
        store.revoke_app_creation(ada, space, id(joe)) => "app-creation-revoked" "joe acme";
        store.allow_app_creation(ada, space, id(joe)).and_then(|()| store.destroy_space(ada, space, "acme-eu"))
            => "space-destroyed" "joe acme";
        store.couple_app(ada, fleet, boat, Stage::Staging) => "app-coupled" "east boat";
        store.allow_app_creation(ada, sea, id(joe)).and_then(|()| store.transfer_space(ada, sea, west))
            => "space-transferred" "joe east west boat";
        store.open_account(operator, read("inc"), id(vera)) => "account-opened" "vera";
        store.add_account_member(sam, account, id(joe), read("view")) => "account-member-added" "joe";
        store.set_account_permissions(sam, account, id(joe), read("billing")) => "account-permissions-changed" "joe";
        store.remove_account_member(joe, account, id(joe)) => "account-member-removed" "joe";
        store.create_team_in(ada, account, team_name("north")) => "team-provisioned" "ada";
        store.move_team_in(sam, inc, account) => "team-moved-in" "inc";
        store.request_team_move_out(sam, inc) => "team-move-out-requested" "inc";
        store.withdraw_team_move_out(sam, inc) => "team-move-out-withdrawn" "inc";
        store.grant_permissions(sam, wave, id(jill), PermissionSet::VIEW)
            .and_then(|()| store.request_team_move_out(sam, inc))
            .and_then(|()| store.move_team_out(operator, inc))
            => "team-moved-out" "jill inc wave";
    }
}

#[test]
fn x_03_every_scope_is_a_part_of_everything() {
    let Demo { mut store, operator, ada, joe, acme, inc, website, wave, sam, .. } = Demo::new().unwrap();
    store.rename_app(joe, website, app_name("no-way")).unwrap_err();
    let own = store.create_app(joe, NewApp::personal()).unwrap();
    store.transfer_app(joe, own, acme).unwrap();
    let everything: Vec<u64> = (1..=store.events().len() as u64).rev().collect();
    for size in [1, 3, 1000] {
        assert_eq!(numbers(&store, operator, &log(AuditScope::Everything), size), everything);
        for (actor, scope) in [
            (ada, AuditScope::Team(acme)),
            (sam, AuditScope::Team(inc)),
            (ada, AuditScope::App(website)),
            (joe, AuditScope::App(own)),
            (sam, AuditScope::App(wave)),
            (joe, AuditScope::User(id(joe))),
            (joe, AuditScope::By(id(joe))),
        ] {
            let part = numbers(&store, actor, &log(scope), size);
            assert_eq!(part, numbers(&store, operator, &log(scope), 1000));
            assert!(!part.is_empty() && part.is_sorted_by(|one, other| one > other), "{part:?}");
            for by in [ada, joe, sam] {
                let by_whom = store.events().iter().filter(|entry| entry.actor.user() == Some(id(by)));
                let mut expected: Vec<u64> = by_whom.map(|entry| entry.seq).filter(|seq| part.contains(seq)).collect();
                expected.reverse();
                assert_eq!(numbers(&store, actor, &log(scope).by(id(by)), size), expected);
            }
        }
    }
    let by_joe = store.events().iter().filter(|entry| entry.actor.user() == Some(id(joe))).map(|entry| entry.seq);
    assert_eq!(
        numbers(&store, joe, &log(AuditScope::By(id(joe))), 9),
        by_joe.collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>()
    );
}

#[test]
fn x_03_windows_of_time() {
    let Demo { mut store, operator, ada, acme, .. } = Demo::new().unwrap();
    let names = ["one-one", "one-two", "two", "four", "five"];
    for (name, day) in names.into_iter().zip([1, 1, 2, 4, 5]) {
        store.rename_team(ada.at(days(day)), acme, team_name(name)).unwrap();
    }
    let last = store.events().len() as u64;
    let days_of = |filter: AuditFilter| -> Vec<u64> {
        let all = numbers(&store, operator, &filter, 2);
        all.iter().map(|seq| names.len() as u64 + seq - last).filter(|index| *index <= names.len() as u64).collect()
    };
    let none: [u64; 0] = [];
    for scope in [AuditScope::Everything, AuditScope::Team(acme), AuditScope::By(id(ada))] {
        let window = |since: i64, until: i64| days_of(log(scope).since(days(since)).until(days(until)));
        assert_eq!(days_of(log(scope).since(days(1))), [5, 4, 3, 2, 1], "since: this time or later");
        assert_eq!(days_of(log(scope).since(days(2))), [5, 4, 3]);
        assert_eq!(days_of(log(scope).since(days(5))), [5]);
        assert_eq!(days_of(log(scope).since(days(6))), none);
        assert_eq!(window(1, 2), [2, 1], "until: before this time");
        assert_eq!([window(1, 1), window(3, 4), window(4, 2), window(5, 1)], [none; 4]);
        assert_eq!((window(2, 5), window(1, 6)), (vec![4, 3], vec![5, 4, 3, 2, 1]));
        let forever = log(scope).since(DateTime::<Utc>::MIN_UTC);
        assert_eq!(numbers(&store, operator, &forever, 9), numbers(&store, operator, &log(scope), 9));
        let never = forever.until(DateTime::<Utc>::MIN_UTC);
        assert_eq!(numbers(&store, operator, &never, 9), none);
    }
    let renames = log(AuditScope::Team(acme)).since(days(1)).until(days(4));
    assert_eq!(walk(2, |page| store.audit_log(ada, &renames, page)).len(), 3);
}

#[test]
fn x_03_pages_while_more_happens() {
    let Demo { mut store, ada, acme, .. } = Demo::new().unwrap();
    let filter = log(AuditScope::Team(acme));
    let expected = numbers(&store, ada, &filter, 1000);
    let (mut read, mut request) = (Vec::new(), first(2));
    loop {
        let page = store.audit_log(ada, &filter, &request).unwrap();
        read.extend(page.items.iter().map(|entry| entry.seq));
        let Some(next) = page.next else { break };
        request = first(2).after(next);
        let name = format!("acme-{}", read.len());
        store.rename_team(ada, acme, team_name(&name)).unwrap();
    }
    assert_eq!(read, expected, "what was there is read once, what came is on no later page");
}

#[test]
fn x_03_whose_log_it_is() {
    let Demo { mut store, operator, ada, joe, jill, sam, max, acme, inc, website, wave, .. } = Demo::new().unwrap();
    let page = PageRequest::default();
    let ask = |scope| {
        move |store: &mut TeamStore, actor: Actor| {
            store.audit_log(actor, &log(scope), &PageRequest::default()).map(|page| page.items.len())
        }
    };
    let [team, app, others, everything] =
        [AuditScope::Team(acme), AuditScope::App(website), AuditScope::By(id(ada)), AuditScope::Everything].map(ask);
    let who = |actor: Actor| actor.who;
    let (error, text) = (
        Error::OnlyAdminsReadTeamAudit { actor: who(joe), team: acme },
        format!(
            "only admins, and holders of a role with `view-audit-log`, can read the audit log of team `{acme}`; {} is neither",
            who(joe)
        ),
    );
    refused(&mut store, |store| team(store, joe), &error, &text);
    let (error, text) = (
        Error::OnlyManagersReadAppAudit { actor: who(joe), app: website },
        format!("only holders of `manage` can read the audit log of app `{website}`; {} does not hold it", who(joe)),
    );
    refused(&mut store, |store| app(store, joe), &error, &text);
    let (error, text) =
        (Error::AppHidden { actor: who(sam), app: website }, format!("{} cannot see app `{website}`", who(sam)));
    refused(&mut store, |store| app(store, sam), &error, &text);
    for ask in [&others, &everything] {
        let (error, text) =
            (Error::OnlySelfReadsAudit { actor: who(joe) }, format!("{} cannot read this audit log", who(joe)));
        refused(&mut store, |store| ask(store, joe), &error, &text);
    }
    // The nearest cases that are allowed: an admin, a collaborator with `manage`, oneself, the operator.
    assert!(team(&mut store, ada).is_ok() && everything(&mut store, operator).is_ok());
    store.set_permissions(ada, website, id(jill), Permission::Manage.into()).unwrap();
    assert!(app(&mut store, jill).is_ok() && team(&mut store, jill).is_err());
    // In a Standard team `manage` is the admins'.
    for (actor, scope, seen) in
        [(sam, AuditScope::App(wave), true), (max, AuditScope::App(wave), false), (max, AuditScope::Team(inc), false)]
    {
        assert_eq!(store.audit_log(actor, &log(scope), &page).is_ok(), seen);
    }
}

#[test]
fn x_03_what_is_deleted_stays_in_the_log() {
    let Demo { mut store, operator, ada, joe, acme, website, .. } = Demo::new().unwrap();
    store.delete_app(ada, website, "acme-website").unwrap();
    store.request_team_deletion(ada, acme).unwrap();
    store.delete_team(operator, acme).unwrap();
    store.delete_user(operator, id(joe)).unwrap();
    let codes = |actor, scope| -> Result<Vec<&'static str>, Error> {
        let page = store.audit_log(actor, &log(scope), &first(1))?;
        Ok(page.items.iter().map(|entry| entry.event.code()).collect())
    };
    assert_eq!(codes(operator, AuditScope::Team(acme)), Ok(vec!["team-deleted"]));
    assert_eq!(codes(operator, AuditScope::App(website)), Ok(vec!["app-deleted"]));
    assert_eq!(codes(operator, AuditScope::User(id(joe))), Ok(vec!["user-deleted"]));
    assert_eq!(codes(ada, AuditScope::Team(acme)), Err(Error::TeamNotFound { team: acme }));
    assert_eq!(codes(ada, AuditScope::App(website)), Err(Error::AppNotFound { app: website }));
    assert_eq!(codes(joe, AuditScope::By(id(joe))), Err(Error::ActorNotFound { actor: id(joe) }));
    assert_eq!(codes(ada, AuditScope::By(id(ada))), Ok(vec!["team-deletion-requested"]));
}

#[test]
fn x_03_the_log_of_an_app_goes_with_the_app() {
    let Demo { mut store, ada, joe, website, .. } = Demo::new().unwrap();
    let before = numbers(&store, ada, &log(AuditScope::App(website)), 9);
    store.transfer_app(ada, website, id(joe)).unwrap();
    let after = numbers(&store, joe, &log(AuditScope::App(website)), 9);
    assert_eq!(after[1..], before);
    let hidden = Error::AppHidden { actor: ada.who, app: website };
    assert_eq!(store.audit_log(ada, &log(AuditScope::App(website)), &first(1)), Err(hidden));
}

#[test]
fn sec_01_a_client_that_is_shut_out_reads_nothing_of_the_team_in_its_users_log() {
    let Demo { mut store, ada, joe, acme, website, .. } = Demo::new().unwrap();
    let own = store.create_app(joe, NewApp::personal()).unwrap();
    store.join_app(joe, website).unwrap_err();
    let page = store.create_app(joe, NewApp::in_team(acme)).unwrap();
    store.set_mfa(joe, id(joe), Mfa::Enrolled).unwrap();
    let read = |store: &TeamStore, actor, scope| -> Vec<Event> {
        walk(2, |page| store.audit_log(actor, &log(scope), page)).into_iter().map(|entry| entry.event.clone()).collect()
    };
    let scopes = [AuditScope::By(id(joe)), AuditScope::User(id(joe))];
    let open = scopes.map(|scope| read(&store, via(joe), scope));
    assert_eq!(open, scopes.map(|scope| read(&store, joe, scope)));
    store.set_oauth_access(ada, acme, OAuthAccess::Denied).unwrap();
    for scope in scopes {
        let seen = read(&store, via(joe), scope);
        let text = serde_json::to_string(&seen).unwrap();
        assert!(![acme.uuid(), website.uuid(), page.uuid()].iter().any(|id| text.contains(&id.to_string())), "{text}");
        assert!(text.contains(&own.to_string()) || scope == scopes[1]);
        assert!(text.contains("mfa-changed"));
        assert!(read(&store, joe, scope).len() > seen.len());
    }
}

/// The newest entry of the scope, as the actor sees it.
#[track_caller]
fn newest(store: &TeamStore, actor: Actor, scope: AuditScope) -> Event {
    let page = store.audit_log(actor, &log(scope), &first(1)).unwrap();
    page.items.into_iter().next().unwrap().into_owned().event
}

#[test]
fn x_03_the_end_of_a_user_shows_each_reader_their_own_part() {
    let Demo { mut store, operator, ada, joe, jill, sam, acme, inc, website, wave, .. } = Demo::new().unwrap();
    store.add_member(ada, acme, id(jill), TeamRole::Member).unwrap();
    store.add_member(sam, inc, id(jill), TeamRole::Member).unwrap();
    store.add_collaborator(sam, wave, id(jill)).unwrap();
    let own = store.create_app(joe, NewApp::personal()).unwrap();
    store.add_collaborator(joe, own, id(jill)).unwrap();
    store.request_app_transfer(joe, own, id(jill)).unwrap();
    let account = store.open_account(operator, read("acme-holding"), id(sam)).unwrap();
    store.add_account_member(sam, account, id(jill), read("view")).unwrap();
    store.delete_user(jill, id(jill)).unwrap();
    let part = |actor, scope| {
        let Event::UserDeleted { deleted } = newest(&store, actor, scope) else { panic!("another event") };
        let mut teams: Vec<TeamId> = deleted.memberships.iter().map(|(team, _)| *team).collect();
        let mut apps: Vec<AppId> = deleted.grants.iter().map(|(app, ..)| *app).collect();
        teams.sort_unstable();
        apps.sort_unstable();
        (teams, apps, deleted.transfers.len(), deleted.accounts.len())
    };
    let mut teams = vec![acme, inc];
    let mut apps = vec![website, wave, own];
    teams.sort_unstable();
    apps.sort_unstable();
    assert_eq!(part(operator, AuditScope::Everything), (teams, apps, 1, 1));
    assert_eq!(part(ada, AuditScope::Team(acme)), (vec![acme], vec![website], 0, 0));
    assert_eq!(part(ada, AuditScope::App(website)), (vec![acme], vec![website], 0, 0));
    // Sam is in the account too.
    assert_eq!(part(sam, AuditScope::Team(inc)), (vec![inc], vec![wave], 0, 1));
    let mut joes = vec![website, own];
    joes.sort_unstable();
    assert_eq!(part(joe, AuditScope::App(own)), (vec![acme], joes, 1, 0));
}

#[test]
fn x_03_a_bulk_transfer_shows_each_team_its_own_apps() {
    let Demo { mut store, operator, ada, sam, inc, website, wave, .. } = Demo::new().unwrap();
    store.add_member(sam, inc, id(ada), TeamRole::Admin).unwrap();
    let labs = store.provision_team(operator, NewTeam::enterprise(team_name("labs"), id(ada))).unwrap();
    store.transfer_apps(ada, &[website, wave], labs).unwrap();
    let part = |actor, scope| {
        let Event::AppsTransferred { moved } = newest(&store, actor, scope) else { panic!("another event") };
        moved.iter().map(|one| one.app).collect::<Vec<_>>()
    };
    for (actor, scope) in [(ada, AuditScope::Team(labs)), (ada, AuditScope::Team(inc)), (ada, AuditScope::By(id(ada)))]
    {
        assert_eq!(part(actor, scope), [website, wave], "ada is in both teams");
    }
    assert_eq!(part(sam, AuditScope::Team(inc)), [wave]);
    assert_eq!(part(operator, AuditScope::Team(inc)), [website, wave]);
}

#[test]
fn x_03_the_end_of_a_team_keeps_its_settings_from_former_members() {
    let Demo { mut store, sam, max, inc, wave, .. } = Demo::new().unwrap();
    let name = store.app(sam, wave).unwrap().name().to_string();
    store.set_payment_method(sam, inc, Some(read("Visa, ending in 4242"))).unwrap();
    store.invite_member(sam, inc, email("new@x.io"), TeamRole::Member).unwrap();
    store.delete_app(sam, wave, &name).unwrap();
    store.delete_team(sam, inc).unwrap();
    let part = |actor, scope| {
        let Event::TeamDeleted { deleted } = newest(&store, actor, scope) else { panic!("another event") };
        let members: Vec<_> = deleted.members.iter().map(|(user, _)| *user).collect();
        (members, deleted.invitations.len(), deleted.payment_method)
    };
    assert_eq!(part(max, AuditScope::User(id(max))), (vec![id(max)], 0, None));
    let (members, invitations, payment) = part(sam, AuditScope::By(id(sam)));
    assert_eq!((members.len(), invitations, payment.is_some()), (2, 1, true));
}

#[test]
fn x_03_the_end_of_an_app_shows_a_collaborator_themselves() {
    let Demo { mut store, ada, joe, jill, website, .. } = Demo::new().unwrap();
    let name = store.app(ada, website).unwrap().name().to_string();
    store.delete_app(ada, website, &name).unwrap();
    let part = |actor, scope| {
        let Event::AppDeleted { deleted } = newest(&store, actor, scope) else { panic!("another event") };
        deleted.grants.iter().map(|(user, _)| *user).collect::<Vec<_>>()
    };
    assert_eq!(part(jill, AuditScope::User(id(jill))), [id(jill)]);
    assert_eq!(part(joe, AuditScope::User(id(joe))), [id(joe)]);
    assert_eq!(part(ada, AuditScope::By(id(ada))).len(), 3);
}

#[test]
fn x_03_a_promotion_shows_the_apps_that_the_reader_sees() {
    let Demo { mut store, ada, joe, jill, acme, website, .. } = Demo::new().unwrap();
    let next = store.create_app(joe, NewApp::in_team(acme)).unwrap();
    let flow = store.create_pipeline(joe, acme, read("flow")).unwrap();
    store.couple_app(ada, flow, website, Stage::Staging).unwrap();
    store.couple_app(joe, flow, next, Stage::Production).unwrap();
    store.release_app(ada, website, read("Deploy 1")).unwrap();
    store.promote_app(ada, website).unwrap();
    store.set_permissions(ada, website, id(jill), Permission::Manage.into()).unwrap();
    let part = |store: &TeamStore, actor, scope| {
        let page = store.audit_log(actor, &log(scope), &PageRequest::default()).unwrap();
        let promoted = page.items.into_iter().find_map(|entry| match &entry.event {
            Event::AppPromoted { promotion } => Some(promotion.targets.iter().map(|one| one.app).collect::<Vec<_>>()),
            _ => None,
        });
        promoted.unwrap()
    };
    assert_eq!(part(&store, jill, AuditScope::App(website)), []);
    assert_eq!(part(&store, ada, AuditScope::App(website)), [next]);
    store.grant_permissions(ada, next, id(jill), PermissionSet::VIEW).unwrap();
    assert_eq!(part(&store, jill, AuditScope::App(website)), [next]);
}

#[test]
fn x_03_the_context_of_an_event_is_shown_to_the_operator_and_to_who_acted() {
    let Demo { mut store, operator, ada, acme, website, .. } = Demo::new().unwrap();
    let context = EventContext::new().reason("ticket 7".parse().unwrap());
    store.in_context(context.clone(), |store| store.lock_app(ada, website)).unwrap();
    let shown = |reader: Actor, scope| {
        let newest = store.audit_log(reader, &log(scope), &first(1)).unwrap().items.remove(0);
        newest.context.as_deref() == Some(&context)
    };
    assert!(shown(operator, AuditScope::Everything) && shown(operator, AuditScope::Team(acme)));
    assert!(shown(ada, AuditScope::By(id(ada))));
    assert!(!shown(ada, AuditScope::Team(acme)) && !shown(ada, AuditScope::App(website)));
}
