//! USE-1, USE-2, USE-4, USE-5, STD-6, SPC-4: what is used now and what was, to the second. USE-3 and USE-6 are in `billing`.
//! The first day is a Thursday, the first of January 1970.

use core::slice::from_ref;

use enterprise_teams::chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use enterprise_teams::demo::Demo;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    Actor, AppId, Error, NewApp, NewSpace, SpaceId, TeamId, TeamRole, TeamStore,
    entity::{Days, DynoSize, Limits, Month, OAuthAccess, Plan, Shield, Usage},
    names::{ParseProblem, ParseTarget, ProcessType},
    query::{CurrentUse, UsagePart, Used},
};

use crate::support::{app_name, days, each_refused, email, id, malformed, noon, read, refused, sound, through_client};

const NOWHERE: TeamId = TeamId::from_uuid(Uuid::from_u128(404));

/// So many seconds after the start.
fn seconds(seconds: i64) -> DateTime<Utc> {
    noon() + TimeDelta::seconds(seconds)
}

fn hours(hours: i64) -> DateTime<Utc> {
    seconds(hours * 3600)
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

pub(crate) fn month(text: &str) -> Month {
    text.parse().expect("a month")
}

/// Everything from the first day on, as far as one report goes.
pub(crate) fn ever() -> Days {
    Days { first: day("1970-01-01"), last: day("1973-01-02") }
}

pub(crate) fn plan(price: u32) -> Plan {
    Plan { name: "plan".parse().expect("a plan"), price }
}

/// What the team has used in all, up to a time, as its admin sees it.
#[track_caller]
fn used(store: &TeamStore, admin: Actor, until: DateTime<Utc>, team: TeamId) -> Usage {
    store.usage(admin.at(until), team, ever()).unwrap().total()
}

#[track_caller]
fn units(store: &TeamStore, admin: Actor, until: DateTime<Utc>, team: TeamId) -> u64 {
    let used = used(store, admin, until, team);
    assert_eq!((used.add_ons, used.spaces), (0, 0));
    used.dyno_units
}

#[track_caller]
pub(crate) fn scale(store: &mut TeamStore, actor: Actor, app: AppId, size: DynoSize, quantity: u16) {
    store.scale_app(actor, app, "web".parse().unwrap(), size, quantity).unwrap();
}

#[track_caller]
fn space(store: &mut TeamStore, admin: Actor, team: TeamId, name: &str) -> SpaceId {
    store.create_space(admin, NewSpace::new(team, name.parse().unwrap())).unwrap()
}

#[test]
fn use_01_admins_see_what_is_used_against_the_limits() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, max, acme, website, .. } = Demo::new().unwrap();
    let refusal = |actor| {
        let message = format!(
            "only admins, and holders of a role with `view-usage`, can see the current use of team `{acme}`; {actor} is neither"
        );
        (Error::OnlyAdminsSeeCurrentUse { actor, team: acme }, message)
    };
    each_refused(&mut store, &[joe, vera, jill, sam, max], |s, actor| s.current_use(actor, acme), refusal);
    let (error, message) = (Error::TeamNotFound { team: NOWHERE }, format!("team `{NOWHERE}` does not exist"));
    refused(&mut store, |s| s.current_use(joe, NOWHERE), &error, &message);
    let of = |used, limit| Used { used, limit };
    let empty = CurrentUse {
        apps: of(1, None),
        members: of(3, Some(500)),
        spaces: of(0, None),
        dyno_units: of(0, None),
        add_on_credits: of(0, None),
    };
    assert_eq!(store.current_use(ada, acme), Ok(empty));

    let (dyno_units, add_on_credits) = (Some(20), Some(500_000));
    let limits =
        Limits { members: 9, apps: Some(4), spaces: Some(2), dyno_units, add_on_credits, ..Limits::ENTERPRISE };
    store.set_team_limits(operator, acme, limits).unwrap();
    store.invite_member(ada, acme, email("zoe@acme.com"), TeamRole::Viewer).unwrap();
    scale(&mut store, joe, website, DynoSize::Basic, 2);
    store.scale_app(joe, website, "worker".parse().unwrap(), DynoSize::PerformanceM, 3).unwrap();
    store.install_add_on(ada, website, "redis".parse().unwrap(), plan(1_250)).unwrap();
    store.install_add_on(ada, website, "redis".parse().unwrap(), plan(0)).unwrap();
    let nut = space(&mut store, ada, acme, "nut");
    let shielded = NewSpace::new(acme, "shell".parse().unwrap()).shielded();
    store.create_space(ada, shielded).unwrap();
    let inside = store.create_app(ada, NewApp::in_space(nut).named(app_name("kernel"))).unwrap();
    scale(&mut store, ada, inside, DynoSize::PrivateM, 1);
    let full = CurrentUse {
        apps: of(2, Some(4)),
        members: of(4, Some(9)),
        spaces: of(2, Some(2)),
        // 2 x 0.28 + 3 x 8 + 10.
        dyno_units: of(34_560_000, Some(20_000_000)),
        // 12.50 and two spaces of 1000 and 3000 dollars.
        add_on_credits: of(401_250, Some(500_000)),
    };
    for actor in [ada, operator, through_client(ada)] {
        assert_eq!(store.current_use(actor, acme), Ok(full));
    }
    // After thirty days the invitation is none any more; what costs is the same on every day.
    assert_eq!(store.current_use(ada.at(days(29)), acme), Ok(full));
    assert_eq!(store.current_use(ada.at(days(31)), acme), Ok(CurrentUse { members: of(3, Some(9)), ..full }));
    store.delete_app(ada, inside, "kernel").unwrap();
    store.destroy_space(ada, nut, "nut").unwrap();
    store.delete_app(ada, website, "acme-website").unwrap();
    let left = store.current_use(ada, acme).unwrap();
    assert_eq!((left.apps.used, left.spaces.used), (0, 1));
    assert_eq!((left.dyno_units.used, left.add_on_credits.used), (0, 300_000));
    store.set_oauth_access(ada, acme, OAuthAccess::Denied).unwrap();
    let (error, message) =
        (Error::OAuthDenied { team: acme }, format!("team `{acme}` denies access to third-party clients"));
    for actor in [ada, joe, sam] {
        refused(&mut store, |s| s.current_use(through_client(actor), acme), &error, &message);
        refused(&mut store, |s| s.usage(through_client(actor), acme, ever()), &error, &message);
    }
    sound(&store);
}

