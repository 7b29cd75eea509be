//! Every check finds what it is for: a sound state is spoilt in one way, and the check names it.

use chrono::{DateTime, TimeDelta, Utc};

use super::{CHECKS, check};
use crate::entity::{
    AccountPermissionSet, Dyno, DynoSize, Held, OAuthAccess, Owner, OwnershipPeriod, Pipeline, Shield, SignIn,
    SignInRequirement, Sso, Stage,
};
use crate::event::{CollaboratorRemoval, DynoChange, Event, RoleChange};
use crate::ids::{AppId, InvitationId, SpaceId, TeamId, UserId};
use crate::permission::PermissionSet;
use crate::policy::{Capability, RoleRights};
use crate::role::{TeamKind, TeamRole};
use crate::state::{Load, Meter, Pairs, Stamp};
use crate::tests::{Sound, text};

/// A way to spoil a state, and the check that finds it.
type Case = (&'static str, fn(&mut Sound));

const CASES: &[Case] = &[
    ("every index finds every row", |s| s.user(s.joe).user.email = text("other@acme.com")),
    ("every index finds every row", |s| s.app(s.wave).app.name = text("other")),
    ("every index finds every row", |s| s.team(s.acme).team.oauth_access = OAuthAccess::Denied),
    ("every index finds every row", |s| s.team(s.acme).team.sign_in_requirement = SignInRequirement::MfaOrSso),
    ("every index finds every row", |s| s.team(s.inc).team.kind = TeamKind::Enterprise),
    ("a team has an admin who is not suspended and has no end", |s| {
        s.apply(role(s.acme, s.ada, TeamRole::Admin, TeamRole::Member));
    }),
    ("a team has an admin who is not suspended and has no end", |s| suspend(s, s.ada)),
    ("a team has an admin who is not suspended and has no end", |s| {
        ends(s, Held::Membership { team: s.acme, user: s.ada }, s.acme);
    }),
    (ENDS, |s| ends(s, Held::Grant { app: s.website, user: s.sam }, s.acme)),
    (ENDS, |s| ends(s, Held::Membership { team: s.acme, user: s.jill }, s.acme)),
    (ENDS, |s| ends(s, Held::GroupGrant { app: s.wave, group: s.group }, s.inc)),
    (ENDS, |s| ends(s, Held::AppCreation { space: s.space, user: s.sam }, s.acme)),
    (ENDS, |s| ends(s, Held::Grant { app: s.website, user: s.jill }, s.inc)),
    ("suspensions are marked", |s| s.user(s.joe).user.suspended_at = Some(DateTime::UNIX_EPOCH)),
    ("roles exist in the kind of team", |s| s.apply(role(s.inc, s.max, TeamRole::Member, TeamRole::Viewer))),
    ("roles exist in the kind of team", |s| s.team(s.inc).team.default_role = TeamRole::Viewer),
    ("roles exist in the kind of team", |s| {
        let mut invitation = s.state().invitations.values().next().expect("one").clone();
        (invitation.id, invitation.team) = (InvitationId::from_uuid(uuid::Uuid::nil()), s.inc);
        invitation.role = Some(TeamRole::Viewer);
        s.apply(Event::MemberInvited { invitation: Box::new(invitation), replaced: None });
    }),
    ("requests are for teams that can make them", |s| {
        s.team(s.inc).team.deletion_requested_at = Some(DateTime::<Utc>::UNIX_EPOCH);
    }),
    ("requests are for teams that can make them", |s| {
        s.team(s.inc).team.move_out_requested_at = Some(DateTime::<Utc>::UNIX_EPOCH);
    }),
    ("seats and people agree", |s| s.team(s.acme).people.remove(1, &text("joe@acme.com"))),
    ("seats and people agree", |s| {
        let joe = s.team(s.acme).people.list(1)[&text("joe@acme.com")];
        s.team(s.acme).people.remove(1, &text("joe@acme.com"));
        s.team(s.acme).people.insert(2, text("joe@acme.com"), joe);
    }),
    ("seats and people agree", |s| {
        let user = s.user(s.jill).clone();
        s.apply(granted(s.wave, Owner::Team(s.inc), s.jill, PermissionSet::VIEW));
        *s.user(s.jill) = user;
    }),
    ("seats and people agree", |s| {
        let other = s.app(s.wave).owner;
        s.app(s.website).owner = other;
    }),
    ("owners list exactly their apps", |s| {
        s.team(s.acme).apps.by_name.remove(&text("acme-website"));
    }),
    ("owners list exactly their apps", |s| {
        s.team(s.acme).apps.by_number.pop_first();
    }),
    ("owners list exactly their apps", |s| s.app(s.wave).app.owner = Owner::Team(s.acme)),
    ("grants stand on both sides", |s| {
        let before = s.app(s.website).clone();
        s.apply(granted(s.website, Owner::Team(s.acme), s.sam, PermissionSet::VIEW));
        *s.app(s.website) = before;
    }),
    ("grants stand on both sides", |s| {
        let before = s.user(s.sam).clone();
        s.apply(granted(s.website, Owner::Team(s.acme), s.sam, PermissionSet::VIEW));
        *s.user(s.sam) = before;
    }),
    ("a grant is one that its app allows", |s| {
        s.apply(granted(s.wave, Owner::Team(s.inc), s.jill, PermissionSet::VIEW));
    }),
    ("a grant is one that its app allows", |s| {
        s.apply(granted(s.website, Owner::Team(s.acme), s.sam, PermissionSet::EMPTY));
    }),
    ("owners are on no grant of their own app", |s| {
        let max = s.max;
        s.apply(granted(s.own, Owner::User(max), max, PermissionSet::ALL));
    }),
    (GROUPS, |s| {
        let [acme, inc] = [s.acme, s.inc].map(|team| s.team(team).kind);
        s.team(s.acme).change_gate(|team| team.kind = inc);
        s.team(s.inc).change_gate(|team| team.kind = acme);
    }),
    (GROUPS, |s| s.team(s.acme).groups.clear()),
    (GROUPS, |s| s.group().group.team = s.inc),
    (GROUPS, |s| s.group().group.name = text("other")),
    (GROUPS, |s| s.group().members.clear()),
    (GROUPS, |s| s.group().apps.clear()),
    (GROUPS, |s| {
        let ada = s.ada;
        s.group().members.insert(ada, EARLIER.into());
    }),
    (GROUPS, |s| {
        let other = s.app(s.wave).owner;
        s.app(s.website).owner = other;
    }),
    (GROUPS, |s| {
        let (app, owner, group) = (s.website, Owner::Team(s.acme), s.group);
        let (from, to) = (PermissionSet::VIEW, PermissionSet::EMPTY);
        s.apply(Event::GroupPermissionsChanged { app, owner, group, from, to });
    }),
    (ROLES, |s| {
        let [acme, inc] = [s.acme, s.inc].map(|team| s.team(team).kind);
        s.team(s.acme).change_gate(|team| team.kind = inc);
        s.team(s.inc).change_gate(|team| team.kind = acme);
    }),
    (ROLES, |s| s.team(s.acme).roles.clear()),
    (ROLES, |s| s.team(s.acme).slots.clear()),
    (ROLES, |s| {
        let slot = s.team(s.acme).slots[0];
        s.team(s.acme).slots.push(slot);
    }),
    (ROLES, |s| s.team(s.acme).slots[0].as_mut().expect("one").rights.permissions = PermissionSet::ALL),
    (ROLES, |s| s.role().role.team = s.inc),
    (ROLES, |s| s.role().role.name = text("other")),
    (ROLES, |s| s.role().role.rights.permissions = PermissionSet::ALL),
    (ROLES, |s| hold(s, |rights| rights.permissions = PermissionSet::EMPTY)),
    (ROLES, |s| hold(s, |rights| rights.capabilities = rights.capabilities.union(Capability::ManageUsers.into()))),
    ("roles exist in the kind of team", |s| {
        let role = s.role;
        s.team(s.inc).team.default_role = TeamRole::Custom(role);
    }),
    ("invitations stand in every list, for people outside the team", |s| s.state().invitations.clear()),
    ("invitations stand in every list, for people outside the team", |s| s.state().invitations_by_email.clear()),
    ("invitations stand in every list, for people outside the team", |s| s.team(s.acme).expiries.clear()),
    ("invitations stand in every list, for people outside the team", |s| {
        let mut invitation = s.state().invitations.values().next().expect("one").clone();
        s.apply(Event::InvitationRevoked { invitation: Box::new(invitation.clone()) });
        invitation.email = text("joe@acme.com");
        s.apply(Event::MemberInvited { invitation: Box::new(invitation), replaced: None });
    }),
    ("transfers are of personal apps, to collaborators", |s| s.state().transfers.clear()),
    ("transfers are of personal apps, to collaborators", |s| {
        let max = s.max;
        let (app, user, permissions) = (s.own, s.jill, PermissionSet::WORK);
        let owner = Owner::User(max);
        s.apply(Event::CollaboratorRemoved {
            removed: Box::new(CollaboratorRemoval { app, owner, user, permissions, transfer_ended: None }),
        });
    }),
    ("dynos fit where their app is", |s| scale(s, DynoSize::PrivateM)),
    ("dynos fit where their app is", |s| scale(s, DynoSize::Eco)),
    ("spaces hold apps of their team, and members may create in them", |s| {
        s.apply(Event::AppCreationAllowed { space: s.space, team: s.acme, user: s.sam });
    }),
    ("spaces hold apps of their team, and members may create in them", |s| {
        s.space().apps.clear();
    }),
    ("spaces hold apps of their team, and members may create in them", |s| {
        s.space().space.team = s.inc;
    }),
    ("pipelines hold apps of their owner", |s| {
        let (app, owner, pipeline, stage) = (s.wave, Owner::Team(s.inc), s.pipeline, Stage::Review);
        s.apply(Event::AppCoupled { app, owner, pipeline, stage });
    }),
    ("pipelines hold apps of their owner", |s| {
        let ix = s.state().pipelines.iter().next().expect("one").ix;
        s.state().pipelines.get_mut(ix).expect("one").apps.clear();
    }),
    ("pipelines hold apps of their owner", |s| s.team(s.acme).apps.pipelines.clear()),
    ("accounts have a manager who is not suspended, and know their members and teams", |s| {
        let (account, user) = (s.account, s.ada);
        let permissions = AccountPermissionSet::ALL;
        s.apply(Event::AccountMemberRemoved { account, user, permissions });
    }),
    ("accounts have a manager who is not suspended, and know their members and teams", |s| {
        s.state().account_members.clear();
    }),
    ("accounts have a manager who is not suspended, and know their members and teams", |s| suspend(s, s.ada)),
    ("accounts have a manager who is not suspended, and know their members and teams", |s| {
        s.team(s.acme).team.account = Some(s.account);
    }),
    ("add-ons are on apps, and listed there", |s| s.state().add_ons.clear()),
    ("single sign-on leads through a team", |s| s.user(s.joe).user.sign_in = SignIn::Sso),
    ("single sign-on has an identity provider", |s| s.team(s.acme).team.sso = Sso::Enabled),
    ("every second of every resource has one payer", |s| s.app(s.website).app.owner = Owner::Team(s.inc)),
    ("every second of every resource has one payer", |s| {
        let (meter, _) = s.state().ledger.meters().next().expect("one");
        s.state().ledger.stop(meter, DateTime::<Utc>::UNIX_EPOCH);
    }),
    ("every second of every resource has one payer", |s| {
        let (meter, intervals) = s.state().ledger.meters().next().expect("one");
        let now = *intervals.last().expect("one");
        s.state().ledger.start(meter, now.payer, now.load, now.from);
    }),
    ("every second of every resource has one payer", |s| {
        let (meter, intervals) = s.state().ledger.meters().next().expect("one");
        let now = *intervals.last().expect("one");
        s.state().ledger.stop(meter, now.from + TimeDelta::hours(2));
        s.state().ledger.start(meter, now.payer, now.load, now.from + TimeDelta::hours(1));
    }),
    ("a payment method is a Standard team's", |s| s.team(s.acme).payment_method = Some(text("visa"))),
    ("whoever pays is there, or was", |s| s.state().account_times.clear()),
    ("whoever pays is there, or was", |s| s.state().teams_paid = Pairs::default()),
    ("whoever pays is there, or was", |s| s.team(s.acme).team.account = Some(s.account)),
    ("whoever pays is there, or was", |s| {
        let (acme, from) = (s.acme, DateTime::<Utc>::UNIX_EPOCH);
        let times = vec![(s.account, (from, None))];
        s.state().account_times.insert(acme, times);
    }),
    ("whoever pays is there, or was", |s| {
        let (sam, until) = (s.sam, DateTime::<Utc>::UNIX_EPOCH + TimeDelta::hours(1));
        s.state().gone.insert(Owner::User(sam), vec![(DateTime::<Utc>::UNIX_EPOCH, Some(until))]);
    }),
    ("whoever pays is there, or was", |s| {
        let nobody = Owner::Team(TeamId::from_uuid(uuid::Uuid::nil()));
        let meter = Meter::Space(SpaceId::from_uuid(uuid::Uuid::nil()));
        s.state().ledger.start(meter, nobody, Load::Space(Shield::Off), DateTime::<Utc>::UNIX_EPOCH);
    }),
    ("ownership periods follow each other without gaps", |s| {
        let (payer, from) = (Owner::Team(s.inc), DateTime::<Utc>::UNIX_EPOCH);
        let until = from + TimeDelta::hours(1);
        let website = s.website;
        s.state().history.insert(website, vec![OwnershipPeriod { owner: payer, from, until: Some(until) }]);
    }),
    ("ownership periods follow each other without gaps", |s| {
        s.state().history.insert(AppId::from_uuid(uuid::Uuid::nil()), Vec::new());
    }),
    (TIMES, |s| s.team(s.acme).team.provisioned_at = LATER),
    (TIMES, |s| s.user(s.joe).user.registered_at = LATER),
    (TIMES, |s| {
        suspend(s, s.lone);
        s.user(s.lone).user.suspended_at = Some(EARLIER);
    }),
    (TIMES, |s| s.app(s.website).app.changed_at = LATER),
    (TIMES, |s| s.app(s.website).app.changed_at = EARLIER),
    (TIMES, |s| s.app(s.website).app.created_at = LATER),
    (TIMES, |s| s.team(s.acme).team.changed_at = LATER),
    (TIMES, |s| s.team(s.acme).team.changed_at = EARLIER),
    (TIMES, |s| {
        let team = &mut s.team(s.acme).team;
        team.deletion_requested_at = Some(team.changed_at + TimeDelta::microseconds(1));
    }),
    (TIMES, |s| {
        let team = &mut s.team(s.acme).team;
        team.move_out_requested_at = Some(team.changed_at + TimeDelta::microseconds(1));
    }),
    (TIMES, |s| s.space().space.changed_at = LATER),
    (TIMES, |s| s.space().space.changed_at = EARLIER),
    (TIMES, |s| pipeline(s).changed_at = LATER),
    (TIMES, |s| pipeline(s).changed_at = EARLIER),
    (TIMES, |s| s.space().space.team_since = LATER),
    (TIMES, |s| s.space().space.team_since = EARLIER),
    (TIMES, |s| s.space().creators.values_mut().for_each(|since| *since = EARLIER.into())),
    (TIMES, |s| stamp(s, EARLIER, EARLIER)),
    (TIMES, |s| stamp(s, LATER, LATER)),
    (TIMES, |s| stamp(s, DateTime::<Utc>::UNIX_EPOCH, EARLIER)),
    (TIMES, |s| pipeline(s).created_at = LATER),
    (TIMES, |s| s.role().role.created_at = LATER),
    (TIMES, |s| s.role().role.created_at = EARLIER),
    (TIMES, |s| s.group().group.created_at = LATER),
    (TIMES, |s| s.group().group.created_at = EARLIER),
    (TIMES, |s| s.group().members.values_mut().for_each(|since| *since = EARLIER.into())),
    (RECORDED, |s| s.user(s.lone).user.registered_at = LATER),
    (RECORDED, |s| {
        suspend(s, s.lone);
        s.user(s.lone).user.suspended_at = Some(LATER);
    }),
    (RECORDED, |s| {
        let ix = s.store.state().accounts.find(s.account).expect("opened").ix;
        s.state().accounts.get_mut(ix).expect("opened").account.opened_at = LATER;
    }),
    (RECORDED, |s| pipeline(s).created_at = LATER),
    (RECORDED, |s| s.group().group.created_at = LATER),
    (RECORDED, |s| s.role().role.created_at = LATER),
    (RECORDED, |s| {
        s.state().invitations.values_mut().for_each(|one| one.invited_at = LATER);
    }),
    (RECORDED, |s| {
        s.state().transfers.values_mut().for_each(|one| one.requested_at = LATER);
    }),
    (RECORDED, |s| {
        s.state().add_ons.values_mut().for_each(|one| one.installed_at = LATER);
    }),
    (RECORDED, |s| {
        drop(s.store.state_mut().gone.insert(Owner::User(s.lone), vec![(LATER, Some(LATER))]));
    }),
    (RECORDED, |s| {
        s.state().account_times.values_mut().flatten().for_each(|(_, span)| span.0 = LATER);
    }),
    (RECORDED, |s| {
        let (meter, intervals) = s.state().ledger.meters().next().expect("one");
        let now = *intervals.last().expect("one");
        s.state().ledger.unstart(meter);
        s.state().ledger.start(meter, now.payer, now.load, LATER);
    }),
    (RECORDED, |s| s.team(s.acme).team.provisioned_at = LATER),
    (RECORDED, |s| s.team(s.acme).team.deletion_requested_at = Some(LATER)),
    (RECORDED, |s| s.team(s.acme).team.move_out_requested_at = Some(LATER)),
    (RECORDED, |s| s.space().space.created_at = LATER),
    (RECORDED, |s| s.app(s.website).app.created_at = LATER),
    (RECORDED, |s| s.app(s.website).owned_since = LATER),
];

const GROUPS: &str = "groups are of Enterprise Teams, and so are their people and apps";
const ROLES: &str = "roles of a team's own are of Enterprise Teams, and make no power";
const ENDS: &str = "what ends is held";
const RECORDED: &str = "nothing was recorded after the last event";
const TIMES: &str = "nothing is older than what it is part of, or younger than the last event";
const EARLIER: DateTime<Utc> = DateTime::<Utc>::MIN_UTC;
const LATER: DateTime<Utc> = DateTime::<Utc>::MAX_UTC;

fn pipeline(s: &mut Sound) -> &mut Pipeline {
    let ix = s.store.state().pipelines.find(s.pipeline).expect("created").ix;
    &mut s.state().pipelines.get_mut(ix).expect("created").pipeline
}

/// It is said to end after the last event, and to be held in what this team has.
fn ends(s: &mut Sound, held: Held, team: TeamId) {
    let at = s.store.state().last_at + TimeDelta::days(9);
    s.state().ends.set(held, Owner::Team(team), Some(at.into()));
}

/// Makes up the times of a grant.
fn stamp(s: &mut Sound, since: DateTime<Utc>, changed: DateTime<Utc>) {
    let website = s.website;
    s.app(website).stamps[0] = Stamp { since: since.into(), changed: changed.into() };
}

fn role(team: TeamId, user: UserId, from: TeamRole, to: TeamRole) -> Event {
    let (spaces_ended, invitations_ended) = (Box::new([]), Box::new([]));
    let changed = RoleChange { team, user, from, to, spaces_ended, invitations_ended };
    Event::MemberRoleChanged { changed: Box::new(changed) }
}

/// The role holds this, by its row and by its slot.
fn hold(s: &mut Sound, change: fn(&mut RoleRights)) {
    change(&mut s.role().role.rights);
    change(&mut s.team(s.acme).slots[0].as_mut().expect("one").rights);
}

fn suspend(s: &mut Sound, user: UserId) {
    let row = s.store.state().users.find(user).expect("registered").row;
    let (suspended_at, teams) = (s.store.state().last_at, s.store.state().teams_of(row, None));
    s.apply(Event::UserSuspended { user, suspended_at, teams });
}

const fn granted(app: AppId, owner: Owner, user: UserId, permissions: PermissionSet) -> Event {
    Event::PermissionsGranted { app, owner, user, permissions }
}

fn scale(s: &mut Sound, size: DynoSize) {
    let (app, owner, process) = (s.website, Owner::Team(s.acme), text("worker"));
    let dynos = DynoChange { process, from: None, to: Some(Dyno { process, size, quantity: 1 }) };
    s.apply(Event::AppScaled { app, owner, dynos: Box::new(dynos) });
}

#[test]
fn every_check_finds_what_it_is_for() {
    for (case, (name, spoil)) in CASES.iter().enumerate() {
        let mut sound = Sound::new().expect("accepted");
        assert_eq!(sound.store.check_invariants(), []);
        spoil(&mut sound);
        let found = check(sound.state());
        assert!(found.iter().any(|violation| violation.check == *name), "case {case}, {name}: {found:?}");
    }
    for (name, ..) in CHECKS {
        assert!(CASES.iter().any(|(found, _)| found == name), "{name}");
    }
}
