//! PIPE and TRF-7: pipelines, couplings, promotion, and what transfers do to them.

use enterprise_teams::demo::Demo;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    Actor, ActorKind, AppAction, AppId, Error, Event, NewApp, NewSpace, NewTeam, Owner, PageRequest, Permission,
    PermissionSet, PipelineId, Stage, TeamId, TeamRole, TeamStore,
    entity::{Coupling, Limits, OAuthAccess, Release, Times},
    error::{TRUNCATED_MAX, Truncated},
    event::{Move, PipelineMove},
    names::{Description, ParseProblem, ParseTarget, PipelineName},
    query::AppFilter,
    settings::BULK_APPS_MAX,
};

use serde_json::{Value, json};

use crate::support::{
    app_name, days, each_refused, hidden, holds, id, malformed, noon, read, refused, register, sound, team_name,
    through_client,
};

const ALL: PermissionSet = PermissionSet::ALL;
const VIEW: PermissionSet = PermissionSet::VIEW;

fn pipeline(store: &mut TeamStore, by: Actor, owner: impl Into<Owner>, name: &str) -> PipelineId {
    store.create_pipeline(by, owner, read(name)).unwrap()
}

fn team_app(store: &mut TeamStore, by: Actor, team: TeamId, name: &str) -> AppId {
    store.create_app(by, NewApp::in_team(team).named(app_name(name))).unwrap()
}

fn personal(store: &mut TeamStore, by: Actor, name: &str) -> AppId {
    store.create_app(by, NewApp::personal().named(app_name(name))).unwrap()
}

fn owner(store: &TeamStore, app: AppId) -> Owner {
    store.app(Actor::operator(noon()), app).unwrap().owner()
}

fn place(store: &TeamStore, app: AppId) -> Option<(PipelineId, Stage)> {
    let coupling = store.coupling(Actor::operator(noon()), app).unwrap();
    coupling.inspect(|coupling| assert_eq!(coupling.app, app)).map(|coupling| (coupling.pipeline, coupling.stage))
}

fn release(store: &TeamStore, app: AppId) -> Option<(u32, String)> {
    let release = store.release(Actor::operator(noon()), app).unwrap()?;
    Some((release.number, release.description.to_string()))
}

fn released(number: u32, description: &str) -> (u32, String) {
    (number, description.to_owned())
}

fn apps(store: &TeamStore, by: Actor, pipeline: PipelineId) -> Vec<(String, Stage)> {
    let page = store.pipeline_apps(by, pipeline, &AppFilter::default(), &PageRequest::default()).unwrap();
    page.items.iter().map(|(app, Coupling { stage, .. })| (app.name().to_string(), *stage)).collect()
}

fn last(store: &TeamStore) -> Event {
    store.events().last().unwrap().event.clone()
}

fn unseen(pipeline: PipelineId) -> impl Fn(ActorKind) -> (Error, String) + Copy {
    move |actor| (Error::PipelineHidden { actor, pipeline }, format!("{actor} cannot see pipeline `{pipeline}`"))
}

fn unmanaged(pipeline: PipelineId) -> impl Fn(ActorKind) -> (Error, String) + Copy {
    move |actor| {
        let message = format!(
            "only its owner, or admins and members of the owning team, can manage pipeline `{pipeline}`; {actor} is neither"
        );
        (Error::OnlyOwnersManagePipelines { actor, pipeline }, message)
    }
}

fn denied(team: TeamId) -> impl Fn(ActorKind) -> (Error, String) + Copy {
    move |_| (Error::OAuthDenied { team }, format!("team `{team}` denies access to third-party clients"))
}

fn closed(to: Owner) -> impl Fn(ActorKind) -> (Error, String) + Copy {
    move |actor| (Error::PipelineReceiverClosed { actor, to }, format!("{actor} cannot create pipelines for {to}"))
}

fn needs_deploy(app: AppId) -> impl Fn(ActorKind) -> (Error, String) + Copy {
    move |actor| {
        let message = format!("promotion needs deploy on app `{app}`; {actor} does not hold it");
        (Error::PromotionNeedsDeploy { actor, app }, message)
    }
}

fn not_in_pipeline(app: AppId) -> impl Fn(ActorKind) -> (Error, String) + Copy {
    move |_| (Error::AppNotInPipeline { app }, format!("app `{app}` is not in a pipeline"))
}

fn gone(pipeline: PipelineId) -> impl Fn(ActorKind) -> (Error, String) + Copy {
    move |_| (Error::PipelineNotFound { pipeline }, format!("pipeline `{pipeline}` does not exist"))
}

fn listed(refusals: Vec<(AppId, Error)>) -> (Box<Truncated<(AppId, Error)>>, String) {
    let lines: Vec<String> = refusals.iter().map(|(app, error)| format!("`{app}`: {error}")).collect();
    (Box::new(Truncated { total: refusals.len(), shown: refusals }), lines.join("; "))
}

fn unmovable(pipeline: PipelineId, refusals: Vec<(AppId, Error)>) -> (Error, String) {
    let total = refusals.len();
    let (apps, lines) = listed(refusals);
    let message = format!("pipeline `{pipeline}` was not transferred, as {total} of its apps cannot be: {lines}");
    (Error::PipelineNotMovable { pipeline, apps }, message)
}

fn unpromoted(refusals: Vec<(AppId, Error)>) -> (Error, String) {
    let total = refusals.len();
    let (apps, lines) = listed(refusals);
    (
        Error::PromotionRefused { apps },
        format!("nothing was promoted, as {total} of the targets cannot be promoted to: {lines}"),
    )
}

/// The event of a promotion, as data.
fn promoted(pipeline: PipelineId, team: TeamId, source: AppId, targets: &Value) -> Value {
    let owner = Owner::Team(team);
    json!({
        "type": "app-promoted",
        "promotion": { "pipeline": pipeline, "owner": owner, "source": source, "targets": targets },
    })
}

