//! Who is on an app, and with which permissions.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::space::CREATE_APPS;
use super::{Named, Role, rendered, space};
use crate::access::{Access, AccessSource};
use crate::actor::Actor;
use crate::entity::{self, SignIn, User};
use crate::error::Error;
use crate::ids::{AppId, TeamId, UserId};
use crate::names::{AppName, Email, SpaceName};
use crate::permission::Permission;
use crate::query::{AppFilter, AppSort, Cursor, Page, PageRequest, collect_pages};
use crate::role;
use crate::store::TeamStore;

/// Somebody on an app: its owner, who joined it, or who was put on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct Collaborator {
    pub app: Named<AppId, AppName>,
    pub created_at: DateTime<Utc>,
    pub id: UserId,
    pub permissions: Vec<TeamAppPermission>,
    pub role: Option<Role>,
    pub updated_at: DateTime<Utc>,
    pub user: CollaboratingUser,
}

/// A user on an app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct CollaboratingUser {
    pub email: Email,
    pub federated: bool,
    pub id: UserId,
}

/// A permission on an app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct TeamAppPermission {
    pub name: Permission,
    pub description: String,
}

impl From<Permission> for TeamAppPermission {
    fn from(name: Permission) -> Self {
        let description = match name {
            Permission::View => "See the app, its people and its resources.",
            Permission::Deploy => "Work on the code, the config vars, the dynos and the free add-ons.",
            Permission::Operate => "Run the app: config vars, dynos, all add-ons, log drains, the stack.",
            Permission::Manage => "Rename, lock, transfer and delete the app, and change who may do what on it.",
        };
        Self { name, description: description.to_owned() }
    }
}

/// An app or a space of a team, and who has access to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct PermissionEntity {
    pub id: Uuid,
    pub name: String,
    pub team_id: TeamId,
    #[serde(rename = "type")]
    pub kind: EntityKind,
    pub users: Vec<EntityUser>,
}

/// What a [`PermissionEntity`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntityKind {
    /// An app.
    App,
    /// A space.
    Space,
}

/// Somebody with access to an app or a space.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct EntityUser {
    pub email: Email,
    pub id: UserId,
    pub permissions: Vec<String>,
}

/// The permissions that there are on a team's apps.
#[must_use]
pub fn team_app_permissions() -> Vec<TeamAppPermission> {
    Permission::ALL.iter().copied().map(TeamAppPermission::from).collect()
}

/// Who is on an app, by e-mail: those who own it, joined it or were put on it; not those who hold something through their
/// role alone. Costs what it passes over.
///
/// # Errors
/// As [`TeamStore::app_access`].
pub fn collaborators(
    store: &TeamStore,
    actor: Actor,
    app: AppId,
    page: &PageRequest,
) -> Result<Page<Collaborator>, Error> {
    let row = store.app(actor, app)?;
    page.pick(
        |page| store.app_access(actor, app, page),
        |found| Ok(is_on(found.held.through).then(|| render(row, found.user, found.role, found.held))),
    )
}

/// Somebody on an app; visible to that user, and as [`collaborators`].
///
/// # Errors
/// As [`TeamStore::app_access`]; [`Error::UserNotFound`], [`Error::NotOnApp`].
pub fn collaborator(store: &TeamStore, actor: Actor, app: AppId, user: UserId) -> Result<Collaborator, Error> {
    let row = store.app(actor, app)?;
    if actor.who.user() != Some(user) {
        store.app_access(actor, app, &PageRequest::first(1)?)?;
    }
    let operator = Actor::operator(actor.at);
    let person = store.user(operator, user)?;
    let held = store.permissions(Actor::user(user, actor.at), app);
    let held = held.ok().filter(|held| is_on(held.through)).ok_or(Error::NotOnApp { app, user })?;
    let role = row.owner().team().map(|team| store.role(operator, team, user)).transpose()?.flatten();
    Ok(render(row, person, role, held))
}

/// The apps of a team, by name, then its spaces, by name, and who has access to each.
///
/// Visible as the apps and the Access list of the team. Costs entities times people.
///
/// # Errors
/// As [`TeamStore::apps`].
pub fn permission_entities(
    store: &TeamStore,
    actor: Actor,
    team: TeamId,
    page: &PageRequest,
) -> Result<Page<PermissionEntity>, Error> {
    let of_app = |app: &entity::App| {
        let users =
            collect_pages(|page| store.app_access(actor, app.id(), page))?.into_iter().map(|found| EntityUser {
                email: found.user.email().clone(),
                id: found.user.id(),
                permissions: found.held.permissions.iter().map(|one| one.to_string()).collect(),
            });
        let (id, name) = (app.id().uuid(), app.name().to_string());
        Ok(PermissionEntity { id, name, team_id: team, kind: EntityKind::App, users: users.collect() })
    };
    let of_space = |space: &entity::Space| {
        let users = space::people(store, actor, space)?.into_iter().map(|(user, creates)| EntityUser {
            email: user.email().clone(),
            id: user.id(),
            permissions: creates.then(|| CREATE_APPS.to_owned()).into_iter().collect(),
        });
        let (id, name) = (space.id().uuid(), space.name().to_string());
        Ok(PermissionEntity { id, name, team_id: team, kind: EntityKind::Space, users: users.collect() })
    };
    if page.key::<SpaceName>().is_ok_and(|after| after.is_some()) {
        store.apps(actor, team, &AppFilter::default(), AppSort::Name, &PageRequest::first(1)?)?;
        return rendered(store.spaces(actor, team, page)?, of_space);
    }
    let apps = store.apps(actor, team, &AppFilter::default(), AppSort::Name, page)?;
    let last = apps.items.last().map(|app| app.name());
    let mut entities = rendered(apps, of_app)?;
    let room = page.size() - entities.items.len();
    if entities.next.is_none() && room > 0 {
        let spaces = rendered(store.spaces(actor, team, &PageRequest::first(room)?)?, of_space)?;
        entities.items.extend(spaces.items);
        entities.next = spaces.next;
    } else if entities.next.is_none() && !store.spaces(actor, team, &PageRequest::first(1)?)?.items.is_empty() {
        entities.next = last.map(Cursor::at);
    }
    Ok(entities)
}

/// Whether somebody who holds something through this is on the app.
pub(super) const fn is_on(through: AccessSource) -> bool {
    match through {
        AccessSource::Ownership
        | AccessSource::RoleAndGrant(_)
        | AccessSource::Grant
        | AccessSource::StandardGrant
        | AccessSource::PersonalGrant => true,
        AccessSource::Role(_) | AccessSource::Operator | AccessSource::Nothing => false,
    }
}

fn render(app: &entity::App, user: &User, role: Option<role::Role>, held: Access) -> Collaborator {
    let since = app.created_at().max(user.registered_at());
    let role = match (held.through, role) {
        (AccessSource::Ownership, _) => Role::Owner,
        (_, Some(role)) => role.into(),
        (_, None) => Role::Collaborator,
    };
    Collaborator {
        app: Named { id: app.id(), name: app.name() },
        created_at: since,
        id: user.id(),
        permissions: held.permissions.iter().map(TeamAppPermission::from).collect(),
        role: Some(role),
        updated_at: since,
        user: CollaboratingUser {
            email: user.email().clone(),
            federated: user.sign_in() == SignIn::Sso,
            id: user.id(),
        },
    }
}
