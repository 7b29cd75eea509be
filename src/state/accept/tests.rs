//! Each thing that a change needs, missing alone, keeps the change out.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{Change, Direction, Holdings, Pair, State};
use crate::entity::{
    AccountPermissionSet, AddOn, AddOnControls, App, AppTransfer, Dyno, DynoSize, EnterpriseAccount, Group, Held,
    Invitation, Limits, Lock, Mfa, OAuthAccess, Owner, OwnershipPeriod, Pipeline, Plan, Release, SignIn, Space, Sso,
    Stage, Team, User,
};
use crate::event::{
    AppCreation, CollaboratorRemoval, DynoChange, Event, MemberEntry, MemberRemoval, RoleChange, UserDeletion,
};
use crate::ids::{AccountId, AddOnId, InvitationId, PipelineId, SpaceId, TeamId, TransferId};
use crate::names::{Email, ProcessType};
use crate::permission::PermissionSet;
use crate::policy::{CustomRole, RoleRights};
use crate::role::{TeamKind, TeamRole};
use crate::state::field::Field;
use crate::state::{ROWS_MAX, Span};
use crate::tests::{Sound, text};

const START: DateTime<Utc> = DateTime::<Utc>::UNIX_EPOCH;

fn other<Id: From<Uuid>>() -> Id {
    Uuid::max().into()
}

/// Asked forwards, and backwards of the same turned round: what is found is the same.
fn accepts<'e, T: Copy, C: Into<Change<'e>>>(
    state: &State,
    change: impl Fn(Pair<T>) -> C,
    (before, after): Pair<T>,
) -> bool {
    let found = state.finds(change((before, after)).into(), Direction::Forwards);
    assert_eq!(found, state.finds(change((after, before)).into(), Direction::Backwards));
    assert_eq!(found, state.accepts(change((before, after)).into(), Direction::Forwards));
    found
}

/// What comes and goes: nothing to nothing and something to something are no change.
fn comes<'e, T>(state: &State, change: impl Fn(Pair<Option<&'e T>>) -> Change<'e>, thing: &'e T) -> bool {
    assert!(!accepts(state, &change, (None, None)) && !accepts(state, &change, (Some(thing), Some(thing))));
    accepts(state, change, (None, Some(thing)))
}

fn goes<'e, T>(state: &State, change: impl Fn(Pair<Option<&'e T>>) -> Change<'e>, thing: &'e T) -> bool {
    accepts(state, change, (Some(thing), None))
}

fn sound() -> Sound {
    Sound::new().expect("accepted")
}

#[test]
fn users() {
    let mut s = sound();
    let (joe, lone) = (s.user(s.joe).user.clone(), s.user(s.lone).user.clone());
    let fresh = User { id: other(), email: text("fresh@acme.com"), ..lone.clone() };
    let state = s.store.state();
    assert!(comes(state, Change::User, &fresh));
    assert!(!comes(state, Change::User, &User { id: joe.id, ..fresh.clone() }));
    assert!(!comes(state, Change::User, &User { email: joe.email.clone(), ..fresh.clone() }));
    assert!(goes(state, Change::User, &lone) && !goes(state, Change::User, &fresh));
    assert!(!goes(state, Change::User, &User { mfa: Mfa::Enrolled, ..lone.clone() }));
    assert!(!goes(state, Change::User, &joe), "has seats");
    for held in ["a seat", "a grant", "an app"] {
        let mut s = sound();
        let user = s.lone;
        let (app, owner, permissions) = (s.own, Owner::User(s.max), PermissionSet::VIEW);
        let mut own = s.app(app).app.clone();
        (own.id, own.name, own.owner, own.number) = (other(), text("lone-app"), Owner::User(user), 9999);
        s.apply(match held {
            "a seat" => {
                let added = MemberEntry { team: s.inc, user, role: TeamRole::Member, invitation_ended: None };
                Event::MemberAdded { added: Box::new(added) }
            }
            "a grant" => Event::CollaboratorAdded { app, owner, user, permissions },
            _ => Event::AppCreated { created: Box::new(AppCreation { app: own, creator: None, drawn: None }) },
        });
        let row = s.user(user);
        let has = [!row.seats.is_empty(), !row.grants.is_empty(), !row.apps().is_empty()];
        assert_eq!(has.iter().filter(|has| **has).count(), 1, "{held} alone");
        assert!(!goes(s.state(), Change::User, &lone), "has {held}");
    }
    let state = s.store.state();

    let email = |from: &Email, to: &Email| accepts(state, |pair| Field::Email(joe.id, pair), (from, to));
    assert!(email(&joe.email, &fresh.email) && email(&joe.email, &joe.email));
    assert!(!email(&fresh.email, &fresh.email) && !email(&joe.email, &lone.email));
    assert!(!accepts(state, |pair| Field::Email(other(), pair), (&joe.email, &fresh.email)));
    let mfa = |pair| accepts(state, |pair| Field::Mfa(joe.id, pair), pair);
    assert!(mfa((Mfa::NotEnrolled, Mfa::Enrolled)) && !mfa((Mfa::Enrolled, Mfa::NotEnrolled)));
    let sign_in = |pair| accepts(state, |pair| Field::SignIn(joe.id, pair), pair);
    assert!(sign_in((SignIn::Password, SignIn::Sso)) && !sign_in((SignIn::Sso, SignIn::Password)));
    let (at, suspension) = (Some(state.last_at), |pair| accepts(state, |pair| Field::Suspension(joe.id, pair), pair));
    assert!(suspension((None, at)) && !suspension((at, None)));
}

