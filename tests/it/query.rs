//! APP-10, MEM-8, MEM-9, INV-5, X-6: lists, their filters, orders and pages.

mod audit;
mod hidden;
mod hosts;
mod look_ups;
mod places;
mod redacted;
mod seen;
mod sight;
mod told;

use core::str::FromStr;

use proptest::prelude::*;

use enterprise_teams::demo::Demo;
use enterprise_teams::{
    App, AppAction, AppId, Email, Error, ErrorKind, NewApp, Owner, Page, PageRequest, ParseError, Permission,
    PermissionSet, Role, Rule, TeamId, TeamRole, TeamStore, UserId,
    entity::{Lock, Mfa, SignIn, SignInStatus},
    ids::{ClientId, InvitationId, TransferId},
    names::{ParseProblem, ParseTarget, Stack},
    query::{AppFilter, AppSort, AuditFilter, AuditScope, Cursor, PAGE_SIZE_MAX, PeopleFilter, TeamFilter},
};

use crate::support::{app_name, email, id, malformed, no_id, register, with_sso};

const SORTS: [AppSort; 4] = [AppSort::Name, AppSort::NameDescending, AppSort::Oldest, AppSort::Newest];

/// A list, asked for a page.
type List<'s> = &'s dyn Fn(&PageRequest) -> Result<(), Error>;

fn first(size: usize) -> PageRequest {
    PageRequest::first(size).unwrap()
}

/// Every entry, page by page; the cursor goes through its text.
#[track_caller]
fn walk<T>(size: usize, list: impl Fn(&PageRequest) -> Result<Page<T>, Error>) -> Vec<T> {
    let (mut entries, mut request) = (Vec::new(), first(size));
    loop {
        let page = list(&request).unwrap();
        let full = page.items.len() == size;
        assert!(full || page.items.len() < size && page.next.is_none(), "a page that is not full is the last");
        entries.extend(page.items);
        let Some(next) = page.next else { return entries };
        let read: Cursor = next.to_string().parse().unwrap();
        assert_eq!(
            (&read, serde_json::from_value(serde_json::to_value(&next).unwrap()).ok()),
            (&next, Some(next.clone()))
        );
        request = first(size).after(read);
    }
}

/// The sample store with more apps in `acme`: every third locked, on two stacks.
fn many_apps() -> Demo {
    let mut demo = Demo::new().unwrap();
    let stacks: [Stack; 2] = ["heroku-24".parse().unwrap(), "cedar".parse().unwrap()];
    for (number, name) in ["web-b", "web-a", "api-web", "zoo", "worker-1", "worker-2", "a-webb"].iter().enumerate() {
        let app = NewApp::in_team(demo.acme).named(app_name(name)).stack(stacks[number % 2]);
        let app = if number % 3 == 0 { app.locked() } else { app };
        demo.store.create_app(demo.joe, app).unwrap();
    }
    demo
}

#[test]
fn app_10_filters() {
    let Demo { store, vera, acme, .. } = many_apps();
    let list = |filter: &AppFilter| walk(1000, |page| store.apps(vera, acme, filter, AppSort::Name, page));
    let all = list(&AppFilter::default());
    assert_eq!(all.len(), 8);
    let parts = ["", "web", "WEB", "Worker-", "z", "-", "a-webb", "no such name", "é"];
    for part in parts.map(Some).into_iter().chain([None]) {
        for stack in [None, Some("heroku-24"), Some("cedar"), Some("heroku-26")] {
            for lock in [None, Some(Lock::Locked), Some(Lock::Unlocked)] {
                let mut filter = AppFilter::default();
                filter = part.map_or(filter.clone(), |part| filter.containing(part));
                filter = stack.map_or(filter.clone(), |stack| filter.stack(stack.parse().unwrap()));
                filter = lock.map_or(filter.clone(), |lock| filter.lock(lock));
                let fits = |app: &&App| {
                    part.is_none_or(|part| app.name().as_str().contains(&part.to_lowercase()))
                        && stack.is_none_or(|stack| app.stack() == stack)
                        && lock.is_none_or(|lock| app.lock() == lock)
                };
                let expected: Vec<&App> = all.iter().copied().filter(fits).collect();
                assert_eq!(list(&filter), expected, "{filter:?}");
                assert_eq!(walk(2, |page| store.apps(vera, acme, &filter, AppSort::Name, page)), expected);
            }
        }
    }
}

