//! The settings of a store.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::name_gen::NameGenerator;
use crate::names::{Domain, Stack};

/// How many days an invitation can be accepted, when the settings do not say otherwise (INV-3).
pub const INVITATION_DAYS: u16 = 30;
/// How many apps a personal account holds, when the settings do not say otherwise (APP-12).
pub const PERSONAL_APPS_MAX: u32 = 100;

/// How many apps a space holds, when the settings do not say otherwise (SPC-5).
pub const SPACE_APPS_MAX: u32 = 25;

/// The settings of a store, fixed when it is made.
///
/// ```
/// use enterprise_teams::{Settings, TeamStore};
///
/// let settings = Settings::new(7).invitation_days(14).web_domain("apps.example.com".parse()?);
/// let store = TeamStore::new(settings);
/// # Ok::<(), enterprise_teams::ParseError>(())
/// ```
/// As a serde value it is what must be kept beside the events, for a replay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub(crate) seed: u64,
    pub(crate) names: NameGenerator,
    pub(crate) invitation_days: u16,
    pub(crate) personal_apps_max: u32,
    pub(crate) space_apps_max: u32,
    pub(crate) default_stack: Stack,
    pub(crate) web_domain: Domain,
    pub(crate) git_domain: Domain,
}

impl Settings {
    /// The documents' settings. From `seed` come all ids and generated names: equal seeds and equal calls give equal
    /// stores.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            names: NameGenerator::new(seed),
            invitation_days: INVITATION_DAYS,
            personal_apps_max: PERSONAL_APPS_MAX,
            space_apps_max: SPACE_APPS_MAX,
            default_stack: Stack::known("heroku-24"),
            web_domain: Domain::known("herokuapp.com"),
            git_domain: Domain::known("git.heroku.com"),
        }
    }

    /// The seed.
    #[must_use]
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// The generator that names apps (APP-4), with its word lists and its position.
    #[must_use]
    pub fn names(mut self, names: NameGenerator) -> Self {
        self.names = names;
        self
    }

    /// How many days an invitation can be accepted (INV-3).
    #[must_use]
    pub fn invitation_days(mut self, days: u16) -> Self {
        self.invitation_days = days;
        self
    }

    /// How many apps a personal account holds (APP-12).
    #[must_use]
    pub fn personal_apps_max(mut self, apps: u32) -> Self {
        self.personal_apps_max = apps;
        self
    }

    /// How many apps a space holds (SPC-5), at least 1.
    #[must_use]
    pub fn space_apps_max(mut self, apps: u32) -> Self {
        self.space_apps_max = apps.max(1);
        self
    }

    /// The stack of an app for which none is named.
    #[must_use]
    pub fn default_stack(mut self, stack: Stack) -> Self {
        self.default_stack = stack;
        self
    }

    /// The domain of `web_url` (APP-11).
    #[must_use]
    pub fn web_domain(mut self, domain: Domain) -> Self {
        self.web_domain = domain;
        self
    }

    /// The domain of `git_url` (APP-11).
    #[must_use]
    pub fn git_domain(mut self, domain: Domain) -> Self {
        self.git_domain = domain;
        self
    }

    /// When an invitation sent at `now` expires.
    pub(crate) fn expiry(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now.checked_add_signed(TimeDelta::days(self.invitation_days.into())).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}
