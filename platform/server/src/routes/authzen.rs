//! The OpenID AuthZEN Authorization API 1.0: may a user do this, and who may do what.
//!
//! Subjects are users (`user`), by id, e-mail or `~`; resources are apps (`app`) and teams (`team`), by id or name; actions are the
//! actions on apps, the host's own among them, and the capabilities of teams. Whoever asks about others must see who is on the app or in the team; what they do
//! not see is told as what is not there: a no, with an error as its context.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use enterprise_teams::{
    Actor, AppId, Capability, Explanation, Page, PageRequest, TeamId, TeamStore, UserId,
    policy::HostActions,
    query::{AppFilter, Cursor, PeopleFilter},
};
use enterprise_teams_platform_api::{ErrorBody, ErrorId, Fault, Thing, find};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::answer;
use crate::call::Call;
use crate::range::PAGE_SIZE;
use crate::request::Sent;
use crate::server::Server;

/// The most evaluations of one request.
const EVALUATIONS_MAX: usize = 1000;

/// A subject or a resource; what is searched for has no id.
#[derive(Clone, Deserialize)]
struct Entity {
    #[serde(rename = "type")]
    kind: String,
    id: Option<String>,
}

#[derive(Clone, Deserialize)]
struct Action {
    name: String,
}

/// What is asked. In a batch the whole gives what an entry leaves out.
#[derive(Clone, Default, Deserialize)]
pub(super) struct Evaluation {
    subject: Option<Entity>,
    action: Option<Action>,
    resource: Option<Entity>,
}

#[derive(Deserialize)]
pub(super) struct Evaluations {
    #[serde(flatten)]
    whole: Evaluation,
    #[serde(default, rename = "evaluations")]
    each: Vec<Evaluation>,
    #[serde(default)]
    options: Options,
}

#[derive(Default, Deserialize)]
struct Options {
    #[serde(default)]
    evaluations_semantic: Semantic,
}

/// When a batch ends.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Semantic {
    #[default]
    ExecuteAll,
    DenyOnFirstDeny,
    PermitOnFirstPermit,
}

#[derive(Deserialize)]
pub(super) struct Search {
    #[serde(flatten)]
    asked: Evaluation,
    #[serde(default)]
    page: Part,
}

/// Which part of what is found; `next_token` is what drafts called the token.
#[derive(Default, Deserialize)]
struct Part {
    #[serde(alias = "next_token")]
    token: Option<String>,
    limit: Option<usize>,
}

#[derive(Serialize)]
struct Decision {
    decision: bool,
    context: Value,
}

/// What an action is done on.
#[derive(Clone, Copy)]
enum On {
    App(AppId),
    Team(TeamId),
}

/// A request that lacks something, or asks for a page that is none.
fn bad(message: &str) -> Response {
    answer::refusal(ErrorId::BadRequest, message)
}

pub(super) async fn configuration(State(server): State<Arc<Server>>) -> Response {
    let base = server.address();
    let endpoint = |path: &str| format!("{base}/access/v1/{path}");
    let metadata = json!({
        "policy_decision_point": base,
        "access_evaluation_endpoint": endpoint("evaluation"),
        "access_evaluations_endpoint": endpoint("evaluations"),
        "search_subject_endpoint": endpoint("search/subject"),
        "search_resource_endpoint": endpoint("search/resource"),
        "search_action_endpoint": endpoint("search/action"),
    });
    answer::json(StatusCode::OK, &metadata)
}

pub(super) async fn evaluation(call: Call, Sent(asked): Sent<Evaluation>) -> Response {
    match asked.complete() {
        Some((subject, action, resource)) => {
            call.read(|store, actor| Ok::<_, Fault>(decide(store, actor, &call, subject, action, resource)))
        }
        None => bad("`subject`, `action` and `resource` are needed, each with all its parts."),
    }
}

pub(super) async fn evaluations(call: Call, Sent(body): Sent<Evaluations>) -> Response {
    let Evaluations { whole, each, options } = body;
    if each.is_empty() {
        return evaluation(call, Sent(whole)).await;
    }
    if each.len() > EVALUATIONS_MAX {
        return bad("`evaluations` holds more than 1000.");
    }
    let each: Vec<Evaluation> = each.into_iter().map(|one| one.or(&whole)).collect();
    let Some(all) = each.iter().map(Evaluation::complete).collect::<Option<Vec<_>>>() else {
        return bad("`subject`, `action` and `resource` are needed, in each evaluation or for all.");
    };
    call.read(|store, actor| {
        let mut decisions = Vec::new();
        for (subject, action, resource) in all {
            let decided = decide(store, actor, &call, subject, action, resource);
            let last = match options.evaluations_semantic {
                Semantic::ExecuteAll => false,
                Semantic::DenyOnFirstDeny => !decided.decision,
                Semantic::PermitOnFirstPermit => decided.decision,
            };
            decisions.push(decided);
            if last {
                break;
            }
        }
        Ok::<_, Fault>(json!({ "evaluations": decisions }))
    })
}

