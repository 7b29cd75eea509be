//! APP: apps, and as much of RES-1 as transfers need.

use super::group;
use crate::access;
use crate::actor::Actor;
use crate::entity::{App, Dyno, DynoSize, Labels, Lock, NewApp, Owner};
use crate::error::Error;
use crate::event::{AppCreation, AppDeletion, DynoChange, Event, NameDraw};
use crate::guard::{self, ensure};
use crate::ids::AppId;
use crate::names::{AppName, ProcessType};
use crate::permission::PermissionSet;
use crate::policy::{AppAction, Capability};
use crate::settings::PROCESS_TYPES_MAX;
use crate::sort;
use crate::state::{At, Load, Rate, State, TeamRow};

pub(crate) fn create(state: &State, actor: Actor, new: NewApp) -> Result<(Event, AppId), Error> {
    let caller = guard::actor(state, actor)?;
    let space = new.space.map(|space| guard::space(state, space)).transpose()?;
    let team = match (space, new.team) {
        (Some((_, team)), _) => Some(team),
        (None, team) => team.map(|team| guard::team(state, team)).transpose()?,
    };
    let in_every_space = space.is_some_and(|(_, team)| access::may(caller, team, Capability::CreateAppsInSpaces));
    if let Some((space, team)) = space.filter(|_| !in_every_space) {
        guard::reach_space(caller, space, team)?;
    }
    let owner = match team {
        Some(row) => {
            let team = row.team.id;
            let needed = match new.lock {
                Lock::Unlocked => Capability::CreateApps,
                Lock::Locked => Capability::CreateLockedApps,
            };
            let refused = if access::may(caller, row, Capability::CreateApps) {
                Error::OnlyAdminsCreateLockedApps { actor: caller.who, team }
            } else {
                Error::OnlyMembersCreateApps { actor: caller.who, team }
            };
            guard::entry(caller, row)?;
            ensure!(access::may(caller, row, needed), refused);
            Owner::Team(team)
        }
        None => Owner::User(caller.user.ok_or(Error::OperatorOwnsNoApps {})?.user.id),
    };
    if let Some((space, _)) = space {
        let permitted = caller.user.is_some_and(|user| space.creators.contains_key(&user.user.id));
        let refused = Error::AppCreationNeedsSpacePermission { actor: caller.who, space: space.space.id };
        ensure!(permitted || in_every_space, refused);
    }
    if let Some(name) = new.name {
        ensure!(!state.is_reserved(name.as_team_name()), Error::AppNameReserved { name });
    }
    let (name, drawn) = match new.name {
        Some(name) => (name, None),
        None => draw(state).map(|(name, drawn)| (name, Some(drawn)))?,
    };
    ensure!(state.apps.find_key(&name).is_none(), Error::AppNameTaken { name });
    guard::app_room(state, owner, 1)?;
    if let Some((row, _)) = space {
        let (space, limit, actual) =
            (row.space.id, state.settings.options.space_apps_max.get(), row.apps.len() as u64 + 1);
        ensure!(actual <= limit.into(), Error::SpaceFull { space, limit, actual });
    }
    guard::room(state.apps.len())?;
    let id = state.fresh_id();
    let app = App {
        id,
        name,
        owner,
        owned_since: caller.now,
        stack: new.stack.unwrap_or(state.settings.options.default_stack),
        lock: new.lock,
        space: space.map(|(space, _)| space.space.id),
        number: state.seq + 1,
        created_at: caller.now,
        changed_at: caller.now,
        labels: Labels::NONE,
    };
    let creator = caller.user.zip(team).map(|(user, team)| (user.user.id, on_entry(team)));
    Ok((Event::AppCreated { created: Box::new(AppCreation { app, creator, drawn }) }, id))
}

/// What somebody in the team gets on an app that they create in it or bring into it (PERM-6); on a Standard team's app what every
/// member holds (STD-3). An admin's sleeps.
pub(super) fn on_entry(team: At<'_, TeamRow>) -> PermissionSet {
    guard::fixed_permissions(Some(team)).unwrap_or(PermissionSet::ALL)
}

/// The next generated name that is free (APP-4, GEN-3), from the store's position on, once round the whole space.
fn draw(state: &State) -> Result<(AppName, NameDraw), Error> {
    let generator = state.settings.names();
    let (from, names) = (state.drawn, generator.names());
    (from..names)
        .chain(0..from.min(names))
        .filter_map(|n| Some((n, generator.nth_name(n)?)))
        .find(|(_, name)| state.apps.find_key(name).is_none() && !state.is_reserved(name.as_team_name()))
        .map(|(n, name)| (name, NameDraw { from, to: n + 1 }))
        .ok_or(Error::NamesUsedUp { names })
}

