//! ENT-7: what an audit log, and a what-if, keep to themselves.

use enterprise_teams::demo::Demo;
use enterprise_teams::{
    Actor, Error, Event, NewApp, NewTeam, Operation as O, PageRequest, Permission, PermissionSet, TeamRole, TeamStore,
    entity::{IdentityProvider, OAuthAccess, Plan},
    query::{AuditFilter, AuditScope},
};

use super::first;
use crate::support::{app_name, email, id, read, refused, register, sound, team_name, through_client as via};

/// The newest entry of the scope, as the actor sees it.
#[track_caller]
fn newest(store: &TeamStore, actor: Actor, scope: AuditScope) -> Event {
    let page = store.audit_log(actor, &AuditFilter::new(scope), &first(1)).unwrap();
    page.items.into_iter().next().unwrap().into_owned().event
}

fn provider() -> IdentityProvider {
    let pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
    IdentityProvider::new("acme-idp", "https://id.acme.com/saml", pem).unwrap()
}

/// Whoever may delete a team of their account is not told what only its admins and members see.
#[test]
fn x_02_a_what_if_tells_what_the_audit_log_would() {
    let Demo { mut store, operator, ada, joe, vera, .. } = Demo::new().unwrap();
    let account = store.open_account(operator, read("corp"), id(ada)).unwrap();
    let labs = store.create_team_in(ada, account, team_name("labs")).unwrap();
    store.add_account_member(ada, account, id(joe), read("create")).unwrap();
    store.invite_member(ada, labs, email("new@x.io"), TeamRole::Member).unwrap();
    store.set_identity_provider(ada, labs, provider()).unwrap();
    store.allow_add_on(ada, labs, read("kafka")).unwrap();
    store.add_member(ada, labs, id(vera), TeamRole::Viewer).unwrap();
    let delete = O::DeleteTeam { team: labs };
    let told = |event: &Event| {
        let Event::TeamDeleted { deleted } = event else { panic!("{event}") };
        let allowed = deleted.allowed_add_ons.len();
        (deleted.members.len(), deleted.invitations.len(), deleted.identity_provider.is_some(), allowed)
    };
    let what_if = |store: &TeamStore, actor| told(&store.what_if(actor, &delete).unwrap().event);
    assert_eq!(what_if(&store, joe), (0, 0, false, 0));
    assert_eq!(what_if(&store, ada), (2, 1, true, 1), "an admin");
    // A viewer sees the people and the allowed add-ons; an invitation is for admins and members (INV-5).
    store.add_account_member(ada, account, id(vera), read("create")).unwrap();
    assert_eq!(what_if(&store, vera), (2, 0, false, 1));
    for actor in [joe, vera] {
        let mut done = store.clone();
        let foreseen = done.what_if(actor, &delete).unwrap().event;
        assert_eq!(done.perform(actor, &delete).unwrap().event, foreseen);
        assert_eq!(newest(&done, actor, AuditScope::By(id(actor))), foreseen);
        let kept = done.events().last().map(|entry| told(&entry.event));
        assert_eq!(kept, Some((2, 1, true, 1)), "the host has all of it");
    }
}

/// A space moves between teams that whoever moves it need not see into (SPC-7).
#[test]
fn x_02_a_what_if_of_a_space_that_moves_tells_nothing_of_its_people() {
    let Demo { mut store, operator, ada, joe, jill, sam, .. } = Demo::new().unwrap();
    let account = store.open_account(operator, read("corp"), id(ada)).unwrap();
    let [east, west] = ["east", "west"].map(|name| store.create_team_in(ada, account, team_name(name)).unwrap());
    store.add_account_member(ada, account, id(sam), read("manage")).unwrap();
    store.add_member(ada, east, id(joe), TeamRole::Member).unwrap();
    let sea = store.create_space(ada, enterprise_teams::NewSpace::new(east, read("sea"))).unwrap();
    store.allow_app_creation(ada, sea, id(joe)).unwrap();
    let boat = store.create_app(ada, NewApp::in_space(sea)).unwrap();
    store.grant_permissions(ada, boat, id(joe), Permission::Deploy.into()).unwrap();
    store.grant_permissions(ada, boat, id(jill), PermissionSet::VIEW).unwrap();
    let transfer = O::TransferSpace { space: sea, team: west };
    let told = |store: &TeamStore, actor| {
        let Event::SpaceTransferred { moved } = store.what_if(actor, &transfer).unwrap().event else { panic!() };
        (moved.apps.len(), moved.creators_ended.len())
    };
    assert_eq!(told(&store, ada), (1, 1));
    assert_eq!(told(&store, sam), (0, 0));
}

