//! STD: the Standard team, which is the Organization of 2014.

use enterprise_teams::AppAction as A;
use enterprise_teams::demo::Demo;
use enterprise_teams::{
    AccessSource, Actor, ActorKind, AppId, Error, NewApp, PermissionSet, Role, TeamKind, TeamRole, TeamStore,
    entity::{DynoSize, Lock},
};

use crate::support::{app_name, each_refused, hidden, holds, id, refused, register, sound};

const ALL: PermissionSet = PermissionSet::ALL;
const EMPTY: PermissionSet = PermissionSet::EMPTY;
const VIEW: PermissionSet = PermissionSet::VIEW;
const WORK: PermissionSet = PermissionSet::WORK;

#[track_caller]
fn through(store: &TeamStore, actor: Actor, app: AppId, expected: PermissionSet, through: AccessSource) {
    let held = store.permissions(actor, app).unwrap();
    assert_eq!((held.permissions, held.through), (expected, through));
}

fn by_admins(app: AppId) -> impl Fn(ActorKind) -> (Error, String) {
    move |actor| {
        let message = format!("only admins can manage app `{app}` of a Standard team; {actor} is not an admin");
        (Error::OnlyAdminsManageStandardApps { actor, app }, message)
    }
}

#[test]
fn std_01_admins_members_and_collaborators() {
    let Demo { mut store, joe, jill, sam, max, inc, wave, .. } = Demo::new().unwrap();
    store.add_collaborator(sam, wave, id(jill)).unwrap();
    let roles = [sam, max, jill, joe].map(|person| store.role(sam, inc, id(person)).unwrap());
    assert_eq!(roles, [Some(Role::Admin), Some(Role::Member), Some(Role::Collaborator), None]);
    let exist: Vec<TeamRole> = TeamRole::BUILT_IN.iter().copied().filter(|r| r.exists_in(TeamKind::Standard)).collect();
    assert_eq!(exist, [TeamRole::Admin, TeamRole::Member]);

    let (error, message) =
        (Error::ViewerInStandardTeam { team: inc }, format!("team `{inc}` is a Standard team, which has no viewers"));
    for person in [joe, jill] {
        refused(&mut store, |s| s.add_member(sam, inc, id(person), TeamRole::Viewer), &error, &message);
    }
    refused(&mut store, |s| s.set_member_role(sam, inc, id(max), TeamRole::Viewer), &error, &message);
    refused(&mut store, |s| s.set_default_role(sam, inc, TeamRole::Viewer), &error, &message);
    store.add_member(sam, inc, id(jill), TeamRole::Member).unwrap();
    store.set_member_role(sam, inc, id(max), TeamRole::Admin).unwrap();
    through(&store, max, wave, ALL, AccessSource::Role(Role::Admin));
    sound(&store);
}

#[test]
fn std_02_members_work_on_unlocked_apps_and_on_locked_ones_they_are_on() {
    let Demo { mut store, ada, joe, sam, max, inc, wave, .. } = Demo::new().unwrap();
    let role = AccessSource::Role(Role::Member);
    let role_and_grant = AccessSource::RoleAndGrant(Role::Member);
    for person in [joe, ada] {
        store.add_member(sam, inc, id(person), TeamRole::Member).unwrap();
    }
    let wider = store.create_app(sam, NewApp::in_team(inc)).unwrap();
    for app in [wave, wider] {
        through(&store, max, app, WORK, role);
    }
    store.join_app(max, wave).unwrap();
    through(&store, max, wave, WORK, role_and_grant);
    store.lock_app(sam, wave).unwrap();
    through(&store, max, wave, WORK, role_and_grant);
    through(&store, joe, wave, VIEW, role);
    through(&store, joe, wider, WORK, role);
    let late = register(&mut store, "late@acme-inc.com");
    store.add_member(sam, inc, id(late), TeamRole::Member).unwrap();
    through(&store, late, wave, VIEW, role);

    let web = "web".parse().unwrap();
    each_refused(
        &mut store,
        &[joe, late],
        |s, by| s.scale_app(by, wave, web, DynoSize::Basic, 1),
        |actor| {
            let (action, held) = (A::ScaleDynos, VIEW);
            let message = format!("scale-dynos on app `{wave}` needs deploy or operate; {actor} holds view");
            (Error::ActionNeedsPermission { actor, app: wave, action, held }, message)
        },
    );
    store.scale_app(max, wave, web, DynoSize::Basic, 1).unwrap();
    store.add_collaborator(sam, wave, id(joe)).unwrap();
    through(&store, joe, wave, WORK, role_and_grant);
    store.remove_collaborator(max, wave, id(max)).unwrap();
    store.remove_collaborator(sam, wave, id(joe)).unwrap();
    assert_eq!([max, joe].map(|by| holds(&store, by, wave)), [VIEW; 2]);

    store.set_member_role(sam, inc, id(ada), TeamRole::Admin).unwrap();
    let adas = store.create_app(ada, NewApp::in_team(inc).locked()).unwrap();
    store.set_member_role(sam, inc, id(ada), TeamRole::Member).unwrap();
    // Whoever creates an app is on it (PERM-6), with what every member holds.
    through(&store, ada, adas, WORK, role_and_grant);
    store.remove_collaborator(ada, adas, id(ada)).unwrap();
    through(&store, ada, adas, VIEW, role);
    store.unlock_app(sam, adas).unwrap();
    store.unlock_app(sam, wave).unwrap();
    for (by, app) in [(ada, adas), (max, adas), (max, wave), (late, wave)] {
        through(&store, by, app, WORK, role);
    }
    store.remove_member(sam, inc, id(max)).unwrap();
    assert_eq!([wave, wider].map(|app| holds(&store, max, app)), [EMPTY; 2]);
    sound(&store);
}

