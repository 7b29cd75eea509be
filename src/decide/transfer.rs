//! TRF and STD-5: apps change owner, and billing with them.

use crate::access::{self, Caller};
use crate::actor::Actor;
use crate::entity::{AppTransfer, Dyno, DynoSize, Owner};
use crate::error::{Error, Truncated};
use crate::event::{DynoChange, Event, GrantChange, Move};
use crate::guard::{self, ensure};
use crate::ids::{AppId, TransferId, UserId};
use crate::permission::PermissionSet;
use crate::policy::{AppAction, Capability};
use crate::role::TeamKind;
use crate::settings::BULK_APPS_MAX;
use crate::sort;
use crate::state::{AppRow, At, Load, OwnerIx, Rate, State, TeamRow, UserRow};

use super::app::on_entry;
use super::{Partly, group};

/// Who receives an app.
#[derive(Clone, Copy)]
pub(super) enum Receiver<'s> {
    User(At<'s, UserRow>),
    Team(At<'s, TeamRow>),
}

impl Receiver<'_> {
    pub(super) fn owner(self) -> Owner {
        match self {
            Self::User(user) => Owner::User(user.user.id),
            Self::Team(team) => Owner::Team(team.team.id),
        }
    }
}

pub(super) fn receiver(state: &State, owner: Owner) -> Result<Receiver<'_>, Error> {
    match owner {
        Owner::User(user) => guard::user(state, user).map(Receiver::User),
        Owner::Team(team) => guard::team(state, team).map(Receiver::Team),
    }
}

pub(crate) fn transfer(state: &State, actor: Actor, app: AppId, to: Owner) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::app(state, app)?;
    let to = receiver(state, to)?;
    let moved = plan(state, caller, row, to, 1, &mut Rate::default())?;
    Ok(Event::AppTransferred { moved: Box::new(moved) })
}

/// All or none (TRF-9).
pub(crate) fn transfer_all(state: &State, actor: Actor, apps: &[AppId], to: Owner) -> Result<Event, Error> {
    let (moved, refused) = plan_each(state, actor, apps, to)?;
    ensure!(refused.is_empty(), Error::BulkRefused { apps: Box::new(Truncated::all(refused)) });
    Ok(Event::AppsTransferred { moved: moved.into() })
}

/// Those that can move, and why the others cannot (TRF-9). If none can, the transfer is refused.
pub(crate) fn transfer_movable(state: &State, actor: Actor, apps: &[AppId], to: Owner) -> Result<Partly, Error> {
    let (moved, refused) = plan_each(state, actor, apps, to)?;
    ensure!(!moved.is_empty(), Error::BulkRefused { apps: Box::new(Truncated::all(refused)) });
    Ok((Event::AppsTransferred { moved: moved.into() }, refused))
}

type Planned = (Vec<Move>, Vec<(AppId, Error)>);

fn plan_each(state: &State, actor: Actor, apps: &[AppId], to: Owner) -> Result<Planned, Error> {
    let caller = guard::actor(state, actor)?;
    let to = receiver(state, to)?;
    if let Receiver::Team(team) = to {
        guard::entry(caller, team)?;
    }
    let sized = (1..=BULK_APPS_MAX).contains(&apps.len());
    ensure!(sized, Error::BulkSizeInvalid { count: apps.len(), max: BULK_APPS_MAX });
    let mut sorted = apps.to_vec();
    sort::by(&mut sorted, Ord::cmp);
    if let Some([app, _]) = sorted.array_windows().find(|[one, other]| one == other) {
        return Err(Error::AppNamedTwice { app: *app });
    }
    let (mut moved, mut refused, mut rate) = (Vec::new(), Vec::new(), Rate::default());
    for app in apps {
        match guard::app(state, *app).and_then(|row| plan(state, caller, row, to, moved.len() + 1, &mut rate)) {
            Ok(one) => moved.push(one),
            Err(error) => refused.push((*app, error)),
        }
    }
    Ok((moved, refused))
}

