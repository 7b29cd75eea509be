//! Two states that differ in one thing are not equal, or one of them breaks an invariant.

use chrono::{DateTime, TimeDelta};

use super::{GroupRecord, StateRecord, TeamRecord};
use crate::actor::Actor;
use crate::entity::{AccountPermissionSet, Group, Held, IdentityProvider, Lock, Mfa, NewApp, NewTeam, Owner, Release};
use crate::error::Error;
use crate::ids::{AccountId, AppId, PipelineId, SpaceId, TeamId, UserId};
use crate::permission::PermissionSet;
use crate::policy::CustomRole;
use crate::state::State;
use crate::state::{AccountRow, AppRow, Ends, Moment, PipelineRow, SORTED_FROM, SpaceRow, TeamIx, TeamRow, UserRow};
use crate::store::TeamStore;
use crate::tests::{Sound, text};

fn account(s: &mut Sound) -> &mut AccountRow {
    let ix = s.store.state().accounts.find(s.account).expect("opened").ix;
    s.state().accounts.get_mut(ix).expect("opened")
}

fn pipeline(s: &mut Sound) -> &mut PipelineRow {
    let ix = s.store.state().pipelines.find(s.pipeline).expect("created").ix;
    s.state().pipelines.get_mut(ix).expect("created")
}

fn other<Id: From<uuid::Uuid>>() -> Id {
    uuid::Uuid::max().into()
}

/// One more row, in no list.
fn one_more(s: &mut Sound, table: &str) {
    match table {
        "users" => {
            let mut user = s.user(s.joe).user.clone();
            (user.id, user.email) = (other::<UserId>(), text("fresh@acme.com"));
            s.state().users.insert(UserRow::new(user));
        }
        "teams" => {
            let mut row: TeamRow = s.team(s.acme).clone();
            (row.team.id, row.team.name) = (other::<TeamId>(), text("fresh"));
            s.state().teams.insert(row);
        }
        "apps" => {
            let (mut app, owner) = (s.app(s.wave).app.clone(), s.app(s.wave).owner);
            (app.id, app.name) = (other::<AppId>(), text("fresh"));
            s.state().apps.insert(AppRow::new(app, owner));
        }
        "spaces" => {
            let mut row: SpaceRow = s.space().clone();
            (row.space.id, row.space.name) = (other::<SpaceId>(), text("fresh"));
            s.state().spaces.insert(row);
        }
        "pipelines" => {
            let mut row = pipeline(s).clone();
            row.pipeline.id = other::<PipelineId>();
            s.state().pipelines.insert(row);
        }
        _ => {
            let mut row = account(s).clone();
            (row.account.id, row.account.name) = (other::<AccountId>(), text("fresh"));
            s.state().accounts.insert(row);
        }
    }
}

