//! What nobody should send: a clear answer each time, and nothing changed.

use axum::body::Body;
use serde_json::{Value, json};

use crate::schema::routes;
use crate::support::{World, world};

/// The requests that take a body, at things that are there.
fn writes() -> Vec<(String, String)> {
    let with_body = routes().into_iter().filter(|(method, route)| {
        let takes_none = ["/acm", "/accept", "/regenerate-tokens"].iter().any(|end| route.ends_with(end));
        ["POST", "PUT", "PATCH"].contains(&method.as_str()) && !takes_none && !route.starts_with("/access/")
    });
    with_body.map(|(method, route)| (method, crate::sight::filled(&route))).collect()
}

async fn sends(world: &World, method: &str, path: &str, body: impl Into<Body>) -> (u16, Value) {
    let reply = world.send(world.request("ada", method, path).body(body.into()).unwrap()).await;
    assert!((400..500).contains(&reply.status), "{method} {path}: {reply:?}");
    (reply.status, reply.json())
}

#[tokio::test]
async fn bodies_that_are_no_json_of_theirs() {
    let world = world();
    let before = world.server.store().clone();
    let deep = "[".repeat(100_000);
    let whole = format!("{{\"name\":{deep}{}}}", "]".repeat(100_000));
    for (method, path) in writes() {
        for text in
            ["{", "nonsense", "{\"name\":}", "{\"name\": \"a\"} {}", "\u{0}", "{\"a\":1,}", "{\"name\":1]", "'", &deep]
        {
            let (status, body) = sends(&world, &method, &path, text.to_owned()).await;
            assert_eq!((status, &body["id"]), (400, &json!("bad_request")), "{method} {path} {text:.20}");
        }
        for text in
            [&whole, "[]", "1", "null", "\"text\"", "true", "{\"own\":1}", "{\"name\":{\"a\":[]}}", "{\"\\u0000\":1}"]
        {
            let (status, body) = sends(&world, &method, &path, text.to_owned()).await;
            assert_eq!((status, &body["id"]), (422, &json!("invalid_params")), "{method} {path} {text:.20}");
        }
        for bytes in [&b"\"\xff\xfe\""[..], b"{\"own\":\"\xff\"}"] {
            let (status, body) = sends(&world, &method, &path, bytes).await;
            assert_eq!((status, &body["id"]), (400, &json!("bad_request")), "{method} {path}");
        }
        let (status, body) = sends(&world, &method, &path, vec![b' '; 300 * 1024]).await;
        assert_eq!((status, &body["id"]), (413, &json!("bad_request")), "{method} {path}");
    }
    assert!(*world.server.store() == before);
}

/// Fields that are there twice, of great length, or full of what is no name.
#[tokio::test]
async fn bodies_of_strange_values() {
    let world = world();
    let before = world.server.store().clone();
    let long = "a".repeat(100_000);
    for name in
        ["", " ", "A", "a", "-a-", "a b c", "ä-ö-ü", "a\u{0}b", "../../etc", "a\"b", "<b>", "𝕒𝕓𝕔", "%61pple", &long]
    {
        for (method, path) in [("POST", "/teams/apps"), ("POST", "/apps"), ("PATCH", "/apps/acme-website")] {
            let reply = world.ask("ada", method, path, json!({ "name": name })).await;
            reply.refused(422, "invalid_params");
        }
        let reply =
            world.ask("ada", "PUT", "/teams/acme-widgets/members", json!({ "email": name, "role": "member" })).await;
        reply.refused(422, "invalid_params");
        for field in ["team", "space"] {
            let reply = world.ask("ada", "POST", "/teams/apps", json!({ field: name })).await;
            reply.refused(404, "not_found");
        }
        for body in [json!({ "user": name }), json!({ "user": name, "permissions": ["view"] })] {
            let reply = world.ask("ada", "POST", "/teams/apps/acme-website/collaborators", body).await;
            reply.refused(404, "not_found");
        }
        let reply = world.ask("ada", "PATCH", "/teams/apps/acme-website", json!({ "owner": name })).await;
        reply.refused(404, "not_found");
    }
    for text in ["{\"name\":\"apple\",\"name\":\"pear\"}", "{\"locked\":true,\"locked\":false}", "{\"name\":1e999}"] {
        let (status, _) = sends(&world, "POST", "/teams/apps", text.to_owned()).await;
        assert!([400, 422].contains(&status), "{text}");
    }
    let many = json!({ "in": { "id": vec!["01234567-89ab-cdef-0123-456789abcdef"; 1001] } });
    world.ask("ada", "POST", "/filters/apps", many).await.refused(422, "invalid_params");
    assert!(*world.server.store() == before);
}

