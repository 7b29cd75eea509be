//! Every endpoint once, with success; each answer conforms to the schema when it is there (see `schema`).

use axum::body::Body;
use axum::http::StatusCode;
use enterprise_teams::uuid;
use serde_json::{Value, json};

use crate::schema::routes;
use crate::support::{World, world};
use crate::{ends, groups, roles};

const OK: StatusCode = StatusCode::OK;
const CREATED: StatusCode = StatusCode::CREATED;

async fn reads(world: &World, who: &str, path: &str) -> Value {
    world.does(who, "GET", path, Value::Null, OK).await
}

/// The values of a key in a list.
fn all<'v>(list: &'v Value, key: &str) -> Vec<&'v str> {
    list.as_array().unwrap().iter().map(|entry| entry.pointer(key).unwrap().as_str().unwrap()).collect()
}

async fn accounts(world: &World) {
    assert_eq!(reads(world, "joe", "/account").await["email"], "joe@acme.com");
    assert_eq!(reads(world, "vera", "/users/joe@acme.com").await["email"], "joe@acme.com");
    assert_eq!(reads(world, "joe", "/users/~").await["email"], "joe@acme.com");
    assert!(reads(world, "joe", "/account/rate-limits").await["remaining"].as_u64().unwrap() > 0);
    for path in ["/account", "/users/~"] {
        world.ask("joe", "PATCH", path, json!({ "name": "Joe" })).await.refused(422, "invalid_params");
    }
    for hidden in ["no@body.com", "nobody@example.com"] {
        let reply = world.ask("joe", "PATCH", &format!("/users/{hidden}"), json!({ "name": "Joe" })).await;
        reply.refused(404, "not_found");
    }
    world.ask("ada", "DELETE", "/users/ada@acme.com", Value::Null).await.refused(409, "conflict");
    assert_eq!(world.does("nobody", "DELETE", "/account", Value::Null, OK).await["email"], "nobody@example.com");
}

/// Tokens of one's own. What others have is not there.
async fn authorizations(world: &World) {
    let body = json!({ "description": "laptop", "scope": ["global"], "expires_in": "3600" });
    let made = world.does("joe", "POST", "/oauth/authorizations", body, CREATED).await;
    assert_eq!((&made["description"], &made["access_token"]["expires_in"]), (&json!("laptop"), &json!(3600)));
    let bearer = |made: &Value| format!("Bearer {}", made["access_token"]["token"].as_str().unwrap());
    let account = async |authorization: String| {
        let request = axum::http::Request::builder().uri("/account").header("authorization", authorization);
        world.send(request.body(Body::empty()).unwrap()).await.status
    };
    assert_eq!(account(bearer(&made)).await, 200);
    let path = format!("/oauth/authorizations/{}", made["id"].as_str().unwrap());
    let shown = reads(world, "joe", &path).await;
    assert_eq!((&shown["access_token"], &shown["id"]), (&Value::Null, &made["id"]), "a token is shown once");
    assert_eq!(all(&reads(world, "joe", "/oauth/authorizations").await, "/description"), ["", "laptop"]);
    let renamed = world.does("joe", "PATCH", &path, json!({ "description": "desk" }), OK).await;
    assert_eq!(renamed["description"], "desk");
    assert_eq!(world.does("joe", "PATCH", &path, json!({}), OK).await, renamed);
    let again = world.does("joe", "POST", &format!("{path}/actions/regenerate-tokens"), Value::Null, OK).await;
    assert_eq!((account(bearer(&made)).await, account(bearer(&again)).await), (401, 200));
    for (method, path) in [
        ("GET", path.clone()),
        ("PATCH", path.clone()),
        ("DELETE", path.clone()),
        ("POST", format!("{path}/actions/regenerate-tokens")),
    ] {
        let others = world.ask("ada", method, &path, Value::Null).await;
        let none = path.replace(made["id"].as_str().unwrap(), "none");
        let none = world.ask("ada", method, &none, Value::Null).await;
        assert_eq!((others.refused(404, "not_found"), others.status), (none.refused(404, "not_found"), 404));
    }
    assert_eq!(world.does("joe", "DELETE", &path, Value::Null, OK).await["id"], made["id"]);
    assert_eq!(account(bearer(&again)).await, 401);
    for wrong in [
        json!({ "expires_in": 0 }),
        json!({ "expires_in": "soon" }),
        json!({ "expires_in": i64::MAX }),
        json!({ "scope": ["read"] }),
        json!({ "client": "01234567-89ab-cdef-0123-456789abcdef" }),
        json!({ "description": "x".repeat(201) }),
    ] {
        world.ask("joe", "POST", "/oauth/authorizations", wrong).await.refused(422, "invalid_params");
    }
}