#[test]
fn app_10_sorts_and_pages() {
    let Demo { mut store, ada, vera, acme, website, .. } = many_apps();
    store.rename_app(ada, website, app_name("nothing-older")).unwrap();
    for sort in SORTS {
        let list = |page: &PageRequest| store.apps(vera, acme, &AppFilter::default(), sort, page);
        let all = walk(1000, list);
        let mut expected = all.clone();
        match sort {
            AppSort::Name | AppSort::NameDescending => expected.sort_by_key(|app| app.name().to_string()),
            AppSort::Oldest | AppSort::Newest => expected.sort_by_key(|app| app.number()),
        }
        if matches!(sort, AppSort::NameDescending | AppSort::Newest) {
            expected.reverse();
        }
        assert_eq!((all.len(), &all), (8, &expected));
        for size in [1, 2, 3, 7, 8, 9] {
            assert_eq!(walk(size, list), expected, "{sort:?} by {size}");
        }
        let whole = list(&first(8)).unwrap();
        assert_eq!((whole.items.len(), whole.next), (8, None), "a full last page says that it is the last");
    }
    let by_age = walk(3, |page| store.apps(vera, acme, &AppFilter::default(), AppSort::Oldest, page));
    assert_eq!(by_age[0].id(), website, "a rename makes no app younger");
}

