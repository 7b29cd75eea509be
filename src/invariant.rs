//! What holds in every state: named checks over the whole of it.

#[cfg(test)]
mod tests;

use core::fmt;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::access;
use crate::entity::{AccountPermission, Dyno, DynoSize, Owner, SignIn, Sso};
use crate::guard;
use crate::ids::{AccountId, UserId};
use crate::names::{AppName, Email, TeamName};
use crate::permission::{Permission, PermissionSet};
use crate::role::{Role, TeamKind, TeamRole};
use crate::rule::Rule;
use crate::sort;
use crate::state::{
    AppIx, AppRow, At, Gate, GroupRow, Holdings, LISTED_FROM, Load, Meter, Moment, OwnerIx, RoleRow, SORTED_FROM, Span,
    Stamp, State, TeamIx, TeamLink, TeamRow, UserIx, UserRow,
};

/// Something that should hold and does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The name of the check.
    pub check: &'static str,
    /// The rule that stands behind it.
    pub rule: Rule,
    /// What breaks it.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.check, self.rule, self.what)
    }
}

/// A check: its name, its rule, and what it finds.
type Check = (&'static str, Rule, fn(&State) -> Vec<String>);

const CHECKS: &[Check] = &[
    ("every index finds every row", Rule::X3, indexes),
    ("a team has an admin who is not suspended and has no end", Rule::Team2, admins),
    ("suspensions are marked", Rule::Sus1, suspensions),
    ("what ends is held", Rule::End1, ends),
    ("roles exist in the kind of team", Rule::Mem4, roles),
    ("requests are for teams that can make them", Rule::Team8, requests),
    ("seats and people agree", Rule::Mem8, seats),
    ("owners list exactly their apps", Rule::App1, holdings),
    ("grants stand on both sides", Rule::Perm7, grants),
    ("a grant is one that its app allows", Rule::Perm3, grant_sets),
    ("owners are on no grant of their own app", Rule::Perm10, owners),
    ("groups are of Enterprise Teams, and so are their people and apps", Rule::Grp1, groups),
    ("roles of a team's own are of Enterprise Teams, and make no power", Rule::Role1, custom_roles),
    ("invitations stand in every list, for people outside the team", Rule::Inv1, invitations),
    ("transfers are of personal apps, to collaborators", Rule::Trf4, transfers),
    ("dynos fit where their app is", Rule::Res1, dynos),
    ("spaces hold apps of their team, and members may create in them", Rule::Spc3, spaces),
    ("pipelines hold apps of their owner", Rule::Pipe4, pipelines),
    ("accounts have a manager who is not suspended, and know their members and teams", Rule::Ent1, accounts),
    ("add-ons are on apps, and listed there", Rule::Res2, add_ons),
    ("single sign-on has an identity provider", Rule::Sec2, sign_on),
    ("single sign-on leads through a team", Rule::Acc3, sign_ins),
    ("every second of every resource has one payer", Rule::Use2, ledger),
    ("a payment method is a Standard team's", Rule::Use3, payment),
    ("whoever pays is there, or was", Rule::Use6, payers),
    ("ownership periods follow each other without gaps", Rule::Trf5, history),
    ("nothing was recorded after the last event", Rule::X3, times),
    ("nothing is older than what it is part of, or younger than the last event", Rule::X3, stamps),
];

pub(crate) fn check(state: &State) -> Vec<Violation> {
    let found = CHECKS.iter().flat_map(|(check, rule, find)| {
        let mut found = find(state);
        sort::by(&mut found, Ord::cmp);
        found.into_iter().map(|what| Violation { check, rule: *rule, what })
    });
    found.collect()
}

fn indexes(state: &State) -> Vec<String> {
    let tables = [
        ("users", state.users.is_consistent()),
        ("teams", state.teams.is_consistent()),
        ("apps", state.apps.is_consistent()),
        ("groups", state.groups.is_consistent()),
        ("roles", state.roles.is_consistent()),
        ("spaces", state.spaces.is_consistent()),
        ("pipelines", state.pipelines.is_consistent()),
        ("accounts", state.accounts.is_consistent()),
        ("what a check reads of teams", state.teams.iter().all(|team| team.row.gate() == Gate::from(&team.row.team))),
    ];
    tables.into_iter().filter(|(_, consistent)| !consistent).map(|(table, _)| table.to_owned()).collect()
}

fn admins(state: &State) -> Vec<String> {
    let counts =
        |team, user: &UserIx| state.users.get(*user).is_some_and(|user| access::counts_as_admin(state, user, team));
    let alone =
        state.teams.iter().filter(|team| !team.row.people_as(Role::Admin).values().any(|user| counts(team.id, user)));
    alone.map(|team| format!("team `{}`", team.id)).collect()
}

fn ends(state: &State) -> Vec<String> {
    let lists = Some("the lists differ".to_owned()).filter(|_| !state.ends.agree());
    let sound = |held| state.is_held(held) && state.owner_of(held) == state.ends.owner(held);
    let wrong = state.ends.all().filter(|(_, held)| !sound(*held));
    lists.into_iter().chain(wrong.map(|(_, held)| held.to_string())).collect()
}

fn suspensions(state: &State) -> Vec<String> {
    let wrong = state.users.iter().filter(|user| user.row.is_suspended() != user.suspended_at.is_some());
    wrong.map(|user| format!("user `{}`", user.id)).collect()
}

fn roles(state: &State) -> Vec<String> {
    let people = state.users.iter().flat_map(|user| user.row.seats().iter().map(move |seat| (user, seat)));
    let named = |seat: &TeamLink| state.teams.get(seat.team)?.team_role(seat.role?);
    let people = people.filter_map(|(user, seat)| Some((user.email.to_string(), seat.team, named(seat)?)));
    let pending = state.invitations.values().filter(|one| one.is_pending_at(state.last_at));
    let pending = pending.filter_map(|one| Some((one.email.to_string(), state.teams.find(one.team)?.ix, one.role?)));
    let defaults = state.teams.iter().map(|team| ("whoever joins".to_owned(), team.ix, team.default_role));
    let all = people.chain(pending).chain(defaults);
    let all = all.filter_map(|(who, team, role)| Some((who, state.teams.at(team)?, role)));
    let has =
        |team: &At<'_, TeamRow>, role: TeamRole| role.exists_in(team.kind) && state.seat_role(*team, role).is_some();
    let wrong = all.filter(|(_, team, role)| !has(team, *role));
    wrong.map(|(who, team, role)| format!("{who} is {role} of team `{}`", team.id)).collect()
}

/// A role of a team's own stands in the list of its Enterprise Team and in the slot that its people name, where it holds what it says; it
/// makes no power, and shows what it changes (ROLE-1).
fn custom_roles(state: &State) -> Vec<String> {
    let mut wrong = Vec::new();
    for role in state.roles.iter() {
        let RoleRow { role: thing, team, slot } = role.row;
        let listed = state.teams.get(*team).is_some_and(|row| {
            let held = row.slot(*slot).is_some_and(|held| (held.role, held.rights) == (thing.id, thing.rights));
            let own = row.roles.get(&thing.name) == Some(&role.ix) && row.team.id == thing.team;
            own && held && row.team.kind == TeamKind::Enterprise
        });
        if !listed || !thing.rights.is_well_formed() {
            wrong.push(format!("role `{}`", thing.id));
        }
    }
    let lists = |row: &TeamRow| (row.roles.len(), row.slots.iter().flatten().count());
    let (listed, slots) = state.teams.iter().map(|team| lists(team.row)).fold((0, 0), |(a, b), (c, d)| (a + c, b + d));
    if (listed, slots) != (state.roles.len(), state.roles.len()) {
        wrong.push(format!("{listed} roles are listed, {slots} have a slot"));
    }
    for user in state.users.iter() {
        let named = |seat: &TeamLink| {
            seat.role.is_none_or(|held| state.teams.get(seat.team).is_some_and(|team| team.team_role(held).is_some()))
        };
        if !user.row.seats().iter().all(named) {
            wrong.push(format!("user `{}`", user.id));
        }
    }
    wrong
}

/// A deletion is requested for an Enterprise Team, a move out of an account for a team in one (TEAM-8, ENT-5).
fn requests(state: &State) -> Vec<String> {
    let wrong = state.teams.iter().filter(|team| {
        let deletion = team.deletion_requested_at.is_some() && team.kind == TeamKind::Standard;
        deletion || team.move_out_requested_at.is_some() && team.team.account.is_none()
    });
    wrong.map(|team| format!("team `{}`", team.id)).collect()
}

/// Everybody listed in a team has a seat in it, as what they are listed, and there are as many seats in all.
fn seats(state: &State) -> Vec<String> {
    let (mut wrong, mut seats, mut listed) = (Vec::new(), 0, 0);
    let mut owners = Vec::new();
    for app in state.apps.iter() {
        owners.resize(app.ix.slot(), None);
        owners.push(Some(app.owner));
    }
    for user in state.users.iter() {
        seats += user.seats().len();
        let fits = |seat: &TeamLink| {
            let on = user.grants().iter().filter(|app| owners.get(app.slot()) == Some(&Some(OwnerIx::Team(seat.team))));
            on.count() == seat.grants as usize && (seat.role.is_some() || seat.grants > 0)
        };
        let sorted = user.seats().is_sorted_by(|one, next| one.team < next.team);
        if !user.seats().iter().all(fits) || !sorted || !are_listed(state, user.row) {
            wrong.push(format!("user `{}`", user.id));
        }
    }
    for team in state.teams.iter() {
        listed += team.people.len();
        let seated = |(list, email, user): (usize, &Email, UserIx)| {
            let seat = state.users.get(user).filter(|user| user.email == *email).and_then(|user| user.seat(team.ix));
            seat.is_some_and(|seat| seat.standing() as usize == list)
        };
        if !team.people.all().all(seated) {
            wrong.push(format!("team `{}`", team.id));
        }
    }
    if seats != listed {
        wrong.push(format!("{seats} seats are held, {listed} people are listed"));
    }
    wrong
}

/// Whether somebody with many seats, and nobody else, lists exactly the teams that they have a role in, by name.
fn are_listed(state: &State, user: &UserRow) -> bool {
    let Some(teams) = user.teams_listed() else { return user.seats().len() < SORTED_FROM };
    let name = |team: &TeamIx| state.teams.get(*team).map(|team| team.name);
    let roles = user.seats().iter().filter(|seat| seat.role.is_some()).count();
    let sorted = teams.is_sorted_by(|one, next| name(one) < name(next));
    user.seats().len() >= SORTED_FROM
        && teams.len() == roles
        && sorted
        && teams.iter().all(|team| user.role(*team).is_some())
}

fn holdings(state: &State) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut listed = 0;
    let mut check = |held: &Holdings, owner: OwnerIx, id: Owner| {
        let own = |ix| state.apps.get(ix).filter(|app| app.owner == owner && app.app.owner == id);
        let named = held.by_name.iter().all(|(name, ix)| own(*ix).is_some_and(|app| app.name == *name));
        let numbered = held.by_number.iter().all(|(number, ix)| own(*ix).is_some_and(|app| app.number == *number));
        if !named || !numbered || held.by_name.len() != held.by_number.len() {
            wrong.push(id.to_string());
        }
        listed += held.len();
    };
    state.users.iter().for_each(|user| check(user.row.apps(), OwnerIx::User(user.ix), Owner::User(user.id)));
    state.teams.iter().for_each(|team| check(&team.apps, OwnerIx::Team(team.ix), Owner::Team(team.id)));
    if listed != state.apps.len() {
        wrong.push(format!("{listed} apps are listed, {} exist", state.apps.len()));
    }
    wrong
}