async fn apps(world: &World) {
    let app = world.does("joe", "POST", "/apps", json!({ "name": "joes-own" }), CREATED).await;
    assert_eq!((&app["owner"]["email"], &app["team"]), (&json!("joe@acme.com"), &Value::Null));
    assert_eq!(all(&reads(world, "joe", "/apps").await, "/name"), ["acme-website", "joes-own"]);
    for own in ["~", "joe@acme.com"] {
        assert_eq!(all(&reads(world, "joe", &format!("/users/{own}/apps")).await, "/name"), ["joes-own"]);
    }
    world.get("ada", "/users/joe@acme.com/apps").await.refused(403, "forbidden");
    let id = app["id"].as_str().unwrap();
    assert_eq!(reads(world, "joe", &format!("/apps/{id}")).await, app);
    let renamed = world.does("joe", "PATCH", "/apps/joes-own", json!({ "name": "joes-app" }), OK).await;
    assert_eq!(renamed["web_url"], "https://joes-app.herokuapp.com/");
    for method in ["POST", "PATCH", "DELETE"] {
        world.ask("joe", method, "/apps/joes-app/acm", Value::Null).await.refused(422, "invalid_params");
    }
    assert_eq!(reads(world, "joe", "/apps/joes-app/addons").await, json!([]));
    let found = world.does("joe", "POST", "/filters/apps", json!({ "in": { "id": [id] } }), OK).await;
    assert_eq!(all(&found, "/name"), ["joes-app"]);

    let body = json!({ "user": "jill@creativeinc.com" });
    let on = world.does("joe", "POST", "/apps/joes-app/collaborators", body, CREATED).await;
    assert_eq!((&on["role"], on["permissions"].as_array().unwrap().len()), (&json!("collaborator"), 3));
    assert_eq!(reads(world, "jill", "/apps/joes-app/collaborators").await.as_array().unwrap().len(), 2);
    assert_eq!(reads(world, "joe", "/apps/joes-app/collaborators/jill@creativeinc.com").await, on);

    let body = json!({ "app": "joes-app", "recipient": "jill@creativeinc.com" });
    let transfer = world.does("joe", "POST", "/account/app-transfers", body.clone(), CREATED).await;
    assert_eq!(reads(world, "jill", "/account/app-transfers").await, json!([transfer]));
    assert_eq!(reads(world, "jill", "/account/app-transfers/joes-app").await, transfer);
    let path = format!("/account/app-transfers/{}", transfer["id"].as_str().unwrap());
    assert_eq!(world.does("joe", "DELETE", &path, Value::Null, OK).await, transfer);
    assert_eq!(reads(world, "jill", "/account/app-transfers").await, json!([]));
    let state = |state: &str| json!({ "state": state });
    world.does("joe", "POST", "/account/app-transfers", body.clone(), CREATED).await;
    let declined = world.does("jill", "PATCH", "/account/app-transfers/joes-app", state("declined"), OK).await;
    assert_eq!(declined["state"], "declined");
    world.does("joe", "POST", "/account/app-transfers", body, CREATED).await;
    let accepted = world.does("jill", "PATCH", "/account/app-transfers/joes-app", state("accepted"), OK).await;
    assert_eq!(accepted["state"], "accepted");
    assert_eq!(reads(world, "joe", "/apps/joes-app").await["owner"]["email"], "jill@creativeinc.com");

    let gone = world.does("jill", "DELETE", "/apps/joes-app/collaborators/joe@acme.com", Value::Null, OK).await;
    assert_eq!(gone["user"]["email"], "joe@acme.com");
    assert_eq!(world.does("jill", "DELETE", "/apps/joes-app", Value::Null, OK).await["name"], "joes-app");
    world.get("jill", "/apps/joes-app").await.refused(404, "not_found");
}

async fn team_apps(world: &World) {
    let body = json!({ "name": "apple", "team": "acme-widgets", "locked": true });
    let app = world.does("joe", "POST", "/teams/apps", body, CREATED).await;
    assert_eq!(
        (&app["locked"], &app["joined"], &app["team"]["name"]),
        (&json!(true), &json!(true), &json!("acme-widgets"))
    );
    let drawn = world.does("joe", "POST", "/teams/apps", json!({ "team": "acme-widgets" }), CREATED).await;
    assert_eq!(drawn["name"].as_str().unwrap().split('-').count(), 3);
    assert_eq!(reads(world, "joe", "/teams/apps/apple").await, app);
    let listed = reads(world, "vera", "/teams/acme-widgets/apps").await;
    assert_eq!(all(&listed, "/name")[..2], ["acme-website", "apple"]);
    assert_eq!(reads(world, "ada", "/teams/acme-widgets/members/joe@acme.com/apps").await.as_array().unwrap().len(), 3);
    let unlocked = world.does("joe", "PATCH", "/teams/apps/apple", json!({ "locked": false }), OK).await;
    assert_eq!(unlocked["locked"], false);
    let given = world.does("ada", "PATCH", "/teams/apps/apple", json!({ "owner": "acme-ops" }), OK).await;
    assert_eq!(given["owner"]["email"], "acme-ops@herokumanager.com");
    // Given to somebody else, and out of sight.
    let given = world.does("ada", "PATCH", "/teams/apps/apple", json!({ "owner": "joe@acme.com" }), OK).await;
    assert_eq!(given["owner"]["email"], "acme-ops@herokumanager.com");
    world.get("ada", "/apps/apple").await.refused(404, "not_found");
    assert_eq!(reads(world, "joe", "/apps/apple").await["owner"]["email"], "joe@acme.com");

    assert_eq!(
        all(&reads(world, "jill", "/teams/permissions").await, "/name"),
        ["view", "deploy", "operate", "manage"]
    );
    let path = "/teams/apps/acme-website/collaborators";
    let body = json!({ "user": "sam@acme-inc.com", "permissions": ["deploy", "view"] });
    let on = world.does("ada", "POST", path, body, CREATED).await;
    assert_eq!(all(&on["permissions"], "/name"), ["view", "deploy"]);
    assert_eq!(reads(world, "ada", path).await.as_array().unwrap().len(), 3);
    let own = format!("{path}/sam@acme-inc.com");
    assert_eq!(reads(world, "sam", &own).await, on);
    let changed = world.does("ada", "PATCH", &own, json!({ "permissions": ["operate"] }), OK).await;
    assert_eq!(all(&changed["permissions"], "/name"), ["view", "operate"]);
    assert_eq!(world.does("sam", "DELETE", &own, Value::Null, OK).await, changed);
    world.get("sam", &own).await.refused(404, "not_found");
    // Leaving and joining.
    let own = format!("{path}/joe@acme.com");
    world.does("joe", "DELETE", &own, Value::Null, OK).await;
    let joined = world.does("joe", "POST", path, json!({ "user": "joe@acme.com" }), CREATED).await;
    assert_eq!((all(&joined["permissions"], "/name"), &joined["role"]), (vec!["view"], &json!("member")));
    let entities = reads(world, "vera", "/teams/acme-widgets/permissions").await;
    assert_eq!(entities[0]["users"].as_array().unwrap().len(), 4);
}

