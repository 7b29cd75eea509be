//! TRF and STD-5: apps change owner, alone, many at once and on request.

use enterprise_teams::demo::Demo;
use enterprise_teams::{
    AccessSource, Actor, ActorKind, AppId, Error, Event, NewApp, NewTeam, Owner, PageRequest, Permission,
    PermissionSet, Role, TeamId, TeamRole, TeamStore,
    entity::{Dyno, DynoSize as Size, Limits, OAuthAccess, OwnershipPeriod},
    error::{TRUNCATED_MAX, Truncated},
    ids::TransferId,
    settings::BULK_APPS_MAX,
};

use crate::support::{
    app_name, days, each_refused, email, hidden, holds, id, noon, refused, register, sound, team_name, through_client,
};

const ALL: PermissionSet = PermissionSet::ALL;
const EMPTY: PermissionSet = PermissionSet::EMPTY;
const VIEW: PermissionSet = PermissionSet::VIEW;
const WORK: PermissionSet = PermissionSet::WORK;

/// A second Enterprise Team and its admin.
fn beta(store: &mut TeamStore, operator: Actor) -> (Actor, TeamId) {
    let bob = register(store, "bob@beta.com");
    let beta = store.provision_team(operator, NewTeam::enterprise(team_name("beta"), id(bob))).unwrap();
    (bob, beta)
}

fn personal(store: &mut TeamStore, owner: Actor, name: &str) -> AppId {
    store.create_app(owner, NewApp::personal().named(app_name(name))).unwrap()
}

/// Joe's personal app with jill and vera on it.
fn shared(store: &mut TeamStore, [joe, jill, vera]: [Actor; 3]) -> AppId {
    let mine = personal(store, joe, "deep-spring-4274");
    for other in [jill, vera] {
        store.add_collaborator(joe, mine, id(other)).unwrap();
    }
    mine
}

fn owner(store: &TeamStore, app: AppId) -> Owner {
    store.app(Actor::operator(noon()), app).unwrap().owner()
}

fn people(store: &TeamStore, app: AppId) -> Vec<String> {
    let page = store.app_access(Actor::operator(noon()), app, &PageRequest::default()).unwrap();
    page.items.iter().map(|access| format!("{}: {}", access.user.email(), access.held.permissions)).collect()
}

fn pending(store: &TeamStore, by: Actor) -> Vec<TransferId> {
    store.pending_transfers(by, &PageRequest::default()).unwrap().items.iter().map(|transfer| transfer.id()).collect()
}

fn team_apps_by_managers(app: AppId) -> impl Fn(ActorKind) -> (Error, String) {
    move |actor| {
        let message = format!(
            "only admins, and members with `manage`, can transfer app `{app}` to another team; {actor} is neither"
        );
        (Error::OnlyManagersTransferApps { actor, app }, message)
    }
}

fn closed(team: TeamId) -> impl Fn(ActorKind) -> (Error, String) {
    move |actor| {
        let message = format!("{actor} cannot create apps in the receiving team `{team}`");
        (Error::ReceivingTeamClosed { actor, team }, message)
    }
}

fn stranger(app: AppId, person: Actor) -> impl Fn(ActorKind) -> (Error, String) {
    let user = id(person);
    let message = format!("user `{user}` is neither in the team of app `{app}` nor on the app");
    move |_| (Error::NewOwnerIsStranger { app, user }, message.clone())
}

fn ended(transfer: TransferId) -> impl Fn(ActorKind) -> (Error, String) {
    move |_| (Error::TransferNotFound { transfer }, format!("there is no pending transfer `{transfer}`"))
}

fn denied(team: TeamId) -> impl Fn(ActorKind) -> (Error, String) {
    move |_| (Error::OAuthDenied { team }, format!("team `{team}` denies access to third-party clients"))
}

fn full(person: Actor) -> impl Fn(ActorKind) -> (Error, String) {
    let user = id(person);
    let message = format!("user `{user}` is limited to 100 personal apps; this would make 101");
    move |_| (Error::PersonalAppLimitReached { user, limit: 100, actual: 101 }, message.clone())
}

fn fill(store: &mut TeamStore, person: Actor, apps: u32) {
    for n in 0..apps {
        personal(store, person, &format!("full-{n}"));
    }
}

