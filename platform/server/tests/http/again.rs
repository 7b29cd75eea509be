//! What is so already is a success for PUT and PATCH, for whoever may make it so; and nothing to change is nothing to refuse.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::{World, world};

const OK: StatusCode = StatusCode::OK;

/// What can be put or patched, in a state that the second request finds.
fn settled() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("PUT", "/teams/acme-widgets/members", json!({ "email": "joe@acme.com", "role": "member" })),
        ("PATCH", "/teams/acme-widgets/members", json!({ "email": "joe@acme.com", "role": "member" })),
        ("PUT", "/teams/acme-widgets/members", json!({ "email": "ada@acme.com", "role": "admin" })),
        ("PUT", "/teams/acme-widgets/invitations", json!({ "email": "new@acme.com", "role": "member" })),
        ("PATCH", "/teams/acme-widgets/preferences", json!({ "addons-controls": true })),
        ("PATCH", "/teams/acme-widgets", json!({ "name": "acme-widgets" })),
        ("PATCH", "/teams/apps/acme-website/collaborators/joe@acme.com", json!({ "permissions": ["view", "manage"] })),
        ("PATCH", "/teams/apps/acme-website", json!({ "locked": true })),
        ("PATCH", "/teams/apps/acme-website", json!({ "owner": "acme-widgets" })),
        ("PATCH", "/apps/acme-website", json!({ "name": "acme-website" })),
        ("PUT", "/x/teams/acme-widgets/members/joe@acme.com/end", json!({ "ends_at": "2999-01-31T00:00:00Z" })),
        ("PATCH", "/spaces/labs-space", json!({ "name": "labs-space" })),
        ("PATCH", "/pipelines/acme-flow", json!({ "name": "acme-flow" })),
        ("PATCH", "/pipeline-couplings/acme-website", json!({ "stage": "staging" })),
        (
            "PATCH",
            "/enterprise-accounts/acme-corp/members/ada@acme.com",
            json!({ "permissions": ["view", "create", "manage", "billing"] }),
        ),
    ]
}

#[tokio::test]
async fn what_is_so_already() {
    let world = world();
    for (method, path, body) in settled() {
        let mut first = world.does("ada", method, path, body.clone(), OK).await;
        let before = world.server.store().seq();
        let mut again = world.does("ada", method, path, body.clone(), OK).await;
        // An invitation is sent anew, at that time.
        let events = u64::from(path.ends_with("/invitations"));
        if events == 1 {
            for time in ["created_at", "updated_at"] {
                (first[time], again[time]) = (Value::Null, Value::Null);
            }
        }
        assert_eq!(again, first, "{method} {path}");
        assert_eq!(world.server.store().seq() - before, events, "{method} {path}");
    }
    // Whoever may not make it so is refused as ever.
    let before = world.server.store().clone();
    for (method, path, body) in settled() {
        let reply = world.ask("vera", method, path, body).await;
        assert!([403, 404].contains(&reply.status), "{method} {path}: {reply:?}");
    }
    assert!(*world.server.store() == before);
}

