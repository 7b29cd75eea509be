//! The store around the team or the user that a step is about, and the bytes that choose from it.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::actor::{Actor, ActorKind};
use crate::entity::{AccountPermission, Owner};
use crate::ids::{
    AccountId, AddOnId, AppId, ClientId, GroupId, InvitationId, PipelineId, RoleId, SpaceId, TeamId, TransferId, UserId,
};
use crate::names::Email;
use crate::operation::OperationKind;
use crate::settings::BULK_APPS_MAX;
use crate::settings::StoreOptions;
use crate::state::{AppRow, Row, SeatRole, State, Table};

/// Whose a thing is.
#[derive(Clone, Copy)]
pub(super) enum Subject {
    Owner(Owner),
    Account(AccountId),
}

/// Something in the store that an operation names by its id.
pub(super) trait Thing: Copy + From<Uuid> {
    /// What makes one.
    const MADE_BY: OperationKind;

    /// Those of the team or of the user.
    fn near(state: &State, around: Owner) -> Vec<Self>;

    /// All of them.
    fn all(state: &State) -> Vec<Self>;

    /// Whose it is: who is likely to be allowed to work on it.
    fn subject(self, state: &State, which: u8) -> Option<Subject>;

    /// The name that confirms its end.
    fn name(self, _: &State) -> Option<String> {
        None
    }

    /// The other apps of its pipeline.
    fn beside(self, _: &State) -> Vec<AppId> {
        Vec::new()
    }
}

/// What the values of a step are drawn from.
pub(super) struct Scene<'s> {
    state: &'s State,
    bytes: core::slice::Iter<'s, u8>,
    /// The team or the user around whom most of what is drawn lies.
    around: Option<Owner>,
    /// Whose the first thing drawn is.
    subject: Option<Subject>,
    /// The name of what was drawn last.
    name: Option<String>,
    /// The apps beside it.
    beside: Vec<AppId>,
    /// What makes a thing of the kind that was drawn first, if there is none.
    missing: Option<OperationKind>,
}

impl<'s> Scene<'s> {
    /// Around a team or, seldom, a user.
    pub(super) fn new(state: &'s State, around: u8, bytes: &'s [u8]) -> Self {
        let index = usize::from(around / 4);
        let teams = if around % 4 < 3 { TeamId::all(state) } else { Vec::new() };
        let around = at(&teams, index).map(Owner::Team);
        let around = around.or_else(|| at(&UserId::all(state), index).map(Owner::User));
        Self { state, bytes: bytes.iter(), around, subject: None, name: None, beside: Vec::new(), missing: None }
    }

    pub(super) const fn missing(&self) -> Option<OperationKind> {
        self.missing
    }

    pub(super) const fn around(&self) -> Option<Owner> {
        self.around
    }

    /// The next byte; 0 when all are used.
    pub(super) fn byte(&mut self) -> u8 {
        self.bytes.next().copied().unwrap_or_default()
    }

    /// The options of the store, as they are.
    pub(super) fn options(&self) -> StoreOptions {
        self.state.settings.options.clone()
    }

