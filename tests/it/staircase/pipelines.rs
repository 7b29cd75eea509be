//! the staircases of pipelines, of what is in them, and of promotion.

use enterprise_teams::demo::Demo;
use enterprise_teams::{
    Actor, AppId, NewApp, NewTeam, Operation as O, Owner, Permission, PermissionSet, PipelineId, Stage, TeamRole,
    TeamStore, entity::Labels, settings::BULK_APPS_MAX,
};

use super::{ALLOWED, APP, Climbed, DENIED, PIPELINE, TEAM, USER, apps, closed, stairs};
use crate::support::{app_name, id, labels, read, team_name, through_client as via};

/// The sample store with a pipeline of `acme` that holds `website`, and one of Joe's that holds an app which Jill is on. Max is a
/// member of `acme` who sees its apps and no more.
struct Flows {
    demo: Demo,
    flow: PipelineId,
    joes: PipelineId,
    own: AppId,
}

fn flows() -> Flows {
    let mut demo = closed();
    let Demo { store, ada, joe, jill, max, acme, website, .. } = &mut demo;
    store.add_member(*ada, *acme, id(*max), TeamRole::Member).unwrap();
    let flow = store.create_pipeline(*joe, *acme, read("acme-flow")).unwrap();
    let joes = store.create_pipeline(*joe, id(*joe), read("joes-flow")).unwrap();
    let own = store.create_app(*joe, NewApp::personal()).unwrap();
    store.add_collaborator(*joe, own, id(*jill)).unwrap();
    store.couple_app(*joe, flow, *website, Stage::Staging).unwrap();
    store.couple_app(*joe, joes, own, Stage::Staging).unwrap();
    Flows { demo, flow, joes, own }
}

pub(super) fn created() -> Vec<Climbed> {
    let Demo { store, ada, joe, vera, acme, .. } = closed();
    let create = |owner: Owner| O::CreatePipeline { owner, name: read("acme-flow") };
    let in_team = stairs(store.clone(), create(TEAM.into()))
        .by(via(vera), "team-not-found")
        .with(create(acme.into()), "oauth-denied")
        .by(vera, "only-members-create-pipelines")
        .end_by(joe, "pipeline-created");
    let personal = stairs(store, create(USER.into()))
        .by(joe, "user-not-found")
        .with(create(id(ada).into()), "only-owner-lists-personal-apps")
        .end_by(via(ada), "pipeline-created");
    vec![in_team, personal]
}

