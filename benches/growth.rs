//! Whether an operation takes longer in a larger store: `cargo bench --bench growth` measures some in stores of 1,000 to
//! 1,000,000 apps, prints the figures and draws them in `docs/growth.svg`. Each is done anywhere in the store, so that a larger
//! one misses the caches more often; plain hash maps that answer the same show how much of the growth is that. Times are CPU time
//! of the thread.

#![allow(
    missing_docs,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a bench"
)]

mod ground;

use std::cell::RefCell;
use std::collections::HashMap;
use std::error::Error;
use std::fmt::Write;
use std::hint::black_box;

use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    Actor, AppId, PageRequest, PermissionSet, UserId,
    query::{AppFilter, AppSort},
};
use ground::clock::take_turns;
use ground::ours::{NOW, Ours, permissions};
use ground::plain::Maps;
use ground::world::{ACTIONS, AccessQuery, DEPLOY, Numbers, OPERATE, SMALL, VIEW, World};

/// How many teams: of 100 people, 100 apps and 500 grants each.
const TEAMS: [usize; 6] = [10, 40, 160, 630, 2500, 10_000];
const ROUNDS: usize = 9;
/// Writes in a round.
const WRITES: usize = 8192;

/// What is measured.
const WHAT: [&str; 5] =
    ["a check", "a check in plain hash maps", "a change refused", "a permission changed", "the first page of 50 apps"];

/// Nanoseconds of each of [`WHAT`].
type Figures = [f64; WHAT.len()];

/// Who changes whose permissions on which app, and to what.
type Change = (Actor, AppId, UserId, PermissionSet);

/// Changes of permissions anywhere, each to others than before, by an admin; and the same by a viewer, who may not.
fn changes(world: &World, ours: &Ours, how_many: usize) -> (Vec<Change>, Vec<Change>) {
    let mut numbers = Numbers(11);
    let mut now = HashMap::new();
    let (mut changes, mut refused) = (vec![], vec![]);
    while changes.len() < how_many {
        let number = numbers.below(world.apps.len());
        let app = &world.apps[number];
        let (user, was) = app.grants[numbers.below(SMALL.grants)];
        let people = world.people(app.team as usize);
        if world.teams[app.team as usize].standard {
            continue;
        }
        let held = now.entry((number, user)).or_insert(was);
        *held = if *held == VIEW | DEPLOY { VIEW | OPERATE } else { VIEW | DEPLOY };
        let by = |actor: usize| {
            (Actor::user(ours.users[actor], NOW), ours.apps[number], ours.users[user as usize], permissions(*held))
        };
        changes.push(by(people.start));
        refused.push(by(people.end - SMALL.collaborators - 1));
    }
    (changes, refused)
}

