//! the settings of the store. TEAM-7, SEC-1 and SEC-5: what admins set for their team.

use core::fmt::Debug;

use enterprise_teams::demo::Demo;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    Actor, AppAction, AppId, AuditEvent, Capability, Error, NewApp, NewTeam, Operation, PageRequest, Permission,
    PermissionSet, ReplayError, Role, Settings, StoreOptions, TeamId, TeamRole, TeamStore,
    entity::{DynoSize, Limits, Mfa, OAuthAccess, SignIn, SignInRequirement},
    error::Truncated,
    ids::Secret,
    query::{AppFilter, AppSort, AuditEntry, AuditFilter, AuditScope, PeopleFilter, TeamFilter},
};

use crate::support::{
    app_name, each_refused, email, hidden, id, refused, register, sound, team_name, through_client as client, with_sso,
};

const REQUIRED: SignInRequirement = SignInRequirement::MfaOrSso;

fn all() -> PageRequest {
    PageRequest::default()
}

type AccessQuery<'a> = Box<dyn Fn(&TeamStore, Actor) -> Result<(), Error> + 'a>;

#[track_caller]
fn kept_out<T: Debug>(store: &mut TeamStore, team: TeamId, attempt: impl FnOnce(&mut TeamStore) -> Result<T, Error>) {
    let message = format!("team `{team}` denies access to third-party clients");
    refused(store, attempt, &Error::OAuthDenied { team }, &message);
}

#[test]
fn team_07_a_new_user_gets_the_default_role() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, acme, inc, .. } = Demo::new().unwrap();
    for (team, admin) in [(acme, ada), (inc, sam)] {
        assert_eq!(store.team(admin, team).unwrap().default_role(), TeamRole::Member);
        let new = register(&mut store, if team == acme { "new@acme.com" } else { "new@acme-inc.com" });
        store.add_default_member(admin, team, id(new)).unwrap();
        assert_eq!(store.role(admin, team, id(new)), Ok(Some(Role::Member)));
    }
    for role in [TeamRole::Viewer, TeamRole::Admin, TeamRole::Member] {
        store.set_default_role(ada, acme, role).unwrap();
        assert_eq!(store.team(vera, acme).unwrap().default_role(), role);
        let new = register(&mut store, &format!("{role}@acme.com"));
        store.add_default_member(ada, acme, id(new)).unwrap();
        assert_eq!(store.role(ada, acme, id(new)), Ok(Some(role.into())));

        let message = format!("the default role of team `{acme}` is already {role}");
        let error = Error::DefaultRoleUnchanged { team: acme, role };
        refused(&mut store, |s| s.set_default_role(ada, acme, role), &error, &message);
    }
    for actor in [joe, vera, jill, sam, operator] {
        let message =
            format!("only admins can change the default role of team `{acme}`; {} is not an admin", actor.who);
        let error = Error::OnlyAdminsSetDefaultRole { actor: actor.who, team: acme };
        for role in [TeamRole::Viewer, TeamRole::Member] {
            refused(&mut store, |s| s.set_default_role(actor, acme, role), &error, &message);
        }
    }
    let nowhere = TeamId::from_uuid(Uuid::from_u128(404));
    let error = Error::TeamNotFound { team: nowhere };
    let attempt = |s: &mut TeamStore| s.set_default_role(joe, nowhere, TeamRole::Admin);
    refused(&mut store, attempt, &error, &format!("team `{nowhere}` does not exist"));
    store.set_default_role(sam, inc, TeamRole::Admin).unwrap();
    sound(&store);
}

#[test]
fn sec_01_only_admins_change_oauth_access() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, acme, .. } = Demo::new().unwrap();
    for actor in [joe, vera, jill, sam, operator, client(joe)] {
        let message = format!(
            "only admins can change whether third-party clients may access team `{acme}`; {} is not an admin",
            actor.who
        );
        let error = Error::OnlyAdminsSetOAuthAccess { actor: actor.who, team: acme };
        for access in [OAuthAccess::Allowed, OAuthAccess::Denied] {
            refused(&mut store, |s| s.set_oauth_access(actor, acme, access), &error, &message);
        }
    }
    let unchanged = |access, word| {
        let message = format!("access through third-party clients to team `{acme}` is already {word}");
        (Error::OAuthAccessUnchanged { team: acme, access }, message)
    };
    let (error, message) = unchanged(OAuthAccess::Allowed, "allowed");
    refused(&mut store, |s| s.set_oauth_access(ada, acme, OAuthAccess::Allowed), &error, &message);
    store.set_oauth_access(client(ada), acme, OAuthAccess::Denied).unwrap();
    let (error, message) = unchanged(OAuthAccess::Denied, "denied");
    refused(&mut store, |s| s.set_oauth_access(ada, acme, OAuthAccess::Denied), &error, &message);
    for access in [OAuthAccess::Allowed, OAuthAccess::Denied] {
        kept_out(&mut store, acme, |s| s.set_oauth_access(client(ada), acme, access));
    }
    store.set_oauth_access(ada, acme, OAuthAccess::Allowed).unwrap();
    store.rename_team(client(ada), acme, team_name("gadgets")).unwrap();
    sound(&store);
}

