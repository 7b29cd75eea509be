//! Everything that anybody can see, predicted from the state of the model: for every actor the exact answer, or the exact
//! refusal, of every question about everything.
//!
//! A chapter has the predictions, as methods of [`Sight`], and the questions, asked of both sides. Of an audit log, which is a view
//! of the events, and of an access review only the refusals are predicted, of an explanation all but its words.
//!
//! To ask everything takes half a second without optimization: random runs ask a hundredth after every step, and everything in
//! the end.

mod apps;
mod check;
mod crowd;
mod ends;
mod groups;
mod labelled;
mod list;
mod people;
mod places;
mod reports;
mod resources;
mod roles;
pub(super) mod row;
pub(super) mod table;
pub(super) mod usage;

use core::cell::OnceCell;
use core::fmt::Debug;
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use enterprise_teams::chrono::TimeDelta;
use enterprise_teams::demo::Demo;
use enterprise_teams::testing::Step;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    Actor, ActorKind, Error, Operation, Page, PageRequest, Settings, TeamRole, TeamStore, UserId,
    entity::{DynoSize, Month, Payer, Usage},
    ids::ClientId,
    query::{Cursor, Statement, UsagePart},
};

use self::crowd::crowd;
use self::list::{Key, List};
use self::usage::Piece;
use super::Pair;
use super::state::{Model, Time};
use super::verdict::{Verdict, refuse_if, refuse_unless};
use crate::metering;
use crate::random::{prepare, settings, steps};
use crate::snapshot::rich;
use crate::support::{cases, days, id, noon, read};

/// What somebody sees at a time.
#[derive(Clone, Copy)]
struct Sight<'m> {
    model: &'m Model,
    who: ActorKind,
    now: Time,
    /// Everything that ran until now, and what is owed for it, once somebody asks.
    pieces: &'m OnceCell<Vec<Piece>>,
    statements: &'m OnceCell<BTreeMap<Payer, Vec<Statement>>>,
}

impl Sight<'_> {
    fn pieces(&self) -> &[Piece] {
        self.pieces.get_or_init(|| usage::pieces(self.model, self.now))
    }

    fn actor_exists(&self) -> Verdict {
        self.who.user().map_or(Ok(()), |actor| {
            refuse_unless(self.model.users.contains_key(&actor), Error::ActorNotFound { actor })?;
            refuse_if(self.model.is_suspended(actor), Error::ActorSuspended { actor })?;
            refuse_unless(self.model.may_enter(actor, None), Error::ActorNeedsMfaOrSso { actor })
        })
    }

    fn is_operator(&self) -> bool {
        self.who == ActorKind::Operator
    }
}

/// Asks the store and the model, and panics where they differ.
struct ActorView<'m> {
    store: &'m TeamStore,
    actor: Actor,
    sight: Sight<'m>,
    /// One question in so many is asked.
    one_in: u64,
    /// What selects them.
    state: u64,
    asked: u64,
}

