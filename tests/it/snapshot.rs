//! Snapshots: the whole store as one value and back, and everything that is no store refused (X-3).

use enterprise_teams::chrono::{DateTime, TimeDelta, Utc};
use enterprise_teams::demo::Demo;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    Actor, NewApp, NewSpace, NewTeam, NewUser, PermissionSet, ReplayError, RestoreError, Settings, Snapshot, Stage,
    TeamRole, TeamStore, UserId,
    entity::{AccountPermission, AccountPermissionSet, AddOnControls, DynoSize, IdentityProvider, Limits, Mfa, Plan},
};
use serde_json::{Value, json};

use crate::support::{app_name, days, email, id, noon, sound, team_name};

/// A store with at least one of everything that a store can hold.
pub(crate) fn rich() -> TeamStore {
    let Demo { mut store, operator, ada, joe, vera, jill, acme, website, sam, max, inc, wave, .. } =
        Demo::new().unwrap();
    let at = |actor: Actor, day| actor.at(days(day));
    let account = store.open_account(at(operator, 1), "acme-holding".parse().unwrap(), id(ada)).unwrap();
    let view = AccountPermissionSet::of(&[AccountPermission::View, AccountPermission::Create]);
    store.add_account_member(at(ada, 1), account, id(joe), view).unwrap();
    store.add_account_member(at(ada, 1), account, id(sam), view).unwrap();
    let third = store.provision_team(at(operator, 1), NewTeam::standard(team_name("acme-third"), id(sam))).unwrap();
    store.move_team_in(at(sam, 1), third, account).unwrap();
    let labs = store.create_team_in(at(ada, 1), account, team_name("acme-labs")).unwrap();
    let space = store.create_space(at(ada, 2), NewSpace::new(acme, "acme-private".parse().unwrap())).unwrap();
    store.create_space(at(ada, 2), NewSpace::new(labs, "acme-shield".parse().unwrap()).shielded()).unwrap();
    store.allow_app_creation(at(ada, 2), space, id(joe)).unwrap();
    let inside = store.create_app(at(joe, 3), NewApp::in_space(space).named(app_name("inside"))).unwrap();
    store.scale_app(at(ada, 3), inside, "web".parse().unwrap(), DynoSize::PrivateM, 2).unwrap();
    for (process, quantity) in [("web", 2), ("worker", 1)] {
        store.scale_app(at(ada, 3), website, process.parse().unwrap(), DynoSize::Standard1X, quantity).unwrap();
    }
    store.scale_app(at(ada, 5), website, "web".parse().unwrap(), DynoSize::Standard2X, 3).unwrap();
    let plan = |name: &str, price| Plan { name: name.parse().unwrap(), price };
    let service = |name: &str| name.parse().unwrap();
    let add_on = store.install_add_on(at(ada, 5), website, service("postgres"), plan("mini", 500)).unwrap();
    store.install_add_on(at(ada, 5), inside, service("logs"), plan("free", 0)).unwrap();
    store.change_add_on_plan(at(ada, 6), add_on, plan("basic", 900)).unwrap();
    let gone = store.install_add_on(at(ada, 5), website, service("cache"), plan("tiny", 300)).unwrap();
    store.remove_add_on(at(ada, 7), gone).unwrap();
    store.allow_add_on(at(ada, 7), acme, service("postgres")).unwrap();
    store.set_add_on_controls(at(ada, 7), acme, AddOnControls::On).unwrap();
    let pipeline = store.create_pipeline(at(ada, 8), acme, "site".parse().unwrap()).unwrap();
    store.couple_app(at(ada, 8), pipeline, website, Stage::Staging).unwrap();
    store.couple_app(at(ada, 8), pipeline, inside, Stage::Production).unwrap();
    store.release_app(at(ada, 8), website, "Deploy 1".parse().unwrap()).unwrap();
    assert_eq!(store.promote_app(at(ada, 8), website).unwrap(), []);
    store.set_payment_method(at(sam, 9), inc, Some("visa 4242".parse().unwrap())).unwrap();
    store.set_mfa(at(joe, 9), id(joe), Mfa::Enrolled).unwrap();
    let provider = IdentityProvider::new(
        "urn:acme",
        "https://sso.acme.com/",
        "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----",
    )
    .unwrap();
    store.set_identity_provider(at(ada, 9), acme, provider).unwrap();
    store.enable_sso(at(ada, 9), acme).unwrap();
    store.invite_member(at(ada, 9), acme, email("new@acme.com"), TeamRole::Viewer).unwrap();
    store.set_team_limits(at(operator, 9), acme, Limits { dyno_units: Some(50), ..Limits::ENTERPRISE }).unwrap();
    store.request_team_move_out(at(ada, 9), labs).unwrap();
    store.add_collaborator(at(sam, 9), wave, id(jill)).unwrap();
    store.lock_app(at(sam, 9), wave).unwrap();
    let own = store.create_app(at(max, 10), NewApp::personal().named(app_name("mine"))).unwrap();
    store.add_collaborator(at(max, 10), own, id(sam)).unwrap();
    store.request_app_transfer(at(max, 10), own, id(sam)).unwrap();
    let given = store.create_app(at(max, 10), NewApp::personal().named(app_name("given"))).unwrap();
    store.transfer_app(at(max, 11), given, inc).unwrap();
    store.create_app(at(vera, 11), NewApp::personal()).unwrap();
    store.set_member_end(at(ada, 11), acme, id(joe), Some(days(40))).unwrap();
    store.set_app_creation_end(at(ada, 11), space, id(joe), Some(days(35))).unwrap();
    for (user, end) in [(id(vera), 12), (id(jill), 30)] {
        drop(store.grant_permissions(at(ada, 11), website, user, PermissionSet::VIEW));
        store.set_grant_end(at(ada, 11), website, user, Some(days(end))).unwrap();
    }
    store.sweep_ends(at(operator, 12)).unwrap();
    sound(&store);
    store
}