#[test]
fn app_10_personal_apps_and_what_comes_and_goes() {
    let Demo { mut store, ada, joe, acme, website, .. } = Demo::new().unwrap();
    let own = store.create_app(joe, NewApp::personal().named(app_name("own-app"))).unwrap();
    let names = |store: &TeamStore, owner: Owner| -> Vec<String> {
        let actor = if owner.team().is_some() { ada } else { joe };
        let apps = walk(1, |page| store.apps(actor, owner, &AppFilter::default(), AppSort::Name, page));
        apps.iter().map(|app| app.name().to_string()).collect()
    };
    assert_eq!(names(&store, id(joe).into()), ["own-app"]);
    store.transfer_app(joe, own, acme).unwrap();
    assert_eq!(
        (names(&store, id(joe).into()).len(), names(&store, acme.into())),
        (0, vec!["acme-website".into(), "own-app".into()])
    );
    store.transfer_app(ada, website, id(joe)).unwrap();
    assert_eq!(
        (names(&store, id(joe).into()), names(&store, acme.into())),
        (vec!["acme-website".into()], vec!["own-app".into()])
    );
    store.delete_app(joe, website, "acme-website").unwrap();
    assert_eq!(names(&store, id(joe).into()), [""; 0]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// While one reads page by page, apps are created, renamed, deleted, moved out and in.
    #[test]
    fn app_10_pages_stay_right_while_apps_change(
        size in 1usize..4,
        sort in 0usize..4,
        changes in prop::collection::vec(prop::collection::vec((0u8..5, any::<u8>()), 0..4), 0..8),
    ) {
        let Demo { mut store, ada, acme, .. } = many_apps();
        let (sort, everything) = (SORTS[sort], AppFilter::default());
        let before = walk(1000, |page| store.apps(ada, acme, &everything, sort, page)).into_iter().cloned().collect::<Vec<_>>();
        let (mut read, mut moved, mut away) = (Vec::<App>::new(), Vec::new(), Vec::new());
        let (mut request, mut changes) = (first(size), changes.into_iter());
        loop {
            let page = store.apps(ada, acme, &everything, sort, &request).unwrap();
            read.extend(page.items.into_iter().cloned());
            let Some(next) = page.next else { break };
            request = first(size).after(next);
            for (kind, which) in changes.next().unwrap_or_default() {
                let apps = walk(1000, |page| store.apps(ada, acme, &everything, AppSort::Oldest, page));
                let Some(app) = apps.get(usize::from(which) % apps.len().max(1)).map(|app| (*app).clone()) else { continue };
                let name = app_name(&format!("{}-{}", char::from(b'a' + which % 26), store.events().len()));
                match kind {
                    0 => drop(store.create_app(ada, NewApp::in_team(acme).named(name)).unwrap()),
                    1 => store.rename_app(ada, app.id(), name).unwrap(),
                    2 => store.delete_app(ada, app.id(), app.name().as_str()).unwrap(),
                    3 => {
                        store.transfer_app(ada, app.id(), id(ada)).unwrap();
                        away.push(app.id());
                    }
                    _ => {
                        if let Some(back) = away.pop() {
                            store.transfer_app(ada, back, acme).unwrap();
                        }
                    }
                }
                // By name, a renamed app is another entry; by age it is not.
                let by_name = matches!(sort, AppSort::Name | AppSort::NameDescending);
                if kind == 2 || kind == 3 || kind == 1 && by_name {
                    moved.push(app.id());
                }
            }
        }
        for app in before.iter().filter(|app| !moved.contains(&app.id())) {
            prop_assert_eq!(read.iter().filter(|one| one.id() == app.id()).count(), 1, "{:?}", app.name());
        }
        let ordered = |less: &dyn Fn(&App, &App) -> bool| read.windows(2).all(|pair| less(&pair[0], &pair[1]));
        prop_assert!(match sort {
            AppSort::Name => ordered(&|one, other| one.name() < other.name()),
            AppSort::NameDescending => ordered(&|one, other| one.name() > other.name()),
            AppSort::Oldest => ordered(&|one, other| one.number() < other.number()),
            AppSort::Newest => ordered(&|one, other| one.number() > other.number()),
        }, "no entry twice");
    }

    /// The same with the Access list: people join, leave, change e-mail and role, collaborators come and go.
    #[test]
    fn mem_09_pages_stay_right_while_people_change(
        size in 1usize..4,
        changes in prop::collection::vec(prop::collection::vec((0u8..6, any::<u8>()), 0..4), 0..8),
    ) {
        let Demo { mut store, operator, ada, acme, website, .. } = Demo::new().unwrap();
        let people: Vec<_> = (b'a'..b'k').map(|letter| register(&mut store, &format!("{}@x.io", char::from(letter)))).collect();
        for person in &people[..5] {
            store.add_member(ada, acme, id(*person), TeamRole::Member).unwrap();
        }
        let everybody = PeopleFilter::default();
        let list = |store: &TeamStore| -> Vec<(Email, UserId)> {
            let list = walk(1000, |page| store.access_list(ada, acme, &everybody, page));
            list.iter().map(|entry| (entry.user.email().clone(), entry.user.id())).collect()
        };
        let (before, mut read, mut touched) = (list(&store), Vec::new(), Vec::new());
        let (mut request, mut changes) = (first(size), changes.into_iter());
        loop {
            let page = store.access_list(ada, acme, &everybody, &request).unwrap();
            read.extend(page.items.iter().map(|entry| (entry.user.email().clone(), entry.user.id())));
            let Some(next) = page.next else { break };
            request = first(size).after(next);
            for (kind, which) in changes.next().unwrap_or_default() {
                let person = id(people[usize::from(which) % people.len()]);
                let was_in = list(&store).iter().any(|(_, user)| *user == person);
                let text = format!("{}{}@y.io", char::from(b'a' + which % 26), store.events().len());
                drop(match kind {
                    0 => store.add_member(ada, acme, person, TeamRole::Viewer),
                    1 => store.remove_member(ada, acme, person),
                    2 => store.set_email(operator, person, email(&text)),
                    3 => store.grant_permissions(ada, website, person, PermissionSet::VIEW),
                    4 => store.remove_collaborator(ada, website, person),
                    _ => store.set_member_role(ada, acme, person, TeamRole::Admin),
                });
                let is_in = list(&store).iter().any(|(_, user)| *user == person);
                if kind == 2 || was_in != is_in {
                    touched.push(person);
                }
            }
        }
        for (email, user) in before.iter().filter(|(_, user)| !touched.contains(user)) {
            prop_assert_eq!(read.iter().filter(|(_, one)| one == user).count(), 1, "{}", email);
        }
        prop_assert!(read.windows(2).all(|pair| pair[0].0 < pair[1].0), "no entry twice");
    }
}

#[test]
fn mem_08_access_list() {
    let Demo { mut store, operator, ada, joe, vera, jill, max, acme, website, .. } = Demo::new().unwrap();
    let second = store.create_app(ada, NewApp::in_team(acme).named(app_name("a-second"))).unwrap();
    for app in [website, second] {
        drop(store.grant_permissions(ada, app, id(jill), Permission::Operate.into()));
    }
    store.grant_permissions(ada, second, id(max), PermissionSet::ALL).unwrap();
    store.set_mfa(joe, id(joe), Mfa::Enrolled).unwrap();
    with_sso(&mut store, ada, acme);
    store.set_sign_in(operator, id(vera), SignIn::Sso).unwrap();
    let row = |actor, page: &PageRequest| store.access_list(actor, acme, &PeopleFilter::default(), page);
    let expected = [
        ("ada@acme.com", Role::Admin, SignInStatus::MfaOff, vec![]),
        ("jill@creativeinc.com", Role::Collaborator, SignInStatus::MfaOff, vec!["a-second", "acme-website"]),
        ("joe@acme.com", Role::Member, SignInStatus::MfaOn, vec![]),
        ("max@acme-inc.com", Role::Collaborator, SignInStatus::MfaOff, vec!["a-second"]),
        ("vera@acme.com", Role::Viewer, SignInStatus::Sso, vec![]),
    ];
    for (actor, size) in [(ada, 1), (joe, 2), (vera, 3), (operator, 5), (ada, 1000)] {
        let entries = walk(size, |page| row(actor, page));
        let list = entries.iter().map(|entry| {
            let apps = entry.apps.iter().map(|app| app.name().to_string()).collect::<Vec<_>>();
            (entry.user.email().to_string(), entry.role, entry.status, apps)
        });
        let expected = expected.clone().map(|(email, role, status, apps)| {
            (email.to_owned(), role, status, apps.into_iter().map(str::to_owned).collect())
        });
        assert_eq!(list.collect::<Vec<_>>(), expected);
    }
    for actor in [jill, max] {
        let refusal = Error::OnlyTeamSeesAccessList { actor: actor.who, team: acme };
        assert_eq!(row(actor, &first(1)).unwrap_err(), refusal);
    }
}

#[test]
fn mem_08_the_apps_that_somebody_is_on() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, max, acme, inc, wave, website, .. } = many_apps();
    let of = |store: &TeamStore, actor, team, user| -> Vec<String> {
        let apps = walk(2, |page| store.member_apps(actor, team, id(user), &AppFilter::default(), page));
        assert_eq!(apps, walk(100, |page| store.member_apps(actor, team, id(user), &AppFilter::default(), page)));
        apps.iter().map(|app| app.name().to_string()).collect()
    };
    let joes = ["a-webb", "acme-website", "api-web", "web-a", "web-b", "worker-1", "worker-2", "zoo"];
    for actor in [ada, joe, vera, operator] {
        assert_eq!(of(&store, actor, acme, joe), joes);
        assert_eq!(of(&store, actor, acme, jill), ["acme-website"]);
    }
    assert_eq!(of(&store, jill, acme, jill), ["acme-website"]);
    assert_eq!([of(&store, ada, acme, vera), of(&store, ada, acme, sam)], [[""; 0]; 2]);
    assert_eq!(of(&store, vera, acme, ada), ["acme-website"], "it sleeps");
    assert_eq!(of(&store, max, inc, max), [""; 0]);
    store.join_app(max, wave).unwrap();
    assert_eq!(of(&store, sam, inc, max), ["frozen-wave-4030"]);
    let refused = Error::OnlyTeamSeesAccessList { actor: jill.who, team: acme };
    assert_eq!(store.member_apps(jill, acme, id(joe), &AppFilter::default(), &first(1)), Err(refused));
    // A page goes on after its key when what it names is gone.
    let request =
        first(2).after(store.member_apps(joe, acme, id(joe), &AppFilter::default(), &first(2)).unwrap().next.unwrap());
    store.remove_collaborator(joe, website, id(joe)).unwrap();
    let rest = store.member_apps(joe, acme, id(joe), &AppFilter::default(), &request).unwrap();
    assert_eq!(rest.items.iter().map(|app| app.name().to_string()).collect::<Vec<_>>(), joes[2..4]);
}