/// A store in which every operation on the Enterprise Team, its people, its invitations and its apps has something to act
/// on; what may be done to the team, to its app, and to Ada's own app.
fn operations() -> (Demo, AppId, [Vec<Operation>; 3]) {
    use Operation as O;
    let mut demo = Demo::new().unwrap();
    let Demo { store, ada, joe, jill, acme, website: app, sam, max, .. } = &mut demo;
    let (ada, joe, jill, sam, max, team, app) = (*ada, id(*joe), id(*jill), id(*sam), id(*max), *acme, *app);
    let invitation = store.invite_member(ada, team, email("max@acme-inc.com"), TeamRole::Viewer).unwrap();
    let own = store.create_app(ada, NewApp::personal().named(app_name("walnut"))).unwrap();
    let (role, permissions) = (TeamRole::Viewer, PermissionSet::VIEW | Permission::Operate);
    let (process, size) = ("web".parse().unwrap(), DynoSize::Standard1X);
    let on_the_team = vec![
        O::RenameTeam { team, name: team_name("gadgets") },
        O::SetTeamLimits { team, limits: Limits::STANDARD },
        O::RequestTeamDeletion { team },
        O::WithdrawTeamDeletion { team },
        O::DeleteTeam { team },
        O::SetDefaultRole { team, role },
        O::SetOAuthAccess { team, access: OAuthAccess::Allowed },
        O::AddMember { team, user: sam, role },
        O::AddDefaultMember { team, user: max },
        O::SetMemberRole { team, user: joe, role },
        O::RemoveMember { team, user: joe },
        O::InviteMember { team, email: email("new@acme.com"), role },
        O::InviteDefaultMember { team, email: email("new@acme.com") },
        O::AcceptInvitation { invitation },
        O::DeclineInvitation { invitation },
        O::RevokeInvitation { invitation },
        O::CreateApp { app: NewApp::in_team(team).named(app_name("pear")) },
    ];
    let on_the_app = vec![
        O::RenameApp { app, name: app_name("plum") },
        O::DeleteApp { app, confirmation: "acme-website".into() },
        O::LockApp { app },
        O::UnlockApp { app },
        O::ScaleApp { app, process, size, quantity: 1 },
        O::JoinApp { app },
        O::GrantPermissions { app, user: sam, permissions },
        O::AddCollaborator { app, user: sam },
        O::SetPermissions { app, user: joe, permissions },
        O::RemoveCollaborator { app, user: jill },
        O::TransferApp { app, to: joe.into() },
        O::RequestAppTransfer { app, recipient: jill },
    ];
    (demo, own, [on_the_team, on_the_app, vec![O::TransferApp { app: own, to: team.into() }]])
}

#[test]
fn sec_01_third_party_clients_change_nothing_that_a_denying_team_owns() {
    let (Demo { mut store, operator, ada, joe, vera, jill, sam, max, acme, website, .. }, own, operations) =
        operations();
    let code = |store: &TeamStore, actor, operation| {
        store.what_if(actor, operation).map_or_else(|refusal| refusal.code(), |preview| preview.event.code())
    };
    for operation in operations.iter().flatten() {
        for actor in [ada, joe, vera, jill, sam, max] {
            assert_eq!(code(&store, client(actor), operation), code(&store, actor, operation), "{operation:?}");
        }
    }
    let before = store.clone();
    store.set_oauth_access(ada, acme, OAuthAccess::Denied).unwrap();
    let [on_the_team, on_the_app, on_her_own] = &operations;
    let everybody = [ada, joe, vera, jill, sam, max];
    let (insiders, outsiders) = everybody.split_at(4);
    let (owner, others) = everybody.split_at(1);
    for (operations, seeing, unseeing, app) in [
        (on_the_team, &everybody[..], &[][..], website),
        (on_the_app, insiders, outsiders, website),
        (on_her_own, owner, others, own),
    ] {
        for operation in operations {
            let perform = |s: &mut TeamStore, actor| s.perform(client(actor), operation);
            for actor in seeing {
                kept_out(&mut store, acme, |s| perform(s, *actor));
            }
            let clients: Vec<Actor> = unseeing.iter().copied().map(client).collect();
            each_refused(&mut store, &clients, |s, by| s.perform(by, operation), hidden(app));
            for actor in everybody {
                if !matches!(operation, Operation::SetOAuthAccess { .. }) {
                    assert_eq!(code(&store, actor, operation), code(&before, actor, operation), "{operation:?}");
                }
            }
            assert_ne!(code(&store, operator, operation), "oauth-denied");
        }
    }
    sound(&store);
}