fn json(store: &TeamStore) -> Value {
    serde_json::to_value(store.snapshot()).unwrap()
}

/// What is wrong with it, if anything: said by the deserializer, or by the restoration.
fn restore(json: &Value) -> Result<TeamStore, String> {
    let snapshot: Snapshot = serde_json::from_value(json.clone()).map_err(|error| error.to_string())?;
    TeamStore::restore(snapshot).map_err(|error| error.to_string())
}

/// The path of every value that `wanted` wants, the outermost first.
fn paths(json: &Value, at: &str, wanted: &impl Fn(&Value) -> bool, found: &mut Vec<String>) {
    if wanted(json) {
        found.push(at.to_owned());
    }
    match json {
        Value::Object(fields) => {
            fields.iter().for_each(|(key, value)| paths(value, &format!("{at}/{key}"), wanted, found));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(item, value)| paths(value, &format!("{at}/{item}"), wanted, found));
        }
        _ => {}
    }
}

fn places(json: &Value, wanted: impl Fn(&Value) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    paths(json, "", &wanted, &mut found);
    assert!(found.len() > 100, "{}", found.len());
    found
}

#[test]
fn x_03_a_store_comes_back_from_its_snapshot() {
    let empty = TeamStore::new(Settings::from_seed(7));
    for store in [empty, Demo::new().unwrap().store, rich()] {
        let text = serde_json::to_string(&store.snapshot()).unwrap();
        assert!(text.starts_with(r#"{"version":1,"state":{"#), "{text}");
        let snapshot: Snapshot = serde_json::from_str(&text).unwrap();
        assert_eq!(snapshot, store.snapshot());
        let restored = TeamStore::restore(snapshot).unwrap();
        assert!(restored == store);
        assert_eq!(serde_json::to_string(&restored.snapshot()).unwrap(), text);
        sound(&restored);
    }
}

#[test]
fn x_03_a_restored_store_goes_on_as_the_other_would() {
    for keep in [0, 1, 10, usize::MAX] {
        let mut store = rich();
        store.drain_events(keep);
        let mut restored = restore(&json(&store)).unwrap();
        assert!(restored == store);
        for store in [&mut store, &mut restored] {
            let operator = Actor::operator(days(20));
            let eve = store.register_user(operator, NewUser::new(email("eve@evil.com"))).unwrap();
            let eve = Actor::user(eve, noon());
            store.create_app(eve, NewApp::personal()).unwrap();
            let mut tx = store.begin();
            tx.set_mfa(eve, id(eve), Mfa::Enrolled).unwrap();
        }
        assert!(restored == store);
        assert_eq!(json(&restored), json(&store));
    }
}

#[test]
fn x_03_unknown_versions_are_refused() {
    for version in [json!(0), json!(2), json!(u32::MAX)] {
        let mut snapshot = json(&rich());
        snapshot["version"] = version.clone();
        let expected = match version.as_u64() {
            Some(0) => "invalid value: integer `0`, expected a version, of which the first is 1".to_owned(),
            _ => format!("written by a newer release: version {version}, and this release reads up to 1"),
        };
        assert_eq!(restore(&snapshot).unwrap_err(), expected);
        let mut snapshot = json(&rich());
        snapshot["events"][3]["version"] = version;
        assert_eq!(restore(&snapshot).unwrap_err(), expected);
    }
    for version in [json!(-1), json!("1"), json!(null), json!(1.5)] {
        let mut snapshot = json(&rich());
        snapshot["version"] = version;
        restore(&snapshot).unwrap_err();
    }
    let mut snapshot = json(&rich());
    snapshot.as_object_mut().unwrap().remove("version");
    assert_eq!(restore(&snapshot).unwrap_err(), "missing field `version`");
}

#[test]
fn x_03_unknown_and_missing_fields_are_refused() {
    let whole = json(&rich());
    for place in places(&whole, Value::is_object) {
        let mut more = whole.clone();
        more.pointer_mut(&place).and_then(Value::as_object_mut).unwrap().insert("no such field".into(), 7.into());
        assert!(restore(&more).is_err(), "one field more in {place}");
        let fields: Vec<String> = whole.pointer(&place).and_then(Value::as_object).unwrap().keys().cloned().collect();
        for field in fields {
            // What may be absent reads as null.
            if !whole.pointer(&place).unwrap()[&field].is_null() {
                let mut less = whole.clone();
                less.pointer_mut(&place).and_then(Value::as_object_mut).unwrap().remove(&field);
                assert!(restore(&less).is_err(), "{place} without {field}");
            }
        }
    }
}

/// Another value of the same kind.
fn other(value: &Value) -> Value {
    match value {
        Value::Bool(value) => json!(!value),
        Value::Number(number) => json!(number.as_u64().unwrap() + 1),
        Value::Null => json!("1970-01-05T00:00:00Z"),
        Value::String(text) if text.parse::<Uuid>().is_ok() => {
            json!(Uuid::from_u128(77))
        }
        Value::String(text) => match text.parse::<DateTime<Utc>>() {
            Ok(time) => json!(time.checked_add_signed(TimeDelta::seconds(1)).unwrap_or_default()),
            Err(_) => json!(format!("{text}x")),
        },
        Value::Array(_) | Value::Object(_) => unreachable!("only leaves"),
    }
}

#[test]
fn x_03_a_state_that_its_events_do_not_make_is_refused() {
    let whole = json(&rich());
    let leaf = |value: &Value| !value.is_array() && !value.is_object();
    for place in places(&whole, leaf) {
        if place.starts_with("/state/") {
            let mut changed = whole.clone();
            let value = changed.pointer_mut(&place).unwrap();
            *value = other(value);
            assert!(restore(&changed).is_err(), "another {place}");
        }
    }
    for place in places(&whole, Value::is_array) {
        for item in 0..whole.pointer(&place).and_then(Value::as_array).unwrap().len() {
            let mut less = whole.clone();
            less.pointer_mut(&place).and_then(Value::as_array_mut).unwrap().remove(item);
            assert!(restore(&less).is_err() || place == "/events" && item == 0, "{place} without item {item}");
            let mut twice = whole.clone();
            let items = twice.pointer_mut(&place).and_then(Value::as_array_mut).unwrap();
            items.push(items[item].clone());
            // The same permission twice in a set is the set.
            let permissions = ["view", "deploy", "operate", "manage", "create", "billing"];
            let is_set = twice.pointer(&place).unwrap()[item].as_str().is_some_and(|text| permissions.contains(&text));
            assert!(restore(&twice).is_err() || is_set, "{place} with item {item} twice");
        }
    }
}

/// The last of all ids.
const LAST: &str = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/// Puts the first entry of a list there once more, changed.
fn twice(list: &mut Value, change: impl FnOnce(&mut Value)) {
    let mut second = list[0].clone();
    change(&mut second);
    list.as_array_mut().unwrap().insert(1, second);
}

/// The first thing in whose list there is something.
fn first_with<'a>(all: &'a mut Value, things: &str, list: &str) -> &'a mut Value {
    let things = all["state"][things].as_array_mut().unwrap();
    things.iter_mut().find(|thing| thing[list].as_array().is_some_and(|list| !list.is_empty())).unwrap()
}