#[test]
fn pipe_01_names_and_owners() {
    let Demo { mut store, joe, ada, acme, .. } = Demo::new().unwrap();
    let longest = "a".repeat(30);
    for name in ["abc", "a1-", "a--", "z09", &longest] {
        assert_eq!(name.parse::<PipelineName>().unwrap().to_string(), name);
    }
    let too_long = "a".repeat(31);
    let character = |at, found| ParseProblem::Character { at, found };
    let cases = [
        ("", ParseProblem::TooShort { min: 3, len: 0 }, "too short: 0 of at least 3 bytes"),
        ("ab", ParseProblem::TooShort { min: 3, len: 2 }, "too short: 2 of at least 3 bytes"),
        (
            &too_long,
            ParseProblem::TooLong { at: 0, max: 30, len: 31 },
            "too long: 31 of at most 30 bytes, from byte 0 on",
        ),
        ("1ab", character(0, '1'), "unexpected `1` at byte 0"),
        ("-ab", character(0, '-'), "unexpected `-` at byte 0"),
        ("aBc", character(1, 'B'), "unexpected `B` at byte 1"),
        ("ab_", character(2, '_'), "unexpected `_` at byte 2"),
        ("ab c", character(2, ' '), "unexpected ` ` at byte 2"),
        ("abé", character(2, 'é'), "unexpected `é` (U+00E9) at byte 2"),
    ];
    for (name, problem, message) in cases {
        let error = Error::from(name.parse::<PipelineName>().unwrap_err());
        assert_eq!(error, malformed(ParseTarget::PipelineName, problem));
        assert_eq!(error.to_string(), format!("malformed pipeline name: {message}"));
    }

    let teams = pipeline(&mut store, joe.at(days(2)), acme, "flow");
    let created = store.pipeline(ada, teams).unwrap().clone();
    let number = store.events().last().unwrap().seq;
    assert_eq!((created.id(), created.name(), created.owner()), (teams, read("flow"), Owner::Team(acme)));
    assert_eq!((created.number(), created.created_at()), (number, days(2)));
    assert_eq!(last(&store), Event::PipelineCreated { pipeline: Box::new(created) });
    let same = pipeline(&mut store, ada, acme, "flow");
    let own = pipeline(&mut store, joe, id(joe), "flow");
    let another = pipeline(&mut store, joe, id(joe), "flow");
    assert_eq!(store.pipeline(joe, own).unwrap().owner(), Owner::User(id(joe)));

    for (by, one) in [(joe, teams), (ada, teams), (ada, same), (joe, own)] {
        let error = &Error::PipelineNameUnchanged { pipeline: one, name: read("flow") };
        let message = format!("pipeline `{one}` is already named `flow`");
        refused(&mut store, |s| s.rename_pipeline(by, one, read("flow")), error, &message);
    }
    store.rename_pipeline(joe, teams, read("stream")).unwrap();
    let renamed = Event::PipelineRenamed {
        pipeline: teams,
        owner: acme.into(),
        from: Box::new(read("flow")),
        to: Box::new(read("stream")),
    };
    assert_eq!(last(&store), renamed);
    store.rename_pipeline(joe, own, read("stream")).unwrap();
    let names = [teams, same].map(|one| store.pipeline(ada, one).unwrap().name().to_string());
    assert_eq!(names, ["stream", "flow"]);
    let names = [own, another].map(|one| store.pipeline(joe, one).unwrap().name().to_string());
    assert_eq!(names, ["stream", "flow"]);
    sound(&store);
}

#[test]
fn pipe_02_created_by_admins_and_members_or_for_oneself() {
    let Demo { mut store, operator, ada, joe, vera, jill, acme, sam, max, inc, .. } = Demo::new().unwrap();
    for (team, others) in [(acme, &[vera, jill, sam, max, operator][..]), (inc, &[ada, joe, vera, jill, operator])] {
        each_refused(
            &mut store,
            others,
            |s, by| s.create_pipeline(by, team, read("flow")),
            |actor| {
                let message = format!(
                    "only admins, members, and holders of a role with `manage-pipelines`, can create pipelines in team `{team}`; {actor} is none of these"
                );
                (Error::OnlyMembersCreatePipelines { actor, team }, message)
            },
        );
    }
    let user = id(joe);
    let others = [ada, vera, jill, sam, operator];
    each_refused(
        &mut store,
        &others,
        |s, by| s.create_pipeline(by, user, read("flow")),
        |actor| {
            let error = Error::OnlyOwnerListsPersonalApps { actor, user };
            let message = error.to_string();
            (error, message)
        },
    );
    for (by, team) in [(ada, acme), (joe, acme), (sam, inc), (max, inc)] {
        let one = pipeline(&mut store, by, team, "flow");
        assert_eq!(store.pipeline(by, one).unwrap().owner(), Owner::Team(team));
    }
    for by in [ada, joe, vera, jill, sam] {
        let one = pipeline(&mut store, by, id(by), "flow");
        assert_eq!(store.pipeline(by, one).unwrap().owner(), Owner::User(id(by)));
    }

    let left = register(&mut store, "left@acme.com");
    let team = store.provision_team(operator, NewTeam::standard(team_name("left"), id(left))).unwrap();
    store.delete_team(left, team).unwrap();
    let error = &Error::TeamNotFound { team };
    refused(
        &mut store,
        |s| s.create_pipeline(left, team, read("flow")),
        error,
        &format!("team `{team}` does not exist"),
    );
    store.delete_user(left, id(left)).unwrap();
    let (user, message) = (id(left), format!("user `{}` does not exist", id(left)));
    refused(&mut store, |s| s.create_pipeline(joe, user, read("flow")), &Error::UserNotFound { user }, &message);
    let (error, message) = (&Error::ActorNotFound { actor: user }, format!("the actor, user `{user}`, does not exist"));
    refused(&mut store, |s| s.create_pipeline(left, user, read("flow")), error, &message);
    sound(&store);
}

#[test]
fn pipe_02_managed_by_the_owner_or_the_team() {
    let Demo { mut store, operator, ada, joe, vera, jill, acme, website, sam, max, inc, .. } = Demo::new().unwrap();
    let plain = team_app(&mut store, ada, acme, "acme-plain");
    let flow = pipeline(&mut store, ada, acme, "acme-flow");
    let deploy = |actor| {
        let message =
            format!("changing the place of app `{plain}` in a pipeline needs deploy on it; {actor} does not hold it");
        (Error::CouplingNeedsDeploy { actor, app: plain }, message)
    };
    let couple = |s: &mut TeamStore, by| s.couple_app(by, flow, plain, Stage::Test);
    each_refused(&mut store, &[joe], couple, deploy);
    store.grant_permissions(ada, plain, id(joe), Permission::Operate.into()).unwrap();
    for held in [VIEW, Permission::Manage.into()] {
        store.set_permissions(ada, plain, id(joe), held).unwrap();
        each_refused(&mut store, &[joe], couple, deploy);
    }
    store.couple_app(joe, flow, website, Stage::Staging).unwrap();
    store.couple_app(ada, flow, plain, Stage::Production).unwrap();

    let another = team_app(&mut store, ada, acme, "acme-another");
    store.set_permissions(ada, website, id(jill), ALL).unwrap();
    store.grant_permissions(ada, website, id(vera), ALL).unwrap();
    for app in [another, plain] {
        store.grant_permissions(ada, app, id(vera), ALL).unwrap();
        store.grant_permissions(ada, app, id(jill), ALL).unwrap();
    }
    let (seeing, unseeing) = ([vera, jill, operator], [sam, max]);
    let rename = |s: &mut TeamStore, by| s.rename_pipeline(by, flow, read("acme-flow"));
    let delete = |s: &mut TeamStore, by| s.delete_pipeline(by, flow);
    let couple = |s: &mut TeamStore, by| s.couple_app(by, flow, another, Stage::Test);
    let stage = |s: &mut TeamStore, by| s.set_stage(by, website, Stage::Staging);
    let uncouple = |s: &mut TeamStore, by| s.uncouple_app(by, website);
    each_refused(&mut store, &seeing, rename, unmanaged(flow));
    each_refused(&mut store, &seeing, delete, unmanaged(flow));
    each_refused(&mut store, &seeing, couple, unmanaged(flow));
    each_refused(&mut store, &seeing, stage, unmanaged(flow));
    each_refused(&mut store, &seeing, uncouple, unmanaged(flow));
    for to in [Owner::from(acme), id(vera).into(), id(jill).into()] {
        each_refused(&mut store, &seeing, |s, by| s.transfer_pipeline(by, flow, to), unmanaged(flow));
        each_refused(&mut store, &unseeing, |s, by| s.transfer_pipeline(by, flow, to), unseen(flow));
    }
    each_refused(&mut store, &unseeing, rename, unseen(flow));
    each_refused(&mut store, &unseeing, delete, unseen(flow));
    each_refused(&mut store, &unseeing, couple, hidden(another));
    each_refused(&mut store, &unseeing, stage, hidden(website));
    each_refused(&mut store, &unseeing, uncouple, hidden(website));

    each_refused(&mut store, &[joe], |s, by| s.set_stage(by, plain, Stage::Review), deploy);
    each_refused(&mut store, &[joe], |s, by| s.uncouple_app(by, plain), deploy);
    each_refused(&mut store, &[joe], delete, deploy);
    store.set_permissions(ada, plain, id(joe), Permission::Deploy.into()).unwrap();
    store.set_stage(joe, plain, Stage::Review).unwrap();
    store.uncouple_app(joe, plain).unwrap();
    store.rename_pipeline(joe, flow, read("acme-river")).unwrap();
    store.couple_app(ada, flow, another, Stage::Test).unwrap();
    assert_eq!(store.delete_pipeline(joe, flow), Err(Error::CouplingNeedsDeploy { actor: joe.who, app: another }));
    store.uncouple_app(ada, another).unwrap();
    store.delete_pipeline(joe, flow).unwrap();

    let own = pipeline(&mut store, joe, id(joe), "joes-flow");
    let mine = personal(&mut store, joe, "mine");
    store.add_collaborator(joe, mine, id(jill)).unwrap();
    store.couple_app(joe, own, mine, Stage::Test).unwrap();
    each_refused(&mut store, &[jill, operator], |s, by| s.delete_pipeline(by, own), unmanaged(own));
    each_refused(&mut store, &[jill, operator], |s, by| s.uncouple_app(by, mine), unmanaged(own));
    each_refused(&mut store, &[jill, operator], |s, by| s.set_stage(by, mine, Stage::Test), unmanaged(own));
    each_refused(&mut store, &[ada, vera, sam], |s, by| s.delete_pipeline(by, own), unseen(own));
    store.set_stage(joe, mine, Stage::Staging).unwrap();
    let standard = pipeline(&mut store, sam, inc, "inc-flow");
    store.rename_pipeline(max, standard, read("inc-river")).unwrap();
    store.delete_pipeline(max, standard).unwrap();
    sound(&store);
}