/// The apps, in the order of their places, make exactly the list of each user. All lists are laid out in a row and then compared,
/// since to look into each of them by turns is slow.
fn grants(state: &State) -> Vec<String> {
    let mut wrong = Vec::new();
    let (mut next, mut all) = (Vec::new(), 0);
    for user in state.users.iter() {
        next.resize(user.ix.slot(), usize::MAX);
        next.push(all);
        all += user.grants().len();
    }
    let mut laid_out = vec![usize::MAX; all];
    for app in state.apps.iter() {
        let mut lay_out = |user: UserIx| {
            let Some(next) = next.get_mut(user.slot()) else { return false };
            let Some(place) = laid_out.get_mut(*next) else { return false };
            *place = app.ix.slot();
            *next += 1;
            true
        };
        let found = app.row.grants().fold(true, |found, (user, _)| lay_out(user) && found);
        let sorted = app.row.grants().is_sorted_by(|(one, _), (next, _)| one < next);
        if !found || !sorted || !is_listed(state, app.row) {
            wrong.push(format!("app `{}`", app.id));
        }
    }
    let (mut end, mut listed) = (0, Vec::new());
    for user in state.users.iter() {
        let start = end;
        end += user.grants().len();
        listed.clear();
        listed.extend(user.grants().iter().map(|app| app.slot()));
        let key = |app: &AppIx| state.apps.get(*app).map(|app| (app.owner.team(), app.name));
        let mut sorted = true;
        if user.sorts_grants() {
            sorted = user.grants().is_sorted_by_key(key);
            sort::by(&mut listed, Ord::cmp);
        }
        let same = laid_out.get(start..end) == Some(&listed[..]);
        if !same || !sorted || next.get(user.ix.slot()) != Some(&end) {
            wrong.push(format!("user `{}`", user.id));
        }
    }
    wrong
}

