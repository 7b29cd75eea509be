//! LAB-1: labels of teams, apps, spaces and pipelines.

use core::fmt::Debug;

use enterprise_teams::demo::Demo;
use enterprise_teams::{
    Error, Event, NewApp, NewSpace, Operation, Owner, PageRequest, ParseError, Permission, PipelineId, SpaceId, Stage,
    TeamStore, collect_pages,
    entity::{LABELS_MAX, Labels},
    names::{LabelKey, LabelSelector, LabelValue, ParseProblem, ParseTarget},
    query::{AppFilter, AppSort, AuditFilter, AuditScope, PipelineFilter, SpaceFilter, TeamFilter},
};

use crate::support::{days, each_refused, hidden, id, labels, malformed, read, refused, sound, team_name};

/// The sample, with a space of acme's, a pipeline of acme's with the website in it, and a personal app of Joe's.
struct Things {
    demo: Demo,
    space: SpaceId,
    flow: PipelineId,
}

fn things() -> Things {
    let mut demo = Demo::new().unwrap();
    let Demo { store, ada, acme, website, .. } = &mut demo;
    let space = store.create_space(*ada, NewSpace::new(*acme, read("acme-space"))).unwrap();
    let flow = store.create_pipeline(*ada, *acme, read("flow")).unwrap();
    store.couple_app(*ada, flow, *website, Stage::Production).unwrap();
    Things { demo, space, flow }
}

#[test]
fn lab_01_a_key_is_like_a_name_and_a_value_a_line() {
    let long = "a".repeat(41);
    let character = |at, found| ParseProblem::Character { at, found };
    for (text, problem) in [
        ("", ParseProblem::TooShort { min: 1, len: 0 }),
        (&*long, ParseProblem::TooLong { at: 0, max: 40, len: 41 }),
        ("Env", character(0, 'E')),
        ("1st", character(0, '1')),
        ("cost centre", character(4, ' ')),
        ("env-", character(3, '-')),
        ("a.b", character(1, '.')),
    ] {
        let error = text.parse::<LabelKey>().unwrap_err();
        assert_eq!(Error::from(error), malformed(ParseTarget::LabelKey, problem), "{text}");
        assert!(text.parse::<LabelSelector>().is_err(), "{text}");
    }
    for text in ["a", "z9", "a-b", "a--b", &"a".repeat(40)] {
        assert_eq!(text.parse::<LabelKey>().unwrap(), text);
    }

    let (long, longest) = ("ä".repeat(61), "ä".repeat(60));
    for (text, problem) in [
        (&*long, ParseProblem::TooLong { at: 0, max: 120, len: 122 }),
        (" ", ParseProblem::Missing { at: 0, missing: "a text" }),
        ("two\nlines", character(3, '\n')),
        ("rtl\u{202e}", character(3, '\u{202e}')),
    ] {
        let error = text.parse::<LabelValue>().unwrap_err();
        assert_eq!(Error::from(error), malformed(ParseTarget::LabelValue, problem), "{text}");
        let error = format!("env={text}").parse::<LabelSelector>().unwrap_err();
        assert_eq!(error, ParseError { what: ParseTarget::LabelValue, problem });
    }
    for text in ["", "x", "a = b", "Größe, Ü", &longest] {
        assert_eq!(text.parse::<LabelValue>().unwrap(), text);
    }
    // The value begins after the first sign.
    let selector: LabelSelector = read("env=a=b");
    assert_eq!((selector.key().as_str(), selector.value().unwrap().as_str()), ("env", "a=b"));
    assert_eq!((selector.to_string(), read::<LabelSelector>("env=").to_string()), ("env=a=b".into(), "env=".into()));
}

