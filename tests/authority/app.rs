//! What permissions allow on an app, as whom they are held, and what roles hold on every app.

use std::collections::BTreeSet;

use enterprise_teams::chrono::{DateTime, TimeDelta, Utc};
use enterprise_teams::demo::id;
use enterprise_teams::{
    Actor, AppAction, AppId, Error, GroupId, NewApp, NewTeam, NewUser, Owner, PageRequest, Permission, PermissionSet,
    PipelineId, Role, TeamKind, TeamStore, UserId,
    entity::DynoSize,
    ids::AddOnId,
    query::{AppFilter, AuditFilter, AuditScope},
};

use crate::world::{World, labels, plan, published, service, text};
use crate::{Outcome, bound, fits, none, rows, said};

const ACTIONS: &str = include_str!("../tables/app-actions.tsv");
const ROLES: &str = include_str!("../tables/roles-on-every-app.tsv");

/// An app, and who tries something on it.
#[derive(Clone)]
struct Place {
    store: TeamStore,
    /// Who prepares things: an admin, or the owner.
    boss: Actor,
    by: Actor,
    app: AppId,
    owner: Kind,
    /// A team in which whoever tries is an admin.
    other: Owner,
    /// On the app.
    bystander: UserId,
    /// Not on the app.
    newcomer: UserId,
    held: PermissionSet,
    /// As whom it is held, in the words of the table; none for collaborators where no permissions are chosen.
    holder: &'static str,
    locked: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Enterprise,
    Standard,
    Personal,
}

type Attempt = fn(&mut Place) -> Outcome;

/// What waits behind a yes on an app of each kind of owner; where it is not tried at all.
struct Below {
    enterprise: Option<&'static str>,
    standard: Option<&'static str>,
    personal: Option<&'static str>,
    not: fn(&Place) -> bool,
}

const YES: Below = Below { enterprise: None, standard: None, personal: None, not: |_| false };

/// Groups are of Enterprise Teams.
const GROUPS: Below =
    Below { standard: Some("permissions-on-standard-app"), personal: Some("permissions-on-personal-app"), ..YES };

const COUPLED: Below = Below { not: |p| !["owner", "admin", "member"].contains(&p.holder), ..YES };

/// The pipeline in which the app is.
fn coupled(p: &mut Place) -> PipelineId {
    let owner = p.store.app(p.boss, p.app).unwrap().owner();
    let flow = p.store.create_pipeline(p.boss, owner, text("some-flow")).unwrap();
    p.store.couple_app(p.boss, flow, p.app, text("staging")).unwrap();
    flow
}

fn done<T>(answer: Result<T, Error>) -> Outcome {
    answer.map(|_| true)
}

fn first<T>(answer: Result<T, Error>) -> Outcome {
    match answer {
        Err(Error::BulkRefused { apps } | Error::PromotionRefused { apps }) => Err(apps.shown[0].1.clone()),
        other => done(other),
    }
}

/// A group of the team of the app, or of another where the app is no Enterprise Team's.
fn group(p: &mut Place) -> GroupId {
    let operator = Actor::operator(p.boss.at);
    let team = match p.store.app(operator, p.app).unwrap().owner() {
        Owner::Team(team) if p.owner == Kind::Enterprise => team,
        _ => p.store.provision_team(operator, NewTeam::enterprise(text("with-groups"), id(p.boss))).unwrap(),
    };
    p.store.create_group(p.boss, team, text("some-group")).unwrap()
}

/// As [`group`]; granted `view` where groups are.
fn granted(p: &mut Place) -> GroupId {
    let group = group(p);
    if p.owner == Kind::Enterprise {
        p.store.grant_group_permissions(p.boss, p.app, group, PermissionSet::VIEW).unwrap();
    }
    group
}

fn later(p: &Place) -> DateTime<Utc> {
    p.boss.at + TimeDelta::days(7)
}

fn add_on(p: &mut Place, price: u32) -> AddOnId {
    p.store.install_add_on(p.boss, p.app, service(), plan(price)).unwrap()
}

/// In a pipeline with an app of the next stage, on which whoever tries holds the same.
fn staged(p: &mut Place) -> AppId {
    let owner = p.store.app(p.boss, p.app).unwrap().owner();
    let flow = p.store.create_pipeline(p.boss, owner, text("some-flow")).unwrap();
    let new = match owner {
        Owner::Team(team) => NewApp::in_team(team),
        Owner::User(_) => NewApp::personal(),
    };
    let target = p.store.create_app(p.boss, new).unwrap();
    let on_it = p.store.permissions(p.by, target).map_or(PermissionSet::EMPTY, |held| held.permissions);
    if on_it != p.held {
        match p.owner {
            Kind::Enterprise => p.store.grant_permissions(p.boss, target, id(p.by), p.held).unwrap(),
            Kind::Standard | Kind::Personal => p.store.add_collaborator(p.boss, target, id(p.by)).unwrap(),
        }
    }
    p.store.couple_app(p.boss, flow, p.app, text("staging")).unwrap();
    p.store.couple_app(p.boss, flow, target, text("production")).unwrap();
    p.store.release_app(p.boss, p.app, text("one")).unwrap();
    target
}

