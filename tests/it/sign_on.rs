//! SEC-2 to SEC-4: identity providers, single sign-on, second factors.

use enterprise_teams::demo::Demo;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    Actor, ActorKind, AuditEvent, Error, Event, PageRequest, Permission, Role, TeamId, TeamRole, TeamStore, UserId,
    entity::{
        CERTIFICATE_LEN_MAX, ENTITY_ID_LEN_MAX, IdentityProvider, Limits, Mfa, OAuthAccess, SIGN_IN_URL_LEN_MAX,
        SignIn, SignInStatus, Sso,
    },
    names::{ParseProblem, ParseTarget},
    query::{AuditFilter, AuditScope, PeopleFilter},
};

use crate::support::{
    days, each_refused, email, holds, id, malformed, noon, refused, register, sound, through_client, with_sso,
};

const PEM: &str = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
const URL: &str = "https://id.acme.com/saml";
const NOWHERE: TeamId = TeamId::from_uuid(Uuid::from_u128(404));
const NOBODY: UserId = UserId::from_uuid(Uuid::from_u128(404));

fn provider(entity_id: &str) -> IdentityProvider {
    IdentityProvider::new(entity_id, URL, PEM).unwrap()
}

/// The ways in which people sign in, as the Access list shows them to this actor.
#[track_caller]
fn statuses(store: &TeamStore, actor: Actor, team: TeamId) -> Vec<(String, SignInStatus)> {
    let page = store.access_list(actor, team, &PeopleFilter::default(), &PageRequest::default()).unwrap();
    page.items.iter().map(|entry| (entry.user.email().to_string(), entry.status)).collect()
}

#[track_caller]
fn without_mfa(store: &TeamStore, actor: Actor, team: TeamId) -> Vec<(String, Role)> {
    let page = store.without_mfa(actor, team, &PageRequest::default()).unwrap();
    page.items.iter().map(|entry| (entry.user.email().to_string(), entry.role)).collect()
}

