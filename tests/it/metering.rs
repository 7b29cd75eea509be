//! USE-2, TRF-5, X-1, X-3: random histories, metered a second time from what was done and held against the reports. No second
//! of a dyno, an add-on or a space is lost, and none is paid twice.
//!
//! The second meter knows nothing of the store: it writes down what ran, from when to when and for whom, and adds it up
//! afterwards, day by day, in whole numbers of which 2,592,000 make one of the store's. A second is paid by whoever has the
//! thing when the second ends.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use enterprise_teams::chrono::{Datelike, NaiveDate, TimeDelta};
use enterprise_teams::{
    AccountId, Actor, AppId, Error, NewApp, NewSpace, NewUser, Owner, PageRequest, Settings, SpaceId, TeamId, TeamRole,
    TeamStore, UserId,
    entity::{Days, DynoSize, Month, Plan, Shield, Usage},
    ids::AddOnId,
    query::{UsagePart, UsageReport},
};

use crate::random::numbers;
use crate::support::{app_name, email, noon, sound, team_name};

/// 720 hours.
const MONTH: u128 = 2_592_000;
const DAY: i64 = 86_400;
/// As many days as a report has at most.
const REPORT_DAYS: i64 = 1_098;

/// A step: how many milliseconds go by, then what is done, and to what.
type Step = (i64, u8, [u8; 3]);

fn step() -> impl Strategy<Value = Step> {
    let pause = prop_oneof![Just(0), 0..1_500_i64, (0..DAY).prop_map(|seconds| seconds * 1_000), 0..40 * DAY * 1_000,];
    (pause, any::<u8>(), any::<[u8; 3]>())
}

/// Something that is metered: a process type of an app, an add-on, a space.
type Meter = (UsagePart, String);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Dynos,
    AddOns,
    Spaces,
}

/// What ran on a meter: from when to when, in milliseconds, for whom, and what a month of it costs.
#[derive(Clone)]
struct Run {
    meter: Meter,
    column: Column,
    payer: Owner,
    monthly: u64,
    from: i64,
    until: Option<i64>,
}

#[derive(Clone)]
struct App {
    id: AppId,
    name: String,
    owner: Owner,
    space: Option<SpaceId>,
    dynos: BTreeMap<&'static str, (DynoSize, u16)>,
    add_ons: Vec<(AddOnId, u32)>,
}

#[derive(Clone)]
struct Space {
    id: SpaceId,
    name: String,
    team: TeamId,
}

/// What the test did, and to whom.
#[derive(Clone)]
struct Done {
    account: AccountId,
    teams: [TeamId; 2],
    users: [UserId; 2],
    now: i64,
    /// Quantities and prices are multiples of this: of 324 all amounts are whole, since 2,592,000 divides 324 millions.
    unit: u16,
    apps: Vec<App>,
    spaces: Vec<Space>,
    runs: Vec<Run>,
    made: u32,
}

/// Two teams of one account, with the same two admins.
fn start(unit: u16) -> (TeamStore, Done) {
    let mut store = TeamStore::new(Settings::from_seed(7));
    let operator = Actor::operator(noon());
    let users =
        ["ada@acme.com", "bob@acme.com"].map(|text| store.register_user(operator, NewUser::new(email(text))).unwrap());
    let ada = Actor::user(users[0], noon());
    let account = store.open_account(operator, "acme".parse().unwrap(), users[0]).unwrap();
    let teams = ["gears", "wheels"].map(|name| store.create_team_in(ada, account, team_name(name)).unwrap());
    for team in teams {
        store.add_member(ada, team, users[1], TeamRole::Admin).unwrap();
    }
    let (apps, spaces, runs) = (Vec::new(), Vec::new(), Vec::new());
    (store, Done { account, teams, users, now: 0, unit, apps, spaces, runs, made: 0 })
}

/// A store after so many steps.
pub(crate) fn history(seed: u64, steps: usize) -> TeamStore {
    let (mut store, mut done) = start(if seed.is_multiple_of(2) { 324 } else { 7 });
    for [pause, what, at @ ..] in numbers(seed).take(steps) {
        let pause = i64::from(pause).pow(3) * [0, 1, 50][usize::from(pause) % 3];
        done.take(&mut store, (pause, what, at));
    }
    store
}