/// No store records such a time.
const TOO_FINE: &str = "1970-01-03T00:00:00.000000001Z";

/// Puts the first entry of a list there once more, in the first thing that has any.
fn with_twice(all: &mut Value, things: &str, list: &str) {
    twice(&mut first_with(all, things, list)[list], |_| {});
}

/// The path of a misfit, with `N` for the number of the thing at its front.
fn without_number(text: &str) -> String {
    let (front, rest) = text.split_once('[').unwrap();
    format!("{front}[N]{}", rest.split_once(']').unwrap().1)
}

#[test]
fn x_03_what_is_wrong_is_named_by_its_path() {
    type Break = fn(&mut Value);
    let cases: [(Break, &str); 47] = [
        (
            |all| all["state"]["users"][1]["email"] = all["state"]["users"][0]["email"].clone(),
            "state.users[1]: the id or the e-mail is taken",
        ),
        (
            |all| all["state"]["teams"][0]["members"][0][0] = json!("00000000-0000-0000-0000-00000000004d"),
            "state.teams[0].members[0]: there is no such user, or it comes twice",
        ),
        (
            |all| {
                let mut teams = all["state"]["teams"].as_array_mut().unwrap().iter_mut();
                let large = teams.find(|team| team["members"].as_array().unwrap().len() > 1).unwrap();
                large["members"][1][0] = json!("00000000-0000-0000-0000-00000000004d");
            },
            "state.teams[N].members[1]: it is out of order",
        ),
        (
            |all| all["state"]["pipelines"][0]["owner"] = json!({ "user": "00000000-0000-0000-0000-00000000004d" }),
            "state.pipelines[0].owner: there is no such owner",
        ),
        (
            |all| all["state"]["spaces"][0]["space"]["team"] = json!("00000000-0000-0000-0000-00000000004d"),
            "state.spaces[0].space.team: there is no such team",
        ),
        (
            |all| {
                all["state"]["spaces"][0]["creators"] =
                    json!([["00000000-0000-0000-0000-00000000004d", "1970-01-03T00:00:00Z"]]);
            },
            "state.spaces[0].creators[0]: there is no such user",
        ),
        (
            |all| all["state"]["apps"][1]["app"]["name"] = all["state"]["apps"][0]["app"]["name"].clone(),
            "state.apps[N]: the id or the name is taken",
        ),
        (
            |all| all["state"]["invitations"][0]["team"] = json!("00000000-0000-0000-0000-00000000004d"),
            "state.invitations[0].team: there is no such team",
        ),
        (
            |all| all["state"]["transfers"][0]["app"] = json!("00000000-0000-0000-0000-00000000004d"),
            "state.transfers[0].app: there is no such app",
        ),
        (
            |all| twice(&mut all["state"]["users"], |user| user["email"] = json!("fresh@acme.com")),
            "state.users[1]: the id or the e-mail is taken",
        ),
        (
            |all| twice(&mut all["state"]["invitations"], |one| one["email"] = json!("fresh@acme.com")),
            "state.invitations[1]: the id, or the e-mail in this team, is taken",
        ),
        (
            |all| twice(&mut all["state"]["invitations"], |one| one["id"] = json!(LAST)),
            "state.invitations[1]: the id, or the e-mail in this team, is taken",
        ),
        (
            |all| {
                let other = all["state"]["apps"][0]["app"]["id"].clone();
                twice(&mut all["state"]["transfers"], |one| one["app"] = other);
            },
            "state.transfers[1]: the id is taken, or the app has a transfer",
        ),
        (
            |all| twice(&mut all["state"]["transfers"], |one| one["id"] = json!(LAST)),
            "state.transfers[1]: the id is taken, or the app has a transfer",
        ),
        (
            |all| twice(&mut all["state"]["accounts"], |one| one["account"]["name"] = json!("fresh")),
            "state.accounts[1]: the id or the name is taken",
        ),
        (
            |all| twice(&mut all["state"]["accounts"], |one| one["account"]["id"] = json!(LAST)),
            "state.accounts[1]: the id or the name is taken",
        ),
        (
            |all| twice(&mut all["state"]["accounts"][0]["members"], |_| {}),
            "state.accounts[0].members[1]: there is no such user, or it comes twice",
        ),
        (
            |all| all["state"]["accounts"][0]["members"][0][0] = json!("00000000-0000-0000-0000-00000000004d"),
            "state.accounts[0].members[0]: there is no such user, or it comes twice",
        ),
        (
            |all| twice(&mut all["state"]["teams"], |one| one["team"]["name"] = json!("fresh")),
            "state.teams[1]: the id or the name is taken",
        ),
        (
            |all| all["state"]["teams"][1]["team"]["name"] = all["state"]["teams"][0]["team"]["name"].clone(),
            "state.teams[1]: the id or the name is taken",
        ),
        (
            |all| twice(&mut all["state"]["spaces"], |one| one["space"]["name"] = json!("fresh")),
            "state.spaces[1]: the id or the name is taken",
        ),
        (
            |all| all["state"]["spaces"][1]["space"]["name"] = all["state"]["spaces"][0]["space"]["name"].clone(),
            "state.spaces[1]: the id or the name is taken",
        ),
        (
            |all| with_twice(all, "spaces", "creators"),
            "state.spaces[N].creators[1]: it is out of order, or comes twice",
        ),
        (
            |all| with_twice(all, "teams", "allowed_add_ons"),
            "state.teams[N].allowed_add_ons[1]: it is out of order, or comes twice",
        ),
        (|all| with_twice(all, "apps", "formation"), "state.apps[N].formation: the process types are in disorder"),
        (
            |all| with_twice(all, "apps", "add_ons"),
            "state.apps[N].add_ons[1]: it is on another app, or the id is taken",
        ),
        (
            |all| first_with(all, "apps", "add_ons")["add_ons"][0]["app"] = json!(LAST),
            "state.apps[N].add_ons[0]: it is on another app, or the id is taken",
        ),
        (
            |all| twice(&mut all["state"]["meters"], |_| {}),
            "state.meters[1]: the meter is taken, or has no intervals or wrong ones",
        ),
        (
            |all| all["state"]["meters"][0]["intervals"] = json!([]),
            "state.meters[0]: the meter is taken, or has no intervals or wrong ones",
        ),
        (|all| twice(&mut all["state"]["account_times"], |_| {}), "state.account_times[1]: the team comes twice"),
        (
            |all| first_with(all, "apps", "grants")["grants"][0][2]["since"] = json!(TOO_FINE),
            "state.apps[N].grants[0]: a time is not in whole microseconds",
        ),
        (
            |all| all["state"]["teams"][0]["members"][0][2]["changed_at"] = json!(TOO_FINE),
            "state.teams[0].members[0]: a time is not in whole microseconds",
        ),
        (
            |all| first_with(all, "spaces", "creators")["creators"][0][1] = json!(TOO_FINE),
            "state.spaces[N].creators[0]: a time is not in whole microseconds",
        ),
        (
            |all| first_with(all, "apps", "coupling")["coupling"][2]["since"] = json!(TOO_FINE),
            "state.apps[N].coupling: a time is not in whole microseconds",
        ),
        (|all| all["replaced"][0] = json!(TOO_FINE), "replaced: a time is not in whole microseconds"),
        (|all| all["replaced"] = json!([]), "replaced: they are not those that the events replaced"),
        (
            |all| all["replaced"].as_array_mut().unwrap().push(json!("1970-01-03T00:00:00Z")),
            "replaced: they are not those that the events replaced",
        ),
        (
            |all| all["replaced"][0] = json!("1969-01-03T00:00:00Z"),
            "replaced: they are not those that the events replaced",
        ),
        (|all| twice(&mut all["state"]["ends"], |_| {}), "state.ends[1]: it is out of order, or comes twice"),
        (
            |all| all["state"]["ends"][0]["held"]["user"] = json!(LAST),
            "state.ends[0]: nobody holds it, or it ends twice",
        ),
        (
            |all| all["state"]["ends"][0]["ends_at"] = json!(TOO_FINE),
            "state.ends[0]: a time is not in whole microseconds",
        ),
        (|all| all["ends_gone"] = json!([]), "ends_gone: they are not those of what the events took away"),
        (|all| all["ends_gone"][0][1]["ends_at"] = json!(TOO_FINE), "ends_gone: a time is not in whole microseconds"),
        (|all| all["state"]["seq"] = json!(3), "events: there are more than the store counts"),
        (|all| all["events"][3]["seq"] = json!(77), "events[3].seq: it is not the next number"),
        (
            |all| all["events"][3]["at"] = json!("2030-01-01T00:00:00Z"),
            "events[4].at: it is before that of the event before it",
        ),
        (
            |all| all["state"]["last_at"] = json!("1970-01-14T00:00:00Z"),
            "state.last_at: it is not the time of the last event",
        ),
    ];
    for (spoil, expected) in cases {
        let mut all = json(&rich());
        spoil(&mut all);
        let found = restore(&all).unwrap_err();
        assert!(found == expected || without_number(&found) == expected, "{found}, expected {expected}");
    }
}

