//! The store for many threads: readers see whole states, writers lose nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

use enterprise_teams::demo::{Demo, id};
use enterprise_teams::{
    AppAction, Error, NewApp, Permission, Settings, SharedStore, TeamRole, TeamStore, entity::Lock,
};

use crate::support::{app_name, sound};

#[test]
fn x_03_both_copies_are_the_store_that_one_owner_would_have() {
    let Demo { store, ada, joe, vera, acme, website, .. } = Demo::new().unwrap();
    let mut alone = store.clone();
    let shared = SharedStore::new(store);
    for step in 0..40 {
        let act = |store: &mut TeamStore| match step % 5 {
            0 => store.create_app(ada, NewApp::in_team(acme).named(app_name(&format!("app-{step}")))).map(drop),
            1 => store.grant_permissions(ada, website, id(vera), Permission::Deploy.into()),
            2 => store.lock_app(joe, website),
            3 => store.remove_collaborator(ada, website, id(vera)),
            _ => store.set_member_role(
                ada,
                acme,
                id(vera),
                if step % 2 == 0 { TeamRole::Member } else { TeamRole::Viewer },
            ),
        };
        assert_eq!(shared.write(act), act(&mut alone), "step {step}");
        assert!(*shared.read() == alone, "step {step}");
        if step == 20 {
            assert_eq!(shared.write(|store| store.drain_events(3)), alone.drain_events(3));
            assert!(*shared.read() == alone);
        }
    }
    assert_eq!(shared.into_inner().check_invariants(), []);
}

#[test]
fn x_03_who_holds_on_to_a_state_holds_nobody_up_and_sees_it_unchanged() {
    let Demo { store, ada, website, .. } = Demo::new().unwrap();
    let shared = SharedStore::new(store);
    let before = shared.read();
    for _ in 0..3 {
        shared.write(|store| store.lock_app(ada, website)).unwrap();
        let locked = shared.read();
        shared.write(|store| store.unlock_app(ada, website)).unwrap();
        assert_eq!(locked.app(ada, website).unwrap().lock(), Lock::Locked);
    }
    assert_eq!(before.events().len() + 6, shared.read().events().len());
    assert_eq!(before.app(ada, website).unwrap().lock(), Lock::Unlocked);
    sound(&shared.into_inner());
}

#[test]
fn x_01_what_is_not_kept_is_not_shown() {
    let Demo { store, ada, acme, website, .. } = Demo::new().unwrap();
    let mut alone = store.clone();
    let shared = SharedStore::new(store);
    let (mut kept, mut lost) = (0, 0);
    for step in 0..60_u32 {
        let act = |store: &mut TeamStore| {
            store
                .create_app(ada, NewApp::in_team(acme).named(app_name(&format!("app-{step}"))))
                .map_err(|_| "refused")?;
            if step % 2 == 0 {
                let locked = store.app(ada, website).unwrap().lock() == Lock::Locked;
                let switched = if locked { store.unlock_app(ada, website) } else { store.lock_app(ada, website) };
                switched.map_err(|_| "refused")?;
            }
            if step % 3 == 0 { Err("not kept") } else { Ok(store.seq()) }
        };
        let before = shared.read().seq();
        match shared.try_write(act) {
            Ok(seq) => {
                assert_eq!(Ok(seq), act(&mut alone));
                kept += 1;
            }
            Err(error) => {
                assert_eq!((error, shared.read().seq()), ("not kept", before));
                lost += 1;
            }
        }
        assert!(*shared.read() == alone, "step {step}");
    }
    assert_eq!((kept, lost), (40, 20));
    sound(&shared.into_inner());
}

