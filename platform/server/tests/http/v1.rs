//! Organizations, as the client of 2014 asks for them.

use axum::body::Body;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::support::{Reply, World, world};

const NULL: Value = Value::Null;

fn members(who: &[(&str, &str)]) -> Value {
    who.iter().map(|(email, role)| json!({ "email": email, "role": role })).collect()
}

/// Asked with this status, an empty body where that status has none.
async fn asks(world: &World, who: &str, method: &str, path: &str, body: Value, status: u16) -> Value {
    let reply = world.ask(who, method, &format!("/v1/{path}"), body).await;
    assert_eq!(reply.status, status, "{who} {method} {path}: {reply:?}");
    if [204, 302, 304].contains(&status) {
        assert_eq!((reply.text.as_str(), reply.header("content-type")), ("", None), "{method} {path}");
        return NULL;
    }
    reply.json()
}

async fn refused(world: &World, who: &str, method: &str, path: &str, body: Value, status: u16, message: &str) {
    let told = asks(world, who, method, path, body, status).await;
    assert_eq!(told["message"], message, "{who} {method} {path}");
}

#[tokio::test]
async fn who_is_in_which_organization() {
    let world = world();
    let info = asks(&world, "ada", "GET", "user/info", NULL, 200).await;
    let expected = json!({
        "user": { "email": "ada@acme.com", "default_organization": null },
        "organizations": [
            { "organization_name": "acme-labs", "role": "admin" },
            { "organization_name": "acme-ops", "role": "admin" },
            { "organization_name": "acme-widgets", "role": "admin" },
        ],
    });
    assert_eq!(info, expected);
    let roles = |info: Value| info["organizations"].as_array().unwrap().iter().map(|one| one["role"].clone()).collect();
    let of = async |who: &str| -> Vec<Value> { roles(asks(&world, who, "GET", "user/info", NULL, 200).await) };
    assert_eq!((of("joe").await, of("vera").await), (vec![json!("member")], vec![json!("viewer")]));
    // A collaborator is in no organization, and that is no error.
    assert_eq!((of("jill").await, of("nobody").await), (vec![], vec![]));

    // There is no default.
    let default = |name: &str| json!({ "default_organization": name });
    let problem = "`default_organization` cannot be chosen: name the organization in each command";
    let path = "user/default-organization";
    refused(&world, "ada", "POST", path, default("acme-ops"), 422, problem).await;
    refused(&world, "nobody", "POST", path, default("acme-ops"), 404, "Couldn't find that team.").await;
    asks(&world, "ada", "DELETE", path, NULL, 204).await;

    // The key is the password of a user without a name.
    let credentials = BASE64_STANDARD.encode(format!(":{}", world.token("joe")));
    let request =
        axum::http::Request::builder().uri("/v1/user/info").header("authorization", format!("Basic {credentials}"));
    assert_eq!(world.send(request.body(Body::empty()).unwrap()).await.json()["user"]["email"], "joe@acme.com");
}

