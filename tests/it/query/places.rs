//! PIPE-8, SPC-2, ENT-3, APP-10: who sees pipelines and spaces, and the pages of their lists and of an account's.

use core::cmp::Ordering;

use enterprise_teams::demo::Demo;
use enterprise_teams::{
    AccountId, Actor, AppAction, AppId, Error, NewApp, NewSpace, NewTeam, NewUser, Operation as O, Owner, Page,
    PageRequest, PipelineId, Role, SpaceId, Stage, TeamId, TeamRole, TeamStore, UserId,
    entity::{Lock, OAuthAccess},
    query::{
        AccountMemberFilter, AppFilter, AppOrPipeline, AppSort, EntryKind, PeopleFilter, PipelineFilter, SpaceFilter,
        TeamFilter,
    },
};

use super::sight::{World, world};
use super::{List, first, walk};
use crate::support::{app_name, days, email, id, read, register, team_name, through_client as via};

/// The pages of these sizes hold the same as the whole.
#[track_caller]
fn paged<T: PartialEq + core::fmt::Debug>(list: impl Fn(&PageRequest) -> Result<Page<T>, Error>) -> Vec<T> {
    let all = walk(1000, &list);
    for size in [1, 2, 3, all.len().max(1), all.len() + 1] {
        assert_eq!(walk(size, &list), all, "by {size}");
    }
    all
}

/// Who does not see a pipeline, or a space, hears one thing of it, whatever they try.
#[test]
fn x_02_pipelines_and_spaces_hidden() {
    let World { mut store, operator, users, teams, apps } = world();
    let [ada, joe, jill, sam] = [0, 1, 3, 4].map(|user: usize| users[user]);
    let mut pipeline = |by, owner: Owner, app: Option<AppId>| {
        let pipeline = store.create_pipeline(by, owner, read("flow")).unwrap();
        if let Some(app) = app {
            store.couple_app(by, pipeline, app, Stage::Test).unwrap();
        }
        pipeline
    };
    let pipelines = [
        pipeline(ada, teams[0].into(), Some(apps[0])),
        pipeline(sam, teams[1].into(), None),
        pipeline(sam, teams[2].into(), Some(apps[2])),
        pipeline(joe, id(joe).into(), Some(apps[6])),
        pipeline(jill, id(jill).into(), None),
    ];
    let spaces = [(ada, teams[0]), (sam, teams[2])].map(|(by, team)| {
        let name = format!("space-{}", teams.iter().position(|one| *one == team).unwrap());
        store.create_space(by, NewSpace::new(team, read(&name))).unwrap()
    });
    let world = World { store, operator, users, teams, apps };
    let (store, page) = (&world.store, PageRequest::default());
    let receivers: Vec<Owner> = world.teams.iter().map(|team| Owner::from(*team)).chain([id(joe).into()]).collect();
    let (mut hidden, mut shown) = (0, 0);
    for actor in world.actors() {
        let user = Actor { who: actor.who.user().map_or(actor.who, |user| Actor::user(user, actor.at).who), ..actor };
        let sees_app = |app: AppId| store.app(user, app).is_ok();
        for pipeline in pipelines {
            let row = store.pipeline(operator, pipeline).unwrap();
            let inside = store.pipeline_apps(operator, pipeline, &AppFilter::default(), &page).unwrap().items;
            let sees = actor == operator
                || match row.owner() {
                    Owner::User(owner) => id(actor) == owner,
                    Owner::Team(team) => world.inside(team, actor),
                }
                || inside.iter().any(|(app, _)| sees_app(app.id()));
            let mut tried = vec![
                O::RenamePipeline { pipeline, name: row.name() },
                O::RenamePipeline { pipeline, name: read("another") },
                O::DeletePipeline { pipeline },
            ];
            tried.extend(receivers.iter().map(|to| O::TransferPipeline { pipeline, to: *to }));
            let visible = world.apps.iter().filter(|app| sees_app(**app));
            tried.extend(visible.map(|app| O::CoupleApp { pipeline, app: *app, stage: Stage::Review }));
            let mut answers: Vec<_> = tried.iter().map(|operation| store.what_if(actor, operation).map(drop)).collect();
            answers.push(store.pipeline(actor, pipeline).map(drop));
            answers.push(store.pipeline_apps(actor, pipeline, &AppFilter::default(), &page).map(drop));
            let error = Error::PipelineHidden { actor: actor.who, pipeline };
            assert!(answers.iter().all(|answer| (*answer == Err(error.clone())) != sees), "{sees} {answers:?}");
            *if sees { &mut shown } else { &mut hidden } += answers.len();
        }
        for space in spaces {
            let row = store.space(operator, space).unwrap();
            let sees = actor == operator || world.inside(row.team(), actor);
            let mut tried = vec![
                O::RenameSpace { space, name: row.name() },
                O::DestroySpace { space, confirmation: row.name().to_string() },
                O::DestroySpace { space, confirmation: String::new() },
                O::CreateApp { app: NewApp::in_space(space) },
                O::CreateApp { app: NewApp::in_space(space).named(app_name("acme-website")) },
            ];
            tried.extend(world.teams.iter().map(|team| O::TransferSpace { space, team: *team }));
            for user in world.users.iter().map(|user| id(*user)) {
                tried.extend([O::AllowAppCreation { space, user }, O::RevokeAppCreation { space, user }]);
            }
            let mut answers: Vec<_> = tried.iter().map(|operation| store.what_if(actor, operation).map(drop)).collect();
            answers.push(store.space(actor, space).map(drop));
            answers.push(store.space_by_name(actor, row.name()).map(drop));
            answers.push(store.app_creators(actor, space, &page).map(drop));
            let error = Error::SpaceHidden { actor: actor.who, space };
            assert!(answers.iter().all(|answer| (*answer == Err(error.clone())) != sees), "{sees} {answers:?}");
            *if sees { &mut shown } else { &mut hidden } += answers.len();
        }
    }
    assert!(hidden > 500 && shown > 500, "{hidden} {shown}");
}