fn scale(p: &mut Place, size: DynoSize, quantity: u16) -> Outcome {
    p.store.scale_app(p.boss, p.app, text("web"), DynoSize::Standard1X, 1).unwrap();
    done(p.store.scale_app(p.by, p.app, text("web"), size, quantity))
}

#[rustfmt::skip]
const ATTEMPTS: &[(AppAction, &str, Below, Attempt)] = &[
    (AppAction::ViewApp, "app", YES, |p| done(p.store.app(p.by, p.app))),
    (AppAction::ViewApp, "app_by_name", YES, |p| done(p.store.app_by_name(p.by, text("tried-app")))),
    (AppAction::ViewApp, "visible_apps", YES, |p| {
        let app = p.app;
        p.store.visible_apps(p.by, &AppFilter::default(), &PageRequest::default()).map(|page| page.items.iter().any(|one| one.app.id() == app))
    }),
    (AppAction::ViewApp, "coupling", YES, |p| done(p.store.coupling(p.by, p.app))),
    (AppAction::RenameApp, "rename_app", YES, |p| done(p.store.rename_app(p.by, p.app, text("new-app")))),
    (AppAction::RenameApp, "set_app_labels", YES, |p| done(p.store.set_app_labels(p.by, p.app, labels()))),
    (AppAction::DeleteApp, "delete_app", YES, |p| done(p.store.delete_app(p.by, p.app, "tried-app"))),
    // Members of a Standard team add people to unlocked apps by another row (STD-3).
    (AppAction::ManageCollaborators, "add_collaborator", Below { enterprise: Some("permissions-missing"), not: |p| p.owner == Kind::Standard && !p.locked, ..YES },
        |p| done(p.store.add_collaborator(p.by, p.app, p.newcomer))),
    (AppAction::ManageCollaborators, "remove_collaborator", YES, |p| done(p.store.remove_collaborator(p.by, p.app, p.bystander))),
    (AppAction::ManageCollaborators, "set_grant_end", YES, |p| { let later = later(p); done(p.store.set_grant_end(p.by, p.app, p.bystander, Some(later))) }),
    (AppAction::ManagePermissions, "grant_permissions", Below { standard: Some("permissions-on-standard-app"), personal: Some("permissions-on-personal-app"), ..YES },
        |p| done(p.store.grant_permissions(p.by, p.app, p.newcomer, Permission::Deploy.into()))),
    (AppAction::ManagePermissions, "set_permissions", Below { standard: Some("permissions-on-standard-app"), personal: Some("permissions-on-personal-app"), ..YES },
        |p| done(p.store.set_permissions(p.by, p.app, p.bystander, Permission::Manage.into()))),
    (AppAction::ManagePermissions, "grant_group_permissions", GROUPS, |p| { let group = group(p); done(p.store.grant_group_permissions(p.by, p.app, group, Permission::Deploy.into())) }),
    (AppAction::ManagePermissions, "set_group_permissions", GROUPS, |p| { let group = granted(p); done(p.store.set_group_permissions(p.by, p.app, group, Permission::Manage.into())) }),
    (AppAction::ManagePermissions, "revoke_group_permissions", GROUPS, |p| { let group = granted(p); done(p.store.revoke_group_permissions(p.by, p.app, group)) }),
    (AppAction::ManagePermissions, "set_group_grant_end", GROUPS, |p| { let (group, later) = (granted(p), later(p)); done(p.store.set_group_grant_end(p.by, p.app, group, Some(later))) }),
    (AppAction::LockApp, "lock_app", Below { not: |p| p.locked, ..YES }, |p| done(p.store.lock_app(p.by, p.app))),
    (AppAction::LockApp, "unlock_app", Below { not: |p| !p.locked, ..YES }, |p| done(p.store.unlock_app(p.by, p.app))),
    (AppAction::TransferApp, "transfer_app", YES, |p| done(p.store.transfer_app(p.by, p.app, p.other))),
    (AppAction::TransferApp, "transfer_apps", YES, |p| first(p.store.transfer_apps(p.by, &[p.app], p.other))),
    (AppAction::TransferApp, "transfer_movable_apps", YES, |p| first(p.store.transfer_movable_apps(p.by, &[p.app], p.other))),
    (AppAction::TransferApp, "request_app_transfer", Below { enterprise: Some("request-on-team-app"), standard: Some("request-on-team-app"), ..YES },
        |p| done(p.store.request_app_transfer(p.by, p.app, p.bystander))),
    (AppAction::PushCode, "release_app", YES, |p| done(p.store.release_app(p.by, p.app, text("one")))),
    (AppAction::ListAddOns, "add_ons", YES, |p| done(p.store.add_ons(p.by, p.app))),
    (AppAction::AddFreeAddOn, "install_add_on", YES, |p| done(p.store.install_add_on(p.by, p.app, service(), plan(0)))),
    (AppAction::AddPaidAddOn, "install_add_on", YES, |p| done(p.store.install_add_on(p.by, p.app, service(), plan(5)))),
    (AppAction::RemoveFreeAddOn, "remove_add_on", YES, |p| { let free = add_on(p, 0); done(p.store.remove_add_on(p.by, free)) }),
    (AppAction::RemovePaidAddOn, "remove_add_on", YES, |p| { let paid = add_on(p, 5); done(p.store.remove_add_on(p.by, paid)) }),
    (AppAction::ChangeFreeAddOnPlan, "change_add_on_plan", YES, |p| {
        let free = add_on(p, 0);
        done(p.store.change_add_on_plan(p.by, free, enterprise_teams::entity::Plan { name: text("other-plan"), price: 0 }))
    }),
    (AppAction::ChangePaidAddOnPlan, "change_add_on_plan", YES, |p| { let free = add_on(p, 0); done(p.store.change_add_on_plan(p.by, free, plan(5))) }),
    (AppAction::ViewDynos, "formation", YES, |p| done(p.store.formation(p.by, p.app))),
    (AppAction::ViewReleases, "release", YES, |p| done(p.store.release(p.by, p.app))),
    (AppAction::ScaleDynos, "scale_app", YES, |p| scale(p, DynoSize::Standard1X, 2)),
    (AppAction::ResizeDynos, "scale_app", YES, |p| scale(p, DynoSize::Standard2X, 1)),
    // Couples whoever manages the pipeline, too: owners, admins and members (PIPE-2).
    (AppAction::CoupleApp, "couple_app", COUPLED, |p| {
        let owner = p.store.app(p.boss, p.app)?.owner();
        let flow = p.store.create_pipeline(p.boss, owner, text("some-flow")).unwrap();
        done(p.store.couple_app(p.by, flow, p.app, text("staging")))
    }),
    (AppAction::CoupleApp, "set_stage", COUPLED, |p| { coupled(p); done(p.store.set_stage(p.by, p.app, text("review"))) }),
    (AppAction::CoupleApp, "uncouple_app", COUPLED, |p| { coupled(p); done(p.store.uncouple_app(p.by, p.app)) }),
    (AppAction::CoupleApp, "delete_pipeline", COUPLED, |p| { let flow = coupled(p); done(p.store.delete_pipeline(p.by, flow)) }),
    (AppAction::PromoteApp, "promote_app", Below { not: |p| p.locked, ..YES }, |p| { staged(p); first(p.store.promote_app(p.by, p.app)) }),
    (AppAction::PromoteApp, "promote_app_to", Below { not: |p| p.locked, ..YES }, |p| { let target = staged(p); first(p.store.promote_app_to(p.by, p.app, &[target])) }),
    (AppAction::ViewHistory, "audit_log", YES, |p| done(p.store.audit_log(p.by, &AuditFilter::new(AuditScope::App(p.app)), &PageRequest::default()))),
    (AppAction::ViewHistory, "ownership_history", YES, |p| done(p.store.ownership_history(p.by, p.app))),
];