fn measured(teams: usize) -> Result<Figures, Box<dyn Error>> {
    let world = World::new(teams, SMALL);
    let ours = Ours::new(&world, 1000)?;
    let asked = |question: &AccessQuery| {
        let AccessQuery { user, client, action, app } = *question;
        (ours.actor(user, client), ACTIONS[action as usize].0, ours.apps[app as usize])
    };
    let questions = world.questions(65_536);
    let [team_ids, user_ids, app_ids]: [Vec<Uuid>; 3] = [
        ours.teams.iter().map(|id| id.uuid()).collect(),
        ours.users.iter().map(|id| id.uuid()).collect(),
        ours.apps.iter().map(|id| id.uuid()).collect(),
    ];
    let maps = Maps::new(&world, &team_ids, &user_ids, &app_ids);
    let for_maps = questions.iter().map(|q| (user_ids[q.user as usize], q.client, q.action, app_ids[q.app as usize]));
    let for_maps: Vec<_> = for_maps.collect();
    let questions: Vec<_> = questions.iter().map(asked).collect();
    let mut numbers = Numbers(3);
    let lists = (0..4096).map(|_| {
        let team = numbers.below(teams);
        (Actor::user(ours.users[world.people(team).start], NOW), ours.teams[team])
    });
    let lists: Vec<_> = lists.collect();
    let (all, fifty) = (AppFilter::default(), PageRequest::first(50)?);
    // One round more than count.
    let (changes, refused) = changes(&world, &ours, (ROUNDS + 1) * WRITES);
    let mut changes = changes.chunks(WRITES);
    let refused = &refused[..WRITES];
    drop(world);
    let store = RefCell::new(ours.store);
    let figures = take_turns(
        ROUNDS,
        &mut [
            &mut || {
                let store = store.borrow();
                for (actor, action, app) in &questions {
                    black_box(store.can(*actor, *action, *app));
                }
                questions.len()
            },
            &mut || {
                for (user, client, action, app) in &for_maps {
                    black_box(maps.can(*user, *client, *action, *app));
                }
                for_maps.len()
            },
            &mut || {
                let store = &mut store.borrow_mut();
                let round = refused.iter();
                let not =
                    round.filter(|(by, app, user, to)| store.set_permissions(*by, *app, *user, *to).is_err()).count();
                assert_eq!(not, WRITES);
                not
            },
            &mut || {
                let store = &mut store.borrow_mut();
                let round = changes.next().unwrap_or_default().iter();
                let done =
                    round.filter(|(by, app, user, to)| store.set_permissions(*by, *app, *user, *to).is_ok()).count();
                assert_eq!(done, WRITES);
                done
            },
            &mut || {
                let store = store.borrow();
                let pages = lists.iter().map(|(admin, team)| store.apps(*admin, *team, &all, AppSort::Name, &fifty));
                let full = pages.filter(|page| page.as_ref().is_ok_and(|page| page.items.len() == 50)).count();
                assert_eq!(full, lists.len());
                full
            },
        ],
    );
    Ok(std::array::from_fn(|which| figures.ns(which)))
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 480.0;
/// Where the axes begin and end.
const LEFT: f64 = 72.0;
const RIGHT: f64 = 712.0;
const TOP: f64 = 118.0;
const BOTTOM: f64 = 422.0;

/// Colours on light and on dark ground, and a mark, for each of [`WHAT`].
const LOOKS: [(&str, &str, &str); WHAT.len()] = [
    ("#0550ae", "#79c0ff", "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z"),
    ("#6e7781", "#9198a1", "M-4 -4L4 4M-4 4L4 -4"),
    ("#8250df", "#d2a8ff", "M0 -5.5L5 4L-5 4z"),
    ("#116329", "#56d364", "M0 -5.5L5.5 0L0 5.5L-5.5 0z"),
    ("#953800", "#ffa657", "M-4 -4h8v8h-8z"),
];

/// 1, 2 and 5 times every power of ten, up from 1.
fn steps() -> impl Iterator<Item = f64> {
    (0..9).flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * 10_f64.powi(power)))
}

/// `1,000,000`.
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|group| str::from_utf8(group).ok()).collect();
    groups.join(",")
}

