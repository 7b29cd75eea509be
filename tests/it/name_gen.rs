//! GEN: generated names.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::convert::Infallible;

use enterprise_teams::{
    AppId, AppName, Error, NameGenerator, NewApp, Settings, TeamStore,
    ids::Secret,
    name_gen::{WORD_LEN_MAX, WORDS_MAX, WORDS_VERSION, WordKind, WordListError, WordLists},
    names::{NAME_LEN_MAX, ParseProblem},
};
use proptest::prelude::*;

use crate::support::{refused, register, sound};

fn name(text: &str) -> AppName {
    text.parse().unwrap()
}

/// The `n`-th text of three or more letters, in the order of a car's mileage.
fn letters(mut n: usize) -> String {
    let mut text = Vec::new();
    while n > 0 || text.len() < 3 {
        text.push(b'a' + u8::try_from(n % 26).unwrap());
        n /= 26;
    }
    text.reverse();
    String::from_utf8(text).unwrap()
}

fn own_words(adjectives: usize, nouns: usize) -> WordLists {
    WordLists::new((0..adjectives).map(letters), (0..nouns).map(letters)).unwrap()
}

/// The three parts of a name.
fn parts(name: &AppName) -> [&str; 3] {
    name.as_str().split('-').collect::<Vec<_>>().try_into().unwrap()
}

#[test]
fn gen_01_a_name_is_adjective_noun_number() {
    let words = WordLists::builtin();
    let adjectives: HashSet<_> = words.adjectives().collect();
    let nouns: HashSet<_> = words.nouns().collect();
    let mut numbers = BTreeSet::new();
    for start in [0, words.names() / 2, words.names() - 50_000] {
        for name in NameGenerator::new(Secret::from_seed(1)).starting_at(start).take(50_000) {
            let [adjective, noun, number] = parts(&name);
            assert!(adjectives.contains(adjective) && nouns.contains(noun), "{name}");
            assert_eq!(number.len(), 4, "{name}");
            numbers.insert(number.parse::<u16>().unwrap());
        }
    }
    assert_eq!(numbers, (1000..=9999).filter(|number| !UNFRIENDLY.contains(number)).collect());
}

#[test]
fn gen_01_every_name_is_a_valid_app_name() {
    let names = NameGenerator::new(Secret::from_seed(1));
    for adjective in names.words().adjectives() {
        for noun in names.words().nouns() {
            for number in [1000, 9999] {
                let name = name(&format!("{adjective}-{noun}-{number}"));
                assert!(names.index_of(&name).is_some(), "{name} never comes");
            }
        }
    }
    for name in names.take(10_000) {
        assert_eq!(name.as_str().parse(), Ok(name));
    }
}

#[test]
fn gen_01_the_longest_and_the_shortest_words_fit() {
    let [long_a, long_b] = ["a", "b"].map(|letter| letter.repeat(WORD_LEN_MAX));
    let words = WordLists::new([&long_a, "a"], [&long_b, "b"]).unwrap();
    let names = NameGenerator::with_words(words, Secret::from_seed(5));
    let lengths: BTreeSet<_> = names.map(|name| name.as_str().parse::<AppName>().unwrap().as_str().len()).collect();
    assert_eq!(lengths, BTreeSet::from([8, 19, NAME_LEN_MAX]));
}

#[test]
fn gen_01_the_documents_names_come() {
    let names = NameGenerator::new(Secret::from_seed(0));
    for text in ["gentle-garden-8862", "deep-spring-4274", "frozen-wave-4030"] {
        let index = names.index_of(&name(text)).unwrap();
        assert_eq!(names.nth_name(index).unwrap(), text);
    }
}