#[test]
fn use_02_past_use_is_for_admins_over_a_range_of_days() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, max, acme, website, .. } = Demo::new().unwrap();
    let backwards = Days { first: day("1970-01-02"), last: day("1970-01-01") };
    let refusal = |actor| {
        let message = format!(
            "only admins, and holders of a role with `view-usage`, can see the past use of team `{acme}`; {actor} is neither"
        );
        (Error::OnlyAdminsSeePastUse { actor, team: acme }, message)
    };
    for range in [ever(), backwards] {
        each_refused(&mut store, &[joe, vera, jill, sam, max], |s, actor| s.usage(actor, acme, range), refusal);
    }
    let (error, message) = (Error::TeamNotFound { team: NOWHERE }, format!("team `{NOWHERE}` does not exist"));
    refused(&mut store, |s| s.usage(joe, NOWHERE, backwards), &error, &message);

    // One standard-2x from noon of the second day to six in the evening of the fourth: 12, 24 and 18 hours.
    scale(&mut store, joe.at(hours(36)), website, DynoSize::Standard2X, 1);
    scale(&mut store, joe.at(hours(90)), website, DynoSize::Standard2X, 0);
    let later = ada.at(days(2000));
    let report = |first: &str, last: &str| {
        let report = store.usage(later, acme, Days { first: day(first), last: day(last) }).unwrap();
        report.days().map(|(day, used)| (day.to_string(), used.dyno_units)).collect::<Vec<_>>()
    };
    // 2 x 12 / 720 = 0.033333; 2 x 36 / 720 = 0.1; 2 x 54 / 720 = 0.15.
    let [second, third, fourth] = [("1970-01-02", 33_333), ("1970-01-03", 66_667), ("1970-01-04", 50_000)]
        .map(|(day, units)| (day.to_owned(), units));
    assert_eq!(report("1970-01-01", "1970-01-31"), [second.clone(), third.clone(), fourth.clone()]);
    assert_eq!(report("1970-01-02", "1970-01-02"), from_ref(&second));
    assert_eq!(report("1970-01-03", "1970-01-03"), from_ref(&third));
    assert_eq!(report("1970-01-03", "1972-12-31"), [third.clone(), fourth.clone()]);
    assert_eq!(report("1967-01-03", "1970-01-03"), [second, third]);
    for (first, last) in [
        ("1970-01-01", "1970-01-01"),
        ("1970-01-05", "1970-01-05"),
        ("1967-01-01", "1969-12-31"),
        ("2026-01-01", "2028-12-31"),
        ("-262143-01-01", "-262143-01-01"),
        ("+262142-12-31", "+262142-12-31"),
    ] {
        assert_eq!(report(first, last), [], "{first}");
    }
    for (first, last, count) in [
        ("1970-01-02", "1970-01-01", 0),
        ("1970-01-03", "1970-01-01", -1),
        ("1970-01-01", "1973-01-03", 1_099),
        // A leap year and three others are 1461 days; and one more.
        ("1972-01-01", "1976-01-01", 1_462),
    ] {
        let error = Error::RangeInvalid { days: count, max: 1_098 };
        let range = Days { first: day(first), last: day(last) };
        for actor in [later, operator] {
            let message = format!("a range covers 1 to 1098 days, not {count}");
            refused(&mut store.clone(), |s| s.usage(actor, acme, range), &error, &message);
        }
    }
    // Three years of 366 days.
    assert_eq!(ever().count(), 1_098);
    assert_eq!(units(&store, operator, days(2000), acme), 150_000);
    let widest = Days { first: NaiveDate::MIN, last: NaiveDate::MAX };
    assert_eq!(store.usage(later, acme, widest).unwrap_err().code(), "range-invalid");
    sound(&store);
}

