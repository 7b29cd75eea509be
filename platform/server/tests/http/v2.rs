//! Version 2 of apps and collaborators, and which version a request gets.

use std::sync::Arc;

use axum::body::Body;
use enterprise_teams::{Actor, NewApp, NewTeam, NewUser, Settings, TeamStore, chrono::DateTime};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support::{Reply, World, world, world_of};

const NULL: Value = Value::Null;

/// Asked as clients of 2014 ask, with the parameters in the query.
async fn told(world: &World, who: &str, method: &str, path: &str) -> Reply {
    let request = world.request(who, method, path).header("accept", "application/json");
    world.send(request.body(Body::empty()).unwrap()).await
}

async fn asks(world: &World, who: &str, method: &str, path: &str, status: u16) -> Value {
    let reply = told(world, who, method, path).await;
    assert_eq!(reply.status, status, "{who} {method} {path}: {reply:?}");
    reply.json()
}

async fn refused(world: &World, who: &str, method: &str, path: &str, status: u16, message: &str) {
    assert_eq!(asks(world, who, method, path, status).await["message"], message, "{who} {method} {path}");
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|app| app["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn apps() {
    let world = world();
    // What is not chosen is sent without a value.
    let apple =
        asks(&world, "joe", "POST", "/apps?app[name]=apple&app[region]&app[stack]=cedar&app[locked]", 202).await;
    let fields = ["created_at", "updated_at", "id"].map(|key| apple[key].clone());
    let expected = json!({
        "id": fields[2], "name": "apple", "create_status": "complete", "created_at": fields[0], "updated_at": fields[1],
        "released_at": null, "owner_email": "joe@acme.com", "region": "us", "stack": "cedar", "repo_size": null,
        "slug_size": null, "web_url": "https://apple.herokuapp.com/", "git_url": "https://git.heroku.com/apple.git",
    });
    assert_eq!(apple, expected);
    assert!(fields.iter().all(Value::is_string), "{fields:?}");
    assert_eq!(asks(&world, "joe", "GET", "/apps/apple", 200).await, apple);
    let all = asks(&world, "joe", "GET", "/apps", 200).await;
    assert_eq!((names(&all), &all[1]), (vec!["acme-website", "apple"], &apple));
    assert_eq!(all[0]["owner_email"], "acme-widgets@herokumanager.com");
    assert_eq!(asks(&world, "nobody", "GET", "/apps", 200).await, json!([]));
    let drawn = asks(&world, "joe", "POST", "/apps", 202).await;
    assert_eq!(drawn["name"].as_str().unwrap().split('-').count(), 3);

    let pear = asks(&world, "joe", "PUT", "/apps/apple?app%5Bname%5D=pear", 200).await;
    assert_eq!((&pear["name"], &pear["id"]), (&json!("pear"), &apple["id"]));
    // What is so already, and nothing at all, is done.
    for query in ["app[name]=pear", "app[name]=", "app[name]", ""] {
        assert_eq!(asks(&world, "joe", "PUT", &format!("/apps/pear?{query}"), 200).await["name"], "pear");
    }
    refused(&world, "joe", "GET", "/apps/apple", 404, "Couldn't find that app.").await;
    refused(&world, "joe", "PUT", "/apps/pear?app[name]=acme-website", 422, "the app name `acme-website` is taken")
        .await;
    let only = "only holders of `manage` can rename app `acme-website`; user `joe@acme.com` does not hold it";
    refused(&world, "joe", "PUT", "/apps/acme-website?app[name]=plum", 403, only).await;
    for query in [
        "app[name]=A",
        "app[region]=eu",
        "app[locked]=true",
        "app[tier]",
        "name=plum",
        "app[name]=plum&app[name]=plum",
        "app[name]=%ff",
    ] {
        asks(&world, "joe", "POST", &format!("/apps?{query}"), 422).await;
    }
    for (method, path) in [
        ("GET", "/apps?page=2"),
        ("GET", "/apps/pear?x=1"),
        ("DELETE", "/apps/pear?confirm=plum"),
        ("PUT", "/apps/pear?app[tier]=production"),
        ("PUT", "/apps/pear?app[name]=plum&app[transfer_owner]=ada@acme.com"),
        ("GET", "/apps/pear/collaborators?x"),
    ] {
        asks(&world, "joe", method, path, 422).await;
    }
    assert_eq!(asks(&world, "joe", "DELETE", "/apps/pear", 200).await["name"], "pear");
    asks(&world, "joe", "GET", "/apps/pear", 404).await;
    asks(&world, "vera", "DELETE", "/apps/acme-website", 403).await;
}

#[tokio::test]
async fn new_owners() {
    let world = world();
    asks(&world, "joe", "POST", "/apps?app[name]=apple", 202).await;
    asks(&world, "joe", "POST", "/apps/apple/collaborators?collaborator[email]=jill@creativeinc.com", 201).await;
    // A user is asked; who owns the app is told by it.
    let asked = asks(&world, "joe", "PUT", "/apps/apple?app[transfer_owner]=jill%40creativeinc.com", 200).await;
    assert_eq!(asked["owner_email"], "joe@acme.com");
    let waiting = world.get("jill", "/account/app-transfers").await.json();
    assert_eq!((&waiting[0]["app"]["name"], &waiting[0]["state"]), (&json!("apple"), &json!("pending")));
    // An organization is not, nor is whoever gets an app of one.
    let given = asks(&world, "joe", "PUT", "/apps/apple?app[transfer_owner]=acme-widgets", 200).await;
    assert_eq!(given["owner_email"], "acme-widgets@herokumanager.com");
    let back = asks(&world, "ada", "PUT", "/apps/apple?app[transfer_owner]=joe@acme.com", 200).await;
    assert_eq!(back["owner_email"], "acme-widgets@herokumanager.com");
    assert_eq!(asks(&world, "joe", "GET", "/apps/apple", 200).await["owner_email"], "joe@acme.com");
    asks(&world, "ada", "GET", "/apps/apple", 404).await;
    refused(&world, "joe", "PUT", "/apps/apple?app[transfer_owner]=no@body.com", 404, "Couldn't find that user.").await;
    refused(&world, "joe", "PUT", "/apps/apple?app[transfer_owner]=acme-labs", 404, "Couldn't find that team.").await;
    asks(&world, "jill", "PUT", "/apps/acme-website?app[transfer_owner]=jill@creativeinc.com", 403).await;
}

#[tokio::test]
async fn collaborators() {
    let world = world();
    let path = "/apps/frozen-wave-4030/collaborators";
    assert_eq!(asks(&world, "sam", "GET", path, 200).await, json!([]));
    let jill = json!({ "email": "jill@creativeinc.com", "role": "collaborator" });
    let add = format!("{path}?collaborator[email]=jill%40creativeinc.com");
    assert_eq!(asks(&world, "max", "POST", &add, 201).await, jill);
    asks(&world, "max", "POST", &add, 409).await;
    assert_eq!(asks(&world, "jill", "GET", "/apps/frozen-wave-4030", 200).await["stack"], "heroku-24");
    assert_eq!(asks(&world, "max", "GET", path, 200).await, json!([jill]));
    asks(&world, "max", "DELETE", &format!("{path}/jill%40creativeinc.com"), 403).await;
    assert_eq!(asks(&world, "jill", "DELETE", &format!("{path}/jill%40creativeinc.com"), 200).await, json!({}));
    for gone in ["jill@creativeinc.com", "ada@acme.com", "no@body.com"] {
        refused(&world, "sam", "DELETE", &format!("{path}/{gone}"), 404, "Couldn't find that user.").await;
    }
    asks(&world, "sam", "POST", path, 422).await;
    asks(&world, "sam", "POST", &format!("{path}?collaborator[user]=x"), 422).await;
    refused(&world, "sam", "POST", &format!("{path}?collaborator[email]=no@body.com"), 404, "Couldn't find that user.")
        .await;

    asks(&world, "joe", "POST", "/apps?app[name]=apple", 202).await;
    let own = json!([{ "email": "joe@acme.com", "role": "owner" }]);
    assert_eq!(asks(&world, "joe", "GET", "/apps/apple/collaborators", 200).await, own);

    // Who manages an app from outside its team takes away whom they see on it.
    let grant = json!({ "permissions": ["manage"] });
    let place = "/teams/apps/acme-website/collaborators/jill@creativeinc.com";
    assert_eq!(world.ask("ada", "PATCH", place, grant).await.status, 200);
    assert_eq!(world.get("jill", "/users/joe@acme.com").await.status, 404);
    asks(&world, "jill", "DELETE", "/apps/acme-website/collaborators/joe@acme.com", 200).await;
    refused(
        &world,
        "jill",
        "DELETE",
        "/apps/acme-website/collaborators/vera@acme.com",
        404,
        "Couldn't find that user.",
    )
    .await;
}

/// Parameters come in the query, as a form, or as JSON.
#[tokio::test]
async fn parameters_in_the_body() {
    let world = world();
    let sends = async |method: &str, path: &str, said: &str, text: &str| {
        let request = world.request("joe", method, path).header("accept", "application/json");
        world.send(request.header("content-type", said).body(Body::from(text.to_owned())).unwrap()).await
    };
    let (form, json) = ("application/x-www-form-urlencoded", "application/json; charset=utf-8");
    for (path, said, text, name) in [
        ("/apps", form, "app[name]=one-app&app[stack]=", "one-app"),
        ("/apps", form, "app%5Bname%5D=two-app", "two-app"),
        ("/apps", json, "{\"app\": {\"name\": \"three-app\", \"locked\": false, \"region\": null}}", "three-app"),
        ("/apps?app[name]=four-app", json, "{\"app\": {\"stack\": \"cedar\"}}", "four-app"),
        ("/apps?app[name]=five-app", json, " ", "five-app"),
    ] {
        let reply = sends("POST", path, said, text).await;
        assert_eq!((reply.status, &reply.json()["name"]), (202, &json!(name)), "{text}");
    }
    let reply = sends("PUT", "/apps/one-app", form, "app[name]=six-app").await;
    assert_eq!((reply.status, &reply.json()["name"]), (200, &json!("six-app")));
    for (said, text, status) in [
        (json, "{", 400),
        (json, "[]", 422),
        (json, "{\"name\": \"seven-app\"}", 422),
        (json, "{\"app\": [\"seven-app\"]}", 422),
        (json, "{\"app\": {\"name\": [\"seven-app\"]}}", 422),
        (json, "{\"app\": {\"own\": 1}}", 422),
        ("text/plain", "app[name]=seven-app", 422),
        (form, "app[name]=%ff", 422),
    ] {
        let reply = sends("POST", "/apps", said, text).await;
        assert_eq!(reply.status, status, "{said} {text}: {reply:?}");
    }
    let reply = sends("POST", "/apps?app[name]=eight-app", form, "app[name]=eight-app").await;
    assert!(reply.refused(422, "invalid_params").contains("given twice"), "{reply:?}");
}

/// The Accept header says which version is asked for; what only one version has, the other does not answer.
#[tokio::test]
async fn versions() {
    let world = world();
    let get = async |accept: Option<&str>, method: &str, path: &str, body: Value| {
        let mut request = world.request("ada", method, path).header("content-type", "application/json");
        if let Some(accept) = accept {
            request = request.header("accept", accept);
        }
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        world.send(request.body(body).unwrap()).await
    };
    let (second, third) = ("application/vnd.heroku+json; version=2", "application/vnd.heroku+json; version=3");
    for (accept, is_second) in [
        (None, false),
        (Some("*/*"), false),
        (Some(third), false),
        (Some("application/vnd.heroku+json; version=3.sdk"), false),
        (Some("application/json, text/plain, */*"), false),
        (Some("application/json"), true),
        (Some(second), true),
        (Some("application/json; version=2"), true),
    ] {
        let app = get(accept, "GET", "/apps/acme-website", NULL).await.json();
        assert_eq!(app["owner_email"].is_string(), is_second, "{accept:?}");
        assert_eq!(app["owner"].is_object(), !is_second, "{accept:?}");
        // A client of 2014 asks for what version 2 does not have, too.
        let teams = get(accept, "GET", "/teams", NULL).await;
        let strict = is_second && accept != Some("application/json");
        assert_eq!(teams.status, if strict { 406 } else { 200 }, "{accept:?}");
    }
    for accept in ["application/vnd.heroku+json; version=1", "application/vnd.heroku+json; version=4"] {
        for path in ["/apps", "/apps/acme-website", "/teams", "/nothing"] {
            let reply = get(Some(accept), "GET", path, NULL).await;
            assert!(reply.refused(406, "bad_request").contains("version=3"), "{reply:?}");
        }
    }
    // A method that version 2 does not have, on a path that it has.
    let renamed = get(Some("application/json"), "PATCH", "/apps/acme-website", json!({ "name": "acme-site" })).await;
    assert_eq!((renamed.status, &renamed.json()["name"]), (200, &json!("acme-site")));
    assert_eq!(get(Some(second), "PATCH", "/apps/acme-site", json!({ "name": "acme-website" })).await.status, 406);
    assert_eq!(get(None, "PUT", "/apps/acme-site", NULL).await.status, 404);
    // Nobody is answered without a key.
    for (method, path) in [
        ("GET", "/apps"),
        ("POST", "/apps"),
        ("GET", "/apps/acme-site"),
        ("PUT", "/apps/acme-site"),
        ("DELETE", "/apps/acme-site"),
        ("GET", "/apps/acme-site/collaborators"),
        ("POST", "/apps/acme-site/collaborators"),
        ("DELETE", "/apps/acme-site/collaborators/joe@acme.com"),
    ] {
        let bare = axum::http::Request::builder().method(method).uri(path).header("accept", second);
        world.send(bare.body(Body::empty()).unwrap()).await.refused(401, "unauthorized");
    }
}

/// Whichever version answers, a request is counted once, under its route.
#[tokio::test]
async fn requests_are_counted_once() {
    let world = world();
    for (accept, method, path) in [
        ("application/json", "GET", "/apps/acme-website"),
        ("application/json", "PATCH", "/apps/acme-website"),
        ("application/json", "GET", "/teams"),
        ("application/json; version=2", "GET", "/apps"),
        ("application/json; version=2", "GET", "/spaces"),
        ("application/json; version=4", "GET", "/pipelines"),
        ("*/*", "GET", "/account"),
    ] {
        let request = world.request("joe", method, path).header("accept", accept);
        world.send(request.body(Body::empty()).unwrap()).await;
    }
    let request = axum::http::Request::builder().uri("/metrics").body(Body::empty()).unwrap();
    let told = platform_server::metrics(Arc::clone(&world.server)).oneshot(request).await.unwrap();
    let told = told.into_body().collect().await.unwrap().to_bytes();
    let told = std::str::from_utf8(&told).unwrap();
    let mut counted: Vec<&str> = told.lines().filter(|line| line.starts_with("teams_requests_total")).collect();
    counted.sort_unstable();
    let row = |method: &str, route: &str, status: u16, count: u8| {
        format!("teams_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}} {count}")
    };
    let expected = [
        row("GET", "", 406, 2),
        row("GET", "/account", 200, 1),
        row("GET", "/apps", 200, 1),
        row("GET", "/apps/{app}", 200, 1),
        row("GET", "/teams", 200, 1),
        row("PATCH", "/apps/{app}", 200, 1),
    ];
    assert_eq!(counted, expected);
}

/// An outsider is told the same of what is there as of what is not.
#[tokio::test]
async fn what_is_hidden() {
    let world = world();
    let before = world.server.store().clone();
    let id = world.get("ada", "/apps/acme-website").await.json()["id"].as_str().unwrap().to_owned();
    let none = "00000000-0000-0000-0000-000000000000";
    for (method, path) in [
        ("GET", "/apps/APP"),
        ("PUT", "/apps/APP?app[name]=plum"),
        ("PUT", "/apps/APP?app[transfer_owner]=USER"),
        ("DELETE", "/apps/APP"),
        ("GET", "/apps/APP/collaborators"),
        ("POST", "/apps/APP/collaborators?collaborator[email]=USER"),
        ("DELETE", "/apps/APP/collaborators/USER"),
    ] {
        for who in ["nobody", "sam"] {
            let mut answers = Vec::new();
            for (app, user) in
                [("acme-website", "joe@acme.com"), (&id, "joe@acme.com"), ("not-there", "no@body.com"), (none, none)]
            {
                let mut reply = told(&world, who, method, &path.replace("APP", app).replace("USER", user)).await;
                for changing in ["request-id", "ratelimit-remaining"] {
                    reply.headers.remove(changing);
                }
                answers.push((reply.status, reply.text, reply.headers));
            }
            assert_eq!(answers[0].0, 404, "{who} {method} {path}: {answers:?}");
            assert!(answers.iter().all(|answer| *answer == answers[0]), "{who} {method} {path}: {answers:#?}");
        }
    }
    assert!(*world.server.store() == before);
}

/// What the client asks for each command of the document of 2014, and the words of the answer that it prints.
#[tokio::test]
async fn the_document_of_2014() {
    let (at, seed) = (DateTime::UNIX_EPOCH, 0);
    let mut settings = Settings::from_seed(seed);
    settings.options.default_stack = "cedar".parse().unwrap();
    let (operator, mut store) = (Actor::operator(at), TeamStore::new(settings));
    let mut register = |email: &str| store.register_user(operator, NewUser::new(email.parse().unwrap())).unwrap();
    let [ada, joe, _, _] = ["ada@acme.com", "joe@acme.com", "vera@acme.com", "jill@creativeinc.com"].map(&mut register);
    for name in ["acme-widgets", "acme-inc"] {
        store.provision_team(operator, NewTeam::standard(name.parse().unwrap(), ada)).unwrap();
    }
    let acme = store.team_by_name(operator, "acme-widgets".parse().unwrap()).unwrap().id();
    let mut create = |by, app: NewApp, name: &str| {
        store.create_app(Actor::user(by, at), app.named(name.parse().unwrap())).unwrap();
    };
    create(ada, NewApp::in_team(acme), "acme-website");
    create(ada, NewApp::in_team(acme), "acme-website-staging");
    create(joe, NewApp::personal(), "deep-spring-4274");
    let world = world_of(&store);
    let v1 = async |who: &str, method: &str, path: &str, body: Value, status: u16| {
        let reply = world.ask(who, method, &format!("/v1/{path}"), body).await;
        assert_eq!(reply.status, status, "{method} {path}: {reply:?}");
        reply.json()
    };
    let owner = async |who: &str, app: &str| {
        asks(&world, who, "GET", &format!("/apps/{app}"), 200).await["owner_email"].as_str().unwrap().to_owned()
    };

    // heroku members:add joe@acme.com --org acme-widgets, and vera as admin.
    for (email, role) in [("joe@acme.com", "member"), ("vera@acme.com", "admin")] {
        let new = json!({ "email": email, "role": role });
        assert_eq!(v1("ada", "POST", "organization/acme-widgets/user", new.clone(), 201).await, new);
    }
    // heroku sharing:add jill@creativeinc.com --app acme-website
    assert_eq!(owner("joe", "acme-website").await, "acme-widgets@herokumanager.com");
    let members = v1("joe", "GET", "organization/acme-widgets/user", NULL, 200).await;
    assert!(!members.to_string().contains("jill"), "{members}");
    asks(&world, "joe", "POST", "/apps/acme-website/collaborators?collaborator[email]=jill%40creativeinc.com", 201)
        .await;
    // heroku sharing:transfer acme-widgets -a deep-spring-4274
    assert_eq!(owner("joe", "deep-spring-4274").await, "joe@acme.com");
    v1("joe", "PUT", "app/deep-spring-4274", json!({ "owner": "acme-widgets", "locked": "false" }), 200).await;
    assert_eq!(owner("vera", "deep-spring-4274").await, "acme-widgets@herokumanager.com");
    // heroku create --org acme-inc
    let new = json!({ "name": null, "region": null, "stack": null, "locked": null });
    let made = v1("ada", "POST", "organization/acme-inc/create-app", new, 201).await;
    assert_eq!((&made["stack"], &made["create_status"]), (&json!("cedar"), &json!("complete")));
    let name = made["name"].as_str().unwrap();
    assert_eq!(made["web_url"], format!("https://{name}.herokuapp.com/"));
    // heroku sharing:transfer vera@acme.com --app acme-website-staging
    let to = json!({ "owner": "vera@acme.com", "locked": "false" });
    assert_eq!(owner("ada", "acme-website-staging").await, "acme-widgets@herokumanager.com");
    v1("ada", "PUT", "app/acme-website-staging", to, 200).await;
    assert_eq!(owner("vera", "acme-website-staging").await, "vera@acme.com");
    asks(&world, "ada", "GET", "/apps/acme-website-staging", 404).await;
}
