//! What a random run can ask about: all that there ever was, and what a run starts with.

use enterprise_teams::chrono::{DateTime, Utc};
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    AccountId, Actor, AppId, Email, Event, NewSpace, NewTeam, NewUser, Operation as O, Owner, PipelineId, Settings,
    SpaceId, TeamId, TeamRole, TeamStore, UserId,
};

use crate::support::{email, noon, read, team_name};

/// The ids of all that there ever was, and one of nothing.
pub(super) struct Things {
    pub(super) users: Vec<UserId>,
    pub(super) teams: Vec<TeamId>,
    pub(super) apps: Vec<AppId>,
    pub(super) pipelines: Vec<PipelineId>,
    pub(super) spaces: Vec<SpaceId>,
    pub(super) accounts: Vec<AccountId>,
    pub(super) now: DateTime<Utc>,
}

impl Things {
    pub(super) fn of(store: &TeamStore) -> Self {
        fn ids<Id: From<Uuid>>(store: &TeamStore, made: impl Fn(&Event) -> Option<Id>) -> Vec<Id> {
            let made = store.events().iter().filter_map(|entry| made(&entry.event));
            [Uuid::nil().into()].into_iter().chain(made).collect()
        }
        Self {
            users: ids(store, |event| if let Event::UserRegistered { user } = event { Some(user.id()) } else { None }),
            teams: ids(
                store,
                |event| {
                    if let Event::TeamProvisioned { team, .. } = event { Some(team.id()) } else { None }
                },
            ),
            apps: ids(
                store,
                |event| {
                    if let Event::AppCreated { created } = event { Some(created.app.id()) } else { None }
                },
            ),
            pipelines: ids(store, |event| {
                if let Event::PipelineCreated { pipeline } = event { Some(pipeline.id()) } else { None }
            }),
            spaces: ids(store, |event| if let Event::SpaceCreated { space } = event { Some(space.id()) } else { None }),
            accounts: ids(store, |event| {
                if let Event::AccountOpened { account, .. } = event { Some(account.id()) } else { None }
            }),
            now: store.events().last().map_or(noon(), |last| last.at),
        }
    }

    pub(super) fn owner(&self, which: u8) -> Owner {
        if which.is_multiple_of(2) { pick(&self.teams, which / 2).into() } else { pick(&self.users, which / 2).into() }
    }
}

pub(super) fn pick<T: Copy>(all: &[T], which: u8) -> T {
    all[usize::from(which) % all.len()]
}

pub(super) fn an_email(which: u8) -> Email {
    email(&format!("user-{which}@example.com"))
}

/// Little room everywhere.
pub(crate) fn settings(seed: u64) -> Settings {
    Settings::from_seed(seed).personal_apps_max(2).space_apps_max(2).invitation_days(14)
}

/// Five people, an account with two teams and a space in the first, a Standard team, and somebody in every role; little room.
pub(crate) fn start(seed: u64) -> TeamStore {
    let mut store = TeamStore::new(settings(seed));
    prepare(|actor, operation| store.perform(actor, &operation).unwrap().event.clone());
    store
}

/// What [`start`] starts with, step by step.
pub(crate) fn prepare(mut step: impl FnMut(Actor, O) -> Event) {
    let operator = Actor::operator(noon());
    let mut register = |number| match step(operator, O::RegisterUser { user: NewUser::new(an_email(number)) }) {
        Event::UserRegistered { user } => user.id(),
        other => panic!("{other}"),
    };
    let [ann, bob, cat, dan, eve] = [0, 1, 2, 3, 4].map(&mut register);
    let first = Actor::user(ann, noon());
    let Event::AccountOpened { account, .. } = step(operator, O::OpenAccount { name: read("account-0"), manager: ann })
    else {
        panic!("an account")
    };
    let mut found = |actor, operation| match step(actor, operation) {
        Event::TeamProvisioned { team, .. } => team.id(),
        other => panic!("{other}"),
    };
    let one = found(first, O::CreateTeamIn { account: account.id(), name: team_name("team-0") });
    let standard = found(operator, O::ProvisionTeam { team: NewTeam::standard(team_name("team-1"), bob) });
    let other = found(first, O::CreateTeamIn { account: account.id(), name: team_name("team-2") });
    for (admin, team, user, role) in [
        (ann, one, bob, TeamRole::Member),
        (ann, one, cat, TeamRole::Viewer),
        (ann, one, dan, TeamRole::Member),
        (ann, other, eve, TeamRole::Admin),
        (bob, standard, dan, TeamRole::Member),
    ] {
        step(Actor::user(admin, noon()), O::AddMember { team, user, role });
    }
    step(first, O::CreateSpace { space: NewSpace::new(one, read("space-0")) });
}
