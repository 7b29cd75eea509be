//! APP, PERM, RES-1 and STD: apps, their formation, and who is on them.

use std::collections::BTreeMap;

use enterprise_teams::testing::rules::{AppRules, PermissionRules};
use enterprise_teams::{
    AppAction, AppId, AppName, Capability, Error, NewApp, Owner, Permission, PermissionSet, SpaceId, TeamId, TeamKind,
    TeamRole, UserId,
    entity::{DynoSize, Labels, Lock, Shield},
    names::{ProcessType, Stack},
    settings::PROCESS_TYPES_MAX,
};

use super::seen::row;
use super::state::{App, Load, Meter, Model};
use super::verdict::{By, Verdict, part, refuse_if, refuse_unless};

impl Model {
    /// PERM-6, STD-3: whoever brought an app into its team, which only admins and members do.
    pub(super) fn put_on_as_creator(&mut self, user: UserId, app: AppId) {
        let Some(team) = self.team_of(app) else { return };
        let all = match self.teams[&team].kind {
            TeamKind::Enterprise => PermissionSet::ALL,
            TeamKind::Standard => PermissionSet::WORK,
        };
        self.grants.insert((app, user), all);
    }

    /// GEN-3: the generated names come one after the other, and round again; the next free one, and how far it is.
    fn draw(&self) -> Result<(AppName, u64), Error> {
        let names = self.names.names();
        let numbers = (0..names).map(|further| (self.drawn + further) % names);
        let mut drawn = numbers.map(|number| (self.names.nth_name(number).expect("a name"), number + 1));
        drawn
            .find(|(name, _)| self.app_name_is_allowed(*name).and(self.app_name_is_free(*name)).is_ok())
            .ok_or(Error::NamesUsedUp { names })
    }

    fn app_name_is_allowed(&self, name: AppName) -> Verdict {
        let reserved = self.options.reserved_names.iter().any(|one| one.as_str() == name.as_str());
        refuse_if(reserved, Error::AppNameReserved { name })
    }

    fn app_name_is_free(&self, name: AppName) -> Verdict {
        refuse_if(self.apps.values().any(|app| app.name == name), Error::AppNameTaken { name })
    }

    /// TEAM-6, APP-12: room for so many apps more.
    pub(super) fn room_for_apps(&self, owner: Owner, more: u64) -> Verdict {
        if more == 0 {
            return Ok(());
        }
        let actual = self.apps.values().filter(|app| app.owner == owner).count() as u64 + more;
        match owner {
            Owner::User(user) => {
                let limit = self.options.personal_apps_max;
                refuse_if(actual > u64::from(limit), Error::PersonalAppLimitReached { user, limit, actual })
            }
            Owner::Team(team) => match self.teams[&team].limits.apps {
                Some(limit) => refuse_if(actual > u64::from(limit), Error::AppLimitReached { team, limit, actual }),
                None => Ok(()),
            },
        }
    }

    /// Whoever does not hold `manage` is told so: by an error of its own where only admins do.
    fn managed(&self, by: By, app: AppId, otherwise: Error) -> Verdict {
        self.managed_if(self.manages_app(by.who, app), by, app, otherwise)
    }

    fn managed_if(&self, may: bool, by: By, app: AppId, otherwise: Error) -> Verdict {
        let kind = self.team_of(app).map(|team| self.teams[&team].kind);
        let error = match kind {
            Some(TeamKind::Standard) => Error::OnlyAdminsManageStandardApps { actor: by.who, app },
            _ => otherwise,
        };
        refuse_unless(may, error)
    }

    pub(super) fn allowed_by_table(&self, by: By, app: AppId, action: AppAction) -> Verdict {
        let held = self.held(by.who, app);
        let error = Error::ActionNeedsPermission { actor: by.who, app, action, held };
        refuse_unless(self.table_allows(by.who, action, app), error)
    }

