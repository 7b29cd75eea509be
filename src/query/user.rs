//! X-2: who knows of whom.

use super::page::{Page, PageRequest};
use crate::access::{self, Caller};
use crate::actor::Actor;
use crate::entity::User;
use crate::error::Error;
use crate::guard::{self, ensure};
use crate::ids::UserId;
use crate::names::Email;
use crate::policy::Capability;
use crate::state::{AppRow, At, OwnerIx, State, TeamRow, UserIx, UserRow};
use crate::store::TeamStore;

/// **Questions about users** (ACC).
impl TeamStore {
    /// A user.
    ///
    /// Visible to the user; to the admins, members and viewers of the teams that the user is in or is a collaborator of; to
    /// whoever is on a personal app with the user; and to the platform operator.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`UserNotFound`](Error::UserNotFound),
    /// [`UserHidden`](Error::UserHidden) (X-2).
    pub fn user(&self, actor: Actor, user: UserId) -> Result<&User, Error> {
        let caller = self.caller(actor)?;
        let row = guard::user(self.at(actor.at), user)?;
        ensure!(knows(self.at(actor.at), caller, row), Error::UserHidden { actor: caller.who, user });
        Ok(&row.row.user)
    }

    /// Every user, by e-mail, for the platform operator. A page costs what it holds.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`OnlyOperatorListsEverything`](Error::OnlyOperatorListsEverything) (X-2),
    /// [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    ///
    /// ```
    /// use enterprise_teams::{PageRequest, demo::Demo};
    ///
    /// let Demo { store, operator, .. } = Demo::new()?;
    /// let first = store.users(operator, &PageRequest::first(2)?)?;
    /// assert_eq!(
    ///     first.items.iter().map(|user| user.email().as_str()).collect::<Vec<_>>(),
    ///     ["ada@acme.com", "jill@creativeinc.com"]
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn users(&self, actor: Actor, page: &PageRequest) -> Result<Page<&User>, Error> {
        guard::operator(self.caller(actor)?)?;
        let from: Option<Email> = page.key()?;
        Ok(page.fill(self.at(actor.at).users.listed(from.as_ref()).map(|row| &row.row.user), |user| user.email.clone()))
    }
}

/// Whether the caller may see that the person exists. Costs what the two hold.
fn knows(state: &State, caller: Caller<'_>, person: At<'_, UserRow>) -> bool {
    let Some(own) = caller.user else { return true };
    let shares_team =
        |team: At<'_, TeamRow>| access::may(caller, team, Capability::ViewUsers) && !caller.is_kept_out(team);
    caller.is(person)
        || person.seats().iter().filter_map(|seat| state.teams.at(seat.team)).any(shares_team)
        || personal_apps_on(state, person).any(|(app, owner)| owner == own.ix || app.grant(own.ix).is_some())
        || personal_apps_on(state, own).any(|(_, owner)| owner == person.ix)
}

/// The personal apps of others that the user is on, with their owners.
fn personal_apps_on<'s>(state: &'s State, user: At<'s, UserRow>) -> impl Iterator<Item = (&'s AppRow, UserIx)> {
    user.row.grants().iter().filter_map(|ix| state.apps.get(*ix)).filter_map(|app| match app.owner {
        OwnerIx::User(owner) => Some((app, owner)),
        OwnerIx::Team(_) => None,
    })
}
