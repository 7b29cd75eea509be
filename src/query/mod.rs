//! Questions: look-ups, lists, pages and the audit log. Each takes the actor and answers what that actor may see.

mod app;
mod audit;
mod page;
mod pending;
mod people;

pub use app::{AppAccess, AppFilter, AppSort, VisibleApp};
pub use audit::{AuditFilter, AuditScope};
pub use page::{Cursor, PAGE_SIZE_MAX, Page, PageRequest};
pub use people::{AccessEntry, Membership, PeopleFilter};
