//! Ends under `/x/`: who gives, moves and takes them off, what ends in a team, and that the server sweeps by itself (END-1 to END-3).

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::StatusCode;
use enterprise_teams::chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use enterprise_teams::journal::MemoryJournal;
use enterprise_teams::{Actor, Event, system};
use platform_server::{MemoryTokens, Server, begin_with, demo, sweep};
use serde_json::{Value, json};

use crate::sight::grouped;
use crate::support::{Visitor, World, world, world_on};

const OK: StatusCode = StatusCode::OK;
const CREATED: StatusCode = StatusCode::CREATED;
const ENDS: &str = "/x/teams/acme-widgets/ends";
const JOE: &str = "/x/teams/acme-widgets/members/joe@acme.com/end";
const JILL_ON: &str = "/x/apps/acme-website/collaborators/jill@creativeinc.com/end";
const BACKEND_ON: &str = "/x/apps/acme-website/groups/backend/end";
const JOE_IN: &str = "/x/spaces/labs-space/members/joe@acme.com/end";
/// Further than any test lasts.
const FAR: &str = "2999-01-31T00:00:00Z";
const FARTHER: &str = "2999-02-28T12:30:00Z";
/// How long something that comes by itself may take to come.
const PATIENCE: Duration = Duration::from_mins(1);

fn at(time: &str) -> Value {
    json!({ "ends_at": time })
}

fn in_days(days: i64) -> Value {
    json!({ "ends_at": system::now().trunc_subsecs(0) + TimeDelta::days(days) })
}

/// Joe is in acme-labs too, and creates apps in its space.
async fn in_space(world: &World) {
    let joe = json!({ "email": "joe@acme.com", "role": "member" });
    world.does("ada", "PUT", "/teams/acme-labs/members", joe, OK).await;
    let allowed = json!({ "permissions": [{ "name": "create_apps" }] });
    world.does("ada", "PATCH", "/spaces/labs-space/members/joe@acme.com", allowed, OK).await;
}