#[test]
fn gen_02_the_built_in_lists_are_two_sorted_sets_of_256_short_words() {
    let words = WordLists::default();
    let adjectives: Vec<_> = words.adjectives().collect();
    let nouns: Vec<_> = words.nouns().collect();
    for list in [&adjectives, &nouns] {
        assert_eq!(list.len(), 256);
        assert!(list.is_sorted_by(|a, b| a < b));
        assert!(list.iter().all(|word| (3..=10).contains(&word.len())));
    }
    assert!(adjectives.iter().all(|adjective| !nouns.contains(adjective)), "a word is in both lists");
    assert_eq!(WordLists::new(adjectives, nouns), Ok(words));
}

/// Whoever changes a word changes names: the version tells hosts of it.
#[test]
fn gen_02_words_are_frozen_by_the_version() {
    let words = WordLists::builtin();
    let fingerprint = words
        .adjectives()
        .chain(words.nouns())
        .flat_map(str::bytes)
        .fold(0_u64, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    assert_eq!((WORDS_VERSION, fingerprint), (1, 12_963_343_780_458_165_085));
}

/// The numbers with an unfriendly meaning: the number of the beast, codes of hatred and of its years, of sex, of drugs, of murder, of
/// death where the digits sound like it, and of bad luck.
#[rustfmt::skip]
const UNFRIENDLY: [u16; 40] = [
    1069, 1187, 1312, 1313, 1388, 1390, 1414, 1420, 1488, 1666, 1933, 1939, 2666, 3666,
    3825, 4200, 4269, 4444, 4666, 5666, 6660, 6661, 6662, 6663, 6664, 6665, 6666, 6667,
    6668, 6669, 6942, 6969, 7414, 7666, 7734, 8008, 8085, 8666, 8814, 9666,
];

#[test]
fn gen_02_numbers_with_an_unfriendly_meaning_never_come() {
    let names = NameGenerator::new(Secret::from_seed(3));
    for number in UNFRIENDLY {
        assert_eq!(names.index_of(&name(&format!("gentle-garden-{number}"))), None, "{number}");
    }
    for near in UNFRIENDLY.iter().flat_map(|number| [number - 1, number + 1]).filter(|near| !UNFRIENDLY.contains(near))
    {
        let name = name(&format!("gentle-garden-{near}"));
        assert_eq!(names.index_of(&name).and_then(|index| names.nth_name(index)), Some(name));
    }
}

/// What no name may hold; `blocklist.txt` tells more.
struct BlockList {
    words: HashSet<String>,
    parts: HashSet<String>,
    pairs: HashSet<String>,
}

impl BlockList {
    fn load() -> Self {
        let mut sections: HashMap<&str, HashSet<String>> = HashMap::new();
        let mut section = "";
        for line in include_str!("blocklist.txt").lines().filter(|line| !line.starts_with('#')) {
            match line.strip_prefix('[') {
                Some(title) => section = title.trim_end_matches(']'),
                None => sections.entry(section).or_default().extend(line.split_whitespace().map(rot13)),
            }
        }
        let mut section = |title| sections.remove(title).unwrap();
        Self { words: section("words"), parts: section("parts"), pairs: section("pairs") }
    }

    /// Everything unfriendly about the names from two lists of words.
    fn findings(&self, adjectives: &[&str], nouns: &[&str]) -> Vec<String> {
        let mut findings = Vec::new();
        for &word in adjectives.iter().chain(nouns) {
            let singular = word.strip_suffix('s').unwrap_or(word);
            if self.words.contains(word) || self.words.contains(singular) {
                findings.push(format!("word {word}"));
            }
            findings
                .extend(self.parts.iter().filter(|part| word.contains(*part)).map(|part| format!("{part} in {word}")));
        }
        for part in &self.parts {
            for (end, start) in (1..part.len()).map(|cut| part.split_at(cut)) {
                for adjective in adjectives.iter().filter(|adjective| adjective.ends_with(end)) {
                    for noun in nouns.iter().filter(|noun| noun.starts_with(start)) {
                        findings.push(format!("{part} in {adjective}{noun}"));
                    }
                }
            }
        }
        for adjective in adjectives {
            let pairs = nouns.iter().map(|noun| format!("{adjective}-{noun}"));
            findings.extend(pairs.filter(|pair| self.pairs.contains(pair)).map(|pair| format!("pair {pair}")));
        }
        findings
    }
}

fn rot13(text: &str) -> String {
    let turn = |letter| match letter {
        'a'..='m' => char::from(letter as u8 + 13),
        'n'..='z' => char::from(letter as u8 - 13),
        _ => letter,
    };
    text.chars().map(turn).collect()
}

#[test]
fn gen_02_no_word_and_no_pair_is_unfriendly() {
    let words = WordLists::builtin();
    let (adjectives, nouns): (Vec<_>, Vec<_>) = (words.adjectives().collect(), words.nouns().collect());
    assert_eq!(BlockList::load().findings(&adjectives, &nouns), [""; 0]);
}

#[test]
fn gen_02_the_block_list_finds_what_it_should() {
    let block_list = BlockList::load();
    assert!(block_list.words.len() > 1500 && block_list.parts.len() > 250 && block_list.pairs.len() > 250);
    let findings = |adjective, noun| block_list.findings(&[adjective], &[noun]);
    assert_eq!(findings("gentle", "garden"), [""; 0]);
    assert_eq!(findings("gentle", "amazons"), ["amazon in amazons"]);
    assert_eq!(findings("blue", "sky"), ["bluesky in bluesky", "pair blue-sky"]);
    assert_eq!(findings("super", "teslacoil"), ["tesla in teslacoil"]);
    assert_eq!(findings("solar", "windows"), ["word windows", "solarwind in solarwindows"]);
}

#[test]
fn gen_02_own_words_are_sets() {
    let words = own_words(3, 2);
    assert_eq!(words.adjectives().collect::<Vec<_>>(), ["aaa", "aab", "aac"]);
    assert_eq!(words.nouns().collect::<Vec<_>>(), ["aaa", "aab"]);
    assert_eq!(words.names(), 3 * 2 * 8960);
    assert_eq!(format!("{words:?}"), "WordLists { adjectives: 3, nouns: 2 }");
    assert_eq!(WordLists::new(["aac", "aaa", "aab"], ["aab", "aaa"]), Ok(words.clone()));
    assert_ne!(words, own_words(2, 3));
    assert_ne!(words, WordLists::builtin());
}

#[test]
fn gen_02_own_words_are_refused_with_the_place() {
    fn refusal<A: AsRef<str>>(
        adjectives: impl IntoIterator<Item = A>,
        nouns: impl IntoIterator<Item: AsRef<str>>,
    ) -> (WordListError, String) {
        let error = WordLists::new(adjectives, nouns).unwrap_err();
        (error, error.to_string())
    }
    let (adjective, noun) = (WordKind::Adjective, WordKind::Noun);
    let word = |kind, index, problem| WordListError::Word { kind, index, problem };

    for (found, error, message) in [
        (refusal([""; 0], ["kite"]), WordListError::Empty { kind: adjective }, "no adjectives, at least 1 is needed"),
        (refusal(["red"], [""; 0]), WordListError::Empty { kind: noun }, "no nouns, at least 1 is needed"),
        (
            refusal((0..).map(letters), ["kite"]),
            WordListError::TooMany { kind: adjective },
            "more than 65536 adjectives",
        ),
        (refusal(["red"], (0..).map(letters)), WordListError::TooMany { kind: noun }, "more than 65536 nouns"),
        (
            refusal(["red", ""], ["kite"]),
            word(adjective, 1, ParseProblem::TooShort { min: 1, len: 0 }),
            "adjective 1: too short: 0 of at least 1 bytes",
        ),
        (
            refusal(["red"], ["abcdefghijklm"]),
            word(noun, 0, ParseProblem::TooLong { at: 0, max: 12, len: 13 }),
            "noun 0: too long: 13 of at most 12 bytes, from byte 0 on",
        ),
        (
            refusal(["red", "sky-blue"], ["kite"]),
            word(adjective, 1, ParseProblem::Character { at: 3, found: '-' }),
            "adjective 1: unexpected `-` at byte 3",
        ),
        (
            refusal(["red"], ["kite", "boat", "a\n"]),
            word(noun, 2, ParseProblem::Character { at: 1, found: '\n' }),
            "noun 2: unexpected `\\n` at byte 1",
        ),
        (
            refusal(["grün"], ["kite"]),
            word(adjective, 0, ParseProblem::Character { at: 2, found: 'ü' }),
            "adjective 0: unexpected `ü` (U+00FC) at byte 2",
        ),
        (
            refusal(["red", "blue", "red", "blue"], ["kite"]),
            WordListError::Duplicate { kind: adjective, first: 0, second: 2 },
            "adjective 2 is the same as adjective 0",
        ),
    ] {
        assert_eq!(found, (error, message.to_owned()));
        let refusal = Error::from(error);
        assert_eq!(refusal, Error::WordListInvalid { problem: error });
        assert_eq!(refusal.to_string(), format!("unusable word list: {message}"));
    }
    assert!(size_of::<WordListError>() <= 48);
}

#[test]
fn gen_02_the_largest_own_lists_fit() {
    let names = NameGenerator::with_words(own_words(WORDS_MAX, WORDS_MAX), Secret::from_seed(3));
    let space = names.names();
    assert_eq!(space, 65_536 * 65_536 * 8960);
    for n in [0, 1, space / 2, space - 1] {
        assert_eq!(names.index_of(&names.nth_name(n).unwrap()), Some(n));
    }
    assert_eq!(names.nth_name(space), None);
}

#[test]
fn gen_03_same_seed_same_names() {
    let first_five = |seed| NameGenerator::new(Secret::from_seed(seed)).take(5).collect::<Vec<_>>();
    assert_eq!(
        first_five(0),
        [
            "chirping-larch-6623",
            "elegant-vineyard-5811",
            "artful-river-6159",
            "blithe-symphony-7000",
            "jubilant-hare-4308",
        ]
    );
    assert_eq!(
        first_five(42),
        [
            "nautical-chime-8255",
            "oaken-sunflower-9134",
            "vivid-ballet-9265",
            "starry-snowfall-8955",
            "mirthful-oriole-8014",
        ]
    );
}

#[test]
fn x_07_a_secret_comes_from_bytes_or_a_random_number_generator_and_is_not_shown() {
    struct Counted(u64);

    impl rand::TryRng for Counted {
        type Error = Infallible;

        fn try_next_u32(&mut self) -> Result<u32, Infallible> {
            unreachable!("a secret has 128 bits")
        }

        fn try_next_u64(&mut self) -> Result<u64, Infallible> {
            self.0 += 1;
            Ok(self.0)
        }

        fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), Infallible> {
            unreachable!("a secret has 128 bits")
        }
    }

    let secret = Secret::from_rng(&mut Counted(6));
    let bytes = [0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 8];
    assert_eq!((secret, secret.to_bytes()), (Secret::from_bytes(bytes), bytes));
    let text = "\"00000000000000070000000000000008\"";
    assert_eq!(serde_json::to_string(&secret).unwrap(), text);
    assert_eq!(serde_json::from_str::<Secret>(text).unwrap(), secret);
    assert_eq!(format!("{secret:?}"), "Secret(..)");
    let settings = Settings::new(secret);
    assert!(!format!("{settings:?} {:?}", settings.names()).contains('7'), "the secret is not shown");
    assert_eq!(settings.names().secret(), secret);
}

