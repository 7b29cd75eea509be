//! USE-3, USE-6 and who pays: TRF-5, TRF-6, TRF-10, APP-7, and the bill of an Enterprise Account (ENT-2, ENT-4, ENT-5).

use std::collections::BTreeMap;

use enterprise_teams::chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use enterprise_teams::demo::Demo;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    AccountId, Actor, AppId, Error, Event, NewApp, NewSpace, NewTeam, PageRequest, ReplayError, TeamId, TeamRole,
    TeamStore,
    entity::{
        AccountPermission, AccountPermissionSet, AddOnControls, Days, DynoSize, Month, OAuthAccess, Payer, Usage,
    },
    names::{ParseProblem, ParseTarget, PaymentMethod},
    query::{Billing, Statement, StatementLine, UsagePart},
};

use crate::support::{
    app_name, days, each_refused, id, malformed, noon, read, refused, register, sound, team_name, through_client,
};
use crate::usage::{ever, month, plan, scale};

const NOWHERE: TeamId = TeamId::from_uuid(Uuid::from_u128(404));

fn visa() -> PaymentMethod {
    "Visa, ending in 4242".parse().unwrap()
}

fn time(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

/// What the team has used in all, up to a time.
#[track_caller]
fn used(store: &TeamStore, until: DateTime<Utc>, team: TeamId) -> Usage {
    store.usage(Actor::operator(until), team, ever()).unwrap().total()
}

/// What the account's teams have used in it, up to a time.
#[track_caller]
fn bill(store: &TeamStore, until: DateTime<Utc>, account: AccountId) -> BTreeMap<TeamId, Usage> {
    let reports = store.account_usage(Actor::operator(until), account, ever()).unwrap();
    reports.into_iter().map(|(team, report)| (team, report.total())).collect()
}

fn units(dyno_units: u64) -> Usage {
    Usage { dyno_units, ..Usage::ZERO }
}

fn space_app(store: &mut TeamStore, admin: Actor, team: TeamId) -> (enterprise_teams::SpaceId, AppId) {
    let nut = store.create_space(admin, NewSpace::new(team, "nut".parse().unwrap())).unwrap();
    (nut, store.create_app(admin, NewApp::in_space(nut).named(app_name("kernel"))).unwrap())
}

#[test]
fn use_03_payment_methods_are_one_line() {
    let long = "x".repeat(101);
    for (text, problem) in [
        ("", ParseProblem::Missing { at: 0, missing: "a text" }),
        (&*long, ParseProblem::TooLong { at: 0, max: 100, len: 101 }),
        ("Visa\n4242", ParseProblem::Character { at: 4, found: '\n' }),
        ("\u{1b}[31mVisa", ParseProblem::Character { at: 0, found: '\u{1b}' }),
        ("Visa\0", ParseProblem::Character { at: 4, found: '\0' }),
        (" \u{3000}", ParseProblem::Missing { at: 0, missing: "a text" }),
        ("Visa\u{2028}4242", ParseProblem::Character { at: 4, found: '\u{2028}' }),
        ("Visa \u{202e}4242", ParseProblem::Character { at: 5, found: '\u{202e}' }),
        ("Vi\u{200b}sa", ParseProblem::Character { at: 2, found: '\u{200b}' }),
        ("\u{200d}V", ParseProblem::Character { at: 0, found: '\u{200d}' }),
        ("V\u{200d}", ParseProblem::Character { at: 1, found: '\u{200d}' }),
        ("V\u{200c} W", ParseProblem::Character { at: 1, found: '\u{200c}' }),
        ("\u{feff}Visa", ParseProblem::Character { at: 0, found: '\u{feff}' }),
        ("é\u{85}", ParseProblem::Character { at: 2, found: '\u{85}' }),
    ] {
        let error = Error::from(text.parse::<PaymentMethod>().unwrap_err());
        assert_eq!(error, malformed(ParseTarget::PaymentMethod, problem), "{text:?}");
        assert_eq!(error.to_string(), format!("malformed payment method: {problem}"));
        assert!(serde_json::from_value::<PaymentMethod>(text.into()).is_err());
    }
    assert_eq!(
        ParseProblem::Character { at: 5, found: '\u{202e}' }.to_string(),
        "unexpected `\\u{202e}` (U+202E) at byte 5"
    );
    for text in ["V", "Überweisung", "می\u{200c}پردازد", "👩\u{200d}💻", &"x".repeat(100), "`Visa`"] {
        assert_eq!(text.parse::<PaymentMethod>().unwrap(), *text);
    }
}

#[test]
fn use_03_billing_is_for_admins() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, max, acme, inc, wave, .. } = Demo::new().unwrap();
    store.add_collaborator(sam, wave, id(jill)).unwrap();
    for (team, others) in [(acme, &[joe, vera, jill, sam][..]), (inc, &[max, jill, ada])] {
        let refusal = |actor| {
            let message = format!("only admins can manage the billing of team `{team}`; {actor} is not an admin");
            (Error::OnlyAdminsManageBilling { actor, team }, message)
        };
        let unseen = |actor| {
            let only = "only admins, and holders of a role with `view-payments`, can see who pays for team";
            (Error::OnlyAdminsSeeBilling { actor, team }, format!("{only} `{team}`; {actor} is neither"))
        };
        each_refused(&mut store, others, |s, actor| s.billing(actor, team).map(drop), unseen);
        for method in [Some(visa()), None] {
            each_refused(&mut store, others, |s, actor| s.set_payment_method(actor, team, method.clone()), refusal);
        }
        // The operator sees, and does not decide how a team pays.
        each_refused(&mut store, &[operator], |s, actor| s.set_payment_method(actor, team, None), refusal);
    }
    let (error, message) = (Error::TeamNotFound { team: NOWHERE }, format!("team `{NOWHERE}` does not exist"));
    refused(&mut store, |s| s.billing(joe, NOWHERE).map(drop), &error, &message);
    refused(&mut store, |s| s.set_payment_method(joe, NOWHERE, None), &error, &message);

    let message = format!("team `{acme}` is an Enterprise Team, which has no payment method of its own");
    for method in [Some(visa()), None] {
        let error = Error::PaymentOfEnterpriseTeam { team: acme };
        refused(&mut store, |s| s.set_payment_method(ada, acme, method), &error, &message);
    }
    assert_eq!(store.billing(ada, acme), Ok(Billing::Credits(None)));

    let unchanged =
        (Error::PaymentMethodUnchanged { team: inc }, format!("team `{inc}` already has this payment method"));
    refused(&mut store, |s| s.set_payment_method(sam, inc, None), &unchanged.0, &unchanged.1);
    assert_eq!(store.billing(sam, inc), Ok(Billing::PaymentMethod(None)));
    store.set_payment_method(sam, inc, Some(visa())).unwrap();
    refused(&mut store, |s| s.set_payment_method(sam, inc, Some(visa())), &unchanged.0, &unchanged.1);
    for actor in [sam, operator, through_client(sam)] {
        assert_eq!(store.billing(actor, inc), Ok(Billing::PaymentMethod(Some(&visa()))));
    }
    store.set_payment_method(through_client(sam), inc, Some("Amex".parse().unwrap())).unwrap();
    store.set_payment_method(sam, inc, None).unwrap();
    assert_eq!(store.billing(sam, inc), Ok(Billing::PaymentMethod(None)));
    store.set_oauth_access(sam, inc, OAuthAccess::Denied).unwrap();
    let (error, message) =
        (Error::OAuthDenied { team: inc }, format!("team `{inc}` denies access to third-party clients"));
    for actor in [sam, max] {
        refused(&mut store, |s| s.billing(through_client(actor), inc).map(drop), &error, &message);
        refused(&mut store, |s| s.set_payment_method(through_client(actor), inc, Some(visa())), &error, &message);
    }
    sound(&store);
}

