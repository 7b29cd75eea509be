//! USE: present and past use, and who pays.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::access::{self, Caller};
use crate::actor::Actor;
use crate::entity::{Days, Month, Owner, Usage};
use crate::error::Error;
use crate::guard::{self, ensure};
use crate::ids::{AccountId, AppId, SpaceId, TeamId};
use crate::names::PaymentMethod;
use crate::policy::Capability;
use crate::role::TeamKind;
use crate::state::{At, Meter, Span, TeamRow};
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

/// **Usage and bills** (USE): present and past use, and who pays.
impl TeamStore {
    /// What a team uses now, against its limits (USE-1).
    ///
    /// Visible to admins.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsSeeCurrentUse`](Error::OnlyAdminsSeeCurrentUse) (USE-1),
    /// [`OnlyAdminsSeeStandardUse`](Error::OnlyAdminsSeeStandardUse) (STD-6).
    ///
    /// ```
    /// use enterprise_teams::{demo::Demo, entity::DynoSize};
    ///
    /// let Demo { mut store, ada, joe, acme, website, .. } = Demo::new()?;
    /// store.scale_app(joe, website, "web".parse()?, DynoSize::Standard2X, 3)?;
    /// let used = store.current_use(ada, acme)?;
    /// assert_eq!((used.apps.used, used.dyno_units.used), (1, 6_000_000));
    /// assert_eq!(
    ///     store.current_use(joe, acme).unwrap_err().code(),
    ///     "only-admins-see-current-use"
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn current_use(&self, actor: Actor, team: TeamId) -> Result<CurrentUse, Error> {
        let caller = self.caller(actor)?;
        let row = guard::team(self.at(actor.at), team)?;
        let refused = use_refusal(caller, row, Error::OnlyAdminsSeeCurrentUse { actor: caller.who, team });
        guard::capability(caller, row, Capability::ViewUsage, refused)?;
        let rate = self.at(actor.at).ledger.rate(Owner::Team(team));
        let [units, credits] = [rate.dyno_units, rate.credits].map(|sum| u64::try_from(sum).unwrap_or(u64::MAX));
        let limits = row.team.limits;
        let members = (row.members() + row.pending_invitations(caller.now)) as u64;
        Ok(CurrentUse {
            apps: Used { used: row.row.apps.len() as u64, limit: limits.apps.map(u64::from) },
            members: Used { used: members, limit: Some(limits.members.into()) },
            spaces: Used { used: row.row.spaces.len() as u64, limit: limits.spaces.map(u64::from) },
            dyno_units: Used { used: units, limit: limits.dyno_units.map(|units| u64::from(units) * 1_000_000) },
            add_on_credits: Used { used: credits, limit: limits.add_on_credits },
        })
    }

    /// What a team used, or the personal apps of a user, in a range of at most three years (USE-2), up to now.
    ///
    /// Of a team visible to its admins, and to holders of `billing` in the account that it is in (ENT-2), who see the times in which
    /// it was in the account; of a user to the user. The operator sees all, also of what is gone. Costs what ran in the months of
    /// the range.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`UserNotFound`](Error::UserNotFound),
    /// [`TeamNotFound`](Error::TeamNotFound) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlySelfSeesUse`](Error::OnlySelfSeesUse) (USE-2), [`OnlyAdminsSeePastUse`](Error::OnlyAdminsSeePastUse) (USE-2),
    /// [`OnlyAdminsSeeStandardUse`](Error::OnlyAdminsSeeStandardUse) (STD-6), [`RangeInvalid`](Error::RangeInvalid) (USE-2).
    ///
    /// ```
    /// use enterprise_teams::chrono::TimeDelta;
    /// use enterprise_teams::{demo::Demo, entity::{Days, DynoSize, Month}};
    ///
    /// let Demo { mut store, ada, joe, acme, website, .. } = Demo::new()?;
    /// store.scale_app(joe, website, "web".parse()?, DynoSize::Standard1X, 1)?;
    /// let later = ada.at(ada.at + TimeDelta::hours(72));
    /// let report = store.usage(later, acme, Days::of(Month::of(ada.at)))?;
    /// assert_eq!(report.total().dyno_units, 100_000);
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn usage(&self, actor: Actor, owner: impl Into<Owner>, days: Days) -> Result<UsageReport, Error> {
        let (caller, owner) = (self.caller(actor)?, owner.into());
        let times = self.use_for(caller, owner)?;
        check_range(days)?;
        Ok(self.report(owner, days, caller.now, times.as_deref()))
    }