#[test]
fn sec_01_bulk_transfers_stop_at_a_denying_team() {
    let Demo { mut store, ada, joe, sam, acme, website, .. } = Demo::new().unwrap();
    let own = store.create_app(ada, NewApp::personal().named(app_name("walnut"))).unwrap();
    store.set_oauth_access(ada, acme, OAuthAccess::Denied).unwrap();
    for apps in [&[own][..], &[], &[own, own]] {
        for actor in [ada, joe, sam] {
            kept_out(&mut store, acme, |s| s.transfer_apps(client(actor), apps, acme));
            kept_out(&mut store, acme, |s| s.transfer_movable_apps(client(actor), apps, acme));
        }
    }
    let denied = (Error::OAuthDenied { team: acme }, format!("team `{acme}` denies access to third-party clients"));
    for (actor, (error, reason)) in [(ada, denied), (sam, hidden(website)(client(sam).who))] {
        let message = format!("no app was transferred, as 1 cannot be: `{website}`: {reason}");
        let error = Error::BulkRefused { apps: Box::new(Truncated { shown: vec![(website, error)], total: 1 }) };
        refused(&mut store, |s| s.transfer_apps(client(actor), &[website], id(actor)), &error, &message);
        refused(&mut store, |s| s.transfer_movable_apps(client(actor), &[website], id(actor)), &error, &message);
    }
    store.transfer_apps(ada, &[own], acme).unwrap();
    sound(&store);
}

#[test]
fn sec_01_third_party_clients_see_nothing_that_a_denying_team_owns() {
    let Demo { mut store, ada, joe, vera, jill, sam, acme, website: app, .. } = Demo::new().unwrap();
    let (people, apps, audit) = (PeopleFilter::default(), AppFilter::default(), AuditFilter::new);
    let of_the_team: Vec<AccessQuery<'_>> = vec![
        Box::new(|s, a| s.team(a, acme).map(drop)),
        Box::new(|s, a| s.team_by_name(a, team_name("acme-widgets")).map(drop)),
        Box::new(|s, a| s.role(a, acme, id(a)).map(drop)),
        Box::new(|s, a| s.access_list(a, acme, &people, &all()).map(drop)),
        Box::new(|s, a| s.pending_invitations(a, acme, &all()).map(drop)),
        Box::new(|s, a| s.apps(a, acme, &apps, AppSort::Name, &all()).map(drop)),
        Box::new(|s, a| s.audit_log(a, &audit(AuditScope::Team(acme)), &all()).map(drop)),
    ];
    let of_the_app: Vec<AccessQuery<'_>> = vec![
        Box::new(|s, a| s.audit_log(a, &audit(AuditScope::App(app)), &all()).map(drop)),
        Box::new(|s, a| s.ownership_history(a, app).map(drop)),
        Box::new(|s, a| s.app_access(a, app, &all()).map(drop)),
        Box::new(|s, a| s.who_can(a, AppAction::PushCode, app, &all()).map(drop)),
    ];
    let sights: Vec<(AppAction, AccessQuery<'_>)> = vec![
        (AppAction::ViewApp, Box::new(|s, a| s.app(a, app).map(drop))),
        (AppAction::ViewApp, Box::new(|s, a| s.app_by_name(a, app_name("acme-website")).map(drop))),
        (AppAction::ViewDynos, Box::new(|s, a| s.formation(a, app).map(drop))),
        (AppAction::ViewApp, Box::new(|s, a| s.permissions(a, app).map(drop))),
    ];
    let questions = || of_the_team.iter().chain(&of_the_app).chain(sights.iter().map(|(_, question)| question));
    for question in questions() {
        assert_eq!(question(&store, client(ada)), Ok(()));
    }
    store.set_oauth_access(ada, acme, OAuthAccess::Denied).unwrap();
    for actor in [ada, joe, vera, jill] {
        for question in questions() {
            kept_out(&mut store, acme, |s| question(s, client(actor)));
        }
        for action in AppAction::ALL.iter().copied() {
            kept_out(&mut store, acme, |s| s.check(client(actor), action, app));
            assert!(!store.can(client(actor), action, app));
        }
    }
    for actor in [ada, joe, vera, jill, sam] {
        for capability in Capability::ALL.iter().copied() {
            kept_out(&mut store, acme, |s| s.check(client(actor), capability, acme));
        }
    }

    // An outsider learns nothing of the app, so nothing of its team either.
    let outsiders = [client(sam), sam];
    for question in &of_the_team {
        kept_out(&mut store, acme, |s| question(s, client(sam)));
    }
    for question in &of_the_app {
        each_refused(&mut store, &outsiders, |s, by| question(s, by), hidden(app));
    }
    let holds_nothing = |action: AppAction| {
        move |actor| {
            let held = PermissionSet::EMPTY;
            let needed: Vec<String> = action.any_of().iter().map(|permission| permission.to_string()).collect();
            let message = format!("{action} on app `{app}` needs {}; {actor} holds none", needed.join(" or "));
            (Error::ActionNeedsPermission { actor, app, action, held }, message)
        }
    };
    for (action, question) in &sights {
        each_refused(&mut store, &outsiders, |s, by| question(s, by), holds_nothing(*action));
    }
    for action in AppAction::ALL.iter().copied() {
        each_refused(&mut store, &outsiders, |s, by| s.check(by, action, app), holds_nothing(action));
        assert!(!store.can(client(sam), action, app));
    }
    for question in questions() {
        assert_eq!(question(&store, ada), Ok(()));
    }
    sound(&store);
}

