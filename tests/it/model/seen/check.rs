//! CAP, PERM-9 to PERM-11, STD-4, SEC-1: what somebody may, and through what.

use std::collections::BTreeSet;

use enterprise_teams::{
    Access, AccessSource, ActorKind, AppAction, AppId, Capability, Error, Explanation, Owner, Permission,
    PermissionSet, Role, RoleId, TeamId, TeamKind, TeamRole, User, UserId,
    entity::Held,
    names::{ActionName, GroupName, RoleName},
    policy::CustomRole,
};

use super::super::state::Time;
use super::super::verdict::{Verdict, refuse_if, refuse_unless};
use super::{ActorView, Sight, table};

/// What an explanation says, but for its words.
type Reason = (
    Option<Error>,
    Option<Access>,
    (Option<Role>, Option<RoleName>),
    Vec<(GroupName, PermissionSet)>,
    Option<Time>,
    BTreeSet<UserId>,
);

impl Sight<'_> {
    pub(super) fn admitted(&self, team: TeamId) -> Verdict {
        refuse_if(self.model.shut_out(self.who, team), Error::OAuthDenied { team })?;
        refuse_if(self.model.lacks_sign_in(self.who, team), Error::TeamRequiresMfaOrSso { team })
    }

    pub(super) fn admitted_to(&self, owner: Owner) -> Verdict {
        owner.team().map_or(Ok(()), |team| self.admitted(team))
    }

    /// What a user is to a team.
    pub(super) fn role_of(&self, user: UserId, team: TeamId) -> Option<Role> {
        let role = self.model.members.get(&(team, user)).copied().map(Role::from);
        role.or(self.model.is_collaborator(user, team).then_some(Role::Collaborator))
    }

    /// Whether who acts has a capability that only looks, as the operator has every one.
    pub(super) fn looks(&self, team: TeamId, capability: Capability) -> bool {
        self.is_operator() || self.model.may(self.who, team, capability)
    }

    /// The role of the team's own that somebody has, where who acts sees it (ROLE-1).
    pub(super) fn custom_role_of(&self, user: UserId, team: TeamId) -> Option<RoleId> {
        match self.model.members.get(&(team, user)) {
            Some(TeamRole::Custom(role)) if self.model.sees_role(self.who, *role) => Some(*role),
            _ => None,
        }
    }

    pub(super) fn custom_of(&self, user: UserId, team: TeamId) -> Option<RoleName> {
        self.custom_role_of(user, team).map(|role| self.model.roles[&role].name)
    }

    pub(super) fn held_by(&self, user: UserId, app: AppId) -> Access {
        let model = self.model;
        let (owner, is_on) = (model.apps[&app].owner, model.is_on(user, app));
        let by_groups = !model.through_groups(user, app).is_empty();
        let through = match owner {
            Owner::User(owner) if owner == user => AccessSource::Ownership,
            Owner::User(_) if is_on => AccessSource::PersonalGrant,
            Owner::User(_) => AccessSource::Nothing,
            Owner::Team(team) => match (model.members.get(&(team, user)), model.teams[&team].kind) {
                // PERM-5: a grant would say nothing of an admin.
                (Some(role), _) if is_on && by_groups => AccessSource::RoleGrantAndGroups(Role::from(*role)),
                (Some(role), _) if by_groups => AccessSource::RoleAndGroups(Role::from(*role)),
                (Some(role), _) if is_on && *role != TeamRole::Admin => AccessSource::RoleAndGrant(Role::from(*role)),
                (Some(role), _) => AccessSource::Role(Role::from(*role)),
                (None, _) if !is_on => AccessSource::Nothing,
                (None, TeamKind::Enterprise) => AccessSource::Grant,
                (None, TeamKind::Standard) => AccessSource::StandardGrant,
            },
        };
        let permissions = model.permissions_of(user, app);
        // whoever holds nothing is not told whose the app is.
        Access { permissions, through: if permissions.is_empty() { AccessSource::Nothing } else { through } }
    }

    pub(super) fn held(&self, app: AppId) -> Access {
        let operator = Access { permissions: PermissionSet::VIEW, through: AccessSource::Operator };
        self.who.user().map_or(operator, |user| self.held_by(user, app))
    }

    /// Whether somebody who holds this may do the action; a client of theirs may be shut out.
    pub(super) fn allowed(actor: ActorKind, held: Access, action: AppAction, app: AppId) -> Verdict {
        let needed = Error::ActionNeedsPermission { actor, app, action, held: held.permissions };
        refuse_unless(table::allows(held.permissions, action), needed)?;
        let (holder, refusal) = match held.through {
            AccessSource::Ownership => ("owner", None),
            AccessSource::Role(role)
            | AccessSource::RoleAndGrant(role)
            | AccessSource::RoleAndGroups(role)
            | AccessSource::RoleGrantAndGroups(role) => (
                match role {
                    Role::Admin => "admin",
                    // ROLE-2
                    Role::Member | Role::Custom => "member",
                    Role::Viewer => "viewer",
                    Role::Collaborator => "collaborator",
                },
                None,
            ),
            AccessSource::Grant => ("collaborator", None),
            AccessSource::StandardGrant => ("", Some(Error::OnlyTeamPaysForAddOns { actor, app, action })),
            AccessSource::PersonalGrant => ("", Some(Error::OnlyOwnerPaysForAddOns { actor, app, action })),
            // Who sees everything holds nothing that a row asks a holder for.
            _ => return Ok(()),
        };
        let refusal = refusal.unwrap_or(Error::ActionNeedsMembership { actor, app, action });
        refuse_unless(table::for_holder(holder, action), refusal)
    }

    pub(super) fn check_app(&self, action: AppAction, app: AppId) -> Verdict {
        self.actor_exists()?;
        self.model.app_exists(app)?;
        let held = self.held(app);
        if held.permissions.contains(Permission::View) {
            self.admitted_to(self.model.apps[&app].owner)?;
        }
        Self::allowed(self.who, held, action, app)
    }

    /// An action of the host's own: any one of its permissions allows it, however it is held.
    fn check_own(&self, action: ActionName, app: AppId) -> Verdict {
        self.actor_exists()?;
        self.model.app_exists(app)?;
        let own = self.model.options.host_actions.iter().find(|(name, _)| *name == action);
        let (_, any_of) = own.ok_or(Error::HostActionNotFound { action })?;
        let held = self.held(app).permissions;
        if held.contains(Permission::View) {
            self.admitted_to(self.model.apps[&app].owner)?;
        }
        let needed =
            Error::HostActionNeedsPermission { actor: Box::new(self.who), app, action: Box::new(action), any_of, held };
        refuse_unless(any_of.iter().any(|one| held.contains(one)), needed)
    }

    pub(super) fn check_team(&self, capability: Capability, team: TeamId) -> Verdict {
        self.actor_exists()?;
        self.model.team_exists(team)?;
        self.admitted(team)?;
        let kind = self.model.teams[&team].kind;
        let of_nobody = Error::CapabilityOfNobody { actor: self.who, team, capability };
        let Some(user) = self.who.user() else {
            let listed = table::has(kind, Role::Admin, capability).is_some();
            return refuse_unless(listed && capability.code().starts_with("view-"), of_nobody);
        };
        match self.role_of(user, team) {
            None => Err(Error::OutsiderLacksCapability { actor: self.who, team, capability }),
            Some(Role::Collaborator) if kind == TeamKind::Enterprise => {
                Err(Error::CollaboratorLacksCapability { team, capability })
            }
            Some(Role::Custom) if self.model.may(self.who, team, capability) => Ok(()),
            Some(Role::Custom) => {
                let Some(TeamRole::Custom(role)) = self.model.members.get(&(team, user)).copied() else { panic!() };
                table::has(kind, Role::Admin, capability).ok_or(of_nobody)?;
                Err(Error::CustomRoleLacksCapability { team, role, capability })
            }
            Some(role) => {
                let has = table::has(kind, role, capability).ok_or(of_nobody)?;
                refuse_unless(has, Error::RoleLacksCapability { team, role, capability })
            }
        }
    }

    /// Who could turn a no about an app into a yes, as far as the actor may see who is on it: collaborators, to whom else `manage` was
    /// given.
    fn grantors_of_app(&self, app: AppId, refusal: Option<&Error>) -> BTreeSet<UserId> {
        let inside = self.model.team_of(app).is_none_or(|team| self.looks(team, Capability::ViewUsers));
        let given =
            |user: &UserId| self.model.grants.get(&(app, *user)).is_some_and(|set| set.contains(Permission::Manage));
        let owns = |user: &UserId| self.model.apps[&app].owner == Owner::User(*user);
        let seen = |user: &UserId| inside || given(user) || owns(user);
        let manages = |user: &UserId| {
            let enters = self.model.may_enter(*user, self.model.team_of(app));
            seen(user) && enters && self.model.permissions_of(*user, app).contains(Permission::Manage)
        };
        let shown = refusal.is_some() && self.who.user().is_some() && self.access_shown(app).is_ok();
        let others = self.model.users.keys().filter(|user| shown && self.who.user() != Some(**user));
        others.filter(|user| manages(user)).copied().collect()
    }

    /// The same about a team.
    fn grantors_of_team(&self, team: TeamId, refusal: Option<&Error>) -> BTreeSet<UserId> {
        let by_role =
            matches!(refusal, Some(Error::RoleLacksCapability { .. } | Error::CustomRoleLacksCapability { .. }));
        let shown = by_role && self.check_team(Capability::ViewUsers, team).is_ok();
        let others = self.model.users.keys().filter(|user| shown && self.who.user() != Some(**user));
        let others = others.filter(|user| self.model.may_enter(**user, Some(team)));
        others.filter(|user| self.role_of(**user, team) == Some(Role::Admin)).copied().collect()
    }

    fn explain_app(&self, action: AppAction, app: AppId) -> Result<Reason, Error> {
        self.actor_exists()?;
        self.model.app_exists(app)?;
        let held = self.held(app);
        let sees = held.permissions.contains(Permission::View);
        let shut_out = |team: &TeamId| self.model.kept_out(self.who, *team);
        let told = self.model.team_of(app).filter(|team| sees && !shut_out(team));
        let role = told.zip(self.who.user()).and_then(|(team, user)| self.role_of(user, team));
        let held = Some(held).filter(|_| !sees || !self.model.team_of(app).is_some_and(|team| shut_out(&team)));
        let refusal = self.check_app(action, app).err();
        let grantors = self.grantors_of_app(app, refusal.as_ref());
        let groups =
            self.who.user().filter(|_| held.is_some()).map(|user| self.groups_on(user, app)).unwrap_or_default();
        let groups: Vec<_> = groups.into_iter().map(|((_, group), set, _, end)| (group.name, set, end)).collect();
        let custom = told.zip(self.who.user()).and_then(|(team, user)| self.custom_of(user, team));
        // END-1: the first end of what gives it.
        let end = self.who.user().filter(|_| held.is_some() && sees).and_then(|user| {
            let of_team = told.and_then(|team| self.model.end(Held::Membership { team, user }));
            let of_app = [self.model.end(Held::Grant { app, user })].into_iter().chain(groups.iter().map(|one| one.2));
            let of_app = of_app.flatten().filter(|_| role != Some(Role::Admin)).min();
            of_team.into_iter().chain(of_app).min()
        });
        let groups = groups.into_iter().map(|(name, set, _)| (name, set)).collect();
        Ok((refusal, held, (role, custom), groups, end, grantors))
    }

    fn explain_team(&self, capability: Capability, team: TeamId) -> Result<Reason, Error> {
        self.actor_exists()?;
        self.model.team_exists(team)?;
        let user = self.who.user().filter(|_| !self.model.kept_out(self.who, team));
        let refusal = self.check_team(capability, team).err();
        let grantors = self.grantors_of_team(team, refusal.as_ref());
        let custom = user.and_then(|user| self.custom_of(user, team));
        let end = user.and_then(|user| self.model.end(Held::Membership { team, user }));
        Ok((refusal, None, (user.and_then(|user| self.role_of(user, team)), custom), Vec::new(), end, grantors))
    }

    fn permissions(&self, app: AppId) -> Result<Access, Error> {
        self.check_app(AppAction::ViewApp, app)?;
        Ok(self.held(app))
    }
}

