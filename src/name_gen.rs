//! Generated names: `<adjective>-<noun>-<number>`, for example `gentle-garden-8862`.
//!
//! - GEN-1: a name is an adjective, a noun and a number of four digits, joined by hyphens, and always a valid
//!   [`AppName`]. The numbers run from 1000 to 9999, so that none starts with a zero; 40 with an unfriendly
//!   meaning are left out (GEN-2).
//! - GEN-2: the built-in words are friendly, alone and as any pair. They are frozen by [`WORDS_VERSION`]: other words
//!   would be other names. A host may bring its own [`WordLists`].
//! - GEN-3: the same secret and words give the same names in the same order, on every platform, and no name comes twice
//!   before all have come. Names that are already taken are for the caller to step over; when all names have come, the
//!   iterator ends.
//!
//! A [`NameGenerator`] does not draw names, it counts: from 0 to the size of the space, through a permutation of the
//! space that a [`Secret`] selects. So the 100,000,000th name costs the same as the first, nothing has to be remembered but
//! the secret and the position, and the way back from a name to its position is as direct ([`NameGenerator::index_of`]).
//!
//! Whoever knows names, and not the secret, foresees no other (X-7). A name is public all the same, and must not serve as a
//! secret.

use core::fmt;
use core::iter::FusedIterator;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::code::words;
use crate::ids::Secret;
use crate::names::{AppName, NAME_LEN_MAX, ParseProblem, Short};
use crate::words;

/// The version of the built-in words. It changes whenever a word does, because all names change then.
pub const WORDS_VERSION: u32 = 1;
/// The most words that a list may hold.
pub const WORDS_MAX: usize = 65_536;
/// The longest word, in bytes: two such words, two hyphens and four digits fill [`NAME_LEN_MAX`].
pub const WORD_LEN_MAX: usize = 12;

/// The least number.
const NUMBER_MIN: u64 = 1000;
/// The numbers with an unfriendly meaning, which are left out.
#[rustfmt::skip]
const LEFT_OUT: [u64; 40] = [
    1069, 1187, 1312, 1313, 1388, 1390, 1414, 1420, 1488, 1666, 1933, 1939, 2666, 3666,
    3825, 4200, 4269, 4444, 4666, 5666, 6660, 6661, 6662, 6663, 6664, 6665, 6666, 6667,
    6668, 6669, 6942, 6969, 7414, 7666, 7734, 8008, 8085, 8666, 8814, 9666,
];
/// How many numbers there are: each a place in a grid of so many rows and columns.
const NUMBERS: u64 = ROWS * COLUMNS;
const ROWS: u64 = 80;
const COLUMNS: u64 = 112;
const _: () = assert!(NUMBER_MIN + NUMBERS + LEFT_OUT.len() as u64 == 10_000);

/// The number in this place of their order.
fn number_at(place: u64) -> u64 {
    LEFT_OUT.iter().fold(NUMBER_MIN + place, |number, left_out| number + u64::from(*left_out <= number))
}

/// The place of the number; `None` for one that is left out.
fn place_of(number: u64) -> Option<u64> {
    let skipped = LEFT_OUT.binary_search(&number).err()?;
    (number - skipped as u64).checked_sub(NUMBER_MIN).filter(|place| *place < NUMBERS)
}

/// The adjectives and the nouns of generated names (GEN-2), checked so that every combination is a valid name.
///
/// A list is a set: the order in which the words are given does not matter. Cloning is cheap.
///
/// ```
/// use enterprise_teams::name_gen::WordLists;
///
/// let words = WordLists::new(["red", "blue"], ["kite", "boat", "drum"])?;
/// assert_eq!(words.adjectives().collect::<Vec<_>>(), ["blue", "red"]);
/// assert_eq!(words.names(), 2 * 3 * 8960);
///
/// assert_eq!(WordLists::new(["red"], ["kite", "Boat"]).unwrap_err().to_string(),
///     "noun 1: unexpected `B` at byte 0");
/// # Ok::<(), enterprise_teams::name_gen::WordListError>(())
/// ```
#[derive(Clone, Default)]
pub struct WordLists {
    /// `None` stands for the built-in words.
    own: Option<Arc<Own>>,
}

