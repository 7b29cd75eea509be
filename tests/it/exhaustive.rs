//! every small world, from end to end.
//!
//! A scope is a small store, and what may happen to it. From the first state on, breadth first, everything is asked in every
//! state: every operation, with every argument that there is and one that there is not, by every user, by every user through
//! a third-party client, by the operator and by nobody. What is accepted is carried out, looked at and taken back; and where it
//! is what the scope is about, the state that it leads to is visited too, unless an equal one was. Equal are states that differ
//! only in what people and things are called.
//!
//! In every state the invariants hold, and after all the questions the store is what it was: no refusal left a trace, and
//! nothing that was taken back did. Now and then it is checked that whoever reaches a state another way gets the same answers:
//! then what makes states equal leaves out nothing that matters. When something does not hold, the shortest way to it is
//! printed.
//!
//! Time stands still, so that nothing expires and nothing is billed; but for the operator's sweep, a day later, of what then has ended:
//! every end is that day, and so none is there afterwards.

mod asked;
mod form;
mod larger;
mod refusals;
mod scopes;
mod small;

use core::hash::{Hash, Hasher};
use core::mem::take;
use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::hash::DefaultHasher;
use std::thread;

use enterprise_teams::chrono::{DateTime, Utc};
use enterprise_teams::{Actor, Event, Operation as O, OperationKind, TeamStore};

use self::asked::{ACCOUNTS, APPS, Asked, PIPELINES, SPACES, TEAMS};
use self::form::{Canonical, Key, Names};
use crate::gains;
use crate::support::noon;

