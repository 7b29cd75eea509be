//! the model agrees where lists and limits are too long for a random run: what errors name at most, and what an
//! app, a team, a space, a generator can hold.

use std::fmt::Display;

use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    AccountId, Actor, AppId, NewApp, NewSpace, NewTeam, NewUser, Operation as O, Owner, Permission, PipelineId,
    Settings, SpaceId, Stage, TeamId, TeamRole, UserId,
    entity::{AddOnControls, DynoSize, IdentityProvider, Limits, OnExcess, Plan, SignIn, SignInRequirement},
    error::TRUNCATED_MAX,
    name_gen::WordLists,
    settings::{ADD_ONS_MAX, ALLOWED_ADD_ONS_MAX, BULK_APPS_MAX, PROCESS_TYPES_MAX},
};

use super::Pair;
use crate::support::{days, noon, read, sound};

/// One more than an error names.
const MANY: usize = TRUNCATED_MAX + 1;

fn limit(number: usize) -> u32 {
    number.try_into().expect("a small number")
}

fn named<T>(word: impl Display, number: usize) -> T
where
    T: core::str::FromStr<Err: core::fmt::Debug>,
{
    // Backwards, so that the order of names is not that of making.
    read(&format!("{word}-{:04}", 5000 - number))
}

/// A store with ada, who has an Enterprise Team in her account.
struct Hers {
    pair: Pair,
    operator: Actor,
    ada: Actor,
    own: UserId,
    account: AccountId,
    team: TeamId,
}

impl Hers {
    fn new(settings: Settings) -> Self {
        let (mut pair, operator) = (Pair::new(settings, usize::MAX), Actor::operator(noon()));
        let own = pair.make(operator, &O::RegisterUser { user: NewUser::new(read("ada@x.io")) });
        let account = pair.make(operator, &O::OpenAccount { name: read("corp"), manager: own });
        let ada = Actor::user(own, noon());
        let team = pair.make(ada, &O::CreateTeamIn { account, name: read("ant") });
        Self { pair, operator, ada, own, account, team }
    }

    fn make<Id: From<Uuid>>(&mut self, operation: &O) -> Id {
        self.pair.make(self.ada, operation)
    }

    /// Accepted, all of them.
    fn all(&mut self, operations: impl IntoIterator<Item = O>) {
        for operation in operations {
            self.pair.perform(self.ada, &operation).expect("accepted");
        }
    }

    fn apps(&mut self, new: NewApp) -> Vec<AppId> {
        (0..MANY).map(|number| self.make(&O::CreateApp { app: new.named(named("app", number)) })).collect()
    }

    #[track_caller]
    fn refuse(&mut self, operation: &O, code: &str) {
        assert_eq!(self.pair.refuse(self.ada, operation), code);
    }

    /// The operator gives the team these limits.
    fn limit(&mut self, limits: Limits) {
        let operation = O::SetTeamLimits { team: self.team, limits };
        self.pair.perform(self.operator, &operation).expect("accepted");
    }

    fn end(self) {
        self.pair.compare();
        sound(&self.pair.store);
    }
}

fn roomy() -> Settings {
    Settings::from_seed(0).personal_apps_max(limit(MANY + 1)).space_apps_max(limit(MANY))
}

#[test]
fn x_06_the_model_agrees_on_what_apps_and_teams_can_hold() {
    let mut hers = Hers::new(roomy());
    let (team, app) = (hers.team, hers.make(&O::CreateApp { app: NewApp::in_team(hers.team) }));
    let scale = |number, quantity| O::ScaleApp { app, process: named("p", number), size: DynoSize::Basic, quantity };
    hers.all((0..PROCESS_TYPES_MAX).map(|number| scale(number, 1)));
    hers.refuse(&scale(PROCESS_TYPES_MAX, 1), "formation-full");
    hers.all([scale(0, 2), scale(0, 0), scale(PROCESS_TYPES_MAX, 1)]);

    let plan = Plan { name: read("free"), price: 0 };
    let install = |number| O::InstallAddOn { app, service: named("s", number), plan };
    hers.all((0..ADD_ONS_MAX).map(install));
    hers.refuse(&install(ADD_ONS_MAX), "add-ons-full");

    let allow = |number| O::AllowAddOn { team, service: named("s", number) };
    hers.all((0..ALLOWED_ADD_ONS_MAX).map(allow));
    hers.refuse(&allow(ALLOWED_ADD_ONS_MAX), "allowlist-full");
    hers.all([O::SetAddOnControls { team, controls: AddOnControls::On }]);
    hers.all([O::DisallowAddOn { team, service: named("s", 7) }, allow(ALLOWED_ADD_ONS_MAX)]);
    hers.end();
}