#[tokio::test]
async fn members_of_an_organization() {
    let world = world();
    let path = "organization/acme-inc/user";
    let before = [("max@acme-inc.com", "member"), ("sam@acme-inc.com", "admin")];
    assert_eq!(asks(&world, "max", "GET", path, NULL, 200).await, members(&before));

    let new = |email: &str, role: &str| json!({ "email": email, "role": role });
    let joe = asks(&world, "sam", "POST", path, new("joe@acme.com", "member"), 201).await;
    assert_eq!(joe, new("joe@acme.com", "member"));
    // Whoever is in it already is changed by the client, where the answer leads.
    let own = format!("{path}/joe%40acme.com");
    for role in ["member", "admin"] {
        let reply = world.ask("sam", "POST", &format!("/v1/{path}"), new("joe@acme.com", role)).await;
        assert_eq!((reply.status, reply.text.as_str()), (302, ""));
        let place = reply.header("location").unwrap().trim_start_matches("/v1/").to_owned();
        let status = if role == "member" { 304 } else { 200 };
        asks(&world, "sam", "PUT", &place, json!({ "role": role }), status).await;
    }
    assert_eq!(asks(&world, "sam", "PUT", &own, json!({ "role": "member" }), 200).await, new("joe@acme.com", "member"));
    asks(&world, "sam", "PUT", &own, json!({ "role": "member" }), 304).await;
    let now = [("joe@acme.com", "member"), before[0], before[1]];
    assert_eq!(asks(&world, "joe", "GET", path, NULL, 200).await, members(&now));

    let only = "only admins can manage the members of team `acme-inc`; user `max@acme-inc.com` is not an admin";
    let only_invite = "only admins can invite people to team `acme-inc`; user `max@acme-inc.com` is not an admin";
    // Who may not add anybody is not led to who is there.
    refused(&world, "max", "POST", path, new("joe@acme.com", "member"), 403, only).await;
    refused(&world, "max", "PUT", &own, json!({ "role": "member" }), 403, only).await;
    refused(&world, "max", "DELETE", &own, NULL, 403, only).await;
    // Who is no user yet is invited.
    let invited = asks(&world, "sam", "POST", path, new("no@body.com", "member"), 201).await;
    assert_eq!(invited, new("no@body.com", "member"));
    refused(&world, "max", "POST", path, new("some@body.com", "member"), 403, only_invite).await;
    let invitations = world.get("sam", "/teams/acme-inc/invitations").await.json();
    assert_eq!(invitations[0]["user"]["email"], "no@body.com");
    assert_eq!(world.ask("sam", "DELETE", "/teams/acme-inc/members/no@body.com", NULL).await.status, 200);
    for role in ["viewer", "collaborator", "owner", ""] {
        asks(&world, "sam", "POST", path, new("jill@creativeinc.com", role), 422).await;
        asks(&world, "sam", "PUT", &own, json!({ "role": role }), 422).await;
    }
    for user in ["ada@acme.com", "no@body.com"] {
        for (method, body) in [("PUT", json!({ "role": "admin" })), ("DELETE", NULL)] {
            refused(&world, "sam", method, &format!("{path}/{user}"), body, 404, "Couldn't find that user.").await;
        }
    }
    let last = "user `sam@acme-inc.com` is the last admin of team `acme-inc` and cannot leave";
    refused(&world, "sam", "DELETE", &format!("{path}/sam@acme-inc.com"), NULL, 409, last).await;
    asks(&world, "sam", "DELETE", &own, NULL, 204).await;
    asks(&world, "max", "DELETE", &format!("{path}/max%40acme-inc.com"), NULL, 204).await;
    assert_eq!(asks(&world, "sam", "GET", path, NULL, 200).await, members(&before[1..]));

    // Collaborators are listed, and do not list.
    let all = asks(&world, "vera", "GET", "organization/acme-widgets/user", NULL, 200).await;
    assert_eq!(all[1], json!({ "email": "jill@creativeinc.com", "role": "collaborator" }));
    asks(&world, "jill", "GET", "organization/acme-widgets/user", NULL, 403).await;
}

#[tokio::test]
async fn apps_of_an_organization() {
    let world = world();
    let app = |name: &str, joined: bool, locked: bool| json!({ "name": name, "joined": joined, "locked": locked });
    let path = "organization/acme-widgets/app";
    assert_eq!(asks(&world, "joe", "GET", path, NULL, 200).await, json!([app("acme-website", true, false)]));
    assert_eq!(asks(&world, "vera", "GET", path, NULL, 200).await, json!([app("acme-website", false, false)]));
    asks(&world, "jill", "GET", path, NULL, 403).await;

    let create = "organization/acme-widgets/create-app";
    let body = json!({ "app_name": "apple", "region": null, "stack": "cedar", "locked": null });
    let apple = asks(&world, "joe", "POST", create, body, 201).await;
    let expected = json!({
        "name": "apple", "stack": "cedar", "region": "us", "locked": false, "create_status": "complete",
        "web_url": "https://apple.herokuapp.com/", "git_url": "https://git.heroku.com/apple.git",
    });
    assert_eq!(apple, expected);
    let body = json!({ "name": null, "region": "us", "stack": null, "locked": true });
    let drawn = asks(&world, "joe", "POST", create, body, 201).await;
    assert_eq!((drawn["name"].as_str().unwrap().split('-').count(), &drawn["locked"]), (3, &json!(true)));
    assert_eq!((&drawn["stack"], &drawn["create_status"]), (&json!("heroku-24"), &json!("complete")));
    let pear = asks(&world, "joe", "POST", create, json!({ "name": "pear" }), 201).await;
    assert_eq!(pear["name"], "pear");
    let taken = "the app name `pear` is taken";
    refused(&world, "joe", "POST", create, json!({ "app_name": "pear" }), 422, taken).await;
    let only = "only admins, members, and holders of a role with `create-apps`, can create apps in team `acme-widgets`; user `vera@acme.com` is none of these";
    refused(&world, "vera", "POST", create, json!({}), 403, only).await;
    for wrong in [
        json!({ "region": "eu" }),
        json!({ "app_name": "one", "name": "two" }),
        json!({ "name": "A" }),
        json!({ "tier": "production" }),
        json!({ "locked": "true" }),
        json!(["one", "two", null, null, null]),
    ] {
        asks(&world, "joe", "POST", create, wrong, 422).await;
    }

    // Lock, join and leave.
    assert_eq!(asks(&world, "joe", "POST", "app/apple/lock", NULL, 200).await, app("apple", true, true));
    refused(&world, "joe", "POST", "app/apple/lock", NULL, 409, "app `apple` is already locked").await;
    asks(&world, "joe", "DELETE", "app/apple/join", NULL, 204).await;
    let locked = "app `apple` is locked, so nobody can join it by themselves";
    refused(&world, "joe", "POST", "app/apple/join", NULL, 409, locked).await;
    let only = "only holders of `manage` can lock and unlock app `apple`; user `joe@acme.com` does not hold it";
    refused(&world, "joe", "DELETE", "app/apple/lock", NULL, 403, only).await;
    asks(&world, "ada", "DELETE", "app/apple/lock", NULL, 204).await;
    refused(&world, "ada", "DELETE", "app/apple/lock", NULL, 409, "app `apple` is not locked").await;
    assert_eq!(asks(&world, "joe", "POST", "app/apple/join", NULL, 200).await, app("apple", true, false));
    asks(&world, "joe", "DELETE", "app/apple/join", NULL, 204).await;
    asks(&world, "joe", "DELETE", "app/apple/join", NULL, 404).await;
}

