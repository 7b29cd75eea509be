//! what takes 2²⁸ rows outside of tests.

use crate::demo::{self, Demo};
use crate::entity::{NewApp, NewSpace, NewTeam, NewUser};
use crate::error::Error;
use crate::ids::TeamId;
use crate::policy::RoleRights;
use crate::state::{ROWS_MAX, State};
use crate::store::TeamStore;
use crate::tests::text;

/// Makes something of this number.
type Way<'a> = &'a dyn Fn(&mut TeamStore, usize) -> Result<(), Error>;

/// Makes one thing after the other until the table is full, and no more, in every way.
fn fill(store: &mut TeamStore, rows: impl Fn(&State) -> usize, ways: &[Way<'_>]) {
    let full = Error::StoreFull { limit: ROWS_MAX as u64 };
    for number in rows(store.state())..ROWS_MAX {
        assert_eq!(ways[number % ways.len()](store, number), Ok(()), "{number}");
    }
    for way in ways {
        assert_eq!((way(store, ROWS_MAX), rows(store.state())), (Err(full.clone()), ROWS_MAX));
    }
}

#[test]
fn x_06_a_full_table_takes_no_more() {
    let Demo { mut store, operator, ada, joe, .. } = Demo::new().expect("the sample");
    let account = store.open_account(operator, text("corp"), demo::id(ada)).expect("accepted");
    let name = |number: usize| format!("thing-{number}");
    fill(
        &mut store,
        |state| state.accounts.len(),
        &[&|store, number| store.open_account(operator, text(&name(number)), demo::id(ada)).map(drop)],
    );
    fill(
        &mut store,
        |state| state.users.len(),
        &[&|store, number| {
            store.register_user(operator, NewUser::new(text(&format!("user-{number}@acme.com")))).map(drop)
        }],
    );
    fill(
        &mut store,
        |state| state.teams.len(),
        &[&|store, number| store.create_team_in(ada, account, text(&name(number))).map(drop), &|store, number| {
            let team = NewTeam::enterprise(text(&name(number)), demo::id(ada)).in_account(account);
            store.provision_team(operator, team).map(drop)
        }],
    );
    let teams: Vec<TeamId> = store.state().teams.iter().map(|team| team.team.id).collect();
    // Where ada is an admin, and where there are groups.
    let teams: Vec<TeamId> =
        teams.into_iter().filter(|team| store.team(ada, *team).is_ok_and(|team| team.account().is_some())).collect();
    let team = |number: usize| teams[number % teams.len()];
    fill(
        &mut store,
        |state| state.spaces.len(),
        &[&|store, number| store.create_space(ada, NewSpace::new(team(number), text(&name(number)))).map(drop)],
    );
    fill(
        &mut store,
        |state| state.pipelines.len(),
        &[
            &|store, number| store.create_pipeline(ada, team(number), text(&name(number))).map(drop),
            &|store, number| store.create_pipeline(joe, demo::id(joe), text(&name(number))).map(drop),
        ],
    );
    fill(
        &mut store,
        |state| state.groups.len(),
        &[&|store, number| store.create_group(ada, team(number), text(&name(number))).map(drop)],
    );
    fill(
        &mut store,
        |state| state.roles.len(),
        &[&|store, number| store.create_role(ada, team(number), text(&name(number)), RoleRights::default()).map(drop)],
    );
    fill(
        &mut store,
        |state| state.apps.len(),
        &[&|store, number| store.create_app(ada, NewApp::in_team(team(number))).map(drop), &|store, number| {
            store.create_app(ada, NewApp::in_team(team(number)).named(text(&name(number)))).map(drop)
        }],
    );
    assert_eq!(store.check_invariants(), []);
}
