//! A small store to try things on: the people and the team of the documents.

use chrono::{DateTime, Utc};

use crate::actor::Actor;
use crate::entity::{NewApp, NewTeam, NewUser};
use crate::error::Error;
use crate::ids::{AppId, TeamId, UserId};
use crate::permission::Permission;
use crate::role::TeamRole;
use crate::settings::Settings;
use crate::store::TeamStore;

/// A store with an Enterprise Team and a Standard team, and actors to act as. Always the same; the documentation's examples
/// use it.
///
/// ```
/// use enterprise_teams::{AppAction, demo::Demo};
///
/// let Demo { store, joe, website, .. } = Demo::new()?;
/// assert!(store.can(joe, AppAction::PushCode, website));
/// # Ok::<(), enterprise_teams::Error>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Demo {
    /// The store.
    pub store: TeamStore,
    /// The platform operator.
    pub operator: Actor,
    /// The one admin of `acme`: ada@acme.com.
    pub ada: Actor,
    /// A member of `acme` with `deploy` on `website`: joe@acme.com.
    pub joe: Actor,
    /// A viewer of `acme`: vera@acme.com.
    pub vera: Actor,
    /// A collaborator with `view` on `website`: jill@creativeinc.com.
    pub jill: Actor,
    /// The Enterprise Team `acme-widgets`.
    pub acme: TeamId,
    /// Its app `acme-website`.
    pub website: AppId,
    /// The one admin of `inc`: sam@acme-inc.com.
    pub sam: Actor,
    /// A member of `inc`: max@acme-inc.com.
    pub max: Actor,
    /// The Standard team `acme-inc`.
    pub inc: TeamId,
    /// Its app `frozen-wave-4030`.
    pub wave: AppId,
}

impl Demo {
    /// The store, made anew, on 1 January 1970.
    ///
    /// # Errors
    /// None in fact: the sample keeps the rules. It is made by the same operations as any other store.
    pub fn new() -> Result<Self, Error> {
        Self::at(DateTime::UNIX_EPOCH)
    }

    /// As [`new`](Self::new), made at this time; its actors act then until they are told otherwise ([`Actor::at`]).
    ///
    /// ```
    /// use enterprise_teams::{chrono::DateTime, demo::Demo};
    ///
    /// let noon = DateTime::from_timestamp(1_397_649_600, 0).unwrap_or_default();
    /// let Demo { store, joe, acme, .. } = Demo::at(noon)?;
    /// assert_eq!(store.team(joe, acme)?.provisioned_at(), noon);
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn at(noon: DateTime<Utc>) -> Result<Self, Error> {
        let operator = Actor::operator(noon);
        let mut store = TeamStore::new(Settings::from_seed(0));
        let mut register = |email: &str| store.register_user(operator, NewUser::new(email.parse()?));
        let (ada, joe, vera) = (register("ada@acme.com")?, register("joe@acme.com")?, register("vera@acme.com")?);
        let (jill, sam) = (register("jill@creativeinc.com")?, register("sam@acme-inc.com")?);
        let max = register("max@acme-inc.com")?;
        let acme = store.provision_team(operator, NewTeam::enterprise("acme-widgets".parse()?, ada))?;
        let inc = store.provision_team(operator, NewTeam::standard("acme-inc".parse()?, sam))?;
        let (joe_id, vera_id, jill_id, max_id) = (joe, vera, jill, max);
        let [ada, joe, vera, jill, sam, max] = [ada, joe, vera, jill, sam, max].map(|user| Actor::user(user, noon));
        store.add_member(ada, acme, joe_id, TeamRole::Member)?;
        store.add_member(ada, acme, vera_id, TeamRole::Viewer)?;
        store.add_member(sam, inc, max_id, TeamRole::Member)?;
        let website = store.create_app(ada, NewApp::in_team(acme).named("acme-website".parse()?))?;
        store.grant_permissions(ada, website, joe_id, Permission::Deploy.into())?;
        store.grant_permissions(ada, website, jill_id, Permission::View.into())?;
        let wave = store.create_app(sam, NewApp::in_team(inc).named("frozen-wave-4030".parse()?))?;
        Ok(Self { store, operator, ada, joe, vera, jill, acme, website, sam, max, inc, wave })
    }
}

/// The user behind an actor of the sample; the nil id for the operator, who is none.
#[must_use]
pub fn id(actor: Actor) -> UserId {
    actor.who.user().unwrap_or(UserId::from_uuid(uuid::Uuid::nil()))
}
