//! Groups under `/x/`: who makes them, who is in them, what they hold, and what others are told (GRP-1, GRP-2).

use axum::body::Body;
use axum::http::StatusCode;
use enterprise_teams::entity::OAuthAccess;
use enterprise_teams::ids::ClientId;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{Actor, system};
use platform_server::NewToken;
use serde_json::{Value, json};

use crate::sight::grouped;
use crate::support::{Reply, World, request_with, world};

const OK: StatusCode = StatusCode::OK;
const CREATED: StatusCode = StatusCode::CREATED;
const GROUPS: &str = "/x/teams/acme-widgets/groups";
const ON: &str = "/x/apps/acme-website/groups";

/// Each endpoint once, with success.
pub(crate) async fn every_endpoint(world: &World) {
    let made = world.does("ada", "POST", GROUPS, json!({ "name": "backend" }), CREATED).await;
    let team = world.get("ada", "/teams/acme-widgets").await.json();
    let (id, at) = (made["id"].clone(), made["created_at"].clone());
    let of = json!({ "id": team["id"], "name": "acme-widgets" });
    let expected = json!({ "id": id, "name": "backend", "team": of, "members": 0, "apps": 0, "created_at": at });
    assert_eq!(made, expected);
    world.does("ada", "POST", GROUPS, json!({ "name": "alpha" }), CREATED).await;
    let list = world.does("vera", "GET", GROUPS, Value::Null, OK).await;
    assert_eq!((list[0]["name"].as_str(), &list[1]), (Some("alpha"), &made));
    let by_id = format!("/x/teams/{}/groups/{}", team["id"].as_str().unwrap(), id.as_str().unwrap());
    for path in [&by_id, &format!("{GROUPS}/backend")] {
        assert_eq!(world.does("joe", "GET", path, Value::Null, OK).await, made);
        assert_eq!(world.does("ada", "PATCH", path, json!({}), OK).await, made);
        assert_eq!(world.does("ada", "PATCH", path, json!({ "name": "backend" }), OK).await, made);
    }

    let vera = json!({ "email": "vera@acme.com", "id": world.user("vera@acme.com") });
    let own = format!("{by_id}/members/vera@acme.com");
    let member = world.does("ada", "PUT", &own, Value::Null, OK).await;
    assert_eq!((&member["user"], &member["role"]), (&vera, &json!("viewer")));
    assert_eq!(world.does("ada", "PUT", &own, json!({}), OK).await, member);
    assert_eq!(world.does("vera", "GET", &format!("{by_id}/members"), Value::Null, OK).await, json!([member]));

    let on = format!("{ON}/backend");
    let held = world.does("ada", "PUT", &on, json!({ "permissions": ["deploy"] }), OK).await;
    let since = held["created_at"].clone();
    let group = json!({ "id": id, "name": "backend" });
    let expected = json!({
        "group": group, "permissions": ["view", "deploy"], "created_at": since, "updated_at": since,
    });
    assert_eq!(held, expected);
    assert_eq!(world.does("ada", "PUT", &on, json!({ "permissions": ["deploy", "view"] }), OK).await, held);
    assert_eq!(world.does("joe", "GET", ON, Value::Null, OK).await, json!([held]));
    let may = world.does("vera", "POST", "/apps/acme-website/releases", json!({ "description": "hers" }), CREATED);
    assert_eq!(may.await["user"]["email"], "vera@acme.com");
    let on_id = format!("/x/apps/acme-website/groups/{}", id.as_str().unwrap());
    let changed = world.does("ada", "PUT", &on_id, json!({ "permissions": ["operate"] }), OK).await;
    assert_eq!(changed["permissions"], json!(["view", "operate"]));
    world.ask("vera", "POST", "/apps/acme-website/releases", json!({})).await.refused(403, "forbidden");
    let apps = world.does("vera", "GET", &format!("{by_id}/apps"), Value::Null, OK).await;
    assert_eq!((&apps[0]["app"]["name"], &apps[0]["permissions"]), (&json!("acme-website"), &changed["permissions"]));
    let now = world.does("joe", "GET", &by_id, Value::Null, OK).await;
    assert_eq!((&now["members"], &now["apps"]), (&json!(1), &json!(1)));

    let renamed = world.does("ada", "PATCH", &by_id, json!({ "name": "services" }), OK).await;
    assert_eq!((&renamed["id"], &renamed["name"]), (&id, &json!("services")));
    assert_eq!(world.does("ada", "DELETE", &own, Value::Null, OK).await, member);
    let gone = world.does("ada", "DELETE", &format!("{ON}/services"), Value::Null, OK).await;
    assert_eq!(gone["permissions"], changed["permissions"]);
    assert_eq!(world.does("joe", "GET", ON, Value::Null, OK).await, json!([]));
    let gone = world.does("ada", "DELETE", &format!("{GROUPS}/services"), Value::Null, OK).await;
    assert_eq!((&gone["id"], &gone["members"], &gone["apps"]), (&id, &json!(0), &json!(0)));
    world.get("ada", &by_id).await.refused(404, "not_found");
}

