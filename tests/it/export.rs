//! The store for other engines. What they make of it is held against the store's own answers by the package
//! `second-opinion`.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use enterprise_teams::demo::Demo;
use enterprise_teams::export::OpenFgaTuple;
use enterprise_teams::{
    AppAction, Capability, NewApp, Permission, TeamStore, entity::OAuthAccess, policy::HostActions,
};

use crate::random::history;
use crate::support::{days, golden, id, noon};

/// The sample with a personal app, a locked one, collaborators of every kind and a team closed to third-party clients; and
/// what its ids are called below.
fn sample() -> (TeamStore, Vec<(String, &'static str)>) {
    let mut demo = Demo::new().unwrap();
    let Demo { store, ada, joe, vera, jill, acme, website, sam, max, inc, wave, .. } = &mut demo;
    let notes = store.create_app(*jill, NewApp::personal()).unwrap();
    store.add_collaborator(*jill, notes, id(*max)).unwrap();
    store.add_collaborator(*sam, *wave, id(*jill)).unwrap();
    store.lock_app(*sam, *wave).unwrap();
    store.set_oauth_access(*sam, *inc, OAuthAccess::Denied).unwrap();
    let people = [(ada, "ada"), (joe, "joe"), (vera, "vera"), (jill, "jill"), (sam, "sam"), (max, "max")];
    let mut names: Vec<_> = people.map(|(actor, name)| (id(*actor).to_string(), name)).into();
    names.extend([(acme.to_string(), "acme"), (inc.to_string(), "inc")]);
    names.extend([(website.to_string(), "website"), (wave.to_string(), "wave"), (notes.to_string(), "notes")]);
    (demo.store, names)
}

/// Each entry as JSON in a line of its own, with names for ids, sorted anew.
fn lines<T: Serialize>(entries: &[T], names: &[(String, &str)]) -> String {
    let line = |entry| {
        let line = serde_json::to_string(entry).unwrap();
        names.iter().fold(line, |line, (id, name)| line.replace(id, name))
    };
    let mut lines: Vec<String> = entries.iter().map(line).collect();
    lines.sort_unstable();
    lines.join("\n") + "\n"
}

#[test]
fn cedar_entities_of_the_sample() {
    let (store, names) = sample();
    golden("tests/it/export/entities.jsonl", &lines(&store.export_cedar(noon()).entities, &names));
}

#[test]
fn openfga_tuples_of_the_sample() {
    let (store, names) = sample();
    golden("tests/it/export/tuples.jsonl", &lines(&store.export_openfga(noon()).tuples, &names));
}

/// What is the same for every store, as its readers are given it: a change of the tables shows here.
#[test]
fn schema_policies_and_model() {
    let (store, _) = sample();
    let (cedar, openfga) = (store.export_cedar(noon()), store.export_openfga(noon()));
    golden("tests/it/export/schema.cedarschema", &cedar.schema);
    golden("tests/it/export/policies.cedar", &cedar.policies);
    golden("tests/it/export/model.json", &(serde_json::to_string_pretty(&openfga.model).unwrap() + "\n"));
}

#[test]
fn end_01_what_has_ended_by_then_is_left_out() {
    let Demo { mut store, ada, joe, jill, acme, website, .. } = Demo::new().unwrap();
    let mut without = store.clone();
    without.remove_member(ada, acme, id(joe)).unwrap();
    without.remove_collaborator(ada, website, id(jill)).unwrap();
    let before = store.clone();
    store.set_member_end(ada, acme, id(joe), Some(days(7))).unwrap();
    store.set_grant_end(ada, website, id(jill), Some(days(6))).unwrap();
    assert_eq!(store.export_cedar(days(5)), before.export_cedar(noon()));
    assert_eq!(store.export_openfga(days(5)), before.export_openfga(noon()));
    assert_eq!(store.export_cedar(days(7)), without.export_cedar(noon()));
    assert_eq!(store.export_openfga(days(7)), without.export_openfga(noon()));
}

fn codes<T: Copy>(all: &[T], code: impl Fn(T) -> &'static str) -> BTreeSet<&'static str> {
    all.iter().map(|one| code(*one)).collect()
}

#[test]
fn cedar_knows_every_action_and_capability() {
    let schema = Demo::new().unwrap().store.export_cedar(noon()).schema;
    let words = schema.lines().flat_map(|line| line.split("//").next().unwrap().split_whitespace());
    let statements = words.collect::<Vec<_>>().join(" ");
    let askable = |resource: &str| -> BTreeSet<&str> {
        let about = statements.split(';').filter(|statement| statement.contains(&format!("resource: {resource},")));
        let names = about.filter_map(|statement| statement.split(" in [").next());
        // Every other part between quotes is a name.
        names.flat_map(|names| names.split('"').skip(1).step_by(2)).collect()
    };
    assert_eq!(askable("App"), codes(AppAction::ALL, AppAction::code));
    assert_eq!(askable("Team"), codes(Capability::ALL, Capability::code));
}

#[test]
fn openfga_knows_every_action_and_capability() {
    let export = Demo::new().unwrap().store.export_openfga(noon());
    let model: Value = serde_json::to_value(&export.model).unwrap();
    for (kind, codes) in
        [("app", codes(AppAction::ALL, AppAction::code)), ("team", codes(Capability::ALL, Capability::code))]
    {
        let types = model["type_definitions"].as_array().unwrap();
        let of_kind = types.iter().find(|one| one["type"] == kind).unwrap();
        let relations: BTreeSet<&str> = of_kind["relations"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(codes.difference(&relations).count(), 0, "{kind}");
        let written = export.tuples.iter().filter(|tuple| tuple.object.starts_with(kind));
        assert!(
            written.map(|tuple| tuple.relation.as_str()).all(|one| relations.contains(one) && !codes.contains(one))
        );
    }
}

/// Equal stores have equal exports, however they came about, in an order that the exports themselves show.
#[test]
fn x_03_exports_depend_on_what_the_store_holds() {
    for seed in 0..8 {
        let (store, _) = history(seed, 150);
        let (cedar, openfga) = (store.export_cedar(noon()), store.export_openfga(noon()));
        let restored = TeamStore::restore(store.snapshot()).unwrap();
        assert_eq!((restored.export_cedar(noon()), restored.export_openfga(noon())), (cedar.clone(), openfga.clone()));
        assert!(cedar.entities.is_sorted_by(|one, next| (one.uid.kind, &one.uid.id) < (next.uid.kind, &next.uid.id)));
        let key = |tuple: &OpenFgaTuple| (tuple.object.clone(), tuple.relation.clone(), tuple.user.clone());
        assert!(openfga.tuples.is_sorted_by(|one, next| key(one) < key(next)));
    }
}

/// Ids alone, so that there is nothing to escape and nobody's e-mail to leak.
#[test]
fn exports_name_nobody() {
    let (store, _) = sample();
    let (cedar, openfga) = (store.export_cedar(noon()), store.export_openfga(noon()));
    let text = [serde_json::to_string(&cedar.entities).unwrap(), serde_json::to_string(&openfga.tuples).unwrap()];
    for name in ["@", "acme", "frozen", "website", "inc"] {
        assert!(text.iter().all(|text| !text.contains(name)), "{name}");
    }
}

#[test]
fn perm_09_the_exports_know_a_hosts_own_actions() {
    let (mut store, _) = sample();
    let operator = enterprise_teams::Actor::operator(noon());
    let mut options = store.settings().options.clone();
    let any_of = [Permission::Deploy, Permission::Operate].into_iter().collect();
    options.host_actions = HostActions::new([("rotate-key".parse().unwrap(), any_of)]).unwrap();
    store.change_settings(operator, options).unwrap();
    let schema = store.export_cedar(noon()).schema;
    assert!(schema.contains("action \"rotate-key\" in [\"deploy\", \"operate\"]\n"), "{schema}");
    let model = serde_json::to_value(store.export_openfga(noon()).model).unwrap();
    let app = model["type_definitions"].as_array().unwrap().iter().find(|one| one["type"] == "app").unwrap();
    let of = |relation: &str| serde_json::json!({ "computedUserset": { "relation": relation } });
    assert_eq!(
        app["relations"]["rotate-key"],
        serde_json::json!({ "union": { "child": [of("deploy"), of("operate")] } })
    );
}
