//! Teams, their people, invitations, settings and usage.

use axum::http::StatusCode;
use axum::response::Response;
use enterprise_teams::{Actor, TeamId, TeamStore};
use enterprise_teams_platform_api::{self as api, Fault, body, find};

use super::make_so;
use crate::call::Call;
use crate::request::{Asked, At, Sent};

pub(super) async fn list(call: Call) -> Response {
    call.list(api::teams)
}

pub(super) async fn create(call: Call, Sent(body): Sent<body::TeamCreate>) -> Response {
    call.write(StatusCode::CREATED, move |store, actor| {
        store.perform(actor, &body.operation(actor)?)?;
        let team = find::team(store, actor, body.name.as_deref().unwrap_or_default())?;
        Ok(api::team(store, actor, team)?)
    })
    .await
}

pub(super) async fn info(call: Call, At(team): At<String>) -> Response {
    call.read(|store, actor| Ok::<_, Fault>(api::team(store, actor, find::team(store, actor, &team)?)?))
}

pub(super) async fn rename(call: Call, At(team): At<String>, Sent(body): Sent<body::TeamUpdate>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let team = find::team(store, actor, &team)?;
        make_so(store, actor, body.operation(team)?)?;
        Ok(api::team(store, actor, team)?)
    })
    .await
}

pub(super) async fn delete(call: Call, At(team): At<String>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let team = api::team(store, actor, find::team(store, actor, &team)?)?;
        store.delete_team(actor, team.id)?;
        Ok(team)
    })
    .await
}

pub(super) async fn members(call: Call, At(team): At<String>) -> Response {
    call.list(|store, actor, page| {
        Ok::<_, Fault>(api::team_members(store, actor, find::team(store, actor, &team)?, page)?)
    })
}

pub(super) async fn add_member(call: Call, At(team): At<String>, Sent(body): Sent<body::TeamMemberPut>) -> Response {
    call.write(StatusCode::CREATED, move |store, actor| {
        let team = find::team(store, actor, &team)?;
        let operation = body.add(store, actor, team)?;
        store.perform(actor, &operation)?;
        member(store, actor, team, &body)
    })
    .await
}

pub(super) async fn set_member(call: Call, At(team): At<String>, Sent(body): Sent<body::TeamMemberPut>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let team = find::team(store, actor, &team)?;
        let operation = body.set(store, actor, team)?;
        make_so(store, actor, operation)?;
        member(store, actor, team, &body)
    })
    .await
}

pub(super) async fn put_member(call: Call, At(team): At<String>, Sent(body): Sent<body::TeamMemberPut>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let team = find::team(store, actor, &team)?;
        let operation = body.put(store, actor, team)?;
        make_so(store, actor, operation)?;
        member(store, actor, team, &body)
    })
    .await
}

fn member(store: &TeamStore, actor: Actor, team: TeamId, body: &body::TeamMemberPut) -> Result<api::TeamMember, Fault> {
    let email = body.email.as_deref().unwrap_or_default();
    match find::user(store, actor, email) {
        Ok(user) => Ok(api::team_member(store, actor, team, user)?),
        Err(_) => Ok(api::invited_member(store, actor, find::invitation(store, actor, team, email)?)?),
    }
}

/// Who was invited since there is no user with that e-mail goes as they came.
pub(super) async fn remove_member(call: Call, At((team, user)): At<(String, String)>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let team = find::team(store, actor, &team)?;
        let user = match find::user(store, actor, &user) {
            Ok(user) => user,
            Err(missing) => match find::invitation(store, actor, team, &user) {
                Ok(invitation) => {
                    let before = api::invited_member(store, actor, invitation);
                    store.revoke_invitation(actor, invitation)?;
                    return Ok(before?);
                }
                Err(_) => return Err(missing),
            },
        };
        let before = api::team_member(store, actor, team, user);
        store.remove_member(actor, team, user)?;
        Ok(before?)
    })
    .await
}

pub(super) async fn invitations(call: Call, At(team): At<String>) -> Response {
    call.list(|store, actor, page| {
        Ok::<_, Fault>(api::team_invitations(store, actor, find::team(store, actor, &team)?, page)?)
    })
}

