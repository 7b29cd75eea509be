//! everything that is a serde value reads back, with its own fields and no others.

use core::fmt::Debug;
use std::collections::BTreeSet;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use enterprise_teams::demo::Demo;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    ActorKind, App, AppName, AuditEvent, Email, Event, NewApp, NewSpace, NewTeam, NewUser, Operation as O,
    OperationKind, Owner, Permission, PermissionSet, Pipeline, Rule, Space, Stage, Team, TeamRole, User, UserId,
    entity::{
        AccountPermission, AccountPermissionSet, Coupling, DynoSize, EnterpriseAccount, Limits, Mfa, OwnershipPeriod,
        Release, Shield,
    },
    ids::ClientId,
    names::{AccountName, Description, Domain, PipelineName, SpaceName},
};

use crate::random::history;
use crate::support::{app_name, email, id, read, team_name};

/// The value reads back from its own text, and is written the same again.
#[track_caller]
fn round_trip<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) -> Value {
    let text = serde_json::to_string(value).unwrap();
    let read: T = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(read, *value);
    let json = serde_json::to_value(value).unwrap();
    assert_eq!(serde_json::from_value::<T>(json.clone()).unwrap(), *value);
    json
}

/// Every place in which there are fields.
fn objects(json: &Value, at: &str, found: &mut Vec<String>) {
    match json {
        Value::Object(fields) => {
            found.push(at.to_owned());
            fields.iter().for_each(|(key, value)| objects(value, &format!("{at}/{key}"), found));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(item, value)| objects(value, &format!("{at}/{item}"), found));
        }
        _ => {}
    }
}

/// With one field more, in any place, it does not read.
#[track_caller]
fn closed<T: DeserializeOwned>(json: &Value) {
    let mut places = Vec::new();
    objects(json, "", &mut places);
    assert!(!places.is_empty());
    for at in places {
        let mut more = json.clone();
        more.pointer_mut(&at).and_then(Value::as_object_mut).unwrap().insert("no such field".into(), 7.into());
        assert!(serde_json::from_value::<T>(more.clone()).is_err(), "{more}");
    }
}

#[test]
fn x_03_events_and_operations_read_back() {
    let (mut events, mut operations) = (BTreeSet::new(), BTreeSet::new());
    for seed in 0..2000 {
        if events.len() == Event::CODES.len() && operations.len() == OperationKind::ALL.len() {
            break;
        }
        let (store, asked) = history(seed, 100);
        for entry in store.events() {
            let json = round_trip(entry);
            assert_eq!(json["event"]["type"], entry.event.code());
            if events.insert(entry.event.code()) || seed < 4 {
                closed::<AuditEvent>(&json);
            }
        }
        let short = |operation: &O| match operation {
            O::TransferApps { apps, .. } | O::TransferMovableApps { apps, .. } => apps.len() < 9,
            O::PromoteAppTo { targets, .. } => targets.len() < 9,
            _ => true,
        };
        for (_, operation) in asked.iter().filter(|(_, operation)| short(operation)) {
            let json = round_trip(operation);
            if operations.insert(json["type"].as_str().unwrap().to_owned()) || seed < 4 {
                closed::<O>(&json);
            }
        }
    }
    assert_eq!(events, Event::CODES.iter().copied().collect());
    assert_eq!(operations, OperationKind::ALL.iter().map(|kind| kind.code().to_owned()).collect());
    assert!(operations.iter().all(|kind| kind.split('-').all(|word| word.len() > 1)), "{operations:?}");
}

