//! RES-2 and RES-3: add-ons.

use super::state::{AddOn, Load, Meter, Model};
use super::verdict::{By, Verdict, refuse_if, refuse_unless};
use enterprise_teams::testing::rules::ResourceRules;
use enterprise_teams::{
    AppAction, AppId, Capability, Error, Owner, TeamId, TeamKind,
    entity::{AddOnControls, Plan},
    ids::AddOnId,
    names::ServiceName,
    settings::{ADD_ONS_MAX, ALLOWED_ADD_ONS_MAX},
};

impl Model {
    /// The table's permission, and for paid plans more than a place on the app (PERM-10, STD-4).
    fn may_change_add_ons(&self, by: By, app: AppId, action: AppAction, paid: bool) -> Verdict {
        let actor = by.who;
        self.allowed_by_table(by, app, action)?;
        match self.apps[&app].owner {
            Owner::User(owner) => {
                let foreign = actor.user() != Some(owner);
                refuse_if(paid && foreign, Error::OnlyOwnerPaysForAddOns { actor, app, action })
            }
            Owner::Team(team) => {
                let standard = self.teams[&team].kind == TeamKind::Standard;
                let foreign = actor.user().is_some_and(|user| self.is_collaborator(user, team));
                refuse_if(paid && standard && foreign, Error::OnlyTeamPaysForAddOns { actor, app, action })
            }
        }
    }
}

impl ResourceRules<By> for Model {
    fn install_add_on(&mut self, by: By, app: AppId, service: ServiceName, plan: Plan) -> Verdict {
        self.app_exists(app)?;
        self.app_open(by, app)?;
        let paid = plan.price > 0;
        let action = if paid { AppAction::AddPaidAddOn } else { AppAction::AddFreeAddOn };
        self.may_change_add_ons(by, app, action, paid)?;
        if let Some(team) = self.team_of(app) {
            let controlled =
                self.teams[&team].controls == AddOnControls::On && !self.may(by.who, team, Capability::InstallAnyAddOn);
            let listed = self.allowed.contains(&(team, service));
            refuse_if(controlled && !listed, Error::AddOnNotAllowed { app, service })?;
        }
        self.room_for_use(self.apps[&app].owner, &[], None, &[Load::AddOn(service, plan)])?;
        let (limit, installed) = (ADD_ONS_MAX, self.add_ons.values().filter(|one| one.app == app).count());
        refuse_if(installed >= limit, Error::AddOnsFull { app, limit })?;
        let id = AddOnId::from(self.fresh(by));
        self.add_ons.insert(id, AddOn { app, service, plan, installed_at: by.now });
        self.start(by.now, Meter::AddOn(app, id), self.apps[&app].owner, Load::AddOn(service, plan));
        Ok(())
    }

    fn change_add_on_plan(&mut self, by: By, add_on: AddOnId, plan: Plan) -> Verdict {
        self.add_on_exists(add_on)?;
        let AddOn { app, service, plan: before, .. } = self.add_ons[&add_on];
        self.app_open(by, app)?;
        let paid = plan.price > 0 || before.price > 0;
        let action = if paid { AppAction::ChangePaidAddOnPlan } else { AppAction::ChangeFreeAddOnPlan };
        self.may_change_add_ons(by, app, action, paid)?;
        refuse_if(before == plan, Error::PlanUnchanged { add_on, plan: plan.name })?;
        let replaced = Some(Load::AddOn(service, before));
        self.room_for_use(self.apps[&app].owner, &[], replaced, &[Load::AddOn(service, plan)])?;
        self.add_ons.get_mut(&add_on).expect("an add-on").plan = plan;
        let meter = Meter::AddOn(app, add_on);
        self.stop(by.now, |running| running == meter);
        self.start(by.now, meter, self.apps[&app].owner, Load::AddOn(service, plan));
        Ok(())
    }

    fn remove_add_on(&mut self, by: By, add_on: AddOnId) -> Verdict {
        self.add_on_exists(add_on)?;
        let AddOn { app, plan, .. } = self.add_ons[&add_on];
        self.app_open(by, app)?;
        let paid = plan.price > 0;
        let action = if paid { AppAction::RemovePaidAddOn } else { AppAction::RemoveFreeAddOn };
        self.may_change_add_ons(by, app, action, paid)?;
        self.add_ons.remove(&add_on);
        self.stop(by.now, |running| running == Meter::AddOn(app, add_on));
        Ok(())
    }

    fn set_add_on_controls(&mut self, by: By, team: TeamId, controls: AddOnControls) -> Verdict {
        self.team_open(by, team)?;
        refuse_unless(
            self.may(by.who, team, Capability::ManageAddOnAllowlist),
            Error::OnlyAdminsSetAddOnControls { actor: by.who, team },
        )?;
        refuse_if(self.teams[&team].controls == controls, Error::AddOnControlsUnchanged { team, controls })?;
        self.team(team).controls = controls;
        Ok(())
    }

    fn allow_add_on(&mut self, by: By, team: TeamId, service: ServiceName) -> Verdict {
        self.team_open(by, team)?;
        refuse_unless(
            self.may(by.who, team, Capability::ManageAddOnAllowlist),
            Error::OnlyAdminsChangeAllowlist { actor: by.who, team },
        )?;
        refuse_if(self.allowed.contains(&(team, service)), Error::ServiceAlreadyAllowed { team, service })?;
        let limit = ALLOWED_ADD_ONS_MAX;
        let listed = self.allowed.iter().filter(|(of, _)| *of == team).count();
        refuse_if(listed >= limit, Error::AllowlistFull { team, limit })?;
        self.allowed.insert((team, service));
        Ok(())
    }

    fn disallow_add_on(&mut self, by: By, team: TeamId, service: ServiceName) -> Verdict {
        self.team_open(by, team)?;
        refuse_unless(
            self.may(by.who, team, Capability::ManageAddOnAllowlist),
            Error::OnlyAdminsChangeAllowlist { actor: by.who, team },
        )?;
        refuse_unless(self.allowed.contains(&(team, service)), Error::ServiceNotListed { team, service })?;
        self.allowed.remove(&(team, service));
        Ok(())
    }
}
