//! SPC and TRF-8: Private Spaces, and what moves with them.

use enterprise_teams::chrono::TimeDelta;
use enterprise_teams::demo::Demo;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    AccountId, Actor, ActorKind, AppId, Error, Event, NewApp, NewSpace, NewTeam, Owner, PageRequest, PermissionSet,
    PipelineId, Settings, SpaceId, Stage, TeamId, TeamRole, TeamStore, UserId,
    entity::{
        AccountPermission, AccountPermissionSet, Coupling, Days, DynoSize, Limits, Month, OAuthAccess, OwnershipPeriod,
        Shield, Usage,
    },
    error::{Remaining, TRUNCATED_MAX, Truncated},
    event::SpaceMove,
    names::{ParseProblem, ParseTarget, SpaceName},
    query::{AppFilter, AppSort, AuditFilter, AuditScope, SpaceFilter, TeamFilter, UsagePart},
    settings::SPACE_APPS_MAX,
};

use crate::support::{
    app_name, days, each_refused, holds, id, malformed, noon, read, refused, register, sound, team_name, through_client,
};

const ALL: PermissionSet = PermissionSet::ALL;
const EMPTY: PermissionSet = PermissionSet::EMPTY;
const VIEW: PermissionSet = PermissionSet::VIEW;
const WORK: PermissionSet = PermissionSet::WORK;

/// Two Enterprise Teams of one account, and a space of the first one. Mia manages the account and is in no team; jill is an
/// outsider.
struct World {
    store: TeamStore,
    operator: Actor,
    mia: Actor,
    ada: Actor,
    bob: Actor,
    joe: Actor,
    vera: Actor,
    jill: Actor,
    account: AccountId,
    east: TeamId,
    west: TeamId,
    space: SpaceId,
}

fn world() -> World {
    world_with(Settings::from_seed(0))
}

fn world_with(settings: Settings) -> World {
    let (mut store, operator) = (TeamStore::new(settings), Actor::operator(noon()));
    let [mia, ada, bob, joe, vera, jill] =
        ["mia", "ada", "bob", "joe", "vera", "jill"].map(|name| register(&mut store, &format!("{name}@acme.com")));
    let account = store.open_account(operator, read("acme-holding"), id(mia)).unwrap();
    let [east, west] = [(ada, "east"), (bob, "west")].map(|(admin, name)| {
        let create = AccountPermissionSet::of(&[AccountPermission::Create]);
        store.add_account_member(mia, account, id(admin), create).unwrap();
        store.create_team_in(admin, account, team_name(name)).unwrap()
    });
    store.add_member(ada, east, id(joe), TeamRole::Member).unwrap();
    store.add_member(ada, east, id(vera), TeamRole::Viewer).unwrap();
    let space = store.create_space(ada, NewSpace::new(east, read("east-private"))).unwrap();
    World { store, operator, mia, ada, bob, joe, vera, jill, account, east, west, space }
}

fn inside(store: &mut TeamStore, by: Actor, space: SpaceId, name: &str) -> AppId {
    store.create_app(by, NewApp::in_space(space).named(app_name(name))).unwrap()
}

fn outside(store: &mut TeamStore, by: Actor, team: TeamId, name: &str) -> AppId {
    store.create_app(by, NewApp::in_team(team).named(app_name(name))).unwrap()
}

fn creators(store: &TeamStore, space: SpaceId) -> Vec<UserId> {
    let page = store.app_creators(Actor::operator(noon()), space, &PageRequest::default()).unwrap();
    page.items.iter().map(|user| user.id()).collect()
}

fn spaces(store: &TeamStore, team: TeamId) -> Vec<String> {
    let page = store.spaces(Actor::operator(noon()), team, &SpaceFilter::default(), &PageRequest::default()).unwrap();
    page.items.iter().map(|space| space.name().to_string()).collect()
}

/// The names of the apps of a team, all of them or those in the space.
fn apps(store: &TeamStore, team: TeamId, space: Option<SpaceId>) -> Vec<String> {
    let filter = space.map_or(AppFilter::default(), |space| AppFilter::default().space(space));
    let page = store.apps(Actor::operator(noon()), team, &filter, AppSort::Name, &PageRequest::default()).unwrap();
    page.items.iter().map(|app| app.name().to_string()).collect()
}

/// Everybody on the app, with what they hold.
fn people(store: &TeamStore, app: AppId) -> Vec<String> {
    let page = store.app_access(Actor::operator(noon()), app, &PageRequest::default()).unwrap();
    page.items.iter().map(|access| format!("{}: {}", access.user.email(), access.held.permissions)).collect()
}

fn coupled(store: &TeamStore, app: AppId) -> Option<(PipelineId, Stage)> {
    let coupling = store.coupling(Actor::operator(noon()), app).unwrap();
    coupling.map(|Coupling { pipeline, stage, .. }| (pipeline, stage))
}

fn no_admin(team: TeamId) -> impl Fn(ActorKind) -> (Error, String) + Copy {
    move |actor| {
        let message = format!("only admins can create spaces in team `{team}`; {actor} is not an admin");
        (Error::OnlyAdminsCreateSpaces { actor, team }, message)
    }
}

fn no_manager(space: SpaceId) -> impl Fn(ActorKind) -> (Error, String) + Copy {
    move |actor| {
        let message = format!("only admins of its team can manage space `{space}`; {actor} is not an admin");
        (Error::OnlyAdminsManageSpaces { actor, space }, message)
    }
}

fn unseen(space: SpaceId) -> impl Fn(ActorKind) -> (Error, String) + Copy {
    move |actor| (Error::SpaceHidden { actor, space }, format!("{actor} cannot see space `{space}`"))
}

fn closed(space: SpaceId) -> impl Fn(ActorKind) -> (Error, String) + Copy {
    move |actor| {
        let message = format!("creating apps in space `{space}` needs permission; {actor} does not have it");
        (Error::AppCreationNeedsSpacePermission { actor, space }, message)
    }
}

fn not_both(space: SpaceId) -> impl Fn(ActorKind) -> (Error, String) + Copy {
    move |actor| {
        let message = format!(
            "only admins of both teams, and managers of their account, can transfer space `{space}`; {actor} is neither"
        );
        (Error::OnlyAdminsOfBothTransferSpaces { actor, space }, message)
    }
}

fn missing(space: SpaceId) -> impl Fn(ActorKind) -> (Error, String) + Copy {
    move |_| (Error::SpaceNotFound { space }, format!("space `{space}` does not exist"))
}

fn denied(team: TeamId) -> impl Fn(ActorKind) -> (Error, String) + Copy {
    move |_| (Error::OAuthDenied { team }, format!("team `{team}` denies access to third-party clients"))
}