/// Whether a large app, and no other, lists exactly those on it.
fn is_listed(state: &State, app: &AppRow) -> bool {
    let Some(people) = app.listed() else { return app.grants().len() < LISTED_FROM };
    let on_it = |(list, email, user): (usize, &Email, UserIx)| {
        let named = state.users.get(user).is_some_and(|user| user.email == *email);
        named && app.grant(user).is_some_and(|set| set.contains(Permission::Manage) == (list == 0))
    };
    app.grants().len() >= LISTED_FROM && people.len() == app.grants().len() && people.all().all(on_it)
}

/// A group stands in the list of its team, its people have a role there and list it, and the apps on which it holds permissions are of
/// its team and list it too.
fn groups(state: &State) -> Vec<String> {
    let mut wrong = Vec::new();
    let (mut members, mut granted) = (0, 0);
    for group in state.groups.iter() {
        let GroupRow { group: thing, team, members: people, apps } = group.row;
        let listed = state.teams.get(*team).is_some_and(|row| {
            row.groups.get(&thing.name) == Some(&group.ix)
                && row.team.id == thing.team
                && row.team.kind == TeamKind::Enterprise
        });
        let member = |user: &UserId| {
            let person = state.users.find(*user);
            person.is_some_and(|person| person.role(*team).is_some() && person.groups().contains(&group.ix))
        };
        let holds = |app: &AppIx| {
            let app = state.apps.get(*app).filter(|app| app.owner == OwnerIx::Team(*team));
            let grant = app.and_then(|app| app.group_grant(group.ix));
            grant.is_some_and(|grant| grant.permissions.contains(Permission::View))
        };
        if !listed || !people.keys().all(member) || !apps.iter().all(holds) {
            wrong.push(format!("group `{}`", thing.id));
        }
        members += people.len();
        granted += apps.len();
    }
    let mut listed = 0;
    for user in state.users.iter() {
        let counted = user.row.seats().iter().all(|seat| {
            let own = user.groups().iter().filter_map(|group| state.groups.get(*group));
            own.filter(|group| group.team == seat.team).count() == usize::from(seat.groups)
        });
        if !counted || !user.groups().is_sorted_by(|one, next| one < next) {
            wrong.push(format!("user `{}`", user.id));
        }
        listed += user.groups().len();
    }
    let of_teams: usize = state.teams.iter().map(|team| team.row.groups.len()).sum();
    let mut on_apps = 0;
    for app in state.apps.iter() {
        if !app.group_grants().is_sorted_by(|one, next| one.group < next.group) {
            wrong.push(format!("app `{}`", app.id));
        }
        on_apps += app.group_grants().len();
    }
    if (of_teams, listed, on_apps) != (state.groups.len(), members, granted) {
        wrong.push(format!("{of_teams} groups are listed, {members} people are in them, {granted} grants are theirs"));
    }
    wrong
}

