//! USE-2 and TRF-5: what runs on which meter, for whom.

use enterprise_teams::chrono::NaiveDate;
use enterprise_teams::{AppId, Month, Owner};

use super::state::{Load, Meter, Model, Run, Time};

impl Model {
    /// USE-6: something was recorded after the end of the month of the day.
    pub(super) fn is_closed(&self, day: NaiveDate) -> bool {
        Month::containing(day).end() <= self.last_at
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
