//! USE-3 and USE-6: how a Standard team pays, and the closing of months.

use super::TeamStore;
use crate::actor::Actor;
use crate::decide;
use crate::error::Error;
#[cfg(doc)]
use crate::event::Event;
use crate::ids::TeamId;
use crate::names::PaymentMethod;

/// **Payment** (USE-3, USE-6): how a Standard team pays, and the closing of months.
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
    /// use enterprise_teams::{demo::Demo, names::PaymentMethod, query::Billing};
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
        self.record(actor, |state| decide::billing::set_payment_method(state, actor, team, method))
    }

    /// Closes every month that is over (USE-6): from now on there are statements of them.
    ///
    /// By the platform operator. Whatever is recorded closes the months before it; the closing is for a host that wants the statements
    /// when nothing else happens. Records [`MonthsClosed`](Event::MonthsClosed).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`OnlyOperatorClosesMonths`](Error::OnlyOperatorClosesMonths) (USE-6),
    /// [`MonthsAlreadyClosed`](Error::MonthsAlreadyClosed) (USE-6).
    ///
    /// ```
    /// use enterprise_teams::chrono::TimeDelta;
    /// use enterprise_teams::{demo::Demo, entity::Month};
    ///
    /// let Demo { mut store, operator, sam, inc, .. } = Demo::new()?;
    /// let (month, later) = (Month::of(operator.at), operator.at + TimeDelta::days(31));
    /// assert_eq!(
    ///     store.statement(sam.at(later), inc, month).unwrap_err().code(),
    ///     "no-statement"
    /// );
    /// store.close_months(operator.at(later))?;
    /// assert_eq!(store.statement(sam, inc, month)?.number, 1);
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn close_months(&mut self, actor: Actor) -> Result<(), Error> {
        self.before_sweep(actor, |store| {
            let event = decide::billing::close_months(&store.state, actor)?;
            store.commit(actor, event);
            Ok(())
        })
    }
}
