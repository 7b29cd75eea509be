//! Requests as operations, and what stands in paths as ids.

use core::fmt::Debug;

use enterprise_teams::demo::Demo;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    AppId, NewApp, NewSpace, NewTeam, Operation as O, Owner, Permission, PermissionSet, Stage, TeamRole,
    entity::{AccountPermission, AccountPermissionSet, AddOnControls, Days},
    policy::RoleRights,
};
use enterprise_teams_platform_api::{self as api, Fault, Thing, body, find};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{World, world};
use crate::support::{app_name, email, id, read, register};

/// The body reads as this and becomes this operation.
#[track_caller]
fn reads<T: DeserializeOwned, R: Into<Option<O>>>(
    body: Value,
    operation: impl Fn(&T) -> Result<R, Fault>,
    expected: &O,
) {
    let body: T = serde_json::from_value(body).unwrap();
    assert_eq!(operation(&body).map(Into::into), Ok(Some(expected.clone())));
}

/// The body reads as this and asks for nothing.
#[track_caller]
fn asks_nothing<T: DeserializeOwned>(body: Value, operation: impl Fn(&T) -> Result<Option<O>, Fault>) {
    let body: T = serde_json::from_value(body).unwrap();
    assert_eq!(operation(&body), Ok(None));
}

/// Each body is read, and then refused with this field and this problem.
#[track_caller]
fn faults<T: DeserializeOwned, R: Debug + PartialEq>(
    operation: impl Fn(&T) -> Result<R, Fault>,
    cases: &[(Value, &'static str, &'static str)],
) {
    for (json, field, problem) in cases {
        let body: T = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(operation(&body), Err(Fault::Field { field, problem }), "{json}");
    }
}

/// The code of the refusal, or what is missing.
#[track_caller]
fn code<R: Debug>(answer: Result<R, Fault>) -> String {
    match answer.unwrap_err() {
        Fault::Refused(error) => error.code().to_owned(),
        other => other.to_string(),
    }
}

#[test]
fn apps() {
    let World { demo: Demo { store, ada, joe, jill, acme, website, .. }, zoe, space, .. } = world();
    let named = NewApp::personal().named(app_name("apple")).stack(read("cedar"));
    reads(
        json!({ "name": "apple", "stack": "cedar", "region": "us" }),
        body::AppCreate::operation,
        &O::CreateApp { app: named },
    );
    reads(json!({ "name": null }), body::AppCreate::operation, &O::CreateApp { app: NewApp::personal() });
    faults(
        body::AppCreate::operation,
        &[
            (json!({ "region": "eu" }), "region", "can only be `us`"),
            (json!({ "feature_flags": ["x"] }), "feature_flags", "are not there"),
            (json!({ "feature_flags": "x,y" }), "feature_flags", "are not there"),
        ],
    );
    let malformed: body::AppCreate = serde_json::from_value(json!({ "name": "My App" })).unwrap();
    assert_eq!(code(malformed.operation()), "app-name-invalid");

    let create = |body: &body::TeamAppCreate| body.operation(&store, joe);
    let cases = [
        (json!({}), NewApp::personal()),
        (json!({ "personal": true, "locked": false }), NewApp::personal()),
        (json!({ "team": "acme-widgets" }), NewApp::in_team(acme)),
        (json!({ "team": acme, "locked": true }), NewApp::in_team(acme).locked()),
        (json!({ "space": "acme-space", "region": "virginia" }), NewApp::in_space(space)),
        (json!({ "space": "acme-space", "team": "acme-widgets", "name": "apple", "stack": "cedar" }), {
            NewApp::in_space(space).named(app_name("apple")).stack(read("cedar"))
        }),
    ];
    for (json, app) in cases {
        reads(json, create, &O::CreateApp { app });
    }
    faults(
        create,
        &[
            (json!({ "team": "acme-widgets", "region": "eu" }), "region", "can only be `us`"),
            (json!({ "space": "acme-space", "region": "us" }), "region", "can only be `virginia`, where the space is"),
            (json!({ "team": "acme-widgets", "personal": true }), "personal", "goes with neither `team` nor `space`"),
            (json!({ "internal_routing": true }), "internal_routing", "cannot be switched on"),
        ],
    );
    let both: body::TeamAppCreate =
        serde_json::from_value(json!({ "team": "acme-labs", "space": "acme-space" })).unwrap();
    let wrong = Fault::Field { field: "space", problem: "belongs to another team" };
    assert_eq!(both.operation(&store, ada), Err(wrong));
    // What is not seen is not there.
    let hidden: body::TeamAppCreate = serde_json::from_value(json!({ "space": "acme-space" })).unwrap();
    assert_eq!(code(hidden.operation(&store, zoe)), "space-hidden");
    let hidden: body::TeamAppCreate = serde_json::from_value(json!({ "team": "acme-labs" })).unwrap();
    assert_eq!(hidden.operation(&store, joe), Err(Fault::Missing(Thing::Team)));

    let app = website;
    let update = |body: &body::AppUpdate| body.operation(&store, jill, app);
    reads(json!({ "name": "apple", "maintenance": false }), update, &O::RenameApp { app, name: app_name("apple") });
    faults(
        update,
        &[
            (json!({ "maintenance": true }), "maintenance", "cannot be switched on"),
            (json!({ "name": "apple", "build_stack": "cedar" }), "build_stack", "cannot be changed"),
        ],
    );
    let stack = api::app(&store, jill, app).unwrap().stack;
    for body in
        [json!({}), json!({ "maintenance": false, "build_stack": stack.name }), json!({ "build_stack": stack.id })]
    {
        asks_nothing(body, update);
    }

    let update = |body: &body::TeamAppUpdate| body.operation(&store, jill, app);
    reads(json!({ "locked": true }), update, &O::LockApp { app });
    reads(json!({ "locked": false }), update, &O::UnlockApp { app });
    for owner in [json!("acme-widgets"), json!(acme)] {
        reads(json!({ "owner": owner }), update, &O::TransferApp { app, to: acme.into() });
    }
    for owner in [json!("JILL@creativeinc.com"), json!("~"), json!(id(jill))] {
        reads(json!({ "owner": owner }), update, &O::TransferApp { app, to: id(jill).into() });
    }
    asks_nothing(json!({}), update);
    faults(update, &[(json!({ "locked": true, "owner": "~" }), "locked", "does not go with `owner`")]);
    for (owner, thing) in [("acme-labs", Thing::Team), ("no@body.com", Thing::User)] {
        let body: body::TeamAppUpdate = serde_json::from_value(json!({ "owner": owner })).unwrap();
        assert_eq!(update(&body), Err(Fault::Missing(thing)));
    }
}