async fn teams(world: &World) {
    assert_eq!(all(&reads(world, "ada", "/teams").await, "/name"), ["acme-labs", "acme-ops", "acme-widgets"]);
    let team = reads(world, "vera", "/teams/acme-widgets").await;
    assert_eq!((&team["type"], &team["role"]), (&json!("enterprise"), &json!("viewer")));
    assert_eq!(reads(world, "vera", &format!("/teams/{}", team["id"].as_str().unwrap())).await, team);
    world.ask("ada", "POST", "/teams", json!({ "name": "own" })).await.refused(403, "forbidden");
    assert_eq!(
        world.does("ada", "PATCH", "/teams/acme-ops", json!({ "name": "acme-op" }), OK).await["name"],
        "acme-op"
    );
    // Who creates teams in the account deletes them.
    assert_eq!(world.does("ada", "DELETE", "/teams/acme-op", Value::Null, OK).await["name"], "acme-op");
    world.ask("ada", "DELETE", "/teams/acme-widgets", Value::Null).await.refused(403, "forbidden");

    let path = "/teams/acme-widgets/members";
    let role = |role: &str| json!({ "email": "sam@acme-inc.com", "role": role });
    assert_eq!(world.does("ada", "POST", path, role("viewer"), CREATED).await["role"], "viewer");
    assert_eq!(world.does("ada", "PATCH", path, role("member"), OK).await["role"], "member");
    assert_eq!(world.does("ada", "PUT", path, role("admin"), OK).await["role"], "admin");
    assert_eq!(reads(world, "vera", path).await.as_array().unwrap().len(), 5);
    let gone = world.does("ada", "DELETE", &format!("{path}/sam@acme-inc.com"), Value::Null, OK).await;
    assert_eq!(gone["role"], "admin");
    assert_eq!(world.does("ada", "PUT", path, role("member"), OK).await["role"], "member");

    // Who is no user yet is invited, and is in the team once they have come.
    for (method, email) in [("PUT", "new@acme.com"), ("POST", "newer@acme.com")] {
        let body = json!({ "email": email, "role": "member" });
        let status = if method == "PUT" { OK } else { CREATED };
        let invited = world.does("ada", method, path, body, status).await;
        assert_eq!(
            (&invited["email"], &invited["role"], &invited["user"]["id"]),
            (&json!(email), &json!("member"), &json!(uuid::Uuid::nil()))
        );
    }
    assert_eq!(
        all(&reads(world, "ada", "/teams/acme-widgets/invitations").await, "/user/email"),
        ["new@acme.com", "newer@acme.com"]
    );
    world
        .ask("vera", "PUT", path, json!({ "email": "none@acme.com", "role": "member" }))
        .await
        .refused(403, "forbidden");

    let path = "/teams/acme-inc/invitations";
    let body = json!({ "email": "joe@acme.com", "role": "member" });
    let invitation = world.does("sam", "PUT", path, body.clone(), OK).await;
    assert_eq!(reads(world, "max", path).await.as_array().unwrap().len(), 1);
    let gone = world.does("sam", "DELETE", &format!("{path}/joe@acme.com"), Value::Null, OK).await;
    assert_eq!(gone["id"], invitation["id"]);
    let invitation = world.does("sam", "PUT", path, body, OK).await;
    let own = format!("/teams/invitations/{}", invitation["id"].as_str().unwrap());
    assert_eq!(reads(world, "joe", &own).await["team"]["name"], "acme-inc");
    let member = world.does("joe", "POST", &format!("{own}/accept"), Value::Null, OK).await;
    assert_eq!((&member["email"], &member["role"]), (&json!("joe@acme.com"), &json!("member")));
    world.get("joe", &own).await.refused(404, "not_found");

    let path = "/teams/acme-widgets/preferences";
    let expected = json!({ "default-permission": "member", "addons-controls": true });
    assert_eq!(world.does("ada", "PATCH", path, json!({ "addons-controls": true }), OK).await, expected);
    assert_eq!(reads(world, "vera", path).await, expected);
    let features = reads(world, "vera", "/teams/acme-widgets/features").await;
    assert_eq!(reads(world, "vera", "/teams/acme-widgets/features/org-access-controls").await, features[0]);
    world.get("vera", "/teams/acme-widgets/features/team-invite-acceptance").await.refused(404, "not_found");
    assert_eq!(all(&reads(world, "max", "/teams/acme-inc/features").await, "/name"), ["team-invite-acceptance"]);

    let path = "/teams/acme-widgets/allowed-addon-services";
    let listed = world.does("ada", "POST", path, json!({ "addon_service": "redis" }), CREATED).await;
    assert_eq!(reads(world, "vera", path).await, listed);
    assert_eq!(world.does("ada", "DELETE", &format!("{path}/redis"), Value::Null, OK).await, listed[0]);
    assert_eq!(reads(world, "vera", path).await, json!([]));

    let days = reads(world, "ada", "/teams/acme-widgets/usage/daily?start=1970-01-01&end=1970-01-03").await;
    assert_eq!(all(&days, "/date"), ["1970-01-01", "1970-01-02", "1970-01-03"]);
    let months = reads(world, "ada", "/teams/acme-widgets/usage/monthly?start=1970-01&end=1970-02").await;
    assert_eq!(all(&months, "/month"), ["1970-01", "1970-02"]);
}

