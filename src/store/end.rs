//! END: memberships, grants and permissions that end.

use chrono::{DateTime, Utc};

use super::TeamStore;
use crate::actor::Actor;
use crate::decide;
use crate::error::Error;
#[cfg(doc)]
use crate::event::Event;
use crate::ids::{AppId, GroupId, SpaceId, TeamId, UserId};

/// **Ends** (END-1 to END-3): from that instant on what somebody holds does not count, and it leaves the store with the next operation.
impl TeamStore {
    /// Says when a membership ends, or that it does not (END-1). What ends with it is what ends when the member is
    /// [removed](Self::remove_member).
    ///
    /// By admins; nobody puts off the end of their own membership (END-2), and nobody that of whoever is suspended (SUS-1). Records
    /// [`EndChanged`](Event::EndChanged).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`UserNotFound`](Error::UserNotFound) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyAdminsManageMembers`](Error::OnlyAdminsManageMembers) (MEM-1),
    /// [`OwnMembershipCannotGrow`](Error::OwnMembershipCannotGrow) (END-2), [`EndInThePast`](Error::EndInThePast) (END-2),
    /// [`NotInTeam`](Error::NotInTeam) (MEM-3), [`EndUnchanged`](Error::EndUnchanged) (END-2),
    /// [`UserIsSuspended`](Error::UserIsSuspended) (SUS-1), [`LastAdminCannotEnd`](Error::LastAdminCannotEnd) (END-2).
    ///
    /// ```
    /// use enterprise_teams::chrono::TimeDelta;
    /// use enterprise_teams::{Capability, demo::{Demo, id}};
    ///
    /// let Demo { mut store, ada, joe, acme, .. } = Demo::new()?;
    /// let friday = ada.at + TimeDelta::days(5);
    /// store.set_member_end(ada, acme, id(joe), Some(friday))?;
    /// assert!(store.can(joe, Capability::CreateApps, acme));
    /// assert!(!store.can(joe.at(friday), Capability::CreateApps, acme));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn set_member_end(
        &mut self,
        actor: Actor,
        team: TeamId,
        user: UserId,
        ends_at: Option<DateTime<Utc>>,
    ) -> Result<(), Error> {
        self.record(actor, |state| decide::end::set_member_end(state, actor, team, user, ends_at))
    }

    /// Says when somebody's permissions on an app end, or that they do not (END-1): for a collaborator, their place on it. To grant
    /// something until a time, grant it and say so in one [transaction](Self::transaction).
    ///
    /// By holders of `manage`; nobody puts off the end of their own (PERM-5). Whoever adds collaborators to an app of a Standard team puts
    /// off their ends, and only admins, who take them off, give them one, or an earlier one (STD-3); but while the app is not locked,
    /// members join it by themselves, with no end (APP-9). What an admin was given sleeps, and stays as it is (PERM-6). Records
    /// [`EndChanged`](Event::EndChanged).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AppNotFound`](Error::AppNotFound) (X-2),
    /// [`UserNotFound`](Error::UserNotFound) (X-2), [`AppHidden`](Error::AppHidden) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyManagersChangeAccess`](Error::OnlyManagersChangeAccess) (PERM-4),
    /// [`OnlyOwnerSharesPersonalApp`](Error::OnlyOwnerSharesPersonalApp) (PERM-10),
    /// [`OnlyAdminsManageStandardApps`](Error::OnlyAdminsManageStandardApps) (STD-3),
    /// [`OnlyManagersShareLockedApps`](Error::OnlyManagersShareLockedApps) (APP-9),
    /// [`OwnGrantCannotGrow`](Error::OwnGrantCannotGrow) (PERM-5), [`EndInThePast`](Error::EndInThePast) (END-2),
    /// [`AdminPermissionsFixed`](Error::AdminPermissionsFixed) (PERM-1), [`NotOnApp`](Error::NotOnApp) (PERM-7),
    /// [`EndUnchanged`](Error::EndUnchanged) (END-2), [`UserIsSuspended`](Error::UserIsSuspended) (SUS-1).
    ///
    /// ```
    /// use enterprise_teams::chrono::TimeDelta;
    /// use enterprise_teams::{AppAction, Error, Permission, demo::{Demo, id}};
    ///
    /// let Demo { mut store, ada, vera, website, .. } = Demo::new()?;
    /// let tonight = ada.at + TimeDelta::hours(8);
    /// store.transaction(|store| {
    ///     store.grant_permissions(ada, website, id(vera), Permission::Operate.into())?;
    ///     store.set_grant_end(ada, website, id(vera), Some(tonight))
    /// })?;
    /// assert!(store.can(vera, AppAction::ScaleDynos, website));
    /// assert!(!store.can(vera.at(tonight), AppAction::ScaleDynos, website));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn set_grant_end(
        &mut self,
        actor: Actor,
        app: AppId,
        user: UserId,
        ends_at: Option<DateTime<Utc>>,
    ) -> Result<(), Error> {
        self.record(actor, |state| decide::end::set_grant_end(state, actor, app, user, ends_at))
    }

    /// Says when the permissions of a group on an app end, or that they do not (END-1).
    ///
    /// By holders of `manage`; nobody puts off the end of what a group holds that they are in (GRP-2). Records
    /// [`EndChanged`](Event::EndChanged).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AppNotFound`](Error::AppNotFound) (X-2),
    /// [`GroupNotFound`](Error::GroupNotFound) (X-2), [`AppHidden`](Error::AppHidden) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyManagersChangeAccess`](Error::OnlyManagersChangeAccess) (PERM-4),
    /// [`OnlyOwnerSharesPersonalApp`](Error::OnlyOwnerSharesPersonalApp) (PERM-10),
    /// [`OnlyAdminsManageStandardApps`](Error::OnlyAdminsManageStandardApps) (STD-3),
    /// [`OwnGroupGrantCannotGrow`](Error::OwnGroupGrantCannotGrow) (GRP-2),
    /// [`PermissionsOnPersonalApp`](Error::PermissionsOnPersonalApp) (PERM-10),
    /// [`PermissionsOnStandardApp`](Error::PermissionsOnStandardApp) (STD-4),
    /// [`GroupOfAnotherTeam`](Error::GroupOfAnotherTeam) (GRP-2), [`EndInThePast`](Error::EndInThePast) (END-2),
    /// [`GroupNotOnApp`](Error::GroupNotOnApp) (GRP-2), [`EndUnchanged`](Error::EndUnchanged) (END-2).
    ///
    /// ```
    /// use enterprise_teams::chrono::TimeDelta;
    /// use enterprise_teams::{AppAction, Permission, demo::{Demo, id}};
    ///
    /// let Demo { mut store, ada, vera, acme, website, .. } = Demo::new()?;
    /// let on_call = store.create_group(ada, acme, "on-call".parse()?)?;
    /// store.add_group_member(ada, on_call, id(vera))?;
    /// store.grant_group_permissions(ada, website, on_call, Permission::Operate.into())?;
    /// let monday = ada.at + TimeDelta::days(7);
    /// store.set_group_grant_end(ada, website, on_call, Some(monday))?;
    /// assert!(store.can(vera, AppAction::ScaleDynos, website));
    /// assert!(!store.can(vera.at(monday), AppAction::ScaleDynos, website));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn set_group_grant_end(
        &mut self,
        actor: Actor,
        app: AppId,
        group: GroupId,
        ends_at: Option<DateTime<Utc>>,
    ) -> Result<(), Error> {
        self.record(actor, |state| decide::end::set_group_grant_end(state, actor, app, group, ends_at))
    }

    /// Says when the permission to create apps in a space ends, or that it does not (END-1).
    ///
    /// By admins. That of an admin, which sleeps, and that of whoever is suspended is not put off (PERM-6, SUS-1). Records
    /// [`EndChanged`](Event::EndChanged).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`SpaceNotFound`](Error::SpaceNotFound) (X-2),
    /// [`UserNotFound`](Error::UserNotFound) (X-2), [`SpaceHidden`](Error::SpaceHidden) (SPC-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsManageSpaces`](Error::OnlyAdminsManageSpaces) (SPC-1),
    /// [`EndInThePast`](Error::EndInThePast) (END-2), [`AppCreationForMembers`](Error::AppCreationForMembers) (SPC-3),
    /// [`AppCreationNotAllowed`](Error::AppCreationNotAllowed) (SPC-3), [`EndUnchanged`](Error::EndUnchanged) (END-2),
    /// [`UserIsSuspended`](Error::UserIsSuspended) (SUS-1).
    ///
    /// ```
    /// use enterprise_teams::chrono::TimeDelta;
    /// use enterprise_teams::{NewApp, NewSpace, demo::{Demo, id}};
    ///
    /// let Demo { mut store, ada, joe, acme, .. } = Demo::new()?;
    /// let space = store.create_space(ada, NewSpace::new(acme, "acme-space".parse()?))?;
    /// store.allow_app_creation(ada, space, id(joe))?;
    /// let friday = ada.at + TimeDelta::days(5);
    /// store.set_app_creation_end(ada, space, id(joe), Some(friday))?;
    /// let refused = store.create_app(joe.at(friday), NewApp::in_space(space));
    /// assert_eq!(refused.unwrap_err().code(), "app-creation-needs-space-permission");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn set_app_creation_end(
        &mut self,
        actor: Actor,
        space: SpaceId,
        user: UserId,
        ends_at: Option<DateTime<Utc>>,
    ) -> Result<(), Error> {
        self.record(actor, |state| decide::end::set_app_creation_end(state, actor, space, user, ends_at))
    }

    /// Lets what has ended leave the store (END-3).
    ///
    /// By the platform operator. Whatever is done sweeps before it what has ended by then. The operation is for a host where nothing else
    /// happens: it wakes at [`next_end`](Self::next_end). Whoever asks in between is answered as if it had been swept; what that costs
    /// is said there. Records [`EndsSwept`](Event::EndsSwept).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`OnlyOperatorSweepsEnds`](Error::OnlyOperatorSweepsEnds) (END-3),
    /// [`NothingHasEnded`](Error::NothingHasEnded) (END-3).
    ///
    /// ```
    /// use enterprise_teams::chrono::TimeDelta;
    /// use enterprise_teams::demo::{Demo, id};
    ///
    /// let Demo { mut store, operator, ada, joe, acme, .. } = Demo::new()?;
    /// let friday = ada.at + TimeDelta::days(5);
    /// store.set_member_end(ada, acme, id(joe), Some(friday))?;
    /// assert_eq!(store.next_end(), Some(friday));
    /// assert_eq!(store.sweep_ends(operator).unwrap_err().code(), "nothing-has-ended");
    /// store.sweep_ends(operator.at(friday))?;
    /// assert_eq!(store.next_end(), None);
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn sweep_ends(&mut self, actor: Actor) -> Result<(), Error> {
        self.before_sweep(actor, |store| {
            let event = decide::end::sweep(&store.state, actor)?;
            store.commit(actor, event);
            Ok(())
        })
    }

    /// When the first thing ends that the store holds (END-1); `None` where nothing does.
    ///
    /// Before that time, and after a [sweep](Self::sweep_ends) at it, questions cost what they say. In between the first list that somebody
    /// asks for costs a copy of the store, which later ones share until the next operation or the next end; a check costs none where, of
    /// at most 64 things that have ended, none concerns the user. The copies are kept until the next operation.
    /// A host that sweeps at this time, or whose people do things all the time, never pays it.
    #[must_use]
    pub fn next_end(&self) -> Option<DateTime<Utc>> {
        self.state.ends.first().map(DateTime::from)
    }
}