#[test]
fn mem_09_filters() {
    let Demo { mut store, ada, acme, .. } = Demo::new().unwrap();
    for number in 0..6 {
        let user = register(&mut store, &format!("User{number}@{}", ["acme.com", "example.org"][number % 2]));
        store.add_member(ada, acme, id(user), TeamRole::BUILT_IN[number % TeamRole::BUILT_IN.len()]).unwrap();
    }
    let list = |filter: &PeopleFilter, size| walk(size, |page| store.access_list(ada, acme, filter, page));
    let all = list(&PeopleFilter::default(), 1000);
    assert_eq!(all.len(), 10);
    for part in [None, Some(""), Some("ACME"), Some("user"), Some("@example.org"), Some("nobody")] {
        for role in Role::ALL.iter().copied().map(Some).chain([None]) {
            let mut filter = PeopleFilter::default();
            filter = part.map_or(filter.clone(), |part| filter.containing(part));
            filter = role.map_or(filter.clone(), |role| filter.role(role));
            let mut expected = all.clone();
            expected.retain(|entry| role.is_none_or(|role| entry.role == role));
            expected.retain(|entry| part.is_none_or(|part| entry.user.email().as_str().contains(&part.to_lowercase())));
            assert_eq!((list(&filter, 1000), list(&filter, 1)), (expected.clone(), expected), "{filter:?}");
        }
    }
}