fn leaves(space: SpaceId, team: TeamId) -> impl Fn(ActorKind) -> (Error, String) + Copy {
    let message = move || format!("space `{space}` and team `{team}` are not in the same account");
    move |_| (Error::SpaceLeavesAccount { space, team }, message())
}

fn taken(name: SpaceName) -> impl Fn(ActorKind) -> (Error, String) + Copy {
    move |_| (Error::SpaceNameTaken { name }, format!("the space name `{name}` is taken"))
}

type Attempt<'a> = &'a dyn Fn(&mut TeamStore, Actor) -> Result<(), Error>;

/// Whatever admins do to a space of east, tried by everybody else.
#[test]
fn spc_01_spaces_are_created_renamed_and_destroyed_by_admins() {
    let World { mut store, operator, mia, ada, bob, joe, vera, jill, east, west, space, .. } = world();
    let create = |s: &mut TeamStore, by| s.create_space(by, NewSpace::new(east, read("second")));
    each_refused(&mut store, &[mia, bob, joe, vera, jill, operator], create, no_admin(east));
    each_refused(&mut store, &[ada], |s, by| s.create_space(by, NewSpace::new(west, read("second"))), no_admin(west));

    let manage: [Attempt<'_>; 4] = [
        &|s, by| s.rename_space(by, space, read("east-private")),
        &|s, by| s.destroy_space(by, space, "wrong"),
        &|s, by| s.allow_app_creation(by, space, id(vera)),
        &|s, by| s.revoke_app_creation(by, space, id(vera)),
    ];
    for attempt in manage {
        each_refused(&mut store, &[joe, vera, operator], attempt, no_manager(space));
        each_refused(&mut store, &[mia, bob, jill], attempt, unseen(space));
    }

    let second = store.create_space(ada.at(days(1)), NewSpace::new(east, read("second")).shielded()).unwrap();
    let made = store.space(ada, second).unwrap();
    assert_eq!((made.id(), made.team(), made.created_at()), (second, east, days(1)));
    assert_eq!((made.name(), made.shield()), (read("second"), Shield::On));
    assert_eq!(store.space(ada, space).unwrap().shield(), Shield::Off);
    assert_eq!(creators(&store, second), []);
    store.rename_space(ada, second, read("a-second")).unwrap();
    assert_eq!(spaces(&store, east), ["a-second", "east-private"]);
    store.destroy_space(ada, second, "a-second").unwrap();
    assert_eq!(spaces(&store, east), ["east-private"]);
    for attempt in [&create_app_in(second) as Attempt<'_>, &|s, by| s.rename_space(by, second, read("other"))] {
        each_refused(&mut store, &[ada, joe, jill, operator], attempt, missing(second));
    }
    sound(&store);
}

fn create_app_in(space: SpaceId) -> impl Fn(&mut TeamStore, Actor) -> Result<(), Error> {
    move |store, by| store.create_app(by, NewApp::in_space(space)).map(drop)
}

#[test]
fn spc_01_standard_teams_have_no_spaces() {
    let Demo { mut store, sam, max, inc, .. } = Demo::new().unwrap();
    let create = |s: &mut TeamStore, by| s.create_space(by, NewSpace::new(inc, read("inc-private")));
    each_refused(&mut store, &[max], create, no_admin(inc));
    let message = format!("team `{inc}` is a Standard team, which has no spaces");
    refused(&mut store, |s| create(s, sam), &Error::SpaceInStandardTeam { team: inc }, &message);
    sound(&store);
}

#[test]
fn spc_01_a_space_name_is_unique() {
    let World { mut store, ada, bob, east, west, space, .. } = world();
    let name: SpaceName = read("east-private");
    let second = store.create_space(ada, NewSpace::new(east, read("second"))).unwrap();
    each_refused(&mut store, &[ada], |s, by| s.create_space(by, NewSpace::new(east, name)), taken(name));
    each_refused(&mut store, &[bob], |s, by| s.create_space(by, NewSpace::new(west, name)), taken(name));
    each_refused(&mut store, &[ada], |s, by| s.rename_space(by, second, name), taken(name));
    let unchanged =
        |_| (Error::SpaceNameUnchanged { space, name }, format!("space `{space}` is already named `{name}`"));
    each_refused(&mut store, &[ada], |s, by| s.rename_space(by, space, name), unchanged);
    store.rename_space(ada, space, read("renamed")).unwrap();
    let other = store.create_space(bob, NewSpace::new(west, name)).unwrap();
    assert_eq!(store.space_by_name(bob, name).unwrap().id(), other);
    assert_eq!(store.space_by_name(ada, read("renamed")).unwrap().id(), space);
    store.destroy_space(ada, second, "second").unwrap();
    store.rename_space(bob, other, read("second")).unwrap();
    let gone = Error::SpaceNameNotFound { name };
    refused(&mut store, |s| s.space_by_name(ada, name).map(drop), &gone, "no space is named `east-private`");
    // A space shares its name with anything but a space.
    store.rename_space(ada, space, read("east")).unwrap();
    inside(&mut store, ada, space, "east");
    sound(&store);
}

#[test]
fn spc_01_a_space_name_is_valid() {
    for good in ["abc", "a1-b2-c3", "0-0", "123456789012345678901234567890"] {
        assert_eq!(read::<SpaceName>(good), good);
    }
    let bad = [
        ("", ParseProblem::TooShort { min: 3, len: 0 }, "malformed space name: too short: 0 of at least 3 bytes"),
        ("ab", ParseProblem::TooShort { min: 3, len: 2 }, "malformed space name: too short: 2 of at least 3 bytes"),
        (
            "1234567890123456789012345678901",
            ParseProblem::TooLong { at: 0, max: 30, len: 31 },
            "malformed space name: too long: 31 of at most 30 bytes, from byte 0 on",
        ),
        ("-abc", ParseProblem::Character { at: 0, found: '-' }, "malformed space name: unexpected `-` at byte 0"),
        ("Abc", ParseProblem::Character { at: 0, found: 'A' }, "malformed space name: unexpected `A` at byte 0"),
        ("a--b", ParseProblem::Character { at: 2, found: '-' }, "malformed space name: unexpected `-` at byte 2"),
        ("a_b", ParseProblem::Character { at: 1, found: '_' }, "malformed space name: unexpected `_` at byte 1"),
        ("ab cd", ParseProblem::Character { at: 2, found: ' ' }, "malformed space name: unexpected ` ` at byte 2"),
        (
            "abé",
            ParseProblem::Character { at: 2, found: 'é' },
            "malformed space name: unexpected `é` (U+00E9) at byte 2",
        ),
    ];
    for (text, problem, message) in bad {
        let error = Error::from(text.parse::<SpaceName>().unwrap_err());
        assert_eq!((&error, error.to_string()), (&malformed(ParseTarget::SpaceName, problem), message.to_owned()));
    }
}