#[test]
fn sec_02_the_parts_of_an_identity_provider_are_well_formed() {
    let missing = |at, missing| ParseProblem::Missing { at, missing };
    let character = |at, found| ParseProblem::Character { at, found };
    let too_long = |at, max, len| ParseProblem::TooLong { at, max, len };
    let [long_id, long_pem] = [ENTITY_ID_LEN_MAX, CERTIFICATE_LEN_MAX].map(|len| "x".repeat(len + 1));
    let long_url = format!("{URL}?{}", "x".repeat(SIGN_IN_URL_LEN_MAX));
    let (long_label, long_host) = ("x".repeat(64), "xy.".repeat(85));
    let https = "`https://`";
    let (label, port, address) = ("a label of the domain", "a port from 1 to 65535", "an address of four numbers");
    let (begin, end) = ("`-----BEGIN CERTIFICATE-----`", "`-----END CERTIFICATE-----`");
    let (start, stop) = ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----");
    let (with_tab, key) = (PEM.replace("MIIB", "MI\tB"), PEM.replace("CERTIFICATE", "PRIVATE KEY"));
    let with_accent = PEM.replace("MIIB", "MIÏB");
    let (no_end, swapped) = (format!("{start}\nMIIB\n"), format!("{stop}\nMIIB\n{start}"));
    let (after, before) = (format!("{PEM}\nx"), format!(" {PEM}"));
    let labelled = format!("https://{long_label}.com/");
    let hosted = format!("https://{long_host}com/");
    for (entity_id, url, pem, problem) in [
        ("", "", "", missing(0, "a text")),
        (&*long_id, "", "", too_long(0, 255, 256)),
        ("acme\n", "", "", character(4, '\n')),
        ("ac\0me", "", "", character(2, '\0')),
        ("é\u{7f}", "", "", character(2, '\u{7f}')),
        ("acme", "", "", missing(0, https)),
        ("acme", "http://id.acme.com/", "", missing(0, https)),
        ("acme", "HTTPS://id.acme.com/", "", missing(0, https)),
        ("acme", " https://id.acme.com/", "", missing(0, https)),
        ("acme", "javascript:alert(1)//https://id.acme.com", "", missing(0, https)),
        ("acme", &*long_url, "", too_long(0, 2048, URL.len() + 1 + 2048)),
        ("acme", "https://", "", missing(8, label)),
        ("acme", "https:///saml", "", missing(8, label)),
        ("acme", "https://:443/", "", missing(8, label)),
        ("acme", "https://id..com/", "", missing(11, label)),
        ("acme", "https://id.acme.com./", "", missing(20, label)),
        ("acme", &*labelled, "", too_long(8, 63, 64)),
        // 85 times 3 and 3 bytes.
        ("acme", &*hosted, "", too_long(8, 253, 258)),
        ("acme", "https://id_1.acme.com/", "", character(10, '_')),
        ("acme", "https://-id.acme.com/", "", character(8, '-')),
        ("acme", "https://joe@acme.com/", "", character(11, '@')),
        ("acme", "https://id.acme.com\\@else.com/", "", character(19, '\\')),
        ("acme", "https://id.acme.com:44x/", "", character(22, 'x')),
        ("acme", "https://id.acme.com:/saml", "", missing(20, port)),
        ("acme", "https://id.acme.com:0/", "", missing(20, port)),
        ("acme", "https://id.acme.com:65536/", "", missing(20, port)),
        ("acme", "https://id.acme.com:99999999", "", missing(20, port)),
        ("acme", "https://1.2.3.256/", "", missing(8, address)),
        ("acme", "https://1.2.3/", "", missing(8, address)),
        ("acme", "https://443/", "", missing(8, address)),
        ("acme", "https://id.acme.0/", "", missing(8, address)),
        ("acme", "https://id.acme.com:443@else.com/", "", character(23, '@')),
        ("acme", "https://id.acme.com:pass@else.com/", "", character(20, 'p')),
        ("acme", "https://id.ácme.com/", "", character(11, 'á')),
        ("acme", "https://id.acme.com/sa ml", "", character(22, ' ')),
        ("acme", "https://id.acme.com/\r\nSet-Cookie:x", "", character(20, '\r')),
        ("acme", "https://id.acme.com/é", "", character(20, 'é')),
        ("acme", URL, "", missing(0, begin)),
        ("acme", URL, &*long_pem, too_long(0, 16_384, 16_385)),
        ("acme", URL, &*with_tab, character(30, '\t')),
        ("acme", URL, &*with_accent, character(30, 'Ï')),
        ("acme", URL, &*key, missing(0, begin)),
        ("acme", URL, &*before, missing(0, begin)),
        ("acme", URL, &*swapped, missing(0, begin)),
        // 27 bytes, a line of 4, and two ends of lines.
        ("acme", URL, &*no_end, missing(33, end)),
        ("acme", URL, start, missing(27, end)),
        // The hyphens after the first words are not those before the last.
        ("acme", URL, "-----BEGIN CERTIFICATE-----END CERTIFICATE-----", missing(47, end)),
        ("acme", URL, &*after, missing(PEM.len() + 2, end)),
    ] {
        let error = Error::from(IdentityProvider::new(entity_id, url, pem).unwrap_err());
        assert_eq!(error, malformed(ParseTarget::IdentityProvider, problem), "{entity_id:?} {url:?} {pem:?}");
        assert_eq!(error.to_string(), format!("malformed identity provider: {problem}"));
        let json = serde_json::json!({"entity_id": entity_id, "sign_in_url": url, "certificate": pem});
        assert!(serde_json::from_value::<IdentityProvider>(json).is_err());
    }
    let (longest_id, lines) = ("é".repeat(127) + "x", format!("{start}\r\nMI IB\r\n{stop}\r\n"));
    let longest_pem = format!("{start}{}{stop}", "x".repeat(CERTIFICATE_LEN_MAX - start.len() - stop.len()));
    for url in
        [URL, "https://localhost", "https://ID.acme.com:8443/saml?a=b#c", "https://a.b:65535/", "https://1.2.3.4?x:y@z"]
    {
        for (entity_id, pem) in [("a", PEM), (&*longest_id, &*lines), ("a b", &*longest_pem)] {
            let given = IdentityProvider::new(entity_id, url, pem).unwrap();
            assert_eq!((given.entity_id(), given.sign_in_url(), given.certificate()), (entity_id, url, pem));
            let json = serde_json::to_string(&given).unwrap();
            assert_eq!(serde_json::from_str::<IdentityProvider>(&json).unwrap(), given);
        }
    }
}

