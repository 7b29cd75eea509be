//! What is fuzzed: each target takes any bytes and panics when something is wrong. The corpus runs in the tests too.

use core::fmt::{Debug, Display};
use core::str::FromStr;
use std::sync::LazyLock;

use arbitrary::Unstructured;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use enterprise_teams::demo::Demo;
use enterprise_teams::{
    AppAction, AppId, AppName, AuditEvent, Capability, Email, Error, ErrorKind, NameGenerator, PageRequest,
    PermissionSet, Rule, Snapshot, Stage, TeamName, TeamRole, TeamStore,
    entity::{AccountPermissionSet, DynoSize, IdentityProvider, Month},
    ids::Secret,
    name_gen::WordLists,
    names::{
        AccountName, Description, Domain, PaymentMethod, PipelineName, PlanName, ProcessType, ServiceName, SpaceName,
        Stack,
    },
    query::{AppFilter, AppSort, AuditFilter, AuditScope, Cursor, PeopleFilter, SpaceFilter, TeamFilter},
};

static DEMO: LazyLock<Demo> = LazyLock::new(|| Demo::new().expect("the demo"));

/// Every type that is read from text: what is read is written and read again; what is refused says why.
pub(crate) fn texts(data: &[u8]) {
    let Ok(text) = core::str::from_utf8(data) else { return };
    macro_rules! texts {
        ($($name:ty),+) => {$(text_of::<$name>(text);)+};
    }
    texts!(
        AccountName,
        AppName,
        Description,
        PaymentMethod,
        PipelineName,
        PlanName,
        ProcessType,
        ServiceName,
        SpaceName,
        Stack,
        TeamName,
        Domain,
        Email
    );
    macro_rules! words {
        ($($name:ty),+) => {$(
            if let Ok(value) = text.parse::<$name>() {
                assert_eq!(value.to_string().parse(), Ok(value), "{text:?}");
            }
        )+};
    }
    words!(AccountPermissionSet, AppAction, AppId, Capability, DynoSize, Month, PermissionSet, Rule, Stage, TeamRole);
    let mut lines = text.splitn(3, '\n');
    let mut line = || lines.next().unwrap_or_default();
    if let Ok(provider) = IdentityProvider::new(line(), line(), line()) {
        json_of(&provider);
    }
}

fn text_of<T>(text: &str)
where
    T: FromStr<Err: Into<Error> + Clone> + Display + Debug + PartialEq + Serialize + DeserializeOwned,
{
    match text.parse::<T>() {
        Ok(value) => {
            let again: Option<T> = value.to_string().parse().ok();
            assert_eq!(again.as_ref(), Some(&value), "{text:?}");
            json_of(&value);
        }
        Err(error) => {
            let error: Error = error.into();
            assert!(
                error.kind() == ErrorKind::Invalid && error.to_string().starts_with("malformed "),
                "{text:?}: {error}"
            );
            let quoted = serde_json::to_string(text).expect("a text");
            assert!(serde_json::from_str::<T>(&quoted).is_err(), "{text:?}");
        }
    }
}

fn json_of<T: Debug + PartialEq + Serialize + DeserializeOwned>(value: &T) {
    let text = serde_json::to_string(value).expect("a value is text");
    assert_eq!(serde_json::from_str::<T>(&text).expect("what was written"), *value);
}

/// Any text as the cursor of every list.
pub(crate) fn cursors(data: &[u8]) {
    let Some(cursor) = core::str::from_utf8(data).ok().and_then(|text| text.parse::<Cursor>().ok()) else { return };
    assert_eq!(cursor.to_string().parse(), Ok(cursor.clone()));
    let Demo { store, ada, acme, website, .. } = &*DEMO;
    let (actor, team, app) = (*ada, *acme, *website);
    let page = PageRequest::default().after(cursor);
    let (apps, people) = (AppFilter::default(), PeopleFilter::default());
    let audit = AuditFilter::new(AuditScope::Team(team));
    let answers = [
        store.apps(actor, team, &apps, AppSort::Newest, &page).err(),
        store.apps(actor, team, &apps, AppSort::Name, &page).err(),
        store.apps_and_pipelines(actor, team, &apps, &page).err(),
        store.visible_apps(actor, &apps, &page).err(),
        store.memberships(actor, &TeamFilter::default(), &page).err(),
        store.access_list(actor, team, &people, &page).err(),
        store.app_access(actor, app, &page).err(),
        store.pending_invitations(actor, team, &page).err(),
        store.pending_transfers(actor, &page).err(),
        store.audit_log(actor, &audit, &page).err(),
        store.spaces(actor, team, &SpaceFilter::default(), &page).err(),
        store.resources(actor, team, &page).err(),
    ];
    for error in answers.into_iter().flatten() {
        assert_eq!(error.code(), "cursor-of-another-list");
    }
}