#[test]
fn spc_02_spaces_are_seen_by_the_team() {
    let World { mut store, operator, mia, ada, bob, joe, vera, jill, east, space, .. } = world();
    let app = inside(&mut store, ada, space, "inside");
    store.grant_permissions(ada, app, id(jill), ALL).unwrap();
    store.create_space(ada, NewSpace::new(east, read("another"))).unwrap();
    store.allow_app_creation(ada, space, id(joe)).unwrap();
    let all = PageRequest::default();
    let outsiders = [mia, bob, jill];
    for by in [ada, joe, vera, operator] {
        assert_eq!(store.space(by, space).unwrap().team(), east);
        assert_eq!(store.space_by_name(by, read("east-private")).unwrap().id(), space);
        let listed = store.spaces(by, east, &SpaceFilter::default(), &all).unwrap().items;
        assert_eq!(listed.iter().map(|space| space.name()).collect::<Vec<_>>(), ["another", "east-private"]);
        assert_eq!(store.app_creators(by, space, &all).unwrap().items[0].id(), id(joe));
    }
    let hidden = unseen(space);
    each_refused(&mut store, &outsiders, |s, by| s.space(by, space).map(drop), hidden);
    each_refused(&mut store, &outsiders, |s, by| s.space_by_name(by, read("east-private")).map(drop), hidden);
    each_refused(&mut store, &outsiders, |s, by| s.app_creators(by, space, &all).map(drop), hidden);
    each_refused(
        &mut store,
        &outsiders,
        |s, by| s.spaces(by, east, &SpaceFilter::default(), &all).map(drop),
        |actor| {
            let message = format!(
                "only admins, members, viewers, and holders of a role with `view-spaces`, can list the spaces of team `{east}`; {actor} is none of these"
            );
            (Error::OnlyTeamListsSpaces { actor, team: east }, message)
        },
    );
    let nobody = SpaceId::from_uuid(Uuid::from_u128(1));
    each_refused(&mut store, &[ada, jill, operator], |s, by| s.space(by, nobody).map(drop), missing(nobody));
    let first = store.spaces(vera, east, &SpaceFilter::default(), &PageRequest::first(1).unwrap()).unwrap();
    let rest = store
        .spaces(vera, east, &SpaceFilter::default(), &PageRequest::first(1).unwrap().after(first.next.unwrap()))
        .unwrap();
    assert_eq!((rest.items[0].id(), rest.next), (space, None));

    // Whoever leaves sees them no more.
    store.remove_member(ada, east, id(vera)).unwrap();
    each_refused(&mut store, &[vera], |s, by| s.space(by, space).map(drop), hidden);
    // An app is listed by its space.
    outside(&mut store, ada, east, "outside");
    assert_eq!((apps(&store, east, Some(space)), apps(&store, east, None).len()), (vec!["inside".to_owned()], 2));
    sound(&store);
}

#[test]
fn spc_02_a_denied_client_reaches_no_space() {
    let World { mut store, ada, joe, jill, east, west, space, .. } = world();
    let via = [ada, joe].map(through_client);
    store.space(via[1], space).unwrap();
    store.set_oauth_access(ada, east, OAuthAccess::Denied).unwrap();
    let all = PageRequest::default();
    let attempts: [Attempt<'_>; 9] = [
        &|s, by| s.space(by, space).map(drop),
        &|s, by| s.spaces(by, east, &SpaceFilter::default(), &PageRequest::default()).map(drop),
        &|s, by| s.app_creators(by, space, &PageRequest::default()).map(drop),
        &|s, by| s.create_space(by, NewSpace::new(east, read("second"))).map(drop),
        &|s, by| s.rename_space(by, space, read("second")),
        &|s, by| s.destroy_space(by, space, "east-private"),
        &|s, by| s.allow_app_creation(by, space, id(joe)),
        &|s, by| s.revoke_app_creation(by, space, id(joe)),
        &|s, by| s.transfer_space(by, space, west),
    ];
    for attempt in attempts {
        each_refused(&mut store, &via, attempt, denied(east));
    }
    each_refused(&mut store, &via, create_app_in(space), denied(east));
    each_refused(&mut store, &[through_client(jill)], |s, by| s.space(by, space).map(drop), unseen(space));
    assert_eq!(store.spaces(ada, east, &SpaceFilter::default(), &all).unwrap().items.len(), 1);
    sound(&store);
}

#[test]
fn spc_03_apps_in_a_space_are_created_by_permission() {
    let World { mut store, operator, mia, ada, bob, joe, vera, jill, east, space, .. } = world();
    let create = create_app_in(space);
    each_refused(&mut store, &[joe], &create, closed(space));
    each_refused(&mut store, &[mia, bob, jill], &create, unseen(space));
    each_refused(&mut store, &[vera, operator], &create, |actor| {
        let message = format!(
            "only admins, members, and holders of a role with `create-apps`, can create apps in team `{east}`; {actor} is none of these"
        );
        (Error::OnlyMembersCreateApps { actor, team: east }, message)
    });
    let admins = inside(&mut store, ada, space, "by-ada");
    assert_eq!(store.app(ada, admins).unwrap().owner(), Owner::Team(east));
    let everybody = ["ada@acme.com: view, deploy, operate, manage", "joe@acme.com: view", "vera@acme.com: view"];
    assert_eq!(people(&store, admins), everybody);

    for person in [ada, bob, vera, jill, mia] {
        let user = id(person);
        let error = Error::AppCreationForMembers { space, user };
        let message = format!("user `{user}` is not a member of the team of space `{space}`");
        refused(&mut store, |s| s.allow_app_creation(ada, space, user), &error, &message);
    }
    let joes = id(joe);
    let none = Error::AppCreationNotAllowed { space, user: joes };
    let message = format!("user `{joes}` does not have permission to create apps in space `{space}`");
    refused(&mut store, |s| s.revoke_app_creation(ada, space, joes), &none, &message);
    let nobody = UserId::from_uuid(Uuid::from_u128(1));
    let (gone, not_there) = (Error::UserNotFound { user: nobody }, format!("user `{nobody}` does not exist"));
    refused(&mut store, |s| s.allow_app_creation(jill, space, nobody), &gone, &not_there);
    refused(&mut store, |s| s.revoke_app_creation(jill, space, nobody), &gone, &not_there);

    store.allow_app_creation(ada, space, joes).unwrap();
    let twice = Error::AppCreationAlreadyAllowed { space, user: joes };
    let already = format!("user `{joes}` may already create apps in space `{space}`");
    refused(&mut store, |s| s.allow_app_creation(ada, space, joes), &twice, &already);
    assert_eq!(creators(&store, space), [joes]);
    let app = inside(&mut store, joe, space, "by-joe");
    let made = store.app(joe, app).unwrap();
    assert_eq!((made.space(), made.owner(), holds(&store, joe, app)), (Some(space), Owner::Team(east), ALL));
    assert_eq!(holds(&store, joe, admins), VIEW);

    // The permission is of this space alone.
    let second = store.create_space(ada, NewSpace::new(east, read("second"))).unwrap();
    each_refused(&mut store, &[joe], create_app_in(second), closed(second));
    refused(
        &mut store,
        |s| s.revoke_app_creation(ada, second, joes),
        &Error::AppCreationNotAllowed { space: second, user: joes },
        &format!("user `{joes}` does not have permission to create apps in space `{second}`"),
    );

    store.revoke_app_creation(ada, space, joes).unwrap();
    each_refused(&mut store, &[joe], &create, closed(space));
    assert_eq!((creators(&store, space), holds(&store, joe, app)), (vec![], ALL));
    sound(&store);
}

