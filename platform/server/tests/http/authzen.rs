//! The AuthZEN Authorization API.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::pin;

use axum::body::Body;
use enterprise_teams::demo::Demo;
use enterprise_teams::{NewUser, Permission, TeamRole, entity::Limits, policy::HostActions};
use serde_json::{Value, json};

use crate::support::{World, world, world_of};

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
    // Of what is hidden as much is found as of what is not there.
    let fake = search(json!({ "type": "user" }), "push-code", json!({ "type": "app", "id": "not-there" }));
    for body in [refused, fake] {
        let found = post(&world, "nobody", "search/subject", body).await;
        assert_eq!(found, json!({ "page": { "next_token": "", "count": 0 }, "results": [] }));
    }

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

/// What the standard asks of a request, row by row: the endpoint, the request, and the answer, as a status or as what it must hold.
/// A row of `null` takes a part away from a good request.
#[tokio::test]
async fn conformance() {
    enum Told {
        Bad,
        Decides(bool),
        Decide(&'static [bool]),
        Finds(&'static [&'static str]),
    }
    use Told::{Bad, Decide, Decides, Finds};
    let world = world();
    let website = || json!({ "type": "app", "id": "acme-website" });
    let team = || json!({ "type": "team", "id": "acme-widgets" });
    let user = |name: &str| json!({ "type": "user", "id": format!("{name}@acme.com") });
    let one = |changes: Value| {
        let mut body = json!({ "subject": user("joe"), "action": { "name": "push-code" }, "resource": website() });
        for (key, value) in changes.as_object().unwrap() {
            if value.is_null() {
                body.as_object_mut().unwrap().remove(key);
            } else {
                body[key] = value.clone();
            }
        }
        body
    };
    let users = |changes: Value| {
        let mut body = one(json!({ "subject": { "type": "user" } }));
        body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        body
    };
    let apps = |changes: Value| {
        let mut body = one(json!({ "resource": { "type": "app" } }));
        body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        body
    };
    let actions = |changes: Value| {
        let mut body = json!({ "subject": user("vera"), "resource": team() });
        body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        body
    };
    let batch = |each: Value| one(json!({ "evaluations": each }));
    let [evaluation, evaluations] = ["evaluation", "evaluations"];
    let [subject, resource, action] = ["search/subject", "search/resource", "search/action"];
    let rows = vec![
        // One evaluation.
        (evaluation, one(json!({})), Decides(true)),
        (evaluation, one(json!({ "action": { "name": "delete-app" } })), Decides(false)),
        (evaluation, one(json!({ "context": { "ip": "192.168.1.1" } })), Decides(true)),
        (evaluation, one(json!({ "unknown": [1], "page": 1, "evaluations": 1, "options": "x" })), Decides(true)),
        (
            evaluation,
            one(json!({ "subject": { "type": "user", "id": "joe@acme.com", "age": 7, "properties": {} } })),
            Decides(true),
        ),
        (evaluation, one(json!({ "action": { "name": "push-code", "properties": { "soft": true } } })), Decides(true)),
        (evaluation, one(json!({ "subject": user("none") })), Decides(false)),
        (evaluation, one(json!({ "subject": { "type": "robot", "id": "joe@acme.com" } })), Decides(false)),
        (evaluation, one(json!({ "resource": { "type": "planet", "id": "acme-website" } })), Decides(false)),
        (evaluation, one(json!({ "action": { "name": "fly" } })), Decides(false)),
        (evaluation, one(json!({ "subject": null })), Bad),
        (evaluation, one(json!({ "action": null })), Bad),
        (evaluation, one(json!({ "resource": null })), Bad),
        (evaluation, one(json!({ "subject": { "id": "joe@acme.com" } })), Bad),
        (evaluation, one(json!({ "subject": { "type": "user" } })), Bad),
        (evaluation, one(json!({ "action": {} })), Bad),
        (evaluation, one(json!({ "resource": { "id": "acme-website" } })), Bad),
        (evaluation, one(json!({ "resource": { "type": "app" } })), Bad),
        (evaluation, one(json!({ "subject": "joe@acme.com" })), Bad),
        (evaluation, one(json!({ "subject": ["user", "joe@acme.com"] })), Bad),
        (evaluation, one(json!({ "subject": { "type": "user", "id": 7 } })), Bad),
        (evaluation, one(json!({ "subject": { "type": "user", "id": null } })), Bad),
        (evaluation, one(json!({ "action": ["push-code"] })), Bad),
        (evaluation, one(json!({ "action": { "name": true } })), Bad),
        (evaluation, one(json!({ "resource": ["app", "acme-website"] })), Bad),
        (evaluation, one(json!({ "subject": { "type": "user", "id": "joe@acme.com", "properties": [] } })), Bad),
        (evaluation, one(json!({ "action": { "name": "push-code", "properties": 1 } })), Bad),
        (evaluation, one(json!({ "context": "now" })), Bad),
        (evaluation, json!([user("joe"), { "name": "push-code" }, website()]), Bad),
        (evaluation, json!(null), Bad),
        (evaluation, json!("x"), Bad),
        // Batches: the whole gives what an entry leaves out, and an entry replaces a part as a whole.
        (evaluations, one(json!({})), Decides(true)),
        (evaluations, batch(json!([])), Decides(true)),
        (evaluations, batch(json!([{}, { "action": { "name": "delete-app" } }, {}])), Decide(&[true, false, true])),
        (
            evaluations,
            json!({ "evaluations": [one(json!({})), one(json!({ "subject": user("vera") }))] }),
            Decide(&[true, false]),
        ),
        (
            evaluations,
            batch(json!([{}, { "resource": { "id": "acme-website" } }, { "context": 1 }, 7, ["x"]])),
            Decide(&[true, false, false, false, false]),
        ),
        (
            evaluations,
            json!({ "evaluations": [one(json!({ "subject": null })), one(json!({}))] }),
            Decide(&[false, true]),
        ),
        (evaluations, batch(json!({})), Bad),
        (evaluations, batch(json!("x")), Bad),
        (evaluations, one(json!({ "evaluations": [{}], "options": [] })), Bad),
        (evaluations, one(json!({ "evaluations": [{}], "options": { "evaluations_semantic": "some" } })), Bad),
        (evaluations, one(json!({ "evaluations": [{}], "options": { "evaluations_semantic": 1 } })), Bad),
        (evaluations, one(json!({ "subject": null, "evaluations": [] })), Bad),
        (evaluations, batch(json!(vec![json!({}); 1001])), Bad),
        // Searches: what is searched for has a type alone, everything else all its parts.
        (subject, users(json!({})), Finds(&["ada@acme.com", "joe@acme.com"])),
        (subject, users(json!({ "subject": user("vera"), "context": {} })), Finds(&["ada@acme.com", "joe@acme.com"])),
        (subject, users(json!({ "subject": { "type": "robot" } })), Finds(&[])),
        (subject, users(json!({ "resource": { "type": "app", "id": "none" } })), Finds(&[])),
        (subject, users(json!({ "resource": { "type": "planet", "id": "none" } })), Finds(&[])),
        (subject, users(json!({ "action": { "name": "fly" } })), Finds(&[])),
        (subject, users(json!({ "resource": team() })), Finds(&[])),
        (subject, users(json!({ "resource": { "type": "app" } })), Bad),
        (subject, users(json!({ "action": {} })), Bad),
        (subject, users(json!({ "subject": {} })), Bad),
        (subject, users(json!({ "context": [] })), Bad),
        (resource, apps(json!({})), Finds(&["acme-website"])),
        (resource, apps(json!({ "resource": { "type": "app", "id": "none" } })), Finds(&["acme-website"])),
        (resource, apps(json!({ "resource": { "type": "planet" } })), Finds(&[])),
        (resource, apps(json!({ "subject": user("none") })), Finds(&[])),
        (resource, apps(json!({ "subject": { "type": "robot", "id": "joe@acme.com" } })), Finds(&[])),
        (resource, apps(json!({ "action": { "name": "fly" } })), Finds(&[])),
        (resource, apps(json!({ "subject": { "type": "user" } })), Bad),
        (resource, apps(json!({ "resource": {} })), Bad),
        (action, actions(json!({})), Finds(&["view-preferences", "view-users"])),
        (action, actions(json!({ "action": 1 })), Finds(&["view-preferences", "view-users"])),
        (action, actions(json!({ "subject": user("none") })), Finds(&[])),
        (action, actions(json!({ "resource": { "type": "team", "id": "none" } })), Finds(&[])),
        (action, actions(json!({ "resource": { "type": "planet", "id": "none" } })), Finds(&[])),
        (action, actions(json!({ "subject": { "type": "user" } })), Bad),
        (action, actions(json!({ "resource": { "type": "team" } })), Bad),
        // Pages.
        (
            subject,
            users(json!({ "page": { "limit": 1001, "properties": {}, "own": 1 } })),
            Finds(&["ada@acme.com", "joe@acme.com"]),
        ),
        (subject, users(json!({ "page": { "token": "" } })), Finds(&["ada@acme.com", "joe@acme.com"])),
        (subject, users(json!({ "page": { "limit": 0 } })), Bad),
        (subject, users(json!({ "page": { "limit": -1 } })), Bad),
        (subject, users(json!({ "page": { "limit": "2" } })), Bad),
        (subject, users(json!({ "page": { "token": "x" } })), Bad),
        (subject, users(json!({ "page": { "token": 7 } })), Bad),
        (subject, users(json!({ "page": [] })), Bad),
        (subject, users(json!({ "page": { "properties": [] } })), Bad),
        (resource, apps(json!({ "page": { "token": "app:" } })), Bad),
        (action, actions(json!({ "page": { "token": "7" } })), Bad),
    ];
    for (path, body, told) in rows {
        let reply = world.ask("ada", "POST", &format!("/access/v1/{path}"), body.clone()).await;
        let context = format!("{path} {body}: {reply:?}");
        if let Bad = told {
            assert_eq!((reply.status, &reply.json()["id"]), (400, &json!("bad_request")), "{context}");
            continue;
        }
        assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/json")), "{context}");
        let found = reply.json();
        match told {
            Decides(decision) => assert_eq!(found["decision"], decision, "{context}"),
            Decide(each) => {
                let all = found["evaluations"].as_array().unwrap().iter();
                let all: Vec<&Value> = all.map(|one| &one["decision"]).collect();
                assert_eq!((json!(all), &found["decision"]), (json!(each), &Value::Null), "{context}");
            }
            Finds(names) => {
                let results = found["results"].as_array().unwrap().iter();
                let property = if path == subject {
                    "/properties/email"
                } else if path == resource {
                    "/properties/name"
                } else {
                    "/name"
                };
                let results: Vec<&str> = results.map(|one| one.pointer(property).unwrap().as_str().unwrap()).collect();
                let some = path == action && !names.is_empty();
                let fits = if some { names.iter().all(|name| results.contains(name)) } else { results == names };
                assert!(fits && found["page"]["next_token"] == "", "{context}");
            }
            Bad => unreachable!(),
        }
    }
}