#[test]
fn use_02_the_present_day_counts_up_to_now() {
    let Demo { mut store, ada, joe, acme, website, .. } = Demo::new().unwrap();
    scale(&mut store, joe.at(hours(24)), website, DynoSize::Standard1X, 72);
    // 72 dynos: a tenth of a unit an hour.
    for (now, expected) in [(24, 0), (25, 100_000), (48, 2_400_000), (49, 2_500_000)] {
        assert_eq!(units(&store, ada, hours(now), acme), expected);
    }
    assert_eq!(units(&store, ada, seconds(25 * 3600 + 1), acme), 100_027, "72 / 2592000 = 0.0000277 a second");
    // Nobody asks about a time before the last event.
    assert_eq!(units(&store, ada, hours(3), acme), 0);
    store.lock_app(ada.at(hours(30)), website).unwrap();
    assert_eq!(units(&store, ada, hours(3), acme), 600_000);
}

#[test]
fn use_02_scaling_within_a_day_counts_hour_by_hour() {
    let Demo { mut store, ada, joe, acme, website, .. } = Demo::new().unwrap();
    for (hour, quantity) in [(0, 1), (6, 10), (8, 2), (24, 0)] {
        scale(&mut store, joe.at(hours(hour)), website, DynoSize::Standard1X, quantity);
    }
    // 6 x 1 + 2 x 10 + 16 x 2 = 58 dyno hours of 720.
    assert_eq!(units(&store, ada, days(40), acme), 80_555);
    // Another process type, sized up: 12 hours of basic, 12 of performance-m: (12 x 0.28 + 12 x 8) / 720 = 0.138.
    let clock = "clock".parse().unwrap();
    store.scale_app(joe.at(hours(24)), website, clock, DynoSize::Basic, 1).unwrap();
    store.scale_app(joe.at(hours(36)), website, clock, DynoSize::PerformanceM, 1).unwrap();
    store.scale_app(joe.at(hours(48)), website, clock, DynoSize::PerformanceM, 0).unwrap();
    assert_eq!(units(&store, ada, days(40), acme), 80_555 + 138_000);
    let report = store.usage(ada.at(days(40)), acme, ever()).unwrap();
    let all = Usage { dyno_units: 218_555, ..Usage::ZERO };
    assert_eq!(report.parts().into_iter().collect::<Vec<_>>(), [(UsagePart::App(website), all)]);
    assert_eq!(report.months().into_iter().collect::<Vec<_>>(), [(month("1970-01"), all)]);
    sound(&store);
}

