//! X-2, SEC-1, PERM-11: who sees what; what one may not see, no answer names.

use std::collections::BTreeSet;

use enterprise_teams::demo::Demo;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    AccessSource, Actor, AppAction, AppId, Capability, Error, ErrorKind, Explanation, NewApp, NewTeam, Operation as O,
    Owner, PageRequest, Permission, PermissionSet, Role, Rule, Stage, TeamId, TeamRole, TeamStore, User, UserId,
    entity::{DynoSize, OAuthAccess},
    ids::{InvitationId, TransferId},
    query::{AppAccess, AppFilter, AuditFilter, AuditScope, PeopleFilter, TeamFilter},
};

use super::{first, walk};
use crate::support::{app_name, days, email, id, read, refused, register, team_name, through_client as via};

/// Three teams, one of them closed to third-party clients; personal apps; people in every relation to them.
pub(super) struct World {
    pub(super) store: TeamStore,
    pub(super) operator: Actor,
    pub(super) users: Vec<Actor>,
    pub(super) teams: Vec<TeamId>,
    pub(super) apps: Vec<AppId>,
}

pub(super) fn world() -> World {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, max, acme, inc, website, wave, .. } =
        Demo::new().unwrap();
    let [zoe, pam] = ["zoe@example.com", "pam@example.com"].map(|text| register(&mut store, text));
    let labs = store.provision_team(operator, NewTeam::enterprise(team_name("closed-labs"), id(sam))).unwrap();
    store.set_oauth_access(sam, labs, OAuthAccess::Denied).unwrap();
    store.add_member(sam, labs, id(joe), TeamRole::Member).unwrap();
    store.add_member(sam, labs, id(pam), TeamRole::Viewer).unwrap();
    store.add_member(ada, acme, id(max), TeamRole::Member).unwrap();
    let mut create = |actor, app: NewApp, name| store.create_app(actor, app.named(app_name(name))).unwrap();
    let lab = create(joe, NewApp::in_team(labs), "lab-one");
    let quiet = create(sam, NewApp::in_team(labs), "zz-quiet");
    let second = create(ada, NewApp::in_team(acme), "second-site");
    let locked = create(sam, NewApp::in_team(inc).locked(), "a-locked-one");
    let joes = create(joe, NewApp::personal(), "joes-own");
    let jills = create(jill, NewApp::personal(), "jills-own");
    let sams = create(sam, NewApp::personal(), "nobody-elses");
    store.grant_permissions(sam, lab, id(jill), PermissionSet::ALL).unwrap();
    store.grant_permissions(ada, second, id(sam), Permission::Manage.into()).unwrap();
    store.add_collaborator(sam, locked, id(jill)).unwrap();
    store.join_app(max, wave).unwrap();
    for person in [jill, vera] {
        store.add_collaborator(joe, joes, id(person)).unwrap();
    }
    store.add_collaborator(jill, jills, id(pam)).unwrap();
    let users = vec![ada, joe, vera, jill, sam, max, zoe, pam];
    let apps = vec![website, wave, lab, quiet, second, locked, joes, jills, sams];
    World { store, operator, users, teams: vec![acme, inc, labs], apps }
}

impl World {
    /// Every user, directly and through a third-party client, and the operator.
    pub(super) fn actors(&self) -> impl Iterator<Item = Actor> {
        self.users.iter().flat_map(|user| [*user, via(*user)]).chain([self.operator])
    }

    /// The user, directly.
    pub(super) fn of(&self, user: UserId) -> Actor {
        Actor::user(user, self.operator.at)
    }

    fn role(&self, team: TeamId, user: Actor) -> Option<Role> {
        self.store.role(self.operator, team, id(user)).unwrap()
    }

    /// Whether the actor's client is kept out of the team.
    fn closed(&self, team: TeamId, actor: Actor) -> bool {
        actor != self.operator && actor == via(actor) && team == self.teams[2]
    }

