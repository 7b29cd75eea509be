//! The state as plain lists, in an order that does not depend on how it is held, and back.
//!
//! Reading back trusts nothing: every reference is looked up and every key must be free, and what does not fit is named by its
//! path. What lists cannot say wrong by themselves, the invariants check afterwards.

#[cfg(test)]
mod tests;

use core::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Interval, Meter, ROWS_MAX, Span, Stamp, State, Table};
use crate::entity::{
    AccountPermissionSet, AddOn, App, AppTransfer, Dyno, Ending, EnterpriseAccount, Group, IdentityProvider,
    Invitation, Owner, OwnershipPeriod, Pipeline, Release, Space, Stage, Team, Times, User,
};
use crate::ids::{AccountId, GroupId, PipelineId, TeamId, UserId};
use crate::names::{PaymentMethod, ServiceName};
use crate::permission::PermissionSet;
use crate::policy::CustomRole;
use crate::role::TeamRole;
use crate::settings::Settings;
use crate::sort;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StateRecord {
    settings: Settings,
    seq: u64,
    last_at: DateTime<Utc>,
    drawn: u64,
    users: Vec<User>,
    accounts: Vec<AccountRecord>,
    teams: Vec<TeamRecord>,
    groups: Vec<GroupRecord>,
    spaces: Vec<SpaceRecord>,
    pipelines: Vec<Pipeline>,
    apps: Vec<AppRecord>,
    invitations: Vec<Invitation>,
    transfers: Vec<AppTransfer>,
    meters: Vec<MeterRecord>,
    account_times: Vec<AccountTimes>,
    gone: Vec<Gone>,
    /// What ends, the first end first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    ends: Vec<Ending>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountRecord {
    account: EnterpriseAccount,
    members: Vec<(UserId, AccountPermissionSet)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TeamRecord {
    team: Team,
    roles: Vec<CustomRole>,
    members: Vec<(UserId, TeamRole, Times)>,
    identity_provider: Option<IdentityProvider>,
    allowed_add_ons: Vec<ServiceName>,
    payment_method: Option<PaymentMethod>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupRecord {
    group: Group,
    members: Vec<(UserId, DateTime<Utc>)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SpaceRecord {
    space: Space,
    creators: Vec<(UserId, DateTime<Utc>)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AppRecord {
    app: App,
    grants: Vec<(UserId, PermissionSet, Times)>,
    group_grants: Vec<(GroupId, PermissionSet, Times)>,
    formation: Vec<Dyno>,
    add_ons: Vec<AddOn>,
    coupling: Option<(PipelineId, Stage, Times)>,
    release: Option<Release>,
    history: Vec<OwnershipPeriod>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MeterRecord {
    meter: Meter,
    intervals: Vec<Interval>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountTimes {
    team: TeamId,
    times: Vec<(AccountId, Span)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Gone {
    owner: Owner,
    times: Vec<Span>,
}

impl StateRecord {
    /// The number of the last event.
    pub(crate) const fn seq(&self) -> u64 {
        self.seq
    }
}

/// What does not fit, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InvalidEntry {
    pub(crate) path: String,
    pub(crate) problem: &'static str,
}

/// The problem of an entry, named by its list and its number.
fn misfit<T>(path: impl fmt::Display, problem: &'static str) -> Result<T, InvalidEntry> {
    Err(InvalidEntry { path: path.to_string(), problem })
}

fn sorted<T, K: Ord>(items: impl Iterator<Item = T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut items: Vec<T> = items.collect();
    sort::by_key(&mut items, key);
    items
}

/// One state has one record: its lists are in the order of their keys.
fn ordered<T, K: Ord>(path: impl fmt::Display, items: &[T], key: impl Fn(&T) -> K) -> Result<(), InvalidEntry> {
    follow(path, items, |one, next| key(one) <= key(next), "it is out of order")
}

/// As [`ordered`], of a list in which nothing comes twice.
fn distinct<T: Ord>(path: impl fmt::Display, items: &[T]) -> Result<(), InvalidEntry> {
    follow(path, items, |one, next| one < next, "it is out of order, or comes twice")
}

/// Whether there are some, one after the other, and only the last goes on.
fn in_order(times: &[Span]) -> bool {
    let ordered = times.array_windows().all(|[one, next]| one.1.is_some_and(|until| until <= next.0));
    !times.is_empty() && ordered && times.iter().all(|(from, until)| until.is_none_or(|until| *from <= until))
}

/// The times of an entry, which are in whole microseconds.
fn stamp(path: impl fmt::Display, times: Times) -> Result<Stamp, InvalidEntry> {
    let stamp = Stamp::from(times);
    if Times::from(stamp) == times { Ok(stamp) } else { misfit(path, "a time is not in whole microseconds") }
}

/// The problem of the first item that may not follow the one before it.
fn follow<T>(
    path: impl fmt::Display,
    items: &[T],
    may: impl Fn(&T, &T) -> bool,
    problem: &'static str,
) -> Result<(), InvalidEntry> {
    match items.array_windows().position(|[one, next]| !may(one, next)) {
        Some(before) => misfit(format_args!("{path}[{}]", before + 1), problem),
        None => Ok(()),
    }
}

/// Whether both hold the same and go on alike, however they hold it. Indexes are not looked at: they follow from the rest.
impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        let size = |state: &Self| (state.seq, state.users.len(), state.teams.len(), state.apps.len());
        size(self) == size(other) && self.to_record() == other.to_record()
    }
}

impl State {
    pub(crate) fn to_record(&self) -> StateRecord {
        let id = |user: &super::UserIx| self.users.get(*user).map(|user| user.id);
        let accounts = self.accounts.iter().map(|row| {
            let members = row.members.values().filter_map(id);
            let members = members.map(|user| (user, self.account_permissions(user, row.id)));
            AccountRecord { account: row.account.clone(), members: sorted(members, |(user, _)| *user) }
        });
        let teams = self.teams.iter().map(|row| {
            let people = row.people.all().filter_map(|(.., user)| self.users.get(user));
            let members = people.filter_map(|person| {
                Some((person.id, row.row.role_of(person, row.ix)?, person.membership(row.ix)?.into()))
            });
            let roles = row.roles.values().filter_map(|role| Some(self.roles.get(*role)?.role.clone()));
            TeamRecord {
                team: row.team.clone(),
                roles: sorted(roles, |role| role.id),
                members: sorted(members, |(user, ..)| *user),
                identity_provider: row.identity_provider.as_deref().cloned(),
                allowed_add_ons: row.allowed_add_ons.iter().copied().collect(),
                payment_method: row.payment_method.clone(),
            }
        });
        let apps = self.apps.iter().map(|row| {
            let grants = row.row.granted_all().filter_map(|(user, set, stamp)| Some((id(&user)?, set, stamp.into())));
            let group_grants = row
                .group_grants()
                .iter()
                .filter_map(|grant| Some((self.groups.get(grant.group)?.id, grant.permissions, grant.stamp.into())));
            let coupling = self.coupling(row.row).zip(row.row.coupled());
            AppRecord {
                app: row.app.clone(),
                grants: sorted(grants, |(user, ..)| *user),
                group_grants: sorted(group_grants, |(group, ..)| *group),
                formation: row.formation().to_vec(),
                add_ons: self.add_ons_of(row.id).copied().collect(),
                coupling: coupling.map(|((pipeline, stage), stamp)| (pipeline, stage, stamp.into())),
                release: row.release().cloned(),
                history: self.history.get(&row.id).cloned().unwrap_or_default(),
            }
        });
        let groups = self.groups.iter().map(|row| {
            let members = row.members.iter().map(|(user, since)| (*user, (*since).into()));
            GroupRecord { group: row.group.clone(), members: members.collect() }
        });
        let spaces = self.spaces.iter().map(|row| {
            let creators = row.creators.iter().map(|(user, since)| (*user, (*since).into()));
            SpaceRecord { space: row.space.clone(), creators: creators.collect() }
        });
        let meters = self.ledger.meters();
        let times = self.account_times.iter().map(|(team, times)| AccountTimes { team: *team, times: times.clone() });
        let gone = self.gone.iter().map(|(owner, times)| Gone { owner: *owner, times: times.clone() });
        StateRecord {
            settings: self.settings.clone(),
            seq: self.seq,
            last_at: self.last_at,
            drawn: self.drawn,
            users: sorted(self.users.iter().map(|row| row.user.clone()), |user| user.id),
            accounts: sorted(accounts, |record| record.account.id),
            teams: sorted(teams, |record| record.team.id),
            groups: sorted(groups, |record| record.group.id),
            spaces: sorted(spaces, |record| record.space.id),
            pipelines: sorted(self.pipelines.iter().map(|row| row.pipeline.clone()), |pipeline| pipeline.id),
            apps: sorted(apps, |record| record.app.id),
            invitations: sorted(self.invitations.values().cloned(), |invitation| invitation.id),
            transfers: sorted(self.transfers.values().copied(), |transfer| transfer.id),
            meters: meters.map(|(meter, intervals)| MeterRecord { meter, intervals: intervals.to_vec() }).collect(),
            account_times: times.collect(),
            gone: gone.collect(),
            ends: self.ends.all().map(|(at, held)| Ending { ends_at: at.into(), held }).collect(),
        }
    }

    /// Builds a state from its record; costs what it holds.
    pub(crate) fn from_record(record: StateRecord) -> Result<Self, InvalidEntry> {
        let mut state = Self::new(record.settings, record.last_at);
        (state.seq, state.last_at, state.drawn) = (record.seq, record.last_at, record.drawn);
        ordered("users", &record.users, |user| user.id)?;
        ordered("accounts", &record.accounts, |record| record.account.id)?;
        ordered("teams", &record.teams, |record| record.team.id)?;
        ordered("groups", &record.groups, |record| record.group.id)?;
        ordered("spaces", &record.spaces, |record| record.space.id)?;
        ordered("pipelines", &record.pipelines, |pipeline| pipeline.id)?;
        ordered("apps", &record.apps, |record| record.app.id)?;
        ordered("invitations", &record.invitations, |invitation| invitation.id)?;
        ordered("transfers", &record.transfers, |transfer| transfer.id)?;
        ordered("meters", &record.meters, |record| record.meter)?;
        ordered("account_times", &record.account_times, |record| record.team)?;
        ordered("gone", &record.gone, |record| record.owner)?;
        state.users = Table::with_room(record.users.len());
        state.apps = Table::with_room(record.apps.len());
        for (index, user) in record.users.into_iter().enumerate() {
            state.restore_user(&format_args!("users[{index}]"), user)?;
        }
        for (index, account) in record.accounts.into_iter().enumerate() {
            state.restore_account(&format_args!("accounts[{index}]"), account)?;
        }
        for (index, team) in record.teams.into_iter().enumerate() {
            state.restore_team(&format_args!("teams[{index}]"), team)?;
        }
        for (index, group) in record.groups.into_iter().enumerate() {
            state.restore_group(&format_args!("groups[{index}]"), group)?;
        }
        for (index, space) in record.spaces.into_iter().enumerate() {
            state.restore_space(&format_args!("spaces[{index}]"), space)?;
        }
        for (index, pipeline) in record.pipelines.into_iter().enumerate() {
            let path = format_args!("pipelines[{index}]");
            if state.pipelines.find(pipeline.id).is_some() {
                return misfit(path, "the id is taken");
            }
            if state.owner(pipeline.owner).is_none() {
                return misfit(format_args!("pipelines[{index}].owner"), "there is no such owner");
            }
            state.insert_pipeline(pipeline);
        }
        // In the order of their creation, so that the apps of a team tend to stand together.
        let mut apps: Vec<(usize, AppRecord)> = record.apps.into_iter().enumerate().collect();
        sort::by_key(&mut apps, |(_, record)| record.app.number);
        for (index, app) in apps {
            state.restore_app(&format_args!("apps[{index}]"), app)?;
        }
        for (index, invitation) in record.invitations.into_iter().enumerate() {
            let path = format_args!("invitations[{index}]");
            let team = state.teams.find(invitation.team);
            let Some(team) = team else {
                return misfit(format_args!("invitations[{index}].team"), "there is no such team");
            };
            if state.invitations.contains_key(&invitation.id) || team.invitations.contains_key(&invitation.email) {
                return misfit(path, "the id, or the e-mail in this team, is taken");
            }
            state.insert_invitation(invitation);
        }
        for (index, transfer) in record.transfers.into_iter().enumerate() {
            let path = format_args!("transfers[{index}]");
            let app = state.apps.find(transfer.app);
            let Some(app) = app else { return misfit(format_args!("transfers[{index}].app"), "there is no such app") };
            if app.transfer().is_some() || state.transfers.contains_key(&transfer.id) {
                return misfit(path, "the id is taken, or the app has a transfer");
            }
            state.insert_transfer(transfer);
        }
        for (index, MeterRecord { meter, intervals }) in record.meters.into_iter().enumerate() {
            if !state.ledger.restore(meter, intervals) {
                return misfit(
                    format_args!("meters[{index}]"),
                    "the meter is taken, or has no intervals or wrong ones",
                );
            }
        }
        for (index, AccountTimes { team, times }) in record.account_times.into_iter().enumerate() {
            let path = format_args!("account_times[{index}]");
            let spans: Vec<Span> = times.iter().map(|(_, span)| *span).collect();
            if !in_order(&spans) || times.iter().any(|(account, _)| state.accounts.find(*account).is_none()) {
                return misfit(path, "an account is not there, or the times are in disorder");
            }
            for (account, _) in &times {
                state.teams_paid.insert(*account, team);
            }
            if state.account_times.insert(team, times).is_some() {
                return misfit(path, "the team comes twice");
            }
        }
        for (index, Gone { owner, times }) in record.gone.into_iter().enumerate() {
            let path = format_args!("gone[{index}]");
            if !in_order(&times) || times.iter().any(|(_, until)| until.is_none()) {
                return misfit(path, "it is still there, or the times are in disorder");
            }
            if state.gone.insert(owner, times).is_some() {
                return misfit(path, "it comes twice");
            }
        }
        follow("ends", &record.ends, |one, next| one < next, "it is out of order, or comes twice")?;
        for (index, Ending { ends_at, held }) in record.ends.into_iter().enumerate() {
            let path = format_args!("ends[{index}]");
            let owner = state.owner_of(held).filter(|_| state.is_held(held) && state.ends_at(held).is_none());
            let Some(owner) = owner else { return misfit(path, "nobody holds it, or it ends twice") };
            let Stamp { since, .. } = stamp(path, Times { since: ends_at, changed_at: ends_at })?;
            state.ends.set(held, owner, Some(since));
        }
        Ok(state)
    }

    fn restore_user(&mut self, path: &dyn fmt::Display, user: User) -> Result<(), InvalidEntry> {
        if self.users.find(user.id).is_some() || self.users.find_key(&user.email).is_some() {
            return misfit(path, "the id or the e-mail is taken");
        }
        if self.users.len() >= ROWS_MAX {
            return misfit(path, "there are more than a store holds");
        }
        self.insert_user(user);
        Ok(())
    }

    fn restore_account(&mut self, path: &dyn fmt::Display, record: AccountRecord) -> Result<(), InvalidEntry> {
        let id = record.account.id;
        if self.accounts.find(id).is_some() || self.accounts.find_key(&record.account.name).is_some() {
            return misfit(path, "the id or the name is taken");
        }
        ordered(format_args!("{path}.members"), &record.members, |(user, _)| *user)?;
        self.insert_account(record.account);
        for (index, (user, permissions)) in record.members.into_iter().enumerate() {
            if self.users.find(user).is_none() || self.account_members.contains_key(&(user, id)) {
                return misfit(format_args!("{path}.members[{index}]"), "there is no such user, or it comes twice");
            }
            self.set_account_member(id, user, (None, Some(permissions)));
        }
        Ok(())
    }

    fn restore_team(&mut self, path: &dyn fmt::Display, record: TeamRecord) -> Result<(), InvalidEntry> {
        let id = record.team.id;
        if self.teams.find(id).is_some() || self.teams.find_key(&record.team.name).is_some() {
            return misfit(path, "the id or the name is taken");
        }
        if record.team.account.is_some_and(|account| self.accounts.find(account).is_none()) {
            return misfit(format_args!("{path}.team.account"), "there is no such account");
        }
        ordered(format_args!("{path}.members"), &record.members, |(user, ..)| *user)?;
        distinct(format_args!("{path}.allowed_add_ons"), &record.allowed_add_ons)?;
        let default_role = record.team.default_role;
        self.insert_team(record.team);
        ordered(format_args!("{path}.roles"), &record.roles, |role| role.id)?;
        for (index, role) in record.roles.into_iter().enumerate() {
            if role.team != id || !self.is_free_for_role(&role) {
                return misfit(
                    format_args!("{path}.roles[{index}]"),
                    "it is of another team, or the id or the name is taken",
                );
            }
            self.insert_role(role);
        }
        let there = |state: &Self, role| state.teams.find(id).is_some_and(|team| state.seat_role(team, role).is_some());
        if !there(self, default_role) {
            return misfit(format_args!("{path}.team.default_role"), "the team has no such role");
        }
        for (index, (user, role, times)) in record.members.into_iter().enumerate() {
            let team = self.teams.find(id).map(|at| at.ix);
            let person = self.users.find(user);
            let free = person.zip(team).is_some_and(|(person, team)| person.role(team).is_none());
            if !free {
                return misfit(format_args!("{path}.members[{index}]"), "there is no such user, or it comes twice");
            }
            if !there(self, role) {
                return misfit(format_args!("{path}.members[{index}]"), "the team has no such role");
            }
            let stamp = stamp(format_args!("{path}.members[{index}]"), times)?;
            self.set_role(id, user, Some((role, stamp)));
        }
        self.teams.change(id, |row| {
            row.identity_provider = record.identity_provider.map(Box::new);
            row.allowed_add_ons = record.allowed_add_ons.into_iter().collect();
            row.payment_method = record.payment_method;
        });
        Ok(())
    }

    fn restore_group(&mut self, path: &dyn fmt::Display, record: GroupRecord) -> Result<(), InvalidEntry> {
        let GroupRecord { group, members } = record;
        let id = group.id;
        if !self.is_free_for_group(&group) {
            return misfit(path, "there is no such team, or the id or the name in it is taken");
        }
        follow(
            format_args!("{path}.members"),
            &members,
            |one, next| one.0 < next.0,
            "it is out of order, or comes twice",
        )?;
        self.insert_group(group);
        for (index, (user, since)) in members.into_iter().enumerate() {
            let path = format_args!("{path}.members[{index}]");
            let team = self.groups.find(id).map(|group| group.row.team);
            let seat = self.users.find(user).zip(team).and_then(|(person, team)| person.seat(team));
            if !seat.is_some_and(|seat| seat.role.is_some() && seat.groups < u8::MAX) {
                return misfit(path, "there is no such user in the team, or they are in too many groups");
            }
            let Stamp { since, .. } = stamp(path, Times { since, changed_at: since })?;
            self.set_group_member(id, user, Some(since));
        }
        Ok(())
    }

    fn restore_space(&mut self, path: &dyn fmt::Display, record: SpaceRecord) -> Result<(), InvalidEntry> {
        let id = record.space.id;
        if self.spaces.find(id).is_some() || self.spaces.find_key(&record.space.name).is_some() {
            return misfit(path, "the id or the name is taken");
        }
        if self.teams.find(record.space.team).is_none() {
            return misfit(format_args!("{path}.space.team"), "there is no such team");
        }
        follow(
            format_args!("{path}.creators"),
            &record.creators,
            |one, next| one.0 < next.0,
            "it is out of order, or comes twice",
        )?;
        self.insert_space(record.space);
        for (index, (user, since)) in record.creators.into_iter().enumerate() {
            if self.users.find(user).is_none() {
                return misfit(format_args!("{path}.creators[{index}]"), "there is no such user");
            }
            let Stamp { since, .. } =
                stamp(format_args!("{path}.creators[{index}]"), Times { since, changed_at: since })?;
            self.set_app_creator(id, user, Some(since));
        }
        Ok(())
    }

    fn restore_app(&mut self, path: &dyn fmt::Display, record: AppRecord) -> Result<(), InvalidEntry> {
        let id = record.app.id;
        if self.apps.find(id).is_some() || self.apps.find_key(&record.app.name).is_some() {
            return misfit(path, "the id or the name is taken");
        }
        let Some(owner) = self.owner(record.app.owner) else {
            return misfit(format_args!("{path}.app.owner"), "there is no such owner");
        };
        if self.holdings(owner).is_some_and(|held| held.by_number.contains_key(&record.app.number)) {
            return misfit(format_args!("{path}.app.number"), "the number is taken");
        }
        if record.app.space.is_some_and(|space| self.spaces.find(space).is_none()) {
            return misfit(format_args!("{path}.app.space"), "there is no such space");
        }
        ordered(format_args!("{path}.grants"), &record.grants, |(user, ..)| *user)?;
        ordered(format_args!("{path}.add_ons"), &record.add_ons, |add_on| add_on.id)?;
        let app = self.insert_app(record.app);
        let mut last = None;
        for (index, (user, permissions, times)) in record.grants.into_iter().enumerate() {
            let Some((app, found)) = app.zip(self.users.find(user)).filter(|_| last != Some(user)) else {
                return misfit(format_args!("{path}.grants[{index}]"), "there is no such user, or it comes twice");
            };
            let stamp = stamp(format_args!("{path}.grants[{index}]"), times)?;
            self.put_grant(app, found.ix, (None, Some(permissions)), Some(stamp));
            last = Some(user);
        }
        let mut last = None;
        for (index, (group, permissions, times)) in record.group_grants.into_iter().enumerate() {
            let path = format_args!("{path}.group_grants[{index}]");
            let of_owner = self.groups.find(group).is_some_and(|group| Some(group.row.team) == owner.team());
            if !of_owner || last.is_some_and(|last| last >= group) {
                return misfit(path, "the owner has no such group, or it comes twice or out of order");
            }
            self.put_group_grant(id, group, Some((permissions, stamp(path, times)?)));
            last = Some(group);
        }
        if !record.formation.is_sorted_by(|one, next| one.process < next.process) {
            return misfit(format_args!("{path}.formation"), "the process types are in disorder");
        }
        for (index, add_on) in record.add_ons.into_iter().enumerate() {
            if add_on.app != id || self.add_ons.contains_key(&add_on.id) {
                return misfit(format_args!("{path}.add_ons[{index}]"), "it is on another app, or the id is taken");
            }
            self.insert_add_on(add_on);
        }
        if let Some((pipeline, stage, times)) = record.coupling {
            let path = format_args!("{path}.coupling");
            if self.pipelines.find(pipeline).is_none() {
                return misfit(path, "there is no such pipeline");
            }
            self.set_coupling(id, (None, Some((pipeline, stage))), Some(stamp(path, times)?));
        }
        if let Some(row) = self.apps.find_mut(id).filter(|_| !record.formation.is_empty() || record.release.is_some()) {
            (row.work_mut().formation, row.work_mut().release) = (record.formation, record.release);
        }
        if !record.history.is_empty() {
            self.history.insert(id, record.history);
        }
        Ok(())
    }
}
