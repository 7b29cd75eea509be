//! ACC: users.

use enterprise_teams::demo::Demo;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    Actor, AppAction, AppId, Email, Error, ErrorKind, NewApp, NewTeam, NewUser, PageRequest, Permission, PipelineId,
    Role, Rule, TeamId, TeamRole, TeamStore, UserId,
    entity::{Mfa, SignIn, SignInStatus},
    error::{Remaining, TRUNCATED_MAX, Truncated},
    ids::{ClientId, InvitationId, TransferId},
    names::{ParseProblem, ParseTarget},
    query::PeopleFilter,
};

use crate::support::{
    app_name, email, id, malformed, no_id, noon, read, refused, register, sound, team_name, through_client, with_sso,
};

const NOBODY: UserId = UserId::from_uuid(Uuid::from_u128(404));

fn all() -> PageRequest {
    PageRequest::default()
}

/// The e-mail, role and sign-in of everybody on the Access list.
fn people(store: &TeamStore, actor: Actor, team: TeamId) -> Vec<(String, Role, SignInStatus)> {
    let page = store.access_list(actor, team, &PeopleFilter::default(), &all()).unwrap();
    page.items.iter().map(|entry| (entry.user.email().to_string(), entry.role, entry.status)).collect()
}

#[test]
fn acc_01_an_email_belongs_to_one_user() {
    let Demo { mut store, operator, joe, acme, website, .. } = Demo::new().unwrap();
    for taken in ["ada@acme.com", "ADA@Acme.COM"] {
        let message = "the e-mail `ada@acme.com` belongs to another user";
        let (error, new) = (Error::EmailTaken { email: email("ada@acme.com") }, NewUser::new(email(taken)));
        refused(&mut store, |s| s.register_user(operator, new), &error, message);
        refused(&mut store, |s| s.set_email(operator, id(joe), email(taken)), &error, message);
    }
    for own in ["joe@acme.com", "Joe@ACME.com"] {
        let message = format!("user `{}` already has the e-mail `joe@acme.com`", id(joe));
        let error = Error::EmailUnchanged { user: id(joe), email: email("joe@acme.com") };
        refused(&mut store, |s| s.set_email(operator, id(joe), email(own)), &error, &message);
    }

    store.set_email(operator, id(joe), email("Joseph@Acme.com")).unwrap();
    assert_eq!(store.user_id(&email("joseph@acme.com")), Ok(id(joe)));
    for free in ["joe@acme.com", "JOE@acme.com"] {
        let error = Error::EmailNotFound { email: email("joe@acme.com") };
        refused(&mut store, |s| s.user_id(&email(free)), &error, "no user has the e-mail `joe@acme.com`");
    }
    let namesake = register(&mut store, "JOE@acme.com");
    assert_eq!(store.user_id(&email("joe@acme.com")), Ok(id(namesake)));
    assert_eq!(store.role(namesake, acme, id(namesake)), Ok(None));
    assert!(!store.can(namesake, AppAction::ViewApp, website));
    assert!(store.can(joe, AppAction::PushCode, website));
    sound(&store);
}

