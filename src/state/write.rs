//! The one writer: makes an event's changes, forwards and backwards, each with the indexes that it touches.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use smallvec::{SmallVec, smallvec};

use super::change::{Change, Direction, Pair, Thing, accounts, changes, goes};
use super::ledger::Loads;
use super::{
    AccountRow, AppIx, AppRow, At, GroupGrant, GroupRow, Holdings, LISTED_FROM, Load, Meter, Moment, OwnerIx, People,
    PipelineRow, RoleRow, RoleSlot, SORTED_FROM, SpaceRow, Stamp, State, Table, TeamIx, TeamLink, TeamRow, UserIx,
    UserRow, there,
};
use crate::entity::{
    AccountPermission, AccountPermissionSet, AddOn, App, AppTransfer, Dyno, EnterpriseAccount, Group, Held,
    IdentityProvider, Invitation, Labels, OAuthAccess, Owner, OwnershipPeriod, Pipeline, Release, SignInRequirement,
    Space, Stage, Team, User,
};
use crate::event::AuditEvent;
use crate::ids::{AccountId, AppId, GroupId, PipelineId, RoleId, SpaceId, TeamId, UserId};
use crate::names::{
    AppName, Email, GroupName, PaymentMethod, PipelineName, ProcessType, RoleName, SpaceName, TeamName,
};
use crate::permission::{Permission, PermissionSet};
use crate::policy::{CustomRole, RoleRights};
use crate::role::{TeamKind, TeamRole};
use crate::sort;

impl State {
    /// Carries out what happened. The only writer, with its counterpart [`revert`](Self::revert).
    pub(crate) fn apply(&mut self, event: &AuditEvent) {
        debug_assert!(self.confirms(event, Some(self.last_at)), "{event:?}");
        self.make(event);
    }

    /// Makes the changes of an event.
    pub(crate) fn make(&mut self, event: &AuditEvent) {
        (self.seq, self.last_at) = (event.seq, event.at);
        changes(&event.event, &mut |change| self.write(change, Direction::Forwards));
    }

    /// Takes back the last event; `seq` and `last_at` are those of the event before it.
    pub(crate) fn revert(&mut self, event: &AuditEvent, seq: u64, last_at: DateTime<Utc>) {
        let mut made = Vec::new();
        changes(&event.event, &mut |change| made.push(change));
        for change in made.into_iter().rev() {
            self.write(change, Direction::Backwards);
        }
        (self.seq, self.last_at) = (seq, last_at);
    }

