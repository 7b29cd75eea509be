//! The questions of the benches, put to every engine: first the answers are compared, then the times are taken.

use std::hint::black_box;

use cpu_time::ProcessTime;

use crate::engines::{
    Casbin, Cedar, Change, Engine, Gatehouse, Maps, Outcome, Regorus, Rows, Zanzibar, apps_of_team, views,
};
use crate::ground::clock::{median, take_turns};
use crate::ground::ours::Ours;
use crate::ground::world::{Numbers, Question, Role, Shape, World};

const ROUNDS: usize = 9;
/// How many members' lists are made in a round.
const LISTS: usize = 8;
/// The number of the action that a grant allows and that a member of an Enterprise Team may not do without one.
const PUSH_CODE: u8 = 1;

/// Puts the questions to the engine, and gives them in its own terms if all answers are right.
fn compare<E: Engine>(world: &World, engine: &mut E, questions: &[Question]) -> Outcome<Vec<E::Asked>> {
    let mut all = vec![];
    for question in questions {
        let asked = engine.asked(world, *question)?;
        let (answer, right) = (engine.can(&asked)?, world.allowed(*question));
        if answer != right {
            return Err(format!("{}: {question:?} is answered with {answer}", E::NAME).into());
        }
        all.push(asked);
    }
    Ok(all)
}

/// Members of several teams, or of the only one.
fn members(world: &World) -> Vec<u32> {
    let member =
        |index| world.people(index % world.teams.len()).start + world.shape.admins + index % world.shape.members;
    (0..LISTS).map(member).filter_map(|user| u32::try_from(user).ok()).collect()
}

/// Compares what members, and the last of each team's collaborators, see.
fn compare_lists<E: Engine>(world: &World, engine: &mut E) -> Outcome<()> {
    let last_of = |member: &u32| world.people(world.users[*member as usize].team as usize).end - 1;
    let members = members(world);
    let collaborators: Vec<u32> = members.iter().map(last_of).map(u32::try_from).collect::<Result<_, _>>()?;
    for user in members.into_iter().chain(collaborators) {
        let mut seen = E::numbers(engine.visible(world, user)?)?;
        seen.sort_unstable();
        let right = apps_of_team(world, user).filter(|app| world.allowed(views(user, *app)));
        if !right.eq(seen.iter().copied()) {
            return Err(format!("{}: the list of user {user} has {} apps", E::NAME, seen.len()).into());
        }
    }
    Ok(())
}

/// Members of Enterprise Teams, and apps on which they hold no grant.
fn free(world: &World) -> Vec<(u32, u32)> {
    let mut numbers = Numbers(11);
    let mut free = vec![];
    while free.len() < 256 {
        let app = numbers.below(world.apps.len());
        let row = &world.apps[app];
        let user = world.people(row.team as usize).start + world.shape.admins + numbers.below(world.shape.members);
        if let (Ok(user), Ok(app)) = (u32::try_from(user), u32::try_from(app))
            && world.users[user as usize].role == Role::Member
            && !world.teams[row.team as usize].standard
            && row.grants.iter().all(|(holder, _)| *holder != user)
        {
            free.push((user, app));
        }
    }
    free
}

/// Whether a grant allows what it should, and its revocation takes that away again; `None` where the data is the host's.
fn compare_change<E: Engine>(world: &World, engine: &mut E, (user, app): (u32, u32)) -> Outcome<Option<()>> {
    let asked = engine.asked(world, Question { user, client: false, action: PUSH_CODE, app })?;
    if !engine.change(world, user, app, Change::Grant)? {
        return Ok(None);
    }
    let granted = engine.can(&asked)?;
    engine.change(world, user, app, Change::Revoke)?;
    if !granted || engine.can(&asked)? {
        return Err(format!("{}: a grant, or its revocation, does not show", E::NAME).into());
    }
    Ok(Some(()))
}

/// A grant and its revocation, in nanoseconds of the whole process: one engine writes in a thread of its own.
fn change_time<E: Engine>(world: &World, engine: &mut E) -> Outcome<Option<f64>> {
    let free = free(world);
    if compare_change(world, engine, free[0])?.is_none() {
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
    // As many as take some half a second.
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
        "| | answers compared | a check | this crate in turns with it | times this crate's | what a member sees: {} apps | \
         a grant and its revocation | load |\n|---|---|---|---|---|---|---|---|",
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Both kinds of team, one of them closed to clients, locked apps.
    const TINY: Shape = Shape { admins: 2, members: 9, viewers: 2, collaborators: 3, apps: 12, grants: 3 };

    fn agrees<E: Engine>(how_many: usize) {
        for teams in [1, 5] {
            let world = World::new(teams, TINY);
            let mut engine = E::load(&world).unwrap();
            let questions = world.questions(how_many);
            let yes = questions.iter().filter(|question| world.allowed(**question)).count();
            assert!((how_many / 4..how_many * 3 / 4).contains(&yes), "{yes} of {how_many}");
            compare(&world, &mut engine, &questions).unwrap();
            compare_lists(&world, &mut engine).unwrap();
            compare_change(&world, &mut engine, free(&world)[0]).unwrap();
            compare(&world, &mut engine, &questions).unwrap();
        }
    }

    #[test]
    fn this_crate_agrees() {
        agrees::<Ours>(5000);
    }

    #[test]
    fn plain_structures_agree() {
        agrees::<Maps>(5000);
        agrees::<Rows>(5000);
    }

    #[test]
    fn gatehouse_agrees() {
        agrees::<Gatehouse>(5000);
    }

    #[test]
    fn regorus_agrees() {
        agrees::<Regorus>(5000);
    }

    #[test]
    fn cedar_agrees() {
        agrees::<Cedar>(5000);
    }

    #[test]
    fn zanzibar_agrees() {
        agrees::<Zanzibar>(5000);
    }

    #[test]
    fn casbin_agrees() {
        agrees::<Casbin>(500);
    }

    /// A comparison that could not fail would prove nothing.
    #[test]
    fn a_wrong_answer_is_found() {
        let world = World::new(1, TINY);
        let mut engine = Rows::load(&world).unwrap();
        let mut other = World::new(1, TINY);
        for app in &mut other.apps {
            app.grants.clear();
        }
        assert!(compare(&other, &mut engine, &other.questions(500)).is_err());
        assert!(compare_lists(&other, &mut engine).is_err());
    }
}