pub(super) fn managed() -> Vec<Climbed> {
    let Flows { demo: Demo { mut store, joe, vera, jill, sam, max, acme, website, .. }, flow, joes, own } = flows();
    let spare = [acme.into(), id(joe).into()].map(|owner: Owner| match owner {
        Owner::Team(team) => store.create_app(joe, NewApp::in_team(team)).unwrap(),
        Owner::User(_) => store.create_app(joe, NewApp::personal()).unwrap(),
    });
    for person in [vera, jill] {
        store.add_collaborator(joe, spare[1], id(person)).unwrap();
    }
    let mut kinds = Vec::new();
    // A pipeline of a team and a personal one: who sees it without managing it. No team keeps clients out of the latter.
    for (pipeline, app, spare, seer, shut_out) in
        [(flow, website, spare[0], vera, "oauth-denied"), (joes, own, spare[1], jill, "only-owners-manage-pipelines")]
    {
        let start = |missing: O, operation: O| {
            stairs(store.clone(), missing)
                .by(via(sam), "pipeline-not-found")
                .with(operation, "pipeline-hidden")
                .by(sam, "pipeline-hidden")
                .by(via(seer), shut_out)
                .by(seer, "only-owners-manage-pipelines")
        };
        let name = store.pipeline(joe, pipeline).unwrap().name();
        let rename = |pipeline, name| O::RenamePipeline { pipeline, name };
        let renaming = start(rename(PIPELINE, name), rename(pipeline, name))
            .by(joe, "pipeline-name-unchanged")
            .end_with(rename(pipeline, read("another-name")), "pipeline-renamed");
        let label = |pipeline, labels| O::SetPipelineLabels { pipeline, labels };
        let labelling = start(label(PIPELINE, Labels::NONE), label(pipeline, Labels::NONE))
            .by(joe, "pipeline-labels-unchanged")
            .end_with(label(pipeline, labels("env=production")), "pipeline-labels-changed");
        let deleting = start(O::DeletePipeline { pipeline: PIPELINE }, O::DeletePipeline { pipeline });
        let deleting = if pipeline == flow { deleting.by(max, "coupling-needs-deploy") } else { deleting };
        let deleting = deleting.end_by(joe, "pipeline-deleted");

        // Whoever sees an app in a pipeline sees the pipeline (PIPE-8). Whose it is to manage is asked where there is one.
        let start = |operation: &dyn Fn(AppId) -> O| {
            let stairs = stairs(store.clone(), operation(APP))
                .by(via(sam), "app-not-found")
                .with(operation(app), "app-hidden")
                .by(sam, "app-hidden")
                .by(via(seer), shut_out)
                .by(seer, "only-owners-manage-pipelines");
            let stairs = if pipeline == flow { stairs.by(max, "coupling-needs-deploy") } else { stairs };
            stairs.row("app-not-in-pipeline", |row| (row.actor, row.operation) = (joe, operation(spare)))
        };
        let set = |app, stage| O::SetStage { app, stage };
        let moving = start(&|app| set(app, Stage::Staging))
            .with(set(app, Stage::Staging), "stage-unchanged")
            .end_with(set(app, Stage::Review), "app-stage-changed");
        let uncoupling = start(&|app| O::UncoupleApp { app }).end_with(O::UncoupleApp { app }, "app-uncoupled");
        kinds.extend([renaming, labelling, deleting, moving, uncoupling]);
    }
    kinds
}

pub(super) fn coupled() -> Vec<Climbed> {
    let Flows {
        demo: Demo { mut store, operator, ada, joe, vera, jill, sam, max, acme, website, .. },
        flow,
        joes,
        own,
    } = flows();
    let couple = |pipeline, app| O::CoupleApp { pipeline, app, stage: Stage::Review };
    // An app of another team, in a pipeline there; what people hold on it, from the outside.
    let labs = store.provision_team(operator, NewTeam::enterprise(team_name("labs"), id(ada))).unwrap();
    let lab = store.create_app(ada, NewApp::in_team(labs)).unwrap();
    for (user, set) in [(jill, Permission::View), (vera, Permission::View), (max, Permission::View)] {
        store.grant_permissions(ada, lab, id(user), set.into()).unwrap();
    }
    store.grant_permissions(ada, lab, id(joe), Permission::Deploy.into()).unwrap();
    let elsewhere = store.create_pipeline(ada, labs, read("labs-flow")).unwrap();
    store.couple_app(ada, elsewhere, lab, Stage::Test).unwrap();
    store.set_oauth_access(ada, labs, DENIED).unwrap();
    let empty = store.create_pipeline(ada, acme, read("empty")).unwrap();
    let in_team = stairs(store.clone(), couple(PIPELINE, APP))
        .by(via(sam), "pipeline-not-found")
        .with(couple(empty, APP), "app-not-found")
        .with(couple(empty, lab), "app-hidden")
        .by(via(jill), "pipeline-hidden")
        .by(via(vera), "oauth-denied")
        .after("oauth-denied", |store| store.set_oauth_access(ada, acme, ALLOWED))
        .by(vera, "only-owners-manage-pipelines")
        .by(max, "coupling-needs-deploy")
        .by(joe, "owners-differ")
        .with(couple(empty, website), "app-in-pipeline")
        .with(O::CoupleApp { pipeline: flow, app: website, stage: Stage::Staging }, "stage-unchanged")
        .end_after("app-coupled", |store| store.uncouple_app(joe, website));

    let [first, second] = [(); 2].map(|()| store.create_pipeline(joe, id(joe), read("same-name")).unwrap());
    let more = store.create_app(joe, NewApp::personal()).unwrap();
    let personal = stairs(store, couple(PIPELINE, APP))
        .by(via(sam), "pipeline-not-found")
        .with(couple(first, APP), "app-not-found")
        .with(couple(first, own), "app-hidden")
        .by(via(jill), "pipeline-hidden")
        .with(couple(joes, own), "only-owners-manage-pipelines")
        .row("owners-differ", |row| (row.actor, row.operation) = (joe, couple(second, website)))
        .with(couple(second, own), "app-in-pipeline")
        .with(O::CoupleApp { pipeline: joes, app: own, stage: Stage::Staging }, "stage-unchanged")
        .end_with(couple(second, more), "app-coupled");
    vec![in_team, personal]
}

