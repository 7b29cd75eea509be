//! APP and RES: apps, their names, locks, lists and formations.

use enterprise_teams::demo::Demo;
use enterprise_teams::{
    Actor, App, AppAction, AppId, AppName, Error, Event, NewApp, NewSpace, Operation, Owner, PageRequest, Permission,
    PermissionSet, Role, Settings, TeamRole, TeamStore,
    entity::{Dyno, DynoSize, Lock, OAuthAccess, OwnershipPeriod},
    names::{Domain, ParseProblem, ParseTarget, Stack},
    query::{AppFilter, AppSort, AuditFilter, AuditScope},
    settings::PROCESS_TYPES_MAX,
};

use crate::support::{
    app_name, days, each_refused, hidden, holds, id, malformed, noon, read, refused, register, sound, through_client,
};

const VIEW: PermissionSet = PermissionSet::VIEW;

type Attempt<'a> = &'a dyn Fn(&mut TeamStore, Actor) -> Result<(), Error>;

fn names(apps: &[&App]) -> Vec<String> {
    apps.iter().map(|app| app.name().to_string()).collect()
}

#[track_caller]
fn listed(store: &TeamStore, by: Actor, owner: impl Into<Owner>, filter: &AppFilter, sort: AppSort) -> Vec<String> {
    names(&store.apps(by, owner, filter, sort, &PageRequest::default()).unwrap().items)
}

#[track_caller]
fn visible(store: &TeamStore, by: Actor) -> Vec<String> {
    let page = store.visible_apps(by, &AppFilter::default(), &PageRequest::default()).unwrap();
    page.items.iter().map(|visible| visible.app.name().to_string()).collect()
}

fn web(size: DynoSize, quantity: u16) -> Dyno {
    Dyno { process: "web".parse().unwrap(), size, quantity }
}

#[test]
fn app_01_one_owner_and_never_the_operator() {
    let Demo { mut store, operator, joe, vera, acme, website, .. } = Demo::new().unwrap();
    let (nothing, message) = (Error::OperatorOwnsNoApps {}, "the platform operator has no apps of its own");
    refused(&mut store, |s| s.create_app(operator, NewApp::personal()), &nothing, message);
    let list = |s: &mut TeamStore, by| {
        s.visible_apps(by, &AppFilter::default(), &PageRequest::default()).map(|page| page.items.len())
    };
    refused(&mut store, |s| list(s, operator), &nothing, message);
    assert_eq!([joe, vera].map(|by| list(&mut store, by)), [Ok(1), Ok(1)]);

    let mine = store.create_app(vera, NewApp::personal()).unwrap();
    assert_eq!(store.app(vera, mine).unwrap().owner(), Owner::User(id(vera)));
    assert_eq!(store.app(operator, website).unwrap().owner(), Owner::Team(acme));
    sound(&store);
}

#[test]
fn app_01_a_space_says_the_team() {
    let Demo { mut store, ada, acme, inc, .. } = Demo::new().unwrap();
    let space = store.create_space(ada, NewSpace::new(acme, read("acme-space"))).unwrap();
    let inside = serde_json::to_value(NewApp::in_space(space)).unwrap();
    for team in [acme, inc] {
        let mut both = inside.clone();
        both["team"] = serde_json::json!(team);
        let error = serde_json::from_value::<NewApp>(both.clone()).unwrap_err().to_string();
        assert_eq!(error, "an app in a space is of the space's team: `team` and `space` do not go together");
        let operation = serde_json::json!({ "type": "create-app", "app": both });
        assert_eq!(serde_json::from_value::<Operation>(operation).unwrap_err().to_string(), error);
    }
    let app = store.create_app(ada, serde_json::from_value(inside).unwrap()).unwrap();
    assert_eq!(store.app(ada, app).unwrap().owner(), Owner::Team(acme));
}

#[test]
fn app_02_admins_and_members_create() {
    let Demo { mut store, operator, ada, joe, vera, jill, acme, website, sam, max, inc, wave, .. } =
        Demo::new().unwrap();
    store.set_permissions(ada, website, id(jill), PermissionSet::ALL).unwrap();
    store.grant_permissions(ada, website, id(vera), PermissionSet::ALL).unwrap();
    store.add_collaborator(sam, wave, id(ada)).unwrap();
    for (team, outside) in [(acme, [vera, jill, sam, operator]), (inc, [ada, joe, jill, operator])] {
        each_refused(
            &mut store,
            &outside,
            |s, by| s.create_app(by, NewApp::in_team(team).named(app_name("acme-website"))),
            |actor| {
                let message = format!(
                    "only admins, members, and holders of a role with `create-apps`, can create apps in team `{team}`; {actor} is none of these"
                );
                (Error::OnlyMembersCreateApps { actor, team }, message)
            },
        );
    }
    for (by, team) in [(ada, acme), (joe, acme), (sam, inc), (max, inc)] {
        let app = store.create_app(by.at(days(1)), NewApp::in_team(team)).unwrap();
        let app = store.app(by, app).unwrap();
        assert_eq!((app.owner(), app.lock(), app.created_at()), (Owner::Team(team), Lock::Unlocked, days(1)));
        assert_eq!((app.stack().as_str(), app.owned_since()), ("heroku-24", days(1)));
    }
    store.remove_member(ada, acme, id(joe)).unwrap();
    each_refused(
        &mut store,
        &[joe],
        |s, by| s.create_app(by, NewApp::in_team(acme)),
        |actor| {
            let message = format!(
                "only admins, members, and holders of a role with `create-apps`, can create apps in team `{acme}`; {actor} is none of these"
            );
            (Error::OnlyMembersCreateApps { actor, team: acme }, message)
        },
    );
    store.create_app(joe, NewApp::personal()).unwrap();
    sound(&store);
}