/// A viewer of a team that a deleted user was invited into is not told so (INV-5).
#[test]
fn inv_05_the_end_of_a_user_tells_of_invitations_whoever_sees_them() {
    for (role, seen) in [(TeamRole::Viewer, 0), (TeamRole::Member, 1), (TeamRole::Admin, 1)] {
        let Demo { mut store, operator, ada, sam, max, inc, .. } = Demo::new().unwrap();
        let labs = store.provision_team(operator, NewTeam::enterprise(team_name("labs"), id(ada))).unwrap();
        store.add_member(ada, labs, id(sam), role).unwrap();
        store.invite_member(ada, labs, email("max@acme-inc.com"), TeamRole::Member).unwrap();
        store.delete_user(max, id(max)).unwrap();
        let Event::UserDeleted { deleted } = newest(&store, sam, AuditScope::Team(inc)) else { panic!() };
        assert_eq!(deleted.invitations.len(), seen, "{role}");
    }
}

/// Who is on an app is told to whoever sees that, not to everybody who sees the app (CAP-2).
#[test]
fn cap_02_entries_tell_of_the_people_on_an_app_whoever_sees_them() {
    let Demo { mut store, ada, joe, jill, sam, acme, inc, website, wave, .. } = Demo::new().unwrap();
    // Jill manages one app of acme's, and sees another.
    let other = store.create_app(joe, NewApp::in_team(acme)).unwrap();
    store.set_permissions(ada, website, id(jill), Permission::Manage.into()).unwrap();
    store.grant_permissions(ada, other, id(jill), PermissionSet::VIEW).unwrap();
    let mut gone = store.clone();
    gone.remove_member(joe, acme, id(joe)).unwrap();
    let Event::MemberRemoved { removed } = newest(&gone, jill, AuditScope::App(website)) else { panic!() };
    assert_eq!(removed.grants.iter().map(|(app, _)| *app).collect::<Vec<_>>(), [website]);
    // An admin of another team, to which both go, sees the one only of which he is told who is on it.
    store.add_member(sam, inc, id(ada), TeamRole::Admin).unwrap();
    store.grant_permissions(ada, website, id(sam), PermissionSet::VIEW).unwrap();
    let labs = {
        let operator = Actor::operator(ada.at);
        store.provision_team(operator, NewTeam::enterprise(team_name("labs"), id(ada))).unwrap()
    };
    store.transfer_apps(ada, &[website, wave], labs).unwrap();
    let Event::AppsTransferred { moved } = newest(&store, sam, AuditScope::Team(inc)) else { panic!() };
    let of = |app| moved.iter().find(|one| one.app == app).unwrap();
    assert_eq!(of(website).grants.iter().filter(|grant| grant.user != id(sam)).count(), 0);
    assert_eq!(of(wave).to, labs.into());
}

/// The add-ons of an app go with it; whoever only saw the app did not see them.
#[test]
fn x_02_the_end_of_an_app_tells_of_add_ons_whoever_saw_them() {
    for (permissions, seen) in
        [(PermissionSet::VIEW, 0), (Permission::Manage.into(), 0), (Permission::Deploy.into(), 1)]
    {
        let Demo { mut store, ada, jill, website, .. } = Demo::new().unwrap();
        if permissions != PermissionSet::VIEW {
            store.set_permissions(ada, website, id(jill), permissions).unwrap();
        }
        store.install_add_on(ada, website, read("redis"), Plan { name: read("basic"), price: 100 }).unwrap();
        store.delete_app(ada, website, "acme-website").unwrap();
        let Event::AppDeleted { deleted } = newest(&store, jill, AuditScope::User(id(jill))) else { panic!() };
        assert_eq!(deleted.add_ons.len(), seen, "{permissions}");
    }
}