#[test]
fn gen_03_a_whole_space_comes_once_and_then_ends() {
    for (adjectives, nouns) in [(1, 1), (3, 2), (1, 7)] {
        let mut names = NameGenerator::with_words(own_words(adjectives, nouns), Secret::from_seed(9));
        let space = usize::try_from(names.names()).unwrap();
        assert_eq!(space, adjectives * nouns * 8960);
        let all: HashSet<_> = names.by_ref().collect();
        assert_eq!(all.len(), space);
        assert_eq!((names.next(), names.next(), names.position()), (None, None, space as u64));
    }
}

/// By command: `cargo test --release --test it every_name -- --ignored`, about a minute. What came is remembered by the words and the
/// number that are read from the name.
#[test]
#[ignore = "walks 587,202,560 names"]
fn gen_03_every_name_comes_once() {
    let words = WordLists::builtin();
    let places = |words: &mut dyn Iterator<Item = &str>| -> HashMap<String, usize> {
        words.map(str::to_owned).zip(0..).collect()
    };
    let (adjectives, nouns) = (places(&mut words.adjectives()), places(&mut words.nouns()));
    let mut names = NameGenerator::new(Secret::from_seed(42));
    let space = usize::try_from(names.names()).unwrap();
    assert_eq!(space, 587_202_560);
    let mut came = vec![0_u64; space.div_ceil(64)];
    for name in names.by_ref() {
        let (adjective, rest) = name.as_str().split_once('-').unwrap();
        let (noun, number) = rest.split_once('-').unwrap();
        let number: usize = number.parse().unwrap();
        let place = (adjectives[adjective] * nouns.len() + nouns[noun]) * 9000 + number - 1000;
        let (word, bit) = (&mut came[place / 64], 1 << (place % 64));
        assert_eq!(*word & bit, 0, "{name} came before");
        *word |= bit;
    }
    assert_eq!(came.iter().map(|word| word.count_ones() as usize).sum::<usize>(), space);
    assert_eq!(names.next(), None);
}

