//! since when something is so, and when it last changed, are the times of the events that made and changed it.

use enterprise_teams::chrono::{DateTime, TimeDelta, Utc};
use enterprise_teams::demo::Demo;
use enterprise_teams::{
    Actor, AppId, NewApp, NewSpace, NewTeam, PageRequest, Permission, Role, Snapshot, SpaceId, Stage, TeamId, TeamRole,
    TeamStore,
    entity::{AddOnControls, DynoSize, IdentityProvider, Limits, Mfa, OAuthAccess, SignInRequirement, Times},
    query::{AppFilter, PeopleFilter, TeamFilter},
};

use crate::support::{app_name, days, id, noon, read, sound, team_name};

/// Of the first time and the last.
fn times(since: i64, changed_at: i64) -> Times {
    Times { since: days(since), changed_at: days(changed_at) }
}

/// Of who has a role in a team, or is on an app of it.
fn in_team(store: &TeamStore, actor: Actor, team: TeamId, user: Actor) -> Times {
    let entry = store.access_entry(actor, team, id(user)).expect("seen").times;
    let list = store.access_list(actor, team, &PeopleFilter::default(), &PageRequest::default()).expect("listed");
    let listed = list.items.iter().find(|entry| entry.user.id() == id(user)).expect("listed");
    assert_eq!(listed.times, entry);
    entry
}

fn on_app(store: &TeamStore, actor: Actor, app: AppId, user: Actor) -> Option<Times> {
    store.app_access_of(actor, app, id(user)).expect("seen").granted
}

fn changed(store: &TeamStore, actor: Actor, app: AppId) -> DateTime<Utc> {
    store.app(actor, app).expect("seen").changed_at()
}

/// Of who sees the space, and since when they have its permission.
fn in_space(store: &TeamStore, actor: Actor, space: SpaceId, user: Actor) -> (Times, Option<DateTime<Utc>>) {
    let access = store.space_access_of(actor, space, id(user)).expect("seen");
    (access.times, access.permitted_since)
}

#[test]
fn x_03_a_membership_keeps_its_times() {
    let Demo { mut store, ada, joe, vera, acme, .. } = Demo::new().unwrap();
    assert_eq!(in_team(&store, vera, acme, joe), times(0, 0));
    store.set_member_role(ada.at(days(2)), acme, id(joe), TeamRole::Viewer).unwrap();
    assert_eq!(in_team(&store, vera, acme, joe), times(0, 2));
    let own = store.memberships(joe, &TeamFilter::default(), &PageRequest::default()).unwrap().items;
    assert_eq!(own[0].times, times(0, 2));
    store.remove_member(ada.at(days(3)), acme, id(joe)).unwrap();
    store.add_member(ada.at(days(5)), acme, id(joe), TeamRole::Member).unwrap();
    assert_eq!(in_team(&store, vera, acme, joe), times(5, 5));
    for (day, then) in [(0, times(0, 0)), (1, times(0, 0)), (2, times(0, 2)), (5, times(5, 5))] {
        let was = store.as_of(days(day)).unwrap();
        assert_eq!(in_team(&was, vera, acme, joe), then, "on day {day}");
        sound(&was);
    }
    // What others do changes nothing.
    store.request_team_deletion(ada.at(days(6)), acme).unwrap();
    assert_eq!(in_team(&store, vera, acme, joe), times(5, 5));
}

#[test]
fn x_03_a_grant_keeps_its_times_as_long_as_it_lives() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, acme, inc, website, .. } = Demo::new().unwrap();
    assert_eq!(on_app(&store, ada, website, joe), Some(times(0, 0)));
    store.set_permissions(ada.at(days(1)), website, id(joe), Permission::Operate.into()).unwrap();
    assert_eq!(on_app(&store, ada, website, joe), Some(times(0, 1)));
    assert_eq!(on_app(&store, ada, website, vera), None);
    // Refused, foreseen or taken back, it leaves no trace.
    let before = store.clone();
    assert!(store.set_permissions(ada.at(days(2)), website, id(joe), Permission::Operate.into()).is_err());
    let mut transaction = store.begin();
    transaction.remove_collaborator(ada.at(days(2)), website, id(joe)).unwrap();
    transaction.rename_app(ada.at(days(2)), website, app_name("other")).unwrap();
    transaction.roll_back();
    assert!(store == before && store.snapshot() == before.snapshot());

    // Asleep while he is admin, and as old when he is none.
    store.set_member_role(ada.at(days(3)), acme, id(joe), TeamRole::Admin).unwrap();
    let asleep = store.app_access_of(ada, website, id(joe)).unwrap();
    assert_eq!((asleep.granted, asleep.sleeping.is_some()), (Some(times(0, 1)), true));
    store.set_member_role(ada.at(days(4)), acme, id(joe), TeamRole::Member).unwrap();
    assert_eq!(on_app(&store, ada, website, joe), Some(times(0, 1)));

    // To another team it goes with those on it, whose grants live on: there since the app is the team's.
    let second = store.provision_team(operator.at(days(5)), NewTeam::enterprise(team_name("second"), id(ada))).unwrap();
    store.transfer_app(ada.at(days(6)), website, second).unwrap();
    assert_eq!(on_app(&store, ada, website, jill), Some(times(0, 0)));
    let entry = store.access_entry(ada, second, id(jill)).unwrap();
    assert_eq!((entry.role, entry.times), (Role::Collaborator, times(6, 6)));
    assert_eq!(changed(&store, ada, website), days(6));
    let was = store.as_of(days(5)).unwrap();
    assert_eq!((in_team(&was, ada, acme, jill), changed(&was, ada, website)), (times(0, 0), days(0)));
    assert_eq!(on_app(&was, ada, website, joe), Some(times(0, 1)));
    assert!(store.app_access_of(sam, website, id(jill)).is_err() && inc != second);
}