fn grant_sets(state: &State) -> Vec<String> {
    let wrong = state.apps.iter().filter(|app| {
        let fixed = guard::fixed_permissions(state.team_of(app.row));
        let fits = |set: PermissionSet| fixed.map_or(set.contains(Permission::View), |fixed| set == fixed);
        !app.row.grants().all(|(_, set)| fits(set))
    });
    wrong.map(|app| format!("app `{}`", app.id)).collect()
}

fn owners(state: &State) -> Vec<String> {
    let wrong = state.apps.iter().filter(|app| match app.owner {
        OwnerIx::User(owner) => {
            let all = state.users.at(owner).map(|owner| access::held(state, owner, app.row).permissions);
            app.grant(owner).is_some() || all != Some(PermissionSet::ALL)
        }
        OwnerIx::Team(_) => false,
    });
    wrong.map(|app| format!("app `{}`", app.id)).collect()
}

fn invitations(state: &State) -> Vec<String> {
    let mut wrong = Vec::new();
    for (id, invitation) in &state.invitations {
        let team = state.teams.find(invitation.team);
        let listed = team.is_some_and(|team| {
            team.invitations.get(&invitation.email) == Some(id) && team.expiries.contains(&(invitation.expires_at, *id))
        });
        let known = state.invitations_by_email.contains(&(invitation.email.clone(), *id));
        let person = state.users.find_key(&invitation.email);
        let inside = person.zip(team).is_some_and(|(person, team)| person.role(team.ix).is_some());
        if !listed || !known || inside || invitation.id != *id {
            wrong.push(format!("invitation `{id}`"));
        }
    }
    let in_teams: usize = state.teams.iter().map(|team| team.invitations.len()).sum();
    let by_expiry: usize = state.teams.iter().map(|team| team.expiries.len()).sum();
    let sorted = state.teams.iter().all(|team| team.expiries.is_sorted());
    let all = state.invitations.len();
    if [in_teams, by_expiry, state.invitations_by_email.len()] != [all; 3] || !sorted {
        wrong.push(format!("{all} invitations, {in_teams} in teams, {by_expiry} by expiry"));
    }
    wrong
}

