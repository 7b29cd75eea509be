//! PIPE: pipelines, couplings, releases and promotion.

use std::collections::BTreeMap;

use enterprise_teams::testing::rules::PipelineRules;
use enterprise_teams::{
    AppAction, AppId, Capability, Error, Owner, Permission, PipelineId, SpaceId, Stage, TeamId,
    entity::Labels,
    names::{Description, PipelineName},
    settings::BULK_APPS_MAX,
};

use super::seen::row;
use super::state::{Model, Pipeline};
use super::verdict::{By, Verdict, first, refuse_if, refuse_unless};

impl Model {
    /// Who acts sees the pipeline, is let in and manages it.
    fn manages_pipeline(&self, by: By, pipeline: PipelineId) -> Verdict {
        let (actor, owner) = (by.who, self.pipelines[&pipeline].owner);
        refuse_unless(self.sees_pipeline(actor, pipeline), Error::PipelineHidden { actor, pipeline })?;
        self.admitted_to(by, owner)?;
        refuse_unless(self.manages_pipelines_of(actor, owner), Error::OnlyOwnersManagePipelines { actor, pipeline })
    }

    /// The place of an app in a pipeline that who acts manages and deploys to.
    fn managed_place(&self, by: By, app: AppId) -> Result<(PipelineId, Stage), Error> {
        self.app_exists(app)?;
        self.app_open(by, app)?;
        let place = self.couplings.get(&app);
        place.map_or(Ok(()), |(pipeline, _)| self.manages_pipeline(by, *pipeline))?;
        self.couples(by, app)?;
        place.copied().ok_or(Error::AppNotInPipeline { app })
    }

    /// PIPE-2
    fn couples(&self, by: By, app: AppId) -> Verdict {
        let deploys = self.held(by.who, app).contains(Permission::Deploy);
        refuse_unless(deploys, Error::CouplingNeedsDeploy { actor: by.who, app })
    }

    /// The apps of a pipeline, by name.
    pub(super) fn apps_in(&self, pipeline: PipelineId) -> Vec<AppId> {
        let inside = self.couplings.iter().filter(|(_, (of, _))| *of == pipeline);
        let mut apps: Vec<AppId> = inside.map(|(app, _)| *app).collect();
        apps.sort_by_key(|app| self.apps[app].name);
        apps
    }

    fn run_release(&mut self, app: AppId, description: &str) {
        let number = self.releases.get(&app).map_or(1, |(number, _)| number + 1);
        self.releases.insert(app, (number, description.to_owned()));
    }

    /// SPC-8: pipelines whose apps, of which there is one at least, are all inside the space.
    pub(super) fn pipelines_inside(&self, space: SpaceId, team: TeamId) -> Vec<PipelineId> {
        let of_team = self.pipelines.iter().filter(|(_, pipeline)| pipeline.owner == Owner::Team(team));
        let inside = |pipeline: &PipelineId| {
            let apps = self.apps_in(*pipeline);
            !apps.is_empty() && apps.iter().all(|app| self.apps[app].space == Some(space))
        };
        of_team.map(|(id, _)| *id).filter(inside).collect()
    }