#[test]
fn gen_03_the_model_agrees_at_the_end_of_the_names() {
    let names = roomy().words(WordLists::new(["red"], ["kite"]).unwrap()).names();
    let last = names.names() - 3;
    let mut hers = Hers::new(roomy().words(names.words().clone()).first_name(last));
    let app = NewApp::personal();
    let taken = [last + 1, 0, 1].map(|number| O::CreateApp { app: app.named(names.nth_name(number).unwrap()) });
    hers.all(taken);
    hers.all(vec![O::CreateApp { app }; 4]);
    hers.end();
}

#[test]
fn x_06_the_model_agrees_on_long_lists_of_apps() {
    let mut hers = Hers::new(roomy());
    let (own, to) = (hers.own, Owner::Team(hers.team));
    let personal = hers.apps(NewApp::personal());
    hers.refuse(&O::DeleteUser { user: own }, "user-still-owns");

    let pipeline: PipelineId = hers.make(&O::CreatePipeline { owner: Owner::User(own), name: read("flow") });
    let couple = |app: &AppId| O::CoupleApp { pipeline, app: *app, stage: Stage::Staging };
    hers.all(personal.iter().map(couple));
    let source = hers.make(&O::CreateApp { app: NewApp::personal() });
    hers.refuse(&O::CreateApp { app: NewApp::personal() }, "personal-app-limit-reached");
    hers.all([
        O::CoupleApp { pipeline, app: source, stage: Stage::Development },
        O::ReleaseApp { app: source, description: read("one") },
        O::PromoteApp { app: source },
    ]);
    let bob: UserId = hers.pair.make(hers.operator, &O::RegisterUser { user: NewUser::new(read("bob@x.io")) });
    hers.refuse(&O::TransferPipeline { pipeline, to: Owner::User(bob) }, "pipeline-not-movable");
    hers.refuse(&O::TransferApps { apps: personal.clone(), to: Owner::User(bob) }, "bulk-refused");
    hers.refuse(&O::TransferApps { apps: vec![source; BULK_APPS_MAX + 1], to }, "bulk-size-invalid");
    hers.all([O::TransferMovableApps { apps: personal.clone(), to }]);
    hers.refuse(&O::PromoteAppTo { app: source, targets: personal }, "promotion-refused");
    hers.limit(Limits { apps: Some(limit(MANY)), ..Limits::ENTERPRISE });
    hers.refuse(&O::CreateApp { app: NewApp::in_team(hers.team) }, "app-limit-reached");
    hers.refuse(&O::DeleteTeam { team: hers.team }, "team-not-empty");
    hers.end();
}

