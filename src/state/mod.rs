//! The state: tables and indexes, and the look-ups that decisions and questions are made of.
//!
//! People, apps and grants refer to each other by place in a table, four bytes each; nothing is found by walking a table.
//! The one writer is [`State::apply`], in `change`.

mod accept;
mod change;
mod confirm;
mod ends;
mod field;
mod grants;
mod index;
mod ledger;
mod log;
mod order;
mod pairs;
mod people;
mod record;
mod stamp;
mod table;
mod write;

use core::ops::{Deref, DerefMut};
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use hashbrown::HashMap;
use smallvec::SmallVec;
use uuid::Uuid;

use crate::actor::{Actor, recorded};
use crate::entity::{
    AccountPermissionSet, AddOn, App, AppTransfer, Dyno, EnterpriseAccount, Group, Held, IdentityProvider, Invitation,
    OAuthAccess, Owner, OwnershipPeriod, Pipeline, Release, Shield, SignInRequirement, Space, Sso, Stage, Team, User,
};
use crate::event::{AuditEvent, Event};
use crate::ids::{
    AccountId, AddOnId, AppId, GroupId, InvitationId, PipelineId, RoleId, SpaceId, TeamId, TransferId, UserId,
};
use crate::names::{
    AccountName, AppName, Email, GroupName, PaymentMethod, PipelineName, ProcessType, RoleName, ServiceName, SpaceName,
    TeamName,
};
use crate::permission::{Permission, PermissionSet};
use crate::policy::{CustomRole, RoleRights};
use crate::readable::NamedId;
use crate::role::{Role, TeamKind, TeamRole};
use crate::settings::Settings;
use crate::sort;

pub(crate) use ends::Ends;
use grants::{Grants, make_room};
pub(crate) use ledger::{Interval, Ledger, Load, Meter, Rate};
pub(crate) use log::Log;
pub(crate) use pairs::Pairs;
pub(crate) use people::People;
pub(crate) use record::{InvalidEntry, StateRecord};
pub(crate) use stamp::{Moment, Stamp};
#[cfg(test)]
pub(crate) use table::counted::look_ups;
pub(crate) use table::{At, Ix, ROWS_MAX, Row, Table};

pub(crate) type UserIx = Ix<UserRow>;
pub(crate) type TeamIx = Ix<TeamRow>;
pub(crate) type AppIx = Ix<AppRow>;
pub(crate) type GroupIx = Ix<GroupRow>;
pub(crate) type RoleIx = Ix<RoleRow>;
pub(crate) type SpaceIx = Ix<SpaceRow>;
pub(crate) type PipelineIx = Ix<PipelineRow>;
pub(crate) type AccountIx = Ix<AccountRow>;

#[derive(Clone)]
pub(crate) struct State {
    pub(crate) settings: Settings,
    /// The number of the last event, and its time: the clock that never runs backwards.
    pub(crate) seq: u64,
    pub(crate) last_at: DateTime<Utc>,
    /// The position of the name generator.
    pub(crate) drawn: u64,
    pub(crate) users: Table<UserRow>,
    pub(crate) teams: Table<TeamRow>,
    pub(crate) apps: Table<AppRow>,
    pub(crate) groups: Table<GroupRow>,
    pub(crate) roles: Table<RoleRow>,
    pub(crate) spaces: Table<SpaceRow>,
    pub(crate) pipelines: Table<PipelineRow>,
    pub(crate) accounts: Table<AccountRow>,
    /// What people hold in Enterprise Accounts.
    pub(crate) account_members: BTreeMap<(UserId, AccountId), AccountPermissionSet>,
    /// In which spaces people may create apps.
    pub(crate) app_creators: Pairs<UserId, SpaceId>,
    /// When what ends of what people and groups hold (END-1).
    pub(crate) ends: Ends,
    pub(crate) invitations: HashMap<InvitationId, Invitation>,
    pub(crate) invitations_by_email: BTreeSet<(Email, InvitationId)>,
    pub(crate) transfers: HashMap<TransferId, AppTransfer>,
    pub(crate) transfers_by_user: Pairs<UserId, TransferId>,
    pub(crate) add_ons: HashMap<AddOnId, AddOn>,
    pub(crate) add_ons_by_app: Pairs<AppId, AddOnId>,
    pub(crate) ledger: Ledger,
    /// Which account paid for a team, and when, the earliest time first; else the team paid for itself (ENT-4, ENT-5).
    pub(crate) account_times: BTreeMap<TeamId, Vec<(AccountId, Span)>>,
    /// The teams that an account ever paid for.
    pub(crate) teams_paid: Pairs<AccountId, TeamId>,
    /// When the users and teams that are gone were there; for their statements (USE-6).
    pub(crate) gone: BTreeMap<Owner, Vec<Span>>,
    /// The earlier owners of the apps that had any.
    pub(crate) history: HashMap<AppId, Vec<OwnershipPeriod>>,
    /// The times that the events of the log replaced or ended, the last one last, with which they are taken back.
    replaced: Vec<Moment>,
    replaced_since: u64,
}