#[test]
fn people_on_apps() {
    let World { demo: Demo { store, ada, joe, jill, website: app, .. }, .. } = world();
    let user = id(joe);
    let add = |body: &body::CollaboratorCreate| body.operation(&store, ada, app);
    reads(json!({ "user": "joe@acme.com", "silent": true }), add, &O::AddCollaborator { app, user });
    faults(add, &[(json!({}), "user", "is missing")]);

    let add = |body: &body::TeamAppCollaboratorCreate| body.operation(&store, jill, app);
    let deploy: PermissionSet = Permission::Deploy | Permission::View;
    let grant = O::GrantPermissions { app, user, permissions: deploy };
    reads(json!({ "user": user, "permissions": ["deploy", "view"] }), add, &grant);
    reads(json!({ "user": user }), add, &O::AddCollaborator { app, user });
    reads(json!({ "user": "jill@creativeinc.com" }), add, &O::JoinApp { app });
    reads(
        json!({ "user": "~", "permissions": [] }),
        add,
        &O::GrantPermissions { app, user: id(jill), permissions: PermissionSet::EMPTY },
    );
    let unknown: body::TeamAppCollaboratorCreate =
        serde_json::from_value(json!({ "user": user, "permissions": ["own"] })).unwrap();
    assert_eq!(code(add(&unknown)), "permissions-invalid");

    let set = |body: &body::TeamAppCollaboratorUpdate| body.operation(app, user);
    reads(
        json!({ "permissions": ["manage"] }),
        set,
        &O::SetPermissions { app, user, permissions: Permission::Manage.into() },
    );
    faults(set, &[(json!({}), "permissions", "is missing")]);
}

