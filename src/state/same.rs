//! Whether two states hold the same, however they hold it.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::{AccountRow, AppIx, AppRow, At, Holdings, PipelineIx, PipelineRow, SpaceRow, State, TeamRow, UserRow};
use crate::ids::{AppId, PipelineId, TeamId, UserId};
use crate::permission::PermissionSet;
use crate::role::TeamRole;

impl State {
    /// Whether both hold the same users, teams, apps and relations, and go on alike.
    pub(crate) fn same(&self, other: &Self) -> bool {
        self.settings == other.settings
            && (self.seq, self.last_at, self.drawn) == (other.seq, other.last_at, other.drawn)
            && self.users.len() == other.users.len()
            && self
                .users
                .iter()
                .all(|user| other.users.find(user.user.id).is_some_and(|same| same_user(self, user, other, same)))
            && self.teams.len() == other.teams.len()
            && self
                .teams
                .iter()
                .all(|team| other.teams.find(team.team.id).is_some_and(|same| same_team(self, team, other, same)))
            && self.apps.len() == other.apps.len()
            && self
                .apps
                .iter()
                .all(|app| other.apps.find(app.app.id).is_some_and(|same| same_app(self, app, other, same)))
            && self.spaces.len() == other.spaces.len()
            && self
                .spaces
                .iter()
                .all(|one| other.spaces.find(one.space.id).is_some_and(|same| same_space(self, one, other, same)))
            && self.pipelines.len() == other.pipelines.len()
            && self.pipelines.iter().all(|one| {
                other.pipelines.find(one.pipeline.id).is_some_and(|same| same_pipeline(self, one, other, same))
            })
            && self.accounts.len() == other.accounts.len()
            && self
                .accounts
                .iter()
                .all(|one| other.accounts.find(one.account.id).is_some_and(|same| same_account(self, one, other, same)))
            && self.account_members == other.account_members
            && self.app_creators == other.app_creators
            && self.invitations == other.invitations
            && self.invitations_by_email == other.invitations_by_email
            && self.transfers == other.transfers
            && self.transfers_by_user == other.transfers_by_user
            && self.add_ons == other.add_ons
            && self.add_ons_by_app == other.add_ons_by_app
            && self.ledger == other.ledger
            && self.account_times == other.account_times
            && self.tenures == other.tenures
    }
}

fn same_user(one: &State, user: At<'_, UserRow>, other: &State, same: At<'_, UserRow>) -> bool {
    user.user == same.user
        && seats(one, user) == seats(other, same)
        && sorted(user.grants.iter().filter_map(|app| Some(one.apps.get(*app)?.app.id)))
            == sorted(same.grants.iter().filter_map(|app| Some(other.apps.get(*app)?.app.id)))
        && holdings(one, user.row.apps()) == holdings(other, same.apps())
}

fn same_team(one: &State, team: At<'_, TeamRow>, other: &State, same: At<'_, TeamRow>) -> bool {
    let people = |state: &State, team: At<'_, TeamRow>| -> Vec<_> {
        team.people
            .iter()
            .map(|(email, user)| (email.clone(), state.users.get(*user).map(|user| user.user.id)))
            .collect()
    };
    team.team == same.team
        && people(one, team) == people(other, same)
        && (team.members, team.admins) == (same.members, same.admins)
        && team.invitations == same.invitations
        && team.identity_provider == same.identity_provider
        && team.allowed_add_ons == same.allowed_add_ons
        && team.payment_method == same.payment_method
        && team.spaces.keys().eq(same.spaces.keys())
        && team.account.is_some() == same.account.is_some()
        && team.expiries == same.expiries
        && holdings(one, &team.apps) == holdings(other, &same.apps)
}

fn same_app(one: &State, app: At<'_, AppRow>, other: &State, same: At<'_, AppRow>) -> bool {
    app.app == same.app
        && grants(one, app) == grants(other, same)
        && app.formation() == same.formation()
        && app.transfer() == same.transfer()
        && one.coupling(app.row) == other.coupling(same.row)
        && app.release() == same.release()
}

fn same_space(one: &State, space: At<'_, SpaceRow>, other: &State, same: At<'_, SpaceRow>) -> bool {
    space.space == same.space && apps(one, &space.apps) == apps(other, &same.apps) && space.creators == same.creators
}

fn same_pipeline(one: &State, pipeline: At<'_, PipelineRow>, other: &State, same: At<'_, PipelineRow>) -> bool {
    pipeline.pipeline == same.pipeline && apps(one, &pipeline.apps) == apps(other, &same.apps)
}

fn same_account(one: &State, account: At<'_, AccountRow>, other: &State, same: At<'_, AccountRow>) -> bool {
    let people = |state: &State, account: At<'_, AccountRow>| -> Vec<_> {
        let people = account.members.iter();
        people.map(|(email, user)| (email.clone(), state.users.get(*user).map(|user| user.user.id))).collect()
    };
    let teams = |state: &State, account: At<'_, AccountRow>| -> Vec<_> {
        account.teams.iter().map(|(name, team)| (*name, state.teams.get(*team).map(|team| team.team.id))).collect()
    };
    account.account == same.account
        && account.managers == same.managers
        && people(one, account) == people(other, same)
        && teams(one, account) == teams(other, same)
}

fn apps(state: &State, apps: &BTreeSet<AppIx>) -> Vec<AppId> {
    sorted(apps.iter().filter_map(|app| Some(state.apps.get(*app)?.app.id)))
}

fn seats(state: &State, user: At<'_, UserRow>) -> Vec<(TeamId, Option<TeamRole>, u32)> {
    sorted(user.seats.iter().filter_map(|seat| Some((state.teams.get(seat.team)?.team.id, seat.role, seat.grants))))
}

fn grants(state: &State, app: At<'_, AppRow>) -> Vec<(UserId, PermissionSet)> {
    sorted(app.grants.iter().filter_map(|(user, set)| Some((state.users.get(user)?.user.id, set))))
}

fn holdings(state: &State, held: &Holdings) -> (Vec<Option<AppId>>, Vec<Option<PipelineId>>) {
    let app = |app: &AppIx| state.apps.get(*app).map(|app| app.app.id);
    let pipeline = |one: &PipelineIx| state.pipelines.get(*one).map(|one| one.pipeline.id);
    let apps = held.by_name.values().chain(held.by_number.values()).map(app).collect();
    (apps, held.pipelines.values().map(pipeline).collect())
}

fn sorted<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.collect();
    items.sort_unstable();
    items
}
