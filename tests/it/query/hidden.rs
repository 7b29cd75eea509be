//! two stores that differ only in what somebody may not see answer them alike, whatever they ask; tell them the same of what
//! happens next, in every audit log that they read; and answer alike to what they would do.

mod answers;

use std::collections::BTreeSet;

use enterprise_teams::{
    Actor, ActorKind, AuditEvent, Error, Event, OperationKind, PageRequest, TeamStore,
    query::{AppFilter, AuditFilter, AuditScope, PeopleFilter},
};

use self::answers::{Things, Turns, answers};
use super::first;
use crate::random::{aimed, inner, steps};
use crate::support::{noon, through_client};

/// The newest event, as the reader finds it in this log, if it stands there.
fn told(store: &TeamStore, reader: Actor, scope: AuditScope) -> Option<(AuditEvent, Vec<String>)> {
    let page = store.audit_log(reader, &AuditFilter::new(scope), &first(1)).ok()?;
    let entry =
        page.items.into_iter().next().filter(|entry| Some(entry.seq) == store.events().last().map(|e| e.seq))?;
    let names = entry.names().map(|(_, name)| name.to_owned()).collect();
    let mut entry = entry.into_owned();
    entry.seq = 0;
    Some((entry, names))
}

/// Whether the reader sees something of what the log is of, or would if they were let in.
fn sees(store: &TeamStore, reader: Actor, scope: AuditScope) -> bool {
    let user = reader.who.user().map_or(reader, |user| Actor::user(user, reader.at));
    let shown = |error: Option<Error>| {
        error.is_none_or(|error| ["team-requires-mfa-or-sso", "actor-needs-mfa-or-sso"].contains(&error.code()))
    };
    // Where lists show others beside oneself: an account its members and the people of its teams (ENT-3), an app who is on it (PERM-11).
    let all = PageRequest::first(1000).expect("a size");
    let beside = |one| {
        let accounts = store.account_memberships(user, &all).map(|own| own.items).unwrap_or_default();
        let in_account = |account| {
            let people = store.account_people(user, account, &PeopleFilter::default(), &all);
            store.account_member(user, account, one).is_ok()
                || people.is_ok_and(|people| people.items.iter().any(|person| person.user.id() == one))
        };
        let apps = store.visible_apps(user, &AppFilter::default(), &all).map(|own| own.items).unwrap_or_default();
        accounts.iter().any(|own| in_account(own.account.id()))
            || apps.iter().any(|own| store.app_access_of(user, own.app.id(), one).is_ok())
    };
    match scope {
        AuditScope::User(one) | AuditScope::By(one) => shown(store.user(user, one).err()) || beside(one),
        AuditScope::Team(team) => shown(store.team(user, team).err()) || shown(store.team_name(user, team).err()),
        AuditScope::App(app) => shown(store.app(user, app).err()),
        AuditScope::Account(account) => shown(store.account(user, account).err()),
        AuditScope::Everything => true,
    }
}

/// That a team keeps third-party clients out is told to every client, before anything else.
fn restricted(reader: Actor, answer: &str) -> bool {
    let client = matches!(reader.who, ActorKind::OAuth { .. });
    client && ["OAuthDenied", "oauth-denied"].iter().any(|code| answer.contains(code))
}

/// What stands in no log but the operator's: the settings, which decide for everybody, and that months are closed. What is swept has ended
/// for everybody already.
const TOLD_TO_NOBODY: [&str; 4] = ["store-opened", "settings-changed", "months-closed", "ends-swept"];

/// What makes something new, whose id depends on how much happened before.
fn makes(event: &Event) -> bool {
    let ends = ["created", "provisioned", "opened", "registered", "invited", "requested", "installed"];
    ends.iter().any(|end| event.code().ends_with(end))
}

