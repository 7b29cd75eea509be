//! One pure function for each operation, by chapter: it looks at the state and answers with the event or with the refusal.
//!
//! Every function is a flat ladder: the actor exists, the things named exist, OAuth restriction and authority, the
//! arguments fit, the state fits, the name is free, there is room, no standing law would break. The first rung that does
//! not hold is the answer.

pub(crate) mod access;
pub(crate) mod account;
pub(crate) mod app;
pub(crate) mod billing;
pub(crate) mod end;
pub(crate) mod group;
pub(crate) mod invitation;
pub(crate) mod member;
pub(crate) mod pipeline;
pub(crate) mod resource;
pub(crate) mod role;
pub(crate) mod setting;
pub(crate) mod sign_on;
pub(crate) mod space;
pub(crate) mod team;
pub(crate) mod transfer;
pub(crate) mod user;

#[cfg(test)]
mod tests;

use crate::error::Error;
use crate::event::Event;
use crate::ids::{
    AccountId, AddOnId, AppId, GroupId, InvitationId, PipelineId, RoleId, SpaceId, TeamId, TransferId, UserId,
};

/// What was decided where only some apps can follow: the event, and why it leaves the others out.
pub(crate) type Partly = (Event, Vec<(AppId, Error)>);

/// What an operation comes to: its event, and what whoever asked is told beside it.
pub(crate) trait Decided {
    type Answer: Answer;

    fn split(self) -> (Event, Self::Answer);
}

impl Decided for Event {
    type Answer = ();

    fn split(self) -> (Event, ()) {
        (self, ())
    }
}

impl<A: Answer> Decided for (Event, A) {
    type Answer = A;

    fn split(self) -> Self {
        self
    }
}

/// What is told beside an event: nothing, the id of what is new, or what was left out.
pub(crate) trait Answer: Sized {
    fn left_out(self) -> Vec<(AppId, Error)> {
        Vec::new()
    }
}

macro_rules! answers {
    ($($nothing:ty),+) => {$(impl Answer for $nothing {})+};
}

answers!((), UserId, TeamId, GroupId, RoleId, InvitationId, AppId, TransferId, AddOnId, PipelineId, SpaceId, AccountId);

impl Answer for Vec<(AppId, Error)> {
    fn left_out(self) -> Self {
        self
    }
}