#[test]
fn pipe_08_the_apps_of_a_pipeline_by_name_as_far_as_one_sees_them() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, acme, website, .. } = Demo::new().unwrap();
    let flow = store.create_pipeline(ada, acme, read("flow")).unwrap();
    let names = ["zoo", "acme-api", "worker", "acme-www", "b-site"];
    let mut apps = vec![("acme-website", website, Stage::Production)];
    for (name, stage) in names.into_iter().zip(Stage::ALL) {
        let app = store.create_app(ada, NewApp::in_team(acme).named(app_name(name))).unwrap();
        apps.push((name, app, *stage));
    }
    store.grant_permissions(ada, apps[3].1, id(jill), read("view")).unwrap();
    store.grant_permissions(ada, apps[3].1, id(sam), read("view")).unwrap();
    for (_, app, stage) in &apps {
        store.couple_app(ada, flow, *app, *stage).unwrap();
    }
    apps.sort_unstable();
    for (actor, seen) in [
        (ada, &apps.iter().map(|one| one.0).collect::<Vec<_>>()[..]),
        (joe, &["acme-api", "acme-website", "acme-www", "b-site", "worker", "zoo"]),
        (vera, &["acme-api", "acme-website", "acme-www", "b-site", "worker", "zoo"]),
        (operator, &["acme-api", "acme-website", "acme-www", "b-site", "worker", "zoo"]),
        (jill, &["acme-website", "worker"]),
        (sam, &["worker"]),
    ] {
        let found = paged(|page| store.pipeline_apps(actor, flow, &AppFilter::default(), page));
        assert_eq!(found.iter().map(|(app, _)| app.name().to_string()).collect::<Vec<_>>(), seen);
        for (app, place) in found {
            let (_, _, stage) = apps.iter().find(|one| one.1 == app.id()).unwrap();
            assert_eq!((place.pipeline, place.app, place.stage), (flow, app.id(), *stage));
            assert_eq!(store.coupling(actor, app.id()), Ok(Some(place)));
        }
    }
}

