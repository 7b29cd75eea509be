//! Values by themselves: every one that the public interface takes or gives, over the whole of its range.

use core::fmt;
use core::ops::RangeInclusive;
use core::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use proptest::char::range;
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use uuid::Uuid;

use crate::actor::{Actor, ActorKind, EventContext};
use crate::entity::{
    AccountPermission, AccountPermissionSet, AddOnControls, CERTIFICATE_LEN_MAX, Coupling, Days, Dyno, DynoSize,
    ENTITY_ID_LEN_MAX, Held, IdentityProvider, LABELS_MAX, Labels, Limits, Lock, Mfa, Month, NewApp, NewSpace, NewTeam,
    NewUser, OAuthAccess, OnExcess, Owner, Payer, Plan, Release, SIGN_IN_URL_LEN_MAX, Shield, SignIn,
    SignInRequirement, SignInStatus, Sso, Stage, Times, Usage,
};
use crate::error::ErrorKind;
use crate::explain::AccessQuery;
use crate::ids::{
    AccountId, AddOnId, AppId, ClientId, GroupId, InvitationId, PipelineId, RoleId, Secret, SpaceId, TeamId,
    TransferId, UserId,
};
use crate::name_gen::{NameGenerator, WORD_LEN_MAX, WordKind, WordLists};
use crate::names::{
    AccountName, ActionName, AppName, CONTEXT_LEN_MAX, ContextText, DESCRIPTION_LEN_MAX, DOMAIN_LABEL_LEN_MAX,
    DOMAIN_LEN_MAX, Description, Domain, EMAIL_LEN_MAX, EMAIL_LOCAL_LEN_MAX, Email, GroupName, LABEL_KEY_LEN_MAX,
    LABEL_VALUE_LEN_MAX, LabelKey, LabelSelector, LabelValue, NAME_LEN_MAX, PAYMENT_METHOD_LEN_MAX, PaymentMethod,
    PipelineName, PlanName, ProcessType, RoleName, ServiceName, SpaceName, Stack, TeamName, is_unseen,
};
use crate::operation::OperationKind;
use crate::permission::{Permission, PermissionSet};
use crate::policy::{AnyAppAction, AppAction, Capability, CapabilitySet, Holder, HostActions, RoleRights, Section};
use crate::query::{
    AccountMemberFilter, AppFilter, AppSort, AuditFilter, AuditScope, Cursor, EntryKind, PAGE_SIZE_MAX, PageRequest,
    PeopleFilter, PipelineFilter, SpaceFilter, TeamFilter,
};
use crate::role::{Role, RoleSet, TeamKind, TeamRole};
use crate::rule::{Chapter, Nature, Rule, Source};
use crate::settings::{Settings, StoreOptions};
use crate::usage::RANGE_DAYS_MAX;

/// Any value of the type that is asked for.
pub(super) fn of<T: Arbitrary<Strategy: 'static>>() -> BoxedStrategy<T> {
    any::<T>().boxed()
}

/// What any value of each type is.
macro_rules! arbitrary {
    ($($name:ident: $strategy:expr;)*) => {$(
        impl Arbitrary for $name {
            type Parameters = ();
            type Strategy = BoxedStrategy<Self>;

            fn arbitrary_with((): ()) -> Self::Strategy {
                $strategy.boxed()
            }
        }
    )*};
}
pub(super) use arbitrary;

/// Any variant of each enumeration.
macro_rules! variants {
    ($($name:ident)*) => { arbitrary! {$($name: select($name::ALL);)*} };
}

variants! {
    AccountPermission AddOnControls AppAction AppSort Capability Chapter DynoSize EntryKind ErrorKind Holder Lock Mfa Nature
    OAuthAccess OnExcess OperationKind Permission Role Rule Section Shield SignIn SignInRequirement SignInStatus Source Sso Stage TeamKind WordKind
}

