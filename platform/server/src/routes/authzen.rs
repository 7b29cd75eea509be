//! The OpenID AuthZEN Authorization API 1.0: may a user do this, and who may do what.
//!
//! Subjects are users (`user`), by id, e-mail or `~`; resources are apps (`app`) and teams (`team`), by id or name; actions are the
//! actions on apps, the host's own among them, and the capabilities of teams. Whoever asks about others must see who is on the app
//! or in the team. What they do not see is told as what is not there: a no with an error as its context, or a search that finds
//! nothing.
//!
//! Members that the standard does not know are ignored; one that is missing or of another type is a bad request, and in an entry of
//! a batch that entry's own error. A batch and a search let others have their turn after every [`TURN`] evaluations, each on the
//! store as it is then.

use std::fmt::Display;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::Arc;

use axum::extract::{FromRequest, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use enterprise_teams::{
    Actor, AppId, Capability, Error, Explanation, Page, PageRequest, PermissionSet, TeamId, TeamStore, User, UserId,
    policy::HostActions,
    query::{AppFilter, Cursor, PAGE_SIZE_MAX, PeopleFilter, TeamFilter},
};
use enterprise_teams_platform_api::{ErrorBody, ErrorId, Fault, Thing, find};
use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value, json};
use tokio::task::yield_now;

use crate::answer;
use crate::call::Call;
use crate::range::PAGE_SIZE;
use crate::request;
use crate::server::Server;

/// The most evaluations of one request.
const EVALUATIONS_MAX: usize = 1000;
/// How much is evaluated, or looked at in a search, before others have their turn.
const TURN: usize = 50;
/// What a request consists of, and a search may not change from page to page.
const PARTS: [&str; 4] = ["subject", "action", "resource", "context"];

type Object = Map<String, Value>;

/// A request that is none: what is wrong with it.
struct Bad(String);

/// The request: a JSON object, said to be one.
pub(super) struct Asked(Object);

impl<S: Send + Sync> FromRequest<S> for Asked {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Self, Response> {
        let said = request.headers().get(CONTENT_TYPE).and_then(|said| said.to_str().ok()).unwrap_or_default();
        let media = said.split(';').next().unwrap_or_default().trim();
        if !media.eq_ignore_ascii_case("application/json") {
            return Err(bad("The Content-Type is not `application/json`."));
        }
        match serde_json::from_slice(&request::bytes(request).await) {
            Ok(Value::Object(asked)) => Ok(Self(asked)),
            Ok(_) => Err(bad("The body is no JSON object.")),
            Err(error) => Err(bad(&format!("Unable to parse the JSON: {error}"))),
        }
    }
}

/// A subject or a resource.
#[derive(Clone, Copy)]
struct Entity<'v> {
    kind: &'v str,
    id: &'v str,
}

impl<'v> Entity<'v> {
    fn of(asked: &[&'v Object], part: &str) -> Result<Self, Bad> {
        let entity = object(asked, part)?;
        Ok(Self { kind: text(entity, part, "type")?, id: text(entity, part, "id")? })
    }

    /// The kind of what is searched for.
    fn kind_of(asked: &'v Object, part: &str) -> Result<&'v str, Bad> {
        text(object(&[asked], part)?, part, "type")
    }
}

fn action_of<'v>(asked: &[&'v Object]) -> Result<&'v str, Bad> {
    text(object(asked, "action")?, "action", "name")
}

/// The part of a request, of the first of these that has it.
fn object<'v>(asked: &[&'v Object], part: &str) -> Result<&'v Object, Bad> {
    let given = asked.iter().find_map(|asked| asked.get(part)).ok_or_else(|| Bad(format!("`{part}` is missing.")))?;
    let given = given.as_object().ok_or_else(|| Bad(format!("`{part}` is no object.")))?;
    optional(given, "properties").map_err(|_| Bad(format!("`{part}.properties` is no object.")))?;
    Ok(given)
}