#[test]
fn use_02_events_of_one_second_cost_nothing_and_lose_nothing() {
    let Demo { mut store, ada, joe, sam, acme, inc, website, .. } = Demo::new().unwrap();
    store.add_member(sam, inc, id(ada), TeamRole::Admin).unwrap();
    let millis = |at: i64| noon() + TimeDelta::milliseconds(at);
    // 72 standard-1x, a tenth of a unit an hour; within the second after the first hour, much.
    scale(&mut store, joe, website, DynoSize::Standard1X, 72);
    for (at, size, quantity) in
        [(0, DynoSize::PerformanceL, 65_535), (0, DynoSize::Basic, 1), (999, DynoSize::Standard1X, 72)]
    {
        scale(&mut store, joe.at(millis(3_600_000 + at)), website, size, quantity);
    }
    let gone =
        store.install_add_on(ada.at(millis(3_601_000)), website, "redis".parse().unwrap(), plan(u32::MAX)).unwrap();
    store.remove_add_on(ada.at(millis(3_601_000)), gone).unwrap();
    for to in [inc, acme, inc, acme] {
        store.transfer_app(ada.at(millis(7_200_000)), website, to).unwrap();
    }
    store.transfer_app(ada.at(millis(10_800_000)), website, inc).unwrap();
    let end = ada.at(hours(5));
    // Of the second after the first hour: one basic dyno instead of 72 standard ones, or those, but nothing else.
    let [ours, theirs] = [acme, inc].map(|team| store.usage(end, team, ever()).unwrap().total());
    assert_eq!((ours.add_ons, theirs), (0, Usage { dyno_units: 200_000, ..Usage::ZERO }));
    assert!((299_972..=300_000).contains(&ours.dyno_units), "{ours:?}");
    sound(&store);
}

#[test]
fn use_02_parts_of_seconds_add_up() {
    let Demo { mut store, ada, sam, acme, inc, website, .. } = Demo::new().unwrap();
    store.add_member(sam, inc, id(ada), TeamRole::Admin).unwrap();
    let millis = |at: i64| noon() + TimeDelta::milliseconds(at);
    // 720 standard-2x run for an hour and a half second more or less, wherever they are: 2 units.
    scale(&mut store, ada.at(millis(500)), website, DynoSize::Standard2X, 720);
    for (step, to) in [inc, acme].into_iter().cycle().take(100).enumerate() {
        let step = i64::try_from(step).unwrap();
        store.transfer_app(ada.at(millis(900 + step * 333)), website, to).unwrap();
    }
    scale(&mut store, ada.at(millis(3_600_500)), website, DynoSize::Standard2X, 0);
    let [ours, theirs] = [acme, inc].map(|team| units(&store, ada, hours(9), team));
    assert_eq!(ours + theirs, 2_000_000);
    assert!(theirs > 8_000 && theirs < 10_500, "half of 33 seconds of 3600: {theirs}");
    // A half second before midnight belongs to one of the two days, and to one only.
    scale(&mut store, ada.at(millis(86_399_500)), website, DynoSize::Standard2X, 720);
    scale(&mut store, ada.at(millis(86_400_500)), website, DynoSize::Standard2X, 0);
    let report = store.usage(ada.at(days(3)), acme, ever()).unwrap();
    assert_eq!(report.total().dyno_units, ours + 555, "one second more: 1440 / 2592000");
    assert_eq!(report.days().map(|(_, used)| used).sum::<Usage>(), report.total());
    sound(&store);
}

/// A clock that was far off costs what another costs, and the months in between are found.
#[test]
fn use_02_what_runs_to_the_end_of_the_calendar_is_stopped_like_anything_else() {
    let Demo { mut store, ada, acme, website, .. } = Demo::new().unwrap();
    let processes: Vec<ProcessType> = (0..50).map(|number| read(&format!("worker{number}"))).collect();
    let last = ada.at(DateTime::<Utc>::MAX_UTC);
    let before = store.clone();
    let mut tx = store.begin();
    for process in &processes {
        tx.scale_app(ada, website, *process, DynoSize::Standard1X, 1).unwrap();
    }
    for process in &processes {
        tx.scale_app(last, website, *process, DynoSize::Standard1X, 0).unwrap();
    }
    for first in ["1970-01-01", "2024-11-01", "9999-12-01", "+262142-11-01"] {
        let month = Month::containing(day(first));
        let used = tx.usage(last, acme, Days::of(month)).unwrap();
        assert_eq!(used.parts().keys().collect::<Vec<_>>(), [&UsagePart::App(website)]);
        assert_eq!(used.total().dyno_units, 50 * 1_000_000, "{month}");
    }
    assert_eq!(tx.check_invariants(), []);
    tx.roll_back();
    assert!(store == before);
}

