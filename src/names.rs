//! Names, e-mails and other short texts: parsed once, never invalid afterwards.
//!
//! Names hold at most 30 bytes and keep them in place: they are `Copy` and need no allocation. Every text from outside
//! enters through [`FromStr`], [`TryFrom<&str>`] or serde, and a text that does not fit is answered with a
//! [`ParseError`] that says what is wrong and where.

use core::fmt;
use core::str::FromStr;
use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::rule::Rule;

/// The longest name of a team, an app, a stack or a process type, in bytes.
pub const NAME_LEN_MAX: usize = 30;
/// The longest e-mail, in bytes.
pub const EMAIL_LEN_MAX: usize = 254;
/// The longest part of an e-mail before the `@`, in bytes.
pub const EMAIL_LOCAL_LEN_MAX: usize = 64;
/// The longest label of a domain, in bytes.
pub const DOMAIN_LABEL_LEN_MAX: usize = 63;
/// The longest description of a release, in bytes.
pub const DESCRIPTION_LEN_MAX: usize = 256;
/// The longest text of a payment method, in bytes.
pub const PAYMENT_METHOD_LEN_MAX: usize = 100;
/// The longest text of an [`EventContext`](crate::EventContext), in bytes.
pub const CONTEXT_LEN_MAX: usize = 256;
/// The longest key of a label, in bytes.
pub const LABEL_KEY_LEN_MAX: usize = 40;
/// The longest value of a label, in bytes.
pub const LABEL_VALUE_LEN_MAX: usize = 120;
/// The longest domain, in bytes.
pub const DOMAIN_LEN_MAX: usize = 253;

/// A text that does not parse: what it should have been, and what is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("malformed {what}: {problem}")]
pub struct ParseError {
    /// What the text should have been.
    pub what: ParseTarget,
    /// What is wrong, and where.
    pub problem: ParseProblem,
}

impl ParseError {
    /// The same of a word that starts at this byte.
    pub(crate) const fn at(self, at: usize) -> Self {
        match self.problem {
            ParseProblem::Word { expected, .. } => {
                Self { what: self.what, problem: ParseProblem::Word { at, expected } }
            }
            _ => self,
        }
    }
}

macro_rules! targets {
    ($($(#[$doc:meta])+ $target:ident = $word:literal $rule:ident $code:literal;)+) => {
        /// What a text should have been: with its word, and the code and the rule of the refusal
        /// ([`Error::Malformed`](crate::Error::Malformed)).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ParseTarget {
            $(
                $(#[$doc])+
                #[doc = concat!("\n\n`", $code, "`")]
                $target,
            )+
        }

        impl ParseTarget {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$target),+];

            /// The stable code of the refusal.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {$(Self::$target => $code),+}
            }

            /// The rule that says what such a text looks like.
            #[must_use]
            pub const fn rule(self) -> Rule {
                match self {$(Self::$target => Rule::$rule),+}
            }
        }

        impl fmt::Display for ParseTarget {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(match self {$(Self::$target => $word),+})
            }
        }
    };
}

