//! Strategies for property tests of what is built on this crate: any value, any store, any operation. With the feature
//! `proptest`.
//!
//! ```toml
//! [dev-dependencies]
//! enterprise-teams = { path = "../enterprise-teams", features = ["proptest"] }
//! proptest = "1.12"
//! ```
//!
//! - **Values.** `any::<Email>()`, `any::<NewTeam>()`, `any::<Operation>()`: every type that the public interface takes
//!   or keeps is [`Arbitrary`], over the whole of its range, and only valid values come. Ids are any ids, which no
//!   store knows.
//! - **What a store makes.** `any::<App>()`, `any::<AuditEvent>()`, `any::<Error>()`: taken out of an arbitrary store,
//!   so that their parts fit together.
//! - **Stores.** [`stores`] of a given size, or `any::<TeamStore>()`.
//! - **Operations.** [`operations`] for one operation in a given store; a list of [`Step`]s for what happens to a store
//!   one after the other, each [decoded](Step::decode) in the store as it is by then.
//! - **Fuzzing.** [`steps`] makes the same of the bytes that a fuzzer gives.
//!
//! All of them shrink: names to their shortest, operations to the first of their kind, stores to fewer events.
//!
//! ```
//! use enterprise_teams::testing::{Step, stores};
//! use proptest::prelude::*;
//!
//! proptest! {
//!     #![proptest_config(ProptestConfig::with_cases(16))]
//!     fn refused_or_recorded(mut store in stores(30), steps in prop::collection::vec(any::<Step>(), 0..10)) {
//!         for step in steps {
//!             let (before, (actor, operation)) = (store.events().len(), step.decode(&store));
//!             let accepted = store.perform(actor, &operation).is_ok();
//!             prop_assert_eq!(store.events().len(), before + usize::from(accepted));
//!         }
//!     }
//! }
//! refused_or_recorded();
//! ```

mod draw;
mod made;
pub mod rules;
mod scene;
mod step;
mod value;

use std::sync::Arc;

use chrono::DateTime;
use proptest::collection::{SizeRange, vec};
use proptest::prelude::*;

pub use self::step::Step;
use crate::actor::Actor;
use crate::entity::NewUser;
use crate::operation::Operation;
use crate::settings::Settings;
use crate::store::TeamStore;

/// A sound store of as many operations as `size` says, a number, or a range of numbers: an event each, and one more for what had ended
/// before (END-3).
///
/// Of three hundred events nearly every one holds people, teams of both kinds with members, apps with grants, dynos and
/// add-ons, pipelines, spaces, Enterprise Accounts and invitations; smaller ones hold some of them. It shrinks to fewer
/// operations.
///
/// ```
/// use enterprise_teams::testing::stores;
/// use proptest::prelude::*;
///
/// proptest!(|(store in stores(0..60))| {
///     prop_assert_eq!(store.check_invariants(), []);
/// });
/// ```
pub fn stores(size: impl Into<SizeRange>) -> impl Strategy<Value = TeamStore> + Clone {
    (any::<u64>(), vec(any::<Step>(), size)).prop_map(|(seed, steps)| build(Settings::from_seed(seed), steps))
}

/// How many steps are tried until one is accepted.
const ATTEMPTS: u8 = 20;

/// The store that these steps make, one event each after the opening, and one for what had ended before (END-3): instead of a step
/// that is refused comes the first accepted of some others, or a user registers.
///
/// ```
/// use enterprise_teams::{Settings, testing};
///
/// let bytes = [7; 160];
/// let store = testing::build(Settings::from_seed(0), testing::steps(&bytes));
/// assert_eq!(store.events().len(), 11);
/// ```
#[must_use]
pub fn build(settings: Settings, steps: impl IntoIterator<Item = Step>) -> TeamStore {
    let mut store = TeamStore::new(settings);
    for step in steps {
        let accepted = (0..ATTEMPTS).any(|attempt| {
            let (actor, operation) = step.instead(attempt).plain(&store, 0);
            store.perform(actor, &operation).is_ok()
        });
        if !accepted && let Ok(email) = format!("newcomer-{}@example.com", store.events().len()).parse() {
            drop(store.register_user(Actor::operator(DateTime::UNIX_EPOCH), NewUser::new(email)));
        }
    }
    store
}

/// The steps in the bytes that a fuzzer gives; what is missing to the last is 0.
///
/// ```
/// use enterprise_teams::{Settings, TeamStore, testing};
///
/// fn fuzz_target(bytes: &[u8]) {
///     let mut store = TeamStore::new(Settings::from_seed(0));
///     for step in testing::steps(bytes) {
///         let (actor, operation) = step.decode(&store);
///         drop(store.perform(actor, &operation));
///     }
///     assert_eq!(store.check_invariants(), []);
/// }
/// fuzz_target(b"whatever");
/// ```
pub fn steps(bytes: &[u8]) -> impl Iterator<Item = Step> + Clone {
    bytes.chunks(Step::SIZE).map(|chunk| {
        let mut step = [0; Step::SIZE];
        for (to, from) in step.iter_mut().zip(chunk) {
            *to = *from;
        }
        Step(step)
    })
}

/// Who does what in this store: see [`Step::decode`]. All operations occur.
///
/// ```
/// use enterprise_teams::{demo::Demo, testing::operations};
/// use proptest::prelude::*;
///
/// let Demo { store, .. } = Demo::new()?;
/// proptest!(|((actor, operation) in operations(&store))| {
///     let mut store = store.clone();
///     let foreseen = store.what_if(actor, &operation).map(|preview| preview.event);
///     prop_assert_eq!(store.perform(actor, &operation).map(|entry| entry.event.clone()), foreseen);
/// });
/// # Ok::<(), enterprise_teams::Error>(())
/// ```
pub fn operations(store: &TeamStore) -> impl Strategy<Value = (Actor, Operation)> + Clone + use<> {
    let store = Arc::new(store.clone());
    any::<Step>().prop_map(move |step| step.decode(&store))
}