#[test]
fn lab_01_up_to_sixteen_labels() {
    let numbered = |count| (0..count).map(|number| (read(&format!("key-{number}")), read("")));
    let full = Labels::new(numbered(LABELS_MAX)).unwrap();
    assert_eq!((full.len(), LABELS_MAX), (16, 16));
    let error = ParseError { what: ParseTarget::Labels, problem: ParseProblem::TooMany { max: 16, count: 17 } };
    assert_eq!(Labels::new(numbered(17)), Err(error));
    assert_eq!(full.with(read("key-16"), read("")), Err(error));
    assert_eq!(error.to_string(), "malformed labels: too many: 17 of at most 16");
    assert_eq!((Error::from(error).code(), Error::from(error).rule().id()), ("labels-invalid", "LAB-1"));
    // In place of one there is room.
    let other = full.with(read("key-3"), read("x")).unwrap();
    assert_eq!((other.len(), other.get("key-3").unwrap().as_str()), (16, "x"));
    assert_eq!(other.without(&read("key-3")).len(), 15);
    assert_eq!(labels("a").without(&read("a")), Labels::NONE);
    assert_eq!(Labels::new([(read("a"), read("1")), (read("a"), read("2"))]).unwrap(), labels("a=2"));

    // As data they are a map, in the order of the keys; one that is too large, or of other texts, is none.
    let text = serde_json::to_string(&labels("tier=gold env")).unwrap();
    assert_eq!(text, r#"{"env":"","tier":"gold"}"#);
    assert_eq!(serde_json::from_str::<Labels>(&text).unwrap(), labels("env tier=gold"));
    assert_eq!(serde_json::from_str::<Labels>("{}").unwrap(), Labels::NONE);
    let many: serde_json::Map<_, _> = (0..17).map(|number| (format!("key-{number}"), "".into())).collect();
    let error = serde_json::from_value::<Labels>(many.into()).unwrap_err();
    assert_eq!(error.to_string(), "malformed labels: too many: 17 of at most 16");
    for text in [r#"{"Env":""}"#, r#"{"env":"a\nb"}"#, r#"{"env":1}"#, "[]", "null"] {
        assert!(serde_json::from_str::<Labels>(text).is_err(), "{text}");
    }
    assert_eq!((labels("env=x tier").to_string(), Labels::NONE.to_string()), ("env=x, tier".into(), "nothing".into()));
}

/// The attempt, made again at once, is refused as unchanged: with the same labels, and with none where there are none.
#[track_caller]
fn unchanged<T: Debug>(
    store: &mut TeamStore,
    set: impl Fn(&mut TeamStore, Labels) -> Result<T, Error>,
    error: &Error,
    message: &str,
) {
    refused(store, |s| set(s, Labels::NONE), error, message);
    set(store, labels("env=production tier")).unwrap();
    refused(store, |s| set(s, labels("tier env=production")), error, message);
    set(store, labels("tier env=staging")).unwrap();
    set(store, Labels::NONE).unwrap();
    refused(store, |s| set(s, Labels::NONE), error, message);
}

#[test]
fn lab_01_whoever_may_rename_an_app_labels_it() {
    let Demo { mut store, operator, ada, joe, vera, jill, website, sam, max, wave, .. } = Demo::new().unwrap();
    let set = |s: &mut TeamStore, by| s.set_app_labels(by, website, labels("env=production"));
    each_refused(&mut store, &[joe, vera, jill, operator], set, |actor| {
        let message =
            format!("only holders of `manage` can set the labels of app `{website}`; {actor} does not hold it");
        (Error::OnlyManagersLabelApps { actor, app: website }, message)
    });
    each_refused(&mut store, &[sam], set, hidden(website));
    let error = Error::OnlyAdminsManageStandardApps { actor: max.who, app: wave };
    let message = format!("only admins can manage app `{wave}` of a Standard team; {} is not an admin", max.who);
    refused(&mut store, |s| s.set_app_labels(max, wave, labels("env")), &error, &message);
    store.set_app_labels(sam, wave, labels("env")).unwrap();
    assert_eq!(store.app(max, wave).unwrap().labels(), &labels("env"));

    store.set_permissions(ada, website, id(jill), Permission::Manage.into()).unwrap();
    for by in [ada, jill] {
        let error = Error::AppLabelsUnchanged { app: website };
        let message = format!("app `{website}` already has these labels");
        unchanged(&mut store, |s, labels| s.set_app_labels(by, website, labels), &error, &message);
    }
    let own = store.create_app(joe, NewApp::personal()).unwrap();
    store.add_collaborator(joe, own, id(vera)).unwrap();
    let error = Error::OnlyManagersLabelApps { actor: vera.who, app: own };
    let message = format!("only holders of `manage` can set the labels of app `{own}`; {} does not hold it", vera.who);
    refused(&mut store, |s| s.set_app_labels(vera, own, labels("env")), &error, &message);
    store.set_app_labels(joe, own, labels("env")).unwrap();
    assert_eq!(store.app(vera, own).unwrap().labels(), &labels("env"));
    sound(&store);
}

#[test]
fn lab_01_whoever_may_rename_a_team_labels_it() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, max, acme, inc, .. } = Demo::new().unwrap();
    let only_admins = |team| {
        move |actor| {
            let message = format!("only admins can set the labels of team `{team}`; {actor} is not an admin");
            (Error::OnlyAdminsLabelTeams { actor, team }, message)
        }
    };
    let set = |s: &mut TeamStore, by| s.set_team_labels(by, acme, labels("env"));
    each_refused(&mut store, &[joe, vera, jill, sam, operator], set, only_admins(acme));
    each_refused(&mut store, &[max], |s, by| s.set_team_labels(by, inc, labels("env")), only_admins(inc));
    for (by, team) in [(ada, acme), (sam, inc)] {
        let message = format!("team `{team}` already has these labels");
        let error = Error::TeamLabelsUnchanged { team };
        unchanged(&mut store, |s, labels| s.set_team_labels(by, team, labels), &error, &message);
    }
    // In an Enterprise Account also whoever creates teams in it (ENT-2).
    let account = store.open_account(operator, read("corp"), id(sam)).unwrap();
    store.add_account_member(sam, account, id(ada), read("create")).unwrap();
    let east = store.create_team_in(ada, account, team_name("east")).unwrap();
    store.add_account_member(sam, account, id(joe), read("view")).unwrap();
    each_refused(&mut store, &[joe, vera], |s, by| s.set_team_labels(by, east, labels("env")), only_admins(east));
    store.set_account_permissions(sam, account, id(joe), read("create")).unwrap();
    store.set_team_labels(joe, east, labels("env")).unwrap();
    assert_eq!(store.team(ada, east).unwrap().labels(), &labels("env"));
    sound(&store);
}

