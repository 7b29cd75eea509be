//! The plain structures of the benches.

use enterprise_teams::uuid::Uuid;

use super::{Change, Engine, GIVEN, Outcome, apps_of_team, views};
use crate::ground::plain;
use crate::ground::world::{AccessQuery, World};

/// Hash maps on ids.
pub(crate) struct Maps {
    plain: plain::Maps,
    users: Vec<Uuid>,
    apps: Vec<Uuid>,
}

fn ids(kind: u64, how_many: usize) -> Vec<Uuid> {
    (0..how_many as u64).map(|number| Uuid::from_u64_pair(kind, number.wrapping_mul(0x9e37_79b9_7f4a_7c15))).collect()
}

impl Engine for Maps {
    const NAME: &str = "plain hash maps";
    type Asked = (Uuid, bool, u8, Uuid);
    type Seen<'a> = Vec<u32>;

    fn load(world: &World) -> Outcome<Self> {
        let [teams, users, apps] =
            [(1, world.teams.len()), (2, world.users.len()), (3, world.apps.len())].map(|(kind, many)| ids(kind, many));
        Ok(Self { plain: plain::Maps::new(world, &teams, &users, &apps), users, apps })
    }

    fn asked(&self, _: &World, AccessQuery { user, client, action, app }: AccessQuery) -> Outcome<Self::Asked> {
        Ok((self.users[user as usize], client, action, self.apps[app as usize]))
    }

    fn can(&mut self, (user, client, action, app): &Self::Asked) -> Outcome<bool> {
        Ok(self.plain.can(*user, *client, *action, *app))
    }

    fn visible<'a>(&'a mut self, world: &World, user: u32) -> Outcome<Self::Seen<'a>> {
        let seen = |app: &u32| self.plain.can(self.users[user as usize], false, 0, self.apps[*app as usize]);
        Ok(apps_of_team(world, user).filter(seen).collect())
    }

    fn numbers(seen: Self::Seen<'_>) -> Outcome<Vec<u32>> {
        Ok(seen)
    }

    fn change(&mut self, _: &World, user: u32, app: u32, change: Change) -> Outcome<bool> {
        let held = (change == Change::Grant).then_some(GIVEN);
        self.plain.set(self.users[user as usize], self.apps[app as usize], held);
        Ok(true)
    }
}

/// Rows by number, with a sorted list of grants for each app.
pub(crate) struct Rows(plain::Dense);

impl Engine for Rows {
    const NAME: &str = "plain dense rows";
    type Asked = AccessQuery;
    type Seen<'a> = Vec<u32>;

    fn load(world: &World) -> Outcome<Self> {
        Ok(Self(plain::Dense::new(world)))
    }

    fn asked(&self, _: &World, question: AccessQuery) -> Outcome<Self::Asked> {
        Ok(question)
    }

    fn can(&mut self, asked: &Self::Asked) -> Outcome<bool> {
        Ok(self.0.can(*asked))
    }

    fn visible<'a>(&'a mut self, world: &World, user: u32) -> Outcome<Self::Seen<'a>> {
        Ok(apps_of_team(world, user).filter(|app| self.0.can(views(user, *app))).collect())
    }

    fn numbers(seen: Self::Seen<'_>) -> Outcome<Vec<u32>> {
        Ok(seen)
    }
}
