//! SUS-1: users whom the operator suspends.

use enterprise_teams::chrono::TimeDelta;
use enterprise_teams::demo::Demo;
use enterprise_teams::{
    Actor, AppAction, Capability, Error, ErrorKind, Event, NewApp, NewSpace, NewTeam, Operation as O, PageRequest,
    Permission, PermissionSet, Role, Rule, TeamId, TeamRole, TeamStore, UserId,
    entity::{AccountPermission, Mfa},
    error::Truncated,
    query::{AuditFilter, AuditScope, PeopleFilter, TeamFilter},
};

use crate::support::{email, holds, id, noon, read, refused, register, sound, team_name, through_client, with_sso};

fn all() -> PageRequest {
    PageRequest::default()
}

fn is_suspended(user: UserId) -> (Error, String) {
    (Error::UserIsSuspended { user }, format!("user `{user}` is suspended and can be given nothing new"))
}

#[test]
fn sus_01_the_operator_alone_suspends_and_reinstates() {
    let Demo { mut store, operator, ada, joe, vera, .. } = Demo::new().unwrap();
    for actor in [ada, joe, vera, through_client(ada), through_client(joe)] {
        let error = Error::OnlyOperatorSuspendsUsers { actor: actor.who, user: id(joe) };
        let message =
            format!("only the platform operator can suspend or reinstate user `{}`; {} cannot", id(joe), actor.who);
        refused(&mut store, |s| s.suspend_user(actor, id(joe)), &error, &message);
        refused(&mut store, |s| s.reinstate_user(actor, id(joe)), &error, &message);
    }
    let message = format!("user `{}` is not suspended", id(joe));
    refused(&mut store, |s| s.reinstate_user(operator, id(joe)), &Error::UserNotSuspended { user: id(joe) }, &message);

    let later = operator.at(noon() + TimeDelta::hours(3));
    store.suspend_user(later, id(joe)).unwrap();
    let message = format!("user `{}` is already suspended", id(joe));
    let error = Error::UserAlreadySuspended { user: id(joe) };
    refused(&mut store, |s| s.suspend_user(operator, id(joe)), &error, &message);
    assert_eq!((error.rule(), error.kind()), (Rule::Sus1, ErrorKind::Unchanged));
    assert_eq!(store.user(operator, id(joe)).unwrap().suspended_at(), Some(later.at));
    sound(&store);

    store.reinstate_user(operator, id(joe)).unwrap();
    assert_eq!(store.user(joe, id(joe)).unwrap().suspended_at(), None);
    sound(&store);
}

