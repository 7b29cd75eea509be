//! RES-2 and RES-3: add-ons and their control.

use crate::access::{self, Caller};
use crate::actor::Actor;
use crate::entity::{AddOn, AddOnControls, Plan};
use crate::error::Error;
use crate::event::{Event, PlanChange};
use crate::guard::{self, ensure};
use crate::ids::{AddOnId, AppId, TeamId};
use crate::names::ServiceName;
use crate::policy::{AppAction, Capability};
use crate::settings::{ADD_ONS_MAX, ALLOWED_ADD_ONS_MAX};
use crate::state::{AppRow, At, Load, Rate, State};

pub(crate) fn install(
    state: &State,
    actor: Actor,
    app: AppId,
    service: ServiceName,
    plan: Plan,
) -> Result<(Event, AddOnId), Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::app(state, app)?;
    guard::reach(state, caller, row)?;
    let action = if plan.is_paid() { AppAction::AddPaidAddOn } else { AppAction::AddFreeAddOn };
    guard::action(state, caller, row, action)?;
    let allowed = is_allowed(state, caller, row, service);
    ensure!(allowed, Error::AddOnNotAllowed { app, service });
    guard::usage_room(state, row.app.owner, Rate::default(), Load::AddOn(service, plan).into())?;
    ensure!(state.add_ons_of(app).count() < ADD_ONS_MAX, Error::AddOnsFull { app, limit: ADD_ONS_MAX });
    let id = state.fresh_id();
    let add_on = AddOn { id, app, service, plan, installed_at: caller.now };
    Ok((Event::AddOnInstalled { add_on: Box::new(add_on), owner: row.app.owner }, id))
}

/// Paid is what the plan was or will be, if either is.
pub(crate) fn change_plan(state: &State, actor: Actor, add_on: AddOnId, to: Plan) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let (found, row) = guard::add_on(state, add_on)?;
    guard::reach(state, caller, row)?;
    let paid = found.plan.is_paid() || to.is_paid();
    let action = if paid { AppAction::ChangePaidAddOnPlan } else { AppAction::ChangeFreeAddOnPlan };
    guard::action(state, caller, row, action)?;
    ensure!(found.plan != to, Error::PlanUnchanged { add_on, plan: to.name });
    let [before, after] = [found.plan, to].map(|plan| Rate::from(Load::AddOn(found.service, plan)));
    guard::usage_room(state, row.app.owner, Rate::default(), after.beyond(before))?;
    let changed = PlanChange { add_on, service: found.service, from: found.plan, to };
    Ok(Event::AddOnPlanChanged { app: row.app.id, owner: row.app.owner, changed: Box::new(changed) })
}

pub(crate) fn remove(state: &State, actor: Actor, add_on: AddOnId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let (found, row) = guard::add_on(state, add_on)?;
    guard::reach(state, caller, row)?;
    let action = if found.plan.is_paid() { AppAction::RemovePaidAddOn } else { AppAction::RemoveFreeAddOn };
    guard::action(state, caller, row, action)?;
    Ok(Event::AddOnRemoved { add_on: Box::new(*found), owner: row.app.owner })
}

pub(crate) fn set_controls(state: &State, actor: Actor, team: TeamId, to: AddOnControls) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::team(state, team)?;
    guard::capability(
        caller,
        row,
        Capability::ManageAddOnAllowlist,
        Error::OnlyAdminsSetAddOnControls { actor: caller.who, team },
    )?;
    ensure!(row.team.add_on_controls != to, Error::AddOnControlsUnchanged { team, controls: to });
    Ok(Event::AddOnControlsChanged { team, from: row.team.add_on_controls, to })
}

pub(crate) fn allow(state: &State, actor: Actor, team: TeamId, service: ServiceName) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::team(state, team)?;
    guard::capability(
        caller,
        row,
        Capability::ManageAddOnAllowlist,
        Error::OnlyAdminsChangeAllowlist { actor: caller.who, team },
    )?;
    ensure!(!row.allowed_add_ons.contains(&service), Error::ServiceAlreadyAllowed { team, service });
    let room = row.allowed_add_ons.len() < ALLOWED_ADD_ONS_MAX;
    ensure!(room, Error::AllowlistFull { team, limit: ALLOWED_ADD_ONS_MAX });
    Ok(Event::AddOnAllowed { team, service: Box::new(service) })
}

pub(crate) fn disallow(state: &State, actor: Actor, team: TeamId, service: ServiceName) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::team(state, team)?;
    guard::capability(
        caller,
        row,
        Capability::ManageAddOnAllowlist,
        Error::OnlyAdminsChangeAllowlist { actor: caller.who, team },
    )?;
    ensure!(row.allowed_add_ons.contains(&service), Error::ServiceNotListed { team, service });
    Ok(Event::AddOnDisallowed { team, service: Box::new(service) })
}

/// Whether the caller may install the service on the app: with controls on, admins install anything, others what is listed.
fn is_allowed(state: &State, caller: Caller<'_>, app: At<'_, AppRow>, service: ServiceName) -> bool {
    state.team_of(app.row).is_none_or(|team| {
        let free = team.team.add_on_controls == AddOnControls::Off;
        let open = free || access::may(caller, team, Capability::InstallAnyAddOn);
        open || team.allowed_add_ons.contains(&service)
    })
}
