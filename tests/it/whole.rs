//! X-1, X-3 to X-6: what holds for every operation: refusals, replay, time, the error catalogue, transactions, what-if.

mod values;

use core::fmt::Debug;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use enterprise_teams::chrono::{DateTime, TimeDelta, Utc};
use enterprise_teams::demo::Demo;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    Actor, AppAction, AppId, AuditEvent, Error, ErrorKind, Event, EventContext, Explanation, NamedId, NewApp, NewSpace,
    NewTeam, NewUser, Operation as O, Page, PageRequest, ReplayError, Rule, Settings, TeamRole, TeamStore, Transaction,
    entity::{DynoSize, Limits, Mfa},
    error::{TRUNCATED_MAX, Truncated},
    names::{ContextText, ParseProblem, ParseTarget, TeamName},
    query::Cursor,
    rule::Nature,
};

use crate::random::{history, numbers, start};
use crate::support::{app_name, days, email, id, malformed, no_id, noon, read, refused, sound, team_name};

#[test]
fn x_01_a_refusal_changes_nothing() {
    let Demo { mut store, ada, joe, jill, acme, website, .. } = Demo::new().unwrap();
    let (zoe, error) = (email("zoe@acme.com"), Error::OnlyAdminsRenameTeams { actor: joe.who, team: acme });
    let text = format!("only admins can rename team `{acme}`; user `{}` is not an admin", id(joe));
    refused(&mut store, |store| store.rename_team(joe, acme, team_name("mine")), &error, &text);
    // Also where something was drawn, counted or looked up before the last check: an id, a name, a place.
    let before = store.clone();
    store.create_app(jill, NewApp::in_team(acme)).unwrap_err();
    store.register_user(joe, NewUser::new(zoe.clone())).unwrap_err();
    store.invite_member(joe, acme, zoe, TeamRole::Member).unwrap_err();
    store.transfer_movable_apps(joe, &[website], id(joe)).unwrap_err();
    assert!(store == before);
    let [one, other] = [store, before]
        .map(|mut store| store.create_app(ada, NewApp::in_team(acme)).map(|app| store.app(ada, app).unwrap().clone()));
    assert_eq!(one, other, "refusals cost no id and no name");
}

#[test]
fn x_03_one_event_for_each_accepted_operation_and_replay() {
    for seed in 0..4 {
        let (store, asked) = history(seed, 120);
        sound(&store);
        let events = store.events();
        assert!(events.iter().zip(1..).all(|(entry, number)| entry.seq == number));
        assert!(events.is_sorted_by_key(|entry| entry.at));
        assert!(events.len() <= start(seed).events().len() + asked.len());
        // Every prefix replays to a store of its own, which goes on as the first did.
        for length in [1, 2, events.len() / 2, events.len() - 1] {
            let mut prefix = TeamStore::replay(events[..length].to_vec()).unwrap();
            assert_eq!((prefix.events(), prefix.check_invariants()), (&events[..length], vec![]));
            assert!(prefix != store);
            if length == 1 {
                assert!(prefix == TeamStore::new(prefix.settings().clone()));
            }
            if length == events.len() - 1 {
                let (last, asked) = (events.last().unwrap(), asked.iter().rev());
                let mut again = asked.filter(|(actor, operation)| {
                    prefix.what_if(*actor, operation).is_ok_and(|preview| preview.event == last.event)
                });
                let (actor, operation) = again.next().expect("one of the operations made the last event");
                prefix.perform(actor.at(last.at), operation).unwrap();
                assert!(prefix == store);
            }
        }
    }
}