#[test]
fn pipe_02_through_a_third_party_client() {
    let Demo { mut store, ada, joe, vera, jill, acme, website, sam, inc, .. } = Demo::new().unwrap();
    let flow = pipeline(&mut store, through_client(joe), acme, "acme-flow");
    store.couple_app(through_client(joe), flow, website, Stage::Staging).unwrap();
    store.release_app(through_client(joe), website, read("one")).unwrap();
    store.set_oauth_access(ada, acme, OAuthAccess::Denied).unwrap();
    let inside = [ada, joe, vera, jill].map(through_client);
    each_refused(&mut store, &inside, |s, by| s.create_pipeline(by, acme, read("flow")), denied(acme));
    each_refused(&mut store, &inside, |s, by| s.rename_pipeline(by, flow, read("acme-flow")), denied(acme));
    each_refused(&mut store, &inside, |s, by| s.delete_pipeline(by, flow), denied(acme));
    each_refused(&mut store, &inside, |s, by| s.couple_app(by, flow, website, Stage::Test), denied(acme));
    each_refused(&mut store, &inside, |s, by| s.set_stage(by, website, Stage::Staging), denied(acme));
    each_refused(&mut store, &inside, |s, by| s.uncouple_app(by, website), denied(acme));
    each_refused(&mut store, &inside, |s, by| s.transfer_pipeline(by, flow, acme), denied(acme));
    each_refused(&mut store, &inside, |s, by| s.release_app(by, website, read("two")), denied(acme));
    each_refused(&mut store, &inside, |s, by| s.promote_app(by, website), denied(acme));
    each_refused(&mut store, &inside, |s, by| s.promote_app_to(by, website, &[website]), denied(acme));
    each_refused(&mut store, &inside, |s, by| s.pipeline(by, flow).map(drop), denied(acme));
    let list =
        |s: &mut TeamStore, by| s.pipeline_apps(by, flow, &AppFilter::default(), &PageRequest::default()).map(drop);
    each_refused(&mut store, &inside, list, denied(acme));
    let outside = [through_client(sam)];
    each_refused(&mut store, &outside, list, unseen(flow));
    each_refused(&mut store, &outside, |s, by| s.delete_pipeline(by, flow), unseen(flow));
    each_refused(&mut store, &outside, |s, by| s.couple_app(by, flow, website, Stage::Test), hidden(website));

    let own = pipeline(&mut store, through_client(joe), id(joe), "joes-flow");
    each_refused(&mut store, &[through_client(joe)], |s, by| s.transfer_pipeline(by, own, acme), denied(acme));
    each_refused(&mut store, &[through_client(joe)], |s, by| s.transfer_pipeline(by, own, inc), closed(inc.into()));
    store.set_stage(joe, website, Stage::Production).unwrap();
    store.set_oauth_access(ada, acme, OAuthAccess::Allowed).unwrap();
    store.transfer_pipeline(through_client(joe), own, acme).unwrap();
    sound(&store);
}

#[test]
fn pipe_03_one_pipeline_and_one_stage() {
    let Demo { mut store, ada, joe, acme, website, .. } = Demo::new().unwrap();
    let expected = "`review`, `test`, `development`, `staging`, `production`";
    for text in ["stagging", "", "Staging", "prod", " test"] {
        let error = Error::from(text.parse::<Stage>().unwrap_err());
        assert_eq!(error, malformed(ParseTarget::Stage, ParseProblem::Word { at: 0, expected }));
        let message = format!("malformed stage: unknown word at byte 0, expected one of {expected}");
        assert_eq!(error.to_string(), message);
    }
    let flow = pipeline(&mut store, ada, acme, "acme-flow");
    let other = pipeline(&mut store, ada, acme, "acme-other");
    each_refused(&mut store, &[ada, joe], |s, by| s.set_stage(by, website, Stage::Test), not_in_pipeline(website));
    each_refused(&mut store, &[ada, joe], |s, by| s.uncouple_app(by, website), not_in_pipeline(website));
    store.couple_app(joe, flow, website, Stage::Staging).unwrap();
    let (app, owner) = (website, Owner::Team(acme));
    assert_eq!(last(&store), Event::AppCoupled { app, owner, pipeline: flow, stage: Stage::Staging });
    each_refused(
        &mut store,
        &[ada, joe],
        |s, by| s.couple_app(by, flow, app, Stage::Staging),
        |_| (Error::StageUnchanged { app, stage: Stage::Staging }, format!("app `{app}` is already in stage staging")),
    );
    for (pipeline, stage) in [(other, Stage::Staging), (flow, Stage::Production), (other, Stage::Test)] {
        each_refused(
            &mut store,
            &[ada, joe],
            |s, by| s.couple_app(by, pipeline, app, stage),
            |_| (Error::AppInPipeline { app, pipeline: flow }, format!("app `{app}` is already in pipeline `{flow}`")),
        );
    }
    assert_eq!(place(&store, app), Some((flow, Stage::Staging)));
    let mut from = Stage::Staging;
    for to in [Stage::Review, Stage::Test, Stage::Development, Stage::Production] {
        store.set_stage(joe, app, to).unwrap();
        assert_eq!(last(&store), Event::AppStageChanged { app, owner, pipeline: flow, from, to });
        assert_eq!(place(&store, app), Some((flow, to)));
        each_refused(
            &mut store,
            &[ada, joe],
            |s, by| s.set_stage(by, app, to),
            |_| (Error::StageUnchanged { app, stage: to }, format!("app `{app}` is already in stage {to}")),
        );
        from = to;
    }
    for n in 0..6 {
        let one = team_app(&mut store, ada, acme, &format!("more-{n}"));
        store.couple_app(ada, flow, one, if n < 3 { Stage::Production } else { Stage::Review }).unwrap();
    }
    let expected = [
        ("acme-website", Stage::Production),
        ("more-0", Stage::Production),
        ("more-1", Stage::Production),
        ("more-2", Stage::Production),
        ("more-3", Stage::Review),
        ("more-4", Stage::Review),
        ("more-5", Stage::Review),
    ];
    assert_eq!(apps(&store, ada, flow), expected.map(|(name, stage)| (name.to_owned(), stage)));

    store.uncouple_app(joe, app).unwrap();
    assert_eq!(last(&store), Event::AppUncoupled { app, owner, pipeline: flow, stage: Stage::Production });
    each_refused(&mut store, &[ada, joe], |s, by| s.uncouple_app(by, app), not_in_pipeline(app));
    store.couple_app(joe, other, app, Stage::Test).unwrap();
    assert_eq!((place(&store, app), apps(&store, ada, flow).len()), (Some((other, Stage::Test)), 6));
    store.delete_app(ada, app, "acme-website").unwrap();
    assert_eq!(apps(&store, ada, other), []);
    let (error, message) = (&Error::AppNotFound { app }, format!("app `{app}` does not exist"));
    refused(&mut store, |s| s.couple_app(ada, other, app, Stage::Test), error, &message);
    refused(&mut store, |s| s.set_stage(ada, app, Stage::Staging), error, &message);
    refused(&mut store, |s| s.uncouple_app(ada, app), error, &message);
    refused(&mut store, |s| s.promote_app(ada, app), error, &message);
    refused(&mut store, |s| s.release_app(ada, app, read("late")), error, &message);
    sound(&store);
}