    /// In the team: admin, member or viewer.
    pub(super) fn inside(&self, team: TeamId, user: Actor) -> bool {
        !matches!(self.role(team, user), None | Some(Role::Collaborator))
    }

    /// In it, or on one of its apps, and let in.
    fn knows(&self, team: TeamId, actor: Actor) -> bool {
        actor == self.operator || !self.closed(team, actor) && self.role(team, actor).is_some()
    }

    pub(super) fn owner_team(&self, app: AppId) -> Option<TeamId> {
        self.store.app(self.operator, app).unwrap().owner().team()
    }
}

#[test]
fn app_10_visible_apps_are_those_that_one_can_view() {
    let world = world();
    let store = &world.store;
    for actor in world.actors().filter(|actor| *actor != world.operator) {
        let mut expected: Vec<_> =
            world.apps.iter().filter(|app| store.can(actor, AppAction::ViewApp, **app)).collect();
        expected.sort_by_key(|app| store.app(actor, **app).unwrap().name());
        for size in [1, 2, 1000] {
            let list = walk(size, |page| store.visible_apps(actor, &AppFilter::default(), page));
            assert_eq!(
                list.iter().map(|one| one.app.id()).collect::<Vec<_>>(),
                expected.iter().map(|app| **app).collect::<Vec<_>>()
            );
            for one in list {
                assert_eq!(store.permissions(actor, one.app.id()), Ok(one.held));
                assert!(core::ptr::eq(store.app(actor, one.app.id()).unwrap(), one.app));
            }
        }
        let own = walk(1, |page| store.visible_apps(actor, &AppFilter::default().containing("OWN"), page));
        let named = expected.iter().filter(|app| store.app(actor, ***app).unwrap().name().as_str().contains("own"));
        assert_eq!(own.len(), named.count());
    }
    let refusal = store.visible_apps(world.operator, &AppFilter::default(), &first(1)).unwrap_err();
    assert_eq!(refusal, Error::OperatorOwnsNoApps {});
}

/// Why the list of the people on an app is not for somebody.
fn refusal(world: &World, actor: Actor, app: AppId) -> Error {
    let (role, capability) = (Role::Collaborator, Capability::ViewUsers);
    match world.owner_team(app) {
        Some(team) if world.store.can(Actor::user(id(actor), actor.at), AppAction::ViewApp, app) => match team {
            _ if world.closed(team, actor) => Error::OAuthDenied { team },
            _ if team == world.teams[1] => Error::RoleLacksCapability { team, role, capability },
            _ => Error::CollaboratorLacksCapability { team, capability },
        },
        _ => Error::AppHidden { actor: actor.who, app },
    }
}

/// On the app itself, not only in its team; for an admin that sleeps.
fn is_on(store: &TeamStore, user: Actor, app: AppId) -> bool {
    let found = store.app_access_of(Actor::operator(user.at), app, id(user));
    found.is_ok_and(|one| {
        one.sleeping.is_some() || matches!(one.held.through, AccessSource::Grant | AccessSource::RoleAndGrant(_))
    })
}

#[test]
fn cap_02_a_collaborator_who_manages_an_app_is_not_told_who_else_is_in_the_team() {
    let Demo { mut store, operator, ada, joe, vera, jill, acme, website, .. } = Demo::new().unwrap();
    store.set_permissions(ada, website, id(jill), Permission::Manage.into()).unwrap();
    let list = |by, size| -> Vec<_> {
        walk(size, |page| store.app_access(by, website, page)).iter().map(|one| one.user.id()).collect()
    };
    for size in [1, 9] {
        assert_eq!(list(jill, size), [ada, jill, joe].map(id));
        for by in [joe, vera, operator] {
            assert_eq!(list(by, size), [ada, jill, joe, vera].map(id));
        }
    }
    let able = store.who_can(jill, AppAction::PushCode, website, &first(9)).unwrap();
    assert_eq!(able.items.iter().map(|one| one.user.id()).collect::<Vec<_>>(), [ada, joe].map(id));
    for shown in [ada, joe] {
        assert!(store.explain_to(jill, id(shown), AppAction::PushCode, website).unwrap().is_allowed());
    }
    let refusal = store.explain_to(jill, id(vera), AppAction::PushCode, website).unwrap_err();
    assert_eq!(refusal, Error::UserHidden { actor: jill.who, user: id(vera) });
    // What she manages she sees.
    store.grant_permissions(jill, website, id(vera), Permission::Deploy.into()).unwrap();
    let page = store.app_access(jill, website, &first(9)).unwrap();
    assert_eq!(page.items.iter().map(|one| one.user.id()).collect::<Vec<_>>(), [ada, jill, joe, vera].map(id));
    assert!(store.access_list(jill, acme, &PeopleFilter::default(), &first(9)).is_err());
}

