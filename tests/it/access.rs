//! PERM: who holds which permissions on an app, through what, and who may change it.

use enterprise_teams::AppAction as A;
use enterprise_teams::demo::Demo;
use enterprise_teams::{
    AccessSource, Actor, AppId, Error, Event, NewApp, NewTeam, PageRequest, Permission, PermissionSet, Role, TeamId,
    TeamRole, TeamStore,
    entity::{DynoSize, OAuthAccess},
    error::{Grantor, Remedy},
    names::{ParseProblem, ParseTarget},
    query::{AppFilter, AppSort},
};

use crate::support::{
    app_name, each_refused, email, every_set, hidden, holds, id, malformed, noon, refused, register, sound, team_name,
    through_client,
};

const ALL: PermissionSet = PermissionSet::ALL;
const EMPTY: PermissionSet = PermissionSet::EMPTY;
const VIEW: PermissionSet = PermissionSet::VIEW;
const WORK: PermissionSet = PermissionSet::WORK;

fn set(text: &str) -> PermissionSet {
    text.parse().unwrap()
}

#[track_caller]
fn through(store: &TeamStore, actor: Actor, app: AppId, expected: PermissionSet, through: AccessSource) {
    let held = store.permissions(actor, app).unwrap();
    assert_eq!((held.permissions, held.through), (expected, through));
}

/// Joe's personal app, with jill on it.
fn shared(store: &mut TeamStore, joe: Actor, jill: Actor) -> AppId {
    let mine = store.create_app(joe, NewApp::personal().named(app_name("deep-spring-4274"))).unwrap();
    store.add_collaborator(joe, mine, id(jill)).unwrap();
    mine
}

#[test]
fn perm_01_admins_hold_all_and_it_cannot_be_reduced() {
    let Demo { mut store, ada, joe, vera, acme, website, .. } = Demo::new().unwrap();
    let joes = store.create_app(joe, NewApp::in_team(acme)).unwrap();
    store.lock_app(joe, joes).unwrap();
    for app in [website, joes] {
        through(&store, ada, app, ALL, AccessSource::Role(Role::Admin));
        assert!(A::ALL.iter().all(|action| store.can(ada, *action, app)));
    }

    store.set_permissions(ada, website, id(joe), Permission::Manage.into()).unwrap();
    let fixed = |admin| {
        let message = format!(
            "user `{}` is an admin of the team of app `{website}`, and the permissions of admins cannot be changed",
            id(admin)
        );
        (Error::AdminPermissionsFixed { app: website, user: id(admin) }, message)
    };
    for to in [EMPTY, VIEW, ALL] {
        each_refused(&mut store, &[ada, joe], |s, by| s.set_permissions(by, website, id(ada), to), |_| fixed(ada));
    }
    store.set_member_role(ada, acme, id(vera), TeamRole::Admin).unwrap();
    through(&store, vera, website, ALL, AccessSource::Role(Role::Admin));
    let all = [ada, joe, vera];
    each_refused(&mut store, &all, |s, by| s.set_permissions(by, website, id(vera), VIEW), |_| fixed(vera));
    each_refused(&mut store, &all, |s, by| s.remove_collaborator(by, website, id(vera)), |_| fixed(vera));
    sound(&store);
}

#[test]
fn perm_02_members_and_viewers_see_every_app_of_their_enterprise_team() {
    let Demo { mut store, ada, joe, vera, jill, acme, website, sam, .. } = Demo::new().unwrap();
    let locked = store.create_app(ada, NewApp::in_team(acme).locked()).unwrap();
    through(&store, joe, locked, VIEW, AccessSource::Role(Role::Member));
    through(&store, vera, locked, VIEW, AccessSource::Role(Role::Viewer));
    through(&store, vera, website, VIEW, AccessSource::Role(Role::Viewer));
    assert_eq!([jill, sam].map(|actor| holds(&store, actor, locked)), [EMPTY; 2]);

    store.add_member(ada, acme, id(sam), TeamRole::Viewer).unwrap();
    assert_eq!([website, locked].map(|app| holds(&store, sam, app)), [VIEW; 2]);
    store.remove_member(ada, acme, id(sam)).unwrap();
    assert_eq!([website, locked].map(|app| holds(&store, sam, app)), [EMPTY; 2]);

    let joes = store.create_app(joe, NewApp::personal()).unwrap();
    assert_eq!([ada, vera].map(|actor| holds(&store, actor, joes)), [EMPTY; 2]);
    sound(&store);
}

#[test]
fn perm_03_any_combination_with_view_in_every_one() {
    let Demo { mut store, ada, vera, jill, website, .. } = Demo::new().unwrap();
    let others = [Permission::Deploy, Permission::Operate, Permission::Manage];
    for bits in 0..8 {
        let granted: PermissionSet = (0..3).filter(|bit| bits & (1 << bit) != 0).map(|bit| others[bit]).collect();
        store.grant_permissions(ada, website, id(vera), granted).unwrap();
        through(&store, vera, website, granted | VIEW, AccessSource::RoleAndGrant(Role::Viewer));
        store.remove_collaborator(ada, website, id(vera)).unwrap();
        if bits > 0 {
            store.set_permissions(ada, website, id(jill), granted).unwrap();
        }
        through(&store, jill, website, granted | VIEW, AccessSource::Grant);
        for same in [granted, granted | VIEW] {
            refused(
                &mut store,
                |s| s.set_permissions(ada, website, id(jill), same),
                &Error::PermissionsUnchanged { app: website, user: id(jill), permissions: granted | VIEW },
                &format!("user `{}` already holds exactly {} on app `{website}`", id(jill), granted | VIEW),
            );
        }
    }
    let expected = "`view`, `deploy`, `operate`, `manage`";
    for (text, at) in [
        ("", 0),
        ("owner", 0),
        ("Deploy", 0),
        ("deploy ", 0),
        (" own", 1),
        ("deploy,", 7),
        ("deploy,own", 7),
        ("deploy, own", 8),
        ("view,  deploy ,manage", 7),
        ("deploy,\toperate", 7),
    ] {
        refused(
            &mut store,
            |s| s.set_permissions(ada, website, id(jill), text.parse()?),
            &malformed(ParseTarget::Permissions, ParseProblem::Word { at, expected }),
            &format!("malformed permissions: unknown word at byte {at}, expected one of {expected}"),
        );
    }
    store.set_permissions(ada, website, id(jill), set("operate,deploy,  operate")).unwrap();
    assert_eq!(holds(&store, jill, website), WORK);
    for chosen in every_set().into_iter().filter(|chosen| !chosen.is_empty()) {
        assert_eq!(set(&chosen.to_string()), chosen);
        assert_eq!(set(&chosen.to_string().replace(' ', "")), chosen);
    }
    sound(&store);
}

