//! The routes that there are, and the public schema, when `PLATFORM_API_SCHEMA` says where it is.
//!
//! Known quirks, where answers and schema differ:
//! - a team's roles leave `viewer` out, which the documents have and the real API answers with;
//! - the web URL of an app must have four letters or more before the domain, an app's name three;
//! - `Accept-Expansion: region` adds to a space's region what the schema of a space does not know;
//! - a space that was transferred by a manager of the account who does not see it is answered with `null`;
//! - an app says that it is complete, which the schema does not mention and the client prints;
//! - the pipeline of a place in it has a name, which the schema does not mention and the client prints;
//!
//! Answered besides the resources: `/errors/CODE` for who follows the URL of an error, AuthZEN, and under `/x/` what is the server's own.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{LazyLock, Mutex, PoisonError};

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

/// The resources of the schema that the server answers for.
const RESOURCES: [&str; 44] = [
    "account",
    "add-on",
    "add-on-attachment",
    "add-on-service",
    "allowed-add-on-service",
    "app",
    "app-transfer",
    "audit-trail-event",
    "buildpack-installation",
    "collaborator",
    "config-var",
    "dyno",
    "enterprise-account",
    "enterprise-account-daily-usage",
    "enterprise-account-member",
    "enterprise-account-monthly-usage",
    "filter-apps",
    "formation",
    "oauth-authorization",
    "permission-entity",
    "pipeline",
    "pipeline-coupling",
    "pipeline-promotion",
    "pipeline-promotion-target",
    "pipeline-transfer",
    "plan",
    "rate-limit",
    "release",
    "space",
    "space-app-access",
    "space-nat",
    "space-transfer",
    "team",
    "team-add-on",
    "team-app",
    "team-app-collaborator",
    "team-app-permission",
    "team-daily-usage",
    "team-feature",
    "team-invitation",
    "team-member",
    "team-monthly-usage",
    "team-preferences",
    "team-space",
];

/// The endpoints of these resources that are not answered, and why.
const NOT_ANSWERED: &[(&str, &[&str])] = &[
    (
        "an add-on changes no config var, so nothing is attached",
        &[
            "POST /addon-attachments",
            "DELETE /addon-attachments/{}",
            "GET /addon-attachments/{}",
            "GET /apps/{}/addon-attachments/{}",
            "POST /actions/addon-attachments/resolve",
        ],
    ),
    ("no code runs that a build pack would be for", &["PUT /apps/{}/buildpack-installations"]),
    (
        "no process runs that could be started, stopped or seen to restart",
        &[
            "POST /apps/{}/dynos",
            "DELETE /apps/{}/dynos/{}",
            "DELETE /apps/{}/formations/{}",
            "DELETE /apps/{}/dynos",
            "POST /apps/{}/dynos/{}/actions/stop",
            "POST /apps/{}/formations/{}/actions/stop",
        ],
    ),
];

/// The resources of the schema that are not answered for, and why.
const OTHER_RESOURCES: &[(&str, &[&str])] = &[
    (
        "the store has no such thing of users",
        &[
            "account-delinquency",
            "account-feature",
            "credit",
            "key",
            "password-reset",
            "sms-number",
            "user-preferences",
        ],
    ),
    (
        "code, builds and what runs them",
        &[
            "app-setup",
            "archive",
            "build",
            "dyno-size",
            "generation",
            "oci-image",
            "pipeline-build",
            "pipeline-stack",
            "region",
            "review-app",
            "review-app-config",
            "slug",
            "source",
            "stack",
            "test-case",
            "test-node",
            "test-run",
        ],
    ),
    (
        "addresses, networks, certificates and logs",
        &[
            "domain",
            "inbound-ruleset",
            "log-drain",
            "log-session",
            "peering",
            "peering-info",
            "sni-endpoint",
            "space-topology",
            "telemetry-drain",
            "vpn-connection",
        ],
    ),
    (
        "what the providers of add-ons do",
        &[
            "add-on-action",
            "add-on-config",
            "add-on-region-capability",
            "add-on-webhook",
            "add-on-webhook-delivery",
            "add-on-webhook-event",
        ],
    ),
    ("webhooks, and features of apps", &["app-feature", "app-webhook", "app-webhook-delivery", "app-webhook-event"]),
    ("tokens are made by their users and by whoever runs the server", &["oauth-client", "oauth-token"]),
    (
        "bills are the store's, and have no endpoint",
        &["invoice", "invoice-address", "team-delinquency", "team-invoice"],
    ),
    ("the store has it, and no endpoint yet", &["identity-provider"]),
    ("lists of a pipeline's apps, each of which answers", &["pipeline-deployment", "pipeline-release"]),
    ("config vars are not kept", &["pipeline-config-var"]),
];