struct Own {
    adjectives: Box<[Word]>,
    nouns: Box<[Word]>,
}

impl WordLists {
    /// The built-in words: 256 adjectives and 256 nouns.
    ///
    /// ```
    /// use enterprise_teams::name_gen::WordLists;
    ///
    /// assert_eq!(WordLists::builtin().names(), 587_202_560);
    /// ```
    #[must_use]
    pub const fn builtin() -> Self {
        Self { own: None }
    }

    /// Takes own words: at least one and at most [`WORDS_MAX`] of either kind, each 1 to [`WORD_LEN_MAX`] lower-case
    /// letters from a to z, none twice in its list.
    ///
    /// # Errors
    /// The first thing that is wrong, adjectives before nouns.
    pub fn new(
        adjectives: impl IntoIterator<Item: AsRef<str>>,
        nouns: impl IntoIterator<Item: AsRef<str>>,
    ) -> Result<Self, WordListError> {
        let own = Own { adjectives: check(WordKind::Adjective, adjectives)?, nouns: check(WordKind::Noun, nouns)? };
        Ok(Self { own: Some(Arc::new(own)) })
    }

    /// The adjectives, sorted.
    pub fn adjectives(&self) -> impl ExactSizeIterator<Item = &str> {
        self.adjective_table().iter().map(Word::as_str)
    }

    /// The nouns, sorted.
    pub fn nouns(&self) -> impl ExactSizeIterator<Item = &str> {
        self.noun_table().iter().map(Word::as_str)
    }

    /// How many names there are: every adjective with every noun and every number.
    #[must_use]
    pub fn names(&self) -> u64 {
        let [left, right] = self.sides();
        left * right
    }

    fn adjective_table(&self) -> &[Word] {
        match &self.own {
            None => &ADJECTIVES,
            Some(own) => &own.adjectives,
        }
    }

    fn noun_table(&self) -> &[Word] {
        match &self.own {
            None => &NOUNS,
            Some(own) => &own.nouns,
        }
    }

    /// The space as a rectangle: an adjective and the row of the number, by a noun and its column.
    fn sides(&self) -> [u64; 2] {
        [self.adjective_table().len() as u64 * ROWS, self.noun_table().len() as u64 * COLUMNS]
    }
}

/// What serde writes: own words, or nothing for the built-in ones of this version.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum WordsForm {
    Builtin { version: u32 },
    Own { adjectives: Vec<String>, nouns: Vec<String> },
}

impl Serialize for WordLists {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let texts = |table: &[Word]| table.iter().map(|word| word.as_str().to_owned()).collect();
        let form = match &self.own {
            None => WordsForm::Builtin { version: WORDS_VERSION },
            Some(own) => WordsForm::Own { adjectives: texts(&own.adjectives), nouns: texts(&own.nouns) },
        };
        form.serialize(serializer)
    }
}

/// Refuses built-in words of another version, which would be other names.
impl<'de> Deserialize<'de> for WordLists {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match WordsForm::deserialize(deserializer)? {
            WordsForm::Builtin { version: WORDS_VERSION } => Ok(Self::builtin()),
            WordsForm::Builtin { version } => {
                Err(D::Error::custom(format_args!("built-in words of version {version}, not {WORDS_VERSION}")))
            }
            WordsForm::Own { adjectives, nouns } => Self::new(adjectives, nouns).map_err(D::Error::custom),
        }
    }
}

impl PartialEq for WordLists {
    fn eq(&self, other: &Self) -> bool {
        self.adjective_table() == other.adjective_table() && self.noun_table() == other.noun_table()
    }
}

impl Eq for WordLists {}

/// Tells how many words there are, not all of them.
impl fmt::Debug for WordLists {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WordLists")
            .field("adjectives", &self.adjective_table().len())
            .field("nouns", &self.noun_table().len())
            .finish()
    }
}