#[test]
fn trf_01_a_personal_app_goes_to_the_owners_team() {
    let Demo { mut store, operator, ada, joe, vera, jill, acme, sam, max, inc, website, .. } = Demo::new().unwrap();
    let mine = shared(&mut store, [joe, jill, vera]);
    let by_owner = |actor| {
        let message = format!("only the owner can transfer the personal app `{mine}`; {actor} is not the owner");
        (Error::OnlyOwnerTransfersPersonalApp { actor, app: mine }, message)
    };
    for to in [Owner::from(acme), inc.into(), id(jill).into(), id(joe).into()] {
        each_refused(&mut store, &[jill, vera, operator], |s, by| s.transfer_app(by, mine, to), by_owner);
        each_refused(&mut store, &[ada, sam], |s, by| s.transfer_app(by, mine, to), hidden(mine));
    }
    store.set_permissions(ada, website, id(jill), ALL).unwrap();
    for (by, team) in [(vera, acme), (jill, acme), (sam, acme), (joe, inc), (ada, inc)] {
        let own = store.create_app(by, NewApp::personal()).unwrap();
        let bring = |s: &mut TeamStore, by| s.transfer_app(by, own, team);
        each_refused(&mut store, &[by], bring, |actor| {
            let message = format!(
                "only admins, members, and holders of a role with `create-apps`, can transfer apps into team `{team}`; {actor} is none of these"
            );
            (Error::OnlyMembersTransferIn { actor, team }, message)
        });
    }
    store.transfer_app(joe, mine, acme).unwrap();
    assert_eq!(owner(&store, mine), Owner::Team(acme));
    let held = store.permissions(joe, mine).unwrap();
    assert_eq!((held.permissions, held.through), (ALL, AccessSource::RoleAndGrant(Role::Member)));

    for (by, team, expected) in [(ada, acme, ALL), (sam, inc, ALL), (max, inc, WORK)] {
        let own = store.create_app(by, NewApp::personal()).unwrap();
        store.transfer_app(by, own, team).unwrap();
        assert_eq!((owner(&store, own), holds(&store, by, own)), (Owner::Team(team), expected));
    }
    sound(&store);
}

#[test]
fn trf_02_a_team_app_goes_to_another_team() {
    let Demo { mut store, operator, ada, joe, vera, jill, acme, sam, max, inc, website, .. } = Demo::new().unwrap();
    let (bob, beta) = beta(&mut store, operator);
    for (person, role) in [(joe, TeamRole::Member), (vera, TeamRole::Member), (jill, TeamRole::Admin)] {
        store.add_member(bob, beta, id(person), role).unwrap();
    }
    store.set_permissions(ada, website, id(jill), ALL).unwrap();
    store.grant_permissions(ada, website, id(vera), ALL).unwrap();
    for to in [beta, inc, acme] {
        let transfer = |s: &mut TeamStore, by| s.transfer_app(by, website, to);
        each_refused(&mut store, &[joe, vera, jill, operator], transfer, team_apps_by_managers(website));
        each_refused(&mut store, &[bob, sam], transfer, hidden(website));
    }

    store.set_permissions(ada, website, id(joe), Permission::Manage.into()).unwrap();
    each_refused(&mut store, &[ada, joe], |s, by| s.transfer_app(by, website, inc), closed(inc));
    store.set_member_role(bob, beta, id(joe), TeamRole::Viewer).unwrap();
    let bobs = store.create_app(bob, NewApp::in_team(beta)).unwrap();
    store.grant_permissions(bob, bobs, id(ada), ALL).unwrap();
    each_refused(&mut store, &[ada, joe], |s, by| s.transfer_app(by, website, beta), closed(beta));

    store.set_member_role(bob, beta, id(joe), TeamRole::Member).unwrap();
    store.transfer_app(joe, website, beta).unwrap();
    assert_eq!((owner(&store, website), holds(&store, ada, website)), (Owner::Team(beta), EMPTY));
    store.add_member(sam, inc, id(bob), TeamRole::Member).unwrap();
    store.transfer_app(bob, website, inc).unwrap();
    assert_eq!((owner(&store, website), holds(&store, max, website)), (Owner::Team(inc), WORK));

    let gone = store.provision_team(operator, NewTeam::standard(team_name("gone"), id(sam))).unwrap();
    store.delete_team(sam, gone).unwrap();
    let error = &Error::TeamNotFound { team: gone };
    refused(&mut store, |s| s.transfer_app(sam, website, gone), error, &format!("team `{gone}` does not exist"));
    sound(&store);
}

