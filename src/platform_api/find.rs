//! What stands in a path or in a request, an id or a name, as the id of what is meant.
//!
//! Whoever may not know of something is told the same as when it is not there; a text that can be neither id nor name is
//! that of something which is not there.

use core::str::FromStr;

use uuid::Uuid;

use super::{Fault, Thing, allowed_add_on_services, app_transfer, event_id};
use crate::actor::Actor;
use crate::entity::{AccountPermission, Invitation, Owner};
use crate::error::Error;
use crate::ids::{AccountId, AppId, InvitationId, PipelineId, SpaceId, TeamId, TransferId, UserId};
use crate::names::{Email, ServiceName};
use crate::query::PageRequest;
use crate::store::TeamStore;

/// The actor, by `~`; a user by id or e-mail. That an e-mail is taken is no secret.
///
/// # Errors
/// [`Fault::Missing`].
pub fn user(store: &TeamStore, actor: Actor, identity: &str) -> Result<UserId, Fault> {
    let missing = Fault::Missing(Thing::User);
    match identity {
        "~" => actor.who.user().ok_or(missing),
        text => match text.parse::<Uuid>() {
            Ok(id) => Ok(id.into()),
            Err(_) => named(text, |email: Email| store.user_id(&email)).ok_or(missing),
        },
    }
}

/// A team by id or name, for who is in it, on one of its apps, or in its Enterprise Account.
///
/// # Errors
/// [`Fault::Missing`].
pub fn team(store: &TeamStore, actor: Actor, identity: &str) -> Result<TeamId, Fault> {
    let caller = store.caller(actor)?;
    let row = match identity.parse::<Uuid>() {
        Ok(id) => store.state.teams.find(id.into()),
        Err(_) => identity.parse().ok().and_then(|name| store.state.teams.find_key(&name)),
    };
    let row = row.ok_or(Fault::Missing(Thing::Team))?;
    let in_account = || row.team.account().is_some_and(|account| store.account(actor, account).is_ok());
    if caller.is_operator() || caller.standing(row).is_some() || in_account() {
        Ok(row.team.id())
    } else {
        Err(Fault::Missing(Thing::Team))
    }
}

/// An app by id or name, for who sees it.
///
/// # Errors
/// [`Fault::Missing`]; those of [`TeamStore::app`].
pub fn app(store: &TeamStore, actor: Actor, identity: &str) -> Result<AppId, Fault> {
    let app = match identity.parse::<Uuid>() {
        Ok(id) => store.app(actor, id.into()),
        Err(_) => store.app_by_name(actor, identity.parse().map_err(|_| Fault::Missing(Thing::App))?),
    };
    Ok(app?.id())
}

/// A space by id or name, for who sees it, and for who manages the account of its team and so may transfer it (SPC-7).
///
/// # Errors
/// [`Fault::Missing`]; those of [`TeamStore::space`].
pub fn space(store: &TeamStore, actor: Actor, identity: &str) -> Result<SpaceId, Fault> {
    let space = match identity.parse::<Uuid>() {
        Ok(id) => store.space(actor, id.into()),
        Err(_) => store.space_by_name(actor, identity.parse().map_err(|_| Fault::Missing(Thing::Space))?),
    };
    match space {
        Err(Error::SpaceHidden { space, .. }) if manages_account_of(store, actor, space) => Ok(space),
        space => Ok(space?.id()),
    }
}

fn manages_account_of(store: &TeamStore, actor: Actor, space: SpaceId) -> bool {
    let team = store.state.spaces.find(space).and_then(|space| store.state.teams.at(space.team));
    let held = team.and_then(|team| team.team.account()).zip(actor.who.user());
    let held = held.map(|(account, user)| store.state.account_permissions(user, account));
    held.is_some_and(|held| held.contains(AccountPermission::Manage))
}