fn pick<T>(items: &[T], which: u8) -> Option<usize> {
    usize::from(which).checked_rem(items.len())
}

impl Done {
    fn actor(&self, user: UserId) -> Actor {
        Actor::user(user, noon() + TimeDelta::milliseconds(self.now))
    }

    /// Whoever may do everything to what this owner has.
    fn master(&self, owner: Owner) -> Actor {
        match owner {
            Owner::User(user) => self.actor(user),
            Owner::Team(_) => self.actor(self.users[0]),
        }
    }

    fn owner(&self, which: u8) -> Owner {
        match which % 6 {
            0 => self.users[0].into(),
            1 => self.users[1].into(),
            two => self.teams[usize::from(two % 2)].into(),
        }
    }

    fn stop(&mut self, meter: &Meter) {
        for run in self.runs.iter_mut().filter(|run| run.meter == *meter && run.until.is_none()) {
            run.until = Some(self.now);
        }
    }

    fn run(&mut self, meter: Meter, column: Column, payer: Owner, monthly: u64) {
        self.stop(&meter);
        self.runs.push(Run { meter, column, payer, monthly, from: self.now, until: None });
    }

    /// Everything of these parts stops, and runs on for another if one is given.
    fn hand_over(&mut self, part: UsagePart, to: Option<Owner>) {
        let running: Vec<Run> =
            self.runs.iter().filter(|run| run.meter.0 == part && run.until.is_none()).cloned().collect();
        for Run { meter, column, monthly, .. } in running {
            match to {
                Some(to) => self.run(meter, column, to, monthly),
                None => self.stop(&meter),
            }
        }
    }

    fn take(&mut self, store: &mut TeamStore, (pause, what, [which, how, much]): Step) {
        self.now += pause;
        let (app, space) = (pick(&self.apps, which), pick(&self.spaces, which));
        match (what % 16, app, space) {
            (0, _, Some(space)) => self.create(store, self.spaces[space].team.into(), Some(self.spaces[space].id)),
            (0 | 1, ..) | (_, None, _) => self.create(store, self.owner(how), None),
            (2..=5, Some(app), _) => self.scale(store, app, how, much),
            (6 | 7, Some(app), _) => self.install(store, app, much),
            (8, Some(app), _) => self.change_plan(store, app, how, much),
            (9, Some(app), _) => self.remove(store, app, how),
            (10..=12, Some(app), _) => self.transfer(store, app, how),
            (13, Some(app), _) => self.delete(store, app),
            (14, _, Some(space)) => self.transfer_space(store, space, how),
            (15, _, Some(space)) if how % 2 == 0 => self.destroy(store, space),
            _ => self.create_space(store, how),
        }
    }

    fn create(&mut self, store: &mut TeamStore, owner: Owner, space: Option<SpaceId>) {
        self.made += 1;
        let name = format!("app-{}", self.made);
        let new = match (space, owner) {
            (Some(space), _) => NewApp::in_space(space),
            (None, Owner::Team(team)) => NewApp::in_team(team),
            (None, Owner::User(_)) => NewApp::personal(),
        };
        match store.create_app(self.master(owner), new.named(app_name(&name))) {
            Ok(id) => self.apps.push(App { id, name, owner, space, dynos: BTreeMap::new(), add_ons: Vec::new() }),
            Err(error) => assert_eq!(error.code(), "space-full"),
        }
    }