/// The transfer of one app, which is the `nth` to arrive and adds to the `rate` of those before.
pub(super) fn plan(
    state: &State,
    caller: Caller<'_>,
    app: At<'_, AppRow>,
    to: Receiver<'_>,
    nth: usize,
    rate: &mut Rate,
) -> Result<Move, Error> {
    let (actor, id, owner) = (caller.who, app.app.id, to.owner());
    guard::reach(state, caller, app)?;
    if let Receiver::Team(team) = to {
        guard::entry(caller, team)?;
    }
    match (app.app.owner, to) {
        (Owner::User(present), Receiver::Team(team)) => {
            ensure!(actor.user() == Some(present), Error::OnlyOwnerTransfersPersonalApp { actor, app: id });
            let received = access::may(caller, team, Capability::CreateApps);
            ensure!(received, Error::OnlyMembersTransferIn { actor, team: team.team.id });
        }
        (Owner::User(present), Receiver::User(user)) => {
            ensure!(actor.user() == Some(present), Error::OnlyOwnerTransfersPersonalApp { actor, app: id });
            ensure!(user.user.id == present, Error::TransferNeedsRequest { app: id });
        }
        (Owner::Team(_), Receiver::Team(team)) => {
            takes_out(state, caller, app, Error::OnlyManagersTransferApps { actor, app: id })?;
            ensure!(
                access::may(caller, team, Capability::CreateApps),
                Error::ReceivingTeamClosed { actor, team: team.team.id }
            );
        }
        (Owner::Team(_), Receiver::User(_)) => {
            takes_out(state, caller, app, Error::OnlyManagersGiveApps { actor, app: id })?;
        }
    }
    if let Some(space) = app.app.space {
        return Err(Error::AppInSpace { app: id, space });
    }
    ensure!(app.app.owner != owner, Error::AlreadyOwner { app: id, owner });
    if let (OwnerIx::Team(team), Receiver::User(user)) = (app.owner, to) {
        let known = user.role(team).is_some() || app.grant(user.ix).is_some();
        ensure!(known, Error::NewOwnerIsStranger { app: id, user: user.user.id });
        guard::recipient(user)?;
    }
    guard::app_room(state, owner, nth)?;
    let moved = moved(state, caller, app, to);
    let added = rate_of(state, app, &moved.dynos);
    guard::usage_room(state, owner, *rate, added)?;
    *rate = *rate + added;
    Ok(moved)
}

/// What the app comes to in a month, once these dynos are as they will be.
pub(super) fn rate_of(state: &State, app: At<'_, AppRow>, changed: &[DynoChange]) -> Rate {
    let then = |dyno: &Dyno| changed.iter().find(|one| one.process == dyno.process).and_then(|one| one.to);
    let dynos = app.formation().iter().map(|dyno| Load::from(then(dyno).unwrap_or(*dyno)));
    let add_ons = state.add_ons_of(app.app.id).map(|one| Load::AddOn(one.service, one.plan));
    dynos.chain(add_ons).map(Rate::from).sum()
}

/// An app leaves an Enterprise Team by an admin, or by a member with `manage` (TRF-2, TRF-3: a collaborator with `manage`
/// cannot take it away); a Standard team by an admin (STD-5).
fn takes_out(state: &State, caller: Caller<'_>, app: At<'_, AppRow>, otherwise: Error) -> Result<(), Error> {
    let standard = state.team_of(app.row).is_some_and(|team| team.team.kind == TeamKind::Standard);
    let refused = Error::OnlyAdminsTransferStandardApps { actor: caller.who, app: app.app.id };
    let takes = access::held_by(state, caller.user, app.row).allows(AppAction::TransferApp);
    ensure!(takes, if standard { refused } else { otherwise });
    Ok(())
}

/// What changes when the app goes to `to` (TRF-3, TRF-5, TRF-6, TRF-11, PERM-6).
fn moved(state: &State, caller: Caller<'_>, app: At<'_, AppRow>, to: Receiver<'_>) -> Move {
    let mut grants = match to {
        Receiver::User(_) => change_grants(state, app, |_, _| None),
        Receiver::Team(team) => on_arrival(state, app, team),
    };
    if let (Owner::User(user), Receiver::Team(team)) = (app.app.owner, to) {
        grants.push(GrantChange { user, from: None, to: Some(on_entry(team)) });
    }
    let eco = |dyno: &&Dyno| dyno.size == DynoSize::Eco && matches!(to, Receiver::Team(_));
    let upgraded = |dyno: &Dyno| DynoChange {
        process: dyno.process,
        from: Some(*dyno),
        to: Some(Dyno { size: DynoSize::Standard1X, ..*dyno }),
    };
    let dynos = app.formation().iter().filter(eco).map(upgraded).collect();
    finish(state, caller, app, to.owner(), grants, dynos)
}

/// What becomes of the grants on an app that comes into the team: one that sleeps ends where its person is not (PERM-6), the others
/// travel (TRF-11).
pub(super) fn on_arrival(state: &State, app: At<'_, AppRow>, team: At<'_, TeamRow>) -> Vec<GrantChange> {
    change_grants(state, app, |person, set| {
        let awake = access::sleeping(person, app.row).is_none();
        if awake || person.role(team.ix).is_some() { as_held_in(team.team.kind, set) } else { None }
    })
}