fn text<'v>(entity: &'v Object, part: &str, key: &str) -> Result<&'v str, Bad> {
    let given = entity.get(key).ok_or_else(|| Bad(format!("`{part}.{key}` is missing.")))?;
    given.as_str().ok_or_else(|| Bad(format!("`{part}.{key}` is no string.")))
}

/// An object that may be left out.
fn optional<'v>(of: &'v Object, key: &str) -> Result<Option<&'v Object>, Bad> {
    let given = of.get(key);
    given.map(|given| given.as_object().ok_or_else(|| Bad(format!("`{key}` is no object.")))).transpose()
}

/// Everything that an evaluation needs.
struct Evaluation<'v> {
    subject: Entity<'v>,
    action: &'v str,
    resource: Entity<'v>,
}

impl<'v> Evaluation<'v> {
    /// The parts that an entry leaves out the whole gives.
    fn of(asked: &[&'v Object]) -> Result<Self, Bad> {
        let (subject, action) = (Entity::of(asked, "subject")?, action_of(asked)?);
        let resource = Entity::of(asked, "resource")?;
        asked.iter().try_for_each(|asked| optional(asked, "context").map(drop))?;
        Ok(Self { subject, action, resource })
    }
}

/// When a batch ends.
#[derive(Clone, Copy)]
enum Semantic {
    ExecuteAll,
    DenyOnFirstDeny,
    PermitOnFirstPermit,
}

impl Semantic {
    fn of(asked: &Object) -> Result<Self, Bad> {
        match optional(asked, "options")?.and_then(|options| options.get("evaluations_semantic")) {
            None => Ok(Self::ExecuteAll),
            Some(Value::String(text)) => match text.as_str() {
                "execute_all" => Ok(Self::ExecuteAll),
                "deny_on_first_deny" => Ok(Self::DenyOnFirstDeny),
                "permit_on_first_permit" => Ok(Self::PermitOnFirstPermit),
                _ => Err(Bad("`options.evaluations_semantic` is none.".to_owned())),
            },
            Some(_) => Err(Bad("`options.evaluations_semantic` is no string.".to_owned())),
        }
    }

    const fn ends_with(self, decision: bool) -> bool {
        match self {
            Self::ExecuteAll => false,
            Self::DenyOnFirstDeny => !decision,
            Self::PermitOnFirstPermit => decision,
        }
    }
}

/// Which part of what is found.
struct Part {
    limit: usize,
    /// Where the page before ended.
    after: Option<String>,
    /// What is searched for, in short: a token is good for that alone.
    search: String,
}

impl Part {
    /// `next_token` is what drafts called the token.
    fn of(asked: &Object) -> Result<Self, Bad> {
        optional(asked, "context")?;
        let parts = PARTS.map(|part| asked.get(part).map(Value::to_string));
        let search = format!("{:016x}", BuildHasherDefault::<DefaultHasher>::default().hash_one(parts));
        let Some(page) = optional(asked, "page")? else { return Ok(Self { limit: PAGE_SIZE, after: None, search }) };
        optional(page, "properties")?;
        let limit = match page.get("limit").map(Value::as_u64) {
            None => PAGE_SIZE,
            Some(Some(limit @ 1..)) => usize::try_from(limit).unwrap_or(PAGE_SIZE_MAX).min(PAGE_SIZE_MAX),
            Some(_) => return Err(Bad("`page.limit` is no number from 1 on.".to_owned())),
        };
        let after = match page.get("token").or_else(|| page.get("next_token")) {
            None => None,
            Some(Value::String(token)) if token.is_empty() => None,
            Some(Value::String(token)) => match token.split_once('.') {
                Some((of, after)) if of == search => Some(after.to_owned()),
                _ => return Err(Bad("`page.token` is none of this search.".to_owned())),
            },
            Some(_) => return Err(Bad("`page.token` is no string.".to_owned())),
        };
        Ok(Self { limit, after, search })
    }

    /// What was found, and after what the search goes on.
    fn found(&self, results: &[Value], next: Option<String>) -> Response {
        let next = next.map(|next| format!("{}.{next}", self.search)).unwrap_or_default();
        let page = json!({ "next_token": next, "count": results.len() });
        answer::json(StatusCode::OK, &json!({ "page": page, "results": results }))
    }