    fn promote(&mut self, by: By, app: AppId, chosen: Option<&[AppId]>) -> Verdict {
        let actor = by.who;
        self.app_exists(app)?;
        self.app_open(by, app)?;
        let deploys = |app| self.held(actor, app).contains(Permission::Deploy);
        refuse_unless(deploys(app), Error::PromotionNeedsDeploy { actor, app })?;
        refuse_if(chosen.is_some_and(|chosen| chosen.contains(&app)), Error::PromotionToSelf { app })?;
        let (count, max) = (chosen.map_or(0, <[AppId]>::len), BULK_APPS_MAX);
        refuse_if(count > max, Error::TooManyTargets { count, max })?;
        let (pipeline, stage) = *self.couplings.get(&app).ok_or(Error::AppNotInPipeline { app })?;
        let next = match stage {
            Stage::Development => Some(Stage::Staging),
            Stage::Staging => Some(Stage::Production),
            Stage::Review | Stage::Test | Stage::Production => None,
        };
        let promotable = match chosen {
            None => next.is_some(),
            Some(_) => stage != Stage::Production,
        };
        refuse_unless(promotable, Error::StageNotPromotable { app, stage })?;
        let released = self.releases.get(&app);
        let (number, _) = released.ok_or(Error::NoRelease { app })?;
        let description = format!("Promote {} v{number}", self.apps[&app].name);

        let inside = |app: AppId| self.couplings.get(&app).is_some_and(|(of, _)| *of == pipeline);
        let targets: Vec<AppId> = match chosen {
            None => {
                let in_next = |app: &AppId| Some(self.couplings[app].1) == next;
                self.apps_in(pipeline).into_iter().filter(in_next).filter(|app| self.sees_app(actor, *app)).collect()
            }
            Some(chosen) => chosen.to_vec(),
        };
        refuse_if(targets.is_empty(), Error::NoTargets { app })?;
        let fits = |app: AppId| {
            self.app_exists(app)?;
            self.app_open(by, app)?;
            refuse_unless(deploys(app), Error::PromotionNeedsDeploy { actor, app })?;
            refuse_unless(inside(app), Error::TargetOutsidePipeline { app, pipeline })
        };
        let (mut taken, mut refused) = (Vec::new(), Vec::new());
        for target in targets {
            match fits(target) {
                Err(error) => refused.push((target, error)),
                Ok(()) if taken.contains(&target) => refused.push((target, Error::AppNamedTwice { app: target })),
                Ok(()) => taken.push(target),
            }
        }
        refuse_if(taken.is_empty(), Error::PromotionRefused { apps: Box::new(first(refused.clone())) })?;
        self.left_out = refused;
        for target in taken {
            self.run_release(target, &description);
        }
        Ok(())
    }
}

impl PipelineRules<By> for Model {
    fn create_pipeline(&mut self, by: By, owner: Owner, name: PipelineName) -> Verdict {
        self.owner_exists(owner)?;
        self.admitted_to(by, owner)?;
        let error = match owner {
            Owner::User(user) => Error::OnlyOwnerListsPersonalApps { actor: by.who, user },
            Owner::Team(team) => Error::OnlyMembersCreatePipelines { actor: by.who, team },
        };
        refuse_unless(self.manages_pipelines_of(by.who, owner), error)?;
        let id = self.fresh(by).into();
        self.pipelines.insert(
            id,
            Pipeline {
                name,
                owner,
                number: self.seq + 1,
                created_at: by.now,
                changed_at: by.now,
                labels: BTreeMap::new(),
            },
        );
        Ok(())
    }

    fn rename_pipeline(&mut self, by: By, pipeline: PipelineId, name: PipelineName) -> Verdict {
        self.pipeline_exists(pipeline)?;
        self.manages_pipeline(by, pipeline)?;
        refuse_if(self.pipelines[&pipeline].name == name, Error::PipelineNameUnchanged { pipeline, name })?;
        self.pipelines.get_mut(&pipeline).expect("a pipeline").name = name;
        Ok(())
    }

    /// LAB-1: by whoever may rename it.
    fn set_pipeline_labels(&mut self, by: By, pipeline: PipelineId, labels: Labels) -> Verdict {
        self.pipeline_exists(pipeline)?;
        self.manages_pipeline(by, pipeline)?;
        let labels = row::labels(&labels);
        refuse_if(self.pipelines[&pipeline].labels == labels, Error::PipelineLabelsUnchanged { pipeline })?;
        self.pipelines.get_mut(&pipeline).expect("a pipeline").labels = labels;
        Ok(())
    }

    fn delete_pipeline(&mut self, by: By, pipeline: PipelineId) -> Verdict {
        self.pipeline_exists(pipeline)?;
        self.manages_pipeline(by, pipeline)?;
        for (app, _) in self.couplings.iter().filter(|(_, (of, _))| *of == pipeline) {
            self.couples(by, *app)?;
        }
        self.pipelines.remove(&pipeline);
        self.couplings.retain(|_, (of, _)| *of != pipeline);
        Ok(())
    }