impl ActorView<'_> {
    /// Whether the next question is asked.
    fn turn(&mut self) -> bool {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let turn = (self.state >> 33).is_multiple_of(self.one_in);
        self.asked += u64::from(turn);
        turn
    }

    #[track_caller]
    fn agree<T: PartialEq + Debug>(&self, question: &impl Debug, store: &T, model: &T) {
        let Actor { who, at } = self.actor;
        assert!(store == model, "{question:?} by {who:?} at {at}: the store says\n{store:?},\nthe model\n{model:?}");
    }

    #[track_caller]
    fn same<T: PartialEq + Debug>(
        &mut self,
        question: impl Debug,
        store: impl FnOnce() -> T,
        model: impl FnOnce() -> T,
    ) {
        if self.turn() {
            self.agree(&question, &store(), &model());
        }
    }

    /// A list: whole, by pages of one and two, and after the cursors of lists of every kind.
    #[track_caller]
    fn list<T, R: Clone + PartialEq + Debug>(
        &mut self,
        question: impl Debug,
        store: impl Fn(&PageRequest) -> Result<Page<T>, Error>,
        row: impl Fn(T) -> R,
        model: impl FnOnce() -> Result<List<R>, Error>,
    ) {
        self.pages(question, store, row, model, List::requests);
    }

    /// A list, whole.
    #[track_caller]
    fn whole<T, R: Clone + PartialEq + Debug>(
        &mut self,
        question: impl Debug,
        store: impl Fn(&PageRequest) -> Result<Page<T>, Error>,
        row: impl Fn(T) -> R,
        model: impl FnOnce() -> Result<List<R>, Error>,
    ) {
        self.pages(question, store, row, model, |_| Vec::new());
    }

    #[track_caller]
    fn pages<T, R: Clone + PartialEq + Debug>(
        &mut self,
        question: impl Debug,
        store: impl Fn(&PageRequest) -> Result<Page<T>, Error>,
        row: impl Fn(T) -> R,
        model: impl FnOnce() -> Result<List<R>, Error>,
        requests: impl Fn(&List<R>) -> Vec<(usize, Option<Key>)>,
    ) {
        if !self.turn() {
            return;
        }
        let list = model();
        let more = list.as_ref().map_or(Vec::new(), requests);
        for (size, after) in [(1000, None), (1, Some(Key::Event(0)))].into_iter().chain(more) {
            let mut request = PageRequest::first(size).expect("a size");
            if let Some(after) = &after {
                request = request.after(after.to_string().parse().expect("a cursor"));
            }
            let found = store(&request).map(|Page { items, next }| {
                (items.into_iter().map(&row).collect::<Vec<R>>(), next.as_ref().map(Cursor::to_string))
            });
            let expected = list.as_ref().map_err(Clone::clone).and_then(|list| list.page(size, after.as_ref()));
            self.agree(&(&question, size, &after), &found, &expected);
        }
    }
}

/// A user, and an id of any other kind, that no store has.
const NOBODY: Uuid = Uuid::from_u128(0xdead);

/// Everybody, directly and through a third-party client; the operator; and somebody who is no user.
fn everybody(model: &Model, now: Time) -> Vec<Actor> {
    let client = ClientId::from_uuid(Uuid::from_u128(7));
    let users = model.users.keys().copied().chain([UserId::from_uuid(NOBODY)]);
    let users = users.flat_map(|user| [Actor::user(user, now), Actor::oauth(user, client, now)]);
    users.chain([Actor::operator(now)]).collect()
}

/// How many questions were asked: of so many one, as `state` selects.
fn ask(model: &Model, store: &TeamStore, now: Time, one_in: u64, state: u64) -> u64 {
    // nobody asks about a time before the last event.
    let (actor, pieces, statements) = (Actor::operator(now), OnceCell::new(), OnceCell::new());
    let now = now.max(model.last_at);
    let model = &model.as_at(now);
    let sight = Sight { model, who: actor.who, now, pieces: &pieces, statements: &statements };
    let mut asker = ActorView { store, actor, sight, one_in, state, asked: 0 };
    for actor in everybody(model, now) {
        (asker.actor, asker.sight.who) = (actor, actor.who);
        check::ask(&mut asker);
        people::ask(&mut asker);
        apps::ask(&mut asker);
        groups::ask(&mut asker);
        roles::ask(&mut asker);
        ends::ask(&mut asker);
        places::ask(&mut asker);
        resources::ask(&mut asker);
        usage::ask(&mut asker);
        reports::ask(&mut asker);
    }
    asker.asked
}

/// Asks every question for everybody, about everything and about what is not there; panics where the answers differ. Says how
/// many questions that were.
pub(crate) fn compare(model: &Model, store: &TeamStore, now: Time) -> u64 {
    ask(model, store, now, 1, 0)
}

/// Asks a hundredth of the questions; which ones, `which` selects.
pub(crate) fn sample(model: &Model, store: &TeamStore, now: Time, which: u64) -> u64 {
    ask(model, store, now, 100, which)
}

/// Now, before the last event, and long after it.
fn all_as_predicted(Pair { model, store, .. }: &Pair) -> u64 {
    let now = model.last_at.max(noon());
    [0, -2, 40].map(|days| compare(model, store, now + TimeDelta::days(days))).iter().sum()
}