/// An id tells those who have it whether it is still somebody's or something's: the answers differ in that alone.
fn tells_of_ids(one: &Error, two: &Error) -> bool {
    let [within, within_two] = [inner(one), inner(two)];
    if one.code() == two.code() && within.len() == within_two.len() && within != within_two {
        return within
            .iter()
            .zip(within_two)
            .all(|(one, two)| one == two || one.0 == two.0 && tells_of_ids(&one.1, &two.1));
    }
    one.code().ends_with("-not-found") != two.code().ends_with("-not-found")
}

#[test]
fn x_02_what_one_may_not_see_changes_nothing_that_one_is_told() {
    let (mut compared, mut cut, mut asked, mut answered) = (0, 0, 0, 0);
    let mut never: BTreeSet<&str> =
        Event::CODES.iter().copied().filter(|code| !TOLD_TO_NOBODY.contains(code)).collect();
    for seed in 0..120 {
        if seed >= 16 && never.is_empty() && cut > 5 {
            break;
        }
        let mut store = TeamStore::new(enterprise_teams::Settings::from_seed(seed));
        let mut steps = steps(seed);
        for step in steps.by_ref().take(260) {
            let (actor, operation) = step.decode(&store);
            drop(store.perform(actor, &operation));
        }
        let now = store.events().last().unwrap().at;
        let operator = Actor::operator(now);
        let things = Things::of(&store);
        let scopes = things.scopes();
        let readers: Vec<Actor> = things.users.iter().map(|user| Actor::user(*user, now)).collect();
        let readers: Vec<Actor> = readers.iter().flat_map(|user| [*user, through_client(*user)]).collect();
        // What was hidden from nobody yet is looked for, once the first runs are over.
        let about =
            OperationKind::ALL.iter().copied().filter(|kind| seed >= 12 && never.contains(kind.records())).collect();
        let mut tries = steps.take(160);
        while let (Some(hidden), Some(seen)) = (tries.next(), tries.next()) {
            let (actor, operation) = aimed(hidden, &store, &about);
            let mut other = store.clone();
            let Ok(entry) = other.perform(actor.at(now), &operation) else { continue };
            let all = Things::of(&other).scopes();
            let concerned: Vec<_> =
                all.iter().copied().filter(|scope| told(&other, operator, *scope).is_some()).collect();
            let unseen = |reader: &&Actor| {
                let sees = |scope: &AuditScope| sees(&store, **reader, *scope) || sees(&other, **reader, *scope);
                // Whoever is suspended sees nothing, and is told when they are deleted.
                let goes = matches!(&entry.event, Event::UserDeleted { deleted } if reader.who.user() == Some(deleted.user.id()));
                !goes && entry.actor.user() != reader.who.user() && !concerned.iter().any(sees) && !concerned.is_empty()
            };
            let blind: Vec<Actor> = readers.iter().filter(unseen).copied().collect();
            let alike = things.alike([&store, &other], operator);
            for (number, reader) in (seed..).zip(blind.iter().step_by(1 + blind.len() / 4)) {
                let told = |store| answers(store, *reader, &alike, Turns::new(number + entry.seq, 8));
                let (one, two) = (told(&store), told(&other));
                answered += one.iter().filter(|(_, answer)| answer.starts_with("Ok")).count();
                never.remove(entry.event.code());
                for ((question, one), (_, two)) in one.iter().zip(&two) {
                    if restricted(*reader, one) || restricted(*reader, two) {
                        continue;
                    }
                    // So it is where a client reads the log of its user: what a team that keeps it out did is not in it (SEC-1).
                    let is_client = matches!(reader.who, ActorKind::OAuth { .. });
                    let keeps_out = matches!(entry.event, Event::OAuthAccessChanged { .. });
                    if is_client && keeps_out && question.starts_with("audit_log") {
                        continue;
                    }
                    assert_eq!(one, two, "{question}, to {reader:?}, after {:?}", entry.event);
                }
            }
            let (actor, operation) = seen.decode(&store);
            for reader in &blind {
                let [one, two] = [&store, &other].map(|store| store.what_if(*reader, &operation));
                // Whoever would give somebody something is told that they are suspended (SUS-1).
                let by_state = ["store-full", "user-is-suspended"];
                let differs =
                    |code: &str| code.ends_with("-taken") || by_state.contains(&code) || restricted(*reader, code);
                match (one, two) {
                    (Ok(one), Ok(two)) if !makes(&one.event) => assert_eq!(one, two, "{reader:?} {operation:?}"),
                    (Err(one), Err(two)) if differs(one.code()) || differs(two.code()) => {}
                    (Err(one), Err(two)) if tells_of_ids(&one, &two) => {}
                    (Err(one), Err(two)) => assert_eq!(one, two, "{reader:?} {operation:?}"),
                    (Ok(_), Err(refusal)) | (Err(refusal), Ok(_)) => assert!(differs(refusal.code()), "{refusal}"),
                    _ => {}
                }
                asked += 1;
            }
            let mut store = store.clone();
            let both = [&mut store, &mut other].map(|store| store.perform(actor.at(now), &operation).is_ok());
            if both != [true, true] || makes(&store.events().last().unwrap().event) {
                continue;
            }
            // Whoever comes to see what it was done to is told how that is now.
            for reader in blind.iter().filter(|reader| !concerned.iter().any(|scope| sees(&other, **reader, *scope))) {
                for scope in &scopes {
                    let [one, two] = [&store, &other].map(|store| told(store, *reader, *scope));
                    let whole = &store.events().last().unwrap().event;
                    compared += usize::from(one.is_some());
                    cut += usize::from(one.as_ref().is_some_and(|(entry, _)| entry.event != *whole));
                    assert_eq!(one, two, "{reader:?} in {scope:?}, after {:?}", entry.event);
                }
            }
        }
    }
    assert!(compared > 100 && cut > 5 && asked > 100 && answered > 10_000, "{compared} {cut} {asked} {answered}");
    assert_eq!(never, BTreeSet::new(), "nothing of these kinds was hidden from anybody");
}

