//! Pages and cursors.

use core::fmt;
use core::ops::Bound;
use core::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::entity::Held;
use crate::error::Error;
use crate::names::{
    AccountName, AppName, Email, GroupName, ParseError, ParseProblem, ParseTarget, PipelineName, RoleName, SpaceName,
    TeamName,
};

/// The most entries of a page.
pub const PAGE_SIZE_MAX: usize = 1000;

/// Room for so many entries is made at once: a page of the usual size grows no more.
const ROOM: usize = 64;

/// A page of a list: its entries, and where the next page starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Page<T> {
    /// The entries, in the order of the list.
    pub items: Vec<T>,
    /// Where the next page starts; `None` after the last entry.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// The page with something else of each entry, and the same way on.
    ///
    /// ```
    /// use enterprise_teams::{Page, PageRequest, demo::Demo};
    ///
    /// let Demo { store, ada, acme, .. } = Demo::new()?;
    /// let people = store.access_list(ada, acme, &Default::default(), &PageRequest::first(2)?)?;
    /// let Page { items, next } = people.map(|entry| entry.user.email().to_string());
    /// assert_eq!(items, ["ada@acme.com", "jill@creativeinc.com"]);
    /// assert!(next.is_some());
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    #[must_use]
    pub fn map<U>(self, of: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(of).collect(), next: self.next }
    }
}

/// Which page of a list: how many entries, and after which one.
///
/// As a serde value it has `size`, 50 where it is missing, and `after`, the [`Cursor`] of the page before, if there was one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "AnyPage")]
pub struct PageRequest {
    size: usize,
    after: Option<Cursor>,
}

impl PageRequest {
    /// The first `size` entries, 1 to [`PAGE_SIZE_MAX`].
    ///
    /// # Errors
    /// [`PageSizeInvalid`](Error::PageSizeInvalid) (X-6).
    ///
    /// ```
    /// use enterprise_teams::PageRequest;
    ///
    /// assert!(PageRequest::first(50).is_ok());
    /// assert_eq!(
    ///     PageRequest::first(0).unwrap_err().to_string(),
    ///     "a page holds 1 to 1000 entries, not 0"
    /// );
    /// ```
    pub const fn first(size: usize) -> Result<Self, Error> {
        if size == 0 || size > PAGE_SIZE_MAX {
            return Err(Error::PageSizeInvalid { size, max: PAGE_SIZE_MAX });
        }
        Ok(Self { size, after: None })
    }

    /// How many entries at most.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.size
    }

    /// As many entries after the cursor that came with the page before.
    #[must_use]
    pub fn after(mut self, cursor: Cursor) -> Self {
        self.after = Some(cursor);
        self
    }

    /// The cursor that came with the page before, if this is not the first page.
    #[must_use]
    pub const fn cursor(&self) -> Option<&Cursor> {
        self.after.as_ref()
    }

    /// A page of those entries of a list for which `pick` gives something: for hosts that filter by what the store does not know.
    /// Costs what it passes over.
    ///
    /// # Errors
    /// Those of the list and of `pick`.
    ///
    /// ```
    /// use enterprise_teams::{AppAction, Error, PageRequest, demo::Demo, query::AppFilter};
    ///
    /// let Demo { store, joe, .. } = Demo::new()?;
    /// let deployable = PageRequest::first(50)?.pick(
    ///     |page| store.visible_apps(joe, &AppFilter::default(), page),
    ///     |seen| {
    ///         Ok::<_, Error>(
    ///             store
    ///                 .can(joe, AppAction::PushCode, seen.app.id())
    ///                 .then_some(seen.app.name()),
    ///         )
    ///     },
    /// )?;
    /// assert_eq!(deployable.items[0], "acme-website");
    /// # Ok::<(), Error>(())
    /// ```
    pub fn pick<T, U, E: From<Error>>(
        &self,
        list: impl Fn(&Self) -> Result<Page<T>, E>,
        mut pick: impl FnMut(T) -> Result<Option<U>, E>,
    ) -> Result<Page<U>, E> {
        let mut request = self.clone();
        let mut items = Vec::new();
        loop {
            let Page { items: found, next } = list(&request)?;
            for item in found {
                items.extend(pick(item)?);
            }
            let missing = self.size.saturating_sub(items.len());
            match next {
                Some(cursor) if missing > 0 => request = Self::first(missing)?.after(cursor),
                next => return Ok(Page { items, next }),
            }
        }
    }

    /// The key after which the page starts.
    pub(crate) fn key<K: Key>(&self) -> Result<Option<K>, Error> {
        match &self.after {
            None => Ok(None),
            Some(cursor) => K::from_cursor(&cursor.0).map(Some).ok_or(Error::CursorOfAnotherList {}),
        }
    }

    /// The page that these entries, which come after the cursor, fill.
    pub(crate) fn fill<T, K: Key>(&self, mut items: impl Iterator<Item = T>, key: impl Fn(&T) -> K) -> Page<T> {
        let mut page = Vec::with_capacity(self.size.min(ROOM));
        page.extend(items.by_ref().take(self.size));
        let more = items.next().is_some();
        let next = page.last().filter(|_| more).map(|last| Cursor::at(key(last)));
        Page { items: page, next }
    }
}