#[test]
fn x_06_a_full_table_of_users_takes_no_more() {
    let mut s = sound();
    let lone = s.user(s.lone).user.clone();
    let fresh = |number: u128| User {
        id: Uuid::from_u128(number).into(),
        email: text(&format!("u-{number}@acme.com")),
        ..lone.clone()
    };
    for number in 0.. {
        let user = fresh(number);
        if s.state().users.len() == ROWS_MAX {
            break;
        }
        assert!(comes(s.store.state(), Change::User, &user), "{number}");
        s.apply(Event::UserRegistered { user: Box::new(user) });
    }
    assert!(!comes(s.store.state(), Change::User, &fresh(u128::MAX)));
}

/// Whoever is gone comes back with the change taken back: as one who was there until now.
#[test]
fn gone() {
    let mut s = sound();
    let (lone, now) = (s.user(s.lone).user.clone(), s.state().last_at);
    let owner = Owner::User(lone.id);
    let deletion = UserDeletion {
        user: lone.clone(),
        memberships: Box::default(),
        grants: Box::default(),
        invitations: Box::default(),
        transfers: Box::default(),
        accounts: Box::default(),
        spaces: Box::default(),
        groups: Box::default(),
    };
    s.apply(Event::UserDeleted { deleted: Box::new(deletion) });
    let comes_back = |s: &mut Sound, times: &[Span]| {
        s.state().gone.insert(owner, times.to_vec());
        s.state().accepts(Change::User((Some(&lone), None)), Direction::Backwards)
    };
    let (since, later) = (lone.registered_at, now + TimeDelta::seconds(1));
    assert_eq!(s.state().gone[&owner], [(since, Some(now))]);
    assert!(
        comes_back(&mut s, &[(since, Some(now))]) && comes_back(&mut s, &[(since, Some(since)), (since, Some(now))])
    );
    assert!(!comes_back(&mut s, &[(since, Some(later))]) && !comes_back(&mut s, &[(later, Some(now))]));
    assert!(!comes_back(&mut s, &[(since, None)]) && !comes_back(&mut s, &[]));
    assert!(!comes_back(&mut s, &[(since, Some(now)), (since, Some(later))]), "the last counts");
    s.state().gone.clear();
    assert!(!s.state().accepts(Change::User((Some(&lone), None)), Direction::Backwards));
    let inc = s.team(s.inc).team.clone();
    let back = |s: &mut Sound, from| {
        s.state().gone.insert(Owner::Team(inc.id), vec![(from, Some(now))]);
        let follows = s.state().follows(Change::Team((Some(&inc), None)), Direction::Backwards);
        (follows, s.state().follows(Change::Team((Some(&inc), None)), Direction::Forwards))
    };
    assert_eq!((back(&mut s, inc.provisioned_at), back(&mut s, later)), ((true, true), (false, true)));
}

