//! Values by themselves.

use core::fmt::{Debug, Display};
use core::str::FromStr;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use enterprise_teams::chrono::Datelike;
use enterprise_teams::entity::*;
use enterprise_teams::error::*;
use enterprise_teams::ids::*;
use enterprise_teams::name_gen::*;
use enterprise_teams::names::*;
use enterprise_teams::policy::*;
use enterprise_teams::query::*;
use enterprise_teams::rule::*;
use enterprise_teams::testing::Step;
use enterprise_teams::*;

use super::{debug, samples, seen, smallest};
use crate::support::files;

/// The value as a text: it parses back, also as serde reads it.
fn text<T: Arbitrary + Display + FromStr + PartialEq + Serialize + DeserializeOwned>(count: usize) -> Vec<String> {
    let values = samples(&any::<T>(), count);
    for value in &values {
        assert!(T::from_str(&value.to_string()).is_ok_and(|read| read == *value), "{value:?}");
    }
    kept(&values);
    values.iter().map(ToString::to_string).collect()
}

/// Serde writes the values and reads them back.
#[track_caller]
pub(super) fn kept<T: Debug + PartialEq + Serialize + DeserializeOwned>(values: &[T]) {
    for value in values {
        let text = serde_json::to_string(value).expect("a text");
        let read: T = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{value:?} as {text}: {error}"));
        assert_eq!(read, *value);
    }
}

/// Names: both lengths occur, and at their start, in between and at their end every character that may stand there.
#[track_caller]
fn name<T>(start: &str, middle: &str, end: &str, min: usize)
where
    T: Arbitrary + Display + FromStr + PartialEq + Serialize + DeserializeOwned,
{
    name_of::<T>(start, middle, end, min, NAME_LEN_MAX);
}

#[track_caller]
fn name_of<T>(start: &str, middle: &str, end: &str, min: usize, max: usize)
where
    T: Arbitrary + Display + FromStr + PartialEq + Serialize + DeserializeOwned,
{
    let names = text::<T>(6000);
    let lengths = seen(&names, String::len);
    assert_eq!((lengths.first(), lengths.last()), (Some(&min), Some(&max)));
    assert_eq!(lengths.len(), max - min + 1);
    let long: Vec<Vec<char>> = names.iter().filter(|name| name.len() > 2).map(|name| name.chars().collect()).collect();
    let all = |text: &str| text.chars().collect::<BTreeSet<char>>();
    assert_eq!(seen(&long, |name| name[0]), all(start));
    assert_eq!(long.iter().flat_map(|name| &name[1..name.len() - 1]).copied().collect::<BTreeSet<_>>(), all(middle));
    assert_eq!(seen(&long, |name| name[name.len() - 1]), all(end));
    assert_eq!(smallest(&any::<T>()).to_string(), "a".repeat(min));
}

const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz";
const ALPHANUMERIC: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
const NAME: &str = "abcdefghijklmnopqrstuvwxyz0123456789-";

#[test]
fn names_are_of_the_whole_grammar() {
    name::<TeamName>(LETTERS, NAME, ALPHANUMERIC, 2);
    name_of::<LabelKey>(LETTERS, NAME, ALPHANUMERIC, 1, LABEL_KEY_LEN_MAX);
    name::<AppName>(LETTERS, NAME, ALPHANUMERIC, 3);
    name::<GroupName>(LETTERS, NAME, ALPHANUMERIC, 2);
    name::<RoleName>(LETTERS, NAME, ALPHANUMERIC, 2);
    name::<SpaceName>(ALPHANUMERIC, NAME, ALPHANUMERIC, 3);
    name::<PipelineName>(LETTERS, NAME, NAME, 3);
    name::<AccountName>(LETTERS, NAME, ALPHANUMERIC, 2);
    name::<ServiceName>(LETTERS, NAME, ALPHANUMERIC, 2);
    name::<PlanName>(ALPHANUMERIC, NAME, ALPHANUMERIC, 1);
    name::<Stack>(LETTERS, &format!("{NAME}."), ALPHANUMERIC, 1);
    name::<ProcessType>(LETTERS, &format!("{NAME}_"), ALPHANUMERIC, 1);
    assert!(text::<AppName>(1000).iter().any(|name| name.contains("--")));
}