pub(super) async fn invite(call: Call, At(team): At<String>, Sent(body): Sent<body::TeamInvitationPut>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let team = find::team(store, actor, &team)?;
        make_so(store, actor, body.operation(team)?)?;
        let invitation = find::invitation(store, actor, team, body.email.as_deref().unwrap_or_default())?;
        Ok(api::team_invitation(store, actor, invitation)?)
    })
    .await
}

pub(super) async fn revoke(call: Call, At((team, invitation)): At<(String, String)>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let team = find::team(store, actor, &team)?;
        let invitation = find::invitation(store, actor, team, &invitation)?;
        let before = api::team_invitation(store, actor, invitation);
        store.revoke_invitation(actor, invitation)?;
        Ok(before?)
    })
    .await
}

pub(super) async fn invitation(call: Call, At(token): At<String>) -> Response {
    call.read(|store, actor| {
        let invitation = token.parse().map_err(|_| Fault::Missing(api::Thing::Invitation))?;
        Ok::<_, Fault>(api::team_invitation(store, actor, invitation)?)
    })
}

pub(super) async fn accept(call: Call, At(token): At<String>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let invitation = token.parse().map_err(|_| Fault::Missing(api::Thing::Invitation))?;
        let team = api::team_invitation(store, actor, invitation)?.team.id;
        store.accept_invitation(actor, invitation)?;
        Ok(api::team_member(store, actor, team, find::user(store, actor, "~")?)?)
    })
    .await
}

pub(super) async fn preferences(call: Call, At(team): At<String>) -> Response {
    call.read(|store, actor| Ok::<_, Fault>(api::team_preferences(store, actor, find::team(store, actor, &team)?)?))
}

pub(super) async fn prefer(
    call: Call,
    At(team): At<String>,
    Sent(body): Sent<body::TeamPreferencesUpdate>,
) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let team = find::team(store, actor, &team)?;
        make_so(store, actor, body.operation(team))?;
        Ok(api::team_preferences(store, actor, team)?)
    })
    .await
}

pub(super) async fn features(call: Call, At(team): At<String>) -> Response {
    call.read(|store, actor| Ok::<_, Fault>(api::team_features(store, actor, find::team(store, actor, &team)?)?))
}

pub(super) async fn feature(call: Call, At((team, feature)): At<(String, String)>) -> Response {
    call.read(|store, actor| {
        let features = api::team_features(store, actor, find::team(store, actor, &team)?)?;
        let found = features.into_iter().find(|one| one.name == feature || one.id.to_string() == feature);
        found.ok_or(Fault::Missing(api::Thing::TeamFeature))
    })
}

pub(super) async fn allowed(call: Call, At(team): At<String>) -> Response {
    call.read(|store, actor| {
        Ok::<_, Fault>(api::allowed_add_on_services(store, actor, find::team(store, actor, &team)?)?)
    })
}

pub(super) async fn allow(
    call: Call,
    At(team): At<String>,
    Sent(body): Sent<body::AllowedAddOnServiceCreate>,
) -> Response {
    call.write(StatusCode::CREATED, move |store, actor| {
        let team = find::team(store, actor, &team)?;
        store.perform(actor, &body.operation(team)?)?;
        Ok(api::allowed_add_on_services(store, actor, team)?)
    })
    .await
}

pub(super) async fn disallow(call: Call, At((team, service)): At<(String, String)>) -> Response {
    call.write(StatusCode::OK, move |store, actor| {
        let team = find::team(store, actor, &team)?;
        let name = find::allowed_add_on_service(store, actor, team, &service)?;
        let listed = api::allowed_add_on_services(store, actor, team)?;
        store.disallow_add_on(actor, team, name)?;
        let before = listed.into_iter().find(|one| one.addon_service.name == name);
        before.ok_or(Fault::Missing(api::Thing::AllowedAddOnService))
    })
    .await
}

pub(super) async fn daily_usage(call: Call, At(team): At<String>, Asked(range): Asked<body::UsageRange>) -> Response {
    call.read(|store, actor| {
        let days = range.days(actor.at.date_naive())?;
        Ok::<_, Fault>(api::team_daily_usage(store, actor, find::team(store, actor, &team)?, days)?)
    })
}

pub(super) async fn monthly_usage(call: Call, At(team): At<String>, Asked(range): Asked<body::UsageRange>) -> Response {
    call.read(|store, actor| {
        let (first, last) = range.months()?;
        Ok::<_, Fault>(api::team_monthly_usage(store, actor, find::team(store, actor, &team)?, first, last)?)
    })
}