/// The store with a model that is read from it.
fn told(store: TeamStore) -> Pair {
    let model = Model::of(&store);
    let pair = Pair { store, model, ..Pair::new(Settings::from_seed(7), usize::MAX) };
    pair.compare();
    pair
}

#[test]
fn x_02_all_is_seen_as_the_model_predicts() {
    let stores = [TeamStore::new(Settings::from_seed(7)), Demo::new().unwrap().store, rich()];
    let asked = stores.map(|store| all_as_predicted(&told(store)));
    assert!(asked.iter().zip([3_000, 50_000, 100_000]).all(|(asked, least)| *asked > least), "{asked:?}");
}

#[test]
fn x_02_all_that_crowds_see_is_as_the_model_predicts() {
    for seed in 0..4 {
        all_as_predicted(&told(crowd(seed)));
    }
}

#[test]
fn use_02_all_use_is_seen_as_the_model_predicts() {
    for seed in 0..4 {
        let pair = told(metering::history(seed, 120));
        let stopped = pair.model.runs.iter().filter(|run| run.until.is_some()).count();
        assert!(stopped > 20 && pair.model.last_at > days(62), "{stopped} until {}", pair.model.last_at);
        all_as_predicted(&pair);
    }
}

/// Every statement that there is, as the operator sees them.
fn statements(store: &TeamStore, model: &Model) -> BTreeMap<(Payer, Month), Statement> {
    let gone = model.gone.iter().map(|(owner, ..)| Payer::from(*owner));
    let users = model.users.keys().map(|user| Payer::User(*user));
    let teams = model.teams.keys().map(|team| Payer::Team(*team));
    let payers: BTreeSet<Payer> =
        users.chain(teams).chain(model.accounts.keys().map(|one| Payer::Account(*one))).chain(gone).collect();
    let (operator, page) = (Actor::operator(model.last_at), PageRequest::first(1000).expect("a size"));
    let all = payers.into_iter().map(|payer| store.statements(operator, payer, &page).expect("the operator's"));
    let all = all.flat_map(|found| found.items).map(|one| ((one.payer, one.month), one));
    let (mut found, mut count) = (BTreeMap::new(), 0);
    for (at, statement) in all {
        count += 1;
        found.insert(at, statement);
    }
    assert_eq!(found.len(), count, "one for each payer and month");
    found
}

/// Moves a team out of its account, if one can be.
fn move_out(pair: &mut Pair) {
    let (model, at) = (&pair.model, pair.model.last_at);
    let team = model
        .teams
        .iter()
        .find(|(id, team)| team.account.is_some() && !model.spaces.values().any(|space| space.team == **id));
    let Some(team) = team.map(|(id, _)| *id) else { return };
    let admin = model.members.iter().find(|((of, _), role)| *of == team && **role == TeamRole::Admin);
    let admin = admin.expect("an admin").0.1;
    drop(pair.perform(Actor::user(admin, at), &Operation::RequestTeamMoveOut { team }));
    drop(pair.perform(Actor::operator(at + TimeDelta::seconds(7)), &Operation::MoveTeamOut { team }));
}