#[test]
fn perm_04_only_holders_of_manage_change_permissions() {
    let Demo { mut store, operator, ada, joe, vera, jill, acme, website, sam, max, .. } = Demo::new().unwrap();
    let refusal = |actor| {
        let message =
            format!("only holders of `manage` can change access to app `{website}`; {actor} does not hold it");
        (Error::OnlyManagersChangeAccess { actor, app: website }, message)
    };
    store.set_permissions(ada, website, id(jill), WORK).unwrap();
    let (none, outside) = ([joe, vera, jill, operator], [sam, max]);
    each_refused(&mut store, &none, |s, by| s.grant_permissions(by, website, id(max), VIEW), refusal);
    each_refused(&mut store, &none, |s, by| s.add_collaborator(by, website, id(max)), refusal);
    each_refused(&mut store, &none, |s, by| s.set_permissions(by, website, id(ada), VIEW), refusal);
    let none = [vera, jill, operator];
    each_refused(&mut store, &none, |s, by| s.set_permissions(by, website, id(joe), ALL), refusal);
    each_refused(&mut store, &none, |s, by| s.remove_collaborator(by, website, id(joe)), refusal);
    for person in [ada, joe, max] {
        let (user, unseen) = (id(person), hidden(website));
        each_refused(&mut store, &outside, |s, by| s.grant_permissions(by, website, user, VIEW), unseen);
        each_refused(&mut store, &outside, |s, by| s.add_collaborator(by, website, user), unseen);
        each_refused(&mut store, &outside, |s, by| s.set_permissions(by, website, user, ALL), unseen);
        each_refused(&mut store, &outside, |s, by| s.remove_collaborator(by, website, user), unseen);
    }

    store.grant_permissions(ada, website, id(vera), Permission::Manage.into()).unwrap();
    store.set_permissions(vera, website, id(jill), Permission::Manage.into()).unwrap();
    store.grant_permissions(jill, website, id(max), ALL).unwrap();
    store.set_permissions(max, website, id(jill), VIEW).unwrap();
    store.remove_collaborator(vera, website, id(max)).unwrap();
    let grant = |s: &mut TeamStore, by| s.grant_permissions(by, website, id(sam), VIEW);
    each_refused(&mut store, &[jill], grant, refusal);
    each_refused(&mut store, &[max], grant, hidden(website));

    store.remove_member(ada, acme, id(vera)).unwrap();
    each_refused(&mut store, &[vera], grant, hidden(website));
    store.add_member(ada, acme, id(vera), TeamRole::Viewer).unwrap();
    each_refused(&mut store, &[vera], grant, refusal);
    sound(&store);
}

#[test]
fn perm_05_no_grant_to_admins_and_none_to_oneself() {
    let Demo { mut store, ada, joe, vera, jill, website, sam, max, wave, .. } = Demo::new().unwrap();
    let says_nothing = |app: AppId, admin| {
        let message =
            format!("user `{}` is an admin of the team of app `{app}` and already holds everything on it", id(admin));
        (Error::AdminHoldsAll { app, user: id(admin) }, message)
    };
    each_refused(
        &mut store,
        &[joe, vera],
        |s, by| s.grant_permissions(by, website, id(by), ALL),
        |actor| {
            let message =
                format!("only holders of `manage` can change access to app `{website}`; {actor} does not hold it");
            (Error::OnlyManagersChangeAccess { actor, app: website }, message)
        },
    );
    store.set_permissions(ada, website, id(joe), Permission::Manage.into()).unwrap();
    let managers = [ada, joe];
    let refusal = |_| says_nothing(website, ada);
    each_refused(&mut store, &managers, |s, by| s.grant_permissions(by, website, id(ada), VIEW), refusal);
    each_refused(&mut store, &[ada], |s, by| s.join_app(by, website), refusal);
    let refusal = |_| says_nothing(wave, sam);
    each_refused(&mut store, &[sam, max], |s, by| s.add_collaborator(by, wave, id(sam)), refusal);
    each_refused(&mut store, &[sam], |s, by| s.join_app(by, wave), refusal);

    let own = |app| {
        move |actor| {
            let message = format!("{actor} cannot add to their own permissions on app `{app}`");
            (Error::OwnGrantCannotGrow { actor, app }, message)
        }
    };
    let manage = set("view,manage");
    for more in every_set().into_iter().filter(|more| !manage.contains_all(*more)) {
        each_refused(&mut store, &[joe], |s, by| s.set_permissions(by, website, id(by), more), own(website));
    }
    for other in [vera, jill] {
        drop(store.grant_permissions(joe, website, id(other), VIEW));
        store.set_permissions(joe, website, id(other), ALL).unwrap();
    }
    store.set_permissions(jill, website, id(joe), ALL).unwrap();
    for less in [set("view,deploy,manage"), manage, VIEW] {
        store.set_permissions(joe, website, id(joe), less).unwrap();
        assert_eq!(holds(&store, joe, website), less);
    }

    // On a Standard team's app members join, and add others.
    each_refused(&mut store, &[max], |s, by| s.add_collaborator(by, wave, id(by)), own(wave));
    store.add_collaborator(max, wave, id(jill)).unwrap();
    store.join_app(max, wave).unwrap();
    sound(&store);
}