/// A small store, and what may happen to it.
struct Scope {
    start: TeamStore,
    /// What may happen: the other events are looked at and not followed.
    follows: Box<dyn Fn(&Event) -> bool>,
    /// The names that can be exchanged without a difference, in groups.
    alike: &'static [&'static [&'static str]],
}

/// What a search found.
#[derive(Debug)]
struct Found {
    counts: Counts,
    /// The operations that were accepted somewhere.
    accepted: HashSet<OperationKind>,
    /// The operations, each with the codes of its refusals.
    refusals: BTreeSet<(OperationKind, &'static str)>,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    states: usize,
    /// The accepted questions that lead from one of the states to one of them.
    transitions: usize,
    /// How many steps away the farthest state is.
    depth: usize,
    accepted: usize,
    refused: usize,
}

const fn counts(states: usize, transitions: usize, depth: usize, accepted: usize, refused: usize) -> Counts {
    Counts { states, transitions, depth, accepted, refused }
}

/// Whether no more is there than shall be: three people, one pipeline, one add-on, and of the rest what has one of the names
/// given, without the last.
fn is_small(world: &Canonical<'_>) -> bool {
    let many = |kind| world.kinds().filter(|(other, _)| *other == kind).count();
    let named = |(kind, name): (&str, &str)| match kind {
        "Team" => TEAMS[..2].contains(&name),
        "App" => APPS[..2].contains(&name),
        "Space" => SPACES[..1].contains(&name),
        "Pipeline" => PIPELINES[..1].contains(&name),
        "EnterpriseAccount" => ACCOUNTS[..1].contains(&name),
        _ => true,
    };
    many("User") <= 3 && many("Pipeline") <= 1 && many("AddOn") <= 1 && world.kinds().all(named)
}

/// What is answered: the code of the refusal; or, when that is followed, the state to which it leads.
type Answer = Result<Option<Key>, &'static str>;

/// Visits every state of a scope. Of one state in `every` so many, it is compared what is answered when it is reached another
/// way; and the invariants are checked wherever it leads to.
fn search(scope: Scope, every: usize) -> Found {
    let names = Names::new(scope.alike);
    let mut search = Search {
        scope,
        names,
        every,
        numbers: HashMap::new(),
        ways: Vec::new(),
        here: 0,
        asking: Some(0),
        answers: HashMap::new(),
        accepted: HashSet::new(),
        refusals: BTreeSet::new(),
        last: None,
    };
    let counts = search.run();
    Found { counts, accepted: take(&mut search.accepted), refusals: take(&mut search.refusals) }
}

struct Search {
    scope: Scope,
    names: Names,
    every: usize,
    /// The states, in the order in which they were found.
    numbers: HashMap<Key, usize>,
    /// From which state each was found, and how; the first was there.
    ways: Vec<Option<(usize, Actor, O)>>,
    /// The state that is visited.
    here: usize,
    /// Which question is asked there, while it is visited.
    asking: Option<usize>,
    /// What was answered first, where that is compared.
    answers: HashMap<usize, u64>,
    accepted: HashSet<OperationKind>,
    refusals: BTreeSet<(OperationKind, &'static str)>,
    /// The refusal before.
    last: Option<(OperationKind, &'static str)>,
}

impl Search {
    fn run(&mut self) -> Counts {
        let mut counts = Counts::default();
        let mut start = self.scope.start.clone();
        start.drain_events(0);
        self.numbers.insert(self.names.canonical(&start).key, 0);
        self.ways.push(None);
        self.compare(0, &mut start);
        let mut next = VecDeque::from([(start, 0)]);
        while let Some((mut store, depth)) = next.pop_front() {
            (self.here, counts.depth) = (counts.states, depth);
            counts.states += 1;
            assert_eq!(store.check_invariants(), []);
            self.ask(&mut store, |search, (actor, operation), answer, after, again| {
                let to = match answer {
                    Err(code) => {
                        counts.refused += 1;
                        let refusal = (operation.kind(), *code);
                        if search.last.replace(refusal) != Some(refusal) {
                            search.refusals.insert(refusal);
                        }
                        return;
                    }
                    Ok(to) => to,
                };
                counts.accepted += 1;
                search.accepted.insert(operation.kind());
                if search.here.is_multiple_of(search.every) {
                    assert_eq!(after.check_invariants(), []);
                }
                let Some(key) = to else { return };
                counts.transitions += 1;
                if again {
                    return;
                }
                let (new, mut after) = (search.ways.len(), after.clone());
                after.drain_events(0);
                let to = *search.numbers.entry(key.clone()).or_insert(new);
                if to.is_multiple_of(search.every) {
                    search.compare(to, &mut after);
                }
                if to == new {
                    search.ways.push(Some((search.here, actor, operation.clone())));
                    next.push_back((after, depth + 1));
                }
            });
        }
        counts
    }

    /// Asks everything, and passes on every answer with the store after it, and whether the same event was passed on before.
    fn ask(&mut self, store: &mut TeamStore, mut hear: impl FnMut(&mut Self, (Actor, &O), &Answer, &TeamStore, bool)) {
        let before = store.clone();
        let asked = Asked::of(&self.names.canonical(store), now(store));
        let mut followed = Vec::<(Event, Option<Key>)>::new();
        let mut trial = store.begin();
        for (number, question) in asked.each().enumerate() {
            self.asking = self.asking.map(|_| number);
            let answer = trial.perform(question.0, question.1);
            if let Ok(entry) = &answer {
                gains::check(&before, question.0, &entry.event, &trial);
            }
            let (answer, again) = match answer {
                Err(error) => (Err(error.code()), false),
                Ok(entry) if !(self.scope.follows)(&entry.event) => (Ok(None), false),
                // What an operation does is in its event: equal ones lead to the same state.
                Ok(entry) => {
                    let event = entry.event;
                    let known = followed.iter().find(|(other, _)| *other == event);
                    if let Some((_, key)) = known {
                        (Ok(key.clone()), true)
                    } else {
                        let world = self.names.canonical(&trial);
                        let key = is_small(&world).then_some(world.key);
                        followed.push((event, key.clone()));
                        (Ok(key), false)
                    }
                }
            };
            hear(self, question, &answer, &trial, again);
            if answer.is_ok() {
                trial.roll_back();
                trial = store.begin();
            }
        }
        trial.roll_back();
        if *store != before {
            let culprit = asked.each().position(|(actor, operation)| {
                let mut trial = store.clone();
                let mut taken_back = trial.begin();
                drop(taken_back.perform(actor, operation));
                taken_back.roll_back();
                trial != *store
            });
            self.asking = culprit;
            panic!("the store is another after a question");
        }
    }

    /// Compares what is answered in the state with what was answered when it was reached first.
    fn compare(&mut self, state: usize, store: &mut TeamStore) {
        let asking = self.asking.take();
        let mut answers = DefaultHasher::new();
        self.ask(store, |_, _, answer, _, _| answer.hash(&mut answers));
        self.asking = asking;
        let answers = answers.finish();
        if *self.answers.entry(state).or_insert(answers) != answers {
            let (way, _) = self.way(state);
            panic!("this leads to where others are answered otherwise who come by\n{way}");
        }
    }

    /// The shortest way to a state, step by step, and the state.
    fn way(&mut self, state: usize) -> (String, TeamStore) {
        let back = core::iter::successors(self.ways[state].clone(), |(from, ..)| self.ways[*from].clone());
        let mut steps: Vec<_> = back.collect();
        steps.reverse();
        let (mut text, mut store) = (String::new(), self.scope.start.clone());
        store.drain_events(0);
        for (_, actor, operation) in steps {
            text += &self.tell(&store, actor, &operation);
            store.perform(actor, &operation).expect("what was accepted before");
        }
        (text, store)
    }

    fn tell(&mut self, store: &TeamStore, actor: Actor, operation: &O) -> String {
        let named = self.names.canonical(store).named(&format!("  {}: {operation:?}", actor.who));
        named + "\n"
    }
}

/// When everything but the sweep is asked.
fn now(store: &TeamStore) -> DateTime<Utc> {
    store.now(Actor::operator(noon()))
}

/// When something does not hold: where, and what was asked.
impl Drop for Search {
    fn drop(&mut self) {
        if thread::panicking() && self.here < self.ways.len() {
            let (way, store) = self.way(self.here);
            let asked = Asked::of(&self.names.canonical(&store), now(&store));
            let question = self.asking.and_then(|number| asked.each().nth(number));
            let question = question.map(|(actor, operation)| self.tell(&store, actor, operation));
            eprintln!("the way there:\n{way}and then:\n{}", question.unwrap_or_default());
        }
    }
}
