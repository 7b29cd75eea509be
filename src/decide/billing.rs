//! USE-3 and USE-6: how a Standard team pays, and the closing of months.

use crate::actor::Actor;
use crate::entity::Month;
use crate::error::Error;
use crate::event::Event;
use crate::guard::{self, ensure};
use crate::ids::TeamId;
use crate::names::PaymentMethod;
use crate::policy::Capability;
use crate::role::TeamKind;
use crate::state::State;

/// Without a method, the one there is is removed.
pub(crate) fn set_payment_method(
    state: &State,
    actor: Actor,
    team: TeamId,
    to: Option<PaymentMethod>,
) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    let row = guard::team(state, team)?;
    guard::capability(
        caller,
        row,
        Capability::ManagePayments,
        Error::OnlyAdminsManageBilling { actor: caller.who, team },
    )?;
    ensure!(row.team.kind == TeamKind::Standard, Error::PaymentOfEnterpriseTeam { team });
    ensure!(row.payment_method != to, Error::PaymentMethodUnchanged { team });
    Ok(Event::PaymentMethodChanged { team, from: row.payment_method.clone(), to })
}

/// What is recorded later than the end of a month closes it: the closing need do nothing else.
pub(crate) fn close_months(state: &State, actor: Actor) -> Result<Event, Error> {
    let caller = guard::actor(state, actor)?;
    ensure!(caller.is_operator(), Error::OnlyOperatorClosesMonths { actor: caller.who });
    ensure!(Month::of(state.last_at) < Month::of(caller.now), Error::MonthsAlreadyClosed {});
    Ok(Event::MonthsClosed {})
}