#[test]
fn spc_03_the_permission_ends_with_the_role() {
    type End = fn(&mut TeamStore, [Actor; 2], TeamId);
    let ends: [(End, bool); 5] = [
        (|s, [ada, joe], east| s.set_member_role(ada, east, id(joe), TeamRole::Viewer).unwrap(), true),
        (
            |s, [ada, joe], east| {
                for role in [TeamRole::Admin, TeamRole::Viewer] {
                    s.set_member_role(ada, east, id(joe), role).unwrap();
                }
            },
            true,
        ),
        (|s, [ada, joe], east| s.remove_member(ada, east, id(joe)).unwrap(), false),
        (|s, [_, joe], east| s.remove_member(joe, east, id(joe)).unwrap(), false),
        (|s, [_, joe], _| s.delete_user(joe, id(joe)).unwrap(), false),
    ];
    for (number, (end, in_team)) in ends.into_iter().enumerate() {
        let World { mut store, ada, joe, east, space, .. } = world();
        let second = store.create_space(ada, NewSpace::new(east, read("second"))).unwrap();
        for space in [space, second] {
            store.allow_app_creation(ada, space, id(joe)).unwrap();
        }
        let app = inside(&mut store, joe, space, "by-joe");
        end(&mut store, [ada, joe], east);
        assert_eq!((creators(&store, space), creators(&store, second)), (vec![], vec![]), "{number}");
        assert_eq!(store.app(ada, app).unwrap().owner(), Owner::Team(east));
        if number < 4 {
            if in_team {
                store.set_member_role(ada, east, id(joe), TeamRole::Member).unwrap();
            } else {
                assert_eq!(holds(&store, joe, app), EMPTY);
                store.add_member(ada, east, id(joe), TeamRole::Member).unwrap();
            }
            each_refused(&mut store, &[joe], create_app_in(space), closed(space));
        }
        sound(&store);
    }
}

#[test]
fn perm_06_the_permission_of_an_admin_sleeps() {
    let World { mut store, ada, joe, east, space, .. } = world();
    let shown = |store: &TeamStore| {
        let access = store.space_access_of(ada, space, id(joe)).unwrap();
        (access.creates_apps, access.sleeping)
    };
    store.allow_app_creation(ada, space, id(joe)).unwrap();
    assert_eq!((shown(&store), creators(&store, space)), ((true, false), vec![id(joe)]));
    store.set_member_role(ada, east, id(joe), TeamRole::Admin).unwrap();
    assert_eq!((shown(&store), creators(&store, space)), ((true, true), vec![id(joe)]));
    let mut taken = store.clone();
    store.set_member_role(ada, east, id(joe), TeamRole::Member).unwrap();
    assert_eq!(shown(&store), (true, false));
    inside(&mut store, joe, space, "by-joe");
    taken.revoke_app_creation(ada, space, id(joe)).unwrap();
    assert_eq!((shown(&taken), creators(&taken, space)), ((true, false), vec![]));
    taken.set_member_role(ada, east, id(joe), TeamRole::Member).unwrap();
    assert_eq!(shown(&taken), (false, false));
    each_refused(&mut taken, &[joe], create_app_in(space), closed(space));
    sound(&store);
    sound(&taken);
}

/// What the teams are billed for spaces, in millionths of a cent.
fn billed(store: &TeamStore, by: Actor, team: TeamId) -> u64 {
    store.usage(by, team, Days::of(Month::of(noon()))).unwrap().total().spaces
}

#[test]
fn spc_04_a_space_costs_credits_by_the_second() {
    const CENT: u64 = 1_000_000;
    let World { mut store, ada, east, space, .. } = world();
    let after = |seconds| ada.at(noon() + TimeDelta::seconds(seconds));
    assert_eq!(store.current_use(ada, east).unwrap().add_on_credits.used, 100_000);
    for (seconds, due) in [(0, 0), (1, 38_580), (60, 2_314_814), (3_600, 138_888_888), (2_592_000, 100_000 * CENT)] {
        assert_eq!(billed(&store, after(seconds), east), due, "{seconds}");
    }
    // Capped at the price of the month, which has 744 hours.
    assert_eq!(billed(&store, after(2_678_400), east), 100_000 * CENT);
    let shielded = store.create_space(ada, NewSpace::new(east, read("shielded")).shielded()).unwrap();
    assert_eq!(store.current_use(ada, east).unwrap().add_on_credits.used, 400_000);
    store.destroy_space(after(259_200), space, "east-private").unwrap();
    let days_in = store.usage(after(518_400), east, Days::of(Month::of(noon()))).unwrap();
    let spaces = |spaces| Usage { spaces, ..Usage::ZERO };
    let parts = [(UsagePart::Space(space), spaces(10_000 * CENT)), (UsagePart::Space(shielded), spaces(60_000 * CENT))];
    assert_eq!(days_in.parts(), parts.into_iter().collect());
    assert_eq!(days_in.total().credits(), 70_000 * CENT);
    assert_eq!(store.current_use(after(518_400), east).unwrap().add_on_credits.used, 300_000);
    sound(&store);
}

#[test]
fn spc_04_the_payer_changes_with_the_team() {
    const CENT: u64 = 1_000_000;
    let World { mut store, mia, ada, bob, east, west, space, .. } = world();
    let app = inside(&mut store, ada, space, "inside");
    store.scale_app(ada, app, read("web"), DynoSize::PrivateS, 1).unwrap();
    let units =
        |store: &TeamStore, by, team| store.usage(by, team, Days::of(Month::of(noon()))).unwrap().total().dyno_units;
    store.transfer_space(mia.at(days(3)), space, west).unwrap();
    let (then, bob_then) = (ada.at(days(9)), bob.at(days(9)));
    assert_eq!((billed(&store, then, east), billed(&store, bob_then, west)), (10_000 * CENT, 20_000 * CENT));
    let [was, is] = [units(&store, then, east), units(&store, bob_then, west)];
    assert!(was > 0);
    assert_eq!(is, 2 * was);
    assert_eq!(store.current_use(then, east).unwrap().add_on_credits.used, 0);
    let period = |owner: TeamId, from, until| OwnershipPeriod { owner: owner.into(), from, until };
    let history = [period(east, noon(), Some(days(3))), period(west, days(3), None)];
    assert_eq!(store.ownership_history(bob, app).unwrap(), history);
    assert_eq!(store.app(bob, app).unwrap().owned_since(), days(3));
    sound(&store);
}

