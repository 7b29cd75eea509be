//! RES-2 to RES-4: add-ons, their control, and the list of resources. RES-1 is in `app`.

use enterprise_teams::demo::Demo;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    Actor, AppAction, AppId, Error, NewApp, NewSpace, NewTeam, PageRequest, Permission, TeamId, TeamRole, TeamStore,
    entity::{AddOnControls, DynoSize, OAuthAccess, Plan},
    ids::AddOnId,
    names::{ParseProblem, ParseTarget, PlanName, ServiceName},
    query::Resource,
    settings::{ADD_ONS_MAX, ALLOWED_ADD_ONS_MAX},
};

use crate::support::{
    app_name, days, each_refused, every_set, hidden, id, malformed, refused, register, sound, team_name, through_client,
};

const NOWHERE: TeamId = TeamId::from_uuid(Uuid::from_u128(404));

fn service(text: &str) -> ServiceName {
    text.parse().expect("a service")
}

fn plan(text: &str, price: u32) -> Plan {
    Plan { name: text.parse().expect("a plan"), price }
}

fn free() -> Plan {
    plan("mini", 0)
}

fn paid() -> Plan {
    plan("standard-0", 5_000)
}

/// The services installed on the app, in the order of the list.
#[track_caller]
fn installed(store: &TeamStore, actor: Actor, app: AppId) -> Vec<String> {
    store.add_ons(actor, app).unwrap().iter().map(|one| one.service().to_string()).collect()
}

#[track_caller]
fn exceptions(store: &TeamStore, actor: Actor, team: TeamId) -> Vec<AddOnId> {
    store.add_on_exceptions(actor, team).unwrap().iter().map(|one| one.id()).collect()
}

fn denied(team: TeamId) -> (Error, String) {
    (Error::OAuthDenied { team }, format!("team `{team}` denies access to third-party clients"))
}