#[test]
fn app_03_names_are_valid_unique_and_freed() {
    let Demo { mut store, ada, joe, jill, acme, website, sam, wave, .. } = Demo::new().unwrap();
    let long = "a".repeat(31);
    let character = |at, found| ParseProblem::Character { at, found };
    for (text, problem, words) in [
        ("", ParseProblem::TooShort { min: 3, len: 0 }, "too short: 0 of at least 3 bytes"),
        ("ab", ParseProblem::TooShort { min: 3, len: 2 }, "too short: 2 of at least 3 bytes"),
        (&long, ParseProblem::TooLong { at: 0, max: 30, len: 31 }, "too long: 31 of at most 30 bytes, from byte 0 on"),
        ("4ever", character(0, '4'), "unexpected `4` at byte 0"),
        ("-ab", character(0, '-'), "unexpected `-` at byte 0"),
        ("Abc", character(0, 'A'), "unexpected `A` at byte 0"),
        ("ab-", character(2, '-'), "unexpected `-` at byte 2"),
        ("a_b", character(1, '_'), "unexpected `_` at byte 1"),
        ("a.b", character(1, '.'), "unexpected `.` at byte 1"),
        ("abc\n", character(3, '\n'), "unexpected `\\n` at byte 3"),
        ("caf\u{e9}", character(3, '\u{e9}'), "unexpected `\u{e9}` (U+00E9) at byte 3"),
    ] {
        let message = format!("malformed app name: {words}");
        refused(
            &mut store,
            |s| s.rename_app(ada, website, text.parse()?),
            &malformed(ParseTarget::AppName, problem),
            &message,
        );
    }
    for text in ["abc", "a-1", "a--b", &"z".repeat(30)] {
        assert_eq!(text.parse::<AppName>().unwrap(), text);
    }

    let free = |s: &mut TeamStore, by: Actor, name| s.create_app(by, NewApp::personal().named(app_name(name)));
    let [site, frozen, mine] = ["acme-website", "frozen-wave-4030", "mine-1"];
    free(&mut store, joe, mine).unwrap();
    for name in [site, frozen, mine] {
        let (taken, message) =
            (Error::AppNameTaken { name: app_name(name) }, format!("the app name `{name}` is taken"));
        refused(&mut store, |s| free(s, jill, name), &taken, &message);
        refused(&mut store, |s| s.create_app(joe, NewApp::in_team(acme).named(app_name(name))), &taken, &message);
        for (by, app, own) in [(ada, website, site), (sam, wave, frozen)] {
            let same = Error::AppNameUnchanged { app, name: app_name(name) };
            let same = (&same, format!("app `{app}` is already named `{name}`"));
            let (error, message) = if name == own { same } else { (&taken, message.clone()) };
            refused(&mut store, |s| s.rename_app(by, app, app_name(name)), error, &message);
        }
    }
    store.rename_app(ada, website, app_name("acme-www")).unwrap();
    let gone = Error::AppNameNotFound { name: app_name(site) };
    refused(&mut store, |s| s.app_by_name(ada, app_name(site)).map(App::id), &gone, "no app is named `acme-website`");
    store.rename_app(sam, wave, app_name(site)).unwrap();
    assert_eq!(store.app_by_name(sam, app_name(site)).unwrap().id(), wave);
    store.delete_app(sam, wave, site).unwrap();
    free(&mut store, jill, site).unwrap();
    free(&mut store, jill, frozen).unwrap();
    assert_eq!(visible(&store, jill), [site, "acme-www", frozen]);
    sound(&store);
}

#[test]
fn app_04_a_free_name_is_generated() {
    let Demo { mut store, joe, acme, .. } = Demo::new().unwrap();
    let next = |store: &TeamStore| {
        let mut store = store.clone();
        let app = store.create_app(joe, NewApp::personal()).unwrap();
        store.app(joe, app).unwrap().name()
    };
    let taken = next(&store);
    assert_eq!(taken.as_str().parse(), Ok(taken));
    store.create_app(joe, NewApp::personal().named(taken)).unwrap();
    let given = next(&store);
    assert_ne!(given, taken);
    let app = store.create_app(joe, NewApp::in_team(acme)).unwrap();
    assert_eq!(store.app(joe, app).unwrap().name(), given);
    assert_ne!(next(&store), given);
    sound(&store);
}