#[test]
fn perm_06_whoever_creates_or_brings_in_an_app_holds_all() {
    let Demo { mut store, ada, joe, acme, .. } = Demo::new().unwrap();
    let created = store.create_app(joe, NewApp::in_team(acme)).unwrap();
    let brought = store.create_app(joe, NewApp::personal()).unwrap();
    through(&store, joe, brought, ALL, AccessSource::Ownership);
    store.transfer_app(joe, brought, acme).unwrap();
    for app in [created, brought] {
        through(&store, joe, app, ALL, AccessSource::RoleAndGrant(Role::Member));
        through(&store, ada, app, ALL, AccessSource::Role(Role::Admin));
    }
    store.set_member_role(ada, acme, id(joe), TeamRole::Viewer).unwrap();
    through(&store, joe, created, ALL, AccessSource::RoleAndGrant(Role::Viewer));
    store.set_permissions(ada, created, id(joe), Permission::Deploy.into()).unwrap();
    through(&store, joe, created, set("view,deploy"), AccessSource::RoleAndGrant(Role::Viewer));

    let adas = store.create_app(ada, NewApp::personal()).unwrap();
    store.transfer_app(ada, adas, acme).unwrap();
    through(&store, ada, adas, ALL, AccessSource::Role(Role::Admin));
    assert_eq!(holds(&store, joe, adas), VIEW);
    sound(&store);
}

/// What is shown of what sleeps: in the Access list on how many apps, on the app what, and in the explanation, also in words.
fn sleeps(store: &TeamStore, user: Actor, team: TeamId, app: AppId) -> (u32, Option<PermissionSet>) {
    let operator = Actor::operator(noon());
    let entry = store.access_entry(operator, team, id(user)).unwrap();
    let page = store.app_access(operator, app, &PageRequest::default()).unwrap();
    let on_app = page.items.iter().find(|access| access.user.id() == id(user)).and_then(|access| access.sleeping);
    let explained = store.explain(user, A::ViewApp, app).unwrap();
    assert_eq!(
        (explained.sleeping(), explained.held().map(|held| held.permissions)),
        (on_app, Some(holds(store, user, app)))
    );
    let told = on_app.map(|set| format!(" as admin of the team, while a grant of {set} sleeps"));
    assert!(told.is_none_or(|told| explained.to_string().contains(&told)), "{explained}");
    assert_eq!(explained.to_string().contains("sleeps"), on_app.is_some());
    (entry.sleeping, on_app)
}

#[test]
fn perm_06_grants_of_an_admin_sleep() {
    let Demo { mut store, ada, joe, vera, jill, acme, website, .. } = Demo::new().unwrap();
    let deploy = set("view,deploy");
    assert_eq!(sleeps(&store, joe, acme, website), (0, None));
    store.set_member_role(ada, acme, id(joe), TeamRole::Admin).unwrap();
    through(&store, joe, website, ALL, AccessSource::Role(Role::Admin));
    assert_eq!(sleeps(&store, joe, acme, website), (1, Some(deploy)));
    let apps = store.member_apps(vera, acme, id(joe), &AppFilter::default(), &PageRequest::default()).unwrap();
    assert_eq!(apps.items.iter().map(|app| app.id()).collect::<Vec<_>>(), [website]);

    // It counts again, for a member and for a viewer, and can be changed then.
    for role in [TeamRole::Viewer, TeamRole::Member] {
        store.set_member_role(ada, acme, id(joe), role).unwrap();
        through(&store, joe, website, deploy, AccessSource::RoleAndGrant(role.into()));
        assert_eq!(sleeps(&store, joe, acme, website), (0, None));
    }

    // Holders of `manage` take it away meanwhile: an admin, one who is none, and who has it.
    store.grant_permissions(ada, website, id(vera), Permission::Manage.into()).unwrap();
    for by in [ada, vera, joe] {
        let mut store = store.clone();
        store.set_member_role(ada, acme, id(joe), TeamRole::Admin).unwrap();
        store.remove_collaborator(by, website, id(joe)).unwrap();
        let last = store.events().last().map(|entry| &entry.event);
        let Some(Event::CollaboratorRemoved { removed }) = last else { panic!("{last:?}") };
        assert_eq!((removed.app, removed.user, removed.permissions), (website, id(joe), deploy));
        assert_eq!((sleeps(&store, joe, acme, website), holds(&store, joe, website)), ((0, None), ALL));
        let again = store.remove_collaborator(by, website, id(joe)).unwrap_err();
        assert_eq!(again, Error::AdminPermissionsFixed { app: website, user: id(joe) });
        store.set_member_role(ada, acme, id(joe), TeamRole::Member).unwrap();
        through(&store, joe, website, VIEW, AccessSource::Role(Role::Member));
        sound(&store);
    }

    // A collaborator who is added as admin; removal ends it (MEM-6).
    store.add_member(ada, acme, id(jill), TeamRole::Admin).unwrap();
    assert_eq!(sleeps(&store, jill, acme, website), (1, Some(VIEW)));
    store.remove_member(ada, acme, id(jill)).unwrap();
    assert_eq!(holds(&store, jill, website), EMPTY);

    // Who creates an app as admin, or brings one, holds all four as member and as viewer.
    let created = store.create_app(ada, NewApp::in_team(acme)).unwrap();
    let brought = store.create_app(ada, NewApp::personal()).unwrap();
    store.transfer_app(ada, brought, acme).unwrap();
    assert_eq!([created, brought].map(|app| sleeps(&store, ada, acme, app)), [(3, Some(ALL)); 2]);
    store.set_member_role(ada, acme, id(joe), TeamRole::Admin).unwrap();
    for role in [TeamRole::Member, TeamRole::Viewer] {
        store.set_member_role(joe, acme, id(ada), role).unwrap();
        for app in [website, created, brought] {
            through(&store, ada, app, ALL, AccessSource::RoleAndGrant(role.into()));
        }
    }
    sound(&store);
}

