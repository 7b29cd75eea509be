//! What holds in every state: named checks over the whole of it.

use core::fmt;

use crate::entity::Owner;
use crate::permission::{Permission, PermissionSet};
use crate::role::TeamRole;
use crate::rule::Rule;
use crate::state::{Holdings, OwnerIx, State};
use crate::{access, guard};

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
    ("a team has an admin", Rule::Team2, admins),
    ("a team counts its people", Rule::Team5, counts),
    ("roles exist in the kind of team", Rule::Mem4, roles),
    ("seats and people agree", Rule::Mem8, seats),
    ("owners list exactly their apps", Rule::App1, holdings),
    ("grants stand on both sides", Rule::Perm7, grants),
    ("a grant is one that its app allows", Rule::Perm3, grant_sets),
    ("owners are on no grant of their own app", Rule::Perm10, owners),
    ("invitations stand in every list, for people outside the team", Rule::Inv1, invitations),
    ("transfers are of personal apps, to collaborators", Rule::Trf4, transfers),
    ("eco dynos run on personal apps", Rule::Res1, dynos),
    ("tenures follow each other without gaps", Rule::Trf5, tenures),
];

pub(crate) fn check(state: &State) -> Vec<Violation> {
    let found = CHECKS.iter().flat_map(|(check, rule, find)| {
        let mut found = find(state);
        found.sort_unstable();
        found.into_iter().map(|what| Violation { check, rule: *rule, what })
    });
    found.collect()
}

fn indexes(state: &State) -> Vec<String> {
    let tables = [
        ("users", state.users.is_consistent()),
        ("teams", state.teams.is_consistent()),
        ("apps", state.apps.is_consistent()),
    ];
    tables.into_iter().filter(|(_, consistent)| !consistent).map(|(table, _)| table.to_owned()).collect()
}

fn admins(state: &State) -> Vec<String> {
    let alone = state.teams.iter().filter(|team| team.admins == 0);
    alone.map(|team| format!("team `{}`", team.team.id)).collect()
}

fn counts(state: &State) -> Vec<String> {
    let wrong = state.teams.iter().filter(|team| {
        let roles = || team.people.values().filter_map(|user| state.users.get(*user)?.role(team.ix));
        let admins = roles().filter(|role| *role == TeamRole::Admin).count();
        (roles().count(), admins) != (team.members as usize, team.admins as usize)
    });
    wrong.map(|team| format!("team `{}`", team.team.id)).collect()
}

fn roles(state: &State) -> Vec<String> {
    let seats = state.users.iter().flat_map(|user| user.row.seats().iter().map(move |seat| (user, seat)));
    seats
        .filter_map(|(user, seat)| Some((user, state.teams.get(seat.team)?, seat.role?)))
        .filter(|(_, team, role)| !role.exists_in(team.team.kind))
        .map(|(user, team, role)| format!("user `{}` is {role} of team `{}`", user.user.id, team.team.id))
        .collect()
}

fn seats(state: &State) -> Vec<String> {
    let mut wrong = Vec::new();
    for user in state.users.iter() {
        for seat in user.seats() {
            let listed = state.teams.get(seat.team).and_then(|team| team.people.get(&user.user.email));
            let on = user.grants().iter().filter_map(|app| state.apps.get(*app));
            let on = on.filter(|app| app.owner == OwnerIx::Team(seat.team)).count();
            if listed != Some(&user.ix) || on != seat.grants as usize || (seat.role.is_none() && seat.grants == 0) {
                wrong.push(format!("user `{}`", user.user.id));
            }
        }
    }
    for team in state.teams.iter() {
        let seated = team
            .people
            .values()
            .filter(|user| state.users.get(**user).is_some_and(|user| user.seat(team.ix).is_some()));
        if seated.count() != team.people.len() {
            wrong.push(format!("team `{}`", team.team.id));
        }
    }
    wrong
}

