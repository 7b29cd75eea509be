//! ACC: users.

use super::TeamStore;
use crate::actor::Actor;
use crate::decide;
use crate::entity::{Mfa, NewUser, SignIn};
use crate::error::Error;
#[cfg(doc)]
use crate::event::Event;
use crate::ids::UserId;
use crate::names::Email;

/// **Users** (ACC, SUS-1): registered, their e-mail, second factor and sign-in, suspended and reinstated, deleted.
impl TeamStore {
    /// Registers a user (ACC-1), under a fresh id or under the host's own.
    ///
    /// By the platform operator. The user has no second factor and signs in by password until that is said otherwise. Records
    /// [`UserRegistered`](Event::UserRegistered).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`OnlyOperatorRegistersUsers`](Error::OnlyOperatorRegistersUsers)
    /// (ACC-1), [`EmailTaken`](Error::EmailTaken) (ACC-1), [`UserIdTaken`](Error::UserIdTaken) (ACC-1),
    /// [`StoreFull`](Error::StoreFull) (X-6).
    ///
    /// ```
    /// use enterprise_teams::{NewUser, demo::Demo};
    ///
    /// let Demo { mut store, operator, .. } = Demo::new()?;
    /// let max = store.register_user(operator, NewUser::new("max@acme.com".parse()?))?;
    /// assert_eq!(store.user_id(&"MAX@acme.com".parse()?), Ok(max));
    ///
    /// let again =
    ///     store.register_user(operator, NewUser::new("Max@Acme.com".parse()?)).unwrap_err();
    /// assert_eq!(again.code(), "email-taken");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn register_user(&mut self, actor: Actor, user: NewUser) -> Result<UserId, Error> {
        self.record(actor, |state| decide::user::register(state, actor, user))
    }

    /// Gives a user another e-mail (ACC-1).
    ///
    /// By the platform operator, who has made sure that the e-mail is the user's: whoever has an e-mail accepts its invitations
    /// (INV-4). Invitations of the new e-mail into teams that the user is in end. Records
    /// [`EmailChanged`](Event::EmailChanged).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`UserNotFound`](Error::UserNotFound) (X-2),
    /// [`OnlyOperatorChangesEmails`](Error::OnlyOperatorChangesEmails) (ACC-1), [`EmailUnchanged`](Error::EmailUnchanged)
    /// (ACC-1), [`EmailTaken`](Error::EmailTaken) (ACC-1).
    ///
    /// ```
    /// use enterprise_teams::demo::{Demo, id};
    ///
    /// let Demo { mut store, operator, joe, .. } = Demo::new()?;
    /// store.set_email(operator, id(joe), "joseph@acme.com".parse()?)?;
    /// assert_eq!(*store.user(joe, id(joe))?.email(), "joseph@acme.com");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn set_email(&mut self, actor: Actor, user: UserId, email: Email) -> Result<(), Error> {
        self.record(actor, |state| decide::user::set_email(state, actor, user, email))
    }

    /// Records whether a user has enrolled a second factor (ACC-3). Access lists show it at once.
    ///
    /// By the user, not through a third-party client, or by the platform operator. Records [`MfaChanged`](Event::MfaChanged).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`UserNotFound`](Error::UserNotFound) (X-2),
    /// [`OnlySelfOrOperatorChangesSignIn`](Error::OnlySelfOrOperatorChangesSignIn) (ACC-3), [`MfaUnchanged`](Error::MfaUnchanged)
    /// (ACC-3).
    ///
    /// ```
    /// use enterprise_teams::{demo::{Demo, id}, entity::{Mfa, SignInStatus}};
    ///
    /// let Demo { mut store, joe, .. } = Demo::new()?;
    /// let id = id(joe);
    /// store.set_mfa(joe, id, Mfa::Enrolled)?;
    /// assert_eq!(store.user(joe, id)?.sign_in_status(), SignInStatus::MfaOn);
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn set_mfa(&mut self, actor: Actor, user: UserId, mfa: Mfa) -> Result<(), Error> {
        self.record(actor, |state| decide::user::set_mfa(state, actor, user, mfa))
    }

    /// Records how a user signs in (ACC-3). Access lists show it at once. Single sign-on leads through a team that the user is in
    /// and that has it; when the last such ends, they sign in by password again, in the event that ends it.
    ///
    /// By the user, not through a third-party client, or by the platform operator. Records [`SignInChanged`](Event::SignInChanged).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`UserNotFound`](Error::UserNotFound) (X-2),
    /// [`OnlySelfOrOperatorChangesSignIn`](Error::OnlySelfOrOperatorChangesSignIn) (ACC-3), [`SignInUnchanged`](Error::SignInUnchanged)
    /// (ACC-3), [`NoTeamToSignInThrough`](Error::NoTeamToSignInThrough) (ACC-3).
    ///
    /// ```
    /// use enterprise_teams::{
    ///     demo::{Demo, id},
    ///     entity::{IdentityProvider, SignIn, SignInStatus},
    /// };
    ///
    /// let Demo { mut store, operator, ada, joe, acme, .. } = Demo::new()?;
    /// let id = id(joe);
    /// assert_eq!(
    ///     store.set_sign_in(operator, id, SignIn::Sso).unwrap_err().code(),
    ///     "no-team-to-sign-in-through"
    /// );
    /// let pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
    /// store.set_identity_provider(
    ///     ada,
    ///     acme,
    ///     IdentityProvider::new("acme", "https://id.acme.com/saml", pem)?,
    /// )?;
    /// store.enable_sso(ada, acme)?;
    /// store.set_sign_in(operator, id, SignIn::Sso)?;
    /// assert_eq!(store.user(joe, id)?.sign_in_status(), SignInStatus::Sso);
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn set_sign_in(&mut self, actor: Actor, user: UserId, sign_in: SignIn) -> Result<(), Error> {
        self.record(actor, |state| decide::user::set_sign_in(state, actor, user, sign_in))
    }

    /// Suspends a user (SUS-1): from now on they are refused every operation and every question as an actor, until they are
    /// [reinstated](Self::reinstate_user).
    ///
    /// They keep what they hold, and lists show them with the [time](crate::User::suspended_at). They receive nothing new: no role but
    /// a lower one, no permissions but fewer, no invitation, no app, no pipeline, no team and no account. Others can take away from
    /// them what they can take away from anybody. A suspended admin is not counted as one of the team, nor a suspended manager as one
    /// of an Enterprise Account, so that the last of either is not suspended (TEAM-2, ENT-1); what a suspended admin invited others to as
    /// admins cannot be accepted meanwhile (INV-3). A transfer that the user requested before can be accepted: what was theirs is then
    /// the recipient's, and the user is a collaborator, who holds less (our decision).
    ///
    /// By the platform operator. Records [`UserSuspended`](Event::UserSuspended), which stands in the log of every team that the user
    /// is in.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`UserNotFound`](Error::UserNotFound) (X-2),
    /// [`OnlyOperatorSuspendsUsers`](Error::OnlyOperatorSuspendsUsers) (SUS-1), [`UserAlreadySuspended`](Error::UserAlreadySuspended)
    /// (SUS-1), [`CannotSuspendLastAdmin`](Error::CannotSuspendLastAdmin) (SUS-1),
    /// [`CannotSuspendLastManager`](Error::CannotSuspendLastManager) (SUS-1).
    ///
    /// ```
    /// use enterprise_teams::{AppAction, demo::{Demo, id}};
    ///
    /// let Demo { mut store, operator, ada, joe, website, .. } = Demo::new()?;
    /// store.suspend_user(operator, id(joe))?;
    /// assert!(!store.can(joe, AppAction::PushCode, website));
    /// assert_eq!(store.user(joe, id(joe)).unwrap_err().code(), "actor-suspended");
    /// assert_eq!(store.user(ada, id(joe))?.suspended_at(), Some(operator.at));
    ///
    /// let refusal = store.suspend_user(operator, id(ada)).unwrap_err();
    /// assert_eq!(refusal.code(), "cannot-suspend-last-admin");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn suspend_user(&mut self, actor: Actor, user: UserId) -> Result<(), Error> {
        self.record(actor, |state| decide::user::suspend(state, actor, user))
    }

    /// Ends the suspension of a user (SUS-1): everything that they hold counts again.
    ///
    /// By the platform operator. Records [`UserReinstated`](Event::UserReinstated), which stands in the log of every team that the user
    /// is in.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`UserNotFound`](Error::UserNotFound) (X-2),
    /// [`OnlyOperatorSuspendsUsers`](Error::OnlyOperatorSuspendsUsers) (SUS-1), [`UserNotSuspended`](Error::UserNotSuspended) (SUS-1).
    ///
    /// ```
    /// use enterprise_teams::{AppAction, demo::{Demo, id}};
    ///
    /// let Demo { mut store, operator, joe, website, .. } = Demo::new()?;
    /// store.suspend_user(operator, id(joe))?;
    /// store.reinstate_user(operator, id(joe))?;
    /// assert!(store.can(joe, AppAction::PushCode, website));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn reinstate_user(&mut self, actor: Actor, user: UserId) -> Result<(), Error> {
        self.record(actor, |state| decide::user::reinstate(state, actor, user))
    }

    /// Deletes a user (ACC-2), with memberships, grants, invitations of the user's e-mail and pending transfers to the user.
    ///
    /// Not while the user owns personal apps or pipelines, or is the last admin of a team or the last manager of an Enterprise
    /// Account (ENT-1). Permissions in accounts and spaces end too.
    ///
    /// By the user, not through a third-party client, or by the platform operator. Invitations that the user sent belong to the
    /// team and stay (our decision). Records [`UserDeleted`](Event::UserDeleted).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`UserNotFound`](Error::UserNotFound) (X-2),
    /// [`OnlySelfOrOperatorDeletesUser`](Error::OnlySelfOrOperatorDeletesUser) (ACC-2), [`UserStillOwns`](Error::UserStillOwns) (ACC-2),
    /// [`CannotDeleteLastAdmin`](Error::CannotDeleteLastAdmin) (ACC-2), [`CannotDeleteLastManager`](Error::CannotDeleteLastManager)
    /// (ENT-1).
    ///
    /// ```
    /// use enterprise_teams::demo::{Demo, id};
    ///
    /// let Demo { mut store, operator, ada, joe, .. } = Demo::new()?;
    /// let [ada_id, joe_id] = [ada, joe].map(id);
    /// store.delete_user(operator, joe_id)?;
    ///
    /// let refusal = store.delete_user(ada, ada_id).unwrap_err();
    /// assert_eq!(refusal.code(), "cannot-delete-last-admin");
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn delete_user(&mut self, actor: Actor, user: UserId) -> Result<(), Error> {
        self.record(actor, |state| decide::user::delete(state, actor, user))
    }
}