#[test]
fn sec_02_admins_configure_an_identity_provider() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, max, acme, inc, .. } = Demo::new().unwrap();
    store.set_oauth_access(ada, acme, OAuthAccess::Denied).unwrap();
    for (team, others) in [(acme, &[joe, vera, jill, sam, operator][..]), (inc, &[max, ada, joe, operator])] {
        let refusal = |actor| {
            let message =
                format!("only admins can change the identity provider of team `{team}`; {actor} is not an admin");
            (Error::OnlyAdminsSetIdentityProvider { actor, team }, message)
        };
        each_refused(&mut store, others, |s, actor| s.set_identity_provider(actor, team, provider("acme")), refusal);
        each_refused(&mut store, others, |s, actor| s.remove_identity_provider(actor, team), refusal);
    }
    let denied = Error::OAuthDenied { team: acme };
    let message = format!("team `{acme}` denies access to third-party clients");
    let client = through_client(ada);
    refused(&mut store, |s| s.set_identity_provider(client, acme, provider("acme")), &denied, &message);
    refused(&mut store, |s| s.remove_identity_provider(client, acme), &denied, &message);
    refused(&mut store, |s| s.identity_provider(client, acme).map(drop), &denied, &message);
    let (error, message) = (Error::TeamNotFound { team: NOWHERE }, format!("team `{NOWHERE}` does not exist"));
    refused(&mut store, |s| s.set_identity_provider(ada, NOWHERE, provider("acme")), &error, &message);
    refused(&mut store, |s| s.remove_identity_provider(ada, NOWHERE), &error, &message);

    let (error, message) =
        (Error::NoIdentityProvider { team: acme }, format!("team `{acme}` has no identity provider"));
    refused(&mut store, |s| s.remove_identity_provider(ada, acme), &error, &message);
    store.set_identity_provider(ada, acme, provider("acme")).unwrap();
    store.set_identity_provider(sam, inc, provider("acme")).unwrap();
    let (error, message) =
        (Error::IdentityProviderUnchanged { team: acme }, format!("team `{acme}` already has this identity provider"));
    refused(&mut store, |s| s.set_identity_provider(ada, acme, provider("acme")), &error, &message);

    // Each of the three parts makes another one.
    let other_url = IdentityProvider::new("acme", "https://id.acme.com/", PEM).unwrap();
    let other_pem = IdentityProvider::new("acme", "https://id.acme.com/", &PEM.replace("MIIB", "MIIC")).unwrap();
    for other in [provider("other"), other_url, other_pem] {
        store.set_identity_provider(ada, acme, other.clone()).unwrap();
        for actor in [ada, joe, operator] {
            assert_eq!(store.identity_provider(actor, acme), Ok(Some(&other)));
        }
    }
    for actor in [vera, jill, sam] {
        assert!(store.identity_provider(actor, acme).is_err(), "for admins and members (CAP-1)");
    }
    store.remove_identity_provider(ada, acme).unwrap();
    assert_eq!(store.identity_provider(ada, acme), Ok(None));
    assert_eq!(store.identity_provider(sam, inc), Ok(Some(&provider("acme"))));
    sound(&store);
}

