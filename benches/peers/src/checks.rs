//! The questions of the benches, put to every engine: first the answers are compared, then the times are taken.

use std::hint::black_box;

use cpu_time::ProcessTime;

use crate::compare::{compare, compare_change, compare_lists, free, members};
use crate::engines::{Casbin, Cedar, Change, Engine, Gatehouse, Maps, Outcome, Regorus, Rows, Zanzibar};
use crate::ground::clock::{median, take_turns};
use crate::ground::ours::Ours;
use crate::ground::world::{Shape, World};

const ROUNDS: usize = 9;

/// A grant and its revocation, in nanoseconds of the whole process: one engine writes in a thread of its own.
fn change_time<E: Engine>(world: &World, engine: &mut E) -> Outcome<Option<f64>> {
    let free = free(world);
    if !compare_change(world, engine, free[0])? {
        return Ok(None);
    }
    let mut pass = |pairs: &[(u32, u32)]| -> Outcome<f64> {
        let start = ProcessTime::now();
        for (user, app) in pairs {
            engine.change(world, *user, *app, Change::Grant)?;
            engine.change(world, *user, *app, Change::Revoke)?;
        }
        Ok(start.elapsed().as_secs_f64() * 1e9 / pairs.len() as f64)
    };
    // A few will do where each takes milliseconds.
    let slow = pass(&free[..2])? > 2e6;
    let pairs = if slow { &free[..4] } else { &free };
    Ok(Some(median((0..ROUNDS).map(|_| pass(pairs)).collect::<Outcome<_>>()?)))
}

/// Times in nanoseconds.
struct Row {
    name: &'static str,
    compared: usize,
    check: f64,
    /// What a check of this crate took in turns with it, and the ratio.
    beside: Option<(f64, f64)>,
    list: f64,
    change: Option<f64>,
    load: f64,
}

fn time(ns: f64) -> String {
    match ns {
        ..1e3 => format!("{ns:.0} ns"),
        1e3..1e6 => format!("{:.1} µs", ns / 1e3),
        1e6..1e9 => format!("{:.1} ms", ns / 1e6),
        _ => format!("{:.1} s", ns / 1e9),
    }
}

impl Row {
    fn print(&self) {
        let Self { name, compared, check, beside, list, change, load } = self;
        let (check, list, load) = (time(*check), time(*list), time(*load));
        let (ours, ratio) = match beside {
            Some((ours, ratio @ ..10.0)) => (time(*ours), format!("{ratio:.1} ×")),
            Some((ours, ratio)) => (time(*ours), format!("{ratio:.0} ×")),
            None => ("–".to_owned(), "1 ×".to_owned()),
        };
        let change = change.map_or("–".to_owned(), time);
        println!("| {name} | {compared} | {check} | {ours} | {ratio} | {list} | {change} | {load} |");
    }
}

fn loaded<E: Engine>(world: &World) -> Outcome<(E, f64)> {
    let start = ProcessTime::now();
    let engine = E::load(world)?;
    Ok((engine, start.elapsed().as_secs_f64() * 1e9))
}

/// This crate beside one contender after the other.
struct Table<'a> {
    world: &'a World,
    ours: Ours,
    asked: Vec<<Ours as Engine>::Asked>,
    rows: Vec<Row>,
    left_out: Vec<String>,
    all: bool,
}

impl Table<'_> {
    fn add<E: Engine>(&mut self) -> Outcome<()> {
        let world = self.world;
        if let Some(why) = E::SLOW.filter(|_| world.teams.len() > 1 && !self.all) {
            self.left_out.push(format!("{}: left out, since {why}; `--all` takes it in.", E::NAME));
            return Ok(());
        }
        eprintln!("{} …", E::NAME);
        let (mut engine, load) = loaded::<E>(world)?;
        let asked = compare(world, &mut engine, &world.questions(E::questions(world.teams.len())))?;
        compare_lists(world, &mut engine)?;
        let figures = take_turns(
            ROUNDS,
            &mut [
                &mut || {
                    for asked in &self.asked {
                        let _ = black_box(self.ours.can(asked));
                    }
                    self.asked.len()
                },
                &mut || {
                    for asked in &asked {
                        let _ = black_box(engine.can(asked));
                    }
                    asked.len()
                },
            ],
        );
        self.rows.push(Row {
            name: E::NAME,
            compared: asked.len(),
            check: figures.ns(1),
            beside: Some((figures.ns(0), figures.ratio(1, 0))),
            list: list_time(world, &mut engine),
            change: change_time(world, &mut engine)?,
            load,
        });
        Ok(())
    }
}

fn list_time<E: Engine>(world: &World, engine: &mut E) -> f64 {
    let members = members(world);
    let mut pass = || {
        for user in &members {
            let _ = black_box(engine.visible(world, *user));
        }
        members.len()
    };
    take_turns(ROUNDS, &mut [&mut pass]).ns(0)
}

/// Prints the table for an organisation of this size.
pub(crate) fn print(teams: usize, shape: Shape, all: bool) -> Outcome<()> {
    let world = World::new(teams, shape);
    let (mut ours, load) = loaded::<Ours>(&world)?;
    let asked = compare(&world, &mut ours, &world.questions(Ours::questions(teams)))?;
    compare_lists(&world, &mut ours)?;
    let mut table = Table { world: &world, ours, asked, rows: vec![], left_out: vec![], all };
    table.add::<Maps>()?;
    table.add::<Rows>()?;
    table.add::<Gatehouse>()?;
    table.add::<Regorus>()?;
    table.add::<Cedar>()?;
    table.add::<Zanzibar>()?;
    table.add::<Casbin>()?;
    let Table { mut ours, asked, rows, left_out, .. } = table;
    let plural = if teams == 1 { "" } else { "s" };
    println!(
        "\n### {teams} team{plural} of {} users and {} apps, {} grants\n",
        shape.people(),
        shape.apps,
        world.grants()
    );
    println!(
        "| | answers compared | a check | this crate in turns with it | times this crate's | \
         what a member sees: {} apps | a grant and its revocation | load |\n|---|---|---|---|---|---|---|---|",
        shape.apps
    );
    let beside: Vec<f64> = rows.iter().filter_map(|row| row.beside).map(|(ours, _)| ours).collect();
    let own = Row {
        name: Ours::NAME,
        compared: asked.len(),
        check: median(beside),
        beside: None,
        list: list_time(&world, &mut ours),
        change: change_time(&world, &mut ours)?,
        load,
    };
    own.print();
    rows.iter().for_each(Row::print);
    for line in left_out {
        println!("\n{line}");
    }
    Ok(())
}