#[test]
fn sus_01_a_suspended_actor_is_refused_whatever_they_ask_and_holds_it_again_afterwards() {
    let Demo { mut store, operator, ada, joe, acme, website, .. } = Demo::new().unwrap();
    let own = store.create_app(joe, NewApp::personal()).unwrap();
    let held = [website, own].map(|app| holds(&store, joe, app));
    store.suspend_user(operator, id(joe)).unwrap();

    let error = Error::ActorSuspended { actor: id(joe) };
    let message = format!("the actor, user `{}`, is suspended", id(joe));
    assert_eq!((error.rule(), error.kind(), error.kind().http_status()), (Rule::Sus1, ErrorKind::Unauthenticated, 401));
    for actor in [joe, through_client(joe)] {
        // Also of what is not there, and of what anybody may do for themself.
        refused(&mut store, |s| s.delete_app(actor, own, "wrong"), &error, &message);
        refused(&mut store, |s| s.set_mfa(actor, id(joe), Mfa::Enrolled), &error, &message);
        refused(&mut store, |s| s.delete_user(actor, id(joe)), &error, &message);
        refused(&mut store, |s| s.remove_member(actor, acme, id(joe)), &error, &message);
        refused(&mut store, |s| s.remove_member(actor, TeamId::from_uuid(id(joe).uuid()), id(joe)), &error, &message);
        refused(&mut store, |s| s.user(actor, id(joe)).map(drop), &error, &message);
        refused(&mut store, |s| s.memberships(actor, &TeamFilter::default(), &all()).map(drop), &error, &message);
        refused(&mut store, |s| s.my_invitations(actor, &all()).map(drop), &error, &message);
        refused(&mut store, |s| s.check(actor, AppAction::ViewApp, own), &error, &message);
        refused(&mut store, |s| s.explain(actor, AppAction::ViewApp, own).map(drop), &error, &message);
        refused(&mut store, |s| s.for_actor(actor).map(drop), &error, &message);
        let log = AuditFilter::new(AuditScope::User(id(joe)));
        refused(&mut store, |s| s.audit_log(actor, &log, &all()).map(drop), &error, &message);
        assert!(!store.can(actor, AppAction::ViewApp, own) && !store.can(actor, Capability::ViewTeam, acme));
    }
    // Before what the store requires of everybody is asked.
    let mut options = store.settings().options.clone();
    options.sign_in_requirement = enterprise_teams::entity::SignInRequirement::MfaOrSso;
    let mut strict = store.clone();
    strict.change_settings(operator, options).unwrap();
    assert_eq!(strict.memberships(joe, &TeamFilter::default(), &all()).unwrap_err(), error);
    assert_eq!(strict.memberships(ada, &TeamFilter::default(), &all()).unwrap_err().code(), "actor-needs-mfa-or-sso");

    // Nothing is taken from them, and others can take from them what they can take from anybody.
    assert_eq!(store.app(operator, own).unwrap().owner(), id(joe).into());
    assert_eq!(store.role(ada, acme, id(joe)), Ok(Some(Role::Member)));
    let mut meanwhile = store.clone();
    meanwhile.set_permissions(ada, website, id(joe), PermissionSet::VIEW).unwrap();
    meanwhile.remove_collaborator(ada, website, id(joe)).unwrap();
    meanwhile.set_member_role(ada, acme, id(joe), TeamRole::Viewer).unwrap();
    meanwhile.remove_member(ada, acme, id(joe)).unwrap();
    sound(&meanwhile);

    store.reinstate_user(operator, id(joe)).unwrap();
    assert_eq!([website, own].map(|app| holds(&store, joe, app)), held);
    sound(&store);
}

