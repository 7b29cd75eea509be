//! Private Spaces, and who may create apps in them.

use chrono::{DateTime, Utc};
use enterprise_teams::{
    self as domain, Actor, Error, Page, PageRequest, SpaceId, TeamId, TeamName, TeamStore, UserId,
    entity::Shield,
    names::SpaceName,
    query::{SpaceAccess, SpaceFilter},
};
use serde::{Deserialize, Serialize};

use crate::{CIDR, DATA_CIDR, GENERATION, Named, Person, SPACE_REGION, rendered, team_name};

/// The permission to create apps in a space.
pub(crate) const CREATE_APPS: &str = "create_apps";

/// A space. It is ready as soon as it is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct Space {
    pub created_at: DateTime<Utc>,
    pub id: SpaceId,
    pub name: SpaceName,
    pub organization: Named<TeamId, TeamName>,
    pub team: Named<TeamId, TeamName>,
    pub region: Named,
    pub shield: bool,
    pub state: SpaceState,
    pub updated_at: DateTime<Utc>,
    pub cidr: String,
    pub data_cidr: String,
    pub generation: Named,
}

/// Whether a space can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SpaceState {
    /// Not yet.
    Allocating,
    /// It can.
    Allocated,
    /// No more.
    Deleting,
}

/// How a space reaches the network outside: with no addresses of its own, since there is no network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct SpaceNat {
    pub created_at: DateTime<Utc>,
    pub sources: Vec<String>,
    pub state: NatState,
    pub updated_at: DateTime<Utc>,
}

/// Whether a space has addresses of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NatState {
    /// It has none.
    Disabled,
    /// They change.
    Updating,
    /// It has.
    Enabled,
}

/// What somebody in the team of a space may do in the space: create apps, or nothing more than see it. The id is the space's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct SpaceAppAccess {
    pub space: Named<SpaceId, SpaceName>,
    pub created_at: DateTime<Utc>,
    pub id: SpaceId,
    pub permissions: Vec<SpacePermission>,
    pub updated_at: DateTime<Utc>,
    pub user: Person,
}

/// A permission in a space: `create_apps`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct SpacePermission {
    pub description: String,
    pub name: String,
}

/// A space. Visible as [`TeamStore::space`].
///
/// # Errors
/// As [`TeamStore::space`].
pub fn space(store: &TeamStore, actor: Actor, space: SpaceId) -> Result<Space, Error> {
    render(store, actor, store.space(actor, space)?)
}

/// How a space reaches the network outside. Visible as [`TeamStore::space`].
///
/// # Errors
/// As [`TeamStore::space`].
pub fn space_nat(store: &TeamStore, actor: Actor, space: SpaceId) -> Result<SpaceNat, Error> {
    let since = store.space(actor, space)?.created_at();
    Ok(SpaceNat { created_at: since, sources: Vec::new(), state: NatState::Disabled, updated_at: since })
}

/// Every space that the actor sees, by name.
///
/// # Errors
/// As [`TeamStore::visible_spaces`].
pub fn spaces(store: &TeamStore, actor: Actor, page: &PageRequest) -> Result<Page<Space>, Error> {
    rendered(store.visible_spaces(actor, &SpaceFilter::default(), page)?, |space| render(store, actor, space))
}

/// The spaces of a team, by name.
///
/// # Errors
/// As [`TeamStore::spaces`].
pub fn team_spaces(store: &TeamStore, actor: Actor, team: TeamId, page: &PageRequest) -> Result<Page<Space>, Error> {
    rendered(store.spaces(actor, team, &SpaceFilter::default(), page)?, |space| render(store, actor, space))
}

/// What each admin, member and viewer of the team may do in a space, by e-mail. Visible as [`TeamStore::space`].
///
/// # Errors
/// As [`TeamStore::space_access`].
pub fn space_app_accesses(
    store: &TeamStore,
    actor: Actor,
    space: SpaceId,
    page: &PageRequest,
) -> Result<Page<SpaceAppAccess>, Error> {
    let row = store.space(actor, space)?;
    rendered(store.space_access(actor, space, page)?, |found| Ok(render_access(row, found)))
}

/// What somebody in the team may do in a space. Visible as [`TeamStore::space`].
///
/// # Errors
/// As [`TeamStore::space_access_of`].
pub fn space_app_access(
    store: &TeamStore,
    actor: Actor,
    space: SpaceId,
    user: UserId,
) -> Result<SpaceAppAccess, Error> {
    Ok(render_access(store.space(actor, space)?, store.space_access_of(actor, space, user)?))
}

fn render_access(space: &domain::Space, found: SpaceAccess<'_>) -> SpaceAppAccess {
    let permission =
        SpacePermission { description: "Create apps in the space.".to_owned(), name: CREATE_APPS.to_owned() };
    SpaceAppAccess {
        space: Named { id: space.id(), name: space.name() },
        created_at: found.times.since,
        id: space.id(),
        permissions: found.creates_apps.then_some(permission).into_iter().collect(),
        updated_at: found.times.changed_at,
        user: Person::of(found.user),
    }
}

fn render(store: &TeamStore, actor: Actor, space: &domain::Space) -> Result<Space, Error> {
    let team = team_name(store, actor, space.team())?;
    Ok(Space {
        created_at: space.created_at(),
        id: space.id(),
        name: space.name(),
        organization: team.clone(),
        team,
        region: Named::known("region", SPACE_REGION),
        shield: space.shield() == Shield::On,
        state: SpaceState::Allocated,
        updated_at: space.changed_at(),
        cidr: CIDR.to_owned(),
        data_cidr: DATA_CIDR.to_owned(),
        generation: Named::known("generation", GENERATION),
    })
}
