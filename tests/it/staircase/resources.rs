//! the staircases of add-ons, of their control, and of payment.

use enterprise_teams::demo::Demo;
use enterprise_teams::{
    Actor, AppId, NewApp, Operation as O, TeamId, TeamRole, TeamStore,
    entity::{AddOnControls, Limits, Plan},
    ids::AddOnId,
    settings::{ADD_ONS_MAX, ALLOWED_ADD_ONS_MAX},
};

use super::{ADD_ON, APP, Climbed, TEAM, closed, stairs, used_up};
use crate::support::{days, id, read, through_client as via};

fn plan(price: u32) -> Plan {
    Plan { name: read("mini"), price }
}

/// An app of `acme`, one of `inc`, and a personal one of joe's; jill is on the last two. The teams control their add-ons.
struct Three {
    demo: Demo,
    own: AppId,
}

fn three() -> Three {
    let mut demo = closed();
    let Demo { ref mut store, ada, joe, jill, sam, acme, inc, wave, .. } = demo;
    let own = store.create_app(joe, NewApp::personal()).unwrap();
    store.add_collaborator(joe, own, id(jill)).unwrap();
    store.add_collaborator(sam, wave, id(jill)).unwrap();
    store.set_add_on_controls(ada, acme, AddOnControls::On).unwrap();
    store.set_add_on_controls(sam, inc, AddOnControls::On).unwrap();
    Three { demo, own }
}

/// Fills the app with add-ons, and tells one of them.
fn filled(store: &mut TeamStore, actor: Actor, app: AppId) -> AddOnId {
    let add_ons = (0..ADD_ONS_MAX).map(|_| store.install_add_on(actor, app, read("kafka"), plan(0)).unwrap());
    add_ons.last().unwrap()
}

pub(super) fn installed() -> Vec<Climbed> {
    let Three { demo: Demo { mut store, operator, ada, joe, jill, sam, max, acme, inc, website, wave, .. }, own } =
        three();
    store.set_team_limits(operator, inc, used_up(None, Some(0), Limits::STANDARD)).unwrap();
    let one = filled(&mut store, ada, website);
    let other = filled(&mut store, sam, wave);
    let last = filled(&mut store, joe, own);
    store.allow_add_on(ada, acme, read("postgresql")).unwrap();
    let install = |app, service, price| O::InstallAddOn { app, service: read(service), plan: plan(price) };
    let in_enterprise_team = stairs(store.clone(), install(APP, "redis", 1))
        .by(via(max), "app-not-found")
        .with(install(website, "redis", 1), "app-hidden")
        .by(max, "app-hidden")
        .by(via(joe), "oauth-denied")
        .by(joe, "action-needs-permission")
        .with(install(website, "redis", 0), "add-on-not-allowed")
        .with(install(website, "postgresql", 0), "add-ons-full")
        .end_after("add-on-installed", |store| store.remove_add_on(ada, one));
    let in_standard_team = stairs(store.clone(), install(APP, "redis", 1))
        .by(via(ada), "app-not-found")
        .with(install(wave, "redis", 1), "app-hidden")
        .by(via(jill), "oauth-denied")
        .by(jill, "only-team-pays-for-add-ons")
        .by(max, "add-on-not-allowed")
        .after("add-on-credit-limit-reached", |store| store.allow_add_on(sam, inc, read("redis")))
        .after("add-ons-full", |store| store.set_team_limits(operator, inc, Limits::STANDARD))
        .end_after("add-on-installed", |store| store.remove_add_on(sam, other));
    let on_personal_app = stairs(store, install(APP, "redis", 1))
        .by(via(ada), "app-not-found")
        .with(install(own, "redis", 1), "app-hidden")
        .by(via(jill), "only-owner-pays-for-add-ons")
        .by(jill, "only-owner-pays-for-add-ons")
        .by(joe, "add-ons-full")
        .end_after("add-on-installed", |store| store.remove_add_on(joe, last));
    vec![in_enterprise_team, in_standard_team, on_personal_app]
}

