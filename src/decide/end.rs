//! END: memberships, grants and permissions that end.

use chrono::{DateTime, Utc};

use super::{access, group, member, space};
use crate::access::{self as held, Caller};
use crate::actor::{Actor, recorded};
use crate::entity::{Held, Owner, SignIn};
use crate::error::Error;
use crate::event::{EndChange, Ended, EndedThing, Event, MemberRemoval, SignInChange, Sweep};
use crate::guard::{self, ensure};
use crate::ids::{AppId, GroupId, SpaceId, TeamId, TransferId, UserId};
use crate::policy::Capability;
use crate::sort;
use crate::state::State;

/// An end as it would change, and when.
struct Move {
    held: Held,
    owner: Owner,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
}

impl Move {
    fn of(state: &State, caller: Caller<'_>, held: Held, owner: Owner, to: Option<DateTime<Utc>>) -> Self {
        Self { held, owner, from: state.ends_at(held), to: to.map(recorded), now: caller.now }
    }

    /// Whether it is held longer than before: that is given, and the rest is taken away.
    fn gives(&self) -> bool {
        self.from.is_some_and(|from| self.to.is_none_or(|to| to > from))
    }

    /// The end is not in the past (END-2).
    fn is_to_come(&self) -> Result<(), Error> {
        match self.to {
            Some(to) if to <= self.now => Err(Error::EndInThePast { ends_at: to, now: self.now }),
            Some(_) | None => Ok(()),
        }
    }

    /// The event of what is held, if anything changes.
    fn changed(&self) -> Result<Event, Error> {
        let Self { held, owner, from, to, now: _ } = *self;
        ensure!(from != to, Error::EndUnchanged { held: Box::new(held) });
        Ok(Event::EndChanged { changed: Box::new(EndChange { held, owner, from, to }) })
    }
}

/// By whoever adds people to the team; nobody stays longer by their own choice.
pub(crate) fn set_member_end(
    state: &State,
    actor: Actor,
    team: TeamId,
    user: UserId,
    to: Option<DateTime<Utc>>,
) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::team(state, team)?;
    let person = guard::user(state, user)?;
    guard::capability(
        caller,
        row,
        Capability::ManageUsers,
        Error::OnlyAdminsManageMembers { actor: caller.who, team },
    )?;
    let change = Move::of(state, caller, Held::Membership { team, user }, Owner::Team(team), to);
    ensure!(!(caller.is(person) && change.gives()), Error::OwnMembershipCannotGrow { actor: caller.who, team });
    change.is_to_come()?;
    ensure!(person.role(row.ix).is_some(), Error::NotInTeam { team, user });
    let event = change.changed()?;
    if change.gives() {
        guard::recipient(person)?;
    }
    let last = change.to.is_some() && held::is_last_admin(state, person, row);
    ensure!(!last, Error::LastAdminCannotEnd { team, user });
    Ok(event)
}

/// By whoever puts people on the app, where they stay longer; else by whoever takes them off.
pub(crate) fn set_grant_end(
    state: &State,
    actor: Actor,
    app: AppId,
    user: UserId,
    to: Option<DateTime<Utc>>,
) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::app(state, app)?;
    let person = guard::user(state, user)?;
    let change = Move::of(state, caller, Held::Grant { app, user }, row.app.owner, to);
    access::move_end(state, caller, row, change.gives())?;
    ensure!(!(caller.is(person) && change.gives()), Error::OwnGrantCannotGrow { actor: caller.who, app });
    change.is_to_come()?;
    ensure!(!access::is_team_admin(person, row), Error::AdminPermissionsFixed { app, user });
    ensure!(row.grant(person.ix).is_some(), Error::NotOnApp { app, user });
    let event = change.changed()?;
    if change.gives() {
        guard::recipient(person)?;
    }
    Ok(event)
}

/// By whoever grants permissions to groups; nobody adds to those of a group that they are in (GRP-2).
pub(crate) fn set_group_grant_end(
    state: &State,
    actor: Actor,
    app: AppId,
    group: GroupId,
    to: Option<DateTime<Utc>>,
) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let (row, granted) = (guard::app(state, app)?, guard::group(state, group)?.0);
    access::manage_permissions(state, caller, row)?;
    let change = Move::of(state, caller, Held::GroupGrant { app, group }, row.app.owner, to);
    let own = change.gives() && group::is_in(caller, granted);
    ensure!(!own, Error::OwnGroupGrantCannotGrow { actor: Box::new(caller.who), app, group });
    group::is_of_app(state, row, granted)?;
    change.is_to_come()?;
    ensure!(row.group_grant(granted.ix).is_some(), Error::GroupNotOnApp { app, group });
    change.changed()
}