#[test]
fn lab_01_whoever_may_rename_a_space_labels_it() {
    let Things { demo: Demo { mut store, operator, ada, joe, vera, jill, sam, .. }, space, .. } = things();
    let set = |s: &mut TeamStore, by| s.set_space_labels(by, space, labels("env"));
    each_refused(&mut store, &[joe, vera, operator], set, |actor| {
        let message = format!("only admins of its team can manage space `{space}`; {actor} is not an admin");
        (Error::OnlyAdminsManageSpaces { actor, space }, message)
    });
    each_refused(&mut store, &[jill, sam], set, |actor| {
        (Error::SpaceHidden { actor, space }, format!("{actor} cannot see space `{space}`"))
    });
    let (error, message) = (Error::SpaceLabelsUnchanged { space }, format!("space `{space}` already has these labels"));
    unchanged(&mut store, |s, labels| s.set_space_labels(ada, space, labels), &error, &message);
    sound(&store);
}

#[test]
fn lab_01_whoever_may_rename_a_pipeline_labels_it() {
    let Things { demo: Demo { mut store, operator, ada, joe, vera, jill, sam, .. }, flow, .. } = things();
    let set = |s: &mut TeamStore, by| s.set_pipeline_labels(by, flow, labels("env"));
    each_refused(&mut store, &[vera, jill, operator], set, |actor| {
        let error = Error::OnlyOwnersManagePipelines { actor, pipeline: flow };
        let who = "only its owner, or admins and members of the owning team, can manage pipeline";
        (error, format!("{who} `{flow}`; {actor} is neither"))
    });
    each_refused(&mut store, &[sam], set, |actor| {
        (Error::PipelineHidden { actor, pipeline: flow }, format!("{actor} cannot see pipeline `{flow}`"))
    });
    for by in [ada, joe] {
        let error = Error::PipelineLabelsUnchanged { pipeline: flow };
        let message = format!("pipeline `{flow}` already has these labels");
        unchanged(&mut store, |s, labels| s.set_pipeline_labels(by, flow, labels), &error, &message);
    }
    let own = store.create_pipeline(joe, id(joe), read("own")).unwrap();
    store.set_pipeline_labels(joe, own, labels("env")).unwrap();
    sound(&store);
}