#[test]
fn emails_and_domains_are_of_the_whole_grammar() {
    let emails = text::<Email>(1500);
    let locals: Vec<&str> = emails.iter().map(|email| email.rsplit_once('@').expect("an e-mail").0).collect();
    let lengths = seen(&locals, |local| local.len());
    assert_eq!((lengths.first(), lengths.last()), (Some(&1), Some(&EMAIL_LOCAL_LEN_MAX)));
    assert_eq!(emails.iter().map(String::len).max(), Some(EMAIL_LEN_MAX));
    let characters: BTreeSet<char> = locals.iter().flat_map(|local| local.chars()).collect();
    assert_eq!(characters, format!("{ALPHANUMERIC}.!#$%&'*+-/=?^_`{{|}}~").chars().collect());

    let domains = text::<Domain>(1500);
    let lengths = seen(&domains, String::len);
    assert_eq!((lengths.first(), lengths.last()), (Some(&1), Some(&DOMAIN_LEN_MAX)));
    let labels: BTreeSet<usize> = domains.iter().flat_map(|domain| domain.split('.')).map(str::len).collect();
    assert_eq!((labels.first(), labels.last()), (Some(&1), Some(&DOMAIN_LABEL_LEN_MAX)));
    assert!(domains.iter().any(|domain| domain.split('.').count() > 60));
    assert_eq!(smallest(&any::<Email>()), "a@a");
    assert_eq!(smallest(&any::<Domain>()), "a");
}

/// One line in any script.
#[track_caller]
fn line<T>(max: usize)
where
    T: Arbitrary + Display + FromStr + PartialEq + Serialize + DeserializeOwned,
{
    let lines = text::<T>(3000);
    let lengths = seen(&lines, String::len);
    assert_eq!((lengths.first(), lengths.last()), (Some(&1), Some(&max)));
    for bytes in 1..=4 {
        assert!(lines.iter().any(|line| line.chars().any(|one| one.len_utf8() == bytes)), "{bytes} bytes");
    }
    assert_eq!(smallest(&any::<T>()).to_string().chars().count(), 1);
}

#[test]
fn lines_are_of_any_script() {
    line::<Description>(DESCRIPTION_LEN_MAX);
    line::<PaymentMethod>(PAYMENT_METHOD_LEN_MAX);
    line::<ContextText>(CONTEXT_LEN_MAX);
}

#[test]
fn labels_are_of_every_number() {
    let values = text::<LabelValue>(3000);
    let lengths = seen(&values, String::len);
    assert_eq!((lengths.first(), lengths.last()), (Some(&0), Some(&LABEL_VALUE_LEN_MAX)));
    let all = samples(&any::<Labels>(), 300);
    kept(&all);
    assert_eq!(seen(&all, Labels::len).len(), LABELS_MAX + 1);
    assert_eq!(smallest(&any::<Labels>()), Labels::NONE);
    let selectors = text::<LabelSelector>(300);
    assert_eq!(seen(&selectors, |one| one.contains('=')).len(), 2);
}

#[test]
fn identity_providers_fill_every_part() {
    let providers = samples(&any::<IdentityProvider>(), 600);
    kept(&providers);
    let longest = |of: fn(&IdentityProvider) -> &str| providers.iter().map(|one| of(one).len()).max();
    assert_eq!(longest(IdentityProvider::entity_id), Some(ENTITY_ID_LEN_MAX));
    assert_eq!(longest(IdentityProvider::sign_in_url), Some(SIGN_IN_URL_LEN_MAX));
    assert_eq!(longest(IdentityProvider::certificate), Some(CERTIFICATE_LEN_MAX));
    let least = smallest(&any::<IdentityProvider>());
    assert_eq!(least.sign_in_url(), "https://a");
    assert_eq!(least.certificate(), "-----BEGIN CERTIFICATE----------END CERTIFICATE-----");
}

