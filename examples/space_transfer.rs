//! A space moves to another team, and what is in it moves along: `cargo run --example space_transfer`.
//!
//! The pipeline of the document: one app inside the space, one outside.

use std::fmt::Write;

use enterprise_teams::chrono::{DateTime, Utc};
use enterprise_teams::{
    Actor, Error, Event, NewApp, NewSpace, NewUser, PageRequest, Settings, Stage, TeamId, TeamRole, TeamStore,
    demo::id,
    query::{AppFilter, AppSort},
};

fn main() -> Result<(), Error> {
    print!("{}", run()?);
    Ok(())
}

/// What happens, line by line.
pub(crate) fn run() -> Result<String, Error> {
    let now: DateTime<Utc> = DateTime::UNIX_EPOCH;
    let mut store = TeamStore::new(Settings::from_seed(1));
    let operator = Actor::operator(now);
    let ada = Actor::user(store.register_user(operator, NewUser::new("ada@acme.com".parse()?))?, now);
    let joe = Actor::user(store.register_user(operator, NewUser::new("joe@acme.com".parse()?))?, now);
    let account = store.open_account(operator, "acme".parse()?, id(ada))?;
    let old = store.create_team_in(ada, account, "acme-widgets".parse()?)?;
    let new = store.create_team_in(ada, account, "acme-labs".parse()?)?;
    store.add_member(ada, old, id(joe), TeamRole::Member)?;

    let space = store.create_space(ada, NewSpace::new(old, "acme-private".parse()?))?;
    store.allow_app_creation(ada, space, id(joe))?;
    let inside = store.create_app(joe, NewApp::in_space(space).named("acme-backend".parse()?))?;
    let outside = store.create_app(ada, NewApp::in_team(old).named("acme-website".parse()?))?;
    let pipeline = store.create_pipeline(ada, old, "site".parse()?)?;
    store.couple_app(ada, pipeline, outside, Stage::Staging)?;
    store.couple_app(ada, pipeline, inside, Stage::Production)?;

    let mut out = String::from("before\n");
    out.push_str(&show(&store, ada, &[old, new])?);
    let refused = store.transfer_space(joe, space, new).map_or_else(|error| error, |()| unreachable!());
    writeln!(out, "joe: {} ({})", store.readable(joe, &refused), refused.rule()).ok();
    store.transfer_space(ada, space, new)?;
    out.push_str("after\n");
    out.push_str(&show(&store, ada, &[old, new])?);

    // One event tells everything that moved.
    if let Some(Event::SpaceTransferred { moved }) = store.events().last().map(|entry| &entry.event) {
        let (apps, pipelines, creators) = (moved.apps.len(), moved.pipelines.len(), moved.creators_ended.len());
        writeln!(out, "moved: {apps} app, {pipelines} pipelines; app creation ended for {creators} user").ok();
    }
    Ok(out)
}

/// The apps and pipelines of the teams, each app with its space and its place in a pipeline.
fn show(store: &TeamStore, actor: Actor, teams: &[TeamId]) -> Result<String, Error> {
    let mut out = String::new();
    for team in teams {
        writeln!(out, "  {}", store.team(actor, *team)?.name()).ok();
        let page = PageRequest::default();
        for app in store.apps(actor, *team, &AppFilter::default(), AppSort::Name, &page)?.items {
            write!(out, "    {}", app.name()).ok();
            if let Some(space) = app.space() {
                write!(out, ", in space {}", store.space(actor, space)?.name()).ok();
            }
            if let Some(coupling) = store.coupling(actor, app.id())? {
                let pipeline = store.pipeline(actor, coupling.pipeline)?.name();
                write!(out, ", {} of pipeline {pipeline}", coupling.stage).ok();
            }
            out.push('\n');
        }
    }
    Ok(out)
}