/// An explanation names whom it is about.
#[test]
fn perm_11_nobody_is_told_of_strangers() {
    let Demo { mut store, operator, ada, joe, vera, acme, website, max, .. } = Demo::new().unwrap();
    let zoe = register(&mut store, "zoe@example.com");
    let app = store.create_app(joe, NewApp::personal()).unwrap();
    for hidden in [zoe, max] {
        for (actor, on) in [(ada, website), (vera, website), (joe, app)] {
            let error = Error::UserHidden { actor: actor.who, user: id(hidden) };
            let told = store.explain_to(actor, id(hidden), AppAction::ViewApp, on);
            assert_eq!(told.map(|told| told.to_string()), Err(error));
        }
        let error = Error::UserHidden { actor: ada.who, user: id(hidden) };
        let told = store.explain_to(ada, id(hidden), Capability::ViewApps, acme);
        assert_eq!(told.map(|told| told.to_string()), Err(error));
        assert!(!store.explain_to(operator, id(hidden), AppAction::ViewApp, website).unwrap().is_allowed());
    }
    store.add_member(ada, acme, id(zoe), TeamRole::Viewer).unwrap();
    assert!(store.explain_to(vera, id(zoe), AppAction::ViewApp, website).unwrap().is_allowed());
}

#[test]
fn perm_11_app_access_and_who_can_are_those_who_can() {
    let world = world();
    let store = &world.store;
    for app in &world.apps {
        let team = world.owner_team(*app);
        for actor in world.actors() {
            let manages = store.can(actor, AppAction::ManagePermissions, *app);
            let sees = actor == world.operator
                || team.is_some_and(|team| !world.closed(team, actor) && (manages || world.inside(team, actor)))
                || team.is_none() && store.can(actor, AppAction::ViewApp, *app);
            if !sees {
                let error = refusal(&world, actor, *app);
                assert_eq!(store.app_access(actor, *app, &first(9)).unwrap_err(), error);
                assert_eq!(store.who_can(actor, AppAction::ViewApp, *app, &first(9)).unwrap_err(), error);
                continue;
            }
            let whole = actor == world.operator || team.is_none_or(|team| world.inside(team, actor));
            let people = |action: &AppAction| {
                let able = world.users.iter().filter(|user| store.can(**user, *action, *app));
                let mut able: Vec<_> = able.filter(|user| whole || is_on(store, **user, *app)).collect();
                able.sort_by_key(|user| store.user(**user, id(**user)).unwrap().email());
                able.into_iter().map(|user| id(*user)).collect::<Vec<_>>()
            };
            for action in AppAction::ALL {
                let list = walk(2, |page| store.who_can(actor, *action, *app, page));
                assert_eq!(list.iter().map(|one| one.user.id()).collect::<Vec<_>>(), people(action), "{action}");
            }
            let list = walk(1, |page| store.app_access(actor, *app, page));
            assert_eq!(list.iter().map(|one| one.user.id()).collect::<Vec<_>>(), people(&AppAction::ViewApp));
            for one in list {
                let user = Actor::user(one.user.id(), days(0));
                assert_eq!(store.permissions(user, *app), Ok(one.held));
                assert_eq!(one.role, team.and_then(|team| world.role(team, user)));
            }
        }
    }
}