#[test]
fn app_05_rename_needs_manage() {
    let Demo { mut store, operator, ada, joe, vera, jill, website, sam, .. } = Demo::new().unwrap();
    let rename = |s: &mut TeamStore, by| s.rename_app(by, website, app_name("frozen-wave-4030"));
    each_refused(&mut store, &[joe, vera, jill, operator], rename, |actor| {
        let message = format!("only holders of `manage` can rename app `{website}`; {actor} does not hold it");
        (Error::OnlyManagersRenameApps { actor, app: website }, message)
    });
    each_refused(&mut store, &[sam], rename, hidden(website));
    store.set_permissions(ada, website, id(jill), Permission::Manage.into()).unwrap();
    for (by, name) in [(ada, "acme-www"), (jill, "jills-1")] {
        store.rename_app(by, website, app_name(name)).unwrap();
        assert_eq!(store.app(vera, website).unwrap().name(), name);
    }
    sound(&store);
}

#[test]
fn app_06_deletion_needs_manage_and_the_name_again() {
    let Demo { mut store, operator, ada, joe, vera, jill, acme, website, sam, .. } = Demo::new().unwrap();
    for confirmation in ["acme-website", "wrong"] {
        let delete = |s: &mut TeamStore, by| s.delete_app(by, website, confirmation);
        each_refused(&mut store, &[joe, vera, jill, operator], delete, |actor| {
            let message = format!("only holders of `manage` can delete app `{website}`; {actor} does not hold it");
            (Error::OnlyManagersDeleteApps { actor, app: website }, message)
        });
        each_refused(&mut store, &[sam], delete, hidden(website));
    }
    let joes = store.create_app(joe, NewApp::in_team(acme).named(app_name("joes-1"))).unwrap();
    store.rename_app(ada, website, app_name("acme-www")).unwrap();
    for wrong in ["", "acme-website", "ACME-WWW", "acme-www ", " acme-www", "acme-ww", "joes-1"] {
        refused(
            &mut store,
            |s| s.delete_app(ada, website, wrong),
            &Error::ConfirmationMismatch { app: website },
            &format!("the confirmation is not the name of app `{website}`"),
        );
    }
    store.delete_app(ada, website, "acme-www").unwrap();
    store.delete_app(ada, joes, "joes-1").unwrap();
    let gone = |app| (Error::AppNotFound { app }, format!("app `{app}` does not exist"));
    let (error, message) = gone(website);
    refused(&mut store, |s| s.delete_app(ada, website, "acme-www"), &error, &message);
    refused(&mut store, |s| s.unlock_app(ada, website), &error, &message);
    refused(&mut store, |s| s.join_app(joe, website), &error, &message);
    refused(&mut store, |s| s.scale_app(ada, website, "web".parse()?, DynoSize::Eco, 1), &error, &message);
    refused(&mut store, |s| s.remove_collaborator(jill, website, id(jill)), &error, &message);
    refused(&mut store, |s| s.transfer_app(ada, website, id(ada)), &error, &message);
    assert!(!store.can(ada, AppAction::ViewApp, website));
    sound(&store);
}

#[test]
fn app_07_deletion_ends_everything_of_the_app() {
    let Demo { mut store, ada, joe, jill, acme, website, .. } = Demo::new().unwrap();
    store.scale_app(joe, website, "web".parse().unwrap(), DynoSize::Basic, 2).unwrap();
    store.delete_app(ada.at(days(2)), website, "acme-website").unwrap();
    let event = store.events().last().unwrap();
    let Event::AppDeleted { deleted } = &event.event else { panic!("{event:?}") };
    assert_eq!((event.at, deleted.app.owner(), deleted.app.owned_since()), (days(2), Owner::Team(acme), noon()));
    assert_eq!(*deleted.formation, [web(DynoSize::Basic, 2)]);
    assert_eq!((deleted.grants.len(), deleted.transfer), (3, None));
    assert_eq!(store.role(ada, acme, id(jill)), Ok(None));
    assert_eq!(store.role(ada, acme, id(joe)), Ok(Some(Role::Member)));
    assert_eq!(visible(&store, jill), [""; 0]);

    let mine = store.create_app(joe, NewApp::personal().named(app_name("mine-1"))).unwrap();
    store.add_collaborator(joe, mine, id(jill)).unwrap();
    let transfer = store.request_app_transfer(joe, mine, id(jill)).unwrap();
    store.delete_app(joe, mine, "mine-1").unwrap();
    let pending = |by| store.pending_transfers(by, &PageRequest::default()).unwrap().items.len();
    assert_eq!([joe, jill].map(pending), [0, 0]);
    let ended = &Error::TransferNotFound { transfer };
    refused(
        &mut store,
        |s| s.accept_app_transfer(jill, transfer),
        ended,
        &format!("there is no pending transfer `{transfer}`"),
    );
    store.delete_user(jill, id(jill)).unwrap();

    let moved = store.create_app(joe.at(days(3)), NewApp::personal().named(app_name("mine-1"))).unwrap();
    store.transfer_app(joe.at(days(4)), moved, acme).unwrap();
    store.delete_app(ada.at(days(6)), moved, "mine-1").unwrap();
    let event = store.events().last().unwrap();
    let Event::AppDeleted { deleted } = &event.event else { panic!("{event:?}") };
    assert_eq!(*deleted.history, [OwnershipPeriod { owner: id(joe).into(), from: days(3), until: Some(days(4)) }]);
    assert_eq!((deleted.app.owner(), deleted.app.owned_since(), event.at), (Owner::Team(acme), days(4), days(6)));
    sound(&store);
}