/// Each endpoint once, with success.
pub(crate) async fn every_endpoint(world: &World) {
    world.does("ada", "POST", "/x/teams/acme-widgets/groups", json!({ "name": "on-call" }), CREATED).await;
    let on_call = "/x/apps/acme-website/groups/on-call";
    world.does("ada", "PUT", on_call, json!({ "permissions": ["operate"] }), OK).await;
    in_space(world).await;
    let jill = json!({ "user": "jill@creativeinc.com", "permissions": ["view"] });
    world.ask("ada", "POST", "/teams/apps/acme-website/collaborators", jill).await;

    let member = world.does("ada", "PUT", JOE, at(FAR), OK).await;
    assert_eq!((&member["user"]["email"], &member["ends_at"]), (&json!("joe@acme.com"), &json!(FAR)));
    let listed = world.does("vera", "GET", "/x/teams/acme-widgets/members", Value::Null, OK).await;
    let joe = listed.as_array().unwrap().iter().find(|one| one["user"] == member["user"]).unwrap();
    assert_eq!(joe, &member);
    let on = world.does("ada", "PUT", JILL_ON, at(FARTHER), OK).await;
    assert_eq!((&on["user"]["email"], &on["ends_at"]), (&json!("jill@creativeinc.com"), &json!(FARTHER)));
    assert_eq!(on["permissions"][0], "view");
    let everybody = world.does("joe", "GET", "/x/apps/acme-website/collaborators", Value::Null, OK).await;
    let (ada, rest) = everybody.as_array().unwrap().split_first().unwrap();
    assert!(ada["user"]["email"] == "ada@acme.com" && ada.get("ends_at").is_none() && rest[0] == on, "{everybody}");
    let held = world.does("ada", "PUT", &format!("{on_call}/end"), at(FAR), OK).await;
    assert_eq!((&held["group"]["name"], &held["ends_at"]), (&json!("on-call"), &json!(FAR)));
    let groups = world.does("joe", "GET", "/x/apps/acme-website/groups", Value::Null, OK).await;
    assert!(groups.as_array().unwrap().contains(&held), "{groups}");
    let apps = "/x/teams/acme-widgets/groups/on-call/apps";
    assert_eq!(world.does("joe", "GET", apps, Value::Null, OK).await[0]["ends_at"], FAR);
    let creator = world.does("ada", "PUT", JOE_IN, at(FAR), OK).await;
    assert_eq!((&creator["user"], &creator["creates_apps"]), (&member["user"], &json!(true)));
    assert_eq!(creator["ends_at"], FAR);
    let seen = world.does("joe", "GET", "/x/spaces/labs-space/members", Value::Null, OK).await;
    assert_eq!((&seen[0]["user"]["email"], &seen[0]["creates_apps"]), (&json!("ada@acme.com"), &json!(true)));
    assert!(seen[0].get("ends_at").is_none() && seen[1] == creator, "{seen}");
    let own = world.does("joe", "GET", "/x/teams", Value::Null, OK).await;
    let own: Vec<_> =
        own.as_array().unwrap().iter().map(|team| [&team["name"], &team["role"], &team["ends_at"]]).collect();
    let (labs, widgets) = (
        [&json!("acme-labs"), &json!("member"), &Value::Null],
        [&json!("acme-widgets"), &json!("member"), &json!(FAR)],
    );
    assert!(own.contains(&labs) && own.contains(&widgets), "{own:?}");

    let all = world.does("ada", "GET", &format!("{ENDS}?days=400000"), Value::Null, OK).await;
    let (team, app) = (world.get("ada", "/teams/acme-widgets").await.json(), &held["group"]);
    let website = world.get("ada", "/apps/acme-website").await.json()["id"].clone();
    let website = json!({ "id": website, "name": "acme-website" });
    let first = json!({
        "ends_at": FAR, "type": "membership", "user": member["user"], "team": { "id": team["id"], "name": "acme-widgets" },
    });
    let second = json!({ "ends_at": FAR, "type": "group-grant", "app": website, "group": app });
    let third = json!({ "ends_at": FARTHER, "type": "grant", "app": website, "user": on["user"] });
    assert_eq!(all, json!([first, second, third]));
    let of_labs = world.does("ada", "GET", "/x/teams/acme-labs/ends?days=400000", Value::Null, OK).await;
    let space = world.get("ada", "/spaces/labs-space").await.json()["id"].clone();
    let space = json!({ "id": space, "name": "labs-space" });
    let one = json!({ "ends_at": FAR, "type": "app-creation", "space": space, "user": member["user"] });
    assert_eq!(of_labs, json!([one]));
    assert_eq!(world.does("ada", "GET", ENDS, Value::Null, OK).await, json!([]), "not within 30 days");

    let on_call = format!("{on_call}/end");
    for path in [JOE, JILL_ON, &on_call, JOE_IN] {
        let without = world.does("ada", "PUT", path, json!({ "ends_at": null }), OK).await;
        assert!(without["ends_at"].is_null(), "{path}: {without}");
        assert_eq!(world.does("ada", "PUT", path, json!({ "ends_at": null }), OK).await, without, "it is so already");
    }
    assert_eq!(world.does("ada", "GET", &format!("{ENDS}?days=400000"), Value::Null, OK).await, json!([]));
}

