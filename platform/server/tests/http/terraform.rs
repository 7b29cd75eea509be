//! What Terraform's provider sends for the resources that there are here, in its order: create, read, update, read, delete, and create
//! what is there already.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::world;

/// A status, a request, its range in brackets, its body, and the name under which the id of the answer is kept.
const REQUESTS: &str = r#"
200 GET /account
200 GET /teams/acme-widgets
200 GET /teams/acme-inc
200 GET /teams/acme-widgets/members [id ..; max=1000]
200 GET /spaces/labs-space
200 GET /spaces/labs-space/nat
200 GET /pipelines/acme-flow
200 GET /apps/acme-website
200 GET /teams/apps/acme-website
200 GET /apps/acme-website/buildpack-installations
200 GET /apps/acme-website/config-vars

# heroku_team_member: put, changed, taken out; put where they are already; a collaborator who becomes a member
200 PUT /teams/acme-widgets/members {"email":"sam@acme-inc.com","federated":false,"role":"member"}
200 GET /teams/acme-widgets/members [email ..; max=1000]
200 PUT /teams/acme-widgets/members {"email":"sam@acme-inc.com","federated":false,"role":"viewer"}
200 GET /teams/acme-widgets/members [email ..; max=1000]
200 DELETE /teams/acme-widgets/members/sam@acme-inc.com
200 PUT /teams/acme-widgets/members {"email":"joe@acme.com","federated":false,"role":"member"}
422 PUT /teams/acme-widgets/members {"email":"sam@acme-inc.com","federated":true,"role":"member"}
200 PUT /teams/acme-widgets/members {"email":"not@there.com","federated":false,"role":"member"}
200 PUT /teams/acme-widgets/members {"email":"Sam@Acme-Inc.com","federated":false,"role":"member"}
200 GET /teams/acme-widgets/members [email ..; max=1000]
200 PUT /teams/acme-widgets/members {"email":"jill@creativeinc.com","federated":false,"role":"member"}
200 GET /teams/acme-widgets/members [email ..; max=1000]

# heroku_team_collaborator: the provider adopts who is there, and forgets who is not
201 POST /teams/apps/{WEBSITE}/collaborators {"permissions":["deploy","view"],"silent":true,"user":"max@acme-inc.com"}
200 GET /teams/apps/{WEBSITE}/collaborators/{MAX}
200 GET /apps/{WEBSITE}/collaborators/{MAX}
200 PATCH /teams/apps/{WEBSITE}/collaborators/max@acme-inc.com {"permissions":["deploy","view","manage","operate"]}
200 GET /teams/apps/{WEBSITE}/collaborators/{MAX}
200 GET /apps/acme-website/collaborators/max@acme-inc.com
409 POST /teams/apps/{WEBSITE}/collaborators {"permissions":["deploy","view"],"silent":true,"user":"max@acme-inc.com"} "is already a collaborator on app"
200 DELETE /teams/apps/{WEBSITE}/collaborators/max@acme-inc.com
404 GET /teams/apps/{WEBSITE}/collaborators/{MAX} "Couldn't find that user"
404 GET /apps/{WEBSITE}/collaborators/{MAX} "Couldn't find that user"
404 GET /teams/apps/{WEBSITE}/collaborators/
201 POST /teams/apps/{WEBSITE}/collaborators {"permissions":["deploy"],"silent":true,"user":"max@acme-inc.com"}
409 POST /teams/apps/{WEBSITE}/collaborators {"permissions":["deploy"],"silent":true,"user":"max@acme-inc.com"} "is already a collaborator on app"
422 POST /teams/apps/{STANDARD-APP}/collaborators {"permissions":["deploy","view","operate"],"silent":true,"user":"jill@creativeinc.com"}
200 PUT /teams/acme-inc/members {"email":"ada@acme.com","federated":false,"role":"member"}
200 GET /teams/acme-inc/members [email ..; max=1000]

# heroku_collaborator
201 POST /apps/{OWN-APP}/collaborators {"silent":true,"user":"joe@acme.com"}
200 GET /apps/{OWN-APP}/collaborators/{JOE}
200 GET /apps/ada-own/collaborators/joe@acme.com
409 POST /apps/{OWN-APP}/collaborators {"silent":true,"user":"joe@acme.com"} "is already a collaborator on app"
200 DELETE /apps/{OWN-APP}/collaborators/joe@acme.com
404 GET /apps/{OWN-APP}/collaborators/{JOE} "Couldn't find that user"
404 GET /apps/{OWN-APP}/collaborators/
422 POST /apps/{WEBSITE}/collaborators {"silent":true,"user":"sam@acme-inc.com"}