#[tokio::test]
async fn paths_that_lead_nowhere() {
    let world = world();
    let long = format!("/apps/{}", "a".repeat(50_000));
    for path in [
        "/",
        "//",
        "/app",
        "/apps/",
        "/apps//collaborators",
        "/apps/../account",
        "/apps/%2e%2e/account",
        "/apps/%2e%2e%2faccount",
        "/apps/..%2f..%2faccount",
        "/apps/acme-website%00",
        "/apps/acme-website%2fcollaborators",
        "/apps/acme-website;x=1",
        "/apps/ACME-WEBSITE",
        "/apps/%ff",
        "/apps/%c3%28",
        "/apps/acme-website/collaborators/%ff",
        "/apps/%25",
        "/apps/%61cme-none",
        "/apps/~",
        "/users/~~",
        "/users/%7e%7e",
        "/users/joe",
        "/users/%00",
        "/teams/acme-widgets/members/joe@acme.com",
        "/teams/%20acme-widgets",
        "/teams/acme-widgets/usage/hourly",
        "/schema",
        "/errors/none",
        "/errors/..",
        "/pipelines/acme-flow/",
        "/pipeline-promotions/1",
        "/pipeline-promotions/00000000-0000-8000-8000-000000000001",
        &long,
    ] {
        world.get("ada", path).await.refused(404, "not_found");
    }
    // An encoded name is the name.
    assert_eq!(world.get("ada", "/apps/%61cme-website").await.status, 200);
    assert_eq!(world.get("ada", "/users/%7e").await.status, 200);
    assert_eq!(world.get("ada", "/users/joe%40acme.com").await.status, 200);
}

#[tokio::test]
async fn methods_that_a_path_does_not_have() {
    let world = world();
    for (method, path) in [
        ("POST", "/account"),
        ("PUT", "/apps/acme-website"),
        ("DELETE", "/apps"),
        ("PATCH", "/teams"),
        ("OPTIONS", "/apps"),
        ("TRACE", "/apps"),
        ("BREW", "/apps"),
    ] {
        world.ask("ada", method, path, Value::Null).await.refused(404, "not_found");
    }
    let head = world.send(world.request("ada", "HEAD", "/account").body(Body::empty()).unwrap()).await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));
}

#[tokio::test]
async fn queries_that_say_nothing() {
    let world = world();
    for query in [
        "",
        "?start=",
        "?start=2024-13-01",
        "?start=x&end=y",
        "?end=2024-01-01",
        "?start=2024-01-01&start=2024-01-02",
        "?own=1",
        "?start=9999-12-31&end=9999-12-31&x",
        "?start=0000-01-01&end=9999-12-31",
    ] {
        let path = format!("/teams/acme-widgets/usage/daily{query}");
        world.get("ada", &path).await.refused(422, "invalid_params");
    }
    for query in ["", "?start=2024-1", "?start=2024-01&end=2023-01", "?start=0001-01&end=9999-12"] {
        let path = format!("/teams/acme-widgets/usage/monthly{query}");
        world.get("ada", &path).await.refused(422, "invalid_params");
    }
    for query in ["?day=x", "?order=up", "?own=1"] {
        let path = format!("/enterprise-accounts/acme-corp/events{query}");
        world.get("ada", &path).await.refused(422, "invalid_params");
    }
    world.get("ada", "/enterprise-accounts/acme-corp/events?actor=no@body.com").await.refused(404, "not_found");
    for query in ["?eq%5Bname%5D=", "?eq[name]=%00", "?other=1", "?eq%5Bname%5D=%ff"] {
        let reply = world.get("ada", &format!("/pipelines{query}")).await;
        assert!(reply.status == 200 || reply.status == 422, "{query}: {reply:?}");
    }
}

/// What is asked for in a query is never passed over, wherever it is asked.
#[tokio::test]
async fn queries_that_nothing_takes() {
    let world = world();
    let before = world.server.store().clone();
    for (method, route) in routes() {
        for query in ["own=1", "app%5Bname%5D=apple", "eq[role]=acme-flow", "own"] {
            let path = format!("{}?{query}", crate::sight::filled(&route));
            let reply = world.ask("ada", &method, &path, Value::Null).await;
            reply.refused(422, "invalid_params");
        }
        // Nothing is nothing.
        let path = crate::sight::filled(&route);
        let (plain, empty) = (world.get("ada", &path).await, world.get("ada", &format!("{path}?")).await);
        assert_eq!(plain.status, empty.status, "{method} {path}");
    }
    assert!(*world.server.store() == before);
}

/// A body for a request that takes none does no harm.
#[tokio::test]
async fn bodies_that_nobody_asked_for() {
    let world = world();
    for text in ["nonsense", "{}", "{\"name\": \"acme-flow\"}"] {
        let request = world.request("ada", "GET", "/account").body(Body::from(text)).unwrap();
        assert_eq!(world.send(request).await.status, 200);
    }
    let request =
        world.request("ada", "DELETE", "/pipelines/acme-flow").body(Body::from("{\"name\": \"acme-flow\"}")).unwrap();
    assert_eq!(world.send(request).await.status, 200);
}
