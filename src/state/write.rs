//! The one writer: makes an event's changes, forwards and backwards, each with the indexes that it touches.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::change::{Change, Direction, Pair, changes};
use super::{
    AccountIx, AccountRow, AppIx, AppRow, Holdings, Load, Meter, OwnerIx, PipelineRow, SpaceIx, SpaceRow, State,
    TeamIx, TeamLink, TeamRow, UserIx, UserRow,
};
use crate::entity::{
    AccountPermission, AccountPermissionSet, AddOn, App, AppTransfer, Dyno, EnterpriseAccount, Invitation, Owner,
    OwnershipPeriod, Pipeline, Plan, Space, Stage, Team, User,
};
use crate::event::AuditEvent;
use crate::ids::{AccountId, AddOnId, AppId, PipelineId, SpaceId, TeamId, UserId};
use crate::names::{AppName, Email, ProcessType, SpaceName, TeamName};
use crate::permission::PermissionSet;
use crate::role::TeamRole;

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

    /// As [`apply`](Self::apply), for events from elsewhere; `false` where one does not fit, and then the state is spoilt.
    #[must_use]
    pub(crate) fn try_apply(&mut self, event: &AuditEvent) -> bool {
        self.seq = event.seq;
        self.last_at = event.at;
        let mut fits = true;
        changes(&event.event, &mut |change| {
            fits = fits && self.fits(change, Direction::Forwards);
            if fits {
                self.write(change, Direction::Forwards);
            }
        });
        fits
    }

    /// As [`revert`](Self::revert), for events from elsewhere; `false` where one does not fit, and then the state is spoilt.
    #[must_use]
    pub(crate) fn try_revert(&mut self, event: &AuditEvent, seq: u64, last_at: DateTime<Utc>) -> bool {
        let mut made = Vec::new();
        changes(&event.event, &mut |change| made.push(change));
        for change in made.into_iter().rev() {
            if !self.fits(change, Direction::Backwards) {
                return false;
            }
            self.write(change, Direction::Backwards);
        }
        (self.seq, self.last_at) = (seq, last_at);
        true
    }

    fn write(&mut self, change: Change<'_>, direction: Direction) {
        match change {
            Change::Options(pair) => {
                if let (_, Some(options)) = direction.turn(pair) {
                    self.settings.options = options.clone();
                }
            }
            Change::User(pair) => match direction.turn(pair) {
                (None, Some(user)) => self.insert_user(user.clone()),
                (Some(user), None) => self.remove_user(user.id),
                _ => {}
            },
            Change::Email(user, pair) => self.set_email(user, direction.turn(pair)),
            Change::Mfa(user, pair) => self.user(user, |row| row.user.mfa = direction.turn(pair).1),
            Change::SignIn(user, pair) => self.user(user, |row| row.user.sign_in = direction.turn(pair).1),
            Change::Team(pair) => match direction.turn(pair) {
                (None, Some(team)) => {
                    self.insert_team(team.clone());
                    self.set_account_times(team.id, direction, (pair.0.and(team.account), pair.1.and(team.account)));
                }
                (Some(team), None) => {
                    self.set_account_times(team.id, direction, (pair.0.and(team.account), pair.1.and(team.account)));
                    self.remove_team(team.id);
                }
                _ => {}
            },
            Change::TeamName(team, pair) => self.set_team_name(team, direction.turn(pair)),
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
            Change::NameDraw(pair) => self.drawn = direction.turn(pair).1,
            Change::App(pair) => match direction.turn(pair) {
                (None, Some(app)) => drop(self.insert_app(app.clone())),
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
            Change::Dyno(app, process, pair) => self.set_dyno(app, process, direction, pair),
            Change::Transfer(pair) => match direction.turn(pair) {
                (None, Some(transfer)) => self.insert_transfer(*transfer),
                (Some(transfer), None) => self.remove_transfer(transfer),
                _ => {}
            },
            Change::Space(pair) => {
                match direction.turn(pair) {
                    (None, Some(space)) => self.insert_space(space.clone()),
                    (Some(space), None) => self.remove_space(space),
                    _ => {}
                }
                if let Some(space) = pair.0.or(pair.1) {
                    let load = |space: &Space| (Owner::Team(space.team), Load::Space(space.shield));
                    self.meter(Meter::Space(space.id), direction, (pair.0.map(load), pair.1.map(load)));
                }
            }
            Change::SpaceName(space, pair) => self.set_space_name(space, direction.turn(pair)),
            Change::SpaceTeam(space, pair) => self.set_space_team(space, direction, pair),
            Change::AppCreator(space, user, pair) => self.set_app_creator(space, user, direction.turn(pair).1),
            Change::Pipeline(pair) => match direction.turn(pair) {
                (None, Some(pipeline)) => self.insert_pipeline(pipeline.clone()),
                (Some(pipeline), None) => self.remove_pipeline(pipeline),
                _ => {}
            },
            Change::PipelineName(pipeline, pair) => {
                let (_, name) = direction.turn(pair);
                self.relist_pipeline(pipeline, |row| row.pipeline.name = name);
            }
            Change::PipelineOwner(pipeline, pair) => self.set_pipeline_owner(pipeline, direction.turn(pair).1),
            Change::Coupling(app, pair) => self.set_coupling(app, direction.turn(pair)),
            Change::Release(app, pair) => {
                self.app(app, |row| row.work_mut().release = direction.turn(pair).1.cloned());
            }
            Change::Account(pair) => match direction.turn(pair) {
                (None, Some(account)) => self.insert_account(account.clone()),
                (Some(account), None) => self.remove_account(account.id),
                _ => {}
            },
            Change::AccountMember(account, user, pair) => {
                self.set_account_member(account, user, direction.turn(pair));
            }
            Change::TeamAccount(team, pair) => {
                self.set_team_account(team, direction.turn(pair));
                self.set_account_times(team, direction, pair);
            }
            Change::TeamKind(team, pair) => self.team(team, |row| row.team.kind = direction.turn(pair).1),
            Change::IdentityProvider(team, pair) => {
                let (_, to) = direction.turn(pair);
                self.team(team, |row| row.identity_provider = to.cloned().map(Box::new));
            }
            Change::Sso(team, pair) => self.team(team, |row| row.team.sso = direction.turn(pair).1),
            Change::AddOn(pair) => self.set_add_on(direction, pair),
            Change::Plan(add_on, pair) => self.set_plan(add_on, direction, pair),
            Change::AddOnControls(team, pair) => {
                self.team(team, |row| row.team.add_on_controls = direction.turn(pair).1);
            }
            Change::AllowedAddOn(team, service, pair) => self.team(team, |row| {
                if direction.turn(pair).1.is_some() {
                    row.allowed_add_ons.insert(service);
                } else {
                    row.allowed_add_ons.remove(&service);
                }
            }),
            Change::PaymentMethod(team, pair) => {
                self.team(team, |row| row.payment_method = direction.turn(pair).1.cloned());
            }
            Change::MoveOutRequest(team, pair) => {
                self.team(team, |row| row.team.move_out_requested_at = direction.turn(pair).1);
            }
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

    fn space_ix(&self, space: SpaceId) -> Option<SpaceIx> {
        self.spaces.find(space).map(|at| at.ix)
    }

    fn user(&mut self, user: UserId, change: impl FnOnce(&mut UserRow)) {
        if let Some(row) = self.user_ix(user).and_then(|ix| self.users.get_mut(ix)) {
            change(row);
        }
    }

    pub(super) fn team(&mut self, team: TeamId, change: impl FnOnce(&mut TeamRow)) {
        if let Some(row) = self.team_ix(team).and_then(|ix| self.teams.get_mut(ix)) {
            change(row);
        }
    }

    pub(super) fn app(&mut self, app: AppId, change: impl FnOnce(&mut AppRow)) {
        if let Some(row) = self.app_ix(app).and_then(|ix| self.apps.get_mut(ix)) {
            change(row);
        }
    }

    pub(super) fn insert_user(&mut self, user: User) {
        self.users.insert(UserRow::new(user));
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
        let accounts: Vec<AccountId> = self.accounts_of(user).map(|(account, _)| account).collect();
        for account in accounts {
            self.account(account, |row| {
                row.members.remove(from);
                row.members.insert(to.clone(), ix);
            });
        }
    }

    fn set_team_name(&mut self, team: TeamId, (from, to): Pair<TeamName>) {
        let Some(at) = self.teams.find(team) else { return };
        let (ix, account) = (at.ix, at.account);
        self.teams.rekey(ix, |row| row.team.name = to);
        if let Some(row) = account.and_then(|account| self.accounts.get_mut(account)) {
            row.teams.remove(&from);
            row.teams.insert(to, ix);
        }
    }

    pub(super) fn insert_team(&mut self, team: Team) {
        let (name, account) = (team.name, team.account.and_then(|account| self.account_ix(account)));
        let ix = self.teams.insert(TeamRow {
            team,
            account,
            identity_provider: None,
            allowed_add_ons: BTreeSet::new(),
            payment_method: None,
            spaces: BTreeMap::new(),
            people: BTreeMap::new(),
            members: 0,
            admins: 0,
            invitations: BTreeMap::new(),
            expiries: Vec::new(),
            apps: Holdings::default(),
        });
        if let Some(row) = account.and_then(|account| self.accounts.get_mut(account)) {
            row.teams.insert(name, ix);
        }
    }

    fn remove_team(&mut self, team: TeamId) {
        let Some(row) = self.team_ix(team).and_then(|ix| self.teams.remove(ix)) else { return };
        if let Some(account) = row.account.and_then(|account| self.accounts.get_mut(account)) {
            account.teams.remove(&row.team.name);
        }
    }

    pub(super) fn set_role(&mut self, team: TeamId, user: UserId, (from, to): Pair<Option<TeamRole>>) {
        let (Some(team), Some(user)) = (self.team_ix(team), self.user_ix(user)) else { return };
        self.change_seat(team, user, |seat| seat.role = to);
        if let Some(row) = self.teams.get_mut(team) {
            row.members = (row.members + u32::from(to.is_some())).saturating_sub(from.is_some().into());
            let [was, is] = [from, to].map(|role| role == Some(TeamRole::Admin));
            row.admins = (row.admins + u32::from(is)).saturating_sub(was.into());
        }
    }

    /// Changes what a user is in a team; who is nothing there any more has no seat.
    fn change_seat(&mut self, team: TeamIx, user: UserIx, change: impl FnOnce(&mut TeamLink)) {
        let Some(row) = self.users.get_mut(user) else { return };
        let Some(people) = self.teams.get_mut(team).map(|team| &mut team.people) else { return };
        let found = row.seats.binary_search_by_key(&team, |seat| seat.team);
        let mut seat =
            found.ok().and_then(|at| row.seats.get(at).copied()).unwrap_or(TeamLink { team, role: None, grants: 0 });
        change(&mut seat);
        match (found, seat.role.is_some() || seat.grants > 0) {
            (Ok(at), true) => row.seats.iter_mut().skip(at).take(1).for_each(|held| *held = seat),
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

    pub(super) fn insert_invitation(&mut self, invitation: Invitation) {
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

    pub(super) fn insert_app(&mut self, app: App) -> Option<AppIx> {
        let owner = self.owner(app.owner)?;
        let (name, number) = (app.name, app.number);
        let space = app.space.and_then(|space| self.space_ix(space));
        let ix = self.apps.insert(AppRow::new(app, owner));
        if let Some(held) = self.holdings_mut(owner) {
            held.by_name.insert(name, ix);
            held.by_number.insert(number, ix);
        }
        if let Some(row) = space.and_then(|space| self.spaces.get_mut(space)) {
            row.apps.insert(ix);
        }
        Some(ix)
    }

    fn remove_app(&mut self, app: AppId) {
        let Some(ix) = self.app_ix(app) else { return };
        let Some(row) = self.apps.remove(ix) else { return };
        if let Some(held) = self.holdings_mut(row.owner) {
            held.by_name.remove(&row.app.name);
            held.by_number.remove(&row.app.number);
        }
        let space = row.app.space.and_then(|space| self.space_ix(space));
        if let Some(space) = space.and_then(|space| self.spaces.get_mut(space)) {
            space.apps.remove(&ix);
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
        let people: Vec<UserIx> = row.grants.iter().map(|(user, _)| user).collect();
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
        let ((former, from), (latter, until)) = pair;
        for (meter, load) in self.loads_of(app) {
            self.meter(meter, direction, (Some((former, load)), Some((latter, load))));
        }
        let tenures = self.tenures.entry(app).or_default();
        match direction {
            Direction::Forwards => tenures.push(OwnershipPeriod { owner: former, from, until: Some(until) }),
            Direction::Backwards => drop(tenures.pop()),
        }
        if tenures.is_empty() {
            self.tenures.remove(&app);
        }
    }

    pub(super) fn set_grant(&mut self, app: AppId, user: UserId, (from, to): Pair<Option<PermissionSet>>) {
        if let (Some(app), Some(user)) = (self.app_ix(app), self.user_ix(user)) {
            self.put_grant(app, user, (from, to));
        }
    }

    pub(super) fn put_grant(&mut self, ix: AppIx, user: UserIx, (from, to): Pair<Option<PermissionSet>>) {
        let Some(row) = self.apps.get_mut(ix) else { return };
        let owner = row.owner;
        row.grants.set(user, to);
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

    pub(super) fn insert_transfer(&mut self, transfer: AppTransfer) {
        self.app(transfer.app, |row| row.work_mut().transfer = Some(transfer.id));
        self.transfers_by_user.insert(transfer.owner, transfer.id);
        self.transfers_by_user.insert(transfer.recipient, transfer.id);
        self.transfers.insert(transfer.id, transfer);
    }

    fn remove_transfer(&mut self, transfer: &AppTransfer) {
        self.app(transfer.app, |row| row.work_mut().transfer = None);
        self.transfers_by_user.remove(transfer.owner, transfer.id);
        self.transfers_by_user.remove(transfer.recipient, transfer.id);
        self.transfers.remove(&transfer.id);
    }

    /// Sets the dynos of a process type; the formation stays in the order of the process types.
    fn set_dyno(&mut self, app: AppId, process: ProcessType, direction: Direction, pair: Pair<Option<Dyno>>) {
        let Some(row) = self.app_ix(app).and_then(|ix| self.apps.get_mut(ix)) else { return };
        match (row.work_mut().formation.binary_search_by_key(&process, |dyno| dyno.process), direction.turn(pair).1) {
            (Ok(at), Some(dyno)) => row.work_mut().formation.splice(at..=at, [dyno]).for_each(drop),
            (Ok(at), None) => drop(row.work_mut().formation.remove(at)),
            (Err(at), Some(dyno)) => row.work_mut().formation.insert(at, dyno),
            (Err(_), None) => {}
        }
        let payer = row.app.owner;
        let load = |dyno: Dyno| (payer, Load::from(dyno));
        self.meter(Meter::Dynos(app, process), direction, (pair.0.map(load), pair.1.map(load)));
    }

    fn set_add_on(&mut self, direction: Direction, pair: Pair<Option<&AddOn>>) {
        let Some(add_on) = pair.0.or(pair.1) else { return };
        if direction.turn(pair).1.is_some() {
            self.add_ons.insert(add_on.id, *add_on);
            self.add_ons_by_app.insert(add_on.app, add_on.id);
        } else {
            self.add_ons.remove(&add_on.id);
            self.add_ons_by_app.remove(add_on.app, add_on.id);
        }
        let Some(payer) = self.apps.find(add_on.app).map(|app| app.app.owner) else { return };
        let load = |add_on: &AddOn| (payer, Load::AddOn(add_on.service, add_on.plan));
        self.meter(Meter::AddOn(add_on.app, add_on.id), direction, (pair.0.map(load), pair.1.map(load)));
    }

    fn set_plan(&mut self, add_on: AddOnId, direction: Direction, pair: Pair<Plan>) {
        let Some(row) = self.add_ons.get_mut(&add_on) else { return };
        row.plan = direction.turn(pair).1;
        let (app, service) = (row.app, row.service);
        let Some(payer) = self.apps.find(app).map(|app| app.app.owner) else { return };
        let load = |plan| Some((payer, Load::AddOn(service, plan)));
        self.meter(Meter::AddOn(app, add_on), direction, (load(pair.0), load(pair.1)));
    }

    /// Everything that is metered for the app.
    fn loads_of(&self, app: AppId) -> Vec<(Meter, Load)> {
        let formation = self.apps.find(app).into_iter().flat_map(|row| row.row.formation());
        let dynos = formation.map(|dyno| (Meter::Dynos(app, dyno.process), Load::from(*dyno)));
        let add_ons = self.add_ons_of(app);
        dynos.chain(add_ons.map(|one| (Meter::AddOn(app, one.id), Load::AddOn(one.service, one.plan)))).collect()
    }

    /// Stops what ran on the meter and starts what runs from now on, or takes that back.
    fn meter(&mut self, meter: Meter, direction: Direction, (before, after): Pair<Option<(Owner, Load)>>) {
        let at = self.last_at;
        match direction {
            Direction::Forwards => {
                if before.is_some() {
                    self.ledger.stop(meter, at);
                }
                if let Some((payer, load)) = after {
                    self.ledger.start(meter, payer, load, at);
                }
            }
            Direction::Backwards => {
                if after.is_some() {
                    self.ledger.unstart(meter);
                }
                if before.is_some() {
                    self.ledger.resume(meter);
                }
            }
        }
    }

    /// Ends and starts the time for which an account is billed for the team, or takes that back.
    fn set_account_times(&mut self, team: TeamId, direction: Direction, (before, after): Pair<Option<AccountId>>) {
        let at = self.last_at;
        let last = |state: &mut Self, account, until| {
            if let Some((_, end)) = state.account_times.get_mut(&(account, team)).and_then(|times| times.last_mut()) {
                *end = until;
            }
        };
        match direction {
            Direction::Forwards => {
                if let Some(account) = before {
                    last(self, account, Some(at));
                }
                if let Some(account) = after {
                    self.account_times.entry((account, team)).or_default().push((at, None));
                }
            }
            Direction::Backwards => {
                if let Some(account) = after {
                    let key = (account, team);
                    if let Some(times) = self.account_times.get_mut(&key) {
                        times.pop();
                        if times.is_empty() {
                            self.account_times.remove(&key);
                        }
                    }
                }
                if let Some(account) = before {
                    last(self, account, None);
                }
            }
        }
    }

    pub(super) fn insert_space(&mut self, space: Space) {
        let Some(team) = self.team_ix(space.team) else { return };
        let name = space.name;
        let ix = self.spaces.insert(SpaceRow { space, team, apps: BTreeSet::new(), creators: BTreeSet::new() });
        if let Some(row) = self.teams.get_mut(team) {
            row.spaces.insert(name, ix);
        }
    }

    fn remove_space(&mut self, space: &Space) {
        let Some(at) = self.spaces.find(space.id) else { return };
        let (ix, team) = (at.ix, at.team);
        self.spaces.remove(ix);
        if let Some(row) = self.teams.get_mut(team) {
            row.spaces.remove(&space.name);
        }
    }

    fn set_space_name(&mut self, space: SpaceId, (from, to): Pair<SpaceName>) {
        let Some(at) = self.spaces.find(space) else { return };
        let (ix, team) = (at.ix, at.team);
        self.spaces.rekey(ix, |row| row.space.name = to);
        if let Some(row) = self.teams.get_mut(team) {
            row.spaces.remove(&from);
            row.spaces.insert(to, ix);
        }
    }

    fn set_space_team(&mut self, space: SpaceId, direction: Direction, pair: Pair<TeamId>) {
        let (from, to) = direction.turn(pair);
        let (Some(from), Some(into)) = (self.team_ix(from), self.team_ix(to)) else { return };
        let Some(ix) = self.space_ix(space) else { return };
        let Some(row) = self.spaces.get_mut(ix) else { return };
        row.space.team = to;
        row.team = into;
        let (name, load) = (row.space.name, Load::Space(row.space.shield));
        let running = |team| Some((Owner::Team(team), load));
        if let Some(row) = self.teams.get_mut(from) {
            row.spaces.remove(&name);
        }
        if let Some(row) = self.teams.get_mut(into) {
            row.spaces.insert(name, ix);
        }
        self.meter(Meter::Space(space), direction, (running(pair.0), running(pair.1)));
    }

    pub(super) fn set_app_creator(&mut self, space: SpaceId, user: UserId, to: Option<()>) {
        let Some(row) = self.space_ix(space).and_then(|ix| self.spaces.get_mut(ix)) else { return };
        if to.is_some() {
            row.creators.insert(user);
            self.app_creators.insert(user, space);
        } else {
            row.creators.remove(&user);
            self.app_creators.remove(user, space);
        }
    }

    pub(super) fn insert_pipeline(&mut self, pipeline: Pipeline) {
        let Some(owner) = self.owner(pipeline.owner) else { return };
        let key = (pipeline.name, pipeline.number);
        let ix = self.pipelines.insert(PipelineRow { pipeline, owner, apps: BTreeSet::new() });
        if let Some(held) = self.holdings_mut(owner) {
            held.pipelines.insert(key, ix);
        }
    }

    fn remove_pipeline(&mut self, pipeline: &Pipeline) {
        let Some(row) = self.pipelines.find(pipeline.id).map(|at| at.ix).and_then(|ix| self.pipelines.remove(ix))
        else {
            return;
        };
        if let Some(held) = self.holdings_mut(row.owner) {
            held.pipelines.remove(&(row.pipeline.name, row.pipeline.number));
        }
    }

    /// Changes a pipeline's name or owner, and the lists that it stands in.
    fn relist_pipeline(&mut self, pipeline: PipelineId, change: impl FnOnce(&mut PipelineRow)) {
        let Some(ix) = self.pipelines.find(pipeline).map(|at| at.ix) else { return };
        let Some(row) = self.pipelines.get_mut(ix) else { return };
        let (from, before) = (row.owner, (row.pipeline.name, row.pipeline.number));
        change(row);
        let (to, after) = (row.owner, (row.pipeline.name, row.pipeline.number));
        if let Some(held) = self.holdings_mut(from) {
            held.pipelines.remove(&before);
        }
        if let Some(held) = self.holdings_mut(to) {
            held.pipelines.insert(after, ix);
        }
    }

    fn set_pipeline_owner(&mut self, pipeline: PipelineId, to: Owner) {
        let Some(owner) = self.owner(to) else { return };
        self.relist_pipeline(pipeline, |row| {
            row.pipeline.owner = to;
            row.owner = owner;
        });
    }

    pub(super) fn set_coupling(&mut self, app: AppId, (from, to): Pair<Option<(PipelineId, Stage)>>) {
        let Some(ix) = self.app_ix(app) else { return };
        let place = |state: &Self, pipeline| state.pipelines.find(pipeline).map(|at| at.ix);
        if let Some(row) =
            from.and_then(|(pipeline, _)| place(self, pipeline)).and_then(|at| self.pipelines.get_mut(at))
        {
            row.apps.remove(&ix);
        }
        let coupling = to.and_then(|(pipeline, stage)| Some((place(self, pipeline)?, stage)));
        if let Some(row) = coupling.and_then(|(pipeline, _)| self.pipelines.get_mut(pipeline)) {
            row.apps.insert(ix);
        }
        self.app(app, |row| row.work_mut().coupling = coupling);
    }

    fn account_ix(&self, account: AccountId) -> Option<AccountIx> {
        self.accounts.find(account).map(|at| at.ix)
    }

    fn account(&mut self, account: AccountId, change: impl FnOnce(&mut AccountRow)) {
        if let Some(row) = self.account_ix(account).and_then(|ix| self.accounts.get_mut(ix)) {
            change(row);
        }
    }

    pub(super) fn insert_account(&mut self, account: EnterpriseAccount) {
        self.accounts.insert(AccountRow { account, members: BTreeMap::new(), managers: 0, teams: BTreeMap::new() });
    }

    fn remove_account(&mut self, account: AccountId) {
        if let Some(ix) = self.account_ix(account) {
            self.accounts.remove(ix);
        }
    }

    pub(super) fn set_account_member(
        &mut self,
        account: AccountId,
        user: UserId,
        (from, to): Pair<Option<AccountPermissionSet>>,
    ) {
        let Some(person) = self.users.find(user) else { return };
        let (ix, email) = (person.ix, person.user.email.clone());
        self.account(account, |row| {
            let [was, is] = [from, to].map(|set| set.is_some_and(|set| set.contains(AccountPermission::Manage)));
            row.managers = (row.managers + u32::from(is)).saturating_sub(was.into());
            match to {
                Some(_) => row.members.insert(email, ix),
                None => row.members.remove(&email),
            };
        });
        match to {
            Some(permissions) => self.account_members.insert((user, account), permissions),
            None => self.account_members.remove(&(user, account)),
        };
    }

    fn set_team_account(&mut self, team: TeamId, (from, to): Pair<Option<AccountId>>) {
        let Some(at) = self.teams.find(team) else { return };
        let (ix, name) = (at.ix, at.team.name);
        if let Some(account) = from {
            self.account(account, |row| {
                row.teams.remove(&name);
            });
        }
        if let Some(account) = to {
            self.account(account, |row| {
                row.teams.insert(name, ix);
            });
        }
        let account = to.and_then(|account| self.account_ix(account));
        if let Some(row) = self.teams.get_mut(ix) {
            row.team.account = to;
            row.account = account;
        }
    }
}