#[test]
fn use_06_statements_are_for_admins_for_holders_of_billing_and_for_the_user() {
    let Sample {
        demo: Demo { mut store, operator, ada, joe, vera, jill, sam, max, acme, inc, .. },
        bill: holder,
        account,
    } = sample();
    let page = PageRequest::default();
    let gears = store.create_team_in(sam, account, team_name("gears")).unwrap();
    store.close_months(operator.at(days(40))).unwrap();
    let january = month("1970-01");
    let refusal = |actor| {
        let message = format!(
            "only admins, and holders of a role with `view-invoices`, can see the statements of team `{acme}`; {actor} is neither"
        );
        (Error::OnlyAdminsSeeStatements { actor, team: acme }, message)
    };
    let others = [joe, vera, jill, sam, holder];
    for at in ["1970-01", "1970-02", "1969-12"] {
        each_refused(&mut store, &others, |s, actor| s.statement(actor, acme, month(at)), refusal);
    }
    each_refused(&mut store, &others, |s, actor| s.statements(actor, acme, &page), refusal);
    let refusal = |actor| {
        let message = format!(
            "only holders of `billing` can see the statements of account `{account}`; {actor} does not hold it"
        );
        (Error::OnlyBillingSeesStatements { actor, account }, message)
    };
    let others = [ada, joe, max];
    each_refused(&mut store, &others, |s, actor| s.statement(actor, account, january), refusal);
    each_refused(&mut store, &others, |s, actor| s.statements(actor, account, &page), refusal);
    let user = id(joe);
    let refusal = |actor| {
        let message = format!("only user `{user}` can see their statements; {actor} cannot");
        (Error::OnlySelfSeesStatements { actor, user }, message)
    };
    each_refused(&mut store, &[ada, vera, holder], |s, actor| s.statement(actor, user, january), refusal);
    each_refused(&mut store, &[ada, vera, holder], |s, actor| s.statements(actor, user, &page), refusal);
    let refusal = |actor| {
        let message = format!(
            "only admins, and holders of a role with `view-invoices`, can see the statements of team `{gears}`; {actor} is neither"
        );
        (Error::OnlyAdminsSeeStatements { actor, team: gears }, message)
    };
    each_refused(&mut store, &[ada, joe], |s, by| s.statement_part(by, account, gears, january), refusal);

    let nobody = enterprise_teams::UserId::from_uuid(Uuid::from_u128(404));
    let (error, message) = (Error::TeamNotFound { team: NOWHERE }, format!("team `{NOWHERE}` does not exist"));
    let (no_user, no_user_message) = (Error::UserNotFound { user: nobody }, format!("user `{nobody}` does not exist"));
    for actor in [joe, operator] {
        refused(&mut store, |s| s.statement(actor, NOWHERE, january), &error, &message);
        refused(&mut store, |s| s.statements(actor, NOWHERE, &page), &error, &message);
        refused(&mut store, |s| s.statement_part(actor, account, NOWHERE, january), &error, &message);
        refused(&mut store, |s| s.statement(actor, nobody, january), &no_user, &no_user_message);
    }
    for (payer, actors) in [
        (Payer::Team(acme), [ada, operator, through_client(ada)]),
        (Payer::Account(account), [holder, operator, through_client(sam)]),
        (Payer::User(user), [joe, operator, through_client(joe)]),
    ] {
        for actor in actors {
            assert_eq!(store.statements(actor, payer, &page).unwrap().items.len(), 1, "{payer}");
            let statement = store.statement(actor, payer, january).unwrap();
            assert_eq!((statement.payer, statement.number, statement.month), (payer, 1, january));
        }
    }
    for actor in [sam, holder, operator] {
        assert_eq!(store.statement_part(actor, account, gears, january).unwrap().owner, gears.into());
    }
    store.set_oauth_access(ada, acme, OAuthAccess::Denied).unwrap();
    store.set_oauth_access(sam, gears, OAuthAccess::Denied).unwrap();
    for (team, payer, actors) in
        [(acme, Payer::Team(acme), [ada, joe]), (gears, Payer::Account(account), [sam, holder])]
    {
        let (error, message) =
            (Error::OAuthDenied { team }, format!("team `{team}` denies access to third-party clients"));
        for client in actors.map(through_client) {
            refused(&mut store, |s| s.statement(client, payer, january), &error, &message);
            refused(&mut store, |s| s.statements(client, payer, &page), &error, &message);
        }
    }
    let elsewhere = PageRequest::default().after("event:7".parse().unwrap());
    assert_eq!(store.statements(ada, acme, &elsewhere), Err(Error::CursorOfAnotherList {}));
    assert_eq!(store.statements(joe, inc, &elsewhere).unwrap_err().code(), "only-admins-see-statements");
    sound(&store);
}

