//! Groups of a team, who is in them, and what is granted to them: endpoints of the server's own, which the public schema does not have.

use axum::http::StatusCode;
use axum::response::Response;
use enterprise_teams::chrono::{DateTime, Utc};
use enterprise_teams::names::{AppName, Email, GroupName, TeamName};
use enterprise_teams::query::{GroupAccess, GroupApp, GroupEntry, GroupMember, PAGE_SIZE_MAX};
use enterprise_teams::{
    Actor, AppId, Error, GroupId, Operation, PageRequest, PermissionSet, TeamId, TeamStore, UserId,
};
use enterprise_teams_platform_api::{Fault, Named, Person, Thing, find};
use serde::{Deserialize, Serialize};

use super::{make_so, role};
use crate::call::Call;
use crate::request::{At, Sent};

/// What a group is called.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NameGiven {
    name: Option<String>,
}

/// What a group is to hold on an app.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PermissionsGiven {
    permissions: Option<Vec<String>>,
}

/// A body that says nothing: the path has said everything.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NothingGiven {}

#[derive(Serialize)]
struct Group {
    id: GroupId,
    name: GroupName,
    team: Named<TeamId, TeamName>,
    members: usize,
    apps: usize,
    created_at: DateTime<Utc>,
}

#[derive(Serialize)]
struct Member {
    user: Person,
    role: String,
    created_at: DateTime<Utc>,
}

#[derive(Serialize)]
struct OnApp {
    app: Named<AppId, AppName>,
    permissions: PermissionSet,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_at: Option<DateTime<Utc>>,
}

#[derive(Serialize)]
pub(super) struct Holder {
    group: Named<GroupId, GroupName>,
    permissions: PermissionSet,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_at: Option<DateTime<Utc>>,
}

pub(super) async fn list(call: Call, At(team): At<String>) -> Response {
    call.list(|store, actor, page| {
        let team = find::team(store, actor, &team)?;
        let found = store.groups(actor, team, page)?;
        let team = named(store, actor, team)?;
        Ok::<_, Fault>(found.map(|entry| group(&team, &entry)))
    })
}

pub(super) async fn create(call: Call, At(team): At<String>, Sent(body): Sent<NameGiven>) -> Response {
    call.write(StatusCode::CREATED, move |store, actor| {
        let team = find::team(store, actor, &team)?;
        let name = body.name.as_deref().ok_or(MISSING_NAME)?.parse()?;
        let made = store.create_group(actor, team, name)?;
        shown(store, actor, team, made)
    })
    .await
}

pub(super) async fn info(call: Call, At((team, group)): At<(String, String)>) -> Response {
    call.read(|store, actor| {
        let (team, group) = found(store, actor, &team, &group)?;
        shown(store, actor, team, group)
    })
}

pub(super) async fn rename(
    call: Call,
    At((team, group)): At<(String, String)>,
    Sent(body): Sent<NameGiven>,
) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let (team, group) = found(store, actor, &team, &group)?;
        let name = body.name.as_deref().map(str::parse).transpose()?;
        make_so(store, actor, name.map(|name| Operation::RenameGroup { group, name }))?;
        shown(store, actor, team, group)
    })
    .await
}

pub(super) async fn delete(call: Call, At((team, group)): At<(String, String)>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let (team, group) = found(store, actor, &team, &group)?;
        let before = shown(store, actor, team, group)?;
        store.delete_group(actor, group)?;
        Ok(before)
    })
    .await
}

pub(super) async fn members(call: Call, At((team, group)): At<(String, String)>) -> Response {
    call.list(|store, actor, page| {
        let (_, group) = found(store, actor, &team, &group)?;
        Ok::<_, Fault>(store.group_members(actor, group, page)?.map(|one| member(store, actor, &one)))
    })
}

pub(super) async fn put_member(
    call: Call,
    At((team, group, user)): At<(String, String, String)>,
    Sent(NothingGiven {}): Sent<NothingGiven>,
) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let (_, group) = found(store, actor, &team, &group)?;
        let user = find::user(store, actor, &user)?;
        make_so(store, actor, Operation::AddGroupMember { group, user })?;
        shown_member(store, actor, group, user)
    })
    .await
}

pub(super) async fn remove_member(call: Call, At((team, group, user)): At<(String, String, String)>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let (_, group) = found(store, actor, &team, &group)?;
        let user = find::user(store, actor, &user)?;
        let before = shown_member(store, actor, group, user);
        store.remove_group_member(actor, group, user)?;
        before
    })
    .await
}

pub(super) async fn apps(call: Call, At((team, group)): At<(String, String)>) -> Response {
    call.list(|store, actor, page| {
        let (_, group) = found(store, actor, &team, &group)?;
        Ok::<_, Fault>(store.group_apps(actor, group, page)?.map(|one| on_app(&one)))
    })
}