words! {
    /// Which of the two lists.
    pub enum WordKind {
        /// The first word of a name.
        Adjective "adjective",
        /// The second word of a name.
        Noun "noun",
    }
}

/// What is wrong with word lists, and where. Words are counted from 0, in the order in which they were given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum WordListError {
    /// A list without words.
    #[error("no {kind}s, at least 1 is needed")]
    Empty {
        /// Which list.
        kind: WordKind,
    },
    /// A list of more than [`WORDS_MAX`] words.
    #[error("more than {WORDS_MAX} {kind}s")]
    TooMany {
        /// Which list.
        kind: WordKind,
    },
    /// A word that is empty, longer than [`WORD_LEN_MAX`], or holds something else than letters from a to z.
    #[error("{kind} {index}: {problem}")]
    Word {
        /// Which list.
        kind: WordKind,
        /// Which word.
        index: usize,
        /// What is wrong with it.
        problem: ParseProblem,
    },
    /// A word that stands in its list twice.
    #[error("{kind} {second} is the same as {kind} {first}")]
    Duplicate {
        /// Which list.
        kind: WordKind,
        /// Where the word stands first.
        first: usize,
        /// Where it stands again.
        second: usize,
    },
}

fn check(kind: WordKind, texts: impl IntoIterator<Item: AsRef<str>>) -> Result<Box<[Word]>, WordListError> {
    let mut words = BTreeMap::new();
    for (index, text) in texts.into_iter().enumerate() {
        if index == WORDS_MAX {
            return Err(WordListError::TooMany { kind });
        }
        let word = Word::parse(text.as_ref()).map_err(|problem| WordListError::Word { kind, index, problem })?;
        if let Some(first) = words.insert(word, index) {
            return Err(WordListError::Duplicate { kind, first, second: index });
        }
    }
    if words.is_empty() {
        return Err(WordListError::Empty { kind });
    }
    Ok(words.into_keys().collect())
}

/// A word as it stands in a name: the letters and the hyphen after them. The zeros that follow make every word equally
/// long, so that it is copied without a loop.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Word {
    bytes: [u8; 16],
    /// How many letters.
    len: u8,
}

impl Word {
    /// Takes at most [`WORD_LEN_MAX`] letters.
    const fn new(text: &str) -> Self {
        let mut bytes = 0_u128;
        let mut len = 0;
        let mut rest = text.as_bytes();
        while let [letter, tail @ ..] = rest
            && (len as usize) < WORD_LEN_MAX
        {
            bytes |= (*letter as u128) << (8 * len);
            len += 1;
            rest = tail;
        }
        bytes |= (b'-' as u128) << (8 * len);
        Self { bytes: bytes.to_le_bytes(), len }
    }

    fn parse(text: &str) -> Result<Self, ParseProblem> {
        let len = text.len();
        if len == 0 {
            return Err(ParseProblem::TooShort { min: 1, len });
        }
        if len > WORD_LEN_MAX {
            return Err(ParseProblem::TooLong { at: 0, max: WORD_LEN_MAX, len });
        }
        match text.char_indices().find(|(_, found)| !found.is_ascii_lowercase()) {
            Some((at, found)) => Err(ParseProblem::Character { at, found }),
            None => Ok(Self::new(text)),
        }
    }

    fn letters(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }

    fn as_str(&self) -> &str {
        core::str::from_utf8(self.letters()).unwrap_or_default()
    }
}

static ADJECTIVES: [Word; 256] = table(&words::ADJECTIVES);
static NOUNS: [Word; 256] = table(&words::NOUNS);

const fn table<const N: usize>(texts: &[&str; N]) -> [Word; N] {
    let mut table = [Word::new(""); N];
    let mut free = table.as_mut_slice();
    let mut texts = texts.as_slice();
    while let ([word, words @ ..], [text, rest @ ..]) = (free, texts) {
        *word = Word::new(text);
        (free, texts) = (words, rest);
    }
    table
}

