//! Teams, roles, per-app permissions, transfers and billing ownership as an embeddable domain library.

mod ids;
mod names;
mod permission;
mod policy;
mod role;
mod rule;

pub use ids::{AppId, ClientId, InvitationId, TeamId, TransferId, UserId};
pub use names::*;
pub use permission::{Permission, PermissionSet};
pub use policy::{AppAction, Capability, Section};
pub use role::{Role, RoleSet, TeamKind, TeamRole};
pub use rule::{Chapter, Coverage, Nature, Rule, Source, UnknownRule};
