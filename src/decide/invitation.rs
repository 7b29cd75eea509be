//! INV: invitations.

use crate::access::Caller;
use crate::actor::Actor;
use crate::entity::Invitation;
use crate::error::Error;
use crate::event::Event;
use crate::guard::{self, ensure};
use crate::ids::{InvitationId, TeamId, UserId};
use crate::names::Email;
use crate::policy::Capability;
use crate::role::TeamRole;
use crate::state::{At, SeatRole, State, TeamRow};

pub(crate) fn invite(
    state: &State,
    actor: Actor,
    team: TeamId,
    email: Email,
    role: TeamRole,
) -> Result<(Event, InvitationId), Error> {
    invite_as(state, actor, team, email, Some(role))
}

/// In the role that is the team's default at acceptance (INV-6).
pub(crate) fn invite_default(
    state: &State,
    actor: Actor,
    team: TeamId,
    email: Email,
) -> Result<(Event, InvitationId), Error> {
    invite_as(state, actor, team, email, None)
}

/// Inviting again replaces the role, the sender and the expiry; the id stays.
fn invite_as(
    state: &State,
    actor: Actor,
    team: TeamId,
    email: Email,
    role: Option<TeamRole>,
) -> Result<(Event, InvitationId), Error> {
    let caller = guard::actor(state, actor)?;
    let to = guard::team(state, team)?;
    role.map_or(Ok(()), |role| guard::team_role(state, role))?;
    guard::capability(caller, to, Capability::ManageInvitations, Error::OnlyAdminsInvite { actor: caller.who, team })?;
    role.map_or(Ok(()), |role| guard::role_in(state, to, role))?;
    if let Some(person) = state.users.find_key(&email) {
        ensure!(person.role(to.ix).is_none(), Error::InviteeInTeam { team, user: person.user.id });
        guard::recipient(person)?;
    }
    let replaced = to.invitations.get(&email).and_then(|id| state.invitations.get(id));
    let id = replaced.map_or_else(|| state.fresh_id(), |invitation| invitation.id);
    let counted = replaced.is_some_and(|invitation| invitation.is_pending_at(caller.now));
    guard::member_room(to, caller.now, usize::from(!counted))?;
    let invitation = Invitation {
        id,
        team,
        email,
        role,
        invited_by: caller.who,
        invited_at: caller.now,
        expires_at: state.settings.options.expiry(caller.now),
    };
    Ok((Event::MemberInvited { invitation: Box::new(invitation), replaced: replaced.cloned().map(Box::new) }, id))
}

pub(crate) fn accept(state: &State, actor: Actor, invitation: InvitationId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let (found, team) = guard::invitation(state, invitation)?;
    guard::client(caller, team)?;
    let user = addressee(caller, found)?;
    ensure!(found.is_pending_at(caller.now), Error::InvitationExpired { invitation });
    let role = found.role_by(team.team.default_role);
    let sender = found.invited_by.user().and_then(|sender| state.users.find(sender));
    let sent_by_admin =
        sender.is_some_and(|sender| sender.role(team.ix) == Some(SeatRole::Admin) && !sender.is_suspended());
    ensure!(role != TeamRole::Admin || sent_by_admin, Error::InviterIsNoAdmin { invitation });
    Ok(Event::InvitationAccepted { user, role, invitation: Box::new(found.clone()) })
}

pub(crate) fn decline(state: &State, actor: Actor, invitation: InvitationId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let (found, team) = guard::invitation(state, invitation)?;
    guard::client(caller, team)?;
    let user = addressee(caller, found)?;
    Ok(Event::InvitationDeclined { user, invitation: Box::new(found.clone()) })
}

pub(crate) fn revoke(state: &State, actor: Actor, invitation: InvitationId) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let (found, team) = guard::invitation(state, invitation)?;
    guard::capability(
        caller,
        team,
        Capability::ManageInvitations,
        Error::OnlyAdminsRevokeInvitations { actor: caller.who, invitation },
    )?;
    Ok(Event::InvitationRevoked { invitation: Box::new(found.clone()) })
}

/// The invitations into the team that make an admin while this user, an admin, is one (INV-3), by e-mail.
pub(super) fn to_admin_by(state: &State, team: At<'_, TeamRow>, sender: UserId) -> Vec<Invitation> {
    let all = team.row.invitations.values().filter_map(|id| state.invitations.get(id));
    let sent = all.filter(|one| one.invited_by.user() == Some(sender));
    sent.filter(|one| one.role_by(team.team.default_role) == TeamRole::Admin).cloned().collect()
}

/// The caller, if the invitation is for them (INV-4).
fn addressee(caller: Caller<'_>, invitation: &Invitation) -> Result<UserId, Error> {
    let addressed = caller.user.filter(|user| user.user.email == invitation.email);
    let refused = Error::InvitationForSomeoneElse { actor: caller.who, invitation: invitation.id };
    addressed.map(|user| user.user.id).ok_or(refused)
}