    /// The entries that `look` picks, page after page of a list.
    async fn fill(
        &self,
        call: &Call,
        look: impl Fn(&TeamStore, &PageRequest) -> Result<Page<Option<Value>>, Fault>,
    ) -> Response {
        let mut after: Option<Cursor> = match self.after.as_deref().map(str::parse).transpose() {
            Ok(after) => after,
            Err(_) => return bad("`page.token` is none of this search."),
        };
        let mut results = Vec::new();
        loop {
            let page = PageRequest::first(TURN.min(self.limit.saturating_sub(results.len())));
            let page = page.map_err(Fault::from).map(|page| match after {
                Some(cursor) => page.after(cursor),
                None => page,
            });
            match page.and_then(|page| look(&call.store(), &page)) {
                Ok(Page { items, next }) => {
                    results.extend(items.into_iter().flatten());
                    if next.is_none() || results.len() >= self.limit {
                        return self.found(&results, next.map(|next| next.to_string()));
                    }
                    after = next;
                }
                Err(fault) => return self.none(call, &fault),
            }
            yield_now().await;
        }
    }

    /// Where something is not there, nothing is found.
    fn none(&self, call: &Call, fault: &Fault) -> Response {
        match ErrorId::from(fault) {
            ErrorId::NotFound | ErrorId::InvalidParams => self.found(&[], None),
            ErrorId::RequestedRangeNotSatisfiable => bad("`page.token` is none of this search."),
            _ => call.refuse(&call.store(), fault),
        }
    }
}

#[derive(Serialize)]
struct Decision<'s> {
    decision: bool,
    context: Context<'s>,
}

/// Why.
#[derive(Serialize)]
#[serde(untagged)]
#[expect(clippy::large_enum_variant, reason = "it is written at once, where it is made")]
enum Context<'s> {
    Explained(#[serde(serialize_with = "reason")] Explanation<'s>),
    Failed { error: Failure },
}

#[derive(Serialize)]
struct Failure {
    status: u16,
    message: String,
}

impl Decision<'_> {
    /// An error is a no.
    const fn error(status: u16, message: String) -> Self {
        Self { decision: false, context: Context::Failed { error: Failure { status, message } } }
    }
}

/// The answer to a batch.
#[derive(Serialize)]
struct Evaluations<'d> {
    evaluations: &'d [Box<RawValue>],
}

/// What an action is done on.
#[derive(Clone, Copy)]
enum On {
    App(AppId),
    Team(TeamId),
}

/// A request that lacks something, or has it in another form.
fn bad(message: &str) -> Response {
    answer::refusal(ErrorId::BadRequest, message)
}