#[test]
fn teams() {
    let mut s = sound();
    let team = s.team(s.inc).team.clone();
    let fresh = Team { id: other(), name: text("fresh"), ..team.clone() };
    let state = s.store.state();
    assert!(comes(state, Change::Team, &fresh));
    assert!(comes(state, Change::Team, &Team { account: Some(s.account), ..fresh.clone() }));
    assert!(!comes(state, Change::Team, &Team { id: team.id, ..fresh.clone() }));
    assert!(!comes(state, Change::Team, &Team { name: team.name, ..fresh.clone() }));
    assert!(!comes(state, Change::Team, &Team { account: Some(other()), ..fresh.clone() }));
    assert!(!goes(state, Change::Team, &team), "has people");

    let name = |from, to| accepts(state, |pair| Field::TeamName(team.id, pair), (from, to));
    assert!(name(team.name, fresh.name) && name(team.name, team.name));
    assert!(!name(fresh.name, fresh.name) && !name(team.name, text("acme-widgets")));
    let limits = Limits { dyno_units: Some(7), ..team.limits };
    let limit = |pair| accepts(state, |pair| Field::Limits(team.id, pair), pair);
    assert!(limit((team.limits, limits)) && !limit((limits, team.limits)));
    let role = |pair| accepts(state, |pair| Field::DefaultRole(team.id, pair), pair);
    assert!(role((TeamRole::Member, TeamRole::Admin)) && !role((TeamRole::Admin, TeamRole::Member)));
    let clients = |pair| accepts(state, |pair| Field::OAuthAccess(team.id, pair), pair);
    assert!(clients((OAuthAccess::Allowed, OAuthAccess::Denied)));
    assert!(!clients((OAuthAccess::Denied, OAuthAccess::Allowed)));
    for request in [Field::DeletionRequest, Field::MoveOutRequest] {
        let request = |pair| accepts(state, |pair| request(team.id, pair), pair);
        assert!(request((None, Some(START))) && !request((Some(START), None)));
    }
    let account = |pair| accepts(state, |pair| Change::TeamAccount(team.id, pair), pair);
    assert!(account((None, Some(s.account))) && !account((None, Some(other()))));
    assert!(!account((Some(s.account), None)));
    let kind = |pair| accepts(state, |pair| Field::TeamKind(team.id, pair), pair);
    assert!(kind((TeamKind::Standard, TeamKind::Enterprise)) && !kind((TeamKind::Enterprise, TeamKind::Standard)));
    let sso = |pair| accepts(state, |pair| Field::Sso(team.id, pair), pair);
    assert!(sso((Sso::NotConfigured, Sso::Disabled)) && !sso((Sso::Enabled, Sso::Disabled)));
    let controls = |pair| accepts(state, |pair| Field::AddOnControls(team.id, pair), pair);
    assert!(controls((AddOnControls::Off, AddOnControls::On)) && !controls((AddOnControls::On, AddOnControls::Off)));
    let allowed = |pair| accepts(state, |pair| Change::AllowedAddOn(team.id, text("postgres"), pair), pair);
    assert!(allowed((None, Some(()))) && !allowed((Some(()), None)));
    let visa = text("visa");
    let payment = |pair| accepts(state, |pair| Field::PaymentMethod(team.id, pair), pair);
    assert!(payment((None, Some(&visa))) && !payment((Some(&visa), None)));
    assert!(accepts(state, |pair| Field::IdentityProvider(team.id, pair), (None, None)));
    for team in [other(), TeamId::from_uuid(Uuid::nil())] {
        assert!(!accepts(state, |pair| Field::IdentityProvider(team, pair), (None, None)));
        assert!(!accepts(state, |pair| Field::DeletionRequest(team, pair), (None, None)));
    }

    let member = |pair| accepts(state, |pair| Change::Member(team.id, s.max, pair), pair);
    assert!(member((Some(TeamRole::Member), None)) && !member((None, Some(TeamRole::Member))));
    assert!(!member((Some(TeamRole::Admin), None)));
    assert!(!accepts(state, |pair| Change::Member(team.id, other(), pair), (None, Some(TeamRole::Member))));
    assert!(!accepts(state, |pair| Change::Member(other(), s.max, pair), (None, Some(TeamRole::Member))));
}

#[test]
fn a_team_goes_when_nobody_and_nothing_is_in_it() {
    let mut s = sound();
    let team = s.team(s.inc).team.clone();
    for (user, role) in [(s.max, TeamRole::Member), (s.sam, TeamRole::Admin)] {
        assert!(!goes(s.state(), Change::Team, &team));
        let removed = MemberRemoval {
            team: team.id,
            user,
            role,
            grants: if user == s.sam { Box::new([(s.wave, PermissionSet::WORK)]) } else { Box::new([]) },
            spaces: Box::new([]),
            groups: Box::new([]),
            invitations: Box::new([]),
            sign_ins_ended: Box::new([]),
        };
        s.apply(Event::MemberRemoved { removed: Box::new(removed) });
    }
    assert!(!goes(s.state(), Change::Team, &team), "an app is in it");
    s.team(s.inc).apps = Holdings::default();
    assert!(goes(s.state(), Change::Team, &team));
    assert!(!goes(s.state(), Change::Team, &Team { sso: Sso::Enabled, ..team.clone() }));
    for service in [Some(text("postgres")), None] {
        s.team(s.inc).allowed_add_ons = service.into_iter().collect();
        assert_eq!(goes(s.state(), Change::Team, &team), service.is_none());
    }
    for named in [true, false] {
        let (name, group) = s.team(s.acme).groups.iter().map(|(name, group)| (*name, *group)).next().expect("one");
        s.team(s.inc).groups = named.then_some((name, group)).into_iter().collect();
        assert_eq!(goes(s.state(), Change::Team, &team), !named, "a group is in it");
    }
    for named in [true, false] {
        let (name, role) = s.team(s.acme).roles.iter().map(|(name, role)| (*name, *role)).next().expect("one");
        s.team(s.inc).roles = named.then_some((name, role)).into_iter().collect();
        assert_eq!(goes(s.state(), Change::Team, &team), !named, "it has a role of its own");
    }
    s.team(s.inc).payment_method = Some(text("visa"));
    assert!(!goes(s.state(), Change::Team, &team), "pays");
}