const DIFFERENCES: &[fn(&mut Sound)] = &[
    |s| s.state().settings.options.invitation_days += 1,
    |s| s.state().seq += 1,
    |s| s.state().last_at += TimeDelta::seconds(1),
    |s| s.state().drawn += 1,
    |s| one_more(s, "users"),
    |s| one_more(s, "teams"),
    |s| one_more(s, "apps"),
    |s| one_more(s, "spaces"),
    |s| one_more(s, "pipelines"),
    |s| one_more(s, "accounts"),
    |s| s.user(s.joe).user.mfa = Mfa::Enrolled,
    |s| s.user(s.joe).user.suspended_at = Some(DateTime::UNIX_EPOCH),
    |s| s.user(s.joe).suspended = true,
    |s| s.user(s.joe).seats[0].grants += 1,
    |s| s.user(s.joe).seats[0].role = None,
    |s| s.user(s.joe).grants.clear(),
    |s| s.user(s.max).more = None,
    |s| s.team(s.acme).team.deletion_requested_at = Some(DateTime::UNIX_EPOCH),
    |s| s.team(s.acme).people.clear(),
    |s| s.team(s.acme).invitations.clear(),
    |s| s.team(s.acme).identity_provider = Some(Box::new(provider())),
    |s| {
        s.team(s.acme).allowed_add_ons.insert(text("postgres"));
    },
    |s| s.team(s.acme).payment_method = Some(text("visa")),
    |s| s.team(s.acme).spaces.clear(),
    |s| {
        let ix = s.state().accounts.iter().next().expect("one").ix;
        s.team(s.acme).account = Some(ix);
    },
    |s| s.team(s.acme).expiries.clear(),
    |s| s.team(s.acme).apps.by_name.clear(),
    |s| s.team(s.acme).apps.by_number.clear(),
    |s| s.team(s.acme).apps.pipelines.clear(),
    |s| s.app(s.website).app.lock = Lock::Locked,
    |s| {
        let jill = s.store.state().users.find(s.jill).expect("registered").ix;
        s.app(s.website).grants.set(jill, Some(PermissionSet::ALL));
    },
    |s| s.app(s.website).work_mut().formation.clear(),
    |s| s.app(s.own).work_mut().transfer = None,
    |s| s.app(s.website).work_mut().coupling = None,
    |s| s.app(s.website).work_mut().release = Some(Release { number: 1, description: "first".into() }),
    |s| s.space().space.created_at += TimeDelta::seconds(1),
    |s| s.space().apps.clear(),
    |s| s.space().creators.clear(),
    |s| s.space().creators.values_mut().for_each(|since| *since = later()),
    |s| s.app(s.website).stamps[0].since = later(),
    |s| s.app(s.website).stamps[0].changed = later(),
    |s| s.user(s.joe).stamps[0].since = later(),
    |s| s.user(s.joe).stamps[0].changed = later(),
    |s| {
        if let Some((.., stamp)) = &mut s.app(s.website).work_mut().coupling {
            stamp.changed = later();
        }
    },
    |s| pipeline(s).pipeline.created_at += TimeDelta::seconds(1),
    |s| pipeline(s).apps.clear(),
    |s| account(s).account.opened_at += TimeDelta::seconds(1),
    |s| account(s).managers += 1,
    |s| account(s).members.clear(),
    |s| account(s).teams.clear(),
    |s| {
        s.store.state_mut().account_members.insert((s.joe, s.account), AccountPermissionSet::VIEW);
    },
    |s| s.store.state_mut().app_creators.insert(s.sam, s.space),
    |s| s.state().invitations.clear(),
    |s| s.state().ends = Ends::default(),
    |s| s.state().ends.set(Held::Grant { app: other(), user: other() }, Owner::Team(other()), Some(later())),
    |s| s.state().invitations_by_email.clear(),
    |s| s.state().transfers.clear(),
    |s| s.store.state_mut().transfers_by_user.insert(s.sam, other()),
    |s| s.state().add_ons.clear(),
    |s| s.store.state_mut().add_ons_by_app.insert(s.wave, other()),
    |s| {
        let (meter, _) = s.state().ledger.meters().next().expect("one");
        s.state().ledger.unstart(meter);
    },
    |s| s.state().account_times.clear(),
    |s| {
        let period = (DateTime::UNIX_EPOCH, Some(DateTime::UNIX_EPOCH));
        s.store.state_mut().gone.insert(Owner::User(s.lone), vec![period]);
    },
    |s| drop(s.store.state_mut().history.insert(s.wave, Vec::new())),
];

fn later() -> Moment {
    (DateTime::UNIX_EPOCH + TimeDelta::seconds(1)).into()
}

fn provider() -> IdentityProvider {
    let certificate = "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----";
    IdentityProvider::new("urn:acme", "https://sso.acme.com/", certificate).expect("well formed")
}

#[test]
fn states_that_differ_in_one_thing_are_not_equal_or_break_an_invariant() {
    let sound = || Sound::new().expect("accepted");
    let first = sound();
    for (case, spoil) in DIFFERENCES.iter().enumerate() {
        let mut second = sound();
        assert!(first.store.state() == second.store.state());
        spoil(&mut second);
        let [one, other] = [&first.store, &second.store].map(TeamStore::state);
        assert_eq!(one == other, other == one);
        assert!(one != other || !second.store.check_invariants().is_empty(), "case {case}");
    }
}

/// Lone in the order of names: in many teams, and on many apps.
fn many() -> Result<Sound, Error> {
    let mut s = Sound::new()?;
    let (operator, lone) = (Actor::operator(s.store.state().last_at), s.lone);
    let ada = Actor::user(s.ada, operator.at);
    for number in 0..SORTED_FROM {
        s.store.provision_team(operator, NewTeam::enterprise(text(&format!("team-{number}")), lone))?;
        let app = s.store.create_app(ada, NewApp::in_team(s.acme))?;
        s.store.grant_permissions(ada, app, lone, PermissionSet::VIEW)?;
    }
    assert_eq!(s.store.check_invariants(), []);
    Ok(s)
}

