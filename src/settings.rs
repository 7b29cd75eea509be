//! The settings of a store with their defaults, and the limits that no setting changes.

use core::num::NonZeroU32;
use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::actor::recorded;
use crate::entity::SignInRequirement;
use crate::ids::Secret;
use crate::name_gen::{NameGenerator, WordLists};
use crate::names::{Domain, Stack, TeamName};
use crate::policy::HostActions;

/// How many days an invitation can be accepted, when the settings do not say otherwise (INV-3).
pub const INVITATION_DAYS: u16 = 30;
/// How many apps a personal account holds, when the settings do not say otherwise (APP-12).
pub const PERSONAL_APPS_MAX: u32 = 100;

/// How many apps a space holds, when the settings do not say otherwise (SPC-5).
pub const SPACE_APPS_MAX: u32 = 25;

/// How many groups a team has, when the settings do not say otherwise (GRP-1).
pub const TEAM_GROUPS_MAX: u32 = 200;

/// How many groups of a team somebody is in, when the settings do not say otherwise (GRP-1).
pub const MEMBER_GROUPS_MAX: u8 = 32;

/// How many roles of its own a team has, when the settings do not say otherwise (ROLE-1).
pub const TEAM_ROLES_MAX: u8 = 20;

/// How many hours a key is remembered, when the settings do not say otherwise (X-9).
pub const KEY_HOURS: u16 = 24;

/// The most add-ons on an app.
pub const ADD_ONS_MAX: usize = 100;

/// The most services on a team's list of allowed add-ons.
pub const ALLOWED_ADD_ONS_MAX: usize = 1000;

/// The most process types in an app's formation.
pub const PROCESS_TYPES_MAX: usize = 100;

/// The most apps that one bulk transfer takes, and the most targets that one promotion takes.
pub const BULK_APPS_MAX: usize = 1000;

/// What neither a team nor an app may be named, when the settings do not say otherwise (TEAM-3).
#[rustfmt::skip]
pub const RESERVED_NAMES: &[&str] = &[
    "account", "accounts", "admin", "api", "apps", "dashboard", "git", "invitations", "login", "logout", "permissions",
    "pipelines", "spaces", "status", "support", "teams", "users", "www",
];

/// The settings of a store: its secret, the words of its names, and what its operator can
/// [change](crate::TeamStore::change_settings) later. As a serde value it holds the secret, and is for the formats of a
/// [`Snapshot`](crate::Snapshot).
///
/// ```
/// use enterprise_teams::{Settings, TeamStore};
///
/// let settings = Settings::from_seed(7)
///     .invitation_days(14)
///     .web_domain("apps.example.com".parse()?);
/// let store = TeamStore::new(settings);
/// # Ok::<(), enterprise_teams::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    secret: Secret,
    words: WordLists,
    first_name: u64,
    /// What can be changed later.
    pub options: StoreOptions,
}

/// The part of the [`Settings`] that can be changed. Made by [`StoreOptions::default`], with the documents' values, save that
/// nothing is required of a sign-in: whether a host knows how people sign in is the host's to say (SEC-5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct StoreOptions {
    /// How many days an invitation can be accepted (INV-3).
    pub invitation_days: u16,
    /// What everybody needs for everything but their own enrolment and sign-in (SEC-5).
    pub sign_in_requirement: SignInRequirement,
    /// How many apps a personal account holds (APP-12).
    pub personal_apps_max: u32,
    /// How many apps a space holds (SPC-5).
    pub space_apps_max: NonZeroU32,
    /// How many groups a team has (GRP-1).
    pub team_groups_max: u32,
    /// How many groups of a team somebody is in (GRP-1).
    pub member_groups_max: u8,
    /// How many roles of its own a team has (ROLE-1).
    pub team_roles_max: u8,
    /// How many hours a journal remembers the key under which something was done (X-9).
    pub key_hours: u16,
    /// The stack of an app for which none is named.
    pub default_stack: Stack,
    /// The domain of `web_url` (APP-11).
    pub web_domain: Domain,
    /// The domain of `git_url` (APP-11).
    pub git_domain: Domain,
    /// The domain of the dashboard, to which a [notice](crate::TeamStore::provisioning_notice) links (TEAM-1).
    pub dashboard_domain: Domain,
    /// What neither a team nor an app may be named (TEAM-3): words that are paths or hosts of the platform, to begin with
    /// [`RESERVED_NAMES`]. Whoever has such a name keeps it.
    #[serde(deserialize_with = "in_order")]
    pub reserved_names: BTreeSet<TeamName>,
    /// The host's own actions on apps, to begin with none (PERM-9).
    pub host_actions: HostActions,
}

/// One set has one written form: in order, each name once.
fn in_order<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeSet<TeamName>, D::Error> {
    let names = Vec::<TeamName>::deserialize(deserializer)?;
    if !names.is_sorted_by(|one, next| one < next) {
        return Err(D::Error::custom("the reserved names are not in order, each once"));
    }
    Ok(names.into_iter().collect())
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            invitation_days: INVITATION_DAYS,
            sign_in_requirement: SignInRequirement::Nothing,
            personal_apps_max: PERSONAL_APPS_MAX,
            space_apps_max: at_least_one(SPACE_APPS_MAX),
            team_groups_max: TEAM_GROUPS_MAX,
            member_groups_max: MEMBER_GROUPS_MAX,
            team_roles_max: TEAM_ROLES_MAX,
            key_hours: KEY_HOURS,
            default_stack: Stack::known("heroku-24"),
            web_domain: Domain::known("herokuapp.com"),
            git_domain: Domain::known("git.heroku.com"),
            dashboard_domain: Domain::known("dashboard.heroku.com"),
            reserved_names: RESERVED_NAMES.iter().filter_map(|name| name.parse().ok()).collect(),
            host_actions: HostActions::default(),
        }
    }
}