/// A user, and what the user holds: what a check reads, in one cache line, and the rest behind a pointer.
#[derive(Clone)]
#[repr(align(64))]
pub(crate) struct UserRow {
    id: UserId,
    suspended: bool,
    /// The teams in which the user is something, in the order of their places.
    seats: SmallVec<[TeamLink; 2]>,
    rest: Box<UserRest>,
}

#[derive(Clone)]
pub(crate) struct UserRest {
    pub(crate) user: User,
    /// The times of the seats, in the same order. Those of a collaborator, who has no role, are those of the grants.
    stamps: SmallVec<[Stamp; 1]>,
    /// The apps that the user is on: in the order of their places, or, from [`SORTED_FROM`] on, by team and name.
    grants: SmallVec<[AppIx; 4]>,
    more: Option<Box<UserMore>>,
}

/// What few users have.
#[derive(Clone, Default)]
struct UserMore {
    /// Personal apps and pipelines.
    apps: Holdings,
    /// The teams in which the user has a role, by name, for those who have [`SORTED_FROM`] seats or more.
    teams: Option<Vec<TeamIx>>,
    /// The groups of all teams, in the order of their places.
    groups: Vec<GroupIx>,
}

/// What a user is in a team: a role, or a collaborator on this many of its apps, or both; and in how many of its groups.
#[derive(Clone, Copy)]
pub(crate) struct TeamLink {
    pub(crate) team: TeamIx,
    pub(crate) role: Option<SeatRole>,
    pub(crate) groups: u8,
    pub(crate) grants: u32,
}

/// A role as a seat has it: one of the team's own by its slot there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SeatRole {
    Admin,
    Member,
    Viewer,
    Custom(u8),
}

impl From<SeatRole> for Role {
    #[inline]
    fn from(role: SeatRole) -> Self {
        match role {
            SeatRole::Admin => Self::Admin,
            SeatRole::Member => Self::Member,
            SeatRole::Viewer => Self::Viewer,
            SeatRole::Custom(_) => Self::Custom,
        }
    }
}

/// A role of a team's own, as what is asked of everybody who has it.
#[derive(Clone, Copy)]
pub(crate) struct RoleSlot {
    pub(crate) role: RoleId,
    pub(crate) rights: RoleRights,
}

/// A role of a team's own, and its slot in the team.
#[derive(Clone)]
pub(crate) struct RoleRow {
    pub(crate) role: CustomRole,
    pub(crate) team: TeamIx,
    pub(crate) slot: u8,
}

/// What a check reads of a team: a copy, which stands where the check looks first.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gate {
    pub(crate) kind: TeamKind,
    pub(crate) oauth_access: OAuthAccess,
    pub(crate) sign_in_requirement: SignInRequirement,
}

impl From<&Team> for Gate {
    fn from(team: &Team) -> Self {
        Self { kind: team.kind, oauth_access: team.oauth_access, sign_in_requirement: team.sign_in_requirement }
    }
}

/// A team, and what it holds. A check waits once for it: what it reads comes first, in one cache line.
#[derive(Clone)]
#[repr(C, align(64))]
pub(crate) struct TeamRow {
    /// The roles by their slots, which seats name; one that is free has none.
    pub(crate) slots: Vec<Option<RoleSlot>>,
    gate: Gate,
    pub(crate) team: Team,
    /// Everybody with a seat in it, collaborators included: a list for each role, in the order of the roles.
    pub(crate) people: People<{ Role::ALL.len() }>,
    pub(crate) invitations: BTreeMap<Email, InvitationId>,
    /// The ends of the invitations, the earliest first.
    pub(crate) expiries: Vec<(DateTime<Utc>, InvitationId)>,
    pub(crate) account: Option<AccountIx>,
    pub(crate) identity_provider: Option<Box<IdentityProvider>>,
    pub(crate) allowed_add_ons: BTreeSet<ServiceName>,
    pub(crate) payment_method: Option<PaymentMethod>,
    pub(crate) groups: BTreeMap<GroupName, GroupIx>,
    pub(crate) roles: BTreeMap<RoleName, RoleIx>,
    pub(crate) spaces: BTreeMap<SpaceName, SpaceIx>,
    pub(crate) apps: Holdings,
}

/// A group, who is in it, and where it holds permissions.
#[derive(Clone)]
pub(crate) struct GroupRow {
    pub(crate) group: Group,
    pub(crate) team: TeamIx,
    /// Who is in it, and since when.
    pub(crate) members: BTreeMap<UserId, Moment>,
    /// The apps on which it was granted permissions, in the order of their places.
    pub(crate) apps: BTreeSet<AppIx>,
}