/// Every way in which somebody receives something from another.
#[test]
fn sus_01_a_suspended_user_receives_nothing_new() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, max, acme, inc, website, wave, .. } =
        Demo::new().unwrap();
    let own = store.create_app(ada, NewApp::personal()).unwrap();
    store.add_collaborator(ada, own, id(joe)).unwrap();
    store.add_member(ada, acme, id(max), TeamRole::Member).unwrap();
    let space = store.create_space(ada, NewSpace::new(acme, read("acme-space"))).unwrap();
    let pipeline = store.create_pipeline(ada, acme, read("acme-flow")).unwrap();
    let group = store.create_group(ada, acme, read("crew")).unwrap();
    let account = store.open_account(operator, read("corp"), id(ada)).unwrap();
    store.add_account_member(ada, account, id(joe), read("view")).unwrap();
    with_sso(&mut store, ada, acme);
    let suspended = [joe, vera, jill].map(id);
    for user in suspended {
        store.suspend_user(operator, user).unwrap();
    }
    let [joe_id, vera_id, jill_id] = suspended;
    let permissions = PermissionSet::ALL;
    let of_jill = || email("jill@creativeinc.com");
    let new = |name| NewTeam::standard(team_name(name), joe_id);
    let given: Vec<(Actor, UserId, O)> = vec![
        (ada, jill_id, O::AddMember { team: acme, user: jill_id, role: TeamRole::Viewer }),
        (sam, jill_id, O::AddDefaultMember { team: inc, user: jill_id }),
        (operator, jill_id, O::AddSsoMember { team: acme, user: jill_id }),
        (ada, jill_id, O::InviteMember { team: acme, email: of_jill(), role: TeamRole::Viewer }),
        (sam, jill_id, O::InviteDefaultMember { team: inc, email: of_jill() }),
        (ada, joe_id, O::SetMemberRole { team: acme, user: joe_id, role: TeamRole::Admin }),
        (ada, vera_id, O::SetMemberRole { team: acme, user: vera_id, role: TeamRole::Member }),
        (ada, vera_id, O::GrantPermissions { app: website, user: vera_id, permissions: PermissionSet::VIEW }),
        (ada, jill_id, O::SetPermissions { app: website, user: jill_id, permissions }),
        (ada, joe_id, O::SetPermissions { app: website, user: joe_id, permissions: Permission::Operate.into() }),
        (sam, jill_id, O::AddCollaborator { app: wave, user: jill_id }),
        (ada, vera_id, O::AddCollaborator { app: own, user: vera_id }),
        (ada, joe_id, O::TransferApp { app: website, to: joe_id.into() }),
        (ada, joe_id, O::RequestAppTransfer { app: own, recipient: joe_id }),
        (ada, joe_id, O::AllowAppCreation { space, user: joe_id }),
        (ada, vera_id, O::AddGroupMember { group, user: vera_id }),
        (ada, joe_id, O::TransferPipeline { pipeline, to: joe_id.into() }),
        (operator, joe_id, O::ProvisionTeam { team: new("joes-own") }),
        (operator, joe_id, O::OpenAccount { name: read("other"), manager: joe_id }),
        (ada, jill_id, O::AddAccountMember { account, user: jill_id, permissions: read("view") }),
        (ada, joe_id, O::SetAccountPermissions { account, user: joe_id, permissions: read("billing") }),
    ];
    for (actor, user, operation) in &given {
        let (error, message) = is_suspended(*user);
        refused(&mut store, |s| s.perform(*actor, operation).map(drop), &error, &message);
    }
    let bulk = O::TransferApps { apps: vec![website], to: joe_id.into() };
    let inner = Truncated { shown: vec![(website, is_suspended(joe_id).0)], total: 1 };
    assert_eq!(store.what_if(ada, &bulk).unwrap_err(), Error::BulkRefused { apps: Box::new(inner) });
    assert_eq!((is_suspended(joe_id).0.rule(), is_suspended(joe_id).0.kind()), (Rule::Sus1, ErrorKind::Conflict));
    sound(&store);

    // All of it is refused for that reason alone.
    for user in suspended {
        store.reinstate_user(operator, user).unwrap();
    }
    for (actor, _, operation) in &given {
        store.what_if(*actor, operation).unwrap();
    }
    store.what_if(ada, &bulk).unwrap();
}

#[test]
fn sus_01_what_is_already_so_is_told_before_the_suspension() {
    let Demo { mut store, operator, ada, joe, acme, website, .. } = Demo::new().unwrap();
    store.suspend_user(operator, id(joe)).unwrap();
    let set = Permission::View | Permission::Deploy;
    for (operation, code) in [
        (O::AddMember { team: acme, user: id(joe), role: TeamRole::Member }, "role-unchanged"),
        (O::AddMember { team: acme, user: id(joe), role: TeamRole::Admin }, "already-in-team"),
        (O::InviteMember { team: acme, email: email("joe@acme.com"), role: TeamRole::Admin }, "invitee-in-team"),
        (O::SetPermissions { app: website, user: id(joe), permissions: set }, "permissions-unchanged"),
        (O::GrantPermissions { app: website, user: id(joe), permissions: PermissionSet::ALL }, "already-on-app"),
    ] {
        assert_eq!(store.what_if(ada, &operation).unwrap_err().code(), code, "{operation:?}");
    }
}

