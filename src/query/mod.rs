//! Questions: look-ups, lists, pages and the audit log. Each takes the actor and answers what that actor may see.

mod app;
mod audit;
mod merge;
mod page;
mod pending;
mod people;
mod place;
mod redact;
mod resource;
mod usage;
mod words;

pub use app::{AppAccess, AppFilter, AppOrPipeline, AppSort, EntryKind, VisibleApp};
pub use audit::{AuditFilter, AuditScope};
#[cfg(feature = "platform_api")]
pub(crate) use page::Seq;
pub(crate) use page::every;
pub use page::{Cursor, PAGE_SIZE_MAX, Page, PageRequest};
pub use people::{AccessEntry, Membership, PeopleFilter};
pub use place::{AccountMember, AccountMembership, AccountPerson};
pub use resource::AppResources;
pub use usage::{Billing, CurrentUse, Invoice, UsagePart, UsageReport, Used};