/// Gives all names in an order that a secret selects (GEN-3, X-7).
///
/// It is an iterator over [`AppName`]s that allocates nothing; [`nth_name`](Self::nth_name) and
/// [`index_of`](Self::index_of) go from a position to its name and back.
///
/// ```
/// use enterprise_teams::{NameGenerator, ids::Secret};
///
/// let mut names = NameGenerator::new(Secret::from_seed(42));
/// let first = names.next().unwrap();
/// assert_eq!(first, "nautical-chime-8255");
///
/// assert_eq!(names.position(), 1);
/// assert_eq!(names.nth_name(100_000_000).unwrap(), "coastal-meerkat-7895");
/// assert_eq!(names.index_of(&first), Some(0));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameGenerator {
    words: WordLists,
    secret: Secret,
    position: u64,
}

impl NameGenerator {
    /// Names from the built-in words.
    #[must_use]
    pub const fn new(secret: Secret) -> Self {
        Self::with_words(WordLists::builtin(), secret)
    }

    /// Names from own words.
    ///
    /// ```
    /// use enterprise_teams::{NameGenerator, ids::Secret, name_gen::WordLists};
    ///
    /// let words = WordLists::new(["red", "blue"], ["kite", "boat", "drum"])?;
    /// let mut names = NameGenerator::with_words(words, Secret::from_seed(42));
    /// assert_eq!(names.next().unwrap(), "red-kite-6077");
    /// # Ok::<(), enterprise_teams::name_gen::WordListError>(())
    /// ```
    #[must_use]
    pub const fn with_words(words: WordLists, secret: Secret) -> Self {
        Self { words, secret, position: 0 }
    }

    /// Goes on with the `n`-th name, counted from 0; past the end of the space there is none.
    ///
    /// ```
    /// use enterprise_teams::{NameGenerator, ids::Secret};
    ///
    /// let names = NameGenerator::new(Secret::from_seed(42));
    /// assert_eq!(names.clone().starting_at(7).next(), names.nth_name(7));
    /// ```
    #[must_use]
    pub fn starting_at(mut self, n: u64) -> Self {
        self.position = n.min(self.names());
        self
    }

    /// The words.
    #[must_use]
    pub const fn words(&self) -> &WordLists {
        &self.words
    }

    /// How many names come in all, see [`WordLists::names`].
    #[must_use]
    pub fn names(&self) -> u64 {
        self.words.names()
    }

    /// The secret. With the words and the position it is all that is needed to go on later.
    #[must_use]
    pub const fn secret(&self) -> Secret {
        self.secret
    }

    /// How many names have come: the number of the next one.
    #[must_use]
    pub const fn position(&self) -> u64 {
        self.position
    }

    /// The `n`-th name, counted from 0, whatever the position; `None` past the end of the space.
    #[inline]
    #[must_use]
    pub fn nth_name(&self, n: u64) -> Option<AppName> {
        let sides @ [left, right] = self.words.sides();
        if n >= left * right {
            return None;
        }
        let [left, right] = shuffle(self.secret, sides, [n / right, n % right]);
        let adjective = self.words.adjective_table().get(usize::try_from(left / ROWS).ok()?)?;
        let noun = self.words.noun_table().get(usize::try_from(right / COLUMNS).ok()?)?;
        join(adjective, noun, number_at(left % ROWS * COLUMNS + right % COLUMNS))
    }

    /// The position at which `name` comes; `None` for a name that never does.
    ///
    /// ```
    /// use enterprise_teams::{NameGenerator, ids::Secret};
    ///
    /// let names = NameGenerator::new(Secret::from_seed(42));
    /// let index = names.index_of(&"gentle-garden-8862".parse()?).unwrap();
    /// assert_eq!(names.nth_name(index).unwrap(), "gentle-garden-8862");
    /// assert_eq!(names.index_of(&"my-shop".parse()?), None);
    /// # Ok::<(), enterprise_teams::ParseError>(())
    /// ```
    #[must_use]
    pub fn index_of(&self, name: &AppName) -> Option<u64> {
        let (words, number) = name.as_str().rsplit_once('-')?;
        let (adjective, noun) = words.split_once('-')?;
        if number.len() != 4 {
            return None;
        }
        let place = place_of(number.parse().ok()?)?;
        let left = find(self.words.adjective_table(), adjective)? * ROWS + place / COLUMNS;
        let right = find(self.words.noun_table(), noun)? * COLUMNS + place % COLUMNS;
        let sides @ [_, width] = self.words.sides();
        let [left, right] = unshuffle(self.secret, sides, [left, right]);
        Some(left * width + right)
    }
}

