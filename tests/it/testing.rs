//! The strategies of `enterprise_teams::testing`: only valid values, all of their range, and the simplest when they
//! shrink.

mod store;
mod value;

use core::fmt::Debug;
use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// A runner that draws the same on every run.
fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

fn samples<S: Strategy>(strategy: &S, count: usize) -> Vec<S::Value> {
    let mut runner = runner(1);
    (0..count).map(|_| strategy.new_tree(&mut runner).expect("a value").current()).collect()
}

/// What is left of a value of which every simpler one will do.
fn smallest<S: Strategy>(strategy: &S) -> S::Value {
    let mut tree = strategy.new_tree(&mut runner(1)).expect("a value");
    while tree.simplify() {}
    tree.current()
}

/// The different answers about the values.
fn seen<T, K: Ord>(values: &[T], of: impl FnMut(&T) -> K) -> BTreeSet<K> {
    values.iter().map(of).collect()
}

fn debug<T: Debug>(values: &[T]) -> BTreeSet<String> {
    seen(values, |value| format!("{value:?}"))
}
