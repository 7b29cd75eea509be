//! Whether a change can be made: what it found must be what is there, and what it needs must be free.
//!
//! Decisions need none of this, for they look first; a log from elsewhere does.

#[cfg(test)]
mod tests;

use super::change::{Change, Direction, Pair};
use super::{ROWS_MAX, State};
use crate::entity::{AddOn, App, Owner, Space, Team};
use crate::ids::{AppId, PipelineId, TeamId, UserId};

impl State {
    pub(super) fn fits(&self, change: Change<'_>, direction: Direction) -> bool {
        match change {
            Change::Options(pair) => direction.turn(pair).0 == Some(&self.settings.options),
            Change::User(pair) => comes_or_goes(
                direction.turn(pair),
                |user| {
                    self.users.find(user.id).is_none()
                        && self.users.find_key(&user.email).is_none()
                        && self.users.len() < ROWS_MAX
                },
                |user| self.users.find(user.id).is_some_and(|row| row.user == *user && row.seats.is_empty()),
            ),
            Change::Email(user, pair) => {
                let (from, to) = direction.turn(pair);
                self.is_user(user, |row| row.user.email == *from)
                    && self.users.find_key(to).is_none_or(|row| row.user.id == user)
            }
            Change::Mfa(user, pair) => self.is_user(user, |row| row.user.mfa == direction.turn(pair).0),
            Change::SignIn(user, pair) => self.is_user(user, |row| row.user.sign_in == direction.turn(pair).0),
            Change::Team(pair) => comes_or_goes(
                direction.turn(pair),
                |team| self.is_free_for(team),
                |team| self.is_team(team.id, |row| row.team == *team && row.people.is_empty()),
            ),
            Change::TeamName(team, pair) => {
                let (from, to) = direction.turn(pair);
                self.is_team(team, |row| row.team.name == from)
                    && self.teams.find_key(&to).is_none_or(|row| row.team.id == team)
            }
            Change::Limits(team, pair) => self.is_team(team, |row| row.team.limits == direction.turn(pair).0),
            Change::DefaultRole(team, pair) => {
                self.is_team(team, |row| row.team.default_role == direction.turn(pair).0)
            }
            Change::OAuthAccess(team, pair) => {
                self.is_team(team, |row| row.team.oauth_access == direction.turn(pair).0)
            }
            Change::DeletionRequest(team, pair) => {
                self.is_team(team, |row| row.team.deletion_requested_at == direction.turn(pair).0)
            }
            Change::Member(team, user, pair) => {
                let team = self.teams.find(team);
                let person = self.users.find(user);
                team.zip(person).is_some_and(|(team, person)| person.role(team.ix) == direction.turn(pair).0)
            }
            Change::Invitation(pair) => comes_or_goes(
                direction.turn(pair),
                |one| {
                    let free = |team: &super::TeamRow| !team.invitations.contains_key(&one.email);
                    self.is_team(one.team, free) && !self.invitations.contains_key(&one.id)
                },
                |one| self.invitations.get(&one.id) == Some(one),
            ),
            Change::NameDraw(pair) => self.drawn == direction.turn(pair).0,
            Change::App(pair) => comes_or_goes(
                direction.turn(pair),
                |app| self.has_room_for(app),
                |app| self.is_app(app.id, |row| row.app == *app && row.grants.is_empty() && row.coupling().is_none()),
            ),
            Change::AppName(app, pair) => {
                let (from, to) = direction.turn(pair);
                self.is_app(app, |row| row.app.name == from)
                    && self.apps.find_key(&to).is_none_or(|row| row.app.id == app)
            }
            Change::Lock(app, pair) => self.is_app(app, |row| row.app.lock == direction.turn(pair).0),
            Change::Owner(app, pair) => {
                let ((from, since), (to, _)) = direction.turn(pair);
                self.is_app(app, |row| row.app.owner == from && row.app.owned_since == since)
                    && self.owner(to).is_some()
            }
            Change::Tenures(app, pair) => {
                self.tenures.get(&app).map_or(&[][..], Vec::as_slice) == direction.turn(pair).0
            }
            Change::Grant(app, user, pair) => {
                let person = self.users.find(user);
                let app = self.apps.find(app);
                app.zip(person).is_some_and(|(app, person)| app.grant(person.ix) == direction.turn(pair).0)
            }
            Change::Dyno(app, process, pair) => {
                self.is_app(app, |row| row.dyno(process) == direction.turn(pair).0)
                    && [pair.0, pair.1].into_iter().flatten().all(|dyno| dyno.process == process)
            }
            Change::Transfer(pair) => comes_or_goes(
                direction.turn(pair),
                |transfer| {
                    self.is_app(transfer.app, |row| row.transfer().is_none())
                        && !self.transfers.contains_key(&transfer.id)
                },
                |transfer| self.transfers.get(&transfer.id) == Some(transfer),
            ),
            Change::Space(pair) => comes_or_goes(
                direction.turn(pair),
                |space| self.is_free_for_space(space),
                |space| {
                    let found = self.spaces.find(space.id);
                    found.is_some_and(|row| row.space == *space && row.apps.is_empty() && row.creators.is_empty())
                },
            ),
            Change::SpaceName(space, pair) => {
                let (from, to) = direction.turn(pair);
                self.spaces.find(space).is_some_and(|row| row.space.name == from)
                    && self.spaces.find_key(&to).is_none_or(|row| row.space.id == space)
            }
            Change::SpaceTeam(space, pair) => {
                let (from, to) = direction.turn(pair);
                self.spaces.find(space).is_some_and(|row| row.space.team == from) && self.teams.find(to).is_some()
            }
            Change::AppCreator(space, user, pair) => {
                let may = self.spaces.find(space).map(|row| row.creators.contains(&user));
                may == Some(direction.turn(pair).0.is_some()) && self.users.find(user).is_some()
            }
            Change::Pipeline(pair) => comes_or_goes(
                direction.turn(pair),
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
            Change::PipelineName(pipeline, pair) => {
                self.pipelines.find(pipeline).is_some_and(|row| row.pipeline.name == direction.turn(pair).0)
            }
            Change::PipelineOwner(pipeline, pair) => {
                let (from, to) = direction.turn(pair);
                self.pipelines.find(pipeline).is_some_and(|row| row.pipeline.owner == from) && self.owner(to).is_some()
            }
            Change::Coupling(app, pair) => {
                let (from, to) = direction.turn(pair);
                self.apps.find(app).is_some_and(|at| self.coupling(at.row) == from)
                    && to.is_none_or(|(pipeline, _)| self.is_pipeline(pipeline))
            }
            Change::Release(app, pair) => self.is_app(app, |row| row.release() == direction.turn(pair).0),
            Change::Account(pair) => comes_or_goes(
                direction.turn(pair),
                |account| self.accounts.find(account.id).is_none() && self.accounts.find_key(&account.name).is_none(),
                |account| {
                    let found = self.accounts.find(account.id);
                    found.is_some_and(|row| row.account == *account && row.members.is_empty() && row.teams.is_empty())
                },
            ),
            Change::AccountMember(account, user, pair) => {
                let held = self.account_members.get(&(user, account)).copied();
                held == direction.turn(pair).0
                    && self.accounts.find(account).is_some()
                    && self.users.find(user).is_some()
            }
            Change::TeamAccount(team, pair) => {
                let (from, to) = direction.turn(pair);
                self.is_team(team, |row| row.team.account == from)
                    && to.is_none_or(|account| self.accounts.find(account).is_some())
            }
            Change::TeamKind(team, pair) => self.is_team(team, |row| row.team.kind == direction.turn(pair).0),
            Change::MoveOutRequest(team, pair) => {
                self.is_team(team, |row| row.team.move_out_requested_at == direction.turn(pair).0)
            }
            Change::IdentityProvider(team, pair) => {
                self.is_team(team, |row| row.identity_provider.as_deref() == direction.turn(pair).0)
            }
            Change::Sso(team, pair) => self.is_team(team, |row| row.team.sso == direction.turn(pair).0),
            Change::AddOn(pair) => comes_or_goes(
                direction.turn(pair),
                |add_on: &AddOn| self.is_app(add_on.app, |_| true) && !self.add_ons.contains_key(&add_on.id),
                |add_on| self.add_ons.get(&add_on.id) == Some(add_on),
            ),
            Change::Plan(add_on, pair) => {
                self.add_ons.get(&add_on).is_some_and(|row| row.plan == direction.turn(pair).0)
            }
            Change::AddOnControls(team, pair) => {
                self.is_team(team, |row| row.team.add_on_controls == direction.turn(pair).0)
            }
            Change::AllowedAddOn(team, service, pair) => {
                self.is_team(team, |row| row.allowed_add_ons.contains(&service) == direction.turn(pair).0.is_some())
            }
            Change::PaymentMethod(team, pair) => {
                self.is_team(team, |row| row.payment_method.as_ref() == direction.turn(pair).0)
            }
        }
    }

    fn is_user(&self, user: UserId, is: impl FnOnce(&super::UserRow) -> bool) -> bool {
        self.users.find(user).is_some_and(|at| is(at.row))
    }

    fn is_team(&self, team: TeamId, is: impl FnOnce(&super::TeamRow) -> bool) -> bool {
        self.teams.find(team).is_some_and(|at| is(at.row))
    }

    fn is_app(&self, app: AppId, is: impl FnOnce(&super::AppRow) -> bool) -> bool {
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
