//! What a demo begins with.

use enterprise_teams::chrono::{SubsecRound, TimeDelta};
use enterprise_teams::{Actor, system};
use platform_server::furnished_demo;

#[test]
fn it_is_furnished_by_now() {
    let now = system::now().trunc_subsecs(0);
    let store = furnished_demo(now).unwrap();
    assert_eq!(store.check_invariants(), []);
    let events = store.events();
    assert_eq!(events[1].at, now - TimeDelta::days(60), "after the opening, which has no time");
    assert!(events.last().unwrap().at < now, "nothing is of the future");

    // One limit is exceeded, and others are near.
    let ada = Actor::user(store.user_id(&"ada@acme.com".parse().unwrap()).unwrap(), now);
    let acme = store.team_id(ada, "acme-widgets".parse().unwrap()).unwrap();
    let used = store.current_use(ada, acme).unwrap();
    let percent = |used: enterprise_teams::query::Used| used.used * 100 / used.limit.unwrap();
    assert!((100..120).contains(&percent(used.dyno_units)), "{used:?}");
    for near in [used.members, used.add_on_credits] {
        assert!((70..100).contains(&percent(near)), "{used:?}");
    }
}