    fn couple_app(&mut self, by: By, pipeline: PipelineId, app: AppId, stage: Stage) -> Verdict {
        self.pipeline_exists(pipeline)?;
        self.app_exists(app)?;
        let (actor, owner) = (by.who, self.pipelines[&pipeline].owner);
        refuse_unless(self.sees_app(actor, app), Error::AppHidden { actor, app })?;
        refuse_unless(self.sees_pipeline(actor, pipeline), Error::PipelineHidden { actor, pipeline })?;
        self.admitted_to(by, owner)?;
        self.admitted_to(by, self.apps[&app].owner)?;
        self.manages_pipeline(by, pipeline)?;
        self.couples(by, app)?;
        refuse_if(self.apps[&app].owner != owner, Error::OwnersDiffer { app, pipeline })?;
        let coupled = self.couplings.get(&app).copied();
        refuse_if(coupled == Some((pipeline, stage)), Error::StageUnchanged { app, stage })?;
        if let Some((pipeline, _)) = coupled {
            return Err(Error::AppInPipeline { app, pipeline });
        }
        self.couplings.insert(app, (pipeline, stage));
        Ok(())
    }

    fn set_stage(&mut self, by: By, app: AppId, stage: Stage) -> Verdict {
        let (pipeline, before) = self.managed_place(by, app)?;
        refuse_if(before == stage, Error::StageUnchanged { app, stage })?;
        self.couplings.insert(app, (pipeline, stage));
        Ok(())
    }

    fn uncouple_app(&mut self, by: By, app: AppId) -> Verdict {
        self.managed_place(by, app)?;
        self.couplings.remove(&app);
        Ok(())
    }

    fn transfer_pipeline(&mut self, by: By, pipeline: PipelineId, to: Owner) -> Verdict {
        self.pipeline_exists(pipeline)?;
        self.owner_exists(to)?;
        let (actor, from) = (by.who, self.pipelines[&pipeline].owner);
        refuse_unless(self.sees_pipeline(actor, pipeline), Error::PipelineHidden { actor, pipeline })?;
        self.admitted_to(by, from)?;
        self.admitted_to(by, to)?;
        self.manages_pipeline(by, pipeline)?;
        let apps = self.apps_in(pipeline);
        let open = match (from, to) {
            _ if from == to => true,
            (_, Owner::Team(team)) => self.may(actor, team, Capability::ManagePipelines),
            // Each app says who may have it; without apps the team does.
            (Owner::Team(team), Owner::User(user)) => !apps.is_empty() || self.members.contains_key(&(team, user)),
            (Owner::User(_), Owner::User(_)) => !apps.is_empty(),
        };
        refuse_unless(open, Error::PipelineReceiverClosed { actor, to })?;
        refuse_if(from == to, Error::PipelineAlreadyOwned { pipeline, owner: to })?;
        let (movable, refused) = self.sort_out(by, &apps, to);
        let apps = Box::new(first(refused));
        refuse_if(apps.total > 0, Error::PipelineNotMovable { pipeline, apps })?;
        if let Owner::User(user) = to {
            self.receives(user)?;
        }
        for app in movable {
            self.change_owner(by.now, app, to);
        }
        self.pipelines.get_mut(&pipeline).expect("a pipeline").owner = to;
        Ok(())
    }

    fn release_app(&mut self, by: By, app: AppId, description: Description) -> Verdict {
        self.app_exists(app)?;
        self.app_open(by, app)?;
        self.allowed_by_table(by, app, AppAction::PushCode)?;
        self.run_release(app, description.as_str());
        Ok(())
    }

    fn promote_app(&mut self, by: By, app: AppId) -> Verdict {
        self.promote(by, app, None)
    }

    fn promote_app_to(&mut self, by: By, app: AppId, targets: Vec<AppId>) -> Verdict {
        self.promote(by, app, Some(&targets))
    }
}