impl From<Bad> for Response {
    fn from(Bad(message): Bad) -> Self {
        bad(&message)
    }
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

pub(super) async fn evaluation(call: Call, Asked(asked): Asked) -> Response {
    match Evaluation::of(&[&asked]) {
        Ok(asked) => answer::json(StatusCode::OK, &decide(&call.store(), &call, &asked)),
        Err(bad) => bad.into(),
    }
}

pub(super) async fn evaluations(call: Call, Asked(asked): Asked) -> Response {
    let each = match asked.get("evaluations") {
        None => &[][..],
        Some(Value::Array(each)) => each,
        Some(_) => return bad("`evaluations` is no array."),
    };
    let semantic = match Semantic::of(&asked) {
        Ok(semantic) => semantic,
        Err(bad) => return bad.into(),
    };
    if each.is_empty() {
        return evaluation(call, Asked(asked)).await;
    }
    if each.len() > EVALUATIONS_MAX {
        return bad("`evaluations` holds more than 1000.");
    }
    let mut decisions = Vec::new();
    for turn in each.chunks(TURN) {
        let store = call.store();
        for one in turn {
            let one = one.as_object().ok_or_else(|| Bad("The evaluation is no object.".to_owned()));
            let decided = match one.and_then(|one| Evaluation::of(&[one, &asked])) {
                Ok(asked) => decide(&store, &call, &asked),
                Err(Bad(message)) => Decision::error(ErrorId::BadRequest.status(), message),
            };
            // As text, since the store that it is of goes with the turn.
            let Ok(text) = to_raw_value(&decided) else {
                return answer::refusal(ErrorId::InternalServerError, "");
            };
            decisions.push(text);
            if semantic.ends_with(decided.decision) {
                return answer::json(StatusCode::OK, &Evaluations { evaluations: &decisions });
            }
        }
        drop(store);
        yield_now().await;
    }
    answer::json(StatusCode::OK, &Evaluations { evaluations: &decisions })
}

/// Who may do the action on the resource.
pub(super) async fn subjects(call: Call, Asked(asked): Asked) -> Response {
    let read = || {
        let (kind, action) = (Entity::kind_of(&asked, "subject")?, action_of(&[&asked])?);
        Ok((kind, action, Entity::of(&[&asked], "resource")?, Part::of(&asked)?))
    };
    let (kind, action, resource, part) = match read() {
        Ok(read) => read,
        Err(bad) => return Bad::into(bad),
    };
    if kind != "user" {
        return part.found(&[], None);
    }
    let actor = call.actor;
    let look = |store: &TeamStore, page: &PageRequest| {
        let shown = |user: &User| json!({ "type": "user", "id": user.id(), "properties": { "email": user.email() } });
        let by = |user: &User| Actor::user(user.id(), actor.at);
        Ok(match on(store, actor, resource)? {
            On::App(app) => {
                let action = own_actions(store).named(action)?;
                store
                    .app_access(actor, app, page)?
                    .map(|one| store.can(by(one.user), action, app).then(|| shown(one.user)))
            }
            On::Team(team) => {
                let capability: Capability = action.parse()?;
                store
                    .access_list(actor, team, &PeopleFilter::default(), page)?
                    .map(|one| store.can(by(one.user), capability, team).then(|| shown(one.user)))
            }
        })
    };
    part.fill(&call, look).await
}

/// On what the subject may do the action, of what the caller sees.
pub(super) async fn resources(call: Call, Asked(asked): Asked) -> Response {
    let read = || {
        let (kind, action) = (Entity::kind_of(&asked, "resource")?, action_of(&[&asked])?);
        Ok((Entity::of(&[&asked], "subject")?, action, kind, Part::of(&asked)?))
    };
    let (subject, action, kind, part) = match read() {
        Ok(read) => read,
        Err(bad) => return Bad::into(bad),
    };
    let actor = call.actor;
    let look = |store: &TeamStore, page: &PageRequest| {
        let subject = user(store, actor, subject)?;
        let shown = |id: Value, name: Value| json!({ "type": kind, "id": id, "properties": { "name": name } });
        let allowed = |explained: Result<Explanation<'_>, _>| explained.is_ok_and(|explained| explained.is_allowed());
        match kind {
            "app" => {
                let action = own_actions(store).named(action)?;
                Ok(store.visible_apps(actor, &AppFilter::default(), page)?.map(|seen| {
                    let may = allowed(store.explain_to(actor, subject, action, seen.app.id()));
                    may.then(|| shown(json!(seen.app.id()), json!(seen.app.name())))
                }))
            }
            "team" => {
                let capability: Capability = action.parse()?;
                Ok(store.memberships(actor, &TeamFilter::default(), page)?.map(|seen| {
                    let may = allowed(store.explain_to(actor, subject, capability, seen.team.id()));
                    may.then(|| shown(json!(seen.team.id()), json!(seen.team.name())))
                }))
            }
            _ => Ok(Page { items: Vec::new(), next: None }),
        }
    };
    part.fill(&call, look).await
}

/// What the subject may do on the resource. There are few actions: all are one page, or as many as the limit says.
pub(super) async fn actions(call: Call, Asked(asked): Asked) -> Response {
    let read = || Ok((Entity::of(&[&asked], "subject")?, Entity::of(&[&asked], "resource")?, Part::of(&asked)?));
    let (subject, resource, part) = match read() {
        Ok(read) => read,
        Err(bad) => return Bad::into(bad),
    };
    let Ok(start) = part.after.as_deref().map_or(Ok(0), str::parse::<usize>) else {
        return bad("`page.token` is none of this search.");
    };
    let names = able(&call.store(), call.actor, subject, resource);
    let names = match names {
        Ok(names) => names,
        Err(fault) => return part.none(&call, &fault),
    };
    let results: Vec<Value> = names.iter().skip(start).take(part.limit).map(|name| json!({ "name": name })).collect();
    let end = start.saturating_add(results.len());
    part.found(&results, (end < names.len()).then(|| end.to_string()))
}

/// The names of what the subject may do on the resource.
fn able(store: &TeamStore, actor: Actor, subject: Entity<'_>, resource: Entity<'_>) -> Result<Vec<String>, Fault> {
    let subject = user(store, actor, subject)?;
    let mut able = Vec::new();
    match on(store, actor, resource)? {
        On::App(app) => {
            for action in own_actions(store).with_published() {
                if store.explain_to(actor, subject, action, app)?.is_allowed() {
                    able.push(action.to_string());
                }
            }
        }
        On::Team(team) => {
            for capability in Capability::ALL {
                if store.explain_to(actor, subject, *capability, team)?.is_allowed() {
                    able.push(capability.to_string());
                }
            }
        }
    }
    Ok(able)
}

/// A decision, with the explanation as its context.
fn decide<'s>(store: &'s TeamStore, call: &Call, asked: &Evaluation<'_>) -> Decision<'s> {
    let (actor, Evaluation { subject, action, resource }) = (call.actor, asked);
    let explained = user(store, actor, *subject).and_then(|user| {
        Ok(match on(store, actor, *resource)? {
            On::App(app) => store.explain_to(actor, user, own_actions(store).named(action)?, app)?,
            On::Team(team) => store.explain_to(actor, user, action.parse::<Capability>()?, team)?,
        })
    });
    match explained {
        Ok(explained) => Decision { decision: explained.is_allowed(), context: Context::Explained(explained) },
        Err(fault) => {
            let ErrorBody { id, message, .. } = call.told(store, &fault);
            Decision::error(id.status(), message)
        }
    }
}

/// An explanation, to be read by programs and by people.
fn reason<S: Serializer>(explained: &Explanation<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    let held = explained.held();
    let told = Told {
        rule: explained.rule().id(),
        code: explained.refusal().map(Error::code),
        needed: explained.remedy().map(|remedy| remedy.needed),
        held: held.as_ref().map(|held| Held { permissions: held.permissions, through: Shown(&held.through) }),
        reason_user: Words { en: Shown(explained) },
    };
    told.serialize(serializer)
}

#[derive(Serialize)]
struct Told<'s> {
    rule: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    needed: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    held: Option<Held<'s>>,
    reason_user: Words<'s>,
}

#[derive(Serialize)]
struct Held<'s> {
    permissions: PermissionSet,
    through: Shown<'s>,
}

#[derive(Serialize)]
struct Words<'s> {
    en: Shown<'s>,
}

/// A value as its text.
struct Shown<'s>(&'s dyn Display);

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self.0)
    }
}

fn own_actions(store: &TeamStore) -> &HostActions {
    &store.settings().options.host_actions
}

fn user(store: &TeamStore, actor: Actor, Entity { kind, id }: Entity<'_>) -> Result<UserId, Fault> {
    match kind {
        "user" => find::anybody(store, actor, id),
        _ => Err(Fault::Missing(Thing::User)),
    }
}

fn on(store: &TeamStore, actor: Actor, Entity { kind, id }: Entity<'_>) -> Result<On, Fault> {
    match kind {
        "app" => find::app(store, actor, id).map(On::App),
        "team" => find::team(store, actor, id).map(On::Team),
        _ => Err(Fault::Field { field: "resource", problem: "is an `app` or a `team`" }),
    }
}