/// The lists of what one sees hold exactly what one can ask for one by one.
#[test]
fn pipe_08_visible_pipelines_and_spc_02_visible_spaces() {
    let World { mut store, operator, users, teams, apps } = world();
    let [ada, joe, jill, sam] = [0, 1, 3, 4].map(|user: usize| users[user]);
    let mut pipelines = Vec::new();
    for (by, owner, name, app) in [
        (ada, teams[0].into(), "flow", Some(apps[0])),
        (ada, teams[0].into(), "b-flow", Some(apps[4])),
        (ada, teams[0].into(), "a-flow", None),
        (sam, teams[1].into(), "flow", Some(apps[5])),
        (sam, teams[2].into(), "flow", Some(apps[2])),
        (joe, Owner::from(id(joe)), "flow", Some(apps[6])),
        (jill, id(jill).into(), "c-flow", Some(apps[7])),
        (jill, id(jill).into(), "flow", None),
    ] {
        let pipeline = store.create_pipeline(by, owner, read(name)).unwrap();
        if let Some(app) = app {
            store.couple_app(by, pipeline, app, Stage::Test).unwrap();
        }
        pipelines.push(pipeline);
    }
    let spaces = [(ada, teams[0], "sun"), (ada, teams[0], "air"), (sam, teams[2], "sea")]
        .map(|(by, team, name)| store.create_space(by, NewSpace::new(team, read(name))).unwrap());
    let mut listed = (0, 0);
    for actor in users.iter().flat_map(|user| [*user, via(*user)]) {
        let found = paged(|page| store.visible_pipelines(actor, &PipelineFilter::default(), page));
        assert!(found.is_sorted_by_key(|one| (one.name(), one.number())));
        let mut found: Vec<PipelineId> = found.iter().map(|one| one.id()).collect();
        found.sort_unstable();
        let mut expected = pipelines.clone();
        expected.retain(|one| store.pipeline(actor, *one).is_ok());
        expected.sort_unstable();
        assert_eq!(found, expected);

        let spaces_found = paged(|page| store.visible_spaces(actor, &SpaceFilter::default(), page));
        assert!(spaces_found.is_sorted_by_key(|space| space.name()));
        let mut spaces_found: Vec<SpaceId> = spaces_found.iter().map(|space| space.id()).collect();
        spaces_found.sort_unstable();
        let mut expected: Vec<SpaceId> = spaces.into_iter().filter(|one| store.space(actor, *one).is_ok()).collect();
        expected.sort_unstable();
        assert_eq!(spaces_found, expected);
        listed = (listed.0 + found.len(), listed.1 + spaces_found.len());
    }
    assert!(listed.0 > 30 && listed.1 > 15, "{listed:?}");
    let nothing = Error::OperatorOwnsNoApps {};
    assert_eq!(store.visible_pipelines(operator, &PipelineFilter::default(), &first(1)), Err(nothing.clone()));
    assert_eq!(store.visible_spaces(operator, &SpaceFilter::default(), &first(1)), Err(nothing));
}

#[test]
fn spc_02_spaces_by_name_and_spc_03_who_creates_apps_in_one() {
    let Demo { mut store, ada, joe, vera, acme, .. } = Demo::new().unwrap();
    let names = ["sun", "air", "sea-2", "7-seas", "sea"];
    let spaces = names.map(|name| store.create_space(ada, NewSpace::new(acme, read(name))).unwrap());
    let listed = |store: &TeamStore| -> Vec<String> {
        paged(|page| store.spaces(vera, acme, &SpaceFilter::default(), page))
            .iter()
            .map(|space| space.name().to_string())
            .collect()
    };
    assert_eq!(listed(&store), ["7-seas", "air", "sea", "sea-2", "sun"]);
    let mut people = vec![id(joe)];
    for number in 0..4 {
        let user = register(&mut store, &format!("u{number}@acme.com"));
        store.add_member(ada, acme, id(user), TeamRole::Member).unwrap();
        people.push(id(user));
    }
    for user in &people {
        store.allow_app_creation(ada, spaces[0], *user).unwrap();
    }
    people.sort_unstable();
    let creators = |store: &TeamStore, space| -> Vec<_> {
        paged(|page| store.app_creators(vera, space, page)).iter().map(|user| user.id()).collect()
    };
    assert_eq!((creators(&store, spaces[0]), creators(&store, spaces[1])), (people.clone(), vec![]));
    // A page goes on after its key when what it names is gone.
    let page = store.app_creators(vera, spaces[0], &first(2)).unwrap();
    let request = first(9).after(page.next.unwrap());
    store.revoke_app_creation(ada, spaces[0], people[1]).unwrap();
    store.set_member_role(ada, acme, people[3], TeamRole::Viewer).unwrap();
    let rest = store.app_creators(vera, spaces[0], &request).unwrap();
    assert_eq!(
        (rest.items.iter().map(|user| user.id()).collect::<Vec<_>>(), rest.next),
        (vec![people[2], people[4]], None)
    );
    let page = store.spaces(vera, acme, &SpaceFilter::default(), &first(2)).unwrap();
    let request = first(9).after(page.next.unwrap());
    store.destroy_space(ada, spaces[1], "air").unwrap();
    store.rename_space(ada, spaces[4], read("zen")).unwrap();
    let rest = store.spaces(vera, acme, &SpaceFilter::default(), &request).unwrap();
    assert_eq!(rest.items.iter().map(|space| space.name().to_string()).collect::<Vec<_>>(), ["sea-2", "sun", "zen"]);
}

