//! The AuthZEN Authorization API.

use axum::body::Body;
use enterprise_teams::demo::Demo;
use enterprise_teams::{Permission, policy::HostActions};
use serde_json::{Value, json};

use crate::support::{Reply, World, world, world_of};

fn asked(subject: &str, action: &str, app: &str) -> Value {
    json!({
        "subject": { "type": "user", "id": subject },
        "action": { "name": action },
        "resource": { "type": "app", "id": app },
    })
}

async fn post(world: &World, who: &str, path: &str, body: Value) -> Value {
    let reply = world.ask(who, "POST", &format!("/access/v1/{path}"), body).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()
}

fn ids(found: &Value, property: &str) -> Vec<String> {
    let results = found["results"].as_array().unwrap();
    results.iter().map(|one| one.pointer(property).unwrap().as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn decisions_with_their_reasons() {
    let world = world();
    let yes = post(&world, "joe", "evaluation", asked("~", "push-code", "acme-website")).await;
    let expected = json!({
        "decision": true,
        "context": {
            "rule": "PERM-3",
            "reason_user": {
                "en": "`joe@acme.com` may push-code on app `acme-website`: holds view, deploy as member of the team, with \
                       permissions on the app (PERM-3)",
            },
            "held": { "permissions": ["view", "deploy"], "through": "member of the team, with permissions on the app" },
        },
    });
    assert_eq!(yes, expected);
    let no = post(&world, "ada", "evaluation", asked("vera@acme.com", "push-code", "acme-website")).await;
    let expected = json!({
        "decision": false,
        "context": {
            "rule": "PERM-9",
            "code": "action-needs-permission",
            "needed": "a grant of the permission",
            "reason_user": {
                "en": "`vera@acme.com` may not push-code on app `acme-website`: holds view as viewer of the team; needs deploy \
                       (PERM-9); way out: ask `ada@acme.com` for a grant of the permission",
            },
            "held": { "permissions": ["view"], "through": "viewer of the team" },
        },
    });
    assert_eq!(no, expected);
    let team = json!({
        "subject": { "type": "user", "id": "joe@acme.com", "properties": { "department": "sales" } },
        "action": { "name": "create-apps", "properties": {} },
        "resource": { "type": "team", "id": "acme-widgets" },
        "context": { "time": "2026-11-22T00:00:00Z" },
    });
    assert_eq!(post(&world, "vera", "evaluation", team).await["decision"], true);
}

/// An error is a no; of what is hidden the same is told as of what is not there.
#[tokio::test]
async fn errors_are_decisions() {
    let world = world();
    let missing = |what: &str| {
        let error = json!({ "status": 404, "message": format!("Couldn't find that {what}.") });
        json!({ "decision": false, "context": { "error": error } })
    };
    for (who, body, expected) in [
        ("ada", asked("no@body.com", "push-code", "acme-website"), missing("user")),
        ("ada", asked("joe@acme.com", "push-code", "none"), missing("app")),
        ("nobody", asked("joe@acme.com", "push-code", "acme-website"), missing("app")),
        ("nobody", asked("~", "push-code", "acme-website"), missing("app")),
        ("nobody", asked("~", "push-code", "none"), missing("app")),
        ("sam", asked("00000000-0000-0000-0000-000000000000", "push-code", "frozen-wave-4030"), missing("user")),
    ] {
        assert_eq!(post(&world, who, "evaluation", body.clone()).await, expected, "{body}");
    }
    let status = |body: &Value| body["context"]["error"]["status"].clone();
    // A collaborator is not told what others may do.
    let others = post(&world, "jill", "evaluation", asked("joe@acme.com", "push-code", "acme-website")).await;
    assert_eq!((&others["decision"], status(&others)), (&json!(false), json!(403)));
    for (action, kind) in [("fly", "app"), ("create-apps", "app"), ("push-code", "team"), ("push-code", "planet")] {
        let mut body = asked("~", action, "acme-website");
        body["resource"] = json!({ "type": kind, "id": if kind == "app" { "acme-website" } else { "acme-widgets" } });
        let no = post(&world, "ada", "evaluation", body).await;
        assert_eq!((&no["decision"], status(&no)), (&json!(false), json!(422)), "{action} on {kind}");
    }
}

/// A host's own actions are asked and found like the published ones.
#[tokio::test]
async fn a_hosts_own_actions() {
    let Demo { mut store, operator, .. } = Demo::new().unwrap();
    let mut options = store.settings().options.clone();
    options.host_actions = HostActions::new([("wake".parse().unwrap(), Permission::Deploy.into())]).unwrap();
    store.change_settings(operator, options).unwrap();
    let world = world_of(&store);
    for (who, expected, rule) in [("~", true, "PERM-3"), ("vera@acme.com", false, "PERM-9")] {
        let told = post(&world, "joe", "evaluation", asked(who, "wake", "acme-website")).await;
        assert_eq!((&told["decision"], &told["context"]["rule"]), (&json!(expected), &json!(rule)));
    }
    let able = post(&world, "joe", "search/action", asked("~", "", "acme-website")).await;
    assert_eq!(ids(&able, "/name").last().unwrap(), "wake");
    let apps = post(&world, "joe", "search/resource", asked("~", "wake", "")).await;
    assert_eq!(ids(&apps, "/properties/name"), ["acme-website"]);
    let people = post(&world, "joe", "search/subject", asked("", "wake", "acme-website")).await;
    assert_eq!(ids(&people, "/properties/email"), ["ada@acme.com", "joe@acme.com"]);
}

#[tokio::test]
async fn batches() {
    let world = world();
    let ask = |semantic: Value| {
        json!({
            "subject": { "type": "user", "id": "joe@acme.com" },
            "resource": { "type": "app", "id": "acme-website" },
            "evaluations": [
                { "action": { "name": "push-code" } },
                { "action": { "name": "delete-app" } },
                { "action": { "name": "delete-app" }, "subject": { "type": "user", "id": "ada@acme.com" } },
            ],
            "options": semantic,
        })
    };
    let decisions = |found: Value| {
        let all = found["evaluations"].as_array().unwrap().clone();
        all.iter().map(|one| one["decision"].as_bool().unwrap()).collect::<Vec<_>>()
    };
    for (options, expected) in [
        (json!({}), &[true, false, true][..]),
        (json!({ "evaluations_semantic": "execute_all", "other": 1 }), &[true, false, true]),
        (json!({ "evaluations_semantic": "deny_on_first_deny" }), &[true, false]),
        (json!({ "evaluations_semantic": "permit_on_first_permit" }), &[true]),
    ] {
        assert_eq!(decisions(post(&world, "ada", "evaluations", ask(options)).await), expected);
    }
    // Without entries it is an evaluation.
    let one = asked("~", "push-code", "acme-website");
    assert_eq!(post(&world, "joe", "evaluations", one.clone()).await, post(&world, "joe", "evaluation", one).await);
}

#[tokio::test]
async fn searches() {
    let world = world();
    let search = |subject: Value, action: &str, resource: Value| json!({ "subject": subject, "action": { "name": action }, "resource": resource });
    let (user, website) = (json!({ "type": "user" }), json!({ "type": "app", "id": "acme-website" }));
    let found = post(&world, "vera", "search/subject", search(user.clone(), "push-code", website.clone())).await;
    assert_eq!(ids(&found, "/properties/email"), ["ada@acme.com", "joe@acme.com"]);
    assert_eq!(found["page"], json!({ "next_token": "", "count": 2 }));
    let team = json!({ "type": "team", "id": "acme-widgets" });
    let found = post(&world, "vera", "search/subject", search(user.clone(), "create-apps", team.clone())).await;
    assert_eq!(ids(&found, "/properties/email"), ["ada@acme.com", "joe@acme.com"]);
    let found =
        post(&world, "vera", "search/subject", search(json!({ "type": "robot" }), "push-code", website.clone())).await;
    assert_eq!(found["results"], json!([]));
    let refused = search(user, "push-code", website.clone());
    world.ask("jill", "POST", "/access/v1/search/subject", refused.clone()).await.refused(403, "forbidden");
    world.ask("nobody", "POST", "/access/v1/search/subject", refused).await.refused(404, "not_found");

    let joe = json!({ "type": "user", "id": "joe@acme.com" });
    let found =
        post(&world, "ada", "search/resource", search(joe.clone(), "push-code", json!({ "type": "app" }))).await;
    assert_eq!(ids(&found, "/properties/name"), ["acme-website"]);
    let found =
        post(&world, "ada", "search/resource", search(joe.clone(), "delete-app", json!({ "type": "app" }))).await;
    assert_eq!(found["results"], json!([]));
    let found =
        post(&world, "ada", "search/resource", search(joe.clone(), "create-apps", json!({ "type": "team" }))).await;
    assert_eq!(ids(&found, "/properties/name"), ["acme-widgets"]);
    // What jill does not see, she does not find.
    let found =
        post(&world, "jill", "search/resource", search(joe.clone(), "push-code", json!({ "type": "app" }))).await;
    assert_eq!(found["results"], json!([]));

    let actions = |who: &'static str, subject: Value, page: Value| {
        let body = json!({ "subject": subject, "resource": website, "page": page });
        post(&world, who, "search/action", body)
    };
    let all = actions("ada", joe.clone(), json!({})).await;
    let names = ids(&all, "/name");
    assert!(names.contains(&"push-code".to_owned()) && !names.contains(&"delete-app".to_owned()), "{names:?}");
    // Whatever is found is a yes.
    for name in &names {
        let yes = post(&world, "ada", "evaluation", asked("joe@acme.com", name, "acme-website")).await;
        assert_eq!(yes["decision"], true, "{name}");
    }
    let (mut paged, mut token) = (Vec::new(), String::new());
    loop {
        let found = actions("ada", joe.clone(), json!({ "token": token, "limit": 7 })).await;
        paged.extend(ids(&found, "/name"));
        token = found["page"]["next_token"].as_str().unwrap().to_owned();
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(paged, names);
}

#[tokio::test]
async fn pages_of_searches() {
    let world = world();
    for number in 0..5 {
        let body = json!({ "name": format!("app-{number}"), "team": "acme-widgets" });
        assert_eq!(world.ask("joe", "POST", "/teams/apps", body).await.status, 201);
    }
    let body = |page: Value| {
        json!({
            "subject": { "type": "user", "id": "joe@acme.com" }, "action": { "name": "push-code" },
            "resource": { "type": "app" }, "page": page,
        })
    };
    let whole = ids(&post(&world, "ada", "search/resource", body(json!({}))).await, "/properties/name");
    assert_eq!(whole.len(), 6);
    for key in ["token", "next_token"] {
        let (mut found, mut token) = (Vec::new(), String::new());
        loop {
            let page = post(&world, "ada", "search/resource", body(json!({ key: token, "limit": 2 }))).await;
            assert_eq!(page["page"]["count"], page["results"].as_array().unwrap().len());
            found.extend(ids(&page, "/properties/name"));
            token = page["page"]["next_token"].as_str().unwrap().to_owned();
            if token.is_empty() {
                break;
            }
        }
        assert_eq!(found, whole);
    }
}

#[tokio::test]
async fn requests_that_are_none() {
    let world = world();
    let bad = |reply: &Reply| reply.refused(400, "bad_request");
    let user = json!({ "type": "user", "id": "~" });
    for path in ["evaluation", "evaluations", "search/subject", "search/resource", "search/action"] {
        let path = format!("/access/v1/{path}");
        for body in [json!({}), json!({ "subject": user }), json!({ "action": { "name": "push-code" } })] {
            bad(&world.ask("ada", "POST", &path, body).await);
        }
        let deep = format!("{{\"context\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        let reply = world.send(world.request("ada", "POST", &path).body(Body::from(deep)).unwrap()).await;
        assert!([400, 422].contains(&reply.status), "{reply:?}");
        for body in [
            json!({ "subject": "ada" }),
            json!({ "action": 1 }),
            json!([]),
            json!("x"),
            json!({ "page": 1, "options": 1 }),
        ] {
            let reply = world.ask("ada", "POST", &path, body).await;
            assert!([400, 422].contains(&reply.status), "{reply:?}");
        }
        world.get("ada", &path).await.refused(404, "not_found");
    }
    let mut body = asked("~", "push-code", "acme-website");
    body["evaluations"] = json!(vec![json!({}); 1001]);
    bad(&world.ask("ada", "POST", "/access/v1/evaluations", body.clone()).await);
    body["evaluations"] = json!(vec![json!({}); 1000]);
    assert_eq!(world.ask("ada", "POST", "/access/v1/evaluations", body).await.status, 200);
    let mut body = asked("~", "push-code", "acme-website");
    for page in [json!({ "limit": 0 }), json!({ "limit": 1001 }), json!({ "token": "x" }), json!({ "token": "app:" })] {
        body["page"] = page;
        bad(&world.ask("ada", "POST", "/access/v1/search/resource", body.clone()).await);
    }
    body["page"] = json!({ "token": "x" });
    bad(&world.ask("ada", "POST", "/access/v1/search/action", body).await);
}

#[tokio::test]
async fn metadata_and_request_ids() {
    let world = world();
    let request = axum::http::Request::builder().uri("/.well-known/authzen-configuration").body(Body::empty()).unwrap();
    let metadata = world.send(request).await.json();
    assert_eq!(metadata["policy_decision_point"], "http://server");
    for (key, path) in [
        ("access_evaluation_endpoint", "evaluation"),
        ("access_evaluations_endpoint", "evaluations"),
        ("search_subject_endpoint", "search/subject"),
        ("search_resource_endpoint", "search/resource"),
        ("search_action_endpoint", "search/action"),
    ] {
        assert_eq!(metadata[key], format!("http://server/access/v1/{path}"));
    }
    let request = world.request("ada", "POST", "/access/v1/evaluation").header("x-request-id", "bfe9eb29");
    let body = Body::from(asked("~", "push-code", "acme-website").to_string());
    assert_eq!(world.send(request.body(body).unwrap()).await.header("x-request-id"), Some("bfe9eb29"));
}