#[test]
fn x_03_a_store_follows_the_log_of_another_step_by_step() {
    for seed in 0..4 {
        let (store, _) = history(seed, 120);
        let events = store.events();
        // From the first event on, with a log that is bounded, and from a snapshot on the way.
        let mut other = TeamStore::opened(events[0].clone()).unwrap();
        let mut from_snapshot = None;
        for event in &events[1..] {
            other.follow(event.clone()).unwrap();
            other.drain_events(5);
            assert!(other.events().len() <= 5 && other.seq() == event.seq);
            if event.seq == events.len() as u64 / 2 {
                let text = serde_json::to_string(&other.snapshot()).unwrap();
                from_snapshot = TeamStore::restore(serde_json::from_str(&text).unwrap()).ok();
            }
        }
        let mut from_snapshot = from_snapshot.expect("a snapshot on the way");
        for event in &events[usize::try_from(from_snapshot.seq()).unwrap()..] {
            from_snapshot.follow(event.clone()).unwrap();
        }
        let mut whole = store.clone();
        whole.drain_events(5);
        from_snapshot.drain_events(5);
        assert!(other == whole && from_snapshot == whole);
        assert_eq!(other.check_invariants(), []);

        // What does not fit leaves the store as it was, and so does what is followed in a transaction that is taken back.
        let mut refused = 0;
        let mut other = TeamStore::opened(events[0].clone()).unwrap();
        for (event, wrong) in events[1..].iter().zip(events[2..].iter().chain(&events[1..2])) {
            let mut forged = wrong.clone();
            (forged.seq, forged.at) = (event.seq, event.at);
            let before = other.clone();
            if other.follow(forged).is_err() {
                assert!(other == before);
                refused += 1;
            } else {
                other = before;
            }
            let mut tx = other.begin();
            tx.follow(event.clone()).unwrap();
            assert_eq!(tx.follow(event.clone()), Err(ReplayError::Gap { expected: event.seq + 1, found: event.seq }));
            drop(tx);
            assert_eq!(other.seq() + 1, event.seq);
            other.follow(event.clone()).unwrap();
        }
        assert!(refused > 5 && other == store, "{refused}");
        let error = TeamStore::opened(events[1].clone()).unwrap_err();
        assert_eq!(error, ReplayError::Gap { expected: 1, found: 2 });
    }
}

#[test]
fn x_03_a_log_that_does_not_replay() {
    let Demo { store, ada, acme, .. } = Demo::new().unwrap();
    let replay = |events: Vec<AuditEvent>| TeamStore::replay(events);
    let events = store.events().to_vec();
    let mut without = events.clone();
    without.remove(4);
    let gap = replay(without).unwrap_err();
    assert_eq!(
        (gap.clone(), gap.to_string().as_str()),
        (ReplayError::Gap { expected: 5, found: 6 }, "event 6 where event 5 should be")
    );
    let mut twice = events.clone();
    twice.insert(4, events[3].clone());
    assert_eq!(replay(twice).unwrap_err(), ReplayError::Gap { expected: 5, found: 4 });
    assert_eq!(replay(events[1..].to_vec()).unwrap_err(), ReplayError::Gap { expected: 1, found: 2 });
    assert_eq!(replay(Vec::new()).unwrap_err(), ReplayError::NotOpened);
    let mut unopened = events[1..].to_vec();
    for (event, seq) in unopened.iter_mut().zip(1..) {
        event.seq = seq;
    }
    let error = replay(unopened).unwrap_err();
    assert_eq!(error, ReplayError::NotOpened);
    assert_eq!(error.to_string(), "the log does not begin with the opening of a store");
    let mut opened_twice = events.clone();
    opened_twice[4].event = events[0].event.clone();
    assert_eq!(replay(opened_twice).unwrap_err(), ReplayError::DoesNotFit { seq: 5 });
    let swapped = [&events[..3], &[events[4].clone(), events[3].clone()]].concat();
    assert_eq!(replay(swapped).unwrap_err(), ReplayError::Gap { expected: 4, found: 5 });

    let mut longer = store.clone();
    longer.rename_team(ada.at(days(2)), acme, team_name("later")).unwrap();
    longer.rename_team(ada.at(days(3)), acme, team_name("latest")).unwrap();
    let mut early = longer.events().to_vec();
    let last = early.last_mut().unwrap();
    last.at = days(2) - TimeDelta::nanoseconds(1);
    let backwards = ReplayError::TimeRunsBackwards { seq: last.seq };
    assert_eq!(replay(early).unwrap_err(), backwards);
    assert_eq!(backwards.to_string(), format!("event {} is older than the one before it", longer.events().len()));
    for nanoseconds in [1, 999, 1001] {
        let mut fine = longer.events().to_vec();
        let last = fine.last_mut().unwrap();
        last.at = days(3) + TimeDelta::nanoseconds(nanoseconds);
        let (seq, text) = (last.seq, format!("the time of event {} is not in whole microseconds", last.seq));
        let error = replay(fine).unwrap_err();
        assert_eq!((error.clone(), error.to_string()), (ReplayError::TimeTooFine { seq }, text));
    }
    let mut level = longer.events().to_vec();
    level.last_mut().unwrap().at = days(2);
    assert!(replay(level).is_ok(), "at the same time is not before");
}