#[test]
fn perm_06_what_sleeps_ends_where_its_holder_is_not() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, acme, website, .. } = Demo::new().unwrap();
    let [labs, other] = ["labs", "other"].map(|name| {
        let team = store.provision_team(operator, NewTeam::enterprise(team_name(name), id(ada))).unwrap();
        store.add_member(ada, team, id(sam), TeamRole::Member).unwrap();
        team
    });
    store.grant_permissions(ada, website, id(vera), WORK).unwrap();
    for person in [joe, vera] {
        store.set_member_role(ada, acme, id(person), TeamRole::Admin).unwrap();
    }
    store.add_member(ada, labs, id(vera), TeamRole::Viewer).unwrap();
    // Jill, on another app there, is not in the team.
    let there = store.create_app(ada, NewApp::in_team(labs)).unwrap();
    store.grant_permissions(ada, there, id(jill), VIEW).unwrap();
    store.grant_permissions(ada, there, id(joe), VIEW).unwrap();
    store.transfer_app(ada, website, labs).unwrap();
    assert_eq!([joe, vera, jill].map(|person| holds(&store, person, website)), [EMPTY, WORK, VIEW]);
    let Some(Event::AppTransferred { moved }) = store.events().last().map(|entry| &entry.event) else { panic!() };
    let changes: Vec<_> = moved.grants.iter().map(|change| (change.user, change.from, change.to)).collect();
    assert_eq!(changes, [(id(joe), Some(set("view,deploy")), None)]);
    assert_eq!(sleeps(&store, ada, labs, website), (2, Some(ALL)));
    // What is awake travels.
    store.transfer_app(ada, website, other).unwrap();
    assert_eq!([vera, jill].map(|person| holds(&store, person, website)), [WORK, VIEW]);
    sound(&store);
}

#[test]
fn perm_07_on_an_app_once_and_changed_only_there() {
    let Demo { mut store, ada, joe, vera, jill, acme, website, sam, max, wave, .. } = Demo::new().unwrap();
    let on = |app: AppId, person| {
        let message = format!("user `{}` is already on app `{app}`", id(person));
        (Error::AlreadyOnApp { app, user: id(person) }, message)
    };
    let the_same = |app: AppId, person| {
        let (user, permissions) = (id(person), PermissionSet::WORK);
        let message = format!("user `{user}` already holds exactly {permissions} on app `{app}`");
        (Error::PermissionsUnchanged { app, user, permissions }, message)
    };
    let off = |app: AppId, person| {
        (Error::NotOnApp { app, user: id(person) }, format!("user `{}` is not on app `{app}`", id(person)))
    };
    let mine = shared(&mut store, joe, jill);
    store.join_app(max, wave).unwrap();
    for person in [joe, jill] {
        let again = |s: &mut TeamStore, by| s.grant_permissions(by, website, id(person), ALL);
        each_refused(&mut store, &[ada], again, |_| on(website, person));
    }
    each_refused(&mut store, &[joe], |s, by| s.join_app(by, website), |_| on(website, joe));
    each_refused(&mut store, &[joe], |s, by| s.add_collaborator(by, mine, id(jill)), |_| the_same(mine, jill));
    each_refused(&mut store, &[sam], |s, by| s.add_collaborator(by, wave, id(max)), |_| the_same(wave, max));
    each_refused(&mut store, &[max], |s, by| s.join_app(by, wave), |_| the_same(wave, max));

    for person in [vera, sam] {
        each_refused(
            &mut store,
            &[ada],
            |s, by| s.set_permissions(by, website, id(person), ALL),
            |_| off(website, person),
        );
        let remove = |s: &mut TeamStore, by| s.remove_collaborator(by, website, id(person));
        each_refused(&mut store, &[ada], remove, |_| off(website, person));
    }
    each_refused(&mut store, &[vera], |s, by| s.remove_collaborator(by, website, id(by)), |_| off(website, vera));
    let remove = |s: &mut TeamStore, by| s.remove_collaborator(by, mine, id(vera));
    each_refused(&mut store, &[joe], remove, |_| off(mine, vera));
    let remove = |s: &mut TeamStore, by| s.remove_collaborator(by, wave, id(jill));
    each_refused(&mut store, &[sam], remove, |_| off(wave, jill));
    for (app, outsider) in [(website, sam), (mine, vera), (wave, jill)] {
        each_refused(&mut store, &[outsider], |s, by| s.remove_collaborator(by, app, id(by)), hidden(app));
    }

    for person in [sam, jill, ada] {
        refused(
            &mut store,
            |s| s.add_collaborator(ada, website, id(person)),
            &Error::PermissionsMissing { app: website },
            &format!("app `{website}` belongs to an Enterprise Team, where permissions must be chosen"),
        );
    }

    let sams = store.user_id(&email("SAM@acme-inc.com")).unwrap();
    store.grant_permissions(ada, website, sams, VIEW).unwrap();
    assert_eq!(store.role(ada, acme, sams), Ok(Some(Role::Collaborator)));
    store.set_permissions(ada, website, sams, ALL).unwrap();
    store.remove_collaborator(ada, website, sams).unwrap();
    assert_eq!((store.role(ada, acme, sams), holds(&store, sam, website)), (Ok(None), EMPTY));
    store.grant_permissions(ada, website, sams, WORK).unwrap();
    sound(&store);
}