#[test]
fn sec_02_sso_needs_an_identity_provider_and_keeps_it() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, acme, .. } = Demo::new().unwrap();
    let none = (Error::NoIdentityProvider { team: acme }, format!("team `{acme}` has no identity provider"));
    let already = |sso, word| {
        let message = format!("single sign-on for team `{acme}` is already {word}");
        (Error::SsoUnchanged { team: acme, sso }, message)
    };
    let [enabled, disabled] = [already(Sso::Enabled, "enabled"), already(Sso::Disabled, "disabled")];
    let message = format!("people sign in to team `{acme}` through its identity provider");
    let in_use = (Error::IdentityProviderInUse { team: acme }, message);
    let by_admins = |actor| {
        let message =
            format!("only admins can enable or disable single sign-on for team `{acme}`; {actor} is not an admin");
        (Error::OnlyAdminsSwitchSso { actor, team: acme }, message)
    };
    let others = [joe, vera, jill, sam, operator];
    let visible = |store: &TeamStore| [ada, joe, vera, operator].map(|actor| store.team(actor, acme).unwrap().sso());

    assert_eq!(visible(&store), [Sso::NotConfigured; 4]);
    each_refused(&mut store, &others, |s, actor| s.enable_sso(actor, acme), by_admins);
    refused(&mut store, |s| s.enable_sso(ada, acme), &none.0, &none.1);
    refused(&mut store, |s| s.disable_sso(ada, acme), &none.0, &none.1);

    store.set_identity_provider(ada, acme, provider("acme")).unwrap();
    assert_eq!(visible(&store), [Sso::Disabled; 4]);
    refused(&mut store, |s| s.disable_sso(ada, acme), &disabled.0, &disabled.1);
    each_refused(&mut store, &others, |s, actor| s.enable_sso(actor, acme), by_admins);
    store.enable_sso(ada, acme).unwrap();
    assert_eq!(visible(&store), [Sso::Enabled; 4]);

    refused(&mut store, |s| s.enable_sso(ada, acme), &enabled.0, &enabled.1);
    refused(&mut store, |s| s.remove_identity_provider(ada, acme), &in_use.0, &in_use.1);
    each_refused(&mut store, &others, |s, actor| s.disable_sso(actor, acme), by_admins);
    store.set_identity_provider(ada, acme, provider("other")).unwrap();
    assert_eq!(visible(&store), [Sso::Enabled; 4], "another provider does not switch it off");
    let (error, message) = (Error::TeamNotFound { team: NOWHERE }, format!("team `{NOWHERE}` does not exist"));
    refused(&mut store, |s| s.enable_sso(operator, NOWHERE), &error, &message);
    store.set_oauth_access(ada, acme, OAuthAccess::Denied).unwrap();
    let (error, message) =
        (Error::OAuthDenied { team: acme }, format!("team `{acme}` denies access to third-party clients"));
    refused(&mut store, |s| s.disable_sso(through_client(ada), acme), &error, &message);

    // What a transaction takes back is as it was, whatever it took away.
    let before = store.clone();
    let mut taken_back = store.begin();
    taken_back.disable_sso(ada, acme).unwrap();
    taken_back.remove_identity_provider(ada, acme).unwrap();
    taken_back.set_identity_provider(ada, acme, provider("third")).unwrap();
    taken_back.enable_sso(ada, acme).unwrap();
    taken_back.roll_back();
    assert!(store == before);
    assert_eq!(store.identity_provider(ada, acme), Ok(Some(&provider("other"))));

    store.disable_sso(ada, acme).unwrap();
    store.remove_identity_provider(ada, acme).unwrap();
    assert_eq!(visible(&store), [Sso::NotConfigured; 4]);
    refused(&mut store, |s| s.enable_sso(ada, acme), &none.0, &none.1);
    sound(&store);
}

#[test]
fn sec_03_a_first_sign_in_adds_the_user_with_the_default_role() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, max, acme, inc, website, .. } = Demo::new().unwrap();
    store.set_oauth_access(ada, acme, OAuthAccess::Denied).unwrap();
    each_refused(
        &mut store,
        &[ada, joe, vera, jill, max, sam],
        |s, actor| s.add_sso_member(actor, acme, id(max)),
        |actor| {
            let message = format!("only the platform operator can report sign-ins to team `{acme}`; {actor} cannot");
            (Error::OnlyOperatorReportsSignIns { actor, team: acme }, message)
        },
    );
    let (error, message) = (Error::TeamNotFound { team: NOWHERE }, format!("team `{NOWHERE}` does not exist"));
    refused(&mut store, |s| s.add_sso_member(ada, NOWHERE, NOBODY), &error, &message);
    let (error, message) = (Error::UserNotFound { user: NOBODY }, format!("user `{NOBODY}` does not exist"));
    refused(&mut store, |s| s.add_sso_member(ada, acme, NOBODY), &error, &message);
    let message = format!("team `{acme}` denies access to third-party clients");
    let client = through_client(ada);
    refused(&mut store, |s| s.add_sso_member(client, acme, id(max)), &Error::OAuthDenied { team: acme }, &message);

    // Not before single sign-on is on, and not after.
    let off = (Error::SsoNotEnabled { team: acme }, format!("single sign-on for team `{acme}` is not enabled"));
    refused(&mut store, |s| s.add_sso_member(operator, acme, id(max)), &off.0, &off.1);
    store.set_identity_provider(ada, acme, provider("acme")).unwrap();
    refused(&mut store, |s| s.add_sso_member(operator, acme, id(max)), &off.0, &off.1);
    store.enable_sso(ada, acme).unwrap();
    let later = operator.at(days(2));
    store.add_sso_member(later, acme, id(max)).unwrap();
    assert_eq!(store.role(ada, acme, id(max)), Ok(Some(Role::Member)));
    assert_eq!(store.user(ada, id(max)).unwrap().sign_in(), SignIn::Sso);
    let recorded = store.events().last().unwrap();
    assert_eq!((recorded.at, recorded.actor), (days(2), later.who));
    let Event::SsoMemberAdded { added } = &recorded.event else { panic!("{recorded}") };
    assert_eq!(
        (added.team, added.user, added.role, added.sign_in_before),
        (acme, id(max), TeamRole::Member, SignIn::Password)
    );
    assert_eq!(store.role(sam, inc, id(max)), Ok(Some(Role::Member)), "still in the other team");

    // The second sign-in is none that adds.
    for (actor, role) in [(ada, TeamRole::Admin), (vera, TeamRole::Viewer), (max, TeamRole::Member)] {
        let user = id(actor);
        let message = format!("user `{user}` is already in team `{acme}`, as {role}");
        let error = Error::AlreadyInTeam { team: acme, user, role };
        refused(&mut store, |s| s.add_sso_member(operator, acme, user), &error, &message);
    }

    // The default role counts, whatever the invitation said; a collaborator keeps what they hold (MEM-7).
    store.set_default_role(ada, acme, TeamRole::Viewer).unwrap();
    let invitation = store.invite_member(ada, acme, email("jill@creativeinc.com"), TeamRole::Admin).unwrap();
    store.set_permissions(ada, website, id(jill), Permission::View | Permission::Operate).unwrap();
    store.add_sso_member(operator, acme, id(jill)).unwrap();
    assert_eq!(store.role(ada, acme, id(jill)), Ok(Some(Role::Viewer)));
    assert_eq!(holds(&store, jill, website), Permission::View | Permission::Operate);
    assert_eq!(store.accept_invitation(jill, invitation), Err(Error::InvitationNotFound { invitation }));
    store.set_default_role(ada, acme, TeamRole::Admin).unwrap();
    store.add_sso_member(operator, acme, id(sam)).unwrap();
    assert_eq!(store.role(ada, acme, id(sam)), Ok(Some(Role::Admin)));

    store.disable_sso(ada, acme).unwrap();
    assert_eq!(store.role(ada, acme, id(max)), Ok(Some(Role::Member)), "who is in stays");
    store.remove_member(ada, acme, id(max)).unwrap();
    refused(&mut store, |s| s.add_sso_member(operator, acme, id(max)), &off.0, &off.1);
    store.enable_sso(ada, acme).unwrap();
    store.add_sso_member(operator, acme, id(max)).unwrap();
    sound(&store);
}