#[test]
fn spc_05_a_space_holds_up_to_its_limit_of_apps() {
    for limit in [SPACE_APPS_MAX, 1] {
        let settings = Settings::from_seed(0);
        let settings = if limit == 1 { settings.space_apps_max(1) } else { settings };
        let World { mut store, ada, east, space, .. } = world_with(settings);
        for n in 0..limit {
            inside(&mut store, ada, space, &format!("inside-{n}"));
        }
        let actual = u64::from(limit) + 1;
        let full = Error::SpaceFull { space, limit, actual };
        let message = format!("space `{space}` is limited to {limit} apps; this would make {actual}");
        refused(&mut store, |s| create_app_in(space)(s, ada), &full, &message);
        outside(&mut store, ada, east, "outside");
        let second = store.create_space(ada, NewSpace::new(east, read("second"))).unwrap();
        inside(&mut store, ada, second, "in-second");
        let first = store.app_by_name(ada, app_name("inside-0")).unwrap().id();
        store.delete_app(ada, first, "inside-0").unwrap();
        inside(&mut store, ada, space, "again");
        sound(&store);
    }
    assert_eq!(SPACE_APPS_MAX, 25);
}

#[test]
fn spc_05_destroying_needs_the_name_and_no_apps() {
    let World { mut store, ada, joe, east, space, .. } = world();
    let second = inside(&mut store, ada, space, "bbb");
    let first = inside(&mut store, ada, space, "aaa");
    store.allow_app_creation(ada, space, id(joe)).unwrap();
    for wrong in ["", "east", "East-private", "east-private ", "east-private\n"] {
        let error = Error::SpaceConfirmationMismatch { space };
        let message = format!("the confirmation is not the name of space `{space}`");
        refused(&mut store, |s| s.destroy_space(ada, space, wrong), &error, &message);
    }
    let left =
        |apps: Vec<AppId>| Error::SpaceNotEmpty { space, apps: Box::new(Truncated { total: apps.len(), shown: apps }) };
    let message = format!("space `{space}` still holds apps: `{first}`, `{second}`");
    refused(&mut store, |s| s.destroy_space(ada, space, "east-private"), &left(vec![first, second]), &message);
    store.delete_app(ada, first, "aaa").unwrap();
    let message = format!("space `{space}` still holds apps: `{second}`");
    refused(&mut store, |s| s.destroy_space(ada, space, "east-private"), &left(vec![second]), &message);
    store.delete_app(ada, second, "bbb").unwrap();
    store.destroy_space(ada, space, "east-private").unwrap();
    assert_eq!(spaces(&store, east), [""; 0]);
    each_refused(&mut store, &[ada], |s, by| s.destroy_space(by, space, "east-private"), missing(space));
    let Some(Event::SpaceDestroyed { creators, .. }) = store.events().last().map(|entry| &entry.event) else {
        panic!("no destruction")
    };
    assert_eq!(**creators, [id(joe)]);
    sound(&store);
}

#[test]
fn spc_05_a_team_with_a_space_is_not_deleted() {
    let World { mut store, operator, mia, ada, account, east, space, .. } = world();
    let left = Remaining { spaces: Truncated { shown: vec![space], total: 1 }, ..Remaining::default() };
    let error = Error::TeamNotEmpty { team: east, left: Box::new(left) };
    let message = format!("team `{east}` still has spaces: `{space}`");
    refused(&mut store, |s| s.delete_team(ada, east), &error, &message);
    store.request_team_deletion(ada, east).unwrap();
    refused(&mut store, |s| s.delete_team(operator, east), &error, &message);
    store.destroy_space(ada, space, "east-private").unwrap();
    store.delete_team(operator, east).unwrap();
    assert!(
        store
            .account_teams(mia, account, &TeamFilter::default(), &PageRequest::default())
            .unwrap()
            .items
            .iter()
            .all(|t| t.id() != east)
    );
    sound(&store);
}

#[test]
fn spc_06_a_space_stays_in_its_account() {
    let World { mut store, operator, mia, ada, bob, account, east, west, space, .. } = world();
    let alone = store.provision_team(operator, NewTeam::enterprise(team_name("alone"), id(ada))).unwrap();
    let standard = store.provision_team(operator, NewTeam::standard(team_name("standard"), id(ada))).unwrap();
    let second = store.open_account(operator, read("other-holding"), id(ada)).unwrap();
    let other = store.create_team_in(ada, second, team_name("other")).unwrap();
    for to in [alone, standard, other] {
        each_refused(&mut store, &[mia, ada], |s, by| s.transfer_space(by, space, to), leaves(space, to));
    }
    // A team without account gives its space to no other team without account.
    let free = store.create_space(ada, NewSpace::new(alone, read("free"))).unwrap();
    let apart = store.provision_team(operator, NewTeam::enterprise(team_name("apart"), id(ada))).unwrap();
    for to in [apart, standard, other] {
        each_refused(&mut store, &[ada], |s, by| s.transfer_space(by, free, to), leaves(free, to));
    }
    each_refused(&mut store, &[mia], |s, by| s.transfer_space(by, free, east), unseen(free));

    let owned = |space, team| {
        let message = format!("space `{space}` already belongs to team `{team}`");
        move |_: ActorKind| (Error::SpaceAlreadyOwned { space, team }, message.clone())
    };
    each_refused(&mut store, &[ada, mia], |s, by| s.transfer_space(by, space, east), owned(space, east));
    each_refused(&mut store, &[ada], |s, by| s.transfer_space(by, free, alone), owned(free, alone));
    let nobody = TeamId::from_uuid(Uuid::from_u128(1));
    let gone = |_: ActorKind| (Error::TeamNotFound { team: nobody }, format!("team `{nobody}` does not exist"));
    each_refused(&mut store, &[ada, mia, bob], |s, by| s.transfer_space(by, space, nobody), gone);
    let no_space = SpaceId::from_uuid(Uuid::from_u128(1));
    each_refused(&mut store, &[ada, mia], |s, by| s.transfer_space(by, no_space, west), missing(no_space));

    // A Standard team that moves in can receive it.
    store.move_team_in(ada, standard, account).unwrap();
    store.transfer_space(ada, space, standard).unwrap();
    assert_eq!((spaces(&store, east), spaces(&store, standard)), (vec![], vec!["east-private".to_owned()]));
    store.transfer_space(mia, space, west).unwrap();
    assert_eq!(store.space(bob, space).unwrap().team(), west);
    each_refused(&mut store, &[mia, bob], |s, by| s.transfer_space(by, space, west), owned(space, west));
    sound(&store);
}

