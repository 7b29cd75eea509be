//! One store behind a lock: readers and writers in thousands of schedules.

use std::collections::BTreeSet;
use std::sync::{LazyLock, Mutex as Seen};

use shuttle::scheduler::{PctScheduler, RandomScheduler};
use shuttle::sync::{Arc, Mutex, RwLock};
use shuttle::{Config, Runner, thread};

use enterprise_teams::demo::{Demo, id};
use enterprise_teams::{
    AccountId, Actor, App, AppAction, AppId, AppName, Error, NewApp, NewTeam, Operation as O, PageRequest, Role,
    TeamId, TeamRole, TeamStore, Transaction,
    entity::{AccountPermission, AccountPermissionSet, Lock},
    query::{AccountMemberFilter, AppFilter, AppSort, PeopleFilter},
};

use crate::support::{read, team_name};

/// What crosses threads beside the store, which asserts it of itself.
const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Transaction<'_>>();
    shared::<Actor>();
    shared::<O>();
    shared::<Error>();
};

/// Runs `test` in so many schedules at random, and in as many that interrupt seldom and anywhere.
fn in_schedules(schedules: usize, test: impl Fn() + Clone + Send + Sync + 'static) {
    let mut config = Config::new();
    config.stack_size = 0x4_0000;
    let random = Runner::new(RandomScheduler::new_from_seed(7, schedules), config.clone());
    assert_eq!(random.run(test.clone()), schedules);
    let seldom = Runner::new(PctScheduler::new_from_seed(7, 3, schedules), config);
    assert_eq!(seldom.run(test), schedules);
}

/// The sample store, in which `acme` has a second admin and three apps more; another team of both admins; an account
/// that both manage.
struct Setting {
    store: TeamStore,
    ada: Actor,
    joe: Actor,
    vera: Actor,
    acme: TeamId,
    other: TeamId,
    account: AccountId,
    apps: [AppId; 3],
}

static SETTING: LazyLock<Setting> = LazyLock::new(|| {
    let Demo { mut store, operator, ada, joe, vera, acme, .. } = Demo::new().expect("the sample");
    let make = |store: &mut TeamStore| {
        store.set_member_role(ada, acme, id(joe), TeamRole::Admin)?;
        let other = store.provision_team(operator, NewTeam::enterprise(team_name("other"), id(ada)))?;
        store.add_member(ada, other, id(joe), TeamRole::Admin)?;
        let account = store.open_account(operator, read("holding"), id(ada))?;
        store.add_account_member(ada, account, id(joe), AccountPermissionSet::ALL)?;
        let mut app = |name| store.create_app(ada, NewApp::in_team(acme).named(read(name)));
        Ok::<_, Error>((other, account, [app("fig")?, app("kiwi")?, app("lime")?]))
    };
    let (other, account, apps) = make(&mut store).expect("allowed");
    Setting { store, ada, joe, vera, acme, other, account, apps }
});

/// The apps of a team.
fn names(store: &TeamStore, ada: Actor, team: TeamId) -> BTreeSet<AppName> {
    let page = store.apps(ada, team, &AppFilter::default(), AppSort::Name, &PageRequest::default()).expect("visible");
    page.items.iter().map(|app| app.name()).collect()
}

#[test]
fn x_01_readers_see_whole_operations_and_whole_transactions() {
    static SEEN: Seen<BTreeSet<[bool; 3]>> = Seen::new(BTreeSet::new());
    in_schedules(10_000, || {
        let Setting { ada, vera, acme, other, apps, .. } = &*SETTING;
        let (ada, vera, acme, other, apps) = (*ada, *vera, *acme, *other, *apps);
        let store = Arc::new(RwLock::new(SETTING.store.clone()));

        let shared = Arc::clone(&store);
        let moves = thread::spawn(move || {
            for to in [other, acme] {
                shared.write().unwrap().transfer_apps(ada, &apps, to).unwrap();
            }
        });
        let shared = Arc::clone(&store);
        let transactions = thread::spawn(move || {
            for (name, keep) in [("taken-back", false), ("kept", true)] {
                let mut store = shared.write().unwrap();
                let mut tx = store.begin();
                let app = tx.create_app(ada, NewApp::in_team(acme).named(read(name))).unwrap();
                thread::yield_now();
                tx.lock_app(ada, app).unwrap();
                thread::yield_now();
                if keep {
                    tx.commit();
                } else {
                    tx.roll_back();
                }
            }
        });
        let shared = Arc::clone(&store);
        let members = thread::spawn(move || shared.write().unwrap().remove_member(ada, acme, id(vera)).unwrap());

        let readers = [(); 2].map(|()| {
            let shared = Arc::clone(&store);
            thread::spawn(move || {
                let mut events = 0;
                for _ in 0..3 {
                    let store = shared.read().unwrap();
                    let (here, there) = (names(&store, ada, acme), names(&store, ada, other));
                    thread::yield_now();
                    assert_eq!(here, names(&store, ada, acme), "while a reader reads, nobody writes");
                    let moved = there.len() == 3;
                    let fruits = ["fig", "kiwi", "lime"].map(|name| here.contains(&read(name)));
                    assert_eq!((fruits, there.len()), ([!moved; 3], if moved { 3 } else { 0 }), "all or none");
                    let kept = store.app_by_name(ada, read("kept")).map(App::lock);
                    assert!(matches!(kept, Ok(Lock::Locked) | Err(Error::AppNameNotFound { .. })), "{kept:?}");
                    assert!(!here.contains(&read("taken-back")));
                    let people =
                        store.access_list(ada, acme, &PeopleFilter::default(), &PageRequest::default()).unwrap();
                    let inside = people.items.iter().filter(|entry| entry.role != Role::Collaborator).count();
                    assert_eq!(store.current_use(ada, acme).unwrap().members.used, inside as u64);
                    assert!(store.events().len() >= events, "the log only grows");
                    events = store.events().len();
                    SEEN.lock().unwrap().insert([moved, kept.is_ok(), inside == 2]);
                }
            })
        });
        for thread in [moves, transactions, members].into_iter().chain(readers) {
            thread.join().unwrap();
        }
        let store = store.read().unwrap();
        assert_eq!(store.check_invariants(), []);
        assert_eq!(store.events().len(), SETTING.store.events().len() + 2 + 2 + 1);
    });
    assert_eq!(SEEN.lock().unwrap().len(), 8, "every state in between was seen");
}