/// A token goes on with the search that gave it, and with no other.
#[tokio::test]
async fn tokens_of_other_searches() {
    let world = world();
    let body = |action: &str, page: Value| {
        json!({
            "subject": { "type": "user" }, "action": { "name": action }, "resource": { "type": "app", "id": "acme-website" },
            "page": page,
        })
    };
    let first = post(&world, "ada", "search/subject", body("view-app", json!({ "limit": 1 }))).await;
    let token = &first["page"]["next_token"];
    let rest = post(&world, "ada", "search/subject", body("view-app", json!({ "token": token }))).await;
    assert_eq!([ids(&first, "/properties/email"), ids(&rest, "/properties/email")].concat().len(), 4);
    for (path, body) in [
        ("subject", body("push-code", json!({ "token": token }))),
        (
            "resource",
            json!({ "subject": { "type": "user", "id": "~" }, "action": { "name": "view-app" }, "resource": { "type": "app" }, "page": { "token": token } }),
        ),
        (
            "action",
            json!({ "subject": { "type": "user", "id": "~" }, "resource": { "type": "app", "id": "acme-website" }, "page": { "token": token } }),
        ),
    ] {
        world.ask("ada", "POST", &format!("/access/v1/search/{path}"), body).await.refused(400, "bad_request");
    }
    // The cursor of another list, under the name of this search.
    let (search, _) = token.as_str().unwrap().split_once('.').unwrap();
    for cursor in ["app:apple", "7", "", "email:"] {
        let forged = body("view-app", json!({ "token": format!("{search}.{cursor}") }));
        world.ask("ada", "POST", "/access/v1/search/subject", forged).await.refused(400, "bad_request");
    }
}