/// An account that Zoe manages, with three teams; the second denies third-party clients.
struct Corp {
    store: TeamStore,
    operator: Actor,
    zoe: Actor,
    account: AccountId,
    teams: [TeamId; 3],
    space: SpaceId,
}

fn corp() -> Corp {
    let Demo { mut store, operator, ada, joe, vera, jill, .. } = Demo::new().unwrap();
    let zoe = register(&mut store, "zoe@corp.com");
    let account = store.open_account(operator, read("corp"), id(zoe)).unwrap();
    for (user, set) in [(vera, "view"), (ada, "create"), (jill, "billing,create")] {
        store.add_account_member(zoe, account, id(user), read(set)).unwrap();
    }
    let teams = ["west", "north", "east"].map(|name| store.create_team_in(ada, account, team_name(name)).unwrap());
    let space = store.create_space(ada, NewSpace::new(teams[0], read("sea"))).unwrap();
    store.add_member(ada, teams[0], id(joe), TeamRole::Member).unwrap();
    store.add_member(ada, teams[2], id(joe), TeamRole::Viewer).unwrap();
    store.add_member(ada, teams[1], id(vera), TeamRole::Admin).unwrap();
    let inside = |space| NewApp::in_space(space).stack(read("cedar"));
    for (name, app) in [
        ("web-north", NewApp::in_team(teams[1])),
        ("web-east", NewApp::in_team(teams[2]).locked()),
        ("api-west", inside(space)),
        ("web-west", inside(space).locked()),
        ("api-east", NewApp::in_team(teams[2])),
        ("jobs", NewApp::in_team(teams[0])),
    ] {
        store.create_app(ada, app.named(app_name(name))).unwrap();
    }
    // Beside the account: what no list of it shows.
    let other = store.provision_team(operator, NewTeam::enterprise(team_name("beside"), id(ada))).unwrap();
    store.create_app(ada, NewApp::in_team(other).named(app_name("beside-it"))).unwrap();
    let apart = store.open_account(operator, read("apart"), id(zoe)).unwrap();
    store.create_team_in(zoe, apart, team_name("aside")).unwrap();
    let jobs = store.app_by_name(ada, app_name("jobs")).unwrap().id();
    store.grant_permissions(ada, jobs, id(jill), read("view")).unwrap();
    store.set_oauth_access(ada, teams[1], OAuthAccess::Denied).unwrap();
    Corp { store, operator, zoe, account, teams, space }
}

#[test]
fn ent_03_members_and_teams_of_an_account() {
    let Corp { store, operator, zoe, account, .. } = corp();
    for (actor, teams) in
        [(zoe, &["east", "north", "west"][..]), (operator, &["east", "north", "west"]), (via(zoe), &["east", "west"])]
    {
        let members = paged(|page| store.account_members(actor, account, &AccountMemberFilter::default(), page));
        let members: Vec<_> =
            members.iter().map(|one| (one.user.email().to_string(), one.permissions.to_string())).collect();
        let expected = [
            ("ada@acme.com", "view, create"),
            ("jill@creativeinc.com", "view, create, billing"),
            ("vera@acme.com", "view"),
            ("zoe@corp.com", "view, create, manage, billing"),
        ];
        assert_eq!(members, expected.map(|(email, set)| (email.to_owned(), set.to_owned())));
        let found = paged(|page| store.account_teams(actor, account, &TeamFilter::default(), page));
        assert_eq!(found.iter().map(|team| team.name().to_string()).collect::<Vec<_>>(), teams);
    }
}