/// Who may do the action on the resource.
pub(super) async fn subjects(call: Call, Sent(search): Sent<Search>) -> Response {
    let Evaluation { subject: Some(subject), action: Some(action), resource: Some(resource) } = &search.asked else {
        return bad("`subject`, `action` and `resource` are needed.");
    };
    let Some(page) = search.page.request() else { return bad("The page is none of this search.") };
    call.read(|store, actor| {
        if subject.kind != "user" {
            return Ok(found(Page { items: Vec::new(), next: None }));
        }
        let found_users = match on(store, actor, resource)? {
            On::App(app) => {
                let Ok(action) = own_actions(store).named(&action.name) else {
                    return Ok(found(Page { items: Vec::new(), next: None }));
                };
                let able = store.who_can(actor, action, app, &page)?;
                Page { items: able.items.into_iter().map(|one| one.user).collect(), next: able.next }
            }
            On::Team(team) => {
                let capability: Option<Capability> = action.name.parse().ok();
                page.pick(
                    |page| Ok::<_, Fault>(store.access_list(actor, team, &PeopleFilter::default(), page)?),
                    |one| {
                        let may = |capability| store.can(Actor::user(one.user.id(), actor.at), capability, team);
                        Ok(capability.is_some_and(may).then_some(one.user))
                    },
                )?
            }
        };
        let shown = |user: &enterprise_teams::User| {
            json!({ "type": "user", "id": user.id(), "properties": { "email": user.email() } })
        };
        Ok::<_, Fault>(found(Page { items: found_users.items.into_iter().map(shown).collect(), next: found_users.next }))
    })
}

/// On what the subject may do the action, of what the caller sees.
pub(super) async fn resources(call: Call, Sent(search): Sent<Search>) -> Response {
    let Evaluation { subject: Some(subject), action: Some(action), resource: Some(resource) } = &search.asked else {
        return bad("`subject`, `action` and `resource` are needed.");
    };
    let Some(page) = search.page.request() else { return bad("The page is none of this search.") };
    call.read(|store, actor| {
        let subject = user(store, actor, subject)?;
        let shown =
            |kind: &str, id: Value, name: Value| json!({ "type": kind, "id": id, "properties": { "name": name } });
        let allowed = |explained: Result<Explanation<'_>, _>| explained.is_ok_and(|explained| explained.is_allowed());
        let on_apps = own_actions(store).named(&action.name);
        let page = match (resource.kind.as_str(), on_apps, action.name.parse::<Capability>()) {
            ("app", Ok(action), _) => page.pick(
                |page| Ok::<_, Fault>(store.visible_apps(actor, &AppFilter::default(), page)?),
                |seen| {
                    let may = allowed(store.explain_to(actor, subject, action, seen.app.id()));
                    Ok(may.then(|| shown("app", json!(seen.app.id()), json!(seen.app.name()))))
                },
            )?,
            ("team", _, Ok(capability)) => page.pick(
                |page| Ok::<_, Fault>(store.memberships(actor, page)?),
                |seen| {
                    let may = allowed(store.explain_to(actor, subject, capability, seen.team.id()));
                    Ok(may.then(|| shown("team", json!(seen.team.id()), json!(seen.team.name()))))
                },
            )?,
            _ => Page { items: Vec::new(), next: None },
        };
        Ok::<_, Fault>(found(page))
    })
}