pub(super) fn transferred() -> Vec<Climbed> {
    let Flows {
        demo: Demo { mut store, operator, ada, joe, vera, jill, sam, acme, inc, website, .. },
        flow,
        joes,
        own,
    } = flows();
    let to = |pipeline, to: Owner| O::TransferPipeline { pipeline, to };
    let manage = |store: &mut TeamStore| store.set_permissions(ada, website, id(joe), PermissionSet::ALL);
    let team_to_team = stairs(store.clone(), to(PIPELINE, TEAM.into()))
        .by(via(sam), "pipeline-not-found")
        .with(to(flow, TEAM.into()), "team-not-found")
        .with(to(flow, inc.into()), "pipeline-hidden")
        .by(via(vera), "oauth-denied")
        .after("oauth-denied", |store| store.set_oauth_access(ada, acme, ALLOWED))
        .by(vera, "only-owners-manage-pipelines")
        .by(joe, "pipeline-receiver-closed")
        .with(to(flow, acme.into()), "pipeline-already-owned")
        .row("pipeline-not-movable", |row| {
            row.store.add_member(sam, inc, id(joe), TeamRole::Member).unwrap();
            row.operation = to(flow, inc.into());
        })
        .end_after("pipeline-transferred", manage);

    // A pipeline without apps goes only to who is in the team; one with apps to whom its apps can go to.
    let mut empty = store.clone();
    empty.uncouple_app(joe, website).unwrap();
    let empty_to_user = stairs(empty.clone(), to(PIPELINE, USER.into()))
        .by(joe, "pipeline-not-found")
        .with(to(flow, USER.into()), "user-not-found")
        .with(to(flow, id(jill).into()), "pipeline-receiver-closed")
        .suspended(id(vera), to(flow, id(vera).into()))
        .end_reinstated(id(vera), "pipeline-transferred");
    let team_to_user = stairs(empty, to(PIPELINE, USER.into()))
        .by(via(sam), "pipeline-not-found")
        .with(to(flow, USER.into()), "user-not-found")
        .with(to(flow, id(jill).into()), "pipeline-hidden")
        .by(via(vera), "oauth-denied")
        .by(vera, "only-owners-manage-pipelines")
        .by(joe, "pipeline-receiver-closed")
        .after("pipeline-not-movable", |store| store.couple_app(joe, flow, website, Stage::Staging))
        .end_after("pipeline-transferred", manage);

    store.set_team_limits(operator, acme, apps(1)).unwrap();
    let personal_to_team = stairs(store.clone(), to(PIPELINE, TEAM.into()))
        .by(via(sam), "pipeline-not-found")
        .with(to(joes, TEAM.into()), "team-not-found")
        .with(to(joes, inc.into()), "pipeline-hidden")
        .by(via(jill), "oauth-denied")
        .by(jill, "only-owners-manage-pipelines")
        .by(joe, "pipeline-receiver-closed")
        .with(to(joes, acme.into()), "pipeline-not-movable")
        .end_after("pipeline-transferred", |store| store.set_team_limits(operator, acme, apps(2)));
    store.set_team_limits(operator, acme, apps(2)).unwrap();
    store.uncouple_app(joe, own).unwrap();
    store.add_collaborator(joe, own, id(vera)).unwrap();
    let personal_to_user = stairs(store, to(PIPELINE, USER.into()))
        .by(via(jill), "pipeline-not-found")
        .with(to(joes, USER.into()), "user-not-found")
        .with(to(joes, id(jill).into()), "pipeline-hidden")
        .by(joe, "pipeline-receiver-closed")
        .with(to(joes, id(joe).into()), "pipeline-already-owned")
        .row("pipeline-not-movable", |row| {
            row.store.couple_app(joe, joes, own, Stage::Review).unwrap();
            row.operation = to(joes, id(jill).into());
        })
        .end_with(to(joes, acme.into()), "pipeline-transferred");
    vec![team_to_team, empty_to_user, team_to_user, personal_to_team, personal_to_user]
}