#[test]
fn use_04_dyno_units_of_a_month() {
    let thousandths = [200, 280, 1_000, 2_000, 8_000, 16_000, 5_000, 10_000, 20_000, 5_000, 10_000, 20_000];
    for (size, expected) in DynoSize::ALL.iter().zip(thousandths) {
        assert_eq!(size.micro_units(), expected * 1_000, "{size}");
        let Demo { mut store, ada, acme, .. } = Demo::new().unwrap();
        let nut = space(&mut store, ada, acme, "nut");
        let shell = store.create_space(ada, NewSpace::new(acme, read("shell")).shielded()).unwrap();
        let app = match size {
            DynoSize::Eco => continue,
            size if size.runs_in(None) => NewApp::in_team(acme),
            size if size.runs_in(Some(Shield::On)) => NewApp::in_space(shell),
            _ => NewApp::in_space(nut),
        };
        let app = store.create_app(ada, app).unwrap();
        scale(&mut store, ada, app, *size, 3);
        // Three, for a third of 720 hours: as much as one in a month.
        scale(&mut store, ada.at(hours(240)), app, *size, 0);
        let report = store.usage(ada.at(days(40)), acme, ever()).unwrap();
        assert_eq!(report.parts()[&UsagePart::App(app)], Usage { dyno_units: expected * 1_000, ..Usage::ZERO });
    }
}

#[test]
fn use_05_a_month_is_that_of_the_calendar_and_spread_over_720_hours() {
    let Demo { mut store, ada, joe, acme, website, .. } = Demo::new().unwrap();
    scale(&mut store, joe, website, DynoSize::Standard1X, 3);
    store.install_add_on(ada, website, "redis".parse().unwrap(), plan(999)).unwrap();
    let months = |now| store.usage(now, acme, ever()).unwrap().months();
    let all = months(ada.at("1972-04-01T00:00:00Z".parse().unwrap()));
    assert_eq!(all.len(), 27);
    for (at, dyno_units, add_ons) in [
        ("1970-01", 3_000_000, 999_000_000),
        // 28 days of 30: 3 x 28 / 30 = 2.8; 999 x 28 / 30 = 932.4.
        ("1970-02", 2_800_000, 932_400_000),
        ("1970-03", 3_000_000, 999_000_000),
        ("1970-04", 3_000_000, 999_000_000),
        ("1971-02", 2_800_000, 932_400_000),
        ("1971-12", 3_000_000, 999_000_000),
        // A leap year: 3 x 29 / 30 = 2.9; 999 x 29 / 30 = 965.7.
        ("1972-02", 2_900_000, 965_700_000),
        ("1972-03", 3_000_000, 999_000_000),
    ] {
        assert_eq!(all[&month(at)], Usage { dyno_units, add_ons, spaces: 0 }, "{at}");
    }
    // Paid after 720 hours: the last day of January costs nothing; the first of February costs again.
    let report = store.usage(ada.at(days(40)), acme, ever()).unwrap();
    let of = |text: &str| report.days().find(|(found, _)| *found == day(text)).map(|(_, used)| used.dyno_units);
    assert_eq!(["1970-01-30", "1970-01-31", "1970-02-01"].map(of), [Some(100_000), None, Some(100_000)]);
    // A month that begins in the midst costs what it lasts: from the 11th to the 31st, 21 days.
    let late = store.create_app(ada.at("1971-05-11T00:00:00Z".parse().unwrap()), NewApp::in_team(acme)).unwrap();
    let from = ada.at("1971-05-11T00:00:00Z".parse().unwrap());
    scale(&mut store, from, late, DynoSize::Standard1X, 1);
    let may = store.usage(from.at("1971-06-01T00:00:00Z".parse().unwrap()), acme, Days::of(month("1971-05"))).unwrap();
    assert_eq!(may.parts()[&UsagePart::App(late)].dyno_units, 700_000);
    sound(&store);
}