/// Any two lists of words, one word a line, an empty line between them.
pub(crate) fn word_lists(data: &[u8]) {
    let Ok(text) = core::str::from_utf8(data) else { return };
    let (adjectives, nouns) = text.split_once("\n\n").unwrap_or((text, ""));
    let Ok(words) = WordLists::new(adjectives.lines(), nouns.lines()) else { return };
    json_of(&words);
    let names = NameGenerator::with_words(words, Secret::from_seed(data.len() as u64));
    for index in [0, 1, names.names() / 2, names.names() - 1] {
        let name = names.nth_name(index).expect("a name for every number");
        assert_eq!((names.index_of(&name), name.as_str().parse()), (Some(index), Ok(name)));
    }
    assert_eq!(names.nth_name(names.names()), None);
    assert_eq!(names.starting_at(u64::MAX).next(), None);
}

/// Any text as a snapshot.
pub(crate) fn snapshot(data: &[u8]) {
    if let Ok(snapshot) = serde_json::from_slice(data) {
        restored(&snapshot);
    }
}

/// The snapshot of a small store, with any changes.
pub(crate) fn snapshot_edits(data: &[u8]) {
    static WHOLE: LazyLock<Value> =
        LazyLock::new(|| serde_json::to_value(DEMO.store.snapshot()).expect("a snapshot is a value"));
    let mut json = WHOLE.clone();
    edit(&mut json, &mut Unstructured::new(data));
    if let Ok(snapshot) = serde_json::from_value(json) {
        restored(&snapshot);
    }
}

/// What restores is sound, and its snapshot restores to the same.
fn restored(snapshot: &Snapshot) {
    let Ok(store) = TeamStore::restore(snapshot.clone()) else { return };
    assert_eq!(store.check_invariants(), []);
    assert_eq!(store.snapshot(), *snapshot);
}

/// Any text as an event log.
pub(crate) fn events(data: &[u8]) {
    if let Ok(events) = serde_json::from_slice::<Vec<AuditEvent>>(data) {
        replayed(&events);
    }
}

/// The log of a small store, with any changes.
pub(crate) fn event_edits(data: &[u8]) {
    static WHOLE: LazyLock<Value> =
        LazyLock::new(|| serde_json::to_value(DEMO.store.events()).expect("events are a value"));
    let mut json = WHOLE.clone();
    edit(&mut json, &mut Unstructured::new(data));
    if let Ok(events) = serde_json::from_value::<Vec<AuditEvent>>(json) {
        replayed(&events);
    }
}

/// What replays is sound, and holds exactly these events.
fn replayed(events: &[AuditEvent]) {
    let Ok(store) = TeamStore::replay(events.to_vec()) else { return };
    assert_eq!((store.events(), store.check_invariants()), (events, vec![]));
    let restored = TeamStore::restore(store.snapshot()).expect("a snapshot of a sound store");
    assert!(restored == store);
}

/// Changes a few values of a JSON value: replaced by another of its values, dropped, doubled, or counted up.
fn edit(json: &mut Value, bytes: &mut Unstructured<'_>) {
    let mut paths = Vec::new();
    walk(json, String::new(), &mut paths);
    for _ in 0..bytes.int_in_range(1..=4).unwrap_or(1) {
        let Ok(path) = bytes.choose(&paths) else { return };
        let other = bytes.choose(&paths).ok().and_then(|other| json.pointer(other)).cloned();
        let Some(value) = json.pointer_mut(path) else { continue };
        match (bytes.int_in_range(0..=5).unwrap_or(0), &mut *value) {
            (1, Value::Array(items)) if !items.is_empty() => {
                let which = bytes.choose_index(items.len()).unwrap_or(0);
                items.remove(which);
            }
            (2, Value::Array(items)) if !items.is_empty() => {
                let which = bytes.choose_index(items.len()).unwrap_or(0);
                items.push(items[which].clone());
            }
            (3, Value::Array(items)) => items.reverse(),
            (1, Value::Number(number)) => *value = number.as_u64().unwrap_or(0).wrapping_add(1).into(),
            (2, Value::Number(_)) => *value = bytes.arbitrary::<u64>().unwrap_or(0).into(),
            (1, Value::Bool(_) | Value::String(_)) => *value = Value::Null,
            (2, Value::String(text)) => text.push('x'),
            _ => *value = other.unwrap_or_default(),
        }
    }
}

fn walk(json: &Value, at: String, found: &mut Vec<String>) {
    match json {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| walk(value, format!("{at}/{key}"), found)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, value)| walk(value, format!("{at}/{index}"), found));
        }
        _ => {}
    }
    found.push(at);
}