#[test]
fn sus_01_the_last_admin_is_not_suspended_and_suspended_admins_do_not_count() {
    let Demo { mut store, operator, ada, joe, vera, acme, .. } = Demo::new().unwrap();
    let bear = store.provision_team(operator, NewTeam::standard(team_name("bear"), id(ada))).unwrap();
    let refusal = |teams: &[TeamId]| {
        let teams = Truncated { shown: teams.to_vec(), total: teams.len() };
        Error::CannotSuspendLastAdmin { user: id(ada), teams: Box::new(teams) }
    };
    let message =
        format!("user `{}` cannot be suspended as the last admin of these teams: `{acme}`, `{bear}`", id(ada));
    refused(&mut store, |s| s.suspend_user(operator, id(ada)), &refusal(&[acme, bear]), &message);
    assert_eq!(refusal(&[]).rule(), Rule::Sus1);

    store.set_member_role(ada, acme, id(joe), TeamRole::Admin).unwrap();
    assert_eq!(store.suspend_user(operator, id(ada)), Err(refusal(&[bear])));
    store.suspend_user(operator, id(joe)).unwrap();
    assert_eq!(store.suspend_user(operator, id(ada)), Err(refusal(&[acme, bear])));

    // Ada is the last one who counts.
    let user = id(ada);
    let message = format!("user `{user}` is the last admin of team `{acme}` and cannot leave");
    let error = Error::LastAdminCannotLeave { team: acme, user };
    refused(&mut store, |s| s.remove_member(ada, acme, user), &error, &message);
    let message = format!("user `{user}` is the last admin of team `{acme}` and cannot be given another role");
    let error = Error::CannotDemoteLastAdmin { team: acme, user };
    refused(&mut store, |s| s.set_member_role(ada, acme, user, TeamRole::Member), &error, &message);
    assert_eq!(store.delete_user(ada, user).unwrap_err().code(), "cannot-delete-last-admin");

    // Of Joe nothing depends: he can be deleted, demoted and removed.
    let mut other = store.clone();
    other.delete_user(operator, id(joe)).unwrap();
    sound(&other);
    store.set_member_role(ada, acme, id(joe), TeamRole::Viewer).unwrap();
    store.remove_member(ada, acme, id(joe)).unwrap();
    sound(&store);

    // With another who counts, everything is open again.
    store.set_member_role(ada, acme, id(vera), TeamRole::Admin).unwrap();
    store.add_member(ada, bear, id(vera), TeamRole::Admin).unwrap();
    store.suspend_user(operator, id(ada)).unwrap();
    assert_eq!(store.suspend_user(operator, id(vera)).unwrap_err().code(), "cannot-suspend-last-admin");
    assert_eq!(store.role(vera, acme, id(ada)), Ok(Some(Role::Admin)));
    store.remove_member(vera, acme, id(ada)).unwrap();
    sound(&store);
}

#[test]
fn sus_01_the_last_manager_is_not_suspended_and_suspended_managers_do_not_count() {
    let Demo { mut store, operator, ada, joe, vera, .. } = Demo::new().unwrap();
    let account = store.open_account(operator, read("corp"), id(vera)).unwrap();
    store.add_account_member(vera, account, id(ada), read("view")).unwrap();
    store.add_account_member(vera, account, id(joe), read("view")).unwrap();
    let accounts = Box::new(Truncated { shown: vec![account], total: 1 });
    let error = Error::CannotSuspendLastManager { user: id(vera), accounts };
    let message = format!("user `{}` cannot be suspended as the last manager of these accounts: `{account}`", id(vera));
    refused(&mut store, |s| s.suspend_user(operator, id(vera)), &error, &message);
    assert_eq!(error.rule(), Rule::Sus1);

    store.set_account_permissions(vera, account, id(joe), read("manage")).unwrap();
    store.suspend_user(operator, id(joe)).unwrap();
    sound(&store);
    assert_eq!(store.suspend_user(operator, id(vera)), Err(error));
    for (operation, code) in [
        (O::RemoveAccountMember { account, user: id(vera) }, "cannot-remove-last-manager"),
        (O::SetAccountPermissions { account, user: id(vera), permissions: read("view") }, "cannot-demote-last-manager"),
        (O::DeleteUser { user: id(vera) }, "cannot-delete-last-manager"),
    ] {
        assert_eq!(store.what_if(vera, &operation).unwrap_err().code(), code);
    }
    let mut without = store.clone();
    without.remove_account_member(vera, account, id(joe)).unwrap();
    sound(&without);
    store.set_account_permissions(vera, account, id(joe), read("view")).unwrap();
    sound(&store);
    store.reinstate_user(operator, id(joe)).unwrap();
    store.set_account_permissions(vera, account, id(joe), read("manage")).unwrap();
    store.suspend_user(operator, id(joe)).unwrap();
    store.reinstate_user(operator, id(joe)).unwrap();
    store.remove_account_member(vera, account, id(vera)).unwrap();
    let held = store.account_member(joe, account, id(joe)).unwrap().permissions;
    assert!(held.contains(AccountPermission::Manage));
    sound(&store);
}

