//! Transfer Ownership: to a team of this person's, to their own account, to somebody else.

use enterprise_teams::{Operation, Owner, PageRequest, query::TeamFilter};
use enterprise_teams_platform_api::Fault;
use maud::{Markup, html};

use super::super::control::{Choice, Field, Look};
use super::super::visit::View;

/// How many teams of this person's are offered.
const TEAMS: usize = 200;

/// Transfers to what the person belongs to, each with the reason where it cannot be; and, if it has one, under a name that is typed.
pub(in super::super) fn to_own(
    view: &View<'_>,
    present: Owner,
    asks: &'static str,
    transfer: impl Fn(Owner) -> Operation,
) -> Result<Markup, Fault> {
    let own = view.store.memberships(view.actor, &TeamFilter::default(), &PageRequest::first(TEAMS)?)?;
    let teams = own.items.iter().map(|one| (Owner::Team(one.team.id()), one.team.name().to_string()));
    let personal = (Owner::User(view.user()), "Personal".to_owned());
    let all = teams.chain([personal]).filter(|(to, _)| *to != present).map(|(to, label)| {
        let operation = transfer(to);
        let refusal = view.store.what_if(view.actor, &operation).err();
        (to, label, operation, refusal)
    });
    let all: Vec<_> = all.collect();
    let Some((.., operation, refusal)) = all.iter().find(|(.., refusal)| refusal.is_none()).or(all.first()) else {
        return Ok(html! { p { "You are in no other team to which it could go." } });
    };
    // Where none can be had, the whole says why.
    let choices = all.iter().map(|(to, label, _, no)| {
        let why = no.as_ref().filter(|_| refusal.is_none()).map(|no| view.reason_of(no).message);
        Choice::new(serde_json::to_string(to).unwrap_or_default(), label).refused(why)
    });
    let fields = [Field::select("to", "New owner", choices.collect())];
    Ok(view.form_unless("Transfer", Look::Danger(asks), operation, &fields, refusal.as_ref()))
}

/// Transfers to whoever is named.
pub(in super::super) fn to_named(view: &View<'_>, asks: &'static str, transfer: &Operation) -> Markup {
    let hint = "The e-mail of a person, or the name of a team.";
    view.form("Transfer to them", Look::Danger(asks), transfer, &[Field::text("to", "Somebody else").hint(hint)])
}