targets! {
    /// An id: a UUID.
    Id = "id" X6 "id-invalid";
    /// An [`Email`].
    Email = "e-mail" Acc1 "email-invalid";
    /// A [`TeamName`].
    TeamName = "team name" Team3 "team-name-invalid";
    /// A [`TeamRole`](crate::TeamRole).
    TeamRole = "team role" Mem3 "team-role-invalid";
    /// A [`PermissionSet`](crate::PermissionSet).
    Permissions = "permissions" Perm3 "permissions-invalid";
    /// A [`Capability`](crate::Capability).
    Capability = "capability" Cap1 "capability-invalid";
    /// An [`AppAction`](crate::AppAction).
    AppAction = "app action" Perm9 "app-action-invalid";
    /// An [`ActionName`].
    ActionName = "action name" Perm9 "action-name-invalid";
    /// An [`AppName`].
    AppName = "app name" App3 "app-name-invalid";
    /// A [`GroupName`].
    GroupName = "group name" Grp1 "group-name-invalid";
    /// A [`RoleName`].
    RoleName = "role name" Role1 "role-name-invalid";
    /// A [`SpaceName`].
    SpaceName = "space name" Spc1 "space-name-invalid";
    /// A [`PipelineName`].
    PipelineName = "pipeline name" Pipe1 "pipeline-name-invalid";
    /// A [`Stage`](crate::Stage).
    Stage = "stage" Pipe3 "stage-invalid";
    /// An [`AccountName`].
    AccountName = "account name" Ent1 "account-name-invalid";
    /// An [`AccountPermissionSet`](crate::entity::AccountPermissionSet).
    AccountPermissions = "account permissions" Ent1 "account-permissions-invalid";
    /// A [`Description`].
    Description = "description" Pipe7 "description-invalid";
    /// A [`ServiceName`].
    ServiceName = "service" Res2 "service-name-invalid";
    /// A [`PlanName`].
    PlanName = "plan" Res2 "plan-name-invalid";
    /// An [`IdentityProvider`](crate::entity::IdentityProvider).
    IdentityProvider = "identity provider" Sec2 "identity-provider-invalid";
    /// A [`ContextText`].
    ContextText = "context" X3 "context-invalid";
    /// A [`PaymentMethod`].
    PaymentMethod = "payment method" Use3 "payment-method-invalid";
    /// A [`Stack`].
    Stack = "stack" App10 "stack-invalid";
    /// A [`Domain`].
    Domain = "domain" App11 "domain-invalid";
    /// A [`ProcessType`].
    ProcessType = "process type" Res1 "process-type-invalid";
    /// A [`DynoSize`](crate::entity::DynoSize).
    DynoSize = "dyno size" Res1 "dyno-size-invalid";
    /// A [`Month`](crate::entity::Month).
    Month = "month" X6 "month-invalid";
    /// The id of a [`Rule`].
    Rule = "rule" X6 "rule-invalid";
    /// A [`LabelKey`].
    LabelKey = "label key" Lab1 "label-key-invalid";
    /// A [`LabelValue`].
    LabelValue = "label value" Lab1 "label-value-invalid";
    /// [`Labels`](crate::entity::Labels).
    Labels = "labels" Lab1 "labels-invalid";
    /// A [`Cursor`](crate::query::Cursor).
    Cursor = "cursor" X6 "cursor-invalid";
}

/// What is wrong with a text. Positions and lengths are in bytes, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ParseProblem {
    /// The text is shorter than `min`.
    #[error("too short: {len} of at least {min} bytes")]
    TooShort {
        /// The least length.
        min: usize,
        /// The length found.
        len: usize,
    },
    /// The text, or the part of it that starts at `at`, is longer than `max`.
    #[error("too long: {len} of at most {max} bytes, from byte {at} on")]
    TooLong {
        /// Where the part starts.
        at: usize,
        /// The greatest length.
        max: usize,
        /// The length found.
        len: usize,
    },
    /// A character that may not stand where it stands.
    #[error("unexpected {} at byte {at}", Shown(*found))]
    Character {
        /// Where it stands.
        at: usize,
        /// The character.
        found: char,
    },
    /// There are more of them than `max`.
    #[error("too many: {count} of at most {max}")]
    TooMany {
        /// The greatest number.
        max: usize,
        /// The number found.
        count: usize,
    },
    /// Something is missing: a part is empty, or the text ends too early.
    #[error("expected {missing} at byte {at}")]
    Missing {
        /// Where it should stand.
        at: usize,
        /// What should stand there.
        missing: &'static str,
    },
    /// The word at byte `at` is none of the words that may stand there.
    #[error("unknown word at byte {at}, expected one of {expected}")]
    Word {
        /// Where the word starts.
        at: usize,
        /// The words that may stand there.
        expected: &'static str,
    },
}

/// Reads the words of an enumeration: what they are read as, and what a refused word hears of what may stand there.
macro_rules! reads {
    ($name:ident as $target:ident, $expected:expr) => {
        /// Reads the word.
        impl core::str::FromStr for $name {
            type Err = $crate::names::ParseError;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                use $crate::names::{ParseError, ParseProblem, ParseTarget};

                let problem = ParseProblem::Word { at: 0, expected: $expected };
                let found = Self::ALL.iter().copied().find(|one| one.code() == word);
                found.ok_or(ParseError { what: ParseTarget::$target, problem })
            }
        }
    };
}

pub(crate) use reads;

