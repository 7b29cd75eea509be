//! The store for engines that decide by policies or by relations, for hosts that grow into one: Cedar and OpenFGA.
//!
//! An export answers what [`TeamStore::can`](crate::TeamStore::can) answers: every [`AppAction`](crate::AppAction) on every
//! app, every [`Capability`](crate::Capability) on every team, for every user, directly and through a third-party client
//! (SEC-1), and for the platform operator. Actions and capabilities go by their codes, everything else by its id: no name
//! and no e-mail leaves the store.
//!
//! It is the whole store as it stands, in an order that depends on nothing but what it holds; for the host, as a
//! [snapshot](crate::TeamStore::snapshot) is. What changes afterwards, [`events`](crate::TeamStore::events) tell.
//!
//! Not in it: what the store's own operations ask for beyond `can` (who receives a transfer, what add-on controls allow,
//! who may create apps in a space), what Enterprise Accounts give, who sees a pipeline; and why: an engine says yes or no.

mod cedar;
mod model;
mod openfga;
mod tables;

pub use cedar::{Cedar, CedarEntity, CedarUid, CedarValue};
pub use model::OpenFgaModel;
pub use openfga::{OpenFga, OpenFgaTuple};
