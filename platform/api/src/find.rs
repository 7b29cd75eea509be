//! What stands in a path or in a request, an id or a name, as the id of what is meant.
//!
//! Whoever may not know of something is told the same as when it is not there; a text that can be neither id nor name is
//! that of something which is not there.

use core::str::FromStr;
use enterprise_teams::{
    AccountId, Actor, AppId, Email, Error, Owner, PageRequest, PipelineId, SpaceId, TeamId, TeamRole, TeamStore,
    UserId,
    entity::{AddOn, AppTransfer, Group, Invitation, Team},
    ids::{AddOnId, GroupId, InvitationId, RoleId, TransferId},
    names::{GroupName, RoleName, ServiceName},
    policy::CustomRole,
    query::PipelineFilter,
};

use uuid::Uuid;

use crate::{Fault, Thing, add_on_name, allowed_add_on_services, event_id};

/// The actor, by `~`; a user by id or e-mail, for who sees them.
///
/// # Errors
/// [`Fault::Missing`].
pub fn user(store: &TeamStore, actor: Actor, identity: &str) -> Result<UserId, Fault> {
    told(store, actor, identity, |_| false)
}

/// Somebody on an app, or whom the actor sees anyway. The actor, by `~`; by id or e-mail.
///
/// # Errors
/// [`Fault::Missing`].
pub fn collaborator(store: &TeamStore, actor: Actor, app: AppId, identity: &str) -> Result<UserId, Fault> {
    told(store, actor, identity, |user| store.app_access_of(actor, app, user).is_ok())
}

/// Somebody in an Enterprise Account, or whom the actor sees anyway. The actor, by `~`; by id or e-mail.
///
/// # Errors
/// [`Fault::Missing`].
pub fn account_member(store: &TeamStore, actor: Actor, account: AccountId, identity: &str) -> Result<UserId, Fault> {
    told(store, actor, identity, |user| store.account_member(actor, account, user).is_ok())
}

/// The actor, by `~`; anybody by id or e-mail, to be put where they are not yet. That an e-mail is taken is no secret.
///
/// # Errors
/// [`Fault::Missing`].
pub fn anybody(store: &TeamStore, actor: Actor, identity: &str) -> Result<UserId, Fault> {
    let missing = Fault::Missing(Thing::User);
    match identity {
        "~" => actor.who.user().ok_or(missing),
        text => match text.parse::<Uuid>() {
            Ok(id) => Ok(id.into()),
            Err(_) => named(text, |email: Email| store.user_id(&email)).ok_or(missing),
        },
    }
}

/// A user of whom this list tells the actor, or whom the actor sees anyway; of others the actor is told that they are not there.
fn told(
    store: &TeamStore,
    actor: Actor,
    identity: &str,
    is_listed: impl FnOnce(UserId) -> bool,
) -> Result<UserId, Fault> {
    let user = anybody(store, actor, identity)?;
    let known = store.user(actor, user).is_ok() || is_listed(user);
    known.then_some(user).ok_or(Fault::Missing(Thing::User))
}

/// A team by id or name, for who is in it, on one of its apps, invited into it, or in its Enterprise Account.
///
/// # Errors
/// [`Fault::Missing`]; those of [`TeamStore::team_id`].
pub fn team(store: &TeamStore, actor: Actor, identity: &str) -> Result<TeamId, Fault> {
    let found = match identity.parse::<Uuid>() {
        Ok(id) => store.team_name(actor, id.into()).map(|_| id.into()),
        Err(_) => store.team_id(actor, identity.parse().map_err(|_| Fault::Missing(Thing::Team))?),
    };
    found.map_err(|refusal| match refusal {
        Error::TeamNotFound { .. } | Error::TeamNameNotFound { .. } => Fault::Missing(Thing::Team),
        refusal => refusal.into(),
    })
}

