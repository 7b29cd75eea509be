//! Roles of a team's own under `/x/`: who makes them, who has them, and what others are told (ROLE-1, ROLE-2).

use axum::body::Body;
use axum::http::StatusCode;
use enterprise_teams::entity::OAuthAccess;
use enterprise_teams::ids::ClientId;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{Actor, system};
use platform_server::NewToken;
use serde_json::{Value, json};

use crate::support::{Reply, World, request_with, world};

const OK: StatusCode = StatusCode::OK;
const CREATED: StatusCode = StatusCode::CREATED;
const ROLES: &str = "/x/teams/acme-widgets/roles";
const MEMBERS: &str = "/x/teams/acme-widgets/members";
const INVITATIONS: &str = "/x/teams/acme-widgets/invitations";
const DEFAULT: &str = "/x/teams/acme-widgets/default-role";

/// With a role of Acme's own, which vera has.
pub(crate) async fn with_billing() -> World {
    let world = world();
    let body = json!({ "name": "billing", "capabilities": ["view-invoices"] });
    world.does("ada", "POST", ROLES, body, CREATED).await;
    give(&world, "vera@acme.com", "billing").await;
    world
}

pub(crate) async fn give(world: &World, email: &str, role: &str) -> Value {
    world.does("ada", "PUT", MEMBERS, json!({ "email": email, "role": role }), OK).await
}

/// Each endpoint once, with success.
pub(crate) async fn every_endpoint(world: &World) {
    let body = json!({ "name": "billing", "capabilities": ["view-invoices", "manage-features"] });
    let made = world.does("ada", "POST", ROLES, body, CREATED).await;
    let team = world.get("ada", "/teams/acme-widgets").await.json();
    let (id, at) = (made["id"].clone(), made["created_at"].clone());
    let of = json!({ "id": team["id"], "name": "acme-widgets" });
    // What comes along is there too.
    let capabilities = json!(["view-team", "view-preferences", "view-features", "manage-features", "view-invoices"]);
    let expected = json!({
        "id": id, "name": "billing", "team": of, "capabilities": capabilities, "permissions": [], "members": 0,
        "created_at": at,
    });
    assert_eq!(made, expected);
    world.does("ada", "POST", ROLES, json!({ "name": "alpha" }), CREATED).await;
    let list = world.does("joe", "GET", ROLES, Value::Null, OK).await;
    assert_eq!((list[0]["name"].as_str(), &list[1]), (Some("alpha"), &made));
    let by_id = format!("/x/teams/{}/roles/{}", team["id"].as_str().unwrap(), id.as_str().unwrap());
    for path in [&by_id, &format!("{ROLES}/billing")] {
        assert_eq!(world.does("joe", "GET", path, Value::Null, OK).await, made);
        assert_eq!(world.does("ada", "PATCH", path, json!({}), OK).await, made);
        let same = json!({ "name": "billing", "permissions": [] });
        assert_eq!(world.does("ada", "PATCH", path, same, OK).await, made);
    }

    let member = give(world, "joe@acme.com", "billing").await;
    assert_eq!((&member["user"]["email"], &member["role"]), (&json!("joe@acme.com"), &json!("billing")));
    assert_eq!(give(world, "joe@acme.com", id.as_str().unwrap()).await, member);
    let listed = world.does("ada", "GET", MEMBERS, Value::Null, OK).await;
    assert!(listed.as_array().unwrap().contains(&member), "{listed}");
    // Somebody new, and back.
    assert_eq!(give(world, "max@acme-inc.com", "billing").await["role"], "billing");
    world.does("ada", "DELETE", "/teams/acme-widgets/members/max@acme-inc.com", Value::Null, OK).await;
    let own = world.does("joe", "GET", &format!("{ROLES}/billing"), Value::Null, OK).await;
    assert_eq!((&own["id"], &own["members"]), (&id, &Value::Null));
    assert_eq!(world.does("ada", "GET", &by_id, Value::Null, OK).await["members"], 1);

    let body = json!({ "name": "releases", "permissions": ["deploy"] });
    let changed = world.does("ada", "PATCH", &by_id, body, OK).await;
    assert_eq!((&changed["id"], &changed["name"]), (&id, &json!("releases")));
    assert_eq!(changed["permissions"], json!(["view", "deploy"]));
    assert!(changed["capabilities"].as_array().unwrap().contains(&json!("view-apps")), "{changed}");
    world.does("joe", "POST", "/apps/acme-website/releases", json!({ "description": "his" }), CREATED).await;

    let body = json!({ "email": "new@acme.com", "role": "releases" });
    let invited = world.does("ada", "PUT", INVITATIONS, body, OK).await;
    assert_eq!((&invited["email"], &invited["role"]), (&json!("new@acme.com"), &json!("releases")));
    let listed = world.does("ada", "GET", INVITATIONS, Value::Null, OK).await;
    assert!(listed.as_array().unwrap().contains(&invited), "{listed}");
    assert_eq!(world.does("vera", "GET", DEFAULT, Value::Null, OK).await, json!({ "role": "member" }));
    let body = json!({ "role": "releases" });
    assert_eq!(world.does("ada", "PUT", DEFAULT, body.clone(), OK).await, body);
    assert_eq!(world.does("ada", "GET", DEFAULT, Value::Null, OK).await, body);

    let told = world.ask("ada", "DELETE", &by_id, Value::Null).await.refused(409, "conflict");
    assert!(told.starts_with("role `releases` is in use: ") && told.contains("joe@acme.com"), "{told}");
    give(world, "joe@acme.com", "member").await;
    world.does("ada", "PUT", DEFAULT, json!({ "role": "member" }), OK).await;
    world.does("ada", "DELETE", "/teams/acme-widgets/invitations/new@acme.com", Value::Null, OK).await;
    let gone = world.does("ada", "DELETE", &by_id, Value::Null, OK).await;
    assert_eq!((&gone["id"], &gone["members"]), (&id, &json!(0)));
    world.get("ada", &by_id).await.refused(404, "not_found");
}