#[test]
fn x_02_user_hidden() {
    let mut world = world();
    let World { store, operator, .. } = &world;
    for actor in world.actors() {
        for person in &world.users {
            // A team: from inside, everybody on its Access list. A personal app: whoever is on it.
            let team = |team: &TeamId| {
                !world.closed(*team, actor) && world.inside(*team, actor) && world.role(*team, *person).is_some()
            };
            let on = |app: AppId, user: Actor| store.can(Actor::user(id(user), user.at), AppAction::ViewApp, app);
            let personal = |app: &&AppId| world.owner_team(**app).is_none();
            let shown = actor == *operator
                || id(actor) == id(*person)
                || world.teams.iter().any(team)
                || world.apps.iter().filter(personal).any(|app| on(*app, actor) && on(*app, *person));
            let hidden = Error::UserHidden { actor: actor.who, user: id(*person) };
            assert_eq!(store.user(actor, id(*person)).map(User::id), if shown { Ok(id(*person)) } else { Err(hidden) });
        }
    }
    let [ada, zoe] = [world.users[0], world.users[6]];
    let (hidden, text) = (Error::UserHidden { actor: zoe.who, user: id(ada) }, |actor: Actor, user| {
        format!("{} cannot see user `{user}`: they share neither a team nor a personal app", actor.who)
    });
    refused(&mut world.store, |store| store.user(zoe, id(ada)).cloned(), &hidden, &text(zoe, id(ada)));
}

#[test]
fn cap_01_teams_and_memberships_one_sees() {
    let world = world();
    let store = &world.store;
    for actor in world.actors() {
        for team in &world.teams {
            let standard = *team == world.teams[1];
            let sees = actor == world.operator
                || !world.closed(*team, actor)
                    && (world.inside(*team, actor) || standard && world.role(*team, actor).is_some());
            assert_eq!(store.team(actor, *team).is_ok(), sees);
            let name = store.team(world.operator, *team).unwrap().name();
            assert_eq!(store.team_by_name(actor, name).ok(), store.team(actor, *team).ok());
            let known = world.knows(*team, actor);
            assert_eq!(store.team_name(actor, *team).ok(), known.then_some(name));
            assert_eq!(store.team_id(actor, name).ok(), known.then_some(*team));
        }
        let list = walk(1, |page| store.memberships(actor, &TeamFilter::default(), page));
        let list: Vec<_> =
            list.iter().map(|one| (one.team.name().to_string(), one.team.id(), Role::from(one.role))).collect();
        let mut expected = Vec::new();
        for team in world.teams.iter().filter(|_| actor != world.operator) {
            if world.inside(*team, actor) && !world.closed(*team, actor) {
                let name = store.team(actor, *team).unwrap().name().to_string();
                expected.push((name, *team, world.role(*team, actor).unwrap()));
            }
        }
        expected.sort();
        assert_eq!(list, expected);
    }
}

