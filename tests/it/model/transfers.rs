//! TRF and STD-5: apps change owner.

use enterprise_teams::testing::rules::TransferRules;
use enterprise_teams::{
    AppId, Capability, Error, Owner, PermissionSet, TeamKind, TeamRole, UserId, entity::DynoSize, error::Truncated,
    ids::TransferId, settings::BULK_APPS_MAX,
};

use super::state::{Model, Time, Transfer};
use super::verdict::{By, Verdict, refuse_if, refuse_unless};

impl Model {
    /// Whether the app may move, when these others move there before it.
    pub(super) fn may_move(&self, by: By, app: AppId, to: Owner, others: &[AppId]) -> Verdict {
        self.app_exists(app)?;
        self.owner_exists(to)?;
        self.app_open(by, app)?;
        self.admitted_to(by, to)?;
        let (actor, from) = (by.who, self.apps[&app].owner);
        match (from, to) {
            // TRF-1, TRF-4
            (Owner::User(owner), _) => {
                let own = actor.user() == Some(owner);
                refuse_unless(own, Error::OnlyOwnerTransfersPersonalApp { actor, app })?;
                if let Owner::Team(team) = to {
                    let inside = self.may(actor, team, Capability::CreateApps);
                    refuse_unless(inside, Error::OnlyMembersTransferIn { actor, team })?;
                }
            }
            (Owner::Team(team), _) => {
                let is_admin = self.is_admin(actor, team);
                // STD-5
                if self.teams[&team].kind == TeamKind::Standard {
                    refuse_unless(is_admin, Error::OnlyAdminsTransferStandardApps { actor, app })?;
                }
                // TRF-2, TRF-3
                let may = is_admin || self.manages_app_from_inside(actor, app);
                match to {
                    Owner::Team(team) => {
                        refuse_unless(may, Error::OnlyManagersTransferApps { actor, app })?;
                        let open = self.may(actor, team, Capability::CreateApps);
                        refuse_unless(open, Error::ReceivingTeamClosed { actor, team })?;
                    }
                    Owner::User(_) => refuse_unless(may, Error::OnlyManagersGiveApps { actor, app })?,
                }
            }
        }
        if let (Owner::User(_), Owner::User(_)) = (from, to) {
            refuse_if(from != to, Error::TransferNeedsRequest { app })?;
        }
        if let Some(space) = self.apps[&app].space {
            return Err(Error::AppInSpace { app, space });
        }
        refuse_if(from == to, Error::AlreadyOwner { app, owner: to })?;
        if let (Owner::Team(team), Owner::User(user)) = (from, to) {
            let known = self.members.contains_key(&(team, user)) || self.is_on(user, app);
            refuse_unless(known, Error::NewOwnerIsStranger { app, user })?;
            self.receives(user)?;
        }
        self.room_for_apps(to, others.len() as u64 + 1)?;
        let before: Vec<_> = others.iter().flat_map(|app| self.loads_in_team(*app)).collect();
        self.room_for_use(to, &before, None, &self.loads_in_team(app))
    }

    /// TRF-5, TRF-6, TRF-11: the app is the new owner's from now on.
    pub(super) fn change_owner(&mut self, now: Time, app: AppId, to: Owner) {
        let from = self.apps[&app].owner;
        let before = self.app(app).owned_since;
        self.history.push((app, from, before, now));
        (self.app(app).owner, self.app(app).owned_since) = (to, now);
        self.transfers.retain(|_, transfer| transfer.app != app);
        // GRP-4
        self.group_grants.retain(|(on, _), _| *on != app);
        match to {
            Owner::User(_) => self.grants.retain(|(on, _), _| *on != app),
            Owner::Team(team) => {
                // PERM-6: what sleeps ends where its holder is not.
                let members = &self.members;
                let asleep = |user| from.team().and_then(|old| members.get(&(old, user))) == Some(&TeamRole::Admin);
                let ends = |user| asleep(user) && !members.contains_key(&(team, user));
                self.grants.retain(|(on, user), _| !(*on == app && ends(*user)));
                if self.teams[&team].kind == TeamKind::Standard {
                    self.level_grants(|on| on == app);
                }
                if let Owner::User(owner) = from {
                    self.put_on_as_creator(owner, app);
                }
                for (_, (size, _)) in self.dynos.iter_mut().filter(|((of, _), _)| *of == app) {
                    if *size == DynoSize::Eco {
                        *size = DynoSize::Standard1X;
                    }
                }
            }
        }
        self.bill_owner(now, app);
    }

    /// TRF-11, STD-4: where no permissions are chosen, everybody on an app holds the same; whoever held less is taken off.
    pub(super) fn level_grants(&mut self, of: impl Fn(AppId) -> bool) {
        let all = |held: &PermissionSet| PermissionSet::WORK.iter().all(|one| held.contains(one));
        self.grants.retain(|(app, _), held| !of(*app) || all(held));
        for (_, held) in self.grants.iter_mut().filter(|((app, _), _)| of(*app)) {
            *held = PermissionSet::WORK;
        }
    }