#[test]
fn trf_03_a_team_app_goes_to_somebody_in_the_team_or_on_the_app() {
    let Demo { mut store, operator, ada, joe, vera, jill, acme, sam, max, website, .. } = Demo::new().unwrap();
    let given = |actor| {
        let message = format!(
            "only admins, and members with `manage`, can transfer app `{website}` to a user; {actor} is neither"
        );
        (Error::OnlyManagersGiveApps { actor, app: website }, message)
    };
    store.set_permissions(ada, website, id(jill), ALL).unwrap();
    store.grant_permissions(ada, website, id(vera), ALL).unwrap();
    for to in [joe, vera, jill, ada, sam] {
        let give = |s: &mut TeamStore, by| s.transfer_app(by, website, id(to));
        each_refused(&mut store, &[joe, vera, jill, operator], give, given);
        each_refused(&mut store, &[sam, max], give, hidden(website));
    }
    store.set_permissions(ada, website, id(joe), Permission::Manage.into()).unwrap();
    store.add_member(ada, acme, id(max), TeamRole::Member).unwrap();
    store.remove_member(ada, acme, id(max)).unwrap();
    for person in [sam, max] {
        let give = |s: &mut TeamStore, by| s.transfer_app(by, website, id(person));
        each_refused(&mut store, &[ada, joe], give, stranger(website, person));
    }
    fill(&mut store, vera, 100);
    each_refused(&mut store, &[ada, joe], |s, by| s.transfer_app(by, website, id(vera)), full(vera));

    store.transfer_app(joe, website, id(jill)).unwrap();
    assert_eq!(owner(&store, website), Owner::User(id(jill)));
    assert_eq!(people(&store, website), ["jill@creativeinc.com: view, deploy, operate, manage"]);
    assert_eq!(store.role(ada, acme, id(jill)), Ok(None));

    let own = store.app_by_name(vera, app_name("full-0")).unwrap().id();
    store.delete_app(vera, own, "full-0").unwrap();
    for to in [vera, joe, ada] {
        let app = store.create_app(joe, NewApp::in_team(acme)).unwrap();
        store.grant_permissions(joe, app, id(jill), ALL).unwrap();
        store.transfer_app(joe, app, id(to)).unwrap();
        assert_eq!((owner(&store, app), people(&store, app).len()), (Owner::User(id(to)), 1));
        assert_eq!(store.permissions(to, app).unwrap().through, AccessSource::Ownership);
    }
    sound(&store);
}

#[test]
fn trf_04_a_personal_app_goes_to_a_user_by_a_request() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, max, wave, website, .. } = Demo::new().unwrap();
    let mine = shared(&mut store, [joe, jill, vera]);
    let at_once = &Error::TransferNeedsRequest { app: mine };
    let message = format!("the personal app `{mine}` can go to another user only by a transfer request");
    refused(&mut store, |s| s.transfer_app(joe, mine, id(jill)), at_once, &message);
    let not_owners =
        [(mine, &[jill, vera, operator][..], [ada, sam]), (website, &[jill, vera, joe, operator], [sam, max])];
    for (app, seeing, unseeing) in not_owners {
        for recipient in [vera, joe, sam] {
            let request = |s: &mut TeamStore, by| s.request_app_transfer(by, app, id(recipient));
            each_refused(&mut store, seeing, request, |actor| {
                let message =
                    format!("only the owner can request the transfer of app `{app}`; {actor} is not the owner");
                (Error::OnlyOwnerRequestsTransfer { actor, app }, message)
            });
            each_refused(&mut store, &unseeing, request, hidden(app));
        }
    }
    for (by, app, to) in [(ada, website, joe), (sam, wave, sam)] {
        let message = format!("app `{app}` belongs to a team, so it is transferred at once, without a request");
        refused(&mut store, |s| s.request_app_transfer(by, app, id(to)), &Error::RequestOnTeamApp { app }, &message);
    }
    for person in [ada, sam] {
        let error = &Error::RecipientNotOnApp { app: mine, user: id(person) };
        let message = format!("the recipient `{}` is not a collaborator on app `{mine}`", id(person));
        refused(&mut store, |s| s.request_app_transfer(joe, mine, id(person)), error, &message);
    }

    let transfer = store.request_app_transfer(joe, mine, id(jill)).unwrap();
    for person in [jill, vera] {
        let error = &Error::TransferAlreadyPending { app: mine, transfer };
        let message = format!("transfer `{transfer}` of app `{mine}` is already pending");
        refused(&mut store, |s| s.request_app_transfer(joe, mine, id(person)), error, &message);
    }
    let answered = |actor| {
        let message =
            format!("only the recipient can accept or decline transfer `{transfer}`; {actor} is not the recipient");
        (Error::OnlyRecipientAnswersTransfer { actor, transfer }, message)
    };
    each_refused(&mut store, &[joe, vera, ada, operator], |s, by| s.accept_app_transfer(by, transfer), answered);
    each_refused(&mut store, &[joe, vera, ada, operator], |s, by| s.decline_app_transfer(by, transfer), answered);
    let cancelled = |actor| {
        let message = format!("only the owner of the app can cancel transfer `{transfer}`; {actor} is not the owner");
        (Error::OnlyOwnerCancelsTransfer { actor, transfer }, message)
    };
    each_refused(&mut store, &[jill, vera, ada, operator], |s, by| s.cancel_app_transfer(by, transfer), cancelled);
    assert_eq!([joe, jill].map(|by| pending(&store, by)), [[transfer], [transfer]]);
    assert_eq!((pending(&store, vera), owner(&store, mine)), (vec![], Owner::User(id(joe))));

    store.decline_app_transfer(jill, transfer).unwrap();
    let second = store.request_app_transfer(joe, mine, id(jill)).unwrap();
    store.cancel_app_transfer(joe, second).unwrap();
    let third = store.request_app_transfer(joe, mine, id(jill)).unwrap();
    store.accept_app_transfer(jill, third).unwrap();
    for transfer in [transfer, second, third] {
        each_refused(&mut store, &[joe, jill], |s, by| s.accept_app_transfer(by, transfer), ended(transfer));
        each_refused(&mut store, &[joe, jill], |s, by| s.decline_app_transfer(by, transfer), ended(transfer));
        each_refused(&mut store, &[joe, jill], |s, by| s.cancel_app_transfer(by, transfer), ended(transfer));
    }
    assert_eq!(owner(&store, mine), Owner::User(id(jill)));
    assert_eq!([jill, joe, vera].map(|by| holds(&store, by, mine)), [ALL, WORK, WORK]);
    assert_eq!(store.permissions(joe, mine).unwrap().through, AccessSource::PersonalGrant);
    let back = store.request_app_transfer(jill, mine, id(joe)).unwrap();
    store.accept_app_transfer(joe, back).unwrap();
    assert_eq!((holds(&store, joe, mine), holds(&store, jill, mine)), (ALL, WORK));
    sound(&store);
}

