//! Stores, and what happens to them.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestError, TestRng, TestRunner};
use serde_json::Value;

use enterprise_teams::entity::{AddOn, AppTransfer, EnterpriseAccount, Invitation, OwnershipPeriod};
use enterprise_teams::testing::{Step, build, operations, steps, stores};
use enterprise_teams::*;

use super::{runner, samples, seen, smallest};
use crate::support::sound;

/// The name of the operation, as serde writes it.
fn code(operation: &Operation) -> String {
    match serde_json::to_value(operation).expect("a value")["type"].take() {
        Value::String(code) => code,
        other => panic!("{other}"),
    }
}

#[test]
fn stores_are_sound_and_of_the_size_asked_for() {
    for size in [0, 1, 7, 60] {
        for store in samples(&stores(size), 20) {
            // END-3
            let swept = store.events().iter().filter(|event| event.event.code() == "ends-swept").count();
            assert!((store.events().len() - swept..=store.events().len()).contains(&(1 + size)));
            sound(&store);
        }
    }
    let sizes = seen(&samples(&any::<TeamStore>(), 200), |store| store.events().len());
    assert!(sizes.contains(&1) && sizes.last() > Some(&90) && sizes.len() > 50, "{sizes:?}");
    let sizes = seen(&samples(&any_with::<TeamStore>((2..=3).into()), 50), |store| store.events().len());
    assert_eq!(sizes, BTreeSet::from([3, 4]));
}

/// How many of the stores hold something of each kind.
fn holdings(stores: &[TeamStore]) -> BTreeMap<&'static str, usize> {
    let mut found = BTreeMap::new();
    for store in stores {
        let snapshot = serde_json::to_value(store.snapshot()).expect("a value");
        let state = &snapshot["state"];
        let some = |list: &str, fits: &dyn Fn(&Value) -> bool| state[list].as_array().expect("a list").iter().any(fits);
        let full = |row: &Value, field: &str| {
            !row[field].is_null() && row[field].as_array().is_none_or(|list| !list.is_empty())
        };
        for (what, holds) in [
            ("an Enterprise Team", some("teams", &|row| row["team"]["kind"] == "enterprise")),
            ("a Standard team", some("teams", &|row| row["team"]["kind"] == "standard")),
            ("a team with members", some("teams", &|row| row["members"].as_array().is_some_and(|list| list.len() > 1))),
            ("an identity provider", some("teams", &|row| full(row, "identity_provider"))),
            ("a personal app", some("apps", &|row| row["app"]["owner"]["user"].is_string())),
            ("a team's app", some("apps", &|row| row["app"]["owner"]["team"].is_string())),
            ("an app in a space", some("apps", &|row| full(&row["app"], "space"))),
            ("a grant", some("apps", &|row| full(row, "grants"))),
            ("dynos", some("apps", &|row| full(row, "formation"))),
            ("an add-on", some("apps", &|row| full(row, "add_ons"))),
            ("an app in a pipeline", some("apps", &|row| full(row, "coupling"))),
            ("a release", some("apps", &|row| full(row, "release"))),
            ("a transferred app", some("apps", &|row| full(row, "history"))),
            ("a pipeline", some("pipelines", &|_| true)),
            ("a space", some("spaces", &|_| true)),
            ("an account", some("accounts", &|_| true)),
            (
                "an account with members",
                some("accounts", &|row| row["members"].as_array().is_some_and(|list| list.len() > 1)),
            ),
            ("an invitation", some("invitations", &|_| true)),
            ("a pending transfer", some("transfers", &|_| true)),
        ] {
            *found.entry(what).or_default() += usize::from(holds);
        }
    }
    found
}

#[test]
fn large_stores_hold_everything() {
    let stores = samples(&stores(400), 50);
    for (what, count) in holdings(&stores) {
        let least = match what {
            "a pending transfer" => 1,
            "an app in a space" | "an account with members" => 25,
            _ => 40,
        };
        assert!(count >= least, "{count} of {} with {what}", stores.len());
    }
}

