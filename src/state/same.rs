//! Whether two states hold the same, however they hold it.

use super::{AppRow, At, State, TeamRow, UserRow};
use crate::ids::TeamId;
use crate::ids::{AppId, UserId};
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
            && self.invitations == other.invitations
            && self.invitations_by_email == other.invitations_by_email
            && self.transfers == other.transfers
            && self.transfers_by_user == other.transfers_by_user
            && self.tenures == other.tenures
    }
}

fn same_user(one: &State, user: At<'_, UserRow>, other: &State, same: At<'_, UserRow>) -> bool {
    user.user == same.user
        && seats(one, user) == seats(other, same)
        && sorted(user.grants.iter().filter_map(|app| Some(one.apps.get(*app)?.app.id)))
            == sorted(same.grants.iter().filter_map(|app| Some(other.apps.get(*app)?.app.id)))
        && holdings(one, &user.apps) == holdings(other, &same.apps)
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
        && team.expiries == same.expiries
        && holdings(one, &team.apps) == holdings(other, &same.apps)
}

fn same_app(one: &State, app: At<'_, AppRow>, other: &State, same: At<'_, AppRow>) -> bool {
    app.app == same.app
        && grants(one, app) == grants(other, same)
        && app.formation == same.formation
        && app.transfer == same.transfer
}

fn seats(state: &State, user: At<'_, UserRow>) -> Vec<(TeamId, Option<TeamRole>, u32)> {
    sorted(user.seats.iter().filter_map(|seat| Some((state.teams.get(seat.team)?.team.id, seat.role, seat.grants))))
}

fn grants(state: &State, app: At<'_, AppRow>) -> Vec<(UserId, PermissionSet)> {
    sorted(app.grants.iter().filter_map(|(user, set)| Some((state.users.get(*user)?.user.id, *set))))
}

fn holdings(state: &State, held: &super::Holdings) -> Vec<Option<AppId>> {
    let id = |app: &super::AppIx| state.apps.get(*app).map(|app| app.app.id);
    held.by_name.values().chain(held.by_number.values()).map(id).collect()
}

fn sorted<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.collect();
    items.sort_unstable();
    items
}
