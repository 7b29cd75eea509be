//! Parts of lists, and answers that the client has already.

use axum::body::Body;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support::{Reply, World, world};

async fn part(world: &World, path: &str, range: &str) -> Reply {
    world.send(world.request("ada", "GET", path).header("range", range).body(Body::empty()).unwrap()).await
}

fn names(list: &Value, key: &str) -> Vec<String> {
    list.as_array().unwrap().iter().map(|entry| entry[key].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_list_part_by_part() {
    let world = world();
    for number in 0..5 {
        let body = json!({ "name": format!("app-{number}"), "team": "acme-widgets" });
        assert_eq!(world.ask("ada", "POST", "/teams/apps", body).await.status, 201);
    }
    for (path, key) in [
        ("/teams/acme-widgets/apps", "name"),
        ("/apps", "name"),
        ("/teams", "name"),
        ("/teams/acme-widgets/members", "email"),
        ("/teams/acme-widgets/permissions", "name"),
        ("/apps/acme-website/collaborators", "id"),
        ("/enterprise-accounts/acme-corp/teams", "name"),
    ] {
        let whole = world.get("ada", path).await;
        assert_eq!((whole.status, whole.header("next-range")), (200, None), "{path}");
        let whole = names(&whole.json(), key);
        for max in [1, 2, whole.len(), 1000] {
            let (mut found, mut range) = (Vec::new(), format!("{key} ..; max={max}"));
            loop {
                let reply = part(&world, path, &range).await;
                let entries = names(&reply.json(), key);
                assert!(entries.len() <= max);
                found.extend(entries);
                match reply.header("next-range") {
                    Some(next) => {
                        assert_eq!(reply.status, 206);
                        assert!(
                            next.starts_with(&format!("{key} ]")) && next.ends_with(&format!("; max={max}")),
                            "{next}"
                        );
                        range = next.to_owned();
                    }
                    None => break assert_eq!(reply.status, 200),
                }
            }
            assert_eq!(found, whole, "{path} by {max}");
        }
    }
}

#[tokio::test]
async fn a_long_list_comes_in_parts_unasked() {
    let world = world();
    for number in 0..205 {
        let body = json!({ "name": format!("app-{number}"), "team": "acme-widgets" });
        assert_eq!(world.ask("ada", "POST", "/teams/apps", body).await.status, 201);
    }
    let first = world.get("ada", "/teams/acme-widgets/apps").await;
    assert_eq!((first.status, first.json().as_array().unwrap().len()), (206, 200));
    let rest = part(&world, "/teams/acme-widgets/apps", first.header("next-range").unwrap()).await;
    assert_eq!((rest.status, rest.json().as_array().unwrap().len()), (200, 6));
}

/// Releases come in either order, as the client asks for them; other lists say that they have one.
#[tokio::test]
async fn either_way() {
    let world = world();
    let path = "/apps/acme-website/releases";
    for number in 1..=5 {
        let body = json!({ "description": format!("number {number}") });
        assert_eq!(world.ask("ada", "POST", path, body).await.status, 201);
    }
    for (order, expected) in [("asc", [1, 2, 3, 4, 5]), ("desc", [5, 4, 3, 2, 1])] {
        for max in [1, 2, 5, 1000] {
            let (mut found, mut range) = (Vec::new(), format!("version ..; max={max}, order={order}"));
            loop {
                let reply = part(&world, path, &range).await;
                found.extend(reply.json().as_array().unwrap().iter().map(|one| one["version"].as_u64().unwrap()));
                match reply.header("next-range") {
                    Some(next) => range = next.to_owned(),
                    None => break,
                }
            }
            assert_eq!(found, expected, "{order} by {max}");
        }
    }
    assert_eq!(part(&world, path, "version ]app:a..; order=desc").await.status, 416);
    assert_eq!(part(&world, path, "version ]app:a..").await.status, 416);
    let reply = part(&world, "/apps", "name ..; order=desc").await;
    assert_eq!(reply.refused(416, "requested_range_not_satisfiable"), "This list is not given in descending order.");
    for range in ["..", "..; max=5", "..; order=asc"] {
        assert_eq!(part(&world, "/apps", range).await.json(), world.get("ada", "/apps").await.json(), "{range}");
    }
}

/// The add-ons of an app stand together, whatever the page.
#[tokio::test]
async fn add_ons_part_by_part() {
    let world = world();
    for app in ["app-a", "app-b", "app-c", "app-d"] {
        let body = json!({ "name": app, "team": "acme-widgets" });
        assert_eq!(world.ask("ada", "POST", "/teams/apps", body).await.status, 201);
    }
    for (app, plan) in
        [("app-a", "scheduler"), ("app-a", "papertrail"), ("app-c", "scheduler"), ("app-d", "papertrail")]
    {
        assert_eq!(world.ask("ada", "POST", &format!("/apps/{app}/addons"), json!({ "plan": plan })).await.status, 201);
    }
    for path in ["/addons", "/users/~/addons", "/teams/acme-widgets/addons"] {
        let whole = names(&world.get("ada", path).await.json(), "id");
        assert_eq!(whole.len(), 4);
        for max in 1..=5 {
            let (mut found, mut range) = (Vec::new(), format!("id ..; max={max}"));
            loop {
                let reply = part(&world, path, &range).await;
                let entries = names(&reply.json(), "id");
                assert!(entries.len() <= max + 1, "{path} by {max}");
                found.extend(entries);
                match reply.header("next-range") {
                    Some(next) => range = next.to_owned(),
                    None => break,
                }
            }
            assert_eq!(found, whole, "{path} by {max}");
        }
    }
}

#[tokio::test]
async fn dynos_part_by_part() {
    let world = world();
    let body = json!({ "updates": [{ "type": "web", "quantity": 300 }, { "type": "worker", "quantity": 2 }] });
    assert_eq!(world.ask("ada", "PATCH", "/apps/acme-website/formation", body).await.status, 200);
    let first = world.get("ada", "/apps/acme-website/dynos").await;
    assert_eq!((first.status, first.json()[199]["name"].as_str()), (206, Some("web.200")));
    let rest = part(&world, "/apps/acme-website/dynos", first.header("next-range").unwrap()).await;
    assert_eq!(
        (rest.status, rest.json()[101]["name"].as_str(), rest.json()[102].is_null()),
        (200, Some("worker.2"), true)
    );
    assert_eq!(part(&world, "/apps/acme-website/dynos", "id ]app:a..").await.status, 416);
}

#[tokio::test]
async fn ranges_of_no_list() {
    let world = world();
    for range in [
        "",
        "id a..b",
        "id ..; max=0",
        "id ..; max=1001",
        "bytes=0-1",
        "id ..; order=desc",
        "id ]number:1..",
        "id ]app:..; max=1",
    ] {
        part(&world, "/teams/acme-widgets/members", range).await.refused(416, "requested_range_not_satisfiable");
    }
    for unclear in [&[&b"id \xff.."[..]][..], &[b"id ..; max=1", b"id ..; max=1"]] {
        let request = world.request("ada", "GET", "/apps");
        let request = unclear.iter().fold(request, |request, range| request.header("range", *range));
        let reply = world.send(request.body(Body::empty()).unwrap()).await;
        reply.refused(416, "requested_range_not_satisfiable");
    }
    // The range of another list.
    let reply = part(&world, "/teams/acme-widgets/members", "id ]app:apple..").await;
    assert_eq!(reply.refused(416, "requested_range_not_satisfiable"), "the cursor belongs to another list");
    // What is no list has no parts.
    assert_eq!(part(&world, "/account", "nonsense").await.status, 200);
}

#[tokio::test]
async fn entity_tags() {
    let world = world();
    for path in ["/apps/acme-website", "/apps", "/teams/permissions"] {
        let first = world.get("ada", path).await;
        let tag = first.header("etag").unwrap().to_owned();
        assert_eq!(world.get("ada", path).await.header("etag"), Some(tag.as_str()));
        for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
            let request = world.request("ada", "GET", path).header("if-none-match", known.as_str());
            let reply = world.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(
                (reply.status, reply.text.as_str(), reply.header("etag")),
                (304, "", Some(tag.as_str())),
                "{known}"
            );
        }
        let request = world.request("ada", "GET", path).header("if-none-match", "\"other\"");
        let request = request.header("if-none-match", tag.as_str());
        assert_eq!(world.send(request.body(Body::empty()).unwrap()).await.status, 304);
        let request = world.request("ada", "GET", path).header("if-none-match", "\"other\"");
        assert_eq!(world.send(request.body(Body::empty()).unwrap()).await.status, 200);
    }
    let tag = world.get("ada", "/apps/acme-website").await.header("etag").unwrap().to_owned();
    world.ask("ada", "PATCH", "/apps/acme-website", json!({ "name": "acme-www" })).await;
    let request = world.request("ada", "GET", "/apps/acme-www").header("if-none-match", tag);
    assert_eq!(world.send(request.body(Body::empty()).unwrap()).await.status, 200);
    // An error is told, whatever the client has.
    let request = world.request("ada", "GET", "/apps/none").header("if-none-match", "*");
    world.send(request.body(Body::empty()).unwrap()).await.refused(404, "not_found");
}

#[tokio::test]
async fn each_answer_has_an_id_of_its_own() {
    let world = world();
    let (one, other) = (world.get("ada", "/account").await, world.get("ada", "/nothing").await);
    assert_ne!(one.header("request-id"), other.header("request-id"));
}

/// Who can read it packed is sent a long answer so.
#[tokio::test]
async fn a_long_answer_is_packed_for_who_asks() {
    let world = world();
    let asked = |encoding: &str| {
        let request = world.request("ada", "GET", "/teams/permissions").header("accept-encoding", encoding);
        world.router().oneshot(request.body(Body::empty()).unwrap())
    };
    let (plain, packed) = (asked("identity").await.unwrap(), asked("gzip").await.unwrap());
    assert_eq!(
        (plain.headers().get("content-encoding"), packed.headers()["content-encoding"].as_bytes()),
        (None, &b"gzip"[..])
    );
    let bytes = packed.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(bytes.get(..2), Some(&[0x1f, 0x8b][..]), "the mark of gzip");
}