#[test]
fn trf_04_what_becomes_of_a_pending_transfer() {
    type End = fn(&mut TeamStore, [Actor; 2], AppId, TeamId);
    let ends: [End; 5] = [
        |s, [joe, _], app, acme| s.transfer_app(joe, app, acme).unwrap(),
        |s, [joe, _], app, acme| s.transfer_apps(joe, &[app], acme).unwrap(),
        |s, [joe, jill], app, _| s.remove_collaborator(joe, app, id(jill)).unwrap(),
        |s, [_, jill], app, _| s.remove_collaborator(jill, app, id(jill)).unwrap(),
        |s, [joe, _], app, _| s.delete_app(joe, app, "deep-spring-4274").unwrap(),
    ];
    for end in ends {
        let Demo { mut store, joe, vera, jill, acme, .. } = Demo::new().unwrap();
        let mine = shared(&mut store, [joe, jill, vera]);
        let transfer = store.request_app_transfer(joe, mine, id(jill)).unwrap();
        end(&mut store, [joe, jill], mine, acme);
        assert_eq!([joe, jill].map(|by| pending(&store, by)), [vec![], vec![]]);
        each_refused(&mut store, &[jill], |s, by| s.accept_app_transfer(by, transfer), ended(transfer));
        each_refused(&mut store, &[joe], |s, by| s.cancel_app_transfer(by, transfer), ended(transfer));
        sound(&store);
    }

    let Demo { mut store, operator, joe, vera, jill, .. } = Demo::new().unwrap();
    let mine = shared(&mut store, [joe, jill, vera]);
    let transfer = store.request_app_transfer(joe, mine, id(jill)).unwrap();
    let mut without = store.clone();
    without.delete_user(jill, id(jill)).unwrap();
    assert_eq!((pending(&without, joe), owner(&without, mine)), (vec![], Owner::User(id(joe))));
    let (gone, message) =
        (Error::ActorNotFound { actor: id(jill) }, format!("the actor, user `{}`, does not exist", id(jill)));
    refused(&mut without, |s| s.accept_app_transfer(jill, transfer), &gone, &message);
    let (gone, message) = (Error::UserNotFound { user: id(jill) }, format!("user `{}` does not exist", id(jill)));
    refused(&mut without, |s| s.request_app_transfer(joe, mine, id(jill)), &gone, &message);
    without.request_app_transfer(joe, mine, id(vera)).unwrap();
    sound(&without);

    store.remove_collaborator(joe, mine, id(vera)).unwrap();
    store.lock_app(joe, mine).unwrap();
    store.rename_app(joe, mine, app_name("deeper-spring")).unwrap();
    store.set_email(operator, id(jill), email("jill@home.org")).unwrap();
    fill(&mut store, jill, 100);
    each_refused(&mut store, &[jill], |s, by| s.accept_app_transfer(by, transfer), full(jill));
    assert_eq!(pending(&store, jill), [transfer]);
    let own = store.app_by_name(jill, app_name("full-0")).unwrap().id();
    store.delete_app(jill, own, "full-0").unwrap();
    store.accept_app_transfer(jill, transfer).unwrap();
    assert_eq!((owner(&store, mine), holds(&store, joe, mine)), (Owner::User(id(jill)), WORK));
    sound(&store);
}