#[test]
fn perm_08_leaving_app_by_app_and_not_through_the_team() {
    let Demo { mut store, ada, joe, jill, acme, website, sam, wave, inc, .. } = Demo::new().unwrap();
    let second = store.create_app(ada, NewApp::in_team(acme)).unwrap();
    store.grant_permissions(ada, second, id(jill), ALL).unwrap();
    refused(
        &mut store,
        |s| s.remove_member(jill, acme, id(jill)),
        &Error::NotInTeam { team: acme, user: id(jill) },
        &format!("user `{}` is not in team `{acme}`", id(jill)),
    );
    store.remove_collaborator(jill, website, id(jill)).unwrap();
    assert_eq!([website, second].map(|app| holds(&store, jill, app)), [EMPTY, ALL]);
    assert_eq!(store.role(jill, acme, id(jill)), Ok(Some(Role::Collaborator)));
    store.remove_collaborator(jill, second, id(jill)).unwrap();
    assert_eq!((holds(&store, jill, second), store.role(jill, acme, id(jill))), (EMPTY, Ok(None)));

    store.remove_collaborator(joe, website, id(joe)).unwrap();
    through(&store, joe, website, VIEW, AccessSource::Role(Role::Member));
    let joes = store.create_app(joe, NewApp::in_team(acme)).unwrap();
    store.remove_collaborator(joe, joes, id(joe)).unwrap();
    through(&store, joe, joes, VIEW, AccessSource::Role(Role::Member));

    let mine = shared(&mut store, joe, jill);
    store.add_collaborator(sam, wave, id(jill)).unwrap();
    store.lock_app(sam, wave).unwrap();
    for app in [mine, wave] {
        assert_eq!(holds(&store, jill, app), WORK);
        store.remove_collaborator(jill, app, id(jill)).unwrap();
        assert_eq!(holds(&store, jill, app), EMPTY);
    }
    assert_eq!(store.role(sam, inc, id(jill)), Ok(None));
    sound(&store);
}

#[test]
fn perm_09_each_action_asks_for_its_permissions_and_nothing_else() {
    let Demo { mut store, operator, ada, joe, vera, jill, website, sam, .. } = Demo::new().unwrap();
    let needs = [
        ("view", &[A::ViewApp, A::ViewProcessStatus, A::ViewReleases, A::ViewLogs, A::ViewDynos][..]),
        ("deploy", &[A::PullCode, A::PushCode]),
        ("operate", &[A::RestartApp, A::AddPaidAddOn, A::RemovePaidAddOn, A::ManageLogDrains, A::MigrateStack]),
        ("deploy,operate", &[A::AddFreeAddOn, A::RemoveFreeAddOn, A::RollBackRelease, A::RunOneOffDyno, A::EditConfig]),
        ("deploy,operate", &[A::ScaleDynos, A::ResizeDynos, A::SetMaintenanceMode]),
        ("manage", &[A::ManageCollaborators, A::ManagePermissions, A::LockApp]),
        ("manage", &[A::RenameApp]),
    ];
    store.remove_collaborator(ada, website, id(jill)).unwrap();
    for bits in 0..8 {
        let others = [Permission::Deploy, Permission::Operate, Permission::Manage];
        let granted: PermissionSet = (0..3).filter(|bit| bits & (1 << bit) != 0).map(|bit| others[bit]).collect();
        store.grant_permissions(ada, website, id(jill), granted).unwrap();
        for (any, actions) in needs {
            let may = set(any).iter().any(|one| one == Permission::View || granted.contains(one));
            assert!(actions.iter().all(|action| store.can(jill, *action, website) == may), "{granted}: {any}");
        }
        assert!(!store.can(jill, A::DeleteApp, website) && !store.can(jill, A::TransferApp, website), "{granted}");
        store.remove_collaborator(ada, website, id(jill)).unwrap();
    }

    store.grant_permissions(ada, website, id(jill), Permission::Manage.into()).unwrap();
    for (actor, action, needed, held) in [
        (jill, A::PushCode, "deploy", "view, manage"),
        (jill, A::RestartApp, "operate", "view, manage"),
        (joe, A::RenameApp, "manage", "view, deploy"),
        (vera, A::ScaleDynos, "deploy or operate", "view"),
        (sam, A::ViewApp, "view", "none"),
        (operator, A::EditConfig, "deploy or operate", "view"),
    ] {
        let who = actor.who;
        let holding = if held == "none" { EMPTY } else { set(held) };
        refused(
            &mut store,
            |s| s.check(actor, action, website),
            &Error::ActionNeedsPermission { actor: who, app: website, action, held: holding },
            &format!("{action} on app `{website}` needs {needed}; {who} holds {held}"),
        );
    }
    each_refused(
        &mut store,
        &[jill],
        |s, by| s.scale_app(by, website, "web".parse()?, DynoSize::Basic, 1),
        |actor| {
            let (action, held) = (A::ScaleDynos, set("view,manage"));
            let message = format!("scale-dynos on app `{website}` needs deploy or operate; {actor} holds view, manage");
            (Error::ActionNeedsPermission { actor, app: website, action, held }, message)
        },
    );
    let scale = |s: &mut TeamStore, by| s.scale_app(by, website, "web".parse()?, DynoSize::Basic, 1);
    each_refused(&mut store, &[sam], scale, hidden(website));
    store.rename_app(jill, website, app_name("acme-www")).unwrap();
    store.scale_app(joe, website, "web".parse().unwrap(), DynoSize::Basic, 1).unwrap();
    sound(&store);
}