#[tokio::test]
async fn transfers_of_apps() {
    let world = world();
    let to = |owner: &str, locked: Value| json!({ "owner": owner, "locked": locked });
    for (name, asked, locked) in
        [("one-app", json!("false"), false), ("two-app", json!(true), true), ("three-app", NULL, false)]
    {
        world.ask("joe", "POST", "/apps", json!({ "name": name })).await;
        let moved = asks(&world, "joe", "PUT", &format!("app/{name}"), to("acme-widgets", asked), 200).await;
        assert_eq!(moved, json!({ "name": name, "joined": true, "locked": locked }));
    }
    // A lock stays where none is asked for, and one that is there is no reason to refuse.
    for locked in [json!("false"), json!("true")] {
        let owner = if locked == "true" { "acme-widgets" } else { "acme-ops" };
        let moved = asks(&world, "ada", "PUT", "app/two-app", to(owner, locked), 200).await;
        assert_eq!(moved["locked"], true);
    }
    // To a user, out of sight.
    let before = asks(&world, "ada", "PUT", "app/one-app", to("joe@acme.com", json!("false")), 200).await;
    assert_eq!(before["name"], "one-app");
    asks(&world, "ada", "PUT", "app/one-app", to("joe@acme.com", json!("false")), 404).await;
    assert_eq!(world.get("joe", "/apps/one-app").await.json()["owner"]["email"], "joe@acme.com");

    for wrong in [json!("yes"), json!(1), json!([])] {
        asks(&world, "ada", "PUT", "app/three-app", to("acme-ops", wrong), 422).await;
    }
    refused(&world, "joe", "PUT", "app/three-app", to("acme-labs", NULL), 404, "Couldn't find that team.").await;
    asks(&world, "vera", "PUT", "app/three-app", to("acme-widgets", NULL), 403).await;
    // What cannot be locked is not moved either.
    world.ask("max", "POST", "/apps", json!({ "name": "maxs-own" })).await;
    asks(&world, "max", "PUT", "app/maxs-own", to("acme-inc", json!(true)), 403).await;
    assert_eq!(world.get("max", "/apps/maxs-own").await.json()["owner"]["email"], "max@acme-inc.com");
}

#[tokio::test]
async fn collaborators_in_an_organization() {
    let world = world();
    let path = "organization/acme-inc/app/frozen-wave-4030/collaborators";
    let add = |email: &str| json!({ "email": email });
    assert_eq!(asks(&world, "sam", "POST", path, add("jill@creativeinc.com"), 200).await, add("jill@creativeinc.com"));
    asks(&world, "sam", "POST", path, add("jill@creativeinc.com"), 409).await;
    asks(&world, "sam", "POST", path, add("max@acme-inc.com"), 200).await;
    refused(&world, "sam", "POST", path, add("no@body.com"), 404, "Couldn't find that user.").await;
    let own = format!("{path}/jill%40creativeinc.com");
    asks(&world, "max", "DELETE", &own, NULL, 403).await;
    assert_eq!(asks(&world, "sam", "DELETE", &own, NULL, 200).await, json!({}));
    for gone in ["jill@creativeinc.com", "ada@acme.com", "no@body.com"] {
        refused(&world, "sam", "DELETE", &format!("{path}/{gone}"), NULL, 404, "Couldn't find that user.").await;
    }
    // In an Enterprise Team permissions are chosen.
    let chosen = "organization/acme-widgets/app/acme-website/collaborators";
    asks(&world, "ada", "POST", chosen, add("max@acme-inc.com"), 422).await;
    // The app of another organization.
    let other = "organization/acme-labs/app/acme-website/collaborators";
    refused(&world, "ada", "POST", other, add("joe@acme.com"), 404, "Couldn't find that app.").await;
    refused(&world, "ada", "DELETE", &format!("{other}/joe@acme.com"), NULL, 404, "Couldn't find that app.").await;
}