async fn spaces(world: &World) {
    let body = json!({ "name": "new-space", "team": "acme-labs", "shield": true });
    let space = world.does("ada", "POST", "/spaces", body, CREATED).await;
    assert_eq!((&space["shield"], &space["state"]), (&json!(true), &json!("allocated")));
    assert_eq!(all(&reads(world, "ada", "/spaces").await, "/name"), ["labs-space", "new-space"]);
    assert_eq!(all(&reads(world, "ada", "/teams/acme-labs/spaces").await, "/name"), ["labs-space", "new-space"]);
    assert_eq!(reads(world, "ada", "/spaces/new-space").await, space);
    let request = world.request("ada", "GET", "/spaces/new-space").header("accept-expansion", "region");
    let expanded = world.send(request.body(Body::empty()).unwrap()).await.json();
    assert_eq!(expanded["region"]["description"], "Virginia, United States");
    assert_eq!(expanded["id"], space["id"]);
    assert_eq!(reads(world, "ada", "/spaces/new-space/nat").await["state"], "disabled");
    let renamed = world.does("ada", "PATCH", "/spaces/new-space", json!({ "name": "old-space" }), OK).await;
    assert_eq!((&renamed["name"], &renamed["id"]), (&json!("old-space"), &space["id"]));
    let body = json!({ "email": "joe@acme.com", "role": "member" });
    world.does("ada", "POST", "/teams/acme-labs/members", body, CREATED).await;
    let path = "/spaces/old-space/members/joe@acme.com";
    assert_eq!(reads(world, "joe", path).await["permissions"], json!([]));
    let allowed = json!({ "permissions": [{ "name": "create_apps" }] });
    let access = world.does("ada", "PATCH", path, allowed, OK).await;
    assert_eq!(all(&access["permissions"], "/name"), ["create_apps"]);
    let members = reads(world, "joe", "/spaces/old-space/members").await;
    assert_eq!(all(&members, "/user/email"), ["ada@acme.com", "joe@acme.com"]);
    world.does("ada", "POST", "/enterprise-accounts/acme-corp/teams", json!({ "name": "acme-new" }), CREATED).await;
    let moved = world.does("ada", "POST", "/spaces/old-space/transfer", json!({ "new_owner": "acme-new" }), OK).await;
    assert_eq!(moved["team"]["name"], "acme-new");
    assert_eq!(world.does("ada", "DELETE", "/spaces/old-space", Value::Null, OK).await["name"], "old-space");
}