#[test]
fn x_06_the_model_agrees_on_long_lists_of_other_things() {
    let mut hers = Hers::new(roomy());
    let (own, team, account) = (hers.own, hers.team, hers.account);
    let space: SpaceId = hers.make(&O::CreateSpace { space: NewSpace::new(team, read("sea")) });
    hers.apps(NewApp::in_space(space));
    hers.refuse(&O::CreateApp { app: NewApp::in_space(space) }, "space-full");
    hers.refuse(&O::DestroySpace { space, confirmation: "sea".into() }, "space-not-empty");
    for number in 0..MANY {
        let user = NewUser::new(read(&format!("u{:04}@x.io", 5000 - number)));
        let user = hers.pair.make(hers.operator, &O::RegisterUser { user });
        let email = read(&format!("v{:04}@x.io", 5000 - number));
        hers.all([
            O::AddMember { team, user, role: TeamRole::Viewer },
            O::InviteMember { team, email, role: TeamRole::Viewer },
            O::CreateSpace { space: NewSpace::new(team, named("space", number)) },
            O::CreatePipeline { owner: Owner::Team(team), name: read("flow") },
            O::CreateTeamIn { account, name: named("team", number) },
        ]);
        let name = named("corp", number);
        hers.pair.make::<AccountId>(hers.operator, &O::OpenAccount { name, manager: own });
    }
    hers.refuse(&O::DeleteTeam { team }, "team-not-empty");
    hers.all([O::RequestTeamMoveOut { team }]);
    assert_eq!(hers.pair.refuse(hers.operator, &O::MoveTeamOut { team }), "move-out-blocked");
    hers.refuse(&O::DeleteUser { user: own }, "cannot-delete-last-admin");

    let bob: UserId = hers.pair.make(hers.operator, &O::RegisterUser { user: NewUser::new(read("bob@x.io")) });
    hers.limit(Limits { members: limit(2 * MANY + 1), spaces: Some(limit(MANY + 1)), ..Limits::ENTERPRISE });
    hers.refuse(&O::AddDefaultMember { team, user: bob }, "member-limit-reached");
    hers.refuse(&O::CreateSpace { space: NewSpace::new(team, read("sky")) }, "space-limit-reached");
    for number in 0..MANY {
        let name = named("firm", number);
        hers.pair.make::<AccountId>(hers.operator, &O::OpenAccount { name, manager: bob });
    }
    assert_eq!(hers.pair.refuse(hers.operator, &O::DeleteUser { user: bob }), "cannot-delete-last-manager");
    let full = NewTeam::standard(read("none"), bob).limits(Limits { members: 0, ..Limits::STANDARD });
    assert_eq!(hers.pair.refuse(hers.operator, &O::ProvisionTeam { team: full }), "member-limit-zero");
    hers.end();
}

/// TEAM-6: limits on dyno units and credits, where they refuse: by every call that adds something, and by none that does not.
#[test]
fn team_06_the_model_agrees_on_limits_of_what_is_used() {
    let mut hers = Hers::new(roomy());
    let (team, account) = (hers.team, hers.account);
    let plan = |price| Plan { name: read("mini"), price };
    let install = |app, price| O::InstallAddOn { app, service: read("redis"), plan: plan(price) };
    let scale = |app, size, quantity| O::ScaleApp { app, process: read("web"), size, quantity };
    let other: TeamId = hers.make(&O::CreateTeamIn { account, name: read("bee") });
    let own: Vec<AppId> = (0..3).map(|_| hers.make(&O::CreateApp { app: NewApp::personal() })).collect();
    let app: AppId = hers.make(&O::CreateApp { app: NewApp::in_team(team) });
    let space: SpaceId = hers.make(&O::CreateSpace { space: NewSpace::new(other, read("nut")) });
    let inside: AppId = hers.make(&O::CreateApp { app: NewApp::in_space(space) });
    let pipeline: PipelineId = hers.make(&O::CreatePipeline { owner: Owner::User(hers.own), name: read("flow") });
    hers.all(own.iter().map(|app| scale(*app, DynoSize::Eco, 1)));
    hers.all(own.iter().map(|app| O::CoupleApp { pipeline, app: *app, stage: Stage::Staging }));
    hers.all([scale(inside, DynoSize::PrivateS, 1), install(own[0], 5), scale(app, DynoSize::Standard1X, 1)]);
    let add_on = hers.make(&install(app, 5));

    // As long as limits are only shown, nothing is refused.
    let limits = Limits { dyno_units: Some(2), add_on_credits: Some(9), ..Limits::ENTERPRISE };
    hers.limit(limits);
    hers.all([scale(app, DynoSize::Standard1X, 3), scale(app, DynoSize::Standard1X, 1)]);
    hers.limit(Limits { on_excess: OnExcess::Refused, ..limits });
    let (units, credits) = ("dyno-unit-limit-reached", "add-on-credit-limit-reached");
    hers.refuse(&scale(app, DynoSize::Standard1X, 3), units);
    hers.refuse(&install(app, 5), credits);
    hers.refuse(&O::ChangeAddOnPlan { add_on, plan: plan(10) }, credits);
    hers.refuse(&O::CreateSpace { space: NewSpace::new(team, read("pea")) }, credits);
    hers.refuse(&O::TransferSpace { space, team }, units);
    let to = Owner::Team(team);
    hers.refuse(&O::TransferApp { app: own[0], to }, credits);
    hers.refuse(&O::TransferApps { apps: own.clone(), to }, "bulk-refused");
    hers.refuse(&O::TransferPipeline { pipeline, to }, "pipeline-not-movable");
    hers.all([
        scale(app, DynoSize::Standard1X, 2),
        O::ChangeAddOnPlan { add_on, plan: plan(9) },
        install(app, 0),
        O::CreateApp { app: NewApp::in_team(team) },
    ]);
    hers.refuse(&O::TransferApp { app: own[1], to }, units);
    // What is over a limit may become less of it, and more of what has none.
    hers.limit(Limits { dyno_units: Some(1), on_excess: OnExcess::Refused, ..Limits::ENTERPRISE });
    hers.all([O::ChangeAddOnPlan { add_on, plan: plan(99) }, scale(app, DynoSize::Basic, 5)]);
    hers.refuse(&scale(app, DynoSize::Basic, 6), units);
    hers.refuse(&O::TransferSpace { space, team }, units);
    hers.limit(Limits { add_on_credits: Some(99), on_excess: OnExcess::Refused, ..Limits::ENTERPRISE });
    hers.refuse(&O::TransferSpace { space, team }, credits);
    hers.limit(Limits { add_on_credits: Some(98), on_excess: OnExcess::Refused, ..Limits::ENTERPRISE });
    hers.all([scale(app, DynoSize::Basic, 6), scale(app, DynoSize::Basic, 5)]);
    hers.limit(Limits { dyno_units: Some(5), on_excess: OnExcess::Refused, ..Limits::ENTERPRISE });
    hers.all([O::TransferMovableApps { apps: own, to }]);
    hers.end();
}

