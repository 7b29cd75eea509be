//! nobody reads what they may not see, and of what is hidden all hear the same as of what is not there.

use enterprise_teams::demo::Demo;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    Actor, Page, TeamStore,
    entity::{Days, Month},
};
use enterprise_teams_platform_api::{self as api, AuditTrailFilter, ErrorBody, ErrorId, Fault};
use serde::Serialize;
use serde_json::{Value, json};

use super::{World, page, world};
use crate::support::{id, read, through_client};

type AccessQuery<'w> = (&'static str, Box<dyn Fn(Actor) -> Result<Value, Fault> + 'w>);

fn one<T: Serialize, E: Into<Fault>>(answer: Result<T, E>) -> Result<Value, Fault> {
    Ok(serde_json::to_value(answer.map_err(Into::into)?).unwrap())
}

fn list<T: Serialize>(answer: Result<Page<T>, impl Into<Fault>>) -> Result<Value, Fault> {
    one(answer.map(|page| page.items))
}

/// Everything that can be asked about Acme's things, Joe's, and what is whose own.
fn questions<'w>(world: &'w World, store: &'w TeamStore) -> Vec<AccessQuery<'w>> {
    let World { account, labs, space, inside, next, pipeline, joes, transfer, invitation, .. } = *world;
    let Demo { joe, ada, acme, inc, website, .. } = world.demo;
    let promoted = store.events().iter().find(|entry| entry.event.code() == "app-promoted").unwrap().seq;
    let promoted = api::event_id(promoted);
    let (days, month) = (Days { first: read("1970-01-01"), last: read("1970-01-02") }, Month::of(ada.at));
    macro_rules! questions {
        ($($shape:ident $name:literal = $question:ident($($argument:expr),*);)+) => {
            vec![$(($name, Box::new(move |actor| $shape(api::$question(store, actor, $($argument),*))) as Box<_>)),+]
        };
    }
    questions! {
        one "app" = app(website);
        one "team-app" = team_app(website);
        one "app in space" = app(inside);
        one "next app" = app(next);
        one "personal app" = app(joes);
        list "apps" = apps(&page());
        list "personal apps" = personal_apps(id(joe), &page());
        list "team apps" = team_apps(acme, &page());
        list "apps of joe" = member_apps(acme, id(joe), &page());
        one "apps by id" = apps_by_id(&[website, inside, next, joes]);
        list "collaborators" = collaborators(website, &page());
        one "collaborator" = collaborator(website, id(joe));
        list "personal collaborators" = collaborators(joes, &page());
        list "permission entities" = permission_entities(acme, &page());
        one "team" = team(acme);
        list "teams" = teams(&page());
        list "members" = team_members(acme, &page());
        one "member" = team_member(acme, id(joe));
        list "invitations" = team_invitations(inc, &page());
        one "invitation" = team_invitation(invitation);
        one "preferences" = team_preferences(acme);
        one "features" = team_features(acme);
        one "allowed" = allowed_add_on_services(acme);
        one "account" = account(id(joe));
        one "enterprise account" = enterprise_account(account);
        list "enterprise accounts" = enterprise_accounts(&page());
        list "account members" = enterprise_account_members(account, &page());
        one "account member" = enterprise_account_member(account, id(ada));
        list "account teams" = teams_of_account(account, &page());
        one "account team" = team(labs);
        one "space" = space(space);
        one "space nat" = space_nat(space);
        list "spaces" = spaces(&page());
        list "team spaces" = team_spaces(acme, &page());
        list "space accesses" = space_app_accesses(space, &page());
        one "space access" = space_app_access(space, id(joe));
        one "pipeline" = pipeline(pipeline);
        list "pipelines" = pipelines(None, &page());
        list "couplings" = pipeline_couplings(pipeline, &page());
        list "seen couplings" = pipeline_couplings_seen(&page());
        list "team couplings" = pipeline_couplings_of_team(acme, &page());
        one "coupling" = pipeline_coupling(website);
        one "promotion" = pipeline_promotion(promoted);
        one "promotion targets" = pipeline_promotion_targets(promoted);
        one "transfer" = app_transfer(transfer);
        list "transfers" = app_transfers(&page());
        one "add-ons" = add_ons(website);
        list "all add-ons" = add_ons_seen(&page());
        list "add-ons of joe" = user_add_ons(id(joe), &page());
        list "team add-ons" = team_add_ons(acme, &page());
        list "releases" = releases(website, true, &page());
        one "release" = release(website, "1");
        one "current release" = current_release(website);
        one "formation" = formations(website);
        list "dynos" = dynos(website, &page());
        one "config vars" = config_vars(website);
        one "build packs" = buildpack_installations(website);
        one "daily usage of account" = enterprise_account_daily_usage(account, days);
        one "monthly usage of account" = enterprise_account_monthly_usage(account, month, month);
        one "daily usage" = team_daily_usage(acme, days);
        one "monthly usage" = team_monthly_usage(acme, month, month);
        list "audit trail" = audit_trail(account, &AuditTrailFilter::default(), &page());
    }
}

