//! Teams, roles, per-app permissions, transfers and billing ownership as an embeddable domain library.

mod actor;
mod entity;
mod error;
mod event;
mod ids;
mod name_gen;
mod names;
mod permission;
mod policy;
mod role;
mod rule;
mod settings;
mod words;

pub use actor::{Actor, Who};
pub use entity::*;
pub use error::{Error, Grantor, Kind, LISTED_MAX, Listed, Remedy};
pub use event::{
    AppCreation, AppDeletion, AuditEvent, Drawn, DynoChange, EmailChange, Event, GrantChange, Move, TeamDeletion,
    UserDeletion,
};
pub use ids::{AppId, ClientId, InvitationId, TeamId, TransferId, UserId};
pub use name_gen::{NameGenerator, WORD_LEN_MAX, WORDS_MAX, WORDS_VERSION, WordKind, WordListError, WordLists};
pub use names::*;
pub use permission::{Permission, PermissionSet};
pub use policy::{AppAction, Capability, Section};
pub use role::{Role, RoleSet, TeamKind, TeamRole};
pub use rule::{Chapter, Coverage, Nature, Rule, Source, UnknownRule};
pub use settings::{INVITATION_DAYS, PERSONAL_APPS_MAX, Settings};