async fn pipelines(world: &World) {
    let team = reads(world, "ada", "/teams/acme-widgets").await["id"].clone();
    let body =
        json!({ "name": "new-flow", "owner": { "id": team, "type": "team" }, "generation": { "name": "cedar" } });
    let pipeline = world.does("ada", "POST", "/pipelines", body, CREATED).await;
    let id = pipeline["id"].as_str().unwrap();
    assert_eq!(all(&reads(world, "joe", "/pipelines").await, "/name"), ["acme-flow", "new-flow"]);
    assert_eq!(reads(world, "joe", "/pipelines?eq[name]=new-flow").await, json!([pipeline]));
    assert_eq!(reads(world, "joe", "/pipelines?eq%5Bname%5D=none").await, json!([]));
    assert_eq!(reads(world, "joe", &format!("/pipelines/{id}")).await, pipeline);
    let path = format!("/pipelines/{id}");
    assert_eq!(world.does("ada", "PATCH", &path, json!({ "name": "old-flow" }), OK).await["name"], "old-flow");

    for name in ["one-app", "two-app"] {
        world.does("ada", "POST", "/teams/apps", json!({ "name": name, "team": "acme-widgets" }), CREATED).await;
    }
    let couple = |app: &str, stage: &str| json!({ "app": app, "pipeline": id, "stage": stage });
    let coupling = world.does("ada", "POST", "/pipeline-couplings", couple("one-app", "test"), CREATED).await;
    let own = format!("/pipeline-couplings/{}", coupling["id"].as_str().unwrap());
    assert_eq!(reads(world, "joe", &own).await, coupling);
    assert_eq!(reads(world, "joe", "/apps/one-app/pipeline-couplings").await, coupling);
    assert_eq!(world.does("ada", "PATCH", &own, json!({ "stage": "staging" }), OK).await["stage"], "staging");
    world.does("ada", "POST", "/pipeline-couplings", couple("two-app", "production"), CREATED).await;
    assert_eq!(reads(world, "joe", &format!("{path}/pipeline-couplings")).await.as_array().unwrap().len(), 2);
    for path in ["/pipeline-couplings", "/users/~/pipeline-couplings", "/teams/acme-widgets/pipeline-couplings"] {
        assert_eq!(all(&reads(world, "joe", path).await, "/stage"), ["production", "staging", "production"], "{path}");
    }

    let app = |name: &str| format!("/apps/{name}");
    let (one, two) = (
        reads(world, "ada", &app("one-app")).await["id"].clone(),
        reads(world, "ada", &app("two-app")).await["id"].clone(),
    );
    let body =
        json!({ "pipeline": { "id": id }, "source": { "app": { "id": one } }, "targets": [{ "app": { "id": two } }] });
    world.ask("ada", "POST", "/pipeline-promotions", body.clone()).await.refused(409, "conflict");
    world.does("ada", "POST", "/apps/one-app/releases", json!({ "description": "first" }), CREATED).await;
    let promotion = world.does("ada", "POST", "/pipeline-promotions", body, CREATED).await;
    let own = format!("/pipeline-promotions/{}", promotion["id"].as_str().unwrap());
    assert_eq!(reads(world, "joe", &own).await, promotion);
    let targets = reads(world, "joe", &format!("{own}/promotion-targets")).await;
    assert_eq!((&targets[0]["app"]["id"], &targets[0]["status"]), (&two, &json!("succeeded")));

    let ada = reads(world, "ada", "/account").await["id"].clone();
    let gone =
        world.does("ada", "DELETE", &format!("/pipeline-couplings/{}", two.as_str().unwrap()), Value::Null, OK).await;
    assert_eq!(gone["app"]["id"], two);
    let body = json!({ "pipeline": { "id": id }, "new_owner": { "id": ada, "type": "user" } });
    let moved = world.does("ada", "POST", "/pipeline-transfers", body, CREATED).await;
    assert_eq!((&moved["previous_owner"]["id"], &moved["new_owner"]["type"]), (&team, &json!("user")));
    assert_eq!(world.does("ada", "DELETE", &path, Value::Null, OK).await["id"], pipeline["id"]);
}

async fn releases(world: &World) {
    let joe = "/teams/apps/acme-website/collaborators/joe@acme.com";
    world.does("ada", "PATCH", joe, json!({ "permissions": ["deploy"] }), OK).await;
    let path = "/apps/acme-website/releases";
    assert_eq!(reads(world, "jill", path).await, json!([]));
    for description in ["first", "second"] {
        let release = world.does("joe", "POST", path, json!({ "description": description }), CREATED).await;
        assert_eq!((&release["description"], &release["current"]), (&json!(description), &json!(true)));
    }
    let list = reads(world, "ada", path).await;
    assert_eq!(all(&list, "/description"), ["first", "second"]);
    assert_eq!(all(&list, "/user/email"), ["joe@acme.com", "joe@acme.com"]);
    // Jill, who is on the app alone, does not see who released.
    assert_eq!(all(&reads(world, "jill", path).await, "/user/email"), ["acme-widgets@herokumanager.com"; 2]);
    let first = reads(world, "jill", &format!("{path}/1")).await;
    for identity in ["v1", first["id"].as_str().unwrap()] {
        assert_eq!(reads(world, "jill", &format!("{path}/{identity}")).await, first);
    }
    assert_eq!((&first["current"], &first["eligible_for_rollback"]), (&json!(false), &json!(true)));
    world.get("jill", &format!("{path}/3")).await.refused(404, "not_found");
    let body = json!({ "release": first["id"] });
    let back = world.does("joe", "POST", path, body.clone(), CREATED).await;
    assert_eq!((&back["version"], &back["description"]), (&json!(3), &json!("Rollback to v1")));
    world.ask("vera", "POST", path, body).await.refused(403, "forbidden");
    for wrong in [json!({ "slug": "0123" }), json!({ "release": "1", "description": "x" })] {
        world.ask("joe", "POST", path, wrong).await.refused(422, "invalid_params");
    }
    assert_eq!(reads(world, "joe", "/apps/acme-website/config-vars").await, json!({}));
    assert_eq!(reads(world, "joe", &format!("{path}/1/config-vars")).await, json!({}));
    world.get("jill", "/apps/acme-website/config-vars").await.refused(403, "forbidden");
    let set = |body: Value| world.ask("joe", "PATCH", "/apps/acme-website/config-vars", body);
    for nothing in [json!({}), json!({ "GONE": null })] {
        assert_eq!((set(nothing.clone()).await.status, set(nothing).await.json()), (200, json!({})));
    }
    let refusal = set(json!({ "KEY": "value", "GONE": null })).await.refused(422, "invalid_params");
    assert_eq!(refusal, "`config_vars` cannot be set: none are kept here");
    world.ask("vera", "PATCH", "/apps/acme-website/config-vars", json!({})).await.refused(403, "forbidden");
    assert_eq!(reads(world, "jill", "/apps/acme-website/buildpack-installations").await, json!([]));
}