#[test]
fn perm_09_actions_are_read_from_their_codes() {
    let Demo { mut store, jill, website, .. } = Demo::new().unwrap();
    for action in A::ALL.iter().copied() {
        let code = action.code();
        assert_eq!((code.parse(), action.to_string().as_str()), (Ok(action), code));
        assert_eq!(serde_json::to_value(action).unwrap(), code);
        assert_eq!(serde_json::from_value::<A>(code.into()).unwrap(), action);
    }
    let message = "malformed app action: unknown word at byte 0, expected one of the actions of the published table";
    let problem = ParseProblem::Word { at: 0, expected: "the actions of the published table" };
    for text in ["", "PushCode", "Push-code", "push_code", "push-code ", " push-code", "view-apps", "push-codes"] {
        let check = |s: &mut TeamStore| s.check(jill, text.parse::<A>()?, website);
        refused(&mut store, check, &malformed(ParseTarget::AppAction, problem), message);
        let unknown = serde_json::from_value::<A>(text.into()).unwrap_err().to_string();
        assert!(unknown.starts_with(&format!("unknown variant `{text}`, expected one of `view-app`, `rename-app`")));
    }
    store.check(jill, "view-app".parse::<A>().unwrap(), website).unwrap();
}

#[test]
fn perm_10_personal_apps_are_their_owners() {
    let Demo { mut store, operator, ada, joe, vera, jill, website, .. } = Demo::new().unwrap();
    let mine = shared(&mut store, joe, jill);
    through(&store, joe, mine, ALL, AccessSource::Ownership);
    through(&store, jill, mine, WORK, AccessSource::PersonalGrant);

    let (others, outside) = ([jill, operator], [ada, vera]);
    let by_owner = |actor| {
        let message =
            format!("only the owner can change access to the personal app `{mine}`; {actor} is not the owner");
        (Error::OnlyOwnerSharesPersonalApp { actor, app: mine }, message)
    };
    each_refused(&mut store, &others, |s, by| s.add_collaborator(by, mine, id(vera)), by_owner);
    each_refused(&mut store, &others, |s, by| s.grant_permissions(by, mine, id(vera), VIEW), by_owner);
    each_refused(&mut store, &others, |s, by| s.set_permissions(by, mine, id(jill), ALL), by_owner);
    each_refused(&mut store, &[operator], |s, by| s.remove_collaborator(by, mine, id(jill)), by_owner);
    each_refused(&mut store, &others, |s, by| s.remove_collaborator(by, mine, id(joe)), by_owner);
    for person in [joe, vera, jill] {
        let (user, unseen) = (id(person), hidden(mine));
        each_refused(&mut store, &outside, |s, by| s.add_collaborator(by, mine, user), unseen);
        each_refused(&mut store, &outside, |s, by| s.grant_permissions(by, mine, user, VIEW), unseen);
        each_refused(&mut store, &outside, |s, by| s.set_permissions(by, mine, user, ALL), unseen);
        each_refused(&mut store, &outside, |s, by| s.remove_collaborator(by, mine, user), unseen);
    }

    for action in [A::AddPaidAddOn, A::RemovePaidAddOn, A::ChangePaidAddOnPlan] {
        let paid = |actor| {
            let message =
                format!("only the owner of the personal app `{mine}` can do this: {action}; {actor} is not the owner");
            (Error::OnlyOwnerPaysForAddOns { actor, app: mine, action }, message)
        };
        each_refused(&mut store, &[jill], |s, by| s.check(by, action, mine), paid);
        assert!(store.can(joe, action, mine));
    }
    let manage = [A::DeleteApp, A::TransferApp, A::RenameApp, A::ManageCollaborators];
    assert!(manage.iter().all(|action| store.can(joe, *action, mine) && !store.can(jill, *action, mine)));
    let work = [A::PushCode, A::RestartApp, A::ScaleDynos, A::AddFreeAddOn];
    assert!(work.iter().all(|action| store.can(jill, *action, mine)));
    let list = |s: &mut TeamStore, by| {
        s.apps(by, id(joe), &AppFilter::default(), AppSort::Name, &PageRequest::default()).map(|page| page.items.len())
    };
    each_refused(&mut store, &[jill, ada], list, |actor| {
        let message = format!("only user `{}` can list the personal apps of this user; {actor} cannot", id(joe));
        (Error::OnlyOwnerListsPersonalApps { actor, user: id(joe) }, message)
    });
    assert_eq!([joe, operator].map(|by| list(&mut store, by)), [Ok(1), Ok(1)]);

    let chosen = &Error::PermissionsOnPersonalApp { app: mine };
    let message =
        format!("app `{mine}` is personal, and its collaborators hold view, deploy and operate: none can be chosen");
    refused(&mut store, |s| s.grant_permissions(joe, mine, id(vera), ALL), chosen, &message);
    refused(&mut store, |s| s.set_permissions(joe, mine, id(jill), VIEW), chosen, &message);
    refused(&mut store, |s| s.set_permissions(joe, mine, id(joe), VIEW), chosen, &message);
    let owner = &Error::OwnerHoldsAll { app: mine, user: id(joe) };
    let message = format!("user `{}` owns app `{mine}` and already holds everything on it", id(joe));
    refused(&mut store, |s| s.add_collaborator(joe, mine, id(joe)), owner, &message);
    refused(&mut store, |s| s.remove_collaborator(joe, mine, id(joe)), owner, &message);

    store.add_collaborator(joe, mine, id(vera)).unwrap();
    store.remove_collaborator(joe, mine, id(jill)).unwrap();
    assert_eq!([vera, jill].map(|actor| holds(&store, actor, mine)), [WORK, EMPTY]);
    assert_eq!(holds(&store, joe, website), set("view,deploy"));
    sound(&store);
}