/// Several labels change in one event, which says what was there before and what is there after, moves the time of the thing, and is
/// taken back.
#[test]
fn lab_01_a_change_is_one_event() {
    let Things { demo: Demo { mut store, ada, jill, acme, website, .. }, space, flow } = things();
    let (from, to) = (labels("env=staging owner=web tier"), labels("env=production tier"));
    for by in [ada, ada.at(days(1))] {
        let labels = if by.at == days(1) { to.clone() } else { from.clone() };
        store.set_team_labels(by, acme, labels.clone()).unwrap();
        store.set_app_labels(by, website, labels.clone()).unwrap();
        store.set_space_labels(by, space, labels.clone()).unwrap();
        store.set_pipeline_labels(by, flow, labels).unwrap();
    }
    let last: Vec<_> = store.events().iter().rev().take(4).map(|entry| entry.event.clone()).collect();
    let (from, to, owner) = (from, to, Owner::Team(acme));
    let expected = [
        Event::PipelineLabelsChanged { pipeline: flow, owner, from: from.clone(), to: to.clone() },
        Event::SpaceLabelsChanged { space, team: acme, from: from.clone(), to: to.clone() },
        Event::AppLabelsChanged { app: website, owner, from: from.clone(), to: to.clone() },
        Event::TeamLabelsChanged { team: acme, from: from.clone(), to },
    ];
    assert_eq!(last, expected);
    let words: Vec<_> = last.iter().map(|event| store.readable(ada, event)).collect();
    let changed = "`env=production`, no `owner`";
    let things = ["pipeline `flow`", "space `acme-space`", "app `acme-website`", "team `acme-widgets`"];
    assert_eq!(words, things.map(|thing| format!("labelled {thing}: {changed}")));
    let at = |store: &TeamStore| {
        let app = store.app(ada, website).unwrap();
        let (space, flow) = (store.space(ada, space).unwrap(), store.pipeline(ada, flow).unwrap());
        let team = store.team(ada, acme).unwrap();
        let labels = [team.labels(), app.labels(), space.labels(), flow.labels()].map(Clone::clone);
        ([team.changed_at(), app.changed_at(), space.changed_at(), flow.changed_at()], labels)
    };
    assert_eq!(at(&store).0, [days(1); 4]);
    let was = store.as_of(days(0)).unwrap();
    assert_eq!(at(&was), ([days(0); 4], [(); 4].map(|()| from.clone())));
    sound(&was);
    // Taken back, foreseen or refused, nothing is left of it.
    let before = store.clone();
    let mut transaction = store.begin();
    transaction.set_app_labels(ada.at(days(2)), website, Labels::NONE).unwrap();
    transaction.set_team_labels(ada.at(days(2)), acme, labels("x")).unwrap();
    transaction.roll_back();
    store.what_if(ada, &Operation::SetAppLabels { app: website, labels: Labels::NONE }).unwrap();
    assert!(store == before && store.snapshot() == before.snapshot());
    // Who is on the app sees how it is labelled; what happened to it, its managers read.
    assert_eq!(store.app(jill, website).unwrap().labels().len(), 2);
    let log = |by| store.audit_log(by, &AuditFilter::new(AuditScope::App(website)), &PageRequest::default());
    assert!(log(ada).unwrap().items.iter().any(|entry| entry.event == expected[2]));
    assert!(log(jill).is_err());
    sound(&store);
}

