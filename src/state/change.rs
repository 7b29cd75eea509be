//! How an event changes the state: as a list of small changes, each of which tells what was there before and what is there
//! after, keeps the indexes that it touches, and can be made forwards and backwards.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{AppIx, AppRow, Holdings, OwnerIx, Seat, State, TeamIx, TeamRow, UserIx, UserRow};
use crate::entity::{
    App, AppTransfer, Dyno, Invitation, Limits, Lock, Mfa, OAuthAccess, Owner, SignIn, Team, Tenure, User,
};
use crate::event::{AppCreation, AuditEvent, DynoChange, Event, Move};
use crate::ids::{AppId, TeamId, UserId};
use crate::names::{AppName, Email, ProcessType, TeamName};
use crate::permission::PermissionSet;
use crate::role::TeamRole;

/// Before and after.
type Pair<T> = (T, T);

#[derive(Clone, Copy)]
enum Change<'e> {
    User(Pair<Option<&'e User>>),
    Email(UserId, Pair<&'e Email>),
    Mfa(UserId, Pair<Mfa>),
    SignIn(UserId, Pair<SignIn>),
    Team(Pair<Option<&'e Team>>),
    TeamName(TeamId, Pair<TeamName>),
    Limits(TeamId, Pair<Limits>),
    DefaultRole(TeamId, Pair<TeamRole>),
    OAuthAccess(TeamId, Pair<OAuthAccess>),
    DeletionRequest(TeamId, Pair<Option<DateTime<Utc>>>),
    Member(TeamId, UserId, Pair<Option<TeamRole>>),
    Invitation(Pair<Option<&'e Invitation>>),
    Drawn(Pair<u64>),
    App(Pair<Option<&'e App>>),
    AppName(AppId, Pair<AppName>),
    Lock(AppId, Pair<Lock>),
    Owner(AppId, Pair<(Owner, DateTime<Utc>)>),
    Tenures(AppId, Pair<&'e [Tenure]>),
    Grant(AppId, UserId, Pair<Option<PermissionSet>>),
    Dyno(AppId, ProcessType, Pair<Option<Dyno>>),
    Transfer(Pair<Option<&'e AppTransfer>>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Forwards,
    Backwards,
}

impl Direction {
    /// What is there now and what shall be there.
    fn turn<T>(self, (before, after): Pair<T>) -> Pair<T> {
        match self {
            Self::Forwards => (before, after),
            Self::Backwards => (after, before),
        }
    }
}

impl State {
    /// Carries out what happened. The only writer, with its counterpart [`revert`](Self::revert).
    pub(crate) fn apply(&mut self, event: &AuditEvent) {
        self.seq = event.seq;
        self.last_at = event.at;
        changes(&event.event, &mut |change| self.write(change, Direction::Forwards));
    }

    /// Takes back the last event; `seq` and `last_at` are those of the event before it.
    pub(crate) fn revert(&mut self, event: &AuditEvent, seq: u64, last_at: DateTime<Utc>) {
        let mut made = Vec::new();
        changes(&event.event, &mut |change| made.push(change));
        for change in made.into_iter().rev() {
            self.write(change, Direction::Backwards);
        }
        self.seq = seq;
        self.last_at = last_at;
    }

    fn write(&mut self, change: Change<'_>, direction: Direction) {
        match change {
            Change::User(pair) => match direction.turn(pair) {
                (None, Some(user)) => self.insert_user(user.clone()),
                (Some(user), None) => self.remove_user(user.id),
                _ => {}
            },
            Change::Email(user, pair) => self.set_email(user, direction.turn(pair)),
            Change::Mfa(user, pair) => self.user(user, |row| row.user.mfa = direction.turn(pair).1),
            Change::SignIn(user, pair) => self.user(user, |row| row.user.sign_in = direction.turn(pair).1),
            Change::Team(pair) => match direction.turn(pair) {
                (None, Some(team)) => self.insert_team(team.clone()),
                (Some(team), None) => self.remove_team(team.id),
                _ => {}
            },
            Change::TeamName(team, pair) => {
                if let Some(ix) = self.team_ix(team) {
                    self.teams.rekey(ix, |row| row.team.name = direction.turn(pair).1);
                }
            }
            Change::Limits(team, pair) => self.team(team, |row| row.team.limits = direction.turn(pair).1),
            Change::DefaultRole(team, pair) => {
                self.team(team, |row| row.team.default_role = direction.turn(pair).1);
            }
            Change::OAuthAccess(team, pair) => {
                self.team(team, |row| row.team.oauth_access = direction.turn(pair).1);
            }
            Change::DeletionRequest(team, pair) => {
                self.team(team, |row| row.team.deletion_requested_at = direction.turn(pair).1);
            }
            Change::Member(team, user, pair) => self.set_role(team, user, direction.turn(pair)),
            Change::Invitation(pair) => match direction.turn(pair) {
                (None, Some(invitation)) => self.insert_invitation(invitation.clone()),
                (Some(invitation), None) => self.remove_invitation(invitation),
                _ => {}
            },
            Change::Drawn(pair) => self.drawn = direction.turn(pair).1,
            Change::App(pair) => match direction.turn(pair) {
                (None, Some(app)) => self.insert_app(app.clone()),
                (Some(app), None) => self.remove_app(app.id),
                _ => {}
            },
            Change::AppName(app, pair) => self.set_app_name(app, direction.turn(pair)),
            Change::Lock(app, pair) => self.app(app, |row| row.app.lock = direction.turn(pair).1),
            Change::Owner(app, pair) => self.set_owner(app, direction, pair),
            Change::Tenures(app, pair) => match direction.turn(pair) {
                (_, []) => drop(self.tenures.remove(&app)),
                (_, tenures) => drop(self.tenures.insert(app, tenures.to_vec())),
            },
            Change::Grant(app, user, pair) => self.set_grant(app, user, direction.turn(pair)),
            Change::Dyno(app, process, pair) => self.app(app, |row| set_dyno(row, process, direction.turn(pair).1)),
            Change::Transfer(pair) => match direction.turn(pair) {
                (None, Some(transfer)) => self.insert_transfer(*transfer),
                (Some(transfer), None) => self.remove_transfer(transfer),
                _ => {}
            },
        }
    }

    fn user_ix(&self, user: UserId) -> Option<UserIx> {
        self.users.find(user).map(|at| at.ix)
    }

    fn team_ix(&self, team: TeamId) -> Option<TeamIx> {
        self.teams.find(team).map(|at| at.ix)
    }

    fn app_ix(&self, app: AppId) -> Option<AppIx> {
        self.apps.find(app).map(|at| at.ix)
    }

    fn user(&mut self, user: UserId, change: impl FnOnce(&mut UserRow)) {
        if let Some(row) = self.user_ix(user).and_then(|ix| self.users.get_mut(ix)) {
            change(row);
        }
    }

    fn team(&mut self, team: TeamId, change: impl FnOnce(&mut TeamRow)) {
        if let Some(row) = self.team_ix(team).and_then(|ix| self.teams.get_mut(ix)) {
            change(row);
        }
    }

    fn app(&mut self, app: AppId, change: impl FnOnce(&mut AppRow)) {
        if let Some(row) = self.app_ix(app).and_then(|ix| self.apps.get_mut(ix)) {
            change(row);
        }
    }

    fn insert_user(&mut self, user: User) {
        self.users.insert(UserRow { user, seats: Vec::new(), grants: Vec::new(), apps: Holdings::default() });
    }

    fn remove_user(&mut self, user: UserId) {
        if let Some(ix) = self.user_ix(user) {
            self.users.remove(ix);
        }
    }

    fn set_email(&mut self, user: UserId, (from, to): Pair<&Email>) {
        let Some(ix) = self.user_ix(user) else { return };
        self.users.rekey(ix, |row| row.user.email = to.clone());
        for seat in self.users.get(ix).map(|row| row.seats.clone()).unwrap_or_default() {
            if let Some(team) = self.teams.get_mut(seat.team) {
                team.people.remove(from);
                team.people.insert(to.clone(), ix);
            }
        }
    }

    fn insert_team(&mut self, team: Team) {
        self.teams.insert(TeamRow {
            team,
            people: BTreeMap::new(),
            members: 0,
            admins: 0,
            invitations: BTreeMap::new(),
            expiries: Vec::new(),
            apps: Holdings::default(),
        });
    }

    fn remove_team(&mut self, team: TeamId) {
        if let Some(ix) = self.team_ix(team) {
            self.teams.remove(ix);
        }
    }

    fn set_role(&mut self, team: TeamId, user: UserId, (from, to): Pair<Option<TeamRole>>) {
        let (Some(team), Some(user)) = (self.team_ix(team), self.user_ix(user)) else { return };
        self.change_seat(team, user, |seat| seat.role = to);
        if let Some(row) = self.teams.get_mut(team) {
            row.members = (row.members + u32::from(to.is_some())).saturating_sub(from.is_some().into());
            let [was, is] = [from, to].map(|role| role == Some(TeamRole::Admin));
            row.admins = (row.admins + u32::from(is)).saturating_sub(was.into());
        }
    }

    /// Changes what a user is in a team; who is nothing there any more has no seat.
    fn change_seat(&mut self, team: TeamIx, user: UserIx, change: impl FnOnce(&mut Seat)) {
        let Some(row) = self.users.get_mut(user) else { return };
        let Some(people) = self.teams.get_mut(team).map(|team| &mut team.people) else { return };
        let found = row.seats.binary_search_by_key(&team, |seat| seat.team);
        let mut seat =
            found.ok().and_then(|at| row.seats.get(at).copied()).unwrap_or(Seat { team, role: None, grants: 0 });
        change(&mut seat);
        match (found, seat.role.is_some() || seat.grants > 0) {
            (Ok(at), true) => row.seats.splice(at..=at, [seat]).for_each(drop),
            (Ok(at), false) => {
                row.seats.remove(at);
                people.remove(&row.user.email);
            }
            (Err(at), true) => {
                row.seats.insert(at, seat);
                people.insert(row.user.email.clone(), user);
            }
            (Err(_), false) => {}
        }
    }

    fn insert_invitation(&mut self, invitation: Invitation) {
        self.team(invitation.team, |row| {
            let end = (invitation.expires_at, invitation.id);
            row.invitations.insert(invitation.email.clone(), invitation.id);
            let at = row.expiries.partition_point(|other| *other < end);
            row.expiries.insert(at, end);
        });
        self.invitations_by_email.insert((invitation.email.clone(), invitation.id));
        self.invitations.insert(invitation.id, invitation);
    }

    fn remove_invitation(&mut self, invitation: &Invitation) {
        self.team(invitation.team, |row| {
            row.invitations.remove(&invitation.email);
            if let Ok(at) = row.expiries.binary_search(&(invitation.expires_at, invitation.id)) {
                row.expiries.remove(at);
            }
        });
        self.invitations_by_email.remove(&(invitation.email.clone(), invitation.id));
        self.invitations.remove(&invitation.id);
    }

    fn insert_app(&mut self, app: App) {
        let Some(owner) = self.owner(app.owner) else { return };
        let (name, number) = (app.name, app.number);
        let ix = self.apps.insert(AppRow { app, owner, grants: Vec::new(), formation: Vec::new(), transfer: None });
        if let Some(held) = self.holdings_mut(owner) {
            held.by_name.insert(name, ix);
            held.by_number.insert(number, ix);
        }
    }

    fn remove_app(&mut self, app: AppId) {
        let Some(row) = self.app_ix(app).and_then(|ix| self.apps.remove(ix)) else { return };
        if let Some(held) = self.holdings_mut(row.owner) {
            held.by_name.remove(&row.app.name);
            held.by_number.remove(&row.app.number);
        }
    }

    fn set_app_name(&mut self, app: AppId, (from, to): Pair<AppName>) {
        let Some(at) = self.apps.find(app) else { return };
        let (ix, owner) = (at.ix, at.owner);
        self.apps.rekey(ix, |row| row.app.name = to);
        if let Some(held) = self.holdings_mut(owner) {
            held.by_name.remove(&from);
            held.by_name.insert(to, ix);
        }
    }

    /// Gives the app to another owner. Whoever is on it becomes a collaborator of the new team, if a team it is.
    fn set_owner(&mut self, app: AppId, direction: Direction, pair: Pair<(Owner, DateTime<Utc>)>) {
        let (_, (owner, since)) = direction.turn(pair);
        let (Some(ix), Some(to)) = (self.app_ix(app), self.owner(owner)) else { return };
        let Some(row) = self.apps.get_mut(ix) else { return };
        let from = core::mem::replace(&mut row.owner, to);
        row.app.owner = owner;
        row.app.owned_since = since;
        let (name, number) = (row.app.name, row.app.number);
        let people: Vec<UserIx> = row.grants.iter().map(|(user, _)| *user).collect();
        if let Some(held) = self.holdings_mut(from) {
            held.by_name.remove(&name);
            held.by_number.remove(&number);
        }
        if let Some(held) = self.holdings_mut(to) {
            held.by_name.insert(name, ix);
            held.by_number.insert(number, ix);
        }
        for user in people {
            if let OwnerIx::Team(team) = from {
                self.change_seat(team, user, |seat| seat.grants = seat.grants.saturating_sub(1));
            }
            if let OwnerIx::Team(team) = to {
                self.change_seat(team, user, |seat| seat.grants += 1);
            }
        }
        let ((former, from), (_, until)) = pair;
        let tenures = self.tenures.entry(app).or_default();
        match direction {
            Direction::Forwards => tenures.push(Tenure { owner: former, from, until: Some(until) }),
            Direction::Backwards => drop(tenures.pop()),
        }
        if tenures.is_empty() {
            self.tenures.remove(&app);
        }
    }

    fn set_grant(&mut self, app: AppId, user: UserId, (from, to): Pair<Option<PermissionSet>>) {
        let (Some(ix), Some(user)) = (self.app_ix(app), self.user_ix(user)) else { return };
        let Some(row) = self.apps.get_mut(ix) else { return };
        let owner = row.owner;
        match (row.grants.binary_search_by_key(&user, |(user, _)| *user), to) {
            (Ok(at), Some(permissions)) => row.grants.splice(at..=at, [(user, permissions)]).for_each(drop),
            (Ok(at), None) => drop(row.grants.remove(at)),
            (Err(at), Some(permissions)) => row.grants.insert(at, (user, permissions)),
            (Err(_), None) => {}
        }
        if from.is_some() == to.is_some() {
            return;
        }
        if let Some(row) = self.users.get_mut(user) {
            match (row.grants.binary_search(&ix), to) {
                (Err(at), Some(_)) => row.grants.insert(at, ix),
                (Ok(at), None) => drop(row.grants.remove(at)),
                _ => {}
            }
        }
        if let OwnerIx::Team(team) = owner {
            self.change_seat(team, user, |seat| match to {
                Some(_) => seat.grants += 1,
                None => seat.grants = seat.grants.saturating_sub(1),
            });
        }
    }

    fn insert_transfer(&mut self, transfer: AppTransfer) {
        self.app(transfer.app, |row| row.transfer = Some(transfer.id));
        self.transfers_by_user.extend([(transfer.owner, transfer.id), (transfer.recipient, transfer.id)]);
        self.transfers.insert(transfer.id, transfer);
    }

    fn remove_transfer(&mut self, transfer: &AppTransfer) {
        self.app(transfer.app, |row| row.transfer = None);
        self.transfers_by_user.remove(&(transfer.owner, transfer.id));
        self.transfers_by_user.remove(&(transfer.recipient, transfer.id));
        self.transfers.remove(&transfer.id);
    }
}

/// Sets the dynos of a process type; the formation stays in the order of the process types.
fn set_dyno(row: &mut AppRow, process: ProcessType, to: Option<Dyno>) {
    match (row.formation.binary_search_by_key(&process, |dyno| dyno.process), to) {
        (Ok(at), Some(dyno)) => row.formation.splice(at..=at, [dyno]).for_each(drop),
        (Ok(at), None) => drop(row.formation.remove(at)),
        (Err(at), Some(dyno)) => row.formation.insert(at, dyno),
        (Err(_), None) => {}
    }
}

/// What an event changes, in an order in which each change can be made, and taken back in reverse.
fn changes<'e>(event: &'e Event, write: &mut dyn FnMut(Change<'e>)) {
    match event {
        Event::UserRegistered { user } => write(Change::User((None, Some(user)))),
        Event::EmailChanged { changed } => {
            end_invitations(&changed.invitations_ended, write);
            write(Change::Email(changed.user, (&changed.from, &changed.to)));
        }
        Event::MfaChanged { user, from, to } => write(Change::Mfa(*user, (*from, *to))),
        Event::SignInChanged { user, from, to } => write(Change::SignIn(*user, (*from, *to))),
        Event::UserDeleted { deleted } => {
            let user = deleted.user.id;
            for transfer in &deleted.transfers {
                write(Change::Transfer((Some(transfer), None)));
            }
            end_invitations(&deleted.invitations, write);
            for (app, _, permissions) in &deleted.grants {
                write(Change::Grant(*app, user, (Some(*permissions), None)));
            }
            for (team, role) in &deleted.memberships {
                write(Change::Member(*team, user, (Some(*role), None)));
            }
            write(Change::User((Some(&deleted.user), None)));
        }
        Event::TeamProvisioned { team, admin } => {
            write(Change::Team((None, Some(team))));
            write(Change::Member(team.id, *admin, (None, Some(TeamRole::Admin))));
        }
        Event::TeamRenamed { team, from, to } => write(Change::TeamName(*team, (**from, **to))),
        Event::LimitsChanged { team, from, to } => write(Change::Limits(*team, (**from, **to))),
        Event::DefaultRoleChanged { team, from, to } => write(Change::DefaultRole(*team, (*from, *to))),
        Event::OAuthAccessChanged { team, from, to } => write(Change::OAuthAccess(*team, (*from, *to))),
        Event::TeamDeletionRequested { team, requested_at } => {
            write(Change::DeletionRequest(*team, (None, Some(*requested_at))));
        }
        Event::TeamDeletionWithdrawn { team, requested_at } => {
            write(Change::DeletionRequest(*team, (Some(*requested_at), None)));
        }
        Event::TeamDeleted { deleted } => {
            end_invitations(&deleted.invitations, write);
            for (user, role) in &deleted.members {
                write(Change::Member(deleted.team.id, *user, (Some(*role), None)));
            }
            write(Change::Team((Some(&deleted.team), None)));
        }
        Event::MemberAdded { team, user, role, invitation_ended } => {
            if let Some(invitation) = invitation_ended {
                write(Change::Invitation((Some(invitation), None)));
            }
            write(Change::Member(*team, *user, (None, Some(*role))));
        }
        Event::MemberRoleChanged { team, user, from, to } => {
            write(Change::Member(*team, *user, (Some(*from), Some(*to))));
        }
        Event::MemberRemoved { team, user, role, grants } => {
            for (app, permissions) in grants {
                write(Change::Grant(*app, *user, (Some(*permissions), None)));
            }
            write(Change::Member(*team, *user, (Some(*role), None)));
        }
        Event::MemberInvited { invitation, replaced } => {
            if let Some(replaced) = replaced {
                write(Change::Invitation((Some(replaced), None)));
            }
            write(Change::Invitation((None, Some(invitation))));
        }
        Event::InvitationAccepted { user, invitation } => {
            write(Change::Invitation((Some(invitation), None)));
            write(Change::Member(invitation.team, *user, (None, Some(invitation.role))));
        }
        Event::InvitationDeclined { invitation, .. } | Event::InvitationRevoked { invitation } => {
            write(Change::Invitation((Some(invitation), None)));
        }
        Event::AppCreated { created } => {
            let AppCreation { app, creator, drawn } = &**created;
            if let Some(drawn) = drawn {
                write(Change::Drawn((drawn.from, drawn.to)));
            }
            write(Change::App((None, Some(app))));
            if let Some((user, permissions)) = creator {
                write(Change::Grant(app.id, *user, (None, Some(*permissions))));
            }
        }
        Event::AppRenamed { app, from, to, .. } => write(Change::AppName(*app, (**from, **to))),
        Event::AppLocked { app, .. } => write(Change::Lock(*app, (Lock::Unlocked, Lock::Locked))),
        Event::AppUnlocked { app, .. } => write(Change::Lock(*app, (Lock::Locked, Lock::Unlocked))),
        Event::AppScaled { app, dynos, .. } => change_dyno(*app, dynos, write),
        Event::AppDeleted { deleted } => {
            let app = deleted.app.id;
            if let Some(transfer) = &deleted.transfer {
                write(Change::Transfer((Some(transfer), None)));
            }
            for (user, permissions) in &deleted.grants {
                write(Change::Grant(app, *user, (Some(*permissions), None)));
            }
            for dyno in &deleted.formation {
                write(Change::Dyno(app, dyno.process, (Some(*dyno), None)));
            }
            write(Change::Tenures(app, (&deleted.tenures, &[])));
            write(Change::App((Some(&deleted.app), None)));
        }
        Event::AppJoined { app, user, permissions, .. }
        | Event::PermissionsGranted { app, user, permissions, .. }
        | Event::CollaboratorAdded { app, user, permissions, .. } => {
            write(Change::Grant(*app, *user, (None, Some(*permissions))));
        }
        Event::PermissionsChanged { app, user, from, to, .. } => {
            write(Change::Grant(*app, *user, (Some(*from), Some(*to))));
        }
        Event::CollaboratorRemoved { app, user, permissions, transfer_ended, .. } => {
            if let Some(transfer) = transfer_ended {
                write(Change::Transfer((Some(transfer), None)));
            }
            write(Change::Grant(*app, *user, (Some(*permissions), None)));
        }
        Event::AppTransferred { moved } | Event::AppTransferAccepted { moved } => move_app(moved, write),
        Event::AppsTransferred { moved } => moved.iter().for_each(|moved| move_app(moved, write)),
        Event::AppTransferRequested { transfer } => write(Change::Transfer((None, Some(transfer)))),
        Event::AppTransferDeclined { transfer } | Event::AppTransferCancelled { transfer } => {
            write(Change::Transfer((Some(transfer), None)));
        }
    }
}

fn end_invitations<'e>(invitations: &'e [Invitation], write: &mut dyn FnMut(Change<'e>)) {
    for invitation in invitations {
        write(Change::Invitation((Some(invitation), None)));
    }
}

fn move_app<'e>(moved: &'e Move, write: &mut dyn FnMut(Change<'e>)) {
    if let Some(transfer) = &moved.transfer_ended {
        write(Change::Transfer((Some(transfer), None)));
    }
    write(Change::Owner(moved.app, ((moved.from, moved.owned_since), (moved.to, moved.at))));
    for grant in &moved.grants {
        write(Change::Grant(moved.app, grant.user, (grant.from, grant.to)));
    }
    for dyno in &moved.dynos {
        change_dyno(moved.app, dyno, write);
    }
}

fn change_dyno<'e>(app: AppId, dynos: &'e DynoChange, write: &mut dyn FnMut(Change<'e>)) {
    write(Change::Dyno(app, dynos.process, (dynos.from, dynos.to)));
}