#[test]
fn use_06_months_are_closed_by_what_is_recorded_later_and_by_the_operator() {
    let Demo { mut store, operator, ada, joe, acme, website, .. } = Demo::new().unwrap();
    scale(&mut store, joe, website, DynoSize::Standard1X, 1);
    let message = |actor| {
        let message = format!("only the platform operator can close months; {actor} cannot");
        (Error::OnlyOperatorClosesMonths { actor }, message)
    };
    each_refused(&mut store, &[ada.at(days(31)), joe], TeamStore::close_months, message);
    let (error, closed) = (Error::MonthsAlreadyClosed {}, "every month that is over is closed");
    let last_instant = days(31) - TimeDelta::nanoseconds(1);
    refused(&mut store, |s| s.close_months(operator.at(last_instant)), &error, closed);
    // To ask late does not close: something might yet be recorded earlier.
    let january = month("1970-01");
    assert_eq!(store.statement(ada.at(days(99)), acme, january).unwrap_err().code(), "no-statement");
    let before = store.clone();
    store.close_months(operator.at(days(31))).unwrap();
    assert_eq!(store.events().last().unwrap().event, Event::MonthsClosed {});
    assert_eq!(store.statement(ada, acme, january).unwrap().total, units(1_000_000));
    refused(&mut store, |s| s.close_months(operator.at(days(32))), &error, closed);
    // Anything else does as well, and closes every month before it.
    let mut other = before;
    other.lock_app(ada.at(days(70)), website).unwrap();
    assert_eq!(other.statements(ada, acme, &PageRequest::default()).unwrap().items.len(), 2);
    refused(&mut other, |s| s.close_months(operator.at(days(70))), &error, closed);
    sound(&store);
}

#[test]
fn use_06_a_closing_is_held_against_the_time_before_it() {
    let Demo { mut store, operator, .. } = Demo::new().unwrap();
    store.close_months(operator.at(days(31))).unwrap();
    // As the first event that is kept, before which the time is not known, it is taken.
    let mut drained = store.clone();
    drained.drain_events(1);
    let text = serde_json::to_string(&drained.snapshot()).unwrap();
    assert!(TeamStore::restore(serde_json::from_str(&text).unwrap()).unwrap() == drained);
    // Where the time is known, a month that was not over, or was closed already, is not closed.
    let mut again = store.events().last().unwrap().clone();
    again.seq += 1;
    for at in [days(31), days(32)] {
        again.at = at;
        let error = store.clone().follow(again.clone()).unwrap_err();
        assert_eq!(error, ReplayError::DoesNotFit { seq: again.seq });
    }
    again.at = days(59);
    store.follow(again).unwrap();
}

#[test]
fn use_06_a_statement_of_each_closed_month_numbered_from_the_first() {
    let Demo { mut store, operator, .. } = Demo::new().unwrap();
    let (born, tess) = (time("1970-03-20T15:00:00Z"), register(&mut store, "tess@acme.com"));
    let gears = NewTeam::standard(team_name("gears"), id(tess));
    let gears = store.provision_team(Actor::operator(born), gears).unwrap();
    let none = |store: &mut TeamStore, at: Month| {
        let error = Error::NoStatement { payer: gears.into(), month: at };
        let message = format!("team `{gears}` has no statement for {at}");
        refused(store, |s| s.statement(tess, gears, at), &error, &message);
    };
    let numbers = |store: &TeamStore, size| {
        let (mut numbers, mut request) = (Vec::new(), PageRequest::first(size).unwrap());
        loop {
            let page = store.statements(tess, gears, &request).unwrap();
            numbers.extend(page.items.iter().map(|statement| (statement.number, statement.month.to_string())));
            let Some(next) = page.next else { return numbers };
            request = PageRequest::first(size).unwrap().after(next);
        }
    };
    for at in ["1970-01", "1970-02", "1970-03", "1970-04", "9999-12", "0001-01"] {
        none(&mut store, month(at));
    }
    assert_eq!(numbers(&store, 5), []);
    store.close_months(operator.at(time("1970-04-01T00:00:00Z"))).unwrap();
    assert_eq!(numbers(&store, 5), [(1, "1970-03".to_owned())]);
    assert_eq!(store.statement(tess, gears, month("1970-03")).unwrap().total, Usage::ZERO);
    for at in ["1970-02", "1970-04", "1970-05"] {
        none(&mut store, month(at));
    }
    // The newest first, however they are paged; over a change of year.
    store.close_months(operator.at(time("1971-02-01T00:00:00Z"))).unwrap();
    let all = numbers(&store, 1000);
    assert_eq!((all.len(), &all[0], &all[10]), (11, &(11, "1971-01".to_owned()), &(1, "1970-03".to_owned())));
    for size in [1, 3, 11] {
        assert_eq!(numbers(&store, size), all);
    }
    assert_eq!(store.statement(tess, gears, month("1970-12")).unwrap().number, 10);
    none(&mut store, month("1971-02"));
    sound(&store);
}