/// What a group was granted on an app.
#[derive(Clone, Copy)]
pub(crate) struct GroupGrant {
    pub(crate) group: GroupIx,
    pub(crate) permissions: PermissionSet,
    pub(crate) stamp: Stamp,
}

/// An app, and who is on it: in two parts, as a user's row.
#[derive(Clone)]
#[repr(align(64))]
pub(crate) struct AppRow {
    id: AppId,
    pub(crate) owner: OwnerIx,
    grants: Grants,
    rest: Box<AppRest>,
}

#[derive(Clone)]
pub(crate) struct AppRest {
    pub(crate) app: App,
    /// The times of the grants, in the same order.
    pub(crate) stamps: SmallVec<[Stamp; 1]>,
    work: Option<Box<Work>>,
}

/// What an app runs, and what is going on with it.
#[derive(Clone, Default)]
struct Work {
    formation: Vec<Dyno>,
    transfer: Option<TransferId>,
    coupling: Option<(PipelineIx, Stage, Stamp)>,
    release: Option<Release>,
    /// What groups hold on it, in the order of their places.
    groups: Vec<GroupGrant>,
    /// Who is on it, if those are [`LISTED_FROM`] or more: who was given `manage`, and who was not.
    people: Option<Box<People<2>>>,
}

/// From so many people on, an app keeps lists of them.
pub(crate) const LISTED_FROM: usize = 17;

/// From so many apps on, or seats, a user has them in the order of names. Fewer are sorted when they are asked for: to keep them in
/// order would cost each change a look at several names.
pub(crate) const SORTED_FROM: usize = 32;

/// A space, and what is in it.
#[derive(Clone)]
pub(crate) struct SpaceRow {
    pub(crate) space: Space,
    pub(crate) team: TeamIx,
    /// The apps inside, in the order of their places.
    pub(crate) apps: BTreeSet<AppIx>,
    /// The members who may create apps in it, and since when; admins always may.
    pub(crate) creators: BTreeMap<UserId, Moment>,
}

/// A pipeline, and what is in it.
#[derive(Clone)]
pub(crate) struct PipelineRow {
    pub(crate) pipeline: Pipeline,
    pub(crate) owner: OwnerIx,
    /// The apps coupled, by name.
    pub(crate) apps: BTreeMap<AppName, AppIx>,
}

/// An Enterprise Account, its members and its teams.
#[derive(Clone)]
pub(crate) struct AccountRow {
    pub(crate) account: EnterpriseAccount,
    pub(crate) members: BTreeMap<Email, UserIx>,
    /// How many members hold `manage` and are not suspended.
    pub(crate) managers: u32,
    pub(crate) teams: BTreeMap<TeamName, TeamIx>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum OwnerIx {
    User(UserIx),
    Team(TeamIx),
}

impl OwnerIx {
    pub(crate) const fn team(self) -> Option<TeamIx> {
        match self {
            Self::Team(team) => Some(team),
            Self::User(_) => None,
        }
    }
}

/// The apps that an owner has, by name and by age, and the pipelines.
#[derive(Clone, Default)]
pub(crate) struct Holdings {
    pub(crate) by_name: BTreeMap<AppName, AppIx>,
    pub(crate) by_number: BTreeMap<u64, AppIx>,
    pub(crate) pipelines: BTreeMap<(PipelineName, u64), PipelineIx>,
}

impl Holdings {
    const NONE: &Self = &Self { by_name: BTreeMap::new(), by_number: BTreeMap::new(), pipelines: BTreeMap::new() };

    pub(crate) fn len(&self) -> usize {
        self.by_name.len()
    }
}

impl Row for UserRow {
    type Id = UserId;
    type Key = Email;

    const LISTED: bool = true;

    fn id(&self) -> UserId {
        self.id
    }
    fn key(&self) -> &Email {
        &self.email
    }
}

impl Row for TeamRow {
    type Id = TeamId;
    type Key = TeamName;

    const LISTED: bool = true;

    fn id(&self) -> TeamId {
        self.id
    }
    fn key(&self) -> &TeamName {
        &self.name
    }
}

impl Row for AppRow {
    type Id = AppId;
    type Key = AppName;

    fn id(&self) -> AppId {
        self.id
    }
    fn key(&self) -> &AppName {
        &self.name
    }
}

/// Names of groups are unique in their team (GRP-1): the second key is the first.
impl Row for GroupRow {
    type Id = GroupId;
    type Key = GroupId;

    fn id(&self) -> GroupId {
        self.id
    }
    fn key(&self) -> &GroupId {
        &self.id
    }
}

/// Names of roles are unique in their team (ROLE-1): the second key is the first.
impl Row for RoleRow {
    type Id = RoleId;
    type Key = RoleId;