#[test]
fn pipe_04_an_app_and_its_pipeline_have_the_same_owner() {
    let Demo { mut store, ada, joe, acme, website, sam, inc, .. } = Demo::new().unwrap();
    store.add_member(sam, inc, id(joe), TeamRole::Admin).unwrap();
    let (mine, incs) = (personal(&mut store, joe, "mine"), team_app(&mut store, joe, inc, "incs"));
    let own = pipeline(&mut store, joe, id(joe), "flow");
    let acmes = pipeline(&mut store, joe, acme, "flow");
    let theirs = pipeline(&mut store, joe, inc, "flow");
    let all = [(mine, own), (website, acmes), (incs, theirs)];
    for (app, right) in all {
        for pipeline in [own, acmes, theirs].into_iter().filter(|one| *one != right) {
            let error = &Error::OwnersDiffer { app, pipeline };
            let message = format!("app `{app}` and pipeline `{pipeline}` have different owners");
            refused(&mut store, |s| s.couple_app(joe, pipeline, app, Stage::Staging), error, &message);
        }
    }
    for (app, pipeline) in all {
        store.couple_app(joe, pipeline, app, Stage::Staging).unwrap();
        assert_eq!(owner(&store, app), store.pipeline(joe, pipeline).unwrap().owner());
    }
    each_refused(&mut store, &[ada], |s, by| s.couple_app(by, own, website, Stage::Test), unseen(own));
    each_refused(&mut store, &[ada], |s, by| s.couple_app(by, acmes, mine, Stage::Test), hidden(mine));
    sound(&store);
}

#[test]
fn pipe_05_a_deleted_pipeline_leaves_its_apps() {
    let Demo { mut store, ada, joe, vera, jill, acme, website, sam, .. } = Demo::new().unwrap();
    let second = team_app(&mut store, ada, acme, "second");
    let flow = pipeline(&mut store, joe, acme, "acme-flow");
    store.couple_app(ada, flow, website, Stage::Production).unwrap();
    store.couple_app(ada, flow, second, Stage::Staging).unwrap();
    store.release_app(ada, website, read("one")).unwrap();
    let before = store.pipeline(ada, flow).unwrap().clone();
    let held = [ada, joe, vera, jill].map(|by| holds(&store, by, website));
    store.delete_pipeline(ada, flow).unwrap();
    let mut couplings = [(website, Stage::Production), (second, Stage::Staging)];
    couplings.sort_unstable_by_key(|(app, _)| *app);
    let deleted = json!({ "pipeline": before, "couplings": couplings });
    assert_eq!(json!(last(&store)), json!({ "type": "pipeline-deleted", "deleted": deleted }));
    assert_eq!([website, second].map(|app| (place(&store, app), owner(&store, app))), [(None, acme.into()); 2]);
    assert_eq!((release(&store, website), release(&store, second)), (Some(released(1, "one")), None));
    assert_eq!([ada, joe, vera, jill].map(|by| holds(&store, by, website)), held);

    let ghost = PipelineId::from_uuid(website.uuid());
    for pipeline in [flow, ghost, PipelineId::from_uuid(Uuid::nil())] {
        let everybody = [ada, joe, vera, jill, sam];
        each_refused(&mut store, &everybody, |s, by| s.pipeline(by, pipeline).map(drop), gone(pipeline));
        let list = |s: &mut TeamStore, by| {
            s.pipeline_apps(by, pipeline, &AppFilter::default(), &PageRequest::default()).map(drop)
        };
        each_refused(&mut store, &everybody, list, gone(pipeline));
        each_refused(&mut store, &everybody, |s, by| s.rename_pipeline(by, pipeline, read("new")), gone(pipeline));
        each_refused(&mut store, &everybody, |s, by| s.delete_pipeline(by, pipeline), gone(pipeline));
        let couple = |s: &mut TeamStore, by| s.couple_app(by, pipeline, website, Stage::Test);
        each_refused(&mut store, &everybody, couple, gone(pipeline));
        each_refused(&mut store, &everybody, |s, by| s.transfer_pipeline(by, pipeline, acme), gone(pipeline));
    }
    each_refused(&mut store, &[ada, joe], |s, by| s.set_stage(by, website, Stage::Test), not_in_pipeline(website));
    let next = pipeline(&mut store, joe, acme, "acme-flow");
    store.couple_app(joe, next, website, Stage::Development).unwrap();
    assert_eq!(place(&store, website), Some((next, Stage::Development)));
    sound(&store);
}