#[test]
fn teams() {
    let World { demo: Demo { store, ada, joe, jill, sam, acme: team, .. }, account, .. } = world();
    let create = |body: &body::TeamCreate| body.operation(joe);
    let new = NewTeam::standard(read("acme-new"), id(joe));
    reads(json!({ "name": "acme-new", "city": "Springfield", "cvv": null }), create, &O::ProvisionTeam { team: new });
    faults(create, &[(json!({ "city": "Springfield" }), "name", "is missing")]);
    assert_eq!(
        store.what_if(joe, &O::ProvisionTeam { team: new }).unwrap_err().code(),
        "only-operator-provisions-teams"
    );
    let create = |body: &body::TeamCreateInAccount| body.operation(account);
    reads(json!({ "name": "acme-new" }), create, &O::CreateTeamIn { account, name: read("acme-new") });
    let rename = |body: &body::TeamUpdate| body.operation(team);
    reads(json!({ "name": "acme-new", "default": false }), rename, &O::RenameTeam { team, name: read("acme-new") });
    asks_nothing(json!({ "default": false }), rename);
    faults(rename, &[(json!({ "default": true }), "default", "cannot be chosen: there is no default team")]);

    let (user, role) = (id(joe), TeamRole::Admin);
    let member = json!({ "email": "joe@acme.com", "role": "admin" });
    reads(member.clone(), |body: &body::TeamMemberPut| body.add(&store, ada, team), &O::AddMember { team, user, role });
    reads(
        member.clone(),
        |body: &body::TeamMemberPut| body.set(&store, ada, team),
        &O::SetMemberRole { team, user, role },
    );
    let put = |body: &body::TeamMemberPut| body.put(&store, ada, team);
    reads(member, put, &O::SetMemberRole { team, user, role });
    for (email, user) in [("jill@creativeinc.com", id(jill)), ("sam@acme-inc.com", id(sam))] {
        reads(json!({ "email": email, "role": "admin" }), put, &O::AddMember { team, user, role });
    }
    // Who is no user yet is invited.
    let invited = O::InviteMember { team, email: email("no@body.com"), role };
    reads(json!({ "email": "no@body.com", "role": "admin" }), put, &invited);
    faults(
        put,
        &[
            (json!({ "role": "admin" }), "email", "is missing"),
            (json!({ "email": "joe@acme.com" }), "role", "is missing"),
            (
                json!({ "email": "joe@acme.com", "role": "admin", "federated": true }),
                "federated",
                "is for people who sign in through an identity provider",
            ),
        ],
    );
    let codes = [("joe", "admin", "email-invalid"), ("joe@acme.com", "owner", "team-role-invalid")];
    for (email, role, expected) in codes {
        let body: body::TeamMemberPut = serde_json::from_value(json!({ "email": email, "role": role })).unwrap();
        assert_eq!(code(put(&body)), expected);
    }

    let invite = |body: &body::TeamInvitationPut| body.operation(team);
    let invited = O::InviteMember { team, email: email("new@acme.com"), role: TeamRole::Viewer };
    reads(json!({ "email": "new@acme.com", "role": "viewer" }), invite, &invited);
    // Without a role it is to the default one (INV-6).
    let by_default = O::InviteDefaultMember { team, email: email("a@b.c") };
    reads(json!({ "email": "a@b.c" }), invite, &by_default);
    faults(invite, &[(json!({}), "email", "is missing")]);

    let prefer = |body: &body::TeamPreferencesUpdate| Ok(body.operation(team));
    let switched = |controls| O::SetAddOnControls { team, controls };
    reads(json!({ "addons-controls": true }), prefer, &switched(AddOnControls::On));
    reads(json!({ "addons-controls": false }), prefer, &switched(AddOnControls::Off));
    asks_nothing(json!({ "addons-controls": null }), prefer);

    let allow = |body: &body::AllowedAddOnServiceCreate| body.operation(team);
    reads(json!({ "addon_service": "redis" }), allow, &O::AllowAddOn { team, service: read("redis") });
    faults(allow, &[(json!({}), "addon_service", "is missing")]);

    let add = |body: &body::EnterpriseAccountMemberCreate| body.operation(&store, ada, account);
    let permissions: AccountPermissionSet = read("view,create");
    let added = O::AddAccountMember { account, user, permissions };
    reads(json!({ "user": "joe@acme.com", "permissions": ["view", "create"] }), add, &added);
    faults(add, &[(json!({}), "user", "is missing"), (json!({ "user": "~" }), "permissions", "is missing")]);
    let set = |body: &body::EnterpriseAccountMemberUpdate| body.operation(account, user);
    let changed = O::SetAccountPermissions { account, user, permissions };
    reads(json!({ "permissions": ["create", "view"] }), set, &changed);
    faults(set, &[(json!({}), "permissions", "is missing")]);
    let rename = |body: &body::EnterpriseAccountUpdate| body.check(&store, ada, account);
    faults(rename, &[(json!({ "name": "acme-co" }), "name", "cannot be changed")]);
    assert_eq!(rename(&body::EnterpriseAccountUpdate { name: Some("acme-corp".into()) }), Ok(()));
    assert_eq!(rename(&body::EnterpriseAccountUpdate::default()), Ok(()));
    faults(
        body::AccountUpdate::check,
        &[
            (json!({ "name": "Joe" }), "name", "is not kept"),
            (json!({ "beta": true }), "beta", "cannot be switched on"),
            (json!({ "allow_tracking": true }), "allow_tracking", "cannot be switched on"),
        ],
    );
    let as_it_is = body::AccountUpdate { beta: Some(false), allow_tracking: Some(false), name: None };
    assert_eq!(as_it_is.check(), Ok(()));
}

#[test]
fn transfers_and_filters() {
    let World { demo: Demo { store, joe, jill, website, .. }, joes: app, transfer, .. } = world();
    let request = |body: &body::AppTransferCreate| body.operation(&store, joe);
    let requested = O::RequestAppTransfer { app, recipient: id(jill) };
    reads(json!({ "app": "joes-own", "recipient": "jill@creativeinc.com" }), request, &requested);
    reads(json!({ "app": app, "recipient": id(jill), "silent": true }), request, &requested);
    faults(request, &[(json!({}), "app", "is missing"), (json!({ "app": app }), "recipient", "is missing")]);
    let answer = |body: &body::AppTransferUpdate| body.operation(transfer);
    reads(json!({ "state": "accepted" }), answer, &O::AcceptAppTransfer { transfer });
    reads(json!({ "state": "declined" }), answer, &O::DeclineAppTransfer { transfer });
    asks_nothing(json!({ "state": "pending" }), answer);
    faults(answer, &[(json!({}), "state", "is missing")]);

    let filter: body::FilterApps = serde_json::from_value(json!({ "in": { "id": [app, website] } })).unwrap();
    assert_eq!(filter.apps(), Ok(&[app, website][..]));
    let many = vec![AppId::from_uuid(Uuid::nil()); 1001];
    faults(
        |body: &body::FilterApps| body.apps().map(<[AppId]>::len),
        &[(json!({ "in": { "id": many } }), "in", "names more than 1000 apps")],
    );
}