#[test]
fn gen_03_no_name_comes_twice_in_a_long_run() {
    let run = 200_000;
    let names: HashSet<_> = NameGenerator::new(Secret::from_seed(77)).take(run).collect();
    assert_eq!(names.len(), run);
}

#[test]
fn gen_03_taken_names_are_stepped_over() {
    let mut names = NameGenerator::new(Secret::from_seed(42));
    let taken = [names.nth_name(0).unwrap(), names.nth_name(1).unwrap()];
    let free = names.find(|name| !taken.contains(name)).unwrap();
    assert_eq!(free, "vivid-ballet-9265");
    assert_eq!(names.position(), 3);
}

#[test]
fn gen_03_a_store_whose_names_are_used_up_says_so() {
    let names = || NameGenerator::with_words(own_words(1, 1), Secret::from_seed(7));
    let total = names().names();
    assert_eq!(total, 8960);
    let mut store =
        TeamStore::new(Settings::from_seed(7).words(own_words(1, 1)).first_name(total - 3).personal_apps_max(9999));
    let ada = register(&mut store, "ada@acme.com");
    let by_hand = names().nth_name(2).unwrap();
    store.create_app(ada, NewApp::personal().named(by_hand)).unwrap();
    let create = |store: &mut TeamStore| store.create_app(ada, NewApp::personal());
    let name_of = |store: &TeamStore, app| store.app(ada, app).unwrap().name();
    // A name that is free again comes again when all others have come.
    let (freed, first) = (create(&mut store).unwrap(), names().nth_name(total - 3).unwrap());
    store.delete_app(ada, freed, first.as_str()).unwrap();
    let given: Vec<AppId> = (1..total).map(|_| create(&mut store).unwrap()).collect();
    assert_eq!(name_of(&store, given[0]), names().nth_name(total - 2).unwrap());
    assert_eq!(given.last().map(|app| name_of(&store, *app)), Some(first));
    let distinct: HashSet<AppName> = given.iter().map(|app| name_of(&store, *app)).chain([by_hand]).collect();
    assert_eq!(distinct.len(), 8960);

    let used_up = Error::NamesUsedUp { names: total };
    for _ in 0..2 {
        refused(&mut store, create, &used_up, "all 8960 generated names are taken");
    }
    store.create_app(ada, NewApp::personal().named(name("my-shop"))).unwrap();
    let freed = name_of(&store, given[5]);
    store.delete_app(ada, given[5], freed.as_str()).unwrap();
    let again = create(&mut store).unwrap();
    assert_eq!(name_of(&store, again), freed);
    refused(&mut store, create, &used_up, "all 8960 generated names are taken");
    sound(&store);
}