#[test]
fn sec_01_lists_through_third_party_clients_leave_a_denying_team_out() {
    let Demo { mut store, ada, joe, vera, jill, sam, acme, inc, website, wave, .. } = Demo::new().unwrap();
    store.add_member(sam, inc, id(joe), TeamRole::Member).unwrap();
    let walnut = store.create_app(joe, NewApp::personal().named(app_name("walnut"))).unwrap();
    store.invite_member(ada, acme, email("sam@acme-inc.com"), TeamRole::Viewer).unwrap();
    store.set_oauth_access(ada, acme, OAuthAccess::Denied).unwrap();

    let teams = |actor| -> Vec<TeamId> {
        store
            .memberships(actor, &TeamFilter::default(), &all())
            .unwrap()
            .items
            .iter()
            .map(|membership| membership.team.id())
            .collect()
    };
    assert_eq!((teams(joe), teams(client(joe))), (vec![inc, acme], vec![inc]));
    let apps = |actor| -> Vec<_> {
        let page = store.visible_apps(actor, &AppFilter::default(), &all()).unwrap();
        page.items.iter().map(|visible| visible.app.id()).collect()
    };
    assert_eq!((apps(joe), apps(client(joe))), (vec![website, wave, walnut], vec![wave, walnut]));
    assert_eq!((apps(jill), apps(client(jill))), (vec![website], vec![]));
    let invitations = |actor| store.my_invitations(actor, &all()).unwrap().items.len();
    assert_eq!((invitations(sam), invitations(client(sam))), (1, 0));
    assert!(store.user(joe, id(vera)).is_ok() && store.user(client(joe), id(vera)).is_err());
    assert!(store.user(client(joe), id(sam)).is_ok() && store.user(client(joe), id(joe)).is_ok());
    sound(&store);
}

#[test]
fn sec_01_audit_logs_through_third_party_clients_leave_a_denying_team_out() {
    let Demo { mut store, ada, joe, acme, .. } = Demo::new().unwrap();
    let own = store.create_app(joe, NewApp::personal().named(app_name("walnut"))).unwrap();
    let brought = store.create_app(joe, NewApp::personal().named(app_name("pear"))).unwrap();
    store.lock_app(joe, brought).unwrap();
    store.transfer_app(joe, brought, acme).unwrap();
    store.set_oauth_access(ada, acme, OAuthAccess::Denied).unwrap();
    store.lock_app(joe, own).unwrap();
    let codes = |actor, scope| -> Vec<&str> {
        let page = store.audit_log(actor, &AuditFilter::new(scope), &all()).unwrap();
        page.items.iter().map(|entry| entry.event.code()).collect()
    };
    let by = AuditScope::By(id(joe));
    assert_eq!(codes(joe, by), ["app-locked", "app-transferred", "app-locked", "app-created", "app-created"]);
    assert_eq!(codes(client(joe), by), ["app-locked", "app-created"]);
    let about = AuditScope::User(id(joe));
    assert_eq!(codes(client(joe), about), ["app-locked", "app-created", "user-registered"]);
    assert!(codes(joe, about).contains(&"member-added"));
    sound(&store);
}