#[test]
fn acc_01_the_operator_alone_registers_and_changes_emails() {
    let Demo { mut store, operator, ada, joe, .. } = Demo::new().unwrap();
    for actor in [ada, joe, through_client(ada), through_client(joe)] {
        let message = format!("only the platform operator can register users; {} cannot", actor.who);
        let error = Error::OnlyOperatorRegistersUsers { actor: actor.who };
        let taken = NewUser::new(email("joe@acme.com")).with_id(id(joe));
        refused(&mut store, |s| s.register_user(actor, taken), &error, &message);

        let message =
            format!("only the platform operator can change the e-mail of user `{}`; {} cannot", id(joe), actor.who);
        let error = Error::OnlyOperatorChangesEmails { actor: actor.who, user: id(joe) };
        for to in ["joe@acme.com", "ada@acme.com", "joseph@acme.com"] {
            refused(&mut store, |s| s.set_email(actor, id(joe), email(to)), &error, &message);
        }
    }
    store.register_user(operator, NewUser::new(email("max@acme.com"))).unwrap();
    store.set_email(operator, id(joe), email("joseph@acme.com")).unwrap();
    store.set_email(operator, id(joe), email("joe@acme.com")).unwrap();

    let ghost = Actor::user(NOBODY, noon());
    let message = format!("the actor, user `{NOBODY}`, does not exist");
    let error = Error::ActorNotFound { actor: NOBODY };
    refused(&mut store, |s| s.set_email(ghost, NOBODY, email("a@b.c")), &error, &message);
    let message = format!("user `{NOBODY}` does not exist");
    let error = Error::UserNotFound { user: NOBODY };
    refused(&mut store, |s| s.set_email(ada, NOBODY, email("ada@acme.com")), &error, &message);
    sound(&store);
}