/// The entries of all pages of a list.
///
/// # Errors
/// Those of the list.
///
/// ```
/// use enterprise_teams::{collect_pages, demo::Demo, query::PeopleFilter};
///
/// let Demo { store, vera, acme, .. } = Demo::new()?;
/// let people = collect_pages(|page| {
///     store.access_list(vera, acme, &PeopleFilter::default(), page)
/// })?;
/// assert_eq!(people.len(), 4);
/// # Ok::<(), enterprise_teams::Error>(())
/// ```
pub fn collect_pages<T, E: From<Error>>(list: impl Fn(&PageRequest) -> Result<Page<T>, E>) -> Result<Vec<T>, E> {
    let mut items = Vec::new();
    let mut request = PageRequest::first(PAGE_SIZE_MAX)?;
    loop {
        let page = list(&request)?;
        items.extend(page.items);
        match page.next {
            Some(cursor) => request = request.after(cursor),
            None => return Ok(items),
        }
    }
}

/// A request for a page as it is written, of any size.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct AnyPage {
    size: usize,
    after: Option<Cursor>,
}

impl Default for AnyPage {
    fn default() -> Self {
        let PageRequest { size, after } = PageRequest::default();
        Self { size, after }
    }
}

impl TryFrom<AnyPage> for PageRequest {
    type Error = Error;

    fn try_from(AnyPage { size, after }: AnyPage) -> Result<Self, Error> {
        Ok(Self { after, ..Self::first(size)? })
    }
}

impl Default for PageRequest {
    /// The first 50.
    fn default() -> Self {
        Self { size: 50, after: None }
    }
}

/// Where a page ends: the key of its last entry. It stays right while entries come and go.
///
/// As text it is to be passed on as it is; reading it back checks it. It names the last entry, an e-mail in a list of people: who
/// passes it on passes that on. In another list of the same order it goes on after the same key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cursor(Position);

impl Cursor {
    /// After the app of this name: for hosts that put a list by name together.
    #[must_use]
    pub fn after_app(name: AppName) -> Self {
        Self::at(name)
    }

    /// After the event of this number: for hosts that put a list of events together.
    ///
    /// ```
    /// use enterprise_teams::query::Cursor;
    ///
    /// assert_eq!(Cursor::after_event(7).event(), Some(7));
    /// assert_eq!(Cursor::after_app("acme-website".parse()?).event(), None);
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    #[must_use]
    pub fn after_event(number: u64) -> Self {
        Self::at(Seq(number))
    }

    /// The number of the event after which the page starts; `None` in a list of anything else.
    #[must_use]
    pub fn event(&self) -> Option<u64> {
        Seq::from_cursor(&self.0).map(|seq| seq.0)
    }