#[test]
fn app_08_locking_needs_manage() {
    let Demo { mut store, operator, ada, joe, vera, jill, website, sam, .. } = Demo::new().unwrap();
    let none = [joe, vera, jill, operator];
    let refusal = |actor| {
        let message = format!("only holders of `manage` can lock and unlock app `{website}`; {actor} does not hold it");
        (Error::OnlyManagersLockApps { actor, app: website }, message)
    };
    for lock in [Lock::Unlocked, Lock::Locked] {
        each_refused(&mut store, &none, |s, by| s.lock_app(by, website), refusal);
        each_refused(&mut store, &none, |s, by| s.unlock_app(by, website), refusal);
        each_refused(&mut store, &[sam], |s, by| s.lock_app(by, website), hidden(website));
        each_refused(&mut store, &[sam], |s, by| s.unlock_app(by, website), hidden(website));
        if lock == Lock::Unlocked {
            let error = &Error::AppNotLocked { app: website };
            refused(&mut store, |s| s.unlock_app(ada, website), error, &format!("app `{website}` is not locked"));
            store.lock_app(ada, website).unwrap();
        } else {
            let error = &Error::AppAlreadyLocked { app: website };
            refused(&mut store, |s| s.lock_app(ada, website), error, &format!("app `{website}` is already locked"));
        }
    }
    store.set_permissions(ada, website, id(jill), Permission::Manage.into()).unwrap();
    store.unlock_app(jill, website).unwrap();
    store.lock_app(jill, website).unwrap();
    assert_eq!(store.app(jill, website).unwrap().lock(), Lock::Locked);

    let mine = store.create_app(joe, NewApp::personal().locked()).unwrap();
    store.unlock_app(joe, mine).unwrap();
    sound(&store);
}

#[test]
fn app_09_members_join_unlocked_apps() {
    let Demo { mut store, operator, ada, joe, vera, jill, acme, website, sam, max, wave, .. } = Demo::new().unwrap();
    let app = store.create_app(ada, NewApp::in_team(acme)).unwrap();
    let mine = store.create_app(joe, NewApp::personal()).unwrap();
    let members_only = |app: AppId| {
        move |actor| {
            let message =
                format!("only members of its team can join app `{app}` by themselves; {actor} is not a member");
            (Error::OnlyMembersJoinApps { actor, app }, message)
        }
    };
    let outside = [(&[vera, operator][..], &[jill, sam][..], app), (&[vera, jill, operator], &[sam], website)];
    for (seeing, unseeing, app) in outside.into_iter().chain([(&[joe, operator][..], &[ada][..], mine)]) {
        each_refused(&mut store, seeing, |s, by| s.join_app(by, app), members_only(app));
        each_refused(&mut store, unseeing, |s, by| s.join_app(by, app), hidden(app));
    }

    store.join_app(joe, app).unwrap();
    let held = store.permissions(joe, app).unwrap();
    assert_eq!((held.permissions, held.through), (VIEW, enterprise_teams::AccessSource::RoleAndGrant(Role::Member)));

    store.add_member(ada, acme, id(max), TeamRole::Member).unwrap();
    let locked = |app: AppId| {
        (Error::AppIsLocked { app }, format!("app `{app}` is locked, so nobody can join it by themselves"))
    };
    store.lock_app(ada, app).unwrap();
    store.lock_app(sam, wave).unwrap();
    each_refused(&mut store, &[max], |s, by| s.join_app(by, app), |_| locked(app));
    each_refused(&mut store, &[max], |s, by| s.join_app(by, wave), |_| locked(wave));
    assert_eq!(holds(&store, joe, app), VIEW);
    let on = Error::PermissionsUnchanged { app, user: id(joe), permissions: VIEW };
    let message = format!("user `{}` already holds exactly view on app `{app}`", id(joe));
    refused(&mut store, |s| s.join_app(joe, app), &on, &message);

    each_refused(
        &mut store,
        &[max],
        |s, by| s.add_collaborator(by, wave, id(jill)),
        |actor| {
            let message = format!(
                "app `{wave}` is locked, and only holders of `manage` can add people; {actor} does not hold it"
            );
            (Error::OnlyManagersShareLockedApps { actor, app: wave }, message)
        },
    );
    store.add_collaborator(sam, wave, id(max)).unwrap();
    store.grant_permissions(ada, app, id(max), Permission::Manage.into()).unwrap();
    store.grant_permissions(max, app, id(jill), VIEW).unwrap();
    store.unlock_app(ada, app).unwrap();
    store.remove_collaborator(joe, app, id(joe)).unwrap();
    store.join_app(joe, app).unwrap();
    sound(&store);
}

