//! END-3: what ends in a team.

use enterprise_teams::chrono::TimeDelta;
use enterprise_teams::{
    Capability, Error, Owner, TeamId,
    entity::{Ending, Held},
};

use super::super::state::Time;
use super::super::verdict::refuse_unless;
use super::list::{Key, List};
use super::{ActorView, Sight};

impl Sight<'_> {
    fn is_of(&self, team: TeamId, held: Held) -> bool {
        match held {
            Held::Membership { team: of, .. } => of == team,
            Held::Grant { app, .. } | Held::GroupGrant { app, .. } => self.model.apps[&app].owner == Owner::Team(team),
            Held::AppCreation { space, .. } => self.model.spaces[&space].team == team,
        }
    }

    fn ends(&self, team: TeamId, before: Time) -> Result<List<Ending>, Error> {
        self.team_open(team)?;
        refuse_unless(self.looks(team, Capability::ViewAuditLog), Error::OnlyAdminsListEnds { actor: self.who, team })?;
        let own = self.model.ends.iter().filter(|(held, end)| self.is_of(team, **held) && **end < before);
        let row = |(held, end): (&Held, &Time)| {
            (Key::Ending(end.timestamp_micros(), *held), Ending { ends_at: *end, held: *held })
        };
        Ok(List::by("ending", own.map(row)))
    }
}

pub(super) fn ask(asker: &mut ActorView<'_>) {
    let ActorView { store, actor, sight, .. } = *asker;
    for team in sight.teams_and_none() {
        for days in [0, 2, 400] {
            let before = sight.now + TimeDelta::days(days);
            let found = |page: &_| store.ends(actor, team, before, page);
            asker.list(("ends", team, days), found, |ending| ending, || sight.ends(team, before));
        }
    }
}