#[test]
fn ent_01_the_accounts_that_one_is_in() {
    let Corp { store, operator, zoe, account, .. } = corp();
    let [ada, joe] =
        ["ada@acme.com", "joe@acme.com"].map(|text| Actor::user(store.user_id(&email(text)).unwrap(), zoe.at));
    let of = |actor| -> Vec<(AccountId, String)> {
        let found = paged(|page| store.account_memberships(actor, page));
        found.iter().map(|one| (one.account.id(), one.permissions.to_string())).collect()
    };
    let apart = store.account_by_name(zoe, read("apart")).unwrap().id();
    let mut both = vec![
        (account, "view, create, manage, billing".to_owned()),
        (apart, "view, create, manage, billing".to_owned()),
    ];
    both.sort_unstable();
    assert_eq!([of(zoe), of(via(zoe))], [both.clone(), both]);
    assert_eq!(of(ada), [(account, "view, create".to_owned())]);
    assert_eq!([of(joe), of(operator)], [vec![], vec![]]);
}

#[test]
fn ent_03_apps_of_all_teams_filter_and_page() {
    let Corp { store, operator, zoe, account, teams, space } = corp();
    let list = |actor, filter: &AppFilter| -> Vec<String> {
        let apps = paged(|page| store.account_apps(actor, account, filter, page));
        apps.iter().map(|app| app.name().to_string()).collect()
    };
    let all = ["api-east", "api-west", "jobs", "web-east", "web-north", "web-west"];
    let everything = AppFilter::default();
    assert_eq!([list(zoe, &everything), list(operator, &everything)], [all, all]);
    assert_eq!(list(via(zoe), &everything), ["api-east", "api-west", "jobs", "web-east", "web-west"]);
    // As each team's own list, merged.
    for filter in [
        everything.clone(),
        everything.clone().containing("WEB"),
        everything.clone().containing("no such name"),
        everything.clone().lock(Lock::Locked),
        everything.clone().stack(read("cedar")),
        everything.clone().space(space),
        everything.clone().kind(EntryKind::App).containing("west").lock(Lock::Unlocked),
        everything.clone().kind(EntryKind::Pipeline),
    ] {
        let own = |team| walk(1000, |page| store.apps(operator, team, &filter, AppSort::Name, page));
        let mut expected: Vec<_> = teams.into_iter().flat_map(own).map(|app| app.name().to_string()).collect();
        expected.sort();
        assert_eq!(list(zoe, &filter), expected, "{filter:?}");
    }
    assert_eq!(list(zoe, &everything.clone().space(space)), ["api-west", "web-west"]);
    assert_eq!(list(zoe, &everything.kind(EntryKind::Pipeline)), [""; 0]);
}

#[test]
fn ent_03_people_of_all_teams_filter_and_page() {
    let Corp { mut store, operator, zoe, account, teams, .. } = corp();
    let list = |store: &TeamStore, actor, filter: &PeopleFilter| -> Vec<(String, String, Role)> {
        let people = paged(|page| store.account_people(actor, account, filter, page));
        let row = |team: String, email: String, role| (team, email, role);
        people.iter().map(|one| row(one.team.name().to_string(), one.user.email().to_string(), one.role)).collect()
    };
    let [ada, joe, vera, jill] = ["ada@acme.com", "joe@acme.com", "vera@acme.com", "jill@creativeinc.com"];
    let all = [
        ("east", ada, Role::Admin),
        ("east", joe, Role::Viewer),
        ("north", ada, Role::Admin),
        ("north", vera, Role::Admin),
        ("west", ada, Role::Admin),
        ("west", jill, Role::Collaborator),
        ("west", joe, Role::Member),
    ]
    .map(|(team, email, role)| (team.to_owned(), email.to_owned(), role));
    let everybody = PeopleFilter::default();
    assert_eq!([list(&store, zoe, &everybody), list(&store, operator, &everybody)], [all.clone(), all.clone()]);
    let open: Vec<_> = all.iter().filter(|(team, ..)| team != "north").cloned().collect();
    assert_eq!(list(&store, via(zoe), &everybody), open);
    for part in [None, Some("JOE"), Some("@acme.com"), Some("nobody")] {
        for role in Role::ALL.iter().copied().map(Some).chain([None]) {
            let mut filter = part.map_or(everybody.clone(), |part| everybody.clone().containing(part));
            filter = role.map_or(filter.clone(), |role| filter.role(role));
            let mut expected = all.to_vec();
            expected.retain(|one| role.is_none_or(|role| one.2 == role));
            expected.retain(|one| part.is_none_or(|part| one.1.contains(&part.to_lowercase())));
            assert_eq!(list(&store, zoe, &filter), expected, "{filter:?}");
        }
    }
    // Whoever stays is read once, while people come, go and have another e-mail, and a team another name.
    let [ada, joe, vera, jill] = [ada, joe, vera, jill].map(|text| store.user_id(&email(text)).unwrap());
    let [west, north, east] = teams;
    let (mut found, mut request) = (Vec::new(), first(2));
    for change in 0..3 {
        let page = store.account_people(zoe, account, &everybody, &request).unwrap();
        found.extend(page.items.iter().map(|one| (one.team.id(), one.user.id())));
        let next = page.next;
        match change {
            0 => store.remove_member(Actor::user(ada, zoe.at), north, ada).unwrap(),
            1 => {
                store.rename_team(Actor::user(ada, zoe.at), east, team_name("eden")).unwrap();
                store.set_email(operator, joe, email("zed@acme.com")).unwrap();
            }
            _ => assert_eq!(next, None),
        }
        request = next.map_or(first(2), |next| first(2).after(next));
    }
    assert_eq!(found, [(east, ada), (east, joe), (north, vera), (west, ada), (west, jill), (west, joe)]);
}