/// Each kind of refusal, with the rule behind it where it is the store's.
#[tokio::test]
async fn each_refusal() {
    let world = grouped().await;
    let told = async |who: &str, path: &str, body: Value, status: u16, id: &str, code: &str| {
        let reply = world.ask(who, "PUT", path, body).await;
        reply.refused(status, id);
        let url = reply.json()["url"].as_str().unwrap_or_default().to_owned();
        assert_eq!(url.rsplit('/').next(), Some(code), "{who} {path}: {reply:?}");
    };
    in_space(&world).await;
    let before = world.server.store().clone();
    let ada = JOE.replace("joe@", "ada@");
    for (who, path, code) in [
        ("joe", JOE, "only-admins-manage-members"),
        ("vera", JOE, "only-admins-manage-members"),
        ("vera", JILL_ON, "only-managers-change-access"),
        ("vera", BACKEND_ON, "only-managers-change-access"),
        ("jill", BACKEND_ON, "collaborator-lacks-capability"),
        ("joe", JOE_IN, "only-admins-manage-spaces"),
    ] {
        told(who, path, at(FAR), 403, "forbidden", code).await;
    }
    for path in [JOE, JILL_ON, BACKEND_ON, JOE_IN] {
        told("ada", path, at("2001-01-01T00:00:00Z"), 422, "invalid_params", "end-in-the-past").await;
    }
    told("ada", &ada, at(FAR), 409, "conflict", "last-admin-cannot-end").await;
    let nobody = JOE.replace("joe@acme.com", "jill@creativeinc.com");
    told("ada", &nobody, at(FAR), 404, "not_found", "not-in-team").await;
    let nobody = JILL_ON.replace("jill@creativeinc.com", "vera@acme.com");
    told("ada", &nobody, at(FAR), 404, "not_found", "not-on-app").await;
    let ada_on = JILL_ON.replace("jill@creativeinc.com", "ada@acme.com");
    let reply = world.ask("ada", "PUT", &ada_on, at(FAR)).await;
    assert!((400..500).contains(&reply.status), "{reply:?}");
    for (who, path, code) in [
        ("joe", ENDS, "only-admins-list-ends"),
        ("vera", ENDS, "only-admins-list-ends"),
        ("jill", ENDS, "only-admins-list-ends"),
    ] {
        let reply = world.get(who, path).await;
        reply.refused(403, "forbidden");
        assert!(reply.text.contains(code), "{who}: {reply:?}");
    }
    assert!(*world.server.store() == before);

    // Nobody puts off their own end, and whoever manages an app may have less for less long.
    let manage = json!({ "permissions": ["manage"] });
    let on = "/teams/apps/acme-website/collaborators/joe@acme.com";
    world.does("ada", "PATCH", on, manage, OK).await;
    let own = JILL_ON.replace("jill@creativeinc.com", "~");
    assert_eq!(world.does("joe", "PUT", &own, at(FARTHER), OK).await["ends_at"], FARTHER);
    assert_eq!(world.does("joe", "PUT", &own, at(FAR), OK).await["ends_at"], FAR);
    told("joe", &own, at(FARTHER), 403, "forbidden", "own-grant-cannot-grow").await;
    told("joe", &own, json!({ "ends_at": null }), 403, "forbidden", "own-grant-cannot-grow").await;
    world.does("joe", "PUT", BACKEND_ON, at(FAR), OK).await;
    told("joe", BACKEND_ON, at(FARTHER), 403, "forbidden", "own-group-grant-cannot-grow").await;
}

/// No field is passed over, and none is read as another.
#[tokio::test]
async fn bodies_and_queries() {
    let world = grouped().await;
    in_space(&world).await;
    let before = world.server.store().clone();
    for path in [JOE, JILL_ON, BACKEND_ON, JOE_IN] {
        for (body, says) in [
            (json!({}), "`ends_at` is missing"),
            (json!({ "ends_at": "2999-01-31" }), "premature end of input"),
            (json!({ "ends_at": 1 }), "invalid type"),
            (json!({ "ends_at": FAR, "silent": true }), "unknown field `silent`"),
        ] {
            let told = world.ask("ada", "PUT", path, body.clone()).await.refused(422, "invalid_params");
            assert!(told.contains(says), "{path} {body}: {told}");
        }
    }
    for query in ["days=-1", "days=soon", "days=4294967295", "days=4294967296", "until=2999-01-01", "days=1&days=2"] {
        world.get("ada", &format!("{ENDS}?{query}")).await.refused(422, "invalid_params");
    }
    world.get("ada", &format!("{ENDS}?days=0")).await.json();
    let range = world.request("ada", "GET", ENDS).header("range", "id ..; order=desc").body(Body::empty()).unwrap();
    world.send(range).await.refused(416, "requested_range_not_satisfiable");
    assert!(*world.server.store() == before);
}