#[test]
fn std_03_only_admins_manage_and_members_add_collaborators() {
    let Demo { mut store, operator, ada, joe, jill, sam, max, inc, wave, .. } = Demo::new().unwrap();
    let made = store.create_app(max, NewApp::in_team(inc).named(app_name("max-made"))).unwrap();
    through(&store, max, made, WORK, AccessSource::RoleAndGrant(Role::Member));
    store.add_collaborator(max, made, id(jill)).unwrap();
    store.join_app(max, wave).unwrap();
    store.add_collaborator(max, wave, id(jill)).unwrap();

    for (app, name) in [(made, "max-made"), (wave, "frozen-wave-4030")] {
        let (none, no, unseen) = ([max, jill, operator], by_admins(app), hidden(app));
        each_refused(&mut store, &none, |s, by| s.rename_app(by, app, app_name("acme-website")), &no);
        each_refused(&mut store, &none, |s, by| s.delete_app(by, app, "wrong"), &no);
        each_refused(&mut store, &none, |s, by| s.delete_app(by, app, name), &no);
        each_refused(&mut store, &none, |s, by| s.lock_app(by, app), &no);
        each_refused(&mut store, &none, |s, by| s.unlock_app(by, app), &no);
        each_refused(&mut store, &none, |s, by| s.grant_permissions(by, app, id(joe), VIEW), &no);
        each_refused(&mut store, &none, |s, by| s.set_permissions(by, app, id(max), ALL), &no);
        each_refused(&mut store, &none, |s, by| s.remove_collaborator(by, app, id(sam)), &no);
        each_refused(&mut store, &[max, operator], |s, by| s.remove_collaborator(by, app, id(jill)), &no);
        each_refused(&mut store, &[jill, operator], |s, by| s.remove_collaborator(by, app, id(max)), &no);
        let add = |s: &mut TeamStore, by| s.add_collaborator(by, app, id(joe));
        let outside = [ada, joe];
        each_refused(&mut store, &outside, |s, by| s.rename_app(by, app, app_name("acme-website")), unseen);
        each_refused(&mut store, &outside, |s, by| s.delete_app(by, app, "wrong"), unseen);
        each_refused(&mut store, &outside, |s, by| s.delete_app(by, app, name), unseen);
        each_refused(&mut store, &outside, |s, by| s.lock_app(by, app), unseen);
        each_refused(&mut store, &outside, |s, by| s.unlock_app(by, app), unseen);
        each_refused(&mut store, &outside, |s, by| s.join_app(by, app), unseen);
        each_refused(&mut store, &outside, |s, by| s.grant_permissions(by, app, id(joe), VIEW), unseen);
        each_refused(&mut store, &outside, |s, by| s.set_permissions(by, app, id(max), ALL), unseen);
        for person in [sam, max, jill, joe, ada] {
            each_refused(&mut store, &outside, |s, by| s.remove_collaborator(by, app, id(person)), unseen);
        }
        each_refused(&mut store, &outside, add, unseen);
        each_refused(&mut store, &[jill, operator], add, |actor| {
            let message =
                format!("only admins and members of its team can add collaborators to app `{app}`; {actor} is neither");
            (Error::OnlyMembersAddCollaborators { actor, app }, message)
        });
        store.lock_app(sam, app).unwrap();
        each_refused(&mut store, &[max], add, |actor| {
            let message =
                format!("app `{app}` is locked, and only holders of `manage` can add people; {actor} does not hold it");
            (Error::OnlyManagersShareLockedApps { actor, app }, message)
        });
        store.add_collaborator(sam, app, id(ada)).unwrap();
        store.unlock_app(sam, app).unwrap();
        store.add_collaborator(max, app, id(joe)).unwrap();
        assert_eq!([max, jill, ada, joe].map(|by| holds(&store, by, app)), [WORK; 4]);
        assert!([max, jill].iter().all(|by| !store.can(*by, A::TransferApp, app)));
    }
    store.remove_collaborator(sam, made, id(max)).unwrap();
    store.rename_app(sam, made, app_name("sams-now")).unwrap();
    store.delete_app(sam, made, "sams-now").unwrap();
    sound(&store);
}