/// A collaborator is told that their permissions changed with the team's kind, not how the team is set up.
#[test]
fn x_02_a_team_that_moves_tells_collaborators_nothing_of_its_settings() {
    let Demo { mut store, operator, jill, sam, inc, wave, .. } = Demo::new().unwrap();
    let account = store.open_account(operator, read("corp"), id(sam)).unwrap();
    store.move_team_in(sam, inc, account).unwrap();
    store.grant_permissions(sam, wave, id(jill), PermissionSet::ALL).unwrap();
    store.request_team_deletion(sam, inc).unwrap();
    store.request_team_move_out(sam, inc).unwrap();
    store.move_team_out(operator, inc).unwrap();
    let told = |actor, scope| {
        let Event::TeamMovedOut { moved } = newest(&store, actor, scope) else { panic!() };
        let asked = moved.requested_at.is_some() && moved.deletion_requested_at.is_some();
        (moved.limits.is_some(), moved.default_role.is_some(), asked)
    };
    assert_eq!(told(sam, AuditScope::Team(inc)), (true, true, true));
    // A Standard team shows its preferences to collaborators.
    assert_eq!(told(jill, AuditScope::User(id(jill))), (true, true, true));
    store.move_team_in(sam, inc, account).unwrap();
    let page = store.audit_log(jill, &AuditFilter::new(AuditScope::User(id(jill))), &first(9)).unwrap();
    let moved = page.items.iter().find(|entry| entry.event.code() == "team-moved-out").unwrap();
    let Event::TeamMovedOut { moved } = &moved.event else { panic!() };
    assert_eq!((moved.limits, moved.default_role, moved.requested_at), (None, None, None));
}

/// A team that shut a client out to its end is not told of by its end, nor what was in it before.
#[test]
fn sec_01_a_team_that_shut_a_client_out_stays_shut_after_its_end() {
    let Demo { mut store, sam, max, inc, wave, .. } = Demo::new().unwrap();
    store.set_oauth_access(sam, inc, OAuthAccess::Denied).unwrap();
    store.delete_app(sam, wave, "frozen-wave-4030").unwrap();
    store.delete_team(sam, inc).unwrap();
    let all = PageRequest::default();
    for (actor, scope) in [(sam, AuditScope::By(id(sam))), (max, AuditScope::User(id(max)))] {
        let codes = |actor| {
            let page = store.audit_log(actor, &AuditFilter::new(scope), &all).unwrap();
            page.items.iter().map(|entry| entry.event.code()).collect::<Vec<_>>()
        };
        assert!(codes(actor).contains(&"team-deleted"));
        assert_eq!(codes(via(actor)).iter().filter(|code| **code != "user-registered").count(), 0);
    }
}

/// What another team set does not tell in a team's log.
#[test]
fn sec_01_a_team_that_shuts_a_client_out_takes_nothing_from_the_log_of_another() {
    let Demo { mut store, operator, ada, jill, sam, acme, inc, .. } = Demo::new().unwrap();
    store.add_member(ada, acme, id(jill), TeamRole::Member).unwrap();
    store.add_member(sam, inc, id(jill), TeamRole::Member).unwrap();
    store.delete_user(operator, id(jill)).unwrap();
    let open = newest(&store, via(sam), AuditScope::Team(inc));
    store.set_oauth_access(ada, acme, OAuthAccess::Denied).unwrap();
    assert_eq!(newest(&store, via(sam), AuditScope::Team(inc)), open);
}

#[test]
fn ent_07_the_audit_log_of_an_account() {
    let Demo { mut store, operator, ada, joe, jill, sam, inc, .. } = Demo::new().unwrap();
    let account = store.open_account(operator, read("corp"), id(ada)).unwrap();
    store.add_account_member(ada, account, id(joe), read("create,billing")).unwrap();
    store.add_account_member(ada, account, id(sam), read("view,create")).unwrap();
    store.set_account_permissions(ada, account, id(joe), read("create")).unwrap();
    let labs = store.create_team_in(joe, account, team_name("labs")).unwrap();
    store.set_default_role(joe, labs, TeamRole::Viewer).unwrap();
    store.create_app(joe, NewApp::in_team(labs).named(app_name("rocket"))).unwrap();
    store.delete_app(joe, store.events().last().unwrap().apps().next().unwrap(), "rocket").unwrap();
    store.delete_team(joe, labs).unwrap();
    store.move_team_in(sam, inc, account).unwrap();
    store.request_team_move_out(sam, inc).unwrap();
    store.move_team_out(operator, inc).unwrap();
    store.remove_account_member(joe, account, id(joe)).unwrap();
    let kim = register(&mut store, "kim@x.io");
    store.add_account_member(ada, account, id(kim), read("view")).unwrap();
    store.delete_user(kim, id(kim)).unwrap();
    store.lock_app(ada, store.app_by_name(ada, app_name("acme-website")).unwrap().id()).unwrap();
    let scope = AuditScope::Account(account);
    let codes = |actor| {
        let page = store.audit_log(actor, &AuditFilter::new(scope), &PageRequest::default())?;
        Ok::<Vec<_>, Error>(page.items.iter().rev().map(|entry| entry.event.code()).collect())
    };
    let expected = [
        "account-opened",
        "account-member-added",
        "account-member-added",
        "account-permissions-changed",
        "team-provisioned",
        "team-deleted",
        "team-moved-in",
        "team-moved-out",
        "account-member-removed",
        "account-member-added",
        "user-deleted",
    ];
    for actor in [ada, operator] {
        assert_eq!(codes(actor).unwrap(), expected);
    }
    // Of a team that is gone, a manager of the account is not told who was in it.
    let page = store.audit_log(ada, &AuditFilter::new(scope), &PageRequest::default()).unwrap();
    let ended = page.items.iter().find(|entry| entry.event.code() == "team-deleted").unwrap();
    let Event::TeamDeleted { deleted } = &ended.event else { panic!() };
    assert_eq!((deleted.members.len(), deleted.team.account()), (0, Some(account)));
    for actor in [joe, jill, sam] {
        let error = Error::OnlyManagersReadAccountAudit { actor: actor.who, account };
        let message = format!(
            "only holders of `manage` can read the audit log of account `{account}`; {} does not hold it",
            actor.who
        );
        let ask =
            |s: &mut TeamStore| s.audit_log(actor, &AuditFilter::new(scope), &first(1)).map(|page| page.items.len());
        refused(&mut store, ask, &error, &message);
    }
    let nowhere = AuditScope::Account(enterprise_teams::AccountId::from_uuid(uuid::Uuid::nil()));
    let refusal = store.audit_log(ada, &AuditFilter::new(nowhere), &first(1)).map(drop).unwrap_err();
    assert_eq!(refusal.code(), "account-not-found");
    sound(&store);
}

