//! Questions of every kind, asked of the stores of random runs.

use enterprise_teams::chrono::TimeDelta;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    Actor, AppAction, AppName, Capability, Email, Error, PageRequest, PermissionSet, Stage, TeamName, TeamRole,
    TeamStore, UserId,
    entity::{AccountPermissionSet, Days, DynoSize, IdentityProvider, Labels, Month},
    ids::ClientId,
    names::{
        AccountName, ActionName, ContextText, Description, Domain, GroupName, LabelKey, LabelValue, PaymentMethod,
        PipelineName, PlanName, ProcessType, RoleName, ServiceName, SpaceName, Stack,
    },
    query::{
        AccountMemberFilter, AppFilter, AppSort, AuditFilter, AuditScope, Cursor, PeopleFilter, SpaceFilter, TeamFilter,
    },
};

use super::things::{Things, an_email, pick};

/// Questions of every kind, and texts to be read: what refusals they bring.
pub(super) fn ask(store: &TeamStore, [by, a, b, c]: [u8; 4]) -> Vec<Error> {
    let known = Things::of(store);
    let client = ClientId::from_uuid(Uuid::nil());
    let actor = match by % 8 {
        0..=3 => Actor::user(pick(&known.users, b), known.now),
        4 | 5 => Actor::oauth(pick(&known.users, b), client, known.now),
        6 if b % 4 == 0 => Actor::user(UserId::from_uuid(Uuid::nil()), known.now),
        _ => Actor::operator(known.now),
    };
    let (user, team, app) = (pick(&known.users, a), pick(&known.teams, a), pick(&known.apps, a));
    let (pipeline, space, account) = (pick(&known.pipelines, a), pick(&known.spaces, a), pick(&known.accounts, a));
    let texts = [
        "",
        "a",
        "-a-",
        "zzz",
        "team-1",
        "a@b",
        "@",
        "user-99@example.com",
        "web",
        "deploy,run",
        "viewer",
        "x.y",
        "app:app-1",
        "number:9",
        "space:space-1",
        "entry:9:pipeline-1",
        "person:team-1:user-1@example.com",
        "space-0",
        "account-0",
    ];
    let text = texts[usize::from(c) % texts.len()];
    let mut page = PageRequest::default();
    let cursor: Result<Cursor, _> = text.parse();
    if let Ok(cursor) = cursor.clone().map(|cursor| page.clone().after(cursor)) {
        page = cursor;
    }
    let scope = [
        AuditScope::Everything,
        AuditScope::Team(team),
        AuditScope::App(app),
        AuditScope::By(user),
        AuditScope::User(user),
        AuditScope::Account(account),
    ][usize::from(c) % 6];
    let sort = [AppSort::Name, AppSort::NameDescending, AppSort::Oldest, AppSort::Newest][usize::from(c) % 4];
    let (all, people) = (AppFilter::default().containing(text), PeopleFilter::default().containing(text));
    let days = Days { first: known.now.date_naive(), last: known.now.date_naive() + TimeDelta::days(i64::from(c) * 8) };
    let month = Month::of(known.now);
    let action = AppAction::ALL[usize::from(c) % AppAction::ALL.len()];
    let capability = Capability::ALL[usize::from(c) % Capability::ALL.len()];
    [
        store.check(actor, action, app).err(),
        store.check(actor, capability, team).err(),
        text.parse::<ActionName>()
            .map_or_else(|error| Some(error.into()), |action| store.check(actor, action, app).err()),
        store.permissions(actor, app).err(),
        store.user_id(&an_email(c)).err(),
        store.user(actor, user).err(),
        store.users(actor, &page).err(),
        store.teams(actor, &TeamFilter::default(), &page).err(),
        store.accounts(actor, &page).err(),
        store.provisioning_notice(actor, team).err(),
        store.team(actor, team).err(),
        text.parse::<TeamName>().map_or_else(|error| Some(error.into()), |name| store.team_by_name(actor, name).err()),
        text.parse::<AppName>().map_or_else(|error| Some(error.into()), |name| store.app_by_name(actor, name).err()),
        store.memberships(actor, &TeamFilter::default(), &page).err(),
        store.role(actor, team, user).err(),
        store.access_list(actor, team, &people, &page).err(),
        store.apps(actor, known.owner(a), &all, sort, &page).err(),
        store.visible_apps(actor, &all, &page).err(),
        store.app_access(actor, app, &page).err(),
        store.who_can(actor, action, app, &page).err(),
        store.formation(actor, app).err(),
        store.ownership_history(actor, app).err(),
        store.pending_invitations(actor, team, &page).err(),
        store.my_invitations(actor, &page).err(),
        store.pending_transfers(actor, &page).err(),
        store.audit_log(actor, &AuditFilter::new(scope), &page).err(),
        store.pipeline(actor, pipeline).err(),
        store.pipeline_apps(actor, pipeline, &AppFilter::default(), &page).err(),
        store.coupling(actor, app).err(),
        store.release(actor, app).err(),
        store.apps_and_pipelines(actor, known.owner(a), &all, &page).err(),
        store.groups(actor, team, &page).err(),
        store.roles(actor, team, &page).err(),
        store.ends(actor, team, known.now + TimeDelta::days(30), &page).err(),
        text.parse::<RoleName>()
            .map_or_else(|error| Some(error.into()), |name| store.role_by_name(actor, team, name).err()),
        text.parse::<GroupName>()
            .map_or_else(|error| Some(error.into()), |name| store.group_by_name(actor, team, name).err()),
        store.app_groups(actor, app).err(),
        store.member_groups(actor, team, user).err(),
        store.space(actor, space).err(),
        text.parse::<SpaceName>()
            .map_or_else(|error| Some(error.into()), |name| store.space_by_name(actor, name).err()),
        store.spaces(actor, team, &SpaceFilter::default(), &page).err(),
        store.app_creators(actor, space, &page).err(),
        store.account(actor, account).err(),
        text.parse::<AccountName>()
            .map_or_else(|error| Some(error.into()), |name| store.account_by_name(actor, name).err()),
        store.account_members(actor, account, &AccountMemberFilter::default(), &page).err(),
        store.account_teams(actor, account, &TeamFilter::default(), &page).err(),
        store.account_apps(actor, account, &all, &page).err(),
        store.account_people(actor, account, &people, &page).err(),
        store.add_ons(actor, app).err(),
        store.resources(actor, team, &page).err(),
        store.allowed_add_ons(actor, team).err(),
        store.add_on_exceptions(actor, team).err(),
        store.identity_provider(actor, team).err(),
        store.without_mfa(actor, team, &page).err(),
        store.current_use(actor, team).err(),
        store.usage(actor, team, days).err(),
        store.account_usage(actor, account, days).err(),
        store.billing(actor, team).err(),
        store.usage(actor, user, days).err(),
        store.statement(actor, team, month).err(),
        store.statements(actor, user, &page).err(),
        store.statements(actor, account, &page).err(),
        store.statement_part(actor, account, team, month).err(),
        store.permission_matrix(actor, team).err(),
        store.resource_table(actor, team).err(),
        store.usage_table(actor, team, month).err(),
        store.access_review(actor, team).err(),
        PageRequest::first(c.into()).err(),
        cursor.err().map(Error::from),
        text.parse::<Email>().err().map(Error::from),
        text.parse::<Stack>().err().map(Error::from),
        text.parse::<Domain>().err().map(Error::from),
        text.parse::<ProcessType>().err().map(Error::from),
        text.parse::<DynoSize>().err().map(Error::from),
        text.parse::<TeamRole>().err().map(Error::from),
        text.parse::<PermissionSet>().err().map(Error::from),
        text.parse::<PipelineName>().err().map(Error::from),
        text.parse::<Stage>().err().map(Error::from),
        text.parse::<Description>().err().map(Error::from),
        text.parse::<AccountPermissionSet>().err().map(Error::from),
        text.parse::<ServiceName>().err().map(Error::from),
        text.parse::<PlanName>().err().map(Error::from),
        text.parse::<PaymentMethod>().err().map(Error::from),
        text.parse::<ContextText>().err().map(Error::from),
        text.parse::<LabelKey>().err().map(Error::from),
        format!("{text}\n").parse::<LabelValue>().err().map(Error::from),
        Labels::new((0..c % 32).filter_map(|key| Some((format!("key-{key}").parse().ok()?, "".parse().ok()?))))
            .err()
            .map(Error::from),
        IdentityProvider::new(text, "https://id.x.io/saml", text).err().map(Error::from),
    ]
    .into_iter()
    .flatten()
    .collect()
}
