//! SPC: Private Spaces.

use super::transfer;
use crate::access::{self, Caller};
use crate::actor::Actor;
use crate::entity::{AccountPermission, Labels, NewSpace, Owner, Space};
use crate::error::{Error, Truncated};
use crate::event::{Event, Move, SpaceMove};
use crate::guard::{self, ensure};
use crate::ids::{SpaceId, TeamId, UserId};
use crate::names::SpaceName;
use crate::policy::Capability;
use crate::role::TeamKind;
use crate::sort;
use crate::state::{At, Load, Rate, SeatRole, SpaceRow, State, TeamRow, UserRow};

pub(crate) fn create(state: &State, actor: Actor, new: NewSpace) -> Result<(Event, SpaceId), Error> {
    let NewSpace { team, name, shield } = new;
    let caller = guard::actor(state, actor)?;
    let row = guard::team(state, team)?;
    guard::capability(
        caller,
        row,
        Capability::ManageSpaces,
        Error::OnlyAdminsCreateSpaces { actor: caller.who, team },
    )?;
    ensure!(row.team.kind == TeamKind::Enterprise, Error::SpaceInStandardTeam { team });
    ensure!(state.spaces.find_key(&name).is_none(), Error::SpaceNameTaken { name });
    guard::space_room(row)?;
    guard::usage_room(state, Owner::Team(team), Rate::default(), Load::Space(shield).into())?;
    guard::room(state.spaces.len())?;
    let id = state.fresh_id();
    let now = caller.now;
    let space =
        Space { id, name, team, shield, team_since: now, created_at: now, changed_at: now, labels: Labels::NONE };
    Ok((Event::SpaceCreated { space: Box::new(space) }, id))
}

pub(crate) fn rename(state: &State, actor: Actor, space: SpaceId, to: SpaceName) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let (row, team) = guard::space(state, space)?;
    manage(caller, row, team)?;
    ensure!(row.space.name != to, Error::SpaceNameUnchanged { space, name: to });
    ensure!(state.spaces.find_key(&to).is_none(), Error::SpaceNameTaken { name: to });
    let (team, from) = (row.space.team, row.space.name);
    Ok(Event::SpaceRenamed { space, team, from: Box::new(from), to: Box::new(to) })
}

pub(crate) fn set_labels(state: &State, actor: Actor, space: SpaceId, to: Labels) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let (row, team) = guard::space(state, space)?;
    manage(caller, row, team)?;
    ensure!(row.space.labels != to, Error::SpaceLabelsUnchanged { space });
    Ok(Event::SpaceLabelsChanged { space, team: row.space.team, from: row.space.labels.clone(), to })
}

pub(crate) fn destroy(state: &State, actor: Actor, space: SpaceId, confirmation: &str) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let (row, team) = guard::space(state, space)?;
    manage(caller, row, team)?;
    ensure!(row.space.name == confirmation, Error::SpaceConfirmationMismatch { space });
    let mut apps: Vec<_> = row.apps.iter().filter_map(|app| state.apps.get(*app)).collect();
    sort::by_key(&mut apps, |app| app.app.name);
    let apps = Truncated::of(apps.iter().map(|app| app.app.id));
    ensure!(apps.total == 0, Error::SpaceNotEmpty { space, apps: Box::new(apps) });
    let creators = row.creators.keys().copied().collect();
    Ok(Event::SpaceDestroyed { space: Box::new(row.space.clone()), creators })
}

pub(crate) fn allow_creation(state: &State, actor: Actor, space: SpaceId, user: UserId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let (row, team) = guard::space(state, space)?;
    let person = guard::user(state, user)?;
    manage(caller, row, team)?;
    ensure!(may_be_allowed(person, team), Error::AppCreationForMembers { space, user });
    ensure!(!row.creators.contains_key(&user), Error::AppCreationAlreadyAllowed { space, user });
    guard::recipient(person)?;
    Ok(Event::AppCreationAllowed { space, team: row.space.team, user })
}

/// Whether somebody is given the permission to create apps in the team's spaces: members, and whoever has a role of the team's own that
/// creates apps.
pub(super) fn may_be_allowed(person: At<'_, UserRow>, team: At<'_, TeamRow>) -> bool {
    match person.role(team.ix) {
        Some(SeatRole::Member) => true,
        Some(SeatRole::Custom(_)) => [Capability::CreateApps, Capability::ViewSpaces]
            .into_iter()
            .all(|one| access::person_may(person, team, one)),
        Some(SeatRole::Admin | SeatRole::Viewer) | None => false,
    }
}