#[test]
fn use_06_the_list_of_statements_ends() {
    let Demo { mut store, operator, ada, acme, .. } = Demo::new().unwrap();
    store.set_oauth_access(ada.at(DateTime::<Utc>::MAX_UTC), acme, OAuthAccess::Denied).unwrap();
    // From January 1970 to November of the last year: 12 x (262142 - 1970) + 11. A page costs
    // what it holds, or this takes very long.
    let (mut number, mut page) = (3_122_075, PageRequest::first(1).unwrap());
    let mut next = || {
        let found = store.statements(operator, acme, &page).unwrap();
        page = PageRequest::first(1).unwrap().after(found.next.expect("more"));
        (found.items[0].number, found.items[0].month.to_string())
    };
    for (year, month) in (0..250).flat_map(|year| (1..=12).rev().map(move |month| (262_142 - year, month))).skip(1) {
        assert_eq!(next(), (number, format!("{year}-{month:02}")));
        number -= 1;
    }
    let beyond = |cursor: &str| store.statements(operator, acme, &PageRequest::default().after(read(cursor))).unwrap();
    let numbers = |cursor| beyond(cursor).items.iter().map(|statement| statement.number).collect::<Vec<_>>();
    assert_eq!(numbers("number:4"), [3, 2, 1]);
    assert_eq!([numbers("number:1"), numbers("number:0")], [[0; 0]; 2]);
    assert_eq!([numbers("number:18446744073709551615")[0], numbers("number:3122076")[0]], [3_122_075; 2]);
}

#[test]
fn use_06_a_statement_is_the_exact_sum_of_its_lines_and_days() {
    let Demo { mut store, operator, ada, joe, acme, website, .. } = Demo::new().unwrap();
    let (nut, inside) = space_app(&mut store, ada.at(time("1970-01-03T07:11:13Z")), acme);
    let add_ons = [1, 7, 333, 99_999, u32::MAX].map(|price| {
        let service = "redis".parse().unwrap();
        store.install_add_on(ada.at(time("1970-01-05T05:05:05.5Z")), website, service, plan(price)).unwrap()
    });
    scale(&mut store, joe.at(time("1970-01-05T05:05:06Z")), website, DynoSize::Basic, 7);
    scale(&mut store, ada.at(time("1970-01-07T07:07:07Z")), inside, DynoSize::PrivateL, 13);
    scale(&mut store, joe.at(time("1970-01-29T17:17:17Z")), website, DynoSize::PerformanceL, 11);
    store.remove_add_on(ada.at(time("1970-02-02T02:02:02Z")), add_ons[2]).unwrap();
    store.delete_app(ada.at(time("1970-02-19T19:19:19Z")), inside, "kernel").unwrap();
    store.destroy_space(ada.at(time("1970-02-23T23:23:23Z")), nut, "nut").unwrap();
    store.close_months(operator.at(time("1970-04-01T00:00:00Z"))).unwrap();

    let statements = store.statements(ada, acme, &PageRequest::default()).unwrap().items;
    assert_eq!(statements.iter().map(|one| one.number).collect::<Vec<_>>(), [3, 2, 1]);
    let whole = store.usage(ada, acme, ever()).unwrap();
    assert_eq!(statements.iter().map(|one| one.total).sum::<Usage>(), whole.total());
    for Statement { month, parts, total, payer, .. } in statements {
        let [part] = &*parts else { panic!("{parts:?}") };
        assert_eq!((payer, part.owner, part.total), (acme.into(), acme.into(), total));
        let lines: BTreeMap<_, _> = part.lines.iter().map(|line| (line.used_by, line.used)).collect();
        let report = store.usage(ada, acme, Days::of(month)).unwrap();
        assert_eq!((report.total(), report.parts(), whole.months()[&month]), (total, lines.clone(), total));
        assert_eq!(lines.values().copied().sum::<Usage>(), total);
        assert_eq!(report.days().map(|(_, used)| used).sum::<Usage>(), total);
        assert_eq!(report.days().flat_map(|(day, _)| report.parts_of(day)).map(|(_, used)| used).sum::<Usage>(), total);
        let days = core::iter::successors(Some(month.first_day()), NaiveDate::succ_opt);
        let days = days.take_while(|day| Month::containing(*day) == month);
        let alone = days.map(|day| store.usage(ada, acme, Days { first: day, last: day }).unwrap().total());
        assert_eq!(alone.sum::<Usage>(), total);
    }
    // In March all runs that is left, in full: 11 performance-l; 1 + 7 + 99999 + 4294967295 cents.
    let march = store.statement(ada, acme, month("1970-03")).unwrap();
    let used = Usage { dyno_units: 176_000_000, add_ons: 4_295_067_302_000_000, spaces: 0 };
    assert_eq!(march.parts[0].lines, [StatementLine { used_by: UsagePart::App(website), used }]);
    assert_eq!(march.total, used);
    sound(&store);
}

