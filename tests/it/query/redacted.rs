//! of each kind of event, what of it whom is shown.

use std::collections::BTreeMap;
use std::fmt::{Display, Write};

use enterprise_teams::chrono::TimeDelta;
use enterprise_teams::demo::Demo;
use enterprise_teams::policy::RoleRights;
use enterprise_teams::{
    AccountId, Actor, ActorKind, AppId, Capability, Event, NewApp, NewSpace, NewTeam, NewUser, Permission,
    PermissionSet, Stage, TeamId, TeamRole, TeamStore,
    entity::{AddOnControls, DynoSize, IdentityProvider, Limits, Mfa, OAuthAccess, Plan, SignIn, SignInRequirement},
    query::{AuditFilter, AuditScope},
};
use serde_json::Value;

use super::first;
use crate::support::{app_name, days, email, golden, id, labels, noon, read, register, team_name};

/// A store, what the things in it are called, and what was told of each kind of event so far.
struct Told {
    store: TeamStore,
    people: Vec<(&'static str, Actor)>,
    teams: Vec<(&'static str, TeamId)>,
    apps: Vec<(&'static str, AppId)>,
    accounts: Vec<(&'static str, AccountId)>,
    /// By the text of the id.
    names: Vec<(String, &'static str)>,
    kinds: BTreeMap<&'static str, String>,
}

impl Told {
    fn named(&mut self, name: &'static str, id: impl Display) {
        self.names.push((id.to_string(), name));
    }

    fn person(&mut self, name: &'static str, actor: Actor) -> Actor {
        self.named(name, id(actor));
        self.people.push((name, actor));
        actor
    }

    fn team(&mut self, name: &'static str, team: TeamId) -> TeamId {
        self.named(name, team);
        self.teams.push((name, team));
        team
    }

    fn app(&mut self, name: &'static str, app: AppId) -> AppId {
        self.named(name, app);
        self.apps.push((name, app));
        app
    }

    /// The names in a part of an event, or the part itself when there are none.
    fn names_in(&self, part: &Value) -> String {
        let text = part.to_string();
        let found: Vec<&str> = self.names.iter().filter(|(id, _)| text.contains(id)).map(|(_, name)| *name).collect();
        if found.is_empty() { text } else { found.join(" ") }
    }

    /// What is in the whole and not in the part, field by field.
    fn missing(&self, field: &str, whole: &Value, part: &Value, found: &mut Vec<String>) {
        match (whole, part) {
            (Value::Object(whole), Value::Object(part)) => {
                if whole.get("type") != part.get("type") {
                    found.push(format!("all but {}: {}", part["type"], self.names_in(&part["users"])));
                    return;
                }
                assert!(whole.keys().eq(part.keys()), "the same fields");
                whole.iter().zip(part).for_each(|((field, one), (_, other))| self.missing(field, one, other, found));
            }
            (Value::Array(whole), Value::Array(part)) => {
                let mut rest = part.iter().peekable();
                for one in whole {
                    // Moves of the same app may be cut themselves.
                    let of = |other: &Value, key| one.get(key).is_some_and(|own| other[key] == *own);
                    let same = |other: &&Value| {
                        *other == one || of(other, "app") || one.get("teams").is_some() && of(other, "user")
                    };
                    match rest.next_if(same) {
                        Some(other) => self.missing(field, one, other, found),
                        None => found.push(format!("{field}: {}", self.names_in(one))),
                    }
                }
                assert_eq!(rest.next(), None, "nothing that is not in the whole");
            }
            (whole, part) if whole == part => {}
            (whole, part) => {
                assert!(part.is_null(), "{field}: {part} in place of {whole}");
                found.push(format!("{field}: {}", self.names_in(whole)));
            }
        }
    }

    /// Writes down who reads the newest event where, and without what.
    fn tell(&mut self, what: &str) {
        let newest = self.store.events().last().expect("an event").clone();
        let whole = serde_json::to_value(&newest.event).expect("JSON");
        let mut readers = String::new();
        for (name, reader) in &self.people {
            let teams = self.teams.iter().map(|(place, team)| (*place, AuditScope::Team(*team)));
            let apps = self.apps.iter().map(|(place, app)| (*place, AuditScope::App(*app)));
            let accounts = self.accounts.iter().map(|(place, account)| (*place, AuditScope::Account(*account)));
            let own = [("own log", AuditScope::User(id(*reader))), ("own deeds", AuditScope::By(id(*reader)))];
            for (place, scope) in teams.chain(apps).chain(accounts).chain(own) {
                let Ok(page) = self.store.audit_log(*reader, &AuditFilter::new(scope), &first(1)) else { continue };
                let Some(entry) = page.items.first().filter(|entry| entry.seq == newest.seq) else { continue };
                let as_it_was = entry.event.code() == newest.event.code();
                let by = if as_it_was { newest.actor } else { ActorKind::Operator };
                assert_eq!((entry.at, entry.actor), (newest.at, by));
                let part = serde_json::to_value(&entry.event).expect("JSON");
                let mut missing = Vec::new();
                self.missing("event", &whole, &part, &mut missing);
                missing.dedup();
                let all = if missing.is_empty() { "all" } else { "without " };
                writeln!(readers, "    {name} in {place}: {all}{}", missing.join("; ")).expect("a line");
            }
        }
        let told = self.kinds.entry(newest.event.code()).or_default();
        write!(told, "{}{what}\n{readers}", newest.event.code()).expect("a line");
    }
}

/// Does it, and writes down who reads of it; or gives it a name before that.
macro_rules! tell {
    ($told:ident: $($what:literal $method:ident($($argument:expr),*);)+) => {$({
        $told.store.$method($($argument),*).expect(stringify!($method));
        $told.tell(concat!(" ", $what));
    })+};
}

#[test]
fn x_03_of_each_kind_of_event_whom_what_is_shown() {
    let Demo { store, operator, ada, joe, vera, jill, sam, max, acme, inc, website, wave, .. } = Demo::new().unwrap();
    let mut told = Told {
        store,
        people: vec![],
        teams: vec![],
        apps: vec![],
        accounts: vec![],
        names: vec![],
        kinds: BTreeMap::new(),
    };
    for (name, actor) in [("ada", ada), ("joe", joe), ("vera", vera), ("jill", jill), ("sam", sam), ("max", max)] {
        told.person(name, actor);
    }
    for (name, team) in [("acme", acme), ("inc", inc)] {
        told.team(name, team);
    }
    for (name, app) in [("website", website), ("wave", wave)] {
        told.app(name, app);
    }
    let lee = register(&mut told.store, "lee@labs.com");
    let [lee, kim, ned] = [
        ("lee", lee),
        ("kim", register(&mut told.store, "kim@kim.com")),
        ("ned", register(&mut told.store, "ned@ned.com")),
    ]
    .map(|(name, actor)| told.person(name, actor));
    told.tell(" of ned");
    let labs = told.store.provision_team(operator, NewTeam::enterprise(team_name("labs"), id(lee))).unwrap();
    let labs = told.team("labs", labs);
    told.tell(" of labs");
    let page = told.store.create_app(joe, NewApp::in_team(acme)).unwrap();
    let page = told.app("page", page);
    told.tell(" of page, by joe");
    let oncall = told.store.create_role(ada, acme, read("on-call"), RoleRights::default()).unwrap();
    let rights = RoleRights { capabilities: Capability::ViewUsage.into(), permissions: PermissionSet::VIEW };
    tell! {told:
        "of releaser" create_role(ada, acme, read("releaser"), rights);
        "of on-call" rename_role(ada, oncall, read("pager"));
        "of on-call" set_role_rights(ada, oncall, rights);
        "of on-call" delete_role(ada, oncall);
    }
    let crew = told.store.create_group(ada, acme, read("crew")).unwrap();
    told.named("crew", crew);
    told.tell(" of acme");
    tell! { told:
        "of crew" rename_group(ada, crew, read("backend"));
        "of joe to crew" add_group_member(ada, crew, id(joe));
        "of vera to crew" add_group_member(ada, crew, id(vera));
        "of vera from crew" remove_group_member(ada, crew, id(vera));
        "of crew on website" grant_group_permissions(ada, website, crew, PermissionSet::VIEW);
        "of crew on website" set_group_permissions(ada, website, crew, Permission::View | Permission::Deploy);
        "of crew on page" grant_group_permissions(ada, page, crew, PermissionSet::VIEW);
        "of crew on website" revoke_group_permissions(ada, website, crew);
        "of crew with joe and on page" delete_group(ada, crew);
    }
    let crew = told.store.create_group(ada, acme, read("crew")).unwrap();
    told.named("crew-two", crew);
    for person in [joe, vera] {
        told.store.add_group_member(ada, crew, id(person)).unwrap();
    }
    for app in [website, page] {
        told.store.grant_group_permissions(ada, app, crew, PermissionSet::VIEW).unwrap();
    }
    let space = told.store.create_space(ada, NewSpace::new(acme, read("acme-space"))).unwrap();
    told.named("space", space);
    told.tell(" of acme");
    // Kim manages the website from outside: of acme, Kim sees that app alone.
    tell! { told:
        "on website to kim" grant_permissions(ada, website, id(kim), PermissionSet::ALL);
        "on page to jill" grant_permissions(ada, page, id(jill), PermissionSet::VIEW);
        "of jill on website" set_permissions(ada, website, id(jill), Permission::View | Permission::Deploy);
        "in acme" rename_team(ada, acme, team_name("widgets"));
        "of acme" set_team_labels(ada, acme, labels("env=production"));
        "of acme" set_team_limits(operator, acme, Limits { members: 90, ..Limits::ENTERPRISE });
        "of acme" set_default_role(ada, acme, TeamRole::Viewer);
        "of acme" set_oauth_access(ada, acme, OAuthAccess::Denied);
        "of ada" set_mfa(ada, id(ada), Mfa::Enrolled);
        "of acme" set_sign_in_requirement(ada, acme, SignInRequirement::MfaOrSso);
        "of acme again" set_sign_in_requirement(ada, acme, SignInRequirement::Nothing);
        "of ada again" set_mfa(ada, id(ada), Mfa::NotEnrolled);
        "of acme" request_team_deletion(ada, acme);
        "of acme" withdraw_team_deletion(ada, acme);
        "of joe" set_mfa(joe, id(joe), Mfa::Enrolled);
        "of joe" suspend_user(operator, id(joe));
        "of joe" reinstate_user(operator, id(joe));
        "on website" lock_app(ada, website);
        "on website" unlock_app(ada, website);
        "of website" rename_app(ada, website, app_name("web"));
        "of website" set_app_labels(ada, website, labels("env=production"));
        "of website" scale_app(ada, website, read("web"), DynoSize::Basic, 1);
        "on website" release_app(ada, website, read("Deploy 1"));
        "of vera in acme" set_member_role(ada, acme, id(vera), TeamRole::Member);
        "of vera on website" join_app(vera, website);
        "of vera from website" remove_collaborator(ada, website, id(vera));
        "of ned into acme" invite_member(ada, acme, email("ned@ned.com"), TeamRole::Member);
        "of ned into acme, again" invite_member(ada, acme, email("ned@ned.com"), TeamRole::Viewer);
        "of ned to acme" add_member(ada, acme, id(ned), TeamRole::Member);
        "of jill to wave" add_collaborator(sam, wave, id(jill));
        "of joe in space" allow_app_creation(ada, space, id(joe));
        "of joe in space" revoke_app_creation(ada, space, id(joe));
        "of ned in space" allow_app_creation(ada, space, id(ned));
        "of ned in acme" set_member_role(ada, acme, id(ned), TeamRole::Viewer);
        "of space" rename_space(ada, space, read("acme-eu"));
        "of space" set_space_labels(ada, space, labels("env=production"));
        "of inc" set_payment_method(sam, inc, Some(read("Visa, ending in 4242")));
        "of acme" set_identity_provider(ada, acme, provider());
        "for acme" enable_sso(ada, acme);
        "of max to acme" add_sso_member(operator, acme, id(max));
        "of joe" set_sign_in(joe, id(joe), SignIn::Sso);
        "for acme, where max and joe signed in" disable_sso(ada, acme);
        "on acme" set_add_on_controls(ada, acme, AddOnControls::On);
        "for acme" allow_add_on(ada, acme, read("redis"));
        "for acme" disallow_add_on(ada, acme, read("redis"));
    }
    let redis = told.store.install_add_on(ada, website, read("redis"), plan(100)).unwrap();
    told.tell(" on website");
    tell! { told:
        "on website" change_add_on_plan(ada, redis, plan(200));
        "from website" remove_add_on(ada, redis);
    }
    invitations(&mut told, ada, ned, labs, lee, [acme, inc], sam);
    pipelines(&mut told, [ada, joe, kim, lee], [website, page], acme, labs);
    moves(&mut told, &[ada, joe, jill, kim, ned, sam, lee], [acme, inc, labs], [website, page, wave]);
    accounts(&mut told, operator, &[ada, joe, jill, kim, sam, max, lee], inc, wave);
    ends(&mut told, operator, &[ada, joe, jill, sam], [acme, inc], website);
    endings(&mut told, operator, &[ada, joe, jill, kim, ned, sam], [acme, inc], [website, wave]);
    let kinds: Vec<&str> = told.kinds.keys().copied().collect();
    // These two stand in the operator's log alone.
    let told_to_people = |code: &&str| !["store-opened", "settings-changed", "months-closed"].contains(code);
    let mut all: Vec<&str> = Event::CODES.iter().copied().filter(told_to_people).collect();
    all.sort_unstable();
    assert_eq!(kinds, all, "every kind of event");
    golden("tests/it/golden/redacted.txt", &told.kinds.into_values().collect::<String>());
}

fn provider() -> IdentityProvider {
    let pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
    IdentityProvider::new("acme-idp", "https://id.acme.com/saml", pem).unwrap()
}

fn plan(price: u32) -> Plan {
    Plan { name: read("basic"), price }
}

fn invitations(told: &mut Told, ada: Actor, ned: Actor, labs: TeamId, lee: Actor, others: [TeamId; 2], sam: Actor) {
    let [acme, inc] = others;
    let operator = Actor::operator(noon());
    // An address that is invited by three teams, of which Ned is in two, becomes Ned's.
    told.store.add_member(lee, labs, id(ned), TeamRole::Member).unwrap();
    for (admin, team) in [(ada, acme), (lee, labs), (sam, inc)] {
        told.store.invite_member(admin, team, email("ned@labs.com"), TeamRole::Member).unwrap();
    }
    tell! { told: "of ned" set_email(operator, id(ned), email("ned@labs.com")); }
    for (by, accept) in [(ned, None), (ned, Some(false)), (ned, Some(true))] {
        let address = if accept.is_none() { "x@y.org" } else { "ned@labs.com" };
        let one = told.store.invite_member(sam, inc, email(address), TeamRole::Member);
        let one = one.unwrap_or_else(|_| told.store.my_invitations(ned, &first(1)).unwrap().items[0].id());
        match accept {
            None => told.store.revoke_invitation(sam, one),
            Some(true) => told.store.accept_invitation(by, one),
            Some(false) => told.store.decline_invitation(by, one),
        }
        .unwrap();
        told.tell(" into inc");
    }
}

fn pipelines(told: &mut Told, people: [Actor; 4], apps: [AppId; 2], acme: TeamId, labs: TeamId) {
    let [ada, joe, _, lee] = people;
    let [website, page] = apps;
    told.store.set_add_on_controls(ada, acme, AddOnControls::Off).unwrap();
    told.store.add_member(lee, labs, id(ada), TeamRole::Admin).unwrap();
    let third = told.store.create_app(ada, NewApp::in_team(acme)).unwrap();
    let third = told.app("third", third);
    let flow = told.store.create_pipeline(ada, acme, read("flow")).unwrap();
    told.named("flow", flow);
    told.tell(" of acme");
    tell! { told:
        "of flow" rename_pipeline(joe, flow, read("main-flow"));
        "of flow" set_pipeline_labels(joe, flow, labels("env=production"));
        "of website to flow" couple_app(ada, flow, website, Stage::Review);
        "of website" set_stage(ada, website, Stage::Staging);
        "of website" uncouple_app(ada, website);
    }
    for (app, stage) in [(website, Stage::Staging), (page, Stage::Production), (third, Stage::Production)] {
        told.store.couple_app(ada, flow, app, stage).unwrap();
    }
    tell! { told:
        "from website to page and third" promote_app(ada, website);
        "of flow with website, page, third to labs" transfer_pipeline(ada, flow, labs);
        "back to acme" transfer_pipeline(ada, flow, acme);
        "of flow with website, page, third" delete_pipeline(ada, flow);
    }
}

fn moves(told: &mut Told, people: &[Actor; 7], teams: [TeamId; 3], apps: [AppId; 3]) {
    let [ada, joe, jill, kim, ned, sam, _] = *people;
    let ([acme, inc, labs], [website, page, wave]) = (teams, apps);
    // An app of Joe's, of which Kim is to be the owner and on which Jill is.
    let own = |told: &mut Told, name| {
        let app = told.store.create_app(joe, NewApp::personal()).unwrap();
        let app = told.app(name, app);
        for user in [jill, kim, ned] {
            told.store.add_collaborator(joe, app, id(user)).unwrap();
        }
        app
    };
    let [mine, gift, end] = ["mine", "gift", "end"].map(|name| own(told, name));
    let ask = |told: &mut Told, app| {
        let transfer = told.store.request_app_transfer(joe, app, id(kim)).unwrap();
        told.named("transfer", transfer);
        transfer
    };
    let transfer = ask(told, gift);
    told.tell(" of gift from joe to kim");
    tell! { told: "of gift by kim" decline_app_transfer(kim, transfer); }
    let transfer = ask(told, gift);
    tell! { told: "of gift by joe" cancel_app_transfer(joe, transfer); }
    let transfer = ask(told, gift);
    tell! { told: "of kim from gift" remove_collaborator(joe, gift, id(kim)); }
    assert!(told.store.cancel_app_transfer(joe, transfer).is_err());
    told.store.add_collaborator(joe, gift, id(kim)).unwrap();
    let transfer = ask(told, gift);
    tell! { told: "of gift by kim" accept_app_transfer(kim, transfer); }
    ask(told, mine);
    tell! { told:
        "of mine from joe to acme" transfer_app(joe, mine, acme);
        "of mine from acme to ned" transfer_app(ada, mine, id(ned));
    }
    ask(told, end);
    let name = told.store.app(joe, end).unwrap().name().to_string();
    told.store.scale_app(joe, end, read("web"), DynoSize::Eco, 1).unwrap();
    tell! { told: "of end, joe's" delete_app(joe, end, &name); }
    told.store.add_member(sam, inc, id(ada), TeamRole::Admin).unwrap();
    tell! { told: "of website, page and wave to labs" transfer_apps(ada, &[website, page, wave], labs); }
    told.store.transfer_apps(ada, &[website, page], acme).unwrap();
    told.store.transfer_app(ada, wave, inc).unwrap();
    told.store.remove_member(ada, inc, id(ada)).unwrap();
}

fn accounts(told: &mut Told, operator: Actor, people: &[Actor; 7], inc: TeamId, wave: AppId) {
    let [ada, joe, jill, kim, sam, max, lee] = *people;
    let account = told.store.open_account(operator, read("corp"), id(sam)).unwrap();
    told.named("corp", account);
    told.accounts.push(("corp", account));
    told.tell(" for sam");
    tell! { told:
        "of lee to corp" add_account_member(sam, account, id(lee), read("create"));
        "of joe to corp" add_account_member(sam, account, id(joe), read("view"));
        "of joe in corp" set_account_permissions(sam, account, id(joe), read("billing"));
        "of joe from corp" remove_account_member(sam, account, id(joe));
    }
    let [east, west] = ["east", "west"].map(|name| {
        let team = told.store.create_team_in(lee, account, team_name(name)).unwrap();
        told.team(name, team);
        told.tell(" in corp");
        team
    });
    told.store.add_member(lee, west, id(max), TeamRole::Admin).unwrap();
    for user in [ada, joe] {
        told.store.add_member(lee, east, id(user), TeamRole::Member).unwrap();
    }
    space_moves(told, [ada, joe, jill, kim, lee], east, west);
    told.store.add_member(sam, inc, id(ada), TeamRole::Admin).unwrap();
    for user in [jill, kim] {
        drop(told.store.add_collaborator(sam, wave, id(user)));
    }
    tell! { told: "of inc into corp" move_team_in(sam, inc, account); }
    for user in [jill, kim] {
        told.store.set_permissions(sam, wave, id(user), PermissionSet::VIEW).unwrap();
    }
    tell! { told:
        "of inc" request_team_move_out(sam, inc);
        "of inc" withdraw_team_move_out(sam, inc);
    }
    told.store.request_team_move_out(sam, inc).unwrap();
    tell! { told: "of inc out of corp" move_team_out(operator, inc); }
}

fn space_moves(told: &mut Told, people: [Actor; 5], east: TeamId, west: TeamId) {
    let [ada, joe, jill, kim, lee] = people;
    let sea = told.store.create_space(lee, NewSpace::new(east, read("sea"))).unwrap();
    told.named("sea", sea);
    let [boat, raft] = ["boat", "raft"].map(|name| {
        let app = told.store.create_app(lee, NewApp::in_space(sea).named(app_name(name))).unwrap();
        told.app(name, app)
    });
    let fleet = told.store.create_pipeline(lee, east, read("fleet")).unwrap();
    told.named("fleet", fleet);
    told.store.couple_app(lee, fleet, raft, Stage::Test).unwrap();
    told.store.grant_permissions(lee, boat, id(kim), PermissionSet::ALL).unwrap();
    told.store.grant_permissions(lee, raft, id(jill), PermissionSet::VIEW).unwrap();
    for user in [ada, joe] {
        told.store.allow_app_creation(lee, sea, id(user)).unwrap();
        told.store.grant_permissions(lee, boat, id(user), Permission::Deploy.into()).unwrap();
    }
    tell! { told: "of sea with boat and raft from east to west" transfer_space(lee, sea, west); }
    let bay = told.store.create_space(lee, NewSpace::new(east, read("bay"))).unwrap();
    told.named("bay", bay);
    for user in [ada, joe] {
        told.store.allow_app_creation(lee, bay, id(user)).unwrap();
    }
    tell! { told: "of bay with joe and ada" destroy_space(lee, bay, "bay"); }
}

/// Of joe in acme and of jill on its app; and of somebody in two teams, who goes with what ends.
fn ends(told: &mut Told, operator: Actor, people: &[Actor; 4], teams: [TeamId; 2], website: AppId) {
    let ([ada, joe, jill, sam], [acme, inc]) = (*people, teams);
    let (soon, later) = (Some(noon() + TimeDelta::microseconds(1)), Some(days(1)));
    drop(told.store.grant_permissions(ada, website, id(jill), Permission::View.into()));
    let crew = told.store.create_group(ada, acme, read("on-call")).unwrap();
    told.named("on-call", crew);
    told.store.grant_group_permissions(ada, website, crew, Permission::Deploy.into()).unwrap();
    tell! { told:
        "of joe in acme" set_member_end(ada, acme, id(joe), later);
        "of joe in acme, off again" set_member_end(ada, acme, id(joe), None);
        "of jill on website" set_grant_end(ada, website, id(jill), later);
        "of on-call on website" set_group_grant_end(ada, website, crew, soon);
    }
    told.store.set_grant_end(ada, website, id(jill), None).unwrap();
    let temp = told.store.register_user(operator, NewUser::new(email("temp@x.io"))).unwrap();
    told.named("temp", temp);
    for (admin, team) in [(ada, acme), (sam, inc)] {
        told.store.add_member(admin, team, temp, TeamRole::Member).unwrap();
        told.store.set_member_end(admin, team, temp, soon).unwrap();
    }
    told.store.grant_permissions(ada, website, temp, Permission::Deploy.into()).unwrap();
    tell! { told: "of on-call on website, and temp in acme and inc" sweep_ends(operator.at(noon() + TimeDelta::microseconds(1))); }
}

fn endings(told: &mut Told, operator: Actor, people: &[Actor; 6], teams: [TeamId; 2], apps: [AppId; 2]) {
    let [ada, joe, jill, kim, ned, sam] = *people;
    let ([acme, inc], [website, wave]) = (teams, apps);
    let [page, third] = ["page", "third"].map(|name| told.apps.iter().find(|(one, _)| *one == name).unwrap().1);
    let space = told.store.create_space(ada, NewSpace::new(acme, read("sky"))).unwrap();
    told.named("sky", space);
    told.store.allow_app_creation(ada, space, id(joe)).unwrap();
    for app in [page, third] {
        drop(told.store.grant_permissions(ada, app, id(joe), Permission::Operate.into()));
    }
    tell! { told: "of joe from acme" remove_member(ada, acme, id(joe)); }
    // Ned is in acme, labs and inc, on apps of two of them, in an account, invited elsewhere and about to get an app.
    told.store.set_member_role(ada, acme, id(ned), TeamRole::Member).unwrap();
    told.store.allow_app_creation(ada, space, id(ned)).unwrap();
    told.store.grant_permissions(ada, website, id(ned), Permission::View | Permission::Deploy).unwrap();
    told.store.grant_permissions(ada, third, id(ned), Permission::Deploy.into()).unwrap();
    drop(told.store.add_collaborator(sam, wave, id(ned)));
    let east = told.teams.iter().find(|(name, _)| *name == "east").unwrap().1;
    let lee = told.people.iter().find(|(name, _)| *name == "lee").unwrap().1;
    told.store.invite_member(lee, east, email("ned@labs.com"), TeamRole::Member).unwrap();
    let corp = told.store.team(lee, east).unwrap().account().unwrap();
    told.store.add_account_member(sam, corp, id(ned), read("view")).unwrap();
    let mine = told.apps.iter().find(|(name, _)| *name == "mine").unwrap().1;
    told.store.transfer_app(ned, mine, id(jill)).unwrap_err();
    let last = told.store.create_app(kim, NewApp::personal()).unwrap();
    let last = told.app("last", last);
    told.store.add_collaborator(kim, last, id(ned)).unwrap();
    let transfer = told.store.request_app_transfer(kim, last, id(ned)).unwrap();
    told.named("transfer", transfer);
    let name = told.store.app(ned, mine).unwrap().name().to_string();
    tell! { told:
        "of mine, ned's" delete_app(ned, mine, &name);
        "of ned" delete_user(operator, id(ned));
    }
    told.people.retain(|(name, _)| *name != "ned");
    let name = told.store.app(sam, wave).unwrap().name().to_string();
    tell! { told: "of wave, inc's" delete_app(sam, wave, &name); }
    told.store.invite_member(sam, inc, email("new@x.io"), TeamRole::Member).unwrap();
    told.store.set_identity_provider(sam, inc, provider()).unwrap();
    told.store.allow_add_on(sam, inc, read("kafka")).unwrap();
    told.store.set_payment_method(sam, inc, Some(read("Visa, ending in 4242"))).unwrap();
    told.store.enable_sso(sam, inc).unwrap();
    let max = told.people.iter().find(|(name, _)| *name == "max").expect("somebody in inc").1;
    told.store.set_sign_in(max, id(max), SignIn::Sso).unwrap();
    tell! { told: "of inc" delete_team(sam, inc); }
}