    /// After the entry with this key.
    pub(crate) fn at(key: impl Key) -> Self {
        Self(key.into_cursor())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Position {
    App(AppName),
    Number(u64),
    Email(Email),
    Team(TeamName),
    Id(Uuid),
    Event(u64),
    Person(TeamName, Email),
    Group(GroupName),
    Role(RoleName),
    Space(SpaceName),
    Entry(PipelineName, u64),
    Account(AccountName),
    Ending(DateTime<Utc>, Held),
}

/// A key by which a list is ordered.
pub(crate) trait Key: Sized {
    fn from_cursor(position: &Position) -> Option<Self>;
    fn into_cursor(self) -> Position;
}

macro_rules! keys {
    ($($position:ident($key:ty))*) => {$(
        impl Key for $key {
            fn from_cursor(position: &Position) -> Option<Self> {
                match position {
                    Position::$position(key) => Some(key.clone().into()),
                    _ => None,
                }
            }

            fn into_cursor(self) -> Position {
                Position::$position(self.into())
            }
        }
    )*};
}

/// The number of an event, as the key of the audit log.
pub(crate) struct Seq(pub(super) u64);

impl From<u64> for Seq {
    fn from(seq: u64) -> Self {
        Self(seq)
    }
}

impl From<Seq> for u64 {
    fn from(seq: Seq) -> Self {
        seq.0
    }
}

/// A person in a team, as the key of a list over teams.
impl Key for (TeamName, Email) {
    fn from_cursor(position: &Position) -> Option<Self> {
        match position {
            Position::Person(team, email) => Some((*team, email.clone())),
            _ => None,
        }
    }

    fn into_cursor(self) -> Position {
        Position::Person(self.0, self.1)
    }
}

/// What ends, by when it ends.
impl Key for (DateTime<Utc>, Held) {
    fn from_cursor(position: &Position) -> Option<Self> {
        match position {
            Position::Ending(at, held) => Some((*at, *held)),
            _ => None,
        }
    }

    fn into_cursor(self) -> Position {
        Position::Ending(self.0, self.1)
    }
}

/// An app or a pipeline in a list of both: its name, and the number of the event that created it.
impl Key for (PipelineName, u64) {
    fn from_cursor(position: &Position) -> Option<Self> {
        match position {
            Position::Entry(name, number) => Some((*name, *number)),
            _ => None,
        }
    }

    fn into_cursor(self) -> Position {
        Position::Entry(self.0, self.1)
    }
}

keys! { Account(AccountName) Group(GroupName) Role(RoleName) Space(SpaceName) App(AppName) Number(u64) Email(Email) Team(TeamName) Id(Uuid) Event(Seq) }

/// The range that starts after `key`, or at the start.
pub(super) fn after<K>(key: Option<K>) -> (Bound<K>, Bound<K>) {
    (key.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded)
}

/// The range that ends before `key`, or at the end.
pub(super) fn before<K>(key: Option<K>) -> (Bound<K>, Bound<K>) {
    (Bound::Unbounded, key.map_or(Bound::Unbounded, Bound::Excluded))
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Position::App(name) => write!(f, "app:{name}"),
            Position::Number(number) => write!(f, "number:{number}"),
            Position::Email(email) => write!(f, "email:{email}"),
            Position::Team(name) => write!(f, "team:{name}"),
            Position::Id(id) => write!(f, "id:{id}"),
            Position::Event(seq) => write!(f, "event:{seq}"),
            Position::Person(team, email) => write!(f, "person:{team}:{email}"),
            Position::Group(name) => write!(f, "group:{name}"),
            Position::Role(name) => write!(f, "role:{name}"),
            Position::Space(name) => write!(f, "space:{name}"),
            Position::Account(name) => write!(f, "account:{name}"),
            Position::Entry(name, number) => write!(f, "entry:{number}:{name}"),
            Position::Ending(at, held) => {
                let (kind, [place, holder]) = parts_of(*held);
                write!(f, "ending:{}:{kind}:{place}:{holder}", at.timestamp_micros())
            }
        }
    }
}