#[test]
fn spaces() {
    let World { demo: Demo { store, ada, joe, acme, .. }, space, labs, .. } = world();
    let create = |body: &body::SpaceCreate| body.operation(&store, ada);
    // As the command-line client sends it.
    let client = json!({
        "name": "new-space", "team": "acme-widgets", "generation": "cedar", "features": [], "region": "virginia",
        "cidr": "10.0.0.0/16", "data_cidr": "10.1.0.0/16",
    });
    let new = NewSpace::new(acme, read("new-space"));
    reads(client, create, &O::CreateSpace { space: new });
    let shielded = json!({ "name": "new-space", "team": "acme-widgets", "shield": true });
    reads(shielded, create, &O::CreateSpace { space: new.shielded() });
    let with = |field: &str, value: Value| {
        let mut body = json!({ "name": "new-space", "team": "acme-widgets" });
        body[field] = value;
        body
    };
    faults(
        create,
        &[
            (json!({}), "team", "is missing"),
            (json!({ "team": "acme-widgets" }), "name", "is missing"),
            (with("region", json!("tokyo")), "region", "can only be `virginia`"),
            (with("cidr", json!("10.2.0.0/16")), "cidr", "can only be `10.0.0.0/16`"),
            (with("data_cidr", json!("10.2.0.0/16")), "data_cidr", "can only be `10.1.0.0/16`"),
            (with("generation", json!("fir")), "generation", "can only be `cedar`"),
            (with("log_drain_url", json!("https://x.io")), "log_drain_url", "cannot be had"),
            (with("features", json!(["one"])), "features", "are not there"),
        ],
    );
    let rename = |body: &body::SpaceUpdate| body.operation(space);
    reads(json!({ "name": "new-name" }), rename, &O::RenameSpace { space, name: read("new-name") });
    asks_nothing(json!({}), rename);
    let transfer = |body: &body::SpaceTransferCreate| body.operation(&store, ada, space);
    reads(json!({ "new_owner": "acme-labs" }), transfer, &O::TransferSpace { space, team: labs });
    faults(transfer, &[(json!({}), "new_owner", "is missing")]);
    let user = id(joe);
    let permit = |body: &body::SpaceAppAccessUpdate| body.operation(space, user);
    let allowed = json!({ "permissions": [{ "name": "create_apps" }] });
    reads(allowed, permit, &O::AllowAppCreation { space, user });
    reads(json!({ "permissions": [] }), permit, &O::RevokeAppCreation { space, user });
    faults(
        permit,
        &[
            (json!({}), "permissions", "is missing"),
            (
                json!({ "permissions": [{ "name": "create_apps" }, { "name": "view" }] }),
                "permissions",
                "can only be `create_apps`, or none",
            ),
        ],
    );
}

#[test]
fn pipelines() {
    let World { demo: Demo { store, ada, joe, website, acme, .. }, zoe, pipeline, next, labs, .. } = world();
    let create = |body: &body::PipelineCreate| body.operation(&store, joe);
    let name = read("new-flow");
    let client = json!({
        "name": "new-flow", "owner": { "id": acme, "type": "team" }, "generation": { "name": "cedar" },
    });
    reads(client, create, &O::CreatePipeline { owner: acme.into(), name });
    reads(json!({ "name": "new-flow" }), create, &O::CreatePipeline { owner: id(joe).into(), name });
    let own = json!({ "name": "new-flow", "owner": { "id": id(joe), "type": "user" } });
    reads(own, create, &O::CreatePipeline { owner: id(joe).into(), name });
    faults(
        create,
        &[
            (json!({}), "name", "is missing"),
            (json!({ "name": "new-flow", "generation": { "name": "fir" } }), "generation", "can only be `cedar`"),
        ],
    );
    let hidden: body::PipelineCreate =
        serde_json::from_value(json!({ "name": "new-flow", "owner": { "id": labs, "type": "team" } })).unwrap();
    assert_eq!(create(&hidden), Err(Fault::Missing(Thing::Team)));
    let rename = |body: &body::PipelineUpdate| body.operation(pipeline);
    reads(json!({ "name": "new-flow" }), rename, &O::RenamePipeline { pipeline, name });
    asks_nothing(json!({}), rename);

    let couple = |body: &body::PipelineCouplingCreate| body.operation(&store, ada);
    let coupled = O::CoupleApp { pipeline, app: website, stage: Stage::Review };
    for (app, place) in [(json!("acme-website"), json!(pipeline)), (json!(website), json!("acme-flow"))] {
        reads(json!({ "app": app, "pipeline": place, "stage": "review" }), couple, &coupled);
    }
    faults(
        couple,
        &[
            (json!({}), "app", "is missing"),
            (json!({ "app": website }), "pipeline", "is missing"),
            (json!({ "app": website, "pipeline": pipeline }), "stage", "is missing"),
        ],
    );
    let set = |body: &body::PipelineCouplingUpdate| body.operation(website);
    reads(json!({ "stage": "production" }), set, &O::SetStage { app: website, stage: Stage::Production });
    asks_nothing(json!({}), set);
    let unknown: body::PipelineCouplingUpdate = serde_json::from_value(json!({ "stage": "live" })).unwrap();
    assert_eq!(code(set(&unknown)), "stage-invalid");

    let transfer = |body: &body::PipelineTransferCreate| body.operation(&store, ada);
    let to_user = json!({ "pipeline": { "id": pipeline }, "new_owner": { "id": id(joe), "type": "user" } });
    reads(to_user, transfer, &O::TransferPipeline { pipeline, to: id(joe).into() });
    let to_team = json!({ "pipeline": { "id": pipeline }, "new_owner": { "id": labs, "type": "team" } });
    reads(to_team, transfer, &O::TransferPipeline { pipeline, to: labs.into() });
    faults(
        transfer,
        &[
            (json!({}), "pipeline", "is missing"),
            (json!({ "pipeline": { "id": pipeline } }), "new_owner", "is missing"),
        ],
    );

    let promote = |body: &body::PipelinePromotionCreate| body.operation(&store, ada);
    let body = |pipeline: Value, source: Value| json!({ "pipeline": { "id": pipeline }, "source": source, "targets": [{ "app": { "id": next } }] });
    let source = json!({ "app": { "id": website } });
    let promoted = O::PromoteAppTo { app: website, targets: vec![next] };
    reads(body(json!(pipeline), source.clone()), promote, &promoted);
    let seq = store.events().iter().find(|entry| entry.event.code() == "app-promoted").unwrap().seq;
    let release = api::pipeline_promotion(&store, ada, api::event_id(seq)).unwrap().source.release.id;
    let with_release = json!({ "app": { "id": website }, "release": { "id": release } });
    reads(body(json!(pipeline), with_release), promote, &promoted);
    let other_release = json!({ "app": { "id": website }, "release": { "id": Uuid::nil() } });
    faults(
        promote,
        &[
            (json!({}), "source", "is missing"),
            (json!({ "source": {} }), "source.app", "is missing"),
            (json!({ "source": source }), "pipeline", "is missing"),
            (json!({ "source": source, "pipeline": { "id": pipeline } }), "targets", "is missing"),
            (json!({ "source": source, "pipeline": { "id": pipeline }, "targets": [{}] }), "targets.app", "is missing"),
            (body(json!(Uuid::nil()), source.clone()), "pipeline", "is not that of the source"),
            (body(json!(pipeline), other_release), "source.release", "is not what the source runs"),
        ],
    );
    let whole: body::PipelinePromotionCreate = serde_json::from_value(body(json!(pipeline), source)).unwrap();
    assert_eq!(code(whole.operation(&store, zoe)), "action-needs-permission");
}