#[test]
fn sus_01_a_suspended_admin_makes_no_admin_by_an_invitation() {
    let Demo { mut store, operator, ada, joe, jill, acme, .. } = Demo::new().unwrap();
    store.set_member_role(ada, acme, id(joe), TeamRole::Admin).unwrap();
    let to_admin = store.invite_member(joe, acme, email("jill@creativeinc.com"), TeamRole::Admin).unwrap();
    store.suspend_user(operator, id(joe)).unwrap();
    let error = Error::InviterIsNoAdmin { invitation: to_admin };
    let message = format!(
        "invitation `{to_admin}` would make an admin, and whoever sent it is no longer an admin, or is suspended"
    );
    refused(&mut store, |s| s.accept_invitation(jill, to_admin), &error, &message);
    let mut reinstated = store.clone();
    reinstated.reinstate_user(operator, id(joe)).unwrap();
    reinstated.accept_invitation(jill, to_admin).unwrap();
    // What makes no admin is the team's.
    store.invite_member(ada, acme, email("jill@creativeinc.com"), TeamRole::Member).unwrap();
    store.accept_invitation(jill, to_admin).unwrap();
    sound(&store);
}

#[test]
fn sus_01_what_a_user_asked_for_before_goes_on() {
    let Demo { mut store, operator, joe, max, .. } = Demo::new().unwrap();
    let own = store.create_app(joe, NewApp::personal()).unwrap();
    store.add_collaborator(joe, own, id(max)).unwrap();
    let transfer = store.request_app_transfer(joe, own, id(max)).unwrap();
    store.suspend_user(operator, id(joe)).unwrap();
    store.accept_app_transfer(max, transfer).unwrap();
    assert_eq!(store.app(max, own).unwrap().owner(), id(max).into());
    sound(&store);
    store.reinstate_user(operator, id(joe)).unwrap();
    assert_eq!(holds(&store, joe, own), PermissionSet::WORK);
}