async fn formation(world: &World) {
    let path = "/apps/acme-website/formation";
    assert_eq!(reads(world, "jill", path).await, json!([]));
    // As the client sends it.
    let updates = json!({ "updates": [{ "type": "web", "quantity": "+2", "size": "Standard-1X" }, { "type": "worker", "quantity": 1 }] });
    let scaled = world.does("joe", "PATCH", path, updates, OK).await;
    let told = |list: &Value| -> Vec<String> {
        let one = |one: &Value| {
            format!("{}@{}:{}", one["type"].as_str().unwrap(), one["quantity"], one["size"].as_str().unwrap())
        };
        list.as_array().unwrap().iter().map(one).collect()
    };
    assert_eq!(told(&scaled), ["web@2:Standard-1X", "worker@1:Basic"]);
    assert_eq!(reads(world, "jill", path).await, scaled);
    let web = reads(world, "jill", &format!("{path}/web")).await;
    assert_eq!(reads(world, "jill", &format!("{path}/{}", web["id"].as_str().unwrap())).await, web);
    let web_id = format!("{path}/{}", web["id"].as_str().unwrap());
    for (path, body, expected) in [
        (format!("{path}/web"), json!({ "dyno_size": { "name": "standard-2x" } }), "web@2:Standard-2X"),
        (format!("{path}/web"), json!({ "quantity": "-1" }), "web@1:Standard-2X"),
        (web_id, json!({ "quantity": "3" }), "web@3:Standard-2X"),
        (format!("{path}/worker"), json!({ "quantity": 0 }), "worker@0:Basic"),
        (format!("{path}/worker"), json!({ "quantity": 0 }), "worker@0:Basic"),
    ] {
        let now = world.does("joe", "PATCH", &path, body.clone(), OK).await;
        assert_eq!(told(&json!([now])), [expected], "{path} {body}");
    }
    assert_eq!(told(&reads(world, "jill", path).await), ["web@3:Standard-2X"]);
    let one = format!("{path}/web");
    for wrong in [
        json!({ "quantity": "many" }),
        json!({ "quantity": "-4" }),
        json!({ "size": "huge" }),
        json!({ "quantity": true }),
    ] {
        world.ask("joe", "PATCH", &one, wrong).await.refused(422, "invalid_params");
    }
    world.ask("joe", "PATCH", &format!("{path}/worker"), json!({ "size": "basic" })).await.refused(404, "not_found");
    world.ask("vera", "PATCH", &one, json!({ "quantity": 1 })).await.refused(403, "forbidden");
    // All of it or nothing.
    let updates =
        json!({ "updates": [{ "type": "web", "quantity": 1 }, { "type": "worker", "quantity": 1, "size": "eco" }] });
    world.ask("joe", "PATCH", path, updates).await.refused(422, "invalid_params");
    let dynos = reads(world, "jill", "/apps/acme-website/dynos").await;
    assert_eq!(all(&dynos, "/name"), ["web.1", "web.2", "web.3"]);
    assert_eq!(dynos[0]["release"]["version"], 3);
    for dyno in dynos.as_array().unwrap() {
        for key in ["id", "name"] {
            let path = format!("/apps/acme-website/dynos/{}", dyno[key].as_str().unwrap());
            assert_eq!(reads(world, "jill", &path).await, *dyno);
        }
    }
    for none in ["web.0", "web.4", "web.03", "web", "worker.1", "00000000-0000-0000-0000-000000000000"] {
        world.get("jill", &format!("/apps/acme-website/dynos/{none}")).await.refused(404, "not_found");
    }
}