#[test]
fn use_05_after_720_hours_only_what_is_dearer_costs() {
    let Demo { mut store, ada, acme, website, .. } = Demo::new().unwrap();
    let worker = "worker".parse().unwrap();
    let redis = store.install_add_on(ada, website, "redis".parse().unwrap(), plan(0)).unwrap();
    let kafka = store.install_add_on(ada, website, "kafka".parse().unwrap(), plan(6_000)).unwrap();
    scale(&mut store, ada, website, DynoSize::Basic, 1);
    store.scale_app(ada, website, worker, DynoSize::PerformanceM, 1).unwrap();
    let last = ada.at(days(30));
    store.change_add_on_plan(last, redis, plan(3_000)).unwrap();
    store.change_add_on_plan(last, kafka, plan(5_999)).unwrap();
    scale(&mut store, last, website, DynoSize::PerformanceL, 100);
    store.scale_app(last, website, worker, DynoSize::PerformanceM, 0).unwrap();
    let total = used(&store, ada, days(31), acme);
    // Nothing for 30 days and 3000 / 30; the full 6000, and nothing more for less.
    assert_eq!(total.add_ons, (100 + 6_000) * 1_000_000);
    // 0.28 for 30 days and 100 x 16 / 30 = 53.333333; 8 in full.
    assert_eq!(total.dyno_units, 280_000 + 53_333_333 + 8_000_000);
    sound(&store);
}

#[test]
fn use_05_a_month_as_text() {
    let missing = "a year of four digits, a hyphen and two digits from 01 to 12";
    let no_month = malformed(ParseTarget::Month, ParseProblem::Missing { at: 0, missing });
    for text in [
        "",
        "-",
        "1970",
        "1970-1",
        "1970-00",
        "1970-13",
        "0000-01",
        "970-01",
        "19700-01",
        "1970-001",
        "1970-01-01",
        "1970/01",
        " 1970-01",
        "1970-01 ",
        "1970-01\n",
        "+970-01",
        "-970-01",
        "1970--1",
        "1970-+1",
        "197O-01",
        "１９７０-01",
        "1970-٠١",
        "1970‐01",
        "1970-01\0",
        "１-1",
        "99999999999999999999-01",
    ] {
        assert_eq!(text.parse::<Month>().map_err(Error::from), Err(no_month.clone()), "{text:?}");
        assert!(serde_json::from_value::<Month>(text.into()).is_err(), "{text:?}");
    }
    let told = "malformed month: expected a year of four digits, a hyphen and two digits from 01 to 12 at byte 0";
    assert_eq!(no_month.to_string(), told);
    for text in ["0001-01", "1970-01", "1999-12", "9999-12"] {
        assert_eq!(month(text).to_string(), text);
        assert_eq!(serde_json::to_value(month(text)).unwrap(), text);
        assert_eq!(serde_json::from_value::<Month>(text.into()).unwrap(), month(text));
    }
    assert_eq!(month("1999-12").next(), month("2000-01"));
    assert_eq!(month("1970-01").end(), days(31));
    assert_eq!([days(31) - TimeDelta::nanoseconds(1), days(31)].map(Month::of), ["1970-01", "1970-02"].map(month));
    for (text, count) in [("1972-02", 29), ("1900-02", 28), ("2000-02", 29), ("2100-02", 28), ("1970-12", 31)] {
        assert_eq!(Days::of(month(text)).count(), count, "{text}");
    }
}