    fn id(&self) -> RoleId {
        self.role.id
    }
    fn key(&self) -> &RoleId {
        &self.role.id
    }
}

impl Row for SpaceRow {
    type Id = SpaceId;
    type Key = SpaceName;

    fn id(&self) -> SpaceId {
        self.id
    }
    fn key(&self) -> &SpaceName {
        &self.name
    }
}

/// Names of pipelines are not unique (PIPE-1): the second key is the first.
impl Row for PipelineRow {
    type Id = PipelineId;
    type Key = PipelineId;

    fn id(&self) -> PipelineId {
        self.id
    }
    fn key(&self) -> &PipelineId {
        &self.id
    }
}

impl Row for AccountRow {
    type Id = AccountId;
    type Key = AccountName;

    const LISTED: bool = true;

    fn id(&self) -> AccountId {
        self.id
    }
    fn key(&self) -> &AccountName {
        &self.name
    }
}

/// A row reads as what it is a row of: `row.name` is the name of its team, app or user. What has two forms in a row, an id and a place,
/// goes by the place: `row.owner`, and `row.app.owner`.
macro_rules! rows {
    ($($row:ident $part:ident: $target:ident)+) => {$(
        impl Deref for $row {
            type Target = $target;

            fn deref(&self) -> &$target {
                &self.$part
            }
        }

        impl DerefMut for $row {
            fn deref_mut(&mut self) -> &mut $target {
                &mut self.$part
            }
        }
    )+};
}

rows! {
    UserRow rest: UserRest
    UserRest user: User
    TeamRow team: Team
    AppRow rest: AppRest
    AppRest app: App
    GroupRow group: Group
    RoleRow role: CustomRole
    SpaceRow space: Space
    PipelineRow pipeline: Pipeline
    AccountRow account: EnterpriseAccount
}

impl UserRow {
    fn new(user: User) -> Self {
        let rest = UserRest { user, stamps: SmallVec::new(), grants: SmallVec::new(), more: None };
        Self {
            id: rest.user.id,
            suspended: rest.user.suspended_at.is_some(),
            seats: SmallVec::new(),
            rest: Box::new(rest),
        }
    }

    /// Whether the user is refused everything (SUS-1).
    #[inline]
    pub(crate) const fn is_suspended(&self) -> bool {
        self.suspended
    }

    pub(crate) fn seats(&self) -> &[TeamLink] {
        &self.seats
    }

    #[inline]
    pub(crate) fn seat(&self, team: TeamIx) -> Option<TeamLink> {
        let at = self.seats.binary_search_by_key(&team, |seat| seat.team).ok()?;
        self.seats.get(at).copied()
    }

    #[inline]
    pub(crate) fn role(&self, team: TeamIx) -> Option<SeatRole> {
        self.seat(team)?.role
    }

    /// The times of the role in the team, if there is one.
    pub(crate) fn membership(&self, team: TeamIx) -> Option<Stamp> {
        let at = self.seats.binary_search_by_key(&team, |seat| seat.team).ok()?;
        self.seats.get(at)?.role?;
        self.stamps.get(at).copied()
    }

    pub(crate) fn grants(&self) -> &[AppIx] {
        &self.grants
    }

    pub(crate) fn apps(&self) -> &Holdings {
        self.more.as_deref().map_or(Holdings::NONE, |more| &more.apps)
    }

    /// The groups that the user is in, of all teams, in the order of their places.
    pub(crate) fn groups(&self) -> &[GroupIx] {
        self.more.as_deref().map_or(&[], |more| &more.groups)
    }

    /// The teams in which the user has a role, by name, if there are enough seats for that list.
    pub(crate) fn teams_listed(&self) -> Option<&[TeamIx]> {
        self.more.as_ref()?.teams.as_deref()
    }

    /// Whether the apps that the user is on are enough to be in the order of team and name.
    pub(crate) fn sorts_grants(&self) -> bool {
        self.grants.len() >= SORTED_FROM
    }
}

impl Work {
    const NONE: &Self = &Self {
        formation: Vec::new(),
        transfer: None,
        coupling: None,
        release: None,
        groups: Vec::new(),
        people: None,
    };
}

impl TeamLink {
    /// What that makes the user to the team.
    pub(crate) fn standing(self) -> Role {
        self.role.map_or(Role::Collaborator, Role::from)
    }
}

impl TeamRow {
    fn new(team: Team, account: Option<AccountIx>) -> Self {
        Self {
            slots: Vec::new(),
            gate: Gate::from(&team),
            team,
            people: People::default(),
            invitations: BTreeMap::new(),
            expiries: Vec::new(),
            account,
            identity_provider: None,
            allowed_add_ons: BTreeSet::new(),
            payment_method: None,
            groups: BTreeMap::new(),
            roles: BTreeMap::new(),
            spaces: BTreeMap::new(),
            apps: Holdings::default(),
        }
    }