#[test]
fn pipe_06_a_pipeline_goes_with_all_its_apps_or_not_at_all() {
    let Demo { mut store, operator, ada, joe, vera, jill, acme, website, sam, inc, .. } = Demo::new().unwrap();
    let second = team_app(&mut store, ada, acme, "second");
    let flow = pipeline(&mut store, ada, acme, "acme-flow");
    store.couple_app(ada, flow, website, Stage::Production).unwrap();
    store.couple_app(ada, flow, second, Stage::Staging).unwrap();
    store.release_app(ada, website, read("one")).unwrap();
    for by in [ada, joe] {
        let error = &Error::PipelineAlreadyOwned { pipeline: flow, owner: acme.into() };
        let message = format!("team `{acme}` already owns pipeline `{flow}`");
        refused(&mut store, |s| s.transfer_pipeline(by, flow, acme), error, &message);
        each_refused(&mut store, &[by], |s, by| s.transfer_pipeline(by, flow, inc), closed(inc.into()));
    }
    let given = |app| (app, Error::OnlyManagersGiveApps { actor: joe.who, app });
    let (error, message) = unmovable(flow, vec![given(website), given(second)]);
    for to in [joe, vera, jill, sam] {
        refused(&mut store, |s| s.transfer_pipeline(joe, flow, id(to)), &error, &message);
    }
    store.set_permissions(ada, website, id(joe), ALL).unwrap();
    let (error, message) = unmovable(flow, vec![given(second)]);
    refused(&mut store, |s| s.transfer_pipeline(joe, flow, id(joe)), &error, &message);
    let stranger = |app, person| (app, Error::NewOwnerIsStranger { app, user: id(person) });
    let (error, message) = unmovable(flow, vec![stranger(second, jill)]);
    refused(&mut store, |s| s.transfer_pipeline(ada, flow, id(jill)), &error, &message);
    let (error, message) = unmovable(flow, vec![stranger(website, sam), stranger(second, sam)]);
    refused(&mut store, |s| s.transfer_pipeline(ada, flow, id(sam)), &error, &message);

    store.add_member(sam, inc, id(ada), TeamRole::Member).unwrap();
    store.set_team_limits(operator, inc, Limits { apps: Some(2), ..Limits::STANDARD }).unwrap();
    let over = Error::AppLimitReached { team: inc, limit: 2, actual: 3 };
    let (error, message) = unmovable(flow, vec![(second, over)]);
    refused(&mut store, |s| s.transfer_pipeline(ada, flow, inc), &error, &message);
    store.set_team_limits(operator, inc, Limits { apps: Some(3), ..Limits::STANDARD }).unwrap();

    let space = store.create_space(ada, NewSpace::new(acme, read("acme-space"))).unwrap();
    let inside = store.create_app(ada, NewApp::in_space(space).named(app_name("inside"))).unwrap();
    store.couple_app(ada, flow, inside, Stage::Production).unwrap();
    let (error, message) = unmovable(flow, vec![(inside, Error::AppInSpace { app: inside, space })]);
    refused(&mut store, |s| s.transfer_pipeline(ada, flow, id(vera)), &error, &message);
    store.uncouple_app(ada, inside).unwrap();

    store.transfer_pipeline(ada.at(days(3)), flow, inc).unwrap();
    let Event::PipelineTransferred { moved } = last(&store) else { panic!("{:?}", last(&store)) };
    let PipelineMove { pipeline, from, to, apps: moves, .. } = *moved;
    assert_eq!((pipeline, from, to), (flow, Owner::Team(acme), Owner::Team(inc)));
    let facts = |m: &Move| (m.app, m.from, m.to, m.at, m.uncoupled);
    let expected = [website, second].map(|app| (app, Owner::Team(acme), Owner::Team(inc), days(3), None));
    assert_eq!(moves.iter().map(facts).collect::<Vec<_>>(), expected);
    assert_eq!([website, second].map(|app| owner(&store, app)), [Owner::Team(inc); 2]);
    assert_eq!(place(&store, website), Some((flow, Stage::Production)));
    assert_eq!(place(&store, second), Some((flow, Stage::Staging)));
    assert_eq!((owner(&store, inside), place(&store, inside)), (Owner::Team(acme), None));
    assert_eq!(store.pipeline(sam, flow).unwrap().owner(), Owner::Team(inc));
    assert_eq!(release(&store, website), Some(released(1, "one")));

    let message = format!("team `{inc}` already owns pipeline `{flow}`");
    let error = &Error::PipelineAlreadyOwned { pipeline: flow, owner: inc.into() };
    refused(&mut store, |s| s.transfer_pipeline(ada, flow, inc), error, &message);
    let by_admins = |app| (app, Error::OnlyAdminsTransferStandardApps { actor: ada.who, app });
    let (error, message) = unmovable(flow, vec![by_admins(website), by_admins(second)]);
    refused(&mut store, |s| s.transfer_pipeline(ada, flow, acme), &error, &message);
    store.transfer_pipeline(sam, flow, id(sam)).unwrap();
    assert_eq!([website, second].map(|app| owner(&store, app)), [Owner::User(id(sam)); 2]);
    assert_eq!([ada, joe, jill].map(|by| holds(&store, by, website)), [PermissionSet::EMPTY; 3]);
    assert_eq!(place(&store, second), Some((flow, Stage::Staging)));
    sound(&store);
}

#[test]
fn pipe_06_a_personal_pipeline_goes_to_a_team_of_its_owner() {
    let Demo { mut store, operator, ada, joe, vera, jill, acme, inc, sam, .. } = Demo::new().unwrap();
    let own = pipeline(&mut store, joe, id(joe), "joes-flow");
    let already = &Error::PipelineAlreadyOwned { pipeline: own, owner: id(joe).into() };
    let message = format!("user `{}` already owns pipeline `{own}`", id(joe));
    refused(&mut store, |s| s.transfer_pipeline(joe, own, id(joe)), already, &message);
    for to in [Owner::from(id(jill)), id(ada).into(), inc.into()] {
        each_refused(&mut store, &[joe], |s, by| s.transfer_pipeline(by, own, to), closed(to));
    }
    let mine = personal(&mut store, joe, "mine");
    store.add_collaborator(joe, mine, id(jill)).unwrap();
    store.couple_app(joe, own, mine, Stage::Staging).unwrap();
    refused(&mut store, |s| s.transfer_pipeline(joe, own, id(joe)), already, &message);
    for to in [jill, ada] {
        let (error, message) = unmovable(own, vec![(mine, Error::TransferNeedsRequest { app: mine })]);
        refused(&mut store, |s| s.transfer_pipeline(joe, own, id(to)), &error, &message);
    }
    each_refused(&mut store, &[jill, operator], |s, by| s.transfer_pipeline(by, own, acme), unmanaged(own));
    each_refused(&mut store, &[ada, sam], |s, by| s.transfer_pipeline(by, own, acme), unseen(own));
    let left = register(&mut store, "left@acme.com");
    store.delete_user(left, id(left)).unwrap();
    let error = &Error::UserNotFound { user: id(left) };
    refused(
        &mut store,
        |s| s.transfer_pipeline(joe, own, id(left)),
        error,
        &format!("user `{}` does not exist", id(left)),
    );
    let team = TeamId::from_uuid(own.uuid());
    let error = &Error::TeamNotFound { team };
    refused(&mut store, |s| s.transfer_pipeline(joe, own, team), error, &format!("team `{team}` does not exist"));
    store.transfer_pipeline(joe, own, acme).unwrap();
    assert_eq!((owner(&store, mine), place(&store, mine)), (Owner::Team(acme), Some((own, Stage::Staging))));
    assert_eq!((holds(&store, joe, mine), holds(&store, jill, mine)), (ALL, PermissionSet::WORK));

    let empty = pipeline(&mut store, joe, acme, "empty");
    for to in [jill, sam] {
        let to = Owner::User(id(to));
        each_refused(&mut store, &[ada, joe], |s, by| s.transfer_pipeline(by, empty, to), closed(to));
    }
    store.transfer_pipeline(joe, empty, id(vera)).unwrap();
    let moved = json!({ "pipeline": empty, "from": Owner::Team(acme), "to": Owner::User(id(vera)), "apps": [] });
    assert_eq!(json!(last(&store)), json!({ "type": "pipeline-transferred", "moved": moved }));
    assert_eq!(store.pipeline(vera, empty).unwrap().owner(), Owner::User(id(vera)));
    each_refused(&mut store, &[joe, ada], |s, by| s.delete_pipeline(by, empty), unseen(empty));
    each_refused(&mut store, &[vera], |s, by| s.transfer_pipeline(by, empty, acme), closed(acme.into()));

    let long = pipeline(&mut store, ada, acme, "long");
    let count = TRUNCATED_MAX + 3;
    let mut many: Vec<AppId> = Vec::new();
    for n in 0..count {
        many.push(team_app(&mut store, ada, acme, &format!("app-{n:03}")));
    }
    for app in &many {
        store.couple_app(ada, long, *app, Stage::Review).unwrap();
    }
    let mut refusals: Vec<(AppId, Error)> =
        many.iter().map(|app| (*app, Error::NewOwnerIsStranger { app: *app, user: id(sam) })).collect();
    refusals.truncate(TRUNCATED_MAX);
    let (mut apps, lines) = listed(refusals);
    apps.total = count;
    let message =
        format!("pipeline `{long}` was not transferred, as {count} of its apps cannot be: {lines}; and 3 more");
    let error = &Error::PipelineNotMovable { pipeline: long, apps };
    refused(&mut store, |s| s.transfer_pipeline(ada, long, id(sam)), error, &message);
    sound(&store);
}