/// What is left of a grant in a team of this kind: where no permissions are chosen, what everybody holds, for who held all of that
/// (TRF-11, STD-4).
pub(super) fn as_held_in(kind: TeamKind, set: PermissionSet) -> Option<PermissionSet> {
    match kind {
        TeamKind::Enterprise => Some(set),
        TeamKind::Standard => set.contains_all(PermissionSet::WORK).then_some(PermissionSet::WORK),
    }
}

/// Each grant on the app, and what becomes of it.
pub(super) fn change_grants(
    state: &State,
    app: At<'_, AppRow>,
    to: impl Fn(At<'_, UserRow>, PermissionSet) -> Option<PermissionSet>,
) -> Vec<GrantChange> {
    let people = app.row.grants().filter_map(|(user, set)| Some((state.users.at(user)?, set)));
    people.map(|(person, set)| GrantChange { user: person.user.id, from: Some(set), to: to(person, set) }).collect()
}

/// With what it leaves behind: its pipeline (TRF-7) and its pending transfer.
pub(super) fn finish(
    state: &State,
    caller: Caller<'_>,
    app: At<'_, AppRow>,
    to: Owner,
    mut grants: Vec<GrantChange>,
    dynos: Box<[DynoChange]>,
) -> Move {
    grants.retain(|grant| grant.from != grant.to);
    sort::by_key(&mut grants, |grant| grant.user);
    Move {
        app: app.app.id,
        from: app.app.owner,
        owned_since: app.app.owned_since,
        to,
        at: caller.now,
        grants: grants.into(),
        group_grants_ended: group::grants_on(state, app.row),
        dynos,
        transfer_ended: app.transfer().and_then(|transfer| state.transfers.get(&transfer)).copied(),
        uncoupled: state.coupling(app.row),
    }
}

pub(crate) fn request(
    state: &State,
    actor: Actor,
    app: AppId,
    recipient: UserId,
) -> Result<(Event, TransferId), Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::app(state, app)?;
    let person = guard::user(state, recipient)?;
    guard::reach(state, caller, row)?;
    let manages = access::held_by(state, caller.user, row.row).allows(AppAction::TransferApp);
    ensure!(manages, Error::OnlyOwnerRequestsTransfer { actor: caller.who, app });
    let Owner::User(owner) = row.app.owner else { return Err(Error::RequestOnTeamApp { app }) };
    ensure!(recipient != owner, Error::AlreadyOwner { app, owner: row.app.owner });
    ensure!(row.grant(person.ix).is_some(), Error::RecipientNotOnApp { app, user: recipient });
    if let Some(transfer) = row.transfer() {
        return Err(Error::TransferAlreadyPending { app, transfer });
    }
    guard::recipient(person)?;
    let id = state.fresh_id();
    let transfer = AppTransfer { id, app, owner, recipient, requested_at: caller.now };
    Ok((Event::AppTransferRequested { transfer: Box::new(transfer) }, id))
}

/// The recipient is the owner from now on, and the former owner a collaborator (TRF-4).
pub(crate) fn accept(state: &State, actor: Actor, transfer: TransferId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let (found, app) = guard::transfer(state, transfer)?;
    answers(caller, found)?;
    let to = Owner::User(found.recipient);
    guard::app_room(state, to, 1)?;
    let held = state.users.find(found.recipient).and_then(|recipient| app.grant(recipient.ix));
    let grants = vec![
        GrantChange { user: found.recipient, from: held, to: None },
        GrantChange { user: found.owner, from: None, to: Some(PermissionSet::WORK) },
    ];
    Ok(Event::AppTransferAccepted { moved: Box::new(finish(state, caller, app, to, grants, Box::default())) })
}

pub(crate) fn decline(state: &State, actor: Actor, transfer: TransferId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let (found, _) = guard::transfer(state, transfer)?;
    answers(caller, found)?;
    Ok(Event::AppTransferDeclined { transfer: Box::new(*found) })
}

pub(crate) fn cancel(state: &State, actor: Actor, transfer: TransferId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let (found, _) = guard::transfer(state, transfer)?;
    let owns = caller.who.user() == Some(found.owner);
    ensure!(owns, Error::OnlyOwnerCancelsTransfer { actor: caller.who, transfer });
    Ok(Event::AppTransferCancelled { transfer: Box::new(*found) })
}

fn answers(caller: Caller<'_>, transfer: &AppTransfer) -> Result<(), Error> {
    let refused = Error::OnlyRecipientAnswersTransfer { actor: caller.who, transfer: transfer.id };
    ensure!(caller.who.user() == Some(transfer.recipient), refused);
    Ok(())
}