#[test]
fn spc_06_a_transfer_keeps_the_limits_of_the_new_team() {
    let World { mut store, operator, mia, ada, bob, west, space, .. } = world();
    for name in ["one", "two"] {
        inside(&mut store, ada, space, name);
    }
    outside(&mut store, bob, west, "three");
    let limits = |apps, spaces| Limits { apps: Some(apps), spaces: Some(spaces), ..Limits::ENTERPRISE };
    let give = |s: &mut TeamStore, by| s.transfer_space(by, space, west);
    store.set_team_limits(operator, west, limits(2, 0)).unwrap();
    let apps_full = Error::AppLimitReached { team: west, limit: 2, actual: 3 };
    refused(
        &mut store,
        |s| give(s, mia),
        &apps_full,
        &format!("team `{west}` is limited to 2 apps; this would make 3"),
    );
    store.set_team_limits(operator, west, limits(3, 0)).unwrap();
    let spaces_full = Error::SpaceLimitReached { team: west, limit: 0, actual: 1 };
    let message = format!("team `{west}` is limited to 0 spaces; this would make 1");
    refused(&mut store, |s| give(s, mia), &spaces_full, &message);
    refused(&mut store, |s| s.create_space(bob, NewSpace::new(west, read("west-private"))), &spaces_full, &message);
    store.set_team_limits(operator, west, limits(3, 1)).unwrap();
    give(&mut store, mia).unwrap();
    let more = Error::SpaceLimitReached { team: west, limit: 1, actual: 2 };
    let message = format!("team `{west}` is limited to 1 spaces; this would make 2");
    refused(&mut store, |s| s.create_space(bob, NewSpace::new(west, read("west-private"))), &more, &message);
    store.rename_space(bob, space, read("west-private")).unwrap();
    store.set_team_limits(operator, west, limits(4, 1)).unwrap();
    inside(&mut store, bob, space, "four");
    sound(&store);
}

#[test]
fn spc_07_by_an_admin_of_both_teams_or_a_manager_of_the_account() {
    let World { mut store, operator, mia, ada, bob, joe, vera, jill, account, east, west, space } = world();
    let give = |s: &mut TeamStore, by| s.transfer_space(by, space, west);
    let lesser = AccountPermissionSet::of(&[AccountPermission::Create, AccountPermission::Billing]);
    store.add_account_member(mia, account, id(jill), lesser).unwrap();
    each_refused(&mut store, &[ada, joe, vera, operator], give, not_both(space));
    each_refused(&mut store, &[bob, jill], give, unseen(space));
    for role in [TeamRole::Member, TeamRole::Viewer] {
        store.add_member(bob, west, id(ada), role).unwrap();
        each_refused(&mut store, &[ada], give, not_both(space));
        store.remove_member(bob, west, id(ada)).unwrap();
        store.add_member(ada, east, id(bob), role).unwrap();
        each_refused(&mut store, &[bob], give, not_both(space));
        store.remove_member(ada, east, id(bob)).unwrap();
    }
    // Admin of the one and manager of another account.
    store.open_account(operator, read("other-holding"), id(ada)).unwrap();
    each_refused(&mut store, &[ada], give, not_both(space));
    // Whoever may not is told nothing of the teams.
    each_refused(
        &mut store,
        &[ada, joe],
        |s, by| s.transfer_space(by, space, east),
        |who| {
            if who == ada.who {
                let message = format!("space `{space}` already belongs to team `{east}`");
                return (Error::SpaceAlreadyOwned { space, team: east }, message);
            }
            not_both(space)(who)
        },
    );

    let mut by_manager = store.clone();
    give(&mut by_manager, mia).unwrap();
    assert_eq!(by_manager.space(bob, space).unwrap().team(), west);
    each_refused(&mut by_manager, &[mia, ada, joe], |s, by| s.space(by, space).map(drop), unseen(space));
    sound(&by_manager);
    let mut by_another = store.clone();
    by_another.set_account_permissions(mia, account, id(jill), AccountPermissionSet::ALL).unwrap();
    give(&mut by_another, jill).unwrap();
    sound(&by_another);

    store.add_member(bob, west, id(ada), TeamRole::Admin).unwrap();
    each_refused(&mut store, &[bob], give, unseen(space));
    give(&mut store, ada).unwrap();
    assert_eq!((spaces(&store, east), spaces(&store, west)), (vec![], vec!["east-private".to_owned()]));
    store.transfer_space(ada, space, east).unwrap();
    assert_eq!(store.space(vera, space).unwrap().team(), east);
    sound(&store);
}

#[test]
fn spc_07_both_teams_let_the_client_in() {
    let World { mut store, mia, ada, bob, east, west, space, .. } = world();
    store.add_member(bob, west, id(ada), TeamRole::Admin).unwrap();
    let give = |s: &mut TeamStore, by| s.transfer_space(by, space, west);
    for (team, admin) in [(east, ada), (west, bob)] {
        store.set_oauth_access(admin, team, OAuthAccess::Denied).unwrap();
        each_refused(&mut store, &[through_client(mia), through_client(ada)], give, denied(team));
        store.set_oauth_access(admin, team, OAuthAccess::Allowed).unwrap();
    }
    let mut other = store.clone();
    give(&mut other, through_client(mia)).unwrap();
    give(&mut store, through_client(ada)).unwrap();
    assert_eq!(spaces(&store, west), spaces(&other, west));
    sound(&store);
}