#[test]
fn sec_03_sign_ins_stay_within_the_member_limit() {
    let Demo { mut store, operator, ada, jill, sam, max, acme, inc, .. } = Demo::new().unwrap();
    let [zoe, zac] = ["zoe@acme.com", "zac@acme.com"].map(|text| register(&mut store, text));
    for (admin, team, taken) in [(ada, acme, 3), (sam, inc, 2)] {
        store.set_identity_provider(admin, team, provider("acme")).unwrap();
        store.enable_sso(admin, team).unwrap();
        let limits = store.team(admin, team).unwrap().limits();
        let limit = taken + 1;
        store.set_team_limits(operator, team, Limits { members: limit, ..limits }).unwrap();
        store.invite_member(admin, team, email("zoe@acme.com"), TeamRole::Admin).unwrap();
        let actual = u64::from(limit) + 1;
        let message = format!(
            "team `{team}` is limited to {limit} members, pending invitations counted; this would make {actual}"
        );
        let full = Error::MemberLimitReached { team, limit, actual };
        for other in [zac, jill] {
            refused(&mut store, |s| s.add_sso_member(operator, team, id(other)), &full, &message);
        }
        // Her place is kept for her; what a transaction takes back it keeps too.
        let before = store.clone();
        let mut taken_back = store.begin();
        taken_back.add_sso_member(operator, team, id(zoe)).unwrap();
        taken_back.roll_back();
        assert!(store == before);
        store.add_sso_member(operator, team, id(zoe)).unwrap();
        assert_eq!(store.role(admin, team, id(zoe)), Ok(Some(Role::Member)));
        refused(&mut store, |s| s.add_sso_member(operator, team, id(zac)), &full, &message);
        store.remove_member(admin, team, id(zoe)).unwrap();
        store.add_sso_member(operator, team, id(zac)).unwrap();
    }
    assert_eq!(store.role(max, inc, id(zac)), Ok(Some(Role::Member)));
    sound(&store);
}