/// Every request, with `TEAM`, `APP` and `USER` for names, and what it sends.
fn every_request() -> Vec<(&'static str, &'static str, Value)> {
    let email = json!({ "email": "USER" });
    vec![
        ("POST", "user/default-organization", json!({ "default_organization": "TEAM" })),
        ("GET", "organization/TEAM/user", NULL),
        ("POST", "organization/TEAM/user", json!({ "email": "USER", "role": "member" })),
        ("PUT", "organization/TEAM/user/USER", json!({ "role": "admin" })),
        ("DELETE", "organization/TEAM/user/USER", NULL),
        ("GET", "organization/TEAM/app", NULL),
        ("POST", "organization/TEAM/create-app", json!({ "name": "pear" })),
        ("POST", "organization/TEAM/app/APP/collaborators", email),
        ("DELETE", "organization/TEAM/app/APP/collaborators/USER", NULL),
        ("PUT", "app/APP", json!({ "owner": "TEAM", "locked": "false" })),
        ("POST", "app/APP/join", NULL),
        ("DELETE", "app/APP/join", NULL),
        ("POST", "app/APP/lock", NULL),
        ("DELETE", "app/APP/lock", NULL),
    ]
}

async fn told(world: &World, who: &str, names: [&str; 3], (method, path, body): (&str, &str, Value)) -> Reply {
    let with_names = |text: &str| {
        ["TEAM", "APP", "USER"].iter().zip(names).fold(text.to_owned(), |text, (key, name)| text.replace(key, name))
    };
    let body = serde_json::from_str(&with_names(&body.to_string())).unwrap();
    let mut reply = world.ask(who, method, &format!("/v1/{}", with_names(path)), body).await;
    for changing in ["request-id", "ratelimit-remaining"] {
        reply.headers.remove(changing);
    }
    reply
}

/// An outsider is told the same of what is there as of what is not.
#[tokio::test]
async fn what_is_hidden() {
    let world = world();
    let before = world.server.store().clone();
    let id = |path: &'static str| async {
        let found = world.get("ada", path).await.json();
        found["id"].as_str().unwrap().to_owned()
    };
    let (team, app, user) = (id("/teams/acme-widgets").await, id("/apps/acme-website").await, id("/users/~").await);
    let none = "00000000-0000-0000-0000-000000000000";
    for request in every_request() {
        for who in ["nobody", "sam"] {
            let fake = told(&world, who, ["not-there", "not-there", "no@body.com"], request.clone()).await;
            assert_eq!(fake.status, 404, "{request:?}: {fake:?}");
            let fake_id = told(&world, who, [none; 3], request.clone()).await;
            for real in [["acme-widgets", "acme-website", "joe@acme.com"], [&team, &app, &user]] {
                let real = told(&world, who, real, request.clone()).await;
                for fake in [&fake, &fake_id] {
                    let both = [&real, fake].map(|reply| (reply.status, &reply.text, &reply.headers));
                    assert_eq!(both[0], both[1], "{who}: {request:?}");
                }
            }
        }
    }
    // A collaborator of theirs is told the same of a member as of nobody.
    for request in [
        ("PUT", "organization/TEAM/user/USER", json!({ "role": "admin" })),
        ("DELETE", "organization/TEAM/user/USER", NULL),
    ] {
        let [real, fake] = [["acme-widgets", "", "joe@acme.com"], ["acme-widgets", "", "no@body.com"]];
        let (real, fake) =
            (told(&world, "jill", real, request.clone()).await, told(&world, "jill", fake, request.clone()).await);
        assert_eq!((real.status, real.text), (404, fake.text), "{request:?}");
    }
    assert!(*world.server.store() == before);
}

/// Nobody is answered without a key, and nothing but a JSON object is read.
#[tokio::test]
async fn requests_that_are_none() {
    let world = world();
    let before = world.server.store().clone();
    for (method, path, body) in every_request() {
        let path = path.replace("TEAM", "acme-widgets").replace("APP", "acme-website").replace("USER", "joe@acme.com");
        let bare = axum::http::Request::builder().method(method).uri(format!("/v1/{path}"));
        world.send(bare.body(Body::from(body.to_string())).unwrap()).await.refused(401, "unauthorized");
        if body.is_null() {
            continue;
        }
        let fields: Vec<&Value> = body.as_object().unwrap().values().collect();
        for wrong in [json!(fields), json!([]), json!("x"), json!({ "own": 1 })] {
            world.ask("ada", method, &format!("/v1/{path}"), wrong).await.refused(422, "invalid_params");
        }
    }
    for path in ["/v1", "/v1/", "/v1/user", "/v1/organization/acme-widgets", "/v1/app/acme-website"] {
        world.get("ada", path).await.refused(404, "not_found");
    }
    assert!(*world.server.store() == before);
}
