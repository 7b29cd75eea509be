//! the written forms: what each version wrote is read for ever, and every format that a type promises keeps it.

use core::fmt::Debug;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use enterprise_teams::chrono::{DateTime, TimeDelta, Timelike, Utc};
use enterprise_teams::{
    Actor, AuditEvent, Event, EventContext, NewApp, NewUser, Operation, OperationKind, Settings, Snapshot, TeamStore,
    name_gen::WordLists,
};

use crate::random::history;
use crate::snapshot::rich;
use crate::support::{email, golden};

/// Holds the value against the file of that name; `BLESS=1` writes the file, which is bound to stay from the first release on.
#[track_caller]
fn kept<T: Serialize + DeserializeOwned + PartialEq + Debug>(name: &str, value: &T) {
    let path = format!("tests/formats/v1/{name}.json");
    golden(&path, &(serde_json::to_string_pretty(value).unwrap() + "\n"));
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    assert_eq!(serde_json::from_str::<T>(&text).unwrap(), *value, "{name}");
}

/// One event of each kind, and one of each operation.
fn kinds() -> (Vec<AuditEvent>, Vec<Operation>) {
    let (mut events, mut operations) = (BTreeMap::new(), BTreeMap::new());
    for seed in 0.. {
        if events.len() == Event::CODES.len() && operations.len() == OperationKind::ALL.len() {
            break;
        }
        let (store, asked) = history(seed, 100);
        for event in store.events() {
            events.entry(event.event.code()).or_insert_with(|| event.clone());
        }
        for (_, operation) in asked {
            if serde_json::to_string(&operation).unwrap().len() < 1000 {
                operations.entry(operation.code()).or_insert(operation);
            }
        }
    }
    (events.into_values().collect(), operations.into_values().collect())
}

/// A store that no longer has its older events.
fn drained() -> TeamStore {
    let mut store = rich();
    store.drain_events(3);
    store
}

fn settings() -> Settings {
    let words = WordLists::new(["red", "blue"], ["kite"]).unwrap();
    Settings::from_seed(7).words(words).first_name(5).invitation_days(14)
}

#[test]
fn x_03_what_version_1_wrote_is_read() {
    let (events, operations) = kinds();
    kept("events", &events);
    kept("operations", &operations);
    kept("settings", &settings());
    kept("log", &rich().events().to_vec());
    kept("snapshot", &rich().snapshot());
    kept("drained-snapshot", &drained().snapshot());
    assert!(TeamStore::replay(rich().events().to_vec()).unwrap() == rich());
}

/// Through every format that the documentation promises.
#[track_caller]
fn through_all<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let json = serde_json::to_vec(value).unwrap();
    assert_eq!(serde_json::from_slice::<T>(&json).unwrap(), *value);
    let names = rmp_serde::to_vec_named(value).unwrap();
    assert_eq!(rmp_serde::from_slice::<T>(&names).unwrap(), *value);
    let mut cbor = Vec::new();
    ciborium::into_writer(value, &mut cbor).unwrap();
    assert_eq!(ciborium::from_reader::<T, _>(cbor.as_slice()).unwrap(), *value);
}

#[test]
fn x_03_json_cbor_and_message_pack_with_names_keep_every_form() {
    let (events, operations) = kinds();
    events.iter().for_each(through_all);
    operations.iter().for_each(through_all);
    let mut in_context = events[1].clone();
    for address in ["192.0.2.7", "2001:db8::7"] {
        let context = EventContext::new().request_id("a \u{e9}".parse().unwrap()).address(address.parse().unwrap());
        let context = context.reason("ticket".parse().unwrap()).on_behalf_of("ada".parse().unwrap());
        in_context.context = Some(context.into());
        through_all(&in_context);
    }
    through_all(&settings());
    through_all(&Settings::from_seed(7));
    through_all(&rich().snapshot());
    through_all(&drained().snapshot());
}

/// Any time that chrono knows, leap seconds too.
fn times() -> impl Strategy<Value = DateTime<Utc>> {
    let seconds = DateTime::<Utc>::MIN_UTC.timestamp()..=DateTime::<Utc>::MAX_UTC.timestamp();
    let near = 0..4_000_000_000_i64;
    (prop_oneof![seconds, near], 0..2_000_000_000_u32).prop_map(|(second, nanosecond)| {
        let time = DateTime::from_timestamp(second, 0).unwrap_or_default();
        time.with_nanosecond(nanosecond).unwrap_or(time)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    /// a time counts in whole microseconds, without leap seconds, so that every form keeps it.
    #[test]
    fn x_04_whatever_the_clock_says_the_snapshot_comes_back(first in times(), second in times()) {
        let mut store = TeamStore::new(Settings::from_seed(1));
        let ada = store.register_user(Actor::operator(first), NewUser::new(email("ada@acme.com"))).unwrap();
        store.create_app(Actor::user(ada, second), NewApp::personal()).unwrap();
        for event in store.events() {
            prop_assert_eq!(event.at.timestamp_subsec_nanos() % 1000, 0);
            prop_assert!(event.at.timestamp_subsec_nanos() < 1_000_000_000);
        }
        let last = store.events()[1].at;
        prop_assert!(last <= first.max(DateTime::UNIX_EPOCH) || first.nanosecond() >= 1_000_000_000);
        prop_assert!((first.max(DateTime::UNIX_EPOCH) - last).abs() <= TimeDelta::seconds(1));
        through_all(&store.snapshot());
        let text = serde_json::to_string(&store.snapshot()).unwrap();
        let read: Snapshot = serde_json::from_str(&text).unwrap();
        prop_assert!(TeamStore::restore(read).unwrap() == store);
    }
}

#[test]
fn x_03_what_was_changed_in_a_state_whose_log_was_handed_over_is_refused() {
    let whole = serde_json::to_value(drained().snapshot()).unwrap();
    let restore = |json: serde_json::Value| {
        let snapshot: Snapshot = serde_json::from_value(json).map_err(|error| error.to_string())?;
        TeamStore::restore(snapshot).map_err(|error| error.to_string())
    };
    assert!(restore(whole.clone()).unwrap() == drained());
    let refused = "digest: it is not that of the state";
    for (place, value) in [
        ("/state/settings/options/invitation_days", 7.into()),
        ("/state/settings/secret", "00000000000000000000000000000009".into()),
        ("/state/settings/options/web_domain", "example.com".into()),
        ("/state/teams/0/team/limits/members", 499.into()),
        ("/state/drawn", 77.into()),
    ] {
        let mut changed = whole.clone();
        let found = changed.pointer_mut(place).unwrap_or_else(|| panic!("{place}"));
        assert_ne!(*found, value, "{place}");
        *found = value;
        assert_eq!(restore(changed).unwrap_err(), refused, "{place}");
    }
    let mut without = whole.clone();
    without.as_object_mut().unwrap().remove("digest");
    assert_eq!(restore(without).unwrap_err(), refused);
    let mut more = serde_json::to_value(rich().snapshot()).unwrap();
    more["digest"] = whole["digest"].clone();
    assert_eq!(restore(more).unwrap_err(), refused, "where the log is whole, it tells");
}
