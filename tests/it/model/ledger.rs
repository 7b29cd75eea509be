//! USE-2 and TRF-5: what runs on which meter, for whom.

use enterprise_teams::chrono::NaiveDate;
use enterprise_teams::{
    AppId, Error, Owner,
    entity::{DynoSize, Month, OnExcess},
};

use super::seen::usage::monthly;
use super::state::{Load, Meter, Model, Run, Time};
use super::verdict::Verdict;

impl Model {
    /// USE-6: something was recorded after the end of the month of the day.
    pub(super) fn is_closed(&self, day: NaiveDate) -> bool {
        Month::containing(day).end() <= self.last_at
    }

    /// What is on the app, as it is in a team: without eco dynos (TRF-6).
    pub(super) fn loads_in_team(&self, app: AppId) -> Vec<Load> {
        let dynos = self.dynos.iter().filter(|((of, _), _)| *of == app).map(|(_, (size, quantity))| {
            Load::Dynos(if *size == DynoSize::Eco { DynoSize::Standard1X } else { *size }, *quantity)
        });
        let add_ons = self.add_ons.values().filter(|one| one.app == app);
        dynos.chain(add_ons.map(|one| Load::AddOn(one.service, one.plan))).collect()
    }

    /// TEAM-6: what is the team's and was just `added`, in place of what was `replaced`, fits its limits where they refuse. A limit is
    /// asked only for what a call adds, which are the last of them.
    pub(super) fn room_for_use(
        &self,
        owner: Owner,
        before: &[Load],
        replaced: Option<Load>,
        added: &[Load],
    ) -> Verdict {
        let Owner::Team(team) = owner else { return Ok(()) };
        let limits = self.teams[&team].limits;
        let units = |load: &Load| match load {
            Load::Dynos(..) => monthly(*load),
            Load::AddOn(..) | Load::Space(_) => 0,
        };
        let cents = |load: &Load| monthly(*load) / 1_000_000 * u64::from(!matches!(load, Load::Dynos(..)));
        let apps = self.apps.iter().filter(|(_, app)| app.owner == owner).flat_map(|(id, _)| self.loads_in_team(*id));
        let spaces = self.spaces.values().filter(|space| space.team == team).map(|space| Load::Space(space.shield));
        let there: Vec<Load> = apps.chain(spaces).chain(before.iter().copied()).collect();
        let sums = |of: &dyn Fn(&Load) -> u64| {
            let sum = |loads: &[Load]| loads.iter().map(of).sum::<u64>();
            let (less, more) = (replaced.as_ref().map_or(0, of), sum(added));
            (more.saturating_sub(less), sum(&there) + more - less.min(more))
        };
        if limits.on_excess == OnExcess::Shown {
            return Ok(());
        }
        let (more, actual) = sums(&units);
        if let Some(limit) = limits.dyno_units.filter(|limit| more > 0 && actual > u64::from(*limit) * 1_000_000) {
            return Err(Error::DynoUnitLimitReached { team, limit, actual });
        }
        let (more, actual) = sums(&cents);
        match limits.add_on_credits.filter(|limit| more > 0 && actual > *limit) {
            Some(limit) => Err(Error::AddOnCreditLimitReached { team, limit, actual }),
            None => Ok(()),
        }
    }

    pub(super) fn start(&mut self, now: Time, meter: Meter, payer: Owner, load: Load) {
        assert!(!self.runs.iter().any(|run| run.meter == meter && run.until.is_none()), "{meter:?} runs twice");
        self.runs.push(Run { meter, payer, load, from: now, until: None });
    }

    pub(super) fn stop(&mut self, now: Time, stops: impl Fn(Meter) -> bool) {
        for run in self.runs.iter_mut().filter(|run| run.until.is_none() && stops(run.meter)) {
            run.until = Some(now);
        }
    }

    /// From now on the owner of the app pays for everything on it.
    pub(super) fn bill_owner(&mut self, now: Time, app: AppId) {
        self.stop(now, |meter| matches!(meter, Meter::Dynos(of, _) | Meter::AddOn(of, _) if of == app));
        let payer = self.apps[&app].owner;
        let dynos = self.dynos.iter().filter(|((of, _), _)| *of == app);
        let dynos =
            dynos.map(|((_, process), (size, quantity))| (Meter::Dynos(app, *process), Load::Dynos(*size, *quantity)));
        let add_ons = self.add_ons.iter().filter(|(_, one)| one.app == app);
        let add_ons = add_ons.map(|(id, one)| (Meter::AddOn(app, *id), Load::AddOn(one.service, one.plan)));
        let all: Vec<(Meter, Load)> = dynos.chain(add_ons).collect();
        for (meter, load) in all {
            self.start(now, meter, payer, load);
        }
    }
}