#[test]
fn x_05_values_read_back() {
    let user = UserId::from_uuid(Uuid::nil());
    let (zero, client) = (Uuid::nil().to_string(), ClientId::from_uuid(Uuid::nil()));
    assert_eq!(round_trip(&(Permission::Deploy | Permission::View)), json!(["view", "deploy"]));
    assert_eq!(round_trip(&PermissionSet::EMPTY), json!([]));
    assert_eq!(round_trip(&ActorKind::User(user)), json!({ "user": zero }));
    assert_eq!(round_trip(&ActorKind::OAuth { user, client }), json!({ "oauth": { "user": zero, "client": zero } }));
    assert_eq!(round_trip(&ActorKind::Operator), json!("operator"));
    assert_eq!(round_trip(&Owner::User(user)), json!({ "user": zero }));
    assert_eq!(round_trip(&email("Ada@Acme.com")), json!("ada@acme.com"));
    assert_eq!(round_trip(&app_name("apple")), json!("apple"));
    assert_eq!(round_trip(&"apps.example.com".parse::<Domain>().unwrap()), json!("apps.example.com"));
    assert_eq!(round_trip(&Mfa::NotEnrolled), json!("not-enrolled"));
    assert_eq!(round_trip(&read::<PipelineName>("acme-flow-")), json!("acme-flow-"));
    assert_eq!(round_trip(&read::<SpaceName>("7-seas")), json!("7-seas"));
    assert_eq!(round_trip(&read::<AccountName>("acme")), json!("acme"));
    assert_eq!(round_trip(&read::<Description>("Deploy `8f3c2a1`, é")), json!("Deploy `8f3c2a1`, é"));
    assert_eq!(round_trip(&read::<AccountPermissionSet>("billing,view")), json!(["view", "billing"]));
    assert_eq!(round_trip(&AccountPermissionSet::default()), json!([]));
    assert_eq!((round_trip(&Shield::On), round_trip(&Shield::Off)), (json!("on"), json!("off")));
    for stage in Stage::ALL {
        assert_eq!((round_trip(stage), stage.to_string().parse()), (json!(stage.code()), Ok(*stage)));
    }
    for permission in AccountPermission::ALL {
        assert_eq!(round_trip(permission), json!(permission.to_string()));
    }
    for rule in Rule::ALL {
        assert_eq!(round_trip(rule), json!(rule.id()));
    }
    for role in TeamRole::BUILT_IN {
        assert_eq!(round_trip(role), json!(role.to_string()));
    }
    for size in DynoSize::ALL {
        assert_eq!(round_trip(size), json!(size.code()));
    }
    for limits in [Limits::ENTERPRISE, Limits { apps: Some(7), add_on_credits: Some(u64::MAX), ..Limits::STANDARD }] {
        assert!(round_trip(&limits).as_object().is_some_and(|fields| fields.len() == 6));
    }
    let Demo { mut store, operator, ada, acme, website, .. } = Demo::new().unwrap();
    let flow = store.create_pipeline(ada, acme, read("acme-flow")).unwrap();
    let space = store.create_space(ada, NewSpace::new(acme, read("acme-space")).shielded()).unwrap();
    let account = store.open_account(operator, read("corp"), id(ada)).unwrap();
    let inside = store.create_app(ada, NewApp::in_space(space)).unwrap();
    store.couple_app(ada, flow, inside, Stage::Staging).unwrap();
    store.release_app(ada, inside, read("Deploy 8f3c2a1")).unwrap();
    closed::<Team>(&round_trip(store.team(ada, acme).unwrap()));
    closed::<App>(&round_trip(store.app(ada, website).unwrap()));
    closed::<App>(&round_trip(store.app(ada, inside).unwrap()));
    closed::<Pipeline>(&round_trip(store.pipeline(ada, flow).unwrap()));
    closed::<Coupling>(&round_trip(&store.coupling(ada, inside).unwrap().unwrap()));
    closed::<Release>(&round_trip(store.release(ada, inside).unwrap().unwrap()));
    closed::<Space>(&round_trip(store.space(ada, space).unwrap()));
    closed::<EnterpriseAccount>(&round_trip(store.account(ada, account).unwrap()));
    closed::<NewSpace>(&round_trip(&NewSpace::new(acme, read("acme-eu")).shielded()));
    closed::<NewApp>(&round_trip(&NewApp::in_space(space)));
    closed::<User>(&round_trip(store.user(ada, id(ada)).unwrap()));
    closed::<Limits>(&round_trip(&Limits::STANDARD));
    closed::<NewApp>(&round_trip(&NewApp::in_team(acme).named(app_name("apple")).locked()));
    closed::<NewUser>(&round_trip(&NewUser::new(email("a@b.c")).with_id(user)));
    closed::<NewTeam>(&round_trip(&NewTeam::standard(team_name("acme"), user)));
    closed::<OwnershipPeriod>(&round_trip(&store.ownership_history(ada, website).unwrap()[0]));
}

#[test]
fn x_06_malformed_values_are_refused() {
    fn refused<T: DeserializeOwned>(bad: &[Value]) {
        for json in bad {
            assert!(serde_json::from_value::<T>(json.clone()).is_err(), "{json}");
        }
    }
    refused::<AppName>(&[json!("Apple"), json!(""), json!("ab"), json!(7), json!(null), json!(["apple"])]);
    refused::<Email>(&[json!("ada"), json!("@"), json!("a b@c.d"), json!("ada@"), json!({})]);
    refused::<TeamRole>(&[json!("collaborator"), json!("Admin"), json!("owner"), json!(0)]);
    refused::<PermissionSet>(&[json!(["run"]), json!("view"), json!(["view", null]), json!(15)]);
    refused::<PipelineName>(&[json!("ab"), json!("7up"), json!("Flow"), json!(null)]);
    refused::<SpaceName>(&[json!("a--b"), json!("-ab"), json!("ab"), json!({})]);
    refused::<AccountName>(&[json!(""), json!("Acme"), json!(7)]);
    refused::<Description>(&[json!(""), json!("x".repeat(257)), json!(null)]);
    refused::<Stage>(&[json!("Staging"), json!("qa"), json!(3), json!(null)]);
    refused::<AccountPermissionSet>(&[json!(["deploy"]), json!("view"), json!([null]), json!(1)]);
    refused::<Coupling>(&[json!({}), json!([]), json!({ "app": Uuid::nil(), "stage": "test" })]);
    refused::<UserId>(&[json!("7"), json!(7), json!("")]);
    refused::<Limits>(&[json!({ "members": -1 }), json!({ "members": 4_294_967_296_u64 }), json!({})]);
    refused::<Rule>(&[json!("MEM-99"), json!("mem-5")]);
    refused::<ActorKind>(&[json!("Operator"), json!({ "operator": 1 }), json!({ "user": "x" }), json!({})]);
    let app = |team, space| json!({ "team": team, "space": space, "name": null, "stack": null, "lock": "unlocked" });
    refused::<NewApp>(&[app(json!("x"), json!(null)), json!({}), json!({ "name": "Apple", "lock": "unlocked" })]);
    refused::<O>(&[json!({ "type": "drop-tables" }), json!({}), json!("lock-app"), json!({ "type": "lock-app" })]);
}