/// What is known of a team, for whoever is in it, also in a role of its own that does not show its preferences (ROLE-1).
///
/// # Errors
/// As [`TeamStore::team`].
pub fn own_team(store: &TeamStore, actor: Actor, team: TeamId) -> Result<&Team, Error> {
    let by_name = || store.team_by_name(actor, store.team_name(actor, team)?);
    store.team(actor, team).or_else(|refusal| by_name().map_err(|_| refusal))
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

/// A group of a team by id or name, for who lists the team's groups.
///
/// # Errors
/// [`Fault::Missing`]; those of [`TeamStore::groups`].
pub fn group(store: &TeamStore, actor: Actor, team: TeamId, identity: &str) -> Result<GroupId, Fault> {
    store.groups(actor, team, &PageRequest::first(1)?)?;
    let found = match identity.parse::<GroupId>() {
        Ok(id) => store.group(actor, id).ok().filter(|found| found.team() == team),
        Err(_) => named(identity, |name: GroupName| store.group_by_name(actor, team, name)),
    };
    found.map(Group::id).ok_or(Fault::Missing(Thing::Group))
}

/// A group that holds permissions on an app, or that the actor sees anyway, by id or name, for who lists the groups on the app. By name
/// it is one of the team that owns the app.
///
/// # Errors
/// [`Fault::Missing`]; those of [`TeamStore::app_groups`].
pub fn group_on(store: &TeamStore, actor: Actor, app: AppId, identity: &str) -> Result<GroupId, Fault> {
    let listed = store.app_groups(actor, app)?;
    let id = identity.parse::<GroupId>();
    let is_meant = |group: &&Group| id.map_or_else(|_| group.name() == identity, |id| group.id() == id);
    let listed = listed.into_iter().map(|access| access.group).find(is_meant);
    let seen = || match (id, store.app(actor, app).ok()?.owner()) {
        (Ok(id), _) => store.group(actor, id).ok(),
        (Err(_), Owner::Team(team)) => named(identity, |name: GroupName| store.group_by_name(actor, team, name)),
        (Err(_), Owner::User(_)) => None,
    };
    listed.or_else(seen).map(Group::id).ok_or(Fault::Missing(Thing::Group))
}

/// A role of a team's own by id or name, for who lists the team's roles, and for who has it.
///
/// # Errors
/// [`Fault::Missing`]; those of [`TeamStore::roles`].
pub fn role(store: &TeamStore, actor: Actor, team: TeamId, identity: &str) -> Result<RoleId, Fault> {
    let id = identity.parse::<RoleId>();
    let is_meant = |role: &&CustomRole| id.map_or_else(|_| role.name() == identity, |id| role.id() == id);
    let own = actor.who.user().and_then(|user| store.access_entry(actor, team, user).ok()?.custom).filter(is_meant);
    if let Some(own) = own {
        return Ok(own.id());
    }
    store.roles(actor, team, &PageRequest::first(1)?)?;
    let found = match id {
        Ok(id) => store.custom_role(actor, id).ok().filter(|found| found.team() == team),
        Err(_) => named(identity, |name: RoleName| store.role_by_name(actor, team, name)),
    };
    found.map(CustomRole::id).ok_or(Fault::Missing(Thing::Role))
}

/// A role that a team gives: a built-in one by its word, one of the team's own by id or name.
///
/// # Errors
/// As [`role`].
pub fn team_role(store: &TeamStore, actor: Actor, team: TeamId, identity: &str) -> Result<TeamRole, Fault> {
    match identity.parse() {
        Ok(role) => Ok(role),
        Err(_) => role(store, actor, team, identity).map(TeamRole::Custom),
    }
}

/// A space by id or name, for who sees it, and for who manages the account of its team and so may transfer it (SPC-7).
///
/// # Errors
/// [`Fault::Missing`]; those of [`TeamStore::space_id`].
pub fn space(store: &TeamStore, actor: Actor, identity: &str) -> Result<SpaceId, Fault> {
    Ok(match identity.parse::<Uuid>() {
        Ok(id) => store.space_name(actor, id.into()).map(|_| id.into())?,
        Err(_) => store.space_id(actor, identity.parse().map_err(|_| Fault::Missing(Thing::Space))?)?,
    })
}

/// A pipeline by id or name, for who sees it; of several with the name the oldest.
///
/// # Errors
/// [`Fault::Missing`]; those of [`TeamStore::pipeline`].
pub fn pipeline(store: &TeamStore, actor: Actor, identity: &str) -> Result<PipelineId, Fault> {
    if let Ok(id) = identity.parse::<Uuid>() {
        return Ok(store.pipeline(actor, id.into())?.id());
    }
    let named = PageRequest::first(1)?.pick(
        |page| store.visible_pipelines(actor, &PipelineFilter::default(), page),
        |one| Ok((one.name() == identity).then(|| one.id())),
    )?;
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

/// Who is to own an app: `~` or an e-mail is a user, a name a team, an id either. A user is one on the app, or whom the actor sees
/// anyway.
///
/// # Errors
/// [`Fault::Missing`].
pub fn owner(store: &TeamStore, actor: Actor, app: AppId, identity: &str) -> Result<Owner, Fault> {
    let found = collaborator(store, actor, app, identity);
    if identity == "~" || identity.contains('@') || found.is_ok() {
        found.map(Owner::User)
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
    let found = match identity.parse::<InvitationId>() {
        Ok(id) => store.invitation(actor, id).ok().filter(|found| found.team() == team),
        Err(_) => named(identity, |email: Email| store.invitation_to(actor, team, &email)).flatten(),
    };
    found.map(Invitation::id).ok_or(Fault::Missing(Thing::Invitation))
}

/// A pending transfer by id or by the name of its app, for its owner and its recipient.
///
/// # Errors
/// [`Fault::Missing`]; those of [`TeamStore::app`].
pub fn transfer(store: &TeamStore, actor: Actor, identity: &str) -> Result<TransferId, Fault> {
    if let Ok(id) = identity.parse() {
        return Ok(store.app_transfer(actor, id)?.id());
    }
    let found = app(store, actor, identity).and_then(|app| Ok(store.transfer_of(actor, app)?)).ok().flatten();
    found.map(AppTransfer::id).ok_or(Fault::Missing(Thing::Transfer))
}

/// An add-on by id or name, for who may list those of its app.
///
/// # Errors
/// [`Fault::Missing`].
pub fn add_on(store: &TeamStore, actor: Actor, identity: &str) -> Result<AddOnId, Fault> {
    let id = match identity.parse::<Uuid>() {
        Ok(id) => Some(id),
        Err(_) => identity.rsplit_once('-').and_then(|(_, id)| id.parse().ok()),
    };
    let found = id.and_then(|id| store.add_on(actor, id.into()).ok());
    let found = found.filter(|one| identity.parse() == Ok(one.id()) || add_on_name(one) == identity);
    found.map(AddOn::id).ok_or(Fault::Missing(Thing::AddOn))
}

/// An add-on of an app by id or name, or by its service if it is the only one of it.
///
/// # Errors
/// [`Fault::Missing`]; those of [`TeamStore::add_ons`].
pub fn add_on_of(store: &TeamStore, actor: Actor, app: AppId, identity: &str) -> Result<AddOnId, Fault> {
    let all = store.add_ons(actor, app)?;
    let named = all.iter().find(|one| identity.parse() == Ok(one.id()) || add_on_name(one) == identity);
    let mut of_service = all.iter().filter(|one| one.service() == identity);
    let only = of_service.next().filter(|_| of_service.next().is_none());
    named.or(only).map(|one| one.id()).ok_or(Fault::Missing(Thing::AddOn))
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
pub(crate) fn event(id: Uuid) -> Option<u64> {
    let (_, low) = id.as_u64_pair();
    let seq = low & (u64::MAX >> 2);
    (event_id(seq) == id).then_some(seq)
}

fn named<Name: FromStr, T>(text: &str, find: impl FnOnce(Name) -> Result<T, Error>) -> Option<T> {
    find(text.parse().ok()?).ok()
}