#[test]
fn app_10_the_apps_list_filters_sorts_and_pages() {
    let Demo { mut store, operator, ada, joe, vera, jill, acme, website, sam, .. } = Demo::new().unwrap();
    let cedar: Stack = "cedar-14".parse().unwrap();
    for (name, new) in [
        ("apple", NewApp::in_team(acme).locked()),
        ("web-zebra", NewApp::in_team(acme).stack(cedar)),
        ("banana", NewApp::in_team(acme).stack(cedar).locked()),
    ] {
        store.create_app(joe.at(days(1)), new.named(app_name(name))).unwrap();
    }
    store.create_app(joe, NewApp::personal().named(app_name("web-own"))).unwrap();
    let all = AppFilter::default();
    let list = |filter: &AppFilter, sort| listed(&store, vera, acme, filter, sort);
    assert_eq!(list(&all, AppSort::Name), ["acme-website", "apple", "banana", "web-zebra"]);
    assert_eq!(list(&all, AppSort::NameDescending), ["web-zebra", "banana", "apple", "acme-website"]);
    assert_eq!(list(&all, AppSort::Oldest), ["acme-website", "apple", "web-zebra", "banana"]);
    assert_eq!(list(&all, AppSort::Newest), ["banana", "web-zebra", "apple", "acme-website"]);
    assert_eq!(list(&all.clone().containing("WEB"), AppSort::Name), ["acme-website", "web-zebra"]);
    assert_eq!(list(&all.clone().stack(cedar), AppSort::Name), ["banana", "web-zebra"]);
    assert_eq!(list(&all.clone().lock(Lock::Locked), AppSort::Newest), ["banana", "apple"]);
    assert_eq!(list(&all.clone().containing("b").stack(cedar).lock(Lock::Unlocked), AppSort::Name), ["web-zebra"]);
    assert_eq!(list(&all.clone().containing("nothing"), AppSort::Name), [""; 0]);
    assert_eq!(listed(&store, joe, id(joe), &all, AppSort::Name), ["web-own"]);
    for sort in [AppSort::Name, AppSort::NameDescending, AppSort::Oldest, AppSort::Newest] {
        let (mut request, mut paged) = (PageRequest::first(1).unwrap(), Vec::new());
        loop {
            let page = store.apps(vera, acme, &all, sort, &request).unwrap();
            paged.extend(names(&page.items));
            let Some(next) = page.next else { break };
            request = request.after(next);
        }
        assert_eq!(paged, list(&all, sort));
    }
    assert_eq!(visible(&store, joe), ["acme-website", "apple", "banana", "web-own", "web-zebra"]);
    assert_eq!(
        (visible(&store, jill), visible(&store, sam)),
        (vec!["acme-website".into()], vec!["frozen-wave-4030".into()])
    );

    store.set_permissions(ada, website, id(jill), PermissionSet::ALL).unwrap();
    let list = |s: &mut TeamStore, by| {
        s.apps(by, acme, &AppFilter::default(), AppSort::Name, &PageRequest::default()).map(|page| page.items.len())
    };
    each_refused(&mut store, &[jill, sam], list, |actor| {
        let message = format!(
            "only admins, members, viewers, and holders of a role with `view-apps`, can list the apps of team `{acme}`; {actor} is none of these"
        );
        (Error::OnlyTeamListsApps { actor, team: acme }, message)
    });
    assert_eq!([ada, joe, vera, operator].map(|by| list(&mut store, by)), [Ok(4), Ok(4), Ok(4), Ok(4)]);

    for (text, problem, words) in [
        ("", ParseProblem::TooShort { min: 1, len: 0 }, "too short: 0 of at least 1 bytes"),
        ("Cedar", ParseProblem::Character { at: 0, found: 'C' }, "unexpected `C` at byte 0"),
        ("heroku 24", ParseProblem::Character { at: 6, found: ' ' }, "unexpected ` ` at byte 6"),
    ] {
        let message = format!("malformed stack: {words}");
        let create = |s: &mut TeamStore| s.create_app(joe, NewApp::in_team(acme).stack(text.parse()?));
        refused(&mut store, create, &malformed(ParseTarget::Stack, problem), &message);
    }
    sound(&store);
}

