//! Teams, roles, per-app permissions, transfers and billing ownership as an embeddable domain library.

mod ids;
mod name_gen;
mod names;
mod permission;
mod policy;
mod role;
mod rule;
mod words;

pub use ids::{AppId, ClientId, InvitationId, TeamId, TransferId, UserId};
pub use name_gen::{NameGenerator, WORD_LEN_MAX, WORDS_MAX, WORDS_VERSION, WordKind, WordListError, WordLists};
pub use names::*;
pub use permission::{Permission, PermissionSet};
pub use policy::{AppAction, Capability, Section};
pub use role::{Role, RoleSet, TeamKind, TeamRole};
pub use rule::{Chapter, Coverage, Nature, Rule, Source, UnknownRule};