pub(super) fn changed() -> Vec<Climbed> {
    let Three { demo: Demo { mut store, operator, ada, joe, jill, sam, max, inc, website, wave, .. }, own } = three();
    let mut paid = |actor, app| store.install_add_on(actor, app, read("redis"), plan(1)).unwrap();
    let (one, other, last) = (paid(ada, website), paid(sam, wave), paid(joe, own));

    // What is free for both plans asks for less than what is paid in either.
    let to = |add_on, price| O::ChangeAddOnPlan { add_on, plan: plan(price) };
    let remove = |add_on| O::RemoveAddOn { add_on };
    let in_enterprise_team = |operation: &dyn Fn(AddOnId) -> O| {
        stairs(store.clone(), operation(ADD_ON))
            .by(via(max), "add-on-not-found")
            .with(operation(one), "app-hidden")
            .by(max, "app-hidden")
            .by(via(joe), "oauth-denied")
            .by(joe, "action-needs-permission")
    };
    let in_standard_team = |operation: &dyn Fn(AddOnId) -> O| {
        stairs(store.clone(), operation(ADD_ON))
            .by(via(ada), "add-on-not-found")
            .with(operation(other), "app-hidden")
            .by(via(jill), "oauth-denied")
            .by(jill, "only-team-pays-for-add-ons")
    };
    let on_personal_app = |operation: &dyn Fn(AddOnId) -> O| {
        stairs(store.clone(), operation(ADD_ON))
            .by(via(ada), "add-on-not-found")
            .with(operation(last), "app-hidden")
            .by(via(jill), "only-owner-pays-for-add-ons")
    };
    vec![
        in_enterprise_team(&|add_on| to(add_on, 1))
            .by(ada, "plan-unchanged")
            .end_with(to(one, 0), "add-on-plan-changed"),
        in_standard_team(&|add_on| to(add_on, 1))
            .by(max, "plan-unchanged")
            .row("add-on-credit-limit-reached", |row| {
                row.store.set_team_limits(operator, inc, used_up(None, Some(1), Limits::STANDARD)).unwrap();
                row.operation = to(other, 2);
            })
            .end_after("add-on-plan-changed", |store| store.set_team_limits(operator, inc, Limits::STANDARD)),
        on_personal_app(&|add_on| to(add_on, 1)).by(joe, "plan-unchanged").end_with(to(last, 0), "add-on-plan-changed"),
        in_enterprise_team(&remove).end_by(ada, "add-on-removed"),
        in_standard_team(&remove).end_by(max, "add-on-removed"),
        on_personal_app(&remove).end_by(joe, "add-on-removed"),
    ]
}

pub(super) fn controlled() -> Vec<Climbed> {
    let Demo { mut store, ada, joe, acme, .. } = closed();
    let start = |store: &TeamStore, operation: &dyn Fn(TeamId) -> O, code| {
        stairs(store.clone(), operation(TEAM))
            .by(via(joe), "team-not-found")
            .with(operation(acme), "oauth-denied")
            .by(via(ada), "oauth-denied")
            .by(joe, code)
    };
    let control = |team, controls| O::SetAddOnControls { team, controls };
    let controlling = start(&store, &|team| control(team, AddOnControls::Off), "only-admins-set-add-on-controls")
        .by(ada, "add-on-controls-unchanged")
        .end_with(control(acme, AddOnControls::On), "add-on-controls-changed");

    for number in 0..ALLOWED_ADD_ONS_MAX {
        store.allow_add_on(ada, acme, read(&format!("service-{number}"))).unwrap();
    }
    let allow = |team, service| O::AllowAddOn { team, service: read(service) };
    let allowing = start(&store, &|team| allow(team, "service-7"), "only-admins-change-allowlist")
        .by(ada, "service-already-allowed")
        .with(allow(acme, "redis"), "allowlist-full")
        .end_after("add-on-allowed", |store| store.disallow_add_on(ada, acme, read("service-7")));
    let disallow = |team, service| O::DisallowAddOn { team, service: read(service) };
    let disallowing = start(&store, &|team| disallow(team, "redis"), "only-admins-change-allowlist")
        .by(ada, "service-not-listed")
        .end_with(disallow(acme, "service-7"), "add-on-disallowed");
    vec![controlling, allowing, disallowing]
}

pub(super) fn paid_for() -> Vec<Climbed> {
    let Demo { mut store, operator, ada, joe, sam, acme, inc, .. } = closed();
    store.add_member(sam, inc, id(ada), TeamRole::Admin).unwrap();
    let pay = |team, method: Option<&str>| O::SetPaymentMethod { team, method: method.map(read) };
    let paying = stairs(store.clone(), pay(TEAM, None))
        .by(via(joe), "team-not-found")
        .with(pay(acme, None), "oauth-denied")
        .by(via(ada), "oauth-denied")
        .by(joe, "only-admins-manage-billing")
        .by(ada, "payment-of-enterprise-team")
        .with(pay(inc, None), "payment-method-unchanged")
        .end_with(pay(inc, Some("Visa, ending in 4242")), "payment-method-changed");
    let closing = stairs(store, O::CloseMonths {})
        .by(sam, "only-operator-closes-months")
        .by(operator, "months-already-closed")
        .end_by(operator.at(days(31)), "months-closed");
    vec![paying, closing]
}
