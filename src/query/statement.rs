//! USE-6: statements, one for each payer and closed month.
//!
//! Every interval of the ledger has an owner, and a team that is in an account at the time has the account pay: so every second of
//! everything stands on one statement. What is recorded is never earlier than what was recorded before, so that a month is closed as
//! soon as something later is recorded, and its statements, which are read from the ledger, stay as they are.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::page::{Page, PageRequest};
use super::usage::UsagePart;
use crate::access::{self, Caller};
use crate::actor::Actor;
use crate::entity::{AccountPermission, Days, Month, Owner, Payer, Usage};
use crate::error::Error;
use crate::guard::{self, ensure};
use crate::ids::{AccountId, TeamId, UserId};
use crate::policy::Capability;
use crate::state::{Span, State};
use crate::store::TeamStore;

/// What somebody owes for a closed month (USE-6). It never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// Who owes it.
    pub payer: Payer,
    /// The number: 1 for the first month in which the payer paid, and so on without gaps.
    pub number: u32,
    /// The month.
    pub month: Month,
    /// Whose resources it is for: the payer's own, or those of each team that the account paid for in the month.
    pub parts: Vec<StatementPart>,
    /// The exact sum of the parts.
    pub total: Usage,
}

/// What a statement says of one owner's resources.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StatementPart {
    /// Whose resources.
    pub owner: Owner,
    /// What each app and space cost, as far as it cost something.
    pub lines: Vec<StatementLine>,
    /// The exact sum of the lines.
    pub total: Usage,
}

/// What one app or space cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct StatementLine {
    /// Which.
    pub used_by: UsagePart,
    /// What it cost.
    pub used: Usage,
}

/// Closed months of a payer that follow each other: the number of the first, and how many there are.
#[derive(Clone, Copy)]
struct Closed {
    number: u32,
    first: Month,
    months: u32,
}

/// **Statements** (USE-6): what each payer owes for each closed month.
///
/// A month is closed once something was recorded after its end, be it by [`close_months`](Self::close_months). The last month of a team
/// that is deleted closes with it. A user pays for personal apps; a Standard team and an Enterprise Team in no account for
/// themselves; an Enterprise Account for its teams, as long as they are in it. Every second of everything stands on one statement: in
/// the month in which a team moves into an account, one part of it on its own and the rest on the account's.
impl TeamStore {
    /// The statement of a closed month.
    ///
    /// That of a user is visible to the user, that of a team to its admins, that of an account to holders of `billing` in it; to the
    /// platform operator all are, also of users and teams that are gone. Through a third-party client an account's is visible unless
    /// a team that it ever paid for shuts the client out.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`UserNotFound`](Error::UserNotFound), [`TeamNotFound`](Error::TeamNotFound),
    /// [`AccountNotFound`](Error::AccountNotFound), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyAdminsSeeStatements`](Error::OnlyAdminsSeeStatements),
    /// [`OnlyBillingSeesStatements`](Error::OnlyBillingSeesStatements),
    /// [`OnlySelfSeesStatements`](Error::OnlySelfSeesStatements), [`NoStatement`](Error::NoStatement) (USE-6).
    pub fn statement(&self, actor: Actor, payer: impl Into<Payer>, month: Month) -> Result<Statement, Error> {
        let (caller, payer) = (self.caller(actor)?, payer.into());
        let closed = self.at(actor.at).closed(payer, &self.statements_for(caller, payer)?);
        let found = closed.iter().find(|closed| closed.first <= month && month < closed.first.plus(closed.months));
        let number = found.map(|closed| closed.number + month.since(closed.first));
        Ok(self.statement_of(payer, number.ok_or(Error::NoStatement { payer, month })?, month))
    }