#[test]
fn roles() {
    let mut s = sound();
    let one = s.role().role.clone();
    let fresh = CustomRole { id: other(), name: text("fresh"), ..one.clone() };
    let state = s.store.state();
    assert!(comes(state, Change::Role, &fresh));
    assert!(!comes(state, Change::Role, &CustomRole { id: one.id, ..fresh.clone() }));
    assert!(!comes(state, Change::Role, &CustomRole { name: one.name, ..fresh.clone() }));
    assert!(comes(state, Change::Role, &CustomRole { name: one.name, team: s.inc, ..fresh.clone() }), "another team's");
    assert!(!comes(state, Change::Role, &CustomRole { team: other(), ..fresh.clone() }));
    assert!(!goes(state, Change::Role, &fresh) && !goes(state, Change::Role, &one), "somebody has it");

    let own = TeamRole::Custom(one.id);
    let seat = |user, pair| accepts(state, |pair| Change::Member(s.acme, user, pair), pair);
    assert!(seat(s.vera, (Some(own), Some(TeamRole::Viewer))) && seat(s.joe, (Some(TeamRole::Member), Some(own))));
    assert!(!seat(s.vera, (Some(TeamRole::Viewer), Some(own))) && !seat(s.joe, (Some(own), None)));
    let forwards = |team, user, pair| state.accepts(Change::Member(team, user, pair), Direction::Forwards);
    assert!(!forwards(s.acme, s.joe, (Some(TeamRole::Member), Some(TeamRole::Custom(other())))));
    assert!(!forwards(s.inc, s.max, (Some(TeamRole::Member), Some(own))), "another team's");
    let more = RoleRights { permissions: PermissionSet::ALL, ..one.rights };
    let rights = |role, pair| accepts(state, |pair| Field::RoleRights(role, pair), pair);
    assert!(rights(one.id, (one.rights, more)) && !rights(one.id, (more, one.rights)));
    assert!(!rights(other(), (one.rights, more)));

    let (team, user) = (s.acme, s.vera);
    let changed = RoleChange {
        team,
        user,
        from: own,
        to: TeamRole::Viewer,
        spaces_ended: Box::new([]),
        invitations_ended: Box::new([]),
    };
    s.apply(Event::MemberRoleChanged { changed: Box::new(changed) });
    assert!(goes(s.state(), Change::Role, &one));
    assert!(!goes(s.state(), Change::Role, &CustomRole { name: text("other"), ..one }));
}

#[test]
fn groups() {
    let mut s = sound();
    let one = s.group().group.clone();
    let fresh = Group { id: other(), name: text("fresh"), ..one.clone() };
    let state = s.store.state();
    assert!(comes(state, Change::Group, &fresh));
    assert!(!comes(state, Change::Group, &Group { id: one.id, ..fresh.clone() }));
    assert!(!comes(state, Change::Group, &Group { name: one.name, ..fresh.clone() }));
    assert!(comes(state, Change::Group, &Group { name: one.name, team: s.inc, ..fresh.clone() }), "another team's");
    assert!(!comes(state, Change::Group, &Group { team: other(), ..fresh.clone() }));
    assert!(!goes(state, Change::Group, &fresh) && !goes(state, Change::Group, &one), "with people, on an app");

    let member = |user, pair| accepts(state, |pair| Change::GroupMember(one.id, user, pair), pair);
    assert!(member(s.joe, (Some(()), None)) && member(s.ada, (None, Some(()))));
    assert!(!member(s.joe, (None, Some(()))) && !member(s.ada, (Some(()), None)));
    assert!(!member(s.lone, (None, Some(()))) && !member(other(), (None, Some(()))));
    assert!(!accepts(state, |pair| Change::GroupMember(other(), s.ada, pair), (None, Some(()))));
    let seat = |to| accepts(state, |pair| Change::Member(s.acme, s.joe, pair), (Some(TeamRole::Member), to));
    assert!(!seat(None) && seat(Some(TeamRole::Viewer)), "a place in a group needs a role in the team");

    let (view, all) = (PermissionSet::VIEW, PermissionSet::ALL);
    let grant = |app, group, pair| accepts(state, |pair| Change::GroupGrant(app, group, pair), pair);
    assert!(grant(s.website, one.id, (Some(view), Some(all))) && grant(s.website, one.id, (Some(view), None)));
    assert!(!grant(s.website, one.id, (Some(all), Some(view))) && !grant(s.website, one.id, (None, Some(view))));
    assert!(!grant(s.wave, one.id, (None, Some(view))), "another team's app");
    assert!(!grant(s.website, other(), (None, Some(view))) && !grant(other(), one.id, (None, Some(view))));

    let (group, team, app, owner) = (one.id, s.acme, s.website, Owner::Team(s.acme));
    s.apply(Event::GroupMemberRemoved { group, team, user: s.joe });
    assert!(!goes(s.state(), Change::Group, &one), "on an app");
    s.apply(Event::GroupPermissionsRevoked { app, owner, group, permissions: view });
    assert!(goes(s.state(), Change::Group, &one));
    assert!(!goes(s.state(), Change::Group, &Group { name: text("other"), ..one }));
    s.apply(Event::GroupMemberAdded { group, team, user: s.joe });
    assert!(!goes(s.state(), Change::Group, &one), "with people");
}