#[test]
fn every_variant_occurs() {
    fn all<T: Arbitrary>(variants: &[T]) {
        assert_eq!(debug(&samples(&any::<T>(), 2000)), debug(variants));
        assert_eq!(format!("{:?}", smallest(&any::<T>())), format!("{:?}", variants[0]));
    }
    fn count<T: Arbitrary>(variants: usize) {
        assert_eq!(debug(&samples(&any::<T>(), 200)).len(), variants);
    }
    all(Permission::ALL);
    all(AccountPermission::ALL);
    all(Role::ALL);
    all(DynoSize::ALL);
    all(Stage::ALL);
    all(Capability::ALL);
    all(AppAction::ALL);
    all(Rule::ALL);
    all(Chapter::ALL);
    all(TeamKind::ALL);
    all(AddOnControls::ALL);
    all(Lock::ALL);
    all(Sso::ALL);
    all(Shield::ALL);
    all(OAuthAccess::ALL);
    all(SignInRequirement::ALL);
    all(Mfa::ALL);
    all(SignIn::ALL);
    all(SignInStatus::ALL);
    all(EntryKind::ALL);
    all(AppSort::ALL);
    all(Section::ALL);
    all(ErrorKind::ALL);
    all(Nature::ALL);
    all(Source::ALL);
    all(WordKind::ALL);
    all(Holder::ALL);
    count::<PermissionSet>(16);
    count::<AccountPermissionSet>(16);
    count::<RoleSet>(32);
    assert_eq!(smallest(&any::<PermissionSet>()), PermissionSet::EMPTY);
}

#[test]
fn what_is_given_to_the_store_comes_in_every_shape() {
    let actors = samples(&any::<Actor>(), 3000);
    kept(&actors);
    let who = |actor: &Actor| match actor.who {
        ActorKind::User(_) => 0,
        ActorKind::OAuth { .. } => 1,
        ActorKind::Operator => 2,
    };
    assert_eq!(seen(&actors, who).len(), 3);
    let years = seen(&actors, |actor| actor.at.year());
    assert!(years.first() < Some(&-100_000) && years.last() > Some(&100_000) && years.contains(&2024), "{years:?}");

    let users = samples(&any::<NewUser>(), 100);
    kept(&users);
    let teams = samples(&any::<NewTeam>(), 300);
    kept(&teams);
    let apps = samples(&any::<NewApp>(), 300);
    kept(&apps);
    let places = seen(&apps, |app| {
        let form = serde_json::to_value(app).expect("a value");
        ["team", "space", "name", "stack"].map(|field| form[field].is_null())
    });
    assert_eq!(places.len(), 3 * 2 * 2, "{places:?}");
    kept(&samples(&any::<NewSpace>(), 100));
    kept(&samples(&any::<Settings>(), 100));
    kept(&samples(&any::<Plan>(), 100));
    kept(&samples(&any::<Dyno>(), 100));
    kept(&samples(&any::<Coupling>(), 100));
    kept(&samples(&any::<Release>(), 100));
    kept(&samples(&any::<Usage>(), 100));
    let limits = samples(&any::<Limits>(), 300);
    kept(&limits);
    assert_eq!(seen(&limits, |one| [one.apps.is_some(), one.spaces.is_some(), one.dyno_units.is_some()]).len(), 8);
    let owners = samples(&any::<Owner>(), 100);
    kept(&owners);
    assert_eq!(seen(&owners, |owner| owner.team().is_some()).len(), 2);
    let held = samples(&any::<Held>(), 100);
    kept(&held);
    assert_eq!(seen(&held, |held| serde_json::to_value(held).expect("a form")["type"].to_string()).len(), 4);
    assert_eq!(seen(&samples(&any::<Plan>(), 100), |plan| plan.is_paid()).len(), 2);
}