    fn scale(&mut self, store: &mut TeamStore, app: usize, how: u8, much: u8) {
        use DynoSize::{Basic, Eco, PerformanceL, PerformanceM, PrivateL, PrivateS, Standard1X, Standard2X};
        use DynoSize::{ShieldL, ShieldM, ShieldS};
        let App { id, owner, space, ref dynos, .. } = self.apps[app];
        let shield = |space| store.space(self.master(owner), space).unwrap().shield();
        let sizes = match (space, owner) {
            (Some(space), _) if shield(space) == Shield::On => [ShieldS, ShieldM, ShieldL, ShieldS],
            (Some(_), _) => [PrivateS, PrivateL, PrivateS, PrivateL],
            (None, Owner::Team(_)) => [Basic, Standard1X, Standard2X, PerformanceL],
            (None, Owner::User(_)) => [Eco, Basic, Standard1X, PerformanceM],
        };
        let (process, size) = (["web", "worker"][usize::from(how % 2)], sizes[usize::from(how / 2 % 4)]);
        let quantity = u16::from(much % 4) * self.unit;
        let to = (quantity > 0).then_some((size, quantity));
        let same = dynos.get(process).copied() == to;
        let answer = store.scale_app(self.master(owner), id, process.parse().unwrap(), size, quantity);
        if same {
            let process = process.parse().unwrap();
            return assert_eq!(answer, Err(Error::FormationUnchanged { app: id, process, size, quantity }));
        }
        answer.unwrap();
        let meter = (UsagePart::App(id), process.to_owned());
        if let Some(dyno) = to {
            self.apps[app].dynos.insert(process, dyno);
            self.run(meter, Column::Dynos, owner, size.micro_units() * u64::from(quantity));
        } else {
            self.apps[app].dynos.remove(process);
            self.stop(&meter);
        }
    }

    fn plan(&self, much: u8) -> Plan {
        Plan { name: "plan".parse().unwrap(), price: u32::from(much % 8) * u32::from(self.unit) }
    }

    fn add_on_runs(&mut self, app: usize, add_on: AddOnId, plan: Plan) {
        let App { id, owner, .. } = self.apps[app];
        let monthly = u64::from(plan.price) * 1_000_000;
        self.run((UsagePart::App(id), add_on.to_string()), Column::AddOns, owner, monthly);
    }

    fn install(&mut self, store: &mut TeamStore, app: usize, much: u8) {
        let (App { id, owner, .. }, plan) = (self.apps[app].clone(), self.plan(much));
        let add_on = store.install_add_on(self.master(owner), id, "redis".parse().unwrap(), plan).unwrap();
        self.apps[app].add_ons.push((add_on, plan.price));
        self.add_on_runs(app, add_on, plan);
    }

    fn change_plan(&mut self, store: &mut TeamStore, app: usize, how: u8, much: u8) {
        let (master, plan) = (self.master(self.apps[app].owner), self.plan(much));
        let Some(at) = pick(&self.apps[app].add_ons, how) else { return };
        let (add_on, price) = self.apps[app].add_ons[at];
        let answer = store.change_add_on_plan(master, add_on, plan);
        if price == plan.price {
            return assert_eq!(answer, Err(Error::PlanUnchanged { add_on, plan: plan.name }));
        }
        answer.unwrap();
        self.apps[app].add_ons[at].1 = plan.price;
        self.add_on_runs(app, add_on, plan);
    }

    fn remove(&mut self, store: &mut TeamStore, app: usize, how: u8) {
        let App { id, owner, .. } = self.apps[app];
        let Some(at) = pick(&self.apps[app].add_ons, how) else { return };
        let (add_on, _) = self.apps[app].add_ons.remove(at);
        store.remove_add_on(self.master(owner), add_on).unwrap();
        self.stop(&(UsagePart::App(id), add_on.to_string()));
    }

    fn transfer(&mut self, store: &mut TeamStore, app: usize, how: u8) {
        let (App { id, owner, space, .. }, to) = (self.apps[app].clone(), self.owner(how));
        let by = self.master(owner);
        if let (Owner::User(_), Owner::User(recipient)) = (owner, to)
            && owner != to
        {
            // Who is on it already is not added again.
            let _ = store.add_collaborator(by, id, recipient);
            let transfer = store.request_app_transfer(by, id, recipient).unwrap();
            store.accept_app_transfer(self.actor(recipient), transfer).unwrap();
        } else {
            let answer = store.transfer_app(by, id, to);
            if let Some(space) = space {
                return assert_eq!(answer, Err(Error::AppInSpace { app: id, space }));
            }
            if owner == to {
                return assert_eq!(answer, Err(Error::AlreadyOwner { app: id, owner }));
            }
            answer.unwrap();
        }
        self.apps[app].owner = to;
        self.hand_over(UsagePart::App(id), Some(to));
        if to.team().is_none() {
            return;
        }
        for (process, (size, quantity)) in self.apps[app].dynos.clone() {
            if size == DynoSize::Eco {
                self.apps[app].dynos.insert(process, (DynoSize::Standard1X, quantity));
                self.run((UsagePart::App(id), process.to_owned()), Column::Dynos, to, 1_000_000 * u64::from(quantity));
            }
        }
    }

