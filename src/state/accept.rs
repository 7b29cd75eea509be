//! Whether a change can be made: what it found must be what is there, what it needs must be free, and what goes must hold nothing.
//!
//! Decisions need none of this, for they look first; a log from elsewhere does.

#[cfg(test)]
mod tests;

use chrono::DateTime;

use super::change::{Change, Direction, Pair, accounts, goes};
use super::{AppRow, At, GroupRow, Holdings, ROWS_MAX, State, TeamRow, UserRow, Work};
use crate::entity::{AddOn, App, Group, Owner, OwnershipPeriod, Space, Team};
use crate::ids::{AccountId, AppId, PipelineId, TeamId};
use crate::policy::CustomRole;

impl State {
    pub(super) fn accepts(&self, change: Change<'_>, direction: Direction) -> bool {
        self.finds(change, direction) && self.follows(change, direction)
    }

    /// Whether the change goes on from what is kept of the past, or is the last of it and can be taken back.
    fn follows(&self, change: Change<'_>, direction: Direction) -> bool {
        let metered = |(meter, pair)| self.ledger.accepts(meter, direction, self.last_at, pair);
        let listed = match change {
            Change::Team(pair) => {
                pair.0.or(pair.1).is_none_or(|team| self.times_accept(team.id, direction, accounts(pair)))
            }
            Change::TeamAccount(team, pair) => self.times_accept(team, direction, pair),
            Change::Owner(app, ((owner, from), (_, until))) => {
                let ended = OwnershipPeriod { owner, from, until: Some(until) };
                direction == Direction::Forwards || self.history.get(&app).and_then(|all| all.last()) == Some(&ended)
            }
            Change::Options(_)
            | Change::Field(_)
            | Change::Changed(_)
            | Change::User(_)
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
            | Change::Dyno(..)
            | Change::Transfer(_)
            | Change::Space(_)
            | Change::SpaceTeam(..)
            | Change::AppCreator(..)
            | Change::Pipeline(_)
            | Change::PipelineOwner(..)
            | Change::Coupling(..)
            | Change::Account(_)
            | Change::AccountMember(..)
            | Change::AddOn(_)
            | Change::Plan(..)
            | Change::AllowedAddOn(..)
            | Change::End(..) => true,
        };
        let remembered =
            |(owner, from)| self.gone.get(&owner).and_then(|times| times.last()) == Some(&(from, Some(self.last_at)));
        let gone = direction == Direction::Forwards || goes(change).is_none_or(remembered);
        let stamped = direction == Direction::Forwards || self.is_stamped(change);
        listed && gone && stamped && self.metered(change).into_iter().all(metered)
    }

