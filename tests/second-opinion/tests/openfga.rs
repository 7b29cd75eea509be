//! The store against its export for OpenFGA, resolved the slow way: by the definitions of the model, without an index.

use std::collections::{BTreeMap, BTreeSet};

use enterprise_teams::export::{OpenFga, OpenFgaTuple};
use enterprise_teams::{AccessQuery, ActorKind, AppAction, Capability};
use second_opinion::{ASKED_AT, Asked, Opinion, Tally, World, compare, questions};
use serde_json::Value;

const PLATFORM: &str = "platform:this";

struct Resolver {
    /// Of each type, how each relation is made.
    types: BTreeMap<String, BTreeMap<String, Value>>,
    /// Who has a relation with an object by a tuple.
    tuples: BTreeMap<(String, String), BTreeSet<String>>,
}

impl Resolver {
    /// Reads an export; panics at a tuple that the model does not allow.
    fn new(export: &OpenFga) -> Self {
        let model: Value = serde_json::to_value(&export.model).expect("JSON");
        assert_eq!(model["schema_version"], "1.1");
        let (mut types, mut tuples) = (BTreeMap::new(), BTreeMap::<_, BTreeSet<_>>::new());
        let mut direct = BTreeSet::new();
        for definition in model["type_definitions"].as_array().expect("types") {
            let kind = definition["type"].as_str().expect("a name").to_owned();
            for (relation, allowed) in definition["metadata"]["relations"].as_object().into_iter().flatten() {
                for user in allowed["directly_related_user_types"].as_array().expect("types") {
                    let of = user["relation"].as_str().map(|relation| format!("#{relation}")).unwrap_or_default();
                    let user = format!("{}{of}", user["type"].as_str().expect("a name"));
                    direct.insert((user, relation.clone(), kind.clone()));
                }
            }
            let relations = definition["relations"].as_object().expect("relations").clone().into_iter().collect();
            types.insert(kind, relations);
        }
        for OpenFgaTuple { user, relation, object, .. } in &export.tuples {
            let of = user.find('#').map_or("", |at| &user[at..]);
            let between = (format!("{}{of}", kind(user)), relation.clone(), kind(object).to_owned());
            assert!(direct.contains(&between), "the model has no {between:?}");
            let fresh = tuples.entry((object.clone(), relation.clone())).or_default().insert(user.clone());
            assert!(fresh, "twice: {user} {relation} {object}");
        }
        Self { types, tuples }
    }

    /// Whether the user has the relation with the object.
    fn check(&self, user: &User, relation: &str, object: &str) -> bool {
        self.holds(user, relation, object, &self.types[kind(object)][relation])
    }

    fn holds(&self, user: &User, relation: &str, object: &str, definition: &Value) -> bool {
        let (operator, operands) = definition.as_object().and_then(|one| one.iter().next()).expect("an operator");
        let child = |definition| self.holds(user, relation, object, definition);
        let children = || operands["child"].as_array().expect("children").iter();
        match operator.as_str() {
            "this" => {
                let by_tuple = self.related(relation, object).any(|one| match one.split_once('#') {
                    Some((whose, relation)) => self.check(user, relation, whose),
                    None => *one == user.name,
                });
                by_tuple || (user.third_party && relation == "third-party" && object == PLATFORM)
            }
            "computedUserset" => self.check(user, name(operands), object),
            "tupleToUserset" => {
                let to = name(&operands["computedUserset"]);
                self.related(name(&operands["tupleset"]), object).any(|next| self.check(user, to, next))
            }
            "union" => children().any(child),
            "intersection" => children().all(child),
            "difference" => child(&operands["base"]) && !child(&operands["subtract"]),
            other => panic!("unknown: {other}"),
        }
    }

    fn related(&self, relation: &str, object: &str) -> impl Iterator<Item = &String> {
        self.tuples.get(&(object.to_owned(), relation.to_owned())).into_iter().flatten()
    }
}

/// Who checks, and whether a contextual tuple says that it is through a third-party client.
struct User {
    name: String,
    third_party: bool,
}

fn kind(object: &str) -> &str {
    object.split_once(':').expect("a type and an id").0
}

fn name(relation: &Value) -> &str {
    relation["relation"].as_str().expect("a relation")
}

impl Opinion for Resolver {
    fn allows(&self, Asked { who, question }: Asked) -> bool {
        let name = who.user().map_or(PLATFORM.to_owned(), |user| format!("user:{user}"));
        let user = User { name, third_party: matches!(who, ActorKind::OAuth { .. }) };
        match question {
            AccessQuery::App(action, app) => self.check(&user, action.code(), &format!("app:{app}")),
            AccessQuery::Host(action, app) => self.check(&user, action.as_str(), &format!("app:{app}")),
            AccessQuery::Team(capability, team) => self.check(&user, capability.code(), &format!("team:{team}")),
        }
    }

    fn because(&self, asked: Asked) -> String {
        let tuples = self.tuples.iter().filter(|((object, _), _)| match asked.question {
            AccessQuery::App(_, app) | AccessQuery::Host(_, app) => object.ends_with(&app.to_string()),
            AccessQuery::Team(_, team) => object.ends_with(&team.to_string()),
        });
        format!("{} by {:?}", self.allows(asked), tuples.collect::<Vec<_>>())
    }
}

#[test]
fn every_answer_is_that_of_the_model() {
    let mut tally = Tally::default();
    for seed in 2000..2006 {
        let world = World::random(seed);
        compare(&world, &Resolver::new(&world.store.export_openfga(ASKED_AT)), &mut tally);
    }
    assert!(tally.disagreements.is_empty(), "{}", tally.disagreements[0]);
    assert!(tally.allowed() + tally.denied() > 100_000);
    assert_eq!(tally.answers.len(), AppAction::ALL.len() + Capability::ALL.len() + 1);
    assert_eq!(tally.one_sided(), Vec::<&str>::new());
}

/// The comparison can fail: without the tuples of any one relation it does.
#[test]
fn every_relation_is_needed() {
    let worlds: Vec<World> = (2000..2024).map(World::random).collect();
    let all: Vec<OpenFga> = worlds.iter().map(|world| world.store.export_openfga(ASKED_AT)).collect();
    let relations: BTreeSet<&str> =
        all.iter().flat_map(|export| &export.tuples).map(|tuple| tuple.relation.as_str()).collect();
    assert_eq!(relations.len(), 55);
    for relation in relations {
        let noticed = worlds.iter().zip(&all).any(|(world, export)| {
            let mut less = export.clone();
            less.tuples.retain(|tuple| tuple.relation != relation);
            let resolver = Resolver::new(&less);
            questions(world).any(|asked| asked.of(&world.store) != resolver.allows(asked))
        });
        assert!(noticed, "nobody misses {relation}");
    }
}