#[test]
fn x_03_the_times_of_a_team_in_an_account_are_in_order() {
    let Demo { mut store, operator, ada, sam, inc, .. } = Demo::new().unwrap();
    let account = store.open_account(operator, "acme-holding".parse().unwrap(), id(ada)).unwrap();
    store.add_account_member(ada, account, id(sam), AccountPermissionSet::ALL).unwrap();
    for day in [1, 5] {
        store.move_team_in(sam.at(days(day)), inc, account).unwrap();
        if day == 1 {
            store.request_team_move_out(sam.at(days(2)), inc).unwrap();
            store.move_team_out(operator.at(days(3)), inc).unwrap();
        }
    }
    let whole = json(&store);
    assert!(restore(&whole).unwrap() == store);
    let (first, third, fifth) = (days(1), days(3), days(5));
    assert_eq!(
        whole["state"]["account_times"][0]["times"],
        json!([[account, [first, third]], [account, [fifth, null]]])
    );
    let disorder = "state.account_times[0]: an account is not there, or the times are in disorder";
    for times in [
        json!([]),
        json!([[fifth, null], [first, third]]),
        json!([[first, fifth], [third, null]]),
        json!([[first, null], [fifth, null]]),
        json!([[third, first], [fifth, null]]),
        json!([[first, third], [fifth, third]]),
    ] {
        let mut broken = whole.clone();
        let times: Value = times.as_array().unwrap().iter().map(|span| json!([account, span])).collect();
        broken["state"]["account_times"][0]["times"] = times.clone();
        assert_eq!(restore(&broken).unwrap_err(), disorder, "{times}");
    }
    let mut nowhere = whole;
    nowhere["state"]["account_times"][0]["times"][0][0] = json!(LAST);
    assert_eq!(restore(&nowhere).unwrap_err(), disorder);
}

