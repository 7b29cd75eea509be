//! Errors as the Platform API tells them.

use core::fmt;

use enterprise_teams::{Actor, Error, ErrorKind, ParseError, TeamStore, names::ParseTarget};
use serde::{Deserialize, Serialize};

/// What kind of error it is, in the words of the Platform API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorId {
    /// The request cannot be read.
    BadRequest,
    /// The request does not say who asks, or says somebody who is not there.
    Unauthorized,
    /// Whoever asks may not do or see this.
    Forbidden,
    /// There is no such thing, or none that whoever asks may know of.
    NotFound,
    /// The request does not fit the present state.
    Conflict,
    /// The range is none of the list.
    RequestedRangeNotSatisfiable,
    /// The request makes no sense, a name is taken, or there is no room.
    InvalidParams,
    /// Too many requests.
    RateLimit,
    /// The server is at fault.
    InternalServerError,
    /// The server cannot do it now, or cannot tell whether it was done.
    ServiceUnavailable,
}

impl ErrorId {
    /// The HTTP status.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::Unauthorized => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::RequestedRangeNotSatisfiable => 416,
            Self::InvalidParams => 422,
            Self::RateLimit => 429,
            Self::InternalServerError => 500,
            Self::ServiceUnavailable => 503,
        }
    }
}

impl From<&Error> for ErrorId {
    fn from(error: &Error) -> Self {
        match error {
            Error::NoStatement { .. } => Self::NotFound,
            // A parameter whose value cannot be had.
            Error::EmailTaken { .. }
            | Error::UserIdTaken { .. }
            | Error::TeamNameTaken { .. }
            | Error::AppNameTaken { .. }
            | Error::GroupNameTaken { .. }
            | Error::RoleNameTaken { .. }
            | Error::SpaceNameTaken { .. }
            | Error::AccountNameTaken { .. } => Self::InvalidParams,
            Error::Malformed(ParseError { what: ParseTarget::Cursor, .. })
            | Error::CursorOfAnotherList { .. }
            | Error::PageSizeInvalid { .. } => Self::RequestedRangeNotSatisfiable,
            _ if Thing::hidden(error).is_some() => Self::NotFound,
            _ => match error.kind() {
                ErrorKind::Unauthenticated => Self::Unauthorized,
                ErrorKind::NotFound => Self::NotFound,
                ErrorKind::Forbidden => Self::Forbidden,
                ErrorKind::Conflict | ErrorKind::Unchanged => Self::Conflict,
                ErrorKind::Invalid | ErrorKind::Limit => Self::InvalidParams,
            },
        }
    }
}

/// What can be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "a variant is named after what is missing")]
#[non_exhaustive]
pub enum Thing {
    User,
    Team,
    App,
    Group,
    Role,
    Space,
    Pipeline,
    Account,
    AddOn,
    Invitation,
    Transfer,
    Promotion,
    AllowedAddOnService,
    TeamFeature,
    Release,
    ProcessType,
    Dyno,
    AddOnService,
    Plan,
}

impl Thing {
    /// What the error says is not there, or is there and not for the actor: whoever asks is told the same of both.
    fn hidden(error: &Error) -> Option<Self> {
        match error {
            Error::UserNotFound { .. } | Error::EmailNotFound { .. } | Error::UserHidden { .. } => Some(Self::User),
            Error::TeamNotFound { .. } | Error::TeamNameNotFound { .. } | Error::OutsiderLacksCapability { .. } => {
                Some(Self::Team)
            }
            Error::AppNotFound { .. } | Error::AppNameNotFound { .. } | Error::AppHidden { .. } => Some(Self::App),
            Error::ActionNeedsPermission { held, .. } if held.is_empty() => Some(Self::App),
            Error::GroupNotFound { .. } | Error::GroupNameNotFound { .. } | Error::GroupHidden { .. } => {
                Some(Self::Group)
            }
            Error::RoleNotFound { .. } | Error::RoleNameNotFound { .. } | Error::RoleHidden { .. } => Some(Self::Role),
            Error::SpaceNotFound { .. } | Error::SpaceNameNotFound { .. } | Error::SpaceHidden { .. } => {
                Some(Self::Space)
            }
            Error::PipelineNotFound { .. } | Error::PipelineHidden { .. } => Some(Self::Pipeline),
            Error::AccountNotFound { .. } | Error::AccountNameNotFound { .. } | Error::AccountHidden { .. } => {
                Some(Self::Account)
            }
            Error::AddOnNotFound { .. } => Some(Self::AddOn),
            Error::InvitationNotFound { .. } => Some(Self::Invitation),
            Error::TransferNotFound { .. } => Some(Self::Transfer),
            _ => None,
        }
    }

