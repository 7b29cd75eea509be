//! USE, STD-6, SPC-4, TRF-5, ENT-2: what is used and was used, and who pays.

use std::collections::{BTreeMap, BTreeSet};

use enterprise_teams::chrono::{Datelike, NaiveDate, TimeDelta};
use enterprise_teams::{
    AccountId, Capability, Error, Owner, TeamId, TeamKind,
    entity::{AccountPermission, Days, DynoSize, Month, Payer, Shield, Usage},
    names::PaymentMethod,
    query::{Billing, CurrentUse, Statement, StatementLine, StatementPart, UsagePart, UsageReport, Used},
};

use super::super::state::{Load, Meter, Model, Run, Time};
use super::super::verdict::{Verdict, refuse_unless};
use super::list::{Key, List};
use super::{ActorView, Sight};

/// 720 hours, in seconds.
const MONTH: u128 = 2_592_000;
const DAY: i64 = 86_400;

/// A piece of the time of a meter, within a day: whose it is, who pays, and what it comes to.
#[derive(Debug)]
pub(super) struct Piece {
    owner: Owner,
    payer: Payer,
    part: UsagePart,
    day: NaiveDate,
    used: Usage,
}

/// What each part used on each day, as far as it used something.
type Bill = BTreeMap<NaiveDate, BTreeMap<UsagePart, Usage>>;

/// What every meter cost in the month, whoever paid: a part's dynos, add-ons and spaces.
pub(super) fn whole(model: &Model, month: Month) -> BTreeMap<UsagePart, Usage> {
    let mut bill = BTreeMap::<UsagePart, Usage>::new();
    let mut meters: Vec<Meter> = model.runs.iter().map(|run| run.meter).collect();
    meters.sort();
    meters.dedup();
    for meter in meters {
        let runs: Vec<&Run> = model.runs.iter().filter(|run| run.meter == meter).collect();
        let amount = cost(&runs, second(month.start()), second(month.end()));
        let (part, used) = match meter {
            Meter::Dynos(app, _) => (UsagePart::App(app), Usage { dyno_units: amount, ..Usage::ZERO }),
            Meter::AddOn(app, _) => (UsagePart::App(app), Usage { add_ons: amount, ..Usage::ZERO }),
            Meter::Space(space) => (UsagePart::Space(space), Usage { spaces: amount, ..Usage::ZERO }),
        };
        add(bill.entry(part).or_default(), used);
    }
    bill.retain(|_, used| *used != Usage::ZERO);
    bill
}

/// A bill, its sum, and the sums of its months and parts.
pub(super) type Report = (Bill, Usage, BTreeMap<Month, Usage>, BTreeMap<UsagePart, Usage>);

/// A second is paid by whoever has the thing when the second ends.
fn second(at: Time) -> i64 {
    at.timestamp()
}

fn day_of(second: i64) -> NaiveDate {
    NaiveDate::default() + TimeDelta::days(second.div_euclid(DAY))
}

fn start_of(day: NaiveDate) -> i64 {
    (day - NaiveDate::default()).num_days() * DAY
}

/// Thousandths of a dyno unit (USE-4).
fn thousandths(size: DynoSize) -> u64 {
    match size {
        DynoSize::Eco => 200,
        DynoSize::Basic => 280,
        DynoSize::Standard1X => 1_000,
        DynoSize::Standard2X => 2_000,
        DynoSize::PerformanceM => 8_000,
        DynoSize::PerformanceL => 16_000,
        DynoSize::PrivateS | DynoSize::ShieldS => 5_000,
        DynoSize::PrivateM | DynoSize::ShieldM => 10_000,
        DynoSize::PrivateL | DynoSize::ShieldL => 20_000,
    }
}

/// Of a month, in millionths.
pub(super) fn units(size: DynoSize, quantity: u16) -> u64 {
    thousandths(size) * 1_000 * u64::from(quantity)
}

/// Dollars (SPC-4).
fn dollars(shield: Shield) -> u64 {
    match shield {
        Shield::Off => 1_000,
        Shield::On => 3_000,
    }
}

