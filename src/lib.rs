// The README's example needs the system's clock.
#![cfg_attr(feature = "system", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "system"),
    doc = "Teams, roles, permissions, transfers and billing ownership: see the README."
)]
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
mod state;
#[cfg(feature = "system")]
pub mod system;
#[cfg(feature = "proptest")]
pub mod testing;
#[cfg(test)]
mod tests;
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
    entity::{App, NewApp, NewSpace, NewTeam, NewUser, Owner, Pipeline, Space, Stage, Team, User},
    error::{Error, ErrorKind},
    event::{AuditEvent, Event},
    ids::{AccountId, AppId, PipelineId, SpaceId, TeamId, UserId},
    name_gen::NameGenerator,
    names::{AppName, Email, ParseError, TeamName},
    policy::{AppAction, Capability},
    query::{Page, PageRequest, collect_pages},
    rule::Rule,
    settings::{Settings, StoreOptions},
};

pub use {chrono, rand, uuid};
