//! Who is let in.

use axum::body::Body;
use axum::http::Request;
use enterprise_teams::{Actor, system};
use serde_json::{Value, json};

use crate::schema::routes;
use crate::sight::filled;
use crate::support::{World, world, world_with};

async fn with(world: &World, path: &str, authorization: Option<&str>) -> (u16, String) {
    let mut request = Request::builder().uri(path);
    if let Some(authorization) = authorization {
        request = request.header("authorization", authorization);
    }
    let reply = world.send(request.body(Body::empty()).unwrap()).await;
    (reply.status, reply.text)
}

#[tokio::test]
async fn both_schemes_and_no_other() {
    let world = world();
    let token = world.token("joe");
    let encoded = |text: &str| {
        use base64::Engine;
        base64::prelude::BASE64_STANDARD.encode(text)
    };
    for good in [
        format!("Bearer {token}"),
        format!("bearer {token}"),
        format!("Basic {}", encoded(&format!(":{token}"))),
        format!("Basic {}", encoded(&format!("joe@acme.com:{token}"))),
    ] {
        let (status, text) = with(&world, "/account", Some(&good)).await;
        assert!(status == 200 && text.contains("joe@acme.com"), "{text}");
    }
    let other = world.token("ada");
    for bad in [
        String::new(),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        token.to_owned(),
        format!("Token {token}"),
        format!("Bearer {token}0"),
        format!("Bearer {}", &token.chars().rev().collect::<String>()),
        format!(
            "Bearer {}{}",
            &token.chars().take(32).collect::<String>(),
            &other.chars().skip(32).collect::<String>()
        ),
        format!("Basic {}", encoded(token)),
        "Basic !".to_owned(),
        "Bearer é".to_owned(),
    ] {
        let (status, text) = with(&world, "/account", Some(&bad)).await;
        assert_eq!(
            (status, text.as_str()),
            (401, "{\"id\":\"unauthorized\",\"message\":\"Invalid credentials provided.\"}"),
            "{bad}"
        );
    }
    let (status, _) = with(&world, "/account", None).await;
    assert_eq!(status, 401);
    // Who says two things says nothing.
    let twice = world.request("joe", "GET", "/account").header("authorization", format!("Bearer {other}"));
    world.send(twice.body(Body::empty()).unwrap()).await.refused(401, "unauthorized");
}

/// The routes that are not for everybody.
fn of_users() -> Vec<(String, String)> {
    let open = |route: &str| ["/errors/", "/.well-known/", "/health"].iter().any(|open| route.starts_with(open));
    routes().into_iter().filter(|(_, route)| !open(route)).collect()
}

#[tokio::test]
async fn every_route_asks_for_a_token() {
    let world = world();
    for (method, route) in of_users() {
        let request = Request::builder().method(method.as_str()).uri(route.replace(['{', '}'], "x"));
        let reply = world.send(request.body(Body::empty()).unwrap()).await;
        reply.refused(401, "unauthorized");
        assert_eq!(reply.header("www-authenticate"), Some("Bearer"), "{method} {route}");
    }
}

/// The token of somebody who is gone is void.
#[tokio::test]
async fn a_user_who_is_deleted() {
    let world = world();
    assert_eq!(world.ask("nobody", "DELETE", "/account", Value::Null).await.status, 200);
    for (method, route) in of_users() {
        world.ask("nobody", &method, &filled(&route), Value::Null).await.refused(401, "unauthorized");
    }
}

/// The token of somebody who is suspended lets nobody in until they are reinstated (SUS-1).
#[tokio::test]
async fn a_user_who_is_suspended() {
    let world = world();
    let operator = Actor::operator(system::now());
    let joe = world.server.store().user_id(&"joe@acme.com".parse().unwrap()).unwrap();
    world.server.transaction(|store| store.suspend_user(operator, joe)).unwrap();
    for (method, route) in of_users() {
        let reply = world.ask("joe", &method, &filled(&route), Value::Null).await;
        assert_eq!(reply.refused(401, "unauthorized"), "Your account is suspended.", "{method} {route}");
    }
    // To others the user is shown as suspended, and can be given nothing.
    let shown = world.get("ada", &format!("/users/{joe}")).await.json();
    assert!(shown["suspended_at"].is_string(), "{shown}");
    let body = json!({ "email": "joe@acme.com", "role": "admin" });
    let reply = world.ask("ada", "PATCH", "/teams/acme-widgets/members", body).await;
    assert!(reply.refused(409, "conflict").contains("suspended"), "{reply:?}");
    world.server.transaction(|store| store.reinstate_user(operator, joe)).unwrap();
    let account = world.get("joe", "/account").await;
    assert_eq!((account.status, &account.json()["suspended_at"]), (200, &Value::Null));
}

#[tokio::test]
async fn a_limit_on_requests() {
    let world = world_with(3);
    let left = |reply: &crate::support::Reply| reply.header("ratelimit-remaining").unwrap().to_owned();
    for expected in ["2", "1", "0"] {
        let reply = world.get("joe", "/teams/none").await;
        assert_eq!((reply.status, left(&reply).as_str()), (404, expected));
    }
    let reply = world.get("joe", "/account").await;
    assert_eq!(reply.refused(429, "rate_limit"), "Your account reached the API rate limit.");
    assert_eq!(left(&reply), "0");
    // Asking how many are left is free, and others have their own.
    assert_eq!(world.get("joe", "/account/rate-limits").await.json()["remaining"], 0);
    assert_eq!(world.get("ada", "/account/rate-limits").await.json()["remaining"], 3);
    assert_eq!(world.get("ada", "/account").await.status, 200);
}

/// Whatever the answer is, it says how many requests are left.
#[tokio::test]
async fn every_answer_tells_what_is_left() {
    let world = world();
    for (method, route) in of_users() {
        for text in ["{", "[]", ""] {
            let request = world.request("ada", &method, &filled(&route)).body(Body::from(text)).unwrap();
            let reply = world.send(request).await;
            assert!(reply.header("ratelimit-remaining").is_some(), "{method} {route} {text}: {reply:?}");
        }
    }
}