arbitrary! {
    PermissionSet: subsequence(Permission::ALL, 0..=Permission::ALL.len()).prop_map(PermissionSet::from_iter);
    AccountPermissionSet: subsequence(AccountPermission::ALL, 0..=AccountPermission::ALL.len()).prop_map(AccountPermissionSet::from_iter);
    TeamRole: prop_oneof![3 => select(TeamRole::BUILT_IN), 1 => of().prop_map(Self::Custom)];
    CapabilitySet: subsequence(Capability::ALL, 0..=Capability::ALL.len()).prop_map(CapabilitySet::from_iter);
    RoleRights: (of(), of()).prop_map(|(capabilities, permissions)| Self { capabilities, permissions });
    RoleSet: subsequence(Role::ALL, 0..=Role::ALL.len()).prop_map(|roles| RoleSet::of(&roles));

    UserId: id();
    TeamId: id();
    AppId: id();
    GroupId: id();
    RoleId: id();
    SpaceId: id();
    PipelineId: id();
    AccountId: id();
    AddOnId: id();
    InvitationId: id();
    TransferId: id();
    ClientId: id();

    TeamName: parsed(text(LETTERS, NAME, ALPHANUMERIC, 2..=NAME_LEN_MAX));
    ActionName: parsed(text(LETTERS, NAME, ALPHANUMERIC, 3..=NAME_LEN_MAX));
    AppName: parsed(text(LETTERS, NAME, ALPHANUMERIC, 3..=NAME_LEN_MAX));
    RoleName: parsed(text(LETTERS, NAME, ALPHANUMERIC, 2..=NAME_LEN_MAX));
    GroupName: parsed(text(LETTERS, NAME, ALPHANUMERIC, 2..=NAME_LEN_MAX));
    SpaceName: {
        // A hyphen after a hyphen may not stand.
        let single = |text: String| text.replace("--", "-a");
        parsed(text(ALPHANUMERIC, NAME, ALPHANUMERIC, 3..=NAME_LEN_MAX).prop_map(single))
    };
    PipelineName: parsed(text(LETTERS, NAME, NAME, 3..=NAME_LEN_MAX));
    AccountName: parsed(text(LETTERS, NAME, ALPHANUMERIC, 2..=NAME_LEN_MAX));
    ServiceName: parsed(text(LETTERS, NAME, ALPHANUMERIC, 2..=NAME_LEN_MAX));
    PlanName: parsed(text(ALPHANUMERIC, NAME, ALPHANUMERIC, 1..=NAME_LEN_MAX));
    Stack: parsed(text(LETTERS, STACK, ALPHANUMERIC, 1..=NAME_LEN_MAX));
    ProcessType: parsed(text(LETTERS, PROCESS, ALPHANUMERIC, 1..=NAME_LEN_MAX));
    Email: {
        let joined = |(local, domain): (String, String)| cut(&format!("{local}@{domain}"), EMAIL_LEN_MAX);
        parsed((local_part(), domain()).prop_map(joined))
    };
    Domain: parsed(domain());
    Description: parsed(line(DESCRIPTION_LEN_MAX));
    PaymentMethod: parsed(line(PAYMENT_METHOD_LEN_MAX));
    ContextText: parsed(line(CONTEXT_LEN_MAX));
    LabelKey: parsed(text(LETTERS, NAME, ALPHANUMERIC, 1..=LABEL_KEY_LEN_MAX));
    LabelValue: parsed(prop_oneof![1 => Just(String::new()), 4 => line(LABEL_VALUE_LEN_MAX)]);
    LabelSelector: (of::<LabelKey>(), of::<Option<LabelValue>>()).prop_map(|(key, value)| match value {
        Some(value) => (key, value).into(),
        None => key.into(),
    });
    Labels: btree_map(of(), of(), 0..=LABELS_MAX).prop_filter_map("labels", |labels| Self::new(labels).ok());

    Owner: prop_oneof![of().prop_map(Self::Team), of().prop_map(Self::User)];
    Payer: prop_oneof![of().prop_map(Self::Team), of().prop_map(Self::User), of().prop_map(Self::Account)];
    Held: prop_oneof![
        (of(), of()).prop_map(|(team, user)| Self::Membership { team, user }),
        (of(), of()).prop_map(|(app, user)| Self::Grant { app, user }),
        (of(), of()).prop_map(|(app, group)| Self::GroupGrant { app, group }),
        (of(), of()).prop_map(|(space, user)| Self::AppCreation { space, user }),
    ];
    ActorKind: prop_oneof![
        of().prop_map(Self::User),
        (of(), of()).prop_map(|(user, client)| Self::OAuth { user, client }),
        Just(Self::Operator),
    ];
    EventContext: (option::of(of()), option::of(of()), option::of(of()), option::of(of())).prop_map(
        |(request_id, address, reason, on_behalf_of)| Self { request_id, address, reason, on_behalf_of },
    );
    Actor: (of(), instant()).prop_map(|(who, at)| Self { who, at });
    AccessQuery: prop_oneof![
        (of(), of()).prop_map(|(action, app)| Self::App(action, app)),
        (of(), of()).prop_map(|(action, app)| Self::Host(action, app)),
        (of(), of()).prop_map(|(capability, team)| Self::Team(capability, team)),
    ];

    Limits: (number(), option::of(number()), option::of(number()), option::of(number()), of(), of()).prop_map(
        |(members, apps, spaces, dyno_units, add_on_credits, on_excess)| {
            Self { members, apps, spaces, dyno_units, add_on_credits, on_excess }
        },
    );
    Plan: (of(), prop_oneof![Just(0), number()]).prop_map(|(name, price)| Self { name, price });
    Dyno: (of(), of(), of()).prop_map(|(process, size, quantity)| Self { process, size, quantity });
    Times: (instant(), instant())
        .prop_map(|(one, other)| Self { since: one.min(other), changed_at: one.max(other) });
    Coupling: (of(), of(), of(), of()).prop_map(|(pipeline, app, stage, times)| Self { pipeline, app, stage, times });
    Release: (1..=u32::MAX, line(DESCRIPTION_LEN_MAX))
        .prop_map(|(number, description)| Self { number, description: description.into() });
    Usage: (of(), of(), of()).prop_map(|(dyno_units, add_ons, spaces)| Self { dyno_units, add_ons, spaces });
    IdentityProvider: (line(ENTITY_ID_LEN_MAX), url(), certificate())
        .prop_filter_map("an identity provider", |(entity_id, url, pem)| Self::new(&entity_id, &url, &pem).ok());

    NewUser: (of(), of()).prop_map(|(email, id)| Self { email, id });
    NewTeam: (of(), of(), of(), of(), of()).prop_map(|(name, kind, admin, limits, account)| Self { name, kind, admin, limits, account });
    NewApp: {
        let place = prop_oneof![
            Just(Self::personal()), of().prop_map(Self::in_team), of().prop_map(Self::in_space),
        ];
        (place, of(), of(), of()).prop_map(|(place, name, stack, lock)| Self { name, stack, lock, ..place })
    };
    NewSpace: (of(), of(), of()).prop_map(|(team, name, shield)| Self { team, name, shield });

    Month: day().prop_map(Self::containing);
    Days: (day(), -1..=RANGE_DAYS_MAX).prop_map(|(first, more)| {
        Self { first, last: first.checked_add_signed(TimeDelta::days(more)).unwrap_or(first) }
    });

    WordLists: prop_oneof![
        Just(Self::builtin()),
        (words(), words()).prop_filter_map("word lists", |(adjectives, nouns)| Self::new(adjectives, nouns).ok()),
    ];
    Secret: of().prop_map(Self::from_seed);
    NameGenerator: (of(), of(), of()).prop_map(|(words, secret, position): (_, _, u64)| {
        let names = Self::with_words(words, secret);
        let position = position % (names.names() + 1);
        names.starting_at(position)
    });
    AnyAppAction: prop_oneof![of().prop_map(Self::Published), of().prop_map(Self::Host)];
    HostActions: vec((of(), of()), 0..3).prop_filter_map("a host's own", |actions: Vec<_>| Self::new(actions).ok());
    StoreOptions: (of(), of(), number(), of(), of(), (of(), of(), of(), of()), btree_set(of(), 0..4), of(), (number(), of(), of())).prop_map(
        |(invitation_days, sign_in_requirement, personal_apps_max, space_apps_max, key_hours, texts, reserved_names, host_actions, groups)| {
            let (default_stack, web_domain, git_domain, dashboard_domain) = texts;
            let (team_groups_max, member_groups_max, team_roles_max) = groups;
            Self {
                invitation_days,
                sign_in_requirement,
                personal_apps_max,
                space_apps_max,
                team_groups_max,
                member_groups_max,
                team_roles_max,
                key_hours,
                default_stack,
                web_domain,
                git_domain,
                dashboard_domain,
                reserved_names,
                host_actions,
            }
        },
    );
    Settings: (of(), of(), number(), of()).prop_map(|(secret, words, first_name, options): (_, _, u32, _)| {
        let mut settings = Self::new(secret).words(words).first_name(first_name.into());
        settings.options = options;
        settings
    });

    Cursor: parsed(prop_oneof![
        of().prop_map(|name: AppName| format!("app:{name}")),
        of().prop_map(|number: u64| format!("number:{number}")),
        of().prop_map(|email: Email| format!("email:{email}")),
        of().prop_map(|name: TeamName| format!("team:{name}")),
        of().prop_map(|id: UserId| format!("id:{id}")),
        of().prop_map(|seq: u64| format!("event:{seq}")),
        (of(), of()).prop_map(|(team, email): (TeamName, Email)| format!("person:{team}:{email}")),
        of().prop_map(|name: SpaceName| format!("space:{name}")),
        (of(), of()).prop_map(|(number, name): (u64, PipelineName)| format!("entry:{number}:{name}")),
    ]);
    PageRequest: (1..=PAGE_SIZE_MAX, of()).prop_filter_map("a page", |(size, cursor): (_, Option<_>)| {
        let first = Self::first(size).ok()?;
        Some(with(first, cursor, Self::after))
    });
    AppFilter: (part(), of(), of(), of(), of(), selectors()).prop_map(|(part, stack, lock, space, kind, labels)| {
        let filter = with(Self::default(), part, |filter, part| filter.containing(&part));
        let filter = with(with(filter, stack, Self::stack), lock, Self::lock);
        let filter = with(with(filter, space, Self::space), kind, Self::kind);
        labels.into_iter().fold(filter, Self::label)
    });
    TeamFilter: (part(), selectors()).prop_map(|(part, labels)| {
        let filter = with(Self::default(), part, |filter, part| filter.containing(&part));
        labels.into_iter().fold(filter, Self::label)
    });
    SpaceFilter: (part(), selectors()).prop_map(|(part, labels)| {
        let filter = with(Self::default(), part, |filter, part| filter.containing(&part));
        labels.into_iter().fold(filter, Self::label)
    });
    PipelineFilter: (part(), selectors()).prop_map(|(part, labels)| {
        let filter = with(Self::default(), part, |filter, part| filter.containing(&part));
        labels.into_iter().fold(filter, Self::label)
    });
    AccountMemberFilter: (part(), of(), of()).prop_map(|(part, permission, status)| {
        let filter = with(Self::default(), part, |filter, part| filter.containing(&part));
        with(with(filter, permission, Self::holding), status, Self::status)
    });
    PeopleFilter: (part(), of(), of()).prop_map(|(part, role, status)| {
        let filter = with(Self::default(), part, |filter, part| filter.containing(&part));
        with(with(filter, role, Self::role), status, Self::status)
    });
    AuditScope: prop_oneof![
        Just(Self::Everything),
        of().prop_map(Self::Team),
        of().prop_map(Self::App),
        of().prop_map(Self::Account),
        of().prop_map(Self::By),
        of().prop_map(Self::User),
    ];
    AuditFilter: (of(), of(), option::of(instant()), option::of(instant())).prop_map(|(scope, by, since, until)| {
        with(with(with(Self::new(scope), by, Self::by), since, Self::since), until, Self::until)
    });
}

