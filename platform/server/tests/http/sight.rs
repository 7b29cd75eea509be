//! Nobody reads what they may not see: every GET, as an outsider, as a collaborator and as a viewer.

use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use crate::schema::routes;
use crate::support::{Reply, World, world};

/// A route with the names of things of Acme's.
pub(crate) fn filled(route: &str) -> String {
    filled_with(route, &[])
}

/// Names of things that come later (see `what_happens_out_of_sight`).
const HIDDEN_NAMES: [(&str, &str); 8] = [
    ("{app}", "secret"),
    ("{team}", "acme-lab"),
    ("{user}", "max@acme-inc.com"),
    ("{space}", "hidden-space"),
    ("{pipeline}", "joes-flow"),
    ("{id}", "joes-own"),
    ("{group}", "hidden-group"),
    ("{role}", "hidden-role"),
];

fn filled_with(route: &str, first: &[(&str, &str)]) -> String {
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
        ("{release}", "1"),
        ("{type}", "web"),
        ("{dyno}", "web.1"),
        ("{addon}", "scheduler"),
        ("{plan}", "standard-0"),
        ("{group}", "backend"),
        ("{role}", "billing"),
    ];
    let path = first.iter().chain(&names).fold(route.to_owned(), |path, (name, value)| path.replace(name, value));
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

/// With a role of Acme's own, and a group that has joe in it and holds something on its app.
async fn furnished() -> World {
    let world = grouped().await;
    let role = json!({ "name": "billing", "capabilities": ["view-invoices"] });
    world.does("ada", "POST", "/x/teams/acme-widgets/roles", role, StatusCode::CREATED).await;
    world
}

/// With a group of Acme's that has joe in it and holds something on its app.
pub(crate) async fn grouped() -> World {
    let world = world();
    let group = "/x/teams/acme-widgets/groups";
    world.does("ada", "POST", group, json!({ "name": "backend" }), StatusCode::CREATED).await;
    for (path, body) in [
        (format!("{group}/backend/members/joe@acme.com"), Value::Null),
        ("/x/apps/acme-website/groups/backend".to_owned(), json!({ "permissions": ["deploy"] })),
    ] {
        world.does("ada", "PUT", &path, body, StatusCode::OK).await;
    }
    world
}

fn gets() -> Vec<String> {
    // What everybody is told the same.
    const OPEN: [&str; 4] = ["/errors/", "/.well-known/", "/addon-services", "/plans/"];
    let open = |route: &str| OPEN.iter().any(|start| route.starts_with(start));
    let gets = routes().into_iter().filter(|(method, route)| method == "GET" && !open(route));
    gets.map(|(_, route)| route).collect()
}

#[tokio::test]
async fn every_get_as_an_outsider_a_collaborator_and_a_viewer() {
    let world = furnished().await;
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
    let world = furnished().await;
    for route in gets() {
        let [there, not_there] = [filled(&route), nowhere(&route)].map(|path| with_query(&path));
        if there == not_there {
            continue;
        }
        let (there, not_there) = (world.get("nobody", &there).await, world.get("nobody", &not_there).await);
        assert_eq!((there.status, &there.text), (404, &not_there.text), "{route}");
        assert_eq!(not_there.status, 404, "{route}");
        let names = |reply: &Reply| reply.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(names(&there), names(&not_there), "{route}");
    }
}

/// Nor by trying to change it.
#[tokio::test]
async fn hidden_is_as_not_there_for_who_writes() {
    let world = furnished().await;
    let before = world.server.store().clone();
    for (method, route) in routes().into_iter().filter(|(method, route)| method != "GET" && route.contains('{')) {
        let [there, not_there] = [filled(&route), nowhere(&route)];
        for body in [Value::Null, json!({ "name": "another" }), json!({ "ends_at": "2999-01-31T00:00:00Z" })] {
            let there = world.ask("nobody", &method, &there, body.clone()).await;
            let not_there = world.ask("nobody", &method, &not_there, body).await;
            assert_eq!((there.status, &there.text), (not_there.status, &not_there.text), "{method} {route}");
            assert!([404, 422].contains(&there.status), "{method} {route}: {there:?}");
        }
    }
    assert!(*world.server.store() == before);
}