/// A body that asks for nothing, or for what cannot be otherwise, is answered with what is.
#[tokio::test]
async fn nothing_to_do() {
    let world = world();
    let stack = world.get("ada", "/apps/acme-website").await.json()["stack"].clone();
    let flow = world.get("ada", "/pipelines/acme-flow").await.json()["id"].as_str().unwrap().to_owned();
    let flow = format!("/pipelines/{flow}");
    let before = world.server.store().clone();
    for (path, body) in [
        ("/apps/acme-website", json!({})),
        ("/apps/acme-website", json!({ "name": null, "maintenance": false })),
        ("/apps/acme-website", json!({ "build_stack": stack["name"] })),
        ("/apps/acme-website", json!({ "build_stack": stack["id"] })),
        ("/teams/apps/acme-website", json!({})),
        ("/teams/acme-widgets", json!({})),
        ("/teams/acme-widgets", json!({ "default": false })),
        ("/teams/acme-widgets/preferences", json!({})),
        ("/spaces/labs-space", json!({})),
        (&flow, json!({})),
        ("/pipeline-couplings/acme-website", json!({})),
        ("/enterprise-accounts/acme-corp", json!({})),
        ("/enterprise-accounts/acme-corp", json!({ "name": "acme-corp" })),
        ("/account", json!({})),
        ("/account", json!({ "allow_tracking": false, "beta": false })),
        ("/users/joe@acme.com", json!({})),
    ] {
        let is = world.does("ada", "GET", path, Value::Null, OK).await;
        assert_eq!(world.does("ada", "PATCH", path, body.clone(), OK).await, is, "{path} {body}");
        let status = if path == "/account" { 200 } else { 404 };
        assert_eq!(world.ask("nobody", "PATCH", path, body).await.status, status, "{path}");
    }
    assert!(*world.server.store() == before);
    for (path, body) in [
        ("/apps/acme-website", json!({ "build_stack": "heroku-18" })),
        ("/apps/acme-website", json!({ "maintenance": true })),
        ("/teams/acme-widgets", json!({ "default": true })),
        ("/enterprise-accounts/acme-corp", json!({ "name": "acme-co" })),
        ("/account", json!({ "allow_tracking": true })),
        ("/account", json!({ "beta": true })),
        ("/account", json!({ "name": "Ada" })),
        ("/teams/apps/acme-website", json!({ "locked": true, "owner": "acme-widgets" })),
    ] {
        world.ask("ada", "PATCH", path, body).await.refused(422, "invalid_params");
    }
    let body = json!({ "name": "acme-www", "maintenance": false, "build_stack": stack["name"] });
    assert_eq!(world.does("ada", "PATCH", "/apps/acme-website", body, OK).await["name"], "acme-www");
}

#[tokio::test]
async fn a_transfer_that_waits() {
    let world = world();
    for (path, body) in [
        ("/apps", json!({ "name": "joes-own" })),
        ("/apps/joes-own/collaborators", json!({ "user": "jill@creativeinc.com" })),
        ("/account/app-transfers", json!({ "app": "joes-own", "recipient": "jill@creativeinc.com" })),
    ] {
        world.does("joe", "POST", path, body, StatusCode::CREATED).await;
    }
    let path = "/account/app-transfers/joes-own";
    let waits = world.does("jill", "PATCH", path, json!({ "state": "pending" }), OK).await;
    assert_eq!(world.get("joe", path).await.json(), waits);
}

const CREATE: &str = "create_apps";

async fn permit(world: &World, who: &str, permissions: &[&str]) -> crate::support::Reply {
    let permissions: Vec<_> = permissions.iter().map(|name| json!({ "name": name })).collect();
    world.ask("ada", "PATCH", &format!("/spaces/labs-space/members/{who}"), json!({ "permissions": permissions })).await
}