    /// The statements of a payer, the newest first. Visible as [`statement`](Self::statement). A page costs what it holds.
    ///
    /// # Errors
    /// As [`statement`](Self::statement), and [`CursorOfAnotherList`](Error::CursorOfAnotherList) in place of the last.
    pub fn statements(
        &self,
        actor: Actor,
        payer: impl Into<Payer>,
        page: &PageRequest,
    ) -> Result<Page<Statement>, Error> {
        let (caller, payer) = (self.caller(actor)?, payer.into());
        let closed = self.at(actor.at).closed(payer, &self.statements_for(caller, payer)?);
        let before = page.key()?.map_or(u32::MAX, |before: u64| u32::try_from(before).unwrap_or(u32::MAX));
        let statements = closed.into_iter().rev().flat_map(|Closed { number, first, months }| {
            let wanted = months.min(before.saturating_sub(number));
            (0..wanted).rev().map(move |later| self.statement_of(payer, number + later, first.plus(later)))
        });
        Ok(page.fill(statements, |statement| u64::from(statement.number)))
    }

    /// What the statement of an account says of one of its teams.
    ///
    /// Visible to the admins of the team, to holders of `billing` in the account, and to the platform operator.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`AccountNotFound`](Error::AccountNotFound),
    /// [`TeamNotFound`](Error::TeamNotFound), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyAdminsSeeStatements`](Error::OnlyAdminsSeeStatements), [`NoStatement`](Error::NoStatement) (USE-6).
    pub fn statement_part(
        &self,
        actor: Actor,
        account: AccountId,
        team: TeamId,
        month: Month,
    ) -> Result<StatementPart, Error> {
        let caller = self.caller(actor)?;
        guard::account(self.at(actor.at), account)?;
        let bills = self.bills_for(caller, account) && self.at(actor.at).teams_paid.contains(account, team);
        let gone = self.at(actor.at).teams.find(team).is_none();
        if !(gone && bills) {
            self.team_statements_for(caller, team, bills)?;
        }
        let times = self.at(actor.at).times_in(account, team);
        let paid = self.at(actor.at).is_closed(month) && times.iter().any(|span| touches(*span, month));
        ensure!(paid, Error::NoStatement { payer: Payer::Account(account), month });
        Ok(self.part(Owner::Team(team), month, Some(&times)))
    }

    /// When the payer paid, for whoever may see its statements.
    fn statements_for(&self, caller: Caller<'_>, payer: Payer) -> Result<Vec<Span>, Error> {
        match payer {
            Payer::User(user) => self.user_statements_for(caller, user)?,
            Payer::Team(team) => self.team_statements_for(caller, team, false)?,
            Payer::Account(account) => {
                let row = guard::account(self.at(caller.now), account)?;
                let refused = Error::OnlyBillingSeesStatements { actor: caller.who, account };
                ensure!(self.bills_for(caller, account), refused);
                let teams =
                    self.at(caller.now).teams_paid.of(account).filter_map(|team| self.at(caller.now).teams.find(team));
                teams.into_iter().try_for_each(|team| guard::entry(caller, team))?;
                return Ok(vec![(row.opened_at, None)]);
            }
        }
        Ok(self.at(caller.now).times_of(payer))
    }

    fn user_statements_for(&self, caller: Caller<'_>, user: UserId) -> Result<(), Error> {
        if caller.is_operator() && self.at(caller.now).gone.contains_key(&Owner::User(user)) {
            return Ok(());
        }
        let row = guard::user(self.at(caller.now), user)?;
        ensure!(caller.is_operator() || caller.is(row), Error::OnlySelfSeesStatements { actor: caller.who, user });
        Ok(())
    }

    fn team_statements_for(&self, caller: Caller<'_>, team: TeamId, bills: bool) -> Result<(), Error> {
        if caller.is_operator() && self.at(caller.now).gone.contains_key(&Owner::Team(team)) {
            return Ok(());
        }
        let row = guard::team(self.at(caller.now), team)?;
        guard::entry(caller, row)?;
        let seen = bills || access::may(caller, row, Capability::ViewInvoices);
        ensure!(seen, Error::OnlyAdminsSeeStatements { actor: caller.who, team });
        Ok(())
    }

    /// Whether the caller sees what the account pays for (ENT-2).
    pub(super) fn bills_for(&self, caller: Caller<'_>, account: AccountId) -> bool {
        let held = |user| self.at(caller.now).account_permissions(user, account).contains(AccountPermission::Billing);
        caller.user.is_none_or(|row| held(row.user.id))
    }