/// The methods of each route, as the router's table has them.
pub(crate) fn routes() -> Vec<(String, String)> {
    let source = include_str!("../../src/routes/mod.rs");
    let mut routes = Vec::new();
    for part in source.split(".route(").skip(1) {
        let (_, rest) = part.split_once('"').unwrap();
        let (path, rest) = rest.split_once('"').unwrap();
        let handlers = rest.split_once("\n        .").map_or(rest, |(handlers, _)| handlers);
        let handlers = if handlers.contains("acm") { "patch( post( delete(" } else { handlers };
        for method in ["get(", "post(", "put(", "patch(", "delete("] {
            let called = handlers.split(method).count() - 1;
            let others = handlers.matches(&format!("::{method}")).count();
            if called > others {
                routes.push((method.trim_end_matches('(').to_uppercase(), path.to_owned()));
            }
        }
    }
    routes.sort();
    routes
}

/// The route of a request.
pub(crate) fn route(method: &str, path: &str) -> Option<String> {
    static ROUTES: LazyLock<Vec<(String, String)>> = LazyLock::new(routes);
    let of_method = ROUTES.iter().filter(|(own, _)| own == method).map(|(_, route)| route);
    let fits = of_method.filter(|route| matches(route, path));
    fits.min_by_key(|route| route.matches('{').count()).cloned()
}

fn matches(route: &str, path: &str) -> bool {
    let (route, path): (Vec<&str>, Vec<&str>) = (route.split('/').collect(), path.split('/').collect());
    let fits = |(own, given): (&&str, &&str)| own == given || own.starts_with('{');
    route.len() == path.len() && route.iter().zip(&path).all(fits)
}

/// The schema, with its own word for objects without further properties turned into that of validators.
static SCHEMA: LazyLock<Option<Value>> = LazyLock::new(|| {
    let file = std::env::var_os("PLATFORM_API_SCHEMA")?;
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut schema = serde_json::from_str(&text).expect("the schema is JSON");
    make_strict(&mut schema);
    let role = schema.pointer_mut("/definitions/team/definitions/role/enum").and_then(Value::as_array_mut);
    role.expect("the roles of a team").push(json!("viewer"));
    let app = schema.pointer_mut("/definitions/app/properties").and_then(Value::as_object_mut);
    app.expect("the properties of an app").insert("create_status".into(), json!({ "enum": ["complete"] }));
    Some(schema)
});

fn make_strict(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            object.values_mut().for_each(make_strict);
            let properties = object.get("properties").and_then(Value::as_object);
            let names = properties.map(|properties| properties.keys().cloned().collect::<Vec<_>>());
            let strict = object.get("strictProperties") == Some(&json!(true));
            if let Some(names) = names.filter(|names| strict && !names.is_empty()) {
                object.insert("additionalProperties".into(), json!(false));
                object.insert("required".into(), json!(names));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(make_strict),
        _ => {}
    }
}

/// The links of the resources: method, path with `{}` for parameters, and what they answer with.
fn links(schema: &Value) -> Vec<(String, String, Option<Value>)> {
    let mut links = Vec::new();
    for resource in RESOURCES {
        let definition = &schema["definitions"][resource];
        for link in definition["links"].as_array().unwrap_or_else(|| panic!("{resource} has no links")) {
            let (method, href) = (link["method"].as_str().unwrap(), link["href"].as_str().unwrap());
            let path: Vec<&str> = href.split('/').map(|part| if part.starts_with('{') { "{}" } else { part }).collect();
            let answer = match (link.get("targetSchema"), resource) {
                (None, "audit-trail-event") => Some(json!({ "items": { "$ref": "#/definitions/audit-trail-event" } })),
                (answer, _) => answer.cloned(),
            };
            links.push((method.to_owned(), path.join("/"), answer));
        }
    }
    links
}

/// The validators of each route that was asked.
type Validators = BTreeMap<(String, String), Vec<Validator>>;