/// Whoever does not see an app hears one thing of it, whatever they try, whoever owns it and whatever becomes of it.
#[test]
fn x_02_app_hidden() {
    let mut world = world();
    let [joe, jill, zoe] = [1, 3, 6].map(|user| world.users[user]);
    world.store.request_app_transfer(joe, world.apps[6], id(jill)).unwrap();
    let coupled = world.store.create_pipeline(joe, world.teams[0], read("flow")).unwrap();
    world.store.couple_app(joe, coupled, world.apps[0], Stage::Staging).unwrap();
    let pipelines = [coupled, world.store.create_pipeline(jill, id(jill), read("flow")).unwrap()];
    let (world, page, process) = (&world, PageRequest::default(), "web".parse().unwrap());
    let operations = |app: AppId| -> Vec<O> {
        let (permissions, name) = (PermissionSet::ALL, world.store.app(world.operator, app).unwrap().name());
        let receivers = world.teams.iter().map(|team| Owner::from(*team)).chain([id(joe).into()]);
        let alone = [
            O::RenameApp { app, name: app_name("free-name") },
            O::RenameApp { app, name },
            O::DeleteApp { app, confirmation: name.to_string() },
            O::DeleteApp { app, confirmation: String::new() },
            O::LockApp { app },
            O::UnlockApp { app },
            O::ScaleApp { app, process, size: DynoSize::Eco, quantity: 1 },
            O::ScaleApp { app, process, size: DynoSize::Basic, quantity: 0 },
            O::JoinApp { app },
            O::SetStage { app, stage: Stage::Staging },
            O::UncoupleApp { app },
            O::ReleaseApp { app, description: read("Deploy 8f3c2a1") },
            O::PromoteApp { app },
            O::PromoteAppTo { app, targets: world.apps.clone() },
        ];
        let coupling = pipelines.map(|pipeline| O::CoupleApp { pipeline, app, stage: Stage::Review });
        let with_people = world.users.iter().map(|user| id(*user)).flat_map(|user| {
            [
                O::GrantPermissions { app, user, permissions },
                O::AddCollaborator { app, user },
                O::SetPermissions { app, user, permissions },
                O::RemoveCollaborator { app, user },
                O::RequestAppTransfer { app, recipient: user },
            ]
        });
        alone
            .into_iter()
            .chain(coupling)
            .chain(receivers.map(|to| O::TransferApp { app, to }))
            .chain(with_people)
            .collect()
    };
    let (mut hidden, mut shown) = (0, 0);
    for (app, actor) in world.apps.iter().flat_map(|app| world.actors().map(|actor| (*app, actor))) {
        // Through a client one sees no less: what a team keeps clients out of is said to whoever sees the app.
        let user = actor.who.user().map(|user| Actor::user(user, actor.at));
        let sees = user.is_none_or(|user| world.store.can(user, AppAction::ViewApp, app));
        let error = Error::AppHidden { actor: actor.who, app };
        let mut answers: Vec<Result<(), Error>> = vec![
            world.store.ownership_history(actor, app).map(drop),
            world.store.app_access(actor, app, &page).map(drop),
            world.store.who_can(actor, AppAction::PushCode, app, &page).map(drop),
            world.store.audit_log(actor, &AuditFilter::new(AuditScope::App(app)), &page).map(drop),
        ];
        answers.extend(operations(app).iter().map(|operation| world.store.what_if(actor, operation).map(drop)));
        for answer in &answers {
            assert_eq!(*answer == Err(error.clone()), !sees, "{answer:?}");
        }
        let many = O::TransferMovableApps { apps: vec![app], to: id(joe).into() };
        if let Err(Error::BulkRefused { apps }) = world.store.what_if(actor, &many) {
            assert_eq!(apps.shown == [(app, error)], !sees);
        } else {
            assert!(sees);
        }
        *if sees { &mut shown } else { &mut hidden } += answers.len();
    }
    assert!(hidden > 1000 && shown > 1000, "{hidden} {shown}");
    let mut store = world.store.clone();
    for (actor, app) in [zoe, via(zoe)].into_iter().flat_map(|actor| world.apps.iter().map(move |app| (actor, *app))) {
        let message = format!("{} cannot see app `{app}`", actor.who);
        let error = Error::AppHidden { actor: actor.who, app };
        refused(&mut store, |store| store.lock_app(actor, app), &error, &message);
        assert_eq!((error.code(), error.rule(), error.kind()), ("app-hidden", Rule::X2, ErrorKind::Forbidden));
    }
}