#[test]
fn pipe_07_a_release_goes_to_the_next_stage() {
    let Demo { mut store, operator, ada, joe, vera, jill, acme, website, sam, .. } = Demo::new().unwrap();
    let [dev, one, two] = ["dev", "stage-one", "stage-two"].map(|name| team_app(&mut store, ada, acme, name));
    let flow = pipeline(&mut store, ada, acme, "acme-flow");
    let everybody = [ada, joe];
    store.grant_permissions(ada, dev, id(joe), Permission::Deploy.into()).unwrap();
    each_refused(&mut store, &everybody, |s, by| s.promote_app(by, dev), not_in_pipeline(dev));
    each_refused(&mut store, &everybody, |s, by| s.promote_app_to(by, dev, &[one]), not_in_pipeline(dev));
    store.couple_app(ada, flow, dev, Stage::Development).unwrap();
    each_refused(&mut store, &[vera, operator], |s, by| s.promote_app(by, dev), needs_deploy(dev));
    each_refused(&mut store, &[sam, jill], |s, by| s.promote_app(by, dev), hidden(dev));
    for held in [Permission::Manage, Permission::Operate] {
        store.set_permissions(ada, website, id(jill), held.into()).unwrap();
        each_refused(&mut store, &[jill, operator], |s, by| s.promote_app(by, website), needs_deploy(website));
    }
    let nothing = &Error::NoRelease { app: dev };
    refused(&mut store, |s| s.promote_app(joe, dev), nothing, &format!("app `{dev}` has no release"));
    refused(&mut store, |s| s.promote_app_to(joe, dev, &[]), nothing, &format!("app `{dev}` has no release"));
    store.release_app(joe, dev, read("Deploy 8f3c")).unwrap();
    let first = Release { number: 1, description: "Deploy 8f3c".into() };
    let event = Event::AppReleased { app: dev, owner: acme.into(), release: Box::new(first.clone()), replaced: None };
    assert_eq!(last(&store), event);
    store.release_app(joe, dev, read("Deploy 9a9a")).unwrap();
    let second = Release { number: 2, description: "Deploy 9a9a".into() };
    let replaced = Some(Box::new(first));
    assert_eq!(last(&store), Event::AppReleased { app: dev, owner: acme.into(), release: Box::new(second), replaced });

    let none = &Error::NoTargets { app: dev };
    let message = format!("there is no app to promote app `{dev}` to");
    refused(&mut store, |s| s.promote_app(joe, dev), none, &message);
    refused(&mut store, |s| s.promote_app_to(joe, dev, &[]), none, &message);
    store.couple_app(ada, flow, website, Stage::Production).unwrap();
    refused(&mut store, |s| s.promote_app(joe, dev), none, &message);
    store.couple_app(ada, flow, two, Stage::Staging).unwrap();
    store.couple_app(ada, flow, one, Stage::Staging).unwrap();
    store.release_app(ada, two, read("by hand")).unwrap();

    let refusal = |app| (app, Error::PromotionNeedsDeploy { actor: joe.who, app });
    let (error, message) = unpromoted(vec![refusal(one), refusal(two)]);
    refused(&mut store, |s| s.promote_app(joe, dev), &error, &message);
    store.grant_permissions(ada, two, id(joe), Permission::Deploy.into()).unwrap();
    assert_eq!(store.promote_app(joe, dev), Ok(vec![refusal(one)]));
    let by_hand = json!({ "number": 1, "description": "by hand" });
    let copied = |number: u64| json!({ "number": number, "description": "Promote dev v2" });
    let targets = json!([{ "app": two, "from": by_hand, "to": copied(2) }]);
    assert_eq!(json!(last(&store)), promoted(flow, acme, dev, &targets));
    assert_eq!((release(&store, one), release(&store, website)), (None, None));
    assert_eq!(
        (release(&store, two), release(&store, dev)),
        (Some(released(2, "Promote dev v2")), Some(released(2, "Deploy 9a9a")))
    );

    assert_eq!(store.promote_app(ada, dev), Ok(vec![]));
    let targets =
        json!([{ "app": one, "from": null, "to": copied(1) }, { "app": two, "from": copied(2), "to": copied(3) }]);
    assert_eq!(json!(last(&store)), promoted(flow, acme, dev, &targets));
    assert_eq!(store.promote_app(joe, two), Ok(vec![]));
    assert_eq!(release(&store, website), Some(released(1, "Promote stage-two v3")));

    let still = |app, stage| {
        let message = format!("app `{app}` is in stage {stage}, which has no next stage");
        (Error::StageNotPromotable { app, stage }, message)
    };
    let (error, message) = still(website, Stage::Production);
    refused(&mut store, |s| s.promote_app(joe, website), &error, &message);
    refused(&mut store, |s| s.promote_app_to(joe, website, &[two]), &error, &message);
    refused(&mut store, |s| s.promote_app_to(joe, website, &[]), &error, &message);
    for stage in [Stage::Review, Stage::Test] {
        store.set_stage(joe, dev, stage).unwrap();
        let (error, message) = still(dev, stage);
        refused(&mut store, |s| s.promote_app(joe, dev), &error, &message);
    }
    sound(&store);
}

