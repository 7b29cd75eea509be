//! TRF and STD-5: apps change owner.

use super::TeamStore;
use crate::actor::Actor;
use crate::decide;
use crate::entity::Owner;
use crate::error::Error;
#[cfg(doc)]
use crate::event::Event;
use crate::ids::{AppId, TransferId, UserId};

/// **Transfers** (TRF, STD-5): apps change owner.
impl TeamStore {
    /// Transfers an app at once, and billing with it from this instant (TRF-5).
    ///
    /// - A personal app into a team: by its owner, an admin or member of the team, who holds everything on it afterwards if a member
    ///   (TRF-1, PERM-6). Eco dynos become standard-1x (TRF-6; into a Standard team too, since teams have no eco dynos: our decision).
    /// - A team's app into another team: by an admin, or by a member with `manage`, who can create apps in the receiving team (TRF-2).
    /// - A team's app to a user who is in the team or on the app: by the same (TRF-3). Everybody else is off the app.
    /// - Out of a Standard team: by an admin (STD-5).
    ///
    /// People on the app stay on it when it goes to a team (TRF-11); in a Standard team they hold `view`, `deploy` and `operate`,
    /// whatever they held before (STD-4, our decision). The app leaves its pipeline (TRF-7), and a pending transfer ends; an app in a
    /// space goes with the space only (TRF-8). Records [`AppTransferred`](Event::AppTransferred).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AppNotFound`](Error::AppNotFound) (X-2),
    /// [`UserNotFound`](Error::UserNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`AppHidden`](Error::AppHidden) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OnlyOwnerTransfersPersonalApp`](Error::OnlyOwnerTransfersPersonalApp) (TRF-1),
    /// [`OnlyMembersTransferIn`](Error::OnlyMembersTransferIn) (TRF-1),
    /// [`OnlyManagersTransferApps`](Error::OnlyManagersTransferApps) (TRF-2),
    /// [`OnlyAdminsTransferStandardApps`](Error::OnlyAdminsTransferStandardApps) (STD-5),
    /// [`ReceivingTeamClosed`](Error::ReceivingTeamClosed) (TRF-2),
    /// [`OnlyManagersGiveApps`](Error::OnlyManagersGiveApps) (TRF-3),
    /// [`TransferNeedsRequest`](Error::TransferNeedsRequest) (TRF-4), [`AppInSpace`](Error::AppInSpace) (TRF-8),
    /// [`AlreadyOwner`](Error::AlreadyOwner) (TRF-10), [`NewOwnerIsStranger`](Error::NewOwnerIsStranger) (TRF-3),
    /// [`UserIsSuspended`](Error::UserIsSuspended) (SUS-1), [`AppLimitReached`](Error::AppLimitReached) (TEAM-6),
    /// [`PersonalAppLimitReached`](Error::PersonalAppLimitReached) (APP-12),
    /// [`DynoUnitLimitReached`](Error::DynoUnitLimitReached) (TEAM-6),
    /// [`AddOnCreditLimitReached`](Error::AddOnCreditLimitReached) (TEAM-6).
    ///
    /// ```
    /// use enterprise_teams::{AppAction, NewApp, demo::Demo};
    ///
    /// let Demo { mut store, joe, acme, .. } = Demo::new()?;
    /// let deep_spring =
    ///     store.create_app(joe, NewApp::personal().named("deep-spring-4274".parse()?))?;
    /// store.transfer_app(joe, deep_spring, acme)?;
    /// assert!(store.can(joe, AppAction::DeleteApp, deep_spring));
    /// assert_eq!(
    ///     store.transfer_app(joe, deep_spring, acme).unwrap_err().code(),
    ///     "already-owner"
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn transfer_app(&mut self, actor: Actor, app: AppId, to: impl Into<Owner>) -> Result<(), Error> {
        self.record(actor, |state| decide::transfer::transfer(state, actor, app, to.into()))
    }