#[test]
fn sec_01_explanations_through_third_party_clients_tell_nothing_of_a_denying_team() {
    let Demo { mut store, ada, joe, acme, website, .. } = Demo::new().unwrap();
    let allowed = store.explain(client(joe), AppAction::PushCode, website).unwrap();
    assert!(allowed.is_allowed() && allowed.held().is_some() && allowed.role().is_some());
    store.set_oauth_access(ada, acme, OAuthAccess::Denied).unwrap();

    let denied = Error::OAuthDenied { team: acme };
    let needed = "to allow third-party clients, or use a client of the platform itself";
    let why = format!("third-party clients are kept out (SEC-1); way out: ask an admin of team `{acme}` {needed}");
    let who = "`joe@acme.com` through client `00000000-0000-0000-0000-000000000007` may not";
    let on_app = store.explain(client(joe), AppAction::PushCode, website).unwrap();
    let on_team = store.explain(client(joe), Capability::ViewApps, acme).unwrap();
    assert_eq!(on_app.to_string(), format!("{who} push-code on app `{website}`: {why}"));
    assert_eq!(on_team.to_string(), format!("{who} view-apps on team `{acme}`: {why}"));
    for answer in [on_app, on_team] {
        assert_eq!((answer.refusal(), answer.held(), answer.role()), (Some(&denied), None, None));
        assert_eq!(answer.grantors().count(), 0);
    }
    assert!(store.explain(joe, AppAction::PushCode, website).unwrap().is_allowed());
    sound(&store);
}

#[test]
fn sec_01_a_denying_team_leaves_everything_else_open() {
    let Demo { mut store, ada, joe, sam, acme, inc, wave, .. } = Demo::new().unwrap();
    store.set_oauth_access(ada, acme, OAuthAccess::Denied).unwrap();
    store.add_member(client(sam), inc, id(ada), TeamRole::Admin).unwrap();
    store.lock_app(client(ada), wave).unwrap();
    let own = store.create_app(client(ada), NewApp::personal().named(app_name("walnut"))).unwrap();
    store.add_collaborator(client(ada), own, id(joe)).unwrap();
    assert!(store.can(client(joe), AppAction::PushCode, own));
    let transfer = store.request_app_transfer(client(ada), own, id(joe)).unwrap();
    store.accept_app_transfer(client(joe), transfer).unwrap();
    assert!(store.can(client(joe), AppAction::DeleteApp, own));
    sound(&store);
}

/// Whoever has neither MFA nor SSO is refused so.
#[track_caller]
fn lacking<T: Debug>(store: &mut TeamStore, team: TeamId, attempt: impl FnOnce(&mut TeamStore) -> Result<T, Error>) {
    let message = format!("team `{team}` requires MFA or single sign-on");
    refused(store, attempt, &Error::TeamRequiresMfaOrSso { team }, &message);
}

/// The sample store, whose admins have enrolled in MFA; `acme` requires it.
fn requiring() -> Demo {
    let mut demo = Demo::new().unwrap();
    let Demo { store, ada, sam, acme, .. } = &mut demo;
    for admin in [*ada, *sam] {
        store.set_mfa(admin, id(admin), Mfa::Enrolled).unwrap();
    }
    store.set_sign_in_requirement(*ada, *acme, REQUIRED).unwrap();
    demo
}

#[test]
fn sec_05_only_admins_who_have_it_require_mfa_or_sso() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, acme, .. } = Demo::new().unwrap();
    assert_eq!(store.team(ada, acme).unwrap().sign_in_requirement(), SignInRequirement::Nothing);
    for actor in [joe, vera, jill, sam, operator] {
        let message =
            format!("only admins can change what sign-in team `{acme}` requires; {} is not an admin", actor.who);
        let error = Error::OnlyAdminsSetSignInRequirement { actor: actor.who, team: acme };
        for to in [SignInRequirement::Nothing, REQUIRED] {
            refused(&mut store, |s| s.set_sign_in_requirement(actor, acme, to), &error, &message);
        }
    }
    let error = Error::AdminNeedsMfaOrSso { team: acme, user: id(ada) };
    let message =
        format!("admin `{}` would have neither MFA nor single sign-on, which team `{acme}` would require", id(ada));
    refused(&mut store, |s| s.set_sign_in_requirement(ada, acme, REQUIRED), &error, &message);
    store.set_mfa(ada, id(ada), Mfa::Enrolled).unwrap();
    store.set_sign_in_requirement(ada, acme, REQUIRED).unwrap();
    assert_eq!(store.team(ada, acme).unwrap().sign_in_requirement(), REQUIRED);
    let error = Error::SignInRequirementUnchanged { team: acme, requirement: REQUIRED };
    let message = format!("team `{acme}` already requires MFA or single sign-on to sign in");
    refused(&mut store, |s| s.set_sign_in_requirement(ada, acme, REQUIRED), &error, &message);
    // An admin may take their own enrolment back, and is shut out by that.
    store.set_mfa(ada, id(ada), Mfa::NotEnrolled).unwrap();
    lacking(&mut store, acme, |s| s.set_sign_in_requirement(ada, acme, SignInRequirement::Nothing));
    sound(&store);
}

