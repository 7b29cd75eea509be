//! The state of the model: rows and sets of tuples, as the rulebook's table of words has them, and nothing derived.

use std::collections::{BTreeMap, BTreeSet};

use enterprise_teams::chrono::{DateTime, Utc};
use enterprise_teams::names::RoleName;
use enterprise_teams::policy::RoleRights;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    AccountId, ActorKind, AppId, AppName, Email, Error, GroupId, NameGenerator, Owner, PermissionSet, PipelineId,
    RoleId, Settings, SpaceId, Stage, StoreOptions, TeamId, TeamKind, TeamName, TeamRole, UserId,
    entity::{
        AccountPermissionSet, AddOnControls, DynoSize, Held, IdentityProvider, Limits, Mfa, OAuthAccess, Plan, Shield,
        SignIn, SignInRequirement, Times,
    },
    ids::{AddOnId, InvitationId, TransferId},
    names::{
        AccountName, GroupName, LabelKey, LabelValue, PaymentMethod, PipelineName, ProcessType, ServiceName, SpaceName,
        Stack,
    },
};

use super::times::Fact;

pub(crate) type Time = DateTime<Utc>;

/// LAB-1.
pub(crate) type Labels = BTreeMap<LabelKey, LabelValue>;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct User {
    pub(crate) email: Email,
    pub(crate) mfa: Mfa,
    pub(crate) sign_in: SignIn,
    pub(crate) suspended_at: Option<Time>,
    pub(crate) registered_at: Time,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Team {
    pub(crate) name: TeamName,
    pub(crate) kind: TeamKind,
    pub(crate) limits: Limits,
    pub(crate) default_role: TeamRole,
    pub(crate) oauth: OAuthAccess,
    pub(crate) required: SignInRequirement,
    pub(crate) controls: AddOnControls,
    pub(crate) account: Option<AccountId>,
    pub(crate) provisioned_at: Time,
    pub(crate) changed_at: Time,
    pub(crate) labels: Labels,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    pub(crate) team: TeamId,
    pub(crate) name: GroupName,
    pub(crate) created_at: Time,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CustomRole {
    pub(crate) team: TeamId,
    pub(crate) name: RoleName,
    pub(crate) rights: RoleRights,
    pub(crate) created_at: Time,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct App {
    pub(crate) name: AppName,
    pub(crate) owner: Owner,
    pub(crate) owned_since: Time,
    pub(crate) stack: Stack,
    pub(crate) locked: bool,
    pub(crate) space: Option<SpaceId>,
    /// The number of the event that created it.
    pub(crate) number: u64,
    pub(crate) created_at: Time,
    pub(crate) changed_at: Time,
    pub(crate) labels: Labels,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Invitation {
    pub(crate) team: TeamId,
    pub(crate) email: Email,
    /// `None` is the team's default role (INV-6).
    pub(crate) role: Option<TeamRole>,
    pub(crate) by: ActorKind,
    pub(crate) at: Time,
    pub(crate) expires_at: Time,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Transfer {
    pub(crate) app: AppId,
    pub(crate) owner: UserId,
    pub(crate) recipient: UserId,
    pub(crate) at: Time,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pipeline {
    pub(crate) name: PipelineName,
    pub(crate) owner: Owner,
    /// The number of the event that created it.
    pub(crate) number: u64,
    pub(crate) created_at: Time,
    pub(crate) changed_at: Time,
    pub(crate) labels: Labels,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Space {
    pub(crate) name: SpaceName,
    pub(crate) team: TeamId,
    pub(crate) team_since: Time,
    pub(crate) shield: Shield,
    pub(crate) created_at: Time,
    pub(crate) changed_at: Time,
    pub(crate) labels: Labels,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AddOn {
    pub(crate) app: AppId,
    pub(crate) service: ServiceName,
    pub(crate) plan: Plan,
    pub(crate) installed_at: Time,
}

/// What costs something: the dynos of a process type, an add-on, a space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Meter {
    Dynos(AppId, ProcessType),
    AddOn(AppId, AddOnId),
    Space(SpaceId),
}

/// What of it there is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Load {
    Dynos(DynoSize, u16),
    AddOn(ServiceName, Plan),
    Space(Shield),
}

/// One load on one meter for one payer, from an instant to another, if it has ended (TRF-5, USE-2).
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Run {
    pub(crate) meter: Meter,
    pub(crate) payer: Owner,
    pub(crate) load: Load,
    pub(crate) from: Time,
    pub(crate) until: Option<Time>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Model {
    pub(crate) options: StoreOptions,

    /// How many events there were, and the time of the last.
    pub(crate) seq: u64,
    pub(crate) last_at: Time,
    pub(crate) names: NameGenerator,
    /// The number of the generated name that comes next (GEN-3).
    pub(crate) drawn: u64,
    /// Every id that the store has given out.
    pub(crate) given: BTreeSet<Uuid>,

    pub(crate) users: BTreeMap<UserId, User>,

    pub(crate) teams: BTreeMap<TeamId, Team>,
    pub(crate) members: BTreeMap<(TeamId, UserId), TeamRole>,
    pub(crate) deletions_asked: BTreeMap<TeamId, Time>,
    pub(crate) moves_out_asked: BTreeMap<TeamId, Time>,
    pub(crate) providers: BTreeMap<TeamId, IdentityProvider>,
    /// The teams to which people sign in through their provider.
    pub(crate) sso: BTreeSet<TeamId>,
    pub(crate) allowed: BTreeSet<(TeamId, ServiceName)>,
    pub(crate) payments: BTreeMap<TeamId, PaymentMethod>,
    pub(crate) invitations: BTreeMap<InvitationId, Invitation>,

    pub(crate) roles: BTreeMap<RoleId, CustomRole>,

    pub(crate) groups: BTreeMap<GroupId, Group>,
    pub(crate) group_members: BTreeSet<(GroupId, UserId)>,

    pub(crate) apps: BTreeMap<AppId, App>,
    pub(crate) grants: BTreeMap<(AppId, UserId), PermissionSet>,
    pub(crate) group_grants: BTreeMap<(AppId, GroupId), PermissionSet>,
    pub(crate) dynos: BTreeMap<(AppId, ProcessType), (DynoSize, u16)>,
    pub(crate) add_ons: BTreeMap<AddOnId, AddOn>,
    /// Number and description.
    pub(crate) releases: BTreeMap<AppId, (u32, String)>,
    pub(crate) transfers: BTreeMap<TransferId, Transfer>,
    /// The former owners of apps, the first ones first: from when to when.
    pub(crate) history: Vec<(AppId, Owner, Time, Time)>,

    pub(crate) pipelines: BTreeMap<PipelineId, Pipeline>,
    pub(crate) couplings: BTreeMap<AppId, (PipelineId, Stage)>,

    pub(crate) spaces: BTreeMap<SpaceId, Space>,
    pub(crate) app_creators: BTreeSet<(SpaceId, UserId)>,

    /// END-1: when what ends.
    pub(crate) ends: BTreeMap<Held, Time>,

    /// Since when what is so, and when it changed.
    pub(crate) times: BTreeMap<Fact, Times>,

    /// Name, and when it was opened.
    pub(crate) accounts: BTreeMap<AccountId, (AccountName, Time)>,
    pub(crate) account_members: BTreeMap<(AccountId, UserId), AccountPermissionSet>,
    /// Which teams were in which accounts, the first times first: from when to when, if that has ended.
    pub(crate) account_times: Vec<(AccountId, TeamId, Time, Option<Time>)>,

    /// The users and teams that are gone, and when they were there.
    pub(crate) gone: Vec<(Owner, Time, Time)>,

    /// The ledger, the first runs first.
    pub(crate) runs: Vec<Run>,

    /// What the last operation that was accepted for a part left out, and why (TRF-9, PIPE-7).
    pub(crate) left_out: Vec<(AppId, Error)>,
}

impl Model {
    /// Of an empty store.
    pub(crate) fn new(settings: &Settings) -> Self {
        let names = settings.names();
        Self {
            options: settings.options.clone(),
            // The store was opened.
            seq: 1,
            last_at: Time::UNIX_EPOCH,
            drawn: names.position(),
            names,
            given: BTreeSet::new(),
            users: BTreeMap::new(),
            teams: BTreeMap::new(),
            members: BTreeMap::new(),
            deletions_asked: BTreeMap::new(),
            moves_out_asked: BTreeMap::new(),
            providers: BTreeMap::new(),
            sso: BTreeSet::new(),
            allowed: BTreeSet::new(),
            payments: BTreeMap::new(),
            invitations: BTreeMap::new(),
            roles: BTreeMap::new(),
            groups: BTreeMap::new(),
            group_members: BTreeSet::new(),
            apps: BTreeMap::new(),
            grants: BTreeMap::new(),
            group_grants: BTreeMap::new(),
            dynos: BTreeMap::new(),
            add_ons: BTreeMap::new(),
            releases: BTreeMap::new(),
            transfers: BTreeMap::new(),
            history: Vec::new(),
            pipelines: BTreeMap::new(),
            couplings: BTreeMap::new(),
            spaces: BTreeMap::new(),
            app_creators: BTreeSet::new(),
            ends: BTreeMap::new(),
            times: BTreeMap::new(),
            accounts: BTreeMap::new(),
            account_members: BTreeMap::new(),
            account_times: Vec::new(),
            gone: Vec::new(),
            runs: Vec::new(),
            left_out: Vec::new(),
        }
    }

    /// The id of the next thing of the same kind, after the last the first.
    pub(crate) fn next_id(&self, id: Uuid) -> Option<Uuid> {
        let kinds: [Vec<Uuid>; 11] = [
            self.users.keys().map(|id| id.uuid()).collect(),
            self.teams.keys().map(|id| id.uuid()).collect(),
            self.groups.keys().map(|id| id.uuid()).collect(),
            self.roles.keys().map(|id| id.uuid()).collect(),
            self.apps.keys().map(|id| id.uuid()).collect(),
            self.spaces.keys().map(|id| id.uuid()).collect(),
            self.pipelines.keys().map(|id| id.uuid()).collect(),
            self.accounts.keys().map(|id| id.uuid()).collect(),
            self.add_ons.keys().map(|id| id.uuid()).collect(),
            self.invitations.keys().map(|id| id.uuid()).collect(),
            self.transfers.keys().map(|id| id.uuid()).collect(),
        ];
        let kind = kinds.iter().find(|kind| kind.contains(&id))?;
        kind.iter().copied().find(|other| *other > id).or(kind.first().copied())
    }
}