impl Settings {
    /// With [`StoreOptions::default`]. From `secret` come all ids and generated names (X-7): equal secrets and equal calls give equal
    /// stores.
    #[must_use]
    pub fn new(secret: Secret) -> Self {
        Self { secret, words: WordLists::builtin(), first_name: 0, options: StoreOptions::default() }
    }

    /// For tests and examples: with [`Secret::from_seed`], which is soon guessed.
    #[must_use]
    pub fn from_seed(seed: u64) -> Self {
        Self::new(Secret::from_seed(seed))
    }

    /// The secret.
    #[must_use]
    pub const fn secret(&self) -> Secret {
        self.secret
    }

    /// The generator of names (APP-4), as the store begins with it.
    #[must_use]
    pub fn names(&self) -> NameGenerator {
        NameGenerator::with_words(self.words.clone(), self.secret).starting_at(self.first_name)
    }

    /// The words of generated names (GEN-2), which stay: under other words the names that came would come again.
    #[must_use]
    pub fn words(mut self, words: WordLists) -> Self {
        self.words = words;
        self
    }

    /// The position of the first generated name (GEN-3), counted from 0.
    #[must_use]
    pub fn first_name(mut self, position: u64) -> Self {
        self.first_name = position;
        self
    }

    /// How many days an invitation can be accepted (INV-3).
    #[must_use]
    pub fn invitation_days(mut self, days: u16) -> Self {
        self.options.invitation_days = days;
        self
    }

    /// What everybody needs for everything but their own enrolment and sign-in (SEC-5).
    #[must_use]
    pub fn sign_in_requirement(mut self, requirement: SignInRequirement) -> Self {
        self.options.sign_in_requirement = requirement;
        self
    }

    /// How many apps a personal account holds (APP-12).
    #[must_use]
    pub fn personal_apps_max(mut self, apps: u32) -> Self {
        self.options.personal_apps_max = apps;
        self
    }

    /// How many apps a space holds (SPC-5), at least 1.
    #[must_use]
    pub fn space_apps_max(mut self, apps: u32) -> Self {
        self.options.space_apps_max = at_least_one(apps);
        self
    }

    /// How many groups a team has (GRP-1).
    #[must_use]
    pub fn team_groups_max(mut self, groups: u32) -> Self {
        self.options.team_groups_max = groups;
        self
    }

    /// How many groups of a team somebody is in (GRP-1).
    #[must_use]
    pub fn member_groups_max(mut self, groups: u8) -> Self {
        self.options.member_groups_max = groups;
        self
    }

    /// How many roles of its own a team has (ROLE-1).
    #[must_use]
    pub fn team_roles_max(mut self, roles: u8) -> Self {
        self.options.team_roles_max = roles;
        self
    }

    /// How many hours a journal remembers the key under which something was done (X-9).
    #[must_use]
    pub fn key_hours(mut self, hours: u16) -> Self {
        self.options.key_hours = hours;
        self
    }

    /// The stack of an app for which none is named.
    #[must_use]
    pub fn default_stack(mut self, stack: Stack) -> Self {
        self.options.default_stack = stack;
        self
    }

    /// The domain of `web_url` (APP-11).
    #[must_use]
    pub fn web_domain(mut self, domain: Domain) -> Self {
        self.options.web_domain = domain;
        self
    }

    /// The domain of `git_url` (APP-11).
    #[must_use]
    pub fn git_domain(mut self, domain: Domain) -> Self {
        self.options.git_domain = domain;
        self
    }

    /// The domain of the dashboard (TEAM-1).
    #[must_use]
    pub fn dashboard_domain(mut self, domain: Domain) -> Self {
        self.options.dashboard_domain = domain;
        self
    }

    /// The host's own actions on apps (PERM-9).
    #[must_use]
    pub fn host_actions(mut self, actions: HostActions) -> Self {
        self.options.host_actions = actions;
        self
    }

    /// What neither a team nor an app may be named (TEAM-3).
    #[must_use]
    pub fn reserved_names(mut self, names: impl IntoIterator<Item = TeamName>) -> Self {
        self.options.reserved_names = names.into_iter().collect();
        self
    }
}

/// The settings with which a store was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct StoreOpening {
    /// The secret; `None` where the event is shown to people (X-7), and then it opens no store.
    pub secret: Option<Secret>,
    /// The words of generated names.
    pub words: WordLists,
    /// The position of the first generated name.
    pub first_name: u64,
    /// What can be changed later.
    pub options: StoreOptions,
}

impl From<&Settings> for StoreOpening {
    fn from(Settings { secret, words, first_name, options }: &Settings) -> Self {
        Self { secret: Some(*secret), words: words.clone(), first_name: *first_name, options: options.clone() }
    }
}

impl StoreOpening {
    /// The settings, if the secret is there.
    pub(crate) fn settings(&self) -> Option<Settings> {
        let Self { secret, words, first_name, options } = self.clone();
        Some(Settings { secret: secret?, words, first_name, options })
    }
}

impl StoreOptions {
    /// When an invitation sent at `now` expires.
    pub(crate) fn expiry(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now.checked_add_signed(TimeDelta::days(self.invitation_days.into()))
            .unwrap_or_else(|| recorded(DateTime::<Utc>::MAX_UTC))
    }
}

const fn at_least_one(number: u32) -> NonZeroU32 {
    match NonZeroU32::new(number) {
        Some(number) => number,
        None => NonZeroU32::MIN,
    }
}
