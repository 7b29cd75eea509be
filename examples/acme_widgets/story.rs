//! What is told: a store, a clock, and what is printed.

use std::fmt::{Debug, Write};

use enterprise_teams::chrono::{DateTime, TimeDelta, Utc};
use enterprise_teams::{Actor, Error, NewUser, Settings, TeamStore};

/// A store, a clock, and what is printed.
pub(crate) struct Story<'o> {
    pub(crate) store: TeamStore,
    pub(crate) operator: Actor,
    out: &'o mut String,
}

impl<'o> Story<'o> {
    /// A store whose first generated name is `first_name`.
    pub(crate) fn new(first_name: &str, stack: &str, at: &str, out: &'o mut String) -> Result<Self, Error> {
        let settings = Settings::from_seed(2024);
        let first = settings.names().index_of(&first_name.parse()?).unwrap_or_default();
        let settings = settings.first_name(first).default_stack(stack.parse()?);
        let at = at.parse::<DateTime<Utc>>().unwrap_or_default();
        Ok(Self { store: TeamStore::new(settings), operator: Actor::operator(at), out })
    }

    pub(crate) fn user(&mut self, email: &str) -> Result<Actor, Error> {
        let user = self.store.register_user(self.operator, NewUser::new(email.parse()?))?;
        Ok(Actor::user(user, self.operator.at))
    }

    pub(crate) fn later(&mut self, delta: TimeDelta) {
        self.operator = self.operator.at(self.operator.at + delta);
    }

    pub(crate) fn now(&self, actor: Actor) -> Actor {
        actor.at(self.operator.at)
    }

    pub(crate) fn say(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    pub(crate) fn chapter(&mut self, title: &str) {
        let gap = if self.out.is_empty() { "" } else { "\n" };
        let _ = write!(self.out, "{gap}{title}\n{}\n", "=".repeat(title.len()));
    }

    pub(crate) fn section(&mut self, title: &str) {
        let _ = write!(self.out, "\n{title}\n{}\n", "-".repeat(title.len()));
    }

    pub(crate) fn shell(&mut self, command: &str) {
        self.say(&format!("$ {command}"));
    }

    /// Tries something that a rule forbids, and prints the rule and the message.
    pub(crate) fn refuse<T: Debug>(
        &mut self,
        actor: Actor,
        attempt: &str,
        operation: impl FnOnce(&mut TeamStore) -> Result<T, Error>,
    ) {
        let line = match operation(&mut self.store) {
            Err(refusal) => {
                format!("refused {}: {attempt}: {}", refusal.rule(), self.store.readable(actor, &refusal))
            }
            Ok(done) => format!("NOT REFUSED: {attempt}: {done:?}"),
        };
        self.say(&line);
    }
}
