//! ENT: Enterprise Accounts, and teams moving in and out.

use super::TeamStore;
use crate::actor::Actor;
use crate::decide;
use crate::entity::AccountPermissionSet;
use crate::error::Error;
#[cfg(doc)]
use crate::event::Event;
use crate::ids::{AccountId, TeamId, UserId};
use crate::names::{AccountName, TeamName};

/// **Enterprise Accounts** (ENT): their members, and teams that move in and out.
impl TeamStore {
    /// Opens an Enterprise Account with a first member, who holds all permissions in it (ENT-1).
    ///
    /// By the platform operator. Records [`AccountOpened`](Event::AccountOpened).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`UserNotFound`](Error::UserNotFound) (X-2),
    /// [`OnlyOperatorOpensAccounts`](Error::OnlyOperatorOpensAccounts) (ENT-1), [`UserIsSuspended`](Error::UserIsSuspended) (SUS-1),
    /// [`AccountNameTaken`](Error::AccountNameTaken) (ENT-1), [`StoreFull`](Error::StoreFull) (X-6).
    ///
    /// ```
    /// use enterprise_teams::demo::{Demo, id};
    ///
    /// let Demo { mut store, operator, ada, .. } = Demo::new()?;
    /// let account = store.open_account(operator, "acme".parse()?, id(ada))?;
    /// assert_eq!(store.account(ada, account)?.name(), "acme");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn open_account(&mut self, actor: Actor, name: AccountName, manager: UserId) -> Result<AccountId, Error> {
        self.record(actor, |state| decide::account::open(state, actor, name, manager))
    }

    /// Adds a user to an Enterprise Account (ENT-1); `view` is in every set.
    ///
    /// By holders of `manage` (ENT-2). Records [`AccountMemberAdded`](Event::AccountMemberAdded).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AccountNotFound`](Error::AccountNotFound) (X-2),
    /// [`UserNotFound`](Error::UserNotFound) (X-2), [`OAuthDeniedInAccount`](Error::OAuthDeniedInAccount) (SEC-1),
    /// [`OnlyManagersManageAccounts`](Error::OnlyManagersManageAccounts) (ENT-2), [`AlreadyInAccount`](Error::AlreadyInAccount) (ENT-1),
    /// [`AccountPermissionsUnchanged`](Error::AccountPermissionsUnchanged) (ENT-1), [`UserIsSuspended`](Error::UserIsSuspended) (SUS-1).
    ///
    /// ```
    /// use enterprise_teams::{
    ///     Rule,
    ///     demo::{Demo, id},
    /// };
    ///
    /// let Demo { mut store, operator, ada, joe, .. } = Demo::new()?;
    /// let account = store.open_account(operator, "acme".parse()?, id(ada))?;
    /// store.add_account_member(ada, account, id(joe), "billing".parse()?)?;
    /// let refusal =
    ///     store.add_account_member(joe, account, id(joe), "manage".parse()?).unwrap_err();
    /// assert_eq!(
    ///     (refusal.code(), refusal.rule()),
    ///     ("only-managers-manage-accounts", Rule::Ent2)
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn add_account_member(
        &mut self,
        actor: Actor,
        account: AccountId,
        user: UserId,
        permissions: AccountPermissionSet,
    ) -> Result<(), Error> {
        self.record(actor, |state| decide::account::add_member(state, actor, account, user, permissions))
    }

    /// Sees to it that a user in an Enterprise Account holds exactly these permissions: adds them, or changes what they hold. Either is
    /// one event; where they hold these already, it is refused as *unchanged* (X-10).
    ///
    /// # Errors
    /// As [`add_account_member`](Self::add_account_member), but for `AlreadyInAccount`; as
    /// [`set_account_permissions`](Self::set_account_permissions), but for `NotInAccount`.
    pub fn put_account_member(
        &mut self,
        actor: Actor,
        account: AccountId,
        user: UserId,
        permissions: AccountPermissionSet,
    ) -> Result<(), Error> {
        let added = self.add_account_member(actor, account, user, permissions);
        if matches!(added, Err(Error::AlreadyInAccount { .. })) {
            self.set_account_permissions(actor, account, user, permissions)
        } else {
            added
        }
    }

    /// Gives a member of an Enterprise Account other permissions (ENT-1); at least one member holds `manage`.
    ///
    /// By holders of `manage` (ENT-2), who can give themselves less and never more (PERM-5). Records
    /// [`AccountPermissionsChanged`](Event::AccountPermissionsChanged).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AccountNotFound`](Error::AccountNotFound) (X-2),
    /// [`UserNotFound`](Error::UserNotFound) (X-2), [`OAuthDeniedInAccount`](Error::OAuthDeniedInAccount) (SEC-1),
    /// [`OnlyManagersManageAccounts`](Error::OnlyManagersManageAccounts) (ENT-2),
    /// [`OwnAccountSetCannotGrow`](Error::OwnAccountSetCannotGrow) (PERM-5), [`NotInAccount`](Error::NotInAccount)
    /// (ENT-1), [`AccountPermissionsUnchanged`](Error::AccountPermissionsUnchanged) (ENT-1),
    /// [`UserIsSuspended`](Error::UserIsSuspended) (SUS-1), [`CannotDemoteLastManager`](Error::CannotDemoteLastManager) (ENT-1).
    ///
    /// ```
    /// use enterprise_teams::demo::{Demo, id};
    ///
    /// let Demo { mut store, operator, ada, .. } = Demo::new()?;
    /// let account = store.open_account(operator, "acme".parse()?, id(ada))?;
    /// let refusal = store
    ///     .set_account_permissions(ada, account, id(ada), "view".parse()?)
    ///     .unwrap_err();
    /// assert_eq!(refusal.code(), "cannot-demote-last-manager");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn set_account_permissions(
        &mut self,
        actor: Actor,
        account: AccountId,
        user: UserId,
        permissions: AccountPermissionSet,
    ) -> Result<(), Error> {
        self.record(actor, |state| decide::account::set_permissions(state, actor, account, user, permissions))
    }

    /// Removes a user from an Enterprise Account (ENT-1); what they are in its teams stays.
    ///
    /// By holders of `manage` (ENT-2), or by the user themself. Records [`AccountMemberRemoved`](Event::AccountMemberRemoved).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AccountNotFound`](Error::AccountNotFound) (X-2),
    /// [`UserNotFound`](Error::UserNotFound) (X-2), [`OAuthDeniedInAccount`](Error::OAuthDeniedInAccount) (SEC-1),
    /// [`OnlyManagersManageAccounts`](Error::OnlyManagersManageAccounts) (ENT-2), [`NotInAccount`](Error::NotInAccount)
    /// (ENT-1), [`CannotRemoveLastManager`](Error::CannotRemoveLastManager) (ENT-1).
    ///
    /// ```
    /// use enterprise_teams::demo::{Demo, id};
    ///
    /// let Demo { mut store, operator, ada, .. } = Demo::new()?;
    /// let account = store.open_account(operator, "acme".parse()?, id(ada))?;
    /// assert_eq!(
    ///     store.remove_account_member(ada, account, id(ada)).unwrap_err().code(),
    ///     "cannot-remove-last-manager"
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn remove_account_member(&mut self, actor: Actor, account: AccountId, user: UserId) -> Result<(), Error> {
        self.record(actor, |state| decide::account::remove_member(state, actor, account, user))
    }

    /// Creates an Enterprise Team in an Enterprise Account (ENT-2), with the actor as its admin and the usual limits.
    ///
    /// By holders of `create`. Records [`TeamProvisioned`](Event::TeamProvisioned).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AccountNotFound`](Error::AccountNotFound) (X-2),
    /// [`OAuthDeniedInAccount`](Error::OAuthDeniedInAccount) (SEC-1),
    /// [`OnlyCreatorsCreateTeams`](Error::OnlyCreatorsCreateTeams) (ENT-2),
    /// [`TeamNameReserved`](Error::TeamNameReserved) (TEAM-3), [`TeamNameTaken`](Error::TeamNameTaken) (TEAM-3),
    /// [`StoreFull`](Error::StoreFull) (X-6).
    ///
    /// ```
    /// use enterprise_teams::demo::{Demo, id};
    ///
    /// let Demo { mut store, operator, ada, .. } = Demo::new()?;
    /// let account = store.open_account(operator, "acme".parse()?, id(ada))?;
    /// let labs = store.create_team_in(ada, account, "acme-labs".parse()?)?;
    /// assert_eq!(store.team(ada, labs)?.account(), Some(account));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn create_team_in(&mut self, actor: Actor, account: AccountId, name: TeamName) -> Result<TeamId, Error> {
        self.record(actor, |state| decide::account::create_team(state, actor, account, name))
    }

    /// Moves a card-paid Standard team into an Enterprise Account (ENT-4): it becomes an Enterprise Team, and the account is billed.
    /// Members then hold `view` on its apps, and more where they joined or are granted it; it may have as many members as an
    /// Enterprise Team, or as before where that is more (our decision).
    ///
    /// By an admin of the team who holds `create` or `manage` in the account. The platform operator puts an Enterprise Team that is in
    /// no account into one (ENT-6): its limits stay, and a request for its deletion ends, as when it moves out (our decision). Records
    /// [`TeamMovedIn`](Event::TeamMovedIn).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`AccountNotFound`](Error::AccountNotFound) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OAuthDeniedInAccount`](Error::OAuthDeniedInAccount) (SEC-1),
    /// [`OnlyAdminsMoveTeamsIn`](Error::OnlyAdminsMoveTeamsIn) (ENT-4),
    /// [`MoveInNeedsAccountPermission`](Error::MoveInNeedsAccountPermission) (ENT-4),
    /// [`TeamIsEnterprise`](Error::TeamIsEnterprise) (ENT-4), [`TeamInAccount`](Error::TeamInAccount) (ENT-6).
    ///
    /// ```
    /// use enterprise_teams::{TeamKind, demo::{Demo, id}};
    ///
    /// let Demo { mut store, operator, sam, inc, .. } = Demo::new()?;
    /// let account = store.open_account(operator, "acme".parse()?, id(sam))?;
    /// store.move_team_in(sam, inc, account)?;
    /// assert_eq!(store.team(sam, inc)?.kind(), TeamKind::Enterprise);
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn move_team_in(&mut self, actor: Actor, team: TeamId, account: AccountId) -> Result<(), Error> {
        self.record(actor, |state| decide::account::move_in(state, actor, team, account))
    }

    /// Asks the platform operator to move a team out of its Enterprise Account (ENT-5).
    ///
    /// By admins. Records [`TeamMoveOutRequested`](Event::TeamMoveOutRequested).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsRequestMoveOut`](Error::OnlyAdminsRequestMoveOut)
    /// (ENT-5), [`TeamInNoAccount`](Error::TeamInNoAccount) (ENT-5),
    /// [`MoveOutAlreadyRequested`](Error::MoveOutAlreadyRequested) (ENT-5).
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    ///
    /// let Demo { mut store, ada, acme, .. } = Demo::new()?;
    /// assert_eq!(
    ///     store.request_team_move_out(ada, acme).unwrap_err().code(),
    ///     "team-in-no-account"
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn request_team_move_out(&mut self, actor: Actor, team: TeamId) -> Result<(), Error> {
        self.record(actor, |state| decide::account::request_move_out(state, actor, team))
    }

    /// Withdraws the request to move a team out of its account (ENT-5).
    ///
    /// By admins. Records [`TeamMoveOutWithdrawn`](Event::TeamMoveOutWithdrawn).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsRequestMoveOut`](Error::OnlyAdminsRequestMoveOut)
    /// (ENT-5), [`MoveOutNotRequested`](Error::MoveOutNotRequested) (ENT-5).
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    ///
    /// let Demo { mut store, ada, acme, .. } = Demo::new()?;
    /// assert_eq!(
    ///     store.withdraw_team_move_out(ada, acme).unwrap_err().code(),
    ///     "move-out-not-requested"
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn withdraw_team_move_out(&mut self, actor: Actor, team: TeamId) -> Result<(), Error> {
        self.record(actor, |state| decide::account::withdraw_move_out(state, actor, team))
    }

    /// Moves a team out of its Enterprise Account (ENT-5): it becomes a Standard team, people on its apps hold `view`,
    /// `deploy` and `operate`, or are taken off if they did not hold all of these (TRF-11, STD-4), it may have as many
    /// members as a Standard team, and its default role is `member` if it was `viewer`.
    ///
    /// By the platform operator, after an admin [asked](Self::request_team_move_out); refused, with everything that stands in the way,
    /// while it has spaces, viewers or invitations of viewers, or more members than a Standard team may have. Records
    /// [`TeamMovedOut`](Event::TeamMovedOut).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyOperatorMovesTeamsOut`](Error::OnlyOperatorMovesTeamsOut)
    /// (ENT-5), [`TeamInNoAccount`](Error::TeamInNoAccount) (ENT-5),
    /// [`MoveOutNotRequested`](Error::MoveOutNotRequested) (ENT-5), [`MoveOutBlocked`](Error::MoveOutBlocked)
    /// (ENT-5).
    ///
    /// ```
    /// use enterprise_teams::{TeamKind, demo::{Demo, id}};
    ///
    /// let Demo { mut store, operator, sam, inc, .. } = Demo::new()?;
    /// let account = store.open_account(operator, "acme".parse()?, id(sam))?;
    /// store.move_team_in(sam, inc, account)?;
    /// store.request_team_move_out(sam, inc)?;
    /// store.move_team_out(operator, inc)?;
    /// assert_eq!(store.team(sam, inc)?.kind(), TeamKind::Standard);
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn move_team_out(&mut self, actor: Actor, team: TeamId) -> Result<(), Error> {
        self.record(actor, |state| decide::account::move_out(state, actor, team))
    }
}