/// Each kind of refusal, with the rule behind it where it is the store's.
#[tokio::test]
async fn each_refusal() {
    let world = with_billing().await;
    for name in ["spare", "other"] {
        world.does("ada", "POST", ROLES, json!({ "name": name }), CREATED).await;
    }
    world.does("ada", "POST", "/x/teams/acme-labs/roles", json!({ "name": "labs-role" }), CREATED).await;
    let labs = world.get("ada", "/x/teams/acme-labs/roles/labs-role").await.json()["id"].as_str().unwrap().to_owned();
    let before = world.server.store().clone();
    let (billing, spare) = (format!("{ROLES}/billing"), format!("{ROLES}/spare"));
    let name = |name: &str| json!({ "name": name });
    let person = |role: &str| json!({ "email": "joe@acme.com", "role": role });
    let told = async |who: &str, method: &str, path: &str, body: Value, status: u16, id: &str, code: &str| {
        let reply = world.ask(who, method, path, body).await;
        reply.refused(status, id);
        let url = reply.json()["url"].as_str().unwrap_or_default().to_owned();
        assert_eq!(url.rsplit('/').next(), Some(code), "{who} {method} {path}: {reply:?}");
    };
    for (who, method, path, body, code) in [
        ("joe", "POST", ROLES, name("mine"), "only-admins-manage-roles"),
        ("joe", "PATCH", &*billing, name("mine"), "only-admins-manage-roles"),
        ("vera", "PATCH", &*billing, json!({ "permissions": ["manage"] }), "only-admins-manage-roles"),
        ("joe", "DELETE", &*billing, Value::Null, "only-admins-manage-roles"),
        ("joe", "PUT", MEMBERS, person("billing"), "only-admins-manage-members"),
        ("joe", "PUT", INVITATIONS, json!({ "email": "new@acme.com", "role": "billing" }), "only-admins-invite"),
        ("joe", "PUT", DEFAULT, json!({ "role": "billing" }), "only-admins-set-default-role"),
        ("jill", "GET", ROLES, Value::Null, "only-team-sees-roles"),
        ("jill", "GET", &*billing, Value::Null, "only-team-sees-roles"),
        ("jill", "GET", MEMBERS, Value::Null, "only-team-sees-access-list"),
        // Who has a role that does not show the others.
        ("vera", "GET", ROLES, Value::Null, "only-team-sees-roles"),
        ("vera", "GET", &*spare, Value::Null, "only-team-sees-roles"),
    ] {
        told(who, method, path, body, 403, "forbidden", code).await;
    }
    for (method, path, body, code) in [
        ("POST", ROLES, name("billing"), "role-name-taken"),
        ("POST", ROLES, name("viewer"), "role-name-taken"),
        ("POST", ROLES, name("No Name"), "role-name-invalid"),
        ("PATCH", &*spare, name("other"), "role-name-taken"),
        ("PATCH", &*spare, json!({ "capabilities": ["fly"] }), "capability-invalid"),
        ("PATCH", &*spare, json!({ "permissions": ["fly"] }), "permissions-invalid"),
        ("PATCH", &*spare, json!({ "capabilities": ["manage-users"] }), "capability-for-admins-alone"),
        // Whole or not at all.
        (
            "PATCH",
            &*spare,
            json!({ "name": "new-name", "capabilities": ["manage-roles"] }),
            "capability-for-admins-alone",
        ),
        ("PUT", MEMBERS, json!({ "email": "joe", "role": "billing" }), "email-invalid"),
    ] {
        told("ada", method, path, body, 422, "invalid_params", code).await;
    }
    told("sam", "POST", "/x/teams/acme-inc/roles", name("own"), 422, "invalid_params", "roles-in-standard-team").await;
    for (method, path, body, code) in [
        ("GET", &*format!("{ROLES}/none"), Value::Null, "role-not-found"),
        ("GET", &*format!("{ROLES}/No%20Name"), Value::Null, "role-not-found"),
        ("GET", "/x/teams/acme-labs/roles/billing", Value::Null, "role-not-found"),
        ("GET", &*format!("{ROLES}/{labs}"), Value::Null, "role-not-found"),
        ("PUT", MEMBERS, person("none"), "role-not-found"),
        ("PUT", MEMBERS, person(&labs), "role-not-found"),
        ("PUT", DEFAULT, json!({ "role": "labs-role" }), "role-not-found"),
        ("PUT", MEMBERS, json!({ "email": "no@body.com", "role": "billing" }), "user-not-found"),
    ] {
        told("ada", method, path, body, 404, "not_found", code).await;
    }
    told("ada", "DELETE", &billing, Value::Null, 409, "conflict", "role-in-use").await;
    told(
        "ada",
        "PUT",
        MEMBERS,
        json!({ "email": "ada@acme.com", "role": "billing" }),
        409,
        "conflict",
        "cannot-demote-last-admin",
    )
    .await;
    assert!(*world.server.store() == before);
}

