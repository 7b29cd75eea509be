//! Stores to start with.

use enterprise_teams::chrono::{DateTime, TimeDelta, Utc};
use enterprise_teams::demo::{self as sample, Demo};
use enterprise_teams::entity::{
    AccountPermission, AddOnControls, DynoSize, IdentityProvider, Limits, Mfa, OnExcess, Plan, SignIn,
};
use enterprise_teams::ids::{AppId, PipelineId, SpaceId, TeamId};
use enterprise_teams::{
    AccountId, Actor, Error, NewApp, NewSpace, NewUser, Owner, Permission, PermissionSet, Stage, TeamRole, TeamStore,
    UserId, system,
};

/// How long ago a furnished demo began.
const DAYS: i64 = 60;

/// The library's sample, with an Enterprise Account of two more teams, `acme-labs` with a space and `acme-ops` with room for two
/// members, and a pipeline.
///
/// # Errors
/// None in fact: it is made by operations that keep the rules.
pub fn demo() -> Result<TeamStore, Error> {
    Ok(Extended::of(Demo::new()?)?.sample.store)
}

/// The sample, and what the demo has besides.
struct Extended {
    sample: Demo,
    account: AccountId,
    labs: TeamId,
    space: SpaceId,
    flow: PipelineId,
}

impl Extended {
    fn of(mut sample: Demo) -> Result<Self, Error> {
        let Demo { store, operator, ada, acme, website, .. } = &mut sample;
        let (operator, ada) = (*operator, *ada);
        let account = store.open_account(operator, "acme-corp".parse()?, sample::id(ada))?;
        let labs = store.create_team_in(ada, account, "acme-labs".parse()?)?;
        let ops = store.create_team_in(ada, account, "acme-ops".parse()?)?;
        store.set_team_limits(operator, ops, Limits { members: 2, ..Limits::ENTERPRISE })?;
        let space = store.create_space(ada, NewSpace::new(labs, "labs-space".parse()?))?;
        let flow = store.create_pipeline(ada, *acme, "acme-flow".parse()?)?;
        store.couple_app(ada, flow, *website, Stage::Production)?;
        Ok(Self { sample, account, labs, space, flow })
    }
}

