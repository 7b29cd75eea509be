//! USE: present and past use, billing, invoices.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::page::{Page, PageRequest};
use crate::access::{self, Caller};
use crate::actor::Actor;
use crate::entity::{AccountPermission, Days, Month, Owner, Usage};
use crate::error::Error;
use crate::guard::{self, ensure};
use crate::ids::{AccountId, AppId, SpaceId, TeamId};
use crate::names::PaymentMethod;
use crate::policy::Capability;
use crate::role::TeamKind;
use crate::state::{At, Load, Meter, Span, TeamRow};
use crate::store::TeamStore;
use crate::usage::{self, RANGE_DAYS_MAX};

/// What something is used for: the part of a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum UsagePart {
    /// The dynos and add-ons of an app.
    App(AppId),
    /// A space.
    Space(SpaceId),
}

/// What was used in a range of days, part by part and day by day (USE-2). The parts of a day add up to the day, and the days to
/// the whole, exactly.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct UsageReport {
    days: BTreeMap<NaiveDate, BTreeMap<UsagePart, Usage>>,
}

impl UsageReport {
    /// Everything.
    #[must_use]
    pub fn total(&self) -> Usage {
        self.days.values().flat_map(BTreeMap::values).copied().sum()
    }

    /// The days on which something was used, and how much.
    pub fn days(&self) -> impl Iterator<Item = (NaiveDate, Usage)> {
        self.days.iter().map(|(day, parts)| (*day, parts.values().copied().sum()))
    }

    /// The months in which something was used, and how much within the range.
    #[must_use]
    pub fn months(&self) -> BTreeMap<Month, Usage> {
        let mut months = BTreeMap::<Month, Usage>::new();
        for (day, usage) in self.days() {
            *months.entry(Month::containing(day)).or_default() += usage;
        }
        months
    }

    /// What each part used.
    #[must_use]
    pub fn parts(&self) -> BTreeMap<UsagePart, Usage> {
        let mut sums = BTreeMap::<UsagePart, Usage>::new();
        for (part, usage) in self.days.values().flatten() {
            *sums.entry(*part).or_default() += *usage;
        }
        sums
    }

    /// What each part used on a day.
    pub fn parts_of(&self, day: NaiveDate) -> impl Iterator<Item = (UsagePart, Usage)> {
        self.days.get(&day).into_iter().flatten().map(|(part, usage)| (*part, *usage))
    }

    fn add(&mut self, day: NaiveDate, part: UsagePart, usage: Usage) {
        if usage != Usage::ZERO {
            *self.days.entry(day).or_default().entry(part).or_default() += usage;
        }
    }
}

/// How much of something is used, and how much may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Used {
    /// How much is used.
    pub used: u64,
    /// How much may be; `None` is without limit.
    pub limit: Option<u64>,
}

/// What a team uses now, against its limits (USE-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CurrentUse {
    /// Apps.
    pub apps: Used,
    /// Members, pending invitations counted.
    pub members: Used,
    /// Spaces.
    pub spaces: Used,
    /// Dyno units of a month if everything runs on as it does, in millionths.
    pub dyno_units: Used,
    /// Add-on credits of a month if everything runs on as it does, in cents.
    pub add_on_credits: Used,
}

/// Who pays for a team (USE-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Billing<'s> {
    /// A Standard team pays by itself, in this way if one was given.
    PaymentMethod(Option<&'s PaymentMethod>),
    /// An Enterprise Team draws on the credits of its account, if it is in one.
    Credits(Option<AccountId>),
}

/// The invoice of a month that is over (USE-6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Invoice {
    /// The number: 1 for the month in which the team was provisioned.
    pub number: u32,
    /// The month.
    pub month: Month,
    /// What each part used.
    pub parts: BTreeMap<UsagePart, Usage>,
    /// The exact sum of the parts, and of the month's days.
    pub total: Usage,
}