fn transfers(state: &State) -> Vec<String> {
    let mut wrong = Vec::new();
    for (id, transfer) in &state.transfers {
        let fits = state.apps.find(transfer.app).is_some_and(|app| {
            let recipient = state.users.find(transfer.recipient).and_then(|user| app.grant(user.ix));
            app.transfer() == Some(*id) && app.app.owner == Owner::User(transfer.owner) && recipient.is_some()
        });
        let listed = [transfer.owner, transfer.recipient].map(|user| state.transfers_by_user.contains(user, *id));
        if !fits || listed != [true; 2] || transfer.id != *id {
            wrong.push(format!("transfer `{id}`"));
        }
    }
    let pending = state.apps.iter().filter(|app| app.transfer().is_some()).count();
    if pending != state.transfers.len() || state.transfers_by_user.len() != 2 * pending {
        wrong.push(format!("{pending} apps with a transfer, {} transfers", state.transfers.len()));
    }
    wrong
}

fn dynos(state: &State) -> Vec<String> {
    let wrong = state.apps.iter().filter(|app| {
        let fits = |dyno: &Dyno| {
            let eco = dyno.size == DynoSize::Eco && app.app.owner.team().is_some();
            !eco && dyno.size.runs_in(state.shield_around(app.row))
        };
        !app.formation().is_sorted_by_key(|dyno| dyno.process) || !app.formation().iter().all(fits)
    });
    wrong.map(|app| format!("app `{}`", app.id)).collect()
}

fn spaces(state: &State) -> Vec<String> {
    let mut wrong = Vec::new();
    for space in state.spaces.iter() {
        let team = state.teams.get(space.team);
        let listed = team.is_some_and(|team| {
            team.spaces.get(&space.name) == Some(&space.ix)
                && team.id == space.space.team
                && team.kind == TeamKind::Enterprise
        });
        let inside = |app: &AppIx| {
            state
                .apps
                .get(*app)
                .is_some_and(|app| app.space == Some(space.id) && app.owner == OwnerIx::Team(space.team))
        };
        let member = |user: &UserId| {
            let role = state.users.find(*user).and_then(|user| user.role(space.team));
            role.is_some_and(|role| access::may_be_app_creator(role.into()))
                && state.app_creators.contains(*user, space.id)
        };
        if !listed || !space.apps.iter().all(inside) || !space.creators.keys().all(member) {
            wrong.push(format!("space `{}`", space.id));
        }
    }
    let inside = state.apps.iter().filter(|app| app.space.is_some()).count();
    let held: usize = state.spaces.iter().map(|space| space.apps.len()).sum();
    let named: usize = state.teams.iter().map(|team| team.spaces.len()).sum();
    let creators: usize = state.spaces.iter().map(|space| space.creators.len()).sum();
    if (inside, named, state.app_creators.len()) != (held, state.spaces.len(), creators) {
        wrong.push(format!("{held} apps are held, {inside} are inside; {named} spaces are listed"));
    }
    wrong
}

fn pipelines(state: &State) -> Vec<String> {
    let mut wrong = Vec::new();
    for pipeline in state.pipelines.iter() {
        let key = (pipeline.name, pipeline.number);
        let listed = state.holdings(pipeline.owner).and_then(|held| held.pipelines.get(&key)) == Some(&pipeline.ix);
        let owned = state.owner(pipeline.pipeline.owner) == Some(pipeline.owner);
        let coupled = |(name, app): (&AppName, &AppIx)| {
            state.apps.get(*app).is_some_and(|app| {
                app.name == *name
                    && app.coupling().is_some_and(|(place, _)| place == pipeline.ix)
                    && app.owner == pipeline.owner
            })
        };
        if !listed || !owned || !pipeline.apps.iter().all(coupled) {
            wrong.push(format!("pipeline `{}`", pipeline.id));
        }
    }
    let coupled = state.apps.iter().filter(|app| app.coupling().is_some()).count();
    let held: usize = state.pipelines.iter().map(|pipeline| pipeline.apps.len()).sum();
    let of_users: usize = state.users.iter().map(|user| user.apps().pipelines.len()).sum();
    let of_teams: usize = state.teams.iter().map(|team| team.apps.pipelines.len()).sum();
    if coupled != held || of_users + of_teams != state.pipelines.len() {
        wrong.push(format!("{coupled} apps are coupled, {held} are held"));
    }
    wrong
}