#[test]
fn x_03_the_times_of_what_is_gone_are_in_order() {
    let Demo { mut store, operator, .. } = Demo::new().unwrap();
    let joan = NewUser::new("joan@acme.com".parse().unwrap()).with_id(UserId::from_uuid(Uuid::from_u128(7)));
    for day in [1, 5] {
        let user = store.register_user(operator.at(days(day)), joan.clone()).unwrap();
        store.delete_user(operator.at(days(day + 2)), user).unwrap();
    }
    let joan = store.register_user(operator.at(days(9)), joan).unwrap();
    let whole = json(&store);
    assert!(restore(&whole).unwrap() == store);
    let gone = json!([{ "owner": { "user": joan }, "times": [[days(1), days(3)], [days(5), days(7)]] }]);
    assert_eq!(whole["state"]["gone"], gone);
    let with = |times: Value| {
        let mut broken = whole.clone();
        broken["state"]["gone"][0]["times"] = times;
        restore(&broken).unwrap_err()
    };
    let (first, third, fifth) = (days(1), days(3), days(5));
    for times in [
        json!([]),
        json!([[first, null]]),
        json!([[fifth, days(7)], [first, third]]),
        json!([[first, fifth], [third, days(7)]]),
        json!([[third, first]]),
    ] {
        let disorder = "state.gone[0]: it is still there, or the times are in disorder";
        assert_eq!(with(times.clone()), disorder, "{times}");
    }
    let found = with(json!([[first, days(10)]]));
    assert!(found.contains("whoever pays is there, or was (USE-6)"), "{found}");
    let mut nobody = whole.clone();
    nobody["state"]["gone"][0]["owner"] = json!({ "user": LAST });
    nobody["state"]["gone"][0]["times"] = json!([[first, days(10)]]);
    let found = restore(&nobody).unwrap_err();
    assert!(found.contains("nothing was recorded after the last event (X-3)"), "{found}");
    let mut twice_gone = whole.clone();
    twice(&mut twice_gone["state"]["gone"], |_| {});
    assert_eq!(restore(&twice_gone).unwrap_err(), "state.gone[1]: it comes twice");
}