fn drawn(rows: &[(f64, Figures)]) -> Result<String, std::fmt::Error> {
    let all = || rows.iter().flat_map(|(_, figures)| *figures);
    let low = steps().take_while(|step| all().all(|ns| *step <= ns)).last().unwrap_or(1.0);
    let high = steps().find(|step| all().all(|ns| ns <= *step)).unwrap_or(1e9);
    let across = |apps: f64| LEFT + (apps / 1e3).log10() / 3.0 * (RIGHT - LEFT);
    let up = |ns: f64| BOTTOM - (ns / low).log10() / (high / low).log10() * (BOTTOM - TOP);

    let mut svg = String::new();
    writeln!(
        svg,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" aria-labelledby="title">"#
    )?;
    writeln!(svg, r#"<title id="title">What an operation takes in stores of 1,000 to 1,000,000 apps</title>"#)?;
    writeln!(svg, "<style>\ntext {{ font: 13px system-ui, sans-serif; fill: #1f2328; }}")?;
    writeln!(
        svg,
        ".ground {{ fill: #ffffff; }}\n.grid {{ stroke: #d1d9e0; }}\n.line {{ fill: none; stroke-width: 2; }}"
    )?;
    for (which, (light, _, _)) in LOOKS.iter().enumerate() {
        writeln!(svg, ".line{which} {{ stroke: {light}; }}\n.mark{which} {{ fill: {light}; stroke: {light}; }}")?;
    }
    writeln!(svg, "@media (prefers-color-scheme: dark) {{\ntext {{ fill: #e6edf3; }}")?;
    writeln!(svg, ".ground {{ fill: #0d1117; }}\n.grid {{ stroke: #3d444d; }}")?;
    for (which, (_, dark, _)) in LOOKS.iter().enumerate() {
        writeln!(svg, ".line{which} {{ stroke: {dark}; }}\n.mark{which} {{ fill: {dark}; stroke: {dark}; }}")?;
    }
    writeln!(svg, "}}\n</style>\n<rect class=\"ground\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"6\"/>")?;

    for step in steps().filter(|step| (low..=high).contains(step)) {
        let (y, ns) = (up(step), grouped(step));
        writeln!(svg, r#"<path class="grid" d="M{LEFT} {y:.1}H{RIGHT}"/>"#)?;
        writeln!(svg, r#"<text x="{}" y="{:.1}" text-anchor="end">{ns}</text>"#, LEFT - 8.0, y + 4.5)?;
    }
    for apps in [1e3, 1e4, 1e5, 1e6] {
        let x = across(apps);
        writeln!(svg, r#"<path class="grid" d="M{x:.1} {TOP}V{BOTTOM}"/>"#)?;
        writeln!(svg, r#"<text x="{x:.1}" y="{}" text-anchor="middle">{}</text>"#, BOTTOM + 20.0, grouped(apps))?;
    }
    let (middle, foot) = (f64::midpoint(LEFT, RIGHT), HEIGHT - 16.0);
    writeln!(
        svg,
        r#"<text x="{middle}" y="{foot}" text-anchor="middle">apps in the store (as many users, five grants each)</text>"#
    )?;
    let (x, y) = (20, f64::midpoint(TOP, BOTTOM));
    writeln!(svg, r#"<text x="{x}" y="{y}" text-anchor="middle" transform="rotate(-90 {x} {y})">nanoseconds</text>"#)?;

    for (which, (what, (_, _, mark))) in WHAT.iter().zip(LOOKS).enumerate() {
        let points = rows.iter().map(|(apps, figures)| (across(*apps), up(figures[which])));
        let path: Vec<String> = points.clone().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
        writeln!(svg, r#"<path class="line line{which}" d="M{}"/>"#, path.join("L"))?;
        for (x, y) in points {
            writeln!(svg, r#"<path class="mark{which}" d="{mark}" transform="translate({x:.1} {y:.1})"/>"#)?;
        }
        let (x, y) = (LEFT + 8.0 + (which % 2) as f64 * 340.0, 32.0 + (which / 2) as f64 * 26.0);
        let ends = rows.first().zip(rows.last()).map(|((_, first), (_, last))| (first[which], last[which]));
        let (first, last) = ends.unwrap_or_default();
        writeln!(svg, r#"<path class="line line{which}" d="M{x} {y}h28"/>"#)?;
        writeln!(svg, r#"<path class="mark{which}" d="{mark}" transform="translate({} {y})"/>"#, x + 14.0)?;
        let text = format!("{what}: {} to {} ns", grouped(first), grouped(last));
        writeln!(svg, r#"<text x="{}" y="{}">{text}</text>"#, x + 38.0, y + 4.5)?;
    }
    writeln!(svg, "</svg>")?;
    Ok(svg)
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("| apps | {} |\n|---:|{}", WHAT.join(" | "), "---:|".repeat(WHAT.len()));
    let mut rows = vec![];
    for teams in TEAMS {
        let (apps, figures) = ((teams * SMALL.apps) as f64, measured(teams)?);
        println!("| {} | {} |", grouped(apps), figures.map(|ns| format!("{} ns", grouped(ns))).join(" | "));
        rows.push((apps, figures));
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/growth.svg");
    std::fs::write(path, drawn(&rows)?)?;
    println!("drawn in {path}");
    Ok(())
}