pub(super) fn released() -> Vec<Climbed> {
    let Flows { demo: Demo { store, joe, vera, jill, sam, max, website, wave, .. }, own, .. } = flows();
    let release = |app| O::ReleaseApp { app, description: read("Deploy 8f3c2a1") };
    let start = |app, outsider: Actor| {
        stairs(store.clone(), release(APP))
            .by(via(outsider), "app-not-found")
            .with(release(app), "app-hidden")
            .by(outsider, "app-hidden")
    };
    vec![
        start(website, sam)
            .by(via(vera), "oauth-denied")
            .by(vera, "action-needs-permission")
            .end_by(joe, "app-released"),
        start(wave, joe).by(via(max), "oauth-denied").end_by(max, "app-released"),
        start(own, max).end_by(via(jill), "app-released"),
    ]
}

pub(super) fn promoted() -> Vec<Climbed> {
    let Demo { mut store, ada, joe, vera, sam, acme, website, .. } = closed();
    let flow = store.create_pipeline(ada, acme, read("acme-flow")).unwrap();
    let source = store.create_app(joe, NewApp::in_team(acme).named(app_name("staged"))).unwrap();
    let target = store.create_app(ada, NewApp::in_team(acme)).unwrap();
    // A rung on which both ways of promotion stand: the same repairs, in the same order.
    let start = |missing: O, operation: O| {
        stairs(store.clone(), missing)
            .by(via(sam), "app-not-found")
            .with(operation, "app-hidden")
            .by(sam, "app-hidden")
            .by(via(vera), "oauth-denied")
            .by(vera, "promotion-needs-deploy")
    };
    let couple = |store: &mut TeamStore| store.couple_app(joe, flow, source, Stage::Production);
    let release = |store: &mut TeamStore| store.release_app(joe, source, read("Deploy 8f3c2a1"));
    let deploy = |store: &mut TeamStore| store.grant_permissions(ada, target, id(joe), Permission::Deploy.into());
    let next = start(O::PromoteApp { app: APP }, O::PromoteApp { app: source })
        .by(joe, "app-not-in-pipeline")
        .after("stage-not-promotable", couple)
        .after("stage-not-promotable", |store| store.set_stage(joe, source, Stage::Review))
        .after("no-release", |store| store.set_stage(joe, source, Stage::Staging))
        .after("no-targets", release)
        .after("promotion-refused", |store| store.couple_app(ada, flow, target, Stage::Production))
        .end_after("app-promoted", deploy);

    let to = |app, targets: &[AppId]| O::PromoteAppTo { app, targets: targets.into() };
    let chosen = start(to(APP, &[APP]), to(source, &[source, website]))
        .by(joe, "promotion-to-self")
        .with(to(source, &[target; BULK_APPS_MAX + 1]), "too-many-targets")
        .with(to(source, &[]), "app-not-in-pipeline")
        .after("stage-not-promotable", couple)
        .after("no-release", |store| store.set_stage(joe, source, Stage::Review))
        .after("no-targets", release)
        .with(to(source, &[APP, website, target]), "promotion-refused")
        .after("promotion-refused", |store| store.couple_app(ada, flow, target, Stage::Test))
        .end_after("app-promoted", deploy);
    vec![next, chosen]
}