    /// The code of the error that says so, if the store has one.
    const fn code(self) -> Option<&'static str> {
        match self {
            Self::User => Some("user-not-found"),
            Self::Team => Some("team-not-found"),
            Self::App => Some("app-not-found"),
            Self::Group => Some("group-not-found"),
            Self::Role => Some("role-not-found"),
            Self::Space => Some("space-not-found"),
            Self::Pipeline => Some("pipeline-not-found"),
            Self::Account => Some("account-not-found"),
            Self::AddOn => Some("add-on-not-found"),
            Self::Invitation => Some("invitation-not-found"),
            Self::Transfer => Some("transfer-not-found"),
            Self::Promotion
            | Self::AllowedAddOnService
            | Self::TeamFeature
            | Self::Release
            | Self::ProcessType
            | Self::Dyno
            | Self::AddOnService
            | Self::Plan => None,
        }
    }
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::User => "user",
            Self::Team => "team",
            Self::App => "app",
            Self::Group => "group",
            Self::Role => "role",
            Self::Space => "space",
            Self::Pipeline => "pipeline",
            Self::Account => "enterprise account",
            Self::AddOn => "add-on",
            Self::Invitation => "invitation",
            Self::Transfer => "app transfer",
            Self::Promotion => "pipeline promotion",
            Self::AllowedAddOnService => "allowed add-on service",
            Self::TeamFeature => "team feature",
            Self::Release => "release",
            Self::ProcessType => "process type",
            Self::Dyno => "dyno",
            Self::AddOnService => "add-on service",
            Self::Plan => "plan",
        })
    }
}

/// Why a request is not carried out: the store refuses, something named is not there, or it asks for what this platform
/// does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The store refuses.
    #[error(transparent)]
    Refused(#[from] Error),
    /// Something named is not there, or not for whoever asks.
    #[error("Couldn't find that {0}.")]
    Missing(Thing),
    /// A field is missing, or has a value that cannot be.
    #[error("`{field}` {problem}")]
    Field {
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
}

impl From<ParseError> for Fault {
    fn from(error: ParseError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<&Fault> for ErrorId {
    fn from(fault: &Fault) -> Self {
        match fault {
            Fault::Refused(error) => error.into(),
            Fault::Missing(_) => Self::NotFound,
            Fault::Field { .. } => Self::InvalidParams,
        }
    }
}

/// The refusal for the actor to read. Where clients go by the words, they are those of the Platform API: who is not on an app any
/// more is forgotten, and who is on it already is taken for added.
fn words(store: &TeamStore, actor: Actor, error: &Error) -> String {
    match error {
        Error::NotOnApp { .. } => Fault::Missing(Thing::User).to_string(),
        Error::AlreadyOnApp { app, user } => {
            let (app, user) = (store.readable(actor, app), store.readable(actor, user));
            format!("user `{user}` is already a collaborator on app `{app}`")
        }
        error => store.readable(actor, error),
    }
}

/// The body of an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// What kind of error it is.
    pub id: ErrorId,
    /// What is wrong, for people.
    pub message: String,
    /// Where more is said about it: the stable code is its last part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl ErrorBody {
    /// With this message.
    #[must_use]
    pub fn new(id: ErrorId, message: impl Into<String>) -> Self {
        Self { id, message: message.into(), url: None }
    }

    /// What the actor is told: names instead of ids as far as the actor may see them, and of what is hidden the same as of
    /// what is not there. `errors` is the address under which the host explains each [`code`](Error::code).
    ///
    /// ```
    /// use enterprise_teams::{TeamRole, demo::{Demo, id}};
    /// use enterprise_teams_platform_api::ErrorBody;
    ///
    /// let Demo { mut store, ada, acme, .. } = Demo::new()?;
    /// let refusal = store.set_member_role(ada, acme, id(ada), TeamRole::Member).unwrap_err();
    /// let body = ErrorBody::of(&store, ada, &refusal.into(), "https://example.com/errors");
    /// assert_eq!(body.id.status(), 409);
    /// assert_eq!(
    ///     body.message,
    ///     "user `ada@acme.com` is the last admin of team `acme-widgets` and cannot be given another role",
    /// );
    /// assert_eq!(body.url.as_deref(), Some("https://example.com/errors/cannot-demote-last-admin"));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    #[must_use]
    pub fn of(store: &TeamStore, actor: Actor, fault: &Fault, errors: &str) -> Self {
        let missing = match fault {
            Fault::Refused(error) => Thing::hidden(error),
            Fault::Missing(thing) => Some(*thing),
            Fault::Field { .. } => None,
        };
        let (message, code) = match (missing, fault) {
            (Some(thing), _) => (Fault::Missing(thing).to_string(), thing.code()),
            (None, Fault::Refused(error)) => (words(store, actor, error), Some(error.code())),
            (None, fault) => (fault.to_string(), None),
        };
        Self { id: fault.into(), message, url: code.map(|code| format!("{errors}/{code}")) }
    }
}