    fn finds(&self, change: Change<'_>, direction: Direction) -> bool {
        match change {
            Change::Options(pair) => direction.oriented(pair).0 == Some(&self.settings.options),
            Change::Field(field) => self.accepts_field(field, direction),
            Change::Changed(thing) => self.dated(thing).is_some(),
            Change::User(pair) => comes_or_goes(
                direction.oriented(pair),
                |user| {
                    self.users.find(user.id).is_none()
                        && self.users.find_key(&user.email).is_none()
                        && self.users.len() < ROWS_MAX
                },
                |user| self.users.find(user.id).is_some_and(|at| at.user == *user && at.row.is_left()),
            ),
            Change::Team(pair) => comes_or_goes(
                direction.oriented(pair),
                |team| self.is_free_for(team),
                |team| self.is_team(team.id, |row| row.team == *team && row.is_left()),
            ),
            Change::Member(team, user, pair) => {
                let (from, to) = direction.oriented(pair);
                let team = self.teams.find(team);
                let person = self.users.find(user);
                team.zip(person).is_some_and(|(team, person)| {
                    let groups = person.seat(team.ix).map_or(0, |seat| seat.groups);
                    let there = to.is_none_or(|role| self.seat_role(team, role).is_some());
                    team.row.role_of(person.row, team.ix) == from && there && (to.is_some() || groups == 0)
                })
            }
            Change::Invitation(pair) => comes_or_goes(
                direction.oriented(pair),
                |one| {
                    let free = |team: &TeamRow| !team.invitations.contains_key(&one.email);
                    self.is_team(one.team, free) && !self.invitations.contains_key(&one.id)
                },
                |one| self.invitations.get(&one.id) == Some(one),
            ),
            Change::NameDraw(pair) => self.drawn == direction.oriented(pair).0,
            Change::App(pair) => comes_or_goes(
                direction.oriented(pair),
                |app| self.has_room_for(app),
                |app| {
                    self.is_app(app.id, |row| row.app == *app && row.is_left())
                        && self.add_ons_of(app.id).next().is_none()
                        && !self.history.contains_key(&app.id)
                },
            ),
            Change::Owner(app, pair) => {
                let ((from, since), (to, _)) = direction.oriented(pair);
                self.is_app(app, |row| row.app.owner == from && row.owned_since == since) && self.owner(to).is_some()
            }
            Change::History(app, pair) => {
                self.history.get(&app).map_or(&[][..], Vec::as_slice) == direction.oriented(pair).0
            }
            Change::Grant(app, user, pair) => {
                let person = self.users.find(user);
                let app = self.apps.find(app);
                let held = |(app, person): (At<'_, AppRow>, At<'_, UserRow>)| {
                    app.grant(person.ix) == direction.oriented(pair).0
                };
                pair.0 != pair.1 && app.zip(person).is_some_and(held)
            }
            Change::Group(pair) => comes_or_goes(
                direction.oriented(pair),
                |group| self.is_free_for_group(group),
                |group| {
                    let found = self.groups.find(group.id);
                    let is_left = |row: &GroupRow| row.members.is_empty() && row.apps.is_empty();
                    found.is_some_and(|row| row.group == *group && is_left(row.row))
                },
            ),
            Change::Role(pair) => comes_or_goes(
                direction.oriented(pair),
                |role| self.is_free_for_role(role),
                |role| {
                    let found = self.roles.find(role.id);
                    found.is_some_and(|row| row.row.role == *role && self.holders_of(row).next().is_none())
                },
            ),
            Change::GroupMember(group, user, pair) => {
                let found = self.groups.find(group).zip(self.users.find(user));
                pair.0 != pair.1
                    && found.is_some_and(|(group, person)| {
                        group.members.contains_key(&user) == direction.oriented(pair).0.is_some()
                            && person.role(group.row.team).is_some()
                    })
            }
            Change::GroupGrant(app, group, pair) => {
                let found = self.apps.find(app).zip(self.groups.find(group));
                pair.0 != pair.1
                    && found.is_some_and(|(app, group)| {
                        let held = app.group_grant(group.ix).map(|grant| grant.permissions);
                        held == direction.oriented(pair).0 && app.owner.team() == Some(group.row.team)
                    })
            }
            Change::Dyno(app, process, pair) => {
                pair.0 != pair.1
                    && self.is_app(app, |row| row.dyno(process) == direction.oriented(pair).0)
                    && [pair.0, pair.1].into_iter().flatten().all(|dyno| dyno.process == process)
            }
            Change::Transfer(pair) => comes_or_goes(
                direction.oriented(pair),
                |transfer| {
                    self.is_app(transfer.app, |row| row.transfer().is_none())
                        && !self.transfers.contains_key(&transfer.id)
                },
                |transfer| self.transfers.get(&transfer.id) == Some(transfer),
            ),
            Change::Space(pair) => comes_or_goes(
                direction.oriented(pair),
                |space| self.is_free_for_space(space),
                |space| {
                    let found = self.spaces.find(space.id);
                    found.is_some_and(|row| row.space == *space && row.apps.is_empty() && row.creators.is_empty())
                },
            ),
            Change::SpaceTeam(space, pair) => {
                let (from, to) = direction.oriented(pair);
                self.spaces.find(space).is_some_and(|row| row.space.team == from) && self.teams.find(to).is_some()
            }
            Change::AppCreator(space, user, pair) => {
                let may = self.spaces.find(space).map(|row| row.creators.contains_key(&user));
                may == Some(direction.oriented(pair).0.is_some()) && self.users.find(user).is_some()
            }
            Change::Pipeline(pair) => comes_or_goes(
                direction.oriented(pair),
                |pipeline| {
                    let key = (pipeline.name, pipeline.number);
                    let held = self.owner(pipeline.owner).and_then(|owner| self.holdings(owner));
                    self.pipelines.find(pipeline.id).is_none()
                        && held.is_some_and(|held| !held.pipelines.contains_key(&key))
                },
                |pipeline| {
                    let found = self.pipelines.find(pipeline.id);
                    found.is_some_and(|row| row.pipeline == *pipeline && row.apps.is_empty())
                },
            ),
            Change::PipelineOwner(pipeline, pair) => {
                let (from, to) = direction.oriented(pair);
                self.pipelines.find(pipeline).is_some_and(|row| row.pipeline.owner == from) && self.owner(to).is_some()
            }
            Change::Coupling(app, pair) => {
                let (from, to) = direction.oriented(pair);
                self.apps.find(app).is_some_and(|at| self.coupling(at.row) == from)
                    && to.is_none_or(|(pipeline, _)| self.is_pipeline(pipeline))
            }
            Change::Account(pair) => comes_or_goes(
                direction.oriented(pair),
                |account| self.accounts.find(account.id).is_none() && self.accounts.find_key(&account.name).is_none(),
                |account| {
                    let found = self.accounts.find(account.id);
                    found.is_some_and(|row| row.account == *account && row.members.is_empty() && row.teams.is_empty())
                },
            ),
            Change::AccountMember(account, user, pair) => {
                let held = self.account_members.get(&(user, account)).copied();
                held == direction.oriented(pair).0
                    && self.accounts.find(account).is_some()
                    && self.users.find(user).is_some()
            }
            Change::TeamAccount(team, pair) => {
                let (from, to) = direction.oriented(pair);
                self.is_team(team, |row| row.team.account == from)
                    && to.is_none_or(|account| self.accounts.find(account).is_some())
            }
            Change::AddOn(pair) => comes_or_goes(
                direction.oriented(pair),
                |add_on: &AddOn| self.is_app(add_on.app, |_| true) && !self.add_ons.contains_key(&add_on.id),
                |add_on| self.add_ons.get(&add_on.id) == Some(add_on),
            ),
            Change::Plan(add_on, pair) => {
                self.add_ons.get(&add_on).is_some_and(|row| row.plan == direction.oriented(pair).0)
            }
            Change::End(held, pair) => {
                let (from, to) = direction.oriented(pair);
                from != to && self.is_held(held) && self.ends.get(held).map(DateTime::from) == from
            }
            Change::AllowedAddOn(team, service, pair) => {
                self.is_team(team, |row| row.allowed_add_ons.contains(&service) == direction.oriented(pair).0.is_some())
            }
        }
    }