#[test]
fn invitations() {
    let mut s = sound();
    let one = s.state().invitations.values().next().expect("one").clone();
    let fresh = Invitation { id: other(), email: text("fresh@acme.com"), ..one.clone() };
    let state = s.store.state();
    assert!(comes(state, Change::Invitation, &fresh));
    assert!(!comes(state, Change::Invitation, &Invitation { id: one.id, ..fresh.clone() }));
    assert!(!comes(state, Change::Invitation, &Invitation { email: one.email.clone(), ..fresh.clone() }));
    assert!(!comes(state, Change::Invitation, &Invitation { team: other(), ..fresh.clone() }));
    assert!(goes(state, Change::Invitation, &one));
    for (id, role) in [(InvitationId::from_uuid(Uuid::nil()), one.role), (one.id, Some(TeamRole::Admin))] {
        assert!(!goes(state, Change::Invitation, &Invitation { id, role, ..one.clone() }));
    }
}

#[test]
fn apps() {
    let mut s = sound();
    let (website, wave) = (s.app(s.website).app.clone(), s.app(s.wave).app.clone());
    let fresh = App { id: other(), name: text("fresh"), number: 9999, ..wave.clone() };
    let state = s.store.state();
    let comes_in = |app: App| comes(state, Change::App, &app);
    assert!(comes_in(fresh.clone()) && comes_in(App { space: Some(s.space), ..fresh.clone() }));
    assert!(!comes_in(App { id: wave.id, ..fresh.clone() }) && !comes_in(App { name: wave.name, ..fresh.clone() }));
    assert!(!comes_in(App { space: Some(other()), ..fresh.clone() }));
    assert!(!comes_in(App { number: wave.number, ..fresh.clone() }));
    assert!(comes_in(App { number: website.number, ..fresh.clone() }), "another owner's");
    assert!(!comes_in(App { owner: Owner::Team(other()), ..fresh.clone() }));
    assert!(!comes_in(App { owner: Owner::User(other()), ..fresh.clone() }));
    assert!(!goes(state, Change::App, &fresh));
    assert!(!goes(state, Change::App, &website), "with people, in a pipeline");

    let name = |from, to| accepts(state, |pair| Field::AppName(wave.id, pair), (from, to));
    assert!(name(wave.name, fresh.name) && name(wave.name, wave.name));
    assert!(!name(fresh.name, fresh.name) && !name(wave.name, website.name));
    let lock = |pair| accepts(state, |pair| Field::Lock(wave.id, pair), pair);
    assert!(lock((Lock::Unlocked, Lock::Locked)) && !lock((Lock::Locked, Lock::Unlocked)));

    let (inc, acme, since) = (Owner::Team(s.inc), Owner::Team(s.acme), wave.owned_since);
    let owner = |from, to| state.accepts(Change::Owner(wave.id, (from, to)), Direction::Forwards);
    assert!(owner((inc, since), (acme, since)) && !owner((acme, since), (inc, since)));
    assert!(!owner((inc, since + TimeDelta::hours(1)), (acme, since)));
    assert!(!owner((inc, since), (Owner::Team(other()), since)));
    let period = [OwnershipPeriod { owner: inc, from: START, until: Some(START) }];
    let history = |pair| accepts(state, |pair| Change::History(wave.id, pair), pair);
    assert!(history((&[], &period)) && !history((&period, &[])));
    let drawn = state.drawn;
    assert!(
        accepts(state, Change::NameDraw, (drawn, drawn + 1)) && !accepts(state, Change::NameDraw, (drawn + 1, drawn))
    );
    let release = Release { number: 1, description: "first".into() };
    let released = |pair| accepts(state, |pair| Field::Release(wave.id, pair), pair);
    assert!(released((None, Some(&release))) && !released((Some(&release), None)));

    assert!(!goes(state, Change::App, &wave), "its creator's grant sleeps on it");
    let (app, owner, user, permissions) = (wave.id, wave.owner, s.sam, PermissionSet::WORK);
    let removed = CollaboratorRemoval { app, owner, user, permissions, transfer_ended: None };
    s.apply(Event::CollaboratorRemoved { removed: Box::new(removed) });
    assert!(goes(s.state(), Change::App, &wave));
    assert!(!goes(s.state(), Change::App, &App { lock: Lock::Locked, ..wave }));
}