#[test]
fn inv_05_lists_of_invitations() {
    let Demo { mut store, ada, joe, jill, sam, acme, inc, .. } = Demo::new().unwrap();
    let jills = store.invite_member(ada, acme, email("Jill@CreativeInc.com"), TeamRole::Viewer).unwrap();
    let others = ["a@x.io", "b@x.io", "z@x.io"]
        .map(|text| store.invite_member(ada.at(days(10)), acme, email(text), TeamRole::Member).unwrap());
    let hers = store.invite_member(sam.at(days(10)), inc, email("jill@creativeinc.com"), TeamRole::Admin).unwrap();
    let team = |actor: Actor, day, size| -> Vec<InvitationId> {
        walk(size, |page| store.pending_invitations(actor.at(days(day)), acme, page))
            .iter()
            .map(|one| one.id())
            .collect()
    };
    let mine = |actor: Actor, day| -> Vec<InvitationId> {
        walk(1, |page| store.my_invitations(actor.at(days(day)), page)).iter().map(|one| one.id()).collect()
    };
    let [a, b, z] = others;
    for size in [1, 2, 9] {
        assert_eq!([team(joe, 10, size), team(ada, 29, size)], [vec![a, b, jills, z], vec![a, b, jills, z]]);
        // Thirty days after it was sent, an invitation is pending no more.
        assert_eq!(
            [team(ada, 30, size), team(ada, 39, size), team(ada, 40, size)],
            [vec![a, b, z], vec![a, b, z], vec![]]
        );
    }
    let mut both = vec![jills, hers];
    both.sort();
    assert_eq!((mine(jill, 10), mine(jill, 30), mine(jill, 40), mine(joe, 10)), (both, vec![hers], vec![], vec![]));
    store.set_oauth_access(sam, inc, OAuthAccess::Denied).unwrap();
    let through = walk(1, |page| store.my_invitations(via(jill), page));
    assert_eq!(through.iter().map(|one| one.id()).collect::<Vec<_>>(), [jills]);
}

#[test]
fn trf_04_lists_of_pending_transfers() {
    let Demo { mut store, ada, joe, jill, max, .. } = Demo::new().unwrap();
    let requests = [(ada, jill), (jill, ada), (joe, jill), (joe, max)].map(|(owner, recipient)| {
        let app = store.create_app(owner, NewApp::personal()).unwrap();
        store.add_collaborator(owner, app, id(recipient)).unwrap();
        (store.request_app_transfer(owner, app, id(recipient)).unwrap(), app, owner, recipient)
    });
    let list = |store: &TeamStore, actor| -> Vec<TransferId> {
        walk(1, |page| store.pending_transfers(actor, page)).iter().map(|one| one.id()).collect()
    };
    for actor in [ada, joe, jill, max, via(jill)] {
        let concerned =
            requests.iter().filter(|(_, _, owner, recipient)| [*owner, *recipient].map(id).contains(&id(actor)));
        let mut expected: Vec<_> = concerned.map(|(transfer, ..)| *transfer).collect();
        expected.sort();
        assert_eq!(list(&store, actor), expected);
    }
    store.accept_app_transfer(jill, requests[0].0).unwrap();
    store.decline_app_transfer(ada, requests[1].0).unwrap();
    store.remove_collaborator(joe, requests[2].1, id(jill)).unwrap();
    store.cancel_app_transfer(joe, requests[3].0).unwrap();
    assert_eq!([ada, joe, jill, max].map(|actor| list(&store, actor).len()), [0; 4]);
}

/// The names that the actor may not know, as far as the text has them.
fn leaked(world: &World, actor: Actor, text: &str) -> Vec<String> {
    let World { store, operator, .. } = world;
    let users = world.users.iter().filter(|user| store.user(actor, id(**user)).is_err());
    let users = users.map(|user| store.user(*operator, id(*user)).unwrap().email().to_string());
    let teams = world.teams.iter().filter(|team| !world.knows(**team, actor));
    let teams = teams.map(|team| store.team(*operator, *team).unwrap().name().to_string());
    let apps = world.apps.iter().filter(|app| store.app(actor, **app).is_err());
    let apps = apps.map(|app| store.app(*operator, *app).unwrap().name().to_string());
    users.chain(teams).chain(apps).filter(|name| text.contains(&format!("`{name}`"))).collect()
}