#[test]
fn x_03_a_list_in_another_order_is_refused() {
    let store = rich();
    let (whole, snapshot) = (json(&store), store.snapshot());
    let mut lists = Vec::new();
    paths(&whole["state"], "", &|value| value.as_array().is_some_and(|list| list.len() > 1), &mut lists);
    let mut refused = 0;
    for list in lists {
        let mut turned = whole.clone();
        let path = format!("/state{list}");
        turned.pointer_mut(&path).and_then(Value::as_array_mut).expect("the list").reverse();
        match serde_json::from_value::<Snapshot>(turned) {
            Ok(same) if same == snapshot => {}
            Ok(other) => {
                assert!(TeamStore::restore(other).is_err(), "{path}");
                refused += 1;
            }
            Err(_) => {}
        }
    }
    assert!(refused > 15, "{refused} lists");
}

#[test]
fn x_03_the_first_broken_invariant_is_named() {
    let mut all = json(&rich());
    for team in all["state"]["teams"].as_array_mut().unwrap() {
        for member in team["members"].as_array_mut().unwrap() {
            member[1] = json!("member");
        }
    }
    let snapshot: Snapshot = serde_json::from_value(all).unwrap();
    let Err(RestoreError::Invariant(violation)) = TeamStore::restore(snapshot) else { panic!("restored") };
    assert_eq!(
        violation.to_string().split_once(':').unwrap().0,
        "a team has an admin who is not suspended and has no end (TEAM-2)"
    );
}