#[test]
fn sus_01_whoever_sees_the_people_sees_who_is_suspended() {
    let Demo { mut store, operator, ada, joe, vera, jill, acme, website, .. } = Demo::new().unwrap();
    store.set_permissions(ada, website, id(joe), PermissionSet::ALL).unwrap();
    let grantors = |store: &TeamStore| {
        let explained = store.explain(vera, AppAction::PushCode, website).unwrap();
        explained.grantors().map(|user| user.email().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(grantors(&store), ["ada@acme.com", "joe@acme.com"]);
    let pushes = |store: &TeamStore| {
        let able = store.who_can(ada, AppAction::PushCode, website, &all()).unwrap();
        able.items.iter().map(|one| one.user.email().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(pushes(&store), ["ada@acme.com", "joe@acme.com"]);

    store.suspend_user(operator, id(joe)).unwrap();
    let list = store.access_list(vera, acme, &PeopleFilter::default(), &all()).unwrap();
    let marked: Vec<_> =
        list.items.iter().filter(|one| one.user.suspended_at().is_some()).map(|one| one.user.id()).collect();
    assert_eq!(marked, [id(joe)]);
    let on_app = store.app_access(ada, website, &all()).unwrap();
    assert!(on_app.items.iter().any(|one| one.user.id() == id(joe) && one.held.permissions == PermissionSet::ALL));
    assert_eq!(pushes(&store), ["ada@acme.com"]);
    assert_eq!(grantors(&store), ["ada@acme.com"]);

    let page = store.access_review(vera, acme).unwrap().html();
    assert!(page.contains("<dt>Suspended</dt><dd>1</dd>"));
    assert!(page.contains(
        "<h3>Suspended</h3>\n<ul>\n<li><bdi>joe@acme.com</bdi> <span class=\"muted\">since 1970-01-01</span></li>"
    ));
    assert!(page.contains("<span class=\"mark\">suspended</span>"));
    let csv = store.permission_matrix(vera, acme).unwrap().csv();
    assert!(csv.contains("joe@acme.com,member,\"MFA off, suspended\",view deploy operate manage"), "{csv}");

    // Whoever asks about them is told why not, and no more.
    let why = store.explain_to(ada, id(joe), AppAction::PushCode, website).unwrap();
    assert_eq!((why.refusal(), why.rule()), (Some(&Error::ActorSuspended { actor: id(joe) }), Rule::Sus1));
    assert_eq!((why.held(), why.role(), why.grantors().count()), (None, None, 0));
    assert_eq!(
        why.to_string(),
        "`joe@acme.com` may not push-code on app `acme-website`: suspended users are kept out (SUS-1); \
         way out: ask the platform operator to reinstate the user"
    );
    let why = store.explain_to(ada, id(joe), Capability::CreateApps, acme).unwrap();
    assert!(!why.is_allowed() && why.to_string().contains("suspended users are kept out"), "{why}");
    assert_eq!(
        store.explain_to(jill, id(joe), Capability::CreateApps, acme).unwrap_err().code(),
        "only-team-sees-access-list"
    );
}

#[test]
fn sus_01_the_log_of_every_team_of_theirs_tells_of_it() {
    let Demo { mut store, operator, ada, joe, sam, acme, inc, .. } = Demo::new().unwrap();
    let zoe = register(&mut store, "zoe@acme.com");
    store.add_member(sam, inc, id(joe), TeamRole::Member).unwrap();
    for user in [id(joe), id(zoe)] {
        store.suspend_user(operator, user).unwrap();
        store.reinstate_user(operator, user).unwrap();
    }
    for (admin, team) in [(ada, acme), (sam, inc)] {
        let log = store.audit_log(admin, &AuditFilter::new(AuditScope::Team(team)), &all()).unwrap();
        let told: Vec<_> = log.items.iter().filter(|entry| entry.event.code().starts_with("user-")).collect();
        let texts: Vec<String> = told.iter().map(|entry| entry.event.code().to_owned()).collect();
        assert_eq!(texts, ["user-reinstated", "user-suspended"]);
        for entry in told {
            let (Event::UserSuspended { user, suspended_at, teams }
            | Event::UserReinstated { user, suspended_at, teams }) = &entry.event
            else {
                panic!("{entry:?}")
            };
            // Of the other team an admin of this one is told nothing.
            assert_eq!((*user, *suspended_at, &**teams), (id(joe), noon(), &[team][..]));
        }
    }
    let own = store.audit_log(joe, &AuditFilter::new(AuditScope::User(id(joe))), &all()).unwrap();
    let last = own.items.first().unwrap();
    assert_eq!(
        (last.event.code(), last.event.to_string()),
        ("user-reinstated", format!("reinstated user `{}`", id(joe)))
    );
}