    /// PERM-4, PERM-10, STD-3: whose say it is who is on the app.
    pub(super) fn shared(&self, by: By, app: AppId) -> Verdict {
        let error = match self.apps[&app].owner {
            Owner::User(_) => Error::OnlyOwnerSharesPersonalApp { actor: by.who, app },
            Owner::Team(_) => Error::OnlyManagersChangeAccess { actor: by.who, app },
        };
        self.managed(by, app, error)
    }

    /// PERM-10, STD-4: where no permissions are chosen.
    pub(super) fn permissions_chosen(&self, app: AppId) -> Verdict {
        let kind = self.team_of(app).map(|team| self.teams[&team].kind);
        refuse_if(kind.is_none(), Error::PermissionsOnPersonalApp { app })?;
        refuse_if(kind == Some(TeamKind::Standard), Error::PermissionsOnStandardApp { app })
    }

    /// What is somebody's own on an app: all of it as its owner or as an admin, else what they were given there, with `view`.
    fn given_on(&self, user: UserId, app: AppId) -> PermissionSet {
        if self.apps[&app].owner == Owner::User(user) || self.is_admin_of_app(user, app) {
            return PermissionSet::ALL;
        }
        self.grants.get(&(app, user)).copied().unwrap_or_default() | Permission::View
    }

    fn is_admin_of_app(&self, user: UserId, app: AppId) -> bool {
        self.team_of(app).is_some_and(|team| self.members.get(&(team, user)) == Some(&TeamRole::Admin))
    }

    /// PERM-7, TRF-4
    pub(super) fn take_off(&mut self, app: AppId, user: UserId) {
        self.grants.remove(&(app, user));
        self.transfers.retain(|_, transfer| !(transfer.app == app && transfer.recipient == user));
    }

    pub(super) fn app(&mut self, app: AppId) -> &mut App {
        self.apps.get_mut(&app).expect("an app")
    }
}

impl AppRules<By> for Model {
    fn create_app(&mut self, by: By, app: NewApp) -> Verdict {
        let new = serde_json::to_value(app).expect("a request");
        let (team, space): (Option<TeamId>, Option<SpaceId>) = (part(&new, "team"), part(&new, "space"));
        let (name, stack): (Option<AppName>, Option<Stack>) = (part(&new, "name"), part(&new, "stack"));
        let locked = part::<Lock>(&new, "lock") == Lock::Locked;
        let actor = by.who;

        let team = match space {
            Some(space) => {
                self.space_exists(space)?;
                refuse_unless(self.sees_space(actor, space), Error::SpaceHidden { actor, space })?;
                Some(self.spaces[&space].team)
            }
            None => team,
        };
        team.map_or(Ok(()), |team| self.team_exists(team))?;
        let owner = match team {
            Some(team) => {
                self.admitted(by, team)?;
                let creates = self.may(actor, team, Capability::CreateApps);
                refuse_unless(creates, Error::OnlyMembersCreateApps { actor, team })?;
                let locks = self.may(actor, team, Capability::CreateLockedApps);
                refuse_if(locked && !locks, Error::OnlyAdminsCreateLockedApps { actor, team })?;
                Owner::Team(team)
            }
            None => Owner::User(actor.user().ok_or(Error::OperatorOwnsNoApps {})?),
        };
        let creator = actor.user().expect("the operator creates nothing");
        if let Some((space, team)) = space.zip(team) {
            let everywhere = self.may(actor, team, Capability::CreateAppsInSpaces);
            let may = everywhere || self.app_creators.contains(&(space, creator));
            refuse_unless(may, Error::AppCreationNeedsSpacePermission { actor, space })?;
        }
        let (name, drawn) = match name {
            Some(name) => {
                self.app_name_is_allowed(name)?;
                (name, self.drawn)
            }
            None => self.draw()?,
        };
        self.app_name_is_free(name)?;
        self.room_for_apps(owner, 1)?;
        if let Some(space) = space {
            let (limit, inside) =
                (self.options.space_apps_max.get(), self.apps.values().filter(|app| app.space == Some(space)));
            let actual = inside.count() as u64 + 1;
            refuse_if(actual > u64::from(limit), Error::SpaceFull { space, limit, actual })?;
        }

        self.drawn = drawn;
        let id = AppId::from(self.fresh(by));
        let app = App {
            name,
            owner,
            owned_since: by.now,
            stack: stack.unwrap_or(self.options.default_stack),
            locked,
            space,
            number: self.seq + 1,
            created_at: by.now,
            changed_at: by.now,
            labels: BTreeMap::new(),
        };
        self.apps.insert(id, app);
        self.put_on_as_creator(creator, id);
        Ok(())
    }