    pub(super) fn choose<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        let which = self.byte();
        at(from, which.into())
    }

    /// A text with a number below `many` in it.
    pub(super) fn numbered<T: core::str::FromStr>(&mut self, before: &str, many: u16, after: &str) -> Option<T> {
        let number = u16::from(self.byte()) % many;
        format!("{before}{number}{after}").parse().ok()
    }

    /// Mostly something near, sometimes anything, seldom what does not exist.
    pub(super) fn thing<T: Thing>(&mut self) -> T {
        let (state, which) = (self.state, u16::from_be_bytes([self.byte(), self.byte()]));
        let index = usize::from(which / 16);
        let near = || at(&T::near(state, self.around?), index);
        let any = || at(&T::all(state), index);
        let found = match which % 16 {
            0..=10 => near().or_else(any),
            11..=14 => any(),
            _ => None,
        };
        if found.is_none() && which % 16 < 15 {
            self.missing.get_or_insert(T::MADE_BY);
        }
        let thing = found.unwrap_or(Uuid::from_u128(which.into()).into());
        if self.subject.is_none() {
            self.subject = thing.subject(state, which.to_be_bytes()[0]);
        }
        (self.name, self.beside) = (thing.name(state), thing.beside(state));
        thing
    }

    /// Mostly one to four apps, mostly those beside the thing drawn last; now and then none, or too many.
    pub(super) fn apps(&mut self) -> Vec<AppId> {
        let beside = core::mem::take(&mut self.beside);
        let count = match self.byte() {
            252.. => return vec![self.thing(); BULK_APPS_MAX + 1],
            240.. => return Vec::new(),
            count => count % 4,
        };
        let one = |_| {
            let which = self.byte();
            at(&beside, which.into()).filter(|_| which < 192).unwrap_or_else(|| self.thing())
        };
        (0..=count).map(one).collect()
    }

    /// The name of the thing drawn last; now and then another.
    pub(super) fn confirmation(&mut self) -> String {
        let wrong = self.byte() % 8 == 7;
        self.name.clone().filter(|_| !wrong).unwrap_or_default()
    }

    /// The e-mail of somebody.
    pub(super) fn known_email(&mut self) -> Option<Email> {
        let user = self.choose(&UserId::all(self.state))?;
        self.state.users.find(user).map(|user| user.user.email.clone())
    }

    /// Who and when: mostly somebody in charge of what was drawn first, or the operator where the operator is in
    /// charge; sometimes somebody else, a third-party client, or nobody whom the store knows.
    pub(super) fn actor(mut self, by_operator: bool, [who, which, when]: [u8; 3]) -> Actor {
        let user = match who {
            0..=223 if by_operator => None,
            0..=223 => Some(self.in_charge(which).unwrap_or_else(|| self.thing())),
            224..=243 => Some(self.thing()),
            244..=251 => Some(Uuid::nil().into()),
            _ => None,
        };
        let client = ClientId::from_uuid(Uuid::from_u128((which % 2).into()));
        let who = match user {
            None => ActorKind::Operator,
            Some(user) if matches!(who, 208..=223 | 240..) => ActorKind::OAuth { user, client },
            Some(user) => ActorKind::User(user),
        };
        Actor { who, at: self.time(when) }
    }

    /// Somebody of the team, mostly an admin; the user; somebody who manages the account, or creates teams in it. Nobody who is
    /// suspended.
    fn in_charge(&self, which: u8) -> Option<UserId> {
        let state = self.state;
        let people: Vec<UserId> = match self.subject.or(self.around.map(Subject::Owner))? {
            Subject::Owner(Owner::User(user)) => {
                let found = state.users.find(user).filter(|user| !user.is_suspended());
                found.map(|user| user.user.id).into_iter().collect()
            }
            Subject::Owner(Owner::Team(team)) => {
                let row = state.teams.find(team)?;
                let people = row.people.by_email().filter_map(|user| state.users.get(user));
                let admin = |role| which % 4 > 1 || role == Some(SeatRole::Admin);
                people.filter(|user| !user.is_suspended() && admin(user.role(row.ix))).map(Row::id).collect()
            }
            Subject::Account(account) => {
                let wanted = if which % 4 == 3 { AccountPermission::Create } else { AccountPermission::Manage };
                let members = state.accounts.find(account)?.row.members.values();
                let people = members.filter_map(|user| state.users.get(*user)).filter(|user| !user.is_suspended());
                let holds = |user: &UserId| state.account_permissions(*user, account).contains(wanted);
                people.map(Row::id).filter(holds).collect()
            }
        };
        at(&people, (which / 4).into())
    }

    /// At the time of the last event, up to five days later, or now and then by a clock that is behind.
    fn time(&self, when: u8) -> DateTime<Utc> {
        let hours = i64::from(when);
        self.later(match when {
            0..=127 => 0,
            128..=247 => hours - 127,
            _ => 247 - hours,
        })
    }

    /// So many hours after the last event.
    pub(super) fn later(&self, hours: i64) -> DateTime<Utc> {
        let now = self.state.last_at.max(DateTime::UNIX_EPOCH);
        now.checked_add_signed(TimeDelta::hours(hours)).unwrap_or(now)
    }
}

fn at<T: Copy>(list: &[T], index: usize) -> Option<T> {
    list.get(index.checked_rem(list.len())?).copied()
}

/// The ids of a table, in the order of its second keys.
fn by_key<R: Row<Key: Ord>>(table: &Table<R>) -> Vec<R::Id> {
    in_order(table.iter().map(|found| found.row))
}

/// The ids of rows, in the order of their second keys, which does not depend on where a row stands.
fn in_order<'s, R: Row<Key: Ord> + 's>(rows: impl Iterator<Item = &'s R>) -> Vec<R::Id> {
    let mut rows: Vec<&R> = rows.collect();
    rows.sort_unstable_by(|one, other| one.key().cmp(other.key()));
    rows.into_iter().map(Row::id).collect()
}

fn sorted<'s, Id: Copy + Ord + 's>(ids: impl Iterator<Item = &'s Id>) -> Vec<Id> {
    let mut ids: Vec<Id> = ids.copied().collect();
    ids.sort_unstable();
    ids
}