fn set(text: &str) -> PermissionSet {
    text.parse().unwrap()
}

/// What a role holds on every app, by the copy of the table.
fn by_role(kind: TeamKind, role: Role, locked: bool) -> PermissionSet {
    let kind = match kind {
        TeamKind::Enterprise => "enterprise",
        TeamKind::Standard => "standard",
    };
    let lock = if locked { "locked" } else { "unlocked" };
    let row = rows(ROLES).into_iter().find(|row| row[..3] == [kind, &role.to_string(), lock]);
    row.map_or(PermissionSet::EMPTY, |row| set(row[3]))
}

/// Every way to hold something on a team's app.
fn in_teams() -> Vec<Place> {
    let mut places = Vec::new();
    for (kind, owner) in [(TeamKind::Enterprise, Kind::Enterprise), (TeamKind::Standard, Kind::Standard)] {
        let roles = published(kind);
        for (role, locked) in roles.flat_map(|role| [(role, false), (role, true)]) {
            let holder = match (role, kind) {
                (Role::Admin, _) => "admin",
                (Role::Member, _) => "member",
                (Role::Viewer, _) => "viewer",
                (Role::Custom, _) => unreachable!("in no published table"),
                (Role::Collaborator, TeamKind::Enterprise) => "collaborator",
                (Role::Collaborator, TeamKind::Standard) => "standard-collaborator",
            };
            let others = [Permission::Deploy, Permission::Operate, Permission::Manage];
            let chosen = kind == TeamKind::Enterprise && role != Role::Admin;
            for bits in 0..if chosen { 8 } else { 1 } {
                let (mut world, by) = World::new(kind, role);
                let given = others.iter().enumerate().filter(|(bit, _)| bits & (1 << bit) != 0).map(|(_, one)| *one);
                let given = PermissionSet::VIEW | given.collect::<PermissionSet>();
                let app = NewApp::in_team(world.team).named(text("tried-app"));
                world.app = world.store.create_app(world.boss, if locked { app.locked() } else { app }).unwrap();
                world.put_on_app(world.bystander, PermissionSet::VIEW);
                let mut held = by_role(kind, role, locked);
                if role == Role::Collaborator {
                    world.put_on_app(by, given);
                    held = if chosen { given } else { PermissionSet::WORK };
                } else if bits > 0 {
                    world.put_on_app(by, given);
                    held = held | given;
                }
                let World { store, boss, app, outsider, bystander, other, .. } = world;
                let (newcomer, bystander) = (id(outsider), id(bystander));
                places.push(Place {
                    store,
                    boss,
                    by,
                    app,
                    owner,
                    other: Owner::Team(other),
                    bystander,
                    newcomer,
                    held,
                    holder,
                    locked,
                });
            }
        }
    }
    places
}

