//! What a random run knows of its store: what exists, what is gone, and the time.

use enterprise_teams::chrono::{DateTime, TimeDelta, Utc};
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    AccountId, Actor, AddOnId, AppId, Email, ErrorKind, Event, InvitationId, Limits, NewSpace, NewTeam, NewUser,
    Operation as O, Owner, Permission, PermissionSet, PipelineId, Settings, SpaceId, TeamId, TeamRole, TeamStore,
    TransferId, UserId,
};

use crate::support::{email, noon, read, team_name};

/// Things of a kind that a run knows of: those that exist, met again and again, and the last that is gone.
#[derive(Clone)]
pub(super) struct Pool<T> {
    pub(super) live: Vec<T>,
    gone: T,
}

impl<T: Clone> Pool<T> {
    fn new(gone: T) -> Self {
        Self { live: Vec::new(), gone }
    }

    pub(super) fn pick(&self, which: u8) -> T {
        // Every other time one of the first two.
        let many = if which.is_multiple_of(2) { self.live.len().min(2) } else { self.live.len() };
        let live = self.live.get(usize::from(which / 2) % many.max(1)).filter(|_| which % 32 != 31);
        live.unwrap_or(&self.gone).clone()
    }

    /// Mostly one that fits, if one does.
    pub(super) fn pick_fit(&self, which: u8, mostly: u8, fits: impl Fn(&T) -> bool) -> T {
        let fitting: Vec<&T> = self.live.iter().filter(|one| !mostly.is_multiple_of(4) && fits(one)).collect();
        match fitting.len() {
            0 => self.pick(which),
            many => fitting[usize::from(which) % many].clone(),
        }
    }

    fn keep(&mut self, exists: impl Fn(&T) -> bool) {
        let gone = self.live.extract_if(.., |one| !exists(one)).last();
        self.gone = gone.unwrap_or_else(|| self.gone.clone());
    }
}

/// What a run knows of its store, and the time.
#[derive(Clone)]
pub(crate) struct Known {
    pub(super) users: Pool<UserId>,
    pub(super) teams: Pool<TeamId>,
    pub(super) apps: Pool<AppId>,
    pub(super) pipelines: Pool<PipelineId>,
    pub(super) spaces: Pool<SpaceId>,
    pub(super) accounts: Pool<AccountId>,
    pub(super) add_ons: Pool<AddOnId>,
    pub(super) invitations: Pool<(InvitationId, TeamId, Email)>,
    pub(super) transfers: Pool<(TransferId, UserId, UserId)>,
    pub(super) hours: i64,
}

impl Known {
    fn new() -> Self {
        let (nil, nobody) = (Uuid::nil(), UserId::from_uuid(Uuid::nil()));
        Self {
            users: Pool::new(nobody),
            teams: Pool::new(nil.into()),
            apps: Pool::new(nil.into()),
            pipelines: Pool::new(nil.into()),
            spaces: Pool::new(nil.into()),
            accounts: Pool::new(nil.into()),
            add_ons: Pool::new(nil.into()),
            invitations: Pool::new((nil.into(), nil.into(), an_email(0))),
            transfers: Pool::new((nil.into(), nobody, nobody)),
            hours: 0,
        }
    }

    pub(super) fn owner(&self, which: u8) -> Owner {
        if which.is_multiple_of(2) { self.teams.pick(which / 2).into() } else { self.users.pick(which / 2).into() }
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        noon() + TimeDelta::hours(self.hours)
    }