    fn delete(&mut self, store: &mut TeamStore, app: usize) {
        let App { id, name, owner, .. } = self.apps.remove(app);
        store.delete_app(self.master(owner), id, &name).unwrap();
        self.hand_over(UsagePart::App(id), None);
    }

    fn create_space(&mut self, store: &mut TeamStore, how: u8) {
        self.made += 1;
        let (team, name, shielded) =
            (self.teams[usize::from(how % 2)], format!("space-{}", self.made), how.is_multiple_of(3));
        let new = NewSpace::new(team, name.parse().unwrap());
        let new = if shielded { new.shielded() } else { new };
        let id = store.create_space(self.actor(self.users[1]), new).unwrap();
        self.spaces.push(Space { id, name, team });
        // Dollars, cents, millionths.
        let monthly = if shielded { 3_000 } else { 1_000 } * 100 * 1_000_000;
        self.run((UsagePart::Space(id), String::new()), Column::Spaces, team.into(), monthly);
    }

    fn transfer_space(&mut self, store: &mut TeamStore, space: usize, how: u8) {
        let (Space { id, team, .. }, to) = (self.spaces[space].clone(), self.teams[usize::from(how % 2)]);
        let answer = store.transfer_space(self.actor(self.users[usize::from(how / 2 % 2)]), id, to);
        if team == to {
            return assert_eq!(answer, Err(Error::SpaceAlreadyOwned { space: id, team }));
        }
        answer.unwrap();
        self.spaces[space].team = to;
        self.hand_over(UsagePart::Space(id), Some(to.into()));
        for app in 0..self.apps.len() {
            if self.apps[app].space == Some(id) {
                self.apps[app].owner = to.into();
                self.hand_over(UsagePart::App(self.apps[app].id), Some(to.into()));
            }
        }
    }

    fn destroy(&mut self, store: &mut TeamStore, space: usize) {
        let Space { id, ref name, .. } = self.spaces[space];
        let answer = store.destroy_space(self.actor(self.users[0]), id, name);
        if self.apps.iter().any(|app| app.space == Some(id)) {
            return assert_eq!(answer.unwrap_err().code(), "space-not-empty");
        }
        answer.unwrap();
        self.spaces.remove(space);
        self.hand_over(UsagePart::Space(id), None);
    }
}

/// What somebody used of a part on a day, in 2,592,000ths: dynos, add-ons, spaces; and in how many pieces.
type Bill = BTreeMap<(Owner, NaiveDate, UsagePart), ([u128; 3], u128)>;

fn date(days: i64) -> NaiveDate {
    noon().date_naive() + TimeDelta::days(days)
}

/// The bill until a second, and what each meter cost in each month, whoever paid.
fn add_up(runs: &[Run], now: i64) -> (Bill, BTreeMap<(Meter, Month), u128>) {
    let (mut bill, mut meters) = (Bill::new(), BTreeMap::new());
    let mut dearest = BTreeMap::<(Meter, Month), u128>::new();
    for run in runs {
        let until = run.until.map_or(now, |until| until.div_euclid(1_000));
        let mut from = run.from.div_euclid(1_000);
        while from < until {
            let day = from.div_euclid(DAY);
            let to = until.min((day + 1) * DAY);
            let key = (run.meter.clone(), Month::containing(date(day)));
            // A month costs at most what the dearest thing costs that ran in it.
            let most = dearest.entry(key.clone()).or_default();
            *most = (*most).max(run.monthly.into());
            let paid = meters.entry(key).or_default();
            let cost = (u128::from(run.monthly) * u128::try_from(to - from).unwrap()).min(*most * MONTH - *paid);
            *paid += cost;
            let (sums, pieces) = bill.entry((run.payer, date(day), run.meter.0)).or_default();
            sums[run.column as usize] += cost;
            *pieces += 1;
            from = to;
        }
    }
    (bill, meters)
}

