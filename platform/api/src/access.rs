//! Who is on an app, and with which permissions.

use chrono::{DateTime, Utc};
use enterprise_teams::{
    self as domain, AccessSource, Actor, AppId, AppName, Email, Error, Page, PageRequest, Permission, TeamId,
    TeamStore, UserId, collect_pages,
    entity::{SignIn, Times},
    query::{AppAccess, AppFilter, AppSort, Cursor, SpaceFilter},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::space::CREATE_APPS;
use crate::{Named, Role, rendered};

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
        |found| Ok(found.held.through.is_on_app().then(|| render(row, found))),
    )
}

/// Somebody on an app; visible to that user, and as [`collaborators`].
///
/// # Errors
/// As [`TeamStore::app_access_of`].
pub fn collaborator(store: &TeamStore, actor: Actor, app: AppId, user: UserId) -> Result<Collaborator, Error> {
    let found = store.app_access_of(actor, app, user)?;
    if found.held.through.is_on_app() {
        Ok(render(store.app(actor, app)?, found))
    } else {
        Err(Error::NotOnApp { app, user })
    }
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
    let of_app = |app: &domain::App| {
        let users =
            collect_pages(|page| store.app_access(actor, app.id(), page))?.into_iter().map(|found| EntityUser {
                email: found.user.email().clone(),
                id: found.user.id(),
                permissions: found.held.permissions.iter().map(|one| one.to_string()).collect(),
            });
        let (id, name) = (app.id().uuid(), app.name().to_string());
        Ok(PermissionEntity { id, name, team_id: team, kind: EntityKind::App, users: users.collect() })
    };
    let of_space = |space: &domain::Space| {
        let people = collect_pages(|page| store.space_access(actor, space.id(), page))?;
        let users = people.into_iter().map(|person| EntityUser {
            email: person.user.email().clone(),
            id: person.user.id(),
            permissions: person.creates_apps.then(|| CREATE_APPS.to_owned()).into_iter().collect(),
        });
        let (id, name) = (space.id().uuid(), space.name().to_string());
        Ok(PermissionEntity { id, name, team_id: team, kind: EntityKind::Space, users: users.collect() })
    };
    let apps = match store.apps(actor, team, &AppFilter::default(), AppSort::Name, page) {
        // All the apps were on the pages before.
        Err(Error::CursorOfAnotherList {}) => {
            return rendered(store.spaces(actor, team, &SpaceFilter::default(), page)?, of_space);
        }
        apps => apps?,
    };
    let last = apps.items.last().map(|app| app.name());
    let mut entities = rendered(apps, of_app)?;
    let room = page.size() - entities.items.len();
    if entities.next.is_none() && room > 0 {
        let spaces =
            rendered(store.spaces(actor, team, &SpaceFilter::default(), &PageRequest::first(room)?)?, of_space)?;
        entities.items.extend(spaces.items);
        entities.next = spaces.next;
    } else if entities.next.is_none()
        && !store.spaces(actor, team, &SpaceFilter::default(), &PageRequest::first(1)?)?.items.is_empty()
    {
        entities.next = last.map(Cursor::after_app);
    }
    Ok(entities)
}

fn render(app: &domain::App, AppAccess { user, role, held, granted, .. }: AppAccess<'_>) -> Collaborator {
    let owned = Times { since: app.owned_since(), changed_at: app.owned_since() };
    let Times { since, changed_at } = granted.unwrap_or(owned);
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
        updated_at: changed_at,
        user: CollaboratingUser {
            email: user.email().clone(),
            federated: user.sign_in() == SignIn::Sso,
            id: user.id(),
        },
    }
}