/// Runs that go on for years, with moves, deletions and transfers: what is closed stays, and of every month what stands on all its
/// statements is what every meter cost, once.
#[test]
fn use_06_every_second_is_on_one_statement_and_a_closed_one_never_changes() {
    let (mut moved, mut gone, mut owing) = (0, 0, 0);
    for seed in 0..9 {
        let mut pair = Pair::new(settings(seed), usize::MAX);
        prepare(|actor, operation| pair.perform(actor, &operation).expect("accepted").event);
        let mut closed = BTreeMap::new();
        for (number, step) in steps(seed).take(300).enumerate() {
            let (actor, operation) = step.decode(&pair.store);
            // Mostly within seconds; now and then in another month.
            let pause = [0, 0, 0, 0, 0, 3, 40, 86_400 * 11][number % 8];
            drop(pair.perform(actor.at(pair.model.last_at + TimeDelta::seconds(pause)), &operation));
            if number % 30 == 0 {
                move_out(&mut pair);
            }
            let now = statements(&pair.store, &pair.model);
            assert!(closed.iter().all(|(at, statement)| now.get(at) == Some(statement)), "seed {seed}, step {number}");
            closed = now;
        }
        let end = Actor::operator(Month::of(pair.model.last_at).end());
        pair.perform(end, &Operation::CloseMonths {}).expect("closed");
        let mut owed = BTreeMap::<Month, BTreeMap<UsagePart, Usage>>::new();
        for statement in statements(&pair.store, &pair.model).into_values() {
            assert_eq!(statement.parts.iter().map(|part| part.total).sum::<Usage>(), statement.total);
            for line in statement.parts.iter().flat_map(|part| &part.lines) {
                *owed.entry(statement.month).or_default().entry(line.used_by).or_default() += line.used;
            }
        }
        let mut month = Month::of(noon());
        while month.end() <= pair.model.last_at {
            assert_eq!(
                owed.remove(&month).unwrap_or_default(),
                usage::whole(&pair.model, month),
                "seed {seed}, {month}"
            );
            month = month.next();
            owing += 1;
        }
        assert_eq!(owed, BTreeMap::new());
        moved += pair.model.account_times.iter().filter(|(_, _, _, until)| until.is_some()).count();
        gone += pair.model.gone.iter().filter(|(owner, ..)| owner.team().is_some()).count();
    }
    assert!(moved > 5 && gone > 1 && owing > 50, "{moved} moves out, {gone} teams gone, {owing} months");
}

/// In and out within seconds, over midnight, and for days; a process type that starts and is scaled between.
#[test]
fn ent_05_the_time_in_an_account_is_cut_as_the_model_predicts() {
    let Demo { mut store, operator, sam, inc, wave, .. } = Demo::new().unwrap();
    let at = |actor: Actor, millis| actor.at(noon() + TimeDelta::milliseconds(millis));
    let account = store.open_account(operator, read("acme"), id(sam)).unwrap();
    let scale = |store: &mut TeamStore, millis, quantity| {
        store.scale_app(at(sam, millis), wave, read("web"), DynoSize::Standard2X, quantity).unwrap();
    };
    scale(&mut store, 300, 7);
    for (step, (from, until)) in
        (1..).zip([(1_500, 1_501), (2_000, 2_999), (86_399_500, 90_000_000), (200_000_001, 300_000_900)])
    {
        store.move_team_in(at(sam, from), inc, account).unwrap();
        scale(&mut store, from + 1, 7 + step);
        store.request_team_move_out(at(sam, until), inc).unwrap();
        store.move_team_out(at(operator, until), inc).unwrap();
    }
    all_as_predicted(&told(store));
}

/// A run of the steps, with a question after each, and the number of the step.
fn run(seed: u64, steps: impl IntoIterator<Item = Step>, question: impl Fn(&Pair, Actor, u64)) -> Pair {
    let mut pair = Pair::new(settings(seed), usize::MAX);
    prepare(|actor, operation| pair.perform(actor, &operation).expect("accepted").event);
    for (number, step) in (seed..).zip(steps) {
        let (actor, operation) = step.decode(&pair.store);
        drop(pair.perform(actor, &operation));
        question(&pair, actor, number);
    }
    pair
}

#[test]
fn x_02_all_that_long_runs_show_is_seen_as_the_model_predicts() {
    for seed in 0..4 {
        run(seed, steps(seed).take(200), |pair, actor, step| {
            if step % 20 == 0 {
                compare(&pair.model, &pair.store, actor.at);
            }
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(16)))]

    /// The model does what is done and says what is seen: a hundredth of it after every step, all of it in the end.
    #[test]
    fn x_02_all_that_random_runs_show_is_seen_as_the_model_predicts(
        seed in 0..4u64,
        steps in prop::collection::vec(any::<Step>(), 0..60),
    ) {
        let pair = run(seed, steps, |pair, actor, which| {
            sample(&pair.model, &pair.store, actor.at, which);
        });
        all_as_predicted(&pair);
    }
}