#[test]
fn trf_05_billing_moves_at_the_instant_of_transfer() {
    let Demo { mut store, operator, ada, joe, vera, jill, acme, website, .. } = Demo::new().unwrap();
    let (bob, beta) = beta(&mut store, operator);
    store.add_member(bob, beta, id(ada), TeamRole::Member).unwrap();
    let mine = shared(&mut store, [joe, jill, vera]);
    let transfer = store.request_app_transfer(joe.at(days(1)), mine, id(jill)).unwrap();
    store.accept_app_transfer(jill.at(days(2)), transfer).unwrap();
    store.add_member(ada, acme, id(jill), TeamRole::Member).unwrap();
    store.transfer_app(jill.at(days(5)), mine, acme).unwrap();
    store.transfer_app(ada.at(days(9)), mine, id(ada)).unwrap();
    store.transfer_apps(ada.at(days(4)), &[mine], acme).unwrap();
    store.transfer_movable_apps(ada.at(days(12)), &[mine], beta).unwrap();

    let period =
        |owner, from: i64, until: Option<i64>| OwnershipPeriod { owner, from: days(from), until: until.map(days) };
    let expected = [
        period(id(joe).into(), 0, Some(2)),
        period(id(jill).into(), 2, Some(5)),
        period(acme.into(), 5, Some(9)),
        period(id(ada).into(), 9, Some(9)),
        period(acme.into(), 9, Some(12)),
        period(beta.into(), 12, None),
    ];
    assert_eq!([bob, operator].map(|by| store.ownership_history(by, mine).unwrap()), [expected, expected]);
    assert_eq!(store.ownership_history(ada, website), Ok(vec![period(acme.into(), 0, None)]));
    let history = |s: &mut TeamStore, by| s.ownership_history(by, website).map(drop);
    each_refused(&mut store, &[joe, vera], history, |actor| {
        let message =
            format!("only holders of `manage` can read the audit log of app `{website}`; {actor} does not hold it");
        (Error::OnlyManagersReadAppAudit { actor, app: website }, message)
    });
    each_refused(&mut store, &[bob], history, hidden(website));
    sound(&store);
}

#[test]
fn trf_06_eco_dynos_become_standard_1x_in_a_team() {
    let Demo { mut store, joe, vera, jill, acme, max, inc, .. } = Demo::new().unwrap();
    let dyno = |process: &str, size, quantity| Dyno { process: process.parse().unwrap(), size, quantity };
    let worker = dyno("worker", Size::Standard2X, 2);
    let eco = [dyno("clock", Size::Eco, 1), dyno("web", Size::Eco, 3), worker];
    let upgraded =
        [dyno("clock", Size::Standard1X, 1), dyno("web", Size::Standard1X, 3), dyno("worker", Size::Standard2X, 2)];
    let scaled = |store: &mut TeamStore, by, app| {
        for dyno in eco {
            store.scale_app(by, app, dyno.process, dyno.size, dyno.quantity).unwrap();
        }
    };
    let mine = shared(&mut store, [joe, jill, vera]);
    scaled(&mut store, joe, mine);
    for [from, to] in [[joe, jill], [jill, joe]] {
        let transfer = store.request_app_transfer(from, mine, id(to)).unwrap();
        store.accept_app_transfer(to, transfer).unwrap();
        assert_eq!(store.formation(to, mine), Ok(&eco[..]));
    }

    let bulk = personal(&mut store, joe, "bulk-1");
    scaled(&mut store, joe, bulk);
    let own = personal(&mut store, max, "max-1");
    scaled(&mut store, max, own);
    store.transfer_app(joe, mine, acme).unwrap();
    store.transfer_apps(joe, &[bulk], acme).unwrap();
    store.transfer_app(max, own, inc).unwrap();
    for (by, app) in [(joe, mine), (joe, bulk), (max, own)] {
        assert_eq!(store.formation(by, app), Ok(&upgraded[..]));
    }
    store.transfer_app(joe, mine, id(joe)).unwrap();
    assert_eq!(store.formation(joe, mine), Ok(&upgraded[..]));
    store.scale_app(joe, mine, "web".parse().unwrap(), Size::Eco, 1).unwrap();
    sound(&store);
}

fn bulk_refused(apps: Vec<(AppId, Error)>) -> (Error, String) {
    let total = apps.len();
    let reasons: Vec<String> =
        apps.iter().take(TRUNCATED_MAX).map(|(app, error)| format!("`{app}`: {error}")).collect();
    let more = if total > TRUNCATED_MAX { format!("; and {} more", total - TRUNCATED_MAX) } else { String::new() };
    let message = format!("no app was transferred, as {total} cannot be: {}{more}", reasons.join("; "));
    (Error::BulkRefused { apps: Box::new(Truncated { shown: apps, total }) }, message)
}