const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz";
const ALPHANUMERIC: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
const NAME: &str = "abcdefghijklmnopqrstuvwxyz0123456789-";
const STACK: &str = "abcdefghijklmnopqrstuvwxyz0123456789-.";
const PROCESS: &str = "abcdefghijklmnopqrstuvwxyz0123456789-_";
const LOCAL_PART: &str = "abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~";

fn id<T: From<Uuid> + fmt::Debug>() -> impl Strategy<Value = T> {
    any::<u128>().prop_map(|bits| Uuid::from_u128(bits).into())
}

/// Mostly small: limits, prices.
fn number() -> impl Strategy<Value = u32> {
    prop_oneof![0..=30_u32, any::<u32>()]
}

/// Mostly of our days.
pub(super) fn instant() -> impl Strategy<Value = DateTime<Utc>> {
    let (first, last) = (DateTime::<Utc>::MIN_UTC.timestamp(), DateTime::<Utc>::MAX_UTC.timestamp());
    let seconds = prop_oneof![3 => 0..4_102_444_800_i64, 1 => first..=last];
    let nanoseconds = prop_oneof![Just(0), 0..1_000_000_000_u32];
    (seconds, nanoseconds).prop_filter_map("an instant", |(seconds, rest)| DateTime::from_timestamp(seconds, rest))
}

