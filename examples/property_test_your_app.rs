//! How a crate that is built on this one tests its own code: a cache of who may push code, against any store and
//! whatever happens to it. The first try forgets too little, and the strategies find the shortest history that shows it.
//! `cargo run --example property_test_your_app --features proptest`

use std::collections::BTreeMap;

use enterprise_teams::testing::{Step, stores};
use enterprise_teams::{Actor, AppAction, AppId, Event, TeamStore, UserId};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    print!("{}", run()?);
    Ok(())
}

type Matters = fn(&Event) -> bool;

/// Your own code: remembers who may push to which app, until an event says that this may have changed.
struct Cache {
    answers: BTreeMap<(UserId, AppId), bool>,
    events_read: usize,
    matters: Matters,
}

impl Cache {
    fn new(matters: Matters) -> Self {
        Self { answers: BTreeMap::new(), events_read: 0, matters }
    }

    fn may_push(&mut self, store: &TeamStore, user: UserId, app: AppId) -> bool {
        if store.events().iter().skip(self.events_read).any(|entry| (self.matters)(&entry.event)) {
            self.answers.clear();
        }
        self.events_read = store.events().len();
        let answer = || may_push(store, user, app);
        *self.answers.entry((user, app)).or_insert_with(answer)
    }
}

fn may_push(store: &TeamStore, user: UserId, app: AppId) -> bool {
    let now = store.events().last().map(|entry| entry.at).unwrap_or_default();
    store.can(Actor::user(user, now), AppAction::PushCode, app)
}

/// Forgets when somebody is given permissions or a role, or loses them.
fn grants_and_roles(event: &Event) -> bool {
    matches!(
        event,
        Event::PermissionsGranted { .. }
            | Event::PermissionsChanged { .. }
            | Event::CollaboratorAdded { .. }
            | Event::CollaboratorRemoved { .. }
            | Event::AppJoined { .. }
            | Event::MemberAdded { .. }
            | Event::SsoMemberAdded { .. }
            | Event::InvitationAccepted { .. }
            | Event::MemberRoleChanged { .. }
            | Event::MemberRemoved { .. }
    )
}

/// Everybody, and every app, that there has ever been.
fn known(store: &TeamStore) -> Vec<(UserId, AppId)> {
    let events = || store.events().iter().map(|entry| &entry.event);
    let users =
        events().filter_map(|event| if let Event::UserRegistered { user } = event { Some(user.id()) } else { None });
    let app = |event: &Event| if let Event::AppCreated { created } = event { Some(created.app.id()) } else { None };
    users.flat_map(|user| events().filter_map(app).map(move |app| (user, app))).collect()
}

/// The property: whatever happens, the cache says what the store says.
fn agrees(matters: Matters, mut store: TeamStore, steps: &[Step]) -> Result<(), TestCaseError> {
    let mut cache = Cache::new(matters);
    for step in steps {
        for (user, app) in known(&store) {
            cache.may_push(&store, user, app);
        }
        let (actor, operation) = step.decode(&store);
        let Ok(entry) = store.perform(actor, &operation) else { continue };
        let happened = entry.event.code();
        for (user, app) in known(&store) {
            let (cached, asked) = (cache.may_push(&store, user, app), may_push(&store, user, app));
            prop_assert_eq!(cached, asked, "after {} and {}", store.events().len() - 1, happened);
        }
    }
    Ok(())
}

/// Tests two caches, and gives what came out. In your tests, the macro `proptest!` does this.
pub(crate) fn run() -> Result<String, Box<dyn std::error::Error>> {
    let mut lines = Vec::new();
    let tries: [(&str, Matters); 2] =
        [("forgets with grants and roles", grants_and_roles), ("forgets with every event", |_| true)];
    for (name, matters) in tries {
        let config = Config { cases: 100, max_shrink_iters: 4_000, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
        let property = |(store, steps): (TeamStore, Vec<Step>)| agrees(matters, store, &steps);
        match runner.run(&(stores(0..40), vec(any::<Step>(), 0..10)), property) {
            Ok(()) => lines.push(format!("the cache that {name}: right")),
            Err(TestError::Fail(_, (store, steps))) => {
                lines.push(format!("the cache that {name}: wrong; the shortest history that shows it:"));
                lines.extend(history(store, &steps)?);
            }
            Err(aborted) => return Err(aborted.into()),
        }
    }
    Ok(lines.join("\n") + "\n")
}

fn history(mut store: TeamStore, steps: &[Step]) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    for step in steps {
        let (actor, operation) = step.decode(&store);
        drop(store.perform(actor, &operation));
    }
    let operator = Actor::operator(store.events().last().ok_or("an event")?.at);
    Ok(store.events().iter().map(|entry| format!("  {}", store.readable(operator, entry))).collect())
}
