//! The dashboard's pages of what things cost: Spaces, Resources and Usage.

use enterprise_teams::Actor;
use enterprise_teams::names::{SpaceName, TeamName};
use serde_json::json;

use crate::support::{Visitor, World, world};

/// The operator now, and the id of a team.
fn asked(world: &World, team: &str) -> (Actor, enterprise_teams::TeamId) {
    let operator = Actor::operator(enterprise_teams::system::now());
    (operator, world.server.store().team_id(operator, team.parse::<TeamName>().unwrap()).unwrap())
}

#[tokio::test]
async fn a_space_costs_to_the_second() {
    let world = world();
    let ada = Visitor::of(&world, "ada").await;
    // Sixteen days but for one second, of the thirty over which the price is spread.
    for path in
        ["/dashboard/teams/acme-labs/spaces", "/dashboard/spaces/labs-space", "/dashboard/teams/acme-labs/usage"]
    {
        let page = ada.get(&format!("{path}?on=1970-01-16")).await.text;
        assert!(page.contains("533.33294753"), "{path}: {page}");
    }
    let full = ada.get("/dashboard/teams/acme-labs/spaces?on=1970-01-31").await.text;
    assert_eq!(full.matches("<td class=\"number\">1000</td>").count(), 2, "{full}");
    let account = ada.get("/dashboard/accounts/acme-corp/usage?month=1970-01&statement=1970-01").await.text;
    let statement = account.rsplit_once("aria-label=\"Statement of January 1970\"").unwrap().1;
    // Its one line, and the sum.
    assert_eq!(statement.matches("<td class=\"number\">1000</td>").count(), 2, "{statement}");
    assert!(account.contains("aria-label=\"Space credits a month"), "{account}");
}

#[tokio::test]
async fn what_somebody_may_not_see_says_why() {
    let world = world();
    let vera = Visitor::of(&world, "vera").await;
    let page = vera.get("/dashboard/teams/acme-widgets/usage").await;
    assert_eq!(page.status, 200);
    for rule in ["USE-1", "USE-2", "USE-6"] {
        assert!(page.text.contains(rule), "{rule}: {}", page.text);
    }
    assert!(!page.text.contains("<svg") && !page.text.contains("Export"), "{}", page.text);
    assert_eq!(vera.get("/dashboard/teams/acme-widgets/usage.csv").await.status, 403);
    assert_eq!(Visitor::of(&world, "nobody").await.get("/dashboard/teams/acme-widgets/usage").await.status, 404);
    let standard = Visitor::of(&world, "sam").await.get("/dashboard/teams/acme-inc/spaces").await.text;
    assert!(
        standard.contains("A Standard team has no spaces") && standard.contains("<fieldset disabled>"),
        "{standard}"
    );
    // Viewers see resources and spaces (RES-4, SPC-2), but nothing of what they come to (USE-1).
    let resources = vera.get("/dashboard/teams/acme-widgets/resources").await;
    assert!(resources.status == 200 && !resources.text.contains("a month comes to"), "{resources:?}");
}

#[tokio::test]
async fn resources_are_changed_in_their_row() {
    let world = world();
    let path = "/apps/acme-website/formation";
    let body = json!({ "updates": [{ "type": "web", "size": "standard-2x", "quantity": 3 }] });
    assert_eq!(world.ask("ada", "PATCH", path, body).await.status, 200);
    let body = json!({ "plan": "heroku-redis:mini" });
    assert_eq!(world.ask("ada", "POST", "/apps/acme-website/addons", body).await.status, 201);
    let ada = Visitor::of(&world, "ada").await;
    let page = "/dashboard/teams/acme-widgets/resources";
    assert!(ada.get(page).await.text.contains("<strong>6</strong> dyno units"));
    let row = format!("{page}?change=acme-website/web");
    let done = ada.submit(&row, "scale-app", &[("size", "standard-1x"), ("quantity", "2")]).await;
    assert!(done.status == 303 && done.header("location").unwrap().starts_with(page), "{done:?}");
    assert!(ada.get(page).await.text.contains("<strong>2</strong> dyno units"));
    let wrong = ada.submit(&row, "scale-app", &[("size", "private-s"), ("quantity", "7")]).await;
    assert!(wrong.status == 422 && wrong.text.contains("value=\"7\"") && wrong.text.contains("RES-1"), "{wrong:?}");
    // A viewer finds the same controls, disabled.
    let vera = Visitor::of(&world, "vera").await;
    let seen = vera.get(&row).await.text;
    assert!(seen.contains("<fieldset disabled>") && seen.contains("Why?"), "{seen}");
    let row = format!("{page}?change={}", world.add_on("acme-website", "id").await);
    assert_eq!(ada.submit(&row, "remove-add-on", &[]).await.status, 303);
    let csv = ada.get(&format!("{page}.csv")).await;
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    let (operator, team) = asked(&world, "acme-widgets");
    assert_eq!(csv.text, world.server.store().resource_table(operator, team).unwrap().csv());
    assert!(csv.text.contains("standard-1x,2,2,"), "{}", csv.text);
}

#[tokio::test]
async fn a_month_is_exported_as_the_library_writes_it() {
    let world = world();
    let ada = Visitor::of(&world, "ada").await;
    let csv = ada.get("/dashboard/teams/acme-labs/usage.csv?month=1970-01").await;
    let (operator, team) = asked(&world, "acme-labs");
    let month = "1970-01".parse().unwrap();
    assert_eq!(csv.text, world.server.store().usage_table(operator, team, month).unwrap().csv());
    assert_eq!(
        csv.header("content-disposition"),
        Some("attachment; filename=\"usage-of-team-acme-labs-in-1970-01.csv\"")
    );
    assert!(csv.text.ends_with("total,0,0,1000\r\n"), "{}", csv.text);
}

#[tokio::test]
async fn a_space_is_transferred_after_a_preview() {
    let world = world();
    let ada = Visitor::of(&world, "ada").await;
    let page = "/dashboard/spaces/labs-space/settings";
    let preview = ada.get(&format!("{page}?to=acme-ops")).await.text;
    assert!(preview.contains("moves from acme-labs to acme-ops"), "{preview}");
    // A team that is not in the account is no choice, and says why.
    let refused = ada.get(&format!("{page}?to=acme-widgets")).await.text;
    assert!(refused.contains("SPC-6") && !refused.contains("Transfer space"), "{refused}");
    let done = ada.submit(&format!("{page}?to=acme-ops"), "transfer-space", &[]).await;
    assert!(done.status == 303 && done.header("location").unwrap().starts_with(page), "{done:?}");
    let (operator, team) = asked(&world, "acme-ops");
    let space =
        world.server.store().space_by_name(operator, "labs-space".parse::<SpaceName>().unwrap()).unwrap().team();
    assert_eq!(space, team);
    // With the name typed wrong nothing is destroyed.
    let wrong = ada.submit(page, "destroy-space", &[("confirmation", "labs-spice")]).await;
    assert!(wrong.status == 422 && wrong.text.contains("value=\"labs-spice\""), "{wrong:?}");
    let gone = ada.submit(page, "destroy-space", &[("confirmation", "labs-space")]).await;
    assert!(gone.header("location").unwrap().starts_with("/dashboard/teams/acme-ops/spaces"), "{gone:?}");
}