#[test]
fn equal_bytes_give_equal_stores() {
    let bytes: Vec<u8> = (0..=255).cycle().map(|byte: u8| byte.wrapping_mul(151)).take(Step::SIZE * 40 + 3).collect();
    let list: Vec<Step> = steps(&bytes).collect();
    assert_eq!(list.len(), 41);
    assert_eq!(list[0].0, bytes[..Step::SIZE]);
    assert_eq!((&list[40].0[..3], &list[40].0[3..]), (&bytes[Step::SIZE * 40..], &[0; Step::SIZE - 3][..]));
    assert_eq!(steps(&[]).count(), 0);
    let (one, other) = (build(Settings::from_seed(5), list.clone()), build(Settings::from_seed(5), list.clone()));
    assert!(one == other);
    assert_eq!(one.events().len(), 1 + 41);

    // Also when the stores hold the same in another way.
    let restored = TeamStore::restore(one.snapshot()).expect("a store");
    let mut taken_back = one.clone();
    let mut tx = taken_back.begin();
    for step in &list {
        let (actor, operation) = step.decode(&tx);
        drop(tx.perform(actor, &operation));
    }
    tx.roll_back();
    for step in &list {
        assert_eq!(step.decode(&one), step.decode(&restored));
        assert_eq!(step.decode(&one), step.decode(&taken_back));
    }
}

/// The events of the smallest store for which `fails`, of what a few failures shrink to: a step that goes may change what
/// those after it do, so that not every failure shrinks to the very end.
fn shrunk(fails: fn(&TeamStore) -> bool) -> Vec<&'static str> {
    let smallest = (0..8).map(|seed| {
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
        let found = TestRunner::new_with_rng(runner(200).config().clone(), rng).run(&stores(0..150), |store| {
            prop_assert!(!fails(&store));
            Ok(())
        });
        match found {
            Err(TestError::Fail(_, store)) => store.events().iter().map(|entry| entry.event.code()).collect(),
            other => panic!("{other:?}"),
        }
    });
    smallest.min_by_key(Vec::len).expect("one of them")
}

#[test]
#[ignore = "in optimised code: see `.ci/run`"]
fn stores_shrink_to_what_matters() {
    assert_eq!(shrunk(|_| true), ["store-opened"]);
    assert_eq!(shrunk(|store| store.events().len() > 2).len(), 3);
    let apps = shrunk(|store| store.events().iter().any(|entry| entry.event.code() == "app-created"));
    assert_eq!(apps, ["store-opened", "user-registered", "app-created"]);
    let spaces = shrunk(|store| store.events().iter().any(|entry| entry.event.code() == "space-created"));
    assert_eq!(spaces, ["store-opened", "user-registered", "team-provisioned", "space-created"]);
}

type Asked = (Actor, Operation, Result<Event, Error>);

/// What so many steps ask for in each of so many stores of every size, and what is answered.
fn asked(count: usize, steps: usize) -> Vec<Asked> {
    let pairs = samples(&(stores(0..200), vec(any::<Step>(), steps)), count);
    let asked = pairs.into_iter().flat_map(|(store, steps)| {
        steps.into_iter().map(move |step| {
            let (actor, operation) = step.decode(&store);
            let answer = store.what_if(actor, &operation).map(|preview| preview.event);
            (actor, operation, answer)
        })
    });
    asked.collect()
}

#[test]
fn every_operation_occurs_and_is_accepted() {
    let asked = asked(150, 400);
    let all = seen(&asked, |(_, operation, _)| code(operation));
    assert_eq!(all.len(), OperationKind::ALL.len());
    let accepted: BTreeSet<String> =
        asked.iter().filter(|(.., answer)| answer.is_ok()).map(|(_, operation, _)| code(operation)).collect();
    assert_eq!(all.difference(&accepted).collect::<Vec<_>>(), Vec::<&String>::new(), "never accepted");
}

#[test]
fn operations_are_mostly_about_what_exists_by_whom_it_concerns() {
    let asked = asked(100, 60);
    let share = |fits: &dyn Fn(&Asked) -> bool| asked.iter().filter(|one| fits(one)).count() * 100 / asked.len();
    let kind = |kind: ErrorKind| share(&|(.., answer)| answer.as_ref().is_err_and(|error| error.kind() == kind));
    assert!((25..60).contains(&share(&|(.., answer)| answer.is_ok())));
    assert!((5..30).contains(&kind(ErrorKind::NotFound)), "{} %", kind(ErrorKind::NotFound));
    assert!((5..30).contains(&kind(ErrorKind::Forbidden)), "{} %", kind(ErrorKind::Forbidden));
    let of_the_state = share(&|(.., answer)| {
        answer.as_ref().is_err_and(|error| matches!(error.kind(), ErrorKind::Conflict | ErrorKind::Unchanged))
    });
    assert!((10..40).contains(&of_the_state), "{of_the_state} %");
    let unknown = share(&|(.., answer)| matches!(answer, Err(Error::ActorNotFound { .. })));
    assert!((1..10).contains(&unknown), "{unknown} %");
    assert!((3..20).contains(&share(&|(actor, ..)| matches!(actor.who, ActorKind::OAuth { .. }))));
    assert!((5..30).contains(&share(&|(actor, ..)| actor.who == ActorKind::Operator)));
    // Most refusals of the catalogue come up by themselves.
    let refusals: BTreeSet<&str> =
        asked.iter().filter_map(|(.., answer)| Some(answer.as_ref().err()?.code())).collect();
    assert!(refusals.len() > 140, "{} refusals", refusals.len());
}

