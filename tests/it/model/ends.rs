//! END: memberships, grants and permissions that end.

use enterprise_teams::testing::rules::EndRules;
use enterprise_teams::{
    ActorKind, AppId, Capability, Error, GroupId, SpaceId, TeamId, TeamKind, TeamRole, UserId, entity::Held,
};

use super::state::{Model, Time};
use super::verdict::{By, Verdict, refuse_if, refuse_unless};

/// A longer time than before, or a shorter one.
fn is_later(from: Option<Time>, to: Option<Time>) -> bool {
    match (from, to) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(from), Some(to)) => to > from,
    }
}

impl Model {
    pub(crate) fn end(&self, held: Held) -> Option<Time> {
        self.ends.get(&held).copied()
    }

    fn is_held(&self, held: Held) -> bool {
        match held {
            Held::Membership { team, user } => self.members.contains_key(&(team, user)),
            Held::Grant { app, user } => self.grants.contains_key(&(app, user)),
            Held::GroupGrant { app, group } => self.group_grants.contains_key(&(app, group)),
            Held::AppCreation { space, user } => self.app_creators.contains(&(space, user)),
        }
    }

    /// An end goes with what it is the end of.
    pub(super) fn forget_ends(&mut self) {
        let gone: Vec<Held> = self.ends.keys().copied().filter(|held| !self.is_held(*held)).collect();
        self.ends.retain(|held, _| !gone.contains(held));
    }

    fn ended(&self, now: Time) -> Vec<Held> {
        self.ends.iter().filter(|(_, end)| **end <= now).map(|(held, _)| *held).collect()
    }

    pub(super) fn has_ended(&self, now: Time) -> bool {
        !self.ended(now).is_empty()
    }

    /// END-3: what has ended leaves, as one event.
    pub(super) fn sweep(&mut self, now: Time) {
        let ended = self.ended(now);
        if ended.is_empty() {
            return;
        }
        for held in ended {
            match held {
                Held::Membership { team, user } => self.end_membership(team, user),
                Held::Grant { app, user } => self.take_off(app, user),
                Held::GroupGrant { app, group } => drop(self.group_grants.remove(&(app, group))),
                Held::AppCreation { space, user } => drop(self.app_creators.remove(&(space, user))),
            }
        }
        self.end_sign_ins();
        self.forget_ends();
        self.seq += 1;
    }

    /// END-1: as it is for whoever asks at this time.
    pub(super) fn as_at(&self, now: Time) -> Self {
        let mut then = self.clone();
        then.sweep(now);
        let facts = then.facts();
        then.times.retain(|fact, _| facts.contains_key(fact));
        then
    }

    fn is_to_come(by: By, to: Option<Time>) -> Verdict {
        match to {
            Some(to) if to <= by.now => Err(Error::EndInThePast { ends_at: to, now: by.now }),
            _ => Ok(()),
        }
    }

    fn set_end(&mut self, held: Held, to: Option<Time>) -> Verdict {
        refuse_if(self.end(held) == to, Error::EndUnchanged { held: Box::new(held) })?;
        match to {
            Some(to) => self.ends.insert(held, to),
            None => self.ends.remove(&held),
        };
        Ok(())
    }
}

/// whole microseconds.
fn whole(to: Option<Time>) -> Option<Time> {
    to.map(|to| Time::from_timestamp_micros(to.timestamp_micros()).expect("a time"))
}

