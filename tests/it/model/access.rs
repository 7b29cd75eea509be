//! Who is what, and may what, in the model (CAP, PERM, STD, SEC-1, PIPE-8, SPC-2).

use enterprise_teams::{
    AccountId, ActorKind, AppAction, AppId, Capability, GroupId, Owner, Permission, PermissionSet, PipelineId, Role,
    RoleId, SpaceId, TeamId, TeamKind, TeamRole, UserId,
    entity::{AccountPermission, Mfa, OAuthAccess, SignIn, SignInRequirement},
};

use super::seen::table;
use super::state::{App, Model};

impl Model {
    /// The role of who acts; `None` for collaborators, outsiders and the operator.
    pub(crate) fn role(&self, who: ActorKind, team: TeamId) -> Option<TeamRole> {
        self.members.get(&(team, who.user()?)).copied()
    }

    pub(crate) fn is_admin(&self, who: ActorKind, team: TeamId) -> bool {
        self.role(who, team) == Some(TeamRole::Admin)
    }

    /// Admins and members, and whoever has a role of the team's own, which counts as one (ROLE-2).
    fn is_member_or_more(&self, who: ActorKind, team: TeamId) -> bool {
        self.role(who, team).is_some_and(|role| role != TeamRole::Viewer)
    }

    /// CAP-1, ROLE-1: by the published table, or by what the team says of its own role. Of the operator it says no.
    pub(crate) fn may(&self, who: ActorKind, team: TeamId, capability: Capability) -> bool {
        who.user().is_some_and(|user| self.person_may(user, team, capability))
    }

    pub(crate) fn person_may(&self, user: UserId, team: TeamId, capability: Capability) -> bool {
        let published = |role| table::has(self.teams[&team].kind, role, capability) == Some(true);
        match self.members.get(&(team, user)) {
            Some(TeamRole::Custom(role)) => self.roles[role].rights.capabilities.contains(capability),
            Some(role) => published(Role::from(*role)),
            None => self.is_collaborator(user, team) && published(Role::Collaborator),
        }
    }

    /// The user of an app with a grant on it: "on the app".
    pub(crate) fn is_on(&self, user: UserId, app: AppId) -> bool {
        self.grants.contains_key(&(app, user))
    }

    /// Not in the team, but on one of its apps.
    pub(crate) fn is_collaborator(&self, user: UserId, team: TeamId) -> bool {
        let on_one = self.apps.iter().any(|(id, app)| app.owner == Owner::Team(team) && self.is_on(user, *id));
        on_one && !self.members.contains_key(&(team, user))
    }

    /// What a user holds on an app: by ownership, role and grant, and by groups (GRP-3).
    pub(crate) fn permissions_of(&self, user: UserId, app: AppId) -> PermissionSet {
        self.permissions_alone(user, app).union(self.through_groups(user, app))
    }

    /// What a user holds on an app by ownership, role and grant.
    pub(crate) fn permissions_alone(&self, user: UserId, app: AppId) -> PermissionSet {
        let on_it = self.grants.get(&(app, user)).copied();
        let App { owner, locked, .. } = &self.apps[&app];
        let team = match owner {
            // PERM-10
            Owner::User(owner) if *owner == user => return PermissionSet::ALL,
            Owner::User(_) => return on_it.map_or(PermissionSet::EMPTY, |_| PermissionSet::WORK),
            Owner::Team(team) => *team,
        };
        let role = self.members.get(&(team, user));
        match (self.teams[&team].kind, role) {
            // PERM-1
            (_, Some(TeamRole::Admin)) => PermissionSet::ALL,
            // PERM-2, PERM-3
            (TeamKind::Enterprise, Some(TeamRole::Member | TeamRole::Viewer)) => {
                on_it.unwrap_or_default().union(PermissionSet::VIEW)
            }
            // ROLE-1
            (TeamKind::Enterprise, Some(TeamRole::Custom(role))) => {
                on_it.unwrap_or_default().union(self.roles[role].rights.permissions)
            }
            (TeamKind::Enterprise, None) => on_it.unwrap_or_default(),
            // STD-2
            (TeamKind::Standard, Some(_)) if *locked && on_it.is_none() => PermissionSet::VIEW,
            (TeamKind::Standard, Some(_)) => PermissionSet::WORK,
            // STD-4
            (TeamKind::Standard, None) => on_it.map_or(PermissionSet::EMPTY, |_| PermissionSet::WORK),
        }
    }

    /// What who acts holds on an app, whether or not a third-party client is let in. The operator sees everything, and
    /// holds no more by that.
    pub(crate) fn held(&self, who: ActorKind, app: AppId) -> PermissionSet {
        who.user().map_or(PermissionSet::VIEW, |user| self.permissions_of(user, app))
    }

    pub(crate) fn sees_app(&self, who: ActorKind, app: AppId) -> bool {
        self.held(who, app).contains(Permission::View)
    }

