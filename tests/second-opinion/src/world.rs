//! Random stores: a history of operations, each by whoever may do it.

use enterprise_teams::chrono::{DateTime, TimeDelta, Utc};
use enterprise_teams::{
    AccountId, Actor, AppId, Capability, Event, GroupId, NewApp, NewSpace, NewTeam, NewUser, Operation as O, Owner,
    Permission, PermissionSet, RoleId, Settings, SpaceId, TeamId, TeamRole, TeamStore, UserId,
    entity::{Mfa, OAuthAccess, SignInRequirement},
    policy::{HostActions, RoleRights},
};

use crate::numbers::Numbers;

const NOW: DateTime<Utc> = DateTime::<Utc>::UNIX_EPOCH;
/// When it is asked who may what: some of what ends has ended, and was not swept.
pub const ASKED_AT: DateTime<Utc> = DateTime::from_timestamp(3_600, 0).expect("a time");
const STEPS: usize = 300;

/// A store that a random history made, and everything that ever was in it.
pub struct World {
    /// What it was made from.
    pub seed: u64,
    /// The store.
    pub store: TeamStore,
    /// Every user, also those deleted since.
    pub users: Vec<UserId>,
    /// Every team.
    pub teams: Vec<TeamId>,
    /// Every app, also those deleted since.
    pub apps: Vec<AppId>,
    spaces: Vec<SpaceId>,
    groups: Vec<GroupId>,
    /// Every role of a team's own, with its team.
    roles: Vec<(TeamId, RoleId)>,
    account: AccountId,
    numbers: Numbers,
}

impl World {
    /// The world of this seed.
    ///
    /// # Panics
    /// If the store refuses what the rules allow: its first users, teams and spaces.
    #[must_use]
    pub fn random(seed: u64) -> Self {
        let mut numbers = Numbers::new(seed);
        let own =
            ["rotate-key", "see-costs", "wake"].map(|name| (name.parse().expect("a name"), permissions(&mut numbers)));
        let own =
            HostActions::new(own.into_iter().filter(|(_, any_of)| !any_of.is_empty())).expect("no published names");
        let mut store = TeamStore::new(Settings::from_seed(seed).host_actions(own));
        let operator = Actor::operator(NOW);
        let email = |n| format!("user-{n}@x.io").parse().expect("an e-mail");
        let count = 6 + numbers.below(4);
        let users: Vec<UserId> =
            (0..count).map(|n| store.register_user(operator, NewUser::new(email(n))).expect("a free e-mail")).collect();
        let manager = Actor::user(users[0], NOW);
        let account = store.open_account(operator, "account".parse().expect("a name"), users[0]).expect("an account");
        let creates = "create".parse().expect("a permission");
        store.add_account_member(manager, account, users[1], creates).expect("a new member");
        let creator = Actor::user(users[1], NOW);
        let name = |text: &str| text.parse().expect("a name");
        let mut teams: Vec<TeamId> = ["ant", "bee"]
            .iter()
            .map(|team| store.create_team_in(creator, account, name(team)).expect("a team"))
            .collect();
        for new in [
            NewTeam::enterprise(name("cat"), numbers.one(&users)),
            NewTeam::standard(name("dog"), numbers.one(&users)),
            NewTeam::standard(name("elk"), numbers.one(&users[..2])),
        ] {
            teams.push(store.provision_team(operator, new).expect("a free name"));
        }
        let space = NewSpace::new(teams[0], "sea".parse().expect("a name"));
        let spaces = vec![store.create_space(creator, space).expect("a space")];
        let (apps, groups, roles) = (Vec::new(), Vec::new(), Vec::new());
        let mut world = Self { seed, store, users, teams, apps, spaces, groups, roles, account, numbers };
        for _ in 0..STEPS {
            world.step();
        }
        if world.numbers.below(6) == 0 {
            let mut options = world.store.settings().options.clone();
            options.sign_in_requirement = SignInRequirement::MfaOrSso;
            world.store.change_settings(operator, options).expect("the operator's settings");
        }
        world
    }