#[test]
fn ranges_of_usage() {
    let days = |body: &body::UsageRange| body.days(read("2024-11-14"));
    let range = |json: Value| serde_json::from_value::<body::UsageRange>(json).unwrap();
    let expected = Days { first: read("2024-11-01"), last: read("2024-11-14") };
    assert_eq!(days(&range(json!({ "start": "2024-11-01" }))), Ok(expected));
    let expected = Days { first: read("2024-11-01"), last: read("2024-11-02") };
    assert_eq!(days(&range(json!({ "start": "2024-11-01", "end": "2024-11-02" }))), Ok(expected));
    faults(
        days,
        &[
            (json!({}), "start", "is missing"),
            (json!({ "start": "2024-11" }), "start", "is no day"),
            (json!({ "start": "2024-11-01", "end": "tomorrow" }), "end", "is no day"),
        ],
    );
    let months = |json| range(json).months();
    assert_eq!(months(json!({ "start": "2024-11" })), Ok((read("2024-11"), read("2024-11"))));
    assert_eq!(months(json!({ "start": "2024-11", "end": "2025-01" })), Ok((read("2024-11"), read("2025-01"))));
    faults(
        body::UsageRange::months,
        &[
            (json!({}), "start", "is missing"),
            (json!({ "start": "2024-11-01" }), "start", "is no month"),
            (json!({ "start": "2024-11", "end": "" }), "end", "is no month"),
        ],
    );
}

/// Every body refuses a field that it does not know, and values of other types.
#[test]
fn unknown_fields_and_wrong_types() {
    fn refuses<T: DeserializeOwned + Debug>(known: &str, wrong: impl Serialize) {
        assert!(serde_json::from_value::<T>(json!({})).is_ok());
        let error = serde_json::from_value::<T>(json!({ "own": 1 })).unwrap_err().to_string();
        assert!(error.starts_with("unknown field `own`, expected"), "{error}");
        assert!(serde_json::from_value::<T>(json!({ known: wrong })).is_err(), "{known}");
        for other in [json!("text"), json!(1), json!([]), json!(["text"]), Value::Null] {
            assert!(serde_json::from_value::<T>(other).is_err());
        }
    }
    refuses::<body::AppCreate>("name", json!(1));
    refuses::<body::AppUpdate>("maintenance", json!("yes"));
    refuses::<body::TeamAppCreate>("locked", json!("true"));
    refuses::<body::TeamAppUpdate>("locked", json!(1));
    refuses::<body::ReleaseCreate>("description", json!(1));
    refuses::<body::FormationBatchUpdate>("updates", json!([{ "own": 1 }]));
    refuses::<body::FormationUpdate>("quantity", json!(-1));
    refuses::<body::FormationUpdate>("dyno_size", json!("basic"));
    refuses::<body::AddOnCreate>("config", json!({ "fork": 1 }));
    refuses::<body::AddOnUpdate>("plan", json!(1));
    refuses::<body::AddOnResolve>("addon", json!([]));
    refuses::<body::CollaboratorCreate>("user", json!({}));
    refuses::<body::TeamAppCollaboratorCreate>("permissions", json!("view"));
    refuses::<body::TeamAppCollaboratorUpdate>("permissions", json!([1]));
    refuses::<body::TeamCreate>("cvv", json!(123));
    refuses::<body::TeamCreateInAccount>("name", json!([]));
    refuses::<body::TeamUpdate>("default", json!("true"));
    refuses::<body::TeamMemberPut>("email", json!(["joe@acme.com"]));
    refuses::<body::TeamInvitationPut>("role", json!(1));
    refuses::<body::TeamPreferencesUpdate>("addons-controls", json!("on"));
    refuses::<body::AllowedAddOnServiceCreate>("addon_service", json!({}));
    refuses::<body::AppTransferCreate>("app", json!({ "id": Uuid::nil() }));
    refuses::<body::AppTransferUpdate>("state", json!("ignored"));
    refuses::<body::FilterApps>("in", json!({ "id": ["acme-website"] }));
    refuses::<body::SpaceCreate>("features", json!("none"));
    refuses::<body::SpaceUpdate>("name", json!(1));
    refuses::<body::SpaceTransferCreate>("new_owner", json!(1));
    refuses::<body::SpaceAppAccessUpdate>("permissions", json!(["create_apps"]));
    refuses::<body::PipelineCreate>("owner", json!({ "id": Uuid::nil(), "type": "account" }));
    refuses::<body::PipelineCreate>("owner", json!([Uuid::nil(), "team"]));
    refuses::<body::PipelineCreate>("generation", json!(["cedar"]));
    refuses::<body::PipelineTransferCreate>("pipeline", json!({ "id": Uuid::nil(), "name": "acme-flow" }));
    refuses::<body::PipelineUpdate>("name", json!(1));
    refuses::<body::PipelineCouplingCreate>("stage", json!(1));
    refuses::<body::PipelineCouplingUpdate>("stage", json!(1));
    refuses::<body::PipelineTransferCreate>("pipeline", json!({ "id": "acme-flow" }));
    refuses::<body::PipelinePromotionCreate>("targets", json!([{ "app": "acme-next" }]));
    refuses::<body::EnterpriseAccountUpdate>("name", json!(1));
    refuses::<body::EnterpriseAccountMemberCreate>("permissions", json!(["own"]));
    refuses::<body::EnterpriseAccountMemberUpdate>("permissions", json!("view"));
    refuses::<body::AccountUpdate>("beta", json!(1));
    refuses::<body::UsageRange>("start", json!(2024));
}