#[test]
fn res_02_services_and_plans_are_well_formed() {
    let character = |at, found| ParseProblem::Character { at, found };
    let thirty = "a23456789-123456789-123456789z";
    let long = format!("{thirty}z");
    let too_long = ParseProblem::TooLong { at: 0, max: 30, len: 31 };
    for (text, problem) in [
        ("", ParseProblem::TooShort { min: 2, len: 0 }),
        ("a", ParseProblem::TooShort { min: 2, len: 1 }),
        (&*long, too_long),
        ("Redis", character(0, 'R')),
        ("9redis", character(0, '9')),
        ("-redis", character(0, '-')),
        ("redis-", character(5, '-')),
        ("heroku:redis", character(6, ':')),
        ("heroku redis", character(6, ' ')),
        ("heroku_redis", character(6, '_')),
        ("rédis", character(1, 'é')),
        ("redis\0", character(5, '\0')),
        ("redis\n", character(5, '\n')),
    ] {
        let error = Error::from(text.parse::<ServiceName>().unwrap_err());
        assert_eq!(error, malformed(ParseTarget::ServiceName, problem), "{text:?}");
        assert_eq!(error.to_string(), format!("malformed service: {problem}"));
        assert!(serde_json::from_value::<ServiceName>(text.into()).is_err());
    }
    for (text, problem) in [
        ("", ParseProblem::TooShort { min: 1, len: 0 }),
        (&*long, too_long),
        ("-", character(0, '-')),
        ("Mini", character(0, 'M')),
        ("mini-", character(4, '-')),
        ("mini 2", character(4, ' ')),
        ("½", character(0, '½')),
        ("\u{202e}mini", character(0, '\u{202e}')),
    ] {
        let error = Error::from(text.parse::<PlanName>().unwrap_err());
        assert_eq!(error, malformed(ParseTarget::PlanName, problem), "{text:?}");
        assert_eq!(error.to_string(), format!("malformed plan: {problem}"));
        assert!(serde_json::from_value::<PlanName>(text.into()).is_err());
    }
    for text in ["pg", "p1", "p--g", thirty] {
        assert_eq!(service(text), text);
    }
    for text in ["0", "a", "0-9", "standard--0", thirty] {
        assert_eq!(plan(text, 0).name, text);
    }
    for json in [r#"{"name":"mini","price":-1}"#, r#"{"name":"mini","price":0.5}"#, r#"{"name":"mini"}"#] {
        assert!(serde_json::from_str::<Plan>(json).is_err(), "{json}");
    }
    assert!(serde_json::from_str::<Plan>(r#"{"name":"mini","price":4294967295}"#).is_ok());
}

#[test]
fn res_02_free_add_ons_need_deploy_or_operate_paid_ones_operate() {
    let Demo { mut store, ada, joe, jill, acme, .. } = Demo::new().unwrap();
    for (number, held) in every_set().into_iter().filter(|set| !set.is_empty()).enumerate() {
        let app = store.create_app(ada, NewApp::in_team(acme).named(app_name(&format!("apple-{number}")))).unwrap();
        let free_one = store.install_add_on(ada, app, service("redis"), free()).unwrap();
        let paid_one = store.install_add_on(ada, app, service("redis"), paid()).unwrap();
        let held = held | Permission::View;
        let (operates, works) =
            (held.contains(Permission::Operate), held.intersects(Permission::Deploy | Permission::Operate));
        for actor in [joe, jill] {
            store.grant_permissions(ada, app, id(actor), held).unwrap();
            let mut attempt =
                |allowed: bool, action: AppAction, attempt: &dyn Fn(&mut TeamStore) -> Result<(), Error>| {
                    let (error, need) = (
                        Error::ActionNeedsPermission { actor: actor.who, app, action, held },
                        action.any_of().to_string().replace(", ", " or "),
                    );
                    let message = format!("{action} on app `{app}` needs {need}; {} holds {held}", actor.who);
                    if allowed {
                        attempt(&mut store.begin()).unwrap();
                    } else {
                        refused(&mut store, attempt, &error, &message);
                    }
                };
            let [to_free, to_paid] = [plan("micro", 0), plan("standard-1", 1)];
            let name = service("kafka");
            attempt(works, AppAction::AddFreeAddOn, &|s| s.install_add_on(actor, app, name, free()).map(drop));
            attempt(operates, AppAction::AddPaidAddOn, &|s| s.install_add_on(actor, app, name, paid()).map(drop));
            attempt(works, AppAction::ChangeFreeAddOnPlan, &|s| s.change_add_on_plan(actor, free_one, to_free));
            attempt(operates, AppAction::ChangePaidAddOnPlan, &|s| s.change_add_on_plan(actor, free_one, to_paid));
            attempt(operates, AppAction::ChangePaidAddOnPlan, &|s| s.change_add_on_plan(actor, paid_one, to_free));
            attempt(operates, AppAction::ChangePaidAddOnPlan, &|s| s.change_add_on_plan(actor, paid_one, to_paid));
            attempt(works, AppAction::RemoveFreeAddOn, &|s| s.remove_add_on(actor, free_one));
            attempt(operates, AppAction::RemovePaidAddOn, &|s| s.remove_add_on(actor, paid_one));
            attempt(works, AppAction::ListAddOns, &|s| s.add_ons(actor, app).map(drop));
        }
    }
    sound(&store);
}

#[test]
fn res_02_who_is_on_an_app_without_chosen_permissions_leaves_paid_ones_alone() {
    let Demo { mut store, joe, jill, sam, max, wave, .. } = Demo::new().unwrap();
    let mine = store.create_app(joe, NewApp::personal()).unwrap();
    store.add_collaborator(joe, mine, id(jill)).unwrap();
    store.add_collaborator(sam, wave, id(jill)).unwrap();
    for (owner, app) in [(joe, mine), (max, wave)] {
        let refusal = |action| {
            let actor = jill.who;
            if app == mine {
                let message = format!(
                    "only the owner of the personal app `{app}` can do this: {action}; {actor} is not the owner"
                );
                (Error::OnlyOwnerPaysForAddOns { actor, app, action }, message)
            } else {
                let message = format!("only the team of app `{app}` can do this: {action}; {actor} is a collaborator");
                (Error::OnlyTeamPaysForAddOns { actor, app, action }, message)
            }
        };
        let (error, message) = refusal(AppAction::AddPaidAddOn);
        refused(&mut store, |s| s.install_add_on(jill, app, service("redis"), paid()), &error, &message);
        let one = store.install_add_on(jill, app, service("redis"), free()).unwrap();
        let (error, message) = refusal(AppAction::ChangePaidAddOnPlan);
        refused(&mut store, |s| s.change_add_on_plan(jill, one, paid()), &error, &message);
        store.change_add_on_plan(jill, one, plan("micro", 0)).unwrap();
        store.change_add_on_plan(owner, one, paid()).unwrap();
        refused(&mut store, |s| s.change_add_on_plan(jill, one, free()), &error, &message);
        let (error, message) = refusal(AppAction::RemovePaidAddOn);
        refused(&mut store, |s| s.remove_add_on(jill, one), &error, &message);
        store.change_add_on_plan(owner, one, free()).unwrap();
        store.remove_add_on(jill, one).unwrap();
        assert_eq!(installed(&store, jill, app), [""; 0]);
    }
    sound(&store);
}

#[test]
fn res_02_add_ons_are_installed_changed_and_removed_one_by_one() {
    let Demo { mut store, operator, ada, joe, vera, sam, acme, website, .. } = Demo::new().unwrap();
    let redis = store.install_add_on(joe.at(days(1)), website, service("redis"), free()).unwrap();
    let also_redis = store.install_add_on(ada.at(days(2)), website, service("redis"), paid()).unwrap();
    store.install_add_on(ada, website, service("kafka"), paid()).unwrap();
    assert_eq!(installed(&store, joe, website), ["kafka", "redis", "redis"]);
    let of =
        |store: &TeamStore, one| store.add_ons(ada, website).unwrap().into_iter().copied().find(|it| it.id() == one);
    let found = of(&store, also_redis).unwrap();
    assert_eq!((found.app(), found.plan(), found.installed_at()), (website, paid(), days(2)));

    // Whoever cannot see the app is told so, of its add-ons too; the operator sees and does not touch.
    each_refused(
        &mut store,
        &[sam],
        |s, actor| s.install_add_on(actor, website, service("redis"), free()),
        hidden(website),
    );
    each_refused(&mut store, &[sam], |s, actor| s.change_add_on_plan(actor, redis, paid()), hidden(website));
    each_refused(&mut store, &[sam], |s, actor| s.remove_add_on(actor, redis), hidden(website));
    for actor in [vera, operator] {
        assert_eq!(store.remove_add_on(actor, redis).unwrap_err().code(), "action-needs-permission");
        assert_eq!(store.add_ons(actor, website).unwrap_err().code(), "action-needs-permission");
    }
    let client = through_client(ada);
    store.change_add_on_plan(client, redis, plan("micro", 0)).unwrap();
    store.set_oauth_access(ada, acme, OAuthAccess::Denied).unwrap();
    let (error, message) = denied(acme);
    refused(&mut store, |s| s.install_add_on(client, website, service("redis"), free()), &error, &message);
    refused(&mut store, |s| s.change_add_on_plan(client, redis, free()), &error, &message);
    refused(&mut store, |s| s.remove_add_on(client, redis), &error, &message);

    let (error, message) = (
        Error::PlanUnchanged { add_on: redis, plan: plan("micro", 0).name },
        format!("add-on `{redis}` already has the plan `micro`"),
    );
    refused(&mut store, |s| s.change_add_on_plan(ada, redis, plan("micro", 0)), &error, &message);
    store.change_add_on_plan(ada, redis, plan("micro", 1)).unwrap();
    store.change_add_on_plan(ada, redis, plan("mini", 1)).unwrap();
    assert_eq!(of(&store, redis).map(|one| (one.plan(), one.installed_at())), Some((plan("mini", 1), days(1))));
    assert_eq!(of(&store, also_redis).map(|one| one.plan()), Some(paid()));

    store.remove_add_on(ada, redis).unwrap();
    assert_eq!(installed(&store, joe, website), ["kafka", "redis"]);
    let other = store.create_app(ada, NewApp::in_team(acme).named(app_name("apple"))).unwrap();
    let gone_too = store.install_add_on(ada, other, service("redis"), free()).unwrap();
    store.delete_app(ada, other, "apple").unwrap();
    for gone in [redis, gone_too, AddOnId::from_uuid(Uuid::from_u128(404))] {
        let (error, message) = (Error::AddOnNotFound { add_on: gone }, format!("add-on `{gone}` does not exist"));
        for actor in [ada, sam, client, operator] {
            refused(&mut store, |s| s.remove_add_on(actor, gone), &error, &message);
            refused(&mut store, |s| s.change_add_on_plan(actor, gone, paid()), &error, &message);
        }
    }
    let (error, message) = (Error::AppNotFound { app: other }, format!("app `{other}` does not exist"));
    refused(&mut store, |s| s.install_add_on(sam, other, service("redis"), free()), &error, &message);
    sound(&store);
}

#[test]
fn res_02_an_app_has_at_most_a_hundred_add_ons() {
    let Demo { mut store, ada, joe, sam, acme, website, .. } = Demo::new().unwrap();
    assert_eq!(ADD_ONS_MAX, 100);
    let all: Vec<AddOnId> =
        (0..100).map(|_| store.install_add_on(joe, website, service("redis"), free()).unwrap()).collect();
    let message = format!("app `{website}` is limited to 100 add-ons");
    let full = Error::AddOnsFull { app: website, limit: 100 };
    for (actor, plan) in [(joe, free()), (ada, free()), (ada, paid())] {
        refused(&mut store, |s| s.install_add_on(actor, website, service("kafka"), plan), &full, &message);
    }
    // Who may not install does not learn that it is full.
    assert_eq!(store.install_add_on(sam, website, service("kafka"), free()).unwrap_err().code(), "app-hidden");
    assert_eq!(
        store.install_add_on(joe, website, service("kafka"), paid()).unwrap_err().code(),
        "action-needs-permission"
    );
    store.set_add_on_controls(ada, acme, AddOnControls::On).unwrap();
    assert_eq!(store.install_add_on(joe, website, service("kafka"), free()).unwrap_err().code(), "add-on-not-allowed");
    store.change_add_on_plan(ada, all[7], paid()).unwrap();
    store.remove_add_on(ada, all[7]).unwrap();
    store.install_add_on(ada, website, service("kafka"), paid()).unwrap();
    refused(&mut store, |s| s.install_add_on(ada, website, service("kafka"), free()), &full, &message);
    sound(&store);
}

#[test]
fn res_03_with_controls_on_only_admins_install_what_is_not_allowed() {
    let Demo { mut store, ada, joe, vera, jill, sam, max, operator, acme, inc, website, wave, .. } =
        Demo::new().unwrap();
    for (team, others) in [(acme, &[joe, vera, jill, sam, operator][..]), (inc, &[max, ada, operator])] {
        let refusal = |actor| {
            let message = format!(
                "only admins, and holders of a role with `manage-add-on-allowlist`, can switch add-on controls for team `{team}`; {actor} is neither"
            );
            (Error::OnlyAdminsSetAddOnControls { actor, team }, message)
        };
        for to in [AddOnControls::On, AddOnControls::Off] {
            each_refused(&mut store, others, |s, actor| s.set_add_on_controls(actor, team, to), refusal);
        }
    }
    let unchanged = |controls, word| {
        let message = format!("add-on controls of team `{acme}` are already {word}");
        (Error::AddOnControlsUnchanged { team: acme, controls }, message)
    };
    let [off, on] = [unchanged(AddOnControls::Off, "off"), unchanged(AddOnControls::On, "on")];
    refused(&mut store, |s| s.set_add_on_controls(ada, acme, AddOnControls::Off), &off.0, &off.1);
    store.set_permissions(ada, website, id(jill), Permission::View | Permission::Operate).unwrap();
    store.set_permissions(ada, website, id(joe), Permission::View | Permission::Operate).unwrap();
    let before = store.install_add_on(jill, website, service("kafka"), paid()).unwrap();
    store.set_add_on_controls(ada, acme, AddOnControls::On).unwrap();
    store.set_add_on_controls(sam, inc, AddOnControls::On).unwrap();
    refused(&mut store, |s| s.set_add_on_controls(ada, acme, AddOnControls::On), &on.0, &on.1);
    assert_eq!(store.team(vera, acme).unwrap().add_on_controls(), AddOnControls::On);

    for (app, actors) in [(website, &[joe, jill][..]), (wave, &[max])] {
        for plan in [free(), paid()] {
            let kafka = service("kafka");
            each_refused(
                &mut store,
                actors,
                |s, actor| s.install_add_on(actor, app, kafka, plan),
                |_| {
                    let message = format!(
                        "only admins can install `kafka` on app `{app}`, because its team does not allow it to others"
                    );
                    (Error::AddOnNotAllowed { app, service: kafka }, message)
                },
            );
        }
    }
    // Who could not install it anyway is told that; who is admin elsewhere is none here.
    assert_eq!(
        store.install_add_on(vera, website, service("kafka"), free()).unwrap_err().code(),
        "action-needs-permission"
    );
    assert_eq!(store.install_add_on(sam, website, service("kafka"), free()).unwrap_err().code(), "app-hidden");
    store.grant_permissions(ada, website, id(sam), Permission::Operate | Permission::Manage).unwrap();
    assert_eq!(store.install_add_on(sam, website, service("kafka"), free()).unwrap_err().code(), "add-on-not-allowed");

    store.allow_add_on(ada, acme, service("redis")).unwrap();
    store.install_add_on(joe, website, service("redis"), paid()).unwrap();
    let by_admin = store.install_add_on(ada, website, service("solr"), paid()).unwrap();
    let mut expected = [before, by_admin];
    assert_eq!(exceptions(&store, vera, acme), expected, "kafka, solr");
    // What was installed before stays, and is run as before; but it does not come back.
    store.change_add_on_plan(joe, before, free()).unwrap();
    store.remove_add_on(joe, by_admin).unwrap();
    assert_eq!(store.install_add_on(joe, website, service("solr"), paid()).unwrap_err().code(), "add-on-not-allowed");
    // A personal app is nobody's team's.
    let mine = store.create_app(joe, NewApp::personal().named(app_name("mine"))).unwrap();
    expected = [before, store.install_add_on(joe, mine, service("kafka"), paid()).unwrap()];
    assert_eq!(exceptions(&store, joe, acme), [before]);
    // It comes in with the app, as an exception (TRF-10); the apps go by name.
    store.transfer_app(joe, mine, acme).unwrap();
    assert_eq!(exceptions(&store, joe, acme), expected);

    store.set_add_on_controls(ada, acme, AddOnControls::Off).unwrap();
    assert_eq!(exceptions(&store, joe, acme), []);
    store.install_add_on(jill, website, service("solr"), paid()).unwrap();
    store.set_oauth_access(ada, acme, OAuthAccess::Denied).unwrap();
    let (error, message) = denied(acme);
    refused(&mut store, |s| s.set_add_on_controls(through_client(ada), acme, AddOnControls::On), &error, &message);
    refused(&mut store, |s| s.add_on_exceptions(through_client(joe), acme).map(drop), &error, &message);
    sound(&store);
}

#[test]
fn res_03_the_list_of_allowed_services_is_the_admins() {
    let Demo { mut store, ada, joe, vera, jill, sam, max, operator, acme, inc, website, .. } = Demo::new().unwrap();
    let redis = service("redis");
    for (team, others) in [(acme, &[joe, vera, jill, sam, operator][..]), (inc, &[max, ada, operator])] {
        let refusal = |actor| {
            let message = format!(
                "only admins, and holders of a role with `manage-add-on-allowlist`, can change which add-on services team `{team}` allows; {actor} is neither"
            );
            (Error::OnlyAdminsChangeAllowlist { actor, team }, message)
        };
        each_refused(&mut store, others, |s, actor| s.allow_add_on(actor, team, redis), refusal);
        each_refused(&mut store, others, |s, actor| s.disallow_add_on(actor, team, redis), refusal);
    }
    let (error, message) = (Error::TeamNotFound { team: NOWHERE }, format!("team `{NOWHERE}` does not exist"));
    refused(&mut store, |s| s.allow_add_on(joe, NOWHERE, redis), &error, &message);
    refused(&mut store, |s| s.disallow_add_on(joe, NOWHERE, redis), &error, &message);
    refused(&mut store, |s| s.set_add_on_controls(joe, NOWHERE, AddOnControls::On), &error, &message);
    let not_listed = (
        Error::ServiceNotListed { team: acme, service: redis },
        format!("the add-on service `redis` is not on the allowlist of team `{acme}`"),
    );
    refused(&mut store, |s| s.disallow_add_on(ada, acme, redis), &not_listed.0, &not_listed.1);
    store.allow_add_on(ada, acme, redis).unwrap();
    let listed = (
        Error::ServiceAlreadyAllowed { team: acme, service: redis },
        format!("team `{acme}` already allows the add-on service `redis`"),
    );
    refused(&mut store, |s| s.allow_add_on(ada, acme, redis), &listed.0, &listed.1);
    for actor in [ada, joe, vera, operator] {
        assert_eq!(store.allowed_add_ons(actor, acme).unwrap().collect::<Vec<_>>(), [redis]);
    }
    for actor in [jill, sam] {
        assert!(store.allowed_add_ons(actor, acme).is_err() && store.add_on_exceptions(actor, acme).is_err());
    }
    assert_eq!(store.allowed_add_ons(max, inc).unwrap().count(), 0, "each team its own");

    // Taken off the list, what is installed stays as an exception, and nobody but admins installs it again.
    store.set_add_on_controls(ada, acme, AddOnControls::On).unwrap();
    let one = store.install_add_on(joe, website, redis, free()).unwrap();
    assert_eq!(exceptions(&store, joe, acme), []);
    store.disallow_add_on(ada, acme, redis).unwrap();
    assert_eq!(exceptions(&store, joe, acme), [one]);
    assert_eq!(installed(&store, joe, website), ["redis"]);
    assert_eq!(store.install_add_on(joe, website, redis, free()).unwrap_err().code(), "add-on-not-allowed");
    refused(&mut store, |s| s.disallow_add_on(ada, acme, redis), &not_listed.0, &not_listed.1);
    store.set_oauth_access(ada, acme, OAuthAccess::Denied).unwrap();
    let (error, message) = denied(acme);
    refused(&mut store, |s| s.allow_add_on(through_client(ada), acme, redis), &error, &message);
    refused(&mut store, |s| s.disallow_add_on(through_client(ada), acme, redis), &error, &message);

    assert_eq!(ALLOWED_ADD_ONS_MAX, 1000);
    for number in 0..1000 {
        store.allow_add_on(ada, acme, service(&format!("service-{number}"))).unwrap();
    }
    let message = format!("team `{acme}` is limited to 1000 allowed add-on services");
    refused(
        &mut store,
        |s| s.allow_add_on(ada, acme, redis),
        &Error::AllowlistFull { team: acme, limit: 1000 },
        &message,
    );
    store.disallow_add_on(ada, acme, service("service-999")).unwrap();
    store.allow_add_on(ada, acme, redis).unwrap();
    assert_eq!(exceptions(&store, joe, acme), []);
    sound(&store);
}

#[test]
fn res_03_the_list_goes_with_the_team() {
    let mut store = Demo::new().unwrap().store;
    let (operator, tess) = (Actor::operator(days(0)), register(&mut store, "tess@acme.com"));
    let gears = store.provision_team(operator, NewTeam::standard(team_name("gears"), id(tess))).unwrap();
    store.allow_add_on(tess, gears, service("redis")).unwrap();
    store.set_add_on_controls(tess, gears, AddOnControls::On).unwrap();
    let before = store.clone();
    let mut taken_back = store.begin();
    taken_back.disallow_add_on(tess, gears, service("redis")).unwrap();
    taken_back.allow_add_on(tess, gears, service("kafka")).unwrap();
    taken_back.delete_team(tess, gears).unwrap();
    taken_back.roll_back();
    assert!(store == before);
    assert_eq!(store.allowed_add_ons(tess, gears).unwrap().collect::<Vec<_>>(), [service("redis")]);
    store.delete_team(tess, gears).unwrap();
    let again = store.provision_team(operator, NewTeam::standard(team_name("gears"), id(tess))).unwrap();
    assert_eq!(store.allowed_add_ons(tess, again).unwrap().count(), 0);
    assert_eq!(store.team(tess, again).unwrap().add_on_controls(), AddOnControls::Off);
    sound(&store);
}

#[test]
fn res_04_every_dyno_and_add_on_of_the_team_is_listed() {
    let Demo { mut store, ada, joe, vera, jill, sam, max, operator, acme, inc, website, wave, .. } =
        Demo::new().unwrap();
    let page = PageRequest::default();
    for (team, others) in [(acme, &[jill, sam, max][..]), (inc, &[ada, joe, vera, jill])] {
        each_refused(
            &mut store,
            others,
            |s, actor| s.resources(actor, team, &page).map(drop),
            |actor| {
                let message = format!(
                    "only admins, members, viewers, and holders of a role with `view-resources`, can list the resources of team `{team}`; {actor} is none of these"
                );
                (Error::OnlyTeamSeesResources { actor, team }, message)
            },
        );
    }
    let (error, message) = (Error::TeamNotFound { team: NOWHERE }, format!("team `{NOWHERE}` does not exist"));
    refused(&mut store, |s| s.resources(jill, NOWHERE, &page).map(drop), &error, &message);
    let listed = |store: &TeamStore, actor, team| -> Vec<String> {
        let page = store.resources(actor, team, &page).unwrap();
        let of = |one: &Resource<'_>| {
            let one = match one {
                Resource::App(one) => one,
                Resource::Space(space) => return format!("space {}", space.name()),
            };
            let dynos = one.dynos.iter().map(|dyno| format!("{}={}x{}", dyno.process, dyno.quantity, dyno.size));
            let add_ons = one.add_ons.iter().map(|one| format!("{}:{}", one.service(), one.plan().name));
            format!("{} {}", one.app.name(), dynos.chain(add_ons).collect::<Vec<_>>().join(" "))
        };
        page.items.iter().map(of).collect()
    };
    assert_eq!(listed(&store, ada, acme), [""; 0]);
    let apple = store.create_app(ada, NewApp::in_team(acme).named(app_name("apple")).locked()).unwrap();
    store.scale_app(ada, apple, "worker".parse().unwrap(), DynoSize::PerformanceL, 2).unwrap();
    store.scale_app(ada, apple, "clock".parse().unwrap(), DynoSize::Basic, 1).unwrap();
    store.install_add_on(ada, apple, service("redis"), paid()).unwrap();
    store.install_add_on(ada, apple, service("kafka"), free()).unwrap();
    let solr = store.install_add_on(joe, website, service("solr"), free()).unwrap();
    store.scale_app(max, wave, "web".parse().unwrap(), DynoSize::Standard1X, 1).unwrap();
    let all = ["acme-website solr:mini", "apple clock=1xbasic worker=2xperformance-l kafka:mini redis:standard-0"];
    for actor in [ada, joe, vera, operator, through_client(vera)] {
        assert_eq!(listed(&store, actor, acme), all);
    }
    assert_eq!(listed(&store, max, inc), ["frozen-wave-4030 web=1xstandard-1x"]);
    let first = store.resources(vera, acme, &PageRequest::first(1).unwrap()).unwrap();
    let app = |one: &Resource<'_>| matches!(one, Resource::App(one) if [website, apple].contains(&one.app.id()));
    assert!(app(&first.items[0]));
    let rest = store.resources(vera, acme, &PageRequest::first(1).unwrap().after(first.next.unwrap())).unwrap();
    assert_eq!((app(&rest.items[0]), rest.items.len(), rest.next), (true, 1, None));
    // The spaces come after the apps, on whatever page.
    let mut spacious = store.clone();
    for name in ["acorn", "nut"] {
        spacious.create_space(ada, NewSpace::new(acme, name.parse().unwrap())).unwrap();
    }
    let spaces = [&all[..], &["space acorn", "space nut"]].concat();
    assert_eq!(listed(&spacious, vera, acme), spaces);
    for size in 1..5 {
        let (mut found, mut request) = (0, PageRequest::first(size).unwrap());
        loop {
            let page = spacious.resources(vera, acme, &request).unwrap();
            found += page.items.len();
            let Some(next) = page.next else { break };
            request = PageRequest::first(size).unwrap().after(next);
        }
        assert_eq!(found, 4);
    }
    let elsewhere = PageRequest::default().after("event:7".parse().unwrap());
    assert_eq!(store.resources(vera, acme, &elsewhere), Err(Error::CursorOfAnotherList {}));

    // What ends or leaves is not there any more, and comes up with the new owner.
    store.remove_add_on(joe, solr).unwrap();
    store.add_member(sam, inc, id(ada), TeamRole::Member).unwrap();
    store.scale_app(ada, apple, "clock".parse().unwrap(), DynoSize::Basic, 0).unwrap();
    store.transfer_app(ada, apple, inc).unwrap();
    assert_eq!(listed(&store, vera, acme), [""; 0]);
    let moved = "apple worker=2xperformance-l kafka:mini redis:standard-0";
    assert_eq!(listed(&store, sam, inc), [moved, "frozen-wave-4030 web=1xstandard-1x"]);
    store.set_oauth_access(ada, acme, OAuthAccess::Denied).unwrap();
    let (error, message) = denied(acme);
    for actor in [vera, jill] {
        refused(&mut store, |s| s.resources(through_client(actor), acme, &page).map(drop), &error, &message);
    }
    sound(&store);
}
