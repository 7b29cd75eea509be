//! One pure function for each operation, by chapter: it looks at the state and answers with the event or with the refusal.
//!
//! Every function is a flat ladder: the actor exists, the things named exist, OAuth restriction and authority, the
//! arguments fit, the state fits, the name is free, there is room, no standing law would break. The first rung that does
//! not hold is the answer.

pub(crate) mod access;
pub(crate) mod account;
pub(crate) mod app;
pub(crate) mod billing;
pub(crate) mod invitation;
pub(crate) mod member;
pub(crate) mod pipeline;
pub(crate) mod resource;
pub(crate) mod setting;
pub(crate) mod sign_on;
pub(crate) mod space;
pub(crate) mod team;
pub(crate) mod transfer;
pub(crate) mod user;

pub use app::PROCESS_TYPES_MAX;
pub use resource::{ADD_ONS_MAX, ALLOWED_ADD_ONS_MAX};
pub use transfer::BULK_APPS_MAX;