#[test]
fn x_06_no_log_makes_replay_panic() {
    let (store, asked) = history(7, 150);
    let mut numbers = numbers(1);
    let mut refused = 0;
    for _ in 0..300 {
        let mut events = store.events().to_vec();
        for [kind, from, to, ..] in numbers.by_ref().take(4) {
            let [from, to] = [from, to].map(|at| usize::from(at) * events.len() / 256);
            match kind % 4 {
                0 => drop(events.remove(from)),
                1 => events.swap(from, to),
                2 => events.insert(to, events[from].clone()),
                _ => events[to].event = events[from].event.clone(),
            }
        }
        for (number, entry) in events.iter_mut().enumerate() {
            (entry.seq, entry.at) = (number as u64 + 1, noon());
        }
        let mut replayed = match TeamStore::replay(events) {
            Ok(replayed) => replayed,
            Err(ReplayError::NotOpened | ReplayError::DoesNotFit { .. } | ReplayError::Invariant(_)) => {
                refused += 1;
                continue;
            }
            Err(other) => panic!("{other}"),
        };
        // Nor what comes after it, nor taking that back.
        let mut tx = replayed.begin();
        for (actor, operation) in &asked {
            let _ = tx.perform(*actor, operation);
        }
        drop(tx);
        assert_eq!(replayed.check_invariants(), []);
    }
    assert!(refused > 200, "{refused}");
}

#[test]
fn x_04_equal_settings_and_calls_give_equal_stores() {
    let runs = || (0..3).map(|seed| history(seed, 80));
    for ((one, asked), (other, again)) in runs().zip(runs()) {
        assert!(one == other && asked == again);
        assert_eq!(one.events(), other.events());
        assert_eq!(serde_json::to_string(one.events()).unwrap(), serde_json::to_string(other.events()).unwrap());
    }
    let id_of = |seed| {
        TeamStore::new(Settings::from_seed(seed))
            .register_user(Actor::operator(noon()), NewUser::new(email("a@b.c")))
            .unwrap()
    };
    assert_eq!((0..100).map(id_of).collect::<BTreeSet<_>>().len(), 100, "another seed, other ids");
}

#[test]
fn x_04_recorded_time_never_runs_backwards() {
    let Demo { mut store, ada, joe, acme, .. } = Demo::new().unwrap();
    let day = |store: &TeamStore| (store.events().last().unwrap().at - noon()).num_days();
    let mut recorded = Vec::new();
    for (number, at) in [5, 3, 5, 4, 9, -40, 8, 10].into_iter().enumerate() {
        store.rename_team(ada.at(days(at)), acme, team_name(&format!("acme-{number}"))).unwrap();
        recorded.push(day(&store));
    }
    assert_eq!(recorded, [5, 5, 5, 5, 9, 9, 9, 10]);
    // What is made, and what is asked, counts from that time too.
    let app = store.create_app(ada.at(days(1)), NewApp::in_team(acme)).unwrap();
    assert_eq!(store.app(ada, app).unwrap().created_at(), days(10));
    store.invite_member(ada.at(days(2)), acme, email("zoe@acme.com"), TeamRole::Viewer).unwrap();
    let pending = |day| store.pending_invitations(joe.at(days(day)), acme, &PageRequest::default()).unwrap().items;
    assert_eq!(pending(0)[0].expires_at(), days(40));
    assert_eq!([pending(39).len(), pending(40).len()], [1, 0]);
    sound(&store);
}

#[test]
fn x_06_the_ends_of_time() {
    let Demo { mut store, operator, ada, joe, acme, website, .. } = Demo::new().unwrap();
    let [start, end] = [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC];
    store.lock_app(ada.at(start), website).unwrap();
    let forever = store.invite_member(ada.at(end), acme, email("zoe@acme.com"), TeamRole::Viewer).unwrap();
    let zoe = store.register_user(operator, NewUser::new(email("zoe@acme.com"))).unwrap();
    assert_eq!(store.accept_invitation(Actor::user(zoe, start), forever).unwrap_err().code(), "invitation-expired");
    store.rename_team(ada, acme, team_name("last-day")).unwrap();
    for entry in store.events() {
        assert!(!entry.to_string().is_empty());
    }
    assert!(store.can(joe.at(end), AppAction::ViewApp, website));
    sound(&store);
}