impl EndRules<By> for Model {
    fn set_member_end(&mut self, by: By, team: TeamId, user: UserId, ends_at: Option<Time>) -> Verdict {
        let (held, to) = (Held::Membership { team, user }, whole(ends_at));
        self.team_exists(team)?;
        self.user_exists(user)?;
        self.admitted(by, team)?;
        refuse_unless(self.is_admin(by.who, team), Error::OnlyAdminsManageMembers { actor: by.who, team })?;
        let longer = is_later(self.end(held), to);
        let own = by.who.user() == Some(user);
        refuse_if(own && longer, Error::OwnMembershipCannotGrow { actor: by.who, team })?;
        Self::is_to_come(by, to)?;
        refuse_unless(self.members.contains_key(&(team, user)), Error::NotInTeam { team, user })?;
        if longer {
            self.receives(user)?;
        }
        let last = self.admins(team) == [user];
        self.clone().set_end(held, to)?;
        refuse_if(last && to.is_some(), Error::LastAdminCannotEnd { team, user })?;
        self.set_end(held, to)
    }

    fn set_grant_end(&mut self, by: By, app: AppId, user: UserId, ends_at: Option<Time>) -> Verdict {
        let (held, to) = (Held::Grant { app, user }, whole(ends_at));
        self.app_exists(app)?;
        self.user_exists(user)?;
        self.app_open(by, app)?;
        let longer = is_later(self.end(held), to);
        let standard = self.team_of(app).filter(|team| self.teams[team].kind == TeamKind::Standard);
        match standard.filter(|team| longer && self.may(by.who, *team, Capability::AddCollaborators)) {
            // STD-3: whoever adds people. Others on the app do not see who is there until when.
            Some(team) => {
                let kept_out = self.apps[&app].locked && !self.is_admin(by.who, team);
                refuse_if(kept_out, Error::OnlyManagersShareLockedApps { actor: by.who, app })?;
            }
            None => self.shared(by, app)?,
        }
        // PERM-5
        let own = by.who.user() == Some(user);
        refuse_if(own && longer, Error::OwnGrantCannotGrow { actor: by.who, app })?;
        Self::is_to_come(by, to)?;
        // PERM-6
        let admin = self.team_of(app).is_some_and(|team| self.members.get(&(team, user)) == Some(&TeamRole::Admin));
        refuse_if(admin, Error::AdminPermissionsFixed { app, user })?;
        refuse_unless(self.is_on(user, app), Error::NotOnApp { app, user })?;
        if longer {
            self.receives(user)?;
        }
        self.set_end(held, to)
    }

    fn set_group_grant_end(&mut self, by: By, app: AppId, group: GroupId, ends_at: Option<Time>) -> Verdict {
        let (held, to) = (Held::GroupGrant { app, group }, whole(ends_at));
        self.grants_to_groups(by, app, group)?;
        // GRP-2
        let own = is_later(self.end(held), to) && self.is_in_group(by, group);
        refuse_if(own, Error::OwnGroupGrantCannotGrow { actor: Box::new(by.who), app, group })?;
        self.group_is_of_app(app, group)?;
        Self::is_to_come(by, to)?;
        refuse_unless(self.group_grants.contains_key(&(app, group)), Error::GroupNotOnApp { app, group })?;
        self.set_end(held, to)
    }

    fn set_app_creation_end(&mut self, by: By, space: SpaceId, user: UserId, ends_at: Option<Time>) -> Verdict {
        let (held, to) = (Held::AppCreation { space, user }, whole(ends_at));
        self.space_exists(space)?;
        self.user_exists(user)?;
        self.manages_space(by, space)?;
        Self::is_to_come(by, to)?;
        refuse_unless(self.app_creators.contains(&(space, user)), Error::AppCreationNotAllowed { space, user })?;
        if is_later(self.end(held), to) {
            refuse_unless(self.may_be_creator(space, user), Error::AppCreationForMembers { space, user })?;
            self.receives(user)?;
        }
        self.set_end(held, to)
    }

    fn sweep_ends(&mut self, by: By) -> Verdict {
        refuse_unless(by.who == ActorKind::Operator, Error::OnlyOperatorSweepsEnds { actor: by.who })?;
        refuse_unless(self.has_ended(by.now), Error::NothingHasEnded {})?;
        self.sweep(by.now);
        // It is the event.
        self.seq -= 1;
        Ok(())
    }
}
