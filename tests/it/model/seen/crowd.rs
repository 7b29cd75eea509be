//! Stores in which there is much of everything: people in every relation to every team, app, space and account.

use enterprise_teams::chrono::TimeDelta;
use enterprise_teams::{
    Actor, NewApp, NewSpace, NewTeam, NewUser, Owner, Permission, Settings, Stage, TeamId, TeamRole, TeamStore, UserId,
    entity::{
        AccountPermission, AddOnControls, DynoSize, IdentityProvider, Mfa, OAuthAccess, Plan, SignIn, SignInRequirement,
    },
};

use crate::random::numbers;
use crate::support::{app_name, email, noon, read, team_name};

/// Numbers from 0, less than the one asked for.
struct Dice(Box<dyn Iterator<Item = u8>>);

impl Dice {
    fn below(&mut self, many: usize) -> usize {
        usize::from(self.0.next().expect("without end")) % many
    }

    fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    fn some<T: Copy>(&mut self, of: &[T]) -> Vec<T> {
        of.iter().copied().filter(|_| self.one_in(2)).collect()
    }
}

/// What is refused on the way stays undone.
pub(super) fn crowd(seed: u64) -> TeamStore {
    let mut dice = Dice(Box::new(numbers(seed).flatten()));
    let mut store = TeamStore::new(Settings::from_seed(seed).invitation_days(3));
    let s = &mut store;
    let operator = Actor::operator(noon());
    let mail = |number: usize| email(&format!("u{number}@{}", ["acme.com", "x.io"][number % 2]));
    let users: Vec<UserId> =
        (0..6).map(|number| s.register_user(operator, NewUser::new(mail(number))).unwrap()).collect();
    let user = |number: usize| Actor::user(users[number], noon());
    for one in &users {
        let (mfa, sign_in) = (dice.one_in(2), dice.one_in(3));
        drop(s.set_mfa(operator, *one, if mfa { Mfa::Enrolled } else { Mfa::NotEnrolled }));
        drop(s.set_sign_in(operator, *one, if sign_in { SignIn::Sso } else { SignIn::Password }));
    }

    // Two teams of an account, an Enterprise Team of none, two Standard teams; the second of each pair denies clients.
    let account = s.open_account(operator, read("one"), users[0]).unwrap();
    for one in &users[1..4] {
        let held = dice.some(AccountPermission::ALL).into_iter().collect();
        s.add_account_member(user(0), account, *one, held).unwrap();
    }
    let admins = [0, 0, 1, 2, 3].map(user);
    let teams: Vec<TeamId> = vec![
        s.create_team_in(user(0), account, team_name("dog")).unwrap(),
        s.create_team_in(user(0), account, team_name("cat")).unwrap(),
        s.provision_team(operator, NewTeam::enterprise(team_name("elk"), users[1])).unwrap(),
        s.provision_team(operator, NewTeam::standard(team_name("bee"), users[2])).unwrap(),
        s.provision_team(operator, NewTeam::standard(team_name("ant"), users[3])).unwrap(),
    ];
    let mut apps = Vec::new();
    for (number, (team, admin)) in teams.iter().copied().zip(admins).enumerate() {
        for one in &users {
            if dice.one_in(2) {
                drop(s.add_member(admin, team, *one, TeamRole::BUILT_IN[dice.below(TeamRole::BUILT_IN.len())]));
            }
        }
        let space = s.create_space(admin, NewSpace::new(team, read(&format!("sea-{}", 9 - number))));
        if let Ok(space) = space {
            for one in &users {
                drop(s.allow_app_creation(admin, space, *one));
            }
            apps.push((s.create_app(admin, NewApp::in_space(space)).unwrap(), admin));
        }
        for _ in 0..2 {
            let name = app_name(&format!("app-{}-{number}", dice.below(200)));
            apps.extend(s.create_app(admin, NewApp::in_team(team).named(name)).map(|app| (app, admin)));
        }
    }
    for number in 0..3 {
        let name = app_name(&format!("app-{}-{number}", dice.below(200)));
        apps.extend(s.create_app(user(number), NewApp::personal().named(name)).map(|app| (app, user(number))));
    }

    for (team, admin) in teams.iter().copied().zip(admins) {
        let groups = ["tide", "reef"].map(|name| s.create_group(admin, team, read(name)));
        for group in groups.into_iter().flatten() {
            for one in &users {
                if dice.one_in(2) {
                    drop(s.add_group_member(admin, group, *one));
                }
            }
            // An admin who is in it cannot grant to it (GRP-2).
            let out = admin.who.user().expect("a user");
            let back = s.remove_group_member(admin, group, out).is_ok();
            for (app, _) in &apps {
                if dice.one_in(2) {
                    let held = dice.some(Permission::ALL).into_iter().collect();
                    drop(s.grant_group_permissions(admin, *app, group, held));
                }
            }
            if back {
                s.add_group_member(admin, group, out).unwrap();
            }
        }
    }

    for (app, admin) in &apps {
        for one in &users {
            if dice.one_in(2) {
                let held = dice.some(Permission::ALL).into_iter().collect();
                drop(s.grant_permissions(*admin, *app, *one, held).or_else(|_| s.add_collaborator(*admin, *app, *one)));
            }
        }
        if dice.one_in(3) {
            s.lock_app(*admin, *app).unwrap();
        }
        for (process, size) in
            [("worker", DynoSize::PrivateM), ("web", DynoSize::Basic), ("clock", DynoSize::Standard2X)]
        {
            let quantity = u16::try_from(dice.below(4)).unwrap();
            drop(s.scale_app(*admin, *app, read(process), size, quantity));
        }
        for (service, price) in [("redis", 0), ("kafka", 5_000), ("redis", 300)] {
            if dice.one_in(2) {
                s.install_add_on(*admin, *app, read(service), Plan { name: read("plan"), price }).unwrap();
            }
        }
        if dice.one_in(2) {
            s.release_app(*admin, *app, read("Deploy 1")).unwrap();
        }
        let recipient = users[dice.below(6)];
        drop(s.request_app_transfer(*admin, *app, recipient));
    }
    let owners = teams.iter().map(|team| Owner::Team(*team)).zip(admins);
    for (owner, admin) in owners.chain((0..4).map(|number| (Owner::User(users[number]), user(number)))) {
        for name in ["flow", "app-20", "app-20"] {
            let pipeline = s.create_pipeline(admin, owner, read(name)).unwrap();
            for (app, _) in &apps {
                if dice.one_in(2) {
                    drop(s.couple_app(admin, pipeline, *app, Stage::ALL[dice.below(Stage::ALL.len())]));
                }
            }
        }
    }

    let pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
    for (number, (team, admin)) in teams.iter().copied().zip(admins).enumerate() {
        let later = admin.at(noon() + TimeDelta::days(4));
        if number % 2 == 0 {
            s.set_add_on_controls(later, team, AddOnControls::On).unwrap();
            s.set_identity_provider(later, team, IdentityProvider::new("one", "https://id.x.io/saml", pem).unwrap())
                .unwrap();
        }
        for service in ["redis", "postgresql"] {
            if dice.one_in(2) {
                s.allow_add_on(later, team, read(service)).unwrap();
            }
        }
        if number == 0 {
            s.enable_sso(later, team).unwrap();
            s.request_team_deletion(later, team).unwrap();
            s.request_team_move_out(later, team).unwrap();
        }
        if [1, 4].contains(&number) {
            s.set_oauth_access(later, team, OAuthAccess::Denied).unwrap();
        }
        // Where the admin has MFA or SSO.
        if dice.one_in(2) {
            drop(s.set_sign_in_requirement(later, team, SignInRequirement::MfaOrSso));
        }
    }
    drop(s.set_payment_method(user(2).at(noon() + TimeDelta::days(5)), teams[3], Some(read("Visa"))));
    // Apps and a space go to other owners, who pay from then on.
    for (number, (app, admin)) in apps.iter().enumerate() {
        if dice.one_in(4) {
            let to = teams[dice.below(5)];
            let day = 5 + i64::try_from(number).unwrap();
            drop(s.transfer_app(admin.at(noon() + TimeDelta::days(day)), *app, to));
        }
    }
    // Some invitations have expired.
    for (day, number) in [(30, 5), (32, 4), (33, 6), (33, 3), (34, 7)] {
        for (team, admin) in teams.iter().zip(admins) {
            drop(s.invite_member(admin.at(noon() + TimeDelta::days(day)), *team, mail(number), TeamRole::Member));
        }
    }
    store
}
