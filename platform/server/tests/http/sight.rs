//! Nobody reads what they may not see: every GET, as an outsider, as a collaborator and as a viewer.

use axum::http::HeaderMap;
use serde_json::{Value, json};

use crate::schema::routes;
use crate::support::{World, world};

/// A route with the names of things of Acme's.
pub(crate) fn filled(route: &str) -> String {
    filled_with(route, &[])
}

/// Names of things that come later (see `what_happens_out_of_sight`).
const HIDDEN_NAMES: [(&str, &str); 6] = [
    ("{app}", "secret"),
    ("{team}", "acme-lab"),
    ("{user}", "max@acme-inc.com"),
    ("{space}", "hidden-space"),
    ("{pipeline}", "joes-flow"),
    ("{id}", "joes-own"),
];

fn filled_with(route: &str, first: &[(&str, &str)]) -> String {
    let names = [
        ("{app}", "acme-website"),
        ("{team}", "acme-widgets"),
        ("{user}", "joe@acme.com"),
        ("{space}", "labs-space"),
        ("{pipeline}", "acme-flow"),
        ("{account}", "acme-corp"),
        ("{feature}", "org-access-controls"),
        ("{service}", "postgresql"),
        ("{invitation}", "new@acme.com"),
        ("{token}", "01234567-89ab-cdef-0123-456789abcdef"),
        ("{id}", "01234567-89ab-cdef-0123-456789abcdef"),
        ("{code}", "app-hidden"),
    ];
    let path = first.iter().chain(&names).fold(route.to_owned(), |path, (name, value)| path.replace(name, value));
    assert!(!path.contains('{'), "{path}");
    path
}