/// What the team used on every day of the history, part by part.
fn reports(store: &TeamStore, done: &Done, team: TeamId, now: Actor) -> Vec<UsageReport> {
    let starts = (0..=done.now / DAY / 1_000).step_by(usize::try_from(REPORT_DAYS).unwrap());
    let ranges = starts.map(|start| Days { first: date(start), last: date(start + REPORT_DAYS - 1) });
    ranges
        .map(|range| {
            let report = store.usage(now, team, range).unwrap();
            // The teams are in the account from their first second on.
            let of_account = store.account_usage(now, done.account, range).unwrap().remove(&team).unwrap_or_default();
            assert_eq!(report, of_account);
            report
        })
        .collect()
}

const fn columns(used: Usage) -> [u64; 3] {
    [used.dyno_units, used.add_ons, used.spaces]
}

/// The reports say what was done, to the second; with whole amounts, to the last millionth.
fn compare(store: &TeamStore, done: &Done) {
    let now = done.actor(done.users[0]);
    let (bill, meters) = add_up(&done.runs, done.now.div_euclid(1_000));
    let mut reported = BTreeMap::<(UsagePart, Month), u128>::new();
    for team in done.teams {
        let reports = reports(store, done, team, now);
        let days: BTreeSet<NaiveDate> = reports.iter().flat_map(UsageReport::days).map(|(day, _)| day).collect();
        let mut found = BTreeMap::new();
        for (day, report) in days.iter().flat_map(|day| reports.iter().map(move |report| (*day, report))) {
            for (part, used) in report.parts_of(day) {
                assert_eq!(found.insert((day, part), columns(used)), None);
                *reported.entry((part, Month::containing(day))).or_default() +=
                    columns(used).map(u128::from).iter().sum::<u128>();
            }
        }
        let expected = bill.iter().filter(|((payer, ..), _)| *payer == team.into());
        let expected: BTreeMap<_, _> = expected.map(|((_, day, part), found)| ((*day, *part), *found)).collect();
        for (at, (sums, pieces)) in &expected {
            let found = found.remove(at).unwrap_or_default();
            for column in [Column::Dynos, Column::AddOns, Column::Spaces] {
                let (sum, found) = (sums[column as usize], found[column as usize]);
                if done.unit == 324 && column != Column::Spaces {
                    assert_eq!((sum / MONTH, sum % MONTH), (found.into(), 0), "{at:?}");
                } else {
                    // Each piece is rounded by less than one.
                    assert!((u128::from(found) * MONTH).abs_diff(sum) <= pieces * MONTH, "{at:?}: {found}, {sum}");
                }
            }
        }
        assert_eq!(found, BTreeMap::new(), "paid, but not used");
    }
    // A part that no user ever owned is paid by the teams in full, month by month, rounded once for each meter.
    let of_users: BTreeSet<UsagePart> =
        bill.keys().filter(|(payer, ..)| payer.team().is_none()).map(|(_, _, part)| *part).collect();
    let mut whole = BTreeMap::<(UsagePart, Month), u128>::new();
    for (((part, _), month), cost) in &meters {
        *whole.entry((*part, *month)).or_default() += cost / MONTH;
    }
    whole.retain(|(part, _), sum| !of_users.contains(part) && *sum > 0);
    reported.retain(|(part, _), _| !of_users.contains(part));
    assert_eq!(reported, whole);
}