#[test]
fn sec_04_the_access_list_shows_how_each_sign_in_is_secured() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, acme, inc, .. } = Demo::new().unwrap();
    let shown = |store: &TeamStore| {
        let lists = [ada, joe, vera, operator].map(|actor| statuses(store, actor, acme));
        assert!(lists.iter().all(|list| *list == lists[0]));
        lists[0].iter().map(|(_, status)| status.title().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(shown(&store), ["MFA off"; 4]);
    with_sso(&mut store, ada, acme);
    store.add_member(sam, inc, id(jill), TeamRole::Member).unwrap();
    with_sso(&mut store, sam, inc);
    // By e-mail: ada, jill, joe, vera.
    store.set_mfa(ada, id(ada), Mfa::Enrolled).unwrap();
    store.set_sign_in(operator, id(jill), SignIn::Sso).unwrap();
    assert_eq!(shown(&store), ["MFA on", "SSO", "MFA off", "MFA off"]);
    // Through a provider, whose second factor cannot be seen, the own one does not matter.
    store.set_sign_in(operator, id(ada), SignIn::Sso).unwrap();
    store.set_mfa(joe, id(joe), Mfa::Enrolled).unwrap();
    assert_eq!(shown(&store), ["SSO", "SSO", "MFA on", "MFA off"]);
    let notes = statuses(&store, vera, acme).into_iter().map(|(_, status)| status.note()).collect::<Vec<_>>();
    let unseen = "whether the identity provider asks for MFA cannot be seen here";
    assert_eq!(notes, [Some(unseen), Some(unseen), None, None]);
    let page = store.access_review(ada, acme).unwrap().html();
    assert!(page.contains(&format!("<td>SSO <span class=\"muted\">{unseen}</span></td>")), "{page}");
    assert!(page.contains("<td>MFA on</td>"), "{page}");
    for (status, expected) in [
        (SignInStatus::Sso, &["ada@acme.com", "jill@creativeinc.com"][..]),
        (SignInStatus::MfaOn, &["joe@acme.com"]),
        (SignInStatus::MfaOff, &["vera@acme.com"]),
    ] {
        let filter = PeopleFilter::default().status(status);
        let page = store.access_list(vera, acme, &filter, &PageRequest::default()).unwrap();
        assert_eq!(page.items.iter().map(|entry| entry.user.email().as_str()).collect::<Vec<_>>(), expected);
    }
    store.set_sign_in(operator, id(ada), SignIn::Password).unwrap();
    store.set_mfa(joe, id(joe), Mfa::NotEnrolled).unwrap();
    assert_eq!(shown(&store), ["MFA on", "SSO", "MFA off", "MFA off"]);
    sound(&store);
}

#[test]
fn sec_04_whoever_sees_the_access_list_sees_who_has_no_mfa() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, max, acme, inc, .. } = Demo::new().unwrap();
    let page = PageRequest::default();
    for (team, others) in [(acme, &[jill, sam, max][..]), (inc, &[ada, joe, vera, jill])] {
        each_refused(
            &mut store,
            others,
            |s, actor| s.without_mfa(actor, team, &page).map(drop),
            |actor| {
                let message = format!(
                    "only admins, members, viewers, and holders of a role with `view-compliance`, can see who in team `{team}` has no MFA; {actor} is none of these"
                );
                (Error::OnlyTeamSeesCompliance { actor, team }, message)
            },
        );
    }
    let (error, message) = (Error::TeamNotFound { team: NOWHERE }, format!("team `{NOWHERE}` does not exist"));
    refused(&mut store, |s| s.without_mfa(jill, NOWHERE, &page).map(drop), &error, &message);
    let everybody = [
        ("ada@acme.com".into(), Role::Admin),
        ("jill@creativeinc.com".into(), Role::Collaborator),
        ("joe@acme.com".into(), Role::Member),
        ("vera@acme.com".into(), Role::Viewer),
    ];
    for actor in [ada, joe, vera, operator, through_client(joe)] {
        assert_eq!(without_mfa(&store, actor, acme), everybody);
    }
    assert_eq!(without_mfa(&store, max, inc).len(), 2);

    // Page by page.
    let (mut request, mut seen) = (PageRequest::first(1).unwrap(), Vec::new());
    loop {
        let page = store.without_mfa(joe, acme, &request).unwrap();
        seen.extend(page.items.iter().map(|entry| (entry.user.email().to_string(), entry.role)));
        let Some(next) = page.next else { break };
        request = PageRequest::first(1).unwrap().after(next);
    }
    assert_eq!(seen, everybody);
    let elsewhere = PageRequest::default().after("number:7".parse().unwrap());
    assert_eq!(store.without_mfa(joe, acme, &elsewhere), Err(Error::CursorOfAnotherList {}));
    assert_eq!(store.without_mfa(jill, acme, &elsewhere).unwrap_err().code(), "only-team-sees-compliance");

    store.set_mfa(jill, id(jill), Mfa::Enrolled).unwrap();
    with_sso(&mut store, ada, acme);
    store.set_sign_in(operator, id(vera), SignIn::Sso).unwrap();
    let left = [everybody[0].clone(), everybody[2].clone()];
    assert_eq!(without_mfa(&store, joe, acme), left);
    store.set_oauth_access(ada, acme, OAuthAccess::Denied).unwrap();
    let (error, message) =
        (Error::OAuthDenied { team: acme }, format!("team `{acme}` denies access to third-party clients"));
    for actor in [joe, vera, sam] {
        refused(&mut store, |s| s.without_mfa(through_client(actor), acme, &page).map(drop), &error, &message);
    }
    assert_eq!(without_mfa(&store, joe.at(noon()), acme), left);
    sound(&store);
}