/// What a month of it comes to: millionths of a dyno unit, or of a cent.
pub(in super::super) fn monthly(load: Load) -> u64 {
    match load {
        Load::Dynos(size, quantity) => units(size, quantity),
        Load::AddOn(_, plan) => u64::from(plan.price) * 1_000_000,
        Load::Space(shield) => dollars(shield) * 100 * 1_000_000,
    }
}

/// What the runs of one meter have cost from a second on, rounded down: at most as much as a month of the dearest of them (USE-5).
fn cost(runs: &[&Run], from: i64, until: i64) -> u64 {
    let (mut dearest, mut paid) = (0, 0);
    for run in runs {
        let (start, end) = (second(run.from).max(from), run.until.map_or(until, second).min(until));
        if start < end {
            let (monthly, seconds) = (u128::from(monthly(run.load)), (end - start).unsigned_abs());
            dearest = monthly.max(dearest);
            paid = (paid + monthly * u128::from(seconds)).min(dearest * MONTH).max(paid);
        }
    }
    u64::try_from(paid / MONTH).expect("a bill")
}

/// Everything that ran until now, cut at every midnight and wherever a team entered or left an account.
pub(super) fn pieces(model: &Model, now: Time) -> Vec<Piece> {
    let moves = model.account_times.iter().flat_map(|(_, _, from, until)| [Some(*from), *until]);
    let moves: BTreeSet<i64> = moves.flatten().map(second).collect();
    let mut pieces = Vec::new();
    for run in &model.runs {
        let of_meter: Vec<&Run> = model.runs.iter().filter(|one| one.meter == run.meter).collect();
        let part = match run.meter {
            Meter::Dynos(app, _) | Meter::AddOn(app, _) => UsagePart::App(app),
            Meter::Space(space) => UsagePart::Space(space),
        };
        let (mut from, end) = (second(run.from), second(run.until.unwrap_or(now)));
        while from < end {
            let day = day_of(from);
            let cuts = moves.iter().copied().chain([start_of(day) + DAY, end]);
            let until = cuts.filter(|cut| *cut > from).min().expect("the end");
            let month = start_of(day.with_day(1).expect("a day"));
            let amount = cost(&of_meter, month, until) - cost(&of_meter, month, from);
            let used = match run.meter {
                Meter::Dynos(..) => Usage { dyno_units: amount, ..Usage::ZERO },
                Meter::AddOn(..) => Usage { add_ons: amount, ..Usage::ZERO },
                Meter::Space(_) => Usage { spaces: amount, ..Usage::ZERO },
            };
            let payer = payer(model, run.payer, from, until);
            pieces.push(Piece { owner: run.payer, payer, part, day, used });
            from = until;
        }
    }
    pieces
}

/// USE-6: the account that the team was in, or else the owner.
fn payer(model: &Model, owner: Owner, from: i64, until: i64) -> Payer {
    let mut times = model.account_times.iter().filter(|(_, team, ..)| owner == Owner::Team(*team));
    let paying = times.find(|(_, _, start, end)| second(*start) <= from && end.is_none_or(|end| until <= second(end)));
    paying.map_or(owner.into(), |(account, ..)| Payer::Account(*account))
}

fn add(sum: &mut Usage, used: Usage) {
    sum.dyno_units += used.dyno_units;
    sum.add_ons += used.add_ons;
    sum.spaces += used.spaces;
}

fn bill<'p>(pieces: impl Iterator<Item = &'p Piece>) -> Bill {
    let mut bill = Bill::new();
    for piece in pieces.filter(|piece| piece.used != Usage::ZERO) {
        add(bill.entry(piece.day).or_default().entry(piece.part).or_default(), piece.used);
    }
    bill
}

/// With its sums.
fn summed(bill: Bill) -> Report {
    let (mut total, mut months, mut of_parts) = (Usage::ZERO, BTreeMap::new(), BTreeMap::new());
    for (day, parts) in &bill {
        for (part, used) in parts {
            add(&mut total, *used);
            add(months.entry(Month::containing(*day)).or_default(), *used);
            add(of_parts.entry(*part).or_default(), *used);
        }
    }
    (bill, total, months, of_parts)
}