/// Whoever asks a lot does not keep others waiting: after so many evaluations, or entries looked at, it is their turn.
#[tokio::test]
async fn others_have_their_turn() {
    let Demo { mut store, ada, operator, acme, .. } = Demo::new().unwrap();
    store.set_team_limits(operator, acme, Limits { members: 10_000, ..Limits::ENTERPRISE }).unwrap();
    for number in 0..1000 {
        let user = store.register_user(operator, NewUser::new(format!("u{number}@acme.com").parse().unwrap())).unwrap();
        store.add_member(ada, acme, user, TeamRole::Viewer).unwrap();
    }
    let world = world_of(&store);
    let many = |count: usize| {
        let mut body = asked("vera@acme.com", "push-code", "acme-website");
        body["evaluations"] = json!(vec![json!({}); count]);
        body
    };
    let search = |kind: &str, id: &str, action: &str| {
        let mut body = asked("", action, id);
        body["resource"]["type"] = json!(kind);
        body
    };
    for (path, body, at_least) in [
        ("evaluations", many(1), 1),
        ("evaluations", many(1000), 20),
        ("search/subject", search("app", "acme-website", "push-code"), 20),
        ("search/subject", search("team", "acme-widgets", "manage-users"), 20),
    ] {
        let path = format!("/access/v1/{path}");
        let mut turns = 0;
        let mut reply = pin!(world.ask("ada", "POST", &path, body.clone()));
        let reply = poll_fn(|context| {
            turns += 1;
            reply.as_mut().poll(context)
        });
        assert_eq!(reply.await.status, 200);
        assert!(turns >= at_least, "{path}: {turns} turns");
        // On one thread: who comes later and asks little is answered earlier.
        let order = RefCell::new(Vec::new());
        let done = |who: &'static str| order.borrow_mut().push(who);
        let greedy = async {
            assert_eq!(world.ask("ada", "POST", &path, body.clone()).await.status, 200);
            done("greedy");
        };
        let modest = async {
            assert_eq!(world.get("joe", "/account").await.status, 200);
            done("modest");
        };
        tokio::join!(greedy, modest);
        if at_least > 1 {
            assert_eq!(*order.borrow(), ["modest", "greedy"], "{path}");
        }
    }
}

