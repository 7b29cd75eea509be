//! What unit tests share: a sound state with something of everything.

use core::fmt::Debug;
use core::str::FromStr;

use chrono::TimeDelta;

use crate::actor::Actor;
use crate::demo::{Demo, id};
use crate::entity::{DynoSize, NewApp, NewSpace, NewUser, Plan, Stage};
use crate::error::Error;
use crate::event::{AuditEvent, Event};
use crate::ids::{AccountId, AppId, GroupId, PipelineId, RoleId, SpaceId, TeamId, UserId};
use crate::permission::PermissionSet;
use crate::policy::RoleRights;
use crate::role::TeamRole;
use crate::state::{AppRow, GroupRow, RoleRow, SpaceRow, State, TeamRow, UserRow};
use crate::store::TeamStore;
use crate::version::Version;

/// A store in which everything is as it should be, for tests to spoil.
pub(crate) struct Sound {
    pub(crate) store: TeamStore,
    pub(crate) ada: UserId,
    pub(crate) joe: UserId,
    pub(crate) jill: UserId,
    pub(crate) sam: UserId,
    pub(crate) max: UserId,
    pub(crate) acme: TeamId,
    pub(crate) inc: TeamId,
    pub(crate) website: AppId,
    pub(crate) wave: AppId,
    /// An app of max, with jill on it, whose transfer to her is pending.
    pub(crate) own: AppId,
    pub(crate) space: SpaceId,
    pub(crate) account: AccountId,
    pub(crate) pipeline: PipelineId,
    /// A group of acme, with joe in it, that holds `view` on the website.
    pub(crate) group: GroupId,
    /// A role of acme's own, which vera has; it holds `view` on every app.
    pub(crate) role: RoleId,
    pub(crate) vera: UserId,
    /// Who is in nothing and on nothing.
    pub(crate) lone: UserId,
}

impl Sound {
    pub(crate) fn new() -> Result<Self, Error> {
        let Demo { mut store, operator, ada, joe, vera, jill, acme, website, sam, max, inc, wave, .. } = Demo::new()?;
        let lone = store.register_user(operator, NewUser::new(text("lone@acme.com")))?;
        let account = store.open_account(operator, text("acme"), id(ada))?;
        store.create_team_in(ada, account, text("acme-labs"))?;
        let space = store.create_space(ada, NewSpace::new(acme, text("acme-space")))?;
        store.allow_app_creation(ada, space, id(joe))?;
        store.create_app(ada, NewApp::in_space(space))?;
        store.invite_member(ada, acme, text("new@acme.com"), TeamRole::Member)?;
        store.scale_app(ada, website, text("web"), DynoSize::Standard1X, 1)?;
        store.install_add_on(ada, website, text("postgres"), Plan { name: text("mini"), price: 500 })?;
        let pipeline = store.create_pipeline(ada, acme, text("site"))?;
        store.couple_app(ada, pipeline, website, Stage::Staging)?;
        let group = store.create_group(ada, acme, text("web"))?;
        store.add_group_member(ada, group, id(joe))?;
        store.grant_group_permissions(ada, website, group, PermissionSet::VIEW)?;
        let rights = RoleRights { permissions: PermissionSet::VIEW, ..RoleRights::default() };
        let role = store.create_role(ada, acme, text("own"), rights)?;
        store.set_member_role(ada, acme, id(vera), TeamRole::Custom(role))?;
        let own = store.create_app(max, NewApp::personal())?;
        store.add_collaborator(max, own, id(jill))?;
        store.request_app_transfer(max, own, id(jill))?;
        let later = Some(ada.at + TimeDelta::days(7));
        store.set_grant_end(ada, website, id(jill), later)?;
        store.set_app_creation_end(ada, space, id(joe), later)?;
        let [ada, joe, vera, jill, sam, max] = [ada, joe, vera, jill, sam, max].map(id);
        Ok(Self {
            store,
            ada,
            joe,
            jill,
            sam,
            max,
            acme,
            inc,
            website,
            wave,
            own,
            space,
            account,
            pipeline,
            group,
            role,
            vera,
            lone,
        })
    }

    pub(crate) fn state(&mut self) -> &mut State {
        self.store.state_mut()
    }

    /// Makes the changes of an event that no decision would have let through.
    pub(crate) fn apply(&mut self, event: Event) {
        let (seq, at) = (self.store.state().seq + 1, self.store.state().last_at);
        let actor = Actor::user(self.ada, at).who;
        self.store.state_mut().make(&AuditEvent { version: Version, seq, at, actor, context: None, event });
    }

    pub(crate) fn user(&mut self, user: UserId) -> &mut UserRow {
        let ix = self.state().users.find(user).expect("registered").ix;
        self.state().users.get_mut(ix).expect("registered")
    }

    pub(crate) fn team(&mut self, team: TeamId) -> &mut TeamRow {
        let ix = self.state().teams.find(team).expect("provisioned").ix;
        self.state().teams.get_mut(ix).expect("provisioned")
    }

    pub(crate) fn space(&mut self) -> &mut SpaceRow {
        let ix = self.store.state().spaces.find(self.space).expect("created").ix;
        self.state().spaces.get_mut(ix).expect("created")
    }

    pub(crate) fn group(&mut self) -> &mut GroupRow {
        let ix = self.store.state().groups.find(self.group).expect("created").ix;
        self.state().groups.get_mut(ix).expect("created")
    }

    pub(crate) fn role(&mut self) -> &mut RoleRow {
        let ix = self.store.state().roles.find(self.role).expect("created").ix;
        self.state().roles.get_mut(ix).expect("created")
    }

    pub(crate) fn app(&mut self, app: AppId) -> &mut AppRow {
        let ix = self.state().apps.find(app).expect("created").ix;
        self.state().apps.get_mut(ix).expect("created")
    }
}

/// A name or an e-mail.
pub(crate) fn text<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().expect("well formed")
}