#[test]
fn sec_05_who_has_neither_stays_listed_and_reaches_nothing_of_the_team() {
    let Demo { mut store, operator, ada, joe, jill, acme, website, .. } = requiring();
    for (actor, action) in [(joe, AppAction::PushCode), (jill, AppAction::ViewApp)] {
        assert!(!store.can(actor, action, website));
        let refused = store.check(actor, action, website).unwrap_err();
        assert_eq!(refused, Error::TeamRequiresMfaOrSso { team: acme });
        assert_eq!(store.app(actor, website).unwrap_err(), refused);
        assert_eq!(store.visible_apps(actor, &AppFilter::default(), &all()).unwrap().items, []);
    }
    let why = store.explain(joe, AppAction::PushCode, website).unwrap();
    assert_eq!(
        why.to_string(),
        format!(
            "`joe@acme.com` may not push-code on app `{website}`: people with neither MFA nor single sign-on are kept out \
             (SEC-5); way out: enrol in MFA, or sign in through the identity provider of a team"
        )
    );
    assert_eq!((why.held(), why.role(), why.grantors().count()), (None, None, 0));
    lacking(&mut store, acme, |s| s.create_app(joe, NewApp::in_team(acme).named(app_name("pear"))));
    // Listed: their roles and grants stand, and count again with the sign-in.
    let listed = store.access_list(ada, acme, &PeopleFilter::default(), &all()).unwrap();
    assert!([joe, jill].iter().all(|one| listed.items.iter().any(|entry| entry.user.id() == id(*one))));
    assert!(store.app_access(ada, website, &all()).unwrap().items.iter().any(|one| one.user.id() == id(joe)));
    let able = store.who_can(ada, AppAction::PushCode, website, &all()).unwrap();
    assert_eq!(able.items.iter().map(|one| one.user.id()).collect::<Vec<_>>(), [id(ada)]);
    assert_eq!(store.memberships(joe, &TeamFilter::default(), &all()).unwrap().items[0].team.id(), acme);
    store.set_mfa(operator, id(joe), Mfa::Enrolled).unwrap();
    assert!(store.can(joe, AppAction::PushCode, website));
    assert!(store.can(client(joe), AppAction::PushCode, website));
    store.set_mfa(joe, id(joe), Mfa::NotEnrolled).unwrap();
    with_sso(&mut store, ada, acme);
    store.set_sign_in(joe, id(joe), SignIn::Sso).unwrap();
    assert!(store.can(joe, AppAction::PushCode, website));
    store.disable_sso(ada, acme).unwrap();
    assert!(!store.can(joe, AppAction::PushCode, website));
    sound(&store);
}

#[test]
fn sec_05_an_outsider_gets_the_outsiders_answer() {
    let Demo { store: open, sam, max, operator, acme, website, .. } = Demo::new().unwrap();
    let Demo { store: closed, .. } = requiring();
    for actor in [sam, max, operator] {
        let told = |store: &TeamStore| {
            (
                store.team(actor, acme).err(),
                store.app(actor, website).err(),
                store.check(actor, Capability::ManageUsers, acme),
            )
        };
        assert_eq!(told(&closed), told(&open));
    }
}

#[test]
fn sec_05_who_has_neither_leaves_and_answers_invitations() {
    let Demo { mut store, ada, joe, vera, jill, max, acme, website, .. } = requiring();
    store.remove_collaborator(jill, website, id(jill)).unwrap();
    store.remove_member(joe, acme, id(joe)).unwrap();
    lacking(&mut store, acme, |s| s.remove_member(vera, acme, id(joe)));
    for (number, accepts) in [true, false].into_iter().enumerate() {
        let invited = if accepts { max } else { jill };
        let to = store.user(invited, id(invited)).unwrap().email().clone();
        let invitation = store.invite_member(ada, acme, to, TeamRole::Member).unwrap();
        assert_eq!(store.my_invitations(invited, &all()).unwrap().items.len(), 1, "{number}");
        store.invitation(invited, invitation).unwrap();
        if accepts {
            store.accept_invitation(invited, invitation)
        } else {
            store.decline_invitation(invited, invitation)
        }
        .unwrap();
    }
    assert_eq!(store.role(ada, acme, id(max)), Ok(Some(Role::Member)));
    lacking(&mut store, acme, |s| s.create_app(max, NewApp::in_team(acme)));
    // Whoever is on an app of the team and invited into it answers too.
    store.grant_permissions(ada, website, id(jill), PermissionSet::VIEW).unwrap();
    let to = store.user(jill, id(jill)).unwrap().email().clone();
    let invitation = store.invite_member(ada, acme, to, TeamRole::Member).unwrap();
    store.accept_invitation(jill, invitation).unwrap();
    sound(&store);
}