#[test]
fn x_03_an_app_says_when_it_last_changed() {
    type Change = fn(&mut TeamStore, Actor, AppId);
    let Demo { mut store, ada, joe, jill, acme, website, .. } = Demo::new().unwrap();
    let pipeline = store.create_pipeline(ada, acme, read("flow")).unwrap();
    store.create_app(ada, NewApp::in_team(acme).named(app_name("other"))).unwrap();
    assert_eq!(changed(&store, jill, website), noon());
    let own: [Change; 6] = [
        |store, ada, app| store.rename_app(ada, app, app_name("fresh")).unwrap(),
        |store, ada, app| store.lock_app(ada, app).unwrap(),
        |store, ada, app| store.unlock_app(ada, app).unwrap(),
        |store, ada, app| store.scale_app(ada, app, read("web"), DynoSize::Standard1X, 2).unwrap(),
        |store, ada, app| store.release_app(ada, app, read("first")).unwrap(),
        |store, ada, app| store.scale_app(ada, app, read("web"), DynoSize::Standard1X, 0).unwrap(),
    ];
    for (change, day) in own.iter().zip(1..) {
        change(&mut store, ada.at(days(day)), website);
        assert_eq!(changed(&store, jill, website), days(day));
    }
    store.couple_app(ada.at(days(7)), pipeline, website, Stage::Staging).unwrap();
    store.set_stage(ada.at(days(8)), website, Stage::Production).unwrap();
    assert_eq!(store.coupling(jill, website).unwrap().unwrap().times, times(7, 8));
    let listed = store.pipeline_apps(jill, pipeline, &AppFilter::default(), &PageRequest::default()).unwrap().items;
    assert_eq!((listed[0].1.times, listed[0].0.changed_at()), (times(7, 8), days(8)));
    store.delete_pipeline(ada.at(days(9)), pipeline).unwrap();
    assert_eq!(changed(&store, jill, website), days(9));
    // Who is on it and what is installed have times of their own.
    store.set_permissions(ada.at(days(10)), website, id(joe), Permission::Operate.into()).unwrap();
    store.remove_collaborator(ada.at(days(10)), website, id(jill)).unwrap();
    assert_eq!(changed(&store, ada, website), days(9));
    for day in 0..=10 {
        let was = store.as_of(days(day)).unwrap();
        assert_eq!(changed(&was, ada, website), days(day.min(9)), "on day {day}");
    }
    // Gone and taken back, it is as old as before.
    let before = store.clone();
    let mut transaction = store.begin();
    transaction.delete_app(ada.at(days(11)), website, "fresh").unwrap();
    transaction.roll_back();
    assert!(store == before && store.snapshot() == before.snapshot());
}