#[test]
fn gen_03_a_generator_starts_anywhere() {
    let names = NameGenerator::new(Secret::from_seed(8));
    let space = names.names();
    for start in [0, 1, 1_000_000, space - 3] {
        let from_there = names.clone().starting_at(start);
        assert_eq!(from_there.position(), start);
        assert!(from_there.take(3).eq((start..start + 3).map(|n| names.nth_name(n).unwrap())));
    }
    let mut skipped = names.clone();
    assert_eq!(skipped.nth(500_000_000), names.nth_name(500_000_000));
    assert_eq!(skipped.next(), names.nth_name(500_000_001));
    assert_eq!(skipped.size_hint(), (87_202_558, Some(87_202_558)));
    #[cfg(target_pointer_width = "64")]
    assert_eq!(skipped.len(), 87_202_558);
}

#[test]
fn gen_03_past_the_end_there_is_nothing() {
    let names = NameGenerator::new(Secret::from_seed(8));
    let space = names.names();
    assert!(names.nth_name(space - 1).is_some());
    for n in [space, space + 1, u64::MAX / 2, u64::MAX] {
        assert_eq!(names.nth_name(n), None);
        let mut past = names.clone().starting_at(n);
        assert_eq!((past.position(), past.next(), past.size_hint()), (space, None, (0, Some(0))));
    }
    let mut skipped = names;
    assert_eq!((skipped.nth(usize::MAX), skipped.next(), skipped.position()), (None, None, space));
}