/// The owner of a personal app, and a collaborator on it.
fn personal() -> Vec<Place> {
    let (world, by) = World::new(TeamKind::Enterprise, Role::Member);
    let of = |owner: Actor, locked: bool| {
        let mut world = world.clone();
        let app = NewApp::personal().named(text("tried-app"));
        let app = world.store.create_app(owner, if locked { app.locked() } else { app }).unwrap();
        world.store.add_collaborator(owner, app, id(world.bystander)).unwrap();
        (world, app)
    };
    let place = |(world, app): (World, AppId), boss: Actor, held, holder, locked| {
        let World { mut store, other, bystander, .. } = world;
        let newcomer = store.register_user(world.operator, NewUser::new(text("new@authority.io"))).unwrap();
        let (other, bystander) = (Owner::Team(other), id(bystander));
        Place { store, boss, by, app, owner: Kind::Personal, other, bystander, newcomer, held, holder, locked }
    };
    let mut places = Vec::new();
    for locked in [false, true] {
        places.push(place(of(by, locked), by, PermissionSet::ALL, "owner", locked));
        let (mut with, app) = of(world.boss, locked);
        with.store.add_collaborator(world.boss, app, id(by)).unwrap();
        places.push(place((with, app), world.boss, PermissionSet::WORK, "personal-collaborator", locked));
    }
    places
}

#[test]
fn perm_09_operations_and_questions_follow_the_table() {
    let tried = ATTEMPTS.iter().map(|(row, name, ..)| (row.code(), *name)).collect::<BTreeSet<_>>();
    bound(AppAction::ALL.iter().map(|one| (one.code(), one.asked_by())), &tried);

    let (table, mut faults) = (rows(ACTIONS), Vec::new());
    for place in in_teams().into_iter().chain(personal()) {
        let Place { store, by, app, held, holder, owner, locked, .. } = &place;
        let lock = if *locked { "a locked" } else { "an unlocked" };
        for action in AppAction::ALL.iter().copied() {
            let row = table.iter().find(|row| row[1] == action.code()).unwrap();
            let expected =
                held.intersects(set(row[2])) && (row[3] == "any" || row[3].split(',').any(|one| one == *holder));
            let cell = format!("{action} for a {holder} with {held} on {lock} app ({owner:?})");
            if store.can(*by, action, *app) != expected {
                faults.push(format!("{cell}: the copy of the table says {expected}, `can` does not"));
            }
            for (_, name, below, attempt) in ATTEMPTS.iter().filter(|(of, ..)| *of == action) {
                if (below.not)(&place) {
                    continue;
                }
                let below = match owner {
                    Kind::Enterprise => below.enterprise,
                    Kind::Standard => below.standard,
                    Kind::Personal => below.personal,
                };
                let outcome = attempt(&mut place.clone());
                if !fits(expected, &outcome, below) {
                    faults.push(format!("{cell}: expected {expected}, {name} {}", said(&outcome)));
                }
            }
        }
    }
    none(&faults);
}
