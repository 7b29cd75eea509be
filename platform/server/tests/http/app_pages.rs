//! The dashboard's pages of an app and of a pipeline.

use axum::body::Body;
use axum::http::Request;

use crate::support::{Reply, World, world};

const WEBSITE: &str = "/dashboard/apps/acme-website";
const FLOW: &str = "/dashboard/pipelines/acme-flow";

/// Sends what a browser would in a session of this person.
async fn send(world: &World, who: &str, method: &str, path: &str, body: String) -> Reply {
    let request = Request::builder().method(method).uri(path).header("host", "server");
    let request = request.header("cookie", format!("session={}", world.token(who)));
    world.send(request.body(Body::from(body)).unwrap()).await
}

async fn page(world: &World, who: &str, path: &str) -> String {
    let reply = send(world, who, "GET", path, String::new()).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.text
}

/// The part of a page between the control of this button, with the operation that it would do, and the next.
fn control<'p>(page: &'p str, button: &str) -> &'p str {
    let mut controls = page.split("<div class=\"control ").skip(1);
    controls.find(|part| part.contains(&format!(">{button}</button>"))).unwrap_or_else(|| panic!("{page}"))
}

fn hidden(control: &str, name: &str) -> String {
    let (_, rest) = control.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
    rest.split('"').next().unwrap().replace("&quot;", "\"").replace("&amp;", "&")
}

/// Fills the form of this button in, and sends it.
async fn submit(world: &World, who: &str, path: &str, button: &str, fields: &[(&str, &str)]) -> Reply {
    let page = page(world, who, path).await;
    let control = control(&page, button);
    let own = ["key", "operation", "control"].map(|name| (name, hidden(control, name)));
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(own.iter().map(|(name, value)| (*name, &**value))).extend_pairs(fields);
    send(world, who, "POST", path, body.finish()).await
}

/// As [`submit`], of what is done: the page that one comes to.
async fn done(world: &World, who: &str, path: &str, button: &str, fields: &[(&str, &str)]) -> String {
    let reply = submit(world, who, path, button, fields).await;
    assert_eq!(reply.status, 303, "{reply:?}");
    let to = reply.header("location").unwrap();
    page(world, who, to).await
}

#[tokio::test]
async fn every_page_of_an_app_is_for_whoever_sees_it() {
    let world = world();
    for path in ["", "/access", "/resources", "/settings"].map(|tail| format!("{WEBSITE}{tail}")) {
        for who in ["ada", "joe", "vera", "jill"] {
            let page = page(&world, who, &path).await;
            assert_eq!(page.matches("<h1>").count(), 1, "{page}");
        }
        let reply = send(&world, "max", "GET", &path, String::new()).await;
        assert_eq!(reply.status, 404, "{reply:?}");
        assert!(!reply.text.contains("acme-widgets"), "{reply:?}");
    }
    assert_eq!(send(&world, "max", "GET", FLOW, String::new()).await.status, 404);
}

#[tokio::test]
async fn a_control_that_somebody_may_not_use_says_why() {
    let world = world();
    let settings = format!("{WEBSITE}/settings");
    let (by_ada, by_joe) = (page(&world, "ada", &settings).await, page(&world, "joe", &settings).await);
    for button in ["Rename", "Lock app", "Transfer", "Delete app"] {
        assert!(control(&by_ada, button).contains("<fieldset>"), "{button}");
        let refused = control(&by_joe, button);
        assert!(refused.contains("<fieldset disabled>") && refused.contains("Why?"), "{button}: {refused}");
    }
    // Whoever is on it by their own leave, and whoever is not yet.
    assert!(control(&page(&world, "joe", WEBSITE).await, "Leave app").contains("<fieldset>"));
    assert!(control(&page(&world, "vera", WEBSITE).await, "Join app").contains("APP-9"));
}

