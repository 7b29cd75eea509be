//! The things that the documents speak of, as values.

mod account;
mod add_on;
mod app;
mod end;
mod formation;
mod group;
mod invitation;
mod label;
mod pipeline;
mod sign_on;
mod space;
mod team;
mod times;
mod transfer;
mod usage;
mod user;

pub use account::{AccountPermission, AccountPermissionSet, EnterpriseAccount};
pub use add_on::{AddOn, AddOnControls, Plan};
pub use app::{App, Lock, NewApp, Owner, OwnershipPeriod};
pub use end::{Ending, Held};
pub use formation::{Dyno, DynoSize};
pub use group::Group;
pub use invitation::Invitation;
pub use label::{LABELS_MAX, Labels};
pub use pipeline::{Coupling, Pipeline, Release, Stage};
pub use sign_on::{CERTIFICATE_LEN_MAX, ENTITY_ID_LEN_MAX, IdentityProvider, SIGN_IN_URL_LEN_MAX, Sso};
pub use space::{NewSpace, Shield, Space};
pub use team::{Limits, NewTeam, OAuthAccess, OnExcess, SignInRequirement, Team};
pub use times::Times;
pub use transfer::AppTransfer;
pub use usage::{Days, Month, Payer, Usage};
pub(crate) use usage::{Millionths, start_of};
pub use user::{Mfa, NewUser, SignIn, SignInStatus, User};
