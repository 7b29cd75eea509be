//! The answers of an engine, held against what the rules say.

use crate::engines::{Change, Engine, Outcome, apps_of_team, views};
use crate::ground::world::{AccessQuery, Numbers, Role, World};

/// How many members' lists are made.
const LISTS: usize = 8;
/// The number of the action that a grant allows and that a member of an Enterprise Team may not do without one.
const PUSH_CODE: u8 = 1;

/// Puts the questions to the engine, and gives them in its own terms if all answers are right.
pub(crate) fn compare<E: Engine>(world: &World, engine: &mut E, questions: &[AccessQuery]) -> Outcome<Vec<E::Asked>> {
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
pub(crate) fn members(world: &World) -> Vec<u32> {
    let member =
        |index| world.people(index % world.teams.len()).start + world.shape.admins + index % world.shape.members;
    (0..LISTS).map(member).filter_map(|user| u32::try_from(user).ok()).collect()
}

/// Compares what members, and the last of each team's collaborators, see.
pub(crate) fn compare_lists<E: Engine>(world: &World, engine: &mut E) -> Outcome<()> {
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
pub(crate) fn free(world: &World) -> Vec<(u32, u32)> {
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

/// Whether a grant allows what it should, and its revocation takes that away again. False: the data is the host's.
pub(crate) fn compare_change<E: Engine>(world: &World, engine: &mut E, (user, app): (u32, u32)) -> Outcome<bool> {
    let asked = engine.asked(world, AccessQuery { user, client: false, action: PUSH_CODE, app })?;
    if !engine.change(world, user, app, Change::Grant)? {
        return Ok(false);
    }
    let granted = engine.can(&asked)?;
    engine.change(world, user, app, Change::Revoke)?;
    if !granted || engine.can(&asked)? {
        return Err(format!("{}: a grant, or its revocation, does not show", E::NAME).into());
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::{compare, compare_change, compare_lists, free};
    use crate::engines::{Casbin, Cedar, Engine, Gatehouse, Maps, Regorus, Rows, Zanzibar};
    use crate::ground::ours::Ours;
    use crate::ground::world::{Shape, World};

    /// Both kinds of team, one of them closed to clients, locked apps.
    const TINY: Shape = Shape { admins: 2, members: 9, viewers: 2, collaborators: 3, apps: 12, grants: 3 };

    fn agrees<E: Engine>(how_many: usize, keeps_data: bool) {
        for teams in [1, 5] {
            let world = World::new(teams, TINY);
            let mut engine = E::load(&world).unwrap();
            let questions = world.questions(how_many);
            let yes = questions.iter().filter(|question| world.allowed(**question)).count();
            assert!((how_many / 4..how_many * 3 / 4).contains(&yes), "{yes} of {how_many}");
            compare(&world, &mut engine, &questions).unwrap();
            compare_lists(&world, &mut engine).unwrap();
            assert_eq!(compare_change(&world, &mut engine, free(&world)[0]).unwrap(), keeps_data);
            compare(&world, &mut engine, &questions).unwrap();
        }
    }

    #[test]
    fn this_crate_agrees() {
        agrees::<Ours>(5000, true);
    }

    #[test]
    fn plain_structures_agree() {
        agrees::<Maps>(5000, true);
        agrees::<Rows>(5000, false);
    }

    #[test]
    fn gatehouse_agrees() {
        agrees::<Gatehouse>(5000, false);
    }

    #[test]
    fn regorus_agrees() {
        agrees::<Regorus>(5000, true);
    }

    #[test]
    fn cedar_agrees() {
        agrees::<Cedar>(5000, true);
    }

    #[test]
    fn zanzibar_agrees() {
        agrees::<Zanzibar>(5000, true);
    }

    #[test]
    fn casbin_agrees() {
        agrees::<Casbin>(500, true);
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
        assert!(compare(&other, &mut engine, &world.questions(500)).is_err());
        assert!(compare_lists(&other, &mut engine).is_err());
    }
}
