//! What is asked of every contender, and the contenders: this crate, plain structures, and one file for each engine.

mod casbin;
mod cedar;
mod gatehouse;
mod plain;
mod regorus;
mod this;
mod zanzibar;

use std::error::Error;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

pub(crate) use self::casbin::Casbin;
pub(crate) use self::cedar::Cedar;
pub(crate) use self::gatehouse::Gatehouse;
pub(crate) use self::plain::{Maps, Rows};
pub(crate) use self::regorus::Regorus;
pub(crate) use self::zanzibar::Zanzibar;
use crate::ground::world::{AccessQuery, DEPLOY, MANAGE, OPERATE, Role, VIEW, World};

pub(crate) type Outcome<T> = Result<T, Box<dyn Error>>;

/// A contender with the data of a [`World`] in it.
pub(crate) trait Engine: Sized {
    const NAME: &str;
    /// Why it is left out at a hundred teams unless it is asked for.
    const SLOW: Option<&str> = None;
    /// A question in its own terms; made beforehand, and not timed.
    type Asked;
    /// The apps that a user sees, as it hands them out.
    type Seen<'a>
    where
        Self: 'a;

    fn load(world: &World) -> Outcome<Self>;

    /// How many questions are put to it in a round.
    fn questions(_teams: usize) -> usize {
        65_536
    }

    fn asked(&self, world: &World, question: AccessQuery) -> Outcome<Self::Asked>;

    fn can(&mut self, asked: &Self::Asked) -> Outcome<bool>;

    /// The apps of the user's own team that they may view.
    fn visible<'a>(&'a mut self, world: &World, user: u32) -> Outcome<Self::Seen<'a>>;

    /// The numbers of the apps in the [`World`], for the comparison.
    fn numbers(seen: Self::Seen<'_>) -> Outcome<Vec<u32>>;

    /// Gives [`GIVEN`] to a user who has no grant on the app, or takes it away again. False: the data is the host's.
    fn change(&mut self, _world: &World, _user: u32, _app: u32, _change: Change) -> Outcome<bool> {
        Ok(false)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Grant,
    Revoke,
}

/// What a change gives or takes.
pub(crate) const GIVEN: u8 = VIEW | DEPLOY;

/// The names by which engines that work on text know everything.
pub(crate) struct Names {
    pub(crate) teams: Vec<String>,
    pub(crate) users: Vec<String>,
    pub(crate) apps: Vec<String>,
}

impl Names {
    pub(crate) fn new(world: &World) -> Self {
        let name = |kind, how_many| (0..how_many).map(|number| format!("{kind}-{number}")).collect();
        Self {
            teams: name("team", world.teams.len()),
            users: name("user", world.users.len()),
            apps: name("app", world.apps.len()),
        }
    }
}

/// The number at the end of a name.
pub(crate) fn number(name: &str) -> Outcome<u32> {
    let (_, number) = name.rsplit_once('-').ok_or("a name without a number")?;
    Ok(number.parse()?)
}

pub(crate) const PERMISSIONS: [(&str, u8); 4] =
    [("view", VIEW), ("deploy", DEPLOY), ("operate", OPERATE), ("manage", MANAGE)];

/// The names of the permissions in a set.
pub(crate) fn permissions(held: u8) -> impl Iterator<Item = &'static str> {
    PERMISSIONS.into_iter().filter(move |(_, bit)| held & bit != 0).map(|(name, _)| name)
}

/// The name of a role in a team.
pub(crate) fn team_role(role: Role) -> Option<&'static str> {
    match role {
        Role::Admin => Some("admin"),
        Role::Member => Some("member"),
        Role::Viewer => Some("viewer"),
        Role::Collaborator => None,
    }
}

/// The numbers of the apps of the user's team.
pub(crate) fn apps_of_team(world: &World, user: u32) -> std::ops::Range<u32> {
    let (team, apps) = (world.users[user as usize].team, u32::try_from(world.shape.apps).unwrap_or(u32::MAX));
    team * apps..(team + 1) * apps
}

/// What asks an engine without a list: may the user view this app?
pub(crate) fn views(user: u32, app: u32) -> AccessQuery {
    AccessQuery { user, client: false, action: 0, app }
}

/// Carries out what is written as asynchronous and waits for nothing.
pub(crate) fn at_once<T>(work: impl Future<Output = T>) -> T {
    let (mut work, mut context) = (pin!(work), Context::from_waker(Waker::noop()));
    loop {
        if let Poll::Ready(done) = work.as_mut().poll(&mut context) {
            return done;
        }
    }
}