#[test]
fn perm_11_decisions_are_explained() {
    let Demo { mut store, operator, ada, joe, vera, jill, website, sam, max, wave, .. } = Demo::new().unwrap();
    let mine = shared(&mut store, joe, jill);
    let wide = register(&mut store, "wide@acme-inc.com");
    store.add_collaborator(max, wave, id(wide)).unwrap();
    let outside = register(&mut store, "out@side.org");
    let (all, work) = ("view, deploy, operate, manage", "view, deploy, operate");
    let member = "member of the team, with permissions on the app";
    let yes = [
        (joe, A::DeleteApp, mine, format!("{all} as owner of the app (PERM-10)")),
        (ada, A::DeleteApp, website, format!("{all} as admin of the team, while a grant of {all} sleeps (PERM-1)")),
        (vera, A::ViewApp, website, "view as viewer of the team (PERM-2)".into()),
        (joe, A::PushCode, website, format!("view, deploy as {member} (PERM-3)")),
        (jill, A::ViewApp, website, "view as collaborator on the app (PERM-7)".into()),
        (sam, A::DeleteApp, wave, format!("{all} as admin of the team, while a grant of {work} sleeps (PERM-1)")),
        (max, A::PushCode, wave, "view, deploy, operate as member of the team (STD-2)".into()),
        (wide, A::PushCode, wave, "view, deploy, operate as collaborator on the app (STD-4)".into()),
        (jill, A::PushCode, mine, "view, deploy, operate as collaborator on the personal app (PERM-10)".into()),
        (operator, A::ViewApp, website, "view as the platform operator (PERM-9)".into()),
    ];
    let granted = |by: &str| format!("(PERM-9); way out: ask {by} for a grant of the permission");
    let ada_grants = granted("`ada@acme.com`");
    let manager = |app: &str| format!("a holder of `manage` on app `{app}`");
    let a_manager_grants = format!("deploy or operate {}", granted(&manager("acme-website")));
    let a_manager_adds = format!("way out: ask {} for a role in the team", manager("frozen-wave-4030"));
    let by_the_owner = "way out: ask the owner, `joe@acme.com`, to do it";
    let by_an_admin = |who: &str| format!("(PERM-9); way out: ask {who} for the role admin in the team");
    let on_personal = format!("{work} as collaborator on the personal app");
    let no = [
        (vera, A::PushCode, website, format!("view as viewer of the team; needs deploy {ada_grants}")),
        (joe, A::RestartApp, website, format!("view, deploy as {member}; needs operate {ada_grants}")),
        (jill, A::EditConfig, website, format!("view as collaborator on the app; needs {a_manager_grants}")),
        (wide, A::AddPaidAddOn, wave, format!("{work} as collaborator on the app (STD-4); {a_manager_adds}")),
        (
            wide,
            A::LockApp,
            wave,
            format!("{work} as collaborator on the app; needs manage {}", by_an_admin("an admin of team `acme-inc`")),
        ),
        (
            max,
            A::LockApp,
            wave,
            format!("{work} as member of the team; needs manage {}", by_an_admin("`sam@acme-inc.com`")),
        ),
        (jill, A::AddPaidAddOn, mine, format!("{on_personal} (PERM-10); {by_the_owner}")),
        (jill, A::RenameApp, mine, format!("{on_personal}; needs manage (PERM-9); {by_the_owner}")),
        (
            operator,
            A::PushCode,
            website,
            "view as the platform operator; needs deploy (PERM-9); way out: act as a user".into(),
        ),
    ];
    for (cases, may) in [(&yes[..], "may"), (&no[..], "may not")] {
        for (by, action, app, why) in cases {
            let who = by.who.user().map(|user| store.user(*by, user).unwrap().email().as_str());
            let who = who.map_or("the platform operator".into(), |email| format!("`{email}`"));
            let name = store.app(*by, *app).unwrap().name();
            let text = store.explain(*by, *action, *app).unwrap().to_string();
            assert_eq!(text, format!("{who} {may} {action} on app `{name}`: holds {why}"));
        }
    }
    for app in [website, mine, wave] {
        for (action, needed) in [(A::ViewApp, "view"), (A::PushCode, "deploy"), (A::LockApp, "manage")] {
            let no = store.explain(outside, action, app).unwrap();
            let way_out = format!("way out: ask {} for access to the app", manager(&app.to_string()));
            assert_eq!(
                no.to_string(),
                format!(
                    "`out@side.org` may not {action} on app `{app}`: neither in the team nor on the app; needs \
                     {needed} (PERM-9); {way_out}"
                ),
            );
            assert_eq!((no.role(), no.grantors().count()), (None, 0));
        }
    }

    let no = store.explain(outside, A::ViewApp, website).unwrap();
    assert_eq!((no.is_allowed(), no.role(), no.grantors().count()), (false, None, 0));
    assert_eq!(no.held().map(|held| (held.permissions, held.through)), Some((EMPTY, AccessSource::Nothing)));
    assert_eq!(no.remedy().map(|remedy| remedy.from), Some(Grantor::ManagerOf(website)));
    let yes = store.explain(max, A::PushCode, wave).unwrap();
    assert_eq!((yes.is_allowed(), yes.role(), yes.refusal(), yes.remedy()), (true, Some(Role::Member), None, None));

    store.set_permissions(ada, website, id(jill), Permission::Manage.into()).unwrap();
    let no = store.explain(vera, A::PushCode, website).unwrap();
    let grantors: Vec<&str> = no.grantors().map(|user| user.email().as_str()).collect();
    assert_eq!(grantors, ["ada@acme.com", "jill@creativeinc.com"]);
    assert!(
        no.to_string().ends_with("way out: ask `ada@acme.com` or `jill@creativeinc.com` for a grant of the permission")
    );

    store.lock_app(sam, wave).unwrap();
    let no = store.explain(max, A::PushCode, wave).unwrap();
    let held = no.held().map(|held| (held.permissions, held.through));
    assert_eq!((no.is_allowed(), held), (false, Some((VIEW, AccessSource::Role(Role::Member)))));
    assert!(no.to_string().ends_with("; needs deploy (PERM-9); way out: ask `sam@acme-inc.com` for access to the app"));
    sound(&store);
}