/// The ids of that whose name the actor may know, as far as the text has them.
fn left_as_ids(world: &World, actor: Actor, text: &str) -> Vec<String> {
    let World { store, .. } = world;
    let users = world.users.iter().map(|user| id(*user)).filter(|user| store.user(actor, *user).is_ok());
    let teams = world.teams.iter().filter(|team| world.knows(**team, actor)).map(ToString::to_string);
    let apps = world.apps.iter().filter(|app| store.app(actor, **app).is_ok()).map(ToString::to_string);
    users.map(|user| user.to_string()).chain(teams).chain(apps).filter(|id| text.contains(id)).collect()
}

#[test]
fn x_02_readable_names_what_the_actor_may_know_and_nothing_else() {
    let world = world();
    let store = &world.store;
    for actor in world.actors() {
        for user in world.users.iter().map(|user| id(*user)) {
            let name = store.user(actor, user).map_or(user.to_string(), |user| user.email().to_string());
            assert_eq!(store.readable(actor, &user), name);
        }
        for team in &world.teams {
            let name = store.team(world.operator, *team).unwrap().name().to_string();
            assert_eq!(store.readable(actor, team), if world.knows(*team, actor) { name } else { team.to_string() });
        }
        for app in &world.apps {
            let name = store.app(actor, *app).map_or(app.to_string(), |app| app.name().to_string());
            assert_eq!(store.readable(actor, app), name);
        }
        // What every refusal says.
        for ((user, team), app) in world.users.iter().zip(world.teams.iter().cycle()).zip(world.apps.iter().cycle()) {
            let (user, team, app) = (id(*user), *team, *app);
            for operation in [
                O::DeleteUser { user },
                O::DeleteTeam { team },
                O::AddMember { team, user, role: TeamRole::Viewer },
                O::RemoveMember { team, user },
                O::LockApp { app },
                O::AddCollaborator { app, user },
                O::TransferApp { app, to: team.into() },
                O::TransferApps { apps: world.apps.clone(), to: user.into() },
            ] {
                let Err(error) = store.what_if(actor, &operation) else { continue };
                let problem = store.problem(actor, &error);
                assert_eq!(problem.detail, store.readable(actor, &error));
                let remedy = problem.remedy.iter().flat_map(|remedy| [Some(&remedy.text), remedy.from.as_ref()]);
                for text in remedy.flatten().chain([&problem.detail]) {
                    assert_eq!(leaked(&world, actor, text), [""; 0], "{error}");
                    assert_eq!(left_as_ids(&world, actor, text), [""; 0], "{error}");
                }
            }
        }
    }
}

/// An explanation up to the way out, where people are named: whoever asks is told of those whom they see.
fn without_names(explanation: &Explanation<'_>) -> String {
    let text = explanation.to_string();
    text.split("; way out").next().expect("a part").to_owned()
}

fn names<'s>(people: impl Iterator<Item = &'s User>) -> BTreeSet<String> {
    people.map(|user| user.email().to_string()).collect()
}

/// Whom `actor` is told of that could let the subject do what they may not: of those whom `actor` sees on the app, the other
/// holders of `manage`; who is not in its team is told of those who were given it on the app.
fn managers_seen(store: &TeamStore, actor: Actor, app: AppId, subject: Actor, allowed: bool) -> BTreeSet<String> {
    let seen = store.app_access(actor, app, &first(100)).expect("the asker sees who is on the app").items;
    let team = store.app(actor, app).expect("the asker sees it").owner().team();
    let inside = team.is_none_or(|team| store.access_list(actor, team, &PeopleFilter::default(), &first(1)).is_ok());
    let manages = |access: &AppAccess<'_>| {
        let given = inside || access.sleeping.is_none_or(|set| set.contains(Permission::Manage));
        given && access.held.permissions.contains(Permission::Manage)
    };
    let others = seen.iter().filter(|access| manages(access) && access.user.id() != id(subject) && !allowed);
    names(others.map(|access| access.user))
}