/// What is hidden from each user: for each parameter of a route names and ids of what is there, each with one of what is not.
async fn hidden_from(world: &World, who: &str) -> Vec<(&'static str, String, &'static str)> {
    const NO_ID: &str = "00000000-0000-0000-0000-000000000000";
    let id = async |path: &str| world.get("ada", path).await.json()["id"].as_str().unwrap().to_owned();
    let mut hidden = vec![
        ("{app}", "labs-app".to_owned(), "not-there"),
        ("{app}", id("/apps/labs-app").await, NO_ID),
        ("{team}", "acme-labs".to_owned(), "not-there"),
        ("{team}", id("/teams/acme-labs").await, NO_ID),
        ("{user}", "sam@acme-inc.com".to_owned(), "no@body.com"),
        ("{user}", world.user("sam@acme-inc.com").to_string(), NO_ID),
        ("{user}", "Sam@Acme-Inc.com".to_owned(), "No@Body.com"),
        ("{space}", "labs-space".to_owned(), "not-there"),
        ("{space}", id("/spaces/labs-space").await, NO_ID),
        ("{pipeline}", "labs-flow".to_owned(), "not-there"),
        ("{pipeline}", id("/pipelines/labs-flow").await, NO_ID),
        ("{account}", "acme-corp".to_owned(), "not-there"),
        ("{account}", id("/enterprise-accounts/acme-corp").await, NO_ID),
        ("{id}", "ada-own".to_owned(), "not-there"),
        ("{id}", id("/account/app-transfers/ada-own").await, NO_ID),
        ("{id}", world.promotion("labs-app", "labs-next").await, NO_ID),
        ("{token}", world.invitation("acme-inc", "new@acme.com").await, NO_ID),
        ("{invitation}", "new@acme.com".to_owned(), "no@body.com"),
        ("{addon}", world.add_on("labs-app", "name").await, "scheduler-00000000000000000000000000000000"),
        ("{addon}", world.add_on("labs-app", "id").await, NO_ID),
        ("{release}", world.release_of("labs-app").await, NO_ID),
        ("{group}", "labs-group".to_owned(), "not-there"),
        ("{group}", id("/x/teams/acme-labs/groups/labs-group").await, NO_ID),
        ("{role}", "labs-role".to_owned(), "not-there"),
        ("{role}", id("/x/teams/acme-labs/roles/labs-role").await, NO_ID),
    ];
    if who != "joe" {
        hidden.push((
            "{addon}",
            world.add_on("acme-website", "name").await,
            "scheduler-00000000000000000000000000000000",
        ));
        hidden.push(("{addon}", world.add_on("acme-website", "id").await, NO_ID));
    }
    if ["nobody", "jill"].contains(&who) {
        hidden.push(("{user}", "vera@acme.com".to_owned(), "no@body.com"));
        hidden.push(("{user}", world.user("vera@acme.com").to_string(), NO_ID));
        hidden.push(("{app}", "acme-hidden".to_owned(), "not-there"));
        hidden.push(("{group}", "backend".to_owned(), "not-there"));
        hidden.push(("{group}", id("/x/teams/acme-widgets/groups/backend").await, NO_ID));
        hidden.push(("{role}", "billing".to_owned(), "not-there"));
        hidden.push(("{role}", id("/x/teams/acme-widgets/roles/billing").await, NO_ID));
    }
    if who == "nobody" {
        hidden.push(("{app}", "acme-website".to_owned(), "not-there"));
        hidden.push(("{team}", "acme-widgets".to_owned(), "not-there"));
        hidden.push(("{pipeline}", "acme-flow".to_owned(), "not-there"));
    }
    hidden
}