#[test]
fn gen_03_other_names_have_no_index() {
    let names = NameGenerator::new(Secret::from_seed(8));
    for text in [
        "my-shop",
        "garden",
        "gentle-garden",
        "gentle-garden-886",
        "gentle-garden-0886",
        "gentle-garden-08862",
        "gentle-garden-88620",
        "gentle-garden-88a2",
        "gentle-garden-8862-x",
        "gentle-gentle-8862",
        "garden-garden-8862",
        "gentle--8862",
        "gentle-gardens-8862",
        "a-gentle-garden-8862",
        "gentlegarden8862",
    ] {
        assert_eq!(names.index_of(&name(text)), None, "{text}");
    }
}

proptest! {
    #[test]
    fn gen_03_index_of_inverts_nth_name(
        seed: u64, adjectives in 1..=300_usize, nouns in 1..=300_usize, n: u64,
    ) {
        let names = NameGenerator::with_words(own_words(adjectives, nouns), Secret::from_seed(seed));
        let n = n % names.names();
        prop_assert_eq!(names.index_of(&names.nth_name(n).unwrap()), Some(n));
    }

    #[test]
    fn gen_03_nth_name_inverts_index_of(seed: u64, adjective in 0..256_usize, noun in 0..256_usize, number in 1000..=9999_u16) {
        let names = NameGenerator::new(Secret::from_seed(seed));
        let words = names.words();
        let [adjective, noun] = [words.adjectives().nth(adjective).unwrap(), words.nouns().nth(noun).unwrap()];
        let name = name(&format!("{adjective}-{noun}-{number}"));
        if UNFRIENDLY.contains(&number) {
            prop_assert_eq!(names.index_of(&name), None);
            return Ok(());
        }
        let n = names.index_of(&name).unwrap();
        prop_assert!(n < words.names());
        prop_assert_eq!(names.nth_name(n), Some(name));
    }
}

/// One name, as places in the lists and among the numbers.
#[derive(Clone, Copy)]
struct NameDraw {
    adjective: usize,
    noun: usize,
    number: usize,
}

/// Consecutive names from lists of known lengths.
struct Run {
    adjectives: usize,
    nouns: usize,
    drawn: Vec<NameDraw>,
}

