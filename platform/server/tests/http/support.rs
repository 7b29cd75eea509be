//! A server in this process, and requests to it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use enterprise_teams::chrono::TimeDelta;
use enterprise_teams::journal::MemoryJournal;
use enterprise_teams::{Actor, NewUser, PageRequest, TeamStore, UserId, system};
use http_body_util::BodyExt;
use platform_server::{MemoryTokens, NewToken, Server, begin_with, demo, router};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::schema;

/// A server with the demo and a user who is in nothing, nobody@example.com.
pub(crate) struct World {
    pub(crate) server: Arc<Server>,
    router: axum::Router,
    tokens: BTreeMap<String, String>,
    /// Which routes were asked, with which method.
    pub(crate) asked: Mutex<BTreeSet<(String, String)>>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The body of an error with this status and id.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, id: &str) -> String {
        assert_eq!((self.status, self.header("content-type")), (status, Some("application/json")), "{self:?}");
        let body = self.json();
        assert_eq!(body["id"], id, "{self:?}");
        let keys: Vec<&String> = body.as_object().unwrap().keys().collect();
        assert!(keys.iter().all(|key| ["id", "message", "url"].contains(&key.as_str())), "{self:?}");
        body["message"].as_str().unwrap().to_owned()
    }
}

pub(crate) fn world() -> World {
    world_with(1_000_000)
}

/// A server that lets each user make this many requests an hour.
pub(crate) fn world_with(per_hour: u32) -> World {
    serve(&demo().unwrap(), per_hour)
}

/// A server of this store.
pub(crate) fn world_of(store: &TeamStore) -> World {
    serve(store, 1_000_000)
}

/// A server for this address, made so.
pub(crate) fn world_as(address: &str, made: impl FnOnce(Server) -> Server) -> World {
    serve_as(&demo().unwrap(), 1_000_000, address, made)
}

fn serve(store: &TeamStore, per_hour: u32) -> World {
    serve_as(store, per_hour, "http://server", |server| server)
}

fn serve_as(store: &TeamStore, per_hour: u32, address: &str, made: impl FnOnce(Server) -> Server) -> World {
    let mut journal = Box::new(MemoryJournal::new());
    // Later than anything that is asked for: its clock stands.
    journal.set_now(system::now() + TimeDelta::days(1));
    begin_with(&mut *journal, store).unwrap();
    world_on(made(Server::open(journal, Box::new(MemoryTokens::default()), address, per_hour).unwrap()))
}

/// This server, and a user more who is in nothing.
pub(crate) fn world_on(server: Server) -> World {
    let operator = Actor::operator(system::now());
    let nobody = NewUser::new("nobody@example.com".parse().unwrap());
    server.transaction(|store| store.register_user(operator, nobody.clone())).unwrap();
    let (mut tokens, mut page) = (BTreeMap::new(), Some(PageRequest::first(1000).unwrap()));
    while let Some(asked) = page {
        let store = server.store();
        let found = store.users(operator, &asked).unwrap();
        for user in found.items {
            let name = user.email().as_str().split('@').next().unwrap();
            tokens.insert(name.to_owned(), token(&server, user.id()));
        }
        page = found.next.map(|next| asked.after(next));
    }
    let server = Arc::new(server);
    World { router: router(Arc::clone(&server)), server, tokens, asked: Mutex::default() }
}

/// One more token of the user.
pub(crate) fn token(server: &Server, user: UserId) -> String {
    let new = NewToken { user, client: None, description: String::new(), lasts: None };
    server.tokens().issue(new, system::now()).unwrap().1
}

impl World {
    pub(crate) fn token(&self, who: &str) -> &str {
        &self.tokens[who]
    }

    pub(crate) fn router(&self) -> axum::Router {
        self.router.clone()
    }