    pub(crate) fn learn(&mut self, store: &TeamStore, event: &Event) {
        match event {
            Event::UserRegistered { user } => self.users.live.push(user.id()),
            Event::TeamProvisioned { team, .. } => self.teams.live.push(team.id()),
            Event::AppCreated { created } => self.apps.live.push(created.app.id()),
            Event::PipelineCreated { pipeline } => self.pipelines.live.push(pipeline.id()),
            Event::SpaceCreated { space } => self.spaces.live.push(space.id()),
            Event::AccountOpened { account, .. } => self.accounts.live.push(account.id()),
            Event::AddOnInstalled { add_on, .. } => self.add_ons.live.push(add_on.id()),
            Event::MemberInvited { invitation, replaced: None } => {
                self.invitations.live.push((invitation.id(), invitation.team(), invitation.email().clone()));
            }
            Event::AppTransferRequested { transfer } => {
                self.transfers.live.push((transfer.id(), transfer.owner(), transfer.recipient()));
            }
            _ => {}
        }
        let operator = Actor::operator(self.now());
        self.users.keep(|user| store.user(operator, *user).is_ok());
        self.teams.keep(|team| store.team(operator, *team).is_ok());
        self.apps.keep(|app| store.app(operator, *app).is_ok());
        self.pipelines.keep(|pipeline| store.pipeline(operator, *pipeline).is_ok());
        self.spaces.keep(|space| store.space(operator, *space).is_ok());
        self.accounts.keep(|account| store.account(operator, *account).is_ok());
        let exists =
            |operation| !store.what_if(operator, &operation).is_err_and(|error| error.kind() == ErrorKind::NotFound);
        self.invitations.keep(|(invitation, ..)| exists(O::RevokeInvitation { invitation: *invitation }));
        self.add_ons.keep(|add_on| exists(O::RemoveAddOn { add_on: *add_on }));
        self.transfers.keep(|(transfer, ..)| exists(O::CancelAppTransfer { transfer: *transfer }));
    }
}

pub(super) fn an_email(which: u8) -> Email {
    email(&format!("u{}@x.io", which % 9))
}

pub(super) fn permissions(which: u8) -> PermissionSet {
    Permission::ALL.iter().copied().filter(|one| which >> *one as u8 & 1 == 1).collect()
}

pub(super) fn limits(which: u8) -> Limits {
    let members = [25, 600, 6, 4, 3, 2, 1, 0][usize::from(which) % 8];
    let apps = [None, None, Some(4), Some(1)][usize::from(which / 8) % 4];
    let spaces = [None, None, Some(1)][usize::from(which / 32) % 3];
    let (dyno_units, add_on_credits) = (Some(10).filter(|_| which % 3 == 1), Some(5000).filter(|_| which % 5 == 2));
    Limits { members, apps, spaces, dyno_units, add_on_credits }
}

/// Little room everywhere.
pub(crate) fn settings(seed: u64) -> Settings {
    Settings::from_seed(seed).personal_apps_max(2).space_apps_max(2).invitation_days(3)
}

/// Five people, an account with two teams and a space in the first, a Standard team, and somebody in every role; little room.
pub(crate) fn start(seed: u64) -> (TeamStore, Known) {
    let mut store = TeamStore::new(settings(seed));
    let known = prepare(|known, actor, operation| {
        let event = store.perform(actor, &operation).unwrap().event.clone();
        known.learn(&store, &event);
    });
    (store, known)
}

/// What [`start`] starts with, step by step.
pub(crate) fn prepare(mut step: impl FnMut(&mut Known, Actor, O)) -> Known {
    let mut known = Known::new();
    let operator = Actor::operator(noon());
    for n in 0..5 {
        step(&mut known, operator, O::RegisterUser { user: NewUser::new(an_email(n)) });
    }
    let users = known.users.live.clone();
    let first = Actor::user(users[0], noon());
    step(&mut known, operator, O::OpenAccount { name: read("one"), manager: users[0] });
    let account = known.accounts.live[0];
    step(&mut known, first, O::CreateTeamIn { account, name: team_name("cat") });
    step(&mut known, operator, O::ProvisionTeam { team: NewTeam::standard(team_name("bee"), users[1]) });
    step(&mut known, first, O::CreateTeamIn { account, name: team_name("dog") });
    let [cat, bee, dog] = known.teams.live[..] else { panic!("three teams") };
    for (admin, team, user, role) in [
        (users[0], cat, users[1], TeamRole::Member),
        (users[0], cat, users[2], TeamRole::Viewer),
        (users[0], cat, users[3], TeamRole::Member),
        (users[0], dog, users[4], TeamRole::Admin),
        (users[1], bee, users[3], TeamRole::Member),
    ] {
        step(&mut known, Actor::user(admin, noon()), O::AddMember { team, user, role });
    }
    step(&mut known, first, O::CreateSpace { space: NewSpace::new(cat, read("sea")) });
    known
}
