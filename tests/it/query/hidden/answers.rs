//! Everything that somebody can ask about what there is, and how it is answered.

use std::collections::BTreeSet;

use enterprise_teams::chrono::TimeDelta;
use enterprise_teams::{
    AccountId, Actor, AppAction, AppId, Capability, Error, Event, Explanation, GroupId, Owner, PageRequest, PipelineId,
    RoleId, SpaceId, TeamId, TeamStore, User, UserId,
    entity::{Days, Month},
    ids::{AddOnId, InvitationId, TransferId},
    query::{
        AccountMemberFilter, AppFilter, AppSort, AuditFilter, AuditScope, PeopleFilter, PipelineFilter, SpaceFilter,
        TeamFilter,
    },
};

/// What there was at any time.
#[derive(Default)]
pub(super) struct Things {
    pub(super) users: BTreeSet<UserId>,
    pub(super) teams: BTreeSet<TeamId>,
    pub(super) apps: BTreeSet<AppId>,
    pub(super) accounts: BTreeSet<AccountId>,
    groups: BTreeSet<GroupId>,
    roles: BTreeSet<RoleId>,
    spaces: BTreeSet<SpaceId>,
    pipelines: BTreeSet<PipelineId>,
    invitations: BTreeSet<InvitationId>,
    transfers: BTreeSet<TransferId>,
    add_ons: BTreeSet<AddOnId>,
}

impl Things {
    pub(super) fn of(store: &TeamStore) -> Self {
        let mut things = Self::default();
        for entry in store.events() {
            match &entry.event {
                Event::UserRegistered { user } => _ = things.users.insert(user.id()),
                Event::TeamProvisioned { team, .. } => _ = things.teams.insert(team.id()),
                Event::AppCreated { created } => _ = things.apps.insert(created.app.id()),
                Event::AccountOpened { account, .. } => _ = things.accounts.insert(account.id()),
                Event::GroupCreated { group } => _ = things.groups.insert(group.id()),
                Event::RoleCreated { role } => _ = things.roles.insert(role.id()),
                Event::SpaceCreated { space } => _ = things.spaces.insert(space.id()),
                Event::PipelineCreated { pipeline } => _ = things.pipelines.insert(pipeline.id()),
                Event::MemberInvited { invitation, .. } => _ = things.invitations.insert(invitation.id()),
                Event::AppTransferRequested { transfer } => _ = things.transfers.insert(transfer.id()),
                Event::AddOnInstalled { add_on, .. } => _ = things.add_ons.insert(add_on.id()),
                _ => {}
            }
        }
        things
    }

    /// Those that are there in both stores or in neither. An id tells those who have it whether it is somebody's or something's.
    pub(super) fn alike(&self, stores: [&TeamStore; 2], operator: Actor) -> Self {
        fn kept<T: Copy + Ord>(
            all: &BTreeSet<T>,
            stores: [&TeamStore; 2],
            is: impl Fn(&TeamStore, T) -> bool,
        ) -> BTreeSet<T> {
            all.iter().copied().filter(|one| is(stores[0], *one) == is(stores[1], *one)).collect()
        }
        Self {
            users: kept(&self.users, stores, |store, user| store.user(operator, user).is_ok()),
            teams: kept(&self.teams, stores, |store, team| store.team(operator, team).is_ok()),
            apps: kept(&self.apps, stores, |store, app| store.app(operator, app).is_ok()),
            accounts: kept(&self.accounts, stores, |store, account| store.account(operator, account).is_ok()),
            roles: kept(&self.roles, stores, |store, role| store.custom_role(operator, role).is_ok()),
            groups: kept(&self.groups, stores, |store, group| store.group(operator, group).is_ok()),
            spaces: kept(&self.spaces, stores, |store, space| store.space(operator, space).is_ok()),
            pipelines: kept(&self.pipelines, stores, |store, one| store.pipeline(operator, one).is_ok()),
            invitations: kept(&self.invitations, stores, |store, one| store.invitation(operator, one).is_ok()),
            transfers: kept(&self.transfers, stores, |store, one| store.app_transfer(operator, one).is_ok()),
            add_ons: kept(&self.add_ons, stores, |store, one| {
                store.add_on(operator, one).err() == Some(Error::AddOnNotFound { add_on: one })
            }),
        }
    }

    pub(super) fn scopes(&self) -> Vec<AuditScope> {
        let users = self.users.iter().map(|user| AuditScope::User(*user));
        let teams = self.teams.iter().map(|team| AuditScope::Team(*team));
        let apps = self.apps.iter().map(|app| AuditScope::App(*app));
        let accounts = self.accounts.iter().map(|account| AuditScope::Account(*account));
        users.chain(teams).chain(apps).chain(accounts).collect()
    }
}

/// One question in so many, always the same ones from one seed.
pub(super) struct Turns {
    state: u64,
    one_in: u64,
}

impl Turns {
    pub(super) fn new(seed: u64, one_in: u64) -> Self {
        Self { state: seed, one_in }
    }

    fn next(&mut self) -> bool {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33).is_multiple_of(self.one_in)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.next();
        usize::try_from(self.state >> 33).expect("31 bits") % limit
    }
}