#[tokio::test]
async fn what_was_typed_stays_beside_the_refusal() {
    let world = world();
    let settings = format!("{WEBSITE}/settings");
    let reply = submit(&world, "ada", &settings, "Delete app", &[("confirmation", "acme-webseite")]).await;
    assert_eq!(reply.status, 422);
    let control = control(&reply.text, "Delete app");
    assert!(control.contains("value=\"acme-webseite\"") && control.contains("APP-6"), "{control}");
    let page = done(&world, "ada", &settings, "Delete app", &[("confirmation", "acme-website")]).await;
    assert!(page.contains("deleted app"), "{page}");
}

#[tokio::test]
async fn permissions_are_given_changed_and_taken_away() {
    let world = world();
    let access = format!("{WEBSITE}/access");
    let fields = [("user", "nobody@example.com"), ("permissions", "deploy"), ("permissions", "manage")];
    done(&world, "ada", &access, "Add User", &fields).await;
    let can = |who: &str| format!("{access}?can=rename-app&filter={who}");
    assert!(page(&world, "ada", &can("nobody")).await.contains("<th scope=\"row\">nobody@example.com"));
    assert!(page(&world, "ada", &can("joe")).await.contains("Nobody is like that."));
    let edit = format!("{access}?edit={}", world.user("nobody@example.com"));
    done(&world, "ada", &edit, "Save", &[("permissions", "operate")]).await;
    let why = page(&world, "ada", &format!("{access}?who=nobody@example.com&action=rename-app")).await;
    assert!(why.contains("May not") && why.contains("holds view, operate"), "{why}");
    done(&world, "ada", &edit, "Remove from app", &[]).await;
    assert_eq!(send(&world, "nobody", "GET", WEBSITE, String::new()).await.status, 404);
    // A collaborator is told why they do not see who else is there, on a page that is there for them.
    assert!(page(&world, "jill", &access).await.contains("collaborators do not have view-users"));
}

