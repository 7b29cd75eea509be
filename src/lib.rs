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
mod entity;
mod error;
mod event;
mod explain;
#[cfg(feature = "export")]
pub mod export;
mod guard;
mod ids;
mod invariant;
#[cfg(feature = "journal")]
pub mod journal;
mod name_gen;
mod names;
mod operation;
mod permission;
mod policy;
mod query;
mod readable;
mod redact;
#[cfg(feature = "replica")]
pub mod replica;
mod report;
mod role;
mod rule;
mod set;
mod settings;
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
pub use decide::{ADD_ONS_MAX, ALLOWED_ADD_ONS_MAX, BULK_APPS_MAX, PROCESS_TYPES_MAX};
pub use entity::*;
pub use error::{
    Blockers, Error, ErrorKind, Grantor, ProblemDetails, Remaining, Remedy, RemedyDetails, TRUNCATED_MAX, Truncated,
};
pub use event::{
    AppCreation, AppDeletion, AuditEvent, CollaboratorRemoval, DynoChange, EmailChange, Event, GrantChange,
    MemberRemoval, Move, NameDraw, PipelineDeletion, PipelineMove, PlanChange, Promoted, Promotion, RoleChange,
    SignInChange, SpaceMove, SsoEntry, TeamDeletion, TeamMove, UserDeletion,
};
pub use explain::{AccessQuery, ActorView, Explanation};
pub use ids::{
    AccountId, AddOnId, AppId, ClientId, InvitationId, PipelineId, Secret, SpaceId, TeamId, TransferId, UserId,
};
pub use invariant::Violation;
pub use name_gen::{NameGenerator, WORD_LEN_MAX, WORDS_MAX, WORDS_VERSION, WordKind, WordListError, WordLists};
pub use names::*;
pub use operation::{Operation, OperationKind, Preview};
pub use permission::{Permission, PermissionSet};
pub use policy::{
    AnyAppAction, AppAction, Capability, HOST_ACTIONS_MAX, Holder, HolderSet, HostActionError, HostActions, Section,
};
pub use query::*;
pub use readable::{NamedId, Readable};
pub use report::{AccessReview, Table};
pub use role::{Role, RoleSet, TeamKind, TeamRole};
pub use rule::{Chapter, Nature, Rule, Source, UnknownRule};
pub use settings::{
    INVITATION_DAYS, KEY_HOURS, PERSONAL_APPS_MAX, RESERVED_NAMES, SPACE_APPS_MAX, Settings, StoreOpening, StoreOptions,
};
#[cfg(feature = "shared")]
pub use shared::{ReadGuard, SharedStore};
pub use snapshot::{RestoreError, Snapshot};
pub use store::{ReplayError, TeamStore, Transaction};

pub use {chrono, rand, uuid};
