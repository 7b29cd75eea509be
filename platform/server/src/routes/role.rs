//! Roles of a team's own, and who has which: endpoints of the server's own, which the public schema does not have. Its endpoints show
//! whoever has such a role as a member (ROLE-2).

use axum::http::StatusCode;
use axum::response::Response;
use enterprise_teams::chrono::{DateTime, Utc};
use enterprise_teams::entity::Invitation;
use enterprise_teams::ids::InvitationId;
use enterprise_teams::names::{Email, RoleName, TeamName};
use enterprise_teams::policy::{CapabilitySet, CustomRole, RoleRights};
use enterprise_teams::query::{AccessEntry, PAGE_SIZE_MAX, PeopleFilter, RoleEntry};
use enterprise_teams::{Actor, Error, Operation, PageRequest, PermissionSet, RoleId, TeamId, TeamRole, TeamStore};
use enterprise_teams_platform_api::{Fault, Named, Person, find};
use serde::{Deserialize, Serialize};

use super::{is_so, make_so};
use crate::call::Call;
use crate::request::{At, Sent};

/// What a role is called, and what it is to hold.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleGiven {
    name: Option<String>,
    capabilities: Option<Vec<String>>,
    permissions: Option<Vec<String>>,
}

/// Who is to have which role.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonGiven {
    email: Option<String>,
    role: Option<String>,
}

/// Which role it is to be.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DefaultGiven {
    role: Option<String>,
}

/// `members` is for whoever lists the team's roles.
#[derive(Serialize)]
struct Role {
    id: RoleId,
    name: RoleName,
    team: Named<TeamId, TeamName>,
    capabilities: CapabilitySet,
    permissions: PermissionSet,
    members: Option<usize>,
    created_at: DateTime<Utc>,
}

#[derive(Serialize)]
pub(super) struct Member {
    user: Person,
    role: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_at: Option<DateTime<Utc>>,
}

#[derive(Serialize)]
struct Invited {
    id: InvitationId,
    email: Email,
    role: Option<String>,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

#[derive(Serialize)]
struct Default {
    role: String,
}

pub(super) async fn list(call: Call, At(team): At<String>) -> Response {
    call.list(|store, actor, page| {
        let team = find::team(store, actor, &team)?;
        let found = store.roles(actor, team, page)?;
        let team = named(store, actor, team)?;
        Ok::<_, Fault>(found.map(|RoleEntry { role, members }| render(&team, role, Some(members))))
    })
}

pub(super) async fn create(call: Call, At(team): At<String>, Sent(body): Sent<RoleGiven>) -> Response {
    call.write(StatusCode::CREATED, move |store, actor| {
        let team = find::team(store, actor, &team)?;
        let name = body.name.as_deref().ok_or(missing("name"))?.parse()?;
        let made = store.create_role(actor, team, name, body.rights(RoleRights::default())?)?;
        shown(store, actor, team, made)
    })
    .await
}

pub(super) async fn info(call: Call, At((team, role)): At<(String, String)>) -> Response {
    call.read(|store, actor| {
        let (team, role) = found(store, actor, &team, &role)?;
        shown(store, actor, team, role)
    })
}

/// Whatever the body does not speak of stays.
pub(super) async fn update(
    call: Call,
    At((team, role)): At<(String, String)>,
    Sent(body): Sent<RoleGiven>,
) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let (team, role) = found(store, actor, &team, &role)?;
        let name: Option<RoleName> = body.name.as_deref().map(str::parse).transpose()?;
        make_so(store, actor, name.map(|name| Operation::RenameRole { role, name }))?;
        if body.capabilities.is_some() || body.permissions.is_some() {
            let rights = body.rights(store.custom_role(actor, role)?.rights())?;
            make_so(store, actor, Operation::SetRoleRights { role, rights })?;
        }
        shown(store, actor, team, role)
    })
    .await
}

pub(super) async fn delete(call: Call, At((team, role)): At<(String, String)>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let (team, role) = found(store, actor, &team, &role)?;
        let before = shown(store, actor, team, role)?;
        store.delete_role(actor, role)?;
        Ok(before)
    })
    .await
}

pub(super) async fn members(call: Call, At(team): At<String>) -> Response {
    call.list(|store, actor, page| {
        let team = find::team(store, actor, &team)?;
        let found = store.access_list(actor, team, &PeopleFilter::default(), page)?;
        Ok::<_, Fault>(found.map(|entry| member(&entry)))
    })
}

/// Who is in the team has this role afterwards, whether they were in it or not.
pub(super) async fn put_member(call: Call, At(team): At<String>, Sent(body): Sent<PersonGiven>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let team = find::team(store, actor, &team)?;
        let (email, role) = body.read(store, actor, team)?;
        let user = find::anybody(store, actor, email.as_str())?;
        is_so(store.put_member(actor, team, user, role))?;
        Ok(member(&store.access_entry(actor, team, user)?))
    })
    .await
}