/// The apps of the team or of the user, by name.
fn apps(state: &State, around: Owner) -> impl Iterator<Item = &AppRow> {
    let holdings = state.owner(around).and_then(|owner| state.holdings(owner));
    holdings.into_iter().flat_map(|held| held.by_name.values()).filter_map(|app| state.apps.get(*app))
}

fn owned(owner: Option<Owner>) -> Option<Subject> {
    owner.map(Subject::Owner)
}

impl Thing for UserId {
    const MADE_BY: OperationKind = OperationKind::RegisterUser;

    /// Everybody in the team; the user, and who is on the user's apps.
    fn near(state: &State, around: Owner) -> Vec<Self> {
        let people: Vec<_> = match around {
            Owner::Team(team) => {
                state.teams.find(team).map_or(Vec::new(), |team| team.people.all().map(|(.., user)| user).collect())
            }
            Owner::User(user) => {
                let own = state.users.find(user).map(|user| user.ix);
                own.into_iter().chain(apps(state, around).flat_map(AppRow::grants).map(|(user, _)| user)).collect()
            }
        };
        in_order(people.into_iter().filter_map(|user| state.users.get(user)))
    }

    fn all(state: &State) -> Vec<Self> {
        by_key(&state.users)
    }

    fn subject(self, _: &State, _: u8) -> Option<Subject> {
        owned(Some(self.into()))
    }
}

impl Thing for TeamId {
    const MADE_BY: OperationKind = OperationKind::ProvisionTeam;

    /// The team; those of the user.
    fn near(state: &State, around: Owner) -> Vec<Self> {
        match around {
            Owner::Team(team) => vec![team],
            Owner::User(user) => {
                let seats = state.users.find(user).map_or(&[][..], |user| user.row.seats());
                in_order(seats.iter().filter_map(|seat| state.teams.get(seat.team)))
            }
        }
    }

    fn all(state: &State) -> Vec<Self> {
        by_key(&state.teams)
    }

    fn subject(self, _: &State, _: u8) -> Option<Subject> {
        owned(Some(self.into()))
    }
}

impl Thing for AppId {
    const MADE_BY: OperationKind = OperationKind::CreateApp;

    fn near(state: &State, around: Owner) -> Vec<Self> {
        apps(state, around).map(Row::id).collect()
    }

    fn all(state: &State) -> Vec<Self> {
        by_key(&state.apps)
    }

    fn subject(self, state: &State, _: u8) -> Option<Subject> {
        owned(state.apps.find(self).map(|app| app.app.owner))
    }

    fn name(self, state: &State) -> Option<String> {
        state.apps.find(self).map(|app| app.app.name.to_string())
    }

    fn beside(self, state: &State) -> Vec<AppId> {
        let place = state.apps.find(self).and_then(|app| app.coupling());
        let pipeline = place.and_then(|(pipeline, _)| state.pipelines.get(pipeline));
        let mut apps: Vec<&AppRow> =
            pipeline.into_iter().flat_map(|row| row.apps.values()).filter_map(|app| state.apps.get(*app)).collect();
        apps.sort_unstable_by_key(|app| app.app.name);
        apps.into_iter().map(Row::id).filter(|app| *app != self).collect()
    }
}

impl Thing for PipelineId {
    const MADE_BY: OperationKind = OperationKind::CreatePipeline;

    fn near(state: &State, around: Owner) -> Vec<Self> {
        let holdings = state.owner(around).and_then(|owner| state.holdings(owner));
        let pipelines = holdings.into_iter().flat_map(|held| held.pipelines.values());
        pipelines.filter_map(|pipeline| state.pipelines.get(*pipeline)).map(Row::id).collect()
    }

    fn all(state: &State) -> Vec<Self> {
        by_key(&state.pipelines)
    }

    fn subject(self, state: &State, _: u8) -> Option<Subject> {
        owned(state.pipelines.find(self).map(|pipeline| pipeline.pipeline.owner))
    }
}

impl Thing for GroupId {
    const MADE_BY: OperationKind = OperationKind::CreateGroup;

    /// Those of the team; those that the user is in.
    fn near(state: &State, around: Owner) -> Vec<Self> {
        let groups: Vec<_> = match around {
            Owner::Team(team) => {
                state.teams.find(team).map_or(Vec::new(), |team| team.row.groups.values().copied().collect())
            }
            Owner::User(user) => state.users.find(user).map_or(Vec::new(), |user| user.groups().to_vec()),
        };
        in_order(groups.into_iter().filter_map(|group| state.groups.get(group)))
    }

    fn all(state: &State) -> Vec<Self> {
        by_key(&state.groups)
    }

    fn subject(self, state: &State, _: u8) -> Option<Subject> {
        owned(state.groups.find(self).map(|group| group.group.team.into()))
    }
}