/// Reads an id such as `MEM-5`.
impl FromStr for Rule {
    type Err = ParseError;

    fn from_str(id: &str) -> Result<Self, ParseError> {
        let problem = ParseProblem::Missing { at: 0, missing: "the id of a rule" };
        let found = Self::ALL.iter().copied().find(|rule| rule.id() == id);
        found.ok_or(ParseError { what: ParseTarget::Rule, problem })
    }
}

impl AppName {
    /// The team name with the same text: whatever an app may be named, a team may be.
    pub(crate) const fn as_team_name(self) -> TeamName {
        TeamName(self.0)
    }
}

/// A character in backticks, with its code point where it may look like another one or like nothing.
struct Shown(char);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0.escape_debug())?;
        if self.0.is_ascii() { Ok(()) } else { write!(f, " (U+{:04X})", u32::from(self.0)) }
    }
}

/// A text of at most [`NAME_LEN_MAX`] bytes, kept in place. Bytes past the end are zero, so that the derived order is the
/// order of the texts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Short {
    bytes: [u8; NAME_LEN_MAX],
    len: u8,
}

impl Short {
    pub(crate) const EMPTY: Self = Self { bytes: [0; NAME_LEN_MAX], len: 0 };

    /// The first `len` of `bytes`, which must be ASCII; those past them must be zero.
    pub(crate) const fn from_padded(bytes: [u8; NAME_LEN_MAX], len: u8) -> Self {
        Self { bytes, len }
    }

    /// Appends as much of `text` as fits.
    pub(crate) fn push(&mut self, text: &[u8]) {
        let start = usize::from(self.len);
        let free = self.bytes.get_mut(start..).unwrap_or_default();
        let taken = free.len().min(text.len());
        for (to, from) in free.iter_mut().zip(text) {
            *to = *from;
        }
        self.len = u8::try_from(start + taken).unwrap_or(u8::MAX);
    }

    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }

    /// Only ASCII is ever pushed by the parsers, so the text is always valid.
    pub(crate) fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

/// What a name may look like.
struct Grammar {
    what: ParseTarget,
    min: usize,
    max: usize,
    start: fn(u8) -> bool,
    /// The byte before, and the byte.
    middle: fn(u8, u8) -> bool,
    end: fn(u8) -> bool,
}

impl Grammar {
    fn check(&self, text: &str) -> Result<(), ParseError> {
        let fail = |problem| Err(ParseError { what: self.what, problem });
        let len = text.len();
        if len < self.min {
            return fail(ParseProblem::TooShort { min: self.min, len });
        }
        if len > self.max {
            return fail(ParseProblem::TooLong { at: 0, max: self.max, len });
        }
        let mut previous = 0;
        for (at, found) in text.char_indices() {
            let fits = match u8::try_from(found) {
                Err(_) => false,
                Ok(byte) if at == 0 => (self.start)(byte),
                Ok(byte) if at + 1 == len => (self.end)(byte),
                Ok(byte) => (self.middle)(previous, byte),
            };
            previous = u8::try_from(found).unwrap_or_default();
            if !fits {
                return fail(ParseProblem::Character { at, found });
            }
        }
        Ok(())
    }

    fn parse(&self, text: &str) -> Result<Short, ParseError> {
        self.check(text)?;
        let mut short = Short::EMPTY;
        short.push(text.as_bytes());
        Ok(short)
    }
}

const fn letter(byte: u8) -> bool {
    byte.is_ascii_lowercase()
}
const fn letter_or_digit(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}
const fn name_byte(_: u8, byte: u8) -> bool {
    letter_or_digit(byte) || byte == b'-'
}
const fn single_hyphen(previous: u8, byte: u8) -> bool {
    letter_or_digit(byte) || (byte == b'-' && previous != b'-')
}

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident { min: $min:literal, start: $start:expr, middle: $middle:expr, end: $end:expr })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Short);

        impl $name {
            const GRAMMAR: Grammar = Grammar {
                what: ParseTarget::$name,
                min: $min,
                max: NAME_LEN_MAX,
                start: $start,
                middle: $middle,
                end: $end,
            };

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl FromStr for $name {
            type Err = ParseError;

            fn from_str(text: &str) -> Result<Self, ParseError> {
                Self::GRAMMAR.parse(text).map(Self)
            }
        }

        text_type!($name);
    )*};
}