/// B1, B2: the month of moving stands on two statements, one part on each; neither side sees what the other paid.
#[test]
fn use_06_the_month_of_moving_is_split_between_team_and_account() {
    let Sample { demo: Demo { mut store, operator, sam, max, inc, wave, .. }, account, bill: holder } = sample();
    scale(&mut store, max, wave, DynoSize::Standard1X, 1);
    store.move_team_in(sam.at(days(15)), inc, account).unwrap();
    store.request_team_move_out(sam.at(days(31 + 28 + 15)), inc).unwrap();
    store.move_team_out(operator.at(days(31 + 28 + 15)), inc).unwrap();
    store.close_months(operator.at(time("1970-04-01T00:00:00Z"))).unwrap();
    let total = |payer: Payer, actor, at| store.statement(actor, payer, month(at)).map(|one| (one.number, one.total));
    let (team, payer) = (Payer::Team(inc), Payer::Account(account));
    assert_eq!(total(team, sam, "1970-01"), Ok((1, units(500_000))));
    assert_eq!(total(payer, holder, "1970-01"), Ok((1, units(500_000))));
    assert_eq!(total(team, sam, "1970-02"), Err(Error::NoStatement { payer: team, month: month("1970-02") }));
    assert_eq!(total(payer, holder, "1970-02"), Ok((2, units(933_333))));
    assert_eq!(total(team, sam, "1970-03"), Ok((2, units(500_000))));
    assert_eq!(total(payer, holder, "1970-03"), Ok((3, units(500_000))));
    for at in ["1970-01", "1970-02", "1970-03"] {
        let parts = store.statement(holder, account, month(at)).unwrap().parts;
        assert_eq!(store.statement_part(sam, account, inc, month(at)).as_ref(), Ok(&parts[0]));
        assert_eq!(store.statement_part(holder, account, inc, month(at)).as_ref(), Ok(&parts[0]));
    }
    sound(&store);
}

/// B1
#[test]
fn use_06_the_last_month_of_a_deleted_team_closes_with_it() {
    let Demo { mut store, operator, sam, max, inc, wave, .. } = Demo::new().unwrap();
    scale(&mut store, max, wave, DynoSize::Standard1X, 1);
    store.delete_app(sam.at(days(3)), wave, "frozen-wave-4030").unwrap();
    store.delete_team(sam.at(days(6)), inc).unwrap();
    let january = month("1970-01");
    let statement = store.statement(operator, inc, january).unwrap();
    assert_eq!((statement.number, statement.total), (1, units(100_000)));
    assert_eq!(
        store.statements(operator, inc, &PageRequest::default()).unwrap().items,
        std::slice::from_ref(&statement)
    );
    assert_eq!(store.usage(operator, inc, ever()).unwrap().total(), units(100_000));
    let gone = Error::TeamNotFound { team: inc };
    assert_eq!(store.statement(sam, inc, january), Err(gone.clone()));
    assert_eq!(store.usage(sam, inc, ever()), Err(gone));
    store.close_months(operator.at(days(99))).unwrap();
    assert_eq!(store.statements(operator, inc, &PageRequest::default()).unwrap().items, [statement]);
    sound(&store);
}

/// B3
#[test]
fn use_02_users_see_the_use_of_their_personal_apps() {
    let Demo { mut store, operator, ada, joe, acme, .. } = Demo::new().unwrap();
    let user = id(joe);
    let mine = store.create_app(joe, NewApp::personal()).unwrap();
    scale(&mut store, joe, mine, DynoSize::Basic, 10);
    let refusal = |actor| {
        let message = format!("only user `{user}` can see the use of their personal apps; {actor} cannot");
        (Error::OnlySelfSeesUse { actor, user }, message)
    };
    each_refused(&mut store, &[ada, through_client(ada)], |s, actor| s.usage(actor, user, ever()), refusal);
    store.transfer_app(joe.at(days(3)), mine, acme).unwrap();
    for actor in [joe, operator, through_client(joe)] {
        let report = store.usage(actor.at(days(5)), user, ever()).unwrap();
        assert_eq!(report.total(), units(280_000));
        assert_eq!(report.days().count(), 3);
        assert_eq!(report.parts().keys().collect::<Vec<_>>(), [&UsagePart::App(mine)]);
    }
    store.close_months(operator.at(days(31))).unwrap();
    assert_eq!(store.statement(joe, user, month("1970-01")).unwrap().total, units(280_000));
    // What was used is still the operator's to see when the user is gone.
    store.delete_user(operator.at(days(70)), user).unwrap();
    assert_eq!(store.usage(operator, user, ever()).unwrap().total(), units(280_000));
    let numbers = |store: &TeamStore| {
        let statements = store.statements(operator, user, &PageRequest::default()).unwrap().items;
        statements.iter().map(|one| (one.number, one.total)).collect::<Vec<_>>()
    };
    let known = [(2, Usage::ZERO), (1, units(280_000))];
    assert_eq!(numbers(&store), known, "the month of March is open");
    store.close_months(operator.at(days(400))).unwrap();
    assert_eq!(numbers(&store), [&[(3, Usage::ZERO)][..], &known].concat());
    sound(&store);
}

#[test]
fn trf_05_each_second_of_a_transferred_app_has_one_payer() {
    let Demo { mut store, ada, sam, joe, acme, inc, website, .. } = Demo::new().unwrap();
    store.add_member(sam, inc, id(ada), TeamRole::Admin).unwrap();
    scale(&mut store, joe, website, DynoSize::PerformanceM, 1);
    store.install_add_on(ada, website, "redis".parse().unwrap(), plan(3_000)).unwrap();
    // Three days each with acme, inc and its admin, then six with acme.
    store.transfer_app(ada.at(days(3)), website, inc).unwrap();
    store.transfer_app(ada.at(days(6)), website, id(ada)).unwrap();
    store.transfer_app(ada.at(days(9)), website, acme).unwrap();
    store.delete_app(ada.at(days(15)), website, "acme-website").unwrap();
    let cents = |cents: u64| cents * 1_000_000;
    // 9 days of 30: 8 x 9 / 30 = 2.4 units, 900 cents; 3 days: 0.8 units, 300 cents.
    assert_eq!(used(&store, days(99), acme), Usage { dyno_units: 2_400_000, add_ons: cents(900), spaces: 0 });
    assert_eq!(used(&store, days(99), inc), Usage { dyno_units: 800_000, add_ons: cents(300), spaces: 0 });
    for (team, expected) in [(acme, [1, 2, 3, 10, 11, 12, 13, 14, 15].as_slice()), (inc, &[4, 5, 6])] {
        let report = store.usage(Actor::operator(days(99)), team, ever()).unwrap();
        let on: Vec<u32> = report.days().map(|(day, _)| day.day()).collect();
        assert_eq!(on, expected, "the day of the transfer is the new owner's, from midnight on");
    }
    sound(&store);
}

