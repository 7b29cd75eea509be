use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Labels;
use crate::code::words;
use crate::ids::{AppId, SpaceId, TeamId, UserId};
use crate::names::{AppName, Stack};

/// An app: owned by a user or by a team (APP-1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct App {
    pub(crate) id: AppId,
    pub(crate) name: AppName,
    pub(crate) owner: Owner,
    #[serde(with = "crate::time")]
    pub(crate) owned_since: DateTime<Utc>,
    pub(crate) stack: Stack,
    pub(crate) lock: Lock,
    pub(crate) space: Option<SpaceId>,
    pub(crate) number: u64,
    #[serde(with = "crate::time")]
    pub(crate) created_at: DateTime<Utc>,
    #[serde(with = "crate::time")]
    pub(crate) changed_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub(crate) labels: Labels,
}

impl App {
    /// The id.
    #[must_use]
    pub const fn id(&self) -> AppId {
        self.id
    }

    /// The name; no two apps have the same (APP-3).
    #[must_use]
    pub const fn name(&self) -> AppName {
        self.name
    }

    /// The one owner, who is billed.
    #[must_use]
    pub const fn owner(&self) -> Owner {
        self.owner
    }

    /// Since when the owner is billed (TRF-5).
    #[must_use]
    pub const fn owned_since(&self) -> DateTime<Utc> {
        self.owned_since
    }

    /// The stack that it runs on.
    #[must_use]
    pub const fn stack(&self) -> Stack {
        self.stack
    }

    /// Whether it is locked (APP-8).
    #[must_use]
    pub const fn lock(&self) -> Lock {
        self.lock
    }

    /// The space that it is in, if it is in one (SPC-3).
    #[must_use]
    pub const fn space(&self) -> Option<SpaceId> {
        self.space
    }

    /// The number of the event that created it: a later app has a higher one.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// When it was created.
    #[must_use]
    pub const fn created_at(&self) -> DateTime<Utc> {
        self.created_at
    }

    /// When it last changed: its name, its owner, its lock, its labels, its dynos, its release or its place in a pipeline. Whoever sees
    /// the app sees each of these. Who is on it, its add-ons and a transfer that waits are not its own, and have times of their own.
    #[must_use]
    pub const fn changed_at(&self) -> DateTime<Utc> {
        self.changed_at
    }

    /// Its labels (LAB-1).
    #[must_use]
    pub const fn labels(&self) -> &Labels {
        &self.labels
    }
}

/// Who owns an app: exactly one user or team (APP-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Owner {
    /// A user: the app is personal.
    User(UserId),
    /// A team.
    Team(TeamId),
}

impl Owner {
    /// The team, when a team it is.
    #[must_use]
    pub const fn team(self) -> Option<TeamId> {
        match self {
            Self::Team(team) => Some(team),
            Self::User(_) => None,
        }
    }
}

impl From<UserId> for Owner {
    fn from(user: UserId) -> Self {
        Self::User(user)
    }
}

impl From<TeamId> for Owner {
    fn from(team: TeamId) -> Self {
        Self::Team(team)
    }
}

words! {
    /// Whether an app is locked: a locked app takes nobody new but whom a holder of `manage` adds (APP-9).
    pub enum Lock {
        /// Locked.
        Locked "locked",
        /// Not locked.
        Unlocked "unlocked",
    }
}

/// A time during which an app had one owner, who is billed for it (TRF-5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnershipPeriod {
    /// The owner.
    pub owner: Owner,
    /// The first instant that is billed to the owner.
    pub from: DateTime<Utc>,
    /// The first instant that is not; `None` while it goes on.
    pub until: Option<DateTime<Utc>>,
}

/// An app to be created (APP-2). Without a name it gets a generated one (APP-4); without a stack, the store's default.
///
/// ```
/// use enterprise_teams::{NewApp, TeamId};
///
/// # fn of(acme: TeamId) -> Result<(), enterprise_teams::ParseError> {
/// let apple = NewApp::in_team(acme).named("apple".parse()?);
/// let mine = NewApp::personal();
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct NewApp {
    pub(crate) team: Option<TeamId>,
    /// Says the team too, which is not given beside it.
    pub(crate) space: Option<SpaceId>,
    pub(crate) name: Option<AppName>,
    pub(crate) stack: Option<Stack>,
    pub(crate) lock: Lock,
}

/// What serde reads before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    team: Option<TeamId>,
    space: Option<SpaceId>,
    name: Option<AppName>,
    stack: Option<Stack>,
    lock: Lock,
}

impl TryFrom<Unchecked> for NewApp {
    type Error = &'static str;

    fn try_from(given: Unchecked) -> Result<Self, &'static str> {
        let Unchecked { team, space, name, stack, lock } = given;
        if team.is_some() && space.is_some() {
            return Err("an app in a space is of the space's team: `team` and `space` do not go together");
        }
        Ok(Self { team, space, name, stack, lock })
    }
}

impl NewApp {
    /// A personal app of the actor.
    #[must_use]
    pub const fn personal() -> Self {
        Self { team: None, space: None, name: None, stack: None, lock: Lock::Unlocked }
    }

    /// An app of this team.
    #[must_use]
    pub const fn in_team(team: TeamId) -> Self {
        Self { team: Some(team), ..Self::personal() }
    }

    /// An app in this space, of the team that the space belongs to.
    #[must_use]
    pub const fn in_space(space: SpaceId) -> Self {
        Self { space: Some(space), ..Self::personal() }
    }

    /// With this name.
    #[must_use]
    pub const fn named(mut self, name: AppName) -> Self {
        self.name = Some(name);
        self
    }

    /// On this stack.
    #[must_use]
    pub const fn stack(mut self, stack: Stack) -> Self {
        self.stack = Some(stack);
        self
    }

    /// Locked from the start.
    #[must_use]
    pub const fn locked(mut self) -> Self {
        self.lock = Lock::Locked;
        self
    }
}