/// What has ended changes no answer, whether it was swept or not: to nobody, whatever they ask, but for what tells of the events
/// themselves, and of the months that they close.
#[test]
fn end_01_what_has_ended_changes_no_answer_in_random_stores() {
    let of_events = ["audit_log", "statement"];
    let (mut answered, mut swept_things) = (0, 0);
    for seed in 0..40 {
        let mut store = TeamStore::new(enterprise_teams::Settings::from_seed(seed));
        let about = BTreeSet::from([
            OperationKind::SetMemberEnd,
            OperationKind::SetGrantEnd,
            OperationKind::SetGroupGrantEnd,
            OperationKind::SetAppCreationEnd,
        ]);
        for (number, step) in steps(seed).take(300).enumerate() {
            let (actor, operation) = if number % 4 == 0 { aimed(step, &store, &about) } else { step.decode(&store) };
            // All at one time, so that nothing is swept.
            drop(store.perform(actor.at(noon()), &operation));
        }
        let things = Things::of(&store);
        let mut later = store.next_end();
        while let Some(now) = later {
            let operator = Actor::operator(now);
            let mut swept = store.clone();
            swept.sweep_ends(operator).unwrap();
            let alike = things.alike([&store, &swept], operator);
            for (number, user) in (seed..).zip(&things.users) {
                let reader = Actor::user(*user, now);
                let reader = if number % 3 == 0 { through_client(reader) } else { reader };
                let told = |store| answers(store, reader, &alike, Turns::new(number, 8));
                for ((question, one), (_, two)) in told(&store).iter().zip(&told(&swept)) {
                    if !of_events.iter().any(|of_events| question.starts_with(of_events)) {
                        assert_eq!(one, two, "{question}, to {reader:?}, seed {seed}");
                        answered += 1;
                    }
                }
            }
            swept_things += 1;
            // The next end, which the unswept store comes to with all that ended before.
            later = swept.next_end();
        }
    }
    assert!(answered > 10_000 && swept_things > 40, "{answered} {swept_things}");
}
