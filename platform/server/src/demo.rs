//! Stores to start with.

use enterprise_teams::demo::{self as sample, Demo};
use enterprise_teams::{Actor, Error, NewSpace, NewUser, Stage, TeamStore, UserId, entity::Limits, system};

/// The library's sample, with an Enterprise Account of two more teams, `acme-labs` with a space and `acme-ops` with room for two
/// members, and a pipeline.
///
/// # Errors
/// None in fact: it is made by operations that keep the rules.
pub fn demo() -> Result<TeamStore, Error> {
    let Demo { mut store, operator, ada, acme, website, .. } = Demo::new()?;
    let account = store.open_account(operator, "acme-corp".parse()?, sample::id(ada))?;
    let labs = store.create_team_in(ada, account, "acme-labs".parse()?)?;
    let ops = store.create_team_in(ada, account, "acme-ops".parse()?)?;
    store.set_team_limits(operator, ops, Limits { members: 2, ..Limits::ENTERPRISE })?;
    store.create_space(ada, NewSpace::new(labs, "labs-space".parse()?))?;
    let flow = store.create_pipeline(ada, acme, "acme-flow".parse()?)?;
    store.couple_app(ada, flow, website, Stage::Production)?;
    Ok(store)
}

/// The user with this e-mail, registered if there is none.
///
/// # Errors
/// An e-mail that is none.
pub fn registered(store: &mut TeamStore, email: &str) -> Result<UserId, Error> {
    let email = email.parse()?;
    store.user_id(&email).or_else(|_| store.register_user(Actor::operator(system::now()), NewUser::new(email)))
}