#[test]
fn app_10_apps_and_pipelines_filter_and_page() {
    let Demo { mut store, ada, joe, vera, acme, .. } = Demo::new().unwrap();
    let space = store.create_space(ada, NewSpace::new(acme, read("sea"))).unwrap();
    // An app between two pipelines, all of one name; and names around that of the sample's app.
    for name in ["same", "acme-website-", "z-flow"] {
        store.create_pipeline(joe, acme, read(name)).unwrap();
    }
    for (name, app) in [
        ("same", NewApp::in_team(acme).locked()),
        ("acme-website-2", NewApp::in_space(space)),
        ("acme-web", NewApp::in_team(acme).stack(read("cedar"))),
    ] {
        store.create_app(ada, app.named(app_name(name))).unwrap();
    }
    store.create_pipeline(joe, acme, read("same")).unwrap();
    let entry = |one: &AppOrPipeline<'_>| match one {
        AppOrPipeline::App(app) => (app.name().to_string(), app.number(), Some(app.id())),
        AppOrPipeline::Pipeline(pipeline) => (pipeline.name().to_string(), pipeline.number(), None),
    };
    let list = |filter: &AppFilter| paged(|page| store.apps_and_pipelines(vera, acme, filter, page));
    let names = |filter: &AppFilter| list(filter).iter().map(|one| one.name().to_owned()).collect::<Vec<_>>();
    let everything = AppFilter::default();
    let all = list(&everything);
    assert!(all.is_sorted_by(|one, other| entry(one).cmp(&entry(other)) == Ordering::Less), "by name, then by age");
    let expected = ["acme-web", "acme-website", "acme-website-", "acme-website-2", "same", "same", "same", "z-flow"];
    assert_eq!(names(&everything), expected);
    let kinds: Vec<bool> = all.iter().map(|one| matches!(one, AppOrPipeline::App(_))).collect();
    assert_eq!(kinds, [true, true, false, true, false, true, false, false]);

    let part = |text| everything.clone().containing(text);
    assert_eq!(names(&part("FLOW")), ["z-flow"]);
    assert_eq!(names(&part("website")), ["acme-website", "acme-website-", "acme-website-2"]);
    assert_eq!(names(&everything.clone().kind(EntryKind::Pipeline)), ["acme-website-", "same", "same", "z-flow"]);
    assert_eq!(names(&part("same").kind(EntryKind::App)), ["same"]);
    // What pipelines do not have, no pipeline has.
    assert_eq!(names(&everything.clone().space(space)), ["acme-website-2"]);
    assert_eq!(names(&everything.clone().lock(Lock::Locked)), ["same"]);
    assert_eq!(names(&everything.clone().stack(read("cedar"))), ["acme-web"]);
    assert_eq!(names(&everything.clone().kind(EntryKind::Pipeline).lock(Lock::Unlocked)), [""; 0]);
    let apps = walk(2, |page| store.apps(vera, acme, &everything, AppSort::Name, page));
    assert_eq!(
        list(&everything.clone().kind(EntryKind::App)).iter().filter_map(|one| entry(one).2).collect::<Vec<_>>(),
        apps.iter().map(|app| app.id()).collect::<Vec<_>>()
    );
    assert_eq!(
        walk(9, |page| store.apps(vera, acme, &everything.clone().kind(EntryKind::Pipeline), AppSort::Name, page)),
        Vec::<&enterprise_teams::App>::new()
    );

    // Personal ones, for their owner; and pages while things change.
    let own: Vec<PipelineId> =
        ["b-own", "a-own", "c-own"].map(|name| store.create_pipeline(joe, id(joe), read(name)).unwrap()).into();
    for name in ["b-app", "a-app", "d-app"] {
        store.create_app(joe, NewApp::personal().named(app_name(name))).unwrap();
    }
    let page = store.apps_and_pipelines(joe, id(joe), &everything, &first(3)).unwrap();
    assert_eq!(page.items.iter().map(AppOrPipeline::name).collect::<Vec<_>>(), ["a-app", "a-own", "b-app"]);
    let request = first(9).after(page.next.unwrap());
    store.delete_pipeline(joe, own[1]).unwrap();
    store.rename_pipeline(joe, own[2], read("e-own")).unwrap();
    let b_app = store.app_by_name(joe, app_name("b-app")).unwrap().id();
    store.delete_app(joe, b_app, "b-app").unwrap();
    let rest = store.apps_and_pipelines(joe, id(joe), &everything, &request).unwrap();
    assert_eq!(rest.items.iter().map(AppOrPipeline::name).collect::<Vec<_>>(), ["b-own", "d-app", "e-own"]);
    assert_eq!(rest.next, None);
}

