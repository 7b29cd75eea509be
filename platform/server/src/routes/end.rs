//! Until when somebody or a group holds something, and what ends in a team (END-1 to END-3): endpoints of the server's own, which the
//! public schema does not have.

use axum::http::StatusCode;
use axum::response::Response;
use enterprise_teams::chrono::{DateTime, TimeDelta, Utc};
use enterprise_teams::entity::{Ending, Held};
use enterprise_teams::names::{AppName, Email, GroupName, SpaceName, TeamName};
use enterprise_teams::query::{AppAccess, SpaceAccess};
use enterprise_teams::{Actor, AppId, GroupId, Operation, PermissionSet, SpaceId, TeamId, TeamStore, User, UserId};
use enterprise_teams_platform_api::{Fault, Named, Person, find};
use serde::{Deserialize, Deserializer, Serialize};

use super::{group, make_so, role};
use crate::call::Call;
use crate::request::{Asked, At, Sent};

/// How many days ahead are listed when nothing is said.
const DAYS: u32 = 30;

/// When it is to end: a time, or `null` for no end.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EndGiven {
    #[serde(default, deserialize_with = "given")]
    ends_at: Option<End>,
}

#[derive(Clone, Copy, Deserialize)]
struct End(Option<DateTime<Utc>>);

/// How far ahead.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    days: Option<u32>,
}

/// What somebody holds on an app, and until when what they were given there counts.
#[derive(Serialize)]
struct OnApp {
    user: Person,
    permissions: PermissionSet,
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_at: Option<DateTime<Utc>>,
}

/// Whether somebody creates apps in a space, and until when the permission of the space counts.
#[derive(Serialize)]
struct InSpace {
    user: Person,
    creates_apps: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_at: Option<DateTime<Utc>>,
}

#[derive(Serialize)]
struct Ends {
    ends_at: DateTime<Utc>,
    #[serde(flatten)]
    held: What,
}

/// What ends, with the names that whoever asks may know.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum What {
    Membership { team: Known<TeamId, TeamName>, user: Somebody },
    Grant { app: Known<AppId, AppName>, user: Somebody },
    GroupGrant { app: Known<AppId, AppName>, group: Known<GroupId, GroupName> },
    AppCreation { space: Known<SpaceId, SpaceName>, user: Somebody },
}

type Known<Id, Name> = Named<Id, Option<Name>>;

#[derive(Serialize)]
struct Somebody {
    id: UserId,
    email: Option<Email>,
}

pub(super) async fn list(call: Call, At(team): At<String>, Asked(wanted): Asked<Wanted>) -> Response {
    call.list(|store, actor, page| {
        let team = find::team(store, actor, &team)?;
        let ahead = TimeDelta::try_days(wanted.days.unwrap_or(DAYS).into());
        let before = ahead.and_then(|ahead| actor.at.checked_add_signed(ahead)).ok_or(TOO_FAR)?;
        Ok::<_, Fault>(store.ends(actor, team, before, page)?.map(|one| shown(store, actor, &one)))
    })
}

/// Who is on an app, as [`set_grant`] answers.
pub(super) async fn list_of_app(call: Call, At(app): At<String>) -> Response {
    call.list(|store, actor, page| {
        let app = find::app(store, actor, &app)?;
        Ok::<_, Fault>(store.app_access(actor, app, page)?.map(|one| on_app(&one)))
    })
}

/// Who sees a space, as [`set_app_creation`] answers.
pub(super) async fn list_of_space(call: Call, At(space): At<String>) -> Response {
    call.list(|store, actor, page| {
        let space = find::space(store, actor, &space)?;
        Ok::<_, Fault>(store.space_access(actor, space, page)?.map(|one| in_space(&one)))
    })
}

pub(super) async fn set_member(
    call: Call,
    At((team, user)): At<(String, String)>,
    Sent(body): Sent<EndGiven>,
) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let team = find::team(store, actor, &team)?;
        let user = find::user(store, actor, &user)?;
        make_so(store, actor, Operation::SetMemberEnd { team, user, ends_at: body.read()? })?;
        Ok(role::member(&store.access_entry(actor, team, user)?))
    })
    .await
}

pub(super) async fn set_grant(
    call: Call,
    At((app, user)): At<(String, String)>,
    Sent(body): Sent<EndGiven>,
) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let app = find::app(store, actor, &app)?;
        let user = find::collaborator(store, actor, app, &user)?;
        make_so(store, actor, Operation::SetGrantEnd { app, user, ends_at: body.read()? })?;
        Ok(on_app(&store.app_access_of(actor, app, user)?))
    })
    .await
}

pub(super) async fn set_group_grant(
    call: Call,
    At((app, group)): At<(String, String)>,
    Sent(body): Sent<EndGiven>,
) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let app = find::app(store, actor, &app)?;
        let group = find::group_on(store, actor, app, &group)?;
        make_so(store, actor, Operation::SetGroupGrantEnd { app, group, ends_at: body.read()? })?;
        group::shown_on_app(store, actor, app, group)
    })
    .await
}

pub(super) async fn set_app_creation(
    call: Call,
    At((space, user)): At<(String, String)>,
    Sent(body): Sent<EndGiven>,
) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let (space, user) = (find::space(store, actor, &space)?, find::user(store, actor, &user)?);
        make_so(store, actor, Operation::SetAppCreationEnd { space, user, ends_at: body.read()? })?;
        Ok(in_space(&store.space_access_of(actor, space, user)?))
    })
    .await
}

const MISSING: Fault = Fault::Field { field: "ends_at", problem: "is missing" };
const TOO_FAR: Fault = Fault::Field { field: "days", problem: "is too large" };

/// `null` is something given.
fn given<'de, D: Deserializer<'de>>(given: D) -> Result<Option<End>, D::Error> {
    End::deserialize(given).map(Some)
}

impl EndGiven {
    fn read(&self) -> Result<Option<DateTime<Utc>>, Fault> {
        self.ends_at.map(|End(end)| end).ok_or(MISSING)
    }
}

fn person(user: &User) -> Person {
    Person { email: Email::clone(user.email()), id: user.id() }
}

fn on_app(access: &AppAccess<'_>) -> OnApp {
    OnApp { user: person(access.user), permissions: access.held.permissions, ends_at: access.ends_at }
}

fn in_space(access: &SpaceAccess<'_>) -> InSpace {
    InSpace { user: person(access.user), creates_apps: access.creates_apps, ends_at: access.ends_at }
}

fn shown(store: &TeamStore, actor: Actor, ending: &Ending) -> Ends {
    let somebody = |id| Somebody { id, email: store.user(actor, id).ok().map(|user| Email::clone(user.email())) };
    let app_named = |id| Named { id, name: store.app(actor, id).ok().map(enterprise_teams::App::name) };
    let held = match ending.held {
        Held::Membership { team: id, user } => {
            What::Membership { team: Named { id, name: store.team_name(actor, id).ok() }, user: somebody(user) }
        }
        Held::Grant { app, user } => What::Grant { app: app_named(app), user: somebody(user) },
        Held::GroupGrant { app, group: id } => {
            let name = store.group(actor, id).ok().map(enterprise_teams::entity::Group::name);
            What::GroupGrant { app: app_named(app), group: Named { id, name } }
        }
        Held::AppCreation { space: id, user } => {
            What::AppCreation { space: Named { id, name: store.space_name(actor, id).ok() }, user: somebody(user) }
        }
    };
    Ends { ends_at: ending.ends_at, held }
}