pub(super) async fn invitations(call: Call, At(team): At<String>) -> Response {
    call.list(|store, actor, page| {
        let team = find::team(store, actor, &team)?;
        let found = store.pending_invitations(actor, team, page)?;
        Ok::<_, Fault>(found.map(|one| invited(store, actor, one)))
    })
}

pub(super) async fn invite(call: Call, At(team): At<String>, Sent(body): Sent<PersonGiven>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let team = find::team(store, actor, &team)?;
        let (email, role) = body.read(store, actor, team)?;
        make_so(store, actor, Operation::InviteMember { team, email: email.clone(), role })?;
        let made = find::invitation(store, actor, team, email.as_str())?;
        Ok(invited(store, actor, store.invitation(actor, made)?))
    })
    .await
}

pub(super) async fn default_role(call: Call, At(team): At<String>) -> Response {
    call.read(|store, actor| default_of(store, actor, find::team(store, actor, &team)?))
}

pub(super) async fn set_default_role(call: Call, At(team): At<String>, Sent(body): Sent<DefaultGiven>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let team = find::team(store, actor, &team)?;
        let role = find::team_role(store, actor, team, body.role.as_deref().ok_or(missing("role"))?)?;
        make_so(store, actor, Operation::SetDefaultRole { team, role })?;
        default_of(store, actor, team)
    })
    .await
}

const fn missing(field: &'static str) -> Fault {
    Fault::Field { field, problem: "is missing" }
}

impl RoleGiven {
    /// What it is to hold, where it holds this so far.
    fn rights(&self, so_far: RoleRights) -> Result<RoleRights, Fault> {
        let mut rights = so_far;
        if let Some(given) = &self.capabilities {
            rights.capabilities = CapabilitySet::default();
            for one in given {
                rights.capabilities = rights.capabilities.union(one.parse()?);
            }
        }
        if let Some(given) = &self.permissions {
            rights.permissions = PermissionSet::EMPTY;
            for one in given {
                rights.permissions = rights.permissions.union(one.parse()?);
            }
        }
        Ok(rights)
    }
}

impl PersonGiven {
    fn read(&self, store: &TeamStore, actor: Actor, team: TeamId) -> Result<(Email, TeamRole), Fault> {
        let email = self.email.as_deref().ok_or(missing("email"))?.parse()?;
        let role = self.role.as_deref().ok_or(missing("role"))?;
        Ok((email, find::team_role(store, actor, team, role)?))
    }
}

fn found(store: &TeamStore, actor: Actor, team: &str, role: &str) -> Result<(TeamId, RoleId), Fault> {
    let team = find::team(store, actor, team)?;
    Ok((team, find::role(store, actor, team, role)?))
}

fn named(store: &TeamStore, actor: Actor, team: TeamId) -> Result<Named<TeamId, TeamName>, Error> {
    Ok(Named { id: team, name: store.team_name(actor, team)? })
}

fn shown(store: &TeamStore, actor: Actor, team: TeamId, id: RoleId) -> Result<Role, Fault> {
    let role = store.custom_role(actor, id)?;
    let listed = PageRequest::first(PAGE_SIZE_MAX)?.pick(
        |page| store.roles(actor, team, page),
        |entry| Ok::<_, Error>((entry.role.id() == id).then_some(entry.members)),
    );
    let members = listed.ok().and_then(|page| page.items.first().copied());
    Ok(render(&named(store, actor, team)?, role, members))
}

fn default_of(store: &TeamStore, actor: Actor, team: TeamId) -> Result<Default, Fault> {
    Ok(Default { role: word(store, actor, store.team(actor, team)?.default_role()) })
}

/// A role as it is given: by its word, or by the name of one of the team's own; its id where its name is not for whoever asks.
pub(super) fn word(store: &TeamStore, actor: Actor, role: TeamRole) -> String {
    match role {
        TeamRole::Custom(id) => store.custom_role(actor, id).map_or(id.to_string(), |role| role.name().to_string()),
        TeamRole::Admin | TeamRole::Member | TeamRole::Viewer => role.code().to_owned(),
    }
}

fn render(team: &Named<TeamId, TeamName>, role: &CustomRole, members: Option<usize>) -> Role {
    let RoleRights { capabilities, permissions } = role.rights();
    let (id, name, created_at) = (role.id(), role.name(), role.created_at());
    Role { id, name, team: team.clone(), capabilities, permissions, members, created_at }
}

pub(super) fn member(entry: &AccessEntry<'_>) -> Member {
    Member {
        user: Person { email: Email::clone(entry.user.email()), id: entry.user.id() },
        role: entry.role_name(),
        created_at: entry.times.since,
        updated_at: entry.times.changed_at,
        ends_at: entry.ends_at,
    }
}

fn invited(store: &TeamStore, actor: Actor, invitation: &Invitation) -> Invited {
    Invited {
        id: invitation.id(),
        email: Email::clone(invitation.email()),
        role: invitation.role().map(|role| word(store, actor, role)),
        created_at: invitation.invited_at(),
        expires_at: invitation.expires_at(),
    }
}
