//! each value of every kind of event is changed in turn, each type swapped for another: such a log is refused, or makes
//! another state.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::actor::Actor;
use crate::event::{AuditEvent, Event};
use crate::invariant;
use crate::settings::Settings;
use crate::state::State;
use crate::testing;

/// What nothing in a state tells: a member who joins an app of a Standard team, or is put on it by themself, does the same. Who acted,
/// of those who existed then, and when, between the events before and after, are not looked at.
const UNNOTICED: &[&str] = &["app-joined as collaborator-added", "collaborator-added as app-joined"];

/// What is held against the state also where the events before are not kept. Of the rest they alone tell: how things were, and
/// whether it was this thing or another that could have changed so.
const NOTICED_IN_PART: &[&str] = &[
    "event/owner",
    "event/promotion/owner",
    "event/promotion/pipeline",
    "event/promotion/source",
    "event/changed/service",
    "space-renamed event/team",
    "app-creation-allowed event/team",
    "app-creation-revoked event/team",
    "add-on-plan-changed event/app",
    "actor",
];

/// A log, and what its parts say.
struct Log {
    events: Vec<AuditEvent>,
    texts: Vec<Value>,
    /// What stands under a name anywhere in the log.
    known: BTreeMap<String, Vec<Value>>,
}

impl Log {
    fn new(seed: u64) -> Self {
        let bytes: Vec<u8> = bytes(seed).take(160 * testing::Step::SIZE).collect();
        let mut store = testing::build(Settings::from_seed(seed), testing::steps(&bytes));
        let asked = store.state().teams.iter().filter(|team| team.team.move_out_requested_at.is_some());
        let asked: Vec<_> = asked.map(|team| team.team.id).collect();
        for team in asked {
            drop(store.move_team_out(Actor::operator(store.state().last_at), team));
        }
        let events = store.events().to_vec();
        let texts: Vec<Value> = events.iter().map(|event| serde_json::to_value(event).expect("JSON")).collect();
        let mut known = BTreeMap::<String, Vec<Value>>::new();
        for text in &texts {
            for at in places(text) {
                let (value, found) = (text.pointer(&at).expect("there"), known.entry(name(&at)).or_default());
                if !found.contains(value) {
                    found.push(value.clone());
                }
            }
        }
        Self { events, texts, known }
    }

    /// The event with something else in this place.
    fn changed(&self, number: usize, at: &str) -> Vec<AuditEvent> {
        let text = &self.texts[number];
        let value = text.pointer(at).expect("there");
        let known = self.known.get(&name(at)).into_iter().flatten();
        let some: Vec<&Value> = known.filter(|other| *other != value).collect();
        let mut others: Vec<Value> = some.iter().step_by(some.len() / 8 + 1).map(|other| (*other).clone()).collect();
        match value {
            Value::Null | Value::Bool(_) | Value::Object(_) => {}
            Value::Number(number) => others.extend(number.as_u64().map(|number| json!(number + 1))),
            Value::String(text) => match (text.parse::<DateTime<Utc>>(), text.parse::<Uuid>()) {
                (Ok(time), _) => others.push(json!(time + TimeDelta::seconds(1))),
                (_, Ok(_)) => others.push(json!(Uuid::max())),
                _ => others.push(json!(format!("{text}x"))),
            },
            Value::Array(items) => {
                others.extend(items.split_last().map(|(_, earlier)| json!(earlier)));
                others.extend(items.first().map(|first| json!([&items[..], core::slice::from_ref(first)].concat())));
            }
        }
        others.push(Value::Null);
        let forged = others.into_iter().filter_map(|other| {
            let mut text = text.clone();
            *text.pointer_mut(at)? = other;
            serde_json::from_value::<AuditEvent>(text).ok()
        });
        forged.filter(|forged| *forged != self.events[number]).collect()
    }

    /// The event with the type of another.
    fn swapped(&self, number: usize) -> Vec<AuditEvent> {
        let types = Event::CODES.iter().filter_map(|code| {
            let mut text = self.texts[number].clone();
            text["event"]["type"] = json!(code);
            serde_json::from_value::<AuditEvent>(text).ok()
        });
        types.filter(|forged| *forged != self.events[number]).collect()
    }
}

/// Bytes without end from a seed.
fn bytes(seed: u64) -> impl Iterator<Item = u8> {
    let mut state = seed;
    core::iter::repeat_with(move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    })
}