pub(crate) fn revoke_creation(state: &State, actor: Actor, space: SpaceId, user: UserId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let (row, team) = guard::space(state, space)?;
    guard::user(state, user)?;
    manage(caller, row, team)?;
    ensure!(row.creators.contains_key(&user), Error::AppCreationNotAllowed { space, user });
    Ok(Event::AppCreationRevoked { space, team: row.space.team, user })
}

/// With the apps inside; a pipeline goes along only if all its apps are inside (SPC-6 to SPC-9).
pub(crate) fn transfer(state: &State, actor: Actor, space: SpaceId, to: TeamId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let (row, from) = guard::space(state, space)?;
    let into = guard::team(state, to)?;
    let account = from.team.account.filter(|account| into.team.account == Some(*account));
    let managed = from.team.account.zip(caller.user).is_some_and(|(account, user)| {
        state.account_permissions(user.user.id, account).contains(AccountPermission::Manage)
    });
    if !managed {
        guard::reach_space(caller, row, from)?;
    }
    guard::entry(caller, from)?;
    guard::entry(caller, into)?;
    let both = [from, into].iter().all(|team| access::may(caller, *team, Capability::ManageSpaces));
    if let Some(account) = from.row.account.and_then(|account| state.accounts.at(account)).filter(|_| !both) {
        guard::account_oauth(state, caller, account)?;
    }
    let authorized = managed || both;
    ensure!(authorized, Error::OnlyAdminsOfBothTransferSpaces { actor: caller.who, space });
    ensure!(account.is_some() || from.ix == into.ix, Error::SpaceLeavesAccount { space, team: to });
    ensure!(from.ix != into.ix, Error::SpaceAlreadyOwned { space, team: to });
    guard::app_room(state, Owner::Team(to), row.apps.len())?;
    guard::space_room(into)?;
    let inside: Vec<_> = row.apps.iter().filter_map(|app| state.apps.at(*app)).collect();
    let added: Rate = inside.iter().map(|app| transfer::rate_of(state, *app, &[])).sum();
    let added = added + Load::Space(row.shield).into();
    guard::usage_room(state, Owner::Team(to), Rate::default(), added)?;

    let touched = sort::set(inside.iter().filter_map(|app| app.coupling()).map(|(pipeline, _)| pipeline));
    let whole: Vec<_> = touched
        .into_iter()
        .filter_map(|pipeline| state.pipelines.at(pipeline))
        .filter(|pipeline| pipeline.apps.values().all(|app| row.apps.contains(app)))
        .collect();
    let mut apps: Vec<Move> = inside
        .iter()
        .map(|app| {
            let grants = transfer::on_arrival(state, *app, into);
            let moved = transfer::finish(state, caller, *app, Owner::Team(to), grants, Box::default());
            let stays = app.coupling().is_some_and(|(place, _)| whole.iter().any(|pipeline| pipeline.ix == place));
            Move { uncoupled: moved.uncoupled.filter(|_| !stays), ..moved }
        })
        .collect();
    sort::by_key(&mut apps, |moved| moved.app);
    let mut pipelines: Vec<_> = whole.iter().map(|pipeline| pipeline.pipeline.id).collect();
    sort::by(&mut pipelines, Ord::cmp);
    let stays = |user: &UserId| {
        let role = state.users.find(*user).and_then(|user| user.role(into.ix));
        role.is_some_and(|role| access::may_be_app_creator(role.into()))
    };
    let moved = SpaceMove {
        space,
        from: from.team.id,
        to,
        apps: apps.into(),
        pipelines: pipelines.into(),
        creators_ended: row.creators.keys().copied().filter(|user| !stays(user)).collect(),
    };
    Ok(Event::SpaceTransferred { moved: Box::new(moved) })
}

/// The caller sees the space and is an admin of its team (SPC-1, SPC-2).
pub(super) fn manage(caller: Caller<'_>, space: At<'_, SpaceRow>, team: At<'_, TeamRow>) -> Result<(), Error> {
    guard::reach_space(caller, space, team)?;
    ensure!(
        access::may(caller, team, Capability::ManageSpaces),
        Error::OnlyAdminsManageSpaces { actor: caller.who, space: space.space.id }
    );
    Ok(())
}