/// What the report of the store says.
fn read(report: &UsageReport) -> Report {
    let bill: Bill = report.days().map(|(day, _)| (day, report.parts_of(day).collect())).collect();
    let days = report.days().map(|(_, used)| used);
    let sum = |parts: &BTreeMap<UsagePart, Usage>| {
        let mut sum = Usage::ZERO;
        for used in parts.values() {
            add(&mut sum, *used);
        }
        sum
    };
    assert_eq!(days.collect::<Vec<_>>(), bill.values().map(sum).collect::<Vec<_>>(), "the parts of each day");
    (bill, report.total(), report.months(), report.parts())
}

impl Sight<'_> {
    /// For admins and the operator.
    fn billed(&self, team: TeamId, capability: Capability, refusal: Error) -> Verdict {
        self.team_open(team)?;
        refuse_unless(self.looks(team, capability), refusal)
    }

    /// STD-6, or the rule on Enterprise Teams, for whoever is nobody there too.
    fn use_refusal(&self, team: TeamId, enterprise: Error) -> Error {
        match self.model.teams.get(&team).map(|team| team.kind) {
            Some(TeamKind::Standard) if self.who.user().is_some_and(|user| self.role_of(user, team).is_some()) => {
                Error::OnlyAdminsSeeStandardUse { actor: self.who, team }
            }
            _ => enterprise,
        }
    }

    fn current_use(&self, team: TeamId) -> Result<CurrentUse, Error> {
        self.billed(
            team,
            Capability::ViewUsage,
            self.use_refusal(team, Error::OnlyAdminsSeeCurrentUse { actor: self.who, team }),
        )?;
        let (model, limits) = (self.model, self.model.teams[&team].limits);
        let apps = model.apps.values().filter(|app| app.owner == Owner::Team(team)).count();
        let members = model.members.keys().filter(|(of, _)| *of == team).count();
        let invited = model.invitations.values().filter(|one| one.team == team && self.now < one.expires_at).count();
        let spaces: Vec<Shield> =
            model.spaces.values().filter(|space| space.team == team).map(|space| space.shield).collect();
        let owned = |app| model.apps[&app].owner == Owner::Team(team);
        let dynos = model.dynos.iter().filter(|((app, _), _)| owned(*app));
        let units: u64 = dynos.map(|(_, (size, quantity))| units(*size, *quantity)).sum();
        let add_ons: u64 =
            model.add_ons.values().filter(|one| owned(one.app)).map(|one| u64::from(one.plan.price)).sum();
        let used = |used: usize, limit: Option<u32>| Used { used: used as u64, limit: limit.map(u64::from) };
        Ok(CurrentUse {
            apps: used(apps, limits.apps),
            members: used(members + invited, Some(limits.members)),
            spaces: used(spaces.len(), limits.spaces),
            dyno_units: Used { used: units, limit: limits.dyno_units.map(|units| u64::from(units) * 1_000_000) },
            add_on_credits: Used {
                used: add_ons + spaces.iter().map(|shield| dollars(*shield) * 100).sum::<u64>(),
                limit: limits.add_on_credits,
            },
        })
    }

    fn range(Days { first, last }: Days) -> Verdict {
        let days = (last - first).num_days() + 1;
        refuse_unless((1..=1_098).contains(&days), Error::RangeInvalid { days, max: 1_098 })
    }

    fn is_gone(&self, owner: Owner) -> bool {
        self.model.gone.iter().any(|(one, ..)| *one == owner) && self.model.owner_exists(owner).is_err()
    }

    fn holds_billing(&self, account: AccountId) -> bool {
        self.is_operator() || self.model.holds_in_account(self.who, AccountPermission::Billing, account)
    }

    /// USE-2: the owner's, and of a team in an account what the account pays for, to who sees the bills of that.
    pub(super) fn usage(&self, owner: Owner, Days { first, last }: Days) -> Result<Report, Error> {
        self.actor_exists()?;
        let mut payer = None;
        if !(self.is_operator() && self.is_gone(owner)) {
            self.model.owner_exists(owner)?;
            match owner {
                Owner::User(user) => {
                    let own = self.is_operator() || self.who.user() == Some(user);
                    refuse_unless(own, Error::OnlySelfSeesUse { actor: self.who, user })?;
                }
                Owner::Team(team) => {
                    let refusal = self.use_refusal(team, Error::OnlyAdminsSeePastUse { actor: self.who, team });
                    let account = self.model.teams[&team].account.filter(|account| self.holds_billing(*account));
                    match (self.billed(team, Capability::ViewUsage, refusal.clone()), account) {
                        (Err(error), Some(account)) if error == refusal => payer = Some(Payer::Account(account)),
                        (verdict, _) => verdict?,
                    }
                }
            }
        }
        Self::range(Days { first, last })?;
        let pieces = self.pieces().iter().filter(|piece| piece.owner == owner && (first..=last).contains(&piece.day));
        Ok(summed(bill(pieces.filter(|piece| payer.is_none_or(|payer| piece.payer == payer)))))
    }

    fn account_usage(&self, account: AccountId, days: Days) -> Result<BTreeMap<TeamId, Report>, Error> {
        self.actor_exists()?;
        let model = self.model;
        model.account_exists(account)?;
        refuse_unless(self.holds_billing(account), Error::OnlyBillingSeesAccountUse { actor: self.who, account })?;
        Self::range(days)?;
        let mut bills = BTreeMap::new();
        for team in model.account_times.iter().filter(|(of, ..)| *of == account).map(|(_, team, ..)| *team) {
            // A team that is gone shuts nobody out.
            if !model.teams.contains_key(&team) || !model.kept_out(self.who, team) {
                let (owner, payer) = (Owner::Team(team), Payer::Account(account));
                let pieces = self.pieces().iter().filter(|piece| piece.owner == owner && piece.payer == payer);
                let bill = bill(pieces.filter(|piece| (days.first..=days.last).contains(&piece.day)));
                bills.extend((!bill.is_empty()).then(|| (team, summed(bill))));
            }
        }
        Ok(bills)
    }

    /// How a team pays by itself, or from which account.
    fn billing(&self, team: TeamId) -> Result<Result<Option<PaymentMethod>, Option<AccountId>>, Error> {
        self.billed(team, Capability::ViewPayments, Error::OnlyAdminsSeeBilling { actor: self.who, team })?;
        Ok(match self.model.teams[&team].kind {
            TeamKind::Standard => Ok(self.model.payments.get(&team).cloned()),
            TeamKind::Enterprise => Err(self.model.teams[&team].account),
        })
    }

    /// Whether a user, a team or an account paid at an instant (USE-6).
    fn pays_at(&self, payer: Payer, at: Time) -> bool {
        let model = self.model;
        let during = |from: Time, until: Option<Time>| from <= at && until.is_none_or(|until| at < until);
        let was = |owner| model.gone.iter().any(|(one, from, until)| *one == owner && during(*from, Some(*until)));
        match payer {
            Payer::User(user) => {
                model.users.get(&user).is_some_and(|row| row.registered_at <= at) || was(Owner::User(user))
            }
            Payer::Team(team) => {
                let is = model.teams.get(&team).is_some_and(|row| row.provisioned_at <= at);
                let mut times = model.account_times.iter().filter(|(_, of, ..)| *of == team);
                (is || was(Owner::Team(team))) && !times.any(|(_, _, from, until)| during(*from, *until))
            }
            Payer::Account(account) => model.accounts[&account].1 <= at,
        }
    }

    /// Whether something that holds from time to time, and starts and ends when somebody comes, goes or moves, ever holds in the month.
    fn ever_in(&self, month: Month, holds: impl Fn(Time) -> bool) -> bool {
        let model = self.model;
        let moves = model.account_times.iter().flat_map(|(_, _, from, until)| [Some(*from), *until]).flatten();
        let gone = model.gone.iter().flat_map(|(_, from, until)| [*from, *until]);
        let came = model.users.values().map(|row| row.registered_at);
        let came = came.chain(model.teams.values().map(|row| row.provisioned_at));
        let opened = model.accounts.values().map(|(_, opened_at)| *opened_at);
        let changes = moves.chain(gone).chain(came).chain(opened);
        let within = changes.filter(|at| month.start() <= *at && *at < month.end());
        within.chain([month.start()]).any(holds)
    }

    /// Who may see what the payer owes: the user, the team's admins, holders of `billing`, the operator.
    fn statements_open(&self, payer: Payer) -> Verdict {
        self.actor_exists()?;
        let (model, actor) = (self.model, self.who);
        match payer {
            Payer::User(user) if self.is_operator() && self.is_gone(Owner::User(user)) => Ok(()),
            Payer::Team(team) if self.is_operator() && self.is_gone(Owner::Team(team)) => Ok(()),
            Payer::User(user) => {
                model.user_exists(user)?;
                let own = self.is_operator() || actor.user() == Some(user);
                refuse_unless(own, Error::OnlySelfSeesStatements { actor, user })
            }
            Payer::Team(team) => {
                self.billed(team, Capability::ViewInvoices, Error::OnlyAdminsSeeStatements { actor, team })
            }
            Payer::Account(account) => {
                model.account_exists(account)?;
                refuse_unless(self.holds_billing(account), Error::OnlyBillingSeesStatements { actor, account })?;
                let mut teams: Vec<TeamId> =
                    model.account_times.iter().filter(|(of, ..)| *of == account).map(|(_, team, ..)| *team).collect();
                teams.sort();
                let mut teams = teams.into_iter().filter(|team| model.teams.contains_key(team));
                teams.try_for_each(|team| self.admitted(team))
            }
        }
    }

    fn part(&self, payer: Payer, owner: Owner, month: Month) -> StatementPart {
        let pieces = self.pieces().iter().filter(|piece| piece.payer == payer && piece.owner == owner);
        let (_, total, _, parts) = summed(bill(pieces.filter(|piece| Month::containing(piece.day) == month)));
        let lines = parts.into_iter().map(|(used_by, used)| StatementLine { used_by, used });
        StatementPart { owner, lines: lines.collect(), total }
    }

    /// The teams that are in the account at some time of the month.
    fn paid_for(&self, account: AccountId, month: Month) -> BTreeSet<TeamId> {
        let times = self.model.account_times.iter().filter(|(of, ..)| *of == account);
        let paid = times.filter(|(_, _, from, until)| {
            self.ever_in(month, |at| *from <= at && until.is_none_or(|until| at < until))
        });
        paid.map(|(_, team, ..)| *team).collect()
    }

    /// Of every month that is closed, and in which the payer paid.
    fn all_statements(&self, payer: Payer) -> Vec<Statement> {
        let gone = matches!(payer, Payer::Team(team) if !self.model.teams.contains_key(&team));
        let (mut month, mut statements) = (Month::of(Time::UNIX_EPOCH), Vec::new());
        while month <= Month::of(self.model.last_at) {
            let closed = gone || self.model.is_closed(month.first_day());
            if closed && self.ever_in(month, |at| self.pays_at(payer, at)) {
                let owners: Vec<Owner> = match payer {
                    Payer::User(user) => vec![user.into()],
                    Payer::Team(team) => vec![team.into()],
                    Payer::Account(account) => self.paid_for(account, month).into_iter().map(Owner::Team).collect(),
                };
                let parts: Vec<_> = owners.into_iter().map(|owner| self.part(payer, owner, month)).collect();
                let mut total = Usage::ZERO;
                for part in &parts {
                    add(&mut total, part.total);
                }
                let number = u32::try_from(statements.len()).expect("few") + 1;
                statements.push(Statement { payer, number, month, parts, total });
            }
            month = month.next();
        }
        statements
    }

    fn statements_of(&self, payer: Payer) -> &[Statement] {
        let all = self.statements.get_or_init(|| {
            let users = self.model.users.keys().map(|user| Payer::User(*user));
            let teams = self.model.teams.keys().map(|team| Payer::Team(*team));
            let gone = self.model.gone.iter().map(|(owner, ..)| Payer::from(*owner));
            let accounts = self.model.accounts.keys().map(|account| Payer::Account(*account));
            let payers = users.chain(teams).chain(gone).chain(accounts);
            payers.map(|payer| (payer, self.all_statements(payer))).collect()
        });
        &all[&payer]
    }

    fn statement(&self, payer: Payer, month: Month) -> Result<Statement, Error> {
        self.statements_open(payer)?;
        let statement = self.statements_of(payer).iter().find(|statement| statement.month == month);
        statement.cloned().ok_or(Error::NoStatement { payer, month })
    }

    fn statements(&self, payer: Payer) -> Result<List<Statement>, Error> {
        self.statements_open(payer)?;
        let all = self.statements_of(payer).iter().cloned();
        Ok(List::by("number", all.map(|one| (Key::Number(one.number.into()), one))).backwards())
    }

    fn statement_part(&self, account: AccountId, team: TeamId, month: Month) -> Result<StatementPart, Error> {
        self.actor_exists()?;
        let (model, actor, payer) = (self.model, self.who, Payer::Account(account));
        model.account_exists(account)?;
        let ever = model.account_times.iter().any(|(of, one, ..)| (*of, *one) == (account, team));
        let bills = ever && self.holds_billing(account);
        if model.teams.contains_key(&team) && bills {
            self.team_open(team)?;
        } else if !(bills || self.is_operator() && self.is_gone(Owner::Team(team))) {
            self.billed(team, Capability::ViewInvoices, Error::OnlyAdminsSeeStatements { actor, team })?;
        }
        let paid = model.is_closed(month.first_day()) && self.paid_for(account, month).contains(&team);
        refuse_unless(paid, Error::NoStatement { payer, month })?;
        Ok(self.part(payer, team.into(), month))
    }

    /// Up to today, as far as a report goes; the last month; three days; a day; tomorrow; and what is no range.
    fn ranges(&self) -> [Days; 7] {
        let today = self.now.date_naive();
        let day = |days| today + TimeDelta::days(days);
        [(-1_097, 0), (-1_098, 0), (-30, -1), (-2, 0), (-3, -3), (1, 1), (1, 0)]
            .map(|(first, last)| Days { first: day(first), last: day(last) })
    }
}