/// The list, one member of it and its change say the same.
#[tokio::test]
async fn the_members_of_a_space_are_one_answer() {
    let world = world();
    for (email, role) in [("joe@acme.com", "member"), ("vera@acme.com", "viewer"), ("sam@acme-inc.com", "admin")] {
        world.does("ada", "PUT", "/teams/acme-labs/members", json!({ "email": email, "role": role }), OK).await;
    }
    let agree = async |email: &str, creates: bool| {
        let one = world.get("ada", &format!("/spaces/labs-space/members/{email}")).await.json();
        let list = world.get("ada", "/spaces/labs-space/members").await.json();
        let listed = list.as_array().unwrap().iter().find(|one| one["user"]["email"] == email).unwrap();
        assert_eq!((listed, one["permissions"].as_array().unwrap().len()), (&one, usize::from(creates)), "{email}");
        one
    };
    for _ in 0..2 {
        assert_eq!(permit(&world, "joe@acme.com", &[CREATE]).await.json(), agree("joe@acme.com", true).await);
    }
    for _ in 0..2 {
        assert_eq!(permit(&world, "joe@acme.com", &[]).await.json(), agree("joe@acme.com", false).await);
    }
    // Admins create apps in every space.
    for _ in 0..2 {
        assert_eq!(permit(&world, "sam@acme-inc.com", &[CREATE]).await.json(), agree("sam@acme-inc.com", true).await);
    }
    let refusal = permit(&world, "sam@acme-inc.com", &[]).await.refused(422, "invalid_params");
    assert_eq!(
        refusal,
        "`permissions` cannot be taken from an admin of the team, who creates apps in every space of it"
    );
    // Viewers see it, and no more.
    assert_eq!(permit(&world, "vera@acme.com", &[]).await.json(), agree("vera@acme.com", false).await);
    permit(&world, "vera@acme.com", &[CREATE]).await.refused(409, "conflict");
    // Whoever is not in the team is no member of the space, whatever is asked; nor does anybody else hear more than before.
    for permissions in [&[CREATE][..], &[]] {
        permit(&world, "jill@creativeinc.com", permissions).await.refused(404, "not_found");
        let body = json!({ "permissions": permissions.iter().map(|name| json!({ "name": name })).collect::<Vec<_>>() });
        let reply = world.ask("joe", "PATCH", "/spaces/labs-space/members/vera@acme.com", body).await;
        reply.refused(403, "forbidden");
    }
}

/// Words that the Terraform provider goes by.
#[tokio::test]
async fn who_is_on_an_app_and_who_is_not_any_more() {
    let world = world();
    world.does("ada", "POST", "/apps", json!({ "name": "ada-own" }), StatusCode::CREATED).await;
    let on = |app: &str, user: &str| format!("user `{user}` is already a collaborator on app `{app}`");
    for (path, body) in [
        (
            "/teams/apps/acme-website/collaborators",
            json!({ "user": "max@acme-inc.com", "permissions": ["deploy", "view"] }),
        ),
        ("/apps/ada-own/collaborators", json!({ "user": "max@acme-inc.com", "silent": true })),
    ] {
        let added = world.does("ada", "POST", path, body.clone(), StatusCode::CREATED).await;
        let refusal = world.ask("ada", "POST", path, body).await.refused(409, "conflict");
        assert_eq!(refusal, on(added["app"]["name"].as_str().unwrap(), "max@acme-inc.com"));
    }
    let other = json!({ "user": "max@acme-inc.com", "permissions": ["operate"] });
    let path = "/teams/apps/acme-website/collaborators";
    let refusal = world.ask("ada", "POST", path, other).await.refused(409, "conflict");
    assert_eq!(refusal, on("acme-website", "max@acme-inc.com"));
    let refusal = world.ask("joe", "POST", path, json!({ "user": "~" })).await.refused(409, "conflict");
    assert_eq!(refusal, on("acme-website", "joe@acme.com"));
    // Whoever may not add anybody does not hear who is on it.
    let body = json!({ "user": "joe@acme.com", "permissions": ["deploy"] });
    world.ask("vera", "POST", path, body).await.refused(403, "forbidden");
    for app in ["/teams/apps/acme-website", "/apps/acme-website", "/apps/ada-own"] {
        // One who is seen and was there, one who is seen, one who is not seen, one who is not there.
        world.ask("ada", "DELETE", &format!("{app}/collaborators/max@acme-inc.com"), Value::Null).await;
        for user in ["max@acme-inc.com", "vera@acme.com", "sam@acme-inc.com", "no@body.com"] {
            let path = format!("{app}/collaborators/{user}");
            for method in ["GET", "DELETE"] {
                let refusal = world.ask("ada", method, &path, Value::Null).await.refused(404, "not_found");
                assert_eq!(refusal, "Couldn't find that user.", "{method} {path}");
            }
        }
    }
    let path = "/teams/apps/acme-website/collaborators/max@acme-inc.com";
    let refusal = world.ask("ada", "PATCH", path, json!({ "permissions": ["deploy"] })).await.refused(404, "not_found");
    assert_eq!(refusal, "Couldn't find that user.");
}