/// The newest entry of a scope in words, as the actor reads it.
#[track_caller]
fn line(store: &TeamStore, actor: Actor, scope: AuditScope, nth: usize) -> String {
    let page = store.audit_log(actor, &AuditFilter::new(scope), &first(nth + 1)).unwrap();
    let text = page.items[nth].to_string();
    assert_eq!(store.readable(actor, &page.items[nth]), text, "the entry has its own names");
    text.split_once("Z ").unwrap().1.to_owned()
}

#[test]
fn x_08_an_entry_names_what_it_tells_of_as_it_was_then() {
    let Demo { mut store, operator, ada, joe, vera, jill, acme, website, .. } = Demo::new().unwrap();
    let (team, app) = (AuditScope::Team(acme), AuditScope::App(website));
    store.set_permissions(ada, website, id(jill), Permission::Manage.into()).unwrap();
    store.lock_app(joe, website).unwrap_err();
    let own = store.create_app(joe, NewApp::in_team(acme).named(app_name("joes-app"))).unwrap();
    store.lock_app(joe, own).unwrap();
    // Renames.
    store.rename_app(joe, own, app_name("joes-other")).unwrap();
    store.set_email(operator, id(joe), email("joseph@acme.com")).unwrap();
    store.rename_team(ada, acme, team_name("widgets")).unwrap();
    assert_eq!(line(&store, ada, team, 0), "user `ada@acme.com`: renamed team `acme-widgets` to `widgets`");
    let changed =
        "the platform operator: changed the e-mail of user `joe@acme.com` from `joe@acme.com` to `joseph@acme.com`";
    assert_eq!(line(&store, ada, team, 1), changed);
    assert_eq!(line(&store, ada, team, 2), "user `joe@acme.com`: renamed app `joes-app` to `joes-other`");
    assert_eq!(line(&store, ada, team, 3), "user `joe@acme.com`: locked app `joes-app`");
    store.unlock_app(joe, own).unwrap();
    assert_eq!(line(&store, ada, team, 0), "user `joseph@acme.com`: unlocked app `joes-other`");
    // A removal, and a deletion.
    store.remove_member(ada, acme, id(vera)).unwrap();
    store.delete_app(joe, own, "joes-other").unwrap();
    store.remove_member(joe, acme, id(joe)).unwrap();
    let [removed, left] = ["vera@acme.com", "joseph@acme.com"];
    let lines = [
        format!("user `{left}`: removed user `{left}` from team `widgets`"),
        format!("user `{left}`: deleted app `joes-other`"),
        format!("user `ada@acme.com`: removed user `{removed}` from team `widgets`"),
        format!("user `{left}`: unlocked app `joes-other`"),
    ];
    let all = |store: &TeamStore| [0, 1, 2, 3].map(|nth| line(store, ada, team, nth));
    assert_eq!(all(&store), lines);
    for user in [vera, joe] {
        store.delete_user(operator, id(user)).unwrap();
    }
    assert_eq!(all(&store), lines, "whoever is gone");
    store.register_user(operator, enterprise_teams::NewUser::new(email("new@acme.com")).with_id(id(joe))).unwrap();
    assert_eq!(all(&store), lines, "whoever has the id now");
    // From the app's log: who is on it, not who else is in the team.
    assert_eq!(line(&store, jill, app, 0), format!("user `{left}`: removed user `{left}` from team `widgets`"));
    let granted = line(&store, jill, app, 1);
    assert_eq!(
        granted,
        format!(
            "user `{}`: changed the permissions of user `jill@creativeinc.com` on app `acme-website` from view to \
             view, manage",
            id(ada)
        )
    );
    // Nothing else is named.
    let page = store.audit_log(jill, &AuditFilter::new(app), &first(2)).unwrap();
    assert_eq!(page.items[0].names().map(|(_, name)| name).collect::<Vec<_>>(), [left, "widgets", "acme-website"]);
    assert_eq!((page.items[0].name(id(ada)), page.items[0].name(id(joe))), (None, Some(left)));
    // Of two teams she knows the one whose app it is now.
    let labs = store.provision_team(operator, NewTeam::enterprise(team_name("labs"), id(ada))).unwrap();
    store.transfer_app(ada, website, labs).unwrap();
    let moved = line(&store, jill, app, 0);
    assert!(moved.contains("`labs`") && moved.contains(&acme.to_string()) && !moved.contains("widgets"), "{moved}");
    sound(&store);
}