fn read(answer: &Explanation<'_>) -> Reason {
    assert_eq!(answer.is_allowed(), answer.refusal().is_none());
    let grantors: Vec<UserId> = answer.grantors().map(User::id).collect();
    let each_once: BTreeSet<UserId> = grantors.iter().copied().collect();
    assert_eq!(grantors.len(), each_once.len());
    let groups = answer.groups().into_iter().map(|(group, set)| (group.name(), set)).collect();
    let custom = answer.custom_role().map(CustomRole::name);
    (answer.refusal().cloned(), answer.held(), (answer.role(), custom), groups, answer.ends_at(), each_once)
}

pub(super) fn ask(asker: &mut ActorView<'_>) {
    let ActorView { store, actor, sight, .. } = *asker;
    for app in sight.apps_and_none() {
        for action in AppAction::ALL.iter().copied() {
            let check = || sight.check_app(action, app);
            asker.same(("check", action, app), || store.check(actor, action, app), check);
            asker.same(("can", action, app), || store.can(actor, action, app), || check().is_ok());
            let explain = || {
                let answer = store.explain(actor, action, app)?;
                Ok(read(&answer))
            };
            asker.same(("explain", action, app), explain, || sight.explain_app(action, app));
        }
        for action in ["rotate-key", "no-such-action"].map(|name| name.parse::<ActionName>().expect("a name")) {
            let check = || sight.check_own(action, app);
            asker.same(("check", action, app), || store.check(actor, action, app), check);
            asker.same(("can", action, app), || store.can(actor, action, app), || check().is_ok());
            let asked = || store.for_actor(actor).is_ok_and(|asker| asker.can(action, app));
            asker.same(("for_actor", action, app), asked, || check().is_ok());
        }
        asker.same(("permissions", app), || store.permissions(actor, app), || sight.permissions(app));
    }
    for team in sight.teams_and_none() {
        for capability in Capability::ALL.iter().copied() {
            let check = || sight.check_team(capability, team);
            asker.same(("check", capability, team), || store.check(actor, capability, team), check);
            asker.same(("can", capability, team), || store.can(actor, capability, team), || check().is_ok());
            let explain = || {
                let answer = store.explain(actor, capability, team)?;
                Ok(read(&answer))
            };
            asker.same(("explain", capability, team), explain, || sight.explain_team(capability, team));
        }
    }
}