#[test]
fn x_03_a_space_says_since_when_it_is_whose_and_open_to_whom() {
    let Demo { mut store, operator, ada, joe, vera, .. } = Demo::new().unwrap();
    let account = store.open_account(operator, read("acme"), id(ada)).unwrap();
    let labs = store.create_team_in(ada, account, team_name("acme-labs")).unwrap();
    store.add_member(ada.at(days(1)), labs, id(joe), TeamRole::Member).unwrap();
    let second = store.create_team_in(ada.at(days(1)), account, team_name("acme-second")).unwrap();
    store.add_member(ada.at(days(2)), second, id(joe), TeamRole::Member).unwrap();
    let space = store.create_space(ada.at(days(3)), NewSpace::new(labs, read("acme-space"))).unwrap();
    assert_eq!(store.space(joe, space).unwrap().team_since(), days(3));
    assert_eq!(in_space(&store, ada, space, joe), (times(3, 3), None));
    store.allow_app_creation(ada.at(days(4)), space, id(joe)).unwrap();
    assert_eq!(in_space(&store, ada, space, joe), (times(3, 4), Some(days(4))));
    store.transfer_space(ada.at(days(5)), space, second).unwrap();
    let moved = store.space(joe, space).unwrap();
    assert_eq!((moved.team_since(), moved.created_at()), (days(5), days(3)));
    // He may go on, being a member there too.
    assert_eq!(in_space(&store, ada, space, joe), (times(5, 5), Some(days(4))));
    store.revoke_app_creation(ada.at(days(6)), space, id(joe)).unwrap();
    assert_eq!(in_space(&store, ada, space, joe), (times(5, 5), None));
    let was = store.as_of(days(4)).unwrap();
    assert_eq!(in_space(&was, ada, space, joe), (times(3, 4), Some(days(4))));
    assert_eq!(was.space(joe, space).unwrap().team_since(), days(3));
    assert!(store.space_access_of(vera, space, id(joe)).is_err());
}

#[test]
fn x_03_a_team_says_when_it_last_changed() {
    type Change = fn(&mut TeamStore, Actor, TeamId);
    let Demo { mut store, operator, ada, joe, acme, .. } = Demo::new().unwrap();
    let account = store.open_account(operator, read("acme"), id(ada)).unwrap();
    let changed = |store: &TeamStore| store.team(ada, acme).unwrap().changed_at();
    assert_eq!(changed(&store), noon());
    let provider = |number: u8| {
        let pem = format!("-----BEGIN CERTIFICATE-----\nMIIB{number}\n-----END CERTIFICATE-----");
        IdentityProvider::new("acme-idp", "https://id.acme.com/saml", &pem).unwrap()
    };
    let own: [Change; 11] = [
        |store, ada, team| store.rename_team(ada, team, team_name("widgets")).unwrap(),
        |store, ada, team| store.set_default_role(ada, team, TeamRole::Viewer).unwrap(),
        |store, ada, team| store.set_oauth_access(ada, team, OAuthAccess::Denied).unwrap(),
        |store, ada, team| store.set_add_on_controls(ada, team, AddOnControls::On).unwrap(),
        |store, ada, team| store.request_team_deletion(ada, team).unwrap(),
        |store, ada, team| store.withdraw_team_deletion(ada, team).unwrap(),
        |store, ada, team| {
            let limits = Limits { apps: Some(7), ..Limits::ENTERPRISE };
            store.set_team_limits(Actor::operator(ada.at), team, limits).unwrap();
        },
        |store, ada, _| store.set_mfa(ada, id(ada), Mfa::Enrolled).unwrap(),
        |store, ada, team| store.set_sign_in_requirement(ada, team, SignInRequirement::MfaOrSso).unwrap(),
        |store, ada, team| store.set_sign_in_requirement(ada, team, SignInRequirement::Nothing).unwrap(),
        |store, ada, team| store.request_team_deletion(ada, team).unwrap(),
    ];
    for (change, day) in own.iter().zip(1..) {
        change(&mut store, ada.at(days(day)), acme);
        // Her own enrolment is no matter of the team.
        assert_eq!(changed(&store), days(if day == 8 { 7 } else { day }), "on day {day}");
    }
    // With its identity provider whether there is one, not which.
    store.set_identity_provider(ada.at(days(12)), acme, provider(1)).unwrap();
    assert_eq!(changed(&store), days(12));
    store.set_identity_provider(ada.at(days(13)), acme, provider(2)).unwrap();
    store.allow_add_on(ada.at(days(13)), acme, read("kafka")).unwrap();
    store.set_member_role(ada.at(days(13)), acme, id(joe), TeamRole::Viewer).unwrap();
    assert_eq!(changed(&store), days(12), "what others do is not its own");
    store.enable_sso(ada.at(days(14)), acme).unwrap();
    assert_eq!(changed(&store), days(14));
    store.move_team_in(operator.at(days(15)), acme, account).unwrap();
    store.request_team_move_out(ada.at(days(16)), acme).unwrap();
    assert_eq!(changed(&store), days(16));
    for (day, then) in [(0, 0), (1, 1), (8, 7), (11, 11), (13, 12), (14, 14), (15, 15), (16, 16)] {
        let was = store.as_of(days(day)).unwrap();
        assert_eq!(changed(&was), days(then), "on day {day}");
        sound(&was);
    }
    let before = store.clone();
    let mut transaction = store.begin();
    transaction.withdraw_team_move_out(ada.at(days(17)), acme).unwrap();
    transaction.rename_team(ada.at(days(18)), acme, team_name("other")).unwrap();
    transaction.roll_back();
    assert!(store == before && store.snapshot() == before.snapshot());
}