    fn rename_app(&mut self, by: By, app: AppId, name: AppName) -> Verdict {
        self.app_exists(app)?;
        self.app_open(by, app)?;
        self.managed(by, app, Error::OnlyManagersRenameApps { actor: by.who, app })?;
        self.app_name_is_allowed(name)?;
        refuse_if(self.apps[&app].name == name, Error::AppNameUnchanged { app, name })?;
        self.app_name_is_free(name)?;
        self.app(app).name = name;
        Ok(())
    }

    /// LAB-1: by whoever may rename it.
    fn set_app_labels(&mut self, by: By, app: AppId, labels: Labels) -> Verdict {
        self.app_exists(app)?;
        self.app_open(by, app)?;
        self.managed(by, app, Error::OnlyManagersLabelApps { actor: by.who, app })?;
        let labels = row::labels(&labels);
        refuse_if(self.apps[&app].labels == labels, Error::AppLabelsUnchanged { app })?;
        self.app(app).labels = labels;
        Ok(())
    }

    fn delete_app(&mut self, by: By, app: AppId, confirmation: String) -> Verdict {
        self.app_exists(app)?;
        self.app_open(by, app)?;
        // APP-6
        let may = self.manages_app_from_inside(by.who, app);
        self.managed_if(may, by, app, Error::OnlyManagersDeleteApps { actor: by.who, app })?;
        refuse_unless(self.apps[&app].name == *confirmation.as_str(), Error::ConfirmationMismatch { app })?;
        self.apps.remove(&app);
        self.grants.retain(|(on, _), _| *on != app);
        self.group_grants.retain(|(on, _), _| *on != app);
        self.dynos.retain(|(of, _), _| *of != app);
        self.add_ons.retain(|_, add_on| add_on.app != app);
        self.releases.remove(&app);
        self.transfers.retain(|_, transfer| transfer.app != app);
        self.history.retain(|(of, ..)| *of != app);
        self.couplings.remove(&app);
        self.stop(by.now, |meter| matches!(meter, Meter::Dynos(of, _) | Meter::AddOn(of, _) if of == app));
        Ok(())
    }

    fn lock_app(&mut self, by: By, app: AppId) -> Verdict {
        self.app_exists(app)?;
        self.app_open(by, app)?;
        self.managed(by, app, Error::OnlyManagersLockApps { actor: by.who, app })?;
        refuse_if(self.apps[&app].locked, Error::AppAlreadyLocked { app })?;
        self.app(app).locked = true;
        Ok(())
    }

    fn unlock_app(&mut self, by: By, app: AppId) -> Verdict {
        self.app_exists(app)?;
        self.app_open(by, app)?;
        self.managed(by, app, Error::OnlyManagersLockApps { actor: by.who, app })?;
        refuse_unless(self.apps[&app].locked, Error::AppNotLocked { app })?;
        self.app(app).locked = false;
        Ok(())
    }