/// Whatever a path names, and whoever asks: what is hidden is word for word as what is not there.
#[tokio::test]
async fn hidden_is_as_not_there_wherever_a_path_names_it() {
    let world = furnished().await;
    for (who, path, body) in [
        ("ada", "/teams/apps", json!({ "name": "acme-hidden", "team": "acme-widgets" })),
        ("ada", "/teams/apps", json!({ "name": "labs-app", "team": "acme-labs" })),
        ("ada", "/teams/apps", json!({ "name": "labs-next", "team": "acme-labs" })),
        ("ada", "/apps", json!({ "name": "ada-own" })),
        ("ada", "/apps/ada-own/collaborators", json!({ "user": "max@acme-inc.com" })),
        ("ada", "/account/app-transfers", json!({ "app": "ada-own", "recipient": "max@acme-inc.com" })),
        ("ada", "/x/teams/acme-labs/groups", json!({ "name": "labs-group" })),
        ("ada", "/x/teams/acme-labs/roles", json!({ "name": "labs-role" })),
    ] {
        world.does(who, "POST", path, body, StatusCode::CREATED).await;
    }
    let labs = world.get("ada", "/teams/acme-labs").await.json()["id"].clone();
    let flow = json!({ "name": "labs-flow", "owner": { "id": labs, "type": "team" } });
    world.does("ada", "POST", "/pipelines", flow, StatusCode::CREATED).await;
    for (app, stage) in [("labs-app", "staging"), ("labs-next", "production")] {
        let body = json!({ "app": app, "pipeline": "labs-flow", "stage": stage });
        world.does("ada", "POST", "/pipeline-couplings", body, StatusCode::CREATED).await;
    }
    for app in ["labs-app", "acme-website"] {
        let body = json!({ "plan": "scheduler" });
        world.does("ada", "POST", &format!("/apps/{app}/addons"), body, StatusCode::CREATED).await;
        let body = json!({ "description": "first" });
        world.does("ada", "POST", &format!("/apps/{app}/releases"), body, StatusCode::CREATED).await;
        let body = json!({ "updates": [{ "type": "web", "quantity": 1 }] });
        world.does("ada", "PATCH", &format!("/apps/{app}/formation"), body, StatusCode::OK).await;
    }
    let bodies = [
        Value::Null,
        json!({ "name": "another" }),
        json!({ "permissions": ["view"] }),
        json!({ "permissions": [{ "name": "create_apps" }] }),
        json!({ "permissions": [] }),
        json!({ "user": "joe@acme.com", "permissions": ["view"] }),
        json!({ "email": "joe@acme.com", "role": "member" }),
        json!({ "stage": "staging" }),
        json!({ "state": "declined" }),
        json!({ "locked": true }),
        json!({ "plan": "papertrail" }),
        json!({ "quantity": 2 }),
        json!({ "ends_at": "2999-01-31T00:00:00Z" }),
        json!({ "ends_at": null }),
    ];
    let hidden_from = async |who| (who, hidden_from(&world, who).await);
    let hidden =
        [hidden_from("nobody").await, hidden_from("jill").await, hidden_from("vera").await, hidden_from("joe").await];
    let (before, mut compared) = (world.server.store().clone(), 0);
    for (who, hidden) in &hidden {
        for (method, route) in routes().into_iter().filter(|(_, route)| !route.starts_with("/errors/")) {
            for (parameter, there, not_there) in hidden.iter().filter(|(parameter, ..)| route.contains(parameter)) {
                let [there, not_there] =
                    [&**there, not_there].map(|name| with_query(&filled_with(&route, &[(parameter, name)])));
                for body in bodies.iter().take(if method == "GET" { 1 } else { bodies.len() }) {
                    let hidden = world.ask(who, &method, &there, body.clone()).await;
                    let missing = world.ask(who, &method, &not_there, body.clone()).await;
                    assert_eq!(said(&hidden), said(&missing), "{who} {method} {there} {body}");
                    compared += 1;
                }
            }
        }
    }
    assert!(*world.server.store() == before && compared > 4_000, "{compared}");
}

/// The same of whom a body names who must be there already.
#[tokio::test]
async fn hidden_people_in_bodies_are_as_nobody() {
    let world = world();
    world.does("joe", "POST", "/apps", json!({ "name": "joes-own" }), StatusCode::CREATED).await;
    let sam = world.user("sam@acme-inc.com").to_string();
    let no_id = "00000000-0000-0000-0000-000000000000";
    for (there, not_there) in [("sam@acme-inc.com", "no@body.com"), (&sam, no_id)] {
        let asks = [
            ("ada", ask("PATCH", "/teams/acme-widgets/members", |user| json!({ "email": user, "role": "viewer" }))),
            ("joe", ask("POST", "/account/app-transfers", |user| json!({ "app": "joes-own", "recipient": user }))),
            ("ada", ask("PATCH", "/teams/apps/acme-website", |user| json!({ "owner": user }))),
        ];
        for (who, (method, path, body)) in asks {
            let hidden = world.ask(who, method, path, body(there)).await;
            let missing = world.ask(who, method, path, body(not_there)).await;
            assert_eq!(said(&hidden), said(&missing), "{method} {path} {there}");
            assert!([404, 422].contains(&missing.status), "{missing:?}");
        }
    }
}