#[test]
fn x_03_spaces_and_pipelines_say_when_they_last_changed() {
    let Demo { mut store, operator, ada, joe, .. } = Demo::new().unwrap();
    let account = store.open_account(operator, read("acme"), id(ada)).unwrap();
    let [labs, second] =
        ["acme-labs", "acme-second"].map(|name| store.create_team_in(ada, account, team_name(name)).expect("created"));
    for team in [labs, second] {
        store.add_member(ada, team, id(joe), TeamRole::Member).unwrap();
    }
    let space = store.create_space(ada.at(days(1)), NewSpace::new(labs, read("acme-space"))).unwrap();
    let [inside, wholly] =
        ["flow", "wholly"].map(|name| store.create_pipeline(ada.at(days(1)), labs, read(name)).unwrap());
    let in_space = |store: &TeamStore| store.space(joe, space).unwrap().changed_at();
    let of = |store: &TeamStore, pipeline| store.pipeline(joe, pipeline).unwrap().changed_at();
    assert_eq!((in_space(&store), of(&store, inside)), (days(1), days(1)));
    store.rename_space(ada.at(days(2)), space, read("acme-room")).unwrap();
    store.rename_pipeline(ada.at(days(3)), inside, read("stream")).unwrap();
    assert_eq!((in_space(&store), of(&store, inside)), (days(2), days(3)));
    // What is in them is not their own.
    let app = store.create_app(ada.at(days(4)), NewApp::in_space(space)).unwrap();
    let outside = store.create_app(ada.at(days(4)), NewApp::in_team(labs)).unwrap();
    store.allow_app_creation(ada.at(days(4)), space, id(joe)).unwrap();
    store.couple_app(ada.at(days(4)), wholly, app, Stage::Staging).unwrap();
    store.couple_app(ada.at(days(4)), inside, outside, Stage::Staging).unwrap();
    assert_eq!((in_space(&store), of(&store, inside), of(&store, wholly)), (days(2), days(3), days(1)));
    store.transfer_space(ada.at(days(5)), space, second).unwrap();
    assert_eq!((in_space(&store), of(&store, inside), of(&store, wholly)), (days(5), days(3), days(5)), "SPC-8");
    store.transfer_pipeline(ada.at(days(6)), inside, second).unwrap();
    assert_eq!(of(&store, inside), days(6));
    for (day, then) in [(1, [1, 1, 1]), (3, [2, 3, 1]), (5, [5, 3, 5]), (6, [5, 6, 5])] {
        let was = store.as_of(days(day)).unwrap();
        assert_eq!([in_space(&was), of(&was, inside), of(&was, wholly)], then.map(days), "on day {day}");
        sound(&was);
    }
}

/// What the kept events replaced comes back with the snapshot, and is looked at.
#[test]
fn x_03_what_was_replaced_is_kept_as_long_as_the_event() {
    let Demo { mut store, ada, joe, website, .. } = Demo::new().unwrap();
    for (permission, day) in [Permission::Operate, Permission::Manage, Permission::Deploy].into_iter().zip(1..) {
        store.set_permissions(ada.at(days(day)), website, id(joe), permission.into()).unwrap();
    }
    let granted = |store: &TeamStore| on_app(store, ada, website, joe);
    store.drain_events(2);
    let text = serde_json::to_value(store.snapshot()).unwrap();
    assert_eq!(text["replaced"], serde_json::json!([days(1), days(2)]));
    let restored = TeamStore::restore(serde_json::from_value(text.clone()).unwrap()).unwrap();
    assert!(restored == store);
    for day in 2..=3 {
        let [was, same] = [&store, &restored].map(|store| store.as_of(days(day)).unwrap());
        assert!(was == same && granted(&was) == Some(times(0, day)));
    }
    let mut spoilt = text;
    spoilt["replaced"][0] = serde_json::json!(days(0));
    let spoilt: Snapshot = serde_json::from_value(spoilt).unwrap();
    assert_eq!(TeamStore::restore(spoilt).unwrap_err().to_string(), "digest: it is not that of the state");
    store.drain_events(0);
    assert!(serde_json::to_value(store.snapshot()).unwrap().get("replaced").is_none());
    store.set_permissions(ada.at(days(4)), website, id(joe), Permission::View.into()).unwrap();
    assert_eq!(granted(&store), Some(times(0, 4)));
    assert!(store.as_of(days(4) - TimeDelta::microseconds(1)).is_none(), "nobody knows how it was");
}