/// Never ends before the space does, and gives `None` from then on.
impl Iterator for NameGenerator {
    type Item = AppName;

    #[inline]
    fn next(&mut self) -> Option<AppName> {
        let name = self.nth_name(self.position)?;
        self.position += 1;
        Some(name)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match usize::try_from(self.names() - self.position) {
            Ok(left) => (left, Some(left)),
            Err(_) => (usize::MAX, None),
        }
    }

    fn nth(&mut self, n: usize) -> Option<AppName> {
        self.position = self.position.saturating_add(n as u64).min(self.names());
        self.next()
    }
}

impl FusedIterator for NameGenerator {}

/// Only where every number of names fits a `usize`.
#[cfg(target_pointer_width = "64")]
impl ExactSizeIterator for NameGenerator {}

fn find(words: &[Word], text: &str) -> Option<u64> {
    words.binary_search_by(|word| word.letters().cmp(text.as_bytes())).ok().map(|index| index as u64)
}

fn join(adjective: &Word, noun: &Word, number: u64) -> Option<AppName> {
    let noun_at = adjective.len + 1;
    let number_at = noun_at + noun.len + 1;
    let digits = [number / 1000, number / 100 % 10, number / 10 % 10, number % 10].map(|digit| {
        let [digit, ..] = digit.to_le_bytes();
        b'0' | digit
    });
    let mut bytes = [0; NAME_LEN_MAX];
    *bytes.first_chunk_mut()? = adjective.bytes;
    *bytes.get_mut(usize::from(noun_at)..)?.first_chunk_mut()? = noun.bytes;
    *bytes.get_mut(usize::from(number_at)..)?.first_chunk_mut()? = digits;
    Some(AppName::generated(Short::from_padded(bytes, number_at + 4)))
}

/// Four rounds look random where the sides are about equal; lists of very different lengths need six.
const ROUNDS: u32 = 6;

/// A permutation of the places in a rectangle, another one for each secret: a Feistel network over two coordinates of
/// different range. A round moves one coordinate along its side by a distance that the other one alone decides, so that
/// it can be taken back.
fn shuffle(secret: Secret, [mut side, mut other]: [u64; 2], [mut x, mut y]: [u64; 2]) -> [u64; 2] {
    for round in 0..ROUNDS {
        (x, y) = (y, advance(x, distance(secret, round, y, side), side));
        (side, other) = (other, side);
    }
    [x, y]
}

fn unshuffle(secret: Secret, [mut side, mut other]: [u64; 2], [mut x, mut y]: [u64; 2]) -> [u64; 2] {
    for round in (0..ROUNDS).rev() {
        (side, other) = (other, side);
        (x, y) = (advance(y, side - distance(secret, round, x, side), side), x);
    }
    [x, y]
}

/// How far a coordinate moves along its side, by the place of the other one, which is less than 2²³. That the function of a
/// round is pseudo-random keeps the names to come from whoever knows those that came: of a round nobody sees more than what the
/// five others left of it, so that the lighter SipHash-1-3 serves.
fn distance(secret: Secret, round: u32, from: u64, side: u64) -> u64 {
    #[expect(clippy::cast_possible_truncation, reason = "a list holds at most WORDS_MAX words")]
    let hash = secret.round((round << 24) | from as u32);
    ((hash >> 32) * side) >> 32
}

/// `place + by`, from the start again at the end of the side.
const fn advance(place: u64, by: u64, side: u64) -> u64 {
    match place.wrapping_sub(side).overflowing_add(by) {
        (wrapped, true) => wrapped,
        (_, false) => place + by,
    }
}