// `StoreFull` is reached where the tables are made small: in the tests of `decide`.
#[test]
fn x_06_page_sizes() {
    let max = PAGE_SIZE_MAX;
    assert_eq!(max, 1000);
    for size in [0, 1001, usize::MAX] {
        let error = PageRequest::first(size).unwrap_err();
        assert_eq!(error, Error::PageSizeInvalid { size, max });
        assert_eq!(error.to_string(), format!("a page holds 1 to 1000 entries, not {size}"));
    }
    let Demo { mut store, ada, .. } = Demo::new().unwrap();
    for number in 0..60 {
        store.create_app(ada, NewApp::personal().named(app_name(&format!("own-{number:02}")))).unwrap();
    }
    let list = |page: &PageRequest| store.apps(ada, id(ada), &AppFilter::default(), AppSort::Name, page).unwrap();
    assert_eq!([first(1), first(1000)].map(|page| list(&page).items.len()), [1, 60]);
    assert_eq!(list(&PageRequest::default()).items.len(), 50);
}

/// A page of what was picked has as many entries as a page of a list of just those.
#[test]
fn x_06_picked_pages() {
    let Demo { store, joe, acme, .. } = many_apps();
    let list = |page: &PageRequest| store.apps(joe, acme, &AppFilter::default(), AppSort::Name, page);
    for (wanted, number) in [("web", 5), ("worker", 2), ("", 8), ("none", 0), ("a", 4)] {
        let pick = |app: &App| app.name().as_str().contains(wanted).then(|| app.name());
        let expected: Vec<_> = walk(100, list).into_iter().filter_map(pick).collect();
        assert_eq!(expected.len(), number, "{wanted}");
        for size in 1..10 {
            let (mut found, mut request) = (Vec::new(), first(size));
            loop {
                let page = request.pick(list, |app| Ok::<_, Error>(pick(app))).unwrap();
                assert!(page.items.len() == size || page.next.is_none(), "{wanted} by {size}");
                found.extend(page.items);
                let Some(next) = page.next else { break };
                request = first(size).after(next);
            }
            assert_eq!(found, expected, "{wanted} by {size}");
        }
    }
    let refused = first(2).pick(list, |_| Err::<Option<()>, _>(no_id()));
    assert_eq!(refused, Err(no_id()));
}