fn accounts(state: &State) -> Vec<String> {
    let mut wrong = Vec::new();
    for account in state.accounts.iter() {
        let id = account.id;
        let held = |user: &UserIx| {
            state.users.get(*user).map(|user| state.account_permissions(user.id, id)).unwrap_or_default()
        };
        let manages = |user: &&UserIx| {
            let acts = state.users.get(**user).is_some_and(|user| !user.is_suspended());
            acts && held(user).contains(AccountPermission::Manage)
        };
        let managers = account.members.values().filter(manages).count();
        let member = |(email, user): (&Email, &UserIx)| {
            held(user).contains(AccountPermission::View)
                && state.users.get(*user).is_some_and(|user| user.email == *email)
        };
        let inside = |(name, team): (&TeamName, &TeamIx)| {
            state.teams.get(*team).is_some_and(|team| {
                let enterprise = team.kind == TeamKind::Enterprise;
                team.name == *name && team.account == Some(account.ix) && team.team.account == Some(id) && enterprise
            })
        };
        let counted = managers > 0 && managers == account.managers as usize;
        if !counted || !account.members.iter().all(member) || !account.teams.iter().all(inside) {
            wrong.push(format!("account `{id}`"));
        }
    }
    let members: usize = state.accounts.iter().map(|account| account.members.len()).sum();
    let teams: usize = state.accounts.iter().map(|account| account.teams.len()).sum();
    let inside = state.teams.iter().filter(|team| team.team.account.is_some() || team.account.is_some()).count();
    if (members, teams) != (state.account_members.len(), inside) {
        wrong.push(format!("{members} members of accounts, {teams} teams in accounts"));
    }
    wrong
}

fn add_ons(state: &State) -> Vec<String> {
    let wrong = state.add_ons.iter().filter(|(id, add_on)| {
        let listed = state.add_ons_by_app.contains(add_on.app, **id);
        !listed || add_on.id != **id || state.apps.find(add_on.app).is_none()
    });
    let mut wrong: Vec<String> = wrong.map(|(id, _)| format!("add-on `{id}`")).collect();
    if state.add_ons.len() != state.add_ons_by_app.len() {
        wrong.push(format!("{} add-ons, {} are listed", state.add_ons.len(), state.add_ons_by_app.len()));
    }
    wrong
}

fn sign_on(state: &State) -> Vec<String> {
    let wrong = state.teams.iter().filter(|team| (team.sso == Sso::NotConfigured) != team.identity_provider.is_none());
    wrong.map(|team| format!("team `{}`", team.id)).collect()
}

fn sign_ins(state: &State) -> Vec<String> {
    let wrong = state.users.iter().filter(|user| user.sign_in == SignIn::Sso && !state.has_sso(user.row, None));
    wrong.map(|user| format!("user `{}`", user.id)).collect()
}

fn payment(state: &State) -> Vec<String> {
    let wrong = state.teams.iter().filter(|team| team.payment_method.is_some() && team.kind == TeamKind::Enterprise);
    wrong.map(|team| format!("team `{}`", team.id)).collect()
}

/// What runs is metered for its present owner, nothing else is, and the intervals of a meter do not overlap.
fn ledger(state: &State) -> Vec<String> {
    let mut running = BTreeMap::new();
    for app in state.apps.iter() {
        let (id, owner) = (app.id, app.app.owner);
        let dynos = app.row.formation().iter().map(|dyno| (Meter::Dynos(id, dyno.process), (owner, Load::from(*dyno))));
        let add_ons = state.add_ons_of(id);
        running.extend(dynos);
        running.extend(add_ons.map(|one| (Meter::AddOn(id, one.id), (owner, Load::AddOn(one.service, one.plan)))));
    }
    let spaces = state.spaces.iter().map(|space| &space.row.space);
    running.extend(spaces.map(|space| (Meter::Space(space.id), (Owner::Team(space.team), Load::Space(space.shield)))));
    let mut wrong = Vec::new();
    for (meter, intervals) in state.ledger.meters() {
        let (last, earlier) = intervals.split_last().map_or((None, &[][..]), |(last, earlier)| (Some(last), earlier));
        let now = last.filter(|last| last.until.is_none()).map(|last| (last.payer, last.load));
        let stopped = earlier.iter().all(|interval| interval.until.is_some());
        let ordered = intervals.array_windows().all(|[one, next]| one.until.is_some_and(|until| until <= next.from));
        let forwards = intervals.iter().all(|interval| interval.until.is_none_or(|until| interval.from <= until));
        if !stopped || !ordered || !forwards || now != running.remove(&meter) {
            wrong.push(format!("{meter:?}"));
        }
    }
    wrong.extend(running.keys().map(|meter| format!("{meter:?} is not metered")));
    if !state.ledger.is_consistent() {
        wrong.push("the lists by payer".to_owned());
    }
    wrong
}