    /// As [`Ledger::accepts`](super::Ledger::accepts), of the account that is billed for a team.
    fn times_accept(&self, team: TeamId, direction: Direction, (before, after): Pair<Option<AccountId>>) -> bool {
        let (at, mut times) = (self.last_at, self.account_times.get(&team).into_iter().flatten().rev());
        match direction {
            Direction::Forwards => {
                times.next().filter(|(_, (_, until))| until.is_none()).map(|(account, _)| *account) == before
            }
            Direction::Backwards => {
                after.is_none_or(|account| times.next() == Some(&(account, (at, None))))
                    && before.is_none_or(|account| {
                        times.next().is_some_and(|(paid, (_, until))| (*paid, *until) == (account, Some(at)))
                    })
            }
        }
    }

    fn is_team(&self, team: TeamId, is: impl FnOnce(&TeamRow) -> bool) -> bool {
        self.teams.find(team).is_some_and(|at| is(at.row))
    }

    fn is_app(&self, app: AppId, is: impl FnOnce(&AppRow) -> bool) -> bool {
        self.apps.find(app).is_some_and(|at| is(at.row))
    }

    fn is_pipeline(&self, pipeline: PipelineId) -> bool {
        self.pipelines.find(pipeline).is_some()
    }

    /// Whether nothing has the id or the name of the team, and its account is there.
    pub(super) fn is_free_for(&self, team: &Team) -> bool {
        self.teams.find(team.id).is_none()
            && self.teams.find_key(&team.name).is_none()
            && team.account.is_none_or(|account| self.accounts.find(account).is_some())
    }

    pub(super) fn is_free_for_group(&self, group: &Group) -> bool {
        let free = |team: &TeamRow| !team.groups.contains_key(&group.name);
        self.groups.find(group.id).is_none() && self.is_team(group.team, free)
    }

    pub(super) fn is_free_for_role(&self, role: &CustomRole) -> bool {
        let free = |team: &TeamRow| !team.roles.contains_key(&role.name) && u8::try_from(team.roles.len()).is_ok();
        self.roles.find(role.id).is_none() && self.is_team(role.team, free)
    }

    fn is_free_for_space(&self, space: &Space) -> bool {
        self.spaces.find(space.id).is_none()
            && self.spaces.find_key(&space.name).is_none()
            && self.teams.find(space.team).is_some()
    }

    fn has_room_for(&self, app: &App) -> bool {
        let held = |owner: Owner| self.owner(owner).and_then(|owner| self.holdings(owner));
        self.apps.find(app.id).is_none()
            && self.apps.find_key(&app.name).is_none()
            && app.space.is_none_or(|space| self.spaces.find(space).is_some())
            && held(app.owner).is_some_and(|held| !held.by_number.contains_key(&app.number))
    }
}

impl UserRow {
    fn is_left(&self) -> bool {
        self.seats.is_empty() && self.grants.is_empty() && self.apps().is_empty()
    }
}

impl TeamRow {
    fn is_left(&self) -> bool {
        let Self {
            people,
            invitations,
            identity_provider,
            allowed_add_ons,
            payment_method,
            groups,
            roles,
            spaces,
            apps,
            ..
        } = self;
        people.is_empty()
            && invitations.is_empty()
            && identity_provider.is_none()
            && allowed_add_ons.is_empty()
            && payment_method.is_none()
            && groups.is_empty()
            && roles.is_empty()
            && spaces.is_empty()
            && apps.is_empty()
    }
}

impl AppRow {
    fn is_left(&self) -> bool {
        let Work { formation, transfer, coupling, release, groups, people: _ } = self.work();
        let idle = formation.is_empty() && transfer.is_none() && coupling.is_none() && release.is_none();
        idle && self.grants.is_empty() && groups.is_empty()
    }
}

impl Holdings {
    fn is_empty(&self) -> bool {
        self.by_name.is_empty() && self.pipelines.is_empty()
    }
}

/// What comes must find its place free; what goes must be there as it is said to be. One of both, not neither.
fn comes_or_goes<T: Copy>(
    (before, after): Pair<Option<T>>,
    is_free: impl FnOnce(T) -> bool,
    is_there: impl FnOnce(T) -> bool,
) -> bool {
    match (before, after) {
        (None, Some(comes)) => is_free(comes),
        (Some(goes), None) => is_there(goes),
        _ => false,
    }
}
