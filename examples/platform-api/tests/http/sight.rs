//! Nobody reads what they may not see: every GET, as an outsider, as a collaborator and as a viewer.

use crate::schema::routes;
use crate::support::world;

/// A route with the names of things of Acme's.
pub(crate) fn filled(route: &str) -> String {
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
    let path = names.iter().fold(route.to_owned(), |path, (name, value)| path.replace(name, value));
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
        if there == not_there || route == "/users/{user}/apps" {
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
        for body in [serde_json::Value::Null, serde_json::json!({ "name": "another" })] {
            let there = world.ask("nobody", &method, &there, body.clone()).await;
            let not_there = world.ask("nobody", &method, &not_there, body).await;
            assert_eq!((there.status, &there.text), (not_there.status, &not_there.text), "{method} {route}");
            assert!([404, 422].contains(&there.status), "{method} {route}: {there:?}");
        }
    }
    assert!(*world.server.store() == before);
}