#[test]
fn trf_05_from_user_to_user_to_team_and_within_a_day() {
    let Demo { mut store, ada, joe, acme, .. } = Demo::new().unwrap();
    let mine = store.create_app(joe, NewApp::personal()).unwrap();
    store.add_collaborator(joe, mine, id(ada)).unwrap();
    scale(&mut store, joe, mine, DynoSize::Standard1X, 720);
    let transfer = store.request_app_transfer(joe, mine, id(ada)).unwrap();
    let hour = |hour| noon() + TimeDelta::hours(hour);
    store.accept_app_transfer(ada.at(hour(5)), transfer).unwrap();
    store.transfer_app(ada.at(hour(7)), mine, acme).unwrap();
    store.transfer_app(ada.at(hour(10)), mine, id(joe)).unwrap();
    store.transfer_app(joe.at(hour(20)), mine, acme).unwrap();
    // 720 dynos use a unit an hour: from seven to ten, and from twenty on. Nobody asks about an earlier time than the last.
    assert_eq!(used(&store, hour(9), acme), units(3_000_000));
    assert_eq!(used(&store, hour(24), acme), units(7_000_000));
    sound(&store);
}

#[test]
fn trf_06_eco_dynos_are_standard_from_the_transfer_on() {
    for team in ["acme", "inc"] {
        let Demo { mut store, joe, max, acme, inc, .. } = Demo::new().unwrap();
        let (owner, team) = if team == "acme" { (joe, acme) } else { (max, inc) };
        let mine = store.create_app(owner, NewApp::personal()).unwrap();
        scale(&mut store, owner, mine, DynoSize::Eco, 2);
        let before = store.clone();
        let mut taken_back = store.begin();
        taken_back.transfer_app(owner.at(days(3)), mine, team).unwrap();
        taken_back.roll_back();
        assert!(store == before);
        assert_eq!(used(&store, days(6), team), Usage::ZERO);
        store.transfer_app(owner.at(days(3)), mine, team).unwrap();
        // 2 standard-1x for three days of thirty; what eco used before is the user's.
        assert_eq!(used(&store, days(6), team), units(200_000));
        assert_eq!(store.current_use(Actor::operator(days(6)), team).unwrap().dyno_units.used, 2_000_000);
        sound(&store);
    }
}

#[test]
fn trf_10_add_ons_come_along_and_are_the_new_owners_to_pay() {
    let Demo { mut store, ada, sam, acme, inc, website, .. } = Demo::new().unwrap();
    store.add_member(sam, inc, id(ada), TeamRole::Member).unwrap();
    store.set_add_on_controls(sam, inc, AddOnControls::On).unwrap();
    let redis = store.install_add_on(ada, website, "redis".parse().unwrap(), plan(3_000)).unwrap();
    let already = Error::AlreadyOwner { app: website, owner: acme.into() };
    let message = format!("team `{acme}` already owns app `{website}`");
    refused(&mut store, |s| s.transfer_app(ada, website, acme), &already, &message);
    store.transfer_app(ada.at(days(10)), website, inc).unwrap();
    let exceptions = store.add_on_exceptions(sam, inc).unwrap();
    assert_eq!(exceptions.iter().map(|one| one.id()).collect::<Vec<_>>(), [redis]);
    store.change_add_on_plan(sam.at(days(15)), redis, plan(9_000)).unwrap();
    store.remove_add_on(sam.at(days(17)), redis).unwrap();
    // Ten days of 3000: 1000; five of 3000 and two of 9000: 500 + 600.
    assert_eq!(used(&store, days(99), acme).add_ons, 1_000_000_000);
    assert_eq!(used(&store, days(99), inc).add_ons, 1_100_000_000);
    sound(&store);
}

#[test]
fn res_02_each_plan_costs_while_it_runs() {
    let Demo { mut store, ada, acme, website, .. } = Demo::new().unwrap();
    let redis = store.install_add_on(ada, website, "redis".parse().unwrap(), plan(3_000)).unwrap();
    for (day, price) in [(10, 9_000), (15, 0), (20, 6_000)] {
        store.change_add_on_plan(ada.at(days(day)), redis, plan(price)).unwrap();
    }
    store.remove_add_on(ada.at(days(23)), redis).unwrap();
    // 3000 x 10 / 30 + 9000 x 5 / 30 + 0 + 6000 x 3 / 30 = 1000 + 1500 + 600.
    assert_eq!(used(&store, days(99), acme), Usage { add_ons: 3_100_000_000, ..Usage::ZERO });
    let report = store.usage(ada.at(days(99)), acme, ever()).unwrap();
    let by_day: Vec<u64> = report.days().map(|(_, used)| used.add_ons / 1_000_000).collect();
    assert_eq!(by_day, [[100; 10].as_slice(), &[300; 5], &[200; 3]].concat());
    sound(&store);
}