/// What a group is deleted with ends: nobody holds it any more.
#[tokio::test]
async fn what_a_deleted_group_held() {
    let world = grouped().await;
    let path = format!("{GROUPS}/backend");
    let on = format!("{path}/members/vera@acme.com");
    world.does("ada", "PUT", &on, Value::Null, OK).await;
    let gone = world.does("ada", "DELETE", &path, Value::Null, OK).await;
    assert_eq!((&gone["members"], &gone["apps"]), (&json!(2), &json!(1)));
    world.ask("vera", "POST", "/apps/acme-website/releases", json!({})).await.refused(403, "forbidden");
    assert_eq!(world.get("ada", ON).await.json(), json!([]));
}

async fn put(world: &World, who: &str, path: &str, body: Value) -> Reply {
    world.ask(who, "PUT", path, body).await
}

/// Each kind of refusal, with the rule behind it where it is the store's.
#[tokio::test]
async fn each_refusal() {
    let world = grouped().await;
    let before = world.server.store().clone();
    let (deploy, backend) = (json!({ "permissions": ["deploy"] }), format!("{GROUPS}/backend"));
    let on = format!("{ON}/backend");
    let name = |name: &str| json!({ "name": name });
    let told = async |who: &str, method: &str, path: &str, body: Value, status: u16, id: &str, code: &str| {
        let reply = world.ask(who, method, path, body).await;
        reply.refused(status, id);
        let url = reply.json()["url"].as_str().unwrap_or_default().to_owned();
        assert_eq!(url.rsplit('/').next(), Some(code), "{who} {method} {path}: {reply:?}");
    };
    for (who, method, path, body, code) in [
        ("joe", "POST", GROUPS, name("mine"), "only-admins-manage-groups"),
        ("joe", "PATCH", &*backend, name("mine"), "only-admins-manage-groups"),
        ("vera", "PATCH", &*backend, name("backend"), "only-admins-manage-groups"),
        ("vera", "DELETE", &*backend, Value::Null, "only-admins-manage-groups"),
        ("joe", "PUT", &*format!("{backend}/members/vera@acme.com"), Value::Null, "only-admins-manage-groups"),
        ("joe", "PUT", &*format!("{backend}/members/joe@acme.com"), Value::Null, "only-admins-manage-groups"),
        ("joe", "DELETE", &*format!("{backend}/members/joe@acme.com"), Value::Null, "only-admins-manage-groups"),
        ("vera", "PUT", &*on, deploy.clone(), "only-managers-change-access"),
        ("vera", "DELETE", &*on, Value::Null, "only-managers-change-access"),
        ("jill", "GET", GROUPS, Value::Null, "only-team-sees-groups"),
        ("jill", "GET", &*backend, Value::Null, "only-team-sees-groups"),
        ("jill", "GET", ON, Value::Null, "collaborator-lacks-capability"),
        ("jill", "PUT", &*on, deploy.clone(), "collaborator-lacks-capability"),
    ] {
        told(who, method, path, body, 403, "forbidden", code).await;
    }
    for (method, path, body, code) in [
        ("POST", GROUPS, name("backend"), "group-name-taken"),
        ("POST", GROUPS, name("No Name"), "group-name-invalid"),
        ("PATCH", &*backend, name("-"), "group-name-invalid"),
        ("PUT", &*on, json!({ "permissions": ["fly"] }), "permissions-invalid"),
    ] {
        told("ada", method, path, body, 422, "invalid_params", code).await;
    }
    told("sam", "POST", "/x/teams/acme-inc/groups", name("own"), 422, "invalid_params", "groups-in-standard-team")
        .await;
    for (method, path, code) in [
        ("GET", &*format!("{GROUPS}/none"), "group-not-found"),
        ("GET", &*format!("{GROUPS}/No%20Name"), "group-not-found"),
        ("GET", "/x/teams/acme-labs/groups/backend", "group-not-found"),
        ("PUT", &*format!("{backend}/members/nobody@example.com"), "user-not-found"),
        ("PUT", &*format!("{backend}/members/jill@creativeinc.com"), "not-in-team"),
        ("DELETE", &*format!("{backend}/members/vera@acme.com"), "not-in-group"),
        ("GET", "/x/apps/none/groups", "app-not-found"),
    ] {
        told("ada", method, path, Value::Null, 404, "not_found", code).await;
    }
    assert!(*world.server.store() == before);

    // A group that is there and not on the app, a group of another team, and a manager who is in the group.
    world.does("ada", "POST", GROUPS, name("helpers"), CREATED).await;
    let labs = world.does("ada", "POST", "/x/teams/acme-labs/groups", name("labs"), CREATED).await;
    let of_labs = format!("{ON}/{}", labs["id"].as_str().unwrap());
    told("ada", "DELETE", &format!("{ON}/helpers"), Value::Null, 404, "not_found", "group-not-on-app").await;
    told("ada", "PUT", &of_labs, deploy.clone(), 422, "invalid_params", "group-of-another-team").await;
    told("ada", "PUT", &format!("{ON}/labs"), deploy, 404, "not_found", "group-not-found").await;
    let manage = json!({ "permissions": ["manage"] });
    world.does("ada", "PATCH", "/teams/apps/acme-website/collaborators/joe@acme.com", manage.clone(), OK).await;
    told("joe", "PUT", &on, manage.clone(), 403, "forbidden", "own-group-grant-cannot-grow").await;
    assert_eq!(put(&world, "joe", &on, json!({ "permissions": [] })).await.json()["permissions"], json!(["view"]));
    assert_eq!(put(&world, "joe", &format!("{ON}/helpers"), manage).await.status, 200);
}