/// Of the years 1 to 9999, mostly of our own.
fn day() -> impl Strategy<Value = NaiveDate> {
    let year = prop_oneof![3 => 2000..2050, 1 => 1..=9999];
    (year, 1..=366_u32).prop_map(|(year, day)| {
        let first = NaiveDate::from_yo_opt(year, 1).unwrap_or_default();
        first.with_ordinal(day).unwrap_or(first)
    })
}

fn one_of(characters: &'static str) -> impl Strategy<Value = char> + Clone {
    select(characters.chars().collect::<Vec<char>>())
}

/// A text of this many characters: one of `start`, some of `middle`, one of `end`; when there is only one, it is of
/// `start`.
fn text(
    start: &'static str,
    middle: &'static str,
    end: &'static str,
    len: RangeInclusive<usize>,
) -> BoxedStrategy<String> {
    let between = len.start().saturating_sub(2)..=len.end().saturating_sub(2);
    let long = (one_of(start), vec(one_of(middle), between), one_of(end))
        .prop_map(|(start, middle, end)| [start].into_iter().chain(middle).chain([end]).collect());
    match len.start() {
        1 => prop_oneof![1 => one_of(start).prop_map(String::from), 9 => long].boxed(),
        _ => long.boxed(),
    }
}

fn parsed<T: FromStr + fmt::Debug>(texts: impl Strategy<Value = String> + 'static) -> impl Strategy<Value = T> {
    texts.prop_filter_map("a text that parses", |text| text.parse().ok())
}