/// Every place in a text but those that number it, the inner ones too.
fn places(text: &Value) -> Vec<String> {
    fn within(value: &Value, at: &str, found: &mut Vec<String>) {
        let parts: Vec<(String, &Value)> = match value {
            Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), value)).collect(),
            Value::Array(items) => items.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect(),
            _ => Vec::new(),
        };
        for (part, value) in parts {
            let at = format!("{at}/{part}");
            within(value, &at, found);
            found.push(at);
        }
    }
    let mut found = Vec::new();
    within(text, "", &mut found);
    found.retain(|at| !["/version", "/seq", "/event", "/event/type"].contains(&at.as_str()));
    found
}

/// The place without the numbers of items.
fn path(at: &str) -> String {
    let parts = at.trim_start_matches('/').split('/').filter(|part| part.parse::<usize>().is_err());
    parts.collect::<Vec<_>>().join("/")
}

/// What a value is called that stands here, or the list that it stands in.
fn name(at: &str) -> String {
    let tuple = at.rsplit('/').next().filter(|last| last.parse::<usize>().is_ok());
    let path = path(at);
    format!("{}{}", path.rsplit('/').next().unwrap_or_default(), if tuple.is_some() { "/" } else { "" })
}

#[test]
fn x_03_whatever_is_changed_in_an_event_is_noticed() {
    // That a store was opened is said before there is anything to hold it against.
    const ALL: usize = Event::CODES.len() - 1;
    // Logs until there is an event of every kind; of each kind the one that says the most, where it first occurs.
    let (mut logs, mut chosen) = (Vec::<Log>::new(), BTreeMap::<&str, (usize, usize)>::new());
    for log in (0..1000).map(Log::new) {
        if chosen.len() == ALL {
            break;
        }
        let mut found = BTreeMap::<&str, (usize, usize)>::new();
        for (number, event) in log.events.iter().enumerate().skip(1) {
            let best = found.entry(event.event.code()).or_default();
            *best = (*best).max((places(&log.texts[number]).len(), number));
        }
        found.retain(|code, _| !chosen.contains_key(code));
        if !found.is_empty() {
            chosen.extend(found.into_iter().map(|(code, (_, number))| (code, (logs.len(), number))));
            logs.push(log);
        }
    }
    assert_eq!(chosen.len(), ALL);

    let (mut unnoticed, mut in_part, mut tried) = (BTreeSet::new(), BTreeSet::new(), 0);
    for (at, log) in logs.iter().enumerate() {
        let numbers: BTreeSet<usize> = chosen.values().filter(|one| one.0 == at).map(|one| one.1).collect();
        let mut state = State::opened(&log.events[0]).expect("a store");
        let mut end = state.clone();
        log.events[1..].iter().for_each(|event| end.apply(event));
        let end = end.to_record();
        for (number, event) in log.events.iter().enumerate().skip(1) {
            let before = state.clone();
            state.apply(event);
            if !numbers.contains(&number) {
                continue;
            }
            let before_record = before.to_record();
            let code = event.event.code();
            let mut forged: Vec<(String, AuditEvent)> = Vec::new();
            for at in places(&log.texts[number]) {
                forged
                    .extend(log.changed(number, &at).into_iter().map(|event| (format!("{code} {}", path(&at)), event)));
            }
            let swapped = log.swapped(number).into_iter();
            forged.extend(swapped.map(|event| (format!("{code} as {}", event.event.code()), event)));
            for (what, forged) in forged {
                tried += 1;
                let next = log.events.get(number + 1).map_or(DateTime::<Utc>::MAX_UTC, |next| next.at);
                let existed = forged.actor.user().is_none_or(|user| before.users.find(user).is_some());
                if !(before.last_at..=next).contains(&forged.at) || (forged.event == event.event && existed) {
                    continue;
                }
                let mut other = before.clone();
                if !other.try_apply(&forged) {
                    assert!(other.to_record() == before_record, "{what}: what does not fit leaves nothing behind");
                } else if log.events[number + 1..].iter().all(|event| other.try_apply(event))
                    && other.to_record() == end
                {
                    unnoticed.insert(what.clone());
                }
                let mut earlier = state.clone();
                let taken_back = earlier.try_revert(&forged, before.seq, Some(before.last_at));
                if taken_back && invariant::check(&earlier).is_empty() {
                    in_part.insert(what);
                }
            }
        }
    }
    assert!(tried > 2000, "{tried}");
    let missed: Vec<_> = unnoticed.iter().filter(|what| !UNNOTICED.contains(&what.as_str())).collect();
    assert!(missed.is_empty(), "{missed:#?}");
    let noticed =
        |what: &str| NOTICED_IN_PART.iter().any(|one| what.ends_with(one) || what.contains(&format!("{one}/")));
    let missed: Vec<_> = in_part.iter().filter(|what| noticed(what)).collect();
    assert!(missed.is_empty() && in_part.iter().any(|what| what == "team-renamed event/from"), "{missed:#?}");
}
