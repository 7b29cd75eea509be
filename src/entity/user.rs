use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::SignInRequirement;
use crate::code::words;
use crate::ids::UserId;
use crate::names::Email;

/// A user: an account with an e-mail (ACC-1), who may own personal apps and be in any number of teams.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    pub(crate) id: UserId,
    pub(crate) email: Email,
    pub(crate) mfa: Mfa,
    pub(crate) sign_in: SignIn,
    pub(crate) suspended_at: Option<DateTime<Utc>>,
    #[serde(with = "crate::time")]
    pub(crate) registered_at: DateTime<Utc>,
}

impl User {
    /// The id.
    #[must_use]
    pub const fn id(&self) -> UserId {
        self.id
    }

    /// The e-mail; no two users have the same.
    #[must_use]
    pub const fn email(&self) -> &Email {
        &self.email
    }

    /// Whether a second factor is enrolled.
    #[must_use]
    pub const fn mfa(&self) -> Mfa {
        self.mfa
    }

    /// How the user signs in.
    #[must_use]
    pub const fn sign_in(&self) -> SignIn {
        self.sign_in
    }

    /// What the Access list shows: how the user's sign-in is secured.
    #[must_use]
    pub const fn sign_in_status(&self) -> SignInStatus {
        match (self.sign_in, self.mfa) {
            (SignIn::Sso, _) => SignInStatus::Sso,
            (SignIn::Password, Mfa::Enrolled) => SignInStatus::MfaOn,
            (SignIn::Password, Mfa::NotEnrolled) => SignInStatus::MfaOff,
        }
    }

    /// Since when the user is suspended, and refused everything (SUS-1); `None` for whoever is not.
    #[must_use]
    pub const fn suspended_at(&self) -> Option<DateTime<Utc>> {
        self.suspended_at
    }

    /// When the user was registered.
    #[must_use]
    pub const fn registered_at(&self) -> DateTime<Utc> {
        self.registered_at
    }
}

words! {
    /// Whether a user has enrolled a second factor (ACC-3).
    pub enum Mfa {
        /// Enrolled.
        Enrolled "enrolled",
        /// Not enrolled.
        NotEnrolled "not-enrolled",
    }
}

words! {
    /// How a user signs in (ACC-3).
    pub enum SignIn {
        /// With a password, and the second factor when one is enrolled.
        Password "password",
        /// Through an identity provider; whether that asks for a second factor cannot be seen from here.
        Sso "sso",
    }
}

words! {
    /// What the Access list shows of a person's sign-in (MEM-8).
    pub enum SignInStatus {
        /// Signs in through an identity provider, whose second factor cannot be seen from here.
        Sso "sso",
        /// A second factor is enrolled.
        MfaOn "mfa-on",
        /// No second factor is enrolled.
        MfaOff "mfa-off",
    }
}

impl SignInRequirement {
    /// Whether the user, as recorded, has what is needed.
    pub(crate) const fn is_met_by(self, user: &User) -> bool {
        match self {
            Self::Nothing => true,
            Self::MfaOrSso => !matches!(user.sign_in_status(), SignInStatus::MfaOff),
        }
    }
}

impl SignInStatus {
    /// What the list shows: `SSO`, `MFA on`, `MFA off`.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Sso => "SSO",
            Self::MfaOn => "MFA on",
            Self::MfaOff => "MFA off",
        }
    }

    /// What is to be said beside the title (SEC-4): of single sign-on, that the provider's second factor cannot be seen.
    #[must_use]
    pub const fn note(self) -> Option<&'static str> {
        match self {
            Self::Sso => Some("whether the identity provider asks for MFA cannot be seen here"),
            Self::MfaOn | Self::MfaOff => None,
        }
    }
}

/// A user to be registered, under a fresh id or under the host's own (ACC-1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    pub(crate) email: Email,
    pub(crate) id: Option<UserId>,
}

impl NewUser {
    /// With this e-mail, under a fresh id.
    #[must_use]
    pub const fn new(email: Email) -> Self {
        Self { email, id: None }
    }

    /// Under this id, which must be free. Not that of another person who was deleted: whoever has the id reads what the audit
    /// log has under it.
    #[must_use]
    pub const fn with_id(mut self, id: UserId) -> Self {
        self.id = Some(id);
        self
    }
}
