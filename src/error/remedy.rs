//! The way out of a refusal.

use core::fmt;

use serde::Serialize;

use crate::ids::{AccountId, AppId, TeamId, UserId};
use crate::readable::{InWords, Names, readable};

/// The way out of a refusal: what would be needed, and who could give it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Remedy {
    /// What would be needed, in words: something to ask for (`the role admin in the team`), something to ask somebody to do
    /// (`to unlock the app`), or something that the actor can do (`choose another name`).
    pub needed: &'static str,
    /// Who could give it; the actor where nobody else is needed.
    pub from: Grantor,
}

/// Who could give what is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Grantor {
    /// Whoever was refused, by asking otherwise.
    Actor,
    /// An admin of the team.
    AdminOf(TeamId),
    /// A holder of `manage` on the app: an admin of its team, its owner, or whom they gave it.
    ManagerOf(AppId),
    /// The owner of the personal app.
    OwnerOf(AppId),
    /// A holder of `manage` in the Enterprise Account.
    AccountManager(AccountId),
    /// The user.
    User(UserId),
    /// The platform operator.
    Operator,
}

readable! { Grantor Remedy }

impl InWords for Grantor {
    fn in_words(&self, f: &mut fmt::Formatter<'_>, names: &dyn Names) -> fmt::Result {
        match self {
            Self::Actor => f.write_str("the actor"),
            Self::AdminOf(team) => write!(f, "an admin of team `{}`", names.of(team)),
            Self::ManagerOf(app) => write!(f, "a holder of `manage` on app `{}`", names.of(app)),
            Self::OwnerOf(app) => write!(f, "the owner of app `{}`", names.of(app)),
            Self::AccountManager(account) => write!(f, "a manager of account `{}`", names.of(account)),
            Self::User(user) => write!(f, "user `{}`", names.of(user)),
            Self::Operator => f.write_str("the platform operator"),
        }
    }
}

/// One sentence: what to do, or whom to ask for what.
impl InWords for Remedy {
    fn in_words(&self, f: &mut fmt::Formatter<'_>, names: &dyn Names) -> fmt::Result {
        match self.from {
            Grantor::Actor => f.write_str(self.needed),
            Grantor::AdminOf(_)
            | Grantor::ManagerOf(_)
            | Grantor::OwnerOf(_)
            | Grantor::AccountManager(_)
            | Grantor::User(_)
            | Grantor::Operator => write!(f, "ask {}{}", names.of(&self.from), self.asked()),
        }
    }
}

impl Remedy {
    /// What follows whom to ask.
    pub(crate) fn asked(&self) -> impl fmt::Display {
        let needed = self.needed;
        fmt::from_fn(move |f| write!(f, "{}{needed}", if needed.starts_with("to ") { " " } else { " for " }))
    }
}