/// How these people sign in.
fn signing_in<const N: usize>(store: &TeamStore, people: [Actor; N]) -> [SignIn; N] {
    people.map(|user| store.user(Actor::operator(noon()), id(user)).unwrap().sign_in())
}

#[test]
fn acc_03_single_sign_on_leads_through_a_team_that_has_it() {
    use SignIn::{Password, Sso};
    let Demo { mut store, operator, ada, joe, jill, sam, max, acme, inc, .. } = Demo::new().unwrap();
    let none = |user| {
        let message = format!("user `{}` is in no team with single sign-on", id(user));
        (Error::NoTeamToSignInThrough { user: id(user) }, message)
    };
    // A provider is not enough; and a collaborator is in no team.
    store.set_identity_provider(ada, acme, provider("acme")).unwrap();
    for (by, user) in [(joe, joe), (operator, joe), (jill, jill)] {
        let (error, message) = none(user);
        refused(&mut store, |s| s.set_sign_in(by, id(user), Sso), &error, &message);
    }
    store.enable_sso(ada, acme).unwrap();
    let (error, message) = none(jill);
    refused(&mut store, |s| s.set_sign_in(jill, id(jill), Sso), &error, &message);
    with_sso(&mut store, sam, inc);
    store.add_member(sam, inc, id(joe), TeamRole::Member).unwrap();
    for user in [ada, joe, max] {
        store.set_sign_in(user, id(user), Sso).unwrap();
    }

    // Whoever is left without one signs in by password again, in the same event.
    let start = store.clone();
    store.disable_sso(ada, acme).unwrap();
    assert_eq!(signing_in(&store, [ada, joe, max]), [Password, Sso, Sso]);
    let mut left = store.clone();
    left.remove_member(sam, inc, id(joe)).unwrap();
    assert_eq!(signing_in(&left, [ada, joe, max]), [Password, Password, Sso]);
    sound(&left);
    store.disable_sso(sam, inc).unwrap();
    assert_eq!(signing_in(&store, [ada, joe, max]), [Password; 3]);
    let without: Vec<_> = without_mfa(&store, ada, acme).into_iter().map(|(email, _)| email).collect();
    assert!(without.contains(&"joe@acme.com".to_owned()), "at once");
    sound(&store);

    let mut gone = start.clone();
    let wave = gone.app_by_name(sam, "frozen-wave-4030".parse().unwrap()).unwrap().id();
    gone.delete_app(sam, wave, "frozen-wave-4030").unwrap();
    gone.delete_team(sam, inc).unwrap();
    assert_eq!(signing_in(&gone, [ada, joe, max]), [Sso, Sso, Password]);
    sound(&gone);

    // A role that changes, or a team that moves, ends nothing.
    let mut moved = start;
    moved.set_member_role(ada, acme, id(joe), TeamRole::Viewer).unwrap();
    let account = moved.open_account(operator, "corp".parse().unwrap(), id(sam)).unwrap();
    moved.move_team_in(sam, inc, account).unwrap();
    assert_eq!(signing_in(&moved, [ada, joe, max]), [Sso; 3]);
    sound(&moved);
}

/// The newest entry of a team's log, as the admin sees it.
#[track_caller]
fn newest(store: &TeamStore, admin: Actor, team: TeamId) -> AuditEvent {
    let filter = AuditFilter::new(AuditScope::Team(team));
    let page = store.audit_log(admin, &filter, &PageRequest::first(1).unwrap()).unwrap();
    page.items.into_iter().next().unwrap().into_owned()
}