impl Thing for RoleId {
    const MADE_BY: OperationKind = OperationKind::CreateRole;

    /// Those of the team; none of a user.
    fn near(state: &State, around: Owner) -> Vec<Self> {
        let team = around.team().and_then(|team| state.teams.find(team));
        let roles = team.into_iter().flat_map(|team| team.row.roles.values());
        in_order(roles.filter_map(|role| state.roles.get(*role)))
    }

    fn all(state: &State) -> Vec<Self> {
        by_key(&state.roles)
    }

    fn subject(self, state: &State, _: u8) -> Option<Subject> {
        owned(state.roles.find(self).map(|role| role.row.role.team.into()))
    }
}

impl Thing for SpaceId {
    const MADE_BY: OperationKind = OperationKind::CreateSpace;

    /// Those of the team; those in which the user may create apps.
    fn near(state: &State, around: Owner) -> Vec<Self> {
        match around {
            Owner::Team(team) => {
                let spaces = state.teams.find(team).map(|team| team.row.spaces.values());
                spaces.into_iter().flatten().filter_map(|space| state.spaces.get(*space)).map(Row::id).collect()
            }
            Owner::User(user) => state.spaces_open_to(user).collect(),
        }
    }

    fn all(state: &State) -> Vec<Self> {
        by_key(&state.spaces)
    }

    fn subject(self, state: &State, _: u8) -> Option<Subject> {
        owned(state.spaces.find(self).map(|space| space.space.team.into()))
    }

    fn name(self, state: &State) -> Option<String> {
        state.spaces.find(self).map(|space| space.space.name.to_string())
    }
}

impl Thing for AccountId {
    const MADE_BY: OperationKind = OperationKind::OpenAccount;

    /// That of the team; those of the user.
    fn near(state: &State, around: Owner) -> Vec<Self> {
        match around {
            Owner::Team(team) => state.teams.find(team).and_then(|team| team.team.account).into_iter().collect(),
            Owner::User(user) => state.accounts_of(user).map(|(account, _)| account).collect(),
        }
    }

    fn all(state: &State) -> Vec<Self> {
        by_key(&state.accounts)
    }

    fn subject(self, _: &State, _: u8) -> Option<Subject> {
        Some(Subject::Account(self))
    }
}

impl Thing for AddOnId {
    const MADE_BY: OperationKind = OperationKind::InstallAddOn;

    fn near(state: &State, around: Owner) -> Vec<Self> {
        apps(state, around).flat_map(|app| state.add_ons_of(app.app.id)).map(|add_on| add_on.id).collect()
    }

    fn all(state: &State) -> Vec<Self> {
        sorted(state.add_ons.keys())
    }

    fn subject(self, state: &State, _: u8) -> Option<Subject> {
        let app = state.add_ons.get(&self).and_then(|add_on| state.apps.find(add_on.app));
        owned(app.map(|app| app.app.owner))
    }
}

impl Thing for InvitationId {
    const MADE_BY: OperationKind = OperationKind::InviteMember;

    /// Those into the team; those of the user's e-mail.
    fn near(state: &State, around: Owner) -> Vec<Self> {
        match around {
            Owner::Team(team) => {
                state.teams.find(team).map_or(Vec::new(), |team| team.invitations.values().copied().collect())
            }
            Owner::User(user) => {
                let user = state.users.find(user).into_iter();
                user.flat_map(|user| state.invitations_of(&user.row.user.email)).map(|one| one.id).collect()
            }
        }
    }

    fn all(state: &State) -> Vec<Self> {
        sorted(state.invitations.keys())
    }

    /// Mostly whom it is for, if there is such a user; the team otherwise.
    fn subject(self, state: &State, which: u8) -> Option<Subject> {
        let invitation = state.invitations.get(&self)?;
        let invited = state.users.find_key(&invitation.email).filter(|_| which % 4 < 3);
        owned(Some(invited.map_or(invitation.team.into(), |user| user.id().into())))
    }
}

impl Thing for TransferId {
    const MADE_BY: OperationKind = OperationKind::RequestAppTransfer;

    fn near(state: &State, around: Owner) -> Vec<Self> {
        match around {
            Owner::Team(_) => Vec::new(),
            Owner::User(user) => state.transfers_of(user).map(|transfer| transfer.id).collect(),
        }
    }

    fn all(state: &State) -> Vec<Self> {
        sorted(state.transfers.keys())
    }

    /// Mostly the recipient.
    fn subject(self, state: &State, which: u8) -> Option<Subject> {
        let transfer = state.transfers.get(&self)?;
        owned(Some(if which % 4 < 3 { transfer.recipient } else { transfer.owner }.into()))
    }
}