    /// Something happens, if the rules let anybody do it.
    fn step(&mut self) {
        let (user, team) = (self.numbers.one(&self.users), self.numbers.one(&self.teams));
        let role = self.role(team);
        let kind = self.numbers.below(68);
        if self.apps.is_empty() || (6..=11).contains(&kind) {
            return self.create_app(team);
        }
        let app = self.numbers.one(&self.apps);
        match kind {
            0..=3 => self.attempt(&O::AddMember { team, user, role }),
            4 => self.attempt(&O::SetMemberRole { team, user, role }),
            5 => self.attempt(&O::RemoveMember { team, user }),
            12..=17 => {
                let permissions = permissions(&mut self.numbers);
                self.attempt(&O::GrantPermissions { app, user, permissions })
            }
            18..=20 => self.attempt(&O::AddCollaborator { app, user }),
            21 => {
                let permissions = permissions(&mut self.numbers);
                self.attempt(&O::SetPermissions { app, user, permissions })
            }
            22 => self.attempt(&O::RemoveCollaborator { app, user }),
            23 | 24 => self.attempt(&O::JoinApp { app }),
            25 | 26 => self.attempt(&O::LockApp { app }),
            27 => self.attempt(&O::UnlockApp { app }),
            28 => {
                let access = self.numbers.one(&[OAuthAccess::Allowed, OAuthAccess::Denied]);
                self.attempt(&O::SetOAuthAccess { team, access })
            }
            29 | 30 => {
                let to: Owner = self.numbers.one(&[team.into(), user.into()]);
                self.attempt(&O::TransferApp { app, to })
            }
            31 => match self.attempt(&O::RequestAppTransfer { app, recipient: user }) {
                Some(Event::AppTransferRequested { transfer }) => {
                    self.attempt(&O::AcceptAppTransfer { transfer: transfer.id() })
                }
                _ => None,
            },
            32 => self.attempt(&O::MoveTeamIn { team, account: self.account }),
            33 => {
                self.attempt(&O::RequestTeamMoveOut { team });
                self.attempt(&O::MoveTeamOut { team })
            }
            34 => self.attempt(&O::TransferSpace { space: self.spaces[0], team }),
            35 => {
                let mfa = self.numbers.one(&[Mfa::Enrolled, Mfa::NotEnrolled]);
                self.attempt(&O::SetMfa { user, mfa })
            }
            36 => {
                let requirement = self.numbers.one(SignInRequirement::ALL);
                self.attempt(&O::SetSignInRequirement { team, requirement })
            }
            39..=41 => {
                let name = format!("group-{}", self.groups.len()).parse().expect("a name");
                let event = self.attempt(&O::CreateGroup { team, name });
                if let Some(Event::GroupCreated { group }) = &event {
                    self.groups.push(group.id());
                }
                event
            }
            42..=46 if !self.groups.is_empty() => {
                let group = self.numbers.one(&self.groups);
                let users = self.numbers.rotated(&self.users);
                self.first(users.map(|user| O::AddGroupMember { group, user }))
            }
            47..=53 if !self.groups.is_empty() => {
                let (group, permissions) = (self.numbers.one(&self.groups), permissions(&mut self.numbers));
                let apps = self.numbers.rotated(&self.apps);
                self.first(apps.map(|app| O::GrantGroupPermissions { app, group, permissions }))
            }
            54 if !self.groups.is_empty() => {
                let (group, permissions) = (self.numbers.one(&self.groups), permissions(&mut self.numbers));
                self.attempt(&O::RemoveGroupMember { group, user });
                self.attempt(&O::SetGroupPermissions { app, group, permissions })
            }
            55 if !self.groups.is_empty() => {
                let group = self.numbers.one(&self.groups);
                self.attempt(&O::DeleteGroup { group })
            }
            56..=58 => self.create_role(team),
            59..=61 if !self.roles.is_empty() => {
                let ((_, role), rights) = (self.numbers.one(&self.roles), self.rights());
                self.attempt(&O::SetRoleRights { role, rights })
            }
            62..=66 => self.set_end(kind, app, team, user),
            37 => self.attempt(&O::SuspendUser { user }),
            38 => self.attempt(&O::ReinstateUser { user }),
            _ if self.numbers.below(4) > 0 => {
                let name = self.store.app(Actor::operator(NOW), app).map(|app| app.name().to_string());
                self.attempt(&O::DeleteApp { app, confirmation: name.unwrap_or_default() })
            }
            _ => self.attempt(&O::DeleteUser { user }),
        };
    }