/// What one is told of others is what they are told themselves, for who sees who is on the app or in the team, and sees them; with the
/// names that one knows oneself.
#[test]
fn perm_11_explanations_about_others() {
    let world = world();
    let store = &world.store;
    let (mut told, mut kept) = (0, 0);
    for actor in world.actors() {
        for subject in &world.users {
            let own = actor.who.user() == Some(id(*subject));
            let asked_as = if own { actor } else { *subject };
            let sees = store.user(actor, id(*subject)).is_ok();
            let hidden = Error::UserHidden { actor: actor.who, user: id(*subject) };
            for app in &world.apps {
                let found = store.explain_to(actor, id(*subject), AppAction::PushCode, *app);
                if let (Ok(found), false) = (&found, own) {
                    assert_eq!(
                        names(found.grantors()),
                        managers_seen(store, actor, *app, *subject, found.is_allowed())
                    );
                }
                let found = found.map(|one| without_names(&one));
                let expected = match store.app_access(actor, *app, &first(1)) {
                    Err(error) if !own => Err(error),
                    _ if !own && !sees && !is_on(store, *subject, *app) => Err(hidden.clone()),
                    _ => {
                        let told = store.explain(asked_as, AppAction::PushCode, *app);
                        told.map(|one| without_names(&one).replace(&app.to_string(), &store.readable(actor, app)))
                    }
                };
                assert_eq!(found, expected);
                *if found.is_ok() { &mut told } else { &mut kept } += 1;
            }
            for team in &world.teams {
                let found = store.explain_to(actor, id(*subject), Capability::CreateApps, *team);
                let found = found.map(|one| without_names(&one));
                let expected = match store.role(actor, *team, id(*subject)) {
                    Err(error) if !own => Err(error),
                    _ if !own && !sees => Err(hidden.clone()),
                    _ => {
                        let told = store.explain(asked_as, Capability::CreateApps, *team);
                        told.map(|one| without_names(&one).replace(&team.to_string(), &store.readable(actor, team)))
                    }
                };
                assert_eq!(found, expected);
                *if found.is_ok() { &mut told } else { &mut kept } += 1;
            }
        }
    }
    assert!(told > 500 && kept > 500, "{told} {kept}");
    let (nobody, ada) = (UserId::from_uuid(Uuid::nil()), world.users[0]);
    let missing = store.explain_to(ada, nobody, AppAction::ViewApp, world.apps[0]).unwrap_err();
    assert_eq!(missing, Error::UserNotFound { user: nobody });
}

#[test]
fn perm_11_explanations_name_only_what_the_actor_sees() {
    let world = world();
    let store = &world.store;
    let mut leaks = Vec::new();
    for actor in world.actors() {
        // Whoever sees who is on an app may be told of them.
        let lists = world.apps.iter().filter_map(|app| store.app_access(actor, *app, &first(100)).ok());
        let listed: BTreeSet<String> =
            lists.flat_map(|page| page.items).map(|access| access.user.email().to_string()).collect();
        let on_apps =
            world.apps.iter().flat_map(|app| AppAction::ALL.iter().map(|action| store.explain(actor, *action, *app)));
        let on_teams =
            world.teams.iter().flat_map(|team| Capability::ALL.iter().map(|one| store.explain(actor, *one, *team)));
        for explanation in on_apps.chain(on_teams) {
            let explanation = explanation.unwrap();
            let mut names = leaked(&world, actor, &explanation.to_string());
            names.retain(|name| !listed.contains(name));
            if !names.is_empty() {
                leaks.push(format!("{explanation} names {names:?}"));
            }
            let hidden = explanation.grantors().filter(|user| store.user(actor, user.id()).is_err());
            let hidden = hidden.filter(|user| !listed.contains(user.email().as_str()));
            assert_eq!(hidden.count(), 0, "{explanation}");
        }
    }
    assert!(leaks.is_empty(), "{} leaks, the first: {:#?}", leaks.len(), &leaks[..leaks.len().min(4)]);
}