/// The answer conforms to the schema of its endpoint, if the schema is there and has the endpoint.
#[track_caller]
pub(crate) fn check(method: &str, path: &str, answer: &Value) {
    static VALIDATORS: LazyLock<Mutex<Validators>> = LazyLock::new(Mutex::default);
    let Some(schema) = &*SCHEMA else { return };
    let Some(route) = route(method, path) else { return };
    let mut validators = VALIDATORS.lock().unwrap_or_else(PoisonError::into_inner);
    let own = validators.entry((method.to_owned(), route.clone())).or_insert_with(|| {
        let fits = links(schema).into_iter().filter(|(of, href, _)| of == method && *href == pattern(&route));
        fits.filter_map(|(.., answer)| answer).map(|answer| validator(schema, &answer)).collect()
    });
    let errors: Vec<String> = own
        .iter()
        .flat_map(|own| own.iter_errors(answer))
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    drop(validators);
    assert!(errors.is_empty(), "{method} {path}: {errors:#?} in {answer:#}");
}

/// The route with `{}` for its parameters.
fn pattern(route: &str) -> String {
    let parts = route.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

fn validator(schema: &Value, answer: &Value) -> Validator {
    let mut whole: Map<String, Value> = answer.as_object().cloned().unwrap();
    if let Some(reference) = whole.remove("$ref") {
        whole.insert("allOf".into(), json!([{ "$ref": reference }]));
    }
    whole.insert("definitions".into(), schema["definitions"].clone());
    let options = jsonschema::options().with_draft(Draft::Draft4).should_validate_formats(true);
    options.build(&Value::Object(whole)).unwrap_or_else(|error| panic!("{error}"))
}

/// Every endpoint that the schema has for the resources is a route, and the other way round.
#[test]
fn the_endpoints_are_those_of_the_schema() {
    let Some(schema) = &*SCHEMA else {
        println!("skipped: PLATFORM_API_SCHEMA does not say where the schema is");
        return;
    };
    let mut of_schema: Vec<(String, String)> =
        links(schema).into_iter().map(|(method, path, _)| (method, path)).collect();
    of_schema.sort();
    of_schema.dedup();
    let mut own: Vec<(String, String)> = routes().into_iter().map(|(method, path)| (method, pattern(&path))).collect();
    own.sort();
    let missing: BTreeSet<String> =
        of_schema.iter().filter(|link| !own.contains(link)).map(|(method, path)| format!("{method} {path}")).collect();
    let explained: Vec<&str> = NOT_ANSWERED.iter().flat_map(|(_, endpoints)| *endpoints).copied().collect();
    assert_eq!(missing, explained.iter().map(ToString::to_string).collect(), "not answered");
    let more: Vec<String> = own
        .iter()
        .filter(|link| !of_schema.contains(link) && !link.1.starts_with("/x/"))
        .map(|(method, path)| format!("{method} {path}"))
        .collect();
    let beside = [
        "GET /.well-known/authzen-configuration",
        "GET /errors/{}",
        "GET /health",
        "GET /health/ready",
        "POST /access/v1/evaluation",
        "POST /access/v1/evaluations",
        "POST /access/v1/search/action",
        "POST /access/v1/search/resource",
        "POST /access/v1/search/subject",
    ];
    assert_eq!(more, beside, "not of these resources");
}

/// Every resource of the schema is answered for, or it is said why not.
#[test]
fn the_resources_are_those_of_the_schema() {
    let Some(schema) = &*SCHEMA else { return };
    let with_links =
        |(_, definition): &(&String, &Value)| definition["links"].as_array().is_some_and(|links| !links.is_empty());
    let of_schema: BTreeSet<&str> =
        schema["definitions"].as_object().unwrap().iter().filter(with_links).map(|(name, _)| name.as_str()).collect();
    let others = OTHER_RESOURCES.iter().flat_map(|(_, resources)| *resources);
    let own: BTreeSet<&str> = RESOURCES.iter().chain(others).copied().collect();
    assert_eq!(of_schema, own);
}

#[test]
fn the_checks_can_fail() {
    let Some(_) = &*SCHEMA else { return };
    let wrong = json!({ "remaining": "many" });
    assert!(std::panic::catch_unwind(|| check("GET", "/account/rate-limits", &wrong)).is_err());
    let more = json!({ "remaining": 1, "own": 1 });
    assert!(std::panic::catch_unwind(|| check("GET", "/account/rate-limits", &more)).is_err());
    check("GET", "/account/rate-limits", &json!({ "remaining": 1 }));
}
