//! What the tests share.

use core::fmt::Debug;
use core::str::FromStr;

use enterprise_teams::chrono::{DateTime, Utc};
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    Actor, AppName, Email, Error, NewUser, ParseError, TeamStore, UserId,
    ids::ClientId,
    names::{ParseProblem, ParseTarget},
};

/// The user behind an actor.
pub(crate) fn id(actor: Actor) -> UserId {
    actor.who.user().expect("a user")
}

pub(crate) fn app_name(text: &str) -> AppName {
    text.parse().expect("an app name")
}

/// What the text reads as: a name of any kind, a description, a set of permissions.
pub(crate) fn read<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().expect(text)
}

pub(crate) fn email(text: &str) -> Email {
    text.parse().expect("an e-mail")
}

/// The refusal of a text.
pub(crate) fn malformed(what: ParseTarget, problem: ParseProblem) -> Error {
    Error::Malformed(ParseError { what, problem })
}

/// Registers a user, at the time of the sample store, and gives the actor.
pub(crate) fn register(store: &mut TeamStore, text: &str) -> Actor {
    let then = DateTime::<Utc>::UNIX_EPOCH;
    let user = store.register_user(Actor::operator(then), NewUser::new(email(text))).expect("a free e-mail");
    Actor::user(user, then)
}

/// The same user through a third-party client.
pub(crate) fn through_client(actor: Actor) -> Actor {
    Actor::oauth(id(actor), ClientId::from_uuid(Uuid::from_u128(7)), actor.at)
}
