//! The store against Cedar, and Cedar's policies against the published tables.

use std::collections::BTreeSet;

use cedar_policy::{Effect, EntityUid, PolicySet, Schema};
use enterprise_teams::export::Cedar;
use enterprise_teams::{AppAction, Capability, Permission, Settings, TeamStore};
use second_opinion::{ASKED_AT, Engine, Opinion, Tally, World, compare, questions};

fn engine(world: &World) -> Engine {
    Engine::new(&world.store.export_cedar(ASKED_AT)).expect("Cedar finds no fault with the export")
}

#[test]
fn every_answer_is_cedars() {
    let mut tally = Tally::default();
    for seed in 1000..1006 {
        let world = World::random(seed);
        assert_eq!(world.store.check_invariants(), []);
        compare(&world, &engine(&world), &mut tally);
    }
    assert!(tally.disagreements.is_empty(), "{}", tally.disagreements[0]);
    assert!(tally.allowed() + tally.denied() > 100_000);
    assert_eq!(tally.answers.len(), AppAction::ALL.len() + Capability::ALL.len() + 1);
    assert_eq!(tally.one_sided(), Vec::<&str>::new());
}

/// The comparison can fail: without any one of the policies it does.
#[test]
fn every_policy_is_needed() {
    let worlds: Vec<World> = (1000..1012).map(World::random).collect();
    let policies: PolicySet = worlds[0].store.export_cedar(ASKED_AT).policies.parse().expect("policies");
    assert_eq!(policies.policies().count(), 59);
    // A policy that permits is missed where it is the only one that does.
    let alone = |world: &World| {
        let engine = engine(world);
        questions(world).filter_map(|asked| engine.only_reason(asked)).collect::<BTreeSet<String>>()
    };
    let alone: BTreeSet<String> = worlds.iter().flat_map(alone).collect();
    let permits = policies.policies().filter(|policy| policy.effect() == Effect::Permit);
    let unmissed: Vec<&str> =
        permits.filter_map(|policy| policy.annotation("id")).filter(|id| !alone.contains(*id)).collect();
    assert_eq!(unmissed, Vec::<&str>::new(), "nobody misses these");
    for policy in policies.policies().filter(|policy| policy.effect() == Effect::Forbid) {
        let mut rest = policies.clone();
        rest.remove_static(policy.id().clone()).expect("a policy of the set");
        let noticed = worlds.iter().any(|world| misses(world, &rest));
        assert!(noticed, "nobody misses {:?}", policy.annotation("id"));
    }
}

/// Nor does it hold without what groups hold.
#[test]
fn what_is_granted_to_groups_is_needed() {
    let worlds: Vec<World> = (1000..1012).map(World::random).collect();
    let text = worlds[0].store.export_cedar(ASKED_AT).policies;
    for permission in Permission::ALL {
        let part = format!(" || principal in resource.{permission}Groups");
        assert_eq!(text.matches(&part).count(), 1, "{permission}");
        let rest: PolicySet = text.replace(&part, "").parse().expect("policies");
        assert!(worlds.iter().any(|world| misses(world, &rest)), "nobody misses {permission} through groups");
    }
}

/// Whether the answers are others with these policies.
fn misses(world: &World, policies: &PolicySet) -> bool {
    let engine = Engine::with_policies(&world.store.export_cedar(ASKED_AT), policies.clone()).expect("an engine");
    questions(world).any(|asked| asked.of(&world.store) != engine.allows(asked))
}

/// The rows of a table under a head.
fn rows(table: &'static str) -> (Vec<&'static str>, Vec<Vec<&'static str>>) {
    let mut lines = table.lines().map(|line| line.split('\t').collect());
    (lines.next().expect("a head"), lines.collect())
}

/// The groups that the schema puts the action in, however deep.
fn groups(schema: &Schema, code: &str) -> BTreeSet<String> {
    let action: EntityUid = format!("Action::\"{code}\"").parse().expect("an action");
    let entities = schema.action_entities().expect("actions");
    let groups = entities.ancestors(&action).expect("the action is in the schema");
    groups.map(|group| group.id().unescaped().to_owned()).collect()
}

fn schema() -> Schema {
    let Cedar { schema, .. } = TeamStore::new(Settings::from_seed(0)).export_cedar(ASKED_AT);
    Schema::from_cedarschema_str(&schema).expect("a schema").0
}

/// The actions that somebody can ask about a thing of this type.
fn askable(schema: &Schema, kind: &str) -> BTreeSet<String> {
    let (user, kind) = ("User".parse().expect("a type"), kind.parse().expect("a type"));
    schema.actions_for_principal_and_resource(&user, &kind).map(|action| action.id().unescaped().to_owned()).collect()
}

#[test]
fn actions_are_in_the_groups_of_their_permissions() {
    let schema = schema();
    let (head, rows) = rows(include_str!("../../tables/app-actions.tsv"));
    assert_eq!(head[..3], ["section", "action", "any-of"]);
    for row in &rows {
        let mut expected: BTreeSet<String> = row[2].split(',').map(str::to_owned).collect();
        expected.extend((row[3] != "any").then(|| format!("for-{}", row[3].replace(',', "-"))));
        assert_eq!(groups(&schema, row[1]), expected, "{}", row[1]);
    }
    assert_eq!(askable(&schema, "App"), rows.iter().map(|row| row[1].to_owned()).collect());
}

#[test]
fn capabilities_are_in_the_groups_of_their_roles() {
    let schema = schema();
    let mut listed = BTreeSet::new();
    for (kind, table) in [
        ("enterprise", include_str!("../../tables/team-capabilities-enterprise.tsv")),
        ("standard", include_str!("../../tables/team-capabilities-standard.tsv")),
    ] {
        let (head, rows) = rows(table);
        for (column, role) in head.iter().enumerate().take(head.len() - 1).skip(1) {
            let group = format!("{kind}-{role}");
            let by_table: BTreeSet<&str> = rows.iter().filter(|row| row[column] == "yes").map(|row| row[0]).collect();
            let by_schema = Capability::ALL.iter().map(|capability| capability.code());
            let by_schema = by_schema.filter(|code| groups(&schema, code).contains(&group)).collect();
            assert_eq!(by_table, by_schema, "{group}");
        }
        listed.extend(rows.iter().map(|row| row[0].to_owned()));
    }
    assert_eq!(askable(&schema, "Team"), listed);
    for capability in &listed {
        let looked_at = groups(&schema, capability).iter().any(|group| group.ends_with("-operator"));
        assert_eq!(looked_at, capability.starts_with("view-"), "{capability}");
    }
}