    /// Transfers up to [`BULK_APPS_MAX`](crate::settings::BULK_APPS_MAX) apps at once: all or none (TRF-9), each as
    /// [`transfer_app`](Self::transfer_app).
    ///
    /// Records one [`AppsTransferred`](Event::AppsTransferred).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`UserNotFound`](Error::UserNotFound) (X-2),
    /// [`TeamNotFound`](Error::TeamNotFound) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`BulkSizeInvalid`](Error::BulkSizeInvalid) (TRF-9),
    /// [`AppNamedTwice`](Error::AppNamedTwice) (TRF-9), [`BulkRefused`](Error::BulkRefused) (TRF-9).
    ///
    /// ```
    /// use enterprise_teams::{
    ///     Error, NewApp,
    ///     demo::{Demo, id},
    /// };
    ///
    /// let Demo { mut store, ada, joe, acme, website, .. } = Demo::new()?;
    /// let mine = [
    ///     store.create_app(joe, NewApp::personal())?,
    ///     store.create_app(joe, NewApp::personal())?,
    /// ];
    /// store.transfer_apps(joe, &mine, acme)?;
    ///
    /// let refusal = store.transfer_apps(joe, &[mine[0], website], id(joe)).unwrap_err();
    /// let Error::BulkRefused { apps } = refusal else {
    ///     panic!("refused for another reason")
    /// };
    /// assert_eq!(
    ///     (apps.total, apps.shown[0].0, apps.shown[0].1.code()),
    ///     (1, website, "only-managers-give-apps")
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn transfer_apps(&mut self, actor: Actor, apps: &[AppId], to: impl Into<Owner>) -> Result<(), Error> {
        self.record(actor, |state| decide::transfer::transfer_all(state, actor, apps, to.into()))
    }

    /// Transfers those of the apps that can move, and answers why the others cannot (TRF-9). If none can, nothing happens.
    ///
    /// Records one [`AppsTransferred`](Event::AppsTransferred).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`UserNotFound`](Error::UserNotFound) (X-2),
    /// [`TeamNotFound`](Error::TeamNotFound) (X-2), [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`BulkSizeInvalid`](Error::BulkSizeInvalid) (TRF-9),
    /// [`AppNamedTwice`](Error::AppNamedTwice) (TRF-9), [`BulkRefused`](Error::BulkRefused) (TRF-9).
    ///
    /// ```
    /// use enterprise_teams::{NewApp, demo::Demo};
    ///
    /// let Demo { mut store, joe, acme, website, .. } = Demo::new()?;
    /// let mine = store.create_app(joe, NewApp::personal())?;
    /// let refused = store.transfer_movable_apps(joe, &[mine, website], acme)?;
    /// assert_eq!(refused[0].0, website);
    /// assert!(store.app(joe, mine)?.owner().team().is_some());
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn transfer_movable_apps(
        &mut self,
        actor: Actor,
        apps: &[AppId],
        to: impl Into<Owner>,
    ) -> Result<Vec<(AppId, Error)>, Error> {
        self.record(actor, |state| decide::transfer::transfer_movable(state, actor, apps, to.into()))
    }