#[tokio::test]
async fn add_ons_cost_what_they_cost() {
    let world = world();
    let resources = format!("{WEBSITE}/resources");
    let forged = [("plan", r#"{"name":"premium-1","price":0}"#)];
    let reply = submit(&world, "ada", &resources, "Install heroku-redis", &forged).await;
    assert_eq!(reply.status, 422);
    assert!(reply.text.contains("find that plan"), "{reply:?}");
    let page =
        done(&world, "ada", &resources, "Install heroku-redis", &[("plan", r#"{"name":"mini","price":300}"#)]).await;
    assert!(page.contains("<td class=\"number\">3</td>"), "{page}");
    let reply = submit(&world, "ada", &resources, "Change plan", &forged).await;
    assert_eq!(reply.status, 422);
    let page =
        done(&world, "ada", &resources, "Change plan", &[("plan", r#"{"name":"premium-1","price":3000}"#)]).await;
    assert!(page.contains("<td class=\"number\">30</td>"), "{page}");
}

#[tokio::test]
async fn a_promotion_tells_the_result_for_each_target() {
    let world = world();
    for name in ["acme-staging", "acme-locked-away"] {
        done(&world, "ada", "/dashboard/teams/acme-widgets/apps", "Create app", &[("app.name", name)]).await;
    }
    done(&world, "ada", FLOW, "Add to pipeline", &[("app", "acme-staging"), ("stage", "staging")]).await;
    done(&world, "ada", FLOW, "Add to pipeline", &[("app", "acme-locked-away"), ("stage", "production")]).await;
    let refused = control(&page(&world, "ada", FLOW).await, "Promote to production").to_owned();
    assert!(refused.contains("has no release"), "{refused}");
    done(&world, "ada", "/dashboard/apps/acme-staging", "Record release", &[("description", "First")]).await;
    let joe = [("user", "joe@acme.com"), ("permissions", "deploy")];
    done(&world, "ada", "/dashboard/apps/acme-staging/access", "Add User", &joe).await;
    let told = done(&world, "joe", FLOW, "Promote to production", &[]).await;
    let (_, result) = told.split_once("Promotion of acme-staging v1").unwrap();
    let rows: Vec<&str> = result.split("<tr>").skip(2).take(2).collect();
    assert!(rows[0].contains("acme-website") && rows[0].contains("promoted"), "{rows:?}");
    assert!(rows[1].contains("acme-locked-away") && rows[1].contains("promotion needs deploy"), "{rows:?}");

    // Who chooses is told of nothing else; and it is told on the page of this pipeline.
    let open = format!("{FLOW}?app=acme-staging");
    let reply = submit(&world, "ada", &open, "Promote to these", &[("targets", "acme-website")]).await;
    let to = reply.header("location").unwrap_or_else(|| panic!("{reply:?}"));
    let told = page(&world, "ada", to).await;
    assert!(told.contains("Promotion of acme-staging v1") && !told.contains("left out"), "{told}");
    let other = [("name", "other-flow")];
    let reply = submit(&world, "ada", "/dashboard/teams/acme-widgets/apps", "Create pipeline", &other).await;
    let other = reply.header("location").unwrap().split('?').next().unwrap();
    let asked = to.split_once('?').unwrap().1;
    assert!(!page(&world, "ada", &format!("{other}?{asked}")).await.contains("Promotion of"));
}

#[tokio::test]
async fn a_refusal_stands_at_the_control_that_was_used() {
    let world = world();
    let access = format!("{WEBSITE}/access");
    // Vera is on the app by her role: the pen offers to grant her something, beside the form that adds anybody.
    let edit = format!("{access}?edit={}", world.user("vera@acme.com"));
    let reply = submit(&world, "ada", &edit, "Add User", &[("user", "gone@example.com")]).await;
    assert_eq!((reply.status, reply.text.matches("role=\"alert\"").count()), (422, 1), "{reply:?}");
    assert!(control(&reply.text, "Add User").contains("value=\"gone@example.com\""), "{reply:?}");
    // What is there may have changed since the form was shown.
    let settings = format!("{WEBSITE}/settings");
    let shown = page(&world, "ada", &settings).await;
    let form = ["key", "operation", "control"].map(|name| (name, hidden(control(&shown, "Rename"), name)));
    done(&world, "ada", &settings, "Rename", &[("name", "acme-site")]).await;
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(form.iter().map(|(name, value)| (*name, &**value))).append_pair("name", "No such name");
    let reply = send(&world, "ada", "POST", "/dashboard/apps/acme-site/settings", body.finish()).await;
    let rename = control(&reply.text, "Rename");
    assert!(rename.contains("value=\"No such name\"") && rename.contains("role=\"alert\""), "{rename}");
}

#[tokio::test]
async fn a_number_that_is_none_is_refused_in_words() {
    let world = world();
    let resources = format!("{WEBSITE}/resources");
    for (given, says) in
        [("-1", "Give a whole number"), ("", "Give a whole number"), ("70000", "The number is too large")]
    {
        let fields = [("process", "worker"), ("size", "standard-1x"), ("quantity", given)];
        let reply = submit(&world, "ada", &resources, "Add process type", &fields).await;
        assert!(reply.status == 422 && reply.text.contains(says) && !reply.text.contains("u16"), "{given}: {reply:?}");
    }
}

#[tokio::test]
async fn the_past_has_no_headings_over_nothing() {
    let world = world();
    let now = enterprise_teams::system::now().to_rfc3339().replace('+', "%2B");
    let then = page(&world, "ada", &format!("{WEBSITE}/settings?on={now}")).await;
    assert!(then.contains("Nothing can be changed here.") && !then.contains("Transfer Ownership"), "{then}");
    let own = page(&world, "ada", &format!("/dashboard/account?on={now}")).await;
    assert!(!own.contains("Delete account") && !own.contains("third-party client"), "{own}");
    // Every way from there leads to the same time.
    for link in own.split("href=\"").skip(1).filter(|link| link.starts_with("/dashboard") && !link.contains("assets")) {
        let link = link.split('"').next().unwrap();
        assert!(link.contains("on=") || link == "/dashboard/account", "{link}");
    }
}