    #[inline]
    pub(crate) const fn gate(&self) -> Gate {
        self.gate
    }

    /// Changes what a check reads, in the team and in its copy.
    pub(crate) fn change_gate(&mut self, change: impl FnOnce(&mut Team)) {
        change(&mut self.team);
        self.gate = Gate::from(&self.team);
    }

    /// Who is this to the team, by e-mail.
    pub(crate) fn people_as(&self, role: Role) -> &BTreeMap<Email, UserIx> {
        self.people.list(role as usize)
    }

    /// How many have a role in it.
    pub(crate) fn members(&self) -> usize {
        Role::IN_TEAM.iter().map(|role| self.people_as(*role).len()).sum()
    }

    /// The role in this slot.
    #[inline]
    pub(crate) fn slot(&self, slot: u8) -> Option<RoleSlot> {
        *self.slots.get(usize::from(slot))?
    }

    /// The role that a seat has, by its id where it is one of the team's own.
    pub(crate) fn team_role(&self, held: SeatRole) -> Option<TeamRole> {
        Some(match held {
            SeatRole::Admin => TeamRole::Admin,
            SeatRole::Member => TeamRole::Member,
            SeatRole::Viewer => TeamRole::Viewer,
            SeatRole::Custom(slot) => TeamRole::Custom(self.slot(slot)?.role),
        })
    }

    /// What the user is in the team, if they have a role there.
    pub(crate) fn role_of(&self, user: &UserRow, team: TeamIx) -> Option<TeamRole> {
        self.team_role(user.role(team)?)
    }

    /// How many invitations can be accepted at `now`.
    pub(crate) fn pending_invitations(&self, now: DateTime<Utc>) -> usize {
        self.expiries.len() - self.expiries.partition_point(|(expires_at, _)| *expires_at <= now)
    }
}

impl AppRow {
    fn new(app: App, owner: OwnerIx) -> Self {
        let rest = AppRest { app, stamps: SmallVec::new(), work: None };
        Self { id: rest.app.id, owner, grants: Grants::default(), rest: Box::new(rest) }
    }

    /// Who is on it, and with what, in the order of their places.
    pub(crate) fn grants(&self) -> impl ExactSizeIterator<Item = (UserIx, PermissionSet)> {
        self.grants.iter()
    }

    #[inline]
    pub(crate) fn grant(&self, user: UserIx) -> Option<PermissionSet> {
        self.grants.get(user)
    }

    /// The times of the grant, if there is one.
    pub(crate) fn granted(&self, user: UserIx) -> Option<Stamp> {
        self.grants.get(user)?;
        self.stamps.get(self.grants.place(user)).copied()
    }

    /// As [`grants`](Self::grants), with their times.
    pub(crate) fn granted_all(&self) -> impl Iterator<Item = (UserIx, PermissionSet, Stamp)> {
        self.grants().zip(&self.stamps).map(|((user, set), stamp)| (user, set, *stamp))
    }

    /// What groups hold on it, in the order of their places.
    pub(crate) fn group_grants(&self) -> &[GroupGrant] {
        &self.work().groups
    }

    pub(crate) fn group_grant(&self, group: GroupIx) -> Option<GroupGrant> {
        let at = self.group_grants().binary_search_by_key(&group, |grant| grant.group).ok()?;
        self.group_grants().get(at).copied()
    }

    /// What these groups, which are in the order of their places, hold on it together.
    #[inline]
    pub(crate) fn granted_to(&self, groups: &[GroupIx]) -> impl Iterator<Item = GroupGrant> {
        let mut groups = groups.iter().peekable();
        let held = self.group_grants().iter().filter(move |grant| {
            while groups.next_if(|group| **group < grant.group).is_some() {}
            groups.peek() == Some(&&grant.group)
        });
        held.copied()
    }

    fn set_grant(&mut self, user: UserIx, to: Option<PermissionSet>, stamp: Option<Stamp>) {
        let (held, at) = (self.grants.get(user).is_some(), self.grants.place(user));
        match (held, stamp) {
            (true, Some(stamp)) => self.stamps.iter_mut().skip(at).take(1).for_each(|held| *held = stamp),
            (true, None) => drop(self.stamps.remove(at)),
            (false, Some(stamp)) => {
                make_room(&mut self.stamps);
                self.stamps.insert(at, stamp);
            }
            (false, None) => {}
        }
        self.grants.set(user, to);
    }

    /// The lists of those on it, if there are enough for lists: of holders of `manage`, and of the others.
    pub(crate) fn listed(&self) -> Option<&People<2>> {
        self.work().people.as_deref()
    }

    fn work(&self) -> &Work {
        self.work.as_deref().unwrap_or(Work::NONE)
    }

    fn work_mut(&mut self) -> &mut Work {
        self.work.get_or_insert_default()
    }

    /// What it runs, in the order of the process types.
    pub(crate) fn formation(&self) -> &[Dyno] {
        &self.work().formation
    }