#[test]
fn sec_05_no_admin_takes_their_own_way_in() {
    let Demo { mut store, operator, ada, joe, acme, .. } = Demo::new().unwrap();
    with_sso(&mut store, ada, acme);
    store.set_sign_in(ada, id(ada), SignIn::Sso).unwrap();
    let before = store.clone();
    let error = Error::AdminNeedsMfaOrSso { team: acme, user: id(ada) };
    let message =
        format!("admin `{}` would have neither MFA nor single sign-on, which team `{acme}` would require", id(ada));
    store.set_sign_in_requirement(ada, acme, REQUIRED).unwrap();
    refused(&mut store, |s| s.disable_sso(ada, acme), &error, &message);
    // Another way in: MFA, or the SSO of another team.
    let mut enrolled = store.clone();
    enrolled.set_mfa(ada, id(ada), Mfa::Enrolled).unwrap();
    enrolled.disable_sso(ada, acme).unwrap();
    let labs = store.provision_team(operator, NewTeam::enterprise(team_name("acme-labs"), id(ada))).unwrap();
    with_sso(&mut store, ada, labs);
    store.disable_sso(ada, acme).unwrap();
    // Where nothing is required, nothing is asked; where the store requires it, it is.
    let mut free = before.clone();
    free.disable_sso(ada, acme).unwrap();
    let mut strict = before;
    strict.set_mfa(operator, id(joe), Mfa::Enrolled).unwrap();
    strict.change_settings(operator, everybody_needs_it(&strict)).unwrap();
    refused(&mut strict, |s| s.disable_sso(ada, acme), &error, &message);
    sound(&strict);
}

fn everybody_needs_it(store: &TeamStore) -> StoreOptions {
    let mut options = store.settings().options.clone();
    options.sign_in_requirement = REQUIRED;
    options
}

#[test]
fn sec_05_a_store_requires_it_of_everybody() {
    let Demo { mut store, operator, ada, joe, acme, website, .. } = Demo::new().unwrap();
    let own = store.create_app(joe, NewApp::personal().named(app_name("walnut"))).unwrap();
    store.add_collaborator(joe, own, id(ada)).unwrap();
    store.set_mfa(ada, id(ada), Mfa::Enrolled).unwrap();
    let options = everybody_needs_it(&store);
    store.change_settings(operator, options).unwrap();
    let error = Error::ActorNeedsMfaOrSso { actor: id(joe) };
    let message = format!("user `{}` has neither MFA nor single sign-on, which everybody needs here", id(joe));
    refused(&mut store, |s| s.rename_app(joe, own, app_name("pecan")), &error, &message);
    refused(&mut store, |s| s.remove_member(joe, acme, id(joe)), &error, &message);
    refused(&mut store, |s| s.set_mfa(joe, id(ada), Mfa::NotEnrolled), &error, &message);
    assert_eq!(store.app(joe, own).unwrap_err(), error);
    assert_eq!(store.explain(joe, AppAction::ViewApp, own).err(), Some(error.clone()));
    assert_eq!(store.for_actor(joe).err(), Some(error));
    assert!(!store.can(joe, AppAction::PushCode, own) && !store.can(joe, AppAction::PushCode, website));
    // As for whoever asks who can: the owner cannot, until they have it.
    let able = |store: &TeamStore| {
        let able = store.who_can(ada, AppAction::PushCode, own, &all()).unwrap();
        able.items.iter().map(|one| one.user.id()).collect::<Vec<_>>()
    };
    assert_eq!(able(&store), [id(ada)]);
    store.set_mfa(joe, id(joe), Mfa::Enrolled).unwrap();
    assert_eq!(able(&store), [id(ada), id(joe)]);
    store.rename_app(joe, own, app_name("pecan")).unwrap();
    // Enrolment is taken back and made as any operation, and told.
    for mfa in [Mfa::NotEnrolled, Mfa::Enrolled] {
        let operation = Operation::SetMfa { user: id(joe), mfa };
        let foreseen = store.what_if(joe, &operation).unwrap().event;
        assert_eq!(store.perform(joe, &operation).unwrap().event, foreseen);
    }
    sound(&store);
}