#[test]
fn trf_09_many_at_once_all_or_none_or_what_can() {
    let Demo { mut store, operator, ada, joe, jill, acme, website, sam, wave, .. } = Demo::new().unwrap();
    let ghost = AppId::from_uuid(id(joe).uuid());
    for (apps, count) in [(vec![], 0), (vec![ghost; BULK_APPS_MAX + 1], 1001)] {
        let error = &Error::BulkSizeInvalid { count, max: 1000 };
        let message = format!("a bulk transfer takes 1 to 1000 apps, not {count}");
        refused(&mut store, |s| s.transfer_apps(ada, &apps, acme), error, &message);
        refused(&mut store, |s| s.transfer_movable_apps(ada, &apps, acme), error, &message);
    }
    let [one, two, three, four] = ["one", "two", "three", "four"].map(|name| personal(&mut store, joe, name));
    let (twice, message) = (&Error::AppNamedTwice { app: one }, format!("app `{one}` is named twice"));
    refused(&mut store, |s| s.transfer_apps(joe, &[one, two, one], acme), twice, &message);
    refused(&mut store, |s| s.transfer_movable_apps(joe, &[two, one, one], acme), twice, &message);

    let who = joe.who;
    let bad = vec![
        (website, Error::OnlyManagersTransferApps { actor: who, app: website }),
        (ghost, Error::AppNotFound { app: ghost }),
        (wave, Error::AppHidden { actor: who, app: wave }),
    ];
    let (error, message) = bulk_refused(bad.clone());
    refused(&mut store, |s| s.transfer_apps(joe, &[one, website, two, ghost, wave], acme), &error, &message);
    refused(&mut store, |s| s.transfer_movable_apps(joe, &[website, ghost, wave], acme), &error, &message);
    let before = store.events().len();
    assert_eq!(store.transfer_movable_apps(joe, &[website, one, ghost, wave], acme), Ok(bad));
    assert_eq!((store.events().len(), owner(&store, one)), (before + 1, Owner::Team(acme)));

    store.set_team_limits(operator, acme, Limits { apps: Some(4), ..Limits::ENTERPRISE }).unwrap();
    let over = || Error::AppLimitReached { team: acme, limit: 4, actual: 5 };
    let (error, message) = bulk_refused(vec![(four, over())]);
    refused(&mut store, |s| s.transfer_apps(joe, &[two, three, four], acme), &error, &message);
    assert_eq!(store.transfer_movable_apps(joe, &[four, three, two], acme), Ok(vec![(two, over())]));
    assert_eq!([two, three, four].map(|app| owner(&store, app).team()), [None, Some(acme), Some(acme)]);
    store.set_team_limits(operator, acme, Limits::ENTERPRISE).unwrap();
    store.transfer_apps(joe, &[two], acme).unwrap();

    store.add_collaborator(sam, wave, id(joe)).unwrap();
    let (error, message) = bulk_refused(vec![
        (website, Error::OnlyManagersGiveApps { actor: who, app: website }),
        (wave, Error::OnlyAdminsTransferStandardApps { actor: who, app: wave }),
    ]);
    refused(&mut store, |s| s.transfer_apps(joe, &[one, website, wave], id(joe)), &error, &message);
    fill(&mut store, jill, 97);
    store.add_member(ada, acme, id(jill), TeamRole::Viewer).unwrap();
    let (error, message) = bulk_refused(vec![(four, full(jill)(who).0)]);
    refused(&mut store, |s| s.transfer_apps(joe, &[one, two, three, four], id(jill)), &error, &message);
    store.transfer_apps(joe, &[three, two, one], id(jill)).unwrap();
    assert_eq!([one, two, three, four].map(|app| owner(&store, app).team()), [None, None, None, Some(acme)]);
    sound(&store);
}

#[test]
fn trf_09_a_thousand_at_once() {
    let Demo { mut store, operator, ada, joe, acme, .. } = Demo::new().unwrap();
    let (bob, beta) = beta(&mut store, operator);
    let apps: Vec<AppId> = (0..BULK_APPS_MAX)
        .map(|n| store.create_app(ada, NewApp::in_team(acme).named(app_name(&format!("n{n:04}")))).unwrap())
        .collect();
    let errors = apps.iter().map(|app| (*app, Error::ReceivingTeamClosed { actor: ada.who, team: beta })).collect();
    let (error, message) = bulk_refused(errors);
    refused(&mut store, |s| s.transfer_apps(ada, &apps, beta), &error, &message);
    refused(&mut store, |s| s.transfer_movable_apps(ada, &apps, beta), &error, &message);
    store.add_member(bob, beta, id(ada), TeamRole::Member).unwrap();
    store.transfer_apps(ada, &apps, beta).unwrap();
    assert!(apps.iter().all(|app| owner(&store, *app) == Owner::Team(beta)));
    assert_eq!(holds(&store, joe, apps[999]), EMPTY);
    sound(&store);
}

#[test]
fn trf_10_not_to_the_present_owner_and_within_the_limit() {
    let Demo { mut store, operator, ada, joe, acme, website, sam, inc, wave, .. } = Demo::new().unwrap();
    let (bob, beta) = beta(&mut store, operator);
    let mine = personal(&mut store, joe, "mine-1");
    for (by, app, to, text) in [
        (ada, website, Owner::Team(acme), format!("team `{acme}`")),
        (sam, wave, Owner::Team(inc), format!("team `{inc}`")),
        (joe, mine, Owner::User(id(joe)), format!("user `{}`", id(joe))),
    ] {
        let already = Error::AlreadyOwner { app, owner: to };
        refused(&mut store, |s| s.transfer_app(by, app, to), &already, &format!("{text} already owns app `{app}`"));
        let (error, message) = bulk_refused(vec![(app, already)]);
        refused(&mut store, |s| s.transfer_apps(by, &[app], to), &error, &message);
    }
    let message = format!("user `{}` already owns app `{mine}`", id(joe));
    let already = Error::AlreadyOwner { app: mine, owner: id(joe).into() };
    refused(&mut store, |s| s.request_app_transfer(joe, mine, id(joe)), &already, &message);
    each_refused(&mut store, &[joe], |s, by| s.transfer_app(by, website, acme), team_apps_by_managers(website));

    store.add_member(bob, beta, id(ada), TeamRole::Member).unwrap();
    let limited = |apps| Limits { apps: Some(apps), ..Limits::ENTERPRISE };
    for (team, by, app, limit) in [(acme, joe, mine, 1), (beta, ada, website, 0)] {
        store.set_team_limits(operator, team, limited(limit)).unwrap();
        let error = Error::AppLimitReached { team, limit, actual: u64::from(limit) + 1 };
        let message = format!("team `{team}` is limited to {limit} apps; this would make {}", limit + 1);
        refused(&mut store, |s| s.transfer_app(by, app, team), &error, &message);
        store.set_team_limits(operator, team, limited(limit + 1)).unwrap();
        store.transfer_app(by, app, team).unwrap();
    }
    sound(&store);
}

