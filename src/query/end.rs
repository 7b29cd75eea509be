//! END-3: what ends, and when.

use chrono::{DateTime, Utc};

use super::page::{Page, PageRequest};
use crate::actor::Actor;
use crate::entity::{Ending, Held, Owner};
use crate::error::Error;
use crate::guard;
use crate::ids::TeamId;
use crate::policy::Capability;
use crate::store::TeamStore;

/// **Questions about ends** (END-3): what ends in a team, and when.
impl TeamStore {
    /// What ends in a team before `before`, the first end first (END-3): memberships, what people and groups hold on its apps, and the
    /// permissions to create apps in its spaces.
    ///
    /// Visible to admins. A page costs what it holds.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsListEnds`](Error::OnlyAdminsListEnds) (END-3),
    /// [`CursorOfAnotherList`](Error::CursorOfAnotherList) (X-6).
    ///
    /// ```
    /// use enterprise_teams::chrono::TimeDelta;
    /// use enterprise_teams::{PageRequest, demo::{Demo, id}};
    ///
    /// let Demo { mut store, ada, joe, jill, acme, website, .. } = Demo::new()?;
    /// let days = |days| ada.at + TimeDelta::days(days);
    /// store.set_member_end(ada, acme, id(joe), Some(days(30)))?;
    /// store.set_grant_end(ada, website, id(jill), Some(days(5)))?;
    /// let soon = store.ends(ada, acme, days(14), &PageRequest::default())?.items;
    /// assert_eq!(soon.len(), 1);
    /// assert_eq!(
    ///     format!("{} {}", soon[0].ends_at.date_naive(), store.readable(ada, &soon[0].held)),
    ///     "1970-01-06 the permissions of user `jill@creativeinc.com` on app `acme-website`",
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn ends(
        &self,
        actor: Actor,
        team: TeamId,
        before: DateTime<Utc>,
        page: &PageRequest,
    ) -> Result<Page<Ending>, Error> {
        let (state, caller) = (self.at(actor.at), self.caller(actor)?);
        let row = guard::team(state, team)?;
        let refused = Error::OnlyAdminsListEnds { actor: caller.who, team };
        guard::capability(caller, row, Capability::ViewAuditLog, refused)?;
        let from: Option<(DateTime<Utc>, Held)> = page.key()?;
        let ends = state.ends.of_owner(Owner::Team(team), from.map(|(at, held)| (at.into(), held)));
        let ends = ends.map(|(at, held)| Ending { ends_at: at.into(), held });
        Ok(page.fill(ends.take_while(|ending| ending.ends_at < before), |ending| (ending.ends_at, ending.held)))
    }
}