/// No field is passed over, and none is read as another.
#[tokio::test]
async fn bodies() {
    let world = with_billing().await;
    let before = world.server.store().clone();
    let billing = format!("{ROLES}/billing");
    for (method, path, body, says) in [
        ("POST", ROLES, json!({}), "`name` is missing"),
        ("POST", ROLES, json!({ "name": "new", "members": [] }), "unknown field `members`"),
        ("POST", ROLES, json!({ "name": 1 }), "invalid type"),
        ("PATCH", &*billing, json!({ "id": "x" }), "unknown field `id`"),
        ("PATCH", &*billing, json!({ "capabilities": "view-apps" }), "invalid type"),
        ("PUT", MEMBERS, json!({ "role": "billing" }), "`email` is missing"),
        ("PUT", MEMBERS, json!({ "email": "joe@acme.com" }), "`role` is missing"),
        ("PUT", MEMBERS, json!({ "email": "joe@acme.com", "role": { "custom": "x" } }), "invalid type"),
        ("PUT", INVITATIONS, json!({ "email": "new@acme.com" }), "`role` is missing"),
        ("PUT", DEFAULT, json!({}), "`role` is missing"),
        ("PUT", DEFAULT, json!({ "role": "member", "silent": true }), "unknown field `silent`"),
    ] {
        let told = world.ask("ada", method, path, body).await.refused(422, "invalid_params");
        assert!(told.contains(says), "{method} {path}: {told}");
    }
    assert!(*world.server.store() == before);
}

