//! USE, STD-6, SPC-4, TRF-5, ENT-2: what is used and was used, and who pays.

use std::collections::{BTreeMap, BTreeSet};

use enterprise_teams::chrono::{Datelike, NaiveDate, TimeDelta};
use enterprise_teams::{
    AccountId, AccountPermission, Billing, CurrentUse, Days, DynoSize, Error, Invoice, Month, Owner, PaymentMethod,
    Shield, TeamId, TeamKind, Usage, UsagePart, UsageReport, Used,
};

use super::super::state::{Load, Meter, Model, Run, Time};
use super::super::verdict::{Verdict, refuse_unless};
use super::list::{Key, List};
use super::{ActorView, Sight};

/// 720 hours, in seconds.
const MONTH: u128 = 2_592_000;
const DAY: i64 = 86_400;

/// A piece of the time of a meter, within a day: from which second to which, who pays, and what it comes to.
#[derive(Debug)]
pub(super) struct Piece {
    payer: Owner,
    part: UsagePart,
    day: NaiveDate,
    from: i64,
    until: i64,
    used: Usage,
}

/// What each part used on each day, as far as it used something.
type Bill = BTreeMap<NaiveDate, BTreeMap<UsagePart, Usage>>;

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
fn monthly(load: Load) -> u64 {
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
            pieces.push(Piece { payer: run.payer, part, day, from, until, used });
            from = until;
        }
    }
    pieces
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

/// Months since the start of year 0.
fn count(month: Month) -> i32 {
    let day = month.first_day();
    day.year() * 12 + i32::try_from(day.month0()).expect("a month")
}

impl Sight<'_> {
    /// For admins, the operator, and as a rule holders of `billing` in the account of the team.
    fn billed(&self, team: TeamId, refusal: Error, account_too: bool) -> Verdict {
        self.team_open(team)?;
        let model = self.model;
        let account = model.teams[&team].account.filter(|_| account_too);
        let holds = account.is_some_and(|one| model.holds_in_account(self.who, AccountPermission::Billing, one));
        refuse_unless(self.is_operator() || model.is_admin(self.who, team) || holds, refusal)
    }

    /// STD-6, or the rule on Enterprise Teams.
    fn use_refusal(&self, team: TeamId, enterprise: Error) -> Error {
        match self.model.teams.get(&team).map(|team| team.kind) {
            Some(TeamKind::Standard) => Error::OnlyAdminsSeeStandardUse { actor: self.who, team },
            _ => enterprise,
        }
    }

    fn current_use(&self, team: TeamId) -> Result<CurrentUse, Error> {
        self.billed(team, self.use_refusal(team, Error::OnlyAdminsSeeCurrentUse { actor: self.who, team }), false)?;
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

    fn used(&self, team: TeamId, Days { first, last }: Days) -> Bill {
        let pieces = self.pieces().iter();
        bill(pieces.filter(|piece| piece.payer == Owner::Team(team) && (first..=last).contains(&piece.day)))
    }

    pub(super) fn usage(&self, team: TeamId, days: Days) -> Result<Report, Error> {
        self.billed(team, self.use_refusal(team, Error::OnlyAdminsSeePastUse { actor: self.who, team }), true)?;
        Self::range(days)?;
        Ok(summed(self.used(team, days)))
    }

    fn account_usage(&self, account: AccountId, days: Days) -> Result<BTreeMap<TeamId, Report>, Error> {
        self.actor_exists()?;
        let model = self.model;
        model.account_exists(account)?;
        let may = self.is_operator() || model.holds_in_account(self.who, AccountPermission::Billing, account);
        refuse_unless(may, Error::OnlyBillingSeesAccountUse { actor: self.who, account })?;
        Self::range(days)?;
        let mut bills = BTreeMap::<TeamId, Vec<&Piece>>::new();
        for (of, team, from, until) in &model.account_times {
            // A team that is gone shuts nobody out.
            let open = !model.teams.contains_key(team) || !model.shut_out(self.who, *team);
            if *of == account && open {
                let (from, until) = (second(*from), until.map_or(i64::MAX, second));
                let inside = self.pieces().iter().filter(|piece| {
                    let Piece { payer, day, .. } = piece;
                    let in_range = (days.first..=days.last).contains(day);
                    *payer == Owner::Team(*team) && in_range && piece.from >= from && piece.until <= until
                });
                bills.entry(*team).or_default().extend(inside);
            }
        }
        let bills = bills.into_iter().map(|(team, pieces)| (team, bill(pieces.into_iter())));
        Ok(bills.filter(|(_, bill)| !bill.is_empty()).map(|(team, bill)| (team, summed(bill))).collect())
    }

    /// How a team pays by itself, or from which account.
    fn billing(&self, team: TeamId) -> Result<Result<Option<PaymentMethod>, Option<AccountId>>, Error> {
        self.billed(team, Error::OnlyAdminsManageBilling { actor: self.who, team }, false)?;
        Ok(match self.model.teams[&team].kind {
            TeamKind::Standard => Ok(self.model.payments.get(&team).cloned()),
            TeamKind::Enterprise => Err(self.model.teams[&team].account),
        })
    }

    /// Of every month that is over.
    fn all_invoices(&self, team: TeamId) -> Result<Vec<Invoice>, Error> {
        self.billed(team, Error::OnlyAdminsSeeInvoices { actor: self.who, team }, true)?;
        let day = |at: Time| at.date_naive().with_day(1).expect("a day");
        let (mut first, mut invoices) = (day(self.model.teams[&team].provisioned_at), Vec::new());
        while first < day(self.now) {
            let month = Month::containing(first);
            let next = (first + TimeDelta::days(31)).with_day(1).expect("a day");
            let bill = self.used(team, Days { first, last: next - TimeDelta::days(1) });
            let (_, total, _, parts) = summed(bill);
            let number = u32::try_from(invoices.len()).expect("few") + 1;
            invoices.push(Invoice { number, month, parts, total });
            first = next;
        }
        Ok(invoices)
    }

    fn invoice(&self, team: TeamId, month: Month) -> Result<Invoice, Error> {
        let invoice = self.all_invoices(team)?.into_iter().find(|invoice| count(invoice.month) == count(month));
        invoice.ok_or(Error::NoInvoice { team, month })
    }

    fn invoices(&self, team: TeamId) -> Result<List<Invoice>, Error> {
        let all = self.all_invoices(team)?.into_iter();
        Ok(List::by("number", all.map(|invoice| (Key::Number(invoice.number.into()), invoice))).backwards())
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
        for days in sight.ranges() {
            let found = || store.usage(actor, team, days).map(|report| read(&report));
            asker.same(("usage", team, days), found, || sight.usage(team, days));
        }
        let billing = || {
            store.billing(actor, team).map(|billing| match billing {
                Billing::PaymentMethod(method) => Ok(method.cloned()),
                Billing::Credits(account) => Err(account),
            })
        };
        asker.same(("billing", team), billing, || sight.billing(team));
        for back in [-32, 0, 31, 62, 93] {
            let month = Month::containing(today - TimeDelta::days(back));
            asker.same(("invoice", team, month), || store.invoice(actor, team, month), || sight.invoice(team, month));
        }
        let found = |page: &_| store.invoices(actor, team, page);
        asker.list(("invoices", team), found, |invoice| invoice, || sight.invoices(team));
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