# heroku_space
201 POST /spaces {"generation":"cedar","name":"tf-space","shield":false,"team":"acme-labs"} as SPACE
200 GET /spaces/{SPACE}
200 GET /spaces/{SPACE}/nat
201 POST /spaces {"generation":"cedar","name":"tf-space-3","region":"virginia","shield":true,"team":"acme-labs"} as SHIELDED
200 GET /spaces/{SHIELDED}
200 GET /spaces/{SHIELDED}/nat
422 POST /spaces {"cidr":"10.0.0.0/24","generation":"cedar","name":"tf-space-4","shield":false,"team":"acme-labs"}

# heroku_space_app_access: for who is in the team; what is so already is a success; admins have it by their role
404 PATCH /spaces/labs-space/members/joe@acme.com {"permissions":[{"name":"create_apps"}]}
200 PUT /teams/acme-labs/members {"email":"joe@acme.com","federated":false,"role":"member"}
200 PATCH /spaces/labs-space/members/joe@acme.com {"permissions":[{"name":"create_apps"}]}
200 GET /spaces/labs-space/members/joe@acme.com
200 PATCH /spaces/labs-space/members/joe@acme.com {"permissions":[]}
200 GET /spaces/labs-space/members/joe@acme.com
200 PATCH /spaces/labs-space/members/joe@acme.com {"permissions":[]}
200 PATCH /spaces/labs-space/members/ada@acme.com {"permissions":[{"name":"create_apps"}]}
422 PATCH /spaces/labs-space/members/ada@acme.com {"permissions":[]}
200 DELETE /spaces/{SPACE}

# heroku_pipeline, heroku_pipeline_coupling and heroku_pipeline_promotion
201 POST /pipelines {"name":"tf-flow","owner":{"id":"{ADA}","type":"user"}} as FLOW
200 GET /pipelines/{FLOW}
201 POST /pipelines {"name":"tf-team-flow","owner":{"id":"{TEAM}","type":"team"}} as TEAM-FLOW
200 GET /pipelines/{TEAM-FLOW}
200 PATCH /pipelines/{TEAM-FLOW} {"name":"tf-team-flow2"}
200 GET /pipelines/{TEAM-FLOW}
201 POST /pipeline-couplings {"app":"{TWO-APP}","pipeline":"{TEAM-FLOW}","stage":"staging"}
200 GET /pipeline-couplings/{TWO-APP}
409 POST /pipeline-couplings {"app":"{TWO-APP}","pipeline":"{TEAM-FLOW}","stage":"staging"}
422 POST /pipeline-couplings {"app":"{OWN-APP}","pipeline":"{TEAM-FLOW}","stage":"staging"}
201 POST /pipeline-couplings {"app":"{LIVE-APP}","pipeline":"{TEAM-FLOW}","stage":"production"}
422 POST /pipeline-promotions {"pipeline":{"id":"{TEAM-FLOW}"},"source":{"app":{"id":"{TWO-APP}"},"release":{"id":"{TWO-APP}"}},"targets":[{"app":{"id":"{LIVE-APP}"}}]}
201 POST /apps/{TWO-APP}/releases {"description":"first"} as RELEASE
201 POST /pipeline-promotions {"pipeline":{"id":"{TEAM-FLOW}"},"source":{"app":{"id":"{TWO-APP}"},"release":{"id":"{RELEASE}"}},"targets":[{"app":{"id":"{LIVE-APP}"}}]} as PROMOTION
200 GET /pipeline-promotions/{PROMOTION}
200 GET /pipeline-promotions/{PROMOTION}/promotion-targets
200 DELETE /pipeline-couplings/{LIVE-APP}
200 DELETE /pipeline-couplings/{TWO-APP}
200 DELETE /pipelines/{FLOW}
200 DELETE /pipelines/{TEAM-FLOW}

