//! The JSON of the Platform API: the public schema's resources, built from the store as an actor sees them, its requests, and
//! its errors. Pure: no server, no I/O, and nothing of the store but its public interface: who may what, the store decides.
//!
//! - **Out:** a type for each resource, named after the schema's definition, with exactly its properties; a function for
//!   each way to ask for it, with the refusals of the questions that it asks.
//! - **In:** [`find`] turns what stands in a path (`~`, an id, a name, an e-mail) into an id, as far as the actor may know;
//!   [`body`] reads requests and turns them into an [`Operation`](enterprise_teams::Operation), which
//!   [`perform`](enterprise_teams::TeamStore::perform) carries out.
//! - **Errors:** [`ErrorBody::of`] gives id, message and URL, [`ErrorId::status`] the HTTP status.
//!
//! What the schema asks for and the model does not know:
//!
//! - **Places.** Apps are in region [`REGION`], spaces and the apps inside in [`SPACE_REGION`]; the generation is
//!   [`GENERATION`], the networks of a space are [`CIDR`] and [`DATA_CIDR`].
//! - **Code.** What a build would know is `null`: build pack, sizes, time of release. A release has no slug, a process no command, an
//!   app neither config vars nor build packs. Maintenance and certificate management are off, nothing is archived.
//! - **Add-ons.** The store takes any plan at any price; of what can be installed over the API there is a list ([`plan`]). An add-on
//!   changes no config var, so nothing is attached.
//! - **Times.** Of teams, apps, spaces and pipelines, memberships, places on an app, in a pipeline and in a space the store keeps when
//!   they came to be and last changed; of whatever else, `updated_at` is `created_at`, and a service is allowed since its team is there.
//! - **Ids.** Whatever there is one of for each user, app or team has the id of that: a membership and a place on an app the
//!   user's, a place in a pipeline the app's, an identity provider the team's. Ids of stacks, regions and the like are made
//!   from their names.
//! - **A team's things** belong, in the words of the API, to `TEAM@herokumanager.com` ([`OWNER_DOMAIN`]); whoever sees an app
//!   learns the name of the team that owns it.
//!
//! ```
//! use enterprise_teams::demo::Demo;
//! use enterprise_teams_platform_api::{self as platform_api, ErrorBody, ErrorId};
//!
//! let Demo { store, joe, max, website, .. } = Demo::new()?;
//! let app = platform_api::app(&store, joe, website)?;
//! assert_eq!((app.owner.email.as_str(), app.stack.name), ("acme-widgets@herokumanager.com", "heroku-24".parse()?));
//!
//! let refusal = platform_api::app(&store, max, website).unwrap_err();
//! let body = ErrorBody::of(&store, max, &refusal.into(), "https://example.com/errors");
//! assert_eq!((body.id, body.id.status()), (ErrorId::NotFound, 404));
//! assert_eq!(body.message, "Couldn't find that app.");
//! # Ok::<(), enterprise_teams::Error>(())
//! ```

mod access;
mod account;
mod add_on;
mod app;
mod audit;
pub mod body;
mod config;
mod error;
pub mod find;
mod formation;
mod pipeline;
mod release;
mod space;
mod team;
mod usage;

use core::fmt;

use enterprise_teams::{self as domain, Actor, Email, Error, Page, TeamId, TeamName, TeamStore, User, UserId};
use serde::{Deserialize, Serialize};
use uuid::{Builder, Uuid, Variant, Version};

pub use access::*;
pub use account::*;
pub use add_on::*;
pub use app::*;
pub use audit::*;
pub use config::*;
pub use error::*;
pub use formation::*;
pub use pipeline::*;
pub use release::*;
pub use space::*;
pub use team::*;
pub use usage::*;

/// A collaborator on a team's app: a [`Collaborator`] with permissions.
pub type TeamAppCollaborator = Collaborator;