#[test]
fn pipe_07_a_release_goes_to_chosen_apps_of_the_pipeline() {
    let Demo { mut store, operator, ada, joe, vera, jill, acme, website, sam, wave, .. } = Demo::new().unwrap();
    let [review, stage, peer, outside] =
        ["review", "stage", "peer", "outside"].map(|name| team_app(&mut store, ada, acme, name));
    let [flow, other] = ["acme-flow", "other"].map(|name| pipeline(&mut store, ada, acme, name));
    for (app, at) in
        [(review, Stage::Review), (stage, Stage::Staging), (peer, Stage::Review), (website, Stage::Production)]
    {
        store.couple_app(ada, flow, app, at).unwrap();
    }
    store.couple_app(ada, other, outside, Stage::Production).unwrap();
    store.release_app(ada, review, read("Deploy 1")).unwrap();
    let itself = &Error::PromotionToSelf { app: review };
    let message = format!("app `{review}` cannot be promoted to itself");
    for targets in [&[review][..], &[stage, review], &[wave, review, stage]] {
        refused(&mut store, |s| s.promote_app_to(ada, review, targets), itself, &message);
    }
    let to_stage = |s: &mut TeamStore, by| s.promote_app_to(by, review, &[stage]);
    each_refused(&mut store, &[joe, vera, operator], to_stage, needs_deploy(review));
    each_refused(&mut store, &[jill, sam], to_stage, hidden(review));

    let lost = team_app(&mut store, ada, acme, "lost");
    store.delete_app(ada, lost, "lost").unwrap();
    let loose = team_app(&mut store, ada, acme, "loose");
    let bad = vec![
        (outside, Error::TargetOutsidePipeline { app: outside, pipeline: flow }),
        (loose, Error::TargetOutsidePipeline { app: loose, pipeline: flow }),
        (wave, Error::AppHidden { actor: ada.who, app: wave }),
        (lost, Error::AppNotFound { app: lost }),
    ];
    let message = format!("app `{outside}` is not in pipeline `{flow}`");
    assert_eq!(bad[0].1.to_string(), message);
    let (error, message) = unpromoted(bad.clone());
    refused(&mut store, |s| s.promote_app_to(ada, review, &[outside, loose, wave, lost]), &error, &message);

    let before = store.events().len();
    let targets = [outside, website, loose, wave, stage, lost, website];
    let mut expected = bad;
    let twice = Error::AppNamedTwice { app: website };
    assert_eq!(twice.to_string(), format!("app `{website}` is named twice"));
    expected.push((website, twice));
    assert_eq!(store.promote_app_to(ada, review, &targets), Ok(expected));
    assert_eq!(store.events().len(), before + 1);
    let to = json!({ "number": 1, "description": "Promote review v1" });
    let targets = json!([website, stage].map(|app| json!({ "app": app, "from": null, "to": to })));
    assert_eq!(json!(last(&store)), promoted(flow, acme, review, &targets));
    for app in [website, stage] {
        assert_eq!(release(&store, app), Some(released(1, "Promote review v1")));
    }
    assert_eq!([outside, loose, peer, wave].map(|app| release(&store, app)), [None, None, None, None]);

    // The same stage, and back.
    assert_eq!(store.promote_app_to(ada, review, &[peer]), Ok(vec![]));
    assert_eq!(store.promote_app_to(ada, stage, &[review]), Ok(vec![]));
    assert_eq!(release(&store, review), Some(released(2, "Promote stage v1")));

    store.grant_permissions(ada, review, id(jill), Permission::Deploy.into()).unwrap();
    let refusal = |app| (app, Error::PromotionNeedsDeploy { actor: jill.who, app });
    let unseen = |app| (app, Error::AppHidden { actor: jill.who, app });
    let (error, message) = unpromoted(vec![refusal(website), unseen(stage), unseen(outside)]);
    refused(&mut store, |s| s.promote_app_to(jill, review, &[website, stage, outside]), &error, &message);
    store.set_permissions(ada, website, id(jill), Permission::Deploy.into()).unwrap();
    assert_eq!(store.promote_app_to(jill, review, &[stage, website]), Ok(vec![unseen(stage)]));
    assert_eq!(release(&store, website), Some(released(2, "Promote review v2")));
    let (count, max) = (BULK_APPS_MAX + 1, BULK_APPS_MAX);
    let message = "a promotion takes up to 1000 targets, not 1001";
    let many = &Error::TooManyTargets { count, max };
    refused(&mut store, |s| s.promote_app_to(jill, review, &vec![website; count]), many, message);
    assert_eq!(store.promote_app_to(jill, review, &vec![website; max]).map(|left_out| left_out.len()), Ok(max - 1));
    store.delete_pipeline(ada, flow).unwrap();
    each_refused(&mut store, &[ada, jill], |s, by| s.promote_app_to(by, review, &[website]), not_in_pipeline(review));
    sound(&store);
}

#[test]
fn pipe_07_of_apps_that_the_actor_does_not_see_a_promotion_tells_nothing() {
    let Demo { mut store, ada, jill, acme, website, .. } = Demo::new().unwrap();
    let [staging, secret, more] = ["staging", "secret", "more"].map(|name| team_app(&mut store, ada, acme, name));
    let flow = pipeline(&mut store, ada, acme, "acme-flow");
    store.couple_app(ada, flow, staging, Stage::Staging).unwrap();
    store.release_app(ada, staging, read("Deploy 1")).unwrap();
    store.grant_permissions(ada, staging, id(jill), Permission::Deploy.into()).unwrap();
    let none = store.promote_app(jill, staging);
    assert_eq!(none, Err(Error::NoTargets { app: staging }));
    for app in [secret, more] {
        store.couple_app(ada, flow, app, Stage::Production).unwrap();
        assert_eq!(store.promote_app(jill, staging), none);
    }
    store.couple_app(ada, flow, website, Stage::Production).unwrap();
    let refusal = (website, Error::PromotionNeedsDeploy { actor: jill.who, app: website });
    let (error, message) = unpromoted(vec![refusal]);
    refused(&mut store, |s| s.promote_app(jill, staging), &error, &message);
    store.set_permissions(ada, website, id(jill), Permission::Deploy.into()).unwrap();
    assert_eq!(store.promote_app(jill, staging), Ok(vec![]));
    assert_eq!([secret, more].map(|app| release(&store, app)), [None, None]);
    sound(&store);
}

#[test]
fn pipe_07_a_release_is_recorded_by_holders_of_deploy() {
    let Demo { mut store, operator, ada, joe, vera, jill, website, sam, max, wave, .. } = Demo::new().unwrap();
    let release_it = |s: &mut TeamStore, by| s.release_app(by, website, read("Deploy 1"));
    store.grant_permissions(ada, website, id(vera), Permission::Manage.into()).unwrap();
    for (by, held) in [(vera, VIEW.union(Permission::Manage.into())), (jill, VIEW), (operator, VIEW)] {
        let (actor, app, action) = (by.who, website, AppAction::PushCode);
        let error = &Error::ActionNeedsPermission { actor, app, action, held };
        let message = format!("push-code on app `{app}` needs deploy; {actor} holds {held}");
        refused(&mut store, |s| release_it(s, by), error, &message);
    }
    each_refused(&mut store, &[sam, max], release_it, hidden(website));
    for by in [joe, ada] {
        release_it(&mut store, by).unwrap();
    }
    assert_eq!(release(&store, website), Some(released(2, "Deploy 1")));
    store.release_app(max, wave, read("Deploy 2")).unwrap();
    assert_eq!((release(&store, wave), place(&store, wave)), (Some(released(1, "Deploy 2")), None));
    sound(&store);
}

#[test]
fn pipe_07_a_description_is_one_line() {
    for (text, problem, message) in [
        (String::new(), ParseProblem::Missing { at: 0, missing: "a text" }, "expected a text at byte 0"),
        (
            "é".repeat(129),
            ParseProblem::TooLong { at: 0, max: 256, len: 258 },
            "too long: 258 of at most 256 bytes, from byte 0 on",
        ),
        ("two\nlines".into(), ParseProblem::Character { at: 3, found: '\n' }, "unexpected `\\n` at byte 3"),
    ] {
        let error = Error::from(text.parse::<Description>().unwrap_err());
        assert_eq!(error, malformed(ParseTarget::Description, problem));
        assert_eq!(error.to_string(), format!("malformed description: {message}"));
    }
    for text in ["é".repeat(128), "Deploy `8f3c2a1`".into()] {
        assert_eq!(text.parse::<Description>().unwrap().as_str(), text);
    }
}