/// Both at once, each by a thread of its own: exactly one is done, the other is refused with this code, and the team or
/// the account keeps whom it needs. Over all schedules each comes first.
fn one_of_two(schedules: usize, operations: [(Actor, O); 2], code: &'static str) {
    let winners = Arc::new(Seen::new(BTreeSet::new()));
    let seen = Arc::clone(&winners);
    in_schedules(schedules, move || {
        let store = Arc::new(RwLock::new(SETTING.store.clone()));
        let threads = operations.clone().map(|(actor, operation)| {
            let store = Arc::clone(&store);
            thread::spawn(move || store.write().unwrap().perform(actor, &operation).map(drop))
        });
        let answers = threads.map(|thread| thread.join().unwrap());
        let refusals: Vec<&str> = answers.iter().filter_map(|answer| Some(answer.as_ref().err()?.code())).collect();
        assert_eq!(refusals, [code]);
        let store = store.read().unwrap();
        assert_eq!(store.check_invariants(), []);
        assert_eq!(store.events().len(), SETTING.store.events().len() + 1);
        let operator = Actor::operator(SETTING.ada.at);
        let admins = PeopleFilter::default().role(Role::Admin);
        let admins = store.access_list(operator, SETTING.acme, &admins, &PageRequest::default()).unwrap();
        let managers = store
            .account_members(operator, SETTING.account, &AccountMemberFilter::default(), &PageRequest::default())
            .unwrap();
        let managers = managers.items.iter().filter(|one| one.permissions.contains(AccountPermission::Manage)).count();
        assert_eq!(admins.items.len() + managers, 3, "one admin and two managers, or two and one");
        assert!(!admins.items.is_empty() && managers > 0);
        seen.lock().unwrap().insert(answers[0].is_ok());
    });
    assert_eq!(winners.lock().unwrap().len(), 2, "each came first");
}

#[test]
fn mem_01_two_admins_who_remove_each_other_at_once_leave_one() {
    let Setting { ada, joe, acme, .. } = &*SETTING;
    let remove = |user| O::RemoveMember { team: *acme, user: id(user) };
    one_of_two(10_000, [(*ada, remove(*joe)), (*joe, remove(*ada))], "only-admins-manage-members");
}

#[test]
fn team_02_two_admins_who_leave_at_once_leave_one() {
    let Setting { ada, joe, acme, .. } = &*SETTING;
    let leave = |actor| (actor, O::RemoveMember { team: *acme, user: id(actor) });
    one_of_two(2_000, [leave(*ada), leave(*joe)], "last-admin-cannot-leave");
}

#[test]
fn team_02_two_admins_who_step_down_at_once_leave_one() {
    let Setting { ada, joe, acme, .. } = &*SETTING;
    let step_down = |actor| (actor, O::SetMemberRole { team: *acme, user: id(actor), role: TeamRole::Member });
    one_of_two(2_000, [step_down(*ada), step_down(*joe)], "cannot-demote-last-admin");
}

#[test]
fn ent_01_two_managers_who_leave_at_once_leave_one() {
    let Setting { ada, joe, account, .. } = &*SETTING;
    let leave = |actor| (actor, O::RemoveAccountMember { account: *account, user: id(actor) });
    one_of_two(2_000, [leave(*ada), leave(*joe)], "cannot-remove-last-manager");
}

/// A platform that asks the store before it deploys, while the right to is taken away; what happened, in order.
fn deploy_while_removed(
    deploy: impl Fn(&RwLock<TeamStore>, &Mutex<Vec<&'static str>>) + Clone + Send + Sync + 'static,
) {
    in_schedules(5_000, move || {
        let store = Arc::new(RwLock::new(SETTING.store.clone()));
        let happened = Arc::new(Mutex::new(Vec::new()));
        let (shared, log, deploy) = (Arc::clone(&store), Arc::clone(&happened), deploy.clone());
        let deployer = thread::spawn(move || deploy(&shared, &log));
        let mut store = store.write().unwrap();
        store.remove_member(SETTING.ada, SETTING.acme, id(SETTING.joe)).unwrap();
        happened.lock().unwrap().push("removed");
        drop(store);
        deployer.join().unwrap();
        assert_ne!(*happened.lock().unwrap(), ["removed", "deployed"], "deployed after the removal");
    });
}

fn may_deploy(store: &TeamStore) -> bool {
    store.can(SETTING.joe, AppAction::PushCode, SETTING.apps[0])
}

#[test]
fn what_is_asked_and_done_under_one_lock_is_allowed_when_it_is_done() {
    deploy_while_removed(|store, happened| {
        let store = store.read().unwrap();
        if may_deploy(&store) {
            happened.lock().unwrap().push("deployed");
        }
    });
}

/// The schedules find what goes wrong: here the answer is out of date when it is used.
#[test]
#[should_panic(expected = "deployed after the removal")]
fn what_is_asked_under_one_lock_and_done_after_it_is_found() {
    deploy_while_removed(|store, happened| {
        let allowed = may_deploy(&store.read().unwrap());
        if allowed {
            happened.lock().unwrap().push("deployed");
        }
    });
}