/// By whoever says who creates apps in the space; that of an admin sleeps, and stays as it is (PERM-6).
pub(crate) fn set_app_creation_end(
    state: &State,
    actor: Actor,
    space: SpaceId,
    user: UserId,
    to: Option<DateTime<Utc>>,
) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let (row, team) = guard::space(state, space)?;
    let person = guard::user(state, user)?;
    space::manage(caller, row, team)?;
    let change = Move::of(state, caller, Held::AppCreation { space, user }, Owner::Team(row.space.team), to);
    change.is_to_come()?;
    let may = !change.gives() || space::may_be_allowed(person, team);
    ensure!(may, Error::AppCreationForMembers { space, user });
    ensure!(row.creators.contains_key(&user), Error::AppCreationNotAllowed { space, user });
    let event = change.changed()?;
    if change.gives() {
        guard::recipient(person)?;
    }
    Ok(event)
}

/// What has ended leaves the store (END-3).
pub(crate) fn sweep(state: &State, actor: Actor) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    ensure!(caller.is_operator(), Error::OnlyOperatorSweepsEnds { actor: caller.who });
    let swept = ended(state, caller.now).ok_or(Error::NothingHasEnded {})?;
    Ok(Event::EndsSwept { swept: Box::new(swept) })
}

/// What has ended by then, if anything has: memberships last, without what has ended besides.
pub(crate) fn ended(state: &State, now: DateTime<Utc>) -> Option<Sweep> {
    let due: Vec<_> = state.ends.due(now.into()).collect();
    let is_due = sort::set(due.iter().map(|(_, held)| *held));
    let mut transfers = Vec::new();
    let things = due.iter().filter_map(|(at, held)| {
        let ended = thing(state, *held, &is_due, &mut transfers)?;
        Some(Ended { ended_at: DateTime::from(*at), ended })
    });
    let mut ended: Vec<Ended> = things.collect();
    sort::by_key(&mut ended, |one| matches!(one.ended, EndedThing::Membership(_)));
    let mut swept = Sweep { ended: ended.into(), sign_ins_ended: Box::default() };
    let left = swept.left();
    let people = sort::set(left.iter().map(|(user, _)| *user));
    let alone = people.iter().filter_map(|user| state.users.find(*user)).filter(|user| {
        let teams = state.teams_without(user.row, &left);
        user.user.sign_in == SignIn::Sso && !state.any_has_sso(&teams)
    });
    swept.sign_ins_ended =
        alone.map(|user| SignInChange { user: user.user.id, teams: state.teams_without(user.row, &left) }).collect();
    (!swept.ended.is_empty()).then_some(swept)
}

/// What ends with this, without what ends besides.
fn thing(state: &State, held: Held, besides: &[Held], transfers: &mut Vec<TransferId>) -> Option<EndedThing> {
    let is_besides = |held| besides.binary_search(&held).is_ok();
    Some(match held {
        Held::Membership { team, user } => {
            let (row, person) = (state.teams.find(team)?, state.users.find(user)?);
            let role = row.row.role_of(person.row, row.ix)?;
            let removal = member::removal(state, row, person, role);
            let grants = removal.grants.iter().filter(|(app, _)| !is_besides(Held::Grant { app: *app, user }));
            let spaces = removal.spaces.iter().filter(|space| !is_besides(Held::AppCreation { space: **space, user }));
            let (grants, spaces) = (grants.copied().collect(), spaces.copied().collect());
            EndedThing::Membership(MemberRemoval { grants, spaces, ..removal })
        }
        Held::Grant { app, user } => {
            let (row, person) = (state.apps.find(app)?, state.users.find(user)?);
            let mut removal = access::removal(state, row, user, row.grant(person.ix)?);
            removal.transfer_ended = removal.transfer_ended.filter(|transfer| !transfers.contains(&transfer.id));
            transfers.extend(removal.transfer_ended.as_ref().map(|transfer| transfer.id));
            EndedThing::Grant(removal)
        }
        Held::GroupGrant { app, group } => {
            let (row, granted) = (state.apps.find(app)?, state.groups.find(group)?);
            let permissions = row.group_grant(granted.ix)?.permissions;
            EndedThing::GroupGrant { app, owner: row.app.owner, group, permissions }
        }
        Held::AppCreation { space, user } => {
            let row = state.spaces.find(space)?;
            EndedThing::AppCreation { space, team: row.space.team, user }
        }
    })
}
