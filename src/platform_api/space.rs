//! Private Spaces, and who may create apps in them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{CIDR, DATA_CIDR, GENERATION, Named, Person, SPACE_REGION, rendered, team_name};
use crate::actor::Actor;
use crate::entity::{self, Shield, User};
use crate::error::Error;
use crate::ids::{SpaceId, TeamId, UserId};
use crate::names::{SpaceName, TeamName};
use crate::query::{Page, PageRequest, PeopleFilter, collect_pages};
use crate::role::Role;
use crate::store::TeamStore;

/// The permission to create apps in a space.
pub(super) const CREATE_APPS: &str = "create_apps";

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
    render(store, store.space(actor, space)?)
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
    rendered(store.visible_spaces(actor, page)?, |space| render(store, space))
}

/// The spaces of a team, by name.
///
/// # Errors
/// As [`TeamStore::spaces`].
pub fn team_spaces(store: &TeamStore, actor: Actor, team: TeamId, page: &PageRequest) -> Result<Page<Space>, Error> {
    rendered(store.spaces(actor, team, page)?, |space| render(store, space))
}

/// What each admin, member and viewer of the team may do in a space, by e-mail. Visible as [`TeamStore::space`].
///
/// # Errors
/// As [`TeamStore::space`]; [`Error::CursorOfAnotherList`].
pub fn space_app_accesses(
    store: &TeamStore,
    actor: Actor,
    space: SpaceId,
    page: &PageRequest,
) -> Result<Page<SpaceAppAccess>, Error> {
    let row = store.space(actor, space)?;
    page.pick(
        |page| store.access_list(actor, row.team(), &PeopleFilter::default(), page),
        |entry| Ok(creates(store, row, entry.user, entry.role).map(|creates| access(row, entry.user, creates))),
    )
}

/// What somebody in the team may do in a space. Visible as [`TeamStore::space`].
///
/// # Errors
/// As [`TeamStore::space`]; [`Error::UserNotFound`], [`Error::NotInTeam`].
pub fn space_app_access(
    store: &TeamStore,
    actor: Actor,
    space: SpaceId,
    user: UserId,
) -> Result<SpaceAppAccess, Error> {
    let row = store.space(actor, space)?;
    let role = store.role(actor, row.team(), user)?;
    let person = store.user(Actor::operator(actor.at), user)?;
    let creates = role.and_then(|role| creates(store, row, person, role));
    Ok(access(row, person, creates.ok_or(Error::NotInTeam { team: row.team(), user })?))
}

/// The people of a space's team, by e-mail, and whether each may create apps in the space.
pub(super) fn people<'s>(
    store: &'s TeamStore,
    actor: Actor,
    space: &entity::Space,
) -> Result<Vec<(&'s User, bool)>, Error> {
    let people = collect_pages(|page| store.access_list(actor, space.team(), &PeopleFilter::default(), page))?;
    let creates = |entry: crate::query::AccessEntry<'s>| {
        creates(store, space, entry.user, entry.role).map(|creates| (entry.user, creates))
    };
    Ok(people.into_iter().filter_map(creates).collect())
}

/// Whether somebody in the team may create apps in its space (SPC-3); `None` for a collaborator, who is not in it.
fn creates(store: &TeamStore, space: &entity::Space, user: &User, role: Role) -> Option<bool> {
    match role {
        Role::Admin => Some(true),
        Role::Member => Some(store.state.app_creators.contains(user.id(), space.id())),
        Role::Viewer => Some(false),
        Role::Collaborator => None,
    }
}

fn access(space: &entity::Space, user: &User, creates: bool) -> SpaceAppAccess {
    let since = space.created_at().max(user.registered_at());
    let permission =
        SpacePermission { description: "Create apps in the space.".to_owned(), name: CREATE_APPS.to_owned() };
    SpaceAppAccess {
        space: Named { id: space.id(), name: space.name() },
        created_at: since,
        id: space.id(),
        permissions: creates.then_some(permission).into_iter().collect(),
        updated_at: since,
        user: Person::of(user),
    }
}

fn render(store: &TeamStore, space: &entity::Space) -> Result<Space, Error> {
    let team = team_name(store, space.team())?;
    Ok(Space {
        created_at: space.created_at(),
        id: space.id(),
        name: space.name(),
        organization: team.clone(),
        team,
        region: Named::known("region", SPACE_REGION),
        shield: space.shield() == Shield::On,
        state: SpaceState::Allocated,
        updated_at: space.created_at(),
        cidr: CIDR.to_owned(),
        data_cidr: DATA_CIDR.to_owned(),
        generation: Named::known("generation", GENERATION),
    })
}