#[test]
fn trf_11_grants_of_single_people_travel_between_teams() {
    let Demo { mut store, operator, ada, joe, vera, jill, acme, website, sam, max, inc, .. } = Demo::new().unwrap();
    let (bob, beta) = beta(&mut store, operator);
    store.set_permissions(ada, website, id(jill), Permission::Manage.into()).unwrap();
    store.set_permissions(ada, website, id(joe), ALL).unwrap();
    store.grant_permissions(ada, website, id(vera), Permission::Operate.into()).unwrap();
    store.grant_permissions(ada, website, id(bob), VIEW).unwrap();
    for (team, admin) in [(beta, bob), (inc, sam)] {
        store.add_member(admin, team, id(ada), TeamRole::Member).unwrap();
    }
    let only = store.create_app(ada, NewApp::in_team(acme)).unwrap();
    store.transfer_apps(ada, &[website, only], beta).unwrap();
    let both = ["ada@acme.com: view, deploy, operate, manage", "bob@beta.com: view, deploy, operate, manage"];
    assert_eq!(people(&store, only), both);
    assert_eq!(
        people(&store, website),
        [
            both[0],
            both[1],
            "jill@creativeinc.com: view, manage",
            "joe@acme.com: view, deploy, operate, manage",
            "vera@acme.com: view, operate",
        ]
    );
    assert_eq!([joe, vera, jill].map(|by| store.role(bob, beta, id(by)).unwrap()), [Some(Role::Collaborator); 3]);
    assert_eq!(store.role(ada, acme, id(jill)), Ok(None));

    store.add_member(sam, inc, id(bob), TeamRole::Member).unwrap();
    store.transfer_app(bob, website, inc).unwrap();
    // Whoever held less than everybody holds there is taken off the app; whoever held it all keeps that.
    let Some(Event::AppTransferred { moved }) = store.events().last().map(|entry| &entry.event) else { panic!() };
    let mut changes: Vec<_> = moved.grants.iter().map(|change| (change.user, change.from, change.to)).collect();
    let mut expected = [ada, joe].map(|by| (id(by), Some(ALL), Some(WORK))).to_vec();
    let less = [(jill, Permission::Manage.into()), (vera, Permission::Operate.into()), (bob, VIEW)];
    expected.extend(less.map(|(by, set): (_, PermissionSet)| (id(by), Some(set.union(VIEW)), None)));
    changes.sort_unstable();
    expected.sort_unstable();
    assert_eq!(changes, expected);
    let held = store.permissions(joe, website).unwrap();
    assert_eq!((held.permissions, held.through), (WORK, AccessSource::StandardGrant));
    store.lock_app(sam, website).unwrap();
    assert_eq!([jill, vera].map(|by| holds(&store, by, website)), [PermissionSet::EMPTY; 2]);
    assert_eq!([max, ada, bob].map(|by| holds(&store, by, website)), [VIEW, WORK, VIEW]);

    store.add_member(ada, acme, id(sam), TeamRole::Member).unwrap();
    store.transfer_app(sam, website, acme).unwrap();
    assert_eq!(
        people(&store, website),
        [
            "ada@acme.com: view, deploy, operate, manage",
            "joe@acme.com: view, deploy, operate",
            "sam@acme-inc.com: view",
            "vera@acme.com: view",
        ]
    );
    let mine = shared(&mut store, [joe, jill, max]);
    store.transfer_app(joe, mine, acme).unwrap();
    assert_eq!([jill, max, joe, vera].map(|by| holds(&store, by, mine)), [WORK, WORK, ALL, VIEW]);
    assert_eq!(store.permissions(jill, mine).unwrap().through, AccessSource::Grant);
    store.set_permissions(joe, mine, id(jill), VIEW).unwrap();
    sound(&store);
}