#[test]
fn an_app_goes_when_nobody_and_nothing_is_on_it() {
    let mut s = sound();
    let (app, owner) = (s.website, Owner::Team(s.acme));
    let website = s.app(app).app.clone();
    let own = s.app(s.own).app.clone();
    assert!(!goes(s.state(), Change::App, &own), "with people, in no pipeline");
    let people: Vec<_> = s.app(app).grants().collect();
    for (user, permissions) in people {
        assert!(!goes(s.state(), Change::App, &website));
        let user = s.state().users.get(user).expect("there").user.id;
        s.apply(Event::CollaboratorRemoved {
            removed: Box::new(CollaboratorRemoval { app, owner, user, permissions, transfer_ended: None }),
        });
    }
    assert!(!goes(s.state(), Change::App, &website), "in a pipeline");
    s.apply(Event::AppUncoupled { app, owner, pipeline: s.pipeline, stage: Stage::Staging });
    assert!(!goes(s.state(), Change::App, &website), "with an add-on");
    let add_on = *s.state().add_ons.values().next().expect("one");
    s.apply(Event::AddOnRemoved { add_on: Box::new(add_on), owner });
    assert!(!goes(s.state(), Change::App, &website), "with dynos");
    let from = s.app(app).formation().first().copied();
    let process = text("web");
    s.apply(Event::AppScaled { app, owner, dynos: Box::new(DynoChange { process, from, to: None }) });
    assert!(!goes(s.state(), Change::App, &website), "with a group");
    s.apply(Event::GroupPermissionsRevoked { app, owner, group: s.group, permissions: PermissionSet::VIEW });
    assert!(goes(s.state(), Change::App, &website));

    // Each alone is enough.
    let (pipeline, stage, group, permissions) = (s.pipeline, Stage::Staging, s.group, PermissionSet::VIEW);
    let scaled = |from, to| Event::AppScaled { app, owner, dynos: Box::new(DynoChange { process, from, to }) };
    let transfer = *s.state().transfers.values().next().expect("one");
    for (put, taken) in [
        (scaled(None, from), scaled(from, None)),
        (Event::AppCoupled { app, owner, pipeline, stage }, Event::AppUncoupled { app, owner, pipeline, stage }),
        (
            Event::GroupPermissionsGranted { app, owner, group, permissions },
            Event::GroupPermissionsRevoked { app, owner, group, permissions },
        ),
    ] {
        s.apply(put.clone());
        assert!(!goes(s.state(), Change::App, &website), "{put:?}");
        s.apply(taken);
        assert!(goes(s.state(), Change::App, &website));
    }
    let request = AppTransfer { id: other(), app, ..transfer };
    s.apply(Event::AppTransferRequested { transfer: Box::new(request) });
    assert!(!goes(s.state(), Change::App, &website), "with a transfer");
    s.apply(Event::AppTransferCancelled { transfer: Box::new(request) });
    let release = Release { number: 1, description: "first".into() };
    s.apply(Event::AppReleased { app, owner, release: Box::new(release), replaced: None });
    assert!(!goes(s.state(), Change::App, &website), "with a release");
}