    fn scale_app(&mut self, by: By, app: AppId, process: ProcessType, size: DynoSize, quantity: u16) -> Verdict {
        self.app_exists(app)?;
        self.app_open(by, app)?;
        // RES-1: another number is scaling, another size is resizing; a call may be both.
        let before = self.dynos.get(&(app, process)).copied();
        let resizes = before.is_some_and(|(was, _)| quantity > 0 && was != size);
        if !resizes || before.is_some_and(|(_, was)| was != quantity) {
            self.allowed_by_table(by, app, AppAction::ScaleDynos)?;
        }
        if resizes {
            self.allowed_by_table(by, app, AppAction::ResizeDynos)?;
        }
        let of_team = self.team_of(app).is_some();
        if quantity > 0 {
            refuse_if(of_team && size == DynoSize::Eco, Error::EcoInTeam { app })?;
            let [private, shielded] = ["private-", "shield-"].map(|kind| size.code().starts_with(kind));
            if let Some(space) = self.apps[&app].space {
                let shield = self.spaces[&space].shield;
                let fits = if shield == Shield::On { shielded } else { private };
                refuse_unless(fits, Error::DynoUnfitForSpace { app, size, shield })?;
            } else {
                refuse_if(private || shielded, Error::PrivateDynoOutsideSpace { app, size })?;
            }
        }
        let after = Some((size, quantity)).filter(|_| quantity > 0);
        refuse_if(before == after, Error::FormationUnchanged { app, process, size, quantity })?;
        let load = |(size, quantity)| Load::Dynos(size, quantity);
        let added: Vec<Load> = after.map(load).into_iter().collect();
        self.room_for_use(self.apps[&app].owner, &[], before.map(load), &added)?;
        let limit = PROCESS_TYPES_MAX;
        let others = self.dynos.keys().filter(|(of, one)| *of == app && *one != process).count();
        refuse_if(after.is_some() && others >= limit, Error::FormationFull { app, limit })?;

        let meter = Meter::Dynos(app, process);
        self.stop(by.now, |running| running == meter);
        self.dynos.remove(&(app, process));
        if let Some((size, quantity)) = after {
            self.dynos.insert((app, process), (size, quantity));
            self.start(by.now, meter, self.apps[&app].owner, Load::Dynos(size, quantity));
        }
        Ok(())
    }
}

impl Model {
    /// PERM-7, and X-10 where nothing would change.
    fn not_on(&self, user: UserId, app: AppId, permissions: PermissionSet) -> Verdict {
        let held = self.grants.get(&(app, user)).copied();
        refuse_if(held == Some(permissions), Error::PermissionsUnchanged { app, user, permissions })?;
        refuse_if(held.is_some(), Error::AlreadyOnApp { app, user })
    }
}

impl PermissionRules<By> for Model {
    fn join_app(&mut self, by: By, app: AppId) -> Verdict {
        self.app_exists(app)?;
        self.app_open(by, app)?;
        let none = Error::OnlyMembersJoinApps { actor: by.who, app };
        let Some((team, user)) = self.team_of(app).zip(by.who.user()) else { return Err(none) };
        refuse_unless(self.may(by.who, team, Capability::JoinApps), none)?;
        refuse_if(self.is_admin(by.who, team), Error::AdminHoldsAll { app, user })?;
        let joined = match self.teams[&team].kind {
            TeamKind::Enterprise => PermissionSet::VIEW,
            TeamKind::Standard => PermissionSet::WORK,
        };
        self.not_on(user, app, joined)?;
        refuse_if(self.apps[&app].locked, Error::AppIsLocked { app })?;
        self.grants.insert((app, user), joined);
        Ok(())
    }

    fn grant_permissions(&mut self, by: By, app: AppId, user: UserId, given: PermissionSet) -> Verdict {
        self.app_exists(app)?;
        self.user_exists(user)?;
        self.app_open(by, app)?;
        self.shared(by, app)?;
        // PERM-5, GRP-3, ROLE-1: who manages it through groups or a role of the team's own alone.
        let own = by.who.user() == Some(user) && !self.given_on(user, app).contains(Permission::Manage);
        refuse_if(own, Error::OwnGrantCannotGrow { actor: by.who, app })?;
        self.permissions_chosen(app)?;
        refuse_if(self.is_admin_of_app(user, app), Error::AdminHoldsAll { app, user })?;
        self.not_on(user, app, given | Permission::View)?;
        self.receives(user)?;
        self.grants.insert((app, user), given | Permission::View);
        Ok(())
    }