#[test]
fn acc_01_malformed_emails_are_refused_when_parsed() {
    let character = |at, found| ParseProblem::Character { at, found };
    let missing = |at, missing| ParseProblem::Missing { at, missing };
    let (long_local, long_label) = ("x".repeat(65), "x".repeat(64));
    let (local, label) = ("x".repeat(64), "x".repeat(63));
    let longest = format!("{local}@{label}.{label}.{}", "x".repeat(61));
    for (text, problem, message) in [
        ("", missing(0, "`@`"), "expected `@` at byte 0"),
        ("joe.acme.com", missing(12, "`@`"), "expected `@` at byte 12"),
        ("@acme.com", missing(0, "the part before `@`"), "expected the part before `@` at byte 0"),
        ("joe@", missing(4, "a label of the domain"), "expected a label of the domain at byte 4"),
        ("joe@acme..com", missing(9, "a label of the domain"), "expected a label of the domain at byte 9"),
        ("joe@acme.com.", missing(13, "a label of the domain"), "expected a label of the domain at byte 13"),
        ("joe@ann@acme.com", character(3, '@'), "unexpected `@` at byte 3"),
        (" joe@acme.com", character(0, ' '), "unexpected ` ` at byte 0"),
        ("joe@acme.com\n", character(12, '\n'), "unexpected `\\n` at byte 12"),
        (".joe@acme.com", character(0, '.'), "unexpected `.` at byte 0"),
        ("joe.@acme.com", character(3, '.'), "unexpected `.` at byte 3"),
        ("j..oe@acme.com", character(2, '.'), "unexpected `.` at byte 2"),
        ("\u{430}da@acme.com", character(0, '\u{430}'), "unexpected `\u{430}` (U+0430) at byte 0"),
        ("jöe@acme.com", character(1, 'ö'), "unexpected `ö` (U+00F6) at byte 1"),
        ("joe@-acme.com", character(4, '-'), "unexpected `-` at byte 4"),
        ("joe@acme-.com", character(8, '-'), "unexpected `-` at byte 8"),
        ("joe@ac_me.com", character(6, '_'), "unexpected `_` at byte 6"),
    ] {
        let error = Error::from(text.parse::<Email>().unwrap_err());
        assert_eq!(error, malformed(ParseTarget::Email, problem), "{text:?}");
        assert_eq!(error.to_string(), format!("malformed e-mail: {message}"));
        let json = format!(r#"{{"email":{text:?},"id":null}}"#);
        assert!(serde_json::from_str::<NewUser>(&json).is_err(), "{json}");
    }
    for (text, at, max, len) in [
        (format!("{long_local}@acme.com"), 0, 64, 65),
        (format!("joe@{long_label}.com"), 4, 63, 64),
        (format!("{longest}x"), 0, 254, 255),
    ] {
        let error = Error::from(text.parse::<Email>().unwrap_err());
        assert_eq!(error, malformed(ParseTarget::Email, ParseProblem::TooLong { at, max, len }));
        let message = format!("malformed e-mail: too long: {len} of at most {max} bytes, from byte {at} on");
        assert_eq!(error.to_string(), message);
    }
    let odd = "o'neil+tag!#$%&*/=?^_`{|}~@x-1.acme.com";
    for (text, parsed) in [("Joe.D@ACME.com", "joe.d@acme.com"), (&longest, &longest), (odd, odd), ("1@2", "1@2")] {
        assert_eq!(text.parse::<Email>().unwrap(), parsed);
    }
}

#[test]
fn acc_01_a_host_gives_ids_of_its_own() {
    let Demo { mut store, operator, joe, .. } = Demo::new().unwrap();
    let own = UserId::from_uuid(Uuid::from_u128(1));
    assert_eq!(store.register_user(operator, NewUser::new(email("one@host.com")).with_id(own)), Ok(own));
    for taken in [own, id(joe)] {
        let new = NewUser::new(email("two@host.com")).with_id(taken);
        let message = format!("the id `{taken}` belongs to another user");
        refused(&mut store, |s| s.register_user(operator, new), &Error::UserIdTaken { user: taken }, &message);
    }
    let twice = NewUser::new(email("one@host.com")).with_id(own);
    let message = "the e-mail `one@host.com` belongs to another user";
    let error = Error::EmailTaken { email: email("one@host.com") };
    refused(&mut store, |s| s.register_user(operator, twice), &error, message);

    for round in 0..10 {
        let mut ahead = store.clone();
        let draw = |store: &mut TeamStore, name: &str| {
            store.register_user(operator, NewUser::new(email(&format!("{name}{round}@host.com")))).unwrap()
        };
        draw(&mut ahead, "first");
        let next = draw(&mut ahead, "second");
        store.register_user(operator, NewUser::new(email(&format!("host{round}@host.com"))).with_id(next)).unwrap();
        let fresh = draw(&mut store, "fresh");
        assert_ne!(fresh, next);
        assert_eq!(store.user_id(&email(&format!("host{round}@host.com"))), Ok(next));
    }
    sound(&store);
}

#[test]
fn acc_02_the_last_admin_of_a_team_cannot_be_deleted() {
    let Demo { mut store, operator, ada, joe, acme, .. } = Demo::new().unwrap();
    let shown = |teams: &[TeamId]| teams.iter().map(|team| format!("`{team}`")).collect::<Vec<_>>().join(", ");
    let last_admin = |teams: &[TeamId], total| {
        let teams = Truncated { shown: teams.to_vec(), total };
        Error::CannotDeleteLastAdmin { user: id(ada), teams: Box::new(teams) }
    };
    for actor in [ada, operator] {
        let message =
            format!("user `{}` cannot be deleted as the last admin of these teams: {}", id(ada), shown(&[acme]));
        refused(&mut store, |s| s.delete_user(actor, id(ada)), &last_admin(&[acme], 1), &message);
    }
    let mut provision =
        |name: &str| store.provision_team(operator, NewTeam::standard(team_name(name), id(ada))).unwrap();
    let [zebra, bear, ant] = ["zebra", "bear", "ant"].map(&mut provision);
    let sorted = [acme, ant, bear, zebra];
    let message = format!("user `{}` cannot be deleted as the last admin of these teams: {}", id(ada), shown(&sorted));
    refused(&mut store, |s| s.delete_user(ada, id(ada)), &last_admin(&sorted, 4), &message);

    store.add_member(ada, bear, id(joe), TeamRole::Admin).unwrap();
    store.set_member_role(ada, acme, id(joe), TeamRole::Admin).unwrap();
    let message =
        format!("user `{}` cannot be deleted as the last admin of these teams: {}", id(ada), shown(&[ant, zebra]));
    refused(&mut store, |s| s.delete_user(ada, id(ada)), &last_admin(&[ant, zebra], 2), &message);
    for team in [ant, zebra] {
        store.add_member(ada, team, id(joe), TeamRole::Admin).unwrap();
    }
    store.delete_user(ada, id(ada)).unwrap();
    assert_eq!(store.role(joe, acme, id(joe)), Ok(Some(Role::Admin)));
    sound(&store);
}

#[test]
fn acc_02_the_list_of_teams_without_another_admin_is_bounded() {
    let Demo { mut store, operator, .. } = Demo::new().unwrap();
    let owner = register(&mut store, "owner@acme.com");
    let names = (0..=TRUNCATED_MAX).rev().map(|number| team_name(&format!("team-{number:03}")));
    let mut teams: Vec<TeamId> =
        names.map(|name| store.provision_team(operator, NewTeam::enterprise(name, id(owner))).unwrap()).collect();
    teams.reverse();
    let error = store.delete_user(owner, id(owner)).unwrap_err();
    assert!(error.to_string().ends_with("` and 1 more"), "{error}");
    let listed = Truncated { shown: teams[..TRUNCATED_MAX].to_vec(), total: TRUNCATED_MAX + 1 };
    assert_eq!(error, Error::CannotDeleteLastAdmin { user: id(owner), teams: Box::new(listed) });
    sound(&store);
}

#[test]
fn acc_02_who_owns_personal_apps_cannot_be_deleted() {
    let Demo { mut store, operator, joe, jill, acme, .. } = Demo::new().unwrap();
    let [walnut, almond] =
        ["walnut", "almond"].map(|name| store.create_app(joe, NewApp::personal().named(app_name(name))).unwrap());
    for actor in [joe, operator] {
        let apps = Truncated { shown: vec![almond, walnut], total: 2 };
        let message = format!("user `{}` still owns apps: `{almond}`, `{walnut}`", id(joe));
        let error = Error::UserStillOwns { user: id(joe), left: Box::new(Remaining { apps, ..Remaining::default() }) };
        refused(&mut store, |s| s.delete_user(actor, id(joe)), &error, &message);
    }
    store.delete_app(joe, walnut, "walnut").unwrap();
    store.add_collaborator(joe, almond, id(jill)).unwrap();
    store.request_app_transfer(joe, almond, id(jill)).unwrap();
    assert_eq!(store.delete_user(joe, id(joe)).unwrap_err().code(), "user-still-owns");
    store.transfer_app(joe, almond, acme).unwrap();
    store.delete_user(joe, id(joe)).unwrap();
    assert_eq!(store.app(operator, almond).unwrap().owner(), acme.into());
    sound(&store);
}

#[test]
fn acc_02_who_owns_personal_pipelines_cannot_be_deleted() {
    let Demo { mut store, operator, joe, acme, .. } = Demo::new().unwrap();
    let [beta, alpha] = ["beta", "alpha"].map(|name| store.create_pipeline(joe, id(joe), read(name)).unwrap());
    let app = store.create_app(joe, NewApp::personal().named(app_name("almond"))).unwrap();
    let listed = |ids: &[PipelineId]| Truncated { shown: ids.to_vec(), total: ids.len() };
    let still = |left| Error::UserStillOwns { user: id(joe), left: Box::new(left) };
    for actor in [joe, operator] {
        let apps = Truncated { shown: vec![app], total: 1 };
        let left = Remaining { apps, pipelines: listed(&[alpha, beta]), ..Remaining::default() };
        let message = format!("user `{}` still owns apps: `{app}`; pipelines: `{alpha}`, `{beta}`", id(joe));
        refused(&mut store, |s| s.delete_user(actor, id(joe)), &still(left), &message);
    }
    store.delete_app(joe, app, "almond").unwrap();
    store.delete_pipeline(joe, beta).unwrap();
    let left = Remaining { pipelines: listed(&[alpha]), ..Remaining::default() };
    let message = format!("user `{}` still owns pipelines: `{alpha}`", id(joe));
    refused(&mut store, |s| s.delete_user(joe, id(joe)), &still(left), &message);
    store.create_pipeline(joe, acme, read("of-the-team")).unwrap();
    store.transfer_pipeline(joe, alpha, acme).unwrap();
    store.delete_user(joe, id(joe)).unwrap();
    assert_eq!(store.pipeline(operator, alpha).unwrap().owner(), acme.into());
    sound(&store);
}

#[test]
fn acc_02_only_the_user_and_the_operator_delete() {
    let Demo { mut store, operator, ada, joe, vera, sam, .. } = Demo::new().unwrap();
    for actor in [ada, vera, sam, through_client(ada), through_client(joe)] {
        let message =
            format!("only user `{}` and the platform operator can delete this user; {} cannot", id(joe), actor.who);
        let error = Error::OnlySelfOrOperatorDeletesUser { actor: actor.who, user: id(joe) };
        refused(&mut store, |s| s.delete_user(actor, id(joe)), &error, &message);
    }
    store.delete_user(operator, id(vera)).unwrap();
    store.delete_user(joe, id(joe)).unwrap();

    let gone = Error::ActorNotFound { actor: id(joe) };
    refused(
        &mut store,
        |s| s.delete_user(joe, id(joe)),
        &gone,
        &format!("the actor, user `{}`, does not exist", id(joe)),
    );
    let gone = Error::UserNotFound { user: id(joe) };
    refused(&mut store, |s| s.delete_user(ada, id(joe)), &gone, &format!("user `{}` does not exist", id(joe)));
    assert!(store.user(operator, id(joe)).is_err());
    sound(&store);
}

#[test]
fn acc_02_deletion_ends_memberships_grants_invitations_and_transfers() {
    let Demo { mut store, operator, ada, joe, jill, acme, website, sam, max, inc, wave, .. } = Demo::new().unwrap();
    store.add_collaborator(sam, wave, id(jill)).unwrap();
    store.invite_member(ada, acme, email("jill@creativeinc.com"), TeamRole::Viewer).unwrap();
    store.invite_member(sam, inc, email("jill@creativeinc.com"), TeamRole::Member).unwrap();
    let walnut = store.create_app(max, NewApp::personal().named(app_name("walnut"))).unwrap();
    store.add_collaborator(max, walnut, id(jill)).unwrap();
    let transfer = store.request_app_transfer(max, walnut, id(jill)).unwrap();
    store.delete_user(jill, id(jill)).unwrap();

    for (admin, team) in [(ada, acme), (sam, inc)] {
        assert!(store.pending_invitations(admin, team, &all()).unwrap().items.is_empty());
        assert!(people(&store, admin, team).iter().all(|(_, role, _)| *role != Role::Collaborator));
    }
    assert!(store.pending_transfers(max, &all()).unwrap().items.is_empty());
    assert_eq!(store.accept_app_transfer(jill, transfer), Err(Error::ActorNotFound { actor: id(jill) }));
    assert_eq!(store.cancel_app_transfer(max, transfer), Err(Error::TransferNotFound { transfer }));

    let again = register(&mut store, "jill@creativeinc.com");
    assert_ne!(id(again), id(jill));
    assert!(store.my_invitations(again, &all()).unwrap().items.is_empty());
    for app in [website, wave, walnut] {
        assert!(!store.can(again, AppAction::ViewApp, app));
    }

    store.delete_user(operator, id(joe)).unwrap();
    let left = [("ada@acme.com", Role::Admin), ("vera@acme.com", Role::Viewer)];
    assert_eq!(people(&store, ada, acme), left.map(|(who, role)| (who.to_owned(), role, SignInStatus::MfaOff)));
    let heir = register(&mut store, "joe@acme.com");
    store.add_member(ada, acme, id(heir), TeamRole::Member).unwrap();
    assert_eq!(store.permissions(heir, website).unwrap().permissions, Permission::View.into());
    sound(&store);
}

#[test]
fn acc_02_what_a_deleted_admin_sent_and_made_stays_with_the_team() {
    let Demo { mut store, ada, joe, jill, acme, .. } = Demo::new().unwrap();
    let invitation = store.invite_member(ada, acme, email("jill@creativeinc.com"), TeamRole::Member).unwrap();
    let to_admin = store.invite_member(ada, acme, email("zoe@acme.com"), TeamRole::Admin).unwrap();
    let app = store.create_app(ada, NewApp::in_team(acme).named(app_name("walnut"))).unwrap();
    store.set_member_role(ada, acme, id(joe), TeamRole::Admin).unwrap();
    store.delete_user(ada, id(ada)).unwrap();
    store.accept_invitation(jill, invitation).unwrap();
    assert_eq!(store.role(joe, acme, id(jill)), Ok(Some(Role::Member)));
    // What they sent makes no admin any more (INV-3).
    let ended = Err(Error::InvitationNotFound { invitation: to_admin });
    assert_eq!(store.revoke_invitation(joe, to_admin), ended);
    assert_eq!(store.app(jill, app).unwrap().owner(), acme.into());
    sound(&store);
}

#[test]
fn acc_03_sign_in_status_changes_at_any_time_and_shows_at_once() {
    let Demo { mut store, operator, ada, joe, vera, acme, .. } = Demo::new().unwrap();
    let status = |store: &TeamStore| {
        people(store, vera, acme).into_iter().find(|(who, ..)| who == "joe@acme.com").map(|(.., status)| status)
    };
    assert_eq!(status(&store), Some(SignInStatus::MfaOff));
    store.set_mfa(joe, id(joe), Mfa::Enrolled).unwrap();
    assert_eq!(status(&store), Some(SignInStatus::MfaOn));
    with_sso(&mut store, ada, acme);
    store.set_sign_in(operator, id(joe), SignIn::Sso).unwrap();
    assert_eq!(status(&store), Some(SignInStatus::Sso));
    store.set_mfa(operator, id(joe), Mfa::NotEnrolled).unwrap();
    assert_eq!(status(&store), Some(SignInStatus::Sso));
    store.set_sign_in(joe, id(joe), SignIn::Password).unwrap();
    assert_eq!(status(&store), Some(SignInStatus::MfaOff));

    let message = format!("user `{}` is already not enrolled in MFA", id(joe));
    let error = Error::MfaUnchanged { user: id(joe), mfa: Mfa::NotEnrolled };
    refused(&mut store, |s| s.set_mfa(joe, id(joe), Mfa::NotEnrolled), &error, &message);
    let message = format!("user `{}` already signs in with a password", id(joe));
    let error = Error::SignInUnchanged { user: id(joe), sign_in: SignIn::Password };
    refused(&mut store, |s| s.set_sign_in(operator, id(joe), SignIn::Password), &error, &message);

    for actor in [ada, vera, through_client(ada), through_client(joe)] {
        let message = format!(
            "only user `{}` and the platform operator can change how this user signs in; {} cannot",
            id(joe),
            actor.who
        );
        let error = Error::OnlySelfOrOperatorChangesSignIn { actor: actor.who, user: id(joe) };
        refused(&mut store, |s| s.set_mfa(actor, id(joe), Mfa::NotEnrolled), &error, &message);
        refused(&mut store, |s| s.set_sign_in(actor, id(joe), SignIn::Sso), &error, &message);
    }
    let error = Error::UserNotFound { user: NOBODY };
    refused(&mut store, |s| s.set_mfa(ada, NOBODY, Mfa::Enrolled), &error, &format!("user `{NOBODY}` does not exist"));
    refused(
        &mut store,
        |s| s.set_sign_in(ada, NOBODY, SignIn::Sso),
        &error,
        &format!("user `{NOBODY}` does not exist"),
    );
    sound(&store);
}

#[test]
fn x_06_what_is_no_id_is_refused_whatever_it_should_name() {
    type Read = fn(&str) -> Result<Uuid, Error>;
    let kinds: [(&str, Read); 6] = [
        ("user", |text| Ok(text.parse::<UserId>()?.uuid())),
        ("team", |text| Ok(text.parse::<TeamId>()?.uuid())),
        ("app", |text| Ok(text.parse::<AppId>()?.uuid())),
        ("invitation", |text| Ok(text.parse::<InvitationId>()?.uuid())),
        ("transfer", |text| Ok(text.parse::<TransferId>()?.uuid())),
        ("client", |text| Ok(text.parse::<ClientId>()?.uuid())),
    ];
    let Demo { mut store, operator, joe, .. } = Demo::new().unwrap();
    let own = id(joe).uuid();
    let hyphenated = own.to_string();
    let cut: String = hyphenated.chars().skip(1).collect();
    let (long, foreign) = (format!("{hyphenated}0"), hyphenated.replace('-', "_"));
    for text in ["", "joe@acme.com", " ", "404", "\u{1f980}", &cut, &long, &foreign, &format!(" {hyphenated}")] {
        for (kind, read) in kinds {
            let error = read(text).unwrap_err();
            assert_eq!(error, no_id(), "{kind} {text:?}");
            assert_eq!(
                (error.to_string().as_str(), error.code()),
                ("malformed id: expected a UUID at byte 0", "id-invalid")
            );
            assert_eq!((error.rule(), error.kind()), (Rule::X6, ErrorKind::Invalid));
        }
        let attempt = |s: &mut TeamStore| s.delete_user(operator, text.parse()?);
        refused(&mut store, attempt, &no_id(), "malformed id: expected a UUID at byte 0");
    }
    for text in [&hyphenated, &hyphenated.to_uppercase(), &own.simple().to_string(), &own.urn().to_string()] {
        assert!(kinds.iter().all(|(_, read)| read(text) == Ok(own)), "{text}");
    }
    store.delete_user(operator, hyphenated.parse().unwrap()).unwrap();
    sound(&store);
}

#[cfg(feature = "idn")]
#[test]
fn acc_01_domains_of_any_script_are_kept_in_ascii() {
    for (written, kept, shown) in [
        ("zoe@münchen.example", "zoe@xn--mnchen-3ya.example", "zoe@münchen.example"),
        ("ZOE@MÜNCHEN.example", "zoe@xn--mnchen-3ya.example", "zoe@münchen.example"),
        ("zoe@例え.テスト", "zoe@xn--r8jz45g.xn--zckzah", "zoe@例え.テスト"),
        ("zoe@acme.com", "zoe@acme.com", "zoe@acme.com"),
    ] {
        let email = Email::from_unicode(written).unwrap();
        assert_eq!((email.as_str(), email.to_unicode().as_str()), (kept, shown));
        assert_eq!(Email::from_unicode(&email.to_unicode()), Ok(email.clone()));
        assert_eq!(kept.parse::<Email>(), Ok(email));
    }
    // One person under both forms is one person.
    let Demo { mut store, operator, .. } = Demo::new().unwrap();
    store.register_user(operator, NewUser::new(Email::from_unicode("zoe@münchen.example").unwrap())).unwrap();
    let again = store.register_user(operator, NewUser::new(email("zoe@xn--mnchen-3ya.example"))).unwrap_err();
    assert_eq!(again.code(), "email-taken");
    // What only looks so, or has no ASCII form, is refused by character.
    for (text, at, found) in
        [("zoe@a\u{200b}ü.x\u{378}", 5, '\u{200b}'), ("josé@acme.com", 3, 'é'), ("é@münchen.example", 0, 'é')]
    {
        let error = Email::from_unicode(text).unwrap_err();
        assert_eq!(error.problem, ParseProblem::Character { at, found }, "{text}");
    }
    assert_eq!(Email::from_unicode("zoe@").unwrap_err(), "zoe@".parse::<Email>().unwrap_err());
}