#[test]
fn app_11_urls_carry_the_name_and_the_domains_of_the_settings() {
    let Demo { mut store, ada, website, .. } = Demo::new().unwrap();
    let urls = |store: &TeamStore, by, app| {
        let app = store.app(by, app).unwrap();
        (store.web_url(app), store.git_url(app))
    };
    let expected = ("https://acme-website.herokuapp.com/".into(), "https://git.heroku.com/acme-website.git".into());
    assert_eq!(urls(&store, ada, website), expected);
    store.rename_app(ada, website, app_name("acme-www")).unwrap();
    let expected = ("https://acme-www.herokuapp.com/".into(), "https://git.heroku.com/acme-www.git".into());
    assert_eq!(urls(&store, ada, website), expected);

    let character = |at, found| ParseProblem::Character { at, found };
    for (text, problem, words) in [
        (
            "",
            ParseProblem::Missing { at: 0, missing: "a label of the domain" },
            "expected a label of the domain at byte 0",
        ),
        (
            "apps..com",
            ParseProblem::Missing { at: 5, missing: "a label of the domain" },
            "expected a label of the domain at byte 5",
        ),
        ("apps_1.com", character(4, '_'), "unexpected `_` at byte 4"),
        ("apps.com/x", character(8, '/'), "unexpected `/` at byte 8"),
        ("-apps.com", character(0, '-'), "unexpected `-` at byte 0"),
    ] {
        let error = Error::from(text.parse::<Domain>().unwrap_err());
        assert_eq!(error, malformed(ParseTarget::Domain, problem));
        assert_eq!(error.to_string(), format!("malformed domain: {words}"));
    }
    let settings = Settings::from_seed(1).web_domain("Apps.example".parse().unwrap());
    let mut store = TeamStore::new(settings.git_domain("git.example".parse().unwrap()));
    let eve = register(&mut store, "eve@side.org");
    let app = store.create_app(eve, NewApp::personal().named(app_name("apple"))).unwrap();
    assert_eq!(urls(&store, eve, app), ("https://apple.apps.example/".into(), "https://git.example/apple.git".into()));
    sound(&store);
}

#[test]
fn app_12_a_personal_account_is_full_at_its_limit() {
    let full = |user, limit: u32| {
        let actual = u64::from(limit) + 1;
        let message = format!("user `{user}` is limited to {limit} personal apps; this would make {actual}");
        (Error::PersonalAppLimitReached { user, limit, actual }, message)
    };
    let Demo { mut store, joe, jill, acme, .. } = Demo::new().unwrap();
    let apps: Vec<AppId> = (0..100).map(|_| store.create_app(joe, NewApp::personal()).unwrap()).collect();
    let (error, message) = full(id(joe), 100);
    refused(&mut store, |s| s.create_app(joe, NewApp::personal()), &error, &message);
    store.create_app(joe, NewApp::in_team(acme)).unwrap();
    store.create_app(jill, NewApp::personal()).unwrap();
    store.transfer_app(joe, apps[0], acme).unwrap();
    let name = store.create_app(joe, NewApp::personal()).map(|app| store.app(joe, app).unwrap().name()).unwrap();
    refused(&mut store, |s| s.create_app(joe, NewApp::personal()), &error, &message);
    let last = store.app_by_name(joe, name).unwrap().id();
    store.delete_app(joe, last, name.as_str()).unwrap();
    store.create_app(joe, NewApp::personal()).unwrap();
    sound(&store);

    for limit in [0, 2] {
        let mut store = TeamStore::new(Settings::from_seed(1).personal_apps_max(limit));
        let eve = register(&mut store, "eve@side.org");
        for _ in 0..limit {
            store.create_app(eve, NewApp::personal()).unwrap();
        }
        let (error, message) = full(id(eve), limit);
        refused(&mut store, |s| s.create_app(eve, NewApp::personal()), &error, &message);
        sound(&store);
    }
}