impl Run {
    fn new(names: NameGenerator, length: usize) -> Self {
        let words = names.words().clone();
        let place = |(place, word)| (word, place);
        let adjectives: HashMap<_, _> = words.adjectives().enumerate().map(place).collect();
        let nouns: HashMap<_, _> = words.nouns().enumerate().map(place).collect();
        let numbers: Vec<u16> = (1000..=9999).filter(|number| !UNFRIENDLY.contains(number)).collect();
        let drawn = names.take(length).map(|name| {
            let [adjective, noun, number] = parts(&name);
            NameDraw {
                adjective: adjectives[adjective],
                noun: nouns[noun],
                number: numbers.binary_search(&number.parse().unwrap()).unwrap(),
            }
        });
        let drawn = drawn.collect();
        Self { adjectives: adjectives.len(), nouns: nouns.len(), drawn }
    }

    /// How often each class comes.
    fn counts(&self, classes: usize, class: impl Fn(NameDraw, NameDraw) -> usize) -> Vec<u32> {
        let mut counts = vec![0; classes];
        for (&drawn, &next) in self.drawn.iter().zip(&self.drawn[1..]) {
            counts[class(drawn, next)] += 1;
        }
        counts
    }

    /// How far from even each view of the run is, see [`unevenness`].
    fn views(&self) -> Vec<(&'static str, f64)> {
        let (a, n) = (self.adjectives, self.nouns);
        let views = [
            ("adjective", self.counts(a, |x, _| x.adjective)),
            ("noun", self.counts(n, |x, _| x.noun)),
            ("number", self.counts(8960, |x, _| x.number)),
            ("first part of the number", self.counts(8, |x, _| x.number / 1120)),
            ("second part of the number", self.counts(10, |x, _| x.number / 112 % 10)),
            ("third part of the number", self.counts(10, |x, _| x.number / 8 % 10)),
            ("ones", self.counts(10, |x, _| x.number % 10)),
            ("adjective and noun", self.counts(a * n, |x, _| x.adjective * n + x.noun)),
            ("adjective and first part", self.counts(a * 8, |x, _| x.adjective * 8 + x.number / 1120)),
            ("adjective and ones", self.counts(a * 10, |x, _| x.adjective * 10 + x.number % 10)),
            ("noun and first part", self.counts(n * 8, |x, _| x.noun * 8 + x.number / 1120)),
            ("noun and ones", self.counts(n * 10, |x, _| x.noun * 10 + x.number % 10)),
            ("adjective and next adjective", self.counts(a * a, |x, y| x.adjective * a + y.adjective)),
            ("adjective and next noun", self.counts(a * n, |x, y| x.adjective * n + y.noun)),
            ("noun and next noun", self.counts(n * n, |x, y| x.noun * n + y.noun)),
            ("number and next number", self.counts(8960, |x, y| (y.number + 8960 - x.number) % 8960)),
        ];
        views
            .into_iter()
            .filter(|(_, counts)| counts.len() > 1)
            .map(|(view, counts)| (view, unevenness(&counts)))
            .collect()
    }
}

/// Pearson's statistic, less what chance gives, in standard deviations of chance: beyond [`CHANCE`], the counts are not
/// those of even and independent draws; below minus that, they are too even to be.
fn unevenness(counts: &[u32]) -> f64 {
    let freedom = f64::from(u32::try_from(counts.len()).unwrap() - 1);
    let expected = f64::from(counts.iter().sum::<u32>()) / (freedom + 1.0);
    let chi_square: f64 = counts.iter().map(|&count| (f64::from(count) - expected).powi(2) / expected).sum();
    (chi_square - freedom) / (2.0 * freedom).sqrt()
}

const CHANCE: f64 = 5.0;

#[test]
fn gen_03_words_and_numbers_are_even_and_independent() {
    let space = WordLists::builtin().names();
    for (seed, start) in [(0, 0), (1, space / 3), (u64::MAX, space - 300_000)] {
        for (view, unevenness) in
            Run::new(NameGenerator::new(Secret::from_seed(seed)).starting_at(start), 300_000).views()
        {
            assert!(unevenness.abs() < CHANCE, "seed {seed}, start {start}: {view} {unevenness}");
        }
    }
}