#[test]
fn x_03_the_operator_changes_the_settings_of_the_store() {
    let Demo { mut store, operator, ada, joe, acme, .. } = Demo::new().unwrap();
    let before = store.settings().clone();
    let mut options = before.options.clone();
    (options.invitation_days, options.personal_apps_max) = (3, 1);
    options.web_domain = "apps.example.com".parse().unwrap();
    for actor in [ada, joe, client(ada)] {
        let message = format!("only the platform operator can change the settings of the store, not {}", actor.who);
        let error = Error::OnlyOperatorChangesSettings { actor: actor.who };
        for options in [&options, &before.options] {
            refused(&mut store, |s| s.change_settings(actor, options.clone()), &error, &message);
        }
    }
    let message = "the settings of the store are already these";
    let attempt = |s: &mut TeamStore| s.change_settings(operator, before.options.clone());
    refused(&mut store, attempt, &Error::SettingsUnchanged {}, message);

    let invited = |store: &mut TeamStore, text: &str| {
        let invitation = store.invite_member(ada, acme, email(text), TeamRole::Member).unwrap();
        let pending = store.pending_invitations(ada, acme, &all()).unwrap();
        pending.items.iter().find(|one| one.id() == invitation).unwrap().expires_at() - ada.at
    };
    assert_eq!(invited(&mut store, "old@acme.com").num_days(), 30);
    store.change_settings(operator, options.clone()).unwrap();
    assert_eq!(store.settings(), &{
        let mut settings = before.clone();
        settings.options = options.clone();
        settings
    });
    assert_eq!(invited(&mut store, "new@acme.com").num_days(), 3);
    let own = store.create_app(joe, NewApp::personal()).unwrap();
    assert!(store.web_url(store.app(joe, own).unwrap()).ends_with(".apps.example.com/"));
    assert_eq!(store.create_app(joe, NewApp::personal()).unwrap_err().code(), "personal-app-limit-reached");
    sound(&store);

    // It is taken back as any other event is, and its log replays without its first settings.
    store.drain_events(2);
    assert!(TeamStore::restore(store.snapshot()).unwrap() == store);
    let mut tx = store.begin();
    tx.change_settings(operator, before.options.clone()).unwrap();
    drop(tx);
    assert_eq!(store.settings().options, options);
}

/// who reads the log is not shown the secret; who keeps it, is.
#[test]
fn x_07_nobody_is_shown_the_secret() {
    let settings = Settings::new(Secret::from_bytes(*b"16 secret bytes."));
    let mut store = TeamStore::new(settings.clone());
    let operator = Actor::operator(store.events()[0].at);
    let mut options = settings.options.clone();
    options.invitation_days = 3;
    store.change_settings(operator, options).unwrap();
    let page = store.audit_log(operator, &AuditFilter::new(AuditScope::Everything), &all()).unwrap();
    let shown = serde_json::to_string(&page.items).unwrap();
    let secret = serde_json::to_value(settings.secret()).unwrap();
    let secret = secret.as_str().unwrap();
    assert!(shown.contains("store-opened") && shown.contains("settings-changed") && !shown.contains(secret));
    let kept = serde_json::to_string(store.events()).unwrap();
    assert_eq!(kept.matches(secret).count(), 1);
    assert!(!format!("{:?} {:?} {store:?}", store.events(), store.settings()).contains(secret));
    let shown: Vec<AuditEvent> = page.items.into_iter().map(AuditEntry::into_owned).collect();
    assert_eq!(TeamStore::replay(shown.into_iter().rev()).unwrap_err(), ReplayError::NotOpened);
    assert!(TeamStore::replay(store.events().to_vec()).unwrap() == store);
}

/// of two stores that differ in the secret alone, no id and no name is in both.
#[test]
fn x_07_another_secret_gives_other_ids_and_names() {
    let made = |secret: Secret| {
        let mut store = TeamStore::new(Settings::new(secret));
        let ada = register(&mut store, "ada@acme.com");
        let apps: Vec<AppId> = (0..50).map(|_| store.create_app(ada, NewApp::personal()).unwrap()).collect();
        let names: Vec<_> = apps.iter().map(|app| store.app(ada, *app).unwrap().name()).collect();
        (id(ada), apps, names)
    };
    let one = made(Secret::from_seed(1));
    assert_eq!(one, made(Secret::from_seed(1)));
    let mut bytes = Secret::from_seed(1).to_bytes();
    for at in 0..bytes.len() {
        bytes[at] ^= 1;
        let other = made(Secret::from_bytes(bytes));
        assert!(one.0 != other.0 && one.1.iter().all(|app| !other.1.contains(app)), "byte {at}");
        assert!(one.2.iter().filter(|name| other.2.contains(name)).count() == 0, "byte {at}");
        bytes[at] ^= 1;
    }
    // What names a thing is a UUID of the eighth version, which says no more than that somebody made it so.
    assert!(one.1.iter().all(|app| app.uuid().get_version_num() == 8));
}