pub(super) fn ask(asker: &mut ActorView<'_>) {
    let ActorView { store, actor, sight, .. } = *asker;
    let today = sight.now.date_naive();
    for team in sight.teams_and_none() {
        asker.same(("current_use", team), || store.current_use(actor, team), || sight.current_use(team));
        let billing = || {
            store.billing(actor, team).map(|billing| match billing {
                Billing::PaymentMethod(method) => Ok(method.cloned()),
                Billing::Credits(account) => Err(account),
            })
        };
        asker.same(("billing", team), billing, || sight.billing(team));
    }
    let gone: BTreeSet<Owner> = sight.model.gone.iter().map(|(owner, ..)| *owner).collect();
    let users = sight.users_and_none().into_iter().map(Owner::User);
    let owners: BTreeSet<Owner> =
        users.chain(sight.teams_and_none().into_iter().map(Owner::Team)).chain(gone).collect();
    for owner in &owners {
        for days in sight.ranges() {
            let found = || store.usage(actor, *owner, days).map(|report| read(&report));
            asker.same(("usage", owner, days), found, || sight.usage(*owner, days));
        }
        for back in [0, 31] {
            let month = Month::containing(today - TimeDelta::days(back));
            let found = || {
                let table = store.usage_table(actor, *owner, month)?;
                let mut rows: Vec<_> = table.rows().iter().map(|row| row[1..].to_vec()).collect();
                let last = rows.len() - 1;
                rows[..last].sort();
                Ok(rows)
            };
            asker.same(("usage_table", owner, month), found, || sight.usage_table(*owner, month));
        }
    }
    let accounts = sight.accounts_and_none();
    let months = [-32, 0, 31, 62, 93].map(|back| Month::containing(today - TimeDelta::days(back)));
    for payer in owners.iter().copied().map(Payer::from).chain(accounts.iter().copied().map(Payer::Account)) {
        for month in months {
            let found = || store.statement(actor, payer, month);
            asker.same(("statement", payer, month), found, || sight.statement(payer, month));
        }
        let found = |page: &_| store.statements(actor, payer, page);
        asker.list(("statements", payer), found, |statement| statement, || sight.statements(payer));
    }
    for (account, team) in accounts.iter().flat_map(|one| owners.iter().filter_map(|owner| Some((*one, owner.team()?))))
    {
        for month in months {
            let found = || store.statement_part(actor, account, team, month);
            asker.same(("part", account, team, month), found, || sight.statement_part(account, team, month));
        }
    }
    for account in sight.accounts_and_none() {
        for days in sight.ranges() {
            let found = || {
                let reports = store.account_usage(actor, account, days)?;
                Ok(reports.iter().map(|(team, report)| (*team, read(report))).collect())
            };
            asker.same(("account_usage", account, days), found, || sight.account_usage(account, days));
        }
    }
}