#[test]
fn trf_11_joining_a_locked_app_is_worth_no_more_in_a_standard_team() {
    let Demo { mut store, ada, joe, acme, sam, inc, .. } = Demo::new().unwrap();
    let own = store.create_app(ada, NewApp::in_team(acme)).unwrap();
    store.add_member(ada, acme, id(sam), TeamRole::Admin).unwrap();
    store.add_member(sam, inc, id(joe), TeamRole::Member).unwrap();
    store.join_app(joe, own).unwrap();
    store.lock_app(ada, own).unwrap();
    store.transfer_app(sam, own, inc).unwrap();
    assert_eq!(holds(&store, joe, own), VIEW);
    store.transfer_app(sam, own, acme).unwrap();
    assert_eq!(holds(&store, joe, own), VIEW);
    sound(&store);
}

#[test]
fn std_05_an_app_leaves_a_standard_team_by_an_admin() {
    let Demo { mut store, operator, ada, joe, jill, acme, sam, max, wave, .. } = Demo::new().unwrap();
    store.add_member(ada, acme, id(max), TeamRole::Member).unwrap();
    store.join_app(max, wave).unwrap();
    store.add_collaborator(max, wave, id(jill)).unwrap();
    let by_admin = |actor| {
        let message =
            format!("only admins can transfer app `{wave}` out of its Standard team; {actor} is not an admin");
        (Error::OnlyAdminsTransferStandardApps { actor, app: wave }, message)
    };
    for to in [Owner::from(acme), id(max).into(), id(jill).into(), id(joe).into()] {
        let none = [max, jill, operator];
        each_refused(&mut store, &none, |s, by| s.transfer_app(by, wave, to), by_admin);
        each_refused(&mut store, &[ada, joe], |s, by| s.transfer_app(by, wave, to), hidden(wave));
        let bulk = |s: &mut TeamStore, by| s.transfer_apps(by, &[wave], to);
        each_refused(&mut store, &none, bulk, |who| bulk_refused(vec![(wave, by_admin(who).0)]));
        each_refused(&mut store, &[ada, joe], bulk, |who| bulk_refused(vec![(wave, hidden(wave)(who).0)]));
    }
    each_refused(&mut store, &[sam], |s, by| s.transfer_app(by, wave, acme), closed(acme));
    each_refused(&mut store, &[sam], |s, by| s.transfer_app(by, wave, id(joe)), stranger(wave, joe));

    for to in [max, jill, sam] {
        let mut store = store.clone();
        store.transfer_app(sam, wave, id(to)).unwrap();
        assert_eq!((owner(&store, wave), people(&store, wave).len()), (Owner::User(id(to)), 1));
        sound(&store);
    }
    store.add_member(ada, acme, id(sam), TeamRole::Member).unwrap();
    store.transfer_app(sam, wave, acme).unwrap();
    assert_eq!((owner(&store, wave), holds(&store, jill, wave)), (Owner::Team(acme), WORK));
    sound(&store);
}

#[test]
fn sec_01_a_denied_client_transfers_neither_out_nor_in() {
    let Demo { mut store, operator, ada, joe, max, acme, website, .. } = Demo::new().unwrap();
    let (bob, beta) = beta(&mut store, operator);
    store.add_member(bob, beta, id(ada), TeamRole::Member).unwrap();
    store.add_member(bob, beta, id(joe), TeamRole::Member).unwrap();
    let mine = personal(&mut store, joe, "mine-1");
    let [admin, member, outsider] = [ada, joe, max].map(through_client);
    for team in [acme, beta] {
        store.set_oauth_access(if team == acme { ada } else { bob }, team, OAuthAccess::Denied).unwrap();
        let to = |s: &mut TeamStore, by| s.transfer_app(by, website, beta);
        each_refused(&mut store, &[admin, member], to, denied(acme));
        each_refused(&mut store, &[member], |s, by| s.transfer_app(by, mine, team), denied(team));
        each_refused(&mut store, &[outsider], to, hidden(website));
        each_refused(&mut store, &[admin, outsider], |s, by| s.transfer_app(by, mine, team), hidden(mine));
        for apps in [&[mine][..], &[website, mine], &[], &[mine, mine], &[mine; BULK_APPS_MAX + 1]] {
            let everybody = [admin, member, outsider];
            each_refused(&mut store, &everybody, |s, by| s.transfer_apps(by, apps, team), denied(team));
            each_refused(&mut store, &everybody, |s, by| s.transfer_movable_apps(by, apps, team), denied(team));
        }
    }
    each_refused(&mut store, &[admin], |s, by| s.transfer_app(by, website, id(ada)), denied(acme));
    let own = |s: &mut TeamStore, by| s.transfer_movable_apps(by, &[website, mine], id(by));
    each_refused(&mut store, &[admin], own, |who| {
        bulk_refused(vec![(website, denied(acme)(who).0), (mine, hidden(mine)(who).0)])
    });
    store.set_oauth_access(ada, acme, OAuthAccess::Allowed).unwrap();
    each_refused(&mut store, &[admin], |s, by| s.transfer_app(by, website, beta), denied(beta));
    store.transfer_app(member, mine, acme).unwrap();
    store.transfer_app(ada, website, beta).unwrap();
    sound(&store);
}