    /// In which times whoever may see the owner's use sees it; in all, if there are none.
    fn use_for(&self, caller: Caller<'_>, owner: Owner) -> Result<Option<Vec<Span>>, Error> {
        if caller.is_operator() && self.at(caller.now).gone.contains_key(&owner) {
            return Ok(None);
        }
        let team = match owner {
            Owner::Team(team) => team,
            Owner::User(user) => {
                let row = guard::user(self.at(caller.now), user)?;
                let seen = caller.is_operator() || caller.is(row);
                ensure!(seen, Error::OnlySelfSeesUse { actor: caller.who, user });
                return Ok(None);
            }
        };
        let row = guard::team(self.at(caller.now), team)?;
        guard::entry(caller, row)?;
        if access::may(caller, row, Capability::ViewUsage) {
            return Ok(None);
        }
        match row.team.account.filter(|account| self.bills_for(caller, *account)) {
            Some(account) => Ok(Some(self.at(caller.now).times_in(account, team))),
            None => Err(use_refusal(caller, row, Error::OnlyAdminsSeePastUse { actor: caller.who, team })),
        }
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
        guard::account(self.at(actor.at), account)?;
        let refused = Error::OnlyBillingSeesAccountUse { actor: caller.who, account };
        ensure!(self.bills_for(caller, account), refused);
        check_range(days)?;
        let teams = self.at(actor.at).teams_paid.of(account);
        let teams =
            teams.filter(|team| !self.at(actor.at).teams.find(*team).is_some_and(|row| caller.is_kept_out(row)));
        let reports = teams.map(|team| {
            let times = self.at(actor.at).times_in(account, team);
            (team, self.report(Owner::Team(team), days, caller.now, Some(&times)))
        });
        Ok(reports.filter(|(_, report)| report.total() != Usage::ZERO).collect())
    }

    /// Who pays for a team (USE-3).
    ///
    /// Visible to admins.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsSeeBilling`](Error::OnlyAdminsSeeBilling) (USE-3).
    pub fn billing(&self, actor: Actor, team: TeamId) -> Result<Billing<'_>, Error> {
        let caller = self.caller(actor)?;
        let row = guard::team(self.at(actor.at), team)?;
        let refused = Error::OnlyAdminsSeeBilling { actor: caller.who, team };
        guard::capability(caller, row, Capability::ViewPayments, refused)?;
        Ok(match row.team.kind {
            TeamKind::Standard => Billing::PaymentMethod(row.row.payment_method.as_ref()),
            TeamKind::Enterprise => Billing::Credits(row.team.account),
        })
    }

    /// What ran for the owner on these days, within `times` if they are given.
    pub(super) fn report(&self, owner: Owner, days: Days, now: DateTime<Utc>, times: Option<&[Span]>) -> UsageReport {
        let ledger = &self.state().ledger;
        let cuts: Vec<_> =
            times.into_iter().flatten().flat_map(|(from, until)| [Some(*from), *until]).flatten().collect();
        let within = |at: DateTime<Utc>| {
            times.is_none_or(|times| {
                times.iter().any(|(from, until)| *from <= at && until.is_none_or(|until| at < until))
            })
        };
        let mut report = UsageReport::default();
        for meter in ledger.active(owner, Month::containing(days.first), Month::containing(days.last)) {
            let part = match meter {
                Meter::Dynos(app, _) | Meter::AddOn(app, _) => UsagePart::App(app),
                Meter::Space(space) => UsagePart::Space(space),
            };
            for month in usage::months(days.start(), days.end()) {
                let pieces = usage::pieces(ledger.intervals(meter), month, &cuts, now);
                let own = pieces.iter().filter(|piece| piece.payer == owner && within(piece.from));
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

/// The refusal of a Standard team (STD-6), or this one. Who is nobody in the team is not told of which kind it is (X-2).
fn use_refusal(caller: Caller<'_>, team: At<'_, TeamRow>, otherwise: Error) -> Error {
    match team.team.kind {
        TeamKind::Standard if caller.standing(team).is_some() => {
            Error::OnlyAdminsSeeStandardUse { actor: caller.who, team: team.team.id }
        }
        TeamKind::Standard | TeamKind::Enterprise => otherwise,
    }
}