#[test]
fn perm_11_the_way_out_is_one_that_the_kind_of_app_has() {
    let Demo { mut store, joe, vera, jill, website, sam, max, inc, wave, .. } = Demo::new().unwrap();
    let mine = shared(&mut store, joe, jill);
    store.lock_app(sam, wave).unwrap();
    let granted = "a grant of the permission";
    for (by, action, app, needed, from) in [
        (vera, A::PushCode, website, granted, Grantor::ManagerOf(website)),
        (vera, A::LockApp, website, granted, Grantor::ManagerOf(website)),
        (max, A::LockApp, wave, "the role admin in the team", Grantor::AdminOf(inc)),
        (max, A::PushCode, wave, "access to the app", Grantor::ManagerOf(wave)),
        (max, A::EditConfig, wave, "access to the app", Grantor::ManagerOf(wave)),
        (jill, A::LockApp, mine, "to do it", Grantor::OwnerOf(mine)),
        (sam, A::LockApp, website, "access to the app", Grantor::ManagerOf(website)),
        (sam, A::LockApp, mine, "access to the app", Grantor::ManagerOf(mine)),
        (vera, A::LockApp, wave, "access to the app", Grantor::ManagerOf(wave)),
    ] {
        let no = store.explain(by, action, app).unwrap();
        assert_eq!(no.remedy(), Some(Remedy { needed, from }), "{no}");
        let of_the_error = no.refusal().and_then(Error::remedy);
        assert_eq!(of_the_error, Some(Remedy { needed: granted, from: Grantor::ManagerOf(app) }));
    }
    store.add_collaborator(sam, wave, id(max)).unwrap();
    store.check(max, A::PushCode, wave).unwrap();
    store.set_member_role(sam, inc, id(max), TeamRole::Admin).unwrap();
    store.check(max, A::LockApp, wave).unwrap();
    sound(&store);
}

#[test]
fn perm_11_holders_of_manage_are_told_who_on_the_app_grants() {
    let Demo { mut store, ada, vera, jill, website, .. } = Demo::new().unwrap();
    let shown = |store: &TeamStore| {
        let no = store.explain(jill, A::PushCode, website).unwrap();
        no.grantors().map(|user| user.email().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(shown(&store), [""; 0]);
    store.set_permissions(ada, website, id(jill), Permission::Operate.into()).unwrap();
    assert_eq!(shown(&store), [""; 0]);
    store.set_permissions(ada, website, id(jill), Permission::Manage.into()).unwrap();
    // Ada is on it herself, while that sleeps; who else is in the team a collaborator is not told (CAP-2).
    assert_eq!(shown(&store), ["ada@acme.com"]);
    store.remove_collaborator(jill, website, id(ada)).unwrap();
    assert_eq!(shown(&store), [""; 0]);
    store.grant_permissions(jill, website, id(vera), Permission::Manage.into()).unwrap();
    assert_eq!(shown(&store), ["vera@acme.com"]);
    sound(&store);
}

#[test]
fn x_02_whose_an_unseen_app_is_no_explanation_tells() {
    let Demo { mut store, ada, jill, acme, website, .. } = Demo::new().unwrap();
    let unseen = store.create_app(ada, NewApp::in_team(acme)).unwrap();
    assert_eq!(store.explain(jill, A::ViewApp, website).unwrap().role(), Some(Role::Collaborator));
    let told = |store: &TeamStore, actor| store.explain(actor, A::ViewApp, unseen).unwrap().role();
    assert_eq!([told(&store, jill), told(&store, through_client(jill))], [None, None]);
    store.set_oauth_access(ada, acme, OAuthAccess::Denied).unwrap();
    assert_eq!([told(&store, jill), told(&store, through_client(jill))], [None, None]);
    assert_eq!(told(&store, ada), Some(Role::Admin));
}

#[test]
fn sec_01_a_denied_client_learns_nothing_from_an_explanation() {
    let Demo { mut store, ada, joe, sam, acme, website, .. } = Demo::new().unwrap();
    let open = store.explain(through_client(sam), A::PushCode, website).unwrap().to_string();
    store.set_oauth_access(ada, acme, OAuthAccess::Denied).unwrap();
    let stranger = through_client(sam);
    let no = store.explain(stranger, A::PushCode, website).unwrap();
    let (actor, action) = (stranger.who, A::PushCode);
    let unseen = Error::ActionNeedsPermission { actor, app: website, action, held: EMPTY };
    assert_eq!((no.refusal(), no.to_string()), (Some(&unseen), open));
    assert_eq!(no.held().map(|held| (held.permissions, held.through)), Some((EMPTY, AccessSource::Nothing)));
    assert_eq!((no.role(), no.grantors().count()), (None, 0));

    let client = through_client(joe);
    let no = store.explain(client, A::PushCode, website).unwrap();
    assert_eq!(no.refusal(), Some(&Error::OAuthDenied { team: acme }));
    assert_eq!((no.held(), no.role(), no.grantors().count()), (None, None, 0));
    assert!(!no.to_string().contains("acme-website"), "{no}");
    assert!(store.can(joe, A::PushCode, website));
    store.set_oauth_access(ada, acme, OAuthAccess::Allowed).unwrap();
    assert!(store.can(client, A::PushCode, website));
    sound(&store);
}