#[test]
fn res_01_formations_of_personal_and_team_apps() {
    let Demo { mut store, ada, joe, vera, website, wave, max, .. } = Demo::new().unwrap();
    let mine = store.create_app(joe, NewApp::personal()).unwrap();
    let scale = |s: &mut TeamStore, by, app, size, quantity| s.scale_app(by, app, "web".parse()?, size, quantity);

    for (by, app) in [(ada, website), (max, wave)] {
        let (eco, message) = (
            Error::EcoInTeam { app },
            format!("app `{app}` belongs to a team, and eco dynos are for personal apps only"),
        );
        refused(&mut store, |s| scale(s, by, app, DynoSize::Eco, 1), &eco, &message);
    }
    for (by, app) in [(ada, website), (joe, mine)] {
        for size in DynoSize::ALL.iter().copied().filter(|size| !size.runs_in(None)) {
            let error = Error::PrivateDynoOutsideSpace { app, size };
            let message = format!("app `{app}` is not in a space, and {size} dynos run in spaces only");
            refused(&mut store, |s| scale(s, by, app, size, 1), &error, &message);
        }
    }
    assert_eq!(DynoSize::ALL.iter().filter(|size| !size.runs_in(None)).count(), 6);

    let same = |app: AppId, size, quantity| {
        let message = format!("process type `web` of app `{app}` is already scaled to {quantity} × {size}");
        (Error::FormationUnchanged { app, process: read("web"), size, quantity }, message)
    };
    let (error, message) = same(mine, DynoSize::Eco, 0);
    refused(&mut store, |s| scale(s, joe, mine, DynoSize::Eco, 0), &error, &message);
    for size in [DynoSize::Eco, DynoSize::Basic, DynoSize::Standard1X, DynoSize::Standard2X] {
        scale(&mut store, joe, mine, size, 1).unwrap();
        let (error, message) = same(mine, size, 1);
        refused(&mut store, |s| scale(s, joe, mine, size, 1), &error, &message);
        assert_eq!(store.formation(joe, mine), Ok(&[web(size, 1)][..]));
    }
    for size in [DynoSize::PerformanceM, DynoSize::PerformanceL] {
        scale(&mut store, joe, website, size, u16::MAX).unwrap();
        assert_eq!(store.formation(vera, website), Ok(&[web(size, u16::MAX)][..]));
    }
    // Whoever may neither is told of the number, where the size stays.
    let error = store.scale_app(vera, website, read("web"), DynoSize::PerformanceL, u16::MAX).unwrap_err();
    let action = AppAction::ScaleDynos;
    let (actor, held) = (vera.who, PermissionSet::VIEW);
    assert_eq!(error, Error::ActionNeedsPermission { actor, app: website, action, held });
    for (by, app) in [(joe, website), (joe, mine)] {
        // Whatever the size, nothing of it is left.
        for size in DynoSize::ALL.iter().copied() {
            scale(&mut store, by, app, DynoSize::Basic, 1).unwrap();
            scale(&mut store, by, app, size, 0).unwrap();
            assert_eq!(store.formation(by, app), Ok(&[][..]));
            let (error, message) = same(app, size, 0);
            refused(&mut store, |s| scale(s, by, app, size, 0), &error, &message);
        }
    }

    for index in 0..PROCESS_TYPES_MAX {
        let process = format!("p{index}").parse().unwrap();
        store.scale_app(joe, website, process, DynoSize::Basic, 1).unwrap();
    }
    let full = Error::FormationFull { app: website, limit: 100 };
    let message = format!("app `{website}` is limited to 100 process types");
    refused(&mut store, |s| scale(s, joe, website, DynoSize::Basic, 1), &full, &message);
    store.scale_app(joe, website, "p7".parse().unwrap(), DynoSize::Standard1X, 3).unwrap();
    store.scale_app(joe, website, "p8".parse().unwrap(), DynoSize::Basic, 0).unwrap();
    scale(&mut store, joe, website, DynoSize::Basic, 1).unwrap();
    assert_eq!(store.formation(joe, website).unwrap().len(), 100);

    for (text, problem, words) in [
        ("", ParseProblem::TooShort { min: 1, len: 0 }, "too short: 0 of at least 1 bytes"),
        ("Web", ParseProblem::Character { at: 0, found: 'W' }, "unexpected `W` at byte 0"),
        ("web 1", ParseProblem::Character { at: 3, found: ' ' }, "unexpected ` ` at byte 3"),
    ] {
        let (error, message) =
            (malformed(ParseTarget::ProcessType, problem), format!("malformed process type: {words}"));
        refused(&mut store, |s| s.scale_app(joe, mine, text.parse()?, DynoSize::Eco, 1), &error, &message);
    }
    let expected = "`eco`, `basic`, `standard-1x`, `standard-2x`, `performance-m`, `performance-l`, `private-s`, \
                    `private-m`, `private-l`, `shield-s`, `shield-m`, `shield-l`";
    for text in ["", "Eco", "standard-3x", "private"] {
        let error = malformed(ParseTarget::DynoSize, ParseProblem::Word { at: 0, expected });
        let message = format!("malformed dyno size: unknown word at byte 0, expected one of {expected}");
        refused(&mut store, |s| scale(s, joe, mine, text.parse()?, 1), &error, &message);
    }
    scale(&mut store, joe, mine, "eco".parse().unwrap(), 1).unwrap();

    for (app, outsider) in [(website, max), (mine, ada), (wave, joe)] {
        let bad_size = |s: &mut TeamStore, by| s.scale_app(by, app, "web".parse()?, DynoSize::ShieldL, 1);
        each_refused(&mut store, &[outsider], bad_size, hidden(app));
    }
    sound(&store);
}

