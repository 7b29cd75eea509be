//! Questions: look-ups, lists, pages and the audit log. Each takes the actor and answers what that actor may see.

mod account;
mod app;
mod audit;
mod invitation;
mod member;
mod merge;
mod page;
mod pipeline;
mod resource;
mod space;
mod team;
mod transfer;
mod usage;
mod user;
mod words;

pub use account::{AccountMember, AccountMembership, AccountPerson};
pub use app::{AppAccess, AppFilter, AppOrPipeline, AppSort, EntryKind, VisibleApp};
pub use audit::{AuditEntry, AuditFilter, AuditScope};
pub use member::{AccessEntry, PeopleFilter};
pub use page::{Cursor, PAGE_SIZE_MAX, Page, PageRequest, collect_pages};
pub use pipeline::PastPromotion;
pub use resource::AppResources;
pub use space::SpaceAccess;
pub use team::Membership;
pub use usage::{Billing, CurrentUse, Invoice, UsagePart, UsageReport, Used};