#[test]
fn x_06_malformed_cursors() {
    const ENDING: &str = "a time, what ends, and two ids";
    let at_least = "`app`, `number`, `email`, `team`, `id`, `event`, `person`, `group`, `role`, `space`, `account`, `entry`, `ending`";
    let cases = [
        ("", ParseProblem::Missing { at: 0, missing: "`:`" }),
        ("app", ParseProblem::Missing { at: 3, missing: "`:`" }),
        ("Space:apple", ParseProblem::Word { at: 0, expected: at_least }),
        ("pipeline:apple", ParseProblem::Word { at: 0, expected: at_least }),
        (":", ParseProblem::Word { at: 0, expected: at_least }),
        ("App:apple", ParseProblem::Word { at: 0, expected: at_least }),
        ("app:", ParseProblem::TooShort { min: 3, len: 0 }),
        ("team:a", ParseProblem::TooShort { min: 2, len: 1 }),
        ("app:Apple", ParseProblem::Character { at: 4, found: 'A' }),
        ("app:app:e", ParseProblem::Character { at: 7, found: ':' }),
        ("team:tëam", ParseProblem::Character { at: 6, found: 'ë' }),
        ("app:aaaaaaaaaabbbbbbbbbbccccccccccd", ParseProblem::TooLong { at: 4, max: 30, len: 31 }),
        ("email:ada", ParseProblem::Missing { at: 9, missing: "`@`" }),
        ("email:@x.io", ParseProblem::Missing { at: 6, missing: "the part before `@`" }),
        ("number:", ParseProblem::Word { at: 7, expected: "a number" }),
        ("number:-1", ParseProblem::Word { at: 7, expected: "a number" }),
        ("number:18446744073709551616", ParseProblem::Word { at: 7, expected: "a number" }),
        ("event:x", ParseProblem::Word { at: 6, expected: "a number" }),
        ("id:7", ParseProblem::Word { at: 3, expected: "an id" }),
        ("space:", ParseProblem::TooShort { min: 3, len: 0 }),
        ("space:Apple", ParseProblem::Character { at: 6, found: 'A' }),
        ("person:", ParseProblem::Missing { at: 7, missing: "`:`" }),
        ("person:acme", ParseProblem::Missing { at: 11, missing: "`:`" }),
        ("person:a:ada@x.io", ParseProblem::TooShort { min: 2, len: 1 }),
        ("person:Acme:ada@x.io", ParseProblem::Character { at: 7, found: 'A' }),
        ("person:acme:ada", ParseProblem::Missing { at: 15, missing: "`@`" }),
        ("person:acme:@x.io", ParseProblem::Missing { at: 12, missing: "the part before `@`" }),
        ("entry:7", ParseProblem::Missing { at: 7, missing: "`:`" }),
        ("entry::apple", ParseProblem::Word { at: 6, expected: "a number" }),
        ("entry:apple:7", ParseProblem::Word { at: 6, expected: "a number" }),
        ("entry:18446744073709551616:apple", ParseProblem::Word { at: 6, expected: "a number" }),
        ("entry:7:", ParseProblem::TooShort { min: 3, len: 0 }),
        ("entry:7:Apple", ParseProblem::Character { at: 8, found: 'A' }),
        ("ending:", ParseProblem::Word { at: 7, expected: ENDING }),
        (
            "ending:x:grant:715842db-467f-8842-b703-7f0f47b3548f:715842db-467f-8842-b703-7f0f47b3548f",
            ParseProblem::Word { at: 7, expected: ENDING },
        ),
        (
            "ending:7:place:715842db-467f-8842-b703-7f0f47b3548f:715842db-467f-8842-b703-7f0f47b3548f",
            ParseProblem::Word { at: 7, expected: ENDING },
        ),
        ("ending:7:grant:715842db-467f-8842-b703-7f0f47b3548f", ParseProblem::Word { at: 7, expected: ENDING }),
    ];
    for text in ["group:apple", "space:apple", "account:apple", "person:acme:ada@x.io", "entry:7:apple"] {
        assert_eq!(text.parse::<Cursor>().unwrap().to_string(), text);
    }
    for (text, problem) in cases {
        let error = text.parse::<Cursor>().unwrap_err();
        assert_eq!(error, ParseError { what: ParseTarget::Cursor, problem }, "{text}");
        assert_eq!(Error::from(error), malformed(ParseTarget::Cursor, problem));
        assert_eq!(Error::from(error).to_string(), format!("malformed cursor: {problem}"));
        assert!(serde_json::from_value::<Cursor>(text.into()).is_err());
    }
    let kind = |problem: &ParseProblem| core::mem::discriminant(problem);
    assert_eq!(cases.iter().map(|(_, problem)| kind(problem)).collect::<std::collections::HashSet<_>>().len(), 5);
}