#[test]
fn sec_01_a_denied_client_reaches_no_app_of_the_team() {
    let Demo { mut store, ada, joe, jill, sam, acme, website, vera, .. } = Demo::new().unwrap();
    let mine = store.create_app(joe, NewApp::personal().named(app_name("mine-1"))).unwrap();
    store.set_oauth_access(ada, acme, OAuthAccess::Denied).unwrap();
    let [admin, member, guest, outsider] = [ada, joe, jill, sam].map(through_client);
    let (page, web_process) = (PageRequest::default(), "web".parse().unwrap());
    let on_the_team: &[Attempt<'_>] = &[&|s, by| s.create_app(by, NewApp::in_team(acme)).map(drop), &|s, by| {
        s.apps(by, acme, &AppFilter::default(), AppSort::Name, &page).map(drop)
    }];
    let on_the_app: &[Attempt<'_>] = &[
        &|s, by| s.rename_app(by, website, app_name("acme-www")),
        &|s, by| s.delete_app(by, website, "acme-website"),
        &|s, by| s.lock_app(by, website),
        &|s, by| s.unlock_app(by, website),
        &|s, by| s.scale_app(by, website, web_process, DynoSize::Basic, 1),
        &|s, by| s.join_app(by, website),
        &|s, by| s.grant_permissions(by, website, id(vera), VIEW),
        &|s, by| s.add_collaborator(by, website, id(vera)),
        &|s, by| s.set_permissions(by, website, id(jill), PermissionSet::ALL),
        &|s, by| s.remove_collaborator(by, website, id(by)),
        &|s, by| s.transfer_app(by, website, id(by)),
        &|s, by| s.request_app_transfer(by, website, id(jill)).map(drop),
        &|s, by| s.ownership_history(by, website).map(drop),
        &|s, by| s.app_access(by, website, &page).map(drop),
        &|s, by| s.who_can(by, AppAction::PushCode, website, &page).map(drop),
        &|s, by| s.audit_log(by, &AuditFilter::new(AuditScope::App(website)), &page).map(drop),
    ];
    let sights: &[Attempt<'_>] = &[
        &|s, by| s.app(by, website).map(drop),
        &|s, by| s.app_by_name(by, app_name("acme-website")).map(drop),
        &|s, by| s.permissions(by, website).map(drop),
        &|s, by| s.check(by, AppAction::ViewApp, website),
    ];
    let dynos: &[Attempt<'_>] =
        &[&|s, by| s.formation(by, website).map(drop), &|s, by| s.check(by, AppAction::ViewDynos, website)];
    for attempt in [on_the_team, on_the_app, sights, dynos].concat() {
        each_refused(&mut store, &[admin, member, guest], attempt, |_| {
            (Error::OAuthDenied { team: acme }, format!("team `{acme}` denies access to third-party clients"))
        });
    }
    // Who does not see the app learns nothing of its team either.
    for attempt in on_the_app {
        each_refused(&mut store, &[outsider, sam], attempt, hidden(website));
    }
    for (action, attempts) in [(AppAction::ViewApp, sights), (AppAction::ViewDynos, dynos)] {
        for attempt in attempts {
            each_refused(&mut store, &[outsider, sam], attempt, |actor| {
                let held = PermissionSet::EMPTY;
                let message = format!("{action} on app `{website}` needs view; {actor} holds none");
                (Error::ActionNeedsPermission { actor, app: website, action, held }, message)
            });
        }
    }
    assert_eq!([admin, guest].map(|by| visible(&store, by)), [vec![], Vec::<String>::new()]);
    assert_eq!(visible(&store, member), ["mine-1"]);
    store.rename_app(member, mine, app_name("mine-2")).unwrap();
    store.rename_app(ada, website, app_name("acme-www")).unwrap();
    store.set_oauth_access(ada, acme, OAuthAccess::Allowed).unwrap();
    store.rename_app(admin, website, app_name("acme-web")).unwrap();
    sound(&store);
}

#[test]
fn app_10_apps_and_pipelines_are_numbered_by_the_event_that_created_them() {
    let Demo { mut store, joe, acme, .. } = Demo::new().unwrap();
    store.create_app(joe, NewApp::in_team(acme)).unwrap();
    store.create_pipeline(joe, acme, read("acme-flow")).unwrap();
    let made = store.events().iter().filter_map(|entry| match &entry.event {
        Event::AppCreated { created } => Some((created.app.number(), entry.seq)),
        Event::PipelineCreated { pipeline } => Some((pipeline.number(), entry.seq)),
        _ => None,
    });
    let made: Vec<(u64, u64)> = made.collect();
    assert_eq!(made.len(), 4);
    assert!(made.iter().all(|(number, seq)| number == seq), "{made:?}");
}