/// Who manages the access to an app, or an account, is told who is there, also of those whom they do not see otherwise.
#[test]
fn people_of_a_list() {
    let World { demo: Demo { mut store, ada, jill, vera, max, website, .. }, account, .. } = world();
    store.grant_permissions(ada, website, id(max), read("view")).unwrap();
    assert_eq!(find::collaborator(&store, jill, website, "max@acme-inc.com"), Err(Fault::Missing(Thing::User)));
    store.set_permissions(ada, website, id(jill), read("manage")).unwrap();
    assert_eq!(find::user(&store, jill, "max@acme-inc.com"), Err(Fault::Missing(Thing::User)));
    assert_eq!(find::collaborator(&store, jill, website, "max@acme-inc.com"), Ok(id(max)));
    let nobody = register(&mut store, "sue@acme.com");
    store.add_account_member(ada, account, id(nobody), [AccountPermission::View].into_iter().collect()).unwrap();
    assert_eq!(find::user(&store, ada, "sue@acme.com"), Err(Fault::Missing(Thing::User)));
    assert_eq!(find::account_member(&store, ada, account, "sue@acme.com"), Ok(id(nobody)));
    assert_eq!(find::account_member(&store, ada, account, &id(vera).to_string()), Ok(id(vera)));
}

#[test]
fn identities() {
    let World { demo: Demo { store, operator, ada, joe, jill, sam, max, acme, inc, website, .. }, .. } = world();
    assert_eq!(find::user(&store, joe, "~"), Ok(id(joe)));
    assert_eq!(find::user(&store, joe, "ADA@acme.com"), Ok(id(ada)));
    assert_eq!(find::user(&store, joe, &id(ada).to_string()), Ok(id(ada)));
    assert_eq!(find::user(&store, operator, "~"), Err(Fault::Missing(Thing::User)));
    for nobody in ["", "joe", "no@body.com", "~~", "%7e", "../joe@acme.com", "joe@acme.com\0"] {
        assert_eq!(find::user(&store, joe, nobody), Err(Fault::Missing(Thing::User)), "{nobody}");
    }

    assert_eq!(find::team(&store, joe, "acme-widgets"), Ok(acme));
    assert_eq!(find::team(&store, jill, &acme.to_string()), Ok(acme));
    assert_eq!(find::team(&store, operator, "acme-inc"), Ok(inc));
    for hidden in ["acme-inc", &inc.to_string(), "no-team", "", "~", "ACME", &Uuid::nil().to_string()] {
        assert_eq!(find::team(&store, joe, hidden), Err(Fault::Missing(Thing::Team)), "{hidden}");
    }
    let sams = id(sam).to_string();
    for hidden in ["sam@acme-inc.com", &sams] {
        assert_eq!(find::user(&store, joe, hidden), Err(Fault::Missing(Thing::User)));
        assert_eq!(find::collaborator(&store, joe, website, hidden), Err(Fault::Missing(Thing::User)));
        assert_eq!(find::anybody(&store, joe, hidden), Ok(id(sam)));
    }
    let owner = |identity: &str| find::owner(&store, joe, website, identity);
    assert_eq!(owner("acme-widgets"), Ok(acme.into()));
    assert_eq!(owner(&id(ada).to_string()), Ok(id(ada).into()));
    assert_eq!(owner("~"), Ok(Owner::User(id(joe))));
    assert_eq!(owner("sam@acme-inc.com"), Err(Fault::Missing(Thing::User)));
    for nothing in [&sams, &Uuid::nil().to_string()] {
        assert_eq!(owner(nothing), Err(Fault::Missing(Thing::Team)));
    }

    assert_eq!(find::app(&store, jill, "acme-website"), Ok(website));
    assert_eq!(find::app(&store, jill, &website.uuid().simple().to_string().to_uppercase()), Ok(website));
    assert_eq!(code(find::app(&store, max, "acme-website")), "action-needs-permission");
    assert_eq!(code(find::app(&store, max, &website.to_string())), "action-needs-permission");
    assert_eq!(code(find::app(&store, max, "acme-none")), "app-name-not-found");
    assert_eq!(find::app(&store, max, "Acme"), Err(Fault::Missing(Thing::App)));
}