/// Labels go with the thing to another owner; what holds a thing that is gone holds its labels.
#[test]
fn lab_01_labels_stay_with_the_thing() {
    let Demo { mut store, operator, ada, joe, website, .. } = Demo::new().unwrap();
    let account = store.open_account(operator, read("corp"), id(ada)).unwrap();
    let [east, west] = ["east", "west"].map(|name| store.create_team_in(ada, account, team_name(name)).unwrap());
    let space = store.create_space(ada, NewSpace::new(east, read("sea"))).unwrap();
    let app = store.create_app(ada, NewApp::in_space(space).named(read("boat"))).unwrap();
    let flow = store.create_pipeline(ada, east, read("fleet")).unwrap();
    let given = labels("env=production");
    store.set_app_labels(ada, app, given.clone()).unwrap();
    store.set_space_labels(ada, space, given.clone()).unwrap();
    store.set_pipeline_labels(ada, flow, given.clone()).unwrap();
    store.set_team_labels(ada, east, given.clone()).unwrap();
    store.couple_app(ada, flow, app, Stage::Staging).unwrap();
    store.transfer_space(ada, space, west).unwrap();
    assert_eq!(store.app(ada, app).unwrap().owner(), Owner::Team(west));
    let held = |store: &TeamStore| {
        let (space, flow) = (store.space(ada, space).unwrap(), store.pipeline(ada, flow).unwrap());
        [store.app(ada, app).unwrap().labels(), space.labels(), flow.labels()].map(Clone::clone)
    };
    assert_eq!(held(&store), [(); 3].map(|()| given.clone()));
    store.delete_pipeline(ada, flow).unwrap();
    store.delete_app(ada, app, "boat").unwrap();
    store.destroy_space(ada, space, "sea").unwrap();
    store.delete_team(ada, east).unwrap();
    let gone: Vec<Labels> = store
        .events()
        .iter()
        .rev()
        .take(4)
        .map(|entry| match &entry.event {
            Event::PipelineDeleted { deleted } => deleted.pipeline.labels().clone(),
            Event::AppDeleted { deleted } => deleted.app.labels().clone(),
            Event::SpaceDestroyed { space, .. } => space.labels().clone(),
            Event::TeamDeleted { deleted } => deleted.team.labels().clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(gone, [(); 4].map(|()| given.clone()));
    // From user to user too.
    let own = store.create_app(joe, NewApp::personal()).unwrap();
    store.set_app_labels(joe, own, given.clone()).unwrap();
    store.add_collaborator(joe, own, id(ada)).unwrap();
    let transfer = store.request_app_transfer(joe, own, id(ada)).unwrap();
    store.accept_app_transfer(ada, transfer).unwrap();
    assert_eq!(store.app(ada, own).unwrap().labels(), &given);
    assert!(store.app(ada, website).unwrap().labels().is_empty());
    sound(&store);
}

fn named<T>(all: Result<Vec<T>, Error>, name: impl Fn(T) -> String) -> String {
    all.unwrap().into_iter().map(name).collect::<Vec<_>>().join(" ")
}

/// In every list: a key, a key with a value, and several of which each must be there.
#[test]
fn lab_01_every_list_is_filtered_by_labels() {
    let Things { demo: Demo { mut store, operator, ada, joe, acme, inc, website, .. }, space, flow } = things();
    let account = store.open_account(operator, read("corp"), id(ada)).unwrap();
    store.move_team_in(operator, acme, account).unwrap();
    let east = store.create_team_in(ada, account, team_name("east")).unwrap();
    let apps = ["app-a", "app-b"].map(|name| store.create_app(ada, NewApp::in_team(acme).named(read(name))).unwrap());
    for app in apps {
        store.couple_app(ada, flow, app, Stage::Staging).unwrap();
        store.grant_permissions(ada, app, id(joe), Permission::Deploy.into()).unwrap();
    }
    let others = ["space-a", "space-b"].map(|name| store.create_space(ada, NewSpace::new(acme, read(name))).unwrap());
    let flows = ["flow-a", "flow-b"].map(|name| store.create_pipeline(ada, acme, read(name)).unwrap());
    let [first, second, third] = ["env=production tier", "env=staging tier=gold", "owner=web"].map(labels);
    for (app, labels) in apps.into_iter().chain([website]).zip([&first, &second, &third]) {
        store.set_app_labels(ada, app, labels.clone()).unwrap();
    }
    for (space, labels) in others.into_iter().chain([space]).zip([&first, &second, &third]) {
        store.set_space_labels(ada, space, labels.clone()).unwrap();
    }
    for (flow, labels) in flows.into_iter().chain([flow]).zip([&first, &second, &third]) {
        store.set_pipeline_labels(ada, flow, labels.clone()).unwrap();
    }
    store.set_team_labels(ada, acme, first).unwrap();
    store.set_team_labels(ada, east, second).unwrap();
    assert_ne!(acme, inc);

    // What is asked for, and which of three apps, spaces and pipelines and of two teams have it.
    for (wanted, [a, b, c], [acme_has, east_has]) in [
        ("", [true, true, true], [true, true]),
        ("env", [true, true, false], [true, true]),
        ("env=production", [true, false, false], [true, false]),
        ("env=prod", [false, false, false], [false, false]),
        ("tier", [true, true, false], [true, true]),
        ("tier=", [true, false, false], [true, false]),
        ("tier=gold", [false, true, false], [false, true]),
        ("owner=web", [false, false, true], [false, false]),
        ("env=staging tier", [false, true, false], [false, true]),
        ("env=staging tier=", [false, false, false], [false, false]),
        ("owner env", [false, false, false], [false, false]),
    ] {
        let wanted: Vec<LabelSelector> = wanted.split_whitespace().map(read).collect();
        let apps = wanted.iter().cloned().fold(AppFilter::default(), AppFilter::label);
        let teams = wanted.iter().cloned().fold(TeamFilter::default(), TeamFilter::label);
        let spaces = wanted.iter().cloned().fold(SpaceFilter::default(), SpaceFilter::label);
        let pipelines = wanted.iter().cloned().fold(PipelineFilter::default(), PipelineFilter::label);
        let some = |all: &[(bool, &str)]| {
            let some: Vec<&str> = all.iter().filter(|(has, _)| *has).map(|(_, name)| *name).collect();
            some.join(" ")
        };
        let (of_apps, of_flows) = (
            some(&[(c, "acme-website"), (a, "app-a"), (b, "app-b")]),
            some(&[(c, "flow"), (a, "flow-a"), (b, "flow-b")]),
        );
        for sort in [AppSort::Name, AppSort::NameDescending, AppSort::Oldest, AppSort::Newest] {
            let all = collect_pages(|page| store.apps(ada, acme, &apps, sort, page)).unwrap();
            let mut names: Vec<_> = all.iter().map(|app| app.name().to_string()).collect();
            names.sort_unstable();
            assert_eq!(names.join(" "), of_apps);
        }
        let all = collect_pages(|page| store.visible_apps(joe, &apps, page));
        assert_eq!(named(all, |one| one.app.name().to_string()), of_apps);
        let all = collect_pages(|page| store.account_apps(ada, account, &apps, page));
        assert_eq!(named(all, |one| one.name().to_string()), of_apps);
        let all = collect_pages(|page| store.member_apps(ada, acme, id(joe), &apps, page));
        assert_eq!(named(all, |one| one.name().to_string()), of_apps);
        let all = collect_pages(|page| store.pipeline_apps(joe, flow, &apps, page));
        assert_eq!(named(all, |one| one.0.name().to_string()), of_apps);
        let all = collect_pages(|page| store.apps_and_pipelines(ada, acme, &apps, page));
        let both =
            [&*of_apps, &*of_flows].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ");
        assert_eq!(named(all, |one| one.name().to_owned()), both);
        let all = collect_pages(|page| store.visible_pipelines(joe, &pipelines, page));
        assert_eq!(named(all, |one| one.name().to_string()), of_flows);
        let of_spaces = some(&[(c, "acme-space"), (a, "space-a"), (b, "space-b")]);
        let all = collect_pages(|page| store.spaces(joe, acme, &spaces, page));
        assert_eq!(named(all, |one| one.name().to_string()), of_spaces);
        let all = collect_pages(|page| store.visible_spaces(joe, &spaces, page));
        assert_eq!(named(all, |one| one.name().to_string()), of_spaces);
        let unlabelled = wanted.is_empty();
        let of_teams = some(&[(acme_has, "acme-widgets"), (east_has, "east")]);
        let all = collect_pages(|page| store.account_teams(ada, account, &teams, page));
        assert_eq!(named(all, |one| one.name().to_string()), of_teams);
        let all = collect_pages(|page| store.memberships(ada, &teams, page));
        assert_eq!(named(all, |one| one.team.name().to_string()), of_teams);
        let of_all = some(&[(unlabelled, "acme-inc"), (acme_has, "acme-widgets"), (east_has, "east")]);
        let all = collect_pages(|page| store.teams(operator, &teams, page));
        assert_eq!(named(all, |one| one.name().to_string()), of_all);
    }
}