#[test]
fn x_09_what_was_decided_from_an_older_state_is_refused_where_something_newer_concerns_the_thing() {
    let Demo { mut store, ada, joe, vera, acme, website, wave, sam, .. } = Demo::new().unwrap();
    let space = store.create_space(ada, NewSpace::new(acme, "acme-space".parse().unwrap())).unwrap();
    let pipeline = store.create_pipeline(ada, acme, "site".parse().unwrap()).unwrap();
    let seen = store.seq();
    let lock = O::LockApp { app: website };
    store.perform_unless_changed(ada, &lock, website, seen).unwrap();
    let changed = store.seq();

    let unlock = O::UnlockApp { app: website };
    let refused = |store: &mut TeamStore, actor, operation: &O, thing: NamedId, since| {
        let before = store.clone();
        let refusal = store.perform_unless_changed(actor, operation, thing, since).unwrap_err();
        assert!(*store == before);
        refusal
    };
    let error = refused(&mut store, ada, &unlock, website.into(), seen);
    assert_eq!(error, Error::ChangedSince { since: seen, seq: changed });
    assert_eq!(error.to_string(), format!("event {changed} is newer than event {seen} and concerns the same thing"));
    for thing in [acme.into(), space.into(), pipeline.into()] {
        assert_eq!(refused(&mut store, ada, &unlock, thing, seen), Error::ChangedSince { since: seen, seq: changed });
    }
    // Whoever may not do it does not learn that something has happened.
    let hidden = refused(&mut store, vera, &unlock, website.into(), seen);
    assert_eq!(hidden.code(), "only-managers-lock-apps");
    // What has happened elsewhere is no matter, and neither is a number that has not come yet.
    store.perform_unless_changed(sam, &O::LockApp { app: wave }, wave, seen).unwrap();
    store.perform_unless_changed(ada, &unlock, website, changed).unwrap();
    store.perform_unless_changed(ada, &lock, website, u64::MAX).unwrap();

    // Where the log does not reach back so far nobody knows.
    let user: NamedId = id(joe).into();
    let mfa = O::SetMfa { user: id(joe), mfa: Mfa::Enrolled };
    store.drain_events(2);
    let first = store.seq() - 1;
    let error = refused(&mut store, joe, &mfa, user, first - 2);
    assert_eq!(error, Error::LogTooShort { since: first - 2, first });
    let message = format!("what came after event {} is not known: the log begins with event {first}", first - 2);
    assert_eq!(error.to_string(), message);
    assert!(store.what_if(joe, &mfa).is_ok());
    store.perform_unless_changed(joe, &mfa, user, first - 1).unwrap();
    assert_eq!(store.check_invariants(), []);
}

#[test]
fn x_05_the_catalogue_of_refusals() {
    let codes: Vec<&str> = Error::CATALOGUE.iter().map(|row| row.0).collect();
    assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len(), "a code of its own");
    for code in &codes {
        let kebab = code.split('-').all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()));
        assert!(kebab, "{code}");
    }
    // Texts that do not parse; then not found, forbidden, invalid, conflicts and limits: the order of the checks.
    let (malformed, rows) = Error::CATALOGUE.split_at(ParseTarget::ALL.len());
    let targets = ParseTarget::ALL.iter().map(|what| (what.code(), what.rule(), ErrorKind::Invalid));
    assert_eq!(malformed, targets.collect::<Vec<_>>());
    // That something is not where it should be taken away is a matter of the state (X-10).
    let absent = |code: &str| !code.ends_with("-not-found");
    let place = |(code, _, kind): &(&str, Rule, ErrorKind)| match kind {
        // What the store requires of every actor is asked of them first (SEC-5).
        ErrorKind::Forbidden if *code == "actor-needs-mfa-or-sso" => 0,
        ErrorKind::Unauthenticated => 0,
        ErrorKind::NotFound if !absent(code) => 1,
        ErrorKind::Forbidden => 2,
        ErrorKind::Invalid => 3,
        _ => 4,
    };
    assert!(rows.is_sorted_by_key(place));
    let of = |kind| rows.iter().filter(move |row| row.2 == kind).map(|row| row.0);
    assert_eq!(of(ErrorKind::Unauthenticated).collect::<Vec<_>>(), ["actor-not-found", "actor-suspended"]);
    let rest: Vec<_> = of(ErrorKind::NotFound).filter(|code| absent(code)).collect();
    assert_eq!(
        rest,
        [
            "deletion-not-requested",
            "not-in-team",
            "not-in-group",
            "not-on-app",
            "group-not-on-app",
            "app-not-in-pipeline",
            "app-creation-not-allowed",
            "not-in-account",
            "move-out-not-requested",
            "service-not-listed",
        ]
    );
    let statuses = ErrorKind::ALL.iter().map(|kind| (kind.code(), kind.http_status()));
    let expected = [
        ("unauthenticated", 401),
        ("not-found", 404),
        ("forbidden", 403),
        ("invalid", 422),
        ("conflict", 409),
        ("unchanged", 409),
        ("limit", 422),
    ];
    assert_eq!(statuses.collect::<Vec<_>>(), expected);
    let limits: Vec<_> = codes
        .iter()
        .zip(Error::CATALOGUE)
        .filter(|(_, row)| row.2 == ErrorKind::Limit)
        .map(|(code, _)| *code)
        .collect();
    assert_eq!(
        limits,
        [
            "names-used-up",
            "member-limit-reached",
            "app-limit-reached",
            "personal-app-limit-reached",
            "space-limit-reached",
            "dyno-unit-limit-reached",
            "add-on-credit-limit-reached",
            "group-limit-reached",
            "member-group-limit-reached",
            "role-limit-reached",
            "space-full",
            "formation-full",
            "add-ons-full",
            "allowlist-full",
            "store-full"
        ]
    );
}