#[test]
fn identities_of_the_rest() {
    let world = world();
    let World { space, account, pipeline, labs, transfer, invitation, to_nobody, zoe, .. } = world;
    let Demo { mut store, ada, joe, vera, jill, sam, acme, inc, .. } = world.demo;
    assert_eq!(find::space(&store, vera, "acme-space"), Ok(space));
    assert_eq!(find::space(&store, vera, &space.to_string()), Ok(space));
    assert_eq!(code(find::space(&store, jill, "acme-space")), "space-hidden");
    assert_eq!(find::space(&store, jill, "acme--space"), Err(Fault::Missing(Thing::Space)));
    // Who manages the account transfers spaces of its teams, and so finds them (SPC-7).
    let ben = register(&mut store, "ben@acme.com");
    let labs_space = store.create_space(ada, NewSpace::new(labs, read("labs-space"))).unwrap();
    store.add_account_member(ada, account, id(ben), read("view,manage")).unwrap();
    assert_eq!(find::space(&store, ben, "labs-space"), Ok(labs_space));
    assert_eq!(code(find::space(&store, sam, "labs-space")), "space-hidden");
    assert_eq!(code(find::space(&store, ben, "acme-space")), "space-hidden");
    assert_eq!(api::space(&store, ben, labs_space).unwrap_err().code(), "space-hidden");
    // Members of the account know of its teams.
    assert_eq!((find::team(&store, sam, "acme-labs"), find::team(&store, ben, "acme-labs")), (Ok(labs), Ok(labs)));

    assert_eq!(find::account(&store, sam, "acme-corp"), Ok(account));
    assert_eq!(find::account(&store, sam, &account.to_string()), Ok(account));
    assert_eq!(code(find::account(&store, joe, "acme-corp")), "account-hidden");
    assert_eq!(find::account(&store, joe, "-"), Err(Fault::Missing(Thing::Account)));

    assert_eq!(find::pipeline(&store, jill, "acme-flow"), Ok(pipeline));
    assert_eq!(find::pipeline(&store, jill, &pipeline.to_string()), Ok(pipeline));
    store.create_pipeline(ada, acme, read("acme-flow")).unwrap();
    assert_eq!(find::pipeline(&store, joe, "acme-flow"), Ok(pipeline), "the oldest");
    assert_eq!(find::pipeline(&store, sam, "acme-flow"), Err(Fault::Missing(Thing::Pipeline)));
    assert_eq!(code(find::pipeline(&store, sam, &pipeline.to_string())), "pipeline-hidden");

    assert_eq!(find::invitation(&store, sam, inc, "nobody@example.com"), Ok(to_nobody));
    assert_eq!(find::invitation(&store, sam, inc, &invitation.to_string()), Ok(invitation));
    for none in ["joe@acme.com", "", &Uuid::nil().to_string()] {
        assert_eq!(find::invitation(&store, sam, inc, none), Err(Fault::Missing(Thing::Invitation)));
    }
    assert_eq!(code(find::invitation(&store, zoe, inc, "zoe@example.com")), "only-members-see-invitations");
    let elsewhere = find::invitation(&store, ada, acme, &invitation.to_string());
    assert_eq!(elsewhere, Err(Fault::Missing(Thing::Invitation)));

    assert_eq!(find::transfer(&store, joe, "joes-own"), Ok(transfer));
    assert_eq!(find::transfer(&store, jill, &transfer.to_string()), Ok(transfer));
    assert_eq!(code(find::transfer(&store, ada, &transfer.to_string())), "transfer-not-found");
    assert_eq!(find::transfer(&store, ada, "joes-own"), Err(Fault::Missing(Thing::Transfer)));
    assert_eq!(find::transfer(&store, joe, "inside"), Err(Fault::Missing(Thing::Transfer)));

    let listed = api::allowed_add_on_services(&store, ada, acme).unwrap();
    for identity in ["postgresql", &listed[0].id.to_string()] {
        assert_eq!(find::allowed_add_on_service(&store, vera, acme, identity), Ok(read("postgresql")));
    }
    for none in ["redis", &Uuid::nil().to_string()] {
        let missing = Err(Fault::Missing(Thing::AllowedAddOnService));
        assert_eq!(find::allowed_add_on_service(&store, vera, acme, none), missing);
    }
}

/// What a host does: find, read, perform, render.
#[test]
fn a_request_from_end_to_end() {
    let World { demo: Demo { mut store, joe, vera, acme, .. }, .. } = world();
    let request = json!({ "name": "apple", "team": "acme-widgets", "locked": true });
    let body: body::TeamAppCreate = serde_json::from_value(request).unwrap();
    let operation = body.operation(&store, joe).unwrap();
    assert_eq!(store.perform(vera, &operation).unwrap_err().code(), "only-members-create-apps");
    store.perform(joe, &operation).unwrap();
    let app = find::app(&store, vera, "apple").unwrap();
    let rendered = api::team_app(&store, vera, app).unwrap();
    assert_eq!((rendered.team.unwrap().id, rendered.locked, rendered.joined), (acme, true, false));
    assert_eq!(code(Err::<(), _>(store.perform(joe, &operation).unwrap_err().into())), "app-name-taken");
}