#[test]
fn x_06_malformed_ids() {
    fn read<T: FromStr<Err = ParseError>>(text: &str) -> Error {
        Error::from(text.parse::<T>().err().expect("malformed"))
    }
    for text in ["", "7", "acme-website", "715842db-467f-8842-b703", "715842db-467f-8842-b703-7f0f47b3548g"] {
        for error in [
            read::<UserId>(text),
            read::<TeamId>(text),
            read::<AppId>(text),
            read::<InvitationId>(text),
            read::<TransferId>(text),
            read::<ClientId>(text),
        ] {
            assert_eq!(error, no_id());
            assert_eq!((error.code(), error.rule(), error.kind()), ("id-invalid", Rule::X6, ErrorKind::Invalid));
            assert_eq!(error.to_string(), "malformed id: expected a UUID at byte 0");
        }
    }
}

#[test]
fn x_06_a_cursor_of_another_list() {
    let Demo { store, ada, acme, website, .. } = Demo::new().unwrap();
    let (everything, everybody) = (AppFilter::default(), PeopleFilter::default());
    let log = AuditFilter::new(AuditScope::User(id(ada)));
    let lists: [(&str, List<'_>); 13] = [
        ("app:", &|page| store.apps(ada, acme, &everything, AppSort::Name, page).map(drop)),
        ("app:", &|page| store.apps(ada, id(ada), &everything, AppSort::NameDescending, page).map(drop)),
        ("app:", &|page| store.visible_apps(ada, &everything, page).map(drop)),
        ("number:", &|page| store.apps(ada, acme, &everything, AppSort::Oldest, page).map(drop)),
        ("number:", &|page| store.apps(ada, acme, &everything, AppSort::Newest, page).map(drop)),
        ("email:", &|page| store.access_list(ada, acme, &everybody, page).map(drop)),
        ("email:", &|page| store.app_access(ada, website, page).map(drop)),
        ("email:", &|page| store.who_can(ada, AppAction::ViewApp, website, page).map(drop)),
        ("email:", &|page| store.pending_invitations(ada, acme, page).map(drop)),
        ("team:", &|page| store.memberships(ada, &TeamFilter::default(), page).map(drop)),
        ("id:", &|page| store.my_invitations(ada, page).map(drop)),
        ("id:", &|page| store.pending_transfers(ada, page).map(drop)),
        ("event:", &|page| store.audit_log(ada, &log, page).map(drop)),
    ];
    let cursors = ["app:apple", "number:1", "email:a@b.c", "team:acme", "event:1", &format!("id:{acme}")];
    for (index, (kind, list)) in lists.iter().enumerate() {
        for text in cursors {
            let expected = if text.starts_with(kind) { Ok(()) } else { Err(Error::CursorOfAnotherList {}) };
            assert_eq!(list(&first(1).after(text.parse().unwrap())), expected, "list {index} with {text}");
        }
    }
    assert_eq!(Error::CursorOfAnotherList {}.to_string(), "the cursor belongs to another list");
}

#[test]
fn x_06_a_cursor_of_what_is_not_there() {
    let Demo { store, ada, acme, .. } = Demo::new().unwrap();
    let apps = |sort, text: &str| {
        let page = first(9).after(text.parse().unwrap());
        store.apps(ada, acme, &AppFilter::default(), sort, &page).unwrap().items.len()
    };
    assert_eq!([apps(AppSort::Name, "app:aaa"), apps(AppSort::Name, "app:zzz")], [1, 0]);
    assert_eq!([apps(AppSort::NameDescending, "app:aaa"), apps(AppSort::NameDescending, "app:zzz")], [0, 1]);
    let last = u64::MAX;
    assert_eq!([apps(AppSort::Oldest, "number:0"), apps(AppSort::Oldest, &format!("number:{last}"))], [1, 0]);
    assert_eq!([apps(AppSort::Newest, "number:0"), apps(AppSort::Newest, &format!("number:{last}"))], [0, 1]);
}