/// The same with names of what is not there.
fn nowhere(route: &str) -> String {
    let parts = route.split('/').map(|part| match part {
        "{user}" => "no@body.com",
        "{token}" | "{id}" => "00000000-0000-0000-0000-000000000000",
        "{code}" => "none",
        part if part.starts_with('{') => "not-there",
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// Some queries are needed.
fn with_query(path: &str) -> String {
    match path.rsplit('/').next() {
        Some("daily") => format!("{path}?start=1970-01-01&end=1970-01-02"),
        Some("monthly") => format!("{path}?start=1970-01"),
        _ => path.to_owned(),
    }
}

fn gets() -> Vec<String> {
    let open = |route: &str| route.starts_with("/errors/") || route.starts_with("/.well-known/");
    let gets = routes().into_iter().filter(|(method, route)| method == "GET" && !open(route));
    gets.map(|(_, route)| route).collect()
}

#[tokio::test]
async fn every_get_as_an_outsider_a_collaborator_and_a_viewer() {
    let world = world();
    let hidden: [(&str, &[&str]); 4] = [
        ("nobody", &["acme-", "ada@", "joe@", "vera@", "jill@", "sam@", "labs-space", "frozen", "postgresql"]),
        ("sam", &["acme-w", "acme-f", "acme-l", "acme-o", "acme-c", "ada@", "joe@", "vera@", "jill@", "labs-space"]),
        ("jill", &["acme-l", "acme-o", "acme-c", "acme-inc", "ada@", "vera@", "sam@", "labs-space"]),
        ("vera", &["acme-l", "acme-o", "acme-c", "acme-inc", "sam@", "labs-space"]),
    ];
    let mut answers = 0;
    for (who, secrets) in hidden {
        for route in gets() {
            let reply = world.get(who, &with_query(&filled(&route))).await;
            assert!([200, 403, 404].contains(&reply.status), "{who} {route}: {reply:?}");
            // The name of what was asked for may come back in nothing but what one sees.
            let said = format!("{:?} {}", reply.headers, reply.text);
            let named: Vec<_> = secrets.iter().filter(|secret| said.contains(**secret)).collect();
            assert!(named.is_empty(), "{who} {route} names {named:?}: {said}");
            answers += usize::from(reply.status == 200);
        }
    }
    assert!(answers > 60, "{answers}");
}

/// An outsider is told of everything of Acme's what they are told of nothing.
#[tokio::test]
async fn hidden_is_as_not_there() {
    let world = world();
    for route in gets() {
        let [there, not_there] = [filled(&route), nowhere(&route)].map(|path| with_query(&path));
        if there == not_there {
            continue;
        }
        let (there, not_there) = (world.get("nobody", &there).await, world.get("nobody", &not_there).await);
        assert_eq!((there.status, &there.text), (404, &not_there.text), "{route}");
        assert_eq!(not_there.status, 404, "{route}");
        let names = |reply: &crate::support::Reply| reply.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(names(&there), names(&not_there), "{route}");
    }
}

/// Nor by trying to change it.
#[tokio::test]
async fn hidden_is_as_not_there_for_who_writes() {
    let world = world();
    let before = world.server.store().clone();
    for (method, route) in routes().into_iter().filter(|(method, route)| method != "GET" && route.contains('{')) {
        let [there, not_there] = [filled(&route), nowhere(&route)];
        for body in [Value::Null, json!({ "name": "another" })] {
            let there = world.ask("nobody", &method, &there, body.clone()).await;
            let not_there = world.ask("nobody", &method, &not_there, body).await;
            assert_eq!((there.status, &there.text), (not_there.status, &not_there.text), "{method} {route}");
            assert!([404, 422].contains(&there.status), "{method} {route}: {there:?}");
        }
    }
    assert!(*world.server.store() == before);
}

type Told = (String, u16, HeaderMap, String);

/// Every answer to a question that this user can ask about what is there, and about what comes later.
async fn told(world: &World, who: &str) -> Vec<Told> {
    let mut told = Vec::new();
    for route in gets().into_iter().filter(|route| route != "/account/rate-limits") {
        for names in [&[][..], &HIDDEN_NAMES] {
            let path = with_query(&filled_with(&route, names));
            let reply = world.get(who, &path).await;
            let mut headers = reply.headers.clone();
            headers.remove("request-id");
            headers.remove("ratelimit-remaining");
            told.push((path, reply.status, headers, reply.text));
        }
    }
    let ask = |subject: &Value, action: &str, resource: Value| json!({ "subject": subject, "action": { "name": action }, "resource": resource });
    let named = |kind: &str, id: &str| json!({ "type": kind, "id": id });
    let (user, own, joe) = (json!({ "type": "user" }), named("user", "~"), named("user", "joe@acme.com"));
    for (what, body) in [
        ("evaluation", ask(&own, "push-code", named("app", "acme-website"))),
        ("evaluation", ask(&own, "delete-app", named("app", "acme-website"))),
        ("evaluation", ask(&own, "view-app", named("app", "secret"))),
        ("evaluation", ask(&own, "create-apps", named("team", "acme-widgets"))),
        ("evaluation", ask(&own, "create-apps", named("team", "acme-lab"))),
        ("search/subject", ask(&user, "view-app", named("app", "acme-website"))),
        ("search/resource", ask(&own, "view-app", json!({ "type": "app" }))),
        ("search/resource", ask(&joe, "view-app", json!({ "type": "app" }))),
        ("search/action", ask(&joe, "view-app", named("app", "secret"))),
    ] {
        let path = format!("/access/v1/{what}");
        let reply = world.ask(who, "POST", &path, body).await;
        told.push((path, reply.status, HeaderMap::new(), reply.text));
    }
    told
}

/// What is done out of somebody's sight changes nothing that they are told: no answer, no error, no entity tag, no count.
#[tokio::test]
async fn what_happens_out_of_sight() {
    let acme: &[(&str, &str, &str, Value)] = &[
        ("ada", "POST", "/teams/apps", json!({ "name": "secret", "team": "acme-widgets" })),
        ("ada", "POST", "/pipeline-couplings", json!({ "app": "secret", "pipeline": "acme-flow", "stage": "staging" })),
        ("ada", "POST", "/teams/acme-widgets/members", json!({ "email": "max@acme-inc.com", "role": "viewer" })),
        ("ada", "PUT", "/teams/acme-widgets/invitations", json!({ "email": "late@acme.com", "role": "member" })),
        ("ada", "POST", "/teams/acme-widgets/allowed-addon-services", json!({ "addon_service": "redis" })),
        ("ada", "PATCH", "/teams/acme-widgets/preferences", json!({ "addons-controls": true })),
        (
            "ada",
            "POST",
            "/teams/apps/acme-website/collaborators",
            json!({ "user": "max@acme-inc.com", "permissions": ["manage"] }),
        ),
    ];
    let labs: &[(&str, &str, &str, Value)] = &[
        ("ada", "POST", "/teams/acme-labs/members", json!({ "email": "joe@acme.com", "role": "member" })),
        (
            "ada",
            "PATCH",
            "/spaces/labs-space/members/joe@acme.com",
            json!({ "permissions": [{ "name": "create_apps" }] }),
        ),
        ("joe", "POST", "/teams/apps", json!({ "name": "inside", "space": "labs-space" })),
        ("ada", "POST", "/spaces", json!({ "name": "hidden-space", "team": "acme-ops" })),
        ("ada", "POST", "/enterprise-accounts/acme-corp/teams", json!({ "name": "acme-secret" })),
        (
            "ada",
            "POST",
            "/enterprise-accounts/acme-corp/members",
            json!({ "user": "joe@acme.com", "permissions": ["view"] }),
        ),
        ("ada", "PATCH", "/teams/acme-labs", json!({ "name": "acme-lab" })),
        ("joe", "POST", "/apps", json!({ "name": "joes-own" })),
        ("joe", "POST", "/apps/joes-own/collaborators", json!({ "user": "ada@acme.com" })),
        ("joe", "POST", "/account/app-transfers", json!({ "app": "joes-own", "recipient": "ada@acme.com" })),
        ("joe", "POST", "/pipelines", json!({ "name": "joes-flow" })),
    ];
    for (who, unseen) in
        [("nobody", &[acme, labs][..]), ("sam", &[acme, labs]), ("jill", &[acme, labs]), ("vera", &[labs])]
    {
        let world = world();
        let mut before = told(&world, who).await;
        for (by, method, path, body) in unseen.concat() {
            let reply = world.ask(by, method, path, body).await;
            assert!([200, 201].contains(&reply.status), "{method} {path}: {reply:?}");
            let after = told(&world, who).await;
            for (before, after) in before.iter().zip(&after) {
                assert_eq!(before, after, "{who} after {by} did {method} {path}");
            }
            before = after;
        }
    }
    // It is not that there is nothing to see.
    let world = world();
    for (deeds, who) in [(acme, "vera"), (labs, "ada")] {
        let before = told(&world, who).await;
        for (by, method, path, body) in deeds {
            world.ask(by, method, path, body.clone()).await;
        }
        assert_ne!(before, told(&world, who).await, "{who}");
    }
}