#[tokio::test]
async fn limits() {
    let world = world();
    let mut options = world.server.store().settings().options.clone();
    options.team_roles_max = 1;
    let operator = Actor::operator(system::now());
    world.server.transaction(|store| store.change_settings(operator, options.clone())).unwrap();
    world.does("ada", "POST", ROLES, json!({ "name": "one" }), CREATED).await;
    let told = world.ask("ada", "POST", ROLES, json!({ "name": "two" })).await.refused(422, "invalid_params");
    assert_eq!(told, "team `acme-widgets` is limited to 1 roles of its own; this would make 2");
}

/// Who does not list the team's roles knows their own by name, and of another its id alone; who sees the people sees their roles.
#[tokio::test]
async fn what_another_role_is_called_is_for_whoever_sees_it() {
    let world = with_billing().await;
    let made = world.does("ada", "POST", ROLES, json!({ "name": "quiet-role" }), CREATED).await;
    let id = made["id"].clone();
    give(&world, "joe@acme.com", "quiet-role").await;
    let invited = json!({ "email": "new@acme.com", "role": "quiet-role" });
    world.does("ada", "PUT", INVITATIONS, invited, OK).await;
    world.does("ada", "PUT", DEFAULT, json!({ "role": "quiet-role" }), OK).await;

    assert_eq!(world.does("vera", "GET", DEFAULT, Value::Null, OK).await, json!({ "role": id }));
    for path in [MEMBERS, INVITATIONS, DEFAULT, ROLES] {
        let reply = world.get("vera", path).await;
        assert!(!reply.text.contains("quiet-role") && (path == DEFAULT) == (reply.status == 200), "{path}: {reply:?}");
    }
    let sees = json!({ "capabilities": ["view-users", "view-invitations"] });
    world.does("ada", "PATCH", &format!("{ROLES}/billing"), sees, OK).await;
    let people = world.does("vera", "GET", MEMBERS, Value::Null, OK).await;
    let role = |email: &str| {
        let found = people.as_array().unwrap().iter().find(|one| one["user"]["email"] == email);
        found.unwrap()["role"].clone()
    };
    assert_eq!([role("vera@acme.com"), role("joe@acme.com"), role("ada@acme.com")], ["billing", "quiet-role", "admin"]);
    let invitations = world.does("vera", "GET", INVITATIONS, Value::Null, OK).await;
    assert_eq!((&invitations[0]["email"], &invitations[0]["role"]), (&json!("new@acme.com"), &json!("quiet-role")));
    assert_eq!(world.does("vera", "GET", DEFAULT, Value::Null, OK).await, json!({ "role": "quiet-role" }));
}