pub(super) async fn list_of_app(call: Call, At(app): At<String>) -> Response {
    call.read(|store, actor| {
        let groups = store.app_groups(actor, find::app(store, actor, &app)?)?;
        Ok::<_, Fault>(groups.iter().map(holder).collect::<Vec<_>>())
    })
}

/// What the group holds is exactly this afterwards, whether it was on the app or not.
pub(super) async fn put_on_app(
    call: Call,
    At((app, group)): At<(String, String)>,
    Sent(body): Sent<PermissionsGiven>,
) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let app = find::app(store, actor, &app)?;
        let group = find::group_on(store, actor, app, &group)?;
        let permissions = set(body.permissions.as_deref())?;
        let operation = if shown_on_app(store, actor, app, group).is_ok() {
            Operation::SetGroupPermissions { app, group, permissions }
        } else {
            Operation::GrantGroupPermissions { app, group, permissions }
        };
        make_so(store, actor, operation)?;
        shown_on_app(store, actor, app, group)
    })
    .await
}

pub(super) async fn remove_from_app(call: Call, At((app, group)): At<(String, String)>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let app = find::app(store, actor, &app)?;
        let group = find::group_on(store, actor, app, &group)?;
        let before = shown_on_app(store, actor, app, group);
        store.revoke_group_permissions(actor, app, group)?;
        before
    })
    .await
}

const MISSING_NAME: Fault = Fault::Field { field: "name", problem: "is missing" };
const MISSING_PERMISSIONS: Fault = Fault::Field { field: "permissions", problem: "is missing" };

fn set(given: Option<&[String]>) -> Result<PermissionSet, Fault> {
    let mut permissions = PermissionSet::EMPTY;
    for one in given.ok_or(MISSING_PERMISSIONS)? {
        permissions = permissions.union(one.parse()?);
    }
    Ok(permissions)
}

fn found(store: &TeamStore, actor: Actor, team: &str, group: &str) -> Result<(TeamId, GroupId), Fault> {
    let team = find::team(store, actor, team)?;
    Ok((team, find::group(store, actor, team, group)?))
}

fn named(store: &TeamStore, actor: Actor, team: TeamId) -> Result<Named<TeamId, TeamName>, Error> {
    Ok(Named { id: team, name: store.team_name(actor, team)? })
}

fn shown(store: &TeamStore, actor: Actor, team: TeamId, id: GroupId) -> Result<Group, Fault> {
    let of = named(store, actor, team)?;
    let listed = PageRequest::first(PAGE_SIZE_MAX)?.pick(
        |page| store.groups(actor, team, page),
        |entry| Ok::<_, Error>((entry.group.id() == id).then(|| group(&of, &entry))),
    )?;
    listed.items.into_iter().next().ok_or(Fault::Missing(Thing::Group))
}

fn shown_member(store: &TeamStore, actor: Actor, group: GroupId, user: UserId) -> Result<Member, Fault> {
    let listed = PageRequest::first(PAGE_SIZE_MAX)?.pick(
        |page| store.group_members(actor, group, page),
        |one| Ok::<_, Error>((one.user.id() == user).then(|| member(store, actor, &one))),
    )?;
    listed.items.into_iter().next().ok_or(Error::NotInGroup { group, user }.into())
}

pub(super) fn shown_on_app(store: &TeamStore, actor: Actor, app: AppId, group: GroupId) -> Result<Holder, Fault> {
    let groups = store.app_groups(actor, app)?;
    let access = groups.iter().find(|access| access.group.id() == group);
    access.map(holder).ok_or(Error::GroupNotOnApp { app, group }.into())
}

fn group(team: &Named<TeamId, TeamName>, entry: &GroupEntry<'_>) -> Group {
    let GroupEntry { group, members, apps, .. } = *entry;
    Group { id: group.id(), name: group.name(), team: team.clone(), members, apps, created_at: group.created_at() }
}

fn member(store: &TeamStore, actor: Actor, member: &GroupMember<'_>) -> Member {
    let user = Person { email: Email::clone(member.user.email()), id: member.user.id() };
    Member { user, role: role::word(store, actor, member.role), created_at: member.since }
}

fn on_app(access: &GroupApp<'_>) -> OnApp {
    OnApp {
        app: Named { id: access.app.id(), name: access.app.name() },
        permissions: access.permissions,
        created_at: access.times.since,
        updated_at: access.times.changed_at,
        ends_at: access.ends_at,
    }
}

fn holder(access: &GroupAccess<'_>) -> Holder {
    Holder {
        group: Named { id: access.group.id(), name: access.group.name() },
        permissions: access.permissions,
        created_at: access.times.since,
        updated_at: access.times.changed_at,
        ends_at: access.ends_at,
    }
}