/// What random runs seldom come to.
#[test]
fn inv_03_pipe_07_and_sec_05_the_model_agrees_on_what_was_allowed_once() {
    let Hers { mut pair, operator, ada, team, .. } = Hers::new(Settings::from_seed(1));
    let [bob, zoe]: [UserId; 2] =
        ["bob@x.io", "zoe@x.io"].map(|user| pair.make(operator, &O::RegisterUser { user: NewUser::new(read(user)) }));
    let [bobs, zoes] = [bob, zoe].map(|user| Actor::user(user, noon()));
    let done = |pair: &mut Pair, actor, operation| drop(pair.perform(actor, &operation).expect("accepted"));
    done(&mut pair, ada, O::AddMember { team, user: bob, role: TeamRole::Admin });
    let invitation = pair.make(bobs, &O::InviteDefaultMember { team, email: read("zoe@x.io") });
    done(&mut pair, ada, O::SetMemberRole { team, user: bob, role: TeamRole::Member });
    done(&mut pair, ada, O::SetDefaultRole { team, role: TeamRole::Admin });
    assert_eq!(pair.refuse(zoes, &O::AcceptInvitation { invitation }), "inviter-is-no-admin");

    let [source, target]: [AppId; 2] =
        ["source", "target"].map(|name| pair.make(ada, &O::CreateApp { app: NewApp::in_team(team).named(read(name)) }));
    let pipeline = pair.make(ada, &O::CreatePipeline { owner: Owner::Team(team), name: read("flow") });
    for (app, stage) in [(source, Stage::Staging), (target, Stage::Production)] {
        done(&mut pair, ada, O::CoupleApp { pipeline, app, stage });
    }
    let permissions = Permission::Deploy.into();
    done(&mut pair, ada, O::GrantPermissions { app: source, user: bob, permissions });
    done(&mut pair, bobs, O::ReleaseApp { app: source, description: read("first") });
    assert_eq!(pair.refuse(bobs, &O::PromoteApp { app: source }), "promotion-refused");

    // APP-3, TEAM-3
    assert_eq!(pair.refuse(ada, &O::RenameApp { app: source, name: read("target") }), "app-name-taken");
    assert_eq!(pair.refuse(ada, &O::RenameApp { app: source, name: read("source") }), "app-name-unchanged");
    let mut options = pair.store.settings().options.clone();
    options.reserved_names = [read("team-0")].into();
    done(&mut pair, operator, O::ChangeSettings { options });
    assert_eq!(pair.refuse(ada, &O::RenameTeam { team, name: read("team-0") }), "team-name-reserved");
    let manager = ada.who.user().expect("a user");
    let account = pair.make(operator, &O::OpenAccount { name: read("acme"), manager });
    assert_eq!(pair.refuse(ada, &O::CreateTeamIn { account, name: read("team-0") }), "team-name-reserved");

    // END-2, SUS-1
    let space: SpaceId = pair.make(ada, &O::CreateSpace { space: NewSpace::new(team, read("sea")) });
    let mine: AppId = pair.make(ada, &O::CreateApp { app: NewApp::personal() });
    let creation = |ends_at| O::SetAppCreationEnd { space, user: bob, ends_at };
    let grant = |ends_at| O::SetGrantEnd { app: source, user: bob, ends_at };
    done(&mut pair, ada, O::AllowAppCreation { space, user: bob });
    done(&mut pair, ada, O::AddCollaborator { app: mine, user: bob });
    for operation in [creation(Some(days(9))), grant(Some(days(9)))] {
        done(&mut pair, ada, operation);
    }
    done(&mut pair, ada, O::SetMemberRole { team, user: bob, role: TeamRole::Admin });
    assert_eq!(pair.refuse(ada, &creation(None)), "app-creation-for-members");
    done(&mut pair, ada, O::SetMemberRole { team, user: bob, role: TeamRole::Member });
    done(&mut pair, operator, O::SuspendUser { user: bob });
    for operation in [creation(None), grant(None), O::RequestAppTransfer { app: mine, recipient: bob }] {
        assert_eq!(pair.refuse(ada, &operation), "user-is-suspended");
    }
    done(&mut pair, operator, O::ReinstateUser { user: bob });

    // SEC-5
    let pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
    let provider = IdentityProvider::new("idp", "https://id.example.com/saml", pem).unwrap();
    done(&mut pair, ada, O::SetIdentityProvider { team, provider });
    done(&mut pair, ada, O::EnableSso { team });
    let user = ada.who.user().expect("a user");
    done(&mut pair, ada, O::SetSignIn { user, sign_in: SignIn::Sso });
    done(&mut pair, ada, O::SetSignInRequirement { team, requirement: SignInRequirement::MfaOrSso });
    assert_eq!(pair.refuse(ada, &O::DisableSso { team }), "admin-needs-mfa-or-sso");

    // SUS-1
    let empty = pair.make(ada, &O::CreatePipeline { owner: Owner::Team(team), name: read("empty") });
    done(&mut pair, ada, O::AddAccountMember { account, user: bob, permissions: read("view") });
    for user in [bob, zoe] {
        done(&mut pair, operator, O::SuspendUser { user });
    }
    let more = O::SetAccountPermissions { account, user: bob, permissions: read("view,create") };
    assert_eq!(pair.refuse(ada, &more), "user-is-suspended");
    assert_eq!(pair.refuse(operator, &O::AddSsoMember { team, user: zoe }), "user-is-suspended");
    assert_eq!(pair.refuse(ada, &O::TransferPipeline { pipeline: empty, to: bob.into() }), "user-is-suspended");

    // TEAM-6
    let own: AppId = pair.make(ada, &O::CreateApp { app: NewApp::personal() });
    let limits = Limits { apps: Some(1), ..Limits::ENTERPRISE };
    done(&mut pair, operator, O::SetTeamLimits { team, limits });
    assert_eq!(pair.refuse(ada, &O::TransferApp { app: own, to: Owner::Team(team) }), "app-limit-reached");
    pair.compare();
    sound(&pair.store);
}