/// The text up to byte `max` at most; when it is cut there, without dots and hyphens at its end.
fn cut(text: &str, max: usize) -> String {
    text.get(..max).map_or(text, |start| start.trim_end_matches(['.', '-'])).into()
}

/// Parts joined by dots: some long ones, or many short ones.
fn dotted(part: impl Fn(usize) -> BoxedStrategy<String>, part_max: usize, max: usize) -> impl Strategy<Value = String> {
    let parts = prop_oneof![3 => vec(part(part_max), 1..=4), 1 => vec(part(3), 1..=max.div_ceil(2))];
    parts.prop_map(move |parts| cut(&parts.join("."), max))
}

fn domain() -> impl Strategy<Value = String> {
    dotted(|max| text(ALPHANUMERIC, NAME, ALPHANUMERIC, 1..=max), DOMAIN_LABEL_LEN_MAX, DOMAIN_LEN_MAX)
}

fn local_part() -> impl Strategy<Value = String> {
    dotted(|max| text(LOCAL_PART, LOCAL_PART, LOCAL_PART, 1..=max), EMAIL_LOCAL_LEN_MAX, EMAIL_LOCAL_LEN_MAX)
}

/// One line of 1 to `max` bytes, in any script.
fn line(max: usize) -> impl Strategy<Value = String> {
    vec(any::<char>(), 1..=max).prop_map(move |characters| {
        let mut text: String = characters.into_iter().map(|one| if is_unseen(one) { ' ' } else { one }).collect();
        text.truncate(text.floor_char_boundary(max));
        if text.trim().is_empty() { "a".into() } else { text }
    })
}

/// Nothing mostly, or as many bytes as fill a text that may hold `max`.
fn filling(max: usize) -> impl Strategy<Value = String> {
    prop_oneof![4 => Just(0), 1 => 0..=max, 1 => Just(max)].prop_map(|len| "a".repeat(len))
}

fn url() -> impl Strategy<Value = String> {
    let port = prop_oneof![Just(String::new()), of().prop_map(|port: u16| format!(":{port}"))];
    let rest = (one_of("/?#"), vec(range('!', '~'), 0..=64), filling(SIGN_IN_URL_LEN_MAX));
    let rest = rest.prop_map(|(first, some, more)| [first].into_iter().chain(some).chain(more.chars()).collect());
    let rest = prop_oneof![Just(String::new()), rest];
    (domain(), port, rest).prop_map(|(host, port, rest)| {
        let url = format!("https://{host}{port}{rest}");
        url.get(..SIGN_IN_URL_LEN_MAX).unwrap_or(&url).into()
    })
}

fn certificate() -> impl Strategy<Value = String> {
    const START: &str = "-----BEGIN CERTIFICATE-----";
    const END: &str = "-----END CERTIFICATE-----";
    const MAX: usize = CERTIFICATE_LEN_MAX - START.len() - END.len();
    (vec(prop_oneof![4 => range(' ', '~'), 1 => select(&['\n', '\r'][..])], 0..=64), filling(MAX)).prop_map(
        |(some, more)| {
            let body: String = some.into_iter().chain(more.chars()).take(MAX).collect();
            format!("{START}{body}{END}")
        },
    )
}

fn words() -> impl Strategy<Value = Vec<String>> {
    btree_set(text(LETTERS, LETTERS, LETTERS, 1..=WORD_LEN_MAX), 1..=20).prop_map(Vec::from_iter)
}

/// What is set of a filter.
fn with<F, T>(filter: F, value: Option<T>, set: impl FnOnce(F, T) -> F) -> F {
    match value {
        Some(value) => set(filter, value),
        None => filter,
    }
}

/// The labels to look for.
fn selectors() -> impl Strategy<Value = Vec<LabelSelector>> {
    vec(of(), 0..3)
}

/// A part of a name or of an e-mail to look for.
fn part() -> impl Strategy<Value = Option<String>> {
    option::of(vec(any::<char>(), 0..=8).prop_map(String::from_iter))
}