/// What the subject may do on the resource. There are few actions: all are one page, or as many as the limit says.
pub(super) async fn actions(call: Call, Sent(search): Sent<Search>) -> Response {
    let Evaluation { subject: Some(subject), resource: Some(resource), .. } = &search.asked else {
        return bad("`subject` and `resource` are needed.");
    };
    let Part { token, limit } = &search.page;
    let start = token.as_deref().filter(|token| !token.is_empty()).map_or(Ok(0), str::parse::<usize>);
    let (Ok(start), limit @ 1..) = (start, limit.unwrap_or(PAGE_SIZE)) else {
        return bad("The page is none of this search.");
    };
    call.read(|store, actor| {
        let subject = user(store, actor, subject)?;
        let names: Vec<String> = match on(store, actor, resource)? {
            On::App(app) => {
                let able = own_actions(store).with_published().map(|action| {
                    Ok((action.to_string(), store.explain_to(actor, subject, action, app)?.is_allowed()))
                });
                able.collect::<Result<Vec<_>, Fault>>()?
            }
            On::Team(team) => {
                let able = Capability::ALL.iter().map(|action| {
                    Ok((action.to_string(), store.explain_to(actor, subject, *action, team)?.is_allowed()))
                });
                able.collect::<Result<Vec<_>, Fault>>()?
            }
        }
        .into_iter()
        .filter_map(|(name, allowed)| allowed.then_some(name))
        .collect();
        let results: Vec<Value> = names.iter().skip(start).take(limit).map(|name| json!({ "name": name })).collect();
        let end = start + results.len();
        let next = if end < names.len() { end.to_string() } else { String::new() };
        let page = json!({ "next_token": next, "count": results.len(), "total": names.len() });
        Ok::<_, Fault>(json!({ "results": results, "page": page }))
    })
}

impl Evaluation {
    /// With what it leaves out from the whole.
    fn or(self, whole: &Self) -> Self {
        Self {
            subject: self.subject.or_else(|| whole.subject.clone()),
            action: self.action.or_else(|| whole.action.clone()),
            resource: self.resource.or_else(|| whole.resource.clone()),
        }
    }

    /// Everything that an evaluation needs.
    fn complete(&self) -> Option<(&Entity, &Action, &Entity)> {
        let (subject, resource) = (self.subject.as_ref()?, self.resource.as_ref()?);
        (subject.id.is_some() && resource.id.is_some()).then_some((subject, self.action.as_ref()?, resource))
    }
}

impl Part {
    fn request(&self) -> Option<PageRequest> {
        let page = PageRequest::first(self.limit.unwrap_or(PAGE_SIZE)).ok()?;
        match self.token.as_deref().filter(|token| !token.is_empty()) {
            Some(token) => Some(page.after(token.parse::<Cursor>().ok()?)),
            None => Some(page),
        }
    }
}

/// A decision, with the explanation as its context.
fn decide(
    store: &TeamStore,
    actor: Actor,
    call: &Call,
    subject: &Entity,
    action: &Action,
    resource: &Entity,
) -> Decision {
    let explained = user(store, actor, subject).and_then(|user| {
        Ok(match on(store, actor, resource)? {
            On::App(app) => store.explain_to(actor, user, own_actions(store).named(&action.name)?, app)?,
            On::Team(team) => store.explain_to(actor, user, action.name.parse::<Capability>()?, team)?,
        })
    });
    match explained {
        Ok(explained) => Decision { decision: explained.is_allowed(), context: context(&explained) },
        Err(fault) => {
            let ErrorBody { id, message, .. } = call.told(store, &fault);
            Decision { decision: false, context: json!({ "error": { "status": id.status(), "message": message } }) }
        }
    }
}

fn context(explained: &Explanation<'_>) -> Value {
    let mut context = json!({
        "rule": explained.rule().id(),
        "reason_user": { "en": explained.to_string() },
    });
    let held =
        explained.held().map(|held| json!({ "permissions": held.permissions, "through": held.through.to_string() }));
    let refused = explained.refusal().map(|refusal| json!(refusal.code()));
    let remedy = explained.remedy().map(|remedy| json!(remedy.needed));
    for (key, value) in [("held", held), ("code", refused), ("needed", remedy)] {
        if let (Some(value), Some(context)) = (value, context.as_object_mut()) {
            context.insert(key.to_owned(), value);
        }
    }
    context
}

fn own_actions(store: &TeamStore) -> &HostActions {
    &store.settings().options.host_actions
}

fn user(store: &TeamStore, actor: Actor, subject: &Entity) -> Result<UserId, Fault> {
    match (subject.kind.as_str(), &subject.id) {
        ("user", Some(id)) => find::anybody(store, actor, id),
        _ => Err(Fault::Missing(Thing::User)),
    }
}

fn on(store: &TeamStore, actor: Actor, resource: &Entity) -> Result<On, Fault> {
    match (resource.kind.as_str(), &resource.id) {
        ("app", Some(id)) => find::app(store, actor, id).map(On::App),
        ("team", Some(id)) => find::team(store, actor, id).map(On::Team),
        _ => Err(Fault::Field { field: "resource", problem: "is an `app` or a `team`, with its id" }),
    }
}

/// What was found, and where the search goes on.
fn found(page: Page<Value>) -> Value {
    let next = page.next.map(|next| next.to_string()).unwrap_or_default();
    json!({ "page": { "next_token": next, "count": page.items.len() }, "results": page.items })
}