#[test]
fn spc_08_exactly_the_apps_inside_move_with_whole_pipelines() {
    let World { mut store, mia, ada, bob, joe, east, west, space, .. } = world();
    let [one, two, across, lone] = ["one", "two", "across", "lone"].map(|name| inside(&mut store, ada, space, name));
    let [out, far] = ["out", "far"].map(|name| outside(&mut store, ada, east, name));
    let second = store.create_space(ada, NewSpace::new(east, read("second"))).unwrap();
    let other = inside(&mut store, ada, second, "other");
    let [whole, mixed, spread, outer, empty] = ["whole", "mixed", "spread", "outer", "empty"]
        .map(|name| store.create_pipeline(ada, east, read(name)).unwrap());
    let places = [
        (whole, one, Stage::Staging),
        (whole, two, Stage::Production),
        (mixed, across, Stage::Staging),
        (mixed, out, Stage::Production),
        (spread, other, Stage::Production),
        (outer, far, Stage::Review),
    ];
    for (pipeline, app, stage) in places {
        store.couple_app(ada, pipeline, app, stage).unwrap();
    }
    store.lock_app(ada, lone).unwrap();
    let operator = Actor::operator(noon());
    store.transfer_space(mia.at(days(1)), space, west).unwrap();

    assert_eq!(apps(&store, west, None), ["across", "lone", "one", "two"]);
    assert_eq!(apps(&store, west, Some(space)), apps(&store, west, None));
    assert_eq!(apps(&store, east, None), ["far", "other", "out"]);
    let owner_of = |pipeline| store.pipeline(operator, pipeline).unwrap().owner();
    assert_eq!([whole, mixed, spread, outer, empty].map(owner_of), [west, east, east, east, east].map(Owner::from));
    assert_eq!(
        [one, two].map(|app| coupled(&store, app)),
        [Some((whole, Stage::Staging)), Some((whole, Stage::Production))]
    );
    assert_eq!([across, lone].map(|app| coupled(&store, app)), [None, None]);
    assert_eq!(coupled(&store, out), Some((mixed, Stage::Production)));
    assert_eq!(coupled(&store, other), Some((spread, Stage::Production)));
    assert_eq!(coupled(&store, far), Some((outer, Stage::Review)));
    assert_eq!(store.space(ada, second).unwrap().team(), east);
    assert_eq!(store.app(bob, lone).unwrap().space(), Some(space));
    assert!([one, across].iter().all(|app| holds(&store, bob, *app) == ALL));
    assert!(
        [one, across, lone].iter().all(|app| holds(&store, ada, *app) == EMPTY && holds(&store, joe, *app) == EMPTY)
    );

    // One event lists it, for both teams and for each app.
    let Some(Event::SpaceTransferred { moved }) = store.events().last().map(|entry| &entry.event) else {
        panic!("no transfer")
    };
    let SpaceMove { space: id_of, from, to, apps: moves, pipelines, creators_ended, .. } = &**moved;
    assert_eq!((*id_of, *from, *to), (space, east, west));
    assert_eq!((&**pipelines, &**creators_ended), (&[whole][..], &[][..]));
    let mut listed: Vec<AppId> = moves.iter().map(|one| one.app).collect();
    let mut expected = vec![one, two, across, lone];
    listed.sort_unstable();
    expected.sort_unstable();
    assert_eq!(listed, expected);
    for one in moves {
        assert_eq!((one.from, one.to, one.at), (east.into(), west.into(), days(1)));
        // What slept of who created it, and is not there, ended (PERM-6).
        assert_eq!(one.grants.iter().map(|grant| grant.to).collect::<Vec<_>>(), [None]);
        let left = (one.app == across).then_some((mixed, Stage::Staging));
        assert_eq!(one.uncoupled, left);
    }
    for (by, scope) in [(ada, AuditScope::Team(east)), (bob, AuditScope::Team(west)), (bob, AuditScope::App(across))] {
        let log = store.audit_log(by, &AuditFilter::new(scope), &PageRequest::default()).unwrap();
        assert_eq!(log.items[0].event, store.events().last().unwrap().event);
    }
    sound(&store);
}

#[test]
fn spc_08_an_empty_space_moves_alone_and_a_space_moves_back() {
    let World { mut store, mia, ada, bob, east, west, space, .. } = world();
    let pipeline = store.create_pipeline(ada, east, read("site")).unwrap();
    store.transfer_space(mia, space, west).unwrap();
    assert_eq!((apps(&store, west, None), store.pipeline(ada, pipeline).unwrap().owner()), (vec![], east.into()));
    store.transfer_space(mia, space, east).unwrap();
    let app = inside(&mut store, ada, space, "inside");
    store.couple_app(ada, pipeline, app, Stage::Development).unwrap();
    for team in [west, east, west] {
        store.transfer_space(mia, space, team).unwrap();
        let operator = Actor::operator(noon());
        assert_eq!(store.pipeline(operator, pipeline).unwrap().owner(), team.into());
        assert_eq!(store.app(operator, app).unwrap().owner(), team.into());
        assert_eq!(coupled(&store, app), Some((pipeline, Stage::Development)));
    }
    store.uncouple_app(bob, app).unwrap();
    sound(&store);
}

#[test]
fn spc_09_permissions_to_create_apps_end_for_strangers_and_grants_travel() {
    let World { mut store, mia, ada, bob, joe, vera, jill, east, west, space, .. } = world();
    let [tom, liz, ron] = ["tom", "liz", "ron"].map(|name| register(&mut store, &format!("{name}@acme.com")));
    for (person, role) in [(tom, TeamRole::Member), (liz, TeamRole::Viewer), (ron, TeamRole::Admin)] {
        store.add_member(ada, east, id(person), TeamRole::Member).unwrap();
        store.add_member(bob, west, id(person), role).unwrap();
    }
    let second = store.create_space(ada, NewSpace::new(east, read("second"))).unwrap();
    for person in [joe, tom, liz, ron] {
        store.allow_app_creation(ada, space, id(person)).unwrap();
        store.allow_app_creation(ada, second, id(person)).unwrap();
    }
    let mine = inside(&mut store, joe, space, "by-joe");
    let other = inside(&mut store, ada, space, "by-ada");
    for (person, set) in [(jill, VIEW), (vera, WORK), (tom, WORK), (bob, VIEW)] {
        store.grant_permissions(ada, other, id(person), set).unwrap();
    }
    let elsewhere = creators(&store, second);
    store.transfer_space(mia, space, west).unwrap();
    // Ron is an admin there: his sleeps (PERM-6).
    let mut kept = [tom, ron].map(id);
    kept.sort_unstable();
    assert_eq!(creators(&store, space), kept);
    assert_eq!((creators(&store, second), elsewhere.len()), (elsewhere, 4));
    let Some(Event::SpaceTransferred { moved }) = store.events().last().map(|entry| &entry.event) else {
        panic!("no transfer")
    };
    let mut ended = [joe, liz].map(id);
    ended.sort_unstable();
    assert_eq!(*moved.creators_ended, ended);
    // Ada's, who is not there, slept.
    for app in &moved.apps {
        let ended: Vec<_> = app.grants.iter().map(|change| (change.user, change.from, change.to)).collect();
        assert_eq!(ended, if app.app == other { vec![(id(ada), Some(ALL), None)] } else { vec![] });
    }
    assert_eq!(holds(&store, joe, mine), ALL);
    assert_eq!([jill, vera].map(|by| holds(&store, by, other)), [VIEW, WORK]);
    assert_eq!([ada, joe].map(|by| holds(&store, by, other)), [EMPTY, EMPTY]);
    assert_eq!([bob, ron].map(|by| holds(&store, by, mine)), [ALL, ALL]);
    assert_eq!([tom, liz].map(|by| holds(&store, by, mine)), [VIEW, VIEW]);
    let team = |joe: &'static str, tom: &'static str| {
        let rest = [joe, "liz@acme.com: view", "ron@acme.com: view, deploy, operate, manage", tom];
        [&["bob@acme.com: view, deploy, operate, manage"][..], &rest].concat()
    };
    assert_eq!(people(&store, mine), team("joe@acme.com: view, deploy, operate, manage", "tom@acme.com: view"));
    let mut others = team("jill@acme.com: view", "tom@acme.com: view, deploy, operate");
    others.push("vera@acme.com: view, deploy, operate");
    assert_eq!(people(&store, other), others);

    inside(&mut store, tom, space, "by-tom");
    inside(&mut store, ron, space, "by-ron");
    each_refused(&mut store, &[joe, ada], create_app_in(space), unseen(space));
    store.add_member(bob, west, id(joe), TeamRole::Member).unwrap();
    each_refused(&mut store, &[joe], create_app_in(space), closed(space));
    // Only the new team's admins have a say.
    each_refused(&mut store, &[ada], |s, by| s.allow_app_creation(by, space, id(joe)), unseen(space));
    store.allow_app_creation(bob, space, id(joe)).unwrap();
    store.remove_member(ada, east, id(joe)).unwrap();
    assert!(creators(&store, space).contains(&id(joe)));
    store.remove_member(bob, west, id(joe)).unwrap();
    assert_eq!(creators(&store, space), kept);
    sound(&store);
}