# heroku_app: of a team, of oneself, in a space
201 POST /teams/apps {"locked":false,"name":"tf-app","personal":false,"region":"us","team":"acme-widgets"} as APP
200 PATCH /apps/{APP}/config-vars {}
200 GET /teams/apps/{APP}
200 GET /apps/{APP}
200 GET /apps/{APP}/buildpack-installations
200 GET /apps/{APP}/config-vars
200 PATCH /apps/{APP} {}
200 GET /teams/apps/{APP}
200 PATCH /apps/{APP} {"name":"tf-app-2"}
200 PATCH /apps/{APP}/config-vars {}
200 GET /teams/apps/{APP}
200 DELETE /apps/{APP}
201 POST /apps {"name":"tf-own","region":"us"} as OWN
200 PATCH /apps/{OWN}/config-vars {}
200 GET /apps/{OWN}
200 GET /apps/{OWN}/buildpack-installations
200 GET /apps/{OWN}/config-vars
201 POST /teams/apps {"locked":false,"name":"tf-in-space","personal":false,"region":"virginia","space":"labs-space","team":"acme-labs"} as INSIDE
200 PATCH /apps/{INSIDE}/config-vars {}
200 GET /teams/apps/{INSIDE}
200 GET /apps/{INSIDE}
200 GET /apps/{INSIDE}/buildpack-installations
200 GET /apps/{INSIDE}/config-vars
422 POST /teams/apps {"locked":false,"name":"tf-pers","personal":true,"region":"us","team":"acme-labs"}
"#;

#[tokio::test]
async fn the_resources_of_the_provider() {
    let world = world();
    world
        .does(
            "sam",
            "PUT",
            "/teams/acme-inc/members",
            json!({ "email": "ada@acme.com", "role": "admin" }),
            StatusCode::OK,
        )
        .await;
    world.does("ada", "POST", "/apps", json!({ "name": "ada-own" }), StatusCode::CREATED).await;
    for (name, team) in [("two-app", "acme-widgets"), ("live-app", "acme-widgets"), ("standard-app", "acme-inc")] {
        let body = json!({ "name": name, "team": team });
        world.does("ada", "POST", "/teams/apps", body, StatusCode::CREATED).await;
    }
    let mut ids = BTreeMap::new();
    for (name, path) in [
        ("WEBSITE", "/apps/acme-website"),
        ("STANDARD-APP", "/apps/standard-app"),
        ("OWN-APP", "/apps/ada-own"),
        ("TWO-APP", "/apps/two-app"),
        ("LIVE-APP", "/apps/live-app"),
        ("TEAM", "/teams/acme-widgets"),
        ("ADA", "/account"),
        ("JOE", "/users/joe@acme.com"),
        ("MAX", "/users/max@acme-inc.com"),
    ] {
        ids.insert(name, world.get("ada", path).await.json()["id"].as_str().unwrap().to_owned());
    }
    let mut sent = 0;
    for line in REQUESTS.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (line, kept) = line.rsplit_once(" as ").map_or((line, None), |(line, name)| (line, Some(name)));
        let (line, words) = match line.strip_suffix('"').and_then(|line| line.rsplit_once(" \"")) {
            Some((line, words)) => (line, words),
            None => (line, ""),
        };
        let filled = ids.iter().fold(line.to_owned(), |line, (name, id)| line.replace(&format!("{{{name}}}"), id));
        let mut parts = filled.splitn(4, ' ');
        let (status, method, path) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
        let rest = parts.next().unwrap_or_default();
        let range = rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let request = world.request("ada", method, path).header("accept", "application/vnd.heroku+json; version=3");
        let request = range.iter().fold(request, |request, range| request.header("range", *range));
        let body = if range.is_some() { Body::empty() } else { Body::from(rest.to_owned()) };
        let reply = world.send(request.header("content-type", "application/json").body(body).unwrap()).await;
        assert_eq!(reply.status.to_string(), status, "{line}: {reply:?}");
        assert!(words.is_empty() || reply.json()["message"].as_str().unwrap().contains(words), "{line}: {reply:?}");
        if let Some(name) = kept {
            ids.insert(name, reply.json()["id"].as_str().unwrap().to_owned());
        }
        sent += 1;
    }
    assert!(sent > 100, "{sent}");
    assert_eq!(world.server.store().check_invariants(), []);
}

/// A list tells an e-mail as it is kept, whatever letters it was asked for in; a member is found by any.
#[tokio::test]
async fn letters_of_an_e_mail() {
    let world = world();
    let body = json!({ "email": "Sam@Acme-Inc.com", "role": "member" });
    let put = world.does("ada", "PUT", "/teams/acme-widgets/members", body, StatusCode::OK).await;
    assert_eq!(put["email"], "sam@acme-inc.com");
    let gone =
        world.does("ada", "DELETE", "/teams/acme-widgets/members/SAM@acme-inc.com", Value::Null, StatusCode::OK).await;
    assert_eq!(gone["email"], put["email"]);
}