/// A collaborator who manages the app learns of the groups that are on it, and of no other.
#[tokio::test]
async fn a_collaborator_who_manages_the_app() {
    let world = grouped().await;
    world.does("ada", "POST", GROUPS, json!({ "name": "secret-group" }), CREATED).await;
    let secret = world.get("ada", &format!("{GROUPS}/secret-group")).await.json()["id"].as_str().unwrap().to_owned();
    let path = "/teams/apps/acme-website/collaborators/jill@creativeinc.com";
    world.does("ada", "PATCH", path, json!({ "permissions": ["manage"] }), OK).await;
    let listed = world.does("jill", "GET", ON, Value::Null, OK).await;
    assert_eq!((listed[0]["group"]["name"].as_str(), listed[1].is_null()), (Some("backend"), true), "{listed}");
    let body = json!({ "permissions": ["operate"] });
    assert_eq!(put(&world, "jill", &format!("{ON}/backend"), body.clone()).await.status, 200);
    let missing = put(&world, "jill", &format!("{ON}/none"), body.clone()).await;
    missing.refused(404, "not_found");
    for name in ["secret-group", &secret] {
        let hidden = put(&world, "jill", &format!("{ON}/{name}"), body.clone()).await;
        assert_eq!((hidden.status, hidden.text), (missing.status, missing.text.clone()), "{name}");
    }
}

#[tokio::test]
async fn limits() {
    let world = world();
    let mut options = world.server.store().settings().options.clone();
    (options.team_groups_max, options.member_groups_max) = (2, 1);
    let operator = Actor::operator(system::now());
    world.server.transaction(|store| store.change_settings(operator, options.clone())).unwrap();
    for name in ["one", "two"] {
        world.does("ada", "POST", GROUPS, json!({ "name": name }), CREATED).await;
    }
    let told = world.ask("ada", "POST", GROUPS, json!({ "name": "three" })).await.refused(422, "invalid_params");
    assert_eq!(told, "team `acme-widgets` is limited to 2 groups; this would make 3");
    let on = |group: &str| format!("{GROUPS}/{group}/members/joe@acme.com");
    world.does("ada", "PUT", &on("one"), Value::Null, OK).await;
    let told = put(&world, "ada", &on("two"), Value::Null).await.refused(422, "invalid_params");
    assert_eq!(told, "user `joe@acme.com` is limited to 1 groups of team `acme-widgets`; this would make 2");
}