#[test]
fn what_is_on_an_app() {
    let s = sound();
    let view = PermissionSet::VIEW;
    let (state, app, jill) = (s.store.state(), s.website, s.jill);
    let grant = |user, pair| accepts(state, |pair| Change::Grant(app, user, pair), pair);
    assert!(grant(jill, (Some(view), None)) && !grant(jill, (None, Some(view))));
    assert!(!grant(jill, (Some(PermissionSet::ALL), None)) && grant(s.sam, (None, Some(view))));
    assert!(!grant(other(), (None, Some(view))));
    assert!(!accepts(state, |pair| Change::Grant(other(), jill, pair), (None, Some(view))));

    let end = |held, pair| accepts(state, |pair| Change::End(held, pair), pair);
    let (on_it, seven) = (Held::Grant { app, user: jill }, Some(START + TimeDelta::days(7)));
    assert!(end(on_it, (seven, None)) && end(on_it, (seven, Some(START))));
    assert!(!end(on_it, (None, seven)) && !end(on_it, (Some(START), None)) && !end(on_it, (seven, seven)));
    for held in [
        Held::Grant { app, user: s.sam },
        Held::Grant { app: other(), user: jill },
        Held::Membership { team: s.acme, user: jill },
        Held::GroupGrant { app: s.wave, group: s.group },
        Held::AppCreation { space: s.space, user: s.sam },
    ] {
        assert!(!end(held, (None, seven)), "{held}");
    }
    assert!(end(Held::GroupGrant { app, group: s.group }, (None, seven)));
    assert!(end(Held::Membership { team: s.acme, user: s.joe }, (None, seven)));

    let web: ProcessType = text("web");
    let dyno = |quantity| Dyno { process: web, size: DynoSize::Standard1X, quantity };
    let dynos = |process, pair| accepts(state, |pair| Change::Dyno(app, process, pair), pair);
    assert!(dynos(web, (Some(dyno(1)), Some(dyno(2)))) && dynos(web, (Some(dyno(1)), None)));
    assert!(!dynos(web, (Some(dyno(2)), Some(dyno(1)))) && !dynos(web, (None, Some(dyno(1)))));
    assert!(!dynos(web, (Some(dyno(1)), Some(Dyno { process: text("worker"), ..dyno(2) }))));
    assert!(!dynos(text("worker"), (None, Some(dyno(1)))));

    let add_on = *state.add_ons.values().next().expect("one");
    let fresh = AddOn { id: other(), ..add_on };
    assert!(comes(state, Change::AddOn, &fresh) && goes(state, Change::AddOn, &add_on));
    assert!(!comes(state, Change::AddOn, &AddOn { app: other(), ..fresh }));
    assert!(!comes(state, Change::AddOn, &AddOn { id: add_on.id, ..fresh }));
    assert!(!goes(state, Change::AddOn, &fresh) && !goes(state, Change::AddOn, &AddOn { app: s.wave, ..add_on }));
    let dear = Plan { price: 7, ..add_on.plan };
    let plan = |id: AddOnId, pair| accepts(state, |pair| Change::Plan(id, pair), pair);
    assert!(plan(add_on.id, (add_on.plan, dear)) && !plan(add_on.id, (dear, add_on.plan)));
    assert!(!plan(fresh.id, (add_on.plan, dear)));

    let transfer = *state.transfers.values().next().expect("one");
    let fresh = AppTransfer { id: other(), app: s.wave, ..transfer };
    assert!(comes(state, Change::Transfer, &fresh) && goes(state, Change::Transfer, &transfer));
    assert!(!comes(state, Change::Transfer, &AppTransfer { id: transfer.id, ..fresh }));
    assert!(!comes(state, Change::Transfer, &AppTransfer { app: transfer.app, ..fresh }));
    assert!(!comes(state, Change::Transfer, &AppTransfer { app: other(), ..fresh }));
    assert!(!goes(state, Change::Transfer, &fresh));
    assert!(!goes(state, Change::Transfer, &AppTransfer { recipient: s.sam, ..transfer }));
    let nobody = TransferId::from_uuid(Uuid::nil());
    assert!(!goes(state, Change::Transfer, &AppTransfer { id: nobody, ..transfer }));
}

#[test]
fn spaces() {
    let mut s = sound();
    let space = s.space().space.clone();
    let fresh = Space { id: other(), name: text("fresh"), ..space.clone() };
    let state = s.store.state();
    assert!(comes(state, Change::Space, &fresh));
    assert!(!comes(state, Change::Space, &Space { id: space.id, ..fresh.clone() }));
    assert!(!comes(state, Change::Space, &Space { name: space.name, ..fresh.clone() }));
    assert!(!comes(state, Change::Space, &Space { team: other(), ..fresh.clone() }));
    let name = |from, to| accepts(state, |pair| Field::SpaceName(space.id, pair), (from, to));
    assert!(name(space.name, fresh.name) && name(space.name, space.name) && !name(fresh.name, fresh.name));
    let team = |from, to| state.accepts(Change::SpaceTeam(space.id, (from, to)), Direction::Forwards);
    assert!(team(s.acme, s.inc) && !team(s.inc, s.acme) && !team(s.acme, other()));
    let creator = |space, user, pair| accepts(state, |pair| Change::AppCreator(space, user, pair), pair);
    assert!(creator(space.id, s.joe, (Some(()), None)) && !creator(space.id, s.joe, (None, Some(()))));
    assert!(creator(space.id, s.sam, (None, Some(()))) && !creator(space.id, s.sam, (Some(()), None)));
    assert!(!creator(space.id, other(), (None, Some(()))));
    assert!(!creator(SpaceId::from_uuid(Uuid::nil()), s.sam, (None, Some(()))));

    let (apps, creators) = (s.space().apps.clone(), s.space().creators.clone());
    assert!(!goes(s.state(), Change::Space, &space));
    s.space().apps.clear();
    assert!(!goes(s.state(), Change::Space, &space), "somebody may create apps in it");
    (s.space().apps, s.space().creators) = (apps, BTreeMap::default());
    assert!(!goes(s.state(), Change::Space, &space), "an app is in it");
    s.space().apps.clear();
    assert!(goes(s.state(), Change::Space, &space));
    assert!(!goes(s.state(), Change::Space, &Space { name: fresh.name, ..space.clone() }));
    s.space().creators = creators;
    let twice = Space { id: other(), name: text("second"), ..space.clone() };
    s.apply(Event::SpaceCreated { space: Box::new(twice) });
    let name = accepts(s.state(), |pair| Field::SpaceName(space.id, pair), (space.name, text("second")));
    assert!(!name, "taken");
}