/// The first end first, a part at a time, and as far ahead as is asked.
#[tokio::test]
async fn part_by_part() {
    let world = grouped().await;
    let vera = JOE.replace("joe@", "vera@");
    for (path, days) in [(BACKEND_ON, 40), (JILL_ON, 5), (&*vera, 20), (JOE, 20)] {
        world.does("ada", "PUT", path, in_days(days), OK).await;
    }
    let kinds = |list: &Value| {
        let kinds = list.as_array().unwrap().iter().map(|one| one["type"].as_str().unwrap().to_owned());
        kinds.collect::<Vec<_>>()
    };
    let whole = world.get("ada", &format!("{ENDS}?days=60")).await.json();
    assert_eq!(kinds(&whole), ["grant", "membership", "membership", "group-grant"]);
    assert_eq!(kinds(&world.get("ada", ENDS).await.json()).len(), 3);
    assert_eq!(kinds(&world.get("ada", &format!("{ENDS}?days=7")).await.json()), ["grant"]);
    let (mut found, mut range) = (Vec::new(), Some("id ..; max=1".to_owned()));
    while let Some(asked) = range {
        let part = world.request("ada", "GET", &format!("{ENDS}?days=60")).header("range", asked);
        let reply = world.send(part.body(Body::empty()).unwrap()).await;
        found.extend(reply.json().as_array().unwrap().iter().cloned());
        range = reply.header("next-range").map(str::to_owned);
        assert_eq!(reply.status, if range.is_some() { 206 } else { 200 });
    }
    assert_eq!(json!(found), whole);
}

/// The endpoints of the public schema show no ends: what Heroku's clients are answered stays as it was.
#[tokio::test]
async fn clients_see_what_they_always_saw() {
    let world = grouped().await;
    in_space(&world).await;
    let paths = [
        "/teams/acme-widgets/members",
        "/teams/acme-widgets/permissions",
        "/apps/acme-website/collaborators",
        "/teams/apps/acme-website/collaborators",
        "/teams/apps/acme-website/collaborators/jill@creativeinc.com",
        "/spaces/labs-space/members",
        "/teams",
    ];
    let mut before = Vec::new();
    for path in paths {
        before.push(world.get("ada", path).await.text);
    }
    for path in [JOE, JILL_ON, BACKEND_ON, JOE_IN] {
        world.does("ada", "PUT", path, at(FAR), OK).await;
    }
    for (path, before) in paths.iter().zip(before) {
        assert_eq!(world.get("ada", path).await.text, before, "{path}");
    }
}

/// However far an end is, it is kept as it was given, to the microsecond.
#[tokio::test]
async fn strange_times_are_kept() {
    let mut journal = MemoryJournal::new();
    journal.set_now(system::now() + TimeDelta::days(1));
    begin_with(&mut journal, &demo().unwrap()).unwrap();
    let open =
        || Server::open(Box::new(journal.clone()), Box::new(MemoryTokens::default()), "http://server", 1_000).unwrap();
    let world = world_on(open());
    for (given, kept) in [
        ("2999-01-31T23:59:59.999999999Z", Some("2999-01-31T23:59:59.999999Z")),
        ("2999-06-30T23:59:60Z", None),
        ("2999-01-31T00:00:00+14:00", Some("2999-01-30T10:00:00Z")),
        ("9999-12-31T23:59:59Z", Some("9999-12-31T23:59:59Z")),
        ("+10000-01-01T00:00:00Z", Some("+10000-01-01T00:00:00Z")),
        ("+262142-12-30T00:00:00Z", Some("+262142-12-30T00:00:00Z")),
    ] {
        let member = world.does("ada", "PUT", JOE, at(given), OK).await;
        if let Some(kept) = kept {
            assert_eq!(member["ends_at"], kept, "{given}");
        }
        let again = open();
        assert!(*again.store() == *world.server.store(), "{given}");
        let page = Visitor::of(&world, "ada").await.get("/dashboard/teams/acme-widgets/access").await;
        assert!(page.status == 200 && page.text.contains("until <time"), "{given}: {page:?}");
    }
    for given in ["-0001-01-01T00:00:00Z", "+262143-12-31T00:00:00Z", "2999-02-29T00:00:00Z", "2999-01-31"] {
        world.ask("ada", "PUT", JOE, at(given)).await.refused(422, "invalid_params");
    }
}