#[test]
fn x_05_no_refusal_reads_like_an_event() {
    let shared = Error::CATALOGUE.iter().filter(|row| Event::CODES.contains(&row.0));
    assert_eq!(shared.collect::<Vec<_>>(), Vec::<&(&str, Rule, ErrorKind)>::new());
}

#[test]
fn x_05_every_refusing_rule_has_a_variant() {
    for rule in Rule::ALL {
        let refuses = Error::CATALOGUE.iter().any(|row| row.1 == *rule);
        match rule.nature() {
            Nature::Refusal => assert!(refuses, "{rule}"),
            Nature::Effect => assert!(!refuses, "{rule}"),
            Nature::Guarantee => {}
        }
    }
}

#[test]
fn x_03_texts_of_a_context_are_one_line() {
    for (text, problem) in [
        ("", ParseProblem::Missing { at: 0, missing: "a text" }),
        ("a\nb", ParseProblem::Character { at: 1, found: '\n' }),
        (&*"x".repeat(257), ParseProblem::TooLong { at: 0, max: 256, len: 257 }),
    ] {
        let error = Error::from(text.parse::<ContextText>().unwrap_err());
        assert_eq!(error, malformed(ParseTarget::ContextText, problem));
        assert_eq!(error.to_string(), format!("malformed context: {problem}"));
    }
    assert!(serde_json::from_str::<EventContext>(r#"{"reason":"a\nb"}"#).is_err());
    assert!(serde_json::from_str::<EventContext>(r#"{"because":"a"}"#).is_err());
}

#[test]
fn x_03_a_context_is_recorded_with_every_event_until_it_ends() {
    let Demo { mut store, ada, acme, website, .. } = Demo::new().unwrap();
    let wave = store.create_app(ada, NewApp::in_team(acme)).unwrap();
    let named = |id: &str| EventContext::new().request_id(id.parse().unwrap());
    let before = store.events().len();
    let result = store.in_context(named("outer"), |store| {
        store.lock_app(ada, website)?;
        let inner = named("inner").address("::1".parse().unwrap()).on_behalf_of("max".parse().unwrap());
        store.in_context(inner, |store| store.transaction(|store| store.lock_app(ada, wave)))?;
        store.unlock_app(ada, website)?;
        store.unlock_app(ada, website)
    });
    assert_eq!(result, Err(Error::AppNotLocked { app: website }));
    let ended = catch_unwind(AssertUnwindSafe(|| store.in_context(named("panics"), |_| panic!("as it does"))));
    ended.unwrap_err();
    store.unlock_app(ada, wave).unwrap();
    let of =
        |event: &AuditEvent| event.context.as_ref().and_then(|one| one.request_id.as_ref()?.as_str().chars().next());
    let found: Vec<_> = store.events()[before..].iter().map(of).collect();
    assert_eq!(found, [Some('o'), Some('i'), Some('o'), None]);
    assert!(TeamStore::replay(store.events().to_vec()).unwrap() == store);
    assert_eq!(size_of::<AuditEvent>(), 120, "a context costs an event nothing in memory that has none");
}

#[test]
fn x_05_errors_are_small_and_are_errors() {
    fn error<T: std::error::Error + Clone + Send + Sync + 'static>() {}
    assert_eq!(size_of::<Error>(), 56);
    error::<Error>();
    error::<ReplayError>();
    let boxed: Box<dyn std::error::Error> = no_id().into();
    assert_eq!(boxed.to_string(), "malformed id: expected a UUID at byte 0");
}

#[test]
fn x_05_a_refusal_names_who_what_limit_and_actual() {
    let Demo { mut store, operator, ada, joe, acme, website, .. } = Demo::new().unwrap();
    let limits = Limits { members: 3, apps: Some(1), ..Limits::ENTERPRISE };
    store.set_team_limits(operator, acme, limits).unwrap();
    let zoe = store.register_user(operator, NewUser::new(email("zoe@acme.com"))).unwrap();
    let (team, limit, user) = (acme, 3, zoe);
    let full = Error::MemberLimitReached { team, limit, actual: 4 };
    refused(
        &mut store,
        |store| store.add_member(ada, team, user, TeamRole::Member),
        &full,
        &format!("team `{acme}` is limited to 3 members, pending invitations counted; this would make 4"),
    );
    let apps = Error::AppLimitReached { team, limit: 1, actual: 2 };
    refused(
        &mut store,
        |store| store.create_app(ada, NewApp::in_team(acme)),
        &apps,
        &format!("team `{acme}` is limited to 1 apps; this would make 2"),
    );
    let needed = store.check(joe, AppAction::RenameApp, website).unwrap_err();
    let text = format!("rename-app on app `{website}` needs manage; user `{}` holds view, deploy", id(joe));
    assert_eq!((needed.to_string(), needed.rule()), (text, Rule::Perm9));
    let remedies = [full, apps].map(|error| error.remedy().unwrap().to_string());
    assert_eq!(remedies, ["ask the platform operator for a higher limit"; 2]);
}

#[test]
fn x_05_what_a_host_sends_says_whom_to_ask_where_somebody_can_help() {
    let Demo { mut store, joe, acme, .. } = Demo::new().unwrap();
    let refusal = store.rename_team(joe, acme, team_name("widgets")).unwrap_err();
    let asked = |error: &Error| {
        let remedy = store.problem(joe, error).remedy.unwrap();
        (remedy.needed, remedy.from)
    };
    assert_eq!(asked(&refusal), ("the role admin in the team", Some("an admin of team `acme-widgets`".to_owned())));
    let malformed = "no team".parse::<TeamName>().unwrap_err().into();
    assert_eq!(asked(&malformed), ("correct the text", None), "nobody else is needed");
}

#[test]
fn trf_09_what_is_listed_reads_alone_as_in_its_refusal() {
    let apps = [1, 2].map(|number| AppId::from_uuid(Uuid::from_u128(number)));
    let refusals = apps.map(|app| (app, Error::AppNotFound { app }));
    let [one, two] = apps;
    let listed = Truncated { shown: refusals.to_vec(), total: TRUNCATED_MAX + 3 };
    let words = format!("`{one}`: app `{one}` does not exist; `{two}`: app `{two}` does not exist; and 3 more");
    assert_eq!(listed.to_string(), words);
    let listed = Truncated { shown: apps.to_vec(), total: 3 };
    assert_eq!(listed.to_string(), format!("`{one}`, `{two}` and 1 more"));
}

#[test]
fn x_01_a_transaction_is_kept_or_taken_back() {
    let Demo { mut store, ada, acme, website, .. } = Demo::new().unwrap();
    let before = store.clone();
    let change = |store: &mut TeamStore| -> Result<(), Error> {
        store.rename_app(ada, website, app_name("changed"))?;
        store.create_app(ada, NewApp::in_team(acme)).map(drop)
    };
    let mut tx = store.begin();
    change(&mut tx).unwrap();
    assert_eq!(tx.app(ada, website).unwrap().name(), "changed", "it is the store while it lives");
    tx.roll_back();
    assert!(store == before);

    let mut tx = store.begin();
    change(&mut tx).unwrap();
    drop(tx);
    assert!(store == before, "dropping takes back");

    let mut tx = store.begin();
    change(&mut tx).unwrap();
    tx.commit();
    let mut done = before.clone();
    change(&mut done).unwrap();
    assert!(store == done, "committed, it is as if there had been none");
    store.begin().commit();
    store.begin().roll_back();
    assert!(store == done);
    sound(&store);
}

#[test]
fn x_01_a_transaction_that_is_forgotten() {
    let Demo { mut store, ada, acme, .. } = Demo::new().unwrap();
    let before = store.events().len();
    core::mem::forget(store.begin());
    store.rename_team(ada, acme, team_name("first")).unwrap();
    assert_eq!((store.drain_events(0).len(), store.events().len()), (before + 1, 0), "as if it had never been");
    // In use, nobody but itself could take it back: it holds the events that it would need.
    let mut tx = store.begin();
    tx.rename_team(ada, acme, team_name("second")).unwrap();
    core::mem::forget(tx);
    store.rename_team(ada, acme, team_name("third")).unwrap();
    assert_eq!((store.drain_events(0).len(), store.events().len()), (0, 2));
    assert_eq!(store.team(ada, acme).unwrap().name(), "third");
    assert_eq!(store.check_invariants(), []);
}

#[test]
fn x_01_transactions_nest() {
    let Demo { store, ada, acme, .. } = Demo::new().unwrap();
    let rename = |store: &mut TeamStore, name| store.rename_team(ada, acme, team_name(name)).unwrap();
    for (inner_kept, outer_kept, expected) in
        [(true, true, "third"), (false, true, "third"), (true, false, "acme-widgets"), (false, false, "acme-widgets")]
    {
        let mut store = store.clone();
        let mut outer = store.begin();
        rename(&mut outer, "first");
        let mut inner = outer.begin();
        rename(&mut inner, "second");
        if inner_kept {
            inner.commit();
        } else {
            inner.roll_back();
        }
        assert_eq!(outer.team(ada, acme).unwrap().name(), if inner_kept { "second" } else { "first" });
        rename(&mut outer, "third");
        if outer_kept {
            outer.commit();
        } else {
            drop(outer);
        }
        assert_eq!(store.team(ada, acme).unwrap().name(), expected);
        sound(&store);
    }
}

/// An error of the host's own.
#[derive(Debug, PartialEq)]
enum Own {
    No,
    Refused(Error),
}
impl From<Error> for Own {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

#[test]
fn x_01_an_early_return_takes_back() {
    let Demo { mut store, ada, joe, acme, website, .. } = Demo::new().unwrap();
    let before = store.clone();
    let refused = store.transaction(|store| {
        store.rename_app(ada, website, app_name("changed"))?;
        store.transaction(|store| store.lock_app(ada, website))?;
        store.rename_team(joe, acme, team_name("mine"))?;
        store.unlock_app(ada, website)
    });
    assert_eq!(refused.unwrap_err().code(), "only-admins-rename-teams");
    assert!(store == before);
    // An inner one that is refused does not take the outer one with it.
    let kept: Result<_, Error> = store.transaction(|store| {
        store.rename_app(ada, website, app_name("changed"))?;
        let inner = store.transaction(|store| {
            store.lock_app(ada, website)?;
            store.lock_app(ada, website)
        });
        assert_eq!(inner.unwrap_err().code(), "app-already-locked");
        Ok(store.events().len())
    });
    assert_eq!(kept, Ok(before.events().len() + 1));
    // The same with an error of the host's own.
    let after = store.clone();
    let own = store.transaction(|store| {
        store.lock_app(ada, website)?;
        if store.can(joe, AppAction::ViewApp, website) { Err(Own::No) } else { Ok(()) }
    });
    assert_eq!(own, Err(Own::No));
    let own = store.transaction(|store| Ok::<_, Own>(store.unlock_app(ada, website)?));
    assert_eq!(own, Err(Own::Refused(Error::AppNotLocked { app: website })));
    assert!(store == after);
}

#[test]
fn x_01_a_panic_leaves_nothing_behind() {
    let (mut store, _) = history(3, 60);
    let (before, operator) = (store.clone(), Actor::operator(days(900)));
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        store.transaction(|store| -> Result<(), Error> {
            let zoe = store.register_user(operator, NewUser::new(email("zoe@acme.com")))?;
            let team = store.provision_team(operator, NewTeam::standard(team_name("zoes"), zoe))?;
            let zoe = Actor::user(zoe, operator.at);
            let mut inner = store.begin();
            let app = inner.create_app(zoe, NewApp::in_team(team))?;
            inner.scale_app(zoe, app, "web".parse()?, DynoSize::Basic, 2)?;
            inner.transfer_app(zoe, app, id(zoe))?;
            panic!("in the middle of it")
        })
    }));
    assert_eq!(panicked.unwrap_err().downcast_ref(), Some(&"in the middle of it"));
    assert!(store == before);
    sound(&store);
}

#[test]
fn x_01_a_transaction_costs_what_it_does() {
    let mut store = TeamStore::new(Settings::from_seed(1));
    let operator = Actor::operator(noon());
    let ada = store.register_user(operator, NewUser::new(email("ada@acme.com"))).unwrap();
    let team = store.provision_team(operator, NewTeam::enterprise(team_name("acme"), ada)).unwrap();
    let ada = Actor::user(ada, noon());
    for number in 0..5000 {
        store.create_app(ada, NewApp::in_team(team).named(app_name(&format!("app-{number}")))).unwrap();
    }
    let timed = |what: &mut dyn FnMut()| {
        let start = Instant::now();
        what();
        start.elapsed()
    };
    let cloned = timed(&mut || drop(store.clone()));
    let taken_back = timed(&mut || {
        for number in 0..20 {
            let mut tx = store.begin();
            tx.rename_team(ada, team, team_name(&format!("acme-{number}"))).unwrap();
        }
    });
    assert!(taken_back < cloned, "20 transactions took {taken_back:?}, one copy of the store {cloned:?}");
}

#[test]
fn x_03_what_if_changes_nothing_and_says_what_is_done() {
    let (store, asked) = history(11, 100);
    for (actor, operation) in asked {
        let before = store.clone();
        let foreseen = store.what_if(actor, &operation).map(|preview| preview.event);
        assert!(store == before);
        let mut done = before;
        assert_eq!(done.perform(actor, &operation).map(|entry| entry.event.clone()), foreseen);
    }
}

#[test]
fn x_06_the_store_is_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<TeamStore>();
    shared::<Transaction<'_>>();
    shared::<Explanation<'_>>();
    shared::<(Actor, O, Event, AuditEvent, Error, Settings, Cursor, Page<AuditEvent>)>();
    let Demo { store, joe, website, .. } = Demo::new().unwrap();
    let asked = std::thread::scope(|scope| {
        let threads = [(); 4].map(|()| scope.spawn(|| store.can(joe, AppAction::PushCode, website)));
        threads.map(|thread| thread.join().unwrap())
    });
    assert_eq!(asked, [true; 4]);
}

/// Hosts keep ids: those of a seed stay what they are.
#[test]
fn x_03_the_ids_of_a_seed_are_frozen() {
    let Demo { ada, joe, acme, website, .. } = Demo::new().unwrap();
    let ids = [id(ada).uuid(), id(joe).uuid(), acme.uuid(), website.uuid()].map(|id| id.to_string());
    assert_eq!(
        ids,
        [
            "048cc82a-16a9-8f7a-b15b-876025e5a102",
            "b4e42354-7abc-8da0-bfb4-dc8776de37a2",
            "5eb6911a-b223-8859-900a-099becac29dd",
            "9a9b5fc3-7c34-8db4-83c5-9546df068519",
        ],
    );
}

/// An id that stands by itself is shown as it is.
#[test]
fn x_05_an_id_by_itself_is_written_out() {
    let Demo { joe, acme, website, .. } = Demo::new().unwrap();
    let named: [NamedId; 3] = [id(joe).into(), acme.into(), website.into()];
    assert_eq!(named.map(|one| one.to_string()), [id(joe).to_string(), acme.to_string(), website.to_string()]);
}

#[test]
fn x_05_an_operation_has_the_code_of_its_kind() {
    let Demo { acme, .. } = Demo::new().unwrap();
    let rename = O::RenameTeam { team: acme, name: team_name("gadgets") };
    assert_eq!((rename.code(), rename.kind().code()), ("rename-team", "rename-team"));
}

/// A change of the number and of the size of dynos is a scaling first; of the size alone, a resizing.
#[test]
fn perm_09_a_refused_change_of_dynos_names_the_action_that_is_missing() {
    let Demo { mut store, joe, vera, website, .. } = Demo::new().unwrap();
    let web = read("web");
    store.scale_app(joe, website, web, DynoSize::Basic, 1).unwrap();
    let mut refused = |size, quantity| match store.scale_app(vera, website, web, size, quantity) {
        Err(Error::ActionNeedsPermission { action, .. }) => action,
        answer => panic!("{answer:?}"),
    };
    assert_eq!(refused(DynoSize::Standard1X, 2), AppAction::ScaleDynos);
    assert_eq!(refused(DynoSize::Basic, 2), AppAction::ScaleDynos);
    assert_eq!(refused(DynoSize::Standard1X, 1), AppAction::ResizeDynos);
}
