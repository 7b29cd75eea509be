//! Any bytes as what happens to a store.

use enterprise_teams::{Settings, TeamStore, testing};

/// Every step foreseen, taken back and done; what it leaves is sound, and comes back from its events and its snapshot.
pub(crate) fn operations(data: &[u8]) {
    let mut store = TeamStore::new(Settings::from_seed(data.len() as u64));
    for step in testing::steps(data) {
        let (actor, operation) = step.decode(&store);
        let before = store.clone();
        let foreseen = store.what_if(actor, &operation).map(|preview| preview.event);
        let mut taken_back = store.begin();
        drop(taken_back.perform(actor, &operation));
        taken_back.roll_back();
        assert!(store == before, "taken back: {operation:?}");
        let done = store.perform(actor, &operation).map(|entry| entry.event.clone());
        assert_eq!(done, foreseen);
        assert!(done.is_ok() || store == before, "refused: {operation:?}");
    }
    assert_eq!(store.check_invariants(), []);
    let replayed = TeamStore::replay(store.events().to_vec()).expect("a log without gaps");
    assert!(replayed == store);
    assert!(TeamStore::restore(store.snapshot()).expect("a snapshot of a sound store") == store);
}