#[test]
fn pipelines() {
    let mut s = sound();
    let ix = s.store.state().pipelines.find(s.pipeline).expect("created").ix;
    let pipeline = s.state().pipelines.get(ix).expect("created").pipeline.clone();
    let fresh = Pipeline { id: other(), number: 9999, ..pipeline.clone() };
    let state = s.store.state();
    assert!(comes(state, Change::Pipeline, &fresh));
    assert!(comes(
        state,
        Change::Pipeline,
        &Pipeline { name: text("fresh"), number: pipeline.number, ..fresh.clone() }
    ));
    assert!(!comes(state, Change::Pipeline, &Pipeline { id: pipeline.id, ..fresh.clone() }));
    assert!(!comes(state, Change::Pipeline, &Pipeline { number: pipeline.number, ..fresh.clone() }));
    assert!(!comes(state, Change::Pipeline, &Pipeline { owner: Owner::Team(other()), ..fresh.clone() }));
    assert!(!goes(state, Change::Pipeline, &pipeline), "an app is in it");
    let named: (_, PipelineId) = (text("fresh"), other());
    let name = |id, pair| accepts(state, |pair| Field::PipelineName(id, pair), pair);
    assert!(name(pipeline.id, (pipeline.name, named.0)) && !name(pipeline.id, (named.0, pipeline.name)));
    assert!(!name(named.1, (pipeline.name, named.0)));
    let owner = |from, to| state.accepts(Change::PipelineOwner(s.pipeline, (from, to)), Direction::Forwards);
    let (acme, inc) = (Owner::Team(s.acme), Owner::Team(s.inc));
    assert!(owner(acme, inc) && !owner(inc, acme) && !owner(acme, Owner::Team(other())));

    let (staging, review) = ((s.pipeline, Stage::Staging), (s.pipeline, Stage::Review));
    let coupling = |app, pair| accepts(state, |pair| Change::Coupling(app, pair), pair);
    assert!(coupling(s.website, (Some(staging), None)) && coupling(s.website, (Some(staging), Some(review))));
    assert!(!coupling(s.website, (Some(review), None)) && !coupling(s.website, (None, Some(review))));
    assert!(coupling(s.wave, (None, Some(review))) && !coupling(s.wave, (None, Some((other(), Stage::Review)))));
    assert!(!coupling(other(), (None, Some(review))));

    s.state().pipelines.get_mut(ix).expect("created").apps.clear();
    assert!(goes(s.state(), Change::Pipeline, &pipeline));
    assert!(!goes(s.state(), Change::Pipeline, &Pipeline { owner: inc, ..pipeline.clone() }));
}

#[test]
fn accounts() {
    let mut s = sound();
    let ix = s.store.state().accounts.find(s.account).expect("opened").ix;
    let account = s.state().accounts.get(ix).expect("opened").account.clone();
    let fresh = EnterpriseAccount { id: other(), name: text("fresh"), ..account.clone() };
    let state = s.store.state();
    assert!(comes(state, Change::Account, &fresh));
    assert!(!comes(state, Change::Account, &EnterpriseAccount { id: account.id, ..fresh.clone() }));
    assert!(!comes(state, Change::Account, &EnterpriseAccount { name: account.name, ..fresh.clone() }));
    let all = AccountPermissionSet::ALL;
    let member = |id, user, pair| accepts(state, |pair| Change::AccountMember(id, user, pair), pair);
    assert!(member(account.id, s.ada, (Some(all), None)) && !member(account.id, s.ada, (None, Some(all))));
    assert!(member(account.id, s.joe, (None, Some(all))) && !member(account.id, other(), (None, Some(all))));
    assert!(!member(AccountId::from_uuid(Uuid::nil()), s.joe, (None, Some(all))));

    let goes_now = |s: &mut Sound| goes(s.state(), Change::Account, &account);
    let row = s.state().accounts.get_mut(ix).expect("opened");
    let (members, teams) = (core::mem::take(&mut row.members), row.teams.clone());
    assert!(!goes_now(&mut s), "a team is in it");
    s.state().accounts.get_mut(ix).expect("opened").teams.clear();
    assert!(goes_now(&mut s));
    s.state().accounts.get_mut(ix).expect("opened").members = members;
    assert!(!goes_now(&mut s), "somebody is in it");
    s.state().accounts.get_mut(ix).expect("opened").teams = teams;
    assert!(!goes(s.state(), Change::Account, &EnterpriseAccount { name: fresh.name, ..account.clone() }));
}