/// What every parsed text has in common: conversions, `Display`, quoted `Debug`, comparison with `str`, serde as a string.
macro_rules! text_type {
    ($name:ident) => {
        impl TryFrom<&str> for $name {
            type Error = ParseError;

            fn try_from(text: &str) -> Result<Self, ParseError> {
                text.parse()
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:?})"), self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

names! {
    /// The name of a team (TEAM-3): 2 to 30 lower-case letters, digits and hyphens; starts with a letter, ends with a
    /// letter or digit.
    ///
    /// ```
    /// use enterprise_teams::TeamName;
    ///
    /// let name: TeamName = "acme-widgets".parse()?;
    /// assert_eq!(name, "acme-widgets");
    /// assert_eq!("acme-".parse::<TeamName>().unwrap_err().to_string(),
    ///     "malformed team name: unexpected `-` at byte 4");
    /// # Ok::<(), enterprise_teams::ParseError>(())
    /// ```
    TeamName { min: 2, start: letter, middle: name_byte, end: letter_or_digit }

    /// The name of an app (APP-3): `^[a-z][a-z0-9-]{1,28}[a-z0-9]$`.
    ///
    /// ```
    /// use enterprise_teams::AppName;
    ///
    /// let name: AppName = "gentle-garden-8862".parse()?;
    /// assert_eq!(name.as_str(), "gentle-garden-8862");
    /// assert!("My App".parse::<AppName>().is_err());
    /// # Ok::<(), enterprise_teams::ParseError>(())
    /// ```
    AppName { min: 3, start: letter, middle: name_byte, end: letter_or_digit }

    /// The name of an action of a host's own (PERM-9): as that of an app.
    ///
    /// ```
    /// use enterprise_teams::names::ActionName;
    ///
    /// let name: ActionName = "rotate-password".parse()?;
    /// assert_eq!(name, "rotate-password");
    /// assert!("Rotate".parse::<ActionName>().is_err());
    /// # Ok::<(), enterprise_teams::ParseError>(())
    /// ```
    ActionName { min: 3, start: letter, middle: name_byte, end: letter_or_digit }

    /// The name of a group (GRP-1): formed as a team's name.
    GroupName { min: 2, start: letter, middle: name_byte, end: letter_or_digit }

    /// The name of a role of a team's own (ROLE-1): formed as a team's name.
    RoleName { min: 2, start: letter, middle: name_byte, end: letter_or_digit }

    /// The name of a Private Space (SPC-1): 3 to 30 lower-case letters, digits and single hyphens; starts and ends with a
    /// letter or digit.
    ///
    /// ```
    /// use enterprise_teams::names::SpaceName;
    ///
    /// assert!("acme-space-1".parse::<SpaceName>().is_ok());
    /// assert!("acme--space".parse::<SpaceName>().is_err());
    /// ```
    SpaceName { min: 3, start: letter_or_digit, middle: single_hyphen, end: letter_or_digit }

    /// The name of a pipeline (PIPE-1): `^[a-z][a-z0-9-]{2,29}$`.
    PipelineName { min: 3, start: letter, middle: name_byte, end: |byte| name_byte(0, byte) }

    /// The name of an Enterprise Account: formed as a team's name (our decision).
    AccountName { min: 2, start: letter, middle: name_byte, end: letter_or_digit }

    /// The service of an add-on, for example `postgresql`: 2 to 30 lower-case letters, digits and hyphens; starts with a letter,
    /// ends with a letter or digit.
    ServiceName { min: 2, start: letter, middle: name_byte, end: letter_or_digit }

    /// The plan of an add-on, for example `standard-0`: 1 to 30 lower-case letters, digits and hyphens; starts and ends with a
    /// letter or digit.
    PlanName { min: 1, start: letter_or_digit, middle: name_byte, end: letter_or_digit }

    /// The stack (operating system image) that an app runs on, for example `heroku-24` or `cedar`: 1 to 30 lower-case
    /// letters, digits, hyphens and dots; starts with a letter, ends with a letter or digit.
    Stack {
        min: 1, start: letter, middle: |previous, byte| name_byte(previous, byte) || byte == b'.', end: letter_or_digit
    }

    /// The type of a process in an app's formation, for example `web`: 1 to 30 lower-case letters, digits, hyphens and
    /// underscores; starts with a letter, ends with a letter or digit.
    ProcessType {
        min: 1, start: letter, middle: |previous, byte| name_byte(previous, byte) || byte == b'_', end: letter_or_digit
    }
}

impl Stack {
    /// A stack written in this crate.
    pub(crate) fn known(text: &'static str) -> Self {
        let mut short = Short::EMPTY;
        short.push(text.as_bytes());
        Self(short)
    }
}

impl PipelineName {
    /// The text as a bound in a list of apps, for comparison only.
    pub(crate) const fn as_bound(self) -> AppName {
        AppName(self.0)
    }
}

/// Every app name can be a pipeline's.
impl From<AppName> for PipelineName {
    fn from(name: AppName) -> Self {
        Self(name.0)
    }
}

impl AppName {
    /// A generated name; the word lists are checked so that every combination is a valid app name (GEN-1).
    pub(crate) const fn generated(text: Short) -> Self {
        Self(text)
    }
}

/// An e-mail (ACC-1): a local part of up to 64 bytes, `@`, and a [`Domain`]; at most 254 bytes, ASCII, no quotes.
///
/// E-mails are compared without regard to case: parsing folds them to lower case.
///
/// ```
/// use enterprise_teams::Email;
///
/// let joe: Email = "Joe@Acme.com".parse()?;
/// assert_eq!(joe, "joe@acme.com");
/// assert_eq!("joe.acme.com".parse::<Email>().unwrap_err().to_string(),
///     "malformed e-mail: expected `@` at byte 12");
/// # Ok::<(), enterprise_teams::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(Arc<str>);

impl Email {
    /// The text, in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Domains in other scripts than Latin: the feature `idn`. A store keeps and compares the ASCII form alone (ACC-1).
#[cfg(feature = "idn")]
impl Email {
    /// Reads an e-mail as people write it, with a domain in any script, which is kept in its ASCII form. The part before `@` is ASCII.
    ///
    /// # Errors
    /// [`ParseError`] as of [`FromStr`], and for a domain that has no ASCII form, with its first character that is not
    /// ASCII.
    ///
    /// ```
    /// use enterprise_teams::Email;
    ///
    /// let zoe = Email::from_unicode("zoe@München.example")?;
    /// assert_eq!(zoe, "zoe@xn--mnchen-3ya.example");
    /// assert_eq!(zoe.to_unicode(), "zoe@münchen.example");
    /// # Ok::<(), enterprise_teams::ParseError>(())
    /// ```
    pub fn from_unicode(text: &str) -> Result<Self, ParseError> {
        let Some((local, domain)) = text.rsplit_once('@').filter(|(_, domain)| !domain.is_ascii()) else {
            return text.parse();
        };
        let ascii = idna::domain_to_ascii_cow(domain.as_bytes(), idna::AsciiDenyList::URL).map_err(|_| {
            let wrong = text.char_indices().skip(local.chars().count()).find(|(_, found)| !found.is_ascii());
            let (at, found) = wrong.unwrap_or_default();
            ParseError { what: ParseTarget::Email, problem: ParseProblem::Character { at, found } }
        })?;
        format!("{local}@{ascii}").parse()
    }

    /// The text as people write it.
    #[must_use]
    pub fn to_unicode(&self) -> String {
        match self.0.rsplit_once('@') {
            Some((local, domain)) => {
                let (shown, valid) = idna::domain_to_unicode(domain);
                format!("{local}@{}", if valid.is_ok() { &*shown } else { domain })
            }
            None => self.0.to_string(),
        }
    }
}

impl FromStr for Email {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let fail = |problem| ParseError { what: ParseTarget::Email, problem };
        if text.len() > EMAIL_LEN_MAX {
            return Err(fail(ParseProblem::TooLong { at: 0, max: EMAIL_LEN_MAX, len: text.len() }));
        }
        let (local, domain) =
            text.rsplit_once('@').ok_or_else(|| fail(ParseProblem::Missing { at: text.len(), missing: "`@`" }))?;
        if local.is_empty() {
            return Err(fail(ParseProblem::Missing { at: 0, missing: "the part before `@`" }));
        }
        if local.len() > EMAIL_LOCAL_LEN_MAX {
            return Err(fail(ParseProblem::TooLong { at: 0, max: EMAIL_LOCAL_LEN_MAX, len: local.len() }));
        }
        let last = local.len() - 1;
        let mut previous = '.';
        for (at, found) in local.char_indices() {
            let dot = found == '.' && previous != '.' && at != last;
            if !dot && !found.is_ascii_alphanumeric() && !"!#$%&'*+-/=?^_`{|}~".contains(found) {
                return Err(fail(ParseProblem::Character { at, found }));
            }
            previous = found;
        }
        check_domain(domain, local.len() + 1).map_err(fail)?;
        Ok(Self(text.to_ascii_lowercase().into()))
    }
}

text_type!(Email);

macro_rules! lines {
    ($($(#[$doc:meta])* $name:ident { max: $max:ident })*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = ParseError;

            fn from_str(text: &str) -> Result<Self, ParseError> {
                check_line(text, $max).map_err(|problem| ParseError { what: ParseTarget::$name, problem })?;
                Ok(Self(text.into()))
            }
        }

        text_type!($name);
    )*};
}

lines! {
    /// The description of a release: one line of 1 to 256 bytes, without control characters and
    /// others that are not seen.
    Description { max: DESCRIPTION_LEN_MAX }

    /// How a Standard team pays, as people read it, for example `Visa, ending in 4242` (USE-3): one line of 1 to 100 bytes,
    /// without control characters and others that are not seen. Nothing that must be kept secret belongs here.
    PaymentMethod { max: PAYMENT_METHOD_LEN_MAX }

    /// A text of an [`EventContext`](crate::EventContext): one line of 1 to 256 bytes, without control characters and
    /// others that are not seen.
    ContextText { max: CONTEXT_LEN_MAX }
}

/// Checks that a text is one line of 1 to `max` bytes, in which everything is seen.
pub(crate) fn check_line(text: &str, max: usize) -> Result<(), ParseProblem> {
    if text.len() > max {
        return Err(ParseProblem::TooLong { at: 0, max, len: text.len() });
    }
    // Joiners shape the letters and pictures that they stand between.
    let seen = |one: Option<char>| one.is_some_and(|one| !one.is_whitespace() && !is_unseen(one));
    let mut previous = None;
    let mut characters = text.char_indices().peekable();
    while let Some((at, found)) = characters.next() {
        let joins = matches!(found, '\u{200c}' | '\u{200d}') && seen(previous);
        if is_unseen(found) && !(joins && seen(characters.peek().map(|next| next.1))) {
            return Err(ParseProblem::Character { at, found });
        }
        previous = Some(found);
    }
    if text.trim().is_empty() {
        return Err(ParseProblem::Missing { at: 0, missing: "a text" });
    }
    Ok(())
}

/// Whether a character ends a line, directs how others are shown, or is not shown itself: the general categories Cc, Cf, Zl and Zp of
/// Unicode 16.
pub(crate) fn is_unseen(character: char) -> bool {
    let formats = matches!(character,
        '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}' | '\u{8e2}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0001}' | '\u{e0020}'..='\u{e007f}');
    character.is_control() || formats
}

/// The key of a label (LAB-1): 1 to 40 lower-case letters, digits and hyphens; starts with a letter, ends with a letter or digit.
///
/// ```
/// use enterprise_teams::names::LabelKey;
///
/// let key: LabelKey = "cost-centre".parse()?;
/// assert_eq!(key, "cost-centre");
/// assert_eq!("Env".parse::<LabelKey>().unwrap_err().to_string(),
///     "malformed label key: unexpected `E` at byte 0");
/// # Ok::<(), enterprise_teams::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelKey(Arc<str>);

impl LabelKey {
    const GRAMMAR: Grammar = Grammar {
        what: ParseTarget::LabelKey,
        min: 1,
        max: LABEL_KEY_LEN_MAX,
        start: letter,
        middle: name_byte,
        end: letter_or_digit,
    };

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LabelKey {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::GRAMMAR.check(text)?;
        Ok(Self(text.into()))
    }
}

text_type!(LabelKey);

/// The value of a label (LAB-1): nothing, or one line of at most 120 bytes, without control characters and others that are
/// not seen.
///
/// ```
/// use enterprise_teams::names::LabelValue;
///
/// let value: LabelValue = "Platform & Tools".parse()?;
/// assert_eq!(value, "Platform & Tools");
/// assert!("".parse::<LabelValue>().is_ok());
/// assert!("two\nlines".parse::<LabelValue>().is_err());
/// # Ok::<(), enterprise_teams::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelValue(Arc<str>);

impl LabelValue {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LabelValue {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        if !text.is_empty() {
            check_line(text, LABEL_VALUE_LEN_MAX)
                .map_err(|problem| ParseError { what: ParseTarget::LabelValue, problem })?;
        }
        Ok(Self(text.into()))
    }
}

text_type!(LabelValue);

/// Which labels a thing must have to be listed (LAB-1): one of this key, or one of this key and value.
///
/// As text it is `key` or `key=value`; in what is malformed, places are counted in the key or in the value.
///
/// ```
/// use enterprise_teams::names::LabelSelector;
///
/// let production: LabelSelector = "env=production".parse()?;
/// assert_eq!(production.key().as_str(), "env");
/// assert_eq!(production.value(), Some(&"production".parse()?));
/// assert_eq!("env".parse::<LabelSelector>()?.value(), None);
/// # Ok::<(), enterprise_teams::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelSelector {
    key: LabelKey,
    value: Option<LabelValue>,
}

impl LabelSelector {
    /// A label of this key.
    #[must_use]
    pub const fn key(&self) -> &LabelKey {
        &self.key
    }

    /// The value that it must have; `None` if any will do.
    #[must_use]
    pub const fn value(&self) -> Option<&LabelValue> {
        self.value.as_ref()
    }
}

/// A label of this key, whatever its value.
impl From<LabelKey> for LabelSelector {
    fn from(key: LabelKey) -> Self {
        Self { key, value: None }
    }
}

/// A label of this key with this value.
impl From<(LabelKey, LabelValue)> for LabelSelector {
    fn from((key, value): (LabelKey, LabelValue)) -> Self {
        Self { key, value: Some(value) }
    }
}

impl FromStr for LabelSelector {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        match text.split_once('=') {
            Some((key, value)) => Ok((key.parse::<LabelKey>()?, value.parse::<LabelValue>()?).into()),
            None => text.parse::<LabelKey>().map(Self::from),
        }
    }
}