#[test]
fn x_06_a_cursor_of_another_list_of_places() {
    let Corp { mut store, zoe, account, space, teams, .. } = corp();
    let ada = Actor::user(store.user_id(&email("ada@acme.com")).unwrap(), zoe.at);
    let flow = store.create_pipeline(ada, teams[0], read("flow")).unwrap();
    let (everything, everybody) = (AppFilter::default(), PeopleFilter::default());
    let lists: [(&str, List<'_>); 13] = [
        ("app:", &|page| store.member_apps(ada, teams[0], id(ada), &AppFilter::default(), page).map(drop)),
        ("space:", &|page| store.visible_spaces(ada, &SpaceFilter::default(), page).map(drop)),
        ("id:", &|page| store.account_memberships(ada, page).map(drop)),
        ("entry:", &|page| store.visible_pipelines(ada, &PipelineFilter::default(), page).map(drop)),
        ("app:", &|page| store.pipeline_apps(ada, flow, &AppFilter::default(), page).map(drop)),
        ("app:", &|page| store.account_apps(zoe, account, &everything, page).map(drop)),
        ("space:", &|page| store.spaces(ada, teams[0], &SpaceFilter::default(), page).map(drop)),
        ("id:", &|page| store.app_creators(ada, space, page).map(drop)),
        ("email:", &|page| store.account_members(zoe, account, &AccountMemberFilter::default(), page).map(drop)),
        ("team:", &|page| store.account_teams(zoe, account, &TeamFilter::default(), page).map(drop)),
        ("person:", &|page| store.account_people(zoe, account, &everybody, page).map(drop)),
        ("entry:", &|page| store.apps_and_pipelines(ada, teams[0], &everything, page).map(drop)),
        ("entry:", &|page| store.apps_and_pipelines(ada, id(ada), &everything, page).map(drop)),
    ];
    let cursors = ["app:apple", "number:1", "email:a@b.c", "team:acme", "event:1", "space:sea", "entry:7:flow-"];
    let id_cursor = format!("id:{flow}");
    for (index, (kind, list)) in lists.iter().enumerate() {
        for text in cursors.into_iter().chain(["person:acme:a@b.c", &id_cursor]) {
            let expected = if text.starts_with(kind) { Ok(()) } else { Err(Error::CursorOfAnotherList {}) };
            assert_eq!(list(&first(1).after(text.parse().unwrap())), expected, "list {index} with {text}");
        }
    }
}

#[test]
fn x_02_readable_texts_name_what_the_reader_may_know() {
    let Demo { mut store, operator, ada, joe, jill, sam, max, acme, website, .. } = Demo::new().unwrap();
    let space = store.create_space(ada, NewSpace::new(acme, read("acme-space"))).unwrap();
    let flow = store.create_pipeline(joe, acme, read("acme-flow")).unwrap();
    let account = store.open_account(operator, read("acme-holding"), id(ada)).unwrap();
    let shown = |store: &TeamStore, reader| {
        let [user, team, app] =
            [store.readable(reader, &id(joe)), store.readable(reader, &acme), store.readable(reader, &website)];
        let [space, flow] = [store.readable(reader, &space), store.readable(reader, &flow)];
        [user, team, app, space, flow, store.readable(reader, &account)]
    };
    let ids = [acme.to_string(), website.to_string(), space.to_string(), flow.to_string(), account.to_string()];
    let ids = [&[id(joe).to_string()][..], &ids].concat();
    let names = ["joe@acme.com", "acme-widgets", "acme-website", "acme-space", "acme-flow", "acme-holding"];
    // Those of these places, and ids for the rest.
    let named = |places: &[usize]| -> Vec<String> {
        (0..).zip(&ids).map(|(at, id)| if places.contains(&at) { names[at].to_owned() } else { id.clone() }).collect()
    };
    assert_eq!(shown(&store, ada)[..], named(&[0, 1, 2, 3, 4, 5]));
    assert_eq!(shown(&store, joe)[..], named(&[0, 1, 2, 3, 4]));
    assert_eq!(shown(&store, jill)[..], named(&[1, 2]), "on an app of the team");
    assert_eq!(shown(&store, max)[..], ids);
    // Who is invited, until the invitation ends.
    store.invite_member(ada, acme, email("max@acme-inc.com"), TeamRole::Member).unwrap();
    assert_eq!(shown(&store, max)[..], named(&[1]));
    assert_eq!(shown(&store, max.at(days(30)))[..], ids);
    // Who is in the account of the team (ENT-3), and may transfer its spaces (SPC-7).
    store.move_team_in(operator, acme, account).unwrap();
    for (set, places) in [("view,billing", &[1, 5][..]), ("view,manage", &[1, 3, 5])] {
        let mut store = store.clone();
        store.add_account_member(ada, account, id(sam), read(set)).unwrap();
        assert_eq!(shown(&store, sam)[..], named(places), "{set}");
        store.set_oauth_access(ada, acme, OAuthAccess::Denied).unwrap();
        assert_eq!(shown(&store, via(sam))[..], named(&[5]), "{set}, through a client that the team shuts out");
    }
}

/// T8: what people wrote is never read for markup, and an id names what its kind says.
#[test]
fn x_02_readable_texts_hold_against_hostile_ones() {
    let Demo { mut store, operator, ada, joe, acme, website, .. } = Demo::new().unwrap();
    // A host's own id for a user may equal that of a team, and of an app.
    for (uuid, text) in [(acme.uuid(), "team@evil.com"), (website.uuid(), "app@evil.com")] {
        let evil = NewUser::new(email(text)).with_id(uuid.into());
        let evil = store.register_user(operator, evil).unwrap();
        store.add_member(ada, acme, evil, TeamRole::Viewer).unwrap();
    }
    let refusal = store.rename_team(joe, acme, team_name("widgets")).unwrap_err();
    assert_eq!(
        store.readable(joe, &refusal),
        "only admins can rename team `acme-widgets`; user `joe@acme.com` is not an admin",
    );
    let refusal = store.check(joe, AppAction::RenameApp, website).unwrap_err();
    assert!(store.readable(joe, &refusal).starts_with("rename-app on app `acme-website` needs"));
    assert_eq!(store.readable(ada, &UserId::from_uuid(acme.uuid())), "team@evil.com");
    for text in [
        format!("`{acme}` `{website}`"),
        format!("a ` and `{}", id(ada)),
        format!("` {website} {{app}} {{}} `"),
        "``".to_owned(),
    ] {
        store.release_app(joe, website, read(&text)).unwrap();
        let event = &store.events().last().unwrap().event;
        let release = store.release(joe, website).unwrap().unwrap().number;
        assert_eq!(store.readable(joe, event), format!("released v{release} of app `acme-website`: {text}"));
        assert_eq!(event.to_string(), format!("released v{release} of app `{website}`: {text}"));
    }
}