#[test]
fn trf_08_an_app_in_a_space_is_not_transferred_alone() {
    let World { mut store, mia, ada, bob, joe, jill, east, west, space, .. } = world();
    store.add_member(bob, west, id(ada), TeamRole::Admin).unwrap();
    store.allow_app_creation(ada, space, id(joe)).unwrap();
    let app = inside(&mut store, joe, space, "inside");
    let out = outside(&mut store, ada, east, "outside");
    store.grant_permissions(ada, app, id(jill), ALL).unwrap();
    let stays = Error::AppInSpace { app, space };
    let message = format!("app `{app}` is in space `{space}` and can be transferred only with it");
    let stay = |_: ActorKind| (stays.clone(), message.clone());
    for to in [Owner::from(west), east.into(), id(ada).into(), id(joe).into(), id(jill).into(), id(mia).into()] {
        each_refused(&mut store, &[ada], |s, by| s.transfer_app(by, app, to), stay);
    }
    each_refused(&mut store, &[joe], |s, by| s.transfer_app(by, app, id(joe)), stay);
    each_refused(
        &mut store,
        &[jill],
        |s, by| s.transfer_app(by, app, id(jill)),
        |actor| {
            let message = format!(
                "only admins, and members with `manage`, can transfer app `{app}` to a user; {actor} is neither"
            );
            (Error::OnlyManagersGiveApps { actor, app }, message)
        },
    );

    let refusal = Error::BulkRefused { apps: Box::new(Truncated { shown: vec![(app, stays.clone())], total: 1 }) };
    let none = format!("no app was transferred, as 1 cannot be: `{app}`: {message}");
    refused(&mut store, |s| s.transfer_apps(ada, &[out, app], west), &refusal, &none);
    refused(&mut store, |s| s.transfer_movable_apps(ada, &[app], west), &refusal, &none);
    let mut some = store.clone();
    assert_eq!(some.transfer_movable_apps(ada, &[app, out], west).unwrap(), [(app, stays.clone())]);
    assert_eq!(
        (apps(&some, east, None), apps(&some, west, None)),
        (vec!["inside".to_owned()], vec!["outside".to_owned()])
    );
    sound(&some);

    let pipeline = store.create_pipeline(ada, east, read("site")).unwrap();
    for (app, stage) in [(app, Stage::Staging), (out, Stage::Production)] {
        store.couple_app(ada, pipeline, app, stage).unwrap();
    }
    let listed = Truncated { shown: vec![(app, stays.clone())], total: 1 };
    let error = Error::PipelineNotMovable { pipeline, apps: Box::new(listed) };
    let all_stay = format!("pipeline `{pipeline}` was not transferred, as 1 of its apps cannot be: `{app}`: {message}");
    refused(&mut store, |s| s.transfer_pipeline(ada, pipeline, west), &error, &all_stay);

    store.transfer_space(ada, space, west).unwrap();
    assert_eq!(
        (apps(&store, west, None), apps(&store, east, None)),
        (vec!["inside".to_owned()], vec!["outside".to_owned()])
    );
    each_refused(&mut store, &[ada], |s, by| s.transfer_app(by, app, east), stay);
    sound(&store);
}

#[test]
fn spc_05_the_refusal_lists_at_most_a_hundred_apps_that_remain() {
    let World { mut store, ada, space, .. } = world_with(Settings::from_seed(0).space_apps_max(200));
    let apps: Vec<AppId> =
        (0..TRUNCATED_MAX + 5).map(|n| inside(&mut store, ada, space, &format!("inside-{n:03}"))).collect();
    let shown = apps[..TRUNCATED_MAX].to_vec();
    let names: Vec<String> = shown.iter().map(|app| format!("`{app}`")).collect();
    let message = format!("space `{space}` still holds apps: {} and 5 more", names.join(", "));
    let error = Error::SpaceNotEmpty { space, apps: Box::new(Truncated { shown, total: TRUNCATED_MAX + 5 }) };
    refused(&mut store, |s| s.destroy_space(ada, space, "east-private"), &error, &message);
    sound(&store);
}

#[test]
fn res_01_private_sizes_in_plain_spaces_shield_sizes_in_shield_spaces_elsewhere_neither() {
    use DynoSize as Size;
    let World { mut store, ada, east, space, .. } = world();
    let shielded = store.create_space(ada, NewSpace::new(east, read("east-shield")).shielded()).unwrap();
    let (plain, shield) = (inside(&mut store, ada, space, "inside"), inside(&mut store, ada, shielded, "shielded"));
    let out = outside(&mut store, ada, east, "outside");
    let scale = |s: &mut TeamStore, app, size| s.scale_app(ada, app, read("web"), size, 1);
    for (home, sizes) in [
        (out, &[Size::Basic, Size::Standard1X, Size::Standard2X, Size::PerformanceM, Size::PerformanceL][..]),
        (plain, &[Size::PrivateS, Size::PrivateM, Size::PrivateL]),
        (shield, &[Size::ShieldS, Size::ShieldM, Size::ShieldL]),
    ] {
        for size in sizes.iter().copied() {
            for app in [out, plain, shield].into_iter().filter(|app| *app != home) {
                let (error, message) = if app == out {
                    let message = format!("app `{app}` is not in a space, and {size} dynos run in spaces only");
                    (Error::PrivateDynoOutsideSpace { app, size }, message)
                } else {
                    let shield = if app == plain { Shield::Off } else { Shield::On };
                    let message = format!(
                        "app `{app}` is in a space whose shield is {shield}, and {size} dynos do not run there"
                    );
                    (Error::DynoUnfitForSpace { app, size, shield }, message)
                };
                refused(&mut store, |s| scale(s, app, size), &error, &message);
            }
            scale(&mut store, home, size).unwrap();
        }
    }
    sound(&store);
}
