//! Questions: look-ups, lists, pages and the audit log. Each takes the actor and answers what that actor may see.

mod account;
mod app;
mod audit;
mod end;
mod filter;
mod group;
mod invitation;
mod member;
mod merge;
mod page;
mod pipeline;
mod resource;
mod role;
mod space;
mod statement;
mod team;
#[cfg(test)]
mod tests;
mod transfer;
mod usage;
mod user;
mod words;

use serde::{Deserialize, Deserializer};

pub use account::{AccountMember, AccountMemberFilter, AccountMembership, AccountPerson};
pub use app::{AppAccess, AppFilter, AppOrPipeline, AppSort, EntryKind, VisibleApp};
pub use audit::{AuditEntry, AuditFilter, AuditScope, Happening};
pub use filter::{PipelineFilter, SpaceFilter, TeamFilter};
pub use group::{GroupAccess, GroupApp, GroupEntry, GroupMember};
pub use member::{AccessEntry, PeopleFilter};
pub use page::{Cursor, PAGE_SIZE_MAX, Page, PageRequest, collect_pages};
pub use pipeline::PastPromotion;
pub use resource::{AppResources, Resource};
pub use role::RoleEntry;
pub use space::SpaceAccess;
pub use statement::{Statement, StatementLine, StatementPart};
pub use team::{Membership, ProvisioningNotice};
pub use usage::{Billing, CurrentUse, UsagePart, UsageReport, Used};

/// Part of a name or an e-mail to look for, in upper or lower case.
fn lower_case<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.map(|part| part.to_ascii_lowercase()))
}