impl FromStr for Cursor {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let fail = |problem| ParseError { what: ParseTarget::Cursor, problem };
        let (kind, key) =
            text.split_once(':').ok_or_else(|| fail(ParseProblem::Missing { at: text.len(), missing: "`:`" }))?;
        let at = kind.len() + 1;
        let number = |text: &str| text.parse().map_err(|_| fail(ParseProblem::Word { at, expected: "a number" }));
        let inner = |error: ParseError| fail(shifted(error.problem, at));
        // Of two parts, and what is wrong with the second.
        let parts =
            || key.split_once(':').ok_or_else(|| fail(ParseProblem::Missing { at: text.len(), missing: "`:`" }));
        let second = |first: &str, error: ParseError| fail(shifted(error.problem, at + first.len() + 1));
        Ok(Self(match kind {
            "app" => Position::App(key.parse().map_err(inner)?),
            "number" => Position::Number(number(key)?),
            "email" => Position::Email(key.parse().map_err(inner)?),
            "team" => Position::Team(key.parse().map_err(inner)?),
            "id" => Position::Id(key.parse().map_err(|_| fail(ParseProblem::Word { at, expected: "an id" }))?),
            "event" => Position::Event(number(key)?),
            "person" => {
                let (team, email) = parts()?;
                Position::Person(team.parse().map_err(inner)?, email.parse().map_err(|error| second(team, error))?)
            }
            "group" => Position::Group(key.parse().map_err(inner)?),
            "role" => Position::Role(key.parse().map_err(inner)?),
            "space" => Position::Space(key.parse().map_err(inner)?),
            "account" => Position::Account(key.parse().map_err(inner)?),
            "entry" => {
                let (first, name) = parts()?;
                let number = number(first)?;
                Position::Entry(name.parse().map_err(|error| second(first, error))?, number)
            }
            "ending" => {
                let expected = "a time, what ends, and two ids";
                let (time, held) = ending(key).ok_or_else(|| fail(ParseProblem::Word { at, expected }))?;
                Position::Ending(time, held)
            }
            _ => {
                return Err(fail(ParseProblem::Word {
                    at: 0,
                    expected: "`app`, `number`, `email`, `team`, `id`, `event`, `person`, `group`, `role`, `space`, `account`, `entry`, `ending`",
                }));
            }
        }))
    }
}

/// What is held, as a word, and where and by whom.
const fn parts_of(held: Held) -> (&'static str, [Uuid; 2]) {
    match held {
        Held::Membership { team, user } => ("membership", [team.uuid(), user.uuid()]),
        Held::Grant { app, user } => ("grant", [app.uuid(), user.uuid()]),
        Held::GroupGrant { app, group } => ("group-grant", [app.uuid(), group.uuid()]),
        Held::AppCreation { space, user } => ("app-creation", [space.uuid(), user.uuid()]),
    }
}

/// What ends, and when, as [`parts_of`] writes it.
fn ending(text: &str) -> Option<(DateTime<Utc>, Held)> {
    let mut parts = text.split(':');
    let at = DateTime::from_timestamp_micros(parts.next()?.parse().ok()?)?;
    let kind = parts.next()?;
    let [place, holder]: [Uuid; 2] = [parts.next()?.parse().ok()?, parts.next()?.parse().ok()?];
    let held = match kind {
        "membership" => Held::Membership { team: place.into(), user: holder.into() },
        "grant" => Held::Grant { app: place.into(), user: holder.into() },
        "group-grant" => Held::GroupGrant { app: place.into(), group: holder.into() },
        "app-creation" => Held::AppCreation { space: place.into(), user: holder.into() },
        _ => return None,
    };
    parts.next().is_none().then_some((at, held))
}

/// A problem with a part of the text that starts at `start`.
fn shifted(problem: ParseProblem, start: usize) -> ParseProblem {
    match problem {
        ParseProblem::Character { at, found } => ParseProblem::Character { at: at + start, found },
        ParseProblem::TooLong { at, max, len } => ParseProblem::TooLong { at: at + start, max, len },
        ParseProblem::Missing { at, missing } => ParseProblem::Missing { at: at + start, missing },
        ParseProblem::Word { at, expected } => ParseProblem::Word { at: at + start, expected },
        whole @ (ParseProblem::TooShort { .. } | ParseProblem::TooMany { .. }) => whole,
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