    pub(crate) fn transfer(&self) -> Option<TransferId> {
        self.work().transfer
    }

    pub(crate) fn coupling(&self) -> Option<(PipelineIx, Stage)> {
        self.work().coupling.map(|(pipeline, stage, _)| (pipeline, stage))
    }

    /// The times of the coupling.
    pub(crate) fn coupled(&self) -> Option<Stamp> {
        self.work().coupling.map(|(.., stamp)| stamp)
    }

    pub(crate) fn release(&self) -> Option<&Release> {
        self.work().release.as_ref()
    }

    pub(crate) fn dyno(&self, process: ProcessType) -> Option<Dyno> {
        self.formation().iter().find(|dyno| dyno.process == process).copied()
    }
}

/// What a change names, which is there: [`State::accepts`] has seen to it. A debug build passes over nothing in silence.
#[track_caller]
fn there<T>(found: Option<T>) -> Option<T> {
    debug_assert!(found.is_some(), "what a change names is not there");
    found
}

/// The highest number that an event of a log or a snapshot from elsewhere may have: more than any store reaches, and far from
/// where numbers end.
pub(crate) const SEQ_MAX: u64 = 1 << 48;

/// A time from its start to its end; `None` while it goes on.
pub(crate) type Span = (DateTime<Utc>, Option<DateTime<Utc>>);

impl State {
    /// What is there after event 1, which opened the store.
    pub(crate) fn new(settings: Settings, opened_at: DateTime<Utc>) -> Self {
        Self {
            drawn: settings.names().position(),
            settings,
            seq: 1,
            last_at: opened_at,
            users: Table::default(),
            teams: Table::default(),
            apps: Table::default(),
            groups: Table::default(),
            roles: Table::default(),
            spaces: Table::default(),
            pipelines: Table::default(),
            accounts: Table::default(),
            account_members: BTreeMap::new(),
            app_creators: Pairs::default(),
            ends: Ends::default(),
            invitations: HashMap::new(),
            invitations_by_email: BTreeSet::new(),
            transfers: HashMap::new(),
            transfers_by_user: Pairs::default(),
            add_ons: HashMap::new(),
            add_ons_by_app: Pairs::default(),
            ledger: Ledger::default(),
            account_times: BTreeMap::new(),
            teams_paid: Pairs::default(),
            gone: BTreeMap::new(),
            history: HashMap::new(),
            replaced: Vec::new(),
            replaced_since: 1,
        }
    }

    /// What is there after this event, if it opens a store.
    pub(crate) fn opened(event: &AuditEvent) -> Option<Self> {
        let Event::StoreOpened { opened } = &event.event else { return None };
        Some(Self::new(opened.settings()?, event.at)).filter(|state| state.seq == event.seq)
    }

    /// The time at which an act of `actor` counts: never before the last event.
    pub(crate) fn now(&self, actor: Actor) -> DateTime<Utc> {
        recorded(actor.at).max(self.last_at)
    }

    /// Whether teams and apps may not have this name (TEAM-3).
    pub(crate) fn is_reserved(&self, name: TeamName) -> bool {
        self.settings.options.reserved_names.contains(&name)
    }

    /// An id for what the next event creates.
    pub(crate) fn fresh_id<Id: From<Uuid>>(&self) -> Id {
        self.settings.secret().id(self.seq + 1).into()
    }

    /// An id for a user without one of the host's: the next that no host has given away.
    pub(crate) fn fresh_user_id(&self) -> UserId {
        (0..=ROWS_MAX as u64)
            .map(|attempt| UserId::from(self.settings.secret().id(self.seq + 1 + (attempt << 48))))
            .find(|user| self.users.find(*user).is_none())
            .unwrap_or_else(|| self.fresh_id())
    }

    pub(crate) fn owner(&self, owner: Owner) -> Option<OwnerIx> {
        match owner {
            Owner::User(user) => self.users.find(user).map(|user| OwnerIx::User(user.ix)),
            Owner::Team(team) => self.teams.find(team).map(|team| OwnerIx::Team(team.ix)),
        }
    }

    /// Whose the team, the app or the space is that it is held in.
    pub(crate) fn owner_of(&self, held: Held) -> Option<Owner> {
        match held {
            Held::Membership { team, .. } => Some(Owner::Team(team)),
            Held::Grant { app, .. } | Held::GroupGrant { app, .. } => Some(self.apps.find(app)?.app.owner),
            Held::AppCreation { space, .. } => Some(Owner::Team(self.spaces.find(space)?.space.team)),
        }
    }

    /// Whether somebody holds it.
    pub(crate) fn is_held(&self, held: Held) -> bool {
        match held {
            Held::Membership { team, user } => self.membership(team, user).is_some(),
            Held::Grant { app, user } => self.granted(app, user).is_some(),
            Held::GroupGrant { app, group } => self.granted_to_group(app, group).is_some(),
            Held::AppCreation { space, user } => self.may_create_since(space, user).is_some(),
        }
    }

