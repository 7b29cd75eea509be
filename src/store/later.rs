//! The state at a time that has not come yet for the store: without what has ended by then (END-1).

use std::sync::OnceLock;

use chrono::{DateTime, Utc};

use crate::actor::{Actor, ActorKind, recorded};
use crate::decide;
use crate::entity::Held;
use crate::event::{AuditEvent, Event};
use crate::state::{Moment, State};
use crate::version::Version;

/// Among how much that has ended it is looked for what concerns a question.
const LOOKED_AT_MAX: usize = 64;

/// What was asked for: one state for each time between two ends.
#[derive(Default)]
pub(super) struct Later(OnceLock<Box<Step>>);

/// The state between two ends, and what was asked for besides.
struct Step {
    /// The last of the ends that are over.
    from: Moment,
    state: State,
    next: Later,
}

impl Later {
    /// The state at that time. Costs a copy of the store for whoever asks first after an end, until the next operation.
    #[cold]
    pub(super) fn at<'s>(&'s self, state: &'s State, time: DateTime<Utc>) -> &'s State {
        let now = Moment::from(recorded(time).max(state.last_at));
        let Some(last) = state.ends.last_due(now) else { return state };
        let mut later = self;
        loop {
            let step =
                later.0.get_or_init(|| Box::new(Step { from: last, state: swept(state, last), next: Self::default() }));
            if step.from == last {
                return &step.state;
            }
            later = &step.next;
        }
    }

    /// The state at that time, for a question about one user: where nothing that they or a group of theirs held has ended, it is as it
    /// was.
    #[cold]
    pub(super) fn for_user<'s>(&'s self, state: &'s State, actor: Actor) -> &'s State {
        let now = Moment::from(recorded(actor.at).max(state.last_at));
        let user = actor.who.user();
        let concerns = |held: Held| match held {
            Held::GroupGrant { app: _, group } => {
                let group = state.groups.find(group);
                user.zip(group).is_some_and(|(user, group)| group.row.members.contains_key(&user))
            }
            Held::Membership { .. } | Held::Grant { .. } | Held::AppCreation { .. } => held.user() == user,
        };
        let mut due = state.ends.due(now);
        let concerned = due.by_ref().take(LOOKED_AT_MAX).any(|(_, held)| concerns(held)) || due.next().is_some();
        if concerned { self.at(state, actor.at) } else { state }
    }
}

/// A copy without what has ended by then, which goes on as the store would after sweeping it.
fn swept(state: &State, now: Moment) -> State {
    let (mut copy, last_at) = (state.clone(), state.last_at);
    if let Some(swept) = decide::end::ended(&copy, now.into()) {
        let event = Event::EndsSwept { swept: Box::new(swept) };
        let (seq, at) = (copy.seq + 1, DateTime::from(now));
        copy.apply(&AuditEvent { version: Version, seq, at, actor: ActorKind::Operator, context: None, event });
    }
    copy.last_at = last_at;
    copy
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::{Demo, id};
    use crate::operation::Operation;
    use crate::policy::AppAction;

    /// joe's membership ends a week after noon, and so does what a group without him holds.
    fn ending() -> (Demo, DateTime<Utc>) {
        let mut demo = Demo::new().expect("the sample");
        let soon = demo.ada.at + chrono::TimeDelta::days(7);
        let Demo { store, ada, joe, vera, acme, website, .. } = &mut demo;
        store.set_member_end(*ada, *acme, id(*joe), Some(soon)).expect("accepted");
        let crew = store.create_group(*ada, *acme, "crew".parse().expect("a name")).expect("accepted");
        store.add_group_member(*ada, crew, id(*vera)).expect("accepted");
        store.grant_group_permissions(*ada, *website, crew, crate::Permission::Operate.into()).expect("accepted");
        store.set_group_grant_end(*ada, *website, crew, Some(soon)).expect("accepted");
        (demo, soon)
    }

    /// END-1: who holds nothing that has ended waits for no copy of the store.
    #[test]
    fn end_01_what_ended_for_others_costs_a_check_no_copy() {
        let (Demo { store, ada, joe, vera, website, .. }, soon) = ending();
        assert!(store.can(ada.at(soon), AppAction::RestartApp, website));
        assert!(store.later.0.get().is_none());
        assert!(!store.can(vera.at(soon), AppAction::RestartApp, website), "of the group");
        assert!(store.later.0.get().is_some());
        assert!(!store.can(joe.at(soon), AppAction::PushCode, website));
    }

    /// a refused operation leaves what was made for questions.
    #[test]
    fn end_01_a_refusal_keeps_the_copy() {
        let (Demo { mut store, ada, joe, website, .. }, soon) = ending();
        assert!(!store.can(joe.at(soon), AppAction::PushCode, website));
        store.perform(joe.at(soon), &Operation::LockApp { app: website }).expect_err("joe has left");
        assert!(store.later.0.get().is_some());
        store.perform(ada.at(soon), &Operation::LockApp { app: website }).expect("accepted");
        assert!(store.later.0.get().is_none());
    }
}