/// The region of apps.
pub const REGION: &str = "us";
/// The region of spaces and of the apps inside.
pub const SPACE_REGION: &str = "virginia";
/// The generation of the platform.
pub const GENERATION: &str = "cedar";
/// The network of a space.
pub const CIDR: &str = "10.0.0.0/16";
/// The network of a space's data services.
pub const DATA_CIDR: &str = "10.1.0.0/16";
/// The domain of the e-mails under which teams own things.
pub const OWNER_DOMAIN: &str = "herokumanager.com";

/// Something with an id and a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct Named<Id = Uuid, Name = String> {
    pub id: Id,
    pub name: Name,
}

impl Named {
    /// A region, a generation and the like, under an id made from the name.
    fn known(kind: &str, name: &str) -> Self {
        Self { id: made_id(kind, name), name: name.to_owned() }
    }
}

/// Something with an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct Identified<Id> {
    pub id: Id,
}

/// A user, by id and e-mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct Person {
    pub email: Email,
    pub id: UserId,
}

impl Person {
    fn of(user: &User) -> Self {
        Self { email: user.email().clone(), id: user.id() }
    }
}

/// The owner of an app: a user, or a team under its e-mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct Owner {
    pub email: String,
    pub id: Uuid,
}

impl Owner {
    fn user(user: &User) -> Self {
        Self { email: user.email().to_string(), id: user.id().uuid() }
    }

    fn team(id: TeamId, name: TeamName) -> Self {
        Self { email: format!("{name}@{OWNER_DOMAIN}"), id: id.uuid() }
    }
}

/// What somebody is to a team, or to a personal app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// An admin of the team.
    Admin,
    /// A member of the team; so is whoever has a role of the team's own (ROLE-2).
    Member,
    /// A viewer of the team. The schema's list of roles leaves it out.
    Viewer,
    /// On the app alone.
    Collaborator,
    /// The owner of a personal app.
    Owner,
}

impl From<domain::Role> for Role {
    fn from(role: domain::Role) -> Self {
        match role {
            domain::Role::Admin => Self::Admin,
            // The API has no other roles, and who has one of the team's own counts as a member (ROLE-2).
            domain::Role::Member | domain::Role::Custom => Self::Member,
            domain::Role::Viewer => Self::Viewer,
            domain::Role::Collaborator => Self::Collaborator,
        }
    }
}

/// Id and name of a team, for who sees something that is the team's.
fn team_name(store: &TeamStore, actor: Actor, team: TeamId) -> Result<Named<TeamId, TeamName>, Error> {
    Ok(Named { id: team, name: store.team_name(actor, team)? })
}

/// The id of something that has none in the store: made from what it is and its name, so always the same.
fn made_id(kind: &str, name: impl fmt::Display) -> Uuid {
    let hash = |seed, text: &str| text.bytes().fold(seed, |hash, byte| mix(hash ^ u64::from(byte)));
    let (kind, name) = (hash(0, kind), hash(1, &name.to_string()));
    let low = spread(name ^ mix(kind));
    let bits = (u128::from(mix(low ^ kind)) << 64) | u128::from(low);
    Builder::from_u128(bits).with_variant(Variant::RFC4122).with_version(Version::Custom).into_uuid()
}

/// A bijection of the 62 low bits, which the format of an id leaves alone.
const fn spread(value: u64) -> u64 {
    const LOW: u64 = u64::MAX >> 2;
    let mut low = value & LOW;
    low = low.wrapping_mul(0xbf58_476d_1ce4_e5b9) & LOW;
    low ^= low >> 31;
    low = low.wrapping_mul(0x94d0_49bb_1331_11eb) & LOW;
    low ^ (low >> 29)
}

/// Spreads every bit of `value` over all 64 (the finaliser of `SplitMix64`).
const fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The page with its entries rendered.
fn rendered<T, U>(page: Page<T>, render: impl FnMut(T) -> Result<U, Error>) -> Result<Page<U>, Error> {
    Ok(Page { items: page.items.into_iter().map(render).collect::<Result<_, _>>()?, next: page.next })
}