#[test]
fn acc_04_sign_in_changes_stand_in_the_log_of_every_team() {
    let Demo { mut store, operator, ada, joe, jill, sam, max, acme, inc, .. } = Demo::new().unwrap();
    for team in [acme, inc] {
        with_sso(&mut store, if team == acme { ada } else { sam }, team);
    }
    store.add_member(sam, inc, id(joe), TeamRole::Member).unwrap();
    let read = |store: &TeamStore| [(ada, acme), (sam, inc)].map(|(admin, team)| newest(store, admin, team));
    let seq = |store: &TeamStore| store.events().last().unwrap().seq;
    // What a person did, or the operator did to them, stands in both; of the other team, neither log says anything.
    store.set_mfa(joe, id(joe), Mfa::Enrolled).unwrap();
    for (entry, team) in read(&store).iter().zip([acme, inc]) {
        assert_eq!((entry.seq, entry.actor), (seq(&store), joe.who));
        let Event::MfaChanged { teams, .. } = &entry.event else { panic!("{entry}") };
        assert_eq!(**teams, [team]);
    }
    store.set_email(operator, id(joe), email("joseph@acme.com")).unwrap();
    assert!(read(&store).iter().all(|entry| entry.seq == seq(&store) && entry.event.code() == "email-changed"));
    store.set_sign_in(joe, id(joe), SignIn::Sso).unwrap();
    assert!(read(&store).iter().all(|entry| entry.seq == seq(&store) && entry.event.code() == "sign-in-changed"));
    // A collaborator is in no team.
    store.set_mfa(jill, id(jill), Mfa::Enrolled).unwrap();
    assert!(read(&store).iter().all(|entry| entry.seq < seq(&store)));

    // What one team does tells the other only what became of the person.
    store.set_sign_in(max, id(max), SignIn::Sso).unwrap();
    store.disable_sso(sam, inc).unwrap();
    let [in_acme, in_inc] = read(&store);
    assert!(in_acme.seq < seq(&store), "joe still signs in through acme");
    assert_eq!((in_inc.seq, in_inc.event.code(), in_inc.actor), (seq(&store), "sso-changed", sam.who));
    store.enable_sso(sam, inc).unwrap();
    store.disable_sso(ada, acme).unwrap();
    store.disable_sso(sam, inc).unwrap();
    let [in_acme, in_inc] = read(&store);
    assert_eq!(in_acme.seq, seq(&store));
    assert_eq!(in_acme.actor, ActorKind::Operator);
    let user = id(joe);
    let Event::SignInChanged { users, from, to } = &in_acme.event else { panic!("{in_acme}") };
    assert_eq!((users.len(), users[0].user, *from, *to), (1, user, SignIn::Sso, SignIn::Password));
    assert_eq!(*users[0].teams, [acme]);
    let text = serde_json::to_string(&in_acme).unwrap();
    assert!(![inc.to_string(), id(sam).to_string()].iter().any(|hidden| text.contains(hidden)), "{text}");
    let Event::SsoChanged { sign_ins_ended, .. } = &in_inc.event else { panic!("{in_inc}") };
    assert!(sign_ins_ended.iter().all(|change| change.teams.is_empty()), "nor where else they are");
    // By whom it was caused is not told by a filter either.
    let by_sam = AuditFilter::new(AuditScope::Team(acme)).by(id(sam));
    assert_eq!(store.audit_log(ada, &by_sam, &PageRequest::default()).unwrap().items, []);

    // A first sign-in, and the end of a membership.
    store.enable_sso(sam, inc).unwrap();
    store.remove_member(sam, inc, id(joe)).unwrap();
    store.add_sso_member(operator, inc, id(joe)).unwrap();
    let told = |entry: &AuditEvent| entry.event.to_string().replace(&id(joe).to_string(), "joe");
    let [in_acme, in_inc] = read(&store);
    assert_eq!(told(&in_acme), "switched user `joe` to single sign-on");
    assert_eq!(in_inc.event.code(), "sso-member-added");
    store.remove_member(joe, inc, id(joe)).unwrap();
    let [in_acme, in_inc] = read(&store);
    assert_eq!(told(&in_acme), "switched user `joe` to sign-in by password");
    assert_eq!((in_acme.actor, in_inc.actor), (ActorKind::Operator, joe.who));
    assert_eq!(in_inc.event.code(), "member-removed");
    sound(&store);
}