/// A method, a path, and the body that names something.
type Ask<'s> = (&'s str, &'s str, Box<dyn Fn(&str) -> Value + 's>);

fn ask<'s>(method: &'s str, path: &'s str, body: impl Fn(&str) -> Value + 's) -> Ask<'s> {
    (method, path, Box::new(body))
}

/// And of things that a body names.
#[tokio::test]
async fn hidden_things_in_bodies_are_as_nothing() {
    let world = world();
    let id = async |who: &str, path: &str| world.get(who, path).await.json()["id"].as_str().unwrap().to_owned();
    let labs = id("ada", "/teams/acme-labs").await;
    let flow = json!({ "name": "labs-flow", "owner": { "id": labs, "type": "team" } });
    let flow =
        world.does("ada", "POST", "/pipelines", flow, StatusCode::CREATED).await["id"].as_str().unwrap().to_owned();
    let (space, wave) = (id("ada", "/spaces/labs-space").await, id("sam", "/apps/frozen-wave-4030").await);
    let (own, website) = (id("joe", "/pipelines/acme-flow").await, id("joe", "/apps/acme-website").await);
    world.does("joe", "POST", "/apps", json!({ "name": "joes-own" }), StatusCode::CREATED).await;
    world.does("joe", "POST", "/apps/acme-website/releases", json!({}), StatusCode::CREATED).await;
    let staging = json!({ "stage": "staging" });
    world.does("ada", "PATCH", "/pipeline-couplings/acme-website", staging, StatusCode::OK).await;
    let promoted = |from: &str, to: &str| json!({ "pipeline": { "id": own }, "source": { "app": { "id": from } }, "targets": [{ "app": { "id": to } }] });
    let ids: [(&str, Vec<Ask<'_>>); 4] = [
        (
            &labs,
            vec![
                ask("POST", "/pipelines", |id| json!({ "name": "new-flow", "owner": { "id": id, "type": "team" } })),
                ask("POST", "/teams/apps", |id| json!({ "team": id })),
                ask("POST", "/spaces", |id| json!({ "name": "new-space", "team": id })),
                ask("PATCH", "/teams/apps/joes-own", |id| json!({ "owner": id })),
                ask(
                    "POST",
                    "/pipeline-transfers",
                    |id| json!({ "pipeline": { "id": own }, "new_owner": { "id": id, "type": "team" } }),
                ),
            ],
        ),
        (&space, vec![ask("POST", "/teams/apps", |id| json!({ "space": id }))]),
        (
            &flow,
            vec![
                ask("POST", "/pipeline-couplings", |id| json!({ "app": website, "pipeline": id, "stage": "test" })),
                ask(
                    "POST",
                    "/pipeline-transfers",
                    |id| json!({ "pipeline": { "id": id }, "new_owner": { "id": labs, "type": "team" } }),
                ),
            ],
        ),
        (
            &wave,
            vec![
                ask("POST", "/pipeline-couplings", |id| json!({ "app": id, "pipeline": own, "stage": "test" })),
                ask("POST", "/account/app-transfers", |id| json!({ "app": id, "recipient": "ada@acme.com" })),
                ask("POST", "/pipeline-promotions", |id| promoted(id, &website)),
                ask("POST", "/pipeline-promotions", |id| promoted(&website, id)),
                ask("POST", "/filters/apps", |id| json!({ "in": { "id": [id] } })),
                ask("POST", "/actions/addons/resolve", |id| json!({ "addon": "scheduler", "app": id })),
            ],
        ),
    ];
    for (hidden, asks) in &ids {
        for (method, path, body) in asks {
            let there = world.ask("joe", method, path, body(hidden)).await;
            let not_there = world.ask("joe", method, path, body("00000000-0000-0000-0000-000000000000")).await;
            assert_eq!(said(&there), said(&not_there), "{method} {path} {hidden}");
            assert!(there.status == 404 || there.text == "[]", "{method} {path}: {there:?}");
        }
    }
}

/// Whoever reads an audit trail asks for what somebody did also after they have gone.
#[tokio::test]
async fn what_somebody_did_who_is_gone() {
    let world = world();
    let sam = json!({ "email": "sam@acme-inc.com", "role": "admin" });
    world.does("ada", "PUT", "/teams/acme-labs/members", sam, StatusCode::OK).await;
    let app = json!({ "name": "sams-work", "team": "acme-labs" });
    world.does("sam", "POST", "/teams/apps", app, StatusCode::CREATED).await;
    world.does("ada", "DELETE", "/teams/acme-labs/members/sam@acme-inc.com", Value::Null, StatusCode::OK).await;
    world.get("ada", "/users/sam@acme-inc.com").await.refused(404, "not_found");
    let path = "/enterprise-accounts/acme-corp/events?type=app&actor=sam@acme-inc.com";
    let events = world.get("ada", path).await.json();
    assert_eq!((events[0]["app"]["name"].as_str(), events[1].is_null()), (Some("sams-work"), true), "{events}");
}

/// Status, names of the headers and body.
fn said(reply: &Reply) -> (u16, Vec<String>, String) {
    let mut names: Vec<String> = reply.headers.keys().map(ToString::to_string).collect();
    names.sort();
    (reply.status, names, reply.text.clone())
}

type Told = (String, u16, HeaderMap, String);

/// Every answer to a question that this user can ask about what is there, and about what comes later.
async fn told(world: &World, who: &str) -> Vec<Told> {
    let mut told = Vec::new();
    for route in gets().into_iter().filter(|route| route != "/account/rate-limits") {
        for names in [&[][..], &HIDDEN_NAMES] {
            let path = with_query(&filled_with(&route, names));
            let reply = world.get(who, &path).await;
            let mut headers = reply.headers.clone();
            headers.remove("request-id");
            headers.remove("ratelimit-remaining");
            told.push((path, reply.status, headers, reply.text));
        }
    }
    let ask = |subject: &Value, action: &str, resource: Value| json!({ "subject": subject, "action": { "name": action }, "resource": resource });
    let named = |kind: &str, id: &str| json!({ "type": kind, "id": id });
    let (user, own, joe) = (json!({ "type": "user" }), named("user", "~"), named("user", "joe@acme.com"));
    for (what, body) in [
        ("evaluation", ask(&own, "push-code", named("app", "acme-website"))),
        ("evaluation", ask(&own, "delete-app", named("app", "acme-website"))),
        ("evaluation", ask(&own, "view-app", named("app", "secret"))),
        ("evaluation", ask(&own, "create-apps", named("team", "acme-widgets"))),
        ("evaluation", ask(&own, "create-apps", named("team", "acme-lab"))),
        ("search/subject", ask(&user, "view-app", named("app", "acme-website"))),
        ("search/resource", ask(&own, "view-app", json!({ "type": "app" }))),
        ("search/resource", ask(&joe, "view-app", json!({ "type": "app" }))),
        ("search/action", ask(&joe, "view-app", named("app", "secret"))),
    ] {
        let path = format!("/access/v1/{what}");
        let reply = world.ask(who, "POST", &path, body).await;
        told.push((path, reply.status, HeaderMap::new(), reply.text));
    }
    told
}

/// What is done out of somebody's sight changes nothing that they are told: no answer, no error, no entity tag, no count.
#[tokio::test]
async fn what_happens_out_of_sight() {
    let acme: &[(&str, &str, &str, Value)] = &[
        ("ada", "POST", "/teams/apps", json!({ "name": "secret", "team": "acme-widgets" })),
        ("ada", "POST", "/pipeline-couplings", json!({ "app": "secret", "pipeline": "acme-flow", "stage": "staging" })),
        ("ada", "POST", "/teams/acme-widgets/members", json!({ "email": "max@acme-inc.com", "role": "viewer" })),
        ("ada", "PUT", "/teams/acme-widgets/invitations", json!({ "email": "late@acme.com", "role": "member" })),
        ("ada", "POST", "/teams/acme-widgets/allowed-addon-services", json!({ "addon_service": "redis" })),
        ("ada", "PATCH", "/teams/acme-widgets/preferences", json!({ "addons-controls": true })),
        (
            "ada",
            "POST",
            "/teams/apps/acme-website/collaborators",
            json!({ "user": "max@acme-inc.com", "permissions": ["manage"] }),
        ),
        ("ada", "POST", "/x/teams/acme-widgets/groups", json!({ "name": "hidden-group" })),
        ("ada", "PUT", "/x/teams/acme-widgets/groups/hidden-group/members/max@acme-inc.com", Value::Null),
        ("ada", "PUT", "/x/apps/acme-website/groups/hidden-group", json!({ "permissions": ["deploy"] })),
        ("ada", "PATCH", "/x/teams/acme-widgets/groups/hidden-group", json!({ "name": "unseen-group" })),
        ("ada", "POST", "/x/teams/acme-widgets/roles", json!({ "name": "hidden-role" })),
        ("ada", "PATCH", "/x/teams/acme-widgets/roles/hidden-role", json!({ "permissions": ["deploy"] })),
        ("ada", "PUT", "/x/teams/acme-widgets/members", json!({ "email": "max@acme-inc.com", "role": "hidden-role" })),
        (
            "ada",
            "PUT",
            "/x/teams/acme-widgets/invitations",
            json!({ "email": "later@acme.com", "role": "hidden-role" }),
        ),
        ("ada", "PUT", "/x/teams/acme-widgets/default-role", json!({ "role": "hidden-role" })),
        (
            "ada",
            "PUT",
            "/x/teams/acme-widgets/members/max@acme-inc.com/end",
            json!({ "ends_at": "2999-01-31T00:00:00Z" }),
        ),
        (
            "ada",
            "PUT",
            "/x/apps/acme-website/collaborators/max@acme-inc.com/end",
            json!({ "ends_at": "2999-01-31T00:00:00Z" }),
        ),
        ("ada", "PUT", "/x/apps/acme-website/groups/unseen-group/end", json!({ "ends_at": "2999-01-31T00:00:00Z" })),
    ];
    let labs: &[(&str, &str, &str, Value)] = &[
        ("ada", "POST", "/teams/acme-labs/members", json!({ "email": "joe@acme.com", "role": "member" })),
        (
            "ada",
            "PATCH",
            "/spaces/labs-space/members/joe@acme.com",
            json!({ "permissions": [{ "name": "create_apps" }] }),
        ),
        ("ada", "PUT", "/x/spaces/labs-space/members/joe@acme.com/end", json!({ "ends_at": "2999-01-31T00:00:00Z" })),
        ("joe", "POST", "/teams/apps", json!({ "name": "inside", "space": "labs-space" })),
        ("ada", "POST", "/spaces", json!({ "name": "hidden-space", "team": "acme-ops" })),
        ("ada", "POST", "/enterprise-accounts/acme-corp/teams", json!({ "name": "acme-secret" })),
        (
            "ada",
            "POST",
            "/enterprise-accounts/acme-corp/members",
            json!({ "user": "joe@acme.com", "permissions": ["view"] }),
        ),
        ("ada", "PATCH", "/teams/acme-labs", json!({ "name": "acme-lab" })),
        ("joe", "POST", "/apps", json!({ "name": "joes-own" })),
        ("joe", "POST", "/apps/joes-own/collaborators", json!({ "user": "ada@acme.com" })),
        ("joe", "POST", "/account/app-transfers", json!({ "app": "joes-own", "recipient": "ada@acme.com" })),
        ("joe", "POST", "/pipelines", json!({ "name": "joes-flow" })),
    ];
    for (who, unseen) in
        [("nobody", &[acme, labs][..]), ("sam", &[acme, labs]), ("jill", &[acme, labs]), ("vera", &[labs])]
    {
        let world = world();
        let mut before = told(&world, who).await;
        for (by, method, path, body) in unseen.concat() {
            let reply = world.ask(by, method, path, body).await;
            assert!([200, 201].contains(&reply.status), "{method} {path}: {reply:?}");
            let after = told(&world, who).await;
            for (before, after) in before.iter().zip(&after) {
                assert_eq!(before, after, "{who} after {by} did {method} {path}");
            }
            before = after;
        }
    }
    // It is not that there is nothing to see.
    let world = world();
    for (deeds, who) in [(acme, "vera"), (labs, "ada")] {
        let before = told(&world, who).await;
        for (by, method, path, body) in deeds {
            world.ask(by, method, path, body.clone()).await;
        }
        assert_ne!(before, told(&world, who).await, "{who}");
    }
}
