//! What is asked.

use core::fmt;

use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    AccessQuery, Actor, ActorKind, Capability, Error, Explanation, TeamStore, ids::ClientId, policy::AnyAppAction,
};

use crate::World;
use crate::world::ASKED_AT;

/// A question, and who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Who asks.
    pub who: ActorKind,
    /// What.
    pub question: AccessQuery,
}

impl Asked {
    /// The store's answer.
    #[must_use]
    pub fn of(self, store: &TeamStore) -> bool {
        match self.question {
            AccessQuery::App(action, app) => store.can(self.actor(), action, app),
            AccessQuery::Host(action, app) => store.can(self.actor(), action, app),
            AccessQuery::Team(capability, team) => store.can(self.actor(), capability, team),
        }
    }

    /// The store's answer with its reason.
    ///
    /// # Errors
    /// As [`TeamStore::explain`].
    pub fn explain(self, store: &TeamStore) -> Result<Explanation<'_>, Error> {
        match self.question {
            AccessQuery::App(action, app) => store.explain(self.actor(), action, app),
            AccessQuery::Host(action, app) => store.explain(self.actor(), action, app),
            AccessQuery::Team(capability, team) => store.explain(self.actor(), capability, team),
        }
    }

    /// The code of the action or the capability; one word for all actions of a host's own.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self.question {
            AccessQuery::App(action, _) => action.code(),
            AccessQuery::Host(..) => "host",
            AccessQuery::Team(capability, _) => capability.code(),
        }
    }

    const fn actor(self) -> Actor {
        Actor { who: self.who, at: ASKED_AT }
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.question {
            AccessQuery::App(action, app) => write!(f, "{}: {action} on app `{app}`", self.who),
            AccessQuery::Host(action, app) => write!(f, "{}: {action} on app `{app}`", self.who),
            AccessQuery::Team(capability, team) => write!(f, "{}: {capability} on team `{team}`", self.who),
        }
    }
}

/// Everything that anybody could ask about the world: every user, in person and through a third-party client, and the
/// operator; every action on every app, the host's own too, every capability on every team. Also by and about those that are
/// deleted.
pub fn questions(world: &World) -> impl Iterator<Item = Asked> {
    let client = ClientId::from_uuid(Uuid::from_u128(7));
    let users =
        world.users.iter().flat_map(move |user| [ActorKind::User(*user), ActorKind::OAuth { user: *user, client }]);
    let actions: Vec<AnyAppAction> = world.store.settings().options.host_actions.with_published().collect();
    let on_apps = world.apps.iter().flat_map(|app| actions.iter().map(|action| AccessQuery::from((*action, *app))));
    let on_teams = world.teams.iter().flat_map(|team| Capability::ALL.iter().map(|one| AccessQuery::Team(*one, *team)));
    let all: Vec<AccessQuery> = on_apps.chain(on_teams).collect();
    users
        .chain([ActorKind::Operator])
        .flat_map(move |who| all.clone().into_iter().map(move |question| Asked { who, question }))
}