    pub(crate) fn manages_app(&self, who: ActorKind, app: AppId) -> bool {
        self.held(who, app).contains(Permission::Manage)
    }

    /// PERM-9: `manage`, and not as a viewer or a collaborator.
    pub(crate) fn manages_app_from_inside(&self, who: ActorKind, app: AppId) -> bool {
        self.manages_app(who, app) && self.team_of(app).is_none_or(|team| self.is_member_or_more(who, team))
    }

    /// The published table: any one of the permissions named allows the action (PERM-9).
    pub(crate) fn table_allows(&self, who: ActorKind, action: AppAction, app: AppId) -> bool {
        table::allows(self.held(who, app), action)
    }

    /// The team that owns the app.
    pub(crate) fn team_of(&self, app: AppId) -> Option<TeamId> {
        self.apps[&app].owner.team()
    }

    /// SEC-1: a third-party client, and a team that shuts them out.
    pub(crate) fn shut_out(&self, who: ActorKind, team: TeamId) -> bool {
        matches!(who, ActorKind::OAuth { .. }) && self.teams[&team].oauth == OAuthAccess::Denied
    }

    /// SEC-5: neither MFA nor SSO, whatever the session says.
    pub(crate) fn is_weak(&self, user: UserId) -> bool {
        self.users.get(&user).is_some_and(|user| (user.mfa, user.sign_in) == (Mfa::NotEnrolled, SignIn::Password))
    }

    /// SEC-5: what a team requires is asked of who is in it or on one of its apps.
    pub(crate) fn lacks_sign_in(&self, who: ActorKind, team: TeamId) -> bool {
        let concerned = |user: UserId| self.members.contains_key(&(team, user)) || self.is_collaborator(user, team);
        self.teams[&team].required == SignInRequirement::MfaOrSso
            && who.user().is_some_and(|user| self.is_weak(user) && concerned(user))
    }

    /// SEC-1, SEC-5
    pub(crate) fn kept_out(&self, who: ActorKind, team: TeamId) -> bool {
        self.shut_out(who, team) || self.lacks_sign_in(who, team)
    }

    /// SUS-1
    pub(crate) fn is_suspended(&self, user: UserId) -> bool {
        self.users.get(&user).is_some_and(|user| user.suspended_at.is_some())
    }

    /// SUS-1; SEC-5: what is required of a user for what a team owns, or for what is personal.
    pub(crate) fn may_enter(&self, user: UserId, team: Option<TeamId>) -> bool {
        let by_team = team.is_some_and(|team| self.teams[&team].required == SignInRequirement::MfaOrSso);
        let required = by_team || self.options.sign_in_requirement == SignInRequirement::MfaOrSso;
        !(self.is_suspended(user) || required && self.is_weak(user))
    }

    /// Whether the apps of an owner are listed for who acts (APP-10): the owner, the team's people, the operator.
    pub(crate) fn sees_apps_of(&self, who: ActorKind, owner: Owner) -> bool {
        match owner {
            _ if who == ActorKind::Operator => true,
            Owner::User(owner) => who.user() == Some(owner),
            Owner::Team(team) => self.may(who, team, Capability::ViewApps),
        }
    }

    /// PIPE-8
    pub(crate) fn sees_pipeline(&self, who: ActorKind, pipeline: PipelineId) -> bool {
        let inside = self.couplings.iter().filter(|(_, (of, _))| *of == pipeline);
        self.sees_apps_of(who, self.pipelines[&pipeline].owner)
            || inside.into_iter().any(|(app, _)| self.sees_app(who, *app))
    }

    /// PIPE-2
    pub(crate) fn manages_pipelines_of(&self, who: ActorKind, owner: Owner) -> bool {
        match owner {
            Owner::User(owner) => who.user() == Some(owner),
            Owner::Team(team) => self.may(who, team, Capability::ManagePipelines),
        }
    }

    /// GRP-1
    pub(crate) fn sees_group(&self, who: ActorKind, group: GroupId) -> bool {
        who == ActorKind::Operator || self.may(who, self.groups[&group].team, Capability::ViewGroups)
    }

    /// ROLE-1
    pub(crate) fn sees_role(&self, who: ActorKind, role: RoleId) -> bool {
        let team = self.roles[&role].team;
        let own = self.role(who, team) == Some(TeamRole::Custom(role));
        who == ActorKind::Operator || own || self.may(who, team, Capability::ViewRoles)
    }

    /// SPC-2
    pub(crate) fn sees_space(&self, who: ActorKind, space: SpaceId) -> bool {
        who == ActorKind::Operator || self.may(who, self.spaces[&space].team, Capability::ViewSpaces)
    }

    /// ENT-1, ENT-2
    pub(crate) fn holds_in_account(&self, who: ActorKind, permission: AccountPermission, account: AccountId) -> bool {
        let held = who.user().and_then(|user| self.account_members.get(&(account, user)));
        held.is_some_and(|held| held.contains(permission))
    }
}