    /// As [`apply`](Self::apply), for events from elsewhere; `false` where one does not fit, and then the state is as it was.
    #[must_use]
    pub(crate) fn try_apply(&mut self, event: &AuditEvent) -> bool {
        let before = (self.seq, self.last_at);
        let mut fits = self.confirms(event, Some(self.last_at));
        let mut made = SmallVec::<[Change<'_>; 4]>::new();
        (self.seq, self.last_at) = (event.seq, event.at);
        changes(&event.event, &mut |change| {
            fits = fits && self.accepts(change, Direction::Forwards);
            if fits {
                self.write(change, Direction::Forwards);
                made.push(change);
            }
        });
        if !fits {
            for change in made.into_iter().rev() {
                self.write(change, Direction::Backwards);
            }
            (self.seq, self.last_at) = before;
        }
        fits
    }

    /// As [`revert`](Self::revert), for events from elsewhere; `since` is the time of the event before it, where that is known. `false`
    /// where one does not fit, and then the state is spoilt.
    #[must_use]
    pub(crate) fn try_revert(&mut self, event: &AuditEvent, seq: u64, since: Option<DateTime<Utc>>) -> bool {
        let mut made = Vec::new();
        changes(&event.event, &mut |change| made.push(change));
        for change in made.into_iter().rev() {
            if !self.accepts(change, Direction::Backwards) {
                return false;
            }
            self.write(change, Direction::Backwards);
        }
        (self.seq, self.last_at) = (seq, since.unwrap_or(event.at));
        self.confirms(event, since)
    }

    fn write(&mut self, change: Change<'_>, direction: Direction) {
        debug_assert!(self.accepts(change, direction), "{direction:?}: {change:?}");
        let metered = self.metered(change);
        match change {
            Change::Options(pair) => {
                if let (_, Some(options)) = direction.oriented(pair) {
                    self.settings.options = options.clone();
                }
            }
            Change::Field(field) => self.write_field(field, direction),
            Change::Changed(thing) => {
                if let Some(held) = there(self.dated(thing)) {
                    let changed_at = self.retimed(held.changed.into(), direction);
                    self.set_changed_at(thing, changed_at);
                }
            }
            Change::User(pair) => self.come_or_go(
                direction.oriented(pair),
                |state, user| state.insert_user(user.clone()),
                |state, user| drop(state.users.ix(user.id).and_then(|ix| state.users.remove(ix))),
            ),
            Change::Team(pair) => {
                let times = accounts(pair);
                self.come_or_go(
                    direction.oriented(pair),
                    |state, team| {
                        state.insert_team(team.clone());
                        state.set_account_times(team.id, direction, times);
                    },
                    |state, team| {
                        state.set_account_times(team.id, direction, times);
                        state.remove_team(team.id);
                    },
                );
            }
            Change::Member(team, user, pair) => {
                let to = direction.oriented(pair).1;
                let stamp = self.restamped(self.membership(team, user), to.is_some(), direction);
                self.set_role(team, user, to.zip(stamp));
                self.keep_end(Held::Membership { team, user }, pair, direction);
            }
            Change::Invitation(pair) => self.come_or_go(
                direction.oriented(pair),
                |state, invitation| state.insert_invitation(invitation.clone()),
                Self::remove_invitation,
            ),
            Change::NameDraw(pair) => self.drawn = direction.oriented(pair).1,
            Change::App(pair) => self.come_or_go(
                direction.oriented(pair),
                |state, app| _ = state.insert_app(app.clone()),
                |state, app| state.remove_app(app.id),
            ),
            Change::Owner(app, pair) => self.set_owner(app, direction, pair),
            Change::History(app, pair) => match direction.oriented(pair) {
                (_, []) => drop(self.history.remove(&app)),
                (_, history) => drop(self.history.insert(app, history.to_vec())),
            },
            Change::Grant(app, user, pair) => {
                let oriented = direction.oriented(pair);
                let stamp = self.restamped(self.granted(app, user), oriented.1.is_some(), direction);
                if let (Some(app), Some(user)) = (self.apps.ix(app), self.users.ix(user)) {
                    self.put_grant(app, user, oriented, stamp);
                }
                self.keep_end(Held::Grant { app, user }, pair, direction);
            }
            Change::Group(pair) => self.come_or_go(
                direction.oriented(pair),
                |state, group| state.insert_group(group.clone()),
                Self::remove_group,
            ),
            Change::Role(pair) => self.come_or_go(
                direction.oriented(pair),
                |state, role| state.insert_role(role.clone()),
                Self::remove_role,
            ),
            Change::GroupMember(group, user, _) => {
                let since = self.once(self.in_group_since(group, user), direction);
                self.set_group_member(group, user, since);
            }
            Change::GroupGrant(app, group, pair) => {
                let to = direction.oriented(pair).1;
                let stamp = self.restamped(self.granted_to_group(app, group), to.is_some(), direction);
                self.put_group_grant(app, group, to.zip(stamp));
                self.keep_end(Held::GroupGrant { app, group }, pair, direction);
            }
            Change::Dyno(app, process, pair) => self.set_dyno(app, process, direction.oriented(pair)),
            Change::Transfer(pair) => self.come_or_go(
                direction.oriented(pair),
                |state, transfer| state.insert_transfer(*transfer),
                Self::remove_transfer,
            ),
            Change::Space(pair) => self.come_or_go(
                direction.oriented(pair),
                |state, space| state.insert_space(space.clone()),
                Self::remove_space,
            ),
            Change::SpaceTeam(space, pair) => {
                if let Some(held) = there(self.spaces.find(space)).map(|row| row.team_since) {
                    let since = self.retimed(held, direction);
                    self.set_space_team(space, direction.oriented(pair).1, since);
                }
            }
            Change::AppCreator(space, user, pair) => {
                let since = self.once(self.may_create_since(space, user), direction);
                debug_assert_eq!(since.is_some(), direction.oriented(pair).1.is_some());
                self.set_app_creator(space, user, since);
                self.keep_end(Held::AppCreation { space, user }, pair, direction);
            }
            Change::Pipeline(pair) => self.come_or_go(
                direction.oriented(pair),
                |state, pipeline| state.insert_pipeline(pipeline.clone()),
                Self::remove_pipeline,
            ),
            Change::PipelineOwner(pipeline, pair) => self.set_pipeline_owner(pipeline, direction.oriented(pair).1),
            Change::Coupling(app, pair) => {
                let pair = direction.oriented(pair);
                let stamp = self.restamped(self.coupled(app), pair.1.is_some(), direction);
                self.set_coupling(app, pair, stamp);
            }
            Change::Account(pair) => self.come_or_go(
                direction.oriented(pair),
                |state, account| state.insert_account(account.clone()),
                |state, account| drop(state.accounts.ix(account.id).and_then(|ix| state.accounts.remove(ix))),
            ),
            Change::AccountMember(account, user, pair) => {
                self.set_account_member(account, user, direction.oriented(pair));
            }
            Change::TeamAccount(team, pair) => {
                self.set_team_account(team, direction.oriented(pair));
                self.set_account_times(team, direction, pair);
            }
            Change::AddOn(pair) => {
                self.come_or_go(direction.oriented(pair), |state, one| state.insert_add_on(*one), Self::remove_add_on);
            }
            Change::Plan(add_on, pair) => {
                if let Some(row) = there(self.add_ons.get_mut(&add_on)) {
                    row.plan = direction.oriented(pair).1;
                }
            }
            Change::End(held, pair) => {
                if let Some(owner) = there(self.owner_of(held)) {
                    self.ends.set(held, owner, direction.oriented(pair).1.map(Moment::from));
                }
            }
            Change::AllowedAddOn(team, service, pair) => {
                self.teams.change(team, |row| match direction.oriented(pair).1 {
                    Some(()) => row.allowed_add_ons.insert(service),
                    None => row.allowed_add_ons.remove(&service),
                });
            }
        }
        for (meter, pair) in metered {
            self.meter(meter, direction, pair);
        }
        if let Some((owner, from)) = goes(change) {
            self.set_gone(owner, direction, from);
        }
    }

    /// What stops and what starts to run on which meter with a change.
    pub(super) fn metered(&self, change: Change<'_>) -> SmallVec<[(Meter, Loads); 1]> {
        let owner = |app| there(self.apps.find(app)).map(|found| found.app.owner);
        let of_add_on = |add_on: &AddOn| Some((owner(add_on.app)?, Load::AddOn(add_on.service, add_on.plan)));
        match change {
            Change::Dyno(app, process, pair) => {
                let load = |dyno: Option<Dyno>| owner(app).zip(dyno.map(Load::from));
                smallvec![(Meter::Dynos(app, process), (load(pair.0), load(pair.1)))]
            }
            Change::AddOn(pair) => {
                let meter = pair.0.or(pair.1).map(|add_on| Meter::AddOn(add_on.app, add_on.id));
                let loads = (pair.0.and_then(of_add_on), pair.1.and_then(of_add_on));
                meter.into_iter().map(|meter| (meter, loads)).collect()
            }
            Change::Plan(add_on, pair) => {
                let with = |plan| self.add_ons.get(&add_on).and_then(|add_on| of_add_on(&AddOn { plan, ..*add_on }));
                let meter = self.add_ons.get(&add_on).map(|add_on| Meter::AddOn(add_on.app, add_on.id));
                meter.into_iter().map(|meter| (meter, (with(pair.0), with(pair.1)))).collect()
            }
            Change::Space(pair) => {
                let load = |space: &Space| (Owner::Team(space.team), Load::Space(space.shield));
                let meter = pair.0.or(pair.1).map(|space| Meter::Space(space.id));
                meter.into_iter().map(|meter| (meter, (pair.0.map(load), pair.1.map(load)))).collect()
            }
            Change::SpaceTeam(space, pair) => {
                let shield = there(self.spaces.find(space)).map(|found| found.shield);
                let load = |team| shield.map(|shield| (Owner::Team(team), Load::Space(shield)));
                smallvec![(Meter::Space(space), (load(pair.0), load(pair.1)))]
            }
            Change::Owner(app, ((from, _), (to, _))) => {
                let formation = self.apps.find(app).into_iter().flat_map(|found| found.row.formation());
                let dynos = formation.map(|dyno| (Meter::Dynos(app, dyno.process), Load::from(*dyno)));
                let add_ons = self.add_ons_of(app);
                let add_ons = add_ons.map(|one| (Meter::AddOn(app, one.id), Load::AddOn(one.service, one.plan)));
                dynos.chain(add_ons).map(|(meter, load)| (meter, (Some((from, load)), Some((to, load))))).collect()
            }
            Change::Options(_)
            | Change::Field(_)
            | Change::Changed(_)
            | Change::User(_)
            | Change::Team(_)
            | Change::Member(..)
            | Change::Invitation(_)
            | Change::NameDraw(_)
            | Change::App(_)
            | Change::History(..)
            | Change::Grant(..)
            | Change::Group(_)
            | Change::Role(_)
            | Change::GroupMember(..)
            | Change::GroupGrant(..)
            | Change::Transfer(_)
            | Change::AppCreator(..)
            | Change::Pipeline(_)
            | Change::PipelineOwner(..)
            | Change::Coupling(..)
            | Change::Account(_)
            | Change::AccountMember(..)
            | Change::TeamAccount(..)
            | Change::AllowedAddOn(..)
            | Change::End(..) => SmallVec::new(),
        }
    }

    /// What goes takes its end along; what comes back because its going is taken back has its end again.
    fn keep_end<T>(&mut self, held: Held, (before, after): Pair<Option<T>>, direction: Direction) {
        if before.is_none() || after.is_some() {
            return;
        }
        match direction {
            Direction::Forwards => self.ends.take(self.seq, held),
            Direction::Backwards => {
                if let Some(owner) = there(self.owner_of(held)) {
                    self.ends.give_back(self.seq, held, owner);
                }
            }
        }
    }

    fn come_or_go<T>(
        &mut self,
        pair: Pair<Option<T>>,
        insert: impl FnOnce(&mut Self, T),
        remove: impl FnOnce(&mut Self, T),
    ) {
        match pair {
            (None, Some(comes)) => insert(self, comes),
            (Some(goes), None) => remove(self, goes),
            (None, None) | (Some(_), Some(_)) => debug_assert!(false, "neither comes nor goes"),
        }
    }

    pub(super) fn insert_user(&mut self, user: User) {
        self.users.insert(UserRow::new(user));
    }

    pub(super) fn set_email(&mut self, user: UserId, (from, to): Pair<&Email>) {
        let Some(ix) = self.users.ix(user) else { return };
        self.users.rekey(ix, |row| row.email = to.clone());
        for seat in self.users.get(ix).map(|row| row.seats.clone()).unwrap_or_default() {
            self.teams.change_at(seat.team, |team| team.people.rename(from, to));
        }
        for app in self.users.get(ix).map(|row| row.grants.clone()).unwrap_or_default() {
            self.apps.change_at(app, |app| {
                if app.listed().is_some() {
                    app.work_mut().people.iter_mut().for_each(|people| people.rename(from, to));
                }
            });
        }
        let accounts: Vec<AccountId> = self.accounts_of(user).map(|(account, _)| account).collect();
        for account in accounts {
            self.accounts.change(account, |row| {
                row.members.remove(from);
                row.members.insert(to.clone(), ix);
            });
        }
    }

    /// Suspended managers of an account are none that it can count on (ENT-1).
    pub(super) fn set_suspension(&mut self, user: UserId, (_, to): Pair<Option<DateTime<Utc>>>) {
        let Some(row) = self.users.find_mut(user) else { return };
        (row.suspended, row.suspended_at) = (to.is_some(), to);
        let managed = self.accounts_of(user).filter(|(_, held)| held.contains(AccountPermission::Manage));
        for account in managed.map(|(account, _)| account).collect::<Vec<_>>() {
            self.accounts.change(account, |row| {
                row.managers = if to.is_some() { row.managers.saturating_sub(1) } else { row.managers + 1 };
            });
        }
    }

    pub(super) fn insert_team(&mut self, team: Team) {
        let (name, account) = (team.name, team.account.and_then(|account| self.accounts.ix(account)));
        let ix = self.teams.insert(TeamRow::new(team, account));
        if let Some(account) = account {
            self.accounts.change_at(account, |row| row.teams.insert(name, ix));
        }
    }

    fn remove_team(&mut self, team: TeamId) {
        let Some(row) = self.teams.ix(team).and_then(|ix| self.teams.remove(ix)) else { return };
        if let Some(account) = row.account {
            self.accounts.change_at(account, |account| account.teams.remove(&row.name));
        }
    }

    fn set_changed_at(&mut self, thing: Thing, at: DateTime<Utc>) {
        match thing {
            Thing::Team(team) => self.teams.change(team, |row| row.changed_at = at),
            Thing::App(app) => self.apps.change(app, |row| row.changed_at = at),
            Thing::Space(space) => self.spaces.change(space, |row| row.changed_at = at),
            Thing::Pipeline(pipeline) => self.pipelines.change(pipeline, |row| row.changed_at = at),
        }
    }

    pub(super) fn set_team_name(&mut self, team: TeamId, (from, to): Pair<TeamName>) {
        let Some(At { ix, row }) = there(self.teams.find(team)) else { return };
        if let Some(account) = row.account {
            self.accounts.change_at(account, |row| {
                row.teams.remove(&from);
                row.teams.insert(to, ix);
            });
        }
        let lists = |user: &UserIx| {
            self.users.get(*user).is_some_and(|user| user.teams_listed().is_some() && user.role(ix).is_some())
        };
        let listing: Vec<UserIx> = row.people.all().map(|(.., user)| user).filter(lists).collect();
        for user in &listing {
            self.list_seat(*user, ix, false);
        }
        self.teams.rekey(ix, |row| row.name = to);
        for user in listing {
            self.list_seat(user, ix, true);
        }
    }

    pub(super) fn set_team_kind(&mut self, team: TeamId, (_, to): Pair<TeamKind>) {
        self.teams.change(team, |row| row.change_gate(|team| team.kind = to));
    }

    pub(super) fn set_oauth_access(&mut self, team: TeamId, (_, to): Pair<OAuthAccess>) {
        self.teams.change(team, |row| row.change_gate(|team| team.oauth_access = to));
    }

    pub(super) fn set_sign_in_requirement(&mut self, team: TeamId, (_, to): Pair<SignInRequirement>) {
        self.teams.change(team, |row| row.change_gate(|team| team.sign_in_requirement = to));
    }

    pub(super) fn set_identity_provider(&mut self, team: TeamId, (_, to): Pair<Option<&IdentityProvider>>) {
        self.teams.change(team, |row| row.identity_provider = to.cloned().map(Box::new));
    }

    pub(super) fn set_payment_method(&mut self, team: TeamId, (_, to): Pair<Option<&PaymentMethod>>) {
        self.teams.change(team, |row| row.payment_method = to.cloned());
    }

    pub(super) fn set_role(&mut self, team: TeamId, user: UserId, to: Option<(TeamRole, Stamp)>) {
        if let (Some(team), Some(user)) = (self.teams.find(team), self.users.ix(user)) {
            let role = to.and_then(|(role, _)| there(self.seat_role(team, role)));
            self.change_seat(team.ix, user, |seat, stamp| {
                (seat.role, *stamp) = (role, to.map(|to| to.1).unwrap_or_default());
            });
        }
    }

    /// Changes what a user is in a team; who is nothing there any more has no seat.
    fn change_seat(&mut self, team: TeamIx, user: UserIx, change: impl FnOnce(&mut TeamLink, &mut Stamp)) {
        let (Some(row), Some(TeamRow { people, .. })) = (self.users.get_mut(user), self.teams.get_mut(team)) else {
            return;
        };
        let found = row.seats.binary_search_by_key(&team, |seat| seat.team);
        let mut seat = found.ok().and_then(|at| row.seats.get(at).copied()).unwrap_or(TeamLink {
            team,
            role: None,
            groups: 0,
            grants: 0,
        });
        let mut stamp = found.ok().and_then(|at| row.stamps.get(at).copied()).unwrap_or_default();
        let was = seat.standing();
        change(&mut seat, &mut stamp);
        let (is, seated) = (seat.standing(), seat.role.is_some() || seat.grants > 0);
        if found.is_ok() && !(seated && was == is) {
            people.remove(was as usize, &row.email);
        }
        if seated && !(found.is_ok() && was == is) {
            people.insert(is as usize, row.email.clone(), user);
        }
        match (found, seated) {
            (Ok(at), true) => {
                row.seats.iter_mut().skip(at).take(1).for_each(|held| *held = seat);
                row.stamps.iter_mut().skip(at).take(1).for_each(|held| *held = stamp);
            }
            (Ok(at), false) => {
                row.seats.remove(at);
                row.stamps.remove(at);
            }
            (Err(at), true) => {
                row.seats.insert(at, seat);
                row.stamps.insert(at, stamp);
            }
            (Err(_), false) => {}
        }
        self.list_seat(user, team, seat.role.is_some());
    }

    /// Puts a team on the list of those that a user has a role in, or takes it off, where there are enough seats for a list.
    fn list_seat(&mut self, user: UserIx, team: TeamIx, is_in: bool) {
        let Self { users, teams, .. } = self;
        let Some(UserRow { seats, rest, .. }) = users.get_mut(user) else { return };
        if seats.len() < SORTED_FROM {
            rest.more.iter_mut().for_each(|more| more.teams = None);
            return;
        }
        let name = |team: &TeamIx| teams.get(*team).map(|team| team.name);
        let listed = &mut rest.more.get_or_insert_default().teams;
        let Some(list) = listed else {
            let mut list: Vec<_> = seats.iter().filter(|seat| seat.role.is_some()).map(|seat| seat.team).collect();
            sort::by_key(&mut list, name);
            *listed = Some(list);
            return;
        };
        let at = list.partition_point(|one| name(one) < name(&team));
        match (list.get(at) == Some(&team), is_in) {
            (false, true) => list.insert(at, team),
            (true, false) => drop(list.remove(at)),
            (false, false) | (true, true) => {}
        }
    }

    pub(super) fn insert_invitation(&mut self, invitation: Invitation) {
        self.teams.change(invitation.team, |row| {
            let end = (invitation.expires_at, invitation.id);
            row.invitations.insert(invitation.email.clone(), invitation.id);
            let at = row.expiries.partition_point(|other| *other < end);
            row.expiries.insert(at, end);
        });
        self.invitations_by_email.insert((invitation.email.clone(), invitation.id));
        self.invitations.insert(invitation.id, invitation);
    }

    fn remove_invitation(&mut self, invitation: &Invitation) {
        self.teams.change(invitation.team, |row| {
            row.invitations.remove(&invitation.email);
            let at = row.expiries.binary_search(&(invitation.expires_at, invitation.id)).ok();
            there(at).map(|at| row.expiries.remove(at))
        });
        self.invitations_by_email.remove(&(invitation.email.clone(), invitation.id));
        self.invitations.remove(&invitation.id);
    }

    pub(super) fn insert_app(&mut self, app: App) -> Option<AppIx> {
        let owner = there(self.owner(app.owner))?;
        let (key, space) = ((app.name, app.number), app.space);
        let ix = self.apps.insert(AppRow::new(app, owner));
        self.list_app(owner, key, Some(ix));
        if let Some(space) = space {
            self.spaces.change(space, |row| row.apps.insert(ix));
        }
        Some(ix)
    }

    fn remove_app(&mut self, app: AppId) {
        let Some(ix) = self.apps.ix(app) else { return };
        let Some(row) = self.apps.remove(ix) else { return };
        self.list_app(row.owner, (row.name, row.number), None);
        if let Some(space) = row.space {
            self.spaces.change(space, |space| space.apps.remove(&ix));
        }
    }

    /// Puts an app on the lists of its owner, or takes it off.
    fn list_app(&mut self, owner: OwnerIx, (name, number): (AppName, u64), ix: Option<AppIx>) {
        self.change_holdings(owner, |held| match ix {
            Some(ix) => (held.by_name.insert(name, ix), held.by_number.insert(number, ix)),
            None => (held.by_name.remove(&name), held.by_number.remove(&number)),
        });
    }

    pub(super) fn set_app_name(&mut self, app: AppId, (from, to): Pair<AppName>) {
        let Some(At { ix, row }) = there(self.apps.find(app)) else { return };
        let (owner, number, coupling) = (row.owner, row.number, row.coupling());
        self.relist_app(ix, |apps| apps.rekey(ix, |row| row.name = to));
        self.list_app(owner, (from, number), None);
        self.list_app(owner, (to, number), Some(ix));
        if let Some((pipeline, _)) = coupling {
            self.pipelines.change_at(pipeline, |row| {
                row.apps.remove(&from);
                row.apps.insert(to, ix);
            });
        }
    }

    /// Gives the app to another owner. Whoever is on it becomes a collaborator of the new team, if a team it is.
    fn set_owner(&mut self, app: AppId, direction: Direction, pair: Pair<(Owner, DateTime<Utc>)>) {
        let (_, (owner, since)) = direction.oriented(pair);
        let (Some(ix), Some(to)) = (self.apps.ix(app), there(self.owner(owner))) else { return };
        let moved = self.relist_app(ix, |apps| {
            let row = apps.get_mut(ix)?;
            let from = core::mem::replace(&mut row.owner, to);
            row.app.owner = owner;
            row.owned_since = since;
            let people: Vec<UserIx> = row.grants.iter().map(|(user, _)| user).collect();
            Some((from, (row.name, row.number), people))
        });
        let Some((from, key, people)) = moved else { return };
        self.ends.move_app(app, owner);
        self.list_app(from, key, None);
        self.list_app(to, key, Some(ix));
        for user in people {
            if let OwnerIx::Team(team) = from {
                self.change_seat(team, user, |seat, _| seat.grants = seat.grants.saturating_sub(1));
            }
            if let OwnerIx::Team(team) = to {
                self.change_seat(team, user, |seat, _| seat.grants += 1);
            }
        }
        let ((former, from), (_, until)) = pair;
        let history = self.history.entry(app).or_default();
        match direction {
            Direction::Forwards => history.push(OwnershipPeriod { owner: former, from, until: Some(until) }),
            Direction::Backwards => drop(there(history.pop())),
        }
        if history.is_empty() {
            self.history.remove(&app);
        }
    }

    pub(super) fn set_release(&mut self, app: AppId, (_, to): Pair<Option<&Release>>) {
        self.apps.change(app, |row| row.work_mut().release = to.cloned());
    }

    pub(super) fn set_team_labels(&mut self, team: TeamId, (_, to): Pair<&Labels>) {
        self.teams.change(team, |row| row.labels = to.clone());
    }

    pub(super) fn set_app_labels(&mut self, app: AppId, (_, to): Pair<&Labels>) {
        self.apps.change(app, |row| row.labels = to.clone());
    }

    pub(super) fn set_space_labels(&mut self, space: SpaceId, (_, to): Pair<&Labels>) {
        self.spaces.change(space, |row| row.labels = to.clone());
    }

    pub(super) fn set_pipeline_labels(&mut self, pipeline: PipelineId, (_, to): Pair<&Labels>) {
        self.pipelines.change(pipeline, |row| row.labels = to.clone());
    }

    /// Keeps the lists of those on an app, where there are enough for lists.
    fn list_on_app(&mut self, app: AppIx, user: UserIx, (from, to): Pair<Option<PermissionSet>>) {
        let Some(row) = self.apps.get_mut(app) else { return };
        let list = |set: PermissionSet| usize::from(!set.contains(Permission::Manage));
        if row.grants.len() < LISTED_FROM {
            if row.listed().is_some() {
                row.work_mut().people = None;
            }
            return;
        }
        let email = |user| self.users.get(user).map(|row| row.email.clone());
        if row.listed().is_none() {
            let mut people = People::default();
            for (user, set) in row.grants.iter() {
                if let Some(email) = email(user) {
                    people.insert(list(set), email, user);
                }
            }
            row.work_mut().people = Some(Box::new(people));
        } else if let (Some(people), Some(email)) = (&mut row.work_mut().people, email(user)) {
            if let Some(set) = from {
                people.remove(list(set), &email);
            }
            if let Some(set) = to {
                people.insert(list(set), email, user);
            }
        }
    }

    /// Changes an app's name or owner, and where it stands among the apps of those on it.
    fn relist_app<T>(&mut self, app: AppIx, change: impl FnOnce(&mut Table<AppRow>) -> T) -> T {
        let sorts = |user: &UserIx| self.users.get(*user).is_some_and(UserRow::sorts_grants);
        let people = self.apps.get(app).into_iter().flat_map(AppRow::grants).map(|(user, _)| user);
        let people: Vec<UserIx> = people.filter(sorts).collect();
        for user in &people {
            self.list_grant(*user, app, false);
        }
        let changed = change(&mut self.apps);
        for user in people {
            self.list_grant(user, app, true);
        }
        changed
    }

    /// Puts an app on the list of a user who is on it, or takes it off; where there are many, by team and name.
    fn list_grant(&mut self, user: UserIx, app: AppIx, is_on: bool) {
        let Self { users, apps, .. } = self;
        let Some(row) = users.get_mut(user) else { return };
        let key = |app: &AppIx| apps.get(*app).map(|app| (app.owner.team(), app.name));
        let sorted = row.sorts_grants();
        let before = |one: &AppIx| if sorted { key(one) < key(&app) } else { *one < app };
        let at = row.grants.partition_point(before);
        match (row.grants.get(at) == Some(&app), is_on) {
            (false, true) => row.grants.insert(at, app),
            (true, false) => drop(row.grants.remove(at)),
            (false, false) | (true, true) => debug_assert!(false, "the lists of the app and the user differ"),
        }
        match (sorted, row.sorts_grants()) {
            (false, true) => sort::by_key(&mut row.grants, key),
            (true, false) => sort::by(&mut row.grants, Ord::cmp),
            (false, false) | (true, true) => {}
        }
    }

    pub(super) fn put_grant(
        &mut self,
        ix: AppIx,
        user: UserIx,
        (from, to): Pair<Option<PermissionSet>>,
        stamp: Option<Stamp>,
    ) {
        let Some(row) = self.apps.get_mut(ix) else { return };
        let owner = row.owner;
        row.set_grant(user, to, stamp);
        self.list_on_app(ix, user, (from, to));
        if from.is_some() == to.is_some() {
            return;
        }
        self.list_grant(user, ix, to.is_some());
        if let OwnerIx::Team(team) = owner {
            self.change_seat(team, user, |seat, _| match to {
                Some(_) => seat.grants += 1,
                None => seat.grants = seat.grants.saturating_sub(1),
            });
        }
    }

    pub(super) fn insert_transfer(&mut self, transfer: AppTransfer) {
        self.apps.change(transfer.app, |row| row.work_mut().transfer = Some(transfer.id));
        self.transfers_by_user.insert(transfer.owner, transfer.id);
        self.transfers_by_user.insert(transfer.recipient, transfer.id);
        self.transfers.insert(transfer.id, transfer);
    }

    fn remove_transfer(&mut self, transfer: &AppTransfer) {
        self.apps.change(transfer.app, |row| row.work_mut().transfer = None);
        self.transfers_by_user.remove(transfer.owner, transfer.id);
        self.transfers_by_user.remove(transfer.recipient, transfer.id);
        self.transfers.remove(&transfer.id);
    }

    /// Sets the dynos of a process type; the formation stays in the order of the process types.
    fn set_dyno(&mut self, app: AppId, process: ProcessType, (_, to): Pair<Option<Dyno>>) {
        let Some(row) = self.apps.find_mut(app) else { return };
        let formation = &mut row.work_mut().formation;
        match (formation.binary_search_by_key(&process, |dyno| dyno.process), to) {
            (Ok(at), Some(dyno)) => formation.splice(at..=at, [dyno]).for_each(drop),
            (Ok(at), None) => drop(formation.remove(at)),
            (Err(at), Some(dyno)) => formation.insert(at, dyno),
            (Err(_), None) => debug_assert!(false, "no dynos to take away"),
        }
    }

    pub(super) fn insert_add_on(&mut self, add_on: AddOn) {
        self.add_ons.insert(add_on.id, add_on);
        self.add_ons_by_app.insert(add_on.app, add_on.id);
    }

    fn remove_add_on(&mut self, add_on: &AddOn) {
        self.add_ons.remove(&add_on.id);
        self.add_ons_by_app.remove(add_on.app, add_on.id);
    }

    /// Stops what ran on the meter and starts what runs from now on, or takes that back.
    fn meter(&mut self, meter: Meter, direction: Direction, (before, after): Loads) {
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

    /// Ends and starts the time for which an account pays for the team, or takes that back.
    fn set_account_times(&mut self, team: TeamId, direction: Direction, (before, after): Pair<Option<AccountId>>) {
        let (at, times) = (self.last_at, self.account_times.entry(team).or_default());
        match direction {
            Direction::Forwards => {
                if before.is_some()
                    && let Some((_, (_, until))) = there(times.last_mut())
                {
                    *until = Some(at);
                }
                if let Some(account) = after {
                    times.push((account, (at, None)));
                    self.teams_paid.insert(account, team);
                }
            }
            Direction::Backwards => {
                if let Some(account) = after {
                    there(times.pop());
                    if !times.iter().any(|(paying, _)| *paying == account) {
                        self.teams_paid.remove(account, team);
                    }
                }
                if before.is_some()
                    && let Some((_, (_, until))) = there(times.last_mut())
                {
                    *until = None;
                }
            }
        }
        if times.is_empty() {
            self.account_times.remove(&team);
        }
    }

    /// Keeps of a user or a team that goes when it was there, or takes that back.
    fn set_gone(&mut self, owner: Owner, direction: Direction, from: DateTime<Utc>) {
        let times = self.gone.entry(owner).or_default();
        match direction {
            Direction::Forwards => times.push((from, Some(self.last_at))),
            Direction::Backwards => drop(there(times.pop())),
        }
        if times.is_empty() {
            self.gone.remove(&owner);
        }
    }

    pub(super) fn insert_group(&mut self, group: Group) {
        let Some(team) = there(self.teams.ix(group.team)) else { return };
        let name = group.name;
        let ix = self.groups.insert(GroupRow { group, team, members: BTreeMap::new(), apps: BTreeSet::new() });
        self.teams.change_at(team, |row| row.groups.insert(name, ix));
    }

    fn remove_group(&mut self, group: &Group) {
        let Some(row) = self.groups.ix(group.id).and_then(|ix| self.groups.remove(ix)) else { return };
        self.teams.change_at(row.team, |row| row.groups.remove(&group.name));
    }

    pub(super) fn set_group_name(&mut self, group: GroupId, (from, to): Pair<GroupName>) {
        let Some(At { ix, row }) = there(self.groups.find(group)) else { return };
        self.teams.change_at(row.team, |row| {
            row.groups.remove(&from);
            row.groups.insert(to, ix);
        });
        self.groups.change_at(ix, |row| row.name = to);
    }

    /// In the first slot of the team that is free.
    pub(super) fn insert_role(&mut self, role: CustomRole) {
        let Some(At { ix: team, row }) = there(self.teams.find(role.team)) else { return };
        let free = row.slots.iter().position(Option::is_none).unwrap_or(row.slots.len());
        let Some(slot) = there(u8::try_from(free).ok()) else { return };
        let (name, held) = (role.name, RoleSlot { role: role.id, rights: role.rights });
        let ix = self.roles.insert(RoleRow { role, team, slot });
        self.teams.change_at(team, |row| {
            row.roles.insert(name, ix);
            row.slots.resize(row.slots.len().max(free + 1), None);
            row.slots.iter_mut().skip(free).take(1).for_each(|slot| *slot = Some(held));
        });
    }

    fn remove_role(&mut self, role: &CustomRole) {
        let Some(row) = self.roles.ix(role.id).and_then(|ix| self.roles.remove(ix)) else { return };
        self.teams.change_at(row.team, |team| {
            team.roles.remove(&role.name);
            team.slots.iter_mut().skip(row.slot.into()).take(1).for_each(|slot| *slot = None);
        });
    }

    pub(super) fn set_role_name(&mut self, role: RoleId, (from, to): Pair<RoleName>) {
        let Some(At { ix, row }) = there(self.roles.find(role)) else { return };
        self.teams.change_at(row.team, |row| {
            row.roles.remove(&from);
            row.roles.insert(to, ix);
        });
        self.roles.change_at(ix, |row| row.name = to);
    }

    /// Of everybody who has it, at once (ROLE-2).
    pub(super) fn set_role_rights(&mut self, role: RoleId, (_, to): Pair<RoleRights>) {
        let Some(At { ix, row: &RoleRow { team, slot, .. } }) = there(self.roles.find(role)) else { return };
        self.roles.change_at(ix, |row| row.rights = to);
        self.teams.change_at(team, |row| {
            row.slots.iter_mut().skip(slot.into()).take(1).flatten().for_each(|slot| slot.rights = to);
        });
    }

    pub(super) fn set_group_member(&mut self, group: GroupId, user: UserId, since: Option<Moment>) {
        let (Some(group), Some(person)) = (there(self.groups.ix(group)), there(self.users.ix(user))) else { return };
        let Some(row) = self.groups.get_mut(group) else { return };
        match since {
            Some(since) => drop(row.members.insert(user, since)),
            None => drop(row.members.remove(&user)),
        }
        let team = row.team;
        self.users.change_at(person, |row| {
            let groups = &mut row.more.get_or_insert_default().groups;
            match (groups.binary_search(&group), since) {
                (Err(at), Some(_)) => groups.insert(at, group),
                (Ok(at), None) => drop(groups.remove(at)),
                (Ok(_), Some(_)) | (Err(_), None) => debug_assert!(false, "the lists of the group and the user differ"),
            }
        });
        self.change_seat(team, person, |seat, _| match since {
            Some(_) => seat.groups = seat.groups.saturating_add(1),
            None => seat.groups = seat.groups.saturating_sub(1),
        });
    }

    pub(super) fn put_group_grant(&mut self, app: AppId, group: GroupId, to: Option<(PermissionSet, Stamp)>) {
        let (Some(app), Some(group)) = (there(self.apps.ix(app)), there(self.groups.ix(group))) else { return };
        self.apps.change_at(app, |row| {
            let grants = &mut row.work_mut().groups;
            let grant = to.map(|(permissions, stamp)| GroupGrant { group, permissions, stamp });
            match (grants.binary_search_by_key(&group, |grant| grant.group), grant) {
                (Ok(at), Some(grant)) => grants.splice(at..=at, [grant]).for_each(drop),
                (Ok(at), None) => drop(grants.remove(at)),
                (Err(at), Some(grant)) => grants.insert(at, grant),
                (Err(_), None) => debug_assert!(false, "no grant to take away"),
            }
        });
        self.groups.change_at(group, |row| match to {
            Some(_) => row.apps.insert(app),
            None => row.apps.remove(&app),
        });
    }

    pub(super) fn insert_space(&mut self, space: Space) {
        let Some(team) = self.teams.ix(space.team) else { return };
        let name = space.name;
        let ix = self.spaces.insert(SpaceRow { space, team, apps: BTreeSet::new(), creators: BTreeMap::new() });
        self.teams.change_at(team, |row| row.spaces.insert(name, ix));
    }

    fn remove_space(&mut self, space: &Space) {
        let Some(row) = self.spaces.ix(space.id).and_then(|ix| self.spaces.remove(ix)) else { return };
        self.teams.change_at(row.team, |row| row.spaces.remove(&space.name));
    }

    pub(super) fn set_space_name(&mut self, space: SpaceId, (from, to): Pair<SpaceName>) {
        let Some(At { ix, row }) = there(self.spaces.find(space)) else { return };
        self.teams.change_at(row.team, |row| {
            row.spaces.remove(&from);
            row.spaces.insert(to, ix);
        });
        self.spaces.rekey(ix, |row| row.name = to);
    }

    fn set_space_team(&mut self, space: SpaceId, to: TeamId, since: DateTime<Utc>) {
        let (Some(ix), Some(into)) = (self.spaces.ix(space), self.teams.ix(to)) else { return };
        let Some(row) = self.spaces.get_mut(ix) else { return };
        (row.space.team, row.space.team_since) = (to, since);
        self.ends.move_space(space, Owner::Team(to));
        let from = core::mem::replace(&mut row.team, into);
        let name = row.name;
        self.teams.change_at(from, |row| row.spaces.remove(&name));
        self.teams.change_at(into, |row| row.spaces.insert(name, ix));
    }

    pub(super) fn set_app_creator(&mut self, space: SpaceId, user: UserId, since: Option<Moment>) {
        let Some(row) = self.spaces.find_mut(space) else { return };
        if let Some(since) = since {
            row.creators.insert(user, since);
            self.app_creators.insert(user, space);
        } else {
            row.creators.remove(&user);
            self.app_creators.remove(user, space);
        }
    }

    pub(super) fn insert_pipeline(&mut self, pipeline: Pipeline) {
        let Some(owner) = there(self.owner(pipeline.owner)) else { return };
        let key = (pipeline.name, pipeline.number);
        let ix = self.pipelines.insert(PipelineRow { pipeline, owner, apps: BTreeMap::new() });
        self.change_holdings(owner, |held| held.pipelines.insert(key, ix));
    }

    fn remove_pipeline(&mut self, pipeline: &Pipeline) {
        let Some(row) = self.pipelines.ix(pipeline.id).and_then(|ix| self.pipelines.remove(ix)) else { return };
        self.change_holdings(row.owner, |held| held.pipelines.remove(&(row.name, row.number)));
    }

    /// Changes a pipeline's name or owner, and the lists that it stands in.
    fn relist_pipeline(&mut self, pipeline: PipelineId, change: impl FnOnce(&mut PipelineRow)) {
        let Some(ix) = self.pipelines.ix(pipeline) else { return };
        let Some(row) = self.pipelines.get_mut(ix) else { return };
        let (from, before) = (row.owner, (row.name, row.number));
        change(row);
        let (to, after) = (row.owner, (row.name, row.number));
        self.change_holdings(from, |held| held.pipelines.remove(&before));
        self.change_holdings(to, |held| held.pipelines.insert(after, ix));
    }

    pub(super) fn set_pipeline_name(&mut self, pipeline: PipelineId, (_, to): Pair<PipelineName>) {
        self.relist_pipeline(pipeline, |row| row.name = to);
    }

    fn set_pipeline_owner(&mut self, pipeline: PipelineId, to: Owner) {
        let Some(owner) = there(self.owner(to)) else { return };
        self.relist_pipeline(pipeline, |row| {
            row.pipeline.owner = to;
            row.owner = owner;
        });
    }

    pub(super) fn set_coupling(
        &mut self,
        app: AppId,
        (from, to): Pair<Option<(PipelineId, Stage)>>,
        stamp: Option<Stamp>,
    ) {
        let Some(At { ix, row }) = there(self.apps.find(app)) else { return };
        let name = row.name;
        if let Some((pipeline, _)) = from {
            self.pipelines.change(pipeline, |row| row.apps.remove(&name));
        }
        if let Some((pipeline, _)) = to {
            self.pipelines.change(pipeline, |row| row.apps.insert(name, ix));
        }
        let coupling = to.and_then(|(pipeline, stage)| Some((self.pipelines.ix(pipeline)?, stage, stamp?)));
        self.apps.change_at(ix, |row| row.work_mut().coupling = coupling);
    }

    pub(super) fn insert_account(&mut self, account: EnterpriseAccount) {
        self.accounts.insert(AccountRow { account, members: BTreeMap::new(), managers: 0, teams: BTreeMap::new() });
    }

    pub(super) fn set_account_member(
        &mut self,
        account: AccountId,
        user: UserId,
        (from, to): Pair<Option<AccountPermissionSet>>,
    ) {
        let Some(At { ix, row: person }) = there(self.users.find(user)) else { return };
        let (email, counts) = (person.email.clone(), !person.is_suspended());
        self.accounts.change(account, |row| {
            let manages = |set: AccountPermissionSet| counts && set.contains(AccountPermission::Manage);
            let [was, is] = [from, to].map(|set| set.is_some_and(manages));
            row.managers = (row.managers + u32::from(is)).saturating_sub(was.into());
            match to {
                Some(_) => row.members.insert(email, ix),
                None => row.members.remove(&email),
            }
        });
        match to {
            Some(permissions) => self.account_members.insert((user, account), permissions),
            None => self.account_members.remove(&(user, account)),
        };
    }

    fn set_team_account(&mut self, team: TeamId, (from, to): Pair<Option<AccountId>>) {
        let Some(At { ix, row }) = there(self.teams.find(team)) else { return };
        let name = row.name;
        if let Some(account) = from {
            self.accounts.change(account, |row| row.teams.remove(&name));
        }
        if let Some(account) = to {
            self.accounts.change(account, |row| row.teams.insert(name, ix));
        }
        let account = to.and_then(|account| self.accounts.ix(account));
        self.teams.change_at(ix, |row| (row.team.account, row.account) = (to, account));
    }

    fn change_holdings<T>(&mut self, owner: OwnerIx, change: impl FnOnce(&mut Holdings) -> T) {
        match owner {
            OwnerIx::User(user) => {
                self.users.change_at(user, |user| change(&mut user.more.get_or_insert_default().apps));
            }
            OwnerIx::Team(team) => self.teams.change_at(team, |team| change(&mut team.apps)),
        }
    }
}
