//! The words of enumerations: what is written, shown and read is the same, and stays.

use std::collections::BTreeSet;
use std::fmt::{Debug, Display};
use std::str::FromStr;

use enterprise_teams::{
    AppAction, Capability, ErrorKind, Permission, Role, Stage, TeamKind, TeamRole,
    entity::{
        AccountPermission, AddOnControls, DynoSize, Lock, Mfa, OAuthAccess, Shield, SignIn, SignInRequirement,
        SignInStatus, Sso,
    },
    name_gen::WordKind,
    policy::Section,
    query::{AppSort, EntryKind},
    rule::{Nature, Source},
};
use serde::Serialize;
use serde::de::DeserializeOwned;

trait Word: Copy + Debug + Display + PartialEq + Serialize + DeserializeOwned {}

impl<T: Copy + Debug + Display + PartialEq + Serialize + DeserializeOwned> Word for T {}

/// The words of all variants, in order, as serde and `Display` have them; an unknown one is not read.
fn written<T: Word>(all: &[T]) -> Vec<String> {
    assert!(serde_json::from_str::<T>("\"unheard-of\"").is_err());
    let words: Vec<String> = all.iter().map(ToString::to_string).collect();
    for (one, word) in all.iter().zip(&words) {
        let text = serde_json::to_string(one).expect("JSON");
        assert_eq!(text, format!("\"{word}\""));
        assert_eq!(serde_json::from_str::<T>(&text).expect("a word"), *one);
    }
    assert_eq!(words.iter().collect::<BTreeSet<_>>().len(), all.len());
    words
}

/// As [`written`], of what is read from texts too.
fn read<T: Word + FromStr>(all: &[T]) -> Vec<String> {
    assert!("unheard-of".parse::<T>().is_err());
    let words = written(all);
    assert!(all.iter().zip(&words).all(|(one, word)| word.parse::<T>().is_ok_and(|read| read == *one)));
    words
}

#[test]
fn a_word_is_the_same_wherever_it_stands_and_stays() {
    let sizes = "eco basic standard-1x standard-2x performance-m performance-l private-s private-m private-l shield-s \
                 shield-m shield-l";
    for (words, expected) in [
        (read(TeamRole::BUILT_IN), "admin member viewer"),
        (read(Permission::ALL), "view deploy operate manage"),
        (read(AccountPermission::ALL), "view create manage billing"),
        (read(Stage::ALL), "review test development staging production"),
        (read(DynoSize::ALL), sizes),
        (written(Role::ALL), "admin member viewer custom collaborator"),
        (written(TeamKind::ALL), "enterprise standard"),
        (written(Lock::ALL), "locked unlocked"),
        (written(Mfa::ALL), "enrolled not-enrolled"),
        (written(SignIn::ALL), "password sso"),
        (written(SignInStatus::ALL), "sso mfa-on mfa-off"),
        (written(OAuthAccess::ALL), "allowed denied"),
        (written(SignInRequirement::ALL), "nothing mfa-or-sso"),
        (written(Sso::ALL), "not-configured disabled enabled"),
        (written(AddOnControls::ALL), "off on"),
        (written(Shield::ALL), "off on"),
        (written(ErrorKind::ALL), "unauthenticated not-found forbidden invalid conflict unchanged limit"),
        (written(EntryKind::ALL), "app pipeline"),
        (written(AppSort::ALL), "name name-descending oldest newest"),
        (written(WordKind::ALL), "adjective noun"),
        (written(Section::ALL), "general code config add-ons execution pipelines records"),
        (written(Source::ALL), "2024 2014 articles ours"),
        (written(Nature::ALL), "refusal effect guarantee"),
    ] {
        assert_eq!(words.join(" "), expected);
    }
    // Their words are held against the published tables by the tests of the matrix.
    assert_eq!((read(Capability::ALL).len(), read(AppAction::ALL).len()), (40, 41));
}

#[test]
fn titles_are_what_people_read() {
    assert_eq!(TeamKind::ALL.iter().map(|kind| kind.title()).collect::<Vec<_>>(), ["Enterprise Team", "Standard team"]);
    assert_eq!(SignInStatus::ALL.iter().map(|one| one.title()).collect::<Vec<_>>(), ["SSO", "MFA on", "MFA off"]);
}