#[test]
fn std_06_the_use_of_a_standard_team_is_for_its_admins() {
    let Demo { mut store, operator, ada, joe, jill, sam, max, inc, wave, .. } = Demo::new().unwrap();
    store.add_collaborator(sam, wave, id(jill)).unwrap();
    scale(&mut store, max, wave, DynoSize::Standard1X, 1);
    let refusal = |actor| {
        let message = format!("only admins can see the use of the Standard team `{inc}`; {actor} is not an admin");
        (Error::OnlyAdminsSeeStandardUse { actor, team: inc }, message)
    };
    let others = [max, jill, through_client(max)];
    each_refused(&mut store, &others, |s, actor| s.current_use(actor, inc), refusal);
    each_refused(&mut store, &others, |s, actor| s.usage(actor, inc, ever()), refusal);
    // Outsiders are not told of which kind the team is.
    for actor in [ada, joe] {
        let [current, past] = [store.current_use(actor, inc).err(), store.usage(actor, inc, ever()).err()];
        assert_eq!(current, Some(Error::OnlyAdminsSeeCurrentUse { actor: actor.who, team: inc }));
        assert_eq!(past, Some(Error::OnlyAdminsSeePastUse { actor: actor.who, team: inc }));
    }
    for actor in [sam, operator, through_client(sam)] {
        // Three days of thirty.
        assert_eq!(units(&store, actor, days(3), inc), 100_000);
        assert_eq!(store.current_use(actor, inc).unwrap().dyno_units, Used { used: 1_000_000, limit: None });
        assert_eq!(store.current_use(actor, inc).unwrap().members, Used { used: 2, limit: Some(25) });
    }
    store.set_oauth_access(sam, inc, OAuthAccess::Denied).unwrap();
    let (error, message) =
        (Error::OAuthDenied { team: inc }, format!("team `{inc}` denies access to third-party clients"));
    for actor in [sam, max] {
        refused(&mut store, |s| s.current_use(through_client(actor), inc), &error, &message);
        refused(&mut store, |s| s.usage(through_client(actor), inc, ever()), &error, &message);
    }
    store.set_member_role(sam, inc, id(max), TeamRole::Admin).unwrap();
    assert_eq!(units(&store, max, days(3), inc), 100_000);
    sound(&store);
}

#[test]
fn spc_04_a_space_costs_to_the_second_while_it_lives() {
    // A thousand dollars are 10^11 millionths of a cent. 36 hours are a twentieth of 720; 7 seconds are 7 / 2592000:
    // 270061.7 of 10^11, 810185.1 of 3 x 10^11.
    for (shielded, expected) in [(false, 5_000_270_061), (true, 15_000_810_185)] {
        let Demo { mut store, ada, acme, .. } = Demo::new().unwrap();
        let new = NewSpace::new(acme, "nut".parse().unwrap());
        let born = 9 * 86_400 + 6 * 3_600;
        let nut = store.create_space(ada.at(seconds(born)), if shielded { new.shielded() } else { new }).unwrap();
        store.rename_space(ada.at(seconds(born + 1)), nut, "pea".parse().unwrap()).unwrap();
        store.destroy_space(ada.at(seconds(born + 36 * 3_600 + 7)), nut, "pea").unwrap();
        let report = store.usage(ada.at(days(90)), acme, ever()).unwrap();
        assert_eq!(report.total(), Usage { spaces: expected, ..Usage::ZERO });
        assert_eq!(report.total().credits(), expected);
        assert_eq!(report.parts().into_keys().collect::<Vec<_>>(), [UsagePart::Space(nut)]);
        // 18 hours on the first day are a fortieth; the rest is the second's.
        let first = if shielded { 7_500_000_000 } else { 2_500_000_000 };
        let by_day: Vec<_> = report.days().map(|(day, used)| (day.to_string(), used.spaces)).collect();
        assert_eq!(by_day, [("1970-01-10".to_owned(), first), ("1970-01-11".to_owned(), expected - first)]);
        sound(&store);
    }
}

#[test]
fn spc_04_a_month_of_31_days_is_capped_and_one_of_28_is_not_full() {
    let Demo { mut store, ada, acme, .. } = Demo::new().unwrap();
    space(&mut store, ada, acme, "nut");
    store.create_space(ada, NewSpace::new(acme, "shell".parse().unwrap()).shielded()).unwrap();
    let report = store.usage(ada.at("1972-03-01T00:00:00Z".parse().unwrap()), acme, ever()).unwrap();
    let months: Vec<_> = report.months().into_iter().map(|(month, used)| (month.to_string(), used.spaces)).collect();
    // 10^11 and 3 x 10^11 are the full month; 28 / 30 of them 93333333333.3 and 280000000000; 29 / 30 are 96666666666.6
    // and 290000000000.
    for (month, spaces) in &months {
        let expected = match month.as_str() {
            "1970-02" | "1971-02" => 373_333_333_333,
            "1972-02" => 386_666_666_666,
            _ => 400_000_000_000,
        };
        assert_eq!(*spaces, expected, "{month}");
    }
    assert_eq!(months.len(), 26);
    sound(&store);
}