/// What runs: process type, size and number.
type Runs = (&'static str, DynoSize, u16);
/// What is installed: service, plan and cents a month.
type Installed = (&'static str, &'static str, u32);

/// Registers somebody.
fn person(store: &mut TeamStore, operator: Actor, email: &str) -> Result<Actor, Error> {
    let id = store.register_user(operator, NewUser::new(email.parse()?))?;
    Ok(Actor::user(id, operator.at))
}

/// Has this run and be installed on an app.
fn furnish(store: &mut TeamStore, by: Actor, app: AppId, runs: &[Runs], add_ons: &[Installed]) -> Result<(), Error> {
    for (process, size, quantity) in runs {
        store.scale_app(by, app, process.parse()?, *size, *quantity)?;
    }
    for (service, plan, price) in add_ons {
        store.install_add_on(by, app, service.parse()?, Plan { name: plan.parse()?, price: *price })?;
    }
    Ok(())
}

/// An app with what runs and is installed on it from the first.
fn app(
    store: &mut TeamStore,
    by: Actor,
    (new, name): (NewApp, &str),
    runs: &[Runs],
    add_ons: &[Installed],
) -> Result<AppId, Error> {
    let id = store.create_app(by, new.named(name.parse()?))?;
    furnish(store, by, id, runs, add_ons)?;
    Ok(id)
}

/// As [`demo`], begun sixty days before `now`, with what a team has by then: more people and apps, dynos and add-ons that cost
/// something, releases that were promoted, one limit exceeded and others near.
///
/// # Errors
/// None in fact, as of [`demo`].
pub fn furnished_demo(now: DateTime<Utc>) -> Result<TeamStore, Error> {
    use DynoSize::{Basic, Eco, PerformanceM, PrivateM, PrivateS, Standard1X, Standard2X};
    let begun = now - TimeDelta::days(DAYS);
    // In the morning of this day, counted from the first.
    let on = |day, actor: Actor| actor.at(begun + TimeDelta::days(day) + TimeDelta::hours(1));
    let Extended { sample, account, labs, space, flow } = Extended::of(Demo::at(begun)?)?;
    let Demo { mut store, operator, ada, joe, vera, sam, acme, inc, website, wave, .. } = sample;
    let in_acme = NewApp::in_team(acme);

    // The first week: people, and what runs already.
    let kim = person(&mut store, on(1, operator), "kim@acme.com")?;
    let lee = person(&mut store, on(1, operator), "lee@acme.com")?;
    let nina = person(&mut store, on(1, operator), "nina@creativeinc.com")?;
    let [kim_id, lee_id, nina_id] = [kim, lee, nina].map(sample::id);
    let by = on(1, ada);
    store.set_mfa(by, sample::id(ada), Mfa::Enrolled)?;
    store.add_member(by, acme, kim_id, TeamRole::Viewer)?;
    store.add_member(by, acme, lee_id, TeamRole::Member)?;
    store.add_member(by, labs, kim_id, TeamRole::Member)?;
    store.set_payment_method(on(1, sam), inc, Some("Visa, ending in 4242".parse()?))?;
    let database = [("heroku-postgresql", "standard-0", 5_000), ("heroku-redis", "premium-0", 1_500)];
    furnish(&mut store, by, website, &[("web", Standard2X, 2), ("worker", Standard1X, 2)], &database)?;
    furnish(&mut store, on(1, sam), wave, &[("web", Standard1X, 2)], &[("heroku-postgresql", "essential-1", 900)])?;

    // Every app of the team has been created by somebody on some day.
    let by = on(3, joe);
    let dev = app(&mut store, by, (in_acme, "acme-website-dev"), &[("web", Basic, 1)], &[])?;
    let api = app(&mut store, by, (in_acme, "acme-api"), &[("web", PerformanceM, 1)], &[])?;
    let by = on(6, ada);
    let staging = app(&mut store, by, (in_acme, "acme-website-staging"), &[("web", Standard1X, 1)], &[])?;
    store.grant_permissions(by, staging, sample::id(joe), PermissionSet::WORK)?;
    for (app, stage) in [(dev, Stage::Development), (staging, Stage::Staging)] {
        store.couple_app(by, flow, app, stage)?;
    }
    store.set_member_role(on(8, ada), acme, kim_id, TeamRole::Member)?;
    let by = on(9, kim);
    let billing = app(&mut store, by, (in_acme.locked(), "acme-billing"), &[("web", Standard1X, 2)], &[])?;
    let worker = [("worker", Standard1X, 2)];
    app(
        &mut store,
        by,
        (in_acme, "acme-mailer"),
        &worker,
        &[("papertrail", "fixa", 700), ("scheduler", "standard", 0)],
    )?;

    // Single sign-on, and what add-ons may be had.
    let by = on(12, ada);
    let certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
    let provider = IdentityProvider::new("https://id.acme.com", "https://id.acme.com/saml", certificate)?;
    store.set_identity_provider(by, acme, provider)?;
    store.enable_sso(by, acme)?;
    store.set_sign_in(on(13, operator), lee_id, SignIn::Sso)?;
    store.set_mfa(on(13, kim), kim_id, Mfa::Enrolled)?;
    let by = on(14, ada);
    for service in ["heroku-postgresql", "papertrail", "scheduler"] {
        store.allow_add_on(by, acme, service.parse()?)?;
    }
    store.set_add_on_controls(by, acme, AddOnControls::On)?;

    // Releases go from stage to stage.
    store.release_app(on(16, joe), dev, "Deploy 3f0a1c2: the shop has a front page".parse()?)?;
    store.promote_app(on(17, joe), dev)?;
    store.promote_app(on(18, ada), staging)?;

    // In the space of the account's other team.
    let by = on(20, ada);
    let in_space = NewApp::in_space(space);
    app(
        &mut store,
        by,
        (in_space, "labs-models"),
        &[("web", PrivateS, 2)],
        &[("heroku-postgresql", "standard-0", 5_000)],
    )?;
    app(&mut store, by, (in_space, "labs-notebooks"), &[("web", PrivateM, 1)], &[])?;
    store.allow_app_creation(by, space, kim_id)?;
    app(&mut store, on(21, kim), (in_space.locked(), "labs-vault"), &[("web", PrivateS, 1)], &[])?;
    let permissions = AccountPermission::View | AccountPermission::Billing;
    store.add_account_member(on(22, ada), account, kim_id, permissions)?;

    // The team grows, and so does what runs.
    let by = on(24, lee);
    let search = app(&mut store, by, (in_acme, "acme-search"), &[("web", Standard2X, 1)], &[])?;
    app(&mut store, by, (in_acme, "acme-jobs"), &[("worker", Standard1X, 2)], &[("papertrail", "choklad", 0)])?;
    let by = on(27, ada);
    store.grant_permissions(by, search, nina_id, Permission::Deploy | Permission::Operate)?;
    store.grant_permissions(by, api, nina_id, PermissionSet::VIEW)?;
    store.grant_permissions(by, billing, sample::id(joe), Permission::Operate.into())?;
    store.scale_app(on(30, ada), website, "web".parse()?, Standard2X, 4)?;
    let prototype = app(&mut store, on(31, joe), (in_acme, "acme-prototype"), &[("web", Standard1X, 1)], &[])?;
    let by = on(34, joe);
    app(&mut store, by, (in_acme, "acme-api-staging"), &[("web", Standard1X, 1)], &[])?;
    let premium = ("heroku-postgresql", "premium-0", 20_000);
    furnish(&mut store, on(35, ada), api, &[("web", PerformanceM, 2)], &[premium])?;
    store.delete_app(on(38, joe), prototype, "acme-prototype")?;

    // A personal app comes into the team.
    let by = on(40, kim);
    let status = app(&mut store, by, (NewApp::personal(), "acme-status"), &[("web", Eco, 1)], &[])?;
    store.transfer_app(on(42, kim), status, Owner::Team(acme))?;
    let by = on(44, ada);
    let preview = app(&mut store, by, (in_acme, "acme-website-pr-42"), &[("web", Basic, 1)], &[])?;
    app(&mut store, by, (in_acme, "acme-website-test"), &[], &[])?;
    store.couple_app(by, flow, preview, Stage::Review)?;
    let metrics = [("papertrail", "fixa", 700), ("heroku-postgresql", "essential-1", 900)];
    app(&mut store, on(46, lee), (in_acme, "acme-metrics"), &[("web", Standard1X, 1)], &metrics)?;
    app(&mut store, on(47, vera), (NewApp::personal(), "veras-garden"), &[("web", Eco, 1)], &[])?;
    app(&mut store, on(48, sam), (NewApp::in_team(inc).locked(), "inc-ledger"), &[("web", Standard1X, 1)], &[])?;
    store.release_app(on(50, joe), dev, "Deploy 9b77e04: orders can be cancelled".parse()?)?;
    store.promote_app(on(51, joe), dev)?;

    // What is open: apps that could be transferred, a transfer and an invitation to answer, a limit exceeded.
    let by = on(53, joe);
    app(&mut store, by, (NewApp::personal(), "deep-spring-4274"), &[("web", Eco, 1)], &[])?;
    let notes = app(&mut store, on(54, kim), (NewApp::personal(), "kims-notes"), &[("web", Eco, 1)], &[])?;
    let by = on(55, kim);
    store.add_collaborator(by, notes, sample::id(vera))?;
    store.request_app_transfer(by, notes, sample::id(vera))?;
    let by = on(56, ada);
    store.invite_member(by, acme, "robin@acme.com".parse()?, TeamRole::Member)?;
    store.invite_member(by, labs, "vera@acme.com".parse()?, TeamRole::Viewer)?;
    let limits = Limits {
        members: 8,
        apps: Some(25),
        spaces: Some(2),
        dyno_units: Some(35),
        add_on_credits: Some(30_000),
        on_excess: OnExcess::Shown,
    };
    store.set_team_limits(on(57, operator), acme, limits)?;
    Ok(store)
}

/// The user with this e-mail, registered if there is none.
///
/// # Errors
/// An e-mail that is none.
pub fn registered(store: &mut TeamStore, email: &str) -> Result<UserId, Error> {
    let email = email.parse()?;
    store.user_id(&email).or_else(|_| store.register_user(Actor::operator(system::now()), NewUser::new(email)))
}
