//! This crate: the store that the benches measure.

use enterprise_teams::{
    Actor, AppAction, AppId, Page, PageRequest,
    query::{AppFilter, VisibleApp},
};

use super::{Change, Engine, GIVEN, Outcome, number};
use crate::ground::ours::{NOW, Ours, permissions};
use crate::ground::world::{ACTIONS, AccessQuery, World};

impl Engine for Ours {
    const NAME: &str = "this crate";
    type Asked = (Actor, AppAction, AppId);
    type Seen<'a> = Page<VisibleApp<'a>>;

    fn load(world: &World) -> Outcome<Self> {
        Ok(Self::new(world, 1000)?)
    }

    fn asked(&self, _: &World, AccessQuery { user, client, action, app }: AccessQuery) -> Outcome<Self::Asked> {
        Ok((self.actor(user, client), ACTIONS[action as usize].0, self.apps[app as usize]))
    }

    fn can(&mut self, (actor, action, app): &Self::Asked) -> Outcome<bool> {
        Ok(self.store.can(*actor, *action, *app))
    }

    fn visible<'a>(&'a mut self, _: &World, user: u32) -> Outcome<Self::Seen<'a>> {
        Ok(self.store.visible_apps(self.actor(user, false), &AppFilter::default(), &PageRequest::first(1000)?)?)
    }

    fn numbers(seen: Self::Seen<'_>) -> Outcome<Vec<u32>> {
        seen.items.iter().map(|visible| number(visible.app.name().as_str())).collect()
    }

    fn change(&mut self, world: &World, user: u32, app: u32, change: Change) -> Outcome<bool> {
        let admin = Actor::user(self.users[world.people(world.apps[app as usize].team as usize).start], NOW);
        let (user, app) = (self.users[user as usize], self.apps[app as usize]);
        match change {
            Change::Grant => self.store.grant_permissions(admin, app, user, permissions(GIVEN))?,
            Change::Revoke => self.store.remove_collaborator(admin, app, user)?,
        }
        Ok(true)
    }
}