    /// Requests the transfer of a personal app to another user, who is a collaborator on it and must accept (TRF-4).
    ///
    /// By the owner. At most one is pending for an app. Records [`AppTransferRequested`](Event::AppTransferRequested).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`AppNotFound`](Error::AppNotFound) (X-2),
    /// [`UserNotFound`](Error::UserNotFound) (X-2), [`AppHidden`](Error::AppHidden) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyOwnerRequestsTransfer`](Error::OnlyOwnerRequestsTransfer)
    /// (TRF-4), [`RequestOnTeamApp`](Error::RequestOnTeamApp) (TRF-4), [`AlreadyOwner`](Error::AlreadyOwner) (TRF-10),
    /// [`RecipientNotOnApp`](Error::RecipientNotOnApp) (TRF-4), [`TransferAlreadyPending`](Error::TransferAlreadyPending)
    /// (TRF-4), [`UserIsSuspended`](Error::UserIsSuspended) (SUS-1).
    ///
    /// ```
    /// use enterprise_teams::{
    ///     NewApp, Owner,
    ///     demo::{Demo, id},
    /// };
    ///
    /// let Demo { mut store, joe, jill, .. } = Demo::new()?;
    /// let (mine, jill_id) = (store.create_app(joe, NewApp::personal())?, id(jill));
    /// assert_eq!(
    ///     store.request_app_transfer(joe, mine, jill_id).unwrap_err().code(),
    ///     "recipient-not-on-app"
    /// );
    /// store.add_collaborator(joe, mine, jill_id)?;
    /// let transfer = store.request_app_transfer(joe, mine, jill_id)?;
    /// store.accept_app_transfer(jill, transfer)?;
    /// assert_eq!(store.app(jill, mine)?.owner(), Owner::User(jill_id));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn request_app_transfer(&mut self, actor: Actor, app: AppId, recipient: UserId) -> Result<TransferId, Error> {
        self.record(actor, |state| decide::transfer::request(state, actor, app, recipient))
    }

    /// Accepts a requested transfer: the recipient owns the app and is billed for it from this instant (TRF-5), the former owner is
    /// a collaborator on it (TRF-4).
    ///
    /// By the recipient. Records [`AppTransferAccepted`](Event::AppTransferAccepted).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TransferNotFound`](Error::TransferNotFound) (X-2),
    /// [`OnlyRecipientAnswersTransfer`](Error::OnlyRecipientAnswersTransfer) (TRF-4),
    /// [`PersonalAppLimitReached`](Error::PersonalAppLimitReached) (APP-12).
    ///
    /// ```
    /// use enterprise_teams::{
    ///     AppAction, NewApp,
    ///     demo::{Demo, id},
    /// };
    ///
    /// let Demo { mut store, joe, jill, .. } = Demo::new()?;
    /// let (mine, jill_id) = (store.create_app(joe, NewApp::personal())?, id(jill));
    /// store.add_collaborator(joe, mine, jill_id)?;
    /// let transfer = store.request_app_transfer(joe, mine, jill_id)?;
    /// assert_eq!(
    ///     store.accept_app_transfer(joe, transfer).unwrap_err().code(),
    ///     "only-recipient-answers-transfer"
    /// );
    /// store.accept_app_transfer(jill, transfer)?;
    /// assert!(store.can(joe, AppAction::PushCode, mine));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn accept_app_transfer(&mut self, actor: Actor, transfer: TransferId) -> Result<(), Error> {
        self.record(actor, |state| decide::transfer::accept(state, actor, transfer))
    }

    /// Declines a requested transfer (TRF-4).
    ///
    /// By the recipient. Records [`AppTransferDeclined`](Event::AppTransferDeclined).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TransferNotFound`](Error::TransferNotFound) (X-2),
    /// [`OnlyRecipientAnswersTransfer`](Error::OnlyRecipientAnswersTransfer) (TRF-4).
    ///
    /// ```
    /// use enterprise_teams::{NewApp, demo::{Demo, id}};
    ///
    /// let Demo { mut store, joe, jill, .. } = Demo::new()?;
    /// let (mine, jill_id) = (store.create_app(joe, NewApp::personal())?, id(jill));
    /// store.add_collaborator(joe, mine, jill_id)?;
    /// let transfer = store.request_app_transfer(joe, mine, jill_id)?;
    /// store.decline_app_transfer(jill, transfer)?;
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn decline_app_transfer(&mut self, actor: Actor, transfer: TransferId) -> Result<(), Error> {
        self.record(actor, |state| decide::transfer::decline(state, actor, transfer))
    }

    /// Cancels a requested transfer (TRF-4).
    ///
    /// By the owner of the app. Records [`AppTransferCancelled`](Event::AppTransferCancelled).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TransferNotFound`](Error::TransferNotFound) (X-2),
    /// [`OnlyOwnerCancelsTransfer`](Error::OnlyOwnerCancelsTransfer) (TRF-4).
    ///
    /// ```
    /// use enterprise_teams::{
    ///     NewApp,
    ///     demo::{Demo, id},
    /// };
    ///
    /// let Demo { mut store, joe, jill, .. } = Demo::new()?;
    /// let (mine, jill_id) = (store.create_app(joe, NewApp::personal())?, id(jill));
    /// store.add_collaborator(joe, mine, jill_id)?;
    /// let transfer = store.request_app_transfer(joe, mine, jill_id)?;
    /// assert_eq!(
    ///     store.cancel_app_transfer(jill, transfer).unwrap_err().code(),
    ///     "only-owner-cancels-transfer"
    /// );
    /// store.cancel_app_transfer(joe, transfer)?;
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn cancel_app_transfer(&mut self, actor: Actor, transfer: TransferId) -> Result<(), Error> {
        self.record(actor, |state| decide::transfer::cancel(state, actor, transfer))
    }
}