#[test]
fn x_01_what_panics_is_not_shown_and_what_is_taken_back_is_not_there() {
    let Demo { store, ada, website, .. } = Demo::new().unwrap();
    let shared = SharedStore::new(store);
    let panics = || {
        shared.write(|store| {
            store.lock_app(ada, website).unwrap();
            panic!("in the middle");
        })
    };
    assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
    assert_eq!(shared.read().app(ada, website).unwrap().lock(), Lock::Unlocked);
    let before = shared.read().events().to_vec();
    let hands_over_and_panics = || {
        shared.write(|store| {
            store.drain_events(0);
            panic!("what was handed over is lost");
        })
    };
    assert!(catch_unwind(AssertUnwindSafe(hands_over_and_panics)).is_err());
    shared.write(|_| ());
    assert_eq!(shared.read().events(), before);
    let taken_back: Result<(), Error> = shared.write(|store| {
        store.transaction(|store| {
            store.lock_app(ada, website)?;
            store.unlock_app(ada, website)?;
            store.unlock_app(ada, website)
        })
    });
    assert!(taken_back.is_err());
    for _ in 0..2 {
        shared.write(|store| store.lock_app(ada, website)).unwrap();
        assert_eq!(shared.read().app(ada, website).unwrap().lock(), Lock::Locked);
        shared.write(|store| store.unlock_app(ada, website)).unwrap();
    }
    sound(&shared.into_inner());
}

#[test]
fn x_03_another_store_in_its_place_is_another_store_in_both_copies() {
    let Demo { store, ada, website, .. } = Demo::new().unwrap();
    let length = store.events().len();
    let shared = SharedStore::new(store.clone());
    shared.write(|held| held.lock_app(ada, website)).unwrap();
    let mut with_another_past = store;
    with_another_past.unlock_app(ada, website).unwrap_err();
    with_another_past.rename_app(ada, website, app_name("renamed")).unwrap();
    assert_eq!(with_another_past.events().len(), length + 1);
    shared.write(|held| *held = with_another_past.clone());
    for lock in [Lock::Locked, Lock::Unlocked, Lock::Locked] {
        let change = |store: &mut TeamStore| match lock {
            Lock::Locked => store.lock_app(ada, website),
            Lock::Unlocked => store.unlock_app(ada, website),
        };
        shared.write(change).unwrap();
        change(&mut with_another_past).unwrap();
        assert!(*shared.read() == with_another_past);
    }
    shared.write(|held| *held = TeamStore::new(Settings::from_seed(9)));
    shared.write(|held| held.drain_events(0));
    let mut expected = TeamStore::new(Settings::from_seed(9));
    expected.drain_events(0);
    assert!(*shared.read() == expected);
}

#[test]
fn x_01_no_reader_sees_half_of_what_is_written() {
    let Demo { store, ada, vera, website, wave, sam, .. } = Demo::new().unwrap();
    let (shared, done) = (SharedStore::new(store), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let reader = || {
            let (mut questions, mut last) = (0, 0);
            while !done.load(Ordering::Relaxed) || questions < 100 {
                let store = shared.read();
                let both = [store.app(ada, website), store.app(sam, wave)].map(|app| app.unwrap().lock());
                assert_eq!(both[0], both[1], "the two are locked together");
                assert_eq!(store.can(vera, AppAction::PushCode, website), both[0] == Lock::Locked);
                let now = store.events().len();
                assert!(now >= last, "time does not run backwards");
                (questions, last) = (questions + 1, now);
            }
        };
        scope.spawn(reader);
        scope.spawn(reader);
        for _ in 0..300 {
            shared.write(|store| {
                store.lock_app(ada, website).unwrap();
                store.grant_permissions(ada, website, id(vera), Permission::Deploy.into()).unwrap();
                store.lock_app(sam, wave).unwrap();
            });
            std::thread::yield_now();
            shared.write(|store| {
                store.unlock_app(sam, wave).unwrap();
                store.remove_collaborator(ada, website, id(vera)).unwrap();
                store.unlock_app(ada, website).unwrap();
            });
        }
        done.store(true, Ordering::Relaxed);
    });
    sound(&shared.into_inner());
}
