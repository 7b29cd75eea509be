//! Lists and their pages: sort everything, leave out what comes up to the cursor, cut.

use core::fmt;

use enterprise_teams::{Error, entity::Held, uuid::Uuid};

/// The place of an entry in a list, by kind of list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    App(String),
    Number(u64),
    Email(String),
    Team(String),
    Id(String),
    Event(u64),
    Person(String, String),
    Group(String),
    Role(String),
    Space(String),
    Entry(String, u64),
    Ending(i64, Held),
}

impl Key {
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::App(_) => "app",
            Self::Number(_) => "number",
            Self::Email(_) => "email",
            Self::Team(_) => "team",
            Self::Id(_) => "id",
            Self::Event(_) => "event",
            Self::Person(..) => "person",
            Self::Group(_) => "group",
            Self::Role(_) => "role",
            Self::Space(_) => "space",
            Self::Entry(..) => "entry",
            Self::Ending(..) => "ending",
        }
    }

    /// A place of each kind, at which mostly nothing is.
    pub(super) fn of_each_kind() -> [Self; 12] {
        [
            Self::App("app-8".into()),
            Self::Number(9),
            Self::Email("jz@x.io".into()),
            Self::Team("bz".into()),
            Self::Id("80000000-0000-0000-0000-000000000000".into()),
            Self::Event(3),
            Self::Person("bee".into(), "u2@x.io".into()),
            Self::Group("group-4".into()),
            Self::Role("role-4".into()),
            Self::Space("new".into()),
            Self::Entry("app-8".into(), 30),
            Self::Ending(90_000_000_000, Held::GroupGrant { app: Uuid::nil().into(), group: Uuid::nil().into() }),
        ]
    }
}

/// A cursor as text.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind();
        match self {
            Self::App(text)
            | Self::Email(text)
            | Self::Team(text)
            | Self::Id(text)
            | Self::Group(text)
            | Self::Role(text)
            | Self::Space(text) => {
                write!(f, "{kind}:{text}")
            }
            Self::Number(number) | Self::Event(number) => write!(f, "{kind}:{number}"),
            Self::Person(team, email) => write!(f, "{kind}:{team}:{email}"),
            Self::Entry(name, number) => write!(f, "{kind}:{number}:{name}"),
            Self::Ending(time, held) => match held {
                Held::Membership { team, user } => write!(f, "{kind}:{time}:membership:{team}:{user}"),
                Held::Grant { app, user } => write!(f, "{kind}:{time}:grant:{app}:{user}"),
                Held::GroupGrant { app, group } => write!(f, "{kind}:{time}:group-grant:{app}:{group}"),
                Held::AppCreation { space, user } => write!(f, "{kind}:{time}:app-creation:{space}:{user}"),
            },
        }
    }
}

/// Every entry of a list, in its order.
#[derive(Debug)]
pub(super) struct List<T> {
    kinds: Vec<&'static str>,
    backwards: bool,
    entries: Vec<(Key, T)>,
}

impl<T: Clone> List<T> {
    /// In the order of the keys, all of this kind.
    pub(super) fn by(kind: &'static str, entries: impl IntoIterator<Item = (Key, T)>) -> Self {
        Self::of_kinds(vec![kind], entries)
    }

    /// In the order of the keys, of these kinds.
    pub(super) fn of_kinds(kinds: Vec<&'static str>, entries: impl IntoIterator<Item = (Key, T)>) -> Self {
        let mut entries: Vec<(Key, T)> = entries.into_iter().collect();
        entries.sort_by(|one, other| one.0.cmp(&other.0));
        assert!(entries.iter().all(|(key, _)| kinds.contains(&key.kind())), "keys of these kinds");
        assert!(entries.windows(2).all(|pair| pair[0].0 != pair[1].0), "each entry has a place of its own");
        Self { kinds, backwards: false, entries }
    }

    pub(super) fn backwards(mut self) -> Self {
        self.entries.reverse();
        Self { backwards: !self.backwards, ..self }
    }

    /// So many entries after a place, and the cursor of the last of them if more follow.
    pub(super) fn page(&self, size: usize, after: Option<&Key>) -> Result<(Vec<T>, Option<String>), Error> {
        if after.is_some_and(|after| !self.kinds.contains(&after.kind())) {
            return Err(Error::CursorOfAnotherList {});
        }
        let follows = |key: &Key| after.is_none_or(|after| if self.backwards { key < after } else { key > after });
        let rest: Vec<&(Key, T)> = self.entries.iter().filter(|(key, _)| follows(key)).collect();
        let items = rest.iter().take(size).map(|(_, item)| item.clone()).collect();
        let next = if rest.len() > size { Some(rest[size - 1].0.to_string()) } else { None };
        Ok((items, next))
    }

    /// Pages of one and two from end to end, and pages after cursors of every kind.
    pub(super) fn requests(&self) -> Vec<(usize, Option<Key>)> {
        let mut requests: Vec<(usize, Option<Key>)> = Key::of_each_kind().map(|key| (2, Some(key))).into();
        for size in [1, 2] {
            requests.push((size, None));
            requests
                .extend(self.entries.chunks_exact(size).map(|page| (size, page.last().map(|(key, _)| key.clone()))));
        }
        requests
    }
}