#[test]
fn app_07_deletion_ends_the_cost_at_that_instant() {
    let Demo { mut store, ada, acme, website, .. } = Demo::new().unwrap();
    let (nut, inside) = space_app(&mut store, ada, acme);
    scale(&mut store, ada, website, DynoSize::Standard1X, 720);
    scale(&mut store, ada, inside, DynoSize::PrivateS, 144);
    store.install_add_on(ada, website, "redis".parse().unwrap(), plan(72_000)).unwrap();
    let hour = |hour| noon() + TimeDelta::hours(hour);
    let before = store.clone();
    let mut taken_back = store.begin();
    taken_back.delete_app(ada.at(hour(5)), website, "acme-website").unwrap();
    taken_back.delete_app(ada.at(hour(5)), inside, "kernel").unwrap();
    taken_back.destroy_space(ada.at(hour(5)), nut, "nut").unwrap();
    taken_back.roll_back();
    assert!(store == before);
    assert_eq!(
        used(&store, hour(720), acme),
        Usage { dyno_units: 1_440_000_000, add_ons: 72_000_000_000, spaces: 100_000_000_000 }
    );

    store.delete_app(ada.at(hour(30)), website, "acme-website").unwrap();
    store.delete_app(ada.at(hour(31)), inside, "kernel").unwrap();
    store.destroy_space(ada.at(hour(72)), nut, "nut").unwrap();
    // A unit an hour each for 30 and 31 hours; 100 cents an hour for 30; a tenth of the month.
    let all = Usage { dyno_units: 61_000_000, add_ons: 3_000_000_000, spaces: 10_000_000_000 };
    for until in [hour(72), hour(73), days(31), days(1000)] {
        assert_eq!(used(&store, until, acme), all);
    }
    let again = store.create_app(ada.at(hour(80)), NewApp::in_team(acme).named(app_name("acme-website"))).unwrap();
    let mut later = store.clone();
    later.close_months(Actor::operator(days(31))).unwrap();
    let lines = later.statement(ada, acme, month("1970-01")).unwrap().parts.remove(0).lines;
    assert_eq!(lines.len(), 3, "what is gone is still on the bill");
    assert!(lines.iter().all(|line| line.used_by != UsagePart::App(again)));
    assert_eq!(used(&store, days(1000), acme), all);
    sound(&store);
}

struct Sample {
    demo: Demo,
    /// Holds billing in the account, and is in no team.
    bill: Actor,
    account: AccountId,
}

/// The account opened for sam, who is admin of the Standard team.
fn sample() -> Sample {
    let mut demo = Demo::new().unwrap();
    let bill = register(&mut demo.store, "bill@acme.com");
    let account = demo.store.open_account(demo.operator, "acme".parse().unwrap(), id(demo.sam)).unwrap();
    let billing = AccountPermissionSet::of(&[AccountPermission::Billing]);
    demo.store.add_account_member(demo.sam, account, id(bill), billing).unwrap();
    Sample { demo, bill, account }
}

#[test]
fn ent_02_the_use_of_all_teams_is_for_holders_of_billing() {
    let Sample {
        demo: Demo { mut store, operator, ada, joe, jill, sam, max, acme, inc, wave, .. },
        bill: holder,
        account,
    } = sample();
    let all_but = AccountPermissionSet::of(&[AccountPermission::Create, AccountPermission::Manage]);
    store.add_account_member(sam, account, id(joe), all_but).unwrap();
    scale(&mut store, max, wave, DynoSize::Standard1X, 1);
    store.move_team_in(sam, inc, account).unwrap();
    store.set_member_role(sam, inc, id(max), TeamRole::Admin).unwrap();
    each_refused(
        &mut store,
        &[joe, max, ada, jill],
        |s, actor| s.account_usage(actor, account, ever()),
        |actor| {
            let message =
                format!("only holders of `billing` can see the use of account `{account}`; {actor} does not hold it");
            (Error::OnlyBillingSeesAccountUse { actor, account }, message)
        },
    );
    let nowhere = AccountId::from_uuid(Uuid::from_u128(404));
    let (error, message) = (Error::AccountNotFound { account: nowhere }, format!("account `{nowhere}` does not exist"));
    refused(&mut store, |s| s.account_usage(joe, nowhere, ever()), &error, &message);
    let backwards = Days { first: ever().last, last: ever().first };
    let (error, message) =
        (Error::RangeInvalid { days: -1_096, max: 1_098 }, "a range covers 1 to 1098 days, not -1096".to_owned());
    refused(&mut store, |s| s.account_usage(holder, account, backwards), &error, &message);
    for actor in [holder, sam, operator, through_client(holder)] {
        let actor = actor.at(days(3));
        let reports = store.account_usage(actor, account, ever()).unwrap();
        assert_eq!(reports.keys().collect::<Vec<_>>(), [&inc]);
        assert_eq!(reports[&inc].total(), units(100_000));
        assert_eq!(store.usage(actor, inc, ever()).unwrap(), reports[&inc]);
    }
    // In no team: the holder sees what the account's teams use, and nothing of another team.
    assert_eq!(store.usage(holder.at(days(31)), inc, ever()).unwrap().total(), units(1_000_000));
    assert_eq!(store.usage(holder, acme, ever()).unwrap_err().code(), "only-admins-see-past-use");
    assert_eq!(store.set_payment_method(holder, inc, Some(visa())).unwrap_err().code(), "only-admins-manage-billing");
    // A team that shuts out third-party clients is shut for the holder's too (SEC-1).
    store.set_oauth_access(sam, inc, OAuthAccess::Denied).unwrap();
    let client = through_client(holder).at(days(3));
    assert_eq!(store.account_usage(client, account, ever()), Ok(BTreeMap::new()));
    assert_eq!(store.usage(client, inc, ever()), Err(Error::OAuthDenied { team: inc }));
    assert_eq!(bill(&store, days(3), account), BTreeMap::from([(inc, units(100_000))]));
    // With the permission goes the sight.
    store.set_account_permissions(sam, account, id(holder), AccountPermissionSet::VIEW).unwrap();
    assert_eq!(store.account_usage(holder, account, ever()).unwrap_err().code(), "only-billing-sees-account-use");
    assert_eq!(store.usage(holder, inc, ever()).unwrap_err().code(), "only-admins-see-past-use");
    sound(&store);
}