#[test]
fn x_03_kept_events_that_did_not_lead_to_the_state_are_refused() {
    let mut store = rich();
    let handed_over = store.drain_events(12).len();
    let kept = store.events().len();
    assert!(kept == 12 && handed_over > 30);
    let whole = json(&store);
    assert!(restore(&whole).unwrap() == store);
    for (place, other) in (0..kept).flat_map(|place| (0..kept).map(move |other| (place, other))) {
        let mut changed = whole.clone();
        changed["events"][place]["event"] = whole["events"][other]["event"].clone();
        match restore(&changed) {
            Ok(restored) => assert!(place == other && restored == store, "{other} at {place}"),
            Err(error) => {
                // One of the two, or one between them, finds what it did not leave.
                let named = |at| error == format!("events[{at}]: it did not lead to the state");
                assert!(
                    place != other && (place.min(other)..=place.max(other)).any(named),
                    "{other} at {place}: {error}"
                );
            }
        }
    }
}

#[test]
fn x_03_a_time_that_no_store_records_is_refused() {
    let store = rich();
    let mut changed = json(&store);
    let last = store.events().len() - 1;
    changed["events"][last]["at"] = serde_json::json!(store.events()[last].at + TimeDelta::nanoseconds(1));
    let error = restore(&changed).map(|_| ()).unwrap_err();
    assert_eq!(error, format!("events[{last}].at: it is not in whole microseconds"));
}

#[test]
fn x_03_an_event_that_does_not_fit_does_not_replay() {
    let store = rich();
    let replay = |events| TeamStore::replay(events);
    let events = store.events();
    // Every event fits once; said a second time it finds another state than it did.
    for (index, event) in events.iter().enumerate() {
        let mut again = events[..=index].to_vec();
        let mut second = event.clone();
        second.seq += 1;
        again.push(second);
        assert_eq!(replay(again).unwrap_err(), ReplayError::DoesNotFit { seq: event.seq + 1 }, "{event}");
    }
    // And without the first there is nothing that they could change.
    let mut without: Vec<_> = events.to_vec();
    without.remove(0);
    for (event, seq) in without.iter_mut().zip(1..) {
        event.seq = seq;
    }
    assert_eq!(replay(without).unwrap_err(), ReplayError::NotOpened);
}