/// No field is passed over, and none is read as another.
#[tokio::test]
async fn bodies() {
    let world = grouped().await;
    let before = world.server.store().clone();
    let (backend, on) = (format!("{GROUPS}/backend"), format!("{ON}/backend"));
    let member = format!("{backend}/members/vera@acme.com");
    for (method, path, body, says) in [
        ("POST", GROUPS, json!({}), "`name` is missing"),
        ("POST", GROUPS, json!({ "name": "new", "members": [] }), "unknown field `members`"),
        ("POST", GROUPS, json!({ "name": 1 }), "invalid type"),
        ("PATCH", &*backend, json!({ "id": "x" }), "unknown field `id`"),
        ("PUT", &*member, json!({ "role": "admin" }), "unknown field `role`"),
        ("PUT", &*on, json!({}), "`permissions` is missing"),
        ("PUT", &*on, json!({ "permissions": "deploy" }), "invalid type"),
        ("PUT", &*on, json!({ "permissions": ["deploy"], "silent": true }), "unknown field `silent`"),
    ] {
        let told = world.ask("ada", method, path, body).await.refused(422, "invalid_params");
        assert!(told.contains(says), "{method} {path}: {told}");
    }
    let range = world.request("ada", "GET", GROUPS).header("range", "name ..; order=desc").body(Body::empty()).unwrap();
    world.send(range).await.refused(416, "requested_range_not_satisfiable");
    let second = world.request("ada", "GET", GROUPS).header("accept", "application/json; version=2");
    assert_eq!(world.send(second.body(Body::empty()).unwrap()).await.status, 406);
    assert!(*world.server.store() == before);
}

/// What a third-party client may, its user may; where a team shuts it out, it is shut out here too (SEC-1).
#[tokio::test]
async fn a_third_party() {
    let world = grouped().await;
    let ada = world.user("ada@acme.com");
    let client = Some(ClientId::from_uuid(Uuid::from_u128(7)));
    let new = NewToken { user: ada, client, description: String::new(), lasts: None };
    let (_, token) = world.server.tokens().issue(new, system::now()).unwrap();
    let ask = async |method: &str, path: &str, body: &Value| {
        world.send(request_with(&token, method, path).body(Body::from(body.to_string())).unwrap()).await
    };
    let asks = [
        ("GET", GROUPS.to_owned(), json!({})),
        ("POST", GROUPS.to_owned(), json!({ "name": "by-client" })),
        ("GET", format!("{GROUPS}/backend"), json!({})),
        ("PATCH", format!("{GROUPS}/backend"), json!({ "name": "backend" })),
        ("GET", format!("{GROUPS}/backend/members"), json!({})),
        ("PUT", format!("{GROUPS}/backend/members/joe@acme.com"), json!({})),
        ("GET", format!("{GROUPS}/backend/apps"), json!({})),
        ("GET", ON.to_owned(), json!({})),
        ("PUT", format!("{ON}/backend"), json!({ "permissions": ["deploy"] })),
    ];
    for (method, path, body) in &asks {
        assert!(ask(method, path, body).await.status < 300, "{method} {path}");
    }
    let owner = Actor::user(ada, system::now());
    let acme = world.server.store().team_id(owner, "acme-widgets".parse().unwrap()).unwrap();
    world.server.transaction(|store| store.set_oauth_access(owner, acme, OAuthAccess::Denied)).unwrap();
    let before = world.server.store().clone();
    let more = [
        ("DELETE", format!("{GROUPS}/backend/members/joe@acme.com"), json!({})),
        ("DELETE", format!("{ON}/backend"), json!({})),
        ("DELETE", format!("{GROUPS}/backend"), json!({})),
    ];
    for (method, path, body) in asks.iter().chain(&more) {
        let reply = ask(method, path, body).await;
        reply.refused(403, "forbidden");
        assert!(reply.text.contains("/errors/oauth-denied"), "{method} {path}: {reply:?}");
    }
    assert!(*world.server.store() == before);
}

