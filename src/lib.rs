//! Teams, roles, permissions per app, transfers and billing ownership, in your own process.
//!
//! What Heroku's Enterprise Teams (2024) and its Organizations before them (2014) give their customers, as types and methods: a
//! [`TeamStore`] holds users, teams, apps, spaces, pipelines and accounts; each of its operations records one [`Event`] or answers with
//! one [`Error`], which names the [`Rule`] that was broken. The crate is independent of that company.
//!
//! ```
//! use enterprise_teams::{AppAction, demo::Demo};
//!
//! // A sample: Ada is an admin of the team, Joe a member who may deploy its
//! // website, Vera only views.
//! let Demo { store, ada, joe, vera, website, .. } = Demo::new()?;
//! assert!(store.can(joe, AppAction::PushCode, website));
//!
//! let refusal = store.check(vera, AppAction::PushCode, website).unwrap_err();
//! assert_eq!(refusal.rule().id(), "PERM-9");
//! let problem = store.problem(vera, &refusal); // to be sent as it is
//! assert_eq!((problem.status, problem.code), (403, "action-needs-permission"));
//! # Ok::<(), enterprise_teams::Error>(())
//! ```
//!
//! # Where to begin
//!
//! - [`TeamStore`]: every operation and every question, by chapter. [`Actor`] says who asks, and when.
//! - [`TeamStore::can`], [`check`](TeamStore::check), [`explain`](TeamStore::explain): whether, by which rule not, and why. What can be
//!   asked are the rows of the published tables: [`AppAction`] and [`Capability`].
//! - [`Operation`]: the operations as values, for requests that are read, kept, or tried with [`TeamStore::what_if`].
//! - [`Error`]: one variant for each way to break a rule, in the order in which they are checked;
//!   [`TeamStore::problem`] makes of one what a host sends.
//! - [`TeamStore::transaction`]: several operations or none. [`TeamStore::events`], [`TeamStore::snapshot`]: how a store is kept.
//! - [`Settings`]: the secret from which ids and names are made, and what the operator decides.
//!
//! # Modules
//!
//! What nearly every program names stands at the root. The rest is found by what it is: the things themselves in [`entity`], their ids and
//! texts in [`ids`] and [`names`]; what lists take and give in [`query`]; who may do what in [`policy`]; the parts of refusals and
//! events in [`error`] and [`event`]; the catalogue in [`rule`]; tables for people in [`report`]; generated names in [`name_gen`].
//!
//! The documents stand in [`guide`]: how the house is built, every rule, the tables of permissions, how a store is kept.
//!
//! # Features
//!
//! Time and randomness come in as values, so that equal inputs give equal stores; the library does no input or output.
//!
//! - `system` (default): the clock and the randomness of the machine, read nowhere else.
#![cfg_attr(feature = "system", doc = "  See [`system`] and [`Settings::random`].")]
//! - `shared`: a store for many threads, whose readers never wait for a writer.
#![cfg_attr(feature = "shared", doc = "  See [`SharedStore`].")]
//! - `journal`: how a log is kept outside of memory, without doing it: entries with a chain of digests, opening, following.
#![cfg_attr(feature = "journal", doc = "  See [`journal`].")]
//! - `replica`: a shared store on a journal, for one of many processes. SQLite and PostgreSQL are crates of their own.
#![cfg_attr(feature = "replica", doc = "  See [`replica`].")]
//! - `export`: the store for Cedar and OpenFGA.
#![cfg_attr(feature = "export", doc = "  See [`export`].")]
//! - `proptest`: strategies for every public type, for sound stores, and for operations that fit a store.
#![cfg_attr(feature = "proptest", doc = "  See [`testing`].")]
//! - `idn`: e-mails with domains in any script, as they are read and shown.
#![cfg_attr(feature = "idn", doc = "  See [`Email::from_unicode`].")]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

// First, so that its page begins with the operations.
mod store;

mod access;
mod actor;
mod code;
mod decide;
pub mod demo;
mod digest;
pub mod entity;
pub mod error;
pub mod event;
mod explain;
#[cfg(feature = "export")]
pub mod export;
mod guard;
#[cfg(doc)]
pub mod guide;
pub mod ids;
mod invariant;
#[cfg(feature = "journal")]
pub mod journal;
pub mod name_gen;
pub mod names;
mod operation;
mod permission;
pub mod policy;
pub mod query;
mod readable;
mod redact;
#[cfg(feature = "replica")]
pub mod replica;
pub mod report;
mod role;
pub mod rule;
mod set;
pub mod settings;
#[cfg(feature = "shared")]
mod shared;
mod snapshot;
mod sort;
mod state;
#[cfg(feature = "system")]
pub mod system;
#[cfg(feature = "proptest")]
pub mod testing;
#[cfg(test)]
mod tests;
mod time;
mod usage;
mod version;
mod words;

pub use access::{Access, AccessSource};
pub use actor::{Actor, ActorKind, EventContext};
pub use explain::{AccessQuery, ActorView, Explanation};
pub use invariant::Violation;
pub use operation::{Operation, OperationKind, Preview};
pub use permission::{Permission, PermissionSet};
pub use readable::{NamedId, Readable};
pub use role::{Role, RoleSet, TeamKind, TeamRole};
#[cfg(feature = "shared")]
pub use shared::{ReadGuard, SharedStore};
pub use snapshot::{RestoreError, Snapshot};
pub use store::{ReplayError, TeamStore, Transaction};

// What nearly every program names; the rest of these modules is theirs.
#[doc(inline)]
pub use {
    entity::{App, Group, NewApp, NewSpace, NewTeam, NewUser, Owner, Pipeline, Space, Stage, Team, User},
    error::{Error, ErrorKind},
    event::{AuditEvent, Event},
    ids::{AccountId, AppId, GroupId, PipelineId, RoleId, SpaceId, TeamId, UserId},
    name_gen::NameGenerator,
    names::{AppName, Email, ParseError, TeamName},
    policy::{AppAction, Capability},
    query::{Page, PageRequest, collect_pages},
    rule::Rule,
    settings::{Settings, StoreOptions},
};

pub use {chrono, rand, uuid};

// What the README shows works; its example needs the system's clock.
#[cfg(all(doctest, feature = "system"))]
#[doc = include_str!("../README.md")]
struct Readme;