fn teams(s: &mut Sound) -> &mut Vec<TeamIx> {
    s.user(s.lone).more.as_mut().and_then(|more| more.teams.as_mut()).expect("in many")
}

/// What is in the order of names follows from the rest, and is no part of a record: the invariants alone look at it.
#[test]
fn an_order_that_is_wrong_breaks_an_invariant() {
    const SEATS: &str = "seats and people agree";
    const GRANTS: &str = "grants stand on both sides";
    type Spoiler = (&'static str, fn(&mut Sound));
    let spoilers: [Spoiler; 8] = [
        (SEATS, |s| teams(s).swap(0, 1)),
        (SEATS, |s| teams(s).truncate(SORTED_FROM - 1)),
        (SEATS, |s| teams(s).push(TeamIx::new(0))),
        (SEATS, |s| teams(s).fill(TeamIx::new(0))),
        (SEATS, |s| s.user(s.lone).more = None),
        (SEATS, |s| s.user(s.joe).more.get_or_insert_default().teams = Some(Vec::new())),
        (GRANTS, |s| s.user(s.lone).grants.swap(0, 1)),
        (GRANTS, |s| s.user(s.lone).grants.truncate(SORTED_FROM - 1)),
    ];
    for (case, (check, spoil)) in spoilers.into_iter().enumerate() {
        let mut s = many().expect("accepted");
        spoil(&mut s);
        assert!(s.store.check_invariants().iter().any(|found| found.check == check), "case {case}");
    }
}

fn team_of(record: &mut StateRecord, team: TeamId) -> &mut TeamRecord {
    record.teams.iter_mut().find(|one| one.team.id == team).expect("there")
}

#[test]
fn roles_and_groups_are_held_against_their_teams() {
    let s = Sound::new().expect("accepted");
    let record = s.store.state().to_record();
    let taken = |spoil: &dyn Fn(&mut StateRecord)| {
        let mut record = record.clone();
        spoil(&mut record);
        record.groups.sort_by_key(|one| one.group.id);
        record.groups.iter_mut().for_each(|one| one.members.sort());
        State::from_record(record).is_ok()
    };
    let role = record.teams.iter().find_map(|one| one.roles.first().cloned()).expect("one");
    let group = record.groups[0].group.clone();
    let since = record.groups[0].members[0].1;
    let named = |number: u128| Group {
        id: uuid::Uuid::from_u128(number).into(),
        name: text(&format!("g-{number}")),
        ..group.clone()
    };

    // A role of the team's, and none of another's.
    let fresh = CustomRole { id: other(), name: text("fresh"), ..role };
    assert!(taken(&|record| team_of(record, s.acme).roles.push(fresh.clone())));
    assert!(!taken(&|record| team_of(record, s.inc).roles.push(fresh.clone())));
    // Who is in a group is in its team, and once in it.
    assert!(taken(&|record| record.groups[0].members.push((s.ada, since))));
    assert!(!taken(&|record| record.groups[0].members.push((s.joe, since))));
    assert!(!taken(&|record| record.groups[0].members.push((s.jill, since))), "on an app of the team, and not in it");
    // As many groups as a place in the team counts.
    let of_joe = |count: u128| {
        taken(&|record: &mut StateRecord| {
            let more = (1..count).map(|number| GroupRecord { group: named(number), members: vec![(s.joe, since)] });
            record.groups.extend(more);
        })
    };
    assert!(of_joe(u8::MAX.into()) && !of_joe(u128::from(u8::MAX) + 1));
    // What is granted on an app is granted once, to groups of its team.
    let granted = |groups: Vec<Group>| {
        taken(&|record: &mut StateRecord| {
            let at = record.apps.iter().position(|one| one.app.id == s.website).expect("there");
            let (_, permissions, times) = record.apps[at].group_grants[0];
            record.apps[at].group_grants = groups.iter().map(|one| (one.id, permissions, times)).collect();
            let more = groups.iter().filter(|one| one.id != group.id).cloned();
            record.groups.extend(more.map(|group| GroupRecord { group, members: vec![] }));
        })
    };
    let of_inc = Group { team: s.inc, ..named(1) };
    assert!(granted(vec![group.clone()]) && granted(vec![named(1), group.clone()]));
    assert!(
        !granted(vec![of_inc])
            && !granted(vec![group.clone(), group.clone()])
            && !granted(vec![group.clone(), named(1)])
    );
}