/// From its end on it does not count, whoever sweeps when.
#[tokio::test]
async fn what_has_ended_is_as_taken_away() {
    let world = grouped().await;
    let soon = system::now().trunc_subsecs(0) + TimeDelta::seconds(2);
    world.does("ada", "PUT", JOE, json!({ "ends_at": soon }), OK).await;
    let asked = json!({
        "subject": { "type": "user", "id": "~" },
        "action": { "name": "push-code" },
        "resource": { "type": "app", "id": "acme-website" },
    });
    let start = Instant::now();
    while world.ask("joe", "POST", "/access/v1/evaluation", asked.clone()).await.json()["decision"] == true {
        assert!(start.elapsed() < PATIENCE, "it does not end");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(system::now() >= soon && world.server.store().next_end() == Some(soon));
    world.get("joe", "/teams/acme-widgets").await.refused(404, "not_found");
    let people = world.get("ada", "/teams/acme-widgets/members").await.text;
    assert!(people.contains("vera@acme.com") && !people.contains("joe@acme.com"), "{people}");
    assert_eq!(world.get("ada", ENDS).await.json(), json!([]));
    assert!(swept(&world.server).is_empty(), "nobody has done anything since");
    // What comes next takes it with it.
    world.does("ada", "PATCH", "/teams/acme-widgets/preferences", json!({ "addons-controls": true }), OK).await;
    assert_eq!(swept(&world.server), [1]);
    assert_eq!(world.server.store().check_invariants(), []);
}

/// How many things each sweep has taken away.
fn swept(server: &Server) -> Vec<usize> {
    let store = server.store();
    let sweeps = store.events().iter().filter_map(|event| match &event.event {
        Event::EndsSwept { swept } => Some(swept.ended.len()),
        _ => None,
    });
    sweeps.collect()
}

async fn until(holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < PATIENCE, "it does not come");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn the_server_sweeps_by_itself() {
    let world = world();
    let sweeping = tokio::spawn(sweep(Arc::clone(&world.server)));
    let soon = system::now().trunc_subsecs(0) + TimeDelta::seconds(2);
    for path in [JOE, JILL_ON] {
        world.does("ada", "PUT", path, json!({ "ends_at": soon }), OK).await;
    }
    world.does("ada", "PUT", &JOE.replace("joe@", "vera@"), at(FAR), OK).await;
    until(|| !swept(&world.server).is_empty()).await;
    assert_eq!(swept(&world.server), [2], "both at once");
    let store = world.server.store();
    let event = store.events().last().unwrap();
    assert!(event.at >= soon && event.actor == Actor::operator(soon).who, "{event:?}");
    assert_eq!(store.next_end(), FAR.parse::<DateTime<Utc>>().ok(), "the other one stays");
    drop(store);
    sweeping.abort();
}

/// Of several servers on one journal one sweeps; the others know of it, and go on.
#[tokio::test]
async fn of_several_servers_one_sweeps() {
    let mut journal = MemoryJournal::new();
    journal.set_now(system::now() + TimeDelta::days(1));
    begin_with(&mut journal, &demo().unwrap()).unwrap();
    let soon = system::now().trunc_subsecs(0) + TimeDelta::seconds(2);
    let open = || {
        let tokens = Box::new(MemoryTokens::default());
        Arc::new(Server::open(Box::new(journal.clone()), tokens, "http://server", 1_000).unwrap())
    };
    let first = open();
    let ends = |server: &Server, end| {
        let store = server.store();
        let of = |email: &str| store.user_id(&email.parse().unwrap()).unwrap();
        let (ada, joe) = (Actor::user(of("ada@acme.com"), system::now()), of("joe@acme.com"));
        let team = store.team_id(ada, "acme-widgets".parse().unwrap()).unwrap();
        drop(store);
        server.transaction(|store| store.set_member_end(ada, team, joe, Some(end))).unwrap();
    };
    ends(&first, soon);
    let servers = [first, open(), open()];
    let sweeping = servers.each_ref().map(|server| tokio::spawn(sweep(Arc::clone(server))));
    until(|| servers.iter().all(|server| server.store().next_end().is_none())).await;
    for server in &servers {
        assert_eq!((swept(server), server.store().seq()), (vec![1], servers[0].store().seq()));
    }
    for one in sweeping {
        assert!(!one.is_finished());
        one.abort();
    }
}