/// The status of an answer: 200 for something, 204 for an empty list.
fn status(answer: &Result<Value, Fault>) -> u16 {
    match answer {
        Ok(value) if *value == json!([]) => 204,
        Ok(_) => 200,
        Err(fault) => ErrorId::from(fault).status(),
    }
}

/// What zoe (in no team, on no app), jill (a collaborator), vera (a viewer) and ada (an admin) are answered.
const ANSWERS: [(&str, [u16; 4]); 62] = [
    ("app", [404, 200, 200, 200]),
    ("team-app", [404, 200, 200, 200]),
    ("app in space", [404, 200, 200, 200]),
    ("next app", [404, 404, 200, 200]),
    ("personal app", [404, 200, 404, 404]),
    ("apps", [204, 200, 200, 200]),
    ("personal apps", [404, 403, 403, 403]),
    ("team apps", [403, 403, 200, 200]),
    ("apps of joe", [403, 403, 200, 200]),
    ("apps by id", [204, 200, 200, 200]),
    ("collaborators", [404, 403, 200, 200]),
    ("collaborator", [404, 403, 200, 200]),
    ("personal collaborators", [404, 200, 404, 404]),
    ("permission entities", [403, 403, 200, 200]),
    ("team", [404, 403, 200, 200]),
    ("teams", [204, 204, 200, 200]),
    ("members", [403, 403, 200, 200]),
    ("member", [403, 403, 200, 200]),
    ("invitations", [403, 403, 403, 403]),
    ("invitation", [200, 404, 404, 404]),
    ("preferences", [404, 403, 200, 200]),
    ("features", [404, 403, 200, 200]),
    ("allowed", [404, 403, 200, 200]),
    ("account", [404, 200, 200, 200]),
    ("enterprise account", [404, 404, 404, 200]),
    ("enterprise accounts", [204, 204, 204, 200]),
    ("account members", [404, 404, 404, 200]),
    ("account member", [404, 404, 404, 200]),
    ("account teams", [404, 404, 404, 200]),
    ("account team", [404, 404, 404, 200]),
    ("space", [404, 404, 200, 200]),
    ("space nat", [404, 404, 200, 200]),
    ("spaces", [204, 204, 200, 200]),
    ("team spaces", [403, 403, 200, 200]),
    ("space accesses", [404, 404, 200, 200]),
    ("space access", [404, 404, 200, 200]),
    ("pipeline", [404, 200, 200, 200]),
    ("pipelines", [204, 200, 200, 200]),
    ("couplings", [404, 200, 200, 200]),
    ("seen couplings", [204, 200, 200, 200]),
    ("team couplings", [403, 403, 200, 200]),
    ("coupling", [404, 200, 200, 200]),
    ("promotion", [404, 200, 200, 200]),
    ("promotion targets", [404, 204, 200, 200]),
    ("transfer", [404, 200, 404, 404]),
    ("transfers", [204, 200, 204, 204]),
    ("add-ons", [404, 403, 403, 204]),
    ("all add-ons", [204, 204, 204, 204]),
    ("add-ons of joe", [404, 403, 403, 403]),
    ("team add-ons", [403, 403, 204, 204]),
    ("releases", [404, 200, 200, 200]),
    ("release", [404, 200, 200, 200]),
    ("current release", [404, 200, 200, 200]),
    ("formation", [404, 204, 204, 204]),
    ("dynos", [404, 204, 204, 204]),
    ("config vars", [404, 403, 403, 200]),
    ("build packs", [404, 204, 204, 204]),
    ("daily usage of account", [404, 404, 404, 200]),
    ("monthly usage of account", [404, 404, 404, 200]),
    ("daily usage", [403, 403, 403, 200]),
    ("monthly usage", [403, 403, 403, 200]),
    ("audit trail", [404, 404, 404, 200]),
];