    fn statement_of(&self, payer: Payer, number: u32, month: Month) -> Statement {
        let parts: Vec<StatementPart> = match payer {
            Payer::User(user) => vec![self.part(Owner::User(user), month, None)],
            Payer::Team(team) => vec![self.part(Owner::Team(team), month, Some(&self.state().times_of(payer)))],
            Payer::Account(account) => {
                let teams =
                    self.state().teams_paid.of(account).map(|team| (team, self.state().times_in(account, team)));
                let teams = teams.filter(|(_, times)| times.iter().any(|span| touches(*span, month)));
                teams.map(|(team, times)| self.part(Owner::Team(team), month, Some(&times))).collect()
            }
        };
        let total = parts.iter().map(|part| part.total).sum();
        Statement { payer, number, month, parts, total }
    }

    fn part(&self, owner: Owner, month: Month, times: Option<&[Span]>) -> StatementPart {
        let report = self.report(owner, Days::of(month), self.state().last_at, times);
        let lines = report.parts().into_iter().map(|(used_by, used)| StatementLine { used_by, used }).collect();
        StatementPart { owner, lines, total: report.total() }
    }
}

impl State {
    /// Whether something was recorded after the end of the month.
    fn is_closed(&self, month: Month) -> bool {
        month < Month::of(self.last_at)
    }

    /// The times in which the account paid for the team.
    pub(super) fn times_in(&self, account: AccountId, team: TeamId) -> Vec<Span> {
        let times = self.account_times.get(&team).into_iter().flatten();
        times.filter(|(paying, _)| *paying == account).map(|(_, span)| *span).collect()
    }

    /// The times in which a user or a team was there and paid by itself, or an account was open.
    fn times_of(&self, payer: Payer) -> Vec<Span> {
        let (owner, since) = match payer {
            Payer::User(user) => (Owner::User(user), self.users.find(user).map(|row| row.registered_at)),
            Payer::Team(team) => (Owner::Team(team), self.teams.find(team).map(|row| row.provisioned_at)),
            Payer::Account(account) => {
                return self.accounts.find(account).map(|row| (row.opened_at, None)).into_iter().collect();
            }
        };
        let there = self.gone.get(&owner).into_iter().flatten().copied().chain(since.map(|since| (since, None)));
        let Owner::Team(team) = owner else { return there.collect() };
        let in_accounts = self.account_times.get(&team).map_or(&[][..], Vec::as_slice);
        there.flat_map(|span| without(span, in_accounts.iter().map(|(_, span)| *span))).collect()
    }

    /// The closed months of these times of a payer, in order. Of a team that is gone all are.
    fn closed(&self, payer: Payer, times: &[Span]) -> Vec<Closed> {
        let gone = matches!(payer, Payer::Team(team) if self.teams.find(team).is_none());
        let (mut closed, mut number, open) = (Vec::new(), 1, Month::of(self.last_at));
        let mut next = None;
        for (from, until) in times.iter().filter(|(from, until)| Some(*from) != *until) {
            let ended = until.map_or(open, |until| Month::of(last(until)).next());
            let first = Month::of(*from).max(next.unwrap_or(Month::of(*from)));
            let end = if gone { ended } else { ended.min(open) };
            let months = end.since(first);
            if months > 0 {
                closed.push(Closed { number, first, months });
                (number, next) = (number + months, Some(end));
            }
        }
        closed
    }
}

/// The last instant of a time that ends so.
fn last(until: DateTime<Utc>) -> DateTime<Utc> {
    until - TimeDelta::nanoseconds(1)
}

/// Whether some of the time is in the month.
fn touches((from, until): Span, month: Month) -> bool {
    from < month.end() && until.is_none_or(|until| from < until && month.start() < until)
}

/// The time without these, which lie in it one after the other.
fn without((from, until): Span, taken: impl Iterator<Item = Span>) -> Vec<Span> {
    let (mut left, mut start) = (Vec::new(), Some(from));
    for (taken_from, taken_until) in taken {
        left.extend(start.map(|start| (start, Some(taken_from))));
        start = taken_until;
    }
    left.extend(start.map(|start| (start, until)));
    left.retain(|(from, until)| Some(*from) != *until);
    left
}