    /// When it ends, if it does (END-1).
    #[inline]
    pub(crate) fn ends_at(&self, held: Held) -> Option<DateTime<Utc>> {
        self.ends.get(held).map(DateTime::from)
    }

    /// The team that owns the app, if one does.
    #[inline]
    pub(crate) fn team_of(&self, app: &AppRow) -> Option<At<'_, TeamRow>> {
        self.teams.at(app.owner.team()?)
    }

    /// The apps of the team that the user is on, or the personal ones of others, by name, from after `from` on. Costs what is read.
    pub(crate) fn apps_on<'s>(
        &'s self,
        user: &'s UserRow,
        team: Option<TeamIx>,
        from: Option<AppName>,
    ) -> impl Iterator<Item = At<'s, AppRow>> {
        let passed = |app: &AppRow| (app.owner.team(), Some(app.name)) <= (team, from);
        let of_team = move |ix: &AppIx| self.apps.at(*ix).filter(|app| app.owner.team() == team);
        let (few, listed) = if user.sorts_grants() {
            let start = user.grants.partition_point(|ix| self.apps.get(*ix).is_some_and(passed));
            (&[][..], user.grants.get(start..).unwrap_or_default())
        } else {
            (user.grants(), &[][..])
        };
        let mut few: Vec<_> = few.iter().filter_map(of_team).filter(|app| !passed(app.row)).collect();
        sort::by_key(&mut few, |app| app.app.name);
        few.into_iter().chain(listed.iter().map_while(of_team))
    }

    /// Who was given `manage` on the app, by e-mail.
    pub(crate) fn managers_on<'s>(&'s self, app: &'s AppRow) -> impl Iterator<Item = UserIx> {
        let listed = app.listed().into_iter().flat_map(|people| people.list(0).values().copied());
        let managers = app.grants().filter(|(_, set)| app.listed().is_none() && set.contains(Permission::Manage));
        let few = managers.filter_map(|(user, _)| Some((&self.users.get(user)?.user.email, user)));
        listed.chain(sort::set(few).into_iter().map(|(_, user)| user))
    }

    /// Who was not given `manage` on the app, and is in a group that was, by e-mail (GRP-3).
    pub(crate) fn managers_through_groups<'s>(&'s self, app: &'s AppRow) -> impl Iterator<Item = UserIx> {
        let groups = app.group_grants().iter().filter(|grant| grant.permissions.contains(Permission::Manage));
        let people = groups.filter_map(|grant| self.groups.get(grant.group)).flat_map(|group| group.members.keys());
        let people = people.filter_map(|user| self.users.find(*user));
        let people = people.filter(|user| !app.grant(user.ix).is_some_and(|set| set.contains(Permission::Manage)));
        sort::set(people.map(|user| (&user.row.user.email, user.ix))).into_iter().map(|(_, user)| user)
    }

    /// The role as a seat in the team has it, if the team has it.
    pub(crate) fn seat_role(&self, team: At<'_, TeamRow>, role: TeamRole) -> Option<SeatRole> {
        Some(match role {
            TeamRole::Admin => SeatRole::Admin,
            TeamRole::Member => SeatRole::Member,
            TeamRole::Viewer => SeatRole::Viewer,
            TeamRole::Custom(role) => {
                SeatRole::Custom(self.roles.find(role).filter(|row| row.row.team == team.ix)?.row.slot)
            }
        })
    }

    /// Who has this role of a team's own, by e-mail.
    pub(crate) fn holders_of<'s>(&'s self, role: At<'s, RoleRow>) -> impl Iterator<Item = At<'s, UserRow>> {
        let (team, held) = (role.row.team, SeatRole::Custom(role.row.slot));
        let people = self.teams.at(team).into_iter().flat_map(|team| team.row.people_as(Role::Custom).values());
        people.filter_map(|user| self.users.at(*user)).filter(move |user| user.role(team) == Some(held))
    }

    /// The groups of the team that the user is in, by name.
    pub(crate) fn groups_of<'s>(&'s self, user: &'s UserRow, team: TeamIx) -> Vec<At<'s, GroupRow>> {
        let within = user.seat(team).is_some_and(|seat| seat.groups > 0);
        let groups = user.groups().iter().filter(|_| within).filter_map(|group| self.groups.at(*group));
        let mut groups: Vec<_> = groups.filter(|group| group.row.team == team).collect();
        sort::by_key(&mut groups, |group| group.row.group.name);
        groups
    }

    pub(crate) fn holdings(&self, owner: OwnerIx) -> Option<&Holdings> {
        match owner {
            OwnerIx::User(user) => self.users.get(user).map(UserRow::apps),
            OwnerIx::Team(team) => self.teams.get(team).map(|team| &team.apps),
        }
    }

    /// The add-ons of an app, in the order of their ids.
    pub(crate) fn add_ons_of(&self, app: AppId) -> impl Iterator<Item = &AddOn> {
        self.add_ons_by_app.of(app).filter_map(|add_on| self.add_ons.get(&add_on))
    }

    /// Whether the space that the app is in has a shield; `None` outside of spaces.
    pub(crate) fn shield_around(&self, app: &AppRow) -> Option<Shield> {
        app.space.and_then(|space| self.spaces.find(space)).map(|space| space.shield)
    }

    /// The app's place in a pipeline.
    pub(crate) fn coupling(&self, app: &AppRow) -> Option<(PipelineId, Stage)> {
        let (pipeline, stage) = app.coupling()?;
        Some((self.pipelines.get(pipeline)?.pipeline.id, stage))
    }

    /// What this is called.
    pub(crate) fn name(&self, id: NamedId) -> Option<String> {
        Some(match id {
            NamedId::User(user) => self.users.find(user)?.email.to_string(),
            NamedId::Team(team) => self.teams.find(team)?.name.to_string(),
            NamedId::App(app) => self.apps.find(app)?.name.to_string(),
            NamedId::Group(group) => self.groups.find(group)?.name.to_string(),
            NamedId::Role(role) => self.roles.find(role)?.name.to_string(),
            NamedId::Space(space) => self.spaces.find(space)?.name.to_string(),
            NamedId::Pipeline(pipeline) => self.pipelines.find(pipeline)?.name.to_string(),
            NamedId::Account(account) => self.accounts.find(account)?.name.to_string(),
        })
    }

    /// The teams that the user is in but for one, in the order of their ids.
    pub(crate) fn teams_of(&self, user: &UserRow, but: Option<TeamId>) -> Box<[TeamId]> {
        let within = user.seats().iter().filter(|seat| seat.role.is_some());
        let mut teams: Vec<TeamId> = within.filter_map(|seat| Some(self.teams.get(seat.team)?.team.id)).collect();
        teams.retain(|team| Some(*team) != but);
        sort::by(&mut teams, Ord::cmp);
        teams.into()
    }

    /// The teams that the user is in but for those that they leave, in the order of their ids.
    pub(crate) fn teams_without(&self, user: &UserRow, left: &[(UserId, TeamId)]) -> Box<[TeamId]> {
        let teams = self.teams_of(user, None);
        teams.into_iter().filter(|team| left.binary_search(&(user.id, *team)).is_err()).collect()
    }

    /// Whether one of the teams has single sign-on (ACC-3).
    pub(crate) fn any_has_sso(&self, teams: &[TeamId]) -> bool {
        teams.iter().filter_map(|team| self.teams.find(*team)).any(|team| team.sso == Sso::Enabled)
    }

    /// Whether a team that the user is in, but for this one, has single sign-on (ACC-3).
    pub(crate) fn has_sso(&self, user: &UserRow, but: Option<TeamIx>) -> bool {
        let within = user.seats().iter().filter(|seat| seat.role.is_some() && Some(seat.team) != but);
        within.filter_map(|seat| self.teams.get(seat.team)).any(|team| team.sso == Sso::Enabled)
    }

    /// What the user holds in the account; nothing when not in it.
    pub(crate) fn account_permissions(&self, user: UserId, account: AccountId) -> AccountPermissionSet {
        self.account_members.get(&(user, account)).copied().unwrap_or_default()
    }

    /// The accounts that the user is in.
    pub(crate) fn accounts_of(&self, user: UserId) -> impl Iterator<Item = (AccountId, AccountPermissionSet)> {
        let [first, last] = [Uuid::nil(), Uuid::max()].map(AccountId::from_uuid);
        let own = self.account_members.range((user, first)..=(user, last));
        own.map(|((_, account), permissions)| (*account, *permissions))
    }

    /// The spaces in which the user may create apps.
    pub(crate) fn spaces_open_to(&self, user: UserId) -> impl Iterator<Item = SpaceId> {
        self.app_creators.of(user)
    }

    /// The invitations of this e-mail, in the order of their ids.
    pub(crate) fn invitations_of(&self, email: &Email) -> impl Iterator<Item = &Invitation> {
        let [first, last] = [Uuid::nil(), Uuid::max()].map(InvitationId::from_uuid);
        let own = self.invitations_by_email.range((email.clone(), first)..=(email.clone(), last));
        own.filter_map(|(_, id)| self.invitations.get(id))
    }

    /// The pending transfers from or to this user, in the order of their ids.
    pub(crate) fn transfers_of(&self, user: UserId) -> impl Iterator<Item = &AppTransfer> {
        self.transfers_by_user.of(user).filter_map(|transfer| self.transfers.get(&transfer))
    }
}