#[test]
fn what_is_asked_of_the_store_comes_in_every_shape() {
    let months = samples(&any::<Month>(), 6000);
    kept(&months);
    assert!(months.iter().all(|month| month.to_string().parse() == Ok(*month)));
    assert_eq!(seen(&months, |month| month.first_day().month()).len(), 12);
    let days = samples(&any::<Days>(), 3000);
    kept(&days);
    let empty = days.iter().filter(|days| days.count() < 1).count();
    assert!(empty > 0 && days.iter().any(|days| days.count() > 366), "{empty} empty ones");
    let cursors = samples(&any::<Cursor>(), 500);
    kept(&cursors);
    assert_eq!(seen(&cursors, |one| one.to_string().split(':').next().map(String::from)).len(), 9);
    let scopes = samples(&any::<AuditScope>(), 200);
    assert_eq!(seen(&scopes, |scope| format!("{scope:?}").split('(').next().map(String::from)).len(), 6);
    assert_eq!(smallest(&any::<PageRequest>()), PageRequest::first(1).expect("a page"));
    assert_eq!(smallest(&any::<PeopleFilter>()), PeopleFilter::default());
    let filters = debug(&samples(&any::<AppFilter>(), 500));
    for field in ["part", "stack", "lock", "space", "kind"] {
        let unset = format!("{field}: None");
        let without = filters.iter().filter(|filter| filter.contains(&unset)).count();
        assert!((1..filters.len()).contains(&without), "{field}");
    }
    assert!(filters.iter().any(|filter| filter.contains("labels: [LabelSelector")));
    kept(&samples(&any::<SpaceFilter>(), 100));
    kept(&samples(&any::<PipelineFilter>(), 100));
    kept(&samples(&any::<TeamFilter>(), 100));
}

#[test]
fn word_lists_are_built_in_or_own() {
    let generators = samples(&any::<NameGenerator>(), 100);
    kept(&generators);
    assert_eq!(seen(&generators, |names| *names.words() == WordLists::builtin()).len(), 2);
    assert_eq!(smallest(&any::<NameGenerator>()), NameGenerator::new(Secret::from_seed(0)));
}