/// A part of a list at a time, as elsewhere.
#[tokio::test]
async fn part_by_part() {
    let world = with_billing().await;
    for name in ["alpha", "gamma"] {
        world.does("ada", "POST", ROLES, json!({ "name": name }), CREATED).await;
    }
    let people = ["ada@acme.com", "jill@creativeinc.com", "joe@acme.com", "vera@acme.com"];
    for (path, key, expected) in
        [(ROLES, "/name", &["alpha", "billing", "gamma"][..]), (MEMBERS, "/user/email", &people[..])]
    {
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

/// What a third-party client may, its user may; where a team shuts it out, it is shut out here too (SEC-1).
#[tokio::test]
async fn a_third_party() {
    let world = with_billing().await;
    let ada = world.user("ada@acme.com");
    let client = Some(ClientId::from_uuid(Uuid::from_u128(7)));
    let new = NewToken { user: ada, client, description: String::new(), lasts: None };
    let (_, token) = world.server.tokens().issue(new, system::now()).unwrap();
    let ask = async |method: &str, path: &str, body: &Value| {
        world.send(request_with(&token, method, path).body(Body::from(body.to_string())).unwrap()).await
    };
    let asks = [
        ("GET", ROLES.to_owned(), json!({})),
        ("POST", ROLES.to_owned(), json!({ "name": "by-client" })),
        ("GET", format!("{ROLES}/billing"), json!({})),
        ("PATCH", format!("{ROLES}/billing"), json!({ "name": "billing" })),
        ("GET", MEMBERS.to_owned(), json!({})),
        ("PUT", MEMBERS.to_owned(), json!({ "email": "vera@acme.com", "role": "billing" })),
        ("GET", INVITATIONS.to_owned(), json!({})),
        ("PUT", INVITATIONS.to_owned(), json!({ "email": "new@acme.com", "role": "billing" })),
        ("GET", DEFAULT.to_owned(), json!({})),
        ("PUT", DEFAULT.to_owned(), json!({ "role": "billing" })),
    ];
    for (method, path, body) in &asks {
        assert!(ask(method, path, body).await.status < 300, "{method} {path}");
    }
    let owner = Actor::user(ada, system::now());
    let acme = world.server.store().team_id(owner, "acme-widgets".parse().unwrap()).unwrap();
    world.server.transaction(|store| store.set_oauth_access(owner, acme, OAuthAccess::Denied)).unwrap();
    let before = world.server.store().clone();
    for (method, path, body) in asks.iter().chain(&[("DELETE", format!("{ROLES}/billing"), json!({}))]) {
        let reply = ask(method, path, body).await;
        reply.refused(403, "forbidden");
        assert!(reply.text.contains("/errors/oauth-denied"), "{method} {path}: {reply:?}");
    }
    assert!(*world.server.store() == before);
}

/// What a role gives is seen where decisions are asked for, and a change of it counts at once.
#[tokio::test]
async fn decisions_through_roles() {
    let world = with_billing().await;
    let asked = json!({
        "subject": { "type": "user", "id": "vera@acme.com" },
        "action": { "name": "push-code" },
        "resource": { "type": "app", "id": "acme-website" },
    });
    let decision = async || world.ask("ada", "POST", "/access/v1/evaluation", asked.clone()).await.json();
    assert_eq!(decision().await["decision"], false);
    let body = json!({ "permissions": ["deploy"] });
    world.does("ada", "PATCH", &format!("{ROLES}/billing"), body, OK).await;
    let yes = decision().await;
    assert_eq!((&yes["decision"], &yes["context"]["held"]["permissions"]), (&json!(true), &json!(["view", "deploy"])));
    assert!(yes["context"]["reason_user"]["en"].as_str().unwrap().contains("`billing`"), "{yes}");
}

/// The endpoints of the public schema show whoever has such a role as a member, and change it like any other.
#[tokio::test]
async fn clients_see_what_they_always_saw() {
    let world = with_billing().await;
    world.does("ada", "PUT", INVITATIONS, json!({ "email": "new@acme.com", "role": "billing" }), OK).await;
    world.does("ada", "PUT", DEFAULT, json!({ "role": "billing" }), OK).await;
    let role = |reply: Reply| reply.json()["role"].clone();
    assert_eq!(role(world.get("vera", "/teams/acme-widgets").await), "member");
    let list = world.get("ada", "/teams/acme-widgets/members").await.json();
    let vera = list.as_array().unwrap().iter().find(|one| one["email"] == "vera@acme.com").unwrap();
    assert_eq!(vera["role"], "member");
    assert_eq!(world.get("ada", "/teams/acme-widgets/invitations").await.json()[0]["role"], "member");
    let preferences = world.get("ada", "/teams/acme-widgets/preferences").await.json();
    assert_eq!(preferences["default-permission"], "member");
    assert_eq!(world.get("vera", "/teams").await.json()[0]["role"], "member");
    for path in ["/teams/acme-widgets", "/teams/acme-widgets/members", "/teams/acme-widgets/invitations", "/account"] {
        let text = world.get("ada", path).await.text;
        assert!(!text.contains("custom") && !text.contains("billing"), "{path}: {text}");
    }
    // To a client that gives her another, hers is one like any other.
    let body = json!({ "email": "vera@acme.com", "role": "member" });
    assert_eq!(world.does("ada", "PUT", "/teams/acme-widgets/members", body, OK).await["role"], "member");
    let list = world.get("ada", MEMBERS).await.json();
    let vera = list.as_array().unwrap().iter().find(|one| one["user"]["email"] == "vera@acme.com").unwrap();
    assert_eq!(vera["role"], "member");
    assert_eq!(world.get("ada", &format!("{ROLES}/billing")).await.json()["members"], 0);
}