#[test]
fn identities_of_groups() {
    let World { demo: Demo { mut store, ada, joe, vera, jill, sam, acme, website, .. }, labs, joes, .. } = world();
    let group = store.create_group(ada, acme, read("backend")).unwrap();
    let other = store.create_group(ada, acme, read("support")).unwrap();
    let of_labs = store.create_group(ada, labs, read("labs-group")).unwrap();
    store.grant_group_permissions(ada, website, group, PermissionSet::VIEW).unwrap();
    for (identity, expected) in [("backend", group), (&*other.to_string(), other)] {
        assert_eq!(find::group(&store, vera, acme, identity), Ok(expected));
        assert_eq!(find::group_on(&store, vera, website, identity), Ok(expected));
    }
    let missing = Err(Fault::Missing(Thing::Group));
    for none in ["none", "Backend", "", "~", "labs-group", &of_labs.to_string(), &Uuid::nil().to_string()] {
        assert_eq!(find::group(&store, joe, acme, none), missing, "{none}");
        assert_eq!(find::group_on(&store, joe, website, none), missing, "{none}");
    }
    // A group of another team, which the actor sees too, is told apart from none by the store.
    assert_eq!(find::group_on(&store, ada, website, &of_labs.to_string()), Ok(of_labs));
    assert_eq!(find::group(&store, ada, acme, &of_labs.to_string()), missing);
    // Whoever does not list them is told so, whatever they name.
    for named in ["backend", "none", &group.to_string()] {
        assert_eq!(code(find::group(&store, jill, acme, named)), "only-team-sees-groups");
        assert_eq!(code(find::group_on(&store, jill, website, named)), "collaborator-lacks-capability");
        assert_eq!(code(find::group_on(&store, sam, website, named)), "app-hidden");
        assert_eq!(find::group_on(&store, joe, joes, named).is_ok(), named == group.to_string());
    }
    // A manager of the app finds what is on it.
    store.set_permissions(ada, website, id(jill), Permission::Manage.into()).unwrap();
    assert_eq!(find::group_on(&store, jill, website, "backend"), Ok(group));
    for hidden in ["support", &other.to_string()] {
        assert_eq!(find::group_on(&store, jill, website, hidden), missing);
    }
}

#[test]
fn identities_of_roles() {
    let World { demo: Demo { mut store, ada, joe, vera, jill, sam, acme, .. }, labs, .. } = world();
    let billing = store.create_role(ada, acme, read("billing"), RoleRights::default()).unwrap();
    let other = store.create_role(ada, acme, read("support"), RoleRights::default()).unwrap();
    let of_labs = store.create_role(ada, labs, read("labs-role"), RoleRights::default()).unwrap();
    for (identity, expected) in [("billing", billing), (&*other.to_string(), other)] {
        assert_eq!(find::role(&store, vera, acme, identity), Ok(expected));
        assert_eq!(find::team_role(&store, vera, acme, identity), Ok(TeamRole::Custom(expected)));
    }
    for role in TeamRole::BUILT_IN {
        assert_eq!(find::team_role(&store, sam, acme, role.code()), Ok(*role));
    }
    let missing = Err(Fault::Missing(Thing::Role));
    for none in ["none", "Billing", "", "~", "custom", "labs-role", &of_labs.to_string(), &Uuid::nil().to_string()] {
        for actor in [ada, joe] {
            assert_eq!(find::role(&store, actor, acme, none), missing, "{none}");
        }
    }
    // Whoever does not list them is told so, whatever they name, but for the role that they have.
    store.set_member_role(ada, acme, id(vera), TeamRole::Custom(billing)).unwrap();
    for named in ["support", "none", &other.to_string(), &of_labs.to_string()] {
        for actor in [jill, vera] {
            assert_eq!(code(find::role(&store, actor, acme, named)), "only-team-sees-roles", "{named}");
        }
    }
    for own in ["billing", &billing.to_string()] {
        assert_eq!(find::role(&store, vera, acme, own), Ok(billing));
        assert_eq!(code(find::role(&store, jill, acme, own)), "only-team-sees-roles");
    }
}

/// Heroku's clients give built-in roles, also to whoever has another.
#[test]
fn a_built_in_role_in_place_of_another() {
    let World { demo: Demo { mut store, ada, vera, acme: team, .. }, .. } = world();
    let role = store.create_role(ada, team, read("billing"), RoleRights::default()).unwrap();
    store.set_member_role(ada, team, id(vera), TeamRole::Custom(role)).unwrap();
    let expected = O::SetMemberRole { team, user: id(vera), role: TeamRole::Member };
    let put = |body: &body::TeamMemberPut| body.put(&store, ada, team);
    reads(json!({ "email": "vera@acme.com", "role": "member" }), put, &expected);
    for named in ["custom", "billing", &role.to_string()] {
        let body: body::TeamMemberPut =
            serde_json::from_value(json!({ "email": "vera@acme.com", "role": named })).unwrap();
        assert_eq!(code(put(&body)), "team-role-invalid");
    }
}
