//! The things that the documents speak of, as values.

mod app;
mod formation;
mod invitation;
mod team;
mod transfer;
mod user;

pub use app::{App, Lock, NewApp, Owner, Tenure};
pub use formation::{Dyno, DynoSize};
pub use invitation::Invitation;
pub use team::{Limits, NewTeam, OAuthAccess, Team};
pub use transfer::AppTransfer;
pub use user::{Mfa, NewUser, SignIn, SignInStatus, User};