fn holdings(state: &State) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut listed = 0;
    let mut check = |held: &Holdings, owner: OwnerIx, name: String| {
        let own = |ix| state.apps.get(ix).filter(|app| app.owner == owner && state.owner(app.app.owner) == Some(owner));
        let named = held.by_name.iter().all(|(name, ix)| own(*ix).is_some_and(|app| app.app.name == *name));
        let numbered = held.by_number.iter().all(|(number, ix)| own(*ix).is_some_and(|app| app.app.number == *number));
        if !named || !numbered || held.by_name.len() != held.by_number.len() {
            wrong.push(name);
        }
        listed += held.len();
    };
    state.users.iter().for_each(|user| check(&user.apps, OwnerIx::User(user.ix), format!("user `{}`", user.user.id)));
    state.teams.iter().for_each(|team| check(&team.apps, OwnerIx::Team(team.ix), format!("team `{}`", team.team.id)));
    if listed != state.apps.len() {
        wrong.push(format!("{listed} apps are listed, {} exist", state.apps.len()));
    }
    wrong
}

fn grants(state: &State) -> Vec<String> {
    let mut wrong = Vec::new();
    for app in state.apps.iter() {
        let both =
            |user| state.users.get(user).is_some_and(|user: &crate::state::UserRow| user.grants().contains(&app.ix));
        if !app.grants().iter().all(|(user, _)| both(*user)) || !app.grants().is_sorted_by_key(|(user, _)| *user) {
            wrong.push(format!("app `{}`", app.app.id));
        }
    }
    for user in state.users.iter() {
        let both = |app| state.apps.get(app).is_some_and(|app: &crate::state::AppRow| app.grant(user.ix).is_some());
        if !user.grants().iter().all(|app| both(*app)) || !user.grants().is_sorted() {
            wrong.push(format!("user `{}`", user.user.id));
        }
    }
    wrong
}

fn grant_sets(state: &State) -> Vec<String> {
    let wrong = state.apps.iter().filter(|app| {
        let fixed = guard::fixed_permissions(state.team_of(app.row));
        let fits = |set: PermissionSet| fixed.map_or(set.contains(Permission::View), |fixed| set == fixed);
        !app.grants().iter().all(|(_, set)| fits(*set))
    });
    wrong.map(|app| format!("app `{}`", app.app.id)).collect()
}

fn owners(state: &State) -> Vec<String> {
    let wrong = state.apps.iter().filter(|app| match app.owner {
        OwnerIx::User(owner) => {
            let all = state.users.at(owner).map(|owner| access::held(state, owner, app.row).permissions);
            app.grant(owner).is_some() || all != Some(PermissionSet::ALL)
        }
        OwnerIx::Team(_) => false,
    });
    wrong.map(|app| format!("app `{}`", app.app.id)).collect()
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
            app.transfer == Some(*id) && app.app.owner == Owner::User(transfer.owner) && recipient.is_some()
        });
        let listed = [transfer.owner, transfer.recipient].map(|user| state.transfers_by_user.contains(&(user, *id)));
        if !fits || listed != [true; 2] || transfer.id != *id {
            wrong.push(format!("transfer `{id}`"));
        }
    }
    let pending = state.apps.iter().filter(|app| app.transfer.is_some()).count();
    if pending != state.transfers.len() || state.transfers_by_user.len() != 2 * pending {
        wrong.push(format!("{pending} apps with a transfer, {} transfers", state.transfers.len()));
    }
    wrong
}

fn dynos(state: &State) -> Vec<String> {
    let eco = |app: &crate::state::AppRow| app.formation.iter().any(|dyno| dyno.size == crate::entity::DynoSize::Eco);
    let sorted = |app: &crate::state::AppRow| app.formation.is_sorted_by_key(|dyno| dyno.process);
    let wrong = state.apps.iter().filter(|app| !sorted(app.row) || (app.app.owner.team().is_some() && eco(app.row)));
    wrong.map(|app| format!("app `{}`", app.app.id)).collect()
}

fn tenures(state: &State) -> Vec<String> {
    let wrong = state.apps.iter().filter(|app| {
        let past = state.tenures.get(&app.app.id).map_or(&[][..], Vec::as_slice);
        let starts = past.iter().map(|tenure| tenure.from).chain([app.app.owned_since]);
        let ends = [Some(app.app.created_at)].into_iter().chain(past.iter().map(|tenure| tenure.until));
        !ends.eq(starts.map(Some))
    });
    let strays = state.tenures.keys().filter(|app| state.apps.find(**app).is_none());
    wrong.map(|app| format!("app `{}`", app.app.id)).chain(strays.map(|app| format!("app `{app}`"))).collect()
}
