//! USE-3: how a Standard team pays.

use super::TeamStore;
use crate::actor::Actor;
use crate::decide;
use crate::error::Error;
#[cfg(doc)]
use crate::event::Event;
use crate::ids::TeamId;
use crate::names::PaymentMethod;

/// **Payment** (USE-3): how a Standard team pays.
impl TeamStore {
    /// Says how a Standard team pays, or removes that (USE-3).
    ///
    /// By admins. Records [`PaymentMethodChanged`](Event::PaymentMethodChanged).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsManageBilling`](Error::OnlyAdminsManageBilling) (USE-3),
    /// [`PaymentOfEnterpriseTeam`](Error::PaymentOfEnterpriseTeam) (USE-3),
    /// [`PaymentMethodUnchanged`](Error::PaymentMethodUnchanged) (USE-3).
    ///
    /// ```
    /// use enterprise_teams::{PaymentMethod, Billing, demo::Demo};
    ///
    /// let Demo { mut store, sam, inc, .. } = Demo::new()?;
    /// let visa: PaymentMethod = "Visa, ending in 4242".parse()?;
    /// store.set_payment_method(sam, inc, Some(visa.clone()))?;
    /// assert_eq!(store.billing(sam, inc)?, Billing::PaymentMethod(Some(&visa)));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn set_payment_method(
        &mut self,
        actor: Actor,
        team: TeamId,
        method: Option<PaymentMethod>,
    ) -> Result<(), Error> {
        self.record(actor, decide::billing::set_payment_method(&self.state, actor, team, method))
    }
}