/// However a team's time is cut, the pieces add up; and what runs now is what ran last.
fn cut(store: &TeamStore, done: &Done, at: i64) {
    let now = done.actor(done.users[1]);
    for team in done.teams {
        let report = |first, last| store.usage(now, team, Days { first: date(first), last: date(last) }).unwrap();
        let whole = report(0, REPORT_DAYS - 1);
        let at = 1 + at % (REPORT_DAYS - 1);
        assert_eq!(report(0, at - 1).total() + report(at, REPORT_DAYS - 1).total(), whole.total());
        assert_eq!(whole.days().map(|(_, used)| used).sum::<Usage>(), whole.total());
        assert_eq!(whole.months().into_values().sum::<Usage>(), whole.total());
        assert_eq!(whole.parts().into_values().sum::<Usage>(), whole.total());
        let (day, used) = whole.days().last().unwrap_or((date(at), Usage::ZERO));
        let alone = store.usage(now, team, Days { first: day, last: day }).unwrap();
        assert_eq!((alone.total(), alone.parts_of(day).map(|(_, used)| used).sum()), (used, used));

        // The account pays for the team from its first second on.
        let page = PageRequest::first(1000).unwrap();
        assert_eq!(store.statements(now, team, &page).unwrap().items, []);
        let mut store = store.clone();
        drop(store.close_months(Actor::operator(now.at)));
        let statements = store.statements(Actor::operator(now.at), done.account, &page).unwrap().items;
        let months = now.at.date_naive();
        let months = u32::try_from(months.year() - 1970).unwrap() * 12 + months.month0();
        let numbers = statements.iter().map(|one| one.number).rev().collect::<Vec<_>>();
        assert_eq!(numbers, (1..=months).collect::<Vec<_>>());
        for statement in statements {
            let report = store.usage(now, team, Days::of(statement.month)).unwrap();
            let part = statement.parts.iter().find(|part| part.owner == team.into()).unwrap();
            let lines: BTreeMap<_, _> = part.lines.iter().map(|line| (line.used_by, line.used)).collect();
            assert_eq!((part.total, lines), (report.total(), report.parts()));
            assert_eq!(part.lines.iter().map(|line| line.used).sum::<Usage>(), part.total);
            assert_eq!(statement.parts.iter().map(|part| part.total).sum::<Usage>(), statement.total);
        }
        let running = done.runs.iter().filter(|run| run.payer == team.into() && run.until.is_none());
        let sums = running.fold([0, 0], |[units, credits], run| match run.column {
            Column::Dynos => [units + run.monthly, credits],
            Column::AddOns | Column::Spaces => [units, credits + run.monthly / 1_000_000],
        });
        let current = store.current_use(now, team).unwrap();
        assert_eq!([current.dyno_units.used, current.add_on_credits.used], sums);
    }
}

fn whole_reports(store: &TeamStore, done: &Done, later: Actor) -> [Vec<UsageReport>; 2] {
    done.teams.map(|team| reports(store, done, team, later))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn use_02_no_second_is_lost_and_none_is_paid_twice(
        unit in prop_oneof![Just(324_u16), 1..5_000_u16],
        steps in prop::collection::vec(step(), 0..40),
        undone in prop::collection::vec(step(), 1..12),
        pause in 0..40 * DAY * 1_000,
        at: u16,
    ) {
        let (mut store, mut done) = start(unit);
        for step in steps {
            done.take(&mut store, step);
        }
        // What a transaction takes back is as if it had not been, in every report, now and later.
        let (before, mut attempt) = (store.clone(), done.clone());
        let later = done.actor(done.users[0]).at(noon() + TimeDelta::milliseconds(done.now + pause));
        let reported = whole_reports(&store, &done, later);
        let mut taken_back = store.begin();
        for step in undone {
            attempt.take(&mut taken_back, step);
        }
        compare(&taken_back, &attempt);
        taken_back.roll_back();
        prop_assert!(store == before);
        prop_assert_eq!(whole_reports(&store, &done, later), &reported[..]);

        done.now += pause;
        compare(&store, &done);
        cut(&store, &done, at.into());
        sound(&store);
        let replayed = TeamStore::replay(store.events().to_vec()).unwrap();
        prop_assert_eq!(whole_reports(&replayed, &done, later), whole_reports(&store, &done, later));
    }
}

#[test]
fn x_01_taking_back_after_the_log_was_handed_over() {
    let (mut store, mut done) = start(1);
    done.take(&mut store, (DAY * 1_000, 15, [0, 1, 0]));
    let (before, seq) = (store.clone(), store.events().last().map(|event| event.seq));
    let mut taken_back = store.begin();
    done.clone().take(&mut taken_back, (DAY * 1_000, 0, [0, 2, 0]));
    let mut journal = taken_back.drain_events(0);
    assert_eq!(journal.last().map(|event| event.seq), seq, "but for the open transaction's");
    taken_back.roll_back();
    assert_eq!(store.events(), []);
    done.take(&mut store, (0, 0, [0, 2, 0]));
    assert_eq!(store.events()[0].seq, seq.unwrap() + 1);
    assert_eq!(store.events()[0].at, before.events().last().unwrap().at);
    journal.extend_from_slice(store.events());
    let replayed = TeamStore::replay(journal.clone()).unwrap();
    store.drain_events(0);
    let mut same = replayed;
    assert_eq!(same.drain_events(0), journal);
    assert!(same == store);
}