/// The types that have a strategy: each gives a value.
macro_rules! with_strategy {
    ($($name:ident)*) => {{
        fn has<T: Arbitrary>(name: &'static str) -> &'static str {
            drop(samples(&any::<T>(), 1));
            name
        }
        [$(has::<$name>(stringify!($name))),*]
    }};
}

/// What a strategy is not for: errors of reading, parts of events and of errors,
/// and the answers of a store, which come of asking one.
const ANSWERS: &str = "
    Demo
    AuditEntry Happening NamedId SignInChange ParseError ParseTarget ParseProblem WordListError HostActionError RestoreError ReplayError
    Truncated Remaining Blockers Remedy RemedyDetails ProblemDetails Readable Grantor Violation Preview StoreOpening
    AppCreation AppDeletion EndChange Ended EndedThing GroupDeletion MemberEntry CollaboratorRemoval NameDraw DynoChange EmailChange GrantChange MemberRemoval RoleChange SsoEntry Move PipelineDeletion PipelineMove
    PlanChange Promoted Promotion SpaceMove Sweep TeamDeletion TeamMove UserDeletion
    Access AccessSource HolderSet Explanation ActorView ReadGuard SharedStore Transaction Page AppAccess AppOrPipeline VisibleApp AccessEntry RoleEntry RoleUses GroupEntry GroupMember GroupApp GroupAccess Membership AccountMember
    AccountMembership AccountPerson AppResources Resource Billing CurrentUse Statement StatementPart StatementLine UsagePart UsageReport Used AccessReview Table ProvisioningNotice PastPromotion SpaceAccess Ending
";

/// The types that a file re-exports by name.
fn exported(text: &str) -> Vec<String> {
    let exports = text.split("pub use ").skip(1).filter_map(|rest| rest.split_once(';')).map(|(list, _)| list);
    let words = exports.flat_map(|list| list.split(|one: char| !one.is_alphanumeric() && one != '_'));
    let is_type = |word: &&str| word.starts_with(char::is_uppercase) && word.contains(char::is_lowercase);
    words.filter(is_type).map(String::from).collect()
}

/// The types that a file defines for everybody: in full, or as a row of one of the lists that make types.
fn defined(text: &str) -> Vec<String> {
    let (mut types, mut in_list) = (Vec::new(), false);
    for line in text.lines() {
        let in_full = ["pub struct ", "pub enum "].iter().find_map(|start| line.trim_start().strip_prefix(start));
        in_list =
            ["ids! {", "names! {", "lines! {", "set_of! {", "filters! {"].contains(&line) || in_list && line != "}";
        let row = line.strip_prefix("    ").filter(|row| in_list && !row.ends_with(':'));
        let word = in_full.or(row).and_then(|rest| rest.split(|one: char| !one.is_alphanumeric()).next());
        types.extend(word.filter(|word| word.starts_with(char::is_uppercase)).map(String::from));
    }
    types
}

/// The types that the crate shows: what its root and its strategies re-export, and what its modules define, but for the optional ones.
fn public() -> BTreeSet<String> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let root = fs::read_to_string(src.join("lib.rs")).expect("the root");
    let strategies = fs::read_to_string(src.join("testing/mod.rs")).expect("the strategies");
    let lines = root.lines().zip(root.lines().skip(1)).filter(|(above, _)| !above.starts_with("#[cfg("));
    let modules: Vec<&str> = lines.filter_map(|(_, line)| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let shown = |path: &Path| {
        let room = path.strip_prefix(&src).expect("a file of the crate").with_extension("");
        modules.iter().any(|module| room.starts_with(module)) && !room.ends_with("tests")
    };
    let texts = files(&src).into_iter().filter(|(path, _)| shown(path)).map(|(_, text)| text);
    texts.flat_map(|text| defined(&text)).chain(exported(&root)).chain(exported(&strategies)).collect()
}

#[test]
fn every_public_type_has_a_strategy_or_is_an_answer() {
    let listed = with_strategy! {
        UserId TeamId GroupId RoleId AppId SpaceId PipelineId AccountId AddOnId InvitationId TransferId ClientId
        TeamName ActionName AppName GroupName RoleName SpaceName PipelineName AccountName ServiceName PlanName Stack ProcessType Email Domain
        Description PaymentMethod LabelKey LabelValue LabelSelector Labels
        Permission AccountPermission CapabilitySet RoleRights TeamKind TeamRole Role AddOnControls Lock DynoSize Stage Sso Shield OAuthAccess SignInRequirement OnExcess Mfa
        SignIn SignInStatus Capability AppAction AnyAppAction HostActions Section Holder EntryKind AppSort Rule Chapter Nature Source ErrorKind WordKind
        PermissionSet AccountPermissionSet RoleSet
        Owner Payer Held ActorKind Actor EventContext ContextText AccessQuery Limits Plan Dyno Coupling Times Release OwnershipPeriod Usage IdentityProvider NewUser NewTeam NewApp
        NewSpace Month Days WordLists NameGenerator Secret Settings StoreOptions Cursor PageRequest AppFilter PeopleFilter TeamFilter SpaceFilter PipelineFilter AccountMemberFilter AuditScope
        AuditFilter Operation OperationKind Step
        TeamStore Snapshot AuditEvent Event Error User Team Group CustomRole App Space Pipeline EnterpriseAccount AddOn Invitation
        AppTransfer
    };
    let public = public();
    let covered: BTreeSet<String> = listed.into_iter().chain(ANSWERS.split_whitespace()).map(String::from).collect();
    assert_eq!(public.difference(&covered).collect::<Vec<_>>(), Vec::<&String>::new(), "without a strategy");
    assert_eq!(covered.difference(&public).collect::<Vec<_>>(), Vec::<&String>::new(), "not public");
}
