//! Labels under `/x/`, and in the dashboard.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::{Visitor, World, world};

const OK: StatusCode = StatusCode::OK;
const APPS: &str = "/dashboard/teams/acme-widgets/apps";

/// The names in a list of things with labels.
async fn listed(world: &World, who: &str, path: &str) -> Vec<String> {
    let list = world.does(who, "GET", path, Value::Null, OK).await;
    list.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn labels_of_each_kind_of_thing() {
    let world = world();
    for (thing, seer) in [
        ("teams/acme-widgets", "vera"),
        ("apps/acme-website", "jill"),
        ("spaces/labs-space", "ada"),
        ("pipelines/acme-flow", "joe"),
    ] {
        let path = format!("/x/{thing}/labels");
        assert_eq!(world.does(seer, "GET", &path, Value::Null, OK).await, json!({}), "{path}");
        let labels = json!({ "env": "production", "tier": "" });
        let before = world.server.store().seq();
        assert_eq!(world.does("ada", "PUT", &path, labels.clone(), OK).await, labels);
        // One event for all of them; what is so already is a success, and no event.
        assert_eq!(world.does("ada", "PUT", &path, labels.clone(), OK).await, labels);
        assert_eq!(world.server.store().seq(), before + 1);
        assert_eq!(world.does(seer, "GET", &path, Value::Null, OK).await, labels);
        // The answers of Heroku's API know nothing of it.
        let own = world.get("ada", &format!("/{thing}")).await;
        assert!(own.status == 200 && !own.text.contains("production") && !own.text.contains("label"), "{own:?}");
        let other = json!({ "env": "staging" });
        assert_eq!(world.does("ada", "PUT", &path, other.clone(), OK).await, other);
        for wrong in [json!({ "Env": "x" }), json!({ "env": "a\nb" }), json!({ "env": 1 }), json!(["env"])] {
            world.ask("ada", "PUT", &path, wrong).await.refused(422, "invalid_params");
        }
        let many: serde_json::Map<_, _> = (0..17).map(|number| (format!("key-{number}"), json!(""))).collect();
        let told = world.ask("ada", "PUT", &path, many.into()).await.refused(422, "invalid_params");
        assert!(told.contains("17 of at most 16"), "{told}");
        assert_eq!(world.does("ada", "GET", &path, Value::Null, OK).await, other);
        // An outsider hears what they hear of what is not there.
        let (kind, _) = thing.split_once('/').unwrap();
        for (method, body) in [("GET", Value::Null), ("PUT", json!({ "env": "x" }))] {
            let hidden = world.ask("nobody", method, &path, body.clone()).await;
            let none = world.ask("nobody", method, &format!("/x/{kind}/not-there/labels"), body).await;
            assert_eq!((hidden.status, &hidden.text), (404, &none.text), "{path}");
        }
        assert_eq!(world.does("ada", "PUT", &path, json!({}), OK).await, json!({}));
    }
}

#[tokio::test]
async fn who_may_not_rename_does_not_label() {
    let world = world();
    for (who, path) in [
        ("joe", "/x/teams/acme-widgets/labels"),
        ("joe", "/x/apps/acme-website/labels"),
        ("jill", "/x/apps/acme-website/labels"),
        ("vera", "/x/pipelines/acme-flow/labels"),
        ("max", "/x/apps/frozen-wave-4030/labels"),
    ] {
        world.ask(who, "PUT", path, json!({ "env": "x" })).await.refused(403, "forbidden");
    }
    // A collaborator knows of the team, and sees nothing of it.
    world.get("jill", "/x/teams/acme-widgets/labels").await.refused(403, "forbidden");
}

#[tokio::test]
async fn lists_by_label() {
    let world = world();
    world
        .does("ada", "POST", "/teams/apps", json!({ "name": "other", "team": "acme-widgets" }), StatusCode::CREATED)
        .await;
    let labels = json!({ "env": "production", "tier": "a&b = c" });
    for thing in ["teams/acme-labs", "apps/other", "spaces/labs-space", "pipelines/acme-flow"] {
        world.does("ada", "PUT", &format!("/x/{thing}/labels"), labels.clone(), OK).await;
    }
    for (list, all, found) in [
        ("teams", &["acme-labs", "acme-ops", "acme-widgets"][..], "acme-labs"),
        ("apps", &["acme-website", "other"], "other"),
        ("spaces", &["labs-space"], "labs-space"),
        ("pipelines", &["acme-flow"], "acme-flow"),
    ] {
        assert_eq!(listed(&world, "ada", &format!("/x/{list}")).await, all);
        for query in
            ["label=env", "label=env%3Dproduction", "label=env=production&label=tier", "label=tier=a%26b+%3D+c"]
        {
            assert_eq!(listed(&world, "ada", &format!("/x/{list}?{query}")).await, [found], "{list} {query}");
        }
        for query in ["label=env=staging", "label=owner", "label=env&label=owner", "label=env="] {
            assert!(listed(&world, "ada", &format!("/x/{list}?{query}")).await.is_empty(), "{list} {query}");
        }
        assert!(listed(&world, "nobody", &format!("/x/{list}?label=env")).await.is_empty(), "{list}");
        let told = world.get("ada", &format!("/x/{list}?label=Env")).await.refused(422, "invalid_params");
        assert!(told.contains("malformed label key"), "{told}");
        for query in ["name=env", "label=env&page=2", "label"] {
            world.get("ada", &format!("/x/{list}?{query}")).await.refused(422, "invalid_params");
        }
    }
    let one = &world.does("ada", "GET", "/x/apps?label=env", Value::Null, OK).await[0];
    let id = world.get("ada", "/apps/other").await.json()["id"].clone();
    assert_eq!(*one, json!({ "id": id, "name": "other", "labels": labels }));
}

#[tokio::test]
async fn labels_in_the_dashboard() {
    let world = world();
    let (ada, joe, vera) =
        (Visitor::of(&world, "ada").await, Visitor::of(&world, "joe").await, Visitor::of(&world, "vera").await);
    let flow = world.get("ada", "/pipelines/acme-flow").await.json()["id"].as_str().unwrap().to_owned();
    let flow = format!("/dashboard/pipelines/{flow}");
    for (form, operation, shown) in [
        ("/dashboard/apps/acme-website/settings", "set-app-labels", "/dashboard/apps/acme-website"),
        ("/dashboard/teams/acme-widgets/settings", "set-team-labels", "/dashboard/teams/acme-widgets"),
        ("/dashboard/spaces/labs-space/settings", "set-space-labels", "/dashboard/spaces/labs-space"),
        (&flow, "set-pipeline-labels", &*flow),
    ] {
        let before = ada.get(shown).await.text;
        assert!(!before.contains("aria-label=\"Labels\""), "{shown}: {before}");
        let lines = "env=production\r\n\r\n tier = <b>gold</b> \r\nbare";
        let done = ada.submit(form, operation, &[("labels", lines)]).await;
        assert_eq!(done.status, 303, "{done:?}");
        let page = ada.get(shown).await.text;
        for label in ["env=production", "tier=&lt;b&gt;gold&lt;/b&gt;", "bare"] {
            assert!(page.contains(&format!(">{label}</li>")), "{shown}: {page}");
        }
        // The form has what there is, in the order of the keys.
        let page = ada.get(form).await.text;
        assert!(page.contains("bare\nenv=production\ntier=&lt;b&gt;gold&lt;/b&gt;</textarea>"), "{form}: {page}");
        // What is wrong is told at the field, and stays there.
        for (wrong, told) in [("Env=x", "malformed label key"), ("env=a\nenv=b", "there twice")] {
            let refused = ada.submit(form, operation, &[("labels", wrong)]).await;
            assert!(refused.status == 422 && refused.text.contains(told), "{wrong}: {refused:?}");
            assert!(refused.text.contains(wrong.lines().next().unwrap()), "{wrong}: {refused:?}");
        }
        let done = ada.submit(form, operation, &[("labels", " ")]).await;
        assert_eq!(done.status, 303, "{done:?}");
        assert!(!ada.get(shown).await.text.contains("aria-label=\"Labels\""));
    }
    // Who may not is told why, and sees what there is.
    world.does("ada", "PUT", "/x/apps/acme-website/labels", json!({ "env": "production" }), OK).await;
    let page = joe.get("/dashboard/apps/acme-website/settings").await.text;
    let form = page.split("class=\"control set-app-labels\"").nth(1).unwrap();
    let form = form.split("</details>").next().unwrap();
    assert!(form.contains("fieldset disabled") && form.contains("LAB-1"), "{form}");
    assert!(page.contains(">env=production</li>"), "{page}");

    // The list of apps, by label.
    let rows = async |query: &str| {
        let page = vera.get(&format!("{APPS}?{query}")).await.text;
        ["acme-website", "acme-flow"]
            .map(|name| page.split("id=\"list\"").nth(1).unwrap().contains(&format!(">{name}<")))
    };
    for (query, found) in [
        ("label=", [true, true]),
        ("label=env", [true, false]),
        ("label=env%3Dproduction&kind=apps", [true, false]),
        ("label=env&kind=pipelines", [false, false]),
        ("label=env%3Dstaging", [false, false]),
        ("label=env&filter=site", [true, false]),
        ("label=env&filter=none", [false, false]),
    ] {
        assert_eq!(rows(query).await, found, "{query}");
    }
    let none = vera.get(&format!("{APPS}?label=Env")).await;
    assert!(
        none.status == 200 && none.text.contains("That is no label") && none.text.contains("unexpected `E`"),
        "{none:?}"
    );
}