#[test]
fn pipe_08_seen_with_the_owners_apps_or_any_app_in_it() {
    let Demo { mut store, operator, ada, joe, vera, jill, acme, website, sam, max, .. } = Demo::new().unwrap();
    let second = team_app(&mut store, ada, acme, "second");
    let flow = pipeline(&mut store, ada, acme, "acme-flow");
    store.couple_app(ada, flow, second, Stage::Staging).unwrap();
    let look = |s: &mut TeamStore, by| s.pipeline(by, flow).map(drop);
    let list =
        |s: &mut TeamStore, by| s.pipeline_apps(by, flow, &AppFilter::default(), &PageRequest::default()).map(drop);
    let rename = |s: &mut TeamStore, by| s.rename_pipeline(by, flow, read("new"));
    let transfer = |s: &mut TeamStore, by| s.transfer_pipeline(by, flow, id(jill));
    let couple = |s: &mut TeamStore, by| s.couple_app(by, flow, website, Stage::Production);
    for by in [ada, joe, vera, operator] {
        assert_eq!(store.pipeline(by, flow).unwrap().id(), flow);
        assert_eq!(apps(&store, by, flow), [("second".to_owned(), Stage::Staging)]);
    }
    for outsider in [jill, sam, max] {
        each_refused(&mut store, &[outsider], look, unseen(flow));
        each_refused(&mut store, &[outsider], list, unseen(flow));
        each_refused(&mut store, &[outsider], rename, unseen(flow));
        each_refused(&mut store, &[outsider], transfer, unseen(flow));
        each_refused(&mut store, &[outsider], |s, by| s.delete_pipeline(by, flow), unseen(flow));
    }
    each_refused(&mut store, &[jill], couple, unseen(flow));
    each_refused(&mut store, &[sam], couple, hidden(website));
    store.couple_app(ada, flow, website, Stage::Production).unwrap();
    assert_eq!(store.pipeline(jill, flow).unwrap().id(), flow);
    assert_eq!(apps(&store, jill, flow), [("acme-website".to_owned(), Stage::Production)]);
    assert_eq!(apps(&store, vera, flow).len(), 2);
    let times = Times { since: noon(), changed_at: noon() };
    let coupled = Coupling { pipeline: flow, app: website, stage: Stage::Production, times };
    assert_eq!(store.coupling(jill, website), Ok(Some(coupled)));
    for by in [sam, jill] {
        let (actor, held) = (by.who, PermissionSet::EMPTY);
        let error = Error::ActionNeedsPermission { actor, app: second, action: AppAction::ViewApp, held };
        assert_eq!(store.coupling(by, second), Err(error));
    }
    store.remove_collaborator(ada, website, id(jill)).unwrap();
    each_refused(&mut store, &[jill], look, unseen(flow));
    store.remove_member(ada, acme, id(vera)).unwrap();
    each_refused(&mut store, &[vera], look, unseen(flow));

    let own = pipeline(&mut store, joe, id(joe), "joes-flow");
    let mine = personal(&mut store, joe, "mine");
    store.add_collaborator(joe, mine, id(jill)).unwrap();
    let look = |s: &mut TeamStore, by| s.pipeline(by, own).map(drop);
    each_refused(&mut store, &[jill, ada, vera, sam], look, unseen(own));
    store.couple_app(joe, own, mine, Stage::Staging).unwrap();
    each_refused(&mut store, &[ada, vera, sam], look, unseen(own));
    for by in [joe, jill, operator] {
        assert_eq!(apps(&store, by, own), [("mine".to_owned(), Stage::Staging)]);
    }
    store.uncouple_app(joe, mine).unwrap();
    each_refused(&mut store, &[jill], look, unseen(own));
    sound(&store);
}

#[test]
fn trf_07_a_transferred_app_leaves_its_pipeline() {
    type Transfer = fn(&mut TeamStore, Actor, AppId, TeamId);
    let ways: [Transfer; 3] = [
        |s, by, app, to| s.transfer_app(by, app, to).unwrap(),
        |s, by, app, to| s.transfer_apps(by, &[app], to).unwrap(),
        |s, by, app, to| assert_eq!(s.transfer_movable_apps(by, &[app], to), Ok(vec![])),
    ];
    for way in ways {
        let Demo { mut store, ada, joe, acme, website, sam, inc, .. } = Demo::new().unwrap();
        store.add_member(sam, inc, id(ada), TeamRole::Admin).unwrap();
        let other = team_app(&mut store, ada, acme, "other");
        let flow = pipeline(&mut store, ada, acme, "acme-flow");
        store.couple_app(ada, flow, website, Stage::Production).unwrap();
        store.couple_app(ada, flow, other, Stage::Staging).unwrap();
        store.release_app(ada, website, read("one")).unwrap();
        way(&mut store, ada, website, inc);
        let moved = match last(&store) {
            Event::AppTransferred { moved } => *moved,
            Event::AppsTransferred { moved } => moved[0].clone(),
            event => panic!("{event:?}"),
        };
        assert_eq!((moved.app, moved.uncoupled), (website, Some((flow, Stage::Production))));
        assert_eq!((owner(&store, website), place(&store, website)), (Owner::Team(inc), None));
        assert_eq!(release(&store, website), Some(released(1, "one")));
        assert_eq!(store.pipeline(joe, flow).unwrap().owner(), Owner::Team(acme));
        assert_eq!(apps(&store, joe, flow), [("other".to_owned(), Stage::Staging)]);
        each_refused(&mut store, &[sam], |s, by| s.pipeline(by, flow).map(drop), unseen(flow));
        let error = &Error::OwnersDiffer { app: website, pipeline: flow };
        let message = format!("app `{website}` and pipeline `{flow}` have different owners");
        refused(&mut store, |s| s.couple_app(ada, flow, website, Stage::Test), error, &message);
        way(&mut store, ada, website, acme);
        assert_eq!(place(&store, website), None);
        store.couple_app(ada, flow, website, Stage::Test).unwrap();
        store.transfer_app(ada, website, id(ada)).unwrap();
        assert_eq!((owner(&store, website), place(&store, website)), (Owner::User(id(ada)), None));
        sound(&store);
    }

    let Demo { mut store, joe, jill, acme, .. } = Demo::new().unwrap();
    let [asked, brought] = ["asked", "brought"].map(|name| personal(&mut store, joe, name));
    let own = pipeline(&mut store, joe, id(joe), "joes-flow");
    for app in [asked, brought] {
        store.add_collaborator(joe, app, id(jill)).unwrap();
        store.couple_app(joe, own, app, Stage::Development).unwrap();
    }
    let transfer = store.request_app_transfer(joe, asked, id(jill)).unwrap();
    assert_eq!(place(&store, asked), Some((own, Stage::Development)));
    store.decline_app_transfer(jill, transfer).unwrap();
    let transfer = store.request_app_transfer(joe, asked, id(jill)).unwrap();
    assert_eq!(place(&store, asked), Some((own, Stage::Development)));
    store.accept_app_transfer(jill, transfer).unwrap();
    let Event::AppTransferAccepted { moved } = last(&store) else { panic!("{:?}", last(&store)) };
    assert_eq!((moved.app, moved.uncoupled), (asked, Some((own, Stage::Development))));
    assert_eq!((owner(&store, asked), place(&store, asked)), (Owner::User(id(jill)), None));
    store.transfer_pipeline(joe, own, acme).unwrap();
    assert_eq!((owner(&store, brought), place(&store, brought)), (acme.into(), Some((own, Stage::Development))));
    sound(&store);
}