/// A decision is no page that a client may have already; only a question is conditional.
#[tokio::test]
async fn nothing_but_a_question_is_conditional() {
    let world = world();
    let own = json!({ "type": "user", "id": "~" });
    for (path, body) in [
        ("/access/v1/evaluation", asked("~", "push-code", "acme-website")),
        ("/access/v1/evaluations", asked("~", "push-code", "acme-website")),
        ("/access/v1/search/action", json!({ "subject": own, "resource": { "type": "app", "id": "acme-website" } })),
        ("/filters/apps", json!({ "in": { "id": [] } })),
    ] {
        let request = world.request("joe", "POST", path).header("content-type", "application/json");
        let request = request.header("if-none-match", "*").body(Body::from(body.to_string())).unwrap();
        let reply = world.send(request).await;
        assert!(reply.status == 200 && !reply.text.is_empty(), "{path}: {reply:?}");
    }
    for method in ["GET", "HEAD"] {
        let request =
            world.request("joe", method, "/account").header("if-none-match", "*").body(Body::empty()).unwrap();
        assert_eq!(world.send(request).await.status, 304, "{method}");
    }
}

/// What is not said to be JSON, or is none.
#[tokio::test]
async fn requests_that_are_none() {
    let world = world();
    let good = asked("~", "push-code", "acme-website").to_string();
    let deep = format!("{{\"context\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    for path in ["evaluation", "evaluations", "search/subject", "search/resource", "search/action"] {
        let path = format!("/access/v1/{path}");
        let sends = async |said: Option<&str>, text: &str| {
            let mut request = world.request("ada", "POST", &path);
            if let Some(said) = said {
                request = request.header("content-type", said);
            }
            world.send(request.body(Body::from(text.to_owned())).unwrap()).await
        };
        for said in ["application/json", "Application/JSON; charset=utf-8"] {
            assert_eq!(sends(Some(said), &good).await.status, 200, "{path}");
        }
        for said in [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("application/jsonp")] {
            sends(said, &good).await.refused(400, "bad_request");
        }
        for text in ["", " ", "{", "nonsense", "[]", "1", "{} {}", "\u{0}", &deep] {
            sends(Some("application/json"), text).await.refused(400, "bad_request");
        }
        world.get("ada", &path).await.refused(404, "not_found");
    }
    let mut body = asked("~", "push-code", "acme-website");
    body["evaluations"] = json!(vec![json!({}); 1000]);
    assert_eq!(world.ask("ada", "POST", "/access/v1/evaluations", body).await.status, 200);
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
    // An answer has the id of its request, whatever it says.
    for (said, status) in [("application/json", 200), ("text/plain", 400)] {
        let request = world.request("ada", "POST", "/access/v1/evaluation").header("content-type", said);
        let body = Body::from(asked("~", "push-code", "acme-website").to_string());
        let reply = world.send(request.header("x-request-id", "bfe9eb29").body(body).unwrap()).await;
        assert_eq!((reply.status, reply.header("x-request-id")), (status, Some("bfe9eb29")));
    }
}