async fn add_ons(world: &World) {
    let services = reads(world, "jill", "/addon-services").await;
    for service in services.as_array().unwrap() {
        let (id, name) = (service["id"].as_str().unwrap(), service["name"].as_str().unwrap());
        for identity in [id, name] {
            assert_eq!(reads(world, "jill", &format!("/addon-services/{identity}")).await, *service);
        }
        let plans = reads(world, "jill", &format!("/addon-services/{name}/plans")).await;
        assert_eq!(plans.as_array().unwrap().iter().filter(|plan| plan["default"] == true).count(), 1);
        for plan in plans.as_array().unwrap() {
            let (id, full) = (plan["id"].as_str().unwrap(), plan["name"].as_str().unwrap());
            for identity in [id, full] {
                assert_eq!(reads(world, "jill", &format!("/plans/{identity}")).await, *plan);
                assert_eq!(reads(world, "jill", &format!("/addon-services/{name}/plans/{identity}")).await, *plan);
            }
            let short = full.split_once(':').unwrap().1;
            assert_eq!(reads(world, "jill", &format!("/addon-services/{name}/plans/{short}")).await, *plan);
        }
    }
    for none in
        ["/addon-services/none", "/addon-services/none/plans", "/plans/none", "/addon-services/scheduler/plans/none"]
    {
        world.get("jill", none).await.refused(404, "not_found");
    }
    let controls = json!({ "addons-controls": false });
    world.does("ada", "PATCH", "/teams/acme-widgets/preferences", controls, OK).await;
    let path = "/apps/acme-website/addons";
    // As the client sends it.
    let body = json!({ "attachment": {}, "config": {}, "plan": { "name": "heroku-postgresql:essential-0" } });
    let postgres = world.does("ada", "POST", path, body.clone(), CREATED).await;
    assert_eq!((&postgres["plan"]["name"], &postgres["billed_price"]["cents"]), (&body["plan"]["name"], &json!(500)));
    world.ask("joe", "POST", path, body).await.refused(403, "forbidden");
    let scheduler = world.does("joe", "POST", path, json!({ "plan": "scheduler" }), CREATED).await;
    assert_eq!(reads(world, "joe", path).await, json!([postgres, scheduler]));
    for wrong in [
        json!({ "plan": "scheduler", "name": "mine" }),
        json!({ "plan": "scheduler", "attachment": { "name": "MINE" } }),
        json!({ "plan": "scheduler", "config": { "fork": "other" } }),
        json!({}),
    ] {
        world.ask("joe", "POST", path, wrong).await.refused(422, "invalid_params");
    }
    world.ask("joe", "POST", path, json!({ "plan": "none" })).await.refused(404, "not_found");
    let both = json!([postgres, scheduler]);
    for path in ["/addons", "/users/~/addons", "/users/joe@acme.com/addons", "/teams/acme-widgets/addons"] {
        assert_eq!(reads(world, "joe", path).await, both, "{path}");
    }
    world.get("ada", "/users/joe@acme.com/addons").await.refused(403, "forbidden");
    assert_eq!(reads(world, "vera", "/addons").await, json!([]));
    assert_eq!(reads(world, "vera", "/teams/acme-widgets/addons").await, both);
    for path in ["/addon-attachments", "/apps/acme-website/addon-attachments"] {
        assert_eq!(reads(world, "joe", path).await, json!([]));
    }
    world.get("vera", "/apps/acme-website/addon-attachments").await.refused(403, "forbidden");
    let (id, name) = (postgres["id"].as_str().unwrap(), postgres["name"].as_str().unwrap());
    for identity in [id, name] {
        assert_eq!(reads(world, "joe", &format!("/addons/{identity}")).await, postgres);
        assert_eq!(reads(world, "joe", &format!("{path}/{identity}")).await, postgres);
        for body in [
            json!({ "addon": identity }),
            json!({ "addon": identity, "app": "acme-website", "addon_service": "heroku-postgresql" }),
        ] {
            assert_eq!(world.does("joe", "POST", "/actions/addons/resolve", body, OK).await, json!([postgres]));
        }
        let body = json!({ "addon": identity, "addon_service": "scheduler" });
        world.ask("joe", "POST", "/actions/addons/resolve", body).await.refused(404, "not_found");
        assert_eq!(reads(world, "joe", &format!("/addons/{identity}/addon-attachments")).await, json!([]));
        // Vera does not list the add-ons of the app.
        world.get("vera", &format!("/addons/{identity}")).await.refused(404, "not_found");
        world.get("vera", &format!("{path}/{identity}")).await.refused(403, "forbidden");
    }
    let own = format!("{path}/heroku-postgresql");
    for _ in 0..2 {
        let body = json!({ "plan": "heroku-postgresql:standard-0" });
        let changed = world.does("ada", "PATCH", &own, body, OK).await;
        assert_eq!(changed["billed_price"]["cents"], 5000);
    }
    for wrong in [json!({ "plan": "scheduler" }), json!({ "name": "mine" })] {
        world.ask("ada", "PATCH", &own, wrong).await.refused(422, "invalid_params");
    }
    world.ask("joe", "DELETE", &own, Value::Null).await.refused(403, "forbidden");
    let gone = world.does("ada", "DELETE", &own, Value::Null, OK).await;
    assert_eq!((&gone["id"], &gone["state"]), (&postgres["id"], &json!("deprovisioned")));
    assert_eq!(reads(world, "joe", path).await, json!([scheduler]));
}

