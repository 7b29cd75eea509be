//! Teams, roles, per-app permissions, transfers and billing ownership as an embeddable domain library.

pub mod ids;
pub mod names;

pub use ids::*;
pub use names::*;