#[test]
fn a_clock_may_be_ahead_or_behind() {
    for (store, step) in samples(&(stores(5..6), any::<Step>()), 20) {
        let last = store.events().last().expect("five events").at;
        let at = |when: u8| {
            let mut bytes = step.0;
            bytes[4] = when;
            Step(bytes).decode(&store).0.at
        };
        assert_eq!(at(0), last);
        assert!(at(200) > last && at(250) < last);
    }
}

#[test]
fn operations_in_a_store_are_its_steps() {
    let store = samples(&stores(80), 1).remove(0);
    let asked = samples(&operations(&store), 2000);
    assert!(seen(&asked, |(_, operation)| code(operation)).len() > 70);
    assert_eq!(smallest(&operations(&store)), Step([0; Step::SIZE]).decode(&store));
}

#[test]
fn any_operation_at_all_is_read_back_and_harms_no_store() {
    let operations = samples(&any::<Operation>(), 1500);
    assert_eq!(seen(&operations, code).len(), OperationKind::ALL.len());
    super::value::kept(&operations);
    let mut store = samples(&stores(40), 1).remove(0);
    for (operation, actor) in operations.iter().zip(samples(&any::<Actor>(), 1500)) {
        let before = store.events().len();
        let accepted = store.perform(actor, operation).is_ok();
        assert_eq!(store.events().len(), before + usize::from(accepted));
    }
    assert!(store.events().len() > 40, "the operator registers users");
    sound(&store);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    /// times from the beginning of the calendar to its end.
    #[test]
    fn x_06_any_clock(mut store in stores(0..60), steps in vec((any::<Step>(), any::<Actor>()), 0..30)) {
        for (step, clock) in steps {
            let (actor, operation) = step.decode(&store);
            let (actor, before) = (actor.at(clock.at), store.events().len());
            let foreseen = store.what_if(actor, &operation).map(|preview| preview.event);
            let done = store.perform(actor, &operation).map(|entry| entry.event.clone());
            let new: Vec<_> = store.events()[before..].iter().map(|entry| &entry.event).collect();
            prop_assert_eq!(new.iter().any(|event| Ok(*event) == done.as_ref()), done.is_ok());
            // END-3
            let mut others = new.iter().filter(|event| Ok(**event) != done.as_ref());
            prop_assert!(new.len() <= 2 && others.all(|event| event.code() == "ends-swept"));
            prop_assert_eq!(done, foreseen);
        }
        sound(&store);
    }
}

#[test]
fn what_a_store_makes_is_taken_out_of_one() {
    kept_all();
    let apps = samples(&any::<App>(), 60);
    assert!(apps.iter().all(|app| app.space().is_none() || app.owner().team().is_some()));
    assert_eq!(seen(&apps, |app| app.owner().team().is_some()).len(), 2);
    let teams = samples(&any::<Team>(), 60);
    assert!(teams.iter().all(|team| team.account().is_none() || team.kind() == TeamKind::Enterprise));
    assert_eq!(seen(&teams, Team::kind).len(), 2);
    assert!(seen(&samples(&any::<Event>(), 200), Event::code).len() > 20);
    assert!(seen(&samples(&any::<Error>(), 200), Error::code).len() > 20);
    assert_eq!(smallest(&any::<Event>()).code(), "store-opened");
}

/// Serde reads back what it writes of each of them.
fn kept_all() {
    super::value::kept(&samples(&any::<User>(), 5));
    super::value::kept(&samples(&any::<Space>(), 5));
    super::value::kept(&samples(&any::<Pipeline>(), 5));
    super::value::kept(&samples(&any::<EnterpriseAccount>(), 5));
    super::value::kept(&samples(&any::<AddOn>(), 5));
    super::value::kept(&samples(&any::<Invitation>(), 5));
    super::value::kept(&samples(&any::<AppTransfer>(), 5));
    super::value::kept(&samples(&any::<OwnershipPeriod>(), 5));
    super::value::kept(&samples(&any::<AuditEvent>(), 20));
    super::value::kept(&samples(&any::<Snapshot>(), 5));
}