async fn enterprise_accounts(world: &World) {
    let account = reads(world, "ada", "/enterprise-accounts/acme-corp").await;
    assert_eq!(reads(world, "ada", "/enterprise-accounts").await, json!([account]));
    let name = json!({ "name": "acme" });
    world.ask("ada", "PATCH", "/enterprise-accounts/acme-corp", name).await.refused(422, "invalid_params");
    let body = json!({ "user": "vera@acme.com", "permissions": ["view", "billing"] });
    let path = "/enterprise-accounts/acme-corp/members";
    let member = world.does("ada", "POST", path, body, CREATED).await;
    assert_eq!(all(&member["permissions"], "/name"), ["view", "billing"]);
    assert_eq!(all(&reads(world, "vera", path).await, "/user/email"), ["ada@acme.com", "vera@acme.com"]);
    let own = format!("{path}/vera@acme.com");
    let changed = world.does("ada", "PATCH", &own, json!({ "permissions": ["view", "create"] }), OK).await;
    assert_eq!(all(&changed["permissions"], "/name"), ["view", "create"]);
    assert_eq!(world.does("vera", "DELETE", &own, Value::Null, OK).await, changed);
    let body = json!({ "name": "acme-more" });
    let team = world.does("ada", "POST", "/enterprise-accounts/acme-corp/teams", body, CREATED).await;
    assert_eq!((&team["role"], &team["enterprise_account"]["name"]), (&json!("admin"), &json!("acme-corp")));
    let teams = reads(world, "ada", "/enterprise-accounts/acme-corp/teams").await;
    assert!(all(&teams, "/name").contains(&"acme-more"));
    world.does("ada", "POST", "/teams/apps", json!({ "name": "used", "team": "acme-more" }), CREATED).await;
    let body = json!({ "updates": [{ "type": "web", "quantity": 1, "size": "standard-1x" }] });
    world.does("ada", "PATCH", "/apps/used/formation", body, OK).await;
    let usage = "/enterprise-accounts/acme-corp/usage";
    assert_eq!(
        reads(world, "ada", &format!("{usage}/daily?start=1970-01-01&end=1970-01-02")).await.as_array().unwrap().len(),
        2
    );
    let months = reads(world, "ada", &format!("{usage}/monthly?start=1970-01&end=1970-02")).await;
    assert_eq!((all(&months, "/month"), all(&months, "/name")), (vec!["1970-01", "1970-02"], vec!["acme-corp"; 2]));
    world.does("ada", "POST", path, json!({ "user": "joe@acme.com", "permissions": ["view"] }), CREATED).await;
    world.get("joe", &format!("{usage}/monthly?start=1970-01")).await.refused(403, "forbidden");
    world.does("joe", "DELETE", &format!("{path}/joe@acme.com"), Value::Null, OK).await;
    let events = reads(world, "ada", "/enterprise-accounts/acme-corp/events?type=team&action=create").await;
    assert_eq!(all(&events, "/team/name").first(), Some(&"acme-more"));
    let events =
        reads(world, "ada", "/enterprise-accounts/acme-corp/events?order=asc&day=1970-01-01&actor=ada@acme.com").await;
    assert_eq!(all(&events, "/type"), ["team", "space"]);
}

/// What is ours, and not of the schema (LAB-1).
async fn labels(world: &World) {
    for (list, thing) in
        [("teams", "acme-labs"), ("apps", "acme-website"), ("spaces", "labs-space"), ("pipelines", "acme-flow")]
    {
        let path = format!("/x/{list}/{thing}/labels");
        let labels = json!({ "env": "production" });
        assert_eq!(world.does("ada", "PUT", &path, labels.clone(), OK).await, labels);
        assert_eq!(reads(world, "ada", &path).await, labels);
        assert_eq!(all(&reads(world, "ada", &format!("/x/{list}?label=env")).await, "/name"), [thing]);
    }
}

#[tokio::test]
async fn every_endpoint() {
    let world = world();
    labels(&world).await;
    accounts(&world).await;
    authorizations(&world).await;
    assert_eq!((world.get("joe", "/health").await.status, world.get("joe", "/health/ready").await.status), (200, 200));
    apps(&world).await;
    team_apps(&world).await;
    teams(&world).await;
    spaces(&world).await;
    pipelines(&world).await;
    releases(&world).await;
    formation(&world).await;
    add_ons(&world).await;
    enterprise_accounts(&world).await;
    groups::every_endpoint(&world).await;
    roles::every_endpoint(&world).await;
    ends::every_endpoint(&world).await;
    assert_eq!(world.get("ada", "/errors/app-hidden").await.json()["rule"], "X-2");
    let asked = world.asked.lock().unwrap();
    let of_the_api = |route: &str| !route.starts_with("/access/") && !route.starts_with("/.well-known/");
    let missing = routes().into_iter().filter(|route| of_the_api(&route.1) && !asked.contains(route));
    let missing: Vec<_> = missing.collect();
    assert_eq!(missing, [], "not asked");
    assert_eq!(world.server.store().check_invariants(), []);
}
