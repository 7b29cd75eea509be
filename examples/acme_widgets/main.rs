//! The two documents from top to bottom: an Enterprise Team of 2024, then an Organization of 2014.
//!
//! Prints what the documents' transcripts print, and the refusals that they state, each with its rule. The operations of 2024 stand in
//! `team.rs` and `roles.rs`, those of 2014 in `organization.rs`; `story.rs` and `show.rs` print.

mod organization;
mod roles;
mod show;
mod story;
mod team;

use enterprise_teams::Error;

use story::Story;

fn main() -> Result<(), Error> {
    print!("{}", run()?);
    Ok(())
}

/// Tells both stories, and gives what they print.
pub(crate) fn run() -> Result<String, Error> {
    let mut out = String::new();
    team::enterprise_team_2024(&mut Story::new("gentle-garden-8862", "heroku-24", "2024-11-14T12:00:00Z", &mut out)?)?;
    organization::organization_2014(&mut Story::new("frozen-wave-4030", "cedar", "2014-04-16T12:00:00Z", &mut out)?)?;
    Ok(out)
}