    /// What the server answers to a request, whoever sends it.
    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
        // The schema is of version 3, unexpanded.
        let other = ["accept", "accept-expansion"].iter().any(|name| request.headers().contains_key(*name));
        let response = self.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let reply = Reply {
            status: parts.status.as_u16(),
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        };
        assert!(reply.header("request-id").is_some_and(|id| id.len() == 36), "{reply:?}");
        if let Some(route) = schema::route(&method, &path) {
            if parts.status.is_success() && !other {
                schema::check(&method, &path, &reply.json());
            }
            self.asked.lock().unwrap().insert((method, route));
        }
        reply
    }

    /// A request by this user with this body, if it is not null.
    pub(crate) async fn ask(&self, who: &str, method: &str, path: &str, body: Value) -> Reply {
        let request = self.request(who, method, path);
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        self.send(request.header("content-type", "application/json").body(body).unwrap()).await
    }

    pub(crate) async fn get(&self, who: &str, path: &str) -> Reply {
        self.ask(who, "GET", path, Value::Null).await
    }

    /// As `ask`, with this status.
    #[track_caller]
    pub(crate) fn does<'w>(
        &'w self,
        who: &'w str,
        method: &'w str,
        path: &'w str,
        body: Value,
        status: StatusCode,
    ) -> impl Future<Output = Value> + 'w {
        let caller = core::panic::Location::caller();
        async move {
            let reply = self.ask(who, method, path, body).await;
            assert_eq!(reply.status, status.as_u16(), "{caller}: {method} {path}: {reply:?}");
            reply.json()
        }
    }

    /// The id of the user with this e-mail.
    pub(crate) fn user(&self, email: &str) -> UserId {
        self.server.store().user_id(&email.parse().unwrap()).unwrap()
    }

    /// The name or the id of the only add-on of an app of ada's.
    pub(crate) async fn add_on(&self, app: &str, key: &str) -> String {
        self.get("ada", &format!("/apps/{app}/addons")).await.json()[0][key].as_str().unwrap().to_owned()
    }

    /// The id of the first release of an app of ada's.
    pub(crate) async fn release_of(&self, app: &str) -> String {
        self.get("ada", &format!("/apps/{app}/releases/1")).await.json()["id"].as_str().unwrap().to_owned()
    }

    /// The id of a promotion of ada's of what an app runs to another.
    pub(crate) async fn promotion(&self, from: &str, to: &str) -> String {
        let place = self.get("ada", &format!("/pipeline-couplings/{from}")).await.json();
        let to = self.get("ada", &format!("/apps/{to}")).await.json()["id"].clone();
        let body = json!({
            "pipeline": { "id": place["pipeline"]["id"] },
            "source": { "app": place["app"] },
            "targets": [{ "app": { "id": to } }],
        });
        let made = self.does("ada", "POST", "/pipeline-promotions", body, StatusCode::CREATED).await;
        made["id"].as_str().unwrap().to_owned()
    }

    /// The id of an invitation of sam's.
    pub(crate) async fn invitation(&self, team: &str, email: &str) -> String {
        let (path, body) = (format!("/teams/{team}/invitations"), json!({ "email": email, "role": "member" }));
        let made = self.does("sam", "PUT", &path, body, StatusCode::OK).await;
        made["id"].as_str().unwrap().to_owned()
    }

    pub(crate) fn request(&self, who: &str, method: &str, path: &str) -> axum::http::request::Builder {
        request_with(self.token(who), method, path)
    }
}

/// A request with this token.
pub(crate) fn request_with(token: &str, method: &str, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path).header("authorization", format!("Bearer {token}"))
}

/// Somebody who has signed in, and the cookie of the session.
pub(crate) struct Visitor<'w> {
    world: &'w World,
    cookie: String,
}

impl<'w> Visitor<'w> {
    pub(crate) async fn of(world: &'w World, who: &str) -> Self {
        Self::with_token(world, world.token(who)).await
    }

    pub(crate) async fn with_token(world: &'w World, token: &str) -> Self {
        let mut visitor = Self { world, cookie: String::new() };
        let reply = visitor.post("/dashboard/sign-in", &[("token", token)]).await;
        visitor.cookie = reply.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        visitor
    }

    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(path).header("host", "server");
        if self.cookie.is_empty() { request } else { request.header("cookie", &self.cookie) }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.world.send(self.request("GET", path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.request("POST", path).header("content-type", "application/x-www-form-urlencoded");
        self.world.send(request.body(Body::from(body)).unwrap()).await
    }

    /// What the form of a page that has this operation carries: the key, the operation, and what the control is called.
    pub(crate) async fn form(&self, path: &str, operation: &str) -> [(&'static str, String); 3] {
        let page = self.get(path).await.text;
        let mark = format!("&quot;type&quot;:&quot;{operation}&quot;");
        let form = page.split("<form").find(|part| part.contains(&mark));
        let form = form.unwrap_or_else(|| panic!("{operation}: {page}"));
        ["key", "operation", "control"].map(|name| {
            let from = form.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
            (name, from.split('"').next().unwrap().replace("&quot;", "\""))
        })
    }

    /// Sends that form with these fields.
    pub(crate) async fn submit(&self, path: &str, operation: &str, fields: &[(&str, &str)]) -> Reply {
        let form = self.form(path, operation).await;
        let own = form.iter().map(|(name, value)| (*name, &**value));
        self.post(path, &own.chain(fields.iter().copied()).collect::<Vec<_>>()).await
    }
}