/// **Usage and bills** (USE): present and past use, billing, invoices.
impl TeamStore {
    /// What a team uses now, against its limits (USE-1).
    ///
    /// Visible to admins. Costs what runs for the team.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsSeeCurrentUse`](Error::OnlyAdminsSeeCurrentUse) (USE-1),
    /// [`OnlyAdminsSeeStandardUse`](Error::OnlyAdminsSeeStandardUse) (STD-6).
    ///
    /// ```
    /// use enterprise_teams::{DynoSize, demo::Demo};
    ///
    /// let Demo { mut store, ada, joe, acme, website, .. } = Demo::new()?;
    /// store.scale_app(joe, website, "web".parse()?, DynoSize::Standard2X, 3)?;
    /// let used = store.current_use(ada, acme)?;
    /// assert_eq!((used.apps.used, used.dyno_units.used), (1, 6_000_000));
    /// assert_eq!(store.current_use(joe, acme).unwrap_err().code(), "only-admins-see-current-use");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn current_use(&self, actor: Actor, team: TeamId) -> Result<CurrentUse, Error> {
        let caller = self.caller(actor)?;
        let row = guard::team(&self.state, team)?;
        let refused = match row.team.kind {
            TeamKind::Enterprise => Error::OnlyAdminsSeeCurrentUse { actor: caller.who, team },
            TeamKind::Standard => Error::OnlyAdminsSeeStandardUse { actor: caller.who, team },
        };
        guard::capability(caller, row, Capability::ViewUsage, refused)?;
        let (mut units, mut credits) = (0, 0);
        for meter in self.state.ledger.running(Owner::Team(team)) {
            match self.state.ledger.intervals(meter).last().map(|interval| interval.load) {
                Some(load @ Load::Dynos(..)) => units += load.monthly(),
                Some(load) => credits += load.monthly() / 1_000_000,
                None => {}
            }
        }
        let limits = row.team.limits;
        let members = u64::from(row.members) + row.pending_invitations(caller.now) as u64;
        Ok(CurrentUse {
            apps: Used { used: row.row.apps.len() as u64, limit: limits.apps.map(u64::from) },
            members: Used { used: members, limit: Some(limits.members.into()) },
            spaces: Used { used: row.row.spaces.len() as u64, limit: limits.spaces.map(u64::from) },
            dyno_units: Used { used: units, limit: limits.dyno_units.map(|units| u64::from(units) * 1_000_000) },
            add_on_credits: Used { used: credits, limit: limits.add_on_credits },
        })
    }

    /// What a team used in a range of at most three years (USE-2), up to now.
    ///
    /// Visible to admins, and to holders of `billing` in the account that the team is in (ENT-2). Costs what ran for the team in
    /// the months of the range.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsSeePastUse`](Error::OnlyAdminsSeePastUse) (USE-2),
    /// [`OnlyAdminsSeeStandardUse`](Error::OnlyAdminsSeeStandardUse) (STD-6), [`RangeInvalid`](Error::RangeInvalid) (USE-2).
    ///
    /// ```
    /// use enterprise_teams::chrono::TimeDelta;
    /// use enterprise_teams::{Days, DynoSize, Month, demo::Demo};
    ///
    /// let Demo { mut store, ada, joe, acme, website, .. } = Demo::new()?;
    /// store.scale_app(joe, website, "web".parse()?, DynoSize::Standard1X, 1)?;
    /// let later = ada.at(ada.at + TimeDelta::hours(72));
    /// let report = store.usage(later, acme, Days::of(Month::of(ada.at)))?;
    /// assert_eq!(report.total().dyno_units, 100_000);
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn usage(&self, actor: Actor, team: TeamId, days: Days) -> Result<UsageReport, Error> {
        let caller = self.caller(actor)?;
        let row = guard::team(&self.state, team)?;
        guard::oauth(caller, row)?;
        let refused = match row.team.kind {
            TeamKind::Enterprise => Error::OnlyAdminsSeePastUse { actor: caller.who, team },
            TeamKind::Standard => Error::OnlyAdminsSeeStandardUse { actor: caller.who, team },
        };
        let seen = access::may(caller, row, Capability::ViewUsage) || self.bills(caller, row);
        ensure!(seen, refused);
        check_range(days)?;
        Ok(self.report(team, days, caller.now, None))
    }

    /// What the teams of an Enterprise Account used in a range of at most three years while they were in it, team by team
    /// (USE-2, ENT-2); those that shut out the actor's third-party client are left out (SEC-1).
    ///
    /// Visible to holders of `billing`.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`AccountNotFound`](Error::AccountNotFound) (X-2),
    /// [`OnlyBillingSeesAccountUse`](Error::OnlyBillingSeesAccountUse) (ENT-2), [`RangeInvalid`](Error::RangeInvalid) (USE-2).
    pub fn account_usage(
        &self,
        actor: Actor,
        account: AccountId,
        days: Days,
    ) -> Result<BTreeMap<TeamId, UsageReport>, Error> {
        let caller = self.caller(actor)?;
        guard::account(&self.state, account)?;
        if !caller.is_operator() {
            let refused = Error::OnlyBillingSeesAccountUse { actor: caller.who, account };
            guard::account_permission(&self.state, caller, account, AccountPermission::Billing, refused)?;
        }
        check_range(days)?;
        let from = (account, TeamId::from_uuid(uuid::Uuid::nil()));
        let teams = self.state.account_times.range(from..).take_while(|((of, _), _)| *of == account);
        let teams =
            teams.filter(|((_, team), _)| !self.state.teams.find(*team).is_some_and(|row| caller.is_kept_out(row)));
        let reports = teams.map(|((_, team), times)| (*team, self.report(*team, days, caller.now, Some(times))));
        Ok(reports.filter(|(_, report)| report.total() != Usage::ZERO).collect())
    }

    /// Who pays for a team (USE-3).
    ///
    /// Visible to admins.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsManageBilling`](Error::OnlyAdminsManageBilling) (USE-3).
    pub fn billing(&self, actor: Actor, team: TeamId) -> Result<Billing<'_>, Error> {
        let caller = self.caller(actor)?;
        let row = guard::team(&self.state, team)?;
        let refused = Error::OnlyAdminsManageBilling { actor: caller.who, team };
        guard::capability(caller, row, Capability::ViewPayments, refused)?;
        Ok(match row.team.kind {
            TeamKind::Standard => Billing::PaymentMethod(row.row.payment_method.as_ref()),
            TeamKind::Enterprise => Billing::Credits(row.team.account),
        })
    }

    /// The invoice of a month that is over (USE-6).
    ///
    /// Visible to admins, and to holders of `billing` in the account that the team is in.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsSeeInvoices`](Error::OnlyAdminsSeeInvoices),
    /// [`NoInvoice`](Error::NoInvoice) (USE-6).
    pub fn invoice(&self, actor: Actor, team: TeamId, month: Month) -> Result<Invoice, Error> {
        let (caller, row) = self.invoices_for(actor, team)?;
        let closed = (Month::of(row.team.provisioned_at)..Month::of(caller.now)).contains(&month);
        ensure!(closed, Error::NoInvoice { team, month });
        Ok(self.invoice_of(caller, row, month))
    }

    /// The invoices of a team, the newest first (USE-6). Visible as [`invoice`](Self::invoice). A page costs what it holds.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsSeeInvoices`](Error::OnlyAdminsSeeInvoices) (USE-6),
    /// [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    pub fn invoices(&self, actor: Actor, team: TeamId, page: &PageRequest) -> Result<Page<Invoice>, Error> {
        let (caller, row) = self.invoices_for(actor, team)?;
        let before: Option<u64> = page.key()?;
        let first = Month::of(row.team.provisioned_at);
        let closed = Month::of(caller.now).since(first);
        let last =
            before.map_or(closed, |before| closed.min(u32::try_from(before.saturating_sub(1)).unwrap_or(closed)));
        let invoices = (0..last).rev().map(|months| self.invoice_of(caller, row, first.plus(months)));
        Ok(page.fill(invoices, |invoice| u64::from(invoice.number)))
    }

    fn invoices_for(&self, actor: Actor, team: TeamId) -> Result<(Caller<'_>, At<'_, TeamRow>), Error> {
        let caller = self.caller(actor)?;
        let row = guard::team(&self.state, team)?;
        guard::oauth(caller, row)?;
        let seen = access::may(caller, row, Capability::ViewInvoices) || self.bills(caller, row);
        ensure!(seen, Error::OnlyAdminsSeeInvoices { actor: caller.who, team });
        Ok((caller, row))
    }

    fn invoice_of(&self, caller: Caller<'_>, team: At<'_, TeamRow>, month: Month) -> Invoice {
        let report = self.report(team.team.id, Days::of(month), caller.now, None);
        let number = month.since(Month::of(team.team.provisioned_at)) + 1;
        Invoice { number, month, parts: report.parts(), total: report.total() }
    }

    /// Whether the caller holds `billing` in the account that the team is in (ENT-2).
    fn bills(&self, caller: Caller<'_>, team: At<'_, TeamRow>) -> bool {
        let held = caller.user.zip(team.team.account);
        let held = held.map(|(user, account)| self.state.account_permissions(user.user.id, account));
        held.is_some_and(|held| held.contains(AccountPermission::Billing))
    }

    /// What ran for the team on these days, within `times` if they are given.
    fn report(&self, team: TeamId, days: Days, now: DateTime<Utc>, times: Option<&Vec<Span>>) -> UsageReport {
        let (payer, ledger) = (Owner::Team(team), &self.state.ledger);
        let cuts: Vec<_> =
            times.into_iter().flatten().flat_map(|(from, until)| [Some(*from), *until]).flatten().collect();
        let within = |at: DateTime<Utc>| {
            times.is_none_or(|times| {
                times.iter().any(|(from, until)| *from <= at && until.is_none_or(|until| at < until))
            })
        };
        let mut report = UsageReport::default();
        for meter in ledger.active(payer, Month::containing(days.first), Month::containing(days.last)) {
            let part = match meter {
                Meter::Dynos(app, _) | Meter::AddOn(app, _) => UsagePart::App(app),
                Meter::Space(space) => UsagePart::Space(space),
            };
            for month in usage::months(days.start(), days.end()) {
                let pieces = usage::pieces(ledger.intervals(meter), month, &cuts, now);
                let own = pieces.iter().filter(|piece| piece.payer == payer && within(piece.from));
                for piece in own.filter(|piece| (days.first..=days.last).contains(&piece.day)) {
                    report.add(piece.day, part, piece.usage);
                }
            }
        }
        report
    }
}

fn check_range(days: Days) -> Result<(), Error> {
    let fits = (1..=RANGE_DAYS_MAX).contains(&days.count());
    ensure!(fits, Error::RangeInvalid { days: days.count(), max: RANGE_DAYS_MAX });
    Ok(())
}