impl fmt::Display for LabelSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Some(value) => write!(f, "{}={value}", self.key),
            None => self.key.fmt(f),
        }
    }
}

impl Serialize for LabelSelector {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LabelSelector {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A domain: labels of 1 to 63 letters, digits and inner hyphens, joined by dots; at most 253 bytes, folded to lower case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Domain(Arc<str>);

impl Domain {
    /// A domain written in this crate.
    pub(crate) fn known(text: &'static str) -> Self {
        Self(text.into())
    }

    /// The text, in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Domain {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        check_domain(text, 0).map_err(|problem| ParseError { what: ParseTarget::Domain, problem })?;
        Ok(Self(text.to_ascii_lowercase().into()))
    }
}

text_type!(Domain);

/// Checks `domain`, whose first byte is byte `start` of the text that was given.
pub(crate) fn check_domain(domain: &str, start: usize) -> Result<(), ParseProblem> {
    if domain.len() > DOMAIN_LEN_MAX {
        return Err(ParseProblem::TooLong { at: start, max: DOMAIN_LEN_MAX, len: domain.len() });
    }
    let mut label_start = start;
    for label in domain.split('.') {
        if label.is_empty() {
            return Err(ParseProblem::Missing { at: label_start, missing: "a label of the domain" });
        }
        if label.len() > DOMAIN_LABEL_LEN_MAX {
            return Err(ParseProblem::TooLong { at: label_start, max: DOMAIN_LABEL_LEN_MAX, len: label.len() });
        }
        for (at, found) in label.char_indices() {
            let hyphen = found == '-' && at != 0 && at + 1 != label.len();
            if !hyphen && !found.is_ascii_alphanumeric() {
                return Err(ParseProblem::Character { at: label_start + at, found });
            }
        }
        label_start += label.len() + 1;
    }
    Ok(())
}