#[test]
fn ent_04_billing_moves_to_the_account_with_the_team() {
    let Sample { demo: Demo { mut store, sam, max, inc, wave, .. }, account, .. } = sample();
    store.set_payment_method(sam, inc, Some(visa())).unwrap();
    scale(&mut store, max, wave, DynoSize::Standard1X, 1);
    let before = store.clone();
    let mut taken_back = store.begin();
    taken_back.move_team_in(sam.at(days(3)), inc, account).unwrap();
    taken_back.roll_back();
    assert!(store == before);
    assert_eq!(store.billing(sam, inc), Ok(Billing::PaymentMethod(Some(&visa()))));
    assert_eq!(bill(&store, days(31), account), BTreeMap::new());
    store.move_team_in(sam.at(days(3)), inc, account).unwrap();
    assert_eq!(store.billing(sam, inc), Ok(Billing::Credits(Some(account))));
    let message = format!("team `{inc}` is an Enterprise Team, which has no payment method of its own");
    let error = Error::PaymentOfEnterpriseTeam { team: inc };
    refused(&mut store, |s| s.set_payment_method(sam, inc, Some(visa())), &error, &message);
    // Nine of the first twelve days.
    assert_eq!(bill(&store, days(12), account), BTreeMap::from([(inc, units(300_000))]));
    assert_eq!(used(&store, days(12), inc), units(400_000));
    sound(&store);
}

#[test]
fn ent_05_an_account_pays_for_the_time_that_a_team_is_in_it() {
    let Sample { demo: Demo { mut store, operator, sam, max, inc, wave, .. }, account, bill: holder } = sample();
    scale(&mut store, max, wave, DynoSize::Standard1X, 1);
    for (from, until) in [(3, 9), (15, 18)] {
        store.move_team_in(sam.at(days(from)), inc, account).unwrap();
        store.request_team_move_out(sam, inc).unwrap();
        store.move_team_out(operator.at(days(until)), inc).unwrap();
        assert_eq!(
            store.billing(sam, inc),
            Ok(Billing::PaymentMethod(None)),
            "in no account, and how it pays is asked again"
        );
    }
    // In and out at one instant is no time at all.
    store.move_team_in(sam, inc, account).unwrap();
    store.request_team_move_out(sam, inc).unwrap();
    store.move_team_out(operator, inc).unwrap();
    // Six days and three, of thirty; the team has used them all.
    let expected = BTreeMap::from([(inc, units(300_000))]);
    assert_eq!(bill(&store, days(30), account), expected);
    assert_eq!(used(&store, days(30), inc), units(1_000_000));
    let report = &store.account_usage(holder.at(days(30)), account, ever()).unwrap()[&inc];
    let on: Vec<u32> = report.days().map(|(day, _)| day.day()).collect();
    assert_eq!(on, [4, 5, 6, 7, 8, 9, 16, 17, 18]);
    assert_eq!(store.usage(holder, inc, ever()).unwrap_err().code(), "only-admins-see-past-use", "out is out");

    // What is gone stays on the account's bill: an app, and the team.
    store.move_team_in(sam.at(days(40)), inc, account).unwrap();
    store.delete_app(sam.at(days(43)), wave, "frozen-wave-4030").unwrap();
    store.delete_team(sam.at(days(50)), inc).unwrap();
    assert_eq!(bill(&store, days(99), account), BTreeMap::from([(inc, units(400_000))]));
    let (error, message) = (Error::TeamNotFound { team: inc }, format!("team `{inc}` does not exist"));
    refused(&mut store, |s| s.usage(sam, inc, ever()), &error, &message);
    sound(&store);
}

#[test]
fn ent_05_spaces_and_other_accounts_have_bills_of_their_own() {
    let Sample { demo: Demo { mut store, operator, sam, inc, ada, wave, .. }, account, .. } = sample();
    let other = store.open_account(operator, "other".parse().unwrap(), id(sam)).unwrap();
    let [one, two] = ["gears", "wheels"].map(|name| store.create_team_in(sam, account, team_name(name)).unwrap());
    let (nut, inside) = space_app(&mut store, sam, one);
    scale(&mut store, sam, inside, DynoSize::PrivateS, 6);
    scale(&mut store, sam, wave, DynoSize::Standard1X, 30);
    store.transfer_space(sam.at(days(6)), nut, two).unwrap();
    for (place, from, until) in [(account, 6, 7), (other, 8, 10), (account, 10, 13)] {
        store.move_team_in(sam.at(days(from)), inc, place).unwrap();
        store.request_team_move_out(sam, inc).unwrap();
        store.move_team_out(operator.at(days(until)), inc).unwrap();
    }
    let space = |days: u64| Usage { dyno_units: days * 1_000_000, add_ons: 0, spaces: days * 10_000_000_000 / 3 };
    // A private-s is 5 units: six of them use one a day. The space costs a thirtieth a day.
    let expected = BTreeMap::from([(one, space(6)), (two, space(9)), (inc, units(4_000_000))]);
    assert_eq!(bill(&store, days(15), account), expected, "one day and three");
    assert_eq!(bill(&store, days(15), other), BTreeMap::from([(inc, units(2_000_000))]));
    assert_eq!(used(&store, days(15), inc), units(15_000_000));
    assert_eq!(store.account_usage(ada, account, ever()).unwrap_err().code(), "only-billing-sees-account-use");
    sound(&store);
}