/// Owners in the ledger are there or gone, and an account pays for just the teams in it.
fn payers(state: &State) -> Vec<String> {
    let mut wrong = Vec::new();
    let known = |owner: Owner| state.owner(owner).is_some() || state.gone.contains_key(&owner);
    let paying = state.ledger.meters().flat_map(|(_, intervals)| intervals).map(|interval| interval.payer);
    let paid = state.account_times.keys().map(|team| Owner::Team(*team));
    wrong.extend(paying.chain(paid).filter(|owner| !known(*owner)).map(|owner| owner.to_string()));
    for (owner, times) in &state.gone {
        let since = match owner {
            Owner::User(user) => state.users.find(*user).map(|row| row.registered_at),
            Owner::Team(team) => state.teams.find(*team).map(|row| row.provisioned_at),
        };
        let ended = times.last().and_then(|(_, until)| *until);
        if ended.is_none() || since.is_some_and(|since| ended > Some(since)) {
            wrong.push(format!("{owner} is gone"));
        }
    }
    let now = |times: &[(AccountId, Span)]| times.last().filter(|(_, (_, until))| until.is_none()).map(|one| one.0);
    let mut pairs = 0;
    for (team, times) in &state.account_times {
        let accounts = sort::set(times.iter().map(|(account, _)| *account));
        let listed = accounts.iter().all(|account| state.teams_paid.contains(*account, *team));
        if !listed || now(times) != state.teams.find(*team).and_then(|team| team.team.account) {
            wrong.push(format!("team `{team}`"));
        }
        pairs += accounts.len();
    }
    let in_accounts = state.teams.iter().filter(|team| team.team.account.is_some());
    let unpaid = in_accounts.filter(|team| !state.account_times.contains_key(&team.id));
    wrong.extend(unpaid.map(|team| format!("nobody pays for team `{}`", team.id)));
    if pairs != state.teams_paid.len() {
        wrong.push("the lists of the teams of accounts".to_owned());
    }
    wrong
}

fn history(state: &State) -> Vec<String> {
    let wrong = state.apps.iter().filter(|app| {
        let past = state.history.get(&app.id).map_or(&[][..], Vec::as_slice);
        let starts = past.iter().map(|period| period.from).chain([app.owned_since]);
        let ends = [Some(app.created_at)].into_iter().chain(past.iter().map(|period| period.until));
        !ends.eq(starts.map(Some))
    });
    let strays = state.history.iter().filter(|(app, past)| past.is_empty() || state.apps.find(**app).is_none());
    wrong.map(|app| format!("app `{}`", app.id)).chain(strays.map(|(app, _)| format!("app `{app}`"))).collect()
}