    fn add_collaborator(&mut self, by: By, app: AppId, user: UserId) -> Verdict {
        self.app_exists(app)?;
        self.user_exists(user)?;
        self.app_open(by, app)?;
        let (actor, locked) = (by.who, self.apps[&app].locked);
        match self.team_of(app) {
            Some(team) if self.teams[&team].kind == TeamKind::Standard => {
                let may = self.may(actor, team, Capability::AddCollaborators);
                refuse_unless(may, Error::OnlyMembersAddCollaborators { actor, app })?;
                let kept_out = locked && !self.is_admin(actor, team);
                refuse_if(kept_out, Error::OnlyManagersShareLockedApps { actor, app })?;
                // PERM-5: other people.
                let own = actor.user() == Some(user) && !self.is_admin(actor, team);
                refuse_if(own, Error::OwnGrantCannotGrow { actor, app })?;
            }
            Some(_) => {
                self.shared(by, app)?;
                return Err(Error::PermissionsMissing { app });
            }
            None => self.shared(by, app)?,
        }
        refuse_if(self.is_admin_of_app(user, app), Error::AdminHoldsAll { app, user })?;
        refuse_if(self.apps[&app].owner == Owner::User(user), Error::OwnerHoldsAll { app, user })?;
        self.not_on(user, app, PermissionSet::WORK)?;
        self.receives(user)?;
        self.grants.insert((app, user), PermissionSet::WORK);
        Ok(())
    }

    fn set_permissions(&mut self, by: By, app: AppId, user: UserId, given: PermissionSet) -> Verdict {
        self.app_exists(app)?;
        self.user_exists(user)?;
        self.app_open(by, app)?;
        self.shared(by, app)?;
        // PERM-5
        let after = given | Permission::View;
        let adds = after.iter().any(|one| !self.given_on(user, app).contains(one));
        let own = by.who.user() == Some(user);
        refuse_if(own && adds, Error::OwnGrantCannotGrow { actor: by.who, app })?;
        self.permissions_chosen(app)?;
        refuse_if(self.is_admin_of_app(user, app), Error::AdminPermissionsFixed { app, user })?;
        refuse_unless(self.is_on(user, app), Error::NotOnApp { app, user })?;
        let before = self.grants[&(app, user)];
        refuse_if(before == after, Error::PermissionsUnchanged { app, user, permissions: after })?;
        // SUS-1
        let more = after.iter().any(|one| !before.contains(one));
        if more {
            self.receives(user)?;
        }
        self.grants.insert((app, user), after);
        Ok(())
    }

    fn remove_collaborator(&mut self, by: By, app: AppId, user: UserId) -> Verdict {
        self.app_exists(app)?;
        self.user_exists(user)?;
        // PERM-8, SEC-5: anybody can leave.
        if by.who.user() == Some(user) {
            refuse_unless(self.sees_app(by.who, app), Error::AppHidden { actor: by.who, app })?;
            self.team_of(app).map_or(Ok(()), |team| self.client_let_in(by, team))?;
        } else {
            self.app_open(by, app)?;
            self.shared(by, app)?;
        }
        // PERM-1, PERM-6: of an admin, what sleeps.
        let fixed = self.is_admin_of_app(user, app) && !self.is_on(user, app);
        refuse_if(fixed, Error::AdminPermissionsFixed { app, user })?;
        refuse_if(self.apps[&app].owner == Owner::User(user), Error::OwnerHoldsAll { app, user })?;
        refuse_unless(self.is_on(user, app), Error::NotOnApp { app, user })?;
        self.take_off(app, user);
        Ok(())
    }
}