    fn create_role(&mut self, team: TeamId) -> Option<Event> {
        let name = format!("role-{}", self.roles.len()).parse().expect("a name");
        let rights = self.rights();
        let event = self.attempt(&O::CreateRole { team, name, rights });
        if let Some(Event::RoleCreated { role }) = &event {
            self.roles.push((team, role.id()));
        }
        event
    }

    /// A right is given an end: mostly one that is past when the questions are asked.
    fn set_end(&mut self, kind: usize, app: AppId, team: TeamId, user: UserId) -> Option<Event> {
        let half_hours = [1, 1, 4][self.numbers.below(3)];
        let ends_at = Some(NOW + TimeDelta::minutes(30 * half_hours));
        let group = (!self.groups.is_empty()).then(|| self.numbers.one(&self.groups));
        match (kind, group) {
            (62, _) => self.attempt(&O::SetMemberEnd { team, user, ends_at }),
            (63 | 64, Some(group)) => self.attempt(&O::SetGroupGrantEnd { app, group, ends_at }),
            _ => self.attempt(&O::SetGrantEnd { app, user, ends_at }),
        }
    }

    /// A role that the team may have: one of its own more often than not, if there is one.
    fn role(&mut self, team: TeamId) -> TeamRole {
        let own: Vec<RoleId> = self.roles.iter().filter(|(of, _)| *of == team).map(|(_, role)| *role).collect();
        if own.is_empty() || self.numbers.below(5) < 2 {
            return self.numbers.one(TeamRole::BUILT_IN);
        }
        TeamRole::Custom(self.numbers.one(&own))
    }

    fn rights(&mut self) -> RoleRights {
        let permissions =
            if self.numbers.below(2) == 0 { PermissionSet::EMPTY } else { permissions(&mut self.numbers) };
        // Often few: what some bring along hides what others lack.
        let among = if self.numbers.below(2) == 0 { 3 } else { 30 };
        let can = Capability::ALL.iter().copied().filter(|one| one.is_for_custom_roles());
        let some = can.filter(|_| self.numbers.below(among) == 0);
        RoleRights { capabilities: some.collect(), permissions }
    }

    fn create_app(&mut self, team: TeamId) {
        let new = match self.numbers.below(5) {
            0 => NewApp::personal(),
            1 => NewApp::in_space(self.spaces[0]),
            _ => NewApp::in_team(team),
        };
        let new = if self.numbers.below(4) == 0 { new.locked() } else { new };
        if let Some(Event::AppCreated { created }) = self.attempt(&O::CreateApp { app: new }) {
            self.apps.push(created.app.id());
        }
    }

    /// The first of the operations that somebody may do.
    fn first(&mut self, operations: impl IntoIterator<Item = O>) -> Option<Event> {
        operations.into_iter().find_map(|operation| self.attempt(&operation))
    }

    /// The operation by the first who may do it, of everybody in turn from somebody on.
    fn attempt(&mut self, operation: &O) -> Option<Event> {
        let users = self.numbers.rotated(&self.users).map(|user| Actor::user(user, NOW));
        let mut actors = users.chain([Actor::operator(NOW)]);
        actors.find_map(|actor| self.store.perform(actor, operation).ok().map(|entry| entry.event.clone()))
    }
}

/// Any of the sixteen sets.
fn permissions(numbers: &mut Numbers) -> PermissionSet {
    let set = numbers.below(16);
    Permission::ALL.iter().enumerate().filter(|(bit, _)| set >> bit & 1 == 1).map(|(_, one)| *one).collect()
}