    /// TRF-7
    fn move_alone(&mut self, now: Time, app: AppId, to: Owner) {
        self.couplings.remove(&app);
        self.change_owner(now, app, to);
    }

    /// Which of them may move, one after the other, and why the others may not.
    pub(super) fn sort_out(&self, by: By, apps: &[AppId], to: Owner) -> (Vec<AppId>, Vec<(AppId, Error)>) {
        let (mut movable, mut refused) = (Vec::new(), Vec::new());
        for app in apps {
            match self.may_move(by, *app, to, &movable) {
                Ok(()) => movable.push(*app),
                Err(error) => refused.push((*app, error)),
            }
        }
        (movable, refused)
    }

    fn own_transfer(&self, by: By, transfer: TransferId) -> Verdict {
        self.transfer_exists(transfer)?;
        let own = by.who.user() == Some(self.transfers[&transfer].recipient);
        refuse_unless(own, Error::OnlyRecipientAnswersTransfer { actor: by.who, transfer })
    }

    fn transfer_several(&mut self, by: By, apps: &[AppId], to: Owner, all: bool) -> Verdict {
        self.owner_exists(to)?;
        self.admitted_to(by, to)?;
        let (count, max) = (apps.len(), BULK_APPS_MAX);
        refuse_unless((1..=max).contains(&count), Error::BulkSizeInvalid { count, max })?;
        let twice = apps.iter().filter(|app| apps.iter().filter(|other| other == app).count() > 1).min();
        twice.map_or(Ok(()), |app| Err(Error::AppNamedTwice { app: *app }))?;
        let (movable, refused) = self.sort_out(by, apps, to);
        let none = if all { !refused.is_empty() } else { movable.is_empty() };
        let listed = Truncated { total: refused.len(), shown: refused.clone() };
        refuse_if(none, Error::BulkRefused { apps: Box::new(listed) })?;
        self.left_out = refused;
        for app in movable {
            self.move_alone(by.now, app, to);
        }
        Ok(())
    }
}

impl TransferRules<By> for Model {
    fn transfer_app(&mut self, by: By, app: AppId, to: Owner) -> Verdict {
        self.may_move(by, app, to, &[])?;
        self.move_alone(by.now, app, to);
        Ok(())
    }

    fn transfer_apps(&mut self, by: By, apps: Vec<AppId>, to: Owner) -> Verdict {
        self.transfer_several(by, &apps, to, true)
    }

    fn transfer_movable_apps(&mut self, by: By, apps: Vec<AppId>, to: Owner) -> Verdict {
        self.transfer_several(by, &apps, to, false)
    }

    fn request_app_transfer(&mut self, by: By, app: AppId, recipient: UserId) -> Verdict {
        self.app_exists(app)?;
        self.user_exists(recipient)?;
        self.app_open(by, app)?;
        let owner = self.apps[&app].owner;
        refuse_unless(
            self.manages_app_from_inside(by.who, app),
            Error::OnlyOwnerRequestsTransfer { actor: by.who, app },
        )?;
        let Owner::User(user) = owner else { return Err(Error::RequestOnTeamApp { app }) };
        refuse_if(user == recipient, Error::AlreadyOwner { app, owner })?;
        refuse_unless(self.is_on(recipient, app), Error::RecipientNotOnApp { app, user: recipient })?;
        for (transfer, one) in &self.transfers {
            refuse_if(one.app == app, Error::TransferAlreadyPending { app, transfer: *transfer })?;
        }
        self.receives(recipient)?;
        let id = self.fresh(by).into();
        self.transfers.insert(id, Transfer { app, owner: user, recipient, at: by.now });
        Ok(())
    }

    fn accept_app_transfer(&mut self, by: By, transfer: TransferId) -> Verdict {
        self.own_transfer(by, transfer)?;
        let Transfer { app, owner, recipient, .. } = self.transfers[&transfer];
        self.room_for_apps(Owner::User(recipient), 1)?;
        // TRF-4: everybody stays on it, and the owners change places.
        let mut on_it: Vec<UserId> = self.grants.keys().filter(|(on, _)| *on == app).map(|(_, user)| *user).collect();
        on_it.retain(|user| *user != recipient);
        on_it.push(owner);
        self.move_alone(by.now, app, Owner::User(recipient));
        self.grants.extend(on_it.into_iter().map(|user| ((app, user), PermissionSet::WORK)));
        Ok(())
    }

    fn decline_app_transfer(&mut self, by: By, transfer: TransferId) -> Verdict {
        self.own_transfer(by, transfer)?;
        self.transfers.remove(&transfer);
        Ok(())
    }

    fn cancel_app_transfer(&mut self, by: By, transfer: TransferId) -> Verdict {
        self.transfer_exists(transfer)?;
        let own = by.who.user() == Some(self.transfers[&transfer].owner);
        refuse_unless(own, Error::OnlyOwnerCancelsTransfer { actor: by.who, transfer })?;
        self.transfers.remove(&transfer);
        Ok(())
    }
}
