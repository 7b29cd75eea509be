//! USE-3: how a Standard team pays.

use crate::actor::Actor;
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
