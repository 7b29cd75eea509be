//! What the chapters share.

use core::fmt::Debug;
use core::str::FromStr;
use std::fs;
use std::path::{Path, PathBuf};

use enterprise_teams::chrono::{DateTime, TimeDelta, Utc};
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    Actor, ActorKind, AppId, AppName, Email, Error, NewUser, ParseError, Permission, PermissionSet, TeamId, TeamName,
    TeamStore, UserId,
    entity::{IdentityProvider, Labels},
    ids::ClientId,
    names::{ParseProblem, ParseTarget},
};

/// Noon of the first day: the time of the sample store.
pub(crate) fn noon() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

/// This many days after noon.
pub(crate) fn days(days: i64) -> DateTime<Utc> {
    noon() + TimeDelta::days(days)
}

/// So many cases, or `TIMES` as many: for optimised code.
pub(crate) fn cases(few: u32) -> u32 {
    let times = std::env::var("TIMES").map(|times| times.parse::<u32>().expect("a number"));
    few * times.unwrap_or(1)
}

/// What the file of this path holds is this; with `BLESS` set, it is from now on.
#[track_caller]
pub(crate) fn golden(path: &str, found: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("BLESS").is_some_and(|set| !set.is_empty()) {
        return fs::write(file, found).expect("a place to write to");
    }
    let expected = fs::read_to_string(file).unwrap_or_default();
    assert!(found == expected, "{path} should be as follows; BLESS=1 writes it:\n{found}");
}

/// The texts under `folder`, by path.
pub(crate) fn files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort_unstable();
    let texts = entries.into_iter().flat_map(|path| {
        if path.is_dir() { files(&path) } else { vec![(path.clone(), fs::read_to_string(path).expect("a text"))] }
    });
    texts.collect()
}

/// The user behind an actor.
pub(crate) fn id(actor: Actor) -> UserId {
    actor.who.user().expect("a user")
}

pub(crate) fn app_name(text: &str) -> AppName {
    text.parse().expect("an app name")
}

pub(crate) fn team_name(text: &str) -> TeamName {
    text.parse().expect("a team name")
}

/// What the text reads as: a name of any kind, a description, a set of permissions.
pub(crate) fn read<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().expect(text)
}

pub(crate) fn email(text: &str) -> Email {
    text.parse().expect("an e-mail")
}

/// `env=production tier`: each with its value, or with an empty one.
pub(crate) fn labels(text: &str) -> Labels {
    let labels = text.split_whitespace().map(|label| {
        let (key, value) = label.split_once('=').unwrap_or((label, ""));
        (read(key), read(value))
    });
    Labels::new(labels).expect("few labels")
}

/// The refusal of a text.
pub(crate) fn malformed(what: ParseTarget, problem: ParseProblem) -> Error {
    Error::Malformed(ParseError { what, problem })
}

/// The refusal of a text that is no id.
pub(crate) fn no_id() -> Error {
    malformed(ParseTarget::Id, ParseProblem::Missing { at: 0, missing: "a UUID" })
}

/// Registers a user and gives the actor.
pub(crate) fn register(store: &mut TeamStore, text: &str) -> Actor {
    let user = store.register_user(Actor::operator(noon()), NewUser::new(email(text))).expect("a free e-mail");
    Actor::user(user, noon())
}

/// The attempt is refused with exactly this error and this message, and leaves the store as it was, events included.
#[track_caller]
pub(crate) fn refused<T: Debug>(
    store: &mut TeamStore,
    attempt: impl FnOnce(&mut TeamStore) -> Result<T, Error>,
    expected: &Error,
    message: &str,
) {
    let before = store.clone();
    let error = attempt(store).expect_err("accepted");
    assert_eq!(error, *expected);
    assert_eq!(error.to_string(), message);
    assert!(*store == before, "a refused operation changed the store");
}

/// The attempt is refused for each of these actors, with what `expected` says of the actor.
#[track_caller]
pub(crate) fn each_refused<T: Debug>(
    store: &mut TeamStore,
    actors: &[Actor],
    attempt: impl Fn(&mut TeamStore, Actor) -> Result<T, Error>,
    expected: impl Fn(ActorKind) -> (Error, String),
) {
    for actor in actors {
        let (error, message) = expected(actor.who);
        refused(store, |store| attempt(store, *actor), &error, &message);
    }
}

/// What whoever cannot see the app is told, whatever they attempt on it.
pub(crate) fn hidden(app: AppId) -> impl Fn(ActorKind) -> (Error, String) + Copy {
    move |actor| (Error::AppHidden { actor, app }, format!("{actor} cannot see app `{app}`"))
}

/// The same user through a third-party client.
pub(crate) fn through_client(actor: Actor) -> Actor {
    Actor::oauth(id(actor), ClientId::from_uuid(Uuid::from_u128(7)), actor.at)
}

/// What the actor holds on the app; nothing, when the actor cannot see it.
pub(crate) fn holds(store: &TeamStore, actor: Actor, app: AppId) -> PermissionSet {
    store.permissions(actor, app).map_or(PermissionSet::EMPTY, |held| held.permissions)
}

/// The store keeps every invariant, and an equal one comes of its events and of its snapshot.
#[track_caller]
pub(crate) fn sound(store: &TeamStore) {
    assert_eq!(store.check_invariants(), []);
    let replayed = TeamStore::replay(store.events().to_vec()).expect("a log without gaps");
    assert!(replayed == *store, "the events replay to another store");
    let restored = TeamStore::restore(store.snapshot()).expect("a snapshot of a sound store");
    assert!(restored == *store, "the snapshot is of another store");
}

/// All sixteen sets of permissions.
pub(crate) fn every_set() -> Vec<PermissionSet> {
    let bit = |set: u8, permission: &Permission| set >> *permission as u8 & 1 == 1;
    let of = |set| Permission::ALL.iter().copied().filter(|permission| bit(set, permission)).collect();
    (0..16).map(of).collect()
}

/// People sign in to the team through an identity provider from now on.
#[track_caller]
pub(crate) fn with_sso(store: &mut TeamStore, admin: Actor, team: TeamId) {
    let pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
    let provider = IdentityProvider::new("idp", "https://id.example.com/saml", pem).unwrap();
    store.set_identity_provider(admin, team, provider).unwrap();
    store.enable_sso(admin, team).unwrap();
}