#[test]
fn x_08_names_go_with_what_is_taken_back_or_handed_over() {
    let Demo { mut store, ada, acme, .. } = Demo::new().unwrap();
    let team = AuditScope::Team(acme);
    store.set_default_role(ada, acme, TeamRole::Viewer).unwrap();
    let line = |store: &TeamStore, nth| line(store, ada, team, nth);
    let mut tx = store.begin();
    tx.rename_team(ada, acme, team_name("taken-back")).unwrap();
    assert_eq!(line(&tx, 1), "user `ada@acme.com`: changed the default role of team `acme-widgets` to viewer");
    drop(tx);
    assert_eq!(line(&store, 0), "user `ada@acme.com`: changed the default role of team `acme-widgets` to viewer");
    for name in ["first", "second"] {
        store.rename_team(ada, acme, team_name(name)).unwrap();
        store
            .set_default_role(ada, acme, TeamRole::Member)
            .or_else(|_| store.set_default_role(ada, acme, TeamRole::Admin))
            .unwrap();
    }
    let copy = TeamStore::replay(store.events().to_vec()).unwrap();
    for keep in [5, 3, 1] {
        store.drain_events(keep);
        for nth in 0..keep {
            assert_eq!(line(&store, nth), line(&copy, nth), "{keep}");
        }
    }
    assert_eq!(line(&copy, 2), "user `ada@acme.com`: changed the default role of team `first` to member");
}

/// In their own log somebody who has left is told what the team was called of which an entry speaks; of one about an app they are
/// told whose it is while they are on it.
#[test]
fn x_08_an_own_log_names_the_team_that_one_was_in_and_the_owner_of_an_app_that_one_is_on() {
    let Demo { mut store, ada, vera, jill, acme, website, .. } = Demo::new().unwrap();
    store.set_member_role(ada, acme, id(vera), TeamRole::Member).unwrap();
    store.remove_member(ada, acme, id(vera)).unwrap();
    store.set_permissions(ada, website, id(jill), Permission::Deploy.into()).unwrap();
    let told = |actor: Actor, code: &str| {
        let page = store.audit_log(actor, &AuditFilter::new(AuditScope::User(id(actor))), &first(20)).unwrap();
        let entry = page.items.into_iter().find(|entry| entry.event.code() == code).expect("in their own log");
        entry.name(acme).is_some()
    };
    assert_eq!(["member-role-changed", "member-removed"].map(|code| told(vera, code)), [true, true]);
    let named = |store: &TeamStore| {
        let page = store.audit_log(jill, &AuditFilter::new(AuditScope::User(id(jill))), &first(20)).unwrap();
        let mut changed = page.items.iter().filter(|entry| entry.event.code() == "permissions-changed");
        changed.next().expect("in her own log").name(acme).map(str::to_owned)
    };
    assert_eq!(named(&store).as_deref(), Some("acme-widgets"));
    store.remove_collaborator(ada, website, id(jill)).unwrap();
    assert_eq!(named(&store), None, "whoever is on no app of it any more");
}