#[test]
fn std_03_only_admins_create_locked_apps() {
    let Demo { mut store, operator, ada, joe, jill, acme, sam, max, inc, wave, .. } = Demo::new().unwrap();
    store.add_collaborator(sam, wave, id(jill)).unwrap();
    let locked = |name| NewApp::in_team(inc).named(app_name(name)).locked();
    for name in ["walnut", "acme-website"] {
        each_refused(
            &mut store,
            &[max],
            |s, by| s.create_app(by, locked(name)),
            |actor| {
                let message =
                    format!("only admins can create locked apps in the Standard team `{inc}`; {actor} is not an admin");
                (Error::OnlyAdminsCreateLockedApps { actor, team: inc }, message)
            },
        );
        each_refused(
            &mut store,
            &[jill, ada, operator],
            |s, by| s.create_app(by, locked(name)),
            |actor| {
                let message = format!(
                    "only admins, members, and holders of a role with `create-apps`, can create apps in team `{inc}`; {actor} is none of these"
                );
                (Error::OnlyMembersCreateApps { actor, team: inc }, message)
            },
        );
    }
    let sams = store.create_app(sam, locked("walnut")).unwrap();
    assert_eq!(store.app(max, sams).unwrap().lock(), Lock::Locked);
    through(&store, max, sams, VIEW, AccessSource::Role(Role::Member));
    let open = store.create_app(max, NewApp::in_team(inc).named(app_name("almond"))).unwrap();
    assert_eq!(store.app(max, open).unwrap().lock(), Lock::Unlocked);
    store.set_member_role(sam, inc, id(max), TeamRole::Admin).unwrap();
    store.create_app(max, locked("hazel")).unwrap();

    // Who creates an app in an Enterprise Team holds `manage` on it (PERM-6), and a personal app is its owner's (PERM-10).
    let joes = store.create_app(joe, NewApp::in_team(acme).locked()).unwrap();
    store.unlock_app(joe, joes).unwrap();
    store.create_app(jill, NewApp::personal().locked()).unwrap();
    sound(&store);
}

#[test]
fn std_04_collaborators_work_without_paid_add_ons_and_chosen_permissions() {
    let Demo { mut store, jill, sam, max, inc, wave, .. } = Demo::new().unwrap();
    store.add_collaborator(max, wave, id(jill)).unwrap();
    through(&store, jill, wave, WORK, AccessSource::StandardGrant);
    for action in [A::AddPaidAddOn, A::RemovePaidAddOn, A::ChangePaidAddOnPlan] {
        each_refused(
            &mut store,
            &[jill],
            |s, by| s.check(by, action, wave),
            |actor| {
                let message = format!("only the team of app `{wave}` can do this: {action}; {actor} is a collaborator");
                (Error::OnlyTeamPaysForAddOns { actor, app: wave, action }, message)
            },
        );
        assert!([sam, max].iter().all(|by| store.can(*by, action, wave)));
    }
    let work = [A::PushCode, A::RestartApp, A::ScaleDynos, A::AddFreeAddOn, A::EditConfig];
    assert!(work.iter().all(|action| store.can(jill, *action, wave)));

    let (error, words) = (Error::PermissionsOnStandardApp { app: wave }, "where people hold view, deploy and operate");
    let message = format!("app `{wave}` belongs to a Standard team, {words}: none can be chosen");
    for person in [jill, max, sam] {
        for permissions in [VIEW, WORK, ALL] {
            refused(&mut store, |s| s.grant_permissions(sam, wave, id(person), permissions), &error, &message);
            refused(&mut store, |s| s.set_permissions(sam, wave, id(person), permissions), &error, &message);
        }
    }
    store.lock_app(sam, wave).unwrap();
    through(&store, jill, wave, WORK, AccessSource::StandardGrant);
    let other = store.create_app(sam, NewApp::in_team(inc)).unwrap();
    assert_eq!(holds(&store, jill, other), EMPTY);
    store.add_member(sam, inc, id(jill), TeamRole::Member).unwrap();
    through(&store, jill, wave, WORK, AccessSource::RoleAndGrant(Role::Member));
    assert!(store.can(jill, A::AddPaidAddOn, wave));
    sound(&store);
}