/// What the reader is answered, each with its question. The answers are whole: every page holds all.
pub(super) fn answers(store: &TeamStore, reader: Actor, things: &Things, mut turns: Turns) -> Vec<(String, String)> {
    let all = PageRequest::first(1000).expect("a size");
    let mut told = Vec::new();
    macro_rules! ask {
        ($($question:ident($($argument:expr),*);)+) => {$(
            if turns.next() {
                let answer = store.$question(reader $(, $argument)*);
                told.push((format!("{} of {:?}", stringify!($question), ($($argument,)*)), format!("{answer:?}")));
            }
        )+};
    }
    macro_rules! each {
        ($($question:ident($($argument:expr),*);)+) => {$(
            if turns.next() {
                let answer = store.$question(reader $(, $argument)*).map(|found| found.collect::<Vec<_>>());
                told.push((format!("{} of {:?}", stringify!($question), ($($argument,)*)), format!("{answer:?}")));
            }
        )+};
    }
    let month = Month::of(reader.at);
    let day = reader.at.date_naive();
    let days = Days { first: day - TimeDelta::days(400), last: day };
    let (apps, people) = (&AppFilter::default(), &PeopleFilter::default());
    let (teams, spaces) = (&TeamFilter::default(), &SpaceFilter::default());
    let pipelines = &PipelineFilter::default();
    let users: Vec<UserId> = things.users.iter().copied().collect();
    ask! {
        memberships(teams, &all);
        visible_apps(apps, &all);
        visible_pipelines(pipelines, &all);
        visible_spaces(spaces, &all);
        my_invitations(&all);
        pending_transfers(&all);
        account_memberships(&all);
        users(&all);
        teams(teams, &all);
        accounts(&all);
    }
    for user in things.users.iter().copied() {
        ask! {
            user(user);
            apps(Owner::User(user), apps, AppSort::Name, &all);
            apps_and_pipelines(Owner::User(user), apps, &all);
            usage(user, days);
            usage_table(user, month);
            statement(user, month);
            statements(user, &all);
        }
    }
    for team in things.teams.iter().copied() {
        let somebody = users[turns.below(users.len())];
        ask! {
            team(team);
            team_name(team);
            role(team, somebody);
            access_entry(team, somebody);
            access_list(team, people, &all);
            member_apps(team, somebody, apps, &all);
            without_mfa(team, &all);
            apps(Owner::Team(team), apps, AppSort::Oldest, &all);
            apps_and_pipelines(Owner::Team(team), apps, &all);
            pending_invitations(team, &all);
            groups(team, &all);
            roles(team, &all);
            member_groups(team, somebody);
            spaces(team, spaces, &all);
            resources(team, &all);
            add_on_exceptions(team);
            identity_provider(team);
            current_use(team);
            usage(team, days);
            billing(team);
            statement(team, month);
            statements(team, &all);
            account_team(team);
            ends(team, reader.at + TimeDelta::days(30), &all);
            provisioning_notice(team);
            permission_matrix(team);
            resource_table(team);
            usage_table(team, month);
            access_review(team);
        }
        each! {
            allowed_add_ons(team);
        }
        let capability = Capability::ALL[turns.below(Capability::ALL.len())];
        explained(store, reader, &mut told, |store| store.explain(reader, capability, team));
        explained(store, reader, &mut told, |store| store.explain_to(reader, somebody, capability, team));
    }
    for app in things.apps.iter().copied() {
        let somebody = users[turns.below(users.len())];
        let action = AppAction::ALL[turns.below(AppAction::ALL.len())];
        ask! {
            app(app);
            permissions(app);
            formation(app);
            ownership_history(app);
            app_access(app, &all);
            app_access_of(app, somebody);
            who_can(action, app, &all);
            app_groups(app);
            coupling(app);
            release(app);
            add_ons(app);
            transfer_of(app);
        }
        explained(store, reader, &mut told, |store| store.explain(reader, action, app));
        explained(store, reader, &mut told, |store| store.explain_to(reader, somebody, action, app));
    }
    for account in things.accounts.iter().copied() {
        let members = &AccountMemberFilter::default();
        ask! {
            account(account);
            account_members(account, members, &all);
            account_teams(account, teams, &all);
            account_apps(account, apps, &all);
            account_people(account, people, &all);
            account_usage(account, days);
            statement(account, month);
            statements(account, &all);
        }
    }
    for role in things.roles.iter().copied() {
        ask! {
            custom_role(role);
        }
    }
    for group in things.groups.iter().copied() {
        ask! {
            group(group);
            group_members(group, &all);
            group_apps(group, &all);
        }
    }
    for space in things.spaces.iter().copied() {
        ask! {
            space(space);
            space_name(space);
            app_creators(space, &all);
            space_access(space, &all);
        }
    }
    for pipeline in things.pipelines.iter().copied() {
        ask! {
            pipeline(pipeline);
            pipeline_apps(pipeline, apps, &all);
        }
    }
    for invitation in things.invitations.iter().copied() {
        ask! {
            invitation(invitation);
            invitation_sender(invitation);
        }
    }
    for transfer in things.transfers.iter().copied() {
        ask! {
            app_transfer(transfer);
        }
    }
    for add_on in things.add_ons.iter().copied() {
        ask! {
            add_on(add_on);
        }
    }
    for scope in things.scopes().into_iter().chain(users.iter().map(|user| AuditScope::By(*user))) {
        ask! {
            audit_log(&AuditFilter::new(scope), &all);
        }
    }
    told
}

/// An explanation in all its parts, and in words with names.
fn explained<'s>(
    store: &'s TeamStore,
    reader: Actor,
    told: &mut Vec<(String, String)>,
    ask: impl FnOnce(&'s TeamStore) -> Result<Explanation<'s>, Error>,
) {
    let answer = ask(store).map(|answer| {
        let grantors: Vec<_> = answer.grantors().map(User::email).collect();
        (store.readable(reader, &answer), serde_json::to_string(&answer).expect("JSON"), format!("{grantors:?}"))
    });
    told.push(("explanation".to_owned(), format!("{answer:?}")));
}