/// A part of a list at a time, as elsewhere.
#[tokio::test]
async fn part_by_part() {
    let world = grouped().await;
    for name in ["alpha", "gamma"] {
        world.does("ada", "POST", GROUPS, json!({ "name": name }), CREATED).await;
    }
    world.does("ada", "POST", "/teams/apps", json!({ "name": "apple", "team": "acme-widgets" }), CREATED).await;
    world.does("ada", "PUT", "/x/apps/apple/groups/backend", json!({ "permissions": [] }), OK).await;
    world.does("ada", "PUT", &format!("{GROUPS}/backend/members/ada@acme.com"), Value::Null, OK).await;
    for (path, key, expected) in [
        (GROUPS, "/name", &["alpha", "backend", "gamma"][..]),
        (&format!("{GROUPS}/backend/members"), "/user/email", &["ada@acme.com", "joe@acme.com"]),
        (&format!("{GROUPS}/backend/apps"), "/app/name", &["acme-website", "apple"]),
    ] {
        let (mut found, mut range) = (Vec::new(), Some("name ..; max=1".to_owned()));
        while let Some(asked) = range {
            let part = world.request("ada", "GET", path).header("range", asked).body(Body::empty()).unwrap();
            let reply = world.send(part).await;
            let list = reply.json();
            found.extend(list.as_array().unwrap().iter().map(|one| one.pointer(key).unwrap().clone()));
            range = reply.header("next-range").map(str::to_owned);
            assert_eq!(reply.status, if range.is_some() { 206 } else { 200 });
        }
        assert_eq!(json!(found), json!(expected), "{path}");
    }
}

/// What a group gives is seen where decisions are asked for, and so is that somebody was put out of it.
#[tokio::test]
async fn decisions_through_groups() {
    let world = grouped().await;
    let vera = format!("{GROUPS}/backend/members/vera@acme.com");
    let asked = json!({
        "subject": { "type": "user", "id": "vera@acme.com" },
        "action": { "name": "push-code" },
        "resource": { "type": "app", "id": "acme-website" },
    });
    let decision = async || world.ask("ada", "POST", "/access/v1/evaluation", asked.clone()).await.json();
    let who = async || {
        let body = json!({
            "subject": { "type": "user" },
            "action": { "name": "push-code" },
            "resource": { "type": "app", "id": "acme-website" },
        });
        let found = world.ask("ada", "POST", "/access/v1/search/subject", body).await.json();
        found["results"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!((decision().await["decision"].clone(), who().await.len()), (json!(false), 2));
    world.does("ada", "PUT", &vera, Value::Null, OK).await;
    let yes = decision().await;
    assert_eq!((&yes["decision"], &yes["context"]["held"]["permissions"]), (&json!(true), &json!(["view", "deploy"])));
    assert!(yes["context"]["reason_user"]["en"].as_str().unwrap().contains("`backend`"), "{yes}");
    assert_eq!(who().await.len(), 3);
    world.does("ada", "DELETE", &vera, Value::Null, OK).await;
    assert_eq!((decision().await["decision"].clone(), who().await.len()), (json!(false), 2));
}

/// The endpoints of the public schema show of groups what somebody holds through them, and nothing else: who is on the app by a group
/// alone is no collaborator.
#[tokio::test]
async fn clients_see_what_they_always_saw() {
    let world = grouped().await;
    world.does("ada", "PUT", &format!("{GROUPS}/backend/members/vera@acme.com"), Value::Null, OK).await;
    world.does("ada", "PUT", &format!("{ON}/backend"), json!({ "permissions": ["operate"] }), OK).await;
    let list = world.get("ada", "/teams/apps/acme-website/collaborators").await;
    let list_of = |reply: &Reply| -> Vec<(String, usize)> {
        let list = reply.json();
        let one = |one: &Value| {
            (one["user"]["email"].as_str().unwrap().to_owned(), one["permissions"].as_array().unwrap().len())
        };
        list.as_array().unwrap().iter().map(one).collect()
    };
    let expected = [("jill@creativeinc.com".to_owned(), 1), ("joe@acme.com".to_owned(), 3)];
    assert_eq!(list_of(&list), expected);
    for path in ["/teams/acme-widgets", "/apps/acme-website", "/teams/acme-widgets/members", "/account"] {
        let text = world.get("ada", path).await.text;
        assert!(!text.contains("group") && !text.contains("backend"), "{path}: {text}");
    }
}
