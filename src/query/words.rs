//! Refusals and events in words, for an actor to read.

use core::fmt;

use crate::actor::Actor;
use crate::error::{Error, ProblemDetails};
use crate::readable::{Ids, NamedId, Names, Readable, Worded};
use crate::store::TeamStore;

/// The names that the actor may know.
pub(super) struct Seen<'s> {
    pub(super) store: &'s TeamStore,
    pub(super) actor: Actor,
}

impl Seen<'_> {
    /// Whether the actor may know how this is called: what they see, and teams and spaces that they know without seeing into them.
    pub(super) fn sees(&self, id: NamedId) -> bool {
        let Self { store, actor } = *self;
        match id {
            NamedId::User(user) => store.user(actor, user).is_ok(),
            NamedId::Team(team) => store.team_name(actor, team).is_ok(),
            NamedId::App(app) => store.app(actor, app).is_ok(),
            NamedId::Group(group) => store.group(actor, group).is_ok(),
            NamedId::Role(role) => store.custom_role(actor, role).is_ok(),
            NamedId::Space(space) => store.space_name(actor, space).is_ok(),
            NamedId::Pipeline(pipeline) => store.pipeline(actor, pipeline).is_ok(),
            NamedId::Account(account) => store.account(actor, account).is_ok(),
        }
    }
}

impl Names for Seen<'_> {
    fn write(&self, id: NamedId, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.store.at(self.actor.at).name(id).filter(|_| self.sees(id)) {
            Some(name) => f.write_str(&name),
            None => Ids.write(id, f),
        }
    }
}

/// **Texts with names**: messages, events and reasons with names in place of ids.
impl TeamStore {
    /// The refusal, the way out, the event or the explanation in words, for the actor to read: users by their e-mails, teams,
    /// apps, groups, roles, spaces, pipelines and accounts by their names as far as the actor may know them, by their ids otherwise:
    /// what they see, and what [`team_name`](Self::team_name) and [`space_name`](Self::space_name) tell them.
    ///
    /// What people wrote, the description of a release for example, is shown as it is. An entry of an audit log has names of its own:
    /// those of then (X-8).
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    ///
    /// let Demo { mut store, joe, acme, .. } = Demo::new()?;
    /// let refusal = store.rename_team(joe, acme, "widgets".parse()?).unwrap_err();
    /// assert_eq!(
    ///     store.readable(joe, &refusal),
    ///     "only admins can rename team `acme-widgets`; user `joe@acme.com` is not an admin",
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    #[must_use]
    pub fn readable(&self, actor: Actor, what: &impl Readable) -> String {
        Worded(what, &Seen { store: self, actor }).to_string()
    }

    /// The refusal as one value for the host to send to the actor, in the shape of RFC 9457 (`application/problem+json`): the
    /// message and the way out with names as [`readable`](Self::readable) puts them, and the code, the rule and the facts for
    /// programs.
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    ///
    /// let Demo { mut store, joe, acme, .. } = Demo::new()?;
    /// let refusal = store.rename_team(joe, acme, "widgets".parse()?).unwrap_err();
    /// let problem = store.problem(joe, &refusal);
    /// assert_eq!(
    ///     serde_json::to_value(&problem)?,
    ///     serde_json::json!({
    ///         "type": "urn:enterprise-teams:error:only-admins-rename-teams",
    ///         "title": "only admins rename teams",
    ///         "status": 403,
    ///         "detail": "only admins can rename team `acme-widgets`; user `joe@acme.com` is not an admin",
    ///         "code": "only-admins-rename-teams",
    ///         "rule": "TEAM-4",
    ///         "class": "forbidden",
    ///         "remedy": {
    ///             "text": "ask an admin of team `acme-widgets` for the role admin in the team",
    ///             "needed": "the role admin in the team",
    ///             "from": "an admin of team `acme-widgets`",
    ///         },
    ///         "facts": { "code": "only-admins-rename-teams", "actor": { "user": joe.who.user() }, "team": acme },
    ///     }),
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn problem(&self, actor: Actor, error: &Error) -> ProblemDetails {
        ProblemDetails::of(error, &Seen { store: self, actor })
    }
}