fn times(state: &State) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut recorded = |what: &dyn fmt::Display, at: DateTime<Utc>| {
        if at > state.last_at {
            wrong.push(format!("{what} at {at}"));
        }
    };
    state.users.iter().for_each(|user| recorded(&user.id, user.suspended_at.unwrap_or(user.registered_at)));
    state.accounts.iter().for_each(|account| recorded(&account.id, account.opened_at));
    for team in state.teams.iter() {
        let asked = [team.team.deletion_requested_at, team.team.move_out_requested_at];
        recorded(&team.id, asked.into_iter().flatten().fold(team.provisioned_at, Ord::max));
    }
    state.groups.iter().for_each(|group| recorded(&group.id, group.created_at));
    state.roles.iter().for_each(|role| recorded(&role.id, role.created_at));
    state.spaces.iter().for_each(|space| recorded(&space.id, space.created_at));
    state.pipelines.iter().for_each(|pipeline| recorded(&pipeline.id, pipeline.created_at));
    state.apps.iter().for_each(|app| recorded(&app.id, app.created_at.max(app.owned_since)));
    state.invitations.values().for_each(|invitation| recorded(&invitation.id, invitation.invited_at));
    state.transfers.values().for_each(|transfer| recorded(&transfer.id, transfer.requested_at));
    state.add_ons.values().for_each(|add_on| recorded(&add_on.id, add_on.installed_at));
    let gone = state.gone.iter().flat_map(|(owner, times)| times.iter().map(move |span| (*owner, *span)));
    let in_accounts = state.account_times.iter();
    let in_accounts = in_accounts.flat_map(|(team, times)| times.iter().map(|(_, span)| (Owner::Team(*team), *span)));
    gone.chain(in_accounts).for_each(|(owner, (from, until))| recorded(&owner, until.unwrap_or(from)));
    for (meter, interval) in state.ledger.meters().filter_map(|(meter, intervals)| Some((meter, intervals.last()?))) {
        recorded(&format_args!("{meter:?}"), interval.until.unwrap_or(interval.from));
    }
    wrong
}

fn stamps(state: &State) -> Vec<String> {
    let mut wrong = Vec::new();
    let fits = |stamp: Stamp, from: DateTime<Utc>| {
        Moment::from(from) <= stamp.since && stamp.since <= stamp.changed && stamp.changed <= state.last_at.into()
    };
    // What became so at these times last changed no earlier.
    let dated = |changed_at: DateTime<Utc>, [one, other]: [DateTime<Utc>; 2]| {
        one.max(other) <= changed_at && changed_at <= state.last_at
    };
    for user in state.users.iter() {
        let suspended = user.suspended_at.is_none_or(|at| at >= user.registered_at);
        let fits = |seat: &TeamLink| {
            let Some(team) = state.teams.get(seat.team) else { return false };
            let from = user.registered_at.max(team.provisioned_at);
            user.membership(seat.team).map_or(seat.role.is_none(), |stamp| fits(stamp, from))
        };
        if !suspended || !user.seats().iter().all(fits) {
            wrong.push(format!("user `{}`", user.id));
        }
    }
    for app in state.apps.iter() {
        let from = app.created_at;
        let changed = dated(app.changed_at, [from, app.owned_since]);
        let pipeline = app.coupling().and_then(|(pipeline, _)| state.pipelines.get(pipeline));
        let coupled =
            app.coupled().zip(pipeline).is_none_or(|(stamp, pipeline)| fits(stamp, from.max(pipeline.created_at)));
        let granted = app.granted_all().filter(|(.., stamp)| fits(*stamp, from)).count();
        let group = |group| state.groups.get(group).map_or(DateTime::<Utc>::MAX_UTC, |group| group.created_at);
        let to_groups = app.group_grants().iter().all(|grant| fits(grant.stamp, from.max(group(grant.group))));
        if !changed || !coupled || !to_groups || granted != app.row.grants().len() {
            wrong.push(format!("app `{}`", app.id));
        }
    }
    for group in state.groups.iter() {
        let since = state.teams.get(group.row.team).map(|team| team.provisioned_at);
        let joined = group.row.members.values().all(|since| fits(Stamp::once(*since), group.created_at));
        if since.is_none_or(|since| group.created_at < since) || !joined {
            wrong.push(format!("group `{}`", group.id));
        }
    }
    for role in state.roles.iter() {
        let since = state.teams.get(role.row.team).map(|team| team.provisioned_at);
        if since.is_none_or(|since| role.created_at < since || role.created_at > state.last_at) {
            wrong.push(format!("role `{}`", role.id));
        }
    }
    for space in state.spaces.iter() {
        let one = Stamp::once;
        let permitted = space.creators.values().all(|since| fits(one(*since), space.created_at));
        let changed = dated(space.changed_at, [space.created_at, space.team_since]);
        if !changed || !permitted || !fits(one(space.team_since.into()), space.created_at) {
            wrong.push(format!("space `{}`", space.id));
        }
    }
    for team in state.teams.iter() {
        let asked = [team.deletion_requested_at, team.move_out_requested_at];
        if !dated(team.changed_at, asked.map(|at| at.unwrap_or(team.provisioned_at).max(team.provisioned_at))) {
            wrong.push(format!("team `{}`", team.id));
        }
    }
    for pipeline in state.pipelines.iter().filter(|one| !dated(one.changed_at, [one.created_at; 2])) {
        wrong.push(format!("pipeline `{}`", pipeline.id));
    }
    wrong
}