/// A pipeline by id or name, for who sees it; of several with the name the oldest.
///
/// # Errors
/// [`Fault::Missing`]; those of [`TeamStore::pipeline`].
pub fn pipeline(store: &TeamStore, actor: Actor, identity: &str) -> Result<PipelineId, Fault> {
    if let Ok(id) = identity.parse::<Uuid>() {
        return Ok(store.pipeline(actor, id.into())?.id());
    }
    let named = PageRequest::first(1)?
        .pick(|page| store.visible_pipelines(actor, page), |one| Ok((one.name() == identity).then(|| one.id())))?;
    named.items.first().copied().ok_or(Fault::Missing(Thing::Pipeline))
}

/// An Enterprise Account by id or name, for its members.
///
/// # Errors
/// [`Fault::Missing`]; those of [`TeamStore::account`].
pub fn account(store: &TeamStore, actor: Actor, identity: &str) -> Result<AccountId, Fault> {
    let account = match identity.parse::<Uuid>() {
        Ok(id) => store.account(actor, id.into()),
        Err(_) => store.account_by_name(actor, identity.parse().map_err(|_| Fault::Missing(Thing::Account))?),
    };
    Ok(account?.id())
}

/// A user or a team: `~` or an e-mail is a user, a name a team, an id either.
///
/// # Errors
/// [`Fault::Missing`].
pub fn owner(store: &TeamStore, actor: Actor, identity: &str) -> Result<Owner, Fault> {
    let is_user = |id: Uuid| store.state.users.find(id.into()).is_some();
    if identity == "~" || identity.contains('@') || identity.parse().is_ok_and(is_user) {
        user(store, actor, identity).map(Owner::User)
    } else {
        team(store, actor, identity).map(Owner::Team)
    }
}

/// An invitation into a team by id or by the invited e-mail, for who lists the team's invitations.
///
/// # Errors
/// [`Fault::Missing`]; those of [`TeamStore::pending_invitations`].
pub fn invitation(store: &TeamStore, actor: Actor, team: TeamId, identity: &str) -> Result<InvitationId, Fault> {
    store.pending_invitations(actor, team, &PageRequest::first(1)?)?;
    let row = store.state.teams.find(team).ok_or(Fault::Missing(Thing::Team))?;
    let found = match identity.parse::<InvitationId>() {
        Ok(id) => store.state.invitations.get(&id).filter(|found| found.team() == team).map(Invitation::id),
        Err(_) => identity.parse().ok().and_then(|email: Email| row.row.invitations.get(&email).copied()),
    };
    found.ok_or(Fault::Missing(Thing::Invitation))
}

/// A pending transfer by id or by the name of its app, for its owner and its recipient.
///
/// # Errors
/// [`Fault::Missing`]; those of [`TeamStore::app`].
pub fn transfer(store: &TeamStore, actor: Actor, identity: &str) -> Result<TransferId, Fault> {
    let of_app = || {
        let app = store.state.apps.find(app(store, actor, identity).ok()?)?;
        app.transfer()
    };
    let id = identity.parse().ok().or_else(of_app).ok_or(Fault::Missing(Thing::Transfer))?;
    Ok(app_transfer(store, actor, id)?.id)
}

/// A service that a team allows, by name or by the id of its place on the list.
///
/// # Errors
/// [`Fault::Missing`]; those of [`TeamStore::allowed_add_ons`].
pub fn allowed_add_on_service(
    store: &TeamStore,
    actor: Actor,
    team: TeamId,
    identity: &str,
) -> Result<ServiceName, Fault> {
    let listed = allowed_add_on_services(store, actor, team)?;
    let wanted = identity.parse::<Uuid>();
    let found = listed.iter().find(|one| wanted == Ok(one.id) || one.addon_service.name == identity);
    found.map(|one| one.addon_service.name).ok_or(Fault::Missing(Thing::AllowedAddOnService))
}

/// The number of the event that has this id (see [`event_id`]).
pub(super) fn event(id: Uuid) -> Option<u64> {
    let (_, low) = id.as_u64_pair();
    let seq = low & (u64::MAX >> 2);
    (event_id(seq) == id).then_some(seq)
}

fn named<Name: FromStr, T>(text: &str, find: impl FnOnce(Name) -> Result<T, Error>) -> Option<T> {
    find(text.parse().ok()?).ok()
}