pub(crate) fn rename(state: &State, actor: Actor, app: AppId, to: AppName) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::app(state, app)?;
    guard::reach(state, caller, row)?;
    guard::manage(state, caller, row, AppAction::RenameApp, Error::OnlyManagersRenameApps { actor: caller.who, app })?;
    ensure!(!state.is_reserved(to.as_team_name()), Error::AppNameReserved { name: to });
    ensure!(row.app.name != to, Error::AppNameUnchanged { app, name: to });
    ensure!(state.apps.find_key(&to).is_none(), Error::AppNameTaken { name: to });
    Ok(Event::AppRenamed { app, owner: row.app.owner, from: Box::new(row.app.name), to: Box::new(to) })
}

pub(crate) fn set_labels(state: &State, actor: Actor, app: AppId, to: Labels) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::app(state, app)?;
    guard::reach(state, caller, row)?;
    guard::manage(state, caller, row, AppAction::RenameApp, Error::OnlyManagersLabelApps { actor: caller.who, app })?;
    ensure!(row.app.labels != to, Error::AppLabelsUnchanged { app });
    Ok(Event::AppLabelsChanged { app, owner: row.app.owner, from: row.app.labels.clone(), to })
}

pub(crate) fn delete(state: &State, actor: Actor, app: AppId, confirmation: &str) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::app(state, app)?;
    guard::reach(state, caller, row)?;
    guard::manage(state, caller, row, AppAction::DeleteApp, Error::OnlyManagersDeleteApps { actor: caller.who, app })?;
    ensure!(row.app.name == confirmation, Error::ConfirmationMismatch { app });
    let people = row.row.grants().filter_map(|(user, permissions)| Some((state.users.get(user)?.user.id, permissions)));
    let mut grants: Vec<_> = people.collect();
    sort::by_key(&mut grants, |(user, _)| *user);
    Ok(Event::AppDeleted {
        deleted: Box::new(AppDeletion {
            app: row.app.clone(),
            grants: grants.into(),
            group_grants: group::grants_on(state, row.row),
            formation: row.formation().into(),
            history: state.history.get(&app).cloned().unwrap_or_default().into(),
            transfer: row.transfer().and_then(|transfer| state.transfers.get(&transfer)).copied(),
            coupling: state.coupling(row.row),
            release: row.release().cloned(),
            add_ons: state.add_ons_of(app).copied().collect(),
        }),
    })
}

pub(crate) fn lock(state: &State, actor: Actor, app: AppId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::app(state, app)?;
    guard::reach(state, caller, row)?;
    guard::manage(state, caller, row, AppAction::LockApp, Error::OnlyManagersLockApps { actor: caller.who, app })?;
    ensure!(row.app.lock == Lock::Unlocked, Error::AppAlreadyLocked { app });
    Ok(Event::AppLocked { app, owner: row.app.owner })
}

pub(crate) fn unlock(state: &State, actor: Actor, app: AppId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::app(state, app)?;
    guard::reach(state, caller, row)?;
    guard::manage(state, caller, row, AppAction::LockApp, Error::OnlyManagersLockApps { actor: caller.who, app })?;
    ensure!(row.app.lock == Lock::Locked, Error::AppNotLocked { app });
    Ok(Event::AppUnlocked { app, owner: row.app.owner })
}

/// A quantity of 0 takes the process type out of the formation.
pub(crate) fn scale(
    state: &State,
    actor: Actor,
    app: AppId,
    process: ProcessType,
    size: DynoSize,
    quantity: u16,
) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::app(state, app)?;
    guard::reach(state, caller, row)?;
    let from = row.dyno(process);
    let resized = from.is_some_and(|dyno| quantity > 0 && dyno.size != size);
    if !resized || from.is_some_and(|dyno| dyno.quantity != quantity) {
        guard::action(state, caller, row, AppAction::ScaleDynos)?;
    }
    if resized {
        guard::action(state, caller, row, AppAction::ResizeDynos)?;
    }
    let to = (quantity > 0).then_some(Dyno { process, size, quantity });
    if to.is_some() {
        ensure!(!(size == DynoSize::Eco && row.app.owner.team().is_some()), Error::EcoInTeam { app });
        let shield = state.shield_around(row.row);
        let refused = shield.map_or(Error::PrivateDynoOutsideSpace { app, size }, |shield| Error::DynoUnfitForSpace {
            app,
            size,
            shield,
        });
        ensure!(size.runs_in(shield), refused);
    }
    ensure!(from != to, Error::FormationUnchanged { app, process, size, quantity });
    let [before, after] = [from, to].map(|dyno| dyno.map(|dyno| Rate::from(Load::from(dyno))).unwrap_or_default());
    guard::usage_room(state, row.app.owner, Rate::default(), after.beyond(before))?;
    let room = from.is_some() || row.formation().len() < PROCESS_TYPES_MAX;
    ensure!(room, Error::FormationFull { app, limit: PROCESS_TYPES_MAX });
    Ok(Event::AppScaled { app, owner: row.app.owner, dynos: Box::new(DynoChange { process, from, to }) })
}