#[test]
fn x_02_who_is_answered_what() {
    let world = world();
    let Demo { store, ada, vera, jill, .. } = &world.demo;
    let questions = questions(&world, store);
    let answers: Vec<(&str, [u16; 4])> = questions
        .iter()
        .map(|(name, ask)| (*name, [world.zoe, *jill, *vera, *ada].map(|actor| status(&ask(actor)))))
        .collect();
    assert_eq!(answers, ANSWERS);
}

/// No answer, and no refusal, names what the actor does not see.
#[test]
fn x_02_no_answer_names_what_is_hidden() {
    let world = world();
    let Demo { store, joe, vera, jill, sam, .. } = &world.demo;
    let text = |actor: Actor, answer: Result<Value, Fault>| match answer {
        Ok(value) => value.to_string(),
        Err(fault) => serde_json::to_string(&ErrorBody::of(store, actor, &fault, "https://example.com")).unwrap(),
    };
    let hidden: [(Actor, &[&str]); 5] = [
        (
            world.zoe,
            &[
                "acme-w",
                "acme-n",
                "acme-f",
                "acme-s",
                "acme-l",
                "acme-c",
                "inside",
                "joes",
                "@acme.com",
                "jill@",
                "postgres",
            ],
        ),
        (*jill, &["acme-n", "acme-s", "acme-l", "acme-c", "ada@", "vera@", "sam@", "zoe@", "acme-inc", "postgres"]),
        (*vera, &["joes-own", "acme-l", "acme-c", "sam@", "zoe@", "acme-inc"]),
        (*joe, &["acme-l", "acme-c", "sam@", "zoe@", "acme-inc"]),
        (*sam, &["acme-w", "acme-n", "acme-f", "acme-s", "inside", "joes", "joe@", "jill@", "vera@", "postgres"]),
    ];
    for (actor, secrets) in hidden {
        for (name, ask) in questions(&world, store) {
            if actor == world.zoe && name == "invitation" {
                continue;
            }
            for actor in [actor, through_client(actor)] {
                let said = text(actor, ask(actor));
                let named: Vec<_> = secrets.iter().filter(|secret| said.contains(**secret)).collect();
                assert!(named.is_empty(), "{name} names {named:?}: {said}");
            }
        }
    }
}

/// What is hidden is answered in the same words as what is not there.
#[test]
fn x_02_hidden_is_as_not_there() {
    let world = world();
    let nowhere = World {
        account: Uuid::nil().into(),
        labs: Uuid::nil().into(),
        space: Uuid::nil().into(),
        inside: Uuid::nil().into(),
        next: Uuid::nil().into(),
        pipeline: Uuid::nil().into(),
        joes: Uuid::nil().into(),
        transfer: Uuid::nil().into(),
        invitation: Uuid::nil().into(),
        ..self::world()
    };
    let Demo { store, vera, jill, sam, .. } = &world.demo;
    let body = |actor, fault| ErrorBody::of(store, actor, &fault, "https://example.com/errors");
    let mut compared = 0;
    for actor in [world.zoe, *jill, *vera, *sam] {
        for ((name, there), (_, not_there)) in questions(&world, store).iter().zip(questions(&nowhere, store)) {
            if let (Err(hidden), Err(missing)) = (there(actor), not_there(actor))
                && ErrorId::from(&hidden) == ErrorId::NotFound
            {
                assert_eq!(body(actor, hidden), body(actor, missing), "{name}");
                compared += 1;
            }
        }
    }
    assert!(compared > 30, "{compared}");
}