#[test]
fn gen_03_lists_of_any_lengths_are_even_and_independent() {
    for (adjectives, nouns) in [(1, 300), (300, 1), (2000, 1), (50, 60)] {
        let names = NameGenerator::with_words(own_words(adjectives, nouns), Secret::from_seed(5));
        for (view, unevenness) in Run::new(names, 100_000).views() {
            assert!(unevenness.abs() < CHANCE, "{adjectives} by {nouns}: {view} {unevenness}");
        }
    }
}

#[test]
fn gen_03_every_adjective_meets_every_noun() {
    let run = Run::new(NameGenerator::new(Secret::from_seed(0)), 20 * 256 * 256);
    let pairs = run.counts(256 * 256, |x, _| x.adjective * 256 + x.noun);
    assert!(pairs.iter().all(|&count| count > 0));
    assert!(unevenness(&pairs).abs() < CHANCE);
}

/// What would be wrong with simpler generators is seen by the same statistic.
#[test]
fn gen_03_the_statistic_rejects_broken_generators() {
    fn random(n: usize) -> usize {
        let mut z = (n as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) >> 33).unwrap()
    }
    fn views(draw: impl Fn(usize) -> NameDraw) -> HashMap<&'static str, f64> {
        Run { adjectives: 256, nouns: 256, drawn: (0..300_000).map(draw).collect() }.views().into_iter().collect()
    }
    let fair = views(|n| NameDraw {
        adjective: random(3 * n) % 256,
        noun: random(3 * n + 1) % 256,
        number: random(3 * n + 2) % 8960,
    });
    assert!(fair.values().all(|unevenness| unevenness.abs() < CHANCE), "{fair:?}");

    let one_value_for_both_words = views(|n| NameDraw {
        adjective: random(2 * n) % 256,
        noun: random(2 * n) % 256,
        number: random(2 * n + 1) % 8960,
    });
    assert!(one_value_for_both_words["adjective"].abs() < CHANCE);
    assert!(one_value_for_both_words["adjective and noun"] > 1000.0);

    let counted = views(|n| NameDraw { adjective: n % 256, noun: n / 256 % 256, number: n % 8960 });
    assert!(counted["adjective"] < -CHANCE);
    assert!(counted["adjective and next adjective"] > 1000.0);
    assert!(counted["number and next number"] > 1000.0);

    let number_by_adjective = views(|n| NameDraw {
        adjective: random(2 * n) % 256,
        noun: random(2 * n + 1) % 256,
        number: random(2 * n) % 8960,
    });
    assert!(number_by_adjective["adjective and ones"] > 100.0);
}

#[test]
fn gen_03_different_seeds_give_different_names() {
    let first: HashSet<_> = (0..1000).map(|seed| NameGenerator::new(Secret::from_seed(seed)).next().unwrap()).collect();
    assert!(first.len() > 995);

    let length = 300_000;
    let [one, other] = [1, 2].map(|seed| Run::new(NameGenerator::new(Secret::from_seed(seed)), length));
    let mut together = vec![0; 256 * 256];
    for (x, y) in one.drawn.iter().zip(&other.drawn) {
        together[x.adjective * 256 + y.adjective] += 1;
    }
    assert!(unevenness(&together).abs() < CHANCE);
}

#[test]
fn gen_03_generators_are_values() {
    fn is_shared<T: Send + Sync + Clone>(_: &T) {}
    let mut names = NameGenerator::new(Secret::from_seed(4));
    is_shared(&names);
    let mut copy = names.clone();
    assert!(names.by_ref().zip(copy.by_ref()).take(100).all(|(a, b)| a == b));
    assert_eq!(names, copy);
    assert_ne!(names, NameGenerator::new(Secret::from_seed(4)));
    assert!(size_of::<NameGenerator>() <= 32);
}
